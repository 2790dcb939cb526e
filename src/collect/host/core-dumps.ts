import { derived, known, unknown, type Fact, type Origin, type Unknown } from '../../model/fact.ts';
import { parseIni, type IniEntry } from '../../text/ini.ts';
import { SourceText } from '../../text/source-text.ts';
import { filesIn, layered } from './host-files.ts';
import type { KernelSettings } from './kernel-settings.ts';
import type { HostContext } from './part.ts';

const INI = { comments: ['#', ';'], indentContinues: false, backslashContinues: true } as const;

/**
 * Does the memory of a program that crashes stay on disk? Not where what the kernel hands it to throws it away, nor where nobody may
 * write a core: by limits.conf(5) for sessions and by systemd's default for services, both hard.
 */
export async function coreDumps({ list }: KernelSettings, context: HostContext): Promise<Fact<boolean>> {
  const setting = list.find(({ name }) => name === 'kernel.core_pattern');
  const pattern: Fact<string> =
    setting === undefined
      ? unknown('not-collected', 'kernel.core_pattern', context.at)
      : setting.value.state === 'unknown' && setting.configured.state === 'absent'
        ? known('core', derived('the kernel’s own core_pattern', context.at))
        : setting.value;
  if (pattern.state !== 'known') return pattern.state === 'unknown' ? pattern : unknown('not-collected', 'kernel.core_pattern', context.at);
  const program = /^\|\s*(\S*)/.exec(pattern.value)?.[1];
  if (program === undefined) return byLimits(pattern.origin, context);
  if (/\/(?:false|true)$/.test(program)) return known(false, pattern.origin);
  if (program.endsWith('/systemd-coredump')) return bySystemd(pattern.origin, context);
  return program.endsWith('/apport')
    ? known(true, pattern.origin)
    : unknown('unsupported', `kernel.core_pattern: ${program.slice(0, 80)}`, pattern.origin);
}

async function bySystemd(origin: Origin, context: HostContext): Promise<Fact<boolean>> {
  const { entries, gaps } = await systemdConf('coredump.conf', context);
  const [gap] = gaps;
  if (gap !== undefined) return gap;
  const storage = entries.findLast(({ section, key }) => section === 'Coredump' && key === 'Storage');
  return storage === undefined
    ? known(true, derived('systemd-coredump stores by default', origin))
    : storage.source.fact(storage.value.trim().toLowerCase() !== 'none', storage.start, storage.end);
}

async function systemdConf(
  name: string,
  context: HostContext,
): Promise<{ readonly entries: readonly IniEntry[]; readonly gaps: readonly Unknown[] }> {
  const places = ['/etc/systemd', '/run/systemd', '/usr/local/lib/systemd', '/usr/lib/systemd', '/lib/systemd'];
  const { files, gaps } = await layered(
    context,
    places.map((place) => `${place}/${name}`),
    places.map((place) => `${place}/${name}.d`),
  );
  return { entries: files.flatMap((file) => parseIni(file, INI).entries), gaps };
}

/** A pattern is a file name: then only limits keep a core from being written. */
async function byLimits(origin: Origin, context: HostContext): Promise<Fact<boolean>> {
  const main = await context.open('/etc/security/limits.conf');
  if (typeof main === 'object' && 'state' in main) return main;
  const more = await filesIn(context, '/etc/security/limits.d', '.conf');
  const { entries, gaps } = await systemdConf('system.conf', context);
  const [gap] = [...more.gaps, ...gaps];
  if (gap !== undefined) return gap;
  let sessions: Origin | undefined;
  for (const file of main instanceof SourceText ? [main, ...more.files] : more.files)
    for (const { 0: whole, 1: domain = '', 2: type = '', 3: value = '', index } of file.text.matchAll(
      /^[ \t]*([^\s#]\S*)[ \t]+(hard|soft|-)[ \t]+core[ \t]+(\S+).*$/gm,
    )) {
      // A limit of one account or group beyond it lets that one write cores.
      if (domain !== '*' && type !== 'soft' && value !== '0') return file.fact(true, index, index + whole.length);
      if (domain === '*' && type !== 'soft') sessions = value === '0' ? file.origin(index, index + whole.length) : undefined;
    }
  const services = entries.findLast(({ section, key }) => section === 'Manager' && key === 'DefaultLimitCORE');
  const none = services !== undefined && /^\s*0(?::0)?\s*$/.test(services.value);
  if (sessions === undefined || !none || services === undefined)
    return known(true, sessions === undefined ? origin : derived('services may write cores', origin));
  return known(
    false,
    derived('neither sessions nor services may write cores', sessions, services.source.origin(services.start, services.end)),
  );
}
