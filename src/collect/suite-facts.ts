import { known, type Origin } from '../model/fact.ts';
import type { KindFacts } from '../resources/kind.ts';
import type { tlsListener } from '../resources/tls-listener.ts';
import type { CipherSuite } from '../tls/cipher-suites.ts';

type Suites = Extract<KindFacts<typeof tlsListener>['suites'], { state: 'known' }>['value'];
export type SuiteRecord = Extract<Suites[number], { state: 'known' }>['value'];
export type SuiteVersions = SuiteRecord['versions'];

/** What the registry says of a suite, as facts of one origin, with the versions it is accepted in. */
export function suiteRecord(suite: CipherSuite, versions: SuiteVersions, origin: Origin): SuiteRecord {
  const protocol = suite.since === 'TLSv1.3' || suite.since === 'TLCP' ? suite.since : 'TLSv1.2';
  return {
    name: known(suite.name, origin),
    iana: known(suite.iana, origin),
    protocol: known(protocol, origin),
    versions,
    key_exchange: known(suite.keyExchange, origin),
    authentication: known(suite.authentication, origin),
    encryption: known(suite.encryption, origin),
    bits: known(suite.bits, origin),
    aead: known(suite.aead, origin),
    export_grade: known(suite.exportGrade, origin),
  };
}
