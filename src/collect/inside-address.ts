import type { Target } from '../model/resource.ts';
import { DATABASE_KINDS, databaseAddressOf, engineOf, addressText, type Engine } from '../world/database-address.ts';
import type { HostAddress } from '../world/host.ts';
import { sshPlaceOf } from './ssh/ssh-place.ts';
import { secretReference } from '../world/secret.ts';

/** Kinds of target whose addresses are read here: those that are entered with an account, and SSH servers. */
export const INSIDE_KINDS: readonly string[] = ['host', 'ssh', ...DATABASE_KINDS];

/** `local`, `root:DIR`, or `ssh://user@host:port`; the reason where it is none of these. */
export function hostAddressOf(text: string): HostAddress | { readonly problem: string } {
  if (text === 'local' || text === 'host:local') return { form: 'local' };
  const directory = /^root:(.+)$/.exec(text)?.[1];
  if (directory !== undefined) return { form: 'root', directory };
  const [, user, host, bracketed, port = '22'] =
    /^(?:ssh:\/\/)?([^@/]+)@(?:([^@:/[\]]+)|\[([0-9a-f:.]+)\])(?::(\d{1,5}))?\/?$/i.exec(text) ?? [];
  const name = host ?? bracketed;
  // What ssh is given must not be taken for an option, nor for anything but a name.
  if (user === undefined || name === undefined || !/^[a-z_][\w.-]*\$?$/i.test(user) || !/^[\w:][\w.:-]*$/.test(name))
    return { problem: 'a host is local, root:DIRECTORY or ssh://user@host:port' };
  return Number(port) < 1 || Number(port) > 65_535
    ? { problem: `${port} is no port` }
    : { form: 'ssh', user, host: name, port: Number(port) };
}

/** What a word of the command line names, where it names something that is looked at from inside. */
export function insideTargetOf(text: string): { readonly kind: string; readonly id: string } | { readonly problem: string } | undefined {
  if (text === 'host:local') return { kind: 'host', id: 'localhost' };
  if (text.startsWith('root:')) return { kind: 'host', id: text };
  const [, scheme = '', rest = ''] = /^([a-z]+):\/\/(.*)$/i.exec(text) ?? [];
  if (scheme.toLowerCase() === 'ssh') {
    const place = rest.includes('@') ? hostAddressOf(text) : sshPlaceOf(text);
    return 'problem' in place ? place : { kind: rest.includes('@') ? 'host' : 'ssh', id: rest.replace(/\/$/, '') };
  }
  const engine = engineOf(scheme);
  if (engine === undefined || scheme.toLowerCase() === 'ldaps') return undefined; // ldaps:// is a TLS endpoint to look at
  const parsed = databaseAddressOf(engine, text);
  if ('problem' in parsed) return { problem: parsed.problem };
  if (parsed.password !== undefined) return { problem: PASSWORD };
  return { kind: engine, id: addressText(parsed.address).replace(/^[a-z]+:\/\//, '') };
}

const PASSWORD = 'a password does not belong in an address: custos.yaml takes "${env:NAME}" for the address, or for password:';

/** `ssh: user@host` names a machine to enter, as `host: ssh://user@host` does; without a user it is a server to look at. */
export function entered(target: Target): Target {
  if (target.kind !== 'ssh' || !target.address.includes('@')) return target;
  return { ...target, kind: 'host', address: /^ssh:\/\//i.test(target.address) ? target.address : `ssh://${target.address}` };
}

/** What is wrong with the address of a target that is looked at from inside. */
export function insideProblem({ kind, address, options }: Target): { readonly message: string; readonly hint: string } | undefined {
  const password = options['password'];
  if (password !== undefined && secretReference(password) === undefined)
    return { message: 'a password does not stand here', hint: 'write ${env:NAME} or ${file:PATH}' };
  if (kind === 'host') {
    const host = hostAddressOf(address);
    return 'problem' in host
      ? { message: `${address}: ${host.problem}`, hint: 'such as host: local, host: root:/mnt/image, host: ssh://audit@10.0.0.5' }
      : undefined;
  }
  if (kind === 'ssh') {
    const place = sshPlaceOf(address);
    return 'problem' in place
      ? { message: `${address}: ${place.problem}`, hint: 'such as ssh: bastion.example.com, or audit@bastion.example.com' }
      : undefined;
  }
  if (secretReference(address) !== undefined) return undefined;
  const engine: Engine | undefined = DATABASE_KINDS.find((one) => one === kind);
  if (engine === undefined) return undefined;
  const parsed = databaseAddressOf(engine, address);
  if ('problem' in parsed) return { message: `the address of this target: ${parsed.problem}`, hint: 'or ${env:NAME} for the whole of it' };
  return parsed.password === undefined
    ? undefined
    : { message: PASSWORD, hint: 'a password in custos.yaml would be printed, kept and shared' };
}
