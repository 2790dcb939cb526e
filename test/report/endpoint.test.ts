import { describe, expect, test } from 'vitest';
import type { EndpointProfile } from '../../src/model/endpoint.ts';
import { endpointProfiles } from '../../src/rating/endpoint-profile.ts';
import { endpointSections } from '../../src/report/text/endpoint.ts';
import { tlsTarget } from '../support/live.ts';
import { AS_OF, endpointOf, open, unknown, type Changes } from '../support/rated.ts';

/** One endpoint as it is drawn; paint shows as `<style>text</>`. */
function drawn(listener: Changes['listener'], language: 'en' | 'zh' = 'en', change: Partial<EndpointProfile> = {}): string {
  const [, resources] = endpointOf(listener === undefined ? {} : { listener });
  const endpoints = endpointProfiles({ target: tlsTarget('tls://127.0.0.1:443'), resources }, AS_OF).map((one) => ({ ...one, ...change }));
  const page = {
    language,
    color: true,
    width: 100,
    columns: 100,
    pathPrefix: '',
    paint: (style: unknown, text: string): string => `<${String(style)}>${text}</>`,
  } as const;
  return [...endpointSections({ endpoints }, page)].flat().join('\n');
}

describe('what was not seen of an endpoint', () => {
  test('no weakness is “none seen” only where all were looked for', () => {
    expect(drawn({})).toMatch(/Weaknesses.*<green>none seen/);
    for (const weaknesses of [unknown, [open]]) {
      expect(drawn({ weaknesses })).toMatch(/Weaknesses.*<yellow>not tested/);
      expect(drawn({ weaknesses }, 'zh')).toMatch(/<yellow>未测试/);
    }
  });
  test('a list with an open end shows that there may be more', () => {
    expect(drawn({ weaknesses: [{ name: 'POODLE' }, open] })).toContain('<red>POODLE, …</>');
    expect(drawn({ weaknesses: [{ name: 'POODLE' }] })).toContain('<red>POODLE</>');
    expect(drawn({ groups: ['x25519', open] })).toContain('x25519, …</>');
    expect(drawn({ groups: ['x25519'] })).toContain('x25519</>');
  });
  test('no group is “–” only where all were asked for', () => {
    expect(drawn({ groups: [] })).toMatch(/Groups.*<reset>–/);
    expect(drawn({ groups: unknown })).toMatch(/Groups.*<yellow>not tested/);
  });
});
