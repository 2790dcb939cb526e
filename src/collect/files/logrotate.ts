import { posix } from 'node:path';
import { absent, derived, known, mapFact, unknown, type Fact, type Origin, type Unknown } from '../../model/fact.ts';
import type { Resource } from '../../model/resource.ts';
import type { KindFacts } from '../../resources/kind.ts';
import { logSink } from '../../resources/logging.ts';
import { parseLogrotate, type LogrotateDirective, type LogrotateStatement } from '../../text/logrotate.ts';
import type { SourceText } from '../../text/source-text.ts';
import { isFilledIn } from '../../text/template.ts';
import { defaultOf } from './defaults.ts';
import { hostOf } from './log-channels.ts';
import { declared, type FileFormat, type FormatContext, type FormatGap, type FormatReading, type Included } from './format.ts';

/** Endings of files that a directory include passes over: logrotate(8), tabooext. */
const TABOO = [
  '~',
  ',v',
  '.bak',
  '.cfsaved',
  '.disabled',
  '.dpkg-bak',
  '.dpkg-del',
  '.dpkg-dist',
  '.dpkg-new',
  '.dpkg-old',
  '.dpkg-tmp',
  '.new',
  '.old',
  '.orig',
  '.rhn-cfg-tmp-',
  '.rpmnew',
  '.rpmorig',
  '.rpmsave',
  '.swp',
  '.ucf-dist',
  '.ucf-new',
  '.ucf-old',
];
const MAX_DEPTH = 10;
const MAX_DAYS = 36_500;

/** A directive with the text that it stands in. */
interface Written extends LogrotateDirective {
  readonly source: SourceText;
}

/** Settings in force: own ones over what was set globally before. `hole` is what could not be read before them. */
interface Settings {
  readonly all: readonly Written[];
  readonly hole: Unknown | undefined;
  readonly at: Origin;
}

/** logrotate, with its includes inline: global settings hold for what follows them, wherever they stand. */
export const logrotateFormat: FileFormat = {
  name: 'logrotate',
  kinds: [logSink.name],
  recognises: (path) => /(?:^|\/)logrotate[^/]*\.conf$|(?:^|\/)logrotate\.d\/[^/]+$/.test(path),
  sniffs: (text) => /^\s*(?:rotate\s+-?\d+|missingok|notifempty|delaycompress)\s*$/m.test(text) && /\{/.test(text),
  read,
};

async function read(paths: readonly string[], context: FormatContext): Promise<FormatReading> {
  const reader = new Reader(context);
  const fragments = paths.filter((path) => /(?:^|\/)logrotate\.d\//.test(path) && !isTaboo(path));
  const mains = paths.filter((path) => !/(?:^|\/)logrotate\.d\//.test(path));
  for (const path of [...mains, ...fragments]) {
    if (reader.included.has(path)) continue;
    const source = await context.open(path);
    if (source === 'not-there') continue;
    if ('state' in source) {
      reader.gaps.push({ why: source });
      continue;
    }
    const alone = fragments.includes(path)
      ? unknown('unresolved', 'read without the logrotate.conf that includes it', source.origin(0, 0))
      : undefined;
    await reader.visit(source, { main: source.file, globals: [], hole: alone }, [source.file]);
  }
  return { resources: reader.resources, gaps: reader.gaps };
}

function isTaboo(path: string): boolean {
  return TABOO.some((ending) => path.endsWith(ending));
}

/** What the reading of one configuration carries along. */
interface Run {
  readonly main: string;
  globals: Written[];
  hole: Unknown | undefined;
}

class Reader {
  readonly resources: Resource[] = [];
  readonly gaps: FormatGap[] = [];
  readonly included = new Set<string>();
  readonly #context: FormatContext;

  constructor(context: FormatContext) {
    this.#context = context;
  }

  async visit(source: SourceText, run: Run, chain: readonly string[]): Promise<void> {
    const statements = parseLogrotate(source);
    const error = errorOf(statements, source);
    if (error !== undefined) this.#miss(run, error);
    for (const statement of statements) {
      if (statement.kind === 'broken') continue;
      if (error !== undefined) {
        if (statement.kind === 'block')
          this.#sink(
            run.main,
            statement.patterns,
            skippedSink(run.main, statement.patterns.join(' '), error, source.origin(statement.start, statement.end)),
          );
      } else if (statement.kind === 'directive') {
        if (statement.directive.name === 'include') await this.#include(source, statement.directive, run, chain);
        else run.globals.push({ ...statement.directive, source });
      } else {
        const own = statement.directives.map((directive) => ({ ...directive, source }));
        const at = source.origin(statement.start, statement.end);
        const settings: Settings = { all: [...lastOfEach(run.globals), ...own], hole: run.hole, at };
        // What an unread global would change, a block's own directive does not feel: holes count where nothing of its own stands.
        const facts = sinkOf(run.main, statement.patterns.join(' '), settings, own, this.#context);
        const removes = statement.scripts.find(({ text }) => REMOVES.test(text.replaceAll(/^[ \t]*#.*$/gm, '')));
        const why =
          removes === undefined
            ? undefined
            : unknown('unsupported', 'a script of the block may remove what is kept', source.origin(removes.start, removes.end));
        this.#sink(run.main, statement.patterns, why === undefined ? facts : { ...facts, retention: why });
      }
    }
  }

  #sink(main: string, patterns: readonly string[], facts: KindFacts<typeof logSink>): void {
    this.resources.push(declared(logSink, `${main} ${patterns.join(' ')}`, this.#context.target, facts));
  }

  #miss(run: Run, why: Unknown): void {
    run.hole ??= why;
    run.globals = []; // what was set before may be set anew in what was not read
    this.gaps.push({ why });
  }

  async #include(source: SourceText, directive: LogrotateDirective, run: Run, chain: readonly string[]): Promise<void> {
    const at = source.origin(directive.start, directive.end);
    const path = directive.value.replace(/^(["'])(.*)\1$/, '$2').replace(/\/$/, '');
    const { files, gaps } = await this.#includedFiles(path, posix.dirname(source.file));
    for (const gap of gaps) this.#miss(run, { ...gap, origin: at });
    for (const file of files) {
      if (chain.includes(file.file) || chain.length >= MAX_DEPTH || this.included.size > 5000)
        this.#miss(run, unknown('unresolved', `include loop: ${path}`, at));
      else {
        this.included.add(file.file);
        await this.visit(file, run, [...chain, file.file]);
      }
    }
  }

  /** A directory stands for the files in it, taboo endings aside; what is no regular file is passed over. */
  async #includedFiles(path: string, base: string): Promise<Included> {
    const below = await this.#context.include(`${path}/*`, base);
    const gaps = below.gaps.filter(({ detail }) => !detail.includes('not a regular file'));
    if (below.files.length > 0 || gaps.length === 0) return { files: below.files.filter(({ file }) => !isTaboo(file)), gaps };
    const single = await this.#context.include(path, base);
    return single.files.length > 0 ? single : { files: [], gaps: single.gaps };
  }
}

/** Commands by which a script takes away what logrotate left, or empties it. */
const REMOVES =
  /(?:^|[\s;&|({`/"'])(?:rm|unlink|shred|truncate|tmpreaper|tmpwatch|cleanlogs)\s|\s-delete\b|--remove-source-files|\bs3\s+mv\b|(?:^|[\s;&|])(?:mv|cp)\s[^\n]*\/dev\/null|(?:^|[;&|]|\n)\s*:?\s*>\s*(?!\/dev\/null)\S*\//;

const NUMBER = /^-?\d{1,9}$/;
const SIZE = /^\d{1,15}[kMG]?$/;
/** What the value of a directive must be for logrotate to accept it. */
const VALUES: Readonly<Record<string, RegExp>> = {
  rotate: NUMBER,
  maxage: NUMBER,
  minage: NUMBER,
  start: NUMBER,
  size: SIZE,
  minsize: SIZE,
  maxsize: SIZE,
  hourly: /^$/,
  daily: /^$/,
  weekly: /^[0-7]?$/,
  monthly: /^$/,
  yearly: /^$/,
  copytruncate: /^$/,
  nocreate: /^$/,
  create: /^(?:[0-7]{3,4}(?:\s+\S+){0,2}|(?:[A-Za-z_]\S*(?:\s+\S+)?)?)$/,
};

/** One error, and logrotate leaves out the whole file that it stands in (tried with 3.21). */
function errorOf(statements: readonly LogrotateStatement[], source: SourceText): Unknown | undefined {
  for (const statement of statements) {
    if (statement.kind === 'broken')
      return unknown('unparseable', `${source.file}: a statement`, source.origin(statement.start, statement.end));
    for (const { name, value, start, end } of statement.kind === 'block' ? statement.directives : [statement.directive]) {
      if (VALUES[name]?.test(value) === false)
        return unknown('unparseable', `${source.file}: ${name} ${value.slice(0, 80)}`, source.origin(start, end));
    }
  }
  return undefined;
}

/** logrotate keeps what others write. */
function kept(main: string, at: Origin): Pick<KindFacts<typeof logSink>, 'host' | 'by' | 'takes'> {
  const none = derived('logrotate takes nothing from elsewhere', at);
  return { host: known(hostOf(main), at), by: known('logrotate', at), takes: known([], none) };
}

function skippedSink(main: string, destination: string, why: Unknown, at: Origin): KindFacts<typeof logSink> {
  return {
    ...kept(main, at),
    form: known('file', at),
    destination: destinationOf(destination, at),
    encrypted: absent(at),
    verifies_peer: absent(at),
    retention: why,
    mode: why,
    readable_by_others: why,
    bounded: why,
    buffered: absent(at),
  };
}

function destinationOf(text: string, at: Origin): Fact<string> {
  return isFilledIn(text) ? unknown('unresolved', text.slice(0, 80), at) : known(text, at);
}

/** Globals are many and blocks too: only the last of each name counts, in order. */
function lastOfEach(globals: readonly Written[]): readonly Written[] {
  const last = new Map<string, Written>();
  for (const directive of globals) {
    last.delete(directive.name); // so that it moves to the end: of daily and size, the later one counts
    last.set(directive.name, directive);
  }
  return [...last.values()];
}

function sinkOf(
  main: string,
  destination: string,
  settings: Settings,
  own: readonly Written[],
  context: FormatContext,
): KindFacts<typeof logSink> {
  const { at } = settings;
  const mode = modeOf(settings, own, context);
  const count = rotations(settings, own, context);
  return {
    ...kept(main, at),
    form: known('file', at),
    destination: destinationOf(destination, at),
    encrypted: absent(at),
    verifies_peer: absent(at),
    retention: retention(count, settings, own),
    mode,
    readable_by_others: mapFact(mode, 'permission bits for others', (bits) => (Number.parseInt(bits, 8) & 0o007) !== 0),
    bounded: count.state === 'known' && count.value === -1 ? bounded(settings, own) : known(true, derived('rotated by logrotate', at)),
    buffered: absent(at),
  };
}

/** The last directive of some names. An include that was not read hides the globals, not the block's own. */
function last(settings: Settings, own: readonly Written[], names: readonly string[]): Written | Unknown | undefined {
  const wanted = ({ name }: Written): boolean => names.includes(name);
  return own.findLast(wanted) ?? settings.all.findLast(wanted) ?? settings.hole;
}

function originOf({ source, start, end }: Written): Origin {
  return source.origin(start, end);
}

function numberOf(written: Written, pattern: RegExp): Fact<number> {
  const at = originOf(written);
  return pattern.test(written.value)
    ? known(Number(written.value), at)
    : unknown('unparseable', `${written.name} ${written.value.slice(0, 80)}`, at);
}

function rotations(settings: Settings, own: readonly Written[], context: FormatContext): Fact<number> {
  const written = last(settings, own, ['rotate']);
  if (written === undefined) return defaultOf('rotate', 'logrotate', context.version('logrotate'), [{ since: '0', value: 0 }], settings.at);
  return 'state' in written ? written : numberOf(written, /^(?:-1|\d{1,9})$/);
}

const PERIODS = ['hourly', 'daily', 'weekly', 'monthly', 'yearly', 'size'];

/** How long a rotated record stays at the least: the rotations kept, times the shortest they can be apart; maxage cuts it. */
function retention(count: Fact<number>, settings: Settings, own: readonly Written[]): Fact<number> {
  const age = last(settings, own, ['maxage']);
  if (age !== undefined && 'state' in age) return age;
  const maximum = age === undefined ? undefined : numberOf(age, /^\d{1,9}$/);
  if (maximum !== undefined && maximum.state !== 'known') return maximum;
  if (count.state !== 'known') return count;
  if (count.value === -1) return maximum ?? absent(count.origin);
  if (count.value === 0) return known(0, count.origin);
  const period = last(settings, own, PERIODS);
  if (period === undefined) return unknown('unresolved', 'no frequency is written: rotation goes by size', settings.at);
  if ('state' in period) return period;
  if (period.name === 'size') return unknown('unresolved', 'rotation by size: as long as traffic allows', originOf(period));
  const early = last(settings, own, ['maxsize']);
  if (early !== undefined) return 'state' in early ? early : unknown('unresolved', 'maxsize may rotate earlier', originOf(early));
  const days = Math.min(MAX_DAYS, daysOf(period.name, count.value));
  if (maximum !== undefined && maximum.value < days) return maximum;
  return known(days, derived(`${count.value} × ${period.name}`, count.origin, originOf(period)));
}

function daysOf(period: string, count: number): number {
  if (period === 'hourly') return count / 24;
  if (period === 'weekly') return count * 7;
  if (period === 'yearly') return count * 365;
  return period === 'monthly' ? shortestMonths(count) : count;
}

/** The fewest days that so many months in a row can have: six are 181, not 186. */
function shortestMonths(count: number): number {
  const lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  const rest = count % 12;
  const sums = lengths.map((_, first) =>
    Array.from({ length: rest }, (_unused, index) => lengths[(first + index) % 12] ?? 0).reduce((sum, days) => sum + days, 0),
  );
  return Math.floor(count / 12) * 365 + Math.min(...sums);
}

/** Without removal by number, only age bounds what is kept. */
function bounded(settings: Settings, own: readonly Written[]): Fact<boolean> {
  const age = last(settings, own, ['maxage']);
  if (age === undefined) return known(false, derived('rotate -1 without maxage', settings.at));
  return 'state' in age ? age : known(true, originOf(age));
}

/** `create 0640 root adm`. Where the file stays in place, or none is made anew, logrotate gives it no mode. */
function modeOf(settings: Settings, own: readonly Written[], context: FormatContext): Fact<string> {
  const inPlace = last(settings, own, ['copytruncate', 'nocopytruncate', 'copy', 'nocopy']);
  if (inPlace !== undefined && 'state' in inPlace) return inPlace;
  if (inPlace?.name === 'copytruncate' || inPlace?.name === 'copy') return absent(originOf(inPlace));
  const written = last(settings, own, ['create', 'nocreate']);
  if (written === undefined)
    return mapAbsent(defaultOf('create', 'logrotate', context.version('logrotate'), [{ since: '0', value: 'nocreate' }], settings.at));
  if ('state' in written) return written;
  const at = originOf(written);
  if (written.name === 'nocreate') return absent(at);
  const [mode = ''] = written.value.split(/\s+/);
  if (/^0?[0-7]{3,4}$/.test(mode))
    return known(mode.padStart(4, '0').slice(-4), written.source.origin(written.start, written.start + mode.length));
  return /^\d|\$|\{/.test(mode)
    ? unknown('unparseable', `create ${mode.slice(0, 40)}`, at)
    : unknown('unresolved', 'create without mode: that of the file before', at);
}

function mapAbsent(fact: Fact<string>): Fact<string> {
  return fact.state === 'known' ? absent(fact.origin) : fact;
}
