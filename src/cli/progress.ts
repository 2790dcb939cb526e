import { clean, fit } from '../report/text/layout.ts';
import type { Shell } from './shell.ts';

const ERASE = '\r\u001B[K';
const BAR = 20;
const NAME = 40;

/** A line on standard error that says how far a run is. */
export interface Progress {
  readonly target: (done: number, id: string) => void;
  /** Leaves no trace of it, whatever comes next. */
  readonly end: () => void;
}

/**
 * Progress goes to a terminal only, and to none that cannot erase a line. One target that takes long is told by the seconds:
 * silence looks like a hang. Names come from the command line and from custos.yaml, and may not steer a terminal.
 */
export function startProgress(total: number, quiet: boolean, { stderr, env }: Pick<Shell, 'stderr' | 'env'>): Progress {
  if (stderr.isTTY !== true || quiet || env['TERM'] === 'dumb') return { target: () => undefined, end: () => undefined };
  const started = Date.now();
  let [done, name, shown] = [0, '', false];
  const draw = (): void => {
    shown = true;
    const seconds = Math.round((Date.now() - started) / 1000);
    stderr.write(`${ERASE}${bar(done, total)} ${done}/${total} ${seconds} s ${fit(name, NAME)}`.trimEnd());
  };
  const timer = setInterval(draw, 1000);
  timer.unref();
  return {
    target: (count, id) => {
      [done, name] = [count, clean(id)];
      if (total > 1) draw();
    },
    end: () => {
      clearInterval(timer);
      if (shown) stderr.write(ERASE);
    },
  };
}

function bar(done: number, total: number): string {
  const filled = Math.round((done / Math.max(1, total)) * BAR);
  return `[${'='.repeat(filled)}${' '.repeat(BAR - filled)}]`;
}
