import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { certificate, type Certificate } from './certificate.ts';
import { HOST, startDaemon, type Daemon } from './daemon.ts';
import { installCertificate, serviceUser } from './service-user.ts';

export interface PostfixOptions {
  readonly certificate?: Certificate;
  /** Off: neither port offers STARTTLS. */
  readonly tls?: boolean;
  /** Lines of main.cf. */
  readonly settings?: readonly string[];
}

/** Postfix's smtpd with STARTTLS: `ports` are smtp and submission (which wants TLS). No mail goes anywhere. */
export async function startPostfix(options: PostfixOptions = {}): Promise<Daemon> {
  const user = serviceUser('postfix');
  return startDaemon('postfix', 2, (directory, [smtp, submission]) => {
    // Its services run as a user of their own, which must get through.
    chmodSync(directory, 0o711);
    const [queue, data] = [join(directory, 'queue'), join(directory, 'data')];
    for (const one of [queue, data, join(queue, 'pid'), join(queue, 'private'), join(queue, 'public')]) mkdirSync(one, { recursive: true });
    user.own(data, join(queue, 'private'), join(queue, 'public'));
    const own = installCertificate(options.certificate ?? certificate(), directory);
    writeFileSync(
      join(directory, 'main.cf'),
      `compatibility_level = 3.6
queue_directory = ${queue}
data_directory = ${data}
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
maillog_file = ${directory}/mail.log
maillog_file_prefixes = ${directory}
myhostname = localhost
mydestination =
alias_maps =
alias_database =
local_recipient_maps =
inet_interfaces = ${HOST}
inet_protocols = ipv4
smtpd_tls_cert_file = ${own.cert}
smtpd_tls_key_file = ${own.key}
smtpd_tls_security_level = ${options.tls === false ? 'none' : 'may'}
${(options.settings ?? []).join('\n')}
`,
    );
    writeFileSync(
      join(directory, 'master.cf'),
      `${HOST}:${String(smtp)} inet n - n - - smtpd
${HOST}:${String(submission)} inet n - n - - smtpd
  -o smtpd_tls_security_level=${options.tls === false ? 'none' : 'encrypt'}
tlsmgr unix - - n 1000? 1 tlsmgr
anvil unix - - n - 1 anvil
rewrite unix - - n - - trivial-rewrite
postlog unix-dgram n - n - 1 postlogd
`,
    );
    return { command: ['/usr/lib/postfix/sbin/master', '-c', directory, '-d'], logs: ['mail.log'] };
  });
}
