import { posix } from 'node:path';
import { absent, known, unknown, type Fact, type Origin } from '../../model/fact.ts';
import { certificate as certificateKind } from '../../resources/certificate.ts';
import { anchorsFrom } from '../../x509/mozilla-roots.ts';
import { certificateKey, certificateResource } from '../certificate-facts.ts';
import { contentsOf, type CertificateContents } from './certificate-contents.ts';
import { AuthoritiesOfTree, certificatesInUse, type CertificateInUse } from './certificates-in-use.ts';
import type { FileFormat, FormatContext, FormatGap, FormatReading } from './format.ts';

const NAMED = /\.(?:pem|crt|cer|cert|der|key|p12|pfx|jks|jceks|keystore|truststore|p7b|p7c)$|(?:^|\/)cacerts$/i;

/** Certificates, keys and their stores: PEM, DER, PKCS#7, PKCS#12, JKS and JCEKS, told apart by content. */
export const certificatesFormat: FileFormat = {
  name: 'certificates',
  kinds: [certificateKind.name],
  recognises: (path) => NAMED.test(path),
  sniffs: (text) => /^-----BEGIN (?:(?:X509 |TRUSTED )?CERTIFICATE|[A-Z ]{0,24}PRIVATE KEY|PKCS7)-----/m.test(text),
  read,
};

async function read(paths: readonly string[], context: FormatContext): Promise<FormatReading> {
  const gaps: FormatGap[] = [];
  const files: CertificateContents[] = [];
  /** Directories with a file that could not be read: a key may be in it. */
  const closed = new Map<string, string>();
  for (const path of paths) {
    const file = await context.openBytes(path);
    if (file === 'not-there') continue;
    if ('state' in file) {
      gaps.push({ why: file });
      closed.set(posix.dirname(path), path);
      continue;
    }
    const contents = await contentsOf(path, file);
    if (contents.sealed) closed.set(posix.dirname(path), path);
    for (const why of contents.gaps) gaps.push({ why });
    files.push(contents);
  }
  const authorities = new AuthoritiesOfTree(files);
  const keyFiles = new Map<string, CertificateContents[]>();
  for (const file of files) for (const digest of file.keys) keyFiles.set(digest, [...(keyFiles.get(digest) ?? []), file]);
  const anchors = anchorsFrom(context.roots);
  const resources = certificatesInUse(files).map((one) => {
    const { certificate: leaf, origin } = one.leaf;
    const beside = authorities.above(leaf);
    const places = new Map([...beside, ...one.others].map((held) => [held.certificate.sha256, held.origin]));
    return certificateResource({
      leaf,
      others: one.others.map(({ certificate }) => certificate),
      beside: beside.map(({ certificate }) => certificate),
      anchors,
      live: false,
      origin,
      originOf: ({ sha256 }) => places.get(sha256),
      id: certificateKey(one.contents.path, leaf),
      target: context.target.id,
      at: context.now,
      keyFileMode: keyFileMode(one, keyFiles, closed, origin),
    });
  });
  return { resources, gaps };
}

/** The mode of the file with the certificate's key; of several, the one that lets most people in. */
function keyFileMode(
  { contents, group, leaf: { certificate } }: CertificateInUse,
  keyFiles: ReadonlyMap<string, readonly CertificateContents[]>,
  closed: ReadonlyMap<string, string>,
  origin: Origin,
): Fact<string> {
  const files = [...(keyFiles.get(certificate.key.digest) ?? []), ...(group.keyed.has(certificate.sha256) ? [contents] : [])];
  const [worst] = files.map(({ mode }) => mode).toSorted((a, b) => openness(b) - openness(a));
  if (worst !== undefined) return known(worst.toString(8).padStart(4, '0'), origin);
  const shut = closed.get(posix.dirname(contents.path));
  return shut === undefined ? absent(origin) : unknown('access-denied', `${shut}: whose key it holds`, origin);
}

/** How many of the rights that nobody but the owner needs are given: others' first, then the group's to write. */
function openness(mode: number): number {
  return (mode & 0o007) * 8 + (mode & 0o030);
}
