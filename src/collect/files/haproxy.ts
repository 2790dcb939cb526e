import { posix } from 'node:path';
import { absent, known, unknown, type Fact, type Unknown } from '../../model/fact.ts';
import type { Resource } from '../../model/resource.ts';
import { availabilityGroup } from '../../resources/availability-group.ts';
import { logSource } from '../../resources/logging.ts';
import { tlsListener } from '../../resources/tls-listener.ts';
import { parseHaproxy, type HaproxyLine } from '../../text/haproxy.ts';
import { isFilledIn } from '../../text/template.ts';
import { withoutTwins } from './default-name.ts';
import { declared, type FileFormat, type FormatContext, type FormatGap, type FormatReading } from './format.ts';
import { haproxyGroup } from './haproxy-backend.ts';
import { bindParameters, haproxyListener } from './haproxy-listener.ts';
import { haproxyLog } from './haproxy-log.ts';
import { HaproxyProxy } from './haproxy-proxy.ts';

/** HAProxy: https://docs.haproxy.org/2.6/configuration.html */
export const haproxyFormat: FileFormat = {
  name: 'haproxy',
  kinds: [tlsListener.name, availabilityGroup.name, logSource.name],
  recognises: (path) => /(?:^|\/)haproxy[^/]*\.cfg$/.test(path) || /(?:^|\/)haproxy\/(?:[^/]+\/)?[^/]+\.cfg$/.test(path),
  sniffs: (text) => /^(?:frontend|backend|listen)[ \t]+\S/m.test(text) && /^(?:global|defaults)\b/m.test(text),
  read,
};

async function read(paths: readonly string[], context: FormatContext): Promise<FormatReading> {
  const resources: Resource[] = [];
  const gaps: FormatGap[] = [];
  for (const path of paths) {
    const source = await context.open(path);
    if (source === 'not-there') continue;
    if ('state' in source) {
      gaps.push({ why: source });
      continue;
    }
    const sections = parseHaproxy(source);
    if ('state' in sections) {
      gaps.push({ why: sections });
      continue;
    }
    // Several files are read one after the other, as the command line names them: settings of one hold in the next.
    if (!/^haproxy[^/]*\.cfg$/.test(posix.basename(path)))
      gaps.push({ why: unknown('unresolved', `${path}: the command line decides what is read before it`, source.origin(0, 0)) });
    const before = paths.length > 1 ? `${path} ` : '';
    for (const [index, section] of sections.entries()) {
      if (!/^(?:frontend|backend|listen)$/.test(section.kind)) continue;
      const proxy = new HaproxyProxy(source, section, [
        ...sections.slice(0, index),
        ...sections.slice(index).filter(({ kind }) => kind === 'global'),
      ]);
      if (proxy.isOff()) continue;
      const id = `${before}haproxy ${proxy.name}`;
      if (section.kind !== 'backend') {
        resources.push(declared(logSource, id, context.target, haproxyLog(proxy)), ...listeners(proxy, id, context, gaps));
      }
      if (section.kind === 'frontend') continue;
      const group = haproxyGroup(proxy);
      if (group !== undefined) resources.push(declared(availabilityGroup, id, context.target, group));
      const client = clientOf(proxy);
      if (client !== undefined) gaps.push({ why: client, kinds: [tlsListener.name] });
    }
  }
  return { resources: withoutTwins(resources), gaps };
}

function listeners(proxy: HaproxyProxy, id: string, context: FormatContext, gaps: FormatGap[]): readonly Resource[] {
  return proxy.section.lines
    .filter(({ name }) => name === 'bind')
    .flatMap((line) => {
      const [addresses, ...words] = line.args;
      if (addresses === undefined || (words.every(({ text }) => text !== 'ssl') && !addresses.text.includes('quic'))) return [];
      const parameters = bindParameters(words, proxy);
      const hides = (why: Unknown): readonly Resource[] => {
        gaps.push({ why, kinds: [tlsListener.name] });
        return [];
      };
      if ('state' in parameters) return hides(parameters);
      return addresses.text.split(',').flatMap((address) => {
        if (address.startsWith('quic')) return hides(unknown('unsupported', 'bind: QUIC', proxy.origin(line)));
        if (!parameters.some(({ name }) => name === 'ssl')) return [];
        return [
          declared(
            tlsListener,
            `${id} ${address}`,
            context.target,
            haproxyListener(proxy, parameters, portOf(address, line, proxy), context),
          ),
        ];
      });
    });
}

/** `*:443`, `[::]:443`, `:443`; a socket in the file system has none. */
function portOf(address: string, line: HaproxyLine, proxy: HaproxyProxy): Fact<number> {
  const at = proxy.origin(line.args[0] ?? line);
  if (/^(?:\/|unix@|abns@)/.test(address)) return absent(at);
  const port = /:(\d{1,5})$/.exec(address)?.[1];
  return port === undefined || isFilledIn(address) ? unknown('unresolved', 'port', at) : known(Number(port), at);
}

/** Connections to servers that speak TLS are not read: whether these are verified is not known. */
function clientOf(proxy: HaproxyProxy): Unknown | undefined {
  const line =
    proxy.section.lines.find(({ name, args }) => name.startsWith('server') && args.slice(2).some(({ text }) => text === 'ssl')) ??
    proxy.every(({ name }) => name === 'default-server').find(({ args }) => args.some(({ text }) => text === 'ssl'));
  return line === undefined ? undefined : unknown('unsupported', 'how HAProxy verifies its servers', proxy.origin(line));
}
