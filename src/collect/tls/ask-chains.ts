import { unknown, type Unknown } from '../../model/fact.ts';
import type { HelloQuestion } from '../../tls/client-hello.ts';
import { answerText } from '../../tls/exchange.ts';
import { schemeName, SIGNATURE_SCHEMES } from '../../tls/signature-schemes.ts';
import { handshake13, type Broken13, type Session13 } from '../../tls/tls13-handshake.ts';
import { SPOKEN13 } from '../../tls/tls13-keys.ts';
import { olderQuestion } from './enumerate.ts';
import { chose13, greetingText, noteSession } from './greeting.ts';
import { whyOpen, type HostLine } from './host-line.ts';
import { exchangeText, type Notebook } from './notebook.ts';
import type { Older, SeenSuites } from './observation.ts';

/** Certificates that the first handshakes did not show: of other kinds of key in TLS 1.3, and without a server name. */
export async function askOtherChains(
  line: HostLine,
  best: Older | undefined,
  suites: SeenSuites | undefined,
  spoken13: boolean,
  greeting: Session13 | Broken13,
  serverName: string | undefined,
  notebook: Notebook,
): Promise<readonly Unknown[]> {
  const gaps: Unknown[] = [];
  // The handshake that would show it did not come to its end.
  if (chose13(greeting) && !spoken13) gaps.push(unknown('unresolved', greetingText(greeting)));
  /** The scheme that was signed with, in a handshake that came to its end. */
  const complete = async (schemes: readonly number[], name: string | undefined): Promise<number | undefined> => {
    const question: HelloQuestion = {
      protocol: 'TLSv1.3',
      suites: SPOKEN13.suites,
      groups: SPOKEN13.groups,
      signatureSchemes: schemes,
      ...(name === undefined ? {} : { serverName: name }),
    };
    const once = async (): Promise<Session13 | Broken13 | Unknown> => {
      const answer = await line.use((wire) => handshake13(wire, question, line.patience));
      if (!('state' in answer)) line.note('verified' in answer || answer.kind === 'older' ? 'hello' : answer.kind);
      return answer;
    };
    let answer = await once();
    const broken = (): boolean => 'kind' in answer && (answer.kind === 'closed' || answer.kind === 'reset');
    if (broken()) answer = await once();
    if ('state' in answer) {
      gaps.push(answer);
      return undefined;
    }
    const told = exchangeText(
      'TLSv1.3',
      name === undefined ? 'no server name' : `${schemes.length} signature algorithms`,
      'verified' in answer ? 'Finished' : `${answer.kind} ${answer.detail}`,
    );
    if ('verified' in answer) {
      noteSession(notebook, answer, told, name);
      return answer.scheme;
    }
    // What broke off twice is its word, if it is still there.
    if (broken() && !(await line.alive(line.clock))) gaps.push(line.unconfirmed(told));
    else if (answer.kind === 'timed-out') gaps.push(unknown('timed-out', told));
    else if (answer.kind === 'malformed') gaps.push(unknown('unparseable', told));
    return undefined;
  };
  const withoutName = async (): Promise<void> => {
    if (serverName === undefined) return;
    if (spoken13) return void (await complete(SIGNATURE_SCHEMES, undefined));
    if (best === undefined || suites === undefined) return;
    const answer = await line.ask(
      olderQuestion(
        best,
        suites.suites.map(({ code }) => code),
        undefined,
      ),
    );
    const told = exchangeText(best, 'no server name', answerText(answer));
    if (answer.kind === 'hello') notebook.note(answer, told, undefined);
    else if (!(await line.refused(answer))) gaps.push(whyOpen(answer, told));
  };
  const otherKinds = async (): Promise<void> => {
    if (!spoken13 || !('verified' in greeting)) return;
    let left = SIGNATURE_SCHEMES.filter((code) => familyOf(code) !== familyOf(greeting.scheme));
    while (left.length > 0) {
      const before = notebook.chains.length;
      const scheme = await complete(left, serverName);
      // A server that signs with what was not offered, or shows what it showed before, has no more to show.
      if (scheme === undefined || !left.includes(scheme) || notebook.chains.length === before) return;
      left = left.filter((code) => familyOf(code) !== familyOf(scheme));
    }
  };
  await Promise.all([withoutName(), otherKinds()]);
  return gaps;
}

/** Kinds of key that a scheme signs with. */
function familyOf(scheme: number | undefined): string {
  return scheme === undefined ? '' : schemeName(scheme).replace(/_.*$/, '');
}
