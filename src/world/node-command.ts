import { spawn } from 'node:child_process';
import { unknown, type Unknown } from '../model/fact.ts';
import { COMMAND_ENVIRONMENT, type HostCommand } from './host-command.ts';
import type { CommandOutput } from './host.ts';

/**
 * Runs one program with no shell, no standard input and a clean environment, from `/`. It and its children are killed when its time is over or it
 * writes more than it may; its output is then unknown, never a part of it.
 */
export function runCommand(
  { id, seconds, maxBytes, exits, environment = {} }: HostCommand,
  program: string,
  args: readonly string[],
  signal: AbortSignal,
): Promise<CommandOutput | Unknown> {
  if (signal.aborted) return Promise.resolve(unknown('interrupted', id));
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: '/',
      env: { ...COMMAND_ENVIRONMENT, ...environment },
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
