import type { Unknown } from '../model/fact.ts';

/** A proxy that connections go through: HTTP CONNECT (RFC 9110 9.3.6) or SOCKS 5 (RFC 1928, names resolved by the proxy). */
export interface Proxy {
  readonly kind: 'http' | 'socks5';
  readonly host: string;
  readonly port: number;
}

/** Where a connection goes: an IP address, or a name where a proxy resolves it. */
export interface ConnectOptions {
  readonly host: string;
  readonly port: number;
  /** Milliseconds until the connection stands, its way through a proxy included. */
  readonly timeout: number;
  readonly signal: AbortSignal;
  readonly proxy?: Proxy;
}

/**
 * What came next on a connection: bytes, its orderly end, its breaking off, or nothing in time. `reset` is a TCP RST or another
 * error that ended it.
 */
export type Received =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'end' }
  | { readonly kind: 'reset'; readonly detail: string }
  | { readonly kind: 'timed-out' };

/** One TCP connection. Nothing here throws, and nothing is kept after `close`. */
export interface Connection {
  write(bytes: Uint8Array): void;
  /** Waits at most `timeout` milliseconds. What the peer sends between two reads is held back by TCP's own window. */
  read(timeout: number): Promise<Received>;
  close(): void;
}

/** One HTTP request to one address. Redirects are never followed. */
export interface HttpRequest {
  readonly method: 'GET' | 'HEAD' | 'OPTIONS' | 'TRACE' | 'POST';
  /** Absolute URL: its host is the Host header and the TLS server name. */
  readonly url: string;
  /** The IP address to connect to, in the place of the URL's host. */
  readonly address: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Milliseconds for the whole exchange. */
  readonly timeout: number;
  readonly signal: AbortSignal;
  readonly proxy?: Proxy;
  /** Server name to ask for in the handshake where it is not the URL's host. */
  readonly serverName?: string;
  /** Bytes of the body that are kept; the connection is cut there. */
  readonly maxBody: number;
  readonly body?: Uint8Array;
}

/** What the server answered. Certificates are not verified: whether they hold is another question's. */
export interface HttpAnswer {
  readonly status: number;
  /** In wire order, names as sent, repeated ones apart. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Uint8Array;
  /** The body is not whole: longer than `maxBody`, broken off, or still going on when the time was over. */
  readonly cut: boolean;
}

/** One CAA record (RFC 8659 4.1): its property tag and value. */
export interface CaaRecord {
  readonly tag: string;
  readonly value: string;
}

/** The network, as far as collectors may use it. Nothing here throws: what cannot be had is an `Unknown` with its cause. */
export interface Network {
  /** IP addresses of a name, IPv4 first, each once; an address is its own. */
  lookup(host: string, signal: AbortSignal): Promise<readonly string[] | Unknown>;
  /** CAA records of exactly this name; empty where there are none. */
  caa(name: string, signal: AbortSignal): Promise<readonly CaaRecord[] | Unknown>;
  connect(options: ConnectOptions): Promise<Connection | Unknown>;
  request(request: HttpRequest): Promise<HttpAnswer | Unknown>;
}
