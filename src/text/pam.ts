import type { SourceText } from './source-text.ts';

export type PamType = 'auth' | 'account' | 'password' | 'session';

/** A line of a file in /etc/pam.d: pam.d(5). */
export interface PamLine {
  /** Undefined: `@include`, which stands for lines of every type. */
  readonly type: PamType | undefined;
  /** `-auth`: a module that is not installed is passed over. */
  readonly optional: boolean;
  /** `required`, `include`, or `[success=1 default=ignore]` as it is written. */
  readonly control: string;
  /** Module with its directory left out, or the name of the included file. */
  readonly module: string;
  readonly args: readonly string[];
  readonly start: number;
  readonly end: number;
  /** It cannot be read: PAM refuses a stack with it. */
  readonly broken: boolean;
}

const LINE = /^(-?)(auth|account|password|session)[ \t]+(\[[^\]]*\]|\S+)[ \t]+(\S+)(?:[ \t]+(.*))?$/i;
const MAX_LINES = 2000;

/** The lines of a file; a backslash at the end of one joins the next. */
export function parsePam(source: SourceText): readonly PamLine[] {
  const { text } = source;
  const lines: PamLine[] = [];
  for (let start = 0; start < text.length && lines.length < MAX_LINES;) {
    let end = start;
    for (;;) {
      const newline = text.indexOf('\n', end);
      end = newline === -1 ? text.length : newline;
      if (newline === -1 || text[newline - 1] !== '\\') break;
      end += 1;
    }
    const line = text.slice(start, end).replaceAll(/\\\n/g, ' ').replace(/#.*$/s, '').trim();
    if (line !== '') lines.push({ ...readLine(line), start, end });
    start = end + 1;
  }
  return lines;
}

function readLine(line: string): Omit<PamLine, 'start' | 'end'> {
  const included = /^@include[ \t]+(\S+)$/.exec(line)?.[1];
  if (included !== undefined) return { type: undefined, optional: false, control: 'include', module: included, args: [], broken: false };
  const [, minus = '', type = '', control = '', module = '', rest = ''] = LINE.exec(line) ?? [];
  const kind = TYPES.find((one) => one === type.toLowerCase());
  if (kind === undefined) return { type: undefined, optional: false, control: '', module: '', args: [], broken: true };
  return {
    type: kind,
    optional: minus === '-',
    control: control.toLowerCase(),
    module: module.replace(/^.*\//, ''),
    args: [...rest.matchAll(/\[([^\]]*)\]|(\S+)/g)].map(([, bracketed, bare]) => bracketed ?? bare ?? ''),
    broken: false,
  };
}

const TYPES: readonly PamType[] = ['auth', 'account', 'password', 'session'];
