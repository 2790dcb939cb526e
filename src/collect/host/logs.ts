import { isFactList, known, type Fact } from '../../model/fact.ts';
import type { Resource } from '../../model/resource.ts';
import { logSink, logSource } from '../../resources/logging.ts';
import { SourceText } from '../../text/source-text.ts';
import { kernelAudit } from './audit.ts';
import { textFact } from './plain-facts.ts';
import { journal } from './journal.ts';
import { withModes } from './log-files.ts';
import type { HostContext, HostPart } from './part.ts';

/** Logging as it runs: the kernel's audit, the journal and what it hands on, and the modes of log files. */
export const logs: HostPart = {
  name: 'logs',
  kinds: [logSink.name, logSource.name],
  read: async (context) => {
    const sinks = context.configured.resources.filter(({ kind }) => kind === logSink.name);
    const bySyslog = sinks.filter((sink) => isOf(sink, 'rsyslog'));
    const kept = await journal(bySyslog.length > 0, context);
    const asIs: Resource[] = [];
    const readsItself = await readsJournal(context);
    for (const sink of sinks) {
      const own = await withModes(sink, context);
      if (kept === undefined || !isOf(sink, 'rsyslog')) asIs.push(own);
      else {
        const handed = readsItself ? own : takingOnly(own, kept.forwards, (channel) => !channel.startsWith('syslog:'));
        asIs.push(takingOnly(handed, kept.rsyslog, () => false));
      }
    }
    return { resources: [...asIs, ...(kept?.sinks ?? []), ...(await kernelAudit(context))], gaps: [] };
  },
};

function isOf(sink: Resource, by: string): boolean {
  const fact = textFact(sink.facts, 'by');
  return fact.state === 'known' && fact.value === by;
}

/** rsyslog may take records from the journal's files by itself; else journald must hand them on. */
async function readsJournal(context: HostContext): Promise<boolean> {
  const files = ['/etc/rsyslog.conf'];
  const listing = await context.host.list('/etc/rsyslog.d');
  if (listing !== 'not-there' && !('state' in listing)) files.push(...listing.entries.map(({ path }) => path));
  for (const path of files) {
    const source = await context.open(path);
    if (source instanceof SourceText && /\bimjournal\b/.test(source.text.replaceAll(/^[ \t]*#.*$/gm, ''))) return true;
  }
  return false;
}

/** What a sink is set up to take comes to it only where something else is so; else what is left, open where that is not known. */
function takingOnly(sink: Resource, condition: Fact<boolean>, isLeft: (channel: string) => boolean): Resource {
  if (condition.state === 'known' && condition.value) return sink;
  const takes = sink.facts['takes'];
  if (takes?.state !== 'known' || !isFactList(takes.value)) return sink;
  const left = takes.value.filter((one) => one.state !== 'known' || typeof one.value !== 'string' || isLeft(one.value));
  if (left.length === takes.value.length) return sink;
  const open = [...(takes.open ?? []), ...(condition.state === 'unknown' ? [condition] : [])];
  return { ...sink, facts: { ...sink.facts, takes: known(left, condition.origin ?? takes.origin, open) } };
}
