import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseAptConf } from '../../src/text/apt-conf.ts';

function read(...texts: readonly string[]): { readonly whole: boolean; readonly values: Readonly<Record<string, readonly string[]>> } {
  const into = new Map<string, string[]>();
  const whole = texts.map((text) => parseAptConf(text, into)).every(Boolean);
  return { whole, values: Object.fromEntries(into) };
}

test('names in blocks and in full, lists, comments, and what a later file says', () => {
  expect(
    read(
      '// a\nAPT::Periodic::Enable "1";\nAPT { Get { Assume-Yes "true"; }; Architectures { "amd64"; "arm64"; }; };\n/* APT::Get::Purge "x"; */ # b\n',
      'apt::periodic::enable "0"; Unattended-Upgrade::Origins-Pattern { "label=a"; "label=b"; };\nDPkg::Options:: "--one"; DPkg::Options:: "--two";\n#clear APT::Architectures;\n',
    ),
  ).toEqual({
    whole: true,
    values: {
      'apt::periodic::enable': ['0'],
      'apt::get::assume-yes': ['true'],
      'unattended-upgrade::origins-pattern': ['label=a', 'label=b'],
      'dpkg::options': ['--one', '--two'],
    },
  });
});

test.each(['APT { ', 'APT::Get "x', '}', '/* never closed'])('%s is not whole', (text) => {
  expect(read(text).whole).toBe(false);
});

test('no text makes it throw', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom('APT', '::', '{', '}', ';', '"', '#clear', '//', '/*', '*/', ' ', '\n', 'x')),
      (parts) => void read(parts.join('')),
    ),
  );
});
