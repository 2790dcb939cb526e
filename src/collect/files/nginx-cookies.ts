import { known, unknown, type Fact, type Unknown } from '../../model/fact.ts';
import { parseSetCookie } from '../../http/set-cookie.ts';
import { bannerFact, cookieFact, type BannerFact, type CookieFact } from '../site-fields.ts';
import type { SiteFacts } from '../site-policies.ts';
import { behind } from './nginx-behind.ts';
import { changing, nameOf, sentBy } from './nginx-fields.ts';
import { answering, passOf, type Place } from './nginx-location.ts';
import { inForce, type NginxWorld } from './nginx-scope.ts';
import type { Server } from './nginx-server.ts';
import { originOf, wordOrigin, type Node } from './nginx-tree.ts';

/**
 * Cookies that nginx sets itself, and, where `proxy_cookie_flags` says how all those of an application have to be, one that
 * stands for them all. Others the application may set as it likes: the list is open.
 */
export function cookies(server: Server): SiteFacts['cookies'] {
  const found = new Map<string, CookieFact>();
  const open: Unknown[] = changing(server).map((node) => unknown('unsupported', node.name, originOf(node)));
  for (const place of answering(server)) {
    const sent = sentBy(place);
    if ('state' in sent) open.push(sent);
    else {
      open.push(...sent.holes);
      for (const node of sent.nodes) {
        if (nameOf(node) !== 'set-cookie') continue;
        const [word, value] = node.args;
        const at = value === undefined ? originOf(node) : wordOrigin(node, value);
        const cookie = cookieOf(node);
        const key = `${word?.text ?? ''}\u0000${value?.text ?? ''}`;
        if (!found.has(key)) found.set(key, cookie ?? unknown('unresolved', 'add_header Set-Cookie', at));
      }
    }
    const others = behind(place, 'set-cookie');
    if (others === undefined) continue;
    // nginx changes the cookies of the application only, not those of its own modules.
    const flagged = others.sender === 'application' ? flags(place) : undefined;
    if (flagged === undefined) open.push(others.why);
    else if (!found.has(flagged.key)) found.set(flagged.key, flagged.cookie);
  }
  return known([...found.values()], server.scope.at, open.slice(0, MAX_OPEN));
}

const MAX_OPEN = 20;

/** A variable as a cookie's value hides nothing of its flags. */
function cookieOf(node: Node): CookieFact | undefined {
  const value = node.args[1];
  if (value === undefined) return undefined;
  const [pair = '', ...attributes] = value.text.split(';');
  const [name = ''] = pair.split('=');
  if (/[$\u007b%@]/.test(name) || (value.dynamic && /[$\u007b]/.test(attributes.join(';')))) return undefined;
  const parsed = parseSetCookie([`${name}=x`, ...attributes].join(';'), 0);
  return parsed === undefined ? undefined : cookieFact(parsed, wordOrigin(node, value));
}

/**
 * `proxy_cookie_flags ~ secure httponly samesite=lax`: the first that fits a cookie counts, and this one fits them all
 * (https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_cookie_flags).
 */
function flags(place: Place): { readonly key: string; readonly cookie: CookieFact } | undefined {
  if (passOf(place)?.name !== 'proxy_pass') return undefined;
  const found = inForce(place.scope, 'proxy_cookie_flags');
  if (found.state !== 'set' || found.holes.length > 0) return undefined;
  const [node] = found.nodes;
  const [pattern, ...words] = node.args;
  if (pattern === undefined || !/^~\*?(?:\.\*?|\^)?$/.test(pattern.text) || node.args.some(({ dynamic }) => dynamic)) return undefined;
  const origin = originOf(node);
  const set = words.map(({ text }) => text.toLowerCase());
  const own = unknown('not-collected', 'cookies of the application', origin);
  const flag = (name: string): Fact<boolean> =>
    set.includes(name) ? known(true, origin) : set.includes(`no${name}`) ? known(false, origin) : own;
  const sameSite = (['strict', 'lax', 'none'] as const).find((word) => set.includes(`samesite=${word}`));
  return {
    key: JSON.stringify(origin),
    cookie: known(
      {
        name: known('*', origin),
        key: known('*', origin),
        secure: flag('secure'),
        http_only: flag('httponly'),
        same_site: sameSite !== undefined ? known(sameSite, origin) : set.includes('nosamesite') ? { state: 'absent', origin } : own,
        prefix_kept: own,
        max_age: own,
      },
      origin,
    ),
  };
}

/** The Server header, and what the application may send beside it. */
export function banners(server: Server, discloses: Fact<boolean>, { nginx }: NginxWorld): SiteFacts['banners'] {
  const others = answering(server).flatMap((place) => behind(place, 'x-powered-by')?.why ?? []);
  return known(
    [serverBanner(discloses, nginx)],
    server.scope.at,
    [...changing(server).map((node) => unknown('unsupported', node.name, originOf(node))), ...others].slice(0, MAX_OPEN),
  );
}

function serverBanner(discloses: Fact<boolean>, version: Fact<string>): BannerFact {
  if (discloses.state !== 'known') return unknown('unresolved', 'server_tokens', discloses.origin);
  const { origin } = discloses;
  if (!discloses.value) return bannerFact('server', known('nginx', origin));
  if (version.state === 'known') return bannerFact('server', known(`nginx/${version.value}`, origin));
  return known({ name: known('server', origin), value: version, version }, origin);
}
