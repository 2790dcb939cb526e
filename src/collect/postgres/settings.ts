import { derived, known, mapFact, unknown, type Fact, type Origin, type Unknown } from '../../model/fact.ts';
import { PostgresServer, type WrittenSetting } from '../files/postgres-server.ts';
import type { Catalogue } from './catalogue.ts';

/** Sources of a value that holds for every session: https://www.postgresql.org/docs/current/view-pg-settings.html */
const SERVER_WIDE = new Set(['default', 'environment variable', 'configuration file', 'command line', 'global', 'override']);

interface Setting {
  readonly value: string;
  readonly source: string;
  /** Where it is written, for those who may see it. */
  readonly place: string;
}

/** A setting that a role or database has of its own. */
export interface Override {
  readonly name: string;
  readonly value: string;
}

/** The settings in force on a running server. */
export class LiveServer extends PostgresServer {
  readonly at: Origin;
  readonly version: Fact<string>;
  readonly openssl: Fact<string>;
  readonly host = '';
  readonly #settings: ReadonlyMap<string, Setting>;
  /** Why a setting that is not listed may be set all the same. */
  readonly #hidden: Unknown | undefined;
  readonly #overrides: ReadonlyMap<string, WrittenSetting>;
  readonly #place: (exchange: string) => Origin;

  private constructor(
    like: Pick<LiveServer, 'at' | 'version' | 'openssl'>,
    settings: ReadonlyMap<string, Setting>,
    hidden: Unknown | undefined,
    overrides: ReadonlyMap<string, WrittenSetting>,
    place: (exchange: string) => Origin,
  ) {
    super();
    this.at = like.at;
    this.version = like.version;
    this.openssl = like.openssl;
    this.#settings = settings;
    this.#hidden = hidden;
    this.#overrides = overrides;
    this.#place = place;
  }

  /** Reads pg_settings; `privileged` says that nothing is hidden from us. */
  static async read(catalogue: Catalogue, privileged: Fact<boolean>): Promise<LiveServer | Unknown> {
    const from = 'pg_settings';
    const answer = await catalogue.ask({
      from,
      statement: 'select name, setting, source, sourcefile, sourceline::text as line from pg_catalog.pg_settings order by name',
      columns: ['name', 'setting', 'source', 'sourcefile', 'line'],
      maxRows: 5000,
    });
    if ('state' in answer) return answer;
    const settings = new Map<string, Setting>();
    for (const { name, setting, source, sourcefile, line } of answer.rows) {
      if (name === null || source === null) return unknown('unparseable', `${from}: not the columns that were asked for`, answer.origin);
      const place = sourcefile === null ? source : `${sourcefile}:${line ?? '?'}`;
      settings.set(name, { value: setting ?? '', source, place });
    }
    const version = settings.get('server_version');
    const at = answer.origin;
    const hidden =
      privileged.state === 'known' && privileged.value
        ? undefined
        : unknown('access-denied', 'a setting that only pg_read_all_settings shows', at);
    const target = catalogue.target.versions['openssl'];
    return new LiveServer(
      {
        at,
        version: version === undefined ? unknown('unparseable', `${from}: no server_version`, at) : known(version.value, at),
        openssl: target ?? unknown('unresolved', 'version of openssl', at),
      },
      settings,
      hidden,
      new Map(),
      (exchange) => catalogue.origin(exchange),
    );
  }

  /** The same server, as sessions find it that have settings of their own. */
  with(overrides: readonly Override[], origin: Origin): LiveServer {
    const own = overrides.map(({ name, value }) => [name, { value, origin, part: () => origin }] as const);
    return new LiveServer(this, this.#settings, this.#hidden, new Map([...this.#overrides, ...own]), this.#place);
  }

  written(name: string): WrittenSetting | Unknown | undefined {
    const override = this.#overrides.get(name);
    if (override !== undefined) return override;
    const found = this.#settings.get(name);
    if (found === undefined) return this.#hidden;
    const origin = this.#place(`select … from pg_settings: ${name} (${found.place})`);
    // A value that is only our own hides the one that everybody else has.
    if (!SERVER_WIDE.has(found.source)) return unknown('unresolved', `${name}: our own role or database has a value of its own`, origin);
    return { value: found.value, origin, part: () => origin };
  }
}

/** `15.14 (Debian 15.14-0+deb12u1)` is 15.14. */
export function plainVersion(version: Fact<string>): Fact<string> {
  if (version.state !== 'known') return version;
  const number = /^\d+(?:\.\d+)*/.exec(version.value)?.[0];
  return number === undefined || /^\d+(?:\.\d+)*[a-z]/i.test(version.value)
    ? version
    : known(number, derived('the number of its version', version.origin));
}

/** The major version: 15, and 9 for 9.6. */
export function majorOf(version: Fact<string>): Fact<number> {
  return mapFact(version, 'the major version', (text) => Number.parseInt(text, 10));
}
