import { childrenOf, oidOf, sequenceOf, TAG, type Der, hex } from './der.ts';

/** Longer names are cut where they are shown; what is compared is never cut. */
const MAX_SHOWN = 1024;

/** Short names of RFC 4514 3, and those that every tool writes. */
const SHORT_NAME: Readonly<Record<string, string>> = {
  '2.5.4.3': 'CN',
  '2.5.4.5': 'serialNumber',
  '2.5.4.6': 'C',
  '2.5.4.7': 'L',
  '2.5.4.8': 'ST',
  '2.5.4.9': 'STREET',
  '2.5.4.10': 'O',
  '2.5.4.11': 'OU',
  '2.5.4.12': 'title',
  '2.5.4.15': 'businessCategory',
  '2.5.4.97': 'organizationIdentifier',
  '0.9.2342.19200300.100.1.1': 'UID',
  '0.9.2342.19200300.100.1.25': 'DC',
  '1.2.840.113549.1.9.1': 'emailAddress',
};

const STRING_TAGS: ReadonlySet<number> = new Set([0x0c, 0x12, 0x13, 0x14, 0x16, 0x1a, 0x1c, 0x1e]);

interface Attribute {
  readonly oid: string;
  readonly value: Der;
}

function attributesOf(name: Der | undefined): readonly (readonly Attribute[])[] | undefined {
  const sets = sequenceOf(name);
  const parts: (readonly Attribute[])[] = [];
  for (const set of sets ?? []) {
    const attributes: Attribute[] = [];
    for (const pair of (set.tag === TAG.set ? childrenOf(set) : undefined) ?? []) {
      const [type, value, ...more] = sequenceOf(pair) ?? [];
      const oid = oidOf(type);
      if (oid === undefined || value === undefined || more.length > 0) return undefined;
      attributes.push({ oid, value });
    }
    if (attributes.length === 0) return undefined;
    parts.push(attributes);
  }
  return sets === undefined ? undefined : parts;
}

/** A name as RFC 4514 writes it: last part first. Whatever could steer a terminal is written as its hexadecimal pairs. */
export function nameText(name: Der | undefined): string | undefined {
  const parts = attributesOf(name);
  if (parts === undefined) return undefined;
  let text = '';
  for (const attributes of parts.toReversed()) {
    const written = attributes
      .map(({ oid, value }) => {
        const known = SHORT_NAME[oid];
        const shown = known === undefined ? undefined : stringOf(value);
        return shown === undefined ? `${known ?? oid}=#${hex(value.raw.subarray(0, MAX_SHOWN))}` : `${known}=${escaped(shown)}`;
      })
      .join('+');
    text += (text === '' ? '' : ',') + written;
    if (text.length > MAX_SHOWN) return `${Array.from(text).slice(0, MAX_SHOWN).join('')}…`;
  }
  return text;
}

/**
 * What two names are compared by. RFC 5280 7.1: strings by their prepared characters, whatever their encoding, without
 * regard to case and runs of spaces; other values by their bytes.
 */
export function nameKey(name: Der | undefined): string | undefined {
  return attributesOf(name)
    ?.map((attributes) =>
      attributes
        .map(({ oid, value }) => {
          const text = stringOf(value);
          return JSON.stringify([oid, text === undefined ? `#${hex(value.raw)}` : text.toLowerCase().trim().replaceAll(/\s+/g, ' ')]);
        })
        .toSorted()
        .join('+'),
    )
    .join(',');
}

/** The characters of a DirectoryString or IA5String. */
export function stringOf({ tag, contents }: Der): string | undefined {
  if (!STRING_TAGS.has(tag)) return undefined;
  if (tag === TAG.utf8String) return new TextDecoder('utf-8').decode(contents);
  const width = tag === TAG.bmpString ? 2 : tag === TAG.universalString ? 4 : 1;
  if (contents.length % width !== 0) return undefined;
  if (width === 1) return Buffer.from(contents).toString('latin1');
  let text = '';
  for (let at = 0; at < contents.length; at += width) {
    let point = 0;
    for (let index = 0; index < width; index += 1) point = point * 256 + (contents[at + index] ?? 0);
    text += point > 0x10_ffff ? '\uFFFD' : width === 2 ? String.fromCharCode(point) : String.fromCodePoint(point);
  }
  return text.toWellFormed();
}

/** Characters that break lines, steer a terminal or reorder text. */
const STEERING = /[\u0000-\u001F\u007F-\u009F\u061C\u200B-\u200F\u2028-\u202E\u2066-\u2069\uFEFF]/g;

/** RFC 4514 2.4: specials with a backslash; an escape of hexadecimal pairs may stand for any character. */
function escaped(text: string): string {
  return text
    .slice(0, MAX_SHOWN)
    .replaceAll(/[\\",+<>;=]/g, String.raw`\$&`)
    .replace(/^[ #]/, String.raw`\$&`)
    .replace(/(?<=.) $/s, String.raw`\ `)
    .replaceAll(STEERING, (character) =>
      [...Buffer.from(character)].map((octet) => `\\${octet.toString(16).padStart(2, '0').toUpperCase()}`).join(''),
    );
}
