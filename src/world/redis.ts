import type { Unknown } from '../model/fact.ts';
import type { DatabaseAddress } from './database-address.ts';
import type { Transport } from './database.ts';
import type { RedisCommand } from './redis-command.ts';

/** What the server would not do, in its own words: `NOPERM this user has no permissions to run the 'config|get' command`. */
export interface RedisRefusal {
  readonly refused: string;
}

/** A reply of RESP 2: simple and bulk strings, integers, nil, arrays, errors. */
export type RedisReply = string | number | null | RedisRefusal | readonly RedisReply[];

/** A session with a Redis server that reads only. Nothing here throws; each command has a time limit and its reply a size. */
export interface RedisSession {
  readonly transport: Transport;
  /** Without credentials: what origins and reports name. */
  readonly address: DatabaseAddress;
  /** Asks one command of the table, with the argument where it takes one. */
  ask(command: RedisCommand, argument?: string): Promise<RedisReply | Unknown>;
  close(): void;
}

/** Is it the server's refusal? */
export function isRefusal(reply: RedisReply): reply is RedisRefusal {
  return typeof reply === 'object' && reply !== null && 'refused' in reply;
}
