import { createHash } from 'node:crypto';
import { unknown, type Unknown } from '../model/fact.ts';
import { agreement, AGREEMENTS } from './key-agreement.ts';
import { agreed, keyExchangeInit, readKeyExchangeInit, type KeyExchangeInit } from './key-exchange-init.ts';
import { CIPHER_NAMES, MAC_NAMES, packetCipher, type Derive } from './packet-cipher.ts';
import { readPublicKey, verifies, type SshPublicKey } from './public-key.ts';
import { namesIn, SshReader, string } from './ssh-data.ts';
import { SshTransport, type Identification, type SshWire } from './transport.ts';

const MESSAGE = {
  serviceRequest: 5,
  serviceAccept: 6,
  extensions: 7,
  newKeys: 21,
  exchange: 30,
  exchangeReply: 31,
  authRequest: 50,
  authFailure: 51,
  authSuccess: 52,
  authBanner: 53,
} as const;

/** What one connection showed. Later fields are unknown from where it ended; what was learnt before is kept. */
export interface ServerLook {
  readonly identification: Identification | Unknown;
  readonly offer: KeyExchangeInit | Unknown;
  /** The host key, proven by its signature over the exchange. */
  readonly hostKey: SshPublicKey | Unknown;
  /** Signature algorithms of users' keys that it takes (RFC 8308 3.1); undefined where it sent no such list. */
  readonly userSignatures: readonly string[] | undefined | Unknown;
  /** Ways that are offered to the user; `none` is that no proof was asked for. */
  readonly methods: readonly string[] | Unknown;
}

/** What to ask for. */
export interface LookRequest {
  /** Host key algorithms to agree on, of which the server takes one; without, only its offer is read. */
  readonly hostKeys: (offer: KeyExchangeInit) => readonly string[];
  /** The user for whom the methods are asked; without one they are not. */
  readonly user?: string;
  /** Milliseconds for all of it. */
  readonly patience: number;
}

/**
 * Looks at an SSH server over one connection: its identification and offer, and then, by a whole key exchange, its host key and what it
 * asks of a user. Sends no proof of anybody; `none` is asked once, for a user who does not exist.
 */
export async function lookAtServer(wire: SshWire, { hostKeys, user, patience }: LookRequest): Promise<ServerLook> {
  const transport = new SshTransport(wire, patience);
  const identification = await transport.identify();
  if ('state' in identification) return failed(identification, identification);
  if (identification.protocol !== '2.0' && identification.protocol !== '1.99')
    return failed(identification, unknown('unsupported', `SSH ${identification.protocol.slice(0, 10)} only`));
  const payload = await transport.receive();
  if (!Buffer.isBuffer(payload)) return failed(identification, payload);
  const offer = readKeyExchangeInit(payload);
  if (offer === undefined) return failed(identification, unknown('unparseable', 'SSH: no KEXINIT'));
  const wanted = hostKeys(offer);
  if (wanted.length === 0) return { ...failed(identification, NOT_ASKED), offer };
  // Its own ciphers after ours: where it has none that we speak, its host key is seen all the same.
  const ours = keyExchangeInit({
    keyExchanges: [...AGREEMENTS, 'ext-info-c'],
    hostKeys: wanted,
    ciphers: [...CIPHER_NAMES, ...offer.ciphers.toClient, ...offer.ciphers.toServer],
    macs: [...MAC_NAMES, ...offer.macs.toClient, ...offer.macs.toServer],
  });
  transport.send(ours);
  const exchanged = await exchangeKeys(transport, identification, offer, wanted, payload, ours);
  if ('state' in exchanged) return { ...failed(identification, exchanged), offer };
  const seen = { identification, offer, hostKey: exchanged.hostKey };
  if (user === undefined || exchanged.encrypted !== undefined) {
    const why = exchanged.encrypted ?? NOT_ASKED;
    return { ...seen, userSignatures: why, methods: why };
  }
  return { ...seen, ...(await askMethods(transport, user)) };
}

const NOT_ASKED = unknown('not-collected', 'not asked for');

function failed(identification: Identification | Unknown, why: Unknown): ServerLook {
  return { identification, offer: why, hostKey: why, userSignatures: why, methods: why };
}

interface Exchanged {
  readonly hostKey: SshPublicKey | Unknown;
  /** Why the connection is not encrypted, and can be used no further. */
  readonly encrypted: Unknown | undefined;
}

async function exchangeKeys(
  transport: SshTransport,
  { line }: Identification,
  offer: KeyExchangeInit,
  wanted: readonly string[],
  theirs: Buffer,
  ours: Buffer,
): Promise<Exchanged | Unknown> {
  const name = agreed(AGREEMENTS, offer.keyExchanges);
  const method = name === undefined ? undefined : agreement(name);
  const hostKeyName = agreed(wanted, offer.hostKeys);
  if (method === undefined || hostKeyName === undefined) return unknown('unsupported', 'SSH: no key exchange that Custos speaks');
  // A wrong guess is a packet to be passed over (RFC 4253 7).
  const guessed = offer.guesses && (offer.keyExchanges[0] !== name || offer.hostKeys[0] !== hostKeyName);
  if (guessed) {
    const passed = await transport.receive();
    if (!Buffer.isBuffer(passed)) return passed;
  }
  transport.send(Buffer.concat([Buffer.from([MESSAGE.exchange]), method.ours]));
  const reply = await transport.receive();
  if (!Buffer.isBuffer(reply)) return reply;
  const reader = new SshReader(reply, 1);
  const [blob, half, signature] = [reader.string(), reader.string(), reader.string()];
  if (reply[0] !== MESSAGE.exchangeReply || blob === undefined || half === undefined || signature === undefined)
    return unknown('unparseable', 'SSH: no reply of the key exchange');
  const finished = method.finish(half);
  const key = readPublicKey(blob);
  if (finished === undefined) return unknown('unparseable', 'SSH: no reply of the key exchange');
  const digest = createHash(method.hash);
  for (const part of [
    string(transport.ours),
    string(line),
    string(ours),
    string(theirs),
    string(blob),
    method.ours,
    finished.theirs,
    finished.secret,
  ])
    digest.update(part);
  const hash = digest.digest();
  const holds = key === undefined ? undefined : verifies(key, signature, hash);
  const hostKey =
    key === undefined || holds === undefined
      ? unknown('unsupported', `SSH: a host key of kind ${hostKeyName}`)
      : holds
        ? key
        : unknown('unparseable', 'SSH: the signature of the host key does not hold');
  if (holds === false) return { hostKey, encrypted: unknown('unparseable', 'SSH: the signature of the host key does not hold') };
  const encrypted = await encrypt(transport, offer, method.hash, finished.secret, hash);
  return { hostKey, encrypted };
}

/** Both sides change to the new keys. */
async function encrypt(
  transport: SshTransport,
  offer: KeyExchangeInit,
  hashName: string,
  secret: Buffer,
  hash: Buffer,
): Promise<Unknown | undefined> {
  const derive: Derive = (letter, length) => {
    const digest = (...parts: readonly (Uint8Array | string)[]): Buffer => {
      const made = createHash(hashName).update(secret).update(hash);
      for (const part of parts) made.update(part);
      return made.digest();
    };
    let key = digest(letter, hash); // the session's id is the first exchange's hash
    while (key.length < length) key = Buffer.concat([key, digest(key)]);
    return key.subarray(0, length);
  };
  const cipherOf = (direction: 'out' | 'in') => {
    const way = direction === 'out' ? 'toServer' : 'toClient';
    const cipher = agreed(CIPHER_NAMES, offer.ciphers[way]);
    const mac = agreed(MAC_NAMES, offer.macs[way]);
    return cipher === undefined ? undefined : packetCipher(cipher, mac ?? '', direction, derive);
  };
  const [out, into] = [cipherOf('out'), cipherOf('in')];
  if (out === undefined || into === undefined) return unknown('unsupported', 'SSH: no cipher that Custos speaks');
  transport.send(Buffer.from([MESSAGE.newKeys]));
  transport.sealWith(out);
  const changed = await transport.receive();
  if (!Buffer.isBuffer(changed)) return changed;
  if (changed[0] !== MESSAGE.newKeys) return unknown('unparseable', 'SSH: no change of keys');
  transport.openWith(into);
  return undefined;
}

async function askMethods(transport: SshTransport, user: string): Promise<Pick<ServerLook, 'userSignatures' | 'methods'>> {
  let userSignatures: readonly string[] | undefined;
  transport.send(Buffer.concat([Buffer.from([MESSAGE.serviceRequest]), string('ssh-userauth')]));
  for (;;) {
    const payload = await transport.receive();
    if (!Buffer.isBuffer(payload)) return { userSignatures: userSignatures ?? payload, methods: payload };
    switch (payload[0]) {
      case MESSAGE.extensions:
        userSignatures = signaturesIn(payload) ?? userSignatures;
        break;
      case MESSAGE.serviceAccept:
        transport.send(Buffer.concat([Buffer.from([MESSAGE.authRequest]), string(user), string('ssh-connection'), string('none')]));
        break;
      case MESSAGE.authBanner:
        break;
      case MESSAGE.authSuccess:
        return { userSignatures, methods: ['none'] };
      case MESSAGE.authFailure: {
        const methods = new SshReader(payload, 1).names();
        return { userSignatures, methods: methods ?? unknown('unparseable', 'SSH: no list of methods') };
      }
      default:
        return { userSignatures, methods: unknown('unparseable', 'SSH: no answer to a request of authentication') };
    }
  }
}

/** `server-sig-algs` of SSH_MSG_EXT_INFO. */
function signaturesIn(payload: Buffer): readonly string[] | undefined {
  const reader = new SshReader(payload, 1);
  for (let left = Math.min(reader.uint32() ?? 0, 32); left > 0; left -= 1) {
    const [name, value] = [reader.text(), reader.string()];
    if (name === 'server-sig-algs' && value !== undefined) return namesIn(value.toString('latin1'));
  }
  return undefined;
}
