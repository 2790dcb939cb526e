import { known, unknown, type Fact, type Origin, type Unknown } from '../../model/fact.ts';
import { SourceText } from '../../text/source-text.ts';
import type { HostContext } from './part.ts';

const INFO = '/var/lib/dpkg/info';
const OVERRIDES = '/var/lib/dpkg/statoverride';

/** Owner and mode that dpkg-statoverride(1) sets: what this machine’s administrator, or a package at its configuration, decided. */
export interface StatOverride {
  readonly owner: string;
  readonly group: string;
  readonly mode: string;
  readonly origin: Origin;
}

/** Overrides by path; an `Unknown` where they could not be read. */
export async function statOverrides({ open }: HostContext): Promise<ReadonlyMap<string, StatOverride> | Unknown> {
  const source = await open(OVERRIDES);
  const found = new Map<string, StatOverride>();
  if (source === 'not-there') return found;
  if (!(source instanceof SourceText)) return source;
  for (const match of source.text.matchAll(/^(\S+) (\S+) ([0-7]+) (\/\S*)$/gm)) {
    const [whole, owner = '', group = '', mode = '', path = ''] = match;
    found.set(path, { owner, group, mode: mode.padStart(4, '0'), origin: source.origin(match.index, match.index + whole.length) });
  }
  return found;
}

/** Does each of these files belong to an installed package? By dpkg’s lists, which are read once. */
export async function packagedFiles(context: HostContext, paths: readonly string[]): Promise<(path: string) => Fact<boolean>> {
  const wanted = new Map<string, string>();
  for (const path of paths) for (const name of namesOf(path)) wanted.set(name, path);
  const found = new Map<string, Origin>();
  let missing: Unknown | undefined;
  const listing = wanted.size === 0 ? 'not-there' : await context.host.list(INFO);
  if (listing === 'not-there') missing = unknown('unsupported', `packages: ${INFO} is not there`, context.at);
  else if ('state' in listing) missing = listing;
  else
    for (const { path } of listing.entries) {
      if (!path.endsWith('.list') || found.size === wanted.size) continue;
      context.signal.throwIfAborted();
      const file = await context.host.read(path);
      if (file === 'not-there') continue;
      if ('state' in file) {
        missing ??= file;
        continue;
      }
      for (const line of Buffer.from(file.bytes).toString('utf8').split('\n')) {
        const known = wanted.get(line);
        if (known !== undefined) found.set(known, { kind: 'command', target: context.target.id, command: `dpkg -S ${line}` });
      }
    }
  return (path) => {
    const origin = found.get(path);
    if (origin !== undefined) return known(true, origin);
    return missing ?? known(false, { kind: 'command', target: context.target.id, command: `dpkg -S ${path}` });
  };
}

/** Where `/bin` is a link to `/usr/bin`, packages name either. */
function namesOf(path: string): readonly string[] {
  const other = path.startsWith('/usr/') ? path.slice(4) : `/usr${path}`;
  return [path, other];
}
