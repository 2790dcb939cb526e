import { inspect } from "node:util";
// src/model/ip-address.ts
function ipBytes(text) {
	return ipv4(text) ?? ipv6(text.split("%")[0] ?? "");
}
function ipVersion(text) {
	const length = ipBytes(text)?.length;
	return length === 4 ? 4 : length === 16 ? 6 : 0;
}
function ipv4(text) {
	if (!/^(?:0|[1-9]\d{0,2})(?:\.(?:0|[1-9]\d{0,2})){3}$/.test(text)) return void 0;
	const bytes = text.split(".").map(Number);
	return bytes.every((byte) => byte <= 255) ? bytes : void 0;
}
function ipv6(text) {
	if (!text.includes(":") || text.length > 45) return void 0;
	const halves = text.split("::");
	if (halves.length > 2) return void 0;
	const words = (part, last) => {
		if (part === "") return [];
		const found = [];
		const pieces = part.split(":");
		for (const [index, piece] of pieces.entries()) {
			const dotted = last && index === pieces.length - 1 && piece.includes(".") ? ipv4(piece) : void 0;
			const [a = 0, b = 0, c = 0, d = 0] = dotted ?? [];
			if (dotted !== void 0) found.push(a * 256 + b, c * 256 + d);
			else if (/^[0-9a-f]{1,4}$/i.test(piece)) found.push(Number.parseInt(piece, 16));
			else return void 0;
		}
		return found;
	};
	const before = words(halves[0] ?? "", halves.length === 1);
	const after = words(halves[1] ?? "", true);
	if (before === void 0 || after === void 0) return void 0;
	const missing = 8 - before.length - after.length;
	if (halves.length === 1 ? missing !== 0 : missing < 1) return void 0;
	return [
		...before,
		...Array(missing).fill(0),
		...after
	].flatMap((word) => [word >> 8, word & 255]);
}
// src/world/secret.ts
const REDACTED = "‹secret›";
var Secret = class {
	#text;
	constructor(text) {
		this.#text = text;
	}
	static open(secret) {
		return secret.#text;
	}
	toString() {
		return REDACTED;
	}
	toJSON() {
		return REDACTED;
	}
	[inspect.custom]() {
		return REDACTED;
	}
};
function secretReference(text) {
	const [, from, name] = /^\$\{(env|file):([^${}]+)\}$/.exec(text) ?? [];
	return name === void 0 ? void 0 : {
		from: from === "env" ? "env" : "file",
		name
	};
}
const SHORT = 8;
var OpenedSecrets = class {
	#texts = new Set();
	add(secret, plain = []) {
		const text = Secret.open(secret);
		if (text === "" || plain.includes(text)) return;
		this.#texts.add(text);
		this.#texts.add(encodeURIComponent(text));
		this.#texts.add(JSON.stringify(text).slice(1, -1));
		if (text.length >= SHORT) this.#texts.add(Buffer.from(text).toString("base64").replace(/=+$/, ""));
	}
	revealedBy(make) {
		if (this.#texts.size === 0) return false;
		const text = make();
		for (const secret of this.#texts) if (secret.length < SHORT ? hasWord(text, secret) : text.includes(secret)) return true;
		return false;
	}
};
function hasWord(text, word) {
	for (let at = text.indexOf(word); at !== -1; at = text.indexOf(word, at + 1)) if (!/\w/.test(text.charAt(at - 1)) && !/\w/.test(text.charAt(at + word.length))) return true;
	return false;
}
// src/model/fact.ts
const CAUSE_CODES = [
	"not-collected",
	"unreachable",
	"timed-out",
	"interrupted",
	"refused",
	"access-denied",
	"unparseable",
	"unresolved",
	"unsupported",
	"collector-failed"
];
function known(value, origin, open) {
	const [first, ...rest] = open ?? [];
	return first === void 0 ? {
		state: "known",
		value,
		origin
	} : {
		state: "known",
		value,
		origin,
		open: [first, ...rest]
	};
}
function absent(origin) {
	return {
		state: "absent",
		origin
	};
}
function unknown(cause, detail, origin) {
	return origin === void 0 ? {
		state: "unknown",
		cause,
		detail
	} : {
		state: "unknown",
		cause,
		detail,
		origin
	};
}
function derived(rule, first, ...rest) {
	return {
		kind: "derived",
		rule,
		from: [first, ...rest]
	};
}
function mapFact(fact, rule, compute) {
	if (fact.state !== "known") return fact;
	return known(compute(fact.value), derived(rule, fact.origin), fact.open);
}
function elementsOf(fact) {
	if (fact.state !== "known") return fact;
	const { value, origin, open } = fact;
	return known(value.map((element) => known(element, origin)), origin, open);
}
function anyTrue(facts) {
	return decidedBy(true, facts);
}
function allTrue(facts) {
	return decidedBy(false, facts);
}
function decidedBy(value, facts) {
	return facts.find((fact) => fact.state === "known" && fact.value === value) ?? facts.find(({ state }) => state !== "known") ?? facts[0];
}
function isNonEmpty(list) {
	return list.length > 0;
}
function isFactList(value) {
	return Array.isArray(value);
}
function isFactRecord(value) {
	return typeof value === "object" && !isFactList(value);
}
export { ipVersion as _, derived as a, isFactRecord as c, mapFact as d, unknown as f, ipBytes as g, secretReference as h, anyTrue as i, isNonEmpty as l, Secret as m, absent as n, elementsOf as o, OpenedSecrets as p, allTrue as r, isFactList as s, CAUSE_CODES as t, known as u };
