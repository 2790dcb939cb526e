import type { PamAction, PamEntry, PamModule } from './pam-stack.ts';

/** A result of a module: `success`, a name of pam.d(5), or `other` for those that a control does not name. */
export type PamResult = string;

/** One way through a stack: what it came to, and the results of the modules that were asked. */
export interface PamCourse {
  readonly accepted: boolean;
  readonly marks: ReadonlySet<string>;
}

interface State {
  readonly impression: 'none' | 'positive' | 'negative';
  readonly marks: ReadonlySet<string>;
}

const MAX_STATES = 20_000;

/**
 * Every way through a stack, as libpam dispatches it (_pam_dispatch_aux): `results` says what a module may return, `mark` what is to be
 * remembered of it. Undefined where there are too many ways.
 */
export function pamCourses(
  stack: readonly PamEntry[],
  results: (module: PamModule) => readonly PamResult[],
  mark: (module: PamModule, result: PamResult) => string | undefined,
): readonly PamCourse[] | undefined {
  let visited = 0;
  const run = (entries: readonly PamEntry[], from: State): readonly State[] | undefined => {
    const ended = new Map<string, State>();
    const waiting: { readonly index: number; readonly state: State }[] = [{ index: 0, state: from }];
    const seen = new Set<string>();
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const { index, state } = next;
      const key = `${index} ${keyOf(state)}`;
      if (seen.has(key)) continue;
      seen.add(key);
      visited += 1;
      if (visited > MAX_STATES) return undefined;
      const entry = entries[index];
      if (entry === undefined) {
        ended.set(keyOf(state), state);
        continue;
      }
      if ('substack' in entry) {
        // Its end is its own; what it came to goes on.
        const inner = run(entry.substack, state);
        if (inner === undefined) return undefined;
        for (const one of inner) waiting.push({ index: index + 1, state: one });
        continue;
      }
      for (const result of entry.optional ? [...results(entry), 'absent'] : results(entry)) {
        const name = result === 'absent' ? undefined : mark(entry, result);
        const marks = name === undefined ? state.marks : new Set([...state.marks, name]);
        const action: PamAction = result === 'absent' ? 'ignore' : (entry.actions.get(result) ?? entry.actions.get('default') ?? 'bad');
        const after = step({ ...state, marks }, action, result, from);
        if (after.end) ended.set(keyOf(after.state), after.state);
        else if (typeof action === 'number' && index + 1 + action > entries.length) {
          const failed: State = { ...after.state, impression: 'negative' };
          ended.set(keyOf(failed), failed);
        } else waiting.push({ index: index + 1 + (typeof action === 'number' ? action : 0), state: after.state });
      }
    }
    return [...ended.values()];
  };
  const states = run(stack, { impression: 'none', marks: new Set() });
  // A stack in which nobody said yes is refused.
  return states?.map(({ impression, marks }) => ({ accepted: impression === 'positive', marks }));
}

function step(state: State, action: PamAction, result: PamResult, beginning: State): { readonly state: State; readonly end: boolean } {
  if (typeof action === 'number' || action === 'ignore') return { state, end: false };
  if (action === 'reset') return { state: { ...state, impression: beginning.impression }, end: false };
  if (action === 'bad' || action === 'die') return { state: { ...state, impression: 'negative' }, end: action === 'die' };
  const yes = result === 'success' || result === 'new_authtok_reqd';
  // A refusal that counts as `ok` refuses what was accepted before; where nothing was, it says nothing.
  const impression =
    state.impression === 'none' && yes ? 'positive' : state.impression === 'positive' && !yes ? 'negative' : state.impression;
  if (action === 'done' && state.impression === 'positive' && !yes) return { state: { ...state, impression }, end: true };
  return { state: { ...state, impression }, end: action === 'done' && impression === 'positive' };
}

function keyOf({ impression, marks }: State): string {
  return `${impression} ${[...marks].toSorted().join(',')}`;
}

/** Everything that a module may return, as far as its control tells results apart. */
export function anyResult({ actions }: PamModule): readonly PamResult[] {
  return [...new Set(['success', ...[...actions.keys()].filter((name) => name !== 'default'), 'other'])];
}

/** Every result but success. */
export function anyFailure(module: PamModule): readonly PamResult[] {
  return anyResult(module).filter((name) => name !== 'success' && name !== 'new_authtok_reqd' && name !== 'ignore');
}
