import { setTimeout as delay } from 'node:timers/promises';
import { startScriptedServer, type Connection, type ScriptedServer } from './scripted-server.ts';
import { finish, greet, identityOf, ticketExtension, type Session } from './tls12-handshake.ts';
import { ALERT, EXTENSION, record, RECORD, TLS12, type Extension } from './wire.ts';

/** What an honest server turns to when it is sent something that no client sends. */
export const TURNS = ['silence', 'close', 'reset', 'garbage', 'http', 'data', 'endless', 'alerts', 'banner'] as const;
export type Turn = (typeof TURNS)[number];

async function turn(connection: Connection, how: Turn, session?: Session): Promise<void> {
  const alert = (description: number): Buffer =>
    session === undefined
      ? record(RECORD.alert, TLS12, Buffer.from([2, description]))
      : session.keys.server.seal(RECORD.alert, Buffer.from([2, description]));
  switch (how) {
    case 'silence':
      return connection.drain();
    case 'close':
      return void connection.socket.end();
    case 'reset':
      return void connection.socket.resetAndDestroy();
    case 'garbage':
      connection.send(Buffer.alloc(700, 0xa5));
      return void connection.socket.end();
    case 'http':
      connection.send(Buffer.from('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n'));
      return void connection.socket.end();
    case 'data':
      connection.send(record(RECORD.data, TLS12, Buffer.alloc(64, 1)));
      return connection.drain();
    case 'endless':
      while (await connection.push(record(RECORD.data, TLS12, Buffer.alloc(0x4000))));
      return;
    case 'alerts':
    case 'banner':
      connection.send(alert(ALERT.unexpectedMessage));
      await delay(10);
      return void connection.socket.end();
  }
}

/**
 * A server of RSA_WITH_AES_128_CBC_SHA that is honest up to its ServerHelloDone, or (`after: 'handshake'`) up to its Finished,
 * and then answers whatever comes in one way. `banner` greets over TLS first, as mail servers do, and refuses in order.
 */
export async function startTurncoatServer(how: Turn, after: 'flight' | 'handshake'): Promise<ScriptedServer> {
  const identity = identityOf();
  const heartbeat: Extension = [EXTENSION.heartbeat, Buffer.from([1])];
  return startScriptedServer(async (connection) => {
    const greeting = await greet(connection, identity, await connection.hello(), {
      extensions: (hello) => [...ticketExtension(hello), heartbeat].filter(([type]) => hello.extensions.has(type)),
    });
    if (greeting === undefined) return;
    if (after === 'flight') {
      await connection.take(1);
      return turn(connection, how);
    }
    const session = await finish(connection, identity, greeting);
    if (session === undefined) return;
    if (how === 'banner') connection.send(session.keys.server.seal(RECORD.data, Buffer.from('220 turncoat ready\r\n')));
    await connection.record();
    await turn(connection, how, session);
  });
}
