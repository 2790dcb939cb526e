import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SourceText } from '../../src/text/source-text.ts';
import { parseXml } from '../../src/text/xml.ts';

const parse = (text: string) => parseXml(new SourceText('zone.xml', text));

test('elements, attributes and their places', () => {
  const text =
    '<?xml version="1.0"?>\n<!-- a <zone> --><zone target="DROP">\n <short>a &lt; b</short>\n <port protocol=\'tcp\' port="22"/>\n</zone>\n';
  expect(parse(text)).toEqual({
    root: {
      name: 'zone',
      attributes: { target: 'DROP' },
      start: text.indexOf('<zone target'),
      end: text.length - 1,
      children: [
        { name: 'short', attributes: {}, children: [], start: text.indexOf('<short>'), end: text.indexOf('</short>') + 8 },
        {
          name: 'port',
          attributes: { protocol: 'tcp', port: '22' },
          children: [],
          start: text.indexOf('<port'),
          end: text.indexOf('/>') + 2,
        },
      ],
    },
  });
});

test.each([
  ['<!DOCTYPE zone [<!ENTITY a "b">]><zone/>', 'a DOCTYPE'],
  ['<zone><!ENTITY a "b"></zone>', 'a DOCTYPE'],
  ['<zone>', 'ends early'],
  ['<zone></rule>', '</rule>'],
  ['<zone a="1" a="2"/>', 'a twice'],
  ['<zone/><zone/>', 'more than one root'],
  ['text<zone/>', 'text outside of the root'],
  ['<zone a=1/>', '<zone>'],
  ['<!-- never closed', 'ends early'],
  ['', 'ends early'],
  ['<a>'.repeat(65) + '</a>'.repeat(65), 'deeper than 64'],
])('%s is refused', (text, problem) => {
  expect(parse(text)).toMatchObject({ problem });
});

test('no text makes it throw', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom('<', '>', '/', 'a', '=', '"', ' ', '!', '-', '?', '&lt;', '__proto__', '\n')),
      (parts) => void parse(parts.join('')),
    ),
  );
});
