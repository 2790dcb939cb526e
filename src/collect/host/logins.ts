import { derived, known, unknown, type Fact } from '../../model/fact.ts';
import type { SourceText } from '../../text/source-text.ts';
import { accountsOf, type Account, type Shadow } from './accounts.ts';
import { keyFilesOf, type KeyFiles } from './key-files.ts';
import { canHaveShell } from './login-shell.ts';
import type { HostContext } from './part.ts';

const DAY = 86_400_000;

/** Can accounts log in? */
export async function loginsOf(context: HostContext): Promise<(account: Account) => Fact<boolean>> {
  const accounts = await accountsOf(context);
  const keys = await keyFilesOf(context);
  const keyed = Map.groupBy(keys.keys, ({ account }) => account.name);
  return (account) => loginOf(account, accounts.shadow(account), keyed.get(account.name)?.[0]?.source, keys, context.now);
}

/** It has a shell, is not expired, and a password or a key opens it. */
function loginOf(account: Account, shadow: Fact<Shadow>, key: SourceText | undefined, keys: KeyFiles, now: string): Fact<boolean> {
  if (!canHaveShell(account)) return known(false, derived('its shell lets nobody in', account.origin));
  if (shadow.state !== 'known') return shadow.state === 'unknown' ? shadow : unknown('unresolved', 'shadow', account.origin);
  const { password, expires, origin } = shadow.value;
  if (expires !== undefined && expires * DAY <= Date.parse(now)) return known(false, derived('the account has expired', origin));
  if (password.kind === 'none' || (password.kind === 'hashed' && !password.locked)) return known(true, origin);
  const noPassword = derived('no password opens it', origin);
  if (!keys.served) return known(false, noPassword);
  if (key !== undefined) return known(true, derived('a key opens it', key.origin(0, 0), origin));
  const why = keys.missing.get(account.name)?.[0] ?? keys.elsewhere[0];
  return why ?? known(false, derived('neither a password nor a key opens it', origin));
}
