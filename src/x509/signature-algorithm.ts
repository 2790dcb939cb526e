import { childrenOf, oidOf, sequenceOf, type Der } from './der.ts';

/** What a signature was made over: a digest's name, `intrinsic` where the scheme has its own, undefined for one we do not know. */
export interface SignatureAlgorithm {
  readonly oid: string;
  readonly hash: string | undefined;
  readonly scheme: 'RSA' | 'RSA-PSS' | 'ECDSA' | 'DSA' | 'SM2' | 'EdDSA' | 'other';
}

const DIGEST: Readonly<Record<string, string>> = {
  '1.2.840.113549.2.2': 'MD2',
  '1.2.840.113549.2.5': 'MD5',
  '1.3.14.3.2.26': 'SHA1',
  '2.16.840.1.101.3.4.2.4': 'SHA224',
  '2.16.840.1.101.3.4.2.1': 'SHA256',
  '2.16.840.1.101.3.4.2.2': 'SHA384',
  '2.16.840.1.101.3.4.2.3': 'SHA512',
  '2.16.840.1.101.3.4.2.8': 'SHA3-256',
  '2.16.840.1.101.3.4.2.9': 'SHA3-384',
  '2.16.840.1.101.3.4.2.10': 'SHA3-512',
  '1.2.156.10197.1.401': 'SM3',
};

const SIGNATURE: Readonly<Record<string, readonly [SignatureAlgorithm['scheme'], string]>> = {
  '1.2.840.113549.1.1.2': ['RSA', 'MD2'],
  '1.2.840.113549.1.1.4': ['RSA', 'MD5'],
  '1.2.840.113549.1.1.5': ['RSA', 'SHA1'],
  '1.3.14.3.2.3': ['RSA', 'MD5'],
  '1.3.14.3.2.29': ['RSA', 'SHA1'],
  '1.2.840.113549.1.1.14': ['RSA', 'SHA224'],
  '1.2.840.113549.1.1.11': ['RSA', 'SHA256'],
  '1.2.840.113549.1.1.12': ['RSA', 'SHA384'],
  '1.2.840.113549.1.1.13': ['RSA', 'SHA512'],
  '1.2.840.10045.4.1': ['ECDSA', 'SHA1'],
  '1.2.840.10045.4.3.1': ['ECDSA', 'SHA224'],
  '1.2.840.10045.4.3.2': ['ECDSA', 'SHA256'],
  '1.2.840.10045.4.3.3': ['ECDSA', 'SHA384'],
  '1.2.840.10045.4.3.4': ['ECDSA', 'SHA512'],
  '2.16.840.1.101.3.4.3.10': ['ECDSA', 'SHA3-256'],
  '2.16.840.1.101.3.4.3.11': ['ECDSA', 'SHA3-384'],
  '2.16.840.1.101.3.4.3.12': ['ECDSA', 'SHA3-512'],
  '1.2.840.10040.4.3': ['DSA', 'SHA1'],
  '2.16.840.1.101.3.4.3.1': ['DSA', 'SHA224'],
  '2.16.840.1.101.3.4.3.2': ['DSA', 'SHA256'],
  '2.16.840.1.101.3.4.3.3': ['DSA', 'SHA384'],
  '2.16.840.1.101.3.4.3.4': ['DSA', 'SHA512'],
  '1.2.156.10197.1.501': ['SM2', 'SM3'],
  '1.3.101.112': ['EdDSA', 'intrinsic'],
  '1.3.101.113': ['EdDSA', 'intrinsic'],
};

const RSA_PSS = '1.2.840.113549.1.1.10';
/** ML-DSA (RFC 9881) and SLH-DSA (RFC 9909) in their pure form. */
const POST_QUANTUM = /^2\.16\.840\.1\.101\.3\.4\.3\.(?:1[7-9]|2\d|3[01])$/;

/** Reads an AlgorithmIdentifier of a signature. */
export function signatureAlgorithm(identifier: Der | undefined): SignatureAlgorithm | undefined {
  const [type, parameters] = sequenceOf(identifier) ?? [];
  const oid = oidOf(type);
  if (oid === undefined) return undefined;
  if (oid === RSA_PSS) return { oid, scheme: 'RSA-PSS', hash: pssHash(parameters) };
  const known = SIGNATURE[oid];
  if (known !== undefined) return { oid, scheme: known[0], hash: known[1] };
  return { oid, scheme: 'other', hash: POST_QUANTUM.test(oid) ? 'intrinsic' : undefined };
}

/** RFC 4055 3.1: without parameters, and without [0] in them, the hash is SHA-1. */
function pssHash(parameters: Der | undefined): string | undefined {
  const fields = parameters === undefined ? [] : sequenceOf(parameters);
  if (fields === undefined) return undefined;
  const hash = fields.find(({ tag }) => tag === 0xa0);
  return hash === undefined ? 'SHA1' : digestName(childrenOf(hash)?.[0]);
}

/** The name of the digest that an AlgorithmIdentifier names. */
export function digestName(identifier: Der | undefined): string | undefined {
  const oid = oidOf(sequenceOf(identifier)?.[0]);
  return oid === undefined ? undefined : DIGEST[oid];
}
