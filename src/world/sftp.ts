import type { Readable, Writable } from 'node:stream';
import { unknown, type CauseCode, type Unknown } from '../model/fact.ts';
import type { HostEntry } from './host.ts';

/** SFTP version 3 (draft-ietf-secsh-filexfer-02), the one that OpenSSH speaks; of its requests only those that read. */
const REQUEST = { init: 1, open: 3, close: 4, read: 5, lstat: 7, openDirectory: 11, readDirectory: 12, stat: 17, readLink: 19 } as const;
const ANSWER = { version: 2, status: 101, handle: 102, data: 103, name: 104, attributes: 105 } as const;
const STATUS_END = 1;
const CAUSE_OF: Readonly<Record<number, CauseCode>> = {
  3: 'access-denied',
  5: 'unsupported', // what OpenSSH says where the kernel said EINVAL or ENAMETOOLONG
  6: 'unreachable',
  7: 'unreachable',
  8: 'unsupported',
};
/** OpenSSH sends at most 256 KiB in one packet; what is longer is no SFTP. */
const MAX_PACKET = 256 * 1024 + 1024;
const CHUNK = 32 * 1024;
const MAX_NAMES = 20_000;

interface Answer {
  readonly kind: number;
  readonly body: Buffer;
}

/** Why a request was not answered as it should be; `end` where a list or file is over. */
type Failure = Unknown | 'not-there' | 'end';

/** The file system of a machine over an SFTP channel, read-only: it sends no request that changes anything. */
export class Sftp {
  readonly #to: Writable;
  readonly #waiting = new Map<number, (answer: Answer | undefined) => void>();
  #buffer: Buffer = Buffer.alloc(0);
  #next = 1;
  #ended: string | undefined;
  readonly #timeout: number;

  /** `timeout` in milliseconds is how long one answer may take. */
  constructor(from: Readable, to: Writable, timeout: number) {
    this.#to = to;
    this.#timeout = timeout;
    from.on('data', (chunk: Buffer) => this.#receive(chunk));
    from.on('end', () => this.#end('the connection ended'));
    from.on('error', (error) => this.#end(error.message));
    to.on('error', (error) => this.#end(error.message));
  }

  /** The greeting; an `Unknown` where no SFTP answers. */
  async start(): Promise<Unknown | undefined> {
    const answer = await this.#ask(0, Buffer.from([0, 0, 0, 1 + 4, REQUEST.init, 0, 0, 0, 3]));
    if (answer === undefined) return this.#silent('SFTP');
    return answer.kind === ANSWER.version && answer.body.length >= 4 ? undefined : unknown('unparseable', 'SFTP: no greeting');
  }

  async stat(path: string, follow: boolean): Promise<HostEntry | Failure> {
    const answer = await this.#request(follow ? REQUEST.stat : REQUEST.lstat, path, text(path));
    if (!isAnswer(answer)) return answer;
    const read = answer.kind === ANSWER.attributes ? attributesAt(answer.body, 0, path) : undefined;
    return read?.entry ?? unknown('unparseable', `${path}: attributes`);
  }

  async readLink(path: string): Promise<{ readonly to: string } | Failure> {
    const answer = await this.#request(REQUEST.readLink, path, text(path));
    if (!isAnswer(answer)) return answer;
    const to = answer.kind === ANSWER.name ? textAt(answer.body, 4) : undefined;
    return to === undefined ? unknown('unparseable', `${path}: link`) : { to: to.text };
  }

  /** At most `max` bytes of a file; more make it an `Unknown`. */
  async read(path: string, max: number): Promise<Uint8Array | Failure> {
    const handle = await this.#open(REQUEST.open, path, Buffer.concat([text(path), numbers(1, 0)]));
    if (!Buffer.isBuffer(handle)) return handle;
    const chunks: Buffer[] = [];
    let length = 0;
    try {
      for (;;) {
        const answer = await this.#request(REQUEST.read, path, Buffer.concat([handle, numbers(0, length, CHUNK)]));
        if (answer === 'end') return new Uint8Array(Buffer.concat(chunks));
        if (!isAnswer(answer)) return answer;
        const data = textAt(answer.body, 0);
        if (answer.kind !== ANSWER.data || data === undefined || data.bytes.length === 0 || data.bytes.length > CHUNK)
          return unknown('unparseable', `${path}: no data`);
        length += data.bytes.length;
        if (length > max) return unknown('unsupported', `${path}: larger than ${max} bytes`);
        chunks.push(data.bytes);
      }
    } finally {
      await this.#request(REQUEST.close, path, handle);
    }
  }

  /**
   * What stands in a directory, in the order of names, without `.` and `..`. A server leaves out what it may not look at: where the
   * directory itself is not among its entries, it was not let in, and nothing is known of them.
   */
  async list(path: string): Promise<readonly HostEntry[] | Failure> {
    const handle = await this.#open(REQUEST.openDirectory, path, text(path));
    if (!Buffer.isBuffer(handle)) return handle;
    const entries: HostEntry[] = [];
    let entered = false;
    try {
      for (;;) {
        const answer = await this.#request(REQUEST.readDirectory, path, handle);
        if (answer === 'end')
          return entered
            ? entries.toSorted((a, b) => (a.path < b.path ? -1 : 1))
            : unknown('access-denied', `${path}: its entries may not be looked at`);
        if (!isAnswer(answer)) return answer;
        const some = answer.kind === ANSWER.name ? namesOf(answer.body, path) : undefined;
        if (some === undefined || some.length === 0) return unknown('unparseable', `${path}: names`);
        entered ||= some.some(({ path: below }) => below.endsWith('/.'));
        entries.push(...some.filter(({ path: below }) => !/\/\.{1,2}$/.test(below)));
        if (entries.length > MAX_NAMES) return unknown('unsupported', `${path}: more than ${MAX_NAMES} entries`);
      }
    } finally {
      await this.#request(REQUEST.close, path, handle);
    }
  }

  /** A handle as it is sent back: with its length before it. */
  async #open(request: number, path: string, body: Buffer): Promise<Buffer | Failure> {
    const answer = await this.#request(request, path, body);
    if (!isAnswer(answer)) return answer;
    const handle = answer.kind === ANSWER.handle ? textAt(answer.body, 0) : undefined;
    return handle === undefined
      ? unknown('unparseable', `${path}: no handle`)
      : Buffer.concat([numbers(handle.bytes.length), handle.bytes]);
  }

  async #request(kind: number, path: string, body: Buffer): Promise<Answer | Failure> {
    const id = this.#next;
    this.#next += 1;
    const packet = Buffer.concat([numbers(1 + 4 + body.length), Buffer.from([kind]), numbers(id), body]);
    const answer = await this.#ask(id, packet);
    if (answer === undefined) return this.#silent(path);
    if (answer.kind !== ANSWER.status) return answer;
    if (answer.body.length < 4) return unknown('unparseable', `${path}: status`);
    const status = answer.body.readUInt32BE(0);
    if (status === STATUS_END) return 'end';
    if (status === 2) return 'not-there';
    // Only what changes something is answered by `ok`.
    if (status === 0) return unknown('unparseable', `${path}: status`);
    const said = textAt(answer.body, 4)?.text ?? '';
    return unknown(CAUSE_OF[status] ?? 'refused', `${path}: ${said.slice(0, 100) || `SFTP status ${status}`}`);
  }

  #ask(id: number, packet: Buffer): Promise<Answer | undefined> {
    if (this.#ended !== undefined) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#end('no answer in time'), this.#timeout);
      this.#waiting.set(id, (answer) => {
        clearTimeout(timer);
        resolve(answer);
      });
      this.#to.write(packet);
    });
  }

  #silent(what: string): Unknown {
    const why = this.#ended ?? '';
    return unknown(why === 'no answer in time' ? 'timed-out' : 'unreachable', `${what}: ${why}`);
  }

  #receive(chunk: Buffer): void {
    if (this.#ended !== undefined) return;
    this.#buffer = Buffer.concat([this.#buffer, chunk]);
    while (this.#buffer.length >= 4) {
      const length = this.#buffer.readUInt32BE(0);
      if (length < 1 || length > MAX_PACKET) {
        this.#end('what answers speaks no SFTP');
        return;
      }
      if (this.#buffer.length < 4 + length) return;
      const packet = this.#buffer.subarray(4, 4 + length);
      this.#buffer = this.#buffer.subarray(4 + length);
      const kind = packet[0] ?? 0;
      const greeting = kind === ANSWER.version;
      if (!greeting && packet.length < 5) {
        this.#end('what answers speaks no SFTP');
        return;
      }
      const id = greeting ? 0 : packet.readUInt32BE(1);
      const waiting = this.#waiting.get(id);
      this.#waiting.delete(id);
      waiting?.({ kind, body: Buffer.from(packet.subarray(greeting ? 1 : 5)) });
    }
  }

  /** Nothing that comes later counts: every question is unanswered. */
  #end(why: string): void {
    this.#ended ??= why;
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const answer of waiting) answer(undefined);
  }
}

function isAnswer(answer: Answer | Failure): answer is Answer {
  return typeof answer === 'object' && 'kind' in answer;
}

function numbers(...values: readonly number[]): Buffer {
  const buffer = Buffer.alloc(4 * values.length);
  for (const [index, value] of values.entries()) buffer.writeUInt32BE(value, 4 * index);
  return buffer;
}

function text(path: string): Buffer {
  const bytes = Buffer.from(path, 'utf8');
  return Buffer.concat([numbers(bytes.length), bytes]);
}

function textAt(body: Buffer, at: number): { readonly bytes: Buffer; readonly text: string; readonly end: number } | undefined {
  if (body.length < at + 4) return undefined;
  const length = body.readUInt32BE(at);
  if (body.length < at + 4 + length) return undefined;
  const bytes = body.subarray(at + 4, at + 4 + length);
  return { bytes, text: bytes.toString('utf8'), end: at + 4 + length };
}

function namesOf(body: Buffer, directory: string): readonly HostEntry[] | undefined {
  if (body.length < 4) return undefined;
  const entries: HostEntry[] = [];
  let at = 4;
  for (let left = body.readUInt32BE(0); left > 0; left -= 1) {
    const name = textAt(body, at);
    const long = name === undefined ? undefined : textAt(body, name.end);
    if (name === undefined || long === undefined || name.text === '' || name.text.includes('/')) return undefined;
    const read = attributesAt(body, long.end, directory === '/' ? `/${name.text}` : `${directory}/${name.text}`);
    if (read === undefined) return undefined;
    entries.push(read.entry);
    at = read.end;
  }
  return entries;
}

/** ATTRS: what its flags do not announce makes the entry unreadable, since owner and mode are what it is asked for. */
function attributesAt(body: Buffer, start: number, path: string): { readonly entry: HostEntry; readonly end: number } | undefined {
  if (body.length < start + 4) return undefined;
  const flags = body.readUInt32BE(start);
  // size, uid and gid, permissions, times
  if ((flags & 0b1111) !== 0b1111 || body.length < start + 32) return undefined;
  const [high, low, uid, gid, mode, modified] = [4, 8, 12, 16, 20, 28].map((offset) => body.readUInt32BE(start + offset));
  if (high === undefined || low === undefined || uid === undefined || gid === undefined || mode === undefined || modified === undefined)
    return undefined;
  let end = start + 32;
  if (flags >= 0x80000000) {
    if (body.length < end + 4) return undefined;
    const count = body.readUInt32BE(end);
    end += 4;
    for (let index = 0; index < count * 2; index += 1) {
      const extension = textAt(body, end);
      if (extension === undefined) return undefined;
      end = extension.end;
    }
  }
  const kinds: Readonly<Record<number, HostEntry['kind']>> = { 0o100000: 'file', 0o040000: 'directory', 0o120000: 'link' };
  const entry: HostEntry = {
    path,
    kind: kinds[mode & 0o170000] ?? 'other',
    size: high * 2 ** 32 + low,
    mode: mode & 0o7777,
    uid,
    gid,
    modified: `${new Date(modified * 1000).toISOString().slice(0, 19)}Z`,
  };
  return { entry, end };
}
