import { absent, derived, known, unknown, type Fact, type Origin, type Unknown } from '../../model/fact.ts';
import { parsePgbackrest } from '../../text/pgbackrest.ts';
import type { SectionOption } from '../../text/section-option.ts';
import { PgbackrestOptions, PgbackrestSettings, repositoryIndices, repositoryOption } from '../files/pgbackrest-settings.ts';
import {
  elementsOf,
  fieldOf,
  lastSuccess,
  noAnswer,
  numberField,
  reportJson,
  sizeRatio,
  textField,
  type BackupAnswer,
  type ToldBackup,
} from './backup-report.ts';
import type { HostContext } from './part.ts';
import { walGapFree } from './wal-gap.ts';

/** One repository of a stanza, as `pgbackrest info` is asked for it. */
export interface PgbackrestRepository {
  readonly stanza: string;
  /** As its options number it. */
  readonly index: number;
  readonly config: string;
  readonly include: string | undefined;
  /** Where it is, if it is a directory of this machine. */
  readonly directory: string | undefined;
  /** Why it is not asked: another machine or service holds it. */
  readonly elsewhere: Unknown | undefined;
}

/** The repositories of a stanza by its configuration; an `Unknown` where that cannot be read. */
export async function pgbackrestRepositories(
  config: string,
  stanza: string,
  context: HostContext,
): Promise<readonly PgbackrestRepository[] | Unknown> {
  if (!config.endsWith('.conf')) return unknown('unresolved', `${config}: read without pgbackrest.conf`);
  const directory = config.slice(0, config.lastIndexOf('/'));
  const files = [config];
  let include: string | undefined;
  for (const parts of [...(directory.endsWith('/pgbackrest') ? [`${directory}/conf.d`] : []), `${directory}/pgbackrest/conf.d`]) {
    const listing = await context.host.list(parts);
    if (listing === 'not-there') continue;
    if ('state' in listing) return listing;
    const [hidden] = listing.unseen;
    if (hidden !== undefined) return hidden.why;
    include ??= parts;
    files.push(...listing.entries.map(({ path }) => path).filter((path) => path.endsWith('.conf')));
  }
  const options: SectionOption[] = [];
  for (const path of files) {
    const source = await context.open(path);
    if (source === 'not-there') continue;
    const parsed = 'state' in source ? source : parsePgbackrest(source);
    if ('state' in parsed) return parsed;
    options.push(...parsed);
  }
  const settings = new PgbackrestSettings(new PgbackrestOptions(options), stanza, context.at, undefined, {
    version: () => unknown('not-collected', 'pgbackrest'),
  });
  const written = (index: number, name: string): Fact<string> | undefined => settings.written('info', ...repositoryOption(index, name));
  return repositoryIndices(settings.names).map((index) => {
    const [host, type, path] = [written(index, 'host'), written(index, 'type'), written(index, 'path')];
    const here = host === undefined && (type === undefined || (type.state === 'known' && /^(?:posix|cifs)$/.test(type.value)));
    return {
      stanza,
      index,
      config,
      include,
      directory: here && path?.state === 'known' ? path.value : here && path === undefined ? '/var/lib/pgbackrest' : undefined,
      elsewhere: here ? undefined : unknown('not-collected', 'a repository elsewhere is not asked', (host ?? type)?.origin ?? context.at),
    };
  });
}

/** Asks `pgbackrest info` for one repository. pgBackRest keeps no record of what `verify` found. */
export async function askPgbackrest(repository: PgbackrestRepository, context: HostContext): Promise<BackupAnswer> {
  const { stanza, index, config, include } = repository;
  if (repository.elsewhere !== undefined) return noAnswer(repository.elsewhere);
  const output = await context.command('pgbackrest info', {
    config,
    stanza,
    repository: String(index),
    ...(include === undefined ? {} : { include }),
  });
  if (output === 'not-there') return noAnswer(unknown('unsupported', 'pgbackrest: no such program', context.at));
  if ('state' in output) return noAnswer(output);
  const at = output.origin();
  const json = reportJson(output.text, 'pgbackrest info', at);
  if ('state' in json) return noAnswer(json);
  const told = elementsOf(json.value)?.find((one) => textField(one, 'name') === stanza);
  const state = elementsOf(told, 'repo')?.find((one) => numberField(one, 'key') === index);
  const code = numberField(state, 'status', 'code');
  const cipher = textField(state, 'cipher');
  // 0: ok; 1 and 3: the stanza was never made there; 2: no backup that can be restored.
  if (code === undefined || !(code >= 0 && code <= 3)) {
    const said = textField(state, 'status', 'message') ?? 'no answer for the stanza';
    // Whatever it could not read may stand in its message: bytes of a repository are nobody's to repeat.
    const line = (said.split('\n')[0] ?? '')
      .replaceAll(/[^\x20-\x7e]/g, '?')
      .replace(/(error|section) .* at line.*$/, '$1')
      .slice(0, 160);
    return noAnswer(unknown(/permission denied/i.test(said) ? 'access-denied' : 'refused', `pgbackrest info: ${line}`, at));
  }
  const encrypted: Fact<boolean> =
    cipher === undefined ? unknown('unparseable', 'pgbackrest info: cipher', at) : known(cipher !== 'none', at);
  const verified = unknown('not-collected', 'pgBackRest keeps no record of what it verified', at);
  const backups = backupsOf(told, index, at);
  if (backups === undefined) return noAnswer(unknown('unparseable', 'pgbackrest info: a backup', at));
  const whole = backups.filter(({ error }) => !error);
  const last = backups.toSorted((a, b) => b.end - a.end)[0];
  return {
    last_success: lastSuccess(whole, at),
    count: known(whole.length, at),
    last_failed: known(last?.error === true, derived('the last backup that it lists', last?.at ?? at)),
    size_ratio: sizeRatio(
      whole.filter(({ type }) => type === whole.toSorted((a, b) => b.end - a.end)[0]?.type),
      at,
    ),
    verified,
    encrypted,
    gap_free: whole.length === 0 ? absent(at) : await gapFree(whole, told, repository, context, at),
  };
}

interface Told extends ToldBackup {
  readonly type: string;
  readonly error: boolean;
  readonly firstSegment: string;
  readonly lastSegment: string;
  readonly database: number;
}

/** Undefined where one of them is not as pgBackRest writes them. */
function backupsOf(told: unknown, index: number, at: Origin): readonly Told[] | undefined {
  const backups: Told[] = [];
  const list = elementsOf(told, 'backup');
  if (list === undefined) return undefined;
  for (const one of list) {
    const key = numberField(one, 'database', 'repo-key');
    if (key !== undefined && key !== index) continue;
    const end = numberField(one, 'timestamp', 'stop');
    const type = textField(one, 'type');
    const database = numberField(one, 'database', 'id');
    if (end === undefined || type === undefined || database === undefined) return undefined;
    const error = fieldOf(one, 'error');
    const size = type === 'full' ? numberField(one, 'info', 'size') : numberField(one, 'info', 'delta');
    backups.push({
      end,
      size,
      at: derived(`backup ${(textField(one, 'label') ?? '').slice(0, 60)}`, at),
      type,
      error: error === true,
      firstSegment: textField(one, 'archive', 'start') ?? '',
      lastSegment: textField(one, 'archive', 'stop') ?? '',
      database,
    });
  }
  return backups;
}

const MAX_DIRECTORIES = 2000;

/** `info` tells the first and the last segment of the archive only; those between lie in its directory, where that is here. */
async function gapFree(
  backups: readonly Told[],
  told: unknown,
  { stanza, directory }: PgbackrestRepository,
  context: HostContext,
  at: Origin,
): Promise<Fact<boolean>> {
  const last = backups.toSorted((a, b) => b.end - a.end)[0];
  const oldest = backups
    .filter(({ type, database }) => type === 'full' && database === last?.database)
    .toSorted((a, b) => a.end - b.end)[0];
  const archive = elementsOf(told, 'archive')?.find((one) => numberField(one, 'database', 'id') === last?.database);
  const id = textField(archive, 'id') ?? '';
  const newest = textField(archive, 'max') ?? '';
  if (last === undefined || oldest === undefined) return unknown('unparseable', 'pgbackrest info: a backup', at);
  // An offline backup needs no log; nobody archives any.
  if (oldest.firstSegment === '' || archive === undefined) return absent(at);
  if (newest < last.lastSegment) return known(false, derived('the archive ends before the last backup does', at));
  if (directory === undefined || !/^[\d.]+-\d+$/.test(id)) return unknown('not-collected', 'the archive lies elsewhere', at);
  const root = `${directory.replace(/\/+$/, '')}/archive/${stanza}/${id}`;
  const listing = await context.host.list(root);
  if (listing === 'not-there') return unknown('unresolved', `${root} is not there`, at);
  if ('state' in listing) return listing;
  const names: string[] = [];
  const unseen = [...listing.unseen];
  const wanted = listing.entries.filter(({ path }) => /\/[0-9A-F]{16}$/.test(path));
  if (wanted.length > MAX_DIRECTORIES) return unknown('unsupported', `${root}: more than ${MAX_DIRECTORIES} directories`, at);
  for (const { path } of wanted) {
    const segments = await context.host.list(path);
    if (segments === 'not-there') continue;
    if ('state' in segments) return segments;
    unseen.push(...segments.unseen);
    names.push(...segments.entries.map(({ path: file }) => /\/([0-9A-F]{24})-[0-9a-f]{40}(?:\.\w+)?$/.exec(file)?.[1] ?? ''));
  }
  const [hidden] = unseen;
  return hidden?.why ?? walGapFree(names, oldest.firstSegment, undefined, derived(`segments in ${root}`, at));
}
