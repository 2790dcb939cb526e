import { startScriptedServer, type ScriptedServer } from './scripted-server.ts';
import { greet, identityOf } from './tls12-handshake.ts';
import { ALERT, RECORD } from './wire.ts';

export interface EarlyCcsOptions {
  /**
   * A ChangeCipherSpec before the key exchange: `vulnerable` takes it and stumbles over the next record with
   * bad_record_mac, `vulnerable-old` with decryption_failed; the others refuse it in one of the ways seen.
   */
  readonly ccs: 'vulnerable' | 'vulnerable-old' | 'alert' | 'close' | 'reset' | 'silence';
}

/** Stops at its ServerHelloDone and judges a ChangeCipherSpec that comes too early (CVE-2014-0224). */
export async function startEarlyCcsServer({ ccs }: EarlyCcsOptions): Promise<ScriptedServer> {
  const identity = identityOf();
  return startScriptedServer(async (connection) => {
    const greeting = await greet(connection, identity, await connection.hello(), { suites: [0x009c, 0x002f, 0x0035] });
    if (greeting === undefined) return;
    const { version } = greeting;
    const { type } = await connection.record();
    if (type !== RECORD.changeCipherSpec || ccs === 'alert') return connection.refuse(ALERT.unexpectedMessage, version);
    if (ccs === 'close') return void connection.socket.end();
    if (ccs === 'reset') return void connection.socket.resetAndDestroy();
    if (ccs === 'silence') return connection.drain();
    await connection.record();
    connection.refuse(ccs === 'vulnerable' ? ALERT.badRecordMac : ALERT.decryptionFailed, version);
  });
}
