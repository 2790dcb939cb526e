import { posix } from 'node:path';
import { absent, derived, known, unknown, type Fact, type Origin, type Unknown } from '../../model/fact.ts';
import { SourceText } from '../../text/source-text.ts';
import { accountsOf } from './accounts.ts';
import { loginsOf } from './logins.ts';
import type { HostContext } from './part.ts';

/** Files that shells of logins read for everybody: bash(1) INVOCATION, and what Debian and Red Hat build in. */
const PROFILES = ['/etc/profile', '/etc/bash.bashrc', '/etc/bashrc'];
/** A line that sets the limit and nothing else: alone, exported, or so that nobody can unset it. */
const SIMPLE =
  /^[ \t]*(?:(?:export|readonly|declare[ \t]+-[rx]+|typeset[ \t]+-[rx]+)[ \t]+)?TMOUT=["']?(\d{1,9})["']?[ \t]*(?:;[ \t]*(?:readonly|export)[ \t]+TMOUT[ \t]*)*;?[ \t]*(?:#.*)?$/;
const FIXED = /(?:^|[;\s])(?:readonly|declare[ \t]+-x?rx?|typeset[ \t]+-x?rx?)[ \t]+TMOUT\b/;

/** Words that make what follows depend on something, and those that end it. */
const OPENS = /(?:^|[;&|(]|\b(?:then|do|else)\b)[ \t]*(?:if|case|for|while|until|select)\b|\{[ \t]*$/g;
const CLOSES = /(?:^|[;\s])(?:fi|esac|done)\b|^[ \t]*\}/g;
/** The rest of a profile may not be read. */
const LEAVES = /(?:^|[;&|)]|\bthen\b)[ \t]*(?:return|exit|exec)\b/;
/** It is left where no person is at the shell: nobody is idle there. */
const NOBODY_THERE = /^[ \t]*(?:\[ -z "?\$\{?PS1(?:[:-]*)?\}?"? \] && return|\*\)[ \t]*return[ \t]*;;)[ \t]*$/;
/** Shells that read these files and end by TMOUT. zsh, fish and csh read others; dash, which is Debian's sh, has no such limit. */
const READING = new Set(['bash', 'rbash', 'ksh', 'ksh93', 'mksh']);

/** An account that may log in and whose shell does not end by TMOUT. */
async function notReading(context: HostContext): Promise<Unknown | undefined> {
  const { accounts, moreAccounts } = await accountsOf(context);
  const login = await loginsOf(context);
  const link = await context.host.readlink('/bin/sh');
  const sh = typeof link === 'object' && 'to' in link ? posix.basename(link.to) : 'sh';
  for (const account of accounts) {
    const can = login(account);
    if (can.state === 'known' && !can.value) continue;
    const name = account.shell === '' ? 'sh' : posix.basename(account.shell);
    if (!READING.has(name === 'sh' ? sh : name)) return unknown('unresolved', 'TMOUT: shells that do not read it', account.origin);
  }
  return moreAccounts[0];
}

/** Seconds after which an idle shell ends, where nobody can switch that off; absent where it never does. */
export async function idleTimeout(context: HostContext): Promise<Fact<number>> {
  const { host, open, at } = context;
  const paths = [...PROFILES];
  const listing = await host.list('/etc/profile.d');
  if (listing !== 'not-there' && 'state' in listing) return listing;
  if (listing !== 'not-there') paths.push(...listing.entries.map(({ path }) => path).filter((path) => path.endsWith('.sh')));
  const places: Origin[] = [];
  const limits: Fact<number>[] = [];
  let fixed = false;
  for (const path of paths) {
    const source = await open(path);
    if (source === 'not-there') continue;
    if (!(source instanceof SourceText)) return source;
    places.push(source.origin(0, 0));
    let start = 0;
    let depth = 0;
    let ends = false;
    for (const line of source.text.split('\n')) {
      const code = line.replace(/(?:^|\s)#.*$/, '');
      if (/\bTMOUT\b/.test(code) && (depth > 0 || ends))
        return unknown('unresolved', 'TMOUT: a program decides', source.origin(start, start + line.length));
      depth += (code.match(OPENS)?.length ?? 0) - (code.match(CLOSES)?.length ?? 0);
      ends ||= LEAVES.test(code) && !NOBODY_THERE.test(code);
      if (/\bTMOUT\b/.test(code)) {
        const origin = source.origin(start, start + line.length);
        const [, value] = SIMPLE.exec(line) ?? [];
        fixed ||= FIXED.test(line);
        if (value !== undefined) limits.push(known(Number(value), origin));
        else if (!/^[ \t]*(?:readonly|export)[ \t]+TMOUT[ \t]*$/.test(line))
          return unknown('unresolved', 'TMOUT: a program decides', origin);
      }
      start += line.length + 1;
    }
  }
  const session = await stopIdleSessions(context);
  const [limit, ...more] = limits;
  const place = derived('no TMOUT in the profiles', places[0] ?? at, ...places.slice(1, 20));
  if (more.length > 0) return unknown('unresolved', 'TMOUT: it is set more than once', limit?.origin);
  // Whoever may unset it has none.
  const written: Fact<number> =
    limit === undefined ? absent(place) : limit.state === 'known' && (limit.value === 0 || !fixed) ? absent(limit.origin ?? at) : limit;
  const shell = written.state === 'known' ? ((await notReading(context)) ?? written) : written;
  if (shell.state === 'known' && session.state === 'known') return shell.value <= session.value ? shell : session;
  return shell.state === 'known' ? shell : session.state === 'absent' ? shell : session;
}

/** StopIdleSessionSec of logind.conf(5), since systemd 252: it ends sessions whatever their shell is. */
async function stopIdleSessions({ host, open, at }: HostContext): Promise<Fact<number>> {
  const listing = await host.list('/etc/systemd/logind.conf.d');
  if (listing !== 'not-there' && 'state' in listing) return listing;
  const more = listing === 'not-there' ? [] : listing.entries.map(({ path }) => path).filter((path) => path.endsWith('.conf'));
  let found: Fact<number> = absent(at);
  for (const path of ['/etc/systemd/logind.conf', ...more.toSorted()]) {
    const source = await open(path);
    if (source === 'not-there') continue;
    if (!(source instanceof SourceText)) return source;
    for (const match of source.text.matchAll(/^[ \t]*StopIdleSessionSec[ \t]*=[ \t]*(\S*)[ \t]*$/gm)) {
      const origin = source.origin(match.index, match.index + match[0].length);
      const value = match[1] ?? '';
      const seconds = /^(\d{1,8})(s|sec|m|min|h)?$/.exec(value);
      const unit = { m: 60, min: 60, h: 3600 }[seconds?.[2] ?? ''] ?? 1;
      if (value === '' || value === 'infinity') found = absent(origin);
      else if (seconds === null) return unknown('unparseable', `StopIdleSessionSec ${value.slice(0, 40)}`, origin);
      else found = Number(seconds[1]) === 0 ? absent(origin) : known(Number(seconds[1]) * unit, origin);
    }
  }
  return found;
}
