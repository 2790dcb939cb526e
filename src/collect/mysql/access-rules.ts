import { derived, known, mapFact, unknown, type Fact, type Unknown } from '../../model/fact.ts';
import type { Resource } from '../../model/resource.ts';
import { accessRule } from '../../resources/identity.ts';
import type { LiveKindFacts } from '../../resources/kind.ts';
import { seen } from '../seen.ts';
import { mayLogIn, type Account, type Method } from './account.ts';
import type { AccountTables } from './accounts.ts';
import { Effective } from './effective.ts';
import { isAnyHost, requiresTls } from './principals.ts';
import type { MysqlServer } from './server.ts';

type Facts = LiveKindFacts<typeof accessRule>;

/** Plugins by which a password crosses as it is, or as a hash that is soon guessed. */
const CLEAR = new Set([
  'pam',
  'auth_pam',
  'auth_pam_compat',
  'authentication_ldap_simple',
  'authentication_pam',
  'mysql_clear_password',
  'sha256_password',
]);
const WEAK = new Set(['mysql_native_password', 'mysql_old_password']);

/** One rule for each way by which an account lets somebody in: of two plugins joined by OR, the weaker admits. */
export function accessRules(server: MysqlServer, tables: AccountTables): readonly Resource[] {
  const effective = new Effective(tables);
  const open = effective.rightsOpen;
  return tables.accounts
    .filter(({ role }) => !role)
    .flatMap((account) => {
      const objects = objectsOf(account, effective, open);
      return account.methods.map((method) => {
        const id = account.methods.length === 1 ? account.name : `${account.name} ${method.plugin}`;
        return seen(accessRule, id, server.target, 'live', ruleFacts(server, account, method, objects));
      });
    });
}

function ruleFacts(server: MysqlServer, account: Account, method: Method, objects: Pick<Facts, 'objects' | 'all_objects'>): Facts {
  const { origin, user, host } = account;
  const login = mayLogIn(account);
  const { proof, plugin } = method;
  const impossible = proof.state === 'known' && proof.value === 'impossible';
  const onSocket = proof.state === 'known' && proof.value === 'socket';
  const tls = requiresTls(server, account);
  const local = onSocket || isLocalHost(host);
  const authenticates = proves(account, method);
  return {
    effect: impossible ? known('deny', origin) : mapFact(login, 'locked, or nothing lets it in', (may) => (may ? 'allow' : 'deny')),
    transport:
      onSocket || host === 'localhost'
        ? known('local', origin)
        : mapFact(tls, 'REQUIRE, or require_secure_transport', (on) => (on ? 'tls' : 'any')),
    local: known(local, origin),
    source: known(onSocket ? 'local' : host === '' ? '%' : host, origin),
    any_source: known(!local && isAnyHost(host), origin),
    users: known([known(user === '' ? "''" : user, origin)], origin),
    all_users: known(user === '', derived('an anonymous account lets in every name', origin)),
    ...objects,
    method: known(methodName(account, method), origin),
    authenticates,
    protects_password: protects(plugin, local, tls, authenticates, origin),
  };
}

/** Is anything demanded: a password, another system's word, or a client certificate? */
export function proves({ tls }: Account, { proof, plugin }: Method): Fact<boolean> {
  if (proof.state !== 'known' || proof.value !== 'nothing') return mapFact(proof, plugin, () => true);
  return mapFact(tls, 'an empty password, and a client certificate where one is demanded', (value) => value === 'certificate');
}

/** A certificate that is demanded beside the password is what counts. */
function methodName({ tls }: Account, { plugin, proof }: Method): string {
  return proof.state === 'known' && proof.value === 'nothing' && tls.state === 'known' && tls.value === 'certificate' ? 'cert' : plugin;
}

function protects(
  plugin: string,
  local: boolean,
  tls: Fact<boolean>,
  authenticates: Fact<boolean>,
  origin: Account['origin'],
): Fact<boolean> {
  if (authenticates.state === 'known' && !authenticates.value) return known(true, derived('no password crosses', origin));
  if (local || !(CLEAR.has(plugin) || WEAK.has(plugin)))
    return local || KNOWN.has(plugin)
      ? known(true, derived(plugin, origin))
      : unknown('unsupported', `plugin ${plugin.slice(0, 40)}`, origin);
  return mapFact(tls, `${plugin}, inside TLS only where it is demanded`, (on) => on);
}

/** Plugins that give the password to nobody. */
const KNOWN = new Set([
  'caching_sha2_password',
  'ed25519',
  'parsec',
  'gssapi',
  'authentication_kerberos',
  'authentication_ldap_sasl',
  'authentication_fido',
  'authentication_webauthn',
  'unix_socket',
  'auth_socket',
  'mysql_no_login',
]);

/** Databases that it may read or change; `all` where some such right holds for the whole server. */
function objectsOf(account: Account, effective: Effective, open: readonly Unknown[]): Pick<Facts, 'objects' | 'all_objects'> {
  const { grants, origin } = effective.of(account);
  const everywhere = grants.some(({ privilege, scope }) => scope.level === 'global' && DATA.has(privilege));
  const names = new Set(grants.flatMap(({ scope }) => ('schema' in scope ? [scope.schema] : [])));
  const list = everywhere ? ['all'] : [...names].toSorted();
  const cut = list.length > MAX_OBJECTS ? [unknown('unsupported', `more than ${MAX_OBJECTS} names`, origin)] : [];
  return {
    objects: known(
      list.slice(0, MAX_OBJECTS).map((name) => known(name, origin)),
      origin,
      [...open, ...cut],
    ),
    all_objects: everywhere || names.has('%') ? known(true, origin) : (open[0] ?? known(false, origin)),
  };
}

const MAX_OBJECTS = 200;
const DATA = new Set(['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'DROP', 'ALTER', 'EXECUTE', 'SUPER']);

/** This machine alone: what MySQL calls localhost is a Unix socket, or loopback where names are resolved. */
function isLocalHost(host: string): boolean {
  return /^(?:localhost|127\.[\d.]+|127\.%|127\.\d+\.%|127\.\d+\.\d+\.%|127\.0\.0\.0\/255\.(?:\d+\.){2}\d+|::1)$/.test(host);
}
