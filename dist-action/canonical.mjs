// src/model/canonical.ts
function sorted(_key, inner) {
	if (!isObject(inner)) return inner;
	return Object.fromEntries(Object.entries(inner).toSorted(byKey));
}
function byKey([a], [b]) {
	return a < b ? -1 : a > b ? 1 : 0;
}
function isObject(value) {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}
function canonicalJson(value, indent) {
	return JSON.stringify(value, sorted, indent);
}
function* canonicalPieces(value, indent = 0, depth = 1) {
	const pad = (levels) => indent === 0 ? "" : `\n${" ".repeat(indent * levels)}`;
	const text = (part, levels) => {
		const json = canonicalJson(part, indent);
		return indent === 0 ? json : json.replaceAll("\n", pad(levels));
	};
	const entries = Object.entries(Object.fromEntries(Object.entries(value).toSorted(byKey))).filter(([, field]) => field !== void 0);
	if (entries.length === 0) return yield "{}";
	for (const [index, [name, field]] of entries.entries()) {
		yield `${index === 0 ? "{" : ","}${pad(depth)}${JSON.stringify(name)}:${indent === 0 ? "" : " "}`;
		if (isObject(field)) yield* canonicalPieces(field, indent, depth + 1);
		else if (!Array.isArray(field) || field.length === 0) yield text(field, depth);
		else {
			for (const [place, element] of field.entries()) yield `${place === 0 ? "[" : ","}${pad(depth + 1)}${text(element ?? null, depth + 1)}`;
			yield `${pad(depth)}]`;
		}
	}
	yield `${pad(depth - 1)}}`;
}
export { canonicalPieces as n, canonicalJson as t };
