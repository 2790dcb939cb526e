/** One content security policy: source expressions by directive. */
export type ContentPolicy = ReadonlyMap<string, readonly string[]>;

const NONE = "'none'";
const INLINE = "'unsafe-inline'";
const DYNAMIC = "'strict-dynamic'";
/** What a policy that says nothing lets through. */
const EVERYTHING = ['*', 'data:', 'blob:', INLINE];

/**
 * The policies of the Content-Security-Policy fields of one answer, those of each field parted by commas
 * (https://www.w3.org/TR/CSP3/#parse-response-csp). A directive that is there twice counts as it was first written. The
 * report-only field is none of these: it forbids nothing.
 */
export function contentPolicies(values: readonly string[]): readonly ContentPolicy[] {
  return values
    .flatMap((value) => value.split(','))
    .filter((text) => /[^\t\n\f\r ;]/.test(text))
    .map(policyOf);
}

function policyOf(text: string): ContentPolicy {
  const policy = new Map<string, readonly string[]>();
  for (const token of text.split(';')) {
    if (token === '') continue;
    const [name, ...sources] = token.split(/[\t\n\f\r ]+/).filter((word) => word !== '');
    // A token that is not ASCII is passed over as a whole.
    if (name === undefined || /[^\x00-\x7f]/.test(token)) continue;
    const directive = name.toLowerCase();
    if (!policy.has(directive)) policy.set(directive, sources);
  }
  return policy;
}

/**
 * Where scripts may come from, all policies together: undefined where none speaks of scripts. What has no effect in a browser
 * of CSP level 3 is left out: an 'unsafe-inline' beside a nonce, a hash or 'strict-dynamic', hosts and schemes beside
 * 'strict-dynamic'. Never empty: nothing allowed is `'none'`.
 */
export function scriptSources(policies: readonly ContentPolicy[]): readonly string[] | undefined {
  return together(policies.map(scriptSourcesOf));
}

function scriptSourcesOf(policy: ContentPolicy): readonly string[] | undefined {
  const general = policy.get('script-src') ?? policy.get('default-src');
  const elements = policy.get('script-src-elem') ?? general;
  const attributes = policy.get('script-src-attr') ?? general;
  if (elements === undefined && attributes === undefined) return undefined;
  const inElements = elements === undefined ? EVERYTHING : inEffect(elements);
  const inAttributes = attributes === undefined ? EVERYTHING : inEffect(attributes);
  const handlers = inAttributes.includes(INLINE) && !inElements.includes(INLINE) ? [INLINE] : [];
  return orNone([...inElements, ...handlers]);
}

/** Who may frame the page, all policies together: undefined where no policy has `frame-ancestors`, which falls back on nothing. */
export function frameAncestors(policies: readonly ContentPolicy[]): readonly string[] | undefined {
  return together(
    policies.map((policy) => {
      const sources = policy.get('frame-ancestors');
      return sources === undefined ? undefined : orNone(sources.map(normal).filter((source) => source !== NONE && understood(source)));
    }),
  );
}

function inEffect(written: readonly string[]): readonly string[] {
  const sources = written.map(normal).filter((source) => source !== NONE && understood(source));
  const dynamic = sources.includes(DYNAMIC);
  const neutral = dynamic || sources.some(isNonceOrHash);
  return sources.filter((source) => !(source === INLINE && neutral) && !(dynamic && (source === "'self'" || !source.startsWith("'"))));
}

/** Keywords, schemes and hosts are compared without regard to case; nonces, digests and paths are not. */
function normal(source: string): string {
  if (/^'(?:nonce|sha(?:256|384|512))-/i.test(source)) return source.replace(/^'[^-]*/, (prefix) => prefix.toLowerCase());
  const path = source.startsWith("'") ? -1 : source.indexOf('/', source.includes('://') ? source.indexOf('://') + 3 : 0);
  return path === -1 ? source.toLowerCase() : source.slice(0, path).toLowerCase() + source.slice(path);
}

const KEYWORDS = new Set([
  "'self'",
  INLINE,
  DYNAMIC,
  "'unsafe-eval'",
  "'unsafe-hashes'",
  "'wasm-unsafe-eval'",
  "'trusted-types-eval'",
  "'inline-speculation-rules'",
]);

/** A quoted word that browsers do not know matches nothing. What stands unquoted is kept: they may read it as a host. */
function understood(source: string): boolean {
  return !source.startsWith("'") || KEYWORDS.has(source) || isNonceOrHash(source);
}

function isNonceOrHash(source: string): boolean {
  return /^'(?:nonce|sha256|sha384|sha512)-[A-Za-z0-9+/_-]+={0,2}'$/.test(source);
}

type Reach = 'quoted' | 'local' | 'anywhere' | 'hosts' | 'named';

/** How far a source reaches, as far as it matters for what two policies allow together. */
function reachOf(source: string): Reach {
  if (isNonceOrHash(source)) return 'named';
  if (source === "'self'" || source === DYNAMIC) return 'hosts';
  if (source.startsWith("'")) return 'quoted';
  if (/^(?:(?:https?|wss?):|(?:[a-z][a-z0-9+.-]*:\/\/)?\*(?::(?:\d+|\*))?(?:\/.*)?)$/.test(source)) return 'anywhere';
  return /^[a-z][a-z0-9+.-]*:$/.test(source) ? 'local' : 'hosts';
}

/**
 * What all policies allow: a page must pass each of them. A source of one is kept as long as the others may let something
 * of it through; where another is narrower, it is the narrower source that is kept.
 */
function together(lists: readonly (readonly string[] | undefined)[]): readonly string[] | undefined {
  const speaking = lists.filter((list) => list !== undefined);
  const [only, ...others] = speaking;
  if (only === undefined || others.length === 0) return only;
  // How many policies have each source, and each reach: one that has it itself asks whether all others have it, too.
  const having = new Map<string, number>();
  const count = (key: string): void => void having.set(key, (having.get(key) ?? 0) + 1);
  for (const list of speaking) {
    const reaches = new Set(list.map(reachOf));
    for (const source of new Set(list)) count(`source ${source}`);
    for (const reach of reaches) count(`reach ${reach}`);
    if (reaches.has('hosts') || reaches.has('anywhere') || reaches.has('named')) count('some hosts');
  }
  const allHave = (key: string): boolean => having.get(key) === speaking.length;
  const kept = speaking.flat().filter((source) => {
    const reach = reachOf(source);
    if (source === NONE) return false;
    if (reach === 'named') return !having.has(`source ${NONE}`);
    if (reach === 'anywhere') return allHave('reach anywhere');
    return allHave(reach === 'hosts' ? 'some hosts' : `source ${source}`);
  });
  return orNone(kept);
}

function orNone(sources: readonly string[]): readonly string[] {
  return sources.length === 0 ? [NONE] : [...new Set(sources)];
}
