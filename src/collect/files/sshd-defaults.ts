import { unknown, type Fact, type Origin } from '../../model/fact.ts';
import { compareVersions, defaultOf } from './defaults.ts';

/** The keywords whose values are lists of algorithms. */
export type AlgorithmList =
  | 'ciphers'
  | 'macs'
  | 'kexalgorithms'
  | 'hostkeyalgorithms'
  | 'pubkeyacceptedalgorithms'
  | 'casignaturealgorithms';

const words = (text: string): readonly string[] => text.split(' ');

const CURVES = 'curve25519-sha256 curve25519-sha256@libssh.org ecdh-sha2-nistp256 ecdh-sha2-nistp384 ecdh-sha2-nistp521';
const MODP =
  'diffie-hellman-group-exchange-sha256 diffie-hellman-group16-sha512 diffie-hellman-group18-sha512 diffie-hellman-group14-sha256';
const SNTRUP = 'sntrup761x25519-sha512@openssh.com';

const ECDSA_CERTIFICATES =
  'ecdsa-sha2-nistp256-cert-v01@openssh.com ecdsa-sha2-nistp384-cert-v01@openssh.com ecdsa-sha2-nistp521-cert-v01@openssh.com';
const RSA2_CERTIFICATES = 'rsa-sha2-512-cert-v01@openssh.com rsa-sha2-256-cert-v01@openssh.com';
const SK_CERTIFICATES = 'sk-ssh-ed25519-cert-v01@openssh.com sk-ecdsa-sha2-nistp256-cert-v01@openssh.com';
const ECDSA = 'ecdsa-sha2-nistp256 ecdsa-sha2-nistp384 ecdsa-sha2-nistp521';
const SK = 'sk-ssh-ed25519@openssh.com sk-ecdsa-sha2-nistp256@openssh.com';
const RSA2 = 'rsa-sha2-512 rsa-sha2-256';

const SIGNATURES = [
  {
    since: '7.5',
    value: words(
      `${ECDSA_CERTIFICATES} ssh-ed25519-cert-v01@openssh.com ssh-rsa-cert-v01@openssh.com ${ECDSA} ssh-ed25519 ${RSA2} ssh-rsa`,
    ),
  },
  {
    since: '7.8',
    value: words(
      `${ECDSA_CERTIFICATES} ssh-ed25519-cert-v01@openssh.com ${RSA2_CERTIFICATES} ssh-rsa-cert-v01@openssh.com ${ECDSA} ssh-ed25519 ${RSA2} ssh-rsa`,
    ),
  },
  {
    since: '8.2',
    value: words(
      `${ECDSA_CERTIFICATES} ${SK_CERTIFICATES} ssh-ed25519-cert-v01@openssh.com ${RSA2_CERTIFICATES} ssh-rsa-cert-v01@openssh.com ${ECDSA} ${SK} ssh-ed25519 ${RSA2} ssh-rsa`,
    ),
  },
  {
    since: '8.8',
    value: words(
      `ssh-ed25519-cert-v01@openssh.com ${ECDSA_CERTIFICATES} ${SK_CERTIFICATES} ${RSA2_CERTIFICATES} ssh-ed25519 ${ECDSA} ${SK} ${RSA2}`,
    ),
  },
] as const;

/** Default proposals of the server: sshd_config(5) and the release notes, https://www.openssh.com/releasenotes.html */
const LISTS = {
  ciphers: [
    {
      since: '7.5',
      value: words('chacha20-poly1305@openssh.com aes128-ctr aes192-ctr aes256-ctr aes128-gcm@openssh.com aes256-gcm@openssh.com'),
    },
  ],
  macs: [
    {
      since: '7.5',
      value: words(
        'umac-64-etm@openssh.com umac-128-etm@openssh.com hmac-sha2-256-etm@openssh.com hmac-sha2-512-etm@openssh.com hmac-sha1-etm@openssh.com umac-64@openssh.com umac-128@openssh.com hmac-sha2-256 hmac-sha2-512 hmac-sha1',
      ),
    },
  ],
  kexalgorithms: [
    { since: '7.5', value: words(`${CURVES} ${MODP} diffie-hellman-group14-sha1`) },
    { since: '8.2', value: words(`${CURVES} ${MODP}`) },
    { since: '8.9', value: words(`${CURVES} ${SNTRUP} ${MODP}`) },
    { since: '9.0', value: words(`${SNTRUP} ${CURVES} ${MODP}`) },
    { since: '9.9', value: words(`sntrup761x25519-sha512 ${SNTRUP} mlkem768x25519-sha256 ${CURVES} ${MODP}`) },
    { since: '10.0', value: words(`mlkem768x25519-sha256 sntrup761x25519-sha512 ${SNTRUP} ${CURVES}`) },
  ],
  hostkeyalgorithms: SIGNATURES,
  pubkeyacceptedalgorithms: SIGNATURES,
  casignaturealgorithms: [
    { since: '7.9', value: words(`${ECDSA} ssh-ed25519 ${RSA2} ssh-rsa`) },
    { since: '8.2', value: words(`${ECDSA} ${SK} ssh-ed25519 ${RSA2}`) },
  ],
} as const satisfies Readonly<Record<AlgorithmList, readonly { readonly since: string; readonly value: readonly string[] }[]>>;

/**
 * The default list of a version. 7.4 and 8.0 are those of RHEL 7 and 8, whose own lists are longer (CBC, SHA-1) than
 * OpenSSH's: the number alone does not tell. Later ones than 10.2 were not looked at.
 */
export function defaultAlgorithms(name: AlgorithmList, version: Fact<string>, at: Origin): Fact<readonly string[]> {
  if (version.state === 'known' && (/^(?:7\.4|8\.0)(?!\d)/.test(version.value) || compareVersions(version.value, '10.3') >= 0)) {
    return unknown('unsupported', `${name}: default of openssh ${version.value}`, at);
  }
  const standard = defaultOf<readonly string[]>(name, 'openssh', version, LISTS[name], at);
  if (name !== 'kexalgorithms' || version.state !== 'known' || standard.state !== 'known') return standard;
  // Debian 12 took the name without a domain from 9.9: changelog of 1:9.2p1-2+deb12u4.
  const revision = /^9\.2p1 \d+\+deb12u(\d+)/.exec(version.value)?.[1];
  return Number(revision) >= 4 ? { ...standard, value: ['sntrup761x25519-sha512', ...standard.value] } : standard;
}
