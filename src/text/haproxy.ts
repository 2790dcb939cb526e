import { unknown, type Unknown } from '../model/fact.ts';
import { lexLines, type Line, type LineSyntax, type Word } from './lines.ts';
import type { SourceText } from './source-text.ts';

/** A line of a section: its keyword and what follows. */
export interface HaproxyLine {
  readonly name: string;
  readonly args: readonly Word[];
  readonly start: number;
  readonly end: number;
}

/** A section of haproxy.cfg, up to the next: https://docs.haproxy.org/2.6/configuration.html */
export interface HaproxySection {
  readonly kind: string;
  readonly name: string;
  /** The named defaults that it builds on. */
  readonly from: string | undefined;
  readonly lines: readonly HaproxyLine[];
  readonly start: number;
  readonly end: number;
}

const SYNTAX: LineSyntax = {
  comment: ['#'],
  commentAnywhere: true,
  quotes: ['"', "'"],
  escape: 'backslash',
  separators: [],
  continuation: false,
};
const SECTIONS = new Set(
  'global defaults frontend backend listen peers resolvers mailers userlist cache program http-errors ring log-forward log-profile fcgi-app crt-store traces acme'.split(
    ' ',
  ),
);

/** The sections of a file. What begins with a dot decides at the start which lines there are: then none is known. */
export function parseHaproxy(source: SourceText): readonly HaproxySection[] | Unknown {
  const sections: (Omit<HaproxySection, 'lines'> & { readonly lines: HaproxyLine[] })[] = [];
  for (const line of lexLines(source, SYNTAX)) {
    const [first, ...args] = line.words;
    if (first === undefined) continue;
    const origin = source.origin(line.start, line.end);
    if (line.broken) return unknown('unparseable', `${source.file}: a quote is not closed`, origin);
    if (line.hides !== undefined) return unknown('unresolved', `${source.file}: ${line.hides}`, origin);
    if (/^\.(?:if|elif|else|endif)$/.test(first.text)) return unknown('unsupported', `${source.file}: ${first.text}`, origin);
    markSecrets(source, first.text, line);
    if (SECTIONS.has(first.text)) {
      const at = args.findIndex(({ text }) => text === 'from');
      sections.push({
        kind: first.text,
        name: at === 0 ? '' : (args[0]?.text ?? ''),
        from: at === -1 ? undefined : args[at + 1]?.text,
        lines: [],
        start: line.start,
        end: line.end,
      });
      continue;
    }
    const section = sections.at(-1);
    if (section === undefined) {
      if (!first.text.startsWith('.')) return unknown('unparseable', `${source.file}: a line before the first section`, origin);
    } else section.lines.push({ name: first.text, args, start: line.start, end: line.end });
  }
  return sections;
}

/** Passwords of users and of the page of statistics, and pass phrases of keys. */
function markSecrets(source: SourceText, name: string, { words }: Line): void {
  for (const [index, { text }] of words.entries()) {
    const value = words[index + 1];
    if (value === undefined) continue;
    if (/^(?:password|insecure-password|ca-sign-pass)$/.test(text)) source.markSecret(value.start, value.end, text);
    const colon = value.text.indexOf(':');
    if (name === 'stats' && text === 'auth' && colon !== -1) source.markSecret(value.start + colon + 1, value.end, 'stats auth');
  }
}
