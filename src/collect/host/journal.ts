import { absent, derived, known, unknown, type Fact, type Origin, type Unknown } from '../../model/fact.ts';
import type { Resource } from '../../model/resource.ts';
import { logSink } from '../../resources/logging.ts';
import { SourceText } from '../../text/source-text.ts';
import { FACILITIES, syslogChannel } from '../files/log-channels.ts';
import type { HostContext } from './part.ts';
import { enabledUnits } from './timers.ts';

const DAEMONS = ['/usr/lib/systemd/systemd-journald', '/lib/systemd/systemd-journald'];
/** Where systemd's configuration lies; a file of a name in an earlier one takes the place of that in a later. */
const ROOTS = ['/etc/systemd', '/run/systemd', '/usr/local/lib/systemd', '/usr/lib/systemd'];

/** What a machine's journal does, as far as others ask. */
export interface Journal {
  readonly sinks: readonly Resource[];
  /** Records go on to the host's syslog daemon. */
  readonly forwards: Fact<boolean>;
  /** rsyslog is started with the machine. */
  readonly rsyslog: Fact<boolean>;
}

/**
 * systemd's journal and what sends it elsewhere: journald.conf(5), journal-upload.conf(5). Undefined where there is none. `keeper` says
 * whether rsyslog has somewhere to keep what comes to it.
 */
export async function journal(keeper: boolean, context: HostContext): Promise<Journal | undefined> {
  const there = await Promise.all(DAEMONS.map((path) => context.host.stat(path, true)));
  if (there.every((entry) => entry === 'not-there')) return undefined;
  const settings = await settingsOf('journald', context);
  const forwards = yesNo(settings.get('ForwardToSyslog'));
  const storage = await storageOf(settings.get('Storage'), context);
  const { names, gaps } = await enabledUnits(context);
  const rsyslog: Fact<boolean> = names.has('rsyslog.service')
    ? known(true, derived('rsyslog.service is enabled', context.at))
    : (gaps[0] ?? unknown('unresolved', 'whether rsyslog is started', context.at));
  const daemon = keeper && rsyslog.state === 'known';
  const copy = daemon && forwards.state === 'known' && forwards.value ? forwards.origin : undefined;
  const sinks: Resource[] = [await journalSink(settings, storage, copy, context)];
  if (names.has('systemd-journal-upload.service')) sinks.push(await uploadSink(settings, storage, context));
  return { sinks, forwards, rsyslog };
}

class Settings {
  readonly #values: ReadonlyMap<string, Fact<string>>;
  readonly hole: Unknown | undefined;
  readonly at: Origin;

  constructor(values: ReadonlyMap<string, Fact<string>>, hole: Unknown | undefined, at: Origin) {
    this.#values = values;
    this.hole = hole;
    this.at = at;
  }

  /** What is written, or shown as the default of this build; unknown where neither is, or a file could not be read. */
  get(name: string): Fact<string> {
    return this.hole ?? this.#values.get(name) ?? unknown('unresolved', `${name}: its default is not shown in the configuration`, this.at);
  }

  written(name: string): Fact<string> | undefined {
    return this.hole ?? this.#values.get(name);
  }
}

/** The first `NAME.conf`, then the drop-ins of all directories by their names: systemd-system.conf(5), configuration directories. */
async function settingsOf(name: string, context: HostContext): Promise<Settings> {
  const values = new Map<string, Fact<string>>();
  let hole: Unknown | undefined;
  let at = context.at;
  const read = async (path: string, shows: boolean): Promise<boolean> => {
    const source = await context.open(path);
    if (source === 'not-there') return false;
    if (!(source instanceof SourceText)) {
      hole ??= source;
      return true;
    }
    at = source.origin(0, 0);
    let start = 0;
    for (const line of source.text.split('\n')) {
      // "Entries in this file show the compile time defaults": distributions' own, too.
      const [, comment, key, value = ''] = /^\s*(#?)([A-Z]\w+)[ \t]*=\s*(.*?)\s*$/.exec(line) ?? [];
      const place = source.origin(start, start + line.length);
      start += line.length + 1;
      if (key === undefined || (comment === '#' && (!shows || values.has(key) || value === ''))) continue;
      values.set(key, known(value, comment === '#' ? derived('default of this build, as its configuration shows', place) : place));
    }
    return true;
  };
  for (const root of ROOTS) if (await read(`${root}/${name}.conf`, true)) break;
  const dropIns = new Map<string, string>();
  for (const root of ROOTS) {
    const listing = await context.host.list(`${root}/${name}.conf.d`);
    if (listing === 'not-there') continue;
    if ('state' in listing) hole ??= listing;
    else {
      hole ??= listing.unseen.find(({ path }) => path.endsWith('.conf'))?.why;
      for (const { path } of listing.entries) {
        const base = path.slice(path.lastIndexOf('/') + 1);
        if (base.endsWith('.conf') && !dropIns.has(base)) dropIns.set(base, path);
      }
    }
  }
  for (const [, path] of [...dropIns].toSorted(([a], [b]) => (a < b ? -1 : 1))) await read(path, false);
  return new Settings(values, hole, at);
}

function yesNo(fact: Fact<string>): Fact<boolean> {
  if (fact.state !== 'known') return fact;
  if (/^(?:1|yes|y|true|t|on)$/i.test(fact.value)) return known(true, fact.origin);
  return /^(?:0|no|n|false|f|off)$/i.test(fact.value)
    ? known(false, fact.origin)
    : unknown('unparseable', fact.value.slice(0, 40), fact.origin);
}

/** `auto` keeps the journal on disk where its directory is there. */
async function storageOf(written: Fact<string>, context: HostContext): Promise<Fact<'disk' | 'memory' | 'nowhere'>> {
  if (written.state !== 'known') return written.state === 'unknown' ? written : unknown('unresolved', 'Storage', context.at);
  if (written.value === 'persistent') return known('disk', written.origin);
  if (written.value === 'volatile') return known('memory', written.origin);
  if (written.value === 'none') return known('nowhere', written.origin);
  if (written.value !== 'auto') return unknown('unparseable', `Storage=${written.value.slice(0, 40)}`, written.origin);
  const directory = await context.host.stat('/var/log/journal', true);
  if (directory !== 'not-there' && 'state' in directory) return directory;
  return directory === 'not-there'
    ? known('memory', derived('Storage=auto without /var/log/journal', written.origin))
    : known('disk', derived('Storage=auto with /var/log/journal', written.origin));
}

/** Everything that programs log to syslog, and what services write, comes to the journal first. */
function taken(settings: Settings): Fact<readonly Fact<string>[]> {
  const at = derived('journald listens at /dev/log', settings.at);
  const level = settings.written('MaxLevelStore');
  const open: Unknown[] =
    level === undefined || (level.state === 'known' && /^(?:debug|info|6|7)$/.test(level.value))
      ? []
      : [
          level.state === 'known'
            ? unknown('unresolved', 'MaxLevelStore: a condition decides which records come here', level.origin)
            : unknown('unresolved', 'MaxLevelStore'),
        ];
  return known(open.length > 0 ? [] : FACILITIES.map((facility) => known(syslogChannel(facility), at)), at, open);
}

/** `copy` is where it says that it hands all records on to a daemon that keeps them. */
async function journalSink(
  settings: Settings,
  storage: Fact<'disk' | 'memory' | 'nowhere'>,
  copy: Origin | undefined,
  context: HostContext,
): Promise<Resource> {
  const at = settings.at;
  const where = storage.state === 'known' ? storage.value : undefined;
  const place = storage.origin ?? at;
  const unclear = storage.state === 'unknown' ? storage : unknown('unresolved', 'Storage', at);
  const others =
    where === 'disk' || where === 'memory'
      ? await openToOthers(where === 'disk' ? '/var/log/journal' : '/run/log/journal', context, at)
      : absent(place);
  const age = settings.written('MaxRetentionSec');
  return context.resource(logSink, 'journald', {
    host: known('', at),
    by: known('journald', at),
    takes: where === 'nowhere' ? known([], place) : taken(settings),
    form: known('journal', at),
    destination:
      where === undefined
        ? unclear
        : known(where === 'disk' ? '/var/log/journal' : where === 'memory' ? '/run/log/journal' : 'none', place),
    encrypted: absent(at),
    verifies_peer: absent(at),
    retention:
      copy !== undefined
        ? absent(derived('a copy of what the syslog daemon keeps', copy))
        : where === undefined
          ? unclear
          : where === 'disk'
            ? unknown('unresolved', 'rotation by size: as long as traffic allows', age?.origin ?? at)
            : known(0, derived(where === 'memory' ? 'in memory: gone with a restart' : 'nothing is kept', place)),
    mode: others.state === 'known' ? known(others.value ? '0644' : '0640', others.origin) : others,
    readable_by_others: others,
    bounded: known(true, derived('journald keeps within its share of the disk', at)),
    buffered: absent(at),
  });
}

/** May others read what is in the journal's files? Absent where there is none yet. */
async function openToOthers(directory: string, context: HostContext, at: Origin): Promise<Fact<boolean>> {
  const machines = await context.host.list(directory);
  if (machines === 'not-there') return absent(at);
  if ('state' in machines) return machines;
  let files = 0;
  let hidden = machines.unseen[0]?.why;
  for (const machine of machines.entries.filter(({ kind }) => kind === 'directory')) {
    const listing = await context.host.list(machine.path);
    if (listing === 'not-there') continue;
    if ('state' in listing) return listing;
    hidden ??= listing.unseen[0]?.why;
    for (const { mode, path } of listing.entries.filter((entry) => entry.path.endsWith('.journal'))) {
      files += 1;
      if ((mode & 0o006) !== 0) return known(true, derived(`mode of ${path}`, at));
    }
  }
  if (hidden !== undefined) return hidden;
  return files === 0 ? absent(at) : known(false, derived(`modes of ${files} files of the journal`, at));
}

/** What systemd-journal-upload sends. */
async function uploadSink(kept: Settings, storage: Fact<'disk' | 'memory' | 'nowhere'>, context: HostContext): Promise<Resource> {
  const settings = await settingsOf('journal-upload', context);
  const { at } = settings;
  const url = settings.written('URL') ?? unknown('unresolved', 'URL is not written', at);
  const trust = settings.written('TrustedCertificateFile');
  // Without a scheme it is https.
  const encrypted: Fact<boolean> = url.state === 'known' ? known(!/^http:/i.test(url.value), url.origin) : url;
  const verifies: Fact<boolean> =
    encrypted.state !== 'known' || !encrypted.value
      ? encrypted
      : trust === undefined
        ? known(true, derived('the receiver’s certificate is checked', url.state === 'known' ? url.origin : at))
        : trust.state === 'known'
          ? known(!/^(?:all|-)$/.test(trust.value), trust.origin)
          : trust;
  const elsewhere = unknown('not-collected', 'the receiver decides', at);
  return context.resource(logSink, 'systemd-journal-upload', {
    host: known('', at),
    by: known('systemd-journal-upload', at),
    takes: storage.state === 'known' && storage.value === 'nowhere' ? known([], storage.origin) : taken(kept),
    form: known('remote', at),
    destination: url,
    encrypted,
    verifies_peer: verifies,
    retention: elsewhere,
    mode: absent(at),
    readable_by_others: absent(at),
    bounded: elsewhere,
    // It goes on where it stopped, as long as the journal still has it.
    buffered: storage.state === 'known' ? known(storage.value === 'disk', storage.origin) : storage,
  });
}
