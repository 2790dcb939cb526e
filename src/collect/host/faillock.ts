import { absent, derived, known, type Fact, type Unknown } from '../../model/fact.ts';
import type { Lockout } from './lockout.ts';
import { lockInEffect } from './lock-in-effect.ts';
import { anyFailure } from './pam-run.ts';
import { numberOf, pamSettings } from './pam-settings.ts';
import type { PamEntry, PamModule } from './pam-stack.ts';
import type { HostContext } from './part.ts';

/** A line of pam_faillock in a stack. Without an action it is `preauth`. */
interface Line {
  readonly module: PamModule;
  /** `authfail` counts; the others look whether it was enough, `authsucc` too: pam_faillock.c, check_tally(). */
  readonly counts: boolean;
  /** Where the count is kept: lines with another one know nothing of it. */
  readonly directory: string;
  readonly tries: Fact<number>;
  /** 0 is until somebody unlocks it. */
  readonly seconds: Fact<number>;
}

const CONFIGURATION = '/etc/security/faillock.conf';
const DIRECTORY = '/run/faillock';

/** What the lines of pam_faillock in a stack come to: each that looks, with those that count where it looks. The strictest holds. */
export async function faillockOf(context: HostContext, stack: readonly PamEntry[], modules: readonly PamModule[]): Promise<Lockout> {
  const lines: Line[] = [];
  for (const module of modules) {
    const line = await lineOf(context, module);
    if ('state' in line) return { max_tries: line, lockout: line };
    lines.push(line);
  }
  const groups = Map.groupBy(
    lines.filter(({ counts }) => !counts),
    (line) => [line.directory, valueOf(line.tries), valueOf(line.seconds)].join(' '),
  );
  let strictest: Lockout | undefined;
  let otherwise: Fact<never> = absent(derived('no line of pam_faillock that counts is looked at', modules[0]?.origin ?? context.at));
  for (const group of groups.values()) {
    const lockout = lockoutBy(stack, group, lines);
    const { max_tries: tries } = lockout;
    if (tries.state === 'known') strictest = strictest === undefined || isStricter(lockout, strictest) ? lockout : strictest;
    else if (otherwise.state !== 'unknown') otherwise = tries;
  }
  return strictest ?? { max_tries: otherwise, lockout: otherwise };
}

async function lineOf(context: HostContext, module: PamModule): Promise<Line | Unknown> {
  const settings = await pamSettings(context, module, CONFIGURATION);
  const directory = settings('dir');
  if (directory.state === 'unknown') return directory;
  // faillock.conf(5): 3 tries, 600 seconds.
  const rule = derived('pam_faillock defaults', module.origin);
  const unlock = settings('unlock_time');
  const forEver = unlock.state === 'known' && unlock.value === 'never';
  return {
    module,
    counts: module.args.includes('authfail'),
    directory: (directory.state === 'known' ? directory.value : DIRECTORY).replace(/^\/var\/run\//, '/run/').replace(/\/+$/, ''),
    tries: numberOf(settings, 'deny', known(3, rule)),
    seconds: forEver ? known(0, unlock.origin) : numberOf(settings, 'unlock_time', known(600, rule)),
  };
}

/** What lines that look in one place for one number come to by themselves. */
function lockoutBy(stack: readonly PamEntry[], group: readonly Line[], lines: readonly Line[]): Lockout {
  const [first] = group;
  if (first === undefined) throw new Error('a group of lines without one');
  const { directory, tries, module } = first;
  const never = (why: Fact<never>): Lockout => ({ max_tries: why, lockout: why });
  if (tries.state === 'known' && tries.value === 0) return never(absent(tries.origin));
  // A line that counts stops at its own number: where that is less, the others never see theirs.
  const counting = lines.filter((line) => line.counts && line.directory === directory && !stopsBefore(line, tries));
  const [looks, counts] = [group, counting].map((some) => new Set(some.map((line) => line.module)));
  const isLine = ({ module: name }: PamModule): boolean => name === 'pam_faillock';
  const isCounting = ({ args }: PamModule): boolean => args.includes('authfail');
  const effect = lockInEffect(
    stack,
    {
      locked: (one) => (!isLine(one) ? undefined : looks?.has(one) === true || isCounting(one) ? anyFailure(one) : ['success']),
      // It refuses by itself when it counts; before that it lets through.
      wrong: (one) => (!isLine(one) ? undefined : isCounting(one) ? anyFailure(one) : ['success', 'ignore']),
      counts: (one) => counts?.has(one) === true,
    },
    module,
  );
  if (effect.state !== 'known') return never(effect.state === 'unknown' ? effect : absent(module.origin));
  if (!effect.value) return never(absent(effect.origin));
  // One that counts begins anew once its own time is over.
  const seconds = [first, ...counting].map((line) => line.seconds);
  const shortest = seconds.reduce((a, b) => (a.state !== 'known' ? a : b.state !== 'known' ? b : isLonger(a.value, b.value) ? b : a));
  return { max_tries: tries, lockout: shortest.state === 'known' ? known(shortest.value / 60, shortest.origin) : shortest };
}

function stopsBefore({ tries: own }: Line, tries: Fact<number>): boolean {
  return own.state === 'known' && tries.state === 'known' && own.value !== 0 && own.value < tries.value;
}

function isStricter(a: Lockout, b: Lockout): boolean {
  const [tries, others] = [a.max_tries, b.max_tries].map((fact) => (fact.state === 'known' ? fact.value : Infinity));
  if (tries !== others) return (tries ?? 0) < (others ?? 0);
  return a.lockout.state === 'known' && b.lockout.state === 'known' && isLonger(a.lockout.value, b.lockout.value);
}

/** 0 lasts longest. */
function isLonger(a: number, b: number): boolean {
  return b !== 0 && (a === 0 || a > b);
}

function valueOf(fact: Fact<number>): string {
  return fact.state === 'known' ? String(fact.value) : fact.state;
}
