import type { Proxy } from '../world/network.ts';

/** Reads `http://host:port` or `socks5://host:port`. A proxy that wants credentials is not spoken to. */
export function proxyOf(text: string): Proxy | { readonly problem: string } {
  const url = URL.parse(text);
  const kind = url?.protocol === 'http:' ? 'http' : url?.protocol === 'socks5:' ? 'socks5' : undefined;
  const more = url === null ? '' : `${url.username}${url.password}${url.search}${url.hash}`;
  if (url === null || kind === undefined || url.hostname === '' || more !== '' || !['', '/'].includes(url.pathname))
    return { problem: `"${text}" is no proxy: write http://host:port or socks5://host:port` };
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  return { kind, host, port: url.port === '' ? (kind === 'http' ? 80 : 1080) : Number(url.port) };
}
