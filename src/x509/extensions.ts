import { booleanOf, childrenOf, namedBits, oidOf, readWholeDer, sequenceOf, smallInteger, TAG, type Der, hex } from './der.ts';
import { generalNames, urisIn, type GeneralNames } from './general-name.ts';
import { nameConstraints, type NameConstraints } from './name-constraints.ts';

/** What the extensions of a certificate say (RFC 5280 4.2). */
export interface Extensions {
  readonly names: GeneralNames;
  readonly ca: boolean;
  readonly pathLength: number | undefined;
  /** Undefined where the extension is not there. */
  readonly keyUsage: readonly string[] | undefined;
  readonly extendedKeyUsage: readonly string[] | undefined;
  readonly mustStaple: boolean;
  /** Signed certificate timestamps that are embedded. */
  readonly scts: number;
  readonly ocspUrls: readonly string[];
  readonly issuerUrls: readonly string[];
  readonly crlUrls: readonly string[];
  readonly nameConstraints: NameConstraints | undefined;
  readonly subjectKeyId: string | undefined;
  readonly authorityKeyId: string | undefined;
  /** Critical extensions that are not understood here: RFC 5280 4.2 forbids to rely on such a certificate. */
  readonly unknownCritical: readonly string[];
  /** Extensions that are there and could not be read, by the field above that they would have filled. */
  readonly malformed: ReadonlySet<ExtensionField>;
}

export type ExtensionField = Exclude<keyof Extensions, 'malformed'>;

const NONE: GeneralNames = { dns: [], ips: [], uris: [], kinds: new Set() };

const KEY_USAGE = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
];

const PURPOSE: Readonly<Record<string, string>> = {
  '2.5.29.37.0': 'anyExtendedKeyUsage',
  '1.3.6.1.5.5.7.3.1': 'serverAuth',
  '1.3.6.1.5.5.7.3.2': 'clientAuth',
  '1.3.6.1.5.5.7.3.3': 'codeSigning',
  '1.3.6.1.5.5.7.3.4': 'emailProtection',
  '1.3.6.1.5.5.7.3.8': 'timeStamping',
  '1.3.6.1.5.5.7.3.9': 'OCSPSigning',
};

const FIELD: Readonly<Record<string, ExtensionField>> = {
  '2.5.29.17': 'names',
  '2.5.29.19': 'ca',
  '2.5.29.15': 'keyUsage',
  '2.5.29.37': 'extendedKeyUsage',
  '1.3.6.1.5.5.7.1.24': 'mustStaple',
  '1.3.6.1.4.1.11129.2.4.2': 'scts',
  '1.3.6.1.5.5.7.1.1': 'ocspUrls',
  '2.5.29.31': 'crlUrls',
  '2.5.29.30': 'nameConstraints',
  '2.5.29.14': 'subjectKeyId',
  '2.5.29.35': 'authorityKeyId',
};

/** Policies: no policy is asked for here, so that any set of them will do (RFC 5280 6.1.1 (c)). */
const WITHOUT_EFFECT: ReadonlySet<string> = new Set(['2.5.29.32', '2.5.29.33', '2.5.29.36', '2.5.29.54', '2.5.29.9']);

/** Reads the `[3] EXPLICIT Extensions` of a TBSCertificate; undefined where the list itself is broken. */
export function extensionsOf(wrapper: Der | undefined): Extensions | undefined {
  const list = wrapper === undefined ? [] : sequenceOf(childrenOf(wrapper)?.[0]);
  if (list === undefined) return undefined;
  const found = new Map<ExtensionField, Der | undefined>();
  const malformed = new Set<ExtensionField>();
  const unknownCritical: string[] = [];
  for (const extension of list) {
    const parts = sequenceOf(extension);
    const oid = oidOf(parts?.[0]);
    const second = parts?.[1];
    const critical = second?.tag === TAG.boolean ? booleanOf(second) : false;
    const value = parts?.[second?.tag === TAG.boolean ? 2 : 1];
    if (oid === undefined || critical === undefined || value?.tag !== TAG.octetString) return undefined;
    const field = FIELD[oid];
    if (field === undefined) {
      if (critical && !WITHOUT_EFFECT.has(oid)) unknownCritical.push(oid);
      continue;
    }
    // RFC 5280 4.2: "MUST NOT include more than one instance of a particular extension".
    if (found.has(field)) malformed.add(field);
    found.set(field, readWholeDer(value.contents));
  }
  /** The field's value; where the extension is there and gives none, it is malformed. */
  const read = <T>(field: ExtensionField, parse: (value: Der) => T | undefined): T | undefined => {
    if (!found.has(field)) return undefined;
    const value = found.get(field);
    const parsed = value === undefined ? undefined : parse(value);
    if (parsed === undefined) malformed.add(field);
    return parsed;
  };
  const basic = read('ca', basicConstraints);
  const access = read('ocspUrls', accessUrls);
  return {
    names: read('names', (value) => generalNames(sequenceOf(value))) ?? NONE,
    ca: basic?.ca ?? false,
    pathLength: basic?.pathLength,
    keyUsage: read('keyUsage', (value) => namedBits(value)?.map((bit) => KEY_USAGE[bit] ?? `bit ${bit}`)),
    extendedKeyUsage: read('extendedKeyUsage', purposes),
    mustStaple: read('mustStaple', statusRequest) ?? false,
    scts: read('scts', (value) => (value.tag === TAG.octetString ? countSctList(value.contents) : undefined)) ?? 0,
    ocspUrls: access?.ocsp ?? [],
    issuerUrls: access?.issuers ?? [],
    crlUrls: read('crlUrls', crlUrls) ?? [],
    nameConstraints: read('nameConstraints', nameConstraints),
    subjectKeyId: read('subjectKeyId', (value) => (value.tag === TAG.octetString ? hex(value.contents) : undefined)),
    authorityKeyId: read('authorityKeyId', authorityKeyId),
    unknownCritical,
    malformed,
  };
}

function basicConstraints(value: Der): { readonly ca: boolean; readonly pathLength: number | undefined } | undefined {
  const parts = sequenceOf(value);
  if (parts === undefined || parts.length > 2) return undefined;
  const [first] = parts;
  if (first === undefined) return { ca: false, pathLength: undefined };
  const ca = first.tag === TAG.boolean ? booleanOf(first) : false;
  const length = first.tag === TAG.boolean ? parts[1] : first;
  const pathLength = length?.tag === TAG.integer ? smallInteger(length) : undefined;
  return ca === undefined || (length !== undefined && pathLength === undefined) ? undefined : { ca, pathLength };
}

function purposes(value: Der): readonly string[] | undefined {
  const oids = sequenceOf(value)?.map(oidOf);
  if (oids === undefined || oids.length === 0) return undefined;
  const named: string[] = [];
  for (const oid of oids) {
    if (oid === undefined) return undefined;
    named.push(PURPOSE[oid] ?? oid);
  }
  return named;
}

/** RFC 7633: the number of the TLS extension status_request (5) or status_request_v2 (17). */
function statusRequest(value: Der): boolean | undefined {
  const features = sequenceOf(value)?.map(smallInteger);
  return features === undefined || features.includes(undefined) ? undefined : features.includes(5) || features.includes(17);
}

/** RFC 6962 3.3: a list of entries behind their lengths, in two octets each; undefined where they do not come out. */
export function countSctList(list: Uint8Array): number | undefined {
  const at16 = (at: number): number => ((list[at] ?? 0) << 8) | (list[at + 1] ?? 0);
  if (list.length < 2 || at16(0) !== list.length - 2) return undefined;
  let count = 0;
  let at = 2;
  while (at + 2 <= list.length) {
    const length = at16(at);
    if (length === 0) return undefined;
    at += 2 + length;
    count += 1;
  }
  return at === list.length ? count : undefined;
}

function accessUrls(value: Der): { readonly ocsp: readonly string[]; readonly issuers: readonly string[] } | undefined {
  const entries = sequenceOf(value);
  if (entries === undefined) return undefined;
  const ocsp: string[] = [];
  const issuers: string[] = [];
  for (const entry of entries) {
    const [method, location] = sequenceOf(entry) ?? [];
    const oid = oidOf(method);
    if (oid === undefined || location === undefined) return undefined;
    if (location.tag !== 0x86) continue;
    const urls = generalNames([location])?.uris;
    if (urls === undefined) return undefined;
    if (oid === '1.3.6.1.5.5.7.48.1') ocsp.push(...urls);
    if (oid === '1.3.6.1.5.5.7.48.2') issuers.push(...urls);
  }
  return { ocsp, issuers };
}

/** RFC 5280 4.2.1.13: DistributionPoint → [0] DistributionPointName → [0] fullName. */
function crlUrls(value: Der): readonly string[] | undefined {
  return sequenceOf(value)?.flatMap((point) => {
    const name = sequenceOf(point)?.find(({ tag }) => tag === 0xa0);
    const full = childrenOf(name)?.find(({ tag }) => tag === 0xa0);
    return urisIn(full);
  });
}

/** RFC 5280 4.2.1.1: `''` where it names no key but an issuer and serial. */
function authorityKeyId(value: Der): string | undefined {
  const parts = sequenceOf(value);
  const key = parts?.find(({ tag }) => tag === 0x80);
  return parts === undefined ? undefined : key === undefined ? '' : hex(key.contents);
}
