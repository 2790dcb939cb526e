import { createHash } from 'node:crypto';

const MAX_ID = 300;

/** A resource's id, of bounded length: what is cut off counts by its digest, or two that begin alike would be one. */
export function boundedId(text: string): string {
  if (text.length <= MAX_ID) return text;
  const digest = createHash('sha256').update(text).digest('hex').slice(0, 12);
  return `${text.slice(0, MAX_ID - digest.length - 3)}… #${digest}`;
}
