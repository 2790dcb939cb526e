import { derived, known, unknown, type Fact, type Origin, type Unknown } from '../../model/fact.ts';
import { isFilledIn } from '../../text/template.ts';
import { defaultOf, type DefaultSince } from './defaults.ts';
import type { FormatContext } from './format.ts';
import { hostOf } from './log-channels.ts';
import { holeOf, type PostgresSettings } from './postgres-settings.ts';

/** A setting that somebody wrote, and where. */
export interface WrittenSetting {
  readonly value: string;
  readonly origin: Origin;
  /** Where a part of the value stands, by offsets into it. */
  part(start: number, end: number): Origin;
}

/** One server's settings as facts, wherever they were read: written, overridden by something that is not seen, or the version's default. */
export abstract class PostgresServer {
  /** Where a setting would stand that nobody wrote. */
  abstract readonly at: Origin;
  abstract readonly version: Fact<string>;
  /** The version of OpenSSL that it runs with. */
  abstract readonly openssl: Fact<string>;
  /** Its machine, where the files of one target describe several. */
  abstract readonly host: string;

  /** What is written, as text; undefined where nobody wrote it. */
  abstract written(name: string): WrittenSetting | Unknown | undefined;

  value<T>(name: string, parse: (text: string) => T | undefined, table: readonly DefaultSince<T>[]): Fact<T> {
    const found = this.written(name);
    if (found === undefined) return defaultOf(name, 'postgresql', this.version, table, this.at);
    if ('state' in found) return found;
    const value = parse(found.value);
    return value === undefined ? unknown('unparseable', name, found.origin) : known(value, found.origin);
  }

  flag(name: string, byDefault: boolean): Fact<boolean> {
    return this.value(name, onOff, [{ since: '0', value: byDefault }]);
  }

  text(name: string, byDefault: string): Fact<string> {
    return this.value(name, (text) => text, [{ since: '0', value: byDefault }]);
  }
}

/** A server as its files have it. */
export class PostgresFiles extends PostgresServer {
  readonly settings: PostgresSettings;
  readonly context: FormatContext;
  readonly at: Origin;
  readonly version: Fact<string>;
  readonly openssl: Fact<string>;
  readonly host: string;

  constructor(settings: PostgresSettings, context: FormatContext) {
    super();
    this.settings = settings;
    this.context = context;
    this.at = settings.main.origin(0, 0);
    this.version = versionOf(settings.main.file, context, this.at);
    this.openssl = context.version('openssl');
    this.host = hostOf(settings.main.file);
  }

  written(name: string): WrittenSetting | Unknown | undefined {
    const found = holeOf(this.settings, name) ?? this.settings.settings.get(name);
    if (found === undefined || 'state' in found) return found;
    if (isFilledIn(found.value)) return unknown('unresolved', `${name}: a variable that nobody sets`, found.origin);
    const { value, origin, source, start } = found;
    return { value, origin, part: (from, to) => source.origin(start + from, start + to) };
  }
}

/** The version that somebody vouches for, else the one of Debian's path: it keeps each cluster's files below its major version. */
export function versionOf(file: string, context: FormatContext, at: Origin): Fact<string> {
  const stated = context.version('postgresql');
  const path = /(?:^|\/)postgresql\/(\d+)\/[^/]+\//.exec(`${context.target.address}/${file}`)?.[1];
  if (stated.state === 'known' || path === undefined) return stated;
  return known(path, derived('Debian’s path of the cluster', at));
}

/** PostgreSQL takes any unambiguous beginning of on, off, true, false, yes, no, and 1 and 0. */
export function onOff(text: string): boolean | undefined {
  const word = text.toLowerCase();
  if (word === '1' || word === 'on' || (word !== '' && ('true'.startsWith(word) || 'yes'.startsWith(word)))) return true;
  return word === '0' || word === 'off' || word === 'of' || (word !== '' && ('false'.startsWith(word) || 'no'.startsWith(word)))
    ? false
    : undefined;
}
