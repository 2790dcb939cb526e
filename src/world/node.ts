import { constants } from 'node:fs';
import { open, realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import tls from 'node:tls';
import { unknown, type Unknown } from '../model/fact.ts';
import { nodeDatabases } from './node-databases.ts';
import { unknownFrom } from './node-error.ts';
import { nodeHost } from './node-host.ts';
import { nodeNetwork } from './node-network.ts';
import { nodeTree } from './node-tree.ts';
import { sshHost } from './node-ssh.ts';
import { OpenedSecrets, Secret, secretReference } from './secret.ts';
import type { World } from './world.ts';

/** How trees are walked. */
interface Walking {
  /** Also into directories that hold what others installed: in a commit, nobody but its author put anything there. */
  readonly everywhere: boolean;
}

/** The machine that Custos runs on, seen from `base`. Reads only: no file is ever created, changed or locked. */
export function nodeWorld(base: string, { everywhere }: Walking = { everywhere: false }): World {
  const opened = new OpenedSecrets();
  return {
    tree: (root) => nodeTree(base, root, everywhere),
    network: nodeNetwork,
    databases: nodeDatabases(opened),
    host: async (address, access) => {
      const { signal } = access;
      if (address.form === 'ssh') return sshHost(address, access, base);
      if (address.form === 'local') return nodeHost('local', '/', signal, opened);
      try {
        return nodeHost('root', await realpath(resolve(base, address.directory)), signal, opened);
      } catch (error) {
        return unknownFrom(error, address.directory);
      }
    },
    secret: (reference) => nodeSecret(base, reference),
    opened,
    // Node makes the list when it is first asked for.
    get roots() {
      return tls.rootCertificates;
    },
    now: () => new Date().toISOString(),
  };
}

const MAX_SECRET_BYTES = 64 * 1024;

/** A variable of the environment, or a file's text without its last line break. What is empty is no secret. */
async function nodeSecret(base: string, reference: string): Promise<Secret | Unknown> {
  const parsed = secretReference(reference);
  if (parsed === undefined) return unknown('unresolved', reference);
  if (parsed.from === 'env') {
    const value = process.env[parsed.name];
    return value === undefined || value === '' ? unknown('unresolved', `${reference}: the variable is not set`) : new Secret(value);
  }
  try {
    const handle = await open(resolve(base, parsed.name), constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const info = await handle.stat();
      if (!info.isFile() || info.size > MAX_SECRET_BYTES) return unknown('unsupported', `${reference}: no file of at most 64 KiB`);
      const text = (await handle.readFile('utf8')).replace(/\r?\n$/, '');
      return text === '' ? unknown('unresolved', `${reference}: the file is empty`) : new Secret(text);
    } finally {
      await handle.close();
    }
  } catch (error) {
    return unknownFrom(error, reference);
  }
}
