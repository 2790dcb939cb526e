import { derived, known, unknown, type Fact, type Origin, type Unknown } from '../../model/fact.ts';
import type { Resource, Target } from '../../model/resource.ts';
import { accessRule } from '../../resources/identity.ts';
import type { KindFacts } from '../../resources/kind.ts';
import { lexLines, type LineSyntax, type Word } from '../../text/lines.ts';
import type { SourceText } from '../../text/source-text.ts';
import { isFilledIn } from '../../text/template.ts';
import { compareVersions } from './defaults.ts';
import { declared } from './format.ts';

/** pg_hba.conf: fields by white space, lists by commas, double quotes. https://www.postgresql.org/docs/current/auth-pg-hba-conf.html */
const SYNTAX: LineSyntax = { comment: ['#'], commentAnywhere: true, quotes: ['"'], escape: 'doubled', separators: [], continuation: false };
/** Since 14 a backslash joins the next line, and does so before comments are looked for. */
const SYNTAX_14: LineSyntax = { ...SYNTAX, continuation: true, commentContinues: true };

const TYPES = ['local', 'host', 'hostssl', 'hostnossl', 'hostgssenc', 'hostnogssenc'] as const;
type RuleType = (typeof TYPES)[number];

/** One rule as it was parsed. */
export interface HbaRule {
  readonly type: RuleType;
  readonly local: boolean;
  readonly method: string;
  readonly requiresCertificate: boolean;
  /** Connections that it is asked about: those for physical replication are named by a word of their own, which `all` does not include. */
  readonly asked: { readonly ordinary: boolean; readonly replication: boolean };
  /** Of those connections it decides for every one that its type admits, whatever the user, database and address. */
  readonly everybody: { readonly ordinary: boolean; readonly replication: boolean };
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

/** Does a text hold rules rather than settings? Its name may be any: `hba_file` gives it. */
export function looksLikeHba(text: string): boolean {
  return (
    /^[ \t]{0,40}(?:local|host(?:no)?(?:ssl|gssenc)?)[ \t]{1,200}\S{1,400}[ \t]{1,200}\S/m.test(text) &&
    !/^[ \t]{0,40}[a-z_.]{1,80}[ \t]{0,40}=/m.test(text)
  );
}

/** Reads the rules of a pg_hba.conf in their order. */
export function readHba(source: SourceText, target: Target, version: Fact<string>): HbaRules {
  const rules: HbaRule[] = [];
  const gaps: Unknown[] = [];
  const before14 = version.state === 'known' && compareVersions(version.value, '14') < 0;
  const lines = lexLines(source, before14 ? SYNTAX : SYNTAX_14);
  // Before any range is made: an excerpt shows the lines beside its own.
  for (const { words } of lines) {
    for (const word of words) {
      const secret = /^(?:ldapbindpasswd|radiussecrets)=/.exec(word.text)?.[0];
      const equals = secret === undefined ? -1 : source.text.indexOf('=', word.start);
      if (secret !== undefined) source.markSecret(equals + 1, word.end, secret.slice(0, -1));
    }
  }
  const joined = /\\\r?\n/.exec(source.text);
  if (joined !== null && version.state !== 'known')
    gaps.push(
      unknown(
        'unresolved',
        'pg_hba.conf: a backslash joins lines since PostgreSQL 14, and the version is not known',
        source.origin(joined.index, joined.index + 1),
      ),
    );
  for (const line of lines) {
    const [first, ...fields] = line.words;
    if (first === undefined) continue;
    const at = source.origin(line.start, line.end);
    if (line.hides !== undefined) {
      gaps.push(unknown('unresolved', `pg_hba.conf: ${line.hides} decides which rules there are`, at));
      continue;
    }
    if (/^include(?:_if_exists|_dir)?$/.test(first.text)) {
      gaps.push(unknown('unresolved', `pg_hba.conf ${first.text}: its rules are not read`, at));
      continue;
    }
    if (rules.length >= MAX_RULES) {
      gaps.push(unknown('unsupported', `pg_hba.conf: more than ${MAX_RULES} rules`, at));
      break;
    }
    if (isFilledIn(source.text.slice(line.start, line.end).slice(0, 4096))) {
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
  const names = databases.text.split(',');
  const everywhere = users.text === 'all' && !users.quoted && (type === 'local' || address?.text === 'all');
  const id = [source.file, type, databases.text, users.text, sourceText, name].join(' ').slice(0, MAX_ID);
  return {
    type,
    local,
    method: name,
    requiresCertificate: name === 'cert' || certificate !== undefined,
    asked: {
      ordinary: databases.quoted || databases.text !== 'replication',
      // Quoted, it is a database of that name; beside others in quotes, which of them is cannot be told.
      replication: names.includes('replication'),
    },
    everybody: {
      ordinary: everywhere && names.includes('all') && !databases.quoted,
      replication: everywhere && names.includes('replication') && !databases.quoted,
    },
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

/**
 * Rules that some connection can reach: PostgreSQL takes the first that fits, so a rule behind one for everybody never counts.
 * Connections for physical replication are asked of rules that name `replication` only: a rule for `all` decides none of them.
 */
export function reachable(rules: readonly HbaRule[]): readonly HbaRule[] {
  const open: HbaRule[] = [];
  const covered = { ordinary: new Set<RuleType>(), replication: new Set<RuleType>() };
  for (const rule of rules) {
    const { asked, everybody, type } = rule;
    if ((asked.ordinary && !covered.ordinary.has(type)) || (asked.replication && !covered.replication.has(type))) open.push(rule);
    for (const kind of ['ordinary', 'replication'] as const) {
      if (!everybody[kind]) continue;
      covered[kind].add(type);
      if (type === 'host') for (const other of TYPES) if (other !== 'local') covered[kind].add(other);
    }
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
