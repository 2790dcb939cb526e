import { availabilityPart } from './availability.ts';
import { hostOsPart } from './host-os.ts';
import { idsSensorPart } from './ids-sensor.ts';
import { networkFilterPart } from './network-filter.ts';
import type { HostPart } from './part.ts';
import { timeSyncPart } from './time-sync.ts';

/** Everything that is looked for on a host, besides the configuration files that `files/` reads. */
export const PARTS: readonly HostPart[] = [availabilityPart, hostOsPart, idsSensorPart, networkFilterPart, timeSyncPart];
