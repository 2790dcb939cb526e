import { CIPHER_SUITES } from '../../src/tls/cipher-suites.ts';
import { groupName } from '../../src/tls/named-groups.ts';
import type { Seen } from './live.ts';
import { nmapScan, sslscanReport, type Scan } from './servers/scanners.ts';

/** One thing that we and another scanner do not both report, and why. `ours`: it is what we saw and the other did not. */
export interface Difference {
  readonly scanner: 'nmap' | 'sslscan';
  readonly seen: 'ours' | 'theirs';
  /** `TLSv1.2 TLS_RSA_WITH_…`, `group X25519MLKEM768`, `protocol SSLv3`; `SSLv3 *` is every suite of a version. */
  readonly what: string;
  readonly why: string;
}

/** True of every server: what the scanners do not list at all. */
const ALWAYS: readonly Difference[] = [
  { scanner: 'sslscan', seen: 'ours', what: 'SSLv3 *', why: 'sslscan says whether SSLv3 is accepted and lists no suite of it' },
];

/**
 * Compares a look with what nmap and sslscan report on the same port: versions, the suites of each, groups. Gives every
 * difference that `explained` does not name, and every explanation that nothing needed.
 */
export async function disagreements(
  seen: Seen,
  port: number,
  explained: readonly Difference[] = [],
  {
    sslscanArgs = [],
    scanners = ['nmap', 'sslscan'],
  }: { readonly sslscanArgs?: readonly string[]; readonly scanners?: readonly string[] } = {},
): Promise<readonly string[]> {
  const [nmap, sslscan] = await Promise.all([scanners.includes('nmap') ? nmapScan(port) : noScan, sslscanReport(port, ...sslscanArgs)]);
  const own = Object.entries(seen.suites('iana')).flatMap(([version, suites]) => suites.map((suite) => `${version} ${suite}`));
  const ownGroups = (seen.whole('groups') as readonly string[]).map((name) => `group ${name}`);
  const ownProtocols = (seen.whole('protocols') as readonly string[]).map((name) => `protocol ${name}`);
  const byNmap = Object.entries(nmap).flatMap(([version, suites]) => [
    `protocol ${written(version)}`,
    ...suites.map((suite) => `${written(version)} ${suite.replace('_AKE_WITH_', '_')}`),
  ]);
  const bySslscan = [
    ...sslscan.protocols.map((name) => `protocol ${written(name.replace('ssl', 'SSLv').replace('tls', 'TLSv'))}`),
    ...Object.entries(sslscan.suites).flatMap(([version, codes]) =>
      codes.map((code) => `${written(version)} ${CIPHER_SUITES.get(code)?.iana ?? code.toString(16)}`),
    ),
    ...sslscan.groups.map((code) => `group ${groupName(code)}`),
  ];
  const found = [
    ...(scanners.includes('nmap') ? compare('nmap', [...own, ...ownProtocols], byNmap) : []),
    ...compare('sslscan', [...own, ...ownProtocols, ...ownGroups], bySslscan),
  ];
  const used = new Set<Difference>();
  const left = found.filter((difference) => {
    const reason = [...explained, ...ALWAYS].find((one) => covers(one, difference));
    if (reason !== undefined) used.add(reason);
    return reason === undefined;
  });
  return [
    ...left.map(({ scanner, seen, what }) => `${scanner}, ${seen} alone: ${what}`),
    ...explained.filter((one) => !used.has(one)).map(({ scanner, seen, what }) => `no such difference: ${scanner}, ${seen}, ${what}`),
  ];
}

const noScan: Scan = {};

type Found = Omit<Difference, 'why'>;

function compare(scanner: Difference['scanner'], ours: readonly string[], theirs: readonly string[]): readonly Found[] {
  return [
    ...ours.filter((what) => !theirs.includes(what)).map((what): Found => ({ scanner, seen: 'ours', what })),
    ...theirs.filter((what) => !ours.includes(what)).map((what): Found => ({ scanner, seen: 'theirs', what })),
  ];
}

function covers(one: Difference, found: Found): boolean {
  if (one.scanner !== found.scanner || one.seen !== found.seen) return false;
  return one.what.endsWith(' *') ? found.what.startsWith(one.what.slice(0, -1)) : one.what === found.what;
}

/** TLS 1.0 and SSL as we write them. */
function written(version: string): string {
  return version === 'TLSv1.0' ? 'TLSv1' : version;
}
