import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { SEVERITIES, type Severity } from '../model/control.ts';
import { startOfDay } from '../model/day.ts';
import type { Gate } from '../model/plan.ts';
import { PROBE_CLASSES } from '../model/resource.ts';
import type { PlanOptions } from '../plan.ts';
import { PRODUCTS } from '../collect/products.ts';
import { targetOf } from '../collect/target-address.ts';
import { proxyOf } from '../collect/proxy-option.ts';
import { nearest, nearestName } from '../catalog/diagnostic.ts';
import { packageRoot, UsageError, type Shell } from './shell.ts';

/** Options that decide what is judged, and how. */
export interface PolicyFlags {
  readonly config?: string;
  readonly profile?: string;
  readonly controls?: readonly string[];
  readonly waivers?: string;
  readonly product?: readonly string[];
  readonly failOn?: string;
  readonly minScore?: string;
  readonly allowUndecided?: boolean;
  readonly asOf?: string;
  readonly sni?: string;
  readonly proxy?: string;
  readonly caFile?: string;
  readonly probe?: readonly string[];
  readonly online?: boolean;
}

/** The plan that flags and custos.yaml ask for, and the directory that its paths start from. */
export interface PolicyRequest {
  readonly base: string;
  readonly options: PlanOptions;
}

const CONFIGURATION = 'custos.yaml';

/**
 * Finds custos.yaml and turns flags into a request. Paths of the command line are taken from where the user stands. With
 * `named` only a configuration that `-c` names counts: evidence has a policy of its own.
 */
export function policyRequest(
  targets: readonly string[],
  flags: PolicyFlags,
  shell: Shell,
  which: 'found' | 'named' = 'found',
): PolicyRequest {
  const { file, explicit } = configurationFile(targets, flags, shell, which);
  const base = file === undefined || (targets.length > 0 && !explicit) ? shell.cwd : dirname(file);
  const fromBase = (path: string): string => fromDirectory(base, path, resolve(shell.cwd, path));
  for (const target of targets) {
    const named = targetOf(target);
    if ('problem' in named)
      throw new UsageError(
        `${withoutPassword(target)}: ${named.problem}`,
        'a path, https://host, tls://host:port, smtp+starttls://host, postgres://user@host, host:local or root:DIRECTORY can be scanned',
      );
  }
  checkPaths(targets, shell);
  const useConfiguration = file !== undefined && (targets.length === 0 || explicit);
  return {
    base,
    options: {
      bundled: packageRoot(),
      ...(useConfiguration ? { configuration: relative(base, file) || basename(file) } : {}),
      targets: targets.map((target) => addressFrom(target, fromBase)),
      ...(flags.profile === undefined ? {} : { profile: profileFrom(flags.profile, fromBase) }),
      controls: (flags.controls ?? []).map(fromBase),
      ...(flags.waivers === undefined ? {} : { waivers: fromBase(flags.waivers) }),
      versions: Object.fromEntries((flags.product ?? []).map(productVersion)),
      network: networkOptions(flags),
      gate: gateOf(flags),
      ...(flags.asOf === undefined ? {} : { asOf: instantOf(flags.asOf) }),
    },
  };
}

/** A path that was typed here and is not there is a mistype, never an honest unknown. All of them are told. */
function checkPaths(targets: readonly string[], shell: Shell): void {
  const missing = targets.filter((target) => {
    const path = pathIn(target);
    return path !== undefined && !existsSync(resolve(shell.cwd, path));
  });
  if (missing.length === 0) return;
  const near = missing.flatMap((target) => {
    const directory = dirname(resolve(shell.cwd, target));
    const names = existsSync(directory) && statSync(directory).isDirectory() ? readdirSync(directory) : [];
    const slash = target.lastIndexOf('/') + 1;
    return nearestName(target.slice(slash), names)?.replace(/^/, target.slice(0, slash)) ?? [];
  });
  throw new UsageError(
    missing.map((target) => `${target}: is not there`),
    near[0] === undefined ? undefined : `did you mean ${near.map((name) => `"${name}"`).join(', ')}?`,
  );
}

/** As seen from a directory. What lies below it has one name, however it was written; elsewhere an absolute path stays one. */
function fromDirectory(base: string, written: string, absolute: string): string {
  const path = relative(base, absolute).replaceAll('\\', '/') || '.';
  return isAbsolute(written) && (path.startsWith('../') || path === '..') ? absolute : path;
}

const ROOT = 'root:';

/** The path that a target names: itself, or what stands after `root:`; undefined where it names something else. */
export function pathIn(target: string): string | undefined {
  if (target.startsWith(ROOT)) return target.slice(ROOT.length);
  return target === 'host:local' || /^[a-z][a-z0-9+.-]*:\/\//i.test(target) ? undefined : target;
}

/** A target whose path, where it has one, is seen from somewhere else. */
export function addressFrom(target: string, fromBase: (path: string) => string): string {
  const path = pathIn(target);
  if (path === undefined) return target;
  return target.startsWith(ROOT) ? `${ROOT}${fromBase(path)}` : fromBase(path);
}

/** What is complained of is printed, and logged by whoever runs this. */
function withoutPassword(target: string): string {
  return target.replace(/(:\/\/[^:/@]*):.*@/, '$1:…@');
}

/** `-c FILE`; else custos.yaml in the one directory that was named, or in the current one. */
function configurationFile(
  targets: readonly string[],
  flags: PolicyFlags,
  shell: Shell,
  which: 'found' | 'named',
): { readonly file: string | undefined; readonly explicit: boolean } {
  if (flags.config !== undefined) {
    const file = resolve(shell.cwd, flags.config);
    if (!existsSync(file)) throw new UsageError(`-c ${flags.config}: is not there`);
    return { file, explicit: true };
  }
  const found = join(shell.cwd, CONFIGURATION);
  return { file: which === 'found' && targets.length === 0 && existsSync(found) ? found : undefined, explicit: false };
}

/** `--online` has an option of its own. */
const PROBES: readonly string[] = PROBE_CLASSES.filter((name) => name !== 'online');

/** Options of targets on the network, checked before anything is sent. */
function networkOptions(flags: PolicyFlags): Readonly<Record<string, string>> {
  const proxy = flags.proxy === undefined ? undefined : proxyOf(flags.proxy);
  if (proxy !== undefined && 'problem' in proxy) throw new UsageError(`--proxy: ${proxy.problem}`);
  for (const probe of flags.probe ?? [])
    if (!PROBES.includes(probe)) throw new UsageError(`--probe ${probe}: there are ${PROBES.join(' and ')}`, nearest(probe, PROBES));
  const probes = [...(flags.probe ?? []), ...(flags.online === true ? ['online'] : [])];
  return {
    ...(flags.sni === undefined ? {} : { sni: flags.sni }),
    ...(flags.proxy === undefined ? {} : { proxy: flags.proxy }),
    ...(flags.caFile === undefined ? {} : { ca: flags.caFile }),
    ...(probes.length === 0 ? {} : { probes: probes.join(',') }),
  };
}

/** A name without slash or dot is a bundled profile; a path stays one, whatever it is called. */
function profileFrom(text: string, fromBase: (path: string) => string): string {
  if (!/[/.]/.test(text)) return text;
  const path = fromBase(text);
  return path.includes('/') ? path : `./${path}`;
}

function productVersion(text: string): readonly [string, string] {
  const [, product, version] = /^([a-z][a-z0-9-]*)=(.+)$/.exec(text) ?? [];
  if (product === undefined || version === undefined) throw new UsageError(`--product ${text}: is written as nginx=1.24.0`);
  if (!PRODUCTS.includes(product))
    throw new UsageError(
      `--product ${text}: no product is called "${product}"`,
      nearest(product, PRODUCTS) ?? `products are: ${PRODUCTS.join(', ')}`,
    );
  return [product, version];
}

function gateOf(flags: PolicyFlags): Partial<Gate> {
  return {
    ...(flags.failOn === undefined ? {} : { failOn: severityOf(flags.failOn) }),
    ...(flags.minScore === undefined ? {} : { minScore: scoreOf(flags.minScore) }),
    ...(flags.allowUndecided === undefined ? {} : { allowUndecided: flags.allowUndecided }),
  };
}

function severityOf(text: string): Severity {
  const severity = SEVERITIES.find((one) => one === text);
  if (severity === undefined) throw new UsageError(`--fail-on ${text}: is one of ${SEVERITIES.join(', ')}`, nearest(text, SEVERITIES));
  return severity;
}

function scoreOf(text: string): number {
  const score = Number(text);
  if (text.trim() === '' || Number.isNaN(score) || score < 0 || score > 100)
    throw new UsageError(`--min-score ${text}: is a number from 0 to 100`);
  return score;
}

/** A day, or a moment; in UTC unless it says otherwise. */
export function instantOf(text: string): string {
  const [, day = '', time = 'T00:00:00', zone = 'Z'] =
    /^(\d{4}-\d{2}-\d{2})(T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?(Z|[+-]\d{2}:\d{2})?$/.exec(text) ?? [];
  const ms = startOfDay(day) === undefined ? Number.NaN : Date.parse(`${day}${time}${zone}`);
  if (Number.isNaN(ms)) throw new UsageError(`--as-of ${text}: is a date such as 2026-11-24`);
  return new Date(ms).toISOString();
}
