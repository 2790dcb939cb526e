import { OUTCOMES, type Finding } from '../../src/model/finding.ts';
import type { TargetRecord } from '../../src/model/resource.ts';
import { golden } from './golden.ts';
import { verdictsOf } from './live-verdicts.ts';

/** The day that the findings below `test/golden/servers` are of: ends of life move no outcome. */
const AS_OF = '2026-11-26T00:00:00.000Z';

/** What is different at each start, or after a security update of Debian's, and what stands for it. */
const STANDS_FOR: readonly (readonly [RegExp, string])[] = [
  [/\/tmp\/[\w.-]+/g, '/DIRECTORY'],
  [/\b(127\.0\.0\.1|\[::1\]|localhost|redis|ldap|mariadb|mysql|postgresql|ssh)([: ])\d{4,5}\b/g, '$1$2PORT'],
  [/SHA256:[\w+/]{43}/g, 'SHA256:FINGERPRINT'],
  [/\d{4}-\d\d-\d\dT(?!00:00:00)\d\d:\d\d:\d\d(?:\.\d+)?Z/g, 'TIME'],
  [/(?<![\d.])\d+\.\d+\.\d+(?!\.?\d)(?:[-+~][\w.+~-]+)?(?=[\s,;:)]|$)/g, 'VERSION'],
];

/** Every finding of the strictest profile on what was seen of a server: compared whole with a golden file. */
export async function completeFindings(name: string, record: TargetRecord, asOf: string = AS_OF): Promise<void> {
  goldenFindings(name, await verdictsOf({ record }, asOf));
}

/** The same of findings that were made: one a line, by outcome; `here` are directories of this run. */
export function goldenFindings(name: string, findings: readonly Finding[], here: readonly string[] = []): void {
  const lines = OUTCOMES.flatMap((outcome) => {
    const such = findings
      .filter((finding) => finding.outcome === outcome)
      .map((one) => here.reduce((line, directory) => line.replaceAll(directory, ''), lineOf(one)));
    return such.length === 0 ? [] : [outcome, ...[...new Set(such)].toSorted(), ''];
  });
  golden(`servers/${name}.txt`, lines.join('\n'));
}

function lineOf(finding: Finding): string {
  const { control, resource, severity, message } = finding;
  if (finding.outcome === 'not-applicable') return `  ${control}`;
  const said =
    finding.outcome === 'fail'
      ? `: ${severity}, ${message.en}`
      : finding.outcome === 'unknown'
        ? `: ${finding.causes.map(({ path, cause, detail }) => `${path} ${cause} (${detail})`).join('; ')}`
        : finding.outcome === 'error'
          ? `: ${finding.error}`
          : finding.count !== undefined
            ? `: ${finding.count} times`
            : '';
  return STANDS_FOR.reduce((line, [what, stand]) => line.replaceAll(what, stand), `  ${control} ${resource}${said}`.replaceAll('\n', ' '));
}
