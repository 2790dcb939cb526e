import { fileURLToPath } from 'node:url';
import { Evaluation } from '../../src/evaluate/evaluation.ts';
import type { Finding } from '../../src/model/finding.ts';
import type { Plan } from '../../src/model/plan.ts';
import { preparePlan } from '../../src/plan.ts';
import { nodeWorld } from '../../src/world/node.ts';
import type { Seen } from './live.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
let prepared: Promise<Plan> | undefined;

/** What the bundled catalogue's strictest profile says of a look; `asOf` a moment other than now. */
export async function verdictsOf(seen: Pick<Seen, 'record'>, asOf?: string): Promise<readonly Finding[]> {
  prepared ??= preparePlan(nodeWorld(ROOT), {
    bundled: ROOT,
    targets: ['tls://127.0.0.1:1'],
    profile: 'custody-strict',
    controls: [],
    versions: {},
    network: {},
    gate: {},
  }).then(({ plan }) => plan);
  const plan: Plan = { ...(await prepared), targets: [seen.record.target], ...(asOf === undefined ? {} : { asOf }) };
  const evaluation = new Evaluation(plan, { toolVersion: 'test', planDigest: 'test' });
  const findings = [...evaluation.judge(seen.record)];
  return [...findings, ...evaluation.finish().findings];
}

/** Ids of the controls with an outcome. */
export function withOutcome(findings: readonly Finding[], outcome: Finding['outcome']): readonly string[] {
  return [...new Set(findings.flatMap((finding) => (finding.outcome === outcome ? [finding.control] : [])))].toSorted();
}
