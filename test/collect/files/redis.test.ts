import { describe, expect, test } from 'vitest';
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
  expect(plain(ofKind(collected, 'secret.exposure')['redis.conf']?.facts['secrets'])).toMatchObject([
    { name: 'requirepass' },
    { name: 'password of app' },
  ]);
});

test('Redis does not start with a file that holds a line it does not know: no user of it is in force', async () => {
  const users = async (more: string) => {
    const collected = await collectFiles({ 'redis.conf': `user default off\nuser app on >s3cret-value +get\n${more}` });
    return [Object.keys(ofKind(collected, 'identity.principal')), collected.coverage['identity.principal']?.status];
  };
  expect(await users('')).toEqual([['redis.conf app', 'redis.conf default'], 'complete']);
  for (const line of ['house-made yes\n', 'requirepass "open\n']) expect([line, await users(line)]).toEqual([line, [[], 'partial']]);
});

test('ACL users: what they may do in the end', async () => {
  const collected = await collectFiles({
    'redis.conf': 'user default off\nuser app on #abc ~app:* +@all -@dangerous -@admin\nuser ops on nopass +@all\n',
  });
  const users = ofKind(collected, 'identity.principal');
  expect(plain(users['redis.conf app']?.facts['dangerous_rights'])).toEqual([]);
  expect(plain(users['redis.conf ops']?.facts['password'])).toBe('none');
  // Whoever knows the name of ops proves nothing.
  expect(plain(ofKind(collected, 'datastore')['redis.conf']?.facts['authentication'])).toBe(false);
  const proven =
    'user default off\nuser app on #abc ~app:* +@read\nuser ops off nopass +@all\nuser old on nopass resetpass >s3cret-value\n';
  expect(plain((await facts(proven))['authentication'])).toBe(true);
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

describe('templates', () => {
  test('a password that a template may leave out is none that was seen', async () => {
    const found = await facts('{% if redis_requirepass %}\nrequirepass {{ redis_requirepass }}\n{% endif %}\nbind {{ redis_bind }}\n');
    expect(plain(found['authentication'])).toEqual({ unknown: 'unresolved' });
    expect(plain(found['wildcard_bind'])).toEqual({ unknown: 'unresolved' });
  });
  test.each([
    '"$REDIS_PASSWORD"',
    '@REDIS_PASSWORD@',
    '${REDIS_PASSWORD}',
    '__REDIS_PASSWORD__',
    '<%= @password %>',
    '%(password)s',
    '{{ x }}',
  ])('requirepass %s is neither a password that was seen nor a secret in the clear', async (value) => {
    const collected = await collectFiles({ 'redis.conf': `bind 127.0.0.1\nrequirepass ${value}\n` });
    expect(plain(ofKind(collected, 'datastore')['redis.conf']?.facts['authentication'])).toEqual({ unknown: 'unresolved' });
    expect(plain(ofKind(collected, 'secret.exposure')['redis.conf']?.facts['secrets'])).toMatchObject([]);
  });
  test('a merge conflict leaves what stands before its end unknown', async () => {
    const found = await facts(
      'bind 10.0.0.5\n<<<<<<< HEAD\nbind 127.0.0.1\n=======\nbind 0.0.0.0\n>>>>>>> theirs\nappendonly yes\nappendfsync always\n',
    );
    expect(plain(found['wildcard_bind'])).toEqual({ unknown: 'unresolved' });
    expect(plain(found['durable_writes'])).toBe(true); // set behind it, where the last one counts
  });
  test('a user line that may be there counts before requirepass', async () => {
    expect(plain((await facts('# {% for u in users %}\n# {% endfor %}\nrequirepass s3cret-value\n'))['authentication'])).toEqual({
      unknown: 'unresolved',
    });
    expect(plain((await facts('user default on {{ rules }}\n'))['authentication'])).toEqual({ unknown: 'unresolved' });
    expect(plain((await facts('user default off {{ rules }}\n'))['authentication'])).toEqual({ unknown: 'unresolved' });
    expect(plain((await facts('{{ ansible_managed | comment }}\nrequirepass s3cret-value\n'))['authentication'])).toBe(true);
  });
});

test.each(['hello world', 'requirepas abc', 'bind "abc', '%%% garbled'])(
  'a file with the line %s does not start Redis: nothing of it is known, and none of it is shown',
  async (line) => {
    const collected = await collectFiles(
      { 'redis.conf': `bind 127.0.0.1\nrequirepass s3cret-value\nappendonly yes\n${line}\n` },
      { redis: '7.2' },
    );
    const found = ofKind(collected, 'datastore')['redis.conf']?.facts ?? {};
    for (const name of ['authentication', 'wildcard_bind', 'tls', 'durable_writes', 'dangerous_commands'])
      expect(plain(found[name]), name).toEqual({ unknown: 'unparseable' });
    expect(JSON.stringify(collected)).not.toContain('bind 127.0.0.1');
    expect(plain(ofKind(collected, 'secret.exposure')['redis.conf']?.facts['secrets'])).toMatchObject([{ name: 'requirepass' }, '…']);
  },
);

test('directives in any case, of modules, and of other versions are directives', async () => {
  const found = await facts('Bind 127.0.0.1\nREQUIREPASS x-y-z\nProtected-Mode YES\nslave-priority 10\nsearch-timeout 5\nredisearch.x 1\n');
  expect(plain(found['loopback_only'])).toBe(true);
  expect(plain(found['authentication'])).toBe(true);
  expect(plain(found['protected_mode'])).toBe(true);
});

test('every password is a secret, and gone as a whole: quotes, any case, keys, Sentinel, comments', async () => {
  const secrets = [
    'requirepass "correct horse battery"',
    'MasterAuth alpha-bravo',
    'tls-key-file-pass charlie-delta',
    'TLS-Client-Key-File-Pass echo-foxtrot',
    'primaryauth golf-hotel',
    'user app on ">india juliett" ~* +@read',
    '# requirepass kilo lima',
    '# user old on >mike-november +@all',
    '# sentinel auth-pass main oscar-papa',
  ];
  const collected = await collectFiles({
    'redis.conf': `port 6379\n${secrets.join('\nappendonly yes\n')}\n`,
    'sentinel.conf': 'sentinel monitor main 10.0.0.5 6379 2\nsentinel auth-pass main quebec-romeo\nsentinel sentinel-pass "sierra tango"\n',
  });
  expect(JSON.stringify(collected)).not.toMatch(
    /correct|horse|battery|alpha|bravo|charlie|delta|echo-|foxtrot|golf|hotel|india|juliett|kilo|lima|mike|november|oscar|papa|quebec|romeo|sierra|tango/,
  );
  expect(plain(ofKind(collected, 'secret.exposure')['redis.conf']?.facts['secrets'])).toMatchObject([
    { name: 'requirepass' },
    { name: 'masterauth' },
    { name: 'tls-key-file-pass' },
    { name: 'tls-client-key-file-pass' },
    { name: 'primaryauth' },
    { name: 'password of app' },
  ]);
  expect(plain(ofKind(collected, 'secret.exposure')['sentinel.conf']?.facts['secrets'])).toMatchObject([
    { name: 'sentinel auth-pass' },
    { name: 'sentinel sentinel-pass' },
  ]);
});

test('a sentinel holds no records, and says that a store is somewhere', async () => {
  const collected = await collectFiles({ 'sentinel.conf': 'port 26379\nsentinel monitor main 10.0.0.5 6379 2\n' });
  expect(ofKind(collected, 'datastore')).toEqual({});
  expect(collected.coverage['datastore']).toMatchObject({ status: 'partial', gaps: [{ cause: 'not-collected' }] });
});

test('whether TLS is spoken depends on what is not here', async () => {
  const collected = await collectFiles({ 'redis.conf': 'tls-port 6380\ninclude tls.conf\n' });
  expect(collected.coverage['tls.listener']).toMatchObject({ status: 'partial' });
});
