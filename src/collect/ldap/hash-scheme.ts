import type { HASHES } from '../../resources/identity.ts';

type Hash = (typeof HASHES)[number];

/** Schemes of RFC 2307, slapd(8) and its modules, and the methods of crypt(5) behind `{CRYPT}`. */
const SCHEMES: Readonly<Record<string, Hash>> = {
  '{SSHA}': 'ssha',
  '{SHA}': 'sha',
  '{SSHA256}': 'ssha256',
  '{SSHA512}': 'ssha512',
  '{SHA256}': 'sha256',
  '{MD5}': 'md5',
  '{SMD5}': 'md5',
  '{ARGON2}': 'argon2',
  '{PBKDF2}': 'pbkdf2',
  '{PBKDF2-SHA1}': 'pbkdf2',
  '{PBKDF2-SHA256}': 'pbkdf2',
  '{PBKDF2-SHA512}': 'pbkdf2',
  '{BCRYPT}': 'bcrypt',
  '{CLEARTEXT}': 'plain',
  '{CRYPT}': 'descrypt',
  '{CRYPT}$1$': 'md5crypt',
  '{CRYPT}$5$': 'sha256crypt',
  '{CRYPT}$6$': 'sha512crypt',
  '{CRYPT}$7$': 'scrypt',
  '{CRYPT}$2a$': 'bcrypt',
  '{CRYPT}$2b$': 'bcrypt',
  '{CRYPT}$2y$': 'bcrypt',
  '{CRYPT}$y$': 'yescrypt',
  '{CRYPT}$gy$': 'gost-yescrypt',
};

/** How a password is stored, by its scheme; undefined where the scheme is none that we know, or hands the question on (`{SASL}`). */
export function hashOf(scheme: string): Hash | undefined {
  return SCHEMES[scheme];
}
