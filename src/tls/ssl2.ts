import { ByteReader } from './byte-reader.ts';
import { joined, uint } from './bytes.ts';
import { FIXED_RANDOM } from './client-hello.ts';
import type { Patience, Wire } from './exchange.ts';

/** SSL 2.0 cipher kinds (draft-hickman-netscape-ssl): three bytes, OpenSSL's name, encryption, bits, export grade. */
export interface Ssl2Cipher {
  readonly code: number;
  readonly name: string;
  readonly encryption: string;
  readonly bits: number;
  readonly exportGrade: boolean;
}

const CIPHERS: readonly Ssl2Cipher[] = [
  { code: 0x010080, name: 'RC4-MD5', encryption: 'RC4', bits: 128, exportGrade: false },
  { code: 0x020080, name: 'EXP-RC4-MD5', encryption: 'RC4', bits: 40, exportGrade: true },
  { code: 0x030080, name: 'RC2-CBC-MD5', encryption: 'RC2', bits: 128, exportGrade: false },
  { code: 0x040080, name: 'EXP-RC2-CBC-MD5', encryption: 'RC2', bits: 40, exportGrade: true },
  { code: 0x050080, name: 'IDEA-CBC-MD5', encryption: 'IDEA', bits: 128, exportGrade: false },
  { code: 0x060040, name: 'DES-CBC-MD5', encryption: 'DES', bits: 56, exportGrade: false },
  { code: 0x0700c0, name: 'DES-CBC3-MD5', encryption: '3DES', bits: 112, exportGrade: false },
  { code: 0x080080, name: 'RC4-64-MD5', encryption: 'RC4', bits: 64, exportGrade: false },
];

/** What a server says to a hello of SSL 2.0. */
export type Ssl2Answer =
  | { readonly kind: 'hello'; readonly ciphers: readonly Ssl2Cipher[]; readonly certificate?: Uint8Array; readonly strangers: number }
  | { readonly kind: 'closed' | 'reset' | 'timed-out' }
  | { readonly kind: 'refused'; readonly detail: string }
  | { readonly kind: 'malformed'; readonly detail: string };

const MAX_ANSWER = 64 * 1024;

/**
 * Asks by one CLIENT-HELLO of SSL 2.0 that offers every cipher kind. The server names those it shares; a SERVER-HELLO that
 * names none is SSL 2.0 all the same (CVE-2015-3197).
 */
export async function askSsl2(wire: Wire, { first, idle, whole }: Patience): Promise<Ssl2Answer> {
  const specs = joined(...CIPHERS.map(({ code }) => uint(code, 3)));
  const challenge = FIXED_RANDOM.subarray(0, 16);
  const body = joined([1, 0, 2], uint(specs.length, 2), [0, 0], uint(challenge.length, 2), specs, challenge);
  wire.write(joined(uint(0x8000 | body.length, 2), body));
  const until = performance.now() + whole;
  let held: Uint8Array = new Uint8Array();
  let wait = first;
  for (;;) {
    const received = await wire.read(Math.max(0, Math.min(wait, until - performance.now())));
    if (received.kind !== 'bytes') return { kind: received.kind === 'end' ? 'closed' : received.kind };
    wait = idle;
    held = joined(held, received.bytes);
    const answer = read(held);
    if (answer !== undefined) return answer;
    if (held.length > MAX_ANSWER) return { kind: 'malformed', detail: 'no end of the answer' };
  }
}

/** Undefined where more is to come. */
function read(bytes: Uint8Array): Ssl2Answer | undefined {
  const [first = 0, second = 0] = bytes;
  if (bytes.length < 3) return undefined;
  if (first === 21 && second === 3) {
    if (bytes.length < 7) return undefined;
    const whole = bytes[3] === 0 && bytes[4] === 2;
    return whole ? { kind: 'refused', detail: `alert ${bytes[6] ?? ''}` } : { kind: 'malformed', detail: 'a broken alert' };
  }
  if ((first & 0x80) === 0) return { kind: 'malformed', detail: 'no SSL 2.0 record' };
  const length = ((first & 0x7f) << 8) | second;
  if (bytes[2] === 0) {
    if (length !== 3) return { kind: 'malformed', detail: 'a broken SSL 2.0 error' };
    return bytes.length < 5 ? undefined : { kind: 'refused', detail: 'SSL 2.0 error' };
  }
  if (bytes[2] !== 4) return { kind: 'malformed', detail: `SSL 2.0 message ${bytes[2] ?? ''}` };
  if (bytes.length < 2 + length) return undefined;
  const reader = new ByteReader(bytes.subarray(3, 2 + length));
  const [, , version] = [reader.uint(1), reader.uint(1), reader.uint(2)];
  const [certificateLength = 0, specLength = 0, idLength = 0] = [reader.uint(2), reader.uint(2), reader.uint(2)];
  const certificate = reader.bytes(certificateLength);
  const specs = reader.bytes(specLength);
  reader.bytes(idLength);
  if (version !== 2 || certificate === undefined || specs === undefined || reader.broken)
    return { kind: 'malformed', detail: 'a broken SERVER-HELLO' };
  const codes = Array.from({ length: Math.floor(specs.length / 3) }, (_, index) => {
    const [a = 0, b = 0, c = 0] = specs.subarray(index * 3, index * 3 + 3);
    return a * 65536 + b * 256 + c;
  });
  const ciphers = CIPHERS.filter(({ code }) => codes.includes(code));
  return {
    kind: 'hello',
    ciphers,
    strangers: codes.length - ciphers.length,
    ...(certificate.length === 0 ? {} : { certificate: certificate.slice() }),
  };
}
