// src/model/finding.ts
const OUTCOMES = [
	"fail",
	"error",
	"unknown",
	"manual",
	"pass",
	"not-applicable"
];
function isUndecided(outcome) {
	return outcome === "unknown" || outcome === "manual" || outcome === "error";
}
function shownPlace({ file, range, excerpt, seen }) {
	if (seen === void 0) return excerpt === void 0 ? {
		file,
		range
	} : {
		file,
		range,
		excerpt
	};
	const there = {
		file: `${seen.on}:${seen.file}`,
		range: seen.range
	};
	return seen.excerpt === void 0 ? there : {
		...there,
		excerpt: seen.excerpt
	};
}
function isForgiven(finding) {
	if (finding.outcome === "error") return false;
	return finding.waiver?.status === "active" || finding.baseline === "unchanged" || finding.baseline === "new-control";
}
export { shownPlace as i, isForgiven as n, isUndecided as r, OUTCOMES as t };
