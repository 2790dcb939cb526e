import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { Connection, ConnectionOptions } from 'mysql2';
import { unknown, type Unknown } from '../model/fact.ts';
import { addressText, type DatabaseAddress } from './database-address.ts';
import type { DatabaseLogin, Row, SqlSession, Transport } from './database.ts';
import { MAX_GREETING, readGreeting, type MysqlGreeting } from './mysql-greeting.ts';
import { mysqlRefusal } from './mysql-error.ts';
import { BoundedStream } from './node-bounded-stream.ts';
import { authoritiesWith, dialAddress, openLogin, refusalOf, transportOf } from './node-login.ts';
import { connectionOver, errorCode } from './node-socket.ts';
import type { OpenedSecrets } from './secret.ts';

/** Bytes that the server may send until it has let us in, and in answer to one statement. */
const LOGIN_BYTES = 1 << 20;
const STATEMENT_BYTES = 64 << 20;
/** Rows that the server sends at most, whatever is asked; each caller's own bound is lower. */
const SERVER_ROWS = 200_001;
/** A statement may take so many times as long as connecting; and so many milliseconds more, for its answer to arrive. */
const PATIENCE = 4;
const GRACE = 1_000;
/** Milliseconds that the server has to end the connection, once it was told goodbye. */
const FAREWELL = 500;

type Driver = typeof import('mysql2');

/** Logs in to MySQL or MariaDB, read-only and bounded. Credentials go over verified TLS, a Unix socket or loopback only. */
export async function mysqlSession(login: DatabaseLogin, opened: OpenedSecrets): Promise<SqlSession | Unknown> {
  const found = openLogin('mysql', login, opened);
  if ('state' in found) return found;
  const { address, password } = found;
  const where = addressText(address);
  const [parameter] = Object.keys(address.parameters);
  if (parameter !== undefined) return unknown('unsupported', `${where}: the parameter ${parameter.slice(0, 40)}`);
  if (address.user === undefined) return unknown('unresolved', `${where}: it names no user`);
  // The driver takes a connection that is never told to go: whatever happens, it ends with the signal.
  const over = AbortSignal.any([login.signal, AbortSignal.timeout(login.timeout * 2)]);
  const socket = await dialAddress(address, { ...login, signal: over });
  if ('state' in socket) return socket;
  const way = transportOf(socket, address);
  const greeting = await greetingOf(socket, login.timeout, over);
  const why =
    'problem' in greeting
      ? unknown('unparseable', `${where}: ${greeting.problem}`)
      : 'state' in greeting
        ? { ...greeting, detail: `${where}: ${greeting.detail}` }
        : greeting.kind === 'error'
          ? mysqlRefusal(greeting.code, where)
          : greeting.tls
            ? undefined
            : refusalOf(way, login.insecure);
  if (why !== undefined) {
    socket.destroy();
    return why;
  }
  const stream = new BoundedStream(socket, address.host ?? 'localhost', LOGIN_BYTES);
  const tls = 'kind' in greeting && greeting.kind === 'greeting' && greeting.tls && (way === 'clear' || login.ca !== undefined);
  const driver = await import('mysql2');
  const connection = driver.createConnection({
    ...optionsOf(login, address, password, stream),
    ...(tls && way !== 'socket' ? { ssl: tlsOptions(login) } : {}),
    authPlugins: cautious(driver, (at) => way !== 'clear' || isVerified(at)),
  });
  const failed = await loggedIn(connection, stream, over, where, !login.insecure);
  if (failed !== undefined) return failed;
  const session = new MysqlSession(connection, stream, address, transportOver(connection, way), login);
  const refused = await session.begin('version' in greeting && /mariadb/i.test(greeting.version));
  if (refused === undefined) return session;
  await session.close();
  return refused;
}

/** The greeting, put back for the driver to read: whether anything is sent at all depends on it. */
async function greetingOf(
  socket: Socket,
  timeout: number,
  signal: AbortSignal,
): Promise<MysqlGreeting | Unknown | { readonly problem: string }> {
  const { connection, release } = connectionOver(socket, signal);
  const until = performance.now() + timeout;
  let bytes = Buffer.alloc(0);
  for (;;) {
    const received = await connection.read(Math.max(0, until - performance.now()));
    if (received.kind !== 'bytes') {
      return received.kind === 'timed-out'
        ? unknown('timed-out', 'no greeting')
        : unknown('unreachable', received.kind === 'reset' ? received.detail : 'it closed the connection');
    }
    bytes = Buffer.concat([bytes, received.bytes]);
    const greeting = readGreeting(bytes);
    if (greeting === undefined && bytes.length <= MAX_GREETING + 4) continue;
    release();
    socket.unshift(bytes);
    return greeting ?? { problem: 'no greeting' };
  }
}

function optionsOf(
  { timeout }: DatabaseLogin,
  { host, port, user, socket }: DatabaseAddress,
  password: string | undefined,
  stream: BoundedStream,
): ConnectionOptions {
  return {
    ...(host === undefined ? {} : { host }),
    // Only tells the driver that it is a local socket: the stream is given.
    ...(socket === undefined ? {} : { socketPath: socket }),
    port,
    ...(user === undefined ? {} : { user }),
    ...(password === undefined ? {} : { password }),
    // The database of the address is not entered: it is a name, and entering it would take a right to it.
    stream: () => stream,
    connectTimeout: timeout,
    // The server may not ask for a file of this machine, and its column names make no code.
    flags: ['-LOCAL_FILES', '-SESSION_TRACK'],
    disableEval: true,
    multipleStatements: false,
    typeCast: false,
    rowsAsArray: true,
    trace: false,
    connectAttributes: { program_name: 'custos' },
  };
}

function tlsOptions({ ca, insecure }: DatabaseLogin): NonNullable<ConnectionOptions['ssl']> {
  return {
    ca: authoritiesWith(ca),
    rejectUnauthorized: !insecure,
    verifyIdentity: true,
  };
}

function streamOf(connection: unknown): unknown {
  return typeof connection === 'object' && connection !== null && 'stream' in connection ? connection.stream : undefined;
}

/** Does it stand over TLS whose certificate and name were verified? */
function isVerified(connection: unknown): boolean {
  const stream = streamOf(connection);
  return stream instanceof TLSSocket && stream.authorized;
}

function transportOver(connection: Connection, way: Transport): Transport {
  if (isVerified(connection)) return 'tls';
  return way === 'clear' && streamOf(connection) instanceof TLSSocket ? 'unverified' : way;
}

/** Why TLS did not come about; the driver tells of the end of the connection first. */
function unverified(connection: unknown, where: string): Unknown | undefined {
  const stream = streamOf(connection);
  // Set by node:tls before it gives up the connection; null until then.
  const error: unknown = stream instanceof TLSSocket ? stream.authorizationError : null;
  return error === null || error === undefined
    ? undefined
    : unknown('refused', `${where}: its certificate could not be verified, and nothing was sent (ca: names its authority)`);
}

/** A server that asks for the password itself, or for it under a key that it sends along, gets it over a trusted way only. */
class Refusal extends Error {
  readonly code = 'CLEAR_PASSWORD_REFUSED';
}

function cautious({ authPlugins }: Driver, trusted: (connection: unknown) => boolean): NonNullable<ConnectionOptions['authPlugins']> {
  const full = 4; // "perform full authentication", the second message of caching_sha2_password
  return {
    caching_sha2_password: (context) => {
      const inner = authPlugins.caching_sha2_password()(context);
      return (data) => {
        if (data.length === 1 && data[0] === full && !trusted(context.connection)) throw new Refusal();
        return inner(data);
      };
    },
    sha256_password: (context) => {
      if (!trusted(context.connection)) throw new Refusal();
      return authPlugins.sha256_password()(context);
    },
    mysql_clear_password: (context) => {
      if (!trusted(context.connection)) throw new Refusal();
      return authPlugins.mysql_clear_password()(context);
    },
  };
}

/** A packet whose number is not the next: what it answers cannot be told. */
class OutOfOrder extends Error {
  readonly code = 'packets out of order';
}

/** Waits until the server has let us in. `demanded`: a certificate that does not verify ended it. */
function loggedIn(
  connection: Connection,
  stream: BoundedStream,
  signal: AbortSignal,
  where: string,
  demanded: boolean,
): Promise<Unknown | undefined> {
  return new Promise((resolve) => {
    const settle = (result: Unknown | undefined): void => {
      signal.removeEventListener('abort', stop);
      connection.removeAllListeners('connect');
      connection.removeAllListeners('error');
      // What comes later is told to whoever asks: it must not end the process.
      connection.on('error', () => undefined);
      if (result !== undefined) {
        connection.destroy();
        stream.destroy();
      }
      resolve(result);
    };
    const stop = (): void => settle(unknown('timed-out', where));
    signal.addEventListener('abort', stop, { once: true });
    // The driver would go on, and say it on standard error for each packet: the first is the last that it sees.
    connection.on('warn', () => {
      connection.pause();
      connection.emit('error', new OutOfOrder());
    });
    connection.once('connect', () => settle(undefined));
    connection.once('error', (error: unknown) => settle((demanded ? unverified(connection, where) : undefined) ?? unknownOf(error, where)));
    if (signal.aborted) stop();
  });
}

/** An error of the driver, of TLS or of the server, as its cause. */
function unknownOf(error: unknown, where: string): Unknown {
  const code = errorCode(error);
  const number = error instanceof Error && 'errno' in error && typeof error.errno === 'number' ? error.errno : 0;
  if (number >= 1000) return mysqlRefusal(number, where);
  switch (code) {
    case 'CLEAR_PASSWORD_REFUSED':
      return unknown('refused', `${where}: it asks for the password in clear, and nothing verified protects it`);
    case 'AUTH_SWITCH_PLUGIN_ERROR': {
      const plugin = error instanceof Error ? /unknown plugin ([\w-]{1,40})/.exec(error.message)?.[1] : undefined;
      return unknown('unsupported', `${where}: it asks for the authentication plugin ${plugin ?? 'of a kind of its own'}`);
    }
    case 'HANDSHAKE_SSL_ERROR':
      return unknown('refused', `${where}: its certificate could not be verified, and nothing was sent (ca: names its authority)`);
    case 'ETIMEDOUT':
      return unknown('timed-out', where);
    case 'TOO_MUCH_DATA':
      return unknown('unsupported', `${where}: more data than it may send`);
    case 'PROTOCOL_CONNECTION_LOST':
    case 'ECONNRESET':
    case 'EPIPE':
      return unknown('unreachable', `${where}: it closed the connection`);
    default:
      return unknown('unparseable', `${where}: ${code.slice(0, 80)}`);
  }
}

const UTF8 = new TextDecoder('utf-8', { fatal: true });

class MysqlSession implements SqlSession {
  readonly transport: Transport;
  readonly address: DatabaseAddress;
  readonly #connection: Connection;
  readonly #stream: BoundedStream;
  readonly #timeout: number;
  readonly #signal: AbortSignal;
  readonly #where: string;
  /** Why nothing more can be asked. */
  #broken: Unknown | undefined;
  /** Ends what is being asked. */
  #end: (why: Unknown) => void = () => undefined;

  constructor(
    connection: Connection,
    stream: BoundedStream,
    address: DatabaseAddress,
    transport: Transport,
    { timeout, signal }: DatabaseLogin,
  ) {
    this.#connection = connection;
    this.#stream = stream;
    this.address = address;
    this.transport = transport;
    this.#timeout = timeout * PATIENCE;
    this.#signal = signal;
    this.#where = addressText(address);
    // A packet that does not belong where it stands is told to the connection only; the query itself then ends as if all were well.
    connection.on('error', (error: unknown) => this.#end(unknownOf(error, this.#where)));
  }

  /**
   * Read-only, bounded, and deaf to what the server sets for its clients: sql_select_limit, above all, would make every list shorter
   * without a word. That it is read-only is asked for again, since a proxy may stand between us and the server.
   */
  async begin(mariadb: boolean): Promise<Unknown | undefined> {
    const limit = mariadb ? `max_statement_time = ${this.#timeout / 1000}` : `max_execution_time = ${this.#timeout}`;
    for (const statement of [
      'SET NAMES utf8mb4',
      `SET SESSION sql_mode = '', sql_select_limit = ${SERVER_ROWS}, time_zone = '+00:00', sql_big_selects = 1`,
      `SET SESSION ${limit}, lock_wait_timeout = ${Math.max(1, Math.ceil(this.#timeout / 1000))}`,
      'SET SESSION TRANSACTION READ ONLY',
    ]) {
      const answer = await this.#ask(statement, 0);
      if ('state' in answer) return answer;
      if (answer.columns !== undefined) return unknown('unparseable', `${this.#where}: a list in answer to SET`);
    }
    const settings = await this.query("show session variables where variable_name in ('tx_read_only', 'transaction_read_only')", 2);
    if ('state' in settings) return settings;
    if (settings.length > 0 && settings.every((row) => Object.values(row).includes('ON'))) return undefined;
    return unknown('refused', `${this.#where}: it does not make the session read-only`);
  }

  async query(statement: string, maxRows = 10_000): Promise<readonly Row[] | Unknown> {
    const answer = await this.#ask(statement, maxRows);
    if ('state' in answer) return answer;
    const { columns, rows } = answer;
    if (columns === undefined) return unknown('unparseable', `${this.#where}: no list in answer to a query`);
    return rows.map((values) => Object.fromEntries(columns.map((column, index) => [column, values[index]])));
  }

  async close(): Promise<void> {
    // Told goodbye, the server writes no warning about us into its log.
    if (this.#broken === undefined) {
      await new Promise<void>((resolve) => {
        const late = setTimeout(resolve, FAREWELL);
        this.#stream.once('close', () => {
          clearTimeout(late);
          resolve();
        });
        this.#connection.end();
      });
    }
    this.#broken ??= unknown('interrupted', this.#where);
    this.#connection.destroy();
    this.#stream.destroy();
  }

  #ask(
    sql: string,
    maxRows: number,
  ): Promise<{ readonly columns: readonly string[] | undefined; readonly rows: readonly (readonly (string | null)[])[] } | Unknown> {
    if (this.#broken !== undefined) return Promise.resolve(this.#broken);
    if (this.#signal.aborted) return Promise.resolve(unknown('timed-out', this.#where));
    this.#stream.allow(STATEMENT_BYTES);
    return new Promise((resolve) => {
      let columns: readonly string[] | undefined;
      let failed: Unknown | undefined;
      let results = 0;
      const rows: (readonly (string | null)[])[] = [];
      const settle = (): void => {
        clearTimeout(timer);
        this.#signal.removeEventListener('abort', stop);
        this.#stream.off('close', gone);
        this.#end = (why) => (this.#broken ??= why);
        resolve(failed ?? { columns, rows });
      };
      const end = (why: Unknown): void => {
        failed ??= why;
        this.#broken = failed;
        this.#connection.destroy();
        this.#stream.destroy();
        settle();
      };
      this.#end = end;
      const stop = (): void => end(unknown('timed-out', this.#where));
      const gone = (): void =>
        end(
          this.#stream.errored === null
            ? unknown('unreachable', `${this.#where}: it closed the connection`)
            : unknownOf(this.#stream.errored, this.#where),
        );
      const timer = setTimeout(stop, this.#timeout + GRACE);
      this.#signal.addEventListener('abort', stop, { once: true });
      this.#stream.once('close', gone);
      const query = this.#connection.query({ sql });
      query.on('fields', (fields: unknown) => {
        results += 1;
        if (Array.isArray(fields)) columns = fields.map((field: { readonly name: unknown }) => String(field.name));
        if (results > 1) end(unknown('unparseable', `${this.#where}: several answers to one statement`));
      });
      query.on('result', (row: unknown) => {
        if (!Array.isArray(row) || failed !== undefined) return;
        if (rows.length < maxRows) rows.push(row.map(textOf));
        else failed = unknown('unsupported', `${this.#where}: more than ${maxRows} rows`);
      });
      query.on('error', (error: unknown) => {
        failed ??= unknownOf(error, this.#where);
        if (error instanceof Error && 'fatal' in error && error.fatal === true) end(failed);
      });
      query.on('end', settle);
    });
  }
}

function textOf(value: unknown): string | null {
  if (!Buffer.isBuffer(value)) return typeof value === 'string' ? value : null;
  try {
    return UTF8.decode(value);
  } catch {
    return value.toString('latin1'); // a name in another encoding stays apart from every other
  }
}
