import { absent, derived, elementsOf, known, mapFact, unknown, type Fact } from '../../model/fact.ts';
import type { Resource } from '../../model/resource.ts';
import { datastore } from '../../resources/datastore.ts';
import { identityPrincipal } from '../../resources/identity.ts';
import type { KindFacts } from '../../resources/kind.ts';
import { tlsListener } from '../../resources/tls-listener.ts';
import { isFilledIn } from '../../text/template.ts';
import { DANGEROUS } from '../redis-acl.ts';
import { isLoopbackBind, isWildcardBind } from '../redis-bind.ts';
import { withoutTwins } from './default-name.ts';
import { declared, type FileFormat, type FormatContext, type FormatGap, type FormatReading } from './format.ts';
import {
  allOf,
  always,
  integer,
  lastOf,
  originOfDirective,
  readRedisSettings,
  redisSetting,
  yesNo,
  type RedisSettings,
} from './redis-settings.ts';
import { redisListener } from './redis-tls.ts';
import { redisUsers, type RedisUser } from './redis-users.ts';

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
  const instances: RedisSettings[] = [];
  const sentinels: RedisSettings[] = [];
  for (const path of paths) {
    const source = await context.open(path);
    if (source === 'not-there') continue;
    if ('state' in source) {
      gaps.push({ why: source });
      continue;
    }
    instances.push(await readRedisSettings(source, context, included));
  }
  for (const settings of instances) {
    if (included.has(settings.main.file)) continue;
    const { holes, refused, main } = settings;
    if (refused !== undefined) gaps.push({ why: refused, kinds: [identityPrincipal.name, tlsListener.name] });
    for (const { why } of holes) gaps.push({ why, kinds: [identityPrincipal.name] });
    const port = lastOf(settings, 'tls-port');
    if (refused === undefined && port !== undefined && ('state' in port || isFilledIn(port.words[0]?.text ?? '')))
      gaps.push({ why: 'state' in port ? port : unknown('unresolved', 'tls-port', originOfDirective(port)), kinds: [tlsListener.name] });
    const users = redisUsers(settings, context);
    const tls = redisSetting(settings, context, 'tls-port', integer, always(0));
    if (isSentinel(settings)) sentinels.push(settings);
    else resources.push(instance(settings, context, users, tls));
    resources.push(...users.map(({ resource }) => resource));
    if (tls.state === 'known' && tls.value !== 0) resources.push(redisListener(settings, context, tls, main.file));
  }
  // A sentinel holds no records, and says that servers which do are somewhere.
  const [sentinel] = sentinels;
  if (sentinel !== undefined && !resources.some(({ kind }) => kind === datastore.name))
    gaps.push({
      why: unknown('not-collected', `${sentinel.main.file}: the servers that it watches are not here`, sentinel.main.origin(0, 0)),
      kinds: [datastore.name],
    });
  return { resources: withoutTwins(resources), gaps };
}

/** Sentinel watches Redis servers and stores nothing: https://redis.io/docs/latest/operate/oss_and_stack/management/sentinel/ */
function isSentinel({ main, all }: RedisSettings): boolean {
  return /(?:^|\/)sentinel[^/]*\.conf$/.test(main.file) || all.some(({ name }) => name === 'sentinel');
}

function instance(settings: RedisSettings, context: FormatContext, users: readonly RedisUser[], tlsPort: Fact<number>): Resource {
  const { target } = context;
  const { main } = settings;
  const port = redisSetting(settings, context, 'port', integer, always(6379));
  const bind = redisSetting(settings, context, 'bind', (text) => text.split(/\s+/), [
    { since: '0', value: ['*'] },
    { since: '7.0', value: ['*', '-::*'] },
  ]);
  const name = main.file;
  const facts: KindFacts<typeof datastore> = {
    engine: main.fact('redis', 0, 0),
    name: unknown('not-collected', 'Redis has no setting for a name', main.origin(0, 0)),
    default_name: nameOf(port, tlsPort),
    listens: elementsOf(bind),
    wildcard_bind: mapFact(bind, 'a bind address of every interface', (addresses) => addresses.some(isWildcardBind)),
    loopback_only: mapFact(bind, 'every bind address is loopback', (addresses) => addresses.every(isLoopbackBind)),
    authentication: authentication(settings, users),
    tls: transport(port, tlsPort),
    protected_mode: redisSetting(settings, context, 'protected-mode', yesNo, [{ since: '3.2', value: true }]),
    dangerous_commands: dangerousCommands(settings, users),
    password_storage: absent(main.origin(0, 0)),
    checksums: absent(main.origin(0, 0)),
    durable_writes: durable(settings, context),
    archiving: absent(main.origin(0, 0)),
    archives_to: absent(main.origin(0, 0)),
    replication: replication(settings),
  };
  return declared(datastore, name, target, facts);
}

/** What backup plans may call it: its port, the TLS one where the other is off. */
function nameOf(port: Fact<number>, tlsPort: Fact<number>): Fact<string> {
  return mapFact(port.state === 'known' && port.value === 0 ? tlsPort : port, 'instance named by its port', (number) => `redis-${number}`);
}

function transport(port: Fact<number>, tlsPort: Fact<number>): Fact<'required' | 'offered' | 'off'> {
  if (port.state !== 'known') return port.state === 'unknown' ? port : unknown('unresolved', 'port');
  if (tlsPort.state !== 'known') return tlsPort.state === 'unknown' ? tlsPort : unknown('unresolved', 'tls-port');
  const value = tlsPort.value === 0 ? 'off' : port.value === 0 ? 'required' : 'offered';
  return known(value, derived('port and tls-port', value === 'required' ? tlsPort.origin : port.origin, tlsPort.origin));
}

function authentication(settings: RedisSettings, users: readonly RedisUser[]): Fact<boolean> {
  const aclFile = lastOf(settings, 'aclfile');
  if (aclFile !== undefined)
    return 'state' in aclFile ? aclFile : unknown('unresolved', 'aclfile decides who needs a password', originOfDirective(aclFile));
  // What cannot be seen may hold a user line for everybody, which counts before requirepass.
  const lines = allOf(settings, 'user');
  if ('state' in lines) return lines;
  const open = users.find((user) => user.open);
  if (open !== undefined)
    return known(
      false,
      derived(`user ${open.name.slice(0, 80)} takes any password`, open.facts.login.origin ?? settings.main.origin(0, 0)),
    );
  const byDefault = users.find(({ name }) => name === 'default');
  if (byDefault !== undefined) {
    const { login, password } = byDefault.facts;
    if (login.state !== 'known') return login.state === 'unknown' ? login : unknown('unresolved', 'user default');
    if (!login.value) return known(true, derived('the default user is off', login.origin));
    if (password.state !== 'known') return password.state === 'unknown' ? password : unknown('unresolved', 'user default');
    return known(password.value !== 'none', derived('the default user has a password', password.origin));
  }
  const required = lastOf(settings, 'requirepass');
  if (required === undefined) return known(false, derived('requirepass is not set', settings.main.origin(0, 0)));
  if ('state' in required) return required;
  const at = originOfDirective(required);
  const [value, ...more] = required.words;
  // A template may leave it empty.
  if (required.words.some(({ text }) => isFilledIn(text)))
    return unknown('unresolved', 'requirepass: a value that is filled in elsewhere', at);
  if (value === undefined || more.length > 0) return unknown('unparseable', 'requirepass takes one value', at);
  return known(value.text !== '', derived('requirepass is set', at));
}

/** Commands open to the default user, less those that are renamed away. */
function dangerousCommands(settings: RedisSettings, users: readonly RedisUser[]): Fact<readonly Fact<string>[]> {
  const aclFile = lastOf(settings, 'aclfile');
  if (aclFile !== undefined)
    return 'state' in aclFile ? aclFile : unknown('unresolved', 'aclfile decides who may run what', originOfDirective(aclFile));
  const lines = allOf(settings, 'user');
  if ('state' in lines) return lines;
  const byDefault = users.find(({ name }) => name === 'default');
  if (byDefault !== undefined) return byDefault.facts.dangerous_rights;
  const renamed = allOf(settings, 'rename-command');
  if ('state' in renamed) return renamed;
  const gone = new Set(renamed.map(({ words }) => words[0]?.text.toUpperCase()));
  const [first, ...rest] = renamed.map(originOfDirective);
  const at = first === undefined ? settings.main.origin(0, 0) : derived('rename-command', first, ...rest);
  return known(
    DANGEROUS.filter((command) => !gone.has(command)).map((command) => known(command, at)),
    at,
  );
}

function durable(settings: RedisSettings, context: FormatContext): Fact<boolean> {
  const appendOnly = redisSetting(settings, context, 'appendonly', yesNo, always(false));
  const fsync = redisSetting(settings, context, 'appendfsync', (text) => text, always('everysec'));
  if (appendOnly.state !== 'known') return appendOnly;
  if (!appendOnly.value) return appendOnly;
  return mapFact(fsync, 'appendonly with fsync', (policy) => policy === 'always' || policy === 'everysec');
}

function replication(settings: RedisSettings): Fact<boolean> {
  const replica = lastOf(settings, 'replicaof', 'slaveof');
  // A primary does not name its replicas: only a replica tells from its own file.
  if (replica === undefined) return unknown('not-collected', 'replicas are known to the running server', settings.main.origin(0, 0));
  return 'state' in replica ? replica : known(true, originOfDirective(replica));
}
