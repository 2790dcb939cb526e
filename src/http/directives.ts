/** One directive of a header value: its name in lower case, and what follows its `=`, quotes and escapes resolved. */
export interface Directive {
  readonly name: string;
  readonly value?: string;
}

/** RFC 9110 5.6.2 and 5.6.4. */
const TOKEN = /[!#$%&'*+\-.^_`|~0-9A-Za-z]+/y;
const QUOTED = /"((?:[\t !#-[\]-~\x80-\uffff]|\\[\t -~\x80-\uffff])*)"/y;
const BLANK = /[\t ]*/y;

/**
 * `token [ "=" ( token / quoted-string ) ]`, separated by `separator`; empty ones are nothing. Undefined where the value is
 * not of that form: a header that breaks its grammar is not half a header.
 */
export function directivesOf(text: string, separator: ';' | ','): readonly Directive[] | undefined {
  const found: Directive[] = [];
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match !== null) at = pattern.lastIndex;
    return match;
  };
  for (;;) {
    take(BLANK);
    const name = take(TOKEN)?.[0].toLowerCase();
    take(BLANK);
    if (name !== undefined && text[at] === '=') {
      at += 1;
      take(BLANK);
      const value = text[at] === '"' ? take(QUOTED)?.[1]?.replaceAll(/\\(.)/g, '$1') : take(TOKEN)?.[0];
      if (value === undefined) return undefined;
      found.push({ name, value });
      take(BLANK);
    } else if (name !== undefined) found.push({ name });
    if (at >= text.length) return found;
    if (text[at] !== separator) return undefined;
    at += 1;
  }
}
