import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryDirectory } from '../../support/servers/temporary-directory.ts';
import { storedPassword } from '../../../src/collect/host/stored-password.ts';
import { publicKeyOfLine } from '../../../src/ssh/public-key.ts';
import type { TargetRecord } from '../../../src/model/resource.ts';
import { available, program } from '../../support/servers/available.ts';
import { factsOfKind, layMachine, lookInside, pickFacts, type MachineFile } from '../../support/host.ts';

const base = temporaryDirectory('accounts');
let count = 0;
const NSS = 'passwd: files systemd\ngroup: files systemd\n';
const SALT = 'canarysaltcanary';

function machine(files: Readonly<Record<string, MachineFile>>): Promise<TargetRecord> {
  count += 1;
  return lookInside(`root:${layMachine(join(base, String(count)), { 'etc/nsswitch.conf': NSS, 'etc/group': 'root:x:0:\n', ...files })}`);
}

test.each([
  ['', { kind: 'none' }],
  ['*', { kind: 'locked' }],
  ['!', { kind: 'locked' }],
  ['!!', { kind: 'locked' }],
  ['x', { kind: 'locked' }],
  ['*LK*', { kind: 'locked' }],
  ['no password', { kind: 'locked' }],
  ['$y$j9T$a$b', { kind: 'hashed', hash: 'yescrypt', locked: false }],
  ['!$y$j9T$a$b', { kind: 'hashed', hash: 'yescrypt', locked: true }],
  ['$gy$j9T$a$b', { kind: 'hashed', hash: 'gost-yescrypt', locked: false }],
  ['$7$CU..../....a$b', { kind: 'hashed', hash: 'scrypt', locked: false }],
  ['$2b$12$abc', { kind: 'hashed', hash: 'bcrypt', locked: false }],
  ['$6$rounds=5000$a$b', { kind: 'hashed', hash: 'sha512crypt', locked: false }],
  ['$5$a$b', { kind: 'hashed', hash: 'sha256crypt', locked: false }],
  ['$1$a$b', { kind: 'hashed', hash: 'md5crypt', locked: false }],
  ['$3$$b', { kind: 'hashed', hash: 'nt', locked: false }],
  ['$argon2id$v=19$m=65536$a$b', { kind: 'hashed', hash: 'argon2', locked: false }],
  ['$sha1$4$a$b', { kind: 'hashed', hash: 'strange', locked: false }],
  ['abJnggxhB/yWI', { kind: 'hashed', hash: 'descrypt', locked: false }],
  ['abJnggxhB/yWIabcdefghijk', { kind: 'hashed', hash: 'bigcrypt', locked: false }],
])('a password field %j', (field, expected) => {
  expect(storedPassword(field)).toEqual(expected);
});

/** A record of lastlog(8). */
function lastlog(times: Readonly<Record<number, number>>): Uint8Array {
  const bytes = Buffer.alloc((Math.max(...Object.keys(times).map(Number)) + 1) * 292);
  for (const [uid, time] of Object.entries(times)) bytes.writeUInt32LE(time, Number(uid) * 292);
  return bytes;
}
/** A session of wtmp(5). */
function session(name: string, time: number): Uint8Array {
  const bytes = Buffer.alloc(384);
  bytes.writeInt16LE(7, 0);
  bytes.write(name, 44);
  bytes.writeUInt32LE(time, 340);
  return bytes;
}

const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBJ4L9lLTDGF9MFhlbJH3gZgfMDEUPv0XAfQXYVYpHzV';

describe('accounts', () => {
  test('each is told with what it can do, and nothing of its password leaves', async () => {
    const record = await machine({
      'etc/passwd': `root:x:0:0:root:/root:/bin/bash
daemon:x:1:1::/usr/sbin:/usr/sbin/nologin
alice:x:1000:1000:Alice:/home/alice:/bin/bash
old:$1$${SALT}$hashhashhash:1001:1001::/home/old:/bin/sh
open::1002:1002::/home/open:
gone:x:1003:1003::/home/gone:/bin/bash
keyed:x:1004:1004::/home/keyed:/bin/bash
`,
      'etc/shadow': {
        text: `root:!:19000:0:99999:7:::
daemon:*:19000:0:99999:7:::
alice:$y$j9T$${SALT}$hashhashhash:20700:0:90:7::21000:
gone:$6$${SALT}$hashhashhash:0:0:99999:7::20000:
keyed:!:20000:0:99999:7:::
`,
        mode: 0o640,
        gid: 42,
      },
      'etc/login.defs': 'UID_MIN 1000\nUID_MAX 60000\n',
      'etc/ssh/sshd_config': 'PermitRootLogin no\n',
      'home/keyed/.ssh/authorized_keys': { text: `${KEY} keyed@example.com\n`, mode: 0o600, uid: 1004, gid: 1004 },
      'var/log/lastlog': { text: lastlog({ 1000: 1_795_000_000, 1004: 0 }) },
      'var/log/wtmp': { text: session('alice', 1_795_100_000) },
    });
    expect(record.coverage['identity.principal']).toMatchObject({ status: 'complete', gaps: [] });
    expect(JSON.stringify(record)).not.toContain(SALT);
    expect(JSON.stringify(record)).not.toContain('hashhash');
    expect(factsOfKind(record, 'identity.principal')['linux alice']).toEqual({
      name: 'alice',
      kind: 'person',
      login: true,
      password: 'hashed',
      superuser: false,
      dangerous_rights: [],
      system: 'linux',
      hash: 'yescrypt',
      password_changed: '2026-09-04T00:00:00Z',
      password_max_age: 90,
      expires: '2027-07-01T00:00:00Z',
      last_login: '2026-11-19T14:53:20Z',
      any_source: { unknown: 'unsupported' },
      requires_tls: { unknown: 'unsupported' },
      connection_limit: 'absent',
      member_of: ['1000'],
      rights: [],
      duties: { unknown: 'not-collected' },
    });
    expect(
      pickFacts(record, 'identity.principal', 'kind', 'login', 'password', 'hash', 'password_changed', 'password_max_age', 'last_login'),
    ).toMatchObject({
      'linux root': ['default', false, 'locked', 'absent', 'absent', 'absent', 'absent'],
      'linux daemon': ['service', false, 'locked', 'absent', 'absent', 'absent', 'absent'],
      'linux old': ['person', true, 'hashed', 'md5crypt', { unknown: 'unresolved' }, 'absent', 'absent'],
      'linux open': ['person', true, 'none', 'absent', 'absent', 'absent', 'absent'],
      'linux gone': ['person', false, 'hashed', 'sha512crypt', { unknown: 'unresolved' }, 'absent', 'absent'],
      'linux keyed': ['person', true, 'locked', 'absent', 'absent', 'absent', 'absent'],
    });
  });
  test('without shadow nothing is known of passwords; a closed shell closes all the same', async () => {
    const record = await machine({
      'etc/passwd': 'root:x:0:0::/root:/bin/bash\nwww:x:33:33::/var/www:/usr/sbin/nologin\n',
    });
    expect(pickFacts(record, 'identity.principal', 'login', 'password', 'hash', 'expires', 'last_login')).toEqual({
      'linux root': Array.from({ length: 4 }, () => ({ unknown: 'unresolved' })).concat([{ unknown: 'not-collected' }]),
      'linux www': [false, ...Array.from({ length: 3 }, () => ({ unknown: 'unresolved' })), { unknown: 'not-collected' }],
    });
  });
  test.each<[string, Readonly<Record<string, MachineFile>>, string]>([
    ['a line that is none', { 'etc/passwd': 'root:x:0:0::/root:/bin/bash\nbroken\n' }, 'unparseable /etc/passwd: a line that is none'],
    ['NIS', { 'etc/passwd': 'root:x:0:0::/root:/bin/bash\n+::::::\n' }, 'unparseable /etc/passwd: a line that is none'],
    [
      'a directory service',
      { 'etc/passwd': 'root:x:0:0::/root:/bin/bash\n', 'etc/nsswitch.conf': 'passwd: files ldap\n' },
      'unsupported passwd: accounts of ldap',
    ],
    [
      'accounts of systemd',
      {
        'etc/passwd': 'root:x:0:0::/root:/bin/bash\n',
        'etc/nsswitch.conf': 'passwd: files systemd\n',
        'etc/userdb/mallory.user': '{"userName":"mallory","uid":2000}\n',
      },
      'unsupported /etc/userdb: its accounts',
    ],
    [
      'accounts beside the files',
      {
        'etc/passwd': 'root:x:0:0::/root:/bin/bash\n',
        'etc/nsswitch.conf': 'passwd: files extrausers altfiles\n',
        'var/lib/extrausers/passwd': 'mallory:x:0:0::/root:/bin/bash\n',
      },
      'unsupported /var/lib/extrausers/passwd: its accounts',
    ],
    ['no passwd at all', {}, 'unresolved /etc/passwd is not there'],
    [
      'too many',
      { 'etc/passwd': Array.from({ length: 20_001 }, (_, index) => `u${index}:x:${index}:1::/:/bin/false\n`).join('') },
      'unsupported /etc/passwd: more than 20000',
    ],
  ])('%s: there may be more accounts', { timeout: 30_000 }, async (_, files, gap) => {
    const record = await machine(files);
    const { status, gaps = [] } = record.coverage['identity.principal'] ?? {};
    expect([status, gaps.map(({ cause, detail }) => `${cause} ${detail}`)]).toEqual(['partial', [gap]]);
  });
});

describe('authorised keys', () => {
  const files = (keys: string, sshd = '', more: Readonly<Record<string, MachineFile>> = {}): Readonly<Record<string, MachineFile>> => ({
    'etc/passwd': 'root:x:0:0::/root:/bin/bash\nalice:x:1000:1000::/home/alice:/bin/bash\nwww:x:33:33::/var/www:/usr/sbin/nologin\n',
    'etc/group': 'root:x:0:\nalice:x:1000:\n',
    'etc/shadow': 'root:!:::::::\nalice:!:::::::\n',
    'etc/ssh/sshd_config': `${sshd}\n`,
    'home/alice/': { mode: 0o755, uid: 1000, gid: 1000 },
    'home/alice/.ssh/': { mode: 0o700, uid: 1000, gid: 1000 },
    'home/alice/.ssh/authorized_keys': { text: keys, mode: 0o600, uid: 1000, gid: 1000 },
    'var/www/.ssh/authorized_keys': `${KEY}\n`,
    ...more,
  });
  test('a key is told with its options, its file and who may change it', async () => {
    const record = await machine(
      files(`# mine\nfrom="10.0.0.0/8,192.0.2.1",command="/bin/echo \\"hi there\\"",no-pty ${KEY} alice@example.com\n`),
    );
    expect(record.coverage['authorized.key']).toMatchObject({ status: 'complete', gaps: [] });
    const [[id, facts] = [], [other, others] = []] = Object.entries(factsOfKind(record, 'authorized.key'));
    // A key of an account without a shell opens forwardings and, where sshd serves it itself, SFTP.
    expect([other?.split(' ')[0], others?.['account']]).toEqual(['www', 'www']);
    expect(id).toMatch(/^alice SHA256:[A-Za-z0-9+/]{43}$/);
    expect(facts).toEqual({
      account: 'alice',
      type: 'ssh-ed25519',
      bits: 256,
      comment: 'alice@example.com',
      from: ['10.0.0.0/8', '192.0.2.1'],
      forced_command: true,
      options: ['from', 'command', 'no-pty'],
      expires: 'absent',
      file_changed: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      writable_by_others: false,
    });
  });
  test.each<[string, Readonly<Record<string, MachineFile>>, boolean]>([
    ['a directory above that all may write', { 'home/alice/': { mode: 0o777, uid: 1000, gid: 1000 } }, true],
    [
      'a file that its group may write, which is its own',
      { 'home/alice/.ssh/authorized_keys': { text: KEY, mode: 0o660, uid: 1000, gid: 1000 } },
      false,
    ],
    ['a file that another group may write', { 'home/alice/.ssh/authorized_keys': { text: KEY, mode: 0o660, uid: 1000, gid: 33 } }, true],
    ['a file of somebody else', { 'home/alice/.ssh/authorized_keys': { text: KEY, mode: 0o644, uid: 33, gid: 33 } }, true],
    ['a directory of somebody else', { 'home/': { mode: 0o755, uid: 33, gid: 33 } }, true],
    ['a sticky directory', { 'home/': { mode: 0o1777 } }, false],
  ])('%s', async (_, more, expected) => {
    const record = await machine(files(KEY, '', more));
    const [[id, writable] = []] = Object.entries(pickFacts(record, 'authorized.key', 'writable_by_others'));
    expect([id?.split(' ')[0], writable]).toEqual(['alice', [expected]]);
  });
  test('AuthorizedKeysFile says where, in Match blocks too; commands and authorities leave it open', async () => {
    const record = await machine(
      files(
        '',
        'AuthorizedKeysFile /etc/keys/%u .ssh/more\nTrustedUserCAKeys /etc/ca.pub\nMatch User alice\n  AuthorizedKeysFile %h/here\n  AuthorizedKeysCommand /bin/keys',
        {
          'etc/keys/alice': `${KEY} a\n`,
          'home/alice/.ssh/more': `${KEY} b\nnonsense\n`,
          'home/alice/here': { text: `restrict ${KEY} c\n`, uid: 1000 },
        },
      ),
    );
    const told = Object.values(pickFacts(record, 'authorized.key', 'comment', 'forced_command'));
    expect(told.map((facts) => facts.join(' ')).toSorted()).toEqual(['a false', 'b false', 'c false']);
    expect(record.coverage['authorized.key']?.gaps.map(({ detail }) => detail)).toEqual([
      'sshd: keys by TrustedUserCAKeys',
      'sshd: keys by AuthorizedKeysCommand',
      '/home/alice/.ssh/more: a line that is no key',
    ]);
    // Whether root has a key is not known then.
    expect(pickFacts(record, 'identity.principal', 'login')).toMatchObject({
      'linux root': [{ unknown: 'unresolved' }],
      'linux alice': [true],
    });
  });
  test('without a server no key opens anything', async () => {
    const { 'etc/ssh/sshd_config': _, ...rest } = files(KEY);
    expect(pickFacts(await machine(rest), 'identity.principal', 'login')).toMatchObject({ 'linux alice': [false] });
  });
});

describe.skipIf(!available('sudo'))('ssh-keygen agrees', () => {
  test.each([
    ['rsa', '2048'],
    ['rsa', '3072'],
    ['ecdsa', '256'],
    ['ecdsa', '384'],
    ['ecdsa', '521'],
    ['ed25519', '256'],
  ])('%s %s', (kind, bits) => {
    const file = join(base, `key-${kind}-${bits}`);
    execFileSync(program('ssh-keygen'), ['-q', '-t', kind, '-b', bits, '-N', '', '-f', file]);
    const [type = '', blob = ''] = readFileSync(`${file}.pub`, 'utf8').split(' ');
    const [size, fingerprint] = execFileSync(program('ssh-keygen'), ['-l', '-f', `${file}.pub`], { encoding: 'utf8' }).split(' ');
    expect(publicKeyOfLine(type, blob)).toMatchObject({ type, bits: Number(size), fingerprint });
  });
  test.each([
    ['another kind', 'ssh-rsa', KEY.slice(12)],
    ['cut', 'ssh-ed25519', KEY.slice(12, 60)],
    ['no base64', 'ssh-ed25519', '!!!!'],
    ['a length that runs away', 'ssh-ed25519', Buffer.from('ffffffff', 'hex').toString('base64').padEnd(24, 'A')],
    ['nothing', 'ssh-ed25519', ''],
  ])('%s is no key', (_, type, blob) => {
    expect(publicKeyOfLine(type, blob)).toBeUndefined();
  });
});

test('a link of somebody’s to what only root reads shows nothing of it', async () => {
  const record = await machine({
    'etc/passwd': 'root:x:0:0:root:/root:/bin/bash\nmallory:x:1000:1000::/home/mallory:/bin/bash\n',
    'home/mallory/.ssh/authorized_keys': 'root:$y$j9T$c4nary$c4naryc4nary:19000:0:99999:7:::\nc4nary-pass-phrase\n',
  });
  expect(record.coverage['authorized.key']).toMatchObject({ status: 'partial' });
  expect(JSON.stringify(record)).not.toContain('c4nary');
});

test.each(['', 'nobody:x:65534:65534::/:/usr/sbin/nologin\n'])('passwd without root (%j) is no list of accounts', async (text) => {
  const record = await machine({ 'etc/passwd': text });
  expect(record.coverage['identity.principal']).toMatchObject({ status: 'partial', gaps: [{ cause: 'unparseable' }] });
});

test.each([
  ['', 'unknown'],
  ['root:x:0:\n', 'known'],
])('a list of groups without root may lack others: whose the rights of a group are stays open (%j)', async (group, state) => {
  const record = await machine({
    'etc/passwd': 'root:x:0:0:root:/root:/bin/bash\nalice:x:1000:27::/home/alice:/bin/bash\n',
    'etc/group': group,
    'etc/sudoers': { text: '%sudo ALL=(ALL) ALL\n', mode: 0o440 },
  });
  expect(record.resources.find(({ id }) => id === 'linux alice')?.facts['superuser']).toMatchObject({ state });
});

const OTHER_KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIC1U/wdvFJ5W4LFBupw2wqDnooWMRk3eeLPKfM044Krd';
test('an authority that is listed opens the account to keys that are not here; options are told by name', async () => {
  const record = await machine({
    'etc/passwd': 'root:x:0:0:root:/root:/bin/bash\nalice:x:1000:1000::/home/alice:/bin/bash\n',
    'home/alice/.ssh/authorized_keys': `cert-authority,principals="ops" ${KEY} ca\nrestrict,from="10.0.0.0/8",expiry-time="20200101Z" ${OTHER_KEY} old\n`,
  });
  expect(record.coverage['authorized.key']?.gaps.map(({ detail }) => detail)).toEqual([
    '/home/alice/.ssh/authorized_keys: whose keys an authority signed',
  ]);
  expect(Object.values(pickFacts(record, 'authorized.key', 'options', 'expires'))).toEqual([
    [['cert-authority', 'principals'], 'absent'],
    [['restrict', 'from', 'expiry-time'], '2020-01-01T00:00:00Z'],
  ]);
});
