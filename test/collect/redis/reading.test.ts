import { expect, test } from 'vitest';
import { authenticationOf, listeningOf } from '../../../src/collect/redis/instance.ts';
import { redisPrincipals } from '../../../src/collect/redis/principals.ts';
import { readRedis, type RedisReading } from '../../../src/collect/redis/reading.ts';
import { known, unknown, type Fact, type Origin } from '../../../src/model/fact.ts';
import { replicationFacts } from '../../../src/collect/redis/replication.ts';
import { ASKED_ABOUT, type RedisCommand } from '../../../src/world/redis-command.ts';
import type { RedisReply, RedisSession } from '../../../src/world/redis.ts';
import { plain } from '../../support/collect.ts';
import { insideTarget } from '../../support/inside.ts';

const at: Origin = { kind: 'wire', target: 't', exchange: 'PING' };

/** A server that answers as told, and knows no other command. */
async function reading(answers: Partial<Record<RedisCommand, (argument: string) => RedisReply>>): Promise<RedisReading> {
  const session: RedisSession = {
    transport: 'loopback',
    address: { engine: 'redis', scheme: 'redis', host: '127.0.0.1', port: 6379, parameters: {} },
    ask: async (command, argument = '') => answers[command]?.(argument) ?? { refused: `ERR unknown command '${command}'` },
    close: () => undefined,
  };
  return readRedis(session, 't');
}
/** What COMMAND INFO says where only these are there. */
const there = (...names: readonly string[]): RedisReply => ASKED_ABOUT.map((name) => (names.includes(name) ? [name, -1] : null));
const principals = (read: RedisReading, authentication: Fact<boolean> = known(true, at)) =>
  redisPrincipals({
    reading: read,
    listening: listeningOf(read),
    target: insideTarget('redis', 'redis://10.0.0.5'),
    duties: unknown('not-collected', 'duties'),
    authentication,
    at,
  });

test('users as Redis 6 describes them: patterns in a list, no selectors', async () => {
  const read = await reading({
    'ACL USERS': () => ['ledger', 'default'],
    'ACL GETUSER': (name) =>
      name === 'default'
        ? ['flags', ['off'], 'passwords', [], 'commands', '-@all', 'keys', []]
        : ['flags', ['on'], 'passwords', ['#'], 'commands', '-@all +@read +flushall', 'keys', ['ledger:*', 'rate:*'], 'channels', []],
    'COMMAND INFO': () => there('flushall'),
  });
  expect(
    plain(
      read.users.state === 'known'
        ? known(
            read.users.value.map(({ name, rules }) => known([name, ...rules].join(' '), at)),
            at,
          )
        : read.users,
    ),
  ).toEqual(['default off -@all', 'ledger on # ~ledger:* ~rate:* -@all +@read +flushall']);
  const found = principals(read);
  const facts =
    found.state === 'known' ? found.value.map((one) => [one.name, plain(one.facts.login), plain(one.facts.dangerous_rights)]) : found;
  expect(facts).toEqual([
    ['default', false, []],
    ['ledger', true, ['FLUSHALL']],
  ]);
});

test('before version 6 there is one user, whose password is kept as it is', async () => {
  const read = await reading({ INFO: () => 'redis_version:5.0.14\r\n', 'COMMAND INFO': () => there('flushall') });
  const found = principals(read);
  expect(
    found.state === 'known'
      ? found.value.map(({ name, facts }) => [name, plain(facts.password), plain(facts.hash), plain(facts.superuser)])
      : found,
  ).toEqual([['default', 'plain', 'plain', true]]);
  expect(plain(authenticationOf(known(true, at), found))).toBe(true);
});

test('more users than are asked about leave the list open, and nobody is known to be kept out', async () => {
  const names = Array.from({ length: 2_100 }, (_, index) => `u${index}`);
  let asked = 0;
  const read = await reading({
    'ACL USERS': () => [...names, 'default'],
    'ACL GETUSER': () => {
      asked += 1;
      return ['flags', ['on'], 'passwords', ['#'], 'commands', '+@all', 'keys', '~*', 'channels', '', 'selectors', []];
    },
  });
  const found = principals(read);
  expect([asked, found.state === 'known' && found.open?.map(({ detail }) => detail)]).toEqual([2_000, ['more than 2000 users']]);
  expect(plain(authenticationOf(known(true, at), found))).toEqual({ unknown: 'unsupported' });
  expect(plain(authenticationOf(known(false, at), found))).toBe(false);
});

test.each<[string, RedisReply]>([
  ['nothing', null],
  ['a text', 'user'],
  ['no commands', ['flags', ['on'], 'passwords', [], 'keys', '~*']],
  ['flags that are none', ['flags', 'on', 'passwords', [], 'commands', '+@all', 'keys', '~*']],
  ['selectors that are none', ['flags', ['on'], 'passwords', [], 'commands', '-@all', 'keys', '', 'selectors', ['x']]],
])('a user that is described by %s is not known', async (_, answer) => {
  const read = await reading({ 'ACL USERS': () => ['default'], 'ACL GETUSER': () => answer });
  expect(plain(principals(read).state === 'known' ? known('known', at) : unknown('unparseable', ''))).toEqual({ unknown: 'unparseable' });
});

test.each<[string, RedisReply]>([
  ['nothing', []],
  ['fewer than were asked about', [null, null]],
  ['others than were asked about', ASKED_ABOUT.map(() => ['get', 2])],
])('which commands are there is not known from %s', async (_, answer) => {
  const read = await reading({
    'ACL USERS': () => ['default'],
    'ACL GETUSER': () => ['flags', ['on', 'nopass'], 'passwords', [], 'commands', '+@all', 'keys', '~*'],
    'COMMAND INFO': () => answer,
  });
  const found = principals(read);
  expect(found.state === 'known' && plain(found.value[0]?.facts.dangerous_rights)).toEqual({ unknown: 'unparseable' });
});

test('every server has a default user: a list without it is none', async () => {
  for (const names of [[], ['ledger']]) {
    const read = await reading({
      'ACL USERS': () => names,
      'ACL GETUSER': () => ['flags', ['on'], 'passwords', ['#'], 'commands', '-@all', 'keys', []],
    });
    const found = principals(read);
    expect(found).toMatchObject({ state: 'unknown', cause: 'unparseable', detail: 'ACL USERS: no default user' });
    expect(plain(authenticationOf(known(true, at), found))).toEqual({ unknown: 'unparseable' });
  }
});

test.each([
  ['lag=3', 3],
  ['lag=', { unknown: 'unsupported' }],
  ['lag=-1', { unknown: 'unsupported' }],
  ['offset=7', { unknown: 'unsupported' }],
])('a replica with %s', async (part, expected) => {
  const lines = ['role:master', 'connected_slaves:1', `slave0:ip=10.0.0.6,port=6379,state=online,${part}`, 'cluster_enabled:0'];
  const group = replicationFacts(await reading({ INFO: () => `${lines.join('\r\n')}\r\n` }), at);
  expect(group.state === 'known' && group.value !== undefined && plain(group.value.lag)).toEqual(expected);
});

test('whom a user stands for the labels say; else it is taken for a program', async () => {
  const read = await reading({
    'ACL USERS': () => ['default', 'zhao', 'ledger'],
    'ACL GETUSER': () => ['flags', ['on'], 'passwords', ['#'], 'commands', '-@all', 'keys', []],
    'COMMAND INFO': () => there(),
  });
  const target = { ...insideTarget('redis', 'redis://10.0.0.5'), labels: { personal_accounts: known('zhao', at) } };
  const found = redisPrincipals({
    reading: read,
    listening: listeningOf(read),
    target,
    duties: unknown('not-collected', 'duties'),
    authentication: known(true, at),
    at,
  });
  expect(found.state === 'known' && found.value.map(({ name, facts }) => [name, plain(facts.kind)])).toEqual([
    ['default', 'default'],
    ['zhao', 'person'],
    ['ledger', 'service'],
  ]);
});
