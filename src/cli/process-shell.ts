import type { Output, Shell } from './shell.ts';

/** The streams of this process as a command sees them, and what became of its standard output. */
export interface ProcessShell extends Shell {
  /** Waits for what was written. The error that lost some of it, unless its reader just went away: that is theirs to decide. */
  readonly written: () => Promise<Error | undefined>;
}

/**
 * A reader that goes away (`| head`) ends nothing but the writing: other reports are still written, and the exit code is
 * the gate's. Without a listener, the stream's error would end the process with a stack trace.
 */
export function processShell(process: NodeJS.Process): ProcessShell {
  const stdout = outputOf(process.stdout);
  const stderr = outputOf(process.stderr);
  return {
    stdout,
    stderr,
    get stdin() {
      return { isTTY: process.stdin.isTTY, bytes: () => process.stdin };
    },
    env: process.env,
    cwd: process.cwd(),
    written: async () => {
      await stdout.drained();
      const failure = stdout.failure();
      return failure !== undefined && 'code' in failure && failure.code === 'EPIPE' ? undefined : failure;
    },
  };
}

interface WatchedOutput extends Output {
  readonly drained: () => Promise<void>;
  readonly failure: () => Error | undefined;
}

function outputOf(stream: NodeJS.WriteStream): WatchedOutput {
  let failure: Error | undefined;
  let pending = 0;
  let wake: (() => void) | undefined;
  const settle = (): void => {
    if (pending > 0 && failure === undefined) return;
    wake?.();
    wake = undefined;
  };
  stream.on('error', (error) => {
    failure ??= error;
    settle();
  });
  return {
    get isTTY() {
      return stream.isTTY;
    },
    get columns() {
      return stream.columns;
    },
    write: (text) => {
      if (failure !== undefined) return;
      pending += 1;
      stream.write(text, () => {
        pending -= 1;
        settle();
      });
    },
    drained: () =>
      pending === 0 || failure !== undefined
        ? Promise.resolve()
        : new Promise((resolve) => {
            wake = resolve;
          }),
    failure: () => failure,
  };
}
