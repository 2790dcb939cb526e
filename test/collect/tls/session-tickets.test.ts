import { expect, test } from 'vitest';
import { none, seen, unseen, type Seen } from '../../../src/collect/tls/observation.ts';
import { ticketsIssued } from '../../../src/collect/tls/session-tickets.ts';
import { unknown } from '../../../src/model/fact.ts';
import type { Session13 } from '../../../src/tls/tls13-handshake.ts';

const session = (sizes: readonly number[], ended = true): Session13 => ({
  hello: { version: 0x0304 } as Session13['hello'],
  certificates: [],
  tickets: sizes.map((size) => ({ lifetime: 300, earlyData: 0, size })),
  ended,
  verified: true,
});
const NO: Seen<boolean> = seen(false, 'older');
const YES: Seen<boolean> = seen(true, 'older');
const OPEN: Seen<boolean> = unseen(unknown('timed-out', 'older'));
const SPOKEN = seen(['TLSv1.2' as const], 'TLS 1.2');
const short = (fact: Seen<boolean>): boolean | string =>
  fact.state === 'seen' ? fact.value : fact.state === 'unknown' ? fact.why.cause : fact.state;

test.each<[string, readonly number[], boolean | string]>([
  ['no ticket', [], false],
  ['handles as OpenSSL has them', [32, 32], false],
  ['a secret, a nonce and a tag', [60], true],
  ['one of each', [32, 60], true],
  ['longer than a handle must be, too short for a session', [33], 'unresolved'],
  ['the same, at the other end', [32, 59], 'unresolved'],
])('TLS 1.3 alone: %s', (_, sizes, expected) => {
  expect(short(ticketsIssued(session(sizes), none('nothing older'), none('nothing older')))).toBe(expected);
});

test('none is no answer before the connection ended', () => {
  expect(short(ticketsIssued(session([], false), none('nothing older'), none('nothing older')))).toBe('unresolved');
});

test('older versions have a say of their own', () => {
  const both = (sizes: readonly number[], older: Seen<boolean>): boolean | string => short(ticketsIssued(session(sizes), older, SPOKEN));
  expect([both([32], NO), both([32], YES), both([32], OPEN)]).toEqual([false, true, 'timed-out']);
  expect([both([], NO), both([], YES), both([], OPEN)]).toEqual([false, true, 'timed-out']);
  expect([both([200], NO), both([200], YES), both([200], OPEN)]).toEqual([true, true, true]);
  expect([both([40], NO), both([40], YES), both([40], OPEN)]).toEqual(['unresolved', true, 'unresolved']);
  for (const older of [NO, YES, OPEN]) expect(ticketsIssued(undefined, older, SPOKEN)).toBe(older);
});
