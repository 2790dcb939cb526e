import { createHash } from 'node:crypto';

/** A public key as SSH writes it (RFC 4253 6.6, RFC 5656 3.1, RFC 8709): its kind, its size, and what names it. */
export interface SshPublicKey {
  readonly type: string;
  readonly bits: number;
  /** `SHA256:…`, as ssh-keygen prints it. */
  readonly fingerprint: string;
}

const CURVE_BITS: Readonly<Record<string, number>> = { nistp256: 256, nistp384: 384, nistp521: 521 };

/** Reads the base64 blob of a key whose kind stands before it; undefined where it is none, or of another kind. */
export function sshPublicKey(type: string, base64: string): SshPublicKey | undefined {
  if (!/^[A-Za-z0-9+/]{16,24000}={0,2}$/.test(base64)) return undefined;
  const blob = Buffer.from(base64, 'base64');
  const fields: Buffer[] = [];
  for (let at = 0; at < blob.length && fields.length < 32;) {
    if (blob.length - at < 4) return undefined;
    const length = blob.readUInt32BE(at);
    // A certificate holds numbers between its strings: only what stands before them is read.
    if (length > blob.length - at - 4) break;
    fields.push(blob.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  if (fields[0]?.toString('latin1') !== type) return undefined;
  // Certificates have a nonce before the key: PROTOCOL.certkeys of OpenSSH.
  const own = type.endsWith('-cert-v01@openssh.com') ? fields.slice(2) : fields.slice(1);
  const bits = bitsOf(type, own);
  const digest = createHash('sha256').update(blob).digest('base64').replace(/=+$/, '');
  return bits === undefined ? undefined : { type, bits, fingerprint: `SHA256:${digest}` };
}

function bitsOf(type: string, fields: readonly Buffer[]): number | undefined {
  const kind = type.replace(/-cert-v01@openssh\.com$|@openssh\.com$/, '').replace(/^sk-/, '');
  if (kind === 'ssh-rsa') return sizeOf(fields[1]);
  if (kind === 'ssh-dss') return sizeOf(fields[0]);
  if (kind === 'ssh-ed25519') return fields[0]?.length === 32 ? 256 : undefined;
  if (kind === 'ssh-ed448') return fields[0]?.length === 57 ? 456 : undefined;
  const curve = fields[0]?.toString('latin1') ?? '';
  return kind === `ecdsa-sha2-${curve}` ? CURVE_BITS[curve] : undefined;
}

/** Bits of an mpint (RFC 4251 5). */
function sizeOf(number: Buffer | undefined): number | undefined {
  if (number === undefined) return undefined;
  const first = number.findIndex((octet) => octet !== 0);
  return first === -1 ? undefined : (number.length - first - 1) * 8 + (32 - Math.clz32(number[first] ?? 0));
}
