import { BlockList, isIP } from 'node:net';
import { unknown, type Unknown } from '../model/fact.ts';

/** Where clouds keep credentials, and link-local addresses at large: RFC 3927, RFC 4291 2.5.6, and the metadata services. */
const GUARDED = new BlockList();
GUARDED.addSubnet('169.254.0.0', 16);
GUARDED.addAddress('100.100.100.200');
GUARDED.addSubnet('fe80::', 10, 'ipv6');
GUARDED.addAddress('fd00:ec2::254', 'ipv6');

/** A name that leads to a link-local or metadata address is not followed there; the address itself may be named. */
export function guarded(address: string, named: string): Unknown | undefined {
  if (address === named.replace(/^\[(.*)\]$/, '$1')) return undefined;
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  const hit = GUARDED.check(address, family) || (mapped !== undefined && GUARDED.check(mapped, 'ipv4'));
  return hit ? unknown('refused', `${named} leads to ${address}, a link-local or metadata address`) : undefined;
}
