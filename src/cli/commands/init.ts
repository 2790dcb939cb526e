import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { filesCollector } from '../../collect/files/collector.ts';
import { SourceText } from '../../text/source-text.ts';
import { nodeWorld } from '../../world/node.ts';
import { writeOutput } from '../output-file.ts';
import { EXIT, languageOf, UsageError, type Shell } from '../shell.ts';

/** A directory in which there is something to look at: its path from here, and the formats in it. */
interface Found {
  readonly path: string;
  readonly name: string;
  readonly formats: readonly string[];
}

/** `custos init`: a starter custos.yaml that names the directories here in which there is something to look at. */
export async function initCommand(flags: { readonly force?: boolean; readonly lang?: string }, shell: Shell): Promise<number> {
  const language = languageOf(flags.lang, shell.env);
  if (existsSync(join(shell.cwd, 'custos.yaml')) && flags.force !== true)
    throw new UsageError('custos.yaml is there already', 'edit it, or replace it with: custos init --force');
  const found = await foundIn(shell.cwd);
  await writeOutput('custos.yaml', [starter(found)], shell);
  const told =
    found.length === 0
      ? {
          en: 'custos.yaml is written. Nothing here is in a format that Custos reads: name your targets in it, then: custos scan',
          zh: 'custos.yaml 已写入。此处没有 Custos 可读取的格式：请在其中列出目标，然后运行 custos scan',
        }
      : {
          en: `custos.yaml is written with ${found.length} target${found.length === 1 ? '' : 's'}. Next: custos scan`,
          zh: `custos.yaml 已写入，含 ${found.length} 个目标。下一步：custos scan`,
        };
  shell.stdout.write(`${told[language]}\n`);
  return EXIT.ok;
}

/** Configuration that lies directly here belongs with what is below it (includes lead there): it is one target, all of it. */
async function foundIn(directory: string): Promise<readonly Found[]> {
  const here = readdirSync(directory).filter((name) => !name.startsWith('.') && name !== 'node_modules' && name !== 'custos.yaml');
  const own = await formatsOf(directory, '.');
  if (own.some(({ name }) => !name.includes('/')))
    return [{ path: '.', name: basename(directory), formats: [...new Set(own.map(({ as }) => as))] }];
  const found: Found[] = [];
  for (const name of here.toSorted()) {
    // A link to nothing is no directory, and no reason to stop.
    if (statSync(join(directory, name), { throwIfNoEntry: false })?.isDirectory() !== true) continue;
    const formats = [...new Set((await formatsOf(directory, name)).map(({ as }) => as))];
    if (formats.length > 0) found.push({ path: `./${name}`, name, formats });
  }
  return found;
}

async function formatsOf(base: string, address: string): Promise<readonly { readonly name: string; readonly as: string }[]> {
  const here = new SourceText('custos.yaml', address);
  const target = {
    id: address,
    kind: 'files',
    address,
    system: 'default',
    labels: {},
    versions: {},
    options: {},
    declaredAt: here.range(0, address.length),
  };
  return (await filesCollector.collect(target, nodeWorld(base), new AbortController().signal)).looked;
}

function starter(found: readonly Found[]): string {
  const lines = ['# What Custos looks at, and by which rules. All of it: docs/configuration.md', 'profile: custody-baseline', ''];
  if (found.length === 0)
    lines.push('targets: []', '# targets:', '#   - id: edge', '#     files: ./deploy/nginx       # a directory, or one file');
  else lines.push('targets:');
  const taken = new Set<string>();
  for (const { path, name, formats } of found)
    lines.push(
      `  - id: ${idFor(name, taken)}          # ${formats.join(', ')}`,
      `    files: ${JSON.stringify(path)}`,
      '    # versions: { nginx: "1.24.0" }     # product defaults are only known for a known version',
      '    # labels: { client-data: true }      # what it holds',
    );
  lines.push(
    '',
    '# waivers: waivers.yaml                  # accepted risks: owner, reason, expiry',
    '# output: [ { format: sarif, path: custos.sarif } ]',
    '',
  );
  return lines.join('\n');
}

/** An id that the schema takes, like the directory's name as far as that goes, and nobody else's. */
function idFor(name: string, taken: Set<string>): string {
  const plain = name.replaceAll(/[^A-Za-z0-9._-]+/g, '-').replace(/^[^A-Za-z0-9]+/, '') || 'target';
  let id = plain;
  for (let number = 2; taken.has(id); number += 1) id = `${plain}-${number}`;
  taken.add(id);
  return id;
}
