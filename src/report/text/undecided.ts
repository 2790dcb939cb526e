import type { Summary } from '../../model/assessment.ts';
import { causeNextStep, causeSentence } from '../../model/cause.ts';
import { SEVERITIES, type Severity } from '../../model/control.ts';
import { shownPlace, type Finding, type Location, type UndecidedRead } from '../../model/finding.ts';
import { clean, fitPath, wrap } from './layout.ts';
import type { Page } from './page.ts';
import { controlsCounted, SEVERITY_WORDS, WORDS } from './words.ts';

/** What one unknown kept from being decided. */
export interface Fold {
  readonly key: string;
  readonly read: Pick<UndecidedRead, 'cause' | 'detail'>;
  readonly target: string;
  readonly place: string;
  readonly controls: readonly string[];
  readonly severity: Severity;
}

const MAX_FOLDS = 25;

/** What could not be determined, folded by its cause: one unreachable host is told once, not once a control. */
export function undecidedSection(summary: Summary, findings: readonly Finding[], page: Page): readonly string[] {
  const { paint, language, columns } = page;
  if (findings.length === 0) return [];
  const lines = [paint('bold', `${WORDS.notDetermined[language]} ${findings.length}`) + paint('dim', `  ${foldWord(summary, language)}`)];
  const folds = foldUndecided(findings);
  for (const fold of folds.slice(0, MAX_FOLDS)) {
    const why = causeSentence({ cause: fold.read.cause, detail: clean(fold.read.detail) })[language];
    lines.push('');
    const head = `${fold.target}: ${why}`;
    for (const [index, line] of wrap(head, columns - 3).entries())
      lines.push(index === 0 ? `${paint('yellow', ' ?')} ${line}` : `   ${line}`);
    if (fold.place !== '')
      lines.push(`   ${paint('cyan', fitPath(`${/^[/(]/.test(fold.place) ? '' : page.pathPrefix}${fold.place}`, columns - 3))}`);
    const severity = SEVERITY_WORDS[fold.severity][language];
    for (const line of wrap(`${controlsCounted(fold.controls.length, language)} (≤ ${severity}): ${fold.controls.join(' ')}`, columns - 3))
      lines.push(paint('dim', `   ${line}`));
    for (const line of wrap(`${WORDS.next[language]}: ${causeNextStep(fold.read)[language]}`, columns - 3)) lines.push(`   ${line}`);
  }
  if (folds.length > MAX_FOLDS) lines.push('', paint('dim', `   (+${folds.length - MAX_FOLDS} ${WORDS.more[language]})`));
  const manual = findings.filter(({ outcome }) => outcome === 'manual');
  if (manual.length > 0) {
    lines.push('', paint('bold', ` ${WORDS.manual[language]} ${manual.length}`));
    for (const line of wrap(manual.map(({ control }) => control).join(' '), columns - 3)) lines.push(`   ${line}`);
  }
  const errors = findings.filter(({ outcome }) => outcome === 'error');
  for (const { control, message } of errors)
    for (const line of wrap(`! ${control} ${clean(message[language])}`, columns - 3)) lines.push(paint('red', `   ${line}`));
  return lines;
}

function foldWord({ scores }: Summary, language: Page['language']): string {
  const width = Math.round((scores.total.high - scores.total.low) * 10) / 10;
  return language === 'zh' ? `占得分区间 ${width} 分` : `${width} points of the score’s interval`;
}

function placeText(place: Location): string {
  const { file, range } = shownPlace(place);
  return `${file}:${range.start.line}:${range.start.column}`;
}

/** Groups undecided findings by what they could not read: most controls first. */
export function foldUndecided(findings: readonly Finding[]): readonly Fold[] {
  const folds = new Map<string, { fold: Fold; controls: Set<string> }>();
  for (const finding of findings) {
    if (finding.outcome !== 'unknown') continue;
    const [read] = finding.causes;
    const [place] = finding.locations;
    const at = place === undefined ? '' : placeText(place);
    const key = `${finding.target}\u0000${read.cause}\u0000${read.detail}`;
    const known = folds.get(key);
    const severity =
      known !== undefined && SEVERITIES.indexOf(known.fold.severity) < SEVERITIES.indexOf(finding.severity)
        ? known.fold.severity
        : finding.severity;
    const controls = (known?.controls ?? new Set<string>()).add(finding.control);
    folds.set(key, {
      controls,
      fold: { key, read, target: clean(finding.target), place: known?.fold.place ?? clean(at), severity, controls: [...controls] },
    });
  }
  return [...folds.values()]
    .map(({ fold }) => fold)
    .toSorted(
      (a, b) =>
        SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
        b.controls.length - a.controls.length ||
        (a.key < b.key ? -1 : 1),
    );
}
