import { posix } from "node:path";
// src/report/place.ts
const COMMAND_LINE = "(command line)";
function placer(summary, pathPrefix) {
	const addresses = new Map(summary.targets.map(({ target }) => [target.id, target.address]));
	const declared = summary.targets.map(({ target }) => target.declaredAt).find(({ file }) => file !== COMMAND_LINE);
	const configuration = summary.policy.find(({ role }) => role === "configuration")?.name;
	const [first] = summary.targets;
	const whole = declared === void 0 ? { file: shown(configuration ?? first?.target.address ?? ".", pathPrefix) } : at(declared, pathPrefix);
	return ({ target, locations: [location] }) => {
		if (location === void 0) return whole;
		if (location.file !== COMMAND_LINE) return at({
			...location.range,
			file: location.file
		}, pathPrefix);
		const address = addresses.get(target);
		return address === void 0 ? whole : { file: shown(address, pathPrefix) };
	};
}
function at({ file, start, end }, pathPrefix) {
	const path = shown(file, pathPrefix);
	if (isWholeFile({
		start,
		end
	})) return { file: path };
	const endLine = end.column === 1 && end.line > start.line ? end.line - 1 : end.line;
	return {
		file: path,
		line: start.line,
		endLine,
		column: start.column
	};
}
function isWholeFile({ start, end }) {
	return start.line === 1 && start.column === 1 && end.line === 1 && end.column === 1;
}
function shown(file, pathPrefix) {
	if (/^[a-z][a-z0-9+.-]*:\/\//i.test(file)) return file;
	return posix.normalize(file.startsWith("/") ? file : pathPrefix + file);
}
function placeText({ file, line }) {
	return line === void 0 ? file : `${file}:${line}`;
}
export { placeText as n, placer as r, isWholeFile as t };
