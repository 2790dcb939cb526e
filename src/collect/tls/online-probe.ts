import { absent, known, unknown, type Fact, type FactRecord, type Origin, type Unknown } from '../../model/fact.ts';
import { ipBytes } from '../../model/ip-address.ts';
import { parseCertificate, type Certificate } from '../../x509/certificate.ts';
import { readCrl } from '../../x509/crl.ts';
import { ocspRequest } from '../../x509/ocsp-request.ts';
import { readOcsp } from '../../x509/ocsp.ts';
import { signedBy } from '../../x509/verify-signature.ts';
import type { Network } from '../../world/network.ts';
import { isGuarded, within } from '../address.ts';
import { lifetimeDays } from '../certificate-facts.ts';

type Status = 'good' | 'revoked' | 'unknown' | 'not-needed';

/** CRLs of large authorities are megabytes; longer ones are not fetched. */
const MAX_CRL = 20 * 1024 * 1024;
const MAX_OCSP = 128 * 1024;
const TIMEOUT = 10_000;
/** CA/B Baseline Requirements 1.6.1: a short-lived subscriber certificate needs no revocation. */
const SHORT_LIVED_DAYS = 7;

/** What is asked of the world outside: only with `--online`, and only at public addresses. */
export interface OnlineContext {
  readonly network: Network;
  readonly signal: AbortSignal;
  /** ISO 8601. */
  readonly at: string;
  readonly wire: (exchange: string) => Origin;
}

/**
 * Probe class `online`: what the authority says of a certificate (OCSP by one POST, else its CRL by one GET), and which
 * authorities DNS lets issue for the host (CAA, RFC 8659). The addresses come from the certificate itself: whoever made it
 * chooses them, so only public ones are asked, never a redirect's.
 */
export async function onlineFacts(
  certificates: readonly Uint8Array[],
  host: string | undefined,
  context: OnlineContext,
): Promise<FactRecord> {
  const [leaf, ...others] = certificates.map(parseCertificate);
  const revocation: Fact<Status> =
    leaf === undefined
      ? unknown('unparseable', 'certificate')
      : await revocationOf(
          leaf,
          others.filter((one) => one !== undefined),
          context,
        );
  return { revocation, caa_issuers: await caaOf(host, context) };
}

async function revocationOf(leaf: Certificate, others: readonly Certificate[], context: OnlineContext): Promise<Fact<Status>> {
  const days = lifetimeDays(leaf);
  // One that ends before it begins is none of these.
  if (days > 0 && days <= SHORT_LIVED_DAYS) return known('not-needed', context.wire(`lifetime ${days.toFixed(1)} days`));
  const issuer = others.find((one) => one.subjectKey === leaf.issuerKey && signedBy(leaf, one) === 'yes');
  if (issuer === undefined) return unknown('unresolved', 'the issuer’s certificate did not come');
  const [ocsp] = leaf.ocspUrls;
  const [crl] = leaf.crlUrls;
  const byOcsp = ocsp === undefined ? undefined : await askOcsp(ocsp, leaf, issuer, context);
  if (byOcsp?.state === 'known' || crl === undefined) return byOcsp ?? unknown('unsupported', 'it names neither OCSP nor a CRL');
  return askCrl(crl, leaf, issuer, context);
}

async function askOcsp(url: string, leaf: Certificate, issuer: Certificate, context: OnlineContext): Promise<Fact<Status>> {
  const body = ocspRequest(leaf, issuer);
  if (body === undefined) return unknown('unparseable', 'its serial number');
  const answer = await fetchPublic(url, context, { method: 'POST', body, type: 'application/ocsp-request', most: MAX_OCSP });
  if ('state' in answer) return answer;
  const { status, problem } = readOcsp(answer, leaf, issuer, context.at);
  if (status === 'good' || status === 'revoked' || status === 'unknown') return known(status, context.wire(`OCSP ${url} → ${status}`));
  return unknown(status === 'unsupported' ? 'unsupported' : 'unparseable', `OCSP ${url}: ${problem ?? status}`);
}

async function askCrl(url: string, leaf: Certificate, issuer: Certificate, context: OnlineContext): Promise<Fact<Status>> {
  const answer = await fetchPublic(url, context, { method: 'GET', type: '', most: MAX_CRL });
  if ('state' in answer) return answer;
  const { status, problem } = readCrl(answer, leaf, issuer, context.at);
  if (status === 'good' || status === 'revoked') return known(status, context.wire(`CRL ${url} → ${status}`));
  return unknown(status === 'unsupported' ? 'unsupported' : 'unparseable', `CRL ${url}: ${problem ?? status}`);
}

/** One request to a URL that a certificate names, at a public address. */
async function fetchPublic(
  url: string,
  { network, signal }: OnlineContext,
  {
    method,
    body,
    type,
    most,
  }: { readonly method: 'GET' | 'POST'; readonly body?: Uint8Array; readonly type: string; readonly most: number },
): Promise<Uint8Array | Unknown> {
  const parsed = URL.parse(url);
  // RFC 5280 4.2.1.13 and 4.2.2.1: these are fetched over http; what is signed needs no TLS.
  if (parsed === null || parsed.protocol !== 'http:' || parsed.username !== '') return unknown('unsupported', url.slice(0, 200));
  const addresses = await network.lookup(parsed.hostname, signal);
  if ('state' in addresses) return addresses;
  const address = addresses.find(isPublic);
  if (address === undefined) return unknown('refused', `${parsed.hostname}: no public address`);
  const answer = await network.request({
    method,
    url: parsed.href,
    address,
    headers: { accept: '*/*', ...(type === '' ? {} : { 'content-type': type }) },
    timeout: TIMEOUT,
    signal,
    maxBody: most,
    ...(body === undefined ? {} : { body }),
  });
  if ('state' in answer) return answer;
  if (answer.status !== 200 || answer.cut)
    return unknown('unparseable', `${url.slice(0, 200)}: ${answer.cut ? 'cut short' : answer.status}`);
  return answer.body;
}

/** Addresses that belong to no private, local, shared or reserved range (IANA special-purpose registries). */
const NOT_PUBLIC: readonly { readonly prefix: readonly number[]; readonly bits: number }[] = [
  ...[[0], [10], [127]].map((prefix) => ({ prefix, bits: 8 })),
  { prefix: [100, 64], bits: 10 },
  { prefix: [169, 254], bits: 16 },
  { prefix: [172, 16], bits: 12 },
  { prefix: [192, 0, 0], bits: 24 },
  { prefix: [192, 0, 2], bits: 24 },
  { prefix: [192, 168], bits: 16 },
  { prefix: [198, 18], bits: 15 },
  { prefix: [198, 51, 100], bits: 24 },
  { prefix: [203, 0, 113], bits: 24 },
  { prefix: [224], bits: 3 },
];

/** Of global unicast: documentation, 6to4, Teredo. */
const NOT_PUBLIC_V6: typeof NOT_PUBLIC = [
  { prefix: [0x20, 0x01, 0x0d, 0xb8], bits: 32 },
  { prefix: [0x20, 0x02], bits: 16 },
  { prefix: [0x20, 0x01, 0, 0], bits: 32 },
];

/** Can anybody on the internet have this address? Of IPv6 only global unicast (2000::/3) without documentation and transition ranges. */
export function isPublic(address: string): boolean {
  const bytes = ipBytes(address);
  if (bytes === undefined) return false;
  if (isGuarded(bytes)) return false;
  if (bytes.length === 4) return !NOT_PUBLIC.some(({ prefix, bits }) => within(bytes, prefix, bits));
  return within(bytes, [0x20], 3) && !NOT_PUBLIC_V6.some(({ prefix, bits }) => within(bytes, prefix, bits));
}

/** RFC 8659 3: the records of the name, else of the nearest name above it that has any. */
async function caaOf(host: string | undefined, { network, signal, wire }: OnlineContext): Promise<Fact<readonly Fact<string>[]>> {
  if (host === undefined || ipBytes(host) !== undefined) return absent(wire('no host name'));
  const labels = host.split('.');
  for (let from = 0; from < labels.length - 1; from += 1) {
    const name = labels.slice(from).join('.');
    const records = await network.caa(name, signal);
    if ('state' in records) return records;
    if (records.length === 0) continue;
    const origin = wire(`CAA ${name} → ${records.length} records`);
    // RFC 8659 4.1: tags in any case.
    const tagged = records.map(({ tag, value }) => ({ tag: tag.toLowerCase(), value }));
    // RFC 8659 4.2: a set without issue (with iodef, issuewild or tags of its own alone) keeps no authority from the name.
    if (!tagged.some(({ tag }) => tag === 'issue')) return absent(origin);
    // Without issuewild, issue holds for wildcards too; `;` alone forbids every authority.
    const issuers = tagged
      .filter(({ tag }) => tag === 'issue' || tag === 'issuewild')
      .map(({ value }) => value.split(';')[0]?.trim() ?? '');
    return known(
      [...new Set(issuers)].filter((issuer) => issuer !== '').map((issuer) => known(issuer, origin)),
      origin,
    );
  }
  return absent(wire(`CAA ${host} → none, up to the top`));
}
