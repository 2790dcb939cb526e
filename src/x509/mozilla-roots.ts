import { parseCertificate, type Certificate } from './certificate.ts';

/** Where a trust anchor comes from: the Mozilla store that browsers use, or a file that the user named. */
export type Store = 'mozilla' | 'given';

export interface Anchor {
  readonly certificate: Certificate;
  readonly store: Store;
}

/** Trust anchors by the name that they issue under. */
export interface Anchors {
  /** Anchors whose subject has this key. */
  find(subjectKey: string): readonly Anchor[];
  /** Stores that hold anything at all: without the Mozilla store nothing can be said about public trust. */
  readonly stores: ReadonlySet<Store>;
}

const parsed = new WeakMap<readonly string[], Map<Store, Anchors>>();

/**
 * Anchors from PEM certificates: `anchorsFrom(world.roots)` is the Mozilla store as Node keeps it. They are parsed when
 * somebody first asks, and once for each list. What does not parse is no anchor.
 */
export function anchorsFrom(pems: readonly string[], store: Store = 'mozilla'): Anchors {
  const known = parsed.get(pems) ?? new Map<Store, Anchors>();
  parsed.set(pems, known);
  const before = known.get(store);
  if (before !== undefined) return before;
  let index: ReadonlyMap<string, readonly Anchor[]> | undefined;
  const anchors: Anchors = {
    stores: new Set(pems.length === 0 ? [] : [store]),
    find: (subjectKey) => {
      index ??= Map.groupBy(
        pems.flatMap((pem) => anchor(pem, store)),
        ({ certificate }) => certificate.subjectKey,
      );
      return index.get(subjectKey) ?? [];
    },
  };
  known.set(store, anchors);
  return anchors;
}

function anchor(pem: string, store: Store): readonly Anchor[] {
  const body = pem.replaceAll(/-----[^-\n]*-----/g, '');
  const certificate = parseCertificate(Buffer.from(body, 'base64'));
  return certificate === undefined ? [] : [{ certificate, store }];
}

/** Several sets of anchors as one. */
export function joinAnchors(...sets: readonly Anchors[]): Anchors {
  return {
    stores: new Set(sets.flatMap(({ stores }) => [...stores])),
    find: (subjectKey) => sets.flatMap((set) => set.find(subjectKey)),
  };
}
