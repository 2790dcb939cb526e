import { createHash } from 'node:crypto';
import type { Certificate } from './certificate.ts';

/** AlgorithmIdentifier of SHA-1, which RFC 5019 2.1.1 demands here: it need not resist collisions. */
const SHA1 = Buffer.from('300906052b0e03021a0500', 'hex');

/** The OCSPRequest (RFC 6960 4.1.1) that asks for one certificate. Undefined where it has no serial number. */
export function ocspRequest(leaf: Certificate, issuer: Certificate): Uint8Array | undefined {
  const serial = Buffer.from(leaf.serial.length % 2 === 0 ? leaf.serial : `0${leaf.serial}`, 'hex');
  if (serial.length === 0) return undefined;
  const sha1 = (bytes: Uint8Array): Buffer => createHash('sha1').update(bytes).digest();
  // A first bit that is set would make the number negative.
  const positive = (serial[0] ?? 0) & 0x80 ? Buffer.concat([Buffer.of(0), serial]) : serial;
  const id = der(0x30, SHA1, der(0x04, sha1(leaf.rawIssuer)), der(0x04, sha1(issuer.key.octets)), der(0x02, positive));
  return der(0x30, der(0x30, der(0x30, der(0x30, id))));
}

function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(parts);
  const length =
    body.length < 0x80 ? [body.length] : body.length < 0x100 ? [0x81, body.length] : [0x82, body.length >> 8, body.length & 255];
  return Buffer.concat([Buffer.of(tag, ...length), body]);
}
