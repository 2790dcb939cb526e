import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { hostCollector } from '../../src/collect/host/collector.ts';
import { conductOf, DEFAULT_LIMITS } from '../../src/collect/limits.ts';
import { nodeWorld } from '../../src/world/node.ts';
import { filesTarget, ofKind, plain } from '../support/collect.ts';
import { program } from '../support/servers/available.ts';
import { temporaryDirectory } from '../support/servers/temporary-directory.ts';
import { collectHost, stage } from '../support/staged-host.ts';

const audited = process.getuid?.() === 0 && (process.env['CI'] === 'true' || existsSync('/usr/sbin/auditctl'));

describe.skipIf(!audited)('the kernel’s audit of this machine, by its own word', () => {
  test('locked, on, with a daemon, without rules: as auditctl says', async () => {
    const collected = await hostCollector.collect(
      { ...filesTarget(), kind: 'host', address: 'local' },
      nodeWorld('/'),
      new AbortController().signal,
      conductOf(DEFAULT_LIMITS),
    );
    const facts = ofKind(collected, 'log.source')['etc/audit auditd']?.facts;
    const status = execFileSync(program('auditctl'), ['-s'], { encoding: 'utf8' });
    const rules = execFileSync(program('auditctl'), ['-l'], { encoding: 'utf8' });
    const told = (name: string): string | undefined => new RegExp(`^${name} (\\d+)$`, 'm').exec(status)?.[1];
    expect(plain(facts?.['immutable'])).toBe(told('enabled') === '2');
    if (told('enabled') === '0' || told('pid') === '0') expect(plain(facts?.['enabled'])).toBe(false);
    if (rules.startsWith('No rules')) expect(plain(facts?.['events'])).toEqual([]);
  }, 60_000);
});

describe.skipIf(!existsSync('/usr/bin/systemd-analyze'))('the journal’s settings, as systemd puts them together', () => {
  test.each([
    [['etc 90-a volatile', 'run 10-b none', 'usr/lib 95-c persistent']],
    [['usr/lib 50-a none', 'etc 50-a persistent', 'run 40-a volatile']],
    [['run 50-a volatile', 'usr/lib 50-a none']],
    [[]],
  ])('%j', async (dropIns) => {
    const directory = temporaryDirectory('journald');
    stage(directory, {
      'usr/lib/systemd/systemd-journald': '',
      'etc/systemd/journald.conf': '[Journal]\nStorage=persistent\n',
      ...Object.fromEntries(
        dropIns.map((one) => {
          const [root = '', name = '', storage = ''] = one.split(' ');
          return [`${root}/systemd/journald.conf.d/${name}.conf`, `[Journal]\nStorage=${storage}\n`];
        }),
      ),
    });
    const whole = execFileSync('systemd-analyze', [`--root=${directory}`, 'cat-config', 'systemd/journald.conf'], { encoding: 'utf8' });
    const last = [...whole.matchAll(/^Storage=(\w+)$/gm)].at(-1)?.[1] ?? '';
    const place: Readonly<Record<string, string>> = { persistent: '/var/log/journal', volatile: '/run/log/journal', none: 'none' };
    const sink = ofKind(await collectHost(directory, 'root'), 'log.sink')['journald'];
    expect(plain(sink?.facts['destination'])).toBe(place[last]);
  });
});
