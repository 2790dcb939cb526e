import { existsSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { InvalidInput } from '../catalog/diagnostic.ts';
import { complain, reasonOf } from '../cli/complain.ts';
import { EXIT, UsageError, type Shell } from '../cli/shell.ts';
import type { Language } from '../model/localized.ts';
import { isWithin } from './confined-world.ts';
import { InvalidPolicy } from './invalid-policy.ts';
import { appendSummary, tell } from './publish.ts';
import { annotationLine, asLog, SHOWN_OF_A_LEVEL, type Annotation } from './workflow-commands.ts';
import { checkoutOf } from './workspace.ts';

const TITLES = {
  en: { nothing: 'nothing was judged', interrupted: 'interrupted' },
  zh: { nothing: '未作任何判定', interrupted: '已中断' },
} as const;
const MAX_LINES = 100;

/** What is wrong, all of it: in the log, as annotations, in the summary, and as outputs. Returns the step's exit code. */
export function reportFailure(error: unknown, shell: Shell): number {
  const { env, stdout } = shell;
  const language = languageIn(env);
  let said = '';
  const code = complain(error, { ...shell, env: { ...env, NO_COLOR: '1' }, stderr: { write: (text) => void (said += text) } }, true);
  stdout.write(asLog(said));
  const title = `Custos: ${TITLES[language].nothing}`;
  if (isWanted(env, 'ANNOTATE'))
    for (const one of annotationsOf(error, said, title, env).slice(0, SHOWN_OF_A_LEVEL)) stdout.write(annotationLine(one));
  // Blanks and lines of an excerpt say where in it something is: they stay as they are.
  const lines = said.split('\n').filter((line) => line.trim() !== '');
  end(shell, { verdict: 'error', code }, [`# Custos: ❌ ${TITLES[language].nothing}\n\n`, fenced(lines.slice(0, MAX_LINES))]);
  return code;
}

/** A run that was cancelled before there was anything to publish. */
export function reportCancelled(shell: Shell): number {
  const { interrupted } = TITLES[languageIn(shell.env)];
  shell.stdout.write(asLog(`custos: ${interrupted}`));
  end(shell, { verdict: 'interrupted', code: EXIT.interrupted }, [`# Custos: ❌ ${interrupted}\n`]);
  return EXIT.interrupted;
}

/** A file command that cannot be written hides nothing of what is wrong: it is told besides. */
function end(shell: Shell, { verdict, code }: { readonly verdict: string; readonly code: number }, summary: readonly string[]): void {
  const attempts = [
    (): void => tell(shell, { verdict, 'exit-code': String(code) }),
    (): void => (isWanted(shell.env, 'SUMMARY') ? appendSummary(shell, summary) : undefined),
  ];
  for (const attempt of attempts)
    try {
      attempt();
    } catch (error) {
      shell.stdout.write(asLog(`custos: ${error instanceof Error ? error.message : reasonOf(error)}`));
    }
}

/** Inputs as they are: what is wrong may be one of them. */
function languageIn(env: Shell['env']): Language {
  return env['INPUT_LANGUAGE']?.trim() === 'zh' ? 'zh' : 'en';
}

function isWanted(env: Shell['env'], name: 'ANNOTATE' | 'SUMMARY'): boolean {
  return env[`INPUT_${name}`]?.trim().toLowerCase() !== 'false';
}

/** A block of code that no line of it can end. */
function fenced(lines: readonly string[]): string {
  const longest = Math.max(2, ...lines.flatMap((line) => [...line.matchAll(/`+/g)].map(([run]) => run.length)));
  const fence = '`'.repeat(longest + 1);
  return `${fence}text\n${lines.join('\n')}\n${fence}\n`;
}

/** `said` is what was printed of an error that has no words of its own. */
function annotationsOf(error: unknown, said: string, title: string, env: Shell['env']): readonly Annotation[] {
  if (error instanceof InvalidInput)
    return error.diagnostics.map(({ file, range, message, hint }) => {
      const line = range?.start.line;
      const place = line === undefined ? file : `${file}:${line}`;
      const at = error instanceof InvalidPolicy ? inCheckout(error.base, file, env['GITHUB_WORKSPACE'] ?? '') : undefined;
      return {
        level: 'error',
        title,
        message: `${place}: ${message}${hint === undefined ? '' : `; ${hint}`}`,
        ...(at === undefined ? {} : { file: at, ...(line === undefined ? {} : { line }) }),
      };
    });
  if (error instanceof UsageError)
    return error.lines.map((line) => ({ level: 'error', title, message: error.hint === undefined ? line : `${line}; ${error.hint}` }));
  return [{ level: 'error', title, message: said.replace(/^custos: /, '').trim() }];
}

/** A file as GitHub knows it, from the root of its checkout. */
function inCheckout(base: string, file: string, workspace: string): string | undefined {
  const path = resolve(base, file);
  if (workspace === '' || !existsSync(path) || !isWithin(path, workspace)) return undefined;
  return relative(checkoutOf(base, { workspace }), path).replaceAll('\\', '/');
}
