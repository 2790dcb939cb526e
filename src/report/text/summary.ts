import type { Summary } from '../../model/assessment.ts';
import { causeNextStep, causeSentence } from '../../model/cause.ts';
import { inChinese } from '../../model/details/translate.ts';
import { SEVERITIES } from '../../model/control.ts';
import type { Finding } from '../../model/finding.ts';
import { goneText } from '../gone.ts';
import { gradeText, intervalText } from '../score-text.ts';
import { clean, fit, padTo, wrap, type Style } from './layout.ts';
import type { Page } from './page.ts';
import { foldUndecided } from './undecided.ts';
import { controlsCounted, FAMILY_NAMES, WORDS } from './words.ts';

const GRADE_STYLE: Readonly<Record<string, Style>> = {
  A: ['bold', 'green'],
  B: ['bold', 'green'],
  C: ['bold', 'yellow'],
  D: ['bold', 'yellow'],
  F: ['bold', 'red'],
};
const BAR = 20;

/** What was looked at, the score interval and the grade, with the reasons for both. */
export function headSection(summary: Summary, page: Page): readonly string[] {
  const { paint, language, columns } = page;
  const resources = summary.targets.reduce((sum, target) => sum + target.resources, 0);
  const all = summary.targets.flatMap(({ looked }) => looked);
  const files = all.filter(({ digest }) => digest !== undefined).length;
  const counted = [
    counts(summary.targets.length, 'target', '个目标', language),
    ...(files > 0 || all.length === 0 ? [counts(files, 'file', '个文件', language)] : []),
    counts(resources, 'resource', '个资源', language),
  ];
  const lines = [
    `${paint('bold', 'Custos')} ${summary.tool.version}  ${paint('bold', summary.profile)}  ${WORDS.asOf[language]} ${summary.asOf.slice(0, 10)}`,
    '',
    `${WORDS.lookedAt[language]}: ${counted.join(', ')}`,
  ];
  const shown = summary.targets.slice(0, 8);
  for (const { target, looked } of shown) {
    const formats = [...new Set(looked.map(({ as }) => as))].join(', ');
    lines.push(`  ${padTo(fit(clean(target.id), 22), 22)} ${paint('dim', fit(`${clean(target.address)}  ${formats}`, columns - 26))}`);
  }
  if (summary.targets.length > shown.length)
    lines.push(paint('dim', `  (+${summary.targets.length - shown.length} ${WORDS.more[language]})`));
  lines.push('', ...scoreLines(summary, page), '', ...familyLines(summary, page));
  return lines;
}

function counts(count: number, en: string, zh: string, language: Page['language']): string {
  return language === 'zh' ? `${count} ${zh}` : `${count} ${en}${count === 1 ? '' : 's'}`;
}

function scoreLines(summary: Summary, { paint, language, columns }: Page): readonly string[] {
  const { total, accepted } = summary.scores;
  const width = Math.round((total.high - total.low) * 10) / 10;
  const unknown = width > 0 ? paint('dim', `  ${width} % ${WORDS.undetermined[language]}`) : '';
  const lines = [
    `${WORDS.grade[language]} ${paint(GRADE_STYLE[summary.grade] ?? 'bold', gradeText(summary))}   ${WORDS.score[language]} ${paint('bold', intervalText(total))} ${WORDS.outOf[language]}${unknown}`,
    `${paint('dim', bar(total.low, total.high))}  ${WORDS.coverage[language]} ${Math.floor(summary.coverage * 100)} %${language === 'zh' ? '' : ' '}${WORDS.ofProfile[language]}`,
  ];
  if (accepted.low !== total.low || accepted.high !== total.high) {
    const active = summary.waivers.filter(({ status }) => status === 'active');
    const nearest = active.map(({ waiver }) => waiver.until).toSorted()[0] ?? '';
    lines.push(
      `${WORDS.score[language]} ${WORDS.accepted[language]}: ${intervalText(accepted)}  (${active.length}, ${WORDS.until[language]} ${nearest})`,
    );
  }
  for (const cap of summary.caps) {
    for (const [index, line] of wrap(
      `${cap.reason[language]} (${cap.controls.join(', ')}): ${WORDS.atMost[language]} ${cap.grade}`,
      columns - 6,
    ).entries()) {
      lines.push(index === 0 ? `${WORDS.why[language]}: ${line}` : `     ${line}`);
    }
  }
  return lines;
}

/** Proven, possible, and lost parts of a score as one bar. */
function bar(low: number, high: number): string {
  const proven = Math.floor((low / 100) * BAR);
  const possible = Math.ceil((high / 100) * BAR) - proven;
  return '█'.repeat(proven) + '▒'.repeat(possible) + '░'.repeat(Math.max(0, BAR - proven - possible));
}

function familyLines({ scores }: Summary, { paint, language, columns }: Page): readonly string[] {
  return scores.families.map((family) => {
    const name = (FAMILY_NAMES[family.family] ?? WORDS.ownFamily)[language];
    return `  ${padTo(family.family, 4)} ${paint('dim', bar(family.low, family.high))} ${intervalText(family).padStart(11)}  ${fit(name, columns - 42)}`;
  });
}

/** What was not looked at, waivers, the baseline, what to do next, and the gate's decision. */
export function* tailSections(
  summary: Summary,
  failed: readonly Finding[],
  undecided: readonly Finding[],
  page: Page,
): Iterable<readonly string[]> {
  yield gapLines(summary, page);
  yield waiverLines(summary, page);
  yield goneLines(summary, page);
  yield notLookedAtLines(summary, page);
  yield nextLines(summary, failed, undecided, page);
  yield verdictLines(summary, page);
}

function gapLines({ targets }: Summary, { paint, language, columns }: Page): readonly string[] {
  const gaps = targets.flatMap(({ target, gaps: own }) =>
    own.map((gap) => `${target.id}: ${causeSentence({ cause: gap.cause, detail: clean(gap.detail) })[language]}`),
  );
  if (gaps.length === 0) return [];
  const unique = [...new Set(gaps)];
  const lines = [paint('bold', `${WORDS.gaps[language]} ${unique.length}`)];
  for (const gap of unique.slice(0, 12))
    for (const [index, line] of wrap(gap, columns - 3).entries()) lines.push(index === 0 ? ` · ${line}` : `   ${line}`);
  if (unique.length > 12) lines.push(paint('dim', `   (+${unique.length - 12} ${WORDS.more[language]})`));
  return lines;
}

function waiverLines({ waivers }: Summary, { paint, language, columns }: Page): readonly string[] {
  const notable = waivers.filter(({ status }) => status !== 'active');
  if (notable.length === 0) return [];
  return [
    paint('bold', WORDS.waivers[language]),
    ...notable.map(({ waiver, status }) => {
      const control = typeof waiver.control === 'string' ? waiver.control : waiver.control.glob;
      const why = status === 'expired' ? `${WORDS.expired[language]} (${waiver.until})` : WORDS.unmatched[language];
      return fit(` · ${clean(waiver.id)} ${control}: ${why}, ${clean(waiver.owner)}`, columns);
    }),
  ];
}

function goneLines({ gone }: Summary, { paint, language }: Page): readonly string[] {
  const told = goneText(gone, language);
  return told === '' ? [] : [`${paint('bold', WORDS.gone[language])}: ${told}`];
}

function notLookedAtLines({ notLookedAt, counts }: Summary, { paint, language, columns }: Page): readonly string[] {
  const lines = [
    `${paint('bold', WORDS.passed[language])} ${counts.pass}${paint('dim', `   ${counts['not-applicable']} ${WORDS.notApplicable[language]}`)}`,
  ];
  if (notLookedAt.length === 0) return lines;
  lines.push(`${paint('bold', WORDS.notLookedAt[language])} ${notLookedAt.length}`);
  for (const line of wrap(
    `${WORDS.notLookedAtWhy[language]}${language === 'zh' ? '：' : ': '}${notLookedAt.map(({ control }) => control).join(' ')}`,
    columns - 3,
  ))
    lines.push(paint('dim', `   ${line}`));
  return lines;
}

function nextLines(
  summary: Summary,
  failed: readonly Finding[],
  undecided: readonly Finding[],
  { paint, language, columns }: Page,
): readonly string[] {
  const steps: string[] = [];
  const open = failed.filter(({ waiver }) => waiver?.status !== 'active');
  const worst = open.toSorted(
    (a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) || (a.control < b.control ? -1 : 1),
  );
  const ids = [...new Set(worst.map(({ control }) => control))].slice(0, 5);
  if (ids.length > 0) steps.push(`${WORDS.startWith[language]} ${ids.join(', ')}`);
  for (const { step, details, controls } of undecidedSteps(undecided, language).slice(0, 2)) {
    const what = details.length > MAX_DETAILS ? [...details.slice(0, MAX_DETAILS), '…'] : details;
    steps.push(
      `${step}${what.length === 0 ? '' : language === 'zh' ? `（${what.join('；')}）` : ` (${what.join('; ')})`}${language === 'zh' ? '：' : ': '}${WORDS.decide[language]} ${controlsCounted(controls.size, language)}`,
    );
  }
  if (steps.length === 0 && summary.notLookedAt.length === 0) return [];
  steps.push(WORDS.explain[language]);
  const lines = [paint('bold', WORDS.whatNext[language])];
  for (const [number, step] of steps.entries()) {
    for (const [index, line] of wrap(step, columns - 4).entries()) lines.push(index === 0 ? ` ${number + 1}. ${line}` : `    ${line}`);
  }
  return lines;
}

const MAX_DETAILS = 3;

/** What would decide most, each step once: several things may be missing for one reason. */
function undecidedSteps(
  undecided: readonly Finding[],
  language: Page['language'],
): readonly { readonly step: string; readonly details: readonly string[]; readonly controls: ReadonlySet<string> }[] {
  const steps = new Map<string, { readonly details: Set<string>; readonly controls: Set<string> }>();
  for (const { read, controls } of foldUndecided(undecided)) {
    const step = causeNextStep(read)[language];
    const known = steps.get(step) ?? { details: new Set(), controls: new Set() };
    const detail = clean(read.detail);
    if (detail !== '') known.details.add(language === 'zh' ? inChinese(detail) : detail);
    for (const control of controls) known.controls.add(control);
    steps.set(step, known);
  }
  return [...steps]
    .map(([step, { details, controls }]) => ({ step, details: [...details], controls }))
    .toSorted((a, b) => b.controls.size - a.controls.size);
}

function verdictLines({ verdict, counts }: Summary, { paint, language, columns }: Page): readonly string[] {
  const { exitCode, reasons } = verdict;
  const [word, style, mark]: readonly [string, Style, string] =
    exitCode === 0
      ? [WORDS.gateMet[language], counts.pass > 0 ? ['bold', 'green'] : ['bold', 'yellow'], counts.pass > 0 ? '✔' : '?']
      : exitCode === 130
        ? [WORDS.interrupted[language], ['bold', 'red'], '✖']
        : exitCode === 1
          ? [WORDS.gateNotMet[language], ['bold', 'red'], '✖']
          : [WORDS.gateUndecided[language], ['bold', 'yellow'], '?'];
  const text = `${mark} ${word} (${WORDS.exit[language]} ${exitCode})`;
  const why = reasons.map((reason) => reason[language]).join(language === 'zh' ? '；' : '; ');
  const [first = '', ...rest] = why === '' ? [] : wrap(why, columns - 2);
  return first === '' ? [paint(style, text)] : [paint(style, text), `  ${first}`, ...rest.map((line) => `  ${line}`)];
}
