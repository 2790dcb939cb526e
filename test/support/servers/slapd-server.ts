import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { program } from './available.ts';
import { certificate, type Certificate } from './certificate.ts';
import { HOST, startDaemon, type Daemon } from './daemon.ts';
import { installCertificate } from './service-user.ts';

export interface SlapdOptions {
  readonly certificate?: Certificate;
  /** Without certificate it refuses StartTLS; there is no ldaps then. */
  readonly tls?: boolean;
  /** Lines of slapd.conf. */
  readonly settings?: readonly string[];
  /** A directory of `dc=example,dc=com` in the directory `db`, with these entries; `settings` name the database. */
  readonly entries?: string;
  /** Also on the Unix socket `ldapi` in its directory. */
  readonly ldapi?: boolean;
}

/** Modules of Debian’s slapd, and schemas, that a directory of people needs. */
const DIRECTORY = `modulepath /usr/lib/ldap
${['back_mdb', 'back_monitor', 'ppolicy', 'syncprov', 'argon2'].map((name) => `moduleload ${name}`).join('\n')}
${['core', 'cosine', 'inetorgperson', 'nis'].map((name) => `include /etc/ldap/schema/${name}.schema`).join('\n')}
`;

/** The Unix socket of a server that was started with `ldapi`. */
export function ldapiSocket({ directory }: Daemon): string {
  return join(directory, 'ldapi');
}

/** OpenLDAP's slapd, without a database unless it is given entries: `ports` are ldap (StartTLS) and ldaps. Debian's speaks TLS by GnuTLS. */
export async function startSlapd(options: SlapdOptions = {}): Promise<Daemon> {
  const { tls = true } = options;
  return startDaemon('slapd', tls ? 2 : 1, (directory, [ldap, ldaps]) => {
    const own = installCertificate(options.certificate ?? certificate(), directory);
    const file = join(directory, 'slapd.conf');
    writeFileSync(
      file,
      `${options.entries === undefined ? '' : DIRECTORY}pidfile ${directory}/slapd.pid
argsfile ${directory}/slapd.args
${tls ? `TLSCertificateFile ${own.cert}\nTLSCertificateKeyFile ${own.key}` : ''}
${(options.settings ?? []).join('\n').replaceAll('%d', directory)}
`,
    );
    if (options.entries !== undefined) {
      mkdirSync(join(directory, 'db'));
      writeFileSync(join(directory, 'entries.ldif'), options.entries);
      execFileSync(program('slapadd'), ['-q', '-b', 'dc=example,dc=com', '-f', file, '-l', join(directory, 'entries.ldif')], {
        stdio: 'pipe',
      });
    }
    const urls = [
      `ldap://${HOST}:${String(ldap)}/`,
      ...(tls ? [`ldaps://${HOST}:${String(ldaps)}/`] : []),
      ...(options.ldapi === true ? [`ldapi://${encodeURIComponent(join(directory, 'ldapi'))}`] : []),
    ];
    return { command: ['slapd', '-d', '0', '-f', file, '-h', urls.join(' ')] };
  });
}
