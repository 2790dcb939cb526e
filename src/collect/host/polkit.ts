import { posix } from 'node:path';
import { unknown, type Origin, type Unknown } from '../../model/fact.ts';
import { SourceText } from '../../text/source-text.ts';
import { compareVersions } from '../files/defaults.ts';
import type { HostContext } from './part.ts';

/** Whom polkit takes for administrators, in the words of sudoers. */
export interface PolkitAdministrators {
  readonly users: readonly string[];
  readonly source: SourceText;
  readonly origin: () => Origin;
}

const DIRECTORIES = ['/etc/polkit-1/rules.d', '/run/polkit-1/rules.d', '/usr/local/share/polkit-1/rules.d', '/usr/share/polkit-1/rules.d'];
const AUTHORITY = ['/etc/polkit-1/localauthority', '/var/lib/polkit-1/localauthority'];
/** A longer one names more than administrators. */
const MAX_RULE = 4096;
const PROGRAMS = ['/usr/bin/pkexec', '/usr/lib/polkit-1/polkitd', '/usr/libexec/polkitd', '/usr/lib/policykit-1/polkitd'];
/**
 * Rules that packages ship and that give nobody more than he has: systemd's own daemon sets the host's name, and members of Debian's
 * group of administrators install what the package manager has ready.
 */
const SHIPPED = new Set(
  ['systemd-networkd.rules', 'org.freedesktop.packagekit.rules'].map((name) => `/usr/share/polkit-1/rules.d/${name}`),
);
/** The one rule that can be read without running it: it names administrators and asks nothing. */
const NAMES = /^polkit\.addAdminRule\(function\(\w+, ?\w+\) ?\{ ?return ?\[([^\]]*)\]; ?\}\);$/;

/**
 * polkit's rules are programs: what they grant is known of none but those that name the administrators. Of the directories the file
 * with the first name counts; of the rules, the first that answers.
 */
export async function readPolkit(
  context: HostContext,
): Promise<{ readonly administrators: PolkitAdministrators | undefined; readonly gaps: readonly Unknown[] }> {
  const { host, open } = context;
  const installed = await Promise.all(PROGRAMS.map((path) => host.stat(path, true)));
  if (installed.every((entry) => entry === 'not-there')) return { administrators: undefined, gaps: [] };
  const gaps: Unknown[] = [];
  const files = new Map<string, string>();
  for (const directory of DIRECTORIES) {
    const listing = await host.list(directory);
    if (listing === 'not-there') continue;
    if ('state' in listing) gaps.push(listing);
    else {
      for (const { why } of listing.unseen) gaps.push(why);
      for (const { path } of listing.entries)
        if (path.endsWith('.rules') && !files.has(posix.basename(path))) files.set(posix.basename(path), path);
    }
  }
  // Since version 121 of Debian a program of its own reads the older form.
  const reader = await host.stat('/usr/bin/pkla-check-authorization', true);
  const polkitd = await context.package('polkitd');
  const older = reader !== 'not-there' || polkitd.state !== 'known' || compareVersions(polkitd.value, '121') < 0;
  if (older) for (const directory of AUTHORITY) gaps.push(...(await localAuthority(context, directory)));
  let administrators: PolkitAdministrators | undefined;
  for (const [, path] of [...files].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    if (SHIPPED.has(path)) continue;
    const source = await open(path);
    if (!(source instanceof SourceText)) {
      if (source !== 'not-there') gaps.push(source);
      continue;
    }
    const code = source.text
      .slice(0, MAX_RULE)
      .replaceAll(/\/\*[\s\S]*?\*\//g, ' ')
      .replaceAll(/^[ \t]*\/\/.*$/gm, ' ')
      .replaceAll(/\s+/g, ' ')
      .trim();
    const names = NAMES.exec(code)?.[1];
    const users = names === undefined ? [] : [...names.matchAll(/"unix-(user|group):([\w.-]+)"/g)];
    if (names === undefined || users.length !== names.split(',').length || source.text.length > MAX_RULE)
      gaps.push(unknown('unsupported', `polkit: ${path} is a program`, source.origin(0, 0)));
    else
      administrators ??= {
        users: users.map(([, kind, name = '']) => (kind === 'group' ? `%${name}` : name)),
        source,
        origin: () => source.origin(source.text.indexOf('polkit.addAdminRule'), source.text.trimEnd().length),
      };
  }
  return { administrators, gaps };
}

/** Files of the older form lie one directory deeper; what they grant is not read. */
async function localAuthority({ host, at }: HostContext, directory: string): Promise<readonly Unknown[]> {
  const listing = await host.list(directory);
  if (listing === 'not-there') return [];
  if ('state' in listing) return [listing];
  const found: Unknown[] = [];
  for (const { path } of listing.entries) {
    const below = await host.list(path);
    if (below === 'not-there') continue;
    if ('state' in below) found.push(below);
    else if (below.entries.some((entry) => entry.path.endsWith('.pkla'))) found.push(unknown('unsupported', `polkit: ${path}`, at));
  }
  return found;
}
