import { bool, int, list, oneOf, record, resourceKind, string } from './kind.ts';

const exposure = record('ExposedService', {
  port: { type: int, doc: 'Port.', example: '5432' },
  protocol: { type: oneOf('tcp', 'udp'), doc: 'Transport.', example: '"tcp"' },
  address: { type: string, doc: 'Address it listens on.', example: '"0.0.0.0"' },
  leads_to: { type: int, doc: 'Port where what arrives ends up: its own, or where translation sends it.', example: '5432' },
  program: { type: string, doc: 'Program that listens, or where translation leads.', example: '"postgres"' },
  reachable: { type: bool, doc: 'The rules let every address reach it.', example: 'false' },
});

const POLICY = ['accept', 'drop', 'reject'] as const;

/** What of the network reaches a host. */
export const networkFilter = resourceKind({
  name: 'network.filter',
  title: { en: 'Network filter', zh: '网络过滤' },
  doc: 'A host’s packet filter as it is loaded (or would be), held against the sockets that listen.',
  key: 'host',
  attributes: {
    engine: { type: oneOf('nftables', 'iptables', 'ufw', 'firewalld', 'none'), doc: 'What fills it.', example: '"nftables"' },
    input: { type: oneOf(...POLICY), doc: 'What becomes of incoming IPv4 packets that no rule names.', example: '"drop"' },
    forward: { type: oneOf(...POLICY), doc: 'The same of forwarded ones.', example: '"drop"' },
    output: { type: oneOf(...POLICY), doc: 'The same of outgoing ones.', example: '"accept"' },
    input6: { type: oneOf(...POLICY), doc: 'The same of incoming IPv6 packets; `drop` where the host has no IPv6.', example: '"drop"' },
    forward6: { type: oneOf(...POLICY), doc: 'The same of forwarded IPv6 packets.', example: '"drop"' },
    output6: { type: oneOf(...POLICY), doc: 'The same of outgoing IPv6 packets.', example: '"accept"' },
    accepts_all: {
      type: list(string),
      doc: 'Rules that accept everything from everywhere, loopback and answers aside.',
      example: '["input accept"]',
    },
    unexplained: { type: list(string), doc: 'Accepting rules without a comment.', example: '["tcp dport 22 accept"]' },
    services: {
      type: list(exposure),
      doc: 'What listens on an address of the network, and whether the filter lets every address reach it.',
      example: '[]',
    },
    persistent: { type: bool, doc: 'It is loaded again when the host starts.', example: 'true' },
  },
});
