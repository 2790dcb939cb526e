import { createHash } from 'node:crypto';
import { bitLength, bitStringOctets, integerHex, oidOf, readWholeDer, sequenceOf, TAG, type Der } from './der.ts';

/** A public key as its SubjectPublicKeyInfo says it. */
export interface PublicKey {
  readonly kind: 'RSA' | 'EC' | 'Ed25519' | 'Ed448' | 'SM2' | 'DSA' | 'ML-DSA' | 'SLH-DSA' | 'other';
  /** Modulus, or order of the curve; of the rest the length of the key itself. Undefined where it cannot be told. */
  readonly bits: number | undefined;
  readonly curve: string | undefined;
  /** RSA's public exponent in hexadecimal. */
  readonly exponent: string | undefined;
  /** The key itself: what stands in the BIT STRING. */
  readonly octets: Uint8Array;
  /** The whole SubjectPublicKeyInfo, and its SHA-256. */
  readonly spki: Uint8Array;
  readonly digest: string;
}

const CURVE: Readonly<Record<string, readonly [string, number]>> = {
  '1.2.840.10045.3.1.1': ['P-192', 192],
  '1.3.132.0.33': ['P-224', 224],
  '1.2.840.10045.3.1.7': ['P-256', 256],
  '1.3.132.0.34': ['P-384', 384],
  '1.3.132.0.35': ['P-521', 521],
  '1.3.132.0.10': ['secp256k1', 256],
  '1.3.36.3.3.2.8.1.1.7': ['brainpoolP256r1', 256],
  '1.3.36.3.3.2.8.1.1.11': ['brainpoolP384r1', 384],
  '1.3.36.3.3.2.8.1.1.13': ['brainpoolP512r1', 512],
};
/** GB/T 32918: the key type of Node is undefined for it, so it is told by its curve. */
const SM2_CURVE = '1.2.156.10197.1.301';

const EC = '1.2.840.10045.2.1';
const RSA: ReadonlySet<string> = new Set(['1.2.840.113549.1.1.1', '1.2.840.113549.1.1.10']);
const DSA = '1.2.840.10040.4.1';

/** Reads a SubjectPublicKeyInfo (RFC 5280 4.1.2.7). */
export function publicKey(info: Der | undefined): PublicKey | undefined {
  const [algorithm, key] = sequenceOf(info) ?? [];
  const [type, parameters] = sequenceOf(algorithm) ?? [];
  const oid = oidOf(type);
  const octets = bitStringOctets(key);
  if (info === undefined || oid === undefined || octets === undefined) return undefined;
  const digest = createHash('sha256').update(info.raw).digest('hex');
  return { curve: undefined, exponent: undefined, ...described(oid, parameters, octets), octets, spki: info.raw, digest };
}

function described(
  oid: string,
  parameters: Der | undefined,
  octets: Uint8Array,
): Pick<PublicKey, 'kind' | 'bits'> & Partial<Pick<PublicKey, 'curve' | 'exponent'>> {
  if (RSA.has(oid)) {
    const [modulus, exponent] = sequenceOf(readWholeDer(octets)) ?? [];
    return { kind: 'RSA', bits: bitLength(modulus), exponent: integerHex(exponent) };
  }
  if (oid === EC) return curveKey(parameters);
  if (oid === '1.3.101.112') return { kind: 'Ed25519', bits: 256 };
  if (oid === '1.3.101.113') return { kind: 'Ed448', bits: 448 };
  if (oid === DSA) return { kind: 'DSA', bits: bitLength(sequenceOf(parameters)?.[0]) };
  const bits = octets.length * 8;
  if (/^2\.16\.840\.1\.101\.3\.4\.3\.1[789]$/.test(oid)) return { kind: 'ML-DSA', bits };
  if (/^2\.16\.840\.1\.101\.3\.4\.3\.(?:2\d|3[01])$/.test(oid)) return { kind: 'SLH-DSA', bits };
  return { kind: 'other', bits: undefined };
}

/** RFC 5480 2.1.1: a named curve; old keys write the curve out, with its order as fifth field (X9.62). */
function curveKey(parameters: Der | undefined): Pick<PublicKey, 'kind' | 'bits' | 'curve'> {
  const named = oidOf(parameters);
  if (named === SM2_CURVE) return { kind: 'SM2', bits: 256, curve: 'SM2' };
  if (named !== undefined) return { kind: 'EC', bits: CURVE[named]?.[1], curve: CURVE[named]?.[0] ?? named };
  const order = sequenceOf(parameters)?.[4];
  return { kind: 'EC', bits: order?.tag === TAG.integer ? bitLength(order) : undefined, curve: undefined };
}
