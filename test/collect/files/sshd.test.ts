import { expect, test } from 'vitest';
import { unknown } from '../../../src/model/fact.ts';
import type { MemoryFile } from '../../../src/world/memory.ts';
import { collectFiles, ofKind, placeOf, plain } from '../../support/collect.ts';

const UNRESOLVED = { unknown: 'unresolved' };
const UNPARSEABLE = { unknown: 'unparseable' };

const servers = async (files: Readonly<Record<string, MemoryFile>>, openssh?: string, options: Record<string, string> = {}) =>
  ofKind(await collectFiles(files, openssh === undefined ? {} : { openssh }, options), 'remote.access');
const facts = async (text: string, openssh?: string) => (await servers({ sshd_config: text }, openssh))['sshd_config']?.facts ?? {};
const value = async (name: string, text: string, openssh?: string) => plain((await facts(text, openssh))[name]);

test('every value points at itself, whatever the case of its keyword and the sign after it', async () => {
  const found = await facts('permitrootlogin=NO # never\nLoginGraceTime = 1m30s\nLogLevel "verbose"\nMaxAuthTries 3\n');
  expect(plain(found['root_login'])).toBe('no');
  expect(placeOf(found['root_login'])).toBe('sshd_config:1:17 NO');
  expect(plain(found['login_grace'])).toBe(90);
  expect(placeOf(found['login_grace'])).toBe('sshd_config:2:18 1m30s');
  expect(plain(found['log_level'])).toBe('VERBOSE');
  expect(plain(found['max_auth_tries'])).toBe(3);
});

test('the first value counts', async () => {
  expect(await value('root_login', 'PermitRootLogin yes\nPermitRootLogin no\n')).toBe('yes');
});

test('what is not written is the default of a known version, and unknown without one', async () => {
  expect(await value('root_login', 'Port 22\n')).toEqual(UNRESOLVED);
  expect(await value('root_login', 'Port 22\n', 'latest')).toEqual(UNRESOLVED);
  expect(await value('root_login', 'Port 22\n', '6.9p1')).toBe('yes');
  expect(await value('root_login', 'Port 22\n', '7.0')).toBe('prohibit-password');
  expect(await value('strict_modes', 'Port 22\n')).toEqual(UNRESOLVED);
  expect(await value('strict_modes', 'Port 22\n', '9.2p1')).toBe(true);
});

test('a value that sshd would not take is unknown, at its place', async () => {
  for (const line of ['PermitRootLogin false', 'PermitRootLogin no yes', 'PermitRootLogin', 'PermitRootLogin "no']) {
    const found = await facts(`${line}\n`, '9.2');
    expect(plain(found['root_login'])).toEqual(UNPARSEABLE);
    expect(placeOf(found['root_login'])).toMatch(/^sshd_config:1:/);
  }
  expect(await value('login_grace', 'LoginGraceTime soon\n', '9.2')).toEqual(UNPARSEABLE);
});

test('a variable that nobody sets is unknown; a line that is one may set anything after it', async () => {
  expect(await value('root_login', 'PermitRootLogin ${ROOT}\n', '9.2')).toEqual(UNRESOLVED);
  expect(await value('root_login', 'PermitRootLogin {{ root_login }}\n', '9.2')).toEqual(UNRESOLVED);
  const found = await facts('PermitRootLogin no\n{% if passwords %}\nPasswordAuthentication no\n', '9.2');
  expect(plain(found['root_login'])).toBe('no');
  expect(plain(found['password_login'])).toEqual(UNRESOLVED);
});

test('an include stands where it is written: what comes before it counts', async () => {
  const files = {
    'etc/ssh/sshd_config': 'PermitRootLogin no\nInclude /etc/ssh/sshd_config.d/*.conf\nPermitRootLogin yes\nX11Forwarding yes\n',
  };
  const fragments = {
    'etc/ssh/sshd_config.d/20-b.conf': 'X11Forwarding yes\n',
    'etc/ssh/sshd_config.d/10-a.conf': 'PermitRootLogin yes\nX11Forwarding no\n',
  };
  const all = await servers({ ...files, ...fragments }, '9.2');
  expect(Object.keys(all)).toEqual(['etc/ssh/sshd_config']);
  expect(plain(all['etc/ssh/sshd_config']?.facts['root_login'])).toBe('no');
  expect(placeOf(all['etc/ssh/sshd_config']?.facts['x11_forwarding'])).toBe('etc/ssh/sshd_config.d/10-a.conf:2:15 no');
});

test('an include that is not here may have set a keyword first, even where it is written later', async () => {
  const collected = await collectFiles(
    { 'etc/ssh/sshd_config': 'PermitRootLogin no\nInclude /etc/ssh/sshd_config.d/*.conf\nX11Forwarding no\n' },
    { openssh: '9.2' },
  );
  const found = ofKind(collected, 'remote.access')['etc/ssh/sshd_config']?.facts;
  expect(plain(found?.['root_login'])).toBe('no');
  expect(plain(found?.['x11_forwarding'])).toEqual(UNRESOLVED);
  expect(placeOf(found?.['x11_forwarding'])).toBe('etc/ssh/sshd_config:2:9 /etc/ssh/sshd_config.d/*.conf');
  expect(collected.coverage['remote.access']?.status).toBe('partial');
});

test('/etc/ssh is where the main file stands, in a tree that does not show its /etc', async () => {
  const all = await servers({ sshd_config: 'Include /etc/ssh/sshd_config.d/*.conf\n', 'sshd_config.d/a.conf': 'PermitRootLogin no\n' });
  expect(Object.keys(all)).toEqual(['sshd_config']);
  expect(plain(all['sshd_config']?.facts['root_login'])).toBe('no');
});

test('an include that may not be read, and one that includes itself, are unknown', async () => {
  const denied = await servers({ sshd_config: 'Include other\nPermitRootLogin no\n', other: unknown('access-denied', 'other: EACCES') });
  expect(plain(denied['sshd_config']?.facts['root_login'])).toEqual({ unknown: 'access-denied' });
  const loop = await servers({ sshd_config: 'Include loop\nPermitRootLogin no\n', loop: 'Include loop\n' });
  expect(plain(loop['sshd_config']?.facts['root_login'])).toEqual(UNRESOLVED);
});

test('a Match is a resource of its own, over the global settings', async () => {
  const all = await servers({
    sshd_config: 'PermitRootLogin no\nMaxAuthTries 3\nMatch Address 10.99.0.0/24 User ops\n  PermitRootLogin yes\n',
  });
  expect(Object.keys(all)).toEqual(['sshd_config', 'sshd_config Match Address 10.99.0.0/24 User ops']);
  const block = all['sshd_config Match Address 10.99.0.0/24 User ops']?.facts;
  expect(plain(block?.['conditional'])).toBe(true);
  expect(plain(block?.['root_login'])).toBe('yes');
  expect(plain(block?.['max_auth_tries'])).toBe(3);
  expect(plain(all['sshd_config']?.facts['root_login'])).toBe('no');
});

test('Match all holds for everybody, and for an earlier block only what that does not say', async () => {
  const all = await servers({
    sshd_config: 'PermitRootLogin no\nMatch User ops\n  X11Forwarding no\nMatch all\n  PermitRootLogin yes\n  X11Forwarding yes\n',
  });
  expect(Object.keys(all)).toEqual(['sshd_config', 'sshd_config Match User ops']);
  expect(plain(all['sshd_config']?.facts['root_login'])).toBe('yes');
  expect(plain(all['sshd_config Match User ops']?.facts['root_login'])).toBe('yes');
  expect(plain(all['sshd_config Match User ops']?.facts['x11_forwarding'])).toBe(false);
});

test('an include inside a Match applies there, and a Match inside an include ends with it', async () => {
  const all = await servers({
    sshd_config: 'Include a\nPermitRootLogin no\nMatch User ops\nInclude b\n',
    a: 'Match Group x\nMaxAuthTries 9\n',
    b: 'PermitRootLogin yes\n',
  });
  expect(plain(all['sshd_config']?.facts['root_login'])).toBe('no');
  expect(plain(all['sshd_config Match Group x']?.facts['max_auth_tries'])).toBe(9);
  expect(plain(all['sshd_config Match User ops']?.facts['root_login'])).toBe('yes');
});

test('what a Match may not set leaves sshd unable to start', async () => {
  const all = await servers({ sshd_config: 'Ciphers aes256-ctr\nMatch User ops\nCiphers aes256-cbc\n' });
  expect(plain(all['sshd_config Match User ops']?.facts['ciphers'])).toEqual(UNPARSEABLE);
  expect(plain(all['sshd_config']?.facts['ciphers'])).toEqual(['aes256-ctr']);
});

test('a password logs in through PAM too, unless AuthenticationMethods joins it to more', async () => {
  expect(await value('password_login', 'PasswordAuthentication yes\n')).toBe(true);
  expect(await value('password_login', 'PasswordAuthentication no\nKbdInteractiveAuthentication yes\nUsePAM yes\n')).toBe(true);
  expect(await value('password_login', 'PasswordAuthentication no\nUsePAM yes\n', '9.2')).toBe(true);
  expect(await value('password_login', 'PasswordAuthentication no\nUsePAM no\n')).toEqual(UNRESOLVED);
  expect(await value('password_login', 'PasswordAuthentication no\nUsePAM no\n', '9.2')).toBe(false);
  expect(await value('password_login', 'PasswordAuthentication yes\nAuthenticationMethods publickey,password publickey\n')).toBe(false);
  expect(await value('password_login', 'PasswordAuthentication yes\nAuthenticationMethods publickey,password password\n')).toBe(true);
  expect(await value('password_login', 'PasswordAuthentication no\nAuthenticationMethods ${METHODS}\nUsePAM yes\n', '9.2')).toEqual(
    UNRESOLVED,
  );
});

test('before 8.7 KbdInteractiveAuthentication no switches nothing off', async () => {
  const text = 'PasswordAuthentication no\nUsePAM yes\nKbdInteractiveAuthentication no\n';
  expect(await value('password_login', text, '9.2')).toBe(false);
  expect(await value('password_login', text, '8.2p1')).toBe(true);
  expect(await value('password_login', text)).toEqual(UNRESOLVED);
  expect(await value('password_login', `${text}ChallengeResponseAuthentication no\n`, '8.2p1')).toBe(false);
  expect(await value('password_login', 'PasswordAuthentication no\nUsePAM yes\nChallengeResponseAuthentication no\n')).toBe(false);
});

test('two proofs are two kinds of proof, in every list', async () => {
  expect(await value('second_factor', 'AuthenticationMethods publickey,keyboard-interactive:pam publickey,password\n')).toBe(true);
  expect(await value('second_factor', 'AuthenticationMethods publickey,password publickey\n')).toBe(false);
  expect(await value('second_factor', 'AuthenticationMethods publickey,publickey\n')).toBe(false);
  expect(await value('second_factor', 'AuthenticationMethods password,keyboard-interactive\n')).toEqual({ unknown: 'not-collected' });
  expect(await value('second_factor', 'AuthenticationMethods any\n')).toBe(false);
  expect(await value('second_factor', 'AuthenticationMethods publickey,magic\n')).toEqual(UNPARSEABLE);
});

test('AllowUsers and AllowGroups add up, those of a Match replace, and a hole may add more', async () => {
  const all = await servers({
    sshd_config: 'AllowUsers alice bob@10.0.0.*\nAllowGroups admins\nAllowUsers carol\nMatch Address 10.0.0.0/8\nAllowUsers *\n',
  });
  const found = all['sshd_config']?.facts['limited_to'];
  expect(plain(found)).toEqual(['alice', 'bob@10.0.0.*', 'carol', '@admins']);
  expect(found?.state === 'known' && Array.isArray(found.value) ? placeOf(found.value[2]) : '').toBe('sshd_config:3:12 carol');
  expect(plain(all['sshd_config Match Address 10.0.0.0/8']?.facts['limited_to'])).toEqual(['*', '@admins']);
  expect(await value('limited_to', 'Port 22\n')).toEqual([]);
  expect(await value('limited_to', 'AllowUsers alice\nInclude gone\n')).toEqual(['alice', '…']);
  expect(await value('limited_to', 'Include gone\n')).toEqual(UNRESOLVED);
});

test('lists of algorithms: written, and changed from the default of a version', async () => {
  const found = await facts('Ciphers aes256-gcm@openssh.com,aes256-ctr\n');
  expect(plain(found['ciphers'])).toEqual(['aes256-gcm@openssh.com', 'aes256-ctr']);
  expect(found['ciphers']?.state === 'known' && Array.isArray(found['ciphers'].value) ? placeOf(found['ciphers'].value[1]) : '').toBe(
    'sshd_config:1:32 aes256-ctr',
  );
  expect(await value('macs', 'MACs -hmac-sha1*,umac-64*\n', '9.2')).toEqual([
    'umac-128-etm@openssh.com',
    'hmac-sha2-256-etm@openssh.com',
    'hmac-sha2-512-etm@openssh.com',
    'umac-128@openssh.com',
    'hmac-sha2-256',
    'hmac-sha2-512',
  ]);
  expect(await value('key_exchanges', 'KexAlgorithms ^curve25519-sha256\n', '10.0')).toEqual([
    'curve25519-sha256',
    'mlkem768x25519-sha256',
    'sntrup761x25519-sha512',
    'sntrup761x25519-sha512@openssh.com',
    'curve25519-sha256@libssh.org',
    'ecdh-sha2-nistp256',
    'ecdh-sha2-nistp384',
    'ecdh-sha2-nistp521',
  ]);
  expect(await value('ciphers', 'Ciphers +aes128-cbc\n')).toEqual(['aes128-cbc', '…']);
  expect(await value('ciphers', 'Ciphers -aes128-ctr\n')).toEqual(UNRESOLVED);
  expect(await value('ciphers', 'Ciphers aes*\n')).toEqual([{ unknown: 'unsupported' }]);
});

test('versions whose vendors ship other lists have no known default', async () => {
  expect(await value('ciphers', 'Port 22\n', '7.4p1')).toEqual({ unknown: 'unsupported' });
  expect(await value('ciphers', 'Port 22\n', '8.0p1')).toEqual({ unknown: 'unsupported' });
  expect(await value('ciphers', 'Port 22\n', '11.0')).toEqual({ unknown: 'unsupported' });
});

test('signatures are those of host keys, of users and of authorities', async () => {
  expect(
    await value(
      'signatures',
      'HostKeyAlgorithms ssh-ed25519\nPubkeyAcceptedKeyTypes ssh-ed25519,rsa-sha2-512\nCASignatureAlgorithms ssh-ed25519\n',
    ),
  ).toEqual(['ssh-ed25519', 'rsa-sha2-512']);
  expect(await value('signatures', 'HostKeyAlgorithms ssh-rsa\n')).toEqual(['ssh-rsa', '…']);
  expect(await value('signatures', 'HostKeyAlgorithms ssh-ed25519\n', '8.7')).toContain('ssh-rsa');
  expect(await value('signatures', 'HostKeyAlgorithms ssh-ed25519\n', '8.8')).not.toContain('ssh-rsa');
});

test('only ChannelTimeout ends an idle session', async () => {
  expect(await value('idle_timeout', 'ClientAliveInterval 300\nClientAliveCountMax 0\n', '9.2')).toBe('absent');
  expect(await value('idle_timeout', 'UnusedConnectionTimeout 5m\n', '9.2')).toBe('absent');
  expect(await value('idle_timeout', 'Port 22\n')).toEqual(UNRESOLVED);
  expect(await value('idle_timeout', 'ChannelTimeout x11-connection=5m session:*=15m\n')).toBe(900);
  expect(await value('idle_timeout', 'ChannelTimeout *=0 session:*=15m\n')).toBe('absent');
  expect(await value('idle_timeout', 'ChannelTimeout session:shell=15m\n')).toBe('absent'); // commands may idle on
  expect(await value('idle_timeout', 'ChannelTimeout global=10m\n')).toBe(600);
  expect(await value('idle_timeout', 'ChannelTimeout none\n')).toBe('absent');
  expect(await value('idle_timeout', 'ChannelTimeout session:*=later\n')).toEqual(UNPARSEABLE);
});

test('DisableForwarding overrides every switch of forwarding', async () => {
  const found = await facts('DisableForwarding yes\nAllowTcpForwarding yes\nX11Forwarding yes\nAllowAgentForwarding yes\n');
  expect([plain(found['tcp_forwarding']), plain(found['x11_forwarding']), plain(found['agent_forwarding'])]).toEqual(['no', false, false]);
  expect(await value('tcp_forwarding', 'AllowTcpForwarding local\n')).toBe('local');
});

test('PermitUserEnvironment with a list of variables permits them', async () => {
  expect(await value('user_environment', 'PermitUserEnvironment LANG,LC_*\n')).toBe(true);
  expect(await value('user_environment', 'PermitUserEnvironment no\n')).toBe(false);
});

test('a fragment that no main file includes leaves unknown what it does not say', async () => {
  const all = await servers({ 'sshd_config.d/50-custody.conf': 'PermitRootLogin no\nAllowUsers alice\n' }, '9.2');
  const found = all['sshd_config.d/50-custody.conf']?.facts;
  expect(plain(found?.['root_login'])).toBe('no');
  expect(plain(found?.['strict_modes'])).toEqual(UNRESOLVED);
  expect(plain(found?.['password_login'])).toEqual(UNRESOLVED);
  expect(plain(found?.['limited_to'])).toEqual(['alice', '…']);
});

test('a client’s file is none, and a server’s file is one under any name', async () => {
  expect(await servers({ 'ssh.conf': 'Host *\n  PasswordAuthentication no\n  HostKeyAlgorithms ssh-ed25519\n  ForwardX11 no\n' })).toEqual(
    {},
  );
  expect(Object.keys(await servers({ 'bastion.conf': 'PermitRootLogin no\nPasswordAuthentication no\nAllowGroups ops\n' }))).toEqual([
    'bastion.conf',
  ]);
  expect(
    Object.keys(
      await servers({
        'sshd_config.bak': 'PermitRootLogin yes\n',
        'check_sshd_config.py': 'x = 1\n',
        'bastion-sshd_config': 'PermitRootLogin no\n',
      }),
    ),
  ).toEqual(['bastion-sshd_config']);
});

test('a file that may not be read leaves its kind unknown; a keyword that is none is a gap', async () => {
  const denied = await collectFiles({ sshd_config: unknown('access-denied', 'sshd_config: EACCES') });
  expect(denied.coverage['remote.access']).toMatchObject({ status: 'partial', gaps: [{ cause: 'access-denied' }] });
  const strange = await collectFiles({ sshd_config: 'PermitRotLogin no\n' });
  expect(strange.coverage['remote.access']).toMatchObject({
    status: 'partial',
    gaps: [{ cause: 'unparseable', detail: 'permitrotlogin is no keyword of sshd' }],
  });
});

test('hostile files end soon, and say that they are unknown', async () => {
  const began = Date.now();
  expect(await value('limited_to', `AllowUsers ${'a '.repeat(500_000)}\n`)).toEqual(UNPARSEABLE);
  expect(await value('root_login', `${'"'.repeat(1_000_000)}\nPermitRootLogin no\n`)).toEqual(UNPARSEABLE);
  expect(await value('idle_timeout', `ChannelTimeout ${'*a'.repeat(2000)}=1\n`)).toBe('absent');
  const blocks = await collectFiles({
    sshd_config: Array.from({ length: 20_000 }, (_, index) => `Match User u${index}\nPermitRootLogin yes\n`).join(''),
  });
  expect(blocks.resources.length).toBeLessThan(600);
  expect(blocks.coverage['remote.access']?.status).toBe('partial');
  const bomb = Object.fromEntries(Array.from({ length: 14 }, (_, index) => [`f${index}`, `Include f${index + 1} f${index + 1}\n`]));
  expect(
    plain((await servers({ sshd_config: 'Include f0\nPermitRootLogin no\n', ...bomb, f14: '' }))['sshd_config']?.facts['root_login']),
  ).toEqual({ unknown: 'unsupported' });
  expect(Date.now() - began).toBeLessThan(20_000);
});

const GLOBAL = 'PasswordAuthentication no\nKbdInteractiveAuthentication no\nAuthenticationMethods publickey\n';

test('Match blocks that may hold together: each may give one half of a login by password', async () => {
  const found = await servers(
    {
      sshd_config: `${GLOBAL}Match Group partners\n  AuthenticationMethods any\nMatch Address 10.0.0.0/8\n  PasswordAuthentication yes\n`,
    },
    '9.9',
  );
  expect(plain(found['sshd_config']?.facts['password_login'])).toBe(false);
  expect(plain(found['sshd_config Match Group partners']?.facts['password_login'])).toEqual(UNRESOLVED);
  expect(plain(found['sshd_config Match Address 10.0.0.0/8']?.facts['password_login'])).toEqual(UNRESOLVED);
});

test.each([
  ['Match User a', 'Match User b'],
  ['Match Address 192.168.0.0/16', 'Match Address 10.0.0.0/8'],
  ['Match LocalPort 22', 'Match LocalPort 2222'],
])('%s and %s never hold together', async (one, other) => {
  const found = await servers(
    { sshd_config: `${GLOBAL}${one}\n  AuthenticationMethods any\n${other}\n  PasswordAuthentication yes\n` },
    '9.9',
  );
  expect(plain(found[`sshd_config ${one}`]?.facts['password_login'])).toBe(false);
});

test.each(['999.0.0.0/8', '10.0.0.0/33', '010.0.0.0/8', '2001:db8::/32'])(
  'what is no IPv4 network keeps apart from none: %s',
  async (network) => {
    const [one, other] = ['Match Address 192.168.0.0/16', `Match Address ${network}`];
    const found = await servers(
      { sshd_config: `${GLOBAL}${one}\n  AuthenticationMethods any\n${other}\n  PasswordAuthentication yes\n` },
      '9.9',
    );
    expect(plain(found[`sshd_config ${one}`]?.facts['password_login'])).toEqual(UNRESOLVED);
  },
);

test('overlapping blocks that give nothing away are decided', async () => {
  const found = await servers(
    { sshd_config: `${GLOBAL}Match Group a\n  X11Forwarding yes\nMatch Group b\n  PasswordAuthentication no\n` },
    '9.9',
  );
  expect(plain(found['sshd_config Match Group b']?.facts['password_login'])).toBe(false);
  const mixed = await servers(
    {
      sshd_config:
        'DisableForwarding yes\nAllowTcpForwarding no\nMatch Group a\n  DisableForwarding no\nMatch Group b\n  AllowTcpForwarding yes\n',
    },
    '9.9',
  );
  expect(plain(mixed['sshd_config Match Group b']?.facts['tcp_forwarding'])).toEqual(UNRESOLVED);
});

test('three blocks together', async () => {
  const found = await servers(
    {
      sshd_config: `UsePAM yes\n${GLOBAL}Match Group a\n  AuthenticationMethods password,keyboard-interactive any\nMatch Group b\n  AuthenticationMethods keyboard-interactive\nMatch Group c\n  KbdInteractiveAuthentication yes\n`,
    },
    '9.9',
  );
  expect(plain(found['sshd_config Match Group c']?.facts['password_login'])).toEqual(UNRESOLVED);
});

test('before 8.2 ClientAliveCountMax 0 ended idle sessions', async () => {
  const text = 'ClientAliveInterval 600\nClientAliveCountMax 0\n';
  expect(await value('idle_timeout', text, '8.1')).toBe(600);
  expect(await value('idle_timeout', text, '8.2')).toBe('absent');
  expect(await value('idle_timeout', text)).toEqual(UNRESOLVED);
  expect(await value('idle_timeout', 'ClientAliveInterval 600\nClientAliveCountMax 3\n', '8.1')).toBe('absent');
});
