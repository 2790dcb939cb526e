import { unknown } from '../../model/fact.ts';
import { protocolName } from '../../tls/protocols.ts';
import { askSsl2 } from '../../tls/ssl2.ts';
import type { HostLine } from './host-line.ts';
import type { Notebook } from './notebook.ts';
import type { Observation, ProtocolAnswer } from './observation.ts';

/** One CLIENT-HELLO of SSL 2.0, once more where the connection broke off. Benign: nothing is agreed on. */
export async function probeSsl2(
  line: HostLine,
  notebook: Notebook,
): Promise<{ readonly answer: ProtocolAnswer; readonly ciphers: Observation['ssl2'] }> {
  const once = (): ReturnType<typeof line.use<Awaited<ReturnType<typeof askSsl2>>>> => line.use((wire) => askSsl2(wire, line.patience));
  let answer = await once();
  if (!('state' in answer) && (answer.kind === 'closed' || answer.kind === 'reset')) answer = await once();
  const told = (what: string): string => `CLIENT-HELLO ${protocolName('SSLv2')} → ${what}`;
  if ('state' in answer) return { answer: { state: 'unknown', why: answer }, ciphers: [] };
  line.note(answer.kind === 'hello' ? 'hello' : answer.kind === 'refused' ? 'alert' : answer.kind);
  switch (answer.kind) {
    case 'hello': {
      const exchange = told(`SERVER-HELLO, ${answer.ciphers.length} cipher kinds`);
      if (answer.certificate !== undefined) notebook.chain({ certificates: [answer.certificate], exchange, tlcp: false });
      return { answer: { state: 'accepted', exchange }, ciphers: answer.ciphers };
    }
    case 'refused':
      return { answer: { state: 'refused', exchange: told(answer.detail) }, ciphers: [] };
    case 'closed':
    case 'reset': {
      const text = told(answer.kind === 'closed' ? 'connection closed' : 'connection reset');
      return {
        answer: (await line.alive(line.clock)) ? { state: 'refused', exchange: text } : { state: 'unknown', why: line.unconfirmed(text) },
        ciphers: [],
      };
    }
    case 'timed-out':
      return { answer: { state: 'unknown', why: unknown('timed-out', told('silence')) }, ciphers: [] };
    case 'malformed':
      return { answer: { state: 'unknown', why: unknown('unparseable', told(answer.detail)) }, ciphers: [] };
  }
}
