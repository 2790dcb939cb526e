import { rn as Evaluation, t as prove } from "./prove.mjs";
import { parentPort, workerData } from "node:worker_threads";
// src/sandbox/worker.ts
const port = parentPort;
if (port === null) throw new Error("the sandbox runs as a worker only");
const current = new Int32Array(workerData.current);
let evaluation;
async function answer(question) {
	switch (question.kind) {
		case "start":
			evaluation = new Evaluation(question.plan, {
				...question.options,
				onControl: (index) => Atomics.store(current, 0, index)
			});
			return { kind: "started" };
		case "judge": return {
			kind: "findings",
			findings: evaluation?.judge(question.record) ?? []
		};
		case "judge-rest": {
			const findings = evaluation?.judgeRest();
			return findings === void 0 ? { kind: "nothing-left" } : {
				kind: "findings",
				findings
			};
		}
		case "finish":
			if (evaluation === void 0) return {
				kind: "failed",
				message: "nothing was started"
			};
			return {
				kind: "finished",
				...evaluation.finish()
			};
		case "prove": return {
			kind: "proved",
			proof: await prove(question.definition)
		};
	}
}
port.on("message", (question) => {
	answer(question).then((result) => port.postMessage(result), (error) => port.postMessage({
		kind: "failed",
		message: error instanceof Error ? error.message : String(error)
	}));
});
export {};
