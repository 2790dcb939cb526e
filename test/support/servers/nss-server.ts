import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { program } from './available.ts';
import { certificate, openssl, type Certificate } from './certificate.ts';
import { startDaemon, type Daemon } from './daemon.ts';

/** What selfserv calls old: RC4, 3DES, DES and NULL, most of them off by default. */
const LEGACY_SUITES = [
  '0001',
  '0002',
  '003B',
  '0004',
  '0005',
  '0009',
  '000A',
  '002F',
  '0035',
  '0033',
  '0039',
  'C011',
  'C012',
  'C013',
  'C014',
  'C02F',
];

export interface NssServerOptions {
  /** SSLv3 goes with TLS 1.2 at most. */
  readonly versions?: 'ssl3:tls1.2' | 'tls1.0:tls1.3' | 'tls1.2:tls1.3';
  readonly legacySuites?: boolean;
  readonly certificate?: Certificate;
  /** More arguments: `-u` tickets, `-Z` 0-RTT (with `-u`), `-r` asks for a certificate, `-G` extended master secret. */
  readonly args?: readonly string[];
}

/** NSS's `selfserv`, with Diffie-Hellman on. It listens on every address, as it cannot be told otherwise. */
export async function startNssServer(options: NssServerOptions = {}): Promise<Daemon> {
  const { versions = 'tls1.2:tls1.3', legacySuites = false, certificate: own = certificate(), args = [] } = options;
  return startDaemon('selfserv', 1, (directory, [port]) => {
    const database = `sql:${join(directory, 'db')}`;
    mkdirSync(join(directory, 'db'));
    const bundle = join(directory, 'key.p12');
    openssl('pkcs12', '-export', '-in', own.cert, '-inkey', own.key, '-name', 'server', '-passout', 'pass:secret', '-out', bundle);
    execFileSync(program('certutil'), ['-N', '-d', database, '--empty-password']);
    execFileSync(program('pk12util'), ['-i', bundle, '-d', database, '-W', 'secret']);
    const suites = legacySuites ? ['-c', LEGACY_SUITES.map((suite) => `:${suite}`).join('')] : [];
    return {
      command: ['selfserv', '-n', 'server', '-p', String(port), '-d', database, '-V', versions, '-H', '1', ...suites, ...args],
    };
  });
}
