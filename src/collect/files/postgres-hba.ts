import { derived, known, unknown, type Fact, type Origin, type Unknown } from '../../model/fact.ts';
import type { Resource, Target } from '../../model/resource.ts';
import { accessRule } from '../../resources/identity.ts';
import type { KindFacts } from '../../resources/kind.ts';
import { lexLines, type LineSyntax, type Word } from '../../text/lines.ts';
import type { SourceText } from '../../text/source-text.ts';
import { declared } from './format.ts';

/** pg_hba.conf: fields by white space, lists by commas, double quotes. https://www.postgresql.org/docs/current/auth-pg-hba-conf.html */
const SYNTAX: LineSyntax = { comment: ['#'], commentAnywhere: true, quotes: ['"'], escape: 'doubled', separators: [], continuation: true };

const TYPES = ['local', 'host', 'hostssl', 'hostnossl', 'hostgssenc', 'hostnogssenc'] as const;
type RuleType = (typeof TYPES)[number];

/** One rule as it was parsed. */
export interface HbaRule {
  readonly type: RuleType;
  readonly local: boolean;
  readonly method: string;
  readonly requiresCertificate: boolean;
  readonly replication: boolean;
  /** It decides for every user, database (replication aside) and address of its type. */
  readonly everybody: boolean;
  readonly origin: Origin;
  readonly resource: Resource;
}

/** The rules of a pg_hba.conf, and what of it is not here or not a rule. */
export interface HbaRules {
  readonly source: SourceText;
  readonly rules: readonly HbaRule[];
  readonly gaps: readonly Unknown[];
}

/** More rules than these are no configuration; each costs a resource. */
const MAX_RULES = 5000;
const MAX_ID = 300;

const METHODS = [
  'trust',
  'reject',
  'scram-sha-256',
  'md5',
  'password',
  'gss',
  'sspi',
  'ident',
  'peer',
  'ldap',
  'radius',
  'cert',
  'pam',
  'bsd',
  'oauth',
];
/** Methods that send the password itself to the server. */
const CLEAR = new Set(['password', 'ldap', 'radius', 'pam', 'bsd']);

/** Reads the rules of a pg_hba.conf in their order. */
export function readHba(source: SourceText, target: Target): HbaRules {
  const rules: HbaRule[] = [];
  const gaps: Unknown[] = [];
  for (const line of lexLines(source, SYNTAX)) {
    const [first, ...fields] = line.words;
    if (first === undefined) continue;
    const at = source.origin(line.start, line.end);
    if (/^include(?:_if_exists|_dir)?$/.test(first.text)) {
      gaps.push(unknown('unresolved', `pg_hba.conf ${first.text}: its rules are not read`, at));
      continue;
    }
    if (rules.length >= MAX_RULES) {
      gaps.push(unknown('unsupported', `pg_hba.conf: more than ${MAX_RULES} rules`, at));
      break;
    }
    if (/\$\{|\{\{|\{%|<%/.test(source.text.slice(line.start, line.end).slice(0, 4096))) {
      gaps.push(unknown('unresolved', 'pg_hba.conf: a rule that is filled in elsewhere', at));
      continue;
    }
    const type = TYPES.find((one) => one === first.text);
    const rule = type === undefined || line.broken ? undefined : ruleOf(type, joinLists(fields), source, target);
    if (rule === undefined) gaps.push(unknown('unparseable', `pg_hba.conf: "${first.text}" begins no rule`, at));
    else rules.push(rule);
  }
  return { source, rules, gaps };
}

function ruleOf(type: RuleType, fields: readonly Word[], source: SourceText, target: Target): HbaRule | undefined {
  const [databases, users, ...rest] = fields;
  if (databases === undefined || users === undefined) return undefined;
  const second = rest[1];
  const masked = type !== 'local' && second !== undefined && /^(?:\d+\.){3}\d+$|^[0-9a-f:]*:[0-9a-f:]*$/i.test(second.text);
  const address = type === 'local' ? undefined : rest[0];
  const [method, ...options] = type === 'local' ? rest : rest.slice(masked ? 2 : 1);
  if (method === undefined || !METHODS.includes(method.text) || (type !== 'local' && address === undefined)) return undefined;
  const mask = masked ? second : undefined;
  const sourceText = address === undefined ? 'local' : mask === undefined ? address.text : `${address.text} ${mask.text}`;
  const any = address !== undefined && isAny(address.text, mask?.text);
  const local = address === undefined || isLoopback(address.text, mask?.text);
  const at = (word: Word): Origin => source.origin(word.start, word.end);
  const tls = type === 'hostssl';
  const name = method.text;
  const certificate = options.find(({ text }) => /^clientcert=(?:verify-full|verify-ca|1)$/.test(text));
  const facts: KindFacts<typeof accessRule> = {
    effect: known(name === 'reject' ? 'deny' : 'allow', at(method)),
    transport: source.fact(
      type === 'local' ? 'local' : tls ? 'tls' : type === 'hostnossl' ? 'clear' : type === 'hostgssenc' ? 'gss' : 'any',
      source.text.lastIndexOf(type, databases.start),
      source.text.lastIndexOf(type, databases.start) + type.length,
    ),
    local: known(local, at(address ?? databases)),
    source: known(sourceText, at(address ?? databases)),
    any_source: known(any, at(address ?? databases)),
    users: listOf(source, users),
    all_users: allOf(source, users),
    objects: listOf(source, databases),
    all_objects: allOf(source, databases),
    method: known(name, at(method)),
    authenticates: known(name !== 'trust', at(method)),
    protects_password: known(
      !(CLEAR.has(name) && !tls && !local) && name !== 'md5',
      derived(tls ? `${name} inside TLS` : name, at(method)),
    ),
  };
  for (const option of options) {
    const secret = /^(?:ldapbindpasswd|radiussecrets)=/.exec(option.text);
    if (secret !== null) source.markSecret(option.start + secret[0].length, option.end, secret[0].slice(0, -1));
  }
  const id = [source.file, type, databases.text, users.text, sourceText, name].join(' ').slice(0, MAX_ID);
  return {
    type,
    local,
    method: name,
    requiresCertificate: name === 'cert' || certificate !== undefined,
    replication: databases.text.split(',').includes('replication'),
    everybody:
      databases.text === 'all' &&
      users.text === 'all' &&
      !databases.quoted &&
      !users.quoted &&
      (type === 'local' || address?.text === 'all'),
    origin: at(method),
    resource: declared(accessRule, id, target, facts),
  };
}

/** Every address: `all`, or a prefix of no bits, whatever stands before it. */
function isAny(address: string, mask: string | undefined): boolean {
  return address === 'all' || /\/0+$/.test(address) || mask === '0.0.0.0' || (mask !== undefined && /^[0:]+$/.test(mask));
}

/** This machine alone: a loopback address with a prefix that keeps it there. */
function isLoopback(address: string, mask: string | undefined): boolean {
  if (address === 'localhost' || address === 'samehost') return true;
  const [, bits] = /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}(?:\/(\d+))?$/.exec(address) ?? [undefined, 'none'];
  if (bits !== 'none') return mask === undefined ? bits === undefined || Number(bits) >= 8 : mask.startsWith('255.');
  return /^::1(?:\/128)?$/.test(address) && (mask === undefined || /^(?:ffff:){7}ffff$/i.test(mask));
}

/** A list goes on after a comma and a space: `db1, db2` is one field. */
function joinLists(fields: readonly Word[]): readonly Word[] {
  const joined: Word[] = [];
  for (const word of fields) {
    const last = joined.at(-1);
    if (last !== undefined && last.text.endsWith(',') && joined.length <= 2)
      joined[joined.length - 1] = { text: last.text + word.text, start: last.start, end: word.end, quoted: last.quoted || word.quoted };
    else joined.push(word);
  }
  return joined;
}

/** Rules that some connection can reach: PostgreSQL takes the first that fits, so a rule behind one for everybody never counts. */
export function reachable(rules: readonly HbaRule[]): readonly HbaRule[] {
  const open: HbaRule[] = [];
  const covered = new Set<RuleType>();
  for (const rule of rules) {
    if (!covered.has(rule.type)) open.push(rule);
    if (!rule.everybody) continue;
    covered.add(rule.type);
    if (rule.type === 'host') for (const type of TYPES) if (type !== 'local') covered.add(type);
  }
  return open;
}

/** Names of a list, each at its place; `@file` names a list that is not read here. */
function listOf(source: SourceText, word: Word): KindFacts<typeof accessRule>['users'] {
  const open: Unknown[] = [];
  const names: Fact<string>[] = [];
  let at = word.start + (word.quoted ? 1 : 0);
  for (const name of word.text.split(',').slice(0, MAX_NAMES)) {
    const origin = source.origin(at, at + name.length);
    if (name.startsWith('@')) open.push(unknown('unresolved', `list ${name}`, origin));
    else names.push(known(name, origin));
    at += name.length + 1;
  }
  if (word.text.split(',').length > MAX_NAMES)
    open.push(unknown('unsupported', `more than ${MAX_NAMES} names`, source.origin(word.start, word.start + 1)));
  return known(names, source.origin(word.start, word.end), open);
}

const MAX_NAMES = 500;

/** `all`, or a pattern that stands for anything. A name in quotes is a name. */
function allOf(source: SourceText, word: Word): Fact<boolean> {
  const names = word.text.split(',');
  const origin = source.origin(word.start, word.end);
  if (word.quoted && names.includes('all'))
    return unknown('unsupported', 'all in quotes is a name, beside others it cannot be told', origin);
  if (!word.quoted && names.some((name) => name === 'all' || name === '/.*' || name === '/^.*$')) return known(true, origin);
  if (names.some((name) => name.startsWith('@') || name.startsWith('/')))
    return unknown('unresolved', `${word.text}: a file or pattern`, origin);
  return known(false, origin);
}
