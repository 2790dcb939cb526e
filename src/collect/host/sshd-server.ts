import { derived, known, unknown, type Fact, type Origin, type Unknown } from '../../model/fact.ts';
import { SourceText } from '../../text/source-text.ts';
import { includeResolver } from '../files/include.ts';
import { readSshd, type SshdSettings } from '../files/sshd-settings.ts';
import { seconds, type SshdScope } from '../files/sshd-values.ts';
import type { FormatContext } from '../files/format.ts';
import { hostTree } from './host-tree.ts';
import { OutputText } from './output-text.ts';
import type { HostContext } from './part.ts';

/** Settings in force globally, or for one Match block. */
export interface SshdScopeOfHost {
  readonly id: string;
  readonly conditional: boolean;
  readonly scope: SshdScope;
  readonly here: Origin;
}

/** The SSH server of a host. */
export interface SshdServer {
  readonly scopes: readonly SshdScopeOfHost[];
  /** Package version, epoch left out: `9.2p1-2+deb12u10`. */
  readonly package: Fact<string>;
  readonly gaps: readonly Unknown[];
}

export const SSHD_CONFIG = '/etc/ssh/sshd_config';

const read = new WeakMap<HostContext, Promise<SshdServer>>();

/** Reads the server's settings: what `sshd -T` says of them, else its files by its version's defaults. Once, however many parts ask. */
export function sshdServerOf(context: HostContext): Promise<SshdServer> {
  const before = read.get(context) ?? readServer(context);
  read.set(context, before);
  return before;
}

async function readServer(context: HostContext): Promise<SshdServer> {
  const { target, at } = context;
  const installed = await context.package('openssh-server');
  const packaged: Fact<string> =
    installed.state === 'known'
      ? known(installed.value.replace(/^\d+:/, ''), derived('package openssh-server', installed.origin))
      : installed;
  const main = await context.open(SSHD_CONFIG);
  // A server without its file does not start.
  if (main === 'not-there') return { scopes: [], package: packaged, gaps: [] };
  const said = target.versions['openssh'];
  const version: Fact<string> = said ?? versionOf(packaged);
  const gaps: Unknown[] = [];
  const files = main instanceof SourceText ? await readSshd(main, false, formatContext(context, version), new Set()) : undefined;
  if (!(main instanceof SourceText))
    gaps.push({ ...main, detail: `${SSHD_CONFIG}: ${main.detail}`.replace(`${SSHD_CONFIG}: ${SSHD_CONFIG}`, SSHD_CONFIG) });
  const effective = await effectiveSettings(context, version, files);
  if (effective === undefined) gaps.push(...(files?.gaps ?? []));
  const globally = effective ?? files;
  if (globally === undefined) return { scopes: [], package: packaged, gaps };
  const place = (settings: SshdSettings): Origin =>
    settings.main instanceof OutputText ? { kind: 'command', target: target.id, command: 'sshd -T' } : settings.main.origin(0, 0);
  const scopes: SshdScopeOfHost[] = [
    {
      id: SSHD_CONFIG,
      conditional: false,
      scope: { settings: globally, conditions: [], version, at: place(globally) },
      here: main instanceof SourceText ? main.origin(0, 0) : at,
    },
  ];
  for (const block of files?.blocks ?? []) {
    const id = [SSHD_CONFIG, ...block.conditions.map((criteria) => `Match ${criteria}`)].join(' ');
    const scope = { settings: files ?? globally, conditions: block.conditions, version, at: place(files ?? globally) };
    scopes.push({ id, conditional: true, scope, here: block.at });
  }
  return { scopes, package: packaged, gaps };
}

/** Debian's revision tells which changes of its own a version has: it stays, behind the number. */
function versionOf(packaged: Fact<string>): Fact<string> {
  if (packaged.state !== 'known')
    return packaged.state === 'unknown' ? packaged : unknown('unresolved', 'version of openssh', packaged.origin);
  const [, upstream = packaged.value, revision] = /^(.*)-([^-]+)$/.exec(packaged.value) ?? [];
  return known(revision === undefined ? upstream : `${upstream} ${revision}`, packaged.origin);
}

/** Undefined where nobody may ask: it is root’s, since it opens the host keys. */
async function effectiveSettings(
  context: HostContext,
  version: Fact<string>,
  files: SshdSettings | undefined,
): Promise<SshdSettings | undefined> {
  const output = await context.command('sshd -T');
  if (output === 'not-there' || 'state' in output || output.text.trim() === '') return undefined;
  const source = new OutputText('sshd -T', output.text, context.target.id, (line) => writtenIn(files, line));
  return readSshd(source, false, formatContext(context, version), new Set());
}

/** Where the files say what the server says is in force; the file as a whole where none of its lines does. */
function writtenIn(files: SshdSettings | undefined, line: string): Origin | undefined {
  if (files === undefined) return undefined;
  const [, keyword = '', value = ''] = /^(\S+) (.*)$/.exec(line) ?? [];
  const said = plainValue(value);
  const { entries, holes } = files.all(keyword, []);
  const found = entries.find(
    ({ line: { args } }) =>
      plainValue(args.map(({ text }) => text).join(' ')) === said || args.some(({ text }) => plainValue(text) === said),
  );
  if (found !== undefined) return derived('sshd -T agrees', found.source.origin(found.line.start, found.line.end));
  return entries.length + holes.length === 0 ? derived('default, by sshd -T', files.main.origin(0, 0)) : undefined;
}

/** `without-password` is the old name, times are written in seconds. */
function plainValue(text: string): string {
  const value = text.toLowerCase().replace('prohibit-password', 'without-password');
  return String(seconds(value) ?? value);
}

/** The files of this host for the format that reads sshd_config. */
function formatContext(context: HostContext, version: Fact<string>): FormatContext {
  const { target, open } = context;
  const atRoot = { ...target, options: { ...target.options, root: '' } };
  const absolute: FormatContext['open'] = (path) => open(path.startsWith('/') ? path : `/${path}`);
  return {
    target: atRoot,
    open: absolute,
    openBytes: async (path) => unknown('unsupported', `${path}: not a text`),
    include: includeResolver(hostTree(context.host), atRoot, absolute),
    version: () => version,
    roots: [],
    now: context.now,
  };
}
