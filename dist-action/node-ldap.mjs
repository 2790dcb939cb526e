import { f as unknown } from "./fact.mjs";
import { n as connectionOver, o as addressText } from "./node-socket.mjs";
import { t as ldapResult } from "./ldap-result.mjs";
import { a as refusalOf, i as openLogin, n as dialAddress, o as secured, s as transportOf } from "./node-login.mjs";
import { Socket } from "node:net";
// src/world/node-ldap-stream.ts
const MAX_MESSAGE = 8388608;
const MAX_HEADER = 6;
const MIN_CONTENTS = 5;
var LdapStream = class extends Socket {
	#inner;
	#parts = [];
	#have = 0;
	#left;
	constructor(inner, budget) {
		super();
		this.#inner = inner;
		this.#left = budget;
		inner.on("data", (chunk) => this.#receive(chunk));
		inner.on("end", () => this.push(null));
		inner.on("error", (error) => this.destroy(error));
		inner.on("close", () => this.destroy());
	}
	allow(budget) {
		this.#left = budget;
	}
	_read() {
		this.#inner.resume();
	}
	_write(chunk, _encoding, done) {
		this.#inner.write(chunk, done);
	}
	_final(done) {
		this.#inner.end(() => done());
	}
	_destroy(error, done) {
		this.#parts = [];
		this.#inner.destroy();
		done(error);
		process.nextTick(() => this.emit("close", error !== null));
	}
	#receive(chunk) {
		this.#left -= chunk.length;
		this.#parts.push(chunk);
		this.#have += chunk.length;
		for (;;) {
			const length = this.#messageLength();
			if (length === "none" || this.#left < 0) return void this.destroy(new NoLdapMessage());
			if (length === void 0 || length > this.#have) return;
			const bytes = this.#joined();
			this.#parts = length === bytes.length ? [] : [bytes.subarray(length)];
			this.#have -= length;
			if (!this.push(bytes.subarray(0, length))) this.#inner.pause();
		}
	}
	#messageLength() {
		if (this.#have < 2) return void 0;
		const [start = Buffer.alloc(0)] = this.#parts;
		const bytes = start.length >= MAX_HEADER ? start : this.#joined();
		const [tag = 0, first = 0] = bytes;
		if (tag !== 48) return "none";
		if (first < 128) return first < MIN_CONTENTS ? "none" : 2 + first;
		const octets = first & 127;
		if (octets < 1 || octets > 4) return "none";
		if (bytes.length < 2 + octets) return void 0;
		const length = 2 + octets + bytes.readUIntBE(2, octets);
		return length > MAX_MESSAGE || length < 2 + octets + MIN_CONTENTS ? "none" : length;
	}
	#joined() {
		const [first = Buffer.alloc(0), ...more] = this.#parts;
		if (more.length === 0) return first;
		const bytes = Buffer.concat(this.#parts);
		this.#parts = [bytes];
		return bytes;
	}
};
var NoLdapMessage = class extends Error {
	code = "NO_LDAP_MESSAGE";
};
// src/world/node-ldap.ts
const CONFIDENTIALITY_REQUIRED = 13;
const CONFIDENTIALITY = new Set([8, CONFIDENTIALITY_REQUIRED]);
const BIND_BYTES = 65536;
const SEARCH_BYTES = 134217728;
const PAGE = 500;
const PATIENCE = 4;
async function nodeLdap(login, secrets) {
	const opened = openLogin("ldap", login, secrets);
	if ("state" in opened) return opened;
	const { address, password } = opened;
	if (login.anonymous === true) return asNobody(address, login);
	if (address.user === void 0 && password === void 0) return address.scheme === "ldapi" ? bound(address, login, false, (client) => client.bind("EXTERNAL")) : asNobody(address, login);
	if (address.user === void 0 || password === void 0) return unknown("unresolved", "a name or a password is missing");
	const { user } = address;
	const asUser = (client) => client.bind(user, password);
	const first = await bound(address, {
		...login,
		insecure: login.insecure && address.scheme !== "ldap"
	}, false, asUser);
	if (!("state" in first && "upgrade" in first)) return first;
	const upgraded = await bound(address, login, true, asUser);
	return "state" in upgraded && login.insecure && upgraded.cause === "refused" ? bound(address, login, false, asUser) : upgraded;
}
async function asNobody(address, login) {
	const bind = (client) => client.bind("", "");
	const clear = await bound(address, login, false, bind, true);
	if ("state" in clear || address.scheme !== "ldap" || clear.bind !== CONFIDENTIALITY_REQUIRED) return clear;
	const secure = await bound(address, login, true, bind, true);
	if ("state" in secure) return clear;
	clear.close();
	return {
		...secure,
		inClear: clear.bind
	};
}
async function bound(address, login, upgrade, bind, nobody = false) {
	const plain = await dialAddress(address, login);
	if ("state" in plain) return plain;
	const refused = upgrade ? await startTls(plain, login) : void 0;
	if (refused !== void 0) {
		plain.destroy();
		return refused;
	}
	const socket = upgrade || address.scheme === "ldaps" ? await secured(plain, address, login) : plain;
	if ("state" in socket) return socket;
	const transport = transportOf(socket, address);
	if (!nobody && address.scheme !== "ldapi") {
		const unsafe = refusalOf(transport, login.insecure);
		if (unsafe !== void 0) {
			socket.destroy();
			return upgrade || address.scheme === "ldaps" ? unsafe : {
				...unsafe,
				upgrade: true
			};
		}
	}
	const stream = new LdapStream(socket, BIND_BYTES);
	const client = await clientOver(stream, login);
	const failed = await bind(client).then(() => void 0, (error) => error);
	const code = failed === void 0 ? 0 : codeOf(failed);
	const identity = code === 0 ? await whoAmI(client) : "";
	const session = sessionOver(client, stream, {
		transport,
		address,
		bind: code ?? 80,
		identity
	}, login);
	if (code === 0 || nobody && code !== void 0) return session;
	session.close();
	if (code === void 0) return whyOf(failed);
	const why = unknown("access-denied", `bind: ${ldapResult(code)}`);
	return CONFIDENTIALITY.has(code) && !upgrade && address.scheme === "ldap" ? {
		...why,
		upgrade: true
	} : why;
}
const WHO_AM_I = "1.3.6.1.4.1.4203.1.11.3";
async function whoAmI(client) {
	const answer = await client.exop(WHO_AM_I).catch(() => void 0);
	return answer === void 0 ? void 0 : /^dn:(.*)$/s.exec(answer.value ?? "")?.[1] ?? (answer.value === void 0 || answer.value === "" ? "" : void 0);
}
async function clientOver(stream, { timeout }) {
	const { Client } = await import("./dist.mjs");
	stream.on("error", () => void 0);
	let given = false;
	return new Client({
		url: "ldap://directory.invalid",
		timeout: timeout * PATIENCE,
		connectTimeout: timeout,
		strictDN: false,
		createConnection: () => {
			if (given || stream.destroyed) throw new Error("the connection ended");
			given = true;
			return stream;
		}
	});
}
function sessionOver(client, stream, about, { timeout, signal }) {
	const close = () => {
		signal.removeEventListener("abort", close);
		client.unbind().catch(() => void 0);
		stream.destroy();
	};
	signal.addEventListener("abort", close, { once: true });
	return {
		...about,
		close,
		search: (search) => {
			stream.allow(SEARCH_BYTES);
			const until = performance.now() + timeout * PATIENCE;
			return signal.aborted ? Promise.resolve(unknown("timed-out", addressText(about.address))) : searched(client, search, until, Math.ceil(timeout * PATIENCE / 1e3));
		}
	};
}
async function searched(client, { base, scope, filter, attributes, max }, until, timeLimit) {
	const entries = [];
	let referred = false;
	const options = {
		scope,
		filter,
		attributes: [...attributes],
		timeLimit,
		paged: { pageSize: Math.min(PAGE, max + 1) }
	};
	try {
		if (scope === "base") entries.push(...(await client.search(base, {
			...options,
			paged: false
		})).searchEntries.map(entryOf));
		else for await (const page of client.searchPaginated(base, options)) {
			entries.push(...page.searchEntries.map(entryOf));
			referred ||= page.searchReferences.length > 0;
			if (entries.length > max || performance.now() > until) return {
				entries: entries.slice(0, max),
				code: 0,
				more: true,
				referred
			};
		}
		return {
			entries,
			code: 0,
			more: false,
			referred
		};
	} catch (error) {
		const code = codeOf(error);
		return code === void 0 ? whyOf(error) : {
			entries: entries.slice(0, max),
			code,
			more: true,
			referred
		};
	}
}
const SECRETS = new Set([
	"userpassword",
	"olcrootpw",
	"olcsyncrepl"
]);
function entryOf({ dn, ...attributes }) {
	const read = Object.entries(attributes).map(([name, value]) => {
		const key = (name.split(";")[0] ?? "").toLowerCase();
		const texts = (Array.isArray(value) ? value : [value]).map((one) => typeof one === "string" ? one : one.toString("utf8"));
		return [key, SECRETS.has(key) ? texts.map(schemeOf) : texts];
	});
	return {
		dn,
		attributes: new Map(read.filter(([, values]) => values.length > 0))
	};
}
function schemeOf(value) {
	const [scheme] = /^\{[A-Za-z0-9./_-]{1,32}\}/.exec(value) ?? [];
	if (scheme === void 0) return "{CLEARTEXT}";
	if (!/^\{crypt\}$/i.test(scheme)) return scheme.toUpperCase();
	const [method = ""] = /^\$[a-z0-9-]{1,12}\$/i.exec(value.slice(scheme.length)) ?? [];
	return `{CRYPT}${method}`;
}
function codeOf(error) {
	return error instanceof Error && "code" in error && typeof error.code === "number" ? error.code : void 0;
}
function whyOf(error) {
	const text = error instanceof Error ? error.message : String(error);
	if (/timed out|timeout/i.test(text)) return unknown("timed-out", "no answer");
	if (error instanceof Error && "code" in error && error.code === "NO_LDAP_MESSAGE") return unknown("unparseable", "no LDAP message");
	return /socket|connection/i.test(text) ? unknown("unreachable", "the connection ended") : unknown("unparseable", "no LDAP message");
}
const START_TLS = Buffer.from("301d02010177188016312e332e362e312e342e312e313436362e3230303337", "hex");
const MAX_ANSWER = 1024;
async function startTls(socket, { timeout, signal }) {
	const { connection, release } = connectionOver(socket, signal);
	connection.write(START_TLS);
	const until = performance.now() + timeout;
	let answer = Buffer.alloc(0);
	for (;;) {
		const received = await connection.read(until - performance.now());
		if (received.kind === "timed-out") return unknown("timed-out", "StartTLS");
		if (received.kind !== "bytes") return unknown("unreachable", "StartTLS: the connection ended");
		answer = Buffer.concat([answer, received.bytes]);
		const code = extendedResult(answer);
		if (code === 0) {
			release();
			return;
		}
		if (code === "none" || answer.length > MAX_ANSWER) return unknown("unparseable", "no extended response");
		if (code !== void 0) return unknown("refused", code === 2 ? "StartTLS: the server offers no TLS" : `StartTLS: ${ldapResult(code)}`);
	}
}
function extendedResult(bytes) {
	const message = contents(bytes, 0, 48);
	if (message === void 0 || message === "none") return message;
	if (bytes.length < message.end) return void 0;
	const id = contents(bytes, message.start, 2);
	if (id === void 0 || id === "none" || id.end - id.start !== 1 || id.end > bytes.length || bytes.readUInt8(id.start) !== 1) return "none";
	const response = contents(bytes, id.end, 120);
	if (response === void 0 || response === "none") return "none";
	const code = contents(bytes, response.start, 10);
	return code === void 0 || code === "none" || code.end - code.start !== 1 || code.end > bytes.length ? "none" : bytes.readUInt8(code.start);
}
function contents(bytes, at, tag) {
	if (bytes.length < at + 2) return void 0;
	if (bytes.readUInt8(at) !== tag) return "none";
	const first = bytes.readUInt8(at + 1);
	if (first < 128) return {
		start: at + 2,
		end: at + 2 + first
	};
	const octets = first & 127;
	if (octets < 1 || octets > 4) return "none";
	if (bytes.length < at + 2 + octets) return void 0;
	const start = at + 2 + octets;
	return {
		start,
		end: start + bytes.readUIntBE(at + 2, octets)
	};
}
export { nodeLdap };
