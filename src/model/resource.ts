import type { Fact, FactRecord, FactValue, TargetId, Unknown } from './fact.ts';
import type { SourceRange } from './source-range.ts';

/** What a target is: how Custos reaches it. A new kind is one folder in `collect/` and one line in its registry. */
export type TargetKind = string;

/** Something the user asked to be looked at, with the line where they did. */
export interface Target {
  readonly id: TargetId;
  readonly kind: TargetKind;
  /** A path, URL or address, without credentials. */
  readonly address: string;
  /** Targets of one system see each other through `resources(…)`. */
  readonly system: string;
  readonly labels: { readonly [name: string]: Fact<string> };
  /** Product versions the user vouches for; product defaults are only known for a known version. */
  readonly versions: { readonly [product: string]: Fact<string> };
  /** The live target that this target's files claim to describe. */
  readonly declares?: TargetId;
  /** Kind-specific options (`format`, `root`…), plain data. */
  readonly options: { readonly [name: string]: string };
  readonly declaredAt: SourceRange;
}

/** One thing that controls speak of, in normalised words: a TLS listener, an access rule, a backup plan. */
export interface Resource {
  /** A kind of the vocabulary in `resources/`. */
  readonly kind: string;
  /** A natural key within its target (server name and port, role name), never a line or an ordinal. */
  readonly id: string;
  readonly target: TargetId;
  readonly stance: 'live' | 'declared';
  /** Every attribute of the kind's schema, each a Fact. */
  readonly facts: FactRecord;
}

/** What is asked only where somebody says so: `--probe odd`, `--probe intrusive` with an authorisation, `--online`. */
export const PROBE_CLASSES = ['odd', 'intrusive', 'online'] as const;
export type ProbeClass = (typeof PROBE_CLASSES)[number];

/** How much of a kind (or `kind#probe`) a target's collector delivered. */
export interface Coverage {
  readonly status: 'complete' | 'partial' | 'failed';
  /** Why it is not complete. Empty only when it is. */
  readonly gaps: readonly Unknown[];
  /** Where the collector looked: the witness of "there is none of this kind here". */
  readonly looked: Fact<FactValue>;
}

/** Everything one target said. One line of an evidence file. */
export interface TargetRecord {
  readonly target: Target;
  readonly resources: readonly Resource[];
  /** Keyed by kind, or `kind#probe` for an opt-in probe class. A key that is not here is out of reach. */
  readonly coverage: { readonly [kind: string]: Coverage };
  /** What could not be read, whatever kind it may have held. */
  readonly gaps: readonly Unknown[];
  /** What was looked at, for the reader: files read, with their format and digest. */
  readonly looked: readonly Looked[];
  /** Collector name → version. */
  readonly collectors: { readonly [name: string]: string };
  /** When collection ended, ISO 8601 in UTC. */
  readonly collectedAt: string;
}

/** One thing that was read. */
export interface Looked {
  readonly name: string;
  readonly as: string;
  readonly digest?: string;
}
