import { _ as ipVersion, f as unknown, g as ipBytes, m as Secret } from "./fact.mjs";
import { connect, isIP } from "node:net";
// src/world/database-address.ts
const ENGINES = {
	postgres: {
		schemes: ["postgres", "postgresql"],
		port: 5432
	},
	mysql: {
		schemes: ["mysql", "mariadb"],
		port: 3306
	},
	redis: {
		schemes: ["redis", "rediss"],
		port: 6379
	},
	ldap: {
		schemes: [
			"ldap",
			"ldaps",
			"ldapi"
		],
		port: 389
	}
};
const DATABASE_KINDS = [
	"postgres",
	"mysql",
	"redis",
	"ldap"
];
function engineOf(scheme) {
	return DATABASE_KINDS.find((engine) => ENGINES[engine].schemes.some((one) => one === scheme.toLowerCase()));
}
function databaseAddressOf(engine, text) {
	const { schemes, port: usual } = ENGINES[engine];
	const form = `${schemes[0]}://user@host:port/database`;
	const whole = /^[a-z]+:\/\//i.test(text) ? text : `${schemes[0]}://${text}`;
	const [, scheme = "", authority = "", path = "", query = ""] = /^([a-z]+):\/\/([^/?#]*)(?:\/([^?#]*))?(?:\?([^#]*))?$/i.exec(whole) ?? [];
	if (!schemes.some((one) => one === scheme.toLowerCase())) return { problem: `it is not written as ${form}` };
	const at = authority.lastIndexOf("@");
	const [user, password] = at === -1 ? [] : splitFirst(authority.slice(0, at));
	const [, bracketed, plain, portText] = /^(?:\[([^\]]+)\]|([^:[\]]*))(?::(\d{1,5}))?$/.exec(authority.slice(at + 1)) ?? [];
	const host = bracketed ?? plain;
	if (host === void 0) return { problem: `its host is none: ${form}` };
	if (bracketed !== void 0 && ipVersion(bracketed) !== 6 || plain !== void 0 && !/^[\w.-]*$/.test(plain)) return { problem: `its host is none: ${form}` };
	const parameters = {};
	for (const pair of query === "" ? [] : query.split("&")) {
		const [left, right = ""] = splitFirst(pair, "=");
		const [name, value] = [decoded(left), decoded(right)];
		if (name === void 0 || value === void 0) return { problem: "its parameters are not URL-encoded" };
		parameters[name] = value;
	}
	const { socket, host: elsewhere, port: portHere, ...others } = parameters;
	const way = socket ?? (elsewhere?.startsWith("/") === true ? elsewhere : void 0);
	if (elsewhere !== void 0 && way === void 0) return { problem: `its host stands before the path: ${form}` };
	if (portHere !== void 0 && (!/^\d{1,5}$/.test(portHere) || portText !== void 0 && portText !== portHere)) return { problem: portText === void 0 ? "its port is none" : "it names two ports" };
	if (host === "" && way === void 0) return { problem: `it names no host: ${form}` };
	const port = Number(portText ?? portHere ?? (scheme.toLowerCase() === "ldaps" ? 636 : usual));
	if (port < 1 || port > 65535) return { problem: "its port is none" };
	const names = [
		user,
		password,
		path
	].map((part) => part === void 0 ? "" : decoded(part));
	const [userName, secret, database] = names;
	if (names.includes(void 0)) return { problem: "its user, password or database is not URL-encoded" };
	return {
		address: {
			engine,
			scheme: scheme.toLowerCase(),
			...way === void 0 ? { host } : { socket: way },
			port,
			...database === void 0 || database === "" ? {} : { database },
			...userName === void 0 || userName === "" ? {} : { user: userName },
			parameters: others
		},
		...secret === void 0 || secret === "" ? {} : { password: new Secret(secret) }
	};
}
function addressText({ scheme, host, socket, port, database }) {
	return `${scheme}://${host === void 0 ? `${socket ?? ""}:${port}` : ipVersion(host) === 6 ? `[${host}]:${port}` : `${host}:${port}`}${database === void 0 ? "" : `/${database}`}`;
}
function splitFirst(text, separator = ":") {
	const at = text.indexOf(separator);
	return at === -1 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}
function decoded(text) {
	try {
		return decodeURIComponent(text);
	} catch {
		return;
	}
}
// src/world/node-proxy.ts
const MAX_ANSWER = 8192;
async function throughProxy(connection, target, proxy, timeout) {
	const until = performance.now() + timeout;
	const answer = new Answer(connection, () => until - performance.now());
	return (proxy.kind === "http" ? await connectMethod(connection, answer, target) : await socks5(connection, answer, target)) ?? answer.rest();
}
async function connectMethod(connection, answer, { host, port }) {
	const authority = `${ipVersion(host) === 6 ? `[${host}]` : host}:${port}`;
	connection.write(new TextEncoder().encode(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n\r\n`));
	const head = await answer.through("\r\n\r\n");
	if (typeof head !== "string") return head;
	const status = /^HTTP\/1\.[01] (\d{3})\b/.exec(head)?.[1];
	if (status === void 0) return unknown("unparseable", "proxy");
	return status.startsWith("2") ? void 0 : unknown("refused", `proxy: ${head.split("\r\n")[0]?.slice(0, 120) ?? status}`);
}
async function socks5(connection, answer, { host, port }) {
	connection.write(Uint8Array.of(5, 1, 0));
	const greeting = await answer.take(2);
	if ("state" in greeting) return greeting;
	if (greeting[0] !== 5) return unknown("unparseable", "proxy");
	if (greeting[1] !== 0) return unknown("refused", "proxy: demands authentication");
	const name = new TextEncoder().encode(host);
	const ip = ipBytes(host);
	const address = ip === void 0 ? Uint8Array.of(3, name.length, ...name) : Uint8Array.of(ip.length === 4 ? 1 : 4, ...ip);
	connection.write(Uint8Array.of(5, 1, 0, ...address, port >> 8, port & 255));
	const head = await answer.take(4);
	if ("state" in head) return head;
	if (head[0] !== 5) return unknown("unparseable", "proxy");
	if (head[1] !== 0) return unknown("refused", `proxy: reply ${head[1] ?? ""}`);
	const bound = await boundLength(answer, head[3]);
	if (typeof bound !== "number") return bound;
	const rest = await answer.take(bound + 2);
	return "state" in rest ? rest : void 0;
}
async function boundLength(answer, type) {
	if (type === 1) return 4;
	if (type === 4) return 16;
	if (type !== 3) return unknown("unparseable", "proxy");
	const size = await answer.take(1);
	return "state" in size ? size : size[0] ?? 0;
}
var Answer = class {
	#connection;
	#left;
	#held = Buffer.alloc(0);
	constructor(connection, left) {
		this.#connection = connection;
		this.#left = left;
	}
	async take(count) {
		while (this.#held.length < count) {
			const why = await this.#more();
			if (why !== void 0) return why;
		}
		return this.#taken(count);
	}
	rest() {
		return this.#held;
	}
	async through(mark) {
		for (;;) {
			const at = this.#held.indexOf(mark);
			if (at !== -1) return Buffer.from(this.#taken(at + mark.length)).toString("latin1");
			const why = await this.#more();
			if (why !== void 0) return why;
		}
	}
	#taken(count) {
		const taken = this.#held.subarray(0, count);
		this.#held = this.#held.subarray(count);
		return taken;
	}
	async #more() {
		if (this.#held.length > MAX_ANSWER) return unknown("unparseable", "proxy");
		const received = await this.#connection.read(this.#left());
		if (received.kind === "bytes") {
			this.#held = Buffer.concat([this.#held, received.bytes]);
			return;
		}
		return received.kind === "timed-out" ? unknown("timed-out", "proxy") : unknown("refused", "proxy: closed the connection");
	}
};
// src/world/node-socket.ts
async function openSocket(options) {
	const { proxy, timeout, signal } = options;
	const started = performance.now();
	const socket = await dial(proxy ?? options, timeout, signal);
	if ("state" in socket || proxy === void 0) return socket;
	const { connection, release } = connectionOver(socket, signal);
	const answered = await throughProxy(connection, options, proxy, Math.max(1, timeout - (performance.now() - started)));
	if ("state" in answered) {
		connection.close();
		return answered;
	}
	release();
	if (answered.length > 0) socket.unshift(answered);
	return socket;
}
const CAUSE_OF = {
	ECONNREFUSED: "refused",
	ETIMEDOUT: "timed-out",
	EACCES: "access-denied",
	EPERM: "access-denied",
	EMFILE: "collector-failed",
	ENFILE: "collector-failed"
};
function causeOfCode(code) {
	return CAUSE_OF[code] ?? "unreachable";
}
function dial({ host, port }, timeout, signal) {
	const where = isIP(host) === 6 ? `[${host}]:${port}` : `${host}:${port}`;
	if (signal.aborted) return Promise.resolve(unknown("timed-out", where));
	return new Promise((resolve) => {
		const socket = connect({
			host,
			port,
			noDelay: true
		});
		const settle = (result) => {
			clearTimeout(timer);
			signal.removeEventListener("abort", stop);
			socket.removeAllListeners();
			socket.on("error", () => void 0);
			if (result !== socket) socket.destroy();
			resolve(result);
		};
		const stop = () => settle(unknown("timed-out", where));
		const timer = setTimeout(stop, timeout);
		signal.addEventListener("abort", stop, { once: true });
		socket.once("connect", () => settle(socket));
		socket.once("error", (error) => settle(unknown(causeOfCode(errorCode(error)), `${where}: ${errorCode(error)}`)));
	});
}
function connectionOver(socket, signal) {
	let ended;
	let wake;
	const end = (why) => {
		ended ??= why;
		wake?.();
	};
	const listeners = {
		readable: () => wake?.(),
		end: () => end({ kind: "end" }),
		error: (error) => end({
			kind: "reset",
			detail: errorCode(error)
		}),
		close: () => end({ kind: "end" })
	};
	for (const [event, listener] of Object.entries(listeners)) socket.on(event, listener);
	const take = () => {
		const chunk = socket.read();
		return Buffer.isBuffer(chunk) ? {
			kind: "bytes",
			bytes: chunk
		} : ended;
	};
	return {
		connection: {
			write: (bytes) => void (socket.writable && socket.write(bytes)),
			read: (timeout) => {
				const now = take();
				if (now !== void 0) return Promise.resolve(now);
				if (signal.aborted || timeout <= 0) return Promise.resolve({ kind: "timed-out" });
				return new Promise((resolve) => {
					const settle = (result) => {
						clearTimeout(timer);
						signal.removeEventListener("abort", stop);
						wake = void 0;
						resolve(result);
					};
					const stop = () => settle({ kind: "timed-out" });
					const timer = setTimeout(stop, timeout);
					signal.addEventListener("abort", stop, { once: true });
					wake = () => {
						const result = take();
						if (result !== void 0) settle(result);
					};
				});
			},
			close: () => {
				socket.destroy();
			}
		},
		release: () => {
			for (const [event, listener] of Object.entries(listeners)) socket.off(event, listener);
		}
	};
}
function errorCode(error) {
	return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : String(error);
}
export { DATABASE_KINDS as a, engineOf as c, openSocket as i, connectionOver as n, addressText as o, errorCode as r, databaseAddressOf as s, causeOfCode as t };
