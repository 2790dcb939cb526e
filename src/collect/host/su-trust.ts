import { unknown, type Origin, type Unknown } from '../../model/fact.ts';
import type { Account, Accounts } from './accounts.ts';
import { demandsProof } from './pam-proof.ts';
import { pamStack, type PamEntry, type PamModule } from './pam-stack.ts';
import type { HostContext } from './part.ts';
import { modulesOf } from './password-rules.ts';
import { anyMatch, type Match } from './sudo-names.ts';

/** A stack of su(1) that lets somebody become root who does not know root’s password. */
export interface SuTrust {
  readonly of: (account: Account) => Match;
  /** Whom it means, in the words of sudoers: `%wheel`, `ALL`. Empty where other modules decide. */
  readonly whom: readonly string[];
  /** The line that lets them in. */
  readonly origin: Origin;
  readonly file: string;
}

const PROGRAMS = ['/usr/bin/su', '/bin/su'];
/** `su -` asks by a stack of its own. */
const SERVICES = ['su', 'su-l'];

/** Follows PAM's stacks of su, account by account: pam_wheel(8) with `trust` lets members of a group in, pam_permit everybody. */
export async function readSuTrust(
  context: HostContext,
  accounts: Accounts,
): Promise<{ readonly trusts: readonly SuTrust[]; readonly gaps: readonly Unknown[] }> {
  const mayRun = await whoMayRun(context, accounts);
  const trusts: SuTrust[] = [];
  const gaps: Unknown[] = [];
  for (const service of mayRun === undefined ? [] : SERVICES) {
    const stack = await pamStack(context, service, 'auth');
    if (stack === 'not-there') continue;
    const trust = 'state' in stack ? stack : trustOf(stack, `/etc/pam.d/${service}`, accounts, mayRun ?? (() => 'no'));
    if (trust !== undefined && 'state' in trust) gaps.push(trust);
    else if (trust !== undefined && !trusts.some(({ whom }) => whom.join(',') === trust.whom.join(','))) {
      trusts.push(trust);
      if (trust.whom.length === 0) gaps.push(unknown('unresolved', 'su: whether PAM asks for a password', trust.origin));
    }
  }
  return { trusts, gaps };
}

function trustOf(
  stack: readonly PamEntry[],
  file: string,
  accounts: Accounts,
  mayRun: (account: Account) => Match,
): SuTrust | Unknown | undefined {
  const modules = modulesOf(stack);
  const trusting = modules.filter(({ module, args }) => module === 'pam_wheel' && args.includes('trust'));
  // Of somebody in no group, and of somebody in each.
  const outside = demandsProof(stack, (module) => (trusting.includes(module) ? [meansMembers(module) ? 'other' : 'success'] : undefined));
  const inside = demandsProof(stack, (module) => (trusting.includes(module) ? [meansMembers(module) ? 'success' : 'other'] : undefined));
  if (typeof outside !== 'string') return outside;
  if (typeof inside !== 'string') return inside;
  if (outside === 'yes' && inside === 'yes') return undefined;
  const of = (account: Account): Match => {
    const demands = demandsProof(stack, (module) => trusted(module, account, accounts));
    const lets = typeof demands !== 'string' || demands === 'maybe' ? 'maybe' : demands === 'no' ? 'yes' : 'no';
    const may = mayRun(account);
    return lets === 'no' || may === 'no' ? 'no' : lets === 'yes' && may === 'yes' ? 'yes' : 'maybe';
  };
  // Only where it is certain of both is it told whom that means.
  const groups = trusting.map((module) => `%${groupOf(module, accounts)}`);
  const whom =
    outside === 'no'
      ? ['ALL', ...(inside === 'yes' ? groups.map((one) => `!${one}`) : [])]
      : outside === 'yes' && inside === 'no'
        ? groups
        : [];
  const [first] = [...trusting, ...modules.filter(({ module }) => module === 'pam_permit'), ...modules];
  return first === undefined ? undefined : { of, whom, origin: first.origin, file };
}

/** Does a line of pam_wheel mean those in its group? With `deny` it means everybody else. */
function meansMembers({ args }: PamModule): boolean {
  return !args.includes('deny');
}

/** pam_wheel(8): `wheel`, or where there is none the group of number 0. */
function groupOf({ args }: PamModule, { groups, byGid }: Accounts): string {
  const named = args.find((arg) => arg.startsWith('group='))?.slice(6);
  return named ?? (groups.has('wheel') ? 'wheel' : (byGid.get(0)?.name ?? 'root'));
}

function trusted(module: PamModule, account: Account, accounts: Accounts): readonly string[] | undefined {
  if (module.module !== 'pam_wheel' || !module.args.includes('trust')) return undefined;
  const group = groupOf(module, accounts);
  const inside = accounts.groupsOf(account.name).some(({ name }) => name === group);
  if (!inside && accounts.moreGroups.length > 0) return ['success', 'other'];
  return inside === meansMembers(module) ? ['success'] : ['other'];
}

/** Whom the file of su lets run it as root: by its bits. Undefined where there is none that does. */
async function whoMayRun({ host }: HostContext, accounts: Accounts): Promise<((account: Account) => Match) | undefined> {
  const found: ((account: Account) => Match)[] = [];
  for (const path of PROGRAMS) {
    const entry = await host.stat(path, true);
    if (entry === 'not-there') continue;
    if ('state' in entry) found.push(() => 'maybe');
    else if ((entry.mode & 0o4000) !== 0 && entry.uid === 0)
      found.push((account) => {
        if ((entry.mode & 0o001) !== 0) return 'yes';
        const inside = accounts.groupsOf(account.name).some(({ gid }) => gid === entry.gid);
        return inside && (entry.mode & 0o010) !== 0 ? 'yes' : accounts.moreGroups.length > 0 ? 'maybe' : 'no';
      });
  }
  return found.length === 0 ? undefined : (account) => anyMatch(found.map((one) => one(account)));
}
