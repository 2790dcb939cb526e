import { absent, derived, known, unknown, type Fact, type FactValue, type Known, type Origin, type Unknown } from '../../model/fact.ts';
import type { Resource } from '../../model/resource.ts';
import { longestGap, type Calendar } from '../calendar.ts';
import { repositoriesOf } from './backup-report.ts';
import { textFact, textsFact } from './plain-facts.ts';
import { crontabs } from './crontabs.ts';
import type { HostContext } from './part.ts';
import type { ScheduledJob, ScheduledJobs, When } from './scheduled-job.ts';
import { baseName, operandsOf, type ShellCommand } from './shell-commands.ts';
import { enabledUnits, services, timers } from './timers.ts';

/** Everything that the machine starts by itself, by cron and by timers. */
export async function scheduledJobs(context: HostContext): Promise<ScheduledJobs> {
  const enabled = await enabledUnits(context);
  const byTimer = await timers(context, enabled);
  const byCron = await crontabs(context, await cronStarted(enabled.names, context));
  const others = await services(context, enabled, new Set(byTimer.jobs.map(({ file }) => file)));
  return {
    jobs: [...byTimer.jobs, ...byCron.jobs, ...others.jobs],
    idle: others.idle,
    gaps: [...byTimer.gaps, ...byCron.gaps, ...others.gaps],
  };
}

/** Why it is not sure that cron runs; undefined where something starts it. */
async function cronStarted(enabled: ReadonlySet<string>, context: HostContext): Promise<Unknown | undefined> {
  if ([...enabled].some((name) => /^(?:cron|crond|cronie|anacron|systemd-cron|cron\.target)(?:\.service|\.timer)?$/.test(name)))
    return undefined;
  for (const level of ['/etc/rc2.d', '/etc/rc3.d']) {
    const listing = await context.host.list(level);
    if (listing !== 'not-there' && !('state' in listing) && listing.entries.some(({ path }) => /\/S\d\d(?:ana)?cron[de]?$/.test(path)))
      return undefined;
  }
  return unknown('unresolved', 'whether cron is started', context.at);
}

/** Does a command do this work for a plan: yes, no, or it cannot be told? */
type Match = (command: ShellCommand, job: ScheduledJob) => boolean | Unknown;

/**
 * Longest time between two runs of what a plan describes. Absent where everything that starts something was read and none of it
 * does; nothing is known of that where a part was hidden.
 */
export function intervalOf(plan: Resource, { jobs, gaps }: ScheduledJobs, at: Origin): Fact<number> {
  return frequencyOf(jobs, gaps, matchOf(plan, 'backup'), at);
}

/** Is what was stored checked by a job of its own? Undefined where no job does. */
export function verificationOf(plan: Resource, { jobs }: ScheduledJobs, at: Origin): Fact<boolean> | undefined {
  const interval = frequencyOf(jobs, [], matchOf(plan, 'verify'), at);
  if (interval.state === 'absent') return undefined;
  return interval.state === 'known' ? known(true, interval.origin) : interval;
}

/**
 * A check that is set up in the configuration happens where something starts it: `borgmatic create` checks nothing, and a unit that no
 * timer starts does not run.
 */
export function startedVerification(plan: Resource, set: Known<FactValue>, { jobs, gaps }: ScheduledJobs, at: Origin): Fact<FactValue> {
  if (set.value !== true) return set;
  const tool = textFact(plan.facts, 'tool');
  const match = tool.state === 'known' && tool.value === 'borgmatic' ? borgmatic(`/${plan.id}`, 'check in passing') : undefined;
  const started = match === undefined ? (plan.facts['interval'] ?? set) : frequencyOf(jobs, gaps, match, at);
  if (started.state === 'unknown') return started;
  return started.state === 'absent' ? known(false, derived('nothing that is started checks it', set.origin, started.origin)) : set;
}

function frequencyOf(jobs: readonly ScheduledJob[], gaps: readonly Unknown[], matches: Match, nowhere: Origin): Fact<number> {
  const starts: Start[] = [];
  let unclear: Unknown | undefined;
  for (const job of jobs) {
    for (const command of job.commands) {
      const match = matches(command, job);
      if (match === true) starts.push({ when: job.when, conditional: command.conditional, at: job.at });
      else if (match !== false) unclear ??= match;
    }
  }
  const found = longestBetween(starts);
  // Whatever else may start it only shortens what is known.
  if (found?.state === 'known') return found;
  return unclear ?? found ?? gaps[0] ?? absent(derived('no crontab and no timer starts it', nowhere));
}

/** Something that starts what is asked for. */
export interface Start {
  readonly when: When;
  readonly conditional: boolean;
  readonly at: Origin;
}

/** Longest time between two of some starts, hours, by those that are sure; undefined where there is none at all. */
export function longestBetween(starts: readonly Start[]): Fact<number> | undefined {
  const calendars: Calendar[] = [];
  const places: Origin[] = [];
  let hours = Number.POSITIVE_INFINITY;
  let unclear: Unknown | undefined;
  for (const { when, conditional, at } of starts) {
    if (conditional) unclear ??= unknown('unresolved', 'a condition decides whether it runs', at);
    else if ('state' in when) unclear ??= when;
    else {
      places.push(at);
      if ('calendar' in when) calendars.push(when.calendar);
      else hours = Math.min(hours, when.hours);
    }
  }
  const [first, ...others] = places;
  if (first === undefined) return unclear;
  const longest = Math.min(calendars.length === 0 ? hours : (longestGap(calendars) ?? hours), hours);
  return Number.isFinite(longest)
    ? known(longest, derived('longest time between two starts', first, ...others))
    : (unclear ?? unknown('unresolved', 'how often it starts', first));
}

function matchOf(plan: Resource, work: 'backup' | 'verify'): Match {
  const tool = textFact(plan.facts, 'tool');
  const covers = textsFact(plan.facts, 'covers');
  const first = covers.state === 'known' ? covers.value[0] : undefined;
  const name = first?.state === 'known' ? first.value : '';
  switch (tool.state === 'known' ? tool.value : '') {
    case 'pgbackrest':
      return pgbackrest(name, work === 'backup' ? 'backup' : 'verify');
    case 'barman':
      return barman(name, work === 'backup' ? 'backup' : 'verify-backup');
    case 'borgmatic':
      return borgmatic(`/${plan.id}`, work);
    case 'restic':
      return restic(plan, work === 'backup' ? 'backup' : 'check');
    case 'borg':
      return work === 'backup' ? () => false : borgCheck(plan);
    default:
      return () => false;
  }
}

function runs(command: ShellCommand, program: string): boolean {
  return baseName(command.words[0] ?? '') === program;
}

/** Does a command line do this? A word may also be the value of an option that is not known here. */
function does({ words }: ShellCommand, action: string, at: Origin): boolean | Unknown {
  const operands = operandsOf(words.slice(1));
  if (operands[0] === action) return true;
  return operands.includes(action) ? unknown('unresolved', 'what the command line does', at) : false;
}

function optionOf(words: readonly string[], ...names: readonly string[]): string | undefined {
  for (const [index, word] of words.entries()) {
    for (const name of names) {
      if (word === name) return words[index + 1] ?? '';
      if (word.startsWith(`${name}=`)) return word.slice(name.length + 1);
    }
  }
  return undefined;
}

const pgbackrest =
  (stanza: string, action: string): Match =>
  (command, { at }) => {
    const done = runs(command, 'pgbackrest') && does(command, action, at);
    if (done !== true) return done;
    const named = optionOf(command.words, '--stanza');
    if (named === undefined || named.includes('$')) return unknown('unresolved', 'which stanza it is of', at);
    return named === stanza;
  };

const barman =
  (server: string, action: string): Match =>
  (command, { at }) => {
    const done = runs(command, 'barman') && does(command, action, at);
    if (done !== true) return done;
    const rest = operandsOf(command.words.slice(1)).slice(1);
    if (rest.some((word) => word.includes('$'))) return unknown('unresolved', 'which server it is of', at);
    return rest.includes(server) || rest.includes('all');
  };

/** Actions of borgmatic; without one it prunes, compacts, creates and checks. */
const BORGMATIC_ACTIONS =
  /^(?:create|prune|compact|check|list|info|init|rcreate|repo-create|extract|mount|borg|rlist|rinfo|transfer|export-tar|restore|break-lock|validate|config|generate)$/;

const borgmatic =
  (config: string, work: 'backup' | 'verify' | 'check in passing'): Match =>
  (command, { at }) => {
    if (!runs(command, 'borgmatic')) return false;
    const { words } = command;
    const actions = words.slice(1).filter((word) => BORGMATIC_ACTIONS.test(word) || /^(?:--create|-C|--check|-k|--prune|-p)$/.test(word));
    const wanted = work === 'backup' ? /^(?:create|--create|-C)$/ : /^(?:check|--check|-k)$/;
    // A check in passing is the configuration's own matter.
    if (actions.length > 0 ? !actions.some((action) => wanted.test(action)) : work === 'verify') return false;
    if (words.includes('--dry-run') || words.includes('-n')) return false;
    const named = words.flatMap((word, index) =>
      /^(?:-c|--config)$/.test(word) ? [words[index + 1] ?? ''] : word.startsWith('--config=') ? [word.slice('--config='.length)] : [],
    );
    if (named.some((word) => word.includes('$'))) return unknown('unresolved', 'which configuration it reads', at);
    if (named.length === 0) return config === '/etc/borgmatic/config.yaml' || /^\/etc\/borgmatic\.d\/[^/]+\.ya?ml$/.test(config);
    return named.some((path) => path === config || config.startsWith(`${path.replace(/\/+$/, '')}/`));
  };

function locationsOf(plan: Resource): readonly string[] {
  return repositoriesOf(plan).flatMap(({ location }) => (location.state === 'known' ? [location.value] : []));
}

/** `borg check [OPTIONS] REPOSITORY[::ARCHIVE]`: of a whole repository. */
const borgCheck = (plan: Resource): Match => {
  const locations = locationsOf(plan);
  return (command, { at }) => {
    const done = runs(command, 'borg') && does(command, 'check', at);
    if (done !== true) return done;
    const [, named] = operandsOf(command.words.slice(1));
    if (named === undefined || named.includes('$')) return unknown('unresolved', 'which repository it stores in', at);
    return locations.includes(named);
  };
};

/** A plan of restic is a unit, or the environment that a script takes, or a repository that a command names. */
const restic = (plan: Resource, action: string): Match => {
  const locations = locationsOf(plan);
  return (command, { at, file, commands }) => {
    const done = runs(command, 'restic') && does(command, action, at);
    if (done !== true) return done;
    if (command.words.includes('--dry-run') || command.words.includes('-n')) return false;
    if (file === plan.id) return true;
    const named = optionOf(command.words, '-r', '--repo');
    if (named !== undefined)
      return named.includes('$') ? unknown('unresolved', 'which repository it stores in', at) : locations.includes(named);
    return commands.some(({ words }) => /^(?:\.|source)$/.test(words[0] ?? '') && words[1] === `/${plan.id}`);
  };
};
