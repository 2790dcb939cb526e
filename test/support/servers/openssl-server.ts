import { writeFileSync } from 'node:fs';
import { certificate, keptFile, type Certificate } from './certificate.ts';
import { HOST, startDaemon, type Daemon } from './daemon.ts';

/**
 * Safe primes found once by `openssl dhparam 1024` and `openssl dhparam 512` for these tests and known to nobody else:
 * searching for one takes seconds, and the quick DSA-style files (`-dsaparam`) are refused by s_server.
 */
const DH: Readonly<Record<512 | 1024, string>> = {
  512: `-----BEGIN DH PARAMETERS-----
MEYCQQCzp3V9SCY+2yIh4nfNoUNafCMSOq188hKwAzSiZRZ29KqJYnEyzRsbRU3J
WGSAa9LOjZk+41TQqIh125LSsUgHAgEC
-----END DH PARAMETERS-----
`,
  1024: `-----BEGIN DH PARAMETERS-----
MIGHAoGBAPK4bTkonzIAdSd0ol2COlK1D4Z8IVvVfQFHUlpqdxpdXcgAy8muoT5U
ARhWbm2cbPVsRGdxlX0fKyOF4e7VQCj5c9yBCZXx81p6XBn8Yfj647Hk7iaDmnzS
QufkGH4GLER1DWlnMxGphsejhdqlgtNJtraBDsksvJUZLSXEaEMHAgEC
-----END DH PARAMETERS-----
`,
};

/** A file of Diffie-Hellman parameters; s_server takes those of less than 1024 bits only with `@SECLEVEL=0`. */
export function dhparamFile(bits: 512 | 1024): string {
  return keptFile(`dh-${bits}.pem`, (file) => writeFileSync(file, DH[bits]));
}

export interface OpensslServerOptions {
  readonly certificate?: Certificate;
  /** A second certificate, of another kind of key. */
  readonly second?: Certificate;
  /** Extra arguments: `-serverpref`, `-early_data`, `-dhparam`, `-client_renegotiation`, `-no_ticket`, `-Verify 1` … */
  readonly args?: readonly string[];
  readonly ciphers?: string;
}

/**
 * `openssl s_server -www`, which answers every request with a page about the connection; one connection at a time. With
 * `-early_data` it refuses `-www` and says nothing.
 */
export async function startOpensslServer(options: OpensslServerOptions = {}): Promise<Daemon> {
  const { certificate: first = certificate(), second, ciphers, args = [] } = options;
  return startDaemon('s_server', 1, (_directory, [port]) => ({
    command: [
      'openssl',
      's_server',
      '-accept',
      `${HOST}:${String(port)}`,
      ...(args.includes('-early_data') ? [] : ['-www']),
      '-cert',
      first.cert,
      '-key',
      first.key,
      ...(second === undefined ? [] : ['-dcert', second.cert, '-dkey', second.key]),
      ...(ciphers === undefined ? [] : ['-cipher', ciphers]),
      ...args,
    ],
  }));
}

/** Arguments for everything this OpenSSL can still be talked into. */
export const OPENSSL_LEGACY = {
  ciphers: 'ALL:COMPLEMENTOFALL:eNULL:aNULL:@SECLEVEL=0',
  args: ['-legacy_renegotiation', '-client_renegotiation', '-serverpref'],
} as const satisfies OpensslServerOptions;
