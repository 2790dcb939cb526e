import type { Rating, RatingRule } from '../model/endpoint.ts';
import type { Localized } from '../model/localized.ts';
import { valueOf } from './fact-reader.ts';
import { notTestedOf } from './not-tested.ts';
import { says, type RatedEndpoint, type RatedSuite } from './rated-endpoint.ts';

/** The revision of Qualys SSL Labs' "SSL Server Rating Guide" that is followed. */
const GUIDE = 'SSL Labs 2009r';
const LETTERS = ['A+', 'A', 'A-', 'B', 'C', 'D', 'E', 'F'] as const;

/** Points of a protocol version (guide, "Protocol Support"). */
const PROTOCOL_POINTS: Readonly<Record<string, number>> = { SSLv2: 0, SSLv3: 80, TLSv1: 90, 'TLSv1.1': 95, 'TLSv1.2': 100, 'TLSv1.3': 100 };
/** Half a year: what HSTS must hold for. */
const HSTS_LEAST = 15_552_000;

/**
 * The letter of one endpoint. What was not seen lowers nothing and is listed under `notTested`: the letter is then the best
 * that may be. The guide caps suites by what its simulated browsers negotiate; here the presence of a suite counts, which is
 * never milder.
 */
export function sslLabsRating(endpoint: RatedEndpoint, asOf: string): Rating {
  const { protocols, suites } = endpoint;
  const caps = [...capsOf(endpoint), ...certificateCaps(endpoint)];
  const warnings = warningsOf(endpoint);
  const trust = trustProblems(endpoint, asOf);
  const notTested = notTestedOf(endpoint);
  const rated = protocols.filter((protocol) => PROTOCOL_POINTS[protocol] !== undefined);
  const usable = suites.filter(({ versions }) => versions.some((version) => PROTOCOL_POINTS[version] !== undefined));
  if (rated.length === 0 || usable.length === 0) return { guide: GUIDE, caps, warnings, trust, notTested };
  const score = scoreOf(endpoint, rated, usable);
  const base = letterOf(score.total);
  const capped = caps.reduce((letter, cap) => worse(letter, cap.letter), base);
  const configuration = capped === 'A' ? (warnings.length > 0 ? 'A-' : exceptional(endpoint) ? 'A+' : 'A') : capped;
  const letter = trust.some((problem) => problem.letter === 'T') ? 'T' : trust.length > 0 ? 'M' : configuration;
  return { guide: GUIDE, letter, configuration, score, caps, warnings, trust, notTested };
}

function scoreOf(endpoint: RatedEndpoint, protocols: readonly string[], suites: readonly RatedSuite[]): NonNullable<Rating['score']> {
  const points = protocols.map((protocol) => PROTOCOL_POINTS[protocol] ?? 0);
  const strengths = suites.map(({ bits, encryption }) => (encryption === 'NULL' ? 0 : bits < 128 ? 20 : bits < 256 ? 80 : 100));
  const middle = (values: readonly number[]): number => (Math.max(...values) + Math.min(...values)) / 2;
  const [protocol, keyExchange, cipher] = [middle(points), keyExchangePoints(endpoint, suites), middle(strengths)];
  const zero = protocol === 0 || keyExchange === 0 || cipher === 0;
  return { protocol, keyExchange, cipher, total: zero ? 0 : Math.round(0.3 * protocol + 0.3 * keyExchange + 0.4 * cipher) };
}

/** The weakest of key and ephemeral parameters, in bits of RSA that are as strong (NIST SP 800-57 part 1, table 2). */
function keyExchangePoints({ listener, certificates }: RatedEndpoint, suites: readonly RatedSuite[]): number {
  if (suites.some(({ authentication }) => authentication === 'NULL')) return 0;
  if (suites.some(({ exportGrade }) => exportGrade)) return 40;
  const strengths = certificates.flatMap(({ facts }) => {
    const bits = valueOf(facts.number('key_bits'));
    const kind = valueOf(facts.string('key_kind')) ?? '';
    return bits === undefined ? [] : [['RSA', 'DSA'].includes(kind) ? bits : curveAsRsa(bits)];
  });
  const dh = valueOf(listener.number('dh_bits'));
  if (dh !== undefined) strengths.push(dh);
  const least = Math.min(...strengths, 4096);
  return least < 512 ? 20 : least < 1024 ? 40 : least < 2048 ? 80 : least < 4096 ? 90 : 100;
}

function curveAsRsa(bits: number): number {
  if (bits < 160) return 512;
  if (bits < 224) return 1024;
  if (bits < 255) return 2048;
  return bits < 384 ? 3072 : 7680;
}

function letterOf(score: number): string {
  return score >= 80 ? 'A' : score >= 65 ? 'B' : score >= 50 ? 'C' : score >= 35 ? 'D' : score >= 20 ? 'E' : 'F';
}

function worse(a: string, b: string): string {
  const rank = (letter: string): number => LETTERS.findIndex((one) => one === letter);
  return rank(a) >= rank(b) ? a : b;
}

type Check = readonly [letter: string, rule: Localized, because: (endpoint: RatedEndpoint) => string | false | undefined];

const NEW = ['TLSv1.1', 'TLSv1.2'];
const weak = (endpoint: RatedEndpoint, name: string): string | false =>
  endpoint.listener.records('weaknesses').values.some((weakness) => says(weakness.string('name'), name)) && name;
const suite = (endpoint: RatedEndpoint, test: (one: RatedSuite) => boolean): string | undefined => endpoint.suites.find(test)?.name;
const vulnerable = (endpoint: RatedEndpoint, fact: string): string | false => says(endpoint.listener.string(fact), 'vulnerable') && fact;

/** Caps of the guide, with the revision that brought each. */
const CAPS: readonly Check[] = [
  ['F', { en: '2009c: SSL 2.0', zh: '2009c：SSL 2.0' }, ({ protocols }) => protocols.includes('SSLv2') && 'SSLv2'],
  ['F', { en: '2009c: insecure renegotiation', zh: '2009c：不安全重协商' }, (e) => weak(e, 'RENEGOTIATION')],
  [
    'F',
    { en: '2009i: SSL 3.0 is the best version', zh: '2009i：最高仅支持 SSL 3.0' },
    ({ protocols }) => protocols.length > 0 && protocols.every((p) => ['SSLv2', 'SSLv3'].includes(p)) && 'SSLv3',
  ],
  [
    'F',
    { en: '2009k: RC4 only', zh: '2009k：仅支持 RC4' },
    ({ suites }) => suites.length > 0 && suites.every(({ encryption }) => encryption === 'RC4') && 'RC4',
  ],
  ['F', { en: '2009l: DROWN', zh: '2009l：DROWN' }, (e) => weak(e, 'DROWN')],
  ['F', { en: 'exploitable: FREAK', zh: '可被利用：FREAK' }, (e) => weak(e, 'FREAK')],
  [
    'F',
    { en: 'exploitable: Logjam, below 1024 bit', zh: '可被利用：Logjam，低于 1024 位' },
    ({ listener }) => smallerThan(valueOf(listener.number('dh_bits')), 1024),
  ],
  ['F', { en: 'anonymous suites', zh: '匿名套件' }, (e) => suite(e, ({ authentication }) => authentication === 'NULL')],
  ['F', { en: 'suites without encryption', zh: '无加密套件' }, (e) => suite(e, ({ encryption }) => encryption === 'NULL')],
  ['F', { en: 'export suites', zh: '出口级套件' }, (e) => suite(e, ({ exportGrade }) => exportGrade)],
  ['F', { en: 'exploitable: Heartbleed', zh: '可被利用：心脏出血' }, (e) => vulnerable(e, 'heartbleed')],
  ['F', { en: 'exploitable: early ChangeCipherSpec', zh: '可被利用：提前变更密码' }, (e) => vulnerable(e, 'early_ccs')],
  ['F', { en: '2009o: Ticketbleed', zh: '2009o：Ticketbleed' }, (e) => vulnerable(e, 'ticketbleed')],
  ['F', { en: '2009p: ROBOT', zh: '2009p：ROBOT' }, (e) => vulnerable(e, 'robot')],
  [
    'F',
    { en: '2009m, 2019: CBC padding oracles', zh: '2009m、2019：CBC 填充预言' },
    ({ listener }) => listener.strings('padding_oracles').values[0],
  ],
  ['C', { en: '2009f: POODLE', zh: '2009f：POODLE' }, (e) => weak(e, 'POODLE')],
  ['C', { en: '2009j: TLS compression (CRIME)', zh: '2009j：TLS 压缩（CRIME）' }, (e) => weak(e, 'CRIME')],
  [
    'C',
    { en: '2009j: RC4 with TLS 1.1 or newer', zh: '2009j：TLS 1.1 及以上使用 RC4' },
    (e) => suite(e, (s) => s.encryption === 'RC4' && s.versions.some((v) => NEW.includes(v))),
  ],
  [
    'C',
    { en: '2009j: no TLS 1.2', zh: '2009j：不支持 TLS 1.2' },
    ({ protocols, protocolsWhole }) => protocolsWhole && !protocols.some((p) => ['TLSv1.2', 'TLSv1.3'].includes(p)) && protocols.join(', '),
  ],
  [
    'C',
    { en: '2009m: 64-bit block cipher with TLS 1.1 or newer', zh: '2009m：TLS 1.1 及以上使用 64 位分组密码' },
    (e) => suite(e, (s) => ['3DES', 'DES', 'IDEA', 'RC2'].includes(s.encryption) && s.versions.some((v) => NEW.includes(v))),
  ],
  ['B', { en: '2009g: SSL 3.0', zh: '2009g：SSL 3.0' }, ({ protocols }) => protocols.includes('SSLv3') && 'SSLv3'],
  ['B', { en: '2009i: RC4', zh: '2009i：RC4' }, (e) => suite(e, ({ encryption }) => encryption === 'RC4')],
  [
    'B',
    { en: '2009j: DH below 2048 bit', zh: '2009j：DH 低于 2048 位' },
    ({ listener }) => smallerThan(valueOf(listener.number('dh_bits')), 2048),
  ],
  [
    'B',
    { en: '2009p: no forward secrecy', zh: '2009p：无前向保密' },
    (e) => e.suitesWhole && !e.suites.some(isEphemeral) && 'no ECDHE, DHE or TLS 1.3 suite',
  ],
  [
    'B',
    { en: '2009p: no authenticated encryption', zh: '2009p：无认证加密' },
    (e) => e.suitesWhole && !e.suites.some(({ aead }) => aead) && 'no AEAD suite',
  ],
  [
    'B',
    { en: '2009q: TLS 1.0 or 1.1', zh: '2009q：TLS 1.0 或 1.1' },
    ({ protocols }) => protocols.find((p) => p === 'TLSv1' || p === 'TLSv1.1'),
  ],
];

function isEphemeral({ keyExchange }: RatedSuite): boolean {
  return ['ECDHE', 'DHE', 'ANY'].includes(keyExchange);
}

function smallerThan(bits: number | undefined, least: number): string | false {
  return bits !== undefined && bits < least && `${bits} bit`;
}

function capsOf(endpoint: RatedEndpoint): readonly RatingRule[] {
  return applied(CAPS, endpoint);
}

function applied(checks: readonly Check[], endpoint: RatedEndpoint): readonly RatingRule[] {
  return checks.flatMap(([letter, rule, because]) => {
    const reason = because(endpoint);
    return reason === false || reason === undefined || reason === '' ? [] : [{ letter, rule, because: reason }];
  });
}

function certificateCaps({ certificates }: RatedEndpoint): readonly RatingRule[] {
  return certificates.flatMap(({ id, facts }) => {
    const rules: RatingRule[] = [];
    const bits = valueOf(facts.number('key_bits'));
    const rsa = says(facts.string('key_kind'), 'RSA') || says(facts.string('key_kind'), 'DSA');
    const asRsa = bits === undefined ? undefined : rsa ? bits : curveAsRsa(bits);
    if (asRsa !== undefined && asRsa < 1024)
      rules.push({ letter: 'F', rule: { en: '2009e: key below 1024 bit', zh: '2009e：密钥低于 1024 位' }, because: id });
    else if (asRsa !== undefined && asRsa < 2048)
      rules.push({ letter: 'B', rule: { en: '2009e: key below 2048 bit', zh: '2009e：密钥低于 2048 位' }, because: id });
    const hash = valueOf(facts.string('signature_hash')) ?? '';
    if (['MD2', 'MD5'].includes(hash))
      rules.push({ letter: 'F', rule: { en: `2009e: ${hash} signature`, zh: `2009e：${hash} 签名` }, because: id });
    if (says(facts.boolean('chain_complete'), false) && says(facts.boolean('trusted'), true))
      rules.push({ letter: 'B', rule: { en: '2009i: incomplete chain', zh: '2009i：证书链不完整' }, because: id });
    return rules;
  });
}

const WARNINGS: readonly Check[] = [
  [
    'A-',
    { en: '2009e: suites without forward secrecy', zh: '2009e：存在无前向保密的套件' },
    (e) => suite(e, (s) => !isEphemeral(s) && s.keyExchange !== 'SM2'),
  ],
  [
    'A-',
    { en: '2009e: no secure renegotiation', zh: '2009e：不支持安全重协商' },
    ({ listener }) => says(listener.boolean('secure_renegotiation'), false) && 'RFC 5746',
  ],
  [
    'A-',
    { en: '2009r: no TLS 1.3', zh: '2009r：不支持 TLS 1.3' },
    ({ protocols, protocolsWhole }) => protocolsWhole && !protocols.includes('TLSv1.3') && 'TLS 1.3',
  ],
  ['A-', { en: '2009r: HSTS missing or invalid', zh: '2009r：HSTS 缺失或无效' }, ({ site }) => site !== undefined && hstsProblem(site)],
];

function hstsProblem(site: NonNullable<RatedEndpoint['site']>): string | false {
  const age = site.number('hsts_max_age');
  if (age.state === 'absent') return 'Strict-Transport-Security: –';
  return age.state === 'said' && age.value < HSTS_LEAST && `max-age ${age.value}`;
}

function warningsOf(endpoint: RatedEndpoint): readonly RatingRule[] {
  return applied(WARNINGS, endpoint);
}

/** A+ wants HSTS of half a year and nothing to warn of; whether it is sent must have been seen. */
function exceptional({ site, certificates }: RatedEndpoint): boolean {
  const age = site === undefined ? undefined : valueOf(site.number('hsts_max_age'));
  const sha1 = certificates.some(({ facts }) => says(facts.string('signature_hash'), 'SHA1'));
  return age !== undefined && age >= HSTS_LEAST && !sha1;
}

function trustProblems({ certificates }: RatedEndpoint, asOf: string): readonly RatingRule[] {
  // Certificates that are sent without a server name are another name's: they are not held against this one.
  const asked = certificates.filter(({ facts }) => facts.boolean('host_matches').state !== 'absent');
  return (asked.length > 0 ? asked : certificates).flatMap(({ id, facts }) => {
    const rules: RatingRule[] = [];
    const add = (letter: string, en: string, zh: string): void => void rules.push({ letter, rule: { en, zh }, because: id });
    const [from, to] = [valueOf(facts.string('not_before')), valueOf(facts.string('not_after'))];
    if (from !== undefined && Date.parse(from) > Date.parse(asOf)) add('T', 'not yet valid', '尚未生效');
    if (to !== undefined && Date.parse(to) < Date.parse(asOf)) add('T', 'expired', '已过期');
    if (says(facts.boolean('self_signed'), true) && !says(facts.boolean('trusted'), true)) add('T', 'self-signed', '自签名');
    else if (says(facts.boolean('trusted'), false)) add('T', 'no path to a trusted root', '无法追溯至受信任根');
    if (says(facts.string('revocation'), 'revoked') || says(facts.string('staple'), 'revoked')) add('T', 'revoked', '已吊销');
    if (says(facts.string('signature_hash'), 'SHA1')) add('T', '2009n: SHA-1 signature', '2009n：SHA-1 签名');
    if (says(facts.boolean('host_matches'), false)) add('M', 'the name does not match', '域名不匹配');
    return rules;
  });
}
