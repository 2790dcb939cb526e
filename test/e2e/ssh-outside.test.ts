import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { conductOf, DEFAULT_LIMITS } from '../../src/collect/limits.ts';
import { sshCollector } from '../../src/collect/ssh/collector.ts';
import type { Collected } from '../../src/collect/collector.ts';
import { nodeWorld } from '../../src/world/node.ts';
import type { TargetRecord } from '../../src/model/resource.ts';
import { filesTarget, plain } from '../support/collect.ts';
import { completeFindings } from '../support/complete-findings.ts';
import { keeper } from '../support/run-servers.ts';
import { available, program } from '../support/servers/available.ts';
import { startDropbear } from '../support/servers/dropbear-server.ts';
import { HOSTILITIES, startHostileServer } from '../support/servers/hostile-server.ts';
import { startSshd, type SshdServer } from '../support/servers/sshd-server.ts';

const keep = keeper();

function look(port: number, limits = DEFAULT_LIMITS): Promise<Collected> {
  const target = { ...filesTarget(), kind: 'ssh', address: `127.0.0.1:${port}` };
  return sshCollector.collect(target, nodeWorld('/'), new AbortController().signal, conductOf(limits));
}

/** The record of a look, as a plan's target has it. */
async function recordOf(port: number): Promise<TargetRecord> {
  const target = { ...filesTarget(), kind: 'ssh', address: `127.0.0.1:${port}` };
  return { target, ...(await look(port)), collectors: { ssh: '1' }, collectedAt: new Date().toISOString() };
}

async function facts(port: number): Promise<Readonly<Record<string, unknown>>> {
  const { resources, gaps, coverage } = await look(port);
  expect(gaps).toEqual([]);
  expect(coverage['remote.access']?.status).toBe('complete');
  return Object.fromEntries(Object.entries(resources[0]?.facts ?? {}).map(([name, fact]) => [name, plain(fact)]));
}

/** What sshd says of itself. */
function oracle(server: SshdServer, name: string): readonly string[] {
  const said = execFileSync(program('sshd'), ['-T', '-f', server.config], { encoding: 'utf8' });
  return (new RegExp(`^${name} (.*)$`, 'm').exec(said)?.[1] ?? '').split(',');
}

const INSIDE = { unknown: 'not-collected' };
/** What somebody else may be offered by a Match block. */
const OTHERS = INSIDE;

describe.skipIf(!available('sshd'))('OpenSSH', () => {
  test('weak: complete findings', async () => {
    const server = await keep(
      startSshd({
        hostKeys: [['ed25519'], ['rsa', 2048], ['ecdsa', 521]],
        settings: [
          'Ciphers 3des-cbc,aes128-ctr,chacha20-poly1305@openssh.com',
          'MACs hmac-md5,hmac-sha1,hmac-sha2-256',
          'KexAlgorithms diffie-hellman-group1-sha1,diffie-hellman-group14-sha1',
          'HostKeyAlgorithms ssh-rsa,rsa-sha2-512,ssh-ed25519,ecdsa-sha2-nistp521',
          'PubkeyAcceptedAlgorithms ssh-rsa,ssh-ed25519',
          'PasswordAuthentication yes',
        ],
      }),
    );
    const seen = await facts(server.port);
    expect(seen).toEqual({
      service: 'ssh',
      conditional: false,
      root_login: INSIDE,
      password_login: true,
      empty_passwords: INSIDE,
      public_keys: true,
      second_factor: INSIDE,
      limited_to: INSIDE,
      max_auth_tries: INSIDE,
      login_grace: INSIDE,
      idle_timeout: INSIDE,
      ciphers: oracle(server, 'ciphers'),
      macs: oracle(server, 'macs'),
      key_exchanges: oracle(server, 'kexalgorithms'),
      signatures: expect.arrayContaining([...oracle(server, 'hostkeyalgorithms'), '…']),
      x11_forwarding: INSIDE,
      tcp_forwarding: INSIDE,
      agent_forwarding: INSIDE,
      log_level: INSIDE,
      strict_modes: INSIDE,
      host_based: OTHERS,
      user_environment: INSIDE,
      software: expect.stringMatching(/^SSH-2\.0-OpenSSH_9\.2p1 Debian-2\+deb12u\d+$/),
      host_keys: [
        { type: 'ssh-ed25519', bits: 256 },
        { type: 'ssh-rsa', bits: 2048 },
        { type: 'ecdsa-sha2-nistp521', bits: 521 },
      ],
      methods: ['publickey', 'password', 'keyboard-interactive'],
      strict_key_exchange: true,
      known_weak: ['…'],
    });
    await completeFindings('ssh-weak', await recordOf(server.port));
  });

  test('hardened: complete findings', async () => {
    const server = await keep(
      startSshd({
        settings: [
          'Ciphers aes256-gcm@openssh.com',
          'KexAlgorithms sntrup761x25519-sha512@openssh.com,curve25519-sha256',
          'HostKeyAlgorithms ssh-ed25519',
          'PubkeyAcceptedAlgorithms ssh-ed25519',
          'PasswordAuthentication no',
          'KbdInteractiveAuthentication no',
        ],
      }),
    );
    expect(await facts(server.port)).toMatchObject({
      password_login: OTHERS,
      public_keys: true,
      methods: ['publickey'],
      ciphers: ['aes256-gcm@openssh.com'],
      key_exchanges: ['sntrup761x25519-sha512@openssh.com', 'curve25519-sha256'],
      host_keys: [{ type: 'ssh-ed25519', bits: 256 }],
      strict_key_exchange: true,
    });
    const log = server.log();
    expect(log).toContain('Connection'); // one connection, one question, and no proof of anybody
    expect(log).not.toMatch(/Failed|Accepted/);
    await completeFindings('ssh-hardened', await recordOf(server.port));
  });

  test('what cannot be gone through with is not known, and what came before is kept', async () => {
    const chacha = await keep(startSshd({ settings: ['Ciphers chacha20-poly1305@openssh.com'] }));
    expect(await facts(chacha.port)).toMatchObject({
      ciphers: ['chacha20-poly1305@openssh.com'],
      host_keys: [{ type: 'ssh-ed25519', bits: 256 }],
      methods: { unknown: 'unsupported' },
      password_login: { unknown: 'unsupported' },
      signatures: expect.arrayContaining(['ssh-ed25519', '…']),
    });
    const hybrid = await keep(startSshd({ settings: ['KexAlgorithms sntrup761x25519-sha512@openssh.com'] }));
    expect(await facts(hybrid.port)).toMatchObject({
      key_exchanges: ['sntrup761x25519-sha512@openssh.com'],
      host_keys: ['…'],
      methods: { unknown: 'unsupported' },
    });
  });
});

test.skipIf(!available('dropbear'))('Dropbear', async () => {
  const server = await keep(startDropbear(['-s']));
  expect(await facts(server.port)).toMatchObject({
    software: expect.stringMatching(/^SSH-2\.0-dropbear_2022\.83/),
    methods: ['publickey'],
    password_login: { unknown: 'not-collected' },
    host_keys: [
      { type: 'ssh-ed25519', bits: 256 },
      { type: 'ssh-rsa', bits: 2048 },
    ],
    known_weak: ['…'],
  });
});

describe('hostile servers', () => {
  const limits = { ...DEFAULT_LIMITS, connect: 500, firstByte: 500, idle: 400 };
  const sockets = (): number => readdirSync('/proc/self/fd').length;

  test.each(HOSTILITIES)('%s: nothing is known, soon, and no socket is left', async (hostility) => {
    const server = await startHostileServer(hostility);
    const before = sockets();
    const began = performance.now();
    const { resources, coverage, gaps } = await look(server.port, limits);
    expect(performance.now() - began).toBeLessThan(8_000);
    expect(resources).toEqual([]);
    expect(coverage['remote.access']?.status).toBe('failed');
    expect(gaps).toHaveLength(1);
    await server.stop();
    expect(sockets()).toBeLessThanOrEqual(before);
  });
  test('a closed port', async () => {
    const { resources, gaps } = await look(1, limits);
    expect(resources).toEqual([]);
    expect(gaps).toMatchObject([{ cause: 'refused' }]);
  });
});
