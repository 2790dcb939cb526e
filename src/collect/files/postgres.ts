import { posix } from 'node:path';
import { absent, derived, known, mapFact, unknown, type Fact, type Unknown } from '../../model/fact.ts';
import type { Resource } from '../../model/resource.ts';
import { datastore } from '../../resources/datastore.ts';
import { accessRule } from '../../resources/identity.ts';
import type { KindFacts } from '../../resources/kind.ts';
import { logSink, logSource } from '../../resources/logging.ts';
import { tlsListener } from '../../resources/tls-listener.ts';
import { SourceText } from '../../text/source-text.ts';
import { withoutTwins } from './default-name.ts';
import { declared, type FileFormat, type FormatContext, type FormatGap, type FormatReading } from './format.ts';
import { looksLikeHba, reachable, readHba, type HbaRules } from './postgres-hba.ts';
import { logSinks } from './postgres-log-files.ts';
import { logSourceFacts } from './postgres-logging.ts';
import { onOff, PostgresServer, versionOf } from './postgres-server.ts';
import { readPostgresSettings, type PostgresSettings } from './postgres-settings.ts';
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
  const hbas = new Map<string, HbaRules | Unknown>();
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
    const collector = new PostgresServer(server, context).flag('logging_collector', false);
    if (collector.state === 'unknown') gaps.push({ why: collector, kinds: [logSink.name] });
    for (const why of new Set(server.holes.values())) gaps.push({ why, kinds: [] });
    const whole = new PostgresServer(server, context);
    const hba = hbaOf(whole, hbas);
    // Every server has one: that none was seen does not say that there are no rules.
    if ('state' in hba) gaps.push({ why: { ...hba, origin: hba.origin ?? whole.at }, kinds: [accessRule.name] });
    resources.push(...serverResources(whole, hba));
  }
  const [orphan] = [...hbas.values()].flatMap((hba) => ('state' in hba ? [] : [hba.source]));
  if (servers.length === 0 && orphan !== undefined)
    gaps.push({
      why: unknown('not-collected', `${orphan.file}: the postgresql.conf of its server is not here`, orphan.origin(0, 0)),
      kinds: [datastore.name, logSource.name, tlsListener.name],
    });
  return {
    resources: withoutTwins(resources),
    gaps: gaps.map((gap) => (gap.kinds?.length === 0 ? { why: gap.why, kinds: [logSink.name] } : gap)),
  };
}

const LOOPBACK = /^(?:127\.\d+\.\d+\.\d+|::1|localhost)$/;

function serverResources(server: PostgresServer, hba: HbaRules | Unknown): readonly Resource[] {
  const { settings, context, at } = server;
  const id = settings.main.file;
  const ssl = server.flag('ssl', false);
  const listens = server.value(
    'listen_addresses',
    (text) =>
      text
        .split(',')
        .map((one) => one.trim())
        .filter((one) => one !== ''),
    [{ since: '0', value: ['localhost'] }],
  );
  const facts: KindFacts<typeof datastore> = {
    engine: known('postgresql', at),
    ...namesOf(server),
    listens:
      listens.state === 'known'
        ? known(
            listens.value.map((one) => known(one, listens.origin)),
            listens.origin,
          )
        : listens,
    wildcard_bind: mapFact(listens, 'an address of every interface', (all) =>
      all.some((one) => one === '*' || one === '0.0.0.0' || one === '::'),
    ),
    loopback_only: mapFact(listens, 'every address is loopback', (all) => all.every((one) => LOOPBACK.test(one))),
    authentication: 'state' in hba ? hba : authentication(hba),
    tls: transport(ssl, hba),
    protected_mode: absent(at),
    dangerous_commands: absent(at),
    password_storage: server.value(
      'password_encryption',
      (text) => (text === 'scram-sha-256' ? 'scram-sha-256' : text === 'md5' || onOff(text) === true ? 'md5' : undefined),
      [
        { since: '0', value: 'md5' },
        { since: '14', value: 'scram-sha-256' },
      ],
    ),
    checksums: unknown('not-collected', 'data_checksums is not in the file: the running server tells', at),
    durable_writes: durable(server),
    archiving: archiving(server),
    archives_to: archivesTo(server),
    replication: unknown('not-collected', 'replicas are known to the running server', at),
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
function hbaOf(server: PostgresServer, hbas: ReadonlyMap<string, HbaRules | Unknown>): HbaRules | Unknown {
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
function namesOf(server: PostgresServer): Pick<KindFacts<typeof datastore>, 'name' | 'default_name'> {
  const found = server.written('cluster_name');
  const none = absent(server.at);
  if (found !== undefined && ('state' in found || found.value !== ''))
    return { name: 'state' in found ? found : known(found.value, found.origin), default_name: none };
  const name = unknown('not-collected', 'cluster_name', server.at);
  const cluster = clusterOf(server);
  return { name, default_name: cluster === undefined ? none : known(cluster, derived('Debian’s path of the cluster', server.at)) };
}

function clusterOf({ context, settings }: PostgresServer): string | undefined {
  return /(?:^|\/)postgresql\/\d+\/([^/]+)\//.exec(`${context.target.address}/${settings.main.file}`)?.[1];
}

/** No rule lets anybody in without proof. A rule that could not be read might. */
function authentication({ rules, gaps, source }: HbaRules): Fact<boolean> {
  const trusting = reachable(rules).find(({ method }) => method === 'trust');
  if (trusting !== undefined) return known(false, derived('a rule trusts', trusting.origin));
  const [gap] = gaps;
  if (gap !== undefined) return gap;
  const [first, ...rest] = rules.map(({ origin }) => origin);
  if (first === undefined) return unknown('not-collected', 'pg_hba.conf holds no rule', source.origin(0, 0));
  return known(true, derived('every rule demands a proof', first, ...rest.slice(0, 8)));
}

/** Required only where every rule from beyond this machine admits TLS (or GSSAPI encryption) alone. */
function transport(ssl: Fact<boolean>, hba: HbaRules | Unknown): Fact<'required' | 'offered' | 'off'> {
  if (ssl.state !== 'known') return ssl.state === 'unknown' ? ssl : unknown('unresolved', 'ssl');
  if (!ssl.value) return known('off', ssl.origin);
  if ('state' in hba) return hba;
  const [any] = hba.rules;
  if (any === undefined) return unknown('not-collected', 'pg_hba.conf holds no rule', hba.source.origin(0, 0));
  const clear = reachable(hba.rules).find(
    ({ type, local, method }) => !local && method !== 'reject' && type !== 'hostssl' && type !== 'hostgssenc',
  );
  if (clear !== undefined) return known('offered', derived('a rule admits without TLS', clear.origin, ssl.origin));
  const [gap] = hba.gaps;
  return gap ?? known('required', derived('ssl is on, and every rule from outside demands it', ssl.origin));
}

function durable(server: PostgresServer): Fact<boolean> {
  const facts = [
    server.flag('fsync', true),
    server.flag('full_page_writes', true),
    server.value('synchronous_commit', (text) => (/^(?:remote_apply|remote_write|local)$/.test(text) ? true : onOff(text)), [
      { since: '0', value: true },
    ]),
  ];
  const lost = facts.find((fact) => fact.state === 'known' && !fact.value);
  if (lost !== undefined) return lost;
  const open = facts.find((fact) => fact.state !== 'known');
  if (open !== undefined) return open;
  const [first = server.at, ...rest] = facts.flatMap((fact) => (fact.state === 'known' ? [fact.origin] : []));
  return known(true, derived('fsync, full_page_writes and synchronous_commit', first, ...rest));
}

/** A command that does nothing archives nothing. */
const NO_ARCHIVE = /^(?:|true|\/bin\/true|\/usr\/bin\/true|:|exit 0)$/;

function archiving(server: PostgresServer): Fact<boolean> {
  const mode = server.value('archive_mode', (text) => (text === 'always' ? true : onOff(text)), [{ since: '0', value: false }]);
  if (mode.state !== 'known' || !mode.value) return mode;
  const [command, library] = [server.text('archive_command', ''), server.text('archive_library', '')];
  if (command.state === 'known' && !NO_ARCHIVE.test(command.value.replace(/(?:^|\s)#.*$/, '').trim()))
    return known(true, derived('archive_mode with an archive_command', command.origin, mode.origin));
  if (library.state === 'known' && library.value !== '')
    return known(true, derived('archive_mode with an archive_library', library.origin, mode.origin));
  if (command.state !== 'known') return command;
  return library.state === 'known' || server.written('archive_library') === undefined
    ? known(false, derived('archive_command archives nothing', command.origin, mode.origin))
    : library;
}

function archivesTo(server: PostgresServer): Fact<string> {
  const on = archiving(server);
  if (on.state !== 'known') return on.state === 'unknown' ? on : absent(server.at);
  if (!on.value) return absent(on.origin);
  for (const name of ['archive_command', 'archive_library']) {
    const found = server.written(name);
    if (found === undefined) continue;
    if ('state' in found) return found;
    // Only a plain command names what archives; tests, variables and pipes before it may be anything.
    const program = /^([\w./-]+)(?:\s[^|;&$`]*)?$/.exec(found.value.trim())?.[1];
    if (found.value.trim() === '') continue;
    return program === undefined || /(?:^|\/)(?:test|env|sh|bash|sudo)$/.test(program)
      ? unknown('unsupported', `${name}: more than one command`, found.origin)
      : known(posix.basename(program), found.origin);
  }
  return absent(server.at);
}
