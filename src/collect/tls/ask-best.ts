import type { Unknown } from '../../model/fact.ts';
import type { Broken13, Session13 } from '../../tls/tls13-handshake.ts';
import { askOtherChains } from './ask-chains.ts';
import { askAlpn, askDetails } from './ask-extras.ts';
import { askGroups } from './ask-groups.ts';
import type { Version13 } from './enumerate13.ts';
import type { HostLine } from './host-line.ts';
import type { Notebook, ProtocolsBelow13 } from './notebook.ts';
import type { Observation, Older, SeenCodes, SeenSuites } from './observation.ts';
import { orderOf, orderOf13, type Preference } from './preference.ts';
import { askSessions, completable, noSessions, type Sessions } from './session-probes.ts';

/** What was learnt of the best version below TLS 1.3, or without one of TLS 1.3 itself. */
export interface Best {
  readonly preference: Preference;
  readonly groups?: SeenCodes;
  readonly schemes?: SeenCodes;
  /** Not there where no handshake of this very version can be completed here. */
  readonly sessions?: Sessions;
  readonly alpn: Observation['alpn'];
  /** Why there may be more certificates. */
  readonly chainGaps: readonly Unknown[];
}

/** Whom to ask, what it said first, and where to note what it says. */
export interface Asking {
  readonly line: HostLine;
  readonly greeting: Session13 | Broken13;
  readonly serverName: string | undefined;
  readonly service: string;
  readonly notebook: Notebook;
}

/**
 * Everything that is asked of the best version below TLS 1.3 once its suites are known, all at once: who chooses, groups and
 * signature algorithms, sessions, application protocols, other certificates.
 */
export async function askBest(asking: Asking, best: Older, suites: SeenSuites): Promise<Best> {
  const { line, greeting, serverName, service, notebook } = asking;
  const session = 'verified' in greeting ? greeting : undefined;
  const only = new Map([[best, { suites }]]);
  const complete = completable(new Map([[best, suites]])) !== undefined;
  const [preference, codes, chainGaps, alpn, sessions] = await Promise.all([
    orderOf(line, best, suites, serverName, notebook),
    askGroups(line, best, suites, serverName, notebook),
    askOtherChains(line, best, suites, session !== undefined, greeting, serverName, notebook),
    askAlpn(line, best, suites, session, serverName, service),
    complete ? askSessions(line, only, serverName, session === undefined) : undefined,
    session === undefined ? askDetails(line, best, suites, serverName, notebook, service) : undefined,
  ]);
  return { preference, ...codes, ...(sessions === undefined ? {} : { sessions }), alpn, chainGaps };
}

/** The same where no such version was accepted: what TLS 1.3 tells of it. */
export async function askThirteenAlone(asking: Asking, tls13: Version13, below: ProtocolsBelow13): Promise<Best> {
  const { line, greeting, serverName, service, notebook } = asking;
  const session = 'verified' in greeting ? greeting : undefined;
  const [preference, chainGaps, alpn] = await Promise.all([
    orderOf13(line, tls13, below, serverName),
    askOtherChains(line, undefined, undefined, session !== undefined, greeting, serverName, notebook),
    askAlpn(line, undefined, undefined, session, serverName, service),
  ]);
  return { preference, sessions: noSessions(below), alpn, chainGaps };
}
