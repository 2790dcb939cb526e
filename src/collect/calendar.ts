/** When something is started, by the calendar: cron(5) and systemd.time(7) alike. Minutes are the finest that is told apart. */
export interface Calendar {
  readonly months: ReadonlySet<number>;
  readonly days: ReadonlySet<number>;
  /** 0 is Sunday. */
  readonly weekdays: ReadonlySet<number>;
  /** A day counts where its date or its weekday does, not both: crontab(5), where both are restricted. */
  readonly either: boolean;
  /** Minutes of a day, in order. */
  readonly times: readonly number[];
}

const NAMES = new Map<string, number>([
  ...['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'].map((name, index) => [name, index] as const),
  ...['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'].map((name, index) => [name, index + 1] as const),
]);
const CRON_WORDS = new Map([
  ['@hourly', '0 * * * *'],
  ['@daily', '0 0 * * *'],
  ['@midnight', '0 0 * * *'],
  ['@weekly', '0 0 * * 0'],
  ['@monthly', '0 0 1 * *'],
  ['@yearly', '0 0 1 1 *'],
  ['@annually', '0 0 1 1 *'],
]);

/** Five fields, or a word such as `@daily`; undefined where it is none of these. `@reboot` has no calendar. */
export function cronCalendar(text: string): Calendar | undefined {
  const fields = (CRON_WORDS.get(text.trim().toLowerCase()) ?? text).trim().split(/\s+/);
  const [minute, hour, day, month, weekday] = fields;
  if (
    minute === undefined ||
    hour === undefined ||
    day === undefined ||
    month === undefined ||
    weekday === undefined ||
    fields.length !== 5
  )
    return undefined;
  const [minutes, hours] = [valuesOf(minute, 0, 59, '-'), valuesOf(hour, 0, 23, '-')];
  const [days, months, weekdays] = [valuesOf(day, 1, 31, '-'), valuesOf(month, 1, 12, '-'), valuesOf(weekday, 0, 7, '-')];
  if (!minutes || !hours || !days || !months || !weekdays) return undefined;
  return {
    months,
    days,
    weekdays: new Set([...weekdays].map((one) => one % 7)),
    either: !day.startsWith('*') && !weekday.startsWith('*'),
    times: timesOf(hours, minutes),
  };
}

const TIMER_WORDS = new Map([
  ['minutely', '*-*-* *:*'],
  ['hourly', '*-*-* *:00'],
  ['daily', '*-*-* 00:00'],
  ['weekly', 'Mon *-*-* 00:00'],
  ['monthly', '*-*-01 00:00'],
  ['yearly', '*-01-01 00:00'],
  ['annually', '*-01-01 00:00'],
  ['quarterly', '*-01,04,07,10-01 00:00'],
  ['semiannually', '*-01,07-01 00:00'],
  ['semi-annually', '*-01,07-01 00:00'],
]);

/** A calendar event of systemd; undefined where its form is not read here (a year, the end of a month). */
export function timerCalendar(text: string): Calendar | undefined {
  const words = (TIMER_WORDS.get(text.trim().toLowerCase()) ?? text).trim().split(/\s+/);
  if (/^(?:UTC|[A-Z][A-Za-z_]+\/[\w/+-]+)$/.test(words.at(-1) ?? '')) words.pop();
  const named = /^[A-Za-z]/.test(words[0] ?? '') ? words.shift() : undefined;
  const weekdays = named === undefined ? all(0, 6) : weekdaysOf(named.replace(/,$/, ''));
  const date = words[0]?.includes('-') === true ? words.shift() : undefined;
  const time = words[0]?.includes(':') === true ? words.shift() : undefined;
  if (words.length > 0 || (named === undefined && date === undefined && time === undefined) || weekdays === undefined) return undefined;
  const parts = (date ?? '*-*-*').split('-');
  const [year, month, day] = parts.length === 2 ? ['*', ...parts] : parts;
  const [hour = '', minute = '', second = '00', more] = (time ?? '00:00:00').split(':');
  if (year !== '*' || month === undefined || day === undefined || more !== undefined || !/^[\d*.,/]+$/.test(second)) return undefined;
  const [months, days] = [valuesOf(month, 1, 12, '..'), valuesOf(day, 1, 31, '..')];
  const [hours, minutes] = [valuesOf(hour, 0, 23, '..'), valuesOf(minute, 0, 59, '..')];
  return months && days && hours && minutes ? { months, days, weekdays, either: false, times: timesOf(hours, minutes) } : undefined;
}

function weekdaysOf(text: string): ReadonlySet<number> | undefined {
  const found = new Set<number>();
  for (const part of text.toLowerCase().split(',')) {
    const [from, to] = part
      .split(/\.\.|-/)
      .map((name) => (/^(?:sun|mon|tue|wed|thu|fri|sat)[a-z]*$/.test(name) ? NAMES.get(name.slice(0, 3)) : undefined));
    if (from === undefined || (/\.\.|-/.test(part) && to === undefined)) return undefined;
    // Its week begins on Monday, and no range goes round.
    const last = to === 0 ? 7 : (to ?? from);
    if (last < from || (from === 0 && to !== undefined && to !== 0)) return undefined;
    for (let day = from; day <= last; day += 1) found.add(day % 7);
  }
  return found;
}

function all(from: number, to: number): ReadonlySet<number> {
  return new Set(Array.from({ length: to - from + 1 }, (_, index) => from + index));
}

// `*`, `1,15`, `1-5`, `*/6`, `8-18/2`, and with systemd `3/6`: from 3 on.
function valuesOf(field: string, least: number, most: number, range: '-' | '..'): ReadonlySet<number> | undefined {
  const found = new Set<number>();
  for (const part of field.toLowerCase().split(',')) {
    const [span = '', step, more] = part.split('/');
    const [first = '', last, further] = span.split(range);
    if (more !== undefined || further !== undefined || (step !== undefined && !/^[1-9]\d{0,3}$/.test(step))) return undefined;
    const number = (text: string): number | undefined =>
      /^\d{1,2}$/.test(text) ? Number(text) : range === '-' ? NAMES.get(text) : undefined;
    const from = first === '*' ? least : number(first);
    const to = first === '*' ? most : last !== undefined ? number(last) : step !== undefined && range === '..' ? most : from;
    if (from === undefined || to === undefined || from < least || to > most || from > to || (first === '*' && last !== undefined))
      return undefined;
    for (let value = from; value <= to; value += Number(step ?? 1)) found.add(value);
  }
  return found;
}

function timesOf(hours: ReadonlySet<number>, minutes: ReadonlySet<number>): readonly number[] {
  return [...hours].flatMap((hour) => [...minutes].map((minute) => hour * 60 + minute)).toSorted((a, b) => a - b);
}

const DAY = 24 * 60;
/** Weekdays and dates fall together anew after so many years. */
const YEARS = 28;

/** Longest time between two starts by any of some calendars, in hours; undefined where there are not two. */
export function longestGap(calendars: readonly Calendar[]): number | undefined {
  let longest: number | undefined;
  let before: number | undefined;
  const byDate = calendars.some(({ months, days }) => months.size < 12 || days.size < 31);
  const span = byDate ? YEARS * 366 : 15;
  const date = new Date(Date.UTC(2000, 0, 1));
  for (let day = 0; day < span; day += 1) {
    const times = new Set(calendars.filter((calendar) => isOn(calendar, date)).flatMap((calendar) => calendar.times));
    for (const time of [...times].toSorted((a, b) => a - b)) {
      const now = day * DAY + time;
      if (before !== undefined) longest = Math.max(longest ?? 0, now - before);
      before = now;
    }
    date.setUTCDate(date.getUTCDate() + 1);
  }
  return longest === undefined ? undefined : Math.round((longest / 60) * 100) / 100;
}

function isOn({ months, days, weekdays, either }: Calendar, date: Date): boolean {
  if (!months.has(date.getUTCMonth() + 1)) return false;
  const [onDate, onWeekday] = [days.has(date.getUTCDate()), weekdays.has(date.getUTCDay())];
  return either ? onDate || onWeekday : onDate && onWeekday;
}
