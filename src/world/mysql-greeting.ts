/** The first packet of a MySQL or MariaDB server: what it says of itself before anybody has logged in. */
export type MysqlGreeting =
  | {
      readonly kind: 'greeting';
      /** As the server writes it: `8.0.44`, `5.5.5-10.11.19-MariaDB-0+deb12u1`. */
      readonly version: string;
      /** It would turn to TLS. */
      readonly tls: boolean;
    }
  /** It refuses whoever comes: `ERR_Packet`. */
  | { readonly kind: 'error'; readonly code: number };

/** More than any server says in its greeting. */
export const MAX_GREETING = 1024;
const CLIENT_SSL = 0x0800;
const CLIENT_PROTOCOL_41 = 0x0200;

/**
 * Reads a greeting out of what was received so far; undefined while it is incomplete. What follows it in the same bytes was sent
 * unasked: before TLS anybody on the way could have put it there.
 * https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_connection_phase_packets_protocol_handshake_v10.html
 */
export function readGreeting(bytes: Uint8Array): MysqlGreeting | undefined | { readonly problem: string } {
  const [low = 0, middle = 0, high = 0, sequence] = bytes;
  if (sequence === undefined) return bytes.length > 3 ? { problem: 'no greeting' } : undefined;
  const length = low | (middle << 8) | (high << 16);
  if (sequence !== 0 || length === 0 || length > MAX_GREETING) return { problem: 'no greeting' };
  if (bytes.length < 4 + length) return undefined;
  if (bytes.length > 4 + length) return { problem: 'it speaks before it is asked' };
  const body = bytes.subarray(4);
  if (body[0] === 0xff) return { kind: 'error', code: (body[1] ?? 0) | ((body[2] ?? 0) << 8) };
  const end = body.indexOf(0, 1);
  // Behind the version: connection id (4), first part of the salt (8), a zero, the lower half of the capabilities.
  const capabilities = end + 1 + 4 + 8 + 1;
  if (body[0] !== 10 || end === -1 || body.length < capabilities + 2) return { problem: 'no greeting of protocol 10' };
  const flags = (body[capabilities] ?? 0) | ((body[capabilities + 1] ?? 0) << 8);
  if ((flags & CLIENT_PROTOCOL_41) === 0) return { problem: 'no greeting of protocol 10' };
  return { kind: 'greeting', version: new TextDecoder().decode(body.subarray(1, end)).slice(0, 80), tls: (flags & CLIENT_SSL) !== 0 };
}
