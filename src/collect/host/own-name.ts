import { known, unknown, type Fact } from '../../model/fact.ts';
import { SourceText } from '../../text/source-text.ts';
import type { HostContext } from './part.ts';

/** The name that the machine gives itself, by which tools sign what they store. */
export async function ownName(context: HostContext): Promise<Fact<string>> {
  for (const path of ['/proc/sys/kernel/hostname', '/etc/hostname']) {
    const source = await context.open(path);
    if (source === 'not-there') continue;
    if (!(source instanceof SourceText)) return source;
    const name = source.text
      .split('\n')
      .find((line) => /^[^#\s]/.test(line))
      ?.trim();
    if (name !== undefined && name !== '') return known(name, source.origin(0, 0));
  }
  return unknown('unresolved', 'name of this machine', context.at);
}

/** Those of a repository's backups that are this machine's; unknown where some are and none says it is ours. */
export function ofThisMachine<T extends { readonly hostname: string | undefined }>(
  backups: readonly T[],
  name: Fact<string>,
): readonly T[] | Extract<Fact<string>, { state: 'unknown' }> {
  if (backups.length === 0) return [];
  if (name.state !== 'known') return name.state === 'unknown' ? name : unknown('unresolved', 'name of this machine');
  const short = (text: string): string => text.split('.')[0]?.toLowerCase() ?? '';
  const own = backups.filter(({ hostname }) => hostname !== undefined && short(hostname) === short(name.value));
  return own.length > 0 ? own : unknown('unresolved', 'no backup there bears the name of this machine', name.origin);
}
