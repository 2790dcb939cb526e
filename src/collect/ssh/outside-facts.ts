import { derived, known, unknown, type Fact, type Known, type Origin, type Unknown } from '../../model/fact.ts';
import type { LiveKindFacts } from '../../resources/kind.ts';
import type { remoteAccess } from '../../resources/remote-access.ts';
import type { Directions } from '../../ssh/key-exchange-init.ts';
import type { ServerLook } from '../../ssh/server-look.ts';
import type { Identification } from '../../ssh/transport.ts';
import { knownFlaws, softwareOfBanner } from './known-flaws.ts';

type Facts = LiveKindFacts<typeof remoteAccess>;

/** What several connections to one server showed. */
export interface SshLooks {
  /** The one that asked for the methods, too. */
  readonly first: ServerLook;
  /** A host key of each kind that was asked for, or why there is none. */
  readonly hostKeys: readonly ServerLook['hostKey'][];
}

/** What is known of a server from outside; its other settings show from inside only. */
export function outsideFacts({ first, hostKeys }: SshLooks, at: (exchange: string) => Origin): Facts {
  const { identification, offer, methods, userSignatures } = first;
  const inside = <T>(): Fact<T> => unknown('not-collected', 'a setting that shows from inside only', at('SSH'));
  const [initial, asked] = [at('KEXINIT'), at('USERAUTH_REQUEST "none"')];
  const offered = 'state' in offer ? undefined : offer;
  const why = 'state' in offer ? { ...offer, origin: initial } : undefined;
  const listed = (names: readonly string[] | undefined): Fact<readonly Fact<string>[]> =>
    names === undefined ? (why ?? inside()) : listOf(names, initial);
  const offers = (...names: readonly string[]): Fact<boolean> =>
    'state' in methods
      ? { ...methods, origin: asked }
      : names.some((name) => methods.includes(name))
        ? known(true, derived('offered to a user whom it does not know', asked))
        : // A Match block of sshd may offer others more: what one unknown user is not offered, nobody can call switched off.
          unknown('not-collected', 'SSH: what it offers to users whom it knows', asked);
  return {
    service: known('ssh', at('SSH')),
    conditional: known(false, at('SSH')),
    root_login: inside(),
    password_login: offers('password', 'keyboard-interactive', 'none'),
    empty_passwords: 'state' in methods || !methods.includes('none') ? inside() : known(true, asked),
    public_keys: offers('publickey'),
    second_factor: inside(),
    limited_to: inside(),
    max_auth_tries: inside(),
    login_grace: inside(),
    idle_timeout: inside(),
    ciphers: listed(bothWays(offered?.ciphers)),
    macs: listed(bothWays(offered?.macs)),
    key_exchanges: listed(offered?.keyExchanges.filter((name) => !MARKS.has(name))),
    signatures:
      offered === undefined ? (why ?? inside()) : signaturesOf(offered.hostKeys, accepted(userSignatures, identification), initial),
    x11_forwarding: inside(),
    tcp_forwarding: inside(),
    agent_forwarding: inside(),
    log_level: inside(),
    strict_modes: inside(),
    host_based: offers('hostbased'),
    user_environment: inside(),
    software:
      'state' in identification
        ? { ...identification, origin: at('identification') }
        : known(identification.line.slice(0, 255), at('identification')),
    host_keys: hostKeysOf(hostKeys, why, at('key exchange')),
    methods: 'state' in methods ? { ...methods, origin: asked } : listOf(methods, asked),
    strict_key_exchange: offered === undefined ? (why ?? inside()) : known(offered.keyExchanges.includes(STRICT), initial),
    known_weak:
      'state' in identification ? { ...identification, origin: at('identification') } : flawsOf(identification, at('identification')),
  };
}

/** SSH 1 is a flaw of its own. */
function flawsOf({ line, protocol }: Identification, origin: Origin): Known<readonly Fact<string>[]> {
  const flaws = knownFlaws(softwareOfBanner(line), origin);
  return protocol === '1.99' ? { ...flaws, value: [known('SSH-1', origin), ...flaws.value] } : flaws;
}

const STRICT = 'kex-strict-s-v00@openssh.com';
/** Names in the list that are no key exchange (RFC 8308 2.1; OpenSSH PROTOCOL 1.10). */
const MARKS = new Set([STRICT, 'kex-strict-c-v00@openssh.com', 'ext-info-s', 'ext-info-c']);

function listOf(names: readonly string[], origin: Origin, open: readonly Unknown[] = []): Known<readonly Fact<string>[]> {
  return known(
    names.map((name) => known(name, origin)),
    origin,
    open,
  );
}

function bothWays(directions: Directions | undefined): readonly string[] | undefined {
  return directions === undefined ? undefined : [...new Set([...directions.toServer, ...directions.toClient])];
}

/**
 * OpenSSH names every algorithm that it was built with, whatever PubkeyAcceptedAlgorithms says, until 9.6 (kex_set_server_sig_algs):
 * Debian's 9.2 lists ssh-rsa and ssh-dss, and refuses both.
 */
function accepted(users: ServerLook['userSignatures'], identification: ServerLook['identification']): ServerLook['userSignatures'] {
  if (users === undefined || 'state' in users || 'state' in identification) return users;
  const { product, version } = softwareOfBanner(identification.line);
  if (product !== 'OpenSSH') return users;
  const [major = 0, minor = 0] = version.split('.').map((part) => Number.parseInt(part, 10));
  return major > 9 || (major === 9 && minor >= 6) ? users : unknown('unsupported', 'SSH: which keys of users it takes');
}

/** Of host keys and of users' keys; a server that sends no list of the latter takes some all the same. */
function signaturesOf(hostKeys: readonly string[], users: ServerLook['userSignatures'], origin: Origin): Known<readonly Fact<string>[]> {
  if (users === undefined || 'state' in users) {
    const open = users ?? unknown('not-collected', 'SSH: which keys of users it takes', origin);
    return listOf(hostKeys, origin, [{ ...open, origin }]);
  }
  return listOf([...new Set([...hostKeys, ...users])], origin);
}

function hostKeysOf(keys: readonly ServerLook['hostKey'][], why: Unknown | undefined, origin: Origin): Facts['host_keys'] {
  if (why !== undefined) return why;
  const open: Unknown[] = [];
  const kinds = new Set<string>();
  const found = [];
  for (const key of keys) {
    if ('state' in key) {
      open.push({ ...key, origin });
      continue;
    }
    if (kinds.has(key.type)) continue;
    kinds.add(key.type);
    found.push(known({ type: known(key.type, origin), bits: known(key.bits, origin) }, origin));
  }
  return known(found, origin, open);
}
