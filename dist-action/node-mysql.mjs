import { r as __toESM } from "./rolldown-runtime.mjs";
import { f as unknown } from "./fact.mjs";
import { n as connectionOver, o as addressText, r as errorCode } from "./node-socket.mjs";
import { t as BoundedStream } from "./node-bounded-stream.mjs";
import { a as refusalOf, i as openLogin, n as dialAddress, s as transportOf, t as authoritiesWith } from "./node-login.mjs";
import { TLSSocket } from "node:tls";
const CLIENT_SSL = 2048;
const CLIENT_PROTOCOL_41 = 512;
function readGreeting(bytes) {
	const [low = 0, middle = 0, high = 0, sequence] = bytes;
	if (sequence === void 0) return bytes.length > 3 ? { problem: "no greeting" } : void 0;
	const length = low | middle << 8 | high << 16;
	if (sequence !== 0 || length === 0 || length > 1024) return { problem: "no greeting" };
	if (bytes.length < 4 + length) return void 0;
	if (bytes.length > 4 + length) return { problem: "it speaks before it is asked" };
	const body = bytes.subarray(4);
	if (body[0] === 255) return {
		kind: "error",
		code: (body[1] ?? 0) | (body[2] ?? 0) << 8
	};
	const end = body.indexOf(0, 1);
	const capabilities = end + 1 + 4 + 8 + 1;
	if (body[0] !== 10 || end === -1 || body.length < capabilities + 2) return { problem: "no greeting of protocol 10" };
	const flags = (body[capabilities] ?? 0) | (body[capabilities + 1] ?? 0) << 8;
	if ((flags & CLIENT_PROTOCOL_41) === 0) return { problem: "no greeting of protocol 10" };
	return {
		kind: "greeting",
		version: new TextDecoder().decode(body.subarray(1, end)).slice(0, 80),
		tls: (flags & CLIENT_SSL) !== 0
	};
}
// src/world/mysql-error.ts
const CAUSES = {
	1040: ["refused", "it takes no more connections"],
	1044: ["access-denied", "this account may not use the database"],
	1053: ["refused", "it is shutting down"],
	1045: ["access-denied", "the user or its password was refused"],
	1129: ["refused", "it has blocked this machine after too many errors"],
	1130: ["access-denied", "it lets in nobody from this machine"],
	1142: ["access-denied", "this account lacks a privilege on the table"],
	1143: ["access-denied", "this account lacks a privilege on the column"],
	1203: ["refused", "it takes no more connections"],
	1205: ["timed-out", "a lock"],
	1226: ["refused", "it takes no more connections"],
	1227: ["access-denied", "this account lacks a privilege on the server"],
	1370: ["access-denied", "this account lacks a privilege on the routine"],
	1698: ["access-denied", "the user or its password was refused"],
	1820: ["access-denied", "the password of this account has expired"],
	1862: ["access-denied", "the password of this account has expired"],
	1969: ["timed-out", "the statement took too long"],
	3024: ["timed-out", "the statement took too long"],
	3118: ["access-denied", "this account is locked"],
	3159: ["refused", "it takes connections over TLS only: give its authority (ca:)"],
	4151: ["access-denied", "this account is locked"]
};
function mysqlRefusal(code, where) {
	const [cause, words] = CAUSES[code] ?? ["unsupported"];
	return unknown(cause, words === void 0 ? `${where}: SQL error ${code}` : `${where}: ${words}`);
}
// src/world/node-mysql.ts
const LOGIN_BYTES = 1 << 20;
const STATEMENT_BYTES = 64 << 20;
const SERVER_ROWS = 200001;
const PATIENCE = 4;
const GRACE = 1e3;
const FAREWELL = 500;
async function mysqlSession(login, opened) {
	const found = openLogin("mysql", login, opened);
	if ("state" in found) return found;
	const { address, password } = found;
	const where = addressText(address);
	const [parameter] = Object.keys(address.parameters);
	if (parameter !== void 0) return unknown("unsupported", `${where}: the parameter ${parameter.slice(0, 40)}`);
	if (address.user === void 0) return unknown("unresolved", `${where}: it names no user`);
	const over = AbortSignal.any([login.signal, AbortSignal.timeout(login.timeout * 2)]);
	const socket = await dialAddress(address, {
		...login,
		signal: over
	});
	if ("state" in socket) return socket;
	const way = transportOf(socket, address);
	const greeting = await greetingOf(socket, login.timeout, over);
	const why = "problem" in greeting ? unknown("unparseable", `${where}: ${greeting.problem}`) : "state" in greeting ? {
		...greeting,
		detail: `${where}: ${greeting.detail}`
	} : greeting.kind === "error" ? mysqlRefusal(greeting.code, where) : greeting.tls ? void 0 : refusalOf(way, login.insecure);
	if (why !== void 0) {
		socket.destroy();
		return why;
	}
	const stream = new BoundedStream(socket, address.host ?? "localhost", LOGIN_BYTES);
	const tls = "kind" in greeting && greeting.kind === "greeting" && greeting.tls && (way === "clear" || login.ca !== void 0);
	const driver = await import("./mysql2.mjs").then((m) => __toESM(m.default, 1));
	const connection = driver.createConnection({
		...optionsOf(login, address, password, stream),
		...tls && way !== "socket" ? { ssl: tlsOptions(login) } : {},
		authPlugins: cautious(driver, (at) => way !== "clear" || isVerified(at))
	});
	const failed = await loggedIn(connection, stream, over, where, !login.insecure);
	if (failed !== void 0) return failed;
	const session = new MysqlSession(connection, stream, address, transportOver(connection, way), login);
	const refused = await session.begin("version" in greeting && /mariadb/i.test(greeting.version));
	if (refused === void 0) return session;
	await session.close();
	return refused;
}
async function greetingOf(socket, timeout, signal) {
	const { connection, release } = connectionOver(socket, signal);
	const until = performance.now() + timeout;
	let bytes = Buffer.alloc(0);
	for (;;) {
		const received = await connection.read(Math.max(0, until - performance.now()));
		if (received.kind !== "bytes") return received.kind === "timed-out" ? unknown("timed-out", "no greeting") : unknown("unreachable", received.kind === "reset" ? received.detail : "it closed the connection");
		bytes = Buffer.concat([bytes, received.bytes]);
		const greeting = readGreeting(bytes);
		if (greeting === void 0 && bytes.length <= 1028) continue;
		release();
		socket.unshift(bytes);
		return greeting ?? { problem: "no greeting" };
	}
}
function optionsOf({ timeout }, { host, port, user, socket }, password, stream) {
	return {
		...host === void 0 ? {} : { host },
		...socket === void 0 ? {} : { socketPath: socket },
		port,
		...user === void 0 ? {} : { user },
		...password === void 0 ? {} : { password },
		stream: () => stream,
		connectTimeout: timeout,
		flags: ["-LOCAL_FILES", "-SESSION_TRACK"],
		disableEval: true,
		multipleStatements: false,
		typeCast: false,
		rowsAsArray: true,
		trace: false,
		connectAttributes: { program_name: "custos" }
	};
}
function tlsOptions({ ca, insecure }) {
	return {
		ca: authoritiesWith(ca),
		rejectUnauthorized: !insecure,
		verifyIdentity: true
	};
}
function streamOf(connection) {
	return typeof connection === "object" && connection !== null && "stream" in connection ? connection.stream : void 0;
}
function isVerified(connection) {
	const stream = streamOf(connection);
	return stream instanceof TLSSocket && stream.authorized;
}
function transportOver(connection, way) {
	if (isVerified(connection)) return "tls";
	return way === "clear" && streamOf(connection) instanceof TLSSocket ? "unverified" : way;
}
function unverified(connection, where) {
	const stream = streamOf(connection);
	const error = stream instanceof TLSSocket ? stream.authorizationError : null;
	return error === null || error === void 0 ? void 0 : unknown("refused", `${where}: its certificate could not be verified, and nothing was sent (ca: names its authority)`);
}
var Refusal = class extends Error {
	code = "CLEAR_PASSWORD_REFUSED";
};
function cautious({ authPlugins }, trusted) {
	const full = 4;
	return {
		caching_sha2_password: (context) => {
			const inner = authPlugins.caching_sha2_password()(context);
			return (data) => {
				if (data.length === 1 && data[0] === full && !trusted(context.connection)) throw new Refusal();
				return inner(data);
			};
		},
		sha256_password: (context) => {
			if (!trusted(context.connection)) throw new Refusal();
			return authPlugins.sha256_password()(context);
		},
		mysql_clear_password: (context) => {
			if (!trusted(context.connection)) throw new Refusal();
			return authPlugins.mysql_clear_password()(context);
		}
	};
}
var OutOfOrder = class extends Error {
	code = "packets out of order";
};
function loggedIn(connection, stream, signal, where, demanded) {
	return new Promise((resolve) => {
		const settle = (result) => {
			signal.removeEventListener("abort", stop);
			connection.removeAllListeners("connect");
			connection.removeAllListeners("error");
			connection.on("error", () => void 0);
			if (result !== void 0) {
				connection.destroy();
				stream.destroy();
			}
			resolve(result);
		};
		const stop = () => settle(unknown("timed-out", where));
		signal.addEventListener("abort", stop, { once: true });
		connection.on("warn", () => {
			connection.pause();
			connection.emit("error", new OutOfOrder());
		});
		connection.once("connect", () => settle(void 0));
		connection.once("error", (error) => settle((demanded ? unverified(connection, where) : void 0) ?? unknownOf(error, where)));
		if (signal.aborted) stop();
	});
}
function unknownOf(error, where) {
	const code = errorCode(error);
	const number = error instanceof Error && "errno" in error && typeof error.errno === "number" ? error.errno : 0;
	if (number >= 1e3) return mysqlRefusal(number, where);
	switch (code) {
		case "CLEAR_PASSWORD_REFUSED": return unknown("refused", `${where}: it asks for the password in clear, and nothing verified protects it`);
		case "AUTH_SWITCH_PLUGIN_ERROR": {
			const plugin = error instanceof Error ? /unknown plugin ([\w-]{1,40})/.exec(error.message)?.[1] : void 0;
			return unknown("unsupported", `${where}: it asks for the authentication plugin ${plugin ?? "of a kind of its own"}`);
		}
		case "HANDSHAKE_SSL_ERROR": return unknown("refused", `${where}: its certificate could not be verified, and nothing was sent (ca: names its authority)`);
		case "ETIMEDOUT": return unknown("timed-out", where);
		case "TOO_MUCH_DATA": return unknown("unsupported", `${where}: more data than it may send`);
		case "PROTOCOL_CONNECTION_LOST":
		case "ECONNRESET":
		case "EPIPE": return unknown("unreachable", `${where}: it closed the connection`);
		default: return unknown("unparseable", `${where}: ${code.slice(0, 80)}`);
	}
}
const UTF8 = new TextDecoder("utf-8", { fatal: true });
var MysqlSession = class {
	transport;
	address;
	#connection;
	#stream;
	#timeout;
	#signal;
	#where;
	#broken;
	#end = () => void 0;
	constructor(connection, stream, address, transport, { timeout, signal }) {
		this.#connection = connection;
		this.#stream = stream;
		this.address = address;
		this.transport = transport;
		this.#timeout = timeout * PATIENCE;
		this.#signal = signal;
		this.#where = addressText(address);
		connection.on("error", (error) => this.#end(unknownOf(error, this.#where)));
	}
	async begin(mariadb) {
		const limit = mariadb ? `max_statement_time = ${this.#timeout / 1e3}` : `max_execution_time = ${this.#timeout}`;
		for (const statement of [
			"SET NAMES utf8mb4",
			`SET SESSION sql_mode = '', sql_select_limit = ${SERVER_ROWS}, time_zone = '+00:00', sql_big_selects = 1`,
			`SET SESSION ${limit}, lock_wait_timeout = ${Math.max(1, Math.ceil(this.#timeout / 1e3))}`,
			"SET SESSION TRANSACTION READ ONLY"
		]) {
			const answer = await this.#ask(statement, 0);
			if ("state" in answer) return answer;
			if (answer.columns !== void 0) return unknown("unparseable", `${this.#where}: a list in answer to SET`);
		}
		const settings = await this.query("show session variables where variable_name in ('tx_read_only', 'transaction_read_only')", 2);
		if ("state" in settings) return settings;
		if (settings.length > 0 && settings.every((row) => Object.values(row).includes("ON"))) return void 0;
		return unknown("refused", `${this.#where}: it does not make the session read-only`);
	}
	async query(statement, maxRows = 1e4) {
		const answer = await this.#ask(statement, maxRows);
		if ("state" in answer) return answer;
		const { columns, rows } = answer;
		if (columns === void 0) return unknown("unparseable", `${this.#where}: no list in answer to a query`);
		return rows.map((values) => Object.fromEntries(columns.map((column, index) => [column, values[index]])));
	}
	async close() {
		if (this.#broken === void 0) await new Promise((resolve) => {
			const late = setTimeout(resolve, FAREWELL);
			this.#stream.once("close", () => {
				clearTimeout(late);
				resolve();
			});
			this.#connection.end();
		});
		this.#broken ??= unknown("interrupted", this.#where);
		this.#connection.destroy();
		this.#stream.destroy();
	}
	#ask(sql, maxRows) {
		if (this.#broken !== void 0) return Promise.resolve(this.#broken);
		if (this.#signal.aborted) return Promise.resolve(unknown("timed-out", this.#where));
		this.#stream.allow(STATEMENT_BYTES);
		return new Promise((resolve) => {
			let columns;
			let failed;
			let results = 0;
			const rows = [];
			const settle = () => {
				clearTimeout(timer);
				this.#signal.removeEventListener("abort", stop);
				this.#stream.off("close", gone);
				this.#end = (why) => this.#broken ??= why;
				resolve(failed ?? {
					columns,
					rows
				});
			};
			const end = (why) => {
				failed ??= why;
				this.#broken = failed;
				this.#connection.destroy();
				this.#stream.destroy();
				settle();
			};
			this.#end = end;
			const stop = () => end(unknown("timed-out", this.#where));
			const gone = () => end(this.#stream.errored === null ? unknown("unreachable", `${this.#where}: it closed the connection`) : unknownOf(this.#stream.errored, this.#where));
			const timer = setTimeout(stop, this.#timeout + GRACE);
			this.#signal.addEventListener("abort", stop, { once: true });
			this.#stream.once("close", gone);
			const query = this.#connection.query({ sql });
			query.on("fields", (fields) => {
				results += 1;
				if (Array.isArray(fields)) columns = fields.map((field) => String(field.name));
				if (results > 1) end(unknown("unparseable", `${this.#where}: several answers to one statement`));
			});
			query.on("result", (row) => {
				if (!Array.isArray(row) || failed !== void 0) return;
				if (rows.length < maxRows) rows.push(row.map(textOf));
				else failed = unknown("unsupported", `${this.#where}: more than ${maxRows} rows`);
			});
			query.on("error", (error) => {
				failed ??= unknownOf(error, this.#where);
				if (error instanceof Error && "fatal" in error && error.fatal === true) end(failed);
			});
			query.on("end", settle);
		});
	}
};
function textOf(value) {
	if (!Buffer.isBuffer(value)) return typeof value === "string" ? value : null;
	try {
		return UTF8.decode(value);
	} catch {
		return value.toString("latin1");
	}
}
export { mysqlSession };
