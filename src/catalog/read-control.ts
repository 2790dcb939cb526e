import { compileControl } from '../cel/control.ts';
import type { AttestedClaim, ControlDefinition, ControlExample, Lesser, Parameter, ParameterValue } from '../model/control.ts';
import type { Localized } from '../model/localized.ts';
import { controlSchema } from '../schema/control.ts';
import { kindOf, VOCABULARY } from '../resources/vocabulary.ts';
import type { SourceText } from '../text/source-text.ts';
import { yamlAt, yamlAtPointer, type YamlNode } from '../text/yaml.ts';
import { checkExample } from './check-example.ts';
import { nearest, nearestName, type Reporter } from './diagnostic.ts';
import { citationProblem, type Register } from './register.ts';
import { offsetInScalar, parseDocument, shapeOf, type YamlDocument } from './yaml-document.ts';

/** A control's YAML file, as its schema lets it through. */
interface ControlFile {
  readonly id: string;
  readonly revision?: number;
  readonly title: Localized;
  readonly rationale: Localized;
  readonly severity: ControlDefinition['severity'];
  readonly lesser?: readonly Lesser[];
  readonly scope?: ControlDefinition['scope'];
  readonly resource?: string;
  readonly when?: string;
  readonly assert?: string;
  readonly attested?: AttestedClaim;
  readonly params?: { readonly [name: string]: Parameter };
  readonly offending?: string | readonly string[];
  readonly message: Localized;
  readonly remediation: Localized & { readonly examples?: { readonly [product: string]: string } };
  readonly references?: { readonly [register: string]: readonly string[] };
  readonly report?: readonly string[];
  readonly tags?: readonly string[];
  readonly verification: ControlDefinition['verification'];
  readonly examples: readonly (Omit<ControlExample, 'parameters'> & { readonly params?: { readonly [name: string]: ParameterValue } })[];
}

function isPartOfControl(plain: unknown): plain is Partial<ControlFile> {
  return typeof plain === 'object'; // every value in it has been held against the schema
}

/**
 * Reads a control: schema, cross-field rules, references, and every expression compiled and type-checked. What does not have
 * its shape is left out and the rest is still checked, so that all that is wrong is told at once.
 */
export function readControl(source: SourceText, bundled: boolean, register: Register, reporter: Reporter): ControlDefinition | undefined {
  const before = reporter.diagnostics.length;
  const document = parseDocument(source, reporter);
  if (document === undefined) return undefined;
  const { root } = document;
  const { broken } = shapeOf(document, controlSchema, reporter);
  const plain = Object.fromEntries(Object.entries(document.plain ?? {}).filter(([name]) => root.kind === 'map' && !broken.has(name)));
  if (!isPartOfControl(plain)) return undefined;
  const complain = (pointer: string, message: string, hint?: string): void => {
    const { node, entry } = yamlAtPointer(root, pointer);
    const at = node.kind === 'scalar' ? node : (entry?.key ?? { start: node.start, end: node.start + 1 });
    reporter.at(source, at.start, at.end, message, hint);
  };
  const definition = definitionOf(plain, document, bundled);

  const sound = (...names: readonly string[]): boolean => !names.some((name) => broken.has(name));
  if (plain.id !== undefined) checkFileName(source, definition.id, complain);
  if (sound('resource')) checkKind(definition, complain);
  if (sound('scope', 'resource', 'assert', 'verification')) checkScope(definition, complain);
  if (sound('verification', 'attested', 'assert')) checkVerification(definition, complain);
  for (const [name, parameter] of Object.entries(definition.parameters)) {
    const problem = parameterProblem(parameter.type, parameter.default);
    if (problem !== undefined) complain(`/params/${name}/default`, problem);
  }
  for (const [id, clauses] of Object.entries(definition.references)) {
    for (const clause of clauses.length === 0 ? [''] : clauses) {
      const problem = citationProblem(register, id, clause);
      if (problem !== undefined) complain(`/references/${id}`, problem.message, problem.hint);
    }
  }
  // A mistyped kind has a nearest one, most likely meant: its attributes are what the rest was written for.
  const kinds = VOCABULARY.map(({ name }) => name);
  const kind = definition.resource === '' ? '' : nearestName(definition.resource, kinds);
  if (sound('resource') && kind !== undefined) {
    for (const example of yamlItems(root, 'examples'))
      checkExample(example, kind, (at, message, hint) => reporter.at(source, at.start, at.end, message, hint));
    if (sound('params')) reportExpressions({ ...definition, resource: kind }, document, reporter);
  }
  return reporter.diagnostics.length > before ? undefined : definition;
}

/** The control that a file defines; what it does not say, or not well, is empty. */
function definitionOf(plain: Partial<ControlFile>, { source, root }: YamlDocument, bundled: boolean): ControlDefinition {
  const nothing: Localized = { en: '', zh: '' };
  const rangeOf = (...path: readonly (string | number)[]): ControlDefinition['declaredAt'] | undefined => {
    const at = yamlAt(root, ...path);
    return at === undefined ? undefined : source.range(at.start, at.end);
  };
  const { id = '', remediation = nothing, verification = 'automated' } = plain;
  return {
    id,
    revision: plain.revision ?? 1,
    family: id.replace(/-\d+$/, ''),
    title: plain.title ?? nothing,
    rationale: plain.rationale ?? nothing,
    severity: plain.severity ?? 'info',
    lesser: plain.lesser ?? [],
    scope: plain.scope ?? 'resource',
    resource: plain.resource ?? (verification === 'attested' ? 'attestation' : ''),
    ...(plain.when === undefined ? {} : { when: plain.when }),
    ...(plain.assert === undefined ? {} : { assert: plain.assert }),
    ...(plain.attested === undefined ? {} : { attested: plain.attested }),
    ...(plain.offending === undefined ? {} : { offending: typeof plain.offending === 'string' ? [plain.offending] : plain.offending }),
    message: plain.message ?? nothing,
    remediation: { en: remediation.en, zh: remediation.zh, examples: plain.remediation?.examples ?? {} },
    references: plain.references ?? {},
    report: plain.report ?? [],
    tags: plain.tags ?? [],
    verification,
    parameters: plain.params ?? {},
    examples: (plain.examples ?? []).map(({ params, ...example }, index) => {
      const [declaredAt, formatAt] = [rangeOf('examples', index, 'name'), rangeOf('examples', index, 'format')];
      return {
        ...example,
        ...(params === undefined ? {} : { parameters: params }),
        ...(declaredAt === undefined ? {} : { declaredAt }),
        ...(formatAt === undefined ? {} : { formatAt }),
      };
    }),
    declaredAt: rangeOf('id') ?? source.range(0, 1),
    bundled,
  };
}

/** Every expression that does not compile, with the column in its own text. */
function reportExpressions(definition: ControlDefinition, { source, root }: YamlDocument, reporter: Reporter): void {
  const compilation = compileControl(definition);
  if (compilation.ok) return;
  for (const { field, start, end, message, candidates } of compilation.problems) {
    const { node } = yamlAtPointer(root, `/${field}`);
    const written = /"([^"]+)"/.exec(message)?.[1];
    const hint =
      written === undefined || candidates === undefined
        ? undefined
        : (nearest(written, candidates) ?? `known are: ${[...new Set(candidates)].join(', ')}`);
    reporter.at(source, offsetInScalar(source, node, start), offsetInScalar(source, node, end), message, hint);
  }
}

function yamlItems(root: YamlNode, name: string): readonly YamlNode[] {
  const node = yamlAt(root, name);
  return node?.kind === 'list' ? node.items : [];
}

type Complain = (pointer: string, message: string, hint?: string) => void;

function checkFileName(source: SourceText, id: string, complain: Complain): void {
  const name = source.file.split('/').at(-1) ?? '';
  if (!name.startsWith(`${id}-`) && name !== `${id}.yaml`) complain('/id', `the file of ${id} must be called ${id}-<slug>.yaml`);
}

function checkKind({ resource }: ControlDefinition, complain: Complain): void {
  if (resource !== '' && kindOf(resource) === undefined) {
    complain(
      '/resource',
      `no resource kind is called "${resource}"`,
      nearest(
        resource,
        VOCABULARY.map(({ name }) => name),
      ) ?? `kinds are: ${VOCABULARY.map(({ name }) => name).join(', ')}`,
    );
  }
}

function checkScope({ scope, resource, assert }: ControlDefinition, complain: Complain): void {
  if (scope === 'resource' && resource === '') complain('/id', 'a control judges a resource kind: set resource:, or another scope:');
  if (scope !== 'resource' && resource !== '') complain('/resource', `scope: ${scope} judges no single resource`);
  if (scope !== 'resource' && assert === undefined) complain('/scope', `scope: ${scope} needs an assert:`);
}

function checkVerification({ verification, attested, assert }: ControlDefinition, complain: Complain): void {
  if (verification === 'automated' && attested !== undefined)
    complain('/attested', 'a control that is verified automatically cannot be attested', 'verification: either, or remove attested:');
  if (verification !== 'automated' && attested === undefined) complain('/verification', `verification: ${verification} needs attested:`);
  if (verification === 'attested' && assert !== undefined) complain('/assert', 'verification: attested is decided by attested: alone');
  if (verification !== 'attested' && assert === undefined) complain('/verification', `verification: ${verification} needs an assert:`);
}

const PARAMETER_WORDS = {
  bool: 'true or false',
  int: 'a whole number',
  double: 'a number',
  string: 'a text',
  'list<string>': 'a list of texts',
  'list<int>': 'a list of whole numbers',
} as const satisfies Record<Parameter['type'], string>;

/** What is wrong with a value for a parameter's type, if anything. */
export function parameterProblem(type: Parameter['type'], value: ParameterValue): string | undefined {
  const is = (one: unknown, scalar: string): boolean =>
    scalar === 'string'
      ? typeof one === 'string'
      : scalar === 'bool'
        ? typeof one === 'boolean'
        : scalar === 'int'
          ? Number.isSafeInteger(one)
          : typeof one === 'number' && Number.isFinite(one);
  const element = /^list<(.+)>$/.exec(type)?.[1];
  const fits = element === undefined ? is(value, type) : Array.isArray(value) && value.every((one) => is(one, element));
  return fits ? undefined : `must be ${PARAMETER_WORDS[type]}`;
}
