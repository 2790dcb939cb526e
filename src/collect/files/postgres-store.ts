import { posix } from 'node:path';
import { absent, derived, known, mapFact, unknown, type Fact, type Unknown } from '../../model/fact.ts';
import type { datastore } from '../../resources/datastore.ts';
import type { KindFacts } from '../../resources/kind.ts';
import { archiveCommand } from './archive-command.ts';
import { reachable, type HbaRules } from './postgres-hba-rule.ts';
import { onOff, type PostgresServer } from './postgres-server.ts';

const LOOPBACK = /^(?:127\.\d+\.\d+\.\d+|::1|localhost)$/;

type StoreFacts = Pick<
  KindFacts<typeof datastore>,
  | 'engine'
  | 'listens'
  | 'wildcard_bind'
  | 'loopback_only'
  | 'authentication'
  | 'tls'
  | 'protected_mode'
  | 'password_storage'
  | 'durable_writes'
  | 'archiving'
  | 'archives_to'
>;

/** What settings and rules say of the store; what it is called, its pages and its replicas are told elsewhere. */
export function storeFacts(server: PostgresServer, hba: HbaRules | Unknown): StoreFacts {
  const { at } = server;
  const listens = server.value(
    'listen_addresses',
    (text) =>
      text
        .split(',')
        .map((one) => one.trim())
        .filter((one) => one !== ''),
    [{ since: '0', value: ['localhost'] }],
  );
  return {
    engine: known('postgresql', at),
    listens:
      listens.state === 'known'
        ? known(
            listens.value.map((one) => known(one, listens.origin)),
            listens.origin,
          )
        : listens,
    wildcard_bind: mapFact(listens, 'an address of every interface', (all) =>
      all.some((one) => one === '*' || one === '0.0.0.0' || one === '::'),
    ),
    loopback_only: mapFact(listens, 'every address is loopback', (all) => all.every((one) => LOOPBACK.test(one))),
    authentication: 'state' in hba ? hba : authentication(hba),
    tls: transport(server.flag('ssl', false), hba),
    protected_mode: absent(at),
    password_storage: server.value(
      'password_encryption',
      (text) => (text === 'scram-sha-256' ? 'scram-sha-256' : text === 'md5' || onOff(text) === true ? 'md5' : undefined),
      [
        { since: '0', value: 'md5' },
        { since: '14', value: 'scram-sha-256' },
      ],
    ),
    durable_writes: durable(server),
    archiving: archiving(server),
    archives_to: archivesTo(server),
  };
}

/** No rule lets anybody in without proof. A rule that could not be read might. */
function authentication({ rules, gaps, at }: HbaRules): Fact<boolean> {
  const trusting = reachable(rules).find(({ rule }) => rule.method === 'trust')?.rule;
  if (trusting !== undefined) return known(false, derived('a rule trusts', trusting.origin));
  const [gap] = gaps;
  if (gap !== undefined) return gap;
  const [first, ...rest] = rules.map(({ origin }) => origin);
  if (first === undefined) return unknown('not-collected', 'pg_hba.conf holds no rule', at);
  return known(true, derived('every rule demands a proof', first, ...rest.slice(0, 8)));
}

/** Required only where every rule from beyond this machine admits TLS (or GSSAPI encryption) alone. */
function transport(ssl: Fact<boolean>, hba: HbaRules | Unknown): Fact<'required' | 'offered' | 'off'> {
  if (ssl.state !== 'known') return ssl.state === 'unknown' ? ssl : unknown('unresolved', 'ssl');
  if (!ssl.value) return known('off', ssl.origin);
  if ('state' in hba) return hba;
  const [any] = hba.rules;
  if (any === undefined) return unknown('not-collected', 'pg_hba.conf holds no rule', hba.at);
  const clear = reachable(hba.rules).find(({ rule, ways }) => !rule.local && rule.method !== 'reject' && ways.includes('clear'))?.rule;
  if (clear !== undefined) return known('offered', derived('a rule admits without TLS', clear.origin, ssl.origin));
  const [gap] = hba.gaps;
  return gap ?? known('required', derived('ssl is on, and every rule from outside demands it', ssl.origin));
}

/** A committed write survives a crash. */
export function durable(server: PostgresServer): Fact<boolean> {
  const facts = [
    server.flag('fsync', true),
    server.flag('full_page_writes', true),
    server.value('synchronous_commit', (text) => (/^(?:remote_apply|remote_write|local)$/.test(text) ? true : onOff(text)), [
      { since: '0', value: true },
    ]),
  ];
  const lost = facts.find((fact) => fact.state === 'known' && !fact.value);
  if (lost !== undefined) return lost;
  const open = facts.find((fact) => fact.state !== 'known');
  if (open !== undefined) return open;
  const [first = server.at, ...rest] = facts.flatMap((fact) => (fact.state === 'known' ? [fact.origin] : []));
  return known(true, derived('fsync, full_page_writes and synchronous_commit', first, ...rest));
}

function archiving(server: PostgresServer): Fact<boolean> {
  const mode = server.value('archive_mode', (text) => (text === 'always' ? true : onOff(text)), [{ since: '0', value: false }]);
  if (mode.state !== 'known' || !mode.value) return mode;
  const [command, library] = [server.text('archive_command', ''), server.text('archive_library', '')];
  const does = command.state === 'known' ? archiveCommand(command.value) : undefined;
  if (command.state === 'known' && does?.archives === true)
    return known(true, derived('archive_mode with an archive_command', command.origin, mode.origin));
  if (library.state === 'known' && library.value !== '')
    return known(true, derived('archive_mode with an archive_library', library.origin, mode.origin));
  if (command.state !== 'known') return command;
  if (does === undefined) return unknown('unsupported', 'archive_command: more than one command', command.origin);
  return library.state === 'known' || server.written('archive_library') === undefined
    ? known(false, derived('archive_command archives nothing', command.origin, mode.origin))
    : library;
}

function archivesTo(server: PostgresServer): Fact<string> {
  const on = archiving(server);
  if (on.state !== 'known') return on.state === 'unknown' ? on : absent(server.at);
  if (!on.value) return absent(on.origin);
  const command = server.written('archive_command');
  if (command !== undefined && 'state' in command) return command;
  const does = command === undefined ? undefined : archiveCommand(command.value);
  if (command !== undefined && does?.archives === true) return known(does.program, command.origin);
  const library = server.written('archive_library');
  if (library === undefined) return absent(server.at);
  return 'state' in library ? library : known(posix.basename(library.value), library.origin);
}
