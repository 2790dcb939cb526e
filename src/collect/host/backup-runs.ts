import { known, unknown, type Fact, type Known, type Unknown } from '../../model/fact.ts';
import type { Resource } from '../../model/resource.ts';
import { backupPlan } from '../../resources/backup-plan.ts';
import { backupRun } from '../../resources/backup-run.ts';
import { SourceText } from '../../text/source-text.ts';
import { noAnswer, repositoriesOf, type BackupAnswer, type BackupQuestion } from './backup-report.ts';
import { textFact, textsFact } from './plain-facts.ts';
import { readBarman } from './barman-catalogue.ts';
import { askBorg } from './borg-report.ts';
import type { HostContext } from './part.ts';
import { askPgbackrest, pgbackrestRepositories } from './pgbackrest-report.ts';
import { askRestic, type PassPhrase } from './restic-report.ts';

/**
 * What was really backed up under a plan, by its tool's own report: a resource for each of its repositories, in their order. Only
 * directories of this machine are asked: what another machine holds is its own to tell.
 */
export async function backupRuns(plan: Resource, context: HostContext): Promise<readonly Resource[]> {
  const tool = textFact(plan.facts, 'tool');
  if (tool.state !== 'known') return [];
  if (tool.value === 'pgbackrest') return pgbackrestRuns(plan, tool, context);
  const runs: Resource[] = [];
  for (const { location, offSite } of repositoriesOf(plan)) {
    const question = questionOf(plan, tool, location);
    const place = location.state === 'known' ? location.value : 'an unresolved repository';
    if (tool.value === 'barman') {
      const answer = location.state === 'known' ? await readBarman(location, context) : noAnswer(notKnown(location));
      runs.push(run(plan.id, question, answer, context));
    } else if (tool.value === 'restic' || tool.value === 'borgmatic' || tool.value === 'borg') {
      const answer = await askRepository(tool.value, plan, question, offSite, context);
      runs.push(run(`${tool.value} ${place} of ${plan.id}`, question, answer, context));
    }
  }
  return runs;
}

function questionOf(plan: Resource, tool: Known<string>, repository: Fact<string>): BackupQuestion {
  const form = tool.value === 'pgbackrest' || tool.value === 'barman' ? 'database' : 'files';
  return { tool: tool.value, form, covers: textsFact(plan.facts, 'covers'), repository, at: tool.origin };
}

function notKnown(fact: Fact<string>): Unknown {
  return fact.state === 'unknown' ? fact : unknown('unresolved', 'repository', fact.origin);
}

async function pgbackrestRuns(plan: Resource, tool: Known<string>, context: HostContext): Promise<readonly Resource[]> {
  const [, file = '', stanza = ''] = /^(.*) ([^ ]+)$/.exec(plan.id) ?? [];
  const locations = repositoriesOf(plan);
  const repositories = await pgbackrestRepositories(`/${file}`, stanza, context);
  if ('state' in repositories) return [run(`pgbackrest ${stanza}`, questionOf(plan, tool, repositories), noAnswer(repositories), context)];
  const runs: Resource[] = [];
  // A plan lists its repositories in the order of their numbers.
  for (const [order, repository] of repositories.entries()) {
    const location = locations[order]?.location ?? unknown('unresolved', 'repository', tool.origin);
    const answer = await askPgbackrest(repository, context);
    runs.push(run(`pgbackrest ${stanza} repo${repository.index}`, questionOf(plan, tool, location), answer, context));
  }
  return runs;
}

type AskedTool = 'restic' | 'borgmatic' | 'borg';

async function askRepository(
  tool: AskedTool,
  plan: Resource,
  question: BackupQuestion,
  offSite: Fact<unknown>,
  context: HostContext,
): Promise<BackupAnswer> {
  const { repository } = question;
  if (repository.state !== 'known') return noAnswer(notKnown(repository));
  if (offSite.state !== 'known' || offSite.value !== false || !repository.value.replace(/^(?:local:|file:\/\/)/, '').startsWith('/'))
    return noAnswer(unknown('not-collected', 'a repository elsewhere is not asked', repository.origin));
  const location = known(repository.value.replace(/^(?:local:|file:\/\/)/, ''), repository.origin);
  const pass = await passPhrase(tool, plan, context);
  if (pass !== undefined && 'state' in pass) return noAnswer(pass);
  if (pass !== undefined && 'secret' in pass && context.host.form === 'ssh')
    return noAnswer(unknown('unsupported', 'a pass phrase is not carried over SSH', repository.origin));
  if (tool !== 'restic') return (await sharedBy(plan, repository, context)) ?? askBorg(location, pass, context);
  return pass === undefined
    ? noAnswer(
        unknown(
          'not-collected',
          'no pass phrase: its configuration names no file with one, and the target has no password',
          repository.origin,
        ),
      )
    : askRestic(question, location, pass, context);
}

/** Borg's archives do not say of which plan they are. */
async function sharedBy(plan: Resource, repository: Known<string>, context: HostContext): Promise<BackupAnswer | undefined> {
  const others = context.configured.resources.filter(
    (other) =>
      other.kind === backupPlan.name &&
      other.id !== plan.id &&
      repositoriesOf(other).some(({ location }) => location.state === 'known' && location.value === repository.value),
  );
  return others.length === 0 ? undefined : noAnswer(unknown('unresolved', 'several plans store in one repository', repository.origin));
}

/**
 * Where the tool takes its pass phrase from: a file that its configuration names, which the tool opens itself; else the target's
 * `password`. A command that the configuration names is not run, `cat` of a file aside, nor is a pass phrase taken that stands in it.
 */
async function passPhrase(tool: AskedTool, plan: Resource, context: HostContext): Promise<PassPhrase | Unknown | undefined> {
  // A plan is named after its file; one that a job makes, after the job's.
  const file = await passwordFile(tool, `/${plan.id.replace(/^.* of /, '')}`, context);
  if (file !== undefined) return { file };
  const secret = await context.secret('password');
  if (secret === undefined) return undefined;
  return 'state' in secret ? secret : { secret };
}

const RESTIC_FILE = /(?:^|[\s"'])(?:RESTIC_PASSWORD_FILE=|--password-file[= ]|password-file:\s*)["']?(\/[^\s"']+)/m;
const BORG_FILE =
  /^[ \t]*(?:encryption_passcommand:[ \t]*|(?:export[ \t]+)?BORG_PASSCOMMAND=)["']?(?:(?:\/usr)?\/bin\/)?cat[ \t]+(\/[^\s"']+)["']?[ \t\r]*$/m;

async function passwordFile(tool: AskedTool, path: string, context: HostContext): Promise<string | undefined> {
  const source = await context.open(path);
  if (!(source instanceof SourceText)) return undefined;
  const own = (tool === 'restic' ? RESTIC_FILE : BORG_FILE).exec(source.text)?.[1];
  if (own !== undefined || tool !== 'restic') return own;
  for (const [, included = ''] of source.text.matchAll(/^EnvironmentFile=-?(\/\S+)/gm)) {
    const variables = await context.open(included);
    const found = variables instanceof SourceText ? RESTIC_FILE.exec(variables.text)?.[1] : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

function run(id: string, { tool, form, covers, repository, at }: BackupQuestion, answer: BackupAnswer, context: HostContext): Resource {
  return context.resource(backupRun, id, { tool: known(tool, at), form: known(form, at), covers, repository, ...answer });
}
