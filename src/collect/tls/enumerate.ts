import { unknown, type Unknown } from '../../model/fact.ts';
import { hex } from '../../tls/bytes.ts';
import { CIPHER_SUITES } from '../../tls/cipher-suites.ts';
import type { HelloQuestion } from '../../tls/client-hello.ts';
import { answerText, type Answer } from '../../tls/exchange.ts';
import { TLS12_GROUPS } from '../../tls/named-groups.ts';
import { SIGNATURE_SCHEMES } from '../../tls/signature-schemes.ts';
import { protocolName, WIRE_VERSION, type Protocol } from '../../tls/protocols.ts';
import { refuses, refusesVersion, whyOpen, type HostLine } from './host-line.ts';
import { exchangeText, rotated, type Notebook } from './notebook.ts';
import type { ProtocolAnswer, SeenSuite, SeenSuites } from './observation.ts';
import { candidateGroups, TLCP_SUITES } from './suite-order.ts';

type Asked = Exclude<Protocol, 'SSLv2' | 'TLSv1.3'>;

/** What came of one version: whether it is spoken, and its suites. */
export interface VersionResult {
  readonly answer: ProtocolAnswer;
  readonly suites: SeenSuites;
}

/** One chain of hellos: what is found is left out of the next, until the server refuses what is left. */
interface Elimination {
  readonly found: readonly SeenSuite[];
  readonly end:
    | { readonly kind: 'refused'; readonly text: string; readonly moment: number; readonly version: boolean; readonly broken: boolean }
    | { readonly kind: 'open'; readonly why: Unknown };
}

/** How a version below TLS 1.3 is asked for. */
export function olderQuestion(protocol: Asked, suites: readonly number[], serverName: string | undefined): HelloQuestion {
  return {
    protocol,
    suites,
    ...(serverName === undefined ? {} : { serverName }),
    ...(suites.some((code) => ['ECDHE', 'ECDH'].includes(CIPHER_SUITES.get(code)?.keyExchange ?? '')) ? { groups: TLS12_GROUPS } : {}),
  };
}

/**
 * Finds every suite of a version up to TLS 1.2, or of TLCP, by elimination in groups (notes in suite-order.ts). Each hello is
 * benign; the cost is one connection for each suite found and one for each group. Accepted is what a ServerHello of that
 * version chose; refused is what the server said no to; silence is neither.
 */
export async function enumerateOlder(
  line: HostLine,
  protocol: Asked,
  serverName: string | undefined,
  notebook: Notebook,
): Promise<VersionResult> {
  const groups = protocol === 'TLCP' ? [TLCP_SUITES] : candidateGroups(protocol);
  const [firstGroup = [], ...others] = groups;
  // GM/T 0024 knows no extensions: TLCP is asked without a server name first, and with one where that was refused.
  const name = protocol === 'TLCP' ? undefined : serverName;
  const spoken = Promise.withResolvers<undefined>();
  let run = eliminate(line, protocol, firstGroup, name, notebook, () => spoken.resolve(undefined));
  // A ServerHello shows that the version is spoken: the other groups need not wait for the end of the first.
  const first = await Promise.race([spoken.promise, run]);
  const refused = first !== undefined && first.found.length === 0 && first.end.kind === 'refused' ? first.end : undefined;
  if (protocol === 'TLCP' && serverName !== undefined && refused?.broken === false)
    run = eliminate(line, protocol, firstGroup, serverName, notebook);
  const left = refused?.version === true ? [] : others;
  return settle(line, protocol, await Promise.all([run, ...left.map((group) => eliminate(line, protocol, group, name, notebook))]));
}

async function settle(line: HostLine, protocol: Asked, runs: readonly Elimination[]): Promise<VersionResult> {
  const found = runs.flatMap((run) => run.found);
  const open: Unknown[] = [];
  for (const { end } of runs) {
    if (end.kind === 'open') open.push(end.why);
    // A connection that broke off is a refusal only from a host that is there afterwards.
    else if (end.broken && !(await line.alive(end.moment))) open.push(line.unconfirmed(`${protocolName(protocol)}: ${end.text}`));
  }
  const suites: SeenSuites = { suites: found, ordered: false, open };
  const [one] = found;
  if (one !== undefined) return { answer: { state: 'accepted', exchange: one.exchange }, suites };
  const [why] = open;
  if (why !== undefined) return { answer: { state: 'unknown', why }, suites };
  const [{ end } = { end: undefined }] = runs;
  const text = end?.kind === 'refused' ? end.text : 'no suite';
  return { answer: { state: 'refused', exchange: text }, suites };
}

async function eliminate(
  line: HostLine,
  protocol: Asked,
  candidates: readonly number[],
  serverName: string | undefined,
  notebook: Notebook,
  onFound?: () => void,
): Promise<Elimination> {
  const found: SeenSuite[] = [];
  let left = candidates;
  const told = (answer: Answer): string => exchangeText(protocol, `${left.length} suites`, answerText(answer));
  while (left.length > 0) {
    const question = olderQuestion(protocol, left, serverName);
    const answer = await line.ask({
      ...question,
      ...(question.groups === undefined ? {} : { groups: rotated(question.groups, notebook.groups) }),
      ...(protocol === 'TLSv1.2' ? { signatureSchemes: rotated(SIGNATURE_SCHEMES, notebook.schemes) } : {}),
    });
    if (answer.kind !== 'hello') {
      if (!refuses(answer)) return { found, end: { kind: 'open', why: whyOpen(answer, told(answer)) } };
      return {
        found,
        end: { kind: 'refused', text: told(answer), moment: line.clock, version: refusesVersion(answer), broken: answer.kind !== 'alert' },
      };
    }
    const { hello, flight } = answer;
    const wanted = WIRE_VERSION[protocol];
    if (hello.version !== wanted) {
      // A lower version is the server's way to say no to this one; a higher one was never offered.
      if (hello.version < wanted && hello.version >= WIRE_VERSION.SSLv3)
        return { found, end: { kind: 'refused', text: told(answer), moment: line.clock, version: true, broken: false } };
      return { found, end: { kind: 'open', why: unknown('unparseable', told(answer)) } };
    }
    // Some servers compare one byte of a code point and choose what was not offered: nothing can be concluded from that.
    if (!left.includes(hello.suite))
      return {
        found,
        end: {
          kind: 'open',
          why: unknown('unparseable', `${told(answer)}: suite ${hex(Uint8Array.of(hello.suite >> 8, hello.suite & 255))} was not offered`),
        },
      };
    const exchange = exchangeText(
      protocol,
      `${left.length} suites`,
      `${answerText(answer)}, ${CIPHER_SUITES.get(hello.suite)?.name ?? ''}`,
    );
    notebook.note(answer, exchange, serverName);
    found.push({ code: hello.suite, exchange, ...(flight.keyExchange === undefined ? {} : { keyExchange: flight.keyExchange }) });
    onFound?.();
    left = left.filter((code) => code !== hello.suite);
  }
  return {
    found,
    end: { kind: 'refused', text: `${protocolName(protocol)}: every suite is accepted`, moment: line.clock, version: false, broken: false },
  };
}
