import { derived, known, unknown, type Fact, type Origin, type Unknown } from '../../model/fact.ts';
import { compareVersions } from './defaults.ts';
import { allOf, anyOf, argsOf, setting, single, yesNo, type Names, type SshdScope } from './sshd-values.ts';

/** A list of AuthenticationMethods: methods that must all succeed, in lower case, without their devices. */
type MethodList = readonly string[];

const METHODS = new Set(['publickey', 'password', 'keyboard-interactive', 'hostbased', 'gssapi-with-mic', 'none']);
const MAX_LISTED = 1000;

/** What decides whether a password alone is enough, and may stand in a Match. */
export const PASSWORD_KEYWORDS = [
  'passwordauthentication',
  'kbdinteractiveauthentication',
  'challengeresponseauthentication',
  'authenticationmethods',
];

/** Can a password alone log in? `password`, and `keyboard-interactive` through PAM, unless AuthenticationMethods joins them to more. */
export function passwordLogin(scope: SshdScope): Fact<boolean> {
  const password = setting(scope, 'passwordauthentication', yesNo, [{ since: '0', value: true }]);
  const keyboard = keyboardInteractive(scope);
  const either = anyOf('neither password nor keyboard-interactive', password, keyboard);
  if (either.state === 'known' && !either.value) return either;
  const lists = methodLists(scope);
  if (lists.state !== 'known') return lists.state === 'unknown' ? lists : either;
  if (lists.value.length === 0) return either;
  const alone = lists.value.filter((list) => list.every((method) => method === 'password' || method === 'keyboard-interactive'));
  const [first, ...rest] = alone.map((list): Fact<boolean> => {
    if (!list.includes('keyboard-interactive')) return password;
    if (!list.includes('password')) return keyboard;
    const usable = allOf('password and keyboard-interactive', password, keyboard);
    // PAM may ask for the same password again, or for a one-time code: its own files tell.
    return usable.state === 'known' && usable.value
      ? unknown('not-collected', 'PAM decides what keyboard-interactive asks for', lists.origin)
      : usable;
  });
  return first === undefined
    ? known(false, derived('AuthenticationMethods joins passwords to more', lists.origin))
    : anyOf('AuthenticationMethods', first, ...rest);
}

/** Does every list of AuthenticationMethods demand two kinds of proof? A host's key proves nothing of a user. */
export function secondFactor(scope: SshdScope): Fact<boolean> {
  const lists = methodLists(scope);
  if (lists.state !== 'known') return lists;
  const [first, ...rest] = lists.value.map((list): Fact<boolean> => {
    const proofs = new Set(list.filter((method) => method !== 'hostbased' && method !== 'none'));
    const onlyPasswords = [...proofs].every((method) => method === 'password' || method === 'keyboard-interactive');
    if (proofs.size > 1 && onlyPasswords) return unknown('not-collected', 'PAM decides what keyboard-interactive asks for', lists.origin);
    return known(proofs.size > 1, lists.origin);
  });
  return first === undefined
    ? known(false, derived('AuthenticationMethods is not set', lists.origin))
    : allOf('AuthenticationMethods', first, ...rest);
}

/**
 * The lists of AuthenticationMethods; none where it is `any` or not set (no version has another default: the keyword only
 * ever narrows).
 */
export function methodLists(scope: SshdScope): Fact<readonly MethodList[]> {
  const found = argsOf(scope, 'authenticationmethods');
  if (found === undefined) return known([], scope.at);
  if ('cause' in found) return found;
  const words = found.line.args.map(({ text }) => text);
  if (words.length === 1 && words[0] === 'any') return known([], found.at);
  const lists = words.map((word) => word.split(',').map((method) => method.replace(/:.*$/s, '')));
  const strange = lists.flat().find((method) => !METHODS.has(method));
  return strange === undefined ? known(lists, found.at) : unknown('unparseable', `AuthenticationMethods ${strange.slice(0, 60)}`, found.at);
}

/**
 * keyboard-interactive asks PAM. Since 8.7 ChallengeResponseAuthentication is an old name of KbdInteractiveAuthentication; before,
 * it was a switch of its own, on by default, and either of them sufficed: `KbdInteractiveAuthentication no` switched nothing off.
 */
function keyboardInteractive(scope: SshdScope): Fact<boolean> {
  const asked = interactiveAsked(scope);
  if (asked.state !== 'known' || !asked.value) return asked;
  return allOf('keyboard-interactive with UsePAM', asked, setting(scope, 'usepam', yesNo, [{ since: '3.7', value: false }]));
}

export function interactiveAsked(scope: SshdScope): Fact<boolean> {
  const read = (...names: readonly string[]): Fact<boolean> | undefined => {
    const found = argsOf(scope, ...names);
    return found === undefined ? undefined : single(found, names[0] ?? '', yesNo);
  };
  const { version } = scope;
  const unwritten = unknown('unresolved', 'KbdInteractiveAuthentication: default of an unknown version of openssh', scope.at);
  const today = read('kbdinteractiveauthentication', 'challengeresponseauthentication');
  const keyboard = read('kbdinteractiveauthentication');
  const challenge = read('challengeresponseauthentication');
  if (version.state !== 'known' || !/^\d/.test(version.value)) {
    const before = anyOf(
      'KbdInteractiveAuthentication and ChallengeResponseAuthentication',
      challenge ?? unwritten,
      ...(keyboard === undefined ? [] : [keyboard]),
    );
    if (today === undefined || today.state !== 'known' || before.state !== 'known')
      return today === undefined || today.state === 'known' ? unwritten : today;
    return before.value === today.value ? today : unwritten;
  }
  const on = known(true, derived(`openssh ${version.value} default of KbdInteractiveAuthentication`, scope.at, version.origin));
  if (compareVersions(version.value, '8.7') >= 0) return today ?? on;
  return anyOf(
    'KbdInteractiveAuthentication and ChallengeResponseAuthentication',
    challenge ?? on,
    ...(keyboard === undefined ? [] : [keyboard]),
  );
}

/** AllowUsers, and AllowGroups with `@`. Nobody needs to be named; each line adds to those before. */
export function limitedTo(scope: SshdScope): Names {
  const lists = [
    { prefix: '', ...scope.settings.all('allowusers', scope.conditions) },
    { prefix: '@', ...scope.settings.all('allowgroups', scope.conditions) },
  ];
  const open: Unknown[] = lists.flatMap(({ holes }) => holes);
  if (scope.settings.fragment) open.push(unknown('unresolved', 'AllowUsers, AllowGroups: a fragment that no file here includes', scope.at));
  const words = lists.flatMap(({ prefix, entries }) =>
    entries.flatMap(({ line, source }) => {
      if (line.problem === undefined)
        return line.args.map((word) => ({ name: prefix + word.text, at: (): Origin => source.origin(word.start, word.end) }));
      open.push(unknown(line.problem.cause, `${line.keyword}: ${line.problem.detail}`, source.origin(line.start, line.end)));
      return [];
    }),
  );
  if (words.length > MAX_LISTED) open.push(unknown('unsupported', `more than ${MAX_LISTED} names`, scope.at));
  const names = words.slice(0, MAX_LISTED).map(({ name, at }) => known(name, at()));
  const [first] = names;
  const [why] = open;
  if (first === undefined && why !== undefined) return why;
  return known(names, first?.origin ?? scope.at, open);
}
