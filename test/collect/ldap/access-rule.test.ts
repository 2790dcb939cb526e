import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { givenBy, parseAccess, type Asker } from '../../../src/collect/ldap/access-rule.ts';

const LI: Asker = { dn: 'uid=li,ou=people,dc=example,dc=com', inGroup: (group) => (group.startsWith('cn=hr,') ? 'yes' : 'no') };

/** `level on what`, `?` behind what is not certain. */
const given = (rules: readonly string[], asker: Asker): readonly string[] =>
  givenBy(
    rules.map((rule) => parseAccess(rule, ['dc=example,dc=com'])),
    asker,
  ).map(({ rule, level, self, certain }) => `${self ? 'self ' : ''}${level} on ${rule.everything ? '*' : rule.what}${certain ? '' : '?'}`);

test('a rule as slapd writes it', () => {
  expect(parseAccess('{1}to attrs=userPassword,shadowLastChange by self write by anonymous auth by * none')).toEqual({
    what: 'attrs=userPassword,shadowLastChange',
    about: ['attrs=userPassword,shadowLastChange'],
    everything: false,
    grants: [
      { who: ['self'], level: 'write', self: false, goesOn: false },
      { who: ['anonymous'], level: 'auth', self: false, goesOn: false },
      { who: ['*'], level: 'none', self: false, goesOn: false },
    ],
  });
});

describe('everything', () => {
  test.each([
    ['to * by * read', true],
    ['to dn.subtree="dc=example,dc=com" by * read', true],
    ['to dn.sub="" by * read', true],
    ['to dn="*" by * read', true],
    ['to dn.subtree="ou=people,dc=example,dc=com" by * read', false],
    ['to * attrs=cn by * read', false],
    ['to dn.base="" by * read', false],
  ])('%s: %s', (rule, everything) => {
    expect(parseAccess(rule, ['dc=example,dc=com']).everything).toBe(everything);
  });
});

describe('what somebody is given', () => {
  test.each<[string, readonly string[], readonly string[], readonly string[]]>([
    ['the first clause that fits decides', ['to * by users read by * none'], ['read on *'], ['none on *']],
    ['a name', ['to * by dn.exact="uid=LI, ou=people,dc=example,dc=com" write by * none'], ['write on *'], ['none on *']],
    ['a subtree of names', ['to * by dn.subtree="ou=people,dc=example,dc=com" write'], ['write on *'], []],
    ['a group', ['to * by group.exact="cn=hr,ou=groups,dc=example,dc=com" manage by users read'], ['manage on *'], []],
    ['another group', ['to * by group="cn=it,ou=groups,dc=example,dc=com" manage by users read'], ['read on *'], []],
    [
      'oneself',
      ['to attrs=userPassword by self write by anonymous auth'],
      ['self write on attrs=userPassword'],
      ['auth on attrs=userPassword'],
    ],
    ['oneself and others', ['to * by self write by users read by * none'], ['self write on *', 'read on *'], ['none on *']],
    ['what is behind a rule about everything', ['to * by users read', 'to dn.base="cn=x" by users write'], ['read on *'], []],
    ['conditions together', ['to * by users ssf=128 write by * read'], ['write on *?', 'read on *'], ['read on *']],
    ['a pattern', ['to * by dn.regex="^uid=.*$" write by * none'], ['write on *?', 'none on *'], ['write on *?', 'none on *']],
    ['an address', ['to * by peername.ip=10.0.0.1 read by * none'], ['read on *?', 'none on *'], ['read on *?', 'none on *']],
    ['letters', ['to * by users =rscxd by anonymous =x by * =0'], ['read on *'], ['auth on *']],
    ['letters that write', ['to * by users +w by * none'], ['write on *'], ['none on *']],
    ['adding is writing', ['to * by users add'], ['write on *'], []],
    ['going on', ['to * by users read break by * none', 'to * by * write'], ['read on *', 'none on *', 'write on *'], ['none on *']],
    ['a level that is none', ['to * by users wriet'], ['manage on *?'], []],
    [
      'the first rule of Debian',
      ['{0}to * by dn.exact=gidNumber=0+uidNumber=0,cn=peercred,cn=external,cn=auth manage by * break'],
      ['none on *'],
      ['none on *'],
    ],
  ])('%s', (_, rules, user, nobody) => {
    expect([given(rules, LI), given(rules, 'anonymous')]).toEqual([user, nobody]);
  });

  test('what is in a group is not certain while groups are not', () => {
    expect(
      given(['to * by group="cn=it,ou=groups,dc=example,dc=com" write by * read'], {
        dn: 'uid=li,ou=people,dc=example,dc=com',
        inGroup: () => 'maybe',
      }),
    ).toEqual(['write on *?', 'read on *']);
  });
});

test('no text makes it throw, nor take long', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom('to', 'by', '*', '"', 'users', 'read', 'dn.exact="', '\\', '{0}', ' ', '=', 'é'), { maxLength: 60 }),
      (words) => {
        givenBy([parseAccess(words.join(' '))], LI);
      },
    ),
  );
  const begin = performance.now();
  parseAccess(`to * ${'by users read '.repeat(20_000)}`);
  parseAccess(`to ${'"'.repeat(100_001)}`);
  expect(performance.now() - begin).toBeLessThan(2_000);
});
