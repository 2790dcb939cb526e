import { posix } from 'node:path';
import { derived, known, unknown, type Fact, type Origin, type Unknown } from '../../model/fact.ts';
import { backupPlan } from '../../resources/backup-plan.ts';
import type { KindFacts } from '../../resources/kind.ts';
import { lexLines, type Line, type LineSyntax, type Word } from '../../text/lines.ts';
import { isReference, isSecretName } from '../../text/secrets.ts';
import type { SourceText } from '../../text/source-text.ts';
import { declared, type FileFormat, type FormatContext, type FormatGap, type FormatReading } from './format.ts';
import { dailyRetention, KEEP_RULES, resticDuration, type KeepRule } from './keep-policy.ts';
import { inClear, plainText, resticRepository } from './restic-plan.ts';
import { resticProfiles } from './restic-profile.ts';

/** Shell and systemd alike: `NAME=value`, quotes, `#` at a line's start. */
const SYNTAX: LineSyntax = {
  comment: ['#', ';'],
  commentAnywhere: false,
  quotes: ['"', "'"],
  escape: 'backslash',
  separators: [],
  continuation: true,
};
const PROFILE = /\.ya?ml$/;
const UNIT = /\.service$/;

/** restic as it is set up in files: resticprofile, systemd units that run it, and files with its environment. */
export const resticFormat: FileFormat = {
  name: 'restic',
  kinds: [backupPlan.name],
  recognises: (path) =>
    /(?:^|\/)resticprofile(?:[^/]*|\/[^/]+)\.ya?ml$|(?:^|\/)restic[^/]*\.(?:env|service)$|(?:^|\/)[^/]+\.restic(?:\.env)?$|(?:^|\/)restic\/[^/]+\.env$|(?:^|\/)default\/restic[^/]*$/.test(
      path,
    ),
  sniffs: (text) =>
    (/^[ \t]+repository:[ \t]/m.test(text) && /^[ \t]+password-(?:file|command):/m.test(text)) ||
    /^[ \t]{0,20}ExecStart(?:Pre|Post)?[ \t]{0,20}=[^\n]{0,400}?\brestic[ \t][^\n]{0,2000}?\bbackup\b/m.test(text),
  read,
};

async function read(paths: readonly string[], context: FormatContext): Promise<FormatReading> {
  const readings: FormatReading[] = [];
  const used = new Set<string>();
  // Units first: an environment file that one of them takes is no plan of its own.
  const order = [...paths.filter((path) => UNIT.test(path)), ...paths.filter((path) => !UNIT.test(path))];
  for (const path of order) {
    if (used.has(path)) continue;
    const source = await context.open(path);
    if (source === 'not-there') continue;
    if ('state' in source) readings.push({ resources: [], gaps: [{ why: source }] });
    else if (PROFILE.test(path)) readings.push(await resticProfiles(source, context));
    else if (UNIT.test(path)) readings.push(await unit(source, used, context));
    else readings.push(environmentAlone(source, context));
  }
  return { resources: readings.flatMap(({ resources }) => resources), gaps: readings.flatMap(({ gaps }) => gaps) };
}

/** Variables of a shell or environment file; secrets are marked as they are met. The last of several counts. */
function environment(source: SourceText): ReadonlyMap<string, Fact<string>> {
  const variables = new Map<string, Fact<string>>();
  const lines = lexLines(source, SYNTAX);
  const hides = lines.find((line) => line.hides !== undefined);
  const assignments = lines.flatMap((line) => {
    const word = line.words.find(({ text }) => text !== 'export');
    const [, name, value = ''] = /^([A-Za-z_]\w{0,100})=([\s\S]*)$/.exec(word?.text ?? '') ?? [];
    return word === undefined || name === undefined
      ? []
      : [{ name, value, start: word.start + name.length + 1, end: word.end, broken: line.broken }];
  });
  for (const { name, value, start, end } of assignments) if (isSecretName(name) && !isReference(value)) source.markSecret(start, end, name);
  for (const { name, value, start, end, broken } of assignments) {
    const at = source.origin(start, end);
    if (hides?.hides !== undefined) variables.set(name, unknown('unresolved', hides.hides, source.origin(hides.start, hides.end)));
    else variables.set(name, broken ? unknown('unparseable', name, at) : plainText(value, at));
  }
  return variables;
}

function environmentAlone(source: SourceText, context: FormatContext): FormatReading {
  const variables = environment(source);
  const repository = variables.get('RESTIC_REPOSITORY');
  const at = source.origin(0, 0);
  if (repository === undefined)
    return {
      resources: [],
      gaps: variables.has('RESTIC_REPOSITORY_FILE')
        ? [{ why: unknown('not-collected', `${source.file}: RESTIC_REPOSITORY_FILE`, at) }]
        : [],
    };
  const elsewhere = unknown('not-collected', 'what runs restic is not here', at);
  return {
    resources: [
      declared(
        backupPlan,
        source.file,
        context.target,
        facts({
          repository,
          covers: elsewhere,
          retention: elsewhere,
          sources: [source],
          hole: undefined,
          verified: elsewhere,
          noPassword: known(false, at),
          at,
        }),
      ),
    ],
    gaps: [],
  };
}

interface Plan {
  readonly repository: Fact<string>;
  readonly covers: KindFacts<typeof backupPlan>['covers'];
  readonly retention: Fact<number>;
  readonly verified: Fact<boolean>;
  readonly sources: readonly SourceText[];
  readonly hole: Unknown | undefined;
  readonly noPassword: Fact<boolean>;
  readonly at: Origin;
}

function facts({ repository, covers, retention, verified, sources, hole, noPassword, at }: Plan): KindFacts<typeof backupPlan> {
  return {
    tool: known('restic', at),
    covers,
    repositories: resticRepository(repository, at, noPassword),
    retention,
    interval: unknown('not-collected', 'what runs it is not here', at),
    point_in_time: known(false, derived('files, no logs', at)),
    verified,
    credentials_in_clear: inClear(sources, hole, at),
  };
}

/** A command of restic: `restic -r REPO backup PATH…`. */
interface Command {
  readonly source: SourceText;
  readonly words: readonly Word[];
  readonly name: string;
  readonly options: ReadonlyMap<string, Fact<string>>;
  /** Options without a value, each with its place; short ones one by one. */
  readonly flags: ReadonlyMap<string, Origin>;
  readonly rest: readonly Fact<string>[];
  /** An option that is not known here may have taken a path for its value. */
  readonly unclear: Unknown | undefined;
}

const VALUED = new Set([
  '-r',
  '--repo',
  '--repository-file',
  '-p',
  '--password-file',
  '--password-command',
  '--key-hint',
  '--cacert',
  '--cache-dir',
  '--limit-upload',
  '--limit-download',
  '-o',
  '--option',
  '-e',
  '--exclude',
  '--iexclude',
  '--exclude-file',
  '--exclude-if-present',
  '--files-from',
  '--files-from-verbatim',
  '--files-from-raw',
  '--tag',
  '-H',
  '--host',
  '--parent',
  '--read-concurrency',
  '--stdin-filename',
  '--compression',
  '--pack-size',
  '--read-data-subset',
  ...KEEP_RULES.map((rule) => `--keep-${rule}`),
  '-d',
  '-w',
  '-m',
  '-y',
  '-l',
  '--group-by',
  '--max-unused',
  '--retry-lock',
]);
/** Switches that change nothing that is asked here. */
const FLAGS =
  /^--(?:quiet|verbose|one-file-system|no-cache|cleanup-cache|no-lock|json|prune|exclude-caches|with-atime|no-scan|skip-if-unchanged|use-fs-snapshot|ignore-inode|ignore-ctime|force|read-data|compact|insecure-tls|stdin)$/;

/** A systemd unit whose commands call restic by name. A script that does is not followed. */
async function unit(source: SourceText, used: Set<string>, context: FormatContext): Promise<FormatReading> {
  const gaps: FormatGap[] = [];
  const variables = new Map<string, Fact<string>>();
  const sources = [source];
  let hole: Unknown | undefined;
  const lines = lexLines(source, { ...SYNTAX, escape: 'none' });
  for (const line of lines) markUnit(line, source);
  const hides = lines.find((line) => line.hides !== undefined);
  if (hides?.hides !== undefined)
    return {
      resources: [],
      gaps: [{ why: unknown('unresolved', `${source.file}: ${hides.hides}`, source.origin(hides.start, hides.end)) }],
    };
  for (const line of lines) {
    const first = line.words[0]?.text ?? '';
    const file = /^EnvironmentFile=-?(.*)$/.exec(first)?.[1];
    const own = /^Environment=([A-Za-z_]\w*)=(.*)$/s.exec(line.words.map(({ text }) => text).join(' '));
    const at = source.origin(line.start, line.end);
    if (own !== null) variables.set(own[1] ?? '', plainText(own[2] ?? '', at));
    if (file === undefined) continue;
    const { files, gaps: missing } = await context.include(file, posix.dirname(source.file));
    for (const gap of missing) {
      hole ??= { ...gap, origin: at };
      gaps.push({ why: { ...gap, origin: at } });
    }
    for (const text of files) {
      used.add(text.file);
      sources.push(text);
      for (const [name, value] of environment(text)) variables.set(name, value);
    }
  }
  const all = lines.flatMap((line) => commandOf(line, source));
  // A dry run stores nothing and removes nothing.
  const commands = all.filter(({ flags }) => !flags.has('-n') && !flags.has('--dry-run'));
  const backups = commands.filter(({ name }) => name === 'backup');
  const [backup] = backups;
  if (backup === undefined) {
    const starts = lines.find(({ words }) => words[0]?.text.startsWith('ExecStart='));
    if (all.length === 0 && starts !== undefined)
      gaps.push({
        why: unknown('not-collected', `${source.file}: what it starts is not followed`, source.origin(starts.start, starts.end)),
      });
    return { resources: [], gaps };
  }
  const at = source.origin(backup.words[0]?.start ?? 0, backup.words.at(-1)?.end ?? 0);
  const none = hole ?? unknown('not-collected', 'RESTIC_REPOSITORY of the environment', at);
  const repository =
    backup.options.get('-r') ??
    backup.options.get('--repo') ??
    (backup.options.has('--repository-file')
      ? unknown('not-collected', '--repository-file', at)
      : (variables.get('RESTIC_REPOSITORY') ?? none));
  const open = backups.flatMap(({ unclear, options }) => [
    ...(unclear === undefined ? [] : [unclear]),
    ...[...options.keys()].filter((name) => name.startsWith('--files-from')).map((name) => unknown('not-collected', name, at)),
  ]);
  const paths = backups.flatMap(({ rest }) => rest);
  const check = commands.find(({ name }) => name === 'check');
  const plan: Plan = {
    repository,
    covers: known(paths, paths.find((path) => path.state === 'known')?.origin ?? at, open),
    retention: retention(commands, at),
    verified:
      check === undefined
        ? unknown('not-collected', 'no check runs here', at)
        : known(true, source.origin(check.words[0]?.start ?? 0, check.words.at(-1)?.end ?? 0)),
    sources,
    hole,
    noPassword: withoutPassword(backups, at),
    at,
  };
  return { resources: [declared(backupPlan, source.file, context.target, facts(plan))], gaps };
}

/** A repository may be opened without a password by any of the backups that store in it. */
function withoutPassword(backups: readonly Command[], at: Origin): Fact<boolean> {
  const place = backups.map(({ flags }) => flags.get('--insecure-no-password')).find((one) => one !== undefined);
  return place === undefined ? known(false, at) : known(true, place);
}

/** `Environment="RESTIC_PASSWORD=…" A=b`: several on one line, each quoted or not. */
function markUnit(line: Line, source: SourceText): void {
  const written = source.text.slice(line.start, Math.min(line.end, line.start + 65_536));
  const from = written.indexOf('=') + 1;
  for (const match of written.slice(from).matchAll(/(["']?)([A-Za-z_]\w{0,100})=(["']?)/g)) {
    const [whole, outer = '', name = '', inner = ''] = match;
    const start = from + match.index + whole.length;
    const quote = outer === '' ? inner : outer;
    const rest = written.slice(start, start + 4000);
    const end = quote === '' ? rest.search(/\s|$/) : rest.indexOf(quote);
    const value = end === -1 ? rest : rest.slice(0, end);
    if (isSecretName(name) && !isReference(value)) source.markSecret(line.start + start, line.start + start + value.length, name);
  }
}

function commandOf(line: Line, source: SourceText): readonly Command[] {
  const [first, ...others] = line.words;
  const program = /^Exec(?:Start|StartPre|StartPost|StopPost)=[-@:+!]*(.+)$/.exec(first?.text ?? '')?.[1];
  if (first === undefined || program === undefined || posix.basename(program) !== 'restic' || line.broken) return [];
  const options = new Map<string, Fact<string>>();
  const flags = new Map<string, Origin>();
  const rest: Fact<string>[] = [];
  let name = '';
  let unclear: Unknown | undefined;
  for (let index = 0; index < others.length; index += 1) {
    const word = others[index];
    if (word === undefined) break;
    const at = source.origin(word.start, word.end);
    const [, option, joined] = /^(--?[A-Za-z][\w-]*)(?:=(.*))?$/s.exec(word.text) ?? [];
    if (option === undefined) {
      if (name === '') name = word.text;
      else rest.push(plainText(word.text, at));
    } else if (/^--(?:dry-run|insecure-no-password)$/.test(option)) {
      // A switch may be given its value: `--dry-run=false`.
      if (joined === undefined || /^(?:true|t|1)$/i.test(joined)) flags.set(option, at);
      else if (!/^(?:false|f|0)$/i.test(joined)) unclear ??= unknown('unresolved', option, at);
    } else if (joined !== undefined) options.set(option, plainText(joined, at));
    else if (VALUED.has(option)) {
      const value = others[index + 1];
      if (value !== undefined) options.set(option, plainText(value.text, source.origin(value.start, value.end)));
      index += 1;
    } else if (/^-[qvxnfj]+$/.test(option)) {
      for (const letter of option.slice(1)) flags.set(`-${letter}`, at);
    } else if (!FLAGS.test(option)) unclear ??= unknown('unsupported', `option ${option.slice(0, 40)}`, at);
  }
  return [{ source, words: line.words, name, options, flags, rest, unclear }];
}

/** What `restic forget` keeps. Without it here, another unit may forget. */
function retention(commands: readonly Command[], at: Origin): Fact<number> {
  const forget = commands.find(
    ({ name, options }) =>
      name === 'forget' && [...options.keys()].some((option) => option.startsWith('--keep-') || /^-[dwmyHl]$/.test(option)),
  );
  if (forget === undefined) return unknown('not-collected', 'no forget runs here', at);
  if (forget.unclear !== undefined) return forget.unclear;
  const rules = new Map<KeepRule, Fact<string>>();
  const short: Readonly<Partial<Record<KeepRule, string>>> = {
    last: '-l',
    hourly: '-H',
    daily: '-d',
    weekly: '-w',
    monthly: '-m',
    yearly: '-y',
  };
  for (const rule of KEEP_RULES) {
    const value = forget.options.get(`--keep-${rule}`) ?? forget.options.get(short[rule] ?? '');
    if (value !== undefined) rules.set(rule, value);
  }
  return dailyRetention(rules, resticDuration) ?? unknown('unsupported', 'rules of forget', at);
}
