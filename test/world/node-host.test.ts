import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { COMMAND_ENVIRONMENT, commandArguments, HOST_COMMANDS, type HostCommand } from '../../src/world/host-command.ts';
import type { Host } from '../../src/world/host.ts';
import { runCommand } from '../../src/world/node-command.ts';
import { nodeHost } from '../../src/world/node-host.ts';
import { OpenedSecrets } from '../../src/world/secret.ts';
import { program } from '../support/servers/available.ts';

const root = mkdtempSync(join(tmpdir(), 'custos-root-'));
const outside = mkdtempSync(join(tmpdir(), 'custos-outside-'));
afterAll(() => {
  for (const directory of [root, outside]) rmSync(directory, { recursive: true });
});

mkdirSync(join(root, 'etc/deep'), { recursive: true });
mkdirSync(join(root, 'usr/etc'), { recursive: true });
writeFileSync(join(root, 'etc/shadow'), 'root:*:19000::::::\n');
chmodSync(join(root, 'etc/shadow'), 0o640);
writeFileSync(join(root, 'usr/etc/real'), 'inside\n');
writeFileSync(join(outside, 'secret'), 'outside\n');
symlinkSync('/usr/etc/real', join(root, 'etc/absolute'));
symlinkSync('../usr/etc/real', join(root, 'etc/relative'));
symlinkSync('../../../../../../../../..' + join(outside, 'secret'), join(root, 'etc/escape'));
symlinkSync(join(outside, 'secret'), join(root, 'etc/escape-absolute'));
symlinkSync('loop', join(root, 'etc/loop'));
symlinkSync('/usr/etc', join(root, 'etc/directory'));
execFileSync('mkfifo', [join(root, 'etc/fifo')]);
writeFileSync(join(root, 'etc/big'), '');
truncateSync(join(root, 'etc/big'), 9 * 1024 * 1024);
writeFileSync(join(root, 'usr/tool'), '');
chmodSync(join(root, 'usr/tool'), 0o4755);
writeFileSync(join(root, 'usr/open'), '');
chmodSync(join(root, 'usr/open'), 0o666);
mkdirSync(join(root, 'tmp'));
chmodSync(join(root, 'tmp'), 0o1777);
mkdirSync(join(root, 'drop'));
chmodSync(join(root, 'drop'), 0o777);

const signal = new AbortController().signal;
const host = nodeHost('root', root, signal, new OpenedSecrets());

async function read(of: Host, path: string): Promise<unknown> {
  const file = await of.read(path);
  return file === 'not-there' ? file : 'state' in file ? `${file.cause}: ${file.detail}` : new TextDecoder().decode(file.bytes);
}

describe('an offline root', () => {
  test.each([
    ['/etc/absolute', 'inside\n'],
    ['/etc/relative', 'inside\n'],
    ['/etc/directory/real', 'inside\n'],
    ['/etc/../etc/./absolute', 'inside\n'],
    ['/etc/escape', 'not-there'],
    ['/etc/escape-absolute', 'not-there'],
    ['/etc/nothing', 'not-there'],
    ['/etc/shadow/below', 'not-there'],
    ['/etc/loop', 'unresolved: /etc/loop: a loop of links'],
    ['/etc/fifo', 'unsupported: /etc/fifo: not a regular file'],
    ['/etc/deep', 'unsupported: /etc/deep: not a regular file'],
    ['/etc/big', 'unsupported: /etc/big: larger than 8388608 bytes'],
  ])('%s', async (path, expected) => {
    expect(await read(host, path)).toBe(expected);
  });
  test('entries say what stands there, links themselves unless they are followed', async () => {
    expect(await host.stat('/etc/shadow')).toMatchObject({
      path: '/etc/shadow',
      kind: 'file',
      mode: 0o640,
      size: 19,
      uid: process.getuid?.(),
    });
    expect(await host.stat('/etc/absolute')).toMatchObject({ kind: 'link' });
    expect(await host.stat('/etc/absolute', true)).toMatchObject({ path: '/etc/absolute', kind: 'file', size: 7 });
    expect(await host.readlink('/etc/absolute')).toEqual({ to: '/usr/etc/real' });
    const listing = await host.list('/etc/directory');
    expect(listing).toMatchObject({ entries: [{ path: '/etc/directory/real', kind: 'file' }], unseen: [] });
  });
  test('searches', async () => {
    const paths = async (what: 'special' | 'world-writable'): Promise<unknown> => {
      const found = await host.search({ from: ['/'], what });
      return 'state' in found ? found : found.entries.map(({ path }) => path);
    };
    expect(await paths('special')).toEqual(['/usr/tool']);
    expect(await paths('world-writable')).toEqual(['/drop', '/usr/open']);
    chmodSync(root, 0o777);
    expect(await paths('world-writable')).toEqual(['/', '/drop', '/usr/open']);
    chmodSync(root, 0o755);
  });
  test.skipIf(process.getuid?.() !== 0 || !existsSync('/usr/bin/setpriv'))(
    'what may be listed and not looked at, or is there and may not be run, is no nothing',
    () => {
      const closed = join(root, 'closed');
      mkdirSync(closed);
      writeFileSync(join(closed, 'tool'), '', { mode: 0o700 });
      chmodSync(closed, 0o744);
      const script = `
        const { nodeHost } = await import(${JSON.stringify(join(import.meta.dirname, '../../src/world/node-host.ts'))});
        const host = nodeHost('local', '/', new AbortController().signal, undefined);
        const said = [
          await host.search({ from: [${JSON.stringify(closed)}], what: 'special' }),
          await host.run({ id: 'tool', programs: [${JSON.stringify(join(closed, 'tool'))}], args: [], seconds: 1, maxBytes: 1, exits: [0] }),
        ];
        process.stdout.write(JSON.stringify(said));`;
      const low = ['--reuid=65534', '--regid=65534', '--clear-groups', '--', process.execPath, '--input-type=module', '-e', script];
      const tool = join(closed, 'tool');
      expect(JSON.parse(execFileSync('/usr/bin/setpriv', low, { encoding: 'utf8' }))).toEqual([
        { entries: [], unseen: [{ path: tool, why: { state: 'unknown', cause: 'access-denied', detail: `${tool}: EACCES` } }] },
        { state: 'unknown', cause: 'access-denied', detail: `${tool}: EACCES` },
      ]);
    },
  );
  test.skipIf(process.getuid?.() !== 0)('a file system that lies in it is not searched, and said to be there', async () => {
    const inner = join(root, 'mounted');
    mkdirSync(inner);
    try {
      execFileSync(program('mount'), ['-t', 'tmpfs', 'custos', inner], { stdio: 'ignore' });
    } catch {
      return; // mounts are forbidden here
    }
    try {
      const found = await host.search({ from: ['/'], what: 'special' });
      expect(found).toMatchObject({ unseen: [{ path: '/mounted', why: { cause: 'unsupported' } }] });
    } finally {
      execFileSync(program('umount'), [inner]);
    }
  });
  test('runs nothing', async () => {
    expect(await host.run(HOST_COMMANDS['sshd -T'])).toMatchObject({ state: 'unknown', cause: 'unsupported' });
  });
  test('says nothing after it was told to stop', async () => {
    const stopped = nodeHost('root', root, AbortSignal.abort(), new OpenedSecrets());
    expect(await read(stopped, '/etc/shadow')).toBe('interrupted: /etc/shadow');
  });
});

const BASE = { id: 'test', programs: ['/bin/sh'], args: [], seconds: 5, maxBytes: 1000, exits: [0] } as const satisfies HostCommand;

async function output(script: string, command: Partial<HostCommand> = {}, stop = signal): Promise<unknown> {
  const result = await runCommand({ ...BASE, ...command }, '/bin/sh', ['-c', script], stop, COMMAND_ENVIRONMENT);
  return 'state' in result ? `${result.cause}: ${result.detail}` : result;
}

describe('a command', () => {
  test('has a clean environment and no standard input', async () => {
    expect(await output('env | sort; cat')).toEqual({ text: 'LC_ALL=C\nPATH=/usr/sbin:/usr/bin:/sbin:/bin\nPWD=/\n', exit: 0 });
  });
  test('answers only by the statuses that are an answer', async () => {
    expect(await output('echo part; echo went wrong >&2; exit 3')).toBe('refused: test: went wrong (exit 3)');
    expect(await output('echo part; exit 3', { exits: [0, 3] })).toEqual({ text: 'part\n', exit: 3 });
    expect(await output('echo "x: Permission denied" >&2; exit 1')).toBe('access-denied: test: x: Permission denied (exit 1)');
    expect(await output('kill -9 $$')).toBe('refused: test:  (exit by signal)');
  });
  test('that hangs, or never stops talking, ends with its children, and nothing of what it said counts', async () => {
    expect(await output('echo part; sleep 60 & sleep 60', { seconds: 0.2 })).toBe('timed-out: test: 0.2 s');
    expect(await output('while :; do echo more; done')).toBe('unsupported: test: wrote more than 1000 bytes');
    const stop = new AbortController();
    const running = output('sleep 60', {}, stop.signal);
    stop.abort();
    expect(await running).toBe('interrupted: test');
  });
  test('takes values only where its table has a place for them, and only such as fit', () => {
    const command = { ...BASE, args: ['--stanza', '{name}'], values: { name: /^[a-z]+$/ } } satisfies HostCommand;
    expect(commandArguments(command, { name: 'ledger' })).toEqual(['--stanza', 'ledger']);
    for (const given of [{}, { name: '--config=/x' }, { name: 'a;b' }, { other: 'ledger' }])
      expect(commandArguments(command, given)).toEqual({ problem: 'name' });
  });
});
