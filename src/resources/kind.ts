import type { Fact, FactRecord } from '../model/fact.ts';
import type { Localized } from '../model/localized.ts';
import type { ProbeClass } from '../model/resource.ts';

/** Scalar types of attributes. `timestamp` is ISO 8601 in UTC; `int` is a safe integer. */
export type ScalarType = 'string' | 'bool' | 'int' | 'double' | 'timestamp';

/** The type of an attribute: a scalar, a record with a name of its own, or a list of either. */
export type AttributeType =
  | { readonly is: ScalarType; readonly values?: readonly string[] }
  | { readonly record: string; readonly fields: Attributes }
  | { readonly list: AttributeType };

/** One attribute of a kind: what it says, in which unit, with an example. The reference page is made from these. */
export interface Attribute {
  readonly type: AttributeType;
  readonly doc: string;
  readonly unit?: string;
  readonly example: string;
  /** May be absent: controls ask `has()` first. What is not optional is known or unknown. */
  readonly optional?: true;
  /** Opt-in: a control that reads it is out of reach unless that class was asked for. */
  readonly probe?: ProbeClass;
  /** Only a live target says it: what files declare leaves it out, and it is unknown there. */
  readonly live?: true;
}

export interface Attributes {
  readonly [name: string]: Attribute;
}

/** A kind of resource: the normalised words in which controls speak of one thing. */
export interface ResourceKind<A extends Attributes = Attributes> {
  readonly name: string;
  readonly title: Localized;
  readonly doc: string;
  /** What its natural key is made of. */
  readonly key: string;
  readonly attributes: A;
}

/** Declares a kind, keeping the literal types of its attributes. */
export function resourceKind<const A extends Attributes>(kind: ResourceKind<A>): ResourceKind<A> {
  return kind;
}

type ScalarOf<S extends ScalarType> = S extends 'bool' ? boolean : S extends 'int' | 'double' ? number : string;

type ValueOf<T extends AttributeType> = T extends { readonly list: infer E extends AttributeType }
  ? readonly Fact<ValueOf<E>>[]
  : T extends { readonly record: string; readonly fields: infer F extends Attributes }
    ? FactsOf<F>
    : T extends { readonly is: infer S extends ScalarType; readonly values: readonly (infer V)[] }
      ? V & ScalarOf<S>
      : T extends { readonly is: infer S extends ScalarType }
        ? ScalarOf<S>
        : never;

/**
 * Every attribute of a kind as a Fact: a collector that forgets one does not compile. Opt-in attributes may be left out, and
 * those that only live targets have.
 */
export type FactsOf<A extends Attributes> = {
  readonly [N in keyof A as A[N] extends { readonly probe: ProbeClass } | { readonly live: true } ? never : N]: Fact<ValueOf<A[N]['type']>>;
} & FactRecord;

/** The attributes that only live targets have: a live collector must not forget these either. */
export type LiveFactsOf<A extends Attributes> = {
  readonly [N in keyof A as A[N] extends { readonly live: true } ? N : never]: Fact<ValueOf<A[N]['type']>>;
} & FactsOf<A>;

/** The facts of a kind: `KindFacts<typeof tlsListener>`. */
export type KindFacts<K> = K extends ResourceKind<infer A> ? FactsOf<A> : never;

/** The facts of a live resource of a kind. */
export type LiveKindFacts<K> = K extends ResourceKind<infer A> ? LiveFactsOf<A> : never;

export const string = { is: 'string' } as const;
export const bool = { is: 'bool' } as const;
export const int = { is: 'int' } as const;
export const double = { is: 'double' } as const;
export const timestamp = { is: 'timestamp' } as const;

/** A string out of a closed set. */
export function oneOf<const V extends readonly string[]>(...values: V): { readonly is: 'string'; readonly values: V } {
  return { is: 'string', values };
}

export function list<const T extends AttributeType>(element: T): { readonly list: T } {
  return { list: element };
}

export function record<const N extends string, const F extends Attributes>(name: N, fields: F): { readonly record: N; readonly fields: F } {
  return { record: name, fields };
}
