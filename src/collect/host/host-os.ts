import { absent, derived, known, unknown, type Fact, type FactValue, type Origin, type Unknown } from '../../model/fact.ts';
import { hostOs } from '../../resources/host.ts';
import type { LiveKindFacts } from '../../resources/kind.ts';
import { compareDebianVersions } from '../../text/debian-version.ts';
import { aptAutomatic, aptUnsigned } from './apt.ts';
import { coreDumps } from './core-dumps.ts';
import { kernelSettings } from './kernel-settings.ts';
import { loginUmask } from './login-umask.ts';
import { mountEncrypted, mountsOf, swapEncrypted } from './mounts.ts';
import { needlessServices } from './needless.ts';
import { osRelease } from './os-release.ts';
import type { HostContext, HostGap, HostPart } from './part.ts';
import { rpmAutomatic, rpmUnsigned } from './rpm.ts';
import { securityUpdates } from './security-updates.ts';
import { listeningSockets, programOf } from './sockets.ts';

type Facts = LiveKindFacts<typeof hostOs>;

/** A machine's operating system: release, patches, kernel, mounts, and what listens. */
export const hostOsPart: HostPart = {
  name: 'operating system',
  kinds: [hostOs.name],
  read: async (context) => {
    const facts = await factsOf(context);
    const gaps = Object.values(facts).flatMap((fact): HostGap[] => deniedIn(fact).map((why) => ({ why })));
    return { resources: [context.resource(hostOs, context.target.id, facts)], gaps };
  },
};

/** What may not be seen hides something; what cannot be told of such a machine hides nothing. */
function deniedIn(fact: Fact<FactValue>): readonly Unknown[] {
  const missing = fact.state === 'unknown' ? [fact] : fact.state === 'known' ? (fact.open ?? []) : [];
  return missing.filter(({ cause }) => cause === 'access-denied' || cause === 'timed-out' || cause === 'unparseable');
}

async function factsOf(context: HostContext): Promise<Facts> {
  const { host, at } = context;
  const release = await osRelease(context);
  const debian = (await host.stat('/var/lib/dpkg/status')) !== 'not-there';
  const updates = await securityUpdates(context);
  const kernel = await runningKernel(context);
  const newest = await newestKernel(context);
  const settings = await kernelSettings(context);
  const mounts = await mountsOf(context);
  const sockets = await listeningSockets(context);
  return {
    ...release,
    kernel,
    newest_kernel: newest,
    reboot_required: await rebootRequired(kernel, newest, context),
    pending_security_updates: updates.pending,
    lists_refreshed: updates.refreshed,
    automatic_updates: debian ? await aptAutomatic(context) : await rpmAutomatic(context),
    unsigned_sources: debian ? await aptUnsigned(context) : await rpmUnsigned(context),
    kernel_settings: known(
      settings.list.map(({ name, value, configured }) =>
        known({ name: known(name, at), value, configured }, value.state === 'unknown' ? at : value.origin),
      ),
      derived('kernel settings that matter to hardening', at),
      settings.gaps,
    ),
    ...(await ofMounts(mounts, context)),
    core_dumps: await coreDumps(settings, context),
    umask: await loginUmask(context),
    secure_boot: await secureBoot(context),
    listening:
      'state' in sockets
        ? sockets
        : known(
            sockets.map(({ port, protocol, address, program, origin }) =>
              known(
                {
                  port: known(port, origin),
                  protocol: known(protocol, origin),
                  address: known(address, origin),
                  program: programOf({ program, origin }),
                },
                origin,
              ),
            ),
            derived('sockets that listen beyond loopback', at),
          ),
    needless: await needlessServices(context),
    uptime: await uptime(context),
  };
}

async function ofMounts(
  found: Awaited<ReturnType<typeof mountsOf>>,
  context: HostContext,
): Promise<Pick<Facts, 'mounts' | 'swap_encrypted'>> {
  if ('state' in found) return { mounts: found, swap_encrypted: found };
  const { mounts, swaps } = found;
  const list = [];
  for (const mount of mounts) {
    const { path, type, options, source, start, end } = mount;
    const origin = source.origin(start, end);
    const encrypted = await mountEncrypted(mount, context);
    list.push(
      known(
        {
          path: known(path, origin),
          type: known(type, origin),
          options: known(
            options.map((option) => known(option, origin)),
            origin,
          ),
          encrypted,
        },
        origin,
      ),
    );
  }
  const first = mounts[0];
  const at: Origin = first === undefined ? context.at : first.source.origin(0, 0);
  return { mounts: known(list, at), swap_encrypted: (await swapEncrypted(swaps, mounts, context)) ?? absent(at) };
}

async function procText(path: string, { host }: HostContext): Promise<{ readonly text: string } | Unknown | 'not-there'> {
  const file = await host.read(path);
  return file === 'not-there' || 'state' in file ? file : { text: new TextDecoder().decode(file.bytes).trim() };
}

async function runningKernel(context: HostContext): Promise<Fact<string>> {
  if (context.host.form === 'root') return absent(context.at);
  const file = await procText('/proc/sys/kernel/osrelease', context);
  if (file === 'not-there') return unknown('not-collected', '/proc/sys/kernel/osrelease is not there', context.at);
  if ('state' in file) return file;
  return file.text === ''
    ? unknown('unparseable', '/proc/sys/kernel/osrelease', context.at)
    : known(file.text, derived('/proc/sys/kernel/osrelease', context.at));
}

/** The newest of /boot, or of the modules where kernels lie elsewhere; absent where none is installed (a container). */
async function newestKernel({ host, at }: HostContext): Promise<Fact<string>> {
  for (const [directory, name] of KERNELS) {
    const listing = await host.list(directory);
    if (listing === 'not-there') continue;
    if ('state' in listing) return listing;
    const versions = listing.entries.flatMap(({ path }) => name.exec(path)?.[1] ?? []).filter((version) => !version.includes('rescue'));
    const newest = versions.toSorted(compareDebianVersions).at(-1);
    if (newest !== undefined) return known(newest, derived(`${newest} in ${directory}`, at));
  }
  return absent(at);
}

const KERNELS = [
  ['/boot', /^\/boot\/vmlinu[xz]-(\d\S*)$/],
  ['/usr/lib/modules', /\/(\d[^/]*)$/],
  ['/lib/modules', /\/(\d[^/]*)$/],
] as const;

/** The distribution says so, or a newer kernel is installed than the one that runs. */
async function rebootRequired(kernel: Fact<string>, newest: Fact<string>, context: HostContext): Promise<Fact<boolean>> {
  const { host, at } = context;
  if (host.form === 'root') return unknown('not-collected', 'nothing runs in an offline root', at);
  for (const path of ['/run/reboot-required', '/var/run/reboot-required']) {
    const sign = await host.stat(path);
    if (sign !== 'not-there') return 'state' in sign ? sign : known(true, derived(path, at));
  }
  if (kernel.state !== 'known') return kernel.state === 'unknown' ? kernel : unknown('not-collected', 'which kernel runs', at);
  if (newest.state === 'unknown') return newest;
  if (newest.state === 'absent') return known(false, derived('no /run/reboot-required, and no kernel of its own', at));
  const older = compareDebianVersions(kernel.value, newest.value) < 0;
  if (!older && (await isReplaced(kernel.value, context)))
    return known(true, derived('the running kernel was built before the package that is installed', kernel.origin));
  return known(older, derived('the running kernel against the newest installed', kernel.origin, newest.origin));
}

/** A mended kernel may keep its name; Debian's says in /proc/version of which version of its package it is: `Debian 6.1.76-1 (2024-02-01)`. */
async function isReplaced(kernel: string, context: HostContext): Promise<boolean> {
  const file = await procText('/proc/version', context);
  const runs = file === 'not-there' || 'state' in file ? undefined : / Debian (\d\S*) \(/.exec(file.text)?.[1];
  const installed = await context.package(`linux-image-${kernel}`);
  return runs !== undefined && installed.state === 'known' && compareDebianVersions(runs, installed.value) < 0;
}

const SECURE_BOOT = '/sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c';
/** Set where shim was told not to verify (mokutil --disable-validation). */
const UNVERIFIED = '/sys/firmware/efi/efivars/MokSBStateRT-605dab50-e046-4300-abb6-3dd810dd8b23';

/** UEFI's own variable: four bytes of attributes, then 1 where only signed loaders start. */
async function secureBoot({ host, at }: HostContext): Promise<Fact<boolean>> {
  if (host.form === 'root') return unknown('not-collected', 'nothing runs in an offline root', at);
  for (const path of ['/.dockerenv', '/run/.containerenv', '/run/systemd/container'])
    if ((await host.stat(path)) !== 'not-there') return unknown('unresolved', 'the host of the container decides how it starts', at);
  const firmware = await host.stat('/sys/firmware');
  if (firmware === 'not-there') return unknown('not-collected', '/sys/firmware is not there', at);
  if ('state' in firmware) return firmware;
  const efi = await host.stat('/sys/firmware/efi');
  if (efi === 'not-there') return known(false, derived('it did not start by UEFI: /sys/firmware/efi is not there', at));
  const variable = await host.read(SECURE_BOOT);
  if (variable === 'not-there') return unknown('not-collected', 'efivars: SecureBoot', at);
  if ('state' in variable) return variable;
  const off = await host.read(UNVERIFIED);
  if (off !== 'not-there' && 'state' in off) return off;
  const signed = variable.bytes.length === 5 && variable.bytes[4] === 1;
  return known(signed && (off === 'not-there' || off.bytes[4] !== 1), derived('efivars: SecureBoot', at));
}

async function uptime(context: HostContext): Promise<Fact<number>> {
  if (context.host.form === 'root') return absent(context.at);
  const file = await procText('/proc/uptime', context);
  if (file === 'not-there') return unknown('not-collected', '/proc/uptime is not there', context.at);
  if ('state' in file) return file;
  const seconds = /^\d{1,12}(?:\.\d+)?(?= )/.exec(file.text)?.[0];
  return seconds !== undefined
    ? known(Math.round(Number(seconds) / 864) / 100, derived('/proc/uptime', context.at))
    : unknown('unparseable', '/proc/uptime', context.at);
}
