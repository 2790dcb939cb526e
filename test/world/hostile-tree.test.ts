import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { filesCollector } from '../../src/collect/files/collector.ts';
import type { Collected } from '../../src/collect/collector.ts';
import { nodeWorld } from '../../src/world/node.ts';
import { filesTarget, ofKind, plain } from '../support/collect.ts';
import { custos } from '../support/shell.ts';

const base = mkdtempSync(join(tmpdir(), 'custos-tree-'));
afterAll(() => rmSync(base, { recursive: true, force: true }));
const REDIS = 'bind 127.0.0.1\nrequirepass ${REDIS_PASSWORD}\nprotected-mode yes\n';
let count = 0;

function tree(files: Readonly<Record<string, string>>): string {
  count += 1;
  const directory = join(base, String(count));
  mkdirSync(directory);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(directory, path, '..'), { recursive: true });
    writeFileSync(join(directory, path), text);
  }
  return directory;
}

const collect = (directory: string, address = '.'): Promise<Collected> =>
  filesCollector.collect({ ...filesTarget(), address }, nodeWorld(directory), new AbortController().signal);
const details = (collected: Collected): string => collected.gaps.map(({ cause, detail }) => `${cause} ${detail}`).join('\n');

describe('a hostile tree', () => {
  test('a FIFO with a configuration’s name is a gap, and nothing hangs', async () => {
    const directory = tree({ 'a/redis.conf': REDIS });
    execFileSync('mkfifo', [join(directory, 'redis.conf'), join(directory, 'noise')]);
    const collected = await collect(directory);
    expect(details(collected)).toContain('unsupported redis.conf: not a regular file');
    expect(collected.coverage['datastore']?.status).toBe('partial');
    expect(Object.keys(ofKind(collected, 'datastore'))).toEqual(['a/redis.conf']);
  });

  test('a loop of links ends, and a link to nothing of a known name is a gap', async () => {
    const directory = tree({ 'a/redis.conf': REDIS });
    symlinkSync('..', join(directory, 'a', 'up'));
    symlinkSync('b', join(directory, 'b'));
    symlinkSync('nowhere.conf', join(directory, 'redis-2.conf'));
    const collected = await collect(directory);
    expect(Object.keys(ofKind(collected, 'datastore'))).toEqual(['a/redis.conf']);
    expect(details(collected)).toContain('redis-2.conf: a link to nothing');
    expect(collected.coverage['datastore']?.status).toBe('partial');
  });

  test('a link out of the tree is not followed, gives no excerpt, and leaves its kinds unknown', async () => {
    const outside = tree({ 'redis.conf': 'requirepass very-secret-outside\n', 'dir/redis.conf': REDIS });
    const directory = tree({ 'a/redis.conf': REDIS });
    symlinkSync(join(outside, 'redis.conf'), join(directory, 'redis.conf'));
    symlinkSync(join(outside, 'dir'), join(directory, 'elsewhere'));
    const collected = await collect(directory);
    expect(details(collected)).toContain('refused outside-root: redis.conf');
    expect(details(collected)).toContain('refused outside-root: elsewhere');
    expect(JSON.stringify(collected)).not.toContain('very-secret-outside');
    expect(collected.coverage['datastore']?.status).toBe('partial');
  });

  test.skipIf(process.platform !== 'linux')('a name that is no UTF-8 is a gap, and never taken for the file that it reads as', async () => {
    const directory = tree({ 'a/redis.conf': REDIS, 'b\uFFFD/redis.conf': REDIS });
    const strange = Buffer.concat([Buffer.from(`${directory}/b`), Buffer.from([0xff])]);
    mkdirSync(strange);
    writeFileSync(Buffer.concat([strange, Buffer.from('/redis.conf')]), 'bind 0.0.0.0\n');
    const collected = await collect(directory);
    expect(details(collected)).toContain('unsupported b\uFFFD: its name is no UTF-8');
    expect(collected.coverage['datastore']?.status).toBe('partial');
    expect(Object.keys(ofKind(collected, 'datastore'))).toEqual(['a/redis.conf', 'b\uFFFD/redis.conf']);
    const listed = tree({ 'nginx.conf': 'events {}\nhttp { include conf.d/*.conf; }\n', 'conf.d/a.conf': '' });
    writeFileSync(Buffer.concat([Buffer.from(`${listed}/conf.d/b`), Buffer.from([0xff]), Buffer.from('.conf')]), '');
    expect((await collect(listed)).coverage['tls.listener']?.status).toBe('partial');
  });

  test('a directory of others’ files is told and opens nothing; as a target it is read', async () => {
    const directory = tree({ 'a/redis.conf': REDIS, 'app/node_modules/x/redis.conf': REDIS, '.git/redis.conf': REDIS });
    const collected = await collect(directory);
    expect(details(collected)).toBe('not-collected not entered, since others’ files lie there: app/node_modules');
    expect(collected.coverage['datastore']?.status).toBe('complete');
    expect(Object.keys(ofKind(collected, 'datastore'))).toEqual(['a/redis.conf']);
    expect(Object.keys(ofKind(await collect(directory, 'app/node_modules'), 'datastore'))).toEqual(['x/redis.conf']);
  });

  test('an include that climbs out of the tree is refused', async () => {
    const directory = tree({ 'a/redis.conf': `${REDIS}include ../../../etc/passwd\n`, 'b/redis.conf': `${REDIS}include /etc/passwd\n` });
    const collected = await collect(directory);
    for (const store of Object.values(ofKind(collected, 'datastore')))
      expect(plain(store.facts['protected_mode'])).toEqual({ unknown: 'unresolved' });
    expect(JSON.stringify(collected)).not.toContain('root:x');
  });

  test('a file that may not be read is a gap (root reads everything, so this is run as nobody)', async () => {
    const directory = tree({ 'redis.conf': REDIS });
    chmodSync(join(directory, 'redis.conf'), 0o000);
    if (process.getuid?.() === 0) chmodSync(base, 0o755);
    const isRoot = process.getuid?.() === 0;
    if (isRoot) process.seteuid?.(65534);
    try {
      const collected = await collect(directory);
      expect(details(collected)).toContain('access-denied');
      expect(collected.coverage['datastore']).toMatchObject({ status: 'partial', gaps: [{ cause: 'access-denied' }] });
      expect(ofKind(collected, 'datastore')).toEqual({});
    } finally {
      if (isRoot) process.seteuid?.(0);
    }
  });

  test('bytes that are no text, or end in the middle, are gaps and not empty files', async () => {
    const directory = tree({});
    writeFileSync(join(directory, 'redis.conf'), Buffer.from('requirepass x\0\n'));
    writeFileSync(join(directory, 'redis-utf16.conf'), Buffer.from('\uFEFFprotected-mode yes\n', 'utf16le'));
    const collected = await collect(directory);
    expect(details(collected)).toContain('unparseable redis.conf: not a text');
    expect(details(collected)).toContain('unparseable redis-utf16.conf: not a text');
  });

  test('noise beside it costs little: what is not configuration is not read', async () => {
    const directory = tree({ 'redis.conf': REDIS });
    for (let index = 0; index < 20; index += 1) writeFileSync(join(directory, `noise-${index}.bin`), Buffer.alloc(10 * 1024 * 1024, index));
    writeFileSync(join(directory, 'redis-huge.conf'), Buffer.alloc(20 * 1024 * 1024, 35));
    const collected = await collect(directory);
    expect(details(collected)).toContain('larger than');
    expect(Object.keys(ofKind(collected, 'datastore'))).toEqual(['redis.conf']);
    rmSync(directory, { recursive: true });
  });

  test('.gitignore is respected, with what it leaves in', async () => {
    const directory = tree({
      '.gitignore': 'build/\n*.local.conf\n',
      'redis.conf': REDIS,
      'build/redis.conf': REDIS,
      'redis.local.conf': REDIS,
      'sub/.gitignore': 'redis.conf\n',
      'sub/redis.conf': REDIS,
    });
    expect(Object.keys(ofKind(await collect(directory), 'datastore'))).toEqual(['redis.conf']);
  });

  test('a directory that is not there is unreachable for every kind, never clean', async () => {
    const collected = await collect(base, './nowhere');
    expect(Object.values(collected.coverage).every(({ status }) => status === 'failed')).toBe(true);
    expect(collected.coverage['tls.listener']?.gaps).toMatchObject([{ cause: 'unreachable' }]);
  });

  test('names that hold escape codes or steer text are harmless in every report', async () => {
    const evil = `redis\u001B[2J\u202Efnoc.conf`;
    const directory = tree({ [evil]: 'protected-mode no\nbind 0.0.0.0 \u001B]0;pwned\u0007\n' });
    for (const format of ['text', 'json', 'sarif']) {
      const { out } = await custos(['scan', '.', '-f', format], { cwd: directory });
      expect(out, format).not.toContain('\u001B');
      if (format === 'text') expect(out).not.toContain('\u202E');
    }
  });
});
