import { createHash } from 'node:crypto';
import { EXTENSION } from '../../tls/client-hello.ts';
import { CIPHER_SUITES } from '../../tls/cipher-suites.ts';
import type { Answer } from '../../tls/exchange.ts';
import { hex } from '../../tls/bytes.ts';
import { groupName } from '../../tls/named-groups.ts';
import { schemeName } from '../../tls/signature-schemes.ts';
import { protocolName, protocolOf, type Protocol } from '../../tls/protocols.ts';
import type { ServerHello } from '../../tls/server-messages.ts';
import type { Seen, SeenChain } from './observation.ts';
import { none, seen, unseen } from './observation.ts';
import { unknown, type Unknown } from '../../model/fact.ts';

/** No host means to show so many certificates: a farm behind one address has a few dozen. */
const MAX_CHAINS = 48;

function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('base64');
}

type Hello = Extract<Answer, { kind: 'hello' }>;

/** What every handshake tells beside what it was made for. Nothing is asked twice: each hello is read to its end. */
export class Notebook {
  readonly #chains = new Map<string, SeenChain>();
  /** Groups and primes, and the ephemeral keys that came in each. */
  readonly #keys = new Map<string, Set<string>>();
  readonly #serverName: string | undefined;
  /** Groups and signature algorithms that ServerKeyExchanges showed, with the exchange that did. */
  readonly groups = new Map<number, string>();
  readonly schemes = new Map<number, string>();
  #keyExchanges = 0;
  /** Key exchanges in a group that had come before: only these show whether a key is used again. */
  #comparable = 0;
  #reused: string | undefined;
  #renegotiation: { readonly value: boolean; readonly exchange: string } | undefined;
  #ems: { readonly value: boolean; readonly exchange: string } | undefined;
  #etm: { readonly value: boolean; readonly exchange: string } | undefined;
  #tickets: { readonly value: boolean; readonly exchange: string } | undefined;
  #sentinel: { readonly value: string; readonly exchange: string } | undefined;
  #authorities: { readonly value: readonly Uint8Array[] | undefined; readonly exchange: string } | undefined;
  #overfull = false;
  #staple: { readonly value: boolean; readonly exchange: string } | undefined;

  constructor(serverName: string | undefined) {
    this.#serverName = serverName;
  }

  /** Reads what a hello up to TLS 1.2 was answered with. */
  note(answer: Hello, exchange: string, serverName: string | undefined = this.#serverName): void {
    const { hello, flight } = answer;
    const protocol = protocolOf(hello.version);
    if (flight.certificates !== undefined && flight.certificates.length > 0)
      this.chain({
        certificates: flight.certificates,
        exchange,
        ...(serverName === undefined ? {} : { serverName }),
        ...(flight.status === undefined ? {} : { status: flight.status }),
        ...(hello.extensions.has(EXTENSION.sct) ? { scts: hello.extensions.get(EXTENSION.sct) ?? new Uint8Array() } : {}),
        tlcp: protocol === 'TLCP',
      });
    if (protocol === 'TLCP' || protocol === 'TLSv1.3' || protocol === undefined) return;
    this.#renegotiation ??= { value: hello.extensions.has(EXTENSION.renegotiationInfo), exchange };
    if (protocol !== 'SSLv3') {
      this.#ems ??= { value: hello.extensions.has(EXTENSION.extendedMasterSecret), exchange };
      const suite = CIPHER_SUITES.get(hello.suite);
      if (suite?.aead === false && !['RC4', 'NULL'].includes(suite.encryption))
        this.#etm ??= { value: hello.extensions.has(EXTENSION.encryptThenMac), exchange };
    }
    this.#sentinel ??= { value: hex(hello.random.subarray(24)), exchange };
    if (answer.whole) this.#authorities ??= { value: flight.authorities, exchange };
    this.#key(answer, exchange);
  }

  #key({ flight }: Hello, exchange: string): void {
    const { keyExchange } = flight;
    if (keyExchange?.kind !== 'ecdhe' && keyExchange?.kind !== 'dhe') return;
    this.#keyExchanges += 1;
    if (keyExchange.kind === 'ecdhe' && !this.groups.has(keyExchange.group))
      this.groups.set(keyExchange.group, `${exchange}, ${groupName(keyExchange.group)}`);
    if (keyExchange.scheme !== undefined && !this.schemes.has(keyExchange.scheme))
      this.schemes.set(keyExchange.scheme, `${exchange}, ${schemeName(keyExchange.scheme)}`);
    const group = keyExchange.kind === 'ecdhe' ? String(keyExchange.group) : digest(keyExchange.prime);
    const key = digest(keyExchange.key);
    const before = this.#keys.get(group);
    if (before === undefined) this.#keys.set(group, new Set([key]));
    else {
      this.#comparable += 1;
      if (before.has(key)) this.#reused ??= exchange;
      before.add(key);
    }
  }

  /** A chain that was sent; each leaf once, and once more where no server name was asked for. */
  chain(chain: SeenChain): void {
    const leaf = chain.certificates[0];
    if (leaf === undefined) return;
    const key = `${digest(leaf)} ${chain.serverName ?? ''}`;
    const before = this.#chains.get(key);
    this.#overfull ||= before === undefined && this.#chains.size >= MAX_CHAINS;
    if (this.#overfull && before === undefined) return;
    if (before === undefined || (before.status === undefined && chain.status !== undefined)) this.#chains.set(key, chain);
  }

  get chains(): readonly SeenChain[] {
    return [...this.#chains.values()];
  }

  /** Why there may be more of them. */
  get chainGaps(): readonly Unknown[] {
    return this.#overfull ? [unknown('unsupported', `more than ${MAX_CHAINS} certificates`)] : [];
  }

  /** A hello that asked for tickets and staples. */
  noteOffers(hello: ServerHello, staple: boolean | undefined, exchange: string): void {
    if (protocolOf(hello.version) !== 'TLSv1.3') this.#tickets ??= { value: hello.extensions.has(EXTENSION.sessionTicket), exchange };
    if (staple !== undefined) this.#staple ??= { value: staple, exchange };
  }

  #fact<T>(noted: { readonly value: T; readonly exchange: string } | undefined, older: ProtocolsBelow13, missing: Unknown): Seen<T> {
    if (noted !== undefined) return seen(noted.value, noted.exchange);
    return older.state === 'none' ? none(older.exchange) : unseen(older.state === 'unknown' ? older.why : missing);
  }

  /** RFC 5746; `none` where nothing below TLS 1.3 is spoken. */
  secureRenegotiation(older: ProtocolsBelow13, missing: Unknown): Seen<boolean> {
    return this.#fact(this.#renegotiation, older, missing);
  }

  extendedMasterSecret(older: ProtocolsBelow13, missing: Unknown): Seen<boolean> {
    return this.#fact(this.#ems, older, missing);
  }

  encryptThenMac(cbc: ProtocolsBelow13, missing: Unknown): Seen<boolean> {
    return this.#fact(this.#etm, cbc, missing);
  }

  tickets(older: ProtocolsBelow13, missing: Unknown): Seen<boolean> {
    return this.#fact(this.#tickets, older, missing);
  }

  stapling(missing: Unknown): Seen<boolean> {
    return this.#staple === undefined ? unseen(missing) : seen(this.#staple.value, this.#staple.exchange);
  }

  authorities(missing: Unknown): Seen<readonly Uint8Array[] | undefined> {
    return this.#authorities === undefined ? unseen(missing) : seen(this.#authorities.value, this.#authorities.exchange);
  }

  /** RFC 8446 4.1.3: a server with TLS 1.3 ends the random of an older hello with DOWNGRD and 01 (00 below TLS 1.2). */
  sentinel(): { readonly set: boolean; readonly exchange: string } | undefined {
    if (this.#sentinel === undefined) return undefined;
    return { set: /^444f574e4752440[01]$/.test(this.#sentinel.value), exchange: this.#sentinel.exchange };
  }

  reusesKeys(older: ProtocolsBelow13, missing: Unknown): Seen<boolean> {
    if (this.#reused !== undefined) return seen(true, this.#reused);
    if (this.#comparable > 0) return seen(false, `${this.#keyExchanges} handshakes, as many ephemeral keys`);
    return older.state === 'none' ? none(older.exchange) : unseen(older.state === 'unknown' ? older.why : missing);
  }
}

/** Is anything older than TLS 1.3 spoken? `none` where every version was refused. */
export type ProtocolsBelow13 = Seen<readonly Protocol[]>;

/**
 * What was not seen yet first: a server that follows the client's order then shows something new in every handshake, and
 * none is offered less than before.
 */
export function rotated(all: readonly number[], known: ReadonlyMap<number, string>): readonly number[] {
  return [...all.filter((code) => !known.has(code)), ...all.filter((code) => known.has(code))];
}

/** How an exchange reads in evidence. */
export function exchangeText(protocol: Protocol, what: string, answer: string): string {
  return `ClientHello ${protocolName(protocol)}${what === '' ? '' : `, ${what}`} → ${answer}`;
}
