import type { Origin } from '../model/fact.ts';
import { SourceText } from './source-text.ts';

/** What a command wrote, for parsers of files that are written alike: its places are the command's lines. */
export class CommandLines extends SourceText {
  readonly #place: (line: number) => Origin;

  constructor(name: string, text: string, place: (line: number) => Origin) {
    super(name, text);
    this.#place = place;
  }

  override origin(start: number, _end: number): Origin {
    return this.#place(this.position(start).line);
  }
}
