import { absent, derived, known, unknown, type Fact, type Unknown } from '../../../model/fact.ts';
import { SourceText } from '../../../text/source-text.ts';
import { parseYaml, yamlAt, yamlEntry, type YamlNode } from '../../../text/yaml.ts';
import { filesIn } from '../host-files.ts';
import type { HostContext } from '../part.ts';
import { unitState } from '../units.ts';
import { found, newestChange, type Sensor } from './sensor.ts';

const FILE = '/etc/suricata/suricata.yaml';
const RULE = /^[ \t]*(?:alert|drop|reject|rejectsrc|rejectdst|rejectboth|pass|config)[ \t]/gm;
const YES = /^(?:yes|true|on|1)$/i;

/** Suricata: suricata.yaml, its rule files, and where its findings go. */
export async function suricataSensor(context: HostContext): Promise<Sensor | Unknown | 'not-there'> {
  const file = await context.open(FILE);
  if (!(file instanceof SourceText)) return file;
  const reading = parseYaml(file);
  const [document] = reading.documents;
  const at = file.origin(0, 0);
  if (document === undefined || reading.problems.length > 0) return unknown('unparseable', FILE, at);
  const fact = (node: YamlNode, value: string): Fact<string> => file.fact(value, node.start, node.end);
  const included = yamlEntry(document, 'include');
  const gaps: Unknown[] =
    included === undefined ? [] : [unknown('unsupported', `${FILE}: include`, file.origin(included.key.start, included.key.end))];
  const [gap] = gaps;
  const { paths, missing } = await ruleFiles(document, context);
  const interfaces = ['af-packet', 'pcap', 'dpdk', 'netmap', 'pfring']
    .flatMap((name) => items(yamlAt(document, name)))
    .flatMap((one) => {
      const node = yamlAt(one, 'interface');
      return node?.kind === 'scalar' && node.text !== 'default' ? [fact(node, node.text)] : [];
    });
  const inline = items(yamlAt(document, 'af-packet')).some((one) => {
    const mode = yamlAt(one, 'copy-mode');
    return mode?.kind === 'scalar' && mode.text === 'ips';
  });
  const { running } = await unitState(context, ['suricata.service'], ['Suricata-Main', 'suricata']);
  return found({
    engine: known('suricata', at),
    form: known('network', derived('what Suricata is', at)),
    running,
    blocking: inline ? known(true, at) : await byQueue(context, gap ?? known(false, at)),
    rules: missing[0] ?? gap ?? (await countRules(paths, context)),
    rules_changed: missing[0] ?? gap ?? (await newestChange(paths, context, 'Suricata: rules')),
    last_run: absent(at),
    watches: known(interfaces, at, gaps),
    reports_to: known(outputs(document, fact), at, gaps),
    max_tries: absent(at),
    block_time: absent(at),
  });
}

function items(node: YamlNode | undefined): readonly YamlNode[] {
  return node?.kind === 'list' ? node.items : [];
}

/** Debian starts it on a queue of the packet filter where its defaults say so: then it decides. */
async function byQueue({ open }: HostContext, otherwise: Fact<boolean>): Promise<Fact<boolean>> {
  const settings = await open('/etc/default/suricata');
  if (!(settings instanceof SourceText)) return settings === 'not-there' ? otherwise : settings;
  const mode = /^[ \t]*LISTENMODE=["']?(\w*)/m.exec(settings.text);
  return mode?.[1] === 'nfqueue' ? settings.fact(true, mode.index, mode.index + mode[0].length) : otherwise;
}

async function ruleFiles(
  document: YamlNode,
  context: HostContext,
): Promise<{ readonly paths: readonly string[]; readonly missing: readonly Unknown[] }> {
  const base = yamlAt(document, 'default-rule-path');
  const directory = base?.kind === 'scalar' ? base.text : '/etc/suricata/rules';
  const paths: string[] = [];
  const missing: Unknown[] = [];
  for (const node of items(yamlAt(document, 'rule-files'))) {
    if (node.kind !== 'scalar') continue;
    const path = node.text.startsWith('/') ? node.text : `${directory}/${node.text}`;
    const [start = '', end] = path.split('*');
    if (end === undefined) paths.push(path);
    else if (end.includes('/') || path.split('*').length > 2) missing.push(unknown('unsupported', `rules ${path}`));
    else {
      const { files, gaps } = await filesIn(context, path.slice(0, path.lastIndexOf('/')), end);
      paths.push(...files.map(({ file }) => file).filter((one) => one.startsWith(start)));
      missing.push(...gaps);
    }
  }
  return { paths, missing };
}

/** Rules of files that are not there are none: Suricata warns, and watches without them. */
async function countRules(paths: readonly string[], context: HostContext): Promise<Fact<number>> {
  let count = 0;
  for (const path of paths) {
    const file = await context.host.read(path);
    if (file === 'not-there') continue;
    if ('state' in file) {
      if (file.cause !== 'unsupported') return file;
      const output = await context.command('grep -c rules', { file: path });
      if (output === 'not-there') return file;
      if ('state' in output) return output;
      count += Number(output.text.trim());
    } else count += [...new TextDecoder().decode(file.bytes).matchAll(RULE)].length;
  }
  return known(count, derived('rules in its files', context.at));
}

function outputs(document: YamlNode, fact: (node: YamlNode, value: string) => Fact<string>): readonly Fact<string>[] {
  const logs = yamlAt(document, 'default-log-dir');
  const directory = logs?.kind === 'scalar' ? logs.text.replace(/\/$/, '') : '/var/log/suricata';
  return items(yamlAt(document, 'outputs')).flatMap((one) => {
    const [entry] = one.kind === 'map' ? one.entries : [];
    if (entry === undefined) return [];
    const text = (name: string): string | undefined => {
      const node = yamlAt(entry.value, name);
      return node?.kind === 'scalar' ? node.text : undefined;
    };
    if (!YES.test(text('enabled') ?? '')) return [];
    const type = text('filetype') ?? 'regular';
    if (entry.name === 'syslog' || type === 'syslog') return [fact(entry.value, `syslog:${(text('facility') ?? 'local5').toLowerCase()}`)];
    if (entry.name !== 'eve-log' && entry.name !== 'fast') return [];
    if (type !== 'regular') return [fact(entry.value, type)];
    const name = text('filename') ?? (entry.name === 'fast' ? 'fast.log' : 'eve.json');
    return [fact(entry.value, `file:${name.startsWith('/') ? name : `${directory}/${name}`}`)];
  });
}
