import { derived, isFactList, isFactRecord, known, type Fact, type FactValue, type Origin } from '../../model/fact.ts';
import type { Resource } from '../../model/resource.ts';
import { backupPlan } from '../../resources/backup-plan.ts';
import { backupRun } from '../../resources/backup-run.ts';
import { backupRuns } from './backup-runs.ts';
import { jobPlans } from './job-plans.ts';
import type { HostContext, HostGap, HostPart } from './part.ts';
import { intervalOf, scheduledJobs, startedVerification, verificationOf } from './plan-schedule.ts';
import type { ScheduledJobs } from './scheduled-job.ts';

/**
 * Backups: the plans that files and jobs declare, with what starts them; and of each of their repositories what the tool's own report
 * says was done.
 */
export const backups: HostPart = {
  name: 'backups',
  kinds: [backupPlan.name, backupRun.name],
  read: async (context) => {
    const scheduled = await scheduledJobs(context);
    const declared = context.configured.resources.filter(({ kind }) => kind === backupPlan.name);
    const plans: Resource[] = [];
    const runs: Resource[] = [];
    for (const plan of [
      ...declared.map((one) => withSchedule(one, scheduled, context)),
      ...(await jobPlans(scheduled, declared, context)).map((one) => withCheck(one, scheduled, context.at)),
    ]) {
      const own = await backupRuns(plan, context);
      runs.push(...own);
      plans.push(withReport(plan, own));
    }
    // What may start something that was not seen may be a plan of its own; a plan that could not be read may have runs.
    const gaps: HostGap[] = scheduled.gaps.map((why) => ({ why }));
    const unread = context.configured.gaps(backupPlan.name).map((why) => ({ why, kinds: [backupRun.name] }));
    return { resources: [...plans, ...runs], gaps: [...gaps, ...unread] };
  },
};

/** A schedule that stands in the plan itself counts; else what starts it. */
function withSchedule(plan: Resource, scheduled: ScheduledJobs, { at }: HostContext): Resource {
  const { interval, verified } = plan.facts;
  const started = {
    ...plan,
    facts: { ...plan.facts, interval: interval?.state === 'known' ? interval : intervalOf(plan, scheduled, at) },
  };
  if (verified?.state !== 'known') return withCheck(started, scheduled, at);
  return { ...started, facts: { ...started.facts, verified: startedVerification(started, verified, scheduled, at) } };
}

/** What a plan itself does not tell: another job may check its repository. */
function withCheck(plan: Resource, scheduled: ScheduledJobs, at: Origin): Resource {
  const checked = verificationOf(plan, scheduled, at);
  return checked === undefined ? plan : { ...plan, facts: { ...plan.facts, verified: checked } };
}

/** What the tool says of a repository's encryption counts where the plan itself cannot tell. */
function withReport(plan: Resource, runs: readonly Resource[]): Resource {
  const list = plan.facts['repositories'];
  if (list?.state !== 'known' || !isFactList(list.value)) return plan;
  const repositories = list.value.map((one, index): Fact<FactValue> => {
    if (one.state !== 'known' || !isFactRecord(one.value)) return one;
    const told = runs[index]?.facts['encrypted'];
    if (told?.state !== 'known' || one.value['encrypted']?.state === 'known') return one;
    return known({ ...one.value, encrypted: known(told.value, derived('as its tool reports', told.origin)) }, one.origin);
  });
  return { ...plan, facts: { ...plan.facts, repositories: known(repositories, list.origin, list.open) } };
}
