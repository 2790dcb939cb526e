import { createDiffieHellmanGroup, createECDH, createPublicKey, diffieHellman, generateKeyPairSync } from 'node:crypto';
import { mpint, string } from './ssh-data.ts';

/** Our half of a key exchange. */
export interface KeyAgreement {
  readonly hash: 'sha1' | 'sha256' | 'sha384' | 'sha512';
  /** As the initial message and the exchange hash have it. */
  readonly ours: Buffer;
  /** The other side's half as the exchange hash has it, and the shared secret as an mpint; undefined where that half is none. */
  finish(theirs: Buffer): { readonly theirs: Buffer; readonly secret: Buffer } | undefined;
}

const ECDH = {
  'ecdh-sha2-nistp256': { curve: 'prime256v1', hash: 'sha256' },
  'ecdh-sha2-nistp384': { curve: 'secp384r1', hash: 'sha384' },
  'ecdh-sha2-nistp521': { curve: 'secp521r1', hash: 'sha512' },
} as const;
const GROUPS = {
  'diffie-hellman-group14-sha256': { group: 'modp14', hash: 'sha256' },
  'diffie-hellman-group16-sha512': { group: 'modp16', hash: 'sha512' },
  'diffie-hellman-group18-sha512': { group: 'modp18', hash: 'sha512' },
  'diffie-hellman-group14-sha1': { group: 'modp14', hash: 'sha1' },
  'diffie-hellman-group1-sha1': { group: 'modp2', hash: 'sha1' },
} as const;
const CURVE25519 = ['curve25519-sha256', 'curve25519-sha256@libssh.org'] as const;

/** Key exchanges that we can go through with, best first (RFC 8731, 5656, 8268). Post-quantum ones are seen in the server's list. */
export const AGREEMENTS: readonly string[] = [...CURVE25519, ...Object.keys(ECDH), ...Object.keys(GROUPS)];

/** Begins one of `AGREEMENTS`. */
export function agreement(name: string): KeyAgreement | undefined {
  if (CURVE25519.some((one) => one === name)) return curve25519();
  const [, ecdh] = Object.entries(ECDH).find(([one]) => one === name) ?? [];
  if (ecdh !== undefined) return overCurve(ecdh);
  const [, group] = Object.entries(GROUPS).find(([one]) => one === name) ?? [];
  return group === undefined ? undefined : inGroup(group);
}

function curve25519(): KeyAgreement {
  const { publicKey, privateKey } = generateKeyPairSync('x25519');
  const x = publicKey.export({ format: 'jwk' }).x ?? '';
  return {
    hash: 'sha256',
    ours: string(Buffer.from(x, 'base64url')),
    finish: (theirs) =>
      attempt(() => {
        if (theirs.length !== 32) return undefined;
        const key = createPublicKey({ key: { kty: 'OKP', crv: 'X25519', x: theirs.toString('base64url') }, format: 'jwk' });
        return { theirs: string(theirs), secret: mpint(diffieHellman({ privateKey, publicKey: key })) };
      }),
  };
}

function overCurve({ curve, hash }: (typeof ECDH)[keyof typeof ECDH]): KeyAgreement {
  const own = createECDH(curve);
  const ours = own.generateKeys();
  return {
    hash,
    ours: string(ours),
    finish: (theirs) => attempt(() => ({ theirs: string(theirs), secret: mpint(own.computeSecret(theirs)) })),
  };
}

function inGroup({ group, hash }: (typeof GROUPS)[keyof typeof GROUPS]): KeyAgreement {
  const own = createDiffieHellmanGroup(group);
  const ours = own.generateKeys();
  return {
    hash,
    ours: mpint(ours),
    finish: (theirs) => attempt(() => ({ theirs: mpint(theirs), secret: mpint(own.computeSecret(theirs)) })),
  };
}

/** OpenSSL refuses points off the curve and values out of range by throwing. */
function attempt<T>(compute: () => T): T | undefined {
  try {
    return compute();
  } catch {
    return undefined;
  }
}
