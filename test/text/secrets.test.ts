import { describe, expect, test } from 'vitest';
import { findSecrets, isReference, isSecretName, REDACTED, withoutSecrets } from '../../src/text/secrets.ts';

const found = (text: string): readonly string[] => findSecrets(text).map(({ name, start, end }) => `${name}=${text.slice(start, end)}`);

describe('names', () => {
  test.each([
    'POSTGRES_PASSWORD',
    'RequirePass',
    'tls-key-file-pass',
    'SECRET_KEY_BASE', // Rails, Mastodon
    'OTP_SECRET',
    'VAPID_PRIVATE_KEY',
    'ACTIVE_RECORD_ENCRYPTION_DETERMINISTIC_KEY',
    'ACTIVE_RECORD_ENCRYPTION_PRIMARY_KEY',
    'ACTIVE_RECORD_ENCRYPTION_KEY_DERIVATION_SALT',
    'GITLAB_SECRETS_DB_KEY_BASE',
    'APP_KEY', // Laravel
    'DJANGO_SECRET_KEY',
    'N8N_ENCRYPTION_KEY',
    'AIRFLOW__CORE__FERNET_KEY',
    'WORDPRESS_LOGGED_IN_KEY',
    'WORDPRESS_AUTH_SALT',
    'AZURE_STORAGE_KEY',
    'RABBITMQ_ERLANG_COOKIE',
    'spring.datasource.password',
    'dbPassword',
    'clientSecret',
    'HASURA_GRAPHQL_JWT_SECRET',
    'registration_shared_secret',
    'DB_PASS',
    'AWS_SECRET_ACCESS_KEY',
    'DB_PASSWORD_2',
  ])('%s announces a secret', (name) => expect(isSecretName(name)).toBe(true));
  test.each([
    'password_encryption',
    'POSTGRES_PASSWORD_FILE',
    'ssl_passphrase_command',
    'PasswordAuthentication',
    'primary_key',
    'ssl_session_ticket_key',
    'NEXT_PUBLIC_API_KEY',
    'compass',
    'secretName',
    'max_tokens',
    'AWS_ACCESS_KEY_ID',
  ])('%s does not', (name) => expect(isSecretName(name)).toBe(false));
});

describe('values', () => {
  test.each([
    '${DB_PASSWORD}',
    '${DB_PASSWORD:?must be set}',
    '${DB_PASSWORD:-}',
    '${DB_PASSWORD:-${OTHER}}',
    '$DB_PASSWORD',
    '${A}-${B}',
    '{{ redis_requirepass }}',
    '<%= password %>',
    '@REDIS_PASSWORD@',
    '__REDIS_PASSWORD__',
    '/run/secrets/db',
    '/etc/custody/signing.key',
  ])('%s points elsewhere', (value) => expect(isReference(value)).toBe(true));
  test.each(['${DB_PASSWORD:-hunter2}', '${DB_PASSWORD-hunter2}', '$ecret!Word', '{"type":"HS256","key":"abcdefgh"}', 'base64:AAECAwQF'])(
    '%s stands in the clear',
    (value) => expect(isReference(value)).toBe(false),
  );
});

describe('texts', () => {
  test('a variable that must be set is no secret, its message neither', () => {
    expect(found('DB_PASSWORD: ${DB_PASSWORD:?must be set}\nurl: postgres://u:${DB_PASSWORD:?it must}@db/x\n')).toEqual([]);
  });
  test('a default in the clear is one', () => {
    expect(found('x: ${DB_PASSWORD:-hunter2}\n')).toEqual(['DB_PASSWORD=hunter2']);
  });
  test('the whole value: quotes inside of quotes, and signs that may end one', () => {
    expect(found('password: "a\\"b c"\n')).toEqual(['password=a\\"b c']);
    expect(found('password=abc,def;ghi next\n')).toEqual(['password=abc,def;ghi']);
    expect(found('password=abc;user=x\n')).toEqual(['password=abc']);
    expect(found(`password="${'z'.repeat(900)}"\n`)).toEqual([`password=${'z'.repeat(900)}`]);
  });
  test('assignments inside of a value', () => {
    expect(found("primary_conninfo = 'host=db password=sekret'\n")).toEqual(['password=sekret']);
  });
  test('shapes of credentials, whatever their name', () => {
    expect(found('u: postgres://app:hunter2@db/ledger\nk: AKIAABCDEFGHIJKLMNOP\n')).toEqual([
      'password in URL=hunter2',
      'AWS access key=AKIAABCDEFGHIJKLMNOP',
    ]);
  });
  test.each([
    ['curl -sS -H "Authorization: Bearer c4nary-tok" https://x', 'c4nary-tok'],
    ['httpheaders=["Authorization: Bearer c4nary"]', 'c4nary'],
    ['curl -fsu backup:c4nary https://x', 'c4nary'],
    [String.raw`/usr/bin/curl -u backup\:c4nary https\://x`, 'c4nary'],
    ['mysqldump -uroot -pc4nary --all-databases', 'c4nary'],
    ["sshpass -p 'c4nary' scp a b", 'c4nary'],
    ['echo c4nary | /usr/bin/restic -r /srv backup /', 'c4nary'],
    ['echo "two words" | sudo -S id', 'two words'],
    ['restic --password-command "echo c4nary" backup', 'c4nary'],
    ['openssl enc -aes-256-cbc -k c4nary -in x', 'c4nary'],
    ['openssl rsa -passin pass:c4nary', 'c4nary'],
    ['gpg --batch --passphrase c4nary -c x', 'c4nary'],
    ['redis-server --requirepass c4nary', 'c4nary'],
    ['redis-cli -a c4nary info', 'c4nary'],
    ['ldapsearch -D cn=admin -w c4nary', 'c4nary'],
    ['zip -P c4nary a.zip b', 'c4nary'],
    ['alice:$y$j9T$c4narysalt$FNMBc4naryhashc4naryhash:19000:0:', '$y$j9T$c4narysalt$FNMBc4naryhashc4naryhash'],
    ['admin $2y$05$c4naryc4naryc4naryc4na', '$2y$05$c4naryc4naryc4naryc4na'],
    ['userPassword: {SSHA}c4naryc4naryc4nary==', '{SSHA}c4naryc4naryc4nary=='],
  ])('on command lines, in headers, and hashes: %s', (text, secret) => {
    const spans = findSecrets(text);
    expect(spans.map(({ start, end }) => text.slice(start, end))).toEqual([secret]);
    expect(withoutSecrets(text)).toBe(text.replace(secret, REDACTED));
  });
  test.each([
    'rsync -u backup:/srv /srv',
    'docker run --user 1000:1000 x',
    'pg_dump --no-password ledger',
    'mysqldump -p --all-databases',
    'mysqldump --port 3306 -h db',
    'restic --password-file /etc/restic/pass backup',
    'curl -u "$CREDENTIALS" https://x',
    'curl -H "Authorization: Bearer ${TOKEN}" https://x',
    'echo done | mail root',
    'rewrite ^/(.*)/(.*)$ /$1$2 last;',
    'proxy_set_header Authorization $http_authorization;',
    'add_header Access-Control-Allow-Headers "Authorization, X-Api-Key";',
  ])('and nothing of these: %s', (text) => expect(found(text)).toEqual([]));
  test('in order, without overlap, and quick on a hostile text', () => {
    const hostile = `${'password="'.repeat(20_000)}\n${'${A_PASSWORD:-'.repeat(20_000)}`;
    const begun = performance.now();
    const spans = findSecrets(hostile);
    expect(performance.now() - begun).toBeLessThan(5_000);
    for (const [index, span] of spans.entries()) expect(span.start).toBeGreaterThanOrEqual(spans[index - 1]?.end ?? 0);
  });
});
