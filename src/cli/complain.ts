import { InvalidInput } from '../catalog/diagnostic.ts';
import { InvalidAssessment } from '../evidence/assessment-file.ts';
import { InvalidEvidence } from '../evidence/evidence-file.ts';
import { excerptLines } from '../report/text/failed.ts';
import { clean, painter } from '../report/text/layout.ts';
import { EXIT, UsageError, wantsColor, type Shell } from './shell.ts';

const MAX_SHOWN = 50;

/** Tells the user what is wrong, all of it, with its places. Returns the exit code; a bug of ours is said to be one. */
export function complain(error: unknown, shell: Shell, verbose: boolean): number {
  const { stderr } = shell;
  const paint = painter(wantsColor(stderr, shell.env, undefined));
  const say = (text: string): unknown => stderr.write(`${text}\n`);
  if (error instanceof InvalidInput) {
    const page = { language: 'en', color: false, width: 100, columns: 100, pathPrefix: '', paint } as const;
    for (const { file, range, message, hint } of error.diagnostics.slice(0, MAX_SHOWN)) {
      say(`${paint(['bold', 'red'], 'error')} ${clean(message)}`);
      if (range === undefined) say(`   ${paint('cyan', clean(file))}`);
      else
        for (const line of excerptLines(
          { file: range.file, range, role: 'evidence', ...(range.excerpt === undefined ? {} : { excerpt: range.excerpt }) },
          page,
        ))
          say(line);
      if (hint !== undefined) say(`   ${paint('green', '→')} ${clean(hint)}`);
      say('');
    }
    const more = error.diagnostics.length - MAX_SHOWN;
    say(
      `${error.diagnostics.length} problem${error.diagnostics.length === 1 ? '' : 's'}${more > 0 ? `, ${more} not shown` : ''}. Nothing was judged.`,
    );
    return EXIT.usage;
  }
  if (error instanceof UsageError) {
    for (const line of error.lines) say(`custos: ${clean(line)}`);
    if (error.hint !== undefined) say(`   → ${clean(error.hint)}`);
    return EXIT.usage;
  }
  if (error instanceof InvalidEvidence || error instanceof InvalidAssessment) {
    const line = error instanceof InvalidEvidence && error.line > 0 ? `:${error.line}` : '';
    say(`custos: ${clean(error.file)}${line} ${clean(error.message)}`);
    return EXIT.usage;
  }
  if (isSystemError(error)) {
    say(`custos: ${clean(error.path ?? '')}${error.path === undefined ? '' : ': '}${reasonOf(error)}`);
    return EXIT.usage;
  }
  say(`custos: this is a bug of Custos: ${error instanceof Error ? clean(error.message) : String(error)}`);
  say('   → run it again with -v, and report what it prints');
  if (verbose && error instanceof Error) say(clean(error.stack ?? '').replaceAll('\uFFFD', '\n'));
  return EXIT.bug;
}

interface SystemError {
  readonly code: string;
  readonly path?: string;
}

function isSystemError(error: unknown): error is SystemError {
  return error instanceof Error && 'syscall' in error && 'code' in error && typeof error.code === 'string';
}

/** What the system would not do, in words. */
export function reasonOf(error: unknown): string {
  if (!isSystemError(error)) return error instanceof Error ? error.message : String(error);
  const reasons: Readonly<Record<string, string>> = {
    ENOENT: 'is not there',
    EACCES: 'may not be read or written',
    EISDIR: 'is a directory',
    ENOSPC: 'no space is left on the device',
    EROFS: 'is on a read-only file system',
    ENOTDIR: 'is not below a directory',
    EPIPE: 'its reader went away',
    EIO: 'the device failed',
  };
  return reasons[error.code] ?? error.code;
}
