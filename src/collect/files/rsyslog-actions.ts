import { known, unknown, type Fact, type Origin, type Unknown } from '../../model/fact.ts';
import type { RsyslogFilter, RsyslogStatement } from '../../text/rsyslog.ts';
import { isFilledIn } from '../../text/template.ts';
import { defaultOf, type DefaultSince } from './defaults.ts';
import type { FormatContext } from './format.ts';

/** A statement in its place, or the place where something could not be read. */
export type Step = RsyslogStatement | { readonly kind: 'hole'; readonly why: Unknown };

/** Parameters by their names in lower case. */
export type Settings = ReadonlyMap<string, Fact<string>>;

/** What holds for the whole configuration, whatever stands before or after an action. */
export interface Everywhere {
  readonly driver: Fact<string> | undefined;
  readonly fileMode: Fact<string> | undefined;
  readonly legacyFileMode: boolean;
  readonly mainQueue: Settings;
  readonly rulesets: ReadonlyMap<string, Settings>;
  readonly templates: ReadonlyMap<string, Fact<string>>;
  readonly channels: ReadonlyMap<string, Fact<string>>;
  readonly hole: Unknown | undefined;
}

/** An action in one vocabulary: legacy directives under the names of the parameters that replaced them. */
export interface Action {
  readonly type: string;
  readonly settings: Settings;
  readonly ruleset: string;
  readonly filter: RsyslogFilter;
  /** Where records may have been taken out before they come here. */
  readonly stopped: Origin | undefined;
  readonly legacy: boolean;
  readonly at: Origin;
  /** Legacy directives may stand in an include that was not read before this action. */
  readonly hole: Unknown | undefined;
}

/** Legacy directives, and what they are called as parameters of an action: https://www.rsyslog.com/doc/configuration/modules/omfwd.html */
const LEGACY: Readonly<Record<string, string>> = {
  actionsendstreamdriver: 'streamdriver',
  actionsendstreamdrivermode: 'streamdrivermode',
  actionsendstreamdriverauthmode: 'streamdriverauthmode',
  actionsendstreamdriverpermittedpeer: 'streamdriverpermittedpeers',
  actionqueuetype: 'queue.type',
  actionqueuefilename: 'queue.filename',
  actionresumeretrycount: 'action.resumeretrycount',
  filecreatemode: 'filecreatemode',
};
/** These hold for the next action only: https://www.rsyslog.com/actions-with-directives */
const CONSUMED = ['streamdriverpermittedpeers', 'queue.type', 'queue.filename', 'action.resumeretrycount'];
function factOf(value: string, computed: boolean, at: Origin): Fact<string> {
  return computed || value.includes('`') || isFilledIn(value) ? unknown('unresolved', value.slice(0, 80), at) : known(value, at);
}

export function parametersOf(statement: Extract<RsyslogStatement, { kind: 'object' }>): Settings {
  return new Map(
    statement.parameters.map(({ name, value, computed, start, end }) => [
      name,
      factOf(value, computed, statement.source.origin(start, end)),
    ]),
  );
}

function directiveFact(statement: Extract<RsyslogStatement, { kind: 'directive' }>): Fact<string> {
  return factOf(
    statement.value.replace(/^"(.*)"$/, '$1'),
    false,
    statement.source.origin(statement.at, statement.at + statement.value.length),
  );
}

/** What holds everywhere, gathered in one pass. */
export function survey(steps: readonly Step[]): Everywhere {
  let driver: Fact<string> | undefined;
  let fileMode: Fact<string> | undefined;
  let mainQueue: Settings = new Map();
  const legacyQueue = new Map<string, Fact<string>>();
  const rulesets = new Map<string, Settings>();
  const templates = new Map<string, Fact<string>>();
  const channels = new Map<string, Fact<string>>();
  let hole: Unknown | undefined;
  for (const step of steps) {
    if (step.kind === 'hole') hole ??= step.why;
    else if (step.kind === 'object') {
      const settings = parametersOf(step);
      const name = settings.get('name');
      if (step.name === 'global') driver = settings.get('defaultnetstreamdriver') ?? driver;
      else if (step.name === 'main_queue') mainQueue = settings;
      else if (step.name === 'module' && text(settings.get('load')) === 'builtin:omfile')
        fileMode = settings.get('filecreatemode') ?? fileMode;
      else if (step.name === 'ruleset' && name?.state === 'known') rulesets.set(name.value, settings);
      else if (step.name === 'template' && name?.state === 'known')
        templates.set(name.value, settings.get('string') ?? unknown('unresolved', `template ${name.value.slice(0, 80)}`, name.origin));
    } else if (step.kind === 'directive') {
      const fact = directiveFact(step);
      if (step.name === 'defaultnetstreamdriver') driver = fact;
      else if (step.name === 'mainmsgqueuetype') legacyQueue.set('queue.type', fact);
      else if (step.name === 'mainmsgqueuefilename') legacyQueue.set('queue.filename', fact);
      else if (step.name === 'template' || step.name === 'outchannel') {
        const [, name = '', value = ''] = /^([^,]{1,200}),\s*(.*)$/.exec(step.value) ?? [];
        const at = fact.origin ?? step.source.origin(step.start, step.end);
        if (step.name === 'template') templates.set(name.trim(), factOf(/^"([^"]*)"/.exec(value)?.[1] ?? value, false, at));
        else channels.set(name.trim(), known(value, at));
      }
    }
  }
  const legacyFileMode = steps.some((step) => step.kind === 'directive' && step.name === 'filecreatemode');
  return { driver, fileMode, legacyFileMode, mainQueue: mainQueue.size > 0 ? mainQueue : legacyQueue, rulesets, templates, channels, hole };
}

export function text(fact: Fact<string> | undefined): string {
  return fact?.state === 'known' ? fact.value : '';
}

/** All actions in order, each with the legacy directives that were in force where it stands. */
export function actionsOf(steps: readonly Step[]): readonly Action[] {
  const actions: Action[] = [];
  const legacy = new Map<string, Fact<string>>();
  const stops = new Map<string, Origin>();
  let hole: Unknown | undefined;
  for (const step of steps) {
    if (step.kind === 'hole') {
      // What was set before it may be set anew in what was not read.
      hole ??= step.why;
      legacy.clear();
    } else if (step.kind === 'directive') {
      const name = LEGACY[step.name];
      if (name !== undefined) legacy.set(name, directiveFact(step));
      else if (step.name === 'resetconfigvariables') legacy.clear();
    } else if (step.kind === 'stop') {
      if (!stops.has(step.ruleset)) stops.set(step.ruleset, step.source.origin(step.start, step.end));
    } else if (step.kind === 'object' && step.name === 'action') {
      const settings = parametersOf(step);
      actions.push({
        type: text(settings.get('type')).toLowerCase(),
        settings,
        ruleset: step.ruleset,
        filter: step.filter,
        stopped: stops.get(step.ruleset),
        legacy: false,
        at: step.source.origin(step.start, step.end),
        hole: undefined,
      });
    } else if (step.kind === 'action') {
      const at = step.source.origin(step.start, step.end);
      const own = legacyAction(step.text, at);
      if (own !== undefined)
        actions.push({
          type: own.type,
          settings: new Map([...legacy, ...own.settings]),
          ruleset: step.ruleset,
          filter: step.filter,
          stopped: stops.get(step.ruleset),
          legacy: true,
          at,
          hole,
        });
      for (const name of CONSUMED) legacy.delete(name);
    }
  }
  return actions;
}

/** `@@(z9)host:port`, `-/path`, `?Template`, `:omrelp:host:port`, `:omfile:$channel`. */
function legacyAction(written: string, at: Origin): { readonly type: string; readonly settings: Settings } | undefined {
  const setting = (name: string, value: string): readonly [string, Fact<string>] => [name, factOf(value, false, at)];
  const forward = /^(@@?)(?:\([^)]*\))?(?:\[([^\]]+)\]|([^:]+))(?::(\w+))?$/.exec(written);
  if (forward !== null) {
    const [, signs, v6, host = '', port = '514'] = forward;
    return {
      type: 'omfwd',
      settings: new Map([setting('target', v6 ?? host), setting('port', port), setting('protocol', signs === '@@' ? 'tcp' : 'udp')]),
    };
  }
  if (written.startsWith('@'))
    return {
      type: 'omfwd',
      settings: new Map([
        ['target', unknown('unresolved', written.slice(0, 80), at)],
        setting('protocol', written.startsWith('@@') ? 'tcp' : 'udp'),
      ]),
    };
  const relp = /^:omrelp:(.+?)(?::(\w+))?$/.exec(written);
  if (relp !== null)
    return {
      type: 'omrelp',
      settings: new Map([setting('target', relp[1] ?? ''), setting('port', relp[2] ?? '514'), setting('tls', 'off')]),
    };
  const channel = /^(?::omfile:)?\$(\w+)$/.exec(written)?.[1];
  if (channel !== undefined) return { type: 'omfile', settings: new Map([setting('channel', channel)]) };
  const path = /^-?(\/.*)$/.exec(written)?.[1];
  if (path !== undefined) return { type: 'omfile', settings: new Map([setting('file', path)]) };
  const dynamic = /^-?\?(.+)$/.exec(written)?.[1];
  return dynamic === undefined ? undefined : { type: 'omfile', settings: new Map([setting('dynafile', dynamic)]) };
}

/** A parameter of an action, else its default in a known version. */
export function setting(action: Action, name: string, table: readonly DefaultSince<string>[], context: FormatContext): Fact<string> {
  return action.settings.get(name) ?? action.hole ?? defaultOf(name, 'rsyslog', context.version('rsyslog'), table, action.at);
}

/** A default since the beginning. */
export const always = (value: string): readonly DefaultSince<string>[] => [{ since: '0', value }];
