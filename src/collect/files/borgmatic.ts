import { posix } from 'node:path';
import { unknown, type Origin, type Unknown } from '../../model/fact.ts';
import type { Resource } from '../../model/resource.ts';
import { backupPlan } from '../../resources/backup-plan.ts';
import type { SourceText } from '../../text/source-text.ts';
import { parseYaml, yamlEntry } from '../../text/yaml.ts';
import { YamlLayers, type YamlLayer } from '../../text/yaml-layers.ts';
import { markYamlSecrets } from '../../text/yaml-secrets.ts';
import { borgmaticPlan } from './borgmatic-plan.ts';
import { declared, type FileFormat, type FormatContext, type FormatGap, type FormatReading } from './format.ts';

const MAX_INCLUDES = 100;

/** borgmatic: https://torsion.org/borgmatic/docs/reference/configuration/. One plan for each configuration file. */
export const borgmaticFormat: FileFormat = {
  name: 'borgmatic',
  kinds: [backupPlan.name],
  recognises: (path) => /(?:^|\/)borgmatic[^/]*\.ya?ml$|(?:^|\/)borgmatic(?:\.d)?\/[^/]+\.ya?ml$/.test(path),
  sniffs: (text) => /^[ \t]*source_directories:/m.test(text) && /^[ \t]*repositories:/m.test(text),
  read,
};

async function read(paths: readonly string[], context: FormatContext): Promise<FormatReading> {
  const reader = new Reader(context);
  const plans: { readonly source: SourceText; readonly layers: YamlLayers; readonly at: Origin }[] = [];
  for (const path of paths) {
    const source = await context.open(path);
    if (source === 'not-there') continue;
    if ('state' in source) {
      reader.gaps.push({ why: source });
      continue;
    }
    const layers = new YamlLayers(await reader.layers(source, [source.file]));
    plans.push({ source, layers, at: source.origin(0, 0) });
  }
  const resources: Resource[] = [];
  for (const { source, layers, at } of plans) {
    const repositories = [...layers.all('repositories').values, ...layers.all('location', 'repositories').values];
    if (repositories.length > 0) resources.push(declared(backupPlan, source.file, context.target, borgmaticPlan(layers, at, context)));
    else if (!reader.included.has(source.file) && source.parsed)
      reader.gaps.push({ why: unknown('unresolved', `${source.file}: names no repository`, at) });
  }
  return { resources, gaps: reader.gaps };
}

class Reader {
  readonly gaps: FormatGap[] = [];
  readonly included = new Set<string>();
  readonly #context: FormatContext;
  #steps = 0;

  constructor(context: FormatContext) {
    this.#context = context;
  }

  /** A configuration and below it what it includes at its top: `<<: !include common.yaml`. */
  async layers(source: SourceText, chain: readonly string[]): Promise<readonly YamlLayer[]> {
    const { documents, problems } = parseYaml(source);
    const [problem] = problems;
    const [root, second] = documents;
    if (problem !== undefined || root?.kind !== 'map' || second !== undefined) {
      source.withholdExcerpts();
      const at = problem ?? second ?? { start: 0, end: 0 };
      const why = unknown(
        'unparseable',
        `${source.file}: ${problem?.message ?? 'no borgmatic configuration'}`,
        source.origin(at.start, at.end),
      );
      this.gaps.push({ why });
      return [why];
    }
    markYamlSecrets(source, root);
    const include = yamlEntry(root, '<<')?.value;
    const names = include === undefined ? [] : include.kind === 'list' ? include.items : [include];
    const below: YamlLayer[] = [];
    for (const name of names) {
      const at = source.origin(name.start, name.end);
      if (name.kind !== 'scalar' || name.tag !== '!include')
        below.push(this.#hole(unknown('unresolved', 'a merge that is no include', at)));
      else below.push(...(await this.#include(name.text, source, at, chain)));
    }
    return [{ source, node: root }, ...below];
  }

  async #include(name: string, source: SourceText, at: Origin, chain: readonly string[]): Promise<readonly YamlLayer[]> {
    const { files, gaps } = await this.#context.include(name, posix.dirname(source.file));
    const below: YamlLayer[] = gaps.map((gap) => this.#hole({ ...gap, origin: at }));
    for (const file of files) {
      this.#steps += 1;
      if (chain.includes(file.file) || this.#steps > MAX_INCLUDES)
        below.push(this.#hole(unknown('unresolved', `include loop: ${name}`, at)));
      else {
        this.included.add(file.file);
        below.push(...(await this.layers(file, [...chain, file.file])));
      }
    }
    return below;
  }

  #hole(why: Unknown): Unknown {
    this.gaps.push({ why });
    return why;
  }
}
