import { unknown, type Unknown } from '../../../model/fact.ts';
import { nftRules, type NftScope } from './nft-rule.ts';
import { elementsOf, type NftSet } from './nft-set.ts';
import { nftTokens, type NftSource, type NftToken } from './nft-tokens.ts';
import type { FilterChain, Hook, Ruleset } from './ruleset.ts';

/** Brings the texts that an `include` names; an `Unknown` where one cannot be read. */
export type NftInclude = (pattern: string) => Promise<readonly NftSource[] | Unknown>;

const MAX_INCLUDES = 200;
const PRIORITIES: Readonly<Record<string, number>> = {
  raw: -300,
  mangle: -150,
  dstnat: -100,
  filter: 0,
  security: 50,
  srcnat: 100,
  out: 100,
};
const HOOKS = new Set<string>(['ingress', 'prerouting', 'input', 'forward', 'output', 'postrouting', 'egress'] satisfies Hook[]);
const FAMILIES = new Set(['ip', 'ip6', 'inet', 'arp', 'bridge', 'netdev']);

/** The ruleset that a text of nftables makes: `nft list ruleset`, or a file with what it includes. */
export async function readNftables(source: NftSource, include: NftInclude): Promise<Ruleset> {
  const problems: Ruleset['problems'][number][] = [];
  const tokens = await withIncludes(nftTokens(source), include, problems, { left: MAX_INCLUDES });
  return new NftReader(tokens, problems).read();
}

async function withIncludes(
  tokens: readonly NftToken[],
  include: NftInclude,
  problems: Ruleset['problems'][number][],
  budget: { left: number },
): Promise<readonly NftToken[]> {
  const all: NftToken[] = [];
  for (let at = 0; at < tokens.length; at += 1) {
    const token = tokens[at];
    const pattern = tokens[at + 1];
    if (token === undefined) break;
    if (token.kind !== 'word' || token.text !== 'include' || pattern?.kind !== 'string') {
      all.push(token);
      continue;
    }
    at += 1;
    budget.left -= 1;
    const found = budget.left < 0 ? unknown('unsupported', `more than ${MAX_INCLUDES} includes`) : await include(pattern.text);
    if ('state' in found) problems.push({ cause: 'unresolved', detail: `include ${pattern.text}` });
    else
      for (const one of found)
        all.push(...(await withIncludes(nftTokens(one), include, problems, budget)), { ...token, kind: 'end', text: '\n' });
  }
  return all;
}

interface Table {
  readonly family: string;
  readonly sets: Map<string, NftSet>;
}

class NftReader {
  readonly #tokens: readonly NftToken[];
  readonly #problems: Ruleset['problems'][number][];
  readonly #tables = new Map<string, Table>();
  readonly #chains = new Map<string, FilterChain>();
  /** Rules wait until every set and chain is known. */
  #waiting: { readonly chain: FilterChain; readonly scope: NftScope; readonly tokens: readonly NftToken[] }[] = [];
  readonly #variables = new Map<string, readonly NftToken[]>();
  #at = 0;

  constructor(tokens: readonly NftToken[], problems: Ruleset['problems'][number][]) {
    this.#tokens = tokens;
    this.#problems = problems;
  }

  read(): Ruleset {
    while (this.#at < this.#tokens.length) this.#command();
    for (const { chain, scope, tokens } of this.#waiting) chain.rules.push(...nftRules(tokens, scope));
    return { chains: this.#chains, problems: this.#problems };
  }

  #text(): string {
    return this.#tokens[this.#at]?.text ?? '';
  }

  #next(): string {
    this.#at += 1;
    return this.#tokens[this.#at - 1]?.text ?? '';
  }

  #atEnd(): boolean {
    return this.#at >= this.#tokens.length || this.#tokens[this.#at]?.kind === 'end';
  }

  /** What stands up to the end of the statement; blocks are whole. */
  #rest(): readonly NftToken[] {
    const start = this.#at;
    for (let depth = 0; this.#at < this.#tokens.length; this.#at += 1) {
      const { kind = 'end', text = '' } = this.#tokens[this.#at] ?? {};
      if (kind === 'sign' && text === '{') depth += 1;
      if (kind === 'sign' && text === '}') {
        if (depth === 0) break;
        depth -= 1;
      }
      if (kind === 'end' && depth === 0) break;
    }
    return this.#filledIn(this.#tokens.slice(start, this.#at));
  }

  /** Variables replaced by what they were defined as. */
  #filledIn(tokens: readonly NftToken[]): readonly NftToken[] {
    if (!tokens.some(({ text }) => text.startsWith('$'))) return tokens;
    return tokens.flatMap((token) => {
      if (!token.text.startsWith('$')) return [token];
      const value = this.#variables.get(token.text.slice(1));
      if (value === undefined) this.#problem('unresolved', `variable ${token.text}`);
      return value?.map((one) => ({ ...one, origin: token.origin })) ?? [token];
    });
  }

  #problem(cause: Ruleset['problems'][number]['cause'], detail: string): void {
    this.#problems.push({ cause, detail });
  }

  #command(): void {
    const word = this.#next();
    if (word === '\n' || word === ';' || word === '#') return;
    if (word === 'table') return this.#table();
    if (word === 'define' || word === 'redefine') {
      const name = this.#next();
      if (this.#text() === '=') this.#at += 1;
      this.#variables.set(name, this.#rest());
      return;
    }
    if (word === 'flush' && this.#text() === 'ruleset') {
      this.#rest();
      this.#tables.clear();
      this.#chains.clear();
      this.#waiting = [];
      return;
    }
    if (word === 'add' || word === 'create') return this.#add();
    if (
      word === 'destroy' ||
      word === 'flush' ||
      word === 'delete' ||
      word === 'insert' ||
      word === 'replace' ||
      word === 'reset' ||
      word === 'rename'
    ) {
      // A file that begins by deleting the table that it makes takes nothing away from it.
      const [what, family, name] = this.#rest().map(({ text }) => text);
      const known = this.#tables.has(`${family} ${name}`) || this.#tables.has(`ip ${family}`);
      if (what === 'table' && known && word !== 'insert' && word !== 'replace')
        this.#forget(name === undefined ? `ip ${family}` : `${family} ${name}`, word === 'flush');
      else if (what !== 'table' || word === 'insert') this.#problem('unsupported', `nftables: ${word} ${what ?? ''}`);
      return;
    }
    if (word === '}') return this.#problem('unparseable', 'nftables: }');
    this.#rest();
    this.#problem('unsupported', `nftables: ${word.slice(0, 60)}`);
  }

  #forget(table: string, keepsChains: boolean): void {
    this.#waiting = this.#waiting.filter(({ chain }) => !chain.id.startsWith(`${table} `));
    if (keepsChains) return;
    for (const id of this.#chains.keys()) if (id.startsWith(`${table} `)) this.#chains.delete(id);
    this.#tables.delete(table);
  }

  /** `ip filter`, or `filter` alone. */
  #tableName(): string {
    const first = this.#next();
    return FAMILIES.has(first) ? `${first} ${this.#next()}` : `ip ${first}`;
  }

  #tableOf(id: string): Table {
    const before = this.#tables.get(id);
    if (before !== undefined) return before;
    const made: Table = { family: id.split(' ')[0] ?? '', sets: new Map() };
    this.#tables.set(id, made);
    return made;
  }

  #add(): void {
    const what = this.#next();
    if (what === 'table') return this.#table();
    const id = this.#tableName();
    const table = this.#tableOf(id);
    const name = this.#next();
    if (what === 'chain') return this.#chain(id, name);
    if (what === 'set' || what === 'map') return this.#set(table, name);
    if (what === 'element') {
      const set = setOf(table, name);
      const { elements, complete, fills } = elementsOf(inBraces(this.#rest()));
      set.elements.push(...elements);
      set.complete &&= complete;
      set.fills ||= fills;
    } else if (what === 'rule') this.#rule(id, name);
    else {
      this.#rest();
      if (!/^(?:counter|quota|limit|flowtable|synproxy|secmark)$/.test(what)) this.#problem('unsupported', `nftables: add ${what}`);
    }
  }

  #table(): void {
    const id = this.#tableName();
    const table = this.#tableOf(id);
    if (this.#text() !== '{') return;
    this.#at += 1;
    while (this.#at < this.#tokens.length && this.#text() !== '}') {
      if (this.#atEnd()) {
        this.#at += 1;
        continue;
      }
      const word = this.#next();
      if (word === 'chain') this.#chain(id, this.#next());
      else if (word === 'set' || word === 'map') this.#set(table, this.#next());
      else if (word === 'flags' && this.#rest().some(({ text }) => text === 'dormant')) this.#dormant(id);
      else if (/^(?:counter|quota|limit|flowtable|synproxy|secmark|ct|comment|owner)$/.test(word)) this.#rest();
      else if (word !== 'flags' && word !== '#') {
        this.#rest();
        this.#problem('unsupported', `nftables: ${word.slice(0, 60)}`);
      }
    }
    if (this.#at >= this.#tokens.length) this.#problem('unparseable', `nftables: table ${id}`);
    this.#at += 1;
  }

  /** A table that sleeps filters nothing. */
  #dormant(id: string): void {
    this.#problem('unsupported', `nftables: table ${id} is dormant`);
  }

  #chain(table: string, name: string): void {
    const chain = this.#chainOf(table, name);
    if (this.#text() !== '{') {
      if (!this.#atEnd()) this.#rest();
      return;
    }
    this.#at += 1;
    while (this.#at < this.#tokens.length && this.#text() !== '}') {
      if (this.#atEnd()) {
        this.#at += 1;
        continue;
      }
      if (this.#text() === 'type') this.#base(chain);
      else if (this.#text() === 'policy') {
        const { origin } = this.#tokens[this.#at] ?? {};
        const [, policy] = this.#rest().map(({ text }) => text);
        if (chain.base !== undefined && origin !== undefined && (policy === 'drop' || policy === 'accept')) {
          chain.base.policy = policy;
          chain.base.policyOrigin = origin();
        } else this.#problem('unparseable', `nftables: policy ${policy ?? ''}`);
      } else if (this.#text() === 'comment' || this.#text() === 'flags' || this.#text() === 'devices') this.#rest();
      else this.#rule(table, name);
    }
    if (this.#at >= this.#tokens.length) this.#problem('unparseable', `nftables: chain ${name}`);
    this.#at += 1;
  }

  #chainOf(table: string, name: string): FilterChain {
    const id = `${table} ${name}`;
    const before = this.#chains.get(id);
    if (before !== undefined) return before;
    const family = table.split(' ')[0] ?? '';
    const versions: readonly (4 | 6)[] =
      family === 'ip' ? [4] : family === 'ip6' ? [6] : family === 'inet' || family === 'netdev' ? [4, 6] : [];
    const chain: FilterChain = { id, name, rules: [], versions };
    this.#chains.set(id, chain);
    return chain;
  }

  /** `type filter hook input priority filter - 10` */
  #base(chain: FilterChain): void {
    const { origin } = this.#tokens[this.#at] ?? {};
    const words = this.#rest().map(({ text }) => text);
    const [, type = '', , hook = ''] = words;
    const at = words.indexOf('priority');
    const [first = '', sign = '', second = ''] = words.slice(at + 1);
    const named = PRIORITIES[first];
    const glued = /^(\w+)([-+])(\d+)$/.exec(first);
    const offset = /^[-+]$/.test(sign) ? Number(`${sign}${second}`) : 0;
    const priority =
      named !== undefined
        ? named + offset
        : glued !== null
          ? (PRIORITIES[glued[1] ?? ''] ?? Number.NaN) + Number(`${glued[2]}${glued[3]}`)
          : Number(first);
    if (
      origin === undefined ||
      !isHook(hook) ||
      (type !== 'filter' && type !== 'nat' && type !== 'route') ||
      at === -1 ||
      Number.isNaN(priority)
    ) {
      this.#problem('unparseable', `nftables: ${words.join(' ').slice(0, 80)}`);
      return;
    }
    chain.base = { hook, type, priority, policy: 'accept', policyOrigin: origin() };
  }

  #rule(table: string, name: string): void {
    const chain = this.#chainOf(table, name);
    const { sets } = this.#tableOf(table);
    const scope: NftScope = { set: (wanted) => sets.get(wanted), chain: (wanted) => `${table} ${wanted}` };
    const tokens = this.#rest().filter(({ kind }) => kind !== 'end');
    // `add rule t c handle 3 …`, `index 2 …`: its place among the others is not followed.
    if (/^(?:handle|position|index)$/.test(tokens[0]?.text ?? ''))
      this.#problem('unsupported', `nftables: rule at ${tokens[0]?.text ?? ''}`);
    this.#waiting.push({ chain, scope, tokens });
  }

  #set(table: Table, name: string): void {
    const set = setOf(table, name);
    if (this.#text() !== '{') return;
    const tokens = inBraces(this.#rest());
    for (let at = 0; at < tokens.length; at += 1) {
      const text = tokens[at]?.text;
      if (text === 'flags')
        for (; at < tokens.length && tokens[at]?.kind !== 'end'; at += 1)
          set.fills ||= /^(?:dynamic|timeout)$/.test(tokens[at]?.text ?? '');
      else if (text === 'timeout') set.fills = true;
      else if (text === 'elements') {
        const found = elementsOf(inBraces(tokens.slice(at + 2)));
        set.elements.push(...found.elements);
        set.complete &&= found.complete;
        set.fills ||= found.fills;
        for (let depth = 0; at < tokens.length; at += 1) {
          if (tokens[at]?.text === '{') depth += 1;
          if (tokens[at]?.text === '}' && (depth -= 1) === 0) break;
        }
      } else for (; at < tokens.length && tokens[at]?.kind !== 'end'; at += 1);
    }
  }
}

function setOf({ sets }: Table, name: string): NftSet {
  const before = sets.get(name);
  if (before !== undefined) return before;
  const made: NftSet = { elements: [], complete: true, fills: false };
  sets.set(name, made);
  return made;
}

/** The tokens inside of the first `{ … }`. */
function inBraces(tokens: readonly NftToken[]): readonly NftToken[] {
  const start = tokens.findIndex(({ text, kind }) => kind === 'sign' && text === '{');
  if (start === -1) return [];
  let depth = 0;
  for (let at = start; at < tokens.length; at += 1) {
    if (tokens[at]?.text === '{') depth += 1;
    if (tokens[at]?.text === '}' && (depth -= 1) === 0) return tokens.slice(start + 1, at);
  }
  return tokens.slice(start + 1);
}

function isHook(word: string): word is Hook {
  return HOOKS.has(word);
}
