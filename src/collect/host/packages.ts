import { absent, unknown, type Fact } from '../../model/fact.ts';
import type { HostContext } from './part.ts';
import { SourceText } from '../../text/source-text.ts';

const STATUS = '/var/lib/dpkg/status';

/** Installed packages of a Debian or Ubuntu host, from dpkg's own database: name → version. Other hosts: not known. */
export function packageVersions(open: HostContext['open']): HostContext['package'] {
  let reading:
    | Promise<ReadonlyMap<string, { readonly version: string; readonly start: number; readonly end: number }> | undefined>
    | undefined;
  let source: Awaited<ReturnType<HostContext['open']>> | undefined;
  const read = async () => {
    source = await open(STATUS);
    return source instanceof SourceText ? installed(source.text) : undefined;
  };
  return async (name): Promise<Fact<string>> => {
    const packages = await (reading ??= read());
    if (packages === undefined || !(source instanceof SourceText))
      return typeof source === 'object' && 'state' in source ? source : unknown('unsupported', `packages: ${STATUS} is not there`);
    const found = packages.get(name);
    return found === undefined ? absent(source.origin(0, 0)) : source.fact(found.version, found.start, found.end);
  };
}

function installed(text: string): ReadonlyMap<string, { readonly version: string; readonly start: number; readonly end: number }> {
  const packages = new Map<string, { version: string; start: number; end: number }>();
  let name = '';
  let ready = false;
  let start = 0;
  for (const line of text.split('\n')) {
    if (line === '') [name, ready] = ['', false];
    else if (line.startsWith('Package: ')) name = line.slice(9);
    else if (line.startsWith('Status: ')) ready = line.endsWith(' installed');
    else if (line.startsWith('Version: ') && ready && name !== '')
      packages.set(name, { version: line.slice(9), start: start + 9, end: start + line.length });
    start += line.length + 1;
  }
  return packages;
}
