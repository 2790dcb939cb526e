import { n as canonicalPieces, t as canonicalJson } from "./canonical.mjs";
// src/report/json.ts
const renderJson = function* (summary, findings) {
	let held = "";
	for (const piece of canonicalPieces(summary, 2)) {
		yield held;
		held = piece;
	}
	yield ",\n  \"findings\": [";
	let first = true;
	for (const finding of findings) {
		yield `${first ? "\n" : ",\n"}    ${canonicalJson(finding)}`;
		first = false;
	}
	yield first ? "]\n}\n" : "\n  ]\n}\n";
};
const renderJsonLines = function* (summary, findings) {
	yield `${JSON.stringify({
		format: "custos-assessment-lines",
		version: 1
	})}\n`;
	for (const finding of findings) yield `${canonicalJson(finding)}\n`;
	yield* canonicalPieces({ summary });
	yield "\n";
};
export { renderJson, renderJsonLines };
