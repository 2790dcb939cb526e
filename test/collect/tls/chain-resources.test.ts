import { writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { chainResources } from '../../../src/collect/tls/chain-resources.ts';
import type { Origin } from '../../../src/model/fact.ts';
import { anchorsFrom } from '../../../src/x509/mozilla-roots.ts';
import { plain } from '../../support/collect.ts';
import { look } from '../../support/live.ts';
import { observed } from '../../support/observation.ts';
import { pem, threeTier } from '../../support/pki.ts';
import { keptFile } from '../../support/servers/certificate.ts';

const { root, middle, leaf } = threeTier();
const garbage = Uint8Array.of(0x30, 0x03, 0x02, 0x01);
const wire = (exchange: string): Origin => ({ kind: 'wire', target: 't', exchange });

/** What is said of the chain that was sent, by the facts named. */
async function sent(...certificates: readonly Uint8Array[]): Promise<{ readonly facts: unknown; readonly gaps: readonly string[] }> {
  const observation = observed(
    { 'TLSv1.2': [0xc02f] },
    { chains: [{ certificates, exchange: 'hello', serverName: 'pay.example.com', tlcp: false }] },
  );
  const { resources, gaps } = await chainResources(observation, {
    listener: 'pay.example.com:443',
    target: 't',
    host: 'pay.example.com',
    anchors: anchorsFrom([pem(root)]),
    at: '2026-06-01T00:00:00Z',
    wire,
  });
  const names = ['trusted', 'chain_complete', 'chain_ordered', 'chain_surplus'];
  return {
    facts: resources.map(({ facts }) => names.map((name) => plain(facts[name]))),
    gaps: gaps.map(({ cause }) => cause),
  };
}

describe('a chain in which something cannot be read', () => {
  test('whole, for comparison; and without its intermediate', async () => {
    expect(await sent(leaf, middle)).toEqual({ facts: [[true, true, true, 0]], gaps: [] });
    const notCollected = { unknown: 'not-collected' };
    expect(await sent(leaf)).toEqual({ facts: [[false, notCollected, true, notCollected]], gaps: [] });
  });

  const unread = { unknown: 'unparseable' };
  test('what is there is there; what is in order, too much or missing is not known, and a gap', async () => {
    for (const chain of [
      [leaf, garbage, middle],
      [leaf, middle, garbage],
    ])
      expect(await sent(...chain)).toEqual({ facts: [[true, true, unread, unread]], gaps: ['unparseable'] });
    const broken = await sent(leaf, garbage);
    expect(broken).toEqual({ facts: [[unread, { unknown: 'not-collected' }, unread, unread]], gaps: ['unparseable'] });
  });
});

test('a root of one’s own that cannot be read stops the look: nothing is called untrusted for want of it', async () => {
  const texts = { garbage: `${pem(root)}${pem(garbage)}`, cut: pem(root).replace('-----END CERTIFICATE-----\n', '') };
  for (const [name, text] of Object.entries(texts)) {
    const ca = keptFile(`roots-${name}.pem`, (file) => writeFileSync(file, text));
    const { record } = await look('tls://127.0.0.1:9', { options: { ca } });
    expect(record.gaps).toMatchObject([{ cause: 'unparseable', detail: expect.stringContaining('cannot be read') }]);
  }
});
