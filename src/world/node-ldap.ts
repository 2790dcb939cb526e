import type { Socket } from 'node:net';
import type { Client, Entry } from 'ldapts';
import { unknown, type Unknown } from '../model/fact.ts';
import { addressText, type DatabaseAddress } from './database-address.ts';
import type { DatabaseLogin } from './database.ts';
import { ldapResult } from './ldap-result.ts';
import type { LdapAnswer, LdapEntry, LdapSearch, LdapSession } from './ldap.ts';
import { LdapStream } from './node-ldap-stream.ts';
import { dialAddress, openLogin, refusalOf, secured, transportOf } from './node-login.ts';
import { connectionOver } from './node-socket.ts';
import type { OpenedSecrets } from './secret.ts';

/** Result codes that say "not in clear" (RFC 4511 A.2). */
const CONFIDENTIALITY_REQUIRED = 13;
const CONFIDENTIALITY = new Set([8, CONFIDENTIALITY_REQUIRED]);
/** Bytes that a bind may bring, and a search: 100,000 accounts with what is asked of them. */
const BIND_BYTES = 64 * 1024;
const SEARCH_BYTES = 128 * 1024 * 1024;
/** Entries a page; a search may take so many times as long as connecting. */
const PAGE = 500;
const PATIENCE = 4;

/**
 * Opens a session: by StartTLS before a password goes over a network, and where the server wants it so. Who gives no name binds as
 * nobody, over ldapi:// as the user of this process (SASL EXTERNAL).
 */
export async function nodeLdap(login: DatabaseLogin, secrets: OpenedSecrets): Promise<LdapSession | Unknown> {
  const opened = openLogin('ldap', login, secrets);
  if ('state' in opened) return opened;
  const { address, password } = opened;
  if (login.anonymous === true) return asNobody(address, login);
  if (address.user === undefined && password === undefined)
    return address.scheme === 'ldapi' ? bound(address, login, false, (client) => client.bind('EXTERNAL')) : asNobody(address, login);
  // A name without a password is no proof, and succeeds on servers that allow it (RFC 4513 5.1.2).
  if (address.user === undefined || password === undefined) return unknown('unresolved', 'a name or a password is missing');
  const { user } = address;
  const asUser = (client: Client): Promise<void> => client.bind(user, password);
  const first = await bound(address, { ...login, insecure: login.insecure && address.scheme !== 'ldap' }, false, asUser);
  // The server wants TLS, or the way is not safe: StartTLS, on a new connection.
  if (!('state' in first && 'upgrade' in first)) return first;
  const upgraded = await bound(address, login, true, asUser);
  // In clear over a network only where there is no TLS to be had, and the target says that it may be so.
  return 'state' in upgraded && login.insecure && upgraded.cause === 'refused' ? bound(address, login, false, asUser) : upgraded;
}

/** Nobody in clear, and by StartTLS where the server answers no other way. */
async function asNobody(address: DatabaseAddress, login: DatabaseLogin): Promise<LdapSession | Unknown> {
  const bind = (client: Client): Promise<void> => client.bind('', '');
  const clear = await bound(address, login, false, bind, true);
  if ('state' in clear || address.scheme !== 'ldap' || clear.bind !== CONFIDENTIALITY_REQUIRED) return clear;
  const secure = await bound(address, login, true, bind, true);
  if ('state' in secure) return clear;
  clear.close();
  return { ...secure, inClear: clear.bind };
}

/** An outcome that TLS may change. */
type Upgradable = Unknown & { readonly upgrade: true };

async function bound(
  address: DatabaseAddress,
  login: DatabaseLogin,
  upgrade: boolean,
  bind: (client: Client) => Promise<void>,
  nobody = false,
): Promise<LdapSession | Unknown | Upgradable> {
  const plain = await dialAddress(address, login);
  if ('state' in plain) return plain;
  const refused = upgrade ? await startTls(plain, login) : undefined;
  if (refused !== undefined) {
    plain.destroy();
    return refused;
  }
  const socket = upgrade || address.scheme === 'ldaps' ? await secured(plain, address, login) : plain;
  if ('state' in socket) return socket;
  const transport = transportOf(socket, address);
  if (!nobody && address.scheme !== 'ldapi') {
    const unsafe = refusalOf(transport, login.insecure);
    if (unsafe !== undefined) {
      socket.destroy();
      return upgrade || address.scheme === 'ldaps' ? unsafe : { ...unsafe, upgrade: true };
    }
  }
  const stream = new LdapStream(socket, BIND_BYTES);
  const client = await clientOver(stream, login);
  const failed = await bind(client).then(
    () => undefined,
    (error: unknown) => error,
  );
  const code = failed === undefined ? 0 : codeOf(failed);
  const identity = code === 0 ? await whoAmI(client) : '';
  const session = sessionOver(client, stream, { transport, address, bind: code ?? 80, identity }, login);
  if (code === 0 || (nobody && code !== undefined)) return session;
  session.close();
  if (code === undefined) return whyOf(failed);
  const why = unknown('access-denied', `bind: ${ldapResult(code)}`);
  return CONFIDENTIALITY.has(code) && !upgrade && address.scheme === 'ldap' ? { ...why, upgrade: true } : why;
}

const WHO_AM_I = '1.3.6.1.4.1.4203.1.11.3';

async function whoAmI(client: Client): Promise<string | undefined> {
  const answer = await client.exop(WHO_AM_I).catch(() => undefined);
  return answer === undefined
    ? undefined
    : (/^dn:(.*)$/s.exec(answer.value ?? '')?.[1] ?? (answer.value === undefined || answer.value === '' ? '' : undefined));
}

async function clientOver(stream: LdapStream, { timeout }: DatabaseLogin): Promise<Client> {
  const { Client } = await import('ldapts');
  stream.on('error', () => undefined);
  let given = false;
  return new Client({
    url: 'ldap://directory.invalid',
    timeout: timeout * PATIENCE,
    connectTimeout: timeout,
    strictDN: false,
    createConnection: () => {
      // The library connects anew when a connection was lost. That one would be nobody's, and in clear.
      if (given || stream.destroyed) throw new Error('the connection ended');
      given = true;
      return stream;
    },
  });
}

function sessionOver(
  client: Client,
  stream: LdapStream,
  about: Pick<LdapSession, 'transport' | 'address' | 'bind' | 'identity'>,
  { timeout, signal }: DatabaseLogin,
): LdapSession {
  const close = (): void => {
    signal.removeEventListener('abort', close);
    void client.unbind().catch(() => undefined);
    stream.destroy();
  };
  signal.addEventListener('abort', close, { once: true });
  return {
    ...about,
    close,
    search: (search) => {
      stream.allow(SEARCH_BYTES);
      const until = performance.now() + timeout * PATIENCE;
      return signal.aborted
        ? Promise.resolve(unknown('timed-out', addressText(about.address)))
        : searched(client, search, until, Math.ceil((timeout * PATIENCE) / 1000));
    },
  };
}

async function searched(
  client: Client,
  { base, scope, filter, attributes, max }: LdapSearch,
  until: number,
  timeLimit: number,
): Promise<LdapAnswer | Unknown> {
  const entries: LdapEntry[] = [];
  let referred = false;
  const options = { scope, filter, attributes: [...attributes], timeLimit, paged: { pageSize: Math.min(PAGE, max + 1) } };
  try {
    // One entry is answered whole; a page of it would be refused by servers that know no pages.
    if (scope === 'base') entries.push(...(await client.search(base, { ...options, paged: false })).searchEntries.map(entryOf));
    else
      for await (const page of client.searchPaginated(base, options)) {
        entries.push(...page.searchEntries.map(entryOf));
        referred ||= page.searchReferences.length > 0;
        if (entries.length > max || performance.now() > until) return { entries: entries.slice(0, max), code: 0, more: true, referred };
      }
    return { entries, code: 0, more: false, referred };
  } catch (error) {
    const code = codeOf(error);
    return code === undefined ? whyOf(error) : { entries: entries.slice(0, max), code, more: true, referred };
  }
}

/** Attributes that hold passwords: what leaves this room is how they are stored. */
const SECRETS = new Set(['userpassword', 'olcrootpw', 'olcsyncrepl']);

function entryOf({ dn, ...attributes }: Entry): LdapEntry {
  const read = Object.entries(attributes).map(([name, value]) => {
    const key = (name.split(';')[0] ?? '').toLowerCase();
    const texts = (Array.isArray(value) ? value : [value]).map((one) => (typeof one === 'string' ? one : one.toString('utf8')));
    return [key, SECRETS.has(key) ? texts.map(schemeOf) : texts] as const;
  });
  return { dn, attributes: new Map(read.filter(([, values]) => values.length > 0)) };
}

/** `{SSHA}`, `{CRYPT}$6$`: the scheme of RFC 2307, and the method of crypt(5). Without one it stands there in clear. */
function schemeOf(value: string): string {
  const [scheme] = /^\{[A-Za-z0-9./_-]{1,32}\}/.exec(value) ?? [];
  if (scheme === undefined) return '{CLEARTEXT}';
  if (!/^\{crypt\}$/i.test(scheme)) return scheme.toUpperCase();
  const [method = ''] = /^\$[a-z0-9-]{1,12}\$/i.exec(value.slice(scheme.length)) ?? [];
  return `{CRYPT}${method}`;
}

/** The server’s result code; undefined where it is not the server that said no. */
function codeOf(error: unknown): number | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'number' ? error.code : undefined;
}

function whyOf(error: unknown): Unknown {
  const text = error instanceof Error ? error.message : String(error);
  if (/timed out|timeout/i.test(text)) return unknown('timed-out', 'no answer');
  if (error instanceof Error && 'code' in error && error.code === 'NO_LDAP_MESSAGE') return unknown('unparseable', 'no LDAP message');
  return /socket|connection/i.test(text) ? unknown('unreachable', 'the connection ended') : unknown('unparseable', 'no LDAP message');
}

/** ExtendedRequest of StartTLS (RFC 4511 4.14), message 1; and the start of its success, whatever the width of its lengths. */
const START_TLS = Buffer.from('301d02010177188016312e332e362e312e342e312e313436362e3230303337', 'hex');
const MAX_ANSWER = 1024;

/** Asks for TLS. What came behind the answer in clear is dropped with it: it is nobody’s word. */
async function startTls(socket: Socket, { timeout, signal }: DatabaseLogin): Promise<Unknown | undefined> {
  const { connection, release } = connectionOver(socket, signal);
  connection.write(START_TLS);
  const until = performance.now() + timeout;
  let answer = Buffer.alloc(0);
  for (;;) {
    const received = await connection.read(until - performance.now());
    if (received.kind === 'timed-out') return unknown('timed-out', 'StartTLS');
    if (received.kind !== 'bytes') return unknown('unreachable', 'StartTLS: the connection ended');
    answer = Buffer.concat([answer, received.bytes]);
    const code = extendedResult(answer);
    if (code === 0) {
      release();
      return undefined;
    }
    if (code === 'none' || answer.length > MAX_ANSWER) return unknown('unparseable', 'no extended response');
    if (code !== undefined) return unknown('refused', code === 2 ? 'StartTLS: the server offers no TLS' : `StartTLS: ${ldapResult(code)}`);
  }
}

/** Result code of a whole ExtendedResponse to message 1; undefined until it is whole. */
function extendedResult(bytes: Buffer): number | 'none' | undefined {
  const message = contents(bytes, 0, 0x30);
  if (message === undefined || message === 'none') return message;
  if (bytes.length < message.end) return undefined;
  const id = contents(bytes, message.start, 0x02);
  if (id === undefined || id === 'none' || id.end - id.start !== 1 || id.end > bytes.length || bytes.readUInt8(id.start) !== 1)
    return 'none';
  const response = contents(bytes, id.end, 0x78);
  if (response === undefined || response === 'none') return 'none';
  const code = contents(bytes, response.start, 0x0a);
  return code === undefined || code === 'none' || code.end - code.start !== 1 || code.end > bytes.length
    ? 'none'
    : bytes.readUInt8(code.start);
}

function contents(bytes: Buffer, at: number, tag: number): { readonly start: number; readonly end: number } | 'none' | undefined {
  if (bytes.length < at + 2) return undefined;
  if (bytes.readUInt8(at) !== tag) return 'none';
  const first = bytes.readUInt8(at + 1);
  if (first < 0x80) return { start: at + 2, end: at + 2 + first };
  const octets = first & 0x7f;
  if (octets < 1 || octets > 4) return 'none';
  if (bytes.length < at + 2 + octets) return undefined;
  const start = at + 2 + octets;
  return { start, end: start + bytes.readUIntBE(at + 2, octets) };
}
