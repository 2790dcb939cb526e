import { lookup, Resolver } from 'node:dns/promises';
import { isIP } from 'node:net';
import { unknown, type Unknown } from '../model/fact.ts';
import type { CaaRecord, Connection, ConnectOptions, Network } from './network.ts';
import { request } from './node-http.ts';
import { connectionOver, errorCode, openSocket } from './node-socket.ts';

/** The network that this machine sees. */
export const nodeNetwork: Network = { lookup: addressesOf, caa, connect: open, request };

async function addressesOf(host: string, signal: AbortSignal): Promise<readonly string[] | Unknown> {
  const literal = host.replace(/^\[(.*)\]$/, '$1');
  if (isIP(literal) !== 0) return [literal];
  if (signal.aborted) return unknown('timed-out', host);
  try {
    const found = await lookup(host, { all: true, order: 'ipv4first' });
    return [...new Set(found.map(({ address }) => address))];
  } catch (error) {
    return unknown('unreachable', `${host}: ${errorCode(error)}`);
  }
}

async function open(options: ConnectOptions): Promise<Connection | Unknown> {
  const socket = await openSocket(options);
  return 'state' in socket ? socket : connectionOver(socket, options.signal).connection;
}

/** The machine's own resolver is asked: `ENODATA` and `ENOTFOUND` are its word that there is none. */
async function caa(name: string, signal: AbortSignal): Promise<readonly CaaRecord[] | Unknown> {
  if (signal.aborted) return unknown('timed-out', name);
  try {
    const records = await new Resolver({ timeout: 5_000, tries: 2 }).resolveCaa(name);
    return records.flatMap(({ critical: _, ...properties }) =>
      Object.entries(properties).flatMap(([tag, value]) => (typeof value === 'string' ? [{ tag, value }] : [])),
    );
  } catch (error) {
    const code = errorCode(error);
    return code === 'ENODATA' || code === 'ENOTFOUND'
      ? []
      : unknown(code === 'ETIMEOUT' ? 'timed-out' : 'unreachable', `CAA ${name}: ${code}`);
  }
}
