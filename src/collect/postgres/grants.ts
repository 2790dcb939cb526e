import { unknown, type Origin, type Unknown } from '../../model/fact.ts';
import { namesIn, type Catalogue } from './catalogue.ts';

/** Who is meant by grants to everybody. */
export const PUBLIC = '0';
/** Its one member is the owner of the database that a session is in: https://www.postgresql.org/docs/current/predefined-roles.html */
export const DATABASE_OWNER = 'pg_database_owner';
/** One database with more is read no further. */
const MAX_GRANTS = 100_000;

/** One object's privileges of one grantee. */
export interface Grant {
  /** `ledger.payment`, `schema ledger`, `function ledger.pay(bigint)`, `database ledger`; of another database than the target's with its name before. */
  readonly object: string;
  readonly privileges: readonly string[];
  readonly origin: Origin;
}

/** The privileges on objects that were read, and where none could be. */
export class Grants {
  readonly #byGrantee = new Map<string, Grant[]>();
  readonly #byObject = new Map<string, Map<string, Grant>>();
  readonly #columns = new Map<string, ReadonlySet<string>>();
  readonly gaps: Unknown[] = [];

  /** Grants to one role, by its oid. */
  to(oid: string): readonly Grant[] {
    return this.#byGrantee.get(oid) ?? [];
  }

  /** One role's privileges on one object. */
  on(object: string, oid: string): Grant | undefined {
    return this.#byObject.get(object)?.get(oid);
  }

  has(object: string): boolean {
    return this.#byObject.has(object);
  }

  hasColumn(object: string, column: string): boolean {
    return this.#columns.get(object)?.has(column) === true;
  }

  /** Reads what the columns of some tables of one database are called. What is not there, or not told, has none. */
  async readColumns(catalogue: Catalogue, prefix: string, objects: readonly string[]): Promise<void> {
    // As hexadecimals no name can end its literal.
    const names = objects
      .filter((object) => prefix === '' || object.startsWith(`${prefix}.`))
      .map((object) => `'${Buffer.from(prefix === '' ? object : object.slice(prefix.length + 1)).toString('hex')}'`);
    if (names.length === 0) return;
    const table = "pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname)";
    const answer = await catalogue.ask({
      from: `pg_attribute in ${catalogue.database}`,
      statement: `select ${table} as object, pg_catalog.to_json(pg_catalog.array_agg(pg_catalog.quote_ident(t.attname)))::text as columns
        from pg_catalog.pg_attribute t join pg_catalog.pg_class c on c.oid = t.attrelid join pg_catalog.pg_namespace n on n.oid = c.relnamespace
        where t.attnum > 0 and not t.attisdropped and pg_catalog.encode(pg_catalog.convert_to(${table}, 'UTF8'), 'hex') in (${names.join(', ')})
        group by 1`,
      columns: ['object', 'columns'],
    });
    if ('state' in answer) return;
    for (const { object, columns } of answer.rows) {
      const list = namesIn(columns);
      if (object !== null && list !== undefined) this.#columns.set(placed(object, prefix), new Set(list));
    }
  }

  /** Reads what one database says; `prefix` names it where it is not the target's own. Why it could not, where it could not. */
  async read(catalogue: Catalogue, prefix: string): Promise<Unknown | undefined> {
    const from = `pg_class, pg_namespace, pg_proc in ${catalogue.database}`;
    return this.#take(catalogue, from, statementFor(), prefix, 'o.datname = pg_catalog.current_database()');
  }

  /** Reads what belongs to the cluster: databases, and who may set what. */
  async readShared(catalogue: Catalogue, major: number): Promise<void> {
    const parameters =
      major >= 15
        ? `union all select a.grantee, a.privilege_type, 'parameter ' || p.parname from pg_catalog.pg_parameter_acl p
           cross join lateral pg_catalog.aclexplode(p.paracl) a`
        : '';
    await this.#take(
      catalogue,
      'pg_database',
      `select a.grantee, a.privilege_type as privilege, 'database ' || pg_catalog.quote_ident(d.datname) as object
       from pg_catalog.pg_database d
       cross join lateral pg_catalog.aclexplode(coalesce(d.datacl, pg_catalog.acldefault('d', d.datdba))) a where not d.datistemplate
       union all select d.datdba, 'OWNER', 'database ' || pg_catalog.quote_ident(d.datname) from pg_catalog.pg_database d where not d.datistemplate
       ${parameters}`,
      '',
      'not o.datistemplate',
    );
  }

  /**
   * All of an answer or nothing: of an object that is known every grant is. What pg_database_owner has, the owners of the databases `among`
   * have.
   */
  async #take(catalogue: Catalogue, from: string, granted: string, prefix: string, among: string): Promise<Unknown | undefined> {
    const answer = await catalogue.ask({
      from,
      statement: `select coalesce(o.datdba, granted.grantee)::text as grantee, granted.object,
          pg_catalog.to_json(pg_catalog.array_agg(distinct granted.privilege order by granted.privilege))::text as privileges
        from (${granted}) as granted left join pg_catalog.pg_database o on ${among}
          and granted.grantee = (select r.oid from pg_catalog.pg_roles r where r.rolname = '${DATABASE_OWNER}')
        group by 1, 2 order by 2, 1`,
      columns: ['grantee', 'object', 'privileges'],
      maxRows: MAX_GRANTS,
    });
    if ('state' in answer) {
      this.gaps.push(answer);
      return answer;
    }
    const read: { readonly grantee: string; readonly grant: Grant }[] = [];
    for (const { grantee, object, privileges } of answer.rows) {
      const list = privileges === null ? undefined : namesIn(privileges);
      if (grantee === null || object === null || list === undefined) {
        const why = unknown('unparseable', `${from}: not the columns that were asked for`, answer.origin);
        this.gaps.push(why);
        return why;
      }
      read.push({ grantee, grant: { object: placed(object, prefix), privileges: list, origin: answer.origin } });
    }
    for (const { grantee, grant } of read) {
      const holders = this.#byObject.get(grant.object) ?? new Map<string, Grant>();
      this.#byObject.set(grant.object, holders.set(grantee, grant));
      const before = this.#byGrantee.get(grantee);
      if (before === undefined) this.#byGrantee.set(grantee, [grant]);
      else before.push(grant);
    }
    return undefined;
  }
}

/** `schema ledger` of the database `archive` is `schema archive.ledger`. */
function placed(object: string, prefix: string): string {
  if (prefix === '') return object;
  const [, word = '', rest = ''] =
    /^((?:schema|function|sequence|future tables of|future sequences of|future functions of|future schemas of|future types of) )?(.*)$/s.exec(
      object,
    ) ?? [];
  return `${word}${prefix}.${rest}`;
}

/**
 * Privileges on tables, columns, sequences, schemas and functions of one database, and those that objects to come will have. What
 * nobody granted follows from acldefault; an owner who took a privilege from himself can give it back. PostgreSQL's own objects
 * count where more was granted than initdb did.
 */
function statementFor(): string {
  const user = "n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_(?:toast|temp)'";
  const name = "pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname)";
  const kind = "case c.relkind when 'S' then 'sequence ' else '' end";
  const added = (catalogue: string, oid: string): string => `not exists (select from pg_catalog.pg_init_privs i
    cross join lateral pg_catalog.aclexplode(i.initprivs) x
    where i.classoid = 'pg_catalog.${catalogue}'::pg_catalog.regclass and i.objoid = ${oid} and i.objsubid = 0
      and x.grantee = a.grantee and x.privilege_type = a.privilege_type)`;
  const future = `case d.defaclobjtype when 'r' then 'tables' when 'S' then 'sequences' when 'f' then 'functions' when 'n' then 'schemas' else 'types' end`;
  return `select a.grantee, a.privilege_type as privilege, ${kind} || ${name} as object
      from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
      cross join lateral pg_catalog.aclexplode(coalesce(c.relacl, '{}') ||
        pg_catalog.acldefault(case c.relkind when 'S' then 's' else 'r' end::"char", c.relowner)) a
      where c.relkind in ('r', 'p', 'v', 'm', 'f', 'S') and ${user}
    union all select a.grantee, a.privilege_type || ' (' || pg_catalog.quote_ident(t.attname) || ')', ${name}
      from pg_catalog.pg_attribute t join pg_catalog.pg_class c on c.oid = t.attrelid join pg_catalog.pg_namespace n on n.oid = c.relnamespace
      cross join lateral pg_catalog.aclexplode(t.attacl) a where t.attnum > 0 and not t.attisdropped and ${user}
    union all select a.grantee, a.privilege_type, 'schema ' || pg_catalog.quote_ident(n.nspname)
      from pg_catalog.pg_namespace n cross join lateral pg_catalog.aclexplode(coalesce(n.nspacl, pg_catalog.acldefault('n', n.nspowner))) a where ${user}
    union all select a.grantee, a.privilege_type, 'function ' || p.oid::pg_catalog.regprocedure::text
      from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace
      cross join lateral pg_catalog.aclexplode(coalesce(p.proacl, pg_catalog.acldefault('f', p.proowner))) a
      where ${user} and (p.proacl is not null or not exists (select from pg_catalog.pg_depend e
        where e.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass and e.objid = p.oid and e.deptype = 'e'))
    union all select a.grantee, a.privilege_type, 'function ' || n.nspname || '.' || p.oid::pg_catalog.regprocedure::text
      from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace cross join lateral pg_catalog.aclexplode(p.proacl) a
      where n.nspname = 'pg_catalog' and a.grantee <> p.proowner and ${added('pg_proc', 'p.oid')}
    union all select a.grantee, a.privilege_type, ${name}
      from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace cross join lateral pg_catalog.aclexplode(c.relacl) a
      where n.nspname = 'pg_catalog' and a.grantee <> c.relowner and ${added('pg_class', 'c.oid')}
    union all select a.grantee, a.privilege_type, 'future ' || ${future} || ' of ' || pg_catalog.pg_get_userbyid(d.defaclrole)
        || coalesce(' in ' || pg_catalog.quote_ident(n.nspname), '')
      from pg_catalog.pg_default_acl d left join pg_catalog.pg_namespace n on n.oid = d.defaclnamespace
      cross join lateral pg_catalog.aclexplode(d.defaclacl) a where a.grantee <> d.defaclrole`;
}
