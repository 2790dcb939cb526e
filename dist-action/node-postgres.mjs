import { f as unknown } from "./fact.mjs";
import { n as connectionOver, o as addressText } from "./node-socket.mjs";
import { i as openLogin, n as dialAddress, o as secured, r as isExposed, s as transportOf } from "./node-login.mjs";
import { t as BoundedStream } from "./node-bounded-stream.mjs";
import { userInfo } from "node:os";
// src/world/postgres-messages.ts
const MAX_MESSAGE = 16777216;
const HEADER = 5;
var MessageGuard = class {
	#wanted = HEADER;
	#chunks = [];
	#size = 0;
	take(chunk) {
		this.#chunks.push(chunk);
		this.#size += chunk.length;
		if (this.#size < this.#wanted) return Buffer.alloc(0);
		const pending = this.#chunks.length === 1 ? chunk : Buffer.concat(this.#chunks);
		let at = 0;
		this.#wanted = HEADER;
		while (at + HEADER <= pending.length) {
			const length = pending.readUInt32BE(at + 1) + 1;
			if (length < HEADER || length > MAX_MESSAGE) return void 0;
			if (at + length > pending.length) {
				this.#wanted = length;
				break;
			}
			const body = pending.subarray(at + HEADER, at + length);
			if (!isSound(pending.toString("latin1", at, at + 1), body)) return void 0;
			at += length;
		}
		const whole = pending.subarray(0, at);
		const rest = pending.subarray(at);
		this.#chunks = [rest];
		this.#size = rest.length;
		return whole;
	}
};
function isSound(type, body) {
	const reader = new Reader(body);
	switch (type) {
		case "R": return authentication(reader);
		case "S": return reader.text() && reader.text() && reader.ended;
		case "K":
		case "Z": return body.length === (type === "K" ? 8 : 1);
		case "E":
		case "N": return fields(reader);
		case "T": return reader.repeat(reader.number(2), () => reader.text() && reader.skip(18)) && reader.ended;
		case "D": return reader.repeat(reader.number(2), () => reader.value()) && reader.ended;
		case "C": return reader.text() && reader.ended;
		case "A": return reader.skip(4) && reader.text() && reader.text() && reader.ended;
		case "I": return body.length === 0;
		default: return false;
	}
}
function authentication(reader) {
	const code = reader.number(4);
	if (code === 0 || code === 3) return reader.ended;
	if (code === 5) return reader.skip(4) && reader.ended;
	if (code === 11 || code === 12) return true;
	if (code !== 10) return false;
	while (!reader.ended && !reader.atZero) if (!reader.text()) return false;
	return reader.skip(1) && reader.ended;
}
function fields(reader) {
	while (!reader.ended && !reader.atZero) if (!reader.skip(1) || !reader.text()) return false;
	return reader.skip(1) && reader.ended;
}
var Reader = class {
	#body;
	#at = 0;
	constructor(body) {
		this.#body = body;
	}
	get ended() {
		return this.#at === this.#body.length;
	}
	get atZero() {
		return this.#body[this.#at] === 0;
	}
	skip(octets) {
		if (octets < 0 || this.#at + octets > this.#body.length) return false;
		this.#at += octets;
		return true;
	}
	number(octets) {
		if (!this.skip(octets)) return NaN;
		return this.#body.readIntBE(this.#at - octets, octets);
	}
	text() {
		const end = this.#body.indexOf(0, this.#at);
		if (end === -1) return false;
		this.#at = end + 1;
		return true;
	}
	value() {
		const length = this.number(4);
		return length === -1 || !Number.isNaN(length) && this.skip(length);
	}
	repeat(times, one) {
		if (Number.isNaN(times) || times < 0) return false;
		for (let done = 0; done < times; done += 1) if (!one()) return false;
		return true;
	}
};
// src/world/node-postgres-wire.ts
const MODES = [
	"disable",
	"allow",
	"prefer",
	"require",
	"verify-ca",
	"verify-full"
];
const SSL_REQUEST = Uint8Array.of(0, 0, 0, 8, 4, 210, 22, 47);
const LOGIN_BYTES = 262144;
async function openWire(address, login) {
	const { host = "localhost", socket: path, port, parameters } = address;
	const mode = parameters["sslmode"];
	if (mode !== void 0 && !MODES.includes(mode)) return unknown("unsupported", "sslmode: none of PostgreSQL’s own");
	const place = path === void 0 ? address : {
		...address,
		socket: localPath(path, port)
	};
	const socket = await dialAddress(place, login);
	if ("state" in socket) return socket;
	const wire = (over) => ({
		stream: new WireStream(over, host, LOGIN_BYTES),
		transport: transportOf(over, place)
	});
	const way = transportOf(socket, place);
	if (way === "socket") return wire(socket);
	const trusted = way === "loopback" || login.insecure;
	const wanted = mode ?? (way === "loopback" ? "prefer" : "verify-full");
	const mayBeClear = trusted && [
		"disable",
		"allow",
		"prefer"
	].includes(wanted);
	const end = (why) => {
		socket.destroy();
		return why;
	};
	if (wanted === "disable") return mayBeClear ? wire(socket) : end(unknown("refused", "no credentials are sent without verified TLS"));
	const offered = await asksForTls(socket, login);
	if (typeof offered !== "boolean") return end(offered);
	if (!offered) return mayBeClear ? wire(socket) : end(unknown("refused", "it offers no TLS: no credentials are sent without verified TLS"));
	const over = await secured(socket, address, {
		...login,
		insecure: trusted && !wanted.startsWith("verify-")
	});
	return "state" in over ? over : wire(over);
}
function localPath(path, port) {
	return /(?:^|\/)\.s\.PGSQL\.\d+$/.test(path) ? path : `${path.replace(/\/+$/, "")}/.s.PGSQL.${port}`;
}
async function asksForTls(socket, { timeout, signal }) {
	const { connection, release } = connectionOver(socket, signal);
	connection.write(SSL_REQUEST);
	const answer = await connection.read(timeout);
	release();
	if (answer.kind === "timed-out") return unknown("timed-out", "SSLRequest");
	if (answer.kind !== "bytes") return unknown("unreachable", "SSLRequest: the connection ended");
	const [letter] = answer.bytes;
	if (answer.bytes.length === 1 && (letter === 83 || letter === 78)) return letter === 83;
	return unknown("unparseable", "SSLRequest: neither S nor N");
}
var WireStream = class extends BoundedStream {
	#guard = new MessageGuard();
	connect() {
		setImmediate(() => this.emit("connect"));
		return this;
	}
	setNoDelay() {
		return this;
	}
	push(chunk) {
		if (chunk === null) return super.push(null);
		const whole = this.#guard.take(chunk);
		if (whole === void 0) this.destroy(new Garbage());
		return whole === void 0 || whole.length === 0 || super.push(whole);
	}
};
var Garbage = class extends Error {
	code = "GARBAGE";
};
// src/world/node-postgres.ts
const MAINTENANCE_DATABASE = "postgres";
const PARAMETERS = new Set([..."sslmode,application_name,fallback_application_name,connect_timeout,client_encoding,keepalives,keepalives_idle".split(","), ..."keepalives_interval,keepalives_count,tcp_user_timeout,channel_binding,sslsni,gssencmode".split(",")]);
const MAX_ROWS = 1e4;
const MAX_BYTES = 67108864;
const PATIENCE = 4;
const CLOSING = 500;
async function postgresSession(login, opened) {
	const found = openLogin("postgres", login, opened);
	if ("state" in found) return found;
	const { address, password } = found;
	const { timeout, signal } = login;
	const parameter = Object.keys(address.parameters).find((name) => !PARAMETERS.has(name));
	if (parameter !== void 0) return unknown("unsupported", `${addressText(address)}: the parameter ${parameter.slice(0, 40)}`);
	const wire = await openWire(address, login);
	if ("state" in wire) return wire;
	const { stream, transport } = wire;
	const { Client, Query } = await import("./esm.mjs");
	const client = new Client({
		user: address.user ?? ownName(),
		database: address.database ?? MAINTENANCE_DATABASE,
		host: address.host ?? "localhost",
		port: address.port,
		password: () => {
			if (password === void 0) throw new Refusal(NO_PASSWORD);
			return password;
		},
		ssl: false,
		stream: () => stream,
		application_name: "custos",
		client_encoding: "utf8",
		options: optionsFor(timeout * PATIENCE),
		types: { getTypeParser: () => (value) => value }
	});
	let dead;
	const end = (why) => {
		dead ??= why;
		stream.destroy();
	};
	const stop = () => end(unknown("timed-out", "the run was told to stop"));
	signal.addEventListener("abort", stop, { once: true });
	client.on("error", (error) => dead ??= causeOf(error));
	if (isExposed(transport)) onDemand(client, (form) => end(unknown("refused", form === "clear" ? "it asks for the password in clear" : "it asks for the password as MD5")));
	const timer = setTimeout(() => end(unknown("timed-out", "login")), timeout);
	const refused = await client.connect().then(() => void 0, (error) => dead ?? causeOf(error));
	clearTimeout(timer);
	stream.on("close", () => dead ??= unknown("unreachable", "the server ended the connection"));
	const close = async () => {
		signal.removeEventListener("abort", stop);
		dead ??= unknown("collector-failed", "the session is closed");
		const late = setTimeout(() => stream.destroy(), CLOSING);
		await client.end().catch(() => void 0);
		clearTimeout(late);
		stream.destroy();
	};
	if (refused !== void 0) {
		end(refused);
		signal.removeEventListener("abort", stop);
		return refused;
	}
	const query = (statement, maxRows = MAX_ROWS) => {
		if (dead !== void 0) return Promise.resolve(dead);
		stream.allow(MAX_BYTES);
		return new Promise((resolve) => {
			const rows = [];
			const tooMany = unknown("unsupported", `more than ${maxRows} rows`);
			const settle = (result) => {
				clearTimeout(late);
				resolve(result);
			};
			const late = setTimeout(() => {
				end(unknown("timed-out", "statement"));
				settle(unknown("timed-out", "statement"));
			}, timeout * PATIENCE + CLOSING);
			const running = new Query(`${statement} limit ${maxRows + 1}`);
			running.on("row", (row) => {
				rows.push(row);
				if (rows.length > maxRows + 1) end(tooMany);
			});
			running.on("error", (error) => settle(dead ?? causeOf(error)));
			running.on("end", () => settle(dead ?? (rows.length > maxRows ? tooMany : rows)));
			client.query(running);
		});
	};
	const session = {
		transport,
		address,
		query,
		close
	};
	const [settings] = await rowsOf(session, "select current_setting('default_transaction_read_only') as read_only");
	if (settings?.["read_only"] === "on") return session;
	await close();
	return unknown("refused", "the session would not be read-only: a pooler between us and the server, perhaps");
}
async function rowsOf(session, statement) {
	const rows = await session.query(statement);
	return "state" in rows ? [] : rows;
}
function optionsFor(statement) {
	return Object.entries({
		default_transaction_read_only: "on",
		statement_timeout: statement,
		lock_timeout: 1e3,
		idle_in_transaction_session_timeout: 1e4,
		search_path: "pg_catalog",
		client_min_messages: "error"
	}).map(([name, value]) => `-c ${name}=${value}`).join(" ");
}
function ownName() {
	try {
		return userInfo().username;
	} catch {
		return "custos";
	}
}
const NO_PASSWORD = unknown("access-denied", "the server asks for a password, and the target has none");
function onDemand(client, tell) {
	const connection = Reflect.get(client, "connection");
	if (!isEmitter(connection)) throw new Error("pg has no connection to watch");
	connection.on("authenticationCleartextPassword", () => tell("clear"));
	connection.on("authenticationMD5Password", () => tell("md5"));
}
function isEmitter(value) {
	return typeof value === "object" && value !== null && "on" in value && typeof value.on === "function";
}
var Refusal = class extends Error {
	why;
	constructor(why) {
		super(why.detail);
		this.why = why;
	}
};
const STATES = {
	"28P01": ["access-denied", "the password was not accepted"],
	"28000": ["access-denied", "the server does not let this account in from here"],
	"3D000": ["unreachable", "there is no database of that name"],
	"42501": ["access-denied", "insufficient privilege"],
	"53300": ["refused", "the server has no connection left"],
	"57P03": ["refused", "the server is starting up or shutting down"],
	"57P01": ["unreachable", "the server ended the connection"],
	"57014": ["timed-out", "statement"],
	"55P03": ["timed-out", "a lock"]
};
function causeOf(error) {
	if (error instanceof Refusal) return error.why;
	const code = typeof error === "object" && error !== null && "code" in error && typeof error.code === "string" ? error.code : "";
	const [cause, detail] = STATES[code] ?? [];
	if (cause !== void 0 && detail !== void 0) return unknown(cause, detail);
	if (/^[0-9A-Z]{5}$/.test(code)) return unknown("unsupported", `SQLSTATE ${code}`);
	if (code === "TOO_MUCH_DATA") return unknown("unsupported", "more than it may send");
	if (code === "GARBAGE") return unknown("unparseable", "what answers does not speak PostgreSQL’s protocol");
	if (error instanceof Error && error.message.startsWith("SASL")) return unknown("refused", "SCRAM: the server did not prove that it knows the password, or asks for something else");
	return unknown("unreachable", code === "" ? "the server ended the connection" : code);
}
export { postgresSession };
