import type { GeneralNames } from './general-name.ts';
import { ipBytes } from '../model/ip-address.ts';

/**
 * Is the certificate for the name that clients ask for? RFC 9525 6: DNS names and addresses of the subject alternative name
 * only, never the common name; a wildcard is the whole left-most label and stands for one label; an address is compared
 * with addresses only, octet by octet.
 */
export function matchesHost(host: string, names: Pick<GeneralNames, 'dns' | 'ips'>): boolean {
  const bare = host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host;
  const address = ipBytes(bare);
  if (address !== undefined) return names.ips.some((ip) => ipBytes(ip)?.join() === address.join());
  const asked = asciiName(bare);
  return asked !== undefined && names.dns.some((name) => matchesDns(asked, name));
}

/** The name in A-labels (RFC 9525 6.3), lower case, without the root's dot. Undefined where it is no host name. */
function asciiName(host: string): string | undefined {
  let name = host.toLowerCase();
  if (/[^\u0000-\u007F]/.test(name)) {
    if (/[\s/?#@:\\[\]]/.test(name) || !URL.canParse(`http://${name}/`)) return undefined;
    name = new URL(`http://${name}/`).hostname;
  }
  if (name.endsWith('.')) name = name.slice(0, -1);
  return isHostName(name) ? name : undefined;
}

/** Labels of letters, digits, hyphens and (as many hosts have it) underscores; the last is no number, or it would be an address. */
function isHostName(name: string): boolean {
  const labels = name.split('.');
  return name.length <= 253 && labels.every((label) => /^[a-z0-9_-]{1,63}$/.test(label)) && !/^\d+$/.test(labels.at(-1) ?? '');
}

function matchesDns(asked: string, presented: string): boolean {
  const name = presented.endsWith('.') ? presented.slice(0, -1) : presented;
  if (!name.startsWith('*.')) return isHostName(name) && name === asked;
  const domain = name.slice(2);
  // *.com would be everybody's: below a wildcard stand two labels at least, as browsers demand.
  if (!isHostName(domain) || !domain.includes('.')) return false;
  const dot = asked.indexOf('.');
  return dot > 0 && asked.slice(dot + 1) === domain;
}
