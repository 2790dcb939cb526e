import { compileControl } from '../src/cel/control.ts';
import { EvidenceLines } from '../src/evidence/evidence-file.ts';
import type { ControlDefinition } from '../src/model/control.ts';
import { derived, known, type Fact, type FactValue, type Origin } from '../src/model/fact.ts';
import type { Plan } from '../src/model/plan.ts';
import type { Coverage, Resource, Target, TargetRecord } from '../src/model/resource.ts';
import { resourceOf } from '../src/proof/example-record.ts';
import { SourceText } from '../src/text/source-text.ts';

const SOURCE = new SourceText(
  'fleet.conf',
  Array.from({ length: 40 }, (_, line) => `setting_${line} = value_${line}   # a line of configuration`).join('\n'),
);

/** The i-th target of a synthetic fleet. */
export function syntheticTarget(index: number): Target {
  const id = `host-${String(index).padStart(6, '0')}`;
  return {
    id,
    kind: 'files',
    address: `./${id}`,
    system: `system-${index % 50}`,
    labels: { 'client-data': known('true', SOURCE.origin(0, 9)) },
    versions: {},
    options: {},
    declaredAt: SOURCE.range(0, 9),
  };
}

/** A plan over a fleet of `size` targets and the given controls. */
export function syntheticPlan(size: number, controls: readonly ControlDefinition[]): Plan {
  return {
    format: 'custos-plan',
    version: 1,
    profile: 'fleet',
    controls: controls.flatMap(({ examples: _, ...control }) => {
      const compilation = compileControl(control);
      const parameters = Object.fromEntries(
        Object.entries(control.parameters).map(([name, { default: value }]) => [name, { value, setBy: 'default' }]),
      );
      return compilation.ok && compilation.compiled.kinds.length === 0
        ? [{ control, parameters, weight: { value: 4, setBy: 'bench' }, emptyMayPass: [] }]
        : [];
    }),
    targets: Array.from({ length: size }, (_, index) => syntheticTarget(index)),
    expects: [],
    labelDefaults: {},
    waivers: [],
    gate: { failOn: 'critical', undecided: ['error'], allowUndecided: true },
    policy: [],
    asOf: '2026-11-24T00:00:00.000Z',
  };
}

/** What one host says: a resource of every kind, and padding up to `bytes`; every seventh host fails something. */
export function syntheticRecord(target: Target, index: number, bytes: number): TargetRecord {
  const at = (line: number): Origin => SOURCE.origin(line * 20, line * 20 + 9);
  const good = index % 7 !== 0;
  const values: Record<string, Record<string, unknown>> = {
    datastore: {
      engine: 'postgresql',
      name: target.id,
      listens: ['10.0.0.1'],
      authentication: good,
      tls: 'required',
      wildcard_bind: !good,
      loopback_only: false,
      durable_writes: true,
      dangerous_commands: [],
      password_storage: 'scram-sha-256',
      archiving: true,
    },
    'remote.access': {
      root_login: good ? 'no' : 'yes',
      password_login: false,
      limited_to: ['@admins'],
      max_auth_tries: 4,
      login_grace: 30,
      idle_timeout: 900,
      log_level: 'VERBOSE',
      second_factor: true,
    },
    'log.sink': { form: 'file', destination: '/var/log/syslog', retention: 200, mode: '0640', readable_by_others: false, bounded: true },
    'secret.exposure': { file: 'fleet.conf', secrets: [] },
  };
  const resources: Resource[] = Object.entries(values).map(([kind, facts]) =>
    withPlaces({ ...resourceOf(kind, `${kind} of ${target.id}`, facts), target: target.id }, at(3)),
  );
  const coverage: Record<string, Coverage> = Object.fromEntries(
    Object.keys(values).map((kind) => [kind, { status: 'complete', gaps: [], looked: known('all', at(0)) }]),
  );
  const looked: { name: string; as: string; digest: string }[] = [];
  const suites: Fact<FactValue>[] = [];
  let record: TargetRecord = {
    target,
    resources,
    coverage,
    gaps: [],
    looked,
    collectors: { files: '1' },
    collectedAt: '2026-11-24T00:00:00.000Z',
  };
  const size = JSON.stringify(record).length;
  const rule = JSON.stringify(known('rule', derived('padding', at(1)))).length + 8;
  for (let filled = size; filled < bytes; filled += rule)
    suites.push(known(`rule-${suites.length}`, derived('padding', at(suites.length % 20))));
  const padding: Resource = { ...resourceOf('access.rule', `rules of ${target.id}`, {}), target: target.id };
  record = { ...record, resources: [...resources, { ...padding, facts: { ...padding.facts, users: known(suites, at(0)) } }] };
  return record;
}

function withPlaces(resource: Resource, origin: Origin): Resource {
  return {
    ...resource,
    facts: Object.fromEntries(
      Object.entries(resource.facts).map(([name, fact]) => [name, fact.state === 'unknown' ? fact : { ...fact, origin }]),
    ),
  };
}

/** Lines of the evidence of one shard of a fleet. */
export function* syntheticEvidence(plan: Plan, bytes: number, shard?: { readonly index: number; readonly of: number }): Iterable<string> {
  const lines = new EvidenceLines();
  yield [...lines.header(plan, 'bench', shard)].join('');
  for (const [index, target] of plan.targets.entries()) {
    if (shard !== undefined && index % shard.of !== shard.index - 1) continue;
    yield lines.record(syntheticRecord(target, index, bytes));
  }
  yield lines.footer();
}
