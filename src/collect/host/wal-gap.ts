import { known, unknown, type Fact, type Origin } from '../../model/fact.ts';

/** Name of a segment of PostgreSQL's log: timeline, log and segment, eight hexadecimal digits each. */
const SEGMENT = /^([0-9A-F]{8})([0-9A-F]{8})([0-9A-F]{8})$/;

/**
 * Are the segments of PostgreSQL's log there without a gap, from the one at which the oldest backup begins to the newest? `perLog`
 * are the segments in one log (0x100 of 16 MiB); undefined where their size is not known. Across timelines nothing is known.
 */
export function walGapFree(names: readonly string[], from: string, perLog: number | undefined, at: Origin): Fact<boolean> {
  const timeline = from.slice(0, 8);
  const needed = [...new Set(names.filter((name) => SEGMENT.test(name) && name.slice(8) >= from.slice(8)))].toSorted();
  if (!SEGMENT.test(from)) return unknown('unparseable', `WAL segment ${from.slice(0, 40)}`, at);
  if (needed.some((name) => name.slice(0, 8) !== timeline)) return unknown('unresolved', 'WAL of several timelines', at);
  if (needed[0] !== from) return known(false, at);
  for (const [index, name] of needed.entries()) {
    const before = needed[index - 1];
    if (before === undefined) continue;
    const [log, segment] = [Number.parseInt(before.slice(8, 16), 16), Number.parseInt(before.slice(16), 16)];
    const [nextLog, nextSegment] = [Number.parseInt(name.slice(8, 16), 16), Number.parseInt(name.slice(16), 16)];
    if (nextLog === log) {
      if (nextSegment !== segment + 1) return known(false, at);
      continue;
    }
    if (nextLog !== log + 1 || nextSegment !== 0) return known(false, at);
    if (perLog === undefined && segment !== 0xff) return unknown('unresolved', 'size of WAL segments', at);
    if (perLog !== undefined && segment !== perLog - 1) return known(false, at);
  }
  return known(true, at);
}
