import { createHash } from 'node:crypto';
import { bitStringOctets, integerHex, readWholeDer, sequenceOf, smallInteger, childrenOf, timeOf, type Der } from './der.ts';
import { nameKey, nameText } from './distinguished-name.ts';
import { extensionsOf, type Extensions } from './extensions.ts';
import { publicKey, type PublicKey } from './public-key.ts';
import { signatureAlgorithm, type SignatureAlgorithm } from './signature-algorithm.ts';

/** Larger certificates are not read: 10,000 names take less than half of it. */
const MAX_BYTES = 1024 * 1024;

/** A certificate as plain data (RFC 5280 4.1). Nothing in it has been verified. */
export interface Certificate extends Extensions {
  readonly der: Uint8Array;
  readonly sha256: string;
  /** 1, 2 or 3. */
  readonly version: number;
  /** As RFC 4514 writes them, safe to print. */
  readonly subject: string;
  readonly issuer: string;
  /** DER of the names: what hashes are made of. */
  readonly rawSubject: Uint8Array;
  readonly rawIssuer: Uint8Array;
  /** What names are compared by (RFC 5280 7.1). */
  readonly subjectKey: string;
  readonly issuerKey: string;
  readonly hasSubject: boolean;
  /** Hexadecimal. */
  readonly serial: string;
  /** ISO 8601 in UTC, to the second. */
  readonly notBefore: string;
  readonly notAfter: string;
  readonly key: PublicKey;
  readonly signature: SignatureAlgorithm;
  /** What was signed, and the signature. */
  readonly signed: Uint8Array;
  readonly signatureValue: Uint8Array;
}

/** Reads one certificate; undefined where the bytes are none, or one that is broken. Never throws, linear in its input. */
export function parseCertificate(der: Uint8Array): Certificate | undefined {
  if (der.length > MAX_BYTES) return undefined;
  const parts = sequenceOf(readWholeDer(der));
  const [tbs, outer, value] = parts ?? [];
  const fields = sequenceOf(tbs);
  const signatureValue = bitStringOctets(value);
  if (tbs === undefined || fields === undefined || signatureValue === undefined || parts?.length !== 3) return undefined;
  const versioned = fields[0]?.tag === 0xa0;
  const version = versioned ? smallInteger(childrenOf(fields[0])?.[0]) : 0;
  const [serialField, inner, issuerField, validity, subjectField, keyField, ...rest] = versioned ? fields.slice(1) : fields;
  if (version === undefined || version > 2) return undefined;
  const serial = integerHex(serialField);
  const [from, to] = sequenceOf(validity) ?? [];
  const notBefore = timeOf(from);
  const notAfter = timeOf(to);
  const issuer = nameOf(issuerField);
  const subject = nameOf(subjectField);
  const key = publicKey(keyField);
  const signature = signatureAlgorithm(outer);
  const extensions = extensionsOf(rest.find(({ tag }) => tag === 0xa3));
  if (serial === undefined || notBefore === undefined || notAfter === undefined || issuer === undefined || subject === undefined)
    return undefined;
  if (key === undefined || signature === undefined || extensions === undefined) return undefined;
  // RFC 5280 4.1.1.2: both places MUST name the same algorithm; where they do not, which of them was used is anybody's guess.
  if (outer === undefined || inner === undefined || Buffer.compare(outer.raw, inner.raw) !== 0) return undefined;
  return {
    ...extensions,
    der,
    sha256: createHash('sha256').update(der).digest('hex'),
    version: version + 1,
    subject: subject.text,
    issuer: issuer.text,
    rawSubject: subject.raw,
    rawIssuer: issuer.raw,
    subjectKey: subject.key,
    issuerKey: issuer.key,
    hasSubject: subject.key !== '',
    serial,
    notBefore,
    notAfter,
    key,
    signature,
    signed: tbs.raw,
    signatureValue,
  };
}

function nameOf(field: Der | undefined): { readonly text: string; readonly key: string; readonly raw: Uint8Array } | undefined {
  const text = nameText(field);
  const key = nameKey(field);
  return field === undefined || text === undefined || key === undefined ? undefined : { text, key, raw: field.raw };
}

/** May it issue certificates? RFC 5280 4.2.1.9 and 4.2.1.3: basicConstraints says so, and keyUsage does not forbid it. */
export function mayIssue({ ca, keyUsage, malformed }: Certificate): boolean {
  return ca && !malformed.has('ca') && !malformed.has('keyUsage') && (keyUsage === undefined || keyUsage.includes('keyCertSign'));
}

/** An encryption certificate of TLCP (GB/T 38636 6.4.5.4): an SM2 leaf whose keyUsage has no signing. */
export function isSm2Encryption({ key, ca, keyUsage }: Certificate): boolean {
  return (
    key.kind === 'SM2' && !ca && keyUsage !== undefined && !keyUsage.includes('digitalSignature') && !keyUsage.includes('nonRepudiation')
  );
}
