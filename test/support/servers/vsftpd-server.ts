import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { certificate, type Certificate } from './certificate.ts';
import { HOST, startDaemon, type Daemon } from './daemon.ts';
import { installCertificate } from './service-user.ts';

export interface VsftpdOptions {
  readonly certificate?: Certificate;
  /** Lines of vsftpd.conf. */
  readonly settings?: readonly string[];
}

/** vsftpd with explicit TLS (AUTH TLS). */
export async function startVsftpd(options: VsftpdOptions = {}): Promise<Daemon> {
  return startDaemon('vsftpd', 1, (directory, [port]) => {
    const own = installCertificate(options.certificate ?? certificate(), directory);
    const empty = join(directory, 'empty');
    mkdirSync(empty, { mode: 0o555 });
    const file = join(directory, 'vsftpd.conf');
    writeFileSync(
      file,
      `listen=YES
listen_address=${HOST}
listen_port=${String(port)}
background=NO
anonymous_enable=NO
local_enable=YES
pam_service_name=vsftpd
secure_chroot_dir=${empty}
seccomp_sandbox=NO
ssl_enable=YES
rsa_cert_file=${own.cert}
rsa_private_key_file=${own.key}
${(options.settings ?? []).join('\n')}
`,
    );
    return { command: ['vsftpd', file] };
  });
}
