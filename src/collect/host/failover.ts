import { derived, known, unknown, type Fact } from '../../model/fact.ts';
import type { availabilityGroup } from '../../resources/availability-group.ts';
import type { LiveKindFacts } from '../../resources/kind.ts';

type Failover = LiveKindFacts<typeof availabilityGroup>['failover'];

/** What a program does, where it runs; nothing where it does not, whatever its files say. */
export function whereItRuns(runs: Fact<boolean>, failover: Failover): Failover {
  if (runs.state !== 'known') return runs.state === 'unknown' ? runs : unknown('unresolved', 'whether it runs');
  return runs.value ? failover : known('none', derived('it does not run', runs.origin));
}
