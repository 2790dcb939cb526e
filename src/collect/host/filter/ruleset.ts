import type { Origin } from '../../../model/fact.ts';
import type { Condition } from './packet.ts';

/** What a rule does with a packet that its conditions let through. */
export type Action =
  | { readonly does: 'accept' | 'drop' | 'reject' | 'return' | 'continue' | 'unclear' }
  | { readonly does: 'jump' | 'goto'; readonly chain: string }
  /** The packet goes to another port of this host (the same where none is written). */
  | { readonly does: 'redirect'; readonly port?: number }
  | { readonly does: 'forward-to'; readonly address: string; readonly port?: number };

/** One rule, whatever program wrote it. */
export interface FilterRule {
  readonly conditions: readonly Condition[];
  readonly action: Action;
  readonly comment?: string;
  /** Its engine brings it, and nobody wrote it for this host. */
  readonly shipped?: true;
  readonly origin: Origin;
}

/** Where a chain is asked. `ingress` and `egress` stand before and after all others. */
export type Hook = 'ingress' | 'prerouting' | 'input' | 'forward' | 'output' | 'postrouting' | 'egress';

export interface FilterChain {
  /** Unique in its ruleset: family, table and name. */
  readonly id: string;
  readonly name: string;
  readonly rules: FilterRule[];
  /** Of chains that the kernel asks by itself. */
  base?: {
    readonly hook: Hook;
    readonly type: 'filter' | 'nat' | 'route';
    readonly priority: number;
    policy: 'accept' | 'drop';
    policyOrigin: Origin;
  };
  /** Families of packets that it sees. */
  readonly versions: readonly (4 | 6)[];
}

/** All chains of a host, of all its engines. */
export interface Ruleset {
  readonly chains: ReadonlyMap<string, FilterChain>;
  /** Something of it could not be read: nothing that it says is the whole. */
  readonly problems: readonly { readonly cause: 'unparseable' | 'unsupported' | 'unresolved' | 'access-denied'; readonly detail: string }[];
}

/** A rule in the words of nftables: `input tcp dport 22 accept`. The same for the same rule of iptables. */
export function ruleText(chain: FilterChain, { conditions, action }: FilterRule): string {
  const target = 'chain' in action ? ` ${action.chain.split(' ').at(-1) ?? ''}` : '';
  const texts = conditions.map(({ text }) => text);
  // A port says its protocol.
  const said = texts.filter(
    (text) => !/^meta l4proto (?:tcp|udp)$/.test(text) || !texts.some((other) => other.startsWith(`${text.slice(-3)} `)),
  );
  return [chain.name, ...said, `${action.does}${target}`].join(' ').slice(0, 300);
}
