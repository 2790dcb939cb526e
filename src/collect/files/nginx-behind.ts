import { unknown, type Unknown } from '../../model/fact.ts';
import { passOf, type Place } from './nginx-location.ts';
import { inForce } from './nginx-scope.ts';
import { originOf } from './nginx-tree.ts';

/** Scripts and modules that answer, or add to answers, by themselves. */
const SCRIPT =
  /^(?:content_by_lua(?:_block|_file)?|access_by_lua(?:_block|_file)?|rewrite_by_lua(?:_block|_file)?|header_filter_by_lua(?:_block|_file)?|perl|js_content|js_header_filter|userid|auth_request|auth_jwt|dav_methods)$/;

/**
 * What may send `header` from behind nginx in this place: the application that requests are handed to, or a script. Undefined
 * where nothing can: files are served, or `proxy_hide_header` (and its likes) holds the header back.
 */
export function behind(place: Place, header: string): Unknown | undefined {
  const { scope } = place;
  const script = scope.level.nodes.find(({ name }) => SCRIPT.test(name));
  if (script !== undefined) return unknown('unsupported', script.name, originOf(script));
  const [hole] = scope.level.holes;
  if (hole !== undefined) return hole.why;
  const pass = passOf(place);
  if (pass === undefined) return undefined;
  const hidden = inForce(scope, `${pass.name.replace(/_pass$/, '')}_hide_header`);
  if (hidden.state === 'set' && hidden.nodes.some(({ args }) => args[0]?.dynamic === false && args[0].text.toLowerCase() === header))
    return undefined;
  return unknown('not-collected', `${header} of the application`, originOf(pass));
}
