import type { GoneFinding } from '../model/assessment.ts';
import { isUndecided } from '../model/finding.ts';
import type { Language } from '../model/localized.ts';
import { WORDS } from './text/words.ts';

/** What is not open any more, told apart: what passes now, failures that nothing is left of, and what nobody can tell now. */
export interface Gone {
  readonly fixed: readonly GoneFinding[];
  readonly notThere: readonly GoneFinding[];
  readonly cannotTell: readonly GoneFinding[];
}

export function goneApart(gone: readonly GoneFinding[]): Gone {
  // Written by an earlier version, `was` and `now` are absent: then it goes by the state alone.
  const passes = ({ was, now }: GoneFinding): boolean => was === undefined || now === 'pass' || now === 'not-applicable';
  // What was not determined before either, and of which nothing is there now, is no news.
  const told = gone.filter(({ was, now }) => now !== undefined || was === undefined || !isUndecided(was));
  return {
    fixed: told.filter((one) => one.state === 'fixed' && passes(one)),
    notThere: told.filter((one) => one.state === 'fixed' && !passes(one)),
    cannotTell: told.filter(({ state }) => state === 'no-longer-determinable'),
  };
}

/** `1 fixed, 2 no longer there, 0 no longer determinable`; nothing where there is nothing to tell. */
export function goneText(gone: readonly GoneFinding[], language: Language): string {
  const { fixed, notThere, cannotTell } = goneApart(gone);
  if (fixed.length + notThere.length + cannotTell.length === 0) return '';
  return [
    `${fixed.length} ${WORDS.fixed[language]}`,
    ...(notThere.length === 0 ? [] : [`${notThere.length} ${WORDS.notThere[language]}`]),
    `${cannotTell.length} ${WORDS.cannotTell[language]}`,
  ].join(', ');
}
