import { certificate, type Certificate } from './certificate.ts';
import { startDaemon, type Daemon } from './daemon.ts';

const BROKEN = [
  'NORMAL:+VERS-ALL:+ARCFOUR-128:+3DES-CBC:+MD5:+SHA256:+SHA384:+AES-128-CCM-8:+AES-256-CCM-8',
  '+CAMELLIA-256-GCM:+CAMELLIA-128-GCM:+CAMELLIA-256-CBC:+CAMELLIA-128-CBC',
  '+ANON-ECDH:+ANON-DH:%SERVER_PRECEDENCE',
].join(':');

/** All that GnuTLS has, in the server's order. NULL stands apart, because a server that allows it refuses TLS 1.3. */
export const GNUTLS_PRIORITIES = { broken: BROKEN, null: `${BROKEN}:+NULL` } as const;

export interface GnutlsServerOptions {
  readonly priority?: string;
  readonly certificates?: readonly Certificate[];
  readonly args?: readonly string[];
}

/** `gnutls-serv --http` with a priority string. It listens on every address, as it cannot be told otherwise. */
export async function startGnutlsServer(options: GnutlsServerOptions = {}): Promise<Daemon> {
  const { priority = 'NORMAL', certificates = [certificate()], args = [] } = options;
  return startDaemon('gnutls-serv', 1, (_directory, [port]) => ({
    command: [
      'gnutls-serv',
      '--http',
      '--quiet',
      `--port=${String(port)}`,
      `--priority=${priority}`,
      ...certificates.flatMap(({ cert, key }) => [`--x509certfile=${cert}`, `--x509keyfile=${key}`]),
      ...args,
    ],
  }));
}
