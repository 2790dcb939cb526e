import { constantCondition, unclearCondition } from './condition.ts';
import { elementsOf, matchOf, type NftSet } from './nft-set.ts';
import type { NftToken } from './nft-tokens.ts';
import type { Condition } from './packet.ts';
import type { Action, FilterRule } from './ruleset.ts';

/** What a rule's words refer to. */
export interface NftScope {
  readonly set: (name: string) => NftSet | undefined;
  /** The id of a chain of the same table. */
  readonly chain: (name: string) => string;
}

const VERDICTS = new Set(['accept', 'drop', 'continue', 'return', 'reject', 'jump', 'goto', 'queue']);
const BARE_META = new Set([
  'iif',
  'iifname',
  'oif',
  'oifname',
  'mark',
  'skuid',
  'skgid',
  'pkttype',
  'iiftype',
  'oiftype',
  'cgroup',
  'rtclassid',
  'nftrace',
  'iifgroup',
  'oifgroup',
]);
const TWO_WORDS = new Set([
  'ip',
  'ip6',
  'tcp',
  'udp',
  'udplite',
  'th',
  'sctp',
  'dccp',
  'icmp',
  'icmpv6',
  'igmp',
  'ether',
  'meta',
  'ah',
  'esp',
  'comp',
  'arp',
  'vlan',
  'rt',
  'frag',
  'hbh',
  'dst',
  'mh',
  'socket',
  'osf',
  'ipsec',
  'gre',
]);
const MAX_EXPANDED = 4096;

/** Reads one rule. A verdict map makes several rules of it; what is not understood makes the conditions unclear, never wider. */
export function nftRules(tokens: readonly NftToken[], scope: NftScope): readonly FilterRule[] {
  return new RuleReader(tokens, scope).read();
}

class RuleReader {
  readonly #tokens: readonly NftToken[];
  readonly #scope: NftScope;
  readonly #conditions: Condition[] = [];
  #comment: string | undefined;
  #action: Action | undefined;
  #branches: readonly { readonly condition: Condition; readonly action: Action }[] | undefined;
  #at = 0;

  constructor(tokens: readonly NftToken[], scope: NftScope) {
    this.#tokens = tokens;
    this.#scope = scope;
  }

  read(): readonly FilterRule[] {
    const [first] = this.#tokens;
    if (first === undefined) return [];
    while (this.#at < this.#tokens.length) this.#statement();
    const conditions = this.#conditions;
    const base = { origin: first.origin(), ...(this.#comment === undefined ? {} : { comment: this.#comment }) };
    if (this.#branches !== undefined)
      return this.#branches.map(({ condition: one, action }) => ({ ...base, conditions: [...conditions, one], action }));
    const odd = conditions.some(({ narrowing }) => narrowing === 'unclear');
    return [
      {
        ...base,
        conditions,
        action: this.#action ?? { does: odd && this.#tokens.some(({ text }) => VERDICTS.has(text)) ? 'unclear' : 'continue' },
      },
    ];
  }

  #text(ahead = 0): string {
    return this.#tokens[this.#at + ahead]?.text ?? '';
  }

  #next(): string {
    this.#at += 1;
    return this.#tokens[this.#at - 1]?.text ?? '';
  }

  /** Passes over what stands up to one of these words, or the end. */
  #skipTo(words: ReadonlySet<string>): void {
    while (this.#at < this.#tokens.length && !words.has(this.#text())) this.#at += 1;
  }

  #statement(): void {
    const word = this.#text();
    if (VERDICTS.has(word)) this.#verdict();
    else if (word === 'comment') {
      this.#at += 1;
      this.#comment = this.#next();
    } else if (word === 'counter') {
      this.#at += 1;
      if (this.#text() === 'name') this.#at += 2;
      while (this.#text() === 'packets' || this.#text() === 'bytes') this.#at += 2;
    } else if (word === 'log') this.#log();
    else if (word === 'limit' || word === 'quota' || (word === 'ct' && this.#text(1) === 'count')) this.#limit();
    else if (word === 'redirect' || word === 'dnat') this.#translation();
    else if (word === 'masquerade' || word === 'snat') {
      this.#skipTo(new Set(['comment']));
      this.#action = { does: 'accept' };
    } else if (word === 'notrack') this.#at += 1;
    else if (/^(?:meta|ct|ip|ip6|tcp|udp|th)$/.test(word) && this.#text(2) === 'set') this.#assignment(3);
    else if (word === 'mark' && this.#text(1) === 'set') this.#assignment(2);
    else if (/^(?:add|update|delete|set|meter)$/.test(word)) this.#filling();
    else if (word === 'flow') this.#at += 3;
    else if (word === 'last') this.#at += this.#text(1) === 'used' ? 3 : 1;
    else this.#match();
  }

  #verdict(): void {
    const word = this.#next();
    if (word === 'jump' || word === 'goto') this.#action = { does: word, chain: this.#scope.chain(this.#next()) };
    else if (word === 'queue') {
      this.#skipTo(new Set(['comment']));
      this.#action = { does: 'unclear' };
    } else if (word === 'reject') {
      this.#skipTo(new Set(['comment']));
      this.#action = { does: 'reject' };
    } else if (word === 'accept' || word === 'drop' || word === 'return' || word === 'continue') this.#action = { does: word };
  }

  #log(): void {
    this.#at += 1;
    while (/^(?:prefix|level|group|snaplen|queue-threshold|flags)$/.test(this.#text())) {
      this.#at += 2;
      while (this.#text() === ',') this.#at += 2; // log flags tcp sequence,options
      if (/^(?:sequence|options)$/.test(this.#text())) this.#at += 1;
    }
  }

  /** Within its rate, a limit lets through; a sender who takes time meets no "over". */
  #limit(): void {
    const start = this.#at;
    this.#at += this.#text() === 'quota' ? 1 : 2;
    const over = this.#text() === 'over';
    const named = this.#text(-1) === 'name' || this.#text() === 'name';
    while (this.#at < this.#tokens.length && /^(?:over|until|name|burst|packets|bytes|kbytes|mbytes|used|\d.*)$/.test(this.#text()))
      this.#at += 1;
    if (named && this.#at < this.#tokens.length) this.#at += 1;
    const text = this.#words(start);
    this.#conditions.push(named ? unclearCondition(text) : constantCondition(text, !over));
  }

  #words(start: number): string {
    return this.#tokens
      .slice(start, this.#at)
      .map(({ text }) => text)
      .join(' ');
  }

  #translation(): void {
    const redirect = this.#next() === 'redirect';
    if (/^ip6?$/.test(this.#text())) this.#at += 1;
    if (this.#text() !== 'to') {
      this.#action = redirect ? { does: 'redirect' } : { does: 'unclear' };
    } else {
      this.#at += 1;
      const target = this.#next();
      const [, address = '', port] = /^(\[?[0-9a-f.]*\]?|\[[0-9a-f:.]+\]|[0-9a-f:]+::?[0-9a-f:]*)(?::(\d+))?$/i.exec(target) ?? [];
      const to = port === undefined ? {} : { port: Number(port) };
      const plain = this.#at === this.#tokens.length || /^(?:comment|random|persistent|fully-random)$/.test(this.#text());
      if (!plain || (address === '' && port === undefined)) this.#action = { does: 'unclear' };
      else this.#action = redirect ? { does: 'redirect', ...to } : { does: 'forward-to', address: address.replaceAll(/[[\]]/g, ''), ...to };
    }
    this.#skipTo(new Set(['comment']));
  }

  /** `meta mark set 1`: marks say nothing by themselves. A value that is computed may go on to anywhere. */
  #assignment(words: number): void {
    const start = this.#at;
    this.#at += words;
    const value = this.#next();
    const computed = TWO_WORDS.has(value) || BARE_META.has(value) || /^(?:ct|fib|jhash|symhash|numgen|\{|@.*)$/.test(value);
    if (computed || /^(?:and|or|xor|&|\||\^|\.|map|<<|>>)$/.test(this.#text())) this.#odd(start);
  }

  /** `add @set { ip saddr limit rate over 10/minute }`: puts the sender into a set, and may hold only where it is too fast. */
  #filling(): void {
    const start = this.#at;
    const opens = this.#tokens.findIndex(({ text }, index) => index >= start && text === '{');
    if (opens === -1) return this.#odd(start);
    this.#at = opens;
    this.#braces();
    const text = this.#words(start);
    if (/\bover\b/.test(text)) this.#conditions.push(constantCondition(text, false));
  }

  /** Passes over `{ … }`; the tokens inside. */
  #braces(): readonly NftToken[] {
    if (this.#text() !== '{') return [];
    const start = (this.#at += 1);
    for (let depth = 1; this.#at < this.#tokens.length; this.#at += 1) {
      if (this.#text() === '{') depth += 1;
      if (this.#text() === '}') depth -= 1;
      if (depth === 0) break;
    }
    const inside = this.#tokens.slice(start, this.#at);
    this.#at += 1;
    return inside;
  }

  #key(): string | undefined {
    const word = this.#text();
    if (word === 'fib') {
      const words: string[] = [this.#next()];
      while (this.#at < this.#tokens.length && !/^(?:type|oif|oifname)$/.test(this.#text())) words.push(this.#next());
      words.push(this.#next());
      return words.join(' ');
    }
    if (word === 'ct') {
      this.#at += 1;
      const direction = /^(?:original|reply)$/.test(this.#text()) ? [this.#next()] : [];
      const family = /^ip6?$/.test(this.#text()) ? [this.#next()] : [];
      return ['ct', ...direction, ...family, this.#next()].join(' ');
    }
    if (BARE_META.has(word)) {
      this.#at += 1;
      return /^[io]if/.test(word) ? word : `meta ${word}`;
    }
    if (!TWO_WORDS.has(word)) return undefined;
    this.#at += 2;
    const second = this.#text(-1);
    return word === 'meta' && /^[io]if(?:name)?$/.test(second) ? second : `${word} ${second}`;
  }

  #match(): void {
    const start = this.#at;
    const keys: string[] = [];
    for (;;) {
      const key = this.#key();
      if (key === undefined) return this.#odd(start);
      keys.push(key);
      if (this.#text() !== '.') break;
      this.#at += 1;
    }
    if (this.#text() === 'vmap') return this.#verdictMap(keys);
    if (keys.length === 1 && keys[0] === 'tcp flags') return this.#flags(start);
    let negated = false;
    if (this.#text() === '!=' || this.#text() === '==') negated = this.#next() === '!=';
    else if (this.#text() === 'eq' || this.#text() === 'ne') negated = this.#next() === 'ne';
    else if (/^(?:[<>]=?|&|\||\^|!|<<|>>|lt|gt|le|ge|and|or|xor|map)$/.test(this.#text())) return this.#odd(start);
    const value = this.#value();
    if (value === undefined || /^(?:&|\||\^|<<|>>|\.|map)$/.test(this.#text())) return this.#odd(start);
    this.#conditions.push(matchOf(keys, negated, value));
  }

  /** What a key is compared with; undefined where it is none that is understood. */
  #value(): { readonly set: () => NftSet; readonly label: string } | undefined {
    const word = this.#text();
    if (word.startsWith('@')) {
      this.#at += 1;
      const set = this.#scope.set(word.slice(1));
      return { set: () => set ?? { elements: [], complete: false, fills: false }, label: word };
    }
    if (word === '{') {
      const set = elementsOf(this.#braces());
      const keys = set.elements.map(({ key }) => key.join(' . ')).toSorted();
      return { set: () => set, label: keys.length === 1 ? (keys[0] ?? '') : `{ ${keys.join(', ')} }` };
    }
    if (word === '' || (this.#tokens[this.#at]?.kind === 'sign' && word !== '')) return undefined;
    const values = [this.#next()];
    while (this.#text() === ',') {
      this.#at += 1;
      values.push(this.#next());
    }
    const set: NftSet = { elements: values.map((value) => ({ key: [value], to: [] })), complete: true, fills: false };
    return { set: () => set, label: values.toSorted().join(',') };
  }

  /** The flags of a packet that opens a connection: SYN alone. */
  #flags(start: number): void {
    let negated = false;
    let mask: readonly string[] | undefined;
    const list = (): readonly string[] => {
      const flags: string[] = [];
      const grouped = this.#text() === '(' || this.#text() === '{';
      if (grouped) this.#at += 1;
      for (;;) {
        flags.push(this.#next());
        if (!/^[|,]$/.test(this.#text())) break;
        this.#at += 1;
      }
      if (grouped) this.#at += 1;
      return flags;
    };
    if (this.#text() === '&') {
      this.#at += 1;
      mask = list();
      if (!/^[!=]=$/.test(this.#text())) return this.#odd(start);
    }
    const operator = /^[!=]=$/.test(this.#text()) ? this.#next() : '';
    negated = operator === '!=';
    const exact = this.#text() === '{' || operator !== '';
    const flags = list();
    if (this.#text() === '/') {
      this.#at += 1;
      mask = list();
    }
    const text = `tcp flags ${negated ? '!= ' : ''}${flags.toSorted().join(',')}${mask === undefined ? '' : ` / ${mask.toSorted().join(',')}`}`;
    if (![...flags, ...(mask ?? [])].every((flag) => /^(?:fin|syn|rst|psh|ack|urg|ecn|cwr|0x0|0)$/.test(flag))) return this.#odd(start);
    const seen = mask === undefined || mask.includes('syn') ? ['syn'] : [];
    const wanted = flags.filter((flag) => !flag.startsWith('0'));
    const same = wanted.length === seen.length && wanted.every((flag) => seen.includes(flag));
    const holds = mask !== undefined || exact ? same : wanted.includes('syn');
    this.#conditions.push({
      text,
      narrowing: holds !== negated ? 'everything' : 'narrow',
      test: ({ protocol }) => protocol === 'tcp' && holds !== negated,
    });
  }

  #verdictMap(keys: readonly string[]): void {
    this.#at += 1;
    const word = this.#text();
    let set: NftSet | undefined;
    if (word.startsWith('@')) {
      this.#at += 1;
      set = this.#scope.set(word.slice(1));
    } else if (word === '{') set = elementsOf(this.#braces());
    if (set === undefined || set.elements.length > MAX_EXPANDED) {
      this.#conditions.push(unclearCondition(`${keys.join(' . ')} vmap`));
      this.#action = { does: 'unclear' };
      return;
    }
    const branches = set.elements.map(({ key, to }) => {
      const one: NftSet = { elements: [{ key, to: [] }], complete: true, fills: false };
      return { condition: matchOf(keys, false, { set: () => one, label: key.join(' . ') }), action: verdictOf(to, this.#scope) };
    });
    if (!set.complete || set.fills) branches.push({ condition: unclearCondition(`${keys.join(' . ')} vmap`), action: { does: 'unclear' } });
    this.#branches = branches;
  }

  /** Something that is not understood: from here to the next word that is a verdict. */
  #odd(start: number): void {
    this.#at = Math.max(this.#at, start + 1);
    let nested = false;
    while (this.#at < this.#tokens.length && !VERDICTS.has(this.#text()) && this.#text() !== 'comment') {
      if (this.#text() === '{') {
        nested ||= this.#braces().some(({ text }) => VERDICTS.has(text));
      } else this.#at += 1;
    }
    this.#conditions.push(unclearCondition(this.#words(start)));
    if (nested) this.#action = { does: 'unclear' };
  }
}

function verdictOf(tokens: readonly NftToken[], scope: NftScope): Action {
  const [word = '', chain = ''] = tokens.map(({ text }) => text);
  if (word === 'jump' || word === 'goto') return { does: word, chain: scope.chain(chain) };
  return word === 'accept' || word === 'drop' || word === 'return' || word === 'continue' || word === 'reject'
    ? { does: word }
    : { does: 'unclear' };
}
