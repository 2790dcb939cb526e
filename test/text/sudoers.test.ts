import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { temporaryDirectory } from '../support/servers/temporary-directory.ts';
import { SourceText } from '../../src/text/source-text.ts';
import { parseSudoers, type SudoCommand, type SudoersStatement, type SudoItem } from '../../src/text/sudoers.ts';
import { available, program } from '../support/servers/available.ts';

const parse = (text: string): readonly SudoersStatement[] => parseSudoers(new SourceText('sudoers', text), 1_000_000).statements;
const names = (items: readonly SudoItem[]): string => items.map(({ text, negated }) => (negated ? '!' : '') + text).join(',');
const command = ({ text, args, negated }: SudoCommand): string => `${negated ? '!' : ''}${text}${args === undefined ? '' : ` ${args}`}`;

/** A statement on one line: what is inherited is written out. */
function told(statement: SudoersStatement): string {
  switch (statement.kind) {
    case 'alias':
      return `${statement.of} ${statement.name} = ${statement.members.map(command).join(', ')}`;
    case 'defaults':
      return `Defaults ${statement.scope} [${names(statement.members)}] ${statement.settings
        .map(({ name, negated, value }) => `${negated ? '!' : ''}${name}${value === undefined ? '' : `=${value}`}`)
        .join(', ')}`;
    case 'include':
      return `include${statement.directory ? 'dir' : ''} ${statement.path}`;
    case 'rule':
      return `${names(statement.users)} @ ${names(statement.hosts)} = ${statement.grants
        .map(({ runas, passwd, noexec, setenv, command: what }) => {
          const as = runas === undefined ? '' : `(${names(runas.users)}:${names(runas.groups)}) `;
          const tag = passwd === undefined ? '' : passwd ? 'PASSWD ' : 'NOPASSWD ';
          return `${as}${tag}${setenv === undefined ? '' : setenv ? 'SETENV ' : 'NOSETENV '}${noexec ? 'NOEXEC ' : ''}${command(what)}`;
        })
        .join('; ')}`;
    case 'broken':
      return `broken: ${statement.detail}`;
  }
}

const EXAMPLES: readonly (readonly [text: string, ...told: readonly string[]])[] = [
  ['root ALL=(ALL:ALL) ALL', 'root @ ALL = (ALL:ALL) ALL'],
  ['%sudo\tALL=(ALL) ALL # the usual', '%sudo @ ALL = (ALL:) ALL'],
  ['# a comment that ends with \\\nroot ALL = ALL', 'root @ ALL = ALL'],
  ['alice ALL = /bin/a, \\\n  /bin/b', 'alice @ ALL = /bin/a; /bin/b'],
  ['alice ALL = /bin/a # not \\\nbob ALL = /bin/b', 'alice @ ALL = /bin/a', 'bob @ ALL = /bin/b'],
  // Tags, runas and what is inherited along the list.
  [
    'a ALL = (root) NOPASSWD: /bin/a, /bin/b, PASSWD: /bin/c',
    'a @ ALL = (root:) NOPASSWD /bin/a; (root:) NOPASSWD /bin/b; (root:) PASSWD /bin/c',
  ],
  ['a ALL = NOPASSWD:SETENV:NOEXEC: /bin/a, (www) EXEC: /bin/b', 'a @ ALL = NOPASSWD SETENV NOEXEC /bin/a; (www:) NOPASSWD SETENV /bin/b'],
  ['a ALL = SETENV: /bin/a, NOSETENV: /bin/b', 'a @ ALL = SETENV /bin/a; NOSETENV /bin/b'],
  ['a ALL = NOTBEFORE=20250101Z CWD=/tmp TIMEOUT=5m NOPASSWD: /bin/a', 'a @ ALL = NOPASSWD /bin/a'],
  ['a ALL = (:docker) /bin/a, () /bin/b, (u1,u2:g1,g2) /bin/c', 'a @ ALL = (:docker) /bin/a; (:) /bin/b; (u1,u2:g1,g2) /bin/c'],
  // Hosts, and several parts of one rule.
  ['OPS, !bob web1,!web2 = /bin/a : db = (pg) /bin/b', 'OPS,!bob @ web1,!web2 = /bin/a', 'OPS,!bob @ db = (pg:) /bin/b'],
  ['a fe80::1/64, 10.0.0.0/8 = ALL', 'a @ fe80::1/64,10.0.0.0/8 = ALL'],
  // Commands: arguments, wildcards, escapes, digests, expressions.
  ['a ALL = /bin/cat /var/log/*, !/bin/cat *..*', 'a @ ALL = /bin/cat /var/log/*; !/bin/cat *..*'],
  ['a ALL = /bin/x "", /bin/y a\\,b\\:c\\=d, sudoedit /etc/hosts', 'a @ ALL = /bin/x ""; /bin/y a,b:c=d; sudoedit /etc/hosts'],
  [`a ALL = sha224:${'0a'.repeat(28)}, sha256:${'ff'.repeat(32)} /bin/x a, ! /bin/y`, 'a @ ALL = /bin/x a; !/bin/y'],
  ['a ALL = ^/usr/bin/[a-z]+$ ^foo$', 'a @ ALL = ^/usr/bin/[a-z]+$ ^foo$'],
  // Users by number, in quotes, of netgroups and directories.
  ['#1000, %#27, +ops, %:unix, "al ice", DOM\\\\eve ALL = ALL', '#1000,%#27,+ops,%:unix,al ice,DOM\\eve @ ALL = ALL'],
  ['User_Alias A = x, %y : B = A, !z', 'user A = x, %y', 'user B = A, !z'],
  ['Cmnd_Alias SH = /bin/sh, /bin/bash -l', 'command SH = /bin/sh, /bin/bash -l'],
  ['Cmd_Alias SH = SHELLS, !/bin/su', 'command SH = SHELLS, !/bin/su'],
  [
    'Defaults env_reset, !authenticate, secure_path="/a:/b", timestamp_timeout=-1',
    'Defaults all [] env_reset, !authenticate, secure_path=/a:/b, timestamp_timeout=-1',
  ],
  ['Defaults:a,%b !lecture', 'Defaults user [a,%b] !lecture'],
  ['Defaults!/bin/ls !authenticate', 'Defaults command [/bin/ls] !authenticate'],
  ['Defaults@h1 log_host', 'Defaults host [h1] log_host'],
  ['Defaults>root targetpw', 'Defaults runas [root] targetpw'],
  ['@include "/etc/su do"', 'include /etc/su do'],
  ['#include sudoers.local', 'include sudoers.local'],
  ['#includedir /etc/sudoers.d', 'includedir /etc/sudoers.d'],
  ['#includes nothing'],
  ['alice', 'broken: a name is missing'],
  ['alice ALL ALL', 'broken: a rule without ='],
  ['alice ALL = (root /bin/a', 'broken: a parenthesis is not closed'],
  ['alice ALL = /bin/a,', 'broken: a command is missing'],
  ['User_Alias lower = a', 'broken: an alias without name'],
];

describe('sudoers', () => {
  test.each(EXAMPLES)('%s', (text, ...expected) => {
    expect(parse(text).map(told)).toEqual(expected);
  });
  test('places are those of the line, whatever was joined or left out before', () => {
    const text = '# \\\n  alice ALL = /bin/a, \\\n /bin/b # end\n\tbob ALL = ALL\n';
    expect(parse(text).map(({ start, end }) => text.slice(start, end))).toEqual(['alice ALL = /bin/a, \\\n /bin/b', 'bob ALL = ALL']);
  });
  test('a tag is no secret, though it sounds like one', () => {
    const text = 'nina ALL = (root) PASSWD: ALL, PASSWD:SETENV: /opt/x\n# DB_PASSWORD: hunter22\n';
    const source = new SourceText('sudoers', text);
    parseSudoers(source, 10);
    expect(source.secrets.map(({ start, end }) => text.slice(start, end))).toEqual(['hunter22']);
    expect(JSON.stringify(source.range(0, 10).excerpt)).toContain('PASSWD: ALL, PASSWD:SETENV: /opt/x');
  });
  test('whatever a file says, nothing throws and every statement has its place in it', () => {
    const sign = fc.constantFrom(...'aA %+#@!=,:()"\\\n\t/*'.split(''), 'ALL', 'NOPASSWD:', 'Defaults', 'User_Alias X=', '@include ');
    fc.assert(
      fc.property(fc.array(sign, { maxLength: 60 }), (signs) => {
        const text = signs.join('');
        for (const { start, end } of parse(text)) expect(start >= 0 && start <= end && end <= text.length).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
  test.each([
    ['a hundred thousand rules', 'alice ALL=(root) NOPASSWD: /bin/ls\n'.repeat(100_000)],
    ['a hundred thousand commands', `alice ALL = ${'/bin/ls, '.repeat(100_000)}/bin/x\n`],
    ['nothing but signs', '!'.repeat(500_000)],
    ['backslashes', '\\'.repeat(500_000)],
    ['quotes', '"'.repeat(500_000)],
    ['continuations', 'a\\\n'.repeat(200_000)],
  ])('%s take no more than their length', (_, text) => {
    const started = performance.now();
    parse(text);
    expect(performance.now() - started).toBeLessThan(8_000);
  });
});

describe.skipIf(!available('sudo'))('the parser of sudo itself', () => {
  const directory = temporaryDirectory('sudoers');
  const texts = EXAMPLES.filter(([text]) => !/include|:unix/.test(text)).map(([text, ...rest]) => [text, ...rest] as const);
  test.each(texts)('agrees whether it can be read: %s', (text, ...expected) => {
    const file = join(directory, 'sudoers');
    writeFileSync(file, `User_Alias OPS = zoe\nCmnd_Alias SHELLS = /bin/ksh\n${text}\n`);
    let accepted = true;
    try {
      execFileSync(program('visudo'), ['-c', '-f', file], { stdio: 'pipe' });
    } catch (error) {
      // Owner and mode are complained about, too: of a file that is read all the same.
      accepted = error instanceof Error && !/syntax error|parse error/.test(String((error as { stderr?: Buffer }).stderr));
    }
    expect(accepted).toBe(!expected.some((one) => one.startsWith('broken')));
  });
});
