import { parentPort, workerData } from 'node:worker_threads';
import { Evaluation } from '../evaluate/evaluation.ts';
import { prove } from '../proof/prove.ts';
import type { Answer, Question, SandboxData } from './messages.ts';

const port = parentPort;
if (port === null) throw new Error('the sandbox runs as a worker only');
const data: SandboxData = workerData;
const current = new Int32Array(data.current);
let evaluation: Evaluation | undefined;

async function answer(question: Question): Promise<Answer> {
  switch (question.kind) {
    case 'start':
      evaluation = new Evaluation(question.plan, { ...question.options, onControl: (index) => Atomics.store(current, 0, index) });
      return { kind: 'started' };
    case 'judge':
      return { kind: 'findings', findings: evaluation?.judge(question.record) ?? [] };
    case 'judge-rest': {
      const findings = evaluation?.judgeRest();
      return findings === undefined ? { kind: 'nothing-left' } : { kind: 'findings', findings };
    }
    case 'finish': {
      if (evaluation === undefined) return { kind: 'failed', message: 'nothing was started' };
      return { kind: 'finished', ...evaluation.finish() };
    }
    case 'prove':
      return { kind: 'proved', proof: await prove(question.definition) };
  }
}

port.on('message', (question: Question) => {
  answer(question).then(
    (result) => port.postMessage(result),
    (error: unknown) =>
      port.postMessage({ kind: 'failed', message: error instanceof Error ? error.message : String(error) } satisfies Answer),
  );
});
