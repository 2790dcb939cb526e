import { known, type Fact } from '../model/fact.ts';
import type { Target } from '../model/resource.ts';
import { configurationSchema, type ConfigurationNames } from '../schema/configuration.ts';
import { DATABASE_KINDS } from '../world/database-address.ts';
import { secretReference } from '../world/secret.ts';
import type { SourceText } from '../text/source-text.ts';
import { yamlAt, yamlEntry, type YamlNode } from '../text/yaml.ts';
import type { Reporter } from './diagnostic.ts';
import { nearest } from './diagnostic.ts';
import type { ByControl, GateSettings } from './read-profile.ts';
import { parseDocument, shapeOf, type YamlDocument } from './yaml-document.ts';

/** custos.yaml as its schema lets it through. */
interface ConfigurationFile {
  readonly profile?: string;
  readonly targets?: readonly { readonly id: string; readonly system?: string; readonly declares?: string }[];
  readonly controls?: readonly string[];
  readonly parameters?: ByControl;
  readonly expects?: readonly { readonly kind: string; readonly atLeast?: number }[];
  readonly gate?: GateSettings;
  readonly authorisation?: { readonly by: string; readonly reference: string; readonly until: string };
  readonly waivers?: string;
  readonly baseline?: string;
  readonly output?: readonly { readonly format: string; readonly path: string }[];
}

/** What custos.yaml says. */
export interface Configuration extends Omit<ConfigurationFile, 'targets'> {
  readonly targets: readonly Target[];
  readonly document: YamlDocument;
}

const OPTIONS = ['root', 'format', 'sni', 'proxy', 'ca', 'http_port', 'password', 'user', 'key', 'known_hosts', 'insecure'] as const;
/** Options that are lists in custos.yaml; they travel as words with commas between. */
const LIST_OPTIONS = ['probes', 'private_paths', 'payment_paths'] as const;
/** The system of targets that name none. */
export const DEFAULT_SYSTEM = 'default';

function isConfigurationFile(plain: unknown): plain is ConfigurationFile {
  return typeof plain === 'object'; // every value in it has been held against the schema
}

/**
 * Reads custos.yaml: its schema, its targets with the line of each, and no secret anywhere but in a credential's field. What
 * does not have its shape is reported and left out; the rest is returned, so that all that is wrong can be told at once.
 */
export function readConfiguration(source: SourceText, names: ConfigurationNames, reporter: Reporter): Configuration | undefined {
  const document = parseDocument(source, reporter);
  if (document === undefined) return undefined;
  const { plain, root } = document;
  const { broken } = shapeOf(document, configurationSchema(names), reporter);
  const nodes = yamlAt(root, 'targets');
  const items = nodes?.kind === 'list' ? nodes.items : [];
  refuseSecrets(source, root, credentialFields(items), reporter);
  const targets = items.flatMap((node) => readTarget(source, node, names.kinds, reporter));
  const ids = new Set<string>();
  for (const [index, { id }] of targets.entries()) {
    const at = yamlAt(root, 'targets', index, 'id');
    if (ids.has(id) && at !== undefined)
      reporter.at(source, at.start, at.end, `target "${id}" is declared twice`, 'give each target an id of its own');
    ids.add(id);
  }
  for (const index of nodes?.kind === 'list' ? nodes.items.keys() : []) {
    const at = yamlAt(root, 'targets', index, 'declares');
    if (at === undefined || ids.has(text(at))) continue;
    reporter.at(source, at.start, at.end, `no target is called "${text(at)}"`, nearest(text(at), [...ids]));
  }
  const sound = Object.fromEntries(Object.entries(plain ?? {}).filter(([name]) => root.kind === 'map' && !broken.has(name)));
  if (!isConfigurationFile(sound)) return undefined;
  const { targets: _, ...rest } = sound;
  return { ...rest, targets, document };
}

function readTarget(source: SourceText, node: YamlNode, kinds: readonly string[], reporter: Reporter): readonly Target[] {
  const idNode = yamlAt(node, 'id');
  const id = text(idNode);
  const named = kinds.filter((kind) => yamlEntry(node, kind) !== undefined);
  const [kind] = named;
  const addressEntry = kind === undefined ? undefined : yamlEntry(node, kind);
  if (kind === undefined || named.length > 1 || addressEntry === undefined) {
    const at = idNode ?? node;
    reporter.at(
      source,
      at.start,
      at.end,
      named.length > 1 ? `target "${id}" is of more than one kind: ${named.join(', ')}` : `target "${id}" says nothing to look at`,
      `give it one of: ${kinds.join(', ')}`,
    );
    return [];
  }
  const declares = text(yamlAt(node, 'declares'));
  const options = Object.fromEntries([
    ...OPTIONS.flatMap((name) => (yamlEntry(node, name) === undefined ? [] : [[name, text(yamlAt(node, name))] as const])),
    ...LIST_OPTIONS.flatMap((name) => {
      const list = yamlAt(node, name);
      return list?.kind === 'list' ? [[name, list.items.map(text).join(',')] as const] : [];
    }),
    ...dutiesOf(yamlAt(node, 'duties')),
  ]);
  return [
    {
      id,
      kind,
      address: text(addressEntry.value),
      system: text(yamlAt(node, 'system')) || DEFAULT_SYSTEM,
      labels: factsOf(source, yamlAt(node, 'labels')),
      versions: factsOf(source, yamlAt(node, 'versions')),
      ...(declares === '' ? {} : { declares }),
      options,
      declaredAt: source.range(addressEntry.value.start, addressEntry.value.end),
    },
  ];
}

/** Duties travel as JSON: options are texts. */
function dutiesOf(node: YamlNode | undefined): readonly (readonly ['duties', string])[] {
  if (node?.kind !== 'map') return [];
  const duties = node.entries.map(({ name, value }) => [name, value.kind === 'list' ? value.items.map(text) : []] as const);
  return [['duties', JSON.stringify(Object.fromEntries(duties))]];
}

function text(node: YamlNode | undefined): string {
  return node?.kind === 'scalar' && node.value !== null ? String(node.value) : '';
}

/** Labels and versions are facts whose origin is their line here. */
function factsOf(source: SourceText, node: YamlNode | undefined): Readonly<Record<string, Fact<string>>> {
  if (node?.kind !== 'map') return {};
  return Object.fromEntries(
    node.entries.map(({ name, value }) => {
      // `24` and `1.10` would lose digits as numbers: what was written counts.
      const written = value.kind === 'scalar' && value.style === 'plain' ? source.text.slice(value.start, value.end) : text(value);
      return [name, known(written, source.origin(value.start, value.end))];
    }),
  );
}

/** Fields of targets that may hold a secret: passwords, and addresses of databases, which may hold one. */
function credentialFields(targets: readonly YamlNode[]): ReadonlySet<YamlNode> {
  const fields = new Set<YamlNode>();
  for (const target of targets) {
    for (const name of ['password', ...DATABASE_KINDS]) {
      const node = yamlAt(target, name);
      if (node !== undefined) fields.add(node);
    }
  }
  return fields;
}

/**
 * `${env:…}` and `${file:…}` belong in credential fields only, and are the whole of the value there: anywhere else they would be
 * printed, sent or logged.
 */
function refuseSecrets(source: SourceText, node: YamlNode, credentials: ReadonlySet<YamlNode>, reporter: Reporter): void {
  if (node.kind === 'list') for (const item of node.items) refuseSecrets(source, item, credentials, reporter);
  if (node.kind === 'map') {
    for (const { name, key, value } of node.entries) {
      if (/\$\{(?:env|file):/.test(name)) reporter.at(source, key.start, key.end, 'a secret reference cannot be part of a name');
      refuseSecrets(source, value, credentials, reporter);
    }
  }
  if (node.kind !== 'scalar' || typeof node.value !== 'string' || !/\$\{(?:env|file):/.test(node.value)) return;
  if (credentials.has(node) && secretReference(node.value) !== undefined) return;
  reporter.at(
    source,
    node.start,
    node.end,
    'a secret reference is allowed only as the whole value of a credential field',
    'ids, paths, labels and the like are printed in reports: write them out',
  );
}
