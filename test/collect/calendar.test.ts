import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cronCalendar, longestGap, timerCalendar } from '../../src/collect/calendar.ts';

const cron = (...texts: readonly string[]): number | undefined => {
  const calendars = texts.map(cronCalendar);
  return calendars.includes(undefined) ? -1 : longestGap(calendars.filter((one) => one !== undefined));
};
const timer = (text: string): number | undefined => {
  const calendar = timerCalendar(text);
  return calendar === undefined ? -1 : longestGap([calendar]);
};

test.each([
  ['30 1 * * *', 24],
  ['@daily', 24],
  ['@hourly', 1],
  ['*/15 * * * *', 0.25],
  ['0 8-18/2 * * *', 14],
  ['0 2 * * 1-5', 72],
  ['0 2 * * mon-fri', 72],
  ['0 2 * * 0,7', 168],
  ['0 3 1 * *', 31 * 24],
  // Both restricted: either is enough.
  ['0 3 1 * 1', 168],
  ['0 3 29 2 *', (4 * 365 + 1) * 24],
])('cron %s: %d hours at the longest', (text, hours) => expect(cron(text)).toBe(hours));

test('two entries share the work', () => {
  expect(cron('30 1 * * 0', '30 1 * * 1-6')).toBe(24);
  expect(cron('0 2 * * 1', '0 14 * * 4')).toBe(84);
});

test.each([
  ['@reboot'],
  ['* * * *'],
  ['60 1 * * *'],
  ['0 1 * * 8'],
  ['0 1 31-1 * *'],
  ['a b c d e'],
  ['*/0 * * * *'],
  [''],
  ['__proto__'],
  ['1 1 1 constructor 1'],
])('cron %s is no calendar', (text) => expect(cron(text)).toBe(-1));

test.each([
  ['daily', 24],
  ['weekly', 168],
  ['hourly', 1],
  ['*-*-* 02:30', 24],
  ['*-*-* 02:30:00', 24],
  ['02:30', 24],
  ['*-*-* 00/6:00:00', 6],
  ['*:0/15', 0.25],
  ['Mon..Fri 02:00', 72],
  ['Mon,Thu *-*-* 02:00', 96],
  ['Sat *-*-1..7 18:00:00', 35 * 24],
  ['*-*-* 02:00:00 Asia/Shanghai', 24],
  ['Fri..Sun 04:00 UTC', 120],
  ['minutely', 0.02],
  ['quarterly', 92 * 24],
])('timer %s: %d hours at the longest', (text, hours) => expect(timer(text)).toBe(hours));

test.each([
  ['2026-12-24 02:00'],
  ['Fri..Mon 04:00'],
  ['Sun..Tue 04:00'],
  ['*-02~03'],
  ['*-*-* 25:00'],
  ['sometimes'],
  [''],
  ['02:00 03:00'],
])('timer %s is not read', (text) => expect(timer(text)).toBe(-1));

test('hostile text ends soon, and never throws', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 60 }), (text) => {
      cronCalendar(text);
      timerCalendar(text);
    }),
  );
});

test.skipIf(!existsSync('/usr/bin/systemd-analyze'))('what is read as a calendar is one to systemd, too', () => {
  for (const text of [
    '*-*-* 00/6:00:00',
    'Mon..Fri 02:00',
    'Sat *-*-1..7 18:00:00',
    '*:0/15',
    'Fri..Sun 04:00 UTC',
    'quarterly',
    'Mon,Thu *-*-* 02:00',
  ]) {
    expect(timerCalendar(text)).toBeDefined();
    execFileSync('systemd-analyze', ['calendar', text], { stdio: 'ignore' });
  }
});
