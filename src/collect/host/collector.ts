import { derived, known, unknown, type Fact, type FactValue, type Origin, type Unknown } from '../../model/fact.ts';
import type { Looked, Resource, Target } from '../../model/resource.ts';
import { secretExposure } from '../../resources/secret-exposure.ts';
import { SourceText } from '../../text/source-text.ts';
import { HOST_COMMANDS } from '../../world/host-command.ts';
import type { Host } from '../../world/host.ts';
import type { World } from '../../world/world.ts';
import type { Collected, Collector } from '../collector.ts';
import { coverageOf } from '../coverage-of.ts';
import { distinctGaps } from '../distinct-gaps.ts';
import { inOrder, keyOf } from '../in-order.ts';
import { nothingSeen } from '../nothing-seen.ts';
import { FORMATS } from '../files/formats.ts';
import { kindsOf, readTree } from '../files/read-tree.ts';
import { hostAddressOf } from '../inside-address.ts';
import { unique } from '../files/unique.ts';
import type { Conduct } from '../limits.ts';
import { seen } from '../seen.ts';
import { hostTree } from './host-tree.ts';
import { packageVersions } from './packages.ts';
import type { HostContext, HostGap } from './part.ts';
import { PARTS } from './parts.ts';

const REPLACED = new Set(PARTS.flatMap(({ replaces = [] }) => replaces));
const READ_AS_FILES = FORMATS.filter(({ name }) => !REPLACED.has(name));
/**
 * Packages whose versions settle a product's defaults, by the product: the server whose configuration lies in /etc. Of several only one is
 * installed at a time, else which of them reads a file is not known. resticprofile is in no distribution.
 */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  auditd: ['auditd'],
  barman: ['barman'],
  borgmatic: ['borgmatic'],
  docker: ['docker.io', 'docker-ce'],
  haproxy: ['haproxy'],
  logrotate: ['logrotate'],
  nginx: ['nginx', 'nginx-core', 'nginx-light', 'nginx-full', 'nginx-extras'],
  openssh: ['openssh-server'],
  openssl: ['libssl3t64', 'libssl3', 'libssl1.1'],
  pgbackrest: ['pgbackrest'],
  postgresql: ['9.6', 10, 11, 12, 13, 14, 15, 16, 17, 18, 19].map((series) => `postgresql-${series}`),
  redis: ['redis-server'],
  rsyslog: ['rsyslog'],
};

/**
 * Looks at a machine from inside: this one, one over SSH, or one that lies in a directory. Reads files and runs the commands of
 * `world/host-command.ts`; writes nothing. Cost: one walk of /etc, two searches of the file systems, and the commands.
 */
export const hostCollector = {
  name: 'host',
  targets: ['host'],
  version: '1',
  provides: [...new Set([...PARTS.flatMap(({ kinds }) => kinds), ...kindsOf(READ_AS_FILES)])].toSorted(),
  collect,
} satisfies Collector;

async function collect(target: Target, world: World, signal: AbortSignal, { limits }: Conduct): Promise<Collected> {
  const at: Origin = { kind: 'file', range: target.declaredAt };
  const address = hostAddressOf(target.address);
  if ('problem' in address) return nothingSeen(hostCollector.provides, unknown('unsupported', address.problem, at));
  const { key, known_hosts: knownHosts } = target.options;
  const host = await world.host(address, {
    signal,
    timeout: limits.connect,
    ...(key === undefined ? {} : { key }),
    ...(knownHosts === undefined ? {} : { knownHosts }),
  });
  if ('state' in host) return nothingSeen(hostCollector.provides, { ...host, origin: at });
  try {
    return await readHost(host, target, world, signal, at);
  } finally {
    await host.close();
  }
}

async function readHost(host: Host, target: Target, world: World, signal: AbortSignal, at: Origin): Promise<Collected> {
  const opened = new Map<string, Promise<SourceText | Unknown | 'not-there'>>();
  const open: HostContext['open'] = (path) => {
    const before = opened.get(path) ?? openText(host, target, path);
    opened.set(path, before);
    return before;
  };
  const packages = packageVersions(open);
  const now = world.now();
  const versions = new Map<string, Fact<string>>();
  for (const [product, names] of Object.entries(PACKAGES)) {
    const found = new Map<string, Fact<string>>();
    for (const name of names) {
      const version = await packages(name);
      if (version.state !== 'known') continue;
      // `1:9.2p1-2+deb12u7` is OpenSSH 9.2p1: epoch and revision are the distribution's, and so is what stands behind a plus or a tilde.
      const released = version.value
        .replace(/^\d+:/, '')
        .replace(/-[^-]*$/, '')
        .replace(/[+~].*$/, '');
      found.set(released, known(released, derived(`package ${name}`, version.origin)));
    }
    const [only, ...others] = found.values();
    if (only !== undefined && others.length === 0) versions.set(product, only);
  }
  const files = await readTree({
    target: { ...target, options: { ...target.options, root: '' } },
    tree: hostTree(host),
    formats: READ_AS_FILES,
    under: { on: target.id },
    version: (product) => target.versions[product] ?? versions.get(product) ?? unknown('unresolved', `version of ${product}`, at),
    roots: world.roots,
    now,
    signal,
  });
  // On a machine a private key in a file of its own is where it belongs: who may read it says its path.
  const keys = new Set(files.looked.filter((one) => one.as === 'certificates').map(({ name }) => name));
  const configured = files.resources.filter(({ kind, id }) => kind !== secretExposure.name || !keys.has(id));
  // What could not be entered may hold anything, of kinds that were not met elsewhere too.
  const hidden = files.gaps.filter(
    ({ origin, cause }) => cause !== 'unresolved' && origin?.kind === 'file' && origin.range === target.declaredAt,
  );
  const gaps = new Map<string, Unknown[]>(kindsOf(READ_AS_FILES).map((kind) => [kind, [...(files.coverage[kind]?.gaps ?? hidden)]]));
  const context: HostContext = {
    target,
    host,
    at,
    open,
    command: async (id, values, secrets) => {
      const output = await host.run(HOST_COMMANDS[id], values, secrets);
      if (output === 'not-there' || 'state' in output) return output;
      const origin = (line?: number): Origin => ({
        kind: 'command',
        target: target.id,
        command: id,
        ...(line === undefined ? {} : { line }),
      });
      return { ...output, origin };
    },
    configured: { resources: configured, gaps: (kind) => gaps.get(kind) ?? [] },
    package: packages,
    resource: (kind, id, facts) => seen(kind, id, target, host.form === 'root' ? 'declared' : 'live', facts),
    secret: async (option) => {
      const reference = target.options[option];
      return reference === undefined ? undefined : world.secret(reference);
    },
    now,
    signal,
  };
  const own: Resource[] = [];
  const missed: Unknown[] = [...files.gaps];
  for (const part of PARTS) {
    signal.throwIfAborted();
    const reading = await part.read(context).catch((error: unknown) => {
      signal.throwIfAborted();
      // A part that fails is our bug: everything that it may have yielded is unknown, and the others go on.
      const why = unknown('collector-failed', `${part.name}: ${error instanceof Error ? error.message : String(error)}`, at);
      const failed: readonly HostGap[] = [{ why }];
      return { resources: [], gaps: failed };
    });
    own.push(...reading.resources);
    for (const kind of part.kinds) gaps.set(kind, gaps.get(kind) ?? []);
    for (const { why, kinds = part.kinds } of reading.gaps) {
      missed.push(why);
      for (const kind of kinds) gaps.get(kind)?.push(why);
    }
  }
  const again = new Set(own.map(keyOf));
  const resources = unique([...configured.filter((resource) => !again.has(keyOf(resource))), ...own]);
  const looked: Fact<FactValue> = known(host.name, at);
  const texts: Looked[] = [...files.looked];
  for (const [path, text] of opened) {
    const source = await text;
    if (source instanceof SourceText) texts.push({ name: path, as: 'host', digest: source.digest });
  }
  return {
    resources: inOrder(resources),
    coverage: Object.fromEntries(
      [...gaps].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([kind, missing]) => [kind, coverageOf(missing, looked)]),
    ),
    gaps: distinctGaps(missed),
    looked: texts.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
  };
}

async function openText(host: Host, target: Target, path: string): Promise<SourceText | Unknown | 'not-there'> {
  const file = await host.read(path);
  if (file === 'not-there' || 'state' in file) return file;
  // A NUL byte in what should be a text: neither may be read as if it were empty.
  if (file.bytes.includes(0)) return unknown('unparseable', `${path}: not a text`);
  return new SourceText(path, file.bytes, { on: target.id });
}
