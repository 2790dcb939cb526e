import { unknown, type Fact, type Unknown } from '../../model/fact.ts';
import type { Target } from '../../model/resource.ts';
import { accessRule } from '../../resources/identity.ts';
import { lexLines, type LineSyntax, type Word } from '../../text/lines.ts';
import type { SourceText } from '../../text/source-text.ts';
import { isFilledIn } from '../../text/template.ts';
import { boundedId } from '../bounded-id.ts';
import { compareVersions } from './defaults.ts';
import { declared } from './format.ts';
import { HBA_TYPES, hbaRule, type HbaField, type HbaNames, type HbaRule, type HbaRules, type HbaType } from './postgres-hba-rule.ts';

/** pg_hba.conf: fields by white space, lists by commas, double quotes. https://www.postgresql.org/docs/current/auth-pg-hba-conf.html */
const SYNTAX: LineSyntax = { comment: ['#'], commentAnywhere: true, quotes: ['"'], escape: 'doubled', separators: [], continuation: false };
/** Since 14 a backslash joins the next line, and does so before comments are looked for. */
const SYNTAX_14: LineSyntax = { ...SYNTAX, continuation: true, commentContinues: true };

/** The rules of one file. */
export interface HbaFile extends HbaRules {
  readonly file: string;
}

/** More rules than these are no configuration; each costs a resource. */
const MAX_RULES = 5000;

/** Does a text hold rules rather than settings? Its name may be any: `hba_file` gives it. */
export function looksLikeHba(text: string): boolean {
  return (
    /^[ \t]{0,40}(?:local|host(?:no)?(?:ssl|gssenc)?)[ \t]{1,200}\S{1,400}[ \t]{1,200}\S/m.test(text) &&
    !/^[ \t]{0,40}[a-z_.]{1,80}[ \t]{0,40}=/m.test(text)
  );
}

/** Reads the rules of a pg_hba.conf in their order. */
export function readHba(source: SourceText, target: Target, version: Fact<string>): HbaFile {
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
    const type = HBA_TYPES.find((one) => one === first.text);
    const rule = type === undefined || line.broken ? undefined : ruleOf(type, joinLists(fields), source, target);
    if (rule === undefined) gaps.push(unknown('unparseable', `pg_hba.conf: "${first.text}" begins no rule`, at));
    else rules.push(rule);
  }
  return { file: source.file, at: source.origin(0, 0), rules, gaps };
}

function ruleOf(type: HbaType, fields: readonly Word[], source: SourceText, target: Target): HbaRule | undefined {
  const [databases, users, ...rest] = fields;
  if (databases === undefined || users === undefined) return undefined;
  const second = rest[1];
  const masked = type !== 'local' && second !== undefined && /^(?:\d+\.){3}\d+$|^[0-9a-f:]*:[0-9a-f:]*$/i.test(second.text);
  const [method, ...options] = type === 'local' ? rest : rest.slice(masked ? 2 : 1);
  if (method === undefined) return undefined;
  const field = ({ text, start, end }: Word): HbaField => ({ text, origin: source.origin(start, end) });
  const [address] = type === 'local' ? [] : rest;
  const typeAt = source.text.lastIndexOf(type, databases.start);
  return hbaRule(
    {
      type: { text: type, origin: source.origin(typeAt, typeAt + type.length) },
      databases: namesOf(source, databases),
      users: namesOf(source, users),
      address: address === undefined ? undefined : field(address),
      mask: masked ? second.text : undefined,
      method: field(method),
      options: options.map(({ text }) => text),
    },
    (id, facts) => declared(accessRule, boundedId(`${source.file} ${id}`), target, facts),
  );
}

/** Names of a list, each at its place. */
function namesOf(source: SourceText, word: Word): HbaNames {
  let at = word.start + (word.quoted ? 1 : 0);
  const names = word.text.split(',').map((text) => {
    const name = { text, origin: source.origin(at, at + text.length) };
    at += text.length + 1;
    return name;
  });
  return { names, origin: source.origin(word.start, word.end), quoted: word.quoted };
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
