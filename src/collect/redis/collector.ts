import { known, mapFact, unknown, type Fact, type FactRecord, type Origin, type Unknown } from '../../model/fact.ts';
import type { Coverage, Resource, Target } from '../../model/resource.ts';
import { availabilityGroup } from '../../resources/availability-group.ts';
import { datastore } from '../../resources/datastore.ts';
import { identityPrincipal } from '../../resources/identity.ts';
import { tlsListener } from '../../resources/tls-listener.ts';
import { addressText } from '../../world/database-address.ts';
import type { DatabaseLogin } from '../../world/database.ts';
import { isRefusal, type RedisSession } from '../../world/redis.ts';
import type { World } from '../../world/world.ts';
import type { Collected, Collector } from '../collector.ts';
import { loginOf } from '../database-login.ts';
import { Duties } from '../duties.ts';
import type { Conduct } from '../limits.ts';
import { unique } from '../files/unique.ts';
import { inOrder } from '../in-order.ts';
import { nothingSeen } from '../nothing-seen.ts';
import { redisListenerFacts } from '../redis-listener.ts';
import { seen } from '../seen.ts';
import { asUnknown, authenticationOf, instanceFacts, listeningOf, numberOf, type Listening } from './instance.ts';
import { redisPrincipals } from './principals.ts';
import { commandIn } from './rights.ts';
import { readRedis, whyRefused, type RedisReading } from './reading.ts';
import { replicationFacts } from './replication.ts';

/**
 * Looks at a Redis or Valkey server from inside: two connections, some twenty-five commands that read, none that touches a key.
 * The first connection proves nothing, and learns whether that is enough.
 */
export const redisCollector = {
  name: 'redis',
  targets: ['redis'],
  version: '1',
  provides: [availabilityGroup.name, datastore.name, identityPrincipal.name, tlsListener.name],
  collect,
} satisfies Collector;

async function collect(target: Target, world: World, signal: AbortSignal, { limits }: Conduct): Promise<Collected> {
  const at: Origin = { kind: 'file', range: target.declaredAt };
  const login = await loginOf('redis', target, world, { timeout: limits.connect, signal });
  if ('state' in login) return nothingSeen(redisCollector.provides, { ...login, origin: at });
  const stranger = await askAsStranger(login, target, world, at);
  const session = await world.databases.redis(login);
  if ('state' in session) return outside(stranger, target, { ...session, origin: at });
  try {
    // Who proves nothing where a proof is demanded is told so once; a long command would end the session.
    const first = await session.ask('PING');
    if (typeof first === 'object' && first !== null) {
      const why =
        'state' in first ? first : isRefusal(first) && first.refused.startsWith('NOAUTH') ? whyRefused(first.refused, 'PING') : undefined;
      if (why !== undefined) return outside(stranger, target, { ...why, origin: at });
    }
    return await look(session, target, stranger.authentication, at);
  } finally {
    session.close();
  }
}

/** What somebody who proves nothing was told, and the name of the instance where it answered. */
interface Stranger {
  readonly authentication: Fact<boolean>;
  readonly id?: string;
}

/** Connects and proves nothing: is a PING answered? */
async function askAsStranger(login: DatabaseLogin, target: Target, world: World, at: Origin): Promise<Stranger> {
  const session = await world.databases.redis({ ...login, anonymous: true });
  if ('state' in session) return { authentication: { ...session, origin: at } };
  const reply = await session.ask('PING');
  session.close();
  const wire = (answer: string): Origin => ({ kind: 'wire', target: target.id, exchange: `PING without AUTH → ${answer.slice(0, 20)}` });
  const id = idOf(session);
  if (typeof reply === 'object' && reply !== null && 'state' in reply) return { authentication: { ...reply, origin: at } };
  if (reply === 'PONG') return { authentication: known(false, wire(reply)), id };
  if (!isRefusal(reply)) return { authentication: unknown('unparseable', 'PING: an answer of another shape', at) };
  const [code = ''] = reply.refused.split(' ');
  if (code === 'NOAUTH') return { authentication: known(true, wire(code)), id };
  // NOPERM: taken for the default user, who may not PING. DENIED: protected mode, which lets whoever is on the machine in.
  if (code === 'NOPERM' || code === 'DENIED') return { authentication: known(false, wire(code)), id };
  return { authentication: { ...whyRefused(reply.refused, 'PING'), origin: at } };
}

async function look(session: RedisSession, target: Target, authentication: Fact<boolean>, at: Origin): Promise<Collected> {
  const duties = Duties.of(target);
  const named = (duties instanceof Duties ? duties.claims : []).flatMap(({ name }) => commandIn(name) ?? []);
  const reading = await readRedis(session, target.id, named);
  const mode = reading.info('redis_mode');
  if (mode.state === 'known' && mode.value === 'sentinel')
    return nothingSeen(
      redisCollector.provides,
      unknown('unsupported', 'a sentinel holds no records: name the servers that it watches', mode.origin),
    );
  const listening = listeningOf(reading);
  const principals = redisPrincipals({ reading, listening, target, duties, authentication, at });
  const name = idOf(session);
  const resources: Resource[] = [
    seen(datastore, name, target, 'live', instanceFacts(reading, listening, principals, authentication, session.transport, at)),
  ];
  const gaps = new Map<string, readonly Unknown[]>();
  if (principals.state === 'known')
    resources.push(...principals.value.map(({ name: user, facts }) => seen(identityPrincipal, user, target, 'live', facts)));
  gaps.set(identityPrincipal.name, principals.state === 'known' ? (principals.open ?? []) : [asUnknown(principals, 'ACL USERS')]);
  const group = replicationFacts(reading, at);
  if (group.state !== 'known') gaps.set(availabilityGroup.name, [asUnknown(group, 'role')]);
  else if (group.value !== undefined) resources.push(seen(availabilityGroup, `${name} replication`, target, 'live', group.value));
  if (listening.tlsPort.state !== 'known') gaps.set(tlsListener.name, [asUnknown(listening.tlsPort, 'tls-port')]);
  else if (listening.tlsPort.value !== 0) resources.push(listener(reading, listening, target, at));
  const looked = known(addressText(session.address), at);
  return {
    resources: inOrder(unique(resources)),
    coverage: Object.fromEntries(
      redisCollector.provides.map((kind) => {
        const missing = gaps.get(kind) ?? [];
        return [kind, { status: missing.length === 0 ? 'complete' : 'partial', gaps: missing, looked } satisfies Coverage];
      }),
    ),
    gaps: [...gaps.values()].flat(),
    looked: [{ name: addressText(session.address), as: `redis, over ${session.transport}` }],
  };
}

/** What its settings say of its TLS; what handshakes show is for a `tls:` target beside this one. */
function listener(reading: RedisReading, { tlsPort }: Listening, target: Target, at: Origin): Resource {
  const text = (name: Parameters<RedisReading['setting']>[0]): Fact<string> => {
    const setting = reading.setting(name);
    return setting.state === 'known' && setting.value === '' ? { state: 'absent', origin: setting.origin } : setting;
  };
  const protocols = text('tls-protocols');
  const facts = redisListenerFacts(
    {
      at,
      protocols:
        // Empty is the server’s own choice, which its version settles (tls.c: TLSv1.2 and TLSv1.3 since 6.0).
        protocols.state === 'absent'
          ? known(['TLSv1.2', 'TLSv1.3'], protocols.origin)
          : mapFact(protocols, 'tls-protocols', (words) => words.split(/\s+/)),
      ciphers: text('tls-ciphers'),
      serverPreference: mapFact(reading.setting('tls-prefer-server-ciphers'), 'tls-prefer-server-ciphers', (word) => word === 'yes'),
      dhParameters: text('tls-dh-params-file'),
      sessionLifetime: numberOf(reading.setting('tls-session-cache-timeout')),
      clients: reading.setting('tls-auth-clients'),
      openssl: target.versions['openssl'] ?? unknown('unresolved', 'version of openssl', at),
    },
    tlsPort,
  );
  return {
    kind: tlsListener.name,
    id: `redis:${tlsPort.state === 'known' ? tlsPort.value : '?'}`,
    target: target.id,
    stance: 'live',
    facts,
  };
}

function idOf({ address }: RedisSession): string {
  return address.socket === undefined ? `redis:${address.port}` : `redis:${address.socket}`;
}

/** We were not let in. What a stranger was told is known all the same, and nothing else. */
function outside({ authentication, id }: Stranger, target: Target, why: Unknown): Collected {
  const failed: Coverage = { status: 'failed', gaps: [why], looked: why };
  const coverage = Object.fromEntries(redisCollector.provides.map((kind) => [kind, failed]));
  if (authentication.state !== 'known' || id === undefined) return { resources: [], coverage, gaps: [why], looked: [] };
  const facts: FactRecord = {
    ...Object.fromEntries(Object.keys(datastore.attributes).map((name) => [name, why])),
    engine: known('redis', authentication.origin),
    // That a stranger is let in settles it; that one is not leaves users who take any password.
    authentication: authenticationOf(authentication, why),
  };
  return {
    resources: [{ kind: datastore.name, id, target: target.id, stance: 'live', facts }],
    coverage: { ...coverage, [datastore.name]: { status: 'partial', gaps: [why], looked: authentication } },
    gaps: [why],
    looked: [],
  };
}
