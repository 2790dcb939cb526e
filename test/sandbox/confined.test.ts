import { expect, test } from 'vitest';
import { InvalidInput } from '../../src/catalog/diagnostic.ts';
import { assessorFor } from '../../src/sandbox/assessor.ts';
import { Confined } from '../../src/sandbox/confined.ts';
import { plan, planned, record, resource } from '../support/assess.ts';

const words = Array.from({ length: 500 }, (_, index) => `${'word'.repeat(2000)}${index}`);
const slow = planned({
  id: 'SLOW-01',
  bundled: false,
  assert: 'r.listens.all(a, r.listens.exists(b, re2(a, "(?i)[a-z]*[0-9]+$") && b.contains(a)))',
});
const world = [record('one', [resource('db', { listens: words })])];

async function run(limits: { readonly deadline: number; readonly memoryMb: number }): Promise<unknown> {
  const confined = new Confined([slow.control], limits);
  try {
    await confined.ask({ kind: 'start', plan: plan([slow], world), options: { toolVersion: 'test', planDigest: 'test' } });
    const [first] = world;
    if (first === undefined) throw new Error('no record');
    return await confined.ask({ kind: 'judge', record: first });
  } finally {
    await confined.end();
  }
}

test('a control that runs past its deadline ends the run and is named; it yields no outcome', async () => {
  const error = await run({ deadline: 3000, memoryMb: 512 }).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(InvalidInput);
  expect(error instanceof InvalidInput ? error.diagnostics : []).toMatchObject([
    { message: expect.stringMatching(/SLOW-01 ran past its deadline of 3 s/) },
  ]);
});

test('a control that eats memory ends the run too', async () => {
  const error = await run({ deadline: 60_000, memoryMb: 8 }).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(InvalidInput);
});

test('a plan with anybody’s own controls gives what the bundled way gives', async () => {
  const fields = { id: 'T-01', assert: 'r.authentication' } as const;
  const records = [record('one', [resource('db', { authentication: false })]), record('two', [resource('db', { authentication: true })])];
  const judged = async (bundled: boolean): Promise<unknown> => {
    const controls = [planned({ ...fields, bundled })];
    const assessor = assessorFor(plan(controls, records), { toolVersion: 'test' });
    const findings = [];
    for (const one of records) findings.push(...(await assessor.judge(one)));
    const end = await assessor.finish();
    return { findings: [...findings, ...end.findings], scores: end.summary.scores, verdict: end.summary.verdict };
  };
  expect(await judged(false)).toEqual(await judged(true));
});
