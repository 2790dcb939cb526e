import { derived, known, unknown, type Fact, type Unknown } from '../../model/fact.ts';
import { SourceText } from '../../text/source-text.ts';
import { isEncrypted } from './block-devices.ts';
import type { HostContext } from './part.ts';

/** File systems of the kernel itself, that hold nobody's data. */
const OF_THE_KERNEL =
  /^(?:proc|sysfs|cgroup2?|devpts|devtmpfs|mqueue|debugfs|tracefs|securityfs|pstore|bpf|configfs|fusectl|hugetlbfs|autofs|binfmt_misc|rpc_pipefs|nsfs|efivarfs|selinuxfs|squashfs|ramfs|rootfs|fuse\.(?:lxcfs|gvfsd-fuse|portal))$/;
const MAX_MOUNTS = 500;

/** A file system as it is mounted, or as fstab would mount it. */
export interface HostMount {
  readonly device: string;
  readonly path: string;
  readonly type: string;
  readonly options: readonly string[];
  readonly source: SourceText;
  readonly start: number;
  readonly end: number;
}

/** The mounted file systems, and the devices that are swapped to: /proc's, or those of fstab where the machine does not run. */
export async function mountsOf(
  context: HostContext,
): Promise<{ readonly mounts: readonly HostMount[]; readonly swaps: readonly HostMount[] } | Unknown> {
  const running = context.host.form !== 'root';
  const path = running ? '/proc/self/mounts' : '/etc/fstab';
  const file = await readText(path, context);
  if (!(file instanceof SourceText)) return file === 'not-there' ? unknown('not-collected', `${path} is not there`, context.at) : file;
  const lines = [...file.text.matchAll(/^[ \t]*([^\s#]\S*)[ \t]+(\S+)[ \t]+(\S+)[ \t]+(\S+).*$/gm)].map(
    ({ 0: whole, 1: device = '', 2: at = '', 3: type = '', 4: options = '', index }): HostMount => ({
      device: unescaped(device),
      path: unescaped(at),
      type,
      options: options.split(','),
      source: file,
      start: index,
      end: index + whole.length,
    }),
  );
  const mounts = lines.filter(({ type, path: at }) => type !== 'swap' && at.startsWith('/') && !OF_THE_KERNEL.test(type));
  if (mounts.length > MAX_MOUNTS) return unknown('unsupported', `${path}: more than ${MAX_MOUNTS} mounts`, context.at);
  if (!running) return { mounts, swaps: lines.filter(({ type }) => type === 'swap') };
  const swaps = await readText('/proc/swaps', context);
  if (!(swaps instanceof SourceText)) return swaps === 'not-there' ? { mounts, swaps: [] } : swaps;
  return {
    mounts,
    swaps: [...swaps.text.matchAll(/^(\/\S+)[ \t]+(\w+).*$/gm)].map(({ 0: whole, 1: device = '', 2: type = '', index }) => ({
      device: unescaped(device),
      path: 'none',
      type,
      options: [],
      source: swaps,
      start: index,
      end: index + whole.length,
    })),
  };
}

/** A file of /proc is read anew, and is no file whose text is kept. */
async function readText(path: string, { host, open, target }: HostContext): Promise<SourceText | Unknown | 'not-there'> {
  if (!path.startsWith('/proc/')) return open(path);
  const file = await host.read(path);
  return file === 'not-there' || 'state' in file ? file : new SourceText(path, file.bytes, { on: target.id });
}

/** Blanks stand as `\040`. */
function unescaped(text: string): string {
  return text.replaceAll(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}

/** Does a file system lie on an encrypted device? What lies in memory or on another host has none. */
export async function mountEncrypted({ device, type, source, start, end }: HostMount, context: HostContext): Promise<Fact<boolean>> {
  const origin = source.origin(start, end);
  if (type === 'tmpfs') return known(false, derived('it lies in memory', origin));
  if (/^(?:ext[234]|xfs|btrfs|vfat|f2fs|jfs|reiserfs|msdos|ntfs3?)$/.test(type)) return isEncrypted(device, context);
  return unknown('unsupported', `${type}: whether it is encrypted`, origin);
}

/** Is all that is swapped out encrypted? Memory that is only packed (zram) leaves nothing behind. */
export async function swapEncrypted(
  swaps: readonly HostMount[],
  mounts: readonly HostMount[],
  context: HostContext,
): Promise<Fact<boolean> | undefined> {
  let all: Fact<boolean> | undefined;
  for (const { device, type, source, start, end } of swaps) {
    const origin = source.origin(start, end);
    const holder = mounts
      .filter(({ path }) => device.startsWith(path === '/' ? '/' : `${path}/`))
      .toSorted((a, b) => b.path.length - a.path.length)[0];
    const fact = /^\/dev\/zram\d+$/.test(device)
      ? known(true, derived('it lies in memory', origin))
      : type === 'file' && holder !== undefined
        ? await mountEncrypted(holder, context)
        : await isEncrypted(device, context);
    if (fact.state === 'known' && !fact.value) return fact;
    if (all === undefined || fact.state !== 'known') all = fact;
  }
  return all;
}
