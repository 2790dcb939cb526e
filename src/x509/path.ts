import { isSm2Encryption, mayIssue, type Certificate } from './certificate.ts';
import { withinConstraints } from './name-constraints.ts';
import type { Anchors, Store } from './mozilla-roots.ts';
import { signedBy, type Verdict } from './verify-signature.ts';

/** Bounds on the work for one leaf: cross-signed authorities can span a graph with exponentially many walks. */
const MAX_SIGNATURES = 64;
const MAX_STEPS = 1000;
const MAX_LENGTH = 10;

/** What stands above a leaf. */
export interface Path {
  /** From the leaf's issuer upwards, every signature checked; the anchor or root is the last where one was found. */
  readonly path: readonly Certificate[];
  /** Where the anchor is from; `unclear` where a path might be good, and we cannot tell. */
  readonly trusted: Store | 'none' | 'unclear';
  /** What the path ends at. */
  readonly ends: 'anchor' | 'self-signed' | 'issuer-missing' | 'unclear';
  /** No path to the Mozilla store exists among what is known, and a missing certificate could not make one. */
  readonly notPublic: boolean;
  /** Every certificate between leaf and anchor was sent. Undefined where nobody can tell what is missing. */
  readonly complete: boolean | undefined;
  /** Each certificate sent certifies the one before it. */
  readonly ordered: boolean;
  /** Certificates sent that this path does not need; an anchor or root that is sent is one. */
  readonly surplus: number | undefined;
  /** Why it is not trusted: short, with names. */
  readonly problem: string | undefined;
}

export interface PathOptions {
  /** Certificates that were not sent, and may still lead to an anchor: those that lie elsewhere in the tree. */
  readonly beside?: readonly Certificate[];
  /** When authorities must be valid, ISO 8601. The leaf's own validity is judged elsewhere. */
  readonly at?: string;
}

type End = Pick<Path, 'path' | 'trusted' | 'ends' | 'problem'>;

/**
 * Looks for a path from `leaf` over what was sent (`others`) to an anchor (RFC 5280 6.1): signatures, names, basicConstraints,
 * keyUsage, path length, name constraints, purposes and validity are honoured. Weak hashes and keys are no obstacle: they
 * are judged by themselves. A path to the Mozilla store is preferred to one that ends at a given anchor.
 */
export function buildPath(leaf: Certificate, others: readonly Certificate[], anchors: Anchors, options: PathOptions = {}): Path {
  const sent = others.filter((other) => !isTwin(other, leaf));
  const search = new Search(leaf, [...sent, ...(options.beside ?? [])], anchors, options.at);
  const best = search.run();
  const { ends, path } = best;
  const inner = ends === 'anchor' || ends === 'self-signed' ? path.slice(0, -1) : path;
  const digests = new Set(sent.map(({ sha256 }) => sha256));
  const settled = ends === 'anchor' || ends === 'self-signed';
  return {
    ...best,
    notPublic: best.trusted !== 'mozilla' && !search.exhausted && !search.deadEnd && anchors.stores.has('mozilla'),
    complete: completeness(best, leaf, digests),
    ordered: [leaf, ...sent].every((one, index, list) => index === 0 || list[index - 1]?.issuerKey === one.subjectKey),
    surplus: settled ? sent.length - inner.filter(({ sha256 }) => digests.has(sha256)).length : undefined,
  };
}

/** The other certificate of a TLCP pair, which stands beside the leaf, not above it (GB/T 38636 6.4.5.4). */
function isTwin(other: Certificate, leaf: Certificate): boolean {
  return (
    other.key.kind === 'SM2' &&
    leaf.key.kind === 'SM2' &&
    !other.ca &&
    !leaf.ca &&
    other.issuerKey === leaf.issuerKey &&
    isSm2Encryption(other) !== isSm2Encryption(leaf)
  );
}

function completeness({ ends, path }: End, leaf: Certificate, sent: ReadonlySet<string>): boolean | undefined {
  if (ends === 'unclear') return undefined;
  if (ends === 'anchor' || ends === 'self-signed') return path.slice(0, -1).every(({ sha256 }) => sent.has(sha256));
  // Whether a root or an intermediate is missing, its absence does not tell; one that is published for fetching is no root that clients have.
  return (path.at(-1) ?? leaf).issuerUrls.length > 0 ? false : undefined;
}

/** Better ends first. */
const RANK: Readonly<Record<string, number>> = { mozilla: 0, given: 1, unclear: 2, 'self-signed': 3, 'issuer-missing': 4 };

function rank({ trusted, ends }: End): number {
  return RANK[trusted === 'none' ? ends : trusted] ?? 5;
}

class Search {
  /** The bounds were reached: there may be a path that was not found. */
  exhausted = false;
  /** Some walk ended below an issuer that is not known here. */
  deadEnd = false;
  readonly #leaf: Certificate;
  readonly #pool: ReadonlyMap<string, readonly Certificate[]>;
  readonly #anchors: Anchors;
  readonly #at: string | undefined;
  readonly #verdicts = new Map<string, Verdict>();
  #steps = 0;
  #best: End | undefined;

  constructor(leaf: Certificate, pool: readonly Certificate[], anchors: Anchors, at: string | undefined) {
    this.#leaf = leaf;
    const distinct = new Map(pool.filter(({ sha256 }) => sha256 !== leaf.sha256).map((one) => [one.sha256, one]));
    this.#pool = Map.groupBy(distinct.values(), ({ subjectKey }) => subjectKey);
    this.#anchors = anchors;
    this.#at = at;
  }

  run(): End {
    const leaf = this.#leaf;
    const pinned = this.#anchors.find(leaf.subjectKey).find(({ certificate }) => certificate.sha256 === leaf.sha256);
    if (pinned !== undefined) return { path: [], trusted: pinned.store, ends: 'anchor', problem: undefined };
    this.#climb([]);
    const best = this.#best ?? { path: [], trusted: 'none', ends: 'issuer-missing', problem: `no issuer: ${leaf.issuer}` };
    if (!this.exhausted || best.trusted === 'mozilla' || best.trusted === 'given') return best;
    return { ...best, trusted: 'unclear', ends: 'unclear', problem: `more than ${MAX_SIGNATURES} signatures to check` };
  }

  #found(end: End): void {
    if (
      this.#best === undefined ||
      rank(end) < rank(this.#best) ||
      (rank(end) === rank(this.#best) && end.path.length > this.#best.path.length)
    )
      this.#best = end;
  }

  #climb(path: readonly Certificate[]): void {
    const current = path.at(-1) ?? this.#leaf;
    this.#steps += 1;
    if (this.#steps > MAX_STEPS) this.exhausted = true;
    if (this.#done()) return;
    let continued = false;
    let problem: string | undefined;
    for (const { certificate, store } of this.#likelyFirst(this.#anchors.find(current.issuerKey), current)) {
      // An anchor that was sent is its own issuer: it ends the path where it stands.
      const verdict = this.#verdict(current, certificate);
      if (verdict === 'no') continue;
      continued = true;
      const own = current.key.digest === certificate.key.digest && path.length > 0;
      const whole = own ? path : [...path, certificate];
      const obstacle = this.#anchorObstacle(certificate) ?? this.#nameObstacle(whole);
      if (obstacle?.unclear === false) this.#barred(path, obstacle.problem);
      else if (verdict === 'unsupported') this.#unclear(whole, `unsupported signature: ${current.subject}`);
      else if (obstacle !== undefined) this.#unclear(whole, obstacle.problem);
      else {
        this.#found({ path: whole, trusted: store, ends: 'anchor', problem: undefined });
        // The user may have named an intermediate of a public authority: what stands above it decides whether it is one.
        if (store === 'given' && !own && certificate.subjectKey !== certificate.issuerKey && whole.length < MAX_LENGTH) this.#climb(whole);
      }
      if (this.#done()) return;
    }
    if (current.subjectKey === current.issuerKey && this.#verdict(current, current) === 'yes') {
      this.#found({ path, trusted: 'none', ends: 'self-signed', problem: `not a trusted root: ${current.subject}` });
      return;
    }
    const seen = new Set([this.#leaf, ...path].map(identity));
    const issuers = (this.#pool.get(current.issuerKey) ?? []).map((certificate) => ({ certificate }));
    for (const { certificate } of this.#likelyFirst(issuers, current)) {
      if (seen.has(identity(certificate))) continue;
      const verdict = this.#verdict(current, certificate);
      if (this.exhausted) return;
      if (verdict === 'no') {
        problem ??= `signature does not verify: ${current.subject}`;
        continue;
      }
      continued = true;
      const obstacle = this.#issuerObstacle(certificate, path);
      if (verdict === 'unsupported') this.#unclear(path, `unsupported signature: ${current.subject}`);
      else if (obstacle?.unclear === true) this.#unclear(path, obstacle.problem);
      else if (obstacle !== undefined) this.#barred(path, obstacle.problem);
      else this.#climb([...path, certificate]);
    }
    if (continued) return;
    this.deadEnd = true;
    this.#found({ path, trusted: 'none', ends: 'issuer-missing', problem: problem ?? `no issuer: ${current.issuer}` });
  }

  #done(): boolean {
    return this.exhausted || this.#best?.trusted === 'mozilla';
  }

  /** This way is closed for certain; another certificate of the same name might open it. */
  #barred(path: readonly Certificate[], problem: string): void {
    this.deadEnd = true;
    this.#found({ path, trusted: 'none', ends: 'issuer-missing', problem });
  }

  #unclear(path: readonly Certificate[], problem: string): void {
    this.deadEnd = true;
    this.#found({ path, trusted: 'unclear', ends: 'unclear', problem });
  }

  /** Those whose key the certificate names come first (RFC 5280 4.2.1.1): a bound on work should not hit honest chains. */
  #likelyFirst<T extends { readonly certificate: Certificate }>(candidates: readonly T[], { authorityKeyId }: Certificate): readonly T[] {
    if (candidates.length < 2 || authorityKeyId === undefined) return candidates;
    const named = (candidate: T): number => (candidate.certificate.subjectKeyId === authorityKeyId ? 0 : 1);
    return candidates.toSorted((a, b) => named(a) - named(b));
  }

  #verdict(certificate: Certificate, issuer: Certificate): Verdict {
    const key = `${certificate.sha256} ${issuer.key.digest}`;
    const before = this.#verdicts.get(key);
    if (before !== undefined) return before;
    if (this.#verdicts.size >= MAX_SIGNATURES) {
      this.exhausted = true;
      return 'unsupported';
    }
    const verdict = signedBy(certificate, issuer);
    this.#verdicts.set(key, verdict);
    return verdict;
  }

  /** RFC 5280 6.1.4: what keeps an intermediate from issuing what stands below it. */
  #issuerObstacle(issuer: Certificate, below: readonly Certificate[]): Obstacle | undefined {
    if (issuer.malformed.size > 0 || issuer.unknownCritical.length > 0)
      return { unclear: true, problem: `extensions not understood: ${issuer.subject}` };
    if (!mayIssue(issuer)) return { unclear: false, problem: `no authority: ${issuer.subject}` };
    const inner = below.filter(({ subjectKey, issuerKey }) => subjectKey !== issuerKey).length;
    if (issuer.pathLength !== undefined && inner > issuer.pathLength)
      return { unclear: false, problem: `path too long: ${issuer.subject}` };
    if (below.length + 1 >= MAX_LENGTH) return { unclear: true, problem: `more than ${MAX_LENGTH} authorities` };
    if (!this.#serves(issuer)) return { unclear: false, problem: `purposes: ${issuer.subject}` };
    return this.#validity(issuer);
  }

  /** RFC 5280 6.1.1 (d): of an anchor only name and key count; its dates and constraints are honoured as clients do. */
  #anchorObstacle(anchor: Certificate): Obstacle | undefined {
    if (anchor.malformed.has('ca') || anchor.malformed.has('nameConstraints'))
      return { unclear: true, problem: `extensions not understood: ${anchor.subject}` };
    if (anchor.version === 3 && !mayIssue(anchor)) return { unclear: false, problem: `no authority: ${anchor.subject}` };
    return this.#validity(anchor);
  }

  #validity({ notBefore, notAfter, subject }: Certificate): Obstacle | undefined {
    if (this.#at === undefined) return undefined;
    const at = Date.parse(this.#at);
    if (at > Date.parse(notAfter)) return { unclear: false, problem: `expired: ${subject}` };
    return at < Date.parse(notBefore) ? { unclear: false, problem: `not yet valid: ${subject}` } : undefined;
  }

  /** The extendedKeyUsage of an intermediate bounds what its certificates are for (CA/B 7.1.2.10.6, and what browsers do). */
  #serves({ extendedKeyUsage }: Certificate): boolean {
    if (extendedKeyUsage === undefined || extendedKeyUsage.includes('anyExtendedKeyUsage')) return true;
    const wanted = this.#leaf.extendedKeyUsage ?? ['serverAuth'];
    return wanted.includes('serverAuth') ? extendedKeyUsage.includes('serverAuth') : wanted.some((one) => extendedKeyUsage.includes(one));
  }

  /** What the leaf itself and the name constraints above it say against a path that reaches an anchor. */
  #nameObstacle(path: readonly Certificate[]): Obstacle | undefined {
    const leaf = this.#leaf;
    if (leaf.unknownCritical.length > 0 || leaf.malformed.size > 0)
      return { unclear: true, problem: `extensions not understood: ${leaf.subject}` };
    let unclear: Obstacle | undefined;
    for (const { nameConstraints, subject } of path) {
      if (nameConstraints === undefined) continue;
      const within = withinConstraints(nameConstraints, leaf.names, leaf.hasSubject);
      if (within === 'no') return { unclear: false, problem: `name constraints: ${subject}` };
      if (within === 'unclear') unclear = { unclear: true, problem: `name constraints: ${subject}` };
    }
    return unclear;
  }
}

interface Obstacle {
  /** We cannot tell, as against: it certainly forbids. */
  readonly unclear: boolean;
  readonly problem: string;
}

/** A certificate of the same name and key leads nowhere new: cross-signed authorities would go round for ever. */
function identity({ subjectKey, key }: Certificate): string {
  return `${key.digest} ${subjectKey}`;
}
