import { expect, test } from 'vitest';
import { Arrival } from '../../../src/collect/host/filter/arrival.ts';
import { readFirewalld } from '../../../src/collect/host/filter/firewalld.ts';
import { permissionsOf } from '../../../src/collect/host/filter/permitted.ts';
import { ruleText } from '../../../src/collect/host/filter/ruleset.ts';
import { hostFolder } from '../../support/host-folder.ts';
import { hostContext } from '../../support/host.ts';

const SERVICES = {
  'usr/lib/firewalld/services/ssh.xml': '<service><short>SSH</short><port protocol="tcp" port="22"/></service>',
  'usr/lib/firewalld/services/web.xml': '<service><port protocol="tcp" port="80"/><port protocol="tcp" port="443"/></service>',
  'usr/lib/firewalld/services/odd.xml': '<service><include service="ssh"/></service>',
  'usr/lib/firewalld/zones/public.xml': '<zone><service name="ssh"/><forward/></zone>',
  'usr/lib/firewalld/zones/trusted.xml': '<zone target="ACCEPT"/>',
};

async function judged(files: Readonly<Record<string, string>>) {
  const ruleset = await readFirewalld(hostContext(hostFolder({ ...SERVICES, ...files })));
  if ('state' in ruleset) return ruleset;
  const arrival = new Arrival(ruleset, { outside: { 4: ['eth0'], 6: ['eth0'] }, networks: [] });
  const { all, unexplained } = permissionsOf(ruleset, [...arrival.basesOf('input'), ...arrival.basesOf('forward')], ['eth0']);
  return {
    ports: Object.fromEntries([22, 80, 5432, 8080].map((port) => [port, arrival.reaches(4, 'tcp', port, undefined)])),
    input: arrival.unnamed(4, 'input'),
    forward: arrival.unnamed(6, 'forward'),
    all: all.map(({ chain, rule }) => ruleText(chain, rule)),
    unexplained: unexplained.map(({ chain, rule }) => ruleText(chain, rule)),
    problems: ruleset.problems.map(({ detail }) => detail),
  };
}

test.each<[name: string, files: Readonly<Record<string, string>>, expected: unknown]>([
  [
    'as it is shipped',
    {},
    {
      ports: { 22: true, 80: false, 5432: false, 8080: false },
      input: 'reject',
      forward: 'reject',
      all: [],
      unexplained: [],
      problems: [],
    },
  ],
  [
    'a zone of its own',
    {
      'etc/firewalld/firewalld.conf': '# x\nDefaultZone=edge\n',
      'etc/firewalld/zones/edge.xml':
        '<zone target="DROP"><service name="web"/><port port="8080" protocol="tcp"/><rule family="ipv4"><source address="10.0.0.0/8"/><port port="5432" protocol="tcp"/><accept/></rule><rule><port port="80" protocol="tcp"/><reject/></rule></zone>',
    },
    {
      ports: { 22: false, 80: false, 5432: false, 8080: true },
      input: 'drop',
      all: [],
      unexplained: ['edge tcp dport 8080 accept', 'edge meta nfproto ipv4 ip saddr 10.0.0.0/8 tcp dport 5432 accept'],
      problems: [],
    },
  ],
  [
    'everything is trusted',
    { 'etc/firewalld/firewalld.conf': 'DefaultZone=trusted\n' },
    {
      ports: { 22: true, 80: true, 5432: true, 8080: true },
      input: 'accept',
      forward: 'accept',
      all: ['trusted accept', 'forward accept'],
    },
  ],
  [
    'zones by interface and by sender',
    {
      'etc/firewalld/zones/trusted.xml': '<zone target="ACCEPT"><interface name="eth0"/></zone>',
      'etc/firewalld/zones/home.xml': '<zone target="ACCEPT"><source address="192.168.0.0/16"/></zone>',
    },
    { ports: { 22: true, 80: true, 5432: true, 8080: true }, input: 'accept', all: ['trusted accept'] },
  ],
  [
    'a DOCTYPE',
    { 'etc/firewalld/zones/public.xml': '<!DOCTYPE z [<!ENTITY a "b">]><zone target="DROP"/>' },
    { input: 'unclear', ports: { 22: 'unclear', 80: 'unclear' }, problems: ['firewalld: zones/public.xml'] },
  ],
  [
    'a zone that is not there',
    { 'etc/firewalld/firewalld.conf': 'DefaultZone=../../etc/shadow\n' },
    { input: 'unclear', problems: ['firewalld: zones/../../etc/shadow.xml'] },
  ],
  [
    'direct rules',
    { 'etc/firewalld/direct.xml': '<direct><rule ipv="ipv4" table="filter" chain="INPUT" priority="0">-j ACCEPT</rule></direct>' },
    { input: 'unclear', problems: ['firewalld: direct rules'] },
  ],
  [
    'policies',
    { 'etc/firewalld/policies/a.xml': '<policy target="ACCEPT"/>' },
    { ports: { 22: 'unclear' }, problems: ['firewalld: policies'] },
  ],
  [
    'a zone that NetworkManager gives',
    { 'etc/NetworkManager/system-connections/a.nmconnection': '[connection]\nzone=trusted\n' },
    { ports: { 22: 'unclear' }, problems: ['firewalld: zones of NetworkManager'] },
  ],
  [
    'a service that includes another',
    { 'etc/firewalld/zones/public.xml': '<zone><service name="odd"/></zone>' },
    { ports: { 22: 'unclear', 5432: 'unclear' }, problems: [] },
  ],
  [
    'a forwarded port',
    { 'etc/firewalld/zones/public.xml': '<zone><service name="web"/><forward-port port="8080" protocol="tcp" to-port="80"/></zone>' },
    { ports: { 22: false, 80: true, 8080: true } },
  ],
])('%s', async (_, files, expected) => {
  expect(await judged(files)).toMatchObject(expected as object);
});
