import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Collected } from '../../src/collect/collector.ts';
import { filesTarget, plain } from '../support/collect.ts';
import { goldenFindings } from '../support/complete-findings.ts';
import { hostFolder } from '../support/host-folder.ts';
import { HARDENED_ROOT, WEAK_ROOT } from '../support/host-roots.ts';
import { collectHost } from '../support/host.ts';
import { verdictsOf } from '../support/live-verdicts.ts';
import type { ReachabilityCase, ReachabilityResult } from '../support/reachability.ts';
import { available } from '../support/servers/available.ts';
import { temporaryDirectory } from '../support/servers/temporary-directory.ts';

const KINDS = ['availability.group', 'host.os', 'ids.sensor', 'network.filter', 'time.sync'];
const LAUNCHER = fileURLToPath(new URL('../../bin/custos.cjs', import.meta.url));
const COLLECT = fileURLToPath(new URL('../support/collect-host.ts', import.meta.url));
const REACHABILITY = fileURLToPath(new URL('../support/reachability.ts', import.meta.url));

type Plain = Readonly<Record<string, unknown>>;

/** What a host shows, by kind and id, as plain values; a host itself has its target's id, and here `host`. */
function seenIn(collected: Collected): Readonly<Record<string, Plain>> {
  return Object.fromEntries(
    collected.resources
      .filter(({ kind }) => KINDS.includes(kind))
      .map(({ kind, id, facts }) => [
        `${kind} ${id === 't' ? 'host' : id}`,
        Object.fromEntries(
          Object.entries(facts).map(([name, fact]) => [name, name === 'kernel_settings' ? settingsOf(plain(fact)) : plain(fact)]),
        ),
      ]),
  );
}

/** `name` → value, of the settings that are known. */
function settingsOf(list: unknown): Plain {
  const entries = Array.isArray(list)
    ? list.flatMap((one: unknown) =>
        isRecord(one) && typeof one['value'] === 'string' ? [[String(one['name']), one['value']] as const] : [],
      )
    : [];
  return Object.fromEntries(entries);
}

function isRecord(value: unknown): value is Plain {
  return typeof value === 'object' && value !== null;
}

const OFFLINE = { unknown: 'not-collected' };
const NONE = { max_tries: 'absent', block_time: 'absent' };

describe('a machine that lies in a directory', () => {
  test('as it should not be', async () => {
    const collected = await collectHost(`root:${hostFolder(WEAK_ROOT)}`);
    expect(seenIn(collected)).toEqual({
      'availability.group VI_1': {
        members: ['…'], health_checked: false, form: 'address', replicas: 'absent', lag: 'absent', synchronous: 'absent', failover: 'none', quorum: 'absent', fenced: false,
      },
      'availability.group ledger': {
        members: OFFLINE, health_checked: true, form: 'cluster', replicas: OFFLINE, lag: OFFLINE, synchronous: { unknown: 'unresolved' }, failover: 'none', quorum: 2, fenced: false,
      },
      'host.os host': {
        name: 'debian',
        release: '10',
        supported_until: '2024-06-30T00:00:00Z',
        kernel: 'absent',
        newest_kernel: '4.19.0-21-amd64',
        reboot_required: OFFLINE,
        pending_security_updates: ['openssl'],
        lists_refreshed: '2026-11-20T00:00:00Z',
        automatic_updates: false,
        unsigned_sources: ['APT::Get::AllowUnauthenticated', 'deb [arch=amd64 trusted=yes] http://mirror.example.com/debian buster main', 'https://vendor.example.com/apt stable'],
        kernel_settings: { 'fs.suid_dumpable': '2', 'kernel.randomize_va_space': '0', 'net.ipv4.conf.all.accept_redirects': '1', 'net.ipv4.ip_forward': '1' },
        mounts: [
          { path: '/', type: 'ext4', options: ['defaults'], encrypted: false },
          { path: '/tmp', type: 'tmpfs', options: ['defaults'], encrypted: false },
        ],
        swap_encrypted: false,
        core_dumps: true,
        umask: '0022',
        secure_boot: OFFLINE,
        listening: OFFLINE,
        needless: ['avahi', 'telnet'],
        uptime: 'absent',
      },
      'ids.sensor aide': {
        engine: 'aide', form: 'files', running: false, blocking: false, rules: 1, rules_changed: { unknown: 'unresolved' }, last_run: OFFLINE, watches: ['/etc'], reports_to: [], ...NONE,
      },
      'ids.sensor fail2ban': {
        engine: 'fail2ban', form: 'guessing', running: false, blocking: true, rules: 1, rules_changed: '2026-11-20T00:00:00Z', last_run: 'absent', watches: ['sshd'], reports_to: ['file:/var/log/fail2ban.log'], max_tries: 100, block_time: 0.5,
      },
      'ids.sensor modsecurity': {
        engine: 'modsecurity', form: 'web', running: OFFLINE, blocking: false, rules: 1, rules_changed: '2026-11-20T00:00:00Z', last_run: 'absent', watches: ['requests'], reports_to: [], ...NONE,
      },
      'ids.sensor suricata': {
        engine: 'suricata', form: 'network', running: false, blocking: false, rules: 0, rules_changed: { unknown: 'unresolved' }, last_run: 'absent', watches: ['eth0'], reports_to: [], ...NONE,
      },
      'network.filter host': {
        engine: 'iptables',
        input: 'accept', forward: 'accept', output: 'accept', input6: 'accept', forward6: 'accept', output6: 'accept',
        accepts_all: ['INPUT accept'],
        unexplained: ['INPUT accept', 'INPUT tcp dport 5432 accept'],
        services: OFFLINE,
        persistent: true,
      },
      'time.sync host': {
        engine: 'chrony', running: false, sources: ['ntp.example.com'], source_count: 1, local_reference: false, authenticated: false, synchronised: OFFLINE, offset: OFFLINE,
      },
    }); // prettier-ignore
    for (const kind of KINDS) expect(collected.coverage[kind], kind).toMatchObject({ status: 'complete' });
  });

  test('as it should', async () => {
    const collected = await collectHost(`root:${hostFolder(HARDENED_ROOT)}`);
    expect(seenIn(collected)).toEqual({
      'availability.group 15-ledger': {
        members: OFFLINE, health_checked: true, form: 'cluster', replicas: OFFLINE, lag: OFFLINE, synchronous: { unknown: 'unresolved' }, failover: { unknown: 'not-collected' }, quorum: 3, fenced: true,
      },
      'availability.group edge': {
        members: ['10.0.1.11', '10.0.1.12'], health_checked: true, form: 'address', replicas: 'absent', lag: 'absent', synchronous: 'absent', failover: { unknown: 'not-collected' }, quorum: 'absent', fenced: false,
      },
      'host.os host': {
        name: 'debian',
        release: '12',
        supported_until: '2028-06-30T00:00:00Z',
        kernel: 'absent',
        newest_kernel: '6.1.0-44-amd64',
        reboot_required: OFFLINE,
        pending_security_updates: [],
        lists_refreshed: '2026-11-20T00:00:00Z',
        automatic_updates: true,
        unsigned_sources: [],
        kernel_settings: {
          'fs.protected_fifos': '2', 'fs.protected_hardlinks': '1', 'fs.protected_regular': '2', 'fs.protected_symlinks': '1', 'fs.suid_dumpable': '0',
          'kernel.core_pattern': '|/bin/false', 'kernel.dmesg_restrict': '1', 'kernel.kptr_restrict': '2', 'kernel.randomize_va_space': '2', 'kernel.sysrq': '0',
          'kernel.unprivileged_bpf_disabled': '1', 'kernel.yama.ptrace_scope': '1',
          'net.ipv4.conf.all.accept_redirects': '0', 'net.ipv4.conf.all.accept_source_route': '0', 'net.ipv4.conf.all.rp_filter': '1', 'net.ipv4.conf.all.send_redirects': '0',
          'net.ipv4.conf.default.accept_redirects': '0', 'net.ipv4.conf.default.accept_source_route': '0', 'net.ipv4.conf.default.rp_filter': '2', 'net.ipv4.conf.default.send_redirects': '0',
          'net.ipv4.icmp_echo_ignore_broadcasts': '1', 'net.ipv4.ip_forward': '0', 'net.ipv4.tcp_syncookies': '1',
          'net.ipv6.conf.all.accept_redirects': '0', 'net.ipv6.conf.all.accept_source_route': '0', 'net.ipv6.conf.default.accept_redirects': '0', 'net.ipv6.conf.default.accept_source_route': '0',
        },
        mounts: [
          { path: '/', type: 'ext4', options: ['errors=remount-ro'], encrypted: true },
          { path: '/tmp', type: 'tmpfs', options: ['nosuid', 'nodev', 'noexec'], encrypted: false },
        ],
        swap_encrypted: true,
        core_dumps: false,
        umask: '0027',
        secure_boot: OFFLINE,
        listening: OFFLINE,
        needless: [],
        uptime: 'absent',
      },
      'ids.sensor aide': {
        engine: 'aide', form: 'files', running: OFFLINE, blocking: false, rules: 3, rules_changed: '2026-11-20T00:00:00Z', last_run: '2026-11-20T00:00:00Z', watches: ['/boot', '/etc', '/usr/'], reports_to: ['syslog:auth'], ...NONE,
      },
      'ids.sensor clamav': {
        engine: 'clamav', form: 'malware', running: OFFLINE, blocking: OFFLINE, rules: { unknown: 'unsupported' }, rules_changed: '2026-11-20T00:00:00Z', last_run: 'absent', watches: ['…'], reports_to: ['syslog:local6'], ...NONE,
      },
      'ids.sensor fail2ban': {
        engine: 'fail2ban', form: 'guessing', running: OFFLINE, blocking: true, rules: 2, rules_changed: '2026-11-20T00:00:00Z', last_run: 'absent', watches: ['nginx-http-auth', 'sshd'], reports_to: ['syslog:daemon'], max_tries: 5, block_time: 60,
      },
      'ids.sensor modsecurity': {
        engine: 'modsecurity', form: 'web', running: OFFLINE, blocking: true, rules: 2, rules_changed: '2026-11-20T00:00:00Z', last_run: 'absent', watches: ['requests', 'request bodies'], reports_to: ['file:/var/log/modsec_audit.log'], ...NONE,
      },
      'ids.sensor suricata': {
        engine: 'suricata', form: 'network', running: OFFLINE, blocking: true, rules: 2, rules_changed: '2026-11-20T00:00:00Z', last_run: 'absent', watches: ['eth0'], reports_to: ['syslog:local5', 'file:/var/log/suricata/fast.log'], ...NONE,
      },
      'network.filter host': {
        engine: 'nftables',
        input: 'drop', forward: 'drop', output: 'drop', input6: 'drop', forward6: 'drop', output6: 'drop',
        accepts_all: [],
        unexplained: [],
        services: OFFLINE,
        persistent: true,
      },
      'time.sync host': {
        engine: 'chrony', running: OFFLINE, sources: ['time.example.com', 'time.example.net', 'time.example.org', '10.0.0.9'], source_count: 4, local_reference: false, authenticated: true, synchronised: OFFLINE, offset: OFFLINE,
      },
    }); // prettier-ignore
  });

  test.each([
    ['weak', WEAK_ROOT],
    ['hardened', HARDENED_ROOT],
  ] as const)('complete findings: %s', async (name, root) => {
    const directory = hostFolder(root);
    const target = { ...filesTarget(), kind: 'host', address: `root:${directory}` };
    const record = {
      target,
      ...(await collectHost(`root:${directory}`)),
      collectors: { host: '1' },
      collectedAt: '2026-11-26T00:00:00.000Z',
    };
    goldenFindings(`system-${name}`, await verdictsOf({ record }, '2026-11-26T00:00:00.000Z'), [directory]);
  });

  test('no secret of either leaves it', async () => {
    for (const root of [WEAK_ROOT, HARDENED_ROOT])
      expect(JSON.stringify(await collectHost(`root:${hostFolder(root)}`))).not.toMatch(/c4n4ry/i);
  });

  const UNSEEN = { unknown: 'unresolved' };
  test('with nothing in it, nothing is known that was not seen', async () => {
    const seen = seenIn(await collectHost(`root:${hostFolder({ 'etc/hostname': 'empty\n' })}`));
    expect(seen['host.os host']).toMatchObject({
      name: { unknown: 'not-collected' }, release: { unknown: 'not-collected' }, supported_until: { unknown: 'not-collected' }, pending_security_updates: { unknown: 'unsupported' },
      lists_refreshed: { unknown: 'unsupported' }, mounts: OFFLINE, swap_encrypted: OFFLINE, kernel_settings: {}, core_dumps: true, umask: '0022', automatic_updates: UNSEEN, unsigned_sources: UNSEEN, needless: ['…'],
    }); // prettier-ignore
    // Whether anything would load a filter there, or keep the clock, nobody can tell.
    expect(seen['network.filter host']).toMatchObject({ engine: UNSEEN, input: UNSEEN, input6: UNSEEN, persistent: UNSEEN });
    expect(seen['time.sync host']).toMatchObject({
      engine: UNSEEN,
      running: UNSEEN,
      sources: UNSEEN,
      synchronised: UNSEEN,
      offset: UNSEEN,
    });
    expect(Object.keys(seen).filter((name) => /ids|availability/.test(name))).toEqual([]);
  });

  test('files that are no text, or are broken, leave what they say unknown', async () => {
    const seen = seenIn(
      await collectHost(
        `root:${hostFolder({ ...HARDENED_ROOT, 'etc/nftables.conf': 'table inet f {\n chain i {\n type filter hook input priority 0; policy drop;\n', 'etc/os-release': '\0', 'etc/chrony/chrony.conf': 'include /etc/chrony/more.conf\nserver a.example.com nts\n', 'etc/apt/apt.conf.d/60broken': 'APT { ', 'etc/suricata/suricata.yaml': ': [\n', 'etc/keepalived/keepalived.conf': 'vrrp_instance x {\n' })}`,
      ),
    );
    expect(seen['network.filter host']).toMatchObject({
      input: { unknown: 'unparseable' },
      forward6: { unknown: 'unparseable' },
      accepts_all: ['…'],
      unexplained: ['…'],
    });
    expect(seen['host.os host']).toMatchObject({
      name: { unknown: 'unparseable' },
      supported_until: { unknown: 'unparseable' },
      automatic_updates: { unknown: 'unparseable' },
      unsigned_sources: ['…'],
    });
    expect(seen['time.sync host']).toMatchObject({
      sources: ['a.example.com', '…'],
      source_count: { unknown: 'unresolved' },
      authenticated: { unknown: 'unresolved' },
      local_reference: { unknown: 'unresolved' },
    });
    expect(seen['ids.sensor suricata']).toBeUndefined();
  });
});

// A large disk is searched for longer.
describe('this machine says what its own programs say', { timeout: 120_000 }, () => {
  const collecting = collectHost('local').then(seenIn);

  test('sysctl', async () => {
    const settings = (await collecting)['host.os host']?.['kernel_settings'];
    const names = Object.keys(isRecord(settings) ? settings : {});
    expect(names.length).toBeGreaterThan(15);
    const said = execFileSync('/usr/sbin/sysctl', ['-n', ...names], { encoding: 'utf8' })
      .trim()
      .split('\n');
    expect(names.map((name) => [name, isRecord(settings) ? settings[name] : ''])).toEqual(
      names.map((name, index) => [name, said[index]?.replaceAll('\t', ' ')]),
    );
  });

  test.skipIf(!available('dpkg'))('apt', async () => {
    const pending = (await collecting)['host.os host']?.['pending_security_updates'];
    if (!Array.isArray(pending)) return expect(pending).toMatchObject({ unknown: 'not-collected' }); // its lists were thrown away
    const { stdout } = spawnSync('apt', ['list', '--upgradable'], { encoding: 'utf8', env: { PATH: '/usr/bin:/bin', LC_ALL: 'C' } });
    const said = stdout.split('\n').flatMap((line) => /^([^/]+)\/\S*-security\S*/.exec(line)?.[1] ?? []);
    expect(pending).toEqual([...new Set(said)].toSorted());
  });

  test('ss, the kernel and os-release', async () => {
    const seen = (await collecting)['host.os host'] ?? {};
    const os = Object.fromEntries(
      execFileSync('cat', ['/etc/os-release'], { encoding: 'utf8' })
        .split('\n')
        .map((line) => line.replaceAll('"', '').split('=')),
    );
    expect([seen['name'], seen['release'], seen['kernel']]).toEqual([
      os['ID'],
      os['VERSION_ID'],
      execFileSync('uname', ['-r'], { encoding: 'utf8' }).trim(),
    ]);
    expect(Array.isArray(seen['listening'])).toBe(true);
  });
});

/** A packet filter that lets in what `rules` say, and drops the rest. */
function nft(rules: string, sets = ''): ReachabilityCase {
  const base =
    'iif lo accept\n ct state established,related accept\n icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert, nd-router-advert } accept';
  return {
    program: 'nft',
    text: `table inet f {\n${sets}\n chain open { accept; }\n chain i {\n type filter hook input priority 0; policy drop;\n ${base}\n ${rules}\n }\n}\n`,
  };
}

const iptables = (rules: string): ReachabilityCase => ({
  program: 'iptables-restore',
  text: `*filter\n:INPUT DROP [0:0]\n:FORWARD DROP [0:0]\n:OUTPUT ACCEPT [0:0]\n:open - [0:0]\n-A open -j ACCEPT\n${rules}\nCOMMIT\n`,
});

const NETWORK = fc.constantFrom(
  '10.0.0.0/8',
  '0.0.0.0/0',
  '0.0.0.0/1',
  '128.0.0.0/1',
  '9.0.0.0/8',
  '203.77.143.201',
  '198.51.100.0/24',
  '130.77.0.0/16',
);
/** iptables refuses to ask for nobody. */
const NOBODY = '! -s 0.0.0.0/0';
const PORT = fc.constantFrom('22', '80', '5432', '8080', '22-100', '1024-65535');
const NFT_RULE = fc
  .tuple(
    fc.option(fc.tuple(fc.constantFrom('', '!= '), NETWORK).map(([not, network]) => `ip saddr ${not}${network}`)),
    fc.option(
      fc.constantFrom(
        'ct state new',
        'iifname "eth0"',
        'iifname "wg0"',
        'iifname != "lo"',
        'meta nfproto ipv4',
        'limit rate 9000/second burst 900 packets',
        'limit rate over 9000/second burst 900 packets',
        'tcp flags syn',
        'ip saddr @s',
      ),
    ),
    fc.option(
      fc
        .tuple(fc.constantFrom('tcp', 'udp', 'th'), fc.constantFrom('', '!= '), PORT)
        .map(([protocol, not, port]) => `${protocol === 'th' ? 'meta l4proto tcp th' : protocol} dport ${not}${port}`),
    ),
    fc.constantFrom('accept', 'accept', 'drop', 'reject', 'jump open', 'goto open', 'return', 'continue', 'counter'),
  )
  .map((words) => words.filter((word) => word !== null).join(' '));
const IPTABLES_RULE = fc
  .tuple(
    fc.option(fc.tuple(fc.constantFrom('', '! '), NETWORK).map(([not, network]) => `${not}-s ${network}`)),
    fc.option(
      fc.constantFrom(
        '-m conntrack --ctstate NEW',
        '-i eth0',
        '-i wg+',
        '! -i lo',
        '-m limit --limit 9000/sec --limit-burst 900',
        '-m comment --comment "a b"',
      ),
    ),
    fc.option(
      fc
        .tuple(fc.constantFrom('tcp', 'udp'), PORT)
        .map(([protocol, port]) => `-p ${protocol} -m ${protocol} --dport ${port.replace('-', ':')}`),
    ),
    fc.constantFrom('ACCEPT', 'ACCEPT', 'DROP', 'REJECT', 'open', 'RETURN'),
  )
  .map(([source, more, port, target]) => ['-A INPUT', source, port, more, `-j ${target}`].filter((word) => word !== null).join(' '));

describe.skipIf(!available('namespace'))('what the collector says of ports is what happens to a stranger who knocks', () => {
  function knock(cases: readonly ReachabilityCase[]): readonly ReachabilityResult[] {
    const { stdout, stderr, status } = spawnSync('unshare', ['-n', process.execPath, REACHABILITY], {
      input: JSON.stringify(cases),
      encoding: 'utf8',
      maxBuffer: 1 << 26,
    });
    expect(stderr.replaceAll(/\(.*Warning.*\)|.*Warning.*\n/g, '')).toBe('');
    expect(status).toBe(0);
    return JSON.parse(stdout);
  }

  test('rules of a kind each', { timeout: 120_000 }, () => {
    const cases: readonly (readonly [ReachabilityCase, readonly number[]])[] = [
      [nft('tcp dport 22 accept'), [22]],
      [nft('ip saddr 10.0.0.0/8 accept'), []],
      [nft('tcp dport { 80, 8000-9000 } accept'), [80, 8080]],
      [nft('tcp dport vmap { 22 : accept, 80 : jump open, 5432 : drop }'), [22, 80]],
      [nft('iifname "eth0" jump open'), [22, 80, 5432, 8080]],
      [nft('ip saddr @s tcp dport 5432 accept', 'set s { type ipv4_addr; flags interval; elements = { 203.0.0.0/8 }; }'), [5432]],
      [nft('ip6 saddr ::/0 tcp dport 80 accept'), [80]],
      [nft('limit rate over 9000/second burst 900 packets drop\n tcp dport 80 accept'), [80]],
      [iptables('-A INPUT -p tcp --dport 5432 -j ACCEPT'), [22, 80, 5432, 8080]], // IPv6 is open beside it
      [
        {
          program: 'nft',
          text: 'table ip nat {\n chain p {\n type nat hook prerouting priority dstnat;\n tcp dport 80 redirect to :8080\n }\n}\ntable inet f {\n chain i {\n type filter hook input priority 0; policy drop;\n iif lo accept\n icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept\n ct state established accept\n tcp dport 8080 accept\n }\n}\n',
        },
        [80, 8080],
      ],
    ];
    const results = knock(cases.map(([one]) => one));
    for (const [index, [one, open]] of cases.entries())
      expect(results[index]?.ports, one.text).toEqual(
        [22, 80, 5432, 8080].map((port) => ({ port, said: open.includes(port), reached: open.includes(port) })),
      );
  });

  test('rules that chance puts together', { timeout: 240_000 }, () => {
    const set = 'set s { type ipv4_addr; flags interval; elements = { 9.0.0.0/8, 192.0.2.0/24 }; }';
    const cases = [
      ...fc
        .sample(fc.array(NFT_RULE, { minLength: 1, maxLength: 6 }), { numRuns: 24, seed: 4711 })
        // nft takes no rule that asks for flags of TCP in a packet of UDP.
        .map((rules) => nft(rules.filter((rule) => !/tcp flags.*udp/.test(rule)).join('\n '), set)),
      ...fc
        .sample(fc.array(IPTABLES_RULE, { minLength: 1, maxLength: 6 }), { numRuns: 20, seed: 4712 })
        .map((rules) =>
          iptables(['-A INPUT -m conntrack --ctstate ESTABLISHED -j ACCEPT', ...rules.filter((rule) => !rule.includes(NOBODY))].join('\n')),
        ),
    ];
    const results = knock(cases);
    const wrong = results.flatMap(({ ports }, index) =>
      ports
        .filter(({ said, reached }) => typeof said === 'boolean' && said !== reached)
        .map((port) => ({ ...port, text: cases[index]?.text })),
    );
    expect(wrong).toEqual([]);
    // Rules of these kinds are all understood.
    expect(results.flatMap(({ ports }) => ports.filter(({ said }) => typeof said !== 'boolean'))).toEqual([]);
  });
});

/** Looks at this machine from a network namespace of its own, after some lines of shell. */
function collectIn(
  lines: string,
  ...as: readonly string[]
): { readonly resources: readonly { readonly kind: string; readonly facts: Plain }[]; readonly coverage: Plain } {
  const node = `"${process.execPath}" "${COLLECT}" local ${KINDS.join(' ')}`;
  const { stdout, stderr } = spawnSync('unshare', ['-n', 'sh', '-c', `ip link set lo up\n${lines}\nexec ${as.join(' ')} ${node}`], {
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout);
}

const filterOf = (seen: ReturnType<typeof collectIn>): Plain => seen.resources.find(({ kind }) => kind === 'network.filter')?.facts ?? {};

describe.skipIf(!available('namespace'))('the same filter, as files and as it is loaded', { timeout: 120_000 }, () => {
  const SAME = ['engine', 'input', 'forward', 'output', 'input6', 'forward6', 'output6', 'accepts_all', 'unexplained'] as const;
  const picked = (facts: Plain | undefined): Plain => Object.fromEntries(SAME.map((name) => [name, facts?.[name]]));

  test('nftables', async () => {
    const root = hostFolder(HARDENED_ROOT);
    const files = seenIn(await collectHost(`root:${root}`))['network.filter host'];
    expect(
      picked(
        filterOf(
          collectIn(
            `ip -6 addr add fd77::1/64 dev lo nodad\nsed 's#/etc/nftables.d#${root}/etc/nftables.d#' ${root}/etc/nftables.conf | nft -f -`,
          ),
        ),
      ),
    ).toEqual(picked(files));
  });

  test('iptables', async () => {
    const root = hostFolder(WEAK_ROOT);
    const files = seenIn(await collectHost(`root:${root}`))['network.filter host'];
    expect(picked(filterOf(collectIn(`iptables-restore < ${root}/etc/iptables/rules.v4`)))).toEqual(picked(files));
  });

  test.skipIf(!available('ufw'))('ufw, with the comments of its user', async () => {
    const base = temporaryDirectory('ufw');
    execFileSync('sh', [
      '-c',
      `mkdir -p ${base}/etc ${base}/lib/systemd/system ${base}/etc/systemd/system/multi-user.target.wants && cp -r /etc/ufw ${base}/etc/ && mkdir ${base}/etc/default && grep -v IPT_SYSCTL /etc/default/ufw > ${base}/etc/default/ufw && cp -r /lib/ufw ${base}/lib/`,
    ]);
    for (const six of ['', '6'])
      writeFileSync(
        `${base}/etc/ufw/user${six}.rules`,
        `*filter\n:ufw${six}-user-input - [0:0]\n:ufw${six}-user-output - [0:0]\n:ufw${six}-user-forward - [0:0]\n:ufw${six}-user-limit - [0:0]\n:ufw${six}-user-limit-accept - [0:0]\n### RULES ###\n\n` +
          `### tuple ### allow tcp 443 ::/0 any ::/0 in comment=637573746f6d657273\n-A ufw${six}-user-input -p tcp --dport 443 -j ACCEPT\n\n### tuple ### allow tcp 8080 ::/0 any ::/0 in\n-A ufw${six}-user-input -p tcp --dport 8080 -j ACCEPT\n\n### END RULES ###\nCOMMIT\n`,
      );
    writeFileSync(`${base}/etc/ufw/ufw.conf`, 'ENABLED=yes\nLOGLEVEL=off\n');
    writeFileSync(`${base}/lib/systemd/system/ufw.service`, '[Unit]\n');
    execFileSync('ln', ['-s', '/lib/systemd/system/ufw.service', `${base}/etc/systemd/system/multi-user.target.wants/ufw.service`]);
    const files = seenIn(await collectHost(`root:${base}`))['network.filter host'];
    expect(picked(files)).toEqual({
      engine: 'ufw', input: 'drop', forward: 'drop', output: 'accept', input6: 'drop', forward6: 'drop', output6: 'accept', accepts_all: [],
      unexplained: ['ufw-user-input tcp dport 8080 accept', 'ufw6-user-input tcp dport 8080 accept'],
    }); // prettier-ignore
    const loaded = filterOf(
      collectIn(`ip -6 addr add fd77::1/64 dev lo nodad\n/lib/ufw/ufw-init --rootdir ${base} --datadir ${base} start >&2`),
    );
    // Comments lie in /etc/ufw of this machine, which is not the one that was loaded from.
    expect({ ...picked(loaded), unexplained: files?.['unexplained'] }).toEqual(picked(files));
  });
});

describe.skipIf(!available('namespace'))('seen by somebody who may see little', () => {
  const RULES = `nft -f - <<'END'\ntable inet f {\n chain i {\n type filter hook input priority 0; policy accept;\n tcp dport 22 accept\n }\n}\nEND\n`;
  test('nothing is known that root would not know, and what is denied is a gap', { timeout: 60_000 }, () => {
    const root = collectIn(RULES);
    const nobody = collectIn(RULES, 'setpriv', '--reuid=65534', '--regid=65534', '--clear-groups');
    expect(nobody.coverage['network.filter']).toBe('partial');
    expect(filterOf(nobody)).toMatchObject({
      engine: { unknown: 'access-denied' },
      input: { unknown: 'access-denied' },
      services: { unknown: 'access-denied' },
    });
    for (const [index, { kind, facts }] of nobody.resources.entries())
      for (const [name, value] of Object.entries(facts)) {
        if (isRecord(value) && 'unknown' in value) continue;
        // Which program listens is root's to see, and an hour passes for nobody.
        if (name === 'listening' || name === 'uptime') continue;
        expect([kind, name, value]).toEqual([kind, name, root.resources[index]?.facts[name]]);
      }
  });
});

/** Outcome of each control on each resource of this machine, as it is judged in a network namespace of its own. */
function outcomesIn(lines: string, ...as: readonly string[]): ReadonlyMap<string, string> {
  const directory = temporaryDirectory('scan');
  chmodSync(directory, 0o755);
  writeFileSync(
    join(directory, 'custos.yaml'),
    'profile: custody-strict\ntargets: [{ id: here, host: local, labels: { bastion: "false" } }]\n',
  );
  const command = `"${process.execPath}" "${LAUNCHER}" scan -c ${directory}/custos.yaml -f json -q`;
  const { stdout, stderr } = spawnSync('unshare', ['-n', 'sh', '-c', `ip link set lo up\n${lines}\nexec ${as.join(' ')} ${command}`], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    cwd: directory,
  });
  if (stdout === '') throw new Error(stderr);
  const { findings }: { readonly findings: readonly { readonly control: string; readonly resource: string; readonly outcome: string }[] } =
    JSON.parse(stdout);
  return new Map(findings.map(({ control, resource, outcome }) => [`${control} ${resource}`, outcome]));
}

describe.skipIf(!available('namespace'))('judged by somebody who may see little', () => {
  test('no failure turns into a pass, only into an unknown', { timeout: 120_000 }, () => {
    const open = `nft -f - <<'END'\ntable inet f {\n chain i {\n type filter hook input priority 0; policy accept;\n accept\n }\n}\nEND\n`;
    const root = outcomesIn(open);
    const nobody = outcomesIn(open, 'setpriv', '--reuid=65534', '--regid=65534', '--clear-groups');
    expect(root.get('NET-01 here')).toBe('fail');
    expect(nobody.get('NET-01 here')).toBe('unknown');
    expect([...nobody].filter(([name, outcome]) => outcome === 'pass' && root.get(name) === 'fail')).toEqual([]);
    expect([...nobody].filter(([name, outcome]) => outcome === 'not-applicable' && root.get(name) === 'fail')).toEqual([]);
  });
});

test.skipIf(!available('chrony'))('chrony is asked how the clock is', { timeout: 60_000 }, () => {
  const directory = mkdtempSync(join(temporaryDirectory('chrony'), 'c-'));
  const conf = (lines: string): string => `user root\ncmdport 0\n${lines}`;
  writeFileSync(
    `${directory}/server.conf`,
    conf(`local stratum 5\nallow 127.0.0.0/8\nport 11123\nbindcmdaddress /\npidfile ${directory}/server.pid\n`),
  );
  writeFileSync(
    `${directory}/client.conf`,
    `user root\nserver 127.0.0.1 port 11123 iburst minpoll -6 maxpoll -6\nport 0\nbindcmdaddress /\nbindcmdaddress 127.0.0.1\npidfile ${directory}/client.pid\n`,
  );
  const start = `chronyd -x -f ${directory}/server.conf >&2\nchronyd -x -f ${directory}/client.conf >&2\n`;
  const stop = `trap 'kill $(cat ${directory}/*.pid)' EXIT\n`;
  const node = `"${process.execPath}" "${COLLECT}" local time.sync`;
  const { stdout, stderr } = spawnSync(
    'unshare',
    ['-n', 'sh', '-c', `${stop}ip link set lo up\n${start}chronyc -h 127.0.0.1 waitsync 40 0 0 0.25 >&2\n${node}`],
    { encoding: 'utf8' },
  );
  const seen: ReturnType<typeof collectIn> = JSON.parse(stdout === '' ? JSON.stringify({ resources: [], coverage: { stderr } }) : stdout);
  const facts = seen.resources[0]?.facts ?? {};
  expect(facts).toMatchObject({ engine: 'chrony', running: true, synchronised: true, local_reference: false });
  expect(facts['offset']).toBeLessThan(0.5);
});

describe('what would be a pass by mistake', () => {
  const LIST = 'var/lib/apt/lists/deb.debian.org_debian-security_dists_bookworm-security_';
  test('lists of the release before say of nothing that it waits', async () => {
    const seen = seenIn(
      await collectHost(
        `root:${hostFolder({ ...HARDENED_ROOT, [`${LIST}InRelease`]: 'Origin: Debian\nLabel: Debian-Security\nSuite: oldstable-security\nCodename: bullseye-security\n' })}`,
      ),
    );
    expect(seen['host.os host']).toMatchObject({
      pending_security_updates: { unknown: 'unresolved' },
      lists_refreshed: { unknown: 'unresolved' },
    });
  });

  test('rules of IPv6 that lie there and that no unit loads', async () => {
    const rules = '*filter\n:INPUT DROP [0:0]\n:FORWARD DROP [0:0]\n:OUTPUT ACCEPT [0:0]\nCOMMIT\n';
    const seen = seenIn(
      await collectHost(
        `root:${hostFolder({
          'etc/sysconfig/iptables': rules,
          'etc/sysconfig/ip6tables': rules,
          'usr/lib/systemd/system/iptables.service': '[Unit]\n',
          'usr/lib/systemd/system/ip6tables.service': '[Unit]\n',
          'etc/systemd/system/multi-user.target.wants/iptables.service': '-> /usr/lib/systemd/system/iptables.service',
        })}`,
      ),
    );
    expect(seen['network.filter host']).toMatchObject({
      engine: 'iptables',
      input: 'drop',
      forward: 'drop',
      input6: 'accept',
      forward6: 'accept',
    });
  });

  test('two engines that both load rules', async () => {
    const seen = seenIn(
      await collectHost(
        `root:${hostFolder({ ...HARDENED_ROOT, 'lib/systemd/system/firewalld.service': '[Unit]\n', 'etc/systemd/system/multi-user.target.wants/firewalld.service': '-> /lib/systemd/system/firewalld.service' })}`,
      ),
    );
    expect(seen['network.filter host']).toMatchObject({ engine: { unknown: 'unresolved' }, input: { unknown: 'unresolved' } });
  });

  test('a service that is masked does not run', async () => {
    const { 'etc/systemd/system/multi-user.target.wants/chrony.service': _, ...root } = HARDENED_ROOT;
    const seen = seenIn(await collectHost(`root:${hostFolder({ ...root, 'etc/systemd/system/chrony.service': '-> /dev/null' })}`));
    expect(seen['time.sync host']).toMatchObject({ engine: 'none', running: false });
  });
});
