import type { Summary } from '../../model/assessment.ts';
import type { EndpointCertificate, EndpointProfile, EndpointSuite, Guideline, Rating } from '../../model/endpoint.ts';
import { clean, fit, padTo, widthOf, wrap, type Style } from './layout.ts';
import type { Page } from './page.ts';
import { WORDS } from './words.ts';

/** Endpoints that are drawn in full; where there are more, each has a line. */
const MAX_DRAWN = 3;
const MAX_LISTED = 40;
/** Columns of the table of suites, in wire order of the versions. */
const VERSIONS = ['SSLv2', 'SSLv3', 'TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3', 'TLCP'] as const;
const SHORT: Readonly<Record<string, string>> = {
  SSLv2: 'SSL2',
  SSLv3: 'SSL3',
  TLSv1: '1.0',
  'TLSv1.1': '1.1',
  'TLSv1.2': '1.2',
  'TLSv1.3': '1.3',
  TLCP: 'TLCP',
};
/** Versions that are welcome; the others are better refused. */
const GOOD = ['TLSv1.2', 'TLSv1.3', 'TLCP'];
const STRENGTH = { good: 'green', weak: 'yellow', insecure: ['bold', 'red'] } as const satisfies Record<EndpointSuite['strength'], Style>;

/** What live TLS endpoints are like: versions, suites, chain, letter and guidelines at a glance. */
export function* endpointSections({ endpoints }: Pick<Summary, 'endpoints'>, page: Page): Iterable<readonly string[]> {
  if (endpoints.length > MAX_DRAWN) yield listLines(endpoints, page);
  else for (const endpoint of endpoints) yield drawn(endpoint, page);
}

function listLines(endpoints: readonly EndpointProfile[], { paint, language, columns }: Page): readonly string[] {
  const lines = [paint('bold', `${WORDS.endpoint[language]} ${endpoints.length}`)];
  for (const { resource, rating, protocols } of endpoints.slice(0, MAX_LISTED)) {
    const spoken = protocols.filter(({ state }) => state === 'accepted').map(({ name }) => SHORT[name] ?? name);
    lines.push(` ${padTo(letterText(rating), 3)} ${fit(`${clean(resource)}  ${spoken.join(' ')}`, columns - 5)}`);
  }
  if (endpoints.length > MAX_LISTED) lines.push(paint('dim', ` (+${endpoints.length - MAX_LISTED} ${WORDS.more[language]})`));
  return lines;
}

function drawn(endpoint: EndpointProfile, page: Page): readonly string[] {
  const { paint, language } = page;
  const where = endpoint.address === '' || endpoint.resource.includes(endpoint.address) ? '' : `  ${endpoint.address}`;
  return [
    `${paint('bold', `${WORDS.endpoint[language]} ${clean(endpoint.resource)}`)}${paint('dim', `${where}  ${endpoint.connections} ${WORDS.connections[language]}`)}`,
    ...ratingLines(endpoint.rating, page),
    '',
    ...protocolLine(endpoint, page),
    ...suiteLines(endpoint, page),
    ...listRow(WORDS.groupsWord[language], endpoint.groups, endpoint.groupsWhole, { text: '–', style: 'reset' }, page),
    ...certificateLines(endpoint.certificates, page),
    ...listRow(
      WORDS.weaknessesWord[language],
      endpoint.weaknesses,
      endpoint.weaknessesWhole,
      { text: WORDS.noneSeen[language], style: 'green' },
      page,
      'red',
    ),
    ...guidelineLines(endpoint.guidelines, page),
  ];
}

const LABEL = 15;

function row(label: string, text: string, { paint, columns }: Page, style: Style = 'reset'): readonly string[] {
  return wrap(clean(text), columns - LABEL - 1).map(
    (line, index) => ` ${index === 0 ? paint('dim', padTo(label, LABEL)) : ' '.repeat(LABEL)}${paint(style, line)}`,
  );
}

/** A list that may have more elements ends in `, …`; where none was seen, and there may be some, nothing is said of it. */
function listRow(
  label: string,
  names: readonly string[],
  whole: boolean,
  none: { readonly text: string; readonly style: Style },
  page: Page,
  style: Style = 'reset',
): readonly string[] {
  if (names.length > 0) return row(label, `${names.join(' ')}${whole ? '' : ', …'}`, page, style);
  return whole ? row(label, none.text, page, none.style) : row(label, WORDS.notTested[page.language], page, 'yellow');
}

function letterText({ letter }: Rating): string {
  return letter ?? '–';
}

function letterStyle(letter: string): Style {
  return ['bold', letter.startsWith('A') ? 'green' : letter === 'B' || letter === 'C' ? 'yellow' : 'red'];
}

function ratingLines(rating: Rating, page: Page): readonly string[] {
  const { paint, language } = page;
  const letter = letterText(rating);
  const own =
    rating.configuration !== undefined && rating.configuration !== rating.letter
      ? `  (${rating.configuration} ${WORDS.leftAside[language]})`
      : '';
  const { score } = rating;
  const parts = score === undefined ? '' : paint('dim', `  ${score.protocol} · ${score.keyExchange} · ${score.cipher} → ${score.total}`);
  const rules = [...rating.trust, ...rating.caps].map(({ letter: best, rule, because }) => `${best}: ${rule[language]} (${because})`);
  const warnings = rating.warnings.map(({ rule, because }) => `${rule[language]} (${because})`);
  return [
    ` ${paint(letterStyle(letter), ` ${letter} `)} ${paint('dim', `${rating.guide} ${WORDS.letter[language]}`)}${own}${parts}`,
    ...rules.flatMap((rule, index) => row(index === 0 ? WORDS.caps[language] : '', rule, page, 'yellow')),
    ...warnings.flatMap((warning, index) => row(index === 0 ? WORDS.warningsWord[language] : '', warning, page)),
    ...(rating.notTested.length === 0
      ? []
      : row('', `${WORDS.atBest[language]}: ${rating.notTested.map((what) => what[language]).join(', ')}`, page, 'dim')),
  ];
}

function protocolLine({ protocols }: EndpointProfile, { paint, language }: Page): readonly string[] {
  const marks = protocols.map(({ name, state }) => {
    const good = GOOD.includes(name);
    const style: Style = state === 'unknown' ? 'yellow' : state === 'accepted' ? (good ? 'green' : ['bold', 'red']) : 'dim';
    return paint(style, `${SHORT[name] ?? name} ${state === 'accepted' ? '●' : state === 'refused' ? '○' : '?'}`);
  });
  return [` ${paint('dim', padTo(WORDS.protocolsWord[language], LABEL))}${marks.join('  ')}`];
}

/** The table of suites: a row each, in the server's order where it has one; a column for each version that is spoken. */
function suiteLines({ suites, protocols, serverPreference }: EndpointProfile, page: Page): readonly string[] {
  const { paint, language, columns } = page;
  if (suites.length === 0) return [];
  const spoken = VERSIONS.filter((name) => protocols.some((protocol) => protocol.name === name && protocol.state === 'accepted'));
  const cell = (text: string): string => padTo(text, 6);
  const width = Math.min(Math.max(...suites.map(({ name }) => widthOf(name))), columns - LABEL - spoken.length * 6 - 6);
  const who = serverPreference === 'unknown' ? '' : ` · ${serverPreference ? WORDS.serverOrder[language] : WORDS.clientOrder[language]}`;
  const title = padTo(WORDS.suitesWord[language], LABEL);
  const head = ` ${paint('dim', title)}${paint('dim', `${padTo(`${suites.length}${who}`, width + 2)}${spoken.map((name) => cell(SHORT[name] ?? name)).join('')}bit`)}`;
  return [
    head,
    ...suites.map(({ name, bits, versions, strength }) => {
      const marks = spoken.map((version) => cell(versions.includes(version) ? '●' : ' ')).join('');
      return ` ${' '.repeat(LABEL)}${paint(STRENGTH[strength], padTo(fit(clean(name), width), width + 2))}${paint('dim', `${marks}${String(bits).padStart(3)}`)}`;
    }),
  ];
}

function certificateLines(certificates: readonly EndpointCertificate[], page: Page): readonly string[] {
  const { paint, language } = page;
  return certificates.flatMap((certificate) => {
    const { subject, key, signature, notAfter, trusted, hostMatches, chain, complete } = certificate;
    const marks = [
      trusted === true ? paint('green', WORDS.trusted[language]) : trusted === false ? paint('red', WORDS.untrusted[language]) : '',
      hostMatches === true
        ? paint('green', WORDS.nameMatches[language])
        : hostMatches === false
          ? paint('red', WORDS.nameDiffers[language])
          : '',
      complete === false ? paint('yellow', WORDS.incomplete[language]) : '',
    ].filter((mark) => mark !== '');
    return [
      ...row(WORDS.certificateWord[language], `${subject}  ${key}, ${signature}, ${WORDS.until2[language]} ${notAfter.slice(0, 10)}`, page),
      ...chain.flatMap((link, depth) => row('', `${' '.repeat(Math.min(depth, 6))}↳ ${link}`, page, 'dim')),
      ...(marks.length === 0 ? [] : [` ${' '.repeat(LABEL)}${marks.join(' · ')}`]),
    ];
  });
}

function guidelineLines(guidelines: readonly Guideline[], page: Page): readonly string[] {
  const { language } = page;
  return guidelines.flatMap(({ name, verdict, fields }, index) => {
    const failing = fields.filter(({ status, advice }) => status === 'not-met' && advice !== true).map(({ field }) => field);
    const open = fields.filter(({ status, advice }) => status === 'not-tested' && advice !== true).map(({ field }) => field);
    const word = verdict === 'met' ? WORDS.met[language] : verdict === 'not-met' ? WORDS.notMet[language] : WORDS.notTested[language];
    const why = verdict === 'not-met' ? failing : verdict === 'not-tested' ? open : [];
    const style: Style = verdict === 'met' ? 'green' : verdict === 'not-met' ? 'yellow' : 'dim';
    return row(
      index === 0 ? WORDS.guidelines[language] : '',
      `${name}: ${word}${why.length === 0 ? '' : ` (${why.join(', ')})`}`,
      page,
      style,
    );
  });
}
