import { absent, derived, known, unknown, type Fact, type Known, type Origin } from '../../model/fact.ts';
import type { Secret } from '../../world/secret.ts';
import {
  elementsOf,
  lastSuccess,
  noAnswer,
  numberField,
  reportJson,
  secondsOf,
  sizeRatio,
  textField,
  timestamp,
  type BackupAnswer,
  type ToldBackup,
} from './backup-report.ts';
import { ofThisMachine, ownName } from './own-name.ts';
import type { HostContext } from './part.ts';
import type { PassPhrase } from './restic-report.ts';

interface Archive extends ToldBackup {
  readonly name: string;
  readonly hostname: string | undefined;
}

/** An archive of a run that was cut off: Borg leaves what it had. */
const CHECKPOINT = /\.checkpoint(?:\.\d+)?$/;

/** Asks `borg list`, and `borg info` for sizes. Checks leave a record only where borgmatic ran them. */
export async function askBorg(location: Known<string>, pass: PassPhrase | undefined, context: HostContext): Promise<BackupAnswer> {
  const values = { repository: location.value, ...(pass !== undefined && 'file' in pass ? { passwordFile: pass.file } : {}) };
  const secrets: Readonly<Record<string, Secret>> = pass !== undefined && 'secret' in pass ? { BORG_PASSPHRASE: pass.secret } : {};
  // Without a directory of its own that is thrown away, Borg would write to the account's cache.
  if (context.host.form === 'ssh')
    return noAnswer(unknown('unsupported', 'borg over SSH: it would write to the account’s cache', context.at));
  const output = await context.command('borg list', values, secrets);
  if (output === 'not-there') return noAnswer(unknown('unsupported', 'borg: no such program', context.at));
  if ('state' in output) {
    const refused = noAnswer(output);
    // It asks before it opens what has no encryption, and only then; the answer was no.
    return output.detail.includes('previously unknown unencrypted repository')
      ? { ...refused, encrypted: known(false, derived('Borg asks before it opens an unencrypted repository', location.origin)) }
      : refused;
  }
  const at = output.origin();
  const json = reportJson(output.text, 'borg list', at);
  if ('state' in json) return noAnswer(json);
  const archives = elementsOf(json.value, 'archives')?.map((one) => archiveOf(one, at));
  if (archives === undefined || archives.includes(undefined)) return noAnswer(unknown('unparseable', 'borg list: an archive', at));
  const own = ofThisMachine(
    archives.filter((one) => one !== undefined),
    await ownName(context),
  );
  if ('state' in own) return noAnswer(own);
  const whole = own.filter(({ name }) => !CHECKPOINT.test(name));
  const last = own.toSorted((a, b) => b.end - a.end)[0];
  return {
    last_success: lastSuccess(whole, at),
    count: known(whole.length, at),
    last_failed: known(
      last !== undefined && CHECKPOINT.test(last.name),
      derived('a run that is cut off leaves a checkpoint', last?.at ?? at),
    ),
    size_ratio: whole.length < 2 ? sizeRatio(whole, at) : await ratio(whole, values, secrets, context, at),
    verified: await verified(textField(json.value, 'repository', 'id') ?? '', context, at),
    encrypted: encryption(textField(json.value, 'encryption', 'mode'), at),
    gap_free: absent(derived('files, no logs', at)),
  };
}

function archiveOf(one: unknown, at: Origin): Archive | undefined {
  const name = textField(one, 'name');
  const end = secondsOf(textField(one, 'end'));
  if (name === undefined || end === undefined) return undefined;
  return { name, end, size: undefined, hostname: textField(one, 'hostname'), at: derived(`archive ${name.slice(0, 60)}`, at) };
}

function encryption(mode: string | undefined, at: Origin): Fact<boolean> {
  if (mode === undefined) return unknown('unparseable', 'borg list: encryption', at);
  if (/^(?:none|authenticated(?:-.*)?)$/.test(mode)) return known(false, at);
  return /^(?:repokey|keyfile)(?:-.*)?$/.test(mode) ? known(true, at) : unknown('unsupported', `encryption ${mode.slice(0, 40)}`, at);
}

async function ratio(
  archives: readonly Archive[],
  values: Readonly<Record<string, string>>,
  secrets: Readonly<Record<string, Secret>>,
  context: HostContext,
  at: Origin,
): Promise<Fact<number>> {
  const output = await context.command('borg info', values, secrets);
  if (output === 'not-there') return unknown('unsupported', 'borg: no such program', at);
  if ('state' in output) return output;
  const json = reportJson(output.text, 'borg info', output.origin());
  if ('state' in json) return json;
  const sizes = new Map(
    (elementsOf(json.value, 'archives') ?? []).map((one) => [textField(one, 'name') ?? '', numberField(one, 'stats', 'original_size')]),
  );
  return sizeRatio(
    archives.filter(({ name }) => sizes.has(name)).map((one) => ({ ...one, size: sizes.get(one.name) })),
    output.origin(),
  );
}

/** Where borgmatic notes, by the times of files, when a check of a repository last ended well: 1.7 to 1.9, and since. */
const CHECK_TIMES = ['/root/.borgmatic/checks', '/root/.local/state/borgmatic/checks'];

async function verified(id: string, context: HostContext, at: Origin): Promise<Fact<string>> {
  const none = unknown('not-collected', 'Borg keeps no record of its checks', at);
  if (!/^[0-9a-f]{64}$/.test(id)) return none;
  let newest = '';
  for (const root of CHECK_TIMES) {
    for (const check of ['repository', 'data', 'repository/all', 'data/all']) {
      const entry = await context.host.stat(`${root}/${id}/${check}`);
      if (entry === 'not-there' || 'state' in entry || entry.kind !== 'file') continue;
      if (entry.modified > newest) newest = entry.modified;
    }
  }
  return newest === '' ? none : known(timestamp(Date.parse(newest) / 1000), derived('borgmatic’s record of its checks', at));
}
