import type { Summary } from '../model/assessment.ts';
import { causeNextStep, causeSentence } from '../model/cause.ts';
import { SEVERITIES } from '../model/control.ts';
import { isForgiven, isUndecided, type Finding } from '../model/finding.ts';
import type { Language, Localized } from '../model/localized.ts';
import { escapeMarkdown } from './escape-markdown.ts';
import { goneApart, goneText } from './gone.ts';
import { MarkdownRows } from './markdown-rows.ts';
import type { ComparedSides, Renderer, ReportOptions } from './renderer.ts';
import { gradeText, intervalText } from './score-text.ts';
import { clean } from './text/layout.ts';
import { foldUndecided } from './text/undecided.ts';
import { controlsCounted, SEVERITY_WORDS, WORDS } from './text/words.ts';
import { worstFirst } from './worst-first.ts';

/** What is told one by one; the rest is counted. A job summary of GitHub ends at 1 MiB. */
const MAX_FINDINGS = 40;
const MAX_FOLDS = 25;

const OWN_WORDS = {
  newOrWorse: { en: 'New or worse', zh: '新增或恶化' },
  nothingNew: { en: 'Nothing is new or worse.', zh: '没有新增或恶化的发现。' },
  alreadyThere: { en: 'Already there', zh: '此前已有' },
  topFindings: { en: 'Top findings', zh: '主要发现' },
  waivedCount: { en: 'Waived', zh: '已豁免' },
  compared: { en: 'Compared', zh: '比较' },
  fixed: { en: 'Fixed', zh: '已修复' },
  notThere: { en: 'No longer there, so that nothing of it is judged', zh: '已不存在，因此不再判断' },
  workingDirectory: { en: 'the working directory', zh: '工作目录' },
} as const satisfies Record<string, Localized>;

/** GitHub-flavoured Markdown: the verdict, score and grade, what is new, the worst findings with links, what could not be determined. */
export const renderMarkdown: Renderer = function* (summary, findings, options) {
  const { language } = options;
  yield* head(summary, options);
  const rows = new MarkdownRows(summary, options);
  const fails = (wanted: (finding: Finding) => boolean) => (finding: Finding) => finding.outcome === 'fail' && wanted(finding);
  let compared = summary.gone.length > 0 || options.comparison !== undefined;
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
  const open = compared ? undecided.filter(isOpen) : undecided;
  const title = compared ? OWN_WORDS.newOrWorse[language] : OWN_WORDS.topFindings[language];
  if (tally.fresh > 0) yield* rows.table(title, tally.fresh, worstFirst(findings, fails(isOpen), MAX_FINDINGS), true);
  else if (!compared) yield `\n${(summary.counts.pass > 0 ? WORDS.noFindings : WORDS.nothingPassed)[language]}\n`;
  else if (open.length === 0) yield `\n## ${title}\n\n${OWN_WORDS.nothingNew[language]}\n`;
  const notDetermined = WORDS.notDetermined[language];
  yield* undecidedLines(compared ? `${notDetermined}, ${title.toLowerCase()}` : notDetermined, open, language);
  yield* goneLines(summary, rows, language);
  if (tally.known > 0) {
    const known = worstFirst(
      findings,
      fails((one) => isForgiven(one) && one.waiver?.status !== 'active'),
      MAX_FINDINGS,
    );
    yield* folded(rows.table('', tally.known, known, false), `${OWN_WORDS.alreadyThere[language]} ${tally.known}`);
  }
  const before = compared ? undecided.filter((one) => !isOpen(one)) : [];
  if (before.length > 0)
    yield* folded(
      undecidedLines('', before, language),
      counted(`${notDetermined}, ${OWN_WORDS.alreadyThere[language].toLowerCase()}`, before, language),
    );
  yield* tail(summary, tally.waived, language);
};

function isOpen(finding: Finding): boolean {
  return !isForgiven(finding);
}

/** A title with its count; what a person decides is counted apart. */
function counted(title: string, undecided: readonly Finding[], language: Language): string {
  const open = undecided.filter(({ outcome }) => outcome !== 'manual').length;
  return open > 0 ? `${title} ${open}` : `${WORDS.manual[language]} ${undecided.length}`;
}

/** `abc → def`, with a link to what differs. */
function sidesOf({ before, now, link }: ComparedSides): string {
  const sides = `<code>${escapeMarkdown(before.slice(0, 12))}</code> → <code>${escapeMarkdown(now.slice(0, 12))}</code>`;
  return link === undefined ? sides : `[${sides}](${link})`;
}

/** Where neither a custos.yaml nor an input names a target, it has no better name than a dot. */
function targetName(target: string, language: Language): string {
  return target === '.' ? OWN_WORDS.workingDirectory[language] : escapeMarkdown(target);
}

/** What is not open any more, by name: what passes now, and what is judged by nobody since it is not there. */
function* goneLines({ gone }: Summary, rows: MarkdownRows, language: Language): Generator<string, void> {
  const { fixed, notThere } = goneApart(gone);
  for (const [some, title] of [
    [fixed, OWN_WORDS.fixed[language]],
    [notThere, OWN_WORDS.notThere[language]],
  ] as const) {
    const resources = Map.groupBy(some, ({ target, resource }) =>
      resource === '' ? targetName(target, language) : `${targetName(target, language)}/${escapeMarkdown(resource)}`,
    );
    const lines = [...resources].map(([name, of]) => `- ${name}: ${of.map(({ control }) => rows.control(control)).join(' ')}\n`);
    const more = lines.length > MAX_FOLDS ? [`- (+${lines.length - MAX_FOLDS} ${WORDS.more[language]})\n`] : [];
    if (some.length > 0) yield* folded(['\n', ...lines.slice(0, MAX_FOLDS), ...more], `${title} ${some.length}`);
  }
}

function* head(summary: Summary, { language, comparison }: ReportOptions): Generator<string, void> {
  const { verdict, scores, coverage, counts, failed } = summary;
  const word = {
    0: counts.pass > 0 ? `✅ ${WORDS.gateMet[language]}` : `❔ ${WORDS.gateMet[language]}`,
    1: `❌ ${WORDS.gateNotMet[language]}`,
    2: `❔ ${WORDS.gateUndecided[language]}`,
    130: `❌ ${WORDS.interrupted[language]}`,
  }[verdict.exitCode];
  yield `# Custos: ${word}\n\n`;
  for (const reason of verdict.reasons) yield `- ${escapeMarkdown(reason[language])}\n`;
  if (verdict.reasons.length > 0) yield '\n';
  const accepted =
    scores.accepted.low === scores.total.low && scores.accepted.high === scores.total.high
      ? ''
      : ` · ${WORDS.score[language]} ${WORDS.accepted[language]} ${intervalText(scores.accepted)}`;
  if (comparison !== undefined) yield `${OWN_WORDS.compared[language]}: ${sidesOf(comparison)}\n\n`;
  const [gradeBefore, scoreBefore] =
    comparison === undefined ? ['', ''] : [`${comparison.grade} → `, `${intervalText(comparison.scores)} → `];
  yield `**${WORDS.grade[language]} ${gradeBefore}${gradeText(summary)}** · `;
  yield `${WORDS.score[language]} **${scoreBefore}${intervalText(scores.total)}** ${WORDS.outOf[language]}${accepted} · `;
  yield `${WORDS.coverage[language]} ${Math.floor(coverage * 100)} % · ${escapeMarkdown(summary.profile)} · ${WORDS.asOf[language]} ${summary.asOf.slice(0, 10)}\n\n`;
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
    yield `\n${WORDS.why[language]}: ${escapeMarkdown(`${cap.reason[language]} (${cap.controls.join(', ')}): ${WORDS.atMost[language]} ${cap.grade}`)}\n`;
}

function* folded(content: Iterable<string>, title: string): Generator<string, void> {
  yield `\n<details><summary>${title}</summary>\n`;
  yield* content;
  yield '\n</details>\n';
}

function* undecidedLines(title: string, undecided: readonly Finding[], language: Language): Generator<string, void> {
  if (undecided.length === 0) return;
  yield title === '' ? '\n' : `\n## ${counted(title, undecided, language)}\n\n`;
  const folds = foldUndecided(undecided);
  for (const { read, target, controls, severity } of folds.slice(0, MAX_FOLDS)) {
    const why = causeSentence({ cause: read.cause, detail: clean(read.detail) })[language];
    const which = `${controlsCounted(controls.length, language)} (≤ ${SEVERITY_WORDS[severity][language]})`;
    const next = `${WORDS.next[language]}: ${escapeMarkdown(causeNextStep(read)[language])}`;
    yield `- **${targetName(target, language)}**: ${escapeMarkdown(why)} · ${which}: ${escapeMarkdown(controls.slice(0, 12).join(' '))}${controls.length > 12 ? ' …' : ''}<br>${next}\n`;
  }
  if (folds.length > MAX_FOLDS) yield `- (+${folds.length - MAX_FOLDS} ${WORDS.more[language]})\n`;
  const errors = undecided.filter(({ outcome }) => outcome === 'error');
  for (const { control, message } of errors.slice(0, MAX_FOLDS))
    yield `- **${escapeMarkdown(control)}**: ${escapeMarkdown(message[language])}\n`;
  if (errors.length > MAX_FOLDS) yield `- (+${errors.length - MAX_FOLDS} ${WORDS.more[language]})\n`;
  const manual = [...new Set(undecided.filter(({ outcome }) => outcome === 'manual').map(({ control }) => control))];
  if (manual.length > 0) yield `- ${WORDS.manual[language]}: ${escapeMarkdown(manual.slice(0, 100).join(' '))}\n`;
}

function* tail(summary: Summary, waived: number, language: Language): Generator<string, void> {
  const gone = goneText(summary.gone, language);
  const notable = summary.waivers.filter(({ status }) => status !== 'active');
  const lines = [
    ...(gone === '' ? [] : [`${WORDS.gone[language]}: ${gone}`]),
    ...(waived === 0 ? [] : [`${OWN_WORDS.waivedCount[language]}: ${waived}`]),
    ...notable.slice(0, MAX_FOLDS).map(({ waiver, status }) => {
      const control = typeof waiver.control === 'string' ? waiver.control : waiver.control.glob;
      const why = status === 'expired' ? `${WORDS.expired[language]} (${waiver.until})` : WORDS.unmatched[language];
      return escapeMarkdown(`${waiver.id} ${control}: ${why}, ${waiver.owner}`);
    }),
    ...(summary.notLookedAt.length === 0
      ? []
      : [`${WORDS.notLookedAt[language]} ${summary.notLookedAt.length}: ${escapeMarkdown(WORDS.notLookedAtWhy[language])}`]),
  ];
  if (lines.length > 0) yield `\n${lines.map((line) => `- ${line}\n`).join('')}`;
}
