import { known, type Fact } from '../../model/fact.ts';
import { protocolOf, type PostgresProtocol } from '../files/postgres-tls.ts';
import type { Catalogue } from './catalogue.ts';

/** Sessions from other machines without TLS or GSSAPI encryption, ours among them. */
export async function clearSessions(catalogue: Catalogue, major: number) {
  const gss = major >= 12 ? 'left join pg_catalog.pg_stat_gssapi g on g.pid = a.pid' : '';
  const encrypted = major >= 12 ? 'coalesce(g.encrypted, false)' : 'false';
  return catalogue.ask({
    from: 'pg_stat_ssl',
    statement: `select count(*)::text as count from pg_catalog.pg_stat_activity a join pg_catalog.pg_stat_ssl s on s.pid = a.pid ${gss}
      where a.client_addr is not null and not (a.client_addr << '127.0.0.0/8' or a.client_addr = '::1') and not s.ssl and not ${encrypted}`,
    columns: ['count'],
  });
}

/** Versions of TLS that sessions use now, ours among them; those of others only where we may see them. A version that none uses may be open all the same. */
export async function versionsInUse(catalogue: Catalogue): Promise<readonly Fact<PostgresProtocol>[]> {
  const answer = await catalogue.ask({
    from: 'pg_stat_ssl',
    statement: 'select distinct version from pg_catalog.pg_stat_ssl where ssl order by 1',
    columns: ['version'],
  });
  return 'state' in answer
    ? []
    : answer.rows.flatMap(({ version }) => {
        const protocol = protocolOf(version ?? '');
        return protocol === undefined ? [] : [known(protocol, answer.origin)];
      });
}
