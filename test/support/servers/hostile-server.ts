import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { HOST, freePort } from './daemon.ts';
import { startScriptedServer, type Connection, type ScriptedServer } from './scripted-server.ts';
import { greet, identityOf } from './tls12-handshake.ts';
import { certificateMessage, handshake, MESSAGE, record, RECORD, serverHello, TLS12, uint, u8 } from './wire.ts';

const hello = (): Buffer => serverHello({ version: TLS12, random: Buffer.alloc(32, 7), sessionId: Buffer.alloc(32, 8), suite: 0x002f });

/** Deterministic bytes that are no TLS, in any length. */
const GARBAGE = Buffer.from(Array.from({ length: 997 }, (_, index) => (index * index * 31 + 5) & 0xff));

/** Everything a server can do to whoever looks at it. None is told the client's hello before it starts, unless it needs it. */
const SCRIPTS = {
  silent: (connection: Connection) => connection.drain(),
  close: (connection: Connection) => void connection.socket.end(),
  reset: (connection: Connection) => void connection.socket.resetAndDestroy(),
  'close-after-hello': async (connection: Connection) => {
    await connection.hello();
    connection.socket.end();
  },
  garbage: async (connection: Connection) => {
    await connection.take(1);
    connection.send(GARBAGE);
    connection.socket.end();
  },
  'http-answer': async (connection: Connection) => {
    await connection.take(1);
    connection.send(Buffer.from('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n'));
    connection.socket.end();
  },
  /** A whole and correct flight, one byte a second. */
  slow: async (connection: Connection) => {
    await connection.hello();
    for (const byte of Buffer.concat(flight())) {
      if (!(await connection.push(u8(byte)))) return;
      await delay(1_000);
    }
  },
  /** ServerHello and the first half of the Certificate, then nothing. */
  'half-silence': async (connection: Connection) => {
    await half(connection);
    await connection.drain();
  },
  'half-close': async (connection: Connection) => {
    await half(connection);
    connection.socket.end();
  },
  /** A record that says 16 KB and brings ten bytes. */
  'half-record': async (connection: Connection) => {
    await connection.hello();
    connection.send(u8(RECORD.handshake), uint(2, TLS12), uint(2, 0x4000), randomBytes(10));
    await connection.drain();
  },
  /** Full records of application data after the ServerHello, without end. */
  endless: async (connection: Connection) => {
    await connection.hello();
    connection.send(record(RECORD.handshake, TLS12, hello()));
    await forever(connection, record(RECORD.data, TLS12, Buffer.alloc(0x4000)));
  },
  /** A handshake message of 16 MB, one byte a record. */
  'tiny-records': async (connection: Connection) => {
    await connection.hello();
    connection.send(record(RECORD.handshake, TLS12, hello()), record(RECORD.handshake, TLS12, certificateHeader()));
    await forever(connection, Buffer.concat(Array.from({ length: 512 }, () => record(RECORD.handshake, TLS12, Buffer.alloc(1)))));
  },
  /** Handshake records with nothing in them, without end. */
  'empty-records': async (connection: Connection) => {
    await connection.hello();
    await forever(connection, Buffer.concat(Array.from({ length: 512 }, () => record(RECORD.handshake, TLS12, Buffer.alloc(0)))));
  },
  /** HelloRequests without end: messages that say nothing. */
  'endless-messages': async (connection: Connection) => {
    await connection.hello();
    await forever(connection, record(RECORD.handshake, TLS12, Buffer.concat(Array.from({ length: 1_024 }, () => handshake(0)))));
  },
  /** A Certificate message of 16 MB less a byte, all of it sent, and the end of the flight. */
  'huge-certificate': async (connection: Connection) => {
    await connection.hello();
    connection.send(record(RECORD.handshake, TLS12, hello()), record(RECORD.handshake, TLS12, certificateHeader()));
    const full = record(RECORD.handshake, TLS12, Buffer.alloc(0x4000));
    for (let left = 0xffffff; left > 0; left -= 0x4000) {
      if (!(await connection.push(left >= 0x4000 ? full : record(RECORD.handshake, TLS12, Buffer.alloc(left))))) return;
    }
    connection.send(record(RECORD.handshake, TLS12, handshake(MESSAGE.serverHelloDone)));
    await connection.drain();
  },
  /** Warnings without end. */
  'alert-flood': async (connection: Connection) => {
    await connection.hello();
    await forever(connection, Buffer.concat(Array.from({ length: 512 }, () => record(RECORD.alert, TLS12, Buffer.from([1, 112])))));
  },
} as const satisfies Readonly<Record<string, (connection: Connection) => Promise<void> | void>>;

export type Hostility = keyof typeof SCRIPTS | 'closed-port' | 'honest';
export const HOSTILITIES: readonly Hostility[] = ['closed-port', ...(Object.keys(SCRIPTS) as (keyof typeof SCRIPTS)[])];

function certificateHeader(): Buffer {
  return Buffer.concat([u8(MESSAGE.certificate), uint(3, 0xffffff)]);
}

function flight(): readonly Buffer[] {
  const messages = [hello(), certificateMessage([identityOf().der]), handshake(MESSAGE.serverHelloDone)];
  return messages.map((message) => record(RECORD.handshake, TLS12, message));
}

async function half(connection: Connection): Promise<void> {
  await connection.hello();
  const [first = Buffer.alloc(0), certificate = Buffer.alloc(0)] = flight();
  connection.send(first, certificate.subarray(0, certificate.length >> 1));
}

async function forever(connection: Connection, bytes: Buffer): Promise<void> {
  while (await connection.push(bytes));
}

/** A server that is hostile in one way, or (`honest`) the same flight without any malice. */
export async function startHostileServer(hostility: Hostility): Promise<ScriptedServer> {
  if (hostility === 'closed-port') return { host: HOST, port: await freePort(), connections: 0, errors: [], stop: async () => {} };
  if (hostility !== 'honest') return startScriptedServer(SCRIPTS[hostility]);
  const identity = identityOf();
  return startScriptedServer(async (connection) => {
    if ((await greet(connection, identity, await connection.hello())) !== undefined) await connection.drain();
  });
}
