import fc from 'fast-check';
import { expect, test } from 'vitest';
import { shellCommands } from '../../../src/collect/host/shell-commands.ts';

/** Each command's words; `?` before one that something else decides of. */
const read = (text: string): readonly string[] =>
  shellCommands(text).map(({ words, conditional }) => (conditional ? '?' : '') + words.join(' '));

test.each([
  ['pgbackrest --stanza=ledger backup', ['pgbackrest --stanza=ledger backup']],
  ["su - postgres -c 'pgbackrest --stanza=ledger --type=full backup' >/dev/null 2>&1", ['pgbackrest --stanza=ledger --type=full backup']],
  ['test -x /usr/bin/borgmatic && nice -n 19 ionice -c 3 borgmatic create', ['test -x /usr/bin/borgmatic', 'borgmatic create']],
  ['[ $(date +%u) -eq 7 ] && pgbackrest backup', ['[ $(date +%u) -eq 7 ]', '?pgbackrest backup']],
  ['. /etc/restic/env; restic backup /srv # nightly', ['. /etc/restic/env', 'restic backup /srv']],
  ['restic backup /srv || restic unlock', ['restic backup /srv', '?restic unlock']],
  ['flock -n /run/lock/b sudo -u backup -H rsync -a /srv/ vault:/srv/', ['rsync -a /srv/ vault:/srv/']],
  ['FOO=1 BAR="a b" /usr/bin/restic backup "/srv/with space"', ['/usr/bin/restic backup /srv/with space']],
  [
    'REPO=/srv/borg\nborg create $REPO::{now} /srv\nborg create "${OTHER}::x" /srv',
    ['borg create /srv/borg::{now} /srv', 'borg create ${OTHER}::x /srv'],
  ],
  ['if mountpoint /mnt; then\n  restic backup /srv\nfi\nrestic check', ['?mountpoint /mnt', '?restic backup /srv', 'restic check']],
  ['backup() {\n restic backup /srv\n}\nbackup', ['?restic backup /srv', 'backup']],
  ['exit 0\nrestic backup /srv', ['exit 0', '?restic backup /srv']],
  ['#!/bin/sh\n# restic backup /srv\nset -e', ['set -e']],
])('%s', (text, expected) => expect(read(text)).toEqual(expected));

test('hostile text ends, and never throws', () => {
  fc.assert(
    fc.property(
      fc.string({ maxLength: 200, unit: fc.constantFrom(...`a '"\\$(){};|&<>\n#=`.split('')) }),
      (text) => void shellCommands(text),
    ),
  );
  expect(read(`sh -c "${'sh -c '.repeat(2000)}"`).length).toBeLessThan(3);
});
