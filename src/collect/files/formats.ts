import { auditdFormat } from './auditd.ts';
import { barmanFormat } from './barman.ts';
import { borgmaticFormat } from './borgmatic.ts';
import { certificatesFormat } from './certificates.ts';
import { composeFormat } from './compose.ts';
import type { FileFormat } from './format.ts';
import { haproxyFormat } from './haproxy.ts';
import { logrotateFormat } from './logrotate.ts';
import { nginxFormat } from './nginx.ts';
import { pgbackrestFormat } from './pgbackrest.ts';
import { postgresqlFormat } from './postgres.ts';
import { redisFormat } from './redis.ts';
import { resticFormat } from './restic.ts';
import { rsyslogFormat } from './rsyslog.ts';
import { sshdFormat } from './sshd.ts';

/** Every configuration format that Custos reads, in the order in which they are asked. A new one is a file and a line here. */
export const FORMATS: readonly FileFormat[] = [
  nginxFormat,
  postgresqlFormat,
  redisFormat,
  composeFormat,
  rsyslogFormat,
  sshdFormat,
  logrotateFormat,
  auditdFormat,
  pgbackrestFormat,
  borgmaticFormat,
  resticFormat,
  barmanFormat,
  haproxyFormat,
  certificatesFormat,
];
