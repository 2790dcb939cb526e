import { absent, derived, known, mapFact, unknown, type Fact, type Unknown } from '../../model/fact.ts';
import type { Resource } from '../../model/resource.ts';
import { HASHES, identityPolicy } from '../../resources/identity.ts';
import type { LiveKindFacts } from '../../resources/kind.ts';
import { seen } from '../seen.ts';
import { mayLogIn, openMethods } from './account.ts';
import type { AccountTables } from './accounts.ts';
import { hasPlugin, type Plugins } from './plugins.ts';
import type { MysqlServer } from './server.ts';

type Facts = LiveKindFacts<typeof identityPolicy>;

/** Rules for passwords that the server's plugins enforce, and when it locks accounts and ends idle sessions. */
export function policy(server: MysqlServer, plugins: Plugins | Unknown, tables: AccountTables | Unknown): Resource {
  const facts: Facts = {
    system: known(server.engine, server.origin('select version()')),
    ...(server.mariadb ? mariadbQuality(server, plugins) : mysqlQuality(server)),
    max_age: absentWhere(server.number('default_password_lifetime'), (days) => days === 0),
    ...(server.mariadb ? mariadbLockout(server) : mysqlLockout(server, tables)),
    idle_timeout: idleTimeout(server),
    hash: newHash(server),
  };
  return seen(identityPolicy, server.engine, server.target, 'live', facts);
}

type Quality = Pick<Facts, 'checks_quality' | 'min_length' | 'min_classes' | 'applies_to_admins' | 'history'>;

/** simple_password_check counts; cracklib compares with a dictionary and demands no length of its own; password_reuse_check remembers. */
function mariadbQuality(server: MysqlServer, plugins: Plugins | Unknown): Quality {
  const simple = hasPlugin(plugins, 'simple_password_check');
  const any = hasPlugin(plugins, 'simple_password_check', 'cracklib_password_check');
  const when = (fact: () => Fact<number>): Fact<number> =>
    simple.state !== 'known'
      ? asNumber(simple)
      : simple.value
        ? fact()
        : known(0, derived('simple_password_check is not loaded', simple.origin));
  const digits = server.number('simple_password_check_digits');
  const letters = server.number('simple_password_check_letters_same_case');
  const others = server.number('simple_password_check_other_characters');
  const reuse = hasPlugin(plugins, 'password_reuse_check');
  return {
    checks_quality: any,
    min_length: when(() => server.number('simple_password_check_minimal_length')),
    // Letters count for both cases.
    min_classes: when(() => classes([letters, 2], [digits, 1], [others, 1])),
    // A hash in the place of a password is refused where it cannot be checked.
    applies_to_admins:
      any.state === 'known' && any.value
        ? mapFact(server.flag('strict_password_validation'), 'strict_password_validation', (on) => on)
        : any,
    history:
      reuse.state !== 'known'
        ? asNumber(reuse)
        : reuse.value
          ? everyFormer(server)
          : known(0, derived('password_reuse_check is not loaded', reuse.origin)),
  };
}

/** By days, not by number: 0 days is for ever. */
function everyFormer(server: MysqlServer): Fact<number> {
  const days = server.number('password_reuse_check_interval');
  if (days.state !== 'known') return days;
  return days.value === 0
    ? known(ALL_FORMER, derived('password_reuse_check: every former password', days.origin))
    : unknown('unsupported', 'password_reuse_check_interval: it counts days, not passwords', days.origin);
}

const ALL_FORMER = 1_000_000;

/** validate_password, as a plugin (5.7) or as a component, has variables only where it is loaded. */
function mysqlQuality(server: MysqlServer): Quality {
  const name = (setting: string): readonly [string, string] => [`validate_password.${setting}`, `validate_password_${setting}`];
  const loaded = name('length')
    .map((one) => server.written(one))
    .find((one) => one !== undefined);
  const origin = loaded?.origin ?? server.origin('show global variables like validate_password%');
  const off = derived('validate_password is not loaded', origin);
  const history = server.number('password_history');
  if (loaded === undefined)
    return {
      checks_quality: known(false, off),
      min_length: known(0, off),
      min_classes: known(0, off),
      applies_to_admins: known(false, off),
      history,
    };
  const level = server.variable(...name('policy'));
  const counts = classes(
    [server.number(...name('mixed_case_count')), 2],
    [server.number(...name('number_count')), 1],
    [server.number(...name('special_char_count')), 1],
  );
  return {
    checks_quality: known(true, origin),
    min_length: server.number(...name('length')),
    // LOW looks at the length only.
    min_classes:
      level.state !== 'known' ? level : /^(?:low|0)$/i.test(level.value) ? known(0, derived('policy LOW', level.origin)) : counts,
    applies_to_admins: known(true, derived('validate_password checks every password that is set', origin)),
    history,
  };
}

/** Classes of characters that are demanded: those whose least number is not 0. */
function classes(...counts: readonly (readonly [Fact<number>, number])[]): Fact<number> {
  let sum = 0;
  let first: Fact<number> | undefined;
  for (const [count, worth] of counts) {
    if (count.state !== 'known') return count;
    first ??= count;
    if (count.value > 0) sum += worth;
  }
  return first === undefined
    ? unknown('unresolved', 'password rules')
    : mapFact(first, 'classes of characters that are demanded', () => sum);
}

type Lockout = Pick<Facts, 'max_tries' | 'lockout'>;

/** max_password_errors counts for the whole server; whoever reaches it stays out until FLUSH PRIVILEGES. Its highest value means never. */
function mariadbLockout(server: MysqlServer): Lockout {
  const tries = absentWhere(server.number('max_password_errors'), (value) => value >= 4_294_967_295);
  return {
    max_tries: tries,
    lockout: tries.state === 'known' ? known(0, derived('until FLUSH PRIVILEGES', tries.origin)) : tries,
  };
}

/** MySQL counts by account: what holds is what the least protected account has. */
function mysqlLockout(server: MysqlServer, tables: AccountTables | Unknown): Lockout {
  if ('state' in tables) return { max_tries: tables, lockout: tables };
  const origin = server.origin('select … from mysql.user');
  let most = 0;
  let shortest: number | undefined;
  for (const account of tables.accounts) {
    const login = mayLogIn(account);
    if (login.state === 'known' && !login.value) continue;
    if (!openMethods(account).some(({ proof }) => proof.state !== 'known' || proof.value === 'hash')) continue;
    const { tries, lockout } = account;
    if (tries.state !== 'known') return { max_tries: tries, lockout: tries };
    if (lockout.state !== 'known') return { max_tries: lockout, lockout };
    const never = derived(`${account.name} is never locked`, origin);
    if (tries.value <= 0) return { max_tries: absent(never), lockout: absent(never) };
    most = Math.max(most, tries.value);
    if (lockout.value > 0) shortest = Math.min(shortest ?? lockout.value, lockout.value);
  }
  const [gap] = tables.gaps;
  if (gap !== undefined) return { max_tries: gap, lockout: gap };
  if (most === 0)
    return {
      max_tries: unknown('not-collected', 'no account has a password', origin),
      lockout: unknown('not-collected', 'no account has a password', origin),
    };
  const rule = derived('FAILED_LOGIN_ATTEMPTS of the least protected account', origin);
  return { max_tries: known(most, rule), lockout: known(shortest ?? 0, rule) };
}

/** Interactive sessions have a limit of their own; the longer of the two is what may stay idle. */
function idleTimeout(server: MysqlServer): Fact<number> {
  const [plain, interactive] = [server.number('wait_timeout'), server.number('interactive_timeout')];
  if (plain.state !== 'known') return plain;
  if (interactive.state !== 'known') return interactive;
  return known(Math.max(plain.value, interactive.value), derived('wait_timeout and interactive_timeout', plain.origin, interactive.origin));
}

/** How a new password is stored where nobody names a plugin. */
export function newHash(server: MysqlServer): Facts['hash'] {
  if (server.mariadb) {
    return mapFact(server.flag('old_passwords'), 'IDENTIFIED BY of MariaDB', (old) =>
      old ? 'mysql_old_password' : 'mysql_native_password',
    );
  }
  const policyFact = server.variable('authentication_policy');
  const first = policyFact.state === 'known' ? (policyFact.value.split(',')[0] ?? '').trim().replace(/^\*:?/, '') : '';
  const named: Fact<string> =
    first === '' ? server.variable('default_authentication_plugin') : mapFact(policyFact, 'first factor', () => first);
  const plugin: Fact<string> =
    named.state === 'unknown' && named.cause === 'unsupported' && policyFact.state === 'known'
      ? known('caching_sha2_password', derived('default of MySQL 8.4 and newer', policyFact.origin))
      : named;
  if (plugin.state !== 'known') return plugin;
  const hash = HASHES.find((name) => name === plugin.value);
  return hash === undefined ? unknown('unsupported', `plugin ${plugin.value.slice(0, 40)}`, plugin.origin) : known(hash, plugin.origin);
}

function absentWhere(fact: Fact<number>, none: (value: number) => boolean): Fact<number> {
  return fact.state === 'known' && none(fact.value) ? absent(fact.origin) : fact;
}

function asNumber(fact: Fact<boolean>): Fact<number> {
  return fact.state === 'known' ? unknown('unresolved', 'plugins') : fact;
}
