import { expect, test } from 'vitest';
import { unknown } from '../../../src/model/fact.ts';
import { collectFiles, ofKind, placeOf, plain } from '../../support/collect.ts';

const facts = async (text: string, versions: Record<string, string> = {}) => {
  const collected = await collectFiles({ 'redis.conf': text }, versions);
  return ofKind(collected, 'datastore')['redis.conf']?.facts ?? {};
};

test('a hardened instance: every fact known, pointing at its value', async () => {
  const text = 'bind 127.0.0.1 ::1\nprotected-mode yes\nport 0\ntls-port 6379\ntls-protocols "TLSv1.2 TLSv1.3"\nrequirepass ${PW}\n';
  const found = await facts(text);
  expect(plain(found['listens'])).toEqual(['127.0.0.1', '::1']);
  expect(plain(found['loopback_only'])).toBe(true);
  expect(plain(found['tls'])).toBe('required');
  expect(placeOf(found['listens'])).toBe('redis.conf:1:6 127.0.0.1 ::1');
  expect(plain(found['authentication'])).toEqual({ unknown: 'unresolved' }); // a variable that nobody sets
});

test('the last of several settings counts', async () => {
  expect(plain((await facts('protected-mode yes\nprotected-mode no\n'))['protected_mode'])).toBe(false);
});

test('what is not written is the default of a known version, and unknown without one', async () => {
  expect(plain((await facts('port 6379\n'))['protected_mode'])).toEqual({ unknown: 'unresolved' });
  expect(plain((await facts('port 6379\n', { redis: '7.0.15' }))['protected_mode'])).toBe(true);
  expect(plain((await facts('port 6379\n', { redis: 'latest' }))['protected_mode'])).toEqual({ unknown: 'unresolved' });
});

test('an include that is not there leaves every setting unknown', async () => {
  const found = await facts('requirepass s3cret-value\nprotected-mode yes\ninclude local.conf\n');
  expect(plain(found['protected_mode'])).toEqual({ unknown: 'unresolved' });
  expect(plain(found['authentication'])).toEqual({ unknown: 'unresolved' });
});

test('a file that may not be read leaves its kinds unknown', async () => {
  const collected = await collectFiles({ 'redis.conf': unknown('access-denied', 'redis.conf: EACCES') });
  expect(collected.coverage['datastore']).toMatchObject({ status: 'partial', gaps: [{ cause: 'access-denied' }] });
});

test('a password never leaves the file, not even in a neighbouring excerpt', async () => {
  const collected = await collectFiles({
    'redis.conf':
      'port 6379\nrequirepass hunter2-very-secret\n# masterauth another-secret-1\nuser app on >third-secret-1 ~* +@read\nprotected-mode yes\n',
  });
  expect(JSON.stringify(collected)).not.toMatch(/hunter2|another-secret|third-secret/);
  expect(plain(ofKind(collected, 'secret.exposure')['redis.conf']?.facts['secrets'])).toEqual([
    { name: 'requirepass' },
    { name: 'password of app' },
  ]);
});

test('ACL users: what they may do in the end', async () => {
  const collected = await collectFiles({
    'redis.conf': 'user default off\nuser app on #abc ~app:* +@all -@dangerous -@admin\nuser ops on nopass +@all\n',
  });
  const users = ofKind(collected, 'identity.principal');
  expect(plain(users['redis.conf app']?.facts['dangerous_rights'])).toEqual([]);
  expect(plain(users['redis.conf ops']?.facts['password'])).toBe('none');
  expect(plain(ofKind(collected, 'datastore')['redis.conf']?.facts['authentication'])).toBe(true);
});

test('categories hold commands: @write may empty the store, and -@dangerous takes that away', async () => {
  const rights = async (rules: string): Promise<unknown> =>
    plain(
      ofKind(await collectFiles({ 'redis.conf': `user app on #abc ~* ${rules}\n` }), 'identity.principal')['redis.conf app']?.facts[
        'dangerous_rights'
      ],
    );
  expect(await rights('+@read +@write')).toEqual(['FLUSHALL', 'FLUSHDB', 'KEYS']);
  expect(await rights('+@read +@write -@dangerous')).toEqual([]);
  expect(await rights('+@all -flushall')).not.toContain('FLUSHALL');
  expect(await rights('+@all -config|set')).toContain('CONFIG');
  expect(await rights('+get (+@all ~tmp:*)')).toContain('FLUSHALL');
});
