import type { Schedule } from '../collect/collect.ts';
import { DEFAULT_LIMITS, FLEET_RATE, type Limits } from '../collect/limits.ts';
import { startProgress } from './progress.ts';
import { UsageError, type Shell } from './shell.ts';

export interface ScheduleFlags {
  readonly concurrency?: string;
  readonly timeout?: string;
  readonly quiet?: boolean;
  readonly perHost?: string;
  readonly rate?: string;
  readonly maxConnections?: string;
}

/** A schedule that ends at Ctrl-C, and how many targets it has done. */
export interface Running {
  readonly schedule: Schedule;
  readonly interrupted: () => boolean;
  readonly end: () => void;
}

type Numbers = Pick<Schedule, 'concurrency' | 'timeout'> & { readonly limits: Limits };

/** The numbers of a schedule, checked before anything is read. */
export function scheduleNumbers(flags: ScheduleFlags): Numbers {
  const rate = flags.rate === undefined ? undefined : whole('--rate', flags.rate, 1, 1000);
  return {
    limits: {
      ...DEFAULT_LIMITS,
      atOnce: whole('--per-host', flags.perHost ?? String(DEFAULT_LIMITS.atOnce), 1, 64),
      connections: whole('--max-connections', flags.maxConnections ?? String(DEFAULT_LIMITS.connections), 1, 10_000),
      ...(rate === undefined ? {} : { perSecond: rate }),
    },
    concurrency: whole('--concurrency', flags.concurrency ?? '8', 1, 1024),
    timeout: whole('--timeout', flags.timeout ?? '300', 1, 86_400),
  };
}

/** Makes the schedule of a run. Progress goes to standard error, and only to a terminal. */
export function startSchedule(numbers: Numbers, flags: ScheduleFlags, total: number, shell: Shell): Running {
  // One host that was named is asked as fast as it answers; where many are looked at, none is hurried.
  const { limits } = numbers;
  const gentle = total > 1 && limits.perSecond === undefined ? { ...limits, perSecond: FLEET_RATE } : limits;
  const controller = new AbortController();
  const interrupt = (): void => controller.abort();
  process.once('SIGINT', interrupt);
  process.once('SIGTERM', interrupt);
  const progress = startProgress(total, flags.quiet === true, shell);
  return {
    schedule: { ...numbers, limits: gentle, signal: controller.signal, onTarget: (done, { id }) => progress.target(done, id) },
    interrupted: () => controller.signal.aborted,
    end: () => {
      progress.end();
      process.removeListener('SIGINT', interrupt);
      process.removeListener('SIGTERM', interrupt);
    },
  };
}

function whole(option: string, text: string, from: number, to: number): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < from || value > to)
    throw new UsageError(`${option} ${text}: is a whole number from ${from} to ${to}`);
  return value;
}

/** `2/8`: the second of eight shares. */
export function shardOf(text: string): { readonly index: number; readonly of: number } {
  const [, index = '', of = ''] = /^(\d+)\/(\d+)$/.exec(text) ?? [];
  const shard = { index: Number(index), of: Number(of) };
  if (index === '' || shard.index < 1 || shard.index > shard.of || shard.of > 10_000)
    throw new UsageError(`--shard ${text}: is written as 1/4, from 1 to the number of shares`);
  return shard;
}
