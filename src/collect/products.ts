/** Products whose versions settle defaults: what `versions:` and `--product` may name. A test holds it to what collectors ask for. */
export const PRODUCTS: readonly string[] = [
  'auditd',
  'barman',
  'borgmatic',
  'docker',
  'haproxy',
  'logrotate',
  'nginx',
  'openssh',
  'openssl',
  'pgbackrest',
  'postgresql',
  'redis',
  'resticprofile',
  'rsyslog',
];
