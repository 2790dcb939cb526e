import { derived, known, unknown, type Fact, type Origin, type Unknown } from '../../model/fact.ts';
import { isReference, isSecretName } from '../../text/secrets.ts';
import type { SourceText } from '../../text/source-text.ts';
import { hidingLine } from '../../text/template.ts';
import type { YamlNode } from '../../text/yaml.ts';
import { placeOfNode, type PlacedNode } from '../../text/yaml-layers.ts';
import type { FormatContext } from './format.ts';

/** The variables that a project's `.env` file sets; unknown as a whole where that file could not be read. */
export interface Variables {
  readonly file: ReadonlyMap<string, Fact<string>> | Unknown;
}

const LINE = /^[ \t]*(?:export[ \t]+)?([A-Za-z_][\w.]*)[ \t]*[=:][ \t]*(.*?)[ \t\r]*$/;

/** Opens an environment file beside a Compose file, and marks the secrets in it. */
export async function openEnvironment(path: string, context: FormatContext): Promise<SourceText | Unknown | 'not-there'> {
  const source = await context.open(path);
  if (source !== 'not-there' && !('state' in source)) markEnvironment(source);
  return source;
}

/** The `.env` file of a project directory: https://docs.docker.com/compose/how-tos/environment-variables/variable-interpolation/ */
export async function variablesOf(directory: string, context: FormatContext): Promise<Variables> {
  const source = await openEnvironment(directory === '.' ? '.env' : `${directory}/.env`, context);
  if (source === 'not-there') return { file: new Map() };
  if ('state' in source) return { file: source };
  const hiding = hidingLine(source.text);
  if (hiding !== undefined)
    return { file: unknown('unresolved', `${source.file}: ${hiding.what}`, source.origin(hiding.start, hiding.end)) };
  return {
    file: new Map(assignments(source).map(({ name, value, start, end }) => [name, valueOf(value, name, source.origin(start, end))])),
  };
}

/** Marks every secret of an environment file: the value of each name that announces one. */
export function markEnvironment(source: SourceText): void {
  for (const { name, value, start, end } of assignments(source)) {
    if (isSecretName(name) && !isReference(unquoted(value))) source.markSecret(start, end, name);
  }
}

interface Assignment {
  readonly name: string;
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

function assignments(source: SourceText): readonly Assignment[] {
  const found: Assignment[] = [];
  let at = 0;
  for (const line of source.text.split('\n')) {
    const match = line.length > 65_536 ? null : LINE.exec(line);
    const [, name, value = ''] = match ?? [];
    if (name !== undefined) {
      const start = at + line.indexOf(value, line.search(/[=:]/) + 1);
      found.push({ name, value, start, end: start + value.length });
    }
    at += line.length + 1;
  }
  return found;
}

function unquoted(value: string): string {
  return /^(["'])(.*)\1$/.exec(value)?.[2] ?? value.replace(/\s#.*$/, '').trimEnd();
}

/** Single quotes are literal; elsewhere a `$` refers to further variables, and `\` escapes: not resolved here. */
function valueOf(value: string, name: string, at: Origin): Fact<string> {
  const literal = /^'([^']*)'$/.exec(value)?.[1];
  if (literal !== undefined) return known(literal, at);
  const text = unquoted(value);
  return /[$\\]|^["']/.test(text) ? unknown('unresolved', `variable ${name}`, at) : known(text, at);
}

const VARIABLE = /\$(?:(\$)|\{([^{}$]*)\}|([A-Za-z_]\w*)|(.?))/g;
const EXPRESSION = /^([A-Za-z_]\w*)(?:(:?[-?+])(.*))?$/s;

/**
 * A scalar's text with its variables filled in. Only what `.env` sets is known: any other variable, with or without a default
 * in the text, is the environment's of whoever starts the project.
 */
export function interpolated(placed: PlacedNode, variables: Variables): Fact<string> {
  const at = placeOfNode(placed);
  const { node } = placed;
  if (node.kind !== 'scalar') return unknown('unparseable', 'not a single value', at);
  const text = typeof node.value === 'string' ? node.value : node.text;
  if (node.tag !== undefined && node.tag !== '!override') return unknown('unresolved', node.tag, at);
  if (/\{\{|\{%|<%/.test(text)) return unknown('unresolved', 'a template', at);
  if (!text.includes('$')) return known(text, at);
  const used: Origin[] = [];
  let missing: string | undefined;
  const filled = text.replaceAll(VARIABLE, (_whole, escaped?: string, inner?: string, bare?: string) => {
    if (escaped !== undefined) return '$';
    const [, name, operator = '', alternative = ''] = EXPRESSION.exec(inner ?? bare ?? '') ?? [];
    const set = name === undefined || 'state' in variables.file ? undefined : variables.file.get(name);
    if (set?.state !== 'known') {
      missing ??= name ?? text;
      return '';
    }
    used.push(set.origin);
    const empty = operator.startsWith(':') && set.value === '';
    if (operator.endsWith('+')) return empty ? '' : alternative;
    return empty && operator.endsWith('-') ? alternative : set.value;
  });
  if (missing !== undefined) return unknown('unresolved', `variable ${missing.slice(0, 80)}`, at);
  return known(filled, used.length === 0 ? at : derived('variables that .env sets', at, ...used));
}

const FLAG = /(--?[A-Za-z][\w-]{0,60})(?:=|[ \t]+)(\S{3,512})/g;

/** Marks secrets of a Compose file: environment and build arguments in map and list form, and flags of commands. */
export function markComposeSecrets(source: SourceText, node: YamlNode, before?: YamlNode): void {
  if (node.kind === 'map') {
    for (const { name, value } of node.entries) {
      if (value.kind === 'scalar' && isSecretName(name) && !isReference(value.text)) source.markSecret(value.start, value.end, name);
      markComposeSecrets(source, value);
    }
  } else if (node.kind === 'list') {
    for (const [index, item] of node.items.entries()) markComposeSecrets(source, item, node.items[index - 1]);
  } else {
    const flag = before?.kind === 'scalar' ? /^--?([A-Za-z][\w-]*)$/.exec(before.text)?.[1] : undefined;
    if (flag !== undefined && isSecretName(flag) && !isReference(node.text)) source.markSecret(node.start, node.end, flag);
    const written = source.text.slice(node.start, node.end);
    const [, name = '', value = ''] = /^["']?([A-Za-z_][\w.]{0,120})=([\s\S]*?)["']?$/.exec(written) ?? [];
    if (isSecretName(name) && !isReference(value)) source.markSecret(node.start + written.indexOf('=') + 1, node.end, name);
    for (const match of written.matchAll(FLAG)) {
      const [whole, name_ = '', argument = ''] = match;
      const start = node.start + match.index + whole.length - argument.length;
      if (isSecretName(name_) && !isReference(argument)) source.markSecret(start, start + argument.length, name_);
    }
  }
}
