import { styleText } from 'node:util';
import stringWidth from 'string-width';

/** Columns that a text takes in a terminal: East Asian wide characters take two. */
export function widthOf(text: string): number {
  return stringWidth(text);
}

/** Pads to a width in columns. */
export function padTo(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)));
}

/** Cuts to a width in columns, with an ellipsis. */
export function fit(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  let cut = '';
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    if (widthOf(cut + segment) > width - 1) break;
    cut += segment;
  }
  return `${cut}…`;
}

/** Cuts `path:line:column` to a width in its middle: what a reader needs of it is the file, the line and the column. */
export function fitPath(place: string, width: number): string {
  if (widthOf(place) <= width) return place;
  const [first = '', ...rest] = place.split('/');
  for (let from = 1; from < rest.length; from += 1) {
    const shown = `${first}/…/${rest.slice(from).join('/')}`;
    if (widthOf(shown) <= width) return shown;
  }
  let tail = '';
  for (const { segment } of [...new Intl.Segmenter().segment(rest.at(-1) ?? place)].toReversed()) {
    if (widthOf(segment + tail) > width - 1) break;
    tail = segment + tail;
  }
  return `…${tail}`;
}

/** Wraps to lines of a width in columns: at spaces, and between East Asian characters; closing punctuation stays with what it closes. */
export function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const piece of pieces(text)) {
    if (line !== '' && widthOf(line + piece.trimEnd()) > width) {
      lines.push(line.trimEnd());
      line = '';
    }
    let rest = line === '' ? piece.trimStart() : piece;
    while (widthOf(rest.trimEnd()) > width) {
      const head = takeColumns(rest, width);
      lines.push(head);
      rest = rest.slice(head.length);
    }
    line += rest;
  }
  if (line.trim() !== '') lines.push(line.trimEnd());
  return lines;
}

/** Where a line may break: after a space, and before or after a wide character that is not closing punctuation. */
function pieces(text: string): readonly string[] {
  return (
    text.match(
      /[^\S\n]+|[\u3001\u3002\uFF0C\uFF1A\uFF1B\uFF09\u300D\u300F\u201D]|[\u2E80-\u9FFF\uF900-\uFAFF\uFF00-\uFFEF][\u3001\u3002\uFF0C\uFF1A\uFF1B\uFF09\u201D]*\s*|[^\s\u2E80-\u9FFF\uF900-\uFAFF\uFF00-\uFFEF]+\s*/g,
    ) ?? []
  );
}

function takeColumns(text: string, width: number): string {
  let head = '';
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    if (widthOf(head + segment) > width) break;
    head += segment;
  }
  return head === '' ? text.slice(0, 1) : head;
}

export type Style = Parameters<typeof styleText>[0];

/** Applies a style where colour is on. Hostile text is cleaned before it comes here. */
export type Paint = (style: Style, text: string) => string;

/** A painter that paints, or does not. */
export function painter(color: boolean): Paint {
  return color ? (style, text) => styleText(style, text, { validateStream: false }) : (_style, text) => text;
}

/** What a server or file says is hostile text: nothing in it may steer a terminal, reorder lines or fake one. */
export function clean(text: string): string {
  return text
    .replaceAll(/[\u0000-\u0008\u000A-\u001F\u007F-\u009F\u200B-\u200F\u2028-\u202E\u2066-\u2069]/g, '\uFFFD')
    .replaceAll('\t', ' ');
}
