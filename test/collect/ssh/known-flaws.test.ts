import { describe, expect, test } from 'vitest';
import { knownFlaws, softwareOfBanner, strictKeyExchange } from '../../../src/collect/ssh/known-flaws.ts';
import type { Origin } from '../../../src/model/fact.ts';

const AT: Origin = { kind: 'wire', target: 't', exchange: 'identification' };

/** Names of flaws, and why there may be more. */
function flaws(banner: string): readonly [readonly unknown[], readonly string[]] {
  const { value, open = [] } = knownFlaws(softwareOfBanner(banner), AT);
  return [value.map((one) => (one.state === 'known' ? one.value : one.state)), open.map(({ detail }) => detail)];
}

describe('known flaws', () => {
  test.each<[string, readonly string[], readonly string[]]>([
    ['SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u2', ['CVE-2024-6387'], ['OpenSSH 9.2p1']],
    ['SSH-2.0-OpenSSH_9.2p1 Debian-2', ['CVE-2024-6387'], ['OpenSSH 9.2p1']],
    ['SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3', [], ['OpenSSH 9.2p1']],
    ['SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3~bpo11+1', [], ['OpenSSH 9.2p1']],
    // Whoever changed a distribution's package may have mended it.
    ['SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u2+acme1', [], ['OpenSSH 9.2p1', 'CVE-2024-6387']],
    ['SSH-2.0-OpenSSH_8.9p1 Ubuntu-3ubuntu0.7', ['CVE-2024-6387'], ['OpenSSH 8.9p1']],
    ['SSH-2.0-OpenSSH_8.9p1 Ubuntu-3ubuntu0.10', [], ['OpenSSH 8.9p1']],
    ['SSH-2.0-OpenSSH_9.6p1 Ubuntu-3ubuntu13', ['CVE-2024-6387'], ['OpenSSH 9.6p1']],
    ['SSH-2.0-OpenSSH_9.6p1 Ubuntu-3ubuntu13.14', [], ['OpenSSH 9.6p1']],
    // A revision of another version is none of this one.
    ['SSH-2.0-OpenSSH_9.3p1 Ubuntu-3ubuntu13.14', [], ['OpenSSH 9.3p1', 'CVE-2024-6387']],
    ['SSH-2.0-OpenSSH_9.7', [], ['OpenSSH 9.7', 'CVE-2024-6387']],
    ['SSH-2.0-OpenSSH_9.1', [], ['OpenSSH 9.1', 'CVE-2024-6387', 'CVE-2023-25136']],
    ['SSH-2.0-OpenSSH_7.2p2', [], ['OpenSSH 7.2p2']],
    ['SSH-2.0-OpenSSH_10.6p1', [], ['OpenSSH 10.6p1']],
    ['SSH-2.0-OpenSSH_11.0', [], ['OpenSSH 11.0']],
    ['SSH-2.0-OpenSSH_for_Windows_9.5', [], ['OpenSSH_for_Windows_9.5']],
    ['SSH-2.0-libssh_0.8.1', [], ['libssh 0.8.1', 'CVE-2018-10933']],
    ['SSH-2.0-libssh_0.8.4', [], ['libssh 0.8.4']],
    ['SSH-2.0-dropbear_2022.83', [], ['dropbear 2022.83']],
    ['SSH-2.0-Erlang/5.2.9', [], ['Erlang 5.2.9', 'CVE-2025-32433']],
    ['SSH-2.0-Cisco-1.25', [], ['Cisco 1.25']],
    ['SSH-2.0-OpenSSH', [], ['OpenSSH', 'CVE-2024-6387', 'CVE-2023-25136']],
    ['SSH-2.0-', [], ['']],
  ])('%s', (banner, found, open) => {
    const [names, details] = flaws(banner);
    expect(names).toEqual(found);
    expect(details.map((detail) => detail.replace(/: .*$/, ''))).toEqual(open);
  });
  test('an older version has more than are known here', () => {
    expect(flaws('SSH-2.0-OpenSSH_7.2p2')[1]).toEqual(['OpenSSH 7.2p2: its flaws are not all known here']);
  });
});

test.each<[string, unknown]>([
  ['OpenSSH_9.6p1 Ubuntu-3ubuntu13', true],
  ['OpenSSH_9.2p1 Debian-2+deb12u2', true],
  ['OpenSSH_9.2p1 Debian-2+deb12u1', false],
  ['OpenSSH_8.4p1 Debian-5+deb11u3', 'unknown'],
  ['OpenSSH_9.5', 'unknown'],
  ['dropbear_2022.83', 'unknown'],
])('strict key exchange of %s', (banner, expected) => {
  const fact = strictKeyExchange(softwareOfBanner(banner), AT);
  expect(fact.state === 'known' ? fact.value : fact.state).toBe(expected);
});
