import { createHash } from 'node:crypto';
import { derived, known, unknown, type Fact, type FactValue, type Unknown } from '../../model/fact.ts';
import type { Looked, Resource, Target } from '../../model/resource.ts';
import { secretExposure } from '../../resources/secret-exposure.ts';
import { SourceText, type OnTarget } from '../../text/source-text.ts';
import type { Entry, FileTree } from '../../world/world.ts';
import type { Collected } from '../collector.ts';
import { coverageOf } from '../coverage-of.ts';
import { inOrder } from '../in-order.ts';
import { nothingSeen } from '../nothing-seen.ts';
import { declared, type FileFormat, type FormatContext } from './format.ts';
import { includeResolver } from './include.ts';
import { unique } from './unique.ts';

/** Text files whose name tells nothing are looked into up to this size. */
const MAX_SNIFFED = 8 * 1024 * 1024;
/** Directories that were not entered, told by name. */
const MAX_NAMED = 5;
const SNIFFED = /\.(?:conf|cfg|cnf|ya?ml|rules|ini|service)(?:\.(?:j2|tmpl|template|dist|example|sample))?$/i;

/** One tree of configuration, and how it is to be read. */
export interface TreeReading {
  readonly target: Target;
  readonly tree: FileTree;
  readonly formats: readonly FileFormat[];
  /** Where the tree is: below the configuration's directory, or on a target's machine. */
  readonly under: string | OnTarget;
  readonly version: FormatContext['version'];
  readonly roots: readonly string[];
  readonly now: string;
  readonly signal: AbortSignal;
}

/** Kinds that reading a tree may yield. */
export function kindsOf(formats: readonly FileFormat[]): readonly string[] {
  return [...new Set([...formats.flatMap(({ kinds }) => kinds), secretExposure.name])].toSorted();
}

/** Reads every file of a tree that one of the formats recognises. */
export async function readTree(reading: TreeReading): Promise<Collected> {
  const { target, tree, formats, under, signal } = reading;
  const at = { kind: 'file', range: target.declaredAt } as const;
  const { entries, unseen, passedOver = [] } = await tree.walk();
  const opened = new Map<string, SourceText | Unknown | 'not-there'>();
  const open: FormatContext['open'] = async (path) => {
    signal.throwIfAborted();
    const before = opened.get(path);
    if (before !== undefined) return before;
    const content = await tree.read(path);
    const text = content === 'not-there' || 'state' in content ? content : decode(path, content.bytes, under);
    opened.set(path, text);
    return text;
  };
  const openBytes: FormatContext['openBytes'] = async (path) => {
    signal.throwIfAborted();
    const content = await tree.read(path);
    if (content === 'not-there' || 'state' in content) {
      opened.set(path, content);
      return content;
    }
    const before = opened.get(path);
    const source = before instanceof SourceText ? before : asSource(path, content.bytes, under);
    opened.set(path, source);
    return { ...content, source };
  };
  const assigned = await assign(target, formats, entries, open, (path, why) => opened.set(path, why));
  const gaps: Unknown[] = unseen.map(({ why }) => ({ ...why, origin: at }));
  // Told once, and opens nothing: nearly every repository has such a directory, and none of its own configuration in it.
  if (passedOver.length > 0) gaps.push(unknown('not-collected', `not entered, since others’ files lie there: ${someOf(passedOver)}`, at));
  const resources: Resource[] = [];
  const coverage = new Map<string, { gaps: Unknown[]; looked: Fact<FactValue> }>();
  const cover = (kinds: readonly string[], looked: Fact<FactValue>): void => {
    for (const kind of kinds) if (!coverage.has(kind)) coverage.set(kind, { gaps: [], looked });
  };
  const miss = (kinds: readonly string[], why: Unknown): void => {
    cover(kinds, known(target.address, at));
    for (const kind of kinds) coverage.get(kind)?.gaps.push(why);
  };
  const formatOf = new Map<string, string>();

  for (const format of formats) {
    const paths = assigned.get(format) ?? [];
    const hidden = unseen.filter(({ path }) => format.recognises(path));
    for (const { why } of hidden) miss(format.kinds, { ...why, origin: at });
    if (paths.length === 0) continue;
    for (const path of paths) formatOf.set(path, format.name);
    const context: FormatContext = {
      target,
      open,
      openBytes,
      include: includeResolver(tree, target, open),
      version: reading.version,
      roots: reading.roots,
      now: reading.now,
    };
    const before = new Set(opened.keys());
    try {
      const reading = await format.read(paths, context);
      resources.push(...reading.resources);
      cover(reading.covers ?? format.kinds, known(paths.join(', '), derived(`files read as ${format.name}`, at)));
      for (const gap of reading.gaps) {
        miss(gap.kinds ?? format.kinds, gap.why);
        gaps.push(gap.why);
      }
    } catch (error) {
      signal.throwIfAborted();
      // A format that fails is our bug: everything it may have yielded is unknown, and the others go on.
      const why = unknown('collector-failed', `${format.name}: ${error instanceof Error ? error.message : String(error)}`, at);
      miss(format.kinds, why);
      gaps.push(why);
    }
    for (const path of opened.keys()) if (!before.has(path) && !formatOf.has(path)) formatOf.set(path, format.name);
  }

  const texts = [...opened].filter((pair): pair is [string, SourceText] => pair[1] instanceof SourceText && formatOf.has(pair[0]));
  const unread = [...opened].flatMap(([path, text]) =>
    text instanceof SourceText || text === 'not-there' || !formatOf.has(path) ? [] : [text],
  );
  if (texts.length > 0 || unread.length > 0) cover([secretExposure.name], known(`${texts.length} files`, derived('files read', at)));
  for (const why of unread) miss([secretExposure.name], why);
  for (const [, text] of texts) resources.push(exposures(text, target));

  // What stands behind a place we could not enter may be of any kind: nothing found here is complete then.
  const unsniffed = [...opened].flatMap(([path, text]) =>
    text instanceof SourceText || text === 'not-there' || formatOf.has(path) ? [] : [{ path, why: text }],
  );
  for (const { why } of unsniffed) gaps.push({ ...why, origin: at });
  const closed = [
    ...unseen.filter(({ path, why }) => why.cause !== 'unresolved' && !formats.some((format) => format.recognises(path))),
    ...unsniffed,
  ];
  if (coverage.size === 0 && (closed.length > 0 || entries.length === 0))
    return { ...nothingSeen(kindsOf(formats), closed[0]?.why ?? unknown('not-collected', `${target.address}: empty`, at)), gaps };
  for (const { why } of closed) miss([...coverage.keys()], { ...why, origin: at });
  // Of a machine more is read than these formats.
  if (coverage.size === 0 && typeof under === 'string')
    gaps.push(unknown('unsupported', `${target.address}: none of its ${entries.length} files is in a format that Custos reads`, at));

  return {
    resources: inOrder(unique(resources)),
    coverage: Object.fromEntries(
      [...coverage]
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([kind, { gaps: missing, looked }]) => [kind, coverageOf(missing, looked)]),
    ),
    gaps,
    looked: texts
      .map(([path, text]): Looked => ({ name: path, as: formatOf.get(path) ?? '', digest: text.digest }))
      .toSorted((a, b) => (a.name < b.name ? -1 : 1)),
  };
}

/** Which format reads which file: by the target's `format:` option, by name, or by a look into it. */
async function assign(
  target: Target,
  formats: readonly FileFormat[],
  entries: readonly Entry[],
  open: FormatContext['open'],
  passOver: (path: string, why: Unknown) => void,
): Promise<ReadonlyMap<FileFormat, readonly string[]>> {
  const assigned = new Map<FileFormat, string[]>();
  const give = (format: FileFormat, path: string): void => {
    const paths = assigned.get(format);
    if (paths === undefined) assigned.set(format, [path]);
    else paths.push(path);
  };
  const forced = formats.find(({ name }) => name === target.options['format']);
  for (const { path, kind, size } of entries) {
    const named = forced ?? formats.find((format) => format.recognises(path));
    if (named !== undefined) {
      give(named, path);
      continue;
    }
    const alone = entries.length === 1;
    if (kind !== 'file' || !(alone || SNIFFED.test(path))) continue;
    if (size > MAX_SNIFFED) {
      passOver(path, unknown('unsupported', `${path}: more than ${MAX_SNIFFED / 1024 / 1024} MB, and its name tells nothing`));
      continue;
    }
    const text = await open(path);
    if (!(text instanceof SourceText)) continue;
    const format = formats.find((one) => one.sniffs?.(text.text) === true);
    if (format !== undefined) give(format, path);
  }
  return assigned;
}

function decode(path: string, bytes: Uint8Array, under: string | OnTarget): SourceText | Unknown {
  // A NUL byte in what should be a text: UTF-16, or no text at all. Neither may be read as if it were empty.
  return bytes.includes(0) ? unknown('unparseable', `${path}: not a text`) : new SourceText(path, bytes, under);
}

/** Control characters that no text has, and DER has in its first bytes. */
function asSource(path: string, bytes: Uint8Array, under: string | OnTarget): SourceText {
  const binary = bytes.some((octet) => octet < 0x09 || (octet > 0x0d && octet < 0x20 && octet !== 0x1b));
  return binary ? SourceText.binary(path, bytes, under) : new SourceText(path, bytes, under);
}

function someOf(paths: readonly string[]): string {
  const more = paths.length - MAX_NAMED;
  return `${paths.slice(0, MAX_NAMED).join(', ')}${more > 0 ? ` (+${more})` : ''}`;
}

/** Two hexadecimal digits: 255 of 256 other values differ in them, and a list of likely passwords loses no more than that by them. */
function markOf(value: string): string {
  return createHash('sha256').update(value).digest('hex').slice(0, 2);
}

function exposures(text: SourceText, target: Target): Resource {
  const whole = text.origin(0, 0);
  const found = text.secrets
    .filter(({ commented, sealed }) => !commented && sealed !== true)
    .map(({ name, start, end }) =>
      known(
        { name: text.fact(name, start, end), label: text.fact(`${name} #${markOf(text.text.slice(start, end))}`, start, end) },
        text.origin(start, end),
      ),
    );
  const open = text.parsed ? [] : [unknown('unparseable', text.file, whole)];
  const facts = { file: known(text.file, whole), secrets: known(found, whole, open) };
  return declared(secretExposure, text.file, target, facts);
}
