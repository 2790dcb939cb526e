import { Command } from 'commander';
import { withLanguage } from './options.ts';
import type { Shell } from './shell.ts';

const DIRECTORIES = ['[DIR...]', 'directories of your own controls'] as const;

/** `custos controls list|show|lint|test`, declared; what they do is loaded when one is asked for. */
export function controlsCommands(shell: Shell, finish: (code: number) => void): Command {
  const controls = new Command('controls').description('list, show, lint and test controls');
  const loaded = (): Promise<typeof import('./commands/controls.ts')> => import('./commands/controls.ts');
  controls.addCommand(
    withLanguage(new Command('list').description('every control, one a line').argument(...DIRECTORIES))
      .option('--family <FAMILY>', 'only this family, such as TLS')
      .option('--json', 'as JSON')
      .action(async (own: string[], flags) => finish(await (await loaded()).listControls(own, flags, shell))),
  );
  controls.addCommand(
    withLanguage(new Command('show').description('a control in full').argument('<ID>', 'control id, such as IAM-01'))
      .option('--controls <DIR...>', 'directories of your own controls')
      .action(async (id: string, flags) => finish(await (await import('./commands/explain.ts')).explainCommand(id, flags, shell))),
  );
  controls.addCommand(
    withLanguage(new Command('lint'))
      .description('check controls: schema, references, types of every expression')
      .argument(...DIRECTORIES)
      .action(async (own: string[], flags) => finish(await (await loaded()).lintControls(own, flags, shell))),
  );
  controls.addCommand(
    withLanguage(new Command('test'))
      .description('lint, and run the examples of every control')
      .argument(...DIRECTORIES)
      .action(async (own: string[], flags) => finish(await (await loaded()).testControls(own, flags, shell))),
  );
  return controls;
}

/** `custos profiles list|show`, declared. */
export function profilesCommands(shell: Shell, finish: (code: number) => void): Command {
  const profiles = new Command('profiles').description('list and show profiles');
  const loaded = (): Promise<typeof import('./commands/profiles.ts')> => import('./commands/profiles.ts');
  profiles.addCommand(
    withLanguage(new Command('list').description('every bundled profile')).action(async (flags) =>
      finish(await (await loaded()).listProfiles(flags, shell)),
    ),
  );
  profiles.addCommand(
    withLanguage(
      new Command('show')
        .description('what a profile selects, sets, expects and demands')
        .argument('<PROFILE>', 'its id, or the path of your own'),
    ).action(async (id: string, flags) => finish(await (await loaded()).showProfile(id, flags, shell))),
  );
  return profiles;
}
