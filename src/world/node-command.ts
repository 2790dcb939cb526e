import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unknown, type Unknown } from '../model/fact.ts';
import { commandArguments, commandEnvironment, type HostCommand } from './host-command.ts';
import type { CommandOutput } from './host.ts';
import { Secret, type OpenedSecrets } from './secret.ts';

/** What a command is run with. */
export interface CommandInput {
  readonly values: Readonly<Record<string, string>>;
  /** By the variable that hands one over. */
  readonly secrets: Readonly<Record<string, Secret>>;
}

/**
 * Runs a command of the table by one of its programs. Secrets go to the child by its environment, which its owner and root alone can
 * read, and are registered as opened.
 */
export async function runOfTable(
  command: HostCommand,
  program: string,
  { values, secrets }: CommandInput,
  opened: OpenedSecrets,
  signal: AbortSignal,
): Promise<CommandOutput | Unknown> {
  const args = commandArguments(command, values);
  if (!('length' in args)) return unknown('unsupported', `${command.id}: no such ${args.problem}`);
  const environment: Record<string, string> = { ...commandEnvironment(command, values) };
  for (const [variable, secret] of Object.entries(secrets)) {
    if (command.secrets?.includes(variable) !== true) return unknown('unsupported', `${command.id}: no such ${variable}`);
    opened.add(secret);
    environment[variable] = Secret.open(secret);
  }
  if (command.scratch === undefined) return runCommand(command, program, args, signal, environment);
  const scratch = await mkdtemp(join(tmpdir(), 'custos-scratch-')).catch((error: unknown) =>
    unknown('refused', `${command.id}: ${String(error)}`),
  );
  if (typeof scratch !== 'string') return scratch;
  try {
    return await runCommand(command, program, args, signal, { ...environment, [command.scratch]: scratch });
  } finally {
    await rm(scratch, { recursive: true, force: true, maxRetries: 3 });
  }
}

/**
 * Runs one program with no shell, no standard input and a clean environment, from `/`. It and its children are killed when its time is over or it
 * writes more than it may; its output is then unknown, never a part of it.
 */
export function runCommand(
  { id, seconds, maxBytes, exits }: HostCommand,
  program: string,
  args: readonly string[],
  signal: AbortSignal,
  environment: Readonly<Record<string, string>>,
): Promise<CommandOutput | Unknown> {
  if (signal.aborted) return Promise.resolve(unknown('interrupted', id));
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: '/',
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true, // a group of its own, so that its children end with it
    });
    const chunks: Buffer[] = [];
    let size = 0;
    let complaint = '';
    const end = (result: CommandOutput | Unknown): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', interrupt);
      kill(child.pid);
      resolve(result);
    };
    const timer = setTimeout(() => end(unknown('timed-out', `${id}: ${seconds} s`)), seconds * 1000);
    const interrupt = (): void => end(unknown('interrupted', id));
    signal.addEventListener('abort', interrupt, { once: true });
    child.stdout.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > maxBytes) end(unknown('unsupported', `${id}: wrote more than ${maxBytes} bytes`));
      else chunks.push(chunk);
    });
    child.stderr.on('data', (chunk: Buffer) => {
      if (complaint.length < 400) complaint += chunk.toString('utf8');
    });
    child.on('error', (error) => end(unknown('collector-failed', `${id}: ${error.message}`)));
    child.on('close', (code) => {
      if (code !== null && exits.includes(code)) {
        end({ text: Buffer.concat(chunks).toString('utf8'), exit: code });
        return;
      }
      const first = complaint.split('\n').find((line) => line.trim() !== '') ?? '';
      const denied = /permission denied|operation not permitted|must be (?:run as )?root|not allowed/i.test(complaint);
      end(unknown(denied ? 'access-denied' : 'refused', `${id}: ${first.trim().slice(0, 200)} (exit ${code ?? 'by signal'})`));
    });
  });
}

function kill(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It ended by itself.
  }
}
