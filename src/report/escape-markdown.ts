import { clean } from './text/layout.ts';

/** UTF-16 code units of one sentence. */
const MAX_SENTENCE = 600;

/**
 * Text that is nothing but text in GitHub-flavoured Markdown, in a table cell too: every sign that could begin markup, HTML, a
 * link, a mention or a reference is written as a character reference, which begins none of them (CommonMark 6.2, 0.31).
 */
export function escapeMarkdown(text: string): string {
  const cut = clean(text.toWellFormed());
  const short = cut.length > MAX_SENTENCE ? `${cut.slice(0, MAX_SENTENCE).toWellFormed()}…` : cut;
  return short
    .replaceAll(/[&<>"'`*_[\]#|~\\@$]/g, (sign) => `&#${sign.charCodeAt(0)};`)
    .replaceAll('://', '&#58;&#47;&#47;')
    .replaceAll(/\bwww\./gi, (word) => `${word.slice(0, 3)}&#46;`)
    .replace(/^(\s*)([-+=:])/, (_, before: string, sign: string) => `${before}&#${sign.charCodeAt(0)};`)
    .replace(/^(\s*\d+)([.)])(?=\s|$)/, (_, before: string, sign: string) => `${before}&#${sign.charCodeAt(0)};`);
}
