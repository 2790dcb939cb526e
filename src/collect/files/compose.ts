import { derived, known, unknown, type Fact, type Origin, type Unknown } from '../../model/fact.ts';
import type { Resource } from '../../model/resource.ts';
import type { KindFacts } from '../../resources/kind.ts';
import { logSink } from '../../resources/logging.ts';
import { workload } from '../../resources/workload.ts';
import { yamlAt } from '../../text/yaml.ts';
import { placeOfNode, type PlacedNode } from '../../text/yaml-layers.ts';
import { composeSink } from './compose-logging.ts';
import { mountFacts } from './compose-mounts.ts';
import { publishedPorts } from './compose-ports.ts';
import { composeProjects, setting, texts, yesNo, type ComposeService } from './compose-project.ts';
import { interpolated } from './compose-variables.ts';
import { declared, type FileFormat, type FormatContext, type FormatReading } from './format.ts';

type Workload = KindFacts<typeof workload>;

/**
 * Compose files: https://docs.docker.com/reference/compose-file/. What a service does not write is settled by that
 * specification (not privileged, no limit, no restart), by the image (user, health check) or by the engine (logging).
 */
export const composeFormat: FileFormat = {
  name: 'compose',
  kinds: [workload.name, logSink.name],
  recognises: (path) => /(?:^|\/)(?:docker-)?compose[^/]*\.ya?ml$/i.test(path),
  sniffs: (text) => /^services:[ \t\r]*$/m.test(text) && /^[ \t]+(?:image|build):/m.test(text),
  read,
};

async function read(paths: readonly string[], context: FormatContext): Promise<FormatReading> {
  const { services, gaps } = await composeProjects(paths, composeFormat.kinds, context);
  return { resources: services.flatMap((service) => resourcesOf(service, context)), gaps };
}

function resourcesOf(service: ComposeService, context: FormatContext): readonly Resource[] {
  return [declared(workload, service.id, context.target, factsOf(service)), composeSink(service, context)];
}

function factsOf(service: ComposeService): Workload {
  const privileged = setting(service, ['privileged'], yesNo, (at) => known(false, at));
  const network = setting(
    service,
    ['network_mode'],
    (text) => text,
    (at) => known('', at),
  );
  return {
    ...imageFacts(service),
    runs_as_root: runsAsRoot(service),
    privileged,
    ...rights(service, privileged),
    host_namespaces: hostNamespaces(service, network),
    ...mountFacts(service),
    devices: devices(service),
    read_only_root: setting(service, ['read_only'], yesNo, (at) => known(false, at)),
    memory_limited: limited(service, ['mem_limit'], ['deploy', 'resources', 'limits', 'memory']),
    cpu_limited: limited(service, ['cpus'], ['cpu_quota'], ['deploy', 'resources', 'limits', 'cpus']),
    processes_limited: limited(service, ['pids_limit'], ['deploy', 'resources', 'limits', 'pids']),
    health_checked: healthChecked(service),
    restarts: restarts(service),
    published_ports: publishedPorts(service, network),
  };
}

function imageFacts(service: ComposeService): Pick<Workload, 'image' | 'pinned'> {
  const built = service.layers.first('build');
  const image = setting<string>(
    service,
    ['image'],
    (text) => text,
    (at) => unknown('unresolved', built === undefined ? 'no image' : 'built here, without a name', at),
  );
  if (built !== undefined) {
    const why = 'state' in built ? built : known(false, derived('built here, not fetched by digest', placeOfNode(built)));
    return { image, pinned: why };
  }
  const placed = service.layers.first('image');
  const written = placed !== undefined && 'node' in placed && placed.node.kind === 'scalar' ? placed.node.text : '';
  // A digest that stands in the text pins the image, whatever the variables before it say.
  if (image.state === 'unknown' && placed !== undefined && 'node' in placed && DIGEST.test(written))
    return { image, pinned: known(true, placeOfNode(placed)) };
  return { image, pinned: image.state === 'known' ? known(DIGEST.test(image.value), image.origin) : image };
}

const DIGEST = /@sha256:[0-9a-f]{64}$/;

/** A name means what the image's /etc/passwd says of it; a number is what it is. */
function runsAsRoot(service: ComposeService): Fact<boolean> {
  const user = setting(
    service,
    ['user'],
    (text) => text,
    (at): Fact<string> => unknown('unresolved', 'the image decides the user', at),
  );
  if (user.state !== 'known') return user;
  const [name = ''] = user.value.split(':');
  if (name === 'root' || /^0+$/.test(name)) return known(true, user.origin);
  return /^\d+$/.test(name)
    ? known(false, user.origin)
    : unknown('unresolved', `the image decides which number ${name.slice(0, 40)} has`, user.origin);
}

type Rights = Pick<Workload, 'privilege_escalation' | 'capabilities_dropped' | 'capabilities_added' | 'seccomp_disabled'>;

function rights(service: ComposeService, privileged: Fact<boolean>): Rights {
  const { items: options, holes } = texts(service, 'security_opt');
  const added = texts(service, 'cap_add');
  const addedAt = added.items.find((item) => item.state === 'known')?.origin ?? service.at;
  return {
    privilege_escalation: escalation(options, holes, service.at),
    capabilities_dropped: dropped(service, privileged),
    capabilities_added: known(
      added.items.map((item) => (item.state === 'known' ? known(capability(item.value), item.origin) : item)),
      addedAt,
      added.holes,
    ),
    seccomp_disabled: filterDisabled(options, holes, privileged, service.at),
  };
}

/** `devices` by path (`/dev/sda:/dev/xvda:rwm`) or CDI name, and rules by which a container may make the node itself. */
function devices(service: ComposeService): Workload['devices'] {
  const found: Fact<string>[] = [];
  const open: Unknown[] = [];
  for (const key of ['devices', 'device_cgroup_rules']) {
    const { values, holes } = service.layers.elements(key);
    open.push(...holes);
    for (const placed of values) {
      const source = placed.node.kind === 'map' ? yamlAt(placed.node, 'source') : placed.node;
      const text =
        source === undefined
          ? unknown('unparseable', `${key} without source`, placeOfNode(placed))
          : interpolated({ source: placed.source, node: source }, service.variables);
      found.push(text.state === 'known' && key === 'devices' ? known(text.value.split(':')[0] ?? '', text.origin) : text);
    }
  }
  return known(found, found.find((fact) => fact.state === 'known')?.origin ?? derived('no device is written', service.at), open);
}

function capability(text: string): string {
  return text.toUpperCase().replace(/^CAP_/, '');
}

/** The last `no-new-privileges` counts. Without one, the engine lets processes gain rights (its daemon's own option aside). */
function escalation(options: readonly Fact<string>[], holes: readonly Unknown[], at: Origin): Fact<boolean> {
  const unclear = options.find((option) => option.state === 'unknown');
  if (unclear !== undefined && unclear.state === 'unknown') return unclear;
  const last = options.findLast((option) => option.state === 'known' && /^no-new-privileges(?:[:=].*)?$/.test(option.value));
  if (last?.state === 'known') {
    const value = yesNo(/[:=](.*)$/.exec(last.value)?.[1] ?? 'true');
    return value === undefined ? unknown('unparseable', last.value.slice(0, 80), last.origin) : known(!value, last.origin);
  }
  return holes[0] ?? known(true, derived('no-new-privileges is not written', at));
}

/** A privileged container has every capability, whatever it drops. */
function dropped(service: ComposeService, privileged: Fact<boolean>): Fact<boolean> {
  const { items, holes } = texts(service, 'cap_drop');
  const all = items.find((item) => item.state === 'known' && capability(item.value) === 'ALL');
  const unclear = [...items, ...holes].find((item) => item.state === 'unknown');
  if (all?.state !== 'known')
    return unclear?.state === 'unknown'
      ? unclear
      : known(false, derived('cap_drop does not hold ALL', items.find((item) => item.state === 'known')?.origin ?? service.at));
  if (privileged.state !== 'known') return privileged;
  return privileged.value ? known(false, derived('privileged: every capability', privileged.origin, all.origin)) : known(true, all.origin);
}

/** A privileged container runs without seccomp and AppArmor; `label` is SELinux; `systempaths` unmasks /proc and /sys. */
function filterDisabled(options: readonly Fact<string>[], holes: readonly Unknown[], privileged: Fact<boolean>, at: Origin): Fact<boolean> {
  const off = options.find(
    (option) =>
      option.state === 'known' && /^(?:(?:seccomp|apparmor|systempaths)[:=]unconfined|label[:=](?:disable|type:spc_t))$/.test(option.value),
  );
  if (off?.state === 'known') return known(true, off.origin);
  if (privileged.state === 'known' && privileged.value)
    return known(true, derived('privileged: no seccomp, no AppArmor', privileged.origin));
  const profile = options.find((option) => option.state === 'known' && /^seccomp[:=](?!builtin$)/.test(option.value));
  if (profile?.state === 'known') return unknown('unsupported', 'a seccomp profile of its own: what it lets through', profile.origin);
  const unclear = [...options, ...holes, privileged].find((fact) => fact.state === 'unknown');
  return unclear?.state === 'unknown' ? unclear : known(false, derived('nothing switches it off', at));
}

const NAMESPACES = [
  ['network_mode', 'network'],
  ['pid', 'pid'],
  ['ipc', 'ipc'],
  ['userns_mode', 'user'],
  ['uts', 'uts'],
  ['cgroup', 'cgroup'],
] as const;

function hostNamespaces(service: ComposeService, network: Fact<string>): Workload['host_namespaces'] {
  const shared: Extract<Workload['host_namespaces'], { state: 'known' }>['value'][number][] = [];
  const open: Unknown[] = [];
  for (const [key, namespace] of NAMESPACES) {
    const mode =
      key === 'network_mode'
        ? network
        : setting(
            service,
            [key],
            (text) => text,
            (at) => known('', at),
          );
    if (mode.state === 'unknown') open.push(mode);
    else if (mode.state === 'known' && mode.value === 'host') shared.push(known(namespace, mode.origin));
    else if (mode.state === 'known' && /^(?:service|container):/.test(mode.value))
      open.push(unknown('unresolved', `${key} ${mode.value.slice(0, 80)}: that container’s namespace`, mode.origin));
  }
  const hostNetwork = hostNetworkOf(service);
  if (hostNetwork !== undefined) shared.push(known('network', hostNetwork));
  return known(shared, shared[0]?.origin ?? derived('no namespace of the host is named', service.at), open);
}

/** An external network whose name is `host` is the host's own. */
function hostNetworkOf(service: ComposeService): Origin | undefined {
  const names = [
    ...service.layers.names('networks'),
    ...texts(service, 'networks').items.flatMap((item) => (item.state === 'known' ? [item.value] : [])),
  ];
  for (const name of names) {
    const external = service.project.first('networks', name, 'name') ?? service.project.first('networks', name, 'external', 'name');
    if (external === undefined || 'state' in external) continue;
    const text = interpolated(external, service.variables);
    if (text.state === 'known' && text.value === 'host') return text.origin;
  }
  return undefined;
}

/** Limits that stand in several places: any that is set and not zero or negative limits. */
function limited(service: ComposeService, ...paths: readonly (readonly string[])[]): Fact<boolean> {
  let refused: Fact<boolean> | undefined;
  let unclear: Unknown | undefined;
  for (const path of paths) {
    const limit = setting<string>(
      service,
      path,
      (text) => text,
      (at) => known('', at),
    );
    if (limit.state === 'unknown') unclear ??= limit;
    if (limit.state !== 'known' || limit.value === '') continue;
    const amount = /^(-?\d+(?:\.\d+)?)\s*[kmgtb]*i?b?$/i.exec(limit.value)?.[1];
    if (amount === undefined) unclear ??= unknown('unparseable', `${path.join('.')} ${limit.value.slice(0, 80)}`, limit.origin);
    else if (Number(amount) > 0) return known(true, limit.origin);
    else refused = known(false, limit.origin);
  }
  return unclear ?? refused ?? known(false, derived('no limit is written', service.at));
}

function healthChecked(service: ComposeService): Fact<boolean> {
  const disabled = setting(service, ['healthcheck', 'disable'], yesNo, (at) => known(false, at));
  if (disabled.state !== 'known') return disabled;
  if (disabled.value) return known(false, disabled.origin);
  const test = service.layers.first('healthcheck', 'test');
  if (test === undefined) return unknown('unresolved', 'the image decides whether it has a health check', service.at);
  if ('state' in test) return test;
  const first = firstText(test, service);
  if (first === undefined) return unknown('unresolved', 'healthcheck.test is empty', placeOfNode(test));
  if (first.state !== 'known') return test.node.kind === 'list' ? first : known(true, placeOfNode(test));
  return known(first.value !== 'NONE' && first.value !== '', placeOfNode(test));
}

function firstText({ source, node }: PlacedNode, service: ComposeService): Fact<string> | undefined {
  const first = node.kind === 'list' ? node.items[0] : node;
  return first === undefined ? undefined : interpolated({ source, node: first }, service.variables);
}

/** `restart`, or the policy of `deploy`. With a `deploy` section and neither, Compose does not restart and a swarm does. */
function restarts(service: ComposeService): Fact<boolean> {
  const policy = (text: string): boolean | undefined =>
    /^(?:always|unless-stopped|on-failure(?::\d+)?)$/.test(text) ? true : /^(?:no|false)$/.test(text) ? false : undefined;
  return setting(service, ['restart'], policy, (at) => {
    const deploy = service.layers.first('deploy');
    if (deploy === undefined) return known(false, at);
    if ('state' in deploy) return deploy;
    const condition = (text: string): boolean | undefined =>
      text === 'none' ? false : /^(?:any|on-failure)$/.test(text) ? true : undefined;
    return setting(service, ['deploy', 'restart_policy', 'condition'], condition, () =>
      unknown('unresolved', 'restart: Compose does not, a swarm does', placeOfNode(deploy)),
    );
  });
}
