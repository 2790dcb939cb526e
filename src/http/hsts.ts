import { directivesOf } from './directives.ts';

/** What Strict-Transport-Security says, or why browsers pass over it. */
export type Hsts =
  | { readonly valid: true; readonly maxAge: number; readonly includeSubDomains: boolean; readonly preload: boolean }
  | { readonly valid: false; readonly problem: string };

/**
 * RFC 6797 6.1: every directive at most once, `max-age` always there and a number (quoted or not), `includeSubDomains`
 * without a value, unknown ones passed over. A value that breaks this is no policy at all (8.1), nor is half of one.
 */
export function parseHsts(value: string): Hsts {
  const directives = directivesOf(value, ';');
  if (directives === undefined) return { valid: false, problem: 'not of the form of RFC 6797 6.1' };
  const names = new Set<string>();
  for (const { name } of directives) {
    if (names.has(name)) return { valid: false, problem: `${name} is there twice` };
    names.add(name);
  }
  const maxAge = directives.find(({ name }) => name === 'max-age')?.value;
  if (maxAge === undefined) return { valid: false, problem: 'without max-age' };
  if (!/^\d+$/.test(maxAge)) return { valid: false, problem: 'max-age is no number of seconds' };
  const subdomains = directives.find(({ name }) => name === 'includesubdomains');
  if (subdomains?.value !== undefined) return { valid: false, problem: 'includeSubDomains has a value' };
  return {
    valid: true,
    maxAge: Math.min(Number(maxAge), Number.MAX_SAFE_INTEGER),
    includeSubDomains: subdomains !== undefined,
    preload: names.has('preload'),
  };
}
