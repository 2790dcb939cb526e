import type { Origin } from '../../../model/fact.ts';

/** A piece of an nftables file. `end` is a newline or `;`. */
export interface NftToken {
  readonly kind: 'word' | 'string' | 'sign' | 'end';
  readonly text: string;
  readonly origin: () => Origin;
}

/** A text of nftables, and where its stretches are. */
export interface NftSource {
  readonly text: string;
  readonly origin: (start: number, end: number) => Origin;
  /** It was listed by the kernel: what stands behind `#` in a rule is a condition that nft could not write. */
  readonly listed: boolean;
}

const SIGNS = new Set(['{', '}', ',', '(', ')', '|', '&', '^']);

/** Cuts a text into tokens. Each character is looked at once; a string that is not closed ends with its line. */
export function nftTokens({ text, origin, listed }: NftSource): readonly NftToken[] {
  const tokens: NftToken[] = [];
  let at = 0;
  const add = (kind: NftToken['kind'], start: number, end: number, value = text.slice(start, end)): void => {
    tokens.push({ kind, text: value, origin: () => origin(start, end) });
    at = end;
  };
  while (at < text.length) {
    const sign = text[at] ?? '';
    if (sign === '\n' || sign === ';') add('end', at, at + 1);
    else if (/\s/.test(sign)) at += 1;
    else if (sign === '\\' && /^\\\r?\n/.test(text.slice(at, at + 3))) at = text.indexOf('\n', at) + 1;
    else if (sign === '#') {
      const end = text.indexOf('\n', at);
      const stop = end === -1 ? text.length : end;
      if (listed) add('word', at, stop, '#');
      else at = stop;
    } else if (sign === '"' || sign === "'") {
      let end = at + 1;
      while (end < text.length && text[end] !== sign && text[end] !== '\n') end += 1;
      add('string', at, Math.min(end + 1, text.length), text.slice(at + 1, end));
    } else if (SIGNS.has(sign)) add('sign', at, at + 1);
    else if (/[=!<>]/.test(sign)) {
      const end = text[at + 1] === '=' || (sign !== '=' && text[at + 1] === sign) ? at + 2 : at + 1;
      add('sign', at, end);
    } else {
      let end = at + 1;
      while (end < text.length && !/[\s;{},()|&^=!<>"'#\\]/.test(text[end] ?? '')) end += 1;
      add('word', at, end);
    }
  }
  return tokens;
}
