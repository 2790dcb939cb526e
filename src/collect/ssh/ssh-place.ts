import { ipVersion } from '../../model/ip-address.ts';

/** Where an SSH server answers, from `ssh://host`, `host`, `host:port` or `[v6]:port`; the reason where it is none of these. */
export function sshPlaceOf(address: string): { readonly host: string; readonly port: number } | { readonly problem: string } {
  const rest = address.replace(/^ssh:\/\//i, '').replace(/\/$/, '');
  const [, bracketed, plain, portText = '22'] = /^(?:\[([^\]]+)\]|([^:@/[\]\s]+))(?::(\d{1,5}))?$/.exec(rest) ?? [];
  const host = bracketed ?? plain;
  if (host === undefined || (bracketed !== undefined && ipVersion(bracketed) !== 6) || !/^[\w.:-]+$/.test(host))
    return { problem: 'an SSH server is ssh://host:port; with an account (ssh://user@host) it is entered' };
  const port = Number(portText);
  return port < 1 || port > 65_535 ? { problem: `${portText} is no port` } : { host, port };
}
