import { describe, expect, test } from 'vitest';
import { unknown } from '../../../src/model/fact.ts';
import { ofKind, plain } from '../../support/collect.ts';
import { hostFolder } from '../../support/host-folder.ts';
import { HARDENED_ROOT } from '../../support/host-roots.ts';
import { collectHost, type StagedLook } from '../../support/staged-host.ts';

type Files = Readonly<Record<string, string>>;

/** A fact of a resource of the hardened machine with other files, as one that does not run, or (with `look`) as this one. */
async function factOf(kind: string, id: string, name: string, files: Files, look?: StagedLook): Promise<unknown> {
  const directory = hostFolder({ ...HARDENED_ROOT, ...files });
  const seen = look === undefined ? await collectHost(directory, 'root') : await collectHost(directory, 'staged', look);
  const [resource] = Object.entries(ofKind(seen, kind)).filter(([one]) => id === '' || one === id);
  return plain(resource?.[1].facts[name]);
}

describe('security updates', () => {
  const LISTS = 'var/lib/apt/lists/deb.debian.org_debian-security_dists_bookworm-security';
  const LIST = 'Package: openssl\nArchitecture: amd64\nVersion: 3.0.99\n';
  const release = (size: number): string =>
    `Label: Debian-Security\nCodename: bookworm-security\nSHA256:\n ${'0'.repeat(64)} ${size} main/binary-amd64/Packages\n`;
  const packages = (text: string): Files => ({ [`${LISTS}_main_binary-amd64_Packages`]: text });
  const status = (state: string): string =>
    `Package: openssl\nStatus: install ok ${state}\nArchitecture: amd64\nVersion: 3.0.15-1~deb12u1\n\nPackage: dpkg\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1.21.22\n`;
  test.each<[string, Files, unknown]>([
    ['dpkg’s database is empty', { 'var/lib/dpkg/status': '' }, { unknown: 'unparseable' }],
    ['dpkg’s database is cut off', { 'var/lib/dpkg/status': 'Package: openssl\nStatus: install ok inst' }, { unknown: 'unparseable' }],
    ['dpkg’s database names nothing', { 'var/lib/dpkg/status': '\n\n' }, { unknown: 'unparseable' }],
    ['a package waits for triggers', { 'var/lib/dpkg/status': status('triggers-awaited'), ...packages(LIST) }, ['openssl']],
    ['a package is unpacked', { 'var/lib/dpkg/status': status('unpacked'), ...packages(LIST) }, ['openssl']],
    ['a package is gone', { 'var/lib/dpkg/status': status('config-files'), ...packages(LIST) }, []],
    ['a list is as long as promised', { [`${LISTS}_InRelease`]: release(LIST.length), ...packages(LIST) }, ['openssl']],
    ['a list is empty, and another was promised', { [`${LISTS}_InRelease`]: release(LIST.length), ...packages('') }, ['…']],
    ['a list is shorter', { [`${LISTS}_InRelease`]: release(LIST.length + 1), ...packages(LIST) }, ['…']],
    ['a list ends within a line', packages('Package: openssl\nArchitecture: amd64\nVersi'), ['…']],
  ])('%s', async (_, files, expected) => {
    expect(await factOf('host.os', '', 'pending_security_updates', files)).toEqual(expected);
  });
});
