import { t as clean } from "./layout.mjs";
import { o as SEVERITIES } from "./cause.mjs";
// src/report/escape-markdown.ts
const MAX_SENTENCE = 600;
function escapeMarkdown(text) {
	const cut = clean(text.toWellFormed());
	return (cut.length > MAX_SENTENCE ? `${cut.slice(0, MAX_SENTENCE).toWellFormed()}…` : cut).replaceAll(/[&<>"'`*_[\]#|~\\@$]/g, (sign) => `&#${sign.charCodeAt(0)};`).replaceAll("://", "&#58;&#47;&#47;").replaceAll(/\bwww\./gi, (word) => `${word.slice(0, 3)}&#46;`).replace(/^(\s*)([-+=:])/, (_, before, sign) => `${before}&#${sign.charCodeAt(0)};`).replace(/^(\s*\d+)([.)])(?=\s|$)/, (_, before, sign) => `${before}&#${sign.charCodeAt(0)};`);
}
// src/report/worst-first.ts
function* worstFirst(findings, wanted, limit = Number.POSITIVE_INFINITY) {
	let given = 0;
	for (const severity of SEVERITIES) for (const finding of findings) {
		if (finding.severity !== severity || !wanted(finding)) continue;
		if (given >= limit) return;
		given += 1;
		yield finding;
	}
}
export { escapeMarkdown as n, worstFirst as t };
