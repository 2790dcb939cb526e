import { posix } from 'node:path';
import { unknown, type Unknown } from '../../model/fact.ts';
import type { Resource } from '../../model/resource.ts';
import { availabilityGroup } from '../../resources/availability-group.ts';
import { httpSite } from '../../resources/http-site.ts';
import { logSink, logSource } from '../../resources/logging.ts';
import { tlsListener } from '../../resources/tls-listener.ts';
import type { SourceText } from '../../text/source-text.ts';
import { declared, type FileFormat, type FormatContext, type FormatGap, type FormatReading } from './format.ts';
import { connections } from './nginx-client.ts';
import { logFacts } from './nginx-log.ts';
import { receivers } from './nginx-log-channels.ts';
import { inner, type NginxWorld, type Scope } from './nginx-scope.ts';
import { endpoints, groupOf, speaksTls, type Group, type Server } from './nginx-server.ts';
import { closesConnections, rejectsHandshakes } from './nginx-silent.ts';
import { siteFacts } from './nginx-site.ts';
import { serverTls } from './nginx-tls.ts';
import { NginxFiles, originOf, type Level, type Tree } from './nginx-tree.ts';
import { upstreams } from './nginx-upstream.ts';

const TEMPLATE = String.raw`(?:\.(?:j2|jinja2|tmpl|tpl|template|erb|dist|example|sample))?$`;
const NAMED = new RegExp(String.raw`(?:^|\/)nginx\.conf${TEMPLATE}`);
const BELOW = new RegExp(String.raw`(?:^|\/)(?:nginx|openresty)\/(?:[^/]+\/)*[^/]+\.conf${TEMPLATE}`);
const SITES = /(?:^|\/)(?:sites-enabled|sites-available|nginx\/snippets)\/[^/.][^/]*$/;
/** Files about nginx that other products read, sites of another web server, and what editors and packages leave behind. */
const OTHERS =
  /(?:^|\/)(?:fail2ban|rsyslog\.d|logrotate\.d|tmpfiles\.d|sysusers\.d|sysctl\.d|limits\.d|systemd|supervisor|supervisord\.d|monit|filebeat|logstash|telegraf|collectd|apparmor\.d|apache2?|httpd|modsec[\w-]*|(?:owasp-)?crs|coreruleset[^/]*)\/|(?:~|\.bak|\.orig|\.swp|\.md|README|dpkg-\w+|rpmsave|rpmnew)$/i;
const BLOCK = /^[ \t]{0,40}(?:server|http|upstream[ \t]{1,20}[^\s{;]{1,200})[ \t]{0,20}\r?\n?[ \t]{0,20}\{/m;
/** Sites of Apache lie in directories of the same name. */
const APACHE = /^[ \t]{0,40}<(?:VirtualHost|IfModule|Directory|Location|Files)\b/m;

/** Rules of ModSecurity lie beside the configuration that loads them; no directive of nginx begins with a capital letter. */
const MODSECURITY =
  /^(?:\s|#[^\n]{0,4000}\n)*(?:Sec[A-Z]\w{2,40}[ \t][^\n]{0,4000}|Include(?:Optional)?[ \t][^\n]{1,1000})(?<![;\s])[ \t\r]*(?:\n|$)/;

const SERVER_KINDS = [tlsListener.name, httpSite.name, logSource.name];
const ALL_KINDS = [...SERVER_KINDS, availabilityGroup.name];

/** Servers of one block that are judged; nobody writes more. */
const MAX_SERVERS = 5000;

/** A resource before ids are made unique: the file and address that tell it from others of the same name. */
interface Draft {
  readonly resource: Resource;
  readonly main: string;
  readonly address: string;
}

/** nginx configuration: https://nginx.org/en/docs/ */
export const nginxFormat: FileFormat = {
  name: 'nginx',
  kinds: [...ALL_KINDS, logSink.name],
  recognises: (path) => (NAMED.test(path) || BELOW.test(path) || SITES.test(path)) && !OTHERS.test(path),
  sniffs: (text) => BLOCK.test(text) && /;[ \t]{0,20}(?:\r?\n|$|\}|#)/.test(text),
  read,
};

async function read(paths: readonly string[], context: FormatContext): Promise<FormatReading> {
  const gaps: FormatGap[] = [];
  const drafts: Draft[] = [];
  const files = new NginxFiles(context);
  const sources: SourceText[] = [];
  for (const path of paths) {
    const source = await context.open(path);
    if (source === 'not-there') continue;
    if ('state' in source) gaps.push({ why: source });
    else {
      const parsed = files.parse(source);
      if (!('state' in parsed)) sources.push(source);
      else if (SITES.test(path) && APACHE.test(source.text))
        gaps.push({ why: unknown('unsupported', `${path}: a site of Apache`, source.origin(0, 0)) });
      else if (!MODSECURITY.test(source.text)) gaps.push({ why: parsed });
    }
  }
  const enabled = new Set(paths.flatMap((path) => /^(.*\/|)sites-enabled\//.exec(path)?.[1] ?? []));
  const worldOf = (base: string): NginxWorld => ({
    target: context.target,
    nginx: context.version('nginx'),
    openssl: context.version('openssl'),
    base,
    include: context.include,
  });
  const trees = (await roots(sources, files)).filter(({ main }) => !isDormant(main.file, enabled));
  for (const tree of trees.filter(isWhole)) {
    const world = worldOf(baseOf(tree.main.file, true));
    for (const group of wholeGroups(tree, world, gaps)) drafts.push(...(await draftsOf(group, world, gaps, tree.main.file)));
  }
  // What lies in one directory is included together: it shares an http block, and with it sockets and their default servers.
  const directories = Map.groupBy(
    trees.filter((tree) => !isWhole(tree) && hasServers(tree)),
    ({ main }) => posix.dirname(main.file),
  );
  for (const [, fragments] of directories) {
    const [first] = fragments;
    if (first === undefined) continue;
    const world = worldOf(baseOf(first.main.file, false));
    for (const group of fragmentGroups(fragments, world, gaps)) drafts.push(...(await draftsOf(group, world, gaps)));
  }
  const resources = withIds(drafts);
  // nginx's own receivers are sinks; where its files end up others say, and where nothing is sent nothing was looked at.
  const covers = resources.some(({ kind }) => kind === logSink.name) ? [...ALL_KINDS, logSink.name] : ALL_KINDS;
  return { resources, gaps: gaps.map((gap) => ({ kinds: covers, ...gap })), covers };
}

/** The files that nobody includes, whole configurations first; what only a loop reaches is begun at its first file. */
async function roots(sources: readonly SourceText[], files: NginxFiles): Promise<readonly Tree[]> {
  const trees: Tree[] = [];
  for (const source of sources) {
    const parsed = files.parse(source);
    if ('state' in parsed) continue;
    const whole = parsed.some(({ name, block }) => block !== undefined && ['http', 'stream', 'events', 'mail'].includes(name));
    const tree = await files.tree(source, baseOf(source.file, whole));
    if ('main' in tree) trees.push(tree);
  }
  const included = new Set(trees.flatMap(({ main, includes }) => [...includes].filter((file) => file !== main.file)));
  const found = trees.filter(({ main }) => !included.has(main.file));
  const reached = new Set(found.flatMap(({ main, includes }) => [main.file, ...includes]));
  for (const tree of trees) {
    if (reached.has(tree.main.file)) continue;
    found.push(tree);
    for (const file of [tree.main.file, ...tree.includes]) reached.add(file);
  }
  return found;
}

/** A main file has blocks that stand in no other. */
function isWhole({ top }: Tree): boolean {
  return top.nodes.some(({ name, block }) => block !== undefined && ['http', 'stream', 'events', 'mail'].includes(name));
}

/** nginx takes relative paths from the directory of its main file; a fragment tells where that is by its own directory. */
function baseOf(file: string, whole: boolean): string {
  const directory = posix.dirname(file);
  if (whole) return directory;
  const parts = directory.split('/');
  const nginx = parts.findLastIndex((part) => part === 'nginx' || part === 'openresty');
  if (nginx !== -1) return parts.slice(0, nginx + 1).join('/');
  return /^(?:sites-enabled|sites-available|conf\.d|snippets)$/.test(parts.at(-1) ?? '') ? posix.dirname(directory) : directory;
}

/** A site that is available and not enabled, beside a directory of those that are, is not in force. */
function isDormant(file: string, enabled: ReadonlySet<string>): boolean {
  const directory = /^(.*\/|)sites-available\/[^/]+$/.exec(file)?.[1];
  return directory !== undefined && enabled.has(directory);
}

/** A snippet that nobody includes says nothing. */
function hasServers({ top }: Tree): boolean {
  return top.nodes.some(({ name, block }) => block !== undefined && (name === 'server' || name === 'upstream'));
}

function gapsOf(level: Level): readonly FormatGap[] {
  return level.holes.map(({ why }) => ({ why, kinds: ALL_KINDS }));
}

/** The blocks that fragments of one directory must stand in, which are not here. */
function fragmentGroups(fragments: readonly Tree[], world: NginxWorld, gaps: FormatGap[]): readonly Group[] {
  return (['http', 'stream'] as const).flatMap((protocol): readonly Group[] => {
    const own = fragments.filter((tree) => isStream(tree) === (protocol === 'stream'));
    const [first] = own;
    if (first === undefined) return [];
    for (const { top } of own) gaps.push(...gapsOf(top));
    const at = first.main.origin(0, 0);
    const outside = unknown('unresolved', 'set in a block that is not here', at);
    const level: Level = {
      nodes: own.flatMap(({ top }) => top.nodes),
      holes: [...own.flatMap(({ top }) => top.holes), { after: 0, why: outside }],
    };
    return [groupOf({ level, at }, protocol, true, world)];
  });
}

function isStream({ top }: Tree): boolean {
  return top.nodes.some(
    ({ name, block }) =>
      name === 'server' &&
      block !== undefined &&
      block.nodes.some((node) => node.name === 'proxy_pass') &&
      !block.nodes.some((node) => node.name === 'location'),
  );
}

/** The http and stream blocks of a whole configuration. */
function wholeGroups({ main, top }: Tree, world: NginxWorld, gaps: FormatGap[]): readonly Group[] {
  const at = main.origin(0, 0);
  gaps.push(...gapsOf(top));
  const around: Scope = { level: top, at, holds: ['error_log'] };
  return top.nodes.flatMap((node) => {
    if (node.block === undefined) return [];
    if (node.name === 'mail') gaps.push({ why: unknown('unsupported', 'mail servers', originOf(node)), kinds: [tlsListener.name] });
    if (node.name !== 'http' && node.name !== 'stream') return [];
    gaps.push(...gapsOf(node.block));
    return [groupOf(inner(around, node, node.block), node.name, false, world)];
  });
}

/** `whole` is the main file; a server of a fragment goes by its own. */
async function draftsOf(group: Group, world: NginxWorld, gaps: FormatGap[], whole?: string): Promise<readonly Draft[]> {
  const { target } = world;
  const drafts: Draft[] = upstreams(group, world).map(({ name, facts }) => ({
    resource: declared(availabilityGroup, name, target, facts),
    main: whole ?? '',
    address: '',
  }));
  if (group.protocol === 'http')
    for (const { id, facts } of receivers(group))
      drafts.push({ resource: declared(logSink, id, target, facts), main: whole ?? '', address: '' });
  const [cut] = group.servers.slice(MAX_SERVERS);
  if (cut !== undefined) gaps.push({ why: unknown('unsupported', `more than ${MAX_SERVERS} servers`, originOf(cut.node)) });
  for (const server of group.servers.slice(0, MAX_SERVERS)) {
    const http = server.protocol === 'http';
    const main = whole ?? server.node.source.file;
    for (const why of server.holes) gaps.push({ why, kinds: http ? SERVER_KINDS : [tlsListener.name] });
    const all = endpoints(server);
    const name = http || server.label !== '_' ? server.label : 'stream';
    for (const endpoint of all) {
      const id = `${name}:${endpoint.label}`;
      const address = endpoint.listens.map(({ key }) => key).join(' ');
      if (rejectsHandshakes(endpoint)) continue;
      const tls = speaksTls(endpoint);
      if (tls.state === 'unknown') gaps.push({ why: tls, kinds: [tlsListener.name] });
      if (tls.state === 'known' && tls.value)
        drafts.push({ resource: declared(tlsListener, id, target, await serverTls(endpoint, world)), main, address });
      if (http && !closesConnections(endpoint))
        drafts.push({ resource: declared(httpSite, id, target, siteFacts(endpoint, world)), main, address });
    }
    const first = all.find(({ tls }) => tls.state === 'known' && tls.value) ?? all[0];
    const from = `${name}:${first?.label ?? '?'}`;
    const address = first?.listens.map(({ key }) => key).join(' ') ?? '';
    const answers = all.length === 0 || all.some((endpoint) => !rejectsHandshakes(endpoint));
    if (http && answers) drafts.push({ resource: declared(logSource, `nginx ${from}`, target, logFacts(server, world)), main, address });
    const clients = connections(server, from, world);
    for (const { id, facts } of clients.found) drafts.push({ resource: declared(tlsListener, id, target, facts), main, address });
    for (const why of [...clients.unclear, ...hiddenPasses(server)]) gaps.push({ why, kinds: [tlsListener.name] });
  }
  return drafts;
}

/** A location with an include that is not here may hand requests to a back end over TLS. */
function hiddenPasses(server: Server): readonly Unknown[] {
  const found: Unknown[] = [];
  const visit = (level: Level): void => {
    for (const node of level.nodes) {
      if (node.block === undefined || !['location', 'if', 'limit_except'].includes(node.name)) continue;
      found.push(...node.block.holes.map(({ why }) => why));
      visit(node.block);
    }
  };
  visit(server.level);
  return found;
}

/** Ids within the target: the file where two configurations have the same, the address where two servers of one have. */
function withIds(drafts: readonly Draft[]): readonly Resource[] {
  const mains = new Map<string, Set<string>>();
  const addresses = new Map<string, Set<string>>();
  const key = ({ resource }: Draft): string => `${resource.kind}\u0000${resource.id}`;
  const collect = (into: Map<string, Set<string>>, at: string, value: string): void =>
    void into.set(at, (into.get(at) ?? new Set()).add(value));
  for (const draft of drafts) {
    collect(mains, key(draft), draft.main);
    collect(addresses, `${key(draft)}\u0000${draft.main}`, draft.address);
  }
  return drafts.map((draft) => {
    const { resource, main, address } = draft;
    const several = (mains.get(key(draft))?.size ?? 0) > 1;
    const shared = (addresses.get(`${key(draft)}\u0000${main}`)?.size ?? 0) > 1;
    return { ...resource, id: `${several ? `${main} ` : ''}${resource.id}${shared ? ` on ${address}` : ''}` };
  });
}
