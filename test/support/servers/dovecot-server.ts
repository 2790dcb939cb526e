import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { certificate, type Certificate } from './certificate.ts';
import { HOST, startDaemon, type Daemon } from './daemon.ts';
import { installCertificate } from './service-user.ts';

export interface DovecotOptions {
  readonly certificate?: Certificate;
  /** Lines of dovecot.conf. */
  readonly settings?: readonly string[];
}

/** Dovecot with STARTTLS: `ports` are imap and pop3. Nobody can log in. */
export async function startDovecot(options: DovecotOptions = {}): Promise<Daemon> {
  return startDaemon('dovecot', 2, (directory, [imap, pop3]) => {
    // Its login processes run as a user of their own.
    chmodSync(directory, 0o755);
    const own = installCertificate(options.certificate ?? certificate(), directory);
    const file = join(directory, 'dovecot.conf');
    const service = (name: string, port: number | undefined): string => `service ${name}-login {
  chroot =
  inet_listener ${name} {
    address = ${HOST}
    port = ${String(port)}
  }
  inet_listener ${name}s {
    port = 0
  }
}
`;
    writeFileSync(
      file,
      `base_dir = ${directory}/run
state_dir = ${directory}/state
log_path = /dev/stderr
protocols = imap pop3
listen = ${HOST}
ssl = yes
ssl_cert = <${own.cert}
ssl_key = <${own.key}
passdb {
  driver = static
  args = nopassword=n
}
userdb {
  driver = static
  args = uid=nobody gid=nogroup home=/nonexistent
}
${service('imap', imap)}${service('pop3', pop3)}${(options.settings ?? []).join('\n')}
`,
    );
    return { command: ['dovecot', '-F', '-c', file] };
  });
}
