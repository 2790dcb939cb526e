import { absent, known, unknown, type Fact } from '../../model/fact.ts';
import type { SiteFacts } from '../site-policies.ts';
import { locations, serverPlace, takesAll, type Place } from './nginx-location.ts';
import { leadsToHttps } from './nginx-redirect.ts';
import type { Endpoint } from './nginx-server.ts';
import { originOf, type Node } from './nginx-tree.ts';

/** What decides before `return` and `rewrite` do, or in their place. */
const UNCLEAR = /_by_lua(?:_block|_file)?$|^(?:perl|js_content|js_access|if)$/;

/** The redirect that answers `/`, as far as one `return` or `rewrite` decides it. */
export function rootRedirect({ server }: Endpoint): SiteFacts['redirect'] {
  const all = locations(server);
  const root = all.find(({ path, conditional }) => path === '= /' && !conditional) ?? all.find(takesAll);
  for (const place of [serverPlace(server), ...(root === undefined ? [] : [root])]) {
    const decided = decidedBy(place, server.names);
    if (decided !== undefined) return decided;
  }
  const [hole] = server.holes;
  return hole ?? absent(root === undefined ? server.scope.at : originOf(root.node));
}

function decidedBy({ scope }: Place, names: SiteFacts['names']): SiteFacts['redirect'] | undefined {
  const [hole] = scope.level.holes;
  if (hole !== undefined) return hole.why;
  const inside = (node: Node): boolean =>
    node.name !== 'if' || (node.block?.nodes.some(({ name }) => /^(?:return|rewrite)$/.test(name)) ?? false);
  const node = scope.level.nodes.find((one) => /^(?:return|rewrite)$/.test(one.name) || (UNCLEAR.test(one.name) && inside(one)));
  if (node === undefined) return undefined;
  const origin = originOf(node);
  const text = node.args.map((word) => word.text).join(' ');
  if (node.name !== 'return') return unknown('unresolved', `${node.name} ${text}`.slice(0, 200), origin);
  const [code, to] = node.args.length > 1 ? node.args : [undefined, node.args[0]];
  const status = code === undefined ? (/^\d+$/.test(to?.text ?? '') ? undefined : '302') : code.text;
  // Alone, a word is a code, unless it is an address: nginx takes no other variable there than the scheme.
  const address = /^(?:https?:\/\/|\$\{?scheme)/i.test(to?.text ?? '');
  if (code?.dynamic === true || (code === undefined && to?.dynamic === true && !address))
    return unknown('unresolved', `return ${text}`.slice(0, 200), origin);
  if (status === undefined || to === undefined || !/^30[12378]$/.test(status)) return absent(origin);
  const straight = leadsToHttps(to, node);
  return known(
    {
      status: known(Number(status), origin),
      permanent: known(/^30[18]$/.test(status), origin),
      same_host: sameHost(to.text, names, node),
      straight,
    },
    origin,
  );
}

function sameHost(to: string, names: SiteFacts['names'], node: Node): Fact<boolean> {
  const origin = originOf(node);
  const host = /^https?:\/\/([^/:?#]+)/i.exec(to)?.[1];
  if (host === undefined) return to.startsWith('/') ? known(true, origin) : unknown('unresolved', `return ${to}`.slice(0, 200), origin);
  // `$request_uri` begins with the slash that ends the host.
  const bare = host.replace(/\$(?:request_uri|uri|\{request_uri\}|\{uri\}).*$/, '');
  if (/^\$\{?(?:host|http_host)\}?$/.test(bare)) return known(true, origin);
  if (names.state !== 'known') return unknown('unresolved', 'server_name', origin);
  const literal = names.value.flatMap((name) => (name.state === 'known' ? [name.value] : []));
  if (/^\$\{?server_name\}?$/.test(bare))
    return literal.length === 1 ? known(true, origin) : unknown('unresolved', `return ${to}`.slice(0, 200), origin);
  if (bare.includes('$')) return unknown('unresolved', `return ${to}`.slice(0, 200), origin);
  if (!literal.includes(bare.toLowerCase())) return known(false, origin);
  return literal.length === 1 ? known(true, origin) : unknown('unresolved', `return ${to}`.slice(0, 200), origin);
}
