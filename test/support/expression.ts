/** A value of GitHub's expression language, as far as the workflows of this repository use it. */
export type Value = string | number | boolean | null | readonly Value[] | { readonly [name: string]: Value };

/** What names mean in an expression, and how the job stands. */
export interface Scope {
  readonly names: Readonly<Record<string, Value>>;
  readonly failed: boolean;
}

/** A text with `${{ … }}` in it. One that is nothing else keeps its value's type. */
export function interpolate(text: string, scope: Scope): Value {
  const [, only] = /^\$\{\{((?:(?!\}\}).)*)\}\}$/s.exec(text.trim()) ?? [];
  if (only !== undefined) return evaluate(only, scope);
  return text.replaceAll(/\$\{\{((?:(?!\}\}).)*)\}\}/gs, (_, inner: string) => shown(evaluate(inner, scope)));
}

export function shown(value: Value): string {
  return value === null ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** https://docs.github.com/actions/reference/workflows-and-actions/expressions: literals, paths, `! && || == !=`, brackets, functions. */
export function evaluate(text: string, scope: Scope): Value {
  const tokens = text.match(/'(?:[^']|'')*'|[\w-]+(?:\.[\w-]+)*|&&|\|\||==|!=|[!()[\],]/g) ?? [];
  let at = 0;
  const take = (token: string): boolean => tokens[at] === token && (at += 1) > 0;
  const primary = (): Value => {
    if (take('!')) return !truthy(primary());
    if (take('(')) {
      const value = either();
      if (!take(')')) throw new Error(`a bracket is open: ${text}`);
      return value;
    }
    const token = tokens[at] ?? '';
    at += 1;
    if (token.startsWith("'")) return token.slice(1, -1).replaceAll("''", "'");
    if (/^\d+$/.test(token)) return Number(token);
    if (take('(')) {
      const argument = tokens[at] === ')' ? null : either();
      if (!take(')')) throw new Error(`a bracket is open: ${text}`);
      return call(token, argument, scope);
    }
    if (token === 'true' || token === 'false') return token === 'true';
    return token
      .split('.')
      .reduce<Value>(
        (value, name) =>
          typeof value === 'object' && value !== null && !Array.isArray(value)
            ? (Object.entries(value).find(([key]) => key === name)?.[1] ?? null)
            : null,
        scope.names,
      );
  };
  const equality = (): Value => {
    const left = primary();
    if (take('==')) return shown(left) === shown(primary());
    if (take('!=')) return shown(left) !== shown(primary());
    return left;
  };
  const both = (): Value => {
    let value = equality();
    while (take('&&')) {
      const right = equality();
      value = truthy(value) ? right : value;
    }
    return value;
  };
  const either = (): Value => {
    let value = both();
    while (take('||')) {
      const right = both();
      value = truthy(value) ? value : right;
    }
    return value;
  };
  const value = either();
  if (at !== tokens.length) throw new Error(`not understood: ${text}`);
  return value;
}

export function truthy(value: Value): boolean {
  return value !== null && value !== '' && value !== false && value !== 0;
}

function call(name: string, argument: Value, { failed }: Scope): Value {
  if (name === 'always') return true;
  if (name === 'cancelled') return false;
  if (name === 'success') return !failed;
  if (name === 'failure') return failed;
  if (name === 'fromJSON') return JSON.parse(shown(argument));
  throw new Error(`no function ${name}`);
}
