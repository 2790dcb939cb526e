import { compileControl, type CompiledControl } from '../cel/control.ts';
import type { NotLookedAt, RuleText } from '../model/assessment.ts';
import type { ParameterValue } from '../model/control.ts';
import type { PlannedControl } from '../model/plan.ts';

/** A control of the plan, compiled and ready to judge. */
export interface Prepared {
  readonly index: number;
  readonly planned: PlannedControl;
  readonly compiled: CompiledControl;
  readonly parameters: Readonly<Record<string, ParameterValue>>;
  /** Coverage key under which a target can yield what it judges. */
  readonly key: string;
}

/** Compiles a planned control. It compiled when the catalogue was loaded: what does not is a bug, or evidence that was changed. */
export function prepare(planned: PlannedControl, index: number): Prepared {
  const compilation = compileControl(planned.control);
  if (!compilation.ok)
    throw new Error(`${planned.control.id} does not compile: ${compilation.problems.map(({ message }) => message).join('; ')}`);
  const { compiled } = compilation;
  const parameters = Object.fromEntries(Object.entries(planned.parameters).map(([name, { value }]) => [name, value]));
  const key = compiled.probe === undefined ? planned.control.resource : `${planned.control.resource}#${compiled.probe}`;
  return { index, planned, compiled, parameters, key };
}

/** What reports need of a control. */
export function ruleOf({ control, parameters }: PlannedControl): RuleText {
  const { id, revision, family, title, rationale, severity, remediation, references, tags } = control;
  return { id, revision, family, title, rationale, severity, remediation, references, parameters, tags };
}

/** A control that no target could say anything about. */
export function notLookedAt({ planned: { control }, key }: Prepared): NotLookedAt {
  const kind = control.resource === '' ? control.scope : key;
  return {
    control: control.id,
    title: control.title,
    severity: control.severity,
    kind,
    reason: reasonOf(kind),
  };
}

/** `tls.listener#odd` is how coverage is kept; people are told the option that asks for it. */
function reasonOf(kind: string): NotLookedAt['reason'] {
  const [name = kind, probe] = kind.split('#');
  if (probe === undefined) return { en: `no target shows ${kind}`, zh: `没有目标能显示 ${kind}` };
  const option = probe === 'online' ? '--online' : `--probe ${probe}`;
  return { en: `no target shows ${name} with ${option}`, zh: `没有目标以 ${option} 显示 ${name}` };
}
