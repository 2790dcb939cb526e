import { absent, derived, known, unknown, type Fact } from '../../model/fact.ts';
import type { SiteFacts } from '../site-policies.ts';
import { base, isOutage, type Asked, type Exchange } from './exchange.ts';
import { isHere, redirectOf } from './follow.ts';
import type { Answers } from './answers.ts';
import { outage } from './outage.ts';

/**
 * Is everything that was asked answered with a redirect to https? Of a site that speaks TLS: to another site, for good; who is
 * sent away for now (to log in) may come back to pages of this one. A path that is served decides alone; one that did not
 * answer leaves it open.
 */
export function redirectsToHttps({ page, nowhere, pages }: Answers, site: Asked): SiteFacts['redirects_to_https'] {
  const facts: Fact<boolean>[] = [
    sentAway(page.last, page.away, site),
    // The path that is not there is not followed: its first answer tells whether everything is sent away.
    'state' in nowhere ? nowhere : sentAway(nowhere, redirectOf(nowhere, site), site),
    ...pages.map(({ trail }) => ('state' in trail ? trail : sentAway(trail.last, trail.away, site))),
  ];
  const served = facts.find((fact) => fact.state === 'known' && !fact.value);
  if (served !== undefined) return served;
  const unclear = facts.find(({ state }) => state !== 'known');
  if (unclear !== undefined) return unclear;
  const [first, ...rest] = facts.flatMap(({ origin }) => (origin === undefined ? [] : [origin]));
  return known(true, derived('every path that was asked', first ?? page.last.origin, ...rest));
}

function sentAway(last: Exchange, to: URL | undefined, site: Asked): Fact<boolean> {
  if (isOutage(last)) return outage(last);
  // A redirect to another page of the same encrypted site is that site's own page.
  return to?.protocol === 'https:' && !(site.secure && isHere(to, site)) ? forGood(last, site) : known(false, last.origin);
}

function forGood({ answer: { status }, origin }: Exchange, site: Asked): Fact<boolean> {
  const temporary = site.secure && status !== 301 && status !== 308;
  return temporary ? unknown('unresolved', `status ${status} to another site`, origin) : known(true, origin);
}

/** The redirect of the page that was asked for. */
export function redirectFact({ page }: Answers, site: Asked): SiteFacts['redirect'] {
  const { first, away, hops, last } = page;
  const [start] = hops;
  const { origin } = start;
  if (first === undefined) return isOutage(start) ? outage(start) : absent(origin);
  const end = away ?? URL.parse(`${base(site)}${last.path}`);
  const statuses = hops.map(({ answer }) => answer.status).filter((status) => status >= 300 && status < 400);
  return known(
    {
      status: known(start.answer.status, origin),
      permanent: known(
        statuses.every((status) => status === 301 || status === 308),
        origin,
      ),
      same_host: known(end?.hostname === site.name, origin),
      straight: known(first.protocol === 'https:', origin),
    },
    origin,
  );
}
