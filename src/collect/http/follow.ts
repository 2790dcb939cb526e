import { unknown, type Unknown } from '../../model/fact.ts';
import { ask, base, type Asked, type Exchange } from './exchange.ts';

const MAX_HOPS = 3;

/** What became of a path: the redirects, and the answer that is none or leads away. */
export interface Trail {
  readonly hops: readonly [Exchange, ...Exchange[]];
  readonly last: Exchange;
  /** Where the last answer leads, if it is a redirect. */
  readonly away?: URL;
  /** Where the first answer leads, if it is a redirect. */
  readonly first?: URL;
}

/**
 * Asks for a path, and follows redirects by hand: on the same host and port, at the same address, three times at most. An
 * address that the server supplies is never connected to.
 */
export async function follow(site: Asked, path: string, headers: Readonly<Record<string, string>>): Promise<Trail | Unknown> {
  const start = await ask(site, 'GET', path, headers);
  if ('state' in start) return start;
  const hops: [Exchange, ...Exchange[]] = [start];
  const first = redirectOf(start, site);
  let to = first;
  while (to !== undefined && isHere(to, site) && hops.length <= MAX_HOPS) {
    const next = await ask(site, 'GET', `${to.pathname}${to.search}`, headers);
    // The site has answered before: a refusal now is not that nobody listens.
    if ('state' in next) return unknown('unresolved', `after a redirect: ${next.detail}`, next.origin);
    hops.push(next);
    to = redirectOf(next, site);
  }
  return {
    hops,
    last: hops.at(-1) ?? start,
    ...(to === undefined ? {} : { away: to }),
    ...(first === undefined ? {} : { first }),
  };
}

/** RFC 9110 15.4: a redirect is one that says where to. */
export function redirectOf(from: Exchange, site: Asked): URL | undefined {
  if (![301, 302, 303, 307, 308].includes(from.answer.status)) return undefined;
  const location = from.answer.headers.find(([name]) => name.toLowerCase() === 'location')?.[1];
  return (location === undefined ? null : URL.parse(location, `${base(site)}${from.path}`)) ?? undefined;
}

/** Is it a page of the site itself? */
export function isHere(to: URL, site: Asked): boolean {
  return to.origin === URL.parse(base(site))?.origin;
}
