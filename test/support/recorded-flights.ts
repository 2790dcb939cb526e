import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { clientHello, type HelloQuestion } from '../../src/tls/client-hello.ts';
import { certificate } from './servers/certificate.ts';
import type { Server } from './servers/daemon.ts';
import { startGnutlsServer } from './servers/gnutls-server.ts';
import { NGINX_PRESETS, startNginx } from './servers/nginx.ts';
import { startOpensslServer } from './servers/openssl-server.ts';
import { ask } from './servers/raw-client.ts';
import { startSslv2Server } from './servers/sslv2-server.ts';
import { startTlcpServer } from './servers/tlcp-server.ts';

const CURVES = [0x001d, 0x0017, 0x0018];

interface Recording {
  readonly server: () => Promise<Server>;
  readonly question: HelloQuestion | 'SSLv2';
}

const SSLV2_HELLO = Buffer.from(`802e0100020015000000100100800200800300800400800500800600400700c0${'63'.repeat(16)}`, 'hex');

/** What was asked of which server. */
const RECORDINGS = {
  'nginx-tls12-client-certificate': {
    server: () => startNginx({ clientCertificate: 'on', protocols: 'TLSv1.2' }),
    question: { protocol: 'TLSv1.2', suites: [0xc02f], groups: CURVES, ticket: new Uint8Array() },
  },
  'nginx-tls13-retry': {
    server: () => startNginx(NGINX_PRESETS.modern),
    question: { protocol: 'TLSv1.3', suites: [0x1301, 0x1302], groups: CURVES, keyShares: [] },
  },
  'openssl-tls12-dhe': {
    server: () => startOpensslServer({ ciphers: 'ALL:@SECLEVEL=0', certificate: certificate({ key: 'ec' }), second: certificate() }),
    question: { protocol: 'TLSv1.2', suites: [0x009e, 0x0033] },
  },
  'openssl-tls10-ecdhe': {
    server: () => startOpensslServer({ ciphers: 'ALL:@SECLEVEL=0', certificate: certificate({ key: 'ec' }) }),
    question: { protocol: 'TLSv1', suites: [0xc009, 0xc00a], groups: CURVES },
  },
  'openssl-tls13': {
    server: () => startOpensslServer({ certificate: certificate({ key: 'ec' }) }),
    question: { protocol: 'TLSv1.3', suites: [0x1301], groups: [0x001d], keyShares: [{ group: 0x001d, key: Buffer.alloc(32, 9) }] },
  },
  'gnutls-tls12-rsa': {
    server: () => startGnutlsServer({ priority: 'NORMAL:+RSA:+VERS-TLS-ALL' }),
    question: { protocol: 'TLSv1.2', suites: [0x009c, 0x002f], groups: CURVES },
  },
  'gnutls-refusal': {
    server: () => startGnutlsServer(),
    question: { protocol: 'TLSv1.2', suites: [0x0005] },
  },
  'scripted-tlcp': {
    server: () => startTlcpServer(),
    question: { protocol: 'TLCP', suites: [0xe013] },
  },
  'scripted-sslv2': { server: () => startSslv2Server(), question: 'SSLv2' },
} as const satisfies Readonly<Record<string, Recording>>;

export type RecordingName = keyof typeof RECORDINGS;
export const RECORDING_NAMES = Object.keys(RECORDINGS) as readonly RecordingName[];

const directory = fileURLToPath(new URL('../fixtures/tls', import.meta.url));
const fileOf = (name: RecordingName): string => `${directory}/${name}.hex`;

/** The hello that a recording answers. */
export function questionOf(name: RecordingName): HelloQuestion {
  const { question } = RECORDINGS[name];
  if (question === 'SSLv2') throw new Error('no TLS hello');
  return question;
}

/** What the server sent until it waited for the client. */
export function recorded(name: RecordingName): Uint8Array {
  return Uint8Array.from(Buffer.from(readFileSync(fileOf(name), 'latin1').replaceAll(/\s/g, ''), 'hex'));
}

/** Records what is not there yet, or everything anew. */
export async function recordFlights(anew: boolean): Promise<void> {
  mkdirSync(directory, { recursive: true });
  for (const name of RECORDING_NAMES) {
    if (!anew && existsSync(fileOf(name))) continue;
    const { server, question } = RECORDINGS[name];
    const running = await server();
    try {
      const hello = question === 'SSLv2' ? SSLV2_HELLO : clientHello(question);
      const { bytes } = await ask(running.port, [hello], { quiet: 300 });
      writeFileSync(fileOf(name), `${(bytes.toString('hex').match(/.{1,120}/g) ?? []).join('\n')}\n`);
    } finally {
      await running.stop();
    }
  }
}
