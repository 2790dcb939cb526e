import type { Configuration } from './catalog/read-configuration.ts';
import type { Diagnostic } from './catalog/diagnostic.ts';
import { markLoneDuties } from './collect/duties.ts';
import { proxyOf } from './collect/proxy-option.ts';
import { entered, INSIDE_KINDS, insideProblem } from './collect/inside-address.ts';
import { targetOf } from './collect/target-address.ts';
import type { Target } from './model/resource.ts';

/** What is checked of a target on the network before anything is sent. */
export interface NetworkPolicy {
  readonly authorisation?: Configuration['authorisation'];
  /** ISO 8601: an authorisation holds until the end of its last day. */
  readonly now: string;
}

/**
 * Targets with the run's options in them, and what is wrong with any: an address that is none, a proxy that is none, an
 * intrusive probe that nobody authorised. What authorises it travels with the target, into the evidence.
 */
export function networkTargets(
  targets: readonly Target[],
  shared: Readonly<Record<string, string>>,
  policy: NetworkPolicy,
): { readonly targets: readonly Target[]; readonly problems: readonly Diagnostic[] } {
  const problems: Diagnostic[] = [];
  const prepared = markLoneDuties(targets.map(entered)).map((target) => {
    const wrong = (message: string, hint: string): void =>
      void problems.push({ file: target.declaredAt.file, range: target.declaredAt, message, hint });
    if (target.options['duties'] !== undefined && (target.kind === 'ssh' || !INSIDE_KINDS.includes(target.kind)))
      wrong(
        `${target.id}: duties: has no effect on ${target.kind}`,
        `who holds a duty shows where accounts are looked at: ${INSIDE_KINDS.filter((kind) => kind !== 'ssh').join(', ')}`,
      );
    if (target.kind === 'files') return target;
    const options = { ...shared, ...target.options };
    if (INSIDE_KINDS.includes(target.kind)) {
      const problem = insideProblem(target);
      if (problem !== undefined) wrong(`${target.id}: ${problem.message}`, problem.hint);
      return target.kind === 'ssh' ? { ...target, options } : target;
    }
    const address = /^[a-z][a-z0-9+.-]*:\/\//i.test(target.address) ? target.address : `${target.kind}://${target.address}`;
    const named = targetOf(address);
    if ('problem' in named)
      wrong(
        `${target.id}: ${named.problem}`,
        'an address is host, host:port or [IPv6]:port; smtp+starttls:// and the like for what turns to TLS in band',
      );
    else if (named.kind !== target.kind)
      wrong(`${target.id}: ${target.address} is no ${target.kind} address`, `write it as ${named.kind}:`);
    const proxy = options['proxy'] === undefined ? undefined : proxyOf(options['proxy']);
    if (proxy !== undefined && 'problem' in proxy) wrong(`${target.id}: ${proxy.problem}`, 'a proxy is asked without credentials');
    if (!(options['probes'] ?? '').split(',').includes('intrusive')) return { ...target, options };
    const { authorisation, now } = policy;
    const hint = 'custos.yaml: authorisation: { by: …, reference: …, until: YYYY-MM-DD }';
    if (authorisation === undefined) wrong(`${target.id}: intrusive probes need a named authorisation`, hint);
    else if (Date.parse(`${authorisation.until}T24:00:00Z`) <= Date.parse(now))
      wrong(`${target.id}: the authorisation ended on ${authorisation.until}`, hint);
    else
      return {
        ...target,
        options: { ...options, authorisation: `${authorisation.by}, ${authorisation.reference}, until ${authorisation.until}` },
      };
    return { ...target, options };
  });
  return { targets: prepared, problems };
}
