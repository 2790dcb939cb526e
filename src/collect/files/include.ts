import { posix } from 'node:path';
import { unknown, type Unknown } from '../../model/fact.ts';
import type { Target } from '../../model/resource.ts';
import { SourceText } from '../../text/source-text.ts';
import type { FileTree } from '../../world/world.ts';
import type { FormatContext } from './format.ts';

/** An include that names more files than this is cut short, and says so. */
const MAX_FILES = 2000;

/** Resolves include patterns inside one tree; nothing outside it is ever opened. */
export function includeResolver(tree: FileTree, target: Target, open: FormatContext['open']): FormatContext['include'] {
  return async (pattern, base) => {
    const files: SourceText[] = [];
    const gaps: Unknown[] = [];
    const place = placeOf(pattern, base, target, tree.single);
    if (place === undefined)
      return { files, gaps: [unknown('unresolved', `include ${pattern}: outside of what was scanned (root: says where / is)`)] };
    const paths = hasGlob(place) ? await expand(tree, place) : [place];
    if (!Array.isArray(paths)) return { files, gaps: ['cause' in paths ? paths : unknown('unresolved', `include ${pattern}`)] };
    for (const path of paths.slice(0, MAX_FILES)) {
      const text = await open(path);
      if (text instanceof SourceText) files.push(text);
      else gaps.push(text === 'not-there' ? unknown('unresolved', `include ${pattern}: ${path} is not there`) : text);
    }
    if (paths.length > MAX_FILES) gaps.push(unknown('unsupported', `include ${pattern}: more than ${MAX_FILES} files`));
    return { files, gaps };
  };
}

/** Where in the tree a pattern points, `/`-separated and without `..`; undefined when that is outside of it. */
function placeOf(pattern: string, base: string, target: Target, single: boolean): string | undefined {
  if (!pattern.startsWith('/')) return inside(posix.normalize(posix.join(base, pattern)));
  const root = target.options['root'];
  if (root !== undefined) return inside(posix.normalize(posix.join(root, `.${pattern}`)));
  // A tree that mirrors a machine (`hosts/bastion/etc/ssh`), or is one (`/etc/nginx`), tells where its `/` is.
  const top = single ? posix.dirname(target.address) : target.address;
  const whole = posix.join('/', top, base, '/');
  const etc = whole.lastIndexOf('/etc/');
  return etc === -1 ? undefined : inside(posix.relative(posix.join('/', top), posix.join(whole.slice(0, etc + 1), `.${pattern}`)));
}

function inside(path: string): string | undefined {
  if (path === '..' || path.startsWith('../')) return undefined;
  return path.replace(/^\.\//, '').replace(/^\//, '');
}

function hasGlob(path: string): boolean {
  return /[*?[]/.test(path);
}

/** Expands a glob segment by segment. A directory that is not there is a gap; one that holds no match is not. */
async function expand(tree: FileTree, pattern: string): Promise<readonly string[] | Unknown> {
  let paths: readonly string[] = [''];
  const segments = pattern.split('/');
  for (const [index, segment] of segments.entries()) {
    const next: string[] = [];
    for (const path of paths) {
      if (!hasGlob(segment)) {
        next.push(path === '' ? segment : `${path}/${segment}`);
        continue;
      }
      const entries = await tree.list(path);
      if (entries === 'not-there') return unknown('unresolved', `include ${pattern}: ${path === '' ? '.' : path} is not there`);
      if ('cause' in entries) return entries;
      const wanted = globMatcher(segment);
      const last = index === segments.length - 1;
      const unseen = entries.unseen.find(({ path: at }) => wanted(posix.basename(at)));
      if (unseen !== undefined) return unseen.why; // a name that matches and cannot be followed may say anything
      for (const entry of entries.entries) {
        const name = posix.basename(entry.path);
        if (wanted(name) && (last || entry.kind === 'directory')) next.push(path === '' ? name : `${path}/${name}`);
      }
    }
    paths = next.slice(0, MAX_FILES + 1);
  }
  return paths.toSorted();
}

/** Matches one path segment: `*`, `?`, `[…]`; a leading dot must be written. Linear: one regular expression without nesting. */
function globMatcher(segment: string): (name: string) => boolean {
  const source = segment
    .replaceAll(/[.+^${}()|\\]/g, String.raw`\$&`)
    .replaceAll(/\*+/g, '[^/]*')
    .replaceAll('?', '[^/]')
    .replaceAll('[!', '[^');
  let expression: RegExp;
  try {
    expression = new RegExp(`^${source}$`);
  } catch {
    return (name) => name === segment;
  }
  return (name) => (name.startsWith('.') ? segment.startsWith('.') : true) && expression.test(name);
}
