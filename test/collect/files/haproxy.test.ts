import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { collectFiles, ofKind, placeOf, plain } from '../../support/collect.ts';
import { available } from '../../support/servers/available.ts';
import { temporaryDirectory } from '../../support/servers/temporary-directory.ts';

const VERSIONS = { haproxy: '2.6.12', openssl: '3.0.15' };
const HARDENED = `global
  log /dev/log local0
  log /dev/log local1 notice
  ssl-default-bind-ciphers ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256
  ssl-default-bind-ciphersuites TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384
  ssl-default-bind-options ssl-min-ver TLSv1.2 no-tls-tickets
  tune.ssl.lifetime 10m
defaults
  mode http
  log global
  option httplog
  timeout connect 5s
  timeout client 30s
  timeout server 30s
  default-server check
frontend pay
  bind *:443,[::]:443 ssl crt PEM alpn h2,http/1.1 verify required ca-file PEM curves X25519:P-256
  default_backend ledger
backend ledger
  server a 10.0.1.11:8443
  server b 10.0.1.12:8443
  server c 10.0.1.13:8443 backup
  server d 10.0.1.14:8443 disabled
`;
const WEAK = `defaults
  timeout connect 5s
  timeout client 30s
  timeout server 30s
listen old # everything
  bind :8443 ssl crt PEM ssl-min-ver TLSv1.0 ciphers AES128-SHA allow-0rtt prefer-client-ciphers
  server a 10.0.1.11:80
  server b 10.0.1.12:80 check
`;

type Plain = Readonly<Record<string, unknown>>;
async function seen(text: string, versions: Readonly<Record<string, string>> = VERSIONS): Promise<Readonly<Record<string, Plain>>> {
  const { resources } = await collectFiles({ 'haproxy.cfg': text }, versions);
  return Object.fromEntries(
    resources.map(({ kind, id, facts }) => [
      `${kind} ${id}`,
      Object.fromEntries(Object.entries(facts).map(([name, fact]) => [name, plain(fact)])),
    ]),
  );
}
const names = (suites: unknown): unknown =>
  Array.isArray(suites)
    ? suites.map((one: unknown) => (typeof one === 'object' && one !== null && 'name' in one ? one.name : one))
    : suites;
const listener = async (bind: string, global = '', versions: Readonly<Record<string, string>> = VERSIONS): Promise<Plain> =>
  (await seen(`global\n${global}\nfrontend f\n  bind :443 ssl ${bind}\n`, versions))['tls.listener haproxy f :443'] ?? {};

test('as it should be: every fact known, pointing at its value', async () => {
  const found = await seen(HARDENED);
  const { suites, ...rest } = found['tls.listener haproxy pay *:443'] ?? {};
  expect(names(suites)).toEqual([
    'TLS_AES_256_GCM_SHA384',
    'TLS_AES_128_GCM_SHA256',
    'ECDHE-ECDSA-AES128-GCM-SHA256',
    'ECDHE-RSA-AES128-GCM-SHA256',
  ]);
  expect(rest).toEqual({
    role: 'server',
    observed: false,
    service: 'https',
    names: ['…'],
    port: 443,
    protocols: ['TLSv1.2', 'TLSv1.3'],
    server_preference: true,
    groups: ['x25519', 'secp256r1'],
    dh_bits: { unknown: 'unresolved' },
    session_tickets: false,
    session_lifetime: 600,
    early_data: false,
    client_certificate: 'required',
    verifies_peer: 'absent',
    verifies_name: 'absent',
    stapling: { unknown: 'unresolved' },
  });
  expect(Object.keys(found).filter((name) => name.startsWith('tls'))).toEqual([
    'tls.listener haproxy pay *:443',
    'tls.listener haproxy pay [::]:443',
  ]);
  expect(found['availability.group haproxy ledger']).toEqual({
    members: ['10.0.1.11:8443', '10.0.1.12:8443'],
    health_checked: true,
    form: 'balancer',
  });
  expect(found['log.source haproxy pay']).toEqual({
    service: 'haproxy',
    enabled: true,
    events: ['access', 'error'],
    fields: ['what', 'when', 'where', 'outcome'],
    host: '',
    channels: ['syslog:local0'],
    shipped_otherwise: { unknown: 'not-collected' },
    immutable: 'absent',
    alarms_when_full: 'absent',
    logs_parameters: false,
  });
  const { facts = {} } = ofKind(await collectFiles({ 'haproxy.cfg': HARDENED }, VERSIONS), 'tls.listener')['haproxy pay *:443'] ?? {};
  expect(placeOf(facts['client_certificate'])).toBe('haproxy.cfg:17:59 required');
});

test('as it should not be', async () => {
  const found = await seen(WEAK);
  expect(found['tls.listener haproxy old :8443']).toMatchObject({
    service: 'stream',
    protocols: ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'],
    server_preference: false,
    session_tickets: true,
    session_lifetime: 300,
    early_data: true,
    client_certificate: 'none',
    groups: { unknown: 'unresolved' },
  });
  expect(found['availability.group haproxy old']).toMatchObject({ members: ['10.0.1.11:80', '10.0.1.12:80'], health_checked: false });
  expect(found['log.source haproxy old']).toMatchObject({ enabled: false, events: [], channels: [] });
});

describe('what a listener accepts', () => {
  const OLD = { haproxy: '1.8', openssl: '3.0.15' };
  test.each<[string, string, string, Readonly<Record<string, string>>, unknown]>([
    ['nothing is written', '', '', VERSIONS, ['TLSv1.2', 'TLSv1.3']],
    ['by a version that nobody told', '', '', {}, { unknown: 'unresolved' }],
    ['by one before 2.2', '', '', OLD, { unknown: 'unresolved' }],
    ['the library is not known', 'ssl-min-ver TLSv1.2', '', {}, ['TLSv1.2', '…']],
    ['one is forced', 'force-tlsv13', '', VERSIONS, ['TLSv1.3']],
    ['one is left out', 'no-tlsv12', '', VERSIONS, ['TLSv1.3']],
    ['what is left out beside a bound stays', 'no-tlsv12 ssl-min-ver TLSv1.1', '', VERSIONS, ['TLSv1.1', 'TLSv1.2', 'TLSv1.3']],
    ['its own bound counts', 'ssl-min-ver TLSv1.3', 'ssl-default-bind-options ssl-min-ver TLSv1.0', VERSIONS, ['TLSv1.3']],
    ['a greatest one below the least by default', 'ssl-max-ver TLSv1.1', '', VERSIONS, ['TLSv1.1']],
    ['bounds that cross', 'ssl-min-ver TLSv1.3 ssl-max-ver TLSv1.2', '', VERSIONS, { unknown: 'unsupported' }],
    ['a word that is none', 'ssl-min-ver TLSv9', '', VERSIONS, { unknown: 'unparseable' }],
    ['a certificate may have settings of its own', 'crt-list /etc/list', '', VERSIONS, { unknown: 'unsupported' }],
    ['options that are not known', '', 'ssl-default-bind-options house-made', VERSIONS, { unknown: 'unsupported' }],
  ])('%s', async (_, bind, global, versions, expected) => {
    expect((await listener(bind, global, versions))['protocols']).toEqual(expected);
  });
  test('errors that are let pass, and a suite that is not known', async () => {
    expect((await listener('verify required ca-file /a ca-ignore-err all'))['client_certificate']).toEqual({ unknown: 'unsupported' });
    expect(names((await listener('ciphers AES128-SHA ciphersuites TLS_AES_128_CCM_SHA256'))['suites'])).toEqual(['AES128-SHA', '…']);
  });
});

test.each<[string, string]>([
  ['a parameter that is not known', 'frontend f\n  bind :443 ssl house-made\n'],
  ['QUIC', 'frontend f\n  bind quic4@:443 ssl crt /a\n'],
  ['a variable', 'frontend f\n  bind :443 ssl ssl-min-ver "${MIN}"\n'],
  ['a condition', '.if defined(X)\nfrontend f\n  bind :443 ssl\n.endif\n'],
  ['a connection to a server', 'backend f\n  server a 10.0.0.1:443 ssl verify none\n'],
  ['a quote that is not closed', 'frontend f\n  bind :443 ssl ciphers "AES\n'],
])('%s is a gap, never silence', async (_, text) => {
  const { coverage } = await collectFiles({ 'haproxy.cfg': `global\n${text}` }, VERSIONS);
  expect(coverage['tls.listener']?.status).toBe('partial');
});

test('a further file may build on what the command line names before it', async () => {
  const { coverage } = await collectFiles({ 'etc/haproxy/haproxy.cfg': HARDENED, 'etc/haproxy/conf.d/more.cfg': WEAK }, VERSIONS);
  for (const kind of ['tls.listener', 'availability.group', 'log.source']) expect(coverage[kind]?.status).toBe('partial');
});

describe('members and records', () => {
  const group = async (text: string): Promise<unknown> => (await seen(`defaults\nbackend b\n${text}`))['availability.group haproxy b'];
  test('where a name makes them, or another is asked', async () => {
    expect(await group('  server-template s 1-3 db.example.net:5432 check\n')).toMatchObject({
      members: ['…'],
      health_checked: { unknown: 'unresolved' },
    });
    expect(await group('  server a 10.0.0.1:1 track c/d\n')).toMatchObject({ health_checked: { unknown: 'unsupported' } });
    expect(await group('  default-server check\n  server a 10.0.0.1:1 no-check\n')).toMatchObject({ health_checked: false });
    expect(
      await group('  default-server disabled\n  default-server check\n  server a 10.0.0.1:1\n  server b 10.0.0.2:1 enabled\n'),
    ).toMatchObject({
      members: ['10.0.0.2:1'],
      health_checked: true,
    });
    expect(await group('  redirect scheme https\n')).toBeUndefined();
  });
  test.each<[string, Plain]>([
    ['no log', { enabled: false, events: [] }],
    ['option dontlog-normal', { events: ['error'] }],
    ['http-request set-log-level silent if { path /health }', { events: ['error', '…'] }],
    ['log-format "%ci %r"', { fields: { unknown: 'unsupported' } }],
    ['no log\n  log 10.0.0.9:514 local0', { channels: ['…'] }],
    ['no log\n  log /dev/log local0 warning', { channels: [] }],
    ['no option httplog', { fields: ['when', 'where'] }],
    ['log 10.0.0.9:514 local0', { channels: ['syslog:local0', '…'] }],
    ['option tcplog', { fields: ['when', 'where', 'outcome'] }],
    ['mode tcp', { events: ['connection', 'error'], fields: ['when', 'where', 'outcome'] }],
    ['capture request header Authorization len 64', { logs_parameters: { unknown: 'unsupported' } }],
  ])('%s', async (line, expected) => {
    expect((await seen(HARDENED.replace('  default_backend', `  ${line}\n  default_backend`)))['log.source haproxy pay']).toMatchObject(
      expected,
    );
  });
});

test('no password leaves the file', async () => {
  const text = `${HARDENED}userlist u\n  user a insecure-password c4n4ry-one\n  user b password $6$c4n4ry\nlisten s\n  stats auth admin:c4n4ry-two\n`;
  expect(JSON.stringify(await collectFiles({ 'haproxy.cfg': text }, VERSIONS))).not.toMatch(/c4n4ry/);
});

test('any text at all', async () => {
  const word = fc.constantFrom(
    'frontend',
    'f',
    'bind',
    ':443',
    'ssl',
    'server',
    'defaults',
    'from',
    'check',
    '"',
    '\n',
    ' ',
    '\\',
    '#',
    'log',
    '{',
  );
  await fc.assert(
    fc.asyncProperty(fc.array(word, { maxLength: 60 }), async (words) => {
      await collectFiles({ 'haproxy.cfg': words.join(' ') }, VERSIONS);
    }),
    { numRuns: 50 },
  );
});

test.skipIf(!available('haproxy'))('HAProxy itself takes both files', () => {
  const directory = temporaryDirectory('haproxy');
  const pem = join(directory, 'a.pem');
  execFileSync(
    'openssl',
    ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=a', '-keyout', `${directory}/key`, '-out', `${directory}/crt`],
    { stdio: 'ignore' },
  );
  writeFileSync(pem, execFileSync('cat', [`${directory}/key`, `${directory}/crt`]));
  for (const text of [HARDENED, WEAK]) {
    const path = join(directory, 'haproxy.cfg');
    writeFileSync(path, text.replaceAll('PEM', pem));
    expect(execFileSync('haproxy', ['-c', '-f', path], { encoding: 'utf8' })).toContain('Configuration file is valid');
  }
});
