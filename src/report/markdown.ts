import type { Summary } from '../model/assessment.ts';
import { causeNextStep, causeSentence } from '../model/cause.ts';
import { SEVERITIES } from '../model/control.ts';
import { isForgiven, isUndecided, type Finding } from '../model/finding.ts';
import type { Language, Localized } from '../model/localized.ts';
import { placer, placeText, type Place } from './place.ts';
import type { Renderer, ReportOptions } from './renderer.ts';
import { clean } from './text/layout.ts';
import { foldUndecided } from './text/undecided.ts';
import { controlsCounted, SEVERITY_WORDS, WORDS } from './text/words.ts';
import { worstFirst } from './worst-first.ts';

/** What is told one by one; the rest is counted. A job summary of GitHub ends at 1 MiB. */
const MAX_FINDINGS = 40;
const MAX_FOLDS = 25;
/** UTF-16 code units of one sentence. */
const MAX_SENTENCE = 600;

const OWN_WORDS = {
  newOrWorse: { en: 'New or worse', zh: '新增或恶化' },
  nothingNew: { en: 'Nothing is new or worse.', zh: '没有新增或恶化的发现。' },
  alreadyThere: { en: 'Already there', zh: '此前已有' },
  topFindings: { en: 'Top findings', zh: '主要发现' },
  severity: { en: 'Severity', zh: '级别' },
  control: { en: 'Control', zh: '控制项' },
  what: { en: 'What', zh: '内容' },
  where: { en: 'Where', zh: '位置' },
  waivedCount: { en: 'Waived', zh: '已豁免' },
} as const satisfies Record<string, Localized>;

/** GitHub-flavoured Markdown: the verdict, score and grade, what is new, the worst findings with links, what could not be determined. */
export const renderMarkdown: Renderer = function* (summary, findings, options) {
  const { language } = options;
  yield* head(summary, language);
  const place = placer(summary, options.pathPrefix);
  const row = (finding: Finding): string => rowOf(finding, place(finding), options);
  const fails = (wanted: (finding: Finding) => boolean) => (finding: Finding) => finding.outcome === 'fail' && wanted(finding);
  let compared = summary.gone.length > 0;
  const tally = { fresh: 0, known: 0, waived: 0 };
  const undecided: Finding[] = [];
  for (const finding of findings) {
    compared ||= finding.baseline !== undefined;
    if (isUndecided(finding.outcome)) undecided.push(finding);
    if (finding.outcome !== 'fail') continue;
    if (finding.waiver?.status === 'active') tally.waived += 1;
    else if (isForgiven(finding)) tally.known += 1;
    else tally.fresh += 1;
  }
  const freshTitle = compared ? OWN_WORDS.newOrWorse : OWN_WORDS.topFindings;
  if (tally.fresh > 0) yield* table(freshTitle[language], tally.fresh, worstFirst(findings, fails(isOpen), MAX_FINDINGS), row, language);
  else if (compared) yield `\n## ${freshTitle[language]}\n\n${OWN_WORDS.nothingNew[language]}\n`;
  else yield `\n${(summary.counts.pass > 0 ? WORDS.noFindings : WORDS.nothingPassed)[language]}\n`;
  yield* undecidedLines(undecided, language);
  if (tally.known > 0) {
    const known = worstFirst(
      findings,
      fails((one) => isForgiven(one) && one.waiver?.status !== 'active'),
      MAX_FINDINGS,
    );
    yield* folded(
      table(OWN_WORDS.alreadyThere[language], tally.known, known, row, language, 0),
      `${OWN_WORDS.alreadyThere[language]} ${tally.known}`,
    );
  }
  yield* tail(summary, tally.waived, language);
};

function isOpen(finding: Finding): boolean {
  return !isForgiven(finding);
}

function* head(summary: Summary, language: Language): Generator<string, void> {
  const { verdict, scores, grade, gradeHigh, coverage, counts, failed } = summary;
  const word = {
    0: counts.pass > 0 ? `✅ ${WORDS.gateMet[language]}` : `❔ ${WORDS.gateMet[language]}`,
    1: `❌ ${WORDS.gateNotMet[language]}`,
    2: `❔ ${WORDS.gateUndecided[language]}`,
    130: `❌ ${WORDS.interrupted[language]}`,
  }[verdict.exitCode];
  yield `# Custos: ${word}\n\n`;
  for (const reason of verdict.reasons) yield `- ${markdown(reason[language])}\n`;
  if (verdict.reasons.length > 0) yield '\n';
  const shownGrade = grade === gradeHigh ? grade : `${grade}…${gradeHigh}`;
  const score = (interval: Summary['scores']['total']): string =>
    interval.low === interval.high ? String(interval.low) : `${interval.low}–${interval.high}`;
  const accepted =
    scores.accepted.low === scores.total.low && scores.accepted.high === scores.total.high
      ? ''
      : ` · ${WORDS.score[language]} ${WORDS.accepted[language]} ${score(scores.accepted)}`;
  yield `**${WORDS.grade[language]} ${shownGrade}** · ${WORDS.score[language]} **${score(scores.total)}** ${WORDS.outOf[language]}${accepted} · `;
  yield `${WORDS.coverage[language]} ${Math.floor(coverage * 100)} % · ${markdown(summary.profile)} · ${WORDS.asOf[language]} ${summary.asOf.slice(0, 10)}\n\n`;
  const columns = [
    [WORDS.failed[language], counts.fail],
    ...SEVERITIES.filter((severity) => failed[severity] > 0).map(
      (severity) => [SEVERITY_WORDS[severity][language], failed[severity]] as const,
    ),
    [WORDS.notDetermined[language], counts.unknown + counts.error],
    [WORDS.manual[language], counts.manual],
    [WORDS.passed[language], counts.pass],
    [WORDS.notApplicable[language], counts['not-applicable']],
  ] as const;
  yield `| ${columns.map(([name]) => name).join(' | ')} |\n|${columns.map(() => '--:|').join('')}\n| ${columns.map(([, count]) => count).join(' | ')} |\n`;
  for (const cap of summary.caps)
    yield `\n${WORDS.why[language]}: ${markdown(`${cap.reason[language]} (${cap.controls.join(', ')}): ${WORDS.atMost[language]} ${cap.grade}`)}\n`;
}

function* table(
  title: string,
  count: number,
  findings: Iterable<Finding>,
  row: (finding: Finding) => string,
  language: Language,
  level = 2,
): Generator<string, void> {
  if (level > 0) yield `\n${'#'.repeat(level)} ${title} ${count}\n`;
  const heads = [OWN_WORDS.severity, OWN_WORDS.control, OWN_WORDS.what, OWN_WORDS.where].map((one) => one[language]);
  yield `\n| ${heads.join(' | ')} |\n|---|---|---|---|\n`;
  let shown = 0;
  for (const finding of findings) {
    yield row(finding);
    shown += 1;
  }
  if (count > shown) yield `\n(+${count - shown} ${WORDS.more[language]})\n`;
}

function* folded(content: Iterable<string>, title: string): Generator<string, void> {
  yield `\n<details><summary>${title}</summary>\n`;
  yield* content;
  yield '\n</details>\n';
}

function rowOf(finding: Finding, place: Place, { language, links }: ReportOptions): string {
  const about = finding.resource === '' ? finding.target : `${finding.target}/${finding.resource}`;
  const mark = waiverWord(finding, language);
  const cells = [
    SEVERITY_WORDS[finding.severity][language],
    markdown(finding.control),
    `${markdown(finding.message[language])}${mark === '' ? '' : ` · ${mark}`}`,
    `${linkTo(place, links)}<br>${markdown(about)}`,
  ];
  return `| ${cells.join(' | ')} |\n`;
}

/** What keeps its waiver from holding. */
function waiverWord({ waiver }: Finding, language: Language): string {
  if (waiver === undefined || waiver.status === 'active') return '';
  return waiver.status === 'expired' ? `${WORDS.expired[language]} (${markdown(waiver.until)})` : WORDS.worse[language];
}

/** A link to the line where files of this tree are shown, else the place as it reads. */
function linkTo(place: Place, links: string | undefined): string {
  const text = `<code>${markdown(placeText(place))}</code>`;
  if (links === undefined || place.file.startsWith('/') || place.file.startsWith('../') || place.file.includes('://')) return text;
  const path = place.file.toWellFormed().split('/').map(encodeSegment).join('/');
  const lines = place.line === undefined ? '' : `#L${place.line}`;
  return `[${text}](${links}/${path}${lines})`;
}

/** Parentheses would end a link's address, and are left alone by `encodeURIComponent`. */
function encodeSegment(segment: string): string {
  return encodeURIComponent(segment).replaceAll(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}

function* undecidedLines(undecided: readonly Finding[], language: Language): Generator<string, void> {
  if (undecided.length === 0) return;
  yield `\n## ${WORDS.notDetermined[language]} ${undecided.filter(({ outcome }) => outcome !== 'manual').length}\n\n`;
  const folds = foldUndecided(undecided);
  for (const { read, target, controls, severity } of folds.slice(0, MAX_FOLDS)) {
    const why = causeSentence({ cause: read.cause, detail: clean(read.detail) })[language];
    const which = `${controlsCounted(controls.length, language)} (≤ ${SEVERITY_WORDS[severity][language]})`;
    const next = `${WORDS.next[language]}: ${markdown(causeNextStep(read)[language])}`;
    yield `- **${markdown(target)}**: ${markdown(why)} · ${which}: ${markdown(controls.slice(0, 12).join(' '))}${controls.length > 12 ? ' …' : ''}<br>${next}\n`;
  }
  if (folds.length > MAX_FOLDS) yield `- (+${folds.length - MAX_FOLDS} ${WORDS.more[language]})\n`;
  const errors = undecided.filter(({ outcome }) => outcome === 'error');
  for (const { control, message } of errors.slice(0, MAX_FOLDS)) yield `- **${markdown(control)}**: ${markdown(message[language])}\n`;
  if (errors.length > MAX_FOLDS) yield `- (+${errors.length - MAX_FOLDS} ${WORDS.more[language]})\n`;
  const manual = [...new Set(undecided.filter(({ outcome }) => outcome === 'manual').map(({ control }) => control))];
  if (manual.length > 0) yield `- ${WORDS.manual[language]}: ${markdown(manual.slice(0, 100).join(' '))}\n`;
}

function* tail(summary: Summary, waived: number, language: Language): Generator<string, void> {
  const fixed = summary.gone.filter(({ state }) => state === 'fixed').length;
  const lost = summary.gone.length - fixed;
  const notable = summary.waivers.filter(({ status }) => status !== 'active');
  const lines = [
    ...(summary.gone.length === 0
      ? []
      : [`${WORDS.gone[language]}: ${fixed} ${WORDS.fixed[language]}, ${lost} ${WORDS.cannotTell[language]}`]),
    ...(waived === 0 ? [] : [`${OWN_WORDS.waivedCount[language]}: ${waived}`]),
    ...notable.slice(0, MAX_FOLDS).map(({ waiver, status }) => {
      const control = typeof waiver.control === 'string' ? waiver.control : waiver.control.glob;
      const why = status === 'expired' ? `${WORDS.expired[language]} (${waiver.until})` : WORDS.unmatched[language];
      return markdown(`${waiver.id} ${control}: ${why}, ${waiver.owner}`);
    }),
    ...(summary.notLookedAt.length === 0
      ? []
      : [`${WORDS.notLookedAt[language]} ${summary.notLookedAt.length}: ${markdown(WORDS.notLookedAtWhy[language])}`]),
  ];
  if (lines.length > 0) yield `\n${lines.map((line) => `- ${line}\n`).join('')}`;
}

/**
 * Text that is nothing but text in GitHub-flavoured Markdown, in a table cell too: every sign that could begin markup, HTML, a
 * link, a mention or a reference is written as a character reference, which begins none of them (CommonMark 6.2, 0.31).
 */
export function markdown(text: string): string {
  const cut = clean(text.toWellFormed());
  const short = cut.length > MAX_SENTENCE ? `${cut.slice(0, MAX_SENTENCE).toWellFormed()}…` : cut;
  return short
    .replaceAll(/[&<>"'`*_[\]#|~\\@$]/g, (sign) => `&#${sign.charCodeAt(0)};`)
    .replaceAll('://', '&#58;&#47;&#47;')
    .replaceAll(/\bwww\./gi, (word) => `${word.slice(0, 3)}&#46;`)
    .replace(/^(\s*)([-+=:])/, (_, before: string, sign: string) => `${before}&#${sign.charCodeAt(0)};`)
    .replace(/^(\s*\d+)([.)])(?=\s|$)/, (_, before: string, sign: string) => `${before}&#${sign.charCodeAt(0)};`);
}
