import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Arrival, type Routes } from '../../../src/collect/host/filter/arrival.ts';
import { readIptables } from '../../../src/collect/host/filter/iptables.ts';
import { readNftables } from '../../../src/collect/host/filter/nftables.ts';
import { permissionsOf } from '../../../src/collect/host/filter/permitted.ts';
import { ruleText, type FilterChain, type Ruleset } from '../../../src/collect/host/filter/ruleset.ts';
import { unknown, type Origin } from '../../../src/model/fact.ts';
import { available } from '../../support/servers/available.ts';

const at: Origin = { kind: 'command', target: 't', command: 'nft list ruleset' };
const OUTSIDE: Routes = { outside: { 4: ['eth0'], 6: ['eth0'] }, networks: [{ to: '172.17.0.0/16', interface: 'docker0' }] };

function nft(text: string, listed = false): Promise<Ruleset> {
  return readNftables({ text, origin: () => at, listed }, async (pattern) => unknown('unresolved', pattern));
}

/** A table with one input chain that drops what no rule names. */
function input(rules: string, more = ''): Promise<Ruleset> {
  return nft(`table inet filter {\n${more}\n chain input {\n type filter hook input priority 0; policy drop;\n${rules}\n }\n}\n`);
}

function iptables(text: string, version: 4 | 6 = 4): Ruleset {
  const chains = new Map<string, FilterChain>();
  const problems = readIptables(
    text.split('\n').map((line) => ({ text: line, origin: at })),
    version,
    chains,
  );
  return { chains, problems };
}

const tcp = (ruleset: Ruleset, port: number, routes: Routes | 'none' = OUTSIDE): unknown =>
  new Arrival(ruleset, routes === 'none' ? undefined : routes).reaches(4, 'tcp', port, undefined);
const policy = (ruleset: Ruleset, version: 4 | 6 = 4): unknown => new Arrival(ruleset, OUTSIDE).unnamed(version, 'input');
function permissions(
  ruleset: Ruleset,
  known: Routes | 'none' = OUTSIDE,
): { readonly all: readonly string[]; readonly perhaps: readonly string[]; readonly unexplained: readonly string[] } {
  const routes = known === 'none' ? undefined : known;
  const arrival = new Arrival(ruleset, routes);
  const { all, perhapsAll, unexplained } = permissionsOf(
    ruleset,
    [...arrival.basesOf('input'), ...arrival.basesOf('forward')],
    routes?.outside[4],
  );
  const texts = (list: typeof all): readonly string[] => list.map(({ chain, rule }) => ruleText(chain, rule));
  return { all: texts(all), perhaps: texts(perhapsAll), unexplained: texts(unexplained) };
}

test('IPv6 comes in where its own routes lead', async () => {
  const ruleset = await input('iifname "sit0" tcp dport 22 accept\n iifname "eth0" tcp dport 80 accept');
  const reaches = (port: number, six: readonly string[] | undefined): unknown =>
    new Arrival(ruleset, { outside: { 4: ['eth0'], 6: six }, networks: [] }).reaches(6, 'tcp', port, undefined);
  expect([22, 80].map((port) => reaches(port, ['sit0']))).toEqual([true, false]);
  expect([22, 80].map((port) => reaches(port, undefined))).toEqual(['unclear', 'unclear']);
});

test('hostile rules end: what is asked after that is not known', () => {
  const rules = Array.from({ length: 40 }, (_, index) => `-A INPUT -i if${index} -s ${index + 1}.0.0.0/9 -p tcp --sport ${index} -j DROP`);
  const ruleset = iptables(`*filter\n:INPUT DROP [0:0]\n${rules.join('\n')}\nCOMMIT`);
  const arrival = new Arrival(ruleset, undefined);
  const answers = new Set(Array.from({ length: 3000 }, (_, port) => arrival.reaches(4, 'tcp', port, undefined)));
  expect(answers).toEqual(new Set([false, 'unclear']));
}, 30_000);

describe('a packet of an arbitrary address reaches a port by nftables', () => {
  test.each<[rules: string, reached: unknown, others: unknown]>([
    ['tcp dport 5432 accept', true, false],
    ['tcp dport { 22, 5000-6000 } accept', true, false],
    ['tcp dport postgresql accept', true, false],
    ['tcp dport != 22 accept', true, true],
    ['udp dport 5432 accept', false, false],
    ['th dport 5432 accept', true, false],
    ['meta l4proto tcp accept', true, true],
    ['meta l4proto { icmp, ipv6-icmp } accept', false, false],
    ['ip saddr 10.0.0.0/8 tcp dport 5432 accept', false, false],
    ['ip saddr { 10.0.0.0/8, 203.0.113.9 } tcp dport 5432 accept', false, false],
    ['ip saddr 0.0.0.0/0 tcp dport 5432 accept', true, false],
    ['ip saddr 0.0.0.0/1 tcp dport 5432 accept', true, false],
    ['ip saddr 128.0.0.0/2 tcp dport 5432 accept', true, false],
    ['ip saddr != 10.0.0.0/8 tcp dport 5432 accept', true, false],
    ['ip saddr 10.0.0.0-223.255.255.255 tcp dport 5432 accept', true, false],
    ['ip6 saddr ::/0 tcp dport 5432 accept', false, false],
    ['iif "lo" accept', false, false],
    ['iifname != "lo" accept', true, true],
    ['iifname "eth0" tcp dport 5432 accept', true, false],
    ['iifname "eth*" tcp dport 5432 accept', true, false],
    ['iifname "wg0" tcp dport 5432 accept', false, false],
    ['ct state established,related accept', false, false],
    ['ct state { established, related } accept', false, false],
    ['ct state new tcp dport 5432 accept', true, false],
    ['ct state vmap { established : accept, invalid : drop, new : jump open }', true, true],
    ['tcp flags syn tcp dport 5432 accept', true, false],
    ['tcp flags & (fin|syn|rst|ack) == syn tcp dport 5432 accept', true, false],
    ['tcp flags & (fin|syn) == 0x0 tcp dport 5432 accept', false, false],
    ['tcp flags != syn tcp dport 5432 accept', false, false],
    ['limit rate 10/second tcp dport 5432 accept', true, false],
    ['limit rate over 10/second drop\n tcp dport 5432 accept', true, false],
    ['ct count over 20 drop\n tcp dport 5432 accept', true, false],
    ['tcp dport 5432 drop\n tcp dport 5432 accept', false, false],
    ['tcp dport 5432 accept\n tcp dport 5432 drop', true, false],
    ['tcp dport 5432 return\n accept', false, true],
    ['tcp dport vmap { 22 : drop, 5432 : accept }', true, false],
    ['tcp dport vmap @ports', true, false],
    ['ip saddr . tcp dport { 1.2.3.4 . 5432 } accept', false, false],
    ['ip saddr @partners tcp dport 5432 accept', false, false],
    ['ip saddr @everyone tcp dport 5432 accept', true, false],
    ['ip saddr @banned drop\n tcp dport 5432 accept', true, false],
    ['jump open', true, true],
    ['goto open', true, true],
    ['tcp dport 5432 jump open', true, false],
    ['tcp sport 53 accept', true, true],
    ['tcp dport 5432 counter packets 0 bytes 0 log prefix "a } b; accept" level info accept comment "drop"', true, false],
    ['fib daddr type local tcp dport 5432 accept', true, false],
    ['fib saddr . iif oif missing drop\n tcp dport 5432 accept', true, false],
    ['meta pkttype multicast accept', false, false],
    ['meta nfproto ipv6 tcp dport 5432 accept', false, false],
    ['tcp dport 5432 reject with tcp reset\n accept', false, true],
    ['add @seen { ip saddr limit rate over 3/minute } drop\n tcp dport 5432 accept', true, false],
    ['meta mark set 1 tcp dport 5432 accept', true, false],
    ['meta mark set 1 ip saddr 10.0.0.0/8 drop\n tcp dport 5432 accept', true, false],
    ['meta mark set ct mark and 0xff ip saddr 10.0.0.0/8 drop\n tcp dport 5432 accept', 'unclear', false],
    // What is not understood is unknown, and never a refusal.
    ['meta mark 7 tcp dport 5432 accept', 'unclear', false],
    ['ip saddr @nowhere tcp dport 5432 accept', 'unclear', false],
    ['ip saddr @knocked tcp dport 5432 accept', 'unclear', false],
    ['tcp dport 5432 queue num 1 bypass', 'unclear', false],
    ['tcp dport nonsense accept', 'unclear', 'unclear'],
    ['socket transparent 1 accept', 'unclear', 'unclear'],
    ['tcp dport & 0xff == 0x38 accept', 'unclear', 'unclear'],
    ['tcp dport < 6000 accept', 'unclear', 'unclear'],
    ['brandnew thing { 1 : accept }', 'unclear', 'unclear'],
    ['ip daddr 192.0.2.1 tcp dport 5432 accept', 'unclear', false],
    ['tcp dport 5432 jump nowhere', 'unclear', false],
    ['tcp dport vmap @nomap', 'unclear', 'unclear'],
  ])('%s', async (rules, reached, others) => {
    const sets = [
      'set partners { type ipv4_addr; flags interval; elements = { 10.1.0.0/16, 203.0.113.1-203.0.113.9 } }',
      'set everyone { type ipv4_addr; flags interval; elements = { 0.0.0.0/1, 128.0.0.0/1 } }',
      'set banned { type ipv4_addr; flags dynamic,timeout; timeout 1h; elements = { 198.51.100.1 expires 5m } }',
      'set knocked { type ipv4_addr; flags dynamic; }',
      'set seen { type ipv4_addr; flags dynamic; }',
      'map ports { type inet_service : verdict; elements = { 80 : drop, 5432 : jump open } }',
      'chain open { accept }',
    ];
    const ruleset = await input(rules, sets.join('\n'));
    expect(ruleset.problems).toEqual([]);
    expect(tcp(ruleset, 5432), '5432').toEqual(reached);
    expect(tcp(ruleset, 7), 'another port').toEqual(others);
  });

  test('every base chain must let it in', async () => {
    const open = 'chain a { type filter hook input priority 0; policy accept; }';
    const closed = 'chain b { type filter hook input priority 10; policy accept; tcp dport 22 drop; }';
    const ruleset = await nft(`table inet one { ${open}\n }\ntable ip two { ${closed}\n }\n`);
    expect([tcp(ruleset, 22), tcp(ruleset, 80)]).toEqual([false, true]);
    expect(new Arrival(ruleset, OUTSIDE).reaches(6, 'tcp', 22, undefined)).toBe(true);
  });

  test('a device’s own chain may stop what all others let through', async () => {
    const ruleset = await nft(
      'table netdev d {\n chain i {\n type filter hook ingress device "eth0" priority 0; policy accept;\n tcp dport 22 drop\n }\n}\n',
    );
    expect(tcp(ruleset, 22)).toBe('unclear');
  });

  test('what is translated on the way goes to where it is sent', async () => {
    const nat =
      'table ip nat {\n chain pre {\n type nat hook prerouting priority dstnat;\n tcp dport 80 redirect to :8080\n tcp dport 5433 dnat to 172.17.0.2:5432\n tcp dport 99 dnat to 10.0.0.9\n }\n}\n';
    const filter = (forward: string): string =>
      `table ip filter {\n chain input {\n type filter hook input priority 0; policy drop;\n tcp dport 8080 accept\n }\n chain forward {\n type filter hook forward priority 0; policy drop;\n ${forward}\n }\n}\n`;
    const docker = await nft(nat + filter('oifname "docker0" tcp dport 5432 accept'));
    expect([80, 8080, 5433, 5432, 99].map((port) => tcp(docker, port))).toEqual([true, true, true, false, false]);
    // Without routes nobody knows by which interface it leaves.
    expect(tcp(docker, 5433, 'none')).toBe('unclear');
    expect(tcp(await nft(nat + filter('')), 5433)).toBe(false);
  });

  test('where nobody knows which interface leads outside, rules that ask for one are not decided', async () => {
    const ruleset = await input('iifname "eth7" tcp dport 5432 accept');
    expect([tcp(ruleset, 5432, 'none'), tcp(ruleset, 22, 'none')]).toEqual(['unclear', false]);
  });

  test('an address that the socket is bound to is compared', async () => {
    const ruleset = await input('ip daddr 192.0.2.1 tcp dport 5432 accept');
    const reaches = (address: bigint): unknown => new Arrival(ruleset, OUTSIDE).reaches(4, 'tcp', 5432, address);
    expect([reaches(0xc0000201n), reaches(0xc0000202n)]).toEqual([true, false]);
  });
});

describe('what becomes of packets that no rule names', () => {
  test.each<[rules: string, policy: unknown]>([
    ['', 'drop'],
    ['tcp dport 22 accept', 'drop'],
    ['accept', 'accept'],
    ['counter reject', 'reject'],
    ['meta l4proto tcp reject with tcp reset\n meta l4proto udp reject', 'drop'],
    ['ip saddr 10.0.0.0/8 accept', 'drop'],
    ['iifname "eth0" accept', 'accept'],
    ['iifname "wg0" accept', 'drop'],
    ['meta l4proto sctp accept', 'drop'],
    ['meta l4proto != tcp accept', 'accept'],
    ['tcp dport 1-65535 accept', 'accept'],
    ['meta mark 7 accept', 'drop'],
    ['ip saddr @nowhere accept', 'drop'],
    ['brandnew accept', 'unclear'],
    ['queue', 'unclear'],
  ])('%s', async (rules, expected) => {
    expect(policy(await input(rules))).toBe(expected);
  });
  test('a host without chains accepts, and one family has nothing of the other', async () => {
    expect(policy({ chains: new Map(), problems: [] })).toBe('accept');
    const ruleset = await nft('table ip filter {\n chain input {\n type filter hook input priority 0; policy drop;\n }\n}\n');
    expect([policy(ruleset, 4), policy(ruleset, 6)]).toEqual(['drop', 'accept']);
  });
});

describe('a file of nftables', () => {
  test.each<[text: string, problem: RegExp]>([
    ['insert rule ip f i tcp dport 22 accept', /insert rule/],
    ['delete rule ip f i handle 4', /delete rule/],
    ['table ip f {\n chain i {\n type filter hook nowhere priority 0;\n }\n}', /nowhere/],
    ['table ip f {\n chain i {\n policy maybe\n }\n}', /policy maybe/],
    ['table ip f {\n flags dormant\n chain i {\n type filter hook input priority 0; policy drop;\n }\n}', /dormant/],
    ['table ip f {\n chain i {', /chain i/],
    ['frobnicate everything', /frobnicate/],
    ['include "/etc/nftables.d/*.nft"', /include/],
    ['table ip f {\n chain i {\n tcp dport $PORTS accept\n }\n}', /variable \$PORTS/],
    ['}', /}/],
  ])('that says more than is read is a problem: %s', async (text, problem) => {
    const { problems } = await nft(text);
    expect(problems.map(({ detail }) => detail).join('\n')).toMatch(problem);
    expect(tcp({ chains: new Map(), problems }, 22)).toBe('unclear');
  });

  test('commands, variables and additions make the same as one table', async () => {
    const ruleset = await nft(
      'flush ruleset\ndefine ADMINS = { 10.0.0.0/8, 192.0.2.7 }\ndefine P = 22\nadd table inet f\nadd chain inet f i { type filter hook input priority filter - 5; policy drop; }\n' +
        'add set inet f s { type inet_service; }\nadd element inet f s { 80, 443 }\nadd rule inet f i ip saddr $ADMINS tcp dport $P accept\nadd rule inet f i tcp dport @s \\\n accept',
    );
    expect(ruleset.problems).toEqual([]);
    expect([22, 80, 443, 25].map((port) => tcp(ruleset, port))).toEqual([false, true, true, false]);
    expect(permissions(ruleset).unexplained).toEqual(['i ip saddr { 10.0.0.0/8, 192.0.2.7 } tcp dport 22 accept', 'i tcp dport @s accept']);
  });

  test('flushing takes away what stood before', async () => {
    const table = (rule: string): string =>
      `table inet f {\n chain i {\n type filter hook input priority 0; policy drop;\n ${rule}\n }\n}\n`;
    expect(tcp(await nft(`${table('accept')}flush ruleset\n${table('tcp dport 80 accept')}`), 22)).toBe(false);
    expect(tcp(await nft(`${table('accept')}delete table inet f\n${table('tcp dport 80 accept')}`), 22)).toBe(false);
  });

  test('what nft could not list in its own words is a condition that is not known', async () => {
    const ruleset = await nft(
      'table ip f {\n chain i {\n type filter hook input priority 0; policy drop;\n tcp dport 22 # physdev\n accept\n }\n}\n',
      true,
    );
    expect(tcp(ruleset, 22)).not.toBe(false);
  });

  test('no text makes the reader throw, hang or forget that it did not understand', async () => {
    const word = fc.constantFrom(
      'table',
      'chain',
      'inet',
      'f',
      'i',
      '{',
      '}',
      'type',
      'filter',
      'hook',
      'input',
      'priority',
      '0',
      ';',
      '\n',
      'policy',
      'drop',
      'accept',
      'tcp',
      'dport',
      '22',
      'vmap',
      ':',
      ',',
      '@s',
      'set',
      'elements',
      '=',
      'define',
      '$x',
      '"',
      '#',
      'jump',
      'ct',
      'state',
      'limit',
      'rate',
      'over',
      'meter',
      'add',
      'rule',
      'log',
      'prefix',
      '.',
      '&',
      '(',
      ')',
      'flags',
      'include',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(word, { maxLength: 60 }), async (words) => {
        const ruleset = await nft(words.join(' '));
        expect([true, false, 'unclear']).toContain(tcp(ruleset, 22));
        expect(['accept', 'drop', 'reject', 'unclear']).toContain(policy(ruleset));
      }),
      { numRuns: 300 },
    );
  });

  test('chains that jump to each other, and sets that multiply, end in bounded time', async () => {
    const chains = Array.from(
      { length: 15 },
      (_, index) => `chain c${index} { jump c${index + 1}; jump c${index + 1}; jump c${index + 1}; }`,
    );
    const ruleset = await nft(
      `table inet f {\n${chains.join('\n')}\nchain c15 { jump c0; }\nchain i {\n type filter hook input priority 0; policy drop;\n jump c0\n }\n}\n`,
    );
    const started = performance.now();
    expect(tcp(ruleset, 22)).toBe('unclear');
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});

describe('iptables', () => {
  const filter = (rules: string, more = ''): Ruleset =>
    iptables(`*filter\n:INPUT DROP [0:0]\n:FORWARD DROP [0:0]\n:OUTPUT ACCEPT [0:0]\n${more}\n${rules}\nCOMMIT\n`);
  test.each<[rules: string, reached: unknown, others: unknown]>([
    ['-A INPUT -p tcp -m tcp --dport 5432 -j ACCEPT', true, false],
    ['-A INPUT -p tcp -m multiport --dports 22,5000:6000 -j ACCEPT', true, false],
    ['-A INPUT -p udp --dport 5432 -j ACCEPT', false, false],
    ['-A INPUT -s 10.0.0.0/255.0.0.0 -p tcp --dport 5432 -j ACCEPT', false, false],
    ['-A INPUT ! -s 10.0.0.0/8 -p tcp --dport 5432 -j ACCEPT', true, false],
    ['-A INPUT -i lo -j ACCEPT', false, false],
    ['-A INPUT ! -i lo -j ACCEPT', true, true],
    ['-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT', false, false],
    ['-A INPUT -m state --state NEW -p tcp --dport 5432 -j ACCEPT', true, false],
    ['-A INPUT -p tcp --syn --dport 5432 -j ACCEPT', true, false],
    ['-A INPUT -p tcp --tcp-flags ALL NONE -j DROP\n-A INPUT -p tcp --dport 5432 -j ACCEPT', true, false],
    ['-A INPUT -p tcp ! --dport 22 -j ACCEPT', true, true],
    ['-A INPUT -j ACCEPT', true, true],
    ['-A INPUT -j ACCEPT -p tcp --dport 5432', true, false],
    ['-A INPUT -j DROP -s 1.2.3.4\n-A INPUT -p tcp --dport 5432 -j ACCEPT', true, false],
    ['-A INPUT -p icmp --icmp-type echo-request -j ACCEPT', false, false],
    ['-A INPUT -p tcp --dport 5432 -m limit --limit 3/min -j ACCEPT', true, false],
    [
      '-A INPUT -p tcp -m connlimit --connlimit-above 10 --connlimit-mask 32 -j REJECT\n-A INPUT -p tcp --dport 5432 -j ACCEPT',
      true,
      false,
    ],
    [
      '-A INPUT -m set --match-set f2b-sshd src -j REJECT --reject-with icmp-port-unreachable\n-A INPUT -p tcp --dport 5432 -j ACCEPT',
      true,
      false,
    ],
    [
      '-A INPUT -p tcp --dport 5432 -m recent --update --seconds 60 --hitcount 4 --name x -j DROP\n-A INPUT -p tcp --dport 5432 -j ACCEPT',
      true,
      false,
    ],
    ['-A INPUT -p tcp --dport 5432 -j LOG --log-prefix "x -j ACCEPT"\n-A INPUT -p tcp --dport 5432 -j ACCEPT', true, false],
    ['-A INPUT -p tcp --dport 5432 -g open', true, false],
    ['[12:3456] -A INPUT -p tcp --dport 5432 -j ACCEPT', true, false],
    ['-A INPUT -m comment --comment "it\\"s -j DROP" -p tcp --dport 5432 -j ACCEPT', true, false],
    ['-A INPUT -m addrtype --dst-type LOCAL -p tcp --dport 5432 -j ACCEPT', true, false],
    ['-A INPUT -p tcp --dport 5432 -m mark --mark 0x1 -j ACCEPT', 'unclear', false],
    ['-A INPUT -m set --match-set partners src -p tcp --dport 5432 -j ACCEPT', 'unclear', false],
    ['-A INPUT -m set ! --match-set partners src -j DROP\n-A INPUT -p tcp --dport 5432 -j ACCEPT', 'unclear', false],
    ['-A INPUT -m brandnew --thing 4 -j ACCEPT', 'unclear', 'unclear'],
    ['-A INPUT -p tcp --dport 5432 --brandnew -j ACCEPT', 'unclear', false],
    ['-A INPUT -p tcp --dport 5432 -j NFQUEUE --queue-num 3', 'unclear', false],
    ['-A INPUT -p tcp --dport 5432 -j NOWHERE', 'unclear', false],
  ])('%s', (rules, reached, others) => {
    const ruleset = filter(rules, '-A open -j ACCEPT');
    expect(ruleset.problems).toEqual([]);
    expect([tcp(ruleset, 5432), tcp(ruleset, 7)]).toEqual([reached, others]);
  });

  test.each([
    '-D INPUT 3',
    '-I INPUT 2 -j ACCEPT',
    '-F',
    ':INPUT MAYBE [0:0]',
    '-A INPUT -m comment --comment "open -j ACCEPT',
    'nonsense',
  ])('a line that is not read is a problem: %s', (line) => {
    expect(tcp(filter(line), 22)).toBe('unclear');
  });

  test('rules have the words of nftables, so that the same rule reads the same', () => {
    expect(permissions(filter('-A INPUT -s 10.0.0.0/8 -p tcp -m tcp --dport 22 -m conntrack --ctstate NEW -j ACCEPT')).unexplained).toEqual(
      ['INPUT ip saddr 10.0.0.0/8 tcp dport 22 ct state new accept'],
    );
  });
});

describe('rules that let everything in, and rules that nobody explains', () => {
  test.each<[rules: string, all: readonly string[], perhaps: readonly string[]]>([
    ['accept', ['input accept'], []],
    ['iif "lo" accept\n ct state established,related accept', [], []],
    ['meta l4proto tcp accept', ['input meta l4proto tcp accept'], []],
    ['limit rate 5/second accept', ['input limit rate 5/second accept'], []],
    ['ip saddr 0.0.0.0/0 accept', ['input ip saddr 0.0.0.0/0 accept'], []],
    ['tcp dport 1024-65535 accept', ['input tcp dport 1024-65535 accept'], []],
    ['iifname "eth0" accept', ['input iifname eth0 accept'], []],
    ['iifname "wg0" accept', [], []],
    ['iifname != "lo" accept', ['input iifname != lo accept'], []],
    ['ip saddr 10.0.0.0/8 accept', [], []],
    ['ip saddr != 192.0.2.7 accept', ['input ip saddr != 192.0.2.7 accept'], []],
    ['ip saddr != { 0.0.0.0/1, 128.0.0.0/1 } accept', [], []],
    ['ip saddr { 0.0.0.0/1, 128.0.0.0/1 } accept', ['input ip saddr { 0.0.0.0/1, 128.0.0.0/1 } accept'], []],
    ['ip saddr { 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 } accept', [], []],
    ['ip daddr != 224.0.0.0/4 accept', ['input ip daddr != 224.0.0.0/4 accept'], []],
    ['ip6 saddr 2000::/3 accept', ['input ip6 saddr 2000::/3 accept'], []],
    ['ip6 saddr != 2001:db8::/32 accept', ['input ip6 saddr != 2001:db8::/32 accept'], []],
    ['ct state != invalid accept', ['input ct state != invalid accept'], []],
    ['ct state != new accept', [], []],
    ['meta pkttype host accept', ['input meta pkttype host accept'], []],
    ['meta pkttype broadcast accept', [], []],
    ['ct direction original accept', ['input ct direction original accept'], []],
    ['fib saddr type unicast accept', ['input fib saddr type unicast accept'], []],
    ['drop\n accept', [], []],
    ['brandnew accept', [], ['input brandnew accept']],
    ['icmp type echo-request accept', [], []],
    ['ip saddr 10.0.0.0/8 jump open', [], []],
    ['jump open', ['open accept'], []],
  ])('%s', async (rules, all, perhaps) => {
    const found = permissions(await input(rules, 'chain open { accept }'));
    expect([found.all, found.perhaps]).toEqual([all, perhaps]);
  });
  test('a network of which nobody knows where it leads may be all of them', async () => {
    const found = permissions(await input('iifname "wg0" accept'), 'none');
    expect([found.all, found.perhaps]).toEqual([[], ['input iifname wg0 accept']]);
  });
  test('a comment explains a rule, and what is reached through it', async () => {
    const found = permissions(
      await input(
        'tcp dport 22 accept comment "admins, CHG-1"\n tcp dport 80 accept\n tcp dport 81 jump open comment "web"\n icmp type echo-request accept',
        'chain open { accept }',
      ),
    );
    expect(found.unexplained).toEqual(['input tcp dport 80 accept']);
  });
});

test.skipIf(!available('namespace'))('what nft takes as a file and lists again reads the same', async () => {
  const text = [
    'flush ruleset',
    'define ADMINS = { 10.20.0.0/24, 10.30.0.5 }',
    'table inet filter {',
    '  set allowed { type ipv4_addr; flags interval; elements = { 10.1.0.0/16, 192.168.5.1-192.168.5.9 }; }',
    '  map ports { type inet_service : verdict; elements = { 80 : accept, 443 : jump web }; }',
    '  chain web { limit rate 10/second accept comment "web"; }',
    '  chain input {',
    '    type filter hook input priority filter; policy drop;',
    '    iif "lo" accept',
    '    ct state vmap { established : accept, related : accept, invalid : drop }',
    '    ip saddr $ADMINS tcp dport { ssh, 2222-2230 } ct state new counter accept comment "ssh of admins"',
    '    ip saddr @allowed tcp dport 5432 accept',
    '    tcp dport vmap @ports',
    '    meta l4proto { tcp, udp } th dport 53 accept',
    '    ip protocol icmp icmp type echo-request limit rate 5/second accept',
    '    tcp flags & (fin|syn|rst|ack) == syn tcp dport 8080 accept',
    '    tcp flags syn / syn,ack tcp dport 8081 accept',
    '    iifname != { "eth0", "lo" } udp dport 161 accept',
    '    ip saddr != 10.0.0.0/8 tcp dport 9000 drop',
    '    ip6 saddr fe80::/10 tcp dport 546 accept',
    '    tcp dport 7000-7010 log prefix "x: " reject with tcp reset',
    '    tcp dport . ip saddr { 22 . 1.2.3.4 } accept',
    '    counter reject with icmpx type port-unreachable',
    '  }',
    '}',
    '',
  ].join('\n');
  const listed = execFileSync('unshare', ['-n', 'sh', '-c', 'nft -f - && nft -s list ruleset'], { input: text, encoding: 'utf8' });
  const [file, loaded] = [await nft(text), await nft(listed, true)];
  expect(loaded.problems).toEqual([]);
  for (const port of [22, 53, 80, 443, 2225, 5432, 7005, 8080, 8081, 9000, 161, 1])
    expect([port, tcp(file, port)]).toEqual([port, tcp(loaded, port)]);
  expect([policy(file), policy(loaded)]).toEqual(['reject', 'reject']);
  expect(permissions(file).all).toEqual(permissions(loaded).all);
  // nft names no service, and writes flags another way.
  const same = (found: readonly string[]): readonly string[] =>
    found.map((one) => one.replace('ssh', '22').replaceAll(/tcp flags .*? tcp/g, 'tcp flags … tcp')).toSorted();
  expect(same(permissions(file).unexplained)).toEqual(same(permissions(loaded).unexplained));
});
