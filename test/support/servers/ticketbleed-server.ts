import { randomBytes } from 'node:crypto';
import { startScriptedServer, type ScriptedServer } from './scripted-server.ts';
import { finish, greet, identityOf, newSessionTicket, renegotiationInfo, ticketExtension } from './tls12-handshake.ts';
import { finishedOf, keysOf } from './tls12-keys.ts';
import { EXTENSION, record, RECORD, serverHello } from './wire.ts';

export interface TicketbleedOptions {
  /** Answers a ticket with a session id of 32 bytes that begins with the client's and goes on in foreign memory. */
  readonly vulnerable: boolean;
}

/** Issues tickets in a full RSA_WITH_AES_128_CBC_SHA handshake and takes them back, rightly or as F5 did (CVE-2016-9244). */
export async function startTicketbleedServer(options: TicketbleedOptions): Promise<ScriptedServer> {
  const identity = identityOf();
  const masters = new Map<string, Buffer>();
  return startScriptedServer(async (connection) => {
    const hello = await connection.hello();
    const offered = hello.extensions.get(EXTENSION.ticket);
    const master = offered === undefined ? undefined : masters.get(offered.toString('hex'));
    if (master === undefined) {
      const greeting = await greet(connection, identity, hello, { extensions: ticketExtension });
      if (greeting === undefined) return;
      const ticket = ticketExtension(hello).length === 0 ? undefined : randomBytes(48);
      const session = await finish(connection, identity, greeting, ticket);
      if (session === undefined) return;
      if (ticket !== undefined) masters.set(ticket.toString('hex'), session.master);
      return connection.drain();
    }

    const version = Math.min(hello.version, 0x0303);
    const random = randomBytes(32);
    const { sessionId } = hello;
    const leaks = options.vulnerable && sessionId.length > 0;
    const sent = leaks ? Buffer.concat([sessionId, randomBytes(32 - sessionId.length)]) : sessionId;
    const messages = [
      serverHello({
        version,
        random,
        sessionId: sent,
        suite: 0x002f,
        extensions: [...renegotiationInfo(hello), ...ticketExtension(hello)],
      }),
      newSessionTicket(offered ?? Buffer.alloc(0)),
    ];
    const keys = keysOf(version, master, hello.random, random);
    connection.send(
      ...messages.map((message) => record(RECORD.handshake, version, message)),
      record(RECORD.changeCipherSpec, version, Buffer.from([1])),
      keys.server.seal(RECORD.handshake, finishedOf(version, master, 'server', Buffer.concat([hello.whole, ...messages]))),
    );
    await connection.drain();
  });
}
