import { nearest, Reporter } from '../../catalog/diagnostic.ts';
import type { ControlDefinition } from '../../model/control.ts';
import { SEVERITIES } from '../../model/control.ts';
import { fit, padTo, painter } from '../../report/text/layout.ts';
import { SEVERITY_WORDS } from '../../report/text/words.ts';
import { proveApart } from '../../sandbox/prepare.ts';
import { columnsOf, EXIT, languageOf, UsageError, wantsColor, type Shell } from '../shell.ts';
import { loadControls, readControls } from './load.ts';

export interface ListFlags {
  readonly lang?: string;
  readonly color?: boolean;
  readonly family?: string;
  readonly json?: boolean;
}

/** `custos controls list`: every control, one a line, or as JSON. */
export async function listControls(own: readonly string[], flags: ListFlags, shell: Shell): Promise<number> {
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

/** `custos controls lint`: reading the catalogue throws what is wrong with it. */
export async function lintControls(own: readonly string[], flags: ListFlags, shell: Shell): Promise<number> {
  const language = languageOf(flags.lang, shell.env);
  const { controls } = await loadControls(own, shell);
  const count = controls.length;
  shell.stdout.write(language === 'zh' ? `${count} 项控制格式正确。\n` : `${count} control${count === 1 ? ' is' : 's are'} well-formed.\n`);
  return EXIT.ok;
}

/** `custos controls test`: runs the examples, of the user's own controls where directories are named. */
export async function testControls(own: readonly string[], flags: ListFlags, shell: Shell): Promise<number> {
  const language = languageOf(flags.lang, shell.env);
  const reporter = new Reporter();
  const catalogue = await readControls(own, shell, reporter);
  const tested = own.length === 0 ? catalogue : { ...catalogue, controls: catalogue.controls.filter(({ bundled }) => !bundled) };
  const proofs = await proveApart(tested);
  for (const { problems } of proofs.values()) reporter.add(problems);
  reporter.settle();
  const examples = tested.controls.reduce((sum: number, control: ControlDefinition) => sum + control.examples.length, 0);
  const count = tested.controls.length;
  shell.stdout.write(
    language === 'zh'
      ? `${count} 项控制，${examples} 个示例：结果均与预期一致。\n`
      : `${count} control${count === 1 ? '' : 's'}, ${examples} examples: all come out as they say.\n`,
  );
  return EXIT.ok;
}
