import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { guarded } from '../../../src/collect/address.ts';
import { proxyOf } from '../../../src/collect/proxy-option.ts';
import { targetOf } from '../../../src/collect/target-address.ts';
import { authorityOf, placeOf, STARTTLS } from '../../../src/collect/tls/place.ts';

describe('a place', () => {
  test.each([
    ['example.com', { host: 'example.com', port: 443, service: 'tls' }],
    ['example.com:8443', { host: 'example.com', port: 8443, service: 'tls' }],
    ['EXAMPLE.com.', { host: 'EXAMPLE.com.', port: 443 }],
    ['_dmarc.example.com', { host: '_dmarc.example.com' }],
    ['192.0.2.1:1', { host: '192.0.2.1', port: 1 }],
    ['[2001:db8::1]', { host: '2001:db8::1', port: 443 }],
    ['[2001:db8::1]:65535', { host: '2001:db8::1', port: 65535 }],
    ['[fe80::1%eth0]:443', { host: 'fe80::1%eth0' }],
    ['https://example.com/a/b?c#d', { host: 'example.com', port: 443, service: 'https' }],
    ['HTTPS://example.com:444', { port: 444, service: 'https' }],
    ['tlcp://example.com', { port: 443, service: 'tlcp' }],
    ['smtps://mail.example', { port: 465, service: 'smtps' }],
    ['smtp+starttls://mail.example', { port: 25, service: 'smtp', dialect: 'smtp' }],
    ['submission+starttls://mail.example:1587', { port: 1587, dialect: 'submission' }],
    ['postgres://db', { port: 5432, dialect: 'postgres' }],
    ['mysql+starttls://db', { port: 3306, dialect: 'mysql' }],
    ['rdp://desk', { port: 3389, dialect: 'rdp' }],
  ])('%s', (text, place) => {
    expect(placeOf(text)).toMatchObject(place);
  });

  test.each([
    '',
    ':443',
    'example.com:',
    'example.com:0',
    'example.com:65536',
    'example.com:123456',
    'user:pw@example.com',
    'https://user@example.com',
    '2001:db8::1',
    '[2001:db8::1',
    '[1.2.3.4]',
    '[example.com]',
    'exa mple.com',
    '-a.example',
    'a..example',
    'a\nb',
    'a\r\nRCPT TO:',
    "a'b",
    'ftp://host',
    'smtp://host',
    'ssh://host',
    'https+starttls://host',
    'file:///etc/passwd',
    'a'.repeat(254),
  ])('%j is none', (text) => {
    expect(placeOf(text)).toHaveProperty('problem');
  });

  test('whatever the text, what is taken for a host can stand in a request of any protocol', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.webUrl(),
          fc.domain(),
          fc.ipV6().map((ip) => `[${ip}]:1`),
        ),
        (text) => {
          const place = placeOf(text);
          if ('problem' in place) return;
          expect(place.host).toMatch(/^[\w.:%-]+$/);
          expect(place.port).toBeGreaterThan(0);
          expect(place.port).toBeLessThan(65_536);
          expect(placeOf(`tls://${authorityOf(place)}`)).toMatchObject({ host: place.host, port: place.port });
        },
      ),
      { numRuns: 2_000 },
    );
  });

  test('each protocol with STARTTLS has its port', () => {
    for (const dialect of STARTTLS) expect(placeOf(`${dialect}+starttls://h`)).toMatchObject({ dialect });
  });
});

describe('a word of the command line', () => {
  test.each([
    ['.', { kind: 'files', id: '.' }],
    ['./conf/', { kind: 'files', id: 'conf' }],
    ['/', { kind: 'files', id: '/' }],
    ['C:\\conf', { kind: 'files', id: 'C:\\conf' }],
    ['example.com:443', { kind: 'files', id: 'example.com:443' }],
    ['https://example.com', { kind: 'https', id: 'example.com' }],
    ['https://example.com:443/x', { kind: 'https', id: 'example.com:443' }],
    ['http://example.com', { kind: 'http', id: 'example.com' }],
    ['http://example.com:8080', { kind: 'http', id: 'example.com:8080' }],
    ['tls://example.com', { kind: 'tls', id: 'example.com:443' }],
  ])('%s', (text, target) => {
    expect(targetOf(text)).toEqual(target);
  });

  test.each(['https://', 'https://a@b', 'gopher://x', 'http://x:0'])('%s names nothing', (text) => {
    expect(targetOf(text)).toHaveProperty('problem');
  });

  test('a target’s id, with its kind, leads back to it', () => {
    const scheme = fc.constantFrom('https', 'http', 'tls');
    fc.assert(
      fc.property(
        scheme,
        fc.oneof(
          fc.domain(),
          fc.ipV4(),
          fc.ipV6().map((ip) => `[${ip}]`),
        ),
        fc.option(fc.integer({ min: 1, max: 65535 })),
        (scheme, host, port) => {
          const first = targetOf(`${scheme}://${host}${port === null ? '' : `:${port}`}/`);
          if ('problem' in first) throw new Error(first.problem);
          expect(targetOf(`${first.kind}://${first.id}`)).toEqual(first);
        },
      ),
    );
  });
});

describe('a proxy', () => {
  test.each([
    ['http://proxy:3128', { kind: 'http', host: 'proxy', port: 3128 }],
    ['http://proxy', { kind: 'http', host: 'proxy', port: 80 }],
    ['http://proxy/', { kind: 'http', host: 'proxy', port: 80 }],
    ['socks5://127.0.0.1', { kind: 'socks5', host: '127.0.0.1', port: 1080 }],
    ['socks5://[::1]:9050', { kind: 'socks5', host: '::1', port: 9050 }],
  ])('%s', (text, proxy) => {
    expect(proxyOf(text)).toEqual(proxy);
  });

  test.each([
    '',
    'proxy:3128',
    'https://proxy',
    'socks4://p',
    'http://u:p@proxy',
    'http://:pw@proxy',
    'http://proxy/path',
    'http://proxy?x',
    'http://',
  ])('%s is none', (text) => {
    expect(proxyOf(text)).toHaveProperty('problem');
  });
});

describe('addresses that a name must not lead to', () => {
  test.each([
    '169.254.169.254',
    '169.254.0.1',
    '100.100.100.200',
    '168.63.129.16',
    '192.0.0.192',
    'fe80::1',
    'febf::1',
    'fe80::1%eth0',
    'fd00:ec2::254',
    'fd20:ce::254',
    '::ffff:169.254.169.254',
    '::ffff:a9fe:a9fe',
    '::169.254.169.254',
    '64:ff9b::169.254.169.254',
    '2002:a9fe:a9fe::1',
  ])('%s, unless it was named', (address) => {
    expect(guarded(address, 'metadata.example')).toMatchObject({ cause: 'refused' });
    expect(guarded(address, address)).toBeUndefined();
    expect(guarded(address, `[${address}]`)).toBeUndefined();
  });

  test.each([
    '127.0.0.1',
    '10.0.0.1',
    '169.253.255.255',
    '169.255.0.0',
    '100.100.100.201',
    '::1',
    'fec0::1',
    'fe00::1',
    '2001:db8::1',
    '::ffff:10.0.0.1',
  ])('%s is not one', (address) => {
    expect(guarded(address, 'host.example')).toBeUndefined();
  });
});
