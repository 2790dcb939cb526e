/** https://www.w3.org/TR/referrer-policy/#referrer-policies, without the empty one. */
const REFERRER_POLICIES = [
  'no-referrer',
  'no-referrer-when-downgrade',
  'same-origin',
  'origin',
  'strict-origin',
  'origin-when-cross-origin',
  'strict-origin-when-cross-origin',
  'unsafe-url',
] as const;

/** The referrer policy in force: the last word that browsers know, of all fields; undefined where there is none. */
export function referrerPolicy(values: readonly string[]): (typeof REFERRER_POLICIES)[number] | undefined {
  const words = values.flatMap((value) => value.split(',').map((word) => trimmed(word).toLowerCase()));
  const last = words.findLast((word) => REFERRER_POLICIES.some((policy) => policy === word));
  return REFERRER_POLICIES.find((policy) => policy === last);
}

/** X-Content-Type-Options is read by its first value alone: https://fetch.spec.whatwg.org/#determine-nosniff */
export function forbidsSniffing(values: readonly string[]): boolean {
  return trimmed(values[0]?.split(',')[0] ?? '').toLowerCase() === 'nosniff';
}

function trimmed(text: string): string {
  let [start, end] = [0, text.length];
  while (start < end && isBlank(text[start])) start += 1;
  while (end > start && isBlank(text[end - 1])) end -= 1;
  return text.slice(start, end);
}

function isBlank(sign: string | undefined): boolean {
  return sign === ' ' || sign === '\t' || sign === '\n' || sign === '\r';
}
