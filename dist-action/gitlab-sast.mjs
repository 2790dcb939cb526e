import { r as isUndecided } from "./finding.mjs";
import { t as identityOf } from "./gitlab-quality2.mjs";
import { r as placer } from "./place.mjs";
import { t as clean } from "./layout.mjs";
// src/report/gitlab-sast.ts
const VERSION = "15.2.1";
const SEVERITY = {
	critical: "Critical",
	high: "High",
	medium: "Medium",
	low: "Low",
	info: "Info"
};
const LIMITS = {
	name: 255,
	solution: 7e3,
	description: 1048576
};
const renderGitlabSast = function* (summary, findings, { language, pathPrefix }) {
	const place = placer(summary, pathPrefix);
	const rules = new Map(summary.rules.map((rule) => [rule.id, rule]));
	yield `${JSON.stringify({
		version: VERSION,
		scan: scanOf(summary, language)
	}, void 0, 2).slice(0, -2)},\n  "vulnerabilities": [`;
	let first = true;
	for (const finding of findings) {
		if (finding.waiver?.status === "active" || !(finding.outcome === "fail" || isUndecided(finding.outcome))) continue;
		yield `${first ? "\n" : ",\n"}    ${JSON.stringify(vulnerabilityOf(finding, rules.get(finding.control), place(finding), language))}`;
		first = false;
	}
	yield first ? "]\n}\n" : "\n  ]\n}\n";
};
function scanOf(summary, language) {
	const tool = {
		id: "custos",
		name: "Custos",
		version: summary.tool.version,
		vendor: { name: "Custos" }
	};
	const times = summary.targets.map(({ collectedAt }) => secondsOf(collectedAt)).toSorted();
	const end = times.at(-1) ?? secondsOf(summary.asOf);
	const open = summary.counts.unknown + summary.counts.error;
	const words = {
		en: `${open} findings could not be determined`,
		zh: `${open} 项未能判定`
	};
	return {
		type: "sast",
		analyzer: tool,
		scanner: tool,
		start_time: times[0] ?? end,
		end_time: end,
		status: summary.verdict.exitCode === 130 ? "failure" : "success",
		...open === 0 ? {} : { messages: [{
			level: "warn",
			value: words[language]
		}] }
	};
}
function secondsOf(instant) {
	return new Date(instant).toISOString().slice(0, 19);
}
function vulnerabilityOf(finding, rule, place, language) {
	const { file, line = 1, endLine = line } = place;
	const name = clean(`${finding.control}: ${rule?.title[language] ?? finding.control}`);
	const about = finding.resource === "" ? finding.target : `${finding.target}/${finding.resource}`;
	return {
		id: identityOf(finding),
		name: name.slice(0, LIMITS.name),
		description: clean(`${finding.message[language]} (${about})`).slice(0, LIMITS.description),
		severity: finding.outcome === "fail" ? SEVERITY[finding.severity] : "Unknown",
		...rule === void 0 ? {} : { solution: clean(rule.remediation[language]).slice(0, LIMITS.solution) },
		identifiers: [{
			type: "custos_control",
			name: `Custos ${finding.control}`,
			value: finding.control
		}],
		location: {
			file: clean(file),
			start_line: line,
			end_line: endLine
		},
		tracking: {
			type: "source",
			items: [{
				file: clean(file),
				start_line: line,
				end_line: endLine,
				signatures: [{
					algorithm: "scope_offset",
					value: `${clean(file)}|${finding.control}|${clean(about)}`
				}]
			}]
		}
	};
}
export { renderGitlabSast };
