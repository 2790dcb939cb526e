import { createHash, createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';

/** A private key in the clear: the digest of its SubjectPublicKeyInfo, by which its certificate is found. Nothing of the key is kept. */
export function publicDigestOf(key: Uint8Array, label: string): string | undefined {
  const type = label === 'RSA PRIVATE KEY' ? 'pkcs1' : label === 'EC PRIVATE KEY' ? 'sec1' : label === 'PRIVATE KEY' ? 'pkcs8' : undefined;
  try {
    const der = Buffer.from(key);
    const parsed: KeyObject =
      type === undefined
        ? createPrivateKey(`-----BEGIN ${label}-----\n${der.toString('base64')}\n-----END ${label}-----\n`)
        : createPrivateKey({ key: der, format: 'der', type });
    const spki = createPublicKey(parsed.export({ type: 'pkcs8', format: 'pem' })).export({ type: 'spki', format: 'der' });
    return createHash('sha256').update(spki).digest('hex');
  } catch {
    return undefined; // no key, or of a kind that OpenSSL does not have
  }
}

/** The same for DER without a label, whichever of the three structures it is. */
export function publicDigestOfDer(key: Uint8Array): string | undefined {
  for (const label of ['PRIVATE KEY', 'RSA PRIVATE KEY', 'EC PRIVATE KEY']) {
    const digest = publicDigestOf(key, label);
    if (digest !== undefined) return digest;
  }
  return undefined;
}
