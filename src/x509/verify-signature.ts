import { constants, createPublicKey, verify, type KeyObject } from 'node:crypto';
import type { Certificate } from './certificate.ts';
import type { PublicKey } from './public-key.ts';
import type { SignatureAlgorithm } from './signature-algorithm.ts';
import { verifiesSm2 } from './sm2-signature.ts';

/** `unsupported` is not `no`: nobody here can tell whether the signature is good. */
export type Verdict = 'yes' | 'no' | 'unsupported';

/** Which kinds of key make signatures of a scheme. One of another kind never verifies, whatever the bytes are. */
const KEYS_OF: Readonly<Record<SignatureAlgorithm['scheme'], readonly PublicKey['kind'][]>> = {
  RSA: ['RSA'],
  'RSA-PSS': ['RSA'],
  ECDSA: ['EC'],
  DSA: ['DSA'],
  SM2: ['SM2'],
  EdDSA: ['Ed25519', 'Ed448'],
  other: ['ML-DSA', 'SLH-DSA'],
};

/** Did the owner of `key` sign these bytes? Never throws. */
export function verifySignature(signed: Uint8Array, signature: Uint8Array, algorithm: SignatureAlgorithm, key: PublicKey): Verdict {
  const { scheme, hash } = algorithm;
  if (hash === undefined) return 'unsupported';
  if (!KEYS_OF[scheme].includes(key.kind)) return key.kind === 'other' ? 'unsupported' : 'no';
  if (scheme === 'SM2' && verifiesSm2(signed, signature, key.octets)) return 'yes';
  const digest = hash === 'intrinsic' ? null : hash.toLowerCase();
  try {
    const object = createPublicKey({ key: Buffer.from(key.spki), format: 'der', type: 'spki' });
    return verify(digest, signed, keyInput(object, scheme), signature) ? 'yes' : 'no';
  } catch {
    // MD2, a curve or a parameter that OpenSSL does not have
    return 'unsupported';
  }
}

function keyInput(key: KeyObject, scheme: SignatureAlgorithm['scheme']): Parameters<typeof verify>[2] {
  if (scheme === 'RSA') return { key, padding: constants.RSA_PKCS1_PADDING };
  if (scheme === 'RSA-PSS') return { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_AUTO };
  return { key, dsaEncoding: 'der' };
}

/** Did the key of `issuer` sign `certificate`? */
export function signedBy(certificate: Certificate, issuer: Certificate): Verdict {
  return verifySignature(certificate.signed, certificate.signatureValue, certificate.signature, issuer.key);
}

/** Its issuer is its subject, and its own key signed it. */
export function selfSigned(certificate: Certificate): Verdict {
  return certificate.subjectKey === certificate.issuerKey ? signedBy(certificate, certificate) : 'no';
}
