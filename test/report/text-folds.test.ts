import { describe, expect, test } from 'vitest';
import { unknown } from '../../src/model/fact.ts';
import { rendererOf } from '../../src/report/report.ts';
import { assess, COMPLETE, failed, HERE, planned, record, resource, target } from '../support/assess.ts';

const CONTROLS = ['T-01', 'T-02', 'T-03'].map((id) => planned({ id, severity: 'critical', assert: 'r.authentication' }));

async function text({ findings, summary }: ReturnType<typeof assess>, language: 'en' | 'zh' = 'en'): Promise<string> {
  const render = await rendererOf('text');
  if (render === undefined) throw new Error('no text report');
  return [...render(summary, findings, { language, color: false, width: 80, pathPrefix: '' })].join('');
}

const store = (authentication: unknown): ReturnType<typeof resource> => resource('db', { authentication });

describe('the text report', () => {
  test('folds what could not be determined by its cause: one host is told once, with the number of controls and what to do', async () => {
    const down = failed(unknown('unreachable', 'db-2', HERE));
    const report = await text(assess(CONTROLS, [record('db-2', [], { datastore: down })]));
    expect(report.match(/db-2: .*could not be reached/g)).toHaveLength(1);
    expect(report).toMatch(/3 controls[^\n]*T-01 T-02 T-03/);
    expect(report).toContain('check the path or address');
    expect(report).not.toContain('✔');
  });
  test('folds failures that one line decides: one place, and the number of those it decides for', async () => {
    const records = Array.from({ length: 12 }, (_, index) => record(`host-${String(index).padStart(2, '0')}`, [store(false)]));
    const report = await text(assess(CONTROLS.slice(0, 1), records));
    expect(report.match(/T-01/g)?.length).toBeLessThan(12);
    expect(report).toMatch(/12/);
  });
  test('shows both grades where ignorance decides between them, and how much of it', async () => {
    const open = await text(assess(CONTROLS, [record('one', [store({ unknown: 'timed-out' })])]));
    expect(open).toMatch(/F…A[\s\S]*0–100[\s\S]*100 %/);
    expect(await text(assess(CONTROLS, [record('one', [store(true)])]))).toMatch(/ A /);
  });
  test('prints both totals where waivers part them, with their number and the nearest expiry', async () => {
    const waiver = { target: { glob: '*' }, owner: 'CISO', reason: 'migration', declaredAt: target('one').declaredAt } as const;
    const waivers = [
      { ...waiver, id: 'a', control: 'T-01', until: '2027-03-01' },
      { ...waiver, id: 'b', control: 'T-02', until: '2026-12-31' },
    ];
    const records = [record('one', [store(false)], { datastore: COMPLETE }), record('two', [store(true)], { datastore: COMPLETE })];
    const report = await text(assess(CONTROLS.slice(0, 2), records, { waivers }));
    expect(report).toMatch(/50[\s\S]*100[^\n]*\(2, [^\n]*2026-12-31\)/);
    expect(await text(assess(CONTROLS.slice(0, 2), records))).not.toContain('2026-12-31');
  });
  test('says in Chinese what it says in English', async () => {
    const run = assess(CONTROLS, [record('db-2', [], { datastore: failed(unknown('unreachable', 'db-2', HERE)) })]);
    expect(await text(run, 'zh')).toMatch(/无法访问[\s\S]*请检查路径或地址/);
  });
});
