import { describe, expect, test } from 'vitest';
import { DEFAULT_LIMITS, HostGate } from '../../../src/collect/limits.ts';
import { HostLine } from '../../../src/collect/tls/host-line.ts';
import { askOpossum, oddProbes, type OddFacts } from '../../../src/collect/tls/odd-probes.ts';
import { unknown, type Fact, type Origin, type Unknown } from '../../../src/model/fact.ts';
import type { Network, Received } from '../../../src/world/network.ts';
import { observed } from '../../support/observation.ts';
import { chunked, playedWire, type End } from '../../support/played-wire.ts';
import { certificateMessage, handshake, record, serverHello } from '../../support/servers/wire.ts';

const HEARTBEAT = 15;
const origin = (exchange: string): Origin => ({ kind: 'wire', target: 't', exchange });
const flight = (extensions: readonly (readonly [number, Uint8Array])[], parts = 3): Uint8Array =>
  Buffer.concat(
    [
      serverHello({ version: 0x0303, random: Buffer.alloc(32, 1), suite: 0x002f, extensions }),
      certificateMessage([Buffer.from('300100', 'hex')]),
      handshake(14),
    ]
      .slice(0, parts)
      .map((message) => record(22, 0x0303, message)),
  );
const WITH = flight([[HEARTBEAT, Buffer.from([1])]]);
const alert = (code: number): Uint8Array => record(21, 0x0303, Buffer.from([2, code]));
/** The echo of a heartbeat as a server makes it: type 2, the same payload, padding of its own. */
const echo = (sent: Uint8Array): Uint8Array =>
  record(24, 0x0303, Buffer.concat([Buffer.from([2]), sent.subarray(6, 8), sent.subarray(8, 24), Buffer.alloc(16)]));

type Answers = (written: Uint8Array, count: number) => readonly Uint8Array[];
function network(answers: Answers, end: End): Network {
  return {
    lookup: async () => [],
    caa: async () => [],
    request: async () => unknown('unreachable', 'x'),
    connect: async () => playedWire([], end, answers),
  };
}
async function odd(answers: Answers, end: End = 'timed-out'): Promise<OddFacts> {
  const line = new HostLine(
    network(answers, end),
    { address: '192.0.2.1', port: 443, name: 'h' },
    DEFAULT_LIMITS,
    new HostGate(DEFAULT_LIMITS),
    new AbortController().signal,
  );
  return oddProbes(line, observed({ 'TLSv1.2': [0x002f] }), 'h', origin, async () => unknown('unsupported', 'x'));
}
const verdict = (fact: Fact<string>): string => (fact.state === 'known' ? fact.value : fact.state);
/** The first answer, then what is said to the first and the second thing after it. */
const steps = (first: Uint8Array, ...then: readonly (readonly Uint8Array[])[]): Answers => {
  return (_, count) => (count === 1 ? [first] : (then[count - 2] ?? []));
};

describe('Heartbleed', () => {
  test.each<[string, Answers, End, string]>([
    ['no extension', steps(flight([])), 'timed-out', 'safe'],
    ['an echo', (written, count) => (count === 1 ? [WITH] : [echo(written)]), 'timed-out', 'vulnerable'],
    ['an alert', steps(WITH, [alert(10)]), 'end', 'safe'],
    ['the end of the connection', steps(WITH), 'end', 'safe'],
    [
      'silence, then the echo of the whole one',
      (written, count) => (count === 1 ? [WITH] : count === 3 ? [echo(written)] : []),
      'timed-out',
      'safe',
    ],
    ['silence to everything', steps(WITH), 'timed-out', 'unknown'],
    ['garbage', steps(WITH, [Buffer.from('HTTP/1.1 400 Bad Request')]), 'timed-out', 'unknown'],
    ['half an alert', steps(WITH, [record(21, 0x0303, Buffer.from([2]))]), 'timed-out', 'unknown'],
    ['a record of something else', steps(WITH, [record(23, 0x0303, Buffer.alloc(40))]), 'timed-out', 'unknown'],
    [
      'the rest of a flight that was cut',
      steps(flight([[HEARTBEAT, Buffer.from([1])]], 2), [record(22, 0x0303, handshake(14))]),
      'timed-out',
      'unknown',
    ],
    ['no hello', steps(alert(40)), 'end', 'unknown'],
    ['silence to the hello', () => [], 'timed-out', 'unknown'],
  ])('%s', async (_, answers, end, expected) => {
    expect(verdict((await odd(answers, end)).heartbleed)).toBe(expected);
  });

  test('a late echo of the short one is one', async () => {
    let short: Uint8Array = new Uint8Array();
    const late: Answers = (written, count) => {
      if (count === 2) short = written;
      return count === 1 ? [WITH] : count === 3 ? [echo(short)] : [];
    };
    expect(verdict((await odd(late)).heartbleed)).toBe('vulnerable');
  });
});

describe('early ChangeCipherSpec', () => {
  const bare = flight([]);
  test.each<[string, Answers, End, string]>([
    ['refused at once', steps(bare, [alert(10)]), 'end', 'safe'],
    ['the end at once', steps(bare), 'end', 'safe'],
    ['silence, then bad_record_mac', steps(bare, [], [alert(20)]), 'timed-out', 'vulnerable'],
    ['silence, then decryption_failed', steps(bare, [], [alert(21)]), 'timed-out', 'vulnerable'],
    ['silence, then unexpected_message', steps(bare, [], [alert(10)]), 'timed-out', 'safe'],
    ['silence to both', steps(bare), 'timed-out', 'unknown'],
    ['garbage', steps(bare, [Buffer.from('garbage that is none')]), 'timed-out', 'unknown'],
    ['silence, then garbage', steps(bare, [], [Buffer.from('garbage that is none')]), 'timed-out', 'unknown'],
    ['a flight that was cut', steps(flight([], 1), [alert(10)]), 'timed-out', 'unknown'],
  ])('%s', async (_, answers, end, expected) => {
    expect(verdict((await odd(answers, end)).early_ccs)).toBe(expected);
  });

  test.each(['end', 'reset'] as const)('passed over in silence, and then the %s: it does not say how it took it', async (end) => {
    const reads: readonly Received[] = [
      { kind: 'bytes', bytes: bare },
      { kind: 'timed-out' },
      end === 'end' ? { kind: 'end' } : { kind: 'reset', detail: '' },
    ];
    const net: Network = {
      ...network(() => [], 'end'),
      connect: async () => {
        const left = [...reads];
        return { write: () => undefined, close: () => undefined, read: async () => left.shift() ?? { kind: 'timed-out' } };
      },
    };
    const line = new HostLine(
      net,
      { address: 'a', port: 1, name: 'h' },
      DEFAULT_LIMITS,
      new HostGate(DEFAULT_LIMITS),
      new AbortController().signal,
    );
    const facts = await oddProbes(line, observed({ 'TLSv1.2': [0x002f] }), 'h', origin, async () => unknown('unsupported', 'x'));
    expect(verdict(facts.early_ccs)).toBe('unknown');
  });

  test('a host without older versions is safe from both; one that may have them is not known', async () => {
    const silent = network(() => [], 'timed-out');
    const line = new HostLine(
      silent,
      { address: 'a', port: 1, name: 'h' },
      DEFAULT_LIMITS,
      new HostGate(DEFAULT_LIMITS),
      new AbortController().signal,
    );
    const of = (seen: ReturnType<typeof observed>): Promise<OddFacts> =>
      oddProbes(line, seen, 'h', origin, async () => unknown('unsupported', 'x'));
    const modern = await of(observed({ 'TLSv1.3': [0x1301] }));
    expect([modern.heartbleed, modern.early_ccs, modern.client_renegotiation].map(verdict)).toEqual(['safe', 'safe', 'refused']);
    const protocols = new Map(observed({ 'TLSv1.3': [0x1301] }).protocols).set('TLSv1', {
      state: 'unknown',
      why: unknown('timed-out', 'x'),
    });
    const open = await of(observed({ 'TLSv1.3': [0x1301] }, { protocols }));
    const refusing = await of(observed({}));
    for (const facts of [open, refusing])
      expect([facts.heartbleed, facts.early_ccs, facts.client_renegotiation].map(verdict)).toEqual(['unknown', 'unknown', 'unknown']);
  });
});

describe('Opossum', () => {
  const ask = (answer: string | Unknown, end: End = 'timed-out', cut: readonly number[] = [], proxy = false): Promise<Fact<string>> =>
    askOpossum(
      {
        ...network(() => (typeof answer === 'string' ? chunked(Buffer.from(answer), cut) : []), end),
        ...(typeof answer === 'string' ? {} : { connect: async () => answer }),
      },
      { address: '192.0.2.1', host: 'h', port: 80, ...(proxy ? { proxy: { kind: 'http', host: 'p', port: 1 } } : {}) },
      500,
      new AbortController().signal,
      origin,
    );
  const UPGRADED = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: TLS/1.0, HTTP/1.1\r\n\r\n';

  test('an upgrade is one, however it is cut', async () => {
    for (const cut of [[], [20], [12], [40, 60], Array.from({ length: 80 }, (_, index) => index)])
      expect(verdict(await ask(UPGRADED, 'timed-out', cut))).toBe('vulnerable');
  });

  test.each<[string, string | Unknown, End, boolean, string]>([
    ['no upgrade', 'HTTP/1.1 200 OK\r\n\r\n', 'timed-out', false, 'safe'],
    ['the end', '', 'end', false, 'unknown'],
    ['silence', '', 'timed-out', false, 'unknown'],
    ['a reset', '', 'reset', false, 'unknown'],
    ['no HTTP', 'SSH-2.0-OpenSSH\r\n', 'timed-out', false, 'unknown'],
    ['a status cut short', 'HTTP/1.1 2', 'end', false, 'unknown'],
    ['101 to something that is not said', 'HTTP/1.1 101 Sure\r\n\r\n', 'timed-out', false, 'unknown'],
    ['a closed port', unknown('refused', 'ECONNREFUSED'), 'end', false, 'safe'],
    ['a proxy that refuses', unknown('refused', 'proxy: HTTP/1.1 403 Forbidden'), 'end', true, 'unknown'],
    ['an unreachable port', unknown('unreachable', 'EHOSTUNREACH'), 'end', false, 'unknown'],
  ])('%s', async (_, answer, end, proxy, expected) => {
    expect(verdict(await ask(answer, end, [], proxy))).toBe(expected);
  });
});
