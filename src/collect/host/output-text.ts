import type { Origin, TargetId } from '../../model/fact.ts';
import { SourceText } from '../../text/source-text.ts';

/**
 * What a command wrote, read as a text of its own: its places are lines of that output, not of a file. `written` knows the place in a file
 * that a line repeats: that is where a reader changes it.
 */
export class OutputText extends SourceText {
  readonly #target: TargetId;
  readonly #written: (line: string) => Origin | undefined;

  constructor(command: string, text: string, target: TargetId, written: (line: string) => Origin | undefined = () => undefined) {
    super(command, text, { on: target });
    this.#target = target;
    this.#written = written;
  }

  override origin(start: number, _end: number): Origin {
    const { line } = this.position(start);
    return this.#written(this.line(line)) ?? { kind: 'command', target: this.#target, command: this.file, line };
  }
}
