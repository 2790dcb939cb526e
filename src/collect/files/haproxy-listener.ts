import { absent, derived, known, unknown, type Fact, type Origin, type Unknown } from '../../model/fact.ts';
import { TLS_PROTOCOLS, type tlsListener } from '../../resources/tls-listener.ts';
import type { KindFacts } from '../../resources/kind.ts';
import { isFilledIn } from '../../text/template.ts';
import type { Word } from '../../text/lines.ts';
import { compareVersions, defaultOf } from './defaults.ts';
import type { FormatContext } from './format.ts';
import type { HaproxyProxy } from './haproxy-proxy.ts';
import { parseCipherString } from './openssl-ciphers.ts';
import { offeredGroup } from './openssl-groups.ts';

type Listener = KindFacts<typeof tlsListener>;
type Protocol = (typeof TLS_PROTOCOLS)[number];

/** Parameters of `bind` that take a value: https://docs.haproxy.org/2.6/configuration.html#5.1 */
const VALUED = new Set(
  'accept-netscaler-cip alpn backlog ca-file ca-ignore-err ca-sign-file ca-sign-pass ca-verify-file ciphers ciphersuites client-sigalgs crl-file crt crt-ignore-err crt-list curves default-crt ecdhe expose-fd gid group guid-prefix id interface label level maxconn mode mss name namespace nice npn proto process quic-cc-algo quic-socket severity-output shards sigalgs ssl-max-ver ssl-min-ver tcp-ut thread tls-ticket-keys uid user verify'.split(
    ' ',
  ),
);
const FLAGS = new Set(
  'accept-proxy allow-0rtt defer-accept force-sslv3 force-tlsv10 force-tlsv11 force-tlsv12 force-tlsv13 generate-certificates no-alpn no-ca-names no-sslv3 no-strict-sni no-tls-tickets no-tlsv10 no-tlsv11 no-tlsv12 no-tlsv13 prefer-client-ciphers quic-force-retry ssl strict-sni tfo tls-tickets transparent v4v6 v6only'.split(
    ' ',
  ),
);
const VERSIONS = ['SSLv3', 'TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'] as const satisfies readonly Protocol[];
const BY_WORD: Readonly<Record<string, (typeof VERSIONS)[number]>> = {
  SSLv3: 'SSLv3',
  'TLSv1.0': 'TLSv1',
  'TLSv1.1': 'TLSv1.1',
  'TLSv1.2': 'TLSv1.2',
  'TLSv1.3': 'TLSv1.3',
};
const BY_FLAG: Readonly<Record<string, (typeof VERSIONS)[number]>> = {
  sslv3: 'SSLv3',
  tlsv10: 'TLSv1',
  tlsv11: 'TLSv1.1',
  tlsv12: 'TLSv1.2',
  tlsv13: 'TLSv1.3',
};

/** A parameter and where it stands. */
interface Parameter {
  readonly name: string;
  readonly value: Word | undefined;
  readonly at: Origin;
}

/** The parameters of a `bind` line, or of `ssl-default-bind-options`; the word that is none that is known here. */
export function bindParameters(words: readonly Word[], proxy: HaproxyProxy): readonly Parameter[] | Unknown {
  const found: Parameter[] = [];
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index];
    if (word === undefined) break;
    const valued = VALUED.has(word.text);
    if (!valued && !FLAGS.has(word.text)) return unknown('unsupported', `bind: ${word.text.slice(0, 60)}`, proxy.origin(word));
    const value = valued ? words[(index += 1)] : undefined;
    if (value !== undefined && (isFilledIn(value.text) || value.text.includes('$')))
      return unknown('unresolved', `bind: ${word.text} is filled in elsewhere`, proxy.origin(word));
    found.push({ name: word.text, value, at: proxy.origin(value ?? word) });
  }
  return found;
}

/** How one address of a front end speaks TLS. */
export function haproxyListener(
  proxy: HaproxyProxy,
  parameters: readonly Parameter[],
  port: Fact<number>,
  context: FormatContext,
): Listener {
  const { at } = proxy;
  const own = (name: string): Parameter | undefined => parameters.findLast((one) => one.name === name);
  const preset = proxy.global.findLast(({ name }) => name === 'ssl-default-bind-options');
  const options = preset === undefined ? [] : bindParameters(preset.args, proxy);
  const list = own('crt-list');
  const varies = list === undefined ? undefined : unknown('unsupported', 'crt-list: settings of single certificates', list.at);
  const hole = varies ?? ('state' in options ? options : undefined);
  const presets = 'state' in options ? [] : options;
  const either = (name: string): Parameter | undefined => own(name) ?? presets.findLast((one) => one.name === name);
  const written = (name: string, global: string): Fact<string> | undefined => {
    const mine = own(name);
    if (mine !== undefined) return known(mine.value?.text ?? '', mine.at);
    const line = proxy.global.findLast((one) => one.name === global);
    if (line === undefined) return undefined;
    const text = line.args.map((word) => word.text).join(' ');
    return isFilledIn(text) || text.includes('$')
      ? unknown('unresolved', `${global}: a template`, proxy.origin(line))
      : known(text, proxy.origin(line));
  };
  const protocols = hole ?? protocolsOf(parameters, presets, context, at);
  const preference = either('prefer-client-ciphers');
  const tickets = either('no-tls-tickets');
  const early = own('allow-0rtt');
  const { text: mode, at: modeAt } = proxy.mode();
  return {
    role: known('server', at),
    observed: known(false, at),
    service: known(mode === 'http' ? 'https' : 'stream', modeAt),
    names: known([], at, [unknown('not-collected', 'its names stand in its certificates', at)]),
    port,
    protocols,
    suites:
      hole ??
      suitesOf(
        written('ciphers', 'ssl-default-bind-ciphers'),
        written('ciphersuites', 'ssl-default-bind-ciphersuites'),
        protocols,
        context,
        at,
      ),
    server_preference:
      hole ??
      (preference === undefined
        ? known(true, derived('the server chooses unless prefer-client-ciphers', at))
        : known(false, preference.at)),
    groups: hole ?? groupsOf(written('curves', 'ssl-default-bind-curves') ?? written('ecdhe', ''), at),
    dh_bits: unknown('unresolved', 'parameters of DH lie in its certificates or in ssl-dh-param-file', at),
    session_tickets:
      hole ?? (tickets === undefined ? known(true, derived('tickets are issued unless no-tls-tickets', at)) : known(false, tickets.at)),
    session_lifetime: lifetimeOf(proxy),
    early_data: hole ?? (early === undefined ? known(false, derived('no allow-0rtt', at)) : known(true, early.at)),
    client_certificate: hole ?? clientCertificate(own('verify'), own('crt-ignore-err') ?? own('ca-ignore-err'), at),
    verifies_peer: absent(at),
    verifies_name: absent(at),
    stapling: unknown('unresolved', 'OCSP answers lie beside its certificates', at),
  };
}

/** `force-…` is both bounds; with a bound, `no-…` is ignored; without a least version it is TLS 1.2, since 2.2. */
function protocolsOf(
  parameters: readonly Parameter[],
  presets: readonly Parameter[],
  context: FormatContext,
  at: Origin,
): Listener['protocols'] {
  const bound = (side: 'min' | 'max'): Parameter | undefined => {
    const of = (list: readonly Parameter[]): Parameter | undefined =>
      list.findLast(({ name }) => name === `ssl-${side}-ver` || name.startsWith('force-'));
    return of(parameters) ?? of(presets);
  };
  const versionOf = ({ name, value }: Parameter): (typeof VERSIONS)[number] | undefined =>
    name.startsWith('force-') ? BY_FLAG[name.slice('force-'.length)] : BY_WORD[value?.text ?? ''];
  const [min, max] = [bound('min'), bound('max')];
  for (const one of [min, max]) if (one !== undefined && versionOf(one) === undefined) return unknown('unparseable', one.name, one.at);
  const least: Fact<string> =
    min === undefined
      ? defaultOf('ssl-min-ver', 'haproxy', context.version('haproxy'), [{ since: '2.2', value: 'TLSv1.2' }], at)
      : known(versionOf(min) ?? '', min.at);
  if (least.state !== 'known') return least.state === 'unknown' ? least : unknown('unresolved', 'ssl-min-ver', at);
  const openssl = context.version('openssl');
  const most = max === undefined ? undefined : versionOf(max);
  const no = min === undefined && max === undefined ? [...parameters, ...presets].filter(({ name }) => /^no-(?:ssl|tls)v/.test(name)) : [];
  const off = new Set(no.map(({ name }) => BY_FLAG[name.slice('no-'.length)]));
  const to = most === undefined ? VERSIONS.length - 1 : VERSIONS.indexOf(most);
  const written = VERSIONS.findIndex((version) => version === least.value);
  // Below the default, the greatest that is written is the least, too: HAProxy warns of it.
  const from = min === undefined ? Math.min(written, to) : written;
  if (from > to) return unknown('unsupported', 'ssl-max-ver below ssl-min-ver', max?.at ?? at);
  const range = VERSIONS.slice(from, to + 1).filter((version) => !off.has(version));
  const newest = openssl.state === 'known' && compareVersions(openssl.value, '1.1.1') >= 0;
  const unsure = range.includes('TLSv1.3') && !newest && most !== 'TLSv1.3';
  const sure = unsure ? range.filter((version) => version !== 'TLSv1.3') : range;
  return known(
    sure.map((version) => known(version, least.origin)),
    least.origin,
    unsure ? [unknown('unresolved', 'TLSv1.3: the OpenSSL library decides', at)] : [],
  );
}

function suitesOf(
  ciphers: Fact<string> | undefined,
  suites13: Fact<string> | undefined,
  protocols: Listener['protocols'],
  context: FormatContext,
  at: Origin,
): Listener['suites'] {
  if (ciphers === undefined) return unknown('unresolved', 'ciphers: the default of the OpenSSL library', at);
  if (ciphers.state !== 'known') return ciphers.state === 'unknown' ? ciphers : unknown('unresolved', 'ciphers', at);
  const { origin } = ciphers;
  const all = parseCipherString(ciphers.value, () => origin, protocols, context.version('openssl'));
  if (suites13 === undefined || all.state !== 'known') return all;
  if (suites13.state !== 'known') return suites13.state === 'unknown' ? suites13 : unknown('unresolved', 'ciphersuites', at);
  const named = suites13.value.split(':');
  const kept = all.value.filter((one) => {
    if (one.state !== 'known') return true;
    const { protocol, name } = one.value;
    return protocol?.state !== 'known' || protocol.value !== 'TLSv1.3' || (name?.state === 'known' && named.includes(name.value));
  });
  const known13 = new Set(kept.flatMap((one) => (one.state === 'known' && one.value.name.state === 'known' ? [one.value.name.value] : [])));
  const rest = named.filter((name) => !known13.has(name));
  const speaks13 = protocols.state !== 'known' || protocols.value.some((one) => one.state === 'known' && one.value === 'TLSv1.3');
  const open = [
    ...(all.open ?? []),
    ...(speaks13 ? rest.map((name) => unknown('unsupported', `ciphersuites ${name.slice(0, 60)}`, suites13.origin)) : []),
  ];
  return known(kept, all.origin, open);
}

function groupsOf(written: Fact<string> | undefined, at: Origin): Listener['groups'] {
  if (written === undefined) return unknown('unresolved', 'curves: the default of the OpenSSL library', at);
  if (written.state !== 'known') return written.state === 'unknown' ? written : unknown('unresolved', 'curves', at);
  const { origin } = written;
  return known(
    written.value.split(':').map((name) => offeredGroup(name, origin)),
    origin,
  );
}

/** `tune.ssl.lifetime`, seconds where no unit is written; 300 by default. */
function lifetimeOf(proxy: HaproxyProxy): Fact<number> {
  const line = proxy.global.findLast(({ name }) => name === 'tune.ssl.lifetime');
  if (line === undefined) return known(300, derived('default of tune.ssl.lifetime', proxy.at));
  const [, number, unit = 's'] = /^(\d{1,9})([smhd]?)$/.exec(line.args[0]?.text ?? '') ?? [];
  const scale: Readonly<Record<string, number>> = { '': 1, s: 1, m: 60, h: 3600, d: 86_400 };
  return number === undefined
    ? unknown('unparseable', 'tune.ssl.lifetime', proxy.origin(line))
    : known(Number(number) * (scale[unit] ?? 1), proxy.origin(line));
}

/** Errors that are ignored let certificates in that are none of the authority's. */
function clientCertificate(verify: Parameter | undefined, ignores: Parameter | undefined, at: Origin): Listener['client_certificate'] {
  const text = verify?.value?.text;
  if (verify === undefined || text === 'none') return known('none', verify?.at ?? derived('no verify', at));
  if (text !== 'optional' && text !== 'required') return unknown('unparseable', 'verify', verify.at);
  return ignores === undefined ? known(text, verify.at) : unknown('unsupported', `${ignores.name}: errors that are let pass`, ignores.at);
}
