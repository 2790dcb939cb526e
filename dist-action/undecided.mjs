import { r as fitPath, s as wrap, t as clean } from "./layout.mjs";
import { n as causeSentence, o as SEVERITIES, t as causeNextStep } from "./cause.mjs";
import { i as shownPlace, r as isUndecided } from "./finding.mjs";
import { i as controlsCounted, n as SEVERITY_WORDS, r as WORDS } from "./words.mjs";
// src/report/gone.ts
function goneApart(gone) {
	const passes = ({ was, now }) => was === void 0 || now === "pass" || now === "not-applicable";
	const told = gone.filter(({ was, now }) => now !== void 0 || was === void 0 || !isUndecided(was));
	return {
		fixed: told.filter((one) => one.state === "fixed" && passes(one)),
		notThere: told.filter((one) => one.state === "fixed" && !passes(one)),
		cannotTell: told.filter(({ state }) => state === "no-longer-determinable")
	};
}
function goneText(gone, language) {
	const { fixed, notThere, cannotTell } = goneApart(gone);
	if (fixed.length + notThere.length + cannotTell.length === 0) return "";
	return [
		`${fixed.length} ${WORDS.fixed[language]}`,
		...notThere.length === 0 ? [] : [`${notThere.length} ${WORDS.notThere[language]}`],
		`${cannotTell.length} ${WORDS.cannotTell[language]}`
	].join(", ");
}
// src/report/text/undecided.ts
const MAX_FOLDS = 25;
function undecidedSection(summary, findings, page) {
	const { paint, language, columns } = page;
	if (findings.length === 0) return [];
	const lines = [paint("bold", `${WORDS.notDetermined[language]} ${findings.length}`) + paint("dim", `  ${foldWord(summary, language)}`)];
	const folds = foldUndecided(findings);
	for (const fold of folds.slice(0, MAX_FOLDS)) {
		const why = causeSentence({
			cause: fold.read.cause,
			detail: clean(fold.read.detail)
		})[language];
		lines.push("");
		const head = `${fold.target}: ${why}`;
		for (const [index, line] of wrap(head, columns - 3).entries()) lines.push(index === 0 ? `${paint("yellow", " ?")} ${line}` : `   ${line}`);
		if (fold.place !== "") lines.push(`   ${paint("cyan", fitPath(`${/^[/(]/.test(fold.place) ? "" : page.pathPrefix}${fold.place}`, columns - 3))}`);
		const severity = SEVERITY_WORDS[fold.severity][language];
		for (const line of wrap(`${controlsCounted(fold.controls.length, language)} (≤ ${severity}): ${fold.controls.join(" ")}`, columns - 3)) lines.push(paint("dim", `   ${line}`));
		for (const line of wrap(`${WORDS.next[language]}: ${causeNextStep(fold.read)[language]}`, columns - 3)) lines.push(`   ${line}`);
	}
	if (folds.length > MAX_FOLDS) lines.push("", paint("dim", `   (+${folds.length - MAX_FOLDS} ${WORDS.more[language]})`));
	const manual = findings.filter(({ outcome }) => outcome === "manual");
	if (manual.length > 0) {
		lines.push("", paint("bold", ` ${WORDS.manual[language]} ${manual.length}`));
		for (const line of wrap(manual.map(({ control }) => control).join(" "), columns - 3)) lines.push(`   ${line}`);
	}
	const errors = findings.filter(({ outcome }) => outcome === "error");
	for (const { control, message } of errors) for (const line of wrap(`! ${control} ${clean(message[language])}`, columns - 3)) lines.push(paint("red", `   ${line}`));
	return lines;
}
function foldWord({ scores }, language) {
	const width = Math.round((scores.total.high - scores.total.low) * 10) / 10;
	return language === "zh" ? `占得分区间 ${width} 分` : `${width} points of the score’s interval`;
}
function placeText(place) {
	const { file, range } = shownPlace(place);
	return `${file}:${range.start.line}:${range.start.column}`;
}
function foldUndecided(findings) {
	const folds = new Map();
	for (const finding of findings) {
		if (finding.outcome !== "unknown") continue;
		const [read] = finding.causes;
		const [place] = finding.locations;
		const at = place === void 0 ? "" : placeText(place);
		const key = `${finding.target}\u0000${read.cause}\u0000${read.detail}`;
		const known = folds.get(key);
		const severity = known !== void 0 && SEVERITIES.indexOf(known.fold.severity) < SEVERITIES.indexOf(finding.severity) ? known.fold.severity : finding.severity;
		const controls = (known?.controls ?? new Set()).add(finding.control);
		folds.set(key, {
			controls,
			fold: {
				key,
				read,
				target: clean(finding.target),
				place: known?.fold.place ?? clean(at),
				severity,
				controls: [...controls]
			}
		});
	}
	return [...folds.values()].map(({ fold }) => fold).toSorted((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) || b.controls.length - a.controls.length || (a.key < b.key ? -1 : 1));
}
export { goneText as i, undecidedSection as n, goneApart as r, foldUndecided as t };
