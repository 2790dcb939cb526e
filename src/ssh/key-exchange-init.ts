import { randomBytes } from 'node:crypto';
import { nameList, SshReader, uint32 } from './ssh-data.ts';

/** SSH_MSG_KEXINIT (RFC 4253 7.1): what a side offers, each list in its order. Languages are left out. */
export interface KeyExchangeInit {
  readonly keyExchanges: readonly string[];
  readonly hostKeys: readonly string[];
  readonly ciphers: Directions;
  readonly macs: Directions;
  readonly compression: Directions;
  /** A guessed first packet follows. */
  readonly guesses: boolean;
}

/** Client to server, and back. */
export interface Directions {
  readonly toServer: readonly string[];
  readonly toClient: readonly string[];
}

export const KEXINIT = 20;

/** Reads the payload of a KEXINIT; undefined where it is malformed. */
export function readKeyExchangeInit(payload: Buffer): KeyExchangeInit | undefined {
  if (payload[0] !== KEXINIT) return undefined;
  const reader = new SshReader(payload, 17); // after the message's number and cookie
  const lists = Array.from({ length: 10 }, () => reader.names());
  const guesses = reader.byte();
  const reserved = reader.uint32();
  if (guesses === undefined || reserved === undefined || !reader.done) return undefined;
  const [keyExchanges, hostKeys, c1, c2, m1, m2, z1, z2] = lists;
  if (keyExchanges === undefined || hostKeys === undefined || c1 === undefined || c2 === undefined) return undefined;
  if (m1 === undefined || m2 === undefined || z1 === undefined || z2 === undefined) return undefined;
  return {
    keyExchanges,
    hostKeys,
    ciphers: { toServer: c1, toClient: c2 },
    macs: { toServer: m1, toClient: m2 },
    compression: { toServer: z1, toClient: z2 },
    guesses: guesses !== 0,
  };
}

/** Our own, the same lists both ways and no compression. */
export function keyExchangeInit(offer: {
  readonly keyExchanges: readonly string[];
  readonly hostKeys: readonly string[];
  readonly ciphers: readonly string[];
  readonly macs: readonly string[];
}): Buffer {
  const { keyExchanges, hostKeys, ciphers, macs } = offer;
  const lists = [keyExchanges, hostKeys, ciphers, ciphers, macs, macs, ['none'], ['none'], [], []];
  return Buffer.concat([Buffer.from([KEXINIT]), randomBytes(16), ...lists.map(nameList), Buffer.from([0]), uint32(0)]);
}

/** The first of ours that is among theirs: what RFC 4253 7.1 lets both sides take. */
export function agreed(ours: readonly string[], theirs: readonly string[]): string | undefined {
  return ours.find((name) => theirs.includes(name));
}
