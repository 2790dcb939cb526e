import type { RuleText } from '../../model/assessment.ts';
import { causeNextStep, causeSentence } from '../../model/cause.ts';
import type { Origin } from '../../model/fact.ts';
import type { Finding } from '../../model/finding.ts';
import type { Language } from '../../model/localized.ts';
import { clean, wrap, type Paint } from '../../report/text/layout.ts';
import { cameText, OUTCOME_WORDS, setByText, witnessText, WORDS } from './explain-words.ts';

/** What `custos explain` writes for. */
export interface ExplainPage {
  readonly language: Language;
  readonly paint: Paint;
  readonly columns: number;
}

const STYLE = { pass: 'green', fail: 'red', unknown: 'yellow', error: 'red', manual: 'yellow', 'not-applicable': 'dim' } as const;

/** Lines of a text at an indent, further ones two columns deeper. */
export function hanging(text: string, indent: number, columns: number): readonly string[] {
  const [first = '', ...rest] = wrap(text, columns - indent - 2);
  return [' '.repeat(indent) + first, ...rest.map((line) => ' '.repeat(indent + 2) + line)];
}

/** The values that a control was judged with, and who set each. */
export function parameterLines(rule: RuleText | undefined, { language, columns, paint }: ExplainPage): readonly string[] {
  const settings = Object.entries(rule?.parameters ?? {});
  if (settings.length === 0) return [];
  return [
    paint(['bold', 'cyan'], WORDS.parameters[language]),
    ...settings.flatMap(([name, { value, setBy }]) =>
      hanging(`${name} = ${clean(JSON.stringify(value))}  (${WORDS.setBy[language]} ${clean(setByText(setBy, language))})`, 2, columns),
    ),
    '',
  ];
}

/** Why one finding came out as it did: what each part came to, what was read and from where, and what could not be. */
export function findingLines(finding: Finding, page: ExplainPage): readonly string[] {
  const { language, paint, columns } = page;
  const name = finding.resource === '' ? finding.target : `${finding.target} / ${finding.resource}`;
  const [head = '', ...more] = wrap(`${OUTCOME_WORDS[finding.outcome][language]}  ${clean(name)}`, columns);
  const lines = [paint(['bold', STYLE[finding.outcome]], head), ...more.map((line) => paint('bold', `  ${line}`))];
  for (const line of wrap(clean(finding.message[language]), columns - 2)) lines.push(`  ${line}`);
  if (finding.parts.length > 0) lines.push(`  ${paint('cyan', WORDS.came[language])}`);
  for (const { expression, came } of finding.parts)
    lines.push(...hanging(`${clean(expression)}  →  ${clean(cameText(came, language))}`, 4, columns));
  if (finding.witnesses.length > 0) lines.push(`  ${paint('cyan', WORDS.read[language])}`);
  for (const { path, state, value, origin } of finding.witnesses) {
    const text = state === 'absent' ? WORDS.absent[language] : witnessText(value, language);
    lines.push(...hanging(`${clean(path)} = ${clean(text)}`, 4, columns), ...originLines(origin, page));
  }
  lines.push(...missingLines(finding, page));
  return lines;
}

function missingLines(finding: Finding, page: ExplainPage): readonly string[] {
  const { language, paint, columns } = page;
  const lines: string[] = [];
  if (finding.outcome === 'unknown') {
    lines.push(`  ${paint('cyan', WORDS.missing[language])}`);
    for (const read of finding.causes) {
      const why = causeSentence({ cause: read.cause, detail: clean(read.detail) });
      lines.push(...hanging(`${clean(read.path)}: ${why[language]}`, 4, columns));
      if (read.origin !== undefined) lines.push(...originLines(read.origin, page));
    }
    lines.push(...hanging(`${WORDS.next[language]}: ${causeNextStep(finding.causes[0])[language]}`, 4, columns));
  }
  if (finding.alsoUnknown.length > 0)
    lines.push(
      `  ${paint('dim', WORDS.also[language])}`,
      ...finding.alsoUnknown.flatMap(({ path }) => hanging(clean(path), 4, columns).map((line) => paint('dim', line))),
    );
  return lines;
}

function originLines(origin: Origin, { language, paint, columns }: ExplainPage): readonly string[] {
  return hanging(placeOf(origin, language), 8, columns).map((line) => paint('dim', line));
}

/** How we know: a place in a file, an exchange, a rule and what it was derived from. */
function placeOf(origin: Origin, language: Language): string {
  switch (origin.kind) {
    case 'file':
      return clean(
        `${origin.range.on === undefined ? '' : `${origin.range.on}:`}${origin.range.file}:${origin.range.start.line}:${origin.range.start.column}`,
      );
    case 'wire':
      return clean(`${origin.target}: ${origin.exchange}`);
    case 'command':
      return clean(`${origin.target}: ${origin.command}${origin.line === undefined ? '' : ` line ${origin.line}`}`);
    case 'attested':
      return clean(`${origin.attestation} (${origin.by}) ${origin.range.file}:${origin.range.start.line}`);
    case 'derived':
      return `${WORDS.by[language]} ${clean(origin.rule)} ← ${origin.from.map((from) => placeOf(from, language)).join(', ')}`;
  }
}
