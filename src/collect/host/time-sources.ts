import { derived, known, unknown, type Fact, type Origin, type Unknown } from '../../model/fact.ts';
import { parseIni } from '../../text/ini.ts';
import { lexLines, type LineSyntax } from '../../text/lines.ts';
import { SourceText } from '../../text/source-text.ts';
import { filesIn, layered } from './host-files.ts';
import type { HostContext } from './part.ts';

/** Sources of time as they are configured. */
export interface TimeSources {
  readonly list: readonly Fact<string>[];
  readonly at: Origin;
  readonly count: number;
  /** One is a clock of the host's own, or its provider's on the link. */
  readonly reference: boolean;
  /** Every one is authenticated. */
  readonly authenticated: boolean;
  readonly gaps: readonly Unknown[];
}

/** Servers that a pool yields where the file says nothing: chrony.conf(5) `maxsources`; a name of pool.ntp.org has four addresses. */
const POOL = 4;
/** Directives by which chrony and ntpd name a source. */
const SOURCE = new Set(['server', 'pool', 'peer']);
/** On the link, and answered by the provider: AWS and others (169.254.169.123), Google's metadata server. */
const LINK_LOCAL = /^(?:169\.254\.\d+\.\d+|fd00:ec2::123|metadata\.google\.internal)$/i;
const LINES: LineSyntax = {
  comment: ['#', '!', ';', '%'],
  commentAnywhere: false,
  quotes: [],
  escape: 'none',
  separators: [],
  continuation: false,
};
const NTP_LINES: LineSyntax = { ...LINES, comment: ['#'], commentAnywhere: true };
const MAX_FILES = 100;

/** chrony.conf with what it includes, and the directories of sources. */
export async function chronySources(context: HostContext): Promise<TimeSources | Unknown> {
  for (const path of ['/etc/chrony/chrony.conf', '/etc/chrony.conf']) {
    const file = await context.open(path);
    if (file === 'not-there') continue;
    if (!(file instanceof SourceText)) return file;
    const found = new Found(file);
    await readChrony(file, context, found, { left: MAX_FILES });
    return found.sources();
  }
  return unknown('unresolved', '/etc/chrony/chrony.conf is not there', context.at);
}

class Found {
  readonly list: Fact<string>[] = [];
  readonly gaps: Unknown[] = [];
  readonly #file: SourceText;
  #count = 0;
  #reference = false;
  #authenticated = true;

  constructor(file: SourceText) {
    this.#file = file;
  }

  add(name: string, yields: number, authenticated: boolean, origin: Origin, reference = LINK_LOCAL.test(name)): void {
    // A server that is named twice is one.
    if (yields === 1 && this.list.some((one) => one.state === 'known' && one.value === name)) return;
    this.list.push(known(name, origin));
    this.#count += yields;
    this.#reference ||= reference;
    this.#authenticated &&= authenticated || reference;
  }

  sources(): TimeSources {
    return {
      list: this.list,
      at: this.#file.origin(0, 0),
      count: this.#count,
      reference: this.#reference,
      authenticated: this.#authenticated,
      gaps: this.gaps,
    };
  }
}

async function readChrony(file: SourceText, context: HostContext, found: Found, budget: { left: number }): Promise<void> {
  budget.left -= 1;
  if (budget.left < 0) {
    found.gaps.push(unknown('unsupported', `more than ${MAX_FILES} files of chrony`));
    return;
  }
  for (const { words, start, end } of lexLines(file, LINES)) {
    const [directive = '', ...rest] = words.map(({ text }) => text);
    const word = directive.toLowerCase();
    const [name = '', ...options] = rest;
    const origin = file.origin(start, end);
    if (SOURCE.has(word)) {
      const at = options.findIndex((option) => option.toLowerCase() === 'maxsources');
      const most = Number(options[at + 1]);
      const yields = word !== 'pool' ? 1 : at !== -1 && Number.isInteger(most) ? most : POOL;
      if (options.some((option) => option.toLowerCase() === 'noselect')) continue; // it is watched, and not followed
      found.add(
        name,
        yields,
        options.some((option) => /^(?:nts|key)$/i.test(option)),
        origin,
      );
    } else if (word === 'refclock') found.add(rest.slice(0, 2).join(' '), 1, true, origin, true);
    else if (word === 'include') await include(name, context, found, budget, origin);
    else if (word === 'confdir' || word === 'sourcedir') {
      // Files of the same name in later directories are hidden by earlier ones of the same line.
      const seen = new Set<string>();
      for (const directory of rest) {
        const { files, gaps } = await filesIn(context, directory, word === 'confdir' ? '.conf' : '.sources');
        found.gaps.push(...gaps);
        for (const one of files) {
          const base = one.file.slice(one.file.lastIndexOf('/') + 1);
          if (!seen.has(base)) await readChrony(one, context, found, budget);
          seen.add(base);
        }
      }
    }
  }
}

async function include(pattern: string, context: HostContext, found: Found, budget: { left: number }, origin: Origin): Promise<void> {
  const directory = pattern.slice(0, pattern.lastIndexOf('/'));
  const [first = '', last, ...more] = pattern.slice(directory.length + 1).split('*');
  if (/[*?[\]]/.test(directory) || /[?[\]]/.test(first + (last ?? '')) || more.length > 0 || !pattern.startsWith('/')) {
    found.gaps.push(unknown('unsupported', `include ${pattern}`, origin));
  } else if (last === undefined) {
    const file = await context.open(pattern);
    if (file instanceof SourceText) await readChrony(file, context, found, budget);
    else found.gaps.push(file === 'not-there' ? unknown('unresolved', `include ${pattern}: ${pattern} is not there`, origin) : file);
  } else {
    const { files, gaps } = await filesIn(context, directory, last);
    found.gaps.push(...gaps);
    for (const file of files)
      if (file.file.slice(file.file.lastIndexOf('/') + 1).startsWith(first)) await readChrony(file, context, found, budget);
  }
}

/** ntp.conf of ntpsec and of the old ntpd. */
export async function ntpSources(context: HostContext): Promise<TimeSources | Unknown> {
  for (const path of ['/etc/ntpsec/ntp.conf', '/etc/ntp.conf']) {
    const file = await context.open(path);
    if (file === 'not-there') continue;
    if (!(file instanceof SourceText)) return file;
    const found = new Found(file);
    const files = [file];
    if (path.startsWith('/etc/ntpsec/')) {
      const more = await filesIn(context, '/etc/ntpsec/ntp.d', '.conf');
      files.push(...more.files);
      found.gaps.push(...more.gaps);
    }
    for (const one of files)
      for (const { words, start, end } of lexLines(one, NTP_LINES)) {
        const [word = '', ...rest] = words.map(({ text }) => text).filter((text) => !/^-[46]$/.test(text));
        const [name = '', ...options] = rest;
        const origin = one.origin(start, end);
        const clock = word === 'refclock' || /^127\.127\.\d+\.\d+$/.test(name);
        // 127.127.1.x is the computer's own clock: no reference.
        if (SOURCE.has(word) && name.startsWith('127.127.1.')) continue;
        if (SOURCE.has(word) || word === 'refclock')
          found.add(
            clock ? rest.slice(0, 3).join(' ') : name,
            word === 'pool' ? POOL : 1,
            options.includes('nts') || options.includes('key') || clock,
            origin,
            clock || LINK_LOCAL.test(name),
          );
        else if (word === 'includefile') found.gaps.push(unknown('unsupported', `include ${name}`, origin));
      }
    return found.sources();
  }
  return unknown('unresolved', '/etc/ntpsec/ntp.conf is not there', context.at);
}

/** timesyncd.conf(5): servers that are named, else those that it falls back on. It never authenticates. */
export async function timesyncdSources(context: HostContext): Promise<TimeSources | Unknown> {
  const places = ['/etc/systemd', '/run/systemd', '/usr/local/lib/systemd', '/usr/lib/systemd'];
  const { files, gaps } = await layered(
    context,
    places.map((place) => `${place}/timesyncd.conf`),
    places.map((place) => `${place}/timesyncd.conf.d`),
  );
  const values: Record<string, { names: string[]; origin: Origin }> = {};
  for (const file of files)
    for (const { section, key, value, start, end } of parseIni(file, {
      comments: ['#', ';'],
      indentContinues: false,
      backslashContinues: true,
    }).entries) {
      if (section !== 'Time') continue;
      const names = value.split(/\s+/).filter((name) => name !== '');
      // An empty value takes back what was named before; others add to it.
      values[key] = { names: names.length === 0 ? [] : [...(values[key]?.names ?? []), ...names], origin: file.origin(start, end) };
    }
  const named = values['NTP'];
  const [first] = files;
  let { names, origin } = named ?? { names: [], origin: first?.origin(0, 0) ?? context.at };
  if (names.length === 0) {
    const fallback = values['FallbackNTP'] ?? compiledIn(files);
    // Servers that DHCP names come before these; a list that nobody wrote is the distribution's.
    if (fallback === undefined) return unknown('unresolved', 'FallbackNTP: the distribution decides', origin);
    ({ names, origin } = fallback);
  }
  return {
    list: names.map((name) => known(name, origin)),
    at: origin,
    count: names.length,
    reference: names.some((name) => LINK_LOCAL.test(name)),
    authenticated: false,
    gaps,
  };
}

/** The file as it is shipped shows what was compiled in, behind `#`. */
function compiledIn(files: readonly SourceText[]): { readonly names: string[]; readonly origin: Origin } | undefined {
  for (const file of files) {
    const found = /^#FallbackNTP=(.+)$/m.exec(file.text);
    if (found?.[1] === undefined) continue;
    return {
      names: found[1].trim().split(/\s+/),
      origin: derived('compiled in, as the file shows', file.origin(found.index, found.index + found[0].length)),
    };
  }
  return undefined;
}
