import { absent, known, unknown, type Fact, type Origin, type Unknown } from '../../model/fact.ts';
import type { HostFile } from '../../world/host.ts';
import type { Account } from './accounts.ts';
import type { HostContext } from './part.ts';

/** struct lastlog of Linux: a time, a line and a host for each number of an account, in their order. */
const LASTLOG = { record: 292, time: 0 };
/** struct utmp of Linux: the kind, the account's name, the time. utmp(5) */
const UTMP = { record: 384, user: 44, userLength: 32, time: 340, userProcess: 7 };

/**
 * When accounts last logged in: lastlog(8) knows everybody, wtmp(5) what was recorded since it was last rotated. Little-endian, as on every
 * machine that Debian still builds for servers but s390x.
 */
export async function lastLogins({ host, at, target }: HostContext): Promise<(account: Account) => Fact<string>> {
  const placeOf = (path: string): Origin => ({ kind: 'command', target: target.id, command: path === LOGINS ? 'lastlog' : 'last' });
  const lastlog = await host.read(LOGINS);
  const successor = await host.stat('/var/lib/lastlog/lastlog2.db');
  const wtmp = await host.read(SESSIONS);
  const sessions = isFile(wtmp) ? sessionsOf(wtmp) : new Map<string, number>();
  return ({ name, uid }) => {
    // Where lastlog2 writes, the old file is no longer written.
    if (successor !== 'not-there') return unknown('unsupported', '/var/lib/lastlog/lastlog2.db', at);
    const times: { readonly seconds: number; readonly origin: Origin }[] = [];
    const session = sessions.get(name);
    if (session !== undefined) times.push({ seconds: session, origin: placeOf(SESSIONS) });
    if (isFile(lastlog)) {
      const seconds = secondsAt(lastlog.bytes, uid * LASTLOG.record + LASTLOG.time, LASTLOG.record);
      if (seconds > 0) times.push({ seconds, origin: placeOf(LOGINS) });
    }
    const latest = times.toSorted((a, b) => b.seconds - a.seconds)[0];
    if (latest !== undefined) return known(`${new Date(latest.seconds * 1000).toISOString().slice(0, 19)}Z`, latest.origin);
    if (isFile(lastlog)) return absent(placeOf(LOGINS));
    if (lastlog !== 'not-there') return lastlog;
    return unknown('not-collected', `${LOGINS} is not there`, at);
  };
}

const LOGINS = '/var/log/lastlog';
const SESSIONS = '/var/log/wtmp';

function isFile(file: HostFile | Unknown | 'not-there'): file is HostFile {
  return file !== 'not-there' && !('state' in file);
}

function sessionsOf({ bytes }: HostFile): ReadonlyMap<string, number> {
  const latest = new Map<string, number>();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at + UTMP.record <= bytes.length; at += UTMP.record) {
    if (view.getInt16(at, true) !== UTMP.userProcess) continue;
    const field = Buffer.from(bytes.subarray(at + UTMP.user, at + UTMP.user + UTMP.userLength)).toString('utf8');
    const name = field.replace(/\0.*$/s, '');
    const seconds = view.getUint32(at + UTMP.time, true);
    latest.set(name, Math.max(latest.get(name) ?? 0, seconds));
  }
  return latest;
}

function secondsAt(bytes: Uint8Array, offset: number, record: number): number {
  if (offset + record > bytes.length) return 0;
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(offset, true);
}
