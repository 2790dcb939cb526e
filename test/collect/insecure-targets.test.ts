import { expect, test } from 'vitest';
import { DATABASE_KINDS } from '../../src/world/database-address.ts';
import { insideTarget, lookInside, plainKind } from '../support/inside.ts';
import { verdictsOf } from '../support/live-verdicts.ts';

// Nobody listens there: the finding is the line's, not the server's.
const look = (kind: string, options: Readonly<Record<string, string>>) =>
  lookInside(insideTarget(kind, `${kind}://127.0.0.1:1`, { user: 'audit', ...options }));

test.each(DATABASE_KINDS)('%s: insecure: true is a finding by itself, at the line of the target', async (kind) => {
  const record = await look(kind, { insecure: 'true' });
  expect(plainKind(record, 'secret.exposure')).toEqual({
    'insecure: true': {
      file: record.target.declaredAt.file,
      secrets: [{ name: 'credentials of t (insecure: true)', label: 'credentials of t (insecure: true)' }],
    },
  });
  expect(record.coverage['secret.exposure']).toMatchObject({ status: 'complete', gaps: [] });
  expect(record.coverage['datastore']?.status).toBe('failed');
  const finding = (await verdictsOf({ record })).find(({ control, outcome }) => control === 'IAM-16' && outcome === 'fail');
  expect(finding).toMatchObject({ resource: 'insecure: true', severity: 'critical' });
  expect(finding?.message).toEqual({
    en: `${record.target.declaredAt.file} leaves secrets in the clear: credentials of t (insecure: true)`,
    zh: `${record.target.declaredAt.file} 使密钥或口令处于明文状态：credentials of t (insecure: true)`,
  });
});

test.each(DATABASE_KINDS)('%s: without it there is nothing to say', async (kind) => {
  const record = await look(kind, {});
  expect(plainKind(record, 'secret.exposure')).toEqual({});
  expect(record.coverage['secret.exposure']).toBeUndefined();
  expect((await verdictsOf({ record })).filter(({ control, outcome }) => control === 'IAM-16' && outcome !== 'not-applicable')).toEqual([]);
});
