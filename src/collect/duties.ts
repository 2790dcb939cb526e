import { derived, isNonEmpty, known, unknown, type Fact, type Origin, type Unknown } from '../model/fact.ts';
import type { Target } from '../model/resource.ts';

/** One thing that amounts to a duty, as custos.yaml names it: `role NAME`, `group NAME`, or a right in the system’s own words. */
export interface Claim {
  readonly kind: 'role' | 'group' | 'right';
  /** The name of the role or group, or the right itself. */
  readonly name: string;
  /** As it is written. */
  readonly text: string;
}

/** An account's effective roles and rights, as far as its system tells them. */
export interface Holder {
  readonly name: string;
  /** Roles and groups through any chain; itself aside. */
  readonly memberOf: Fact<readonly Fact<string>[]>;
  readonly rights: Fact<readonly Fact<string>[]>;
  /** It may do everything, whatever else is listed. */
  readonly superuser: Fact<boolean>;
}

/** Option of a target in whose system one duty is mapped and no other. */
const ALONE = 'only_duty';

/** Which duties accounts of one target hold: its `duties:` in custos.yaml. */
export class Duties {
  readonly #claims: ReadonlyMap<string, readonly Claim[]>;
  readonly #at: Origin;
  readonly #alone: boolean;

  private constructor(claims: ReadonlyMap<string, readonly Claim[]>, at: Origin, alone: boolean) {
    this.#claims = claims;
    this.#at = at;
    this.#alone = alone;
  }

  /** The mapping of a target; an `Unknown` where nobody wrote one. */
  static of(target: Target): Duties | Unknown {
    const at: Origin = { kind: 'file', range: target.declaredAt };
    const text = target.options['duties'];
    if (text === undefined) return unknown('not-collected', 'duties: none are mapped for this target', at);
    const mapping = parsed(text);
    return mapping === undefined || mapping.size === 0
      ? unknown('unparseable', 'duties', at)
      : new Duties(mapping, at, target.options[ALONE] !== undefined);
  }

  /** Everything that amounts to some duty. */
  get claims(): readonly Claim[] {
    return [...this.#claims.values()].flat();
  }

  /** What amounts to one duty. */
  claimsOf(duty: string): readonly Claim[] {
    return this.#claims.get(duty) ?? [];
  }

  /**
   * Duties that an account holds. `holds` decides one claim. What `exists` knows nothing of on this target may be misspelt: such
   * a duty is open for everybody, since nobody would ever hold it.
   */
  heldBy(holds: (claim: Claim) => Fact<boolean>, exists: (claim: Claim) => boolean): Fact<readonly Fact<string>[]> {
    const held: Fact<string>[] = [];
    const open: Unknown[] = this.#alone ? [unknown('not-collected', 'duties: no other duty is mapped in this system', this.#at)] : [];
    for (const [duty, claims] of this.#claims) {
      const answers = claims.map((claim) =>
        exists(claim) ? holds(claim) : unknown('unresolved', `duties: ${claim.text} is nothing that this target has`, this.#at),
      );
      const yes = answers.find((answer) => answer.state === 'known' && answer.value);
      if (yes?.state === 'known') {
        held.push(known(duty, derived(`duties: ${duty}`, yes.origin, this.#at)));
        continue;
      }
      open.push(...answers.flatMap((answer) => (answer.state === 'unknown' ? [answer] : [])));
    }
    return known(held, this.#at, open);
  }
}

/** Marks such targets: nobody could ever be seen to hold two duties there, so that what else an account may do stays open. */
export function markLoneDuties(targets: readonly Target[]): readonly Target[] {
  const mapped = new Map<string, Set<string>>();
  for (const { system, options } of targets) {
    const names = parsed(options['duties'] ?? '')?.keys() ?? [];
    mapped.set(system, new Set([...(mapped.get(system) ?? []), ...names]));
  }
  return targets.map((target) => {
    const [only, ...others] = mapped.get(target.system) ?? [];
    if (target.options['duties'] === undefined || only === undefined || others.length > 0) return target;
    return { ...target, options: { ...target.options, [ALONE]: only } };
  });
}

/** Decides claims by an account's lists. What is not in an open list may be in the rest of it. */
export function heldByLists({ name, memberOf, rights, superuser }: Holder): (claim: Claim) => Fact<boolean> {
  const itself = superuser.state === 'unknown' ? superuser : known(true, derived('its own role', superuser.origin));
  const among = { memberships: membershipIn(memberOf), rights: membershipIn(rights) };
  return (claim) => {
    if (superuser.state === 'known' && superuser.value) return known(true, derived('a superuser may do everything', superuser.origin));
    if (claim.kind !== 'right' && claim.name === name) return itself;
    const answer = (claim.kind === 'right' ? among.rights : among.memberships)(claim.name);
    return answer.state === 'known' && !answer.value && superuser.state === 'unknown' ? superuser : answer;
  };
}

function membershipIn(list: Fact<readonly Fact<string>[]>): (name: string) => Fact<boolean> {
  if (list.state === 'absent') return () => known(false, list.origin);
  if (list.state === 'unknown') return () => list;
  const found = new Map<string, Origin>();
  const unknowns: Unknown[] = [...(list.open ?? [])];
  for (const one of list.value) {
    if (one.state === 'known') found.set(one.value, one.origin);
    else if (one.state === 'unknown') unknowns.push(one);
  }
  return (name) => {
    const origin = found.get(name);
    return origin === undefined ? (unknowns[0] ?? known(false, list.origin)) : known(true, origin);
  };
}

/** Duty → claims, from the JSON in the target's options; undefined where it is none. */
function parsed(text: string): ReadonlyMap<string, readonly Claim[]> | undefined {
  let mapping: unknown;
  try {
    mapping = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof mapping !== 'object' || mapping === null || Array.isArray(mapping)) return undefined;
  const claims = new Map<string, readonly Claim[]>();
  for (const [duty, list] of Object.entries(mapping)) {
    if (!Array.isArray(list) || !isNonEmpty(list)) return undefined;
    const read = list.flatMap((one: unknown) => (typeof one === 'string' && one.trim() !== '' ? [claimOf(one)] : []));
    if (read.length !== list.length) return undefined;
    claims.set(duty, read);
  }
  return claims;
}

function claimOf(text: string): Claim {
  const [, kind, name] = /^(role|group)\s+(\S.*)$/.exec(text.trim()) ?? [];
  return name === undefined ? { kind: 'right', name: text.trim(), text } : { kind: kind === 'role' ? 'role' : 'group', name, text };
}
