import type { Seen } from './live.ts';

/**
 * What a look that was cut short says otherwise than a whole one of the same server: a value that is not the same, an element
 * that is not there, a list that is shorter and does not say so. An unknown contradicts nothing.
 */
export function contradictions(part: Seen, whole: Seen): readonly string[] {
  return Object.keys(part.listener.facts).flatMap((name) => {
    // How many connections it took, and where it listens, is no fact about the server.
    if (name === 'connections' || name === 'port') return [];
    const [ours, theirs] = [part.get(name), whole.get(name)];
    return agrees(ours, theirs) ? [] : [`${name}: ${JSON.stringify(ours)} against ${JSON.stringify(theirs)}`];
  });
}

function agrees(part: unknown, whole: unknown): boolean {
  if (isUnknown(part)) return true;
  if (Array.isArray(part)) {
    if (!Array.isArray(whole)) return false;
    const known = part.filter((element) => element !== '…');
    const open = known.length < part.length;
    const there = known.every((element) => whole.some((one) => one !== '…' && agrees(element, one)));
    return there && (open || known.length === whole.length);
  }
  if (typeof part === 'object' && part !== null && typeof whole === 'object' && whole !== null)
    return Object.entries(part).every(([name, value]) => agrees(value, (whole as Readonly<Record<string, unknown>>)[name]));
  return part === whole;
}

function isUnknown(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'unknown' in value;
}
