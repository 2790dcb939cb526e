import { known, type Fact, type FactValue, type Origin, type Unknown } from '../../model/fact.ts';
import type { Resource, Target } from '../../model/resource.ts';
import { availabilityGroup } from '../../resources/availability-group.ts';
import { datastore } from '../../resources/datastore.ts';
import { accessRule, identityPolicy, identityPrincipal } from '../../resources/identity.ts';
import { logSink, logSource } from '../../resources/logging.ts';
import { tlsListener } from '../../resources/tls-listener.ts';
import { addressText } from '../../world/database-address.ts';
import type { SqlSession } from '../../world/database.ts';
import type { World } from '../../world/world.ts';
import type { Collected, Collector } from '../collector.ts';
import type { Conduct } from '../limits.ts';
import { unique } from '../files/unique.ts';
import { inOrder } from '../in-order.ts';
import { coverageOf } from '../coverage-of.ts';
import { distinctGaps } from '../distinct-gaps.ts';
import { nothingSeen } from '../nothing-seen.ts';
import { loginOf } from '../database-login.ts';
import { accessRules } from './access-rules.ts';
import { readAccounts } from './accounts.ts';
import { listener } from './listener.ts';
import { logging } from './logging.ts';
import { readPlugins } from './plugins.ts';
import { policy } from './policy.ts';
import { principals } from './principals.ts';
import { replication } from './replication.ts';
import { MysqlServer } from './server.ts';
import { store, transport } from './store.ts';

/**
 * Looks at MySQL and MariaDB from inside, by an account of its own: some twenty SELECT and SHOW statements in one read-only session.
 * docs/targets/mysql.md says which privileges it needs.
 */
export const mysqlCollector = {
  name: 'mysql',
  targets: ['mysql'],
  version: '1',
  provides: [accessRule, availabilityGroup, datastore, identityPolicy, identityPrincipal, logSink, logSource, tlsListener].map(
    ({ name }) => name,
  ),
  collect,
} satisfies Collector;

async function collect(target: Target, world: World, signal: AbortSignal, { limits }: Conduct): Promise<Collected> {
  const at: Origin = { kind: 'file', range: target.declaredAt };
  const login = await loginOf('mysql', target, world, { timeout: limits.connect, signal });
  if ('state' in login) return nothingSeen(mysqlCollector.provides, { ...login, origin: at });
  const session = await world.databases.mysql(login);
  if ('state' in session) return nothingSeen(mysqlCollector.provides, { ...session, origin: at });
  try {
    return await readServer(target, session);
  } finally {
    await session.close();
  }
}

async function readServer(target: Target, session: SqlSession): Promise<Collected> {
  const server = await MysqlServer.of(target, session);
  if (!(server instanceof MysqlServer)) return nothingSeen(mysqlCollector.provides, server);
  const tables = await readAccounts(server);
  const plugins = await readPlugins(server);
  const members = await replication(server);
  const tls = transport(server);
  const logs = logging(server, plugins);
  const resources: Resource[] = [
    await store(server, plugins, tables, members.streams),
    policy(server, plugins, tables),
    ...logs.resources,
    ...listener(server, tls),
    ...members.resources,
    ...('state' in tables ? [] : [...(await principals(server, tables)), ...accessRules(server, tables)]),
  ];
  const accounts = 'state' in tables ? [tables] : tables.gaps;
  const gaps: Readonly<Record<string, readonly Unknown[]>> = {
    [accessRule.name]: accounts,
    [identityPrincipal.name]: accounts,
    [availabilityGroup.name]: members.gaps,
    [logSink.name]: logs.sinkGaps,
    [tlsListener.name]: tls.state === 'unknown' ? [tls] : [],
  };
  const looked: Fact<FactValue> = known(
    `${server.engine} ${server.version.state === 'known' ? server.version.value : ''}`.trim(),
    server.origin('select version()'),
  );
  return {
    resources: inOrder(unique(resources)),
    coverage: Object.fromEntries(mysqlCollector.provides.map((kind) => [kind, coverageOf(gaps[kind] ?? [], looked)])),
    gaps: distinctGaps([
      ...accounts,
      ...('state' in tables ? [] : [...tables.rightsGaps, ...tables.rolesGaps]),
      ...members.gaps,
      ...logs.sinkGaps,
    ]),
    looked: [{ name: addressText(session.address), as: server.engine }],
  };
}
