import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const LAUNCHER = fileURLToPath(new URL('../../bin/custos.cjs', import.meta.url));

/** Runs a shell line in a process of its own; in it, `custos` is the launcher under this Node. */
export function inShell(line: string, cwd: string): Promise<{ readonly code: number | null; readonly out: string; readonly err: string }> {
  const define = `custos() { "${process.execPath}" "${LAUNCHER}" "$@"; }\n`;
  return new Promise((resolve, reject) => {
    const child = spawn('bash', ['-c', define + line], {
      cwd,
      env: { PATH: process.env['PATH'] ?? '' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [out, err] = ['', ''];
    // A chunk may end within a character.
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => void (out += chunk));
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => void (err += chunk));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, out, err }));
  });
}
