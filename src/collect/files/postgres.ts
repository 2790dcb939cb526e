import { posix } from 'node:path';
import { absent, derived, known, unknown, type Unknown } from '../../model/fact.ts';
import type { Resource } from '../../model/resource.ts';
import { datastore } from '../../resources/datastore.ts';
import { accessRule } from '../../resources/identity.ts';
import type { KindFacts } from '../../resources/kind.ts';
import { logSink, logSource } from '../../resources/logging.ts';
import { tlsListener } from '../../resources/tls-listener.ts';
import { SourceText } from '../../text/source-text.ts';
import { supportedUntil } from '../end-of-life.ts';
import { withoutTwins } from './default-name.ts';
import { declared, type FileFormat, type FormatContext, type FormatGap, type FormatReading } from './format.ts';
import { looksLikeHba, readHba, type HbaFile } from './postgres-hba.ts';
import { logSinks } from './postgres-log-files.ts';
import { logSourceFacts } from './postgres-logging.ts';
import { PostgresFiles, versionOf } from './postgres-server.ts';
import { readPostgresSettings, type PostgresSettings } from './postgres-settings.ts';
import { storeFacts } from './postgres-store.ts';
import { tlsFacts } from './postgres-tls.ts';

/** PostgreSQL: postgresql.conf with its includes, and pg_hba.conf. https://www.postgresql.org/docs/current/runtime-config.html */
export const postgresqlFormat: FileFormat = {
  name: 'postgresql',
  kinds: [accessRule.name, datastore.name, logSink.name, logSource.name, tlsListener.name],
  recognises: (path) =>
    /(?:^|\/)(?:postgresql[^/]*\.conf|pg_hba[^/]*\.conf)$/.test(path) ||
    /(?:^|\/)postgres(?:ql)?\/(?:.*\/)?conf\.d\/[^/]+\.conf$/.test(path),
  sniffs: (text) =>
    /^\s*(?:shared_buffers|listen_addresses|wal_level|max_wal_senders)\s*=/m.test(text) ||
    /^(?:host|hostssl|local)\s+\S+\s+\S+\s+(?:\S+\s+)?(?:trust|md5|scram-sha-256|peer|cert)\b/m.test(text),
  read,
};

const NAMED_SETTINGS = /(?:^|\/)(?:postgresql[^/]*\.conf|conf\.d\/[^/]+\.conf)$/;
const isHba = (path: string): boolean => /pg_hba[^/]*\.conf$/.test(path);

async function read(paths: readonly string[], context: FormatContext): Promise<FormatReading> {
  const resources: Resource[] = [];
  const gaps: FormatGap[] = [];
  const hbas = new Map<string, HbaFile | Unknown>();
  const servers: PostgresSettings[] = [];
  for (const path of paths) {
    const source = await context.open(path);
    if (source === 'not-there') continue;
    if (!(source instanceof SourceText)) {
      if (isHba(path)) hbas.set(path, source);
      gaps.push({ why: source, ...(isHba(path) ? { kinds: [accessRule.name] } : {}) });
    } else if (isHba(path) || (!NAMED_SETTINGS.test(path) && looksLikeHba(source.text)))
      hbas.set(path, readHba(source, context.target, versionOf(path, context, source.origin(0, 0))));
    else if (!path.endsWith('postgresql.auto.conf')) servers.push(await readPostgresSettings(source, context));
  }
  for (const hba of hbas.values()) {
    if ('state' in hba) continue;
    resources.push(...hba.rules.map(({ resource }) => resource));
    for (const why of hba.gaps) gaps.push({ why, kinds: [accessRule.name] });
  }
  const included = new Set(servers.flatMap((server) => [...server.included]));
  for (const server of servers.filter(({ main }) => !included.has(main.file))) {
    if (/(?:^|\/)conf\.d\/[^/]+$/.test(server.main.file)) {
      // A fragment alone is no server: what it does not say, the file that includes it may.
      gaps.push({
        why: unknown('unresolved', `${server.main.file}: the postgresql.conf that includes it is not here`, server.main.origin(0, 0)),
      });
      continue;
    }
    const collector = new PostgresFiles(server, context).flag('logging_collector', false);
    if (collector.state === 'unknown') gaps.push({ why: collector, kinds: [logSink.name] });
    for (const why of new Set(server.holes.values())) gaps.push({ why, kinds: [] });
    const whole = new PostgresFiles(server, context);
    const hba = hbaOf(whole, hbas);
    // Every server has one: that none was seen does not say that there are no rules.
    if ('state' in hba) gaps.push({ why: { ...hba, origin: hba.origin ?? whole.at }, kinds: [accessRule.name] });
    resources.push(...serverResources(whole, hba));
  }
  const [orphan] = [...hbas.values()].flatMap((hba) => ('state' in hba ? [] : [hba]));
  if (servers.length === 0 && orphan !== undefined)
    gaps.push({
      why: unknown('not-collected', `${orphan.file}: the postgresql.conf of its server is not here`, orphan.at),
      kinds: [datastore.name, logSource.name, tlsListener.name],
    });
  return {
    resources: withoutTwins(resources),
    gaps: gaps.map((gap) => (gap.kinds?.length === 0 ? { why: gap.why, kinds: [logSink.name] } : gap)),
  };
}

function serverResources(server: PostgresFiles, hba: HbaFile | Unknown): readonly Resource[] {
  const { settings, context, at } = server;
  const id = settings.main.file;
  const ssl = server.flag('ssl', false);
  const facts: KindFacts<typeof datastore> = {
    ...storeFacts(server, hba),
    ...namesOf(server),
    dangerous_commands: absent(at),
    checksums: unknown('not-collected', 'data_checksums is not in the file: the running server tells', at),
    replication: unknown('not-collected', 'replicas are known to the running server', at),
    version: server.version,
    supported_until: supportedUntil('postgresql', server.version),
  };
  const resources: Resource[] = [
    declared(datastore, id, context.target, facts),
    declared(logSource, `postgresql ${id}`, context.target, logSourceFacts(server)),
  ];
  for (const { form, facts: sink } of logSinks(server))
    resources.push(declared(logSink, `postgresql ${id}${form === undefined ? '' : ` ${form}`}`, context.target, sink));
  if (!(ssl.state === 'known' && !ssl.value)) resources.push(declared(tlsListener, id, context.target, tlsFacts(server, ssl, hba)));
  return resources;
}

/** The pg_hba.conf of a server: what hba_file names, else the one beside it. */
function hbaOf(server: PostgresFiles, hbas: ReadonlyMap<string, HbaFile | Unknown>): HbaFile | Unknown {
  const named = server.written('hba_file');
  if (named !== undefined && 'state' in named) return named;
  const file = named?.value ?? 'pg_hba.conf';
  // A path is taken from the server's data directory, or its root: neither can be told to be this tree.
  const directory = server.settings.main.file.replace(/[^/]*$/, '');
  if (file.includes('/') && (directory === '' || !file.endsWith(`/${directory}pg_hba.conf`)))
    return unknown('unresolved', `hba_file ${file}`, named?.origin ?? server.at);
  const path = posix.join(posix.dirname(server.settings.main.file), posix.basename(file));
  return hbas.get(path) ?? unknown('unresolved', `${file} is not beside ${server.settings.main.file}`, named?.origin ?? server.at);
}

/** What backup plans call it: cluster_name. Debian's name of a cluster is `main` on every machine. */
function namesOf(server: PostgresFiles): Pick<KindFacts<typeof datastore>, 'name' | 'default_name'> {
  const found = server.written('cluster_name');
  const none = absent(server.at);
  if (found !== undefined && ('state' in found || found.value !== ''))
    return { name: 'state' in found ? found : known(found.value, found.origin), default_name: none };
  const name = unknown('not-collected', 'cluster_name', server.at);
  const cluster = clusterOf(server);
  return { name, default_name: cluster === undefined ? none : known(cluster, derived('Debian’s path of the cluster', server.at)) };
}

function clusterOf({ context, settings }: PostgresFiles): string | undefined {
  return /(?:^|\/)postgresql\/\d+\/([^/]+)\//.exec(`${context.target.address}/${settings.main.file}`)?.[1];
}
