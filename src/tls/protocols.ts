/** Protocol versions, oldest first, by the names that configuration files use; TLCP (GB/T 38636) stands apart. */
export const PROTOCOLS = ['SSLv2', 'SSLv3', 'TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3', 'TLCP'] as const;
export type Protocol = (typeof PROTOCOLS)[number];

/** What each is on the wire. */
export const WIRE_VERSION = {
  SSLv2: 0x0002,
  SSLv3: 0x0300,
  TLSv1: 0x0301,
  'TLSv1.1': 0x0302,
  'TLSv1.2': 0x0303,
  'TLSv1.3': 0x0304,
  TLCP: 0x0101,
} as const satisfies Record<Protocol, number>;

/** The protocol of a wire version; undefined for one that nobody speaks. */
export function protocolOf(version: number): Protocol | undefined {
  return PROTOCOLS.find((protocol) => WIRE_VERSION[protocol] === version);
}

/** How people write it: `TLS 1.2`. */
export function protocolName(protocol: Protocol): string {
  return PROTOCOL_NAMES[protocol];
}

const PROTOCOL_NAMES = {
  SSLv2: 'SSL 2.0',
  SSLv3: 'SSL 3.0',
  TLSv1: 'TLS 1.0',
  'TLSv1.1': 'TLS 1.1',
  'TLSv1.2': 'TLS 1.2',
  'TLSv1.3': 'TLS 1.3',
  TLCP: 'TLCP 1.1',
} as const satisfies Record<Protocol, string>;
