import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { program } from './available.ts';
import { temporaryDirectory } from './temporary-directory.ts';

/** A server under test, as the tests see it. */
export interface Server {
  readonly host: string;
  readonly port: number;
  stop(): Promise<void>;
}

/** A server that is another program. */
export interface Daemon extends Server {
  readonly directory: string;
  /** All its ports; `port` is the first. */
  readonly ports: readonly number[];
  readonly pid: number;
  /** What it has written so far, for failure messages. */
  log(): string;
}

export interface DaemonSpec {
  readonly command: readonly [string, ...string[]];
  readonly env?: Readonly<Record<string, string>>;
  /** Sent first, for those that would leave something behind when killed; SIGKILL follows in any case. */
  readonly signal?: NodeJS.Signals;
  /** More files of the directory that belong to the log. */
  readonly logs?: readonly string[];
}

export const HOST = '127.0.0.1';

/**
 * The daemon keeps its process id through exec; beside it waits a watcher, which kills the whole group when our end of
 * its pipe closes: when we stop it, and when we die, however we die. No daemon outlives the run of the tests. The same
 * pipe is the daemon's stdin, because s_server ends when it reads an end of file there.
 */
const WATCHED = 'exec 3<&0; { read -r _ <&3; kill -KILL 0; } >/dev/null 2>&1 & exec "$@" 3<&-';

/** A port nobody listens on, below those the kernel gives to outgoing connections, so none of these can take it meanwhile. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 12_000 + Math.floor(Math.random() * 20_000);
    const free = await new Promise<boolean>((resolve) => {
      const server = createServer();
      server.once('error', () => resolve(false));
      server.listen({ port, host: HOST, exclusive: true }, () => server.close(() => resolve(true)));
    });
    if (free) return port;
  }
}

async function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: HOST });
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

function ended(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

/**
 * Starts a program on free loopback ports in a new directory and waits until it listens on all of them. `prepare` writes
 * the configuration and tells the command.
 */
export async function startDaemon(
  name: string,
  ports: number,
  prepare: (directory: string, ports: readonly number[]) => DaemonSpec | Promise<DaemonSpec>,
  seconds = 20,
): Promise<Daemon> {
  const directory = temporaryDirectory(name);
  const chosen: number[] = [];
  while (chosen.length < ports) chosen.push(await freePort());
  const spec = await prepare(directory, chosen);
  const [command, ...args] = spec.command;

  const file = join(directory, 'output.log');
  const output = openSync(file, 'a');
  const child = spawn('/bin/sh', ['-c', WATCHED, 'sh', program(command), ...args], {
    cwd: directory,
    detached: true,
    env: { ...process.env, LC_ALL: 'C', ...spec.env },
    stdio: ['pipe', output, output],
  });
  closeSync(output);
  // Nothing of the child may keep the tests from ending.
  child.unref();
  const { pid, stdin: leash } = child;
  if (pid === undefined || leash === null) throw new Error(`${name}: cannot run /bin/sh`);
  leash.on('error', () => {});

  const log = (): string => [file, ...(spec.logs ?? []).map((one) => join(directory, one))].map(contents).join('');
  const stop = async (): Promise<void> => {
    child.ref();
    const gone = ended(child) ? Promise.resolve() : new Promise<void>((resolve) => void child.once('exit', () => resolve()));
    if (spec.signal !== undefined && child.kill(spec.signal)) await Promise.race([gone, delay(3_000)]);
    killGroup(pid);
    leash.destroy();
    await gone;
    rmSync(directory, { recursive: true, force: true, maxRetries: 3 });
  };

  const deadline = Date.now() + seconds * 1_000;
  const waiting = new Set(chosen);
  while (waiting.size > 0) {
    if (ended(child) || Date.now() > deadline) {
      const why = ended(child) ? `ended with ${child.exitCode ?? child.signalCode}` : `does not listen after ${seconds} s`;
      const written = log();
      await stop();
      throw new Error(`${name} ${why}:\n${written}`);
    }
    for (const port of waiting) if (await listens(port)) waiting.delete(port);
    if (waiting.size > 0) await delay(20);
  }
  return { host: HOST, port: chosen[0] ?? 0, ports: chosen, pid, directory, log, stop };
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // All of it has ended already.
  }
}

function contents(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
