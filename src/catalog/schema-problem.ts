import type { ErrorObject } from 'ajv/dist/2020.js';
import type { SourceText } from '../text/source-text.ts';
import { yamlAtPointer, yamlEntry, type YamlNode } from '../text/yaml.ts';
import { nearest, type Reporter } from './diagnostic.ts';

/** What a schema's types are called by people who write YAML. */
const TYPES: Readonly<Record<string, string>> = {
  array: 'a list',
  object: 'a mapping (name: value)',
  string: 'a text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
};

/** Tells one thing that a schema does not let through, in the words of whoever wrote the file. */
export function reportSchemaError(source: SourceText, root: YamlNode, error: ErrorObject, reporter: Reporter): void {
  if (error.schemaPath.includes('/anyOf/')) return; // the choice as a whole is told
  const { node, entry } = yamlAtPointer(root, error.instancePath);
  const where = nameOf(error.instancePath);
  const { params } = error;
  const say = (at: { readonly start: number; readonly end: number }, message: string, hint?: string): void =>
    reporter.at(source, at.start, at.end, message, hint);
  switch (error.keyword) {
    case 'additionalProperties': {
      const name = String(params['additionalProperty']);
      const known = Object.keys(error.parentSchema?.['properties'] ?? {});
      say(yamlEntry(node, name)?.key ?? node, `"${name}" is not known here`, nearest(name, known) ?? `known are: ${known.join(', ')}`);
      return;
    }
    case 'required':
      say(entry?.key ?? beginningOf(node), `${where} lacks "${String(params['missingProperty'])}"`);
      return;
    case 'enum':
      sayChoice(node, where, params['allowedValues'], say);
      return;
    case 'propertyNames':
      return; // the name itself is told
    default:
      if (error.propertyName !== undefined) {
        const key = yamlEntry(node, error.propertyName)?.key ?? node;
        say(key, `"${error.propertyName}" ${expectation(error)}`);
      } else say(node.kind === 'scalar' ? node : beginningOf(node), `${where} ${expectation(error)}`);
  }
}

function sayChoice(
  node: YamlNode,
  where: string,
  values: unknown,
  say: (at: YamlNode | { readonly start: number; readonly end: number }, message: string, hint?: string) => void,
): void {
  const allowed = Array.isArray(values) ? values.map(String) : [];
  if (node.kind !== 'scalar') say(beginningOf(node), `${where} must be one of ${allowed.join(', ')}`);
  else say(node, `"${node.text}" is not one of ${allowed.join(', ')}`, nearest(node.text, allowed));
}

/** What should stand there, as the rest of a sentence. A pattern is told by an example that fits it. */
function expectation({ keyword, params, parentSchema, message }: ErrorObject): string {
  const limit = String(params['limit']);
  switch (keyword) {
    case 'type': {
      const types: readonly unknown[] = Array.isArray(params['type']) ? params['type'] : [params['type']];
      return `must be ${types.map((type) => TYPES[String(type)] ?? String(type)).join(' or ')}`;
    }
    case 'pattern': {
      const examples: unknown = parentSchema?.['examples'];
      return Array.isArray(examples) ? `is written as ${examples.join(' or ')}` : 'is not written as it must be';
    }
    case 'anyOf':
      return `must be ${String(parentSchema?.['description'] ?? 'something else')}`;
    case 'minLength':
      return 'must not be empty';
    case 'minItems':
    case 'minProperties':
      return `must hold at least ${limit}`;
    case 'maxItems':
      return `must hold at most ${limit}`;
    case 'minimum':
      return `must be at least ${limit}`;
    case 'maximum':
      return `must be at most ${limit}`;
    case 'const':
      return `must be ${String(params['allowedValue'])}`;
    default:
      return message ?? 'is not right';
  }
}

/** The first key of a mapping, the first sign of anything else: whole blocks under a caret say nothing. */
function beginningOf(node: YamlNode): { readonly start: number; readonly end: number } {
  const first = node.kind === 'map' ? node.entries[0]?.key : undefined;
  return first ?? { start: node.start, end: Math.max(node.start, Math.min(node.end, node.start + 1)) };
}

/** `/waivers/0` is "waiver 1"; a list of plain values has no better name for one than "a value of" it. */
function nameOf(pointer: string): string {
  const parts = pointer.split('/').slice(1);
  const last = parts.at(-1);
  if (last === undefined) return 'the file';
  const list = parts.at(-2);
  if (!/^\d+$/.test(last) || list === undefined) return last.replaceAll('~1', '/').replaceAll('~0', '~');
  return COUNTED.has(list) ? `${list.replace(/s$/, '')} ${Number(last) + 1}` : `a value of ${list}`;
}

/** Lists of mappings, whose elements people count. */
const COUNTED = new Set(['targets', 'waivers', 'examples', 'expects', 'output', 'lesser']);
