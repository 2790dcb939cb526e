import { posix } from 'node:path';
import { absent, derived, known, unknown, type Fact, type Origin, type Unknown } from '../../model/fact.ts';
import type { Resource } from '../../model/resource.ts';
import { backupPlan } from '../../resources/backup-plan.ts';
import type { SourceText } from '../../text/source-text.ts';
import { parseYaml, yamlAt } from '../../text/yaml.ts';
import { placeOfNode, YamlLayers, type PlacedNode, type YamlLayer } from '../../text/yaml-layers.ts';
import { markYamlSecrets } from '../../text/yaml-secrets.ts';
import { longestGap, timerCalendar, type Calendar } from '../calendar.ts';
import { defaultOf } from './defaults.ts';
import { declared, type FormatContext, type FormatGap, type FormatReading } from './format.ts';
import { dailyRetention, KEEP_RULES, resticDuration, type KeepRule } from './keep-policy.ts';
import { inClear, plainText, resticRepository } from './restic-plan.ts';

/** Top-level names of a configuration of version 1 that are no profiles. */
const NO_PROFILE = new Set(['version', 'global', 'groups', 'includes', 'mixins', 'profiles']);
const MAX_INHERITED = 20;

/** A resticprofile configuration: https://creativeprojects.github.io/resticprofile/configuration/. One plan for each profile that backs up. */
export async function resticProfiles(source: SourceText, context: FormatContext): Promise<FormatReading> {
  const gaps: FormatGap[] = [];
  const root = documentOf(source, gaps);
  if (root === undefined) return { resources: [], gaps };
  const layers: YamlLayer[] = [root];
  const sources = [source];
  for (const placed of new YamlLayers([root]).elements('includes').values) {
    const at = placeOfNode(placed);
    const { files, gaps: missing } = await context.include(
      placed.node.kind === 'scalar' ? placed.node.text : '',
      posix.dirname(source.file),
    );
    for (const gap of missing) {
      layers.unshift({ ...gap, origin: at });
      gaps.push({ why: { ...gap, origin: at } });
    }
    for (const file of files) {
      const document = file.file === source.file ? undefined : documentOf(file, gaps);
      if (document === undefined) continue;
      layers.unshift(document);
      sources.push(file);
    }
  }
  const whole = new YamlLayers(layers);
  const nested = whole.all('profiles').values.length > 0;
  const names = nested ? whole.names('profiles') : whole.names().filter((name) => !NO_PROFILE.has(name));
  const path = (name: string): readonly string[] => (nested ? ['profiles', name] : [name]);
  const resources = names.flatMap((name): readonly Resource[] => {
    const profile = profileOf(whole, name, path, []);
    if (profile.first('backup') === undefined) return [];
    // A dry run stores nothing.
    const trial = switchedOn(profile, 'dry-run', source.origin(0, 0));
    if (trial.state === 'unknown') gaps.push({ why: trial });
    if (trial.state !== 'known' || trial.value) return [];
    const at = whole.all(...path(name)).values.map(placeOfNode)[0] ?? source.origin(0, 0);
    return [declared(backupPlan, `${source.file} ${name}`, context.target, factsOf(profile, sources, at, context))];
  });
  return { resources, gaps };
}

/** A switch of restic, given to the profile or to its backups. */
function switchedOn(profile: YamlLayers, name: string, at: Origin): Fact<boolean> {
  for (const path of [['backup', name], [name]]) {
    const { values } = profile.all(...path);
    const strongest = values.at(-1);
    if (strongest === undefined) continue;
    const text = textOf(strongest);
    if (text.state !== 'known') return text.state === 'unknown' ? text : unknown('unresolved', name, at);
    if (!/^(?:false|no|off|0)$/i.test(text.value)) return known(true, text.origin);
  }
  return known(false, at);
}

function documentOf(source: SourceText, gaps: FormatGap[]): PlacedNode | undefined {
  const { documents, problems } = parseYaml(source);
  const [root, second] = documents;
  const [problem] = problems;
  if (root?.kind !== 'map' || second !== undefined) {
    source.withholdExcerpts();
    const at = problem ?? second ?? { start: 0, end: 0 };
    gaps.push({
      why: unknown(
        'unparseable',
        `${source.file}: ${problem?.message ?? 'no configuration of resticprofile'}`,
        source.origin(at.start, at.end),
      ),
    });
    return undefined;
  }
  markYamlSecrets(source, root);
  return { source, node: root };
}

/** A profile over what it inherits. Mixins (`use:`) are not read: what is not written may come from them. */
function profileOf(whole: YamlLayers, name: string, path: (name: string) => readonly string[], chain: readonly string[]): YamlLayers {
  const layers: YamlLayer[] = whole.layers.flatMap((layer): readonly YamlLayer[] => {
    if ('state' in layer) return [layer];
    const node = yamlAt(layer.node, ...path(name));
    return node === undefined || node.kind !== 'map' ? [] : [{ source: layer.source, node }];
  });
  const own = new YamlLayers(layers);
  const mixin = own.all('use').values[0];
  if (mixin !== undefined) layers.push(unknown('unsupported', 'mixins', placeOfNode(mixin)));
  const inherited = own.all('inherit').values[0];
  if (inherited !== undefined) {
    const at = placeOfNode(inherited);
    const parent = inherited.node.kind === 'scalar' ? inherited.node.text : '';
    const above = chain.includes(parent) || chain.length >= MAX_INHERITED ? [] : profileOf(whole, parent, path, [...chain, name]).layers;
    layers.push(...(above.length === 0 ? [unknown('unresolved', `inherit ${parent.slice(0, 80)}`, at)] : above));
  }
  return new YamlLayers(layers);
}

function textOf(layer: YamlLayer): Fact<string> {
  if ('state' in layer) return layer;
  const at = placeOfNode(layer);
  const { node } = layer;
  return node.kind === 'scalar' && node.tag === undefined ? plainText(node.text, at) : unknown('unparseable', 'not a single value', at);
}

function factsOf(
  profile: YamlLayers,
  sources: readonly SourceText[],
  at: Origin,
  context: FormatContext,
): Parameters<typeof declared<typeof backupPlan.attributes>>[3] {
  const repository = profile.first('repository');
  const sourcesOf = profile.elements('backup', 'source');
  const hole = profile.layers.find((layer): layer is Unknown => 'state' in layer);
  const paths = sourcesOf.values.map(textOf);
  const open = [...sourcesOf.holes];
  for (const name of ['files-from', 'files-from-verbatim', 'files-from-raw', 'stdin-command']) {
    const other = profile.first('backup', name);
    if (other !== undefined && 'node' in other) open.push(unknown('not-collected', name, placeOfNode(other)));
  }
  return {
    tool: known('restic', at),
    covers: known(paths, paths.find((path) => path.state === 'known')?.origin ?? at, open),
    repositories: resticRepository(
      repository === undefined ? unknown('not-collected', 'RESTIC_REPOSITORY of the environment', at) : textOf(repository),
      at,
      switchedOn(profile, 'insecure-no-password', at),
    ),
    retention: retention(profile, at, context),
    interval: interval(profile, at),
    point_in_time: known(false, derived('files, no logs', at)),
    verified: verified(profile, at),
    credentials_in_clear: inClear(sources, hole, at),
  };
}

/** Rules of `retention`, which follows a backup, and of `forget`, which somebody runs: the shorter of the two counts. */
function retention(profile: YamlLayers, at: Origin, context: FormatContext): Fact<number> {
  let least: Fact<number> | undefined;
  for (const section of ['retention', 'forget']) {
    const rules = new Map<KeepRule, Fact<string>>();
    for (const rule of KEEP_RULES) {
      const found = profile.first(section, `keep-${rule}`);
      if (found !== undefined) rules.set(rule, textOf(found));
    }
    const days = dailyRetention(rules, resticDuration);
    if (days === undefined) continue;
    if (days.state === 'unknown') return days;
    if (least === undefined || least.state !== 'known' || (days.state === 'known' && days.value < least.value))
      least = days.state === 'absent' && least !== undefined ? least : days;
  }
  if (least !== undefined) return least;
  // restic removes nothing by itself; without rules resticprofile does not either.
  const nothing = defaultOf('retention', 'resticprofile', context.version('resticprofile'), [{ since: '0', value: true }], at);
  return nothing.state === 'known' ? absent(nothing.origin) : nothing.state === 'unknown' ? nothing : absent(at);
}

/** Schedules in the words of systemd: the longest time between two starts by any of them. */
function interval(profile: YamlLayers, at: Origin): Fact<number> {
  const { values, holes } = profile.elements('backup', 'schedule');
  const written = values.map((placed) => (placed.node.kind === 'map' ? textOf(yamlField(placed, 'at') ?? placed) : textOf(placed)));
  const [first] = written;
  if (first === undefined) return holes[0] ?? unknown('not-collected', 'what runs it is not here', at);
  const calendars: Calendar[] = [];
  for (const text of written) {
    if (text.state !== 'known') return text.state === 'unknown' ? text : unknown('unresolved', 'schedule', at);
    const calendar = timerCalendar(text.value);
    if (calendar === undefined) return unknown('unsupported', `schedule ${text.value.slice(0, 40)}`, text.origin);
    calendars.push(calendar);
  }
  const hours = longestGap(calendars);
  return hours === undefined || first.state !== 'known' ? unknown('unsupported', 'schedule', at) : known(hours, first.origin);
}

function yamlField({ source, node }: PlacedNode, name: string): PlacedNode | undefined {
  const value = yamlAt(node, name);
  return value === undefined ? undefined : { source, node: value };
}

/** A check that follows each backup, or has a schedule of its own. Without one, somebody may still run it. */
function verified(profile: YamlLayers, at: Origin): Fact<boolean> {
  for (const name of ['check-after', 'check-before']) {
    const found = profile.first('backup', name);
    if (found === undefined) continue;
    const text = textOf(found);
    if (text.state !== 'known') return text.state === 'unknown' ? text : unknown('unresolved', name, at);
    if (text.value === 'true') return known(true, text.origin);
  }
  const schedule = profile.first('check', 'schedule');
  if (schedule === undefined) return unknown('not-collected', 'no check has a schedule here', at);
  return 'state' in schedule ? schedule : known(true, placeOfNode(schedule));
}
