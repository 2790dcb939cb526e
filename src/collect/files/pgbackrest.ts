import { posix } from 'node:path';
import { derived, known, unknown, type Fact, type Unknown } from '../../model/fact.ts';
import type { Resource } from '../../model/resource.ts';
import { backupPlan } from '../../resources/backup-plan.ts';
import type { KindFacts } from '../../resources/kind.ts';
import { isPgbackrestSecret, parsePgbackrest } from '../../text/pgbackrest.ts';
import type { SectionOption } from '../../text/section-option.ts';
import { declared, type FileFormat, type FormatContext, type FormatGap, type FormatReading } from './format.ts';
import { repository, retention } from './pgbackrest-repository.ts';
import { PgbackrestOptions, PgbackrestSettings, repositoryIndices, repositoryOption } from './pgbackrest-settings.ts';

const PART = /(?:^|\/)conf\.d\/[^/]+\.conf$/;

/** pgBackRest: https://pgbackrest.org/configuration.html. One plan for each stanza. */
export const pgbackrestFormat: FileFormat = {
  name: 'pgbackrest',
  kinds: [backupPlan.name],
  recognises: (path) => /(?:^|\/)pgbackrest[^/]*\.conf$|(?:^|\/)pgbackrest\/conf\.d\/[^/]+\.conf$/.test(path),
  sniffs: (text) => /^\[[^\]\n]+\]/m.test(text) && /^(?:repo\d+-[a-z]|pg\d+-path)[a-z0-9-]*[ \t]*=/m.test(text),
  read,
};

async function read(paths: readonly string[], context: FormatContext): Promise<FormatReading> {
  const resources: Resource[] = [];
  const gaps: FormatGap[] = [];
  const claimed = new Set<string>();
  const parts = paths.filter((path) => PART.test(path));
  for (const main of paths.filter((path) => !parts.includes(path))) {
    // /etc/pgbackrest/pgbackrest.conf, or the older /etc/pgbackrest.conf, with /etc/pgbackrest/conf.d
    const directory = posix.dirname(main);
    const own = parts.filter((path) => [directory, posix.join(directory, 'pgbackrest')].includes(posix.dirname(posix.dirname(path))));
    for (const path of own) claimed.add(path);
    const read = await instance(main, [main, ...own.toSorted()], undefined, context);
    resources.push(...read.resources);
    gaps.push(...read.gaps);
  }
  const alone = Map.groupBy(
    parts.filter((path) => !claimed.has(path)),
    (path) => posix.dirname(path),
  );
  for (const [directory, files] of alone) {
    const read = await instance(directory, files.toSorted(), unknown('unresolved', `${directory}: read without pgbackrest.conf`), context);
    resources.push(...read.resources);
    gaps.push(...read.gaps);
  }
  return { resources, gaps };
}

async function instance(id: string, files: readonly string[], before: Unknown | undefined, context: FormatContext): Promise<FormatReading> {
  const gaps: FormatGap[] = before === undefined ? [] : [{ why: before }];
  const options: SectionOption[] = [];
  let hole = before;
  let broken: Unknown | undefined;
  for (const path of files) {
    const source = await context.open(path);
    if (source === 'not-there') continue;
    const parsed = 'state' in source ? source : parsePgbackrest(source);
    if (!('state' in parsed)) for (const option of parsed) options.push(option);
    else {
      gaps.push({ why: parsed });
      if ('state' in source) hole ??= source;
      else broken ??= parsed;
    }
  }
  // pgBackRest reads its files as one text: what stops it in one of them stops it.
  if (broken !== undefined) return { resources: [], gaps };
  const all = new PgbackrestOptions(options);
  const stanzas = Map.groupBy(
    options.filter(({ section }) => !/^global(?::|$)/.test(section)),
    ({ section }) => section.split(':')[0] ?? '',
  );
  return {
    resources: [...stanzas].map(([stanza, own]) =>
      declared(backupPlan, `${id} ${stanza}`, context.target, plan(stanza, own, all, hole, context)),
    ),
    gaps,
  };
}

function plan(
  stanza: string,
  own: readonly SectionOption[],
  options: PgbackrestOptions,
  hole: Unknown | undefined,
  context: FormatContext,
): KindFacts<typeof backupPlan> {
  const [first] = own;
  const at =
    first === undefined ? ({ kind: 'file', range: context.target.declaredAt } as const) : first.source.origin(first.start, first.end);
  const settings = new PgbackrestSettings(options, stanza, at, hole, context);
  const indices = repositoryIndices(settings.names);
  const unwritten = !settings.names.some((name) => /^repo\d*-/.test(name));
  const databases = settings.names
    .filter((name) => /^pg\d*-database$/.test(name))
    .flatMap((name) => settings.written('backup', name) ?? []);
  return {
    tool: known('pgbackrest', at),
    covers: known([known(stanza, at), ...databases], at),
    repositories: known(
      indices.map((index) => known(repository(settings, index), at)),
      at,
      hole === undefined ? [] : [hole],
    ),
    retention: settings.hole !== undefined && unwritten ? settings.hole : retention(settings, indices),
    interval: unknown('not-collected', 'what runs it is not here', at),
    point_in_time: pointInTime(settings, indices),
    verified: unknown('unresolved', 'verify is a command, not a setting', at),
    credentials_in_clear: credentials(settings),
  };
}

/**
 * PostgreSQL's archive_command decides whether logs come here, and pgBackRest's files do not show it. Options that are given
 * to archive-push alone are the one sign in them; a backup that is taken offline, unchecked, or whose logs go before it says no.
 */
function pointInTime(settings: PgbackrestSettings, indices: readonly number[]): Fact<boolean> {
  const online = settings.written('backup', 'online');
  if (online !== undefined && !(online.state === 'known' && online.value === 'y'))
    return online.state === 'known' ? known(false, online.origin) : online;
  for (const index of indices) {
    const archive = settings.written(
      'expire',
      ...repositoryOption(index, 'retention-archive'),
      ...(index === 1 ? ['retention-archive'] : []),
    );
    const full = settings.written('expire', ...repositoryOption(index, 'retention-full'), ...(index === 1 ? ['retention-full'] : []));
    if (archive === undefined) continue;
    if (archive.state !== 'known' || full?.state !== 'known' || !(Number(archive.value) >= Number(full.value))) {
      // "doing so negates the ability to perform PITR from the backups with expired WAL"
      return archive.state === 'unknown'
        ? archive
        : unknown('unresolved', 'retention-archive may remove logs before their backups', archive.origin ?? settings.at);
    }
  }
  const checked = settings.written('backup', 'archive-check');
  const section = settings.section('global:archive-push');
  const unclear = unknown('not-collected', 'archive_command of PostgreSQL decides', settings.at);
  if (section === undefined || (checked !== undefined && !(checked.state === 'known' && checked.value === 'y')))
    return settings.hole ?? unclear;
  return known(true, derived('archive-push is set up', section));
}

function credentials(settings: PgbackrestSettings): Fact<boolean> {
  let unclear: Unknown | undefined = settings.hole;
  for (const name of settings.names.filter(isPgbackrestSecret)) {
    const value = settings.written('backup', name);
    if (value?.state === 'known' && name.endsWith('gcs-key') && value.value.startsWith('/')) continue; // a file
    if (value?.state === 'known') return known(true, value.origin);
    if (value?.state === 'unknown') unclear ??= value;
  }
  return unclear ?? known(false, derived('no key or pass phrase stands in it', settings.at));
}
