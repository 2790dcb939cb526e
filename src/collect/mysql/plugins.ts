import { known, unknown, type Fact, type Origin, type Unknown } from '../../model/fact.ts';
import { columnOf, type MysqlServer } from './server.ts';

/** Plugins and components that are active, with where the server says so. */
export interface Plugins {
  readonly names: ReadonlySet<string>;
  /** Those that came from a library: what was added to the server. */
  readonly added: readonly string[];
  readonly origin: Origin;
}

/** Everybody may see the plugins; components of MySQL 8 stand in a table of their own. */
export async function readPlugins(server: MysqlServer): Promise<Plugins | Unknown> {
  const found = await server.rows(
    'select … from information_schema.plugins',
    'nothing',
    "select plugin_name as name, plugin_library as library from information_schema.plugins where plugin_status = 'ACTIVE'",
    2_000,
  );
  if ('state' in found) return found;
  const names = new Set<string>();
  const added: string[] = [];
  for (const row of found.rows) {
    const name = columnOf(row, 'name');
    if (name === undefined) continue;
    names.add(name.toLowerCase());
    if (columnOf(row, 'library') !== undefined) added.push(name.toLowerCase());
  }
  if (names.size === 0) return unknown('unparseable', 'information_schema.plugins: nothing', found.origin);
  return { names, added: added.toSorted(), origin: found.origin };
}

/** Is a plugin active? */
export function hasPlugin(plugins: Plugins | Unknown, ...names: readonly string[]): Fact<boolean> {
  return 'state' in plugins
    ? plugins
    : known(
        names.some((name) => plugins.names.has(name)),
        plugins.origin,
      );
}
