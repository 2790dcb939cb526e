import { Duplex } from "node:stream";
// src/world/node-bounded-stream.ts
var BoundedStream = class extends Duplex {
	_host;
	#socket;
	#left;
	constructor(socket, host, budget) {
		super();
		this._host = host;
		this.#socket = socket;
		this.#left = budget;
		socket.on("data", (chunk) => {
			this.#left -= chunk.length;
			if (this.#left < 0) this.destroy(new TooMuchData());
			else if (!this.push(chunk)) socket.pause();
		});
		socket.on("end", () => this.push(null));
		socket.on("error", (error) => this.destroy(error));
		socket.on("close", () => this.destroy());
	}
	allow(budget) {
		this.#left = budget;
	}
	_read() {
		this.#socket.resume();
	}
	_write(chunk, _encoding, done) {
		this.#socket.write(chunk, done);
	}
	_final(done) {
		this.#socket.end(done);
	}
	_destroy(error, done) {
		this.#socket.destroy();
		done(error);
	}
};
var TooMuchData = class extends Error {
	code = "TOO_MUCH_DATA";
};
export { BoundedStream as t };
