import { Command } from 'commander';
import { InvalidInput, nearest, Reporter } from '../../catalog/diagnostic.ts';
import { mergeProfile } from '../../catalog/merge-profile.ts';
import { padTo, painter, wrap } from '../../report/text/layout.ts';
import { columnsOf, EXIT, languageOf, UsageError, wantsColor, type Shell } from '../shell.ts';
import { loadControls } from './load.ts';

interface Flags {
  readonly lang?: string;
  readonly color?: boolean;
}

/** `custos profiles list|show`. */
export function profilesCommand(shell: Shell, finish: (code: number) => void, withLanguage: (command: Command) => Command): Command {
  const profiles = new Command('profiles').description('list and show profiles');
  profiles.addCommand(
    withLanguage(new Command('list').description('every bundled profile')).action(async (flags: Flags) => finish(await list(flags, shell))),
  );
  profiles.addCommand(
    withLanguage(new Command('show').description('what a profile selects, sets, expects and demands').argument('<ID>')).action(
      async (id: string, flags: Flags) => finish(await show(id, flags, shell)),
    ),
  );
  return profiles;
}

async function list(flags: Flags, shell: Shell): Promise<number> {
  const { profiles, controls } = await loadControls([], shell);
  const language = languageOf(flags.lang, shell.env);
  for (const profile of profiles.values()) {
    const { selected } = mergeProfile(profile, profiles, controls, new Reporter());
    shell.stdout.write(`${padTo(profile.id, 20)} ${padTo(String(selected.size), 4)} ${profile.title[language]}\n`);
  }
  return EXIT.ok;
}

async function show(id: string, flags: Flags, shell: Shell): Promise<number> {
  const { profiles, controls } = await loadControls([], shell);
  const language = languageOf(flags.lang, shell.env);
  const paint = painter(wantsColor(shell.stdout, shell.env, flags.color));
  const profile = profiles.get(id);
  if (profile === undefined)
    throw new UsageError(
      `there is no profile "${id}"`,
      nearest(id, [...profiles.keys()]) ?? `profiles are: ${[...profiles.keys()].join(', ')}`,
    );
  const reporter = new Reporter();
  const merged = mergeProfile(profile, profiles, controls, reporter);
  if (reporter.diagnostics.length > 0) throw new InvalidInput(reporter.diagnostics);
  const lines = [`${paint('bold', id)}  ${profile.title[language]}`, ''];
  if (profile.description !== undefined) lines.push(...wrap(profile.description[language], Math.min(columnsOf(shell.stdout), 100)), '');
  if (profile.extends !== undefined) lines.push(`extends: ${profile.extends.join(', ')}`);
  lines.push(`gate: ${JSON.stringify(merged.gate)}`);
  for (const { kind, atLeast } of merged.expects) lines.push(`expects: ${kind} ≥ ${atLeast}`);
  for (const [control, settings] of merged.parameters)
    for (const [name, { value, setBy }] of settings) lines.push(`${control} ${name} = ${JSON.stringify(value)}  (${setBy})`);
  for (const { control, parameter, value } of merged.bounds)
    lines.push(`${control} ${parameter}: never looser than ${JSON.stringify(value)}`);
  lines.push(
    '',
    `${merged.selected.size}: ${controls
      .filter((control) => merged.selected.has(control.id))
      .map((control) => control.id)
      .join(' ')}`,
  );
  shell.stdout.write(`${lines.join('\n')}\n`);
  return EXIT.ok;
}
