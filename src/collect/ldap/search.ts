import { known, unknown, type Known, type Origin, type TargetId, type Unknown } from '../../model/fact.ts';
import { ldapResult } from '../../world/ldap-result.ts';
import type { LdapEntry, LdapSearch, LdapSession } from '../../world/ldap.ts';

/** More entries than this are not looked at, and the list says so. */
const MAX_ENTRIES = 100_000;

/** Entries that were found; open where the server may hold more than it showed. */
export type Entries = Known<readonly LdapEntry[]> | Unknown;

/** Searches a subtree. That nothing is there where something must be is a lack of rights: directories hide what may not be read. */
export async function entriesUnder(session: LdapSession, target: TargetId, search: Omit<LdapSearch, 'max' | 'scope'>): Promise<Entries> {
  const answer = await session.search({ ...search, scope: 'sub', max: MAX_ENTRIES });
  const at = searchOrigin(target, { ...search, scope: 'sub' });
  if ('state' in answer) return { ...answer, origin: at };
  const { entries, code, more, referred } = answer;
  const open = [
    ...(more && code === 0 ? [unknown('unsupported', `more than ${MAX_ENTRIES} entries`, at)] : []),
    ...(referred ? [unknown('not-collected', 'a part of the directory is on another server', at)] : []),
  ];
  if (code === 0) return known(entries, at, open);
  const why = refusedSearch(code, search.base, at);
  return entries.length === 0 ? why : known(entries, at, [why, ...open]);
}

/** One entry by its name; undefined where it is not there, or not for us. */
export async function entryAt(
  session: LdapSession,
  target: TargetId,
  base: string,
  attributes: readonly string[],
): Promise<Known<LdapEntry> | Unknown | undefined> {
  const search = { base, scope: 'base', filter: '(objectClass=*)', attributes } as const;
  const answer = await session.search({ ...search, max: 1 });
  const at = searchOrigin(target, search);
  if ('state' in answer) return { ...answer, origin: at };
  const [entry] = answer.entries;
  if (entry !== undefined) return known(entry, at);
  return answer.code === 0 || answer.code === 32 ? undefined : refusedSearch(answer.code, base, at);
}

/** `search ou=people,dc=example,dc=com sub (objectClass=*)`. */
export function searchOrigin(target: TargetId, { base, scope, filter }: Pick<LdapSearch, 'base' | 'scope' | 'filter'>): Origin {
  return { kind: 'wire', target, exchange: `search "${base.slice(0, 60)}" ${scope} ${filter.slice(0, 80)}` };
}

/** What a result code other than success says (RFC 4511 appendix A). */
export function refusedSearch(code: number, base: string, at: Origin): Unknown {
  const where = base === '' ? 'the root DSE' : base.slice(0, 80);
  if (code === 3 || code === 4 || code === 11) return unknown('access-denied', `the server hands out no more entries of ${where}`, at);
  if (code === 32 || code === 50 || code === 1 || code === 53 || code === 48)
    return unknown('access-denied', `${where} may not be read`, at);
  if (code === 8 || code === 13) return unknown('refused', 'the server answers over TLS only', at);
  return unknown('unsupported', ldapResult(code), at);
}

export function textOf(entry: LdapEntry, name: string): string | undefined {
  return entry.attributes.get(name.toLowerCase())?.[0];
}

export function textsOf(entry: LdapEntry, name: string): readonly string[] {
  return entry.attributes.get(name.toLowerCase()) ?? [];
}

/** Is it of an object class? */
export function isOf(entry: LdapEntry, ...classes: readonly string[]): boolean {
  const own = textsOf(entry, 'objectClass').map((name) => name.toLowerCase());
  return classes.some((name) => own.includes(name.toLowerCase()));
}

/** A name as it is compared: attribute types and most values know no case, and spaces around separators mean nothing. */
export function dnKey(dn: string): string {
  return dn
    .toLowerCase()
    .replaceAll(/\s*([,=+])\s*/g, '$1')
    .trim();
}

/** Is a name at or below another? */
export function isUnder(dn: string, base: string): boolean {
  const [name, suffix] = [dnKey(dn), dnKey(base)];
  return suffix === '' || name === suffix || name.endsWith(`,${suffix}`);
}
