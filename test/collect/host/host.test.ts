import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Log } from 'sarif';
import { describe, expect, test } from 'vitest';
import { collect } from '../../../src/collect/collect.ts';
import { unknown } from '../../../src/model/fact.ts';
import type { TargetRecord } from '../../../src/model/resource.ts';
import { memoryWorld } from '../../../src/world/memory.ts';
import { Secret } from '../../../src/world/secret.ts';
import type { World } from '../../../src/world/world.ts';
import { filesTarget } from '../../support/collect.ts';
import { folders } from '../../support/folder.ts';
import { custos } from '../../support/shell.ts';

const folder = folders();
const SSHD = '# bastion\nPermitRootLogin yes\n';
const REDIS = 'bind 0.0.0.0\nprotected-mode no\n';
const SCAN = ['scan', '--as-of', '2026-11-24', '--no-color'];

describe('a machine that lies in a directory', () => {
  const files = { 'image/etc/ssh/sshd_config': SSHD, 'image/etc/redis/redis.conf': REDIS, 'image/etc/ssl/certs/ca.pem': 'no certificate' };
  test('its configuration is read where it lies, and places are named as they are there', async () => {
    const cwd = folder({ ...files, 'custos.yaml': 'targets:\n  - { id: bastion, host: "root:image" }\n' });
    const { out } = await custos([...SCAN, '-f', 'text', '-f', `sarif=${join(cwd, 'out.sarif')}`, '-f', `json=${join(cwd, 'out.json')}`], {
      cwd,
    });
    expect(out).toContain('bastion:/etc/redis/redis.conf:1:6');
    expect(out).not.toContain('ca.pem'); // a trust store is nothing that this machine serves
    const log: Log = JSON.parse(readFileSync(join(cwd, 'out.sarif'), 'utf8'));
    const [root] = (log.runs[0]?.results ?? []).filter(({ ruleId, kind }) => ruleId === 'IAM-05' && kind === 'fail');
    // GitHub shows a line of the repository: that which declares the machine.
    expect(root?.locations?.[0]).toMatchObject({
      physicalLocation: { artifactLocation: { uri: 'custos.yaml' }, region: { startLine: 2, startColumn: 26 } },
      logicalLocations: [
        { fullyQualifiedName: expect.stringContaining('bastion/') },
        { fullyQualifiedName: 'bastion:/etc/redis/redis.conf:1:6' },
      ],
    });
    const again = await custos(['report', join(cwd, 'out.json'), '--no-color'], { cwd });
    expect(again.out).toContain('bastion:/etc/redis/redis.conf:1:6');
  });
  test('it is named on the command line, too; one that is not there is a mistype', async () => {
    const cwd = folder(files);
    expect((await custos([...SCAN, 'root:image'], { cwd })).out).toContain('/etc/redis/redis.conf:1:6');
    expect(await custos([...SCAN, 'root:imag'], { cwd })).toMatchObject({
      code: 3,
      err: expect.stringContaining('root:imag: is not there'),
    });
  });
});

describe('credentials', () => {
  test.each([
    ['a password', '{ id: h, host: local, password: hunter2 }', 'a password does not stand here'],
    ['a reference within more', '{ id: db, host: "audit@${env:HOST}" }', 'a secret reference is allowed only'],
    ['a reference elsewhere', '{ id: db, host: "audit@h", user: "${env:U}" }', 'a secret reference is allowed only'],
    ['a host that is an option', '{ id: h, host: "x@-oProxyCommand=y" }', 'a host is local, root:DIRECTORY or ssh://user@host:port'],
  ])('%s in custos.yaml is refused, and not shown', async (_, target, problem) => {
    const { code, err, out } = await custos(SCAN, { cwd: folder({ 'custos.yaml': `targets:\n  - ${target}\n` }) });
    expect([code, err]).toEqual([3, expect.stringContaining(problem)]);
    expect(err).toContain('custos.yaml:2:');
    expect(err + out).not.toContain('hunter2');
  });
  test('a password on the command line is refused, and not shown', async () => {
    const { code, err, out } = await custos([...SCAN, 'postgres://audit:hunter2@127.0.0.1/x'], { cwd: folder({ a: '' }) });
    expect([code, err]).toEqual([3, expect.stringContaining('postgres://audit:…@127.0.0.1/x: a password does not belong in an address')]);
    expect(err + out).not.toContain('hunter2');
  });
  test('what a target says is not kept where a secret that was opened stands in it', async () => {
    const world: World = memoryWorld(
      { '.': { 'redis.conf': REDIS, 'redis/users.conf': 'rename-command FLUSHALL tr0ub4dor-and-3\n' } },
      '2026-11-24T00:00:00Z',
    );
    const records: TargetRecord[] = [];
    const schedule = { concurrency: 1, timeout: 10, signal: new AbortController().signal };
    const target = filesTarget();
    for await (const record of collect([target], world, schedule)) records.push(record);
    world.opened.add(new Secret('protected-mode'));
    for await (const record of collect([target], world, schedule)) records.push(record);
    const [before, after] = records;
    expect(JSON.stringify(before)).toContain('protected-mode');
    expect(JSON.stringify(after?.resources)).toBe('[]');
    expect(after?.gaps).toEqual([
      unknown('collector-failed', 'a credential of this target stood in what it said: nothing of it is kept', {
        kind: 'file',
        range: target.declaredAt,
      }),
    ]);
    expect(Object.values(after?.coverage ?? {}).map(({ status }) => status)).toEqual(
      Object.keys(after?.coverage ?? {}).map(() => 'failed'),
    );
    expect(after?.coverage).toHaveProperty('datastore');
  });
});
