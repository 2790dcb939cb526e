import { r as isUndecided } from "./finding.mjs";
import { r as placer } from "./place.mjs";
import { t as clean } from "./layout.mjs";
import { createHash } from "node:crypto";
// src/report/gitlab-quality.ts
const SEVERITY = {
	critical: "blocker",
	high: "critical",
	medium: "major",
	low: "minor",
	info: "info"
};
const renderGitlabQuality = function* (summary, findings, { language, pathPrefix }) {
	const place = placer(summary, pathPrefix);
	yield "[";
	let first = true;
	for (const finding of findings) {
		if (finding.waiver?.status === "active" || !(finding.outcome === "fail" || isUndecided(finding.outcome))) continue;
		const { file, line = 1, endLine = line } = place(finding);
		const issue = {
			description: clean(`${finding.control}: ${finding.message[language]}`),
			check_name: finding.control,
			fingerprint: identityOf(finding),
			severity: finding.outcome === "fail" ? SEVERITY[finding.severity] : SEVERITY.info,
			location: {
				path: clean(file),
				lines: {
					begin: line,
					end: endLine
				}
			}
		};
		yield `${first ? "\n" : ",\n"}  ${JSON.stringify(issue)}`;
		first = false;
	}
	yield first ? "]\n" : "\n]\n";
};
function identityOf({ fingerprint, control, target, resource }) {
	return fingerprint ?? createHash("sha256").update(JSON.stringify([
		"run",
		control,
		target,
		resource
	])).digest("hex");
}
export { renderGitlabQuality as n, identityOf as t };
