import { posix } from 'node:path';
import { unknown, type Origin, type Unknown } from '../../model/fact.ts';
import { lexLines, type LineSyntax } from '../../text/lines.ts';
import { isSecretName } from '../../text/secrets.ts';
import { SourceText } from '../../text/source-text.ts';
import type { FormatContext } from './format.ts';

/** postgresql.conf: `name = value`, quotes doubled, comments anywhere. https://www.postgresql.org/docs/current/config-setting.html */
const SYNTAX: LineSyntax = {
  comment: ['#'],
  commentAnywhere: true,
  quotes: ["'"],
  escape: 'doubled',
  separators: ['='],
  continuation: false,
};

/** A setting as it stands: the last one of a name counts. */
export interface PostgresSetting {
  readonly value: string;
  readonly origin: Origin;
  readonly source: SourceText;
  /** Where the value begins in its source, its quote aside: elements of lists are found from here. */
  readonly start: number;
}

/** The settings of one server, includes and postgresql.auto.conf read in their order. */
export interface PostgresSettings {
  readonly main: SourceText;
  readonly settings: ReadonlyMap<string, PostgresSetting>;
  /** Why a setting may have been overridden by something that is not here, by name; `''` stands for every name. */
  readonly holes: ReadonlyMap<string, Unknown>;
  /** Names that were set after the last such hole: those count. */
  readonly settled: ReadonlySet<string>;
  readonly included: ReadonlySet<string>;
}

const MAX_DEPTH = 10; // PostgreSQL's own limit

/** Reads a postgresql.conf. What stands after an include that is not here still counts; what stands before it may be overridden. */
export async function readPostgresSettings(main: SourceText, context: FormatContext): Promise<PostgresSettings> {
  const settings = new Map<string, PostgresSetting>();
  const holes = new Map<string, Unknown>();
  const included = new Set<string>();
  const settledAfterHole = new Set<string>();

  const secrets = (source: SourceText): void => {
    // Before any range is made: an excerpt shows the lines beside its own.
    for (const { words } of lexLines(source, SYNTAX)) {
      const value = words.at(-1);
      // A connection string or command inside of quotes has quotes of its own, doubled: all behind the name is the secret's.
      for (const word of words.slice(1)) {
        const written = source.text.slice(word.start, word.end);
        for (const inner of written.matchAll(/([A-Za-z_][\w.-]{0,80})[ \t]{0,8}=[ \t]{0,8}''/g)) {
          const [whole, name = ''] = inner;
          const start = word.start + inner.index + whole.length;
          const close = source.text.indexOf("''", start);
          if (isSecretName(name)) source.markSecret(start, close === -1 || close > word.end ? word.end : close, name);
        }
      }
      if (words[0]?.text.toLowerCase() === 'ssl_passphrase_command' && value !== undefined && /\b(?:echo|printf)\b/.test(value.text))
        source.markSecret(value.start, value.end, 'ssl_passphrase_command');
    }
  };

  const hole = (why: Unknown): void => {
    holes.set('', why);
    settledAfterHole.clear();
  };

  const visit = async (source: SourceText, chain: readonly string[]): Promise<void> => {
    secrets(source);
    for (const line of lexLines(source, SYNTAX)) {
      const [nameWord, ...rest] = line.words;
      if (nameWord === undefined) continue;
      const name = nameWord.text.toLowerCase();
      const values = rest[0]?.text === '=' && !rest[0].quoted ? rest.slice(1) : rest;
      const [value, ...more] = values;
      const origin = value === undefined ? source.origin(line.start, line.end) : source.origin(value.start, value.end);
      const named = /^[a-z_][a-z0-9_.]*$/.test(name);
      if (line.broken || value === undefined || more.length > 0 || !named) {
        // What is no setting (a template's block, a conflict marker) may stand for anything.
        const why = unknown('unparseable', 'not a setting', source.origin(line.start, line.end));
        if (named) holes.set(name, why);
        else hole(why);
        continue;
      }
      if (name === 'include' || name === 'include_if_exists' || name === 'include_dir') {
        const pattern = name === 'include_dir' ? `${value.text.replace(/\/$/, '')}/*.conf` : value.text;
        const { files, gaps } = await context.include(pattern, posix.dirname(source.file));
        // include_if_exists may be missing on the server, too; whether it is, cannot be seen from here.
        for (const gap of gaps) hole({ ...gap, origin });
        for (const file of files) {
          if (chain.includes(file.file) || chain.length >= MAX_DEPTH) hole(unknown('unresolved', `include loop: ${value.text}`, origin));
          else {
            included.add(file.file);
            await visit(file, [...chain, file.file]);
          }
        }
        continue;
      }
      settings.set(name, { value: value.text, origin, source, start: value.start + (value.quoted ? 1 : 0) });
      holes.delete(name);
      settledAfterHole.add(name);
    }
  };

  await visit(main, [main.file]);
  const auto = await context.open(posix.join(posix.dirname(main.file), 'postgresql.auto.conf'));
  if (auto instanceof SourceText) {
    included.add(auto.file);
    await visit(auto, [main.file, auto.file]);
  } else if (auto !== 'not-there') hole(auto);
  return { main, settings, holes, settled: settledAfterHole, included };
}

/** Why a setting cannot be told, if something that is not here may have set it last. */
export function holeOf({ holes, settled }: PostgresSettings, name: string): Unknown | undefined {
  return holes.get(name) ?? (settled.has(name) ? undefined : holes.get(''));
}
