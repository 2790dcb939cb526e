import { isFactList, known, unknown, type Fact, type FactRecord } from '../../model/fact.ts';

/** A text among the facts of a resource. */
export function textFact(facts: FactRecord, name: string): Fact<string> {
  const fact = facts[name];
  if (fact === undefined) return unknown('not-collected', name);
  if (fact.state !== 'known') return fact;
  return typeof fact.value === 'string' ? known(fact.value, fact.origin) : unknown('unsupported', name, fact.origin);
}

/** A list of texts among the facts of a resource. */
export function textsFact(facts: FactRecord, name: string): Fact<readonly Fact<string>[]> {
  const fact = facts[name];
  if (fact === undefined) return unknown('not-collected', name);
  if (fact.state !== 'known') return fact;
  if (!isFactList(fact.value)) return unknown('unsupported', name, fact.origin);
  const texts = fact.value.map((one): Fact<string> => {
    if (one.state !== 'known') return one;
    return typeof one.value === 'string' ? known(one.value, one.origin) : unknown('unsupported', name, one.origin);
  });
  return known(texts, fact.origin, fact.open);
}
