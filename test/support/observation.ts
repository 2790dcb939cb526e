import { unseen, type Observation, type SeenSuite } from '../../src/collect/tls/observation.ts';
import { unknown } from '../../src/model/fact.ts';
import { PROTOCOLS, type Protocol } from '../../src/tls/protocols.ts';

const WHY = unknown('not-collected', 'x');

/** An observation of a host that speaks the versions given, with these suites, and refuses every other. */
export function observed(
  suites: { readonly [P in Protocol]?: readonly (number | SeenSuite)[] },
  more: Partial<Observation> = {},
): Observation {
  const asked = unseen<never>(WHY);
  return {
    address: '192.0.2.1',
    protocols: new Map(
      PROTOCOLS.map((protocol) => [
        protocol,
        { state: suites[protocol] === undefined ? 'refused' : 'accepted', exchange: `${protocol} said so` },
      ]),
    ),
    suites: new Map(
      PROTOCOLS.map((protocol) => [
        protocol,
        {
          suites: (suites[protocol] ?? []).map((one) => (typeof one === 'number' ? { code: one, exchange: `suite ${one}` } : one)),
          ordered: false,
          open: [],
        },
      ]),
    ),
    ssl2: [],
    serverPreference: asked,
    chachaPriority: asked,
    groups: { codes: new Map(), open: [] },
    schemes: { codes: new Map(), open: [] },
    reusesKeys: asked,
    compression: asked,
    secureRenegotiation: asked,
    extendedMasterSecret: asked,
    encryptThenMac: asked,
    fallbackScsv: asked,
    downgradeSentinel: asked,
    tolerant: asked,
    tickets: asked,
    ticketLifetime: asked,
    sessionIds: asked,
    earlyData: asked,
    alpn: { names: new Map(), open: [] },
    clientCertificate: asked,
    clientAuthorities: asked,
    stapling: asked,
    chains: [],
    chainGaps: [],
    connections: 1,
    ...more,
  };
}
