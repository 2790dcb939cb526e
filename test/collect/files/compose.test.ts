import { expect, test } from 'vitest';
import { unknown } from '../../../src/model/fact.ts';
import { collectFiles, ofKind, placeOf, plain } from '../../support/collect.ts';

type Files = Parameters<typeof collectFiles>[0];

const service = async (text: string, more: Files = {}, versions: Record<string, string> = {}) => {
  const collected = await collectFiles({ 'compose.yml': text, ...more }, versions);
  return {
    collected,
    facts: ofKind(collected, 'workload')['compose.yml app']?.facts ?? {},
    sink: ofKind(collected, 'log.sink')['compose.yml app']?.facts ?? {},
  };
};
const app = (lines: string): string =>
  `services:\n  app:\n    image: app:1\n${lines
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n')}\n`;
const unresolved = { unknown: 'unresolved' };

test('a hardened service: every fact known, pointing at its value', async () => {
  const digest = `sha256:${'a'.repeat(64)}`;
  const { facts } = await service(`services:
  app:
    image: registry.example.com/app@${digest}
    user: "10001:10001"
    read_only: true
    cap_drop: [ALL]
    cap_add:
      - NET_BIND_SERVICE
    security_opt: ["no-new-privileges:true"]
    mem_limit: 512m
    cpus: 0.5
    pids_limit: 200
    restart: unless-stopped
    healthcheck: { test: [CMD, /bin/check] }
    ports: ["127.0.0.1:8443:8443"]
    volumes:
      - data:/data
      - ./conf:/etc/app:ro
volumes: { data: {} }
`);
  expect(Object.fromEntries(Object.entries(facts).map(([name, fact]) => [name, plain(fact)]))).toEqual({
    image: `registry.example.com/app@${digest}`,
    pinned: true,
    runs_as_root: false,
    privileged: false,
    privilege_escalation: false,
    capabilities_dropped: true,
    capabilities_added: ['NET_BIND_SERVICE'],
    host_namespaces: [],
    engine_socket: false,
    host_paths: ['conf'],
    devices: [],
    seccomp_disabled: false,
    read_only_root: true,
    memory_limited: true,
    cpu_limited: true,
    processes_limited: true,
    health_checked: true,
    restarts: true,
    published_ports: [{ address: '127.0.0.1', port: 8443, target: 8443 }],
  });
  expect(placeOf(facts['runs_as_root'])).toBe('compose.yml:4:11 "10001:10001"');
  expect(placeOf(facts['privileged'])).toBe('compose.yml:2:3 app');
  const added = facts['capabilities_added'];
  expect(placeOf(added?.state === 'known' && Array.isArray(added.value) ? added.value[0] : undefined)).toBe(
    'compose.yml:8:9 NET_BIND_SERVICE',
  );
});

test('what the image or the engine decides is unknown, what Compose decides is known', async () => {
  const { facts, sink } = await service(app(''));
  expect(plain(facts['runs_as_root'])).toEqual(unresolved);
  expect(plain(facts['health_checked'])).toEqual(unresolved);
  expect(plain(facts['privilege_escalation'])).toBe(true);
  expect(plain(facts['memory_limited'])).toBe(false);
  expect(plain(facts['restarts'])).toBe(false);
  expect(plain(sink['bounded'])).toEqual(unresolved);
  expect(plain(sink['destination'])).toEqual(unresolved);
});

test.each([
  ['user: root', 'runs_as_root', true],
  ['user: 0:0', 'runs_as_root', true],
  ['user: app', 'runs_as_root', unresolved],
  ['user: "${APP_UID:-1000}"', 'runs_as_root', unresolved],
  ['user: "{{ uid }}"', 'runs_as_root', unresolved],
  ['user:', 'runs_as_root', unresolved],
  ['privileged: "${P}"', 'privileged', unresolved],
  ['privileged: maybe', 'privileged', { unknown: 'unparseable' }],
  ['privileged: [x]', 'privileged', { unknown: 'unparseable' }],
  ['privileged: true\ncap_drop: [all]', 'capabilities_dropped', false],
  ['cap_drop: ["${D}"]', 'capabilities_dropped', unresolved],
  ['security_opt: ["no-new-privileges:true", "no-new-privileges=false"]', 'privilege_escalation', true],
  ['security_opt: ["no-new-privileges"]', 'privilege_escalation', false],
  ['security_opt: ["${OPT}", "no-new-privileges:true"]', 'privilege_escalation', unresolved],
  ['security_opt: [seccomp=unconfined]', 'seccomp_disabled', true],
  ['security_opt: ["seccomp:./profile.json"]', 'seccomp_disabled', { unknown: 'unsupported' }],
  ['privileged: true', 'seccomp_disabled', true],
  ['network_mode: host\npid: host\nipc: host\nuserns_mode: host', 'host_namespaces', ['network', 'pid', 'ipc', 'user']],
  ['network_mode: service:other', 'host_namespaces', ['…']],
  ['volumes: ["/var/run/docker.sock:/var/run/docker.sock:ro"]', 'engine_socket', true],
  ['volumes: [{ type: bind, source: /run/containerd/containerd.sock, target: /x }]', 'engine_socket', true],
  ['volumes: ["/run/user/1000/podman/podman.sock:/x"]', 'engine_socket', true],
  ['volumes: ["/etc/../var/run/:/host"]', 'engine_socket', true],
  ['volumes: ["${SOCK:-/var/run/docker.sock}:/var/run/docker.sock"]', 'engine_socket', unresolved],
  ['volumes: ["${DATA}:/data"]', 'host_paths', [unresolved]],
  ['volumes: ["data:/data", "/anonymous", { type: tmpfs, target: /tmp }]', 'host_paths', []],
  ['volumes: ["/etc/:/host"]', 'host_paths', ['/etc']],
  ['volumes_from: [other]', 'host_paths', ['…']],
  ['mem_limit: 0', 'memory_limited', false],
  ['mem_limit: "${MEM}"', 'memory_limited', unresolved],
  ['deploy: { resources: { limits: { memory: 1g, cpus: "0.5", pids: 10 } } }', 'processes_limited', true],
  ['pids_limit: -1', 'processes_limited', false],
  ['healthcheck: { disable: true }', 'health_checked', false],
  ['healthcheck: { test: [NONE] }', 'health_checked', false],
  ['healthcheck: { interval: 5s }', 'health_checked', unresolved],
  ['restart: "no"', 'restarts', false],
  ['restart: on-failure:3', 'restarts', true],
  ['deploy: { replicas: 2 }', 'restarts', unresolved],
  ['ports: ["5432:5432"]', 'published_ports', [{ address: '*', port: 5432, target: 5432 }]],
  ['ports: [5432]', 'published_ports', [{ address: '*', port: 0, target: 5432 }]],
  [
    'ports: ["8000-8001:9000-9001/udp"]',
    'published_ports',
    [
      { address: '*', port: 8000, target: 9000 },
      { address: '*', port: 8001, target: 9001 },
    ],
  ],
  [
    'ports: ["[::1]:80:8080", "0.0.0.0:81:81"]',
    'published_ports',
    [
      { address: '::1', port: 80, target: 8080 },
      { address: '*', port: 81, target: 81 },
    ],
  ],
  ['ports: [{ target: 80, published: "8080", host_ip: 127.0.0.1 }]', 'published_ports', [{ address: '127.0.0.1', port: 8080, target: 80 }]],
  ['ports: ["8000-8010:80"]', 'published_ports', [{ address: '*', port: unresolved, target: 80 }]],
  ['ports: ["${PORT}:80"]', 'published_ports', [unresolved]],
  ['network_mode: host\nports: ["80:80"]', 'published_ports', ['…']],
])('%s gives %s', async (lines, name, expected) => {
  expect(plain((await service(app(lines))).facts[name])).toEqual(expected);
});

test('a named volume bound to a path of the host is one', async () => {
  const { facts } = await service(
    `${app('volumes: ["sock:/s"]')}volumes: { sock: { driver_opts: { type: none, o: bind, device: /var/run } } }\n`,
  );
  expect(plain(facts['host_paths'])).toEqual(['/var/run']);
  expect(plain(facts['engine_socket'])).toBe(true);
});

test('an external network named host is the host’s', async () => {
  const { facts } = await service(`${app('networks: [outside]')}networks: { outside: { external: true, name: host } }\n`);
  expect(plain(facts['host_namespaces'])).toEqual(['network']);
});

test('variables: only .env settles one', async () => {
  const text = app('user: "${APP_UID:-0}"');
  expect(plain((await service(text, { '.env': 'APP_UID=1000\n' })).facts['runs_as_root'])).toBe(false);
  expect(plain((await service(text, { '.env': 'OTHER=1\n' })).facts['runs_as_root'])).toEqual(unresolved);
  expect(plain((await service(text, { '.env': 'APP_UID=${X}\n' })).facts['runs_as_root'])).toEqual(unresolved);
  expect(plain((await service(text, { '.env': unknown('access-denied', '.env') })).facts['runs_as_root'])).toEqual(unresolved);
  expect(plain((await service(app('user: "$$x"'))).facts['runs_as_root'])).toEqual(unresolved);
});

test('anchors and merge keys', async () => {
  const { facts } = await service(
    'x-base: &base\n  read_only: true\n  user: "5"\nservices:\n  app:\n    <<: *base\n    image: a:1\n    user: "0"\n',
  );
  expect([plain(facts['read_only_root']), plain(facts['runs_as_root'])]).toEqual([true, true]);
  expect(placeOf(facts['read_only_root'])).toBe('compose.yml:2:14 true');
});

test('extends: own values win, lists are joined, what is not there hides what is not written', async () => {
  const base = 'services:\n  base:\n    image: b:1\n    privileged: true\n    cap_add: [SYS_ADMIN]\n';
  const own = 'services:\n  app:\n    extends: { file: base/common.yml, service: base }\n    cap_add: [NET_ADMIN]\n    read_only: true\n';
  const { facts } = await service(own, { 'base/common.yml': base });
  expect(plain(facts['privileged'])).toBe(true);
  expect(plain(facts['capabilities_added'])).toEqual(['SYS_ADMIN', 'NET_ADMIN']);
  const missing = (await service(own)).facts;
  expect(plain(missing['privileged'])).toEqual(unresolved);
  expect(plain(missing['capabilities_added'])).toEqual(['NET_ADMIN', '…']);
  expect(plain(missing['engine_socket'])).toEqual(unresolved);
  expect(plain(missing['read_only_root'])).toBe(true);
  const loop = (await service('services:\n  app:\n    extends: other\n  other:\n    extends: app\n')).facts;
  expect(plain(loop['privileged'])).toEqual(unresolved);
});

test('an override file is merged, not read alone; one that cannot be read hides everything', async () => {
  const { collected, facts } = await service(app('privileged: false\nports: ["80:80"]'), {
    'compose.override.yml': 'services:\n  app:\n    privileged: true\n    ports: !reset []\n',
  });
  expect(plain(facts['privileged'])).toBe(true);
  expect(plain(facts['published_ports'])).toEqual([]);
  expect(Object.keys(ofKind(collected, 'workload'))).toEqual(['compose.yml app']);
  const broken = await service(app('privileged: false'), { 'compose.override.yml': 'services: [\n' });
  expect(plain(broken.facts['privileged'])).toEqual({ unknown: 'unparseable' });
  expect(broken.collected.coverage['workload']?.status).toBe('partial');
});

test('a service that is only a part of one tells nothing of what it does not write', async () => {
  const collected = await collectFiles({ 'docker-compose.prod.yml': 'services:\n  app:\n    read_only: true\n' });
  const facts = ofKind(collected, 'workload')['docker-compose.prod.yml app']?.facts;
  expect([plain(facts?.['read_only_root']), plain(facts?.['privileged'])]).toEqual([true, unresolved]);
});

test('includes: followed when there, a gap when not', async () => {
  const { collected } = await service('include:\n  - other/stack.yaml\n  - { path: [gone.yaml] }\nservices: {}\n', {
    'other/stack.yaml': 'services:\n  db:\n    image: x\n',
  });
  expect(Object.keys(ofKind(collected, 'workload'))).toEqual(['other/stack.yaml db']);
  expect(collected.coverage['workload']).toMatchObject({ status: 'partial', gaps: [{ cause: 'unresolved' }] });
});

test('a file that does not parse is a gap without excerpt', async () => {
  for (const text of [
    'services:\n  app:\n    image: a\n    image: b\n    environment: { DB_PASSWORD: "hunter2-secret" }\n',
    '- a\n',
    'services: &a [*a]\n',
  ]) {
    const collected = await collectFiles({ 'compose.yml': text });
    expect(collected.coverage['workload']).toMatchObject({ status: 'partial', gaps: [{ cause: 'unparseable' }] });
    expect(JSON.stringify(collected)).not.toContain('hunter2');
  }
});

test('secrets: environment in both forms, arguments, flags, .env and env_file', async () => {
  const { collected } = await service(
    app(
      'environment:\n  DB_PASSWORD: "hunter2; primo, #x"\n  API_TOKEN: ${TOKEN}\n  DB_PASSWORD_FILE: /run/secrets/db\nenv_file: [app.env, gone.env]\ncommand: ["redis-server", "--requirepass", "hunter2-secondo"]\nbuild: { args: ["NPM_TOKEN=hunter2 terzo"] }\nuser: "1"',
    ),
    { '.env': 'DB_PASSWORD=hunter2-quarto\n', 'app.env': 'STRIPE_SECRET_KEY="hunter2 quinto"\nEMPTY_PASSWORD=\n' },
  );
  expect(JSON.stringify(collected)).not.toMatch(/hunter2|primo|secondo|terzo|quarto|quinto/);
  const exposed = ofKind(collected, 'secret.exposure');
  expect(plain(exposed['compose.yml']?.facts['secrets'])).toMatchObject([
    { name: 'DB_PASSWORD' },
    { name: 'requirepass' },
    { name: 'NPM_TOKEN' },
  ]);
  expect(plain(exposed['.env']?.facts['secrets'])).toMatchObject([{ name: 'DB_PASSWORD' }]);
  expect(plain(exposed['app.env']?.facts['secrets'])).toMatchObject([{ name: 'STRIPE_SECRET_KEY' }]);
  expect(collected.coverage['secret.exposure']?.status).toBe('partial'); // gone.env
});

test.each([
  [
    'logging: { driver: json-file, options: { max-size: 10m, max-file: "3" } }',
    { bounded: true, retention: unresolved, encrypted: 'absent' },
  ],
  ['logging: { driver: json-file }', { bounded: unresolved }],
  ['logging: { driver: json-file, options: { max-size: "-1" } }', { bounded: false }],
  ['logging: { options: { max-size: 10m } }', { bounded: true, destination: unresolved }],
  ['logging: { driver: "none" }', { retention: 0, bounded: true }],
  [
    'logging: { driver: syslog, options: { syslog-address: "tcp+tls://logs.example.net:6514", syslog-tls-skip-verify: "true" } }',
    { destination: 'tcp+tls://logs.example.net:6514', encrypted: true, verifies_peer: false },
  ],
  [
    'logging: { driver: syslog, options: { syslog-address: "udp://10.0.0.9:514" } }',
    { encrypted: false, verifies_peer: false, buffered: false },
  ],
  ['logging: { driver: gelf, options: { gelf-address: "${G}" } }', { destination: unresolved, encrypted: unresolved }],
  ['logging: { driver: "acme/plugin:1" }', { encrypted: { unknown: 'unsupported' } }],
])('%s', async (lines, expected) => {
  const { sink } = await service(app(lines));
  for (const [name, value] of Object.entries(expected)) expect(plain(sink[name])).toEqual(value);
});

test('json-file without limits is the default of a known engine', async () => {
  expect(plain((await service(app('logging: { driver: json-file }'), {}, { docker: '27.3' })).sink['bounded'])).toBe(false);
});

test('hostile extends end in bounded time', async () => {
  const names = Array.from({ length: 12 }, (_, index) => `s${index}`);
  const files = Object.fromEntries(
    names.map((name, index) => [
      `f${index}.yml`,
      Array.from(
        { length: 8 },
        () => `services:\n  ${name}:\n    image: x\n    extends: { file: f${index + 1}.yml, service: s${index + 1} }\n`,
      ).join('---\n'),
    ]),
  );
  const started = performance.now();
  await collectFiles({ 'compose.yml': 'services:\n  app:\n    extends: { file: f0.yml, service: s0 }\n', ...files });
  expect(performance.now() - started).toBeLessThan(10_000);
});

test('devices of the host, by path, CDI name and rule', async () => {
  const { facts } = await service(
    app(
      'devices:\n  - /dev/mem:/dev/mem\n  - /dev/sda:/dev/xvda:rwm\n  - vendor.com/gpu=all\n  - source: /dev/kmem\n  - ${D}\ndevice_cgroup_rules: ["b 8:* rmw"]',
    ),
  );
  expect(plain(facts['devices'])).toEqual(['/dev/mem', '/dev/sda', 'vendor.com/gpu=all', '/dev/kmem', unresolved, 'b 8:* rmw']);
});

test.each([
  ['systempaths=unconfined', true],
  ['label=type:spc_t', true],
  ['seccomp=./own.json', { unknown: 'unsupported' }],
  ['no-new-privileges:true', false],
])('%s switches protection off: %s', async (option, expected) => {
  expect(plain((await service(app(`security_opt: ["${option}"]`))).facts['seccomp_disabled'])).toEqual(expected);
});

test.each([
  ['/var/run/docker.sock', ['/var/run/docker.sock'], true],
  ['/dev/sda', ['/dev/sda'], false],
  ['/etc', ['/etc'], false],
  ['/etc/custody/secrets/ledger', [], false],
  ['./secrets/ledger.txt', [], false],
  ['${SECRET_FILE}', [unresolved], unresolved],
])('a secret of the file %s', async (file, paths, socket) => {
  const { facts } = await service(`${app('secrets: [s]')}secrets:\n  s: { file: "${file}" }\n`);
  expect(plain(facts['host_paths'])).toEqual(paths);
  expect(plain(facts['engine_socket'])).toEqual(socket);
});
