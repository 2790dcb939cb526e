/** More children than this in one value are not read: 10,000 names of a certificate are, a bomb of empty tags is not. */
const MAX_CHILDREN = 65_536;

/** Universal tags (X.690 8.1.2), with the constructed bit where DER sets it. */
export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  enumerated: 0x0a,
  utf8String: 0x0c,
  bmpString: 0x1e,
  universalString: 0x1c,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;

/**
 * One DER value as a window on the bytes that it was read from. Signatures and name comparisons need those very bytes, and
 * an ASN.1 library's tree has lost them: node-forge's re-encoding normalises, and its tree knows no offsets.
 * Reading is lazy and by fixed structure, so that depth is bounded by our code, never by the input.
 */
export interface Der {
  /** The identifier octet. */
  readonly tag: number;
  /** Identifier, length and contents. */
  readonly raw: Uint8Array;
  readonly contents: Uint8Array;
}

/** The value that begins at `at`, or undefined where there is none. Trailing bytes are the caller's matter. */
export function readDer(bytes: Uint8Array, at = 0): Der | undefined {
  const tag = bytes[at];
  const first = bytes[at + 1];
  // X.690 8.1.2.4 long tags do not occur in what is read here; 10.1: the length is definite and as short as can be.
  if (tag === undefined || first === undefined || (tag & 0x1f) === 0x1f) return undefined;
  let length = first;
  let start = at + 2;
  if (first >= 0x80) {
    const octets = first - 0x80;
    if (octets === 0 || octets > 4) return undefined;
    length = 0;
    for (let index = 0; index < octets; index += 1) {
      const octet = bytes[start + index];
      if (octet === undefined) return undefined;
      length = length * 256 + octet;
    }
    start += octets;
    if (length < 0x80 || length < 256 ** (octets - 1)) return undefined;
  }
  const end = start + length;
  return end > bytes.length ? undefined : { tag, raw: bytes.subarray(at, end), contents: bytes.subarray(start, end) };
}

/** The only value that `bytes` hold: nothing may follow it. */
export function readWholeDer(bytes: Uint8Array): Der | undefined {
  const value = readDer(bytes);
  return value?.raw.length === bytes.length ? value : undefined;
}

/** The values inside a constructed one; undefined where its contents are not whole values. */
export function childrenOf(parent: Der | undefined): readonly Der[] | undefined {
  if (parent === undefined || (parent.tag & 0x20) === 0) return undefined;
  return valuesIn(parent.contents);
}

/** The values of a SEQUENCE. */
export function sequenceOf(parent: Der | undefined): readonly Der[] | undefined {
  return parent?.tag === TAG.sequence ? valuesIn(parent.contents) : undefined;
}

function valuesIn(bytes: Uint8Array): readonly Der[] | undefined {
  const values: Der[] = [];
  for (let at = 0; at < bytes.length;) {
    const value = readDer(bytes, at);
    if (value === undefined || values.length === MAX_CHILDREN) return undefined;
    values.push(value);
    at += value.raw.length;
  }
  return values;
}

/** A dotted object identifier. Arcs beyond 2^53 are none that we know, and make it unreadable. */
export function oidOf(value: Der | undefined): string | undefined {
  if (value?.tag !== TAG.oid || value.contents.length === 0 || value.contents.length > 64) return undefined;
  const arcs: number[] = [];
  let arc = 0;
  let open = false;
  for (const octet of value.contents) {
    if (!open && octet === 0x80) return undefined;
    arc = arc * 128 + (octet & 0x7f);
    if (!Number.isSafeInteger(arc)) return undefined;
    open = octet >= 0x80;
    if (open) continue;
    arcs.push(arc);
    arc = 0;
  }
  const [first, ...rest] = arcs;
  if (open || first === undefined) return undefined;
  const root = Math.min(2, Math.floor(first / 40));
  return [root, first - root * 40, ...rest].join('.');
}

/** The contents of an INTEGER in hexadecimal, as they stand; a sign octet of zero is dropped. */
export function integerHex(value: Der | undefined): string | undefined {
  if (value?.tag !== TAG.integer || value.contents.length === 0) return undefined;
  const { contents } = value;
  return Buffer.from(contents[0] === 0 && contents.length > 1 ? contents.subarray(1) : contents)
    .toString('hex')
    .toUpperCase();
}

/** A small INTEGER or ENUMERATED that is not negative. */
export function smallInteger(value: Der | undefined): number | undefined {
  if (value === undefined || value.contents.length === 0 || value.contents.length > 5) return undefined;
  if ((value.contents[0] ?? 0) >= 0x80) return undefined;
  return value.contents.reduce((sum, octet) => sum * 256 + octet, 0);
}

/** How many bits a positive INTEGER has; undefined where it is not positive. */
export function bitLength(value: Der | undefined): number | undefined {
  if (value?.tag !== TAG.integer || (value.contents[0] ?? 0x80) >= 0x80) return undefined;
  const lead = value.contents.findIndex((octet) => octet !== 0);
  return lead === -1 ? undefined : (value.contents.length - lead) * 8 - Math.clz32(value.contents[lead] ?? 0) + 24;
}

/** A BOOLEAN. DER allows 00 and FF only (X.690 11.1). */
export function booleanOf(value: Der | undefined): boolean | undefined {
  if (value?.tag !== TAG.boolean || value.contents.length !== 1) return undefined;
  return value.contents[0] === 0xff ? true : value.contents[0] === 0 ? false : undefined;
}

/** The octets of a BIT STRING that is whole octets long: keys and signatures. */
export function bitStringOctets(value: Der | undefined): Uint8Array | undefined {
  return value?.tag === TAG.bitString && value.contents[0] === 0 ? value.contents.subarray(1) : undefined;
}

/** The numbers of the bits that are set in a BIT STRING of named bits. */
export function namedBits(value: Der | undefined): readonly number[] | undefined {
  if (value?.tag !== TAG.bitString) return undefined;
  const [unused, ...octets] = value.contents.subarray(0, 9);
  if (unused === undefined || unused > 7 || value.contents.length > 9) return undefined;
  return octets.flatMap((octet, index) => [0, 1, 2, 3, 4, 5, 6, 7].flatMap((bit) => ((octet << bit) & 0x80 ? [index * 8 + bit] : [])));
}

/** UTCTime and GeneralizedTime as ISO 8601 in UTC, to the second. Seconds and `Z` are demanded, as RFC 5280 4.1.2.5 does. */
export function timeOf(value: Der | undefined): string | undefined {
  if (value === undefined || value.contents.length > 32) return undefined;
  const text = Buffer.from(value.contents).toString('latin1');
  let digits: string | undefined;
  // RFC 5280 4.1.2.5.1: YY from 50 on is 19YY.
  if (value.tag === TAG.utcTime && /^\d{12}Z$/.test(text)) digits = `${Number(text.slice(0, 2)) >= 50 ? '19' : '20'}${text}`;
  if (value.tag === TAG.generalizedTime && /^\d{14}(?:\.\d+)?Z$/.test(text)) digits = text;
  const parts = digits === undefined ? null : /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)/.exec(digits);
  if (parts === null) return undefined;
  const [, year, month, day, hour, minute, second] = parts;
  const iso = `${year}-${month}-${day}T${hour}:${minute}:${second}Z`;
  const ms = Date.parse(iso);
  // 31 February rolls over to March in some engines: a time that does not come back as it was written is none.
  return Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 19) !== iso.slice(0, 19) ? undefined : iso;
}

/** Lower-case hexadecimal. */
export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}
