import { run } from '../../src/cli/program.ts';

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs one command line in this process. */
export async function custos(
  args: readonly string[],
  options: {
    readonly cwd?: string;
    readonly env?: Readonly<Record<string, string>>;
    readonly tty?: boolean;
    readonly columns?: number;
  } = {},
): Promise<Ran> {
  const written = { out: '', err: '' };
  const code = await run(args, {
    stdout: { write: (text) => void (written.out += text), isTTY: options.tty ?? false, columns: options.columns ?? 80 },
    stderr: { write: (text) => void (written.err += text), isTTY: false },
    env: options.env ?? {},
    cwd: options.cwd ?? process.cwd(),
  });
  return { code, ...written };
}
