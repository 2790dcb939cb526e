import { expect, test } from 'vitest';
import { collectFiles, ofKind, plain } from '../../support/collect.ts';

const TWO = 'module(load="imuxsock")\n*.* @@l:514\n*.* action(type="omfwd" target="l" port="514" protocol="udp")\n';
const ids = async (text: string): Promise<readonly (readonly [string, unknown])[]> =>
  Object.entries(ofKind(await collectFiles({ 'rsyslog.conf': text }, { rsyslog: '8.2312' }), 'log.sink')).map(
    ([id, { facts }]) => [id, plain(facts['buffered'])] as const,
  );

test('ids hold no ordinal: what says the same keeps its id wherever it stands', async () => {
  const [head = '', one = '', other = ''] = TWO.split('\n');
  const before = await ids(
    TWO.replace('protocol="udp"', 'protocol="tcp" queue.type="LinkedList" queue.filename="q" action.resumeRetryCount="-1"'),
  );
  const swapped = await ids(
    `${head}\n${other.replace('protocol="udp"', 'protocol="tcp" queue.type="LinkedList" queue.filename="q" action.resumeRetryCount="-1"')}\n${one}\n`,
  );
  expect(before).toHaveLength(2);
  expect(new Map(swapped)).toEqual(new Map(before));
  for (const [id] of before) expect(id).not.toMatch(/\(\d+\)$/);
});

test('what says the same twice is one', async () => {
  const collected = await collectFiles({
    'pg_hba.conf': 'hostssl a b 10.0.0.0/8 md5\nhostssl a b 10.0.0.0/8 md5\nhostssl a b 10.0.0.0/8 md5 clientcert=verify-full\n',
  });
  expect(Object.keys(ofKind(collected, 'access.rule'))).toHaveLength(1);
});

test('a large file whose name tells nothing is looked into, and one too large for that is a gap', async () => {
  const filler = `${'# filler '.repeat(1000)}\n`;
  const server = 'server {\n  listen 80;\n  location / { proxy_pass http://app; }\n}\n';
  const main = 'events {}\nhttp { server { listen 443 ssl; } }\n';
  const found = await collectFiles({ 'nginx.conf': main, 'legacy.conf': filler.repeat(140) + server }, { nginx: '1.26.2' });
  expect(Object.keys(ofKind(found, 'http.site'))).toContain('_:80');
  const gap = await collectFiles({ 'nginx.conf': main, 'legacy.conf': filler.repeat(1000) + server }, { nginx: '1.26.2' });
  expect(gap.coverage['http.site']).toMatchObject({ status: 'partial', gaps: [{ cause: 'unsupported' }] });
});

test('a secret is told from another value of its name by eight bits, and by no more', async () => {
  const labels = async (value: string): Promise<unknown> =>
    plain(ofKind(await collectFiles({ 'redis.conf': `requirepass ${value}\n` }), 'secret.exposure')['redis.conf']?.facts['secrets']);
  expect(await labels('hunter2-a')).toEqual([{ name: 'requirepass', label: expect.stringMatching(/^requirepass #[0-9a-f]{2}$/) }]);
  expect(await labels('hunter2-a')).not.toEqual(await labels('hunter2-b'));
});
