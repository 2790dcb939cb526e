import { compileControl } from '../cel/control.ts';
import type { AttestedClaim, ControlDefinition, ControlExample, Lesser, Parameter, ParameterValue } from '../model/control.ts';
import type { Localized } from '../model/localized.ts';
import { controlSchema } from '../schema/control.ts';
import { kindOf, VOCABULARY } from '../resources/vocabulary.ts';
import type { SourceText } from '../text/source-text.ts';
import { yamlAt, yamlAtPointer } from '../text/yaml.ts';
import { nearest, type Reporter } from './diagnostic.ts';
import { citationProblem, type Register } from './register.ts';
import { offsetInScalar, readDocument, type YamlDocument } from './yaml-document.ts';

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
  readonly offending?: string;
  readonly message: Localized;
  readonly remediation: Localized & { readonly examples?: { readonly [product: string]: string } };
  readonly references?: { readonly [register: string]: readonly string[] };
  readonly report?: readonly string[];
  readonly tags?: readonly string[];
  readonly verification: ControlDefinition['verification'];
  readonly examples: readonly (Omit<ControlExample, 'parameters'> & { readonly params?: { readonly [name: string]: ParameterValue } })[];
}

function isControlFile(document: YamlDocument): document is YamlDocument & { readonly plain: ControlFile } {
  return typeof document.plain === 'object'; // the schema has been checked
}

/** Reads a control: schema, cross-field rules, references, and every expression compiled and type-checked. */
export function readControl(source: SourceText, bundled: boolean, register: Register, reporter: Reporter): ControlDefinition | undefined {
  const document = readDocument(source, controlSchema, reporter);
  if (document === undefined || !isControlFile(document)) return undefined;
  const { plain, root } = document;
  const before = reporter.diagnostics.length;
  const complain = (pointer: string, message: string, hint?: string): void => {
    const { node, entry } = yamlAtPointer(root, pointer);
    const at = entry?.key ?? { start: node.start, end: node.start + 1 };
    reporter.at(source, at.start, at.end, message, hint);
  };

  const definition: ControlDefinition = {
    id: plain.id,
    revision: plain.revision ?? 1,
    family: plain.id.replace(/-\d+$/, ''),
    title: plain.title,
    rationale: plain.rationale,
    severity: plain.severity,
    lesser: plain.lesser ?? [],
    scope: plain.scope ?? 'resource',
    resource: plain.resource ?? (plain.verification === 'attested' ? 'attestation' : ''),
    ...(plain.when === undefined ? {} : { when: plain.when }),
    ...(plain.assert === undefined ? {} : { assert: plain.assert }),
    ...(plain.attested === undefined ? {} : { attested: plain.attested }),
    ...(plain.offending === undefined ? {} : { offending: plain.offending }),
    message: plain.message,
    remediation: { en: plain.remediation.en, zh: plain.remediation.zh, examples: plain.remediation.examples ?? {} },
    references: plain.references ?? {},
    report: plain.report ?? [],
    tags: plain.tags ?? [],
    verification: plain.verification,
    parameters: plain.params ?? {},
    examples: plain.examples.map(({ params, ...example }) => (params === undefined ? example : { ...example, parameters: params })),
    declaredAt: source.range(yamlAt(root, 'id')?.start ?? 0, yamlAt(root, 'id')?.end ?? 1),
    bundled,
  };

  checkFileName(source, definition.id, complain);
  checkScope(definition, complain);
  checkVerification(definition, complain);
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
  if (reporter.diagnostics.length > before) return undefined;

  const compilation = compileControl(definition);
  if (compilation.ok) return definition;
  for (const { field, start, end, message, candidates } of compilation.problems) {
    const { node } = yamlAtPointer(root, `/${field}`);
    const written = /"([^"]+)"/.exec(message)?.[1];
    const hint =
      written === undefined || candidates === undefined
        ? undefined
        : (nearest(written, candidates) ?? `known are: ${[...new Set(candidates)].join(', ')}`);
    reporter.at(source, offsetInScalar(source, node, start), offsetInScalar(source, node, end), message, hint);
  }
  return undefined;
}

type Complain = (pointer: string, message: string, hint?: string) => void;

function checkFileName(source: SourceText, id: string, complain: Complain): void {
  const name = source.file.split('/').at(-1) ?? '';
  if (!name.startsWith(`${id}-`) && name !== `${id}.yaml`) complain('/id', `the file of ${id} must be called ${id}-<slug>.yaml`);
}

function checkScope({ scope, resource, assert }: ControlDefinition, complain: Complain): void {
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
  return fits ? undefined : `must be ${type}`;
}
