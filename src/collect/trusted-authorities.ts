import { unknown, type Unknown } from '../model/fact.ts';
import type { Target } from '../model/resource.ts';
import { pemBlocks } from '../text/pem.ts';
import { SourceText } from '../text/source-text.ts';
import type { World } from '../world/world.ts';
import { parseCertificate } from '../x509/certificate.ts';

/** PEM certificates of the file that a target's `ca:` names; none where it names none. One that cannot be read spoils them all. */
export async function authoritiesOf({ options }: Target, world: World): Promise<readonly string[] | Unknown> {
  const file = options['ca'];
  if (file === undefined) return [];
  const tree = await world.tree(file);
  if ('state' in tree) return tree;
  const [entry] = (await tree.walk()).entries;
  const content = entry === undefined ? 'not-there' : await tree.read(entry.path);
  if (content === 'not-there') return unknown('unreachable', `ca: ${file}`);
  if ('state' in content) return content;
  const source = new SourceText(file, content.bytes);
  const blocks = pemBlocks(source).filter(({ label }) => label === 'CERTIFICATE');
  if (blocks.length === 0) return unknown('unparseable', `ca: ${file} holds no PEM certificate`);
  // Without a root that the user meant, what it would vouch for looks untrusted.
  if (blocks.some(({ bytes }) => bytes === undefined || parseCertificate(bytes) === undefined))
    return unknown('unparseable', `ca: ${file} holds a certificate that cannot be read`);
  return blocks.map(({ start, end }) => source.text.slice(start, end));
}
