/** The same value with the keys of every object sorted: how a value was made leaves no trace in its bytes. */
function sorted(_key: string, inner: unknown): unknown {
  if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return inner;
  return Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}

/** JSON with sorted keys: the same value gives the same bytes on any machine, before and after a file. */
export function canonicalJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, sorted, indent);
}
