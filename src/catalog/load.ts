import { createHash } from 'node:crypto';
import type { ControlDefinition } from '../model/control.ts';
import type { PolicySource } from '../model/plan.ts';
import { causeSentence } from '../model/cause.ts';
import { SourceText } from '../text/source-text.ts';
import type { World } from '../world/world.ts';
import { compileControl } from '../cel/control.ts';
import { nearest, Reporter, type Complain } from './diagnostic.ts';
import { PREBUILT, type Prebuilt } from './prebuilt.ts';
import { readControl } from './read-control.ts';
import { profileOf, readProfile, type Profile } from './read-profile.ts';
import { readRegister, type Register } from './register.ts';

/** The controls that can be selected, and the profiles that select them. */
export interface Catalogue {
  readonly controls: readonly ControlDefinition[];
  readonly profiles: ReadonlyMap<string, Profile>;
  readonly register: Register;
  readonly policy: readonly PolicySource[];
}

const MAX_CONTROL_BYTES = 256 * 1024;

/**
 * Reads the bundled catalogue below `bundled`, and users' own controls: both through the same door. `ofOwn` says what is
 * wrong with one of their directories, at the place that names it.
 */
export async function loadCatalogue(
  world: World,
  bundled: string,
  own: readonly string[],
  reporter: Reporter,
  ofOwn?: (index: number) => Complain,
): Promise<Catalogue> {
  const bundledSources = await readYamlFiles(world, `${bundled}/controls`, 'controls', reporter);
  const profileSources = await readYamlFiles(world, `${bundled}/profiles`, 'profiles', reporter);
  const known = PREBUILT !== undefined && PREBUILT.digest === digestOfAll([...bundledSources, ...profileSources]) ? PREBUILT : undefined;
  const register = known === undefined ? registerOf(bundledSources, reporter) : new Map(Object.entries(known.register));
  const controls: ControlDefinition[] = [...(known?.controls ?? [])];
  const policy: PolicySource[] = [{ role: 'catalogue', name: 'controls', digest: digestOfAll(bundledSources) }];
  const add = (source: SourceText, isBundled: boolean): void => {
    if (source.text.length > MAX_CONTROL_BYTES) {
      reporter.of(source.file, `is larger than ${MAX_CONTROL_BYTES} bytes`);
      return;
    }
    const control = readControl(source, isBundled, register, reporter);
    if (control === undefined) return;
    const twin = controls.find(({ id }) => id === control.id);
    if (twin === undefined) controls.push(control);
    else
      reporter.add([
        {
          file: source.file,
          range: control.declaredAt,
          message: `${control.id} is already defined in ${twin.declaredAt.file}`,
          hint: 'give it an id of its own',
        },
      ]);
  };
  if (known === undefined) for (const source of bundledSources) if (!isRegister(source)) add(source, true);
  for (const [index, directory] of own.entries()) {
    const sources = await readYamlFiles(world, directory, directory, reporter, ofOwn?.(index));
    for (const source of sources) if (!isRegister(source)) add(source, false);
    policy.push({ role: 'controls', name: directory, digest: digestOfAll(sources) });
  }
  checkOutcomes(controls, reporter);
  const profiles = new Map<string, Profile>();
  for (const source of profileSources) {
    const read = known?.profiles[source.file];
    const profile = read === undefined ? readProfile(source, reporter) : profileOf({ source, ...read });
    if (profile !== undefined) profiles.set(profile.id, profile);
  }
  return { controls: controls.toSorted((a, b) => (a.id < b.id ? -1 : 1)), profiles, register, policy };
}

/** The bundled catalogue in the form that a build keeps of it. Throws what is wrong with it. */
export async function prebuild(world: World, bundled: string): Promise<Prebuilt> {
  const reporter = new Reporter();
  const { controls, register, profiles } = await loadCatalogue(world, bundled, [], reporter);
  const sources = [
    ...(await readYamlFiles(world, `${bundled}/controls`, 'controls', reporter)),
    ...(await readYamlFiles(world, `${bundled}/profiles`, 'profiles', reporter)),
  ];
  reporter.settle();
  return {
    digest: digestOfAll(sources),
    controls,
    register: Object.fromEntries(register),
    profiles: Object.fromEntries([...profiles.values()].map(({ document: { source, root, plain } }) => [source.file, { root, plain }])),
  };
}

function isRegister({ file }: SourceText): boolean {
  return file === 'register.yaml' || file.endsWith('/register.yaml');
}

function registerOf(sources: readonly SourceText[], reporter: Reporter): Register {
  const source = sources.find(isRegister);
  if (source !== undefined) return readRegister(source, reporter);
  reporter.of('controls/register.yaml', 'is not there', 'install Custos again');
  return new Map();
}

/** A control over findings may name first-pass controls only: nothing judges what judges findings. */
function checkOutcomes(controls: readonly ControlDefinition[], reporter: Reporter): void {
  const byId = new Map(controls.map((control) => [control.id, control]));
  for (const control of controls.filter(({ scope }) => scope === 'findings')) {
    const compilation = compileControl(control);
    if (!compilation.ok) continue;
    for (const id of compilation.compiled.outcomes) {
      const named = byId.get(id);
      if (named !== undefined && named.scope !== 'findings') continue;
      const message =
        named === undefined ? `outcomes("${id}"): no control is called ${id}` : `outcomes("${id}"): ${id} judges findings itself`;
      const hint = named === undefined ? nearest(id, [...byId.keys()]) : undefined;
      reporter.add([{ file: control.declaredAt.file, range: control.declaredAt, message, ...(hint === undefined ? {} : { hint }) }]);
    }
  }
}

/** A text file of policy; what cannot be read is a diagnostic, at the place that names the file where `complain` knows it. */
export async function readText(
  world: World,
  path: string,
  reporter: Reporter,
  shownIn?: string,
  complain: Complain = reporter.ofFile(path),
): Promise<SourceText | undefined> {
  const slash = path.lastIndexOf('/');
  const [directory, name] = slash === -1 ? ['.', path] : [path.slice(0, slash) || '/', path.slice(slash + 1)];
  const tree = await world.tree(directory);
  const content = 'state' in tree ? tree : await tree.read(name);
  if (content === 'not-there' || isNothing(content))
    complain('is not there', 'check the path; it is taken from the directory of custos.yaml, or from here on the command line');
  else if ('state' in content) complain(causeSentence(content).en);
  else return new SourceText(name, content.bytes, shownIn ?? directory);
  return undefined;
}

/** The YAML files below a directory; `shownAs` names it in positions, so that a plan holds no path of this machine. */
async function readYamlFiles(
  world: World,
  directory: string,
  shownAs: string,
  reporter: Reporter,
  complain: Complain = reporter.ofFile(directory),
): Promise<readonly SourceText[]> {
  const tree = await world.tree(directory);
  if ('state' in tree) {
    if (isNothing(tree)) complain('is not there', 'name a directory that holds controls');
    else complain(causeSentence(tree).en);
    return [];
  }
  const { entries, unseen } = await tree.walk();
  for (const { path, why } of unseen) reporter.of(`${directory}/${path}`, causeSentence(why).en);
  const sources: SourceText[] = [];
  for (const { path } of entries.filter((entry) => /\.ya?ml$/.test(entry.path))) {
    const content = await tree.read(path);
    if (content === 'not-there') continue;
    if ('state' in content) reporter.of(`${directory}/${path}`, causeSentence(content).en);
    else sources.push(new SourceText(path, content.bytes, shownAs));
  }
  if (sources.length === 0 && unseen.length === 0) complain('holds no control', 'a control is a file called <ID>-<slug>.yaml');
  return sources;
}

/** The world says of what is not there that it could not be reached: of a file of one's own, that is a mistype. */
function isNothing(content: object): boolean {
  return 'cause' in content && content.cause === 'unreachable';
}

function digestOfAll(sources: readonly SourceText[]): string {
  const hash = createHash('sha256');
  for (const { file, digest } of sources) hash.update(`${file}\u0000${digest}\n`);
  return hash.digest('hex');
}
