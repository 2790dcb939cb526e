import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { certificate, openssl, type Certificate } from './certificate.ts';
import { startDaemon, type Daemon } from './daemon.ts';

const SOURCE = fileURLToPath(new URL('JsseServer.java', import.meta.url));

export interface JsseServerOptions {
  /** RSA gives 137 pairs of protocol and suite; another kind of key gives others. */
  readonly certificate?: Certificate;
}

/** Java's own TLS with all its restrictions lifted: SSLv2 hellos, SSLv3 to TLS 1.3, RC4, DES, EXPORT, NULL, anonymous. */
export async function startJsseServer(options: JsseServerOptions = {}): Promise<Daemon> {
  const { certificate: own = certificate() } = options;
  return startDaemon(
    'jsse',
    1,
    (directory, [port]) => {
      const security = join(directory, 'java.security');
      writeFileSync(
        security,
        ['jdk.tls.disabledAlgorithms=', 'jdk.tls.legacyAlgorithms=', 'jdk.certpath.disabledAlgorithms=', ''].join('\n'),
      );
      const store = join(directory, 'keys.p12');
      openssl('pkcs12', '-export', '-in', own.cert, '-inkey', own.key, '-name', 'server', '-passout', 'pass:secret', '-out', store);
      return {
        // The interpreter's first tier is enough here, and starts in half the time.
        command: [
          'java',
          '-XX:TieredStopAtLevel=1',
          '-Xshare:auto',
          '-Xmx96m',
          `-Djava.security.properties=${security}`,
          SOURCE,
          String(port),
          store,
          'secret',
        ],
      };
    },
    60,
  );
}
