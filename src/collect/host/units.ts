import { known, unknown, type Fact, type Origin } from '../../model/fact.ts';
import type { HostContext } from './part.ts';
import { processes } from './processes.ts';

/** Where units are wanted from: an administrator's links, and the vendor's. */
const UNIT_PLACES = ['/etc/systemd/system', '/usr/lib/systemd/system', '/lib/systemd/system'] as const;

/** What is known of a service: whether it runs now, and whether it starts with the host. */
export interface UnitState {
  readonly running: Fact<boolean>;
  readonly enabled: Fact<boolean>;
  /** Some unit of these names is there, or such a process runs. */
  readonly present: boolean;
}

/**
 * The state of a service by the names that distributions give its unit. Of a machine that lies in a directory nobody knows whether what
 * is enabled would run; what is not enabled would not. Where systemd is not what runs the host, its processes tell (`programs`).
 */
export async function unitState(context: HostContext, units: readonly string[], programs: readonly string[] = []): Promise<UnitState> {
  const enabled = await isEnabled(context, units);
  if (context.host.form === 'root') {
    const starts = enabled.fact.state === 'known' && enabled.fact.value;
    const running = starts ? unknown('not-collected', 'nothing runs in an offline root', context.at) : enabled.fact;
    return { running, enabled: enabled.fact, present: enabled.present };
  }
  let stopped: UnitState | undefined;
  for (const unit of units) {
    const output = await context.command('systemctl show', { unit });
    if (output === 'not-there' || 'state' in output) break; // no systemd, or none that answers
    const {
      ActiveState = '',
      LoadState = '',
      UnitFileState = '',
    } = Object.fromEntries(output.text.split('\n').map((line) => line.split('=', 2)));
    if (LoadState !== 'loaded') continue;
    const running = /^(?:active|reloading|activating)$/.test(ActiveState);
    const state: Fact<boolean> =
      UnitFileState === ''
        ? enabled.fact
        : known(/^(?:enabled|enabled-runtime|static|alias|generated|linked)$/.test(UnitFileState), output.origin());
    const found: UnitState = { running: known(running, output.origin()), enabled: state, present: true };
    if (running) return found;
    // Of several that are stopped, one that starts with the machine counts.
    if (stopped === undefined || (isNotOn(stopped.enabled) && !isNotOn(state))) stopped = found;
  }
  if (stopped !== undefined) return stopped;
  const seen = await processes(context);
  if ('state' in seen) return { running: seen, enabled: enabled.fact, present: enabled.present };
  const found = seen.list.some(({ name }) => programs.includes(name));
  const running: Fact<boolean> =
    programs.length === 0 || (!found && !seen.complete)
      ? unknown('access-denied', '/proc: processes of others')
      : known(found, seen.origin);
  return { running, enabled: enabled.fact, present: enabled.present || found };
}

function isNotOn(fact: Fact<boolean>): boolean {
  return fact.state === 'known' && !fact.value;
}

/** Is a unit wanted by a target? By links, which is what systemd reads when it starts. */
async function isEnabled(
  context: HostContext,
  units: readonly string[],
): Promise<{ readonly fact: Fact<boolean>; readonly present: boolean }> {
  const { host, at } = context;
  let present = false;
  let places = 0;
  const masked = new Set<string>();
  for (const place of UNIT_PLACES) {
    for (const unit of units) {
      const entry = await host.stat(`${place}/${unit}`);
      if (entry !== 'not-there' && 'state' in entry) return { fact: entry, present };
      if (entry === 'not-there') continue;
      const link = await host.readlink(`${place}/${unit}`);
      if (typeof link === 'object' && 'to' in link && link.to === '/dev/null') masked.add(unit);
      present ||= !masked.has(unit);
    }
    const listing = await host.list(place);
    if (listing === 'not-there') continue;
    places += 1;
    if ('state' in listing) return { fact: listing, present };
    const [gap] = listing.unseen.filter(({ path }) => /\.(?:wants|requires)$/.test(path));
    if (gap !== undefined) return { fact: gap.why, present };
    for (const { path, kind } of listing.entries) {
      if (kind !== 'directory' || !/\.(?:wants|requires)$/.test(path)) continue;
      for (const unit of units.filter((one) => !masked.has(one))) {
        const entry = await host.stat(`${path}/${unit}`);
        if (entry !== 'not-there' && 'state' in entry) return { fact: entry, present };
        if (entry !== 'not-there') return { fact: known(true, wanted(context, `${path}/${unit}`)), present: true };
      }
    }
  }
  // Without units something else starts what runs here, or this is no machine.
  return { fact: places === 0 ? unknown('unresolved', 'no units of systemd', at) : known(false, at), present };
}

function wanted({ at }: HostContext, path: string): Origin {
  return { kind: 'derived', rule: `wanted by ${path}`, from: [at] };
}
