import { unknown, type Unknown } from '../model/fact.ts';
import { addressText } from './database-address.ts';
import type { DatabaseLogin } from './database.ts';
import { dialAddress, openLogin, refusalOf, secured, transportOf } from './node-login.ts';
import { connectionOver } from './node-socket.ts';
import { COMMAND_NAME, REDIS_COMMANDS, REDIS_SETTINGS } from './redis-command.ts';
import { isRefusal, type RedisReply, type RedisSession } from './redis.ts';
import { isUnknown, RespReader, respRequest } from './resp.ts';
import type { OpenedSecrets } from './secret.ts';

/** A command may take so many times as long as connecting. */
const PATIENCE = 4;

/** Opens a session: AUTH where there is a password and the way is safe, and a name that the server's own list of clients shows. */
export async function nodeRedis(login: DatabaseLogin, secrets: OpenedSecrets): Promise<RedisSession | Unknown> {
  const opened = openLogin('redis', login, secrets);
  if ('state' in opened) return opened;
  const { address, password } = opened;
  const plain = await dialAddress(address, login);
  if ('state' in plain) return plain;
  const socket = address.scheme === 'rediss' ? await secured(plain, address, login) : plain;
  if ('state' in socket) return socket;
  const transport = transportOf(socket, address);
  const { connection } = connectionOver(socket, login.signal);
  let failed: Unknown | undefined;
  let until = 0;
  const reader = new RespReader(async () => {
    const left = until - performance.now();
    const received = left <= 0 ? ({ kind: 'timed-out' } as const) : await connection.read(left);
    if (received.kind === 'bytes') return received.bytes;
    if (received.kind === 'timed-out') return unknown('timed-out', addressText(address));
    return unknown('unreachable', 'the connection ended');
  });
  const send = async (words: readonly string[]): Promise<RedisReply | Unknown> => {
    if (failed !== undefined) return failed;
    until = performance.now() + login.timeout * PATIENCE;
    connection.write(respRequest(words));
    const reply = await reader.reply();
    if (!isUnknown(reply)) return reply;
    // Whatever comes later may be an answer to this: nothing more is asked here.
    failed = reply;
    connection.close();
    return reply;
  };
  const refuse = (why: Unknown): Unknown => {
    connection.close();
    return why;
  };
  if (password !== undefined) {
    const why = refusalOf(transport, login.insecure);
    if (why !== undefined) return refuse(why);
    const answer = await send(['AUTH', ...(address.user === undefined ? [] : [address.user]), password]);
    if (isUnknown(answer)) return refuse(answer);
    if (answer !== 'OK') return refuse(unknown('access-denied', `AUTH: ${isRefusal(answer) ? answer.refused.split(' ')[0] : 'no OK'}`));
  }
  const named = await send(['CLIENT', 'SETNAME', 'custos']);
  if (isUnknown(named)) return refuse(named);
  return {
    transport,
    address,
    ask: async (command, argument) => {
      if (command === 'CONFIG GET' && !REDIS_SETTINGS.some((one) => one === argument)) return unknown('unsupported', argument ?? '');
      if (command === 'COMMAND INFO OF' && !COMMAND_NAME.test(argument ?? '')) return unknown('unsupported', argument ?? '');
      const reply = await send([...REDIS_COMMANDS[command], ...(argument === undefined ? [] : [argument])]);
      return command === 'ACL GETUSER' && Array.isArray(reply) ? withoutHashes(reply) : reply;
    },
    close: () => connection.close(),
  };
}

/** Password hashes are secrets: what leaves this room says how many there are. */
function withoutHashes(user: readonly RedisReply[]): RedisReply {
  return user.map((value, index) => (user[index - 1] === 'passwords' && Array.isArray(value) ? value.map(() => '#') : value));
}
