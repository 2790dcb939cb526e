import type { Origin } from '../../model/fact.ts';
import type { HaproxyLine, HaproxySection } from '../../text/haproxy.ts';
import type { SourceText } from '../../text/source-text.ts';

/** What a section says and what it takes from the defaults before it; the nearer first. */
export class HaproxyProxy {
  readonly source: SourceText;
  readonly section: HaproxySection;
  readonly global: readonly HaproxyLine[];
  readonly at: Origin;
  readonly #levels: readonly (readonly HaproxyLine[])[];

  constructor(source: SourceText, section: HaproxySection, before: readonly HaproxySection[]) {
    this.source = source;
    this.section = section;
    this.at = source.origin(section.start, section.end);
    this.global = before.filter(({ kind }) => kind === 'global').flatMap(({ lines }) => lines);
    const levels = [section.lines];
    const defaults = before.filter(({ kind }) => kind === 'defaults');
    const seen = new Set<HaproxySection>();
    // Without `from` the last unnamed or named defaults before it count; defaults themselves build on others only where they say so.
    let next = section.from === undefined ? defaults.at(-1) : defaults.findLast(({ name }) => name === section.from);
    while (next !== undefined && !seen.has(next)) {
      const { lines, from } = next;
      seen.add(next);
      levels.push(lines);
      next = from === undefined ? undefined : defaults.findLast(({ name }) => name === from);
    }
    this.#levels = levels;
  }

  get name(): string {
    return this.section.name;
  }

  origin({ start, end }: { readonly start: number; readonly end: number }): Origin {
    return this.source.origin(start, end);
  }

  /** The last line of a name in the nearest level that has one. */
  last(wanted: (line: HaproxyLine) => boolean): HaproxyLine | undefined {
    for (const lines of this.#levels) {
      const found = lines.findLast(wanted);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** All such lines, the farthest first: for those that add to what they inherit. */
  every(wanted: (line: HaproxyLine) => boolean): readonly HaproxyLine[] {
    return this.#levels.toReversed().flatMap((lines) => lines.filter(wanted));
  }

  /** `option NAME`, unless `no option NAME` stands nearer or later. */
  option(name: string): HaproxyLine | undefined {
    const line = this.last(
      (one) =>
        (one.name === 'option' && one.args[0]?.text === name) ||
        (one.name === 'no' && one.args[0]?.text === 'option' && one.args[1]?.text === name),
    );
    return line?.name === 'option' ? line : undefined;
  }

  /** `tcp`, where nothing is written. */
  mode(): { readonly text: string; readonly at: Origin } {
    const line = this.last(({ name }) => name === 'mode');
    return line === undefined ? { text: 'tcp', at: this.at } : { text: line.args[0]?.text ?? '', at: this.origin(line) };
  }

  isOff(): boolean {
    const line = this.last(({ name }) => name === 'disabled' || name === 'enabled');
    return line?.name === 'disabled';
  }
}
