import { n as causeSentence, o as SEVERITIES, t as causeNextStep } from "./cause.mjs";
import { n as isForgiven, r as isUndecided } from "./finding.mjs";
import { n as placeText, r as placer } from "./place.mjs";
import { t as clean } from "./layout.mjs";
import { t as foldUndecided } from "./undecided.mjs";
import { i as controlsCounted, n as SEVERITY_WORDS, r as WORDS } from "./words.mjs";
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
// src/report/markdown.ts
const MAX_FINDINGS = 40;
const MAX_FOLDS = 25;
const MAX_SENTENCE = 600;
const OWN_WORDS = {
	newOrWorse: {
		en: "New or worse",
		zh: "新增或恶化"
	},
	nothingNew: {
		en: "Nothing is new or worse.",
		zh: "没有新增或恶化的发现。"
	},
	alreadyThere: {
		en: "Already there",
		zh: "此前已有"
	},
	topFindings: {
		en: "Top findings",
		zh: "主要发现"
	},
	severity: {
		en: "Severity",
		zh: "级别"
	},
	control: {
		en: "Control",
		zh: "控制项"
	},
	what: {
		en: "What",
		zh: "内容"
	},
	where: {
		en: "Where",
		zh: "位置"
	},
	waivedCount: {
		en: "Waived",
		zh: "已豁免"
	}
};
const renderMarkdown = function* (summary, findings, options) {
	const { language } = options;
	yield* head(summary, language);
	const place = placer(summary, options.pathPrefix);
	const row = (finding) => rowOf(finding, place(finding), options);
	const fails = (wanted) => (finding) => finding.outcome === "fail" && wanted(finding);
	let compared = summary.gone.length > 0;
	const tally = {
		fresh: 0,
		known: 0,
		waived: 0
	};
	const undecided = [];
	for (const finding of findings) {
		compared ||= finding.baseline !== void 0;
		if (isUndecided(finding.outcome)) undecided.push(finding);
		if (finding.outcome !== "fail") continue;
		if (finding.waiver?.status === "active") tally.waived += 1;
		else if (isForgiven(finding)) tally.known += 1;
		else tally.fresh += 1;
	}
	const freshTitle = compared ? OWN_WORDS.newOrWorse : OWN_WORDS.topFindings;
	if (tally.fresh > 0) yield* table(freshTitle[language], tally.fresh, worstFirst(findings, fails(isOpen), MAX_FINDINGS), row, language);
	else if (compared) yield `\n## ${freshTitle[language]}\n\n${OWN_WORDS.nothingNew[language]}\n`;
	else yield `\n${(summary.counts.pass > 0 ? WORDS.noFindings : WORDS.nothingPassed)[language]}\n`;
	yield* undecidedLines(undecided, language);
	if (tally.known > 0) {
		const known = worstFirst(findings, fails((one) => isForgiven(one) && one.waiver?.status !== "active"), MAX_FINDINGS);
		yield* folded(table(OWN_WORDS.alreadyThere[language], tally.known, known, row, language, 0), `${OWN_WORDS.alreadyThere[language]} ${tally.known}`);
	}
	yield* tail(summary, tally.waived, language);
};
function isOpen(finding) {
	return !isForgiven(finding);
}
function* head(summary, language) {
	const { verdict, scores, grade, gradeHigh, coverage, counts, failed } = summary;
	yield `# Custos: ${{
		0: counts.pass > 0 ? `✅ ${WORDS.gateMet[language]}` : `❔ ${WORDS.gateMet[language]}`,
		1: `❌ ${WORDS.gateNotMet[language]}`,
		2: `❔ ${WORDS.gateUndecided[language]}`,
		130: `❌ ${WORDS.interrupted[language]}`
	}[verdict.exitCode]}\n\n`;
	for (const reason of verdict.reasons) yield `- ${markdown(reason[language])}\n`;
	if (verdict.reasons.length > 0) yield "\n";
	const shownGrade = grade === gradeHigh ? grade : `${grade}…${gradeHigh}`;
	const score = (interval) => interval.low === interval.high ? String(interval.low) : `${interval.low}–${interval.high}`;
	const accepted = scores.accepted.low === scores.total.low && scores.accepted.high === scores.total.high ? "" : ` · ${WORDS.score[language]} ${WORDS.accepted[language]} ${score(scores.accepted)}`;
	yield `**${WORDS.grade[language]} ${shownGrade}** · ${WORDS.score[language]} **${score(scores.total)}** ${WORDS.outOf[language]}${accepted} · `;
	yield `${WORDS.coverage[language]} ${Math.floor(coverage * 100)} % · ${markdown(summary.profile)} · ${WORDS.asOf[language]} ${summary.asOf.slice(0, 10)}\n\n`;
	const columns = [
		[WORDS.failed[language], counts.fail],
		...SEVERITIES.filter((severity) => failed[severity] > 0).map((severity) => [SEVERITY_WORDS[severity][language], failed[severity]]),
		[WORDS.notDetermined[language], counts.unknown + counts.error],
		[WORDS.manual[language], counts.manual],
		[WORDS.passed[language], counts.pass],
		[WORDS.notApplicable[language], counts["not-applicable"]]
	];
	yield `| ${columns.map(([name]) => name).join(" | ")} |\n|${columns.map(() => "--:|").join("")}\n| ${columns.map(([, count]) => count).join(" | ")} |\n`;
	for (const cap of summary.caps) yield `\n${WORDS.why[language]}: ${markdown(`${cap.reason[language]} (${cap.controls.join(", ")}): ${WORDS.atMost[language]} ${cap.grade}`)}\n`;
}
function* table(title, count, findings, row, language, level = 2) {
	if (level > 0) yield `\n${"#".repeat(level)} ${title} ${count}\n`;
	yield `\n| ${[
		OWN_WORDS.severity,
		OWN_WORDS.control,
		OWN_WORDS.what,
		OWN_WORDS.where
	].map((one) => one[language]).join(" | ")} |\n|---|---|---|---|\n`;
	let shown = 0;
	for (const finding of findings) {
		yield row(finding);
		shown += 1;
	}
	if (count > shown) yield `\n(+${count - shown} ${WORDS.more[language]})\n`;
}
function* folded(content, title) {
	yield `\n<details><summary>${title}</summary>\n`;
	yield* content;
	yield "\n</details>\n";
}
function rowOf(finding, place, { language, links }) {
	const about = finding.resource === "" ? finding.target : `${finding.target}/${finding.resource}`;
	const mark = waiverWord(finding, language);
	return `| ${[
		SEVERITY_WORDS[finding.severity][language],
		markdown(finding.control),
		`${markdown(finding.message[language])}${mark === "" ? "" : ` · ${mark}`}`,
		`${linkTo(place, links)}<br>${markdown(about)}`
	].join(" | ")} |\n`;
}
function waiverWord({ waiver }, language) {
	if (waiver === void 0 || waiver.status === "active") return "";
	return waiver.status === "expired" ? `${WORDS.expired[language]} (${markdown(waiver.until)})` : WORDS.worse[language];
}
function linkTo(place, links) {
	const text = `<code>${markdown(placeText(place))}</code>`;
	if (links === void 0 || place.file.startsWith("/") || place.file.startsWith("../") || place.file.includes("://")) return text;
	return `[${text}](${links}/${place.file.toWellFormed().split("/").map(encodeSegment).join("/")}${place.line === void 0 ? "" : `#L${place.line}`})`;
}
function encodeSegment(segment) {
	return encodeURIComponent(segment).replaceAll(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}
function* undecidedLines(undecided, language) {
	if (undecided.length === 0) return;
	yield `\n## ${WORDS.notDetermined[language]} ${undecided.filter(({ outcome }) => outcome !== "manual").length}\n\n`;
	const folds = foldUndecided(undecided);
	for (const { read, target, controls, severity } of folds.slice(0, MAX_FOLDS)) {
		const why = causeSentence({
			cause: read.cause,
			detail: clean(read.detail)
		})[language];
		const which = `${controlsCounted(controls.length, language)} (≤ ${SEVERITY_WORDS[severity][language]})`;
		const next = `${WORDS.next[language]}: ${markdown(causeNextStep(read)[language])}`;
		yield `- **${markdown(target)}**: ${markdown(why)} · ${which}: ${markdown(controls.slice(0, 12).join(" "))}${controls.length > 12 ? " …" : ""}<br>${next}\n`;
	}
	if (folds.length > MAX_FOLDS) yield `- (+${folds.length - MAX_FOLDS} ${WORDS.more[language]})\n`;
	const errors = undecided.filter(({ outcome }) => outcome === "error");
	for (const { control, message } of errors.slice(0, MAX_FOLDS)) yield `- **${markdown(control)}**: ${markdown(message[language])}\n`;
	if (errors.length > MAX_FOLDS) yield `- (+${errors.length - MAX_FOLDS} ${WORDS.more[language]})\n`;
	const manual = [...new Set(undecided.filter(({ outcome }) => outcome === "manual").map(({ control }) => control))];
	if (manual.length > 0) yield `- ${WORDS.manual[language]}: ${markdown(manual.slice(0, 100).join(" "))}\n`;
}
function* tail(summary, waived, language) {
	const fixed = summary.gone.filter(({ state }) => state === "fixed").length;
	const lost = summary.gone.length - fixed;
	const notable = summary.waivers.filter(({ status }) => status !== "active");
	const lines = [
		...summary.gone.length === 0 ? [] : [`${WORDS.gone[language]}: ${fixed} ${WORDS.fixed[language]}, ${lost} ${WORDS.cannotTell[language]}`],
		...waived === 0 ? [] : [`${OWN_WORDS.waivedCount[language]}: ${waived}`],
		...notable.slice(0, MAX_FOLDS).map(({ waiver, status }) => {
			const control = typeof waiver.control === "string" ? waiver.control : waiver.control.glob;
			const why = status === "expired" ? `${WORDS.expired[language]} (${waiver.until})` : WORDS.unmatched[language];
			return markdown(`${waiver.id} ${control}: ${why}, ${waiver.owner}`);
		}),
		...summary.notLookedAt.length === 0 ? [] : [`${WORDS.notLookedAt[language]} ${summary.notLookedAt.length}: ${markdown(WORDS.notLookedAtWhy[language])}`]
	];
	if (lines.length > 0) yield `\n${lines.map((line) => `- ${line}\n`).join("")}`;
}
function markdown(text) {
	const cut = clean(text.toWellFormed());
	return (cut.length > MAX_SENTENCE ? `${cut.slice(0, MAX_SENTENCE).toWellFormed()}…` : cut).replaceAll(/[&<>"'`*_[\]#|~\\@$]/g, (sign) => `&#${sign.charCodeAt(0)};`).replaceAll("://", "&#58;&#47;&#47;").replaceAll(/\bwww\./gi, (word) => `${word.slice(0, 3)}&#46;`).replace(/^(\s*)([-+=:])/, (_, before, sign) => `${before}&#${sign.charCodeAt(0)};`).replace(/^(\s*\d+)([.)])(?=\s|$)/, (_, before, sign) => `${before}&#${sign.charCodeAt(0)};`);
}
export { renderMarkdown as n, worstFirst as r, markdown as t };
