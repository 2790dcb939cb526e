import type { Localized } from '../localized.ts';
import { CONFIGURATION_DETAILS } from './configuration.ts';
import { HINTS, type KnownDetail } from './detail.ts';
import { GENERAL_DETAILS, SECRET_NAMES } from './general.ts';
import { HOST_SYSTEM_DETAILS } from './host-system.ts';
import { INSIDE_DETAILS } from './inside.ts';
import { NETWORK_DETAILS } from './network.ts';
import { OPERATIONS_DETAILS } from './operations.ts';

/** Every detail that is in our own words. A test holds it complete against the sources of the collectors. */
export const KNOWN_DETAILS: readonly KnownDetail[] = [
  ...GENERAL_DETAILS,
  ...CONFIGURATION_DETAILS,
  ...OPERATIONS_DETAILS,
  ...NETWORK_DETAILS,
  ...INSIDE_DETAILS,
  ...HOST_SYSTEM_DETAILS,
];

interface Pattern {
  readonly parts: readonly string[];
  readonly known: KnownDetail;
}

const EXACT = new Map(KNOWN_DETAILS.filter(([en]) => !en.includes('{}')).map((known) => [known[0], known]));
/** Those that say most of themselves first: `{}: default of …` before `{}: {}`. */
const PATTERNS: readonly Pattern[] = KNOWN_DETAILS.filter(([en]) => en.includes('{}'))
  .map((known) => ({ known, parts: known[0].split('{}') }))
  .toSorted((a, b) => b.parts.join('').length - a.parts.join('').length);

const MAX_DETAIL = 400;
const MAX_REMEMBERED = 5000;
const MAX_NESTED = 3;
const remembered = new Map<string, { readonly zh: string; readonly next: Localized | undefined }>();

/** A detail in Chinese where it is in our words; what a file or server said stays as it is. */
export function inChinese(detail: string): string {
  return knowledgeOf(detail).zh;
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
  const found = translate(detail, 0);
  if (remembered.size >= MAX_REMEMBERED) remembered.clear();
  remembered.set(detail, found);
  return found;
}

function translate(detail: string, nested: number): { readonly zh: string; readonly next: Localized | undefined } {
  const exact = EXACT.get(detail);
  if (exact !== undefined) return { zh: exact[1], next: hintOf(exact) };
  if (detail.length > MAX_DETAIL || nested >= MAX_NESTED) return { zh: detail, next: undefined };
  for (const { parts, known } of PATTERNS) {
    const holes = holesIn(detail, parts);
    if (holes === undefined) continue;
    // What fills a hole may be in our words too: `no TLS: no answer`.
    const inner = holes.map((hole) => translate(hole, nested + 1));
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
