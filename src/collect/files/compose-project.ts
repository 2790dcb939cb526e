import { posix } from 'node:path';
import { derived, known, unknown, type Fact, type Origin, type Unknown } from '../../model/fact.ts';
import { secretExposure } from '../../resources/secret-exposure.ts';
import { parseYaml, yamlAt, yamlEntry } from '../../text/yaml.ts';
import { placeOfNode, YamlLayers, type PlacedNode, type YamlLayer } from '../../text/yaml-layers.ts';
import { interpolated, markComposeSecrets, openEnvironment, variablesOf, type Variables } from './compose-variables.ts';
import type { FormatContext, FormatGap } from './format.ts';

/** Files that Compose takes without being told, in its order: https://github.com/compose-spec/compose-go `DefaultFileNames`. */
const DEFAULTS = ['compose.yaml', 'compose.yml', 'docker-compose.yml', 'docker-compose.yaml'];
const OVERRIDES = ['compose.override.yml', 'compose.override.yaml', 'docker-compose.override.yml', 'docker-compose.override.yaml'];
const MAX_EXTENDS = 20;
/** All steps of `extends` for one service: documents that extend each other in every way would multiply without end. */
const MAX_STEPS = 200;

/** One service of one project, with everything that is laid over each other to make it. */
export interface ComposeService {
  readonly name: string;
  /** Path of the project's first file, and the service's name. */
  readonly id: string;
  /** Its key, where what is not written would stand. */
  readonly at: Origin;
  readonly layers: YamlLayers;
  /** The top level of the project. */
  readonly project: YamlLayers;
  readonly variables: Variables;
}

export interface ComposeProjects {
  readonly services: readonly ComposeService[];
  readonly gaps: readonly FormatGap[];
}

/** Reads all Compose files of a tree as the projects that they make: overrides merged, includes followed, `extends` resolved. */
export async function composeProjects(
  paths: readonly string[],
  kinds: readonly string[],
  context: FormatContext,
): Promise<ComposeProjects> {
  const reader = new Reader(context, kinds);
  const queue = [...paths];
  const services: ComposeService[] = [];
  const done = new Set<string>();
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    if (done.has(next)) continue;
    const directory = posix.dirname(next);
    const variables = await reader.variables(directory);
    const files = composedFiles(next, directory, paths, variables);
    for (const file of files) done.add(file);
    const [main = next] = files;
    const layers = (await Promise.all(files.map((file) => reader.documents(file)))).toReversed().flat();
    const { found, included } = await reader.project(main, layers, variables);
    services.push(...found);
    queue.push(...included.filter((path) => !done.has(path)));
  }
  return { services, gaps: reader.gaps };
}

/** The files that are merged with this one, the first the weakest. COMPOSE_FILE in `.env` names them, else the default names do. */
function composedFiles(path: string, directory: string, paths: readonly string[], variables: Variables): readonly string[] {
  const named = 'state' in variables.file ? undefined : variables.file.get('COMPOSE_FILE');
  const listed = named?.state === 'known' ? named.value.split(/[:;]/).map((name) => posix.join(directory, name)) : [];
  if (listed.includes(path)) return listed;
  if (listed.length > 0) return [path];
  const here = (names: readonly string[]): string | undefined =>
    names.map((name) => posix.join(directory, name)).find((name) => paths.includes(name));
  const main = here(DEFAULTS);
  const override = here(OVERRIDES);
  return main !== undefined && override !== undefined && (path === main || path === override) ? [main, override] : [path];
}

class Reader {
  readonly gaps: FormatGap[] = [];
  readonly #context: FormatContext;
  readonly #kinds: readonly string[];
  readonly #documents = new Map<string, readonly YamlLayer[]>();
  readonly #variables = new Map<string, Variables>();
  #steps = 0;

  constructor(context: FormatContext, kinds: readonly string[]) {
    this.#context = context;
    this.#kinds = kinds;
  }

  async variables(directory: string): Promise<Variables> {
    const before = this.#variables.get(directory);
    if (before !== undefined) return before;
    const variables = await variablesOf(directory, this.#context);
    this.#variables.set(directory, variables);
    return variables;
  }

  /** The documents of a file, the last (strongest) first; one unknown where it cannot be read. */
  async documents(path: string): Promise<readonly YamlLayer[]> {
    const before = this.#documents.get(path);
    if (before !== undefined) return before;
    const layers = await this.#read(path);
    this.#documents.set(path, layers);
    for (const layer of layers) if ('state' in layer) this.gap(layer);
    return layers;
  }

  async #read(path: string): Promise<readonly YamlLayer[]> {
    const source = await this.#context.open(path);
    if (source === 'not-there') return [unknown('unresolved', `${path} is not there`)];
    if ('state' in source) return [source];
    const { documents, problems } = parseYaml(source);
    const [problem] = problems;
    const strange = documents.find((node) => node.kind !== 'map' && !(node.kind === 'scalar' && node.value === null));
    if (problem !== undefined || strange !== undefined) {
      source.withholdExcerpts();
      const { start, end } = problem ?? strange ?? { start: 0, end: 0 };
      return [unknown('unparseable', `${path}: ${problem?.message ?? 'no Compose file'}`, source.origin(start, end))];
    }
    for (const node of documents) markComposeSecrets(source, node);
    return documents.map((node) => ({ source, node })).toReversed();
  }

  gap(why: Unknown, kinds: readonly string[] = this.#kinds): void {
    this.gaps.push({ why, kinds });
  }

  async project(
    main: string,
    layers: readonly YamlLayer[],
    variables: Variables,
  ): Promise<{ readonly found: readonly ComposeService[]; readonly included: readonly string[] }> {
    const project = new YamlLayers(layers);
    const included = await this.#includes(project, variables);
    const found: ComposeService[] = [];
    for (const name of project.names('services')) {
      const at = keyOf(layers, name);
      if (at === undefined) continue;
      this.#steps = 0;
      const parts = await Promise.all(layers.map((layer) => this.#service(layer, name, variables, [])));
      const merged = parts.flat();
      const own = new YamlLayers(merged);
      const whole = ['image', 'build', 'provider'].some((key) => own.all(key).values.length > 0);
      const fragment = unknown(
        'unresolved',
        `service ${name}: neither image nor build, so this file is laid over one that it does not name`,
      );
      const service = whole || merged.some((layer) => 'state' in layer) ? own : new YamlLayers([...merged, fragment]);
      found.push({ name, id: `${main} ${name}`, at, layers: service, project, variables });
      await this.#environmentFiles(service, variables);
    }
    return { found, included };
  }

  /** A service as one layer says it, and below it what it extends. */
  async #service(layer: YamlLayer, name: string, variables: Variables, chain: readonly string[]): Promise<readonly YamlLayer[]> {
    if ('state' in layer) return [layer];
    const { source } = layer;
    const node = yamlAt(layer.node, 'services', name);
    if (node === undefined) return [];
    if (node.kind !== 'map')
      return node.kind === 'scalar' && node.value === null
        ? []
        : [unknown('unparseable', `service ${name}`, source.origin(node.start, node.end))];
    const own: PlacedNode = { source, node };
    const extended = yamlAt(node, 'extends');
    if (extended === undefined) return [own];
    const at = source.origin(extended.start, extended.end);
    const target = extended.kind === 'map' ? yamlAt(extended, 'service') : extended;
    const base = target === undefined ? undefined : interpolated({ source, node: target }, variables);
    const fileNode = yamlAt(extended, 'file');
    const file = fileNode === undefined ? undefined : interpolated({ source, node: fileNode }, variables);
    if (base?.state !== 'known' || (file !== undefined && file.state !== 'known'))
      return [own, unknown('unresolved', `extends of service ${name}`, at)];
    const key = `${file?.value ?? source.file} ${base.value}`;
    this.#steps += 1;
    if (chain.includes(key) || chain.length >= MAX_EXTENDS || this.#steps > MAX_STEPS)
      return [own, unknown('unresolved', `extends in a loop: ${base.value}`, at)];
    const bases = file === undefined ? [layer] : await this.#extendedFile(file.value, source.file);
    const below = (await Promise.all(bases.map((document) => this.#service(document, base.value, variables, [...chain, key])))).flat();
    const hole = unknown('unresolved', `extends ${base.value}${file === undefined ? '' : ` of ${file.value}`}: not there`, at);
    return [own, ...(below.length === 0 ? [hole] : below.map((part) => ('state' in part ? { ...part, origin: at } : part)))];
  }

  async #extendedFile(file: string, from: string): Promise<readonly YamlLayer[]> {
    const { files, gaps } = await this.#context.include(file, posix.dirname(from));
    const documents = await Promise.all(files.map((source) => this.documents(source.file)));
    return [...gaps, ...documents.flat()];
  }

  /** Paths of included Compose files, each a project of its own. What is not in the tree may hold services: a gap. */
  async #includes(project: YamlLayers, variables: Variables): Promise<readonly string[]> {
    const paths: string[] = [];
    for (const { source, node } of project.elements('include').values) {
      const list = node.kind === 'map' ? yamlAt(node, 'path') : node;
      for (const item of list?.kind === 'list' ? list.items : list === undefined ? [node] : [list]) {
        const name = interpolated({ source, node: item }, variables);
        const at = source.origin(item.start, item.end);
        if (name.state !== 'known' || /^(?:[a-z+]+:\/\/|git@)/.test(name.value)) {
          this.gap(unknown('unresolved', 'include of a Compose file elsewhere', at));
          continue;
        }
        const { files, gaps } = await this.#context.include(name.value, posix.dirname(source.file));
        for (const gap of gaps) this.gap({ ...gap, origin: at });
        paths.push(...files.map(({ file }) => file));
      }
    }
    return paths;
  }

  /** Files that a service takes its environment from are looked into for secrets. */
  async #environmentFiles(layers: YamlLayers, variables: Variables): Promise<void> {
    for (const { source, node } of layers.elements('env_file').values) {
      const item = node.kind === 'map' ? yamlEntry(node, 'path')?.value : node;
      const required = yamlAt(node, 'required');
      const at = source.origin(node.start, node.end);
      const name = item === undefined ? undefined : interpolated({ source, node: item }, variables);
      if (name?.state !== 'known') {
        this.gap(unknown('unresolved', 'env_file', at), [secretExposure.name]);
        continue;
      }
      const { files, gaps } = await this.#context.include(name.value, posix.dirname(source.file));
      for (const file of files) await openEnvironment(file.file, this.#context);
      if (required?.kind === 'scalar' && required.value === false) continue;
      for (const gap of gaps) this.gap({ ...gap, origin: at }, [secretExposure.name]);
    }
  }
}

function keyOf(layers: readonly YamlLayer[], name: string): Origin | undefined {
  const origins = layers.flatMap((layer) => {
    if ('state' in layer) return [];
    const entry = yamlEntry(yamlAt(layer.node, 'services'), name);
    return entry === undefined ? [] : [layer.source.origin(entry.key.start, entry.key.end)];
  });
  return origins.at(-1);
}

/** A setting of a service: what is written, read by `parse`; else what the Compose specification says of a service that does not write it. */
export function setting<T>(
  service: ComposeService,
  path: readonly string[],
  parse: (text: string) => T | undefined,
  otherwise: (at: Origin) => Fact<T>,
): Fact<T> {
  const found = service.layers.first(...path);
  if (found === undefined) return otherwise(derived(`not written: ${path.join('.')}`, service.at));
  if ('state' in found) return found;
  return parsed(interpolated(found, service.variables), parse, path.join('.'), placeOfNode(found));
}

/** A written text as a value; one that the product would not accept is unknown. */
export function parsed<T>(text: Fact<string>, parse: (text: string) => T | undefined, name: string, at: Origin): Fact<T> {
  if (text.state !== 'known') return text;
  const value = parse(text.value);
  return value === undefined ? unknown('unparseable', `${name} ${text.value.slice(0, 80)}`, at) : known(value, text.origin);
}

/** Booleans as Compose casts them. */
export function yesNo(text: string): boolean | undefined {
  return /^(?:true|yes|on|y|1)$/i.test(text) ? true : /^(?:false|no|off|n|0)$/i.test(text) ? false : undefined;
}

/** The texts of a list, joined over all layers; elements that are not known stay in it as unknowns. */
export function texts(
  service: ComposeService,
  ...path: readonly string[]
): { readonly items: readonly Fact<string>[]; readonly holes: readonly Unknown[] } {
  const { values, holes } = service.layers.elements(...path);
  return { items: values.map((placed) => interpolated(placed, service.variables)), holes };
}
