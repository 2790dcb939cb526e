import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { factsOfKind, layMachine, lookInside } from '../support/host.ts';
import { available, program } from '../support/servers/available.ts';
import { inMachine } from '../support/servers/machine-namespace.ts';
import { temporaryDirectory } from '../support/servers/temporary-directory.ts';

const base = temporaryDirectory('faillock');
let count = 0;

/** After how many wrong passwords PAM itself refuses the right one, and what is told of it; nothing where it never does. */
async function both(lines: readonly string[]): Promise<{ readonly tries: number | undefined; readonly told: unknown }> {
  count += 1;
  const hash = execFileSync(program('openssl'), ['passwd', '-6', '-stdin'], { input: 'right\n', encoding: 'utf8' }).trim();
  const [one, another] = ['one', 'another'].map((name) => join(base, String(count), name));
  const stack = lines
    .map((line) => `auth ${line.replace('@one', `dir=${one} nodelay`).replace('@another', `dir=${another} nodelay`)}\n`)
    .join('');
  const machine = layMachine(join(base, String(count), 'machine'), {
    'etc/passwd': 'root:x:0:0:root:/root:/bin/bash\nalice:x:1004:1004::/home/alice:/bin/bash\n',
    'etc/group': 'root:x:0:\nalice:x:1004:\n',
    'etc/shadow': { text: `root:*:19000::::::\nalice:${hash}:19000::::::\n`, mode: 0o600 },
    'etc/nsswitch.conf': 'passwd: files\ngroup: files\n',
    'etc/pam.d/login': stack,
    'etc/pam.d/other': 'auth required pam_deny.so\n',
  });
  for (const directory of [one, another]) mkdirSync(directory ?? '', { recursive: true });
  const ask = (password: string): string => `echo ${password} | '${program('pamtester')}' login alice authenticate 2>&1 || true`;
  const script = [0, 2, 3, 4, 5, 9].map(
    (wrong) => `rm -f '${one}'/* '${another}'/*\n${`${ask('wrong')} >/dev/null\n`.repeat(wrong)}echo "${wrong} $(${ask('right')})"`,
  );
  const said = inMachine(machine, script.join('\n'));
  const refused = [...said.matchAll(/^(\d) (.*(?:\n(?!\d ).*)*)/gm)].filter(
    ([, , answer = '']) => !answer.includes('successfully authenticated'),
  );
  const tries = refused[0]?.[1];
  const facts = factsOfKind(await lookInside(`root:${machine}`), 'identity.policy')['linux'];
  return { tries: tries === undefined ? undefined : Number(tries), told: facts?.['max_tries'] };
}

const UNIX = 'sufficient pam_unix.so nodelay';
const DENY = 'required pam_deny.so';

describe.skipIf(!available('pamtester'))('PAM itself locks when it is told to', () => {
  test.each<[string, ...(readonly string[])]>([
    ['one place', 'required pam_faillock.so preauth @one', UNIX, '[default=die] pam_faillock.so authfail @one', DENY],
    ['two places', 'required pam_faillock.so preauth @one', UNIX, '[default=die] pam_faillock.so authfail @another', DENY],
    ['it stops counting later', 'required pam_faillock.so preauth @one', UNIX, '[default=die] pam_faillock.so authfail deny=9 @one', DENY],
    ['it stops counting sooner', 'required pam_faillock.so preauth deny=5 @one', UNIX, '[default=die] pam_faillock.so authfail @one', DENY],
    ['without an action', 'required pam_faillock.so deny=4 @one', UNIX, '[default=die] pam_faillock.so authfail deny=4 @one', DENY],
    [
      'authsucc by a number of its own',
      'required pam_faillock.so preauth deny=5 @one',
      '[success=1 default=bad] pam_unix.so nodelay',
      '[default=die] pam_faillock.so authfail deny=5 @one',
      'sufficient pam_faillock.so authsucc @one',
      DENY,
    ],
    [
      'authsucc in another place',
      'required pam_faillock.so preauth deny=5 @one',
      '[success=1 default=bad] pam_unix.so nodelay',
      '[default=die] pam_faillock.so authfail deny=5 @one',
      'sufficient pam_faillock.so authsucc @another',
      DENY,
    ],
    [
      'authsucc in the place of preauth',
      '[success=1 default=ignore] pam_unix.so nodelay',
      '[default=die] pam_faillock.so authfail deny=5 @one',
      'requisite pam_faillock.so authsucc @one',
      'required pam_permit.so',
    ],
  ])('%s', { timeout: 60_000 }, async (_, ...lines) => {
    const { tries, told } = await both(lines);
    expect(told).toBe(tries ?? 'absent');
  });
});
