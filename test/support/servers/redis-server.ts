import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { program } from './available.ts';
import { certificate, type Certificate } from './certificate.ts';
import { HOST, startDaemon, type Daemon } from './daemon.ts';
import { installCertificate } from './service-user.ts';

export interface RedisOptions {
  readonly certificate?: Certificate;
  /** With TLS: beside the clear port, or in its place. */
  readonly tls?: 'beside' | 'only';
  /** Lines of redis.conf, after those that place it. */
  readonly settings?: readonly string[];
}

/** Redis; `port` is the clear one, or the TLS one where there is no other. */
export async function startRedis(options: RedisOptions = {}): Promise<Daemon> {
  const { tls } = options;
  return startDaemon('redis', tls === 'beside' ? 2 : 1, (directory, [first = 0, second = 0]) => {
    const own = installCertificate(options.certificate ?? certificate(), directory);
    const ports = tls === 'only' ? [0, first] : [first, second];
    const lines = [
      `port ${ports[0] ?? 0}`,
      `dir ${directory}`,
      'daemonize no',
      ...(tls === undefined
        ? []
        : [
            `tls-port ${ports[1] ?? 0}`,
            `tls-cert-file ${own.cert}`,
            `tls-key-file ${own.key}`,
            `tls-ca-cert-file ${own.ca}`,
            'tls-auth-clients no',
          ]),
      ...(options.settings ?? [`bind ${HOST}`]),
    ];
    const file = join(directory, 'redis.conf');
    writeFileSync(file, `${lines.join('\n')}\n`);
    return { command: ['redis-server', file] };
  });
}

/** What Redis' own client is told: the oracle of the tests. */
export function redisCli(port: number, login: readonly string[], ...command: readonly string[]): string {
  return execFileSync(program('redis-cli'), ['-p', String(port), '--no-auth-warning', ...login, ...command], {
    encoding: 'utf8',
  }).trimEnd();
}
