import { posix } from 'node:path';
import { known, type Fact, type Unknown } from '../../model/fact.ts';
import type { LiveServer } from './settings.ts';

/** Extensions of the databases, and libraries that the server or every session loads without one (auto_explain, passwordcheck). */
export function loadedBy(server: LiveServer, made: readonly Fact<string>[], missing: readonly Unknown[]): Fact<readonly Fact<string>[]> {
  const names = new Set(made.flatMap((one) => (one.state === 'known' ? [one.value] : [])));
  const found = [...made];
  const open = [...missing];
  for (const setting of ['shared_preload_libraries', 'session_preload_libraries', 'local_preload_libraries']) {
    const libraries = server.text(setting, '');
    if (libraries.state === 'unknown') open.push(libraries);
    for (const one of libraries.state === 'known' ? libraries.value.split(',') : []) {
      const name = posix.basename(one.trim().replaceAll('"', ''), '.so');
      if (name === '' || names.has(name)) continue;
      names.add(name);
      found.push(known(name, libraries.origin ?? server.at));
    }
  }
  return known(found, server.at, open);
}
