import type { SourceText } from './source-text.ts';

/** A line of authorized_keys: https://man.openbsd.org/sshd#AUTHORIZED_KEYS_FILE_FORMAT */
export interface AuthorizedKeyLine {
  readonly options: ReadonlyMap<string, string>;
  readonly type: string;
  /** Base64. */
  readonly blob: string;
  readonly comment: string;
  readonly start: number;
  readonly end: number;
}

const TYPE = /^(?:ssh-(?:rsa|dss|ed25519|ed448)|ecdsa-sha2-nistp\d+|sk-[\w-]+@openssh\.com|[\w-]+-cert-v01@openssh\.com|rsa-sha2-\d+)$/;
const MAX_LINES = 5000;

/** The keys of a file; a line that is none is given without its kind. */
export function parseAuthorizedKeys(source: SourceText): { readonly lines: readonly AuthorizedKeyLine[]; readonly cut: boolean } {
  const lines: AuthorizedKeyLine[] = [];
  const { text } = source;
  for (let start = 0; start < text.length;) {
    const newline = text.indexOf('\n', start);
    const end = newline === -1 ? text.length : newline;
    const line = text.slice(start, Math.min(end, start + 65_536)).trim();
    if (line !== '' && !line.startsWith('#')) {
      if (lines.length >= MAX_LINES) return { lines, cut: true };
      lines.push({ ...readLine(line), start, end });
    }
    start = end + 1;
  }
  return { lines, cut: false };
}

function readLine(line: string): Omit<AuthorizedKeyLine, 'start' | 'end'> {
  const bare = /^(\S+)[ \t]+(\S+)(?:[ \t]+(.*))?$/.exec(line);
  if (bare !== null && TYPE.test(bare[1] ?? ''))
    return { options: new Map(), type: bare[1] ?? '', blob: bare[2] ?? '', comment: bare[3] ?? '' };
  const length = optionsLength(line);
  const rest = /^[ \t]+(\S+)[ \t]+(\S+)(?:[ \t]+(.*))?$/.exec(line.slice(length));
  if (rest === null || !TYPE.test(rest[1] ?? '')) return { options: new Map(), type: '', blob: '', comment: '' };
  return { options: optionsOf(line.slice(0, length)), type: rest[1] ?? '', blob: rest[2] ?? '', comment: rest[3] ?? '' };
}

/** Options end at the first blank outside of quotes. */
function optionsLength(line: string): number {
  let quoted = false;
  for (let at = 0; at < line.length; at += 1) {
    if (line[at] === '\\' && line[at + 1] === '"') at += 1;
    else if (line[at] === '"') quoted = !quoted;
    else if (!quoted && (line[at] === ' ' || line[at] === '\t')) return at;
  }
  return line.length;
}

function optionsOf(text: string): ReadonlyMap<string, string> {
  const options = new Map<string, string>();
  for (const [, name = '', value = ''] of text.matchAll(/([A-Za-z0-9@.-]+)(?:="((?:\\"|[^"])*)")?(?:,|$)/g))
    options.set(name.toLowerCase(), value.replaceAll('\\"', '"'));
  return options;
}
