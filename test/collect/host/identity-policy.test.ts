import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryDirectory } from '../../support/servers/temporary-directory.ts';
import { factsOfKind, layMachine, lookInside, type MachineFile } from '../../support/host.ts';

const base = temporaryDirectory('pam');
let count = 0;

/** The policy of a machine with these files. */
async function policy(files: Readonly<Record<string, MachineFile>>): Promise<Readonly<Record<string, unknown>>> {
  count += 1;
  const root = layMachine(join(base, String(count)), {
    'etc/passwd': 'root:x:0:0:root:/root:/bin/bash\n',
    'etc/group': 'root:x:0:\n',
    'etc/nsswitch.conf': 'passwd: files\ngroup: files\n',
    'var/lib/dpkg/status': 'Package: libpwquality1\nStatus: install ok installed\nVersion: 1.4.5-1+b1\n',
    ...files,
  });
  return factsOfKind(await lookInside(`root:${root}`), 'identity.policy')['linux'] ?? {};
}
const picked = async (files: Readonly<Record<string, MachineFile>>, ...names: readonly string[]): Promise<readonly unknown[]> => {
  const facts = await policy(files);
  return names.map((name) => facts[name]);
};

/** Debian’s own stacks. */
const PASSWORD = `password [success=1 default=ignore] pam_unix.so obscure yescrypt
password requisite pam_deny.so
password required pam_permit.so
`;
const AUTH = `auth [success=1 default=ignore] pam_unix.so nullok
auth requisite pam_deny.so
auth required pam_permit.so
`;

describe('new passwords', () => {
  test('as Debian installs it, nothing is checked', async () => {
    const facts = await policy({
      'etc/pam.d/passwd': '@include common-password\n',
      'etc/pam.d/common-password': PASSWORD,
      'etc/pam.d/login': '@include common-auth\n',
      'etc/pam.d/common-auth': AUTH,
      'etc/login.defs': 'PASS_MAX_DAYS\t99999\nENCRYPT_METHOD SHA512\n',
    });
    expect(facts).toEqual({
      system: 'linux',
      checks_quality: false,
      min_length: 6,
      min_classes: 0,
      applies_to_admins: false,
      history: 0,
      hash: 'yescrypt',
      max_age: 'absent',
      max_tries: 'absent',
      lockout: 'absent',
      idle_timeout: 'absent',
    });
  });
  test('hardened', async () => {
    const facts = await policy({
      'etc/pam.d/passwd': 'password include common-password\n',
      'etc/pam.d/common-password': `password requisite pam_pwquality.so retry=3 minlen=14
password [success=2 default=ignore] pam_pwhistory.so remember=5 use_authtok
password requisite pam_deny.so
password required pam_permit.so
password [success=1 default=ignore] pam_unix.so use_authtok sha512 rounds=65536
password requisite pam_deny.so
password required pam_permit.so
`,
      'etc/security/pwquality.conf.d/10-ours.conf': 'minlen = 20\nminclass = 3\nenforce_for_root\n',
      'etc/security/pwquality.conf': '# the rest\ndcredit = -1\nocredit = 1 # one less\n',
      'etc/pam.d/login': 'auth substack common-auth\n',
      'etc/pam.d/common-auth': `auth requisite pam_faillock.so preauth
auth [success=1 default=ignore] pam_unix.so
auth [default=die] pam_faillock.so authfail
auth sufficient pam_faillock.so authsucc
auth requisite pam_deny.so
auth required pam_permit.so
`,
      'etc/security/faillock.conf': 'deny = 5\nunlock_time = 1800\neven_deny_root\n',
      'etc/login.defs': '# PASS_MAX_DAYS 1\nPASS_MAX_DAYS 90\n',
      'etc/profile.d/tmout.sh': 'readonly TMOUT=900\nexport TMOUT\n',
    });
    expect(facts).toEqual({
      system: 'linux',
      checks_quality: true,
      min_length: 13,
      min_classes: 3,
      applies_to_admins: true,
      history: 5,
      hash: 'sha512crypt',
      max_age: 90,
      max_tries: 5,
      lockout: 30,
      idle_timeout: 900,
    });
  });
  test.each<[string, string, unknown]>([
    ['before pam_unix', `password requisite pam_pwquality.so\n${PASSWORD}`, true],
    ['required', `password required pam_pwquality.so\n${PASSWORD}`, true],
    ['optional is none', `password optional pam_pwquality.so\n${PASSWORD}`, false],
    [
      'jumped over',
      PASSWORD.replace('success=1', 'success=2').replace('password requisite pam_deny.so', 'password requisite pam_pwquality.so'),
      false,
    ],
    [
      'behind what is sufficient',
      `password sufficient pam_unix.so\npassword requisite pam_pwquality.so\npassword required pam_deny.so\n`,
      false,
    ],
    [
      'another module may go around it',
      `password [success=1 default=ignore] pam_sss.so\npassword requisite pam_pwquality.so\n${PASSWORD}`,
      { unknown: 'unresolved' },
    ],
    ['a module that may not be installed', `-password requisite pam_pwquality.so\n${PASSWORD}`, { unknown: 'unresolved' }],
    ['it only warns', `password requisite pam_pwquality.so enforcing=0\n${PASSWORD}`, false],
    ['a control that is none', `password [success] pam_pwquality.so\n${PASSWORD}`, { unknown: 'unparseable' }],
    ['a line that is none', `passwort requisite pam_pwquality.so\n${PASSWORD}`, { unknown: 'unparseable' }],
    ['an include that is not there', `@include other-password\n${PASSWORD}`, { unknown: 'unresolved' }],
    ['an include of itself', `@include passwd\n${PASSWORD}`, { unknown: 'unsupported' }],
    ['too many ways', `${'password [success=1 a=2 b=3 c=4 default=ignore] pam_x.so\n'.repeat(201)}${PASSWORD}`, { unknown: 'unsupported' }],
    ['joined lines', `password \\\n  requisite \\\n  pam_pwquality.so\n${PASSWORD}`, true],
  ])('quality: %s', async (_, stack, expected) => {
    expect(await picked({ 'etc/pam.d/passwd': stack }, 'checks_quality')).toEqual([expected]);
  });
  test('where nothing is there, nothing is known', async () => {
    const facts = await policy({});
    const told = Object.keys(facts).filter((name) => typeof facts[name] !== 'object');
    expect(Object.fromEntries(told.map((name) => [name, facts[name]]))).toEqual({
      system: 'linux',
      max_age: 'absent',
      idle_timeout: 'absent',
    });
  });
  test.each<[string, string, unknown]>([
    ['a default of libpwquality', '', 8],
    ['its file', 'minlen = 12', 12],
    ['never below six', 'minlen = 4', 6],
    ['no number', 'minlen = many', { unknown: 'unparseable' }],
  ])('length: %s', async (_, conf, expected) => {
    const files = { 'etc/pam.d/passwd': `password requisite pam_pwquality.so\n${PASSWORD}`, 'etc/security/pwquality.conf': `${conf}\n` };
    expect(await picked(files, 'min_length')).toEqual([expected]);
  });
  test('an older libpwquality had other defaults', async () => {
    const files = {
      'etc/pam.d/passwd': `password requisite pam_pwquality.so\n${PASSWORD}`,
      'var/lib/dpkg/status': 'Package: dpkg\nStatus: install ok installed\nVersion: 1.21.22\n',
    };
    expect(await picked(files, 'min_length', 'min_classes')).toEqual([{ unknown: 'unresolved' }, { unknown: 'unresolved' }]);
  });
  test.each<[string, string, string, unknown]>([
    ['an argument', 'blowfish', '', 'bcrypt'],
    ['login.defs', '', 'ENCRYPT_METHOD yescrypt\n', 'yescrypt'],
    ['neither', '', '', 'descrypt'],
    ['another word', '', 'ENCRYPT_METHOD ROT13\n', { unknown: 'unparseable' }],
  ])('hash: %s', async (_, args, definitions, expected) => {
    const files = { 'etc/pam.d/passwd': PASSWORD.replace('obscure yescrypt', args), 'etc/login.defs': definitions };
    expect(await picked(files, 'hash')).toEqual([expected]);
  });
});

describe('lock-out', () => {
  const LOCKED =
    'auth required pam_faillock.so preauth\nauth sufficient pam_unix.so\nauth [default=die] pam_faillock.so authfail\nauth required pam_deny.so\n';
  const stack = (auth: string): Readonly<Record<string, MachineFile>> => ({ 'etc/pam.d/login': auth });
  test.each<[string, string, readonly unknown[]]>([
    [
      'Red Hat',
      'auth required pam_env.so\nauth required pam_faillock.so preauth silent deny=4 unlock_time=never\nauth sufficient pam_unix.so nullok\nauth [default=die] pam_faillock.so authfail deny=4 unlock_time=never\nauth required pam_deny.so\n',
      [4, 0],
    ],
    [
      'defaults',
      'auth required pam_faillock.so preauth\nauth sufficient pam_unix.so\nauth required pam_faillock.so authfail\nauth required pam_deny.so\n',
      [3, 10],
    ],
    [
      'authsucc in the place of preauth',
      'auth [success=1 default=ignore] pam_unix.so\nauth [default=die] pam_faillock.so authfail\nauth requisite pam_faillock.so authsucc\nauth required pam_permit.so\n',
      [3, 10],
    ],
    [
      'nothing counts',
      'auth required pam_faillock.so preauth\nauth sufficient pam_unix.so\nauth required pam_deny.so\n',
      ['absent', 'absent'],
    ],
    [
      'nothing refuses',
      'auth sufficient pam_unix.so\nauth [default=die] pam_faillock.so authfail\nauth required pam_deny.so\n',
      ['absent', 'absent'],
    ],
    [
      'it is asked for and changes nothing',
      'auth optional pam_faillock.so preauth\nauth sufficient pam_unix.so\nauth [default=die] pam_faillock.so authfail\n',
      ['absent', 'absent'],
    ],
    [
      'the password comes first',
      'auth sufficient pam_unix.so\nauth required pam_faillock.so preauth\nauth [default=die] pam_faillock.so authfail\n',
      ['absent', 'absent'],
    ],
    [
      'deny=0',
      'auth required pam_faillock.so preauth deny=0\nauth sufficient pam_unix.so\nauth [default=die] pam_faillock.so authfail deny=0\nauth required pam_deny.so\n',
      ['absent', 'absent'],
    ],
    [
      'what counts stops later than what looks',
      'auth required pam_faillock.so preauth deny=3\nauth sufficient pam_unix.so\nauth [default=die] pam_faillock.so authfail deny=9\nauth required pam_deny.so\n',
      [3, 10],
    ],
    [
      'what counts stops sooner than what looks',
      'auth required pam_faillock.so preauth deny=9\nauth sufficient pam_unix.so\nauth [default=die] pam_faillock.so authfail deny=3\nauth required pam_deny.so\n',
      ['absent', 'absent'],
    ],
    [
      'the count is kept elsewhere',
      'auth required pam_faillock.so preauth dir=/var/lib/faillock\nauth sufficient pam_unix.so\nauth [default=die] pam_faillock.so authfail\nauth required pam_deny.so\n',
      ['absent', 'absent'],
    ],
    [
      'in the same place by another name',
      'auth required pam_faillock.so preauth dir=/var/run/faillock/\nauth sufficient pam_unix.so\nauth [default=die] pam_faillock.so authfail\nauth required pam_deny.so\n',
      [3, 10],
    ],
    [
      'the count is kept elsewhere by another file',
      'auth required pam_faillock.so preauth conf=/etc/security/elsewhere.conf\nauth sufficient pam_unix.so\nauth [default=die] pam_faillock.so authfail\nauth required pam_deny.so\n',
      ['absent', 'absent'],
    ],
    [
      'another file says more',
      'auth required pam_faillock.so preauth conf=/etc/security/longer.conf\nauth sufficient pam_unix.so\nauth [default=die] pam_faillock.so authfail conf=/etc/security/longer.conf\nauth required pam_deny.so\n',
      [4, 20],
    ],
    [
      'authsucc looks, too, by its own number',
      'auth required pam_faillock.so preauth deny=5 unlock_time=1800\nauth [success=1 default=bad] pam_unix.so\nauth [default=die] pam_faillock.so authfail deny=5 unlock_time=1800\nauth sufficient pam_faillock.so authsucc\nauth required pam_deny.so\n',
      [3, 10],
    ],
    [
      'authsucc that is not come to',
      'auth required pam_faillock.so preauth deny=5 unlock_time=1800\nauth sufficient pam_unix.so\nauth [default=die] pam_faillock.so authfail deny=5 unlock_time=1800\nauth required pam_faillock.so authsucc\nauth required pam_deny.so\n',
      [5, 30],
    ],
    [
      'the time of what counts is over sooner',
      'auth required pam_faillock.so preauth unlock_time=1800\nauth sufficient pam_unix.so\nauth [default=die] pam_faillock.so authfail unlock_time=60\nauth required pam_deny.so\n',
      [3, 1],
    ],
    ['everybody is let in', `auth sufficient pam_permit.so\n${LOCKED}`, ['absent', 'absent']],
    [
      'some are let in without a password',
      `auth sufficient pam_succeed_if.so user ingroup ops\n${LOCKED}`,
      [{ unknown: 'unresolved' }, { unknown: 'unresolved' }],
    ],
    ['some are turned away before', `auth requisite pam_succeed_if.so user ingroup ops\n${LOCKED}`, [3, 10]],
    ['a code besides', `auth required pam_google_authenticator.so\n${LOCKED}`, [3, 10]],
    ['pam_tally2', 'auth required pam_tally2.so deny=5 unlock_time=900 onerr=fail\nauth required pam_unix.so\n', [5, 15]],
    ['pam_tally2 without a limit', 'auth required pam_tally2.so\nauth required pam_unix.so\n', ['absent', 'absent']],
    [
      'a module that may jump over the count',
      'auth required pam_faillock.so preauth\nauth [success=2 default=ignore] pam_unix.so\nauth [success=1 default=ignore] pam_strange.so\nauth [default=die] pam_faillock.so authfail\nauth required pam_permit.so\n',
      [{ unknown: 'unresolved' }, { unknown: 'unresolved' }],
    ],
  ])('%s', async (_, auth, expected) => {
    const files = {
      'etc/security/elsewhere.conf': 'dir = /var/lib/faillock\n',
      'etc/security/longer.conf': 'deny = 4\nunlock_time = 1200\n',
      'etc/security/faillock.conf': '# nothing\n',
    };
    expect(await picked({ ...files, ...stack(auth) }, 'max_tries', 'lockout')).toEqual(expected);
  });
  test('over SSH it holds where sshd asks PAM; the weaker of both counts', async () => {
    const locked = (deny: number, time: number): string =>
      `auth required pam_tally2.so deny=${deny} unlock_time=${time}\nauth required pam_unix.so\n`;
    const files = { 'etc/pam.d/login': locked(5, 900), 'etc/pam.d/sshd': locked(8, 0), 'etc/ssh/sshd_config': 'UsePAM yes\n' };
    expect(await picked(files, 'max_tries', 'lockout')).toEqual([8, 15]);
    expect(await picked({ ...files, 'etc/ssh/sshd_config': 'UsePAM no\n' }, 'max_tries', 'lockout')).toEqual(['absent', 'absent']);
    expect(await picked({ ...files, 'etc/ssh/sshd_config': 'Port 22\n' }, 'max_tries')).toEqual([{ unknown: 'unresolved' }]);
  });
});

test.each<[string, Readonly<Record<string, MachineFile>>, unknown]>([
  ['nowhere', { 'etc/profile': '# TMOUT=600\n' }, 'absent'],
  ['it may be unset', { 'etc/profile': 'TMOUT=600\nexport TMOUT\n' }, 'absent'],
  ['fixed', { 'etc/profile': 'declare -xr TMOUT=600 # ten minutes\n' }, 600],
  ['fixed on a line of its own', { 'etc/bash.bashrc': 'TMOUT=600\nreadonly TMOUT\n' }, 600],
  ['0 is none', { 'etc/profile': 'readonly TMOUT=0\n' }, 'absent'],
  ['under a condition', { 'etc/profile': '[ -t 0 ] && readonly TMOUT=600\n' }, { unknown: 'unresolved' }],
  ['for some only', { 'etc/profile': 'if [ "$USER" = bob ]; then\n  readonly TMOUT=600\nfi\n' }, { unknown: 'unresolved' }],
  ['in a function', { 'etc/profile': 'limit() {\nreadonly TMOUT=600\n}\n' }, { unknown: 'unresolved' }],
  ['behind a way out', { 'etc/profile': '[ "$USER" = bob ] && return\nreadonly TMOUT=600\n' }, { unknown: 'unresolved' }],
  ['behind what depends on something', { 'etc/profile': 'if true; then\n umask 077\nfi\nreadonly TMOUT=600\n' }, 600],
  ['where somebody is', { 'etc/bash.bashrc': '[ -z "$PS1" ] && return\nreadonly TMOUT=600\n' }, 600],
  [
    'a shell that has no such limit',
    { 'etc/profile': 'readonly TMOUT=600\n', 'etc/passwd': 'root:x:0:0::/root:/bin/bash\nbob:x:1001:1001::/home/bob:/usr/bin/zsh\n' },
    { unknown: 'unresolved' },
  ],
  ['twice', { 'etc/profile': 'readonly TMOUT=600\n', 'etc/profile.d/a.sh': 'TMOUT=1200\n' }, { unknown: 'unresolved' }],
  ['by logind', { 'etc/systemd/logind.conf': '[Login]\n#StopIdleSessionSec=1\nStopIdleSessionSec=15min\n' }, 900],
  [
    'by logind, and off again',
    { 'etc/systemd/logind.conf': 'StopIdleSessionSec=900\n', 'etc/systemd/logind.conf.d/x.conf': 'StopIdleSessionSec=infinity\n' },
    'absent',
  ],
  ['the sooner of both', { 'etc/profile': 'readonly TMOUT=600\n', 'etc/systemd/logind.conf': 'StopIdleSessionSec=5m\n' }, 300],
])('idle sessions: %s', async (_, files, expected) => {
  expect(await picked(files, 'idle_timeout')).toEqual([expected]);
});
