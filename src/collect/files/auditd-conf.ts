import { absent, derived, known, mapFact, unknown, type Fact, type Origin, type Unknown } from '../../model/fact.ts';
import type { KindFacts } from '../../resources/kind.ts';
import type { logSink } from '../../resources/logging.ts';
import type { SourceText } from '../../text/source-text.ts';
import { hidesLines, isFilledIn, isManagedHead } from '../../text/template.ts';
import { defaultOf } from './defaults.ts';
import { hostOf } from './log-channels.ts';
import type { FormatContext } from './format.ts';

type Sink = KindFacts<typeof logSink>;

/** auditd.conf(5): `keyword = value`, names and values in any case; longer lines are skipped by the daemon. */
export const MAX_LINE = 158;
/** Keywords of 1.x to 4.x. The daemon does not start with another one, nor without white space around the `=`: load_config() in auditd-config.c. */
const KEYWORDS = new Set(
  `local_events write_logs log_file log_format log_group flush freq num_logs dispatcher name_format name disp_qos max_log_file
  max_log_file_action space_left space_left_action action_mail_acct verify_email admin_space_left admin_space_left_action disk_full_action
  disk_error_action priority_boost tcp_listen_port tcp_listen_queue tcp_max_per_addr use_libwrap tcp_client_ports tcp_client_max_idle
  transport enable_krb5 krb5_principal krb5_key_file distribute_network q_depth overflow_action max_restarts plugin_dir
  end_of_event_timeout report_interval`.split(/\s+/),
);

/** The daemon's settings by their names in lower case. */
export interface AuditdConf {
  readonly source: SourceText;
  readonly settings: ReadonlyMap<string, Fact<string>>;
  /** Where a setting that is not written would stand. */
  readonly at: Origin;
  /** A line that the daemon does not start with, or that may hold any setting: nothing is known then, defaults included. */
  readonly refused: Unknown | undefined;
}

/** Reads auditd.conf; the last of several settings counts. */
export function readAuditdConf(source: SourceText): AuditdConf {
  const settings = new Map<string, Fact<string>>();
  const lines = linesOf(source.text);
  // Before any range is made of the file: nobody can tell what such a line holds.
  if (lines.some(({ problem }) => problem?.cause === 'unparseable')) source.withholdExcerpts();
  let refused: Unknown | undefined;
  for (const { text, start, problem } of lines) {
    if (problem !== undefined)
      refused ??= unknown(problem.cause, `${source.file}: ${problem.detail}`, source.origin(start, start + text.length));
    const [, before = '', name = '', value = ''] = SETTING.exec(text.slice(0, MAX_LINE)) ?? [];
    if (problem !== undefined || name === '') continue;
    const at = start + before.length;
    const place = source.origin(at, at + value.length);
    const unclear = text.length > MAX_LINE ? 'longer than the daemon reads' : isFilledIn(value) ? 'filled in elsewhere' : undefined;
    settings.set(name.toLowerCase(), unclear === undefined ? known(value, place) : unknown('unresolved', `${name}: ${unclear}`, place));
  }
  return { source, settings, at: source.origin(0, 0), refused };
}

/** White space around the `=` is part of it. */
export const SETTING = /^([ \t]*([A-Za-z_0-9]+)[ \t]+=[ \t]+)(.*?)[ \t\r]*$/;

interface ConfLine {
  readonly text: string;
  readonly start: number;
  readonly problem: Problem | undefined;
}

/** Why a line is no setting of the daemon. */
interface Problem {
  readonly cause: 'unparseable' | 'unresolved';
  readonly detail: string;
}

function linesOf(whole: string): readonly ConfLine[] {
  let start = 0;
  return whole.split('\n').map((text) => {
    const line = { text, start, problem: problemOf(text) };
    start += text.length + 1;
    return line;
  });
}

function problemOf(line: string): Problem | undefined {
  const hides = hidesLines(line);
  if (hides !== undefined) return { cause: 'unresolved', detail: hides };
  if (/^[ \t\r]*(?:#|$)/.test(line) || isManagedHead(line)) return undefined;
  const name = SETTING.exec(line.slice(0, MAX_LINE))?.[2];
  if (name !== undefined && KEYWORDS.has(name.toLowerCase())) return undefined;
  return isFilledIn(line.slice(0, MAX_LINE).split('=')[0] ?? '')
    ? { cause: 'unresolved', detail: 'a template in the place of a setting' }
    : { cause: 'unparseable', detail: name === undefined ? 'no setting' : 'no keyword of auditd' };
}

/** A setting in lower case; undefined where it is not written. */
export function written(conf: AuditdConf, name: string): Fact<string> | undefined {
  const fact = conf.refused ?? conf.settings.get(name);
  return fact?.state === 'known' ? known(fact.value.toLowerCase(), fact.origin) : fact;
}

/** A yes or no; what is not written is the default of a known version. */
export function yesNoSetting(
  conf: AuditdConf,
  name: string,
  standard: 'yes' | 'no',
  context: Pick<FormatContext, 'version'>,
): Fact<boolean> {
  const fact = written(conf, name) ?? defaultOf(name, 'auditd', context.version('auditd'), [{ since: '2.5', value: standard }], conf.at);
  if (fact.state !== 'known') return fact;
  return /^(?:yes|no)$/.test(fact.value)
    ? known(fact.value === 'yes', fact.origin)
    : unknown('unparseable', `${name} ${fact.value.slice(0, 40)}`, fact.origin);
}

const ALARM = /^(?:email|single|halt|exec(?:\s.*)?)$/;

/**
 * Does a full disk or a failing one raise an alarm, or stop the system? `suspend` silences the log but not an alarm that was
 * raised before: with `space_left_action = email` somebody has been told by then, so it passes there; as the only answer it is
 * silence. Nothing warns of an error of the disk beforehand, so there the action itself must speak: `syslog` does, by
 * another way than the file that failed, and the daemon has no `email` for it.
 */
export function alarmsWhenFull(conf: AuditdConf): Fact<boolean> {
  const full = anyOf(conf, [
    ['space_left_action', ALARM],
    ['admin_space_left_action', ALARM],
    ['disk_full_action', ALARM],
  ]);
  const error = anyOf(conf, [['disk_error_action', /^(?:syslog|single|halt|exec(?:\s.*)?)$/]]);
  if (full.state === 'known' && !full.value) return full;
  if (error.state === 'known' && !error.value) return error;
  if (full.state !== 'known') return full;
  return error.state === 'known'
    ? known(true, derived('an alarm before the disk is full, and at an error', full.origin, error.origin))
    : error;
}

/** Is any of these actions one that speaks? The daemon's defaults are not documented, so what is not written is unknown. */
function anyOf(conf: AuditdConf, asked: readonly (readonly [string, RegExp])[]): Fact<boolean> {
  let unclear: Unknown | undefined;
  let silent: Origin | undefined;
  for (const [name, speaks] of asked) {
    const action = written(conf, name);
    if (action === undefined) unclear ??= unknown('unresolved', `${name} is not written`, conf.at);
    else if (action.state === 'unknown') unclear ??= action;
    else if (action.state === 'known' && speaks.test(action.value)) return known(true, action.origin);
    else if (action.state === 'known' && !/^(?:ignore|syslog|rotate|suspend)$/.test(action.value))
      unclear ??= unknown('unparseable', `${name} ${action.value.slice(0, 40)}`, action.origin);
    else silent ??= action.origin;
  }
  return unclear ?? known(false, silent ?? conf.at);
}

/** The daemon's own file; undefined where it is told to write none. */
export function auditSink(conf: AuditdConf, context: FormatContext): Sink | undefined {
  const writes = yesNoSetting(conf, 'write_logs', 'yes', context);
  if (writes.state === 'known' && !writes.value) return undefined;
  const { at } = conf;
  const group =
    written(conf, 'log_group') ?? defaultOf('log_group', 'auditd', context.version('auditd'), [{ since: '1.7', value: 'root' }], at);
  // The file is the owner's, and readable by log_group where that is not root.
  const mode = mapFact(group, 'log_group', (name) => (name === 'root' || name === '0' ? '0600' : '0640'));
  return {
    host: known(hostOf(conf.source.file), at),
    by: known('auditd', at),
    takes: known([], derived('it keeps what the kernel tells', at)),
    form: known('file', at),
    destination: conf.refused ?? conf.settings.get('log_file') ?? defaultLogFile(conf, context),
    encrypted: absent(at),
    verifies_peer: absent(at),
    retention: retention(conf),
    mode,
    readable_by_others: mapFact(mode, 'permission bits for others', () => false),
    bounded: bounded(conf),
    buffered: absent(at),
  };
}

/** The file of a daemon whose configuration names none. */
export function defaultLogFile({ at }: AuditdConf, context: FormatContext): Fact<string> {
  return defaultOf('log_file', 'auditd', context.version('auditd'), [{ since: '1.0', value: '/var/log/audit/audit.log' }], at);
}

function rotation(conf: AuditdConf): Fact<string> {
  return written(conf, 'max_log_file_action') ?? unknown('unresolved', 'max_log_file_action is not written', conf.at);
}

/** What removes records: rotation by size, of itself or when the disk fills. Neither: they stay until somebody takes them. */
function retention(conf: AuditdConf): Fact<number> {
  const action = rotation(conf);
  if (action.state !== 'known') return action.state === 'unknown' ? action : unknown('unresolved', 'max_log_file_action', conf.at);
  if (action.value === 'rotate') return unknown('unresolved', 'rotation by size: as long as traffic allows', action.origin);
  if (!/^(?:keep_logs|ignore|syslog|suspend)$/.test(action.value))
    return unknown('unparseable', `max_log_file_action ${action.value.slice(0, 40)}`, action.origin);
  for (const name of ['space_left_action', 'admin_space_left_action', 'disk_full_action']) {
    const full = written(conf, name) ?? unknown('unresolved', `${name} is not written`, conf.at);
    if (full.state !== 'known') return full.state === 'unknown' ? full : unknown('unresolved', name, conf.at);
    if (full.value === 'rotate') return unknown('unresolved', `${name} rotate: the oldest records give way`, full.origin);
  }
  return absent(action.origin);
}

function bounded(conf: AuditdConf): Fact<boolean> {
  const action = rotation(conf);
  if (action.state !== 'known') return action.state === 'unknown' ? action : unknown('unresolved', 'max_log_file_action', conf.at);
  const size = written(conf, 'max_log_file') ?? unknown('unresolved', 'max_log_file is not written', conf.at);
  if (size.state !== 'known') return size.state === 'unknown' ? size : unknown('unresolved', 'max_log_file', conf.at);
  if (!/^\d+$/.test(size.value)) return unknown('unparseable', `max_log_file ${size.value.slice(0, 40)}`, size.origin);
  if (action.value === 'suspend') return known(true, action.origin);
  if (action.value !== 'rotate') return known(false, action.origin);
  const count = written(conf, 'num_logs') ?? unknown('unresolved', 'num_logs is not written', conf.at);
  if (count.state !== 'known') return count.state === 'unknown' ? count : unknown('unresolved', 'num_logs', conf.at);
  // Fewer than two: logs are not rotated.
  return /^\d+$/.test(count.value)
    ? known(Number(count.value) >= 2, count.origin)
    : unknown('unparseable', `num_logs ${count.value.slice(0, 40)}`, count.origin);
}
