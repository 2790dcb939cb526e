import { absent, derived, known, unknown, type Fact, type FactRecord, type Origin, type TargetId, type Unknown } from '../model/fact.ts';
import type { Resource } from '../model/resource.ts';
import { certificate as certificateKind } from '../resources/certificate.ts';
import type { KindFacts } from '../resources/kind.ts';
import { isSm2Encryption, type Certificate } from '../x509/certificate.ts';
import type { ExtensionField } from '../x509/extensions.ts';
import type { Anchors } from '../x509/mozilla-roots.ts';
import { matchesHost } from '../x509/name-match.ts';
import { readOcsp, type OcspAnswer } from '../x509/ocsp.ts';
import { buildPath, type Path } from '../x509/path.ts';
import { selfSigned } from '../x509/verify-signature.ts';

type Facts = KindFacts<typeof certificateKind>;
type Links = Extract<Facts['chain'], { state: 'known' }>['value'];

/** One end-entity certificate as it was found, and what is needed to judge it. */
export interface CertificateSighting {
  readonly leaf: Certificate;
  /** What came with it: sent after it, or standing in the same file. */
  readonly others: readonly Certificate[];
  /** Something came with it that could not be read: it may be what is missing above it, or stand in the wrong place. */
  readonly unread?: Unknown;
  /** What did not come with it and may still stand above it: other files of the tree. */
  readonly beside?: readonly Certificate[];
  readonly anchors: Anchors;
  /** The name that clients ask for. */
  readonly host?: string;
  /** The stapled OCSP response, DER. */
  readonly staple?: Uint8Array;
  /** Signed certificate timestamps of the handshake itself. */
  readonly sctsInHandshake?: number;
  /** A server sent it, as against: it lies in a file. */
  readonly live: boolean;
  readonly origin: Origin;
  /** Where the certificates above it were seen; the leaf's own place where that is not given. */
  readonly originOf?: (certificate: Certificate) => Origin | undefined;
  readonly id: string;
  readonly target: TargetId;
  /** When it was looked at, ISO 8601. */
  readonly at: string;
  /** Permission bits of its key's file (`0640`); without it, no key lies beside the certificate. */
  readonly keyFileMode?: Fact<string>;
}

/** The `certificate` resource: every attribute that is collected by default. `revocation` belongs to the probe class `online`. */
export function certificateResource(sighting: CertificateSighting): Resource {
  const { leaf, others, anchors, live, origin, id, target, at } = sighting;
  const path = buildPath(leaf, others, anchors, { at, ...(sighting.beside === undefined ? {} : { beside: sighting.beside }) });
  const itself = selfSigned(leaf);
  const staple = stapleOf(sighting, path);
  const facts: Facts = {
    ...keyFacts(leaf, origin),
    subject: known(leaf.subject, origin),
    issuer: known(leaf.issuer, origin),
    serial: known(leaf.serial, origin),
    sha256: known(leaf.sha256, origin),
    names: written(leaf, 'names', origin) ?? namesFact(leaf, origin),
    not_before: known(leaf.notBefore, origin),
    not_after: known(leaf.notAfter, origin),
    lifetime_days: known(lifetimeDays(leaf), derived('CA/B Baseline Requirements 6.3.2', origin)),
    self_signed: itself === 'unsupported' ? unknown('unsupported', leaf.signature.oid, origin) : known(itself === 'yes', origin),
    authority: written(leaf, 'ca', origin) ?? known(leaf.ca, origin),
    key_usage: written(leaf, 'keyUsage', origin) ?? optionalList(leaf.keyUsage, origin),
    extended_key_usage: written(leaf, 'extendedKeyUsage', origin) ?? optionalList(leaf.extendedKeyUsage, origin),
    must_staple: written(leaf, 'mustStaple', origin) ?? known(leaf.mustStaple, origin),
    scts: written(leaf, 'scts', origin) ?? known(leaf.scts + (sighting.sctsInHandshake ?? 0) + (staple?.scts ?? 0), origin),
    host_matches:
      sighting.host === undefined
        ? absent(origin)
        : (written(leaf, 'names', origin) ?? known(matchesHost(sighting.host, leaf.names), derived(`RFC 9525: ${sighting.host}`, origin))),
    ...pathFacts(sighting, path, itself === 'yes'),
    staple: stapleFact(sighting, staple),
    key_file_mode: sighting.keyFileMode ?? absent(origin),
    live: known(live, origin),
  };
  const record: FactRecord = facts;
  return { kind: certificateKind.name, id, target, stance: live ? 'live' : 'declared', facts: record };
}

/** The natural key of a certificate within its place; the two of a TLCP pair have one subject and differ in what their keys are for. */
export function certificateKey(place: string, leaf: Certificate): string {
  const name = leaf.subject === '' ? (leaf.names.dns[0] ?? leaf.names.ips[0] ?? leaf.serial) : leaf.subject;
  return `${place} ${name}${isSm2Encryption(leaf) ? ' (encryption)' : ''}`;
}

/** An extension that is there and cannot be read says nothing, which is not the same as that it is not there. */
function written(leaf: Certificate, field: ExtensionField, origin: Origin): Unknown | undefined {
  return leaf.malformed.has(field) ? unknown('unparseable', `${leaf.subject}: ${field}`, origin) : undefined;
}

/** Each name carries its place: of a certificate with thousands only so many are kept, and the list says that there are more. */
const MAX_NAMES = 500;

function namesFact({ names: { dns, ips } }: Certificate, origin: Origin): Facts['names'] {
  const names = [...dns, ...ips];
  const more = names.length > MAX_NAMES ? [unknown('unsupported', `${names.length - MAX_NAMES} more names`, origin)] : [];
  return known(
    names.slice(0, MAX_NAMES).map((name) => known(name, origin)),
    origin,
    more,
  );
}

function optionalList(list: readonly string[] | undefined, origin: Origin): Facts['key_usage'] {
  return list === undefined
    ? absent(origin)
    : known(
        list.map((one) => known(one, origin)),
        origin,
      );
}

/** Both ends counted (CA/B Baseline Requirements 6.3.2). */
export function lifetimeDays({ notBefore, notAfter }: Certificate): number {
  return (Date.parse(notAfter) - Date.parse(notBefore) + 1000) / 86_400_000;
}

function keyFacts({ key, signature }: Certificate, origin: Origin): Pick<Facts, 'key_kind' | 'key_bits' | 'curve' | 'signature_hash'> {
  return {
    key_kind: known(key.kind, origin),
    key_bits: key.bits === undefined ? unknown('unsupported', `size of a key ${key.curve ?? key.kind}`, origin) : known(key.bits, origin),
    curve:
      key.curve !== undefined
        ? known(key.curve, origin)
        : key.kind === 'EC'
          ? unknown('unsupported', 'a curve that is written out, not named', origin)
          : absent(origin),
    signature_hash: signature.hash === undefined ? unknown('unsupported', signature.oid, origin) : known(signature.hash, origin),
  };
}

type PathFacts = Pick<Facts, 'trusted' | 'public_authority' | 'chain' | 'chain_complete' | 'chain_ordered' | 'chain_surplus'>;

/** What the path says, and does not: a file shows less than a server does, since more may be sent than stands in it. */
function pathFacts(sighting: CertificateSighting, path: Path, itself: boolean): PathFacts {
  const { origin, others, live, anchors, unread } = sighting;
  const settled = path.ends === 'anchor' || path.ends === 'self-signed';
  const problem = path.problem ?? '';
  const missing = unknown(path.ends === 'unclear' ? 'unsupported' : 'not-collected', problem, origin);
  const links = path.path.map((one, index) => link(one, settled && index === path.path.length - 1, sighting.originOf?.(one) ?? origin));
  const complete = path.complete;
  return {
    trusted: unlessMissed(trustedFact(sighting, path, itself, missing), unread),
    public_authority:
      path.trusted === 'mozilla'
        ? known(true, derived(`path to ${path.path.at(-1)?.subject ?? 'a root'}`, origin))
        : itself || path.notPublic
          ? known(false, derived('no path to a root of the Mozilla store', origin))
          : path.problem === undefined || !anchors.stores.has('mozilla')
            ? unknown('not-collected', 'whether a public authority stands above it', origin)
            : missing,
    chain: known<Links>(links, derived('path above the certificate', origin), settled ? [] : [missing]),
    chain_complete:
      complete === undefined || (!complete && !live && others.length === 0)
        ? { ...missing, detail: problem || 'what is sent with it' }
        : unlessMissed(known(complete, origin), unread),
    chain_ordered: unread ?? known(path.ordered, origin),
    chain_surplus: unread ?? (path.surplus === undefined ? missing : known(path.surplus, origin)),
  };
}

/** That something lacks is not known while there is something unread. */
function unlessMissed(fact: Fact<boolean>, unread: Unknown | undefined): Fact<boolean> {
  return fact.state === 'known' && !fact.value ? (unread ?? fact) : fact;
}

function trustedFact({ live, origin, anchors }: CertificateSighting, path: Path, itself: boolean, missing: Unknown): Fact<boolean> {
  if (path.trusted === 'mozilla' || path.trusted === 'given')
    return known(true, derived(`path to ${path.path.at(-1)?.subject ?? 'itself, which was given'}`, origin));
  if (path.trusted === 'unclear') return missing;
  const seen = known(false, derived(path.problem ?? 'no path to a trusted root', origin));
  if (itself) return seen;
  if (anchors.stores.size === 0) return unknown('not-collected', 'trusted roots', origin);
  // A server is asked what it has; a file may lack what stands in another, and its readers may trust roots that nobody named here.
  return live || (path.ends === 'self-signed' && anchors.stores.has('given')) ? seen : missing;
}

function link(one: Certificate, root: boolean, origin: Origin): Links[number] {
  const { key_kind, key_bits, signature_hash } = keyFacts(one, origin);
  return known(
    {
      subject: known(one.subject, origin),
      issuer: known(one.issuer, origin),
      not_after: known(one.notAfter, origin),
      key_kind,
      key_bits,
      signature_hash,
      root: known(root, origin),
    },
    origin,
  );
}

/** The stapled answer, verified by the leaf's issuer; undefined where none was sent or nobody knows the issuer. */
function stapleOf({ staple, leaf, others, at }: CertificateSighting, { path }: Path): OcspAnswer | undefined {
  const issuer = path[0] ?? others.find(({ subjectKey }) => subjectKey === leaf.issuerKey);
  return staple === undefined || issuer === undefined ? undefined : readOcsp(staple, leaf, issuer, at);
}

function stapleFact({ staple, origin, leaf, live }: CertificateSighting, answer: OcspAnswer | undefined): Facts['staple'] {
  if (!live) return unknown('not-collected', 'a file does not show what is stapled', origin);
  if (staple === undefined) return absent(origin);
  if (answer === undefined) return unknown('unresolved', `no issuer: ${leaf.issuer}`, origin);
  const { status, problem } = answer;
  if (status === 'unsupported') return unknown('unsupported', problem ?? '', origin);
  return known(status, problem === undefined ? origin : derived(problem, origin));
}
