import { createHash } from 'node:crypto';
import { causeSentence } from '../model/cause.ts';
import type { Control } from '../model/control.ts';
import type { NonEmpty, Origin } from '../model/fact.ts';
import { shownPlace, type Finding, type Location, type Part, type UndecidedRead, type Witness } from '../model/finding.ts';
import type { Localized } from '../model/localized.ts';
import type { Target } from '../model/resource.ts';
import type { SourceRange } from '../model/source-range.ts';
import type { Judgement } from './judge.ts';
import { carried } from './offenders.ts';

/** What a finding is about. */
export interface Subject {
  readonly target: Target | undefined;
  /** Target id, or `assessment` where it belongs to no target. */
  readonly targetId: string;
  readonly resource: string;
  readonly kind: string;
  readonly stance?: 'live' | 'declared';
  readonly basis: 'automated' | 'attested';
}

/** The id that findings of the whole assessment carry in the place of a target's. */
export const ASSESSMENT = 'assessment';

/** Places named in one finding; further offenders are in its `offenders`. */
const MAX_LOCATIONS = 20;

/** Scheme 1 of fingerprints. A change of scheme is a change of this number, never silent. */
export function fingerprintOf(control: string, target: string, resource: string): string {
  return createHash('sha256')
    .update(JSON.stringify(['custos/1', control, target, resource]))
    .digest('hex');
}

/** Makes a finding of a judgement: its sentence, its places, its fingerprint. */
export function findingOf(
  control: Control,
  subject: Subject,
  judgement: Judgement,
  parts: readonly Part[],
  failMessage: () => Localized,
): Finding {
  const common = {
    control: control.id,
    family: control.family,
    target: subject.targetId,
    resource: subject.resource,
    kind: subject.kind,
    ...(subject.stance === undefined ? {} : { stance: subject.stance }),
    severity: control.severity,
    basis: subject.basis,
    parts,
    fingerprint: fingerprintOf(control.id, subject.targetId, subject.resource),
  };
  switch (judgement.outcome) {
    case 'pass':
    case 'not-applicable': {
      const { outcome, witnesses, alsoUnknown } = judgement;
      const message = outcome === 'pass' ? control.title : { en: `Does not apply: ${control.title.en}`, zh: `不适用：${control.title.zh}` };
      return {
        ...common,
        outcome,
        witnesses,
        alsoUnknown,
        message,
        offenders: [],
        locations: locationsOf(witnesses.slice(0, 1), [], subject.target),
      };
    }
    case 'fail': {
      const { outcome, witnesses, alsoUnknown, offenders, severity } = judgement;
      const places = offenders.flatMap(({ origin }) => (origin === undefined ? [] : [origin]));
      return {
        ...common,
        severity,
        outcome,
        witnesses,
        alsoUnknown,
        offenders: carried(offenders),
        message: failMessage(),
        locations: failedLocations(witnesses[0], places, subject.target),
      };
    }
    case 'unknown':
      return unknownFinding(common, judgement.causes, control, subject.target);
    case 'error': {
      const message = { en: `The control could not be computed: ${judgement.error}`, zh: `控制项无法计算：${judgement.error}` };
      return {
        ...common,
        outcome: 'error',
        error: judgement.error,
        witnesses: [],
        alsoUnknown: [],
        offenders: [],
        message,
        locations: declared(subject.target),
      };
    }
  }
}

type Common = Pick<Finding, 'control' | 'family' | 'target' | 'resource' | 'kind' | 'severity' | 'basis' | 'parts'> & {
  readonly fingerprint: string;
  readonly stance?: 'live' | 'declared';
};

function unknownFinding(common: Common, causes: NonEmpty<UndecidedRead>, control: Control, target: Target | undefined): Finding {
  const why = causeSentence(causes[0]);
  const message = {
    en: `Not determined whether "${control.title.en}": ${shownPath(causes[0].path)}: ${why.en}`,
    zh: `未能判定“${control.title.zh}”：${shownPath(causes[0].path)}：${why.zh}`,
  };
  const origins = causes.flatMap(({ origin }) => (origin === undefined ? [] : [origin]));
  return {
    ...common,
    outcome: 'unknown',
    causes,
    witnesses: [],
    alsoUnknown: [],
    offenders: [],
    message,
    locations: locationsOf([], origins.slice(0, 1), target),
  };
}

/** `tls.listener#odd` is how coverage is kept: people know the kind. */
function shownPath(path: string): string {
  return path.replace(/#\w+$/, '');
}

/** A control that people must attest, and have not. */
export function manualFinding(control: Control, subject: Subject): Finding {
  const form = control.attested?.kind ?? '';
  return {
    control: control.id,
    family: control.family,
    target: subject.targetId,
    resource: subject.resource,
    kind: subject.kind,
    severity: control.severity,
    basis: 'attested',
    parts: [],
    fingerprint: fingerprintOf(control.id, subject.targetId, subject.resource),
    outcome: 'manual',
    witnesses: [],
    alsoUnknown: [],
    offenders: [],
    locations: [],
    message: { en: `Needs an attestation (${form}): ${control.title.en}`, zh: `需要提供佐证（${form}）：${control.title.zh}` },
  };
}

/**
 * A list decided as a whole, and what it holds stands elsewhere: the reader is led to the first of that, and to the list
 * itself only where it stands at a place of its own.
 */
function failedLocations(first: Witness, places: readonly Origin[], target: Target | undefined): readonly Location[] {
  const inside = /^\[\d+\]$/.test(String(first.value)) ? places.filter((origin) => origin !== first.origin && inFile(origin)) : [];
  if (inside.length === 0) return locationsOf([first], places, target);
  return locationsOf([], isWholeFile(first.origin) ? inside : [...inside, first.origin], target);
}

function inFile(origin: Origin): boolean {
  return origin.kind === 'file' || origin.kind === 'attested' || (origin.kind === 'derived' && inFile(origin.from[0]));
}

/** Nothing from the first sign on: how collectors say "this file". */
function isWholeFile(origin: Origin): boolean {
  if (origin.kind === 'derived') return isWholeFile(origin.from[0]);
  if (origin.kind !== 'file') return false;
  const { start, end } = origin.range;
  return start.line === 1 && start.column === 1 && end.line === 1 && end.column === 1;
}

/** The first witness gives the first place, offenders the further ones; what came over a wire points at the target's line. */
function locationsOf(witnesses: readonly Witness[], origins: readonly Origin[], target: Target | undefined): readonly Location[] {
  const places: Location[] = [];
  const seen = new Set<string>();
  for (const origin of [...witnesses.map((witness) => witness.origin), ...origins]) {
    for (const place of placeOf(origin, target)) {
      const { file, range } = shownPlace(place);
      const key = `${file}:${range.start.line}:${range.start.column}`;
      if (seen.has(key) || places.length >= MAX_LOCATIONS) continue;
      seen.add(key);
      places.push(place);
    }
  }
  return places.length > 0 ? places : declared(target);
}

function placeOf(origin: Origin, target: Target | undefined): readonly Location[] {
  switch (origin.kind) {
    case 'file':
    case 'attested':
      return origin.range.on === undefined ? [location(origin.range, 'evidence')] : onTarget(origin.range, origin.range.on, target);
    case 'derived':
      return placeOf(origin.from[0], target);
    case 'wire':
    case 'command':
      return declared(target);
  }
}

/** A file on a machine that was looked at is no file of the reader's: the place is where the target was declared. */
function onTarget({ file, start, end, excerpt }: SourceRange, on: string, target: Target | undefined): readonly Location[] {
  const seen = { on, file, range: { start, end }, ...(excerpt === undefined ? {} : { excerpt }) };
  return declared(target).map((place) => ({ ...place, seen }));
}

function declared(target: Target | undefined): readonly Location[] {
  return target === undefined ? [] : [location(target.declaredAt, 'declared')];
}

function location({ file, start, end, excerpt }: SourceRange, role: Location['role']): Location {
  return excerpt === undefined ? { file, range: { start, end }, role } : { file, range: { start, end }, excerpt, role };
}
