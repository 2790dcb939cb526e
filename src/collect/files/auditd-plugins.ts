import { posix } from 'node:path';
import { absent, known, unknown, type Fact } from '../../model/fact.ts';
import type { SourceText } from '../../text/source-text.ts';
import { hidingLine, isFilledIn, isManagedHead } from '../../text/template.ts';
import { MAX_LINE, SETTING } from './auditd-conf.ts';
import { syslogChannel } from './log-channels.ts';

/**
 * Where a plugin of auditd sends records: absent where it is off, which it is unless its file says otherwise (auditd-plugins(5)).
 * The facility of the syslog plugin is known; any other may send anywhere.
 */
export function pluginChannel(plugin: SourceText): Fact<string> {
  const at = plugin.origin(0, 0);
  const hiding = hidingLine(plugin.text);
  if (hiding !== undefined) return unknown('unresolved', `${plugin.file}: ${hiding.what}`, plugin.origin(hiding.start, hiding.end));
  const active = pluginSetting(plugin, 'active');
  if (active.state !== 'known') return active;
  if (/^no$/i.test(active.value)) return absent(active.origin);
  if (!/^yes$/i.test(active.value)) return unknown('unparseable', `active ${active.value.slice(0, 40)}`, active.origin);
  if (posix.basename(plugin.file) !== 'syslog.conf') return unknown('unsupported', `${plugin.file}: where it sends`, at);
  const args = pluginSetting(plugin, 'args');
  if (args.state === 'unknown') return args;
  const written = args.state === 'known' ? args.value : '';
  return known(syslogChannel(/\bLOG_(LOCAL[0-7]|AUTH|AUTHPRIV|DAEMON|SYSLOG|USER)\b/i.exec(written)?.[1] ?? 'user'), at);
}

/** The last line of a plugin's file that gives a setting; `name = value`, as in auditd.conf. */
function pluginSetting(plugin: SourceText, name: 'active' | 'args'): Fact<string> {
  let found: Fact<string> = absent(plugin.origin(0, 0));
  let start = 0;
  for (const whole of plugin.text.split('\n')) {
    const line = whole.slice(0, MAX_LINE);
    const at = plugin.origin(start, start + whole.length);
    start += whole.length + 1;
    const [before = ''] = line.split('=');
    if (/^[ \t]*#/.test(line) || isManagedHead(line)) continue;
    if (isFilledIn(before)) found = unknown('unresolved', 'a template in the place of a setting', at);
    if (before.trim().split(/\s/)[0]?.toLowerCase() !== name) continue;
    const [, value] = SETTING.exec(line)?.slice(2) ?? [];
    if (isFilledIn(line)) found = unknown('unresolved', `${name}: a value that is filled in elsewhere`, at);
    else found = value === undefined ? unknown('unparseable', `${name} ${line.slice(0, 40)}`, at) : known(value, at);
  }
  return found;
}
