import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import type { SourceText } from '../text/source-text.ts';
import { parseYaml, toPlain, yamlAtPointer, type YamlNode } from '../text/yaml.ts';
import { nearest, type Reporter } from './diagnostic.ts';

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
  return document !== undefined && isValid(document, schema, reporter) ? document : undefined;
}

/** Parses a file of one YAML document. */
export function parseDocument(source: SourceText, reporter: Reporter): YamlDocument | undefined {
  const { documents, problems } = parseYaml(source);
  for (const { start, end, message } of problems) reporter.at(source, start, end, message, 'mend the YAML at this place');
  if (problems.length > 0) return undefined;
  const [root, second] = documents;
  if (root === undefined) {
    reporter.of(source.file, 'is empty');
    return undefined;
  }
  if (second !== undefined) reporter.at(source, second.start, second.start + 1, 'holds a second YAML document', 'one file, one document');
  return { source, root, plain: toPlain(root) };
}

/** Has the document the shape of its schema? Every problem is reported. */
export function isValid({ source, root, plain }: YamlDocument, schema: object, reporter: Reporter): boolean {
  let validate = validators.get(schema);
  if (validate === undefined) {
    // An instance for each schema: two versions of one schema (custos.yaml for other target kinds) share their $id.
    validate = new Ajv2020({ allErrors: true, verbose: true, allowUnionTypes: true, strict: false }).compile(schema);
    validators.set(schema, validate);
  }
  if (validate(plain)) return true;
  for (const error of validate.errors ?? []) reportSchemaError(source, root, error, reporter);
  return false;
}

function reportSchemaError(source: SourceText, root: YamlNode, error: ErrorObject, reporter: Reporter): void {
  const { node, entry } = yamlAtPointer(root, error.instancePath);
  const where = entry?.name ?? 'the file';
  const { params } = error;
  switch (error.keyword) {
    case 'additionalProperties': {
      const name = String(params['additionalProperty']);
      const key = yamlAtPointer(root, `${error.instancePath}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`).entry?.key ?? node;
      const known = Object.keys(error.parentSchema?.['properties'] ?? {});
      reporter.at(source, key.start, key.end, `"${name}" is not known here`, nearest(name, known) ?? `known are: ${known.join(', ')}`);
      return;
    }
    case 'required':
      reporter.at(
        source,
        entry?.key.start ?? node.start,
        entry?.key.end ?? Math.min(node.start + 1, node.end),
        `${where} lacks "${String(params['missingProperty'])}"`,
      );
      return;
    case 'enum': {
      const allowed = Array.isArray(params['allowedValues']) ? params['allowedValues'].map(String) : [];
      const written = node.kind === 'scalar' ? String(node.value) : '';
      reporter.at(source, node.start, node.end, `"${written}" is not one of ${allowed.join(', ')}`, nearest(written, allowed));
      return;
    }
    case 'anyOf':
      return; // its branches are reported
    default: {
      const end = node.kind === 'scalar' ? node.end : Math.min(node.end, node.start + 1);
      reporter.at(source, node.start, end, `${where} ${error.message ?? 'is not right'}`);
    }
  }
}

/** The offset in the file of an offset within a scalar's value: exact for one-line scalars, the value's line for blocks. */
export function offsetInScalar(source: SourceText, node: YamlNode, offset: number): number {
  if (node.kind !== 'scalar') return node.start;
  if (node.style === 'plain') return Math.min(node.start + offset, node.end);
  if (node.style === 'quoted') return Math.min(node.start + 1 + offset, node.end);
  return offsetInBlock(source.text.slice(node.start, node.end), String(node.value), offset) + node.start;
}

/** A literal block: skip its header line, then each line's indentation. Folded lines count their fold as one character too. */
function offsetInBlock(raw: string, value: string, offset: number): number {
  const header = raw.indexOf('\n') + 1;
  const indent = /^[ ]*/.exec(raw.slice(header))?.[0].length ?? 0;
  const line = value.slice(0, offset).split('\n').length - 1;
  const column = offset - (value.lastIndexOf('\n', offset - 1) + 1);
  const lines = raw.slice(header).split('\n');
  const before = lines.slice(0, line).reduce((sum, text) => sum + text.length + 1, 0);
  return Math.min(header + before + indent + column, raw.length);
}
