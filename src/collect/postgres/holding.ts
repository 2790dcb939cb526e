import { derived, known, unknown, type Fact, type Origin, type Unknown } from '../../model/fact.ts';
import type { Claim } from '../duties.ts';
import { claimedRight } from './claimed-right.ts';
import { DATABASE_OWNER, PUBLIC, type Grant, type Grants } from './grants.ts';
import type { Reach, Role, Roles } from './roles.ts';

type Texts = Fact<readonly Fact<string>[]>;

/** Attributes of roles, as CREATE ROLE writes them. */
const ATTRIBUTES: readonly string[] = ['SUPERUSER', 'CREATEROLE', 'CREATEDB', 'BYPASSRLS', 'REPLICATION'];
/** What is more than any application's task, by the words that controls have for it in every product: of attributes and predefined roles. */
const DANGEROUS: Readonly<Record<string, string>> = {
  SUPERUSER: 'SUPERUSER',
  CREATEROLE: 'CREATEROLE',
  BYPASSRLS: 'BYPASSRLS',
  REPLICATION: 'REPLICATION',
  pg_execute_server_program: 'COPY PROGRAM',
  pg_read_server_files: 'FILE',
  pg_write_server_files: 'FILE',
  pg_read_all_data: 'pg_read_all_data',
  pg_write_all_data: 'pg_write_all_data',
};
/** Functions and settings that initdb leaves to superusers, and those of extensions that do as much (adminpack, dblink). */
const DANGEROUS_OBJECTS: readonly (readonly [RegExp, string])[] = [
  [/^function (?:[^.]+\.)?pg_catalog\.(?:pg_read_|pg_ls_|pg_file_|pg_logdir_ls|lo_import|lo_export)/, 'FILE'],
  // It logs in elsewhere as whoever the server's own account may: https://www.postgresql.org/docs/current/contrib-dblink-connect-u.html
  [/^function (?:.+\.)?dblink_connect_u\(/, 'SET USER'],
  [/^function (?:[^.]+\.)?pg_catalog\.(?:pg_reload_conf|pg_promote|pg_switch_wal)/, 'CONFIG'],
  [/^parameter /, 'CONFIG'],
];
/** What everybody may do anyway: grants of these to PUBLIC are not listed for each account. */
const ORDINARY = new Set(['EXECUTE', 'CONNECT', 'TEMPORARY', 'USAGE']);
/**
 * Rights by which one acts as the server's own account of the operating system, and so becomes a superuser: programs, files that are
 * written, settings that name a command or a library. https://www.postgresql.org/docs/15/predefined-roles.html warns of the first two.
 */
const AS_THE_SERVER: readonly string[] = ['pg_execute_server_program', 'pg_write_server_files'];
const AS_THE_SERVER_OBJECTS: readonly RegExp[] = [
  /^function (?:[^.]+\.)?pg_catalog\.(?:lo_export|pg_file_(?:write|rename))/,
  /^function (?:.+\.)?dblink_connect_u\(/,
  /^parameter (?:\w+_command|\w+_librar(?:y|ies)|dynamic_library_path)$/,
];
const OF_ALL_DATA: Readonly<Record<string, readonly string[]>> = {
  pg_read_all_data: ['SELECT', 'USAGE'],
  pg_write_all_data: ['INSERT', 'UPDATE', 'DELETE', 'USAGE'],
};

/** What one role holds in the end. */
export class Holding {
  readonly #role: Role;
  readonly #reach: Reach;
  readonly #grants: Grants;
  readonly #major: Fact<number>;
  readonly #origin: Origin;
  /** Attributes and predefined roles → the role that brings them. */
  readonly #words = new Map<string, Role>();
  /** Oids of the roles whose grants count, everybody's among them. */
  readonly #grantees: readonly string[];
  /** Found once for all duties. */
  #server?: { readonly fact: Fact<boolean> | undefined };

  constructor(role: Role, reach: Reach, grants: Grants, major: Fact<number>, origin: Origin) {
    this.#role = role;
    this.#reach = reach;
    this.#grants = grants;
    this.#major = major;
    this.#origin = origin;
    for (const one of reach.becomes) {
      if (one.superuser) this.#words.set('SUPERUSER', this.#words.get('SUPERUSER') ?? one);
      for (const attribute of one.attributes) this.#words.set(attribute, this.#words.get(attribute) ?? one);
    }
    for (const one of reach.privileges) if (one.predefined) this.#words.set(one.name, one);
    this.#grantees = [...[...reach.privileges].map(({ oid }) => oid), PUBLIC];
  }

  get superuser(): Fact<boolean> {
    const by = this.#words.get('SUPERUSER');
    return by === undefined ? (this.#reach.open ?? known(false, this.#origin)) : known(true, this.#through(by));
  }

  /** Roles that it belongs to, at most `max`. */
  memberOf(max: number): Texts {
    const others = [...this.#reach.privileges].filter((one) => one !== this.#role).toSorted((a, b) => (a.name < b.name ? -1 : 1));
    const more = others.length > max ? [unknown('unsupported', `more than ${max} roles`, this.#origin)] : [];
    return known(
      others.slice(0, max).map(({ name }) => known(name, this.#origin)),
      this.#origin,
      [...this.#open(false), ...more],
    );
  }

  /** Attributes, predefined roles and privileges on objects, at most `max`. A superuser's need no list. */
  rights(max: number): Texts {
    const found: Fact<string>[] = [...this.#words].map(([word, by]) => known(word, this.#through(by)));
    const open = [...this.#open(true)];
    for (const grant of this.#words.has('SUPERUSER') ? [] : this.#all()) {
      for (const privilege of grant.privileges) {
        if (found.length >= max) {
          open.push(unknown('unsupported', `more than ${max} rights`, this.#origin));
          return known(found, this.#origin, open);
        }
        found.push(known(`${privilege} on ${grant.object}`, grant.origin));
      }
    }
    return known(found, this.#origin, this.#words.has('SUPERUSER') ? [] : open);
  }

  /** What of its rights goes beyond any application's task. */
  dangerous(): Texts {
    const superuser = this.#words.get('SUPERUSER');
    const found = new Map<string, Origin>();
    if (superuser !== undefined) for (const word of Object.values(DANGEROUS)) found.set(word, this.#through(superuser));
    for (const [right, by] of this.#words) {
      const word = DANGEROUS[right];
      if (word !== undefined && !found.has(word)) found.set(word, this.#through(by));
    }
    for (const grant of this.#all()) {
      const word = dangerIn(grant);
      if (word !== undefined && !found.has(word)) found.set(word, grant.origin);
    }
    return known(
      [...found].map(([word, origin]) => known(word, origin)),
      this.#origin,
      superuser === undefined ? this.#open(true) : [],
    );
  }

  /** Does a claim of a duty hold? What PostgreSQL would refuse for want of USAGE on a schema counts as held: that is given easily. */
  holds(claim: Claim): Fact<boolean> {
    const by = this.#words.get('SUPERUSER');
    if (by !== undefined) return known(true, derived('a superuser may do everything', this.#through(by)));
    const answer = claim.kind === 'right' ? this.#holdsRight(claim.name) : this.#belongsTo(claim.name);
    return answer ?? this.#asTheServer ?? this.#reach.open ?? known(false, this.#origin);
  }

  #belongsTo(name: string): Fact<boolean> | undefined {
    // Whoever owns a database is the one member of this role there.
    const owned =
      name === DATABASE_OWNER
        ? this.#grantees.flatMap((oid) => this.#grants.to(oid)).find(({ privileges }) => privileges.includes('OWNER'))
        : undefined;
    if (owned !== undefined) return known(true, derived(`member of ${name}`, owned.origin));
    if ([...this.#reach.privileges].some((one) => one.name === name)) return known(true, derived(`member of ${name}`, this.#origin));
    return this.#bySelfGrant();
  }

  /**
   * What a role with CREATEROLE may give itself: before 16 every role but a superuser's, pg_execute_server_program and with it the
   * server's own rights among them. https://www.postgresql.org/docs/15/sql-createrole.html
   */
  #bySelfGrant(): Fact<boolean> | undefined {
    const creates = this.#words.get('CREATEROLE');
    if (creates === undefined) return undefined;
    if (this.#major.state !== 'known') return unknown('unresolved', 'CREATEROLE: an unknown version of postgresql', this.#origin);
    return this.#major.value < 16
      ? known(true, derived('CREATEROLE before PostgreSQL 16 may grant itself every role', this.#through(creates)))
      : undefined;
  }

  /** Who acts as the server's own account can do what a superuser can. */
  get #asTheServer(): Fact<boolean> | undefined {
    this.#server ??= this.#findServer();
    return this.#server.fact;
  }

  #findServer(): { readonly fact: Fact<boolean> | undefined } {
    for (const name of AS_THE_SERVER) {
      const by = this.#words.get(name);
      if (by !== undefined) return { fact: known(true, derived(`${name} may act as the server itself`, this.#through(by))) };
    }
    for (const grant of this.#all())
      if (AS_THE_SERVER_OBJECTS.some((pattern) => pattern.test(grant.object)))
        return { fact: known(true, derived(`a right on ${grant.object} may act as the server itself`, grant.origin)) };
    return { fact: undefined };
  }

  #holdsRight(text: string): Fact<boolean> | undefined {
    const named = wordIn(text);
    const word = this.#words.get(named);
    if (word !== undefined) return known(true, this.#through(word));
    const right = claimedRight(text);
    if (right !== undefined) {
      const { privilege, columns, object } = right;
      for (const [name, privileges] of Object.entries(OF_ALL_DATA)) {
        const by = this.#words.get(name);
        if (by !== undefined && privileges.includes(privilege)) return known(true, this.#through(by));
      }
      for (const oid of this.#grantees) {
        const grant = this.#grants.on(object, oid);
        const held = grant?.privileges.some(
          (one) =>
            one === privilege ||
            (columns.length === 0 ? one.startsWith(`${privilege} (`) : columns.some((column) => one === `${privilege} (${column})`)),
        );
        if (grant !== undefined && held === true) return known(true, grant.origin);
      }
    }
    return ATTRIBUTES.includes(named) ? undefined : this.#bySelfGrant();
  }

  *#all(): Generator<Grant> {
    for (const oid of this.#grantees) {
      for (const grant of this.#grants.to(oid)) {
        if (oid !== PUBLIC) yield grant;
        else {
          const privileges = grant.privileges.filter((privilege) => !ORDINARY.has(privilege) || dangerIn(grant) !== undefined);
          if (privileges.length > 0) yield { ...grant, privileges };
        }
      }
    }
  }

  #open(grants: boolean): readonly Unknown[] {
    return [...(this.#reach.open === undefined ? [] : [this.#reach.open]), ...(grants ? this.#grants.gaps : [])];
  }

  #through(role: Role): Origin {
    return role === this.#role ? this.#origin : derived(`through ${role.name}`, this.#origin);
  }
}

/** Is there what a claim names, privilege, object and columns? What nobody has ever heard of nobody can be seen to hold. */
export function isThere(claim: Claim, roles: Roles, grants: Grants): boolean {
  if (claim.kind !== 'right') return roles.has(claim.name);
  if (ATTRIBUTES.includes(wordIn(claim.name)) || (claim.name.startsWith('pg_') && roles.has(claim.name))) return true;
  const right = claimedRight(claim.name);
  return right !== undefined && grants.has(right.object) && right.columns.every((column) => grants.hasColumn(right.object, column));
}

/** What every client may do beyond any task, by grants to PUBLIC. */
export function dangerousForAll(grants: Grants, origin: Origin): Texts {
  const found = new Map<string, Origin>();
  for (const grant of grants.to(PUBLIC)) {
    const word = dangerIn(grant);
    if (word !== undefined && !found.has(word)) found.set(word, grant.origin);
  }
  return known(
    [...found].map(([word, at]) => known(word, at)),
    origin,
    grants.gaps,
  );
}

function dangerIn({ object }: Grant): string | undefined {
  return DANGEROUS_OBJECTS.find(([pattern]) => pattern.test(object))?.[1];
}

/** Attributes are alike in either case; names of roles are not. */
function wordIn(text: string): string {
  return ATTRIBUTES.includes(text.toUpperCase()) ? text.toUpperCase() : text;
}
