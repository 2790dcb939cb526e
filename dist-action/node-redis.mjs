import { f as unknown } from "./fact.mjs";
import { n as connectionOver, o as addressText } from "./node-socket.mjs";
import { a as refusalOf, i as openLogin, n as dialAddress, o as secured, s as transportOf } from "./node-login.mjs";
import { a as isRefusal, i as REDIS_SETTINGS, n as COMMAND_NAME, r as REDIS_COMMANDS } from "./redis-command.mjs";
// src/world/resp.ts
const MAX_REPLY_BYTES = 16777216;
const MAX_ELEMENTS = 5e5;
const MAX_DEPTH = 8;
const MAX_LINE = 4096;
function respRequest(words) {
	const parts = words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`);
	return Buffer.from(`*${words.length}\r\n${parts.join("")}`);
}
var RespReader = class {
	#next;
	#bytes = Buffer.alloc(0);
	#at = 0;
	#left = 0;
	#elements = 0;
	constructor(next) {
		this.#next = next;
	}
	async reply() {
		this.#left = MAX_REPLY_BYTES;
		this.#elements = 0;
		return this.#value(0);
	}
	async #value(depth) {
		const line = await this.#line();
		if (typeof line !== "string") return line;
		const rest = line.slice(1);
		switch (line.charAt(0)) {
			case "+": return rest;
			case "-": return { refused: rest };
			case ":": {
				const value = /^[+-]?\d{1,19}$/.test(rest) ? Number(rest) : NaN;
				return Number.isNaN(value) ? strange() : value;
			}
			case "$": return this.#bulk(lengthOf(rest));
			case "*": return this.#array(lengthOf(rest), depth);
			default: return strange();
		}
	}
	async #bulk(length) {
		if (length === void 0) return strange();
		if (length === -1) return null;
		if (length > this.#left) return tooLong();
		const bytes = await this.#take(length + 2);
		if (!Buffer.isBuffer(bytes)) return bytes;
		return bytes[length] === 13 && bytes[length + 1] === 10 ? bytes.toString("utf8", 0, length) : strange();
	}
	async #array(length, depth) {
		if (length === void 0 || depth >= MAX_DEPTH) return strange();
		if (length === -1) return null;
		this.#elements += length;
		if (this.#elements > MAX_ELEMENTS) return tooLong();
		const values = [];
		for (let index = 0; index < length; index += 1) {
			const value = await this.#value(depth + 1);
			if (isUnknown(value)) return value;
			values.push(value);
		}
		return values;
	}
	async #line() {
		for (;;) {
			const end = this.#bytes.indexOf("\r\n", this.#at);
			if (end !== -1 && end - this.#at <= MAX_LINE) {
				const line = this.#bytes.toString("utf8", this.#at, end);
				this.#left -= end + 2 - this.#at;
				this.#at = end + 2;
				return this.#left < 0 ? tooLong() : line;
			}
			if (this.#bytes.length - this.#at > MAX_LINE) return strange();
			const more = await this.#more();
			if (more !== void 0) return more;
		}
	}
	async #take(count) {
		this.#left -= count;
		const parts = [];
		let missing = count;
		for (;;) {
			const part = this.#bytes.subarray(this.#at, this.#at + missing);
			parts.push(part);
			missing -= part.length;
			this.#at += part.length;
			if (missing === 0) return Buffer.concat(parts);
			const more = await this.#more();
			if (more !== void 0) return more;
		}
	}
	async #more() {
		const chunk = await this.#next();
		if (!(chunk instanceof Uint8Array)) return chunk;
		const rest = this.#bytes.subarray(this.#at);
		this.#bytes = rest.length === 0 ? Buffer.from(chunk) : Buffer.concat([rest, chunk]);
		this.#at = 0;
	}
};
function lengthOf(text) {
	return /^(?:-1|\d{1,10})$/.test(text) ? Number(text) : void 0;
}
function strange() {
	return unknown("unparseable", "no reply of Redis");
}
function tooLong() {
	return unknown("unsupported", "a reply that is too long");
}
function isUnknown(value) {
	return typeof value === "object" && value !== null && "state" in value;
}
// src/world/node-redis.ts
const PATIENCE = 4;
async function nodeRedis(login, secrets) {
	const opened = openLogin("redis", login, secrets);
	if ("state" in opened) return opened;
	const { address, password } = opened;
	const plain = await dialAddress(address, login);
	if ("state" in plain) return plain;
	const socket = address.scheme === "rediss" ? await secured(plain, address, login) : plain;
	if ("state" in socket) return socket;
	const transport = transportOf(socket, address);
	const { connection } = connectionOver(socket, login.signal);
	let failed;
	let until = 0;
	const reader = new RespReader(async () => {
		const left = until - performance.now();
		const received = left <= 0 ? { kind: "timed-out" } : await connection.read(left);
		if (received.kind === "bytes") return received.bytes;
		if (received.kind === "timed-out") return unknown("timed-out", addressText(address));
		return unknown("unreachable", "the connection ended");
	});
	const send = async (words) => {
		if (failed !== void 0) return failed;
		until = performance.now() + login.timeout * PATIENCE;
		connection.write(respRequest(words));
		const reply = await reader.reply();
		if (!isUnknown(reply)) return reply;
		failed = reply;
		connection.close();
		return reply;
	};
	const refuse = (why) => {
		connection.close();
		return why;
	};
	if (password !== void 0) {
		const why = refusalOf(transport, login.insecure);
		if (why !== void 0) return refuse(why);
		const answer = await send([
			"AUTH",
			...address.user === void 0 ? [] : [address.user],
			password
		]);
		if (isUnknown(answer)) return refuse(answer);
		if (answer !== "OK") return refuse(unknown("access-denied", `AUTH: ${isRefusal(answer) ? answer.refused.split(" ")[0] : "no OK"}`));
	}
	const named = await send([
		"CLIENT",
		"SETNAME",
		"custos"
	]);
	if (isUnknown(named)) return refuse(named);
	return {
		transport,
		address,
		ask: async (command, argument) => {
			if (command === "CONFIG GET" && !REDIS_SETTINGS.some((one) => one === argument)) return unknown("unsupported", argument ?? "");
			if (command === "COMMAND INFO OF" && !COMMAND_NAME.test(argument ?? "")) return unknown("unsupported", argument ?? "");
			const reply = await send([...REDIS_COMMANDS[command], ...argument === void 0 ? [] : [argument]]);
			return command === "ACL GETUSER" && Array.isArray(reply) ? withoutHashes(reply) : reply;
		},
		close: () => connection.close()
	};
}
function withoutHashes(user) {
	return user.map((value, index) => user[index - 1] === "passwords" && Array.isArray(value) ? value.map(() => "#") : value);
}
export { nodeRedis };
