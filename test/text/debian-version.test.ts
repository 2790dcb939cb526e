import { execFileSync, spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareDebianVersions } from '../../src/text/debian-version.ts';
import { available } from '../support/servers/available.ts';

/** Pairs in the order of deb-version(7). */
const ORDERED = [
  ['1.0~beta1~svn1245', '1.0~beta1'],
  ['1.0~beta1', '1.0'],
  ['1.0', '1.0-1'],
  ['1.0-1', '1.0-1+deb12u1'],
  ['1.0-1+deb12u1', '1.0-1.1'],
  ['2.9.1', '2.10'],
  ['9:1', '10:0'],
  ['1.2.3', '1:0'],
  ['1.0a', '1.0+'],
  ['3.0.15-1~deb12u1', '3.0.15-1'],
] as const;

test.each(ORDERED)('%s is older than %s', (older, newer) => {
  expect(compareDebianVersions(older, newer)).toBeLessThan(0);
  expect(compareDebianVersions(newer, older)).toBeGreaterThan(0);
  expect(compareDebianVersions(older, older)).toBe(0);
});

test('zeros before a number, an epoch of none and an empty revision say nothing', () => {
  for (const [a, b] of [
    ['1.01', '1.1'],
    ['0:1', '1'],
    ['1.0-0', '1.0'],
    ['1-', '1'],
  ] as const)
    expect(compareDebianVersions(a, b), `${a} ${b}`).toBe(0);
});

/** Versions that dpkg takes: an epoch, an upstream version that begins with a digit, a revision. */
const upstream = fc.stringMatching(/^[0-9][0-9a-zA-Z.+~]{0,8}$/);
const revision = fc.stringMatching(/^[0-9a-zA-Z.+~]{1,6}$/);
const version = fc
  .tuple(fc.option(fc.integer({ min: 0, max: 20 })), upstream, fc.option(revision))
  .map(([epoch, main, last]) => `${epoch === null ? '' : `${epoch}:`}${main}${last === null ? '' : `-${last}`}`);

test.skipIf(!available('dpkg'))('any two versions come out as dpkg says', () => {
  // One shell asks dpkg about all of them: a process for each would take minutes.
  const pairs = fc.sample(fc.tuple(version, fc.oneof(version, upstream)), { numRuns: 400, seed: 20_261_126 });
  const script =
    'while read -r a b; do if dpkg --compare-versions "$a" lt "$b"; then echo -1; elif dpkg --compare-versions "$a" gt "$b"; then echo 1; else echo 0; fi; done';
  const { stdout } = spawnSync('sh', ['-c', script], { input: pairs.map((pair) => `${pair.join(' ')}\n`).join(''), encoding: 'utf8' });
  const said = stdout.trim().split('\n').map(Number);
  expect(said).toHaveLength(pairs.length);
  expect(pairs.map(([a, b]) => Math.sign(compareDebianVersions(a, b)))).toEqual(said);
});

test.skipIf(!available('dpkg'))('what is installed here compares with itself and its neighbours as dpkg says', () => {
  const versions = execFileSync('dpkg-query', ['-W', '-f', '${Version}\n'], { encoding: 'utf8' }).trim().split('\n').slice(0, 200);
  const pairs = versions.flatMap((one, index) => (index === 0 ? [] : [[versions[index - 1] ?? '', one] as const]));
  const script = 'while read -r a b; do dpkg --compare-versions "$a" le "$b" && echo 1 || echo 0; done';
  const { stdout } = spawnSync('sh', ['-c', script], { input: pairs.map((pair) => `${pair.join(' ')}\n`).join(''), encoding: 'utf8' });
  expect(pairs.map(([a, b]) => (compareDebianVersions(a, b) <= 0 ? 1 : 0))).toEqual(stdout.trim().split('\n').map(Number));
});
