import { unknown, type Origin, type TargetId, type Unknown } from '../../model/fact.ts';
import { isEncrypted } from '../../world/database.ts';
import type { LdapSession } from '../../world/ldap.ts';
import { refusedSearch, searchOrigin, textsOf } from './search.ts';

/** What somebody who proves nothing is told. No password is ever sent to learn it. */
export interface Stranger {
  /** Where an entry of a naming context was shown. */
  readonly saw?: Origin;
  /** Every search was refused for want of a proof, or of TLS. */
  readonly refused?: Origin;
  /** Why nothing was learnt. */
  readonly failed?: Unknown;
  /** A connection in clear was told to come by TLS; undefined where it was not in clear. */
  readonly clear?: 'accepted' | 'refused';
  readonly asked: Origin;
}

/** Result codes: stronger authentication required, inappropriate authentication. */
const PROOF = new Set([8, 48]);
const CONFIDENTIALITY = 13;
/** So many naming contexts are asked about. */
const MAX_CONTEXTS = 20;

/** Binds as nobody, asks for the naming contexts, and for one entry of each. */
export async function askAsNobody(session: LdapSession, target: TargetId, contexts: readonly string[]): Promise<Stranger> {
  const wire = (exchange: string): Origin => ({ kind: 'wire', target, exchange });
  const asked = wire(`bind as nobody in clear → LDAP result ${session.inClear ?? session.bind}`);
  const root = await session.search({ base: '', scope: 'base', filter: '(objectClass=*)', attributes: ['namingContexts'], max: 1 });
  if ('state' in root) return { failed: { ...root, origin: asked }, asked };
  const clear = clearAnswer(session, root.code);
  const found = { asked, ...(clear === undefined ? {} : { clear }) };
  const bases = [...new Set([...contexts, ...root.entries.flatMap((entry) => textsOf(entry, 'namingContexts'))])];
  const codes: number[] = [];
  for (const base of bases.slice(0, MAX_CONTEXTS)) {
    const search = { base, scope: 'sub', filter: '(objectClass=*)' } as const;
    const answer = await session.search({ ...search, attributes: ['1.1'], max: 1 });
    if ('state' in answer) return { ...found, failed: { ...answer, origin: asked } };
    if (answer.entries.length > 0) return { ...found, saw: searchOrigin(target, search) };
    codes.push(answer.code);
  }
  // What lies in the others may be shown to everybody.
  if (bases.length > MAX_CONTEXTS) return { ...found, failed: unknown('unsupported', `more than ${MAX_CONTEXTS} contexts`, asked) };
  if (codes.length > 0 && codes.every((code) => PROOF.has(code)))
    return { ...found, refused: wire(`search as nobody → LDAP result ${codes[0] ?? 0}`) };
  return root.code === CONFIDENTIALITY ? { ...found, failed: refusedSearch(CONFIDENTIALITY, '', asked) } : found;
}

function clearAnswer({ transport, address, bind, inClear }: LdapSession, root: number): 'accepted' | 'refused' | undefined {
  if (inClear !== undefined) return 'refused';
  if (address.scheme !== 'ldap' || isEncrypted(transport)) return undefined;
  return bind === CONFIDENTIALITY && root === CONFIDENTIALITY ? 'refused' : 'accepted';
}
