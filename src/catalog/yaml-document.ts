import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import type { SourceText } from '../text/source-text.ts';
import { parseYaml, toPlain, type YamlNode } from '../text/yaml.ts';
import type { Reporter } from './diagnostic.ts';
import { reportSchemaError } from './schema-problem.ts';

const validators = new WeakMap<object, ValidateFunction>();

/** A YAML file that has the shape of its schema: its tree with places, and the same as plain data. */
export interface YamlDocument {
  readonly source: SourceText;
  readonly root: YamlNode;
  readonly plain: unknown;
}

/** Parses and validates; every problem goes to the reporter with its place and what was expected. */
export function readDocument(source: SourceText, schema: object, reporter: Reporter): YamlDocument | undefined {
  const document = parseDocument(source, reporter);
  return document !== undefined && shapeOf(document, schema, reporter).valid ? document : undefined;
}

/** Parses a file of one YAML document. */
export function parseDocument(source: SourceText, reporter: Reporter): YamlDocument | undefined {
  const { documents, problems } = parseYaml(source);
  const [first] = problems;
  const reference = first === undefined ? -1 : bareReference(source.text, first.start);
  if (reference !== -1) {
    // All that follows is about the rest of a line that is no longer what it was meant to be.
    reporter.at(source, reference, reference + 2, 'a reference within { … } is not in quotes', 'quote it: "${env:NAME}"');
    return undefined;
  }
  for (const { start, end, message } of problems) reporter.at(source, start, end, message, 'mend the YAML at this place');
  if (problems.length > 0) return undefined;
  const [root, second] = documents;
  if (root === undefined) {
    reporter.at(source, 0, 0, 'is empty');
    return undefined;
  }
  if (second !== undefined) reporter.at(source, second.start, second.start + 1, 'holds a second YAML document', 'one file, one document');
  return { source, root, plain: toPlain(root) };
}

/** Where a `${env:…}` without quotes begins whose brace stands at a place: YAML takes its brace for a map of its own. -1 where there is none. */
function bareReference(text: string, at: number): number {
  return ['${env:', '${file:'].some((start) => text.startsWith(start, at - 1)) ? at - 1 : -1;
}

/** How far a document has the shape of its schema. */
export interface Shape {
  readonly valid: boolean;
  /** Names at the top whose values do not have their shape, or which are missing: the rest may still be looked at. */
  readonly broken: ReadonlySet<string>;
}

/** Holds a document against its schema. Every problem is reported. */
export function shapeOf({ source, root, plain }: YamlDocument, schema: object, reporter: Reporter): Shape {
  let validate = validators.get(schema);
  if (validate === undefined) {
    // An instance for each schema: two versions of one schema (custos.yaml for other target kinds) share their $id.
    validate = new Ajv2020({ allErrors: true, verbose: true, allowUnionTypes: true, strict: false }).compile(schema);
    validators.set(schema, validate);
  }
  if (validate(plain)) return { valid: true, broken: new Set() };
  const errors = validate.errors ?? [];
  for (const error of errors) reportSchemaError(source, root, error, reporter);
  const broken = errors.flatMap(({ keyword, instancePath, params }) => {
    if (keyword === 'additionalProperties') return []; // a name too many spoils nothing else
    return instancePath === '' ? [String(params['missingProperty'] ?? '')] : [instancePath.split('/')[1] ?? ''];
  });
  return { valid: false, broken: new Set(broken) };
}

/**
 * The offset in the file of an offset within a scalar's value. Folding and indentation change blanks only, so the sign that
 * is meant is found by counting those that are none; an escape in a quoted scalar shifts it by its own length.
 */
export function offsetInScalar(source: SourceText, node: YamlNode, offset: number): number {
  if (node.kind !== 'scalar') return node.start;
  const raw = source.text.slice(node.start, node.end);
  const value = String(node.value);
  if (node.style === 'quoted' && !raw.includes('\n')) return Math.min(node.start + 1 + offset, node.end);
  if (node.style === 'plain' && !raw.includes('\n')) return Math.min(node.start + offset, node.end);
  const before = value.slice(0, offset).replaceAll(/\s/g, '').length;
  const from = node.style === 'block' ? raw.indexOf('\n') + 1 : node.style === 'quoted' ? 1 : 0;
  let passed = 0;
  for (let at = from; at < raw.length; at += 1) {
    if (/\s/.test(raw[at] ?? '')) continue;
    if (passed === before) return node.start + at;
    passed += 1;
  }
  return node.start + raw.trimEnd().length;
}
