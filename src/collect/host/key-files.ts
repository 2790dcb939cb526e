import { unknown, type Origin, type Unknown } from '../../model/fact.ts';
import { parseAuthorizedKeys, type AuthorizedKeyLine } from '../../text/authorized-keys.ts';
import { SourceText } from '../../text/source-text.ts';
import { argsOf, setting, yesNo } from '../files/sshd-values.ts';
import { accountsOf, type Account } from './accounts.ts';
import type { HostContext } from './part.ts';
import { sshdServerOf } from './sshd-server.ts';
import { canHaveShell } from './login-shell.ts';

/** A key that opens an account, where it stands. */
export interface HeldKey {
  readonly account: Account;
  readonly line: AuthorizedKeyLine;
  readonly source: SourceText;
}

/** Keys of accounts, and what they may have besides. */
export interface KeyFiles {
  readonly keys: readonly HeldKey[];
  /** Of one account: files that could not be read. */
  readonly missing: ReadonlyMap<string, readonly Unknown[]>;
  /** Of all: commands and authorities that say which keys count. */
  readonly elsewhere: readonly Unknown[];
  /** Is there a server that would take a key? */
  readonly served: boolean;
}

const USUAL = ['.ssh/authorized_keys', '.ssh/authorized_keys2'];
const MAX_ACCOUNTS = 2000;
const MAX_KEYS = 20_000;

const read = new WeakMap<HostContext, Promise<KeyFiles>>();

/** Reads the key files of every account, since one without a shell may forward ports and copy files; once, however many parts ask. */
export function keyFilesOf(context: HostContext): Promise<KeyFiles> {
  const before = read.get(context) ?? readKeyFiles(context);
  read.set(context, before);
  return before;
}

async function readKeyFiles(context: HostContext): Promise<KeyFiles> {
  const { accounts } = await accountsOf(context);
  const { scopes, gaps } = await sshdServerOf(context);
  const elsewhere: Unknown[] = scopes.length === 0 ? [...gaps] : [];
  const patterns = new Set<string>();
  for (const { scope } of scopes) {
    const named = argsOf(scope, 'authorizedkeysfile');
    if (named === undefined) for (const one of USUAL) patterns.add(one);
    else if ('cause' in named) elsewhere.push(named);
    else for (const { text } of named.line.args) if (text !== 'none') patterns.add(text);
    for (const name of ['authorizedkeyscommand', 'trustedusercakeys']) {
      const other = argsOf(scope, name);
      if (other === undefined) continue;
      if ('cause' in other) elsewhere.push(other);
      else if (other.line.args[0]?.text !== 'none') elsewhere.push(unknown('unresolved', `sshd: keys by ${NAMES[name] ?? name}`, other.at));
    }
    for (const name of ['hostbasedauthentication', 'gssapiauthentication']) {
      const on = setting(scope, name, yesNo, [{ since: '0', value: false }]);
      if (on.state === 'known' && on.value) elsewhere.push(unknown('unresolved', `sshd: logins by ${NAMES[name] ?? name}`, on.origin));
    }
  }
  if (scopes.length === 0) for (const one of USUAL) patterns.add(one);
  const keys: HeldKey[] = [];
  const missing = new Map<string, Unknown[]>();
  // Those with a shell first: of the others fewer will be missed.
  const candidates = accounts.toSorted((a, b) => Number(canHaveShell(b)) - Number(canHaveShell(a)));
  if (candidates.length > MAX_ACCOUNTS)
    elsewhere.push(unknown('unsupported', `authorized_keys: more than ${MAX_ACCOUNTS} accounts`, context.at));
  for (const account of candidates.slice(0, MAX_ACCOUNTS)) {
    const miss = (why: Unknown): void => void missing.set(account.name, [...(missing.get(account.name) ?? []), why]);
    for (const path of new Set([...patterns].map((pattern) => pathOf(pattern, account)))) {
      const source = await context.open(path);
      if (source === 'not-there') continue;
      if (!(source instanceof SourceText)) {
        miss(source);
        continue;
      }
      const { lines, cut } = parseAuthorizedKeys(source);
      // Whose file this is decides whose it is to show: it may be a link of its owner's to what only root reads.
      if (cut || lines.some(({ type }) => type === '')) source.withholdExcerpts();
      if (cut || keys.length > MAX_KEYS) miss(unknown('unsupported', `${path}: more than ${lines.length} keys`, source.origin(0, 0)));
      else
        for (const line of lines) {
          const place = (): Origin => source.origin(line.start, line.end);
          if (line.type === '') miss(unknown('unparseable', `${path}: a line that is no key`, place()));
          else {
            keys.push({ account, line, source });
            if (line.options.has('cert-authority')) miss(unknown('unresolved', `${path}: whose keys an authority signed`, place()));
          }
        }
    }
  }
  return { keys, missing, elsewhere, served: scopes.length > 0 || gaps.length > 0 };
}

const NAMES: Readonly<Record<string, string>> = {
  authorizedkeyscommand: 'AuthorizedKeysCommand',
  trustedusercakeys: 'TrustedUserCAKeys',
  hostbasedauthentication: 'HostbasedAuthentication',
  gssapiauthentication: 'GSSAPIAuthentication',
};

/** AuthorizedKeysFile: `%h`, `%u`, `%U` and `%%`; what is not absolute lies in the home. */
function pathOf(pattern: string, { name, uid, home }: Account): string {
  const tokens: Readonly<Record<string, string>> = { h: home, u: name, U: String(uid), '%': '%' };
  const filled = pattern.replaceAll(/%([huU%])/g, (_, token: string) => tokens[token] ?? '');
  return filled.startsWith('/') ? filled : `${home.replace(/\/$/, '')}/${filled}`;
}
