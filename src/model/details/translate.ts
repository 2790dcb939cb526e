import type { Localized } from '../localized.ts';
import { HINTS, type KnownDetail } from './detail.ts';
import { ACCESS_DETAILS } from './access.ts';
import { CONFIGURATION_DETAILS } from './configuration.ts';
import { HAPROXY_DETAILS } from './haproxy.ts';
import { HOST_RECORDS_DETAILS } from './host-records.ts';
import { HOST_SYSTEM_DETAILS } from './host-system.ts';
import { INSIDE_DETAILS } from './inside.ts';
import { MYSQL_DETAILS } from './mysql.ts';
import { NETWORK_DETAILS } from './network.ts';
import { OPERATIONS_DETAILS } from './operations.ts';
import { POSTGRES_DETAILS } from './postgres.ts';
import { REDIS_LDAP_DETAILS } from './redis-ldap.ts';
import { SSH_DETAILS } from './ssh.ts';
import { GENERAL_DETAILS, SECRET_NAMES } from './general.ts';
import { CONTROL_ERRORS } from './control-errors.ts';
import { RULES } from './rules.ts';

/** Every detail that is in our own words. A test holds it complete against the sources of the collectors. */
export const KNOWN_DETAILS: readonly KnownDetail[] = [
  ...ACCESS_DETAILS,
  ...CONFIGURATION_DETAILS,
  ...GENERAL_DETAILS,
  ...HAPROXY_DETAILS,
  ...HOST_RECORDS_DETAILS,
  ...HOST_SYSTEM_DETAILS,
  ...INSIDE_DETAILS,
  ...MYSQL_DETAILS,
  ...NETWORK_DETAILS,
  ...OPERATIONS_DETAILS,
  ...POSTGRES_DETAILS,
  ...REDIS_LDAP_DETAILS,
  ...SSH_DETAILS,
];

interface Pattern {
  readonly parts: readonly string[];
  readonly known: KnownDetail;
}

interface Table {
  readonly exact: ReadonlyMap<string, KnownDetail>;
  /** Those that say most of themselves first: `{}: default of …` before `{}: {}`. */
  readonly patterns: readonly Pattern[];
}

function tableOf(rows: readonly KnownDetail[]): Table {
  return {
    exact: new Map(rows.filter(([en]) => !en.includes('{}')).map((known) => [known[0], known])),
    patterns: rows
      .filter(([en]) => en.includes('{}'))
      .map((known) => ({ known, parts: known[0].split('{}') }))
      .toSorted((a, b) => b.parts.join('').length - a.parts.join('').length),
  };
}

const DETAILS = tableOf(KNOWN_DETAILS);
/** Apart from details: what a file or server said must not be taken for one of these. */
const OF_CONTROLS = tableOf(CONTROL_ERRORS);
const OF_RULES = tableOf(RULES);

const MAX_DETAIL = 400;
const MAX_REMEMBERED = 5000;
const MAX_NESTED = 3;
const remembered = new Map<string, { readonly zh: string; readonly next: Localized | undefined }>();

/** A detail in Chinese where it is in our words; what a file or server said stays as it is. */
export function inChinese(detail: string): string {
  return knowledgeOf(detail).zh;
}

/** Why a control could not be computed, in Chinese. */
export function controlErrorInChinese(error: string): string {
  return translate(error, 0, OF_CONTROLS).zh;
}

/** The rule that a fact was derived by, in Chinese where it is in our words. */
export function ruleInChinese(rule: string): string {
  return translate(rule, 0, OF_RULES).zh;
}

/** The next step of a detail, where it has one of its own. */
export function nextStepOf(detail: string): Localized | undefined {
  return knowledgeOf(detail).next;
}

/** The name of a secret in Chinese, where its shape gave it one; a key's own name stays as it is. */
export function secretInChinese(name: string): string {
  for (const [en, zh] of SECRET_NAMES) {
    const holes = en === name ? [] : en.includes('{}') ? holesIn(name, en.split('{}')) : undefined;
    if (holes !== undefined) return zh.replace('{}', holes[0] ?? '');
  }
  return name;
}

function knowledgeOf(detail: string): { readonly zh: string; readonly next: Localized | undefined } {
  const before = remembered.get(detail);
  if (before !== undefined) return before;
  const found = translate(detail, 0, DETAILS);
  if (remembered.size >= MAX_REMEMBERED) remembered.clear();
  remembered.set(detail, found);
  return found;
}

function translate(detail: string, nested: number, table: Table): { readonly zh: string; readonly next: Localized | undefined } {
  const exact = table.exact.get(detail);
  if (exact !== undefined) return { zh: exact[1], next: hintOf(exact) };
  if (detail.length > MAX_DETAIL || nested >= MAX_NESTED) return { zh: detail, next: undefined };
  for (const { parts, known } of table.patterns) {
    const holes = holesIn(detail, parts);
    if (holes === undefined) continue;
    // What fills a hole may be in our words too: `no TLS: no answer`.
    const inner = holes.map((hole) => translate(hole, nested + 1, table));
    let next = 0;
    const zh = known[1].replaceAll(/\{(\d?)\}/g, (_, number: string) => inner[number === '' ? next++ : Number(number)]?.zh ?? '');
    return { zh, next: hintOf(known) ?? inner.find((one) => one.next !== undefined)?.next };
  }
  return { zh: detail, next: undefined };
}

function hintOf([, , hint]: KnownDetail): Localized | undefined {
  return hint === undefined ? undefined : HINTS[hint];
}

/** What stands in the holes of a pattern: each literal part is looked for from left to right, so that no text takes long. */
function holesIn(text: string, parts: readonly string[]): readonly string[] | undefined {
  const [first = '', ...rest] = parts;
  if (!text.startsWith(first)) return undefined;
  const holes: string[] = [];
  let at = first.length;
  for (const [index, part] of rest.entries()) {
    const last = index === rest.length - 1;
    const found = last ? (text.endsWith(part) ? text.length - part.length : -1) : text.indexOf(part, at);
    if (found < at) return undefined;
    holes.push(text.slice(at, found));
    at = found + part.length;
  }
  return holes;
}
