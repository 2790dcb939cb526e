import { absent, known, unknown, type Fact, type FactRecord, type Origin, type Unknown } from '../../model/fact.ts';
import type { Resource } from '../../model/resource.ts';
import { CIPHER_SUITES } from '../../tls/cipher-suites.ts';
import { isSm2Encryption, parseCertificate, type Certificate } from '../../x509/certificate.ts';
import { countSctList } from '../../x509/extensions.ts';
import type { Anchors } from '../../x509/mozilla-roots.ts';
import { certificateResource } from '../certificate-facts.ts';
import { firstOpen, type Observation, type SeenChain } from './observation.ts';

/** What the certificates of one listener are judged by. */
export interface ChainContext {
  /** The listener's id: each certificate's begins with it. */
  readonly listener: string;
  readonly target: string;
  /** The name or address that clients ask for. */
  readonly host: string;
  readonly anchors: Anchors;
  /** ISO 8601. */
  readonly at: string;
  readonly wire: (exchange: string) => Origin;
  /** Asks the world outside about a chain, where that was allowed. */
  readonly online?: (certificates: readonly Uint8Array[], host: string | undefined) => Promise<FactRecord>;
}

/** The certificates that one address sent: each leaf once, with the chain that came with it; and what could not be read. */
export async function chainResources(
  observation: Observation,
  context: ChainContext,
): Promise<{ readonly resources: readonly Resource[]; readonly gaps: readonly Unknown[] }> {
  const resources = new Map<string, Resource>();
  const gaps: Unknown[] = [...observation.chainGaps];
  const seen = new Set<string>();
  // With the server name first: a certificate that comes with it is not another one without.
  const chains = observation.chains.toSorted((a, b) => Number(a.serverName === undefined) - Number(b.serverName === undefined));
  for (const chain of chains) {
    const origin = context.wire(chain.exchange);
    const parsed = chain.certificates.map(parseCertificate);
    const leaves = chain.tlcp ? tlcpLeaves(parsed) : parsed.slice(0, 1);
    for (const leaf of leaves) {
      if (leaf === undefined) {
        gaps.push(unknown('unparseable', `${context.listener}: a certificate`, origin));
        continue;
      }
      if (seen.has(leaf.sha256)) continue;
      seen.add(leaf.sha256);
      const others = parsed.filter((one) => one !== undefined).filter((one) => !leaves.includes(one));
      const id = idOf(leaf, chain, context, resources);
      // Of TLCP, which sends two leaves, it is not known which one was to be read.
      const unread =
        !chain.tlcp && parsed.includes(undefined)
          ? unknown('unparseable', `${context.listener}: a certificate of its chain`, origin)
          : undefined;
      if (unread !== undefined) gaps.push(unread);
      const resource = sighting(leaf, others, chain, context, origin, id, unread);
      const online = await context.online?.([leaf.der, ...others.map(({ der }) => der)], chain.serverName);
      resources.set(id, online === undefined ? resource : { ...resource, facts: { ...resource.facts, ...online } });
    }
  }
  const why = resources.size === 0 && gaps.length === 0 ? whyNone(observation, context.listener) : undefined;
  return { resources: [...resources.values()], gaps: why === undefined ? gaps : [why] };
}

/** No certificate came. That there is none is known only of a server all of whose suites do without. */
function whyNone({ protocols, suites }: Observation, listener: string): Unknown | undefined {
  const accepted = [...protocols].flatMap(([protocol, { state }]) => (state === 'accepted' ? [protocol] : []));
  const open = firstOpen(protocols.values());
  if (open !== undefined) return open;
  const without = accepted.every((protocol) => {
    const list = suites.get(protocol);
    return list !== undefined && list.suites.length > 0 && list.open.length === 0 && list.suites.every(({ code }) => isWithout(code));
  });
  return accepted.length > 0 && without ? undefined : unknown('unresolved', `${listener}: no certificate came`);
}

/** Anonymous suites, and those by a shared key or password alone; RSA_PSK and SRP_SHA_RSA have a certificate beside it. */
function isWithout(code: number): boolean {
  const suite = CIPHER_SUITES.get(code);
  return suite !== undefined && ['NULL', 'PSK', 'SRP', 'KRB5'].includes(suite.authentication) && !/RSA|DSS/.test(suite.iana);
}

/** GB/T 38636 6.4.5.3: the signing certificate, then the encryption certificate; some servers put it last. */
function tlcpLeaves(parsed: readonly (Certificate | undefined)[]): readonly (Certificate | undefined)[] {
  const own = parsed.filter((one) => one === undefined || !one.ca);
  return own.length > 0 ? own.slice(0, 2) : parsed.slice(0, 1);
}

function idOf(leaf: Certificate, chain: SeenChain, { listener, host }: ChainContext, taken: ReadonlyMap<string, Resource>): string {
  const tlcp = chain.tlcp ? ` ${isSm2Encryption(leaf) ? 'TLCP encryption' : 'TLCP signing'}` : '';
  const anonymous = isAnonymous(chain, host) ? ' (no server name)' : '';
  const id = `${listener} ${leaf.key.kind}${tlcp}${anonymous}`;
  return taken.has(id) ? `${id} ${leaf.subject || leaf.serial}` : id;
}

/** Nobody asked for a name, though clients do. */
function isAnonymous({ serverName, tlcp }: SeenChain, host: string): boolean {
  return serverName === undefined && !tlcp && !/^[\d.]+$|:/.test(host);
}

function sighting(
  leaf: Certificate,
  others: readonly Certificate[],
  chain: SeenChain,
  context: ChainContext,
  origin: Origin,
  id: string,
  unread: Unknown | undefined,
): Resource {
  const scts = chain.scts === undefined ? undefined : countSctList(chain.scts);
  return certificateResource({
    leaf,
    others,
    ...(unread === undefined ? {} : { unread }),
    anchors: context.anchors,
    live: true,
    origin,
    id,
    target: context.target,
    at: context.at,
    ...(isAnonymous(chain, context.host) ? {} : { host: chain.serverName ?? context.host }),
    ...(chain.status === undefined ? {} : { staple: chain.status }),
    ...(scts === undefined ? {} : { sctsInHandshake: scts }),
  });
}

/** GB/T 38636: two SM2 certificates, one to sign and one to encrypt, both signed with SM3. Absent where TLCP is not spoken. */
export function tlcpPair(observation: Observation, wire: (exchange: string) => Origin): Fact<boolean> {
  const answer = observation.protocols.get('TLCP');
  if (answer?.state === 'refused') return absent(wire(answer.exchange));
  if (answer?.state !== 'accepted') return answer?.why ?? unknown('not-collected', 'TLCP');
  const chain = observation.chains.find(({ tlcp }) => tlcp);
  if (chain === undefined) return unknown('unresolved', 'TLCP: no certificates came', wire(answer.exchange));
  const leaves = tlcpLeaves(chain.certificates.map(parseCertificate));
  if (leaves.includes(undefined)) return unknown('unparseable', 'TLCP: a certificate', wire(chain.exchange));
  const pair = leaves.filter((leaf) => leaf !== undefined);
  const sound = (leaf: Certificate): boolean => leaf.key.kind === 'SM2' && leaf.signature.hash === 'SM3';
  const signs = pair.some((leaf) => sound(leaf) && leaf.keyUsage?.includes('digitalSignature') === true && !isSm2Encryption(leaf));
  const encrypts = pair.some((leaf) => sound(leaf) && isSm2Encryption(leaf));
  return known(pair.length === 2 && signs && encrypts, wire(chain.exchange));
}
