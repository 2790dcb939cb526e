import { absent, derived, known, mapFact, unknown, type Fact, type Origin } from '../../model/fact.ts';
import type { Resource } from '../../model/resource.ts';
import type { KindFacts } from '../../resources/kind.ts';
import { logSink } from '../../resources/logging.ts';
import type { SourceText } from '../../text/source-text.ts';
import { defaultOf } from './defaults.ts';
import { declared, type FormatContext } from './format.ts';
import { hostOf } from './log-channels.ts';
import { inputsOf, isReached, takesOf } from './rsyslog-inputs.ts';
import { actionsOf, always, setting, survey, type Action, type Everywhere, type Step } from './rsyslog-actions.ts';

type Sink = KindFacts<typeof logSink>;
type Common = Pick<Sink, 'host' | 'by' | 'takes'>;
/** Modules that send to another machine by means of their own, beside omfwd and omrelp. */
const OTHER_REMOTE =
  /^om(?:elasticsearch|kafka|http|httpfs|clickhouse|amqp1|rabbitmq|hiredis|snmp|azureeventhubs|dtls|gssapi|mongodb|mysql|pgsql|libdbi)$/;

/** Every file and every receiver that the configuration writes to. What stands in a ruleset that nobody calls writes nothing. */
export function rsyslogSinks(main: SourceText, steps: readonly Step[], context: FormatContext): readonly Resource[] {
  const everywhere = survey(steps);
  const inputs = inputsOf(steps);
  const sinks = new Map<string, { readonly id: string; readonly facts: Sink; readonly takes: Sink['takes'][] }>();
  for (const action of actionsOf(steps).filter(({ ruleset }) => isReached(inputs, ruleset))) {
    const takes = takesOf(action, inputs);
    for (const facts of sinksOf(action, { ...sinkOf(main, action), takes }, everywhere, context)) {
      const id = `${main.file} ${nameOf(facts)}`;
      // Several selectors may write to one file: the same sink, unless its settings differ.
      const key = `${id}\u0000${Object.entries(facts)
        .filter(([name]) => name !== 'takes')
        .map(([, fact]) => (fact.state === 'known' ? JSON.stringify(fact.value) : fact.state))
        .join('\u0000')}`;
      const before = sinks.get(key);
      if (before === undefined) sinks.set(key, { id, facts, takes: [takes] });
      else before.takes.push(takes);
    }
  }
  return [...sinks.values()].map(({ id, facts, takes }) => declared(logSink, id, context.target, { ...facts, takes: together(takes) }));
}

/** All that any of several actions takes. */
function together(all: readonly Sink['takes'][]): Sink['takes'] {
  const [first] = all;
  const lists = all.flatMap((takes) => (takes.state === 'known' ? [takes] : []));
  if (first?.state !== 'known') return first ?? unknown('unresolved', 'takes');
  const named = new Map(
    lists.flatMap(({ value }) => value.flatMap((fact) => (fact.state === 'known' ? [[fact.value, fact] as const] : []))),
  );
  const open = new Map(lists.flatMap((list) => (list.open ?? []).map((why) => [why.detail, why] as const)));
  return known([...named.values()], first.origin, [...open.values()]);
}

function sinkOf(main: SourceText, { at }: Action): Pick<Sink, 'host' | 'by'> {
  return { host: known(hostOf(main.file), at), by: known('rsyslog', at) };
}

function sinksOf(action: Action, common: Common, everywhere: Everywhere, context: FormatContext): readonly Sink[] {
  if (action.type === 'omfile') return fileSink(action, common, everywhere, context);
  if (action.type === 'omfwd' || action.type === 'omrelp') return [remoteSink(action, common, everywhere, context)];
  return action.type === '' || OTHER_REMOTE.test(action.type) ? [unreadSink(action, common)] : [];
}

function nameOf(sink: Sink): string {
  return sink.destination.state === 'known' ? sink.destination.value : 'to an unresolved destination';
}

function remoteSink(action: Action, common: Common, everywhere: Everywhere, context: FormatContext): Sink {
  const { at } = action;
  const encrypted = action.type === 'omrelp' ? onOff(setting(action, 'tls', always('off'), context)) : overTls(action, everywhere, context);
  return {
    ...common,
    form: known('remote', at),
    destination: receiver(action),
    encrypted,
    verifies_peer: verifies(action, encrypted, context),
    retention: unknown('not-collected', 'the receiver decides', at),
    mode: absent(at),
    readable_by_others: absent(at),
    bounded: unknown('not-collected', 'the receiver decides', at),
    buffered: buffered(action, everywhere, context),
  };
}

function receiver(action: Action): Fact<string> {
  const target = action.settings.get('target') ?? unknown('unparseable', 'action without target', action.at);
  const port = action.settings.get('port');
  if (target.state !== 'known' || port === undefined) return target;
  if (port.state !== 'known') return port;
  return known(`${target.value.includes(':') ? `[${target.value}]` : target.value}:${port.value}`, target.origin);
}

function onOff(fact: Fact<string>): Fact<boolean> {
  if (fact.state !== 'known') return fact;
  return /^(?:on|off)$/i.test(fact.value)
    ? known(/^on$/i.test(fact.value), fact.origin)
    : unknown('unparseable', fact.value.slice(0, 80), fact.origin);
}

/** TLS is TCP with a stream driver that has it, in mode 1: https://www.rsyslog.com/doc/concepts/ns_gtls.html */
function overTls(action: Action, everywhere: Everywhere, context: FormatContext): Fact<boolean> {
  const protocol = setting(action, 'protocol', always('udp'), context);
  if (protocol.state !== 'known') return protocol;
  if (protocol.value.toLowerCase() !== 'tcp') return known(false, derived('not over TCP', protocol.origin));
  const mode = setting(action, 'streamdrivermode', always('0'), context);
  if (mode.state !== 'known') return mode;
  if (mode.value === '0') return known(false, mode.origin);
  const driver =
    action.settings.get('streamdriver') ??
    action.settings.get('streamdriver.name') ??
    action.hole ??
    everywhere.hole ??
    everywhere.driver ??
    defaultOf('StreamDriver', 'rsyslog', context.version('rsyslog'), always('ptcp'), action.at);
  if (driver.state !== 'known') return driver;
  const tls = mode.value === '1' && /^(?:gtls|ossl|mbedtls)$/i.test(driver.value);
  return tls
    ? known(true, derived('a TLS stream driver in mode 1', mode.origin, driver.origin))
    : unknown('unparseable', `mode ${mode.value} of stream driver ${driver.value}`.slice(0, 80), mode.origin);
}

function verifies(action: Action, encrypted: Fact<boolean>, context: FormatContext): Fact<boolean> {
  if (encrypted.state !== 'known') return encrypted;
  if (!encrypted.value) return known(false, derived('nothing is encrypted', encrypted.origin));
  if (action.type === 'omrelp') {
    const mode = setting(action, 'tls.authmode', always('anon'), context);
    const peers = action.settings.get('tls.permittedpeer');
    if (mode.state !== 'known') return mode;
    if (!/^(?:name|fingerprint)$/i.test(mode.value)) return known(false, mode.origin);
    return peers === undefined ? unknown('unresolved', 'tls.permittedPeer is not written', mode.origin) : peersNamed(peers, mode.origin);
  }
  const expired = action.settings.get('streamdriver.permitexpiredcerts');
  if (expired !== undefined && !(expired.state === 'known' && /^(?:off|warn)$/i.test(expired.value)))
    return expired.state === 'known' ? known(false, expired.origin) : expired;
  const mode =
    action.settings.get('streamdriverauthmode') ??
    action.hole ??
    unknown('unresolved', 'StreamDriverAuthMode: its default is not documented', action.at);
  if (mode.state !== 'known') return mode;
  if (/^(?:anon|x509\/certvalid)$/i.test(mode.value)) return known(false, mode.origin); // certvalid: any certificate of the authority
  if (!/^x509\/(?:name|fingerprint)$/i.test(mode.value)) return unknown('unparseable', mode.value.slice(0, 80), mode.origin);
  const peers = action.settings.get('streamdriverpermittedpeers');
  if (peers !== undefined) return peersNamed(peers, mode.origin);
  if (action.hole !== undefined) return action.hole;
  return unknown('unresolved', 'StreamDriverPermittedPeers is not written', mode.origin);
}

/** A wildcard alone permits whoever has a certificate of the authority. */
function peersNamed(peers: Fact<string>, mode: Origin): Fact<boolean> {
  if (peers.state !== 'known') return peers.state === 'unknown' ? peers : unknown('unresolved', 'permitted peers', mode);
  return known(
    peers.value.split(',').every((peer) => /[a-z0-9]/i.test(peer)),
    derived('mode and permitted peers', peers.origin, mode),
  );
}

/**
 * Records are kept on disk while the receiver is away: a queue with a file name, of the action or (if the action has none)
 * of its ruleset, and retries without end; an action that gives up discards.
 */
function buffered(action: Action, everywhere: Everywhere, context: FormatContext): Fact<boolean> {
  const queue = queueOnDisk(action, everywhere, context);
  if (queue.state !== 'known' || !queue.value) return queue;
  const retries = setting(action, 'action.resumeretrycount', always('0'), context);
  if (retries.state !== 'known') return retries;
  const endless = retries.value === '-1';
  return known(
    endless,
    endless
      ? derived('a queue on disk, and retries without end', queue.origin, retries.origin)
      : derived('an action that gives up discards', retries.origin),
  );
}

function queueOnDisk(action: Action, everywhere: Everywhere, context: FormatContext): Fact<boolean> {
  const type = setting(action, 'queue.type', always('Direct'), context);
  if (type.state !== 'known') return type;
  if (type.value.toLowerCase() !== 'direct') return onDisk(type, action.settings.get('queue.filename'));
  // Without a queue of its own, the action holds up the queue in front of it: its ruleset's, or else the main one.
  const ruleset = everywhere.rulesets.get(action.ruleset);
  const shared = ruleset !== undefined && [...ruleset.keys()].some((name) => name.startsWith('queue.')) ? ruleset : everywhere.mainQueue;
  const file = shared.get('queue.filename');
  const sharedType = shared.get('queue.type');
  if (sharedType !== undefined && sharedType.state !== 'known') return sharedType;
  if (file !== undefined) return onDisk(sharedType ?? known('FixedArray', action.at), file);
  return everywhere.hole ?? known(false, derived('no queue has a file', type.origin));
}

function onDisk(type: Fact<string>, file: Fact<string> | undefined): Fact<boolean> {
  if (type.state !== 'known') return type.state === 'unknown' ? type : unknown('unresolved', 'queue.type');
  if (/^direct$/i.test(type.value)) return known(false, type.origin);
  if (!/^(?:linkedlist|fixedarray|disk)$/i.test(type.value))
    return unknown('unsupported', `queue.type ${type.value.slice(0, 40)}`, type.origin);
  if (file === undefined) return known(false, derived('a queue in memory', type.origin));
  return file.state === 'known' ? known(file.value !== '', file.origin) : file;
}

function fileSink(action: Action, common: Common, everywhere: Everywhere, context: FormatContext): readonly Sink[] {
  const { at } = action;
  const channelName = action.settings.get('channel');
  const channel =
    channelName?.state === 'known'
      ? (everywhere.channels.get(channelName.value) ?? unknown('unresolved', `outchannel ${channelName.value}`, at))
      : undefined;
  const destination = fileOf(action, channel, everywhere);
  if (destination.state === 'known' && destination.value.startsWith('/dev/')) return []; // a terminal or a console keeps nothing
  const mode = fileMode(action, everywhere, context);
  const limit = limitOf(action, channel);
  return [
    {
      ...common,
      form: known('file', at),
      destination,
      encrypted: absent(at),
      verifies_peer: absent(at),
      retention: limit === undefined ? absent(at) : unknown('unresolved', 'rotation by size: as long as traffic allows', limit.origin),
      mode,
      readable_by_others: mapFact(mode, 'permission bits for others', (bits) => (Number.parseInt(bits, 8) & 0o007) !== 0),
      bounded:
        limit === undefined
          ? known(false, derived('rsyslog bounds no file by itself', at))
          : limit.state === 'known'
            ? known(true, limit.origin)
            : limit,
      buffered: absent(at),
    },
  ];
}

/** `$outchannel name,file,size,command`, or omfile's own rotation.sizeLimit. */
function limitOf(action: Action, channel: Fact<string> | undefined): Fact<string> | undefined {
  if (channel !== undefined) {
    const size = channel.state === 'known' ? channel.value.split(',')[1]?.trim() : undefined;
    return channel.state === 'known' && !/^[1-9]\d*$/.test(size ?? '') ? undefined : channel;
  }
  const size = action.settings.get('rotation.sizelimit');
  return size?.state === 'known' && size.value === '0' ? undefined : size;
}

function fileOf(action: Action, channel: Fact<string> | undefined, everywhere: Everywhere): Fact<string> {
  if (channel !== undefined) return mapFact(channel, 'file of the outchannel', (value) => value.split(',')[0]?.trim() ?? '');
  const file = action.settings.get('file');
  if (file !== undefined) return file;
  const template = action.settings.get('dynafile');
  if (template?.state !== 'known') return template ?? unknown('unparseable', 'omfile without file', action.at);
  return (
    everywhere.templates.get(template.value) ??
    everywhere.hole ??
    unknown('unresolved', `template ${template.value.slice(0, 80)}`, template.origin)
  );
}

/** https://www.rsyslog.com/doc/reference/parameters/omfile-filecreatemode.html. The process's umask may tighten it further. */
function fileMode(action: Action, everywhere: Everywhere, context: FormatContext): Fact<string> {
  const own = action.settings.get('filecreatemode') ?? (action.legacy ? action.hole : undefined);
  // Whether $FileCreateMode reaches an action() is not documented.
  const legacy =
    !action.legacy && everywhere.legacyFileMode
      ? unknown('unresolved', '$FileCreateMode beside an action() without fileCreateMode', action.at)
      : undefined;
  const mode =
    own ??
    everywhere.hole ??
    (action.legacy ? undefined : everywhere.fileMode) ??
    legacy ??
    (everywhere.fileMode === undefined
      ? undefined
      : unknown('unresolved', 'fileCreateMode of the module beside a legacy action', action.at)) ??
    defaultOf('FileCreateMode', 'rsyslog', context.version('rsyslog'), always('0644'), action.at);
  if (mode.state !== 'known') return mode;
  return /^0?[0-7]{3}$/.test(mode.value)
    ? known(mode.value.padStart(4, '0'), mode.origin)
    : unknown('unparseable', `FileCreateMode ${mode.value.slice(0, 40)}`, mode.origin);
}

/** A module that sends elsewhere in a protocol that Custos does not read: it is there, and that is all. */
function unreadSink(action: Action, common: Common): Sink {
  const why = unknown('unsupported', `${action.type}: how it sends`, action.at);
  const destination = action.settings.get('server') ?? action.settings.get('broker') ?? action.settings.get('target') ?? why;
  return {
    ...common,
    form: known('remote', action.at),
    destination,
    encrypted: why,
    verifies_peer: why,
    retention: why,
    mode: absent(action.at),
    readable_by_others: absent(action.at),
    bounded: why,
    buffered: why,
  };
}
