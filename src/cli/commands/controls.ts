import { Command } from 'commander';
import { nearest, Reporter } from '../../catalog/diagnostic.ts';
import type { ControlDefinition } from '../../model/control.ts';
import { SEVERITIES } from '../../model/control.ts';
import { fit, padTo, painter } from '../../report/text/layout.ts';
import { SEVERITY_WORDS } from '../../report/text/words.ts';
import { proveApart } from '../../sandbox/prepare.ts';
import { columnsOf, EXIT, languageOf, UsageError, wantsColor, type Shell } from '../shell.ts';
import { explainCommand } from './explain.ts';
import { loadControls, readControls } from './load.ts';

interface ListFlags {
  readonly lang?: string;
  readonly color?: boolean;
  readonly family?: string;
  readonly json?: boolean;
}

/** `custos controls list|show|lint|test`. */
export function controlsCommand(shell: Shell, finish: (code: number) => void, withLanguage: (command: Command) => Command): Command {
  const controls = new Command('controls').description('list, show, lint and test controls');
  const directories = '[DIR...]';
  controls.addCommand(
    withLanguage(new Command('list').description('every control, one a line').argument(directories, 'directories of your own controls'))
      .option('--family <FAMILY>', 'only this family, such as TLS')
      .option('--json', 'as JSON')
      .action(async (own: string[], flags: ListFlags) => finish(await listControls(own, flags, shell))),
  );
  controls.addCommand(
    withLanguage(new Command('show').description('a control in full').argument('<ID>'))
      .option('--controls <DIR...>', 'directories of your own controls')
      .action(async (id: string, flags) => finish(await explainCommand(id, flags, shell))),
  );
  controls.addCommand(
    new Command('lint')
      .description('check controls: schema, references, types of every expression')
      .argument(directories, 'directories of your own controls')
      .action(async (own: string[]) => {
        const { controls: all } = await loadControls(own, shell);
        shell.stdout.write(`${all.length} controls are well-formed.\n`);
        finish(EXIT.ok);
      }),
  );
  controls.addCommand(
    new Command('test')
      .description('lint, and run the examples of every control')
      .argument(directories, 'directories of your own controls')
      .action(async (own: string[]) => finish(await testControls(own, shell))),
  );
  return controls;
}

async function listControls(own: readonly string[], flags: ListFlags, shell: Shell): Promise<number> {
  const { controls } = await loadControls(own, shell);
  const language = languageOf(flags.lang, shell.env);
  const chosen = controls.filter(({ family }) => flags.family === undefined || family === flags.family.toUpperCase());
  const families = [...new Set(controls.map(({ family }) => family))];
  if (flags.family !== undefined && chosen.length === 0)
    throw new UsageError(
      `--family ${flags.family}: no control is of this family`,
      nearest(flags.family.toUpperCase(), families) ?? `families are: ${families.join(', ')}`,
    );
  if (flags.json === true) {
    const rows = chosen.map(({ id, revision, family, title, severity, resource, verification, references, tags }) => ({
      id,
      revision,
      family,
      title,
      severity,
      resource,
      verification,
      references,
      tags,
    }));
    shell.stdout.write(`${JSON.stringify(rows, undefined, 2)}\n`);
    return EXIT.ok;
  }
  const paint = painter(wantsColor(shell.stdout, shell.env, flags.color));
  const columns = columnsOf(shell.stdout);
  for (const { id, severity, resource, title } of chosen) {
    shell.stdout.write(
      `${paint('bold', padTo(id, 8))} ${padTo(SEVERITY_WORDS[severity][language], 9)} ${paint('dim', padTo(resource, 20))} ${fit(title[language], Math.max(30, columns - 41))}\n`,
    );
  }
  const counts = SEVERITIES.map((severity) => [severity, chosen.filter((control) => control.severity === severity).length] as const).filter(
    ([, count]) => count > 0,
  );
  shell.stdout.write(
    `\n${chosen.length}: ${counts.map(([severity, count]) => `${count} ${SEVERITY_WORDS[severity][language]}`).join(', ')}\n`,
  );
  return EXIT.ok;
}

async function testControls(own: readonly string[], shell: Shell): Promise<number> {
  const reporter = new Reporter();
  const catalogue = await readControls(own, shell, reporter);
  const tested = own.length === 0 ? catalogue : { ...catalogue, controls: catalogue.controls.filter(({ bundled }) => !bundled) };
  const proofs = await proveApart(tested);
  for (const { problems } of proofs.values()) reporter.add(problems);
  reporter.settle();
  const examples = tested.controls.reduce((sum: number, control: ControlDefinition) => sum + control.examples.length, 0);
  shell.stdout.write(`${tested.controls.length} controls, ${examples} examples: all come out as they say.\n`);
  return EXIT.ok;
}
