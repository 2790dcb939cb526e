import { absent, derived, known, unknown, type Fact, type Unknown } from '../../model/fact.ts';
import type { KindFacts } from '../../resources/kind.ts';
import type { LOG_EVENTS, LOG_FIELDS, logSource } from '../../resources/logging.ts';
import type { HaproxyLine } from '../../text/haproxy.ts';
import { hostOf, syslogChannel } from './log-channels.ts';
import type { HaproxyProxy } from './haproxy-proxy.ts';

type LogFacts = KindFacts<typeof logSource>;
type Event = (typeof LOG_EVENTS)[number];
type Field = (typeof LOG_FIELDS)[number];

/** What its built-in formats hold: https://docs.haproxy.org/2.6/configuration.html#8.2 */
const FORMATS: Readonly<Record<string, readonly Field[]>> = {
  httpslog: ['what', 'when', 'where', 'outcome'],
  httplog: ['what', 'when', 'where', 'outcome'],
  tcplog: ['when', 'where', 'outcome'],
};
/** Levels that let records of requests through, which are of level info. */
const ALL_LEVELS = /^(?:info|debug)$/;

/** What a front end records of what comes in. */
export function haproxyLog(proxy: HaproxyProxy): LogFacts {
  const { at } = proxy;
  const targets = targetsOf(proxy);
  const [target] = targets;
  return {
    service: known('haproxy', at),
    enabled: target === undefined ? known(false, derived('no log is written', at)) : known(true, proxy.origin(target)),
    events: events(proxy, target !== undefined),
    fields: fields(proxy),
    host: known(hostOf(proxy.source.file), at),
    channels: channels(targets, proxy),
    shipped_otherwise: unknown('not-collected', 'what else takes logs away from this host', at),
    immutable: absent(at),
    alarms_when_full: absent(at),
    logs_parameters: parameters(proxy),
  };
}

/** `log` lines in force, which add to those of the defaults; `log global` stands for those of the global section, `no log` for none. */
function targetsOf(proxy: HaproxyProxy): readonly HaproxyLine[] {
  const lines = proxy.every(({ name, args }) => name === 'log' || (name === 'no' && args[0]?.text === 'log'));
  const off = lines.findLastIndex(({ name }) => name === 'no');
  return lines
    .slice(off + 1)
    .flatMap((line) => (line.args[0]?.text === 'global' ? proxy.global.filter(({ name }) => name === 'log') : [line]));
}

function events(proxy: HaproxyProxy, on: boolean): LogFacts['events'] {
  if (!on) return known([], proxy.at);
  const silent = proxy.section.lines.filter(({ args }) => args.some(({ text }) => text === 'set-log-level' || text === 'do-log'));
  const open: Unknown[] = silent.map((line) =>
    unknown('unresolved', 'set-log-level: a condition decides what is recorded', proxy.origin(line)),
  );
  const quiet = proxy.option('dontlog-normal');
  const kind: Event = proxy.mode().text === 'http' ? 'access' : 'connection';
  const all: readonly Event[] = quiet === undefined && open.length === 0 ? [kind, 'error'] : ['error'];
  const place = quiet === undefined ? proxy.at : proxy.origin(quiet);
  return known(
    all.map((event) => known(event, place)),
    place,
    open,
  );
}

/** The nearest and last line that sets the format of records. */
function formatOf(proxy: HaproxyProxy): HaproxyLine | undefined {
  return proxy.last(({ name, args }) => {
    const [first, second] = args.map(({ text }) => text);
    return (
      /^log-format(?:-sd)?$/.test(name) ||
      (name === 'option' && Object.hasOwn(FORMATS, first ?? '')) ||
      (name === 'no' && first === 'option' && Object.hasOwn(FORMATS, second ?? ''))
    );
  });
}

function fields(proxy: HaproxyProxy): LogFacts['fields'] {
  const line = formatOf(proxy);
  if (line !== undefined && line.name !== 'option' && line.name !== 'no')
    return unknown('unsupported', 'log-format: what it holds', proxy.origin(line));
  // `Connect from ADDRESS to ADDRESS (NAME/MODE)`
  if (line === undefined || line.name === 'no') {
    const place = derived('the format without an option', proxy.at);
    return known([known<Field>('when', place), known<Field>('where', place)], place);
  }
  // Where no requests are read, HAProxy falls back to what it knows of connections.
  const option = proxy.mode().text === 'http' ? (line.args[0]?.text ?? '') : 'tcplog';
  const place = derived(`option ${option}`, proxy.origin(line));
  return known(
    (FORMATS[option] ?? []).map((field) => known(field, place)),
    place,
  );
}

/** `log ADDRESS [len N] [format F] [sample S] FACILITY [LEVEL [LEAST]]`: those that take every record. */
function channels(targets: readonly HaproxyLine[], proxy: HaproxyProxy): LogFacts['channels'] {
  const found: Fact<string>[] = [];
  const open: Unknown[] = [];
  for (const target of targets) {
    const at = proxy.origin(target);
    const words = target.args.map(({ text }) => text);
    const [address = ''] = words;
    let index = 1;
    while (/^(?:len|format|sample|profile)$/.test(words[index] ?? '')) index += 2;
    const [facility = '', level] = words.slice(index);
    if (level !== undefined && !ALL_LEVELS.test(level)) continue;
    if (words.includes('sample') || address !== '/dev/log' || !/^[a-z]+\d?$/.test(facility))
      open.push(unknown('unsupported', `log ${address.slice(0, 80)}`, at));
    else found.push(known(syslogChannel(facility), at));
  }
  return known(found, proxy.at, open);
}

/** Headers that are captured may hold credentials; addresses may hold anything a client puts there. */
function parameters(proxy: HaproxyProxy): Fact<boolean> {
  const captured = proxy.section.lines.find(
    ({ name, args }) =>
      (name === 'capture' || name === 'http-request') &&
      /\b(?:authorization|cookie|req\.body)\b/i.test(args.map(({ text }) => text).join(' ')),
  );
  if (captured !== undefined) return unknown('unsupported', 'what is captured of requests', proxy.origin(captured));
  const own = formatOf(proxy);
  return own === undefined || own.name === 'option' || own.name === 'no'
    ? known(false, derived('no header or body is recorded', proxy.at))
    : unknown('unsupported', 'log-format: what it holds', proxy.origin(own));
}
