import { posix } from 'node:path';
import { absent, derived, known, unknown, type Fact, type Origin, type Unknown } from '../../model/fact.ts';
import type { Resource } from '../../model/resource.ts';
import { backupPlan } from '../../resources/backup-plan.ts';
import type { KindFacts } from '../../resources/kind.ts';
import { parseBarman } from '../../text/barman.ts';
import type { SectionOption } from '../../text/section-option.ts';
import { isFilledIn } from '../../text/template.ts';
import type { SourceText } from '../../text/source-text.ts';
import { defaultOf } from './defaults.ts';
import { declared, type FileFormat, type FormatContext, type FormatGap, type FormatReading } from './format.ts';

type Plan = KindFacts<typeof backupPlan>;
const PART = /(?:^|\/)barman(?:\.conf)?\.d\/[^/]+\.conf$/;

/** Barman: barman(5). One plan for each server that is neither disabled nor inactive. */
export const barmanFormat: FileFormat = {
  name: 'barman',
  kinds: [backupPlan.name],
  recognises: (path) => /(?:^|\/)\.?barman\.conf$/.test(path) || PART.test(path),
  sniffs: (text) => /^\[barman\]/m.test(text) && /^[ \t]*barman_home[ \t]*[=:]/m.test(text),
  read,
};

async function read(paths: readonly string[], context: FormatContext): Promise<FormatReading> {
  const gaps: FormatGap[] = [];
  const resources: Resource[] = [];
  const claimed = new Set<string>();
  const instance = (options: readonly SectionOption[], hole: Unknown | undefined): void => {
    for (const name of new Set(options.map(({ section }) => section))) {
      if (name === 'barman' || name === 'DEFAULT') continue;
      const server = new Server(name, options, hole, context);
      if (server.isOff()) continue;
      resources.push(declared(backupPlan, `barman ${name}`, context.target, server.plan()));
    }
  };
  for (const path of paths.filter((one) => !PART.test(one))) {
    const main = await optionsOf(path, context);
    if (main === 'not-there') continue;
    if ('state' in main) {
      gaps.push({ why: main });
      continue;
    }
    const options = [...main];
    let hole: Unknown | undefined;
    const directory = main.findLast(({ section, name }) => section === 'barman' && name === 'configuration_files_directory');
    if (directory !== undefined) {
      const included = await context.include(`${directory.value.replace(/\/+$/, '')}/*.conf`, posix.dirname(path));
      const at = directory.source.origin(directory.start, directory.end);
      for (const gap of included.gaps) {
        hole ??= { ...gap, origin: at };
        gaps.push({ why: { ...gap, origin: at } });
      }
      for (const file of included.files) {
        claimed.add(file.file);
        const parsed = parseBarman(file);
        if ('state' in parsed) {
          hole ??= parsed;
          gaps.push({ why: parsed });
        } else options.push(...parsed);
      }
    }
    instance(options, hole);
  }
  const alone = paths.filter((path) => PART.test(path) && !claimed.has(path));
  for (const path of alone) {
    const options = await optionsOf(path, context);
    if (options === 'not-there') continue;
    const hole = 'state' in options ? options : unknown('unresolved', `${path}: read without barman.conf`);
    gaps.push({ why: hole });
    if (!('state' in options)) instance(options, hole);
  }
  return { resources, gaps };
}

async function optionsOf(path: string, context: FormatContext): Promise<readonly SectionOption[] | Unknown | 'not-there'> {
  const source = await context.open(path);
  return source === 'not-there' || 'state' in source ? source : parseBarman(source);
}

/** Options of a server that hold for all of them where they stand in [barman]. */
const INHERITED = new Set(['archiver', 'streaming_archiver', 'backup_method', 'retention_policy', 'primary_ssh_command', 'encryption']);
const LOCAL = /^(?:\/.*|localhost|127\.\d+\.\d+\.\d+|::1)$/;

class Server {
  readonly #name: string;
  readonly #options: readonly SectionOption[];
  readonly #hole: Unknown | undefined;
  readonly #context: FormatContext;
  readonly #at: Origin;

  constructor(name: string, options: readonly SectionOption[], hole: Unknown | undefined, context: FormatContext) {
    this.#name = name;
    this.#options = options;
    this.#hole = hole;
    this.#context = context;
    const first = options.find(({ section }) => section === name);
    this.#at = first === undefined ? { kind: 'file', range: context.target.declaredAt } : first.source.origin(first.start, first.end);
  }

  isOff(): boolean {
    const [disabled, active] = [this.#written('disabled'), this.#written('active')];
    return (disabled?.state === 'known' && isYes(disabled.value)) || (active?.state === 'known' && isNo(active.value));
  }

  plan(): Plan {
    const at = this.#at;
    const offSite = this.#offSite();
    return {
      tool: known('barman', at),
      covers: known([known(this.#name, at)], at),
      repositories: known(
        [
          known(
            {
              location: this.#directory(),
              off_site: offSite,
              encrypted: this.#encrypted(),
              append_only:
                offSite.state === 'known' && !offSite.value
                  ? known(false, derived('a directory that this machine may empty', offSite.origin))
                  : unknown('unresolved', 'what the database host may do here', at),
            },
            at,
          ),
        ],
        at,
      ),
      retention: this.#retention(),
      interval: unknown('not-collected', 'what runs it is not here', at),
      point_in_time: this.#pointInTime(),
      verified: unknown('unresolved', 'verify is a command, not a setting', at),
      credentials_in_clear: this.#credentials(),
    };
  }

  /** The last of several counts; `none` is as if it were not written. */
  #written(name: string): Fact<string> | undefined {
    const inherited = INHERITED.has(name) ? [this.#name, 'barman', 'DEFAULT'] : [this.#name, 'DEFAULT'];
    for (const section of inherited) {
      const option = this.#options.findLast((one) => one.section === section && one.name === name);
      if (option === undefined) continue;
      const at = option.source.origin(option.start, option.end);
      if (/^(?:none)?$/i.test(option.value)) return undefined;
      return isFilledIn(option.value) || option.value.includes('%(')
        ? unknown('unresolved', `${name}: a template`, at)
        : known(option.value, at);
    }
    return undefined;
  }

  /** `barman_home` has no default: without it Barman has nowhere to write. */
  #directory(): Fact<string> {
    const own = this.#written('basebackups_directory') ?? this.#written('backup_directory');
    if (own !== undefined) return own;
    const home = this.#options.findLast(({ section, name }) => section === 'barman' && name === 'barman_home');
    if (home === undefined) return this.#hole ?? unknown('unresolved', 'barman_home is not written', this.#at);
    const at = home.source.origin(home.start, home.end);
    return isFilledIn(home.value)
      ? unknown('unresolved', 'barman_home: a template', at)
      : known(`${home.value.replace(/\/+$/, '')}/${this.#name}`, at);
  }

  /** Barman's copies lie where Barman runs: apart from the data where it reaches the server over the network. */
  #offSite(): Fact<boolean> {
    const connection = this.#written('streaming_conninfo') ?? this.#written('conninfo') ?? this.#written('primary_ssh_command');
    if (connection === undefined) return this.#hole ?? unknown('unresolved', 'conninfo is not written', this.#at);
    if (connection.state !== 'known') return connection;
    const host =
      /(?:^|\s)host\s*=\s*'?([^'\s]*)/.exec(connection.value)?.[1] ??
      /^postgres(?:ql)?:\/\/(?:[^@/]*@)?([^:/?]*)/.exec(connection.value)?.[1];
    if (host === undefined || host === '') {
      return /^ssh\s/.test(connection.value)
        ? known(true, derived('another Barman copies it', connection.origin))
        : known(false, derived('no host: a socket of this machine', connection.origin));
    }
    return known(!LOCAL.test(host), connection.origin);
  }

  /** Barman encrypts since 3.13, where `encryption` says so. */
  #encrypted(): Fact<boolean> {
    const written = this.#written('encryption');
    if (written === undefined) return this.#hole ?? known(false, derived('no encryption is written', this.#at));
    if (written.state !== 'known') return written;
    return written.value.toLowerCase() === 'gpg'
      ? known(true, written.origin)
      : unknown('unparseable', `encryption ${written.value.slice(0, 40)}`, written.origin);
  }

  #retention(): Fact<number> {
    const written = this.#written('retention_policy');
    if (written === undefined) return this.#hole ?? absent(this.#at);
    if (written.state !== 'known') return written;
    const copies = /^\s*redundancy\s+(\d{1,6})\s*$/i.exec(written.value)?.[1];
    if (copies !== undefined) return unknown('unresolved', `${copies} full backups: their schedule decides`, written.origin);
    const [, number, unit = ''] = /^\s*recovery\s+window\s+of\s+(\d{1,6})\s+(day|week|month)s?\s*$/i.exec(written.value) ?? [];
    const days: Readonly<Record<string, number>> = { day: 1, week: 7, month: 31 };
    return number === undefined
      ? unknown('unparseable', `retention_policy ${written.value.slice(0, 40)}`, written.origin)
      : known(Number(number) * (days[unit.toLowerCase()] ?? 0), written.origin);
  }

  /** Logs come by archive_command (`archiver`) or by streaming; off by default since 2.0. */
  #pointInTime(): Fact<boolean> {
    const ways = ['archiver', 'streaming_archiver'].map(
      (name) =>
        this.#written(name) ??
        this.#hole ??
        defaultOf(name, 'barman', this.#context.version('barman'), [{ since: '2.0', value: 'off' }], this.#at),
    );
    const on = ways.find((way) => way.state === 'known' && isYes(way.value));
    if (on?.state === 'known') return known(true, on.origin);
    const unclear = ways.find((way) => way.state !== 'known' || !isNo(way.value));
    if (unclear === undefined) return known(false, derived('no log is archived', this.#at));
    return unclear.state === 'unknown' ? unclear : unknown('unparseable', 'archiver', this.#at);
  }

  #credentials(): Fact<boolean> {
    const sources = new Set<SourceText>(
      this.#options.filter(({ section }) => [this.#name, 'barman', 'DEFAULT'].includes(section)).map(({ source }) => source),
    );
    for (const source of sources) {
      const secret = source.secrets.find(({ commented }) => !commented);
      if (secret !== undefined) return known(true, source.origin(secret.start, secret.end));
    }
    return this.#hole ?? known(false, derived('no key or pass phrase stands in it', this.#at));
  }
}

function isYes(text: string): boolean {
  return /^(?:true|t|yes|on|1)$/i.test(text);
}

function isNo(text: string): boolean {
  return /^(?:false|f|no|off|0)$/i.test(text);
}
