import { n as isForgiven } from "./finding.mjs";
import { n as placeText, r as placer } from "./place.mjs";
import { t as clean } from "./layout.mjs";
import { n as SEVERITY_WORDS, r as WORDS, t as FAMILY_NAMES } from "./words.mjs";
// src/report/junit.ts
const renderJunit = function* (summary, findings, { language, pathPrefix }) {
	const place = placer(summary, pathPrefix);
	const tallies = new Map();
	for (const finding of findings) {
		const tally = tallies.get(finding.family) ?? {
			passed: 0,
			failure: 0,
			error: 0,
			skipped: 0
		};
		tally[caseOf(finding)] += 1;
		tallies.set(finding.family, tally);
	}
	const families = [...tallies].toSorted(([a], [b]) => a < b ? -1 : 1);
	yield "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
	yield `<testsuites name="${xml(`Custos ${summary.profile}`)}"${counts(families.map(([, tally]) => tally))}>\n`;
	for (const [family, tally] of families) yield* suite(family, tally, summary, findings, place, language);
	yield "</testsuites>\n";
};
function* suite(family, tally, summary, findings, place, language) {
	yield `  <testsuite name="${xml(`${family} ${(FAMILY_NAMES[family] ?? WORDS.ownFamily)[language]}`)}"${counts([tally])} timestamp="${xml(summary.asOf.slice(0, 19))}">\n`;
	for (const finding of findings) {
		if (finding.family !== family) continue;
		const about = finding.resource === "" ? finding.target : `${finding.target}/${finding.resource}`;
		const folded = finding.count === void 0 ? "" : ` (${finding.count})`;
		const where = place(finding);
		yield `    <testcase classname="${xml(`custos.${family}.${finding.control}`)}" name="${xml(`${finding.control} ${about}${folded}`)}" file="${xml(where.file)}"`;
		yield* verdict(finding, where, language);
	}
	yield "  </testsuite>\n";
}
function* verdict(finding, where, language) {
	const kind = caseOf(finding);
	if (kind === "passed") {
		yield "/>\n";
		return;
	}
	const { waiver, message } = finding;
	const said = xml(`${waiver?.status === "active" ? `${WORDS.waived[language]}, ${WORDS.until[language]} ${waiver.until}: ${waiver.owner}: ` : isForgiven(finding) ? `${WORDS.known[language]}: ` : ""}${message[language]}`);
	if (kind === "skipped") yield `>\n      <skipped message="${said}"/>\n    </testcase>\n`;
	else yield `>\n      <${kind} type="${kind === "failure" ? finding.severity : finding.outcome}" message="${said}">${`${SEVERITY_WORDS[finding.severity][language]}: ${message[language]}\n${placeText(where)}`.split("\n").map(xml).join("\n")}</${kind}>\n    </testcase>\n`;
}
function caseOf(finding) {
	switch (finding.outcome) {
		case "pass": return "passed";
		case "not-applicable":
		case "manual": return "skipped";
		case "error": return "error";
		case "fail": return isForgiven(finding) ? "skipped" : "failure";
		case "unknown": return isForgiven(finding) ? "skipped" : "error";
	}
}
function counts(tallies) {
	const sum = (kind) => tallies.reduce((total, tally) => total + tally[kind], 0);
	const [passed, failures, errors, skipped] = [
		sum("passed"),
		sum("failure"),
		sum("error"),
		sum("skipped")
	];
	return ` tests="${passed + failures + errors + skipped}" failures="${failures}" errors="${errors}" skipped="${skipped}"`;
}
function xml(text) {
	return clean(text.toWellFormed()).replaceAll(/[\uFFFE\uFFFF]/g, "�").replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll("\"", "&quot;").replaceAll("'", "&apos;");
}
export { renderJunit };
