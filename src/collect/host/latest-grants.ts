import type { Grant } from './grants.ts';
import { coversRunAs, wordsOf, type Match, type RunAs } from './sudo-names.ts';

/** More commands of one account are not told apart. */
const MAX_GRANTS = 2000;

/** What is left of the rules for one account, given in their order: of sudo and of doas the last rule that matches counts. */
export class LatestGrants {
  readonly #found = new Map<string, Grant>();
  readonly #kinds = new Map<string, RunAs>();

  get all(): readonly Grant[] {
    return [...this.#found.values()];
  }

  /** A rule that certainly means the account goes before those above it that run as the same; one for every command before each of them. */
  overrule(runas: RunAs, command: string): void {
    const kind = kindOf(runas);
    for (const [other, as] of this.#kinds) {
      if (other !== kind && !coversRunAs(runas, as)) continue;
      if (command !== 'ALL') for (const one of [command, `${command} ?`]) this.#found.delete(`${other} ${one}`);
      else for (const one of this.#found.keys()) if (one.startsWith(`${other} `)) this.#found.delete(one);
    }
  }

  add(runas: RunAs, grant: Grant): void {
    const kind = kindOf(runas);
    const key = `${kind} ${grant.command}${grant.certain === 'yes' ? '' : ' ?'}`;
    if (this.#found.size >= MAX_GRANTS && !this.#found.has(key) && grant.everything !== 'yes') {
      // What is left out is not known to be nothing.
      const open = 'maybe' satisfies Match;
      this.#found.set('…', { ...grant, asRoot: open, as: [], label: '', command: '…', everything: open, password: open, certain: open });
      return;
    }
    this.#kinds.set(kind, runas);
    this.#found.delete(key);
    this.#found.set(key, grant);
  }
}

function kindOf({ users, groups }: RunAs): string {
  return `(${wordsOf(users)}:${wordsOf(groups)})`;
}
