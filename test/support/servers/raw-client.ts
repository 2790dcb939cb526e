import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { HOST } from './daemon.ts';
import { EXTENSION, extensionList, handshake, MESSAGE, Reader, record, RECORD, TLS12, TLS13, u16, vector, type Extension } from './wire.ts';

export interface HelloFields {
  readonly version?: number;
  readonly recordVersion?: number;
  readonly sessionId?: Uint8Array;
  readonly suites: readonly number[];
  readonly compressions?: readonly number[];
  readonly extensions?: readonly Extension[];
}

const list = (numbers: readonly number[]): Buffer => vector(2, ...numbers.map(u16));

export const groupsExtension = (groups: readonly number[]): Extension => [EXTENSION.groups, list(groups)];

/** The extensions of a TLS 1.3 hello with the shares given: group and length. */
export function tls13Extensions(
  groups: readonly number[],
  shares: readonly (readonly [group: number, length: number])[],
): readonly Extension[] {
  return [
    groupsExtension(groups),
    [EXTENSION.schemes, list([0x0403, 0x0804, 0x0401, 0x0708])],
    [EXTENSION.versions, vector(1, u16(TLS13))],
    [EXTENSION.keyShare, vector(2, ...shares.map(([group, length]) => Buffer.concat([u16(group), vector(2, Buffer.alloc(length, 9))])))],
  ];
}

/** The ClientHello message, without its record. */
export function clientHelloMessage(fields: HelloFields): Buffer {
  const { version = TLS12, sessionId = Buffer.alloc(0), compressions = [0], extensions = [] } = fields;
  const body = [u16(version), randomBytes(32), vector(1, sessionId), list(fields.suites), vector(1, Buffer.from(compressions))];
  return handshake(MESSAGE.clientHello, Buffer.concat([...body, extensions.length === 0 ? Buffer.alloc(0) : extensionList(extensions)]));
}

export function clientHello(fields: HelloFields): Buffer {
  return record(RECORD.handshake, fields.recordVersion ?? 0x0301, clientHelloMessage(fields));
}

export interface Answer {
  readonly bytes: Buffer;
  readonly end: 'closed' | 'reset' | 'refused' | 'silence' | 'limit';
}

export interface Patience {
  /** How long the first byte of an answer may take, in ms; a silent server costs this. */
  readonly first?: number;
  /** How long a silence ends an answer that has begun. */
  readonly quiet?: number;
  /** More bytes than this are enough. */
  readonly most?: number;
}

/** Sends each of the parts once the answer to the one before has ended, and gives all that came back. */
export async function ask(port: number, parts: readonly Uint8Array[], patience: Patience = {}): Promise<Answer> {
  const { first = 1_500, quiet = 60, most = 1_000_000 } = patience;
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const waiting = [...parts];
    const socket = connect({ port, host: HOST });
    const done = (end: Answer['end']): void => {
      socket.destroy();
      resolve({ bytes: Buffer.concat(chunks), end });
    };
    const next = (): void => {
      const part = waiting.shift();
      if (part === undefined) return done('silence');
      socket.setTimeout(first);
      socket.write(part);
    };
    socket.on('timeout', next);
    socket.once('connect', next);
    socket.on('data', (bytes) => {
      socket.setTimeout(quiet);
      chunks.push(bytes);
      size += bytes.length;
      if (size > most) done('limit');
    });
    socket.once('end', () => done('closed'));
    socket.once('error', (error: NodeJS.ErrnoException) => done(error.code === 'ECONNREFUSED' ? 'refused' : 'reset'));
  });
}

/** What an answer says, a word for each message or alert: `ServerHello 002f`, `alert 40`. */
export function told({ bytes }: Answer): readonly string[] {
  const words: string[] = [];
  const reader = new Reader(bytes);
  while (reader.left >= 5) {
    const [type, , length] = [reader.uint(1), reader.uint(2), reader.uint(2)];
    if (length > reader.left) break;
    const body = reader.take(length);
    if (type === RECORD.handshake) words.push(...messages(body));
    else if (type === RECORD.alert && length === 2) words.push(`alert ${body[1]}`);
    else words.push(`record ${type}`);
  }
  return words;
}

const NAMES: Readonly<Record<number, string>> = { 2: 'ServerHello', 11: 'Certificate', 12: 'ServerKeyExchange', 14: 'ServerHelloDone' };

function messages(body: Buffer): readonly string[] {
  const words: string[] = [];
  const reader = new Reader(body);
  while (reader.left >= 4) {
    const type = reader.uint(1);
    const length = reader.uint(3);
    if (length > reader.left) {
      words.push(`part of ${NAMES[type] ?? `message ${type}`}`);
      break;
    }
    const inner = new Reader(reader.take(length));
    if (type !== MESSAGE.serverHello) {
      words.push(NAMES[type] ?? `message ${type}`);
      continue;
    }
    const [version, random] = [inner.uint(2), inner.take(32)];
    inner.vector(1);
    const suite = inner.uint(2).toString(16).padStart(4, '0');
    const name = random.toString('hex').startsWith('cf21ad74') ? 'HelloRetryRequest' : 'ServerHello';
    const more = [version === TLS12 ? '' : ` ${version.toString(16)}`, inner.uint(1) === 0 ? '' : ' compressed'].join('');
    words.push(`${name} ${suite}${more}`);
  }
  return words;
}
