import { childrenOf, oidOf, readWholeDer, sequenceOf } from './der.ts';

const SIGNED_DATA = '1.2.840.113549.1.7.2';
/** GM/T 0010 gives SM2 messages an arc of their own. */
const SM2_SIGNED_DATA = '1.2.156.10197.6.1.4.2.2';

/** The certificates of a PKCS#7 bundle (RFC 5652 5.1 SignedData), in DER; undefined where it is none. */
export function pkcs7Certificates(der: Uint8Array): readonly Uint8Array[] | undefined {
  const [type, wrapper] = sequenceOf(readWholeDer(der)) ?? [];
  const oid = oidOf(type);
  if (oid !== SIGNED_DATA && oid !== SM2_SIGNED_DATA) return undefined;
  const fields = sequenceOf(childrenOf(wrapper)?.[0]);
  if (fields === undefined) return undefined;
  const set = fields.find(({ tag }) => tag === 0xa0);
  return set === undefined
    ? []
    : childrenOf(set)
        ?.filter(({ tag }) => tag === 0x30)
        .map(({ raw }) => raw);
}
