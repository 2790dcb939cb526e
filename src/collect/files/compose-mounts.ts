import { posix } from 'node:path';
import { derived, known, unknown, type Fact, type Unknown } from '../../model/fact.ts';
import type { KindFacts } from '../../resources/kind.ts';
import type { workload } from '../../resources/workload.ts';
import { yamlAt } from '../../text/yaml.ts';
import { placeOfNode, type PlacedNode } from '../../text/yaml-layers.ts';
import { interpolated } from './compose-variables.ts';
import { setting, yesNo, type ComposeService } from './compose-project.ts';

type Mounts = Pick<KindFacts<typeof workload>, 'host_paths' | 'engine_socket'>;

const SOCKET = /^(?:docker|containerd|podman|crio|cri-dockerd|dockershim|buildkitd)\.sock(?:\.raw)?$/;
/** Directories of the host in which the engines keep their sockets: who has one has the socket. */
const SOCKET_DIRECTORIES = new Set([
  '/',
  '/run',
  '/var/run',
  '/run/containerd',
  '/var/run/containerd',
  '/run/podman',
  '/var/run/podman',
  '/run/crio',
  '/var/run/crio',
]);

/** Where in the container a mount lands, and what of the host it is: undefined for named volumes, tmpfs and images. */
interface Mount {
  readonly target: Fact<string>;
  readonly host: Fact<string> | undefined;
}

/** What of the host a service mounts: https://docs.docker.com/reference/compose-file/services/#volumes */
export function mountFacts(service: ComposeService): Mounts {
  const { values, holes } = service.layers.elements('volumes');
  const mounts = values.map((placed) => mountOf(placed, service));
  // A stronger layer's mount on the same place replaces a weaker one's.
  const inForce = mounts.filter(
    ({ target }, index) =>
      target.state !== 'known' ||
      !mounts.slice(index + 1).some((later) => later.target.state === 'known' && later.target.value === target.value),
  );
  const files = ['secrets', 'configs'].flatMap((kind) => grantedFiles(kind, service));
  const paths = [...inForce.flatMap(({ host }) => (host === undefined ? [] : [host])), ...files];
  const open: Unknown[] = [...holes];
  for (const inherited of service.layers.elements('volumes_from').values)
    open.push(unknown('unresolved', 'volumes_from: volumes of another container', placeOfNode(inherited)));
  const at = derived('volumes of the service', values.map(placeOfNode)[0] ?? service.at);
  return { host_paths: known(paths, at, open), engine_socket: engineSocket(paths, open, service) };
}

/** Below these a file is no secret but the kernel's or the engine's; mounted whole, these and some others hand the host over. */
const KERNEL = /^\/(?:dev|proc|sys)(?:\/|$)/;
const DIRECTORIES = /^\/(?:|boot|etc|home|lib|root|usr|var|var\/lib|var\/lib\/docker)$/;

/**
 * A secret or config of a project that is a file is mounted like any other path of the host. One that is plainly made for it is what
 * secrets are for; one that is the host's own is named: https://docs.docker.com/reference/compose-file/secrets/
 */
function grantedFiles(kind: string, service: ComposeService): readonly Fact<string>[] {
  const { values } = service.layers.elements(kind);
  const names = values.map(({ source, node }) => {
    const name = node.kind === 'map' ? yamlAt(node, 'source') : node;
    return name === undefined ? undefined : interpolated({ source, node: name }, service.variables);
  });
  return names.flatMap((name): readonly Fact<string>[] => {
    if (name?.state !== 'known') return name === undefined ? [] : [name];
    const file = service.project.first(kind, name.value, 'file');
    if (file === undefined) return [];
    const path = 'state' in file ? file : interpolated(file, service.variables);
    if (path.state !== 'known') return [path];
    const host = hostPath(path.value);
    const own = KERNEL.test(host) || DIRECTORIES.test(host) || SOCKET_DIRECTORIES.has(host) || SOCKET.test(posix.basename(host));
    return own ? [known(host, derived(`mounted by way of ${kind}`, name.origin, path.origin))] : [];
  });
}

function engineSocket(paths: readonly Fact<string>[], open: readonly Unknown[], service: ComposeService): Fact<boolean> {
  for (const path of paths) {
    if (path.state !== 'known') continue;
    if (SOCKET.test(posix.basename(path.value)) || SOCKET_DIRECTORIES.has(path.value)) return known(true, path.origin);
  }
  const asked = setting(service, ['use_api_socket'], yesNo, (at) => known(false, at));
  if (asked.state === 'known' && asked.value) return asked;
  const unclear = [...open, ...paths].find((fact) => fact.state === 'unknown');
  if (unclear?.state === 'unknown') return unclear;
  return asked.state === 'unknown' ? asked : known(false, derived('no mount holds an engine’s socket', service.at));
}

function mountOf(placed: PlacedNode, service: ComposeService): Mount {
  return placed.node.kind === 'scalar' ? shortMount(placed, service) : longMount(placed, service);
}

function shortMount(placed: PlacedNode, service: ComposeService): Mount {
  const text = interpolated(placed, service.variables);
  if (text.state !== 'known') return unresolvedShort(placed, text);
  const parts = text.value.split(':');
  const [source = '', target] = parts;
  if (target === undefined) return { target: text, host: undefined }; // an anonymous volume
  if (/^[A-Za-z]$/.test(source) && /^[\\/]/.test(target))
    return { target: known(parts[2] ?? '', text.origin), host: known(`${source}:${target}`, text.origin) };
  return { target: known(posix.normalize(target), text.origin), host: hostOf(source, text, service) };
}

/** A variable stands in it. What is before the first one may already tell a path of the host from a named volume. */
function unresolvedShort(placed: PlacedNode, text: Fact<string>): Mount {
  const why = text.state === 'unknown' ? text : unknown('unresolved', 'volume', placeOfNode(placed));
  const written = placed.node.kind === 'scalar' ? placed.node.text : '';
  const source = written.split(':')[0] ?? '';
  const named = /^[A-Za-z0-9][\w.-]*$/.test(source) && written.includes(':');
  const clear = /^[/.~][^$]*$/.test(source) && written.includes(':') && !written.includes('{{');
  if (clear) return { target: why, host: known(hostPath(source), placeOfNode(placed)) };
  return { target: why, host: named ? undefined : why };
}

function longMount(placed: PlacedNode, service: ComposeService): Mount {
  const { source, node } = placed;
  const field = (name: string): Fact<string> | undefined => {
    const value = yamlAt(node, name);
    return value === undefined || (value.kind === 'scalar' && value.value === null)
      ? undefined
      : interpolated({ source, node: value }, service.variables);
  };
  const nowhere = unknown('unparseable', 'volume', placeOfNode(placed));
  const target = field('target') ?? nowhere;
  const type = field('type') ?? known('volume', placeOfNode(placed));
  const from = field('source');
  if (type.state !== 'known') return { target, host: type.state === 'unknown' ? type : nowhere };
  if (type.value === 'bind' || type.value === 'npipe')
    return { target, host: from === undefined ? nowhere : from.state === 'known' ? known(hostPath(from.value), from.origin) : from };
  if (type.value !== 'volume') return { target, host: undefined };
  if (from === undefined) return { target, host: undefined };
  return { target, host: from.state === 'known' ? hostOf(from.value, from, service) : from };
}

/** A source that begins like a path is one; anything else names a volume, which may in turn be bound to a path of the host. */
function hostOf(source: string, text: Fact<string>, service: ComposeService): Fact<string> | undefined {
  const origin = text.state === 'known' ? text.origin : service.at;
  if (/^(?:[/~\\]|\.{1,2}(?:\/|$))/.test(source)) return known(hostPath(source), origin);
  const device = service.project.first('volumes', source, 'driver_opts', 'device');
  if (device === undefined) return undefined;
  if ('state' in device) return device;
  const path = interpolated(device, service.variables);
  if (path.state !== 'known') return path;
  return path.value.startsWith('/') && !path.value.startsWith('//')
    ? known(hostPath(path.value), derived('a named volume bound to a path', origin, path.origin))
    : undefined;
}

function hostPath(path: string): string {
  const normal = posix.normalize(path);
  return normal.length > 1 && normal.endsWith('/') ? normal.slice(0, -1) : normal;
}
