import type { Resource } from '../model/resource.ts';
import { FactReader, valueOf, type Said } from './fact-reader.ts';

/** A suite as the rating rules see it. */
export interface RatedSuite {
  readonly name: string;
  readonly iana: string;
  readonly versions: readonly string[];
  readonly keyExchange: string;
  readonly authentication: string;
  readonly encryption: string;
  readonly bits: number;
  readonly aead: boolean;
  readonly exportGrade: boolean;
}

/** One live endpoint with what belongs to it: read once, judged by every guide. */
export interface RatedEndpoint {
  readonly listener: FactReader;
  readonly certificates: readonly { readonly id: string; readonly facts: FactReader }[];
  readonly site: FactReader | undefined;
  readonly protocols: readonly string[];
  readonly protocolsWhole: boolean;
  readonly suites: readonly RatedSuite[];
  readonly suitesWhole: boolean;
}

/** Puts a live listener together with the certificates and the site of the same address. */
export function ratedEndpoint(listener: Resource, all: readonly Resource[]): RatedEndpoint {
  const facts = new FactReader(listener.facts);
  const { values: protocols, whole } = facts.strings('protocols');
  const suites = facts.records('suites');
  const own = (resource: Resource): boolean =>
    resource.stance === 'live' && (resource.id === listener.id || resource.id.startsWith(`${listener.id} `));
  return {
    listener: facts,
    certificates: all.flatMap((one) => (one.kind === 'certificate' && own(one) ? [{ id: one.id, facts: new FactReader(one.facts) }] : [])),
    site: all.flatMap((one) => (one.kind === 'http.site' && own(one) ? [new FactReader(one.facts)] : []))[0],
    protocols,
    protocolsWhole: whole,
    suites: suites.values.map(readSuite),
    suitesWhole: suites.whole,
  };
}

function readSuite(suite: FactReader): RatedSuite {
  const text = (name: string): string => valueOf(suite.string(name)) ?? '';
  return {
    name: text('name'),
    iana: text('iana'),
    versions: suite.strings('versions').values,
    keyExchange: text('key_exchange'),
    authentication: text('authentication'),
    encryption: text('encryption'),
    bits: valueOf(suite.number('bits')) ?? 0,
    aead: valueOf(suite.boolean('aead')) ?? false,
    exportGrade: valueOf(suite.boolean('export_grade')) ?? false,
  };
}

/** Does a kind of fact say exactly this? */
export function says<T>(said: Said<T>, value: T): boolean {
  return said.state === 'said' && said.value === value;
}
