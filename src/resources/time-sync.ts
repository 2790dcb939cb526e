import { bool, double, int, list, oneOf, resourceKind, string } from './kind.ts';

/** How a host keeps its clock right. */
export const timeSync = resourceKind({
  name: 'time.sync',
  title: { en: 'Time synchronisation', zh: '时钟同步' },
  doc: 'How a host keeps its clock right: from which sources, and how far off it is.',
  key: 'host',
  attributes: {
    engine: { type: oneOf('chrony', 'ntpsec', 'timesyncd', 'openntpd', 'none'), doc: 'Product.', example: '"chrony"' },
    running: { type: bool, doc: 'It runs.', example: 'true' },
    sources: { type: list(string), doc: 'Servers and pools that are configured.', example: '["ntp1.example.net", "ntp2.example.net"]' },
    source_count: {
      type: int,
      doc: 'How many sources that makes; a pool counts as the servers it yields, at least as many as it is told to use.',
      example: '4',
    },
    local_reference: { type: bool, doc: 'A source is a reference clock, or the provider’s link-local one.', example: 'false' },
    synchronised: { type: bool, doc: 'The clock follows a source now.', example: 'true' },
    offset: { type: double, doc: 'How far off the clock is, sign aside.', unit: 'second', example: '0.0003' },
    authenticated: { type: bool, doc: 'Every source is authenticated (NTS, or a key).', example: 'false' },
  },
});
