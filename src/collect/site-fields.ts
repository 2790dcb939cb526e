import { absent, known, type Known, type Origin } from '../model/fact.ts';
import { versionIn } from '../http/banner.ts';
import type { Cookie } from '../http/set-cookie.ts';
import type { SiteFacts } from './site-policies.ts';

/** One element of `http.site`’s `cookies`. */
export type CookieFact = Extract<SiteFacts['cookies'], { state: 'known' }>['value'][number];
/** One element of `http.site`’s `pages`. */
export type PageFact = Extract<SiteFacts['pages'], { state: 'known' }>['value'][number];
/** One element of `http.site`’s `banners`. */
export type BannerFact = Extract<SiteFacts['banners'], { state: 'known' }>['value'][number];

/** A cookie as facts, each with the place of the header that sets it. */
export function cookieFact({ name, secure, httpOnly, sameSite, prefixKept, maxAge }: Cookie, origin: Origin): CookieFact {
  return known(
    {
      name: known(name, origin),
      key: known(name.toLowerCase(), origin),
      secure: known(secure, origin),
      http_only: known(httpOnly, origin),
      same_site: sameSite === undefined ? absent(origin) : known(sameSite, origin),
      prefix_kept: known(prefixKept, origin),
      max_age: maxAge === undefined ? absent(origin) : known(maxAge, origin),
    },
    origin,
  );
}

/** A banner as facts. */
export function bannerFact(name: string, { value, origin }: Known<string>): BannerFact {
  const version = versionIn(name, value);
  return known(
    { name: known(name, origin), value: known(value, origin), version: version === undefined ? absent(origin) : known(version, origin) },
    origin,
  );
}

/** Paths of an option, comma separated; what could leave the site (`//host`) or its path (`?`, `#`) is not one. */
export function pathsOf(text = ''): readonly string[] {
  const words = text.split(',').map((word) => word.trim());
  return [...new Set(words.filter((word) => /^\/(?![/\\])[^?#\s\\]*$/.test(word)))];
}
