import { posix } from 'node:path';
import { unknown, type Origin, type Unknown } from '../../model/fact.ts';
import type { SourceText } from '../../text/source-text.ts';
import { parseSshd, type SshdLine } from '../../text/sshd.ts';
import type { FormatContext, Included } from './format.ts';

/** The Match lines that must hold, from the outside in: a Match of an included file stands inside the Match of its Include. */
export type Conditions = readonly string[];

/** Where something stands among all that one sshd reads. */
interface Step {
  readonly order: number;
  /** It stands in a Match (`Match all` too), and so goes before the global ones. */
  readonly matched: boolean;
  readonly conditions: Conditions;
}

/** A setting where it stands. */
export interface SshdEntry extends Step {
  readonly line: SshdLine;
  readonly source: SourceText;
}

/** A place where anything may stand: an include that is not here, a template. */
interface Hole extends Step {
  readonly why: Unknown;
}

/** One Match block, by its conditions; blocks with the same ones are one. `Match all` is none: it holds for everybody. */
export interface SshdBlock {
  readonly conditions: Conditions;
  readonly at: Origin;
}

/** All that one sshd reads, in its order: https://man.openbsd.org/sshd_config */
export interface SshdSettings {
  readonly main: SourceText;
  /** No main file includes it: whatever it does not say may be said elsewhere. */
  readonly fragment: boolean;
  readonly blocks: readonly SshdBlock[];
  readonly gaps: readonly Unknown[];
  /** The first of these keywords that is in force: Match before global, then the first that is written or may be. */
  first(names: readonly string[], conditions: Conditions): SshdEntry | Unknown | undefined;
  /** Conditions of the Match blocks that set one of these keywords, or may. */
  setting(names: readonly string[]): readonly Conditions[];
  /** All lines of a keyword whose lines add up; those of Match blocks replace the global ones. */
  all(name: string, conditions: Conditions): { readonly entries: readonly SshdEntry[]; readonly holes: readonly Unknown[] };
}

const MAX_DEPTH = 16; // SERVCONF_MAX_DEPTH of OpenSSH
const MAX_FILES = 500;
const MAX_BLOCKS = 500;
const MAX_GAPS = 50;

/** Old names, and what they are called today. ChallengeResponseAuthentication is no alias before 8.7, so it is kept apart. */
const ALIASES: Readonly<Record<string, string>> = {
  dsaauthentication: 'pubkeyauthentication',
  pubkeyacceptedkeytypes: 'pubkeyacceptedalgorithms',
  skeyauthentication: 'challengeresponseauthentication',
};

/** Keywords that sshd refuses inside a Match: it would not start. */
const GLOBAL_ONLY = new Set([
  'ciphers',
  'macs',
  'kexalgorithms',
  'hostkeyalgorithms',
  'logingracetime',
  'strictmodes',
  'permituserenvironment',
  'usepam',
]);

/** Reads a file with all that it includes; the files that it included are added to `included`. */
export async function readSshd(main: SourceText, fragment: boolean, context: FormatContext, included: Set<string>): Promise<SshdSettings> {
  const entries: SshdEntry[] = [];
  const holes = new Map<string, Hole>();
  const blocks = new Map<string, SshdBlock>();
  const strange = new Map<string, Unknown>();
  let order = 0;
  let files = 0;

  const visit = async (source: SourceText, chain: readonly string[], outer: Conditions, inMatch: boolean): Promise<void> => {
    let conditions = outer;
    let matched = inMatch;
    for (const line of parseSshd(source)) {
      order += 1;
      const at = (): Origin => source.origin(line.start, line.end);
      const hole = (why: Unknown): void => {
        // Only the first of a block decides: a file of nothing but holes costs no more than one of settings.
        const key = [matched, ...conditions].join('\u0000');
        if (!holes.has(key)) holes.set(key, { why, order, matched, conditions });
      };
      if (line.keyword === '') hole(unknown(line.problem?.cause ?? 'unparseable', line.problem?.detail ?? '', at()));
      else if (line.keyword === 'match') {
        const criteria = line.args
          .map(({ text }) => text)
          .join(' ')
          .slice(0, 300);
        matched = true;
        conditions = criteria.toLowerCase() === 'all' ? outer : [...outer, criteria];
        // To whom it applies cannot be told: perhaps to everybody, before what stands elsewhere.
        if (line.problem !== undefined && strange.size < MAX_GAPS)
          strange.set(`Match ${order}`, unknown(line.problem.cause, `Match: ${line.problem.detail}`, at()));
        const key = conditions.join('\u0000');
        if (conditions.length === 0 || blocks.has(key)) continue;
        if (blocks.size < MAX_BLOCKS) blocks.set(key, { conditions, at: at() });
        else if (!strange.has('')) strange.set('', unknown('unsupported', `more than ${MAX_BLOCKS} Match blocks`, at()));
      } else if (line.keyword === 'include') {
        if (line.problem !== undefined) hole(unknown(line.problem.cause, `Include: ${line.problem.detail}`, at()));
        for (const pattern of line.problem === undefined ? line.args : []) {
          const place = source.origin(pattern.start, pattern.end);
          const { files: found, gaps } = await includeOf(pattern.text, main, context);
          for (const why of gaps) hole({ ...why, origin: place });
          for (const file of found) {
            files += 1;
            if (chain.includes(file.file)) hole(unknown('unresolved', `include loop: ${pattern.text}`, place));
            else if (chain.length >= MAX_DEPTH || files > MAX_FILES)
              hole(unknown('unsupported', `Include ${pattern.text}: nested too deep, or too many files`, place));
            else {
              included.add(file.file);
              await visit(file, [...chain, file.file], conditions, matched);
            }
          }
        }
      } else {
        const misplaced = matched && GLOBAL_ONLY.has(line.keyword) && line.problem === undefined;
        const problem = { cause: 'unparseable', detail: 'not allowed within a Match block' } as const;
        entries.push({ line: misplaced ? { ...line, problem } : line, source, order, matched, conditions });
        if (!KEYWORDS.has(line.keyword) && strange.size < MAX_GAPS && !strange.has(line.keyword)) {
          strange.set(line.keyword, unknown('unparseable', `${line.keyword.slice(0, 60)} is no keyword of sshd`, at()));
        }
      }
    }
  };
  await visit(main, [main.file], [], false);

  const byName = Map.groupBy(entries, ({ line }) => ALIASES[line.keyword] ?? line.keyword);
  const all = [...holes.values()];
  const here = (step: Step, matched: boolean, conditions: Conditions): boolean =>
    step.matched === matched && step.conditions.every((one) => conditions.includes(one));
  return {
    main,
    fragment,
    blocks: [...blocks.values()],
    gaps: [...all.map(({ why }) => why), ...strange.values()],
    first: (names, conditions) => {
      for (const matched of [true, false]) {
        const earliest = <T extends Step>(steps: readonly T[]): T | undefined => steps.find((step) => here(step, matched, conditions));
        const found = names.flatMap((name) => earliest(byName.get(name) ?? []) ?? []).toSorted((a, b) => a.order - b.order)[0];
        const hole = earliest(all);
        if (hole !== undefined && (found === undefined || hole.order < found.order)) return hole.why;
        if (found !== undefined) return found;
      }
      return undefined;
    },
    setting: (names) => {
      const steps = [...names.flatMap((name) => byName.get(name) ?? []), ...all];
      const found = steps.filter(({ conditions }) => conditions.length > 0).map(({ conditions }) => conditions);
      return [...new Map(found.map((conditions) => [conditions.join('\u0000'), conditions] as const)).values()];
    },
    all: (name, conditions) => {
      for (const matched of [true, false]) {
        const found = (byName.get(name) ?? []).filter((step) => here(step, matched, conditions));
        const open = all.filter((step) => here(step, matched, conditions)).map(({ why }) => why);
        if (found.length > 0 || open.length > 0) return { entries: found, holes: open };
      }
      return { entries: [], holes: [] };
    },
  };
}

/** Relative patterns start at /etc/ssh: where the main file is. So do absolute ones of a tree that does not show its /etc. */
async function includeOf(pattern: string, main: SourceText, context: FormatContext): Promise<Included> {
  const base = posix.dirname(main.file);
  // A fragment stands one directory below.
  const home = posix.basename(base) === 'sshd_config.d' ? posix.dirname(base) : base;
  const found = await context.include(pattern, home);
  const shown = context.target.options['root'] !== undefined || /(?:^|\/)etc\//.test(main.file);
  if (found.gaps.length === 0 || found.files.length > 0 || shown || !pattern.startsWith('/etc/ssh/')) return found;
  const beside = await context.include(pattern.slice('/etc/ssh/'.length), home);
  return beside.gaps.length === 0 ? beside : found;
}

/** Every keyword of OpenSSH 7.4 to 10, and of the patches that Debian and Red Hat carry. */
const KEYWORDS = new Set(
  `acceptenv addressfamily allowagentforwarding allowgroups allowstreamlocalforwarding allowtcpforwarding allowusers authenticationmethods
  authorizedkeyscommand authorizedkeyscommanduser authorizedkeysfile authorizedkeysfile2 authorizedprincipalscommand
  authorizedprincipalscommanduser authorizedprincipalsfile banner casignaturealgorithms challengeresponseauthentication channeltimeout
  checkmail chrootdirectory ciphers clientalivecountmax clientaliveinterval compression debianbanner denygroups denyusers disableforwarding
  dsaauthentication exposeauthinfo fingerprinthash forcecommand gatewayports gssapiauthentication gssapicleanupcredentials
  gssapienablek5users gssapikexalgorithms gssapikeyexchange gssapistorecredentialsonrekey gssapistrictacceptorcheck
  hostbasedacceptedalgorithms hostbasedacceptedkeytypes hostbasedauthentication hostbasedusesnamefrompacketonly hostcertificate hostdsakey
  hostkey hostkeyagent hostkeyalgorithms ignorerhosts ignoreuserknownhosts ipqos kbdinteractiveauthentication keepalive
  kerberosauthentication kerberosgetafstoken kerberosorlocalpasswd kerberosticketcleanup kerberosuniqueccache kerberosusekuserok kexalgorithms
  keyregenerationinterval listenaddress logingracetime loglevel logverbose macs maxauthtries maxsessions maxstartups modulifile
  passwordauthentication permitemptypasswords permitlisten permitopen permitrootlogin permittty permittunnel permituserenvironment
  permituserrc persourcemaxstartups persourcenetblocksize persourcepenalties persourcepenaltyexemptlist pidfile port printlastlog printmotd
  protocol pubkeyacceptedalgorithms pubkeyacceptedkeytypes pubkeyauthentication pubkeyauthoptions rdomain refuseconnection rekeylimit
  requiredrsasize revokedkeys rhostsrsaauthentication rsaauthentication rsaminsize securitykeyprovider serverkeybits setenv
  skeyauthentication sshdauthpath sshdsessionpath streamlocalbindmask streamlocalbindunlink strictmodes subsystem syslogfacility
  tcpkeepalive trustedusercakeys unusedconnectiontimeout usedns uselogin usepam useprivilegeseparation versionaddendum x11displayoffset
  x11forwarding x11maxdisplays x11uselocalhost xauthlocation`.split(/\s+/),
);
