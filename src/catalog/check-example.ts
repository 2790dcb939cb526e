import { CAUSE_CODES } from '../model/fact.ts';
import type { Attributes, AttributeType } from '../resources/kind.ts';
import { kindOf, VOCABULARY } from '../resources/vocabulary.ts';
import { toPlain, yamlAt, type Span, type YamlNode } from '../text/yaml.ts';
import { nearest } from './diagnostic.ts';

type Complain = (at: Span, message: string, hint?: string) => void;

/** What is wrong with the facts that an example gives, each at its place: names and types that the kind does not have. */
export function checkExample(example: YamlNode, kind: string, complain: Complain): void {
  const facts = yamlAt(example, 'facts');
  if (facts !== undefined && kind !== '') checkFacts(facts, kind, complain);
  const neighbours = yamlAt(example, 'neighbours');
  if (neighbours?.kind !== 'map') return;
  for (const { name, key, value } of neighbours.entries) {
    const kinds = VOCABULARY.map((one) => one.name);
    if (kindOf(name) === undefined) complain(key, `no resource kind is called "${name}"`, nearest(name, kinds));
    else if (value.kind === 'list') for (const item of value.items) checkFacts(item, name, complain);
  }
}

function checkFacts(node: YamlNode, kind: string, complain: Complain): void {
  const attributes = kindOf(kind)?.attributes;
  if (attributes !== undefined) checkRecord(node, attributes, kind, complain);
}

function checkRecord(node: YamlNode, attributes: Attributes, record: string, complain: Complain): void {
  if (node.kind !== 'map') return;
  for (const { name, key, value } of node.entries) {
    const type = attributes[name]?.type;
    if (type !== undefined) checkValue(value, type, name, complain);
    else if (name !== 'id') complain(key, `"${name}" is no attribute of ${record}`, nearest(name, Object.keys(attributes)));
  }
}

/** `{ unknown: … }`, `{ absent: true }` and `{ open: … }` stand in the place of any value. */
function checkValue(node: YamlNode, type: AttributeType, name: string, complain: Complain): void {
  const say = (expected: string, hint?: string): void => complain(node, `${name} must be ${expected}`, hint);
  if (node.kind === 'map' && node.entries.some((entry) => ['unknown', 'absent', 'open'].includes(entry.name))) {
    for (const { name: word, value } of node.entries) if (word === 'unknown' || word === 'open') checkCause(value, complain);
    return;
  }
  if ('list' in type) {
    if (node.kind !== 'list') say('a list');
    else for (const item of node.items) checkValue(item, type.list, name, complain);
    return;
  }
  if ('record' in type) {
    if (node.kind !== 'map') say('a mapping (name: value)');
    else checkRecord(node, type.fields, type.record, complain);
    return;
  }
  const plain = toPlain(node);
  const fits =
    type.is === 'bool'
      ? typeof plain === 'boolean'
      : type.is === 'int' || type.is === 'double'
        ? typeof plain === 'number'
        : typeof plain === 'string';
  if (!fits) say(WORDS[type.is] ?? type.is);
  else if (type.values !== undefined && !type.values.includes(String(plain)))
    say(`one of ${type.values.join(', ')}`, nearest(String(plain), type.values));
}

/** A cause that is mistyped would be another one, and prove something else. */
function checkCause(node: YamlNode, complain: Complain): void {
  const cause = String(toPlain(node));
  if (!CAUSE_CODES.some((code) => code === cause))
    complain(node, `"${cause}" is no cause`, nearest(cause, CAUSE_CODES) ?? `causes are: ${CAUSE_CODES.join(', ')}`);
}

const WORDS: Readonly<Record<string, string>> = { bool: 'true or false', int: 'a whole number', double: 'a number', string: 'a text' };
