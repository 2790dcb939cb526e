import { connect, createServer } from 'node:net';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { collect } from '../../src/collect/collect.ts';
import { DEFAULT_LIMITS } from '../../src/collect/limits.ts';
import { contradictions } from '../support/contradictions.ts';
import { look, tlsTarget, worldHere, type Seen } from '../support/live.ts';
import { keeper } from '../support/run-servers.ts';
import { available } from '../support/servers/available.ts';
import { certificate } from '../support/servers/certificate.ts';
import type { Daemon } from '../support/servers/daemon.ts';
import { startHelloServer } from '../support/servers/hello-server.ts';
import { NGINX_PRESETS, startNginx } from '../support/servers/nginx.ts';

const kept = keeper();

/** A relay that counts: connections in all, the most at once, when each came. */
async function counting(
  port: number,
  delay = 0,
): Promise<{
  readonly port: number;
  readonly times: readonly number[];
  readonly most: number;
  readonly open: number;
  stop(): Promise<void>;
}> {
  const times: number[] = [];
  let [open, most] = [0, 0];
  const relay = createServer({ noDelay: true }, (socket) => {
    times.push(performance.now());
    open += 1;
    // An end that came before this beginning may be told after it: what is over by then was not at once.
    setTimeout(() => (most = Math.max(most, open)), 1);
    const onward = connect({ port, host: '127.0.0.1', noDelay: true });
    socket.on('data', (bytes) => void setTimeout(() => void (onward.destroyed || onward.write(bytes)), delay));
    onward.on('data', (bytes) => void (socket.destroyed || socket.write(bytes)));
    onward.on('end', () => socket.end()).on('error', () => socket.destroy());
    socket
      .on('error', () => onward.destroy())
      .on('close', () => {
        open -= 1;
        onward.destroy();
      });
  });
  relay.listen(0, '127.0.0.1');
  await once(relay, 'listening');
  const address = relay.address() as { port: number };
  return {
    port: address.port,
    times,
    get most() {
      return most;
    },
    get open() {
      return open;
    },
    stop: async () => void (await new Promise((resolve) => relay.close(resolve))),
  };
}
const counted = async (port: number, delay?: number): ReturnType<typeof counting> => {
  const relay = await counting(port, delay);
  relays.push(relay);
  return relay;
};
const relays: { stop(): Promise<void> }[] = [];
afterAll(async () => void (await Promise.all(relays.map((relay) => relay.stop()))));

describe.skipIf(!available('nginx'))('connections to nginx', () => {
  let [modern, intermediate, untouched, permissive]: Daemon[] = [];
  beforeAll(async () => {
    modern = await startNginx(NGINX_PRESETS.modern);
    intermediate = await startNginx({ ...NGINX_PRESETS.intermediate, certificates: [certificate(), certificate({ key: 'ec' })] });
    untouched = await startNginx({});
    // As many administrators leave it, with the old versions beside: 24 pairs below TLS 1.3, 10 groups.
    permissive = await startNginx({
      protocols: 'TLSv1 TLSv1.1 TLSv1.2 TLSv1.3',
      ciphers: 'ECDHE+AES:RSA+AES:!CCM:@SECLEVEL=0',
      preferServer: true,
    });
  });
  afterAll(async () => void (await Promise.all([modern?.stop(), intermediate?.stop(), untouched?.stop(), permissive?.stop()])));

  test('at most 40 on a hardened server, 85 on a permissive one; the evidence has the number', async () => {
    for (const [server, most] of [
      [modern, 40],
      [intermediate, 40],
      [untouched, 85],
      [permissive, 85],
    ] as const) {
      const relay = await counted(server?.port ?? 0);
      const seen = await look(relay.port);
      expect(seen.connections).toBeLessThanOrEqual(most);
      expect(relay.times).toHaveLength(seen.connections);
      expect(seen.record.looked).toEqual([{ name: `127.0.0.1:${relay.port}`, as: `tls, ${seen.connections} connections` }]);
      expect(seen.openOf('suites')).toEqual([]);
    }
  });
});

describe('limits', () => {
  let port = 0;
  let whole: Seen;
  beforeAll(async () => {
    ({ port } = await kept(startHelloServer({ tls13: {}, groups: [0x001d, 0x0017, 0x0018, 0x0019] })));
    whole = await look(port);
  });

  test.each([1, 2, 3, 7, 15, 30, 45])('a hard stop at %i connections; lists that were cut short say so', async (connections) => {
    const relay = await counted(port);
    const seen = await look(relay.port, { limits: { connections } });
    expect(relay.times.length).toBe(connections);
    expect(seen.connections).toBe(connections);
    expect(contradictions(seen, whole)).toEqual([]);
    const open = seen.openOf('suites');
    const complete = Object.values(seen.suites()).flat().length === Object.values(whole.suites()).flat().length;
    expect(open.length > 0 || complete).toBe(true);
    for (const { cause, detail } of open)
      expect([cause, detail]).toEqual(['not-collected', expect.stringContaining(`more than ${connections} connections`)]);
  });

  test.each([1, 3, 8])('at most %i at once', async (atOnce) => {
    const relay = await counted(port, 10);
    const seen = await look(relay.port, { limits: { atOnce } });
    expect(relay.most).toBeLessThanOrEqual(atOnce);
    expect(relay.most).toBe(atOnce);
    expect(contradictions(seen, whole)).toEqual([]);
  });

  test('at most so many new ones a second', async () => {
    const relay = await counted(port);
    const seen = await look(relay.port, { limits: { perSecond: 40 } });
    const { times } = relay;
    expect(times.length).toBe(seen.connections);
    // Any 20 in a row take what 19 gaps take, less the jitter of two machines' clocks being one.
    for (let start = 0; start + 19 < times.length; start += 1)
      expect((times[start + 19] ?? 0) - (times[start] ?? 0)).toBeGreaterThan((19 / 40) * 1000 * 0.85);
    expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeGreaterThan(((times.length - 1) / 40) * 1000 * 0.9);
  }, 20_000);

  test('two targets on one host share its gate', async () => {
    const [one, other] = [await counted(port, 10), await counted(port, 10)];
    let [open, most] = [0, 0];
    const watch = setInterval(() => {
      open = one.open + other.open;
      most = Math.max(most, open);
    }, 1);
    const targets = [one, other].map((relay, index) => ({ ...tlsTarget(`tls://127.0.0.1:${relay.port}`), id: `t${index}` }));
    const schedule = { concurrency: 2, timeout: 60, signal: new AbortController().signal, limits: { ...DEFAULT_LIMITS, atOnce: 4 } };
    let listeners = 0;
    for await (const { resources } of collect(targets, worldHere(), schedule))
      listeners += resources.filter(({ kind }) => kind === 'tls.listener').length;
    clearInterval(watch);
    expect(listeners).toBe(2);
    expect(most).toBeLessThanOrEqual(4);
    expect(most).toBeGreaterThan(2);
  });

  test('the deadline of a host: what was learnt until then is kept', async () => {
    const relay = await counted(port, 60);
    const begin = performance.now();
    const seen = await look(relay.port, { limits: { atOnce: 2, host: 900 } });
    expect(performance.now() - begin).toBeLessThan(2_500);
    expect(contradictions(seen, whole)).toEqual([]);
    expect(seen.openOf('suites').length).toBeGreaterThan(0);
    expect(Object.values(seen.suites()).flat().length).toBeGreaterThan(0);
  });

  test('after a run the server has no connection left', async () => {
    const relay = await counted(port);
    await look(relay.port);
    for (let tries = 0; tries < 50 && relay.open > 0; tries += 1) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(relay.open).toBe(0);
  });
});
