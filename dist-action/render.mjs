import { r as isUndecided } from "./finding.mjs";
import { a as painter, i as padTo, n as fit, o as widthOf, s as wrap, t as clean } from "./layout.mjs";
import { i as controlsCounted, r as WORDS, t as FAMILY_NAMES } from "./words.mjs";
import { n as failedSection } from "./failed.mjs";
import { i as inChinese, n as causeSentence, o as SEVERITIES, t as causeNextStep } from "./cause.mjs";
import { i as goneText, n as undecidedSection, t as foldUndecided } from "./undecided.mjs";
import { n as intervalText, t as gradeText } from "./score-text.mjs";
// src/report/text/endpoint.ts
const MAX_DRAWN = 3;
const MAX_LISTED = 40;
const VERSIONS = [
	"SSLv2",
	"SSLv3",
	"TLSv1",
	"TLSv1.1",
	"TLSv1.2",
	"TLSv1.3",
	"TLCP"
];
const SHORT = {
	SSLv2: "SSL2",
	SSLv3: "SSL3",
	TLSv1: "1.0",
	"TLSv1.1": "1.1",
	"TLSv1.2": "1.2",
	"TLSv1.3": "1.3",
	TLCP: "TLCP"
};
const GOOD = [
	"TLSv1.2",
	"TLSv1.3",
	"TLCP"
];
const STRENGTH = {
	good: "green",
	weak: "yellow",
	insecure: ["bold", "red"]
};
function* endpointSections({ endpoints }, page) {
	if (endpoints.length > MAX_DRAWN) yield listLines(endpoints, page);
	else for (const endpoint of endpoints) yield drawn(endpoint, page);
}
function listLines(endpoints, { paint, language, columns }) {
	const lines = [paint("bold", `${WORDS.endpoint[language]} ${endpoints.length}`)];
	for (const { resource, rating, protocols } of endpoints.slice(0, MAX_LISTED)) {
		const spoken = protocols.filter(({ state }) => state === "accepted").map(({ name }) => SHORT[name] ?? name);
		lines.push(` ${padTo(letterText(rating), 3)} ${fit(`${clean(resource)}  ${spoken.join(" ")}`, columns - 5)}`);
	}
	if (endpoints.length > MAX_LISTED) lines.push(paint("dim", ` (+${endpoints.length - MAX_LISTED} ${WORDS.more[language]})`));
	return lines;
}
function drawn(endpoint, page) {
	const { paint, language } = page;
	const where = endpoint.address === "" || endpoint.resource.includes(endpoint.address) ? "" : `  ${endpoint.address}`;
	return [
		`${paint("bold", `${WORDS.endpoint[language]} ${clean(endpoint.resource)}`)}${paint("dim", `${where}  ${endpoint.connections} ${WORDS.connections[language]}`)}`,
		...ratingLines(endpoint.rating, page),
		"",
		...protocolLine(endpoint, page),
		...suiteLines(endpoint, page),
		...listRow(WORDS.groupsWord[language], endpoint.groups, endpoint.groupsWhole, {
			text: "–",
			style: "reset"
		}, page),
		...certificateLines(endpoint.certificates, page),
		...listRow(WORDS.weaknessesWord[language], endpoint.weaknesses, endpoint.weaknessesWhole, {
			text: WORDS.noneSeen[language],
			style: "green"
		}, page, "red"),
		...guidelineLines(endpoint.guidelines, page)
	];
}
const LABEL = 15;
function row(label, text, { paint, columns }, style = "reset") {
	return wrap(clean(text), columns - LABEL - 1).map((line, index) => ` ${index === 0 ? paint("dim", padTo(label, LABEL)) : " ".repeat(LABEL)}${paint(style, line)}`);
}
function listRow(label, names, whole, none, page, style = "reset") {
	if (names.length > 0) return row(label, `${names.join(" ")}${whole ? "" : ", …"}`, page, style);
	return whole ? row(label, none.text, page, none.style) : row(label, WORDS.notTested[page.language], page, "yellow");
}
function letterText({ letter }) {
	return letter ?? "–";
}
function letterStyle(letter) {
	return ["bold", letter.startsWith("A") ? "green" : letter === "B" || letter === "C" ? "yellow" : "red"];
}
function ratingLines(rating, page) {
	const { paint, language } = page;
	const letter = letterText(rating);
	const own = rating.configuration !== void 0 && rating.configuration !== rating.letter ? `  (${rating.configuration} ${WORDS.leftAside[language]})` : "";
	const { score } = rating;
	const parts = score === void 0 ? "" : paint("dim", `  ${score.protocol} · ${score.keyExchange} · ${score.cipher} → ${score.total}`);
	const rules = [...rating.trust, ...rating.caps].map(({ letter: best, rule, because }) => `${best}: ${rule[language]} (${because})`);
	const warnings = rating.warnings.map(({ rule, because }) => `${rule[language]} (${because})`);
	return [
		` ${paint(letterStyle(letter), ` ${letter} `)} ${paint("dim", `${rating.guide} ${WORDS.letter[language]}`)}${own}${parts}`,
		...rules.flatMap((rule, index) => row(index === 0 ? WORDS.caps[language] : "", rule, page, "yellow")),
		...warnings.flatMap((warning, index) => row(index === 0 ? WORDS.warningsWord[language] : "", warning, page)),
		...rating.notTested.length === 0 ? [] : row("", `${WORDS.atBest[language]}: ${rating.notTested.map((what) => what[language]).join(", ")}`, page, "dim")
	];
}
function protocolLine({ protocols }, { paint, language }) {
	const marks = protocols.map(({ name, state }) => {
		const good = GOOD.includes(name);
		return paint(state === "unknown" ? "yellow" : state === "accepted" ? good ? "green" : ["bold", "red"] : "dim", `${SHORT[name] ?? name} ${state === "accepted" ? "●" : state === "refused" ? "○" : "?"}`);
	});
	return [` ${paint("dim", padTo(WORDS.protocolsWord[language], LABEL))}${marks.join("  ")}`];
}
function suiteLines({ suites, protocols, serverPreference }, page) {
	const { paint, language, columns } = page;
	if (suites.length === 0) return [];
	const spoken = VERSIONS.filter((name) => protocols.some((protocol) => protocol.name === name && protocol.state === "accepted"));
	const cell = (text) => padTo(text, 6);
	const width = Math.min(Math.max(...suites.map(({ name }) => widthOf(name))), columns - LABEL - spoken.length * 6 - 6);
	const who = serverPreference === "unknown" ? "" : ` · ${serverPreference ? WORDS.serverOrder[language] : WORDS.clientOrder[language]}`;
	return [` ${paint("dim", padTo(WORDS.suitesWord[language], LABEL))}${paint("dim", `${padTo(`${suites.length}${who}`, width + 2)}${spoken.map((name) => cell(SHORT[name] ?? name)).join("")}bit`)}`, ...suites.map(({ name, bits, versions, strength }) => {
		const marks = spoken.map((version) => cell(versions.includes(version) ? "●" : " ")).join("");
		return ` ${" ".repeat(LABEL)}${paint(STRENGTH[strength], padTo(fit(clean(name), width), width + 2))}${paint("dim", `${marks}${String(bits).padStart(3)}`)}`;
	})];
}
function certificateLines(certificates, page) {
	const { paint, language } = page;
	return certificates.flatMap((certificate) => {
		const { subject, key, signature, notAfter, trusted, hostMatches, chain, complete } = certificate;
		const marks = [
			trusted === true ? paint("green", WORDS.trusted[language]) : trusted === false ? paint("red", WORDS.untrusted[language]) : "",
			hostMatches === true ? paint("green", WORDS.nameMatches[language]) : hostMatches === false ? paint("red", WORDS.nameDiffers[language]) : "",
			complete === false ? paint("yellow", WORDS.incomplete[language]) : ""
		].filter((mark) => mark !== "");
		return [
			...row(WORDS.certificateWord[language], `${subject}  ${key}, ${signature}, ${WORDS.until2[language]} ${notAfter.slice(0, 10)}`, page),
			...chain.flatMap((link, depth) => row("", `${" ".repeat(Math.min(depth, 6))}↳ ${link}`, page, "dim")),
			...marks.length === 0 ? [] : [` ${" ".repeat(LABEL)}${marks.join(" · ")}`]
		];
	});
}
function guidelineLines(guidelines, page) {
	const { language } = page;
	return guidelines.flatMap(({ name, verdict, fields }, index) => {
		const failing = fields.filter(({ status, advice }) => status === "not-met" && advice !== true).map(({ field }) => field);
		const open = fields.filter(({ status, advice }) => status === "not-tested" && advice !== true).map(({ field }) => field);
		const word = verdict === "met" ? WORDS.met[language] : verdict === "not-met" ? WORDS.notMet[language] : WORDS.notTested[language];
		const why = verdict === "not-met" ? failing : verdict === "not-tested" ? open : [];
		const style = verdict === "met" ? "green" : verdict === "not-met" ? "yellow" : "dim";
		return row(index === 0 ? WORDS.guidelines[language] : "", `${name}: ${word}${why.length === 0 ? "" : ` (${why.join(", ")})`}`, page, style);
	});
}
// src/report/text/summary.ts
const GRADE_STYLE = {
	A: ["bold", "green"],
	B: ["bold", "green"],
	C: ["bold", "yellow"],
	D: ["bold", "yellow"],
	F: ["bold", "red"]
};
const BAR = 20;
function headSection(summary, page) {
	const { paint, language, columns } = page;
	const resources = summary.targets.reduce((sum, target) => sum + target.resources, 0);
	const all = summary.targets.flatMap(({ looked }) => looked);
	const files = all.filter(({ digest }) => digest !== void 0).length;
	const counted = [
		counts(summary.targets.length, "target", "个目标", language),
		...files > 0 || all.length === 0 ? [counts(files, "file", "个文件", language)] : [],
		counts(resources, "resource", "个资源", language)
	];
	const lines = [
		`${paint("bold", "Custos")} ${summary.tool.version}  ${paint("bold", summary.profile)}  ${WORDS.asOf[language]} ${summary.asOf.slice(0, 10)}`,
		"",
		`${WORDS.lookedAt[language]}: ${counted.join(", ")}`
	];
	const shown = summary.targets.slice(0, 8);
	for (const { target, looked } of shown) {
		const formats = [...new Set(looked.map(({ as }) => as))].join(", ");
		lines.push(`  ${padTo(fit(clean(target.id), 22), 22)} ${paint("dim", fit(`${clean(target.address)}  ${formats}`, columns - 26))}`);
	}
	if (summary.targets.length > shown.length) lines.push(paint("dim", `  (+${summary.targets.length - shown.length} ${WORDS.more[language]})`));
	lines.push("", ...scoreLines(summary, page), "", ...familyLines(summary, page));
	return lines;
}
function counts(count, en, zh, language) {
	return language === "zh" ? `${count} ${zh}` : `${count} ${en}${count === 1 ? "" : "s"}`;
}
function scoreLines(summary, { paint, language, columns }) {
	const { total, accepted } = summary.scores;
	const width = Math.round((total.high - total.low) * 10) / 10;
	const unknown = width > 0 ? paint("dim", `  ${width} % ${WORDS.undetermined[language]}`) : "";
	const lines = [`${WORDS.grade[language]} ${paint(GRADE_STYLE[summary.grade] ?? "bold", gradeText(summary))}   ${WORDS.score[language]} ${paint("bold", intervalText(total))} ${WORDS.outOf[language]}${unknown}`, `${paint("dim", bar(total.low, total.high))}  ${WORDS.coverage[language]} ${Math.floor(summary.coverage * 100)} %${language === "zh" ? "" : " "}${WORDS.ofProfile[language]}`];
	if (accepted.low !== total.low || accepted.high !== total.high) {
		const active = summary.waivers.filter(({ status }) => status === "active");
		const nearest = active.map(({ waiver }) => waiver.until).toSorted()[0] ?? "";
		lines.push(`${WORDS.score[language]} ${WORDS.accepted[language]}: ${intervalText(accepted)}  (${active.length}, ${WORDS.until[language]} ${nearest})`);
	}
	for (const cap of summary.caps) for (const [index, line] of wrap(`${cap.reason[language]} (${cap.controls.join(", ")}): ${WORDS.atMost[language]} ${cap.grade}`, columns - 6).entries()) lines.push(index === 0 ? `${WORDS.why[language]}: ${line}` : `     ${line}`);
	return lines;
}
function bar(low, high) {
	const proven = Math.floor(low / 100 * BAR);
	const possible = Math.ceil(high / 100 * BAR) - proven;
	return "█".repeat(proven) + "▒".repeat(possible) + "░".repeat(Math.max(0, BAR - proven - possible));
}
function familyLines({ scores }, { paint, language, columns }) {
	return scores.families.map((family) => {
		const name = (FAMILY_NAMES[family.family] ?? WORDS.ownFamily)[language];
		return `  ${padTo(family.family, 4)} ${paint("dim", bar(family.low, family.high))} ${intervalText(family).padStart(11)}  ${fit(name, columns - 42)}`;
	});
}
function* tailSections(summary, failed, undecided, page) {
	yield gapLines(summary, page);
	yield waiverLines(summary, page);
	yield goneLines(summary, page);
	yield notLookedAtLines(summary, page);
	yield nextLines(summary, failed, undecided, page);
	yield verdictLines(summary, page);
}
function gapLines({ targets }, { paint, language, columns }) {
	const gaps = targets.flatMap(({ target, gaps: own }) => own.map((gap) => `${target.id}: ${causeSentence({
		cause: gap.cause,
		detail: clean(gap.detail)
	})[language]}`));
	if (gaps.length === 0) return [];
	const unique = [...new Set(gaps)];
	const lines = [paint("bold", `${WORDS.gaps[language]} ${unique.length}`)];
	for (const gap of unique.slice(0, 12)) for (const [index, line] of wrap(gap, columns - 3).entries()) lines.push(index === 0 ? ` · ${line}` : `   ${line}`);
	if (unique.length > 12) lines.push(paint("dim", `   (+${unique.length - 12} ${WORDS.more[language]})`));
	return lines;
}
function waiverLines({ waivers }, { paint, language, columns }) {
	const notable = waivers.filter(({ status }) => status !== "active");
	if (notable.length === 0) return [];
	return [paint("bold", WORDS.waivers[language]), ...notable.map(({ waiver, status }) => {
		const control = typeof waiver.control === "string" ? waiver.control : waiver.control.glob;
		const why = status === "expired" ? `${WORDS.expired[language]} (${waiver.until})` : WORDS.unmatched[language];
		return fit(` · ${clean(waiver.id)} ${control}: ${why}, ${clean(waiver.owner)}`, columns);
	})];
}
function goneLines({ gone }, { paint, language }) {
	const told = goneText(gone, language);
	return told === "" ? [] : [`${paint("bold", WORDS.gone[language])}: ${told}`];
}
function notLookedAtLines({ notLookedAt, counts }, { paint, language, columns }) {
	const lines = [`${paint("bold", WORDS.passed[language])} ${counts.pass}${paint("dim", `   ${counts["not-applicable"]} ${WORDS.notApplicable[language]}`)}`];
	if (notLookedAt.length === 0) return lines;
	lines.push(`${paint("bold", WORDS.notLookedAt[language])} ${notLookedAt.length}`);
	for (const line of wrap(`${WORDS.notLookedAtWhy[language]}${language === "zh" ? "：" : ": "}${notLookedAt.map(({ control }) => control).join(" ")}`, columns - 3)) lines.push(paint("dim", `   ${line}`));
	return lines;
}
function nextLines(summary, failed, undecided, { paint, language, columns }) {
	const steps = [];
	const worst = failed.filter(({ waiver }) => waiver?.status !== "active").toSorted((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) || (a.control < b.control ? -1 : 1));
	const ids = [...new Set(worst.map(({ control }) => control))].slice(0, 5);
	if (ids.length > 0) steps.push(`${WORDS.startWith[language]} ${ids.join(", ")}`);
	for (const { step, details, controls } of undecidedSteps(undecided, language).slice(0, 2)) {
		const what = details.length > MAX_DETAILS ? [...details.slice(0, MAX_DETAILS), "…"] : details;
		steps.push(`${step}${what.length === 0 ? "" : language === "zh" ? `（${what.join("；")}）` : ` (${what.join("; ")})`}${language === "zh" ? "：" : ": "}${WORDS.decide[language]} ${controlsCounted(controls.size, language)}`);
	}
	if (steps.length === 0 && summary.notLookedAt.length === 0) return [];
	steps.push(WORDS.explain[language]);
	const lines = [paint("bold", WORDS.whatNext[language])];
	for (const [number, step] of steps.entries()) for (const [index, line] of wrap(step, columns - 4).entries()) lines.push(index === 0 ? ` ${number + 1}. ${line}` : `    ${line}`);
	return lines;
}
const MAX_DETAILS = 3;
function undecidedSteps(undecided, language) {
	const steps = new Map();
	for (const { read, controls } of foldUndecided(undecided)) {
		const step = causeNextStep(read)[language];
		const known = steps.get(step) ?? {
			details: new Set(),
			controls: new Set()
		};
		const detail = clean(read.detail);
		if (detail !== "") known.details.add(language === "zh" ? inChinese(detail) : detail);
		for (const control of controls) known.controls.add(control);
		steps.set(step, known);
	}
	return [...steps].map(([step, { details, controls }]) => ({
		step,
		details: [...details],
		controls
	})).toSorted((a, b) => b.controls.size - a.controls.size);
}
function verdictLines({ verdict, counts }, { paint, language, columns }) {
	const { exitCode, reasons } = verdict;
	const [word, style, mark] = exitCode === 0 ? [
		WORDS.gateMet[language],
		counts.pass > 0 ? ["bold", "green"] : ["bold", "yellow"],
		counts.pass > 0 ? "✔" : "?"
	] : exitCode === 130 ? [
		WORDS.interrupted[language],
		["bold", "red"],
		"✖"
	] : exitCode === 1 ? [
		WORDS.gateNotMet[language],
		["bold", "red"],
		"✖"
	] : [
		WORDS.gateUndecided[language],
		["bold", "yellow"],
		"?"
	];
	const text = `${mark} ${word} (${WORDS.exit[language]} ${exitCode})`;
	const why = reasons.map((reason) => reason[language]).join(language === "zh" ? "；" : "; ");
	const [first = "", ...rest] = why === "" ? [] : wrap(why, columns - 2);
	return first === "" ? [paint(style, text)] : [
		paint(style, text),
		`  ${first}`,
		...rest.map((line) => `  ${line}`)
	];
}
// src/report/text/render.ts
const MAX_COLUMNS = 100;
const renderText = function* (summary, findings, options) {
	const page = {
		...options,
		paint: painter(options.color),
		columns: Math.max(40, Math.min(options.width, MAX_COLUMNS))
	};
	const failed = [];
	const undecided = [];
	for (const finding of findings) if (finding.outcome === "fail") failed.push(finding);
	else if (isUndecided(finding.outcome)) undecided.push(finding);
	for (const section of sections(summary, failed, undecided, page)) if (section.length > 0) yield `${section.join("\n")}\n\n`;
};
function* sections(summary, failed, undecided, page) {
	yield headSection(summary, page);
	yield* endpointSections(summary, page);
	yield failedSection(summary, failed, page);
	yield undecidedSection(summary, undecided, page);
	yield* tailSections(summary, failed, undecided, page);
}
export { renderText };
