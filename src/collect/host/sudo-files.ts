import { posix } from 'node:path';
import { unknown, type Origin, type Unknown } from '../../model/fact.ts';
import { SourceText } from '../../text/source-text.ts';
import { parseSudoers, type SudoersStatement } from '../../text/sudoers.ts';
import type { HostContext } from './part.ts';

/** A statement where it stands. */
export interface PlacedStatement {
  readonly statement: SudoersStatement;
  readonly source: SourceText;
}

/** All that sudo reads, in its order, and the places where more may stand. */
export interface SudoFiles {
  readonly statements: readonly PlacedStatement[];
  readonly gaps: readonly Unknown[];
}

/** MAX_INCLUDE_DEPTH of sudo. */
const MAX_DEPTH = 128;
const MAX_FILES = 1000;
/** More statements are not held against each other. */
const MAX_STATEMENTS = 200_000;
const MAX_GAPS = 50;

/** Reads a sudoers file with all that it includes. None where the host has no such file. */
export async function readSudoFiles(context: HostContext, path: string): Promise<SudoFiles> {
  const statements: PlacedStatement[] = [];
  const gaps: Unknown[] = [];
  const miss = (why: Unknown): void => void (gaps.length < MAX_GAPS && gaps.push(why));
  let files = 0;

  const visit = async (file: string, chain: readonly string[], from: Origin | undefined): Promise<void> => {
    const place = from === undefined ? {} : { origin: from };
    if (chain.includes(file)) return miss({ ...unknown('unresolved', `include loop: ${file}`), ...place });
    files += 1;
    if (chain.length > MAX_DEPTH || files > MAX_FILES)
      return miss({ ...unknown('unsupported', `include ${file}: more than ${MAX_FILES} files`), ...place });
    const source = await context.open(file);
    if (source === 'not-there') {
      if (from !== undefined) miss({ ...unknown('unresolved', `include ${file}`), ...place });
      return undefined;
    }
    if (!(source instanceof SourceText)) return miss({ ...source, ...place });
    const { statements: found, cut } = parseSudoers(source, MAX_STATEMENTS - statements.length);
    if (cut || found.some(({ kind }) => kind === 'broken')) source.withholdExcerpts();
    if (cut) miss(unknown('unsupported', `sudoers: more than ${MAX_STATEMENTS} rules`, source.origin(0, 0)));
    for (const statement of found) {
      const origin = (): Origin => source.origin(statement.start, statement.end);
      // sudo goes on behind a line that it cannot read, since 1.9.3; before, it granted nothing at all.
      if (statement.kind === 'broken') miss(unknown('unparseable', `sudoers: ${statement.detail}`, origin()));
      else if (statement.kind !== 'include') statements.push({ statement, source });
      else if (statement.path.includes('%h')) miss(unknown('unresolved', `include ${statement.path}`, origin()));
      else {
        const target = posix.resolve(posix.dirname(file), statement.path);
        if (!statement.directory) await visit(target, [...chain, file], origin());
        else
          for (const one of await included(context, target, (why) => miss({ ...why, origin: origin() })))
            await visit(one, [...chain, file], origin());
      }
    }
    return undefined;
  };
  await visit(path, [], undefined);
  return { statements, gaps };
}

/** Files of an included directory in sudo's order: names with a dot or a `~` at their end are not read. */
async function included({ host }: HostContext, directory: string, miss: (why: Unknown) => void): Promise<readonly string[]> {
  const listing = await host.list(directory);
  if (listing === 'not-there') return [];
  if ('state' in listing) {
    miss(listing);
    return [];
  }
  for (const { why } of listing.unseen) miss(why);
  return listing.entries
    .filter(({ path, kind }) => (kind === 'file' || kind === 'link') && !posix.basename(path).includes('.') && !path.endsWith('~'))
    .map(({ path }) => path)
    .toSorted();
}
