import { createDecipheriv, createHash, pbkdf2Sync } from 'node:crypto';
import { oidOf, sequenceOf, smallInteger, TAG, type Der } from './der.ts';

/** Iterations beyond this are not computed: the count is the file's to choose, and it is hostile. */
const MAX_PKCS12_ITERATIONS = 200_000;
const MAX_PBKDF2_ITERATIONS = 1_000_000;

/** RFC 7292 appendix C: digest-based schemes. Ciphers by key and IV length. */
const PKCS12_SCHEME: Readonly<Record<string, { readonly cipher: 'des-ede3-cbc' | 'rc2'; readonly key: number }>> = {
  '1.2.840.113549.1.12.1.3': { cipher: 'des-ede3-cbc', key: 24 },
  '1.2.840.113549.1.12.1.5': { cipher: 'rc2', key: 16 },
  '1.2.840.113549.1.12.1.6': { cipher: 'rc2', key: 5 },
};

const PBES2_CIPHER: Readonly<Record<string, { readonly name: string; readonly key: number }>> = {
  '2.16.840.1.101.3.4.1.2': { name: 'aes-128-cbc', key: 16 },
  '2.16.840.1.101.3.4.1.22': { name: 'aes-192-cbc', key: 24 },
  '2.16.840.1.101.3.4.1.42': { name: 'aes-256-cbc', key: 32 },
  '1.2.840.113549.3.7': { name: 'des-ede3-cbc', key: 24 },
};

const PRF: Readonly<Record<string, string>> = {
  '1.2.840.113549.2.7': 'sha1',
  '1.2.840.113549.2.8': 'sha224',
  '1.2.840.113549.2.9': 'sha256',
  '1.2.840.113549.2.10': 'sha384',
  '1.2.840.113549.2.11': 'sha512',
};

/** Decrypts what is encrypted with an empty password; undefined where that, or the scheme, is not it. Never throws. */
export async function decryptPbe(algorithm: Der, ciphertext: Uint8Array): Promise<Uint8Array | undefined> {
  const [type, parameters] = sequenceOf(algorithm) ?? [];
  const oid = oidOf(type) ?? '';
  try {
    if (oid === '1.2.840.113549.1.5.13') return pbes2(parameters, ciphertext);
    const scheme = PKCS12_SCHEME[oid];
    const [salt, count] = sequenceOf(parameters) ?? [];
    const iterations = smallInteger(count) ?? 0;
    if (scheme === undefined || salt === undefined || iterations < 1 || iterations > MAX_PKCS12_ITERATIONS) return undefined;
    for (const terminated of [true, false]) {
      const key = pkcs12Key('sha1', terminated, salt.contents, 1, iterations, scheme.key);
      const iv = pkcs12Key('sha1', terminated, salt.contents, 2, iterations, 8);
      const plain = scheme.cipher === 'rc2' ? await rc2(key, iv, ciphertext) : cbc(scheme.cipher, key, iv, ciphertext);
      if (plain?.[0] === TAG.sequence) return plain;
    }
    return undefined;
  } catch {
    return undefined;
  }
}

/** RFC 8018 6.2. */
function pbes2(parameters: Der | undefined, ciphertext: Uint8Array): Uint8Array | undefined {
  const [derivation, encryption] = sequenceOf(parameters) ?? [];
  const [kdf, kdfParameters] = sequenceOf(derivation) ?? [];
  const [cipherOid, iv] = sequenceOf(encryption) ?? [];
  const [salt, count, ...rest] = sequenceOf(kdfParameters) ?? [];
  const cipher = PBES2_CIPHER[oidOf(cipherOid) ?? ''];
  const iterations = smallInteger(count) ?? 0;
  const prfIdentifier = rest.find(({ tag }) => tag === TAG.sequence);
  const prf = prfIdentifier === undefined ? 'sha1' : PRF[oidOf(sequenceOf(prfIdentifier)?.[0]) ?? ''];
  if (oidOf(kdf) !== '1.2.840.113549.1.5.12' || cipher === undefined || prf === undefined || iv === undefined) return undefined;
  if (salt?.tag !== TAG.octetString || iterations < 1 || iterations > MAX_PBKDF2_ITERATIONS) return undefined;
  return cbc(cipher.name, pbkdf2Sync('', salt.contents, iterations, cipher.key, prf), iv.contents, ciphertext);
}

function cbc(name: string, key: Uint8Array, iv: Uint8Array, ciphertext: Uint8Array): Uint8Array | undefined {
  try {
    const cipher = createDecipheriv(name, key, iv);
    return Buffer.concat([cipher.update(ciphertext), cipher.final()]);
  } catch {
    return undefined; // the padding does not come out: another password
  }
}

/**
 * RC2, which OpenSSL 3 has no more and which every store of Java before 9 and OpenSSL before 3 is made with. The library is
 * loaded when one of these comes: it would cost every start 100 ms.
 */
async function rc2(key: Uint8Array, iv: Uint8Array, ciphertext: Uint8Array): Promise<Uint8Array | undefined> {
  const { default: forge } = await import('node-forge');
  const binary = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');
  const cipher = forge.rc2.createDecryptionCipher(binary(key), key.length * 8);
  cipher.start(binary(iv));
  cipher.update(forge.util.createBuffer(binary(ciphertext)));
  return cipher.finish() ? Buffer.from(cipher.output.getBytes(), 'latin1') : undefined;
}

/**
 * RFC 7292 appendix B.2 for an empty password: as a BMPString it still has its two octets of terminator; some writers
 * leave those out too.
 */
export function pkcs12Key(digest: string, terminated: boolean, salt: Uint8Array, id: 1 | 2 | 3, iterations: number, size: number): Buffer {
  const block = /^sha(?:384|512)$/.test(digest) ? 128 : 64;
  const fill = (bytes: Uint8Array): Buffer => {
    const filled = Buffer.alloc(Math.ceil(bytes.length / block) * block);
    for (let at = 0; at < filled.length; at += 1) filled[at] = bytes[at % bytes.length] ?? 0;
    return filled;
  };
  const diversifier = Buffer.alloc(block, id);
  const input = Buffer.concat([fill(salt.subarray(0, 4096)), fill(terminated ? Buffer.alloc(2) : Buffer.alloc(0))]);
  let output = Buffer.alloc(0);
  for (;;) {
    let hash = createHash(digest).update(diversifier).update(input).digest();
    for (let round = 1; round < iterations; round += 1) hash = createHash(digest).update(hash).digest();
    output = Buffer.concat([output, hash]);
    if (output.length >= size) return output.subarray(0, size);
    addToBlocks(input, fill(hash).subarray(0, block), block);
  }
}

/** `I_j = (I_j + B + 1) mod 2^v` for every block. */
function addToBlocks(input: Buffer, addend: Uint8Array, block: number): void {
  for (let start = 0; start < input.length; start += block) {
    let carry = 1;
    for (let at = block - 1; at >= 0; at -= 1) {
      carry += (input[start + at] ?? 0) + (addend[at] ?? 0);
      input[start + at] = carry & 0xff;
      carry >>= 8;
    }
  }
}
