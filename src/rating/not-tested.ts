import type { Localized } from '../model/localized.ts';
import type { RatedEndpoint } from './rated-endpoint.ts';

/** Rules that could not be applied, for want of what they go by. */
export function notTestedOf({ listener, certificates, site, protocolsWhole, suitesWhole }: RatedEndpoint): readonly Localized[] {
  const unknown = (...facts: readonly string[]): boolean => facts.some((fact) => listener.string(fact).state === 'unknown');
  const some = (fact: string): boolean => certificates.some(({ facts }) => facts.string(fact).state === 'unknown');
  const untold = (fact: string): boolean => certificates.some(({ facts }) => facts.boolean(fact).state === 'unknown');
  const open: (Localized | false)[] = [
    !protocolsWhole && { en: 'some versions', zh: '部分协议版本' },
    !suitesWhole && { en: 'some suites', zh: '部分套件' },
    !listener.records('weaknesses').whole && { en: 'some weaknesses', zh: '部分弱点' },
    listener.number('dh_bits').state === 'unknown' && { en: 'DH size', zh: 'DH 参数长度' },
    listener.boolean('secure_renegotiation').state === 'unknown' && { en: 'renegotiation', zh: '重协商' },
    certificates.length === 0 && { en: 'certificate', zh: '证书' },
    (some('key_kind') || certificates.some(({ facts }) => facts.number('key_bits').state === 'unknown')) && { en: 'key', zh: '密钥' },
    some('signature_hash') && { en: 'signature', zh: '签名' },
    untold('trusted') && { en: 'trust', zh: '信任' },
    untold('chain_complete') && { en: 'chain', zh: '证书链' },
    untold('host_matches') && { en: 'name', zh: '域名匹配' },
    (some('not_before') || some('not_after')) && { en: 'validity', zh: '有效期' },
    (site === undefined || site.number('hsts_max_age').state === 'unknown') && { en: 'HSTS', zh: 'HSTS' },
    unknown('heartbleed', 'early_ccs') && { en: '--probe odd', zh: '--probe odd' },
    (unknown('robot', 'ticketbleed') || !listener.strings('padding_oracles').whole) && {
      en: '--probe intrusive',
      zh: '--probe intrusive',
    },
    !certificates.some(({ facts }) => facts.string('revocation').state === 'said') && { en: '--online', zh: '--online' },
  ];
  return open.filter((one) => one !== false);
}
