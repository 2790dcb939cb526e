import { describe, expect, test } from 'vitest';
import { unknown } from '../../../src/model/fact.ts';
import { collectFiles, ofKind, placeOf, plain } from '../../support/collect.ts';

type Files = Parameters<typeof collectFiles>[0];
const V = { rsyslog: '8.2302.0' };

const sinks = async (files: Files | string, versions: Record<string, string> = {}) => {
  const collected = await collectFiles(typeof files === 'string' ? { 'rsyslog.conf': files } : files, versions);
  return { collected, sinks: ofKind(collected, 'log.sink') };
};
const only = async (text: string, versions: Record<string, string> = {}) =>
  Object.values((await sinks(text, versions)).sinks)[0]?.facts ?? {};
const unresolved = { unknown: 'unresolved' };

const TLS =
  'action(type="omfwd" target="logs.example.net" port="6514" protocol="tcp"\n  StreamDriver="gtls" StreamDriverMode="1" # over TLS\n  StreamDriverAuthMode="x509/name" StreamDriverPermittedPeers="logs.example.net"\n  queue.type="LinkedList" queue.filename="fwd" action.resumeRetryCount="-1")\n';

test('a hardened forwarder: every fact known, pointing at its value', async () => {
  const { sinks: found } = await sinks(`*.* ${TLS}`);
  const facts = found['rsyslog.conf logs.example.net:6514']?.facts ?? {};
  expect(['form', 'encrypted', 'verifies_peer', 'buffered', 'mode'].map((name) => plain(facts[name]))).toEqual([
    'remote',
    true,
    true,
    true,
    'absent',
  ]);
  expect(placeOf(facts['destination'])).toBe('rsyslog.conf:1:33 logs.example.net');
  expect(placeOf(facts['encrypted'])).toBe('rsyslog.conf:2:41 1');
});

test.each([
  ['*.* @10.0.0.9\n', {}, { destination: '10.0.0.9:514', encrypted: false, verifies_peer: false, buffered: unresolved }],
  ['*.* @@10.0.0.9:10514\n', {}, { destination: '10.0.0.9:10514', encrypted: unresolved }],
  ['*.* @@10.0.0.9:10514\n', V, { encrypted: false, buffered: false }],
  ['*.* @@(o,z9)[2001:db8::1]:514;RSYSLOG_ForwardFormat\n', V, { destination: '[2001:db8::1]:514' }],
  ['*.* @@{{ log_host }}:514\n', V, { destination: unresolved }],
  [
    '$DefaultNetstreamDriver gtls\n$ActionSendStreamDriverMode 1\n$ActionSendStreamDriverAuthMode x509/name\n$ActionSendStreamDriverPermittedPeer logs.example.net\n*.* @@logs:6514\n',
    {},
    { encrypted: true, verifies_peer: true },
  ],
  [
    '$DefaultNetstreamDriver gtls\n$ActionSendStreamDriverMode 1\n$ActionSendStreamDriverAuthMode anon\n*.* @@logs:6514\n',
    {},
    { encrypted: true, verifies_peer: false },
  ],
  ['$ActionQueueType LinkedList\n$ActionQueueFileName q\n$ActionResumeRetryCount -1\n*.* @@logs:514\n', {}, { buffered: true }],
  ['$ActionQueueType LinkedList\n$ActionQueueFileName q\n*.* @@logs:514\n', V, { buffered: false }],
  [
    'global(DefaultNetstreamDriver="ossl")\naction(type="omfwd" target="a" protocol="tcp" streamDriverMode="1" streamDriverAuthMode="x509/certvalid")\n',
    {},
    { encrypted: true, verifies_peer: false },
  ],
  ['action(type="omfwd" target="a" protocol="tcp" streamDriver="gtls")\n', {}, { encrypted: unresolved }],
  ['action(type="omfwd" target="a" protocol="tcp" streamDriver="gtls")\n', V, { encrypted: false }],
  [
    'action(type="omfwd" target="a" protocol="tcp" streamDriver="gtls" streamDriverMode="1" streamDriverAuthMode="x509/name" streamDriverPermittedPeers="*")\n',
    {},
    { verifies_peer: false },
  ],
  [
    'action(type="omfwd" target="a" protocol="tcp" streamDriver="gtls" streamDriverMode="1" streamDriverAuthMode="x509/name")\n',
    {},
    { verifies_peer: unresolved },
  ],
  ['action(type="omfwd" target=`echo $HOST` protocol="udp")\n', {}, { destination: unresolved, encrypted: false }],
  ['action(type="omfwd" target="a" queue.type="LinkedList" action.resumeRetryCount="-1")\n', {}, { buffered: false }],
  [
    'main_queue(queue.filename="main" queue.type="LinkedList")\naction(type="omfwd" target="a" queue.type="Direct" action.resumeRetryCount="-1")\n',
    {},
    { buffered: true },
  ],
  [
    'ruleset(name="out" queue.type="LinkedList" queue.filename="o") {\n  action(type="omfwd" target="a" queue.type="direct" action.resumeRetryCount="-1")\n}\ncall out\n',
    {},
    { buffered: true },
  ],
  [
    'action(type="omrelp" target="a" port="2514" tls="on" tls.authMode="name" tls.permittedPeer=["a.example.net", "b.example.net"])\n',
    {},
    { destination: 'a:2514', encrypted: true, verifies_peer: true },
  ],
  ['action(type="omrelp" target="a" port="2514" tls="on")\n', V, { encrypted: true, verifies_peer: false }],
  ['*.* :omrelp:a:2514\n', {}, { encrypted: false }],
  ['if $programname == "x" and $msg contains "then" then @@a:1\n', V, { destination: 'a:1' }],
  ['if ($msg contains "a}") then {\n  action(type="omfwd" target="a" port="1")\n  stop\n}\n', V, { destination: 'a:1' }],
  ['action(type="omkafka" broker="k:9092" topic="t")\n', V, { destination: 'k:9092', encrypted: { unknown: 'unsupported' } }],
])('%j %o gives %o', async (text, versions, expected) => {
  const facts = await only(text, versions);
  for (const [name, value] of Object.entries(expected)) expect([name, plain(facts[name])]).toEqual([name, value]);
});

test.each([
  [
    'auth,authpriv.*\t\t/var/log/auth.log\n',
    {},
    {
      destination: '/var/log/auth.log',
      mode: unresolved,
      readable_by_others: unresolved,
      bounded: false,
      retention: 'absent',
      encrypted: 'absent',
    },
  ],
  ['*.* -/var/log/syslog\n', V, { destination: '/var/log/syslog', mode: '0644', readable_by_others: true }],
  ['$FileCreateMode 0640\n*.* /var/log/a\n$FileCreateMode 0644\n', {}, { mode: '0640', readable_by_others: false }],
  ['*.* /var/log/a\n$FileCreateMode 0640\n', {}, { mode: unresolved }],
  ['$FileCreateMode ${MODE}\n*.* /var/log/a\n', {}, { mode: unresolved }],
  ['action(type="omfile" file="/var/log/a" fileCreateMode="0600")\n', {}, { mode: '0600' }],
  ['$FileCreateMode 0640\naction(type="omfile" file="/var/log/a")\n', V, { mode: unresolved }],
  ['module(load="builtin:omfile" fileCreateMode="0640")\naction(type="omfile" file="/var/log/a")\n', {}, { mode: '0640' }],
  [
    'template(name="D" type="string" string="/var/log/%HOSTNAME%.log")\naction(type="omfile" dynaFile="D")\n',
    V,
    { destination: '/var/log/%HOSTNAME%.log' },
  ],
  ['$template D,"/var/log/%HOSTNAME%.log"\n*.* ?D\n', V, { destination: '/var/log/%HOSTNAME%.log' }],
  ['*.* ?Gone\n', V, { destination: unresolved }],
  [
    '$outchannel c,/var/log/big.log,52428800,/rotate.sh\n*.* :omfile:$c\n',
    V,
    { destination: '/var/log/big.log', bounded: true, retention: unresolved },
  ],
])('%j %o gives %o', async (text, versions, expected) => {
  const facts = await only(text, versions);
  for (const [name, value] of Object.entries(expected)) expect([name, plain(facts[name])]).toEqual([name, value]);
});

test('legacy permitted peers and queues hold for one action only', async () => {
  const { sinks: found } = await sinks(
    '$ActionQueueType LinkedList\n$ActionQueueFileName q\n$ActionResumeRetryCount -1\n*.* @@a:1\n*.* @@b:1\n',
    V,
  );
  expect([plain(found['rsyslog.conf a:1']?.facts['buffered']), plain(found['rsyslog.conf b:1']?.facts['buffered'])]).toEqual([true, false]);
});

test('includes are read inline, in order, and are no configuration of their own', async () => {
  const { sinks: found } = await sinks({
    'etc/rsyslog.conf': '$FileCreateMode 0640\n$IncludeConfig /etc/rsyslog.d/*.conf\n*.* /var/log/last\n',
    'etc/rsyslog.d/10-a.conf': 'mail.* /var/log/a\n$FileCreateMode 0600\n',
    'etc/rsyslog.d/20-b.conf': 'mail.* /var/log/b\n',
  });
  expect(Object.entries(found).map(([id, { facts }]) => `${id} ${String(plain(facts['mode']))}`)).toEqual([
    'etc/rsyslog.conf /var/log/a 0640',
    'etc/rsyslog.conf /var/log/b 0600',
    'etc/rsyslog.conf /var/log/last 0600',
  ]);
});

test('an include that is not there hides what it may set, and is a gap; an optional one is not', async () => {
  const gone = await sinks('$FileCreateMode 0640\n$IncludeConfig gone.conf\n*.* /var/log/a\n*.* @@a:1\n', V);
  expect(plain(gone.sinks['rsyslog.conf /var/log/a']?.facts['mode'])).toEqual(unresolved);
  expect(plain(gone.sinks['rsyslog.conf a:1']?.facts['encrypted'])).toEqual(unresolved);
  expect(gone.collected.coverage['log.sink']?.status).toBe('partial');
  const optional = await sinks('$FileCreateMode 0640\ninclude(file="gone.conf" mode="optional")\n*.* /var/log/a\n');
  expect(plain(optional.sinks['rsyslog.conf /var/log/a']?.facts['mode'])).toBe('0640');
  expect(optional.collected.coverage['log.sink']?.status).toBe('complete');
  const outside = await sinks('include(file="/etc/gone.conf" mode="optional")\n*.* /var/log/a\n', V);
  expect(plain(outside.sinks['rsyslog.conf /var/log/a']?.facts['mode'])).toEqual(unresolved);
  const empty = await sinks(
    { 'etc/rsyslog.conf': '$IncludeConfig /etc/rsyslog.d/*.conf\n*.* /var/log/a\n', 'etc/rsyslog.d/README': '' },
    V,
  );
  expect(empty.collected.coverage['log.sink']?.status).toBe('complete');
});

test('an include loop and a part without its main file are gaps', async () => {
  const loop = await sinks('$IncludeConfig rsyslog.conf\n*.* /var/log/a\n', V);
  expect(loop.collected.coverage['log.sink']?.status).toBe('partial');
  const part = await sinks({ 'rsyslog.d/50-fwd.conf': '*.* @@a:1\n' }, V);
  expect(plain(part.sinks['rsyslog.d/50-fwd.conf a:1']?.facts['encrypted'])).toEqual(unresolved);
});

test('a file that may not be read, and statements that cannot be', async () => {
  const denied = await sinks({ 'rsyslog.conf': unknown('access-denied', 'rsyslog.conf: EACCES') });
  expect(denied.collected.coverage['log.sink']).toMatchObject({ status: 'partial', gaps: [{ cause: 'access-denied' }] });
  for (const text of ['action(type="omfile" file="/var/log/a\n', 'garbage\n', '$\n', 'if $x == 1\n']) {
    const { collected } = await sinks(text, V);
    expect([text, collected.coverage['log.sink']?.status]).toEqual([text, 'partial']);
  }
});

test('several selectors to one file are one sink', async () => {
  expect(
    Object.keys((await sinks('mail.* /var/log/m\nnews.* /var/log/m\n*.emerg :omusrmsg:*\n*.* |/dev/xconsole\n*.* /dev/tty1\n', V)).sinks),
  ).toEqual(['rsyslog.conf /var/log/m']);
});

test.each([
  ['one long line', `*.* ${'x'.repeat(2_000_000)}`],
  ['open braces', '{'.repeat(500_000)],
  ['ifs', 'if '.repeat(300_000)],
  ['open objects', 'action('.repeat(200_000)],
  ['open quotes', 'action(a="'.repeat(200_000)],
  ['comments', '/*'.repeat(500_000)],
  ['dollars', '$ '.repeat(300_000)],
  ['sets', 'set $x = "'.repeat(100_000)],
])('%s end in bounded time', async (_name, text) => {
  const started = performance.now();
  await sinks(text);
  expect(performance.now() - started).toBeLessThan(5000);
});

test('a ruleset that nobody calls or binds writes nothing', async () => {
  const ruleset = `ruleset(name="never") {\n${TLS}}\n`;
  expect(Object.keys((await sinks(ruleset)).sinks)).toEqual([]);
  for (const use of ['call never\n', 'input(type="imfile" File="/a" ruleset="never")\n', 'call_indirect $!r\n'])
    expect(Object.keys((await sinks(ruleset + use)).sinks)).toEqual(['rsyslog.conf logs.example.net:6514']);
});

const takes = async (text: string) => plain((await only(text))['takes']);
const IN = 'module(load="imuxsock")\nmodule(load="imfile")\n';

describe('what a sink takes', () => {
  test('all that the host logs, and files that it reads', async () => {
    const all = await takes(`${IN}input(type="imfile" File="/var/log/audit/audit.log" Tag="a")\n*.* ${TLS}`);
    expect(all).toEqual(expect.arrayContaining(['syslog:auth', 'syslog:local7', 'file:/var/log/audit/audit.log']));
    expect(all).toHaveLength(21);
    expect(await takes(`${IN}input(type="imfile" File="/var/log/nginx/*.log" Tag="a")\n${TLS}`)).toContain('file:/var/log/nginx/*.log');
    expect(await takes(`$ModLoad imuxsock\n$InputFileName /a.log\n$InputRunFileMonitor\n*.* @@l:514\n`)).toContain('file:/a.log');
  });
  test.each([
    ['local7.* ', ['syslog:local7']],
    ['mail.err ', ['…']],
    ['*.info;mail.none;local0,local1.none ', 17],
    ['*.notice ', ['…']],
    [':programname, isequal, "x" ', ['…']],
    ['if $programname == "x" then ', ['…']],
  ])('by %s', async (filter, expected) => {
    const found = await takes(`module(load="imuxsock")\n${filter}${TLS}`);
    if (typeof expected === 'number') expect(found).toHaveLength(expected);
    else expect(found).toEqual(expected);
  });
  test('nothing where no input is loaded, or the action stands behind a stop', async () => {
    expect(await takes(TLS)).toEqual([]);
    expect(await takes(`${IN}:msg, contains, "secret" stop\n*.* ${TLS}`)).toEqual(['…']);
    expect(await takes(`${IN}:msg, contains, "x" /var/log/x\n& stop\n`)).toEqual(['…']);
    expect(await takes(`module(load="imuxsock" SysSock.Use="off")\n*.* ${TLS}`)).toEqual([]);
  });
  test('what a block, an & and a call let through', async () => {
    expect(await takes(`module(load="imuxsock")\nlocal3.* {\n${TLS}}\n`)).toEqual(['syslog:local3']);
    expect(await takes(`module(load="imuxsock")\nlocal3.* ~\n`)).toBeUndefined();
    expect(await takes(`module(load="imuxsock")\nruleset(name="r") {\n${TLS}}\nlocal3.* call r\n`)).toEqual(['syslog:local3']);
    const amp = await sinks(`module(load="imuxsock")\nlocal3.* /var/log/a\n& @@l:514\n`);
    expect(plain(amp.sinks['rsyslog.conf l:514']?.facts['takes'])).toEqual(['syslog:local3']);
  });
  test.each([
    ['$DefaultRuleset remote\n', []],
    ['$DefaultRuleset "remote"\n', []],
    ['$DefaultRuleset RSYSLOG_DefaultRuleset\n', 21],
    ['$DefaultRuleset remote\n$DefaultRuleset RSYSLOG_DefaultRuleset\n', 21],
    ['$DefaultRuleset ${RULESET}\n', ['…']],
    ['$DefaultRuleset remote\ninput(type="imfile" File="/b" ruleset="RSYSLOG_DefaultRuleset")\n', ['file:/b']],
    ['$DefaultRuleset remote\nruleset(name="remote") {\nlocal3.* call RSYSLOG_DefaultRuleset\n}\n', ['syslog:local3']],
    ['$InputFileBindRuleset remote\n$InputFileName /b\n$InputRunFileMonitor\n', 21],
    ['input(type="imfile" File="/b" ruleset=`echo $R`)\n', 22],
  ])('what %j sends to the ruleset without a name', async (more, expected) => {
    const found = await takes(`${IN}${more}input(type="imfile" File="/a")\n*.* /var/log/a\n`);
    if (typeof expected === 'number') expect(found).toHaveLength(expected);
    else expect(found).toEqual(expected);
  });
  test('unbound inputs go to the default ruleset, wherever it is named', async () => {
    const all = await takes(`${IN}ruleset(name="r") {\n${TLS}}\ninput(type="imfile" File="/a")\n$DefaultRuleset r\n`);
    expect(all).toEqual(expect.arrayContaining(['syslog:auth', 'file:/a']));
    expect(all).toHaveLength(21);
    const legacy = '$InputFileBindRuleset r\n$InputFileName /a\n$InputRunFileMonitor\n';
    expect(await takes(`ruleset(name="r") {\n${TLS}}\n${legacy}`)).toEqual(['file:/a']);
    // Whether the next file is bound, too, the documentation does not say.
    expect(await takes(`ruleset(name="r") {\n${TLS}}\n${legacy}$InputFileName /b\n$InputRunFileMonitor\n`)).toEqual(['file:/a', '…']);
  });
  test('two actions to one sink take what either takes', async () => {
    expect(await takes(`module(load="imuxsock")\nlocal3.* /var/log/a\nlocal4.* /var/log/a\n`)).toEqual(['syslog:local3', 'syslog:local4']);
  });
});
