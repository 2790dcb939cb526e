import { attestation } from './attestation.ts';
import { availabilityGroup } from './availability-group.ts';
import { backupPlan } from './backup-plan.ts';
import { backupRun } from './backup-run.ts';
import { certificate } from './certificate.ts';
import { databaseRoutine } from './database-routine.ts';
import { datastore } from './datastore.ts';
import { authorizedKey, hostOs, hostPath } from './host.ts';
import { httpSite } from './http-site.ts';
import { accessRule, identityPolicy, identityPrincipal, privilegeRule } from './identity.ts';
import { idsSensor } from './ids-sensor.ts';
import type { ResourceKind } from './kind.ts';
import { logSink, logSource } from './logging.ts';
import { networkFilter } from './network-filter.ts';
import { remoteAccess } from './remote-access.ts';
import { secretExposure } from './secret-exposure.ts';
import { timeSync } from './time-sync.ts';
import { tlsListener } from './tls-listener.ts';
import { workload } from './workload.ts';

/** The vocabulary: every kind of resource that controls can speak of. A new kind is one file and one line here. */
export const VOCABULARY: readonly ResourceKind[] = [
  accessRule,
  attestation,
  authorizedKey,
  availabilityGroup,
  backupPlan,
  backupRun,
  certificate,
  databaseRoutine,
  datastore,
  hostOs,
  hostPath,
  httpSite,
  identityPolicy,
  identityPrincipal,
  idsSensor,
  logSink,
  logSource,
  networkFilter,
  privilegeRule,
  remoteAccess,
  secretExposure,
  timeSync,
  tlsListener,
  workload,
];

const BY_NAME = new Map(VOCABULARY.map((kind) => [kind.name, kind]));

/** The kind of that name, if the vocabulary has it. */
export function kindOf(name: string): ResourceKind | undefined {
  return BY_NAME.get(name);
}
