import { setTimeout as delay } from 'node:timers/promises';
import { startScriptedServer, type Connection, type ScriptedServer } from './scripted-server.ts';
import { encryptedBlock, greet, identityOf } from './tls12-handshake.ts';
import { ALERT, MESSAGE, TLS12 } from './wire.ts';

export interface RobotServerOptions {
  /**
   * `strong` tells blocks that start with 00 02 from all others; `weak` only those that are right in every way; `none`
   * goes on with a made-up secret, as RFC 5246 wants it.
   */
  readonly oracle?: 'strong' | 'weak' | 'none';
  /** How it shows: another alert, an end without a word, or no answer at all. */
  readonly signal?: 'alert' | 'close' | 'silence';
  /** Shows only while ChangeCipherSpec and Finished have not come: those who send all three at once see nothing. */
  readonly onlyAlone?: boolean;
  /** Suites it answers with, all of RSA key transport. */
  readonly suites?: readonly number[];
}

/** Whether a PKCS #1 block passes the check of each oracle. */
function passes(oracle: 'strong' | 'weak' | 'none', block: Buffer, version: number): boolean {
  const start = block.readUInt16BE(0) === 2;
  if (oracle === 'none') return true;
  if (oracle === 'strong') return start;
  const zero = block.indexOf(0, 2);
  return start && zero === block.length - 49 && block.readUInt16BE(zero + 1) === version;
}

/** A TLS 1.2 server that can be a Bleichenbacher oracle. It finishes no handshake: good secrets end in bad_record_mac. */
export async function startRobotServer(options: RobotServerOptions = {}): Promise<ScriptedServer> {
  const { oracle = 'none', signal = 'alert', onlyAlone = false, suites = [0x009c, 0x009d, 0x002f, 0x0035] } = options;
  const identity = identityOf();
  return startScriptedServer(async (connection) => {
    const greeting = await greet(connection, identity, await connection.hello(), { suites });
    if (greeting === undefined) return;
    const { type, body } = await connection.message();
    if (type !== MESSAGE.clientKeyExchange) return connection.refuse(ALERT.unexpectedMessage);
    const good = passes(oracle, encryptedBlock(body, identity.key), greeting.hello.version);
    if (onlyAlone) await delay(50);
    if (!good && !(onlyAlone && connection.waiting > 0)) return betray(connection, signal);
    // ChangeCipherSpec, and a Finished that cannot be right.
    await connection.record();
    await connection.record();
    connection.refuse(ALERT.badRecordMac, TLS12);
  });
}

async function betray(connection: Connection, signal: 'alert' | 'close' | 'silence'): Promise<void> {
  if (signal === 'silence') return connection.drain();
  if (signal === 'close') return void connection.socket.end();
  connection.refuse(ALERT.decryptError, TLS12);
}
