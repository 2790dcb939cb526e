import { known, unknown, derived, type Fact, type Origin, type Unknown } from '../../model/fact.ts';
import type { LiveKindFacts } from '../../resources/kind.ts';
import { timeSync } from '../../resources/time-sync.ts';
import type { HostContext, HostPart } from './part.ts';
import { chronySources, ntpSources, timesyncdSources, type TimeSources } from './time-sources.ts';
import { unitState, type UnitState } from './units.ts';

type Facts = LiveKindFacts<typeof timeSync>;

const ENGINES = {
  chrony: { units: ['chrony.service', 'chronyd.service'], programs: ['chronyd'] },
  ntpsec: { units: ['ntpsec.service', 'ntp.service', 'ntpd.service'], programs: ['ntpd'] },
  timesyncd: { units: ['systemd-timesyncd.service'], programs: ['systemd-timesyn'] },
  openntpd: { units: ['openntpd.service'], programs: ['openntpd'] },
} as const;
type Engine = keyof typeof ENGINES;
/** Signs of a container: the clock is its host's. */
const CONTAINER = ['/.dockerenv', '/run/.containerenv', '/run/systemd/container'] as const;

/** How a host keeps its clock right. */
export const timeSyncPart: HostPart = {
  name: 'time synchronisation',
  kinds: [timeSync.name],
  read: async (context) => {
    const { facts, gaps } = await factsOf(context);
    return { resources: [context.resource(timeSync, context.target.id, facts)], gaps: gaps.map((why) => ({ why })) };
  },
};

async function factsOf(context: HostContext): Promise<{ readonly facts: Facts; readonly gaps: readonly Unknown[] }> {
  const states: { readonly engine: Engine; readonly state: UnitState }[] = [];
  for (const engine of ['chrony', 'ntpsec', 'timesyncd', 'openntpd'] as const)
    states.push({ engine, state: await unitState(context, ENGINES[engine].units, ENGINES[engine].programs) });
  const present = states.filter(({ state }) => state.present);
  const starting =
    context.host.form === 'root' ? present.find(({ state }) => state.enabled.state === 'known' && state.enabled.value) : undefined;
  const unseen = present.find(({ state }) => state.running.state === 'unknown');
  const chosen = present.find(({ state }) => state.running.state === 'known' && state.running.value) ?? starting ?? unseen ?? present[0];
  if (chosen === undefined) {
    const hidden = states.find(({ state }) => state.running.state === 'unknown')?.state.running;
    return hidden?.state === 'unknown' ? { facts: everything(hidden), gaps: [hidden] } : { facts: await withoutEngine(context), gaps: [] };
  }
  const { engine, state } = chosen;
  const sources = await sourcesOf(engine, context);
  if ('state' in sources)
    return { facts: { ...everything(sources), engine: known(engine, context.at), running: state.running }, gaps: [sources] };
  const clock = await clockOf(engine, context);
  const { list, at, count, reference, authenticated, gaps } = sources;
  return {
    facts: {
      engine: known(engine, at),
      running: state.running,
      sources: known(list, at, gaps),
      source_count: gaps[0] ?? known(count, derived('servers, and what each pool yields', at)),
      local_reference: !reference && gaps[0] !== undefined ? gaps[0] : known(reference, at),
      // Of sources that are not known, none is known to be authenticated.
      authenticated: authenticated && gaps[0] !== undefined ? gaps[0] : known(authenticated && list.length > 0, at),
      ...clock,
    },
    gaps,
  };
}

function everything(why: Unknown): Facts {
  return {
    engine: why,
    running: why,
    sources: why,
    source_count: why,
    local_reference: why,
    synchronised: why,
    offset: why,
    authenticated: why,
  };
}

/** Nothing keeps the clock, unless this is a container, whose host does. */
async function withoutEngine({ host, at }: HostContext): Promise<Facts> {
  for (const path of CONTAINER) {
    const sign = await host.stat(path);
    if (sign !== 'not-there')
      return everything('state' in sign ? sign : unknown('unresolved', 'the host of the container keeps the clock', at));
  }
  return {
    engine: known('none', at),
    running: known(false, at),
    sources: known([], at),
    source_count: known(0, at),
    local_reference: known(false, at),
    synchronised: known(false, derived('nothing keeps the clock', at)),
    offset: unknown('not-collected', 'nothing tells how far off the clock is', at),
    authenticated: known(false, at),
  };
}

async function sourcesOf(engine: Engine, context: HostContext): Promise<TimeSources | Unknown> {
  if (engine === 'chrony') return chronySources(context);
  if (engine === 'timesyncd') return timesyncdSources(context);
  if (engine === 'ntpsec') return ntpSources(context);
  return unknown('unsupported', 'the configuration of openntpd', context.at);
}

type Clock = Pick<Facts, 'synchronised' | 'offset'>;

/** What the daemon says of the clock now. */
async function clockOf(engine: Engine, context: HostContext): Promise<Clock> {
  if (context.host.form === 'root') return noClock(unknown('not-collected', 'only a running host tells how its clock is', context.at));
  if (engine === 'chrony') return chronyClock(context);
  if (engine === 'timesyncd') return timesyncdClock(context);
  if (engine === 'ntpsec') return ntpClock(context);
  return noClock(unknown('unsupported', 'the state of openntpd', context.at));
}

function noClock(why: Unknown): Clock {
  return { synchronised: why, offset: why };
}

/** chronyd says that it follows a source for as long as it runs, even where none answers: its polls are at most some hours apart. */
const STALE = 86_400;

/** chronyc(1), `tracking` with -c: reference, its name, stratum, reference time, offset in seconds …, and the leap status last. */
async function chronyClock({ command, now }: HostContext): Promise<Clock> {
  const output = await command('chronyc tracking');
  if (output === 'not-there') return noClock(unknown('not-collected', 'chronyc is not there'));
  if ('state' in output) return noClock(output);
  const at = output.origin(1);
  const fields = output.text.trim().split(',');
  const [reference = '', , , measured = '', offset = ''] = fields;
  const leap = fields.at(-1) ?? '';
  if (fields.length < 14 || !/^[0-9A-F]{8}$/.test(reference) || !/^(?:Normal|Insert second|Delete second|Not synchronised)$/.test(leap))
    return noClock(unknown('unparseable', 'chronyc tracking', at));
  // 7F7F0101 is the computer's own clock, which follows nothing.
  const follows = leap !== 'Not synchronised' && reference !== '7F7F0101' && reference !== '00000000';
  if (!/^\d{1,12}(?:\.\d+)?$/.test(measured) || !/^-?\d{1,12}(?:\.\d+)?$/.test(offset))
    return noClock(unknown('unparseable', 'chronyc tracking', at));
  return follows && Date.parse(now) / 1000 - Number(measured) > STALE
    ? noClock(unknown('unresolved', 'chronyc tracking: its last measurement is older than a day', at))
    : clockFact(follows, Math.abs(Number(offset)), at);
}

function clockFact(follows: boolean, offset: number, at: Origin): Clock {
  const distance: Fact<number> = !follows
    ? unknown('not-collected', 'the clock follows no source', at)
    : Number.isFinite(offset)
      ? known(offset, at)
      : unknown('unparseable', 'offset', at);
  return { synchronised: known(follows, at), offset: distance };
}

async function timesyncdClock({ command }: HostContext): Promise<Clock> {
  const show = await command('timedatectl show');
  const status = await command('timedatectl timesync-status');
  if (show === 'not-there') return noClock(unknown('not-collected', 'timedatectl is not there'));
  if ('state' in show) return noClock(show);
  const synchronised = /^NTPSynchronized=(yes|no)$/m.exec(show.text)?.[1];
  if (synchronised === undefined) return noClock(unknown('unparseable', 'timedatectl show', show.origin()));
  if (synchronised === 'no') return clockFact(false, Number.NaN, show.origin());
  if (status === 'not-there')
    return { synchronised: known(true, show.origin()), offset: unknown('not-collected', 'timedatectl is not there') };
  if ('state' in status) return { synchronised: known(true, show.origin()), offset: status };
  const written = /^\s*Offset:\s*(\S.*)$/m.exec(status.text)?.[1] ?? '';
  return { synchronised: known(true, show.origin()), offset: clockFact(true, spanOf(written), status.origin()).offset };
}

const UNITS: Readonly<Record<string, number>> = { us: 1e-6, ms: 1e-3, s: 1, min: 60, h: 3600, d: 86_400 };

/** A span as systemd writes it: `+1.234ms`, `-1min 2.5s`; not a number where it is none. */
function spanOf(text: string): number {
  const parts = text.trim().replace(/^[+-]/, '').split(/\s+/);
  return parts.reduce((sum, part) => {
    const [, number = '', unit = ''] = /^(\d+(?:\.\d+)?)([a-z]+)$/.exec(part) ?? [];
    return sum + (number === '' ? Number.NaN : Number(number) * (UNITS[unit] ?? Number.NaN));
  }, 0);
}

async function ntpClock({ command }: HostContext): Promise<Clock> {
  const output = await command('ntpq -c rv');
  if (output === 'not-there') return noClock(unknown('not-collected', 'ntpq is not there'));
  if ('state' in output) return noClock(output);
  const leap = /\bleap=([01]{2})\b|\bleap_(none|add_sec|del_sec|alarm)\b/.exec(output.text);
  const offset = /\boffset=(-?[\d.]+)/.exec(output.text)?.[1];
  if (leap === null || offset === undefined) return noClock(unknown('unparseable', 'ntpq -c rv', output.origin()));
  const follows = leap[1] !== '11' && leap[2] !== 'alarm' && /\bsync_(?!unspec|local)\w+/.test(output.text);
  return clockFact(follows, Math.abs(Number(offset)) / 1000, output.origin()); // it says milliseconds
}
