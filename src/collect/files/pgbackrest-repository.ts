import { absent, derived, known, unknown, type Fact, type Unknown } from '../../model/fact.ts';
import type { KindFacts } from '../../resources/kind.ts';
import type { backupPlan } from '../../resources/backup-plan.ts';
import { repositoryOption, type PgbackrestSettings } from './pgbackrest-settings.ts';

type Repositories = KindFacts<typeof backupPlan>['repositories'];
type Repository = Extract<Extract<Repositories, { state: 'known' }>['value'][number], { state: 'known' }>['value'];

const LOCAL = /^(?:localhost|127\.\d+\.\d+\.\d+|::1|\[::1\])(?::\d+)?$/;
/** Where an object store answers and what its bucket is called, by type. */
const OBJECT_STORES: Readonly<Record<string, { readonly endpoint: string; readonly bucket: string }>> = {
  s3: { endpoint: 's3-endpoint', bucket: 's3-bucket' },
  azure: { endpoint: 'azure-account', bucket: 'azure-container' },
  gcs: { endpoint: 'gcs-endpoint', bucket: 'gcs-bucket' },
};

/** One repository. What a repository host decides is not in this file, and unknown. */
export function repository(settings: PgbackrestSettings, index: number): Repository {
  const option = (name: string): Fact<string> | undefined => settings.written('backup', ...repositoryOption(index, name));
  const host = option('host');
  const elsewhere: Unknown | undefined =
    host === undefined ? undefined : unknown('not-collected', 'the repository host decides', host.origin ?? settings.at);
  const written = option('type');
  const type = written ?? elsewhere ?? settings.effective('backup', repositoryOption(index, 'type'), 'posix');
  const cipher = option('cipher-type') ?? elsewhere ?? settings.effective('backup', repositoryOption(index, 'cipher-type'), 'none');
  const remote = protectsOthers(settings);
  return {
    location: location(settings, index, type, host),
    off_site:
      host === undefined
        ? offSite(settings, index, type, remote)
        : host.state === 'known'
          ? known(!LOCAL.test(host.value), host.origin)
          : host,
    encrypted:
      cipher.state !== 'known'
        ? cipher
        : cipher.value === 'none'
          ? known(false, cipher.origin)
          : /^aes-256-cbc$/.test(cipher.value)
            ? known(true, cipher.origin)
            : unknown('unparseable', `cipher-type ${cipher.value.slice(0, 40)}`, cipher.origin),
    append_only: appendOnly(type, elsewhere, remote),
  };
}

function location(settings: PgbackrestSettings, index: number, type: Fact<string>, host: Fact<string> | undefined): Fact<string> {
  const option = (name: string): Fact<string> | undefined => settings.written('backup', ...repositoryOption(index, name));
  if (host !== undefined) {
    const path = option('path');
    return host.state !== 'known' ? host : known(path?.state === 'known' ? `${host.value}:${path.value}` : host.value, host.origin);
  }
  if (type.state !== 'known') return type;
  const store = OBJECT_STORES[type.value];
  const parts = store === undefined ? (type.value === 'sftp' ? ['sftp-host', 'path'] : ['path']) : [store.endpoint, store.bucket, 'path'];
  const values = parts.map(
    (name) =>
      option(name) ??
      (name === 'path' && store === undefined
        ? settings.effective('backup', repositoryOption(index, 'path'), '/var/lib/pgbackrest')
        : undefined),
  );
  const unclear = values.find((value) => value?.state === 'unknown');
  if (unclear !== undefined) return unclear;
  const known_ = values.flatMap((value) => (value?.state === 'known' ? [value] : []));
  const [first] = known_;
  if (first === undefined) return unknown('unparseable', `repo${index}: no place`, type.origin);
  const prefix = store === undefined && type.value !== 'sftp' ? '' : `${type.value}:`;
  return known(
    prefix +
      known_
        .map(({ value }) => value)
        .join('/')
        .replace(/\/{2,}/g, '/'),
    first.origin,
  );
}

/** Does every cluster of this stanza live on another machine, so that what is local here is apart from it? */
function protectsOthers(settings: PgbackrestSettings): Fact<boolean> | undefined {
  const indices = new Set(settings.names.flatMap((name) => /^pg(\d*)-(?:path|host)$/.exec(name)?.[1] ?? []));
  if (indices.size === 0) return undefined;
  let remote: Fact<boolean> | undefined;
  for (const index of indices) {
    const host = settings.written('backup', `pg${index}-host`);
    if (host === undefined) return settings.hole ?? known(false, settings.at);
    if (host.state !== 'known') return host.state === 'unknown' ? host : undefined;
    if (LOCAL.test(host.value)) return known(false, host.origin);
    remote ??= known(true, host.origin);
  }
  return remote;
}

function offSite(settings: PgbackrestSettings, index: number, type: Fact<string>, remote: Fact<boolean> | undefined): Fact<boolean> {
  if (type.state !== 'known') return type;
  const host =
    type.value === 'sftp'
      ? settings.written('backup', ...repositoryOption(index, 'sftp-host'))
      : (settings.written('backup', ...repositoryOption(index, 'storage-host')) ??
        settings.written('backup', ...repositoryOption(index, `${type.value}-endpoint`)));
  if (OBJECT_STORES[type.value] !== undefined || type.value === 'sftp') {
    if (host !== undefined && host.state !== 'known') return host;
    return host === undefined
      ? known(true, type.origin)
      : known(!LOCAL.test(host.value), derived('another service', host.origin, type.origin));
  }
  if (type.value === 'cifs') return unknown('unresolved', 'cifs: the mount decides', type.origin);
  if (type.value !== 'posix') return unknown('unsupported', `type ${type.value.slice(0, 40)}`, type.origin);
  if (remote !== undefined) return remote;
  return settings.hole ?? known(false, derived('a directory of this machine', type.origin));
}

function appendOnly(type: Fact<string>, elsewhere: Unknown | undefined, remote: Fact<boolean> | undefined): Fact<boolean> {
  if (elsewhere !== undefined) return elsewhere;
  if (type.state !== 'known') return type;
  if (type.value !== 'posix') return unknown('unresolved', `${type.value.slice(0, 40)}: the store decides who may delete`, type.origin);
  if (remote?.state === 'known' && !remote.value) return known(false, derived('a directory that this machine may empty', type.origin));
  return remote === undefined
    ? known(false, derived('a directory that this machine may empty', type.origin))
    : unknown('unresolved', 'what the database host may do here', remote.origin ?? type.origin);
}

/** pgBackRest keeps a number of full backups, or days of them; without either it keeps all. */
export function retention(settings: PgbackrestSettings, indices: readonly number[]): Fact<number> {
  let least: Fact<number> | undefined;
  for (const index of indices) {
    const days = retentionOf(settings, index);
    if (days.state === 'unknown') return days;
    if (least === undefined || least.state !== 'known' || (days.state === 'known' && days.value < least.value))
      least = days.state === 'absent' && least !== undefined ? least : days;
  }
  return least ?? unknown('unresolved', 'no repository', settings.at);
}

function retentionOf(settings: PgbackrestSettings, index: number): Fact<number> {
  const host = settings.written('backup', ...repositoryOption(index, 'host'));
  const full = settings.written('expire', ...repositoryOption(index, 'retention-full'), ...(index === 1 ? ['retention-full'] : []));
  if (full === undefined) {
    if (host !== undefined) return unknown('not-collected', 'the repository host decides', host.origin ?? settings.at);
    const keepsAll = settings.effective('expire', repositoryOption(index, 'retention-full'), '');
    return keepsAll.state === 'known' ? absent(keepsAll.origin) : keepsAll;
  }
  if (full.state !== 'known') return full.state === 'unknown' ? full : absent(full.origin);
  if (!/^[1-9]\d{0,6}$/.test(full.value)) return unknown('unparseable', `retention-full ${full.value.slice(0, 40)}`, full.origin);
  if (full.value === '9999999') return absent(full.origin); // its maximum, by which it means for ever
  const type = settings.effective('expire', repositoryOption(index, 'retention-full-type'), 'count');
  if (type.state !== 'known') return type.state === 'unknown' ? type : unknown('unresolved', 'retention-full-type', full.origin);
  return type.value === 'time'
    ? known(Number(full.value), derived('days of full backups', full.origin, type.origin))
    : unknown('unresolved', `${full.value} full backups: their schedule decides`, full.origin);
}
