import type { Localized } from './localized.ts';

/** What of one protocol version is known. */
export interface EndpointProtocol {
  readonly name: string;
  readonly state: 'accepted' | 'refused' | 'unknown';
}

export interface EndpointSuite {
  readonly name: string;
  readonly bits: number;
  readonly versions: readonly string[];
  /** `insecure`: protects nobody; `weak`: to be left behind; `good`: authenticated encryption with forward secrecy. */
  readonly strength: 'good' | 'weak' | 'insecure';
}

export interface EndpointCertificate {
  readonly subject: string;
  readonly names: readonly string[];
  readonly key: string;
  readonly signature: string;
  readonly notBefore: string;
  readonly notAfter: string;
  readonly trusted: boolean | 'unknown';
  readonly hostMatches: boolean | 'unknown' | 'not-asked';
  /** Subjects above it, the root last where there is one. */
  readonly chain: readonly string[];
  readonly complete: boolean | 'unknown';
}

/** A rule that lowers a letter, and what it rests on. */
export interface RatingRule {
  /** The best letter it leaves. */
  readonly letter: string;
  readonly rule: Localized;
  readonly because: string;
}

/** The letter of SSL Labs' SSL Server Rating Guide. */
export interface Rating {
  readonly guide: string;
  /** `T` and `M` are trust problems; undefined where nothing could be rated. */
  readonly letter?: string;
  /** The configuration's own letter, trust left aside. */
  readonly configuration?: string;
  readonly score?: { readonly protocol: number; readonly keyExchange: number; readonly cipher: number; readonly total: number };
  readonly caps: readonly RatingRule[];
  readonly warnings: readonly RatingRule[];
  readonly trust: readonly RatingRule[];
  /** What was not asked or not answered: the letter is the best that may be. */
  readonly notTested: readonly Localized[];
}

export interface GuidelineField {
  readonly field: string;
  readonly status: 'met' | 'not-met' | 'not-tested';
  readonly wanted: string;
  readonly found: string;
  /** It is shown, and decides nothing. */
  readonly advice?: true;
}

/** A verdict against one of Mozilla's configurations, field by field. */
export interface Guideline {
  readonly name: string;
  readonly verdict: 'met' | 'not-met' | 'not-tested';
  readonly fields: readonly GuidelineField[];
}

/** One TLS endpoint in full, for people: what its resources say, with the letter and the guidelines. */
export interface EndpointProfile {
  readonly target: string;
  readonly resource: string;
  readonly address: string;
  readonly service: string;
  readonly protocols: readonly EndpointProtocol[];
  readonly suites: readonly EndpointSuite[];
  readonly serverPreference: boolean | 'unknown';
  readonly groups: readonly string[];
  /** False where there may be more groups than these. */
  readonly groupsWhole: boolean;
  readonly certificates: readonly EndpointCertificate[];
  readonly weaknesses: readonly string[];
  /** False where there may be more than these: an empty list says nothing then. */
  readonly weaknessesWhole: boolean;
  readonly alpn: readonly string[];
  readonly rating: Rating;
  readonly guidelines: readonly Guideline[];
  readonly connections: number;
}
