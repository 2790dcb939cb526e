/**
 * What a text of apt.conf(5) sets: full names in lower case → values, of which the last counts; a list (`Name:: "a"`) has several. `#clear`
 * takes away. Undefined where a quote or a brace is not closed.
 */
export function parseAptConf(text: string, into: Map<string, string[]>): boolean {
  const scope: string[] = [];
  let words: string[] = [];
  let at = 0;
  const full = (name: string): string => [...scope, name].join('::').toLowerCase();
  const set = (): void => {
    const [name, value] = words;
    words = [];
    if (name === undefined) return;
    if (name.toLowerCase() === '#clear') {
      const prefix = value === undefined ? '' : full(value).replace(/::$/, '');
      for (const key of into.keys()) if (key === prefix || key.startsWith(`${prefix}::`)) into.delete(key);
      return;
    }
    // Inside of a block a lone value is an element of the list that the block is.
    if (value === undefined) add(scope.join('::').toLowerCase(), name, true);
    else add(full(name).replace(/::$/, ''), value, name.endsWith('::'));
  };
  const add = (key: string, value: string, list: boolean): void => {
    const before = into.get(key);
    if (list && before !== undefined) before.push(value);
    else into.set(key, [value]);
  };
  while (at < text.length) {
    const sign = text[at] ?? '';
    if (text.startsWith('//', at) || (sign === '#' && !/^#(?:clear|include)\b/i.test(text.slice(at, at + 9)))) {
      const end = text.indexOf('\n', at);
      at = end === -1 ? text.length : end;
    } else if (text.startsWith('/*', at)) {
      const end = text.indexOf('*/', at + 2);
      if (end === -1) return false;
      at = end + 2;
    } else if (sign === '"') {
      const end = text.indexOf('"', at + 1);
      if (end === -1) return false;
      words.push(text.slice(at + 1, end));
      at = end + 1;
    } else if (sign === ';') {
      set();
      at += 1;
    } else if (sign === '{') {
      scope.push(words.shift() ?? '');
      words = [];
      at += 1;
    } else if (sign === '}') {
      set();
      if (scope.pop() === undefined) return false;
      at += 1;
      if (text[at] === ';') at += 1;
    } else if (/\s/.test(sign)) at += 1;
    else {
      let end = at + 1;
      while (end < text.length && !/[\s;{}"]/.test(text[end] ?? '') && !text.startsWith('//', end)) end += 1;
      words.push(text.slice(at, end));
      at = end;
    }
  }
  return scope.length === 0;
}
