import { expect, test } from 'vitest';
import { hostAddressOf } from '../../src/collect/inside-address.ts';
import { targetOf } from '../../src/collect/target-address.ts';

test.each([
  ['host:local', { kind: 'host', id: 'localhost' }],
  ['root:/mnt/image', { kind: 'host', id: 'root:/mnt/image' }],
  ['ssh://audit@10.0.0.5:2222', { kind: 'host', id: 'audit@10.0.0.5:2222' }],
  ['postgres://audit@db/ledger', { kind: 'postgres', id: 'db:5432/ledger' }],
  ['mariadb://db', { kind: 'mysql', id: 'db:3306' }],
  ['redis://[::1]', { kind: 'redis', id: '[::1]:6379' }],
  ['ldaps://directory', { kind: 'tls', id: 'directory:636' }],
  ['postgres+starttls://db', { kind: 'tls', id: 'db:5432' }],
  ['./deploy/', { kind: 'files', id: 'deploy' }],
])('%s on the command line', (text, expected) => {
  expect(targetOf(text)).toEqual(expected);
});

test.each(['postgres://audit:hunter2@db/ledger', 'redis://:hunter2@cache', 'ssh://-oProxyCommand=x@host', 'ssh://u@-oX', 'ssh://a b@h'])(
  '%s is refused, and not repeated',
  (text) => {
    const named = targetOf(text);
    expect(named).toHaveProperty('problem');
    expect(JSON.stringify(named)).not.toContain('hunter2');
  },
);

test.each([
  ['local', { form: 'local' }],
  ['root:./image', { form: 'root', directory: './image' }],
  ['audit@10.0.0.5', { form: 'ssh', user: 'audit', host: '10.0.0.5', port: 22 }],
  ['ssh://audit@[2001:db8::5]:22', { form: 'ssh', user: 'audit', host: '2001:db8::5', port: 22 }],
])('host: %s', (text, expected) => {
  expect(hostAddressOf(text)).toEqual(expected);
});

test.each(['', 'remote', 'root:', 'ssh://host', 'ssh://u@h:0', 'ssh://u@h:70000', 'u@h -oX', 'u;x@h', 'u@h;x', '-x@h'])(
  'host: "%s" is none',
  (text) => {
    expect(hostAddressOf(text)).toHaveProperty('problem');
  },
);
