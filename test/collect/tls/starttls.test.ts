import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { STARTTLS, type Dialect } from '../../../src/collect/tls/place.ts';
import { refusesInClear, startTls } from '../../../src/collect/tls/starttls.ts';
import type { Unknown } from '../../../src/model/fact.ts';
import { AT_ONCE, chunked, playedWire, type End, type PlayedWire } from '../../support/played-wire.ts';

const text = new TextEncoder();
const bytes = (said: string | readonly number[]): Uint8Array => (typeof said === 'string' ? text.encode(said) : Uint8Array.from(said));

/** What a server says: first, and after each thing that the client writes. */
interface Talk {
  readonly first?: string | readonly number[];
  readonly then: readonly (string | readonly number[])[];
}

const MYSQL_GREETING = [10, ...text.encode('8.0.1'), 0, 1, 0, 0, 0, ...text.encode('saltsalt'), 0, 0xff, 0xff, 45, 2, 0, 0xff, 0xc1, 21];
const packet = (body: readonly number[]): readonly number[] => [body.length, 0, 0, 0, ...body];
const XMPP = "<stream:stream><stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/></stream:features>";

const YES: { readonly [D in Dialect]: Talk } = {
  smtp: { first: '220-mail\r\n220 ready\r\n', then: ['250-mail\r\n250-SIZE 1\r\n250 STARTTLS\r\n', '220 go\r\n'] },
  submission: { first: '220 ready\r\n', then: ['250-STARTTLS\r\n250 HELP\r\n', '220 go\r\n'] },
  imap: { first: '* OK ready\r\n', then: ['a1 OK go\r\n'] },
  pop3: { first: '+OK ready\r\n', then: ['+OK go\r\n'] },
  ftp: { first: '220 ready\r\n', then: ['234 go\r\n'] },
  xmpp: { then: [XMPP, "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"] },
  ldap: { then: [[0x30, 12, 2, 1, 1, 0x78, 7, 0x0a, 1, 0, 4, 0, 4, 0]] },
  postgres: { then: ['S'] },
  mysql: { first: packet(MYSQL_GREETING), then: [] },
  rdp: { then: [[3, 0, 0, 19, 14, 0xd0, 0, 0, 0x12, 0x34, 0, 2, 0, 8, 0, 1, 0, 0, 0]] },
};

const NO: { readonly [D in Dialect]: readonly Talk[] } = {
  smtp: [
    { first: '554 no\r\n', then: [] },
    { first: '220 hi\r\n', then: ['250-SIZE 1\r\n250 HELP\r\n'] },
    { first: '220 hi\r\n', then: ['250 STARTTLS\r\n', '454 not now\r\n'] },
  ],
  submission: [{ first: '220 hi\r\n', then: ['502 what\r\n'] }],
  imap: [{ first: '* OK hi\r\n', then: ['a1 BAD what\r\n'] }],
  pop3: [{ first: '+OK hi\r\n', then: ['-ERR no\r\n'] }],
  ftp: [{ first: '220 hi\r\n', then: ['500 no\r\n'] }],
  xmpp: [{ then: ['<stream:stream><stream:features/></stream:features>'] }, { then: [XMPP, '<failure/>'] }],
  ldap: [{ then: [[0x30, 12, 2, 1, 1, 0x78, 7, 0x0a, 1, 2, 4, 0, 4, 0]] }],
  postgres: [{ then: ['N'] }],
  mysql: [
    { first: packet([0xff, 1, 2]), then: [] },
    { first: packet(MYSQL_GREETING.with(21, 0xf7)), then: [] },
  ],
  rdp: [
    { then: [[3, 0, 0, 19, 14, 0xd0, 0, 0, 0x12, 0x34, 0, 3, 0, 8, 0, 2, 0, 0, 0]] },
    { then: [[3, 0, 0, 11, 6, 0xd0, 0, 0, 0x12, 0x34, 0]] },
  ],
};

function wireOf({ first, then }: Talk, end: End = 'timed-out', cut: readonly number[] = []): PlayedWire {
  const waiting = [...then];
  const pieces = (said: string | readonly number[] | undefined): readonly Uint8Array[] =>
    said === undefined ? [] : chunked(bytes(said), cut);
  return playedWire(pieces(first), end, () => pieces(waiting.shift()));
}
const outcome = (dialect: Dialect, talk: Talk, end?: End, cut?: readonly number[]): Promise<Unknown | undefined> =>
  startTls(wireOf(talk, end, cut), dialect, 'host.example', AT_ONCE);

describe.each(STARTTLS)('%s', (dialect) => {
  test('comes to the point where TLS begins, however its words are cut', async () => {
    expect(await outcome(dialect, YES[dialect])).toBeUndefined();
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(), { maxLength: 12 }), async (cut) => {
        expect(await outcome(dialect, YES[dialect], 'timed-out', cut)).toBeUndefined();
      }),
      { numRuns: 40 },
    );
  });

  test('a no is a refusal', async () => {
    for (const talk of NO[dialect]) expect(await outcome(dialect, talk)).toMatchObject({ cause: 'refused' });
  });

  test('broken off before that, it did not: silence is no refusal', async () => {
    const { first, then } = YES[dialect];
    const whole = [...(first === undefined ? [] : [first]), ...then];
    for (let said = 0; said < whole.length; said += 1) {
      for (const end of ['timed-out', 'end', 'reset'] as const) {
        const length = bytes(whole[said] ?? '').length;
        for (let cut = 0; cut < length; cut += 1) {
          const part = [...bytes(whole[said] ?? '').subarray(0, cut)];
          const talk =
            first === undefined
              ? { then: [...then.slice(0, said), part] }
              : said === 0
                ? { first: part, then: [] }
                : { first, then: [...then.slice(0, said - 1), part] };
          // A greeting's first line, or a list of features that ends with every line, may do for the whole.
          const got = await outcome(dialect, talk, end);
          if (got === undefined) expect(['xmpp', 'smtp', 'submission', 'ldap', 'mysql']).toContain(dialect);
          else if (got.cause !== (end === 'timed-out' ? 'timed-out' : 'unreachable')) expect(got.cause).toBe('refused');
        }
      }
    }
  });

  test('random talk ends in words, in few steps and little time', async () => {
    const piece = fc.oneof(
      fc.uint8Array({ maxLength: 60 }),
      fc.constantFrom(...['220 ', '250-', '\r\n', '* ', 'a1 OK', '+OK ', '<proceed', '<stream:features', '>', 'S', '234 '].map(bytes)),
      fc
        .constantFrom([0x30, 0x84, 255, 255, 255, 255], [0x30, 0x82, 255, 255], [0xff, 0xff, 0xff, 0], [3, 0, 255, 255], [3, 0, 0, 0])
        .map((one) => Uint8Array.from(one)),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 20 }), fc.constantFrom<End>('timed-out', 'end', 'reset'), async (pieces, end) => {
        const wire = playedWire(pieces, end);
        const got = await startTls(wire, dialect, 'host.example', AT_ONCE);
        if (got !== undefined) expect(['timed-out', 'unreachable', 'refused', 'unparseable']).toContain(got.cause);
        expect(wire.reads).toBeLessThan(60);
      }),
      { numRuns: 150 },
    );
  });

  test.each(['<proceed ', '220-', 'a', '* OK', '250 STARTTLS ', '<stream:feature', '\r\r\r\r', '111 ', '\0'])(
    'talk without end, of %j',
    async (word) => {
      const endless = function* (): Generator<Uint8Array> {
        for (;;) yield bytes(word.repeat(200));
      };
      const wire = playedWire(endless(), 'end');
      const started = performance.now();
      const got = await startTls(wire, dialect, 'host.example', AT_ONCE);
      expect(performance.now() - started).toBeLessThan(1_000);
      if (got !== undefined) expect(['refused', 'unparseable']).toContain(got.cause);
      expect(wire.reads).toBeLessThan(700);
    },
  );
});

test('tags without end after the features take no time', async () => {
  for (const word of ['<proceed ', '<failure', '<proceed<']) {
    const endless = function* (): Generator<Uint8Array> {
      yield bytes(XMPP);
      for (;;) yield bytes(word.repeat(200));
    };
    const started = performance.now();
    expect(await startTls(playedWire(endless()), 'xmpp', 'host.example', AT_ONCE)).toMatchObject({ cause: 'unparseable' });
    expect(performance.now() - started).toBeLessThan(1_000);
  }
});

test('an XMPP stream that ends in an error has neither offered TLS nor refused it', async () => {
  const talk = { then: ["<stream:stream><stream:error><host-unknown xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>"] };
  expect(await outcome('xmpp', talk)).toMatchObject({ cause: 'unresolved', detail: 'STARTTLS xmpp: the stream ended with an error' });
});

test('a packet in clear is the old protocol’s word only as a whole', () => {
  const ultimatum = [3, 0, 0, 9, 2, 0xf0, 0x80, 0x21, 0x80];
  expect(refusesInClear('rdp', Uint8Array.from(ultimatum))).toBe(true);
  for (const other of [ultimatum.slice(0, 8), [...ultimatum, 0], [], [3, 0], [0x16, 3, 3, 0, 0], [3, 1, 0, 9, 2, 0xf0, 0x80, 0x21, 0x80]])
    expect(refusesInClear('rdp', Uint8Array.from(other))).toBe(false);
});

test('the name that is said is the one that was asked for, and nothing else', async () => {
  const wire = wireOf(YES.xmpp);
  await startTls(wire, 'xmpp', 'chat.example', AT_ONCE);
  expect(Buffer.from(wire.written[0] ?? []).toString()).toContain("to='chat.example'");
  const mail = wireOf(YES.smtp);
  await startTls(mail, 'smtp', 'mail.example', AT_ONCE);
  expect(mail.written.map((one) => Buffer.from(one).toString())).toEqual(['EHLO custos.invalid\r\n', 'STARTTLS\r\n']);
});
