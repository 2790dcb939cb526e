import { absent, derived, known, unknown, type Fact, type Known, type Origin, type Unknown } from '../../model/fact.ts';
import type { Secret } from '../../world/secret.ts';
import {
  COMPARED,
  elementsOf,
  lastSuccess,
  noAnswer,
  numberField,
  reportJson,
  secondsOf,
  sizeRatio,
  textField,
  type BackupAnswer,
  type BackupQuestion,
  type ToldBackup,
} from './backup-report.ts';
import { ofThisMachine, ownName } from './own-name.ts';
import type { HostContext } from './part.ts';

/** How a repository's tool gets the pass phrase: from a file that its configuration names, or from the target's option. */
export type PassPhrase = { readonly file: string } | { readonly secret: Secret };

interface Snapshot extends ToldBackup {
  readonly id: string;
  readonly hostname: string | undefined;
  readonly paths: readonly string[];
}

/**
 * Asks `restic snapshots`. restic stores a snapshot when a run has ended and tells of no other; of checks it keeps no record, and no
 * logs of databases are archived.
 */
export async function askRestic(
  { covers, repository }: BackupQuestion,
  location: Known<string>,
  pass: PassPhrase,
  context: HostContext,
): Promise<BackupAnswer> {
  const values = { repository: location.value, ...('file' in pass ? { passwordFile: pass.file } : {}) };
  const secrets = 'secret' in pass ? { RESTIC_PASSWORD: pass.secret } : {};
  const output = await context.command('restic snapshots', values, secrets);
  if (output === 'not-there') return noAnswer(unknown('unsupported', 'restic: no such program', context.at));
  if ('state' in output) return noAnswer(output);
  const at = output.origin();
  const json = reportJson(output.text, 'restic snapshots', at);
  if ('state' in json) return noAnswer(json);
  const told = elementsOf(json.value === null ? [] : json.value);
  const snapshots = told?.map((one) => snapshotOf(one, at));
  if (snapshots === undefined || snapshots.includes(undefined)) return noAnswer(unknown('unparseable', 'restic snapshots: a snapshot', at));
  const own = ofThisMachine(
    snapshots.filter((one) => one !== undefined),
    await ownName(context),
  );
  if ('state' in own) return noAnswer(own);
  const sets = coveredBy(own, covers);
  const newest = sets.map((set) => lastSuccess(set, at));
  const matching = [...new Set(sets.flat())];
  const last = matching.toSorted((a, b) => b.end - a.end)[0];
  const alike = matching.filter(({ paths }) => paths.join('\u0000') === last?.paths.join('\u0000'));
  return {
    last_success: oldestOf(newest, at),
    count: known(matching.length, at),
    last_failed: known(false, derived('restic stores what has ended, and tells of nothing else', at)),
    size_ratio: await ratio(alike, values, secrets, context, at),
    verified: unknown('not-collected', 'restic keeps no record of its checks', at),
    // With an empty password the key is kept for everybody: then restic was given none here, and would not have answered.
    encrypted: known(true, derived('restic always encrypts', repository.state === 'known' ? repository.origin : at)),
    gap_free: absent(derived('files, no logs', at)),
  };
}

function snapshotOf(one: unknown, at: Origin): Snapshot | undefined {
  const end = secondsOf(textField(one, 'summary', 'backup_end') ?? textField(one, 'time'));
  const id = textField(one, 'id');
  const paths = elementsOf(one, 'paths')?.filter((path) => typeof path === 'string');
  if (end === undefined || id === undefined || paths === undefined) return undefined;
  return {
    end,
    id,
    paths,
    hostname: textField(one, 'hostname'),
    size: numberField(one, 'summary', 'total_bytes_processed'),
    at: derived(`snapshot ${id.slice(0, 8)}`, at),
  };
}

/**
 * The snapshots of each path that the plan covers, since several may share its work. Where the plan's paths are not all known, the
 * repository's as a whole.
 */
function coveredBy(snapshots: readonly Snapshot[], covers: BackupQuestion['covers']): readonly (readonly Snapshot[])[] {
  const paths = covers.state === 'known' && covers.open === undefined ? covers.value : [];
  const all = paths.flatMap((path) => (path.state === 'known' && path.value.startsWith('/') ? [clean(path.value)] : []));
  if (all.length === 0 || all.length < paths.length) return [snapshots];
  return all.map((wanted) =>
    snapshots.filter((one) =>
      one.paths.some((path) => wanted === clean(path) || wanted.startsWith(`${clean(path) === '/' ? '' : clean(path)}/`)),
    ),
  );
}

function clean(path: string): string {
  return path.length > 1 ? path.replace(/\/+$/, '') : path;
}

/** A plan is as fresh as the stalest of its paths. */
function oldestOf(newest: readonly Fact<string>[], at: Origin): Fact<string> {
  let oldest: Known<string> | undefined;
  for (const one of newest) {
    if (one.state !== 'known') return one;
    if (oldest === undefined || one.value < oldest.value) oldest = one;
  }
  return oldest ?? absent(at);
}

/** restic tells sizes with its snapshots since 0.17; before, each must be asked for. */
async function ratio(
  snapshots: readonly Snapshot[],
  values: Readonly<Record<string, string>>,
  secrets: Readonly<Record<string, Secret>>,
  context: HostContext,
  at: Origin,
): Promise<Fact<number>> {
  const sized: ToldBackup[] = [];
  for (const one of snapshots.toSorted((a, b) => b.end - a.end).slice(0, snapshots.length > 1 ? COMPARED + 1 : 0)) {
    const size = one.size ?? (await sizeOf(one, values, secrets, context));
    if (typeof size !== 'number') return { ...size, origin: size.origin ?? at };
    sized.push({ ...one, size });
  }
  return sizeRatio(sized, at);
}

async function sizeOf(
  { id }: Snapshot,
  values: Readonly<Record<string, string>>,
  secrets: Readonly<Record<string, Secret>>,
  context: HostContext,
): Promise<number | Unknown> {
  const output = await context.command('restic stats', { ...values, snapshot: id }, secrets);
  if (output === 'not-there') return unknown('unsupported', 'restic: no such program', context.at);
  if ('state' in output) return output;
  const json = reportJson(output.text, 'restic stats', output.origin());
  if ('state' in json) return json;
  return numberField(json.value, 'total_size') ?? unknown('unparseable', 'restic stats: total_size', output.origin());
}
