/** The bytes of an IP address, 4 or 16; undefined where the text is none. A zone (`%eth0`) is left out. */
export function ipBytes(text: string): readonly number[] | undefined {
  return ipv4(text) ?? ipv6(text.split('%')[0] ?? '');
}

/** 4, 6, or 0 for what is no IP address. */
export function ipVersion(text: string): 0 | 4 | 6 {
  const length = ipBytes(text)?.length;
  return length === 4 ? 4 : length === 16 ? 6 : 0;
}

function ipv4(text: string): readonly number[] | undefined {
  if (!/^(?:0|[1-9]\d{0,2})(?:\.(?:0|[1-9]\d{0,2})){3}$/.test(text)) return undefined;
  const bytes = text.split('.').map(Number);
  return bytes.every((byte) => byte <= 255) ? bytes : undefined;
}

/** RFC 4291 2.2. */
function ipv6(text: string): readonly number[] | undefined {
  if (!text.includes(':') || text.length > 45) return undefined;
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const words = (part: string, last: boolean): readonly number[] | undefined => {
    if (part === '') return [];
    const found: number[] = [];
    const pieces = part.split(':');
    for (const [index, piece] of pieces.entries()) {
      const dotted = last && index === pieces.length - 1 && piece.includes('.') ? ipv4(piece) : undefined;
      const [a = 0, b = 0, c = 0, d = 0] = dotted ?? [];
      if (dotted !== undefined) found.push(a * 256 + b, c * 256 + d);
      else if (/^[0-9a-f]{1,4}$/i.test(piece)) found.push(Number.parseInt(piece, 16));
      else return undefined;
    }
    return found;
  };
  const before = words(halves[0] ?? '', halves.length === 1);
  const after = words(halves[1] ?? '', true);
  if (before === undefined || after === undefined) return undefined;
  const missing = 8 - before.length - after.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined;
  return [...before, ...Array<number>(missing).fill(0), ...after].flatMap((word) => [word >> 8, word & 255]);
}
