import { InvalidInput, nearest, Reporter, type Complain } from './catalog/diagnostic.ts';
import { loadCatalogue, readText, type Catalogue } from './catalog/load.ts';
import { DEFAULT_SYSTEM, readConfiguration, type Configuration } from './catalog/read-configuration.ts';
import { readProfile, type Profile } from './catalog/read-profile.ts';
import { readWaivers } from './catalog/read-waivers.ts';
import { resolvePlan } from './catalog/resolve.ts';
import { CONFIGURATION_NAMES } from './collect/registry.ts';
import { targetOf } from './collect/target-address.ts';
import { networkTargets } from './network-targets.ts';
import type { Gate, Plan, PolicySource } from './model/plan.ts';
import type { Target } from './model/resource.ts';
import { prove, type Proof } from './proof/prove.ts';
import { SourceText } from './text/source-text.ts';
import { yamlAt } from './text/yaml.ts';
import type { World } from './world/world.ts';

/** What the edges (command line, Action) ask for. Paths are seen from the world's base. */
export interface PlanOptions {
  /** Directory that holds the bundled `controls/` and `profiles/`. */
  readonly bundled: string;
  /** custos.yaml; undefined where there is none. */
  readonly configuration?: string;
  /** Targets named on the command line, in the place of those of custos.yaml. */
  readonly targets: readonly string[];
  readonly profile?: string;
  readonly controls: readonly string[];
  readonly waivers?: string;
  /** `product=version` of command-line targets. */
  readonly versions: Readonly<Record<string, string>>;
  /** Options of targets on the network (`sni`, `proxy`, `ca`, `probes`), unless a target has its own. */
  readonly network: Readonly<Record<string, string>>;
  readonly gate: Partial<Gate>;
  /** The time that the user named; otherwise it is now. */
  readonly asOf?: string;
  /** Looks at what custos.yaml says of files that only the edges touch; what is wrong is told with the rest. */
  readonly check?: (configuration: Configuration, reporter: Reporter) => void;
  /** Evidence is judged: its plan's targets and time, and, where `keeps`, what its own custos.yaml and waivers set. */
  readonly collected?: { readonly plan: Plan; readonly keeps: boolean };
  /** Runs the examples of controls; a caller with private controls runs them apart, with limits. */
  readonly prove?: (catalogue: Catalogue) => Promise<ReadonlyMap<string, Proof>>;
}

export interface Prepared {
  readonly plan: Plan;
  readonly catalogue: Catalogue;
  readonly configuration?: Configuration;
}

/** What stands in the place of a file where the command line itself is meant. */
const COMMAND_LINE = '(command line)';
const DEFAULT_PROFILE = 'custody-baseline';

/** Reads catalogue, profile, custos.yaml and waivers into a plan. Throws `InvalidInput` with everything that is wrong. */
export async function preparePlan(world: World, options: PlanOptions): Promise<Prepared> {
  const reporter = new Reporter();
  const source = options.configuration === undefined ? undefined : await readText(world, options.configuration, reporter);
  const configuration = source === undefined ? undefined : readConfiguration(source, CONFIGURATION_NAMES, reporter);
  if (configuration !== undefined) options.check?.(configuration, reporter);
  const own = options.controls.length > 0 ? options.controls : (configuration?.controls ?? []);
  const named = (...path: readonly [string, number?]): Complain => namedAt(configuration, options, path, reporter);
  const catalogue = await loadCatalogue(world, options.bundled, own, reporter, (index) => named('controls', index));
  const proofs = await (options.prove ?? proveAll)(catalogue);
  for (const { problems } of proofs.values()) reporter.add(problems);

  const profileName = options.profile ?? configuration?.profile ?? DEFAULT_PROFILE;
  const profile = await chooseProfile(world, profileName, catalogue, named('profile'), reporter);
  const waiversPath = options.waivers ?? configuration?.waivers;
  const waiversText = waiversPath === undefined ? undefined : await readText(world, waiversPath, reporter, undefined, named('waivers'));
  const kept = options.collected?.keeps === true ? options.collected.plan : undefined;
  const waivers =
    waiversText === undefined
      ? (kept?.waivers ?? [])
      : readWaivers(
          waiversText,
          catalogue.controls.map(({ id }) => id),
          reporter,
        );
  const asked = options.targets.length > 0 ? commandLineTargets(options, reporter) : (configuration?.targets ?? []);
  const { targets, problems } =
    options.collected === undefined
      ? networkTargets(asked, options.network, {
          now: world.now(),
          ...(configuration?.authorisation === undefined ? {} : { authorisation: configuration.authorisation }),
        })
      : { targets: options.collected.plan.targets, problems: [] };
  reporter.add(problems);
  const unreadable = options.configuration !== undefined && configuration === undefined;
  if (targets.length === 0 && !unreadable)
    reporter.of(
      options.configuration ?? 'custos',
      'there is nothing to look at',
      'name a path, or list targets in custos.yaml (custos init writes one)',
    );
  const request = {
    catalogue,
    targets,
    waivers,
    gate: options.gate,
    time: timeOf(options, world),
    ...(kept?.own === undefined ? {} : { kept: kept.own }),
    emptyMayPass: new Map([...proofs].map(([id, proof]) => [id, proof.emptyMayPass])),
    ...(configuration === undefined ? {} : { configuration }),
  };
  if (profile === undefined) {
    // What custos.yaml sets itself is still held against the catalogue.
    if (configuration !== undefined) {
      const everything: Profile = { id: 'every', title: { en: '', zh: '' }, select: { all: true }, document: configuration.document };
      resolvePlan({ ...request, profile: everything, policy: [] }, reporter);
    }
    reporter.settle();
    throw new InvalidInput([{ file: 'profile', message: 'there is no profile' }]);
  }
  const policy: PolicySource[] = [...catalogue.policy, { role: 'profile', name: profile.id, digest: profile.document.source.digest }];
  if (source !== undefined && options.configuration !== undefined)
    policy.push({ role: 'configuration', name: options.configuration, digest: source.digest });
  if (waiversText !== undefined && waiversPath !== undefined)
    policy.push({ role: 'waivers', name: waiversPath, digest: waiversText.digest });
  const stays = waiversText === undefined ? ['configuration', 'waivers'] : ['configuration'];
  policy.push(...(kept?.policy ?? []).filter(({ role }) => stays.includes(role)));
  const plan = resolvePlan({ ...request, profile, policy }, reporter);
  reporter.settle();
  return configuration === undefined ? { plan, catalogue } : { plan, catalogue, configuration };
}

function timeOf({ asOf, collected }: PlanOptions, world: World): Pick<Plan, 'asOf' | 'asOfGiven'> {
  if (asOf !== undefined) return { asOf, asOfGiven: true };
  if (collected === undefined) return { asOf: world.now() };
  const { plan } = collected;
  return plan.asOfGiven === undefined ? { asOf: plan.asOf } : { asOf: plan.asOf, asOfGiven: true };
}

/** A plan with the waivers of another file in the place of its own. */
export async function withWaivers(world: World, plan: Plan, path: string): Promise<Plan> {
  const reporter = new Reporter();
  const text = await readText(world, path, reporter);
  const ids = plan.controls.map(({ control }) => control.id);
  const waivers = text === undefined ? [] : readWaivers(text, ids, reporter);
  reporter.settle();
  const policy = plan.policy.filter(({ role }) => role !== 'waivers');
  return { ...plan, waivers, policy: text === undefined ? policy : [...policy, { role: 'waivers', name: path, digest: text.digest }] };
}

/** Runs the examples of every control of a catalogue. */
export async function proveAll(catalogue: Catalogue): Promise<ReadonlyMap<string, Proof>> {
  const proofs = new Map<string, Proof>();
  for (const control of catalogue.controls) proofs.set(control.id, await prove(control));
  return proofs;
}

/**
 * Where the user named a file or profile: a word of the command line, else the value in custos.yaml. Messages begin with the
 * name, so that they read alike with a caret and without.
 */
function namedAt(
  configuration: Configuration | undefined,
  options: PlanOptions,
  [field, index]: readonly [string, number?],
  reporter: Reporter,
): Complain {
  const own = { profile: options.profile, waivers: options.waivers, controls: options.controls[index ?? 0] };
  const word = field === 'profile' || field === 'waivers' || field === 'controls' ? own[field] : undefined;
  if (word !== undefined) {
    const flag = `--${field} `;
    const source = new SourceText(COMMAND_LINE, `custos ${flag}${word}`);
    const start = 'custos '.length + flag.length;
    return (message, hint) => reporter.at(source, start, source.text.length, `"${word}" ${message}`, hint);
  }
  const node =
    configuration === undefined ? undefined : yamlAt(configuration.document.root, field, ...(index === undefined ? [] : [index]));
  if (node?.kind !== 'scalar' || configuration === undefined) return reporter.ofFile(field);
  const { source } = configuration.document;
  return (message, hint) => reporter.at(source, node.start, node.end, `"${node.text}" ${message}`, hint);
}

async function chooseProfile(
  world: World,
  name: string,
  catalogue: Catalogue,
  complain: Complain,
  reporter: Reporter,
): Promise<Profile | undefined> {
  const bundled = catalogue.profiles.get(name);
  if (bundled !== undefined) return bundled;
  if (!/[/.]/.test(name)) {
    complain(
      'is no profile',
      nearest(name, [...catalogue.profiles.keys()]) ??
        `profiles are: ${[...catalogue.profiles.keys()].join(', ')}; a file of your own is named by its path`,
    );
    return undefined;
  }
  const text = await readText(world, name, reporter, undefined, complain);
  return text === undefined ? undefined : readProfile(text, reporter);
}

/** Targets of the command line: paths and URLs; the line that declares them is the command itself. */
function commandLineTargets({ targets, versions }: PlanOptions, reporter: Reporter): readonly Target[] {
  const words = ['custos scan'];
  for (const target of targets) words.push(target);
  for (const [product, version] of Object.entries(versions)) words.push(`--product ${product}=${version}`);
  const line = words.join(' ');
  const source = new SourceText(COMMAND_LINE, line);
  const place = (text: string): readonly [number, number] => [line.indexOf(` ${text}`) + 1, line.indexOf(` ${text}`) + 1 + text.length];
  const known = Object.fromEntries(
    Object.entries(versions).map(([product, version]) => [product, source.fact(version, ...place(`--product ${product}=${version}`))]),
  );
  return [...new Set(targets)].flatMap((address) => {
    const named = targetOf(address);
    if ('problem' in named) {
      // What was typed may hold a password: it is shown by its excerpt only, where that is redacted.
      reporter.at(source, ...place(address), named.problem, 'a target is a path, a URL, host:local or root:DIRECTORY');
      return [];
    }
    return [
      {
        ...named,
        address,
        system: DEFAULT_SYSTEM,
        labels: {},
        versions: known,
        options: {},
        declaredAt: source.range(...place(address)),
      },
    ];
  });
}
