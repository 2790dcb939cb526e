import { posix } from 'node:path';
import { absent, derived, known, unknown, type Fact, type Known, type Origin, type Unknown } from '../../model/fact.ts';
import { SourceText } from '../../text/source-text.ts';
import { lastSuccess, noAnswer, secondsOf, sizeRatio, type BackupAnswer, type ToldBackup } from './backup-report.ts';
import type { HostContext } from './part.ts';
import { walGapFree } from './wal-gap.ts';

interface Catalogued extends ToldBackup {
  /** When it was begun, as its id says: `20260101T020000`. One that failed early has no other time. */
  readonly id: string;
  readonly status: string;
  readonly mode: string;
  readonly firstSegment: string;
  readonly lastSegment: string;
  readonly segmentSize: number | undefined;
  readonly encrypted: boolean;
}

const MAX_BACKUPS = 5000;

/**
 * Reads Barman's own catalogue: a `backup.info` for each backup, and `xlog.db` for the logs. `barman list-backup` says the same, but
 * every command of Barman writes to its log.
 */
export async function readBarman(location: Known<string>, context: HostContext): Promise<BackupAnswer> {
  const home = location.value.replace(/\/+$/, '');
  const inside = await context.host.list(`${home}/base`);
  const root = inside === 'not-there' ? home : `${home}/base`;
  const listing = inside === 'not-there' ? await context.host.list(home) : inside;
  if (listing === 'not-there') return noAnswer(unknown('unresolved', `${home} is not there`, location.origin));
  if ('state' in listing) return noAnswer(listing);
  const meta = await context.host.list(`${home}/meta`);
  if (meta !== 'not-there' && 'state' in meta) return noAnswer(meta);
  const [hidden] = [...listing.unseen, ...(meta === 'not-there' ? [] : meta.unseen)];
  if (hidden !== undefined) return noAnswer(hidden.why);
  const entries = new Map<string, string>();
  for (const { kind, path } of listing.entries) {
    const id = /\/(\d{8}T\d{6})$/.exec(path)?.[1];
    if (kind === 'directory' && id !== undefined) entries.set(id, `${path}/backup.info`);
  }
  // Since 3.13.2 they lie together, and these count.
  for (const { path } of meta === 'not-there' ? [] : meta.entries) {
    const id = /\/(\d{8}T\d{6})-backup\.info$/.exec(path)?.[1];
    if (id !== undefined) entries.set(id, path);
  }
  if (entries.size > MAX_BACKUPS) return noAnswer(unknown('unsupported', `${root}: more than ${MAX_BACKUPS} backups`, location.origin));
  const at = derived(`backups in ${root}`, location.origin);
  const backups: Catalogued[] = [];
  for (const [id, path] of entries) {
    const source = await context.open(path);
    if (source === 'not-there') continue; // begun, and not yet in the catalogue
    const backup = source instanceof SourceText ? backupOf(id, source) : source;
    if ('state' in backup) return noAnswer(backup);
    backups.push(backup);
  }
  const whole = backups.filter(({ status }) => status === 'DONE');
  const [last] = backups.filter(({ status }) => status !== 'STARTED' && status !== 'EMPTY').toSorted((a, b) => (a.id < b.id ? 1 : -1));
  const newest = whole.toSorted((a, b) => b.end - a.end)[0];
  return {
    last_success: lastSuccess(whole, at),
    count: known(whole.length, at),
    last_failed: known(last?.status === 'FAILED', derived('the last backup of the catalogue', last?.at ?? at)),
    size_ratio: sizeRatio(
      whole.filter(({ mode }) => mode === newest?.mode),
      at,
    ),
    verified: unknown('not-collected', 'Barman keeps no record of what it verified', at),
    encrypted: newest === undefined ? unknown('not-collected', 'there is no backup to tell', at) : known(newest.encrypted, newest.at),
    gap_free: whole.length === 0 ? absent(at) : await gapFree(whole, `${home}/wals`, context, at),
  };
}

function backupOf(id: string, source: SourceText): Catalogued | Unknown {
  const fields = new Map<string, string>();
  for (const line of source.text.split('\n')) {
    const [, name, value = ''] = /^([a-z_]+)=(.*)$/.exec(line) ?? [];
    if (name !== undefined) fields.set(name, value === 'None' ? '' : value);
  }
  const at = source.origin(0, 0);
  const status = fields.get('status') ?? '';
  const begin = secondsOf(fields.get('begin_time'));
  const end = secondsOf(fields.get('end_time'));
  const size = /^\d+$/.test(fields.get('size') ?? '') ? Number(fields.get('size')) : undefined;
  const segment = /^\d+$/.test(fields.get('xlog_segment_size') ?? '') ? Number(fields.get('xlog_segment_size')) : undefined;
  if (
    !/^(?:EMPTY|STARTED|FAILED|DONE|SYNCING|WAITING_FOR_WALS)$/.test(status) ||
    (status === 'DONE' && (begin === undefined || end === undefined))
  )
    return unknown('unparseable', `${source.file}: no entry of Barman’s catalogue`, at);
  return {
    id,
    status,
    end: end ?? 0,
    size,
    mode: fields.get('mode') ?? '',
    firstSegment: fields.get('begin_wal') ?? '',
    lastSegment: fields.get('end_wal') ?? '',
    segmentSize: segment,
    encrypted: (fields.get('encryption') ?? '') !== '',
    at,
  };
}

async function gapFree(backups: readonly Catalogued[], wals: string, context: HostContext, at: Origin): Promise<Fact<boolean>> {
  const [oldest, ...later] = backups.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const newest = later.at(-1) ?? oldest;
  // Since 3.13 its name begins with the server's.
  const own = await context.open(`${wals}/${posix.basename(posix.dirname(wals))}-xlog.db`);
  const database = own === 'not-there' ? await context.open(`${wals}/xlog.db`) : own;
  if (oldest === undefined || newest === undefined || database === 'not-there')
    return unknown('unresolved', `${wals}/xlog.db is not there`, at);
  if (!(database instanceof SourceText)) return database;
  const names = database.text.split('\n').map((line) => line.split('\t')[0] ?? '');
  const perLog = oldest.segmentSize === undefined || oldest.segmentSize === 0 ? undefined : 0x1_0000_0000 / oldest.segmentSize;
  const whole = walGapFree(names, oldest.firstSegment, perLog, database.origin(0, 0));
  return whole.state === 'known' && whole.value && !names.includes(newest.lastSegment)
    ? known(false, derived('the archive ends before the last backup does', newest.at))
    : whole;
}
