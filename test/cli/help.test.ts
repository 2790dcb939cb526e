import type { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { buildProgram } from '../../src/cli/program.ts';
import { widthOf } from '../../src/report/text/layout.ts';
import { folders } from '../support/folder.ts';
import { inShell } from '../support/process.ts';
import { custos } from '../support/shell.ts';

const silent = { write: () => undefined };
const program = buildProgram({ stdout: silent, stderr: silent, env: {}, cwd: '/' }, () => undefined, []);
const paths = (command: Command, path: readonly string[]): readonly (readonly string[])[] => [
  path,
  ...command.commands.flatMap((inner) => paths(inner, [...path, inner.name()])),
];
const commands = program.commands.flatMap((command) => paths(command, [command.name()]));
const leaves = commands.filter(
  (path) => !commands.some((other) => other.length > path.length && other.join(' ').startsWith(`${path.join(' ')} `)),
);

test.each(commands.map((path) => [path.join(' ')]))('%s: its help teaches by example, within 80 columns', async (path) => {
  const { out, code } = await custos([...path.split(' '), '--help']);
  expect(code).toBe(0);
  expect(out).toMatch(/Examples:\n {2}(?:custos |eval )/);
  expect(out).not.toContain('default: []');
  expect(out.split('\n').filter((line) => widthOf(line) > 80)).toEqual([]);
});

test('diff tells its exit codes', async () => {
  expect((await custos(['diff', '--help'])).out).toMatch(/1 something is new or worse[\s\S]*2 nothing is/);
});

test.each(leaves.map((path) => [path.join(' ')]))('%s takes -v, --lang and --no-color', (path) => {
  let command: Command | undefined = program;
  for (const word of path.split(' ')) command = command?.commands.find((inner) => inner.name() === word);
  const flags = command?.options.map(({ long }) => long);
  expect(flags).toEqual(expect.arrayContaining(['--verbose', '--lang', '--no-color']));
});
test.each(['scan', 'collect', 'evaluate', 'merge', 'report'])('%s takes -q', (name) => {
  expect(program.commands.find((command) => command.name() === name)?.options.map(({ short }) => short)).toContain('-q');
});
test('a mistyped nested command or option ends no process', async () => {
  expect((await custos(['controls', 'lst'])).code).toBe(3);
  const { code, err } = await custos(['controls', 'list', '--famly', 'TLS']);
  expect(code).toBe(3);
  expect(err).toContain('--family');
});

describe('completion', () => {
  const folder = folders();
  /** What bash offers for a line; the cursor stands at its end. */
  async function offered(line: string, cwd: string): Promise<readonly string[]> {
    const script = `eval "$(custos completion bash)"
COMP_LINE=${JSON.stringify(line)}; COMP_POINT=\${#COMP_LINE}
read -ra COMP_WORDS <<< "$COMP_LINE"; [[ "$COMP_LINE" == *" " ]] && COMP_WORDS+=("")
COMP_CWORD=$((\${#COMP_WORDS[@]} - 1)); COMPREPLY=(); _custos; printf '%s\\n' "\${COMPREPLY[@]}"`;
    return (await inShell(script, cwd)).out.split('\n').filter((word) => word !== '');
  }
  test.each([
    ['custos sc', ['scan']],
    ['custos help re', ['report']],
    ['custos controls l', ['list', 'lint']],
    ['custos controls list --fam', ['--family']],
    ['custos controls list --family TL', ['TLS']],
    ['custos scan --fail-on h', ['high']],
    ['custos scan -f sa', ['sarif', 'sarif=']],
    ['custos scan -p custody-s', ['custody-strict']],
    ['custos scan --lang z', ['zh']],
    ['custos explain IAM-0', expect.arrayContaining(['IAM-01', 'IAM-09'])],
    ['custos completion f', ['fish']],
    ['custos scan --product ngi', ['nginx=']],
  ])('%s', async (line, words) => {
    expect(await offered(line, folder({}))).toEqual(words);
  });
  test('names with spaces stay whole', async () => {
    expect(await offered('custos scan my', folder({ 'my dir/x': '', 'my file.conf': '' }))).toEqual(['my dir', 'my file.conf']);
  });
  test('fish and zsh know nested commands, values and short options', async () => {
    const fish = (await custos(['completion', 'fish'])).out;
    expect(fish).toMatch(/__fish_seen_subcommand_from controls.* -a 'list lint?|__fish_seen_subcommand_from controls.*-a list/);
    expect(fish).toContain(' -s f ');
    expect(fish).toContain('custody-strict');
    const zsh = (await custos(['completion', 'zsh'])).out;
    for (const word of ['custody-strict', '--family', 'sarif', 'lint']) expect(zsh).toContain(word);
  });
});
