import { demandsProof } from './pam-proof.ts';
import { pamStack, type PamEntry } from './pam-stack.ts';
import type { Unknown } from '../../model/fact.ts';
import type { HostContext } from './part.ts';
import { everyMatch, type Match } from './sudo-names.ts';
import type { SudoDefault } from './sudo-policy.ts';

/**
 * Does PAM demand a proof where sudo asks it? The weakest of its stacks counts: `pam_service`, and `pam_login_service` for `sudo -i`. A
 * service without a stack is refused, or sudo was built without PAM and asks by itself.
 */
export async function sudoDemandsProof(context: HostContext, defaults: readonly SudoDefault[]): Promise<Match> {
  const answers: Match[] = [];
  for (const [setting, usual] of [
    ['pam_service', 'sudo'],
    ['pam_login_service', 'sudo-i'],
  ] as const) {
    const said = defaults.filter(({ name, value }) => name === setting && value !== undefined);
    const general = said.findLast(({ scope }) => scope === 'all');
    const named = said.flatMap(({ value = '', scope }) => (scope === 'all' ? [] : [value]));
    for (const service of new Set([general?.value ?? usual, ...named])) {
      const stack = await stackOfSudo(context, service, service === 'sudo-i');
      if (stack === 'not-there') continue;
      const demands = 'state' in stack ? stack : demandsProof(stack);
      answers.push(typeof demands === 'string' ? demands : 'maybe');
    }
  }
  return everyMatch(answers);
}

/** Where a service has no stack, PAM takes that of `other`; Red Hat and others build sudo without a service of its own for `sudo -i`. */
async function stackOfSudo(context: HostContext, service: string, alone: boolean): Promise<readonly PamEntry[] | Unknown | 'not-there'> {
  const own = await pamStack(context, service, 'auth');
  const has = own !== 'not-there' && ('state' in own || own.length > 0);
  return has || alone ? own : pamStack(context, 'other', 'auth');
}
