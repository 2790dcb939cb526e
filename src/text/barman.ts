import { unknown, type Unknown } from '../model/fact.ts';
import type { SectionOption } from './section-option.ts';
import type { SourceText } from './source-text.ts';
import { hidesLines, isManagedHead } from './template.ts';

/**
 * Reads a file of Barman as Python's configparser does: sections in brackets, `name = value` or `name: value`, names in any case,
 * comments on lines of their own, and values that go on where a line is indented. Any other line stops Barman, and so the reading.
 */
export function parseBarman(source: SourceText): readonly SectionOption[] | Unknown {
  const options: SectionOption[] = [];
  let section: string | undefined;
  let open = false;
  let at = 0;
  for (const whole of source.text.split('\n')) {
    const start = at;
    at += whole.length + 1;
    const line = whole.replace(/\r$/, '');
    const place = source.origin(start, start + line.length);
    const hides = hidesLines(line.slice(0, 500));
    if (hides !== undefined) return unknown('unresolved', `${source.file}: ${hides}`, place);
    if (/^\s*$/.test(line) || isManagedHead(line) || /^\s*[#;]/.test(line)) continue;
    const last = options.at(-1);
    if (/^\s/.test(line) && open && last !== undefined) {
      options[options.length - 1] = { ...last, value: `${last.value}\n${line.trim()}`, end: start + line.trimEnd().length };
      continue;
    }
    const named = /^\[([^\]]{1,200})\]/.exec(line)?.[1];
    const [head, name, value = ''] = /^([^=:\s][^=:]{0,200}?)\s*[=:]\s*(.*?)\s*$/.exec(line.trimStart()) ?? [];
    if (named !== undefined) {
      section = named;
      open = false;
    } else if (section === undefined || head === undefined || name === undefined) {
      source.withholdExcerpts();
      return unknown('unparseable', `${source.file}: neither a section nor an option`, place);
    } else {
      const from = value === '' ? start + line.length : start + line.lastIndexOf(value);
      const bare = /^(["'])(.*)\1$/.exec(value)?.[2] ?? value;
      options.push({ section, name: name.toLowerCase(), value: bare, source, start: from, end: from + value.length });
      open = true;
    }
  }
  return options;
}
