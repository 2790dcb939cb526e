import { posix } from 'node:path';
import type { Certificate } from '../../x509/certificate.ts';
import type { CertificateContents, CertificateGroup, HeldCertificate } from './certificate-contents.ts';

/** A certificate that something presents, with what stands beside it in its file. */
export interface CertificateInUse {
  readonly contents: CertificateContents;
  readonly group: CertificateGroup;
  readonly leaf: HeldCertificate;
  readonly others: readonly HeldCertificate[];
}

/** Names under which trust stores lie: certificates in them are believed, not presented. */
const TRUST_STORE =
  /(?:^|\/)(?:(?:tls-|email-|objsign-)?ca-?bundle|ca-certificates|cacerts?|trust(?:ed)?[-_]?(?:store|anchors?|certs?|roots?)|root-?(?:cas?|certs?)|truststore)[^/]*$/i;
const MANY = 20;

/**
 * Which of the certificates that lie in a tree are in use. Authorities are not, with one exception: `openssl req -x509` makes
 * server certificates that call themselves authorities, so that one with names of hosts, or with its key here and nothing that it
 * issued, is.
 */
export function certificatesInUse(files: readonly CertificateContents[]): readonly CertificateInUse[] {
  const keys = new Set(files.flatMap((file) => [...file.keys]));
  const issuers = new Set<string>();
  for (const { held } of files.flatMap(({ groups }) => groups))
    for (const { certificate } of held) if (certificate.subjectKey !== certificate.issuerKey) issuers.add(certificate.issuerKey);
  const presented = ({ certificate }: HeldCertificate, group: CertificateGroup, store: boolean): boolean => {
    const { ca, names, subjectKey, issuerKey, key, sha256 } = certificate;
    const keyed = group.keyed.has(sha256) || keys.has(key.digest);
    const selfIssued = subjectKey === issuerKey;
    if (group.trustOnly || (store && selfIssued && !keyed)) return false;
    if (!ca) return true;
    return names.dns.length + names.ips.length > 0 || (selfIssued && keyed && !issuers.has(subjectKey));
  };
  const found = files.flatMap((contents) =>
    contents.groups.flatMap((group) => {
      const store = TRUST_STORE.test(contents.path) || group.held.length > MANY;
      const leaves = group.held.filter((one) => presented(one, group, store));
      return leaves.map((leaf) => ({ contents, group, leaf, others: beside(leaf, leaves, group.held) }));
    }),
  );
  return withoutCopies(found);
}

/** What comes with a leaf: the rest of its file; of several leaves in one, what stands between it and the next. */
function beside(leaf: HeldCertificate, leaves: readonly HeldCertificate[], held: readonly HeldCertificate[]): readonly HeldCertificate[] {
  if (leaves.length === 1) return held.filter((one) => one !== leaf);
  const after = held.slice(held.indexOf(leaf) + 1);
  const next = after.findIndex((one) => leaves.includes(one));
  const own = next === -1 ? after : after.slice(0, next);
  return own.length > 0 ? own : held.filter((one) => !leaves.includes(one));
}

/** Tools write cert.pem beside fullchain.pem: of one certificate in one directory, the file with the longest chain counts. */
function withoutCopies(found: readonly CertificateInUse[]): readonly CertificateInUse[] {
  const best = new Map<string, CertificateInUse>();
  for (const one of found) {
    const key = `${posix.dirname(one.contents.path)} ${one.leaf.certificate.sha256}`;
    const before = best.get(key);
    if (before === undefined || one.others.length > before.others.length) best.set(key, one);
  }
  return [...best.values()];
}

/** Finds what stands above a certificate in other files. */
export class AuthoritiesOfTree {
  readonly #bySubject: ReadonlyMap<string, readonly HeldCertificate[]>;

  constructor(files: readonly CertificateContents[]) {
    const authorities = files.flatMap(({ groups }) => groups.flatMap(({ held }) => held.filter(({ certificate }) => certificate.ca)));
    this.#bySubject = Map.groupBy(authorities, ({ certificate }) => certificate.subjectKey);
  }

  /** By names only, and not more than a path search would look at. */
  above(leaf: Certificate): readonly HeldCertificate[] {
    const found = new Map<string, HeldCertificate>();
    const names = [leaf.issuerKey];
    const seen = new Set<string>();
    for (let name = names.pop(); name !== undefined && found.size < 64; name = names.pop()) {
      if (seen.has(name)) continue;
      seen.add(name);
      for (const one of this.#bySubject.get(name) ?? []) {
        found.set(one.certificate.sha256, one);
        names.push(one.certificate.issuerKey);
      }
    }
    return [...found.values()];
  }
}
