import { posix } from 'node:path';
import type { Resource } from '../../model/resource.ts';
import { remoteAccess } from '../../resources/remote-access.ts';
import { declared, type FileFormat, type FormatContext, type FormatGap, type FormatReading } from './format.ts';
import { remoteAccessFacts } from './sshd-facts.ts';
import { readSshd, type SshdSettings } from './sshd-settings.ts';

/** Names that mention sshd_config and are none: programs, texts, and copies that nothing reads. */
const OTHER =
  /(?:~|\.(?:bak|orig|old|save|sw[op]|dpkg-\w+|rpm\w+|ucf-\w+|md|txt|html?|[15]|gz|py|rb|sh|js|ts|go|c|h|java|json|ya?ml|xml|aug|pp|tf|nix))$/i;

/** Keywords of the server that ssh_config does not have. */
const SERVER_ONLY =
  /^[ \t]*(PermitRootLogin|HostKey|AuthorizedKeysFile|UsePAM|Subsystem|AllowUsers|AllowGroups|DenyUsers|DenyGroups|MaxAuthTries|MaxStartups|MaxSessions|LoginGraceTime|StrictModes|PermitEmptyPasswords|ClientAliveInterval|ListenAddress|X11Forwarding|PrintMotd|PermitUserEnvironment|AuthenticationMethods|AllowTcpForwarding|AllowAgentForwarding|DisableForwarding|Match)[ \t]*[= \t][ \t]*\S/gim;

/** OpenSSH's server: https://man.openbsd.org/sshd_config */
export const sshdFormat: FileFormat = {
  name: 'sshd',
  kinds: [remoteAccess.name],
  recognises: (path) => {
    if (isFragment(path)) return path.endsWith('.conf');
    const name = posix.basename(path);
    return name.includes('sshd_config') && !OTHER.test(name);
  },
  sniffs: (text) => {
    const found = new Set<string>();
    for (const [, keyword = ''] of text.matchAll(SERVER_ONLY)) {
      found.add(keyword.toLowerCase());
      // Match is the client's word too: it counts for nothing by itself.
      if (found.size - (found.has('match') ? 1 : 0) >= 2) return !/^[ \t]*Host[ \t=]/im.test(text);
    }
    return false;
  },
  read,
};

function isFragment(path: string): boolean {
  return posix.basename(posix.dirname(path)) === 'sshd_config.d';
}

async function read(paths: readonly string[], context: FormatContext): Promise<FormatReading> {
  const gaps: FormatGap[] = [];
  const included = new Set<string>();
  const servers: SshdSettings[] = [];
  // Main files first: what they include is no server of its own.
  for (const fragment of [false, true]) {
    for (const path of paths) {
      if (isFragment(path) !== fragment || (fragment && included.has(path))) continue;
      const source = await context.open(path);
      if (source === 'not-there') continue;
      if ('state' in source) gaps.push({ why: source });
      else servers.push(await readSshd(source, fragment, context, included));
    }
  }
  const own = servers.filter(({ main }) => !included.has(main.file));
  for (const why of own.flatMap((server) => server.gaps)) gaps.push({ why });
  return { resources: own.flatMap((server) => resourcesOf(server, context)), gaps };
}

function resourcesOf(settings: SshdSettings, context: FormatContext): readonly Resource[] {
  const { main, blocks } = settings;
  const at = main.origin(0, 0);
  const scope = { settings, version: context.version('openssh'), at };
  return [
    declared(remoteAccess, main.file, context.target, remoteAccessFacts({ ...scope, conditions: [] }, false, at)),
    ...blocks.map((block) => {
      const id = [main.file, ...block.conditions.map((criteria) => `Match ${criteria}`)].join(' ');
      return declared(remoteAccess, id, context.target, remoteAccessFacts({ ...scope, conditions: block.conditions }, true, block.at));
    }),
  ];
}
