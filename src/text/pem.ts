import type { SourceText } from './source-text.ts';

/** One `-----BEGIN …-----` block (RFC 7468), wherever in a text it stands. */
export interface PemBlock {
  readonly label: string;
  /** Offsets of the BEGIN line: what a reader is pointed at. */
  readonly start: number;
  readonly startEnd: number;
  /** Offset behind the END line; the text's end where there is none. */
  readonly end: number;
  /** What the base64 text says; undefined where it is none, or the block does not end. */
  readonly bytes: Uint8Array | undefined;
  /** RFC 1421 headers: the body is encrypted (`Proc-Type: 4,ENCRYPTED`). */
  readonly encrypted: boolean;
}

const BEGIN = /-----BEGIN ([A-Z0-9][A-Z0-9 #./-]{0,60}?)-----/g;
const MAX_BLOCKS = 20_000;

/**
 * The blocks of a text, in order, in linear time. Text around them, CRLF and indented lines are passed over. Whatever is a
 * private key is marked as a secret, also where it has no end and the generic signs would not see it.
 */
export function pemBlocks(source: SourceText): readonly PemBlock[] {
  const { text } = source;
  const blocks: PemBlock[] = [];
  let past = 0;
  for (const match of text.matchAll(BEGIN)) {
    const start = match.index;
    if (start < past) continue;
    if (blocks.length === MAX_BLOCKS) break;
    const label = match[1] ?? '';
    const startEnd = start + match[0].length;
    // The next BEGIN ends a block that lacks its END, so that every character is looked at once or twice.
    const nextBegin = text.indexOf('-----BEGIN ', startEnd);
    const limit = nextBegin === -1 ? text.length : nextBegin;
    const footer = text.slice(startEnd, limit).indexOf(`-----END ${label}-----`);
    const bodyEnd = footer === -1 ? limit : startEnd + footer;
    const end = footer === -1 ? limit : bodyEnd + label.length + 14;
    const { body, encrypted } = withoutHeaders(text.slice(startEnd, bodyEnd));
    if (label.endsWith('PRIVATE KEY')) source.markSecret(startEnd, bodyEnd, 'private key');
    const bytes = footer === -1 ? undefined : base64(body);
    blocks.push({ label, start, startEnd, end, bytes, encrypted: encrypted || label.startsWith('ENCRYPTED ') });
    past = end;
  }
  return blocks;
}

/** RFC 1421 4.4: headers stand before the first empty line. */
function withoutHeaders(body: string): { readonly body: string; readonly encrypted: boolean } {
  if (!body.slice(0, 4096).includes(':')) return { body, encrypted: false };
  const head = /^\s*(?:[^\s:][^\n:]{0,99}:[^\n]{0,400}\n(?:[ \t][^\n]{0,400}\n)*){1,20}\s*\n/.exec(body.slice(0, 16_384))?.[0] ?? '';
  return { body: body.slice(head.length), encrypted: /^\s*Proc-Type:[ \t]*4,[ \t]*ENCRYPTED/im.test(head) };
}

function base64(body: string): Uint8Array | undefined {
  const digits = body.replaceAll(/\s+/g, '');
  return digits.length > 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(digits) ? Buffer.from(digits, 'base64') : undefined;
}
