import { derived, known, unknown, type Fact, type Known, type Origin, type Unknown } from '../../model/fact.ts';
import { BANNERS } from '../../http/banner.ts';
import { cacheDirectives } from '../../http/cache-control.ts';
import { parseSetCookie } from '../../http/set-cookie.ts';
import { bannerFact, cookieFact, type BannerFact, type CookieFact, type PageFact } from '../site-fields.ts';
import { policyFacts, weakest, type PolicyFacts, type SiteFacts } from '../site-policies.ts';
import { fieldsOf, isOutage, type Asked, type Exchange } from './exchange.ts';
import { originFacts } from './origins.ts';
import { outage } from './outage.ts';
import type { Answers } from './answers.ts';
import { redirectFact, redirectsToHttps } from './redirects.ts';

/** The facts of a site at one address, from what it answered. `declared` is where the user named the target. */
export function siteFacts(answers: Answers, site: Asked, declared: Origin, now: number): SiteFacts {
  const { page, nowhere, pages } = answers;
  const { origin } = page.last;
  const got = [page.last, ...pages.flatMap(({ trail }) => ('state' in trail ? [] : [trail.last]))];
  const seen = [
    ...page.hops,
    ...('state' in nowhere ? [] : [nowhere]),
    ...pages.flatMap(({ trail }) => ('state' in trail ? [] : trail.hops)),
  ];
  const missing = pages.flatMap(({ trail }) => ('state' in trail ? [trail] : []));
  /** Answers that did not come, or show an outage, may hold what the others do not. */
  const gaps = [...missing, ...seen.filter(isOutage).map(outage), ...('state' in nowhere ? [nowhere] : [])];
  return {
    names: known([known(site.name, declared)], declared),
    port: known(site.port, declared),
    tls: known(site.secure, origin),
    loopback_only: loopbackOnly(site, origin),
    redirects_to_https: redirectsToHttps(answers, site),
    redirect: redirectFact(answers, site),
    status: known(page.last.answer.status, origin),
    ...declaredPolicies(got, missing),
    headers: headersOf(page.last, nowhere),
    cookies: known(cookiesOf(seen, now), origin, gaps),
    banners: known(bannersOf(seen), origin, gaps),
    discloses_version: disclosesVersion(seen, nowhere, gaps),
    pages: known(pagesOf(answers, declared), origin),
    ...originFacts(answers),
    compresses_pages: compresses(page.last),
    rate_limited: unknown('not-collected', 'limits are not tried out', origin),
    body_limited: unknown('not-collected', 'limits are not tried out', origin),
  };
}

/** A loopback address may be one of several that it answers on; any other is no loopback. */
function loopbackOnly({ address, proxy }: Asked, origin: Origin): Fact<boolean> {
  if (proxy !== undefined) return unknown('unresolved', 'through a proxy', origin);
  return /^(?:127\.|::1$|::ffff:127\.)/.test(address)
    ? unknown('not-collected', 'it may answer elsewhere too', origin)
    : known(false, origin);
}

function declaredPolicies(got: readonly Exchange[], missing: readonly Unknown[]): PolicyFacts {
  const each = [
    ...got.map((one) => (isOutage(one) ? nothing(outage(one)) : policyFacts(fieldsOf(one)))),
    ...missing.map((why) => nothing(why)),
  ];
  const [first, ...rest] = each;
  return first === undefined ? nothing(unknown('not-collected', 'no page')) : weakest(first, ...rest);
}

function nothing(why: Unknown): PolicyFacts {
  return {
    hsts_valid: why,
    hsts_max_age: why,
    hsts_include_subdomains: why,
    hsts_preload: why,
    script_sources: why,
    framed_by: why,
    nosniff: why,
    referrer_policies: why,
    permissions: why,
  };
}

/** Fields that are kept. Others may hold secrets, and say nothing that controls ask for. */
const KEPT =
  /^(?:strict-transport-security|content-security-policy(?:-report-only)?|x-frame-options|x-content-type-options|x-xss-protection|referrer-policy|permissions-policy|cross-origin-(?:opener|embedder|resource)-policy|origin-agent-cluster|clear-site-data|cache-control|pragma|expires|vary|content-type|content-encoding|access-control-.{1,40}|allow)$/;

function headersOf(page: Exchange, nowhere: Exchange | Unknown): SiteFacts['headers'] {
  if (isOutage(page)) return outage(page);
  const error = 'state' in nowhere || nowhere.answer.status < 400 || isOutage(nowhere) ? undefined : nowhere;
  const elements = page.answer.headers.flatMap(([written, value]) => {
    const name = written.toLowerCase();
    if (!KEPT.test(name) && !BANNERS.includes(name)) return [];
    const origin = derived(`header ${name}`, page.origin);
    const always: Fact<boolean> =
      error === undefined
        ? unknown('not-collected', 'no error page was seen', page.origin)
        : known(fieldsOf(error)(name).values.length > 0, error.origin);
    return [known({ name: known(name, origin), value: known(value, origin), always }, origin)];
  });
  return known(elements, page.origin);
}

/** Cookies of all answers; one that is set twice in the same way is one. */
function cookiesOf(seen: readonly Exchange[], now: number): readonly CookieFact[] {
  const found = new Map<string, CookieFact>();
  for (const exchange of seen) {
    for (const { value, origin } of fieldsOf(exchange)('set-cookie').values) {
      const cookie = parseSetCookie(value, now);
      if (cookie === undefined) continue;
      const { maxAge: _, ...rest } = cookie;
      const key = JSON.stringify(rest);
      if (!found.has(key)) found.set(key, cookieFact(cookie, origin));
    }
  }
  return [...found.values()];
}

function bannerFields(seen: readonly Exchange[]): readonly { readonly name: string; readonly field: Known<string> }[] {
  return seen.flatMap((exchange) => BANNERS.flatMap((name) => fieldsOf(exchange)(name).values.map((field) => ({ name, field }))));
}

function bannersOf(seen: readonly Exchange[]): readonly BannerFact[] {
  const found = new Map<string, BannerFact>();
  for (const { name, field } of bannerFields(seen)) {
    const key = `${name}\u0000${field.value}`;
    if (!found.has(key)) found.set(key, bannerFact(name, field));
  }
  return [...found.values()];
}

/** Error pages of servers and frameworks that sign them with their version. */
const SIGNATURE =
  /\b(?:nginx|openresty|tengine|apache|apache tomcat|tomcat|jetty|lighttpd|iis|php|openssl|jboss|wildfly|weblogic|websphere|glassfish|werkzeug|gunicorn|asp\.net)(?:\/| |&nbsp;|\(| version:? ?){1,2}v?\d+\.\d/i;

function disclosesVersion(seen: readonly Exchange[], nowhere: Exchange | Unknown, gaps: readonly Unknown[]): Fact<boolean> {
  for (const { name, field } of bannerFields(seen)) {
    const banner = bannerFact(name, field);
    if (banner.state === 'known' && banner.value.version.state === 'known') return known(true, field.origin);
  }
  if ('state' in nowhere) return nowhere;
  const { body, cut } = nowhere.answer;
  if (SIGNATURE.test(Buffer.from(body).toString('latin1'))) return known(true, derived('its error page', nowhere.origin));
  const encoded = fieldsOf(nowhere)('content-encoding').values.some(({ value }) => value.trim().toLowerCase() !== 'identity');
  if (cut || encoded) return unknown('unsupported', 'its error page is compressed or too long', nowhere.origin);
  return gaps[0] ?? known(false, nowhere.origin);
}

function pagesOf({ page, asked, pages }: Answers, declared: Origin): readonly PageFact[] {
  return [{ ...asked, trail: page }, ...pages].map((one) => {
    const { trail } = one;
    if ('state' in trail) return trail;
    const { last } = trail;
    return known(
      {
        path: known(one.path, declared),
        status: known(last.answer.status, last.origin),
        private: known(one.private, declared),
        no_store: noStore(last),
      },
      last.origin,
    );
  });
}

/** What stands behind a login, a redirect or an error is not the page, and says nothing of how the page is sent. */
function elsewhere({ answer: { status }, origin }: Exchange): Unknown | undefined {
  if (status === 401 || status === 403) return unknown('access-denied', `status ${status}`, origin);
  return status < 200 || status > 299 ? unknown('unresolved', `status ${status}`, origin) : undefined;
}

function noStore(exchange: Exchange): Fact<boolean> {
  const why = elsewhere(exchange);
  if (why !== undefined) return why;
  const { values, at } = fieldsOf(exchange)('cache-control');
  const directives = cacheDirectives(values.map(({ value }) => value));
  const origin = values[0]?.origin ?? at;
  return directives === undefined ? unknown('unparseable', 'Cache-Control', origin) : known(directives.includes('no-store'), origin);
}

function compresses(page: Exchange): Fact<boolean> {
  if (isOutage(page)) return outage(page);
  const { values, at } = fieldsOf(page)('content-encoding');
  const encoding = values.find(({ value }) => !/^\s*(?:identity)?\s*$/i.test(value));
  return encoding === undefined ? (elsewhere(page) ?? known(false, at)) : known(true, encoding.origin);
}
