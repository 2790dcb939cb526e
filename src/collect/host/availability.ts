import { derived, known, unknown, type Fact, type Origin, type Unknown } from '../../model/fact.ts';
import type { Resource } from '../../model/resource.ts';
import { availabilityGroup } from '../../resources/availability-group.ts';
import type { LiveKindFacts } from '../../resources/kind.ts';
import { SourceText } from '../../text/source-text.ts';
import { parseYaml, toPlain, yamlAt, type YamlNode } from '../../text/yaml.ts';
import { markYamlSecrets } from '../../text/yaml-secrets.ts';
import { keepalivedGroups } from './keepalived.ts';
import { whereItRuns } from './failover.ts';
import { filesIn } from './host-files.ts';
import type { HostContext, HostPart, HostReading } from './part.ts';
import { unitState } from './units.ts';

type Facts = LiveKindFacts<typeof availabilityGroup>;

/** Members that stand in for each other, as this host takes part: Patroni's cluster, keepalived's addresses. */
export const availabilityPart: HostPart = {
  name: 'availability',
  kinds: [availabilityGroup.name],
  read: async (context) => {
    const patroni = await patroniGroups(context);
    const keepalived = await keepalivedGroups(context);
    return { resources: [...patroni.resources, ...keepalived.resources], gaps: [...patroni.gaps, ...keepalived.gaps] };
  },
};

/** patroni.yml(5): the cluster that elects, and who votes. */
async function patroniGroups(context: HostContext): Promise<HostReading> {
  const resources: Resource[] = [];
  const gaps: Unknown[] = [];
  const debian = await filesIn(context, '/etc/patroni', '.yml');
  gaps.push(...debian.gaps);
  const files = [...debian.files];
  for (const path of ['/etc/patroni.yml', '/etc/patroni/patroni.yaml']) {
    const file = await context.open(path);
    if (file instanceof SourceText) files.push(file);
    else if (file !== 'not-there') gaps.push(file);
  }
  for (const file of files) {
    const { documents, problems } = parseYaml(file);
    const [document] = documents;
    if (document === undefined || problems.length > 0) {
      gaps.push(unknown('unparseable', file.file, file.origin(0, 0)));
      continue;
    }
    markYamlSecrets(file, document);
    const scope = yamlAt(document, 'scope');
    if (scope?.kind !== 'scalar') continue; // dcs.yml of Debian names the store alone, and is read with the others
    const store = await dcsOf(file, document, context);
    // Debian has a unit for each cluster, by the name of its file.
    const own = file.file.slice(file.file.lastIndexOf('/') + 1).replace(/\.ya?ml$/, '');
    const { running } = await unitState(
      context,
      ['patroni.service', ...(/^[\w.-]+$/.test(own) ? [`patroni@${own}.service`] : [])],
      ['patroni'],
    );
    resources.push(context.resource(availabilityGroup, scope.text, patroniFacts(file, document, scope, store, running, context)));
  }
  return { resources, gaps: gaps.map((why) => ({ why })) };
}

/** Where the members agree: Patroni's own settings, or Debian's dcs.yml beside them. */
async function dcsOf(
  file: SourceText,
  document: YamlNode,
  { open }: HostContext,
): Promise<{ readonly source: SourceText; readonly node: YamlNode }> {
  if (STORES.some((name) => yamlAt(document, name) !== undefined)) return { source: file, node: document };
  const beside = await open('/etc/patroni/dcs.yml');
  const node = beside instanceof SourceText ? parseYaml(beside).documents[0] : undefined;
  return beside instanceof SourceText && node !== undefined ? { source: beside, node } : { source: file, node: document };
}

const STORES = ['etcd3', 'etcd', 'consul', 'zookeeper', 'exhibitor', 'raft', 'kubernetes'] as const;

function patroniFacts(
  file: SourceText,
  document: YamlNode,
  scope: YamlNode,
  store: { readonly source: SourceText; readonly node: YamlNode },
  runs: Fact<boolean>,
  { at }: HostContext,
): Facts {
  const here = file.origin(scope.start, scope.end);
  const running = unknown('not-collected', 'only the running cluster tells who takes part', here);
  const watchdog = yamlAt(document, 'watchdog', 'mode');
  return {
    members: running,
    health_checked: known(true, derived('members hold a lease', here)),
    form: known('cluster', here),
    replicas: running,
    lag: running,
    // What the cluster runs by lies in the store since it was begun (`bootstrap.dcs` is read once).
    synchronous: unknown('unresolved', 'synchronous_mode: the store of the cluster decides', here),
    failover: whereItRuns(runs, known('automatic', derived('Patroni promotes by itself', here))),
    quorum: quorumOf(store),
    // Patroni takes `automatic` where nothing is written: it uses a watchdog if there is one, and goes on without.
    fenced:
      watchdog?.kind === 'scalar'
        ? file.fact(watchdog.text === 'required', watchdog.start, watchdog.end)
        : known(false, derived('watchdog: automatic', at)),
  };
}

/** Voters that the store is addressed by. What stands behind a single address (a balancer, a local proxy) is not known. */
function quorumOf({ source, node }: { readonly source: SourceText; readonly node: YamlNode }): Fact<number> {
  for (const name of STORES) {
    const store = yamlAt(node, name);
    if (store === undefined) continue;
    const origin: Origin = source.origin(store.start, store.end);
    const hosts = yamlAt(store, 'hosts') ?? yamlAt(store, 'partner_addrs');
    if (hosts === undefined) return unknown('unresolved', `${name}: how many vote`, origin);
    const plain = toPlain(hosts);
    const list = Array.isArray(plain) ? plain : typeof plain === 'string' ? plain.split(',').filter((one) => one.trim() !== '') : undefined;
    if (list === undefined) return unknown('unresolved', `${name}: how many vote`, origin);
    // Raft's partners are the others; this one votes too.
    return source.fact(new Set(list).size + (name === 'raft' ? 1 : 0), hosts.start, hosts.end);
  }
  return unknown('unresolved', 'where the members agree', source.origin(0, 0));
}
