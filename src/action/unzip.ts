import { inflateRawSync } from 'node:zlib';

/** Signatures of APPNOTE.TXT 4.3.7, 4.3.12 and 4.3.16. */
const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const MAX_ENTRIES = 1_000;

/**
 * The one file of a ZIP archive whose name is wanted, at most `limit` bytes of it; a sentence's end where there is none, or several.
 * Stored and deflated entries, as GitHub writes them; sizes are those of the central directory, and held to.
 */
export function unzipOne(archive: Buffer, wanted: (name: string) => boolean, limit: number): Buffer | string {
  try {
    const entries = centralDirectory(archive).filter(({ name }) => wanted(name));
    const [entry] = entries;
    if (entry === undefined) return 'holds no assessment';
    if (entries.length > 1) return `holds more than one assessment: ${entries.map(({ name }) => name).join(', ')}`;
    if (entry.size > limit) return 'holds an assessment that is too large';
    if (archive.readUInt32LE(entry.offset) !== LOCAL) return 'is no ZIP archive';
    const start = entry.offset + 30 + archive.readUInt16LE(entry.offset + 26) + archive.readUInt16LE(entry.offset + 28);
    const packed = archive.subarray(start, start + entry.packed);
    const bytes =
      entry.method === 0 ? packed : entry.method === 8 ? inflateRawSync(packed, { maxOutputLength: Math.max(1, entry.size) }) : undefined;
    return bytes?.length === entry.size ? bytes : 'is no ZIP archive that can be read';
  } catch {
    return 'is no ZIP archive'; // a read beyond its end, or a stream that is none
  }
}

interface Entry {
  readonly name: string;
  readonly method: number;
  readonly packed: number;
  readonly size: number;
  readonly offset: number;
}

function centralDirectory(archive: Buffer): readonly Entry[] {
  // The end record is the last one, with a comment of up to 65,535 bytes behind it.
  const from = Math.max(0, archive.length - 22 - 65_535);
  const end = archive.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  if (end < from || archive.readUInt32LE(end) !== END || end + 22 + archive.readUInt16LE(end + 20) !== archive.length)
    throw new Error('no end record');
  const count = Math.min(MAX_ENTRIES, archive.readUInt16LE(end + 10));
  const entries: Entry[] = [];
  let at = archive.readUInt32LE(end + 16);
  for (let index = 0; index < count; index += 1) {
    if (archive.readUInt32LE(at) !== CENTRAL) throw new Error('no entry');
    const nameLength = archive.readUInt16LE(at + 28);
    entries.push({
      method: archive.readUInt16LE(at + 10),
      packed: archive.readUInt32LE(at + 20),
      size: archive.readUInt32LE(at + 24),
      offset: archive.readUInt32LE(at + 42),
      name: archive.toString('utf8', at + 46, at + 46 + nameLength),
    });
    at += 46 + nameLength + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
  }
  return entries;
}
