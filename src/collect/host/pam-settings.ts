import { absent, known, unknown, type Fact } from '../../model/fact.ts';
import { SourceText } from '../../text/source-text.ts';
import type { HostContext } from './part.ts';
import type { PamModule } from './pam-stack.ts';

/** What a module’s arguments set, else its files; absent where neither does. */
export type PamSetting = (name: string) => Fact<string>;

/**
 * Settings of a module: its arguments go before its files, and of the files what is read last. A name without a value is `1`.
 * `directory` holds files that are read before the main one: pwquality.conf(5).
 */
export async function pamSettings(
  { open, host, at }: HostContext,
  { args, origin }: PamModule,
  file: string,
  directory?: string,
): Promise<PamSetting> {
  const own = new Map<string, Fact<string>>();
  for (const arg of args) {
    const [, name = '', value = '1'] = /^([^=]+)(?:=(.*))?$/.exec(arg) ?? [];
    own.set(name, known(value, origin));
  }
  const named = own.get('conf');
  const main = named?.state === 'known' ? named.value : file;
  const paths: string[] = [];
  const listing = directory === undefined ? 'not-there' : await host.list(directory);
  if (listing !== 'not-there' && 'state' in listing) return (name) => own.get(name) ?? listing;
  if (listing !== 'not-there')
    paths.push(
      ...listing.entries
        .map(({ path }) => path)
        .filter((path) => path.endsWith('.conf'))
        .toSorted(),
    );
  const found = new Map<string, Fact<string>>();
  let place = at;
  for (const path of [...paths, main]) {
    const source = await open(path);
    if (source === 'not-there') continue;
    if (!(source instanceof SourceText)) return (name) => own.get(name) ?? source;
    place = source.origin(0, 0);
    for (const match of source.text.matchAll(/^[ \t]*([a-z_]+)[ \t]*(?:=[ \t]*([^\s#]+))?[ \t]*(?:#.*)?\r?$/gm))
      found.set(match[1] ?? '', source.fact(match[2] ?? '1', match.index, match.index + match[0].trimEnd().length));
  }
  return (name) => own.get(name) ?? found.get(name) ?? absent(place);
}

/** A whole number that is set, or its default. */
export function numberOf(setting: PamSetting, name: string, usual: Fact<number>): Fact<number> {
  const fact = setting(name);
  if (fact.state === 'unknown') return fact;
  if (fact.state === 'absent') return usual;
  return /^-?\d{1,9}$/.test(fact.value)
    ? known(Number(fact.value), fact.origin)
    : unknown('unparseable', `${name} ${fact.value.slice(0, 40)}`, fact.origin);
}

/** A switch: written without a value, or with one that is not 0. */
export function isOn(setting: PamSetting, name: string): Fact<boolean> {
  const fact = setting(name);
  return fact.state === 'known' ? known(fact.value !== '0', fact.origin) : fact.state === 'absent' ? known(false, fact.origin) : fact;
}
