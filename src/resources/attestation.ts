import { bool, list, oneOf, resourceKind, string, timestamp } from './kind.ts';

/** What people state, with the evidence for it. */
export const attestation = resourceKind({
  name: 'attestation',
  title: { en: 'Attestation', zh: '声明与佐证' },
  doc: 'A statement by people, with its document, date, owner and signature, checked for form when it is collected.',
  key: 'path of the attestation file',
  attributes: {
    form: {
      type: oneOf(
        'att:policy',
        'att:register',
        'att:event',
        'att:report',
        'att:assessment',
        'att:contract',
        'att:approval',
        'att:incident',
        'att:training',
        'att:stock',
        'att:declaration',
      ),
      doc: 'Attestation kind.',
      example: '"att:event"',
    },
    controls: { type: list(string), doc: 'Controls it speaks for.', example: '["BCK-10"]' },
    owner: { type: string, doc: 'Role that answers for it.', example: '"Head of operations"' },
    dated: { type: timestamp, doc: 'When it was made, or the event happened.', example: '"2026-10-12T00:00:00Z"' },
    valid_until: {
      type: timestamp,
      doc: 'End of its validity; absent where it states none.',
      example: '"2027-10-12T00:00:00Z"',
      optional: true,
    },
    result: { type: oneOf('met', 'not-met'), doc: 'What it states of its subject.', example: '"met"' },
    document_intact: { type: bool, doc: 'The documents are there and have the digests it names.', example: 'true' },
    signed: { type: bool, doc: 'It carries a signature that verifies.', example: 'true' },
  },
});
