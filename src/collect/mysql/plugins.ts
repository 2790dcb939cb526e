import { known, unknown, type Fact, type Origin, type Unknown } from '../../model/fact.ts';
import { columnOf, type MysqlServer } from './server.ts';

/** Plugins and components that are active, with where the server says so. */
export interface Plugins {
  readonly names: ReadonlySet<string>;
  /** Those that came from a library: what was added to the server. */
  readonly added: readonly string[];
  /** Why there may be more. */
  readonly open: readonly Unknown[];
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
  const components = server.mariadb || before8(server) ? [] : await componentsOf(server);
  if ('state' in components) return { names, added: added.toSorted(), open: [components], origin: found.origin };
  for (const name of components) names.add(name);
  return { names, added: [...added, ...components].toSorted(), open: [], origin: found.origin };
}

/** Components by their last word: `file://component_validate_password`. */
async function componentsOf(server: MysqlServer): Promise<readonly string[] | Unknown> {
  const from = 'mysql.component';
  const found = await server.rows(`select … from ${from}`, `SELECT on ${from}`, `select component_urn as urn from ${from}`, 200);
  if ('state' in found) return found;
  return found.rows.flatMap(
    (row) =>
      columnOf(row, 'urn')
        ?.replace(/^file:\/\/(?:component_)?/, '')
        .toLowerCase() ?? [],
  );
}

function before8({ version }: MysqlServer): boolean {
  return version.state === 'known' && version.value.startsWith('5.');
}

/** Is a plugin active? */
export function hasPlugin(plugins: Plugins | Unknown, ...names: readonly string[]): Fact<boolean> {
  if ('state' in plugins) return plugins;
  const there = names.some((name) => plugins.names.has(name));
  return there ? known(true, plugins.origin) : (plugins.open[0] ?? known(false, plugins.origin));
}
