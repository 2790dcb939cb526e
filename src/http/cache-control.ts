import { directivesOf } from './directives.ts';

/** Directives of Cache-Control (RFC 9111 5.2), all fields together; undefined where they cannot be read. */
export function cacheDirectives(values: readonly string[]): readonly string[] | undefined {
  return directivesOf(values.join(','), ',')?.map(({ name }) => name);
}
