import { expect, test } from 'vitest';
import { look, type Seen } from '../support/live.ts';
import { verdictsOf, withOutcome } from '../support/live-verdicts.ts';
import { keeper } from '../support/run-servers.ts';
import { startHelloServer, type HelloServerOptions } from '../support/servers/hello-server.ts';
import { HOSTILITIES, startHostileServer } from '../support/servers/hostile-server.ts';
import { startScriptedServer, type Limit, type ScriptedServer } from '../support/servers/scripted-server.ts';

const kept = keeper();
const LIMITS = { connect: 600, firstByte: 600, idle: 400, host: 8_000 };
const looked = async (starting: Promise<ScriptedServer>): Promise<Seen> =>
  look((await kept(starting)).port, { limits: LIMITS, options: { probes: 'odd,intrusive' } });
const passes = async (seen: Seen): Promise<readonly string[]> => withOutcome(await verdictsOf(seen), 'pass');

test.each([40, 70, 71, 80])(
  'a host that answers every hello with alert %i passes nothing, and is spared nothing but what clients do',
  async (code) => {
    const seen = await looked(
      startScriptedServer(async (connection) => {
        await connection.take(1);
        connection.refuse(code);
      }),
    );
    expect(seen.whole('protocols')).toEqual([]);
    expect(seen.certificates).toEqual([]);
    const findings = await verdictsOf(seen);
    expect(withOutcome(findings, 'pass')).toEqual([]);
    expect(withOutcome(findings, 'error')).toEqual([]);
    // TLS-12 is about connections to back ends.
    expect(withOutcome(findings, 'not-applicable')).toEqual(['TLS-12']);
  },
);

test('hostile servers pass nothing but by what they said', async () => {
  const found: [string, readonly string[]][] = [];
  for (const hostility of HOSTILITIES) found.push([hostility, await passes(await looked(startHostileServer(hostility)))]);
  const hello = ['half-silence', 'half-close', 'endless', 'huge-certificate', 'tiny-records'];
  expect(found.filter(([hostility, ids]) => ids.length > 0 && !hello.includes(hostility))).toEqual([]);
  // Their hello refuses TLS 1.3, and with it early data.
  for (const [hostility, ids] of found) if (hello.includes(hostility)) expect([hostility, ids]).toEqual([hostility, ['TLS-17']]);
}, 90_000);

test('a server that stops answering half-way passes nothing that it fails when it is heard out', async () => {
  const options: HelloServerOptions = {
    tls13: {},
    suites: [0xc02f, 0xc030, 0x0005, 0x000a, 0x0014, 0x002f],
    dh: 'modp1',
    compressions: [1],
  };
  const whole = new Set(await passes(await looked(startHelloServer(options))));
  const looks = (['silence', 'reset', 'close'] as const).flatMap((then) =>
    [1, 4, 9, 16, 25, 36].map(async (connections) => {
      const limit: Limit = { connections, then };
      return [then, connections, await passes(await looked(startHelloServer({ ...options, limit })))] as const;
    }),
  );
  for (const [then, connections, ids] of await Promise.all(looks))
    expect([then, connections, ids.filter((id) => !whole.has(id))]).toEqual([then, connections, []]);
}, 60_000);
