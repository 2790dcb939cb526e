import type { Origin, TargetId } from '../../model/fact.ts';
import { SourceText } from '../../text/source-text.ts';

/** What a command wrote, read as a text of its own: its places are lines of that output, not of a file. */
export class OutputText extends SourceText {
  readonly #target: TargetId;

  constructor(command: string, text: string, target: TargetId) {
    super(command, text, { on: target });
    this.#target = target;
  }

  override origin(start: number, _end: number): Origin {
    return { kind: 'command', target: this.#target, command: this.file, line: this.position(start).line };
  }
}
