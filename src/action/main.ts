import { processShell } from '../cli/process-shell.ts';
import { EXIT } from '../cli/shell.ts';
import { act } from './act.ts';

/** The Node that action.yml names. An older one lacks what collectors use, and would see nothing. */
const NODE = 24;

const shell = processShell(process);
const old = Number.parseInt(process.versions.node, 10) < NODE;
if (old) shell.stdout.write(`::error title=Custos::the Action needs Node ${NODE}, and was run by ${process.versions.node}\n`);
const code = old ? EXIT.usage : await act(shell);
await shell.written();
process.exitCode = code;
