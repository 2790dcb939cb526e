import { constants, createPrivateKey, privateDecrypt, randomBytes, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { certificate, type Certificate } from './certificate.ts';
import type { ClientHello } from './client-hello.ts';
import type { Connection } from './scripted-server.ts';
import { finishedOf, keysOf, prf, type Keys } from './tls12-keys.ts';
import {
  ALERT,
  certificateMessage,
  derOf,
  EXTENSION,
  handshake,
  MESSAGE,
  Reader,
  record,
  RECORD,
  serverHello,
  uint,
  vector,
  type Extension,
} from './wire.ts';

const RSA_AES_128_CBC_SHA = 0x002f;

export interface Identity {
  readonly der: Buffer;
  readonly key: KeyObject;
}

export function identityOf(own: Certificate = certificate()): Identity {
  return { der: derOf(own), key: createPrivateKey(readFileSync(own.key)) };
}

/** The first flight of a server that knows RSA key transport only, and all that went over the wire so far. */
export interface Greeting {
  readonly hello: ClientHello;
  readonly version: number;
  readonly random: Buffer;
  readonly transcript: Buffer;
}

export interface GreetingOptions {
  /** The highest version it takes. */
  readonly best?: number;
  /** Suites it answers with; those with CBC alone can be finished. */
  readonly suites?: readonly number[];
  readonly extensions?: (hello: ClientHello) => readonly Extension[];
}

/** What every server since RFC 5746 answers to those who ask. */
export function renegotiationInfo(hello: ClientHello): readonly Extension[] {
  return hello.extensions.has(0xff01) || hello.suites.includes(0x00ff) ? [[0xff01, Buffer.from([0])]] : [];
}

/** ServerHello, Certificate, ServerHelloDone; `undefined` after a refusal. */
export async function greet(
  connection: Connection,
  identity: Identity,
  first: ClientHello & { readonly whole: Buffer },
  options: GreetingOptions = {},
): Promise<Greeting | undefined> {
  const { best = 0x0303, suites = [RSA_AES_128_CBC_SHA] } = options;
  const version = Math.min(best, first.version);
  const suite = suites.find((one) => first.suites.includes(one));
  if (version < 0x0301) return connection.refuse(ALERT.protocolVersion, first.recordVersion);
  if (suite === undefined) return connection.refuse(ALERT.handshakeFailure, version);
  const random = randomBytes(32);
  const renegotiation = renegotiationInfo(first);
  const flight = [
    serverHello({
      version,
      random,
      sessionId: randomBytes(32),
      suite,
      extensions: [...renegotiation, ...(options.extensions?.(first) ?? [])],
    }),
    certificateMessage([identity.der]),
    handshake(MESSAGE.serverHelloDone),
  ];
  connection.send(...flight.map((message) => record(RECORD.handshake, version, message)));
  return { hello: first, version, random, transcript: Buffer.concat([first.whole, ...flight]) };
}

/** The block inside a ClientKeyExchange as raw RSA gives it: padding and all, for the server to judge. */
export function encryptedBlock(body: Buffer, key: KeyObject): Buffer {
  return privateDecrypt({ key, padding: constants.RSA_NO_PADDING }, new Reader(body).vector(2));
}

/** A finished handshake. */
export interface Session {
  readonly version: number;
  readonly keys: Keys;
  readonly master: Buffer;
}

/** An empty ticket extension says that a ticket will follow. */
export const ticketExtension = (hello: ClientHello): readonly Extension[] =>
  hello.extensions.has(EXTENSION.ticket) ? [[EXTENSION.ticket, Buffer.alloc(0)]] : [];

/** The rest of a full handshake after `greet`, with a ticket where one is given; a wrong Finished gets its alert. */
export async function finish(
  connection: Connection,
  identity: Identity,
  greeting: Greeting,
  ticket?: Uint8Array,
): Promise<Session | undefined> {
  const { hello, version, random } = greeting;
  const exchange = await connection.message();
  if (exchange.type !== MESSAGE.clientKeyExchange) return connection.refuse(ALERT.unexpectedMessage, version);
  const block = encryptedBlock(exchange.body, identity.key);
  // A block that is not as it should be is answered as late and as plainly as a wrong secret.
  const secret = block.readUInt16BE(0) === 2 && block.at(-49) === 0 ? block.subarray(-48) : randomBytes(48);
  const master = prf(version, secret, 'master secret', Buffer.concat([hello.random, random]), 48);
  const keys = keysOf(version, master, hello.random, random);
  if ((await connection.record()).type !== RECORD.changeCipherSpec) return connection.refuse(ALERT.unexpectedMessage, version);
  const transcript = Buffer.concat([greeting.transcript, exchange.whole]);
  const sealed = await connection.record();
  const { verdict, content } = keys.client.open(sealed.type, sealed.body);
  if (verdict !== 'good' || !content.equals(finishedOf(version, master, 'client', transcript))) {
    return connection.refuse(ALERT.badRecordMac, version);
  }
  const issued = ticket === undefined ? Buffer.alloc(0) : newSessionTicket(ticket);
  const finished = finishedOf(version, master, 'server', Buffer.concat([transcript, content, issued]));
  connection.send(
    issued.length === 0 ? issued : record(RECORD.handshake, version, issued),
    record(RECORD.changeCipherSpec, version, Buffer.from([1])),
    keys.server.seal(RECORD.handshake, finished),
  );
  return { version, keys, master };
}

export function newSessionTicket(ticket: Uint8Array): Buffer {
  return handshake(MESSAGE.newSessionTicket, Buffer.concat([uint(4, 7_200), vector(2, ticket)]));
}
