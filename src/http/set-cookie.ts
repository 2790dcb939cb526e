/** A cookie as a browser would keep it. Its value is never looked at, and not in here. */
export interface Cookie {
  readonly name: string;
  readonly secure: boolean;
  readonly httpOnly: boolean;
  /** Undefined where none is set, or one that browsers do not know. */
  readonly sameSite?: 'strict' | 'lax' | 'none';
  /** It keeps what the prefix of its name promises (`__Secure-`, `__Host-`); browsers throw away one that does not. */
  readonly prefixKept: boolean;
  /** Seconds that it lives; undefined where it ends with the browser's session. */
  readonly maxAge?: number;
}

const MAX_COOKIE = 4096;

/**
 * RFC 6265bis 5.6: undefined for what browsers refuse (control characters, neither name nor value, longer than 4096). Of an
 * attribute that is there twice the last counts. `now` turns Expires into seconds.
 */
export function parseSetCookie(text: string, now: number): Cookie | undefined {
  if (/[\x00-\x08\x0a-\x1f\x7f]/.test(text)) return undefined;
  const [pair = '', ...attributes] = text.split(';');
  const equals = pair.indexOf('=');
  const name = equals === -1 ? '' : pair.slice(0, equals).trim();
  const value = pair.slice(equals + 1).trim();
  if ((name === '' && value === '') || name.length + value.length > MAX_COOKIE) return undefined;
  const found = new Map<string, string>();
  for (const attribute of attributes) {
    const at = attribute.indexOf('=');
    found.set((at === -1 ? attribute : attribute.slice(0, at)).trim().toLowerCase(), at === -1 ? '' : attribute.slice(at + 1).trim());
  }
  const secure = found.has('secure');
  const sameSite = (['strict', 'lax', 'none'] as const).find((word) => word === found.get('samesite')?.toLowerCase());
  const maxAge = lifetime(found, now);
  return {
    name,
    secure,
    httpOnly: found.has('httponly'),
    prefixKept: /^__host-/i.test(name)
      ? secure && found.get('path') === '/' && (found.get('domain') ?? '') === ''
      : !/^__secure-/i.test(name) || secure,
    ...(sameSite === undefined ? {} : { sameSite }),
    ...(maxAge === undefined ? {} : { maxAge }),
  };
}

/** Max-Age goes before Expires (5.6.2); a date that does not parse is none. */
function lifetime(attributes: ReadonlyMap<string, string>, now: number): number | undefined {
  const age = attributes.get('max-age');
  if (age !== undefined && /^-?\d+$/.test(age)) return Math.max(0, Math.min(Number(age), Number.MAX_SAFE_INTEGER));
  const expires = Date.parse(attributes.get('expires') ?? '');
  return Number.isNaN(expires) ? undefined : Math.max(0, Math.round((expires - now) / 1000));
}
