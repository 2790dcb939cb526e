import { unknown, type Unknown } from '../model/fact.ts';
import type { Target } from '../model/resource.ts';
import { databaseAddressOf, type Engine } from '../world/database-address.ts';
import type { DatabaseLogin } from '../world/database.ts';
import { secretReference } from '../world/secret.ts';
import type { World } from '../world/world.ts';
import { authoritiesOf } from './trusted-authorities.ts';

/** The login that a target describes, its secrets sealed as they come. */
export async function loginOf(
  engine: Engine,
  target: Target,
  world: World,
  { timeout, signal }: Pick<DatabaseLogin, 'timeout' | 'signal'>,
): Promise<DatabaseLogin | Unknown> {
  const { user, password: reference, insecure } = target.options;
  const parsed = secretReference(target.address) === undefined ? databaseAddressOf(engine, target.address) : undefined;
  if (parsed !== undefined && 'problem' in parsed) return unknown('unsupported', parsed.problem);
  const address = parsed === undefined ? await world.secret(target.address) : parsed.address;
  if ('state' in address) return address;
  const password = reference === undefined ? undefined : await world.secret(reference);
  if (password !== undefined && 'state' in password) return password;
  const ca = await authoritiesOf(target, world);
  if ('state' in ca) return ca;
  return {
    address,
    ...(user === undefined ? {} : { user }),
    ...(password === undefined ? {} : { password }),
    ...(ca.length === 0 ? {} : { ca: ca.join('\n') }),
    insecure: insecure === 'true',
    timeout,
    signal,
  };
}
