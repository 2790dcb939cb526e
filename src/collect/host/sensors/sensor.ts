import { derived, known, unknown, type Fact, type NonEmpty, type Unknown } from '../../../model/fact.ts';
import type { idsSensor } from '../../../resources/ids-sensor.ts';
import type { LiveKindFacts } from '../../../resources/kind.ts';
import type { HostContext } from '../part.ts';

export type SensorFacts = LiveKindFacts<typeof idsSensor>;

/** A sensor that was found. */
export interface Sensor {
  readonly state: 'found';
  readonly facts: SensorFacts;
}

/** Looks for one product: what it is set to do, that it is not there, or why nobody can say. */
export type SensorReading = (context: HostContext) => Promise<Sensor | Unknown | 'not-there'>;

export function found(facts: SensorFacts): Sensor {
  return { state: 'found', facts };
}

/** When the newest of some files was last changed; unknown where one could not be looked at, or there are none. */
export async function newestChange(paths: readonly string[], { host, at }: HostContext, what: string): Promise<Fact<string>> {
  let newest: { readonly path: string; readonly modified: string } | undefined;
  for (const path of paths) {
    const entry = await host.stat(path, true);
    if (entry === 'not-there') continue;
    if ('state' in entry) return entry;
    if (newest === undefined || entry.modified > newest.modified) newest = entry;
  }
  return newest === undefined
    ? unknown('unresolved', `${what}: none is there`, at)
    : known(newest.modified, derived(`${newest.path} was changed`, at));
}

/** True where one is true, for a service that runs in one of several ways. */
export function either(facts: NonEmpty<Fact<boolean>>): Fact<boolean> {
  const [first] = facts;
  return facts.find((fact) => fact.state === 'known' && fact.value) ?? facts.find(({ state }) => state === 'unknown') ?? first;
}
