/** Who may use one feature of the browser: `self`, `*` or origins; an empty list is nobody. */
export interface Permission {
  readonly feature: string;
  readonly allowed: readonly string[];
}

const KEY = /[a-z*][a-z0-9_.*-]*/y;
const BLANK = /[\t ]*/y;
const ITEM = /"(?:[ !#-[\]-~]|\\["\\])*"|[A-Za-z*][!#$%&'*+\-.^_`|~0-9A-Za-z:/]*|\?[01]|-?\d{1,15}(?:\.\d{1,3})?/y;
const PARAMETERS =
  /(?:; *[a-z*][a-z0-9_.*-]*(?:=(?:"(?:[ !#-[\]-~]|\\["\\])*"|[A-Za-z*][!#$%&'*+\-.^_`|~0-9A-Za-z:/]*|\?[01]|-?\d[\d.]*))?)*/y;

/**
 * Permissions-Policy is a dictionary of RFC 9651: one that does not parse is passed over as a whole (undefined here). Of a
 * feature that is there twice the last counts.
 */
export function permissionsPolicy(values: readonly string[]): readonly Permission[] | undefined {
  const text = values.join(', ');
  const found = new Map<string, readonly string[]>();
  let at = 0;
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match !== null) at = pattern.lastIndex;
    return match?.[0];
  };
  take(BLANK);
  while (at < text.length) {
    const feature = take(KEY);
    if (feature === undefined) return undefined;
    const allowed = text[at] === '=' ? memberAt() : [];
    if (allowed === undefined) return undefined;
    found.delete(feature);
    found.set(feature, allowed);
    take(PARAMETERS);
    take(BLANK);
    if (at >= text.length) break;
    if (text[at] !== ',') return undefined;
    at += 1;
    take(BLANK);
    if (at >= text.length) return undefined;
  }
  return [...found].map(([feature, allowed]) => ({ feature, allowed }));

  /** An item, or items in parentheses, behind the `=`. */
  function memberAt(): readonly string[] | undefined {
    at += 1;
    if (text[at] !== '(') {
      const item = take(ITEM);
      return item === undefined ? undefined : [plain(item)];
    }
    at += 1;
    const items: string[] = [];
    for (;;) {
      take(BLANK);
      if (text[at] === ')') break;
      const item = take(ITEM);
      if (item === undefined) return undefined;
      items.push(plain(item));
      take(PARAMETERS);
      if (text[at] !== ' ' && text[at] !== ')') return undefined;
    }
    at += 1;
    return items;
  }
}

function plain(item: string): string {
  return item.startsWith('"') ? item.slice(1, -1).replaceAll(/\\(.)/g, '$1') : item;
}
