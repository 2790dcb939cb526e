import type { Unknown } from '../../model/fact.ts';
import type { Exchange } from './exchange.ts';
import type { Trail } from './follow.ts';

/** A path to ask for, and whether the user says that what stands there is private. */
export interface PagePath {
  readonly path: string;
  readonly private: boolean;
}

/** A path that was asked for beside the main page. */
export interface NamedPage extends PagePath {
  readonly trail: Trail | Unknown;
}

/** Everything that was asked of a site at one address. */
export interface Answers {
  readonly asked: PagePath;
  readonly page: Trail;
  readonly nowhere: Exchange | Unknown;
  readonly pages: readonly NamedPage[];
  /** Asked only of a site that has pages of its own: one that sends everything elsewhere needs no more. */
  readonly more?: {
    readonly hostile: Exchange | Unknown;
    readonly nobody: Exchange | Unknown;
    readonly options: Exchange | Unknown;
    readonly trace: Exchange | Unknown;
  };
}
