import { createHash } from 'node:crypto';
import {
  bitStringOctets,
  childrenOf,
  integerHex,
  oidOf,
  readDer,
  readWholeDer,
  sequenceOf,
  smallInteger,
  TAG,
  timeOf,
  type Der,
} from './der.ts';
import { parseCertificate, type Certificate } from './certificate.ts';
import { nameKey } from './distinguished-name.ts';
import { countSctList } from './extensions.ts';
import { digestName, signatureAlgorithm } from './signature-algorithm.ts';
import { signedBy, verifySignature, type Verdict } from './verify-signature.ts';

/** What an OCSP response says of one certificate, as of one moment. */
export interface OcspAnswer {
  /**
   * `unknown` is the responder's own word. `expired`: its period has passed. `invalid`: not about this certificate, not signed
   * by its authority, from the future, or broken. `unsupported`: signed in a way that nobody here can check.
   */
  readonly status: 'good' | 'revoked' | 'unknown' | 'expired' | 'invalid' | 'unsupported';
  readonly thisUpdate: string | undefined;
  readonly nextUpdate: string | undefined;
  /** Signed certificate timestamps that came with it (RFC 6962 3.3). */
  readonly scts: number;
  /** Why it is invalid or unsupported, short. */
  readonly problem: string | undefined;
}

const MAX_BYTES = 128 * 1024;
/** Clocks differ: a response from a few minutes ahead is not from the future. */
export const SKEW_MS = 5 * 60_000;
/** RFC 6960 4.2.2.1: without nextUpdate newer information is always to be had; such an answer is taken for a day. */
const WITHOUT_NEXT_MS = 24 * 3_600_000;

/** Reads and verifies a DER-encoded OCSPResponse (RFC 6960) for `leaf` issued by `issuer`, as of `at` (ISO 8601). Never throws. */
export function readOcsp(response: Uint8Array, leaf: Certificate, issuer: Certificate, at: string): OcspAnswer {
  const failed = (status: 'invalid' | 'unsupported', problem: string): OcspAnswer => ({
    status,
    thisUpdate: undefined,
    nextUpdate: undefined,
    scts: 0,
    problem,
  });
  if (response.length > MAX_BYTES) return failed('invalid', `larger than ${MAX_BYTES} bytes`);
  const [code, wrapper] = sequenceOf(readWholeDer(response)) ?? [];
  const responseStatus = code?.tag === TAG.enumerated ? smallInteger(code) : undefined;
  if (responseStatus === undefined) return failed('invalid', 'not an OCSP response');
  if (responseStatus !== 0) return failed('invalid', `responseStatus ${responseStatus}`);
  const [type, octets] = sequenceOf(childrenOf(wrapper)?.[0]) ?? [];
  if (oidOf(type) !== '1.3.6.1.5.5.7.48.1.1' || octets?.tag !== TAG.octetString) return failed('invalid', 'not a basic response');
  const [data, algorithm, signatureField, chain] = sequenceOf(readWholeDer(octets.contents)) ?? [];
  const signature = bitStringOctets(signatureField);
  const signedWith = signatureAlgorithm(algorithm);
  const fields = sequenceOf(data);
  if (data === undefined || fields === undefined || signature === undefined || signedWith === undefined)
    return failed('invalid', 'malformed');
  // version [0] is left out in DER where it is 1
  const [responder, , responses] = fields[0]?.tag === 0xa0 ? fields.slice(1) : fields;
  const single = (sequenceOf(responses) ?? []).slice(0, 64).find((one) => isAbout(sequenceOf(one)?.[0], leaf, issuer));
  if (single === undefined) return failed('invalid', 'not about this certificate');

  const sent = (sequenceOf(childrenOf(chain)?.[0]) ?? []).slice(0, 8).flatMap(({ raw }) => parseCertificate(raw) ?? []);
  const signers = [issuer, ...sent].filter((one) => isNamed(responder, one));
  let verdict: Verdict = 'no';
  let problem = 'responder is not known';
  for (const signer of signers) {
    const obstacle = signer === issuer ? undefined : delegation(signer, issuer, at);
    const one = obstacle === undefined ? verifySignature(data.raw, signature, signedWith, signer.key) : obstacle.verdict;
    if (one === 'yes' || (one === 'unsupported' && verdict === 'no')) verdict = one;
    if (one !== 'yes') problem = obstacle?.problem ?? 'signature does not verify';
    if (one === 'yes') break;
  }
  if (verdict !== 'yes') return failed(verdict === 'no' ? 'invalid' : 'unsupported', problem);
  return statusOf(single, at) ?? failed('invalid', 'malformed');
}

/** RFC 6960 4.1.1 CertID: hashes of the issuer's name and key, and the serial number. */
function isAbout(id: Der | undefined, leaf: Certificate, issuer: Certificate): boolean {
  const [algorithm, nameHash, keyHash, serial] = sequenceOf(id) ?? [];
  const name = digestName(algorithm);
  // RFC 5019 uses SHA-1 here, where it need not resist collisions; MD5 and MD2 nobody uses.
  if (name === undefined || !/^SHA|^SM3$/.test(name)) return false;
  if (nameHash === undefined || keyHash === undefined || integerHex(serial) !== leaf.serial) return false;
  const hash = (bytes: Uint8Array): Buffer => createHash(name.toLowerCase()).update(bytes).digest();
  return (
    (hash(issuer.rawSubject).equals(nameHash.contents) || hash(leaf.rawIssuer).equals(nameHash.contents)) &&
    hash(issuer.key.octets).equals(keyHash.contents)
  );
}

/** ResponderID: [1] by name, [2] by SHA-1 of the key. */
function isNamed(responder: Der | undefined, certificate: Certificate): boolean {
  const [id] = childrenOf(responder) ?? [];
  if (responder?.tag === 0xa1) return nameKey(id) === certificate.subjectKey;
  if (responder?.tag !== 0xa2 || id?.tag !== TAG.octetString) return false;
  return createHash('sha1').update(certificate.key.octets).digest().equals(id.contents);
}

/** RFC 6960 4.2.2.2: a delegate's certificate is issued by the very authority that it answers for, for this purpose, and valid. */
function delegation(
  signer: Certificate,
  issuer: Certificate,
  at: string,
): { readonly verdict: Verdict; readonly problem: string } | undefined {
  const refuse = (problem: string, verdict: Verdict = 'no'): { readonly verdict: Verdict; readonly problem: string } => ({
    verdict,
    problem,
  });
  if (signer.issuerKey !== issuer.subjectKey) return refuse('responder is not of this authority');
  if (signer.extendedKeyUsage?.includes('OCSPSigning') !== true || signer.malformed.size > 0)
    return refuse('responder is no delegate: OCSPSigning');
  if (signer.keyUsage !== undefined && !signer.keyUsage.includes('digitalSignature')) return refuse('responder may not sign');
  const now = Date.parse(at);
  if (now > Date.parse(signer.notAfter) || now < Date.parse(signer.notBefore)) return refuse('responder’s certificate has expired');
  const verdict = signedBy(signer, issuer);
  return verdict === 'yes' ? undefined : refuse('responder’s certificate does not verify', verdict);
}

function statusOf(single: Der, at: string): OcspAnswer | undefined {
  const [, status, thisField, ...rest] = sequenceOf(single) ?? [];
  const thisUpdate = timeOf(thisField);
  const nextWrapper = rest.find(({ tag }) => tag === 0xa0);
  const nextUpdate = nextWrapper === undefined ? undefined : timeOf(childrenOf(nextWrapper)?.[0]);
  if (thisUpdate === undefined || (nextWrapper !== undefined && nextUpdate === undefined)) return undefined;
  const word =
    status?.tag === 0x80 ? 'good' : status?.tag === 0xa1 ? 'revoked' : status?.tag === 0x82 || status?.tag === 0xa2 ? 'unknown' : undefined;
  if (word === undefined) return undefined;
  const answer = { thisUpdate, nextUpdate, scts: sctsOf(rest.find(({ tag }) => tag === 0xa1)), problem: undefined };
  const now = Date.parse(at);
  if (Date.parse(thisUpdate) > now + SKEW_MS) return { ...answer, status: 'invalid', problem: 'thisUpdate lies in the future' };
  // A revocation does not lapse with the answer that tells it.
  if (word === 'revoked') return { ...answer, status: 'revoked' };
  const end = nextUpdate === undefined ? Date.parse(thisUpdate) + WITHOUT_NEXT_MS : Date.parse(nextUpdate) + SKEW_MS;
  return { ...answer, status: end < now ? 'expired' : word };
}

/** The list in singleExtensions that RFC 6962 3.3 puts there. */
function sctsOf(wrapper: Der | undefined): number {
  for (const extension of sequenceOf(childrenOf(wrapper)?.[0]) ?? []) {
    const parts = sequenceOf(extension) ?? [];
    const value = parts.at(-1);
    if (oidOf(parts[0]) === '1.3.6.1.4.1.11129.2.4.5' && value?.tag === TAG.octetString)
      return countSctList(readDer(value.contents)?.contents ?? new Uint8Array()) ?? 0;
  }
  return 0;
}
