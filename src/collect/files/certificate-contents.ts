import { derived, unknown, type Origin, type Unknown } from '../../model/fact.ts';
import { pemBlocks, type PemBlock } from '../../text/pem.ts';
import { parseCertificate, type Certificate } from '../../x509/certificate.ts';
import { readDer } from '../../x509/der.ts';
import { isJavaKeyStore, readJavaKeyStore } from '../../x509/java-key-store.ts';
import type { KeyStore } from '../../x509/key-store.ts';
import { readPkcs12 } from '../../x509/pkcs12.ts';
import { pkcs7Certificates } from '../../x509/pkcs7.ts';
import { publicDigestOf, publicDigestOfDer } from '../../x509/private-key.ts';
import type { OpenedFile } from './format.ts';

/** A certificate and where it stands. */
export interface HeldCertificate {
  readonly certificate: Certificate;
  readonly origin: Origin;
}

/** Certificates that belong together, in their order. */
export interface CertificateGroup {
  readonly held: readonly HeldCertificate[];
  /** Digests of certificates whose key is in the same store, beyond those that `keys` tells. */
  readonly keyed: ReadonlySet<string>;
  /** A key store's entry without a key: something that is trusted, not something that is in use. */
  readonly trustOnly: boolean;
}

/** What a file of certificates and keys holds. */
export interface CertificateContents {
  readonly path: string;
  readonly mode: number;
  readonly groups: readonly CertificateGroup[];
  /** Private keys in the clear, by the digest of their public key. */
  readonly keys: ReadonlySet<string>;
  /** It holds a key of which nobody can tell here whose it is: encrypted, or of a strange kind. */
  readonly sealed: boolean;
  readonly gaps: readonly Unknown[];
}

/** More elements than this are not looked for in one DER file. */
const MAX_CONCATENATED = 1000;

/** Tells by content, not by name, what lies in a file. Marks private keys in the clear as secrets. */
export async function contentsOf(path: string, file: OpenedFile): Promise<CertificateContents> {
  const { source, bytes, mode } = file;
  const whole = source.origin(0, 0);
  const made = { path, mode, groups: [], keys: new Set<string>(), sealed: false, gaps: [] };
  if (source.text.includes('-----BEGIN ')) return { ...made, ...fromPem(file) };
  if (isJavaKeyStore(bytes)) return { ...made, ...fromStore(path, readJavaKeyStore(bytes), file, 'Java key store') };
  const pkcs12 = await readPkcs12(bytes);
  if (pkcs12 !== undefined) return { ...made, ...fromStore(path, pkcs12, file, 'PKCS#12') };
  const bundle = pkcs7Certificates(bytes);
  if (bundle !== undefined) return { ...made, ...fromBundle(bundle, whole, path) };
  const certificates = concatenated(bytes);
  if (certificates !== undefined) return { ...made, groups: [group(certificates.map((certificate) => ({ certificate, origin: whole })))] };
  const key = bytes[0] === 0x30 ? publicDigestOfDer(bytes) : undefined;
  if (key !== undefined) {
    source.markSecret(0, Math.max(1, source.text.length), 'private key');
    return { ...made, keys: new Set([key]) };
  }
  // A note in the file's place (Debian's /etc/postgresql-common/root.crt), or settings of the same name (/etc/default/cacerts).
  if (isProse(source.text)) return made;
  // Files called .key hold many things; all the other names announce what we read.
  return /\.key$/i.test(path) ? made : { ...made, gaps: [unknown('unparseable', `${path}: no certificate, key or bundle`, whole)] };
}

/** Words with spaces between them, and nothing that may have been an armour: no certificate was ever meant to be in there. */
function isProse(text: string): boolean {
  return /^[ \t]*(?:#[ \t]*)?[A-Za-z][\w'’,.-]*(?: [\w'’,.-]+){2}/m.test(text) && !/BEGIN|CERTIFICATE|PRIVATE KEY/.test(text);
}

type Found = Omit<CertificateContents, 'path' | 'mode'>;

function group(held: readonly HeldCertificate[], keyed: ReadonlySet<string> = new Set(), trustOnly = false): CertificateGroup {
  return { held, keyed, trustOnly };
}

function fromPem({ source }: OpenedFile): Found {
  const held: HeldCertificate[] = [];
  const keys = new Set<string>();
  const gaps: Unknown[] = [];
  let sealed = false;
  // All secrets are marked before the first range is made: an excerpt shows the lines beside its own.
  for (const block of pemBlocks(source)) {
    const origin = source.origin(block.start, block.startEnd);
    const { label, bytes } = block;
    if (label.endsWith('PRIVATE KEY')) {
      const digest = block.encrypted || bytes === undefined ? undefined : publicDigestOf(bytes, label);
      if (digest === undefined) sealed = true;
      else keys.add(digest);
    } else if (/^(?:X509 |TRUSTED )?CERTIFICATE$/.test(label)) {
      const certificate = certificateOf(block);
      if (certificate === undefined) gaps.push(unknown('unparseable', `${source.file}: ${label}`, origin));
      else held.push({ certificate, origin });
    } else if (label === 'PKCS7' || label === 'CMS') {
      const bundle = bytes === undefined ? undefined : pkcs7Certificates(bytes);
      if (bundle === undefined) gaps.push(unknown('unparseable', `${source.file}: ${label}`, origin));
      else {
        const found = fromBundle(bundle, origin, source.file);
        held.push(...found.groups.flatMap((one) => one.held));
        gaps.push(...found.gaps);
      }
    }
  }
  return { groups: held.length === 0 ? [] : [group(held)], keys, sealed, gaps };
}

/** OpenSSL's TRUSTED CERTIFICATE has its own data behind the certificate. */
function certificateOf({ label, bytes }: PemBlock): Certificate | undefined {
  if (bytes === undefined) return undefined;
  const der = label.startsWith('TRUSTED') ? readDer(bytes)?.raw : bytes;
  return der === undefined ? undefined : parseCertificate(der);
}

function fromBundle(bundle: readonly Uint8Array[], origin: Origin, path: string): Found {
  const certificates = bundle.map(parseCertificate);
  const held = certificates.flatMap((certificate) => (certificate === undefined ? [] : [{ certificate, origin }]));
  const broken = certificates.length - held.length;
  const gaps = broken === 0 ? [] : [unknown('unparseable', `${path}: ${broken} of its certificates`, origin)];
  return { groups: [group(held)], keys: new Set(), sealed: false, gaps };
}

function fromStore(path: string, store: KeyStore | 'locked' | undefined, { source }: OpenedFile, kind: string): Found {
  const whole = source.origin(0, 0);
  const nothing = { groups: [], keys: new Set<string>(), sealed: true };
  if (store === undefined) return { ...nothing, gaps: [unknown('unparseable', `${path}: ${kind}`, whole)] };
  if (store === 'locked') return { ...nothing, gaps: [unknown('access-denied', `${path}: ${kind} with a password`, whole)] };
  if (store.keysInClear > 0) source.markSecret(0, Math.max(1, source.text.length), 'private key without a password');
  const origin = store.verified ? whole : derived(`${kind}: its integrity was not checked`, whole);
  const gaps: Unknown[] = store.unread === undefined ? [] : [unknown('unsupported', `${path}: ${store.unread}`, whole)];
  const groups = store.chains.map(({ certificates, withKey }) => {
    const parsed = certificates.map(parseCertificate);
    const broken = parsed.filter((one) => one === undefined).length;
    if (broken > 0) gaps.push(unknown('unparseable', `${path}: ${broken} of its certificates`, whole));
    const keyed = new Set(withKey.flatMap((index) => parsed[index]?.sha256 ?? []));
    return group(
      parsed.flatMap((certificate) => (certificate === undefined ? [] : [{ certificate, origin }])),
      keyed,
      // In a part that is locked the keys may lie.
      withKey.length === 0 && store.unread === undefined,
    );
  });
  return { groups, keys: new Set(), sealed: true, gaps };
}

/** Certificates in DER, one or several behind each other; undefined where anything else is among them. */
function concatenated(bytes: Uint8Array): readonly Certificate[] | undefined {
  const certificates: Certificate[] = [];
  for (let at = 0; at < bytes.length;) {
    const der = certificates.length < MAX_CONCATENATED ? readDer(bytes, at)?.raw : undefined;
    const certificate = der === undefined ? undefined : parseCertificate(der);
    if (der === undefined || certificate === undefined) return undefined;
    certificates.push(certificate);
    at += der.length;
  }
  return certificates.length === 0 ? undefined : certificates;
}
