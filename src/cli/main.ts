import { processShell } from './process-shell.ts';
import { run } from './program.ts';

const shell = processShell(process);
const code = await run(process.argv.slice(2), shell);
const lost = await shell.written();
process.exitCode =
  lost === undefined ? code : (await import('./complain.ts')).complain(Object.assign(lost, { path: 'standard output' }), shell, false);
