import { known, unknown, type Fact, type Origin, type Unknown } from '../../model/fact.ts';
import type { KindFacts } from '../../resources/kind.ts';
import type { workload } from '../../resources/workload.ts';
import { yamlAt } from '../../text/yaml.ts';
import { placeOfNode, type PlacedNode } from '../../text/yaml-layers.ts';
import { interpolated } from './compose-variables.ts';
import type { ComposeService } from './compose-project.ts';

type Ports = KindFacts<typeof workload>['published_ports'];
type Port = Extract<Ports, { state: 'known' }>['value'][number];

/** A range wider than this is not unrolled: it stays one unknown. */
const MAX_RANGE = 1024;

/** Ports published on the host: https://docs.docker.com/reference/compose-file/services/#ports */
export function publishedPorts(service: ComposeService, network: Fact<string>): Ports {
  const { values, holes } = service.layers.elements('ports');
  const open: Unknown[] = [...holes];
  const at = values.map(placeOfNode)[0] ?? service.at;
  if (network.state === 'unknown') open.push(network);
  if (network.state === 'known' && network.value === 'host') {
    // Compose refuses or drops `ports:` then, and whatever listens inside listens on the host.
    return known([], network.origin, [...open, unknown('unresolved', 'network_mode host: every port that it listens on', network.origin)]);
  }
  return known(
    values.flatMap((placed) => (placed.node.kind === 'map' ? longPort(placed, service) : shortPort(placed, service))),
    at,
    open,
  );
}

function shortPort(placed: PlacedNode, service: ComposeService): readonly Port[] {
  const text = interpolated(placed, service.variables);
  if (text.state !== 'known') return [text.state === 'unknown' ? text : unknown('unparseable', 'port', placeOfNode(placed))];
  const [body = ''] = text.value.split('/');
  const match = /^(?:(?:\[([^\]]*)\]|([^[\]]*?)):)?(?:([\d-]*):)?(\d+(?:-\d+)?)$/.exec(body.slice(0, 200)) ?? [];
  // `8080:80` has no address: what stands before one colon is a port.
  const [, inBrackets, before, between, target] = match;
  if (target === undefined) return [unknown('unparseable', `port ${body.slice(0, 80)}`, text.origin)];
  const address = inBrackets ?? (between === undefined ? undefined : before);
  const published = between ?? (inBrackets === undefined ? before : undefined) ?? '';
  if (address !== undefined && between === undefined) return [unknown('unparseable', `port ${body.slice(0, 80)}`, text.origin)];
  return ports(known(address ?? '', text.origin), published, target, text.origin);
}

function longPort(placed: PlacedNode, service: ComposeService): readonly Port[] {
  const { source, node } = placed;
  const field = (name: string): Fact<string> | undefined => {
    const value = yamlAt(node, name);
    return value === undefined ? undefined : interpolated({ source, node: value }, service.variables);
  };
  const at = placeOfNode(placed);
  const target = field('target');
  const published = field('published') ?? known('', at);
  if (target?.state !== 'known') return [target?.state === 'unknown' ? target : unknown('unparseable', 'port without target', at)];
  if (published.state !== 'known') return [published.state === 'unknown' ? published : unknown('unparseable', 'port', at)];
  return ports(field('host_ip') ?? known('', at), published.value, target.value, published.value === '' ? target.origin : published.origin);
}

function ports(address: Fact<string>, published: string, target: string, at: Origin): readonly Port[] {
  const inside = range(target);
  const outside = published === '' ? undefined : range(published);
  if (inside === undefined || (published !== '' && outside === undefined))
    return [unknown('unparseable', `port ${`${published}:${target}`.slice(0, 80)}`, at)];
  const bound: Fact<string> =
    address.state === 'known'
      ? known(/^(?:|0\.0\.0\.0|\[?::\]?|\*)$/.test(address.value) ? '*' : address.value.replace(/^\[(.*)\]$/, '$1'), address.origin)
      : address;
  const single = (port: Fact<number>, number: number): Port => known({ address: bound, port, target: known(number, at) }, at);
  if (outside === undefined) return inside.map((number) => single(known(0, at), number));
  if (outside.length === inside.length) return inside.map((number, index) => single(known(outside[index] ?? 0, at), number));
  // `8000-8010:80`: the engine takes one of the range when it starts.
  return inside.map((number) => single(unknown('unresolved', `one of ${published}`, at), number));
}

function range(text: string): readonly number[] | undefined {
  const [, first, last = first] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text) ?? [];
  if (first === undefined) return undefined;
  const [from, to] = [Number(first), Number(last)];
  if (to < from || to > 65_535) return undefined;
  return to - from < MAX_RANGE ? Array.from({ length: to - from + 1 }, (_, index) => from + index) : undefined;
}
