import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ipText } from '../../src/x509/general-name.ts';
import { matchesHost } from '../../src/x509/name-match.ts';
import { ipBytes } from '../../src/model/ip-address.ts';

const dns = (...names: readonly string[]) => ({ dns: names, ips: [] });

test.each([
  ['pay.example.com', 'pay.example.com', true],
  ['PAY.example.com.', 'pay.example.com', true],
  ['pay.example.com', '*.example.com', true],
  ['a.pay.example.com', '*.example.com', false],
  ['example.com', '*.example.com', false],
  ['pay.example.com', 'p*.example.com', false],
  ['pay.example.com', '*.*.com', false],
  ['pay.com', '*.com', false],
  ['pay.example.com', '*', false],
  ['支付.example.com', 'xn--9kqv4h.example.com', false],
  ['bücher.example', 'xn--bcher-kva.example', true],
  ['xn--bcher-kva.example', '*.example', false],
  ['pay_1.example.com', '*.example.com', true],
  ['', 'pay.example.com', false],
  ['.example.com', '*.example.com', false],
])('%s against %s: %s', (host, name, expected) => {
  expect(matchesHost(host, dns(name))).toBe(expected);
});

test('addresses are compared with addresses only, whatever way they are written', () => {
  expect(matchesHost('10.0.0.1', dns('10.0.0.1'))).toBe(false);
  expect(matchesHost('10.0.0.1', { dns: [], ips: ['10.0.0.1'] })).toBe(true);
  expect(matchesHost('[2001:DB8::1]', { dns: [], ips: ['2001:db8::1'] })).toBe(true);
  expect(matchesHost('2001:db8:0:0:0:0:0:1', { dns: [], ips: ['2001:db8::1'] })).toBe(true);
  expect(matchesHost('::ffff:10.0.0.1', { dns: [], ips: ['10.0.0.1'] })).toBe(false);
  expect(matchesHost('10.0.0.1', dns('*.0.0.1'))).toBe(false);
});

test('octets to text and back', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (octets) => {
      expect(ipBytes(ipText(octets) ?? '')).toEqual([...octets]);
    }),
  );
  expect(ipText(new Uint8Array(16))).toBe('::');
});

test('no host and no name makes it throw', () => {
  fc.assert(fc.property(fc.string(), fc.string(), (host, name) => void matchesHost(host, dns(name))));
});
