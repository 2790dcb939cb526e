import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Collected } from '../../src/collect/collector.ts';
import { hostCollector } from '../../src/collect/host/collector.ts';
import { conductOf, DEFAULT_LIMITS } from '../../src/collect/limits.ts';
import type { Target } from '../../src/model/resource.ts';
import type { Host } from '../../src/world/host.ts';
import { nodeHost } from '../../src/world/node-host.ts';
import { nodeWorld } from '../../src/world/node.ts';
import { OpenedSecrets } from '../../src/world/secret.ts';
import type { World } from '../../src/world/world.ts';
import { filesTarget } from './collect.ts';

/** Writes files below a directory, as a machine has them below `/`. */
export function stage(directory: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), text);
  }
}

/**
 * This machine with another `/etc` and `/var`: files are read below `directory`, commands run here, and what they are given of `/etc`
 * is the staged one. What stands below `directory` itself has its own path.
 */
export function stagedHost(directory: string, signal: AbortSignal, opened: OpenedSecrets): Host {
  const [real, staged] = [nodeHost('local', '/', signal, opened), nodeHost('root', directory, signal, opened)];
  const hostOf = (path: string): Host => (path.startsWith(directory) ? real : staged);
  return {
    ...real,
    stat: (path, follow) => hostOf(path).stat(path, follow),
    read: (path) => hostOf(path).read(path),
    list: (path) => hostOf(path).list(path),
    readlink: (path) => hostOf(path).readlink(path),
    search: (what) => staged.search(what),
    run: (command, values = {}, secrets) =>
      real.run(
        command,
        Object.fromEntries(
          Object.entries(values).map(([name, value]) => [name, value.startsWith('/etc/') ? join(directory, value) : value]),
        ),
        secrets,
      ),
  };
}

/** What a staged machine is looked at with. */
export interface StagedLook {
  readonly options?: Target['options'];
  readonly world?: Partial<World>;
  /** In the place of this machine's programs. */
  readonly run?: Host['run'];
  readonly list?: (path: string) => ReturnType<Host['list']> | undefined;
  readonly stat?: (path: string) => ReturnType<Host['stat']> | undefined;
}

/** Collects a `host` target: a staged machine, or (`root`) the same directory as one that does not run. */
export function collectHost(directory: string, form: 'staged' | 'root' = 'staged', look: StagedLook = {}): Promise<Collected> {
  const { signal } = new AbortController();
  const opened = new OpenedSecrets();
  const target: Target = {
    ...filesTarget(),
    kind: 'host',
    address: form === 'root' ? `root:${directory}` : 'local',
    options: look.options ?? {},
  };
  const staged = stagedHost(directory, signal, opened);
  const host: Host = {
    ...staged,
    ...(look.run === undefined ? {} : { run: look.run }),
    list: (path) => look.list?.(path) ?? staged.list(path),
    stat: (path, follow) => look.stat?.(path) ?? staged.stat(path, follow),
  };
  const world: World = { ...nodeWorld(directory), opened, ...(form === 'root' ? {} : { host: async () => host }), ...look.world };
  return hostCollector.collect(target, world, signal, conductOf(DEFAULT_LIMITS));
}
