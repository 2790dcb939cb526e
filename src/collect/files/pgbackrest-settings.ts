import { known, unknown, type Fact, type Origin, type Unknown } from '../../model/fact.ts';
import type { SectionOption } from '../../text/section-option.ts';
import { isFilledIn } from '../../text/template.ts';
import { defaultOf } from './defaults.ts';
import type { FormatContext } from './format.ts';

/** The options of all sections: looked up by section and name, and listed by what stands before the colon of their section. */
export class PgbackrestOptions {
  readonly #byKey: ReadonlyMap<string, readonly SectionOption[]>;
  readonly #names = new Map<string, Set<string>>();
  readonly #sections = new Map<string, SectionOption>();

  constructor(options: readonly SectionOption[]) {
    this.#byKey = Map.groupBy(options, ({ section, name }) => `${section}\u0000${name}`);
    for (const option of options) {
      const [head = ''] = option.section.split(':');
      const names = this.#names.get(head) ?? new Set();
      this.#names.set(head, names.add(option.name));
      if (!this.#sections.has(option.section)) this.#sections.set(option.section, option);
    }
  }

  at(section: string, name: string): readonly SectionOption[] {
    return this.#byKey.get(`${section}\u0000${name}`) ?? [];
  }

  firstOf(section: string): SectionOption | undefined {
    return this.#sections.get(section);
  }

  names(stanza: string): readonly string[] {
    return [...new Set([...(this.#names.get('global') ?? []), ...(this.#names.get(stanza) ?? [])])];
  }
}

/** Options of one stanza as its commands see them: https://pgbackrest.org/configuration.html */
export class PgbackrestSettings {
  readonly at: Origin;
  readonly hole: Unknown | undefined;
  /** Names of all options that this stanza has, whatever the command. */
  readonly names: readonly string[];
  readonly #options: PgbackrestOptions;
  readonly #stanza: string;
  readonly #context: Pick<FormatContext, 'version'>;

  constructor(options: PgbackrestOptions, stanza: string, at: Origin, hole: Unknown | undefined, context: Pick<FormatContext, 'version'>) {
    this.#options = options;
    this.#stanza = stanza;
    this.at = at;
    this.hole = hole;
    this.#context = context;
    this.names = options.names(stanza);
  }

  /** Where a section begins to say something. */
  section(name: string): Origin | undefined {
    const option = this.#options.firstOf(name);
    return option?.source.origin(option.start, option.end);
  }

  /** What is written, the nearest section first. An option that stands twice in one section stops pgBackRest. */
  written(command: string, ...names: readonly string[]): Fact<string> | undefined {
    for (const section of [`${this.#stanza}:${command}`, this.#stanza, `global:${command}`, 'global']) {
      for (const name of names) {
        const [option, second] = this.#options.at(section, name);
        if (option === undefined) continue;
        const at = option.source.origin(option.start, option.end);
        if (second !== undefined)
          return unknown('unparseable', `${name} stands twice in [${section}]`, second.source.origin(second.start, second.end));
        if (option.value === '') return unknown('unparseable', `${name} without a value`, at);
        return isFilledIn(option.value) ? unknown('unresolved', `${name}: a template`, at) : known(option.value, at);
      }
    }
    return undefined;
  }

  /** What is written, else what a file that was not read may say, else the default of a known version. */
  effective(command: string, names: readonly [string, ...string[]], standard: string): Fact<string> {
    return (
      this.written(command, ...names) ??
      this.hole ??
      defaultOf(names[0], 'pgbackrest', this.#context.version('pgbackrest'), [{ since: '2.0', value: standard }], this.at)
    );
  }
}

/** The names of an option of a repository: the first also goes without its number. */
export function repositoryOption(index: number, name: string): readonly [string, ...string[]] {
  return index === 1 ? [`repo1-${name}`, `repo-${name}`] : [`repo${index}-${name}`];
}

/** The numbers of the repositories that some options speak of; the first where none does. */
export function repositoryIndices(names: readonly string[]): readonly number[] {
  const written = names.flatMap((name) => /^repo(\d*)-/.exec(name)?.[1] ?? []).map((index) => (index === '' ? 1 : Number(index)));
  return written.length === 0 ? [1] : [...new Set(written)].toSorted((a, b) => a - b);
}
