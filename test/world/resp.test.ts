import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { unknown, type Unknown } from '../../src/model/fact.ts';
import type { RedisReply } from '../../src/world/redis.ts';
import { RespReader, respRequest } from '../../src/world/resp.ts';

/** Reads replies out of chunks; after the last of them the connection ends. */
async function read(...chunks: readonly string[]): Promise<RedisReply | Unknown> {
  const left = chunks.map((chunk) => Buffer.from(chunk));
  return new RespReader(async () => left.shift() ?? unknown('unreachable', 'end')).reply();
}
const STRANGE = unknown('unparseable', 'no reply of Redis');
const LONG = unknown('unsupported', 'a reply that is too long');

test('every form of a reply', async () => {
  expect(await read('+PONG\r\n')).toBe('PONG');
  expect(await read(':1000\r\n')).toBe(1000);
  expect(await read('$-1\r\n')).toBeNull();
  expect(await read('*-1\r\n')).toBeNull();
  expect(await read('$0\r\n\r\n')).toBe('');
  expect(await read('-NOPERM no\r\n')).toEqual({ refused: 'NOPERM no' });
  expect(await read('*3\r\n$4\r\na\r\nb\r\n:1\r\n*1\r\n-ERR x\r\n')).toEqual(['a\r\nb', 1, [{ refused: 'ERR x' }]]);
});

test('a request says the length of each word in bytes', () => {
  expect(Buffer.from(respRequest(['AUTH', 'pä'])).toString()).toBe('*2\r\n$4\r\nAUTH\r\n$3\r\npä\r\n');
});

test('what chunks it comes in makes no difference', async () => {
  const text = '*3\r\n$5\r\nhello\r\n*2\r\n:1\r\n$-1\r\n+x\r\n';
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 1, max: text.length - 1 })), async (cuts) => {
      const at = [0, ...new Set(cuts.toSorted((a, b) => a - b)), text.length];
      expect(await read(...at.slice(1).map((end, index) => text.slice(at[index], end)))).toEqual(['hello', [1, null], 'x']);
    }),
  );
});

describe('what is no reply is never half of one', () => {
  test.each([
    ['HTTP/1.1 400 Bad Request\r\n\r\n', STRANGE],
    ['$5\r\nhelloXX', STRANGE],
    ['$-2\r\n', STRANGE],
    [':1e9\r\n', STRANGE],
    ['*1\r\n%1\r\n', STRANGE],
    ['$99999999999\r\n', STRANGE],
    ['$999999999\r\n', LONG],
    ['*9999999\r\n', LONG],
    [`${'*1\r\n'.repeat(20)}:1\r\n`, STRANGE],
    [`+${'x'.repeat(9000)}`, STRANGE],
    ['$5\r\nhel', unknown('unreachable', 'end')],
    ['*2\r\n+a\r\n', unknown('unreachable', 'end')],
  ])('%j', async (text, why) => {
    expect(await read(text)).toEqual(why);
  });
  test('no bytes make it throw', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 5 }), async (chunks) => {
        const left = [...chunks];
        await new RespReader(async () => left.shift() ?? unknown('unreachable', 'end')).reply();
      }),
    );
  });
});
