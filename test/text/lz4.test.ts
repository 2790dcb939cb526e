import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decompressLz4 } from '../../src/text/lz4.ts';

/** A frame of "hello hello hello hello hello hello hello\n" by lz4 1.9.4, with a checksum of its content. */
const FRAME = Buffer.from('04224d186440a715000000', 'hex');
const installed = spawnSync('lz4', ['--version']).status === 0;

test.skipIf(!installed)('what lz4 packs is unpacked, whatever its settings', () => {
  const texts = [
    '',
    'a',
    'hello '.repeat(1000),
    Array.from({ length: 20_000 }, (_, index) => `Package: p${index % 97}\nVersion: ${index}\n`).join(''),
  ];
  for (const text of texts)
    for (const flags of [['-1'], ['-9'], ['-B4', '-BD'], ['--no-frame-crc'], ['-BX'], ['--content-size']]) {
      const { stdout } = spawnSync('lz4', [...flags, '-c'], { input: text, maxBuffer: 1 << 26 });
      const unpacked = decompressLz4(Uint8Array.from(stdout), 1 << 26);
      expect(unpacked === undefined ? undefined : new TextDecoder().decode(unpacked), `${flags.join(' ')} ${text.length}`).toBe(text);
      if (text.length > 10) expect(decompressLz4(Uint8Array.from(stdout), text.length - 1), 'more than it may be').toBeUndefined();
      if (text.length > 10)
        expect(decompressLz4(Uint8Array.from(stdout.subarray(0, stdout.length >> 1)), 1 << 26), 'cut off').toBeUndefined();
    }
});

test('what is none is none, and grows no further than it may', () => {
  expect(decompressLz4(new TextEncoder().encode('Package: a\nVersion: 1\n'), 1000)).toBeUndefined();
  expect(decompressLz4(FRAME, 1000)).toBeUndefined();
  // A copy from before the beginning, and one of 2³¹ bytes.
  for (const block of ['1f610500', '1f61010000', '1f6101' + '00'.repeat(2), '1f610100' + 'ff'.repeat(60) + '00'])
    expect(
      decompressLz4(
        Buffer.from(`04224d186040820${(block.length / 2).toString(16).padStart(2, '0')}00000${block}00000000`.slice(0, 200), 'hex'),
        10_000,
      )?.length ?? 0,
    ).toBeLessThanOrEqual(10_000);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const frame = Uint8Array.from([...Buffer.from('04224d18604082', 'hex'), bytes.length, 0, 0, 0, ...bytes, 0, 0, 0, 0]);
      expect(decompressLz4(frame, 5000)?.length ?? 0).toBeLessThanOrEqual(5000);
    }),
  );
});
