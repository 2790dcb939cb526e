import type { ArtifactLocation, Log, Location as SarifLocation, PhysicalLocation, Region, ReportingDescriptor, Result, Run } from 'sarif';
import type { RuleText, ScoreInterval, Summary } from '../model/assessment.ts';
import type { Severity } from '../model/control.ts';
import type { Finding, Location } from '../model/finding.ts';
import type { Language } from '../model/localized.ts';
import { PROJECT } from './project.ts';
import type { Renderer } from './renderer.ts';

/** GitHub shows a rule's severity by this number (a string, on the rule): above 9 critical, from 7 high, from 4 medium. */
const SECURITY_SEVERITY = { critical: '9.5', high: '8.0', medium: '5.5', low: '2.0', info: '0.0' } as const satisfies Record<
  Severity,
  string
>;
const LEVEL = { critical: 'error', high: 'error', medium: 'warning', low: 'note', info: 'note' } as const satisfies Record<
  Severity,
  string
>;
/** XCCDF's words as SARIF kinds. What is undecided is open, what awaits an attestation is for review. */
const KIND = {
  pass: 'pass',
  fail: 'fail',
  'not-applicable': 'notApplicable',
  unknown: 'open',
  error: 'open',
  manual: 'review',
} as const satisfies Record<Finding['outcome'], string>;

const SCHEMA = 'https://json.schemastore.org/sarif-2.1.0.json';
/** GitHub takes at most 25,000 results a run, and shows the 5,000 most severe. */
const MAX_LOCATIONS = 100;

/** SARIF 2.1.0 (OASIS). Streams one result a line; every result has a place, since GitHub refuses those without. */
export const renderSarif: Renderer = function* (summary, findings, { language, pathPrefix, category }) {
  const run = runOf(summary, language, pathPrefix, category);
  const log: Log = { $schema: SCHEMA, version: '2.1.0', runs: [run] };
  const marker = '"results": []';
  const text = JSON.stringify(log, undefined, 2);
  const at = text.indexOf(marker);
  yield `${text.slice(0, at)}"results": [`;
  const indexes = new Map(summary.rules.map(({ id }, index) => [id, index]));
  const policy = policyPlace(summary, pathPrefix);
  let first = true;
  for (const finding of findings) {
    yield `${first ? '\n' : ',\n'}        ${JSON.stringify(resultOf(finding, indexes.get(finding.control) ?? -1, policy, language, pathPrefix))}`;
    first = false;
  }
  yield `${first ? '' : '\n      '}]${text.slice(at + marker.length)}\n`;
};

function runOf(summary: Summary, language: Language, pathPrefix: string, category: string | undefined): Run {
  const undecided = summary.counts.unknown + summary.counts.error;
  const open = { en: `${undecided} findings could not be determined`, zh: `${undecided} 项未能判定` };
  return {
    tool: {
      driver: {
        name: 'Custos',
        version: summary.tool.version,
        semanticVersion: summary.tool.version,
        informationUri: PROJECT,
        language: language === 'zh' ? 'zh-CN' : 'en-US',
        rules: summary.rules.map((rule) => ruleOf(rule, language)),
      },
    },
    // GitHub takes what stands before the last slash for the category: uploads of one category replace each other.
    automationDetails: { id: `custos/${summary.profile}/${category === undefined ? '' : `${category}/`}` },
    columnKind: 'utf16CodeUnits',
    ...(outside(summary, pathPrefix) ? { originalUriBaseIds: { [FILE_SYSTEM]: { uri: 'file:///' } } } : {}),
    invocations: [
      {
        executionSuccessful: summary.counts.error === 0 && summary.verdict.exitCode !== 130,
        exitCode: summary.verdict.exitCode,
        ...(undecided > 0 ? { toolExecutionNotifications: [{ level: 'warning' as const, message: { text: `${open[language]}.` } }] } : {}),
      },
    ],
    properties: {
      profile: summary.profile,
      asOf: summary.asOf,
      grade: summary.grade,
      score: intervalOf(summary.scores.total),
      accepted: intervalOf(summary.scores.accepted),
      coverage: summary.coverage,
      notLookedAt: summary.notLookedAt.map(({ control }) => control),
      policy: summary.policy.map(({ role, name, digest }) => ({ role, name, digest })),
    },
    results: [],
  };
}

function ruleOf(rule: RuleText, language: Language): ReportingDescriptor {
  const { id, title, rationale, remediation, references } = rule;
  const cited = byName(references).map(([register, clauses]) => [register, ...clauses].join(' '));
  const examples = byName(remediation.examples).map(([product, text]) => `**${product}**\n\n\`\`\`\n${text.trimEnd()}\n\`\`\``);
  const help = sentence(remediation[language]);
  return {
    id,
    name: pascalCase(title.en),
    shortDescription: { text: sentence(title[language]).slice(0, 1024) },
    fullDescription: { text: sentence(rationale[language]).slice(0, 1024) },
    helpUri: `${PROJECT}/blob/main/controls/README.md`,
    help: {
      text: help,
      markdown: [help, ...examples, cited.length === 0 ? '' : cited.join(' · ')].filter((part) => part !== '').join('\n\n'),
    },
    defaultConfiguration: { level: LEVEL[rule.severity] },
    properties: {
      'security-severity': SECURITY_SEVERITY[rule.severity],
      precision: 'very-high',
      tags: [...new Set(['security', 'custody', rule.family.toLowerCase(), ...rule.tags])].slice(0, 10),
    },
  };
}

/** In one order: an assessment that was read from a file has its keys in another than one that was just made. */
function byName<T>(record: Readonly<Record<string, T>>): readonly (readonly [string, T])[] {
  return Object.entries(record).toSorted(([a], [b]) => (a < b ? -1 : 1));
}

function intervalOf({ low, high }: ScoreInterval): ScoreInterval {
  return { low, high };
}

/** SARIF2012 asks for names that read as identifiers. */
function pascalCase(title: string): string {
  const words = title.split(/[^A-Za-z0-9]+/).filter((word) => word.length > 1); // "AClient" is no Pascal name
  return words
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1).toLowerCase())
    .join('')
    .slice(0, 120);
}

function sentence(text: string): string {
  return /[.!?。！？]$/.test(text) ? text : `${text}${/[\u4E00-\u9FFF]$/.test(text) ? '。' : '.'}`;
}

function resultOf(finding: Finding, ruleIndex: number, policy: PhysicalLocation, language: Language, pathPrefix: string): Result {
  const fail = finding.outcome === 'fail';
  const name = finding.resource === '' ? finding.target : `${finding.target}/${finding.resource}`;
  const places = finding.locations.length > 0 ? finding.locations : [];
  const locations = places.slice(0, 1).map((place) => locationOf(place, name, pathPrefix));
  const related = places
    .slice(1, MAX_LOCATIONS)
    .map((place, index): SarifLocation => ({ id: index + 1, ...locationOf(place, name, pathPrefix) }));
  const suppressed = finding.waiver?.status === 'active' ? finding.waiver : undefined;
  return {
    ruleId: finding.control,
    ruleIndex,
    kind: KIND[finding.outcome],
    level: fail ? LEVEL[finding.severity] : 'none',
    message: { text: sentence(finding.message[language]) },
    locations: locations.length > 0 ? locations : [{ physicalLocation: policy, logicalLocations: logical(name) }],
    ...(related.length > 0 ? { relatedLocations: related } : {}),
    ...(finding.fingerprint === undefined
      ? {}
      : { partialFingerprints: { 'custos/v1': finding.fingerprint, primaryLocationLineHash: finding.fingerprint } }),
    ...(finding.baseline === undefined
      ? {}
      : { baselineState: finding.baseline === 'unchanged' ? 'unchanged' : finding.baseline === 'worse' ? 'updated' : 'new' }),
    ...(suppressed === undefined
      ? { suppressions: [] }
      : {
          suppressions: [
            { kind: 'external', status: 'accepted', justification: `${suppressed.owner}: ${suppressed.reason} (${suppressed.until})` },
          ],
        }),
    properties: {
      outcome: finding.outcome,
      severity: finding.severity,
      basis: finding.basis,
      offenders: finding.offenders.flatMap(({ text }) => (text === undefined ? [] : [text])).slice(0, 100),
    },
  };
}

function locationOf({ file, range, excerpt, seen }: Location, name: string, pathPrefix: string): SarifLocation {
  const there = seen === undefined ? undefined : `${seen.on}:${seen.file}:${seen.range.start.line}:${seen.range.start.column}`;
  // A path on a machine that was looked at is no file of the repository: it is named beside the resource.
  const logicalLocations = [...logical(name), ...(there === undefined ? [] : [{ fullyQualifiedName: there, kind: 'member' }])];
  // Named on the command line: what was named is the place, and it is no line of any file.
  if (file === COMMAND_LINE)
    return { physicalLocation: { artifactLocation: artifact(namedIn(range, excerpt), pathPrefix) }, logicalLocations };
  const artifactLocation = artifact(file, pathPrefix);
  return { physicalLocation: { artifactLocation, ...regionOf(range, excerpt), ...contextOf(excerpt, range) }, logicalLocations };
}

/** Where the value stands; the line, where it stands nowhere in it (what a file as a whole does not say). */
function regionOf(range: Location['range'], excerpt: Location['excerpt']): { readonly region?: Region } {
  const line = excerpt?.lines[range.start.line - excerpt.firstLine];
  const nothing = range.start.line === range.end.line && range.start.column === range.end.column;
  const to = nothing && line !== undefined ? { line: range.start.line, column: range.start.column + line.length } : range.end;
  if (nothing && line === '') return {};
  const region = { startLine: range.start.line, startColumn: range.start.column, endLine: to.line, endColumn: to.column };
  return {
    region:
      line === undefined ? region : { ...region, snippet: { text: snippet(line, { start: range.start, end: to }, excerpt?.cut ?? 0) } },
  };
}

function logical(name: string): NonNullable<SarifLocation['logicalLocations']> {
  return [{ fullyQualifiedName: name, kind: 'resource' }];
}

/** The word of the command line that a range stands for. */
function namedIn(range: Location['range'], excerpt: Location['excerpt']): string {
  const line = excerpt?.lines[0] ?? '';
  return snippet(line, range, excerpt?.cut ?? 0).trim() || '.';
}

/** The value itself, cut from its line. */
function snippet(line: string, { start, end }: Location['range'], cut: number): string {
  const from = start.column - 1 - cut;
  return line.slice(Math.max(0, from), end.line === start.line ? Math.max(from + 1, end.column - 1 - cut) : undefined) || line;
}

/** The lines around it. SARIF wants the context to be larger than the region. */
function contextOf(excerpt: Location['excerpt'], range: Location['range']): { readonly contextRegion?: Region } {
  if (excerpt === undefined) return {};
  const last = Math.max(range.end.line, excerpt.firstLine + excerpt.lines.length - 1);
  return { contextRegion: { startLine: excerpt.firstLine, endLine: last, snippet: { text: excerpt.lines.join('\n') } } };
}

/** A finding of the whole assessment stands where its policy does, or else at what was looked at: GitHub shows no result without a file. */
function policyPlace({ policy, targets }: Summary, pathPrefix: string): PhysicalLocation {
  const declared = targets.map(({ target }) => target.declaredAt).find(({ file }) => file !== COMMAND_LINE);
  if (declared !== undefined) {
    const artifactLocation = artifact(declared.file, pathPrefix);
    return { artifactLocation, ...regionOf(declared, declared.excerpt), ...contextOf(declared.excerpt, declared) };
  }
  const configuration = policy.find(({ role }) => role === 'configuration')?.name;
  return { artifactLocation: artifact(configuration ?? targets[0]?.target.address ?? '.', pathPrefix) };
}

/** Are there places outside of where the run stood? Those are named from the root of the file system. */
function outside({ policy, targets }: Summary, pathPrefix: string): boolean {
  const names = [...policy.map(({ name }) => name), ...targets.flatMap(({ target }) => [target.address, target.declaredAt.file])];
  return pathPrefix.startsWith('/') || names.some((name) => name.startsWith('/'));
}

/** Relative, encoded by segment: `#`, `?` and spaces in file names are part of the name. A URL stays one. */
function artifact(file: string, pathPrefix: string): ArtifactLocation {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(file)) return { uri: file };
  const path = file.startsWith('/') ? file : pathPrefix + file;
  const uri = path.replace(/^\.\//, '').replace(/^\/+/, '').split('/').map(encodeURIComponent).join('/');
  return path.startsWith('/') ? { uri, uriBaseId: FILE_SYSTEM } : { uri };
}

const COMMAND_LINE = '(command line)';
const FILE_SYSTEM = 'FILESYSTEM';
