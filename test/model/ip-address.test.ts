import { isIP, SocketAddress } from 'node:net';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ipBytes, ipVersion } from '../../src/model/ip-address.ts';

/** Texts near to addresses: pieces that belong into one, in any order. */
const almost = fc
  .array(
    fc.oneof(
      fc.constantFrom(':', '::', '.', '0', '00', '1', '255', '256', 'ffff', 'g', '%', '%eth0', '/64', ' ', '-', '[', ']', 'fe80', '12345'),
      fc.stringMatching(/^[0-9a-f]{1,4}$/),
      fc.nat(300).map(String),
    ),
    { maxLength: 18 },
  )
  .map((parts) => parts.join(''));

test('says what node:net says, of addresses, of what is near to one and of any text', () => {
  fc.assert(
    fc.property(fc.oneof(fc.ipV4(), fc.ipV6(), almost, fc.string()), (text) => {
      // A zone is left out here, whatever it says; node looks at its characters.
      fc.pre(!text.includes('%'));
      expect(ipVersion(text)).toBe(isIP(text));
    }),
    { numRuns: 20_000 },
  );
});

test.each([
  ['127.0.0.1', 4],
  ['01.2.3.4', 0],
  ['1.2.3', 0],
  ['1.2.3.4.5', 0],
  ['256.1.1.1', 0],
  ['0x7f.1.1.1', 0],
  ['2130706433', 0],
  ['::', 6],
  [':::', 0],
  ['1::2::3', 0],
  ['1:2:3:4:5:6:7:8', 6],
  ['1:2:3:4:5:6:7', 0],
  ['1:2:3:4:5:6:7::', 6],
  ['::1:2:3:4:5:6:7:8', 0],
  ['::ffff:1.2.3.4', 6],
  ['1.2.3.4::', 0],
  ['::1.2.3.4:5', 0],
  ['fe80::1%eth0', 6],
  ['[::1]', 0],
  ['', 0],
] as const)('%s is of version %i', (text, version) => {
  expect(ipVersion(text)).toBe(version);
});

test('gives the bytes that the address has', () => {
  fc.assert(
    fc.property(fc.ipV4(), (text) => {
      expect(ipBytes(text)?.join('.')).toBe(text);
    }),
  );
  fc.assert(
    fc.property(fc.ipV6(), (text) => {
      const bytes = ipBytes(text) ?? [];
      expect(bytes.length).toBe(16);
      const words = Array.from({ length: 8 }, (_, index) => (((bytes[2 * index] ?? 0) << 8) | (bytes[2 * index + 1] ?? 0)).toString(16));
      const normal = (address: string): string => new SocketAddress({ address, family: 'ipv6' }).address;
      expect(normal(words.join(':'))).toBe(normal(text));
    }),
  );
});
