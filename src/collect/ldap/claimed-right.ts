import { atLeast, LEVELS, type Given, type Level } from './access-rule.ts';
import type { SlapdConfiguration } from './configuration.ts';
import { dnKey } from './search.ts';

/** A right as a duty of custos.yaml names it: `write on attrs=userPassword`, `self write on *`. */
export interface ClaimedRight {
  readonly self: boolean;
  readonly level: Level;
  readonly what: string;
}

/** Reads a right; undefined where slapd knows no such level. */
export function claimedRight(text: string): ClaimedRight | undefined {
  const [, self, word = '', what = ''] = /^(self\s+)?(\w+)\s+on\s+(\S.*)$/i.exec(text.trim()) ?? [];
  const level = LEVELS.find((one) => one === word.toLowerCase());
  return level === undefined ? undefined : { self: self !== undefined, level, what: whatKey(what) };
}

/** Whether a right is written as slapd would write it, its rules tell: what none of them is about may be misspelt. */
export function isNamed(text: string, configuration: SlapdConfiguration): boolean {
  const right = claimedRight(text);
  return (
    right !== undefined &&
    (right.what === '*' || configuration.databases.some((database) => database.rules.some(({ what }) => whatKey(what) === right.what)))
  );
}

/** Does what is given include a right? A level includes those before it, and everything includes each part. */
export function amountsTo({ level, self, rule }: Given, text: string): boolean {
  const right = claimedRight(text);
  return (
    right !== undefined && atLeast(level, right.level) && (!self || right.self) && (rule.everything || whatKey(rule.what) === right.what)
  );
}

/** Attribute types and names know no case, and quotes mean nothing. */
function whatKey(what: string): string {
  return dnKey(what.replaceAll('"', ''));
}
