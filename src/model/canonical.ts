/** The same value with the keys of every object sorted: how a value was made leaves no trace in its bytes. */
function sorted(_key: string, inner: unknown): unknown {
  if (!isObject(inner)) return inner;
  return Object.fromEntries(Object.entries(inner).toSorted(byKey));
}

function byKey([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** JSON with sorted keys: the same value gives the same bytes on any machine, before and after a file. */
export function canonicalJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, sorted, indent);
}

/**
 * The same text in pieces: one for each element of the lists that an object holds. The plan and the summary of a fleet name
 * every target, and the whole of their text need not be in memory at once.
 */
export function* canonicalPieces(value: object, indent = 0, depth = 1): Iterable<string> {
  const pad = (levels: number): string => (indent === 0 ? '' : `\n${' '.repeat(indent * levels)}`);
  const text = (part: unknown, levels: number): string => {
    const json = canonicalJson(part, indent);
    return indent === 0 ? json : json.replaceAll('\n', pad(levels)); // every line break in JSON is one between its parts
  };
  // Through an object as `sorted` goes: names that look like numbers come first in any object, whatever was asked for.
  const entries = Object.entries(Object.fromEntries(Object.entries(value).toSorted(byKey))).filter(([, field]) => field !== undefined);
  if (entries.length === 0) return yield '{}';
  for (const [index, [name, field]] of entries.entries()) {
    yield `${index === 0 ? '{' : ','}${pad(depth)}${JSON.stringify(name)}:${indent === 0 ? '' : ' '}`;
    if (isObject(field)) yield* canonicalPieces(field, indent, depth + 1);
    else if (!Array.isArray(field) || field.length === 0) yield text(field, depth);
    else {
      for (const [place, element] of field.entries())
        yield `${place === 0 ? '[' : ','}${pad(depth + 1)}${text(element ?? null, depth + 1)}`;
      yield `${pad(depth)}]`;
    }
  }
  yield `${pad(depth - 1)}}`;
}
