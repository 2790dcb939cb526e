import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import { isFactList, type Fact, type FactValue } from '../../src/model/fact.ts';
import type { TargetRecord } from '../../src/model/resource.ts';
import { layMachine, type MachineFile } from '../support/host.ts';
import { available, program } from '../support/servers/available.ts';
import { inMachine } from '../support/servers/machine-namespace.ts';
import { temporaryDirectory } from '../support/servers/temporary-directory.ts';

const CUSTOS = fileURLToPath(new URL('../../bin/custos.cjs', import.meta.url));
const PORT = 2222;

/** A machine on which every part of the collector finds something. */
function files(openssh: string): Readonly<Record<string, MachineFile>> {
  const unix = 'auth [success=1 default=ignore] pam_unix.so\nauth requisite pam_deny.so\nauth required pam_permit.so\n';
  return {
    'etc/os-release': 'ID=debian\nVERSION_ID="12"\n',
    'etc/hostname': 'ledger1\n',
    'etc/hosts': '127.0.0.1 localhost\n127.0.1.1 ledger1\n',
    'etc/nsswitch.conf': 'passwd: files\ngroup: files\n',
    'etc/passwd':
      'root:x:0:0::/root:/bin/bash\nsshd:x:100:65534::/run/sshd:/usr/sbin/nologin\nalice:x:1000:1000::/home/alice:/bin/bash\nledger:x:900:900::/srv/ledger:/bin/bash\n',
    'etc/group': 'root:x:0:\nshadow:x:42:\nsudo:x:27:alice\ndocker:x:999:ledger\nledger:x:900:\nalice:x:1000:\n',
    'etc/shadow': {
      text: 'root:*:19000::::::\nsshd:*:19000::::::\nalice:$y$j9T$a$b:19000:0:90:7:::\nledger:!:19000::::::\n',
      mode: 0o640,
      gid: 42,
    },
    'etc/login.defs': 'UID_MIN 1000\nUID_MAX 60000\nPASS_MAX_DAYS 90\nENCRYPT_METHOD YESCRYPT\n',
    'etc/sudoers': { text: 'root ALL=(ALL:ALL) ALL\n%sudo ALL=(ALL:ALL) ALL\nledger ALL=(root) NOPASSWD: /usr/bin/less\n', mode: 0o440 },
    'etc/pam.d/common-auth': unix,
    'etc/pam.d/login': '@include common-auth\n',
    'etc/pam.d/sshd': '@include common-auth\n',
    'etc/pam.d/passwd': 'password requisite pam_pwquality.so retry=3 minlen=14\npassword required pam_unix.so use_authtok yescrypt\n',
    'etc/profile': 'TMOUT=900\nreadonly TMOUT\n',
    'etc/ssh/sshd_config': 'PermitRootLogin no\nMaxAuthTries 3\nMatch User alice\n  PasswordAuthentication no\n',
    'etc/chrony/chrony.conf': 'server time.example.com iburst nts\n',
    'etc/systemd/system/multi-user.target.wants/chrony.service': '',
    'etc/systemd/system/chrony.service': '[Unit]\n',
    'etc/audit/auditd.conf': 'log_file = /var/log/audit/audit.log\nmax_log_file_action = keep_logs\n',
    'etc/audit/rules.d/10.rules': '-w /etc/passwd -p wa -k identity\n-e 2\n',
    'etc/rsyslog.conf': '*.* @@logs.example.com:6514\n',
    'etc/crontab': '0 3 * * * root /usr/bin/restic -r /srv/backup --password-file /root/pass backup /srv\n',
    'etc/nftables.conf': 'flush ruleset\ntable inet filter {\n chain input { type filter hook input priority 0; policy drop; }\n}\n',
    'var/lib/dpkg/status':
      `Package: openssh-server\nStatus: install ok installed\nVersion: ${openssh}\n\n` +
      'Package: libpwquality1\nStatus: install ok installed\nVersion: 1.4.5-1\n\n',
    'var/log/auth.log': { mode: 0o640 },
    'usr/lib/polkit-1/': {},
    'root/': { mode: 0o700 },
    'home/alice/': { mode: 0o700, uid: 1000, gid: 1000 },
  };
}

/** What was said of a machine, without the places. */
interface Look {
  readonly resources: ReadonlyMap<string, Readonly<Record<string, unknown>>>;
  readonly coverage: Readonly<Record<string, string>>;
}

/** Kinds whose one resource is the machine: it has the name by which it was reached. */
const MACHINE = new Set(['host.os', 'network.filter', 'time.sync']);
/**
 * What differs between the machine itself and SSH, and why. Secrets are not handed over there, where they would stand in a command line, and
 * Borg is not given a directory of its own: `restic snapshots` with a password of custos.yaml, and `borg`, stay unknown. Nothing here rests on
 * either, so that no fact is left out.
 */
const NOT_OVER_SSH: ReadonlySet<string> = new Set();

/** What files say of a machine holds when it starts: until then somebody may have written something else into the running kernel. */
const AS_IT_STARTS: ReadonlySet<string> = new Set(['host.os kernel_settings']);

function lookOf({ resources, coverage, gaps }: TargetRecord): Look {
  // A gap that names nothing is a line that was none.
  for (const { detail } of gaps) expect(detail).not.toMatch(/^:|\s$/);
  const kept = resources.filter(({ id }) => !id.startsWith(tmpdir())); // where other tests write at the same time
  return {
    resources: new Map(
      kept.map(({ kind, id, facts }) => [
        MACHINE.has(kind) ? kind : `${kind} ${id}`,
        Object.fromEntries(
          Object.entries(facts).flatMap(([name, fact]) => (NOT_OVER_SSH.has(`${kind} ${name}`) ? [] : [[name, said(fact)]])),
        ),
      ]),
    ),
    coverage: Object.fromEntries(Object.entries(coverage).map(([kind, { status }]) => [kind, status])),
  };
}

/** A fact without its places: its value, `absent`, or why it is unknown; lists with what leaves them open. */
function said(fact: Fact<FactValue>): unknown {
  if (fact.state === 'absent') return 'absent';
  if (fact.state === 'unknown') return { unknown: `${fact.cause}: ${fact.detail}` };
  const { value, open = [] } = fact;
  if (typeof value !== 'object') return value;
  if (isFactList(value)) return { list: value.map(said), open: open.map(({ cause, detail }) => `${cause}: ${detail}`) };
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, said(inner)]));
}

/** Does an offline fact say something that the running machine does not? Not where it is unknown, or absent for want of a running machine. */
function contradicts(offline: unknown, running: unknown): boolean {
  if (isDeepStrictEqual(offline, running) || offline === 'absent' || has(offline, 'unknown')) return false;
  if (isList(offline) && isList(running)) {
    // An open list says only of what is in it that it is there; a closed one, that there is nothing else.
    const within = (inner: readonly unknown[], outer: readonly unknown[], first: (a: unknown, b: unknown) => boolean): boolean =>
      inner.every((one) => outer.some((other) => !first(one, other)));
    const same = within(offline.list, running.list, contradicts);
    return !same || (offline.open.length === 0 && !within(running.list, offline.list, (one, other) => contradicts(other, one)));
  }
  if (typeof offline !== 'object' || typeof running !== 'object' || offline === null || running === null) return true;
  if (isList(offline) || isList(running) || has(running, 'unknown')) return true;
  const fields = new Map(Object.entries(running));
  return Object.entries(offline).some(([name, value]) => contradicts(value, fields.get(name)));
}

function has(fact: unknown, name: string): boolean {
  return typeof fact === 'object' && fact !== null && name in fact;
}

function isList(fact: unknown): fact is { readonly list: readonly unknown[]; readonly open: readonly string[] } {
  return has(fact, 'list') && has(fact, 'open');
}

describe.skipIf(!available('sudo'))('one machine, in three forms', () => {
  let local: Look;
  let remote: Look;
  let offline: Look;

  beforeAll(() => {
    const directory = temporaryDirectory('three-forms');
    chmodSync(directory, 0o755);
    const machine = join(directory, 'machine');
    const version = execFileSync(program('dpkg-query'), ['-W', '-f', '${Version}', 'openssh-server'], { encoding: 'utf8' });
    layMachine(machine, files(version));
    const keygen = (path: string): Buffer =>
      execFileSync(program('ssh-keygen'), ['-q', '-t', 'ed25519', '-N', '', '-C', '', '-f', path], { stdio: 'pipe' });
    keygen(join(machine, 'etc/ssh/ssh_host_ed25519_key'));
    keygen(join(directory, 'client'));
    const config = join(directory, 'sshd_config');
    writeFileSync(
      config,
      [
        `ListenAddress 127.0.0.1:${PORT}`,
        'HostKey /etc/ssh/ssh_host_ed25519_key',
        `AuthorizedKeysFile ${join(directory, 'client.pub')}`,
        'StrictModes no',
        'UsePAM no',
        'PidFile none',
        'Subsystem sftp internal-sftp',
        '',
      ].join('\n'),
    );
    const known = join(directory, 'known_hosts');
    writeFileSync(known, `[127.0.0.1]:${PORT} ${readFileSync(join(machine, 'etc/ssh/ssh_host_ed25519_key.pub'), 'utf8')}`);
    writeFileSync(
      join(directory, 'custos.yaml'),
      [
        'targets:',
        '  - { id: local, host: local }',
        `  - { id: remote, host: "ssh://root@127.0.0.1:${PORT}", key: ${join(directory, 'client')}, known_hosts: ${known} }`,
        '  - { id: offline, host: "root:/" }',
        '',
      ].join('\n'),
    );
    mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
    // Alone with its processes and its network: sshd goes on by itself once it listens, and ends with them.
    const looked = `ip link set lo up
'${program('sshd')}' -f '${config}'
cd '${directory}'
'${process.execPath}' '${CUSTOS}' collect --as-of 2026-11-26 -o out.jsonl >out.txt 2>&1 || { cat out.txt >&2; test -s out.jsonl; }`;
    writeFileSync(join(directory, 'look.sh'), looked);
    inMachine(machine, `'${program('unshare')}' --net --pid --fork --mount-proc /bin/sh -e '${join(directory, 'look.sh')}'`);
    const records = new Map(
      readFileSync(join(directory, 'out.jsonl'), 'utf8')
        .split('\n')
        .flatMap((line) => {
          const record = line === '' ? undefined : (JSON.parse(line) as Partial<TargetRecord>);
          return record?.resources === undefined ? [] : [[record.target?.id ?? '', record as TargetRecord]];
        }),
    );
    const of = (id: string): Look => {
      const record = records.get(id);
      if (record === undefined) throw new Error(`no record of ${id}: ${readFileSync(join(directory, 'out.txt'), 'utf8')}`);
      return lookOf(record);
    };
    [local, remote, offline] = [of('local'), of('remote'), of('offline')];
  }, 240_000);

  test('every part has found something', () => {
    const kinds = new Set([...local.resources.keys()].map((key) => key.split(' ')[0]));
    for (const kind of ['backup.plan', 'host.os', 'host.path', 'identity.policy', 'identity.principal', 'log.source', 'network.filter'])
      expect(kinds).toContain(kind);
    for (const kind of ['privilege.rule', 'remote.access', 'time.sync']) expect(kinds).toContain(kind);
    expect(local.resources.get('identity.principal linux ledger')).toMatchObject({ superuser: true });
    expect(local.resources.get('remote.access /etc/ssh/sshd_config')).toMatchObject({ root_login: 'no', max_auth_tries: 3 });
  });

  test('SSH as root shows what the machine itself shows', () => {
    expect([...remote.resources.keys()]).toEqual([...local.resources.keys()]);
    for (const [key, facts] of local.resources) expect([key, remote.resources.get(key)]).toEqual([key, facts]);
    // A search notices files that come and go while it lasts, each form in its own way.
    expect({ ...remote.coverage, 'host.path': '' }).toEqual({ ...local.coverage, 'host.path': '' });
  });

  test('the machine that lies in a directory says nothing that it does not say when it runs', () => {
    expect(offline.resources.size).toBeGreaterThan(20);
    const contradictions: unknown[] = [];
    for (const [key, facts] of offline.resources) {
      const running = local.resources.get(key);
      if (running === undefined) throw new Error(`${key} is seen offline only`);
      for (const [name, fact] of Object.entries(facts))
        if (!AS_IT_STARTS.has(`${key} ${name}`) && contradicts(fact, running[name]))
          contradictions.push({ key, name, offline: fact, running: running[name] });
    }
    expect(contradictions).toEqual([]);
    // What it misses is not said to be nowhere.
    for (const key of local.resources.keys())
      if (!offline.resources.has(key)) expect([key, offline.coverage[key.split(' ')[0] ?? '']]).toEqual([key, 'partial']);
  });
});
