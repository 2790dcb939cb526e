import { derived, known, type Fact, type Unknown } from '../../model/fact.ts';
import { SourceText } from '../../text/source-text.ts';
import { filesIn } from './host-files.ts';
import type { HostContext } from './part.ts';

const SESSIONS = [
  '/etc/pam.d/common-session',
  '/etc/pam.d/system-auth',
  '/etc/pam.d/password-auth',
  '/etc/pam.d/login',
  '/etc/pam.d/sshd',
  '/etc/pam.d/postlogin',
];
const SHELLS = ['/etc/profile', '/etc/bash.bashrc', '/etc/bashrc'];

/**
 * The umask of a login: what shells set for everybody, else pam_umask(8) by its own word or that of login.defs(5), else the kernel's
 * 022. Where several are written, what all of them let through counts: the widest.
 */
export async function loginUmask(context: HostContext): Promise<Fact<string>> {
  const files: SourceText[] = [];
  const gaps: Unknown[] = [];
  const add = async (path: string): Promise<SourceText | undefined> => {
    const file = await context.open(path);
    if (file instanceof SourceText) return file;
    if (file !== 'not-there') gaps.push(file);
    return undefined;
  };
  for (const path of SHELLS) {
    const file = await add(path);
    if (file !== undefined) files.push(file);
  }
  const more = await filesIn(context, '/etc/profile.d', '.sh');
  gaps.push(...more.gaps);
  const written = [...files, ...more.files].flatMap((file) =>
    [...file.text.matchAll(/^[ \t]*umask[ \t]+(0?[0-7]{3})\b/gm)].map(({ 0: whole, 1: mask = '', index }) =>
      file.fact(mask, index, index + whole.length),
    ),
  );
  const sessions: SourceText[] = [];
  for (const path of SESSIONS) {
    const file = await add(path);
    if (file !== undefined) sessions.push(file);
  }
  const definitions = await add('/etc/login.defs');
  const [gap] = gaps;
  if (gap !== undefined) return gap;
  const [first, ...rest] = written;
  if (first !== undefined) {
    const widest = written.reduce((mask, { value }) => mask & Number.parseInt(value, 8), 0o777);
    return known(
      octal(widest),
      rest.length === 0 ? first.origin : derived('the widest of several', first.origin, ...rest.map(({ origin }) => origin)),
    );
  }
  for (const file of sessions) {
    const module = /^[ \t]*-?session[ \t]+.*\bpam_umask\.so\b(.*)$/m.exec(file.text);
    if (module === null) continue;
    const own = /\bumask=(0?[0-7]{3})\b/.exec(module[1] ?? '')?.[1];
    if (own !== undefined) return file.fact(octal(Number.parseInt(own, 8)), module.index, module.index + module[0].length);
    const defined = definitions === undefined ? undefined : [...definitions.text.matchAll(/^[ \t]*UMASK[ \t]+(0?[0-7]{3})\b/gm)].at(-1);
    if (definitions !== undefined && defined !== undefined)
      return definitions.fact(octal(Number.parseInt(defined[1] ?? '', 8)), defined.index, defined.index + defined[0].length);
  }
  return known('0022', derived('nobody sets another umask', context.at));
}

function octal(mask: number): string {
  return mask.toString(8).padStart(4, '0');
}
