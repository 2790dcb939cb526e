import { ipVersion } from '../../model/ip-address.ts';

/** Protocols that turn to TLS in band, and their ports. */
export const STARTTLS = ['smtp', 'submission', 'imap', 'pop3', 'ldap', 'postgres', 'mysql', 'xmpp', 'ftp', 'rdp'] as const;
export type Dialect = (typeof STARTTLS)[number];

const PORTS: Readonly<Record<string, number>> = {
  https: 443,
  tls: 443,
  tlcp: 443,
  smtp: 25,
  submission: 587,
  imap: 143,
  pop3: 110,
  ldap: 389,
  postgres: 5432,
  mysql: 3306,
  xmpp: 5222,
  ftp: 21,
  rdp: 3389,
  smtps: 465,
  imaps: 993,
  pop3s: 995,
  ldaps: 636,
};

/** Where a TLS endpoint is, and how one gets to its handshake. */
export interface Place {
  readonly host: string;
  readonly port: number;
  readonly service: string;
  readonly dialect?: Dialect;
}

/**
 * Reads `host`, `host:port`, `[v6]:port`, `https://host[:port][/path]`, `tls://host:port`, `smtp+starttls://host[:port]`…
 * The reason where it is none of these.
 */
export function placeOf(address: string): Place | { readonly problem: string } {
  const [, scheme, rest = ''] = /^(?:([a-z][a-z0-9+.-]*):\/\/)?(.*)$/i.exec(address) ?? [];
  const authority = rest.split(/[/?#]/)[0] ?? '';
  if (authority.includes('@')) return { problem: 'credentials do not belong in an address' };
  const [, bracketed, plain, portText] = /^(?:\[([^\]]+)\]|([^:[\]]+))(?::(\d{1,5}))?$/.exec(authority) ?? [];
  const host = bracketed ?? plain;
  if (host === undefined || (bracketed !== undefined && ipVersion(bracketed) !== 6) || (plain !== undefined && !isHostName(plain)))
    return { problem: `"${authority}" is no host[:port]` };
  const word = (scheme ?? 'tls').toLowerCase();
  const base = word.replace(/\+starttls$/, '');
  const dialect = STARTTLS.find((one) => one === base);
  const starttls = word.endsWith('+starttls') || (dialect !== undefined && ['postgres', 'mysql', 'rdp'].includes(dialect));
  if (PORTS[base] === undefined || (word.endsWith('+starttls') && dialect === undefined) || (dialect !== undefined && !starttls))
    return { problem: `${word}:// cannot be looked at${dialect === undefined ? '' : `; ${base}+starttls:// can`}` };
  const port = portText === undefined ? PORTS[base] : Number(portText);
  if (port < 1 || port > 65_535) return { problem: `${port} is no port` };
  return { host, port, service: base, ...(dialect === undefined ? {} : { dialect }) };
}

/** A name as DNS has it: it goes into hellos, and into what is said before them. */
export function isHostName(text: string): boolean {
  return text.length <= 253 && /^[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?)*\.?$/i.test(text);
}

/** `host:port`, a v6 address in brackets. */
export function authorityOf({ host, port }: Pick<Place, 'host' | 'port'>): string {
  return ipVersion(host) === 6 ? `[${host}]:${port}` : `${host}:${port}`;
}
