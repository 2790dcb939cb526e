import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';

/** A DER value of the tag around the parts. */
export function der(tag: number, ...parts: readonly (Uint8Array | string)[]): Buffer {
  const body = Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part)));
  const size = body.length;
  const octets =
    size < 0x80
      ? [size]
      : size < 0x100
        ? [0x81, size]
        : size < 0x10000
          ? [0x82, size >> 8, size & 0xff]
          : [0x83, size >> 16, (size >> 8) & 0xff, size & 0xff];
  return Buffer.concat([Buffer.from([tag, ...octets]), body]);
}
export const seq = (...parts: readonly (Uint8Array | string)[]): Buffer => der(0x30, ...parts);
export const TRUE = Buffer.from([0x01, 0x01, 0xff]);
export const NULL = Buffer.from([0x05, 0x00]);
export function oid(dotted: string): Buffer {
  const [a = 0, b = 0, ...rest] = dotted.split('.').map(Number);
  const octets = [a * 40 + b, ...rest].flatMap((arc) => {
    const sevens = [arc % 128];
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128)) sevens.unshift((left % 128) | 0x80);
    return sevens;
  });
  return der(0x06, Buffer.from(octets));
}
export const integer = (value: number): Buffer => {
  const hex = value.toString(16).padStart(2, '0');
  const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
  return der(0x02, (bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes);
};

/** `YYYY-MM-DDTHH:MM:SSZ` as UTCTime or, from 2050 on, GeneralizedTime. */
export function time(iso: string): Buffer {
  const digits = iso.replaceAll(/[-:T]/g, '').slice(0, 14);
  return Number(digits.slice(0, 4)) >= 1950 && Number(digits.slice(0, 4)) < 2050
    ? der(0x17, `${digits.slice(2)}Z`)
    : der(0x18, `${digits}Z`);
}

/** `CN=…` parts of a name, first part first. */
export function name(...parts: readonly (readonly [string, string])[]): Buffer {
  const ids: Readonly<Record<string, string>> = { C: '2.5.4.6', O: '2.5.4.10', CN: '2.5.4.3' };
  return seq(...parts.map(([type, value]) => der(0x31, seq(oid(ids[type] ?? type), der(0x0c, Buffer.from(value))))));
}

export type Kind = 'rsa-1024' | 'rsa-2048' | 'P-256' | 'P-384' | 'ed25519' | 'rsa-pss';
const cache = new Map<string, KeyObject>();

/** A private key; one with the same label is the same within a test file, since RSA keys take long to make. */
export function keyOf(kind: Kind, label: string = kind): KeyObject {
  const known = cache.get(`${kind} ${label}`);
  if (known !== undefined) return known;
  const { privateKey } =
    kind === 'ed25519'
      ? generateKeyPairSync('ed25519')
      : kind === 'P-256' || kind === 'P-384'
        ? generateKeyPairSync('ec', { namedCurve: kind })
        : generateKeyPairSync('rsa', { modulusLength: kind === 'rsa-1024' ? 1024 : 2048 });
  cache.set(`${kind} ${label}`, privateKey);
  return privateKey;
}

const HASH_OID: Readonly<Record<string, readonly [string, string]>> = {
  md5: ['1.2.840.113549.1.1.4', ''],
  sha1: ['1.2.840.113549.1.1.5', '1.2.840.10045.4.1'],
  sha256: ['1.2.840.113549.1.1.11', '1.2.840.10045.4.3.2'],
  sha384: ['1.2.840.113549.1.1.12', '1.2.840.10045.4.3.3'],
};

/** The AlgorithmIdentifier with which `key` signs by `hash`. */
export function algorithm(key: KeyObject, hash: string, pss = false): Buffer {
  if (pss) {
    const sha256 = seq(oid('2.16.840.1.101.3.4.2.1'), NULL);
    const mask = seq(oid('1.2.840.113549.1.1.8'), sha256);
    return seq(oid('1.2.840.113549.1.1.10'), seq(der(0xa0, sha256), der(0xa1, mask), der(0xa2, integer(32))));
  }
  const type = key.asymmetricKeyType;
  if (type === 'ed25519') return seq(oid('1.3.101.112'));
  const [rsa, ec] = HASH_OID[hash] ?? ['', ''];
  return type === 'ec' ? seq(oid(ec)) : seq(oid(rsa), NULL);
}

export function signWith(key: KeyObject, hash: string, data: Buffer, pss = false): Buffer {
  return sign(key.asymmetricKeyType === 'ed25519' ? null : hash, data, pss ? { key, padding: 6, saltLength: 32 } : key);
}

export interface CertificateSpec {
  readonly subject?: Buffer | string;
  readonly issuer?: Buffer | string;
  readonly key?: KeyObject;
  /** The issuer's key; its own where none is given. */
  readonly signer?: KeyObject;
  readonly hash?: string;
  readonly pss?: boolean;
  readonly notBefore?: string | Buffer;
  readonly notAfter?: string | Buffer;
  readonly serial?: number;
  readonly dns?: readonly string[];
  readonly ips?: readonly Buffer[];
  readonly ca?: boolean;
  readonly pathLength?: number;
  readonly usage?: number;
  readonly purposes?: readonly string[];
  readonly mustStaple?: boolean;
  /** Further extensions: oid, critical, value. */
  readonly more?: readonly (readonly [string, boolean, Buffer])[];
  readonly version1?: boolean;
  readonly spki?: Buffer;
}

export const named = (text: Buffer | string): Buffer => (typeof text === 'string' ? name(['CN', text]) : text);

export const spkiOf = (key: KeyObject): Buffer =>
  createPublicKey(key.export({ type: 'pkcs8', format: 'pem' })).export({ type: 'spki', format: 'der' });

/** The SHA-1 of the public key's bits, as key identifiers are made of. */
export function keyId(key: KeyObject): Buffer {
  const spki = spkiOf(key);
  // SEQUENCE { SEQUENCE, BIT STRING }: the bit string is the last element
  const header = spki[1] === 0x82 ? 4 : spki[1] === 0x81 ? 3 : 2;
  const algorithmSize = (spki[header + 1] ?? 0) + 2;
  const bits = spki.subarray(header + algorithmSize);
  const start = bits[1] === 0x82 ? 5 : bits[1] === 0x81 ? 4 : 3;
  return createHash('sha1').update(bits.subarray(start)).digest();
}

/** A certificate in DER, made as the spec says, sound or not. */
export function makeCertificate(spec: CertificateSpec = {}): Buffer {
  const key = spec.key ?? keyOf('P-256');
  const signer = spec.signer ?? key;
  const subject = named(spec.subject ?? 'pay.example.com');
  const extension = (id: string, critical: boolean, value: Buffer): Buffer => seq(oid(id), ...(critical ? [TRUE] : []), der(0x04, value));
  const names = [...(spec.dns ?? []).map((dns) => der(0x82, dns)), ...(spec.ips ?? []).map((ip) => der(0x87, ip))];
  const extensions = [
    ...(names.length === 0 ? [] : [extension('2.5.29.17', false, seq(...names))]),
    ...(spec.ca === undefined
      ? []
      : [
          extension(
            '2.5.29.19',
            true,
            seq(...(spec.ca ? [TRUE] : []), ...(spec.pathLength === undefined ? [] : [integer(spec.pathLength)])),
          ),
        ]),
    ...(spec.usage === undefined ? [] : [extension('2.5.29.15', true, der(0x03, Buffer.from([0, spec.usage])))]),
    ...(spec.purposes === undefined ? [] : [extension('2.5.29.37', false, seq(...spec.purposes.map(oid)))]),
    ...(spec.mustStaple === true ? [extension('1.3.6.1.5.5.7.1.24', false, seq(integer(5)))] : []),
    ...(spec.more ?? []).map(([id, critical, value]) => extension(id, critical, value)),
  ];
  const when = (given: string | Buffer | undefined, otherwise: string): Buffer =>
    given === undefined || typeof given === 'string' ? time(given ?? otherwise) : given;
  const signedBy = algorithm(signer, spec.hash ?? 'sha256', spec.pss);
  const tbs = seq(
    ...(spec.version1 === true ? [] : [der(0xa0, integer(2))]),
    integer(spec.serial ?? 4711),
    signedBy,
    named(spec.issuer ?? subject),
    seq(when(spec.notBefore, '2026-01-01T00:00:00Z'), when(spec.notAfter, '2026-12-31T23:59:59Z')),
    subject,
    spec.spki ?? spkiOf(key),
    ...(extensions.length === 0 || spec.version1 === true ? [] : [der(0xa3, seq(...extensions))]),
  );
  return seq(tbs, signedBy, der(0x03, Buffer.from([0]), signWith(signer, spec.hash ?? 'sha256', tbs, spec.pss)));
}

export function pem(bytes: Uint8Array, label = 'CERTIFICATE'): string {
  return `-----BEGIN ${label}-----\n${Buffer.from(bytes)
    .toString('base64')
    .replaceAll(/.{64}(?=.)/g, '$&\n')}\n-----END ${label}-----\n`;
}

export const keyPem = (key: KeyObject): string => String(key.export({ type: 'pkcs8', format: 'pem' }));

/** A root, an intermediate and a leaf for pay.example.com. */
export function threeTier(): {
  readonly root: Buffer;
  readonly middle: Buffer;
  readonly leaf: Buffer;
  readonly keys: readonly [KeyObject, KeyObject, KeyObject];
} {
  const keys = [keyOf('P-256', 'root'), keyOf('P-256', 'middle'), keyOf('P-256', 'leaf')] as const;
  return {
    root: makeCertificate({ subject: 'Root', key: keys[0], ca: true, usage: 0x06, notAfter: '2040-01-01T00:00:00Z' }),
    middle: makeCertificate({
      subject: 'Middle',
      issuer: 'Root',
      key: keys[1],
      signer: keys[0],
      ca: true,
      pathLength: 0,
      usage: 0x06,
      notAfter: '2035-01-01T00:00:00Z',
    }),
    leaf: makeCertificate({
      subject: 'pay.example.com',
      issuer: 'Middle',
      key: keys[2],
      signer: keys[1],
      dns: ['pay.example.com'],
      usage: 0x80,
      purposes: ['1.3.6.1.5.5.7.3.1'],
    }),
    keys,
  };
}

/** A private key object from PEM: for keys that openssl made. */
export const privateKey = (text: string): KeyObject => createPrivateKey(text);
