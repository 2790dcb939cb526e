import { inspect } from 'node:util';

const REDACTED = '‹secret›';

/** Something that nothing prints: not a template, not JSON, not a debugger's dump. Only this room opens it, to hand it to a driver. */
export class Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** What it holds. Called where a connection is made, and nowhere else: a test reads the sources. */
  static open(secret: Secret): string {
    return secret.#text;
  }

  toString(): string {
    return REDACTED;
  }

  toJSON(): string {
    return REDACTED;
  }

  [inspect.custom](): string {
    return REDACTED;
  }
}

/** `${env:NAME}` or `${file:PATH}` as the whole of a value: what a credential's field in custos.yaml may hold. */
export function secretReference(text: string): { readonly from: 'env' | 'file'; readonly name: string } | undefined {
  const [, from, name] = /^\$\{(env|file):([^${}]+)\}$/.exec(text) ?? [];
  return name === undefined ? undefined : { from: from === 'env' ? 'env' : 'file', name };
}

/** Shorter ones stand in any text by chance: they are looked for as a whole word. */
const SHORT = 8;

/**
 * The secrets of a run that were opened. What leaves the run is held against them before it is written: their bytes, as they are,
 * within JSON, within a URL, and in Base64.
 */
export class OpenedSecrets {
  readonly #texts = new Set<string>();

  /** `plain` are the words beside it that are no secret (user, host, database): a password that equals one reveals nothing. */
  add(secret: Secret, plain: readonly string[] = []): void {
    const text = Secret.open(secret);
    if (text === '' || plain.includes(text)) return;
    this.#texts.add(text);
    this.#texts.add(encodeURIComponent(text));
    this.#texts.add(JSON.stringify(text).slice(1, -1));
    if (text.length >= SHORT) this.#texts.add(Buffer.from(text).toString('base64').replace(/=+$/, ''));
  }

  /** Does a text hold one of them? It is made only where there are any. */
  revealedBy(make: () => string): boolean {
    if (this.#texts.size === 0) return false;
    const text = make();
    for (const secret of this.#texts) if (secret.length < SHORT ? hasWord(text, secret) : text.includes(secret)) return true;
    return false;
  }
}

function hasWord(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at !== -1; at = text.indexOf(word, at + 1)) {
    if (!/\w/.test(text.charAt(at - 1)) && !/\w/.test(text.charAt(at + word.length))) return true;
  }
  return false;
}
