import type { Summary } from '../model/assessment.ts';
import { isForgiven, type Finding } from '../model/finding.ts';
import type { Language } from '../model/localized.ts';
import { placer, placeText, type Place } from './place.ts';
import type { Renderer } from './renderer.ts';
import { clean } from './text/layout.ts';
import { FAMILY_NAMES, SEVERITY_WORDS, WORDS } from './text/words.ts';

/** What a finding is as a test case. What could not be determined is an error: it is no failure, and never a test that passed. */
type Case = 'passed' | 'failure' | 'error' | 'skipped';

/** JUnit XML as Jenkins reads it: one suite for each family, one case for each finding. Reads the findings once for each family, and keeps none. */
export const renderJunit: Renderer = function* (summary, findings, { language, pathPrefix }) {
  const place = placer(summary, pathPrefix);
  const tallies = new Map<string, Record<Case, number>>();
  for (const finding of findings) {
    const tally = tallies.get(finding.family) ?? { passed: 0, failure: 0, error: 0, skipped: 0 };
    tally[caseOf(finding)] += 1;
    tallies.set(finding.family, tally);
  }
  const families = [...tallies].toSorted(([a], [b]) => (a < b ? -1 : 1));
  yield '<?xml version="1.0" encoding="UTF-8"?>\n';
  yield `<testsuites name="${xml(`Custos ${summary.profile}`)}"${counts(families.map(([, tally]) => tally))}>\n`;
  for (const [family, tally] of families) yield* suite(family, tally, summary, findings, place, language);
  yield '</testsuites>\n';
};

function* suite(
  family: string,
  tally: Record<Case, number>,
  summary: Summary,
  findings: Iterable<Finding>,
  place: (finding: Finding) => Place,
  language: Language,
): Generator<string, void> {
  const name = FAMILY_NAMES[family] ?? WORDS.ownFamily;
  yield `  <testsuite name="${xml(`${family} ${name[language]}`)}"${counts([tally])} timestamp="${xml(summary.asOf.slice(0, 19))}">\n`;
  for (const finding of findings) {
    if (finding.family !== family) continue;
    const about = finding.resource === '' ? finding.target : `${finding.target}/${finding.resource}`;
    const folded = finding.count === undefined ? '' : ` (${finding.count})`;
    const where = place(finding);
    yield `    <testcase classname="${xml(`custos.${family}.${finding.control}`)}" name="${xml(`${finding.control} ${about}${folded}`)}" file="${xml(where.file)}"`;
    yield* verdict(finding, where, language);
  }
  yield '  </testsuite>\n';
}

function* verdict(finding: Finding, where: Place, language: Language): Generator<string, void> {
  const kind = caseOf(finding);
  if (kind === 'passed') {
    yield '/>\n';
    return;
  }
  const { waiver, message } = finding;
  const forgiven =
    waiver?.status === 'active'
      ? `${WORDS.waived[language]}, ${WORDS.until[language]} ${waiver.until}: ${waiver.owner}: `
      : isForgiven(finding)
        ? `${WORDS.known[language]}: `
        : '';
  const said = xml(`${forgiven}${message[language]}`);
  if (kind === 'skipped') yield `>\n      <skipped message="${said}"/>\n    </testcase>\n`;
  else {
    const type = kind === 'failure' ? finding.severity : finding.outcome;
    const text = `${SEVERITY_WORDS[finding.severity][language]}: ${message[language]}\n${placeText(where)}`;
    yield `>\n      <${kind} type="${type}" message="${said}">${text.split('\n').map(xml).join('\n')}</${kind}>\n    </testcase>\n`;
  }
}

function caseOf(finding: Finding): Case {
  switch (finding.outcome) {
    case 'pass':
      return 'passed';
    case 'not-applicable':
    case 'manual':
      return 'skipped';
    case 'error':
      return 'error';
    case 'fail':
      return isForgiven(finding) ? 'skipped' : 'failure';
    case 'unknown':
      return isForgiven(finding) ? 'skipped' : 'error';
  }
}

function counts(tallies: readonly Record<Case, number>[]): string {
  const sum = (kind: Case): number => tallies.reduce((total, tally) => total + tally[kind], 0);
  const [passed, failures, errors, skipped] = [sum('passed'), sum('failure'), sum('error'), sum('skipped')];
  return ` tests="${passed + failures + errors + skipped}" failures="${failures}" errors="${errors}" skipped="${skipped}"`;
}

/** Text of XML 1.0, fit for an attribute too: what has no place in it is replaced, and no `]]>` or quote is left. */
function xml(text: string): string {
  return clean(text.toWellFormed())
    .replaceAll(/[\uFFFE\uFFFF]/g, '\uFFFD')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&apos;');
}
