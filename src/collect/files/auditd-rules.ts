import { absent, derived, known, unknown, type Fact, type Known, type Origin, type Unknown } from '../../model/fact.ts';
import type { KindFacts } from '../../resources/kind.ts';
import type { logSource } from '../../resources/logging.ts';
import { lexLines, type Line, type LineSyntax } from '../../text/lines.ts';
import type { SourceText } from '../../text/source-text.ts';
import { isFilledIn } from '../../text/template.ts';

type Events = KindFacts<typeof logSource>['events'];
export type AuditEvent = Extract<Extract<Events, { state: 'known' }>['value'][number], { state: 'known' }>['value'];

/** auditctl(8) reads rules from a file word by word: no quotes, comments on lines of their own. */
const SYNTAX: LineSyntax = { comment: ['#'], commentAnywhere: false, quotes: [], escape: 'none', separators: [], continuation: false };

/** A rule that records, as far as it bears on what is recorded. */
interface Rule {
  /** A watched path; `tree` when everything below it counts too. */
  readonly path?: { readonly name: string; readonly tree: boolean };
  readonly permissions: string;
  /** Empty with a path: whatever the permissions need. */
  readonly syscalls: readonly string[];
  readonly fields: readonly string[];
  readonly key: string;
  readonly at: Origin;
  /** Something keeps it from recording all that it seems to. */
  readonly doubt?: Unknown;
}

/** What a set of audit rules comes to once it is loaded. */
export interface LoadedRules {
  readonly events: ReadonlyMap<AuditEvent, Origin>;
  /** Groups that are recorded in part, or perhaps. */
  readonly doubtful: readonly Unknown[];
  /** `-e 2`: only a reboot can change the rules. */
  readonly immutable: Fact<boolean>;
  /** `-e 0` switches the kernel's auditing off; absent where no `-e` stands. */
  readonly enabled: Fact<boolean>;
  readonly at: Origin;
}

/**
 * Loads rules as the kernel would. `generated` is what augenrules(8) makes of rules.d: `-D` first and `-e` last, wherever they
 * stand; else a file is obeyed line by line, and nothing after `-e 2` is accepted.
 */
export function loadRules(sources: readonly SourceText[], unread: readonly Unknown[], generated: boolean, whole: Origin): LoadedRules {
  const loader = new Loader(generated);
  for (const source of sources) for (const line of lexLines(source, SYNTAX)) loader.line(line, source);
  return loader.result(unread, whole);
}

class Loader {
  readonly #generated: boolean;
  #rules: Rule[] = [];
  readonly #holes: Unknown[] = [];
  #flag: { readonly value: string; readonly at: Origin } | undefined;
  #locked = false;
  /** Suppressions: what matches one first is not recorded. */
  #never: { readonly rule: Rule; readonly first: boolean; readonly before: number }[] = [];
  #nothing: Origin | undefined;
  /** Something that may take from every rule, before and after it. */
  #doubt: Unknown | undefined;

  constructor(generated: boolean) {
    this.#generated = generated;
  }

  line(line: Line, source: SourceText): void {
    if (this.#locked && !this.#generated) return;
    const at = source.origin(line.start, line.end);
    const words = line.words.map(({ text }) => text);
    const [option = '', value = ''] = words;
    const written = source.text.slice(line.start, line.end);
    if (line.hides !== undefined || /[{$<]/.test(written) || isFilledIn(written))
      this.#holes.push(unknown('unresolved', 'a template in the audit rules', at));
    else if (option === '-e') this.#switch(value, line, source);
    else if (option === '-D') this.#clear(words);
    else if (option === '-w' || option === '-a' || option === '-A') this.#add(option, words, at);
    else if (option === '-d' || option === '-W') this.#doubt ??= unknown('unsupported', `${option}: a rule is taken away`, at);
    else if (!/^(?:-[bfrciqt]|--[a-z_-]+)$/.test(option)) this.#holes.push(unknown('unparseable', `audit rule ${option.slice(0, 40)}`, at));
  }

  #switch(value: string, line: Line, source: SourceText): void {
    const word = line.words[1];
    const at = word === undefined ? source.origin(line.start, line.end) : source.origin(word.start, word.end);
    if (!/^[012]$/.test(value)) this.#holes.push(unknown('unparseable', `-e ${value.slice(0, 40)}`, at));
    else {
      this.#flag = { value, at };
      this.#locked = value === '2';
    }
  }

  #clear(words: readonly string[]): void {
    const key = words[1] === '-k' ? words[2] : undefined;
    if (this.#generated && key === undefined) return; // augenrules puts it before everything
    this.#rules = key === undefined ? [] : this.#rules.filter((rule) => rule.key !== key);
    if (key === undefined) {
      this.#never = [];
      this.#nothing = undefined;
    }
  }

  #add(option: string, words: readonly string[], at: Origin): void {
    const rule = ruleOf(words, at);
    if (rule === undefined) this.#holes.push(unknown('unparseable', 'audit rule', at));
    else if (option === '-w') this.#rules.push(this.#shadowed(rule));
    else {
      const [list, action] = listAndAction(words[1] ?? '');
      if (list === undefined || action === undefined) this.#holes.push(unknown('unparseable', `audit rule ${option}`, at));
      else if (list === 'exclude') this.#exclude(rule);
      else if (list === 'user' || list === 'filesystem') return; // user messages; pseudo file systems
      else if (action === 'always') this.#rules.push(this.#shadowed(rule));
      else if (list === 'task') {
        // `-a task,never` without a condition: no process has an audit context, and no rule at exit ever fires.
        if (rule.fields.length === 0) this.#nothing = at;
        else this.#never.push({ rule, first: true, before: 0 });
      } else {
        this.#never.push({ rule, first: option === '-A', before: this.#rules.length });
      }
    }
  }

  /** Record types that are thrown away: those that carry the event itself matter. */
  #exclude(rule: Rule): void {
    const type = rule.fields.map((field) => /^msgtype=(.+)$/.exec(field)?.[1]).find((name) => name !== undefined);
    const harmless = type !== undefined && /^[A-Z0-9_]+$/.test(type) && !/^(?:SYSCALL|PATH|EXECVE|CONFIG_CHANGE|13\d\d|\d+)$/.test(type);
    if (!harmless) this.#doubt ??= unknown('unresolved', 'records are excluded', rule.at);
  }

  /** auditctl stops at the first rule that it does not accept: what stands behind one may not be loaded. */
  #shadowed(rule: Rule): Rule {
    const [hole] = this.#holes;
    return hole === undefined ? rule : { ...rule, doubt: hole };
  }

  result(unread: readonly Unknown[], whole: Origin): LoadedRules {
    const holes = [...this.#holes, ...unread];
    const doubt = this.#doubt;
    const left = this.#nothing === undefined ? this.#rules.flatMap((rule, index) => this.#afterNever(rule, index)) : [];
    const rules = doubt === undefined ? left : left.map((rule) => ({ ...rule, doubt }));
    const events = new Map<AuditEvent, Origin>();
    const doubtful: Unknown[] = [...holes];
    for (const [event, asked] of GROUPS) {
      const seen = asked(rules);
      if (isUnknown(seen)) doubtful.push(seen);
      else if (seen !== 'not-recorded') events.set(event, seen.origin);
    }
    const at = this.#nothing ?? whole;
    const hole = holes[0];
    const flag = this.#flag;
    return {
      events,
      doubtful,
      // What was not read or not accepted may hold another -e, or keep this one from being loaded.
      immutable: hole ?? (flag === undefined ? known(false, derived('no -e 2', at)) : known(flag.value === '2', flag.at)),
      enabled: hole ?? (flag === undefined ? absent(at) : known(flag.value !== '0', flag.at)),
      at,
    };
  }

  #afterNever(rule: Rule, index: number): readonly Rule[] {
    // The first match decides: a suppression before a rule takes from what it records.
    for (const { rule: never, first, before } of this.#never) {
      if (!first && index < before) continue;
      if (never.fields.length === 0 && never.path === undefined && never.syscalls.length === 0) return [];
      if (overlaps(never, rule)) return [{ ...rule, doubt: unknown('unresolved', 'a rule with never takes from it', never.at) }];
    }
    return [rule];
  }
}

function overlaps(never: Rule, rule: Rule): boolean {
  if (never.path !== undefined && rule.path !== undefined)
    return below(never.path.name, rule.path.name) || below(rule.path.name, never.path.name);
  if (never.syscalls.length > 0 && rule.syscalls.length > 0) return never.syscalls.some((name) => rule.syscalls.includes(name));
  return true;
}

function listAndAction(text: string): readonly [string | undefined, string | undefined] {
  const parts = text.split(',');
  return [
    parts.find((part) => /^(?:task|exit|user|exclude|filesystem)$/.test(part)),
    parts.find((part) => /^(?:always|never)$/.test(part)),
  ];
}

function ruleOf(words: readonly string[], at: Origin): Rule | undefined {
  const syscalls: string[] = [];
  const fields: string[] = [];
  let path: Rule['path'];
  let permissions = 'rwxa';
  let key = '';
  for (let index = 0; index < words.length; index += 2) {
    const [option = '', value] = [words[index], words[index + 1]];
    if (value === undefined) return undefined;
    if (option === '-w') path = { name: trimmed(value), tree: true };
    else if (option === '-p') permissions = value;
    else if (option === '-k') key = value;
    else if (option === '-S') syscalls.push(...value.split(','));
    else if (option === '-C') fields.push(value);
    else if (option === '-F') {
      const [, name = '', operator = '', text = ''] = /^([a-z0-9_]+)(!=|>=|<=|&=|=|>|<|&)(.*)$/.exec(value) ?? [];
      if (name === '') return undefined;
      if (name === 'path' && operator === '=') path = { name: trimmed(text), tree: false };
      else if (name === 'dir' && operator === '=') path = { name: trimmed(text), tree: true };
      else if (name === 'perm' && operator === '=') permissions = text;
      else if (name === 'key' && operator === '=') key = text;
      else fields.push(value);
    } else if (option !== '-a' && option !== '-A') return undefined;
  }
  return { ...(path === undefined ? {} : { path }), permissions, syscalls, fields, key, at };
}

function trimmed(path: string): string {
  return path.length > 1 ? path.replace(/\/+$/, '') : path;
}

function below(parent: string, path: string): boolean {
  return parent === path || path.startsWith(parent === '/' ? '/' : `${parent}/`);
}

/** Conditions that leave all of a person's acts in: the architecture, and login ids of people. */
const HARMLESS = /^(?:arch=(?:b64|x86_64|aarch64)|auid>=(?:500|1000)|auid!=(?:unset|-1|4294967295)|a0=(?:0x)?0)$/;
const AS_ROOT = /^(?:euid=(?:0|root)|uid!=euid|auid!=uid|auid!=euid|uid!=0)$/;

/** Is something recorded: known with the rule's place, unknown where in part. */
type Seen = Known<true> | Unknown | 'not-recorded';
type Asked = (rules: readonly Rule[]) => Seen;

function recorded(matches: (rule: Rule) => boolean, allowed: readonly RegExp[] = []): Asked {
  return (rules) => {
    let doubt: Unknown | undefined;
    for (const rule of rules) {
      if (!matches(rule) || rule.fields.includes('arch=b32')) continue;
      const narrow = rule.fields.find((field) => !HARMLESS.test(field) && !allowed.some((pattern) => pattern.test(field)));
      if (narrow === undefined && rule.doubt === undefined) return known(true, rule.at);
      doubt ??= rule.doubt ?? unknown('unresolved', `recorded where ${narrow ?? ''} only`, rule.at);
    }
    return doubt ?? 'not-recorded';
  };
}

function every(...asked: readonly Asked[]): Asked {
  return (rules) => {
    const seen = asked.map((ask) => ask(rules));
    return seen.find((one) => one === 'not-recorded') ?? seen.find(isUnknown) ?? seen[0] ?? 'not-recorded';
  };
}

function either(...asked: readonly Asked[]): Asked {
  return (rules) => {
    const seen = asked.map((ask) => ask(rules));
    return seen.find((one) => one !== 'not-recorded' && one.state === 'known') ?? seen.find(isUnknown) ?? 'not-recorded';
  };
}

function isUnknown(seen: Seen): seen is Unknown {
  return seen !== 'not-recorded' && seen.state === 'unknown';
}

const watched = (path: string, permission: string): Asked =>
  recorded(
    (rule) =>
      rule.path !== undefined &&
      rule.syscalls.length === 0 &&
      rule.permissions.includes(permission) &&
      (rule.path.tree ? below(rule.path.name, path) : rule.path.name === path),
  );
const called = (syscall: string, allowed: readonly RegExp[] = []): Asked =>
  recorded((rule) => rule.path === undefined && (rule.syscalls.includes(syscall) || rule.syscalls.includes('all')), allowed);
/** A command that acts as root for whom it is not: some condition on the effective user must say so, or none at all. */
const asRoot = called('execve', [AS_ROOT]);

/** Where no ledger lies, whatever the key of a rule says. */
const VOLATILE = /^\/(?:tmp|var\/tmp|dev|proc|sys|run|var\/run)(?:\/|$)/;

/** What each group takes: the files or calls without which it is not watched. */
const GROUPS: readonly (readonly [AuditEvent, Asked])[] = [
  [
    'identity-files',
    every(...['/etc/passwd', '/etc/shadow', '/etc/group', '/etc/gshadow', '/etc/sudoers'].map((path) => watched(path, 'w'))),
  ],
  [
    'privilege-use',
    either(
      asRoot,
      watched('/usr/bin/sudo', 'x'),
      every(called('setuid', [AS_ROOT]), called('setresuid', [AS_ROOT]), called('setreuid', [AS_ROOT])),
    ),
  ],
  ['time-change', every(called('adjtimex'), called('settimeofday'), called('clock_settime'))],
  // modprobe loads by finit_module: without that call its program must be watched.
  [
    'kernel-modules',
    every(
      called('init_module'),
      called('delete_module'),
      either(
        called('finit_module'),
        ...['/sbin/modprobe', '/usr/sbin/modprobe', '/bin/kmod', '/usr/bin/kmod'].map((path) => watched(path, 'x')),
      ),
    ),
  ],
  ['audit-configuration', watched('/etc/audit', 'w')],
  [
    'logins',
    every(
      watched('/var/log/lastlog', 'w'),
      either(
        ...['/var/log/faillog', '/var/log/tallylog', '/var/run/faillock', '/run/faillock', '/var/log/btmp'].map((path) =>
          watched(path, 'w'),
        ),
      ),
    ),
  ],
  [
    'ledger-paths',
    recorded(
      ({ path, permissions, syscalls, key }) =>
        path !== undefined &&
        syscalls.length === 0 &&
        permissions.includes('w') &&
        !VOLATILE.test(path.name) &&
        (/ledger|custody/i.test(key) || /(?:^|[/_.-])(?:ledger|custody)/i.test(path.name)),
    ),
  ],
];
