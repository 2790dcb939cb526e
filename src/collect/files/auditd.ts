import { posix } from 'node:path';
import { derived, known, unknown, type Fact, type Origin, type Unknown } from '../../model/fact.ts';
import type { Resource } from '../../model/resource.ts';
import type { KindFacts } from '../../resources/kind.ts';
import { LOG_FIELDS, logSink, logSource } from '../../resources/logging.ts';
import type { SourceText } from '../../text/source-text.ts';
import { alarmsWhenFull, auditSink, defaultLogFile, readAuditdConf, yesNoSetting, type AuditdConf } from './auditd-conf.ts';
import { pluginChannel } from './auditd-plugins.ts';
import { loadRules, type LoadedRules } from './auditd-rules.ts';
import { defaultOf } from './defaults.ts';
import { fileChannels, hostOf } from './log-channels.ts';
import { declared, type FileFormat, type FormatContext, type FormatGap, type FormatReading } from './format.ts';

type Source = KindFacts<typeof logSource>;

/** The kernel's audit: auditd.conf(5), auditctl(8), augenrules(8). The directory is one host's. */
export const auditdFormat: FileFormat = {
  name: 'auditd',
  kinds: [logSource.name, logSink.name],
  recognises: (path) =>
    /(?:^|\/)(?:auditd\.conf|audit\.rules)$|(?:^|\/)audit\/rules\.d\/[^/]+\.rules$|(?:^|\/)audi(?:t|sp)\/plugins\.d\/[^/]+\.conf$/.test(
      path,
    ),
  sniffs: (text) =>
    /^[ \t]*-(?:w[ \t]+\/|[aA][ \t]+(?:always|never|exit|task|exclude|user|filesystem),|e[ \t]+[012][ \t\r]*$|D[ \t\r]*$)/m.test(text),
  read,
};

/** /etc/audit/plugins.d since 3.0, /etc/audisp/plugins.d before. */
function isPlugin(path: string): boolean {
  return posix.basename(posix.dirname(path)) === 'plugins.d';
}

function ownerOf(path: string): string {
  return posix.dirname(posix.dirname(path)).replace(/(?:^|(?<=\/))audisp$/, 'audit');
}

/** The files of one /etc/audit, as far as they are here. */
interface Host {
  conf: SourceText | undefined;
  single: SourceText | undefined;
  readonly parts: SourceText[];
  /** Rules under a name that no daemon loads by itself: they count where there are no others. */
  readonly loose: SourceText[];
  readonly unreadConf: Unknown[];
  readonly unread: Unknown[];
  readonly plugins: (SourceText | Unknown)[];
}

async function read(paths: readonly string[], context: FormatContext): Promise<FormatReading> {
  const gaps: FormatGap[] = [];
  const hosts = new Map<string, Host>();
  for (const path of paths) {
    if (posix.basename(path) === 'audit-stop.rules') continue; // loaded when the service stops
    const inParts = posix.basename(posix.dirname(path)) === 'rules.d';
    const directory = isPlugin(path) ? ownerOf(path) : inParts ? posix.dirname(posix.dirname(path)) : posix.dirname(path);
    const host = hosts.get(directory) ?? {
      conf: undefined,
      single: undefined,
      parts: [],
      loose: [],
      unreadConf: [],
      unread: [],
      plugins: [],
    };
    hosts.set(directory, host);
    const source = await context.open(path);
    if (source === 'not-there') continue;
    if (isPlugin(path)) {
      host.plugins.push(source);
      continue;
    }
    const isConf = posix.basename(path) === 'auditd.conf';
    if ('state' in source) {
      gaps.push({ why: source });
      (isConf ? host.unreadConf : host.unread).push(source);
    } else if (inParts) host.parts.push(source);
    else if (isConf) host.conf = source;
    else if (posix.basename(path) === 'audit.rules') host.single = source;
    else host.loose.push(source);
  }
  return { resources: [...hosts].flatMap(([directory, host]) => resourcesOf(directory, host, context)), gaps };
}

function resourcesOf(directory: string, host: Host, context: FormatContext): readonly Resource[] {
  const conf = host.conf === undefined ? undefined : readAuditdConf(host.conf);
  const rules = rulesOf(host);
  const place = host.conf ?? host.parts[0] ?? host.single ?? host.loose[0];
  if (place === undefined) return [];
  const source = declared(
    logSource,
    `${directory} auditd`,
    context.target,
    sourceFacts(directory, conf, rules, host, place.origin(0, 0), context),
  );
  const sink = conf === undefined ? undefined : auditSink(conf, context);
  if (sink === undefined || conf === undefined) return [source];
  const name = sink.destination.state === 'known' ? sink.destination.value : 'log_file';
  return [source, declared(logSink, `${conf.source.file} ${name}`, context.target, sink)];
}

/** `ls -1v`, by which augenrules(8) puts the parts in order. */
const ORDER = new Intl.Collator('en', { numeric: true });

function rulesOf(host: Host): LoadedRules | Unknown {
  const parts = (host.parts.length === 0 && host.single === undefined ? host.loose : host.parts).toSorted((a, b) =>
    ORDER.compare(posix.basename(a.file), posix.basename(b.file)),
  );
  const [first] = parts;
  const { single } = host;
  const fromParts = first === undefined ? undefined : loadRules(parts, host.unread, true, first.origin(0, 0));
  const written = single === undefined ? undefined : loadRules([single], host.unread, false, single.origin(0, 0));
  if (fromParts === undefined) return written ?? host.unread[0] ?? unknown('not-collected', 'audit.rules and rules.d are not here');
  // At boot augenrules writes audit.rules anew from its parts, where it is in use; only its own work is sure to be replaced.
  if (written === undefined || single?.text.startsWith('## This file is automatically generated') === true) return fromParts;
  return agreed(fromParts, written);
}

/** Two sets of rules, of which either may be the one that is loaded: known is what both say. */
function agreed(a: LoadedRules, b: LoadedRules): LoadedRules {
  const unsure = unknown('unresolved', 'audit.rules and rules.d differ, and either may be loaded', b.at);
  const both = [...a.events].filter(([event]) => b.events.has(event));
  const differ = a.events.size !== both.length || b.events.size !== both.length;
  const same = <T>(left: Fact<T>, right: Fact<T>): Fact<T> => {
    if (left.state === 'unknown') return left;
    if (right.state === 'unknown') return right;
    return left.state === right.state && (left.state !== 'known' || right.state !== 'known' || left.value === right.value) ? left : unsure;
  };
  return {
    events: new Map(both),
    doubtful: [...a.doubtful, ...b.doubtful, ...(differ ? [unsure] : [])],
    immutable: same(a.immutable, b.immutable),
    enabled: same(a.enabled, b.enabled),
    at: a.at,
  };
}

function sourceFacts(
  directory: string,
  conf: AuditdConf | undefined,
  rules: LoadedRules | Unknown,
  host: Host,
  at: Origin,
  context: FormatContext,
): Source {
  const noConf = host.unreadConf[0] ?? unknown('not-collected', 'auditd.conf is not here', at);
  const loaded = 'state' in rules ? undefined : rules;
  const noRules = 'state' in rules ? { ...rules, origin: rules.origin ?? at } : undefined;
  return {
    service: known('auditd', at),
    enabled: conf?.refused ?? noRules ?? (conf === undefined || loaded === undefined ? noConf : enabled(conf, loaded, context)),
    events:
      noRules ??
      (loaded === undefined
        ? noConf
        : known(
            [...loaded.events].map(([event, place]) => known(event, place)),
            [...loaded.events.values()][0] ?? loaded.at,
            loaded.doubtful,
          )),
    // Every record of the kernel: auid and uid, syscall and path, time, tty or address, success.
    fields: known(
      LOG_FIELDS.map((field) => known(field, at)),
      derived('records of the kernel carry them', at),
    ),
    host: known(hostOf(directory), at),
    channels: conf === undefined ? noConf : channels(conf, host, context),
    shipped_otherwise: unknown('not-collected', 'what else takes logs away from this host', at),
    immutable: noRules ?? loaded?.immutable ?? noConf,
    alarms_when_full: conf === undefined ? noConf : (conf.refused ?? alarmsWhenFull(conf)),
    logs_parameters: { state: 'absent', origin: at },
  };
}

/**
 * Its file, and the host's syslog where the plugin for it is on (auditd-plugins(5)): it is not unless somebody switches it on, but
 * its file must be seen for that. Any other plugin may send elsewhere.
 */
function channels(conf: AuditdConf, host: Host, context: FormatContext): Source['channels'] {
  const log = conf.refused ?? conf.settings.get('log_file') ?? defaultLogFile(conf, context);
  const found: Fact<string>[] = log.state === 'known' ? fileChannels(log.value).map((channel) => known(channel, log.origin)) : [];
  const open: Unknown[] = log.state === 'unknown' ? [log] : [];
  if (host.plugins.length === 0) open.push(unknown('not-collected', 'plugins.d of auditd is not here', conf.at));
  for (const plugin of host.plugins) {
    const channel = 'state' in plugin ? plugin : pluginChannel(plugin);
    if (channel.state === 'unknown') open.push(channel);
    else if (channel.state === 'known') found.push(channel);
  }
  return known(found, found[0]?.origin ?? conf.at, open);
}

/** The daemon takes local events and writes them, and no rule switches the kernel's auditing off. */
function enabled(conf: AuditdConf, rules: LoadedRules, context: FormatContext): Fact<boolean> {
  // auditd(8), -s: "The default is to enable".
  const kernel =
    rules.enabled.state === 'absent'
      ? defaultOf('-s', 'auditd', context.version('auditd'), [{ since: '1.7', value: true }], rules.at)
      : rules.enabled;
  return auditdRecords(conf, kernel, context);
}

/** Does the daemon record what the kernel tells, by its settings and whether the kernel audits at all? */
export function auditdRecords(conf: AuditdConf, kernel: Fact<boolean>, context: Pick<FormatContext, 'version'>): Fact<boolean> {
  const local = yesNoSetting(conf, 'local_events', 'yes', context);
  const writes = yesNoSetting(conf, 'write_logs', 'yes', context);
  const off = [kernel, local].find((fact) => fact.state === 'known' && !fact.value);
  if (off !== undefined) return off;
  if (writes.state === 'known' && !writes.value) return unknown('unresolved', 'write_logs no: its plugins decide', writes.origin);
  const unclear = [kernel, local, writes].find((fact) => fact.state !== 'known');
  if (unclear !== undefined) return unclear;
  return known(true, derived('local events are taken and written', conf.at, ...(kernel.origin === undefined ? [] : [kernel.origin])));
}
