import { PassThrough } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Sftp } from '../../src/world/sftp.ts';

const GREETING = Buffer.from([0, 0, 0, 5, 2, 0, 0, 0, 3]);

/** An SFTP client whose server answers each request with what `answer` says, its id filled in. */
function against(answer: (kind: number, body: Buffer, number: number) => Buffer | undefined, greeting: Buffer = GREETING): Sftp {
  const from = new PassThrough();
  const to = new PassThrough();
  let number = 0;
  let rest = Buffer.alloc(0);
  to.on('data', (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= 4 && rest.length >= 4 + rest.readUInt32BE(0)) {
      const packet = rest.subarray(4, 4 + rest.readUInt32BE(0));
      rest = rest.subarray(4 + packet.length);
      if (packet[0] === 1) {
        from.write(greeting);
        continue;
      }
      number += 1;
      const said = answer(packet[0] ?? 0, packet.subarray(5), number);
      if (said === undefined) continue;
      from.write(framed(Buffer.concat([said.subarray(0, 1), packet.subarray(1, 5), said.subarray(1)])));
    }
  });
  return new Sftp(from, to, 100);
}

function framed(body: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length);
  return Buffer.concat([length, body]);
}

function u32(...values: readonly number[]): Buffer {
  return Buffer.concat(values.map((value) => Buffer.from([value >>> 24, value >>> 16, value >>> 8, value])));
}

const string = (text: string): Buffer => Buffer.concat([u32(text.length), Buffer.from(text)]);
const status = (code: number, text = ''): Buffer => Buffer.concat([Buffer.from([101]), u32(code), string(text), string('')]);
const attributes = (mode: number): Buffer => u32(0b1111, 0, 7, 1000, 42, mode, 0, 1_700_000_000);
const handle = Buffer.concat([Buffer.from([102]), string('h')]);

async function shown(asking: Promise<unknown>): Promise<unknown> {
  const answer = await asking;
  if (typeof answer === 'object' && answer !== null && 'cause' in answer && 'detail' in answer)
    return `${String(answer.cause)}: ${String(answer.detail)}`;
  return answer instanceof Uint8Array ? Buffer.from(answer).toString() : answer;
}

describe('SFTP', () => {
  test('attributes, with extensions after them', async () => {
    const extended = Buffer.concat([
      Buffer.from([105]),
      u32(0x8000000f, 0, 7, 1000, 42, 0o104755, 0, 1_700_000_000, 1),
      string('a@b'),
      string('c'),
    ]);
    const sftp = against(() => extended);
    expect(await sftp.start()).toBeUndefined();
    expect(await sftp.stat('/x', false)).toEqual({
      path: '/x',
      kind: 'file',
      size: 7,
      mode: 0o4755,
      uid: 1000,
      gid: 42,
      modified: '2023-11-14T22:13:20Z',
    });
  });
  test('a file is read to its end, piece by piece', async () => {
    const sftp = against((kind, _, number) =>
      kind === 3 ? handle : kind === 5 ? (number < 4 ? Buffer.concat([Buffer.from([103]), string('ab')]) : status(1)) : status(0),
    );
    await sftp.start();
    expect(await shown(sftp.read('/x', 100))).toBe('abab');
  });
  test('a file that never ends, and a directory that never ends, are no part of one', async () => {
    const sftp = against((kind) =>
      kind === 3 || kind === 11
        ? handle
        : kind === 5
          ? Buffer.concat([Buffer.from([103]), string('x'.repeat(1000))])
          : kind === 12
            ? Buffer.concat([Buffer.from([104]), u32(1), string('n'), string(''), attributes(0o100644)])
            : status(0),
    );
    await sftp.start();
    expect(await shown(sftp.read('/x', 5000))).toBe('unsupported: /x: larger than 5000 bytes');
    expect(await shown(sftp.list('/d'))).toBe('unsupported: /d: more than 20000 entries');
  });
  test.each([
    ['not there', status(2, 'No such file'), 'not-there'],
    ['denied', status(3, 'Permission denied'), 'access-denied: /x: Permission denied'],
    ['failed', status(4, 'Failure'), 'refused: /x: Failure'],
    ['a name for an entry', Buffer.concat([Buffer.from([104]), u32(0)]), 'unparseable: /x: attributes'],
    ['attributes without a mode', Buffer.concat([Buffer.from([105]), u32(1, 0, 7)]), 'unparseable: /x: attributes'],
    ['attributes cut short', Buffer.concat([Buffer.from([105]), attributes(0o100644).subarray(0, 20)]), 'unparseable: /x: attributes'],
    ['an empty status', Buffer.from([101]), 'unparseable: /x: status'],
    ['silence', undefined, 'timed-out: /x: no answer in time'],
  ])('an entry: %s', async (_, answer, expected) => {
    const sftp = against(() => answer);
    await sftp.start();
    expect(await shown(sftp.stat('/x', true))).toBe(expected);
  });
  test('after it fell silent nothing is asked and nothing late counts', async () => {
    const late: (() => void)[] = [];
    const from = new PassThrough();
    const sftp = new Sftp(
      from,
      new PassThrough().on('data', () => late.push(() => from.write(GREETING))),
      50,
    );
    expect(await shown(sftp.start())).toBe('timed-out: SFTP: no answer in time');
    for (const answer of late) answer();
    await delay(10);
    expect(await shown(sftp.stat('/x', true))).toBe('timed-out: /x: no answer in time');
  });
  test('a directory that may be read and not entered hides what is in it', async () => {
    const listed = (...names: readonly string[]) =>
      against((kind, _, number) => {
        if (kind === 11) return handle;
        if (kind !== 12 || number > 2 || names.length === 0) return kind === 4 ? status(0) : status(1);
        const entries = names.map((name) => Buffer.concat([string(name), string(''), attributes(0o040755)]));
        return Buffer.concat([Buffer.from([104]), u32(names.length), ...entries]);
      });
    const empty = listed('.', '..');
    await empty.start();
    expect(await empty.list('/d')).toEqual([]);
    // OpenSSH leaves out each entry that it may not look at, and says that the list is over.
    const closed = listed();
    await closed.start();
    expect(await shown(closed.list('/d'))).toBe('access-denied: /d: its entries may not be looked at');
  });
  test('`ok` is neither the end of a file nor of a directory', async () => {
    const sftp = against((kind) => (kind === 3 || kind === 11 ? handle : status(0)));
    await sftp.start();
    expect(await shown(sftp.read('/x', 100))).toBe('unparseable: /x: status');
    expect(await shown(sftp.list('/x'))).toBe('unparseable: /x: status');
  });
  test('a name with a slash in it is no name', async () => {
    const sftp = against((kind) =>
      kind === 11 ? handle : Buffer.concat([Buffer.from([104]), u32(1), string('../etc'), string(''), attributes(0o100644)]),
    );
    await sftp.start();
    expect(await shown(sftp.list('/d'))).toBe('unparseable: /d: names');
  });
  test('what is no SFTP is known as nothing, whatever it is', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 64 }), fc.uint8Array({ maxLength: 64 }), async (greeting, noise) => {
        const sftp = against(() => Buffer.from(noise), Buffer.from(greeting));
        await sftp.start();
        const answers = [await sftp.stat('/x', true), await sftp.list('/x'), await sftp.readLink('/x')];
        for (const answer of answers) if (typeof answer === 'object' && !('state' in answer)) expect(noise.length).toBeGreaterThan(8);
      }),
      { numRuns: 30 },
    );
  });
});
