import { Worker } from 'node:worker_threads';
import { InvalidInput } from '../catalog/diagnostic.ts';
import type { Control } from '../model/control.ts';
import type { Answer, Question, SandboxData } from './messages.ts';

/** What anybody's own controls may use. */
export interface Limits {
  /** Milliseconds for the answer to one question (the judgement of one target). */
  readonly deadline: number;
  readonly memoryMb: number;
}

const LIMITS: Limits = { deadline: 60_000, memoryMb: 512 };

/** A worker thread that runs controls from outside the bundled catalogue, within limits. */
export class Confined {
  readonly #worker: Worker;
  readonly #current = new Int32Array(new SharedArrayBuffer(4));
  readonly #controls: readonly Control[];
  readonly #limits: Limits;
  #failure: Error | undefined;

  constructor(controls: readonly Control[], limits: Limits = LIMITS) {
    this.#controls = controls;
    this.#limits = limits;
    Atomics.store(this.#current, 0, -1);
    const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'mjs';
    const workerData: SandboxData = { current: this.#current.buffer };
    this.#worker = new Worker(new URL(`./${extension === 'ts' ? 'worker' : 'sandbox-worker'}.${extension}`, import.meta.url), {
      workerData,
      env: {},
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: limits.memoryMb, maxYoungGenerationSizeMb: 64, stackSizeMb: 4 },
    });
    this.#worker.unref();
  }

  /** Asks one question. A deadline that passes or a limit that is hit ends the worker, and names the control. */
  ask(question: Question): Promise<Answer> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    const worker = this.#worker;
    return new Promise((resolve, reject) => {
      worker.ref();
      const settle = (act: () => void): void => {
        clearTimeout(timer);
        worker.off('message', onMessage).off('error', onError).off('exit', onExit);
        worker.unref();
        act();
      };
      const fail = (why: string): void =>
        settle(() => {
          this.#failure = this.#blame(why);
          void worker.terminate();
          reject(this.#failure);
        });
      const onMessage = (answer: Answer): void =>
        settle(() => (answer.kind === 'failed' ? reject(new Error(answer.message)) : resolve(answer)));
      const onError = (error: Error): void =>
        fail(
          'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY'
            ? `used more than ${this.#limits.memoryMb} MB of memory`
            : `failed: ${error.message}`,
        );
      const onExit = (code: number): void => fail(`ended its sandbox (code ${code})`);
      const timer = setTimeout(() => fail(`ran past its deadline of ${this.#limits.deadline / 1000} s`), this.#limits.deadline);
      worker.on('message', onMessage).on('error', onError).on('exit', onExit);
      worker.postMessage(question);
    });
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }

  /** The control that was being judged: exit code 3 with its place, never an outcome. */
  #blame(why: string): Error {
    const control = this.#controls[Atomics.load(this.#current, 0)];
    if (control === undefined) return new InvalidInput([{ file: 'controls', message: `a control of yours ${why}` }]);
    return new InvalidInput([
      {
        file: control.declaredAt.file,
        range: control.declaredAt,
        message: `${control.id} ${why}`,
        hint: 'make its expression cheaper, or its evidence smaller',
      },
    ]);
  }
}
