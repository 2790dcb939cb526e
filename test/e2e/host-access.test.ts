import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Finding } from '../../src/model/finding.ts';
import type { TargetRecord } from '../../src/model/resource.ts';
import { goldenFindings } from '../support/complete-findings.ts';
import { factsOfKind, layMachine, lookInside, pickFacts, type MachineFile } from '../support/host.ts';
import { available, program } from '../support/servers/available.ts';
import { inMachine } from '../support/servers/machine-namespace.ts';
import { temporaryDirectory } from '../support/servers/temporary-directory.ts';

const CUSTOS = fileURLToPath(new URL('../../bin/custos.cjs', import.meta.url));
const KINDS = ['identity.principal', 'identity.policy', 'privilege.rule', 'remote.access', 'authorized.key', 'host.path'];
const NOW = '2026-11-26';
const HASH = '$6$canarysalt$canaryhashcanaryhashcanaryhashcanaryhashcanaryhashcanaryhash';

/** Beside nothing: what this Debian’s programs need to run at all. */
function common(version: string): Readonly<Record<string, MachineFile>> {
  const installed = (name: string, of: string): string => `Package: ${name}\nStatus: install ok installed\nVersion: ${of}\n\n`;
  return {
    'etc/os-release': 'ID=debian\nVERSION_ID="12"\n',
    'etc/hostname': 'ledger1\n',
    'etc/hosts': '127.0.0.1 localhost\n127.0.1.1 ledger1\n',
    'var/lib/dpkg/status': installed('openssh-server', version) + installed('libpwquality1', '1.4.5-1+b1') + installed('passwd', '1:4.13'),
    'var/lib/dpkg/info/passwd.list': '/usr/bin/passwd\n',
    'root/': { mode: 0o700 },
    // Without polkit, whether or not this machine has it.
    'usr/lib/polkit-1/': {},
    'var/log/': {},
  };
}

const WEAK: Readonly<Record<string, MachineFile>> = {
  'etc/nsswitch.conf': 'passwd: files systemd\ngroup: files systemd\nshadow: files\nsudoers: files\n',
  'etc/login.defs': 'UID_MIN 1000\nUID_MAX 60000\nPASS_MAX_DAYS 99999\nENCRYPT_METHOD SHA512\n',
  'etc/passwd': `root:x:0:0:root:/root:/bin/bash
daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin
sshd:x:100:65534::/run/sshd:/usr/sbin/nologin
nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin
toor:x:0:0::/root:/bin/sh
ledger:x:900:900::/srv/ledger:/bin/bash
alice:x:1000:1000:Alice:/home/alice:/bin/bash
bob:x:1001:1001:Bob:/home/bob:/bin/bash
`,
  'etc/group': `root:x:0:
daemon:x:1:
adm:x:4:bob
shadow:x:42:
sudo:x:27:alice
docker:x:999:ledger
ledger:x:900:
alice:x:1000:
bob:x:1001:
nogroup:x:65534:
`,
  'etc/shadow': {
    text: `root:${HASH}:19000:0:99999:7:::
daemon:*:19000:0:99999:7:::
sshd:*:19000:0:99999:7:::
nobody:*:19000:0:99999:7:::
toor:${HASH}:19000:0:99999:7:::
ledger:$1$canarysalt$canaryhash:19000:0:99999:7:::
alice::19000:0:99999:7:::
bob:${HASH}:19000:0:99999:7:::
`,
    mode: 0o644,
  },
  'etc/sudoers': {
    text: `Defaults env_reset
Host_Alias HERE = ledger1
User_Alias STAFF = bob, ledger
Cmnd_Alias LOGS = /usr/bin/less /var/log/*, /usr/bin/tail
root ALL=(ALL:ALL) ALL
%sudo ALL=(ALL:ALL) ALL
STAFF HERE=(root) NOPASSWD: LOGS
@includedir /etc/sudoers.d
`,
    mode: 0o640,
  },
  'etc/sudoers.d/90-cloud': { text: 'bob ALL=(ALL) NOPASSWD:ALL\n', mode: 0o440 },
  'etc/ssh/sshd_config': `Include /etc/ssh/sshd_config.d/*.conf
PermitRootLogin yes
PasswordAuthentication yes
KbdInteractiveAuthentication no
UsePAM yes
X11Forwarding yes
Ciphers +aes128-cbc
Match User bob
  PermitEmptyPasswords yes
`,
  'etc/ssh/sshd_config.d/10-weak.conf': 'MaxAuthTries 10\n',
  'etc/pam.d/passwd': '@include common-password\n',
  'etc/pam.d/common-password':
    'password [success=1 default=ignore] pam_unix.so obscure\npassword requisite pam_deny.so\npassword required pam_permit.so\n',
  'etc/pam.d/login': '@include common-auth\n',
  'etc/pam.d/sshd': '@include common-auth\n',
  'etc/pam.d/common-auth': 'auth [success=1 default=ignore] pam_unix.so nullok\nauth requisite pam_deny.so\nauth required pam_permit.so\n',
  'home/bob/': { mode: 0o777, uid: 1001, gid: 1001 },
  'home/bob/.ssh/authorized_keys': { text: '', mode: 0o666, uid: 1001, gid: 1001 },
  'var/log/auth.log': { mode: 0o666 },
  'etc/cron.d/ledger': { text: '* * * * * root /srv/ledger/run\n', mode: 0o666 },
};

const HARDENED: Readonly<Record<string, MachineFile>> = {
  'etc/nsswitch.conf': 'passwd: files systemd\ngroup: files systemd\nshadow: files\n',
  'etc/login.defs': 'UID_MIN 1000\nUID_MAX 60000\nPASS_MAX_DAYS 90\nENCRYPT_METHOD YESCRYPT\n',
  'etc/passwd': `root:x:0:0:root:/root:/bin/bash
daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin
sshd:x:100:65534::/run/sshd:/usr/sbin/nologin
nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin
ledger:x:900:900::/srv/ledger:/usr/sbin/nologin
alice:x:1000:1000:Alice:/home/alice:/bin/bash
`,
  'etc/group': `root:x:0:
daemon:x:1:
adm:x:4:
shadow:x:42:
sudo:x:27:alice
ledger:x:900:
alice:x:1000:
nogroup:x:65534:
`,
  'etc/shadow': {
    text: `root:*:20700:0:90:7:::
daemon:*:20700:0:90:7:::
sshd:*:20700:0:90:7:::
nobody:*:20700:0:90:7:::
ledger:!:20700:0:90:7:::
alice:$y$j9T$canarysalt$canaryhash:20750:0:90:7:::
`,
    mode: 0o640,
    gid: 42,
  },
  'etc/sudoers': {
    text: `Defaults env_reset, use_pty
root ALL=(ALL:ALL) ALL
%sudo ALL=(ALL:ALL) ALL
ledger ALL=(root) NOPASSWD: /usr/bin/systemctl restart ledger
`,
    mode: 0o440,
  },
  'etc/ssh/sshd_config': `PermitRootLogin no
PasswordAuthentication no
KbdInteractiveAuthentication no
UsePAM yes
MaxAuthTries 3
LoginGraceTime 30
ChannelTimeout *=15m
UnusedConnectionTimeout 15m
AllowGroups sudo
X11Forwarding no
AllowTcpForwarding no
AllowAgentForwarding no
LogLevel VERBOSE
Ciphers aes256-gcm@openssh.com,aes128-gcm@openssh.com
MACs hmac-sha2-256-etm@openssh.com,hmac-sha2-512-etm@openssh.com
KexAlgorithms sntrup761x25519-sha512@openssh.com,curve25519-sha256
Match Address 10.99.0.0/16 Group sudo
  AllowTcpForwarding local
`,
  'etc/pam.d/passwd': '@include common-password\n',
  'etc/pam.d/common-password': `password requisite pam_pwquality.so retry=3
password required pam_pwhistory.so remember=5 use_authtok
password [success=1 default=ignore] pam_unix.so use_authtok yescrypt
password requisite pam_deny.so
password required pam_permit.so
`,
  'etc/security/pwquality.conf': 'minlen = 14\nminclass = 3\nenforce_for_root\n',
  'etc/pam.d/login': '@include common-auth\n',
  'etc/pam.d/sshd': '@include common-auth\n',
  'etc/pam.d/common-auth': `auth requisite pam_faillock.so preauth
auth [success=1 default=ignore] pam_unix.so
auth [default=die] pam_faillock.so authfail
auth sufficient pam_faillock.so authsucc
auth requisite pam_deny.so
auth required pam_permit.so
`,
  'etc/security/faillock.conf': 'deny = 5\nunlock_time = 1800\n',
  'etc/profile.d/tmout.sh': 'readonly TMOUT=900\nexport TMOUT\n',
  'home/alice/': { mode: 0o700, uid: 1000, gid: 1000 },
  'home/alice/.ssh/': { mode: 0o700, uid: 1000, gid: 1000 },
  'var/log/auth.log': { mode: 0o640, gid: 4 },
};

interface Looked {
  readonly directory: string;
  /** The machine in its directory; the same as it runs; as somebody without rights sees it. */
  readonly root: TargetRecord;
  readonly local: TargetRecord;
  readonly offline: TargetRecord;
  readonly low: TargetRecord;
  readonly findings: Readonly<Record<'local' | 'low' | 'offline', readonly Finding[]>>;
}

/** Every output of a run, to be searched for what must not be in it. */
const outputs: string[] = [];

function look(name: string, files: Readonly<Record<string, MachineFile>>): Looked {
  const directory = temporaryDirectory(`host-${name}`);
  chmodSync(directory, 0o755);
  const machine = join(directory, 'machine');
  const version = execFileSync(program('dpkg-query'), ['-W', '-f', '${Version}', 'openssh-server'], { encoding: 'utf8' });
  layMachine(machine, { ...common(version), ...files });
  const out = join(directory, 'out');
  mkdirSync(out);
  for (const [kind, bits] of [
    ['ed25519', '256'],
    ['rsa', '3072'],
  ] as const) {
    const key = join(machine, `etc/ssh/ssh_host_${kind}_key`);
    execFileSync(program('ssh-keygen'), ['-q', '-t', kind, '-b', bits, '-N', '', '-C', '', '-f', key]);
    if (name === 'hardened' && kind === 'ed25519')
      execFileSync('/bin/sh', [
        '-c',
        `cat '${key}.pub' > '${machine}/home/alice/.ssh/authorized_keys'; chown 1000:1000 '${machine}/home/alice/.ssh/authorized_keys'; chmod 600 '${machine}/home/alice/.ssh/authorized_keys'`,
      ]);
  }
  chmodSync(out, 0o777);
  const run = (as: string, word: string, file: string): string =>
    `${as} '${process.execPath}' '${CUSTOS}' collect '${word}' --as-of ${NOW} -o '${out}/${file}.jsonl' 2>'${out}/${file}.err' || true`;
  const low = `'${program('setpriv')}' --reuid=65534 --regid=65534 --clear-groups --`;
  inMachine(machine, ['cd /', run('', 'host:local', 'local'), run('', 'root:/', 'root'), run(low, 'host:local', 'low')].join('\n'));
  execFileSync(process.execPath, [CUSTOS, 'collect', `root:${machine}`, '--as-of', NOW, '-o', join(out, 'offline.jsonl')], {
    stdio: 'pipe',
  });
  const recordOf = (file: string): TargetRecord => {
    const path = join(out, `${file}.jsonl`);
    if (!existsSync(path)) throw new Error(readFileSync(join(out, `${file}.err`), 'utf8'));
    const text = readFileSync(path, 'utf8');
    outputs.push(text, existsSync(join(out, `${file}.err`)) ? readFileSync(join(out, `${file}.err`), 'utf8') : '');
    for (const line of text.split('\n')) {
      const record = line === '' ? undefined : (JSON.parse(line) as Partial<TargetRecord>);
      if (record?.resources !== undefined) return record as TargetRecord;
    }
    throw new Error('no record');
  };
  const findingsOf = (file: string): readonly Finding[] => {
    const path = join(out, `${file}.json`);
    try {
      execFileSync(process.execPath, [CUSTOS, 'evaluate', join(out, `${file}.jsonl`), '-p', 'custody-strict', '-f', `json=${path}`], {
        stdio: 'pipe',
      });
    } catch {
      // The gate is not met: that is what is looked at.
    }
    const text = readFileSync(path, 'utf8');
    outputs.push(text);
    return (JSON.parse(text) as { readonly findings: readonly Finding[] }).findings;
  };
  return {
    directory: machine,
    local: recordOf('local'),
    root: recordOf('root'),
    offline: recordOf('offline'),
    low: recordOf('low'),
    findings: { local: findingsOf('local'), low: findingsOf('low'), offline: findingsOf('offline') },
  };
}

describe.skipIf(!available('sudo'))('a Linux machine', () => {
  let weak: Looked;
  let hardened: Looked;
  beforeAll(() => {
    weak = look('weak', WEAK);
    hardened = look('hardened', HARDENED);
  }, 240_000);

  test('complete findings, weak and hardened', () => {
    goldenFindings('access-weak', weak.findings.offline, [weak.directory]);
    goldenFindings('access-hardened', hardened.findings.offline, [hardened.directory]);
  });
  test('as it runs and as it lies on a disk, its facts are the same', () => {
    for (const { local, root } of [weak, hardened])
      for (const kind of KINDS) expect([kind, factsOfKind(root, kind)]).toEqual([kind, factsOfKind(local, kind)]);
  });
  test('so they are in another directory, as far as they are the machine’s own', () => {
    for (const { local, offline } of [weak, hardened])
      for (const kind of KINDS.slice(0, 3)) expect([kind, factsOfKind(offline, kind)]).toEqual([kind, factsOfKind(local, kind)]);
  });
  test('accounts', () => {
    const facts = ['kind', 'login', 'password', 'hash', 'superuser', 'dangerous_rights', 'rights', 'password_max_age'] as const;
    expect(pickFacts(weak.local, 'identity.principal', ...facts)).toEqual({
      'linux root': ['default', true, 'hashed', 'sha512crypt', true, ['root by uid 0'], ['uid 0'], 'absent'],
      'linux daemon': ['service', false, 'locked', 'absent', false, [], [], 'absent'],
      'linux sshd': ['service', false, 'locked', 'absent', false, [], [], 'absent'],
      'linux nobody': ['service', false, 'locked', 'absent', false, [], [], 'absent'],
      'linux toor': ['service', true, 'hashed', 'sha512crypt', true, ['root by uid 0'], ['uid 0'], 'absent'],
      'linux ledger': [
        'service',
        true,
        'hashed',
        'md5crypt',
        true,
        ['root by group docker', 'root by sudo without a password'],
        ['sudo /usr/bin/less /var/log/*', 'sudo /usr/bin/tail'],
        'absent',
      ],
      'linux alice': ['person', true, 'none', 'absent', true, ['root by sudo'], ['sudo ALL'], 'absent'],
      'linux bob': [
        'person',
        true,
        'hashed',
        'sha512crypt',
        true,
        ['root by sudo without a password'],
        // The rule below holds for every command, as root too.
        ['sudo ALL'],
        'absent',
      ],
    });
    expect(pickFacts(hardened.local, 'identity.principal', ...facts)).toEqual({
      'linux root': ['default', false, 'locked', 'absent', true, ['root by uid 0'], ['uid 0'], 'absent'],
      'linux daemon': ['service', false, 'locked', 'absent', false, [], [], 'absent'],
      'linux sshd': ['service', false, 'locked', 'absent', false, [], [], 'absent'],
      'linux nobody': ['service', false, 'locked', 'absent', false, [], [], 'absent'],
      'linux ledger': ['service', false, 'locked', 'absent', false, [], ['sudo /usr/bin/systemctl restart ledger'], 'absent'],
      'linux alice': ['person', true, 'hashed', 'yescrypt', true, ['root by sudo'], ['sudo ALL'], 90],
    });
  });
  test('rules of sudo', () => {
    const facts = ['password', 'all_commands', 'escapable', 'administrators', 'file_mode'] as const;
    expect(pickFacts(weak.local, 'privilege.rule', ...facts)).toEqual({
      'sudo root (ALL) ALL': [true, true, true, true, '0640'],
      'sudo %sudo (ALL) ALL': [true, true, true, true, '0640'],
      'sudo bob,ledger ledger1 NOPASSWD: /usr/bin/less /var/log/*, /usr/bin/tail': [false, false, true, false, '0640'],
      'sudo bob (ALL) NOPASSWD: ALL': [false, true, true, false, '0440'],
    });
    expect(pickFacts(hardened.local, 'privilege.rule', ...facts)).toEqual({
      'sudo root (ALL) ALL': [true, true, true, true, '0440'],
      'sudo %sudo (ALL) ALL': [true, true, true, true, '0440'],
      'sudo ledger NOPASSWD: /usr/bin/systemctl restart ledger': [false, false, false, false, '0440'],
    });
  });
  test('policy', () => {
    expect(factsOfKind(weak.local, 'identity.policy')['linux']).toMatchObject({
      checks_quality: false,
      max_tries: 'absent',
      hash: 'sha512crypt',
    });
    expect(factsOfKind(hardened.local, 'identity.policy')['linux']).toEqual({
      system: 'linux',
      checks_quality: true,
      min_length: 14,
      min_classes: 3,
      applies_to_admins: true,
      history: 5,
      hash: 'yescrypt',
      max_age: 90,
      max_tries: 5,
      lockout: 30,
      idle_timeout: 900,
    });
  });
  test('the SSH server: by its own word, and by its files', () => {
    expect(pickFacts(weak.local, 'remote.access', 'root_login', 'password_login', 'max_auth_tries', 'empty_passwords', 'methods')).toEqual({
      '/etc/ssh/sshd_config': ['yes', true, 10, false, ['publickey', 'password']],
      '/etc/ssh/sshd_config Match User bob': ['yes', true, 10, true, ['publickey', 'password']],
    });
    const { '/etc/ssh/sshd_config': main, ...blocks } = factsOfKind(hardened.local, 'remote.access');
    expect(Object.keys(blocks)).toEqual(['/etc/ssh/sshd_config Match Address 10.99.0.0/16 Group sudo']);
    expect(main).toMatchObject({
      service: 'sshd',
      conditional: false,
      root_login: 'no',
      password_login: false,
      limited_to: ['@sudo'],
      max_auth_tries: 3,
      login_grace: 30,
      idle_timeout: 900,
      tcp_forwarding: 'no',
      software: expect.stringMatching(/^OpenSSH_[\d.]+p\d Debian-/),
      host_keys: [
        { type: 'ssh-rsa', bits: 3072 },
        { type: 'ssh-ed25519', bits: 256 },
      ],
      methods: ['publickey'],
      strict_key_exchange: true,
      known_weak: ['…'],
    });
  });
  test('keys and paths', () => {
    expect(Object.values(pickFacts(hardened.local, 'authorized.key', 'account', 'type', 'bits', 'writable_by_others'))).toEqual([
      ['alice', 'ssh-ed25519', 256, false],
    ]);
    const bits = ['mode', 'readable_by_others', 'writable_by_others'] as const;
    expect(pickFacts(weak.local, 'host.path', ...bits)).toMatchObject({
      '/etc/shadow': ['0644', true, false],
      '/home/bob': ['0777', true, true],
      '/var/log/auth.log': ['0666', true, true],
      '/etc/cron.d/ledger': ['0666', true, true],
    });
    expect(pickFacts(hardened.local, 'host.path', ...bits)).toMatchObject({
      '/etc/shadow': ['0640', false, false],
      '/home/alice': ['0700', false, false],
      '/var/log/auth.log': ['0640', false, false],
      '/etc/ssh/ssh_host_rsa_key': ['0600', false, false],
    });
  });

  test('who has no rights learns less, and nothing better', () => {
    for (const { local, low, findings } of [weak, hardened]) {
      expect(low.coverage['privilege.rule']?.status).toBe('partial');
      expect(low.coverage['host.path']?.status).toBe('partial');
      const before = new Map(findings.local.map((one) => [`${one.control} ${one.resource}`, one.outcome]));
      const turned = findings.low.filter((one) => one.outcome === 'pass' && before.get(`${one.control} ${one.resource}`) === 'fail');
      expect(turned.map(({ control, resource }) => `${control} ${resource}`)).toEqual([]);
      // Every account is seen by both; of none is anything said that root does not see.
      const { login, superuser } = {
        login: pickFacts(low, 'identity.principal', 'login'),
        superuser: pickFacts(low, 'identity.principal', 'superuser'),
      };
      for (const [fact, seen] of Object.entries({ login, superuser }))
        for (const [id, [value]] of Object.entries(pickFacts(local, 'identity.principal', fact)))
          expect([value, { unknown: 'access-denied' }]).toContainEqual(seen[id]?.[0]);
    }
  });
  test('no hash and no key is in anything that was written', () => {
    expect(outputs.length).toBeGreaterThan(0);
    for (const text of outputs)
      for (const canary of ['canarysalt', 'canaryhash', 'BEGIN OPENSSH PRIVATE KEY-----\\n']) expect(text).not.toContain(canary);
  });
});

describe.skipIf(!available('sudo'))('sudo itself', () => {
  const USERS = ['alice', 'bob', 'carol'];
  const COMMANDS = ['/usr/bin/id', '/usr/bin/tail', '/usr/bin/factor'];
  const PASSWD = `root:x:0:0:root:/root:/bin/bash\n${USERS.map((name, index) => `${name}:x:${2000 + index}:${2000 + index}::/home/${name}:/bin/bash\n`).join('')}`;
  const GROUP = 'root:x:0:\nops:x:3000:alice,bob\nnight:x:3001:bob,carol\n';

  /** Rules out of a few words, the same for a seed on every machine. */
  function policy(seed: number): string {
    let state = seed * 2_654_435_761;
    const pick = <T>(list: readonly T[]): T => {
      state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
      const chosen = list[Math.floor((state / 2_147_483_648) * list.length)];
      if (chosen === undefined) throw new Error('nothing to pick from');
      return chosen;
    };
    const lines = ['User_Alias PAIR = alice, carol', 'Cmnd_Alias LOOK = /usr/bin/id, /usr/bin/tail', 'Host_Alias HERE = ledger1'];
    const count = 2 + (seed % 5);
    for (let index = 0; index < count; index += 1) {
      const who = pick(['alice', 'bob', '%ops', '%night', 'PAIR', 'ALL', '%ops, !bob', '#2002', '!alice, ALL', 'ALL, !%night']);
      const where = pick(['ALL', 'HERE', 'ledger1', 'other', '!other, ALL', 'ALL, !other']);
      const what = pick([
        'ALL',
        'LOOK',
        '/usr/bin/id',
        '/usr/bin/tail',
        '!ALL',
        '!LOOK',
        'ALL, !LOOK',
        'LOOK, !/usr/bin/id',
        '/usr/bin/id, /usr/bin/factor',
      ]);
      lines.push(`${who} ${where} = ${pick(['', '(root) ', '(root) NOPASSWD: ', '(ALL) '])}${what}`);
    }
    return `${lines.join('\n')}\n`;
  }

  test(
    'allows nothing that the rights of an account do not tell, and all that they tell where nothing is taken away',
    { timeout: 240_000 },
    async () => {
      const directory = temporaryDirectory('sudo-oracle');
      chmodSync(directory, 0o755);
      const wrong: string[] = [];
      let exact = 0;
      for (let seed = 1; seed <= 40; seed += 1) {
        const text = policy(seed);
        const machine = layMachine(join(directory, String(seed)), {
          'etc/passwd': PASSWD,
          'etc/group': GROUP,
          'etc/nsswitch.conf': 'passwd: files\ngroup: files\n',
          'etc/hostname': 'ledger1\n',
          'etc/hosts': '127.0.0.1 localhost\n127.0.1.1 ledger1\n',
          'etc/sudoers': { text, mode: 0o440 },
          'etc/pam.d/sudo': 'auth required pam_permit.so\naccount required pam_permit.so\n',
        });
        const queries = USERS.flatMap((user) =>
          COMMANDS.map((command) => `sudo -n -l -U ${user} ${command} >/dev/null 2>&1 && echo '${user} ${command}'`),
        );
        const said = new Set(inMachine(machine, [...queries, 'true'].join('\n')).split('\n'));
        const record = await lookInside(`root:${machine}`);
        const rights = pickFacts(record, 'identity.principal', 'rights');
        for (const user of USERS)
          for (const command of COMMANDS) {
            const held = JSON.stringify(rights[`linux ${user}`]);
            const told = held.includes('"sudo ALL"') || held.includes(`"sudo ${command}"`);
            const allowed = said.has(`${user} ${command}`);
            if (allowed && !told) wrong.push(`${seed}: ${user} may run ${command}\n${text}`);
            if (!/![A-Z/]/.test(text.replaceAll('!other', ''))) {
              exact += 1;
              if (told && !allowed) wrong.push(`${seed}: ${user} may not run ${command}\n${text}`);
            }
          }
      }
      expect(wrong).toEqual([]);
      expect(exact).toBeGreaterThan(50);
    },
  );
});
