import { execFileSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { program } from './available.ts';
import { temporaryDirectory } from './temporary-directory.ts';

export type KeyKind = 'rsa' | 'rsa-1024' | 'rsa-4096' | 'dsa' | 'ec' | 'ec-p384' | 'ed25519' | 'sm2';

export interface CertificateOptions {
  readonly key?: KeyKind;
  /** The common name and the first subject alternative name. */
  readonly name?: string;
  readonly days?: number;
  readonly digest?: 'sha1' | 'sha256' | 'sha384' | 'md5' | 'sm3';
  /** Lines of an OpenSSL extension section, added to the subject alternative names. */
  readonly extensions?: readonly string[];
  /** Signed by itself instead of the test authority. */
  readonly selfSigned?: boolean;
}

/** Files of a certificate and its key, all PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
  /** The authority that issued it: what a client has to trust. */
  readonly ca: string;
  /** Certificate and key in one file. */
  readonly both: string;
}

const KEY: Readonly<Record<KeyKind, readonly string[]>> = {
  rsa: ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048'],
  'rsa-1024': ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:1024'],
  'rsa-4096': ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:4096'],
  dsa: [],
  ec: ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256'],
  'ec-p384': ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-384'],
  ed25519: ['-algorithm', 'ED25519'],
  sm2: ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:SM2'],
};

const made = new Map<string, Certificate>();
let directory: string | undefined;
let serial = 0;

/** Runs openssl in the directory of the certificates; its words on stderr become the error. */
export function openssl(...args: readonly string[]): string {
  directory ??= temporaryDirectory('certificates');
  return execFileSync(program('openssl'), args, { cwd: directory, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

function path(name: string): string {
  directory ??= temporaryDirectory('certificates');
  return join(directory, name);
}

/** A file kept with the certificates, made at its first use: parameters, bundles. */
export function keptFile(name: string, make: (file: string) => void): string {
  const file = path(name);
  if (!kept.has(name)) make(file);
  kept.add(name);
  return file;
}
const kept = new Set<string>();

function newKey(kind: KeyKind, file: string): void {
  if (kind !== 'dsa') return void openssl('genpkey', ...KEY[kind], '-out', file);
  // 1024 bits: what the old DSS suites are limited to, and found in a moment.
  const parameters = keptFile('dsa.parameters', (parameters) => {
    openssl('genpkey', '-genparam', '-algorithm', 'DSA', '-pkeyopt', 'dsa_paramgen_bits:1024', '-out', parameters);
  });
  openssl('genpkey', '-paramfile', parameters, '-out', file);
}

/** SM2 certificates come from an SM2 authority, as in the field. */
function authority(sm2: boolean): Certificate {
  return certificate({
    name: sm2 ? 'Custos SM2 Test Authority' : 'Custos Test Authority',
    key: sm2 ? 'sm2' : 'ec',
    selfSigned: true,
    extensions: ['basicConstraints=critical,CA:TRUE', 'keyUsage=critical,keyCertSign,cRLSign'],
  });
}

/**
 * A certificate for `localhost` and 127.0.0.1 with the options asked for, issued by the test authority; the same options
 * give the same files for as long as the process runs.
 */
export function certificate(options: CertificateOptions = {}): Certificate {
  const asked = JSON.stringify(options);
  const existing = made.get(asked);
  if (existing !== undefined) return existing;

  const { key: kind = 'rsa', name = 'localhost', days = 90, digest = kind === 'sm2' ? 'sm3' : 'sha256', selfSigned = false } = options;
  const issuer = selfSigned ? undefined : authority(kind === 'sm2');
  const stem = `${String((serial += 1))}-${kind}`;
  const [key, request, cert, both, extensions] = ['key', 'csr', 'crt', 'pem', 'ext'].map((ending) => path(`${stem}.${ending}`)) as [
    string,
    string,
    string,
    string,
    string,
  ];
  newKey(kind, key);
  const names = new Set([name.replaceAll(' ', '-'), 'localhost']);
  writeFileSync(
    extensions,
    [`subjectAltName=${[...names].map((one) => `DNS:${one}`).join()},IP:127.0.0.1`, ...(options.extensions ?? [])].join('\n'),
  );
  // Ed25519 has its digest built in; the signature of SM2 covers an identity, which both sides must know.
  const identity = 'distid:1234567812345678';
  const [signing, checking] =
    kind === 'sm2'
      ? [
          ['-sigopt', identity],
          ['-vfyopt', identity],
        ]
      : [[], []];
  const own = kind === 'ed25519' ? [] : [`-${digest}`];
  openssl('req', '-new', '-key', key, ...own, ...signing, '-subj', `/O=Custos tests/CN=${name}`, '-out', request);
  const by = issuer === undefined ? ['-signkey', key, ...own] : ['-CA', issuer.cert, '-CAkey', issuer.key, `-${digest}`];
  const serialNumber = ['-set_serial', String(1_000 + serial)];
  openssl(
    'x509',
    '-req',
    '-in',
    request,
    '-days',
    String(days),
    ...by,
    ...signing,
    ...checking,
    ...serialNumber,
    '-extfile',
    extensions,
    '-out',
    cert,
  );
  writeFileSync(both, openssl('x509', '-in', cert) + openssl('pkey', '-in', key));
  chmodSync(both, 0o600);
  const result = { cert, key, ca: issuer?.cert ?? cert, both };
  made.set(asked, result);
  return result;
}
