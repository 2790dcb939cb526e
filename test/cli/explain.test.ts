import { describe, expect, test } from 'vitest';
import { widthOf } from '../../src/report/text/layout.ts';
import { folders } from '../support/folder.ts';
import { custos } from '../support/shell.ts';

const folder = folders();
const long = (text: string): readonly string[] => text.split('\n').filter((line) => widthOf(line) > 80);
const ids = async (): Promise<readonly string[]> =>
  JSON.parse((await custos(['controls', 'list', '--json'])).out).map(({ id }: { readonly id: string }) => id);

describe.each(['en', 'zh'])('in %s', (lang) => {
  test('every control is explained within 80 columns', async () => {
    const wide: string[] = [];
    for (const id of await ids()) wide.push(...long((await custos(['explain', id, '--lang', lang])).out));
    expect(wide).toEqual([]);
  }, 240_000);
  test.each(['custody-baseline', 'custody-strict'])('profile %s is shown within 80 columns', async (id) => {
    const { out } = await custos(['profiles', 'show', id, '--lang', lang]);
    expect(out).toContain('IAM-01');
    expect(long(out)).toEqual([]);
  });
  test('and so is why each finding came out as it did', async () => {
    const cwd = folder({});
    const scan = ['scan', '-c', new URL('../../examples/weak-platform/custos.yaml', import.meta.url).pathname, '--as-of', '2026-11-24'];
    await custos([...scan, '-f', 'json=a.json'], { cwd });
    const wide: string[] = [];
    for (const id of ['IAM-01', 'IAM-08', 'TLS-03', 'LOG-05', 'AVL-06', 'BCK-10', 'TLS-05'])
      wide.push(...long((await custos(['explain', id, '--assessment', 'a.json', '--lang', lang], { cwd })).out));
    expect(wide).toEqual([]);
  }, 60_000);
});

describe('why a finding came out as it did', () => {
  const assessed = async (files: Readonly<Record<string, string>>, id: string, ...more: readonly string[]): Promise<string> => {
    const cwd = folder(files);
    await custos(['scan', '.', '-p', 'custody-strict', '--product', 'nginx=1.26.2', '--product', 'openssl=3.0.15', '-f', 'json=a.json'], {
      cwd,
    });
    return (await custos(['explain', id, '--assessment', 'a.json', ...more], { cwd })).out;
  };
  const NGINX =
    'events {}\nhttp {\n  server {\n    listen 443 ssl;\n    server_name x.example;\n    ssl_protocols SSLv3 TLSv1.2;\n  }\n}\n';

  test('an assertion that is one bare read is told, and no rule says the opposite of its value', async () => {
    const out = await assessed({ 'redis.conf': 'bind 0.0.0.0\nuser default on nopass ~* +@all\n' }, 'IAM-01');
    expect(out).toMatch(/came to\n {4}r\.authentication {2}→ {2}false/);
    expect(out).not.toContain('is off or has a password');
  });
  test('lists are told by their elements, parameters by their value and by who set them', async () => {
    const out = await assessed({ 'nginx.conf': NGINX }, 'TLS-03');
    expect(out).toMatch(/r\.protocols {2}→ {2}SSLv3, TLSv1\.2/);
    expect(out).toMatch(/allowed = \["TLSv1\.2","TLSv1\.3".*\] {2}\(set by default of TLS-03\)/);
    expect(out).not.toMatch(/= \[\d+\]/);
  });
  test('the leaves of a conjunction are told', async () => {
    const out = await assessed({ 'docker-compose.yml': 'services:\n  app:\n    image: x:1\n' }, 'AVL-06');
    expect(out).toMatch(/r\.memory_limited {2}→ {2}false/);
  });
  test('in Chinese nothing of ours is English', async () => {
    const out = await assessed(
      { 'nginx.conf': NGINX, 'redis.conf': 'bind 0.0.0.0\naclfile /etc/redis/users.acl\n' },
      'IAM-01',
      '--lang',
      'zh',
    );
    expect(out).toContain('未能判定  . / redis.conf');
    expect(out).not.toMatch(/\b(?:unknown|came to|read|next)\b/);
    const control = (await custos(['explain', 'LOG-04', '--lang', 'zh'])).out;
    expect(control).not.toMatch(/\b(?:automated|higher|pass|fail|unknown)\b/);
    expect(control).toMatch(/自带示例\n {2}通过 \d/);
  });
});

test('a profile of one’s own is shown by its path, with what it extends', async () => {
  const cwd = folder({
    'mine.yaml': 'id: mine\ntitle: { en: My rules, zh: 我的规则 }\nextends: [custody-baseline]\nselect: { ids: [TLS-14] }\n',
  });
  const { out, code } = await custos(['profiles', 'show', './mine.yaml'], { cwd });
  expect(code).toBe(0);
  expect(out).toContain('My rules');
  expect(out).toMatch(/TLS-14/);
  const missing = await custos(['profiles', 'show', './mien.yaml'], { cwd });
  expect(missing.err).toContain('mien.yaml');
  expect(missing.code).toBe(3);
});
