import type { Summary } from '../model/assessment.ts';
import { atLeast, type Severity } from '../model/control.ts';
import { isForgiven, isUndecided, type Finding } from '../model/finding.ts';
import type { Language } from '../model/localized.ts';
import { placer } from '../report/place.ts';
import { gradeText, intervalText } from '../report/score-text.ts';
import { worstFirst } from '../report/worst-first.ts';
import type { Judged, Notice } from './judged.ts';
import { LEVELS, SHOWN_OF_A_LEVEL, type Annotation, type Level } from './workflow-commands.ts';

/** Findings among which the ones to show are chosen: git is asked about the file of each. */
const MAX_CHOSEN_FROM = 300;
const LEVEL = { critical: 'error', high: 'error', medium: 'warning', low: 'notice', info: 'notice' } as const satisfies Record<
  Severity,
  Level
>;

/**
 * The annotations of a run, within what GitHub shows of a step: the verdict, then errors, warnings and notices, each with the
 * worst first; on a pull request those on changed lines before the others. What is beyond the limit is counted in the last one.
 */
export async function annotationsOf(judged: Judged, language: Language): Promise<readonly Annotation[]> {
  const { summary, findings, notices } = judged;
  const all: Annotation[] = [...verdictOf(summary, language), ...notices.map((notice) => about(notice, language))];
  const place = placer(summary, judged.prefix);
  const wanted = (finding: Finding): boolean => levelOf(finding, summary) !== undefined;
  const near: Annotation[] = [];
  const far: Annotation[] = [];
  const uncounted: Record<Level, number> = { error: 0, warning: 0, notice: 0 };
  let asked = 0;
  for (const finding of worstFirst(findings, wanted)) {
    const level = levelOf(finding, summary);
    if (level === undefined) continue;
    asked += 1;
    // None of these is shown: thirty are, of the worst.
    if (asked > MAX_CHOSEN_FROM && far.filter((one) => one.level === level).length >= SHOWN_OF_A_LEVEL) {
      uncounted[level] += 1;
      continue;
    }
    const changed = asked <= MAX_CHOSEN_FROM && (await judged.onChangedLine?.(finding)) === true;
    (changed ? near : far).push({ level, ...wordsOf(finding, judged, language), ...inRepository(place(finding)) });
  }
  // What was there before is no news; where the pull request touches its line, its author is told.
  if (judged.onChangedLine !== undefined) {
    const before = (finding: Finding): boolean =>
      finding.outcome === 'fail' && finding.baseline === 'unchanged' && finding.waiver?.status !== 'active';
    const words = { en: 'was there before', zh: '此前已有' }[language];
    for (const finding of worstFirst(findings, before, MAX_CHOSEN_FROM))
      if (await judged.onChangedLine(finding))
        far.push({
          level: 'notice',
          title: `Custos ${finding.control} (${words})`,
          message: finding.message[language],
          ...inRepository(place(finding)),
        });
  }
  return withinLimits([...all, ...near, ...far], uncounted, language);
}

/** The gate's decision stands first among the errors: it is why the step failed. */
function verdictOf(summary: Summary, language: Language): readonly Annotation[] {
  const { verdict, scores } = summary;
  if (verdict.exitCode === 0) return [];
  const why = verdict.reasons.map((reason) => reason[language]).join(language === 'zh' ? '；' : '; ');
  const words = {
    1: { en: 'gate not met', zh: '未达门槛' },
    2: { en: 'gate undecided', zh: '门槛未定' },
    130: { en: 'interrupted', zh: '已中断' },
  }[verdict.exitCode];
  const [grade, points] = [gradeText(summary), intervalText(scores.total)];
  const score = language === 'zh' ? `等级 ${grade}，得分 ${points}` : `grade ${grade}, score ${points}`;
  return [{ level: 'error', title: `Custos: ${words[language]}`, message: `${why} (${score})` }];
}

/** What is worse is told with what was said of it before. */
function wordsOf(finding: Finding, { comparison }: Judged, language: Language): Pick<Annotation, 'title' | 'message'> {
  const { control, baseline, fingerprint = '' } = finding;
  const message = finding.message[language];
  if (baseline !== 'worse') return { title: `Custos ${control}`, message };
  const before = comparison?.said.get(fingerprint)?.[language];
  const [worse, was] = language === 'zh' ? ['恶化', '此前：'] : ['worse', 'before: '];
  return {
    title: `Custos ${control} (${worse})`,
    message: before === undefined || before === message ? message : `${message}${language === 'zh' ? '；' : '; '}${was}${before}`,
  };
}

function levelOf(finding: Finding, { gate }: Summary): Level | undefined {
  if (isForgiven(finding)) return undefined;
  if (finding.outcome === 'fail') return LEVEL[finding.severity];
  if (!isUndecided(finding.outcome) || !atLeast(finding.severity, gate.failOn)) return undefined;
  if (finding.outcome === 'error') return 'error';
  return gate.undecided.includes(finding.outcome) && !gate.allowUndecided ? 'warning' : undefined;
}

function about({ level, message, file, line }: Notice, language: Language): Annotation {
  const place = file === undefined ? {} : { file, ...(line === undefined ? {} : { line }) };
  return { level, title: 'Custos', message: message[language], ...place };
}

/** GitHub shows annotations in files of the repository only. */
function inRepository({
  file,
  line,
  endLine,
  column,
}: ReturnType<ReturnType<typeof placer>>): Pick<Annotation, 'file' | 'line' | 'endLine' | 'column'> {
  if (file === '.' || file.startsWith('/') || file.startsWith('../') || file.includes('://')) return {};
  // GitHub wants no column where the range goes over lines.
  return {
    file,
    ...(line === undefined ? {} : { line }),
    ...(endLine === undefined ? {} : { endLine }),
    ...(column === undefined || endLine !== line ? {} : { column }),
  };
}

function withinLimits(all: readonly Annotation[], uncounted: Readonly<Record<Level, number>>, language: Language): readonly Annotation[] {
  const of = (level: Level): readonly Annotation[] => all.filter((one) => one.level === level);
  if (LEVELS.every((level) => of(level).length <= SHOWN_OF_A_LEVEL)) return LEVELS.flatMap(of);
  // One notice of the ten says how many are left.
  const room = (level: Level): number => (level === 'notice' ? SHOWN_OF_A_LEVEL - 1 : SHOWN_OF_A_LEVEL);
  const shown = LEVELS.flatMap((level) => of(level).slice(0, room(level)));
  const counts = LEVELS.map((level) => `${Math.max(0, of(level).length - room(level)) + uncounted[level]} ${WORDS[level][language]}`);
  const rest =
    language === 'zh'
      ? `另有 ${counts.join('、')}，见任务摘要与报告`
      : `not shown here: ${counts.join(', ')}; the job summary and the reports have them`;
  return [...shown, { level: 'notice', title: 'Custos', message: rest }];
}

const WORDS = {
  error: { en: 'errors', zh: '个错误' },
  warning: { en: 'warnings', zh: '个警告' },
  notice: { en: 'notices', zh: '个提示' },
} as const;
