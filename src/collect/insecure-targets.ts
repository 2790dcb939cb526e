import { derived, known, type Origin } from '../model/fact.ts';
import type { Target } from '../model/resource.ts';
import { secretExposure } from '../resources/secret-exposure.ts';
import { DATABASE_KINDS } from '../world/database-address.ts';
import type { Collected, Collector } from './collector.ts';
import { declared } from './files/format.ts';

/**
 * Targets whose credentials may cross a network without verified TLS, since `insecure: true` stands on them: a finding by itself,
 * whether or not the target is reached, and whatever way it was reached by.
 */
export const insecureTargetsCollector = {
  name: 'insecure-targets',
  targets: DATABASE_KINDS.toSorted(),
  version: '1',
  provides: [secretExposure.name],
  collect: (target) => Promise.resolve(look(target)),
} satisfies Collector;

function look(target: Target): Collected {
  const { options, declaredAt, id } = target;
  // No file was looked into for secrets: where nothing stands on the target, nothing is said of the kind.
  if (options['insecure'] !== 'true') return { resources: [], coverage: {}, gaps: [], looked: [] };
  const line: Origin = { kind: 'file', range: declaredAt };
  const at = derived('insecure: true', line);
  const name = known(`credentials of ${id} (insecure: true)`, at);
  const facts = { file: known(declaredAt.file, line), secrets: known([known({ name, label: name }, at)], at) };
  return {
    resources: [declared(secretExposure, 'insecure: true', target, facts)],
    coverage: { [secretExposure.name]: { status: 'complete', gaps: [], looked: known('insecure: true', line) } },
    gaps: [],
    looked: [],
  };
}
