import { t as PROJECT } from "./project.mjs";
// src/report/sarif.ts
const SECURITY_SEVERITY = {
	critical: "9.5",
	high: "8.0",
	medium: "5.5",
	low: "2.0",
	info: "0.0"
};
const LEVEL = {
	critical: "error",
	high: "error",
	medium: "warning",
	low: "note",
	info: "note"
};
const KIND = {
	pass: "pass",
	fail: "fail",
	"not-applicable": "notApplicable",
	unknown: "open",
	error: "open",
	manual: "review"
};
const SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json";
const MAX_LOCATIONS = 100;
const renderSarif = function* (summary, findings, { language, pathPrefix, category }) {
	const run = runOf(summary, language, pathPrefix, category);
	const log = {
		$schema: SCHEMA,
		version: "2.1.0",
		runs: [run]
	};
	const marker = "\"results\": []";
	const text = JSON.stringify(log, void 0, 2);
	const at = text.indexOf(marker);
	yield `${text.slice(0, at)}"results": [`;
	const indexes = new Map(summary.rules.map(({ id }, index) => [id, index]));
	const policy = policyPlace(summary, pathPrefix);
	let first = true;
	for (const finding of findings) {
		yield `${first ? "\n" : ",\n"}        ${JSON.stringify(resultOf(finding, indexes.get(finding.control) ?? -1, policy, language, pathPrefix))}`;
		first = false;
	}
	yield `${first ? "" : "\n      "}]${text.slice(at + 13)}\n`;
};
function runOf(summary, language, pathPrefix, category) {
	const undecided = summary.counts.unknown + summary.counts.error;
	const open = {
		en: `${undecided} findings could not be determined`,
		zh: `${undecided} 项未能判定`
	};
	return {
		tool: { driver: {
			name: "Custos",
			version: summary.tool.version,
			semanticVersion: summary.tool.version,
			informationUri: PROJECT,
			language: language === "zh" ? "zh-CN" : "en-US",
			rules: summary.rules.map((rule) => ruleOf(rule, language))
		} },
		automationDetails: { id: `custos/${summary.profile}/${category === void 0 ? "" : `${category}/`}` },
		columnKind: "utf16CodeUnits",
		...outside(summary, pathPrefix) ? { originalUriBaseIds: { [FILE_SYSTEM]: { uri: "file:///" } } } : {},
		invocations: [{
			executionSuccessful: summary.counts.error === 0 && summary.verdict.exitCode !== 130,
			exitCode: summary.verdict.exitCode,
			...undecided > 0 ? { toolExecutionNotifications: [{
				level: "warning",
				message: { text: `${open[language]}.` }
			}] } : {}
		}],
		properties: {
			profile: summary.profile,
			asOf: summary.asOf,
			grade: summary.grade,
			score: intervalOf(summary.scores.total),
			accepted: intervalOf(summary.scores.accepted),
			coverage: summary.coverage,
			notLookedAt: summary.notLookedAt.map(({ control }) => control),
			policy: summary.policy.map(({ role, name, digest }) => ({
				role,
				name,
				digest
			}))
		},
		results: []
	};
}
function ruleOf(rule, language) {
	const { id, title, rationale, remediation, references } = rule;
	const cited = byName(references).map(([register, clauses]) => [register, ...clauses].join(" "));
	const examples = byName(remediation.examples).map(([product, text]) => `**${product}**\n\n\`\`\`\n${text.trimEnd()}\n\`\`\``);
	const help = sentence(remediation[language]);
	return {
		id,
		name: pascalCase(title.en),
		shortDescription: { text: sentence(title[language]).slice(0, 1024) },
		fullDescription: { text: sentence(rationale[language]).slice(0, 1024) },
		helpUri: `${PROJECT}/blob/main/controls/README.md`,
		help: {
			text: help,
			markdown: [
				help,
				...examples,
				cited.length === 0 ? "" : cited.join(" · ")
			].filter((part) => part !== "").join("\n\n")
		},
		defaultConfiguration: { level: LEVEL[rule.severity] },
		properties: {
			"security-severity": SECURITY_SEVERITY[rule.severity],
			precision: "very-high",
			tags: [...new Set([
				"security",
				"custody",
				rule.family.toLowerCase(),
				...rule.tags
			])].slice(0, 10)
		}
	};
}
function byName(record) {
	return Object.entries(record).toSorted(([a], [b]) => a < b ? -1 : 1);
}
function intervalOf({ low, high }) {
	return {
		low,
		high
	};
}
function pascalCase(title) {
	return title.split(/[^A-Za-z0-9]+/).filter((word) => word.length > 1).map((word) => word.charAt(0).toUpperCase() + word.slice(1).toLowerCase()).join("").slice(0, 120);
}
function sentence(text) {
	return /[.!?。！？]$/.test(text) ? text : `${text}${/[\u4E00-\u9FFF]$/.test(text) ? "。" : "."}`;
}
function resultOf(finding, ruleIndex, policy, language, pathPrefix) {
	const fail = finding.outcome === "fail";
	const name = finding.resource === "" ? finding.target : `${finding.target}/${finding.resource}`;
	const places = finding.locations.length > 0 ? finding.locations : [];
	const locations = places.slice(0, 1).map((place) => locationOf(place, name, pathPrefix));
	const related = places.slice(1, MAX_LOCATIONS).map((place, index) => ({
		id: index + 1,
		...locationOf(place, name, pathPrefix)
	}));
	const suppressed = finding.waiver?.status === "active" ? finding.waiver : void 0;
	return {
		ruleId: finding.control,
		ruleIndex,
		kind: KIND[finding.outcome],
		level: fail ? LEVEL[finding.severity] : "none",
		message: { text: sentence(finding.message[language]) },
		locations: locations.length > 0 ? locations : [{
			physicalLocation: policy,
			logicalLocations: logical(name)
		}],
		...related.length > 0 ? { relatedLocations: related } : {},
		...finding.fingerprint === void 0 ? {} : { partialFingerprints: {
			"custos/v1": finding.fingerprint,
			primaryLocationLineHash: finding.fingerprint
		} },
		...finding.baseline === void 0 ? {} : { baselineState: finding.baseline === "unchanged" ? "unchanged" : finding.baseline === "worse" ? "updated" : "new" },
		...suppressed === void 0 ? { suppressions: [] } : { suppressions: [{
			kind: "external",
			status: "accepted",
			justification: `${suppressed.owner}: ${suppressed.reason} (${suppressed.until})`
		}] },
		properties: {
			outcome: finding.outcome,
			severity: finding.severity,
			basis: finding.basis,
			offenders: finding.offenders.flatMap(({ text }) => text === void 0 ? [] : [text]).slice(0, 100)
		}
	};
}
function locationOf({ file, range, excerpt, seen }, name, pathPrefix) {
	const there = seen === void 0 ? void 0 : `${seen.on}:${seen.file}:${seen.range.start.line}:${seen.range.start.column}`;
	const logicalLocations = [...logical(name), ...there === void 0 ? [] : [{
		fullyQualifiedName: there,
		kind: "member"
	}]];
	if (file === COMMAND_LINE) return {
		physicalLocation: { artifactLocation: artifact(namedIn(range, excerpt), pathPrefix) },
		logicalLocations
	};
	return {
		physicalLocation: {
			artifactLocation: artifact(file, pathPrefix),
			...regionOf(range, excerpt),
			...contextOf(excerpt, range)
		},
		logicalLocations
	};
}
function regionOf(range, excerpt) {
	const line = excerpt?.lines[range.start.line - excerpt.firstLine];
	const nothing = range.start.line === range.end.line && range.start.column === range.end.column;
	const to = nothing && line !== void 0 ? {
		line: range.start.line,
		column: range.start.column + line.length
	} : range.end;
	if (nothing && line === "") return {};
	const region = {
		startLine: range.start.line,
		startColumn: range.start.column,
		endLine: to.line,
		endColumn: to.column
	};
	return { region: line === void 0 ? region : {
		...region,
		snippet: { text: snippet(line, {
			start: range.start,
			end: to
		}, excerpt?.cut ?? 0) }
	} };
}
function logical(name) {
	return [{
		fullyQualifiedName: name,
		kind: "resource"
	}];
}
function namedIn(range, excerpt) {
	return snippet(excerpt?.lines[0] ?? "", range, excerpt?.cut ?? 0).trim() || ".";
}
function snippet(line, { start, end }, cut) {
	const from = start.column - 1 - cut;
	return line.slice(Math.max(0, from), end.line === start.line ? Math.max(from + 1, end.column - 1 - cut) : void 0) || line;
}
function contextOf(excerpt, range) {
	if (excerpt === void 0) return {};
	const last = Math.max(range.end.line, excerpt.firstLine + excerpt.lines.length - 1);
	return { contextRegion: {
		startLine: excerpt.firstLine,
		endLine: last,
		snippet: { text: excerpt.lines.join("\n") }
	} };
}
function policyPlace({ policy, targets }, pathPrefix) {
	const declared = targets.map(({ target }) => target.declaredAt).find(({ file }) => file !== COMMAND_LINE);
	if (declared !== void 0) return {
		artifactLocation: artifact(declared.file, pathPrefix),
		...regionOf(declared, declared.excerpt),
		...contextOf(declared.excerpt, declared)
	};
	const configuration = policy.find(({ role }) => role === "configuration")?.name;
	return { artifactLocation: artifact(configuration ?? targets[0]?.target.address ?? ".", pathPrefix) };
}
function outside({ policy, targets }, pathPrefix) {
	const names = [...policy.map(({ name }) => name), ...targets.flatMap(({ target }) => [target.address, target.declaredAt.file])];
	return pathPrefix.startsWith("/") || names.some((name) => name.startsWith("/"));
}
function artifact(file, pathPrefix) {
	if (/^[a-z][a-z0-9+.-]*:\/\//i.test(file)) return { uri: file };
	const path = file.startsWith("/") ? file : pathPrefix + file;
	const uri = path.replace(/^\.\//, "").replace(/^\/+/, "").split("/").map(encodeURIComponent).join("/");
	return path.startsWith("/") ? {
		uri,
		uriBaseId: FILE_SYSTEM
	} : { uri };
}
const COMMAND_LINE = "(command line)";
const FILE_SYSTEM = "FILESYSTEM";
export { renderSarif };
