import type { SourceText } from './source-text.ts';

/** An element with its place. Text between elements is not kept: what reads this reads attributes. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  readonly start: number;
  readonly end: number;
}

export type XmlReading = { readonly root: XmlElement } | { readonly problem: string; readonly at: number };

const MAX_DEPTH = 64;
const NAME = /[A-Za-z_][\w:.-]*/y;
const ATTRIBUTE = /\s+([A-Za-z_][\w:.-]*)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/y;
const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

interface Open {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: XmlElement[];
  readonly start: number;
}

/** Reads a small XML document (firewalld's). A DOCTYPE is refused: nothing expands. Each character is looked at once. */
export function parseXml({ text }: SourceText): XmlReading {
  const open: Open[] = [];
  let root: XmlElement | undefined;
  let at = 0;
  const close = ({ name, attributes, children, start }: Open, end: number): void => {
    const element: XmlElement = { name, attributes, children, start, end };
    const parent = open.at(-1);
    if (parent === undefined) root = element;
    else parent.children.push(element);
  };
  for (;;) {
    const tag = text.indexOf('<', at);
    if (tag === -1) break;
    if (open.length === 0 && text.slice(at, tag).trim() !== '') return { problem: 'text outside of the root', at };
    const skipped = skip(text, tag);
    if (skipped !== undefined) {
      if (typeof skipped === 'string') return { problem: skipped, at: tag };
      at = skipped;
      continue;
    }
    const closing = text[tag + 1] === '/';
    NAME.lastIndex = tag + (closing ? 2 : 1);
    const name = NAME.exec(text)?.[0];
    if (name === undefined) return { problem: 'no name', at: tag };
    let end = NAME.lastIndex;
    if (closing) {
      const close_ = /\s*>/y;
      close_.lastIndex = end;
      const last = open.pop();
      if (close_.exec(text) === null || last?.name !== name) return { problem: `</${name}>`, at: tag };
      at = close_.lastIndex;
      close(last, at);
      continue;
    }
    if (root !== undefined) return { problem: 'more than one root', at: tag };
    const attributes: Record<string, string> = Object.create(null);
    for (;;) {
      ATTRIBUTE.lastIndex = end;
      const found = ATTRIBUTE.exec(text);
      if (found === null) break;
      const [, key = '', double, single] = found;
      if (key in attributes) return { problem: `${key} twice`, at: end };
      attributes[key] = (double ?? single ?? '').replaceAll(/&(\w+);/g, (whole, entity: string) => ENTITIES[entity] ?? whole);
      end = ATTRIBUTE.lastIndex;
    }
    const finish = /\s*(\/?)>/y;
    finish.lastIndex = end;
    const finished = finish.exec(text);
    if (finished === null) return { problem: `<${name}>`, at: tag };
    at = finish.lastIndex;
    const element: Open = { name, attributes, children: [], start: tag };
    if (finished[1] === '/') close(element, at);
    else if (open.length >= MAX_DEPTH) return { problem: `deeper than ${MAX_DEPTH}`, at: tag };
    else open.push(element);
  }
  if (open.length > 0 || root === undefined) return { problem: 'ends early', at: text.length };
  return { root };
}

/** The end of what is no element; what is wrong with it; or undefined where an element begins. */
function skip(text: string, tag: number): number | string | undefined {
  for (const [begin, end] of [
    ['<!--', '-->'],
    ['<?', '?>'],
    ['<![CDATA[', ']]>'],
  ] as const) {
    if (!text.startsWith(begin, tag)) continue;
    const stop = text.indexOf(end, tag + begin.length);
    return stop === -1 ? 'ends early' : stop + end.length;
  }
  return text.startsWith('<!', tag) ? 'a DOCTYPE' : undefined;
}
