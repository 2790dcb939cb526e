import { authorizedKeysPart } from './authorized-keys.ts';
import { identityPolicyPart } from './identity-policy.ts';
import { backups } from './backups.ts';
import { logs } from './logs.ts';
import type { HostPart } from './part.ts';
import { pathsPart } from './paths.ts';
import { principalsPart } from './principals.ts';
import { privilegesPart } from './privileges.ts';
import { remoteAccessPart } from './remote-access.ts';

/** Everything that is looked for on a host, besides the configuration files that `files/` reads. */
export const PARTS: readonly HostPart[] = [
  principalsPart,
  privilegesPart,
  identityPolicyPart,
  remoteAccessPart,
  authorizedKeysPart,
  pathsPart,
  backups,
  logs,
];
