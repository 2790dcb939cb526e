import { absent, derived, known, unknown, type Fact, type Origin } from '../../model/fact.ts';
import type { KindFacts } from '../../resources/kind.ts';
import type { remoteAccess } from '../../resources/remote-access.ts';
import { compareVersions, defaultOf, type DefaultSince } from './defaults.ts';
import { limitedTo, PASSWORD_KEYWORDS, passwordLogin, secondFactor } from './sshd-login.ts';
import { together } from './sshd-together.ts';
import { algorithms, argsOf, pattern, seconds, setting, yesNo, type Names, type SshdScope } from './sshd-values.ts';

type Facts = KindFacts<typeof remoteAccess>;
type RootLogin = 'yes' | 'no' | 'prohibit-password' | 'forced-commands-only';
type Forwarding = 'yes' | 'no' | 'local' | 'remote';
type LogLevel = 'QUIET' | 'FATAL' | 'ERROR' | 'INFO' | 'VERBOSE' | 'DEBUG';

const always = <T>(value: T): readonly DefaultSince<T>[] => [{ since: '0', value }];

/** The facts of one sshd: https://man.openbsd.org/sshd_config. `here` is the Match line, or the file. */
export function remoteAccessFacts(scope: SshdScope, conditional: boolean, here: Origin): Facts {
  const flag = (name: string, value: boolean): Fact<boolean> => setting(scope, name, yesNo, always(value));
  return {
    service: known('sshd', scope.at),
    conditional: known(conditional, here),
    root_login: setting<RootLogin>(scope, 'permitrootlogin', rootLogin, [
      { since: '0', value: 'yes' },
      { since: '7.0', value: 'prohibit-password' },
    ]),
    password_login: together(scope, PASSWORD_KEYWORDS, (alone) => alone, passwordLogin),
    empty_passwords: flag('permitemptypasswords', false),
    public_keys: flag('pubkeyauthentication', true),
    second_factor: secondFactor(scope),
    limited_to: limitedTo(scope),
    max_auth_tries: setting(scope, 'maxauthtries', (text) => (/^\d{1,9}$/.test(text) ? Number(text) : undefined), always(6)),
    login_grace: setting(scope, 'logingracetime', seconds, always(120)),
    idle_timeout: idleTimeout(scope),
    ciphers: algorithms(scope, 'ciphers'),
    macs: algorithms(scope, 'macs'),
    key_exchanges: algorithms(scope, 'kexalgorithms'),
    signatures: signatures(scope),
    x11_forwarding: together(
      scope,
      ['x11forwarding', 'disableforwarding'],
      (on) => on,
      (one) => unlessDisabled(one, setting(one, 'x11forwarding', yesNo, always(false)), false),
    ),
    tcp_forwarding: together<Forwarding>(
      scope,
      ['allowtcpforwarding', 'disableforwarding'],
      (kind) => kind !== 'no',
      (one) => unlessDisabled(one, setting<Forwarding>(one, 'allowtcpforwarding', forwarding, always('yes')), 'no'),
    ),
    agent_forwarding: together(
      scope,
      ['allowagentforwarding', 'disableforwarding'],
      (on) => on,
      (one) => unlessDisabled(one, setting(one, 'allowagentforwarding', yesNo, always(true)), false),
    ),
    log_level: setting<LogLevel>(scope, 'loglevel', logLevel, always('INFO')),
    strict_modes: flag('strictmodes', true),
    // .rhosts files are read by host-based authentication only, since protocol 1 went with 7.4.
    host_based: flag('hostbasedauthentication', false),
    // A list of patterns permits the variables that it names.
    user_environment: setting(scope, 'permituserenvironment', (text) => yesNo(text) ?? true, always(false)),
    software: absent(scope.at),
  };
}

function rootLogin(text: string): RootLogin | undefined {
  const value = text.toLowerCase();
  if (value === 'yes' || value === 'no' || value === 'prohibit-password' || value === 'forced-commands-only') return value;
  return value === 'without-password' ? 'prohibit-password' : undefined;
}

function forwarding(text: string): Forwarding | undefined {
  const value = text.toLowerCase();
  if (value === 'yes' || value === 'no' || value === 'local' || value === 'remote') return value;
  return value === 'all' ? 'yes' : undefined;
}

function logLevel(text: string): LogLevel | undefined {
  const value = text.toUpperCase();
  if (value === 'QUIET' || value === 'FATAL' || value === 'ERROR' || value === 'INFO' || value === 'VERBOSE') return value;
  return /^DEBUG[123]?$/.test(value) ? 'DEBUG' : undefined;
}

/** DisableForwarding overrides every switch of forwarding; where nobody wrote it, it is off in every version that has it. */
function unlessDisabled<T extends boolean | string>(scope: SshdScope, fact: Fact<T>, off: T): Fact<T> {
  if (fact.state === 'known' && fact.value === off) return fact;
  const found =
    scope.settings.fragment && scope.settings.first(['disableforwarding'], scope.conditions) === undefined
      ? undefined
      : argsOf(scope, 'disableforwarding');
  if (found === undefined) return fact;
  if ('cause' in found) return found;
  const disabled = setting(scope, 'disableforwarding', yesNo, []);
  if (disabled.state !== 'known') return unknown('unparseable', 'disableforwarding', found.at);
  return disabled.value ? known(off, derived('DisableForwarding', found.at)) : fact;
}

/** What signs: host keys, accepted keys of users, and the authorities of certificates. */
function signatures(scope: SshdScope): Names {
  const lists = [
    algorithms(scope, 'hostkeyalgorithms'),
    algorithms(scope, 'pubkeyacceptedalgorithms'),
    algorithms(scope, 'casignaturealgorithms'),
  ];
  const missing = lists.flatMap((list) => (list.state === 'unknown' ? [list] : []));
  const read = lists.flatMap((list) => (list.state === 'known' ? [list] : []));
  const [first, ...rest] = read;
  if (first === undefined) return missing[0] ?? unknown('unresolved', 'signature algorithms', scope.at);
  const seen = new Set<string>();
  const names = read
    .flatMap(({ value }) => value)
    .filter((name) => name.state !== 'known' || (!seen.has(name.value) && seen.add(name.value)));
  const origin = derived(
    'HostKeyAlgorithms, PubkeyAcceptedAlgorithms, CASignatureAlgorithms',
    first.origin,
    ...rest.map((list) => list.origin),
  );
  return known(names, origin, [...read.flatMap(({ open }) => open ?? []), ...missing]);
}

/**
 * Before 8.2 a client was not asked at all with `ClientAliveCountMax 0`: the server ended a session that was idle for
 * ClientAliveInterval. Since then 0 switches that off: https://www.openssh.com/txt/release-8.2
 */
function aliveTimeout(scope: SshdScope): Fact<number> | undefined {
  const count = setting(scope, 'clientalivecountmax', (text) => (/^\d{1,9}$/.test(text) ? Number(text) : undefined), always(3));
  const interval = setting(scope, 'clientaliveinterval', seconds, always(0));
  if (count.state === 'known' && count.value !== 0) return undefined;
  if (interval.state === 'known' && interval.value === 0) return undefined;
  const { version } = scope;
  if (version.state === 'known' && compareVersions(version.value, '8.2') >= 0) return undefined;
  if (count.state !== 'known') return count.state === 'unknown' ? count : undefined;
  if (interval.state !== 'known') return interval.state === 'unknown' ? interval : undefined;
  return version.state === 'known'
    ? known(interval.value, derived('ClientAliveCountMax 0 ends idle sessions before 8.2', interval.origin, count.origin))
    : unknown('unresolved', 'ClientAliveCountMax 0: its meaning changed with openssh 8.2', count.origin);
}

/**
 * ChannelTimeout (since 9.2) ends idle sessions; ClientAlive* ends dead clients only, UnusedConnectionTimeout only
 * connections that have no session left. Shells and commands are told apart: both must end. The first pattern that matches counts.
 */
function idleTimeout(scope: SshdScope): Fact<number> {
  const found = argsOf(scope, 'channeltimeout');
  if (found === undefined) {
    const before = aliveTimeout(scope);
    if (before !== undefined) return before;
    const never = defaultOf('ChannelTimeout', 'openssh', scope.version, always(0), scope.at);
    return never.state === 'known' ? absent(never.origin) : never;
  }
  if ('cause' in found) return found;
  const words = found.line.args.map(({ text }) => text);
  if (words.length === 1 && words[0] === 'none') return absent(found.at);
  const limits = words.slice(0, 100).map((word) => {
    const equals = word.indexOf('=');
    return { type: word.slice(0, equals), limit: equals < 1 ? undefined : seconds(word.slice(equals + 1)) };
  });
  const strange = limits.findIndex(({ limit }) => limit === undefined);
  if (strange !== -1 || words.length > 100) return unknown('unparseable', `ChannelTimeout ${words[strange]?.slice(0, 60) ?? ''}`, found.at);
  const limitOf = (type: string): number => limits.find((one) => pattern(one.type)(type))?.limit ?? 0;
  // `global` (since 9.7) ends all channels at once, when none of them is used.
  const whole = limits.find(({ type }) => type === 'global')?.limit ?? 0;
  const each = ['session:shell', 'session:command'].map((type) => {
    const own = limitOf(type);
    return own === 0 || whole === 0 ? Math.max(own, whole) : Math.min(own, whole);
  });
  return each.includes(0) ? absent(derived('no ChannelTimeout for every session', found.at)) : known(Math.max(...each), found.at);
}
