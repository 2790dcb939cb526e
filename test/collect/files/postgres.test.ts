import { describe, expect, test } from 'vitest';
import { collectFiles, ofKind, placeOf, plain } from '../../support/collect.ts';

const HBA = 'local all postgres peer\nhostssl ledger app 10.0.0.0/24 scram-sha-256\n';

async function server(conf: string, hba: string | undefined = HBA, versions: Record<string, string> = { postgresql: '15' }) {
  const collected = await collectFiles({ 'postgresql.conf': conf, ...(hba === undefined ? {} : { 'pg_hba.conf': hba }) }, versions);
  const kind = (name: string) => Object.values(ofKind(collected, name))[0]?.facts ?? {};
  return { collected, store: kind('datastore'), log: kind('log.source'), sink: kind('log.sink'), tls: kind('tls.listener') };
}

describe('postgresql.conf', () => {
  test('a value and its place; the last of several counts; quotes are doubled', async () => {
    const { store } = await server("listen_addresses = '*'\nlisten_addresses 'localhost'   # the last\ncluster_name = 'it''s'\n");
    expect(plain(store['listens'])).toEqual(['localhost']);
    expect(placeOf(store['loopback_only'])).toBe("postgresql.conf:2:18 'localhost'");
    expect(plain(store['name'])).toBe("it's");
  });
  test('defaults count for a known version only; Debian’s path tells one', async () => {
    expect(plain((await server('port = 5432\n')).store['password_storage'])).toBe('scram-sha-256');
    expect(plain((await server('port = 5432\n', HBA, { postgresql: '13.2' })).store['password_storage'])).toBe('md5');
    expect(plain((await server('port = 5432\n', HBA, {})).store['password_storage'])).toEqual({ unknown: 'unresolved' });
    const collected = await collectFiles({ 'postgresql/13/main/postgresql.conf': 'port = 5432\n' });
    expect(plain(Object.values(ofKind(collected, 'datastore'))[0]?.facts['password_storage'])).toBe('md5');
  });
  test('an include that is not here may override what stands before it, not what stands after', async () => {
    const { store } = await server("listen_addresses = 'localhost'\ninclude 'local.conf'\npassword_encryption = 'scram-sha-256'\n");
    expect(plain(store['loopback_only'])).toEqual({ unknown: 'unresolved' });
    expect(plain(store['password_storage'])).toBe('scram-sha-256');
  });
  test('includes are read in place, and postgresql.auto.conf last', async () => {
    const collected = await collectFiles(
      {
        'postgresql.conf': "fsync = off\ninclude_dir 'conf.d'\n",
        'conf.d/a.conf': 'fsync = on\n',
        'postgresql.auto.conf': "listen_addresses = '0.0.0.0'\n",
      },
      { postgresql: '15' },
    );
    const [store] = Object.values(ofKind(collected, 'datastore'));
    expect(plain(store?.facts['durable_writes'])).toBe(true);
    expect(plain(store?.facts['wildcard_bind'])).toBe(true);
    expect(Object.keys(ofKind(collected, 'datastore'))).toEqual(['postgresql.conf']);
  });
  test('the examples of a log_line_prefix in PostgreSQL’s own file are no template, and neither is such a value', async () => {
    const lines = "\t\t\t\t\t#   %% = '%'\n\t\t\t\t\t# e.g. '<%u%%%d> '\n#log_lock_waits = off\nlog_line_prefix = '<%m %u> '\n";
    const { collected, store, log } = await server(`fsync = on\nfull_page_writes = on\nsynchronous_commit = on\n${lines}`);
    expect(collected.gaps).toEqual([]);
    expect(plain(store['durable_writes'])).toBe(true);
    expect(plain(log['fields'])).toEqual(['when', 'who', 'what', 'outcome']);
  });
  test.each(['# <% if @fast %>', '# <%- if fast -%>', '# <% if fast', '# <%if fast%>', '# {% if fast %}'])(
    '%s is a template’s statement, in a comment too',
    async (line) => {
      const { store } = await server(`fsync = on\nfull_page_writes = on\nsynchronous_commit = on\n${line}\n`);
      expect(plain(store['durable_writes'])).toEqual({ unknown: 'unparseable' });
    },
  );
  test.each(['{{ extra }}', '<<<<<<< HEAD', "fsync = 'on", 'fsync = ${FSYNC}', 'fsync = maybe', 'synchronous_commit = offf'])(
    '%s leaves durability unknown',
    async (line) => {
      expect(
        plain((await server(`fsync = on\nfull_page_writes = on\nsynchronous_commit = on\n${line}\n`)).store['durable_writes']),
      ).toMatchObject({ unknown: expect.any(String) });
    },
  );
  test.each([
    ["archive_command = '/bin/true # off'", false, 'absent'],
    ["archive_command = ''", false, 'absent'],
    ["archive_command = 'pgbackrest --stanza=x archive-push %p'", true, 'pgbackrest'],
    ["archive_command = 'test ! -f /a/%f && aws s3 cp %p s3://b/%f'", true, 'aws'],
    ["archive_command = 'gzip -c < %p > /mnt/archive/%f.gz 2>> /var/log/archive'", true, 'gzip'],
    ['archive_command = \'cp "%p" "/mnt/archive/%f" 2>/dev/null\'', true, 'cp'],
    ...['/bin/true %p', 'cp %p /dev/null', 'echo %p > /dev/null', 'test -f %p', 'exit 0', ': %p', 'cat %p', 'dd if=%p of=/dev/null'].map(
      (command): [string, unknown, unknown] => [`archive_command = '${command}'`, false, 'absent'],
    ),
    ...[
      'true || cp %p /x/%f',
      'cp %p /x/%f; true',
      'sh -c "true" %p',
      'cp `true` %p /x',
      'cp %p /x/%f | true',
      '/opt/archive',
      'echo %p > /x/%f',
      'envdir /etc/e wal-push %p',
      '! cp %p /x/%f',
    ].map((command): [string, unknown, unknown] => [
      `archive_command = '${command}'`,
      { unknown: 'unsupported' },
      { unknown: 'unsupported' },
    ]),
  ])('%s', async (line, archiving, to) => {
    const { store } = await server(`archive_mode = on\n${line}\n`);
    expect([plain(store['archiving']), plain(store['archives_to'])]).toEqual([archiving, to]);
  });
  test('no secret leaves it', async () => {
    const { collected } = await server(
      "primary_conninfo = 'host=db password=''sekret five, sekret'' user=r'\nprimary_conninfo = 'host=db user=r password=sekret-one'\nssl_passphrase_command = 'echo sekret-two'\narchive_mode = on\narchive_command = 'PGPASSWORD=sekret-three push %p'\n",
      'host all all 10.0.0.0/8 ldap ldapserver=x ldapbindpasswd=sekret-four\nhost a b 10.0.0.0/8 md5\n',
    );
    expect(JSON.stringify(collected)).not.toMatch(/sekret/);
  });
});

describe('pg_hba.conf', () => {
  const auth = async (hba: string | undefined) => plain((await server('ssl = on\n', hba)).store['authentication']);
  const tls = async (hba: string) => plain((await server('ssl = on\n', hba)).store['tls']);
  test('trust anywhere it can be reached is no authentication', async () => {
    expect(await auth(HBA)).toBe(true);
    expect(await auth(`${HBA}host ledger recon 10.0.0.7/32 trust\n`)).toBe(false);
    expect(await auth(`host all all all reject\n${HBA}host ledger recon 10.0.0.7/32 trust\n`)).toBe(true);
  });
  test('missing, empty, garbled or elsewhere: unknown, never a pass', async () => {
    const alone = await collectFiles({ 'postgresql.conf': 'ssl = on\n' }, { postgresql: '15' });
    expect(plain(Object.values(ofKind(alone, 'datastore'))[0]?.facts['authentication'])).toEqual({ unknown: 'unresolved' });
    expect(await auth('# nothing\n')).toEqual({ unknown: 'not-collected' });
    expect(await auth(`${HBA}hosst all all all trust\n`)).toEqual({ unknown: 'unparseable' });
    expect(await auth(`${HBA}host all all {{ cidr }} trust\n`)).toEqual({ unknown: 'unresolved' });
    expect(plain((await server("ssl = on\nhba_file = '/secure/pg_hba.conf'\n")).store['authentication'])).toEqual({
      unknown: 'unresolved',
    });
  });
  test('TLS is required only where every rule from outside demands it', async () => {
    expect(await tls(HBA)).toBe('required');
    expect(await tls(`${HBA}host ledger app 10.1.0.0/24 scram-sha-256\n`)).toBe('offered');
    expect(plain((await server('ssl = off\n')).store['tls'])).toBe('off');
  });
  test('sources: loopback only with a prefix that keeps it there, everybody by no bits', async () => {
    const rules = ofKind(
      (
        await server(
          '',
          'host a b 127.0.0.1/32 md5\nhost a b 127.0.0.1/0 md5\nhost a b 127.0.0.1 0.0.0.0 md5\nhost a b 10.1.2.3/0 md5\nhost a b ::1/128 md5\nhost db1, db2 u 10.0.0.0 255.255.255.0 scram-sha-256\n',
        )
      ).collected,
      'access.rule',
    );
    const facts = Object.values(rules).map(({ facts: rule }) => [plain(rule['source']), plain(rule['local']), plain(rule['any_source'])]);
    expect(facts).toEqual(
      expect.arrayContaining([
        ['127.0.0.1/32', true, false],
        ['127.0.0.1/0', false, true],
        ['127.0.0.1 0.0.0.0', false, true],
        ['10.1.2.3/0', false, true],
        ['::1/128', true, false],
        ['10.0.0.0 255.255.255.0', false, false],
      ]),
    );
    expect(plain(Object.values(rules).find(({ id }) => id.includes('db1'))?.facts['objects'])).toEqual(['db1', 'db2']);
  });
  test('`all` does not cover replication: a rule of its own is reachable behind one for everybody', async () => {
    const trusting = 'hostssl app app 10.0.0.0/8 scram-sha-256\nhost all all all reject\nhost replication repl 0.0.0.0/0 trust\n';
    expect(await auth(trusting)).toBe(false);
    expect(await tls(trusting)).toBe('offered');
    expect(await auth('host all all all scram-sha-256\nhost replication repl 0.0.0.0/0 trust\n')).toBe(false);
    expect(await auth('host replication all all reject\nhost all all all reject\nhost replication repl 0.0.0.0/0 trust\n')).toBe(true);
    expect(await auth('host replication all all scram-sha-256\nhost app app 0.0.0.0/0 trust\n')).toBe(false);
    expect(await auth('host all,replication all all scram-sha-256\nhost replication r 0.0.0.0/0 trust\n')).toBe(true);
    expect(await auth('host "all" all all reject\nhost app app 0.0.0.0/0 trust\n')).toBe(false); // a database of that name
  });
  test('a backslash at the end of a comment joins the next line since 14; of an unknown version nobody knows', async () => {
    const hba = `${HBA}# everybody else is refused \\\nhost all all all reject\nhost all all 0.0.0.0/0 trust\n`;
    expect(await auth(hba)).toBe(false);
    const of = async (versions: Record<string, string>, text = hba) =>
      plain((await server('ssl = on\n', text, versions)).store['authentication']);
    expect(await of({ postgresql: '13.2' })).toBe(true);
    const hidden = `${HBA}# here begins \\\nhost all all 10.0.0.0/8 trust\n`;
    expect(await of({ postgresql: '13.2' }, hidden)).toBe(false);
    expect(await of({ postgresql: '14' }, hidden)).toBe(true);
    expect(await of({}, `${HBA}# here begins \\\nhost all all 10.0.0.0/8 md5\n`)).toEqual({ unknown: 'unresolved' });
  });
  test.each(['{% if replicas %}', '# {% if replicas %}', '<<<<<<< HEAD', '{{ rules }}', '@RULES@'])('%s may hold rules', async (line) => {
    expect(await auth(`${HBA}${line}\n`)).toEqual({ unknown: expect.any(String) });
  });
  test('the comment by which Ansible marks its files hides nothing', async () => {
    expect(await auth(`{{ ansible_managed | comment }}\n# {{ ansible_managed }}\n${HBA}`)).toBe(true);
  });
  test('rules under another name are rules, and no server', async () => {
    const collected = await collectFiles({ 'hba.conf': HBA }, { postgresql: '16' });
    expect(Object.keys(ofKind(collected, 'datastore'))).toEqual([]);
    expect(Object.values(ofKind(collected, 'access.rule'))).toHaveLength(2);
    expect(collected.coverage['datastore']).toMatchObject({ status: 'partial', gaps: [{ cause: 'not-collected' }] });
    const named = await collectFiles({ 'postgresql.conf': "hba_file = 'hba.conf'\n", 'hba.conf': HBA }, { postgresql: '16' });
    expect(plain(ofKind(named, 'datastore')['postgresql.conf']?.facts['authentication'])).toBe(true);
  });
  test('a server without its rules leaves them open', async () => {
    const alone = await collectFiles({ 'postgresql.conf': "listen_addresses = '*'\n" }, { postgresql: '16' });
    expect(alone.coverage['access.rule']).toMatchObject({ status: 'partial', gaps: [{ cause: 'unresolved' }] });
    expect((await server('ssl = on\n')).collected.coverage['access.rule']).toMatchObject({ status: 'complete' });
  });
  test('a bind password is redacted as a whole, in quotes too, on the line and beside it', async () => {
    const text = 'host a b 10.0.0.0/8 md5\nhost all all 10.0.0.0/8 ldap ldapserver=x "ldapbindpasswd=correct horse, battery"\n';
    expect(JSON.stringify((await server('ssl = on\n', text)).collected)).not.toMatch(/correct|horse|battery/);
  });
  test('a password crosses in clear, or as a weak hash, or not at all', async () => {
    const rules = ofKind(
      (
        await server(
          '',
          'host a b 10.0.0.0/8 password\nhostssl a b 10.0.0.0/8 password\nhostssl a b 10.0.0.0/8 md5\nhost a b 10.0.0.0/8 scram-sha-256\n',
        )
      ).collected,
      'access.rule',
    );
    expect(
      Object.fromEntries(
        Object.values(rules).map(({ facts }) => [
          `${String(plain(facts['transport']))} ${String(plain(facts['method']))}`,
          plain(facts['protects_password']),
        ]),
      ),
    ).toEqual({ 'any password': false, 'tls password': true, 'tls md5': false, 'any scram-sha-256': true });
  });
});

describe('logging', () => {
  test('events and fields', async () => {
    const { log } = await server(
      "logging_collector = on\nlog_connections = on\nlog_line_prefix = '%m %u %h '\nshared_preload_libraries = 'pgaudit'\npgaudit.log = 'all, -read'\n",
    );
    expect(plain(log['events'])).toEqual(expect.arrayContaining(['connection', 'ddl', 'role', 'write']));
    expect(plain(log['events'])).not.toContain('read');
    expect(plain(log['fields'])).toEqual(['when', 'who', 'where', 'what', 'outcome']);
    const padded = await server("log_line_prefix = '%m [%p] %-16u %20h '\n");
    expect(plain(padded.log['fields'])).toEqual(['when', 'who', 'where', 'what', 'outcome']);
    expect(plain((await server("pgaudit.log = 'all'\n")).log['events'])).not.toContain('ddl'); // not loaded: no effect
    const told = async (conf: string): Promise<boolean> => {
      const { log } = await server(`shared_preload_libraries = 'pgaudit'\npgaudit.log = 'ddl'\n${conf}`);
      return JSON.stringify(plain(log['events'])).includes('ddl');
    };
    expect(await told('pgaudit.log_level = debug1\n')).toBe(true); // no effect by itself
    expect(await told('pgaudit.log_client = on\n')).toBe(true);
    expect(await told('pgaudit.log_client = on\npgaudit.log_level = debug1\n')).toBe(false);
    expect(await told('pgaudit.log_client = on\npgaudit.log_level = info\n')).toBe(false);
    expect(await told('pgaudit.log_client = on\npgaudit.log_level = warning\n')).toBe(true);
    expect(await told('pgaudit.log_client = on\npgaudit.log_level = warning\nlog_min_messages = log\n')).toBe(false);
    expect(await told('pgaudit.log_client = on\npgaudit.log_level = debug1\nlog_min_messages = debug2\n')).toBe(true);
    expect(plain((await server('log_connections = on\nlog_min_messages = fatal\n')).log['events'])).toEqual(['authentication-failure']);
    expect(plain((await server("log_connections = 'receipt'\n", HBA, { postgresql: '18' })).log['events'])).not.toContain('connection');
    expect(plain((await server('log_connections = on\n')).log['enabled'])).toEqual({ unknown: 'not-collected' });
  });
  test.each([
    ['log_statement = all', true],
    ['log_statement = ddl', false],
    ['log_statement = ddl\nlog_min_duration_statement = 0', true],
    ['log_statement = all\nlog_parameter_max_length = 0', false],
    ['log_parameter_max_length = 0\nlog_parameter_max_length_on_error = -1', true],
    ['pgaudit.log_parameter = on', true],
    ['log_transaction_sample_rate = 1.0', true],
    ['log_transaction_sample_rate = 0', false],
    ['log_min_duration_sample = 100ms', true],
    ['log_min_duration_sample = 100ms\nlog_statement_sample_rate = 0.0', false],
    ["shared_preload_libraries = 'auto_explain'\nauto_explain.log_min_duration = 0", true],
    ["session_preload_libraries = 'auto_explain'\nauto_explain.log_min_duration = 0\nauto_explain.log_parameter_max_length = 0", false],
    ['auto_explain.log_min_duration = 0', false], // not loaded: no effect
    ['log_transaction_sample_rate = {{ x }}', { unknown: 'unparseable' }],
  ])('%s: parameters %s', async (conf, expected) => {
    expect(plain((await server(`${conf}\n`)).log['logs_parameters'])).toEqual(expected);
  });
  test.each([
    ["log_destination = 'syslog'", ['syslog:local0']],
    ["log_destination = 'syslog'\nsyslog_facility = 'LOCAL5'", ['syslog:local5']],
    ["logging_collector = on\nlog_directory = '/var/log/pg'\nlog_filename = 'p-%F.log'", ['file:/var/log/pg/*.log', 'file:/var/log/pg/*']],
    ['logging_collector = on', ['…']],
    ["logging_collector = on\nlog_directory = '/p'\nlog_filename = 'a.log'\nlog_destination = csvlog", ['file:/p/a.csv', 'file:/p/*']],
    ["logging_collector = on\nlog_directory = '/p'\nlog_filename = 'a'\nlog_destination = jsonlog", ['file:/p/a.json', 'file:/p/*']],
    ["logging_collector = on\nlog_directory = '/p'\nlog_filename = '.log'\nlog_destination = csvlog", ['file:/p/.csv', 'file:/p/*']],
    [
      "logging_collector = on\nlog_directory = '/p'\nlog_filename = 'a.log'\nlog_destination = 'CSVLOG, stderr,csvlog,syslog'",
      ['syslog:local0', 'file:/p/a.log', 'file:/p/*.log', 'file:/p/*', 'file:/p/a.csv'],
    ],
    ["logging_collector = on\nlog_directory = '/p'\nlog_destination = 'eventlog'", ['…']],
    ["log_destination = 'stderr'", ['…']],
  ])('%s: records leave by %o', async (conf, expected) => {
    expect(plain((await server(`${conf}\n`)).log['channels'])).toEqual(expected);
  });
  test('the collector writes a file for each form', async () => {
    const sinks = async (destination: string) => {
      const conf = `logging_collector = on\nlog_directory = '/p'\nlog_filename = 'a.log'\nlog_destination = ${destination}\n`;
      const found = ofKind((await server(conf)).collected, 'log.sink');
      return Object.entries(found).map(([id, { facts }]) => [id, plain(facts['destination'])]);
    };
    expect(await sinks('csvlog')).toEqual([['postgresql postgresql.conf', '/p/a.csv']]);
    expect(await sinks("'jsonlog,stderr'")).toEqual([
      ['postgresql postgresql.conf', '/p/a.log'],
      ['postgresql postgresql.conf jsonlog', '/p/a.json'],
    ]);
    expect(await sinks('syslog')).toEqual([['postgresql postgresql.conf', '/p/a.log']]);
    expect(await sinks("'{{ x }}'")).toEqual([['postgresql postgresql.conf', { unknown: 'unresolved' }]]);
  });
  test.each([
    ["log_filename = 'p-%a.log'\nlog_truncate_on_rotation = on", 7],
    ["log_filename = 'p-%a.log'", 'absent'],
    ["log_filename = 'p-%F-%H.log'\nlog_truncate_on_rotation = on", 'absent'],
    ["log_filename = 'p-%d.log'\nlog_truncate_on_rotation = on\nlog_rotation_age = 0", 'absent'],
  ])('%s keeps %s days', async (conf, expected) => {
    expect(plain((await server(`logging_collector = on\n${conf}\n`)).sink['retention'])).toBe(expected);
  });
});

test('groups by any of their names', async () => {
  const groups = async (text: string) => plain((await server(`ssl = on\n${text}\n`)).tls['groups']);
  expect(await groups("ssl_groups = 'X25519MLKEM768:X25519:P-256:X448'")).toEqual(['X25519MLKEM768', 'x25519', 'secp256r1', 'x448']);
  expect(await groups("ssl_ecdh_curve = 'prime192v1'")).toEqual(['secp192r1']);
  expect(await groups("ssl_groups = '?X25519MLKEM768:secp384r1:house-made'")).toEqual([
    { unknown: 'unresolved' },
    'secp384r1',
    { unknown: 'unsupported' },
  ]);
});

test('a name that nobody gave says which server is meant among its own files only', async () => {
  const names = async (files: Record<string, string>) =>
    Object.values(ofKind(await collectFiles(files), 'datastore')).map(({ facts }) => [plain(facts['name']), plain(facts['default_name'])]);
  const file = (host: string) => ({ [`${host}postgresql/15/main/postgresql.conf`]: 'port = 5432\n' });
  expect(await names(file(''))).toEqual([[{ unknown: 'not-collected' }, 'main']]);
  expect(await names({ ...file('a/'), ...file('b/') })).toEqual([
    [{ unknown: 'not-collected' }, { unknown: 'unresolved' }],
    [{ unknown: 'not-collected' }, { unknown: 'unresolved' }],
  ]);
  expect(await names({ 'postgresql/15/main/postgresql.conf': "cluster_name = 'ledger'\n" })).toEqual([['ledger', 'absent']]);
});

test('TLS 1.3 is offered only by a library that has it', async () => {
  const protocols = async (versions: Record<string, string>, conf = 'ssl = on\n') =>
    plain((await server(conf, HBA, versions)).tls['protocols']);
  expect(await protocols({ postgresql: '15', openssl: '3.0.1' })).toEqual(['TLSv1.2', 'TLSv1.3']);
  expect(await protocols({ postgresql: '15' })).toEqual(['TLSv1.2', '…']);
  expect(await protocols({ postgresql: '15' }, "ssl = on\nssl_min_protocol_version = 'TLSv1.3'\n")).toEqual(['TLSv1.3']);
  expect(await protocols({ postgresql: '12', openssl: '1.0.2' })).toEqual(['TLSv1', 'TLSv1.1', 'TLSv1.2']);
  // From OpenSSL 3 on, the older ones take security level 0 too.
  expect(await protocols({ postgresql: '12', openssl: '3.0.17' })).toEqual(['TLSv1.2', 'TLSv1.3', '…']);
  expect(await protocols({ postgresql: '12' })).toEqual(['TLSv1.2', '…']);
  const level = "ssl = on\nssl_ciphers = 'ALL:@SECLEVEL=0'\n";
  expect(await protocols({ postgresql: '12', openssl: '3.0.17' }, level)).toEqual(['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3']);
});
