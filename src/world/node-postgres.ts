import { userInfo } from 'node:os';
import { unknown, type CauseCode, type Unknown } from '../model/fact.ts';
import { addressText } from './database-address.ts';
import type { DatabaseLogin, Row, SqlSession } from './database.ts';
import { isExposed, openLogin } from './node-login.ts';
import { openWire } from './node-postgres-wire.ts';
import type { OpenedSecrets } from './secret.ts';

/** Where nobody names a database: every cluster that initdb made has it, until somebody drops it. */
const MAINTENANCE_DATABASE = 'postgres';
/**
 * Parameters of libpq that an address may carry: sslmode is read, the others change nothing of whom is asked, or how what is sent is protected.
 * https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-PARAMKEYWORDS
 */
const PARAMETERS = new Set([
  ...'sslmode,application_name,fallback_application_name,connect_timeout,client_encoding,keepalives,keepalives_idle'.split(','),
  ...'keepalives_interval,keepalives_count,tcp_user_timeout,channel_binding,sslsni,gssencmode'.split(','),
]);
const MAX_ROWS = 10_000;
const MAX_BYTES = 64 * 1024 * 1024;
/** A statement may take so many times as long as connecting. */
const PATIENCE = 4;
const CLOSING = 500;

/** A session that a server lets us have: read-only, without waiting for locks, and named `custos` for its administrators. */
export async function postgresSession(login: DatabaseLogin, opened: OpenedSecrets): Promise<SqlSession | Unknown> {
  const found = openLogin('postgres', login, opened);
  if ('state' in found) return found;
  const { address, password } = found;
  const { timeout, signal } = login;
  const parameter = Object.keys(address.parameters).find((name) => !PARAMETERS.has(name));
  if (parameter !== undefined) return unknown('unsupported', `${addressText(address)}: the parameter ${parameter.slice(0, 40)}`);
  const wire = await openWire(address, login);
  if ('state' in wire) return wire;
  const { stream, transport } = wire;
  const { Client, Query } = await import('pg');
  const client = new Client({
    // Each of these is given, or pg would take it from the environment.
    user: address.user ?? ownName(),
    database: address.database ?? MAINTENANCE_DATABASE,
    host: address.host ?? 'localhost',
    port: address.port,
    password: () => {
      if (password === undefined) throw new Refusal(NO_PASSWORD);
      return password;
    },
    ssl: false,
    stream: () => stream,
    application_name: 'custos',
    client_encoding: 'utf8',
    options: optionsFor(timeout * PATIENCE),
    // Texts as the server sends them: what they mean is told where they are asked for.
    types: { getTypeParser: () => (value: unknown) => value },
  });
  let dead: Unknown | undefined;
  const end = (why: Unknown): void => {
    dead ??= why;
    stream.destroy();
  };
  const stop = (): void => end(unknown('timed-out', 'the run was told to stop'));
  signal.addEventListener('abort', stop, { once: true });
  client.on('error', (error) => (dead ??= causeOf(error)));
  // SCRAM gives the password to nobody. These stand before pg's own listeners, which would answer what else they are asked.
  if (isExposed(transport))
    onDemand(client, (form) =>
      end(unknown('refused', form === 'clear' ? 'it asks for the password in clear' : 'it asks for the password as MD5')),
    );
  const timer = setTimeout(() => end(unknown('timed-out', 'login')), timeout);
  const refused = await client.connect().then(
    () => undefined,
    (error: unknown) => dead ?? causeOf(error),
  );
  clearTimeout(timer);
  stream.on('close', () => (dead ??= unknown('unreachable', 'the server ended the connection')));
  const close = async (): Promise<void> => {
    signal.removeEventListener('abort', stop);
    dead ??= unknown('collector-failed', 'the session is closed');
    const late = setTimeout(() => stream.destroy(), CLOSING);
    await client.end().catch(() => undefined);
    clearTimeout(late);
    stream.destroy();
  };
  if (refused !== undefined) {
    end(refused);
    signal.removeEventListener('abort', stop);
    return refused;
  }
  const query = (statement: string, maxRows = MAX_ROWS): Promise<readonly Row[] | Unknown> => {
    if (dead !== undefined) return Promise.resolve(dead);
    stream.allow(MAX_BYTES);
    return new Promise((resolve) => {
      const rows: Row[] = [];
      const tooMany = unknown('unsupported', `more than ${maxRows} rows`);
      const settle = (result: readonly Row[] | Unknown): void => {
        clearTimeout(late);
        resolve(result);
      };
      // The server ends a statement by itself; this is for one that does not.
      const late = setTimeout(
        () => {
          end(unknown('timed-out', 'statement'));
          settle(unknown('timed-out', 'statement'));
        },
        timeout * PATIENCE + CLOSING,
      );
      const running = new Query<Record<string, unknown>>(`${statement} limit ${maxRows + 1}`);
      running.on('row', (row) => {
        rows.push(row);
        if (rows.length > maxRows + 1) end(tooMany);
      });
      running.on('error', (error) => settle(dead ?? causeOf(error)));
      running.on('end', () => settle(dead ?? (rows.length > maxRows ? tooMany : rows)));
      client.query(running);
    });
  };
  const session: SqlSession = { transport, address, query, close };
  const [settings] = await rowsOf(session, "select current_setting('default_transaction_read_only') as read_only");
  if (settings?.['read_only'] === 'on') return session;
  await close();
  return unknown('refused', 'the session would not be read-only: a pooler between us and the server, perhaps');
}

async function rowsOf(session: SqlSession, statement: string): Promise<readonly Row[]> {
  const rows = await session.query(statement);
  return 'state' in rows ? [] : rows;
}

/** In force from the session's first moment. Nothing but the server's own catalogue is found by a name alone. */
function optionsFor(statement: number): string {
  return Object.entries({
    default_transaction_read_only: 'on',
    statement_timeout: statement,
    lock_timeout: 1000,
    idle_in_transaction_session_timeout: 10_000,
    search_path: 'pg_catalog',
    client_min_messages: 'error',
  })
    .map(([name, value]) => `-c ${name}=${value}`)
    .join(' ');
}

/** Whom a Unix socket takes us for, where nobody says more. */
function ownName(): string {
  try {
    return userInfo().username;
  } catch {
    return 'custos'; // an account without a name, in a container
  }
}

const NO_PASSWORD = unknown('access-denied', 'the server asks for a password, and the target has none');

/** Tells of what a server asks for before pg answers it. Its connection is no part of its types. */
function onDemand(client: object, tell: (form: 'clear' | 'md5') => void): void {
  const connection: unknown = Reflect.get(client, 'connection');
  if (!isEmitter(connection)) throw new Error('pg has no connection to watch');
  connection.on('authenticationCleartextPassword', () => tell('clear'));
  connection.on('authenticationMD5Password', () => tell('md5'));
}

function isEmitter(value: unknown): value is { on(event: string, listener: () => void): unknown } {
  return typeof value === 'object' && value !== null && 'on' in value && typeof value.on === 'function';
}

class Refusal extends Error {
  readonly why: Unknown;

  constructor(why: Unknown) {
    super(why.detail);
    this.why = why;
  }
}

/** What an SQLSTATE means here. The server's own words stay with it: they may repeat what nobody should read. */
const STATES: Readonly<Record<string, readonly [cause: CauseCode, detail: string]>> = {
  '28P01': ['access-denied', 'the password was not accepted'],
  '28000': ['access-denied', 'the server does not let this account in from here'],
  '3D000': ['unreachable', 'there is no database of that name'],
  '42501': ['access-denied', 'insufficient privilege'],
  '53300': ['refused', 'the server has no connection left'],
  '57P03': ['refused', 'the server is starting up or shutting down'],
  '57P01': ['unreachable', 'the server ended the connection'],
  '57014': ['timed-out', 'statement'],
  '55P03': ['timed-out', 'a lock'],
};

function causeOf(error: unknown): Unknown {
  if (error instanceof Refusal) return error.why;
  const code = typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' ? error.code : '';
  const [cause, detail] = STATES[code] ?? [];
  if (cause !== undefined && detail !== undefined) return unknown(cause, detail);
  if (/^[0-9A-Z]{5}$/.test(code)) return unknown('unsupported', `SQLSTATE ${code}`);
  if (code === 'TOO_MUCH_DATA') return unknown('unsupported', 'more than it may send');
  if (code === 'GARBAGE') return unknown('unparseable', 'what answers does not speak PostgreSQL’s protocol');
  if (error instanceof Error && error.message.startsWith('SASL'))
    return unknown('refused', 'SCRAM: the server did not prove that it knows the password, or asks for something else');
  return unknown('unreachable', code === '' ? 'the server ended the connection' : code);
}
