import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { SEVERITIES } from '../../src/model/control.ts';
import { assess, planned, record, resource } from '../support/assess.ts';

/** Attributes of one kind each, so that the five controls of the page judge resources of their own. */
const ATTRIBUTES = ['authentication', 'replication', 'durable_writes', 'wildcard_bind', 'loopback_only'];

test('docs/scoring.md: its table gives its result', () => {
  const page = readFileSync(new URL('../../docs/scoring.md', import.meta.url), 'utf8');
  const rows = [...page.matchAll(/^\| ([A-Z]+-\d+) \| (\w+) \| (\d+) \| (\d+) \| (\d+) \| (\d+) \|$/gm)].map(
    ([, id = '', severity = '', ...counts]) => ({ id, severity, counts: counts.map(Number) }),
  );
  expect(rows).toHaveLength(5);
  const controls = rows.map(({ id, severity }, index) => {
    const name = ATTRIBUTES[index] ?? '';
    return planned({ id, severity: SEVERITIES.find((one) => one === severity) ?? 'info', when: `r.name == "${id}"`, assert: `r.${name}` });
  });
  const resources = rows.flatMap(({ id, counts: [passed = 0, failed = 0, undecided = 0] }, index) => {
    const name = ATTRIBUTES[index] ?? '';
    const make = (count: number, value: unknown, word: string) =>
      Array.from({ length: count }, (_, number) => resource(`${id} ${word} ${number}`, { name: id, [name]: value }));
    return [...make(passed, true, 'pass'), ...make(failed, false, 'fail'), ...make(undecided, { unknown: 'refused' }, 'unknown')];
  });
  const { summary } = assess(controls, [record('one', resources)]);
  const { total } = summary.scores;
  expect(page).toContain(`Result: total ${total.low}–${total.high}, grade ${summary.grade}, up to ${summary.gradeHigh}.`);
  for (const { family, weight, low } of summary.scores.families)
    expect(page).toMatch(new RegExp(`\\| ${family} \\| ${weight} \\| .*= ${low} \\|`));
});
