import { o as SEVERITIES } from "./cause.mjs";
import { i as shownPlace } from "./finding.mjs";
import { n as fit, o as widthOf, r as fitPath, s as wrap, t as clean } from "./layout.mjs";
import { n as SEVERITY_WORDS, r as WORDS } from "./words.mjs";
// src/report/text/failed.ts
const PAINT = {
	critical: [
		"bold",
		"white",
		"bgRed"
	],
	high: ["bold", "red"],
	medium: "yellow",
	low: "cyan",
	info: "dim"
};
const MAX_ALSO = 4;
function failedSection(summary, findings, page) {
	const { paint, language } = page;
	const { failed } = summary;
	if (findings.length === 0) return summary.counts.pass > 0 ? [paint(["bold", "green"], `✔ ${WORDS.noFindings[language]}`)] : [paint(["bold", "yellow"], `? ${WORDS.nothingPassed[language]}`)];
	const counts = SEVERITIES.filter((severity) => failed[severity] > 0).map((severity) => `${failed[severity]} ${SEVERITY_WORDS[severity][language]}`);
	const lines = [paint("bold", `${WORDS.failed[language]} ${findings.length}`) + paint("dim", `  ${counts.join(" · ")}`)];
	const rules = new Map(summary.rules.map((rule) => [rule.id, rule]));
	for (const group of grouped(findings)) lines.push("", ...groupLines(group, rules.get(group.first.control), page));
	return lines;
}
function grouped(findings) {
	const groups = new Map();
	const order = findings.toSorted((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) || (a.control < b.control ? -1 : a.control > b.control ? 1 : 0));
	for (const finding of order) {
		const [place] = finding.locations;
		const key = `${finding.control}\u0000${finding.waiver?.status ?? ""}\u0000${place === void 0 ? `${finding.target}/${finding.resource}` : keyOf(place)}`;
		const group = groups.get(key);
		if (group === void 0) groups.set(key, [finding]);
		else group.push(finding);
	}
	return [...groups.values()].flatMap((all) => all[0] === void 0 ? [] : [{
		first: all[0],
		all
	}]);
}
function groupLines({ first, all }, rule, page) {
	const { paint, language, columns } = page;
	const severity = SEVERITY_WORDS[first.severity][language];
	const head = `${paint(PAINT[first.severity], ` ${severity} `)} ${paint("bold", first.control)}  `;
	const indent = widthOf(` ${severity}  ${first.control}  `);
	const lines = wrap(rule?.title[language] ?? first.control, columns - indent).map((line, index) => (index === 0 ? head : " ".repeat(indent)) + paint("bold", line));
	const marks = marksOf(first, page);
	if (marks !== "") lines.push(`   ${marks}`);
	for (const line of wrap(clean(first.message[language]), columns - 3)) lines.push(`   ${line}`);
	const [place, ...others] = first.locations;
	const further = others.filter((other) => !isWholeFile(other) || place === void 0 || shownPlace(other).file !== shownPlace(place).file);
	if (place !== void 0) lines.push(...excerptLines(place, page));
	if (further.length > 0) for (const line of wrap(`${WORDS.also[language]} ${placesText(further, place, page)}`, columns - 5)) lines.push(paint("dim", `     ${line}`));
	const same = all.slice(1);
	if (same.length > 0) {
		const names = same.slice(0, MAX_ALSO).map(({ target, resource }) => clean(resource === "" ? target : target === first.target ? resource : `${target}: ${resource}`));
		const rest = same.length > names.length ? ` (+${same.length - names.length} ${WORDS.more[language]})` : "";
		for (const line of wrap(`${WORDS.same[language]} ${names.join(", ")}${rest}`, columns - 5)) lines.push(paint("dim", `     ${line}`));
	}
	if (rule !== void 0) {
		const label = `${WORDS.fix[language]}: `;
		for (const [index, line] of wrap(rule.remediation[language], columns - 3 - widthOf(label)).entries()) lines.push(`   ${index === 0 ? paint("green", label) : " ".repeat(widthOf(label))}${line}`);
	}
	return lines;
}
function marksOf({ waiver, baseline }, { paint, language }) {
	const marks = [];
	if (waiver?.status === "active") marks.push(paint("magenta", `${WORDS.waived[language]} ${WORDS.until[language]} ${waiver.until}: ${clean(waiver.owner)}`));
	if (waiver?.status === "expired") marks.push(paint("red", `${WORDS.expired[language]} (${waiver.until})`));
	if (waiver?.status === "worse") marks.push(paint("red", WORDS.worse[language]));
	if (baseline === "new" || baseline === "worse") marks.push(paint("red", WORDS.new[language]));
	if (baseline === "unchanged") marks.push(paint("dim", WORDS.known[language]));
	return marks.join("  ");
}
function excerptLines(place, { paint, columns, pathPrefix, language }) {
	const { range, excerpt } = shownPlace(place);
	const { start, end } = range;
	if (isWholeFile(place)) {
		const note = language === "zh" ? ` （${WORDS.whole.zh}）` : ` (${WORDS.whole.en})`;
		return [`   ${paint("cyan", fitPath(shownFile(place, pathPrefix), columns - 3 - widthOf(note)))}${paint("dim", note)}`];
	}
	const lines = [`   ${paint("cyan", fitPath(`${shownFile(place, pathPrefix)}:${start.line}:${start.column}`, columns - 3))}`];
	if (excerpt === void 0) return lines;
	const gutter = String(excerpt.firstLine + excerpt.lines.length - 1).length;
	for (const [index, raw] of excerpt.lines.entries()) {
		const number = excerpt.firstLine + index;
		const room = columns - gutter - 6;
		const marked = number === start.line;
		const column = start.column - 1 - excerpt.cut;
		const length = end.line === start.line ? Math.max(1, end.column - start.column) : Math.max(1, raw.length - column);
		const scroll = marked && widthOf(clean(raw).slice(0, column + Math.min(length, 20))) > room ? Math.max(0, column - Math.floor(room / 3)) : 0;
		const line = clean(raw).slice(scroll);
		const bar = paint("dim", "│");
		const text = fit(line, room);
		lines.push(`   ${paint("dim", String(number).padStart(gutter))} ${bar} ${marked ? text : paint("dim", text)}`.trimEnd());
		if (!marked || column < 0 || column >= raw.length + 1) continue;
		const before = widthOf(line.slice(0, column - scroll));
		const carets = Math.max(1, Math.min(widthOf(line.slice(column - scroll, column - scroll + length)), room - before));
		lines.push(`   ${" ".repeat(gutter)} ${bar} ${" ".repeat(before)}${paint(["bold", "red"], "^".repeat(carets))}`);
	}
	return lines;
}
function isWholeFile(place) {
	const { start, end } = shownPlace(place).range;
	return start.line === 1 && start.column === 1 && end.line === 1 && end.column === 1;
}
function keyOf(place) {
	const { file, range } = shownPlace(place);
	return `${file}:${range.start.line}:${range.start.column}`;
}
function shownFile(place, pathPrefix) {
	const { file } = shownPlace(place);
	return `${place.seen !== void 0 || file.startsWith("/") || file.startsWith("(") ? "" : pathPrefix}${clean(file)}`;
}
function placesText(places, first, { language, pathPrefix }) {
	const shown = places.slice(0, MAX_ALSO).map((place) => {
		const { file, range } = shownPlace(place);
		const at = isWholeFile(place) ? "" : `:${range.start.line}:${range.start.column}`;
		return first !== void 0 && file === shownPlace(first).file ? at : `${shownFile(place, pathPrefix)}${at}`;
	});
	const rest = places.length > MAX_ALSO ? ` (+${places.length - MAX_ALSO} ${WORDS.more[language]})` : "";
	return shown.join(", ") + rest;
}
export { failedSection as n, excerptLines as t };
