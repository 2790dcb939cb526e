import { bool, int, list, oneOf, record, resourceKind, string } from './kind.ts';

const publishedPort = record('PublishedPort', {
  address: { type: string, doc: 'Host address it is bound to; `*` for every one.', example: '"127.0.0.1"' },
  port: { type: int, doc: 'Port on the host; 0 for one chosen at start.', example: '5432' },
  target: { type: int, doc: 'Port inside.', example: '5432' },
});

/** A container or pod, as its manifest describes it. */
export const workload = resourceKind({
  name: 'workload',
  title: { en: 'Workload', zh: '工作负载' },
  doc: 'A container as its manifest describes it: whom it runs as, what it may do to the host, what it may use.',
  key: 'service or workload name',
  attributes: {
    image: { type: string, doc: 'Image reference.', example: '"postgres:17.2"' },
    pinned: { type: bool, doc: 'The image is named by digest.', example: 'true' },
    runs_as_root: { type: bool, doc: 'It runs as user 0. Unknown where the image decides.', example: 'false' },
    privileged: { type: bool, doc: 'It has all rights of the host.', example: 'false' },
    privilege_escalation: { type: bool, doc: 'A process may gain more rights than its parent.', example: 'false' },
    capabilities_dropped: { type: bool, doc: 'All capabilities are dropped before any is added.', example: 'true' },
    capabilities_added: { type: list(string), doc: 'Capabilities added.', example: '["NET_BIND_SERVICE"]' },
    host_namespaces: {
      type: list(oneOf('network', 'pid', 'ipc', 'user', 'uts', 'cgroup')),
      doc: 'Namespaces shared with the host.',
      example: '[]',
    },
    engine_socket: { type: bool, doc: 'The container engine’s socket is mounted.', example: 'false' },
    host_paths: { type: list(string), doc: 'Paths of the host that are mounted, named volumes aside.', example: '["/etc"]' },
    devices: {
      type: list(string),
      doc: 'Devices of the host that it may use: paths, CDI names, or rules of the device controller.',
      example: '["/dev/sda"]',
    },
    seccomp_disabled: {
      type: bool,
      doc: 'System-call filtering, mandatory access control or the masking of /proc and /sys is switched off.',
      example: 'false',
    },
    read_only_root: { type: bool, doc: 'The root file system is read-only.', example: 'true' },
    memory_limited: { type: bool, doc: 'A memory limit is set.', example: 'true' },
    cpu_limited: { type: bool, doc: 'A CPU limit is set.', example: 'true' },
    processes_limited: { type: bool, doc: 'A limit on processes is set.', example: 'true' },
    health_checked: { type: bool, doc: 'A health check is set. Unknown where the image decides.', example: 'true' },
    restarts: { type: bool, doc: 'It is started again after a failure.', example: 'true' },
    published_ports: {
      type: list(publishedPort),
      doc: 'Ports published on the host.',
      example: '[{ address: "*", port: 443, target: 8443 }]',
    },
  },
});
