import { describe, expect, test } from 'vitest';
import { unknown } from '../../../src/model/fact.ts';
import { ofKind, plain } from '../../support/collect.ts';
import { hostFolder } from '../../support/host-folder.ts';
import { HARDENED_ROOT } from '../../support/host-roots.ts';
import { collectHost, type StagedLook } from '../../support/staged-host.ts';

type Files = Readonly<Record<string, string>>;

/** A fact of a resource of the hardened machine with other files, as one that does not run, or (with `look`) as this one. */
async function factOf(kind: string, id: string, name: string, files: Files, look?: StagedLook): Promise<unknown> {
  const directory = hostFolder({ ...HARDENED_ROOT, ...files });
  const seen = look === undefined ? await collectHost(directory, 'root') : await collectHost(directory, 'staged', look);
  const [resource] = Object.entries(ofKind(seen, kind)).filter(([one]) => id === '' || one === id);
  return plain(resource?.[1].facts[name]);
}

describe('security updates', () => {
  const LISTS = 'var/lib/apt/lists/deb.debian.org_debian-security_dists_bookworm-security';
  const LIST = 'Package: openssl\nArchitecture: amd64\nVersion: 3.0.99\n';
  const release = (size: number): string =>
    `Label: Debian-Security\nCodename: bookworm-security\nSHA256:\n ${'0'.repeat(64)} ${size} main/binary-amd64/Packages\n`;
  const packages = (text: string): Files => ({ [`${LISTS}_main_binary-amd64_Packages`]: text });
  const status = (state: string): string =>
    `Package: openssl\nStatus: install ok ${state}\nArchitecture: amd64\nVersion: 3.0.15-1~deb12u1\n\nPackage: dpkg\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1.21.22\n`;
  test.each<[string, Files, unknown]>([
    ['dpkg’s database is empty', { 'var/lib/dpkg/status': '' }, { unknown: 'unparseable' }],
    ['dpkg’s database is cut off', { 'var/lib/dpkg/status': 'Package: openssl\nStatus: install ok inst' }, { unknown: 'unparseable' }],
    ['dpkg’s database names nothing', { 'var/lib/dpkg/status': '\n\n' }, { unknown: 'unparseable' }],
    ['a package waits for triggers', { 'var/lib/dpkg/status': status('triggers-awaited'), ...packages(LIST) }, ['openssl']],
    ['a package is unpacked', { 'var/lib/dpkg/status': status('unpacked'), ...packages(LIST) }, ['openssl']],
    ['a package is gone', { 'var/lib/dpkg/status': status('config-files'), ...packages(LIST) }, []],
    ['a list is as long as promised', { [`${LISTS}_InRelease`]: release(LIST.length), ...packages(LIST) }, ['openssl']],
    ['a list is empty, and another was promised', { [`${LISTS}_InRelease`]: release(LIST.length), ...packages('') }, ['…']],
    ['a list is shorter', { [`${LISTS}_InRelease`]: release(LIST.length + 1), ...packages(LIST) }, ['…']],
    ['a list ends within a line', packages('Package: openssl\nArchitecture: amd64\nVersi'), ['…']],
  ])('%s', async (_, files, expected) => {
    expect(await factOf('host.os', '', 'pending_security_updates', files)).toEqual(expected);
  });
});

const NO_COMMANDS: StagedLook = { run: async () => 'not-there' };
/** systemd, asked of units by what it shows of them. */
const systemd = (units: Readonly<Record<string, readonly [active: string, file: string]>>): StagedLook => ({
  run: async ({ id }, values = {}) => {
    if (id !== 'systemctl show') return 'not-there';
    const [active, file] = units[values['unit'] ?? ''] ?? [];
    const load = active === undefined ? 'not-found' : 'loaded';
    return { text: `LoadState=${load}\nActiveState=${active ?? 'inactive'}\nUnitFileState=${file ?? ''}\n`, exit: 0 };
  },
});

describe('services', () => {
  const socket = { 'lib/systemd/system/rpcbind.service': '[Unit]\n', 'lib/systemd/system/rpcbind.socket': '[Unit]\n' };
  test.each<[string, Files, StagedLook | undefined, unknown]>([
    [
      'both are stopped, and the socket starts with the machine',
      {},
      systemd({ 'rpcbind.service': ['inactive', 'disabled'], 'rpcbind.socket': ['inactive', 'enabled'] }),
      ['rpcbind'],
    ],
    [
      'both are stopped for good',
      {},
      systemd({ 'rpcbind.service': ['inactive', 'disabled'], 'rpcbind.socket': ['inactive', 'disabled'] }),
      [],
    ],
    [
      'the service is masked, its socket is not',
      {
        ...socket,
        'etc/systemd/system/rpcbind.service': '-> /dev/null',
        'etc/systemd/system/sockets.target.wants/rpcbind.socket': '-> /lib/systemd/system/rpcbind.socket',
      },
      undefined,
      ['rpcbind'],
    ],
    [
      'both are masked',
      {
        ...socket,
        'etc/systemd/system/rpcbind.service': '-> /dev/null',
        'etc/systemd/system/rpcbind.socket': '-> /dev/null',
        'etc/systemd/system/sockets.target.wants/rpcbind.socket': '-> /lib/systemd/system/rpcbind.socket',
      },
      undefined,
      [],
    ],
  ])('%s', async (_, files, look, expected) => {
    expect(await factOf('host.os', '', 'needless', { 'proc/1/comm': 'systemd\n', ...files }, look)).toEqual(expected);
  });
});

describe('automatic updates', () => {
  test.each<[string, Files, unknown]>([
    ['as they should be', {}, true],
    ['no lists are fetched', { 'etc/apt/apt.conf.d/20auto-upgrades': 'APT::Periodic::Unattended-Upgrade "1";\n' }, false],
    ['lists are never fetched', { 'etc/apt/apt.conf.d/90x': 'APT::Periodic::Update-Package-Lists "0";\n' }, false],
  ])('%s', async (_, files, expected) => {
    expect(await factOf('host.os', '', 'automatic_updates', files)).toEqual(expected);
  });
});

describe('what watches', () => {
  const denied = unknown('access-denied', '/var/lib/aide');
  test.each<[string, string, string, Files, StagedLook | undefined, unknown]>([
    ['aide', 'running', 'AIDE without an entry in its database', { 'var/lib/aide/aide.db': '' }, undefined, false],
    ['aide', 'last_run', 'a log that rotation made anew', { 'var/log/aide/aide.log': '' }, undefined, { unknown: 'unresolved' }],
    [
      'aide',
      'running',
      'AIDE whose database may not be seen',
      {},
      {
        ...systemd({ 'dailyaidecheck.timer': ['active', 'enabled'] }),
        stat: (path) => (path === '/var/lib/aide/aide.db' ? Promise.resolve(denied) : undefined),
      },
      { unknown: 'access-denied' },
    ],
    ['modsecurity', 'blocking', 'as it should be', {}, undefined, true],
    [
      'modsecurity',
      'blocking',
      'rules between those of nginx',
      { 'etc/nginx/conf.d/a.conf': "server {\n  modsecurity_rules '\n    SecRuleEngine DetectionOnly\n  ';\n}\n" },
      undefined,
      { unknown: 'unsupported' },
    ],
    [
      'modsecurity',
      'running',
      'off in one place',
      { 'etc/nginx/conf.d/a.conf': 'server {\n  modsecurity off;\n}\n' },
      undefined,
      { unknown: 'unsupported' },
    ],
  ])('%s %s: %s', async (engine, name, _, files, look, expected) => {
    expect(await factOf('ids.sensor', engine, name, files, look)).toEqual(expected);
  });

  test('a web server whose configuration may not be read hides its sensor', async () => {
    const seen = await collectHost(hostFolder({ ...HARDENED_ROOT, 'etc/nginx/nginx.conf': '\0' }), 'root');
    expect(seen.coverage['ids.sensor']?.status).toBe('partial');
  });
});

test.each([
  ['6.1.170-3', true],
  ['6.1.164-1', false],
])('a kernel of the same name that was mended since: %s', async (version, expected) => {
  const kernel = '6.1.0-44-amd64';
  const files = {
    'proc/sys/kernel/osrelease': `${kernel}\n`,
    'proc/version': `Linux version ${kernel} (debian-kernel@lists.debian.org) (gcc-12) #1 SMP PREEMPT_DYNAMIC Debian 6.1.164-1 (2026-03-09)\n`,
    'var/lib/dpkg/status': `Package: linux-image-${kernel}\nStatus: install ok installed\nArchitecture: amd64\nVersion: ${version}\n`,
  };
  expect(await factOf('host.os', '', 'reboot_required', files, NO_COMMANDS)).toBe(expected);
});

test('settings of the kernel that an unreadable file may set are not known', async () => {
  const files = { 'etc/sysctl.d/99-hidden.conf': '\0' };
  const settings = await factOf('host.os', '', 'kernel_settings', files);
  expect(JSON.stringify(settings)).not.toMatch(/"configured":"/);
});

test.each<[string, string, Files]>([
  ['uptime', 'proc/uptime', { 'proc/uptime': '' }],
  ['kernel', 'proc/sys/kernel/osrelease', { 'proc/sys/kernel/osrelease': '\n' }],
])('nothing in a file of the kernel is no value: %s', async (name, _, files) => {
  expect(await factOf('host.os', '', name, files, NO_COMMANDS)).toEqual({ unknown: 'unparseable' });
});

describe('who takes over', () => {
  const failover = (id: string, files: Files, look?: StagedLook): Promise<unknown> =>
    factOf('availability.group', id, 'failover', { 'proc/1/comm': 'systemd\n', ...files }, look);
  const off = { 'keepalived.service': ['inactive', 'disabled'], 'patroni@15-ledger.service': ['failed', 'enabled'] } as const;
  const on = { 'keepalived.service': ['active', 'enabled'], 'patroni@15-ledger.service': ['active', 'enabled'] } as const;
  test.each([
    ['edge', systemd(off), 'none'],
    ['15-ledger', systemd(off), 'none'],
    ['edge', systemd(on), 'automatic'],
    ['15-ledger', systemd(on), 'automatic'],
    // Of a machine that does not run nobody knows what will.
    ['edge', undefined, { unknown: 'not-collected' }],
    ['15-ledger', undefined, { unknown: 'not-collected' }],
  ] as const)('%s', async (id, look, expected) => {
    expect(await failover(id, {}, look)).toEqual(expected);
  });
  test('where nobody may see what runs', async () => {
    const hidden: StagedLook = {
      ...NO_COMMANDS,
      list: (path) => (path === '/proc' ? Promise.resolve(unknown('access-denied', '/proc')) : undefined),
    };
    expect([await failover('edge', {}, hidden), await failover('15-ledger', {}, hidden)]).toEqual([
      { unknown: 'access-denied' },
      { unknown: 'access-denied' },
    ]);
  });
  test('what Patroni was begun with is not what it runs by; a voter that is named twice votes once', async () => {
    const dcs = { 'etc/patroni/dcs.yml': 'etcd3:\n  hosts: [10.0.0.1:2379, 10.0.0.1:2379, 10.0.0.2:2379]\n' };
    expect(await factOf('availability.group', '15-ledger', 'synchronous', {})).toEqual({ unknown: 'unresolved' });
    expect(await factOf('availability.group', '15-ledger', 'quorum', dcs)).toBe(2);
  });
  test('a file that is broken says nothing', async () => {
    const seen = await collectHost(
      hostFolder({ ...HARDENED_ROOT, 'etc/patroni/15-ledger.yml': 'scope: a\nwatchdog: {mode: required\n' }),
      'root',
    );
    expect([Object.keys(ofKind(seen, 'availability.group')), seen.coverage['availability.group']?.status]).toEqual([['edge'], 'partial']);
  });
});

describe('the clock', () => {
  const RUNNING = systemd({ 'chrony.service': ['active', 'enabled'] });
  const tracking = (measured: number, more: Readonly<Record<number, string>> = {}): StagedLook => ({
    run: async (command, values) => {
      const fields = [
        '0A000009',
        '10.0.0.9',
        '3',
        `${measured}.5`,
        '-0.000012',
        '0.00001',
        '0.00002',
        '-1.2',
        '0.1',
        '0.2',
        '0.01',
        '0.002',
        '64.5',
        'Normal',
      ];
      if (command.id === 'chronyc tracking') return { text: `${fields.map((field, index) => more[index] ?? field).join(',')}\n`, exit: 0 };
      return (await RUNNING.run?.(command, values)) ?? 'not-there';
    },
  });
  const clock = async (look: StagedLook): Promise<unknown> =>
    Promise.all(['synchronised', 'offset'].map((name) => factOf('time.sync', '', name, {}, look)));
  const now = Math.floor(Date.now() / 1000);
  test.each<[string, StagedLook, unknown]>([
    ['is measured', tracking(now - 60), [true, 0.000012]],
    [
      'was measured two days ago, and chronyd still follows',
      tracking(now - 172_800),
      [{ unknown: 'unresolved' }, { unknown: 'unresolved' }],
    ],
    ['follows nothing', tracking(0, { 0: '00000000', 13: 'Not synchronised' }), [false, { unknown: 'not-collected' }]],
    ['is told without an offset', tracking(now, { 4: '' }), [{ unknown: 'unparseable' }, { unknown: 'unparseable' }]],
  ])('%s', async (_, look, expected) => {
    expect(await clock(look)).toEqual(expected);
  });
  test('a server that is named twice is one', async () => {
    const files = { 'etc/chrony/sources.d/nts.sources': 'server a.example.com\nserver a.example.com\npool b.example.com maxsources 2\n' };
    expect([await factOf('time.sync', '', 'sources', files), await factOf('time.sync', '', 'source_count', files)]).toEqual([
      ['a.example.com', 'b.example.com'],
      3,
    ]);
  });
  test('where nobody may see what is installed and runs, nothing is known of it', async () => {
    const hidden: StagedLook = {
      ...NO_COMMANDS,
      list: (path) => (/^\/(?:proc|etc\/systemd\/system)$/.test(path) ? Promise.resolve(unknown('access-denied', path)) : undefined),
    };
    const seen = await collectHost(hostFolder({ 'etc/hostname': 'a\n' }), 'staged', hidden);
    const [sync] = Object.values(ofKind(seen, 'time.sync'));
    expect([plain(sync?.facts['engine']), plain(sync?.facts['sources'])]).toEqual([
      { unknown: 'access-denied' },
      { unknown: 'access-denied' },
    ]);
  });
});
