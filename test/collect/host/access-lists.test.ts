import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { unknown } from '../../../src/model/fact.ts';
import type { Host } from '../../../src/world/host.ts';
import { nodeHost } from '../../../src/world/node-host.ts';
import { OpenedSecrets } from '../../../src/world/secret.ts';
import { ofKind, plain } from '../../support/collect.ts';
import { temporaryDirectory } from '../../support/servers/temporary-directory.ts';
import { collectHost, stage } from '../../support/staged-host.ts';

const FILES = {
  'etc/passwd': 'root:x:0:0:root:/root:/bin/bash\n',
  'etc/group': 'root:x:0:\n',
  'etc/shadow': 'root:*:19000:0:99999:7:::\n',
  'etc/nsswitch.conf': 'passwd: files\ngroup: files\nshadow: files\n',
};
const LISTING = `total 16
drwxr-xr-x  2 0 0 4096 Nov 26 08:59 .
drwxr-xr-x 20 0 0 4096 Nov 26  2025 ..
-rw-r-----+ 1 0 42  900 Nov 26 08:59 shadow
-rw-r--r--. 1 0 0   900 Nov 26 08:59 passwd
`;

/** Readable and writable by others, of a path of a machine whose `ls` says this. */
async function closed(path: string, listing: Awaited<ReturnType<Host['run']>>): Promise<readonly unknown[]> {
  const directory = temporaryDirectory('access-lists');
  chmodSync(directory, 0o755);
  stage(directory, FILES);
  chmodSync(join(directory, 'etc/shadow'), 0o640);
  const real = nodeHost('local', '/', new AbortController().signal, new OpenedSecrets());
  const collected = await collectHost(directory, 'staged', {
    run: async (command, values, secrets) => (command.id === 'ls -la' ? listing : real.run(command, values, secrets)),
  });
  const facts = ofKind(collected, 'host.path')[path]?.facts ?? {};
  return ['readable_by_others', 'writable_by_others'].map((name) => plain(facts[name]));
}

test.each([
  ['a list on the file', '/etc/shadow', { text: LISTING, exit: 0 }, [{ unknown: 'unsupported' }, { unknown: 'unsupported' }]],
  ['a label of SELinux is no list', '/etc/passwd', { text: LISTING, exit: 0 }, [true, false]],
  ['a list on its directory', '/etc/passwd', { text: LISTING.replace('x  2 0', 'x+ 2 0'), exit: 0 }, [true, { unknown: 'unsupported' }]],
  ['a program that hangs', '/etc/passwd', unknown('timed-out', 'ls -la'), [true, { unknown: 'timed-out' }]],
  ['a listing without its name', '/etc/passwd', { text: LISTING.replace(/.*passwd\n/, ''), exit: 1 }, [true, { unknown: 'unparseable' }]],
  ['a listing without its directory', '/etc/passwd', { text: LISTING.replace(/.* \.\n/, ''), exit: 0 }, [true, { unknown: 'unparseable' }]],
  ['an empty listing', '/etc/passwd', { text: '', exit: 0 }, [true, { unknown: 'unparseable' }]],
  ['no such program', '/etc/passwd', 'not-there', [true, { unknown: 'unsupported' }]],
] as const)('%s', async (_name, path, listing, told) => expect(await closed(path, listing)).toEqual(told));
