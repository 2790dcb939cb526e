import type { SourceText } from './source-text.ts';

/** One option of a section, with the place of its value: of pgBackRest, Barman and systemd's units. */
export interface SectionOption {
  readonly section: string;
  readonly name: string;
  readonly value: string;
  readonly source: SourceText;
  readonly start: number;
  readonly end: number;
}
