import { derived, known, type Fact, type Unknown } from '../../model/fact.ts';
import { SourceText } from '../../text/source-text.ts';
import type { HostContext } from './part.ts';
import { unitState } from './units.ts';

/** Services that no host of a custodian needs, by their units and programs. */
const NEEDLESS: Readonly<Record<string, { readonly units: readonly string[]; readonly programs: readonly string[] }>> = {
  avahi: { units: ['avahi-daemon.service', 'avahi-daemon.socket'], programs: ['avahi-daemon'] },
  cups: { units: ['cups.service', 'cups.socket', 'cups-browsed.service'], programs: ['cupsd', 'cups-browsed'] },
  ftp: { units: ['vsftpd.service', 'proftpd.service', 'pure-ftpd.service'], programs: ['vsftpd', 'proftpd', 'pure-ftpd'] },
  nis: { units: ['ypserv.service', 'nis.service'], programs: ['ypserv'] },
  rpcbind: { units: ['rpcbind.service', 'rpcbind.socket'], programs: ['rpcbind'] },
  rsh: { units: ['rsh.socket', 'rlogin.socket', 'rexec.socket'], programs: ['in.rshd', 'in.rlogind', 'in.rexecd'] },
  telnet: { units: ['telnet.socket'], programs: ['in.telnetd', 'telnetd'] },
  tftp: { units: ['tftpd-hpa.service', 'tftp.socket', 'tftp.service'], programs: ['in.tftpd'] },
};
/** What inetd.conf(5) calls them. */
const BY_INETD: Readonly<Record<string, string>> = { telnet: 'telnet', ftp: 'ftp', tftp: 'tftp', shell: 'rsh', login: 'rsh', exec: 'rsh' };

/** Which of them run, or start with the host. */
export async function needlessServices(context: HostContext): Promise<Fact<readonly Fact<string>[]>> {
  const found = new Map<string, Fact<string>>();
  const gaps: Unknown[] = [];
  for (const [name, { units, programs }] of Object.entries(NEEDLESS)) {
    const { running, enabled } = await unitState(context, units, programs);
    const on = [running, enabled].find((fact) => fact.state === 'known' && fact.value);
    if (on?.state === 'known') found.set(name, known(name, on.origin));
    else for (const fact of [running, enabled]) if (fact.state === 'unknown') gaps.push(fact);
  }
  const inetd = await context.open('/etc/inetd.conf');
  if (inetd instanceof SourceText) {
    for (const { 0: whole, 1: service = '', index } of inetd.text.matchAll(/^[ \t]*([a-z]+)[ \t]+(?:stream|dgram)[ \t].*$/gm)) {
      const name = Object.hasOwn(BY_INETD, service) ? BY_INETD[service] : undefined;
      if (name !== undefined) found.set(name, inetd.fact(name, index, index + whole.length));
    }
  } else if (inetd !== 'not-there') gaps.push(inetd);
  return known(
    [...found].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, fact]) => fact),
    derived('units, processes and inetd.conf', context.at),
    gaps,
  );
}
