import { expect, test } from 'vitest';
import { SourceText } from '../../src/text/source-text.ts';
import { parseYaml, toPlain, yamlAt, yamlAtPointer, yamlEntry } from '../../src/text/yaml.ts';

const read = (text: string) => {
  const source = new SourceText('f.yaml', text);
  const { documents, problems } = parseYaml(source);
  const [root] = documents;
  return {
    source,
    root,
    documents,
    problems,
    cut: (node: { start: number; end: number } | undefined) => (node === undefined ? undefined : source.text.slice(node.start, node.end)),
  };
};

test('every value stands at its place', () => {
  const { root, cut } = read('a:\n  - "x y"\n  - { b: 1.10 }\n');
  expect(cut(yamlAt(root, 'a', 0))).toBe('"x y"');
  expect(cut(yamlAt(root, 'a', 1, 'b'))).toBe('1.10');
  expect(yamlAt(root, 'a', 1, 'b')).toMatchObject({ value: 1.1, text: '1.10' });
  expect(cut(yamlEntry(yamlAt(root, 'a', 1), 'b')?.key)).toBe('b');
  expect(yamlAt(root, 'a', 7, 'b')).toBeUndefined();
});

test('a JSON pointer leads to its value, or to the nearest one above', () => {
  const { root, cut } = read('a:\n  b/c: [1, 2]\n');
  if (root === undefined) throw new Error('no root');
  expect(cut(yamlAtPointer(root, '/a/b~1c/1').node)).toBe('2');
  expect(yamlAtPointer(root, '/a/zzz').entry?.name).toBe('a');
});

test('aliases and merges are resolved: own keys win, then the first merge', () => {
  const { root } = read('x: &x { a: 1, b: 2 }\ny: &y { b: 3, c: 4 }\nz: { <<: [*x, *y], a: 9 }\nw: *x\n');
  expect(root === undefined ? undefined : toPlain(root)).toEqual({
    x: { a: 1, b: 2 },
    y: { b: 3, c: 4 },
    z: { a: 9, b: 2, c: 4 },
    w: { a: 1, b: 2 },
  });
});

test('a key that stands twice is a problem at its second place', () => {
  const { problems, documents, source } = read('a: 1\nb: 2\na: 3\n');
  expect(documents).toEqual([]);
  expect(problems.map(({ start, message }) => `${source.position(start).line} ${message}`)).toEqual(['3 this key stands in its map twice']);
});

test('several documents, and none', () => {
  expect(read('a: 1\n---\nb: 2\n').documents).toHaveLength(2);
  expect(read('# nothing\n')).toMatchObject({ documents: [], problems: [] });
  expect(read('')).toMatchObject({ documents: [], problems: [] });
});

test('tags of products are handed on, and a tagged merge is kept', () => {
  const { root } = read('a: !vault x\n<<: !include common.yaml\n');
  expect(yamlAt(root, 'a')).toMatchObject({ value: 'x', tag: '!vault' });
  expect(yamlAt(root, '<<')).toMatchObject({ value: 'common.yaml', tag: '!include' });
});

test('what aliases nothing, itself, or merges no map is a problem', () => {
  expect(read('a: *b\n').problems).toHaveLength(1);
  expect(read('a: &a [*a]\n').problems).toHaveLength(1);
  expect(read('x: &x 1\na: { <<: *x }\n').problems).toHaveLength(1);
});

test('a problem never quotes the source', () => {
  for (const text of [
    'password: "hunter2-secret\n',
    'a: b: hunter2-secret\n',
    'a\n hunter2-secret: [\n',
    '@hunter2-secret\n',
    'a: *hunter2-secret\n',
    'hunter2-secret: 1\nhunter2-secret: 2',
  ]) {
    const { problems } = read(text);
    expect(problems.length).toBeGreaterThan(0);
    expect(JSON.stringify(problems)).not.toContain('hunter2');
  }
});

test.each([
  ['an alias bomb', `a0: &a0 [x]\n${Array.from({ length: 30 }, (_, n) => `a${n + 1}: &a${n + 1} [*a${n}, *a${n}, *a${n}]`).join('\n')}\n`],
  ['flow collections without end', '['.repeat(200_000)],
  ['flow collections with something between', '[1,'.repeat(200_000)],
  ['sequences on one line', '- '.repeat(200_000)],
  ['keys on one line', '? '.repeat(200_000)],
  ['block maps in a stair', Array.from({ length: 1500 }, (_, n) => `${' '.repeat(n)}a:`).join('\n')],
  ['a quote never closed', `a: "${'x'.repeat(1_000_000)}`],
  ['ten thousand aliases to one large value', `a: &a [${'1,'.repeat(1000)}]\nb: [${'*a,'.repeat(10_000)}]\n`],
])('%s is refused in bounded time', (_name, text) => {
  const started = performance.now();
  expect(read(text).problems.length).toBeGreaterThan(0);
  expect(performance.now() - started).toBeLessThan(5000);
});

test('a large honest map is read in bounded time', () => {
  const started = performance.now();
  expect(read(Array.from({ length: 60_000 }, (_, n) => `key${n}: v`).join('\n')).documents).toHaveLength(1);
  expect(performance.now() - started).toBeLessThan(5000);
});

test('a key named __proto__ is a plain key', () => {
  const { root } = read('__proto__: { polluted: true }\n');
  const plain = root === undefined ? undefined : toPlain(root);
  expect(Object.keys(plain ?? {})).toEqual(['__proto__']);
  expect(Reflect.get({}, 'polluted')).toBeUndefined();
});
