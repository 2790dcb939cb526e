/** An element as it begins, in the order of the document. */
export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
}

const NAME = '[A-Za-z_][\\w.-]*';
const TOKEN = new RegExp(
  `<\\?xml [^?]*\\?>|<(${NAME})((?:\\s+${NAME}="[^"<&]*(?:&(?:amp|lt|gt|quot|apos|#\\d+);[^"<&]*)*")*)\\s*(/?)>|</(${NAME})>|([^<&]+|&(?:amp|lt|gt|quot|apos|#\\d+);)`,
  'y',
);

/** Reads XML as strictly as its grammar is (XML 1.0, without DOCTYPE, comments and CDATA): throws at the first sign that has no place. */
export function elements(text: string): readonly Element[] {
  const found: Element[] = [];
  const open: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (match === null) throw new Error(`no XML at ${at}: ${JSON.stringify(text.slice(at, at + 60))}`);
    const [, name, attributes = '', empty, closed, characters] = match;
    if (characters?.includes(']]>') === true) throw new Error(`"]]>" at ${at}`);
    if (name !== undefined) {
      const pairs = [...attributes.matchAll(/([\w.-]+)="([^"]*)"/g)].map(([, key = '', value = '']) => [key, decoded(value)] as const);
      if (new Set(pairs.map(([key]) => key)).size !== pairs.length) throw new Error(`an attribute is there twice at ${at}`);
      found.push({ name, attributes: Object.fromEntries(pairs) });
      if (empty !== '/') open.push(name);
    }
    if (closed !== undefined && open.pop() !== closed) throw new Error(`</${closed}> closes nothing at ${at}`);
  }
  if (open.length > 0) throw new Error(`<${open.join('><')}> is never closed`);
  return found;
}

function decoded(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&apos;', "'").replaceAll('&amp;', '&');
}
