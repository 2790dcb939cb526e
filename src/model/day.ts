/** The start of a day (`2026-11-24`) in UTC, in milliseconds; undefined for a day that is in no calendar (February 30th). */
export function startOfDay(text: string): number | undefined {
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text) ?? [];
  if (year === undefined) return undefined;
  // Date rolls days over that are not there: what comes back must be what was written.
  const ms = Date.UTC(Number(year), Number(month) - 1, Number(day));
  return new Date(ms).toISOString().startsWith(`${text}T`) ? ms : undefined;
}
