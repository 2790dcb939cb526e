import { unknown, type Unknown } from '../../model/fact.ts';
import { passOf, type Place } from './nginx-location.ts';
import { inForce } from './nginx-scope.ts';
import { originOf } from './nginx-tree.ts';

/** Scripts that answer in the place they are written in: nginx inherits no content handler. */
const HANDLER = /^(?:content_by_lua(?:_block|_file)?|perl|js_content)$/;

/** Scripts and modules that answer, or add to answers, in every place inside of the block they are written in. */
const INHERITED = [
  ...['server_rewrite_by_lua', 'rewrite_by_lua', 'access_by_lua', 'header_filter_by_lua'].flatMap((name) => [
    name,
    `${name}_block`,
    `${name}_file`,
  ]),
  'js_access',
  'js_header_filter',
  'userid',
  'auth_request',
  'auth_jwt',
  'dav_methods',
];

/** All that https://nginx.org/en/docs/http/ngx_http_userid_module.html sends. */
const BY_USERID = ['set-cookie', 'p3p'];

/** Who may send a header from behind nginx. What nginx does to the answers of an application does not reach those of its modules. */
interface Behind {
  readonly sender: 'application' | 'module';
  readonly why: Unknown;
}

/**
 * What may send `header` from behind nginx in this place: the application that requests are handed to, or a script or module, or
 * what a hole hides of them. Undefined where nothing can: files are served, or `proxy_hide_header` (and its likes) holds the header
 * back.
 */
export function behind(place: Place, header: string): Behind | undefined {
  const { scope } = place;
  const why = byModule(place, header) ?? scope.level.holes[0]?.why;
  if (why !== undefined) return { sender: 'module', why };
  const pass = passOf(place);
  if (pass === undefined) return undefined;
  const hidden = inForce(scope, `${pass.name.replace(/_pass$/, '')}_hide_header`);
  if (hidden.state === 'set' && hidden.nodes.some(({ args }) => args[0]?.dynamic === false && args[0].text.toLowerCase() === header))
    return undefined;
  return { sender: 'application', why: unknown('not-collected', `${header} of the application`, originOf(pass)) };
}

function byModule({ scope }: Place, header: string): Unknown | undefined {
  const handler = scope.level.nodes.find(({ name }) => HANDLER.test(name));
  if (handler !== undefined) return unknown('unsupported', handler.name, originOf(handler));
  for (const name of INHERITED) {
    if (name === 'userid' && !BY_USERID.includes(header)) continue;
    const found = inForce(scope, name);
    if (found.state === 'unknown') return found;
    if (found.state === 'set' && found.nodes[0].args[0]?.text !== 'off') return unknown('unsupported', name, originOf(found.nodes[0]));
  }
  return undefined;
}
