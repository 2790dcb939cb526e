import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { commandArguments, commandEnvironment, HOST_COMMANDS, type HostCommand } from '../../src/world/host-command.ts';
import { nodeHost } from '../../src/world/node-host.ts';
import { OpenedSecrets, Secret } from '../../src/world/secret.ts';
import { temporaryDirectory } from '../support/servers/temporary-directory.ts';

const SHELL = { id: 'sh', programs: ['/bin/sh'], seconds: 10, maxBytes: 1000, exits: [0] } as const;
const opened = new OpenedSecrets();
const host = nodeHost('local', '/', new AbortController().signal, opened);
const run = (command: HostCommand, values: Readonly<Record<string, string>> = {}, secrets: Readonly<Record<string, Secret>> = {}) =>
  host.run(command, values, secrets);

describe('the table of commands', () => {
  test('every program has an absolute path, every value a grammar that lets no option in', () => {
    for (const command of Object.values<HostCommand>(HOST_COMMANDS)) {
      for (const program of command.programs) expect(program).toMatch(/^(?:\/(?:usr\/(?:local\/)?)?s?bin\/|\/usr\/lib\/apt\/apt-helper$)/);
      const names = command.args.flat().flatMap((arg) => /^\{(\w+)\}$/.exec(arg)?.[1] ?? []);
      for (const name of names)
        for (const bad of ['-x', '--x', '', 'a b', '$(id)', '`id`', '/a b', '/a;b', '/a\nb', '/$HOME'])
          expect(command.values?.[name]?.test(bad) ?? false).toBe(false);
    }
  });

  test('a value that does not fit, or is missing, runs nothing', () => {
    const { 'pgbackrest info': info, 'restic snapshots': snapshots } = HOST_COMMANDS;
    const values = { config: '/etc/pgbackrest.conf', stanza: 'ledger', repository: '1' };
    expect(commandArguments(info, { ...values, stanza: '--cmd=id' })).toEqual({ problem: 'stanza' });
    expect(commandArguments(info, { ...values, include: '-x' })).toEqual({ problem: 'include' });
    expect(commandArguments(snapshots, {})).toEqual({ problem: 'repository' });
    expect(commandArguments(snapshots, { repository: 'sftp:host:/x' })).toEqual({ problem: 'repository' });
  });

  test('a group is there where its values are given', () => {
    const command: HostCommand = { ...SHELL, args: ['a', ['--file', '{file}'], 'b'], values: { file: /^\/x$/ } };
    expect(commandArguments(command, {})).toEqual(['a', 'b']);
    expect(commandArguments(command, { file: '/x' })).toEqual(['a', '--file', '/x', 'b']);
  });

  test('a variable with a value in it is there where that is given, and fits', () => {
    const { 'borg list': list } = HOST_COMMANDS;
    expect(commandEnvironment(list, {})).not.toHaveProperty('BORG_PASSCOMMAND');
    expect(commandEnvironment(list, { passwordFile: '/root/pass' })).toMatchObject({ BORG_PASSCOMMAND: '/bin/cat /root/pass' });
    expect(commandEnvironment(list, { passwordFile: '/root/pass; id' })).not.toHaveProperty('BORG_PASSCOMMAND');
    expect(commandEnvironment(list, { passwordFile: '$& $1' })).not.toHaveProperty('BORG_PASSCOMMAND');
  });
});

describe('running', () => {
  test('a secret goes by the variable that the table names, and is registered', async () => {
    const command: HostCommand = { ...SHELL, args: ['-c', 'printf %s "$PASS"'], secrets: ['PASS'] };
    expect(await run(command, {}, { PASS: new Secret('canary-of-a-child') })).toEqual({ text: 'canary-of-a-child', exit: 0 });
    expect(opened.revealedBy(() => 'x canary-of-a-child x')).toBe(true);
    expect(await run(command, {}, { OTHER: new Secret('canary') })).toMatchObject({
      state: 'unknown',
      cause: 'unsupported',
      detail: 'sh: no such OTHER',
    });
  });

  test('its environment holds nothing else', async () => {
    process.env['CANARY_OF_THE_PARENT'] = 'x';
    const output = await run({ ...SHELL, args: ['-c', 'env'] });
    delete process.env['CANARY_OF_THE_PARENT'];
    const names =
      'text' in Object(output) && output !== 'not-there' && 'text' in output
        ? output.text.split('\n').map((line) => line.split('=')[0])
        : [];
    expect(new Set(names.filter((name) => name !== '' && name !== '_'))).toEqual(new Set(['LC_ALL', 'PATH', 'PWD']));
  });

  test('a directory of its own is there while it runs, closed to others, and gone afterwards, however it ends', async () => {
    const command: HostCommand = {
      ...SHELL,
      args: ['-c', 'stat -c %a "$CACHE"; mkdir "$CACHE/deep"; echo x >"$CACHE/deep/file"; echo "$CACHE"'],
      scratch: 'CACHE',
    };
    const output = await run(command);
    if (output === 'not-there' || 'state' in output) throw new Error('it did not run');
    const [mode = '', path = ''] = output.text.split('\n');
    expect([mode, existsSync(path)]).toEqual(['700', false]);
    const own = temporaryDirectory('scratch');
    const usual = process.env['TMPDIR'];
    process.env['TMPDIR'] = own;
    expect(await run({ ...command, args: ['-c', 'echo x >"$CACHE/file"; exit 9'] })).toMatchObject({ cause: 'refused' });
    expect(await run({ ...command, args: ['-c', 'echo x >"$CACHE/file"; sleep 30'], seconds: 0.3 })).toMatchObject({ cause: 'timed-out' });
    if (usual === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = usual;
    expect(readdirSync(own)).toEqual([]);
  });

  test('a program that hangs is killed with its children when its time is over', async () => {
    const file = join(temporaryDirectory('hang'), 'pids');
    const started = performance.now();
    const output = await run({ ...SHELL, args: ['-c', `sleep 60 & echo $$ $! >${file}; wait`], seconds: 0.5 });
    expect(output).toMatchObject({ state: 'unknown', cause: 'timed-out' });
    expect(performance.now() - started).toBeLessThan(5000);
    const stateOf = (pid: string): string | undefined =>
      existsSync(`/proc/${pid}/stat`) ? readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.[0] : undefined;
    // One that has ended may stay as a zombie until somebody waits for it.
    for (const pid of readFileSync(file, 'utf8').trim().split(' '))
      await vi.waitFor(() => expect([undefined, 'Z', 'X']).toContain(stateOf(pid)), { timeout: 5000, interval: 10 });
  });

  test('more than it may write is nothing', async () => {
    expect(await run({ ...SHELL, args: ['-c', 'yes | head -c 100000'] })).toMatchObject({
      cause: 'unsupported',
      detail: 'sh: wrote more than 1000 bytes',
    });
  });
});
