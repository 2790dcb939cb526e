import { inner, type Scope } from './nginx-scope.ts';
import type { Server } from './nginx-server.ts';
import type { Node } from './nginx-tree.ts';

/** A location (or the server itself) in which requests are answered. */
export interface Place {
  readonly node: Node;
  readonly scope: Scope;
  /** As written after `location`; empty for the server itself. */
  readonly path: string;
  /** An `if` around it decides whether it is in force. */
  readonly conditional: boolean;
  /** What stands in the `if` and `limit_except` blocks is listed as a place of its own. */
  readonly parent?: Place;
}

/** Directives that hand a request to a back end. */
export const PASSES = ['proxy_pass', 'grpc_pass', 'uwsgi_pass', 'fastcgi_pass', 'scgi_pass', 'memcached_pass'] as const;

/** The server itself as a place. */
export function serverPlace(server: Server): Place {
  return { node: server.node, scope: server.scope, path: '', conditional: false };
}

/** Every location of a server, nested ones and the blocks of `if` and `limit_except` among them, outermost first. */
export function locations(server: Server): readonly Place[] {
  const found: Place[] = [];
  const visit = (place: Place): void => {
    for (const node of place.scope.level.nodes) {
      if (node.block === undefined || !['location', 'if', 'limit_except'].includes(node.name)) continue;
      const path = node.name === 'location' ? node.args.map(({ text }) => text).join(' ') : place.path;
      const one: Place = {
        node,
        scope: inner(place.scope, node, node.block),
        path,
        conditional: place.conditional || node.name === 'if',
        parent: place,
      };
      found.push(one);
      visit(one);
    }
  };
  visit(serverPlace(server));
  return found;
}

/** Is it the prefix location that takes every request which no other takes? */
export function takesAll({ path, conditional, node }: Place): boolean {
  return node.name === 'location' && !conditional && /^(?:\^~ )?\/$/.test(path);
}

/** Where requests are answered: the locations, and the server itself unless one location takes all that is left. */
export function answering(server: Server): readonly Place[] {
  const all = locations(server);
  return all.some((place) => takesAll(place) && place.parent?.node === server.node) ? all : [serverPlace(server), ...all];
}

/** The place's own hand-over to a back end. */
export function passOf({ scope }: Place): Node | undefined {
  return scope.level.nodes.find(({ name }) => PASSES.some((pass) => pass === name));
}
