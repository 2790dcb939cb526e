import { expect, test } from 'vitest';
import { unknown } from '../../../src/model/fact.ts';
import { collectFiles, ofKind, placeOf, plain } from '../../support/collect.ts';

type Files = Parameters<typeof collectFiles>[0];
const unresolved = { unknown: 'unresolved' };
const V = { auditd: '3.0.9' };

const IDENTITY = ['passwd', 'shadow', 'group', 'gshadow', 'sudoers'].map((name) => `-w /etc/${name} -p wa -k identity`).join('\n');
const RULES = `-D
-b 8192
${IDENTITY}
-w /etc/sudoers.d/ -p wa -k identity
-a always,exit -F arch=b64 -C uid!=euid -F euid=0 -S execve -k privilege
-a always,exit -F arch=b64 -S adjtimex,settimeofday -k time
-a always,exit -F arch=b64 -S clock_settime -F a0=0x0 -k time
-a always,exit -F arch=b64 -S init_module,finit_module,delete_module -F auid>=1000 -F auid!=unset -k modules
-w /etc/audit/ -p wa -k auditconfig
-w /var/log/lastlog -p wa -k logins
-w /var/run/faillock -p wa -k logins
-w /srv/ledger -p rwa -k ledger-files
-e 2
`;
const CONF =
  'local_events = yes\nwrite_logs = yes\nlog_file = /var/log/audit/audit.log\nlog_group = adm\nmax_log_file = 8\nnum_logs = 5\nmax_log_file_action = ROTATE\nspace_left_action = email\nadmin_space_left_action = halt\ndisk_full_action = SUSPEND\ndisk_error_action = syslog\n';

const audit = async (files: Files, versions: Record<string, string> = {}) => {
  const collected = await collectFiles(
    Object.fromEntries(Object.entries(files).map(([name, text]) => [`etc/audit/${name}`, text])),
    versions,
  );
  return {
    collected,
    source: ofKind(collected, 'log.source')['etc/audit auditd']?.facts ?? {},
    sink: Object.values(ofKind(collected, 'log.sink'))[0]?.facts ?? {},
  };
};
const events = async (rules: string): Promise<unknown> => plain((await audit({ 'audit.rules': rules })).source['events']);

test('a hardened host: every fact known, pointing at its value', async () => {
  const { source, sink } = await audit({ 'auditd.conf': CONF, 'audit.rules': RULES });
  expect(Object.fromEntries(Object.entries(source).map(([name, fact]) => [name, plain(fact)]))).toEqual({
    service: 'auditd',
    enabled: true,
    immutable: true,
    alarms_when_full: true,
    logs_parameters: 'absent',
    host: '',
    channels: ['file:/var/log/audit/audit.log', 'file:/var/log/audit/*.log', 'file:/var/log/audit/*', '…'],
    shipped_otherwise: { unknown: 'not-collected' },
    fields: ['who', 'what', 'when', 'where', 'outcome'],
    events: ['identity-files', 'privilege-use', 'time-change', 'kernel-modules', 'audit-configuration', 'logins', 'ledger-paths'],
  });
  expect(placeOf(source['immutable'])).toBe('etc/audit/audit.rules:17:4 2');
  expect(placeOf(source['alarms_when_full'])).toBe('etc/audit/auditd.conf:8:21 email');
  expect(['destination', 'mode', 'readable_by_others', 'bounded', 'retention'].map((name) => plain(sink[name]))).toEqual([
    '/var/log/audit/audit.log',
    '0640',
    false,
    true,
    unresolved,
  ]);
});

test('only one of the two files: what the other decides is unknown', async () => {
  const rules = (await audit({ 'audit.rules': RULES })).source;
  expect([plain(rules['alarms_when_full']), plain(rules['enabled']), plain(rules['immutable'])]).toEqual([
    { unknown: 'not-collected' },
    { unknown: 'not-collected' },
    true,
  ]);
  const conf = (await audit({ 'auditd.conf': CONF })).source;
  expect([plain(conf['events']), plain(conf['immutable']), plain(conf['alarms_when_full'])]).toEqual([
    { unknown: 'not-collected' },
    { unknown: 'not-collected' },
    true,
  ]);
  expect((await audit({ 'auditd.conf': CONF, 'audit.rules': unknown('access-denied', 'EACCES') })).source['events']).toMatchObject({
    cause: 'access-denied',
  });
});

test.each([
  ['', []],
  [IDENTITY.replace('-w /etc/shadow -p wa -k identity', ''), []],
  [IDENTITY.replace('/etc/shadow -p wa', '/etc/shadow -p r'), []],
  ['-w /etc -p wa', ['identity-files', 'audit-configuration']],
  ['-w /etc', ['identity-files', 'audit-configuration']],
  ['-a always,exit -F dir=/etc -F perm=wa', ['identity-files', 'audit-configuration']],
  ['-a always,exit -F path=/etc -F perm=wa', []],
  ['-a exit,always -F path=/usr/bin/sudo -F perm=x -F auid>=1000', ['privilege-use']],
  ['-a always,exit -F arch=b64 -S execve -F euid=0', ['privilege-use']],
  ['-a always,exit -F arch=b64 -S execve -F uid=33', ['…']],
  ['-a always,exit -F arch=b32 -S adjtimex,settimeofday,clock_settime', []],
  ['-a always,exit -S all', ['privilege-use', 'time-change', 'kernel-modules']],
  ['-a always,exit -F arch=b64 -S init_module -S delete_module', []],
  ['-a always,exit -F arch=b64 -S init_module -S delete_module\n-w /sbin/modprobe -p x', ['kernel-modules']],
  ['-w /x -p w -k my-custody-files', ['ledger-paths']],
  // Order: what is cleared, suppressed, locked or not accepted.
  ['-w /etc\n-D', []],
  ['-w /etc -k a\n-w /usr/bin/sudo -k b\n-D -k a', ['privilege-use']],
  ['-e 2\n-w /etc', []],
  ['-a task,never\n-w /etc', []],
  ['-w /etc\n-a never,task', []],
  ['-a never,exit\n-w /etc', []],
  ['-w /etc\n-a never,exit', ['identity-files', 'audit-configuration']],
  ['-w /etc\n-A exit,never', []],
  ['-a never,exit -F dir=/etc/audit\n-w /etc -p wa', ['…']],
  ['-a never,exit -F path=/var/x\n-w /etc -p wa', ['identity-files', 'audit-configuration']],
  ['-a never,exit -S adjtimex -F auid=unset\n-a always,exit -S adjtimex,settimeofday,clock_settime', ['…']],
  ['-a never,exit -F subj_type=x\n-w /etc', ['…']],
  ['-a always,exclude -F msgtype=CWD\n-w /etc', ['identity-files', 'audit-configuration']],
  ['-w /etc\n-a always,exclude -F msgtype=SYSCALL', ['…']],
  ['-w /etc\n-q nonsense here\n--frobnicate', ['identity-files', 'audit-configuration']],
  ['bogus\n-w /etc', ['…']],
  ['-w {{ path }}\n-w /etc', ['…']],
  ['-w', ['…']],
  ['-w /etc\n-W /etc', ['…']],
])('%j records %j', async (rules, expected) => {
  expect(await events(rules)).toEqual(expected);
});

test('-e: the last counts, and what could not be read may hold another', async () => {
  const immutable = async (rules: string): Promise<unknown> => plain((await audit({ 'audit.rules': rules })).source['immutable']);
  expect(await immutable('-e 1\n-e 2')).toBe(true);
  expect(await immutable('-e 2\n-e 1')).toBe(true);
  expect(await immutable('-e 1')).toBe(false);
  expect(await immutable('')).toBe(false);
  expect(await immutable('bogus\n-e 2')).toEqual({ unknown: 'unparseable' });
  expect(await immutable('-e ${E}')).toEqual(unresolved);
  expect(plain((await audit({ 'auditd.conf': CONF, 'audit.rules': '-e 0' })).source['enabled'])).toBe(false);
  expect(plain((await audit({ 'auditd.conf': CONF, 'audit.rules': '' })).source['enabled'])).toEqual(unresolved);
  expect(plain((await audit({ 'auditd.conf': CONF, 'audit.rules': '' }, V)).source['enabled'])).toBe(true);
});

test('rules.d: -D first and -e last, wherever they stand; the generated file is passed over', async () => {
  const { source } = await audit({
    'rules.d/99-last.rules': '-D\n-e 1\n',
    'rules.d/10-first.rules': '-e 2\n-w /etc\n',
    'audit.rules': '## This file is automatically generated from /etc/audit/rules.d\n-D\n',
  });
  expect([plain(source['events']), plain(source['immutable'])]).toEqual([['identity-files', 'audit-configuration'], false]);
  const hidden = await audit({ 'rules.d/10.rules': '-w /etc\n-e 2\n', 'rules.d/20.rules': unknown('access-denied', 'EACCES') });
  expect([plain(hidden.source['events']), plain(hidden.source['immutable'])]).toEqual([
    ['identity-files', 'audit-configuration', '…'],
    { unknown: 'access-denied' },
  ]);
  expect(hidden.collected.coverage['log.source']?.status).toBe('partial');
});

test('rules under other names count only where there are no others, and those of the stop never', async () => {
  const { source } = await audit({
    'audit.rules': '-w /etc\n',
    'audit-stop.rules': '-e 0\n-D\n',
    'old.rules': '-D\n-e 2\n',
    'auditd.conf': CONF,
  });
  expect([plain(source['events']), plain(source['immutable'])]).toEqual([['identity-files', 'audit-configuration'], false]);
  expect(plain((await audit({ 'ledger.rules': '-w /srv/ledger -p wa -k ledger\n-e 2\n' })).source['immutable'])).toBe(true);
});

test('two sets of rules of which either may be loaded: known is what both say', async () => {
  const { source } = await audit({ 'rules.d/10.rules': '-w /etc\n-e 2\n', 'audit.rules': '-w /etc/audit\n-e 2\n' });
  expect([plain(source['events']), plain(source['immutable'])]).toEqual([['audit-configuration', '…'], true]);
});

test.each([
  [{ space_left_action: 'SYSLOG', admin_space_left_action: 'SUSPEND', disk_full_action: 'SUSPEND', disk_error_action: 'SUSPEND' }, false],
  [{ space_left_action: 'email', admin_space_left_action: 'suspend', disk_full_action: 'suspend', disk_error_action: 'suspend' }, false],
  [{ space_left_action: 'ignore', admin_space_left_action: 'ignore', disk_full_action: 'halt', disk_error_action: 'halt' }, true],
  [{ space_left_action: 'exec /usr/local/bin/page', disk_error_action: 'single' }, true],
  [{ space_left_action: 'ignore', disk_error_action: 'halt' }, unresolved],
  [{ space_left_action: 'email' }, unresolved],
  [{ space_left_action: '${A}', admin_space_left_action: 'ignore', disk_full_action: 'ignore', disk_error_action: 'halt' }, unresolved],
  [
    { space_left_action: 'shout', admin_space_left_action: 'ignore', disk_full_action: 'ignore', disk_error_action: 'halt' },
    { unknown: 'unparseable' },
  ],
])('%o alarms: %o', async (settings, expected) => {
  const conf = Object.entries(settings)
    .map(([name, value]) => `${name} = ${value}\n`)
    .join('');
  expect(plain((await audit({ 'auditd.conf': conf })).source['alarms_when_full'])).toEqual(expected);
});

test.each([
  [
    'max_log_file_action = keep_logs\nmax_log_file = 8\nspace_left_action = email\nadmin_space_left_action = halt\ndisk_full_action = halt\n',
    {},
    { retention: 'absent', bounded: false, mode: unresolved, destination: unresolved },
  ],
  ['max_log_file_action = keep_logs\ndisk_full_action = rotate\n', {}, { retention: unresolved }],
  [
    'max_log_file_action = rotate\nmax_log_file = 8\nnum_logs = 1\n',
    V,
    { bounded: false, mode: '0600', destination: '/var/log/audit/audit.log' },
  ],
  ['max_log_file_action = rotate\nmax_log_file = 8\nnum_logs = 5\nNUM_LOGS = 0\n', {}, { bounded: false }],
  [`max_log_file_action = rotate${' '.repeat(200)}\nmax_log_file = 8\n`, {}, { bounded: unresolved }],
])('%j %o gives the sink %o', async (conf, versions, expected) => {
  const { sink } = await audit({ 'auditd.conf': conf }, versions);
  for (const [name, value] of Object.entries(expected)) expect([name, plain(sink[name])]).toEqual([name, value]);
});

test('a daemon that writes nothing has no sink', async () => {
  const { collected, source } = await audit({ 'auditd.conf': CONF.replace('write_logs = yes', 'write_logs = no'), 'audit.rules': RULES });
  expect([Object.keys(ofKind(collected, 'log.sink')), plain(source['enabled'])]).toEqual([[], unresolved]);
});

test.each([
  ['rules', '-w /etc\n'.repeat(100_000)],
  ['suppressions', '-a never,exit -F path=/x\n-w /y\n'.repeat(3000)],
  ['one line', `-a always,exit -S ${'x,'.repeat(500_000)}`],
  ['words', '-F a=b '.repeat(200_000)],
])('many %s end in bounded time', async (_name, text) => {
  const started = performance.now();
  await audit({ 'audit.rules': text, 'auditd.conf': text });
  expect(performance.now() - started).toBeLessThan(8000);
});

test.each(['%%% garbled line here', 'log_fil = /x', 'num_logs=5', 'flush', '<<<<<<< HEAD', '{% if x %}', '# {% if x %}', '{{ settings }}'])(
  'auditd does not start with the line %s, or nobody knows what it sets: nothing is known',
  async (line) => {
    const { source, sink } = await audit({ 'auditd.conf': `${CONF}${line}\n`, 'audit.rules': RULES }, V);
    for (const fact of [
      source['enabled'],
      source['alarms_when_full'],
      sink['mode'],
      sink['destination'],
      sink['bounded'],
      sink['retention'],
    ])
      expect(plain(fact)).toEqual({ unknown: line.startsWith('{') || /^(?:<|# )/.test(line) ? 'unresolved' : 'unparseable' });
  },
);

test('comments, and the one by which Ansible marks its files, say nothing', async () => {
  const { source } = await audit(
    { 'auditd.conf': `# {{ ansible_managed }}\n{{ ansible_managed | comment }}\n\n${CONF}`, 'audit.rules': RULES },
    V,
  );
  expect(plain(source['enabled'])).toBe(true);
});

test.each([
  ['-w /srv/ledger -p wa -k x', true],
  ['-w /srv/books -p wa -k ledger', true],
  ['-a always,exit -F dir=/srv/books -F perm=wa -k custody-files', true],
  ['-w /tmp/nothing -p r -k ledger', false],
  ['-w /tmp/nothing -p wa -k ledger', false],
  ['-w /srv/ledger -p rx -k ledger', false],
  ['-a always,exit -F arch=b64 -S execve -k ledger', false],
])('%s watches writes to the ledger: %s', async (rule, expected) => {
  const found = await events(`${rule}\n`);
  expect(Array.isArray(found) && found.includes('ledger-paths')).toBe(expected);
});

test('its plugin for syslog is one more way, once it is on', async () => {
  const channels = async (plugin: Files) =>
    plain((await audit({ 'auditd.conf': CONF, 'audit.rules': RULES, ...plugin })).source['channels']);
  expect(await channels({ 'plugins.d/syslog.conf': 'active = yes\nargs = LOG_INFO LOG_LOCAL6\n' })).toContain('syslog:local6');
  expect(await channels({ 'plugins.d/syslog.conf': 'active = no\n' })).toEqual([
    'file:/var/log/audit/audit.log',
    'file:/var/log/audit/*.log',
    'file:/var/log/audit/*',
  ]);
  expect(await channels({ 'plugins.d/au-remote.conf': 'active = yes\n' })).toContain('…');
  // The last line counts, and the daemon takes no plugin whose line it cannot read.
  expect(await channels({ 'plugins.d/syslog.conf': 'active = yes\nactive = no\n' })).toHaveLength(3);
  expect(await channels({ 'plugins.d/syslog.conf': 'active = no\nactive = YES\nargs = LOG_LOCAL6\nargs = LOG_LOCAL5\n' })).toEqual(
    expect.arrayContaining(['syslog:local5']),
  );
  for (const line of ['active=yes', 'active = yes please', 'active'])
    expect([line, await channels({ 'plugins.d/syslog.conf': `${line}\n` })]).toEqual([line, expect.arrayContaining(['…'])]);
});
