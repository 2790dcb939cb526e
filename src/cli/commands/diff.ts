import { openAssessment, type AssessmentFile } from '../../evidence/assessment-file.ts';
import { allKnown } from '../../evaluate/offenders.ts';
import { SEVERITIES } from '../../model/control.ts';
import { isUndecided, shownPlace, type Finding } from '../../model/finding.ts';
import { clean, painter, wrap } from '../../report/text/layout.ts';
import { SEVERITY_WORDS } from '../../report/text/words.ts';
import { withInputs } from '../input-file.ts';
import { columnsOf, EXIT, languageOf, wantsColor, type Shell } from '../shell.ts';

export interface DiffFlags {
  readonly lang?: string;
  readonly color?: boolean;
}

const WORDS = {
  new: { en: 'New', zh: '新增' },
  worse: { en: 'Worse', zh: '恶化' },
  fixed: { en: 'Fixed', zh: '已修复' },
  open: { en: 'Still open', zh: '仍未解决' },
  control: { en: 'Of controls that are new or revised', zh: '新增或修订的控制项' },
  lost: { en: 'No longer determinable', zh: '已无法判定' },
  score: { en: 'Score', zh: '得分' },
} as const;

/**
 * `custos diff`: what is new, worse, fixed, still open or no longer determinable. Exits 1 where something is new or worse. What a
 * control finds that the earlier assessment did not have, or had in another revision, is told apart: the world did not change.
 */
export function diffCommand(before: string, after: string, flags: DiffFlags, shell: Shell): Promise<number> {
  return withInputs([before, after], shell, ([one = before, other = after]) =>
    compare(openAssessment(one), openAssessment(other), flags, shell),
  );
}

async function compare(first: AssessmentFile, second: AssessmentFile, flags: DiffFlags, shell: Shell): Promise<number> {
  const language = languageOf(flags.lang, shell.env);
  const paint = painter(wantsColor(shell.stdout, shell.env, flags.color));
  const { byFingerprint: old } = indexOf(first);
  const { byFingerprint: now, seen, unsettled } = indexOf(second);
  const isFail = (finding: Finding | undefined): boolean => finding?.outcome === 'fail';
  const revisions = new Map(first.summary.rules.map(({ id, revision }) => [id, revision]));
  const revised = new Set(second.summary.rules.flatMap(({ id, revision }) => (revisions.get(id) === revision ? [] : [id])));

  /** A failure whose resource is gone is fixed only where its kind was seen completely: an undecided finding of its control says it was not. */
  const isSettled = (finding: Finding): boolean => seen.has(placeOf(finding)) && !unsettled.has(placeOf(finding));

  const groups: Record<'new' | 'worse' | 'fixed' | 'lost' | 'control' | 'open', Finding[]> = {
    new: [],
    worse: [],
    fixed: [],
    lost: [],
    control: [],
    open: [],
  };
  for (const [fingerprint, finding] of now) {
    if (!isFail(finding)) continue;
    const earlier = old.get(fingerprint);
    if (revised.has(finding.control)) groups.control.push(finding);
    else if (earlier === undefined || !isFail(earlier)) groups.new.push(finding);
    else if (
      allKnown(
        finding.offenders,
        earlier.offenders.map(({ digest }) => digest),
      )
    )
      groups.open.push(finding);
    else groups.worse.push(finding);
  }
  for (const [fingerprint, finding] of old) {
    if (!isFail(finding) || isFail(now.get(fingerprint))) continue;
    const later = now.get(fingerprint);
    const settled = later !== undefined ? !isUndecided(later.outcome) : isSettled(finding);
    (settled ? groups.fixed : groups.lost).push(finding);
  }
  const { low, high } = second.summary.scores.total;
  const was = first.summary.scores.total;
  shell.stdout.write(
    `${WORDS.score[language]} ${was.low}–${was.high} → ${low}–${high}   ${first.summary.grade} → ${second.summary.grade}\n`,
  );
  for (const [name, style] of [
    ['new', 'red'],
    ['worse', 'red'],
    ['lost', 'yellow'],
    ['fixed', 'green'],
    ['control', 'dim'],
    ['open', 'dim'],
  ] as const) {
    const list = groups[name].toSorted(
      (a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) || (a.control < b.control ? -1 : 1),
    );
    shell.stdout.write(`\n${paint(['bold', style], `${WORDS[name][language]} ${list.length}`)}\n`);
    for (const finding of list) {
      const [place] = finding.locations;
      const shown = place === undefined ? undefined : shownPlace(place);
      const where = shown === undefined ? '' : `  ${shown.file}:${shown.range.start.line}`;
      for (const [index, line] of wrap(
        `${finding.control} ${SEVERITY_WORDS[finding.severity][language]} ${clean(finding.message[language])}${clean(where)}`,
        columnsOf(shell.stdout) - 3,
      ).entries()) {
        shell.stdout.write(`${index === 0 ? ' · ' : '   '}${line}\n`);
      }
    }
  }
  return groups.new.length + groups.worse.length > 0 ? EXIT.notMet : groups.lost.length > 0 ? EXIT.undecided : EXIT.ok;
}

/** What is asked of an assessment, from one reading of it: a fleet's is large. */
interface Index {
  readonly byFingerprint: ReadonlyMap<string, Finding>;
  /** Controls at targets that have a finding. */
  readonly seen: ReadonlySet<string>;
  /** Controls at targets that have an undecided finding of no resource. */
  readonly unsettled: ReadonlySet<string>;
}

function indexOf({ findings }: AssessmentFile): Index {
  const byFingerprint = new Map<string, Finding>();
  const seen = new Set<string>();
  const unsettled = new Set<string>();
  for (const finding of findings) {
    if (finding.fingerprint !== undefined) byFingerprint.set(finding.fingerprint, finding);
    seen.add(placeOf(finding));
    if (isUndecided(finding.outcome) && finding.resource === '') unsettled.add(placeOf(finding));
  }
  return { byFingerprint, seen, unsettled };
}

function placeOf({ control, target }: Finding): string {
  return JSON.stringify([control, target]);
}
