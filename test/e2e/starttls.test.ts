import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { disagreements, type Difference } from '../support/agreement.ts';
import { look, type Seen } from '../support/live.ts';
import { verdictsOf, withOutcome } from '../support/live-verdicts.ts';
import { available, type ServerKind } from '../support/servers/available.ts';
import { certificate } from '../support/servers/certificate.ts';
import type { Daemon } from '../support/servers/daemon.ts';
import { startDovecot } from '../support/servers/dovecot-server.ts';
import { startMariadb } from '../support/servers/mariadb-server.ts';
import { startPostfix } from '../support/servers/postfix-server.ts';
import { startPostgresql } from '../support/servers/postgresql-server.ts';
import { opensslClient } from '../support/servers/scanners.ts';
import { startSlapd } from '../support/servers/slapd-server.ts';
import { startVsftpd } from '../support/servers/vsftpd-server.ts';

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
        const [other, args] = dialect === '' ? [server?.ports[1] ?? 0, []] : [port, [`--starttls-${dialect}`]];
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
