import { unknown, type Unknown } from '../model/fact.ts';
import type { Target } from '../model/resource.ts';
import { pemBlocks } from '../text/pem.ts';
import { SourceText } from '../text/source-text.ts';
import type { World } from '../world/world.ts';

/** PEM certificates of the file that a target's `ca:` names; undefined where it names none. */
export async function authoritiesOf({ options }: Target, world: World): Promise<string | undefined | Unknown> {
  const file = options['ca'];
  if (file === undefined) return undefined;
  const tree = await world.tree(file);
  if ('state' in tree) return tree;
  const [entry] = (await tree.walk()).entries;
  const content = entry === undefined ? 'not-there' : await tree.read(entry.path);
  if (content === 'not-there') return unknown('unreachable', `ca: ${file}`);
  if ('state' in content) return content;
  const source = new SourceText(file, content.bytes);
  const blocks = pemBlocks(source).filter(({ label }) => label === 'CERTIFICATE');
  // Nothing but certificates is handed on: a file may hold a key beside them.
  return blocks.length === 0
    ? unknown('unparseable', `ca: ${file} holds no PEM certificate`)
    : blocks.map(({ start, end }) => source.text.slice(start, end)).join('\n');
}
