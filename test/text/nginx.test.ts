import { expect, test } from 'vitest';
import { parseNginx, type NginxDirective } from '../../src/text/nginx.ts';
import { SourceText } from '../../src/text/source-text.ts';

const tree = (directives: readonly NginxDirective[]): unknown =>
  directives.map(({ name, args, block }) => [name, ...args.map(({ text }) => text), ...(block === undefined ? [] : [tree(block)])]);
const parse = (text: string): unknown => {
  const reading = parseNginx(new SourceText('nginx.conf', text));
  return 'problem' in reading ? `${reading.problem.message} at ${reading.problem.start}` : tree(reading.directives);
};

test('directives, blocks and comments', () => {
  expect(parse('user www; # who\nhttp { server { listen 80; } }\n')).toEqual([
    ['user', 'www'],
    ['http', [['server', [['listen', '80']]]]],
  ]);
});

test('quotes, escapes and variables in braces', () => {
  expect(parse(String.raw`set $a "x \"y\" ;{" 'it''s';`)).toBe('unexpected character after a quote at 24');
  expect(parse('set $a "x \\"y\\" ;{" z\\;z ${b}c;')).toEqual([['set', '$a', 'x "y" ;{', String.raw`z\;z`, '${b}c']]);
  expect(parse(String.raw`location ~ \.php$ { }`)).toEqual([['location', '~', String.raw`\.php$`, []]]);
  expect(parse('if ($a = "") { return 404; }')).toEqual([['if', '($a', '=', '', ')', [['return', '404']]]]);
});

test('a # or } inside of a word is part of it', () => {
  expect(parse('return https://a/#x; a b}c;')).toEqual([
    ['return', 'https://a/#x'],
    ['a', 'b}c'],
  ]);
});

test('arguments keep their place, quotes left out', () => {
  const text = 'ssl_ciphers "HIGH:!aNULL";';
  const reading = parseNginx(new SourceText('nginx.conf', text));
  const word = 'directives' in reading ? reading.directives[0]?.args[0] : undefined;
  expect(text.slice(word?.start, word?.end)).toBe('HIGH:!aNULL');
});

test('Lua blocks are taken as they are', () => {
  const lua = 'access_by_lua_block {\n local s = "}" -- }\n local l = [[ } ]]\n local t = { a = 1 }\n} deny all;';
  expect(parse(lua)).toEqual([['access_by_lua_block'], ['deny', 'all']]);
  expect(parse('access_by_lua_block { if x then ')).toBe('"access_by_lua_block" is not closed at 0');
});

test('what nginx would refuse is a problem with its place', () => {
  expect(parse('http {\n server {\n }\n')).toBe('"http" is not closed at 0');
  expect(parse('a b; }')).toBe('unexpected "}" at 5');
  expect(parse('server { listen 80 }')).toBe('a directive is not ended by ";" at 9');
  expect(parse('a "b;')).toBe('a quote is not closed at 2');
  expect(parse('a b')).toBe('a directive is not ended by ";" at 0');
  expect(parse(';')).toBe('unexpected ";" at 0');
  expect(parse('{ }')).toBe('unexpected "{" at 0');
});

test('placeholders of templates are words, statements decide too much', () => {
  expect(parse('server_name {{ name }};\nlisten {{ port }} ssl;')).toEqual([
    ['server_name', '{{ name }}'],
    ['listen', '{{ port }}', 'ssl'],
  ]);
  expect(parse('server {\n {{ extra }}\n listen 80;\n}')).toEqual([['server', [['{{ extra }}'], ['listen', '80']]]]);
  expect(parse('{% if tls %}\nlisten 443;\n{% endif %}')).toBe('a template statement decides what stands here at 0');
});

test('hostile texts end soon', () => {
  const started = performance.now();
  expect(parse('a{'.repeat(500_000))).toBe('nested deeper than 64 at 129');
  expect(parse('"'.repeat(3_000_001))).toMatch(/after a quote/);
  expect(parse('x'.repeat(5_000_000))).toMatch(/is not ended/);
  expect(parse('{{'.repeat(1_000_000))).toMatch(/unexpected/);
  expect(parse('${'.repeat(1_000_000))).toMatch(/is not ended/);
  expect(parse(`a_by_lua_block {${'[='.repeat(1_000_000)}`)).toMatch(/is not closed/);
  expect(performance.now() - started).toBeLessThan(10_000);
});

test('a brace with a # hides nothing: a comment of Jinja where nginx takes no brace, else a block or a doubt', () => {
  expect(parse('{# old #}\nlisten 80;')).toEqual([['listen', '80']]);
  expect(parse('location /old {# legacy\n proxy_ssl_verify off;\n}\n')).toEqual([['location', '/old', [['proxy_ssl_verify', 'off']]]]);
  expect(parse('location /old {# legacy\n proxy_ssl_verify off;\n}\n#}\n')).toMatch(/^"{#" begins a block or a comment/);
  expect(parse('{# never closed\nlisten 80;')).toMatch(/^unexpected "{"/);
});

test.each(['<<<<<<< HEAD', '=======', '>>>>>>> theirs', '# {% if tls %}', '{% if tls %}'])('%s decides what stands here', (line) => {
  expect(parse(`listen 80;\n${line}\nlisten 443 ssl;\n`)).toMatch(/^a (?:merge conflict|template statement)/);
});
