import { known, unknown, type Fact, type Origin, type TargetId, type Unknown } from '../../model/fact.ts';
import { ASKED_ABOUT, REDIS_SETTINGS, type RedisCommand, type RedisSetting } from '../../world/redis-command.ts';
import { isRefusal, type RedisReply, type RedisSession } from '../../world/redis.ts';

/** A user as the server describes it: `on`, `nopass`, `#` for a password, `~keys`, `+command`, and selectors in parentheses. */
export interface RedisUserRules {
  readonly name: string;
  readonly rules: readonly string[];
}

/** More users than these are not asked about, and the list says so: each costs the server some two milliseconds. */
const MAX_USERS = 2_000;

/** What a session was told, each answer with the exchange that gave it. */
export interface RedisReading {
  /** A line of INFO by its name. */
  readonly info: (name: string) => Fact<string>;
  /** All lines of INFO whose name begins so: `slave0`, `slave1`… */
  readonly infoLines: (prefix: string) => Fact<readonly string[]>;
  /** The value of a setting; absent where this version has none of that name. */
  readonly setting: (name: RedisSetting) => Fact<string>;
  /** Users with their rules; open where not all were asked about. */
  readonly users: Fact<readonly RedisUserRules[]>;
  readonly modules: Fact<readonly string[]>;
  /** Commands, of those asked about, that are there under their own name. */
  readonly present: Fact<ReadonlySet<string>>;
  /** The categories of a command that was named; absent where the server has none of that name. */
  readonly categories: (command: string) => Fact<readonly string[]>;
}

/** ACL permission that each command needs. `+module|list` and the like are of Redis 7; before, `+module` gives all of it. */
const PERMISSION: Readonly<Record<RedisCommand, string>> = {
  PING: '+ping',
  INFO: '+info',
  'ACL USERS': '+acl|users',
  'ACL GETUSER': '+acl|getuser',
  'MODULE LIST': '+module|list',
  'COMMAND INFO': '+command|info',
  'COMMAND INFO OF': '+command|info',
  'CONFIG GET': '+config|get',
};

/**
 * Asks everything, one command after the other; `commands` are asked about by their names. Where one is refused its facts are unknown, and the
 * rest is asked all the same.
 */
export async function readRedis(session: RedisSession, target: TargetId, commands: readonly string[] = []): Promise<RedisReading> {
  const wire = (exchange: string): Origin => ({ kind: 'wire', target, exchange });
  const asked: Asked = async (command, read, argument) => {
    const exchange = argument === undefined ? command : `${command} ${argument}`;
    const reply = await session.ask(command, argument);
    if (typeof reply === 'object' && reply !== null && 'state' in reply) return { ...reply, origin: wire(exchange) };
    if (isRefusal(reply)) return { ...whyRefused(reply.refused, command), origin: wire(exchange) };
    const value = read(reply);
    return value === undefined
      ? unknown('unparseable', `${exchange}: an answer of another shape`, wire(exchange))
      : known(value, wire(exchange));
  };
  const lines = await asked('INFO', (reply) => (typeof reply === 'string' ? infoLinesOf(reply) : undefined));
  const users = await usersOf(asked, wire);
  const present = await asked('COMMAND INFO', presentOf);
  const modules = await asked('MODULE LIST', modulesOf);
  const settings = new Map<RedisSetting, Fact<string>>();
  for (const name of REDIS_SETTINGS) {
    const answer = await asked('CONFIG GET', (reply) => textsOf(reply), name);
    settings.set(name, settingIn(answer, name));
  }
  const categories = new Map<string, Fact<readonly string[]>>();
  for (const name of new Set(commands)) {
    const answer = await asked('COMMAND INFO OF', (reply) => categoriesIn(reply, name), name);
    const [list] = answer.state === 'known' ? answer.value : [];
    categories.set(
      name,
      answer.state !== 'known' ? answer : list === undefined ? { state: 'absent', origin: answer.origin } : known(list, answer.origin),
    );
  }
  return {
    users,
    modules,
    present,
    categories: (name) => categories.get(name) ?? unknown('not-collected', `${name}: its categories were not asked for`),
    info: (name) => {
      if (lines.state !== 'known') return lines;
      const value = lines.value.get(name);
      return value === undefined
        ? unknown('unsupported', `INFO has no ${name}`, lines.origin)
        : known(value, wire(`INFO: ${name}:${value}`.slice(0, 120)));
    },
    infoLines: (prefix) =>
      lines.state === 'known'
        ? known(
            [...lines.value].flatMap(([name, value]) => (new RegExp(`^${prefix}\\d+$`).test(name) ? [value] : [])),
            wire(`INFO: ${prefix}…`),
          )
        : lines,
    setting: (name) => settings.get(name) ?? unknown('collector-failed', name),
  };
}

/** Why the server did not answer a command. */
export function whyRefused(text: string, command: RedisCommand): Unknown {
  const [code = ''] = text.split(' ');
  if (code === 'NOPERM') return unknown('access-denied', `the ACL permission ${PERMISSION[command]} is missing`);
  if (code === 'NOAUTH') return unknown('access-denied', 'the server demands a password');
  if (/^ERR unknown (?:sub)?command/i.test(text)) return unknown('unsupported', `no command ${command}: renamed, or not of this version`);
  return unknown(/^(?:LOADING|BUSY|MASTERDOWN)$/.test(code) ? 'unreachable' : 'unsupported', `${command}: ${code.slice(0, 40)}`);
}

function settingIn(answer: Fact<readonly string[]>, name: string): Fact<string> {
  if (answer.state !== 'known') return answer;
  const [first, value, ...more] = answer.value;
  if (first === undefined) return { state: 'absent', origin: answer.origin };
  if (first !== name || value === undefined || more.length > 0)
    return unknown('unparseable', `CONFIG GET ${name}: an answer of another shape`, answer.origin);
  const { origin } = answer;
  return known(value, origin.kind === 'wire' ? { ...origin, exchange: `${origin.exchange} → ${value}`.slice(0, 120) } : origin);
}

function infoLinesOf(text: string): ReadonlyMap<string, string> | undefined {
  const lines = text.split('\r\n').filter((line) => line !== '' && !line.startsWith('#'));
  const pairs = lines.flatMap((line) => {
    const [, name, value] = /^([\w.-]+):(.*)$/.exec(line) ?? [];
    return name === undefined || value === undefined ? [] : [[name, value] as const];
  });
  return pairs.length === 0 ? undefined : new Map(pairs);
}

function textsOf(reply: RedisReply): readonly string[] | undefined {
  if (!Array.isArray(reply)) return undefined;
  const texts = reply.filter((value) => typeof value === 'string');
  return texts.length === reply.length ? texts : undefined;
}

type Asked = <T>(command: RedisCommand, read: (reply: RedisReply) => T | undefined, argument?: string) => Promise<Fact<T>>;

/** Names first, then each user by itself: the default one before the others, since it is everybody's. */
async function usersOf(asked: Asked, wire: (exchange: string) => Origin): Promise<Fact<readonly RedisUserRules[]>> {
  const names = await asked('ACL USERS', textsOf);
  if (names.state !== 'known') return names;
  if (!names.value.includes('default')) return unknown('unparseable', 'ACL USERS: no default user', names.origin);
  const ordered = [...names.value].toSorted((a, b) => Number(b === 'default') - Number(a === 'default'));
  const users: RedisUserRules[] = [];
  const open: Unknown[] = ordered.length > MAX_USERS ? [unknown('unsupported', `more than ${MAX_USERS} users`, names.origin)] : [];
  for (const name of ordered.slice(0, MAX_USERS)) {
    const rules = await asked('ACL GETUSER', rulesOf, name);
    if (rules.state === 'known') users.push({ name, rules: rules.value });
    else {
      const why = rules.state === 'unknown' ? rules : unknown('unsupported', `${name}: not of this version`, names.origin);
      if (users.length === 0) return why;
      open.push(why);
      // What one question was refused for, the others are refused for too.
      break;
    }
  }
  return known(users, wire('ACL USERS, ACL GETUSER'), open);
}

/** `flags`, `passwords`, `commands`, `keys`, `selectors` by their names, as rules in one row. */
function rulesOf(reply: RedisReply): readonly string[] | undefined {
  if (!Array.isArray(reply)) return undefined;
  const [flags, passwords, scope, selectors] = [
    textsIn(reply, 'flags'),
    textsIn(reply, 'passwords'),
    scopeOf(reply),
    fieldIn(reply, 'selectors'),
  ];
  if (flags === undefined || passwords === undefined || scope === undefined) return undefined;
  const inner =
    selectors === undefined
      ? []
      : Array.isArray(selectors)
        ? selectors.map((one) => (Array.isArray(one) ? scopeOf(one) : undefined))
        : [undefined];
  if (inner.includes(undefined)) return undefined;
  const state = flags.includes('on') ? 'on' : 'off';
  return [
    state,
    ...(flags.includes('nopass') ? ['nopass'] : []),
    ...passwords.map(() => '#'),
    ...scope,
    ...inner.map((words) => `(${(words ?? []).join(' ')})`),
  ];
}

/** Key patterns and commands of the root permissions or of a selector: one text each since version 7, a list of patterns without `~` before. */
function scopeOf(fields: readonly RedisReply[]): readonly string[] | undefined {
  const [commands, keys] = [fieldIn(fields, 'commands'), fieldIn(fields, 'keys')];
  const patterns = typeof keys === 'string' ? keys.split(' ') : textsIn(fields, 'keys')?.map((pattern) => `~${pattern}`);
  return typeof commands === 'string' && patterns !== undefined
    ? [...patterns, ...commands.split(' ')].filter((word) => word !== '')
    : undefined;
}

function fieldIn(fields: readonly RedisReply[], name: string): RedisReply | undefined {
  const at = fields.findIndex((field, index) => index % 2 === 0 && field === name);
  return at === -1 ? undefined : fields[at + 1];
}

function textsIn(fields: readonly RedisReply[], name: string): readonly string[] | undefined {
  const value = fieldIn(fields, name);
  return value === undefined ? undefined : textsOf(value);
}

/** Each command that was asked about in its order; one that is not there has nil in its place. */
function presentOf(reply: RedisReply): ReadonlySet<string> | undefined {
  if (!Array.isArray(reply) || reply.length !== ASKED_ABOUT.length) return undefined;
  const names = new Set<string>();
  for (const [index, name] of ASKED_ABOUT.entries()) {
    const one: RedisReply | undefined = reply[index];
    if (one === null) continue;
    if (!Array.isArray(one) || one[0] !== name) return undefined;
    // SLAVEOF is REPLICAOF by its old name, and either does.
    names.add(name === 'slaveof' ? 'REPLICAOF' : name.toUpperCase());
  }
  return names;
}

/** One command, whose seventh field lists its categories since version 6; nil where there is none. */
function categoriesIn(reply: RedisReply, name: string): readonly [] | readonly [readonly string[]] | undefined {
  if (!Array.isArray(reply) || reply.length !== 1) return undefined;
  const one: RedisReply | undefined = reply[0];
  if (one === null) return [];
  if (!Array.isArray(one) || one[0] !== name) return undefined;
  const listed: RedisReply | undefined = one[6];
  const categories = listed === undefined ? undefined : textsOf(listed);
  return categories === undefined ? undefined : [categories.map((category) => category.toLowerCase())];
}

/** `name NAME ver N …` for each module. */
function modulesOf(reply: RedisReply): readonly string[] | undefined {
  if (!Array.isArray(reply)) return undefined;
  const names: string[] = [];
  for (const module of reply) {
    const name = Array.isArray(module) ? module[module.indexOf('name') + 1] : undefined;
    if (typeof name !== 'string') return undefined;
    names.push(name);
  }
  return names;
}
