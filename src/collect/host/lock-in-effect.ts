import { derived, known, unknown, type Fact } from '../../model/fact.ts';
import { ASKING } from './pam-proof.ts';
import { anyFailure, pamCourses } from './pam-run.ts';
import type { PamEntry, PamModule } from './pam-stack.ts';
import { always, possible } from './password-rules.ts';

/** How the modules that count behave; undefined of every other module. */
export interface Counting {
  /** What it returns of an account that is locked. */
  readonly locked: (module: PamModule) => readonly string[] | undefined;
  /** What it returns while it counts a wrong password. */
  readonly wrong: (module: PamModule) => readonly string[] | undefined;
  readonly counts: (module: PamModule) => boolean;
}

/** A locked account is refused though its password is right, and every wrong password is counted. */
export function lockInEffect(stack: readonly PamEntry[], { locked, wrong, counts }: Counting, { origin }: PamModule): Fact<boolean> {
  const ofLocked = pamCourses(
    stack,
    (module) => locked(module) ?? possible(module),
    (module, result) => (module.module === 'pam_unix' && result === 'success' ? 'asked' : undefined),
  );
  const ofWrong = pamCourses(
    stack,
    (module) => (ASKING.has(module.module) ? anyFailure(module) : (wrong(module) ?? possible(module))),
    (module) => (module.module === 'pam_unix' ? 'asked' : counts(module) ? 'counted' : undefined),
  );
  if (ofLocked === undefined || ofWrong === undefined) return unknown('unsupported', 'PAM: the ways through the stack', origin);
  if (ofLocked.some(({ accepted, marks }) => accepted && marks.has('asked')))
    return known(false, derived('a locked account is let in', origin));
  return always(
    ofWrong.filter(({ marks }) => marks.has('asked')),
    'counted',
    origin,
  );
}
