import { absent, derived, known, unknown, type Fact, type Unknown } from '../../model/fact.ts';
import type { Resource } from '../../model/resource.ts';
import { availabilityGroup } from '../../resources/availability-group.ts';
import { lexLines, type Line, type LineSyntax, type Word } from '../../text/lines.ts';
import { SourceText } from '../../text/source-text.ts';
import { filesIn } from './host-files.ts';
import { whereItRuns } from './failover.ts';
import type { HostContext, HostReading } from './part.ts';
import { unitState } from './units.ts';

const FILE = '/etc/keepalived/keepalived.conf';
const SYNTAX: LineSyntax = {
  comment: ['#', '!'],
  commentAnywhere: true,
  quotes: ['"', "'"],
  escape: 'none',
  separators: ['{', '}'],
  continuation: false,
};
const MAX_FILES = 50;

/** A block or a setting of keepalived.conf(5). */
interface Statement {
  readonly words: readonly Word[];
  readonly block: readonly Statement[] | undefined;
  readonly source: SourceText;
}

/** Addresses that move between hosts: one group for each VRRP instance. Its members are this host and the peers that are named. */
export async function keepalivedGroups(context: HostContext): Promise<HostReading> {
  const file = await context.open(FILE);
  if (file === 'not-there') return { resources: [], gaps: [] };
  if (!(file instanceof SourceText)) return { resources: [], gaps: [{ why: file }] };
  const gaps: Unknown[] = [];
  const statements = await read(file, context, gaps, { left: MAX_FILES });
  const { running } = await unitState(context, ['keepalived.service'], ['keepalived']);
  const resources = statements
    .filter(({ words, block }) => words[0]?.text === 'vrrp_instance' && block !== undefined)
    .map((instance) => groupOf(instance, statements, running, context));
  return { resources, gaps: gaps.map((why) => ({ why })) };
}

async function read(file: SourceText, context: HostContext, gaps: Unknown[], budget: { left: number }): Promise<readonly Statement[]> {
  budget.left -= 1;
  if (budget.left < 0) {
    gaps.push(unknown('unsupported', `more than ${MAX_FILES} files of keepalived`));
    return [];
  }
  const parsed = parse(file, lexLines(file, SYNTAX));
  if (parsed === undefined) {
    gaps.push(unknown('unparseable', file.file, file.origin(0, 0)));
    return [];
  }
  const all: Statement[] = [];
  for (const statement of parsed) {
    const pattern = statement.words[1]?.text ?? '';
    if (statement.words[0]?.text.startsWith('include') !== true) {
      all.push(statement);
      continue;
    }
    const path = pattern.startsWith('/') ? pattern : `/etc/keepalived/${pattern}`;
    const directory = path.slice(0, path.lastIndexOf('/'));
    const [start = '', end, ...more] = path.split('*');
    if (end === undefined) {
      const one = await context.open(path);
      if (one instanceof SourceText) all.push(...(await read(one, context, gaps, budget)));
      else gaps.push(one === 'not-there' ? unknown('unresolved', `include ${pattern}: ${path} is not there`) : one);
    } else if (more.length > 0 || directory.includes('*')) gaps.push(unknown('unsupported', `include ${pattern}`));
    else {
      const found = await filesIn(context, directory, end);
      gaps.push(...found.gaps);
      for (const one of found.files) if (one.file.startsWith(start)) all.push(...(await read(one, context, gaps, budget)));
    }
  }
  return all;
}

/** Lines to blocks; undefined where braces do not fit together. Passwords are marked on the way. */
function parse(source: SourceText, lines: readonly Line[]): readonly Statement[] | undefined {
  const root: Statement[] = [];
  const stack: Statement[][] = [root];
  for (const { words } of lines) {
    let current: Word[] = [];
    const finish = (): void => {
      const [name, value] = current;
      if (name?.text === 'auth_pass' && value !== undefined) source.markSecret(value.start, value.end, 'auth_pass');
      if (current.length > 0) stack.at(-1)?.push({ words: current, block: undefined, source });
      current = [];
    };
    for (const word of words) {
      if (word.text === '{' && !word.quoted) {
        const block: Statement[] = [];
        // The name of a block may stand on the line before its brace.
        const last = current.length === 0 ? stack.at(-1)?.pop() : undefined;
        stack.at(-1)?.push({ words: last?.words ?? current, block, source });
        stack.push(block);
        current = [];
      } else if (word.text === '}' && !word.quoted) {
        finish();
        if (stack.length === 1) return undefined;
        stack.pop();
      } else current.push(word);
    }
    finish();
  }
  return stack.length === 1 ? root : undefined;
}

function groupOf(instance: Statement, all: readonly Statement[], runs: Fact<boolean>, context: HostContext): Resource {
  const { words, block = [], source } = instance;
  const [head] = words;
  const name = words[1]?.text ?? '';
  const at = source.origin(head?.start ?? 0, words.at(-1)?.end ?? 0);
  const child = (key: string): Statement | undefined => block.find((one) => one.words[0]?.text === key);
  const own = child('unicast_src_ip');
  const peers = child('unicast_peer')?.block ?? [];
  const members: Fact<string>[] = [
    ...(own?.words[1] === undefined ? [] : [own.words[1]]),
    ...peers.flatMap(({ words: peer }) => peer.slice(0, 1)),
  ].map((word) => source.fact(word.text, word.start, word.end));
  // By multicast, whoever speaks takes part.
  const others = peers.length > 0 && own !== undefined ? [] : [unknown('not-collected', 'which hosts take part is not written', at)];
  const scripts = child('track_script')?.block ?? [];
  const interfaces = child('track_interface')?.block ?? [];
  const watched = scripts.filter(({ words: script }) =>
    all.some((one) => one.words[0]?.text === 'vrrp_script' && one.words[1]?.text === script[0]?.text),
  );
  const checks = watched[0] ?? interfaces[0];
  const none = absent(at);
  return context.resource(availabilityGroup, name, {
    members: known(members, at, others),
    health_checked:
      checks?.words[0] === undefined
        ? known(false, derived('nothing is tracked', at))
        : source.fact(true, checks.words[0].start, checks.words[0].end),
    form: known('address', derived('what VRRP is', at)),
    replicas: none,
    lag: none,
    synchronous: none,
    failover: whereItRuns(runs, known('automatic', derived('VRRP moves an address by itself', at))),
    quorum: none,
    fenced: known(false, derived('VRRP stops nobody', at)),
  });
}
