import { absent, derived, known, unknown, type Absent, type Fact, type Known, type Origin, type Unknown } from '../model/fact.ts';
import { contentPolicies, frameAncestors, scriptSources } from '../http/content-policy.ts';
import { frameOptions } from '../http/frame-options.ts';
import { parseHsts } from '../http/hsts.ts';
import { forbidsSniffing, referrerPolicy } from '../http/page-policies.ts';
import { permissionsPolicy } from '../http/permissions-policy.ts';
import type { httpSite } from '../resources/http-site.ts';
import type { KindFacts } from '../resources/kind.ts';

export type SiteFacts = KindFacts<typeof httpSite>;

/** One header field as one answer, or one place of a configuration, sends it. */
export interface Field {
  /** In the order in which they are sent. */
  readonly values: readonly Known<string>[];
  /** More may be sent, or what is sent cannot be told. */
  readonly doubt?: Unknown;
  /** Where it is decided that nothing else is sent. */
  readonly at: Origin;
}

/** The field of a name, in lower case. */
export type Fields = (name: string) => Field;

/** What pages declare to browsers, by their headers alone. */
export type PolicyFacts = Pick<
  SiteFacts,
  | 'hsts_valid'
  | 'hsts_max_age'
  | 'hsts_include_subdomains'
  | 'hsts_preload'
  | 'script_sources'
  | 'framed_by'
  | 'nosniff'
  | 'referrer_policies'
  | 'permissions'
>;

/** A list that a header holds is kept so far: nobody writes more. */
const MAX_ELEMENTS = 500;

/** What the headers of one answer, or one place, declare. */
export function policyFacts(fields: Fields): PolicyFacts {
  return { ...hsts(fields), ...contentPolicy(fields), ...others(fields) };
}

/** RFC 6797 8.1: browsers obey the first of several fields, and none that is not valid. */
function hsts(fields: Fields): Pick<PolicyFacts, 'hsts_valid' | 'hsts_max_age' | 'hsts_include_subdomains' | 'hsts_preload'> {
  const { values, doubt, at } = fields('strict-transport-security');
  const [first] = values;
  const all = (valid: Fact<boolean>, rest: Absent | Unknown): ReturnType<typeof hsts> => ({
    hsts_valid: valid,
    hsts_max_age: rest,
    hsts_include_subdomains: rest,
    hsts_preload: rest,
  });
  if (doubt !== undefined) return all(doubt, doubt);
  if (first === undefined) return all(absent(at), absent(at));
  const { origin } = first;
  const policy = parseHsts(first.value);
  if (!policy.valid) return all(known(false, derived(policy.problem, origin)), absent(derived(policy.problem, origin)));
  return {
    hsts_valid: known(true, origin),
    hsts_max_age: known(policy.maxAge, origin),
    hsts_include_subdomains: known(policy.includeSubDomains, origin),
    hsts_preload: known(policy.preload, origin),
  };
}

function contentPolicy(fields: Fields): Pick<PolicyFacts, 'script_sources' | 'framed_by'> {
  const field = fields('content-security-policy');
  if (field.doubt !== undefined) return { script_sources: field.doubt, framed_by: field.doubt };
  const policies = contentPolicies(texts(field));
  const origin = originOf(field);
  const scripts = scriptSources(policies);
  const ancestors = frameAncestors(policies);
  return {
    script_sources: scripts === undefined ? absent(origin) : listOf(scripts, origin),
    framed_by: ancestors === undefined ? framedByOptions(fields) : listOf(ancestors, origin),
  };
}

/** X-Frame-Options counts only where no policy has `frame-ancestors`. */
function framedByOptions(fields: Fields): PolicyFacts['framed_by'] {
  const field = fields('x-frame-options');
  if (field.doubt !== undefined) return field.doubt;
  const word = frameOptions(texts(field));
  return word === undefined ? absent(originOf(field)) : listOf([word], originOf(field));
}

function others(fields: Fields): Pick<PolicyFacts, 'nosniff' | 'referrer_policies' | 'permissions'> {
  const sniffing = fields('x-content-type-options');
  const referrers = fields('referrer-policy');
  const referrer = referrerPolicy(texts(referrers));
  const permissions = fields('permissions-policy');
  return {
    nosniff: sniffing.doubt ?? known(forbidsSniffing(texts(sniffing)), originOf(sniffing)),
    referrer_policies: referrers.doubt ?? (referrer === undefined ? absent(originOf(referrers)) : listOf([referrer], originOf(referrers))),
    permissions: permissions.doubt ?? permissionsOf(permissions),
  };
}

function permissionsOf(field: Field): PolicyFacts['permissions'] {
  const origin = originOf(field);
  const parsed = field.values.length === 0 ? undefined : permissionsPolicy(texts(field));
  if (parsed === undefined) return absent(origin);
  const kept = parsed.slice(0, MAX_ELEMENTS);
  return known(
    kept.map(({ feature, allowed }) => known({ feature: known(feature, origin), allowed: listOf(allowed, origin) }, origin)),
    origin,
    kept.length < parsed.length ? [tooMany(parsed.length, origin)] : [],
  );
}

function texts({ values }: Field): readonly string[] {
  return values.map(({ value }) => value);
}

/** Where the field stands; where it is decided that it does not. */
export function originOf({ values, at }: Field): Origin {
  const [first, ...rest] = values.map(({ origin }) => origin);
  return first === undefined ? at : rest.length === 0 ? first : derived('fields of one name together', first, ...rest);
}

function listOf(values: readonly string[], origin: Origin): Known<readonly Fact<string>[]> {
  const kept = values.slice(0, MAX_ELEMENTS).map((value) => known(value, origin));
  return known(kept, origin, values.length > kept.length ? [tooMany(values.length, origin)] : []);
}

function tooMany(count: number, origin: Origin): Unknown {
  return unknown('unsupported', `${count} elements`, origin);
}

/** The same facts where they hold only sometimes: what is missing there may be sent at other times. */
export function sometimes(facts: PolicyFacts, why: Unknown): PolicyFacts {
  const unless = <T>(fact: Fact<T>): Fact<T> => (fact.state === 'absent' ? why : fact);
  return {
    hsts_valid: unless(facts.hsts_valid),
    hsts_max_age: unless(facts.hsts_max_age),
    hsts_include_subdomains: unless(facts.hsts_include_subdomains),
    hsts_preload: unless(facts.hsts_preload),
    script_sources: unless(facts.script_sources),
    framed_by: unless(facts.framed_by),
    nosniff: facts.nosniff.state === 'known' && !facts.nosniff.value ? why : facts.nosniff,
    referrer_policies: unless(facts.referrer_policies),
    permissions: unless(facts.permissions),
  };
}

/** What the weakest of several pages or places declares: what one of them lacks the site lacks. */
export function weakest(first: PolicyFacts, ...rest: readonly PolicyFacts[]): PolicyFacts {
  const all = [first, ...rest];
  return {
    hsts_valid: allTrue(all.map((one) => one.hsts_valid)),
    hsts_max_age: least(all.map((one) => one.hsts_max_age)),
    hsts_include_subdomains: allTrue(all.map((one) => one.hsts_include_subdomains)),
    hsts_preload: allTrue(all.map((one) => one.hsts_preload)),
    script_sources: union(all.map((one) => one.script_sources)),
    framed_by: union(all.map((one) => one.framed_by)),
    nosniff: allTrue(all.map((one) => one.nosniff)),
    referrer_policies: union(all.map((one) => one.referrer_policies)),
    permissions: lacking(all.map((one) => one.permissions)) ?? first.permissions,
  };
}

function lacking<T>(facts: readonly Fact<T>[]): Fact<T> | undefined {
  return facts.find(({ state }) => state === 'absent') ?? facts.find(({ state }) => state === 'unknown');
}

const NOTHING = unknown('unresolved', 'no place');

function allTrue(facts: readonly Fact<boolean>[]): Fact<boolean> {
  return facts.find((fact) => fact.state === 'known' && !fact.value) ?? lacking(facts) ?? facts[0] ?? NOTHING;
}

function least(facts: readonly Fact<number>[]): Fact<number> {
  const values = facts.filter((fact) => fact.state === 'known').toSorted((a, b) => a.value - b.value);
  return lacking(facts) ?? values[0] ?? NOTHING;
}

/** Everything that some place lets in. Where one of them is not known, more may be. */
function union(facts: readonly Fact<readonly Fact<string>[]>[]): Fact<readonly Fact<string>[]> {
  const missing = facts.find(({ state }) => state === 'absent');
  if (missing !== undefined) return missing;
  const lists = facts.filter((fact) => fact.state === 'known');
  const unclear = facts.filter((fact) => fact.state === 'unknown');
  const [first] = lists;
  if (first === undefined) return unclear[0] ?? NOTHING;
  const elements = new Map<string, Fact<string>>();
  for (const element of lists.flatMap(({ value }) => value))
    if (element.state === 'known' && !elements.has(element.value)) elements.set(element.value, element);
  return known([...elements.values()], first.origin, [...lists.flatMap(({ open }) => open ?? []), ...unclear]);
}
