import { known, unknown, type Fact, type Origin, type Unknown } from '../../model/fact.ts';
import type { RsyslogFilter } from '../../text/rsyslog.ts';
import { isFilledIn } from '../../text/template.ts';
import { FACILITIES, syslogChannel, takenFiles } from './log-channels.ts';
import { parametersOf, text, type Action, type Step } from './rsyslog-actions.ts';

/** Records of one channel, as they come in. */
interface Input {
  readonly channels: readonly string[];
  readonly facility: string;
  /** Records of this priority at least come in by it. */
  readonly least: 'info' | 'notice';
  readonly ruleset: string;
}

/** What comes in, and which rulesets it goes through. */
export interface Inputs {
  readonly all: readonly Input[];
  /** Inputs that cannot be read: files by a pattern, or what an include hides. */
  readonly open: readonly Unknown[];
  /** Rulesets that some input or call names; undefined where one of them is computed. */
  readonly named: ReadonlySet<string> | undefined;
  readonly calls: readonly { readonly from: string; readonly to: string; readonly filter: RsyslogFilter }[];
}

const UNNAMED = 'RSYSLOG_DefaultRuleset';

/**
 * The ruleset of inputs that are bound to none, by its name: the last `$DefaultRuleset`, wherever it stands, and rsyslog's own, which
 * has the empty name here, where nobody names one. https://www.rsyslog.com/doc/concepts/multi_ruleset.html
 */
function defaultRuleset(steps: readonly Step[]): string | Unknown {
  const named = steps.findLast((step) => step.kind === 'directive' && step.name === 'defaultruleset');
  if (named?.kind !== 'directive') return '';
  const name = rulesetName(named.value);
  return isFilledIn(name) ? noRuleset(named.source.origin(named.start, named.end)) : name;
}

function rulesetName(written: string): string {
  const name = written.replace(/^"(.*)"$/, '$1');
  return name === UNNAMED ? '' : name;
}

function noRuleset(at: Origin): Unknown {
  return unknown('unresolved', 'which ruleset its records go to', at);
}

/** Gathers inputs: the host's syslog (imuxsock, imjournal), files (imfile), and what binds or calls rulesets. */
export function inputsOf(steps: readonly Step[]): Inputs {
  const all: Input[] = [];
  const open: Unknown[] = [];
  const named = new Set<string>();
  const calls: { readonly from: string; readonly to: string; readonly filter: RsyslogFilter }[] = [];
  let computed = false;
  let system = false;
  const unbound = defaultRuleset(steps);
  let legacy: { file?: string; facility?: string; at?: Origin } = {};
  let legacyRuleset: string | Unknown = unbound;
  const file = (path: string, facility: string, severity: string, ruleset: string | Unknown, at: Origin): void => {
    const channels = takenFiles(path);
    if (typeof ruleset !== 'string') open.push(ruleset);
    else if (channels === undefined) open.push(unknown('unsupported', `imfile ${path.slice(0, 80)}: which files it takes`, at));
    else all.push({ channels, facility: facility.toLowerCase(), least: /^(?:info|debug)$/i.test(severity) ? 'info' : 'notice', ruleset });
  };
  for (const step of steps) {
    if (step.kind === 'hole') {
      open.push(step.why);
      computed = true;
    } else if (step.kind === 'call') {
      if (step.name === undefined) computed = true;
      else {
        named.add(step.name);
        calls.push({ from: step.ruleset, to: rulesetName(step.name), filter: step.filter });
      }
    } else if (step.kind === 'object' && (step.name === 'module' || step.name === 'input')) {
      const settings = parametersOf(step);
      const at = step.source.origin(step.start, step.end);
      const ruleset = settings.get('ruleset');
      if (ruleset?.state === 'unknown') computed = true;
      const bound = ruleset?.state === 'unknown' ? noRuleset(at) : ruleset?.state === 'known' ? rulesetName(ruleset.value) : unbound;
      if (typeof bound === 'string') named.add(bound);
      if (step.name === 'module') {
        const off = text(settings.get('syssock.use')).toLowerCase() === 'off';
        system ||= text(settings.get('load')) === 'imjournal' || (text(settings.get('load')) === 'imuxsock' && !off);
      } else if (text(settings.get('type')) === 'imfile') {
        const path = settings.get('file');
        const words = (['facility', 'severity'] as const).map((name) => settings.get(name));
        if (path?.state !== 'known' || words.some((word) => word?.state === 'unknown'))
          open.push(unknown('unresolved', 'imfile: which files it takes', at));
        else file(path.value, text(words[0]) || 'local0', text(words[1]) || 'notice', bound, at);
      }
    } else if (step.kind === 'directive') {
      const at = step.source.origin(step.start, step.end);
      if (step.name === 'modload') system ||= /^"?(?:imuxsock|imjournal)(?:\.so)?"?$/.test(step.value);
      else if (step.name === 'inputfilename') legacy = { ...legacy, file: step.value, at };
      else if (step.name === 'inputfilefacility') legacy = { ...legacy, facility: step.value };
      else if (step.name === 'inputrunfilemonitor') {
        if (legacy.file !== undefined) file(legacy.file, legacy.facility ?? 'local0', 'notice', legacyRuleset, legacy.at ?? at);
        legacy = {};
        // Whether a binding holds for the files after the first one, the documentation does not say.
        if (legacyRuleset !== unbound) legacyRuleset = noRuleset(at);
      } else if (step.name.endsWith('bindruleset') || step.name === 'defaultruleset') {
        const name = rulesetName(step.value);
        if (isFilledIn(name)) computed = true;
        named.add(name);
        if (step.name === 'inputfilebindruleset') legacyRuleset = isFilledIn(name) ? noRuleset(at) : name;
      }
    }
  }
  if (system && typeof unbound !== 'string') open.push(unbound);
  else if (system && typeof unbound === 'string')
    for (const facility of FACILITIES) all.push({ channels: [syslogChannel(facility)], facility, least: 'info', ruleset: unbound });
  return { all, open, named: computed ? undefined : named, calls };
}

/** Does anything come to this ruleset? One that nobody names does nothing. */
export function isReached({ named }: Inputs, ruleset: string): boolean {
  return ruleset === '' || named === undefined || named.has(ruleset);
}

const MAX_CALLS = 10;

/** The channels whose records an action takes, all of them; open where a condition decides, or a `stop` before it. */
export function takesOf(action: Action, inputs: Inputs): Fact<readonly Fact<string>[]> {
  const { at } = action;
  const found = new Map<string, Fact<string>>();
  const open: Unknown[] = [...inputs.open];
  const doubt = unknown('unresolved', 'a condition decides which records come here', at);
  if (action.stopped !== undefined) open.push(unknown('unresolved', 'records may be taken out before they come here', action.stopped));
  const follow = (ruleset: string, filters: readonly RsyslogFilter[], depth: number): void => {
    for (const input of inputs.all.filter((one) => one.ruleset === ruleset)) {
      const passes = passedBy(input, filters);
      if (passes === 'some' || (passes === 'all' && action.stopped !== undefined)) open.push(doubt);
      else if (passes === 'all') for (const channel of input.channels) found.set(channel, known(channel, at));
    }
    if (depth >= MAX_CALLS) return;
    for (const call of inputs.calls.filter(({ to }) => to === ruleset)) follow(call.from, [call.filter, ...filters], depth + 1);
  };
  follow(action.ruleset, [action.filter], 0);
  const causes = [...new Map(open.map((why) => [why.detail, why] as const)).values()];
  return known([...found.values()], at, causes);
}

function passedBy(input: Input, filters: readonly RsyslogFilter[]): 'all' | 'some' | 'none' {
  let passes: 'all' | 'some' | 'none' = 'all';
  for (const { selectors, condition } of filters) {
    if (condition) passes = 'some';
    for (const selector of selectors) {
      const one = selectedBy(selector, input);
      if (one === 'none') return 'none';
      if (one === 'some') passes = 'some';
    }
  }
  return passes;
}

const PRIORITIES: readonly (readonly [string, number])[] = [
  ['debug', 7],
  ['info', 6],
  ['notice', 5],
  ['warning', 4],
  ['warn', 4],
  ['err', 3],
  ['error', 3],
  ['crit', 2],
  ['alert', 1],
  ['emerg', 0],
  ['panic', 0],
];

/** A selector of facilities and priorities: the last part that names a facility counts for it. https://www.rsyslog.com/doc/configuration/filters.html */
function selectedBy(selector: string, { facility, least }: Input): 'all' | 'some' | 'none' {
  let selected: 'all' | 'some' | 'none' = 'none';
  for (const part of selector.split(';')) {
    const [, facilities = '', sign = '', priority = ''] = /^([\w*,]+)\.([!=]*)([\w*]+)$/.exec(part.trim()) ?? [];
    if (facilities === '') return 'some';
    if (!facilities.split(',').some((name) => name === '*' || name.toLowerCase() === facility)) continue;
    const level = priority === '*' ? 7 : PRIORITIES.find(([name]) => name === priority.toLowerCase())?.[1];
    if (priority.toLowerCase() === 'none') selected = 'none';
    else if (level === undefined || sign !== '') selected = 'some';
    else if (level >= (least === 'info' ? 6 : 5)) selected = 'all';
    else if (selected !== 'all') selected = 'some';
  }
  return selected;
}
