import { Command, CommanderError, Option } from 'commander';
import { FORMATS } from '../report/report.ts';
import { clean } from '../report/text/layout.ts';
import { complain } from './complain.ts';
import { collectCommand } from './commands/collect.ts';
import { completionCommand } from './commands/completion.ts';
import { controlsCommand } from './commands/controls.ts';
import { diffCommand } from './commands/diff.ts';
import { evaluateCommand } from './commands/evaluate.ts';
import { explainCommand } from './commands/explain.ts';
import { initCommand } from './commands/init.ts';
import { profilesCommand } from './commands/profiles.ts';
import { reportCommand } from './commands/report.ts';
import { scanCommand } from './commands/scan.ts';
import { EXIT, toolVersion, type Shell } from './shell.ts';

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

Exit codes: 0 gate met · 1 not met · 2 undecided · 3 wrong usage or configuration · 130 interrupted`;

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
    return complain(error, shell, verbose);
  }
}

/** Every command with its options; `finish` is told the exit code. */
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

  const add = (command: Command): Command => {
    program.addCommand(command.exitOverride().copyInheritedSettings(program));
    return command;
  };
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
      .action(async (targets: string[], flags) => finish(await scanCommand(targets, flags, shell))),
  );
  add(
    withSchedule(
      withPolicy(new Command('collect').description('the first half: write evidence, judge nothing').argument('[TARGET...]', 'as in scan')),
    )
      .requiredOption('-o, --output <FILE>', 'evidence file to write (JSON Lines)')
      .option('--shard <I/N>', 'collect only the I-th of N shares of the targets')
      .action(async (targets: string[], flags) => finish(await collectCommand(targets, flags, shell))),
  );
  add(
    withReport(
      withOtherPolicy(
        new Command('evaluate')
          .description('the second half: judge evidence that was collected before')
          .argument('<EVIDENCE...>', 'evidence files of one plan'),
      ),
    )
      .option('--baseline <FILE>', 'an earlier assessment (json or jsonl)')
      .action(async (files: string[], flags) => finish(await evaluateCommand(files, flags, shell))),
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
      .action(async (files: string[], flags) => finish(await evaluateCommand(files, flags, shell))),
  );
  add(
    withReport(
      new Command('report')
        .description('write other formats from an assessment')
        .argument('<ASSESSMENT>', 'written by -f json or -f jsonl'),
    ).action(async (file: string, flags) => finish(await reportCommand(file, flags, shell))),
  );
  add(
    withLanguage(
      new Command('diff')
        .description('compare two assessments: new, worse, fixed, no longer determinable')
        .argument('<BEFORE>')
        .argument('<AFTER>'),
    ).action(async (before: string, after: string, flags) => finish(await diffCommand(before, after, flags, shell))),
  );
  add(
    withLanguage(
      new Command('explain').description('print a control as a person wants to read it').argument('<ID>', 'control id, such as IAM-01'),
    )
      .option('--assessment <FILE>', 'show why it came out as it did, for each resource')
      .option('--controls <DIR...>', 'directories of your own controls')
      .action(async (id: string, flags) => finish(await explainCommand(id, flags, shell))),
  );
  add(controlsCommand(shell, finish, withLanguage));
  add(profilesCommand(shell, finish, withLanguage));
  add(
    new Command('init')
      .description('write a starter custos.yaml for this directory')
      .option('--force', 'replace a custos.yaml that is there')
      .action(async (flags) => finish(await initCommand(flags, shell))),
  );
  add(
    new Command('completion')
      .description('print a completion script')
      .argument('<SHELL>', 'bash, zsh or fish')
      .action((name: string) => finish(completionCommand(name, program, shell))),
  );
  return program;
}

/** What commander says quotes what was typed, or the part of it before or after `=`. Its own line ends stay. */
function withoutEscapes(text: string, args: readonly string[]): string {
  const hostile = args.flatMap((arg) => [arg, ...arg.split('=')]).filter((part) => clean(part) !== part);
  const quoted = hostile.reduce((said, part) => said.replaceAll(part, clean(part)), text);
  return quoted.split('\n').map(clean).join('\n');
}

function withLanguage(command: Command): Command {
  return command
    .option('--lang <LANG>', 'en or zh (default: the locale’s)')
    .option('--no-color', 'no colours (NO_COLOR is respected too)')
    .option('-v, --verbose', 'say more when something goes wrong');
}

function withReport(command: Command): Command {
  const names = FORMATS.map(({ name }) => name).join(', ');
  return withLanguage(command).option(
    '-f, --format <FORMAT=PATH>',
    `report to write, repeatable: ${names} (default: text)`,
    collectAll,
    [],
  );
}

function withSchedule(command: Command): Command {
  return command
    .option('--concurrency <N>', 'targets looked at together', '8')
    .option('--timeout <S>', 'seconds for one target', '300')
    .option('--per-host <N>', 'connections to one host at once', '8')
    .option('--rate <N>', 'new connections to one host a second (default: 20 where there is more than one target)')
    .option('--max-connections <N>', 'connections to one host and port in all', '150')
    .option('-q, --quiet', 'no progress');
}

function withPolicy(command: Command): Command {
  return withJudgement(
    command
      .option('-c, --config <FILE>', 'configuration (default: custos.yaml here)')
      .option('-p, --profile <PROFILE>', 'a bundled profile, or the path of your own')
      .option('--product <NAME=VERSION>', 'product version of the targets, repeatable', collectAll, [])
      .option('--sni <NAME>', 'server name to ask for, in the place of the host’s')
      .option('--proxy <URL>', 'http://host:port or socks5://host:port')
      .option('--ca-file <FILE>', 'PEM file of authorities that are trusted besides the Mozilla roots')
      .option('--probe <CLASS>', 'opt-in probes, repeatable: odd, intrusive (needs `authorisation:` in custos.yaml)', collectAll, [])
      .option('--online', 'also ask OCSP responders, CRLs and DNS (CAA)')
      .option('--as-of <DATE>', 'judge as of this day (default: now)'),
  );
}

/** Evidence has the policy that it was collected by: what is named here stands in its place. */
function withOtherPolicy(command: Command): Command {
  return withJudgement(
    command
      .option('-c, --config <FILE>', 'another policy altogether: profile, parameters, waivers and gate of this configuration')
      .option('-p, --profile <PROFILE>', 'another profile; what the evidence’s own custos.yaml set stays')
      .addOption(new Option('--product <NAME=VERSION>').hideHelp().argParser(collectAll))
      .option('--as-of <DATE>', 'judge as of this day (default: the time of the evidence; of shards, the latest)'),
  );
}

function withJudgement(command: Command): Command {
  return command
    .option('--controls <DIR...>', 'directories of your own controls')
    .option('--waivers <FILE>', 'accepted risks, with owner, reason and expiry')
    .addOption(new Option('--fail-on <SEVERITY>', 'the gate fails at or above this severity (default: the profile’s, else high)'))
    .option('--min-score <N>', 'the gate wants at least this score')
    .option('--allow-undecided', 'the gate forgives what could not be determined (never an error)');
}

function collectAll(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}
