import { unknown, type Unknown } from '../../model/fact.ts';
import type { Resource } from '../../model/resource.ts';
import { logSink, logSource } from '../../resources/logging.ts';
import { logSinks } from '../files/postgres-log-files.ts';
import { logSourceFacts } from '../files/postgres-logging.ts';
import { durable } from '../files/postgres-store.ts';
import { seen } from '../seen.ts';
import { namesIn, type Catalogue } from './catalogue.ts';
import type { LiveServer, Override } from './settings.ts';

/** Sessions that have settings of their own, and the server as they find it. */
export interface Variant {
  /** `role ledger_app in database ledger`. */
  readonly of: string;
  readonly names: ReadonlySet<string>;
  readonly server: LiveServer;
}

const MAX_OVERRIDES = 20_000;
const MAX_VARIANTS = 200;
/** Settings by which what is recorded, or what a commit waits for, changes. */
const RELEVANT = /^(?:log_|pgaudit\.|auto_explain\.|session_preload_libraries$|synchronous_commit$)/;

/** Roles and databases with settings of their own (ALTER ROLE … SET), where these decide what is recorded. */
export async function variantsOf(
  catalogue: Catalogue,
  server: LiveServer,
): Promise<{ readonly variants: readonly Variant[]; readonly gaps: readonly Unknown[] }> {
  const from = 'pg_db_role_setting';
  const answer = await catalogue.ask({
    from,
    statement: `select d.datname::text as database, r.rolname::text as role, coalesce(r.rolcanlogin, true)::text as login,
      pg_catalog.to_json(s.setconfig)::text as config
      from pg_catalog.pg_db_role_setting s left join pg_catalog.pg_database d on d.oid = s.setdatabase
      left join pg_catalog.pg_roles r on r.oid = s.setrole where s.setdatabase <> 0 or s.setrole <> 0 order by 1, 2`,
    columns: ['database', 'role', 'login', 'config'],
    maxRows: MAX_OVERRIDES,
  });
  if ('state' in answer) return { variants: [], gaps: [answer] };
  const variants: Variant[] = [];
  const gaps: Unknown[] = [];
  for (const { database, role, login, config } of answer.rows) {
    const settings = namesIn(config);
    const of = [...(role === null ? [] : [`role ${role}`]), ...(database === null ? [] : [`database ${database}`])].join(' in ');
    if (settings === undefined) {
      gaps.push(unknown('unparseable', `${from}: ${of}`, answer.origin));
      continue;
    }
    const overrides = settings.flatMap((setting): readonly Override[] => {
      const at = setting.indexOf('=');
      const name = setting.slice(0, at).toLowerCase();
      return RELEVANT.test(name) ? [{ name, value: setting.slice(at + 1) }] : [];
    });
    if (overrides.length === 0 || login !== 'true') continue;
    if (variants.length >= MAX_VARIANTS) {
      gaps.push(unknown('unsupported', `${from}: more than ${MAX_VARIANTS} roles and databases`, answer.origin));
      break;
    }
    const origin = catalogue.origin(`select … from ${from}: ${of}`);
    variants.push({ of, names: new Set(overrides.map(({ name }) => name)), server: server.with(overrides, origin) });
  }
  return { variants, gaps };
}

/** What the server records, for everybody and for those with settings of their own, and where it keeps it. */
export function logsOf(catalogue: Catalogue, server: LiveServer, variants: readonly Variant[]): readonly Resource[] {
  const { target } = catalogue;
  const sources = [
    seen(logSource, 'postgresql', target, 'live', logSourceFacts(server)),
    ...variants
      .filter(({ names }) => [...names].some((name) => name !== 'synchronous_commit'))
      .map((variant) => seen(logSource, `postgresql ${variant.of}`, target, 'live', logSourceFacts(variant.server))),
  ];
  const sinks = logSinks(server).map(({ form, facts }) =>
    seen(logSink, form === undefined ? 'postgresql' : `postgresql ${form}`, target, 'live', facts),
  );
  return [...sources, ...sinks];
}

/** Whether every session's commits survive a crash. */
export function durableForAll(server: LiveServer, variants: readonly Variant[]): ReturnType<typeof durable> {
  const facts = [
    durable(server),
    ...variants.filter(({ names }) => names.has('synchronous_commit')).map((variant) => durable(variant.server)),
  ];
  const lost = facts.find((fact) => fact.state === 'known' && !fact.value);
  return lost ?? facts.find(({ state }) => state !== 'known') ?? durable(server);
}
