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
 * Names that announce a secret as their value. Kept apart from names that only mention one
 * (`password_encryption`, `ssl_password_file`, `ssl_session_ticket_key`, `PasswordAuthentication`).
 */
const SECRET_NAME =
  /(?:^|[_.-])(?:password|passwd|passphrase|pwd|secret|secret[_-]?key|token|api[_-]?key|apikey|access[_-]?key|auth[_-]?key|private[_-]?key|client[_-]?secret|credential|requirepass|masterauth|masterpass|sentinel-pass|cipher-pass|cipher_pass|key-secret|s3-key|encryption_passphrase|encryption_key|signing_key|jwt_secret|pass|pgpassword|ldapbindpasswd|radiussecrets|bindpw|mysql_pwd|rediscli_auth)$/i;

/** Names that look like the above and hold a path, a switch or a policy instead. */
const NOT_SECRET_NAME = /(?:_file|-file|_command|_path|_encryption|_hash_type|_policy|authentication)$/i;

/** A value that refers to a secret kept elsewhere, or is plainly not one. */
const REFERENCE =
  /^(?:\$\{?[A-Za-z_][\w:?-]*.*|\{\{.*\}\}|<[^>]*>|%\(.*|@.*@|\/run\/secrets\/.*|file:.*|vault:.*|env:.*|!vault.*|true|false|yes|no|on|off|null|none|nil|nopass|\*+|x{3,}|\[.*\]|\{.*\})$/i;

const ASSIGNMENT =
  /([A-Za-z_][\w.-]{0,80})(["']?[ \t]{0,8}[:=][ \t]{0,8})(?:"([^"\n]{1,512})"|'([^'\n]{1,512})'|([^\s"'#;,][^\s"';,]{0,511}))/g;

const SHAPES: readonly { readonly name: string; readonly pattern: RegExp; readonly group: number }[] = [
  { name: 'private key', pattern: /-----BEGIN [A-Z ]{0,24}PRIVATE KEY-----([\s\S]{1,16384}?)-----END/g, group: 1 },
  { name: 'AWS access key', pattern: /\b((?:AKIA|ASIA)[0-9A-Z]{16})\b/g, group: 1 },
  { name: 'GitHub token', pattern: /\b(gh[pousr]_[A-Za-z0-9]{36,255})\b/g, group: 1 },
  { name: 'Slack token', pattern: /\b(xox[abprs]-[A-Za-z0-9-]{10,200})\b/g, group: 1 },
  { name: 'JSON web token', pattern: /\b(eyJ[A-Za-z0-9_-]{10,2000}\.eyJ[A-Za-z0-9_-]{10,2000}\.[A-Za-z0-9_-]{10,512})/g, group: 1 },
  { name: 'password in URL', pattern: /[a-z][a-z0-9+.-]{1,20}:\/\/[^\s:/@"']{0,128}:([^\s/@"']{1,256})@/gi, group: 1 },
];

/** PKCS#8 says it in its label, older keys in a header (RFC 1421 4.6.1.1). */
const SEALED = /^-----BEGIN ENCRYPTED |^-----BEGIN [A-Z ]{0,24}PRIVATE KEY-----\s+Proc-Type: 4,ENCRYPTED/;

/** Does a key of this name hold a secret as its value? */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name) && !NOT_SECRET_NAME.test(name);
}

/** Does the value point elsewhere (a variable, a mounted secret, a vault) or say nothing? */
export function isReference(value: string): boolean {
  return value.length < 3 || REFERENCE.test(value);
}

/**
 * Every stretch of `text` that holds a secret in the clear, in order, by generic signs: a name that announces one,
 * or a value of a known credential's shape. Each pattern is bounded, so hostile text costs linear time.
 */
export function findSecrets(text: string): readonly SecretSpan[] {
  const spans: SecretSpan[] = [];
  const assignment = new RegExp(ASSIGNMENT);
  for (let match = assignment.exec(text); match !== null; match = assignment.exec(text)) {
    const name = match[1] ?? '';
    const value = match[3] ?? match[4] ?? match[5] ?? '';
    if (!isSecretName(name) || isReference(value)) {
      // A value may hold assignments of its own: primary_conninfo = 'host=db password=…'.
      assignment.lastIndex = match.index + name.length + (match[2] ?? '').length;
      continue;
    }
    const start = match.index + match[0].length - value.length - (match[5] === undefined ? 1 : 0);
    spans.push({ start, end: start + value.length, name, commented: isCommented(text, match.index) });
  }
  let all: readonly SecretSpan[] = spans;
  for (const shape of SHAPES) {
    const found: SecretSpan[] = [];
    let next = 0; // both lists are in order: each is gone through once
    for (const match of text.matchAll(shape.pattern)) {
      const value = match[shape.group] ?? '';
      if (isReference(value)) continue;
      const start = match.index + match[0].lastIndexOf(value);
      while ((all[next]?.end ?? Infinity) <= start) next += 1;
      if ((all[next]?.start ?? Infinity) < start + value.length) continue;
      const span = { start, end: start + value.length, name: shape.name, commented: isCommented(text, start) };
      found.push(SEALED.test(match[0].slice(0, 200)) ? { ...span, sealed: true } : span);
    }
    if (found.length > 0) all = [...all, ...found].toSorted((a, b) => a.start - b.start);
  }
  return all;
}

/** How far back a line's start is looked for: beyond that, a secret counts as in force. */
const MAX_LOOK_BACK = 65_536;

/** Does the line begin with a comment sign? */
export function isCommented(text: string, offset: number): boolean {
  const before = text.slice(Math.max(0, offset - MAX_LOOK_BACK), offset);
  if (before.length === MAX_LOOK_BACK && !before.includes('\n')) return false;
  return /^[ \t]*[#;]/.test(before.slice(before.lastIndexOf('\n') + 1));
}
