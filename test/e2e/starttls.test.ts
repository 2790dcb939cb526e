import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { disagreements, type Difference } from '../support/agreement.ts';
import { BRISK, look, type Seen } from '../support/live.ts';
import { verdictsOf, withOutcome } from '../support/live-verdicts.ts';
import { keeper } from '../support/run-servers.ts';
import { available, type ServerKind } from '../support/servers/available.ts';
import { certificate } from '../support/servers/certificate.ts';
import type { Daemon } from '../support/servers/daemon.ts';
import { startDovecot } from '../support/servers/dovecot-server.ts';
import { startMariadb } from '../support/servers/mariadb-server.ts';
import { startPostfix } from '../support/servers/postfix-server.ts';
import { startPostgresql } from '../support/servers/postgresql-server.ts';
import { opensslClient } from '../support/servers/scanners.ts';
import { startScriptedServer, type Connection } from '../support/servers/scripted-server.ts';
import { startProsody } from '../support/servers/prosody-server.ts';
import { startSlapd } from '../support/servers/slapd-server.ts';
import { startVsftpd } from '../support/servers/vsftpd-server.ts';
import { startXrdp } from '../support/servers/xrdp-server.ts';

interface Case {
  readonly kind: ServerKind;
  readonly start: () => Promise<Daemon>;
  /** The scheme of each port, and what sslscan calls it; empty where it does not get through. */
  readonly ports: readonly (readonly [scheme: string, dialect: string])[];
  /** The same daemon with TLS switched off; several of them still answer, and say no. */
  readonly off: () => Promise<Daemon>;
  readonly protocols: readonly string[];
}

const CASES: readonly Case[] = [
  {
    kind: 'postgresql',
    start: startPostgresql,
    ports: [['postgres', 'psql']],
    off: () => startPostgresql({ settings: ['ssl=off'] }),
    protocols: ['TLSv1.2', 'TLSv1.3'],
  },
  {
    kind: 'mariadb',
    start: startMariadb,
    ports: [['mysql', 'mysql']],
    off: () => startMariadb({ args: ['--skip-ssl'] }),
    protocols: ['TLSv1.2', 'TLSv1.3'],
  },
  {
    kind: 'postfix',
    start: startPostfix,
    ports: [
      ['smtp+starttls', 'smtp'],
      ['submission+starttls', 'smtp'],
    ],
    off: () => startPostfix({ tls: false }),
    protocols: ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'],
  },
  {
    kind: 'dovecot',
    start: startDovecot,
    ports: [
      ['imap+starttls', 'imap'],
      ['pop3+starttls', 'pop3'],
    ],
    off: () => startDovecot({ settings: ['ssl = no'] }),
    protocols: ['TLSv1.2', 'TLSv1.3'],
  },
  {
    kind: 'slapd',
    start: startSlapd,
    ports: [['ldap+starttls', '']],
    off: () => startSlapd({ tls: false }),
    protocols: ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'],
  },
  {
    kind: 'vsftpd',
    start: startVsftpd,
    ports: [['ftp+starttls', 'ftp']],
    off: () => startVsftpd({ settings: ['ssl_enable=NO'] }),
    protocols: ['TLSv1.2', 'TLSv1.3'],
  },
  {
    kind: 'prosody',
    start: startProsody,
    ports: [['xmpp+starttls', 'xmpp']],
    off: () => startProsody({ tls: false }),
    protocols: ['TLSv1.2', 'TLSv1.3'],
  },
  {
    kind: 'xrdp',
    start: startXrdp,
    ports: [['rdp', 'rdp']],
    off: () => startXrdp({ security: 'rdp' }),
    protocols: ['TLSv1.2', 'TLSv1.3'],
  },
];

/** sslscan breaks off where dovecot speaks TLS 1.2; each suite is asked for by OpenSSL's client instead. */
const DOVECOT: readonly Difference[] = ['TLSv1.2 *', 'protocol TLSv1.2'].map((what) => ({
  scanner: 'sslscan',
  seen: 'ours',
  what,
  why: 'sslscan 2.0.7 finds no TLS 1.2 there at all',
}));

describe.each(CASES)('$kind', ({ kind, start, ports, off, protocols }) => {
  describe.skipIf(!available(kind))('', () => {
    let server: Daemon | undefined;
    let without: Daemon | undefined;
    beforeAll(async () => {
      [server, without] = await Promise.all([start(), off()]);
    }, 60_000);
    afterAll(async () => void (await Promise.all([server?.stop(), without?.stop()])));

    test.each(ports.map(([scheme, dialect], index) => ({ scheme, dialect, index })))(
      '$scheme',
      async ({ scheme, dialect, index }) => {
        const port = server?.ports[index] ?? 0;
        const seen: Seen = await look(`${scheme}://127.0.0.1:${port}`, { options: { ca: certificate().ca } });
        expect(seen.record.gaps).toEqual([]);
        expect(seen.get('service')).toBe(scheme.replace('+starttls', ''));
        expect(seen.whole('protocols'), server?.log()).toEqual(protocols);
        expect(seen.suites()['TLSv1.3']?.toSorted()).toEqual(
          expect.arrayContaining(['TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256']),
        );
        expect(seen.certificates).toMatchObject([{ key_kind: 'RSA', trusted: true, host_matches: true }]);
        if (!available('sslscan')) return;
        // sslscan gets no answer to its StartTLS from slapd: it is asked about the ldaps port, whose TLS is the same.
        const [other, args] =
          dialect === '' ? [server?.ports[1] ?? 0, []] : [port, [dialect === 'rdp' ? '--rdp' : `--starttls-${dialect}`]];
        expect(await disagreements(seen, other, kind === 'dovecot' ? DOVECOT : [], { scanners: ['sslscan'], sslscanArgs: args })).toEqual(
          [],
        );
        if (kind !== 'dovecot') return;
        const suites = seen.suites()['TLSv1.2'] ?? [];
        const agreed = suites.map(async (suite) => opensslClient(port, '-starttls', dialect, '-tls1_2', '-cipher', `${suite}:@SECLEVEL=0`));
        for (const [index, answer] of (await Promise.all(agreed)).entries()) expect(answer).toContain(`Cipher is ${suites[index] ?? ''}`);
      },
      60_000,
    );

    test.each(ports.map(([scheme], index) => ({ scheme, index })))(
      '$scheme without TLS: refused, and nothing else',
      async ({ scheme, index }) => {
        const { record, listeners } = await look(`${scheme}://127.0.0.1:${without?.ports[index] ?? 0}`);
        expect(listeners.map(({ id }) => id)).toEqual([]);
        expect(
          record.gaps.map(({ cause }) => cause),
          JSON.stringify(record.gaps),
        ).toEqual(['refused']);
        for (const { status, gaps } of Object.values(record.coverage)) expect([status, gaps[0]?.cause]).toEqual(['failed', 'refused']);
      },
      60_000,
    );
  });
});

test.skipIf(!available('vsftpd'))(
  'no control passes or is spared where TLS is switched off',
  async () => {
    const server = await startVsftpd({ settings: ['ssl_enable=NO'] });
    try {
      const seen = await look(`ftp+starttls://127.0.0.1:${server.port}`);
      const findings = await verdictsOf(seen);
      expect(findings.length).toBeGreaterThan(10);
      for (const outcome of ['pass', 'not-applicable', 'fail', 'error'] as const)
        expect([outcome, withOutcome(findings, outcome)]).toEqual([outcome, []]);
    } finally {
      await server.stop();
    }
  },
  60_000,
);

const kept = keeper();
const FEATURES = "<stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/></stream:features>";
const PROCEED = "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>";
/** X.224 confirm with RDP_NEG_RSP (TLS), and with RDP_NEG_FAILURE (SSL_NOT_ALLOWED_BY_SERVER): MS-RDPBCGR 2.2.1.2. */
const CONFIRM = Buffer.from('030000130ed000001234000200080001000000', 'hex');
const DENIAL = Buffer.from('030000130ed000001234000300080002000000', 'hex');
/** What a client says before the server speaks of TLS. */
const ask = async (connection: Connection, scheme: string): Promise<void> => {
  if (scheme === 'rdp') await connection.take(19);
  else while (!connection.closed && !(await connection.take(1)).equals(Buffer.from('>'))) continue;
};
const agree = async (connection: Connection, scheme: string): Promise<void> => {
  await ask(connection, scheme);
  if (scheme === 'rdp') return connection.send(CONFIRM);
  await ask(connection, scheme); // the XML declaration ends with `>`, and the stream's tag
  connection.send(Buffer.from(`<stream:stream>${FEATURES}`));
  await ask(connection, scheme);
  connection.send(Buffer.from(PROCEED));
};

const HOSTILE: readonly {
  readonly name: string;
  readonly causes: readonly string[];
  readonly script: (connection: Connection, scheme: string) => Promise<void> | void;
}[] = [
  { name: 'silence', causes: ['timed-out'], script: (connection) => connection.drain() },
  { name: 'an end at once', causes: ['unreachable'], script: (connection) => void connection.socket.end() },
  { name: 'a reset', causes: ['unreachable'], script: (connection) => void connection.socket.resetAndDestroy() },
  {
    name: 'garbage',
    causes: ['unparseable', 'unreachable'],
    script: async (connection) => {
      await connection.take(1);
      connection.send(Buffer.from(Array.from({ length: 997 }, (_, index) => (index * index * 31 + 5) & 0xff)));
      connection.socket.end();
    },
  },
  {
    name: 'a no',
    causes: ['refused'],
    script: async (connection, scheme) => {
      await ask(connection, scheme);
      connection.send(scheme === 'rdp' ? DENIAL : Buffer.from('<stream:stream><stream:features/></stream:features>'));
      await connection.drain();
    },
  },
  {
    name: 'a yes, then silence',
    causes: ['timed-out'],
    script: async (connection, scheme) => {
      await agree(connection, scheme);
      await connection.drain();
    },
  },
  {
    name: 'a yes, then no TLS',
    causes: ['unparseable'],
    script: async (connection, scheme) => {
      await agree(connection, scheme);
      await connection.record();
      connection.send(Buffer.from('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n'));
      connection.socket.end();
    },
  },
];

describe.each(['xmpp+starttls', 'rdp'])('%s of a hostile server', (scheme) => {
  test.each(HOSTILE)('$name: nothing is known, and nothing passes', async ({ causes, script }) => {
    const server = await kept(startScriptedServer((connection) => script(connection, scheme)));
    const seen = await look(`${scheme}://127.0.0.1:${server.port}`, { limits: BRISK });
    expect(seen.listeners).toEqual([]);
    expect(causes, JSON.stringify(seen.record.gaps)).toContain(seen.record.gaps[0]?.cause);
    const findings = await verdictsOf(seen);
    for (const outcome of ['pass', 'not-applicable', 'fail', 'error'] as const)
      expect([outcome, withOutcome(findings, outcome)]).toEqual([outcome, []]);
  });
});

test('a server name that is none is said to nobody', async () => {
  const server = await kept(startScriptedServer((connection) => connection.drain()));
  const seen = await look(`xmpp+starttls://127.0.0.1:${server.port}`, { options: { sni: "a' to='b" } });
  expect(seen.record.gaps).toMatchObject([{ cause: 'unparseable', detail: 'sni' }]);
  expect([seen.listeners, server.connections]).toEqual([[], 0]);
});
