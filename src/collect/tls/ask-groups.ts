import { unknown, type Unknown } from '../../model/fact.ts';
import { CIPHER_SUITES } from '../../tls/cipher-suites.ts';
import { answerText } from '../../tls/exchange.ts';
import { TLS12_GROUPS } from '../../tls/named-groups.ts';
import { SIGNATURE_SCHEMES } from '../../tls/signature-schemes.ts';
import { olderQuestion } from './enumerate.ts';
import type { HostLine } from './host-line.ts';
import { exchangeText, type Notebook } from './notebook.ts';
import type { Older, SeenCodes, SeenSuites } from './observation.ts';

/**
 * Groups and signature algorithms below TLS 1.3 that the enumeration of suites did not show: what is left of each is asked for,
 * the other settled, until the server refuses it.
 */
export async function askGroups(
  line: HostLine,
  protocol: Older,
  { suites, open }: SeenSuites,
  serverName: string | undefined,
  notebook: Notebook,
): Promise<{ readonly groups: SeenCodes; readonly schemes: SeenCodes }> {
  const codes = suites.map(({ code }) => code);
  const ephemeral = codes.filter((code) => CIPHER_SUITES.get(code)?.keyExchange === 'ECDHE');
  const signed = ephemeral.length > 0 ? ephemeral : codes.filter((code) => CIPHER_SUITES.get(code)?.keyExchange === 'DHE');
  const { groups, schemes } = notebook;
  const exhaust = async (kind: 'groups' | 'schemes'): Promise<readonly Unknown[]> => {
    const [all, found] = kind === 'groups' ? [TLS12_GROUPS, groups] : [SIGNATURE_SCHEMES, schemes];
    for (;;) {
      const left = all.filter((code) => !found.has(code));
      if (left.length === 0) return [];
      const answer = await line.ask({
        ...olderQuestion(protocol, kind === 'groups' ? ephemeral : signed, serverName),
        groups: kind === 'groups' ? left : groups.size > 0 ? [...groups.keys()] : TLS12_GROUPS,
        signatureSchemes: kind === 'schemes' ? left : schemes.size > 0 ? [...schemes.keys()] : SIGNATURE_SCHEMES,
      });
      const told = exchangeText(protocol, `${left.length} ${kind === 'groups' ? 'groups' : 'signature algorithms'}`, answerText(answer));
      if (answer.kind !== 'hello') {
        const why = await line.unlessRefused(answer, told);
        return why === undefined ? [] : [why];
      }
      notebook.note(answer, told);
      if (left.some((code) => found.has(code))) continue;
      // A server that passes over what it was offered, or signs nothing, has no more to show; one that said no more did not.
      const { kind: shown } = answer.flight.keyExchange ?? {};
      return shown === 'ecdhe' || shown === 'dhe' ? [] : [unknown('unresolved', `${told}: no parameters came`)];
    }
  };
  const [ofGroups, ofSchemes] = await Promise.all([
    ephemeral.length === 0 ? [] : protocol === 'SSLv3' ? [unknown('unsupported', 'a hello of SSL 3.0 names no groups')] : exhaust('groups'),
    protocol !== 'TLSv1.2' || signed.length === 0 ? [] : exhaust('schemes'),
  ]);
  // Suites that were not found may have groups and signatures of their own.
  return { groups: { codes: groups, open: [...open, ...ofGroups] }, schemes: { codes: schemes, open: [...open, ...ofSchemes] } };
}
