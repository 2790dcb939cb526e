import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { layMachine, lookInside, pickFacts } from '../support/host.ts';
import { available, program } from '../support/servers/available.ts';
import { inMachine } from '../support/servers/machine-namespace.ts';
import { temporaryDirectory } from '../support/servers/temporary-directory.ts';

const USERS = ['alice', 'bob', 'carol', 'dave'];
const PASSWD = `root:x:0:0:root:/root:/bin/bash
toor:x:0:0::/root:/bin/sh
${USERS.map((name, index) => `${name}:x:${1004 + index}:${1004 + index}::/home/${name}:/bin/bash\n`).join('')}www:x:1990:1990::/:/bin/sh
twin:x:1004:2001::/:/bin/sh
`;
const SHADOW = ['root', 'toor', ...USERS, 'www', 'twin'].map((name) => `${name}:*:19000::::::\n`).join('');
const SETTLED = 'account required pam_permit.so\nsession required pam_permit.so\n';
const ASKS = 'auth required pam_unix.so\n';

/** What `alice`, whose number is 1004, is told when she asks for root in these words. */
interface Case {
  readonly sudoers?: string;
  readonly pam?: Readonly<Record<string, string>>;
  readonly words?: string;
}

const base = temporaryDirectory('sudo-and-su');
let count = 0;

/** Whether the machine’s own programs make her root, who knows no password; and whether that is told of her rights. */
async function both({ sudoers = '', pam = {}, words = 'sudo id -u' }: Case): Promise<{ readonly root: boolean; readonly told: unknown }> {
  count += 1;
  chmodSync(base, 0o755);
  const machine = layMachine(join(base, String(count)), {
    'etc/passwd': PASSWD,
    'etc/group': 'root:x:0:\nops:x:2000:alice,bob\ntwins:x:2001:\n',
    'etc/shadow': { text: SHADOW, mode: 0o600 },
    'etc/nsswitch.conf': 'passwd: files\ngroup: files\n',
    'etc/hostname': 'ledger1\n',
    'etc/hosts': '127.0.0.1 localhost\n127.0.1.1 ledger1\n',
    'etc/sudoers': { text: `Defaults secure_path="/usr/bin:/usr/sbin"\n${sudoers}\n`, mode: 0o440 },
    ...Object.fromEntries(Object.entries({ sudo: ASKS, su: ASKS, ...pam }).map(([name, text]) => [`etc/pam.d/${name}`, text + SETTLED])),
    'usr/bin/su': { mode: 0o4755 },
    'root/': { mode: 0o700 },
  });
  const as = `'${program('setpriv')}' --reuid=1004 --regid=1004 --init-groups -- /bin/sh -c '${words}'`;
  const said = inMachine(machine, `cd /; timeout 20 ${as} </dev/null 2>&1 || true`);
  const rights = pickFacts(await lookInside(`root:${machine}`), 'identity.principal', 'superuser', 'dangerous_rights')['linux alice'];
  const ways = Array.isArray(rights?.[1]) ? rights[1] : [];
  return {
    root: /^0$/m.test(said),
    told: rights?.[0] === true ? ways.some((way) => /without a password|account/.test(String(way))) : rights?.[0],
  };
}

describe.skipIf(!available('sudo'))('who knows no password and becomes root all the same is told of', () => {
  test.each<[string, string, string?]>([
    ['other capitals', 'Alice ALL=(ALL) NOPASSWD: ALL'],
    ['other capitals of a group', '%OPS ALL=(ALL) NOPASSWD: ALL'],
    ['other capitals, taken away', 'ALL, !%OPS ALL=(ALL) NOPASSWD: ALL'],
    ['other capitals, which count', 'Alice ALL=(ALL) NOPASSWD: ALL\nDefaults !case_insensitive_user'],
    ['zeros before a number', '#01004 ALL=(ALL) NOPASSWD: ALL'],
    ['the second name of a number', 'twin ALL=(ALL) NOPASSWD: ALL'],
    ['a second name of root', 'alice ALL=(toor) NOPASSWD: ALL', 'sudo -u toor id -u'],
    ['root in other capitals', 'alice ALL=(ROOT) NOPASSWD: ALL'],
    ['the number of root', 'alice ALL=(#00) NOPASSWD: ALL'],
    ['all but one name of root', 'alice ALL=(ALL,!root) NOPASSWD: ALL', 'sudo -u toor id -u'],
    ['all but the number of root', 'alice ALL=(ALL,!#0) NOPASSWD: ALL', 'sudo -u toor id -u'],
    ['the group of root', 'alice ALL=(%root) NOPASSWD: ALL'],
    ['a number, and on', 'alice ALL=(#1005) NOPASSWD: ALL\nbob ALL=(ALL) NOPASSWD: ALL', 'sudo -u bob sudo id -u'],
    ['another by default', 'Defaults:alice runas_default=www\nalice ALL=NOPASSWD: ALL'],
    ['another by default, for others', 'Defaults:bob runas_default=www\nalice ALL=NOPASSWD: ALL'],
    ['a setting for the number of root', 'Defaults>#0 !authenticate\nalice ALL=(ALL) ALL'],
    ['a setting for another', 'Defaults>www !authenticate\nalice ALL=(ALL) ALL'],
    ['a setting for her number', 'Defaults:#01004 !authenticate\nalice ALL=(ALL) ALL'],
    ['a setting for her group by number', 'Defaults:%#2000 !authenticate\nalice ALL=(ALL) ALL'],
    ['a setting for her in other capitals', 'Defaults:Alice !authenticate\nalice ALL=(ALL) ALL'],
    ['a setting for all but her', 'Defaults:ALL,!alice !authenticate\nalice ALL=(ALL) ALL'],
    ['a setting that one below takes back', 'Defaults:alice !authenticate\nDefaults authenticate\nalice ALL=(ALL) ALL'],
    ['a setting for a shell', 'Defaults!/usr/bin/bash !authenticate\nDefaults authenticate\nalice ALL=(ALL) ALL', 'sudo bash -c "id -u"'],
    [
      'a setting for a shell that is taken back',
      'Defaults!/usr/bin/bash authenticate\nDefaults !authenticate\nalice ALL=(ALL) /usr/bin/bash',
      'sudo bash -c "id -u"',
    ],
    ['a group that need not, in spite of a tag', 'Defaults exempt_group=OPS\nalice ALL=(ALL) PASSWD: ALL'],
    ['a rule below as everybody', 'alice ALL=(root) NOPASSWD: ALL\nalice ALL=(ALL) PASSWD: ALL'],
    ['a rule below without its group', 'alice ALL=(root:ops) NOPASSWD: ALL\nalice ALL=(ALL) PASSWD: ALL', 'sudo -u root -g ops id -u'],
    ['a shell with arguments', 'alice ALL=NOPASSWD: /bin/bash -l', 'echo "id -u" | sudo bash -l'],
    ['a shell behind another program', 'alice ALL=NOPASSWD: /usr/bin/ionice -c3 /bin/bash', 'echo "id -u" | sudo ionice -c3 /bin/bash'],
    ['a shell without its directory', 'alice ALL=NOPASSWD: /usr/bin/env -i bash', 'echo "id -u" | sudo env -i bash'],
    ['a program that starts what it is given', 'alice ALL=NOPASSWD: /usr/bin/taskset', 'sudo taskset 1 id -u'],
    ['an environment', 'alice ALL=NOPASSWD:SETENV: /usr/bin/env', 'sudo LD_PRELOAD=/none env 2>/dev/null | grep -q ^LD_PRELOAD && echo 0'],
    [
      'a variable that is kept',
      'Defaults env_keep += LD_PRELOAD\nalice ALL=NOPASSWD: /usr/bin/printenv',
      'sudo LD_PRELOAD=/none printenv LD_PRELOAD | grep -q none && echo 0',
    ],
    ['no environment', 'alice ALL=NOPASSWD: /usr/bin/printenv', 'sudo LD_PRELOAD=/none printenv LD_PRELOAD | grep -q none && echo 0'],
  ])('%s', async (_, sudoers, words = 'sudo id -u') => {
    const { root, told } = await both({ sudoers, words });
    expect(told).toBe(root);
  });
  const WRONG = 'echo wrong | sudo -S -p "" id -u';
  const RULE = { sudoers: 'alice ALL=(ALL) PASSWD: ALL' };
  test.each<[string, Case]>([
    ['sudo: everybody', { ...RULE, pam: { sudo: `auth sufficient pam_permit.so\n${ASKS}` } }],
    ['sudo: root alone', { ...RULE, pam: { sudo: `auth sufficient pam_rootok.so\n${ASKS}` } }],
    ['sudo: nobody refuses', { ...RULE, pam: { sudo: 'auth required pam_permit.so\nauth sufficient pam_unix.so\n' }, words: WRONG }],
    ['sudo: nobody says yes', { ...RULE, pam: { sudo: 'auth required pam_env.so\nauth sufficient pam_unix.so\n' }, words: WRONG }],
    ['sudo: a wrong password', { ...RULE, words: WRONG }],
    ['sudo: a shell of its own', { ...RULE, pam: { 'sudo-i': 'auth required pam_permit.so\n' }, words: 'sudo -i id -u' }],
    [
      'sudo: a service of its own',
      { sudoers: `Defaults:alice pam_service=open\n${RULE.sudoers}`, pam: { open: 'auth required pam_permit.so\n' } },
    ],
    ['su: everybody', { pam: { su: `auth sufficient pam_permit.so\n${ASKS}` }, words: 'su -c "id -u"' }],
    ['su: root alone', { pam: { su: `auth sufficient pam_rootok.so\n${ASKS}` }, words: 'su -c "id -u"' }],
    ['su: members of a group', { pam: { su: `auth sufficient pam_wheel.so trust group=ops\n${ASKS}` }, words: 'su -c "id -u"' }],
    ['su: members of another group', { pam: { su: `auth sufficient pam_wheel.so trust group=twins\n${ASKS}` }, words: 'su -c "id -u"' }],
    ['su: all but members', { pam: { su: `auth sufficient pam_wheel.so trust deny group=twins\n${ASKS}` }, words: 'su -c "id -u"' }],
    ['su: members, who are asked', { pam: { su: `auth required pam_wheel.so group=ops\n${ASKS}` }, words: 'su -c "id -u"' }],
    ['su -: everybody', { pam: { 'su-l': 'auth required pam_permit.so\n' }, words: 'su - -c "id -u"' }],
  ])('by PAM, %s', async (_, asked) => {
    const { root, told } = await both(asked);
    expect(told).toBe(root);
  });
});
