import { spawn, type ChildProcess } from 'node:child_process';
import { accessSync, chmodSync, constants, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { unknown, type Unknown } from '../model/fact.ts';
import { COMMAND_ENVIRONMENT, commandArguments, commandEnvironment, type HostCommand } from './host-command.ts';
import type { CommandOutput, Host, HostAccess, HostAddress, HostEntry, HostFile, HostListing, HostSearch } from './host.ts';
import { runCommand } from './node-command.ts';
import { byPath } from './node-host.ts';
import type { Secret } from './secret.ts';
import { Sftp } from './sftp.ts';

type SshAddress = Extract<HostAddress, { readonly form: 'ssh' }>;

const CLIENT = '/usr/bin/ssh';
const MAX_FILE_BYTES = 8 * 1024 * 1024;
/** Milliseconds for one answer of the file system. */
const ANSWER_TIME = 20_000;

/**
 * A machine over the system's own SSH client: its files by SFTP, its commands by one connection that is shared. No configuration of the user's is
 * read (`-F none`), nothing is asked, forwarded or written, a host whose key is not known is not logged in to, and no password is ever sent.
 */
export async function sshHost(address: SshAddress, access: HostAccess, base: string): Promise<Host | Unknown> {
  const where = `${address.user}@${address.host}`;
  if (access.signal.aborted) return unknown('interrupted', where);
  const missing = missingFile(access, base);
  if (missing !== undefined) return unknown('unresolved', `${where}: ${missing} cannot be read`);
  const directory = mkdtempSync(join(tmpdir(), 'custos-ssh-'));
  chmodSync(directory, 0o700);
  const { signal } = access;
  const common = optionsOf(address, access, base, join(directory, 'control'));
  const children = new Set<ChildProcess>();
  const close = async (): Promise<void> => {
    signal.removeEventListener('abort', interrupt);
    for (const child of children) child.kill('SIGKILL');
    rmSync(directory, { recursive: true, force: true });
  };
  const master = start(['-o', 'ControlMaster=yes', ...common, '-s', '--', address.host, 'sftp'], children);
  const complaint = complaintOf(master);
  const sftp = new Sftp(master.stdout, master.stdin, Math.max(access.timeout, ANSWER_TIME));
  const interrupt = (): void => void close();
  signal.addEventListener('abort', interrupt, { once: true });
  const failed = await sftp.start();
  if (failed !== undefined) {
    await close();
    return signal.aborted ? unknown('interrupted', where) : refusalOf(where, await complaint(), failed);
  }
  const timeout = await sftp.stat(TIMEOUT, true);
  const ends = typeof timeout === 'object' && 'mode' in timeout;
  const run = (
    command: HostCommand,
    program: string,
    args: readonly string[],
    environment: Readonly<Record<string, string>>,
  ): Promise<CommandOutput | Unknown> =>
    runCommand(
      command,
      CLIENT,
      ['-o', 'ControlMaster=no', ...common, '--', address.host, remoteLine(command, program, args, environment, ends)],
      signal,
      COMMAND_ENVIRONMENT,
    );
  const programAt = async (command: HostCommand): Promise<{ readonly program: string } | Unknown | 'not-there'> => {
    for (const program of command.programs) {
      const entry = await sftp.stat(program, true);
      if (entry === 'not-there' || entry === 'end') continue;
      if ('state' in entry) return entry;
      if (entry.kind === 'file' && (entry.mode & 0o111) !== 0) return { program };
    }
    return 'not-there';
  };
  const runOf = async (
    command: HostCommand,
    values: Readonly<Record<string, string>> = {},
    secrets: Readonly<Record<string, Secret>> = {},
  ): Promise<CommandOutput | Unknown | 'not-there'> => {
    // A secret would stand in the command line there, and a directory of its own would be written.
    if (Object.keys(secrets).length > 0 || command.scratch !== undefined) return unknown('unsupported', `${command.id}: not over SSH`);
    const args = commandArguments(command, values);
    if (!('length' in args)) return unknown('unsupported', `${command.id}: no such ${args.problem}`);
    const found = await programAt(command);
    return found === 'not-there' || 'state' in found ? found : run(command, found.program, args, commandEnvironment(command, values));
  };
  // Where the server runs a program of its own in the place of every command, that one ends without a word, as if all were well.
  const who = await runOf(WHO);
  const uid = typeof who === 'object' && 'text' in who ? /^\d+(?=\n$)/.exec(who.text)?.[0] : undefined;
  const runs: typeof runOf = (command, values, secrets) =>
    uid === undefined ? Promise.resolve(unknown('refused', `${command.id}: the server runs no commands`)) : runOf(command, values, secrets);
  return {
    form: 'ssh',
    name: where,
    privileged: uid === '0',
    stat: async (path, follow = false) => settled(await sftp.stat(path, follow), path),
    read: (path) => readFile(sftp, path),
    list: async (path) => listing(settled(await sftp.list(path), path)),
    readlink: async (path) => settled(await sftp.readLink(path), path),
    search: (search) => searchOver(runs, search),
    run: runs,
    close,
  };
}

/** What hangs there must end there: closing our end of the channel ends nothing. */
const TIMEOUT = '/usr/bin/timeout';
const WHO = {
  id: 'id -u',
  programs: ['/usr/bin/id', '/bin/id'],
  args: ['-u'],
  seconds: 10,
  maxBytes: 100,
  exits: [0],
} as const satisfies HostCommand;

function optionsOf({ user, port }: SshAddress, { key, knownHosts, timeout }: HostAccess, base: string, control: string): readonly string[] {
  const options = [
    'BatchMode=yes',
    'StrictHostKeyChecking=yes',
    'UpdateHostKeys=no',
    'PasswordAuthentication=no',
    'KbdInteractiveAuthentication=no',
    'GSSAPIAuthentication=no',
    'ClearAllForwardings=yes',
    'ForwardAgent=no',
    'ForwardX11=no',
    'PermitLocalCommand=no',
    'RequestTTY=no',
    'ControlPersist=no',
    `ControlPath=${control}`,
    `ConnectTimeout=${Math.max(1, Math.ceil(timeout / 1000))}`,
    'ServerAliveInterval=10',
    'ServerAliveCountMax=2',
    ...(knownHosts === undefined ? [] : [`UserKnownHostsFile=${quoted(resolve(base, knownHosts))}`, 'GlobalKnownHostsFile=none']),
    ...(key === undefined ? [] : ['IdentitiesOnly=yes']),
  ];
  return [
    '-F',
    'none',
    '-T',
    ...options.flatMap((option) => ['-o', option]),
    ...(key === undefined ? [] : ['-i', resolve(base, key)]),
    '-l',
    user,
    '-p',
    String(port),
  ];
}

/** ssh splits file lists of an option at blanks, and knows `%` and quotes. */
function quoted(path: string): string {
  return `"${path.replaceAll('%', '%%')}"`;
}

function start(args: readonly string[], children: Set<ChildProcess>) {
  const { HOME, SSH_AUTH_SOCK, USER, LOGNAME } = process.env;
  const own = Object.entries({ HOME, SSH_AUTH_SOCK, USER, LOGNAME }).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value]],
  );
  const child = spawn(CLIENT, args, {
    cwd: '/',
    env: { ...COMMAND_ENVIRONMENT, ...Object.fromEntries(own) },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  children.add(child);
  child.on('error', () => children.delete(child));
  child.on('close', () => children.delete(child));
  return child;
}

/** What the client said on standard error, once it has ended (or a second has passed). */
function complaintOf(child: ReturnType<typeof start>): () => Promise<string> {
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    if (said.length < 2_000) said += chunk.toString('utf8');
  });
  const ended = new Promise<void>((done) => {
    child.on('error', (error) => {
      said += error.message;
      done();
    });
    child.on('close', () => done());
  });
  return async () => {
    await Promise.race([ended, new Promise<void>((done) => setTimeout(done, 1_000).unref())]);
    return said;
  };
}

/** A file that the target names for its login and that cannot be read: the client would only say that no key is accepted. */
function missingFile({ key, knownHosts }: HostAccess, base: string): string | undefined {
  return [key, knownHosts].find((path) => {
    if (path === undefined) return false;
    try {
      accessSync(resolve(base, path), constants.R_OK);
      return false;
    } catch {
      return true;
    }
  });
}

function refusalOf(where: string, said: string, failed: Unknown): Unknown {
  const line =
    said
      .split('\n')
      .findLast((one) => one.trim() !== '')
      ?.trim()
      .slice(0, 200) ?? '';
  // Another key than the one on record: somebody may sit in between.
  if (/host identification has changed/i.test(said)) return unknown('refused', `${where}: its host key is another than the known one`);
  if (/unprotected private key file|bad permissions/i.test(said))
    return unknown('refused', `${where}: the file of the key is open to others, and is not used`);
  if (/host key verification failed|no \S+ host key is known/i.test(said))
    return unknown('refused', `${where}: its host key is not among the known ones`);
  if (/permission denied|too many authentication failures/i.test(said))
    return unknown('access-denied', `${where}: no key of ours is accepted`);
  if (/subsystem request failed/i.test(said)) return unknown('unsupported', `${where}: its SFTP subsystem is off`);
  if (/timed out/i.test(said)) return unknown('timed-out', `${where}: ${line}`);
  if (/refused|no route|unreachable|not resolve|closed by|reset by|connection closed/i.test(said))
    return unknown('unreachable', `${where}: ${line}`);
  if (/ENOENT/.test(said)) return unknown('unsupported', `${CLIENT} is not there`);
  return line === '' ? failed : unknown('refused', `${where}: ${line}`);
}

/** The one line that goes to the account's shell there: fixed words and checked values, each quoted, in a clean environment. */
function remoteLine(
  { seconds }: HostCommand,
  program: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  ends: boolean,
): string {
  const variables = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
  const words = [...variables, ...(ends ? [TIMEOUT, '-k', '1', String(seconds)] : []), program, ...args];
  return ['exec', '/usr/bin/env', '-i', ...words.map(shellQuoted)].join(' ');
}

function shellQuoted(word: string): string {
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

/** `end` is no answer to what is not read bit by bit. */
function settled<T>(answer: T | Unknown | 'not-there' | 'end', path: string): T | Unknown | 'not-there' {
  return answer === 'end' ? unknown('unparseable', `${path}: an end without an answer`) : answer;
}

async function readFile(sftp: Sftp, path: string): Promise<HostFile | Unknown | 'not-there'> {
  // Opening a FIFO would wait for somebody to write: it is looked at first.
  const entry = settled(await sftp.stat(path, true), path);
  if (entry === 'not-there' || 'state' in entry) return entry;
  if (entry.kind !== 'file') return unknown('unsupported', `${path}: not a regular file`);
  if (entry.size > MAX_FILE_BYTES) return unknown('unsupported', `${path}: larger than ${MAX_FILE_BYTES} bytes`);
  const bytes = settled(await sftp.read(path, MAX_FILE_BYTES), path);
  return bytes === 'not-there' || 'state' in bytes ? bytes : { ...entry, bytes };
}

function listing(found: readonly HostEntry[] | Unknown | 'not-there'): HostListing | Unknown | 'not-there' {
  return found === 'not-there' || 'state' in found ? found : { entries: found, unseen: [] };
}

/** GNU find: names end at NUL, so that none can be taken for two. Status 1 is that some directories could not be entered. */
const FIND: Readonly<Record<HostSearch['what'], readonly string[]>> = {
  special: ['-type', 'f', '-perm', '/6000'],
  'world-writable': ['(', '-type', 'f', '-o', '-type', 'd', '!', '-perm', '-1000', ')', '-perm', '-0002'],
};

async function searchOver(
  run: (command: HostCommand) => Promise<CommandOutput | Unknown | 'not-there'>,
  { from, what }: HostSearch,
): Promise<HostListing | Unknown> {
  const command: HostCommand = {
    id: 'find -xdev',
    programs: ['/usr/bin/find'],
    args: [...from, '-xdev', ...FIND[what], '-printf', String.raw`%p\0%s\0%m\0%U\0%G\0%T@\0%y\0`],
    seconds: 60,
    maxBytes: 8 << 20,
    exits: [0, 1],
  };
  const output = await run(command);
  if (output === 'not-there') return unknown('unsupported', 'find -xdev: no such program');
  if ('state' in output) return output;
  const entries: HostEntry[] = [];
  const records = output.text.matchAll(/([^\0]*)\0(\d{1,15})\0([0-7]{1,5})\0(\d{1,10})\0(\d{1,10})\0(-?\d{1,11})[.\d]*\0([df])\0/gy);
  let read = 0;
  for (const [whole, path = '', size, mode = '', uid, gid, modified, kind] of records) {
    read += whole.length;
    entries.push({
      path,
      kind: kind === 'd' ? 'directory' : 'file',
      size: Number(size),
      mode: Number.parseInt(mode, 8),
      uid: Number(uid),
      gid: Number(gid),
      modified: `${new Date(Number(modified) * 1000).toISOString().slice(0, 19)}Z`,
    });
  }
  if (read !== output.text.length) return unknown('unparseable', 'find -xdev: what it wrote');
  const closed =
    output.exit === 0 ? [] : [{ path: from[0] ?? '/', why: unknown('access-denied', 'find -xdev: directories that may not be entered') }];
  return { entries: byPath(entries), unseen: closed };
}
