import type { HASHES } from '../../resources/identity.ts';

/** What stands in the password field of passwd(5) or shadow(5). The field itself goes no further. */
export type StoredPassword =
  | { readonly kind: 'none' | 'locked' }
  | { readonly kind: 'hashed'; readonly hash: (typeof HASHES)[number] | 'strange'; readonly locked: boolean };

/** Prefixes of crypt(5), as libxcrypt's manual page lists them. */
const PREFIXES: readonly (readonly [prefix: RegExp, hash: (typeof HASHES)[number]])[] = [
  [/^\$y\$/, 'yescrypt'],
  [/^\$gy\$/, 'gost-yescrypt'],
  [/^\$7\$/, 'scrypt'],
  [/^\$2[abxy]\$/, 'bcrypt'],
  [/^\$6\$/, 'sha512crypt'],
  [/^\$5\$/, 'sha256crypt'],
  [/^\$1\$/, 'md5crypt'],
  [/^\$3\$/, 'nt'],
  [/^\$argon2(?:id|i|d)\$/, 'argon2'],
];

/** The kind of a stored password. What is no hash that crypt(3) could make opens nothing: shadow(5). */
export function storedPassword(field: string): StoredPassword {
  if (field === '') return { kind: 'none' };
  const locked = field.startsWith('!');
  const rest = field.replace(/^!+/, '');
  const hash = PREFIXES.find(([prefix]) => prefix.test(rest))?.[1] ?? traditional(rest);
  if (hash !== undefined) return { kind: 'hashed', hash, locked };
  // `$sha1$`, `$md5` and what comes after our time: a hash that is not told apart here.
  return /^[$_]./.test(rest) ? { kind: 'hashed', hash: 'strange', locked } : { kind: 'locked' };
}

/** DES: two characters of salt and eleven for each eight of the password. */
function traditional(text: string): 'descrypt' | 'bigcrypt' | undefined {
  if (!/^[./0-9A-Za-z]+$/.test(text) || text.length < 13 || (text.length - 2) % 11 !== 0) return undefined;
  return text.length === 13 ? 'descrypt' : text.length <= 178 ? 'bigcrypt' : undefined;
}
