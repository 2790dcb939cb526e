import { derived, known, unknown, type Fact } from '../../model/fact.ts';
import { cacheDirectives } from '../../http/cache-control.ts';
import { pathsOf, type PageFact } from '../site-fields.ts';
import type { SiteFacts } from '../site-policies.ts';
import { behind } from './nginx-behind.ts';
import { changing, placeFields, sentBy } from './nginx-fields.ts';
import { answering, type Place } from './nginx-location.ts';
import type { NginxWorld } from './nginx-scope.ts';
import type { Server } from './nginx-server.ts';
import { originOf, type Node } from './nginx-tree.ts';

/** Regular expressions that mean files of a kind, not pages. */
const BY_EXTENSION = /^~\*? .{0,20}\\\.\(?(?:\?:)?[\w|?]{1,200}\)?\$?$/;

/** Each location as a page, with what it says about caching. Blocks inside of `if` count for the location around them. */
export function pages(server: Server, { target }: NginxWorld): SiteFacts['pages'] {
  const changes = changing(server);
  const named = pathsOf(target.options['private_paths']);
  const places = answering(server);
  const prefixes = places.map(prefixOf).filter((prefix) => prefix !== undefined);
  const isPrivate = (place: Place): boolean => {
    const prefix = prefixOf(place);
    return named.some((path) => prefix !== undefined && prefix === longest(prefixes, path));
  };
  return known(
    places.map((place) => pageOf(place, isPrivate(place), changes)),
    server.scope.at,
  );
}

function pageOf(place: Place, isPrivate: boolean, changes: readonly Node[]): PageFact {
  const at = place.path === '' ? place.scope.at : originOf(place.node);
  const path = prefixOf(place);
  return known(
    {
      path:
        path !== undefined
          ? known(path, at)
          : BY_EXTENSION.test(place.path)
            ? known(place.path, at)
            : unknown('unresolved', `location ${place.path}`, at),
      status: unknown('not-collected', 'status', at),
      private: known(isPrivate, at),
      no_store: noStore(place, changes),
    },
    at,
  );
}

/** The prefix of a location; of the server itself all paths. */
function prefixOf({ path }: Place): string | undefined {
  if (path === '') return '/';
  return /^(?:= |\^~ )?(\/\S*)$/.exec(path)?.[1];
}

function longest(prefixes: readonly string[], path: string): string | undefined {
  return prefixes.filter((prefix) => path.startsWith(prefix)).toSorted((a, b) => b.length - a.length)[0];
}

/** A `no-store` that nginx adds stands beside whatever the application says, and the stricter of the two holds. */
function noStore(place: Place, changes: readonly Node[]): Fact<boolean> {
  const { values, doubt, at } = placeFields(sentBy(place), changes, place.scope.at)('cache-control');
  if (doubt !== undefined) return doubt;
  const origin = values[0]?.origin ?? derived('no add_header Cache-Control in force here', at);
  const directives = cacheDirectives(values.map(({ value }) => value));
  if (directives === undefined) return unknown('unparseable', 'Cache-Control', origin);
  if (directives.includes('no-store')) return known(true, origin);
  if (place.conditional) return unknown('unresolved', 'Cache-Control inside of "if"', origin);
  return behind(place, 'cache-control')?.why ?? known(false, origin);
}
