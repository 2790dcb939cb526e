import type { KeyStore, StoredChain } from './key-store.ts';

const JKS = 0xfeedfeed;
const JCEKS = 0xcececece;
const MAX_ENTRIES = 10_000;

/** Reads from a file front to back, and knows when it has run off the end. */
class Reader {
  readonly #bytes: DataView;
  #at = 0;
  broken = false;

  constructor(bytes: Uint8Array) {
    this.#bytes = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  take(length: number): Uint8Array {
    if (this.broken || length < 0 || this.#at + length > this.#bytes.byteLength) {
      this.broken = true;
      return new Uint8Array();
    }
    this.#at += length;
    return new Uint8Array(this.#bytes.buffer, this.#bytes.byteOffset + this.#at - length, length);
  }

  number(width: 2 | 4): number {
    return this.take(width).reduce((sum, octet) => sum * 256 + octet, 0);
  }

  text(): string {
    return Buffer.from(this.take(this.number(2))).toString('latin1');
  }
}

/** Is it a Java key store by its first bytes? */
export function isJavaKeyStore(bytes: Uint8Array): boolean {
  return [JKS, JCEKS].includes(new Reader(bytes).number(4));
}

/**
 * The certificates of a JKS or JCEKS file (the layout of sun.security.provider.JavaKeyStore). They are not encrypted; private
 * keys are, and the digest at the end is keyed with the password, so that integrity cannot be checked here.
 */
export function readJavaKeyStore(bytes: Uint8Array): KeyStore | undefined {
  const reader = new Reader(bytes);
  const magic = reader.number(4);
  const version = reader.number(4);
  const count = reader.number(4);
  if (![JKS, JCEKS].includes(magic) || ![1, 2].includes(version) || reader.broken) return undefined;
  const chains: StoredChain[] = [];
  let unread = count > MAX_ENTRIES ? `more than ${MAX_ENTRIES} entries` : undefined;
  const certificate = (): Uint8Array => {
    const type = version === 2 ? reader.text() : 'X.509';
    const der = reader.take(reader.number(4));
    if (type !== 'X.509') unread ??= 'a certificate that is not X.509';
    return type === 'X.509' ? der : new Uint8Array();
  };
  for (let index = 0; index < Math.min(count, MAX_ENTRIES) && !reader.broken; index += 1) {
    const tag = reader.number(4);
    reader.text(); // alias
    reader.take(8); // date
    if (tag === 1) {
      reader.take(reader.number(4)); // the encrypted key
      const length = reader.number(4);
      const certificates: Uint8Array[] = [];
      for (let link = 0; link < length && !reader.broken; link += 1) certificates.push(certificate());
      if (!reader.broken) chains.push({ certificates, withKey: certificates.length === 0 ? [] : [0] });
    } else if (tag === 2) {
      const der = certificate();
      if (!reader.broken) chains.push({ certificates: [der], withKey: [] });
    } else {
      // A secret key is a serialized Java object, whose end only Java finds.
      unread ??= 'entries behind a secret key';
      break;
    }
  }
  if (reader.broken) unread ??= 'it ends too soon';
  return { chains, keysInClear: 0, verified: false, unread };
}
