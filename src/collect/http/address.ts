import { unknown, type Unknown } from '../../model/fact.ts';
import type { Target } from '../../model/resource.ts';
import type { Proxy } from '../../world/network.ts';
import { proxyOf } from '../proxy-option.ts';
import { pathsOf } from '../site-fields.ts';

/** Where an `https` or `http` target is, and how the user wants it asked. */
export interface SiteAddress {
  readonly secure: boolean;
  /** Name or address to connect to, as the target says it; IPv6 in brackets. */
  readonly host: string;
  readonly port: number;
  /** What the site is asked for by: Host header and TLS server name. */
  readonly name: string;
  /** The page that is looked at. */
  readonly path: string;
  readonly proxy?: Proxy;
  /** Port of the same host to ask in clear for the redirect; undefined where none is. */
  readonly clearPort?: number;
  readonly privatePaths: readonly string[];
  readonly paymentPaths: readonly string[];
}

/** More paths than this are not asked for, and that is said. */
export const MAX_PATHS = 5;

/**
 * `https://host[:port][/path]`, `host[:port]`, IPv6 in brackets. A query is not sent, and credentials are refused: an address
 * is printed in every report.
 */
export function siteAddress({ kind, address, options }: Pick<Target, 'kind' | 'address' | 'options'>): SiteAddress | Unknown {
  const secure = kind === 'https';
  const url = URL.parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(address) ? address : `${kind}://${address}`);
  if (url === null || url.protocol !== `${kind}:` || url.hostname === '') return unknown('unparseable', `${kind} address`);
  if (url.username !== '' || url.password !== '') return unknown('unsupported', 'credentials in an address');
  const port = url.port === '' ? (secure ? 443 : 80) : Number(url.port);
  const sni = options['sni'] ?? '';
  const asked = sni === '' ? undefined : URL.parse(`https://${sni}`);
  if (asked !== undefined && (asked === null || asked.host !== asked.hostname || asked.pathname !== '/' || sni.includes('@')))
    return unknown('unparseable', 'sni');
  const proxy = options['proxy'] === undefined ? undefined : proxyOf(options['proxy']);
  if (proxy !== undefined && 'problem' in proxy) return unknown('unsupported', proxy.problem);
  const httpPort = options['http_port'];
  if (httpPort !== undefined && !(/^\d{1,5}$/.test(httpPort) && Number(httpPort) > 0 && Number(httpPort) < 65_536))
    return unknown('unparseable', 'http_port');
  const clearPort = !secure ? undefined : httpPort === undefined ? (port === 443 ? 80 : undefined) : Number(httpPort);
  return {
    secure,
    host: url.hostname,
    port,
    name: asked?.hostname ?? url.hostname,
    path: url.pathname,
    ...(proxy === undefined ? {} : { proxy }),
    ...(clearPort === undefined ? {} : { clearPort }),
    privatePaths: pathsOf(options['private_paths']),
    paymentPaths: pathsOf(options['payment_paths']),
  };
}
