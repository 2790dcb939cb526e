import { absent, derived, known, unknown, type Fact, type Origin } from '../../model/fact.ts';
import type { Resource } from '../../model/resource.ts';
import { backupPlan } from '../../resources/backup-plan.ts';
import type { KindFacts } from '../../resources/kind.ts';
import { SourceText } from '../../text/source-text.ts';
import { repositoryAt } from '../files/backup-repository.ts';
import { declared } from '../files/format.ts';
import { resticRepository } from '../files/restic-plan.ts';
import { repositoriesOf } from './backup-report.ts';
import type { HostContext } from './part.ts';
import { longestBetween, type Start } from './plan-schedule.ts';
import type { Job, ScheduledJobs, When } from './scheduled-job.ts';
import { baseName, operandsOf, type ShellCommand } from './shell-commands.ts';

type Plan = KindFacts<typeof backupPlan>;

/** Plans that no configuration describes: commands of restic, Borg and rsync in crontabs, timers, units and what these start. */
export async function jobPlans(
  { jobs, idle, gaps }: ScheduledJobs,
  others: readonly Resource[],
  context: HostContext,
): Promise<readonly Resource[]> {
  const plans = new Map<string, { readonly facts: JobFacts; readonly starts: Start[]; readonly file: string }>();
  const all: readonly (Job & { readonly when?: When })[] = [...jobs, ...idle];
  for (const job of all) {
    for (const command of job.commands) {
      const name = baseName(command.words[0] ?? '');
      const facts =
        name === 'restic'
          ? restic(command, job)
          : name === 'borg'
            ? borg(command, job)
            : name === 'rsync'
              ? rsync(command, job)
              : undefined;
      if (facts === undefined) continue;
      const location = locationOf(facts);
      if (others.some((other) => other.id === job.file || (name !== 'rsync' && (storesIn(other, location) || takesFrom(job, other)))))
        continue;
      const id = `${name} ${location} of ${job.file}`;
      const plan = plans.get(id) ?? { facts, starts: [], file: job.file };
      if (job.when !== undefined) plan.starts.push({ when: job.when, conditional: command.conditional, at: job.at });
      plans.set(id, plan);
    }
  }
  const resources: Resource[] = [];
  for (const [id, { facts, starts, file }] of plans) {
    const at = facts.tool.origin ?? context.at;
    const interval =
      longestBetween(starts) ??
      (starts.length === 0
        ? (gaps[0] ?? absent(derived('no crontab and no timer starts it', at)))
        : unknown('unresolved', 'how often it starts', at));
    resources.push(
      declared(backupPlan, id, context.target, { ...facts, interval, credentials_in_clear: await inClear(file, at, context) }),
    );
  }
  return resources;
}

type JobFacts = Pick<Plan, 'tool' | 'covers' | 'repositories' | 'retention' | 'point_in_time' | 'verified'>;

function storesIn(plan: Resource, location: string): boolean {
  return repositoriesOf(plan).some((one) => one.location.state === 'known' && one.location.value === location);
}

/** The job reads the file by which a plan is known: `. /etc/default/restic`. */
function takesFrom({ commands }: Job, plan: Resource): boolean {
  return commands.some(({ words }) => /^(?:\.|source)$/.test(words[0] ?? '') && words[1] === `/${plan.id}`);
}

/** A secret in the text that starts it; what it starts may hold one of its own. */
async function inClear(file: string, at: Origin, context: HostContext): Promise<Fact<boolean>> {
  const source = await context.open(`/${file}`);
  const secret = source instanceof SourceText ? source.secrets.find(({ commented }) => !commented) : undefined;
  return secret !== undefined && source instanceof SourceText
    ? known(true, source.origin(secret.start, secret.end))
    : unknown('not-collected', 'a command line does not tell', at);
}

function locationOf({ repositories }: JobFacts): string {
  const first = repositories.state === 'known' ? repositories.value[0] : undefined;
  const location = first?.state === 'known' ? first.value.location : undefined;
  return location?.state === 'known' ? location.value : 'to an unresolved repository';
}

function text(word: string, at: Origin): Fact<string> {
  return /[$`*?]/.test(word) ? unknown('unresolved', 'a variable', at) : known(word, at);
}

/** What a command line tells of how long copies stay, and whether they are verified: nothing. */
function untold(at: Origin): Pick<Plan, 'retention' | 'point_in_time' | 'verified'> {
  const elsewhere = unknown('not-collected', 'a command line does not tell', at);
  return { retention: elsewhere, point_in_time: known(false, derived('files, no logs', at)), verified: elsewhere };
}

function restic(command: ShellCommand, job: Job): JobFacts | undefined {
  const { words } = command;
  const action = words.indexOf('backup');
  if (operandsOf(words.slice(1))[0] !== 'backup' || words.includes('--dry-run') || words.includes('-n')) return undefined;
  const { at } = job;
  const index = words.findIndex((word) => word === '-r' || word === '--repo');
  const joined = words.find((word) => word.startsWith('--repo='))?.slice('--repo='.length);
  const repository = joined ?? (index === -1 ? undefined : words[index + 1]);
  const located = repository === undefined ? unknown('not-collected', 'RESTIC_REPOSITORY of the environment', at) : text(repository, at);
  const password = words.indexOf('--insecure-no-password');
  return {
    tool: known('restic', at),
    covers: known(
      operandsOf(words.slice(action + 1)).map((word) => text(word, at)),
      at,
    ),
    repositories: resticRepository(located, at, known(password !== -1, at)),
    ...untold(at),
  };
}

/** `borg create [OPTIONS] REPOSITORY::ARCHIVE PATH…` */
function borg(command: ShellCommand, job: Job): JobFacts | undefined {
  const { words } = command;
  const action = words.indexOf('create');
  if (operandsOf(words.slice(1))[0] !== 'create' || words.includes('--dry-run') || words.includes('-n')) return undefined;
  const { at } = job;
  const [archive = '', ...paths] = operandsOf(words.slice(action + 1));
  const [repository = ''] = archive.split('::');
  const located = repository === '' ? unknown('not-collected', 'BORG_REPO of the environment', at) : text(repository, at);
  return {
    tool: known('borg', at),
    covers: known(
      paths.map((word) => text(word, at)),
      at,
    ),
    repositories: stores(located, unknown('unresolved', 'settled when the repository was made', at), at),
    ...untold(at),
  };
}

/** A copy is a backup where its name or its place says so; else it may be anything. */
const BACKUP = /backup|bkup|(?:^|[/_.-])bak(?:[/_.-]|$)|snapshot|archive|vault|mirror/i;

function rsync(command: ShellCommand, job: Job): JobFacts | undefined {
  const operands = operandsOf(command.words.slice(1));
  const to = operands.at(-1);
  const { at } = job;
  if (
    to === undefined ||
    operands.length < 2 ||
    command.words.includes('--dry-run') ||
    !(BACKUP.test(to) || BACKUP.test(baseName(job.file)))
  )
    return undefined;
  const plain = derived('rsync stores files as they are', at);
  const keeps = command.words.some((word) => /^--(?:link-dest|backup-dir|backup|compare-dest|copy-dest)/.test(word));
  return {
    tool: known('rsync', at),
    covers: known(
      operands.slice(0, -1).map((word) => text(word, at)),
      at,
    ),
    repositories: stores(text(to, at), known(false, plain), at),
    ...untold(at),
    retention: keeps
      ? unknown('unsupported', 'rsync with older copies: how long they stay', at)
      : known(0, derived('each copy takes the place of the one before', at)),
    verified: known(false, plain),
  };
}

function stores(located: Fact<string>, encrypted: Fact<boolean>, at: Origin): Plan['repositories'] {
  if (located.state !== 'known') {
    const why = located.state === 'unknown' ? located : unknown('unresolved', 'repository', at);
    return known([known({ location: why, off_site: why, encrypted, append_only: why }, at)], at);
  }
  return known([known(repositoryAt(located.value, encrypted, at), at)], at);
}
