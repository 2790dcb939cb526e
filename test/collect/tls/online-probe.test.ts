import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isPublic, onlineFacts } from '../../../src/collect/tls/online-probe.ts';
import { unknown, type Fact, type FactValue } from '../../../src/model/fact.ts';
import type { CaaRecord, HttpAnswer, HttpRequest, Network } from '../../../src/world/network.ts';

/** An authority made by openssl, with its index, so that answers are those of a real responder and a real list. */
const directory = mkdtempSync(join(tmpdir(), 'custos-online-'));
const file = (name: string): string => join(directory, name);
const openssl = (...args: readonly string[]): Buffer =>
  execFileSync('openssl', args, { cwd: directory, stdio: ['ignore', 'pipe', 'pipe'] });
const der = (name: string): Uint8Array => openssl('x509', '-in', file(name), '-outform', 'DER');

const CONFIG = `
[ca]
default_ca = own
[own]
database = ${file('index.txt')}
serial = ${file('serial')}
crlnumber = ${file('crlnumber')}
new_certs_dir = ${directory}
certificate = ${file('ca.crt')}
private_key = ${file('ca.key')}
default_md = sha256
policy = any
default_crl_days = 7
[any]
commonName = supplied
[leaf]
basicConstraints = CA:FALSE
authorityInfoAccess = OCSP;URI:http://ocsp.authority.example/
crlDistributionPoints = URI:http://crl.authority.example/own.crl
[list]
basicConstraints = CA:FALSE
crlDistributionPoints = URI:http://crl.authority.example/own.crl
[delta]
2.5.29.27 = critical,ASN1:INTEGER:1
[partial]
issuingDistributionPoint = @some
[some]
onlyuser = TRUE
[foreign]
1.3.6.1.4.1.99999.1 = critical,ASN1:NULL
[harmless]
1.3.6.1.4.1.99999.1 = ASN1:NULL
[inside]
basicConstraints = CA:FALSE
authorityInfoAccess = OCSP;URI:http://169.254.169.254/latest
`;

/** So many days from now, as openssl reads it. */
function momentIn(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString().replace(/[-:T]|\.\d+/g, '');
}

beforeAll(() => {
  writeFileSync(file('openssl.cnf'), CONFIG);
  writeFileSync(file('index.txt'), '');
  writeFileSync(file('serial'), 'A1\n');
  writeFileSync(file('crlnumber'), '01\n');
  openssl(
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-keyout',
    'ca.key',
    '-out',
    'ca.crt',
    '-days',
    '400',
    '-subj',
    '/CN=Own CA',
    '-addext',
    'keyUsage=critical,keyCertSign,cRLSign,digitalSignature',
  );
  const issue = (name: string, section: string, days: string): void => {
    openssl(
      'req',
      '-new',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-keyout',
      `${name}.key`,
      '-out',
      `${name}.csr`,
      '-subj',
      `/CN=${name}.example`,
    );
    openssl(
      'ca',
      '-batch',
      '-config',
      'openssl.cnf',
      '-extensions',
      section,
      '-in',
      `${name}.csr`,
      '-out',
      `${name}.crt`,
      '-days',
      days,
      '-notext',
    );
  };
  issue('good', 'leaf', '90');
  issue('bad', 'leaf', '90');
  issue('listed', 'list', '90');
  issue('brief', 'leaf', '5');
  issue('inside', 'inside', '90');
  openssl('ca', '-config', 'openssl.cnf', '-revoke', 'bad.crt');
  openssl('ca', '-config', 'openssl.cnf', '-revoke', 'listed.crt');
  const list = (name: string, ...more: readonly string[]): void => {
    openssl('ca', '-config', 'openssl.cnf', '-gencrl', '-out', `${name}.pem`, ...more);
    openssl('crl', '-in', `${name}.pem`, '-outform', 'DER', '-out', `${name}.crl`);
  };
  list('own');
  for (const section of ['delta', 'partial', 'foreign', 'harmless']) list(section, '-crlexts', section);
  list('tomorrow', '-crl_lastupdate', momentIn(1), '-crl_nextupdate', momentIn(7));
  list('yesterday', '-crl_lastupdate', momentIn(-7), '-crl_nextupdate', momentIn(-1));
}, 30_000);
afterAll(() => rmSync(directory, { recursive: true }));

interface Told {
  readonly network: Network;
  readonly asked: HttpRequest[];
}

/** A network in which the authority has a public address and answers; nothing leaves the machine. */
function authority(
  more: {
    readonly address?: string;
    readonly ocsp?: 'silent' | 'garbage';
    readonly crl?: string | Uint8Array;
    readonly caa?: Readonly<Record<string, readonly CaaRecord[]>>;
  } = {},
): Told {
  const asked: HttpRequest[] = [];
  const answer = (body: Uint8Array): HttpAnswer => ({ status: 200, headers: [], body, cut: false });
  return {
    asked,
    network: {
      lookup: async (host) => (/^[\d.]+$/.test(host) ? [host] : [more.address ?? '198.52.100.7']),
      connect: async () => unknown('unreachable', 'nobody'),
      caa: async (name) => more.caa?.[name] ?? [],
      request: async (request) => {
        asked.push(request);
        const { crl = 'own' } = more;
        if (request.method === 'GET') return answer(typeof crl === 'string' ? readFileSync(file(`${crl}.crl`)) : crl);
        if (more.ocsp === 'silent') return unknown('timed-out', request.url);
        if (more.ocsp === 'garbage') return answer(Uint8Array.of(0x30, 0x03, 0x0a, 0x01, 0x06));
        writeFileSync(file('request.der'), request.body ?? new Uint8Array());
        openssl(
          'ocsp',
          '-index',
          'index.txt',
          '-CA',
          'ca.crt',
          '-rsigner',
          'ca.crt',
          '-rkey',
          'ca.key',
          '-reqin',
          'request.der',
          '-respout',
          'response.der',
          '-ndays',
          '1',
        );
        return answer(readFileSync(file('response.der')));
      },
    },
  };
}

async function facts(name: string, { network }: Told, host?: string): Promise<Readonly<Record<string, Fact<FactValue>>>> {
  return onlineFacts([der(`${name}.crt`), der('ca.crt')], host, {
    network,
    signal: new AbortController().signal,
    at: new Date().toISOString(),
    wire: (exchange) => ({ kind: 'wire', target: 't', exchange }),
  });
}
const said = (fact: Fact<FactValue> | undefined): unknown => (fact?.state === 'known' ? fact.value : (fact?.state ?? 'missing'));

describe('revocation', () => {
  test.each([
    ['good', 'good'],
    ['bad', 'revoked'],
  ])('%s by its authority’s responder', async (name, status) => expect(said((await facts(name, authority()))['revocation'])).toBe(status));
  test('the list where there is no responder', async () => {
    const told = authority();
    expect(said((await facts('listed', told))['revocation'])).toBe('revoked');
    expect(told.asked.map(({ method }) => method)).toEqual(['GET']);
  });
  test('the list where the responder is silent or says nonsense', async () => {
    expect(said((await facts('bad', authority({ ocsp: 'silent' })))['revocation'])).toBe('revoked');
    expect(said((await facts('good', authority({ ocsp: 'garbage' })))['revocation'])).toBe('good');
  });
  test.each([
    ['harmless', 'good'],
    ['delta', 'unknown'],
    ['partial', 'unknown'],
    ['foreign', 'unknown'],
    ['tomorrow', 'unknown'],
    ['yesterday', 'unknown'],
  ])('a list that is %s: %s, where it does not name the certificate', async (crl, status) => {
    expect(said((await facts('good', authority({ ocsp: 'silent', crl })))['revocation'])).toBe(status);
  });
  test('a list that is cut, or changed anywhere, never says good', async () => {
    const whole = readFileSync(file('own.crl'));
    // Each takes a signature to refuse: every third octet is in every field that there is.
    for (let at = 0; at < whole.length; at += 3) {
      const changed = Uint8Array.from(whole);
      changed[at] = (changed[at] ?? 0) ^ 0x21;
      for (const crl of [whole.subarray(0, at), changed]) {
        const { revocation } = await facts('good', authority({ ocsp: 'silent', crl }));
        expect([at, said(revocation)]).toEqual([at, 'unknown']);
      }
    }
  });
  test('not needed for five days, and nobody is asked', async () => {
    const told = authority();
    expect(said((await facts('brief', told))['revocation'])).toBe('not-needed');
    expect(told.asked).toEqual([]);
  });
  test('without the issuer’s certificate nothing can be asked', async () => {
    const told = authority();
    const { revocation } = await onlineFacts([der('good.crt')], undefined, {
      network: told.network,
      signal: new AbortController().signal,
      at: new Date().toISOString(),
      wire: (exchange) => ({ kind: 'wire', target: 't', exchange }),
    });
    expect(said(revocation)).toBe('unknown');
  });
  test('an address that the certificate’s maker chose inside a network is not asked', async () => {
    for (const told of [authority({ address: '10.0.0.1' }), authority({ address: '127.0.0.1' })]) {
      expect(said((await facts('good', told))['revocation'])).toBe('unknown');
      expect(told.asked).toEqual([]);
    }
    const told = authority();
    expect(said((await facts('inside', told))['revocation'])).toBe('unknown');
    expect(told.asked).toEqual([]);
  });
});

describe('CAA', () => {
  const caa = {
    example: [],
    'pay.example': [
      { tag: 'issue', value: 'one.example; policy=ev' },
      { tag: 'issuewild', value: ';' },
      { tag: 'iodef', value: 'mailto:a@b' },
    ],
  };
  test('the nearest name above that has records', async () => {
    const fact = (await facts('brief', authority({ caa }), 'www.pay.example'))['caa_issuers'];
    expect(fact?.state === 'known' && (fact.value as readonly Fact<string>[]).map(said)).toEqual(['one.example']);
  });
  test.each([
    ['iodef alone', [{ tag: 'iodef', value: 'mailto:a@b' }], 'absent'],
    ['issuewild alone', [{ tag: 'issuewild', value: 'one.example' }], 'absent'],
    ['a tag of its own alone', [{ tag: 'policy', value: 'x' }], 'absent'],
    ['capitals', [{ tag: 'Issue', value: 'One.example' }], ['One.example']],
    ['nobody at all', [{ tag: 'issue', value: ';' }], []],
  ])('%s', async (_, records, wanted) => {
    const fact = (await facts('brief', authority({ caa: { 'pay.example': records } }), 'pay.example'))['caa_issuers'];
    expect(fact?.state === 'known' ? (fact.value as readonly Fact<string>[]).map(said) : fact?.state).toEqual(wanted);
  });
  test('none up to the top is absent; no answer is unknown', async () => {
    expect(said((await facts('brief', authority({ caa }), 'other.example'))['caa_issuers'])).toBe('absent');
    const told = authority();
    const silent = { ...told, network: { ...told.network, caa: async () => unknown('timed-out', 'resolver') } };
    expect(said((await facts('brief', silent, 'other.example'))['caa_issuers'])).toBe('unknown');
  });
});

test('public addresses', () => {
  for (const address of ['8.8.8.8', '2606:4700::1111', '198.52.100.7']) expect(isPublic(address), address).toBe(true);
  for (const address of [
    '10.1.2.3',
    '100.64.0.1',
    '127.0.0.1',
    '169.254.169.254',
    '168.63.129.16',
    '172.31.0.1',
    '192.168.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '::1',
    'fe80::1',
    'fd00::1',
    '::ffff:8.8.8.8',
    '2001:db8::1',
    '2002:7f00:1::',
    'localhost',
  ])
    expect(isPublic(address), address).toBe(false);
});
