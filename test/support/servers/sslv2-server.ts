import { randomBytes } from 'node:crypto';
import { certificate, type Certificate } from './certificate.ts';
import { startScriptedServer, type ScriptedServer } from './scripted-server.ts';
import { ALERT, derOf, Reader, u16 } from './wire.ts';

/** The seven cipher kinds of SSLv2, three bytes each. */
export const SSLV2_SPECS = [0x010080, 0x020080, 0x030080, 0x040080, 0x050080, 0x060040, 0x0700c0] as const;

export interface Sslv2ServerOptions {
  /** What it accepts; none is the form of CVE-2015-3197: SSLv2 answers, yet names no cipher. */
  readonly specs?: readonly number[];
  readonly certificate?: Certificate;
}

/** Answers an SSLv2 ClientHello with a ServerHello of the specs both know, and TLS with an alert. */
export async function startSslv2Server(options: Sslv2ServerOptions = {}): Promise<ScriptedServer> {
  const { specs = SSLV2_SPECS, certificate: own = certificate() } = options;
  const der = derOf(own);
  return startScriptedServer(async (connection) => {
    const header = (await connection.take(2)).readUInt16BE(0);
    if ((header & 0x8000) === 0) return connection.refuse(ALERT.protocolVersion, 0x0300);
    const hello = new Reader(await connection.take(header & 0x7fff));
    if (hello.uint(1) !== 1 || hello.uint(2) !== 2) return void connection.socket.destroy();
    const lengths = [hello.uint(2), hello.uint(2), hello.uint(2)];
    const offered = new Reader(hello.take(lengths[0] ?? 0));
    const both: Buffer[] = [];
    while (offered.left >= 3) {
      const spec = offered.take(3);
      if (specs.includes(spec.readUIntBE(0, 3))) both.push(spec);
    }
    const body = Buffer.concat([
      // ServerHello, no session hit, an X.509 certificate, version 2, then three lengths and what they are of.
      Buffer.from([4, 0, 1, 0, 2]),
      u16(der.length),
      u16(both.length * 3),
      u16(16),
      der,
      ...both,
      randomBytes(16),
    ]);
    connection.send(u16(0x8000 | body.length), body);
    await connection.drain();
  });
}
