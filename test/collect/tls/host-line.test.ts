import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { DEFAULT_LIMITS, HostGate, HostGates, type Limits } from '../../../src/collect/limits.ts';
import { HostLine } from '../../../src/collect/tls/host-line.ts';
import { unknown } from '../../../src/model/fact.ts';
import { joined, uint, vector } from '../../../src/tls/bytes.ts';
import type { HelloQuestion } from '../../../src/tls/client-hello.ts';
import { fakeNetwork, type FakeNetwork, type Reply } from '../../support/fake-network.ts';
import { record, serverHello } from '../../support/servers/wire.ts';

const QUESTION: HelloQuestion = { protocol: 'TLSv1.2', suites: [0x002f] };
const HELLO: Reply = {
  bytes: record(22, 0x0303, serverHello({ version: 0x0303, random: Buffer.alloc(32, 1), suite: 0x002f })),
  then: 'end',
};
const alert = (code: number): Reply => ({ bytes: joined([21], uint(0x0303, 2), vector(2, [2, code])), then: 'end' });
const SILENCE: Reply = { then: 'silence' };
const CLOSED: Reply = { then: 'end' };
const RESET: Reply = { then: 'reset' };

function lineTo(network: FakeNetwork, limits: Partial<Limits> = {}, signal: AbortSignal = new AbortController().signal): HostLine {
  const all: Limits = { ...DEFAULT_LIMITS, connect: 200, firstByte: 50, idle: 50, ...limits };
  return new HostLine(network, { address: '192.0.2.1', port: 443, name: 'host.example' }, all, new HostGate(all), signal);
}
/** Replies by the connection's number; the last goes on. */
const inOrder = (...replies: readonly Reply[]): FakeNetwork => fakeNetwork((_, number) => replies[number - 1] ?? replies.at(-1) ?? SILENCE);
const many = <T>(count: number, make: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => make(index)));

describe('a gate', () => {
  test('lets so many in at once, in the order they came', async () => {
    const gate = new HostGate({ atOnce: 3 });
    let inside = 0;
    let peak = 0;
    const order: number[] = [];
    await many(20, async (index) => {
      await gate.enter();
      order.push(index);
      inside += 1;
      peak = Math.max(peak, inside);
      await delay(1);
      inside -= 1;
      gate.leave();
    });
    expect(peak).toBe(3);
    expect(order).toEqual(order.toSorted((a, b) => a - b));
  });

  test('lets so many in a second', async () => {
    const gate = new HostGate({ atOnce: 50, perSecond: 100 });
    const started = performance.now();
    const times = await many(20, async () => {
      await gate.enter();
      return performance.now() - started;
    });
    for (const [index, time] of times.entries()) expect(time).toBeGreaterThanOrEqual(index * 10 - 2);
    expect(times.at(-1)).toBeLessThan(1_000);
  });

  test('is one for each address, and none is kept', () => {
    const gates = new HostGates(DEFAULT_LIMITS);
    const [a, b, other] = [gates.of('192.0.2.1'), gates.of('192.0.2.1'), gates.of('192.0.2.2')];
    expect(a.gate).toBe(b.gate);
    expect(other.gate).not.toBe(a.gate);
    a.done();
    expect(gates.of('192.0.2.1').gate).toBe(b.gate);
    for (const one of [b, other, gates.of('192.0.2.1')]) one.done();
    gates.of('192.0.2.1').done();
    b.done();
    expect(gates.of('192.0.2.1').gate).not.toBe(a.gate);
  });
});

describe('one exchange is one connection', () => {
  test('so many at once, and each is closed', async () => {
    const network = fakeNetwork(() => ({ ...HELLO, after: 5 }));
    const line = lineTo(network, { atOnce: 4 });
    const answers = await many(30, () => line.ask(QUESTION));
    expect(answers.every(({ kind }) => kind === 'hello')).toBe(true);
    expect([network.made, network.open, network.peak]).toEqual([30, 0, 4]);
  });

  test('so many in all: what would need more says so', async () => {
    const network = inOrder(HELLO);
    const line = lineTo(network, { connections: 5 });
    const answers = await many(12, () => line.ask(QUESTION));
    expect(answers.filter(({ kind }) => kind === 'hello').length).toBe(5);
    for (const answer of answers.filter(({ kind }) => kind !== 'hello'))
      expect(answer).toMatchObject({ kind: 'unreachable', why: { cause: 'not-collected' } });
    expect([network.made, line.made]).toEqual([5, 5]);
    expect(await line.alive(line.clock)).toBe(false);
    expect(await line.ask(QUESTION)).toMatchObject({ why: { cause: 'not-collected' } });
  });

  test('what throws in between closes its connection and lets the next in', async () => {
    const network = inOrder(HELLO);
    const line = lineTo(network, { atOnce: 1 });
    await expect(line.use(() => Promise.reject(new Error('a fault of ours')))).rejects.toThrow('a fault of ours');
    expect(network.open).toBe(0);
    expect(await line.ask(QUESTION)).toMatchObject({ kind: 'hello' });
  });

  test('a port that is closed is unreachable, with its cause', async () => {
    const network = fakeNetwork(
      () => HELLO,
      () => unknown('refused', '192.0.2.1:443: ECONNREFUSED'),
    );
    expect(await lineTo(network).ask(QUESTION)).toMatchObject({ kind: 'unreachable', why: { cause: 'refused' } });
    expect(network.open).toBe(0);
  });
});

describe('only what comes twice is the server’s word', () => {
  test.each<[string, readonly Reply[], string, number]>([
    ['a reset, then a hello', [RESET, HELLO], 'hello', 2],
    ['an end, then a hello', [CLOSED, HELLO], 'hello', 2],
    ['an internal error, then a hello', [alert(80), HELLO], 'hello', 2],
    ['a reset, then an alert', [RESET, alert(40)], 'alert', 2],
    ['two resets', [RESET, RESET], 'reset', 2],
    ['two ends', [CLOSED, CLOSED], 'closed', 2],
    ['an alert', [alert(40)], 'alert', 1],
    ['silence', [SILENCE, HELLO], 'timed-out', 1],
    ['a reset, then silence', [RESET, SILENCE], 'timed-out', 2],
    ['an internal error, then silence', [alert(80), SILENCE], 'timed-out', 2],
    ['garbage', [{ bytes: new TextEncoder().encode('HTTP/1.1 400 Bad Request'), then: 'end' }], 'malformed', 1],
  ])('%s', async (_, replies, kind, made) => {
    const network = inOrder(...replies);
    expect(await lineTo(network).ask(QUESTION)).toMatchObject({ kind });
    expect(network.made).toBe(made);
  });
});

describe('a host that goes silent', () => {
  test('from the start is left in bounded time and connections', async () => {
    const network = fakeNetwork(() => SILENCE, undefined, { realSilence: true });
    const line = lineTo(network, { atOnce: 4, firstByte: 20 });
    const started = performance.now();
    const answers = await many(100, () => line.ask(QUESTION));
    expect(answers.every(({ kind }) => kind === 'timed-out')).toBe(true);
    expect(performance.now() - started).toBeLessThan(1_000);
    expect(network.made).toBeLessThanOrEqual(100);
    const before = network.made;
    expect(await line.ask(QUESTION)).toEqual({ kind: 'timed-out' });
    expect(network.made).toBe(before);
  });

  test('one question after the other: four silences, one last try by what it answered before', async () => {
    const network = inOrder(HELLO, SILENCE);
    const line = lineTo(network);
    for (let index = 0; index < 20; index += 1) await line.ask(QUESTION);
    expect(network.made).toBe(1 + 4 + 1);
    expect(await line.use(async () => 'done')).toMatchObject({ cause: 'timed-out', detail: 'the host stopped answering' });
  });

  test('to some questions only is asked on', async () => {
    const network = fakeNetwork((first) => (first.length > 300 ? SILENCE : HELLO));
    const line = lineTo(network);
    const long: HelloQuestion = { ...QUESTION, suites: Array.from({ length: 110 }, (_, index) => index + 1) };
    for (let index = 0; index < 3; index += 1) expect(await line.ask(QUESTION)).toMatchObject({ kind: 'hello' });
    for (let index = 0; index < 12; index += 1) expect(await line.ask(long)).toEqual({ kind: 'timed-out' });
    expect(await line.ask(QUESTION)).toMatchObject({ kind: 'hello' });
  });

  test('when the run is stopped, nothing further is made and nothing stays open', async () => {
    const network = fakeNetwork(() => SILENCE, undefined, { realSilence: true });
    const abort = new AbortController();
    const line = lineTo(network, { atOnce: 2, firstByte: 60_000, idle: 60_000 }, abort.signal);
    const asked = many(50, () => line.ask(QUESTION));
    await delay(20);
    abort.abort();
    const answers = await asked;
    // Two were under way; of the others it is said that the run was interrupted, not that the host was silent.
    const told = answers.map((answer) => (answer.kind === 'unreachable' ? answer.why.cause : answer.kind));
    expect(Map.groupBy(told, (one) => one).get('timed-out')).toHaveLength(2);
    expect(Map.groupBy(told, (one) => one).get('interrupted')).toHaveLength(48);
    expect([network.made, line.made, network.open]).toEqual([2, 2, 0]);
  });
});

describe('is it alive?', () => {
  test('not where it never answered, nor where what it answered before goes unanswered', async () => {
    const never = lineTo(inOrder(CLOSED));
    await never.ask(QUESTION);
    expect(await never.alive(never.clock)).toBe(false);
    const gone = lineTo(inOrder(HELLO, CLOSED));
    await gone.ask(QUESTION);
    await gone.ask(QUESTION);
    expect(await gone.alive(gone.clock)).toBe(false);
    expect(await gone.ask(QUESTION)).toEqual({ kind: 'timed-out' });
  });

  test('where it answers again, by one more connection and not two', async () => {
    const network = inOrder(HELLO, RESET, RESET, HELLO);
    const line = lineTo(network);
    await line.ask(QUESTION);
    await line.ask(QUESTION);
    const moment = line.clock;
    expect(await Promise.all([line.alive(moment), line.alive(moment), line.alive(moment)])).toEqual([true, true, true]);
    expect(network.made).toBe(4);
    expect(await line.alive(moment)).toBe(true);
    expect(network.made).toBe(4);
  });

  test('by one accident among the answers it is not gone', async () => {
    const line = lineTo(inOrder(HELLO, CLOSED, CLOSED, RESET, HELLO));
    await line.ask(QUESTION);
    await line.ask(QUESTION);
    expect(await line.alive(line.clock)).toBe(true);
  });

  test('an answer that was under way before is no sign of life', async () => {
    // The second connection answers late; meanwhile the host has begun to close every new one.
    const network = fakeNetwork((_, number) => (number === 1 ? HELLO : number === 2 ? { ...HELLO, after: 40 } : CLOSED));
    const line = lineTo(network, { firstByte: 500 });
    await line.ask(QUESTION);
    const late = line.ask(QUESTION);
    await delay(5);
    expect(await line.ask(QUESTION)).toMatchObject({ kind: 'closed' });
    const moment = line.clock;
    expect(await late).toMatchObject({ kind: 'hello' });
    expect(await line.alive(moment)).toBe(false);
  });
});
