import { nearest } from '../catalog/diagnostic.ts';
import { shardOf } from '../cli/schedule-options.ts';
import { UsageError } from '../cli/shell.ts';
import { SEVERITIES, type Severity } from '../model/control.ts';
import type { Language } from '../model/localized.ts';
import { FORMATS } from '../report/report.ts';

/** A report that was asked for; without a path it goes to a file of ours. */
export interface AskedReport {
  readonly format: string;
  readonly path?: string;
}

/** Where the assessment to compare with is: a file, or an artifact of the base branch. */
export type BaselineSource = { readonly file: string } | { readonly artifact: string };

/** The inputs of action.yml, checked. Paths are as they were written: seen from `workingDirectory`. */
export interface Inputs {
  readonly targets: readonly string[];
  readonly config?: string;
  readonly profile?: string;
  readonly failOn?: Severity;
  readonly minScore?: number;
  /** Undefined: live targets are looked at except on a pull request. */
  readonly live?: boolean;
  readonly baseline?: BaselineSource;
  readonly formats: readonly AskedReport[];
  readonly sarifFile?: string;
  /** Families of controls, upper case; empty for all. */
  readonly categories: readonly string[];
  readonly language: Language;
  readonly workingDirectory: string;
  readonly allowUndecided: boolean;
  readonly annotate: boolean;
  readonly summary: boolean;
  readonly shard?: { readonly index: number; readonly of: number };
  /** Evidence of shards, to be merged and judged in the place of a scan. */
  readonly evidence: readonly string[];
  /** For the artifact of the base branch. It is sent to GitHub's own API and nowhere else. */
  readonly token: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

const ARTIFACT = 'custos-assessment';

/** Reads the inputs as the runner hands them over: `INPUT_FAIL-ON` and the like. Throws all that is wrong, each with its name. */
export function readInputs(env: Environment): Inputs {
  const problems: string[] = [];
  const text = (name: string): string => (env[`INPUT_${name.toUpperCase()}`] ?? '').trim();
  const wrong = (name: string, what: string): undefined => void problems.push(`input ${name}: ${what}`);
  const given = (name: string): string | undefined => (text(name) === '' ? undefined : text(name));
  const words = (name: string): readonly string[] =>
    text(name)
      .split(/[\n,]/)
      .map((word) => word.trim())
      .filter((word) => word !== '');
  const flag = (name: string): boolean | undefined => {
    const value = text(name).toLowerCase();
    if (value === '') return undefined;
    if (value !== 'true' && value !== 'false') return wrong(name, `"${text(name)}" is neither true nor false`);
    return value === 'true';
  };

  const failOn = given('fail-on');
  const severity = SEVERITIES.find((one) => one === failOn);
  if (failOn !== undefined && severity === undefined)
    wrong('fail-on', `"${failOn}" is none of ${SEVERITIES.join(', ')}${hint(nearest(failOn, SEVERITIES))}`);
  const minScore = given('min-score');
  const score = minScore === undefined ? undefined : Number(minScore);
  if (score !== undefined && !(score >= 0 && score <= 100)) wrong('min-score', `"${minScore}" is no number from 0 to 100`);
  const language = given('language') ?? 'en';
  if (language !== 'en' && language !== 'zh') wrong('language', `"${language}" is neither en nor zh`);
  const names = FORMATS.map(({ name }) => name);
  const formats = words('formats').map((word): AskedReport => {
    const at = word.indexOf('=');
    const format = at === -1 ? word : word.slice(0, at).trim();
    if (!names.includes(format))
      wrong('formats', `there is no format "${format}"${hint(nearest(format, names) ?? `formats are: ${names.join(', ')}`)}`);
    const path = at === -1 ? undefined : word.slice(at + 1).trim();
    if (path === '') wrong('formats', `"${word}" has no path after =`);
    return path === undefined ? { format } : { format, path };
  });
  const shard = given('shard');
  let share: Inputs['shard'];
  try {
    share = shard === undefined ? undefined : shardOf(shard);
  } catch {
    wrong('shard', `"${shard}" is not written as 1/4, from 1 to the number of shares`);
  }
  const evidence = words('evidence');
  if (share !== undefined && evidence.length > 0) wrong('shard', 'a share is collected, or evidence is judged: never both in one step');
  for (const name of ['targets', 'config', 'working-directory'] as const)
    if (evidence.length > 0 && given(name) !== undefined && !(name === 'working-directory' && text(name) === '.'))
      wrong(name, 'evidence brings its own targets and policy: leave it out beside `evidence`');
  const flags = {
    live: flag('live'),
    allowUndecided: flag('allow-undecided') ?? false,
    annotate: flag('annotate') ?? true,
    summary: flag('summary') ?? true,
  };
  const baseline = baselineSource(given('baseline'), wrong);
  if (problems.length > 0) throw new UsageError(problems, 'docs/github-action.md tells what each input takes');
  const [config, profile, sarifFile] = [given('config'), given('profile'), given('sarif-file')];
  const { live, ...others } = flags;
  return {
    targets: words('targets'),
    ...(config === undefined ? {} : { config }),
    ...(profile === undefined ? {} : { profile }),
    ...(severity === undefined ? {} : { failOn: severity }),
    ...(score === undefined ? {} : { minScore: score }),
    ...(live === undefined ? {} : { live }),
    ...(baseline === undefined ? {} : { baseline }),
    formats: formats.length === 0 ? [{ format: 'json' }] : formats,
    ...(sarifFile === undefined ? {} : { sarifFile }),
    categories: words('categories').map((word) => word.toUpperCase()),
    language: language === 'zh' ? 'zh' : 'en',
    workingDirectory: given('working-directory') ?? '.',
    ...others,
    ...(share === undefined ? {} : { shard: share }),
    evidence,
    token: text('token'),
  };
}

function baselineSource(text: string | undefined, wrong: (name: string, what: string) => undefined): BaselineSource | undefined {
  if (text === undefined) return undefined;
  const [, , name] = /^artifact(:(.*))?$/.exec(text) ?? [undefined, undefined, undefined];
  if (!/^artifact(?::|$)/.test(text)) return { file: text };
  const artifact = (name ?? ARTIFACT).trim();
  // What GitHub lets an artifact be called; nothing in it may steer a URL.
  if (!/^[\w .-]{1,128}$/.test(artifact)) return wrong('baseline', `"${text}" is written as artifact or artifact:NAME`);
  return { artifact };
}

function hint(text: string | undefined): string {
  return text === undefined ? '' : `; ${text}`;
}
