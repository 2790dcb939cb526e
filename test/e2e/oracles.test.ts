import { expect, test } from 'vitest';
import { BRISK, look, type Seen } from '../support/live.ts';
import { keeper } from '../support/run-servers.ts';
import {
  CBC_ORACLES,
  startCbcOracleServer,
  type CbcOracle,
  type CbcOracleOptions,
  type Reaction,
} from '../support/servers/cbc-oracle-server.ts';
import { startEarlyCcsServer } from '../support/servers/early-ccs-server.ts';
import { startHeartbeatServer } from '../support/servers/heartbeat-server.ts';
import { startRobotServer, type RobotServerOptions } from '../support/servers/robot-server.ts';
import { startScriptedServer, type ScriptedServer } from '../support/servers/scripted-server.ts';
import { startTicketbleedServer } from '../support/servers/ticketbleed-server.ts';

const kept = keeper();
const looked = async (starting: Promise<ScriptedServer>, probes: string): Promise<Seen> =>
  look((await kept(starting)).port, { limits: BRISK, options: { probes } });
const timedOut = { unknown: 'timed-out' };

test.concurrent('no probe is made unasked, and its class is out of reach then', async () => {
  const seen = await look((await kept(startHeartbeatServer({ heartbeat: 'vulnerable' }))).port, { limits: BRISK });
  for (const name of ['heartbleed', 'early_ccs', 'client_renegotiation', 'opossum', 'robot', 'ticketbleed', 'padding_oracles'])
    expect(seen.get(name), name).toBeUndefined();
  expect(Object.keys(seen.record.coverage)).toEqual(['certificate', 'tls.listener']);
  const both = await looked(startHeartbeatServer({ heartbeat: 'absent' }), 'odd,intrusive');
  expect(Object.keys(both.record.coverage)).toEqual(['certificate', 'tls.listener', 'tls.listener#intrusive', 'tls.listener#odd']);
});

test.concurrent('Heartbleed', async () => {
  const of = async (heartbeat: 'vulnerable' | 'fixed' | 'absent'): Promise<unknown> =>
    (await looked(startHeartbeatServer({ heartbeat }), 'odd')).get('heartbleed');
  expect(await Promise.all([of('vulnerable'), of('fixed'), of('absent')])).toEqual(['vulnerable', 'safe', 'safe']);
});

test.concurrent('early ChangeCipherSpec', async () => {
  const kinds = ['vulnerable', 'vulnerable-old', 'alert', 'close', 'reset', 'silence'] as const;
  const answers = await Promise.all(kinds.map(async (ccs) => (await looked(startEarlyCcsServer({ ccs }), 'odd')).get('early_ccs')));
  expect(answers).toEqual(['vulnerable', 'vulnerable', 'safe', 'safe', 'safe', timedOut]);
});

const ROBOTS: readonly (readonly [RobotServerOptions, unknown])[] = [
  [{ oracle: 'none' }, 'safe'],
  [{ oracle: 'strong' }, 'vulnerable'],
  [{ oracle: 'weak' }, 'vulnerable'],
  [{ oracle: 'strong', signal: 'close' }, 'vulnerable'],
  [{ oracle: 'weak', signal: 'close' }, 'vulnerable'],
  [{ oracle: 'strong', signal: 'silence' }, 'vulnerable'],
  [{ oracle: 'weak', signal: 'silence' }, 'vulnerable'],
  [{ oracle: 'strong', onlyAlone: true }, 'vulnerable'],
  [{ oracle: 'weak', onlyAlone: true }, 'vulnerable'],
  [{ oracle: 'strong', onlyAlone: true, signal: 'close' }, 'vulnerable'],
];

test.concurrent.each(ROBOTS)(
  'ROBOT %j',
  async (options, verdict) => {
    expect((await looked(startRobotServer(options), 'intrusive')).get('robot')).toEqual(verdict);
  },
  60_000,
);

test.concurrent('Ticketbleed', async () => {
  const of = async (vulnerable: boolean): Promise<unknown> =>
    (await looked(startTicketbleedServer({ vulnerable }), 'intrusive')).get('ticketbleed');
  expect(await Promise.all([of(true), of(false)])).toEqual(['vulnerable', 'safe']);
});

const NAMES: Readonly<Record<CbcOracle, readonly string[]>> = {
  none: [],
  'poodle-tls': ['POODLE-TLS'],
  'zombie-poodle': ['ZOMBIE-POODLE'],
  'zombie-poodle-alert': ['ZOMBIE-POODLE'],
  goldendoodle: ['GOLDENDOODLE'],
  'sleeping-poodle': ['SLEEPING-POODLE'],
  'zero-length': ['ZERO-LENGTH'],
  luckyminus20: ['CVE-2016-2107'],
};
const oraclesOf = async (options: CbcOracleOptions): Promise<unknown> =>
  (await looked(startCbcOracleServer(options), 'intrusive')).get('padding_oracles');

test.concurrent.each([0x0301, 0x0302, 0x0303])(
  'CBC padding oracles, best version %i',
  async (best) => {
    const names = Object.keys(CBC_ORACLES) as readonly CbcOracle[];
    const found = await Promise.all(names.map(async (oracle) => [oracle, await oraclesOf({ oracle, best })] as const));
    expect(Object.fromEntries(found)).toEqual(NAMES);
  },
  60_000,
);

test.concurrent('servers that are uniform in another way than by bad_record_mac are safe, and those that say nothing are not known to be', async () => {
  const uniform = await Promise.all((['close', 'reset', { alert: 40 }, 'silence'] as const).map((otherwise) => oraclesOf({ otherwise })));
  expect(uniform).toEqual([[], [], [], timedOut]);
}, 60_000);

test.concurrent('an oracle that shows once in three rounds is not believed', async () => {
  let records = 0;
  // A round has two records of bad padding: those of the first round alone are answered otherwise.
  const fickle = (): Reaction => ((records += 1) <= 2 ? 'close' : { alert: 20 });
  expect(await oraclesOf({ reactions: { 'bad-padding': fickle } })).toEqual({ unknown: 'unresolved' });
}, 60_000);

test.concurrent('Opossum: the clear-text port beside it turns to TLS in place', async () => {
  const { port } = await kept(startHeartbeatServer({ heartbeat: 'absent' }));
  const of = async (answer: string | undefined): Promise<unknown> => {
    const clear = await kept(
      startScriptedServer(async (connection) => {
        await connection.take(16);
        if (answer !== undefined) connection.send(Buffer.from(answer));
        if (answer === undefined) await connection.drain();
        else connection.socket.end();
      }),
    );
    const options = { probes: 'odd', http_port: String(clear.port) };
    return (await look(`https://127.0.0.1:${port}`, { limits: BRISK, options })).get('opossum');
  };
  const upgrade = 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: TLS/1.0, HTTP/1.1\r\nConnection: Upgrade\r\n\r\n';
  expect(await of(upgrade)).toBe('vulnerable');
  expect(await of('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n')).toEqual({ unknown: 'unresolved' });
  expect(await of('HTTP/1.1 200 OK\r\nUpgrade: TLS/1.2\r\nContent-Length: 0\r\n\r\n')).toBe('safe');
  expect(await of('\u0001nonsense')).toEqual({ unknown: 'unparseable' });
  expect(await of('')).toEqual({ unknown: 'unresolved' });
  expect(await of(undefined)).toEqual(timedOut);
  // Nobody said where the clear-text port is.
  const unsaid = await look(`https://127.0.0.1:${port}`, { limits: BRISK, options: { probes: 'odd' } });
  expect(unsaid.get('opossum')).toEqual({ unknown: 'unsupported' });
}, 60_000);
