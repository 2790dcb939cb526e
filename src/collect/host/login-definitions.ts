import { absent, known, unknown, type Fact } from '../../model/fact.ts';
import { SourceText } from '../../text/source-text.ts';
import type { HostContext } from './part.ts';

/** What login.defs(5) sets, by name; absent where it says nothing. */
export interface LoginDefinitions {
  readonly text: (name: string) => Fact<string>;
  readonly number: (name: string) => Fact<number>;
}

/** Reads /etc/login.defs. The last line of a name counts, as getdef() of shadow-utils reads it. */
export async function loginDefinitions({ open, at }: HostContext): Promise<LoginDefinitions> {
  const source = await open('/etc/login.defs');
  const found = new Map<string, Fact<string>>();
  if (source instanceof SourceText)
    for (const match of source.text.matchAll(/^[ \t]*([A-Z][A-Z0-9_]*)[ \t]+"?([^\s"#]+)/gm)) {
      const [whole, name = '', value = ''] = match;
      found.set(name, source.fact(value, match.index + whole.length - value.length, match.index + whole.length));
    }
  const missing = source instanceof SourceText ? absent(source.origin(0, 0)) : source === 'not-there' ? absent(at) : source;
  const text = (name: string): Fact<string> => found.get(name) ?? missing;
  return {
    text,
    number: (name) => {
      const fact = text(name);
      if (fact.state !== 'known') return fact;
      return /^-?\d{1,10}$/.test(fact.value)
        ? known(Number(fact.value), fact.origin)
        : unknown('unparseable', `login.defs: ${name} ${fact.value.slice(0, 40)}`, fact.origin);
    },
  };
}
