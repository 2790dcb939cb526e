import type { RuleText, Summary } from '../model/assessment.ts';
import type { Severity } from '../model/control.ts';
import { isUndecided, type Finding } from '../model/finding.ts';
import type { Language } from '../model/localized.ts';
import { identityOf } from './gitlab-quality.ts';
import { placer, type Place } from './place.ts';
import type { Renderer } from './renderer.ts';
import { clean } from './text/layout.ts';

/** The release of GitLab's schema that this is written to: security-report-schemas, dist/sast-report-format.json. */
const VERSION = '15.2.1';
const SEVERITY = { critical: 'Critical', high: 'High', medium: 'Medium', low: 'Low', info: 'Info' } as const satisfies Record<
  Severity,
  string
>;
/** Characters that the schema takes of a name, a solution and a description. */
const LIMITS = { name: 255, solution: 7_000, description: 1_048_576 } as const;

/**
 * GitLab SAST report. GitLab marks what a later report does not name as no longer detected: what could not be determined is
 * therefore named, with its severity `Unknown`. Waived failures are left out.
 */
export const renderGitlabSast: Renderer = function* (summary, findings, { language, pathPrefix }) {
  const place = placer(summary, pathPrefix);
  const rules = new Map(summary.rules.map((rule) => [rule.id, rule]));
  const head = JSON.stringify({ version: VERSION, scan: scanOf(summary, language) }, undefined, 2);
  yield `${head.slice(0, -2)},\n  "vulnerabilities": [`;
  let first = true;
  for (const finding of findings) {
    if (finding.waiver?.status === 'active' || !(finding.outcome === 'fail' || isUndecided(finding.outcome))) continue;
    yield `${first ? '\n' : ',\n'}    ${JSON.stringify(vulnerabilityOf(finding, rules.get(finding.control), place(finding), language))}`;
    first = false;
  }
  yield first ? ']\n}\n' : '\n  ]\n}\n';
};

function scanOf(summary: Summary, language: Language): object {
  const tool = { id: 'custos', name: 'Custos', version: summary.tool.version, vendor: { name: 'Custos' } };
  const times = summary.targets.map(({ collectedAt }) => secondsOf(collectedAt)).toSorted();
  const end = times.at(-1) ?? secondsOf(summary.asOf);
  const open = summary.counts.unknown + summary.counts.error;
  const words = { en: `${open} findings could not be determined`, zh: `${open} 项未能判定` };
  return {
    type: 'sast',
    analyzer: tool,
    scanner: tool,
    start_time: times[0] ?? end,
    end_time: end,
    status: summary.verdict.exitCode === 130 ? 'failure' : 'success',
    ...(open === 0 ? {} : { messages: [{ level: 'warn', value: words[language] }] }),
  };
}

/** GitLab takes `2026-11-24T00:00:00`, in UTC, without a zone. */
function secondsOf(instant: string): string {
  return new Date(instant).toISOString().slice(0, 19);
}

function vulnerabilityOf(finding: Finding, rule: RuleText | undefined, place: Place, language: Language): object {
  const { file, line = 1, endLine = line } = place;
  const name = clean(`${finding.control}: ${rule?.title[language] ?? finding.control}`);
  const about = finding.resource === '' ? finding.target : `${finding.target}/${finding.resource}`;
  return {
    id: identityOf(finding),
    name: name.slice(0, LIMITS.name),
    description: clean(`${finding.message[language]} (${about})`).slice(0, LIMITS.description),
    severity: finding.outcome === 'fail' ? SEVERITY[finding.severity] : 'Unknown',
    ...(rule === undefined ? {} : { solution: clean(rule.remediation[language]).slice(0, LIMITS.solution) }),
    identifiers: [{ type: 'custos_control', name: `Custos ${finding.control}`, value: finding.control }],
    location: { file: clean(file), start_line: line, end_line: endLine },
    tracking: {
      type: 'source',
      items: [
        {
          file: clean(file),
          start_line: line,
          end_line: endLine,
          signatures: [{ algorithm: 'scope_offset', value: `${clean(file)}|${finding.control}|${clean(about)}` }],
        },
      ],
    },
  };
}
