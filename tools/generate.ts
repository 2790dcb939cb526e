import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { Reporter } from '../src/catalog/diagnostic.ts';
import { loadCatalogue } from '../src/catalog/load.ts';
import { CONFIGURATION_NAMES } from '../src/collect/registry.ts';
import { FORMATS } from '../src/collect/files/formats.ts';
import { prove, type KnownProofs } from '../src/proof/prove.ts';
import type { Attributes, AttributeType } from '../src/resources/kind.ts';
import { VOCABULARY } from '../src/resources/vocabulary.ts';
import { configurationSchema, waiversSchema } from '../src/schema/configuration.ts';
import { controlSchema } from '../src/schema/control.ts';
import { assessmentSchema } from '../src/schema/assessment.ts';
import { evidenceSchema, planSchema } from '../src/schema/evidence.ts';
import { profileSchema } from '../src/schema/profile.ts';
import { nodeWorld } from '../src/world/node.ts';
import { run } from '../src/cli/program.ts';
import { terminalPicture } from './terminal-picture.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Every generated file, path → content. A test holds them up to date; `npm run generate` writes them. */
export async function generated(): Promise<ReadonlyMap<string, string>> {
  const json = (schema: object): string => `${JSON.stringify(schema, undefined, 2)}\n`;
  return new Map([
    ['docs/schemas/control.json', json(controlSchema)],
    ['docs/schemas/profile.json', json(profileSchema)],
    ['docs/schemas/custos.json', json(configurationSchema(CONFIGURATION_NAMES))],
    ['docs/schemas/waivers.json', json(waiversSchema)],
    ['docs/schemas/evidence.json', json(evidenceSchema)],
    ['docs/schemas/plan.json', json({ $id: 'https://custos.dev/schemas/plan.json', title: 'Custos plan', ...planSchema })],
    ['docs/schemas/assessment.json', json(assessmentSchema)],
    ['docs/resources.md', resourcesPage()],
    ['docs/formats.md', formatsPage()],
    ['controls/README.md', await controlsPage()],
    ['controls/proofs.json', json(await proofs())],
    ['docs/github-action.md', actionPage()],
    ...(await demonstration()),
  ]);
}

/** Lines of the report that README and its picture show; the rest is what the reader sees on running the demo. */
const SHOWN_LINES = 44;
const REPORT_START = '<!-- report: written by `npm run generate` -->\n';
const REPORT_END = '<!-- /report -->\n';

/** What the demo says, captured from a terminal 80 columns wide: the text and picture in README.md. */
async function demonstration(): Promise<readonly (readonly [string, string])[]> {
  const shown = async (isTTY: boolean): Promise<string> => {
    let out = '';
    const stdout = { write: (text: string) => void (out += text), isTTY, columns: 80 };
    const args = ['scan', '-c', 'examples/weak-platform/custos.yaml', '--as-of', '2026-11-24', '--lang', 'en'];
    await run(args, { stdout, stderr: { write: () => undefined }, env: {}, cwd: ROOT });
    return `${out.split('\n').slice(0, SHOWN_LINES).join('\n').trimEnd()}\n`;
  };
  const readme = current('README.md');
  const start = readme.indexOf(REPORT_START) + REPORT_START.length;
  const end = readme.indexOf(REPORT_END);
  return [
    ['README.md', `${readme.slice(0, start)}\n\`\`\`text\n${await shown(false)}\`\`\`\n\n${readme.slice(end)}`],
    ['docs/images/report.svg', terminalPicture(await shown(true), 80, 'The beginning of the report of examples/weak-platform')],
  ];
}

/** The page of the Action: its inputs and outputs as action.yml has them, and the example workflows as they are. */
function actionPage(): string {
  const action: Readonly<
    Record<'inputs' | 'outputs', Readonly<Record<string, { readonly description: string; readonly default?: string }>>>
  > = parse(current('action.yml'));
  const rows = (of: 'inputs' | 'outputs'): string =>
    Object.entries(action[of])
      .map(
        ([name, { description, default: value }]) =>
          `| \`${name}\` | ${of === 'inputs' ? `${value === undefined ? '' : `\`${value}\``} | ` : ''}${description} |\n`,
      )
      .join('');
  const parts: Readonly<Record<string, () => string>> = {
    inputs: () => `| input | default | what it takes |\n|---|---|---|\n${rows('inputs')}`,
    outputs: () => `| output | what it holds |\n|---|---|\n${rows('outputs')}`,
  };
  return current('docs/github-action.md').replaceAll(/<!-- generated: (\S+) -->\n[\s\S]*?<!-- \/generated -->/g, (_, name: string) => {
    const text = parts[name]?.() ?? `\`\`\`yaml\n${current(`examples/workflows/${name}`)}\`\`\`\n`;
    return `<!-- generated: ${name} -->\n\n${text}\n<!-- /generated -->`;
  });
}

/** What the examples of the bundled controls allow, by the digest of each file: a start need not run them all again. */
async function proofs(): Promise<KnownProofs> {
  const reporter = new Reporter();
  const { controls } = await loadCatalogue(nodeWorld(ROOT), ROOT, [], reporter);
  reporter.settle();
  const known: Record<string, KnownProofs[string]> = {};
  for (const control of controls) {
    const { emptyMayPass, problems } = await prove(control);
    reporter.add(problems);
    known[control.id] = { digest: control.declaredAt.digest, emptyMayPass };
  }
  reporter.settle();
  return known;
}

function typeText(type: AttributeType): string {
  if ('is' in type) return type.values === undefined ? type.is : type.values.map((value) => `\`${value}\``).join(' \\| ');
  return 'list' in type ? `list of ${typeText(type.list)}` : type.record;
}

function attributeRows(attributes: Attributes): readonly string[] {
  return Object.entries(attributes).map(([name, { type, doc, unit, example, optional, probe, live }]) => {
    const marks = [
      ...(optional === true ? ['may be absent'] : []),
      ...(live === true ? ['live only'] : []),
      ...(probe === undefined ? [] : [`probe class ${probe}`]),
    ];
    return `| \`${name}\` | ${typeText(type)}${unit === undefined ? '' : `, ${unit}`} | ${doc}${marks.length === 0 ? '' : ` *(${marks.join(', ')})*`} | \`${example.replaceAll('|', '\\|')}\` |`;
  });
}

function recordsIn(attributes: Attributes): readonly (readonly [string, Attributes])[] {
  return Object.values(attributes).flatMap(({ type }) => {
    const inner = 'list' in type ? type.list : type;
    return 'record' in inner ? [[inner.record, inner.fields] as const, ...recordsIn(inner.fields)] : [];
  });
}

const HEADER = '<!-- Generated by `npm run generate`. Do not edit. -->\n';

function resourcesPage(): string {
  const lines = [
    HEADER,
    '# The vocabulary',
    '',
    'What controls speak of. Every attribute is a fact: known with its place, absent, or unknown with its cause.',
    '',
  ];
  for (const { name, title, doc, key, attributes } of VOCABULARY) {
    const from = FORMATS.filter(({ kinds }) => kinds.includes(name)).map((format) => format.name);
    lines.push(
      `## \`${name}\``,
      '',
      `${title.en} · ${title.zh}. ${doc}`,
      '',
      `Natural key: ${key}.${from.length === 0 ? '' : ` From: ${from.join(', ')}.`}`,
      '',
      '| attribute | type | what it says | example |',
      '|---|---|---|---|',
      ...attributeRows(attributes),
      '',
    );
    for (const [record, fields] of recordsIn(attributes))
      lines.push(`### ${record}`, '', '| field | type | what it says | example |', '|---|---|---|---|', ...attributeRows(fields), '');
  }
  return `${lines.join('\n').trimEnd()}\n`;
}

function formatsPage(): string {
  const lines = [
    HEADER,
    '# Configuration formats',
    '',
    'Files are recognised by their name or path, or by what is in them; `format:` on a target settles it.',
    '',
    '| format | yields |',
    '|---|---|',
    ...FORMATS.map(({ name, kinds }) => `| \`${name}\` | ${kinds.map((kind) => `\`${kind}\``).join(', ')} |`),
    '',
    'Every file that is read also yields `secret.exposure`.',
    '',
    'Not entered are `.git`, which configures nothing, and `node_modules`, `.venv`, `__pycache__`, `.hg` and `.svn`, where others’ files lie: where one is',
    'met, the report says so once among what could not be read. Name it, or a directory in it, as a target to have it read. On a pull request the',
    'Action reads them all: what is in a commit somebody put there. What `.gitignore` excludes is left out, except there, too.',
    '',
    '`certificates` is PEM, DER, PKCS#7, PKCS#12, JKS and JCEKS, told apart by content. A certificate is one in use unless it is an authority’s or',
    'lies in a trust store (`ca-bundle.crt`, `cacerts`, a key store’s trusted entries). PKCS#12 is tried with an empty password; one that needs',
    'another is a gap. Java key stores are read without a password, so that their integrity is not checked. What a server would send beside a',
    'file, and which private roots its clients trust, a file does not show: such attributes are unknown.',
  ];
  return `${lines.join('\n')}\n`;
}

async function controlsPage(): Promise<string> {
  const reporter = new Reporter();
  const { controls } = await loadCatalogue(nodeWorld(ROOT), ROOT, [], reporter);
  reporter.settle();
  const lines = [
    HEADER,
    '# The catalogue',
    '',
    `${controls.length} controls. \`custos explain ID\` prints one in full; \`docs/writing-controls.md\` shows how to write one.`,
    '',
    '| id | severity | judges | title | 标题 |',
    '|---|---|---|---|---|',
  ];
  for (const { id, severity, resource, title, scope } of controls)
    lines.push(
      `| <a id="${id.toLowerCase()}"></a>${id} | ${severity} | \`${resource === '' ? scope : resource}\` | ${title.en} | ${title.zh} |`,
    );
  return `${lines.join('\n')}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [path, content] of await generated()) writeFileSync(join(ROOT, path), content);
  for (const name of readdirSync(join(ROOT, 'docs/schemas')))
    if (!(await generated()).has(`docs/schemas/${name}`)) process.stdout.write(`stale: docs/schemas/${name}\n`);
}

/** What a generated file says now. */
export function current(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}
