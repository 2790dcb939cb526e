import { absent, derived, known, mapFact, unknown, type Fact, type FactRecord, type Unknown } from '../../model/fact.ts';
import type { Resource } from '../../model/resource.ts';
import { LOG_FIELDS, logSource } from '../../resources/logging.ts';
import { CommandLines } from '../../text/command-text.ts';
import { SourceText } from '../../text/source-text.ts';
import { auditdRecords } from '../files/auditd.ts';
import { readAuditdConf } from '../files/auditd-conf.ts';
import { loadRules } from '../files/auditd-rules.ts';
import type { CommandText, HostContext } from './part.ts';

/** The id that the files of /etc/audit have. */
const ID = 'etc/audit auditd';

/**
 * The kernel's audit as it runs: the rules that are loaded, whether they are locked, whether a daemon takes the records, and how many
 * were lost. What files say counts where the kernel may not be asked. A machine without audit has a source that records nothing.
 */
export async function kernelAudit(context: HostContext): Promise<readonly Resource[]> {
  const configured = context.configured.resources.find(({ kind, id }) => kind === logSource.name && id === ID);
  const status = await context.command('auditctl -s');
  if (configured === undefined) return (await isMissing(status, context)) ? [nothing(context)] : [];
  const again = (facts: FactRecord, stance = configured.stance): readonly Resource[] => [
    { ...configured, stance, facts: { ...configured.facts, ...facts } },
  ];
  if (status === 'not-there') return again({ enabled: known(false, derived('its programs are not there', context.at)) });
  if (context.host.form === 'root')
    return again(unconfirmed(configured.facts, unknown('not-collected', 'nothing runs in an offline root', context.at)));
  const rules = await context.command('auditctl -l');
  if ('state' in status) return again(unconfirmed(configured.facts, status));
  if (rules === 'not-there') return again(unconfirmed(configured.facts, unknown('unsupported', 'auditctl: no such program')));
  if ('state' in rules) return again(unconfirmed(configured.facts, rules));
  const text = new CommandLines('auditctl -l', rulesAsFiles(rules.text), rules.origin);
  const loaded = loadRules([text], [], false, rules.origin());
  const enabled = numberOf(status, 'enabled');
  const lost = numberOf(status, 'lost');
  return again(
    {
      events: known(
        [...loaded.events].map(([event, place]) => known(event, place)),
        rules.origin(),
        loaded.doubtful,
      ),
      immutable: enabled.state === 'known' ? known(enabled.value === 2, enabled.origin) : enabled,
      enabled: await records(enabled, numberOf(status, 'pid'), context),
      ...(lost.state === 'known' && lost.value === 0 ? {} : { alarms_when_full: mapFact(lost, 'records that were lost', () => false) }),
    },
    'live',
  );
}

/**
 * What files promise of a kernel that may not be asked: it may run without any of it. What they do not even promise, is not so after the
 * next start.
 */
function unconfirmed(facts: FactRecord, why: Unknown): FactRecord {
  return Object.fromEntries(
    ['enabled', 'immutable', 'alarms_when_full'].flatMap((name) => {
      const fact = facts[name];
      return fact?.state === 'known' && fact.value === true ? [[name, why]] : [];
    }),
  );
}

type Asked = CommandText | Unknown | 'not-there';

/** `lost 0`: a line of its status. */
function numberOf(output: CommandText, name: string): Fact<number> {
  const lines = output.text.split('\n');
  const index = lines.findIndex((line) => line.startsWith(`${name} `));
  const value = /^\d{1,15}$/.exec(lines[index]?.slice(name.length + 1).trim() ?? '')?.[0];
  return value === undefined
    ? unknown('unparseable', `auditctl -s: ${name}`, output.origin())
    : known(Number(value), output.origin(index + 1));
}

async function records(enabled: Fact<number>, daemon: Fact<number>, context: HostContext): Promise<Fact<boolean>> {
  if (enabled.state !== 'known') return enabled.state === 'unknown' ? enabled : unknown('unresolved', 'enabled');
  if (daemon.state !== 'known') return daemon.state === 'unknown' ? daemon : unknown('unresolved', 'pid');
  if (enabled.value === 0) return known(false, enabled.origin);
  if (daemon.value === 0) return known(false, derived('no daemon takes what the kernel tells', daemon.origin));
  const source = await context.open('/etc/audit/auditd.conf');
  if (source === 'not-there') return unknown('not-collected', 'auditd.conf is not here', daemon.origin);
  if (!(source instanceof SourceText)) return source;
  const version = await context.package('auditd');
  return auditdRecords(readAuditdConf(source), known(true, enabled.origin), {
    version: () => (version.state === 'known' ? known(version.value.replace(/^\d+:/, ''), version.origin) : version),
  });
}

/** auditctl shows rules on files as calls of any kind: `-S all -F path=… -F perm=…`. In files they stand without. */
function rulesAsFiles(text: string): string {
  return text
    .split('\n')
    .map((line) => (/ -F (?:path|dir)=/.test(line) && / -F perm=/.test(line) ? line.replace(/ -S all(?= |$)/, '') : line))
    .map((line) => (line.trim() === 'No rules' ? '' : line))
    .join('\n');
}

/** Nothing of it is installed, and nothing configured. */
async function isMissing(status: Asked, context: HostContext): Promise<boolean> {
  if (status !== 'not-there' && !('state' in status && context.host.form === 'root')) return false;
  for (const path of ['/etc/audit', '/usr/sbin/auditctl', '/sbin/auditctl', '/usr/sbin/auditd', '/sbin/auditd'])
    if ((await context.host.stat(path)) !== 'not-there') return false;
  return true;
}

function nothing(context: HostContext): Resource {
  const at = derived('neither auditctl nor /etc/audit is there', context.at);
  return context.resource(logSource, ID, {
    service: known('auditd', at),
    enabled: known(false, at),
    events: known([], at),
    fields: known(
      LOG_FIELDS.map((field) => known(field, at)),
      at,
    ),
    host: known('', at),
    channels: known([], at),
    shipped_otherwise: unknown('not-collected', 'what else takes logs away from this host', at),
    immutable: known(false, at),
    alarms_when_full: absent(at),
    logs_parameters: absent(at),
  });
}
