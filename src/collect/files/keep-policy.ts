import { absent, derived, known, unknown, type Fact, type Origin } from '../../model/fact.ts';

/** Names of the rules by which Borg and restic keep archives, without their `keep_` or `--keep-`. */
export const KEEP_RULES = [
  'within',
  'within-daily',
  'last',
  'secondly',
  'minutely',
  'hourly',
  'daily',
  'weekly',
  'monthly',
  'yearly',
] as const;
export type KeepRule = (typeof KEEP_RULES)[number];

/** How a tool writes `keep within`, in days. */
export type WithinParser = (text: string) => number | undefined;

/** Borg: one number and a letter; its month has 31 days. https://borgbackup.readthedocs.io/en/stable/usage/prune.html */
export const borgInterval: WithinParser = (text) => {
  const [, number, unit = ''] = /^(\d{1,6})([Hdwmy])$/.exec(text) ?? [];
  const days: Readonly<Record<string, number>> = { H: 1 / 24, d: 1, w: 7, m: 31, y: 365 };
  return number === undefined ? undefined : Number(number) * (days[unit] ?? 0);
};

/** restic: `1y5m7d2h`, by the calendar; months count at their shortest. https://restic.readthedocs.io/en/stable/060_forget.html */
export const resticDuration: WithinParser = (text) => {
  const [whole, years = '0', months = '0', days = '0', hours = '0'] =
    /^(?:(\d{1,4})y)?(?:(\d{1,4})m)?(?:(\d{1,6})d)?(?:(\d{1,7})h)?$/.exec(text) ?? [];
  if (whole === undefined || whole === '') return undefined;
  const ofMonths = Number(months) === 0 ? 0 : Math.floor((Number(months) * 365) / 12) - 2;
  return Number(years) * 365 + ofMonths + Number(days) + Number(hours) / 24;
};

/**
 * How long a daily state can be gone back to under rules that keep archives, at the least; absent where a rule keeps all.
 * Undefined without any rule. Weekly and coarser rules keep no daily states.
 */
export function dailyRetention(rules: ReadonlyMap<KeepRule, Fact<string>>, within: WithinParser): Fact<number> | undefined {
  if (rules.size === 0) return undefined;
  let best: { readonly days: number; readonly at: Origin } | undefined;
  let vague: Origin | undefined;
  let coarse: Origin | undefined;
  for (const [rule, written] of rules) {
    if (written.state !== 'known') return written.state === 'unknown' ? written : unknown('unresolved', `keep ${rule}`, written.origin);
    const at = written.origin;
    const endless = /^(?:-1|unlimited)$/.test(written.value);
    const days =
      rule === 'within' || rule === 'within-daily'
        ? within(written.value)
        : endless || /^\d{1,9}$/.test(written.value)
          ? Number(written.value)
          : undefined;
    if (days === undefined) return unknown('unparseable', `keep ${rule} ${written.value.slice(0, 40)}`, at);
    if (rule === 'weekly' || rule === 'monthly' || rule === 'yearly') coarse ??= at;
    else if (endless) return absent(at);
    else if (rule === 'last' || rule === 'secondly' || rule === 'minutely') vague ??= at;
    else {
      const reach = rule === 'hourly' ? days / 24 : days;
      if (best === undefined || reach > best.days) best = { days: reach, at };
    }
  }
  if (best !== undefined) return known(best.days, best.at);
  if (vague !== undefined) return unknown('unresolved', 'a number of archives is kept: their schedule decides', vague);
  return coarse === undefined ? undefined : known(0, derived('no rule keeps daily archives', coarse));
}
