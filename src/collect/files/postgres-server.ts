import { derived, known, unknown, type Fact, type Origin, type Unknown } from '../../model/fact.ts';
import type { SourceText } from '../../text/source-text.ts';
import { isFilledIn } from '../../text/template.ts';
import { defaultOf, type DefaultSince } from './defaults.ts';
import type { FormatContext } from './format.ts';
import { holeOf, type PostgresSettings } from './postgres-settings.ts';

/** One server's settings as facts: written, overridden by something that is not here, or the version's default. */
export class PostgresServer {
  readonly settings: PostgresSettings;
  readonly context: FormatContext;
  readonly version: Fact<string>;

  constructor(settings: PostgresSettings, context: FormatContext) {
    this.settings = settings;
    this.context = context;
    this.version = versionOf(settings.main.file, context, this.at);
  }

  get at(): Origin {
    return this.settings.main.origin(0, 0);
  }

  /** What is written, as text; undefined where nobody wrote it. */
  written(
    name: string,
  ): { readonly value: string; readonly origin: Origin; readonly source: SourceText; readonly start: number } | Unknown | undefined {
    const found = holeOf(this.settings, name) ?? this.settings.settings.get(name);
    if (found === undefined || 'state' in found || !isFilledIn(found.value)) return found;
    return unknown('unresolved', `${name}: a variable that nobody sets`, found.origin);
  }

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
