import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';
import { afterEach, expect, test } from 'vitest';
import { startDelayProxy } from '../bench/delay-proxy.ts';
import { available, type ServerKind } from './support/servers/available.ts';
import { certificate } from './support/servers/certificate.ts';
import type { Daemon, Server } from './support/servers/daemon.ts';
import { startDovecot } from './support/servers/dovecot-server.ts';
import { GNUTLS_PRIORITIES, startGnutlsServer } from './support/servers/gnutls-server.ts';
import { startHostileServer } from './support/servers/hostile-server.ts';
import { startJsseServer } from './support/servers/jsse-server.ts';
import { startMariadb } from './support/servers/mariadb-server.ts';
import { NGINX_PRESETS, startNginx } from './support/servers/nginx.ts';
import { startNssServer } from './support/servers/nss-server.ts';
import { dhparamFile, OPENSSL_LEGACY, startOpensslServer } from './support/servers/openssl-server.ts';
import { startPostfix } from './support/servers/postfix-server.ts';
import { startPostgresql } from './support/servers/postgresql-server.ts';
import { ask, clientHello, told } from './support/servers/raw-client.ts';
import { nmapScan, opensslClient, sslscanScan, type Scan } from './support/servers/scanners.ts';
import { startSlapd } from './support/servers/slapd-server.ts';
import { startVsftpd } from './support/servers/vsftpd-server.ts';

const running: Server[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.stop()));
});

async function started<S extends Server>(starting: Promise<S>): Promise<S> {
  const server = await starting;
  running.push(server);
  return server;
}

const counts = (scan: Scan): Readonly<Record<string, number>> =>
  Object.fromEntries(Object.entries(scan).map(([protocol, suites]) => [protocol, suites.length]));

test.skipIf(!available('nginx') || !available('nmap') || !available('sslscan'))('nginx speaks what its presets say', async () => {
  const modern = await started(startNginx(NGINX_PRESETS.modern));
  const intermediate = await started(
    startNginx({ ...NGINX_PRESETS.intermediate, certificates: [certificate(), certificate({ key: 'ec' })] }),
  );
  const weak = await started(startNginx(NGINX_PRESETS.weak));
  expect(counts(await sslscanScan(modern.port))).toEqual({ 'TLSv1.3': 3 });
  expect(counts(await sslscanScan(intermediate.port))).toEqual({ 'TLSv1.2': 6, 'TLSv1.3': 3 });
  expect(Object.keys(await nmapScan(weak.port))).toEqual(['TLSv1.0', 'TLSv1.1', 'TLSv1.2']);
});

test.skipIf(!available('nginx'))('nginx asks for a client certificate', async () => {
  const server = await started(startNginx({ clientCertificate: 'optional', plain: ['add_header X-Plain yes;'] }));
  expect(await opensslClient(server.port, '-tls1_2')).toContain('Acceptable client certificate CA names');
  expect((await fetch(`http://127.0.0.1:${server.ports[1]}/`)).headers.get('x-plain')).toBe('yes');
});

test.skipIf(!available('openssl'))('openssl s_server takes legacy settings and 1024-bit parameters', async () => {
  const args = [...OPENSSL_LEGACY.args, '-dhparam', dhparamFile(1024)];
  const server = await started(startOpensslServer({ ...OPENSSL_LEGACY, args, second: certificate({ key: 'ec' }) }));
  const client = await opensslClient(server.port, '-tls1_2', '-cipher', 'DHE-RSA-AES128-SHA:@SECLEVEL=0');
  expect(client).toContain('Server Temp Key: DH, 1024 bits');
  expect(await opensslClient(server.port, '-tls1', '-cipher', 'ECDHE-ECDSA-NULL-SHA:@SECLEVEL=0')).toContain(
    'Cipher is ECDHE-ECDSA-NULL-SHA',
  );
});

test.skipIf(!available('openssl'))('openssl s_server offers early data and issues no tickets when told', async () => {
  const early = await started(startOpensslServer({ args: ['-early_data', '-max_early_data', '16384'] }));
  expect(await earlyDataOf(early.port)).toBe(true);
  const none = await started(startOpensslServer({ args: ['-no_ticket', '-tls1_2'] }));
  expect(await opensslClient(none.port)).not.toContain('TLS session ticket:');
});

/** Whether a TLS 1.3 session of the server allows early data: `max_early_data` is field 15 of a session's DER. */
async function earlyDataOf(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const socket = connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false });
    socket.once('session', (session) => {
      socket.destroy();
      resolve(session.includes(Buffer.from([0xaf, 0x04, 0x02, 0x02, 0x40, 0x00])));
    });
    socket.once('error', reject);
  });
}

test.skipIf(!available('jsse') || !available('nmap'))('JSSE without restrictions has 137 pairs of protocol and suite', async () => {
  const server = await started(startJsseServer());
  expect(counts(await nmapScan(server.port))).toEqual({ SSLv3: 32, 'TLSv1.0': 32, 'TLSv1.1': 27, 'TLSv1.2': 43, 'TLSv1.3': 3 });
});

test.skipIf(!available('gnutls') || !available('nmap'))('GnuTLS speaks all it has, and NULL without TLS 1.3', async () => {
  const broken = await started(startGnutlsServer({ priority: GNUTLS_PRIORITIES.broken }));
  const scan = await nmapScan(broken.port);
  expect(counts(scan)).toEqual({ 'TLSv1.0': 26, 'TLSv1.1': 26, 'TLSv1.2': 68, 'TLSv1.3': 5 });
  expect(scan['TLSv1.0']).toContain('TLS_ECDH_anon_WITH_RC4_128_SHA');
  const empty = await started(startGnutlsServer({ priority: GNUTLS_PRIORITIES.null }));
  expect((await nmapScan(empty.port))['TLSv1.0']).toContain('TLS_RSA_WITH_NULL_MD5');
});

test.skipIf(!available('nss') || !available('nmap'))('NSS speaks SSLv3 with old suites, or TLS 1.3', async () => {
  const old = await started(startNssServer({ versions: 'ssl3:tls1.2', legacySuites: true }));
  expect(counts(await nmapScan(old.port))).toEqual({ SSLv3: 10, 'TLSv1.0': 14, 'TLSv1.1': 14, 'TLSv1.2': 16 });
  const recent = await started(startNssServer());
  expect(Object.keys(await nmapScan(recent.port))).toEqual(['TLSv1.2', 'TLSv1.3']);
});

const DIALECTS: readonly (readonly [kind: ServerKind, start: () => Promise<Daemon>, ...dialects: string[]])[] = [
  ['postgresql', startPostgresql, 'postgres'],
  ['mariadb', startMariadb, 'mysql'],
  ['postfix', startPostfix, 'smtp', 'smtp'],
  ['dovecot', startDovecot, 'imap', 'pop3'],
  ['slapd', startSlapd, 'ldap'],
  ['vsftpd', startVsftpd, 'ftp'],
];

for (const [kind, start, ...dialects] of DIALECTS) {
  test.skipIf(!available(kind))(`${kind} starts TLS`, async () => {
    const server = await started(start());
    for (const [index, dialect] of dialects.entries()) {
      const client = await opensslClient(server.ports[index] ?? 0, '-starttls', dialect, '-CAfile', certificate().ca);
      expect(client, server.log()).toContain('Verify return code: 0 (ok)');
    }
  });
}

test('the delay proxy adds a round trip to connecting and to each exchange, and passes ends on', async () => {
  const server = await started(startHostileServer('honest'));
  const proxy = await started(startDelayProxy({ target: server, roundTrip: 100 }));
  const begin = performance.now();
  const { bytes } = await ask(proxy.port, [clientHello({ suites: [0x002f] })], { quiet: 20 });
  const took = performance.now() - begin;
  expect(told({ bytes, end: 'silence' })).toEqual(['ServerHello 002f', 'Certificate', 'ServerHelloDone']);
  expect(took).toBeGreaterThan(195);
  await server.stop();
  expect((await ask(proxy.port, [Buffer.from('x')])).end).toBe('reset');
  expect(proxy.connections).toBe(2);
});

test.skipIf(!available('openssl'))('a daemon dies with whoever started it, even if that is killed', async () => {
  const module = new URL('support/servers/openssl-server.ts', import.meta.url).href;
  const script = `const { startOpensslServer } = await import(${JSON.stringify(module)}); console.log((await startOpensslServer()).pid); setInterval(() => {}, 1000);`;
  const parent = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  const pid = await new Promise<string>((resolve) => void parent.stdout.once('data', (bytes) => resolve(String(bytes).trim())));
  expect(readFileSync(`/proc/${pid}/cmdline`, 'utf8')).toContain('s_server');
  parent.kill('SIGKILL');
  for (let tries = 0; tries < 100 && existsSync(`/proc/${pid}`); tries += 1) await delay(20);
  expect(existsSync(`/proc/${pid}`)).toBe(false);
});
