import type { Context } from '../cel/run.ts';
import { readFact, undecided, type Result } from '../cel/result.ts';
import { renderTemplate } from '../cel/template.ts';
import { secretInChinese } from '../model/details/translate.ts';
import type { Summary, TargetSummary } from '../model/assessment.ts';
import type { Severity } from '../model/control.ts';
import type { EndpointProfile } from '../model/endpoint.ts';
import { endpointProfiles } from '../rating/endpoint-profile.ts';
import { isNonEmpty, known } from '../model/fact.ts';
import type { Finding, Outcome, Part, Witness } from '../model/finding.ts';
import type { Plan } from '../model/plan.ts';
import type { Coverage, Resource, Target, TargetRecord } from '../model/resource.ts';
import type { Baseline } from '../model/baseline.ts';
import { Comparison } from './baseline.ts';
import { ASSESSMENT, findingOf, manualFinding, type Subject } from './finding.ts';
import { FirstPass } from './first-pass.ts';
import { fold } from './fold.ts';
import { Gatekeeper } from './gate.ts';
import { judge, noting, type Judgement } from './judge.ts';
import { gapsOf, Neighbourhood, subjectOf } from './neighbourhood.ts';
import { Pairs } from './pairs.ts';
import { notLookedAt, prepare, ruleOf, type Prepared } from './prepared.ts';
import { Retention, type Keeper } from './retention.ts';
import { RollCall } from './roll-call.ts';
import { gradeOf, Scorer } from './score.ts';
import { Waivers } from './waive.ts';

/** What evaluation is told besides plan and evidence. */
export interface EvaluationOptions {
  readonly baseline?: Baseline;
  readonly toolVersion: string;
  readonly planDigest: string;
  /** First-pass outcomes that an example of a findings control gives, in the place of real ones. */
  readonly givenOutcomes?: Readonly<Record<string, readonly string[]>>;
  /** Sees which control is about to be judged, so that a deadline can name it. */
  readonly onControl?: (index: number) => void;
}

/** What is left after the last record is judged in pieces: the findings of a fleet must not be in memory at once. */
const AT_ONCE = 100;

/** A resource kept until all neighbours are known. */
interface Deferred {
  readonly prepared: Prepared;
  readonly target: Target;
  readonly resources: readonly Resource[];
  readonly coverage: Coverage;
}

/**
 * Judges target records as they come, sorted by target id: findings leave at once, and only what controls name through
 * `resources("…")` is kept. Pure and synchronous: no clock, no disk, no network. The same records give the same findings.
 */
export class Evaluation {
  readonly #plan: Plan;
  readonly #options: EvaluationOptions;
  readonly #prepared: readonly Prepared[];
  readonly #neighbours: Neighbourhood;
  readonly #retention: Retention;
  readonly #deferred: Deferred[] = [];
  readonly #reached = new Set<string>();
  readonly #found = new Map<string, number>();
  readonly #covered = new Map<string, Coverage['status']>();
  readonly #targets: TargetSummary[] = [];
  readonly #endpoints: EndpointProfile[] = [];
  readonly #waivers: Waivers;
  readonly #scorer: Scorer;
  readonly #gate: Gatekeeper;
  readonly #comparison: Comparison | undefined;
  readonly #counts: Record<Outcome, number> = { fail: 0, error: 0, unknown: 0, manual: 0, pass: 0, 'not-applicable': 0 };
  readonly #failed: Record<Severity, number> = { critical: 0, high: 0, medium: 0, low: 0, info: 0 };
  readonly #firstPass: FirstPass;
  readonly #pairs: Pairs;
  readonly #asOf: number;
  readonly #roll: RollCall;

  constructor(plan: Plan, options: EvaluationOptions) {
    this.#plan = plan;
    this.#options = options;
    this.#asOf = Date.parse(plan.asOf);
    this.#prepared = plan.controls.map(prepare).toSorted((a, b) => (a.planned.control.id < b.planned.control.id ? -1 : 1));
    const asked = this.#prepared.flatMap(({ compiled }) =>
      compiled.attested === undefined ? compiled.kinds : [...compiled.kinds, 'attestation'],
    );
    this.#neighbours = new Neighbourhood(asked);
    this.#retention = new Retention(this.#prepared.map(({ compiled }) => compiled));
    const judged = this.#prepared.flatMap(({ key, planned }) => (planned.control.resource === '' ? [] : [key]));
    this.#roll = new RollCall(plan.targets, [...judged, ...asked], plan.asOf);
    this.#pairs = new Pairs(plan.targets);
    const given = Object.entries(options.givenOutcomes ?? {});
    this.#firstPass = new FirstPass([...this.#prepared.flatMap(({ compiled }) => compiled.outcomes), ...given.map(([id]) => id)]);
    for (const [id, outcomes] of given) {
      this.#firstPass.give(id, outcomes, this.#prepared[0]?.planned);
      this.#reached.add(id);
    }
    this.#waivers = new Waivers(plan.waivers, plan.asOf);
    this.#scorer = new Scorer(plan.controls);
    this.#gate = new Gatekeeper(plan.gate);
    this.#comparison = options.baseline === undefined ? undefined : new Comparison(options.baseline);
  }

  /**
   * Findings of one target, and of those before it that nobody delivered; those that need neighbours come from `finish`.
   * Records must come in order of target id.
   */
  judge(record: TargetRecord): readonly Finding[] {
    return this.#roll.answer(record).flatMap((one) => [...this.#judgeRecord(one)]);
  }

  /**
   * After the last record: a piece of what is left, until there is nothing. Targets that nobody delivered come first, then what
   * had to wait for its neighbours; the rest comes with the summary.
   */
  judgeRest(): readonly Finding[] | undefined {
    const missing = this.#roll.rest(AT_ONCE);
    if (missing.length > 0) return missing.flatMap((one) => [...this.#judgeRecord(one)]);
    const waiting = this.#deferred.splice(0, AT_ONCE);
    return waiting.length === 0 ? undefined : waiting.flatMap((work) => [...this.#judgeTarget(work)]);
  }

  #judgeRecord(record: TargetRecord): readonly Finding[] {
    const keeper = this.#retention.ofRecord();
    this.#note(record, keeper);
    const findings: Finding[] = [];
    for (const prepared of this.#prepared) {
      const { compiled, key } = prepared;
      const coverage = record.coverage[key];
      if (coverage === undefined || compiled.assert === undefined || compiled.control.scope !== 'resource') continue;
      this.#reached.add(compiled.control.id);
      const resources = record.resources
        .filter(({ kind }) => kind === compiled.control.resource)
        .toSorted((a, b) => (a.id < b.id ? -1 : 1));
      const work: Deferred = { prepared, target: record.target, resources, coverage };
      if (compiled.kinds.length > 0)
        this.#deferred.push({ ...work, resources: resources.map((one) => keeper.resource(one)), coverage: keeper.coverage(coverage) });
      else findings.push(...this.#judgeTarget(work));
    }
    return findings;
  }

  /** The last findings, and the summary. Call once, after the last record. */
  finish(): { readonly findings: readonly Finding[]; readonly summary: Summary } {
    const findings: Finding[] = [];
    for (let some = this.judgeRest(); some !== undefined; some = this.judgeRest()) findings.push(...some);
    for (const prepared of this.#prepared) {
      const { scope } = prepared.compiled.control;
      if (scope === 'assessment') findings.push(...this.#judgeAssessment(prepared));
      else if (scope === 'resource') findings.push(...this.#attest(prepared), ...this.#expect(prepared));
    }
    for (const prepared of this.#prepared) {
      if (prepared.compiled.control.scope === 'findings') findings.push(...this.#judgeAssessment(prepared));
    }
    return { findings, summary: this.#summary() };
  }

  #note(record: TargetRecord, keeper: Keeper): void {
    const { target, looked, gaps, collectedAt, resources, coverage } = record;
    this.#endpoints.push(...endpointProfiles(record, this.#plan.asOf));
    this.#neighbours.add(record, keeper);
    this.#targets.push({ target, resources: resources.length, looked, gaps, collectedAt });
    for (const { kind } of resources) this.#found.set(kind, (this.#found.get(kind) ?? 0) + 1);
    if (this.#comparison === undefined) return;
    for (const [kind, { status }] of Object.entries(coverage)) this.#covered.set(`${target.id}\u0000${kind}`, status);
  }

  /** Conservation: every resource of the kind gives a finding, and so does what could not be seen. */
  #judgeTarget({ prepared, target, resources, coverage }: Deferred): readonly Finding[] {
    const { compiled } = prepared;
    const { control, assert } = compiled;
    if (assert === undefined) return [];
    const findings = resources.map((resource) => {
      const { context, parts } = noting(this.#context(prepared, target, resource));
      const judgement = judge(compiled, assert, context, prepared.planned.emptyMayPass);
      const subject: Subject = {
        target,
        targetId: target.id,
        resource: resource.id,
        kind: resource.kind,
        stance: resource.stance,
        basis: 'automated',
      };
      return this.#settle(prepared, subject, judgement, context, parts());
    });
    if (findings.length !== resources.length)
      throw new Error(`${control.id}: ${resources.length} resources gave ${findings.length} findings`);
    const rest = this.#unseen(prepared, target, resources.length, coverage);
    return fold(rest === undefined ? findings : [...findings, rest]);
  }

  /** What is to be said of a kind that a target does not show (not-applicable) or does not show completely (unknown). */
  #unseen(prepared: Prepared, target: Target, count: number, coverage: Coverage): Finding | undefined {
    const { resource: kind } = prepared.compiled.control;
    const subject: Subject = { target, targetId: target.id, resource: '', kind, basis: 'automated' };
    if (coverage.status !== 'complete') {
      const causes = gapsOf(coverage, prepared.key);
      return isNonEmpty(causes) ? this.#settle(prepared, subject, { outcome: 'unknown', causes }) : undefined;
    }
    if (count > 0) return undefined;
    const { looked } = coverage;
    if (looked.state !== 'known') {
      return this.#settle(prepared, subject, { outcome: 'unknown', causes: [{ path: kind, cause: 'not-collected', detail: kind }] });
    }
    const witness: Witness = { path: `coverage of ${kind}`, state: 'known', value: 'complete', origin: looked.origin };
    return this.#settle(prepared, subject, { outcome: 'not-applicable', witnesses: [witness], alsoUnknown: [] });
  }

  /** A claim that belongs to no resource: judged once, over everything. */
  #judgeAssessment(prepared: Prepared): readonly Finding[] {
    const { compiled, planned } = prepared;
    const { assert, control } = compiled;
    if (assert === undefined) return [];
    const inReach =
      control.scope === 'findings'
        ? compiled.outcomes.some((id) => this.#reached.has(id))
        : compiled.kinds.some((kind) => this.#neighbours.covers(kind) || this.#expected(kind) !== undefined);
    if (!inReach) return [];
    this.#reached.add(control.id);
    const { context, parts } = noting(this.#context(prepared, undefined, undefined));
    const subject: Subject = { target: undefined, targetId: ASSESSMENT, resource: '', kind: control.resource, basis: 'automated' };
    const judgement = judge(compiled, assert, context, planned.emptyMayPass);
    return [this.#settle(prepared, subject, judgement, context, parts())];
  }

  /** Attested and either: a document decides where the automated source is out of reach, never where it failed. */
  #attest(prepared: Prepared): readonly Finding[] {
    const { compiled, planned } = prepared;
    const { control, attested } = compiled;
    if (attested === undefined || control.attested === undefined) return [];
    if (compiled.assert !== undefined && (this.#reached.has(control.id) || this.#expected(control.resource) !== undefined)) return [];
    if (compiled.assert === undefined) this.#reached.add(control.id);
    const form = control.attested.kind;
    const documents = this.#neighbours.resources(undefined, 'attestation', { key: 'controls', value: control.id });
    const subject: Subject = { target: undefined, targetId: ASSESSMENT, resource: '', kind: 'attestation', basis: 'attested' };
    if (documents.state !== 'value' || typeof documents.value !== 'object' || documents.value.kind !== 'list') return [];
    const fitting = documents.value.items.flatMap((item) => {
      if (item.state !== 'value' || typeof item.value !== 'object' || item.value.kind !== 'record') return [];
      const fact = item.value.facts['form'];
      return fact?.state === 'known' && fact.value === form ? [item.value] : [];
    });
    // A source that may hold documents and was not seen whole: what is in it is unknown, whatever the others say.
    const unseen = this.#neighbours.covers('attestation') ? documents.value.open : [];
    this.#reached.add(control.id);
    const rest = isNonEmpty(unseen) ? [this.#settle(prepared, subject, { outcome: 'unknown', causes: unseen })] : [];
    if (fitting.length === 0) return rest.length > 0 ? rest : [this.#complete(manualFinding(control, subject), prepared, undefined)];
    const judged = fitting.map((document) => {
      const { context, parts } = noting({ ...this.#context(prepared, undefined, undefined), subject: { ...document, path: 'r' } });
      const id = document.names?.['id'] ?? '';
      const { when: _, ...unconditional } = compiled;
      const judgement = judge(unconditional, attested, context, planned.emptyMayPass);
      return this.#settle(
        prepared,
        { ...subject, targetId: document.names?.['target'] ?? ASSESSMENT, resource: id },
        judgement,
        context,
        parts(),
      );
    });
    return [...judged, ...rest];
  }

  /** The profile expects a kind, and there is less of it than that: unknown, never silence. */
  #expect(prepared: Prepared): readonly Finding[] {
    const { control, assert } = prepared.compiled;
    const expectation = this.#expected(control.resource);
    if (assert === undefined || expectation === undefined) return [];
    this.#reached.add(control.id);
    const found = this.#found.get(control.resource) ?? 0;
    if (found >= expectation.atLeast) return [];
    const detail = `${expectation.setBy} expects ${expectation.atLeast} ${control.resource}, ${found} found`;
    const subject: Subject = { target: undefined, targetId: ASSESSMENT, resource: '', kind: control.resource, basis: 'automated' };
    return [this.#settle(prepared, subject, { outcome: 'unknown', causes: [{ path: control.resource, cause: 'not-collected', detail }] })];
  }

  #expected(kind: string): Plan['expects'][number] | undefined {
    return this.#plan.expects.filter((one) => one.kind === kind && one.atLeast > 0).toSorted((a, b) => b.atLeast - a.atLeast)[0];
  }

  #context(prepared: Prepared, target: Target | undefined, resource: Resource | undefined): Context {
    const { index, parameters, compiled } = prepared;
    this.#options.onControl?.(index);
    const system = compiled.control.scope === 'resource' ? target?.system : undefined;
    return {
      parameters,
      asOf: this.#asOf,
      resources: (kind, join) => this.#neighbours.resources(system, kind, join),
      label: (name) => this.#label(target, name),
      outcomes: (control) => this.#firstPass.of(control),
      ...(resource === undefined ? {} : { subject: subjectOf(resource, 'r') }),
    };
  }

  /** A label nobody set is unknown, not false; a profile's default widens what is judged. */
  #label(target: Target | undefined, name: string): Result {
    const path = `label("${name}")`;
    const fact = target?.labels[name];
    if (fact !== undefined) return readFact(fact, path);
    const fallback = this.#plan.labelDefaults[name];
    if (fallback === undefined || target === undefined) return undecided([{ path, cause: 'not-collected', detail: `label ${name}` }]);
    const origin = { kind: 'file', range: target.declaredAt } as const;
    return readFact(
      known(fallback.value, { kind: 'derived', rule: `default of label ${name} in ${fallback.setBy}`, from: [origin] }),
      path,
    );
  }

  #settle(prepared: Prepared, subject: Subject, judgement: Judgement, context?: Context, parts: readonly Part[] = []): Finding {
    const { control, message } = prepared.compiled;
    const made = findingOf(control, subject, judgement, parts, () => {
      const offending = judgement.outcome === 'fail' ? judgement.offenders.map(({ text = '' }) => text) : [];
      if (context === undefined) return control.title;
      return { en: renderTemplate(message.en, context, offending), zh: renderTemplate(message.zh, context, offending, secretInChinese) };
    });
    return this.#complete(made, prepared, subject.target);
  }

  /** Waiver, baseline, counts, score and gate see each finding once, before any folding. */
  #complete(made: Finding, { planned }: Prepared, target: Target | undefined): Finding {
    this.#firstPass.remember(made, target, planned);
    const waived = this.#waivers.apply(made);
    const finding = this.#comparison?.mark(waived, planned.control.revision) ?? waived;
    this.#counts[finding.outcome] += 1;
    if (finding.outcome === 'fail') this.#failed[finding.severity] += 1;
    this.#scorer.add(finding, this.#pairs.subjectOf(finding, target));
    this.#gate.add(finding);
    return finding;
  }

  #summary(): Summary {
    const plan = this.#plan;
    const scores = this.#scorer.scores();
    const caps = this.#scorer.caps();
    const failCaps = caps.filter(({ kind }) => kind === 'failed');
    const judged = scores.families.length > 0;
    const weight = (among: readonly Prepared[]): number => among.reduce((sum, { planned }) => sum + planned.weight.value, 0);
    const selected = weight(this.#prepared);
    const reached = this.#prepared.filter(({ planned }) => this.#reached.has(planned.control.id));
    return {
      format: 'custos-assessment',
      version: 1,
      tool: { name: 'custos', version: this.#options.toolVersion },
      profile: plan.profile,
      asOf: plan.asOf,
      policy: plan.policy,
      planDigest: this.#options.planDigest,
      gate: plan.gate,
      targets: this.#targets,
      endpoints: this.#endpoints,
      rules: this.#prepared.map(({ planned }) => ruleOf(planned)),
      counts: this.#counts,
      failed: this.#failed,
      scores,
      grade: judged ? gradeOf(scores.total.low, caps) : '–',
      gradeHigh: judged ? gradeOf(scores.total.high, failCaps) : '–',
      caps,
      coverage: selected === 0 ? 0 : Math.floor((weight(reached) / selected) * 1000) / 1000,
      notLookedAt: this.#prepared.filter(({ planned }) => !this.#reached.has(planned.control.id)).map(notLookedAt),
      waivers: this.#waivers.report(),
      gone: this.#comparison?.gone((target, kind) => this.#covered.get(`${target}\u0000${kind}`) === 'complete') ?? [],
      // What people must still attest says nothing of what was looked at: manual alone is nothing judged. Nor is what weighs nothing.
      verdict: this.#gate.verdict(
        scores.accepted,
        judged && this.#counts.pass + this.#counts.fail + this.#counts.unknown + this.#counts.error > 0,
      ),
    };
  }
}
