import {
  absent,
  derived,
  isFactList,
  isFactRecord,
  known,
  unknown,
  type Fact,
  type FactValue,
  type Origin,
  type Unknown,
} from '../../model/fact.ts';
import { textFact } from './plain-facts.ts';
import type { Resource } from '../../model/resource.ts';
import type { backupRun } from '../../resources/backup-run.ts';
import type { LiveKindFacts } from '../../resources/kind.ts';

export type BackupRunFacts = LiveKindFacts<typeof backupRun>;

/** What is asked of a tool: one plan's copies in one repository. */
export interface BackupQuestion {
  readonly tool: string;
  readonly form: 'database' | 'files';
  readonly covers: BackupRunFacts['covers'];
  readonly repository: Fact<string>;
  /** Where the plan stands. */
  readonly at: Origin;
}

/** What a tool's report says of one plan's copies in one repository. */
export type BackupAnswer = Pick<
  BackupRunFacts,
  'last_success' | 'count' | 'last_failed' | 'size_ratio' | 'verified' | 'encrypted' | 'gap_free'
>;

/** A run whose report could not be had: nothing is known of it, whatever its schedule says. */
export function noAnswer(why: Unknown): BackupAnswer {
  return { last_success: why, count: why, last_failed: why, size_ratio: why, verified: why, encrypted: why, gap_free: why };
}

/** A backup that a report tells of. Bytes; seconds since 1970. */
export interface ToldBackup {
  readonly end: number;
  readonly size: number | undefined;
  /** Where the report tells of it. */
  readonly at: Origin;
}

/** End of the newest of some backups; absent where there are none, which `whole` says. */
export function lastSuccess(backups: readonly ToldBackup[], whole: Origin): Fact<string> {
  const last = backups.reduce<ToldBackup | undefined>((a, b) => (a === undefined || b.end >= a.end ? b : a), undefined);
  if (last === undefined) return absent(whole);
  return last.end >= 0 && last.end < LATEST ? known(timestamp(last.end), last.at) : unknown('unparseable', 'time of a backup', last.at);
}

/** The year 10000, from which on ISO 8601 has other forms. */
const LATEST = 253_402_300_800;

/** Seconds since 1970 as ISO 8601. */
export function timestamp(seconds: number): string {
  return `${new Date(Math.floor(seconds) * 1000).toISOString().slice(0, 19)}Z`;
}

/** Newest backups that a size is held against. */
export const COMPARED = 10;

/** Size of the newest by the mean of up to ten before it: all of one kind. */
export function sizeRatio(backups: readonly ToldBackup[], whole: Origin): Fact<number> {
  const [last, ...before] = backups.toSorted((a, b) => b.end - a.end).slice(0, COMPARED + 1);
  if (last === undefined || before.length === 0) return absent(derived('nothing to compare its size with', whole));
  const sizes = before.map(({ size }) => size);
  if (last.size === undefined || sizes.includes(undefined)) return unknown('not-collected', 'sizes of its backups', whole);
  const mean = sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0) / sizes.length;
  if (mean === 0) return unknown('unresolved', 'the backups before it are empty', whole);
  return known(Math.round((last.size / mean) * 100) / 100, derived(`the last by the mean of ${sizes.length} before it`, last.at, whole));
}

/** The repositories of a plan: where each is, and whether it is another machine's. */
export function repositoriesOf(plan: Resource): readonly { readonly location: Fact<string>; readonly offSite: Fact<FactValue> }[] {
  const fact = plan.facts['repositories'];
  if (fact?.state !== 'known' || !isFactList(fact.value)) return [];
  return fact.value.flatMap((one) =>
    one.state === 'known' && isFactRecord(one.value)
      ? [{ location: textFact(one.value, 'location'), offSite: one.value['off_site'] ?? unknown('not-collected', 'off_site') }]
      : [],
  );
}

/** A report as JSON; what is none is unknown, with nothing of it. */
export function reportJson(text: string, command: string, at: Origin): { readonly value: unknown } | Unknown {
  try {
    const value: unknown = JSON.parse(text);
    return { value };
  } catch {
    return unknown('unparseable', `${command}: no JSON`, at);
  }
}

/** Fields of what a tool wrote, of which nothing is taken for granted. */
export function fieldOf(value: unknown, ...path: readonly string[]): unknown {
  let at = value;
  for (const name of path) {
    if (typeof at !== 'object' || at === null || Array.isArray(at)) return undefined;
    at = Object.entries(at).find(([key]) => key === name)?.[1];
  }
  return at;
}

/** Elements of a list that a tool wrote; undefined where it is none. */
export function elementsOf(value: unknown, ...path: readonly string[]): readonly unknown[] | undefined {
  const list = path.length === 0 ? value : fieldOf(value, ...path);
  return Array.isArray(list) ? list : undefined;
}

export function numberField(value: unknown, ...path: readonly string[]): number | undefined {
  const field = fieldOf(value, ...path);
  return typeof field === 'number' && Number.isFinite(field) ? field : undefined;
}

export function textField(value: unknown, ...path: readonly string[]): string | undefined {
  const field = fieldOf(value, ...path);
  return typeof field === 'string' ? field : undefined;
}

/** Seconds since 1970 of a time in ISO 8601, which has its zone or is in UTC. */
export function secondsOf(text: string | undefined): number | undefined {
  const [, day, time, zone = 'Z'] = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2})(?:\.\d+)?(Z|[+-]\d{2}:\d{2})?$/.exec(text ?? '') ?? [];
  const milliseconds = day === undefined ? Number.NaN : Date.parse(`${day}T${time ?? ''}${zone}`);
  return Number.isNaN(milliseconds) ? undefined : milliseconds / 1000;
}
