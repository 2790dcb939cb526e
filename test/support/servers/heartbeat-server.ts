import { startScriptedServer, type ScriptedServer } from './scripted-server.ts';
import { greet, identityOf } from './tls12-handshake.ts';
import { EXTENSION, record, RECORD, vector, type Extension } from './wire.ts';

const REQUEST = 1;
const RESPONSE = 2;
const LEAST_PADDING = 16;

export interface HeartbeatServerOptions {
  /** `vulnerable` believes the length it is told and skips the padding; `absent` has no heartbeat at all. */
  readonly heartbeat: 'vulnerable' | 'fixed' | 'absent';
}

/** Stops at its ServerHelloDone and answers heartbeats, as OpenSSL did before and after 1.0.1g (CVE-2014-0160). */
export async function startHeartbeatServer({ heartbeat }: HeartbeatServerOptions): Promise<ScriptedServer> {
  const identity = identityOf();
  const peer: Extension = [EXTENSION.heartbeat, Buffer.from([1])];
  return startScriptedServer(async (connection) => {
    const extensions: readonly Extension[] = heartbeat === 'absent' ? [] : [peer];
    const greeting = await greet(connection, identity, await connection.hello(), {
      suites: [0x009c, 0x002f, 0x0035],
      extensions: (hello) => extensions.filter(([type]) => hello.extensions.has(type)),
    });
    if (greeting === undefined) return;
    while (!connection.closed) {
      const { type, body } = await connection.record();
      if (type !== RECORD.heartbeat || heartbeat === 'absent' || body.length < 3 || body[0] !== REQUEST) continue;
      const claimed = body.readUInt16BE(1);
      if (heartbeat === 'fixed' && 3 + claimed + LEAST_PADDING > body.length) continue;
      const memory = Buffer.alloc(claimed, 'memory of the server ');
      body.copy(memory, 0, 3);
      const response = Buffer.concat([Buffer.from([RESPONSE]), vector(2, memory), Buffer.alloc(LEAST_PADDING)]);
      connection.send(record(RECORD.heartbeat, greeting.version, response));
    }
  });
}
