import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const SRC = fileURLToPath(new URL('../src', import.meta.url));

/** Which rooms a room may import from, and the sentence to print where it does otherwise. */
const RULE: Readonly<Record<string, { readonly may: readonly string[]; readonly because: string }>> = {
  model: { may: [], because: 'the model is plain nouns: it imports nothing of ours' },
  schema: { may: ['model'], because: 'published shapes are plain data, made of the model’s own words' },
  text: { may: ['model'], because: 'text turns bytes into trees with positions, and knows no collector and no control' },
  world: { may: ['model'], because: 'the world is the outside behind one interface: it does not know what is asked' },
  tls: { may: ['model'], because: 'the TLS room is usable by itself' },
  ssh: { may: ['model'], because: 'the SSH room is usable by itself' },
  x509: { may: ['model'], because: 'the certificate room is usable by itself' },
  http: { may: ['model'], because: 'what header fields mean is the same for every collector' },
  resources: { may: ['model'], because: 'the vocabulary speaks of no product' },
  cel: { may: ['model', 'resources'], because: 'the control language has one home, between the vocabulary and those who judge' },
  collect: {
    may: ['model', 'text', 'world', 'resources', 'ssh', 'tls', 'x509', 'http'],
    because: 'collecting knows no control and judges nothing',
  },
  catalog: {
    may: ['model', 'text', 'world', 'resources', 'cel', 'schema'],
    because: 'the catalogue is read and resolved, never evaluated or collected',
  },
  rating: { may: ['model'], because: 'letters and guidelines are worked out from facts alone' },
  evaluate: { may: ['model', 'cel', 'rating'], because: 'evaluation is pure: evidence in, findings out' },
  evidence: { may: ['model', 'schema'], because: 'evidence files hold what was collected and what was found' },
  proof: {
    may: ['model', 'text', 'world', 'resources', 'cel', 'collect', 'catalog', 'evaluate'],
    because: 'a control’s examples are run as the real thing is',
  },
  report: { may: ['model'], because: 'reports are one way to look at an assessment: they compute no outcome' },
  sandbox: {
    may: ['model', 'catalog', 'cel', 'evaluate', 'evidence', 'proof', 'world', 'plan.ts'],
    because: 'the sandbox runs others’ controls apart',
  },
  'network-targets.ts': { may: ['model', 'collect', 'catalog'], because: 'what goes out is checked before anything is sent' },
  'plan.ts': {
    may: ['network-targets.ts', 'model', 'text', 'world', 'collect', 'catalog', 'proof'],
    because: 'the plan is settled before anything is looked at',
  },
  'scan.ts': { may: ['model', 'world', 'collect', 'evidence', 'sandbox'], because: 'scan composes, and fits on one screen' },
  'index.ts': {
    may: ['model', 'world', 'collect', 'catalog', 'evaluate', 'evidence', 'report', 'sandbox', 'plan.ts', 'scan.ts'],
    because: 'the public API is one file',
  },
  cli: {
    may: ['model', 'text', 'world', 'collect', 'catalog', 'evaluate', 'evidence', 'report', 'sandbox', 'plan.ts', 'scan.ts'],
    because: 'the edges meet everything, and hold no logic',
  },
  action: {
    may: ['model', 'world', 'collect', 'catalog', 'evidence', 'report', 'sandbox', 'scan.ts', 'cli'],
    because: 'the Action is an edge beside the command line: it evaluates nothing and has no gate of its own',
  },
};

const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => name.replaceAll('\\', '/'));
const room = (file: string): string => (file.includes('/') ? file.slice(0, file.indexOf('/')) : file);

interface Import {
  readonly from: string;
  readonly to: string;
  readonly typeOnly: boolean;
  /** `import('…')`: when it is asked for. */
  readonly later: boolean;
}

const imports: readonly Import[] = files.flatMap((file) => {
  const text = readFileSync(join(SRC, file), 'utf8');
  return [...text.matchAll(/^(?:import|export)\s+(type\s+)?[^;'"]*?from\s+['"]([^'"]+)['"]|import\(['"]([^'"]+)['"]\)/gm)].map((match) => {
    const name = match[2] ?? match[3] ?? '';
    const to = name.startsWith('.') ? relative(SRC, join(SRC, dirname(file), name)).replaceAll('\\', '/') : name;
    return { from: file, to, typeOnly: match[1] !== undefined, later: match[3] !== undefined };
  });
});

test('rooms import only what the rule lets them', () => {
  const broken = imports.flatMap(({ from, to }) => {
    if (to.startsWith('node:') || !files.includes(to) || room(from) === room(to)) return [];
    const rule = RULE[room(from)];
    if (rule === undefined) return [`${from}: no rule for the room ${room(from)}`];
    return rule.may.includes(room(to)) ? [] : [`${from} imports ${to}, but ${rule.because}`];
  });
  expect(broken).toEqual([]);
});

test('evaluation, the language, the model and reports touch no disk, network or process', () => {
  const pure = ['rating', 'evaluate', 'cel', 'model', 'report', 'resources', 'schema', 'text', 'tls', 'x509', 'http'];
  const allowed = new Set(['node:crypto', 'node:util', 'node:path']);
  expect(
    imports
      .filter(({ from, to }) => pure.includes(room(from)) && to.startsWith('node:') && !allowed.has(to))
      .map(({ from, to }) => `${from} imports ${to}`),
  ).toEqual([]);
});

test('only world/node*.ts opens files and connections for collectors', () => {
  const io = /^node:(?:fs|net|tls|dns|http|https|child_process|dgram)/;
  expect(
    imports
      .filter(
        ({ from, to }) =>
          ['collect', 'world', 'catalog', 'proof'].includes(room(from)) && io.test(to) && !/^world\/node(?:-\w+)*\.ts$/.test(from),
      )
      .map(({ from }) => from),
  ).toEqual([]);
});

test('a format imports no other format', () => {
  const owner = (file: string): string | undefined =>
    /^collect\/files\/(nginx|sshd|postgresql|pg-hba|redis|compose|rsyslog|logrotate|auditd|pgbackrest|borgmatic|restic|certificate)/.exec(
      file,
    )?.[1];
  const same = (a: string, b: string): boolean => a === b || [a, b].toSorted().join() === 'pg-hba,postgresql';
  expect(
    imports
      .filter(({ from, to }) => {
        const [a, b] = [owner(from), owner(to)];
        return a !== undefined && b !== undefined && !same(a, b);
      })
      .map(({ from, to }) => `${from} → ${to}`),
  ).toEqual([]);
});

test('there are no cycles of values', () => {
  const graph = new Map(
    files.map((file) => [
      file,
      imports.filter(({ from, to, typeOnly }) => from === file && files.includes(to) && !typeOnly).map(({ to }) => to),
    ]),
  );
  const done = new Set<string>();
  const cycles: string[] = [];
  const visit = (file: string, chain: readonly string[]): void => {
    if (chain.includes(file)) {
      cycles.push([...chain.slice(chain.indexOf(file)), file].join(' → '));
      return;
    }
    if (done.has(file)) return;
    for (const next of graph.get(file) ?? []) visit(next, [...chain, file]);
    done.add(file);
  };
  for (const file of files) visit(file, []);
  expect(cycles).toEqual([]);
});

test('the command line starts without an engine: what a command does is loaded when it is asked for', () => {
  const reached = new Set<string>();
  const visit = (file: string): void => {
    if (reached.has(file)) return;
    reached.add(file);
    for (const { from, to, typeOnly, later } of imports) if (from === file && files.includes(to) && !typeOnly && !later) visit(to);
  };
  visit('cli/main.ts');
  expect(reached).toContain('cli/program.ts');
  expect([...reached].filter((file) => file.startsWith('cli/commands/') || !['cli', 'model', 'report'].includes(room(file)))).toEqual([]);
});

test('no file says nothing by its name, and none has outgrown one thought', () => {
  expect(files.filter((file) => /(?:^|\/)(?:utils?|helpers?|common|misc|manager)\.ts$/.test(file))).toEqual([]);
  expect(
    files.map((file) => [file, readFileSync(join(SRC, file), 'utf8').split('\n').length] as const).filter(([, lines]) => lines > 420),
  ).toEqual([]);
});

test('docs/architecture.md names every folder of the tree and every room', () => {
  const page = readFileSync(join(SRC, '..', 'docs', 'architecture.md'), 'utf8');
  const folders = readdirSync(join(SRC, '..'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.') && !['node_modules', 'dist'].includes(entry.name))
    .map(({ name }) => name);
  const rooms = [...new Set(files.filter((file) => file.includes('/')).map(room))];
  expect([...folders, ...rooms].filter((name) => !page.includes(`| \`${name}/\``))).toEqual([]);
});
