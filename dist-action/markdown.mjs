import { n as causeSentence, o as SEVERITIES, t as causeNextStep } from "./cause.mjs";
import { n as isForgiven, r as isUndecided } from "./finding.mjs";
import { n as escapeMarkdown, t as worstFirst } from "./worst-first.mjs";
import { i as goneText, r as goneApart, t as foldUndecided } from "./undecided.mjs";
import { n as placeText, r as placer } from "./place.mjs";
import { t as PROJECT } from "./project.mjs";
import { i as controlsCounted, n as SEVERITY_WORDS, r as WORDS, t as FAMILY_NAMES } from "./words.mjs";
import { n as intervalText, t as gradeText } from "./score-text.mjs";
import { t as clean } from "./layout.mjs";
// src/report/markdown-rows.ts
const OWN_WORDS$1 = {
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
	worse: {
		en: "worse",
		zh: "恶化"
	},
	before: {
		en: "before",
		zh: "此前"
	},
	howToFix: {
		en: "How to fix it",
		zh: "整改方法"
	}
};
var MarkdownRows = class {
	#options;
	#place;
	#rules;
	#pages;
	constructor(summary, options) {
		this.#options = options;
		this.#place = placer(summary, options.pathPrefix);
		this.#rules = new Map(summary.rules.map((rule) => [rule.id, rule]));
		this.#pages = `${PROJECT}/blob/v${encodeSegment(summary.tool.version)}/controls/README.md`;
	}
	*table(title, count, findings, fix) {
		const { language } = this.#options;
		if (title !== "") yield `\n## ${title} ${count}\n`;
		yield `\n| ${[
			OWN_WORDS$1.severity,
			OWN_WORDS$1.control,
			OWN_WORDS$1.what,
			OWN_WORDS$1.where
		].map((one) => one[language]).join(" | ")} |\n|---|---|---|---|\n`;
		let shown = 0;
		for (const finding of findings) {
			yield this.#row(finding, fix);
			shown += 1;
		}
		if (count > shown) yield `\n(+${count - shown} ${WORDS.more[language]})\n`;
	}
	control(id) {
		return /^[A-Z]+-\d+$/.test(id) && FAMILY_NAMES[this.#rules.get(id)?.family ?? ""] !== void 0 ? `[${id}](${this.#pages}#${id.toLowerCase()})` : escapeMarkdown(id);
	}
	#row(finding, fix) {
		const { language } = this.#options;
		const about = finding.resource === "" ? finding.target : `${finding.target}/${finding.resource}`;
		const rule = this.#rules.get(finding.control);
		const folded = fix && rule !== void 0 ? foldedFix(rule, language) : "";
		return `| ${[
			SEVERITY_WORDS[finding.severity][language],
			this.control(finding.control),
			[escapeMarkdown(finding.message[language]), ...this.#marks(finding)].join(" · ") + folded,
			`${linkTo(this.#place(finding), this.#options.links)}<br>${escapeMarkdown(about)}`
		].join(" | ")} |\n`;
	}
	#marks({ waiver, baseline, fingerprint = "", message }) {
		const { language, comparison } = this.#options;
		const marks = [];
		if (waiver?.status === "expired") marks.push(`${WORDS.expired[language]} (${escapeMarkdown(waiver.until)})`);
		if (waiver?.status === "worse") marks.push(WORDS.worse[language]);
		if (baseline !== "worse") return marks;
		const before = comparison?.said.get(fingerprint)?.[language];
		const was = before === void 0 || before === message[language] ? "" : ` (${OWN_WORDS$1.before[language]}: ${escapeMarkdown(before)})`;
		return [...marks, `**${OWN_WORDS$1.worse[language]}**${was}`];
	}
};
function foldedFix({ remediation }, language) {
	return `<details><summary>${OWN_WORDS$1.howToFix[language]}</summary>${escapeMarkdown(remediation[language].replaceAll(/\s+/g, " "))}</details>`;
}
function linkTo(place, links) {
	const text = `<code>${escapeMarkdown(placeText(place))}</code>`;
	if (links === void 0 || place.file.startsWith("/") || place.file.startsWith("../") || place.file.includes("://")) return text;
	return `[${text}](${links}/${place.file.toWellFormed().split("/").map(encodeSegment).join("/")}${place.line === void 0 ? "" : `#L${place.line}`})`;
}
function encodeSegment(segment) {
	return encodeURIComponent(segment).replaceAll(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}
// src/report/markdown.ts
const MAX_FINDINGS = 40;
const MAX_FOLDS = 25;
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
	waivedCount: {
		en: "Waived",
		zh: "已豁免"
	},
	compared: {
		en: "Compared",
		zh: "比较"
	},
	fixed: {
		en: "Fixed",
		zh: "已修复"
	},
	notThere: {
		en: "No longer there, so that nothing of it is judged",
		zh: "已不存在，因此不再判断"
	},
	workingDirectory: {
		en: "the working directory",
		zh: "工作目录"
	}
};
const renderMarkdown = function* (summary, findings, options) {
	const { language } = options;
	yield* head(summary, options);
	const rows = new MarkdownRows(summary, options);
	const fails = (wanted) => (finding) => finding.outcome === "fail" && wanted(finding);
	let compared = summary.gone.length > 0 || options.comparison !== void 0;
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
	const open = compared ? undecided.filter(isOpen) : undecided;
	const title = compared ? OWN_WORDS.newOrWorse[language] : OWN_WORDS.topFindings[language];
	if (tally.fresh > 0) yield* rows.table(title, tally.fresh, worstFirst(findings, fails(isOpen), MAX_FINDINGS), true);
	else if (!compared) yield `\n${(summary.counts.pass > 0 ? WORDS.noFindings : WORDS.nothingPassed)[language]}\n`;
	else if (open.length === 0) yield `\n## ${title}\n\n${OWN_WORDS.nothingNew[language]}\n`;
	const notDetermined = WORDS.notDetermined[language];
	yield* undecidedLines(compared ? `${notDetermined}, ${title.toLowerCase()}` : notDetermined, open, language);
	yield* goneLines(summary, rows, language);
	if (tally.known > 0) {
		const known = worstFirst(findings, fails((one) => isForgiven(one) && one.waiver?.status !== "active"), MAX_FINDINGS);
		yield* folded(rows.table("", tally.known, known, false), `${OWN_WORDS.alreadyThere[language]} ${tally.known}`);
	}
	const before = compared ? undecided.filter((one) => !isOpen(one)) : [];
	if (before.length > 0) yield* folded(undecidedLines("", before, language), counted(`${notDetermined}, ${OWN_WORDS.alreadyThere[language].toLowerCase()}`, before, language));
	yield* tail(summary, tally.waived, language);
};
function isOpen(finding) {
	return !isForgiven(finding);
}
function counted(title, undecided, language) {
	const open = undecided.filter(({ outcome }) => outcome !== "manual").length;
	return open > 0 ? `${title} ${open}` : `${WORDS.manual[language]} ${undecided.length}`;
}
function sidesOf({ before, now, link }) {
	const sides = `<code>${escapeMarkdown(before.slice(0, 12))}</code> → <code>${escapeMarkdown(now.slice(0, 12))}</code>`;
	return link === void 0 ? sides : `[${sides}](${link})`;
}
function targetName(target, language) {
	return target === "." ? OWN_WORDS.workingDirectory[language] : escapeMarkdown(target);
}
function* goneLines({ gone }, rows, language) {
	const { fixed, notThere } = goneApart(gone);
	for (const [some, title] of [[fixed, OWN_WORDS.fixed[language]], [notThere, OWN_WORDS.notThere[language]]]) {
		const lines = [...Map.groupBy(some, ({ target, resource }) => resource === "" ? targetName(target, language) : `${targetName(target, language)}/${escapeMarkdown(resource)}`)].map(([name, of]) => `- ${name}: ${of.map(({ control }) => rows.control(control)).join(" ")}\n`);
		const more = lines.length > MAX_FOLDS ? [`- (+${lines.length - MAX_FOLDS} ${WORDS.more[language]})\n`] : [];
		if (some.length > 0) yield* folded([
			"\n",
			...lines.slice(0, MAX_FOLDS),
			...more
		], `${title} ${some.length}`);
	}
}
function* head(summary, { language, comparison }) {
	const { verdict, scores, coverage, counts, failed } = summary;
	yield `# Custos: ${{
		0: counts.pass > 0 ? `✅ ${WORDS.gateMet[language]}` : `❔ ${WORDS.gateMet[language]}`,
		1: `❌ ${WORDS.gateNotMet[language]}`,
		2: `❔ ${WORDS.gateUndecided[language]}`,
		130: `❌ ${WORDS.interrupted[language]}`
	}[verdict.exitCode]}\n\n`;
	for (const reason of verdict.reasons) yield `- ${escapeMarkdown(reason[language])}\n`;
	if (verdict.reasons.length > 0) yield "\n";
	const accepted = scores.accepted.low === scores.total.low && scores.accepted.high === scores.total.high ? "" : ` · ${WORDS.score[language]} ${WORDS.accepted[language]} ${intervalText(scores.accepted)}`;
	if (comparison !== void 0) yield `${OWN_WORDS.compared[language]}: ${sidesOf(comparison)}\n\n`;
	const [gradeBefore, scoreBefore] = comparison === void 0 ? ["", ""] : [`${comparison.grade} → `, `${intervalText(comparison.scores)} → `];
	yield `**${WORDS.grade[language]} ${gradeBefore}${gradeText(summary)}** · `;
	yield `${WORDS.score[language]} **${scoreBefore}${intervalText(scores.total)}** ${WORDS.outOf[language]}${accepted} · `;
	yield `${WORDS.coverage[language]} ${Math.floor(coverage * 100)} % · ${escapeMarkdown(summary.profile)} · ${WORDS.asOf[language]} ${summary.asOf.slice(0, 10)}\n\n`;
	const columns = [
		[WORDS.failed[language], counts.fail],
		...SEVERITIES.filter((severity) => failed[severity] > 0).map((severity) => [SEVERITY_WORDS[severity][language], failed[severity]]),
		[WORDS.notDetermined[language], counts.unknown + counts.error],
		[WORDS.manual[language], counts.manual],
		[WORDS.passed[language], counts.pass],
		[WORDS.notApplicable[language], counts["not-applicable"]]
	];
	yield `| ${columns.map(([name]) => name).join(" | ")} |\n|${columns.map(() => "--:|").join("")}\n| ${columns.map(([, count]) => count).join(" | ")} |\n`;
	for (const cap of summary.caps) yield `\n${WORDS.why[language]}: ${escapeMarkdown(`${cap.reason[language]} (${cap.controls.join(", ")}): ${WORDS.atMost[language]} ${cap.grade}`)}\n`;
}
function* folded(content, title) {
	yield `\n<details><summary>${title}</summary>\n`;
	yield* content;
	yield "\n</details>\n";
}
function* undecidedLines(title, undecided, language) {
	if (undecided.length === 0) return;
	yield title === "" ? "\n" : `\n## ${counted(title, undecided, language)}\n\n`;
	const folds = foldUndecided(undecided);
	for (const { read, target, controls, severity } of folds.slice(0, MAX_FOLDS)) {
		const why = causeSentence({
			cause: read.cause,
			detail: clean(read.detail)
		})[language];
		const which = `${controlsCounted(controls.length, language)} (≤ ${SEVERITY_WORDS[severity][language]})`;
		const next = `${WORDS.next[language]}: ${escapeMarkdown(causeNextStep(read)[language])}`;
		yield `- **${targetName(target, language)}**: ${escapeMarkdown(why)} · ${which}: ${escapeMarkdown(controls.slice(0, 12).join(" "))}${controls.length > 12 ? " …" : ""}<br>${next}\n`;
	}
	if (folds.length > MAX_FOLDS) yield `- (+${folds.length - MAX_FOLDS} ${WORDS.more[language]})\n`;
	const errors = undecided.filter(({ outcome }) => outcome === "error");
	for (const { control, message } of errors.slice(0, MAX_FOLDS)) yield `- **${escapeMarkdown(control)}**: ${escapeMarkdown(message[language])}\n`;
	if (errors.length > MAX_FOLDS) yield `- (+${errors.length - MAX_FOLDS} ${WORDS.more[language]})\n`;
	const manual = [...new Set(undecided.filter(({ outcome }) => outcome === "manual").map(({ control }) => control))];
	if (manual.length > 0) yield `- ${WORDS.manual[language]}: ${escapeMarkdown(manual.slice(0, 100).join(" "))}\n`;
}
function* tail(summary, waived, language) {
	const gone = goneText(summary.gone, language);
	const notable = summary.waivers.filter(({ status }) => status !== "active");
	const lines = [
		...gone === "" ? [] : [`${WORDS.gone[language]}: ${gone}`],
		...waived === 0 ? [] : [`${OWN_WORDS.waivedCount[language]}: ${waived}`],
		...notable.slice(0, MAX_FOLDS).map(({ waiver, status }) => {
			const control = typeof waiver.control === "string" ? waiver.control : waiver.control.glob;
			const why = status === "expired" ? `${WORDS.expired[language]} (${waiver.until})` : WORDS.unmatched[language];
			return escapeMarkdown(`${waiver.id} ${control}: ${why}, ${waiver.owner}`);
		}),
		...summary.notLookedAt.length === 0 ? [] : [`${WORDS.notLookedAt[language]} ${summary.notLookedAt.length}: ${escapeMarkdown(WORDS.notLookedAtWhy[language])}`]
	];
	if (lines.length > 0) yield `\n${lines.map((line) => `- ${line}\n`).join("")}`;
}
export { renderMarkdown };
