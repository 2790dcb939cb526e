import { posix } from 'node:path';
import { absent, derived, known, mapFact, unknown, type Fact, type Origin, type Unknown } from '../../model/fact.ts';
import type { Resource } from '../../model/resource.ts';
import { datastore } from '../../resources/datastore.ts';
import { identityPrincipal } from '../../resources/identity.ts';
import type { KindFacts } from '../../resources/kind.ts';
import { tlsListener } from '../../resources/tls-listener.ts';
import { lexLines, type Line, type LineSyntax, type Word } from '../../text/lines.ts';
import type { SourceText } from '../../text/source-text.ts';
import { defaultOf, type DefaultSince } from './defaults.ts';
import { declared, type FileFormat, type FormatContext, type FormatGap, type FormatReading } from './format.ts';
import { parseCipherString } from './openssl-ciphers.ts';

/** redis.conf: `#` begins a comment at a line's start only; both quotes; the last of several settings counts. */
const SYNTAX: LineSyntax = {
  comment: ['#'],
  commentAnywhere: false,
  quotes: ['"', "'"],
  escape: 'backslash',
  separators: [],
  continuation: false,
};

/** A directive as it stands, with the file it stands in. */
interface Directive {
  readonly name: string;
  readonly words: readonly Word[];
  readonly line: Line;
  readonly source: SourceText;
}

interface Settings {
  readonly all: readonly Directive[];
  readonly main: SourceText;
  /** Includes that could not be read: whatever is not written after them may stand there. */
  readonly holes: readonly Unknown[];
}

/** Redis configuration: https://redis.io/docs/latest/operate/oss_and_stack/management/config/ */
export const redisFormat: FileFormat = {
  name: 'redis',
  kinds: [datastore.name, identityPrincipal.name, tlsListener.name],
  recognises: (path) => /(?:^|\/)(?:redis|valkey|sentinel)[^/]*\.conf$/.test(path),
  sniffs: (text) => /^(?:requirepass|protected-mode|appendonly|maxmemory-policy)\s/m.test(text),
  read,
};

async function read(paths: readonly string[], context: FormatContext): Promise<FormatReading> {
  const resources: Resource[] = [];
  const gaps: FormatGap[] = [];
  const included = new Set<string>();
  const instances: Settings[] = [];
  for (const path of paths) {
    const source = await context.open(path);
    if (source === 'not-there') continue;
    if ('state' in source) {
      gaps.push({ why: source });
      continue;
    }
    instances.push(await settingsOf(source, context, included));
  }
  for (const settings of instances) {
    if (included.has(settings.main.file)) continue;
    for (const why of settings.holes) gaps.push({ why, kinds: [identityPrincipal.name] });
    resources.push(...instance(settings, context));
  }
  return { resources, gaps };
}

async function settingsOf(main: SourceText, context: FormatContext, included: Set<string>): Promise<Settings> {
  const all: Directive[] = [];
  const holes: Unknown[] = [];
  const visit = async (source: SourceText, chain: readonly string[]): Promise<void> => {
    for (const match of source.text.matchAll(/^#?[ \t]*(?:requirepass|masterauth)[ \t]+(\S+)/gm)) {
      const [whole, value = ''] = match;
      source.markSecret(match.index + whole.length - value.length, match.index + whole.length, whole.trim().split(/\s/)[0] ?? '');
    }
    const lines = lexLines(source, SYNTAX);
    // Before any range is made of the file: an excerpt shows the lines beside its own.
    for (const { words } of lines) if (words[0]?.text.toLowerCase() === 'user') markPasswords(source, words);
    for (const line of lines) {
      const [name, ...words] = line.words;
      if (name === undefined) continue;
      if (line.broken) holes.push(unknown('unparseable', name.text, source.origin(line.start, line.end)));
      else if (name.text.toLowerCase() !== 'include') all.push({ name: name.text.toLowerCase(), words, line, source });
      else {
        const pattern = words[0]?.text ?? '';
        const { files, gaps } = await context.include(pattern, posix.dirname(source.file));
        for (const gap of gaps) holes.push({ ...gap, origin: source.origin(line.start, line.end) });
        for (const file of files) {
          if (chain.includes(file.file)) holes.push(unknown('unresolved', `include loop: ${pattern}`, source.origin(line.start, line.end)));
          else {
            included.add(file.file);
            await visit(file, [...chain, file.file]);
          }
        }
      }
    }
  };
  await visit(main, [main.file]);
  return { all, main, holes };
}

/** `>password` and `<password` of a `user` line. */
function markPasswords(source: SourceText, [, name, ...rules]: readonly Word[]): void {
  for (const rule of rules) if (/^[<>]/.test(rule.text)) source.markSecret(rule.start + 1, rule.end, `password of ${name?.text ?? ''}`);
}

/** The last directive of a name: that is the one Redis obeys. */
function last(settings: Settings, name: string): Directive | undefined {
  return settings.all.findLast((directive) => directive.name === name);
}

function originOf({ source, line, words }: Directive): Origin {
  const [first] = words;
  const end = words.at(-1);
  return first === undefined || end === undefined ? source.origin(line.start, line.end) : source.origin(first.start, end.end);
}

/** One setting: what is written (an include that is not here may override it), else the version's default. */
function setting<T>(
  settings: Settings,
  context: FormatContext,
  name: string,
  parse: (text: string) => T | undefined,
  table: readonly DefaultSince<T>[],
): Fact<T> {
  const [hole] = settings.holes;
  if (hole !== undefined) return hole;
  const directive = last(settings, name);
  if (directive === undefined) return defaultOf(name, 'redis', context.version('redis'), table, settings.main.origin(0, 0));
  const text = directive.words.map((word) => word.text).join(' ');
  const value = text.includes('${') ? undefined : parse(text);
  return value === undefined ? unknown('unparseable', `${name} ${text}`, originOf(directive)) : known(value, originOf(directive));
}

const yesNo = (text: string): boolean | undefined => (text === 'yes' ? true : text === 'no' ? false : undefined);
const integer = (text: string): number | undefined => (/^\d+$/.test(text) ? Number(text) : undefined);
const always = <T>(value: T): readonly DefaultSince<T>[] => [{ since: '0', value }];

const LOOPBACK = /^(?:-?(?:127\.\d+\.\d+\.\d+|::1|localhost))$/;
const WILDCARD = /^-?(?:0\.0\.0\.0|::|\*)$/;
/** Commands that destroy, reconfigure or run code, by ACL categories @dangerous and @admin. */
const DANGEROUS = ['FLUSHALL', 'FLUSHDB', 'CONFIG', 'DEBUG', 'MODULE', 'SHUTDOWN', 'KEYS', 'SAVE', 'REPLICAOF'] as const;

function instance(settings: Settings, context: FormatContext): readonly Resource[] {
  const { target } = context;
  const { main } = settings;
  const port = setting(settings, context, 'port', integer, always(6379));
  const tlsPort = setting(settings, context, 'tls-port', integer, always(0));
  const bind = setting(settings, context, 'bind', (text) => text.split(/\s+/), [
    { since: '0', value: ['*'] },
    { since: '7.0', value: ['*', '-::*'] },
  ]);
  const name = main.file;
  const users = principals(settings, context);
  const facts: KindFacts<typeof datastore> = {
    engine: main.fact('redis', 0, 0),
    name: nameOf(port, tlsPort),
    listens: listFact(bind),
    wildcard_bind: mapFact(bind, 'a bind address of every interface', (addresses) =>
      addresses.some((address) => WILDCARD.test(address) || address === '-::*'),
    ),
    loopback_only: mapFact(bind, 'every bind address is loopback', (addresses) => addresses.every((address) => LOOPBACK.test(address))),
    authentication: authentication(settings, users),
    tls: transport(port, tlsPort),
    protected_mode: setting(settings, context, 'protected-mode', yesNo, [{ since: '3.2', value: true }]),
    dangerous_commands: dangerousCommands(settings, users),
    password_storage: absent(main.origin(0, 0)),
    checksums: absent(main.origin(0, 0)),
    durable_writes: durable(settings, context),
    archiving: absent(main.origin(0, 0)),
    archives_to: absent(main.origin(0, 0)),
    replication: replication(settings, main),
  };
  const tls = tlsPort.state === 'known' && tlsPort.value !== 0 ? [listener(settings, context, tlsPort, name)] : [];
  return [declared(datastore, name, target, facts), ...users.map(({ resource }) => resource), ...tls];
}

/** What backup plans may call it: its port, the TLS one where the other is off. */
function nameOf(port: Fact<number>, tlsPort: Fact<number>): Fact<string> {
  return mapFact(port.state === 'known' && port.value === 0 ? tlsPort : port, 'instance named by its port', (number) => `redis-${number}`);
}

function listFact(fact: Fact<readonly string[]>): Fact<readonly Fact<string>[]> {
  return fact.state === 'known'
    ? known(
        fact.value.map((value) => known(value, fact.origin)),
        fact.origin,
      )
    : fact;
}

function transport(port: Fact<number>, tlsPort: Fact<number>): Fact<'required' | 'offered' | 'off'> {
  if (port.state !== 'known') return port.state === 'unknown' ? port : unknown('unresolved', 'port');
  if (tlsPort.state !== 'known') return tlsPort.state === 'unknown' ? tlsPort : unknown('unresolved', 'tls-port');
  const value = tlsPort.value === 0 ? 'off' : port.value === 0 ? 'required' : 'offered';
  return known(value, derived('port and tls-port', value === 'required' ? tlsPort.origin : port.origin, tlsPort.origin));
}

interface RedisUser {
  readonly name: string;
  readonly resource: Resource;
  readonly facts: KindFacts<typeof identityPrincipal>;
}

/** `user` lines (Redis 6 ACL). An aclfile may replace all of them, so it leaves the default user unknown. */
function principals(settings: Settings, context: FormatContext): readonly RedisUser[] {
  const lines = settings.all.filter(({ name }) => name === 'user');
  return lines.flatMap((directive) => {
    const [name, ...rules] = directive.words;
    if (name === undefined) return [];
    const at = originOf(directive);
    const words = rules.map((rule) => rule.text.toLowerCase());
    const nopass = words.lastIndexOf('nopass') > words.lastIndexOf('resetpass');
    const plain = words.some((word) => word.startsWith('>'));
    const hashed = words.some((word) => word.startsWith('#'));
    const rights = DANGEROUS.filter((command) => allows(words, command));
    const facts: KindFacts<typeof identityPrincipal> = {
      name: directive.source.fact(name.text, name.start, name.end),
      kind: known(name.text === 'default' ? 'default' : 'service', at),
      login: known(words.lastIndexOf('on') > words.lastIndexOf('off'), at),
      password: known(nopass ? 'none' : plain ? 'plain' : hashed ? 'hashed' : 'none', at),
      superuser: known(DANGEROUS.length === rights.length && words.some((word) => word === '+@all' || word === 'allcommands'), at),
      dangerous_rights: known(
        rights.map((right) => known(right, at)),
        at,
      ),
    };
    return [{ name: name.text, facts, resource: declared(identityPrincipal, `${settings.main.file} ${name.text}`, context.target, facts) }];
  });
}

/** Which categories each of the commands is in, besides @all, @admin and @dangerous (`ACL CAT`). */
const CATEGORIES: Readonly<Record<(typeof DANGEROUS)[number], readonly string[]>> = {
  FLUSHALL: ['@keyspace', '@write', '@slow', '@dangerous'],
  FLUSHDB: ['@keyspace', '@write', '@slow', '@dangerous'],
  CONFIG: ['@admin', '@slow', '@dangerous'],
  DEBUG: ['@admin', '@slow', '@dangerous'],
  MODULE: ['@admin', '@slow', '@dangerous'],
  SHUTDOWN: ['@admin', '@slow', '@dangerous'],
  KEYS: ['@keyspace', '@read', '@slow', '@dangerous'],
  SAVE: ['@admin', '@slow', '@dangerous'],
  REPLICAOF: ['@admin', '@slow', '@dangerous'],
};

/** ACL command rules apply from left to right; each category gives or takes its commands. A selector may give any. */
function allows(words: readonly string[], command: (typeof DANGEROUS)[number]): boolean {
  let allowed = false;
  const name = command.toLowerCase();
  for (const word of words) {
    const sign = word.charAt(0);
    const what = word.slice(1);
    const meant = what === '@all' || what === name || what.startsWith(`${name}|`) || CATEGORIES[command].includes(what);
    if (word === 'allcommands' || (sign === '+' && meant) || word.startsWith('(')) allowed = true;
    if (word === 'nocommands' || word === 'reset' || (sign === '-' && meant && !what.includes('|'))) allowed = false;
  }
  return allowed;
}

function authentication(settings: Settings, users: readonly RedisUser[]): Fact<boolean> {
  const [hole] = settings.holes;
  if (hole !== undefined) return hole;
  const aclFile = last(settings, 'aclfile');
  if (aclFile !== undefined) return unknown('unresolved', 'aclfile decides who needs a password', originOf(aclFile));
  const byDefault = users.find(({ name }) => name === 'default');
  if (byDefault !== undefined) {
    const { login, password } = byDefault.facts;
    if (login.state !== 'known' || password.state !== 'known') return unknown('unresolved', 'user default');
    return known(!login.value || password.value !== 'none', derived('password of the default user', password.origin));
  }
  const required = last(settings, 'requirepass');
  const at = required === undefined ? settings.main.origin(0, 0) : originOf(required);
  if (required?.words[0]?.text.includes('${') === true) return unknown('unresolved', 'requirepass', at);
  const value = required?.words[0]?.text ?? '';
  return known(value !== '', derived('requirepass', at));
}

/** Commands open to the default user, less those that are renamed away. */
function dangerousCommands(settings: Settings, users: readonly RedisUser[]): Fact<readonly Fact<string>[]> {
  const [hole] = settings.holes;
  if (hole !== undefined) return hole;
  const aclFile = last(settings, 'aclfile');
  if (aclFile !== undefined) return unknown('unresolved', 'aclfile decides who may run what', originOf(aclFile));
  const byDefault = users.find(({ name }) => name === 'default');
  if (byDefault !== undefined) return byDefault.facts.dangerous_rights;
  const renamed = settings.all.filter(({ name }) => name === 'rename-command');
  const gone = new Set(renamed.map(({ words }) => words[0]?.text.toUpperCase()));
  const [first, ...rest] = renamed.map(originOf);
  const at = first === undefined ? settings.main.origin(0, 0) : derived('rename-command', first, ...rest);
  return known(
    DANGEROUS.filter((command) => !gone.has(command)).map((command) => known(command, at)),
    at,
  );
}

function durable(settings: Settings, context: FormatContext): Fact<boolean> {
  const appendOnly = setting(settings, context, 'appendonly', yesNo, always(false));
  const fsync = setting(settings, context, 'appendfsync', (text) => text, always('everysec'));
  if (appendOnly.state !== 'known') return appendOnly;
  if (!appendOnly.value) return appendOnly;
  return mapFact(fsync, 'appendonly with fsync', (policy) => policy === 'always' || policy === 'everysec');
}

function replication(settings: Settings, main: SourceText): Fact<boolean> {
  const [hole] = settings.holes;
  if (hole !== undefined) return hole;
  const replica = last(settings, 'replicaof') ?? last(settings, 'slaveof');
  // A primary does not name its replicas: only a replica tells from its own file.
  return replica === undefined
    ? unknown('not-collected', 'replicas are known to the running server', main.origin(0, 0))
    : known(true, originOf(replica));
}

function listener(settings: Settings, context: FormatContext, port: Fact<number>, name: string): Resource {
  const at = settings.main.origin(0, 0);
  const openssl = context.version('openssl');
  const protocols = setting(settings, context, 'tls-protocols', (text) => text.split(/\s+/), [
    { since: '6.0', value: ['TLSv1.2', 'TLSv1.3'] },
  ]);
  const ciphers = last(settings, 'tls-ciphers');
  const facts: KindFacts<typeof tlsListener> = {
    role: known('server', at),
    service: known('redis', at),
    names: known([], at),
    port,
    protocols: protocolFact(protocols),
    suites:
      settings.holes[0] ??
      (ciphers === undefined
        ? unknown('unresolved', 'tls-ciphers: the default of the OpenSSL library', at)
        : parseCipherString(ciphers.words[0]?.text ?? '', () => originOf(ciphers), protocolFact(protocols), openssl)),
    server_preference: setting(settings, context, 'tls-prefer-server-ciphers', yesNo, [{ since: '6.0', value: false }]),
    groups: unknown('unsupported', 'Redis has no setting for groups', at),
    dh_bits: last(settings, 'tls-dh-params-file') === undefined ? absent(at) : unknown('unresolved', 'tls-dh-params-file', at),
    session_tickets: unknown('unsupported', 'Redis has no setting for session tickets', at),
    session_lifetime: setting(settings, context, 'tls-session-cache-timeout', integer, [{ since: '6.0', value: 300 }]),
    early_data: known(false, derived('Redis has no early data', at)),
    client_certificate: mapFact(
      setting(settings, context, 'tls-auth-clients', (text) => text, [{ since: '6.0', value: 'yes' }]),
      'tls-auth-clients',
      (text) => (text === 'yes' ? 'required' : text === 'optional' ? 'optional' : 'none'),
    ),
    verifies_peer: absent(at),
    verifies_name: absent(at),
    stapling: known(false, derived('Redis does not staple', at)),
  };
  return declared(tlsListener, name, context.target, facts);
}

const PROTOCOLS: Readonly<Record<string, 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3'>> = {
  tlsv1: 'TLSv1',
  'tlsv1.0': 'TLSv1',
  'tlsv1.1': 'TLSv1.1',
  'tlsv1.2': 'TLSv1.2',
  'tlsv1.3': 'TLSv1.3',
};

function protocolFact(written: Fact<readonly string[]>): KindFacts<typeof tlsListener>['protocols'] {
  if (written.state !== 'known') return written;
  const strange = written.value.find((name) => PROTOCOLS[name.toLowerCase()] === undefined);
  if (strange !== undefined) return unknown('unparseable', strange, written.origin);
  return known(
    written.value.flatMap((name) => {
      const protocol = PROTOCOLS[name.toLowerCase()];
      return protocol === undefined ? [] : [known(protocol, written.origin)];
    }),
    written.origin,
  );
}
