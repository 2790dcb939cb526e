import { nearest } from '../../catalog/diagnostic.ts';
import { openAssessment } from '../../evidence/assessment-file.ts';
import type { ControlDefinition, ControlExample } from '../../model/control.ts';
import type { Localized } from '../../model/localized.ts';
import { painter, padTo, wrap } from '../../report/text/layout.ts';
import { SEVERITY_WORDS } from '../../report/text/words.ts';
import { withInputs } from '../input-file.ts';
import { columnsOf, EXIT, languageOf, UsageError, wantsColor, type Shell } from '../shell.ts';
import { findingLines, hanging, parameterLines, type ExplainPage } from './explain-finding.ts';
import { OUTCOME_WORDS, SCOPE_WORDS, TIGHTER_WORDS, VERIFICATION_WORDS, WORDS } from './explain-words.ts';
import { loadControls } from './load.ts';

export interface ExplainFlags {
  readonly assessment?: string;
  readonly controls?: readonly string[];
  readonly lang?: string;
  readonly color?: boolean;
}

/** `custos explain ID`: the control for people; with an assessment, why each of its findings came out so. */
export async function explainCommand(id: string, flags: ExplainFlags, shell: Shell): Promise<number> {
  const page: ExplainPage = {
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

function heading({ id, title, severity }: ControlDefinition, { language, paint, columns }: ExplainPage): readonly string[] {
  return [
    `${paint('bold', id)}  ${SEVERITY_WORDS[severity][language]}`,
    ...wrap(title[language], columns).map((line) => paint('bold', line)),
    '',
  ];
}

function describe(control: ControlDefinition, page: ExplainPage, cite: (id: string) => string): readonly string[] {
  const { language, paint, columns } = page;
  const lines = [...heading(control, page)];
  const section = (title: Localized, body: readonly string[]): void => {
    if (body.length > 0) lines.push(paint(['bold', 'cyan'], title[language]), ...body.map((line) => line.trimEnd()), '');
  };
  const text = (written: string): readonly string[] =>
    written
      .trim()
      .split('\n')
      .flatMap((line) => hanging(line, 2, columns));
  section(
    WORDS.why,
    wrap(control.rationale[language], columns - 2).map((line) => `  ${line}`),
  );
  const subject = control.resource === '' ? SCOPE_WORDS[control.scope][language] : control.resource;
  section(WORDS.judges, [
    `  ${subject}  (${VERIFICATION_WORDS[control.verification][language]})`,
    ...(control.when === undefined ? [] : text(`${WORDS.when[language]}  ${control.when}`)),
    ...(control.assert === undefined ? [] : text(control.assert)),
    ...(control.attested === undefined ? [] : text(`${control.attested.kind}: ${control.attested.assert}`)),
    ...control.lesser.flatMap(({ if: condition, severity }) => text(`${SEVERITY_WORDS[severity][language]} ← ${condition}`)),
  ]);
  section(
    WORDS.parameters,
    Object.entries(control.parameters).flatMap(([name, { default: value, description, tighter }]) =>
      hanging(
        `${name} = ${JSON.stringify(value)}${tighter === undefined ? '' : ` (${TIGHTER_WORDS[tighter][language]})`}  ${description[language]}`,
        2,
        columns,
      ),
    ),
  );
  const examples = Object.entries(control.remediation.examples).flatMap(([product, example]) => [
    '',
    `  ${product}:`,
    ...example
      .trimEnd()
      .split('\n')
      .flatMap((line) => codeLines(line, columns)),
  ]);
  section(WORDS.fix, [...wrap(control.remediation[language], columns - 2).map((line) => `  ${line}`), ...examples]);
  section(
    WORDS.answers,
    Object.entries(control.references).flatMap(([id, clauses]) => citation(id, clauses.join(', '), cite(id), page)),
  );
  section(WORDS.examples, exampleLines(control.examples, page));
  return lines;
}

/** A line of configuration as it is written; what does not fit goes on beneath a mark, so that nobody takes it for a line of its own. */
function codeLines(line: string, columns: number): readonly string[] {
  const indent = 6 + (/^ */.exec(line)?.[0].length ?? 0);
  const [first = '', ...rest] = wrap(line.trim(), columns - indent - 2);
  return [' '.repeat(indent) + first, ...rest.map((more) => `${' '.repeat(indent)}↪ ${more}`)];
}

function citation(id: string, clauses: string, name: string, { columns, paint }: ExplainPage): readonly string[] {
  const lines = wrap([clauses, name].filter((part) => part !== '').join('  '), columns - 17);
  return lines.map((line, index) => `  ${index === 0 ? padTo(id, 14) : ' '.repeat(14)} ${index === 0 ? line : paint('dim', line)}`);
}

/** Examples have names in the language of their file only: in the other, how many there are of each. */
function exampleLines(examples: readonly ControlExample[], { language, columns }: ExplainPage): readonly string[] {
  if (language === 'en')
    return examples.flatMap(({ name, expect }) =>
      wrap(name, columns - 17).map((line, index) => `  ${index === 0 ? padTo(expect, 14) : ' '.repeat(14)} ${line}`),
    );
  const expected = [...new Set(examples.map(({ expect }) => expect))];
  return [`  ${expected.map((one) => `${OUTCOME_WORDS[one].zh} ${examples.filter(({ expect }) => expect === one).length}`).join(' · ')}`];
}

function account(control: ControlDefinition, file: string, page: ExplainPage): readonly string[] {
  const { language, columns } = page;
  const { summary, findings } = openAssessment(file);
  const rule = summary.rules.find((one) => one.id === control.id);
  const lines = [...heading(control, page), ...parameterLines(rule, page)];
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
    '',
  ];
}
