import type { Fact, Origin, Unknown } from '../../model/fact.ts';
import type { Resource, Target } from '../../model/resource.ts';
import type { SourceText } from '../../text/source-text.ts';
import type { HOST_COMMANDS } from '../../world/host-command.ts';
import type { Host } from '../../world/host.ts';
import type { Attributes, LiveFactsOf, ResourceKind } from '../../resources/kind.ts';
import type { Secret } from '../../world/secret.ts';

/** Something that could not be seen, and the kinds that it may hide. Without kinds: all of its part. */
export interface HostGap {
  readonly why: Unknown;
  readonly kinds?: readonly string[];
}

/** What a part made of a host. */
export interface HostReading {
  readonly resources: readonly Resource[];
  readonly gaps: readonly HostGap[];
}

/** What a command wrote, and where each of its lines came from. */
export interface CommandText {
  readonly text: string;
  readonly exit: number;
  /** Of a line, 1-based; of the whole without one. */
  readonly origin: (line?: number) => Origin;
}

/** What the parts of the host collector read with. Files are opened once, however often they are asked for. */
export interface HostContext {
  readonly target: Target;
  readonly host: Host;
  /** The line that declared the target: the origin of what is known of the machine as a whole. */
  readonly at: Origin;
  /** A text file by its absolute path; what it says of itself has its place there. */
  readonly open: (path: string) => Promise<SourceText | Unknown | 'not-there'>;
  /** Runs a command of the table; an exit status that is no answer is an `Unknown`. */
  readonly command: (
    id: keyof typeof HOST_COMMANDS,
    values?: Readonly<Record<string, string>>,
    secrets?: Readonly<Record<string, Secret>>,
  ) => Promise<CommandText | Unknown | 'not-there'>;
  /**
   * What the configuration files of the host say, and what may hide more of a kind. A part that knows more of a resource gives it again,
   * under its kind and id: that one counts.
   */
  readonly configured: { readonly resources: readonly Resource[]; readonly gaps: (kind: string) => readonly Unknown[] };
  /** Version of an installed package, `5.1.1p1-3`; absent where the package manager knows it as not installed. */
  readonly package: (name: string) => Promise<Fact<string>>;
  /** A resource of this host: live where it runs, declared where it lies in a directory. */
  readonly resource: <A extends Attributes>(kind: ResourceKind<A>, id: string, facts: LiveFactsOf<A>) => Resource;
  /** A credential of the target, such as `password`; undefined where it has none. */
  readonly secret: (option: string) => Promise<Secret | Unknown | undefined>;
  /** When the host was looked at, ISO 8601. */
  readonly now: string;
  readonly signal: AbortSignal;
}

/** One concern of a host: what it reads and what it yields. A new one is a file and a line in `parts.ts`. */
export interface HostPart {
  readonly name: string;
  readonly kinds: readonly string[];
  /** Names of formats whose files it reads in their place, because it knows more of them than the files say. */
  readonly replaces?: readonly string[];
  read(context: HostContext): Promise<HostReading>;
}
