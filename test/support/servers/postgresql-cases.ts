import { certificate } from './certificate.ts';
import type { Daemon } from './daemon.ts';
import { startPostgresql } from './postgresql-server.ts';

/** Passwords of the roles below: none of them may be found in anything that is written. */
export const CANARY = 'canary-Pa55word-4711';

const block = (...statements: readonly string[]): string => statements.map((statement) => `${statement};\n\n`).join('');

/** A ledger as it should not be: everything that the controls speak of is wrong. */
export function weakPostgresql(): Promise<Daemon> {
  return startPostgresql({
    hba: `local all all trust
host all all 127.0.0.1/32 trust
host ledger all 0.0.0.0/0 md5
host all all all password
`,
    configuration: `ssl_min_protocol_version = TLSv1
log_min_messages = fatal
password_encryption = md5
synchronous_commit = off
`,
    sql: {
      postgres: block(
        `create role ledger_app login superuser password '${CANARY}'`,
        `create role zhao login password '${CANARY}'`,
        'create role maker',
        'create role checker',
        'grant maker to zhao',
        'create role deputy',
        'grant checker to deputy',
        'grant deputy to zhao',
        `create role importer login password '${CANARY}' valid until '2020-01-01'`,
        'grant pg_execute_server_program to importer',
        'grant execute on function pg_catalog.pg_read_file(text) to public',
        `create role auditor login in role pg_monitor password '${CANARY}' connection limit 5`,
        `create role watcher login password '${CANARY}'`,
        'create database ledger',
        'create database archive',
        'revoke connect on database archive from public',
        "alter role zhao set log_statement = 'none'",
      ),
      ledger: block(
        'grant select on pg_catalog.pg_hba_file_rules to auditor',
        'grant execute on function pg_catalog.pg_hba_file_rules() to auditor',
        'create schema ledger',
        'create table ledger.payment (id bigint, amount numeric, status text)',
        'grant usage on schema ledger to public',
        'grant insert on ledger.payment to maker',
        'grant update (status) on ledger.payment to checker',
        'grant select on ledger.payment to public',
        "create function ledger.release(bigint) returns void language sql security definer as 'update ledger.payment set status = $$released$$ where id = $1'",
        'alter default privileges in schema ledger grant select on tables to importer',
      ),
    },
  });
}

/** A cluster whose roles are its customers': each of 100,000 logs in, and belongs to the one before it. */
export function crowdedPostgresql(): Promise<Daemon> {
  return startPostgresql({
    initdb: [],
    catalogue: `insert into pg_authid (oid, rolname, rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolcanlogin, rolreplication, rolbypassrls, rolconnlimit)
select 1000000 + n, 'customer_' || n, false, true, false, false, true, false, false, -1 from generate_series(1, 100000) as n;

insert into pg_auth_members (roleid, member, grantor, admin_option) select 1000000 + n, 1000001 + n, 10, false from generate_series(1, 99999) as n;

`,
  });
}

/** The same as it should be. */
export function hardenedPostgresql(): Promise<Daemon> {
  return startPostgresql({
    certificate: certificate({ name: 'localhost' }),
    initdb: ['--data-checksums'],
    settings: ['fsync=on'],
    hba: `local all postgres peer
hostssl ledger ledger_app 127.0.0.1/32 scram-sha-256
hostssl all auditor 127.0.0.1/32 scram-sha-256
hostssl all watcher 127.0.0.1/32 scram-sha-256
hostssl all chen 127.0.0.1/32 scram-sha-256
hostssl ledger +people 10.20.0.0/16 scram-sha-256 clientcert=verify-full
host all all all reject
`,
    configuration: `cluster_name = 'ledger'
ssl_min_protocol_version = TLSv1.2
password_encryption = scram-sha-256
shared_preload_libraries = 'pgaudit,passwordcheck'
pgaudit.log = 'ddl, role, write'
logging_collector = on
log_destination = 'stderr'
log_connections = on
log_disconnections = on
log_line_prefix = '%m [%p] %u@%d %h '
log_parameter_max_length = 0
archive_mode = on
archive_command = 'cp %p ../%f'
wal_level = replica
idle_session_timeout = '15min'
`,
    sql: {
      postgres: block(
        `create role ledger_app login password '${CANARY}' connection limit 20`,
        `create role chen login superuser password '${CANARY}'`,
        'create role ledger_owner',
        'create role people',
        'create role maker',
        'create role checker',
        `create role li_wei login password '${CANARY}' valid until '2027-06-30'`,
        'grant people, maker to li_wei',
        `create role zhao login password '${CANARY}'`,
        'grant people, checker to zhao',
        `create role auditor login in role pg_monitor password '${CANARY}'`,
        `create role watcher login password '${CANARY}'`,
        'create database ledger owner ledger_owner',
        'revoke all on database ledger from public',
        'grant connect on database ledger to ledger_app, people, auditor, watcher',
      ),
      ledger: block(
        'grant select on pg_catalog.pg_hba_file_rules to auditor',
        'grant execute on function pg_catalog.pg_hba_file_rules() to auditor',
        'grant execute on function pg_catalog.pg_stat_file(text) to auditor',
        'revoke create on schema public from public',
        'create schema ledger authorization ledger_owner',
        'create table ledger.payment (id bigint, amount numeric, status text)',
        'alter table ledger.payment owner to ledger_owner',
        'grant usage on schema ledger to ledger_app, maker, checker',
        'grant select, insert on ledger.payment to ledger_app',
        'grant insert on ledger.payment to maker',
        'grant update (status) on ledger.payment to checker',
        "create function ledger.release(bigint) returns void language sql security definer set search_path = ledger, pg_temp as 'update ledger.payment set status = $$released$$ where id = $1'",
        'alter function ledger.release(bigint) owner to ledger_owner',
        'revoke execute on function ledger.release(bigint) from public',
        'grant execute on function ledger.release(bigint) to checker',
      ),
    },
  });
}
