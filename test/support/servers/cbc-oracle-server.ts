import { setTimeout as delay } from 'node:timers/promises';
import type { Certificate } from './certificate.ts';
import { startScriptedServer, type Connection, type ScriptedServer } from './scripted-server.ts';
import { finish, greet, identityOf, type Session } from './tls12-handshake.ts';
import type { Verdict } from './tls12-keys.ts';
import { ALERT, RECORD, TLS12 } from './wire.ts';

/** What a server does about a bad record: an encrypted fatal alert, an end with no word, nothing at all, or it takes it. */
export type Reaction = { readonly alert: number } | 'close' | 'reset' | 'silence' | 'accept';

export type BadRecord = Exclude<Verdict, 'good'>;

/**
 * The oracles by name: in what each differs from a server that answers every bad record with bad_record_mac. The
 * sleeping one takes the record's MAC for good and then waits for ever for the rest.
 */
export const CBC_ORACLES = {
  none: {},
  'poodle-tls': { 'bad-padding': 'accept' },
  'zombie-poodle': { 'bad-padding': 'reset' },
  'zombie-poodle-alert': { 'bad-padding': { alert: ALERT.decryptionFailed } },
  goldendoodle: { 'bad-mac': 'close', 'bad-mac-empty': 'close' },
  'sleeping-poodle': { 'bad-padding': 'silence' },
  'zero-length': { 'bad-mac-empty': 'close' },
  luckyminus20: { 'all-padding': { alert: ALERT.recordOverflow } },
} as const satisfies Readonly<Record<string, Readonly<Partial<Record<BadRecord, Reaction>>>>>;

export type CbcOracle = keyof typeof CBC_ORACLES;

export interface CbcOracleOptions {
  readonly oracle?: CbcOracle;
  /** Reactions of one's own, over the named ones; a function is asked each time. */
  readonly reactions?: Readonly<Partial<Record<BadRecord, Reaction | (() => Reaction)>>>;
  /** The reaction to everything not named: servers may be uniform in other ways than by an alert. */
  readonly otherwise?: Reaction;
  readonly best?: number;
  readonly certificate?: Certificate;
  /** Milliseconds before every reaction. */
  readonly delay?: number;
}

/** A real server of RSA_WITH_AES_128_CBC_SHA, TLS 1.0 to 1.2, that answers requests and can be wrong about bad records. */
export async function startCbcOracleServer(options: CbcOracleOptions = {}): Promise<ScriptedServer> {
  const identity = identityOf(options.certificate);
  const reactions: NonNullable<CbcOracleOptions['reactions']> = { ...CBC_ORACLES[options.oracle ?? 'none'], ...options.reactions };
  return startScriptedServer(async (connection) => {
    const greeting = await greet(connection, identity, await connection.hello(), { best: options.best ?? TLS12 });
    if (greeting === undefined) return;
    const session = await finish(connection, identity, greeting);
    if (session === undefined) return;
    while (!connection.closed) {
      const { type, body } = await connection.record();
      const { verdict, content } = session.keys.client.open(type, body);
      if (type === RECORD.alert && verdict === 'good') return void connection.socket.end();
      await delay(options.delay ?? 0);
      const chosen = verdict === 'good' ? 'accept' : (reactions[verdict] ?? options.otherwise ?? { alert: ALERT.badRecordMac });
      const reaction = typeof chosen === 'function' ? chosen() : chosen;
      // Records without content come first in TLS 1.0, against BEAST: nothing is answered to them.
      if (reaction !== 'accept') react(connection, session, reaction);
      else if (content.length > 0) respond(connection, session);
    }
  });
}

function react(connection: Connection, session: Session, reaction: Exclude<Reaction, 'accept'>): void {
  if (reaction === 'silence') return;
  if (reaction === 'reset') return void connection.socket.resetAndDestroy();
  if (reaction !== 'close') connection.send(session.keys.server.seal(RECORD.alert, Buffer.from([2, reaction.alert])));
  connection.socket.end();
}

function respond(connection: Connection, session: Session): void {
  const page = 'HTTP/1.1 200 OK\r\nContent-Length: 7\r\nConnection: close\r\n\r\ncustos\n';
  connection.send(session.keys.server.seal(RECORD.data, Buffer.from(page)));
  connection.send(session.keys.server.seal(RECORD.alert, Buffer.from([1, ALERT.closeNotify])));
  connection.socket.end();
}
