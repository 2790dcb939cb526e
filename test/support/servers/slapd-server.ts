import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { certificate, type Certificate } from './certificate.ts';
import { HOST, startDaemon, type Daemon } from './daemon.ts';
import { installCertificate } from './service-user.ts';

export interface SlapdOptions {
  readonly certificate?: Certificate;
  /** Without certificate it refuses StartTLS; there is no ldaps then. */
  readonly tls?: boolean;
  /** Lines of slapd.conf. */
  readonly settings?: readonly string[];
}

/** OpenLDAP's slapd without a database: `ports` are ldap (StartTLS) and ldaps. Debian's speaks TLS by GnuTLS. */
export async function startSlapd(options: SlapdOptions = {}): Promise<Daemon> {
  const { tls = true } = options;
  return startDaemon('slapd', tls ? 2 : 1, (directory, [ldap, ldaps]) => {
    const own = installCertificate(options.certificate ?? certificate(), directory);
    const file = join(directory, 'slapd.conf');
    writeFileSync(
      file,
      `pidfile ${directory}/slapd.pid
argsfile ${directory}/slapd.args
${tls ? `TLSCertificateFile ${own.cert}\nTLSCertificateKeyFile ${own.key}` : ''}
${(options.settings ?? []).join('\n')}
`,
    );
    const urls = [`ldap://${HOST}:${String(ldap)}/`, ...(tls ? [`ldaps://${HOST}:${String(ldaps)}/`] : [])];
    return { command: ['slapd', '-d', '0', '-f', file, '-h', urls.join(' ')] };
  });
}
