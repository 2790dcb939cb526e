import type { ScoreInterval, Summary } from '../model/assessment.ts';

/** `B`, or `F…B` where what is not determined leaves more than one. */
export function gradeText({ grade, gradeHigh }: Pick<Summary, 'grade' | 'gradeHigh'>): string {
  return grade === gradeHigh ? grade : `${grade}…${gradeHigh}`;
}

/** `60`, or `40–60`. */
export function intervalText({ low, high }: ScoreInterval): string {
  return low === high ? String(low) : `${low}–${high}`;
}
