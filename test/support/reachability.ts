import { execFileSync, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { networkFilterPart } from '../../src/collect/host/network-filter.ts';
import type { Fact, FactValue } from '../../src/model/fact.ts';
import { hostContext } from './host.ts';
import { plain } from './collect.ts';

/**
 * Run as a program in a network namespace of its own (`unshare -n`): for each packet filter of its input, what the collector says of
 * the sockets that listen, and what really happens to a stranger who knocks. `peer` as its argument: the stranger.
 */
export interface ReachabilityCase {
  readonly program: 'nft' | 'iptables-restore' | 'ip6tables-restore';
  readonly text: string;
}

export interface ReachabilityResult {
  readonly policies: Readonly<Record<string, unknown>>;
  readonly ports: readonly { readonly port: number; readonly said: unknown; readonly reached: boolean }[];
}

const PORTS = [22, 80, 5432, 8080];
/** One address of the Internet each from far apart, as the collector tries them; and the same of IPv6. */
const STRANGERS = ['9.77.143.201', '130.77.143.201', '203.77.143.201', '2a01:4d8f::c9'];
const PATIENCE = 400;

if (process.argv[1] === fileURLToPath(import.meta.url)) await (process.argv[2] === 'peer' ? peer() : host());

/** Knocks from each address at each port that it is told, and says which let it in. */
async function peer(): Promise<void> {
  for await (const line of createInterface({ input: process.stdin })) {
    const ports: readonly number[] = JSON.parse(line);
    const reached = await Promise.all(
      ports.map(async (port) => (await Promise.all(STRANGERS.map((from) => knock(from, port)))).some(Boolean)),
    );
    process.stdout.write(`${JSON.stringify(reached)}\n`);
  }
}

function knock(from: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: from.includes(':') ? 'fd77::1' : '192.0.2.1', port, localAddress: from });
    const end = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(PATIENCE, () => end(false));
    socket.once('connect', () => end(true)).once('error', () => end(false));
  });
}

/** Of what `ip link show` writes. */
function macIn(text: string): string {
  return /link\/ether ([0-9a-f:]{17})/.exec(text)?.[1] ?? '';
}

async function host(): Promise<void> {
  const cases: readonly ReachabilityCase[] = JSON.parse(readFileSync(0, 'utf8'));
  const ip = (line: string): string => execFileSync('ip', line.split(' '), { encoding: 'utf8' });
  const self = fileURLToPath(import.meta.url);
  const stranger = spawn('unshare', ['-n', process.execPath, self, 'peer'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const answers = createInterface({ input: stranger.stdout })[Symbol.asyncIterator]();
  const there = (line: string): string =>
    execFileSync('nsenter', ['-t', String(stranger.pid), '-n', 'ip', ...line.split(' ')], { encoding: 'utf8' });
  await separated(stranger.pid ?? 0);
  ip('link set lo up');
  ip(`link add eth0 type veth peer name eth0 netns ${stranger.pid}`);
  ip('addr add 192.0.2.1/24 dev eth0');
  ip('addr add fd77::1/64 dev eth0 nodad');
  ip('link set eth0 up');
  there('link set lo up');
  there('addr add 192.0.2.2/24 dev eth0');
  there('addr add fd77::2/64 dev eth0 nodad');
  there('link set eth0 up');
  for (const address of STRANGERS)
    there(`addr add ${address}/${address.includes(':') ? 128 : 32} dev lo${address.includes(':') ? ' nodad' : ''}`);
  // Neighbours for good: on a busy machine looking for one takes longer than a knock may.
  const [here, away] = [macIn(ip('link show eth0')), macIn(there('link show eth0'))];
  for (const [run, mac, addresses] of [
    [ip, away, ['192.0.2.2', 'fd77::2']],
    [there, here, ['192.0.2.1', 'fd77::1']],
  ] as const)
    for (const address of addresses) run(`neigh replace ${address} lladdr ${mac} dev eth0 nud permanent`);
  ip('route add default via 192.0.2.2');
  ip('-6 route add default via fd77::2');
  const servers = await Promise.all(
    PORTS.map((port) => {
      const server = createServer((socket) => socket.destroy());
      return new Promise<typeof server>((resolve) => server.listen(port, '::', () => resolve(server)));
    }),
  );
  const results: ReachabilityResult[] = [];
  for (const { program, text } of cases) {
    execFileSync('nft', ['flush', 'ruleset']);
    execFileSync(program, program === 'nft' ? ['-f', '-'] : [], { input: text });
    const { resources } = await networkFilterPart.read(hostContext());
    const { services, ...facts } = resources[0]?.facts ?? {};
    const said = services?.state === 'known' && Array.isArray(services.value) ? services.value : [];
    stranger.stdin.write(`${JSON.stringify(PORTS)}\n`);
    const reached: readonly boolean[] = JSON.parse((await answers.next()).value ?? '[]');
    results.push({
      policies: Object.fromEntries(Object.entries(facts).map(([name, fact]) => [name, plain(fact)])),
      ports: PORTS.map((port, index) => ({ port, said: reachable(said, port), reached: reached[index] === true })),
    });
  }
  process.stdout.write(JSON.stringify(results));
  stranger.stdin.end();
  for (const server of servers) server.close();
}

/** The stranger is in a namespace of its own only once `unshare` has made it. */
async function separated(pid: number): Promise<void> {
  const { readlinkSync } = await import('node:fs');
  for (let tries = 0; tries < 200; tries += 1) {
    if (readlinkSync(`/proc/${pid}/ns/net`) !== readlinkSync('/proc/self/ns/net')) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error('no network namespace for the stranger');
}

function reachable(services: readonly Fact<FactValue>[], port: number): unknown {
  const found = services
    .map((one) => plain(one))
    .find((one) => typeof one === 'object' && one !== null && 'port' in one && one.port === port);
  return typeof found === 'object' && found !== null && 'reachable' in found ? found.reachable : 'not listed';
}
