import { inForce, onOff, setting } from './nginx-scope.ts';
import { speaksTls, type Endpoint } from './nginx-server.ts';
import { known } from '../../model/fact.ts';

/**
 * Does the server on this port refuse every handshake? Such a server is there for clients that name none of the others: nothing is
 * ever said over it. https://nginx.org/en/docs/http/ngx_http_ssl_module.html#ssl_reject_handshake
 */
export function rejectsHandshakes(endpoint: Endpoint): boolean {
  const tls = speaksTls(endpoint);
  if (tls.state !== 'known' || !tls.value) return false;
  const rejects = setting(endpoint.server.scope, 'ssl_reject_handshake', onOff, (at) => known(false, at));
  return rejects.state === 'known' && rejects.value;
}

/** Does the server close every connection without an answer (`return 444`), before anything else may answer? */
export function closesConnections({ server }: Endpoint): boolean {
  const { nodes, holes } = server.level;
  const first = nodes.findIndex(({ name }) => /^(?:return|rewrite|if|break)$|_by_lua(?:_block|_file)?$|^(?:perl|js_content)$/.test(name));
  const node = nodes[first];
  if (node?.name !== 'return' || node.args.length !== 1 || node.args[0]?.text !== '444') return false;
  return !holes.some(({ after }) => after <= first) && inForce(server.scope, 'error_page').state !== 'set';
}
