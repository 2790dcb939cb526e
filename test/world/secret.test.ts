import { readdirSync, readFileSync } from 'node:fs';
import { inspect, format } from 'node:util';
import { expect, test } from 'vitest';
import { OpenedSecrets, Secret, secretReference } from '../../src/world/secret.ts';

const PASSWORD = 'corr"ect horse/7';

test('nothing prints a secret', () => {
  const secret = new Secret(PASSWORD);
  const ways = [
    String(secret),
    JSON.stringify({ secret }),
    inspect({ secret }, { showHidden: true, depth: 9 }),
    format('%s %o %j', secret, secret, secret),
  ];
  for (const printed of [...ways, Object.values(secret).join(), JSON.stringify(Object.entries(secret))])
    expect(printed).not.toContain('horse');
  expect(Secret.open(secret)).toBe(PASSWORD);
});

test('only the world opens secrets', () => {
  const src = new URL('../../src/', import.meta.url);
  const opening = readdirSync(src, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.startsWith('world/'))
    .filter((name) => readFileSync(new URL(name, src), 'utf8').includes('Secret.open'));
  expect(opening).toEqual([]);
});

test.each([
  ['as it is', `x ${PASSWORD} y`],
  ['in JSON', JSON.stringify({ detail: PASSWORD })],
  ['in a URL', `postgres://u:${encodeURIComponent(PASSWORD)}@db/x`],
  ['in Base64', Buffer.from(PASSWORD).toString('base64')],
])('an opened secret is found %s', (_, text) => {
  const opened = new OpenedSecrets();
  expect(opened.revealedBy(() => text)).toBe(false);
  opened.add(new Secret(PASSWORD));
  expect(opened.revealedBy(() => text)).toBe(true);
  expect(opened.revealedBy(() => 'nothing of it')).toBe(false);
});

test('a short secret is looked for as a word; one that equals a plain word reveals nothing', () => {
  const opened = new OpenedSecrets();
  opened.add(new Secret('abc'));
  opened.add(new Secret('postgres'), ['postgres', 'db']);
  opened.add(new Secret(''));
  expect(['abcdef', 'xabc', 'the role postgres'].map((text) => opened.revealedBy(() => text))).toEqual([false, false, false]);
  expect(['password abc', '"abc"', 'abc'].map((text) => opened.revealedBy(() => text))).toEqual([true, true, true]);
});

test.each([
  ['${env:LEDGER_DSN}', { from: 'env', name: 'LEDGER_DSN' }],
  ['${file:secrets/dsn}', { from: 'file', name: 'secrets/dsn' }],
  ['postgres://${env:HOST}/x', undefined],
  ['${env:A}${env:B}', undefined],
  ['${env:}', undefined],
  ['${vault:x}', undefined],
  ['', undefined],
])('reference %s', (text, parsed) => {
  expect(secretReference(text)).toEqual(parsed);
});
