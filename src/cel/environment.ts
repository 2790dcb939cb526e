import { Environment } from '@marcbachmann/cel-js';
import type { ParameterType } from '../model/control.ts';
import type { Attributes, AttributeType } from '../resources/kind.ts';
import { VOCABULARY } from '../resources/vocabulary.ts';

/** What an expression may speak of besides the resource: its parameters, and in which scope it stands. */
export interface Signature {
  /** The resource kind of `r`; `''` where there is none. */
  readonly resource: string;
  readonly parameters: Readonly<Record<string, ParameterType>>;
  /** `outcomes(id)` exists in the findings scope only. */
  readonly findings: boolean;
}

/** Structural limits of the parser: a private catalogue is hostile too. */
const LIMITS = { maxAstNodes: 1000, maxDepth: 32, maxListElements: 100, maxMapEntries: 0, maxCallArguments: 8 };

/** `backup.plan` → `BackupPlan`: the CEL name of a kind's type. */
export function typeName(kind: string): string {
  return kind.replaceAll(/(?:^|\.)([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** The identifier that stands for `resources("backup.plan")` once the text is rewritten for the type checker. */
export function resourcesName(kind: string): string {
  return `resources_${kind.replaceAll('.', '_')}`;
}

const SCALARS = { string: 'string', bool: 'bool', int: 'int', double: 'double', timestamp: 'google.protobuf.Timestamp' } as const;

/** Record types by their CEL name: kinds, and the records inside them. */
const RECORDS = new Map<string, Attributes>();

function celType(type: AttributeType): string {
  if ('is' in type) return SCALARS[type.is];
  if ('list' in type) return `list<${celType(type.list)}>`;
  return type.record;
}

function registerRecords(environment: Environment, name: string, attributes: Attributes, names: Record<string, string> = {}): void {
  const fields: Record<string, string> = { ...names };
  for (const [attribute, { type }] of Object.entries(attributes)) {
    const inner = 'list' in type ? type.list : type;
    if ('record' in inner && !RECORDS.has(inner.record)) registerRecords(environment, inner.record, inner.fields);
    fields[attribute] = celType(type);
  }
  environment.registerType({ name, fields });
  RECORDS.set(name, attributes);
}

/** The evaluator is ours (`evaluate.ts`); the library parses and type-checks, so its handlers are never called. */
function neverCalled(): never {
  throw new Error('the library only checks types');
}

function baseEnvironment(): Environment {
  const environment = new Environment({ limits: LIMITS, homogeneousAggregateLiterals: true });
  for (const kind of VOCABULARY) {
    registerRecords(environment, typeName(kind.name), kind.attributes, { id: 'string', target: 'string' });
  }
  for (const kind of VOCABULARY) {
    const elements = `list<${typeName(kind.name)}>`;
    environment.registerVariable(resourcesName(kind.name), elements);
    for (const key of ['string', 'int', 'double', 'bool']) {
      environment.registerFunction(`${resourcesName(kind.name)}(string, ${key}): ${elements}`, neverCalled);
    }
  }
  environment.registerVariable('asOf', SCALARS.timestamp);
  environment.registerFunction('label(string): string', neverCalled);
  environment.registerFunction('re2(string, string): bool', neverCalled);
  environment.registerFunction('days(google.protobuf.Duration): double', neverCalled);
  return environment;
}

let base: Environment | undefined;

/** The typed environment of one control. A mistyped attribute, parameter or kind is an error when the catalogue loads. */
export function environmentFor(signature: Signature): Environment {
  base ??= baseEnvironment();
  const environment = base.clone();
  environment.registerType({ name: 'Parameters', fields: { ...signature.parameters } });
  environment.registerVariable('params', 'Parameters');
  if (signature.resource !== '') environment.registerVariable('r', typeName(signature.resource));
  if (signature.findings) environment.registerFunction('outcomes(string): list<string>', neverCalled);
  return environment;
}

/** The attributes of a record type, by its CEL name. */
export function attributesOf(name: string): Attributes | undefined {
  base ??= baseEnvironment();
  return RECORDS.get(name);
}
