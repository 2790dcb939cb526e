import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { certificate, type Certificate } from './certificate.ts';
import { HOST, startDaemon, type Daemon } from './daemon.ts';

export interface NginxOptions {
  readonly protocols?: string;
  readonly ciphers?: string;
  readonly curves?: string;
  readonly preferServer?: boolean;
  /** More than one: nginx serves the one the client can verify. */
  readonly certificates?: readonly Certificate[];
  /** A chain to send instead of the certificate alone. */
  readonly chain?: string;
  readonly clientCertificate?: 'off' | 'optional' | 'on' | 'optional_no_ca';
  readonly clientAuthority?: string;
  readonly tickets?: boolean;
  readonly earlyData?: boolean;
  readonly http2?: boolean;
  readonly dhparam?: string;
  /** Directives of the server block, as they stand in the file. */
  readonly directives?: readonly string[];
  /** Other names on the same port, each with a certificate of its own. */
  readonly others?: readonly { readonly name: string; readonly certificate: Certificate }[];
  /** Listens on the second port without TLS. */
  readonly plain?: readonly string[];
}

const MOZILLA_SUITES = [
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
].join(':');

/** Mozilla's guidelines without X25519MLKEM768, which this OpenSSL lacks, and what they warn of. */
export const NGINX_PRESETS = {
  modern: { protocols: 'TLSv1.3', curves: 'X25519:prime256v1:secp384r1', preferServer: false, tickets: false },
  intermediate: {
    protocols: 'TLSv1.2 TLSv1.3',
    ciphers: MOZILLA_SUITES,
    curves: 'X25519:prime256v1:secp384r1',
    preferServer: false,
    tickets: false,
  },
  weak: {
    protocols: 'TLSv1 TLSv1.1 TLSv1.2',
    ciphers: 'ALL:COMPLEMENTOFALL:eNULL:aNULL:@SECLEVEL=0',
    curves: 'sect163k1:prime192v1:secp224r1:prime256v1:sect571r1:brainpoolP256r1:secp256k1',
    preferServer: true,
  },
} as const satisfies Readonly<Record<string, NginxOptions>>;

function lines(options: NginxOptions, directory: string): readonly string[] {
  const { preferServer, clientCertificate = 'off', tickets, certificates = [certificate()] } = options;
  return [
    `ssl_protocols ${options.protocols ?? 'TLSv1.2 TLSv1.3'};`,
    ...(options.ciphers === undefined ? [] : [`ssl_ciphers "${options.ciphers}";`]),
    ...(options.curves === undefined ? [] : [`ssl_ecdh_curve ${options.curves};`]),
    ...(preferServer === undefined ? [] : [`ssl_prefer_server_ciphers ${preferServer ? 'on' : 'off'};`]),
    ...(tickets === undefined ? [] : [`ssl_session_tickets ${tickets ? 'on' : 'off'};`]),
    ...(options.earlyData === true ? ['ssl_early_data on;'] : []),
    ...(options.dhparam === undefined ? [] : [`ssl_dhparam ${options.dhparam};`]),
    ...certificates.flatMap(({ cert, key }, index) => {
      copyFileSync(index === 0 && options.chain !== undefined ? options.chain : cert, join(directory, `${index}.crt`));
      copyFileSync(key, join(directory, `${index}.key`));
      return [`ssl_certificate ${index}.crt;`, `ssl_certificate_key ${index}.key;`];
    }),
    ...(clientCertificate === 'off' ? [] : [`ssl_verify_client ${clientCertificate};`]),
    ...(clientCertificate === 'on' || clientCertificate === 'optional'
      ? [`ssl_client_certificate ${options.clientAuthority ?? certificate().ca};`]
      : []),
    'ssl_stapling off;',
    ...(options.directives ?? []),
  ];
}

/** nginx with the TLS settings given; `GET /` answers 200. One process, so that no worker can be left over. */
export async function startNginx(options: NginxOptions = {}): Promise<Daemon> {
  return startDaemon('nginx', options.plain === undefined ? 1 : 2, (directory, [port, plainPort]) => {
    const server = (listen: string, body: readonly string[]): string =>
      `  server {\n    listen ${HOST}:${listen};\n    ${body.join('\n    ')}\n    location / { default_type text/html; return 200 "<p>custos</p>"; }\n  }\n`;
    const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `  ${name}_temp_path ${directory}/${name};`);
    const file = join(directory, 'nginx.conf');
    writeFileSync(
      file,
      `daemon off;
master_process off;
pid ${directory}/nginx.pid;
error_log stderr info;
events { worker_connections 4096; }
http {
  access_log off;
${temporary.join('\n')}
${server(`${String(port)} ssl${options.http2 === true ? ' http2' : ''}`, ['server_name localhost;', ...lines(options, directory)])}
${(options.others ?? [])
  .map(({ name, certificate: { cert, key } }) =>
    server(`${String(port)} ssl`, [`server_name ${name};`, `ssl_certificate ${cert};`, `ssl_certificate_key ${key};`]),
  )
  .join('')}
${plainPort === undefined ? '' : server(String(plainPort), options.plain ?? [])}
}
`,
    );
    return { command: ['nginx', '-p', directory, '-c', file, '-e', 'stderr'] };
  });
}
