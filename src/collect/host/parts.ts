import { authorizedKeysPart } from './authorized-keys.ts';
import { availabilityPart } from './availability.ts';
import { backups } from './backups.ts';
import { hostOsPart } from './host-os.ts';
import { identityPolicyPart } from './identity-policy.ts';
import { idsSensorPart } from './ids-sensor.ts';
import { logs } from './logs.ts';
import { networkFilterPart } from './network-filter.ts';
import { pathsPart } from './paths.ts';
import { principalsPart } from './principals.ts';
import { privilegesPart } from './privileges.ts';
import { remoteAccessPart } from './remote-access.ts';
import { timeSyncPart } from './time-sync.ts';
import type { HostPart } from './part.ts';

/** Everything that is looked for on a host, besides the configuration files that `files/` reads. */
export const PARTS: readonly HostPart[] = [
  authorizedKeysPart,
  availabilityPart,
  backups,
  hostOsPart,
  identityPolicyPart,
  idsSensorPart,
  logs,
  networkFilterPart,
  pathsPart,
  principalsPart,
  privilegesPart,
  remoteAccessPart,
  timeSyncPart,
];
