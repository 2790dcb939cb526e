import { createHash } from 'node:crypto';
import { derived, known, unknown, type Fact, type Origin, type Unknown } from '../../model/fact.ts';
import type { Resource } from '../../model/resource.ts';
import { privilegeRule } from '../../resources/identity.ts';
import { withoutSecrets } from '../../text/secrets.ts';
import type { SudoItem } from '../../text/sudoers.ts';
import { Duties } from '../duties.ts';
import { unique } from '../files/unique.ts';
import { accountsOf, type Accounts } from './accounts.ts';
import { reachOf } from './command-reach.ts';
import { commandText, doasRunsAsRoot, grantsOf, labelOf, reachOfDoas, type Grants } from './grants.ts';
import type { HostContext, HostPart } from './part.ts';
import { ADMINISTRATORS } from './root-groups.ts';
import { anyMatch, coversRunAs, lastMatch, runsAsRoot, wordsOf, type Match } from './sudo-names.ts';
import type { SudoEntry, SudoRule } from './sudo-policy.ts';

const MAX_RESOURCES = 5000;
const MAX_LISTED = 200;

/** Rules by which accounts get the rights of others: sudoers, doas.conf, and whom polkit takes for administrators. */
export const privilegesPart: HostPart = {
  name: 'privileges',
  kinds: [privilegeRule.name],
  read: async (context) => {
    const accounts = await accountsOf(context);
    const grants = await grantsOf(context, accounts);
    const gaps: Unknown[] = [...grants.gaps];
    const resources: Resource[] = [];
    const administrators = administratorsOf(context, accounts);
    const modes = new Map<string, Fact<string>>();
    const modeOf = async (path: string): Promise<Fact<string>> => {
      const before = modes.get(path) ?? (await fileMode(context, path));
      modes.set(path, before);
      return before;
    };
    const make = (rule: Rule, mode: Fact<string>): void => {
      if (resources.length < MAX_RESOURCES) resources.push(context.resource(privilegeRule, rule.id, factsOf(rule, mode, administrators)));
      else if (resources.length === MAX_RESOURCES && !cut) {
        cut = true;
        gaps.push(unknown('unsupported', `privileges: more than ${MAX_RESOURCES} rules`, rule.origin));
      }
    };
    let cut = false;
    for (const [index, rule] of grants.sudo.rules.entries()) {
      if (cut) break;
      const mode = await modeOf(rule.source.file);
      for (const part of sudoRules(rule, grants, accounts, index)) make(part, mode);
    }
    for (const rule of grants.doas) {
      const { deny, users, runas, nopass, item, source, origin } = rule;
      if (deny) continue;
      const text = shownCommand(item);
      const label = runas === undefined ? '(ALL) ' : runas === 'root' ? '' : `(${runas}) `;
      make(
        {
          id: idOf('doas', users, `${label}${text}`),
          by: 'doas',
          users,
          asRoot: doasRunsAsRoot(rule, accounts),
          commands: [text],
          all: item.text === 'ALL',
          everything: grants.everything(reachOfDoas(rule)),
          password: nopass ? 'no' : 'yes',
          origin: origin(),
        },
        await modeOf(source.file),
      );
    }
    if (grants.polkit !== undefined) {
      const { users, source, origin } = grants.polkit;
      make(ruleForAll('polkit', users, 'yes', origin()), await modeOf(source.file));
    }
    for (const { whom, file, origin } of grants.su) if (whom.length > 0) make(ruleForAll('su', whom, 'no', origin), await modeOf(file));
    return { resources: unique(resources), gaps: gaps.map((why) => ({ why })) };
  },
};

interface Rule {
  readonly id: string;
  readonly by: 'sudo' | 'doas' | 'polkit' | 'su';
  readonly users: readonly SudoItem[];
  readonly asRoot: Match;
  readonly commands: readonly string[];
  readonly all: boolean;
  readonly everything: Match;
  readonly password: Match;
  readonly origin: Origin;
}

/** Everything as root: what polkit grants, and su where it asks for nothing. */
function ruleForAll(by: 'polkit' | 'su', whom: readonly string[], password: Match, origin: Origin): Rule {
  const users = whom.map((text): SudoItem => ({
    text: text.replace(/^!/, ''),
    negated: text.startsWith('!'),
    quoted: text !== 'ALL',
    start: 0,
    end: 0,
  }));
  return { id: idOf(by, users, 'ALL'), by, users, asRoot: 'yes', commands: ['ALL'], all: true, everything: 'yes', password, origin };
}

/** A rule of sudoers in its parts: commands with the same runas and the same demand of a password stand together. */
function sudoRules(rule: SudoRule, grants: Grants, accounts: Accounts, index: number): readonly Rule[] {
  const parts: { readonly key: string; readonly password: Match; readonly entries: SudoEntry[] }[] = [];
  for (const entry of rule.entries) {
    const { password } = grants.proof.ofRule(rule, entry);
    const key = `${labelOf(entry)} ${password}`;
    // What is taken away belongs to what stands before it.
    const last = parts.at(-1);
    if (last !== undefined && (last.key === key || entry.command.negated)) last.entries.push(entry);
    else parts.push({ key, password, entries: [entry] });
  }
  return parts.flatMap(({ entries, password }): readonly Rule[] => {
    const [first] = entries;
    if (first === undefined || isOverruled(rule, entries, grants.sudo.rules, index)) return [];
    const commands = entries.map(({ command }) => `${command.negated ? '!' : ''}${shownCommand(command)}`);
    const given = entries.filter(({ command }) => !command.negated);
    if (given.length === 0) return [];
    const all = given.some(({ command }) => command.text === 'ALL') && given.length === entries.length;
    const everything = anyMatch(given.map((entry) => grants.everything(reachOf(entry.command, entry))));
    const label = labelOf(first) === '' ? '' : `${labelOf(first)} `;
    const hosts = wordsOf(rule.hosts);
    const tag = password === 'no' ? 'NOPASSWD: ' : '';
    return [
      {
        id: idOf('sudo', rule.users, `${hosts === 'ALL' ? '' : `${hosts} `}${label}${tag}${commands.join(', ')}`),
        by: 'sudo',
        users: rule.users,
        asRoot: runsAsRoot(first.runas, accounts, grants.sudo.spelling),
        commands,
        all,
        everything,
        password,
        origin: rule.origin(),
      },
    ];
  });
}

/** How many rules below are held against one. */
const MAX_BELOW = 200;

/**
 * The last rule that matches counts: a rule is without effect where one below it says, for the same accounts on every host, what holds
 * for every command, or for all of these.
 */
function isOverruled(rule: SudoRule, entries: readonly SudoEntry[], rules: readonly SudoRule[], index: number): boolean {
  const wanted = entries.map(({ command }) => commandText(command));
  return rules.slice(index + 1, index + 1 + MAX_BELOW).some((below) => {
    if (below.here !== 'yes' || !covers(below.users, rule.users)) return false;
    const same = below.entries.filter((entry) => entries.every((one) => coversRunAs(entry.runas, one.runas)));
    const last = same.at(-1);
    if (last?.command.text === 'ALL') return true;
    const said = new Set(same.map(({ command }) => commandText(command)));
    return wanted.every((text) => said.has(text));
  });
}

/** Does a list of users take in all of another, as far as their words tell? */
function covers(wide: readonly SudoItem[], narrow: readonly SudoItem[]): boolean {
  if (wide.some(({ negated }) => negated)) return false;
  const names = new Set(wide.map(({ text }) => text));
  return names.has('ALL') || narrow.every(({ text, negated }) => negated || names.has(text));
}

function factsOf(rule: Rule, mode: Fact<string>, administrators: (users: readonly SudoItem[], origin: Origin) => Fact<boolean>) {
  const { by, users, asRoot, commands, all, everything, password, origin } = rule;
  const open = (list: readonly unknown[], what: string): readonly Unknown[] =>
    list.length > MAX_LISTED ? [unknown('unsupported', `${what}: more than ${MAX_LISTED}`, origin)] : [];
  const names = users.slice(0, MAX_LISTED).map(({ text, negated }) => known(`${negated ? '!' : ''}${text}`, origin));
  const everybody = lastMatch(users, ({ text, quoted }) => (text === 'ALL' && !quoted ? 'yes' : 'no'));
  return {
    by: known(by, origin),
    users: known(names, origin, open(users, 'users')),
    all_users: known(everybody === 'yes', origin),
    as_root: decided(asRoot, 'as whom it runs', origin),
    commands: known(
      commands.slice(0, MAX_LISTED).map((text) => known(text, origin)),
      origin,
      open(commands, 'commands'),
    ),
    all_commands: known(all, origin),
    escapable: decided(everything, 'who may change the program', origin),
    password: decided(password, 'whether a password is demanded', origin),
    administrators: administrators(users, origin),
    file_mode: mode,
  };
}

function decided(match: Match, what: string, origin: Origin): Fact<boolean> {
  return match === 'maybe' ? unknown('unresolved', `sudoers: ${what}`, origin) : known(match === 'yes', origin);
}

/** The groups of administrators: those of distributions, and those to which custos.yaml maps the duty `administer`. */
function administratorsOf(context: HostContext, accounts: Accounts): (users: readonly SudoItem[], origin: Origin) => Fact<boolean> {
  const duties = Duties.of(context.target);
  const claims = duties instanceof Duties ? duties.claimsOf('administer') : [];
  const groups = new Set([...ADMINISTRATORS, ...claims.flatMap(({ kind, name }) => (kind === 'group' ? [name] : []))]);
  const people = new Set(['root', '#0', ...claims.flatMap(({ kind, name }) => (kind === 'role' ? [name] : []))]);
  return (users, origin) => {
    const place = derived('members of the group of administrators', origin);
    const named = users.filter(({ negated }) => !negated);
    for (const { text } of named) {
      if (people.has(text) || (text.startsWith('%') && groups.has(text.slice(1)))) continue;
      if (text === 'ALL') return known(false, place);
      if (text.startsWith('+') || text.startsWith('%')) {
        const group = text.startsWith('%') ? accounts.groups.get(text.slice(1)) : undefined;
        const inside = group?.members.every((name) => isAdministrator(name)) === true && group.members.length > 0;
        if (inside && accounts.moreGroups.length === 0) continue;
        return text.startsWith('+') || text.startsWith('%:')
          ? unknown('unresolved', `sudoers: who is in ${text}`, origin)
          : known(false, place);
      }
      if (!isAdministrator(text)) {
        const [why] = accounts.moreGroups;
        return why ?? known(false, place);
      }
    }
    return known(true, place);
  };

  function isAdministrator(name: string): boolean {
    return people.has(name) || accounts.groupsOf(name).some((group) => groups.has(group.name));
  }
}

async function fileMode({ host, target }: HostContext, path: string): Promise<Fact<string>> {
  const entry = await host.stat(path, true);
  if (entry === 'not-there') return unknown('unresolved', `${path} is not there`);
  if ('state' in entry) return entry;
  return known(entry.mode.toString(8).padStart(4, '0'), { kind: 'command', target: target.id, command: `stat ${path}` });
}

/** A command as a person may read it: who may run `curl -u name:word` is told without the word. */
function shownCommand(command: Parameters<typeof commandText>[0]): string {
  return withoutSecrets(commandText(command));
}

/** Whom, as whom and what: the rule as a person reads it. A long one is told apart by its digest. */
function idOf(by: string, users: readonly SudoItem[], rest: string): string {
  const text = `${by} ${wordsOf(users)} ${rest}`;
  return text.length <= 200 ? text : `${text.slice(0, 180)}… #${createHash('sha256').update(text).digest('hex').slice(0, 12)}`;
}
