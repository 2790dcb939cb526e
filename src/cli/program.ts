import { Command, CommanderError } from 'commander';
import { clean } from '../report/text/layout.ts';
import { controlsCommands, profilesCommands } from './inner-commands.ts';
import { withLanguage, withOtherPolicy, withPolicy, withQuiet, withReport, withSchedule } from './options.ts';
import { EXIT, toolVersion, type Shell } from './shell.ts';
import { TEACHING } from './teaching.ts';

const ABOUT = `Custos audits systems that hold other people's money: it holds configuration
and infrastructure against one catalogue of custody security controls.

A control passes only on something that was positively seen. What could not be
read or computed is "not determined": shown, counted, and scored as not proven.`;

const EXAMPLES = `
Examples:
  custos scan https://pay.example.com       look at a live endpoint
  custos scan ./deploy                      look at a directory of configuration
  custos scan ./deploy --product nginx=1.24.0
                                            product defaults are only known for a known version
  custos init                               write a custos.yaml, then: custos scan
  custos scan -f text -f sarif=custos.sarif two reports of one run
  custos explain IAM-01                     what a control asks for, and why
  custos scan --lang zh                     中文报告

Exit codes: 0 gate met · 1 not met · 2 undecided
            3 wrong usage or configuration · 130 interrupted`;

/** Runs one command line. Returns the exit code; nothing here ends the process. */
export async function run(args: readonly string[], shell: Shell): Promise<number> {
  let code: number = EXIT.ok;
  const verbose = args.includes('-v') || args.includes('--verbose');
  const finish = (result: number): void => {
    code = result;
  };
  const program = buildProgram(shell, finish, args);
  try {
    await program.parseAsync([...args], { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    return (await import('./complain.ts')).complain(error, shell, verbose);
  }
}

/**
 * Every command with its options; `finish` is told the exit code. What a command does is loaded when it is asked for: help and
 * mistyped options need no engine.
 */
export function buildProgram(shell: Shell, finish: (code: number) => void, args: readonly string[]): Command {
  const program = new Command('custos')
    .description(ABOUT)
    .version(toolVersion(), '-V, --version', 'print the version')
    .addHelpText('after', EXAMPLES)
    .showSuggestionAfterError(true)
    .showHelpAfterError('(custos --help teaches the commands)')
    .configureOutput({ writeOut: (text) => shell.stdout.write(text), writeErr: (text) => shell.stderr.write(withoutEscapes(text, args)) })
    .configureHelp({ showGlobalOptions: false })
    .exitOverride();

  const add = (command: Command): void => void program.addCommand(prepared(command, program, command.name()));
  add(
    withReport(
      withSchedule(
        withPolicy(
          new Command('scan')
            .description('collect, evaluate and report: the main job')
            .argument(
              '[TARGET...]',
              'URLs (https://, tls://, smtp+starttls://…), directories or files; without any, the targets of custos.yaml',
            ),
        ),
      ),
    )
      .option('--baseline <FILE>', 'an earlier assessment (json or jsonl): the gate ignores what it knows')
      .option('--evidence <FILE>', 'also keep the evidence (JSON Lines)')
      .action(async (targets: string[], flags) => finish(await (await import('./commands/scan.ts')).scanCommand(targets, flags, shell))),
  );
  add(
    withLanguage(
      withQuiet(
        withSchedule(
          withPolicy(
            new Command('collect').description('the first half: write evidence, judge nothing').argument('[TARGET...]', 'as in scan'),
          ),
        ),
      ),
    )
      .requiredOption('-o, --output <FILE>', 'evidence file to write (JSON Lines); - is standard output')
      .option('--shard <I/N>', 'collect only the I-th of N shares of the targets')
      .action(async (targets: string[], flags) =>
        finish(await (await import('./commands/collect.ts')).collectCommand(targets, flags, shell)),
      ),
  );
  add(
    withReport(
      withOtherPolicy(
        new Command('evaluate')
          .description('the second half: judge evidence that was collected before')
          .argument('<EVIDENCE...>', 'evidence files of one plan; - is standard input'),
      ),
    )
      .option('--baseline <FILE>', 'an earlier assessment (json or jsonl)')
      .action(async (files: string[], flags) =>
        finish(await (await import('./commands/evaluate.ts')).evaluateCommand(files, flags, shell)),
      ),
  );
  add(
    withReport(
      withOtherPolicy(
        new Command('merge')
          .description('join the evidence of shards and judge it once')
          .argument('<EVIDENCE...>', 'the evidence of every shard'),
      ),
    )
      .option('--baseline <FILE>', 'an earlier assessment (json or jsonl)')
      .option('-o, --output <FILE>', 'also write the joined evidence')
      .action(async (files: string[], flags) =>
        finish(await (await import('./commands/evaluate.ts')).evaluateCommand(files, flags, shell)),
      ),
  );
  add(
    withReport(
      new Command('report')
        .description('write other formats from an assessment')
        .argument('<ASSESSMENT>', 'written by -f json or -f jsonl; - is standard input'),
    ).action(async (file: string, flags) => finish(await (await import('./commands/report.ts')).reportCommand(file, flags, shell))),
  );
  add(
    withLanguage(
      new Command('diff')
        .description('compare two assessments: new, worse, fixed, no longer determinable')
        .argument('<BEFORE>', 'assessment (json or jsonl)')
        .argument('<AFTER>', 'assessment (json or jsonl)'),
    ).action(async (before: string, after: string, flags) =>
      finish(await (await import('./commands/diff.ts')).diffCommand(before, after, flags, shell)),
    ),
  );
  add(
    withLanguage(
      new Command('explain').description('print a control as a person wants to read it').argument('<ID>', 'control id, such as IAM-01'),
    )
      .option('--assessment <FILE>', 'show why it came out as it did, for each resource')
      .option('--controls <DIR...>', 'directories of your own controls')
      .action(async (id: string, flags) => finish(await (await import('./commands/explain.ts')).explainCommand(id, flags, shell))),
  );
  add(controlsCommands(shell, finish));
  add(profilesCommands(shell, finish));
  add(
    withLanguage(new Command('init'))
      .description('write a starter custos.yaml for this directory')
      .option('--force', 'replace a custos.yaml that is there')
      .action(async (flags) => finish(await (await import('./commands/init.ts')).initCommand(flags, shell))),
  );
  add(
    withLanguage(new Command('completion'))
      .description('print a completion script')
      .argument('<SHELL>', 'bash, zsh or fish')
      .action(async (name: string) => finish((await import('./commands/completion.ts')).completionCommand(name, program, shell))),
  );
  return program;
}

/** A command with what its help teaches, and errors that end no process; those within it alike. */
function prepared(command: Command, parent: Command, path: string): Command {
  command.copyInheritedSettings(parent).exitOverride();
  command.addHelpText('after', TEACHING[path] ?? '');
  for (const inner of command.commands) prepared(inner, command, `${path} ${inner.name()}`);
  return command;
}

/** What commander says quotes what was typed, or the part of it before or after `=`. Its own line ends stay. */
function withoutEscapes(text: string, args: readonly string[]): string {
  const hostile = args.flatMap((arg) => [arg, ...arg.split('=')]).filter((part) => clean(part) !== part);
  const quoted = hostile.reduce((said, part) => said.replaceAll(part, clean(part)), text);
  return quoted.split('\n').map(clean).join('\n');
}
