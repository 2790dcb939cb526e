import { filesCollector } from '../collect/files/collector.ts';
import {
  known,
  unknown,
  absent,
  CAUSE_CODES,
  type CauseCode,
  type Fact,
  type FactRecord,
  type FactValue,
  type Origin,
} from '../model/fact.ts';
import type { ControlExample } from '../model/control.ts';
import type { Coverage, Resource, Target, TargetRecord } from '../model/resource.ts';
import type { Attributes, AttributeType } from '../resources/kind.ts';
import { kindOf } from '../resources/vocabulary.ts';
import { SourceText } from '../text/source-text.ts';
import { memoryWorld } from '../world/memory.ts';

/** The time that examples are judged at, so that they come out the same on any day. */
export const EXAMPLE_TIME = '2026-11-24T00:00:00.000Z';

/** A stand-in for a file that examples' facts come from. */
const SOURCE = new SourceText('example', 'example');
const HERE: Origin = SOURCE.origin(0, 7);

/** The target of an example, with its labels and versions. */
export function exampleTarget(example: ControlExample): Target {
  const facts = (values: Readonly<Record<string, string>> = {}): Readonly<Record<string, Fact<string>>> =>
    Object.fromEntries(Object.entries(values).map(([name, value]) => [name, known(value, HERE)]));
  const options: Record<string, string> = {};
  if (example.format !== undefined) options['format'] = example.format;
  return {
    id: 'example',
    kind: 'files',
    address: '.',
    system: 'example',
    labels: facts(example.labels),
    versions: facts(example.versions),
    options,
    declaredAt: SOURCE.range(0, 7),
  };
}

/** What a collector would deliver for an example: from its facts, or by really reading its text. */
export async function exampleRecord(example: ControlExample, kind: string): Promise<TargetRecord> {
  const target = exampleTarget(example);
  if (example.text !== undefined) return fromText(example, target);
  const subjects = example.facts === undefined || kind === '' ? [] : [resourceOf(kind, 'subject', example.facts)];
  const neighbours = Object.entries(example.neighbours ?? {}).flatMap(([name, list]) =>
    list.map((facts, index) => resourceOf(name, typeof facts['id'] === 'string' ? facts['id'] : `${name} ${index + 1}`, facts)),
  );
  const coverage: Record<string, Coverage> = {};
  const complete: Coverage = { status: 'complete', gaps: [], looked: known('example', HERE) };
  for (const name of [kind, ...Object.keys(example.neighbours ?? {})]) if (name !== '') coverage[name] = complete;
  const probes = Object.values(kindOf(kind)?.attributes ?? {}).flatMap(({ probe }) => (probe === undefined ? [] : [probe]));
  for (const probe of probes) coverage[`${kind}#${probe}`] = complete;
  return {
    target,
    resources: [...subjects, ...neighbours],
    coverage,
    gaps: [],
    looked: [],
    collectors: { example: '1' },
    collectedAt: EXAMPLE_TIME,
  };
}

async function fromText(example: ControlExample, target: Target): Promise<TargetRecord> {
  const name = MAIN_FILE[example.format ?? ''] ?? `example.${example.format ?? 'conf'}`;
  const world = memoryWorld({ '.': { [name]: example.text ?? '', ...example.files } }, EXAMPLE_TIME);
  const { format: _, ...options } = target.options;
  const collected = await filesCollector.collect({ ...target, options }, world, new AbortController().signal);
  return { target, ...collected, collectors: { files: filesCollector.version }, collectedAt: EXAMPLE_TIME };
}

/** The name under which each format knows its main file: the formats that an example may name. */
export const MAIN_FILE: Readonly<Record<string, string>> = {
  nginx: 'nginx.conf',
  sshd: 'sshd_config',
  postgresql: 'postgresql.conf',
  'pg-hba': 'pg_hba.conf',
  redis: 'redis.conf',
  compose: 'docker-compose.yml',
  rsyslog: 'rsyslog.conf',
  logrotate: 'logrotate.conf',
  auditd: 'audit.rules',
  pgbackrest: 'pgbackrest.conf',
  borgmatic: 'borgmatic/config.yaml',
  restic: 'restic.env',
  barman: 'barman.conf',
  certificates: 'server.pem',
};

/** A resource of plain values. Attributes that the example does not name are unknown: an example proves what it says. */
export function resourceOf(kind: string, id: string, values: Readonly<Record<string, unknown>>): Resource {
  const attributes = kindOf(kind)?.attributes ?? {};
  return { kind, id, target: 'example', stance: 'declared', facts: recordOf(attributes, values) };
}

function recordOf(attributes: Attributes, values: Readonly<Record<string, unknown>>): FactRecord {
  return Object.fromEntries(Object.entries(attributes).map(([name, { type }]) => [name, factOf(values[name], type, name)]));
}

/** `{ unknown: cause }` and `{ absent: true }` are themselves; a list may end with `{ open: cause }`; the rest is known. */
function factOf(value: unknown, type: AttributeType, name: string): Fact<FactValue> {
  if (value === undefined) return unknown('not-collected', name);
  if (isObject(value) && 'unknown' in value) return unknown(causeOf(value['unknown']), name);
  if (isObject(value) && value['absent'] === true) return absent(HERE);
  if ('list' in type) {
    if (!Array.isArray(value)) return unknown('unparseable', `${name}: a list is expected`);
    const open = value.filter((element) => isObject(element) && 'open' in element);
    const elements = value.filter((element) => !open.includes(element)).map((element) => factOf(element, type.list, name));
    return known(
      elements,
      HERE,
      open.map((element) => unknown(causeOf(isObject(element) ? element['open'] : ''), name)),
    );
  }
  if ('record' in type)
    return isObject(value) ? known(recordOf(type.fields, value), HERE) : unknown('unparseable', `${name}: a record is expected`);
  if (typeof value === 'boolean' || typeof value === 'number' || typeof value === 'string') return known(value, HERE);
  return unknown('unparseable', `${name}: a scalar is expected`);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Reading the control has refused any other word. */
function causeOf(value: unknown): CauseCode {
  return CAUSE_CODES.find((cause) => cause === value) ?? 'not-collected';
}
