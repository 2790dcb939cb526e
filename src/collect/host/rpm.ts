import { known, unknown, type Fact, type Unknown } from '../../model/fact.ts';
import { parseIni, type IniEntry } from '../../text/ini.ts';
import { SourceText } from '../../text/source-text.ts';
import { filesIn } from './host-files.ts';
import type { HostContext } from './part.ts';
import { unitState } from './units.ts';

const SYNTAX = { comments: ['#', ';'], indentContinues: true, backslashContinues: false } as const;
const YES = /^(?:1|yes|true|enabled|on)$/i;

/** Sources of dnf and yum whose packages are not checked (`gpgcheck=0`, which is also what they do where nothing is written). */
export async function rpmUnsigned(context: HostContext): Promise<Fact<readonly Fact<string>[]>> {
  const gaps: Unknown[] = [];
  let checks: IniEntry | undefined;
  for (const path of ['/etc/dnf/dnf.conf', '/etc/yum.conf']) {
    const file = await context.open(path);
    if (file instanceof SourceText)
      checks ??= parseIni(file, SYNTAX).entries.findLast(({ section, key }) => section === 'main' && key === 'gpgcheck');
    else if (file !== 'not-there') gaps.push(file);
  }
  const repositories = await filesIn(context, '/etc/yum.repos.d', '.repo');
  gaps.push(...repositories.gaps);
  if (!(await hasPackages(context))) return unknown('unresolved', 'no package manager that is known here', context.at);
  const found: Fact<string>[] = [];
  for (const file of repositories.files) {
    const { entries } = parseIni(file, SYNTAX);
    for (const name of new Set(entries.map(({ section }) => section))) {
      const of = (key: string): IniEntry | undefined => entries.findLast((entry) => entry.section === name && entry.key === key);
      const enabled = of('enabled');
      if (enabled !== undefined && !YES.test(enabled.value)) continue;
      const check = of('gpgcheck') ?? checks;
      if (check === undefined || !YES.test(check.value)) found.push((check?.source ?? file).fact(name, check?.start ?? 0, check?.end ?? 0));
    }
  }
  return known(found, repositories.files[0]?.origin(0, 0) ?? context.at, gaps);
}

/** Is there a database of packages, or a place for their sources? Where neither is, nobody knows where packages would come from. */
async function hasPackages({ host }: HostContext): Promise<boolean> {
  for (const path of ['/var/lib/rpm', '/usr/lib/sysimage/rpm', '/etc/yum.repos.d'])
    if ((await host.stat(path)) !== 'not-there') return true;
  return false;
}

/** Does dnf-automatic install what it finds? */
export async function rpmAutomatic(context: HostContext): Promise<Fact<boolean>> {
  const installs = await unitState(context, ['dnf-automatic-install.timer']);
  if (installs.enabled.state !== 'known' || installs.enabled.value) return asBool(installs.enabled);
  const { enabled } = await unitState(context, ['dnf-automatic.timer', 'dnf5-automatic.timer']);
  if (enabled.state !== 'known' || !enabled.value) return asBool(enabled);
  const file = await context.open('/etc/dnf/automatic.conf');
  if (!(file instanceof SourceText)) return file === 'not-there' ? unknown('unresolved', '/etc/dnf/automatic.conf is not there') : file;
  const applies = parseIni(file, SYNTAX).entries.findLast(({ section, key }) => section === 'commands' && key === 'apply_updates');
  return applies === undefined ? known(false, file.origin(0, 0)) : file.fact(YES.test(applies.value), applies.start, applies.end);
}

function asBool(fact: Fact<boolean>): Fact<boolean> {
  return fact.state === 'absent' ? known(false, fact.origin) : fact;
}
