import { absent, derived, known, unknown, type Fact, type Origin, type Unknown } from '../../model/fact.ts';
import type { backupPlan } from '../../resources/backup-plan.ts';
import type { KindFacts } from '../../resources/kind.ts';
import { repositoryAt } from './backup-repository.ts';
import { isFilledIn } from '../../text/template.ts';
import { yamlAt, yamlEntry, type YamlNode } from '../../text/yaml.ts';
import { placeOfNode, type PlacedNode, type YamlLayer, type YamlLayers } from '../../text/yaml-layers.ts';
import { defaultOf } from './defaults.ts';
import type { FormatContext } from './format.ts';
import { borgInterval, dailyRetention, KEEP_RULES, type KeepRule } from './keep-policy.ts';

type Plan = KindFacts<typeof backupPlan>;
type Repository = Extract<Plan['repositories'], { state: 'known' }>['value'][number];

/** Sections of the layout before 1.8; since then the options stand at the top. */
type Section = 'location' | 'storage' | 'retention' | 'consistency' | 'hooks';
const DATABASES = ['postgresql', 'mysql', 'mariadb', 'mongodb', 'sqlite'] as const;

/** What one configuration, with its includes below it, backs up. */
export function borgmaticPlan(layers: YamlLayers, at: Origin, context: FormatContext): Plan {
  const options = new Options(layers, at);
  return {
    tool: known('borgmatic', at),
    covers: covers(options),
    repositories: repositories(options),
    retention: retention(options, context),
    interval: unknown('not-collected', 'what runs it is not here', at),
    point_in_time: known(false, derived('dumps and files, no logs', at)),
    verified: verified(options, context),
    credentials_in_clear: credentials(layers, at),
  };
}

/** Options by their name, in either layout. */
class Options {
  readonly at: Origin;
  readonly #layers: YamlLayers;
  readonly #constants: ReadonlySet<string>;

  constructor(layers: YamlLayers, at: Origin) {
    this.#layers = layers;
    this.at = at;
    this.#constants = new Set(layers.names('constants'));
  }

  /** The value in force; unknown where a file that was not read may hold it. */
  first(section: Section, name: string): YamlLayer | undefined {
    for (const path of [[name], [section, name]]) {
      const { values } = this.#layers.all(...path);
      const strongest = values.at(-1);
      if (strongest !== undefined) return strongest;
    }
    return this.#hole(section);
  }

  /** The elements of a list, joined over the includes as borgmatic joins them. */
  elements(section: Section, name: string): { readonly values: readonly PlacedNode[]; readonly holes: readonly Unknown[] } {
    const top = this.#layers.elements(name);
    const nested = this.#layers.elements(section, name);
    const inside = this.#sectionHole(section);
    return { values: [...top.values, ...nested.values], holes: [...top.holes, ...(inside === undefined ? [] : [inside])] };
  }

  #hole(section: Section): Unknown | undefined {
    return this.#layers.all().holes[0] ?? this.#sectionHole(section);
  }

  /** `retention: !include r.yaml`, or a merge inside of the section. */
  #sectionHole(section: Section): Unknown | undefined {
    for (const placed of this.#layers.all(section).values) {
      const inner = placed.node.tag !== undefined ? placed.node : yamlEntry(placed.node, '<<')?.value;
      if (inner !== undefined)
        return unknown('unresolved', `${section}: an include inside of it`, placed.source.origin(inner.start, inner.end));
    }
    return undefined;
  }

  /** A scalar as text. Environment variables, constants and includes are filled in when borgmatic runs. */
  text({ source, node }: PlacedNode): Fact<string> {
    const at = source.origin(node.start, node.end);
    if (node.kind !== 'scalar' || node.value === null) return unknown('unparseable', 'not a single value', at);
    if (node.tag !== undefined) return unknown('unresolved', node.tag, at);
    const { text } = node;
    const constant = [...text.matchAll(/\{([^{}]{1,200})\}/g)].map(([, name = '']) => name).find((name) => this.#constants.has(name));
    return isFilledIn(text) || constant !== undefined
      ? unknown('unresolved', constant === undefined ? 'a variable' : `constant ${constant.slice(0, 40)}`, at)
      : known(text, at);
  }
}

function field({ source, node }: PlacedNode, name: string): PlacedNode | undefined {
  const value = yamlAt(node, name);
  return value === undefined || isNull(value) ? undefined : { source, node: value };
}

function isNull(node: YamlNode): boolean {
  return node.kind === 'scalar' && node.value === null;
}

function covers(options: Options): Plan['covers'] {
  const found: Fact<string>[] = [];
  const open: Unknown[] = [];
  const directories = options.elements('location', 'source_directories');
  open.push(...directories.holes);
  found.push(...directories.values.map((placed) => options.text(placed)));
  for (const placed of options.elements('location', 'patterns').values) {
    const pattern = options.text(placed);
    const root = pattern.state === 'known' ? /^R\s+(.+)$/.exec(pattern.value)?.[1] : undefined;
    if (root !== undefined && pattern.state === 'known') found.push(known(root, pattern.origin));
    else if (pattern.state === 'unknown') open.push(pattern);
  }
  for (const placed of options.elements('location', 'patterns_from').values)
    open.push(unknown('not-collected', 'patterns_from', placeOfNode(placed)));
  for (const engine of DATABASES) {
    const { values, holes } = options.elements('hooks', `${engine}_databases`);
    open.push(...holes);
    for (const placed of values) {
      const named = field(placed, 'name');
      const name =
        named === undefined ? unknown('unparseable', `${engine}_databases without name`, placeOfNode(placed)) : options.text(named);
      if (name.state === 'known' && name.value === 'all') open.push(unknown('unresolved', `every database of ${engine}`, name.origin));
      else found.push(name);
    }
  }
  return known(found, found.find((fact) => fact.state === 'known')?.origin ?? options.at, distinct(open));
}

function distinct(holes: readonly Unknown[]): readonly Unknown[] {
  return [...new Map(holes.map((hole) => [`${hole.cause} ${hole.detail}`, hole] as const)).values()];
}

function repositories(options: Options): Plan['repositories'] {
  const { values, holes } = options.elements('location', 'repositories');
  const found = values.map((placed): Repository => {
    const path = placed.node.kind === 'map' ? field(placed, 'path') : placed;
    const text = path === undefined ? unknown('unparseable', 'repository without path', placeOfNode(placed)) : options.text(path);
    return known(repository(text, placed, options), placeOfNode(placed));
  });
  return known(found, values.map(placeOfNode)[0] ?? options.at, distinct(holes));
}

function repository(text: Fact<string>, placed: PlacedNode, options: Options): Extract<Repository, { state: 'known' }>['value'] {
  const encrypted = encryption(placed, options);
  if (text.state !== 'known')
    return {
      location: text,
      off_site: text.state === 'unknown' ? text : unknown('unresolved', 'repository'),
      encrypted,
      append_only: text.state === 'unknown' ? text : unknown('unresolved', 'repository'),
    };
  // `append_only` acts when the repository is made, and the far side's `borg serve` decides; a local one can be removed anyhow.
  return repositoryAt(text.value, encrypted, text.origin);
}

/**
 * Borg settles it when the repository is made: the mode that is written for that tells. A pass phrase does not: Borg asks a
 * repository of mode `none` for none, and says nothing of one that is given.
 */
function encryption(placed: PlacedNode, options: Options): Fact<boolean> {
  const mode = placed.node.kind === 'map' ? field(placed, 'encryption') : undefined;
  if (mode !== undefined) {
    const text = options.text(mode);
    if (text.state !== 'known') return text.state === 'unknown' ? text : unknown('unresolved', 'encryption');
    if (/^(?:none|authenticated(?:-.*)?)$/.test(text.value)) return known(false, text.origin);
    return /^(?:repokey|keyfile)(?:-.*)?$/.test(text.value)
      ? known(true, text.origin)
      : unknown('unparseable', `encryption ${text.value.slice(0, 40)}`, text.origin);
  }
  return unknown('unresolved', 'settled when the repository was made', options.at);
}

function skipped(options: Options, action: string): Fact<boolean> {
  const { values, holes } = options.elements('location', 'skip_actions');
  const names = values.map((placed) => options.text(placed));
  const found = names.find((name) => name.state === 'known' && name.value === action);
  if (found?.state === 'known') return known(true, found.origin);
  const unclear = [...names, ...holes].find((name) => name.state === 'unknown');
  return unclear?.state === 'unknown' ? unclear : known(false, options.at);
}

function retention(options: Options, context: FormatContext): Fact<number> {
  const prune = skipped(options, 'prune');
  if (prune.state !== 'known') return prune.state === 'unknown' ? prune : unknown('unresolved', 'skip_actions', options.at);
  if (prune.value) return absent(prune.origin);
  const rules = new Map<KeepRule, Fact<string>>();
  for (const rule of KEEP_RULES) {
    const found = options.first('retention', `keep_${rule.replace('-', '_')}`);
    if (found === undefined) continue;
    rules.set(rule, 'state' in found ? found : options.text(found));
  }
  const days = dailyRetention(rules, borgInterval);
  if (days !== undefined) return days;
  // "At least one of the keep options is required for pruning to work."
  const nothing = defaultOf('keep_daily', 'borgmatic', context.version('borgmatic'), [{ since: '1.0', value: true }], options.at);
  return nothing.state === 'known' ? absent(nothing.origin) : nothing.state === 'unknown' ? nothing : absent(options.at);
}

const CHECKS = /^(?:repository|archives|data|extract|spot)$/;

/** Without `checks`, or with an empty list, borgmatic checks repository and archives: DEFAULT_CHECKS in borg/check.py. */
function verified(options: Options, context: FormatContext): Fact<boolean> {
  const check = skipped(options, 'check');
  if (check.state !== 'known') return check;
  if (check.value) return known(false, check.origin);
  const { values, holes } = options.elements('consistency', 'checks');
  if (values.length === 0)
    return holes[0] ?? defaultOf('checks', 'borgmatic', context.version('borgmatic'), [{ since: '1.0', value: true }], options.at);
  const names = values.map((placed) => {
    const name = placed.node.kind === 'map' ? field(placed, 'name') : placed;
    return name === undefined ? unknown('unparseable', 'check without name', placeOfNode(placed)) : options.text(name);
  });
  const off = names.find((name) => name.state === 'known' && /^disabled$/i.test(name.value));
  if (off?.state === 'known') return known(false, off.origin); // beside others too: it warns, and runs none
  const unclear = [...names, ...holes].find((name) => name.state === 'unknown');
  if (unclear?.state === 'unknown') return unclear;
  const some = options.first('consistency', 'check_repositories');
  if (some !== undefined)
    return 'state' in some ? some : unknown('unresolved', 'check_repositories: some repositories only', placeOfNode(some));
  const first = names.find((name) => name.state === 'known' && CHECKS.test(name.value.toLowerCase()));
  return first?.state === 'known'
    ? known(true, first.origin)
    : unknown('unparseable', 'checks: none that borgmatic has', values.map(placeOfNode)[0] ?? options.at);
}

/** A secret that was found in the configuration or its includes. */
function credentials(layers: YamlLayers, at: Origin): Fact<boolean> {
  let hole: Unknown | undefined;
  for (const layer of layers.layers) {
    if ('state' in layer) {
      hole ??= layer;
      continue;
    }
    const secret = layer.source.secrets.find(({ commented }) => !commented);
    if (secret !== undefined) return known(true, layer.source.origin(secret.start, secret.end));
  }
  return hole ?? known(false, derived('no key or pass phrase stands in it', at));
}
