import { absent, derived, known, type Fact, type Origin } from '../../model/fact.ts';
import type { Resource } from '../../model/resource.ts';
import type { HostEntry } from '../../world/host.ts';
import { textFact } from './plain-facts.ts';
import type { HostContext } from './part.ts';

/**
 * A sink of files with the modes that its files have. One that others can read is open whatever the configuration says of new
 * ones; where that says nothing, or "as before", the files that are there tell.
 */
export async function withModes(sink: Resource, context: HostContext): Promise<Resource> {
  const destination = textFact(sink.facts, 'destination');
  const form = textFact(sink.facts, 'form');
  if (destination.state !== 'known' || form.state !== 'known' || form.value !== 'file') return sink;
  const files = await filesOf(destination.value, context);
  if (files === undefined) return sink;
  const at: Origin = destination.origin;
  const before = sink.facts['mode'];
  if (files.length === 0) {
    // A new file would have the mode of the one before, and there is none.
    const none = absent(derived('there is no such file', at));
    return before?.state === 'unknown' && before.detail.startsWith('create without mode')
      ? { ...sink, facts: { ...sink.facts, mode: none, readable_by_others: none } }
      : sink;
  }
  let open: HostEntry | undefined;
  for (const file of files) if ((file.mode & 0o006) !== 0 && (await isReached(file.path, context))) open ??= file;
  const configured = sink.facts['readable_by_others'];
  if (open === undefined && configured?.state === 'known') return sink;
  const [first] = files;
  const loosest = open ?? first;
  if (loosest === undefined) return sink;
  const place = derived(open === undefined ? `modes of ${files.length} files` : `mode of ${open.path}`, at);
  const mode: Fact<string> = known(`0${(loosest.mode & 0o777).toString(8).padStart(3, '0')}`, place);
  return { ...sink, facts: { ...sink.facts, mode, readable_by_others: known(open !== undefined, place) } };
}

/** Do all directories above let everybody through? One that cannot be seen is taken for open. */
async function isReached(path: string, context: HostContext): Promise<boolean> {
  for (let slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
    const directory = await context.host.stat(path.slice(0, slash), true);
    if (directory !== 'not-there' && !('state' in directory) && (directory.mode & 0o001) === 0) return false;
  }
  return true;
}

const MAX_FILES = 2000;

/** The files of a list of patterns, as logrotate and rsyslog write them; undefined where one of them is not read here. */
async function filesOf(patterns: string, context: HostContext): Promise<readonly HostEntry[] | undefined> {
  const found: HostEntry[] = [];
  for (const pattern of patterns.split(/\s+/).filter((one) => one !== '')) {
    const slash = pattern.lastIndexOf('/');
    const [directory, name] = [pattern.slice(0, slash), pattern.slice(slash + 1)];
    if (!pattern.startsWith('/') || /[*?[{$%]/.test(directory) || /[?[{$%]/.test(name)) return undefined;
    if (!name.includes('*')) {
      const entry = await context.host.stat(pattern, true);
      if (entry === 'not-there') continue;
      if ('state' in entry) return undefined;
      if (entry.kind === 'file') found.push(entry);
      continue;
    }
    const listing = await context.host.list(directory);
    if (listing === 'not-there') continue;
    if ('state' in listing || listing.unseen.length > 0 || listing.entries.length > MAX_FILES) return undefined;
    const parts = name.split('*');
    const [head = '', tail = ''] = [parts[0], parts.at(-1)];
    if (parts.length > 2) return undefined;
    for (const entry of listing.entries) {
      const own = entry.path.slice(directory.length + 1);
      if (
        entry.kind === 'file' &&
        own.startsWith(head) &&
        own.endsWith(tail) &&
        own.length >= head.length + tail.length &&
        !own.startsWith('.')
      )
        found.push(entry);
    }
  }
  return found;
}
