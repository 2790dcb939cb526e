import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { filesCollector } from '../../collect/files/collector.ts';
import { SourceText } from '../../text/source-text.ts';
import { nodeWorld } from '../../world/node.ts';
import { EXIT, UsageError, type Shell } from '../shell.ts';
import { writeOutput } from '../output-file.ts';

/** `custos init`: a starter custos.yaml that names the directories here in which there is something to look at. */
export async function initCommand(flags: { readonly force?: boolean }, shell: Shell): Promise<number> {
  const path = join(shell.cwd, 'custos.yaml');
  if (existsSync(path) && flags.force !== true)
    throw new UsageError('custos.yaml is there already', 'edit it, or replace it with: custos init --force');
  const world = nodeWorld(shell.cwd);
  const found: { readonly directory: string; readonly formats: readonly string[] }[] = [];
  const directories = readdirSync(shell.cwd).filter(
    (name) => !name.startsWith('.') && name !== 'node_modules' && statSync(join(shell.cwd, name)).isDirectory(),
  );
  for (const directory of directories.toSorted()) {
    const here = new SourceText('custos.yaml', directory);
    const target = {
      id: directory,
      kind: 'files',
      address: directory,
      system: 'default',
      labels: {},
      versions: {},
      options: {},
      declaredAt: here.range(0, directory.length),
    };
    const { looked } = await filesCollector.collect(target, world, new AbortController().signal);
    const formats = [...new Set(looked.map(({ as }) => as))];
    if (formats.length > 0) found.push({ directory, formats });
  }
  await writeOutput(path, [starter(found)], shell);
  shell.stdout.write(
    `custos.yaml is written${found.length === 0 ? ': name your targets in it' : ` with ${found.length} target${found.length === 1 ? '' : 's'}`}. Next: custos scan\n`,
  );
  return EXIT.ok;
}

function starter(found: readonly { readonly directory: string; readonly formats: readonly string[] }[]): string {
  const targets = found.length === 0 ? [{ directory: 'deploy', formats: [] }] : found;
  const lines = [
    '# What Custos looks at, and by which rules. All of it: docs/configuration.md',
    'profile: custody-baseline',
    '',
    'targets:',
  ];
  for (const { directory, formats } of targets) {
    const id = directory.replaceAll(/[^A-Za-z0-9._-]/g, '-').replace(/^[^A-Za-z0-9]+/, '') || 'files';
    lines.push(
      `  - id: ${id}${formats.length === 0 ? '' : `          # ${formats.join(', ')}`}`,
      `    files: ${JSON.stringify(`./${directory}`)}`,
    );
    lines.push(
      '    # versions: { nginx: "1.24.0" }     # product defaults are only known for a known version',
      '    # labels: { client-data: true }      # what it holds',
    );
  }
  lines.push(
    '',
    '# waivers: waivers.yaml                  # accepted risks: owner, reason, expiry',
    '# output: [ { format: sarif, path: custos.sarif } ]',
    '',
  );
  return lines.join('\n');
}
