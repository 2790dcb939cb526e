import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { childrenOf, oidOf, readWholeDer, sequenceOf, smallInteger, TAG, type Der, hex } from './der.ts';
import type { KeyStore } from './key-store.ts';
import { decryptPbe, pkcs12Key } from './password-encryption.ts';
import { digestName } from './signature-algorithm.ts';

const OID = {
  data: '1.2.840.113549.1.7.1',
  encryptedData: '1.2.840.113549.1.7.6',
  x509Certificate: '1.2.840.113549.1.9.22.1',
  localKeyId: '1.2.840.113549.1.9.21',
  keyBag: '1.2.840.113549.1.12.10.1.1',
  shroudedKeyBag: '1.2.840.113549.1.12.10.1.2',
  certBag: '1.2.840.113549.1.12.10.1.3',
} as const;

/** MAC iterations beyond this are not computed: the count is the file's to choose. */
const MAX_MAC_ITERATIONS = 200_000;
/** Keys that are tried in a file without a MAC. */
const MAX_TRIED = 8;

interface Bag {
  readonly type: string;
  readonly value: Der | undefined;
  readonly localKeyId: string | undefined;
}

/**
 * A PKCS#12 file (RFC 7292) as it opens with an empty password, or with none: `locked` where it needs one, undefined where
 * it is no such file. Keys are not read; whether they could be is what counts.
 */
export async function readPkcs12(der: Uint8Array): Promise<KeyStore | 'locked' | undefined> {
  const [version, authSafe, macData] = sequenceOf(readWholeDer(der)) ?? [];
  const [type, content] = sequenceOf(authSafe) ?? [];
  if (version?.tag !== TAG.integer || smallInteger(version) !== 3 || oidOf(type) !== OID.data) return undefined;
  const octets = childrenOf(content)?.[0];
  const safes = octets?.tag === TAG.octetString ? sequenceOf(readWholeDer(octets.contents)) : undefined;
  if (octets === undefined || safes === undefined) return undefined;
  const opens = macData === undefined ? undefined : emptyPasswordOpens(macData, octets.contents);
  const bags: Bag[] = [];
  let locked = false;
  for (const safe of safes) {
    const contents = await safeContents(safe, opens !== false);
    if (contents === 'locked') locked = true;
    else if (contents === undefined) return undefined;
    else bags.push(...contents);
  }
  if (locked && bags.every(({ type: kind }) => kind !== OID.certBag)) return 'locked';
  const keys = bags.filter(({ type: kind }) => kind === OID.keyBag || kind === OID.shroudedKeyBag);
  let keysInClear = 0;
  for (const [index, { type: kind, value }] of keys.entries())
    if (kind === OID.keyBag || opens === true || (opens === undefined && index < MAX_TRIED && (await keyOpens(value)))) keysInClear += 1;
  const keyIds = new Set(keys.flatMap(({ localKeyId }) => localKeyId ?? []));
  const certificates = bags.filter(({ type: kind }) => kind === OID.certBag).map((bag) => ({ ...bag, der: certificateIn(bag.value) }));
  const named = certificates.flatMap(({ localKeyId }, index) => (localKeyId !== undefined && keyIds.has(localKeyId) ? [index] : []));
  return {
    chains: [
      {
        certificates: certificates.map((bag) => bag.der ?? new Uint8Array()),
        // Some writers leave localKeyId out: then a key is somebody's here.
        withKey: named.length > 0 || keys.length === 0 ? named : [...certificates.keys()],
      },
    ],
    keysInClear,
    verified: opens === true,
    unread: locked ? 'an encrypted part' : undefined,
  };
}

/** Without a MAC only trying tells: does the empty password open this EncryptedPrivateKeyInfo? What comes out is not kept. */
async function keyOpens(bag: Der | undefined): Promise<boolean> {
  const [algorithm, ciphertext] = sequenceOf(bag) ?? [];
  if (algorithm === undefined || ciphertext?.tag !== TAG.octetString) return false;
  const plain = await decryptPbe(algorithm, ciphertext.contents);
  return plain !== undefined && sequenceOf(readWholeDer(plain)) !== undefined;
}

/** Bags of one ContentInfo. `locked`: encrypted, and the empty password does not open it. */
async function safeContents(safe: Der, mayOpen: boolean): Promise<readonly Bag[] | 'locked' | undefined> {
  const [type, wrapper] = sequenceOf(safe) ?? [];
  const [inner] = childrenOf(wrapper) ?? [];
  let plain: Uint8Array | undefined;
  if (oidOf(type) === OID.data && inner?.tag === TAG.octetString) plain = inner.contents;
  else if (oidOf(type) === OID.encryptedData) {
    const [, algorithm, encrypted] = sequenceOf(sequenceOf(inner)?.[1]) ?? [];
    if (!mayOpen || algorithm === undefined || encrypted === undefined) return 'locked';
    plain = await decryptPbe(
      algorithm,
      encrypted.tag === 0x80 ? encrypted.contents : (childrenOf(encrypted)?.[0]?.contents ?? new Uint8Array()),
    );
  } else return 'locked'; // enveloped for a key that we do not have
  const bags = plain === undefined ? undefined : sequenceOf(readWholeDer(plain));
  if (bags === undefined) return oidOf(type) === OID.data ? undefined : 'locked';
  return bags.map((bag) => {
    const [kind, value, attributes] = sequenceOf(bag) ?? [];
    return { type: oidOf(kind) ?? '', value: childrenOf(value)?.[0], localKeyId: localKeyIdIn(attributes) };
  });
}

function localKeyIdIn(attributes: Der | undefined): string | undefined {
  for (const attribute of childrenOf(attributes) ?? []) {
    const [type, values] = sequenceOf(attribute) ?? [];
    const [value] = childrenOf(values) ?? [];
    if (oidOf(type) === OID.localKeyId && value !== undefined) return hex(value.contents);
  }
  return undefined;
}

/** CertBag → [0] OCTET STRING. */
function certificateIn(bag: Der | undefined): Uint8Array | undefined {
  const [type, wrapper] = sequenceOf(bag) ?? [];
  const octets = childrenOf(wrapper)?.[0];
  return oidOf(type) === OID.x509Certificate && octets?.tag === TAG.octetString ? octets.contents : undefined;
}

/** Does the MAC come out with an empty password? Undefined where it is of a kind that is not computed here. */
function emptyPasswordOpens(macData: Der, content: Uint8Array): boolean | undefined {
  const [info, salt, count] = sequenceOf(macData) ?? [];
  const [algorithm, expected] = sequenceOf(info) ?? [];
  const iterations = count === undefined ? 1 : smallInteger(count);
  const digest = digestName(algorithm)?.toLowerCase();
  if (digest === undefined || salt === undefined || expected === undefined || iterations === undefined) return undefined;
  if (iterations < 1 || iterations > MAX_MAC_ITERATIONS || !/^(?:sha\d+|md5|sm3)$/.test(digest)) return undefined;
  const size = createHash(digest).digest().length;
  return ['terminated', 'none'].some((password) => {
    const key = pkcs12Key(digest, password === 'terminated', salt.contents, 3, iterations, size);
    const mac = createHmac(digest, key).update(content).digest();
    return mac.length === expected.contents.length && timingSafeEqual(mac, expected.contents);
  });
}
