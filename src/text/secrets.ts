import { CREDENTIAL_SHAPES } from './credential-shapes.ts';

/** What stands where a secret stood. Its length tells nothing about the secret's. */
export const REDACTED = '‹redacted›';

/** A stretch of a text that holds a secret, by offsets. The value itself is never copied out of the source. */
export interface SecretSpan {
  readonly start: number;
  readonly end: number;
  /** What it is called where it stands: a key's name, or the kind of credential. */
  readonly name: string;
  /** It stands in a comment: redacted like any other, and not in force. */
  readonly commented: boolean;
  /** It is a key that a pass phrase encrypts: redacted like any other, and not in the clear. */
  readonly sealed?: true;
}

/**
 * Names that announce a secret as their value, as words joined by `_`. Kept apart from names that only mention one
 * (`password_encryption`, `ssl_password_file`, `ssl_session_ticket_key`, `PasswordAuthentication`). A `key` alone may be a public one,
 * a path or a map's: it counts behind a word that makes it a secret one.
 */
const SECRET_NAME = new RegExp(
  `(?:^|_)(?:${[
    'passwords?',
    'passphrase',
    'passwd',
    'passcode',
    'pass',
    'pwd',
    'pw',
    'secret',
    'secrets?_key_base',
    'token',
    'credentials?',
    'api_?key',
    'apikey',
    // Laravel, Rails, Mastodon, GitLab, WordPress, Airflow, n8n, Azure, Backblaze, Stripe …
    '(?:app|secret|access|auth|private|encryption|encrypt|signing|sign|signature|master|service_role|hmac|jwt|fernet|cipher|crypto|cookie|shared|pre_?shared|account|storage|admin|logged_in|nonce|secure_auth|webhook|deterministic|encryption_primary|db|otp)_key(?:_base)?',
    'key_(?:secret|base)',
    '(?:auth|secure_auth|logged_in|nonce|derivation|key_derivation|hash|password|app|secret)_salt',
    '(?:erlang|rabbitmq_erlang)_cookie',
    's3_key',
    'psk',
    'requirepass',
    'masterauth',
    'primaryauth',
    'masterpass',
    'pgpassword',
    'ldapbindpasswd',
    'radiussecrets',
    'bindpw',
    'rediscli_auth',
  ].join('|')})_?\\d{0,3}$`,
);
/** Names that hold a path, a switch or a policy instead, and what is sent to every browser anyway. */
const NOT_SECRET_NAME =
  /(?:^|_)(?:file|path|command|encryption|hash_type|policy|authentication)$|^(?:next_public|vite|react_app|nuxt_public)_|(?:^|_)pusher_app_key$/;

/** `dbPassword`, `DB-PASSWORD`, `spring.datasource.password` and `AIRFLOW__CORE__FERNET_KEY` as words joined by `_`. */
function wordsOf(name: string): string {
  return name
    .replaceAll(/([a-z\d])([A-Z])/g, '$1_$2')
    .replaceAll(/([A-Z]+)([A-Z][a-z])/g, '$1_$2')
    .replaceAll(/[^A-Za-z\d]+/g, '_')
    .toLowerCase();
}

/** A value that refers to a secret kept elsewhere, or is plainly not one. */
const REFERENCE =
  /^(?:\$[A-Za-z_]\w*|\$\(.*\)|\$\{\{.*\}\}|\{\{.*\}\}|\{%.*%\}|<%.*%>|<[^<>]*>|%\(\w+\)[sd]|%[A-Za-z_]\w*%|@[A-Za-z][\w.]*@|__[A-Z][A-Z\d_]*__|\/run\/secrets\/.*|file:.*|vault:.*|env:.*|!vault.*|true|false|yes|no|on|off|null|none|nil|nopass|\*+|x{3,}|\[[^"']*\]|\{[\w.:-]*\}|(?:\$\{\w+\}|\$[A-Za-z_]\w*|[-_.:/]){2,20})$/is;
/** A file that holds it. */
const PATH =
  /^(?:\/(?:etc|run|var|opt|usr|home|root|mnt|srv|tmp|secrets?|certs?|keys?|app|data|config)\/[\w./@-]+|(?:~|\.{1,2})?\/?[\w./@-]{1,200}\.(?:key|pem|p8|p12|pfx|jks|crt|der|json|txt))$/;

/** `${NAME}` with what Compose and shells do where it is empty: `:-` and `=` give a value, `:?` a message, `+` another one. */
const EXPANSION = /^\$\{[A-Za-z_]\w*(?:(:?[-=+?])([^]*))?\}$/;

const ASSIGNMENT =
  /([A-Za-z_][\w.-]{0,80})(["']?[ \t]{0,8}[:=][ \t]{0,8})(?:"((?:[^"\\\n]|\\.){1,1024})"|'([^'\n]{1,1024})'|(\$\{[^{}\n]{0,200}\}[^\s"';,]{0,200}|[^\s"'#;,][^\s"';,]{0,511}))/g;

/** PKCS#8 says it in its label, older keys in a header (RFC 1421 4.6.1.1). */
const SEALED = /^-----BEGIN ENCRYPTED |^-----BEGIN [A-Z ]{0,24}PRIVATE KEY-----\s+Proc-Type: 4,ENCRYPTED/;

/** Does a key of this name hold a secret as its value? */
export function isSecretName(name: string): boolean {
  const words = wordsOf(name);
  return SECRET_NAME.test(words) && !NOT_SECRET_NAME.test(words);
}

/** Does the value point elsewhere (a variable, a mounted secret, a vault) or say nothing? A default in the clear points nowhere. */
export function isReference(value: string): boolean {
  if (value.length < 3) return true;
  const [, operator, alternative = ''] = EXPANSION.exec(value) ?? [];
  if (operator !== undefined) return !/[-=]$/.test(operator) || isReference(alternative);
  return REFERENCE.test(value) || EXPANSION.test(value) || PATH.test(value);
}

/**
 * Every stretch of `text` that holds a secret in the clear, in order, by generic signs: a name that announces one,
 * or a value of a known credential's shape. Each pattern is bounded, so hostile text costs linear time.
 */
export function findSecrets(text: string): readonly SecretSpan[] {
  const spans: SecretSpan[] = [];
  const assignment = new RegExp(ASSIGNMENT);
  for (let match = assignment.exec(text); match !== null; match = assignment.exec(text)) {
    const [whole, name = '', sign = '', double, single, bare = ''] = match;
    const value = double ?? single ?? bare;
    const inExpansion = text.startsWith('${', match.index - 2);
    if (!isSecretName(name) || isReference(value) || inExpansion) {
      // A value may hold assignments of its own: primary_conninfo = 'host=db password=…'.
      assignment.lastIndex = match.index + name.length + (inExpansion ? 0 : sign.length);
      if (!inExpansion && bare.startsWith('${')) assignment.lastIndex = match.index + whole.length;
      continue;
    }
    const start = match.index + whole.length - value.length - (match[5] === undefined ? 1 : 0);
    const end = start + value.length + (match[5] === undefined ? 0 : restOfValue(text, start + value.length));
    spans.push({ start, end, name, commented: isCommented(text, match.index) });
    assignment.lastIndex = Math.max(assignment.lastIndex, end);
  }
  let all: readonly SecretSpan[] = spans;
  for (const { name, pattern, group, sealed } of CREDENTIAL_SHAPES) {
    const found: SecretSpan[] = [];
    let next = 0; // both lists are in order: each is gone through once
    for (const match of text.matchAll(pattern)) {
      // Of alternatives in quotes and without, the one that is there.
      const value = match[group] ?? match.slice(group + 1).find((one) => one !== undefined) ?? '';
      const called = name ?? match[1] ?? '';
      // A hash begins like a variable: `$y$…`.
      if ((sealed !== true && isReference(value)) || (name === undefined && !isSecretName(called))) continue;
      const start = match.index + match[0].lastIndexOf(value);
      while ((all[next]?.end ?? Infinity) <= start) next += 1;
      if ((all[next]?.start ?? Infinity) < start + value.length) continue;
      const span = { start, end: start + value.length, name: called, commented: isCommented(text, start) };
      found.push(sealed === true || SEALED.test(match[0].slice(0, 200)) ? { ...span, sealed: true } : span);
    }
    if (found.length > 0) all = [...all, ...found].toSorted((a, b) => a.start - b.start);
  }
  return all;
}

/** A text with what is secret in it replaced. */
export function withoutSecrets(text: string): string {
  let rest = '';
  let at = 0;
  for (const { start, end } of findSecrets(text)) {
    rest += text.slice(at, Math.max(at, start)) + REDACTED;
    at = Math.max(at, end);
  }
  return rest + text.slice(at);
}

/**
 * How much more of a word belongs to a value that was cut at a sign which may end one: all of it, unless another assignment
 * begins there (`password=a;user=b`).
 */
function restOfValue(text: string, from: number): number {
  const rest = /^[^\s]{0,512}/.exec(text.slice(from, from + 512))?.[0] ?? '';
  return /^[;,"'][^\s"')\]}]/.test(rest) && !/[:=]/.test(rest) ? rest.replace(/[)\]}"',;]+$/, '').length : 0;
}

/** How far back a line's start is looked for: beyond that, a secret counts as in force. */
const MAX_LOOK_BACK = 65_536;

/** Does the line begin with a comment sign? */
export function isCommented(text: string, offset: number): boolean {
  const before = text.slice(Math.max(0, offset - MAX_LOOK_BACK), offset);
  if (before.length === MAX_LOOK_BACK && !before.includes('\n')) return false;
  return /^[ \t]*[#;]/.test(before.slice(before.lastIndexOf('\n') + 1));
}
