import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { unknown, type Unknown } from '../model/fact.ts';
import type { Connection, ConnectOptions, Network } from './network.ts';
import { request } from './node-http.ts';
import { connectionOver, errorCode, openSocket } from './node-socket.ts';

/** The network that this machine sees. */
export const nodeNetwork: Network = { lookup: addressesOf, connect: open, request };

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
