import { unknown, type Unknown } from '../model/fact.ts';
import type { Target } from '../model/resource.ts';
import { SourceText } from '../text/source-text.ts';
import { databaseAddressOf, type Engine } from '../world/database-address.ts';
import type { DatabaseLogin } from '../world/database.ts';
import { secretReference } from '../world/secret.ts';
import type { World } from '../world/world.ts';

/** The login that a target describes, its secrets sealed as they come. */
export async function loginOf(
  engine: Engine,
  target: Target,
  world: World,
  { timeout, signal }: Pick<DatabaseLogin, 'timeout' | 'signal'>,
): Promise<DatabaseLogin | Unknown> {
  const { user, password: reference, ca: file, insecure } = target.options;
  const parsed = secretReference(target.address) === undefined ? databaseAddressOf(engine, target.address) : undefined;
  if (parsed !== undefined && 'problem' in parsed) return unknown('unsupported', parsed.problem);
  const address = parsed === undefined ? await world.secret(target.address) : parsed.address;
  if ('state' in address) return address;
  const password = reference === undefined ? undefined : await world.secret(reference);
  if (password !== undefined && 'state' in password) return password;
  const ca = file === undefined ? undefined : await textOf(file, world);
  if (typeof ca === 'object') return ca;
  return {
    address,
    ...(user === undefined ? {} : { user }),
    ...(password === undefined ? {} : { password }),
    ...(ca === undefined ? {} : { ca }),
    insecure: insecure === 'true',
    timeout,
    signal,
  };
}

async function textOf(file: string, world: World): Promise<string | Unknown> {
  const tree = await world.tree(file);
  if ('state' in tree) return tree;
  const [entry] = (await tree.walk()).entries;
  const content = entry === undefined ? 'not-there' : await tree.read(entry.path);
  if (content === 'not-there') return unknown('unreachable', `ca: ${file}`);
  if ('state' in content) return content;
  const { text } = new SourceText(file, content.bytes);
  return text.includes('-----BEGIN CERTIFICATE-----') ? text : unknown('unparseable', `ca: ${file} holds no PEM certificate`);
}
