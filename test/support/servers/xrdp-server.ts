import { copyFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { certificate, type Certificate } from './certificate.ts';
import { HOST, startDaemon, type Daemon } from './daemon.ts';
import { installCertificate } from './service-user.ts';

export interface XrdpOptions {
  readonly certificate?: Certificate;
  /** `rdp`: the old security of the protocol itself, without TLS. */
  readonly security?: 'tls' | 'negotiate' | 'rdp';
}

/** xrdp, which turns to TLS after its negotiation (MS-RDPBCGR 2.2.1.1). Nobody can log on: there is no session manager. */
export async function startXrdp(options: XrdpOptions = {}): Promise<Daemon> {
  return startDaemon('xrdp', 1, (directory, [port]) => {
    const own = installCertificate(options.certificate ?? certificate(), directory);
    // It wants its key maps beside its configuration.
    for (const name of readdirSync('/etc/xrdp'))
      if (/^km-.*\.ini$/.test(name)) copyFileSync(join('/etc/xrdp', name), join(directory, name));
    const file = join(directory, 'xrdp.ini');
    writeFileSync(
      file,
      `[Globals]
ini_version=1
fork=true
port=tcp://${HOST}:${String(port)}
security_layer=${options.security ?? 'tls'}
certificate=${own.cert}
key_file=${own.key}
ssl_protocols=TLSv1.2, TLSv1.3
max_bpp=32
[Logging]
LogFile=${directory}/xrdp.log
LogLevel=INFO
EnableSyslog=false
[Xorg]
name=Xorg
lib=libxup.so
`,
    );
    return { command: ['xrdp', '--nodaemon', '--config', file], logs: ['xrdp.log'] };
  });
}
