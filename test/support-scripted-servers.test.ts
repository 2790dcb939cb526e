import { createPublicKey, verify, X509Certificate } from 'node:crypto';
import { afterEach, expect, test } from 'vitest';
import { certificate, openssl } from './support/servers/certificate.ts';
import type { Server } from './support/servers/daemon.ts';
import { startHelloServer, type HelloServerOptions } from './support/servers/hello-server.ts';
import { HOSTILITIES, startHostileServer } from './support/servers/hostile-server.ts';
import { ask, clientHello, groupsExtension, tls13Extensions, told, type HelloFields } from './support/servers/raw-client.ts';
import { opensslClient } from './support/servers/scanners.ts';
import { SSLV2_SPECS, startSslv2Server } from './support/servers/sslv2-server.ts';
import { startTlcpServer, tlcpCertificates } from './support/servers/tlcp-server.ts';
import { startTls13Server, type Tls13Options } from './support/servers/tls13-server.ts';
import { derOf, EXTENSION, Reader, TLS12, TLS13, uint, vector, type Extension } from './support/servers/wire.ts';

const running: Server[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.stop()));
});

async function started<S extends Server>(starting: Promise<S>): Promise<S> {
  const server = await starting;
  running.push(server);
  return server;
}

const EMS: Extension = [0x0017, Buffer.alloc(0)];
const SNI: Extension = [0, vector(2, Buffer.concat([Buffer.from([0]), vector(2, Buffer.from('localhost'))]))];

test('SSLv2 answers with the specs both know, or with none', async () => {
  const specs = Buffer.concat(SSLV2_SPECS.map((spec) => uint(3, spec)));
  const body = Buffer.concat([Buffer.from([1, 0, 2, 0, specs.length, 0, 0, 0, 16]), specs, Buffer.alloc(16, 1)]);
  const hello = Buffer.concat([uint(2, 0x8000 | body.length), body]);
  for (const offered of [SSLV2_SPECS, SSLV2_SPECS.slice(2, 4), []]) {
    const { port } = await started(startSslv2Server({ specs: offered }));
    const { bytes } = await ask(port, [hello]);
    const answer = new Reader(bytes);
    expect([answer.uint(2) & 0x7fff, answer.uint(1)]).toEqual([bytes.length - 2, 4]);
    answer.take(4);
    const [certificateLength, specsLength] = [answer.uint(2), answer.uint(2), answer.uint(2)];
    expect(new X509Certificate(answer.take(certificateLength ?? 0)).subject).toContain('CN=localhost');
    expect(specsLength).toBe(offered.length * 3);
  }
});

test('TLCP answers its own version alone, with two certificates and a signature over the second', async () => {
  const { port } = await started(startTlcpServer());
  const tlcp = (suites: readonly number[], recordVersion = 0x0101): Buffer => clientHello({ version: 0x0101, recordVersion, suites });
  const hello = tlcp([0xe011, 0xe053, 0xe013]);
  const answer = await ask(port, [hello]);
  expect(told(answer)).toEqual(['ServerHello e013 101', 'Certificate', 'ServerKeyExchange', 'ServerHelloDone']);
  expect(told(await ask(port, [tlcp([0xe053])]))[0]).toBe('ServerHello e053 101');
  expect(told(await ask(port, [tlcp([0xe011, 0xe051])]))).toEqual(['alert 40']);
  expect(told(await ask(port, [tlcp([0xe013], 0x0301)]))).toEqual(['alert 70']);

  const { signing, encryption } = tlcpCertificates();
  const records = new Reader(answer.bytes);
  const bodies = Array.from({ length: 4 }, () => (records.take(3), records.vector(2).subarray(4)));
  const chain = new Reader(new Reader(bodies[1] ?? Buffer.alloc(0)).vector(3));
  expect([chain.vector(3), chain.vector(3)]).toEqual([derOf(signing), derOf(encryption)]);
  const signed = Buffer.concat([hello.subarray(11, 43), bodies[0]?.subarray(2, 34) ?? Buffer.alloc(0), vector(3, derOf(encryption))]);
  const key = createPublicKey(openssl('x509', '-in', signing.cert, '-noout', '-pubkey'));
  expect(verify('sm3', signed, key, new Reader(bodies[2] ?? Buffer.alloc(0)).vector(2))).toBe(true);
  expect(openssl('x509', '-in', encryption.cert, '-noout', '-ext', 'keyUsage')).toContain('Key Encipherment');
});

const tls13Hello = (suites: readonly number[], groups: readonly number[], shares: readonly (readonly [number, number])[]): Buffer =>
  clientHello({ suites, extensions: tls13Extensions(groups, shares) });

test('TLS 1.3 names suite and group in a HelloRetryRequest, whatever they are', async () => {
  const groups = [0x11ec, 0x11eb, 0x11ed, 0x0200, 0x0201, 0x0202, 0x11ee, 0x0029, 0x001d];
  const { port } = await started(startTls13Server({ suites: [0x00c6, 0x00c7, 0x1301], groups }));
  for (const group of groups) {
    const { bytes } = await ask(port, [tls13Hello([0x00c7], [group], [])]);
    expect(told({ bytes, end: 'silence' })).toEqual(['HelloRetryRequest 00c7']);
    expect(bytes.readUInt16BE(bytes.length - 2)).toBe(group);
  }
  expect(told(await ask(port, [tls13Hello([0x1301], [0x0017], [])]))).toEqual(['alert 40']);
  expect(told(await ask(port, [tls13Hello([0x1301], [0x001d], [[0x001d, 32]])]))).toEqual(['ServerHello 1301', 'record 20', 'record 23']);
  expect(told(await ask(port, [clientHello({ suites: [0x1301] })]))).toEqual(['alert 70']);
});

test('TLS 1.3 can ask for a cookie, and refuse shares that are none', async () => {
  const second = async (options: Tls13Options, cookie: Buffer | undefined): Promise<readonly string[]> => {
    const { port } = await started(startTls13Server(options));
    const extensions = [
      ...tls13Extensions([0x001d], [[0x001d, 32]]),
      ...(cookie === undefined ? [] : [[EXTENSION.cookie, vector(2, cookie)] as const]),
    ];
    return told(await ask(port, [tls13Hello([0x1301], [0x001d], []), clientHello({ suites: [0x1301], extensions })]));
  };
  const cookie = Buffer.from('biscuit');
  expect(await second({ cookie }, cookie)).toEqual(['HelloRetryRequest 1301', 'ServerHello 1301', 'record 20', 'record 23']);
  expect(await second({ cookie }, undefined)).toEqual(['HelloRetryRequest 1301', 'alert 47']);
  expect(await second({}, undefined)).toEqual(['HelloRetryRequest 1301', 'ServerHello 1301', 'record 20', 'record 23']);

  const answers = async (leastShare: 'empty' | 'any' | 'real'): Promise<readonly string[]> => {
    const { port } = await started(startTls13Server({ leastShare, groups: [0x0017] }));
    const shares = [[], [[0x3a3a, 1]], [[0x001d, 32]]] as const;
    return Promise.all(shares.map(async (list) => told(await ask(port, [tls13Hello([0x1301], [0x3a3a, 0x001d, 0x0017], list)]))[0] ?? ''));
  };
  const retry = 'HelloRetryRequest 1301';
  expect(await answers('empty')).toEqual([retry, retry, retry]);
  expect(await answers('any')).toEqual(['alert 47', retry, retry]);
  expect(await answers('real')).toEqual(['alert 47', 'alert 47', retry]);
});

async function answerOf(options: HelloServerOptions, fields: Partial<HelloFields> = {}): Promise<readonly string[]> {
  const { port } = await started(startHelloServer(options));
  return told(await ask(port, [clientHello({ suites: [0x002f, 0xc02f], extensions: [groupsExtension([0x001d]), EMS], ...fields })]));
}

test('the hello server is an ordinary one', async () => {
  const flight = ['ServerHello c02f', 'Certificate', 'ServerKeyExchange', 'ServerHelloDone'];
  expect(await answerOf({})).toEqual(flight);
  expect(await answerOf({ clientOrder: true })).toEqual(['ServerHello 002f', 'Certificate', 'ServerHelloDone']);
  expect(await answerOf({ versions: [0x0301] })).toContain('ServerHello 002f 301');
  expect(await answerOf({ versions: [TLS12] }, { version: 0x0302 })).toEqual(['alert 70']);
  expect(await answerOf({}, { suites: [0x0001] })).toEqual(['alert 40']);
  // Its signatures are right, by OpenSSL's judgement, for both kinds of key and before TLS 1.2.
  for (const key of ['rsa', 'ec'] as const) {
    const { port } = await started(startHelloServer({ certificate: certificate({ key }) }));
    expect(await opensslClient(port, '-tls1_2', '-cipher', 'ECDHE+AESGCM:@SECLEVEL=0')).toContain('alert handshake failure');
    if (key === 'ec') continue;
    for (const suite of ['ECDHE-RSA-AES128-SHA', 'DHE-RSA-AES128-SHA'])
      expect(await opensslClient(port, '-tls1', '-cipher', `${suite}:@SECLEVEL=0`)).toContain('alert handshake failure');
  }
});

test('the hello server has the faults it is given', async () => {
  expect((await answerOf({ compressions: [1] }, { compressions: [1, 64, 0] }))[0]).toBe('ServerHello c02f compressed');
  expect((await answerOf({ compressions: [1] }))[0]).toBe('ServerHello c02f');
  const fallback = { version: 0x0302, suites: [0x002f, 0x5600] };
  expect(await answerOf({}, fallback)).toEqual(['alert 86']);
  expect((await answerOf({ ignoresFallback: true }, fallback))[0]).toBe('ServerHello 002f 302');
  expect((await answerOf({}, { suites: [0x002f, 0x5600] }))[0]).toBe('ServerHello 002f');
  expect((await answerOf({ warnsOfName: true }, { extensions: [SNI] })).slice(0, 2)).toEqual(['alert 112', 'ServerHello c02f']);
  expect((await answerOf({ unofferedSuite: 0x0005 }))[0]).toBe('ServerHello 0005');
  const many = Array.from({ length: 129 }, (_, index) => (index === 0 ? 0x002f : 0xff00 + index));
  expect(await answerOf({ mostSuites: 128 }, { suites: many })).toEqual([]);
  expect((await answerOf({ mostSuites: 128 }, { suites: many.slice(1).with(0, 0x002f) }))[0]).toBe('ServerHello 002f');
  const padded: readonly Extension[] = [[21, Buffer.alloc(250)]];
  expect(await answerOf({ hangs: [256, 511] }, { extensions: padded })).toEqual([]);
  expect((await answerOf({ hangs: [256, 511] }))[0]).toBe('ServerHello c02f');
  expect(await answerOf({ intolerantAbove: TLS12 }, { version: 0x0304 })).toEqual([]);
});

test('the hello server marks downgrades, and keeps its keys when told', async () => {
  const mark = async (options: HelloServerOptions, version = TLS12): Promise<string> => {
    const { port } = await started(startHelloServer(options));
    return (await ask(port, [clientHello({ version, suites: [0x002f] })])).bytes.subarray(35, 43).toString('hex');
  };
  expect(await mark({ tls13: {} })).toBe('444f574e47524401');
  expect(await mark({ tls13: {} }, 0x0302)).toBe('444f574e47524400');
  expect(await mark({}, 0x0301)).toBe('444f574e47524400');
  expect(await mark({ tls13: {}, noSentinel: true })).not.toContain('444f574e');
  const keys = async (reusesKeys: boolean): Promise<number> => {
    const { port } = await started(startHelloServer({ reusesKeys, suites: [0xc02f] }));
    const hello = clientHello({ suites: [0xc02f], extensions: [groupsExtension([0x001d])] });
    const answers = await Promise.all([1, 2].map(async () => (await ask(port, [hello])).bytes));
    return new Set(
      answers.map((bytes) =>
        bytes
          .subarray(bytes.indexOf(Buffer.from([3, 0, 0x1d, 32])) + 4)
          .subarray(0, 32)
          .toString('hex'),
      ),
    ).size;
  };
  expect([await keys(true), await keys(false)]).toEqual([1, 2]);
});

test('a server that counts connections goes silent, resets or closes', async () => {
  for (const [then, end] of [
    ['silence', 'silence'],
    ['reset', 'reset'],
    ['close', 'closed'],
  ] as const) {
    const { port } = await started(startHelloServer({ limit: { connections: 2, then } }));
    const hello = clientHello({ suites: [0x002f] });
    const ends: string[] = [];
    for (let count = 0; count < 3; count += 1)
      ends.push((await ask(port, [hello])).bytes.length > 0 ? 'answer' : (await ask(port, [hello])).end);
    expect(ends).toEqual(['answer', 'answer', end]);
  }
});

test('hostile servers are hostile, and end when stopped', async () => {
  const hello = clientHello({ suites: [0x002f] });
  const seen = await Promise.all(
    HOSTILITIES.map(async (hostility) => {
      const { port } = await started(startHostileServer(hostility));
      const answer = await ask(port, [hello], { quiet: 300, most: 2_000_000 });
      // The start is enough: millions of bytes would hold up the other servers.
      const words = told({ ...answer, bytes: answer.bytes.subarray(0, 5_000) });
      return [hostility, `${answer.end}${words.length === 0 ? '' : ` ${words[0]}`}`] as const;
    }),
  );
  expect(Object.fromEntries(seen)).toEqual({
    'closed-port': 'refused',
    silent: 'silence',
    close: 'closed',
    reset: 'reset',
    'close-after-hello': 'closed',
    garbage: 'closed',
    'http-answer': 'closed',
    slow: 'silence',
    'half-silence': 'silence ServerHello 002f',
    'half-close': 'closed ServerHello 002f',
    'half-record': 'silence',
    endless: 'limit ServerHello 002f',
    'tiny-records': 'limit ServerHello 002f',
    'empty-records': 'limit',
    'endless-messages': 'limit message 0',
    'huge-certificate': 'limit ServerHello 002f',
    'alert-flood': 'limit alert 112',
  });
  const { port } = await started(startHostileServer('honest'));
  expect(told(await ask(port, [hello]))).toEqual(['ServerHello 002f', 'Certificate', 'ServerHelloDone']);
});

test('TLS 1.3 and its fallback live on one server', async () => {
  const { port } = await started(startHelloServer({ tls13: { groups: [0x11ec] } }));
  expect(told(await ask(port, [tls13Hello([0x1301], [0x11ec], [])]))).toEqual(['HelloRetryRequest 1301']);
  expect(TLS13).toBe(0x0304);
});
