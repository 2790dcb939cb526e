import { absent, derived, elementsOf, known, mapFact, unknown, type Fact, type Origin, type Unknown } from '../../model/fact.ts';
import type { datastore } from '../../resources/datastore.ts';
import type { LiveKindFacts } from '../../resources/kind.ts';
import { supportedUntil } from '../end-of-life.ts';
import { compareVersions } from '../files/defaults.ts';
import { isLoopbackBind, isWildcardBind } from '../redis-bind.ts';
import type { RedisPrincipal } from './principals.ts';
import type { RedisReading } from './reading.ts';
import type { Transport } from '../../world/database.ts';

type Datastore = LiveKindFacts<typeof datastore>;

/** What decides over who reaches an instance, worked out once. */
export interface Listening {
  readonly port: Fact<number>;
  readonly tlsPort: Fact<number>;
  readonly tls: Datastore['tls'];
  readonly loopbackOnly: Fact<boolean>;
  readonly wildcard: Fact<boolean>;
  readonly addresses: Datastore['listens'];
}

/** Where an instance listens, by `bind`, `port` and `tls-port`. */
export function listeningOf(reading: RedisReading): Listening {
  const port = numberOf(reading.setting('port'));
  // Before version 6 there is no TLS, nor a setting for it.
  const tlsPort = numberOf(reading.setting('tls-port'), 0);
  const bind = bindOf(reading);
  const ports = both(port, tlsPort, (clear, secure) => [clear, secure].filter((one) => one !== 0), 'port and tls-port');
  const reached = both(ports, bind, (open, addresses) => (open.length === 0 ? [] : addresses), 'bind, port and tls-port');
  return {
    port,
    tlsPort,
    tls: both(port, tlsPort, (clear, secure) => (secure === 0 ? 'off' : clear === 0 ? 'required' : 'offered'), 'port and tls-port'),
    addresses:
      reached.state === 'known'
        ? known(
            reached.value.map((one) => known(one, reached.origin)),
            reached.origin,
          )
        : reached,
    wildcard: mapFact(reached, 'a bind address of every interface', (addresses) => addresses.some(isWildcardBind)),
    loopbackOnly: mapFact(reached, 'every bind address is loopback', (addresses) => addresses.every(isLoopbackBind)),
  };
}

/** The instance itself. `stranger` is what the server says to somebody who proves nothing: is a proof demanded? */
export function instanceFacts(
  reading: RedisReading,
  listening: Listening,
  principals: Fact<readonly RedisPrincipal[]>,
  stranger: Fact<boolean>,
  transport: Transport,
  at: Origin,
): Datastore {
  const { product, version } = versionOf(reading);
  const port = listening.port.state === 'known' && listening.port.value === 0 ? listening.tlsPort : listening.port;
  return {
    engine: known('redis', at),
    name: unknown('not-collected', 'Redis has no setting for a name', at),
    default_name: mapFact(port, 'instance named by its port', (number) => `redis-${number}`),
    listens: listening.addresses,
    wildcard_bind: listening.wildcard,
    loopback_only: listening.loopbackOnly,
    authentication: authenticationOf(stranger, principals),
    tls: listening.tls,
    protected_mode: mapFact(reading.setting('protected-mode'), 'protected-mode', (text) => text === 'yes'),
    dangerous_commands: openToAll(principals, stranger),
    password_storage: mapFact(reading.info('redis_version'), 'passwords are kept as SHA-256 since version 6', (number) =>
      compareVersions(number, '6') < 0 ? 'plain' : 'sha256',
    ),
    checksums: absent(at),
    durable_writes: durable(reading),
    archiving: absent(at),
    archives_to: absent(at),
    replication: replication(reading),
    version,
    supported_until:
      product.state !== 'known'
        ? asUnknown(product, 'product')
        : product.value === 'redis'
          ? supportedUntil('redis', version)
          : unknown('unresolved', `end of life of ${product.value}`, product.origin),
    extensions: elementsOf(reading.modules),
    clear_sessions: clearSessions(listening, transport, at),
    archive_failing: absent(at),
    last_archived: absent(at),
    idle_slots: absent(at),
    idle_slots_hold: absent(at),
    connections_used: share(reading.info('connected_clients'), reading.setting('maxclients')),
  };
}

/** Valkey answers to `redis_version` with the version of Redis that it stands in for. */
function versionOf(reading: RedisReading): { readonly product: Fact<string>; readonly version: Fact<string> } {
  const redis = reading.info('redis_version');
  const valkey = reading.info('valkey_version');
  if (valkey.state === 'known') return { product: known('valkey', valkey.origin), version: valkey };
  const name = reading.info('server_name');
  if (name.state === 'known' && name.value !== 'redis')
    return { product: name, version: unknown('unsupported', 'version of another product', name.origin) };
  return { product: mapFact(redis, 'redis_version', () => 'redis'), version: redis };
}

function bindOf(reading: RedisReading): Fact<readonly string[]> {
  const bind = reading.setting('bind');
  if (bind.state !== 'known') return asUnknown(bind, 'bind');
  const words = bind.value.split(/\s+/).filter((word) => word !== '');
  if (words.length > 0) return known(words, bind.origin);
  // Nothing means every address before 6.2, where the default is written out, and none from then on.
  const version = reading.info('redis_version');
  if (version.state !== 'known') return asUnknown(version, 'bind');
  return compareVersions(version.value, '6.2') < 0
    ? known(['*'], derived('an empty bind before 6.2', bind.origin, version.origin))
    : known([], bind.origin);
}

/** Somebody who knows the name of a user that takes any password proves nothing either: only the list of users rules that out. */
export function authenticationOf(stranger: Fact<boolean>, principals: Fact<readonly RedisPrincipal[]>): Fact<boolean> {
  if (stranger.state !== 'known' || !stranger.value) return stranger;
  if (principals.state !== 'known') return asUnknown(principals, 'ACL USERS');
  const open = principals.value.find((user) => user.open);
  if (open !== undefined) return known(false, open.facts.login.origin ?? principals.origin);
  return principals.open?.[0] ?? known(true, derived('no user takes any password', stranger.origin, principals.origin));
}

/**
 * Commands that whoever connects may run: the default user’s, which is everybody where it needs no password, and every client
 * that knows the one password otherwise. Where it cannot log in, nothing is open to all.
 */
function openToAll(principals: Fact<readonly RedisPrincipal[]>, authentication: Fact<boolean>): Datastore['dangerous_commands'] {
  if (principals.state !== 'known') return asUnknown(principals, 'users');
  const byDefault = principals.value.find(({ name }) => name === 'default');
  if (byDefault === undefined) return unknown('unparseable', 'ACL USERS: no default user', principals.origin);
  const { login, dangerous_rights: rights } = byDefault.facts;
  if (login.state === 'known' && !login.value && !(authentication.state === 'known' && !authentication.value))
    return known([], derived('the default user cannot log in', login.origin));
  return rights;
}

/** A confirmed write is on disk within a second, and the last write to the log succeeded. */
function durable(reading: RedisReading): Fact<boolean> {
  const log = reading.setting('appendonly');
  if (log.state !== 'known') return asUnknown(log, 'appendonly');
  if (log.value !== 'yes') return known(false, log.origin);
  const sync = reading.setting('appendfsync');
  if (sync.state !== 'known') return asUnknown(sync, 'appendfsync');
  if (sync.value !== 'always' && sync.value !== 'everysec') return known(false, sync.origin);
  const states = [reading.info('aof_last_write_status'), reading.info('aof_last_bgrewrite_status')];
  const bad = states.find((state) => state.state === 'known' && state.value !== 'ok');
  if (bad?.state === 'known') return known(false, bad.origin);
  const unseen = states.find((state) => state.state !== 'known');
  if (unseen !== undefined) return asUnknown(unseen, 'aof_last_write_status');
  return known(
    true,
    derived('appendonly with fsync', log.origin, sync.origin, ...states.flatMap(({ origin }) => (origin === undefined ? [] : [origin]))),
  );
}

function replication(reading: RedisReading): Fact<boolean> {
  const role = reading.info('role');
  const replicas = reading.info('connected_slaves');
  if (role.state === 'known' && role.value === 'slave') return known(true, role.origin);
  return both(role, numberOf(replicas), (_, count) => count > 0, 'replicas that are connected');
}

/** The server lists its clients without saying how they came: it is told where only one way is open. */
function clearSessions({ tls, loopbackOnly }: Listening, transport: Transport, at: Origin): Fact<boolean> {
  if (transport === 'clear') return known(true, derived('this session itself is not encrypted', at));
  if (tls.state === 'known' && tls.value === 'required') return known(false, derived('no port answers in clear', tls.origin));
  if (loopbackOnly.state === 'known' && loopbackOnly.value)
    return known(false, derived('nobody comes over a network', loopbackOnly.origin));
  return unknown('unsupported', 'Redis does not tell which sessions are encrypted', at);
}

function share(used: Fact<string>, most: Fact<string>): Fact<number> {
  const [count, limit] = [numberOf(used), numberOf(most)];
  if (limit.state === 'known' && limit.value === 0) return unknown('unsupported', 'maxclients', limit.origin);
  return both(count, limit, (one, of) => Math.round((one / of) * 1000) / 10, 'connected_clients by maxclients');
}

/** A number; `otherwise` where the server has no such setting. */
export function numberOf(fact: Fact<string>, otherwise?: number): Fact<number> {
  if (fact.state === 'absent' && otherwise !== undefined) return known(otherwise, fact.origin);
  if (fact.state !== 'known') return asUnknown(fact, 'number');
  return /^\d{1,15}$/.test(fact.value)
    ? known(Number(fact.value), fact.origin)
    : unknown('unparseable', fact.value.slice(0, 40), fact.origin);
}

/** What two facts give together: unknown where either is. */
export function both<A, B, C>(a: Fact<A>, b: Fact<B>, compute: (a: A, b: B) => C, rule: string): Fact<C> {
  if (a.state !== 'known') return asUnknown(a, rule);
  if (b.state !== 'known') return asUnknown(b, rule);
  return known(compute(a.value, b.value), derived(rule, a.origin, b.origin));
}

/** What is not there where it should be is not known. */
export function asUnknown<T>(fact: Fact<T>, name: string): Unknown {
  return fact.state === 'unknown' ? fact : unknown('unsupported', `${name}: not of this version`, fact.origin);
}
