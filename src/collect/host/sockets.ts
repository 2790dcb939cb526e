import { known, unknown, type Fact, type Origin, type Unknown } from '../../model/fact.ts';
import type { HostContext } from './part.ts';

/** A socket that waits for whoever comes, on an address that is not loopback. */
export interface ListeningSocket {
  readonly protocol: 'tcp' | 'udp';
  /** Without zone; `0.0.0.0` and `::` are every address. */
  readonly address: string;
  readonly port: number;
  /** Families that it answers: a socket on `::` takes IPv4 too, unless it was told not to. */
  readonly versions: readonly (4 | 6)[];
  /** Undefined where it may not be seen. */
  readonly program: string | undefined;
  /** Where translation sends what arrives, if it does. */
  readonly leadsTo?: number;
  readonly origin: Origin;
}

/** The program behind a socket: root alone sees whose it is, and of the kernel's own there is none. */
export function programOf({ program, origin }: Pick<ListeningSocket, 'program' | 'origin'>): Fact<string> {
  return program === undefined ? unknown('access-denied', 'ss: whose socket it is', origin) : known(program, origin);
}

const seenBefore = new WeakMap<HostContext, Promise<readonly ListeningSocket[] | Unknown>>();

/** What listens beyond loopback: by `ss`, or from /proc/net where there is none. Asked once for all parts. */
export function listeningSockets(context: HostContext): Promise<readonly ListeningSocket[] | Unknown> {
  const before = seenBefore.get(context) ?? read(context);
  seenBefore.set(context, before);
  return before;
}

async function read(context: HostContext): Promise<readonly ListeningSocket[] | Unknown> {
  if (context.host.form === 'root') return unknown('not-collected', 'nothing listens in an offline root', context.at);
  const output = await context.command('ss -tulnpe');
  const sockets = output === 'not-there' ? await fromProc(context) : 'state' in output ? output : fromSs(output.text, output.origin);
  if ('state' in sockets) return sockets;
  const byPlace = new Map(
    sockets.filter(({ address }) => !isLoopback(address)).map((socket) => [`${socket.protocol} ${socket.address} ${socket.port}`, socket]),
  );
  return [...byPlace.values()].toSorted((a, b) => a.port - b.port || (a.protocol + a.address < b.protocol + b.address ? -1 : 1));
}

/** Lines of `ss -H -tulnpe`; one that is not understood makes the whole unknown. */
export function fromSs(text: string, origin: (line: number) => Origin): readonly ListeningSocket[] | Unknown {
  const sockets: ListeningSocket[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const [protocol, , , , local = '', , ...rest] = line.trim().split(/\s+/);
    const split = local.lastIndexOf(':');
    const written = local.slice(0, split).replace(/^\[|\]$/g, '');
    const port = Number(local.slice(split + 1));
    if ((protocol !== 'tcp' && protocol !== 'udp') || split < 1 || !Number.isInteger(port))
      return unknown('unparseable', `ss: ${line.trim().slice(0, 80)}`, origin(index + 1));
    const [bare = '', zone] = written.replace(/\]?%/, '%').split('%');
    const details = rest.join(' ');
    const program = /users:\(\("((?:[^"\\]|\\.)*)"/.exec(details)?.[1];
    // `*` is every address of both families; so is `[::]` unless the socket is for IPv6 alone.
    const any = bare === '*';
    const six = bare.includes(':') || any;
    const alone = / v6only:1\b/.test(` ${details}`);
    const mapped = /^::ffff:([\d.]+)$/i.exec(bare)?.[1];
    sockets.push({
      protocol,
      address: zone === 'lo' ? '127.0.0.1' : (mapped ?? (any ? '::' : bare)),
      port,
      versions: mapped !== undefined || !six ? [4] : (any || bare === '::') && !alone ? [4, 6] : [6],
      program,
      origin: origin(index + 1),
    });
  }
  return sockets;
}

/** State of a socket that listens, by protocol (include/net/tcp_states.h): LISTEN, and a datagram socket with no peer. */
const WAITS = { tcp: '0A', udp: '07' } as const;

async function fromProc({ host, target }: HostContext): Promise<readonly ListeningSocket[] | Unknown> {
  const sockets: ListeningSocket[] = [];
  for (const protocol of ['tcp', 'udp'] as const)
    for (const six of [false, true]) {
      const path = `/proc/net/${protocol}${six ? '6' : ''}`;
      const file = await host.read(path);
      if (file === 'not-there' && six) continue; // no IPv6
      if (file === 'not-there') return unknown('not-collected', `${path} is not there`);
      if ('state' in file) return file;
      const origin: Origin = { kind: 'wire', target: target.id, exchange: path };
      for (const line of new TextDecoder().decode(file.bytes).split('\n').slice(1)) {
        if (line.trim() === '') continue;
        const [, local = '', remote = '', state] = line.trim().split(/\s+/);
        const [hex = '', port = ''] = local.split(':');
        const address = procAddress(hex);
        if (address === undefined || !/^[0-9A-F]{4}$/.test(port)) return unknown('unparseable', `${path}: ${line.trim().slice(0, 80)}`);
        if (state !== WAITS[protocol] || !/^0+:0000$/.test(remote)) continue;
        // Whether `::` takes IPv4 too is not told here: it does by default.
        sockets.push({
          protocol,
          address,
          port: Number.parseInt(port, 16),
          versions: !address.includes(':') ? [4] : address === '::' ? [4, 6] : [6],
          program: undefined,
          origin,
        });
      }
    }
  return sockets;
}

/** Words of four bytes in the machine's own order, which is little-endian on every machine that Custos runs on. */
function procAddress(hex: string): string | undefined {
  const words = /^(?:[0-9A-F]{8}){1,4}$/.test(hex) ? (hex.match(/.{8}/g) ?? []) : [];
  const bytes = words.flatMap((word) => (word.match(/../g) ?? []).toReversed().map((byte) => Number.parseInt(byte, 16)));
  if (bytes.length === 4) return bytes.join('.');
  if (bytes.length !== 16) return undefined;
  if (bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 255 && bytes[11] === 255) return bytes.slice(12).join('.');
  if (bytes.every((byte) => byte === 0)) return '::';
  if (bytes.slice(0, 15).every((byte) => byte === 0) && bytes[15] === 1) return '::1';
  return Array.from({ length: 8 }, (_, index) => ((bytes[2 * index] ?? 0) * 256 + (bytes[2 * index + 1] ?? 0)).toString(16)).join(':');
}

function isLoopback(address: string): boolean {
  return address === '::1' || address.startsWith('127.');
}
