import { derived, known, unknown, type Fact, type Origin, type Unknown } from '../../model/fact.ts';
import type { FactsOf } from '../../resources/kind.ts';
import { remoteAccess } from '../../resources/remote-access.ts';
import { SourceText } from '../../text/source-text.ts';
import { remoteAccessFacts } from '../files/sshd-facts.ts';
import { interactiveAsked, methodLists } from '../files/sshd-login.ts';
import { setting, yesNo, type SshdScope } from '../files/sshd-values.ts';
import { knownFlaws, strictKeyExchange, type SshSoftware } from '../ssh/known-flaws.ts';
import { publicKeyOfLine } from '../../ssh/public-key.ts';
import type { HostContext, HostPart } from './part.ts';
import { SSHD_CONFIG, sshdServerOf, type SshdServer } from './sshd-server.ts';

type HostKey = FactsOf<{
  readonly type: (typeof remoteAccess.attributes.host_keys.type)['list']['fields']['type'];
  readonly bits: (typeof remoteAccess.attributes.host_keys.type)['list']['fields']['bits'];
}>;

/** Keys that sshd looks for where none is named: HostKey of sshd_config(5). */
const USUAL_KEYS = ['rsa', 'ecdsa', 'ed25519'].map((kind) => `/etc/ssh/ssh_host_${kind}_key`);

/** The SSH server: what is in force, by its own word or by its files. */
export const remoteAccessPart: HostPart = {
  name: 'sshd',
  kinds: [remoteAccess.name],
  replaces: ['sshd'],
  read: async (context) => {
    const server = await sshdServerOf(context);
    const software = await softwareOf(context, server);
    const hostKeys = await hostKeysOf(context, server);
    const strict = ofPackage(server, strictKeyExchange);
    const flaws = ofPackage(server, knownFlaws);
    const resources = server.scopes.map(({ id, conditional, scope, here }) =>
      context.resource(remoteAccess, id, {
        ...remoteAccessFacts(scope, conditional, here),
        software,
        host_keys: hostKeys,
        methods: offeredMethods(scope),
        strict_key_exchange: strict,
        known_weak: flaws,
      }),
    );
    return { resources, gaps: server.gaps.map((why) => ({ why })) };
  },
};

/** What the version of the package tells; nothing where that is not known. */
function ofPackage<T>({ package: installed }: SshdServer, tell: (software: SshSoftware, origin: Origin) => Fact<T>): Fact<T> {
  if (installed.state !== 'known')
    return installed.state === 'unknown' ? installed : unknown('unresolved', 'version of openssh', installed.origin);
  const [, version = installed.value, revision] = /^(.*)-([^-]+)$/.exec(installed.value) ?? [];
  const software = { product: 'OpenSSH', version, ...(revision === undefined ? {} : { revision }) };
  return tell(software, derived('known flaws of this version', installed.origin));
}

/** The banner: the release, and the distribution's own revision unless DebianBanner is off. */
async function softwareOf(context: HostContext, { package: installed, scopes }: SshdServer): Promise<Fact<string>> {
  if (installed.state !== 'known')
    return installed.state === 'unknown' ? installed : unknown('unresolved', 'version of openssh', installed.origin);
  const [, upstream, revision] = /^(\d[\w.]*)-([^-]+)$/.exec(installed.value) ?? [];
  const release = await context.open('/etc/os-release');
  const name = release instanceof SourceText ? /^ID="?(debian|ubuntu)"?$/m.exec(release.text)?.[1] : undefined;
  const [first] = scopes;
  if (upstream === undefined || revision === undefined || name === undefined || first === undefined)
    return unknown('unresolved', `banner of openssh ${installed.value}`, installed.origin);
  // `sshd -T` leaves Debian's own keyword out: only the files tell.
  const { settings } = scopes.find(({ scope }) => scope.settings.main.file === SSHD_CONFIG)?.scope ?? first.scope;
  const written = settings.first(['debianbanner'], []);
  const added = settings.first(['versionaddendum'], []);
  if (written !== undefined && 'cause' in written) return written;
  if (added !== undefined && ('cause' in added || added.line.args.some(({ text }) => text !== 'none')))
    return unknown('unresolved', 'VersionAddendum', installed.origin);
  const hidden = written?.line.args[0]?.text.toLowerCase() === 'no';
  const distributor = name === 'debian' ? 'Debian' : 'Ubuntu';
  const banner = hidden ? `OpenSSH_${upstream}` : `OpenSSH_${upstream} ${distributor}-${revision}`;
  return known(banner, derived('banner of this package', installed.origin));
}

/** The public halves of the host keys that the server uses: those that are named, else those of the usual names that are there. */
async function hostKeysOf(context: HostContext, { scopes }: SshdServer): Promise<Fact<readonly Fact<HostKey>[]>> {
  const [globally] = scopes;
  if (globally === undefined) return unknown('not-collected', 'sshd: its settings', context.at);
  const { settings, at } = globally.scope;
  const { entries, holes } = settings.all('hostkey', []);
  const named = entries.flatMap(({ line }) => line.args.map(({ text }) => text));
  const keys: Fact<HostKey>[] = [];
  const open: Unknown[] = [...holes];
  for (const path of named.length > 0 ? named : USUAL_KEYS) {
    const source = await context.open(path.endsWith('.pub') ? path : `${path}.pub`);
    if (source === 'not-there') {
      // The key itself may be there without its public half.
      const alone = await context.host.stat(path, true);
      if (alone !== 'not-there') open.push('state' in alone ? alone : unknown('unresolved', `${path}.pub is not there`, at));
    } else if (!(source instanceof SourceText)) open.push(source);
    else {
      const [, type = '', blob = ''] = /^\s*(\S+)[ \t]+(\S+)/.exec(source.text) ?? [];
      const key = publicKeyOfLine(type, blob);
      const origin = source.origin(0, type.length);
      if (key === undefined) open.push(unknown('unparseable', `${path}.pub: no public key`, origin));
      else keys.push(known({ type: known(key.type, origin), bits: known(key.bits, origin) }, origin));
    }
  }
  return known(keys, at, open);
}

/** What is offered to a stranger, in the order in which sshd lists it: the first method of each list, or every one that is on. */
function offeredMethods(scope: SshdScope): Fact<readonly Fact<string>[]> {
  const on = (name: string, usual: boolean): Fact<boolean> => setting(scope, name, yesNo, [{ since: '0', value: usual }]);
  const switches: readonly (readonly [method: string, fact: Fact<boolean>])[] = [
    ['publickey', on('pubkeyauthentication', true)],
    ['gssapi-with-mic', on('gssapiauthentication', false)],
    ['password', on('passwordauthentication', true)],
    ['keyboard-interactive', interactiveAsked(scope)],
    ['hostbased', on('hostbasedauthentication', false)],
  ];
  const lists = methodLists(scope);
  if (lists.state !== 'known') return lists.state === 'unknown' ? lists : known([], lists.origin);
  const first = new Set(lists.value.flatMap(([method = '']) => [method]));
  const asked = switches.filter(([method]) => lists.value.length === 0 || first.has(method));
  const place: Origin = lists.origin;
  return known(
    asked.flatMap(([method, fact]) => (fact.state === 'known' && fact.value ? [known(method, fact.origin)] : [])),
    place,
    asked.flatMap(([, fact]) => (fact.state === 'unknown' ? [fact] : [])),
  );
}
