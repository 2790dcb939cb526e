import { expect, test } from 'vitest';
import { authenticationOf, listeningOf } from '../../../src/collect/redis/instance.ts';
import { redisPrincipals } from '../../../src/collect/redis/principals.ts';
import { readRedis, type RedisReading } from '../../../src/collect/redis/reading.ts';
import { known, unknown, type Fact, type Origin } from '../../../src/model/fact.ts';
import type { RedisCommand } from '../../../src/world/redis-command.ts';
import type { RedisReply, RedisSession } from '../../../src/world/redis.ts';
import { plain } from '../../support/collect.ts';

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
const principals = (read: RedisReading, authentication: Fact<boolean> = known(true, at)) =>
  redisPrincipals({ reading: read, listening: listeningOf(read), duties: unknown('not-collected', 'duties'), authentication, at });

test('users as Redis 6 describes them: patterns in a list, no selectors', async () => {
  const read = await reading({
    'ACL USERS': () => ['ledger', 'default'],
    'ACL GETUSER': (name) =>
      name === 'default'
        ? ['flags', ['off'], 'passwords', [], 'commands', '-@all', 'keys', []]
        : ['flags', ['on'], 'passwords', ['#'], 'commands', '-@all +@read +flushall', 'keys', ['ledger:*', 'rate:*'], 'channels', []],
    'COMMAND INFO': () => [['flushall', -1], null],
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
  const read = await reading({ INFO: () => 'redis_version:5.0.14\r\n', 'COMMAND INFO': () => ['flushall'].map((name) => [name, -1]) });
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
