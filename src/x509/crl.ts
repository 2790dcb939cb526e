import type { Certificate } from './certificate.ts';
import { bitStringOctets, booleanOf, childrenOf, integerHex, oidOf, readDer, readWholeDer, sequenceOf, TAG, timeOf } from './der.ts';
import { nameKey } from './distinguished-name.ts';
import { SKEW_MS } from './ocsp.ts';
import { signatureAlgorithm } from './signature-algorithm.ts';
import { verifySignature } from './verify-signature.ts';

/** What a list of revoked certificates says of one, as of one moment. */
export interface CrlAnswer {
  readonly status: 'good' | 'revoked' | 'expired' | 'invalid' | 'unsupported';
  readonly problem: string | undefined;
}

/** Reads a CRL (RFC 5280 5) of `issuer`, as DER, and looks for `leaf`. Linear in its size; never throws. */
export function readCrl(crl: Uint8Array, leaf: Certificate, issuer: Certificate, at: string): CrlAnswer {
  const failed = (status: 'invalid' | 'unsupported', problem: string): CrlAnswer => ({ status, problem });
  const outer = readWholeDer(crl);
  const tbs = outer?.tag === TAG.sequence ? readDer(outer.contents) : undefined;
  const algorithmField = tbs === undefined || outer === undefined ? undefined : readDer(outer.contents, tbs.raw.length);
  if (outer === undefined || tbs === undefined || algorithmField === undefined) return failed('invalid', 'not a CRL');
  const signature = bitStringOctets(readDer(outer.contents, tbs.raw.length + algorithmField.raw.length));
  const algorithm = signatureAlgorithm(algorithmField);
  if (signature === undefined || algorithm === undefined) return failed('invalid', 'malformed');
  const verdict = verifySignature(tbs.raw, signature, algorithm, issuer.key);
  if (verdict !== 'yes') return failed(verdict === 'no' ? 'invalid' : 'unsupported', 'signature does not verify');
  if (issuer.malformed.has('keyUsage') || (issuer.keyUsage !== undefined && !issuer.keyUsage.includes('cRLSign')))
    return failed('invalid', 'its signer may not sign CRLs');
  // tbsCertList: version, signature, issuer, thisUpdate, nextUpdate, revokedCertificates, extensions
  let offset = 0;
  const next = (): ReturnType<typeof readDer> => {
    const value = readDer(tbs.contents, offset);
    if (value !== undefined) offset += value.raw.length;
    return value;
  };
  let field = next();
  if (field?.tag === TAG.integer) field = next();
  const name = next();
  const thisUpdate = timeOf(next());
  if (nameKey(name) !== issuer.subjectKey || thisUpdate === undefined) return failed('invalid', 'not of this authority');
  field = next();
  const nextUpdate = timeOf(field);
  if (nextUpdate !== undefined) field = next();
  if (field?.tag === TAG.sequence) {
    for (let position = 0; position < field.contents.length;) {
      const entry = readDer(field.contents, position);
      // An entry that cannot be read may be the one.
      const serial = entry?.tag === TAG.sequence ? integerHex(readDer(entry.contents)) : undefined;
      if (entry === undefined || serial === undefined) return failed('invalid', 'malformed');
      position += entry.raw.length;
      if (serial === leaf.serial) return { status: 'revoked', problem: undefined };
    }
    field = next();
  }
  const extensions = field === undefined ? [] : field.tag === 0xa0 ? sequenceOf(childrenOf(field)?.[0]) : undefined;
  if (extensions === undefined || offset !== tbs.contents.length) return failed('invalid', 'malformed');
  if (Date.parse(thisUpdate) > Date.parse(at) + SKEW_MS) return failed('invalid', 'thisUpdate lies in the future');
  // Only a list that says when it ends can be told from one that is kept back.
  if (nextUpdate === undefined) return failed('invalid', 'no nextUpdate');
  if (Date.parse(nextUpdate) < Date.parse(at)) return { status: 'expired', problem: nextUpdate };
  // A list may speak of some certificates only (issuingDistributionPoint, RFC 5280 5.2.5), of changes only (deltaCRLIndicator,
  // 5.2.4), or in a way that is critical and not known here (5.2): silence of such a one says nothing.
  const partial = extensions.some((extension) => {
    const [oid, critical] = sequenceOf(extension) ?? [];
    return oid === undefined || oidOf(oid) === '2.5.29.28' || (critical?.tag === TAG.boolean && booleanOf(critical) !== false);
  });
  return partial ? failed('unsupported', 'a list of some certificates only') : { status: 'good', problem: undefined };
}
