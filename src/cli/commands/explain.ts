import { nearest } from '../../catalog/diagnostic.ts';
import { openAssessment } from '../../evidence/assessment-file.ts';
import { causeNextStep, causeSentence } from '../../model/cause.ts';
import type { ControlDefinition } from '../../model/control.ts';
import type { Origin } from '../../model/fact.ts';
import type { Finding } from '../../model/finding.ts';
import type { Language, Localized } from '../../model/localized.ts';
import { clean, painter, padTo, wrap, type Paint } from '../../report/text/layout.ts';
import { SEVERITY_WORDS } from '../../report/text/words.ts';
import { withInputs } from '../input-file.ts';
import { columnsOf, EXIT, languageOf, UsageError, wantsColor, type Shell } from '../shell.ts';
import { loadControls } from './load.ts';

export interface ExplainFlags {
  readonly assessment?: string;
  readonly controls?: readonly string[];
  readonly lang?: string;
  readonly color?: boolean;
}

const WORDS = {
  why: { en: 'Why it matters', zh: '意义' },
  judges: { en: 'What is judged', zh: '判断对象' },
  when: { en: 'where', zh: '条件' },
  parameters: { en: 'Parameters', zh: '参数' },
  fix: { en: 'How to put it right', zh: '整改方法' },
  answers: { en: 'What it answers', zh: '对应条款' },
  examples: { en: 'Proven by its examples', zh: '自带示例' },
  read: { en: 'read', zh: '读取' },
  came: { en: 'came to', zh: '计算结果' },
  missing: { en: 'could not read', zh: '未能读取' },
  also: { en: 'not known either, and not needed', zh: '同样未知，但不影响结果' },
  next: { en: 'next', zh: '下一步' },
  none: { en: 'This assessment has no finding of it.', zh: '该评估中没有此控制项的发现。' },
  notLooked: { en: 'It was not looked at', zh: '未查看' },
} as const satisfies Record<string, Localized>;

interface Page {
  readonly language: Language;
  readonly paint: Paint;
  readonly columns: number;
}

/** `custos explain ID`: the control for people; with an assessment, why each of its findings came out so. */
export async function explainCommand(id: string, flags: ExplainFlags, shell: Shell): Promise<number> {
  const page: Page = {
    language: languageOf(flags.lang, shell.env),
    paint: painter(wantsColor(shell.stdout, shell.env, flags.color)),
    columns: Math.min(columnsOf(shell.stdout), 100),
  };
  const { controls, register } = await loadControls(flags.controls ?? [], shell);
  const control = controls.find((one) => one.id === id.toUpperCase());
  if (control === undefined)
    throw new UsageError(
      `there is no control "${id}"`,
      nearest(
        id.toUpperCase(),
        controls.map((one) => one.id),
      ) ?? 'custos controls list  shows them all',
    );
  const cite = (reference: string): string => register.get(reference)?.name[page.language] ?? reference;
  const lines =
    flags.assessment === undefined
      ? describe(control, page, cite)
      : await withInputs([flags.assessment], shell, async ([file = '']) => account(control, file, page));
  shell.stdout.write(`${lines.join('\n')}\n`);
  return EXIT.ok;
}

function heading({ id, title, severity }: ControlDefinition, { language, paint, columns }: Page): readonly string[] {
  return [
    `${paint('bold', id)}  ${SEVERITY_WORDS[severity][language]}`,
    ...wrap(title[language], columns).map((line) => paint('bold', line)),
    '',
  ];
}

function describe(control: ControlDefinition, page: Page, cite: (id: string) => string): readonly string[] {
  const { language, paint, columns } = page;
  const lines = [...heading(control, page)];
  const section = (title: Localized, body: readonly string[]): void => {
    if (body.length > 0) lines.push(paint(['bold', 'cyan'], title[language]), ...body.map((line) => `  ${line}`.trimEnd()), '');
  };
  section(WORDS.why, wrap(control.rationale[language], columns - 2));
  const judged = [`${control.resource === '' ? control.scope : control.resource}  (${control.verification})`];
  if (control.when !== undefined) judged.push(`${WORDS.when[language]}  ${control.when.trim()}`);
  if (control.assert !== undefined) judged.push(...control.assert.trim().split('\n'));
  if (control.attested !== undefined) judged.push(`${control.attested.kind}: ${control.attested.assert}`);
  for (const { if: condition, severity } of control.lesser) judged.push(`${SEVERITY_WORDS[severity][language]} ← ${condition}`);
  section(WORDS.judges, judged);
  section(
    WORDS.parameters,
    Object.entries(control.parameters).flatMap(([name, { default: value, description, tighter }]) =>
      wrap(`${name} = ${JSON.stringify(value)}${tighter === undefined ? '' : ` (${tighter})`}  ${description[language]}`, columns - 2),
    ),
  );
  const examples = Object.entries(control.remediation.examples).flatMap(([product, text]) => [
    '',
    `${product}:`,
    ...text
      .trimEnd()
      .split('\n')
      .map((line) => `    ${line}`),
  ]);
  section(WORDS.fix, [...wrap(control.remediation[language], columns - 2), ...examples]);
  section(
    WORDS.answers,
    Object.entries(control.references).map(([id, clauses]) => `${padTo(id, 14)} ${clauses.join(', ')}  ${paint('dim', cite(id))}`),
  );
  section(
    WORDS.examples,
    control.examples.map(({ name, expect }) => `${padTo(expect, 14)} ${name}`),
  );
  return lines;
}

function account(control: ControlDefinition, file: string, page: Page): readonly string[] {
  const { language, paint, columns } = page;
  const { summary, findings } = openAssessment(file);
  const lines = [...heading(control, page)];
  let count = 0;
  for (const finding of findings) {
    if (finding.control !== control.id) continue;
    count += 1;
    lines.push(...findingLines(finding, page), '');
  }
  if (count > 0) return lines;
  const missed = summary.notLookedAt.find((one) => one.control === control.id);
  return [
    ...lines,
    ...wrap(missed === undefined ? WORDS.none[language] : `${WORDS.notLooked[language]}: ${missed.reason[language]}`, columns),
    paint('dim', ''),
  ];
}

const STYLE = { pass: 'green', fail: 'red', unknown: 'yellow', error: 'red', manual: 'yellow', 'not-applicable': 'dim' } as const;

function findingLines(finding: Finding, { language, paint, columns }: Page): readonly string[] {
  const name = finding.resource === '' ? finding.target : `${finding.target} / ${finding.resource}`;
  const lines = [`${paint(['bold', STYLE[finding.outcome]], finding.outcome)}  ${paint('bold', clean(name))}`];
  for (const line of wrap(clean(finding.message[language]), columns - 2)) lines.push(`  ${line}`);
  if (finding.parts.length > 0) lines.push(`  ${paint('cyan', WORDS.came[language])}`);
  for (const { expression, came } of finding.parts) {
    const [first = '', ...rest] = wrap(`${clean(expression)}  →  ${clean(came)}`, columns - 4);
    lines.push(`    ${first}`, ...rest.map((line) => `      ${line}`));
  }
  if (finding.witnesses.length > 0) lines.push(`  ${paint('cyan', WORDS.read[language])}`);
  for (const { path, state, value, origin } of finding.witnesses) {
    lines.push(`    ${clean(path)} = ${state === 'absent' ? '–' : clean(String(value))}`);
    for (const line of wrap(placeOf(origin), columns - 8)) lines.push(paint('dim', `        ${line}`));
  }
  if (finding.outcome === 'unknown') {
    lines.push(`  ${paint('cyan', WORDS.missing[language])}`);
    for (const read of finding.causes) {
      for (const line of wrap(`${clean(read.path)}: ${clean(causeSentence(read)[language])}`, columns - 4)) lines.push(`    ${line}`);
      if (read.origin !== undefined) lines.push(paint('dim', `        ${placeOf(read.origin)}`));
    }
    for (const line of wrap(`${WORDS.next[language]}: ${causeNextStep(finding.causes[0].cause)[language]}`, columns - 4))
      lines.push(`    ${line}`);
  }
  if (finding.alsoUnknown.length > 0)
    lines.push(`  ${paint('dim', WORDS.also[language])}`, ...finding.alsoUnknown.map(({ path }) => paint('dim', `    ${clean(path)}`)));
  return lines;
}

/** How we know: a place in a file, an exchange, a rule and what it was derived from. */
function placeOf(origin: Origin): string {
  switch (origin.kind) {
    case 'file':
      return clean(`${origin.range.file}:${origin.range.start.line}:${origin.range.start.column}`);
    case 'wire':
      return clean(`${origin.target}: ${origin.exchange}`);
    case 'command':
      return clean(`${origin.target}: ${origin.command}${origin.line === undefined ? '' : ` line ${origin.line}`}`);
    case 'attested':
      return clean(`${origin.attestation} (${origin.by}) ${origin.range.file}:${origin.range.start.line}`);
    case 'derived':
      return `${clean(origin.rule)} ← ${origin.from.map(placeOf).join(', ')}`;
  }
}
