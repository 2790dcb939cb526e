import { createPrivateKey, randomBytes, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { certificate, type Certificate } from './certificate.ts';
import { startScriptedServer, type ScriptedServer } from './scripted-server.ts';
import { ALERT, certificateMessage, derOf, handshake, MESSAGE, record, RECORD, serverHello, vector } from './wire.ts';

const TLCP = 0x0101;

export interface TlcpServerOptions {
  /** In the server's order; without ECDHE, which would need the client's two certificates. */
  readonly suites?: readonly number[];
  /** Where the encryption certificate stands: second by the standard, last as TASSL sends it. */
  readonly encryptionCertificate?: 'second' | 'last';
}

/** The two SM2 certificates and their authority. */
export function tlcpCertificates(): { readonly signing: Certificate; readonly encryption: Certificate } {
  const common = ['basicConstraints=CA:FALSE'];
  return {
    signing: certificate({ key: 'sm2', name: 'tlcp sign', extensions: [...common, 'keyUsage=critical,digitalSignature,nonRepudiation'] }),
    encryption: certificate({
      key: 'sm2',
      name: 'tlcp enc',
      extensions: [...common, 'keyUsage=critical,keyEncipherment,dataEncipherment,keyAgreement'],
    }),
  };
}

/** TLCP (GB/T 38636) up to ServerHelloDone; whatever comes in a record of another version gets a protocol_version alert. */
export async function startTlcpServer(options: TlcpServerOptions = {}): Promise<ScriptedServer> {
  const { suites = [0xe013, 0xe053], encryptionCertificate = 'second' } = options;
  const { signing, encryption } = tlcpCertificates();
  const key = createPrivateKey(readFileSync(signing.key));
  const [sign1, encrypt, authority] = [derOf(signing), derOf(encryption), derOf({ cert: signing.ca })];
  const chain = encryptionCertificate === 'second' ? [sign1, encrypt, authority] : [sign1, authority, encrypt];
  return startScriptedServer(async (connection) => {
    const hello = await connection.hello();
    if (hello.recordVersion !== TLCP || hello.version !== TLCP) return connection.refuse(ALERT.protocolVersion, hello.recordVersion);
    const suite = suites.find((one) => hello.suites.includes(one));
    if (suite === undefined) return connection.refuse(ALERT.handshakeFailure, TLCP);
    const random = randomBytes(32);
    // The signature is over both randoms and the encryption certificate with its length in front.
    const signature = sign('sm3', Buffer.concat([hello.random, random, vector(3, encrypt)]), key);
    connection.send(
      ...[
        serverHello({ version: TLCP, random, sessionId: randomBytes(32), suite }),
        certificateMessage(chain),
        handshake(MESSAGE.serverKeyExchange, vector(2, signature)),
        handshake(MESSAGE.serverHelloDone),
      ].map((message) => record(RECORD.handshake, TLCP, message)),
    );
    await connection.drain();
  });
}
