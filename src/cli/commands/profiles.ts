import { relative, resolve } from 'node:path';
import { Reporter } from '../../catalog/diagnostic.ts';
import { mergeProfile } from '../../catalog/merge-profile.ts';
import type { Localized } from '../../model/localized.ts';
import { chooseProfile } from '../../plan.ts';
import { padTo, painter, wrap } from '../../report/text/layout.ts';
import { nodeWorld } from '../../world/node.ts';
import { writeStandard } from '../output-file.ts';
import { columnsOf, EXIT, languageOf, UsageError, wantsColor, type Shell } from '../shell.ts';
import { hanging } from './explain-finding.ts';
import { setByText } from './explain-words.ts';
import { loadControls } from './load.ts';

export interface ProfileFlags {
  readonly lang?: string;
  readonly color?: boolean;
}

/** `custos profiles list`: the bundled ones, and how many controls each selects. */
export async function listProfiles(flags: ProfileFlags, shell: Shell): Promise<number> {
  const { profiles, controls } = await loadControls([], shell);
  const language = languageOf(flags.lang, shell.env);
  for (const profile of profiles.values()) {
    const { selected } = mergeProfile(profile, profiles, controls, new Reporter());
    shell.stdout.write(`${padTo(profile.id, 20)} ${padTo(String(selected.size), 4)} ${profile.title[language]}\n`);
  }
  return EXIT.ok;
}

/** `custos profiles show`: a profile with everything that it inherits. */
export async function showProfile(name: string, flags: ProfileFlags, shell: Shell): Promise<number> {
  const { profiles, controls } = await loadControls([], shell);
  const reporter = new Reporter();
  const path = /[/.]/.test(name) ? relative(shell.cwd, resolve(shell.cwd, name)).replaceAll('\\', '/') : name;
  const wrong = (message: string, hint?: string): never => {
    throw new UsageError(`"${name}" ${message}`, hint);
  };
  const profile = await chooseProfile(nodeWorld(shell.cwd), path, { profiles }, wrong, reporter);
  reporter.settle();
  if (profile === undefined) return EXIT.usage; // what is wrong with it has been thrown
  const merged = mergeProfile(profile, profiles, controls, reporter);
  reporter.settle();
  const language = languageOf(flags.lang, shell.env);
  const paint = painter(wantsColor(shell.stdout, shell.env, flags.color));
  const columns = Math.min(columnsOf(shell.stdout), 100);
  const lines = [...wrap(`${profile.id}  ${profile.title[language]}`, columns).map((line) => paint('bold', line)), ''];
  const say = (text: string): void => void lines.push(...hanging(text, 0, columns));
  if (profile.description !== undefined) lines.push(...wrap(profile.description[language], columns), '');
  if (profile.extends !== undefined) say(`${WORDS.extends[language]}: ${profile.extends.join(', ')}`);
  for (const [field, value] of Object.entries(merged.gate)) say(`${WORDS.gate[language]}: ${field} ${JSON.stringify(value)}`);
  for (const { kind, atLeast } of merged.expects) say(`${WORDS.expects[language]}: ${kind} ≥ ${atLeast}`);
  for (const [control, settings] of merged.parameters)
    for (const [parameter, { value, setBy }] of settings)
      say(`${control} ${parameter} = ${JSON.stringify(value)}  (${setByText(setBy, language)})`);
  for (const { control, parameter, value } of merged.bounds)
    say(`${control} ${parameter}: ${WORDS.bound[language]} ${JSON.stringify(value)}`);
  const ids = controls.flatMap(({ id }) => (merged.selected.has(id) ? [id] : []));
  lines.push('', ...wrap(`${merged.selected.size} ${WORDS.selected[language]}: ${ids.join(' ')}`, columns));
  await writeStandard([`${lines.join('\n')}\n`], shell);
  return EXIT.ok;
}

const WORDS = {
  extends: { en: 'extends', zh: '继承' },
  gate: { en: 'gate', zh: '门槛' },
  expects: { en: 'expects', zh: '应有' },
  bound: { en: 'never looser than', zh: '不得宽于' },
  selected: { en: 'controls', zh: '项控制' },
} as const satisfies Record<string, Localized>;
