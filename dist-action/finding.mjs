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
function isForgiven(finding) {
	if (finding.outcome === "error") return false;
	return finding.waiver?.status === "active" || finding.baseline === "unchanged" || finding.baseline === "new-control";
}
export { isForgiven as n, isUndecided as r, OUTCOMES as t };
