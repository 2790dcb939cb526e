import { generateKeyPairSync, sign } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { keyExchangeInit, readKeyExchangeInit } from '../../src/ssh/key-exchange-init.ts';
import { readPublicKey, verifies } from '../../src/ssh/public-key.ts';
import { lookAtServer, type ServerLook } from '../../src/ssh/server-look.ts';
import { mpint, SshReader, string, uint32 } from '../../src/ssh/ssh-data.ts';
import type { SshWire } from '../../src/ssh/transport.ts';

const BANNER = Buffer.from('SSH-2.0-OpenSSH_9.9\r\n');
const OFFER = keyExchangeInit({
  keyExchanges: ['curve25519-sha256', 'kex-strict-s-v00@openssh.com'],
  hostKeys: ['ssh-ed25519'],
  ciphers: ['aes256-gcm@openssh.com'],
  macs: ['hmac-sha2-256'],
});

function packet(payload: Uint8Array): Buffer {
  const padding = 8 - ((payload.length + 5) % 8) + 8;
  return Buffer.concat([uint32(payload.length + 1 + padding), Buffer.from([padding]), payload, Buffer.alloc(padding)]);
}

/** A server that says these bytes, whatever it is told, and then is silent, ends or says the last of them for ever. */
function saying(bytes: readonly Uint8Array[], then: 'silence' | 'end' | 'for ever' = 'end'): SshWire {
  const left = [...bytes];
  return {
    write: () => {},
    read: async (timeout) => {
      const next = left.shift() ?? (then === 'for ever' ? bytes.at(-1) : undefined);
      if (next !== undefined) return { kind: 'bytes', bytes: next };
      if (then === 'end') return { kind: 'end' };
      await new Promise((resolve) => setTimeout(resolve, timeout));
      return { kind: 'timed-out' };
    },
  };
}

async function shown(wire: SshWire): Promise<readonly string[]> {
  const look = await lookAtServer(wire, { hostKeys: () => ['ssh-ed25519'], user: 'nobody', patience: 50 });
  const one = (name: keyof ServerLook): string => {
    const value = look[name];
    return value !== undefined && 'state' in value ? `${value.cause}: ${value.detail}` : 'known';
  };
  return [one('identification'), one('offer'), one('hostKey'), one('methods')];
}

const all = (why: string): readonly string[] => [why, why, why, why];
const after = (why: string, known: number): readonly string[] => [
  ...Array.from({ length: known }, () => 'known'),
  ...all(why).slice(known),
];

describe('a server that does not do as it should', () => {
  test.each<[string, SshWire, readonly string[]]>([
    ['silence', saying([], 'silence'), all('timed-out: SSH: no answer in time')],
    ['an end', saying([]), all('unreachable: SSH: the connection ended')],
    ['HTTP', saying([Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')]), all('unreachable: SSH: the connection ended')],
    ['a line without end', saying([Buffer.alloc(500, 'x')], 'for ever'), all('unparseable: no SSH: it does not identify itself')],
    ['lines without end', saying([Buffer.from('hello\r\n')], 'for ever'), all('unparseable: no SSH: it does not identify itself')],
    ['SSH 1', saying([Buffer.from('SSH-1.5-old\r\n')]), after('unsupported: SSH 1.5 only', 1)],
    ['a banner, then silence', saying([BANNER], 'silence'), after('timed-out: SSH: no answer in time', 1)],
    ['a banner, then an end', saying([BANNER]), after('unreachable: SSH: the connection ended', 1)],
    ['a packet as long as memory', saying([BANNER, Buffer.alloc(64, 0xff)]), after('unparseable: SSH: a packet of no possible length', 1)],
    ['an empty packet', saying([BANNER, Buffer.from([0, 0, 0, 5, 4, 0, 0, 0, 0])]), after('unparseable: SSH: a packet without payload', 1)],
    ['another message', saying([BANNER, packet(Buffer.from([21]))]), after('unparseable: SSH: no KEXINIT', 1)],
    ['half a KEXINIT', saying([BANNER, packet(OFFER.subarray(0, 60))]), after('unparseable: SSH: no KEXINIT', 1)],
    [
      'messages that say nothing, for ever',
      saying([BANNER, packet(Buffer.concat([Buffer.from([2]), string('x')]))], 'for ever'),
      after('unparseable: SSH: packets that say nothing, without end', 1),
    ],
    [
      'a refusal',
      saying([BANNER, packet(Buffer.concat([Buffer.from([1]), uint32(12), string('Too many connections'), string('')]))]),
      after('refused: SSH: it disconnects: Too many connections', 1),
    ],
    ['an offer, then an end', saying([BANNER, packet(OFFER)]), after('unreachable: SSH: the connection ended', 2)],
    [
      'an offer, then another message',
      saying([BANNER, packet(OFFER), packet(Buffer.from([31, 0, 0]))]),
      after('unparseable: SSH: no reply of the key exchange', 2),
    ],
    [
      'a key that it has not',
      saying([BANNER, packet(OFFER), packet(reply(Buffer.alloc(64, 1)))]),
      after('unparseable: SSH: the signature of the host key does not hold', 2),
    ],
    [
      'an exchange with the point at infinity',
      saying([BANNER, packet(OFFER), packet(reply(Buffer.alloc(64), Buffer.alloc(32)))]),
      after('unparseable: SSH: no reply of the key exchange', 2),
    ],
  ])('%s', async (_, wire, expected) => {
    expect(await shown(wire)).toEqual(expected);
  });
  test('whatever it says: no exception, and neither a key nor a method is known of noise', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 4 }), fc.boolean(), async (noise, banner) => {
        const seen = await shown(saying([...(banner ? [BANNER, packet(OFFER)] : []), ...noise]));
        expect(seen.slice(2)).not.toContain('known');
      }),
      { numRuns: 200 },
    );
  });
});

/** A reply of a key exchange with a real key, and a signature and point as given. */
function reply(
  signature: Buffer,
  point: Buffer = Buffer.from(generateKeyPairSync('x25519').publicKey.export({ format: 'jwk' }).x ?? '', 'base64url'),
): Buffer {
  const key = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' }).x ?? '';
  const blob = Buffer.concat([string('ssh-ed25519'), string(Buffer.from(key, 'base64url'))]);
  return Buffer.concat([Buffer.from([31]), string(blob), string(point), string(Buffer.concat([string('ssh-ed25519'), string(signature)]))]);
}

describe('offers', () => {
  test('what is written is read', () => {
    expect(readKeyExchangeInit(OFFER)).toEqual({
      keyExchanges: ['curve25519-sha256', 'kex-strict-s-v00@openssh.com'],
      hostKeys: ['ssh-ed25519'],
      ciphers: { toServer: ['aes256-gcm@openssh.com'], toClient: ['aes256-gcm@openssh.com'] },
      macs: { toServer: ['hmac-sha2-256'], toClient: ['hmac-sha2-256'] },
      compression: { toServer: ['none'], toClient: ['none'] },
      guesses: false,
    });
  });
  test('a name that no terminal should see is none', () => {
    const offer = (name: string): Buffer => keyExchangeInit({ keyExchanges: [name], hostKeys: ['a'], ciphers: ['a'], macs: ['a'] });
    for (const name of ['x\u001b[31m', 'x y', '', 'x'.repeat(65)]) expect(readKeyExchangeInit(offer(name))?.keyExchanges ?? []).toEqual([]);
  });
  test('a list of methods is one of names, too', () => {
    expect(new SshReader(string('publickey,password')).names()).toEqual(['publickey', 'password']);
    for (const list of ['publickey,\u001b[2J', 'password,', ',', 'x'.repeat(65), Array.from({ length: 201 }, () => 'a').join()])
      expect(new SshReader(string(list)).names()).toBeUndefined();
  });
  test('no cut of one is another', () => {
    for (let end = 0; end < OFFER.length; end += 1) expect(readKeyExchangeInit(OFFER.subarray(0, end))).toBeUndefined();
  });
});

describe('public keys', () => {
  const data = Buffer.from('what was signed');
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const { n = '', e = '' } = rsa.publicKey.export({ format: 'jwk' });
  const rsaBlob = Buffer.concat([string('ssh-rsa'), mpint(Buffer.from(e, 'base64url')), mpint(Buffer.from(n, 'base64url'))]);
  const ec = generateKeyPairSync('ec', { namedCurve: 'secp384r1' });
  const { x = '', y = '' } = ec.publicKey.export({ format: 'jwk' });
  const point = Buffer.concat([Buffer.from([4]), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')]);
  const ecBlob = Buffer.concat([string('ecdsa-sha2-nistp384'), string('nistp384'), string(point)]);

  test('kind, size and signatures', () => {
    const rsaKey = readPublicKey(rsaBlob);
    expect([rsaKey?.type, rsaKey?.bits]).toEqual(['ssh-rsa', 2048]);
    const signature = Buffer.concat([string('rsa-sha2-512'), string(sign('sha512', data, rsa.privateKey))]);
    expect(rsaKey && [verifies(rsaKey, signature, data), verifies(rsaKey, signature, Buffer.from('other'))]).toEqual([true, false]);
    const ecKey = readPublicKey(ecBlob);
    expect([ecKey?.type, ecKey?.bits]).toEqual(['ecdsa-sha2-nistp384', 384]);
    const raw = sign('sha384', data, { key: ec.privateKey, dsaEncoding: 'ieee-p1363' });
    const inner = Buffer.concat([mpint(raw.subarray(0, 48)), mpint(raw.subarray(48))]);
    expect(ecKey && verifies(ecKey, Buffer.concat([string('ecdsa-sha2-nistp384'), string(inner)]), data)).toBe(true);
    // A signature of another kind than the key's own is no proof.
    expect(ecKey && verifies(ecKey, Buffer.concat([string('rsa-sha2-512'), string(raw)]), data)).toBe(false);
  });
  test('sizes of kinds that are not verified', () => {
    const dss = Buffer.concat([string('ssh-dss'), mpint(Buffer.alloc(128, 0xff))]);
    expect(readPublicKey(dss)).toEqual({ type: 'ssh-dss', bits: 1024 });
    const sk = Buffer.concat([string('sk-ssh-ed25519@openssh.com'), string(Buffer.alloc(32, 3)), string('ssh:')]);
    expect(readPublicKey(sk)).toEqual({ type: 'sk-ssh-ed25519@openssh.com', bits: 256 });
    const certificate = Buffer.concat([
      string('ssh-rsa-cert-v01@openssh.com'),
      string(Buffer.alloc(32, 1)),
      rsaBlob.subarray(11),
      string('more'),
    ]);
    expect(readPublicKey(certificate)).toMatchObject({ type: 'ssh-rsa-cert-v01@openssh.com', bits: 2048 });
  });
  test('no cut and no noise is a key, and nothing throws', () => {
    for (const blob of [rsaBlob, ecBlob])
      for (let end = 0; end < blob.length; end += 1) expect(readPublicKey(blob.subarray(0, end))?.bits ?? 0).toBeLessThan(2048);
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (noise) => void readPublicKey(noise)));
    fc.assert(
      fc.property(
        fc.constantFrom('ssh-rsa', 'ssh-ed25519', 'ecdsa-sha2-nistp256', 'ssh-dss'),
        fc.uint8Array({ maxLength: 100 }),
        (kind, noise) => {
          const key = readPublicKey(Buffer.concat([string(kind), noise]));
          if (key !== undefined) expect(key.bits).toBeLessThan(1000);
        },
      ),
    );
  });
});
