import { resolve } from 'node:path';
import { nearest, type Reporter } from '../catalog/diagnostic.ts';
import type { Configuration } from '../catalog/read-configuration.ts';
import { baselineOf, InvalidAssessment, openAssessment } from '../evidence/assessment-file.ts';
import type { Baseline } from '../model/baseline.ts';
import { FORMATS } from '../report/report.ts';
import { yamlAt, type YamlNode } from '../text/yaml.ts';
import { reasonOf } from './complain.ts';
import { outputProblem } from './output-file.ts';
import type { ReportTarget } from './write-reports.ts';

/**
 * The files that custos.yaml names and only the command line touches: reports to write, and the baseline. They are looked at
 * with the rest of the configuration, so that what is wrong with them is told at once with it, and before anything is scanned.
 */
export class ConfiguredFiles {
  readonly #base: string;
  readonly #uses: { readonly baseline: boolean; readonly reports: boolean };
  readonly reports: ReportTarget[] = [];
  baseline: Baseline | undefined;

  /** Paths are taken from `base`; `uses` says what the command line leaves to custos.yaml. */
  constructor(base: string, uses: { readonly baseline: boolean; readonly reports: boolean }) {
    this.#base = base;
    this.#uses = uses;
  }

  check({ output = [], baseline, document: { source, root } }: Configuration, reporter: Reporter): void {
    const complain = (node: YamlNode | undefined, message: string, hint?: string): void =>
      reporter.at(source, node?.start ?? 0, node?.end ?? 1, message, hint);
    const formats = FORMATS.map(({ name }) => name);
    for (const [index, { format, path }] of output.entries()) {
      if (formats.includes(format)) this.reports.push({ format, path: resolve(this.#base, path) });
      else
        complain(
          yamlAt(root, 'output', index, 'format'),
          `there is no format "${format}"`,
          nearest(format, formats) ?? `formats are: ${formats.join(', ')}`,
        );
      const problem = this.#uses.reports ? outputProblem(path, this.#base) : undefined;
      if (problem !== undefined) complain(yamlAt(root, 'output', index, 'path'), `"${path}" ${problem}`);
    }
    if (baseline === undefined || !this.#uses.baseline) return;
    try {
      this.baseline = baselineOf(openAssessment(resolve(this.#base, baseline)));
    } catch (error) {
      const reason = error instanceof InvalidAssessment ? error.message : reasonOf(error);
      complain(
        yamlAt(root, 'baseline'),
        `the baseline "${baseline}" ${reason}`,
        'custos scan -f json=FILE writes one; paths are taken from the directory of custos.yaml',
      );
    }
  }
}
