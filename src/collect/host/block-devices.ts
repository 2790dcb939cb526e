import { derived, known, unknown, type Fact, type Origin } from '../../model/fact.ts';
import { SourceText } from '../../text/source-text.ts';
import type { HostContext } from './part.ts';

const MAX_DEPTH = 8;

/**
 * Does a device lie on an encrypted one? The device mapper names its encrypted devices (`CRYPT-…`); those that lie on others (LVM,
 * RAID) are followed down. On a machine that does not run, only what crypttab names is known.
 */
export async function isEncrypted(device: string, context: HostContext): Promise<Fact<boolean>> {
  const { host, at } = context;
  if (host.form === 'root') return declaredEncrypted(device, context);
  if (!device.startsWith('/dev/')) return unknown('unsupported', `${device}: no device`, at);
  const link = await host.readlink(device);
  if (typeof link === 'object' && 'state' in link && link.cause !== 'unsupported') return link;
  const target = typeof link === 'object' && 'to' in link ? link.to : device;
  return follow(target.slice(target.lastIndexOf('/') + 1), context, 0);
}

async function follow(name: string, context: HostContext, depth: number): Promise<Fact<boolean>> {
  const { host, at } = context;
  const place = `/sys/class/block/${name}`;
  if (depth > MAX_DEPTH) return unknown('unsupported', `${place}: lies on too many others`, at);
  const entry = await host.stat(place, true);
  if (entry === 'not-there') return unknown('unresolved', `${place} is not there`, at);
  if ('state' in entry) return entry;
  const uuid = await host.read(`${place}/dm/uuid`);
  if (typeof uuid === 'object' && 'state' in uuid) return uuid;
  const here: Origin = derived(`${place}/dm/uuid`, at);
  if (uuid !== 'not-there' && new TextDecoder().decode(uuid.bytes).startsWith('CRYPT-')) return known(true, here);
  const below = await host.list(`${place}/slaves`);
  if (below !== 'not-there' && 'state' in below) return below;
  const under = below === 'not-there' ? [] : below.entries.map(({ path }) => path.slice(path.lastIndexOf('/') + 1));
  if (under.length === 0) return known(false, derived(`${place} lies on no other device`, at));
  let all: Fact<boolean> = known(true, here);
  for (const one of under) {
    const fact = await follow(one, context, depth + 1);
    if (fact.state === 'known' && !fact.value) return fact;
    if (fact.state !== 'known') all = fact;
  }
  return all;
}

async function declaredEncrypted(device: string, { open, at }: HostContext): Promise<Fact<boolean>> {
  const crypttab = await open('/etc/crypttab');
  if (typeof crypttab === 'object' && 'state' in crypttab) return crypttab;
  const name = /^\/dev\/mapper\/(\S+)$/.exec(device)?.[1];
  if (crypttab instanceof SourceText)
    for (const { 0: whole, 1: mapped = '', index } of crypttab.text.matchAll(/^[ \t]*([^\s#]+)[ \t]+\S+.*$/gm))
      if (mapped === name) return crypttab.fact(true, index, index + whole.length);
  // A partition that is named as it is lies on nothing that encrypts; a label, a UUID or a volume may.
  if (/^\/dev\/(?:[shv]d[a-z]+\d*|xvd[a-z]+\d*|nvme\d+n\d+(?:p\d+)?|mmcblk\d+(?:p\d+)?)$/.test(device))
    return known(false, derived(`${device} is a plain partition`, at));
  return unknown('unresolved', `${device}: what it lies on`, at);
}
