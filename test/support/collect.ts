import { filesCollector } from '../../src/collect/files/collector.ts';
import type { Collected } from '../../src/collect/collector.ts';
import { known, type Fact, type FactValue } from '../../src/model/fact.ts';
import type { Resource, Target } from '../../src/model/resource.ts';
import { SourceText } from '../../src/text/source-text.ts';
import { memoryWorld, type MemoryFile } from '../../src/world/memory.ts';

/** A `files` target over a memory tree, with product versions and options. */
export function filesTarget(versions: Readonly<Record<string, string>> = {}, options: Readonly<Record<string, string>> = {}): Target {
  const source = new SourceText('custos.yaml', 'targets: [{ id: t, files: . }]');
  const at = source.origin(10, 30);
  return {
    id: 't',
    kind: 'files',
    address: '.',
    system: 'default',
    labels: {},
    versions: Object.fromEntries(Object.entries(versions).map(([product, version]) => [product, known(version, at)])),
    options,
    declaredAt: source.range(10, 30),
  };
}

/** Collects a memory tree as a `files` target. */
export function collectFiles(
  files: Readonly<Record<string, MemoryFile>>,
  versions: Readonly<Record<string, string>> = {},
  options: Readonly<Record<string, string>> = {},
): Promise<Collected> {
  const world = memoryWorld({ '.': files }, '2026-11-24T00:00:00Z');
  return filesCollector.collect(filesTarget(versions, options), world, new AbortController().signal);
}

/** The resources of a kind, by id. */
export function ofKind(collected: Collected, kind: string): Readonly<Record<string, Resource>> {
  return Object.fromEntries(collected.resources.filter((resource) => resource.kind === kind).map((resource) => [resource.id, resource]));
}

/** A fact as plain data: its value (lists and records opened), or `{ unknown: cause }`, `'absent'`; an open list ends with `'…'`. */
export function plain(fact: Fact<FactValue> | undefined): unknown {
  if (fact === undefined) return undefined;
  if (fact.state === 'unknown') return { unknown: fact.cause };
  if (fact.state === 'absent') return 'absent';
  const { value } = fact;
  if (Array.isArray(value)) return [...value.map((element) => plain(element)), ...(fact.open === undefined ? [] : ['…'])];
  if (typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, plain(inner)]));
  return value;
}

/** `file:line:column text` of where a fact stands: the text is cut from the excerpt by its range. */
export function placeOf(fact: Fact<FactValue> | undefined): string {
  let origin = fact?.origin;
  while (origin?.kind === 'derived') origin = origin.from[0];
  if (origin?.kind !== 'file') return 'no place';
  const { file, start, end, excerpt } = origin.range;
  const line = excerpt?.lines[start.line - (excerpt.firstLine ?? 1)] ?? '';
  const text = start.line === end.line ? line.slice(start.column - 1, end.column - 1) : line.slice(start.column - 1);
  return `${file}:${start.line}:${start.column} ${text}`;
}
