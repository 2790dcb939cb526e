/** A default in the clear, whatever the name that it is given to. */
const DEFAULT = /\$\{([A-Za-z_]\w{0,80}):?[-=]([^{}$\n]{1,512})\}/g;

/** A pattern by which a credential is known, whatever it is called. Each is bounded: hostile text costs linear time. */
interface CredentialShape {
  /** Without a name, the first group is it. */
  readonly name?: string;
  readonly pattern: RegExp;
  readonly group: number;
  /** Redacted like any other, and not in the clear: a hash, for one. */
  readonly sealed?: true;
}

/** Credentials on command lines, by the programs' own short options, and headers that carry one. */
const COMMAND_LINES: readonly CredentialShape[] = [
  {
    name: 'credentials in a header',
    pattern:
      /\b(?:(?:Proxy-)?Authorization|X-[\w-]{0,40}(?:Token|Key|Secret)|Api-?Key|Private-Token)\s{0,4}:\s{0,4}(?:(?:Bearer|Basic|Token|ApiKey)\s{1,4})?([^\s"',\]]{3,2048})/gi,
    group: 1,
  },
  {
    name: 'curl -u',
    pattern: /\bcurl\b[^\n|;&]{0,400}?(?:\s-\w{0,8}[uU][ \t]{0,4}|\s--(?:proxy-)?user[ \t=]{1,4})["']?[\w.@+-]{1,128}\\?:([^\s"']{1,256})/g,
    group: 1,
  },
  { name: 'mysql -p', pattern: /\b(?:mysql|mariadb)[\w-]{0,20}\b[^\n|;&]{0,400}?\s-p["']?([^\s"'-][^\s"']{0,255})/g, group: 1 },
  { name: 'sshpass -p', pattern: /\bsshpass\s{1,4}(?:-\w\s{1,4}){0,4}-p[ \t]{0,4}["']?([^\s"']{1,256})/g, group: 1 },
  { name: 'redis-cli -a', pattern: /\bredis-cli\b[^\n|;&]{0,200}?\s-a[ \t]{1,4}["']?([^\s"']{1,256})/g, group: 1 },
  { name: 'ldap -w', pattern: /\bldap\w{1,20}\b[^\n|;&]{0,300}?\s-w[ \t]{0,4}["']?([^\s"']{1,256})/g, group: 1 },
  {
    name: 'openssl -k',
    pattern: /\bopenssl\b[^\n|;&]{0,300}?\s-(?:k|K|pass|passin|passout)[ \t]{1,4}["']?(?:pass:)?([^\s"']{3,256})/g,
    group: 1,
  },
  { name: 'keytool', pattern: /\s-(?:src|dest)?(?:storepass|keypass)[ \t]{1,4}["']?([^\s"']{3,256})/g, group: 1 },
  {
    name: 'archive password',
    pattern: /\b(?:zip|7z[ar]?|rar)\b[^\n|;&]{0,200}?\s-(?:p|P[ \t]{0,4})["']?([^\s"'-][^\s"']{0,255})/g,
    group: 1,
  },
  {
    name: 'printed secret',
    pattern:
      /\b(?:echo|printf)[ \t]{1,4}(?:-\w{1,4}[ \t]{1,4}){0,3}(?:'([^'\n|]{1,256})'|"([^"\n|]{1,256})"|([^\s"'|]{1,256}))[ \t]{0,4}\|[ \t]{0,4}(?:[\w/]{0,40}\/)?(?:sudo|su|restic|borg\w{0,8}|gpg2?|openssl|cryptsetup|kinit|passwd|chpasswd|docker[ \t]{1,4}login|pgbackrest|rclone|age|ssh-add)\b/g,
    group: 1,
  },
  {
    name: 'password command',
    pattern:
      /pass(?:word|phrase|wd)?[_-]?(?:command|cmd)[ \t=:]{1,4}["']?(?:[\w/]{0,40}\/)?(?:echo|printf)[ \t]{1,4}(?:-\w{1,4}[ \t]{1,4}){0,3}["']?([^\s"']{1,256})/gi,
    group: 1,
  },
];

/** What is kept of passwords (crypt(5), LDAP schemes, SCRAM): guessing works on it, so it is nobody's business either. */
const HASHES: readonly CredentialShape[] = [
  {
    name: 'password hash',
    pattern:
      /(\$(?:1|5|6|7|y|gy|sha1|apr1|md5|argon2(?:id|i|d)|scrypt|pbkdf2[\w-]{0,12})\$[^\s:"'$]{1,80}\$[^\s:"']{8,400}|\$2[abxy]?\$\d\d\$[./A-Za-z0-9]{20,60})/g,
    group: 1,
    sealed: true,
  },
  {
    name: 'password hash',
    pattern: /(\{(?:S?SHA\d{0,3}|S?MD5|CRYPT|ARGON2|PBKDF2[\w-]{0,12})\}[A-Za-z0-9+/=$.,]{8,400})/g,
    group: 1,
    sealed: true,
  },
  { name: 'password hash', pattern: /\b(SCRAM-SHA-(?:1|256|512)\$\d{1,9}:[^\s"']{8,400})/g, group: 1, sealed: true },
];

/** Every shape, tokens of well-known services first. */
export const CREDENTIAL_SHAPES: readonly CredentialShape[] = [
  { name: 'private key', pattern: /-----BEGIN [A-Z ]{0,24}PRIVATE KEY-----([\s\S]{1,16384}?)-----END/g, group: 1 },
  { name: 'AWS access key', pattern: /\b((?:AKIA|ASIA)[0-9A-Z]{16})\b/g, group: 1 },
  { name: 'GitHub token', pattern: /\b(gh[pousr]_[A-Za-z0-9]{36,255})\b/g, group: 1 },
  { name: 'Slack token', pattern: /\b(xox[abprs]-[A-Za-z0-9-]{10,200})\b/g, group: 1 },
  { name: 'JSON web token', pattern: /\b(eyJ[A-Za-z0-9_-]{10,2000}\.eyJ[A-Za-z0-9_-]{10,2000}\.[A-Za-z0-9_-]{10,512})/g, group: 1 },
  { name: 'Slack webhook', pattern: /https:\/\/hooks\.slack\.com\/services\/([A-Za-z0-9_/]{20,200})/g, group: 1 },
  { pattern: DEFAULT, group: 2 },
  // Values of options that stand apart from them: `--password hunter2`. Without a name of a secret it is none.
  { pattern: /--(?!no-|insecure-no-|skip-|ask-|prompt-)([a-z][\w-]{1,60})[ \t]{1,8}["']?([^\s"'-][^\s"']{0,255})/gi, group: 2 },
  ...COMMAND_LINES,
  ...HASHES,
  { name: 'password in URL', pattern: /[a-z][a-z0-9+.-]{1,20}:\/\/[^\s:/@"']{0,128}:([^\s/@"']{1,256})@/gi, group: 1 },
];
