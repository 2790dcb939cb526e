import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../test/support/servers/daemon.ts';
import { NGINX_PRESETS, startNginx } from '../test/support/servers/nginx.ts';

/**
 * TLS scanners side by side on one nginx in one run: wall time, CPU, connections, peak memory and suites found, over loopback
 * and through a proxy that adds a round trip. `npm run build && node bench/tls.ts [runs] [round trip in ms] [fleet size]`
 */
const [runs = 5, roundTrip = 50, fleet = 1000] = process.argv.slice(2).map(Number);
const root = fileURLToPath(new URL('..', import.meta.url));
if (!existsSync(join(root, 'dist', 'cli.mjs'))) throw new Error('npm run build first');
const directory = mkdtempSync(join(tmpdir(), 'custos-bench-tls-'));
const custos = installed();
// Its compile cache is one of a user's own, warm after the first run.
const environment = { ...process.env, XDG_CACHE_HOME: join(directory, 'cache') };

interface Tool {
  readonly name: string;
  readonly command: (port: number, output: string) => readonly string[];
  /** Pairs of version and suite that it found; absent where it lists none. */
  readonly suites?: (stdout: string, output: string) => number;
  /** Slow ones are run once. */
  readonly once?: boolean;
}

const TOOLS: readonly Tool[] = [
  {
    name: 'custos',
    command: (port, output) => [process.execPath, custos, 'scan', `tls://127.0.0.1:${port}`, '-q', '-f', `json=${output}`],
    suites: (_, output) => countSuites(JSON.parse(readFileSync(output, 'utf8'))),
  },
  {
    name: 'sslscan',
    command: (port) => ['sslscan', '--xml=-', '--no-colour', `127.0.0.1:${port}`],
    suites: (stdout) => [...stdout.matchAll(/<cipher /g)].length,
  },
  {
    name: 'nmap ssl-enum-ciphers',
    command: (port) => ['nmap', '-Pn', '-n', '-p', String(port), '--script', 'ssl-enum-ciphers', '127.0.0.1'],
    suites: (stdout) => [...stdout.matchAll(/^\| {7}(?:TLS|SSL)_/gm)].length,
  },
  {
    name: 'testssl.sh',
    once: true,
    command: (port, output) => ['testssl', '--quiet', '--color', '0', '--warnings', 'off', '--jsonfile', output, `127.0.0.1:${port}`],
  },
];

function countSuites(assessment: {
  readonly endpoints: readonly { readonly suites: readonly { readonly versions: readonly string[] }[] }[];
}): number {
  return assessment.endpoints.flatMap(({ suites }) => suites.flatMap(({ versions }) => versions)).length;
}

/** The command as a package has it: without sources, which it would prefer. */
function installed(): string {
  const at = join(directory, 'package');
  for (const part of ['bin', 'dist', 'controls', 'profiles', 'package.json']) cpSync(join(root, part), join(at, part), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(at, 'node_modules'));
  return join(at, 'bin', 'custos.cjs');
}

interface Measured {
  readonly wall: number;
  readonly cpu: number;
  readonly memory: number;
  readonly suites: number | undefined;
}

/** Runs a command and tells what the kernel counted (GNU time: seconds, and the largest process in kB). */
function measure({ command, suites }: Tool, port: number): Measured {
  const [output, times] = [join(directory, `out-${Math.random()}.json`), join(directory, 'times')];
  const run = spawnSync('/usr/bin/time', ['-o', times, '-f', '%e %U %S %M', ...command(port, output)], {
    encoding: 'utf8',
    maxBuffer: 1e8,
    env: environment,
  });
  const [wall = 0, user = 0, system = 0, memory = 0] = (readFileSync(times, 'utf8').trim().split('\n').at(-1) ?? '').split(' ').map(Number);
  return { wall, cpu: user + system, memory: Math.round(memory / 1024), suites: suites?.(run.stdout, output) };
}

/** The best of several runs: what else the machine did can only have made it slower. */
function best(runs: readonly Measured[], what: 'wall' | 'cpu'): number {
  return Math.min(...runs.map((run) => run[what]));
}

/** Connections that nginx has accepted. */
async function accepted(port: number): Promise<number> {
  const page = await (await fetch(`http://127.0.0.1:${port}/status`, { headers: { connection: 'close' } })).text();
  return Number(/\n (\d+) \d+ \d+/.exec(page)?.[1] ?? 0);
}

async function compare(name: string, preset: 'permissive' | 'intermediate'): Promise<void> {
  const server = await startNginx({
    ...(preset === 'intermediate' ? NGINX_PRESETS.intermediate : {}),
    plain: ['location /status { stub_status; }'],
  });
  const [tls = 0, plain = 0] = server.ports;
  const proxy = spawn(process.execPath, [join(root, 'bench', 'delay-proxy.ts'), '0', `127.0.0.1:${tls}`, String(roundTrip)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  try {
    const far = await new Promise<number>((resolve) =>
      proxy.stdout.once('data', (line: Buffer) => resolve(Number(/^[\d.]+:(\d+)/.exec(line.toString())?.[1]))),
    );
    process.stdout.write(
      `\n### ${name}\n\n| tool | loopback | CPU | connections | peak memory | protocol × suite | ${roundTrip} ms round trip |\n|---|---|---|---|---|---|---|\n`,
    );
    for (const tool of TOOLS) {
      const before = await accepted(plain);
      const near = Array.from({ length: tool.once === true ? 1 : runs }, () => measure(tool, tls));
      // The question itself is a connection, too.
      const connections = Math.round(((await accepted(plain)) - before - 1) / near.length);
      const distant = Array.from({ length: tool.once === true ? 1 : Math.min(runs, 3) }, () => measure(tool, far));
      const seconds = (value: number): string => `${value.toFixed(2)} s`;
      process.stdout.write(
        `| ${tool.name} | ${seconds(best(near, 'wall'))} | ${seconds(best(near, 'cpu'))} | ${connections} | ${Math.max(...near.map(({ memory }) => memory))} MB | ${near[0]?.suites ?? 'not counted'} | ${seconds(best(distant, 'wall'))} |\n`,
      );
    }
  } finally {
    proxy.kill('SIGKILL');
    await server.stop();
  }
}

/** How many descriptors each child of a process has open; none once it has ended. */
function descriptorsBelow(pid: number | undefined): readonly number[] {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ');
    return children.flatMap((child) => (child === '' ? [] : [readdirSync(`/proc/${child}/fd`).length]));
  } catch {
    return [];
  }
}

/** Many endpoints in one run: every address of 127.0.0.0/8 reaches the one nginx. */
async function manyEndpoints(): Promise<void> {
  const port = await freePort();
  const server = await startNginx({ ...NGINX_PRESETS.intermediate, directives: [`listen 0.0.0.0:${port} ssl;`] });
  try {
    const targets = Array.from(
      { length: fleet },
      (_, index) =>
        `  - { id: host-${String(index + 1).padStart(4, '0')}, tls: "127.0.${1 + Math.floor(index / 250)}.${1 + (index % 250)}:${port}" }`,
    );
    const file = join(directory, 'custos.yaml');
    writeFileSync(file, `targets:\n${targets.join('\n')}\n`);
    const output = join(directory, 'fleet.json');
    const times = join(directory, 'times');
    const run = spawn(
      '/usr/bin/time',
      ['-o', times, '-f', '%e %U %S %M', process.execPath, custos, 'scan', '-q', '-c', file, '--concurrency', '64', '-f', `json=${output}`],
      { env: environment, stdio: 'ignore' },
    );
    const counts: number[] = [];
    const watch = setInterval(() => counts.push(...descriptorsBelow(run.pid)), 100);
    await once(run, 'exit');
    clearInterval(watch);
    const [wall = 0, user = 0, system = 0, memory = 0] = (readFileSync(times, 'utf8').trim().split('\n').at(-1) ?? '')
      .split(' ')
      .map(Number);
    const assessment: { readonly endpoints: readonly { readonly connections: number }[] } = JSON.parse(readFileSync(output, 'utf8'));
    const connections = assessment.endpoints.reduce((sum, one) => sum + one.connections, 0);
    process.stdout.write(
      `\n### ${fleet} endpoints in one run\n\n| endpoints | wall | CPU | connections | peak memory | open descriptors: most, at the end |\n|---|---|---|---|---|---|\n| ${assessment.endpoints.length} | ${wall.toFixed(1)} s | ${(user + system).toFixed(1)} s | ${connections} | ${Math.round(memory / 1024)} MB | ${Math.max(...counts)}, ${counts.at(-1)} |\n`,
    );
  } finally {
    await server.stop();
  }
}

try {
  process.stdout.write(`Node ${process.versions.node}, best of ${runs} runs\n`);
  await compare('nginx as Debian configures it', 'permissive');
  await compare('nginx by Mozilla intermediate', 'intermediate');
  if (fleet > 0) await manyEndpoints();
} finally {
  rmSync(directory, { recursive: true, force: true });
}
