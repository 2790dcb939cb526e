import type { Collector } from './collector.ts';
import { FORMATS } from './files/formats.ts';
import { PRODUCTS } from './products.ts';
import { filesCollector } from './files/collector.ts';
import { hostCollector } from './host/collector.ts';
import { httpCollector } from './http/collector.ts';
import { insecureTargetsCollector } from './insecure-targets.ts';
import { ldapCollector } from './ldap/collector.ts';
import { mysqlCollector } from './mysql/collector.ts';
import { postgresCollector } from './postgres/collector.ts';
import { redisCollector } from './redis/collector.ts';
import { sshCollector } from './ssh/collector.ts';
import { tlsCollector } from './tls/collector.ts';

/** Every collector. A new kind of target is one folder and one line here. */
export const COLLECTORS: readonly Collector[] = [
  filesCollector,
  hostCollector,
  httpCollector,
  insecureTargetsCollector,
  ldapCollector,
  mysqlCollector,
  postgresCollector,
  redisCollector,
  sshCollector,
  tlsCollector,
];

/** Kinds of target that something can be learnt from. */
export const TARGET_KINDS: readonly string[] = [...new Set(COLLECTORS.flatMap(({ targets }) => targets))];

/** The names that custos.yaml may use. */
export const CONFIGURATION_NAMES = { kinds: TARGET_KINDS, formats: FORMATS.map(({ name }) => name), products: PRODUCTS };

/** The collectors that look at targets of a kind. */
export function collectorsFor(kind: string): readonly Collector[] {
  return COLLECTORS.filter(({ targets }) => targets.includes(kind));
}
