import { derived, known, unknown, type Known, type Origin, type TargetId, type Unknown } from '../../model/fact.ts';
import type { HttpAnswer, HttpRequest, Network, Proxy } from '../../world/network.ts';
import type { Field, Fields } from '../site-policies.ts';
import manifest from '../../../package.json' with { type: 'json' };

/** Milliseconds for one request. */
const TIMEOUT = 10_000;
/** Bytes of a body that are looked at; only error pages and echoes are. */
const MAX_BODY = 128 * 1024;

/** A site at one address, as requests are sent to it. */
export interface Asked {
  readonly target: TargetId;
  readonly network: Network;
  readonly signal: AbortSignal;
  readonly secure: boolean;
  readonly name: string;
  readonly address: string;
  readonly port: number;
  readonly proxy?: Proxy;
}

/** A request and what came of it. */
export interface Exchange {
  readonly method: HttpRequest['method'];
  readonly path: string;
  readonly origin: Origin;
  readonly answer: HttpAnswer;
}

/** Sends one request. What does not come back as an answer is an unknown that says which request it was. */
export async function ask(
  site: Asked,
  method: HttpRequest['method'],
  path: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Exchange | Unknown> {
  const { network, signal, address, proxy } = site;
  const asked = Object.keys(headers).includes('origin') ? ` with Origin: ${headers['origin']}` : '';
  // A query that the server makes up may hold a secret.
  const label = `${method} ${path.replace(/\?.*$/s, '').slice(0, 100)}${asked} at ${address.includes(':') ? `[${address}]` : address}:${site.port}`;
  const origin: Origin = { kind: 'wire', target: site.target, exchange: label };
  if (signal.aborted) return unknown('timed-out', label, origin);
  const answer = await network.request({
    method,
    url: `${base(site)}${path}`,
    address,
    headers: { 'user-agent': `Custos/${manifest.version}`, accept: '*/*', ...headers },
    timeout: TIMEOUT,
    signal,
    maxBody: MAX_BODY,
    ...(proxy === undefined ? {} : { proxy }),
  });
  if ('state' in answer) return unknown(answer.cause, `${label}: ${answer.detail}`.slice(0, 300), origin);
  return { method, path, origin, answer };
}

/** Scheme, host and port. */
export function base({ secure, name, port }: Pick<Asked, 'secure' | 'name' | 'port'>): string {
  return `${secure ? 'https' : 'http'}://${name}${port === (secure ? 443 : 80) ? '' : `:${port}`}`;
}

/** The header fields of an answer: what is there is known, and so is what is not. */
export function fieldsOf({ answer, origin }: Exchange): Fields {
  const byName = Map.groupBy(answer.headers, ([name]) => name.toLowerCase());
  return (name): Field => {
    const values: readonly Known<string>[] = (byName.get(name) ?? []).map(([, value]) => known(value, derived(`header ${name}`, origin)));
    return { values, at: derived(`no header ${name}`, origin) };
  };
}

/** An answer that says nothing of the site itself: it is broken, or has enough of us. */
export function isOutage({ answer: { status } }: Exchange): boolean {
  return (status >= 500 && status !== 501) || status === 429;
}
