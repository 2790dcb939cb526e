import { insideTargetOf } from './inside-address.ts';
import { authorityOf, placeOf } from './tls/place.ts';

/** Schemes that are a kind of target of their own; any other names a TLS endpoint. */
const WEB = ['https', 'http'] as const;

/** What a word of the command line names: a kind of target and its address; or why it names none. A word without scheme is a path. */
export function targetOf(text: string): { readonly kind: string; readonly id: string } | { readonly problem: string } {
  const inside = insideTargetOf(text);
  if (inside !== undefined) return inside;
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1]?.toLowerCase();
  if (scheme === undefined) return { kind: 'files', id: text.replace(/^\.\//, '').replace(/(.)\/+$/, '$1') };
  const place = placeOf(scheme === 'http' ? text.replace(/^http/i, 'https') : text);
  if ('problem' in place) return place;
  const kind = WEB.find((one) => one === scheme) ?? 'tls';
  const usual = { https: 443, http: 80 }[scheme];
  const explicit = /^[^/]+\/\/(?:\[[^\]]*\]|[^/:?#]*):\d+/.test(text);
  const authority = authorityOf(place);
  return { kind, id: explicit || usual === undefined ? authority : authority.slice(0, -`:${place.port}`.length) };
}
