import { Option, type Command } from 'commander';
import { SEVERITIES } from '../model/control.ts';
import { FORMATS } from '../report/report.ts';

/** What every command takes. */
export function withLanguage(command: Command): Command {
  return command
    .option('--lang <LANG>', 'en or zh (default: the locale’s)')
    .option('--no-color', 'no colours (NO_COLOR is respected too)')
    .option('-v, --verbose', 'say more when something goes wrong');
}

export function withQuiet(command: Command): Command {
  return command.option('-q, --quiet', 'no progress');
}

export function withReport(command: Command): Command {
  const names = FORMATS.map(({ name }) => name).join(', ');
  return withQuiet(withLanguage(command)).addOption(
    repeatable('-f, --format <FORMAT=PATH>', `report to write, repeatable: ${names} (default: text; PATH: standard output)`),
  );
}

export function withSchedule(command: Command): Command {
  return command
    .option('--concurrency <N>', 'targets looked at together (default: 8)')
    .option('--timeout <S>', 'seconds for one target (default: 300)')
    .option('--per-host <N>', 'connections to one host at once (default: 8)')
    .option('--rate <N>', 'new connections to one host a second (default: 20 where there is more than one target)')
    .option('--max-connections <N>', 'connections to one host and port in all (default: 150)');
}

export function withPolicy(command: Command): Command {
  return withJudgement(
    command
      .option('-c, --config <FILE>', 'configuration (default: custos.yaml here)')
      .option('-p, --profile <PROFILE>', 'a bundled profile, or the path of your own (default: custody-baseline)')
      .addOption(repeatable('--product <NAME=VERSION>', 'product version of the targets, repeatable'))
      .option('--sni <NAME>', 'server name to ask for, in the place of the host’s')
      .option('--proxy <URL>', 'http://host:port or socks5://host:port')
      .option('--ca-file <FILE>', 'PEM file of authorities that are trusted besides the Mozilla roots')
      .addOption(repeatable('--probe <CLASS>', 'opt-in probes, repeatable: odd, intrusive (needs `authorisation:` in custos.yaml)'))
      .option('--online', 'also ask OCSP responders, CRLs and DNS (CAA)')
      .option('--as-of <DATE>', 'judge as of this day (default: now)'),
  );
}

/** Evidence has the policy that it was collected by: what is named here stands in its place. */
export function withOtherPolicy(command: Command): Command {
  return withJudgement(
    command
      .option('-c, --config <FILE>', 'another policy altogether: profile, parameters, waivers and gate of this configuration')
      .option('-p, --profile <PROFILE>', 'another profile; what the evidence’s own custos.yaml set stays')
      .addOption(repeatable('--product <NAME=VERSION>').hideHelp())
      .option('--as-of <DATE>', 'judge as of this day (default: the time of the evidence; of shards, the latest)'),
  );
}

function withJudgement(command: Command): Command {
  return command
    .option('--controls <DIR...>', 'directories of your own controls')
    .option('--waivers <FILE>', 'accepted risks, with owner, reason and expiry')
    .option('--fail-on <SEVERITY>', `the gate fails at or above it: ${SEVERITIES.join(', ')} (default: the profile’s, else high)`)
    .option('--min-score <N>', 'the gate wants at least this score, 0–100')
    .option('--allow-undecided', 'the gate forgives what could not be determined (never an error)');
}

/** An option that may be given several times. Without a default: help would print an empty list. */
function repeatable(flags: string, description?: string): Option {
  return new Option(flags, description).argParser((value: string, before: readonly string[] | undefined) => [...(before ?? []), value]);
}
