import { absent, derived, known, unknown, type Fact, type Origin, type Unknown } from '../../model/fact.ts';
import { SourceText } from '../../text/source-text.ts';
import { layered } from './host-files.ts';
import type { HostContext } from './part.ts';

/** Settings that hardening guides ask for (kernel documentation: admin-guide/sysctl, networking/ip-sysctl). */
const WATCHED: readonly string[] = [
  'fs.protected_fifos',
  'fs.protected_hardlinks',
  'fs.protected_regular',
  'fs.protected_symlinks',
  'fs.suid_dumpable',
  'kernel.core_pattern',
  'kernel.dmesg_restrict',
  'kernel.kexec_load_disabled',
  'kernel.kptr_restrict',
  'kernel.perf_event_paranoid',
  'kernel.randomize_va_space',
  'kernel.sysrq',
  'kernel.unprivileged_bpf_disabled',
  'kernel.yama.ptrace_scope',
  'net.ipv4.conf.all.accept_redirects',
  'net.ipv4.conf.all.accept_source_route',
  'net.ipv4.conf.all.log_martians',
  'net.ipv4.conf.all.rp_filter',
  'net.ipv4.conf.all.secure_redirects',
  'net.ipv4.conf.all.send_redirects',
  'net.ipv4.conf.default.accept_redirects',
  'net.ipv4.conf.default.accept_source_route',
  'net.ipv4.conf.default.rp_filter',
  'net.ipv4.conf.default.send_redirects',
  'net.ipv4.icmp_echo_ignore_broadcasts',
  'net.ipv4.icmp_ignore_bogus_error_responses',
  'net.ipv4.ip_forward',
  'net.ipv4.tcp_syncookies',
  'net.ipv6.conf.all.accept_redirects',
  'net.ipv6.conf.all.accept_source_route',
  'net.ipv6.conf.default.accept_redirects',
  'net.ipv6.conf.default.accept_source_route',
];
const PLACES = ['/etc/sysctl.d', '/run/sysctl.d', '/usr/local/lib/sysctl.d', '/usr/lib/sysctl.d', '/lib/sysctl.d'];

/** One setting of the kernel. */
export interface KernelSetting {
  readonly name: string;
  /** In force; of a machine that does not run, what its files set. */
  readonly value: Fact<string>;
  readonly configured: Fact<string>;
}

export interface KernelSettings {
  readonly list: readonly KernelSetting[];
  readonly gaps: readonly Unknown[];
}

interface Written {
  readonly value: string;
  readonly origin: Origin;
}

/** The watched settings that this kernel has: in force from /proc/sys, and as sysctl.d(5) sets them when the machine starts. */
export async function kernelSettings(context: HostContext): Promise<KernelSettings> {
  const { files, gaps } = await layered(context, [], PLACES);
  const patterns: (Written & { readonly pattern: string })[] = [];
  const exact = new Map<string, Written>();
  const kept = new Set<string>();
  for (const file of files)
    for (const { 0: whole, 1: minus, 2: name = '', 3: value, index } of file.text.matchAll(
      /^[ \t]*(-?)[ \t]*([^\s#;=]+)[ \t]*(?:=[ \t]*(.*?))?[ \t]*$/gm,
    )) {
      const key = keyOf(name);
      const origin = file.origin(index, index + whole.length);
      if (value === undefined) {
        if (minus === '-') kept.add(key); // no pattern applies to it
      } else if (key.includes('*')) patterns.push({ pattern: key, value, origin });
      else exact.set(key, { value, origin });
    }
  const list: KernelSetting[] = [];
  for (const name of WATCHED) {
    const written = exact.get(name) ?? (kept.has(name) ? undefined : patterns.findLast(({ pattern }) => fits(pattern, name)));
    // What could not be read may set it, too.
    const configured: Fact<string> = gaps[0] ?? (written === undefined ? absent(context.at) : known(written.value, written.origin));
    const value = await inForce(name, configured, context);
    if (value !== 'not-there') list.push({ name, value, configured });
  }
  return { list, gaps };
}

/** `net/ipv4/ip_forward` and `net.ipv4.ip_forward` are the same; where a slash comes first, dots are part of names. */
function keyOf(name: string): string {
  const slash = name.indexOf('/');
  const dot = name.indexOf('.');
  return slash !== -1 && (dot === -1 || slash < dot) ? name.replaceAll('/', '.') : name;
}

function fits(pattern: string, name: string): boolean {
  const [wanted, parts] = [pattern.split('.'), name.split('.')];
  return wanted.length === parts.length && wanted.every((part, index) => part === '*' || part === parts[index]);
}

async function inForce(name: string, configured: Fact<string>, { host, target, at }: HostContext): Promise<Fact<string> | 'not-there'> {
  if (host.form === 'root')
    return configured.state === 'known'
      ? known(configured.value, derived('set when the machine starts', configured.origin))
      : configured.state === 'unknown'
        ? configured
        : unknown('unresolved', `${name}: the kernel decides`, at);
  const path = `/proc/sys/${name.replaceAll('.', '/')}`;
  const file = await host.read(path);
  if (file === 'not-there') return 'not-there';
  if ('state' in file) return file;
  const text = new SourceText(path, file.bytes, { on: target.id });
  return text.fact(text.text.trim(), 0, text.text.trimEnd().length);
}
