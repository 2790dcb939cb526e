/**
 * Who may frame a page by X-Frame-Options, in the words of `frame-ancestors`; undefined where browsers obey none of it (
 * ALLOW-FROM, ALLOWALL, words of one's own). They read all fields together, and refuse framing where they contradict each
 * other: https://html.spec.whatwg.org/multipage/document-lifecycle.html#the-x-frame-options-header
 */
export function frameOptions(values: readonly string[]): "'none'" | "'self'" | undefined {
  const words = new Set(values.flatMap((value) => value.split(',').map((word) => word.replaceAll(/^[\t ]+|[\t ]+$/g, '').toLowerCase())));
  if (words.size > 1) return ['deny', 'allowall', 'sameorigin'].some((word) => words.has(word)) ? "'none'" : undefined;
  return words.has('deny') ? "'none'" : words.has('sameorigin') ? "'self'" : undefined;
}
