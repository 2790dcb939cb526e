import { describe, expect, test } from 'vitest';
import { Notebook, rotated } from '../../../src/collect/tls/notebook.ts';
import { none, seen, unseen } from '../../../src/collect/tls/observation.ts';
import { unknown } from '../../../src/model/fact.ts';
import type { Answer } from '../../../src/tls/exchange.ts';
import type { Flight } from '../../../src/tls/flight.ts';
import type { KeyExchange } from '../../../src/tls/server-messages.ts';

type Hello = Extract<Answer, { kind: 'hello' }>;
const MISSING = unknown('unresolved', 'nothing showed it');
const BELOW = seen(['TLSv1.2'] as const, 'TLS 1.2');

interface Parts {
  readonly version?: number;
  readonly suite?: number;
  readonly extensions?: readonly number[];
  readonly random?: string;
  readonly flight?: Partial<Flight>;
  readonly whole?: boolean;
}
function hello({ version = 0x0303, suite = 0xc02f, extensions = [], random = '', flight = {}, whole = true }: Parts = {}): Hello {
  const read: Hello['hello'] = {
    version,
    suite,
    random: Buffer.from(random.padStart(64, '0'), 'hex'),
    sessionId: new Uint8Array(),
    compression: 0,
    extensions: new Map(extensions.map((type) => [type, new Uint8Array()])),
    retry: false,
  };
  return { kind: 'hello', hello: read, whole, flight: { done: whole, warnings: [], ...flight } };
}
const noted = (...answers: readonly Hello[]): Notebook => {
  const notebook = new Notebook('h');
  for (const [index, answer] of answers.entries()) notebook.note(answer, `exchange ${index + 1}`);
  return notebook;
};
const ecdhe = (group: number, key: number): Hello => {
  const keyExchange: KeyExchange = { kind: 'ecdhe', group, key: Uint8Array.of(key), scheme: 0x0804 };
  return hello({ flight: { keyExchange } });
};
const dhe = (prime: number, key: number): Hello =>
  hello({
    suite: 0x009e,
    flight: { keyExchange: { kind: 'dhe', prime: Uint8Array.of(prime), generator: Uint8Array.of(2), key: Uint8Array.of(key) } },
  });

describe('ephemeral keys', () => {
  const reuses = (...answers: readonly Hello[]): unknown => noted(...answers).reusesKeys(BELOW, MISSING);
  test('that come again in their group are used again', () => {
    expect(reuses(ecdhe(29, 1), ecdhe(29, 1))).toMatchObject({ state: 'seen', value: true, exchange: 'exchange 2' });
    expect(reuses(ecdhe(29, 1), ecdhe(23, 1), ecdhe(29, 2), ecdhe(29, 1))).toMatchObject({ value: true });
    expect(reuses(dhe(7, 1), dhe(7, 1))).toMatchObject({ value: true });
  });
  test('that differ in one group are not', () => {
    expect(reuses(ecdhe(29, 1), ecdhe(29, 2))).toMatchObject({ state: 'seen', value: false });
    expect(reuses(dhe(7, 1), dhe(7, 2))).toMatchObject({ value: false });
  });
  test('of different groups tell nothing, nor does one alone', () => {
    expect(reuses(ecdhe(29, 1), ecdhe(23, 2), ecdhe(24, 3), dhe(7, 4), dhe(9, 5))).toEqual(unseen(MISSING));
    expect(reuses(ecdhe(29, 1))).toEqual(unseen(MISSING));
    expect(reuses()).toEqual(unseen(MISSING));
  });
  test('are not there where nothing older than TLS 1.3 is', () => {
    expect(noted().reusesKeys(none('refused'), MISSING)).toEqual(none('refused'));
  });
});

describe('certificates', () => {
  const leaf = (one: number, status?: number): Hello =>
    hello({
      flight: { certificates: [Uint8Array.of(one), Uint8Array.of(99)], ...(status === undefined ? {} : { status: Uint8Array.of(status) }) },
    });
  test('are kept once for each leaf and name, with a staple where one came', () => {
    const notebook = noted(leaf(1), leaf(1), leaf(2), leaf(1, 7), leaf(1));
    expect(notebook.chains.map(({ certificates, status }) => [certificates[0]?.[0], status?.[0]])).toEqual([
      [1, 7],
      [2, undefined],
    ]);
    notebook.note(leaf(1), 'without a name', undefined);
    expect(notebook.chains.length).toBe(2); // undefined is the name that the notebook was made for
    notebook.chain({ certificates: [Uint8Array.of(1)], exchange: 'x', tlcp: false });
    expect(notebook.chains.length).toBe(3);
    expect(notebook.chainGaps).toEqual([]);
  });
  test('without number are not all kept, and that is said', () => {
    const notebook = noted(...Array.from({ length: 200 }, (_, index) => leaf(index)));
    expect(notebook.chains.length).toBe(48);
    expect(notebook.chainGaps).toMatchObject([{ cause: 'unsupported' }]);
    expect(noted(leaf(1), hello({ flight: { certificates: [] } })).chains.length).toBe(1);
  });
});

describe('what one hello tells of a server', () => {
  test('is told by the first that can', () => {
    const first = noted(hello({ extensions: [0xff01, 23] }), hello({ extensions: [] }));
    expect(first.secureRenegotiation(BELOW, MISSING)).toMatchObject({ value: true, exchange: 'exchange 1' });
    expect(first.extendedMasterSecret(BELOW, MISSING)).toMatchObject({ value: true });
  });
  test('encrypt-then-MAC by a CBC suite, extended master secret not by SSL 3.0', () => {
    expect(noted(hello({ suite: 0xc02f })).encryptThenMac(BELOW, MISSING)).toEqual(unseen(MISSING));
    expect(noted(hello({ suite: 0x0005 })).encryptThenMac(BELOW, MISSING)).toEqual(unseen(MISSING));
    expect(noted(hello({ suite: 0x002f, extensions: [22] })).encryptThenMac(BELOW, MISSING)).toMatchObject({ value: true });
    expect(noted(hello({ version: 0x0300, suite: 0x002f })).extendedMasterSecret(BELOW, MISSING)).toEqual(unseen(MISSING));
  });
  test('the sentinel of RFC 8446 4.1.3, in both its forms and no other', () => {
    const sentinel = (random: string): boolean | undefined => noted(hello({ random })).sentinel()?.set;
    expect(sentinel('444f574e47524401')).toBe(true);
    expect(sentinel('444f574e47524400')).toBe(true);
    expect(sentinel('444f574e47524402')).toBe(false);
    expect(sentinel(`444f574e47524401${'0'.repeat(48)}`)).toBe(false);
    expect(noted().sentinel()).toBeUndefined();
  });
  test('a certificate is asked for, or not, in a whole flight alone', () => {
    expect(noted(hello({ whole: false })).authorities(MISSING)).toEqual(unseen(MISSING));
    expect(noted(hello()).authorities(MISSING)).toEqual({ state: 'seen', value: undefined, exchange: 'exchange 1' });
    expect(noted(hello({ flight: { authorities: [] } })).authorities(MISSING)).toMatchObject({ value: [] });
  });
  test('TLS 1.3 and TLCP tell nothing of older versions', () => {
    for (const version of [0x0304, 0x0101, 0x7f00]) {
      const notebook = noted(hello({ version, extensions: [0xff01, 23] }));
      expect(notebook.secureRenegotiation(BELOW, MISSING)).toEqual(unseen(MISSING));
      expect(notebook.sentinel()).toBeUndefined();
    }
  });
});

test('what was not seen yet stands first, and nothing is left out', () => {
  expect(
    rotated(
      [1, 2, 3, 4],
      new Map([
        [2, ''],
        [1, ''],
      ]),
    ),
  ).toEqual([3, 4, 1, 2]);
});
