import { createCipheriv, createDecipheriv, createHash, createHmac, createPublicKey, diffieHellman, generateKeyPairSync } from 'node:crypto';
import { parseClientHello } from './servers/client-hello.ts';
import { EXTENSION, extensionList, handshake, Reader, record, RECORD, serverHello, TLS12, TLS13, u16, u8, vector } from './servers/wire.ts';

/** A TLS 1.3 server in memory, written apart from src/tls: TLS_AES_128_GCM_SHA256 over X25519, with whatever messages a test wants. */
export interface PeerOptions {
  /** Between ServerHello and Finished. */
  readonly messages?: readonly Uint8Array[];
  /** Contents of the records after the client's Finished, type and body. */
  readonly after?: readonly (readonly [type: number, body: Uint8Array])[];
  /** Bends the flight's encrypted records before they are sent. */
  readonly bend?: (records: Buffer) => Uint8Array;
  readonly falseFinished?: boolean;
}

const hash = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();
const hmac = (key: Uint8Array, data: Uint8Array): Buffer => createHmac('sha256', key).update(data).digest();
const expand = (secret: Uint8Array, label: string, context: Uint8Array, length: number): Buffer =>
  hmac(secret, Buffer.concat([u16(length), vector(1, Buffer.from(`tls13 ${label}`)), vector(1, context), u8(1)])).subarray(0, length);

class Keys {
  private readonly key: Buffer;
  private readonly iv: Buffer;
  readonly finished: Buffer;
  private count = 0;

  constructor(secret: Uint8Array) {
    this.key = expand(secret, 'key', Buffer.alloc(0), 16);
    this.iv = expand(secret, 'iv', Buffer.alloc(0), 12);
    this.finished = expand(secret, 'finished', Buffer.alloc(0), 32);
  }

  private nonce(): Buffer {
    const nonce = Buffer.from(this.iv);
    nonce.writeUInt32BE((nonce.readUInt32BE(8) ^ this.count) >>> 0, 8);
    this.count += 1;
    return nonce;
  }

  seal(type: number, body: Uint8Array): Buffer {
    const head = Buffer.concat([u8(RECORD.data), u16(TLS12), u16(body.length + 17)]);
    const cipher = createCipheriv('aes-128-gcm', this.key, this.nonce()).setAAD(head);
    return Buffer.concat([head, cipher.update(Buffer.concat([body, u8(type)])), cipher.final(), cipher.getAuthTag()]);
  }

  open(sealed: Uint8Array): { readonly type: number; readonly body: Buffer } {
    const decipher = createDecipheriv('aes-128-gcm', this.key, this.nonce()).setAAD(sealed.subarray(0, 5));
    decipher.setAuthTag(sealed.subarray(-16));
    const plain = Buffer.concat([decipher.update(sealed.subarray(5, -16)), decipher.final()]);
    return { type: plain.at(-1) ?? 0, body: plain.subarray(0, -1) };
  }
}

export const encryptedExtensions = (extensions: Parameters<typeof extensionList>[0] = []): Buffer =>
  handshake(8, extensionList(extensions));
export const certificate13 = (...certificates: readonly Uint8Array[]): Buffer =>
  handshake(11, Buffer.concat([u8(0), vector(3, ...certificates.map((one) => Buffer.concat([vector(3, one), extensionList([])])))]));
export const certificateRequest = (extensions: Parameters<typeof extensionList>[0] = []): Buffer =>
  handshake(13, Buffer.concat([vector(1, Buffer.from('ctx')), extensionList(extensions)]));
export const newSessionTicket = (lifetime: number, extensions: Parameters<typeof extensionList>[0] = []): Buffer =>
  handshake(4, Buffer.concat([u16(0), u16(lifetime), u16(0), u16(7), vector(1, u8(1)), vector(2, u16(5)), extensionList(extensions)]));

const X25519 = Buffer.from('302a300506032b656e032100', 'hex');

/** What it saw of the client, for the test to look at. */
export interface Peer {
  /** What to answer to each thing the client writes. */
  readonly answer: (written: Uint8Array) => Iterable<Uint8Array>;
  /** The client's messages and alerts after its hello, in clear; its Finished was checked. */
  readonly heard: readonly { readonly type: number; readonly body: Buffer }[];
}

export function tls13Peer(options: PeerOptions = {}): Peer {
  const {
    messages = [encryptedExtensions(), certificate13(Buffer.from('3000', 'hex'))],
    after = [],
    bend = (records) => records,
  } = options;
  const heard: { readonly type: number; readonly body: Buffer }[] = [];
  let transcript = Buffer.alloc(0);
  let [client, application, own]: (Keys | undefined)[] = [];

  const hello = (written: Buffer): readonly Uint8Array[] => {
    const message = written.subarray(5);
    const parsed = parseClientHello(message.subarray(4), 0x0301, message.length);
    const share = parsed.shares?.find(({ group }) => group === 0x001d);
    if (share === undefined) return [record(RECORD.alert, TLS12, Buffer.from([2, 40]))];
    const pair = generateKeyPairSync('x25519');
    const key = pair.publicKey.export({ type: 'spki', format: 'der' }).subarray(X25519.length);
    const theirs = createPublicKey({ key: Buffer.concat([X25519, share.key]), format: 'der', type: 'spki' });
    const shared = diffieHellman({ privateKey: pair.privateKey, publicKey: theirs });
    const answer = serverHello({
      version: TLS12,
      random: Buffer.alloc(32, 3),
      sessionId: parsed.sessionId,
      suite: 0x1301,
      extensions: [
        [EXTENSION.versions, u16(TLS13)],
        [EXTENSION.keyShare, Buffer.concat([u16(0x001d), vector(2, key)])],
      ],
    });
    transcript = Buffer.concat([message, answer]);
    const empty = hash(Buffer.alloc(0));
    const zeros = Buffer.alloc(32);
    const secret = hmac(expand(hmac(zeros, zeros), 'derived', empty, 32), shared);
    const server = new Keys(expand(secret, 's hs traffic', hash(transcript), 32));
    client = new Keys(expand(secret, 'c hs traffic', hash(transcript), 32));
    transcript = Buffer.concat([transcript, ...messages]);
    const finished = handshake(20, hmac(server.finished, options.falseFinished === true ? zeros : hash(transcript)));
    transcript = Buffer.concat([transcript, finished]);
    const master = hmac(expand(secret, 'derived', empty, 32), zeros);
    application = new Keys(expand(master, 's ap traffic', hash(transcript), 32));
    own = new Keys(expand(master, 'c ap traffic', hash(transcript), 32));
    const flight = Buffer.concat([...messages, finished]);
    const records: Buffer[] = [];
    for (let at = 0; at < flight.length; at += 0x4000) records.push(server.seal(RECORD.handshake, flight.subarray(at, at + 0x4000)));
    return [record(RECORD.handshake, TLS12, answer), record(RECORD.changeCipherSpec, TLS12, u8(1)), bend(Buffer.concat(records))];
  };

  const rest = (written: Buffer): readonly Uint8Array[] => {
    const out: Uint8Array[] = [];
    const reader = new Reader(written);
    while (reader.left > 0) {
      const head = reader.take(3);
      const body = reader.vector(2);
      if (head[0] !== RECORD.data || client === undefined) continue;
      const keys = heard.some((one) => one.body[0] === 20 && one.type === RECORD.handshake) ? own : client;
      const opened = keys?.open(Buffer.concat([head, u16(body.length), body]));
      if (opened === undefined) continue;
      heard.push(opened);
      if (opened.type !== RECORD.handshake) continue;
      if (opened.body[0] === 20) {
        const expected = hmac(client.finished, hash(transcript));
        if (!expected.equals(opened.body.subarray(4))) throw new Error('a false Finished of the client');
        const sealing = application;
        if (sealing !== undefined) out.push(...after.map(([type, body]) => sealing.seal(type, body)));
      }
      transcript = Buffer.concat([transcript, opened.body]);
    }
    return out;
  };

  return { heard, answer: (written) => (written[0] === RECORD.handshake ? hello(Buffer.from(written)) : rest(Buffer.from(written))) };
}
