import type { Fact, FactRecord, Unknown } from '../../model/fact.ts';
import type { Resource, Target } from '../../model/resource.ts';
import type { Attributes, FactsOf, ResourceKind } from '../../resources/kind.ts';
import type { SourceText } from '../../text/source-text.ts';

/** Something that could not be read, and the kinds of resources that it may hide. Without kinds: all of its format. */
export interface FormatGap {
  readonly why: Unknown;
  readonly kinds?: readonly string[];
}

/** What a format made of its files. */
export interface FormatReading {
  readonly resources: readonly Resource[];
  readonly gaps: readonly FormatGap[];
  /** Kinds that it really looked for, where its files do not always tell of all of its format's. */
  readonly covers?: readonly string[];
}

/** The files that an include names, and what of it is not here. */
export interface Included {
  readonly files: readonly SourceText[];
  readonly gaps: readonly Unknown[];
}

/** A file as it lies there, for formats that are no text. */
export interface OpenedFile {
  readonly bytes: Uint8Array;
  /** Permission bits. */
  readonly mode: number;
  /** Makes its ranges and holds its secrets: its text where it is one, else the file as a whole. */
  readonly source: SourceText;
}

/** What a format is given to read with. */
export interface FormatContext {
  readonly target: Target;
  /** Opens a file of the tree; each is opened once, however often it is asked for. */
  readonly open: (path: string) => Promise<SourceText | Unknown | 'not-there'>;
  /** The same for a format whose files need not be text; the bytes are not kept. */
  readonly openBytes: (path: string) => Promise<OpenedFile | Unknown | 'not-there'>;
  /**
   * The files of an include pattern. A relative one is taken from `base` (a directory of the tree); an absolute one is
   * looked for below the target's `root:` option, or below the part of `base` that stands before `/etc/`.
   */
  readonly include: (pattern: string, base: string) => Promise<Included>;
  /** The version of a product that the user vouches for; unknown where nobody said. */
  readonly version: (product: string) => Fact<string>;
  /** PEM certificates of the roots that the world trusts. */
  readonly roots: readonly string[];
  /** When the files are read, ISO 8601. */
  readonly now: string;
}

/** A configuration format. A new one is one file and one line in `formats.ts`. */
export interface FileFormat {
  readonly name: string;
  /** Kinds of resources that its files can yield. */
  readonly kinds: readonly string[];
  /** Is it one of ours, by its path below the target's root? */
  recognises(path: string): boolean;
  /** Is it one of ours, by its text, where the name tells nothing? */
  sniffs?(text: string): boolean;
  /** Reads all files of this format in one tree together, since they include each other. */
  read(paths: readonly string[], context: FormatContext): Promise<FormatReading>;
}

/** Makes a resource of a kind; every attribute of its schema must be there, each a Fact. */
export function declared<A extends Attributes>(kind: ResourceKind<A>, id: string, target: Target, facts: FactsOf<A>): Resource {
  const record: FactRecord = facts;
  return { kind: kind.name, id, target: target.id, stance: 'declared', facts: record };
}
