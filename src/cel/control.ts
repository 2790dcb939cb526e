import type { Environment } from '@marcbachmann/cel-js';
import type { Control } from '../model/control.ts';
import type { Localized } from '../model/localized.ts';
import { compile, type Expression } from './compile.ts';
import type { ExpressionProblem } from './bounds.ts';
import { environmentFor } from './environment.ts';
import { compileTemplate, expressionsOf, type Template } from './template.ts';

/** A control whose expressions are compiled and type-checked. */
export interface CompiledControl {
  readonly control: Control;
  readonly when?: Expression;
  readonly assert?: Expression;
  readonly attested?: Expression;
  readonly offending: readonly Expression[];
  readonly lesser: readonly { readonly if: Expression; readonly severity: Control['severity'] }[];
  readonly message: { readonly [L in keyof Localized]: Template };
  /** Kinds it asks for through `resources("…")`. */
  readonly kinds: readonly string[];
  /** Every attribute that any of its expressions reads, messages included: `Datastore.name`. */
  readonly reads: readonly string[];
  /** Some expression may read others than these. */
  readonly readsAny: boolean;
  /** Controls whose outcomes it judges (`scope: findings`). */
  readonly outcomes: readonly string[];
  /** The opt-in probe class it reads, if any. */
  readonly probe?: string;
}

/** A problem of one field of a control: `field` is its path (`lesser/0/if`), the offsets are within that field's text. */
export interface ControlProblem extends ExpressionProblem {
  readonly field: string;
}

export type ControlCompilation =
  | { readonly ok: true; readonly compiled: CompiledControl }
  | { readonly ok: false; readonly problems: readonly ControlProblem[] };

/** Compiles every expression of a control, and reports all that is wrong at once. Cheap: a plan is compiled again wherever it is read. */
export function compileControl(control: Control): ControlCompilation {
  const problems: ControlProblem[] = [];
  const parameters = Object.fromEntries(Object.entries(control.parameters).map(([name, { type }]) => [name, type]));
  const names = Object.keys(parameters);
  const environment = environmentFor({ resource: control.resource, parameters, findings: control.scope === 'findings' });
  const report = (field: string, found: readonly ExpressionProblem[]): void => {
    for (const problem of found) problems.push({ ...problem, field });
  };
  const expression = (
    field: string,
    source: string | undefined,
    type: 'bool' | 'list',
    kind = control.resource,
    env: Environment = environment,
  ): Expression | undefined => {
    if (source === undefined) return undefined;
    const compiled = compile(source, env, type, kind, names);
    if (compiled.ok) return compiled.expression;
    report(field, compiled.problems);
    return undefined;
  };

  const when = expression('when', control.when, 'bool');
  const assert = expression('assert', control.assert, 'bool');
  const offending = (control.offending ?? []).flatMap((source, index, all) => {
    const list = expression(all.length === 1 ? 'offending' : `offending/${index}`, source, 'list');
    return list === undefined ? [] : [list];
  });
  const attested =
    control.attested === undefined
      ? undefined
      : expression(
          'attested/assert',
          control.attested.assert,
          'bool',
          'attestation',
          environmentFor({ resource: 'attestation', parameters, findings: false }),
        );
  const lesser = control.lesser.flatMap(({ if: source, severity }, index) => {
    const condition = expression(`lesser/${index}/if`, source, 'bool');
    return condition === undefined ? [] : [{ if: condition, severity }];
  });
  const template = (language: keyof Localized): Template => {
    const compiled = compileTemplate(control.message[language], environment, control.resource, names);
    report(`message/${language}`, compiled.problems);
    return compiled.template;
  };
  const message = { en: template('en'), zh: template('zh') };

  for (const [field, compiled] of [
    ['assert', assert],
    ['attested/assert', attested],
  ] as const) {
    if (compiled !== undefined && !readsSomething(compiled)) {
      report(field, [{ start: 0, end: compiled.source.length, message: 'reads no fact, so that nothing could ever decide it' }]);
    }
  }
  const read = [when, assert].flatMap((one) => one?.reads ?? []);
  const classes = new Set(read.map(({ attribute }) => attribute.probe ?? ''));
  if (classes.size > 1 && read.some(({ attribute }) => attribute.probe !== undefined)) {
    report('assert', [
      {
        start: 0,
        end: control.assert?.length ?? 0,
        message: 'mixes facts of the default probes with facts of an opt-in class: they belong in two controls',
      },
    ]);
  }
  if (problems.length > 0) return { ok: false, problems };

  const probe = read.find(({ attribute }) => attribute.probe !== undefined)?.attribute.probe;
  const all = [when, assert, ...offending, attested, ...lesser.map((one) => one.if)].filter((one) => one !== undefined);
  const told = [...all, ...expressionsOf(message.en), ...expressionsOf(message.zh)];
  return {
    ok: true,
    compiled: {
      control,
      reads: [...new Set(told.flatMap(({ reads }) => reads.map(({ type, name }) => `${type}.${name}`)))],
      readsAny: told.some(({ readsAny }) => readsAny),
      ...(when === undefined ? {} : { when }),
      ...(assert === undefined ? {} : { assert }),
      ...(attested === undefined ? {} : { attested }),
      offending,
      ...(probe === undefined ? {} : { probe }),
      lesser,
      message,
      kinds: [...new Set(all.flatMap(({ kinds }) => kinds))],
      outcomes: [...new Set(all.flatMap(({ outcomes }) => outcomes))],
    },
  };
}

function readsSomething({ reads, kinds, outcomes, labels }: Expression): boolean {
  return reads.length > 0 || kinds.length > 0 || outcomes.length > 0 || labels.length > 0;
}
