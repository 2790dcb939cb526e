import { createHash } from 'node:crypto';
import { readWholeDer, sequenceOf, TAG, type Der } from './der.ts';

/** The curve of GB/T 32918.5. */
const P = 0xfffffffeffffffffffffffffffffffffffffffff00000000ffffffffffffffffn;
const A = P - 3n;
const B = 0x28e9fa9e9d9f5e344d5a9e4bcf6509a7f39789f515ab8f92ddbcbd414d940e93n;
const N = 0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123n;
const GX = 0x32c4ae2c1f1981195f9904466a39c9948fe30bbff2660be1715a4589334c74c7n;
const GY = 0xbc3736a2f4f6779c59bdcee36b692153d0a9877cc62a474002df32e52139f0a0n;

/** GM/T 0009 7: the identity that signers of certificates have unless another is agreed upon. */
const DEFAULT_ID = '1234567812345678';

/** Jacobian coordinates; `z` 0 is the point at infinity. */
interface Point {
  readonly x: bigint;
  readonly y: bigint;
  readonly z: bigint;
}
const INFINITY: Point = { x: 1n, y: 1n, z: 0n };

/**
 * Verifies a signature SM2-with-SM3 (GB/T 32918.2 7.1) for the default identity. Node's OpenSSL verifies for the empty
 * identity only and lets nobody set another [tried, Node 24], so that every certificate of a Chinese authority
 * would count as forged. Only public values are handled: the arithmetic need not be constant in time.
 */
export function verifiesSm2(signed: Uint8Array, signature: Uint8Array, point: Uint8Array): boolean {
  const [rField, sField] = sequenceOf(readWholeDer(signature)) ?? [];
  const [r, s] = [integer(rField), integer(sField)];
  if (point.length !== 65 || point[0] !== 4 || r === undefined || s === undefined) return false;
  const [x, y] = [unsigned(point.subarray(1, 33)), unsigned(point.subarray(33))];
  if (x >= P || y >= P || mod(y * y - (x * x * x + A * x + B)) !== 0n) return false;
  if (r < 1n || r >= N || s < 1n || s >= N) return false;
  const t = (r + s) % N;
  if (t === 0n) return false;
  const sum = combine(s, { x: GX, y: GY, z: 1n }, t, { x, y, z: 1n });
  if (sum.z === 0n) return false;
  const inverse = power(sum.z, P - 2n);
  const digest = createHash('sm3').update(identityDigest(point)).update(signed).digest();
  return (unsigned(digest) + mod(sum.x * inverse * inverse)) % N === r;
}

/** Z of GB/T 32918.2 5.5: SM3 over the identity's length in bits, the identity, the curve and the key. */
function identityDigest(point: Uint8Array): Buffer {
  const id = Buffer.from(DEFAULT_ID);
  const hash = createHash('sm3')
    .update(Buffer.from([(id.length * 8) >> 8, (id.length * 8) & 0xff]))
    .update(id);
  for (const value of [A, B, GX, GY]) hash.update(Buffer.from(value.toString(16).padStart(64, '0'), 'hex'));
  return hash.update(point.subarray(1)).digest();
}

function integer(value: Der | undefined): bigint | undefined {
  return value?.tag === TAG.integer && value.contents.length > 0 && value.contents.length <= 33 && (value.contents[0] ?? 0x80) < 0x80
    ? unsigned(value.contents)
    : undefined;
}

function unsigned(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
}

function mod(value: bigint): bigint {
  const rest = value % P;
  return rest < 0n ? rest + P : rest;
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  for (const bit of exponent.toString(2)) {
    result = mod(result * result);
    if (bit === '1') result = mod(result * base);
  }
  return result;
}

/** `k·p + l·q`, both scalars gone through together. */
function combine(k: bigint, p: Point, l: bigint, q: Point): Point {
  const both = add(p, q);
  const [first, second] = [k.toString(2).padStart(256, '0'), l.toString(2).padStart(256, '0')];
  let sum = INFINITY;
  for (let index = 0; index < 256; index += 1) {
    sum = double(sum);
    const [one, other] = [first[index] === '1', second[index] === '1'];
    if (one || other) sum = add(sum, one && other ? both : one ? p : q);
  }
  return sum;
}

function double({ x, y, z }: Point): Point {
  if (z === 0n || y === 0n) return INFINITY;
  const y2 = mod(y * y);
  const s = mod(4n * x * y2);
  const z2 = mod(z * z);
  const m = mod(3n * (x - z2) * (x + z2)); // a is −3
  const x3 = mod(m * m - 2n * s);
  return { x: x3, y: mod(m * (s - x3) - 8n * y2 * y2), z: mod(2n * y * z) };
}

function add(p: Point, q: Point): Point {
  if (p.z === 0n) return q;
  if (q.z === 0n) return p;
  const [pz2, qz2] = [mod(p.z * p.z), mod(q.z * q.z)];
  const [u1, u2] = [mod(p.x * qz2), mod(q.x * pz2)];
  const [s1, s2] = [mod(p.y * qz2 * q.z), mod(q.y * pz2 * p.z)];
  if (u1 === u2) return s1 === s2 ? double(p) : INFINITY;
  const h = mod(u2 - u1);
  const r = mod(s2 - s1);
  const h2 = mod(h * h);
  const h3 = mod(h2 * h);
  const x3 = mod(r * r - h3 - 2n * u1 * h2);
  return { x: x3, y: mod(r * (u1 * h2 - x3) - s1 * h3), z: mod(h * p.z * q.z) };
}
