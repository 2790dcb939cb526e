import { derived, known, unknown, type Fact } from '../../model/fact.ts';
import { compareVersions } from './defaults.ts';
import { inForce, type NginxWorld, type Scope } from './nginx-scope.ts';
import { originOf } from './nginx-tree.ts';

/**
 * Size of the Diffie-Hellman prime: from the PEM file that ssl_dhparam names. Without it nginx offers no DHE since
 * 1.11.0, and had a prime of its own before: https://nginx.org/en/docs/http/ngx_http_ssl_module.html#ssl_dhparam
 */
export async function dhBits(scope: Scope, world: NginxWorld): Promise<Fact<number>> {
  const found = inForce(scope, 'ssl_dhparam');
  if (found.state === 'unknown') return found;
  if (found.state === 'unset') {
    const { nginx } = world;
    if (nginx.state !== 'known' || compareVersions(nginx.value, '1.11.0') < 0)
      return unknown('unresolved', 'ssl_dhparam: default of an unknown version of nginx', found.at);
    return { state: 'absent', origin: derived(`nginx ${nginx.value} offers no DHE without ssl_dhparam`, found.at, nginx.origin) };
  }
  const [node, second] = found.nodes;
  const at = originOf(node);
  const [word] = node.args;
  if (word === undefined || second !== undefined) return unknown('unparseable', 'ssl_dhparam', at);
  if (word.dynamic) return unknown('unresolved', `ssl_dhparam ${word.text}`, at);
  const { files, gaps } = await world.include(word.text, world.base);
  const [file] = files;
  const [gap] = gaps;
  if (file === undefined)
    return unknown(
      gap?.cause ?? 'unresolved',
      `ssl_dhparam ${word.text}: ${gap?.cause === 'access-denied' ? 'cannot be read' : 'is not there'}`,
      at,
    );
  const pem = /-----BEGIN (?:X9\.42 )?DH PARAMETERS-----([A-Za-z0-9+/=\s]{1,16384})-----END/.exec(file.text);
  const bits = pem === null ? undefined : primeBits(Buffer.from(pem[1] ?? '', 'base64'));
  return bits === undefined
    ? unknown('unparseable', `ssl_dhparam ${word.text}`, at)
    : known(bits, derived('length of the prime in the file', at, file.origin(0, 0)));
}

/** Bits of the first INTEGER in a SEQUENCE: the prime of PKCS #3 and X9.42 parameters. */
function primeBits(der: Buffer): number | undefined {
  const sequence = header(der, 0, 0x30);
  const prime = sequence === undefined ? undefined : header(der, sequence.content, 0x02);
  if (prime === undefined || prime.content + prime.length > der.length) return undefined;
  const digits = der.subarray(prime.content, prime.content + prime.length);
  const first = digits.findIndex((byte) => byte !== 0);
  if (first === -1) return undefined;
  return (digits.length - first - 1) * 8 + (32 - Math.clz32(digits[first] ?? 0));
}

function header(der: Buffer, at: number, tag: number): { readonly content: number; readonly length: number } | undefined {
  const short = der[at + 1];
  if (der[at] !== tag || short === undefined) return undefined;
  if (short < 0x80) return { content: at + 2, length: short };
  const count = short & 0x7f;
  if (count === 0 || count > 3 || at + 2 + count > der.length) return undefined;
  return { content: at + 2 + count, length: der.readUIntBE(at + 2, count) };
}
