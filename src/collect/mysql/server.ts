import { known, unknown, type Fact, type Origin, type Unknown } from '../../model/fact.ts';
import type { Target } from '../../model/resource.ts';
import type { Row, SqlSession } from '../../world/database.ts';

/** Rows of one statement, with the words that stand for it. */
export interface Rows {
  readonly rows: readonly Row[];
  readonly origin: Origin;
}

type Settings = ReadonlyMap<string, string>;

/** Servers that speak the protocol and are neither: what MySQL's settings mean there is not known. */
const OTHERS = /tidb|oceanbase|vitess|singlestore|memsql|doris|starrocks|proxysql|clickhouse|manticore/i;

/** A MySQL or MariaDB server as its own statements show it. */
export class MysqlServer {
  readonly target: Target;
  readonly session: SqlSession;
  readonly engine: 'mysql' | 'mariadb';
  readonly version: Fact<string>;
  readonly #variables: Settings;
  readonly #status: Settings | Unknown;

  private constructor(
    target: Target,
    session: SqlSession,
    engine: 'mysql' | 'mariadb',
    version: Fact<string>,
    variables: Settings,
    status: Settings | Unknown,
  ) {
    this.target = target;
    this.session = session;
    this.engine = engine;
    this.version = version;
    this.#variables = variables;
    this.#status = status;
  }

  /** Asks which server it is, and how it is set. */
  static async of(target: Target, session: SqlSession): Promise<MysqlServer | Unknown> {
    const origin = wire(target, 'show global variables');
    const variables = settingsIn(await session.query('show global variables', 5_000));
    if ('state' in variables) return { ...variables, origin };
    const status = settingsIn(await session.query('show global status', 5_000));
    const [text, comment] = [variables.get('version'), variables.get('version_comment') ?? ''];
    if (text === undefined) return unknown('unparseable', 'version: the server does not tell', origin);
    const [, number] = /^(\d+\.\d+\.\d+)/.exec(text) ?? [];
    if (number === undefined || OTHERS.test(`${text} ${comment}`))
      return unknown('unsupported', `${text.slice(0, 60)}: neither MySQL nor MariaDB`, origin);
    const engine = /mariadb/i.test(text) ? 'mariadb' : 'mysql';
    const at = wire(target, 'show global variables like version');
    return new MysqlServer(
      target,
      session,
      engine,
      known(number, at),
      variables,
      'state' in status ? { ...status, origin: wire(target, 'show global status') } : status,
    );
  }

  get mariadb(): boolean {
    return this.engine === 'mariadb';
  }

  /** The line that declared the target. */
  get at(): Origin {
    return { kind: 'file', range: this.target.declaredAt };
  }

  origin(exchange: string): Origin {
    return wire(this.target, exchange);
  }

  /** Asks; `exchange` is the statement as a person would write it. A denial names the privilege that is missing. */
  async rows(exchange: string, needs: string, sql: string, maxRows?: number): Promise<Rows | Unknown> {
    const origin = this.origin(exchange);
    const rows = await this.session.query(sql, maxRows);
    if (!('state' in rows)) return { rows, origin };
    return rows.cause === 'access-denied' ? unknown('access-denied', `${exchange}: needs ${needs}`, origin) : { ...rows, origin };
  }

  /** A global variable as text; `undefined` where this server has none of that name. */
  written(name: string): { readonly value: string; readonly origin: Origin } | undefined {
    const value = this.#variables.get(name);
    return value === undefined ? undefined : { value, origin: this.origin(`show global variables like ${name}`) };
  }

  /** The first of some names that this server has: they differ by product and version. */
  variable(...names: readonly [string, ...string[]]): Fact<string> {
    for (const name of names) {
      const found = this.written(name);
      if (found !== undefined) return known(found.value, found.origin);
    }
    return unknown('unsupported', `${names[0]}: no variable of this server`, this.origin('show global variables'));
  }

  flag(...names: readonly [string, ...string[]]): Fact<boolean> {
    return this.#read(this.variable(...names), names[0], (text) =>
      /^(?:on|1|yes|true)$/i.test(text) ? true : /^(?:off|0|no|false|disabled)$/i.test(text) ? false : undefined,
    );
  }

  number(...names: readonly [string, ...string[]]): Fact<number> {
    return this.#read(this.variable(...names), names[0], numberIn);
  }

  /** A status variable as a number. */
  counter(...names: readonly [string, ...string[]]): Fact<number> {
    const fact = this.status(...names);
    return this.#read(fact, names[0], numberIn);
  }

  status(...names: readonly [string, ...string[]]): Fact<string> {
    if ('state' in this.#status) return this.#status;
    for (const name of names) {
      const value = this.#status.get(name.toLowerCase());
      if (value !== undefined) return known(value, this.origin(`show global status like ${name}`));
    }
    return unknown('unsupported', `${names[0]}: no status of this server`, this.origin('show global status'));
  }

  #read<T>(fact: Fact<string>, name: string, parse: (text: string) => T | undefined): Fact<T> {
    if (fact.state !== 'known') return fact;
    const value = parse(fact.value);
    return value === undefined ? unknown('unparseable', name, fact.origin) : known(value, fact.origin);
  }
}

/** A column as text; `undefined` where it is NULL or not there. */
export function columnOf(row: Row, name: string): string | undefined {
  const value = row[name];
  return typeof value === 'string' ? value : undefined;
}

/** A whole number, or a decimal one as the server prints it. */
export function numberIn(text: string): number | undefined {
  return /^-?\d{1,20}(?:\.\d+)?$/.test(text) ? Number(text) : undefined;
}

function wire(target: Target, exchange: string): Origin {
  return { kind: 'wire', target: target.id, exchange };
}

/** The two columns of SHOW VARIABLES and SHOW STATUS, whatever they are called. */
function settingsIn(rows: readonly Row[] | Unknown): Settings | Unknown {
  if ('state' in rows) return rows;
  const settings = new Map<string, string>();
  for (const row of rows) {
    const [name, value] = Object.values(row);
    // NULL is a value of its own: of secure_file_priv it says that no file may be touched.
    if (typeof name === 'string') settings.set(name.toLowerCase(), typeof value === 'string' ? value : 'NULL');
  }
  return settings.size === 0 ? unknown('unparseable', 'show variables: nothing') : settings;
}
