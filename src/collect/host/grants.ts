import { posix } from 'node:path';
import { derived, type Origin, type Unknown } from '../../model/fact.ts';
import type { SudoCommand, SudoItem } from '../../text/sudoers.ts';
import type { Account, Accounts } from './accounts.ts';
import { reachOf, type CommandReach } from './command-reach.ts';
import { readDoas, type DoasRule } from './doas.ts';
import type { HostContext } from './part.ts';
import { LatestGrants } from './latest-grants.ts';
import { changeableBeyond, walkPath, writersOf, type WalkedPath } from './path-access.ts';
import { readPolkit, type PolkitAdministrators } from './polkit.ts';
import { readSuTrust, type SuTrust } from './su-trust.ts';
import {
  anyMatch,
  EXACT,
  namesUser,
  numberOfId,
  runsAs,
  runsAsRoot,
  wordsOf,
  type Match,
  type RunAs,
  type Spelling,
} from './sudo-names.ts';
import { sudoDemandsProof } from './sudo-pam.ts';
import { sudoPolicyOf, type SudoEntry, type SudoPolicy } from './sudo-policy.ts';
import { SudoProof } from './sudo-proof.ts';
import { sudoRulesByUser } from './sudo-rules-by-user.ts';

/** Something that an account may run with the rights of another. */
export interface Grant {
  readonly by: 'sudo' | 'doas' | 'polkit' | 'su';
  /** `no` where it is only another account's rights. */
  readonly asRoot: Match;
  /** Accounts that it runs as or may run as; empty where root is among them. */
  readonly as: readonly { readonly account: Account; readonly certain: boolean }[];
  /** As whom, in brackets, where it is not root: `(postgres)`. */
  readonly label: string;
  readonly command: string;
  /** Every command, or one that amounts to it. */
  readonly everything: Match;
  readonly password: Match;
  /** The password that is asked for is another's: a rule gives no more than su does. */
  readonly another: Match;
  /** `maybe`: whether the rule means this account, or this host, is not known. */
  readonly certain: Match;
  readonly origin: Origin;
}

/** All rules by which accounts of a host get rights of others. */
export interface Grants {
  readonly sudo: SudoPolicy;
  readonly doas: readonly DoasRule[];
  readonly polkit: PolkitAdministrators | undefined;
  readonly su: readonly SuTrust[];
  /** What sudo demands before it runs an entry. */
  readonly proof: SudoProof;
  /** Why there may be more rules. */
  readonly gaps: readonly Unknown[];
  /** Whether what may be run amounts to every command: by itself, or since others than root may change its files. */
  readonly everything: (reach: CommandReach) => Match;
  /** What an account may run in the end, the last rule that matches deciding. */
  readonly of: (account: Account) => readonly Grant[];
}

const MAX_FILES = 500;

const read = new WeakMap<HostContext, Promise<Grants>>();

/** Reads sudo's, doas' and polkit's rules; once, however many parts ask. */
export function grantsOf(context: HostContext, accounts: Accounts): Promise<Grants> {
  const before = read.get(context) ?? readGrants(context, accounts);
  read.set(context, before);
  return before;
}

async function readGrants(context: HostContext, accounts: Accounts): Promise<Grants> {
  const sudo = await sudoPolicyOf(context);
  const { rules: doas, gaps: doasGaps } = await readDoas(context);
  const { administrators: polkit, gaps: polkitGaps } = await readPolkit(context);
  const { trusts: su, gaps: suGaps } = await readSuTrust(context, accounts);
  const proof = new SudoProof(sudo, accounts, await sudoDemandsProof(context, sudo.defaults));
  const commands = new Set<string>();
  for (const { entries } of sudo.rules)
    for (const entry of entries) for (const file of reachOf(entry.command, entry).files) commands.add(file);
  for (const rule of doas) for (const file of reachOfDoas(rule).files) commands.add(file);
  const files = new Map<string, Match>();
  for (const path of [...commands].slice(0, MAX_FILES)) {
    const walked = await nearest(context, path);
    if (walked === 'not-there') continue;
    if ('state' in walked) files.set(path, 'maybe');
    else {
      const changeable = changeableBeyond(writersOf(walked, accounts), new Set([0]), walked.origin);
      files.set(path, changeable.state === 'known' ? (changeable.value ? 'yes' : 'no') : 'maybe');
    }
  }
  const changeable = (file: string): Match => files.get(file) ?? (commands.size > MAX_FILES ? 'maybe' : 'no');
  const everythingOf = ({ everything, files: of }: CommandReach): Match => anyMatch([everything, ...of.map(changeable)]);
  const index = sudoRulesByUser(sudo.rules);
  // What is the same for every account is worked out once.
  const entries = new WeakMap<SudoEntry, Pick<Grant, 'asRoot' | 'everything'>>();
  const sameOf = (entry: SudoEntry): Pick<Grant, 'asRoot' | 'everything'> => {
    const same = entries.get(entry) ?? {
      asRoot: runsAsRoot(entry.runas, accounts, sudo.spelling),
      everything: everythingOf(reachOf(entry.command, entry)),
    };
    entries.set(entry, same);
    return same;
  };
  const targets = new Map<string, Grant['as']>();
  const asOf = (runas: RunAs): Grant['as'] => {
    const words = wordsOf(runas.users);
    const before = targets.get(words) ?? accountsOfRunAs(runas, accounts, sudo.spelling);
    targets.set(words, before);
    return before;
  };
  const sudoOf = (account: Account): readonly Grant[] => {
    const found = new LatestGrants();
    for (const rule of index(account, accounts)) {
      const certain = both(namesUser(rule.users, account, accounts, sudo.spelling), rule.here);
      if (certain === 'no') continue;
      for (const entry of rule.entries) {
        const { runas, command } = entry;
        const text = commandText(command);
        if (certain === 'yes') found.overrule(runas, text);
        if (command.negated) continue;
        const same = sameOf(entry);
        found.add(runas, {
          by: 'sudo',
          ...same,
          as: same.asRoot === 'yes' ? [] : asOf(runas),
          label: labelOf(entry),
          command: text,
          ...proof.ofAccount(account, entry),
          certain,
          origin: derived('the last rule of sudo that matches', rule.origin()),
        });
      }
    }
    return found.all;
  };
  return {
    sudo,
    doas,
    polkit,
    su,
    proof,
    gaps: [...sudo.gaps, ...doasGaps, ...polkitGaps, ...suGaps],
    everything: everythingOf,
    of: (account) => [...sudoOf(account), ...doasOf(account), ...polkitOf(account), ...suOf(account)],
  };

  function doasOf(account: Account): readonly Grant[] {
    const found = new LatestGrants();
    for (const rule of doas) {
      const { users, deny, item, runas, nopass } = rule;
      // doas compares numbers.
      const named = users.map(({ text }) => `#${accounts.byName.get(text)?.uid ?? ''}`).map(itemOf);
      const certain = namesUser([...users, ...named], account, accounts, EXACT);
      if (certain === 'no') continue;
      const as = { users: [itemOf(runas ?? 'ALL')], groups: [] };
      const text = commandText(item);
      if (certain === 'yes') found.overrule(as, text);
      if (deny) continue;
      const asRoot = doasRunsAsRoot(rule, accounts);
      found.add(as, {
        by: 'doas',
        asRoot,
        as: asRoot === 'yes' ? [] : accountsOfRunAs(as, accounts, EXACT),
        label: asRoot === 'yes' ? '' : `(${runas ?? 'ALL'})`,
        command: text,
        everything: everythingOf(reachOfDoas(rule)),
        password: nopass ? 'no' : 'yes',
        another: 'no',
        certain,
        origin: derived('the last rule of doas that matches', rule.origin()),
      });
    }
    return found.all;
  }

  function polkitOf(account: Account): readonly Grant[] {
    if (polkit === undefined) return [];
    const certain = namesUser(polkit.users.map(itemOf), account, accounts, EXACT);
    const origin = derived('administrators of polkit', polkit.origin());
    return certain === 'no' ? [] : [{ ...AS_ROOT, by: 'polkit', password: 'yes', certain, origin }];
  }

  function suOf(account: Account): readonly Grant[] {
    return su.flatMap((trust): readonly Grant[] => {
      const certain = trust.of(account);
      return certain === 'no' ? [] : [{ ...AS_ROOT, by: 'su', password: 'no', certain, origin: derived('ways through PAM', trust.origin) }];
    });
  }
}

const AS_ROOT = { asRoot: 'yes', as: [], label: '', command: 'ALL', everything: 'yes', another: 'no' } as const;

/** doas.conf(5): without `as`, every account; root whatever he is called. */
export function doasRunsAsRoot({ runas }: DoasRule, { byName, moreAccounts }: Accounts): Match {
  const uid = runas === undefined || runas === 'root' ? 0 : (byName.get(runas)?.uid ?? numberOfId(`#${runas}`));
  return uid === undefined ? (moreAccounts.length > 0 ? 'maybe' : 'no') : uid === 0 ? 'yes' : 'no';
}

/** What a rule of doas amounts to: it has no tags. */
export function reachOfDoas({ item }: DoasRule): CommandReach {
  return reachOf(item, { noexec: false, setenv: false });
}

/** All accounts but root’s that a list of runas means. */
function accountsOfRunAs({ users }: RunAs, accounts: Accounts, spelling: Spelling): Grant['as'] {
  return accounts.accounts.flatMap((account) => {
    const match = account.uid === 0 ? 'no' : runsAs(users, account, accounts, spelling);
    return match === 'no' ? [] : [{ account, certain: match === 'yes' }];
  });
}

/** What stands at a path, or the directory in which somebody would have to put it first: whoever may write that, writes the program. */
async function nearest(context: HostContext, path: string): Promise<WalkedPath | Unknown | 'not-there'> {
  const walked = await walkPath(context, path);
  return walked === 'not-there' && path !== '/' ? nearest(context, posix.dirname(path)) : walked;
}

/** A command with its arguments, as a rule has it. */
export function commandText({ text, args }: Pick<SudoCommand, 'text' | 'args'>): string {
  return args === undefined ? text : `${text} ${args}`;
}

function itemOf(text: string): SudoItem {
  return { text, negated: false, quoted: text !== 'ALL', start: 0, end: 0 };
}

function both(a: Match, b: Match): Match {
  return a === 'no' || b === 'no' ? 'no' : a === 'yes' && b === 'yes' ? 'yes' : 'maybe';
}

/** As whom, where it is not root: `(postgres)`, `(:docker)`; everybody is `(ALL)`. */
export function labelOf({ runas: { users, groups } }: SudoEntry): string {
  const names = wordsOf(users);
  if (names === 'root' || names === '#0') return '';
  if (names === 'ALL') return '(ALL)';
  return groups.length === 0 ? `(${names})` : `(${names}:${groups.map(({ text }) => text).join(',')})`;
}
