import { _ as ipVersion, f as unknown, m as Secret } from "./fact.mjs";
import { i as openSocket, o as addressText, r as errorCode, s as databaseAddressOf, t as causeOfCode } from "./node-socket.mjs";
import { connect, getCACertificates } from "node:tls";
import { connect as connect$1 } from "node:net";
// src/world/node-login.ts
function openLogin(engine, login, opened) {
	const parsed = login.address instanceof Secret ? databaseAddressOf(engine, Secret.open(login.address)) : { address: login.address };
	if ("problem" in parsed) return unknown("unparseable", `address: ${parsed.problem}`);
	const user = parsed.address.user ?? login.user;
	const database = login.database ?? parsed.address.database;
	const address = {
		...parsed.address,
		...user === void 0 ? {} : { user },
		...database === void 0 ? {} : { database }
	};
	if (login.address instanceof Secret && parsed.password !== void 0) opened.add(login.address);
	const password = login.anonymous === true ? void 0 : login.password ?? parsed.password;
	if (password === void 0) return { address };
	const { host, socket } = address;
	opened.add(password, [
		engine,
		user,
		...user?.split(/[,=]/) ?? [],
		host,
		database,
		socket
	].filter((word) => word !== void 0));
	return {
		address,
		password: Secret.open(password)
	};
}
async function dialAddress(address, { timeout, signal }) {
	const { host, port, socket: path } = address;
	if (host !== void 0) return openSocket({
		host,
		port,
		timeout,
		signal
	});
	if (path === void 0) return unknown("unsupported", addressText(address));
	const socket = connect$1({ path });
	const failed = await settled(socket, "connect", timeout, signal);
	if (failed === void 0) return socket;
	return failed === "timed-out" ? unknown("timed-out", path) : unknown(causeOfCode(failed), `${path}: ${failed}`);
}
function authoritiesWith(ca) {
	return [...new Set([
		...getCACertificates("default"),
		...getCACertificates("system"),
		...ca === void 0 ? [] : [ca]
	])];
}
async function secured(socket, { host }, { ca, insecure, timeout, signal }) {
	const named = host === void 0 ? {} : {
		host,
		...ipVersion(host) === 0 ? { servername: host } : {}
	};
	const secure = connect({
		socket,
		...named,
		ca: authoritiesWith(ca),
		rejectUnauthorized: !insecure
	});
	const failed = await settled(secure, "secureConnect", timeout, signal);
	if (failed === void 0) return secure;
	socket.destroy();
	if (failed === "timed-out") return unknown("timed-out", "TLS");
	return /CERT|ISSUER|SIGNATURE|ALTNAME|HOSTNAME/i.test(failed) ? unknown("refused", `its certificate does not verify: ${failed}`) : unknown("unreachable", `TLS: ${failed}`);
}
function transportOf(socket, address) {
	if ("encrypted" in socket && socket.authorized) return "tls";
	if (address.socket !== void 0) return "socket";
	if (isLoopback(socket.remoteAddress ?? "")) return "loopback";
	return "encrypted" in socket ? "unverified" : "clear";
}
function isExposed(transport) {
	return transport === "clear" || transport === "unverified";
}
function refusalOf(transport, insecure) {
	return isExposed(transport) && !insecure ? unknown("refused", "no password is sent in clear: use TLS, a Unix socket or loopback, or say insecure: true") : void 0;
}
function isLoopback(address) {
	return /^(?:::ffff:)?127\.\d+\.\d+\.\d+$|^::1$/i.test(address);
}
function settled(socket, event, timeout, signal) {
	return new Promise((resolve) => {
		const settle = (failed) => {
			clearTimeout(timer);
			signal.removeEventListener("abort", stop);
			socket.removeAllListeners(event);
			socket.removeAllListeners("error");
			socket.removeAllListeners("close");
			socket.on("error", () => void 0);
			if (failed !== void 0) socket.destroy();
			resolve(failed);
		};
		const stop = () => settle("timed-out");
		const timer = setTimeout(stop, timeout);
		signal.addEventListener("abort", stop, { once: true });
		socket.once(event, () => settle(void 0));
		socket.once("error", (error) => settle(errorCode(error)));
		socket.once("close", () => settle("the connection ended"));
		if (signal.aborted) stop();
	});
}
export { refusalOf as a, openLogin as i, dialAddress as n, secured as o, isExposed as r, transportOf as s, authoritiesWith as t };
