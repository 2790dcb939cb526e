import type { Unknown } from '../../model/fact.ts';
import type { Answers, PagePath } from './answers.ts';
import { ask, type Asked } from './exchange.ts';
import { follow } from './follow.ts';
import { redirectsToHttps } from './redirects.ts';

/** A path that no site has: what comes back is its error page, or the redirect that takes everything. */
const NOWHERE = '/custos-looks-for-a-page-that-is-not-there';
/** A foreign origin: `.invalid` is nobody's (RFC 2606). */
export const HOSTILE_ORIGIN = 'https://custos-probe.invalid';
/** What comes back in the body where TRACE is answered. */
export const TRACE_MARK = 'custos-trace-mark';

/**
 * Asks a site all questions, each on a connection of its own: the page first, since without it there is no site; then the rest
 * at once. GET, OPTIONS and TRACE change nothing (RFC 9110 9.2.1); nothing is posted, nobody is logged in.
 */
export async function questions(site: Asked, asked: PagePath, named: readonly PagePath[]): Promise<Answers | Unknown> {
  const page = await follow(site, asked.path, { 'accept-encoding': 'gzip, br' });
  if ('state' in page) return page;
  const [nowhere, ...trails] = await Promise.all([ask(site, 'GET', NOWHERE), ...named.map((one) => follow(site, one.path, {}))]);
  const pages = named.flatMap((one, index) => {
    const trail = trails[index];
    return trail === undefined ? [] : [{ ...one, trail }];
  });
  const answered = { asked, page, nowhere, pages };
  const away = redirectsToHttps(answered, site);
  if (away.state === 'known' && away.value) return answered;
  const at = page.last.path;
  const [hostile, nobody, options, trace] = await Promise.all([
    ask(site, 'GET', at, { origin: HOSTILE_ORIGIN }),
    ask(site, 'GET', at, { origin: 'null' }),
    ask(site, 'OPTIONS', at, { origin: HOSTILE_ORIGIN, 'access-control-request-method': 'GET' }),
    ask(site, 'TRACE', at, { 'x-custos': TRACE_MARK }),
  ]);
  return { ...answered, more: { hostile, nobody, options, trace } };
}
