import type { Databases } from './database.ts';
import type { OpenedSecrets } from './secret.ts';

/** The databases that this machine reaches. Drivers are loaded when one is asked for. */
export function nodeDatabases(opened: OpenedSecrets): Databases {
  return {
    postgres: async (login) => (await import('./node-postgres.ts')).postgresSession(login, opened),
    mysql: async (login) => (await import('./node-mysql.ts')).mysqlSession(login, opened),
    redis: async (login) => (await import('./node-redis.ts')).nodeRedis(login, opened),
    ldap: async (login) => (await import('./node-ldap.ts')).nodeLdap(login, opened),
  };
}
