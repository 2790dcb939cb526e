import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { insideTarget, lookInside, plainKind } from '../support/inside.ts';
import { keeper } from '../support/run-servers.ts';
import { available, program } from '../support/servers/available.ts';
import { certificate } from '../support/servers/certificate.ts';
import type { Daemon } from '../support/servers/daemon.ts';
import { startSlapd } from '../support/servers/slapd-server.ts';

const kept = keeper();
const SECRETS = { AUDIT: 'canary-audit-password-7' };
const BASE = 'dc=example,dc=com';
const AUDIT = `cn=audit,${BASE}`;
const person = (uid: string): string => `uid=${uid},ou=people,${BASE}`;
const group = (cn: string): string => `cn=${cn},ou=groups,${BASE}`;
const PEOPLE = ['amy', 'ben', 'helpdesk', 'second', 'grpadm', 'joiner', 'owner', 'chief', 'lone'];
const GROUPS: Readonly<Record<string, readonly string[]>> = {
  checkers: [person('amy')],
  makers: [group('checkers'), person('ben')],
  club: [person('ben')],
  owned: [person('ben')],
  admins: [person('chief')],
};
const ENTRIES = [
  `dn: ${BASE}\nobjectClass: dcObject\nobjectClass: organization\no: Example\ndc: example`,
  `dn: ${AUDIT}\nobjectClass: organizationalRole\nobjectClass: simpleSecurityObject\ncn: audit\nuserPassword: ${SECRETS.AUDIT}`,
  ...['people', 'groups'].map((ou) => `dn: ou=${ou},${BASE}\nobjectClass: organizationalUnit\nou: ${ou}`),
  ...PEOPLE.map((uid) => `dn: ${person(uid)}\nobjectClass: inetOrgPerson\nuid: ${uid}\ncn: ${uid}\nsn: ${uid}\nuserPassword: x-${uid}`),
  ...Object.entries(GROUPS).map(
    ([cn, members]) =>
      `dn: ${group(cn)}\nobjectClass: groupOfNames\ncn: ${cn}\n${members.map((member) => `member: ${member}`).join('\n')}` +
      (cn === 'owned' ? `\nowner: ${person('owner')}` : ''),
  ),
].join('\n\n');
const SETTINGS = [
  'database config',
  `access to * by dn.exact="${AUDIT}" read by * none`,
  'database monitor',
  `access to * by dn.exact="${AUDIT}" read by * none`,
  'database mdb',
  `suffix ${BASE}`,
  'directory %d/db',
  `rootdn cn=admin,${BASE}`,
  `access to * by dn.exact="${AUDIT}" read by * break`,
  `access to dn.exact="${person('chief')}" attrs=userPassword by dn.exact="${person('second')}" write by self write by * auth`,
  `access to dn.exact="${person('second')}" attrs=userPassword by dn.exact="${person('helpdesk')}" =w by self write by * auth`,
  `access to dn.exact="${person('amy')}" attrs=userPassword by dn.exact="${person('helpdesk')}" write by * auth`,
  'access to attrs=userPassword by self write by anonymous auth by * none',
  `access to dn.exact="${group('club')}" attrs=member by dn.exact="${person('joiner')}" selfwrite by * read`,
  `access to dn.exact="${group('owned')}" attrs=member by dnattr=owner write by * read`,
  `access to dn.exact="${group('admins')}" by * read`,
  `access to dn.subtree="ou=groups,${BASE}" by dn.exact="${person('grpadm')}" write by * read`,
  `access to * by group.exact="${group('admins')}" write by users read`,
];
const DUTIES: Readonly<Record<string, readonly string[]>> = {
  approve: ['group checkers'],
  initiate: ['group makers'],
  release: ['group club'],
  audit: ['group owned'],
};

describe.skipIf(!available('slapd'))('who may write groups and passwords', () => {
  let server: Daemon;
  beforeAll(async () => {
    server = await kept(startSlapd({ entries: ENTRIES, settings: SETTINGS }));
  });
  const look = async (duties: Readonly<Record<string, readonly string[]>>) => {
    const options = { user: AUDIT, password: '${env:AUDIT}', ca: certificate().ca, duties: JSON.stringify(duties) };
    return plainKind(await lookInside(insideTarget('ldap', `ldap://127.0.0.1:${server.port}`, options), SECRETS), 'identity.principal');
  };

  test('holds what the groups and accounts hold, as far as slapd lets it', async () => {
    const found = await look(DUTIES);
    const duties = Object.fromEntries(PEOPLE.map((uid) => [uid, found[person(uid)]?.['duties']]));
    const all = ['approve', 'initiate', 'release', 'audit'];
    expect(duties).toEqual({
      amy: ['approve', 'initiate'],
      ben: ['initiate', 'release', 'audit'],
      // The one sets the password of the other, who sets that of a superuser.
      helpdesk: all,
      second: all,
      grpadm: ['approve', 'initiate'],
      joiner: ['release'],
      owner: ['audit'],
      chief: all,
      lone: [],
    });
    expect(PEOPLE.filter((uid) => found[person(uid)]?.['superuser'] === true)).toEqual(['helpdesk', 'second', 'chief']);
    // slapd says the same of each that is certain.
    const may = (who: string, entry: string, what: string): boolean => {
      const { stderr } = spawnSync(program('slapacl'), ['-f', join(server.directory, 'slapd.conf'), '-D', who, '-b', entry, what], {
        encoding: 'utf8',
      });
      return /ALLOWED/.test(stderr);
    };
    expect(PEOPLE.filter((uid) => may(person(uid), group('checkers'), 'member/write'))).toEqual(
      ['grpadm', 'chief'].filter((uid) => uid !== 'chief'),
    );
    expect(PEOPLE.filter((uid) => may(person(uid), person('second'), 'userPassword/write'))).toEqual(['helpdesk', 'second']);
    expect(PEOPLE.filter((uid) => may(person(uid), person('chief'), 'userPassword/write'))).toEqual(['second', 'chief']);
  });

  test.each([
    ['write on *', []],
    ['WRITE on *', []],
    ['read on *', ['release']],
    ['read on attrs=userPassword', ['release']],
    ['read on attrs=userPasswrd', ['…']],
    ['wriet on *', ['…']],
    [`read on dn.subtree="ou=groups,${BASE}"`, ['release']],
  ])('a claim of %s', async (claim, held) => {
    expect((await look({ release: [claim] }))[person('lone')]?.['duties']).toEqual(held);
  });
});
