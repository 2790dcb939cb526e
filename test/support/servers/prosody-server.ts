import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { certificate, type Certificate } from './certificate.ts';
import { HOST, startDaemon, type Daemon } from './daemon.ts';
import { installCertificate, serviceUser } from './service-user.ts';

export interface ProsodyOptions {
  readonly certificate?: Certificate;
  /** Off: the stream's features offer no starttls. */
  readonly tls?: boolean;
}

/** Prosody for XMPP clients (RFC 6120), with STARTTLS. It serves the names `localhost` and `127.0.0.1`. */
export async function startProsody(options: ProsodyOptions = {}): Promise<Daemon> {
  const user = serviceUser('prosody');
  return startDaemon('prosody', 1, (directory, [port]) => {
    const data = join(directory, 'data');
    mkdirSync(data);
    user.own(directory, data);
    const own = installCertificate(options.certificate ?? certificate(), directory, user);
    const file = join(directory, 'prosody.cfg.lua');
    writeFileSync(
      file,
      `daemonize = false
data_path = "${data}"
interfaces = { "${HOST}" }
c2s_ports = { ${String(port)} }
modules_enabled = { "saslauth", ${options.tls === false ? '' : '"tls", '}"disco" }
modules_disabled = { "s2s", "http", "posix"${options.tls === false ? ', "tls"' : ''} }
authentication = "internal_hashed"
c2s_require_encryption = ${String(options.tls !== false)}
ssl = { certificate = "${own.cert}", key = "${own.key}" }
log = { info = "*console" }
VirtualHost "localhost"
VirtualHost "${HOST}"
`,
    );
    return { command: user.as('prosody', '--config', file) };
  });
}
