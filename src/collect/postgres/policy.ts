import { absent, derived, known, mapFact, unknown, type Fact } from '../../model/fact.ts';
import type { Resource, Target } from '../../model/resource.ts';
import { identityPolicy } from '../../resources/identity.ts';
import type { LiveKindFacts } from '../../resources/kind.ts';
import type { PostgresServer } from '../files/postgres-server.ts';
import { seen } from '../seen.ts';

/** Modules that are known to lock no account, and of which passwordcheck alone checks passwords: another may do either. */
const KNOWN_MODULES = new Set([
  'auth_delay',
  'auto_explain',
  'pg_prewarm',
  'pg_stat_statements',
  'pgaudit',
  'basic_archive',
  'passwordcheck',
  'sepgsql',
  'pg_cron',
  'timescaledb',
]);

/** The rules for passwords and sessions: PostgreSQL has few of its own, and modules add to them. */
export function policyOf(server: PostgresServer, target: Target): Resource {
  const { at } = server;
  const modules = mapFact(server.text('shared_preload_libraries', ''), 'modules that are loaded', (text) =>
    text.split(',').flatMap(
      (one) =>
        one
          .trim()
          .replaceAll('"', '')
          .replace(/^\$libdir\//, '') || [],
    ),
  );
  const foreign = modules.state === 'known' ? modules.value.find((name) => !KNOWN_MODULES.has(name)) : undefined;
  const byModules = <T>(compute: (loaded: readonly string[]) => T): Fact<T> => {
    if (modules.state !== 'known') return modules.state === 'unknown' ? modules : unknown('unresolved', 'shared_preload_libraries', at);
    return foreign === undefined
      ? known(compute(modules.value), derived('modules that are loaded', modules.origin))
      : unknown('unsupported', `module ${foreign}: what it demands of passwords`.slice(0, 120), modules.origin);
  };
  const checks = byModules((loaded) => loaded.includes('passwordcheck'));
  const never = byModules(() => undefined);
  const none: Fact<never> = never.state === 'known' ? absent(never.origin) : never.state === 'unknown' ? never : absent(at);
  const major = server.version;
  const facts: LiveKindFacts<typeof identityPolicy> = {
    system: known('postgresql', at),
    checks_quality: checks,
    // passwordcheck: at least 8 characters, letters and others, and not the name: contrib/passwordcheck
    min_length: mapFact(checks, 'what passwordcheck demands', (on) => (on ? 8 : 0)),
    min_classes: mapFact(checks, 'what passwordcheck demands', (on) => (on ? 2 : 0)),
    applies_to_admins: checks,
    history: byModules(() => 0),
    max_age: none,
    max_tries: none,
    lockout: none,
    idle_timeout: idle(server, major),
    hash: server.value(
      'password_encryption',
      (text) => (text === 'scram-sha-256' ? 'scram-sha-256' : text === 'md5' || text === 'on' ? 'md5' : undefined),
      [
        { since: '0', value: 'md5' },
        { since: '14', value: 'scram-sha-256' },
      ],
    ),
  };
  return seen(identityPolicy, 'postgresql', target, 'live', facts);
}

/** Milliseconds in pg_settings; 0 ends no session. Before 14 there is no such setting. */
function idle(server: PostgresServer, version: Fact<string>): Fact<number> {
  const found = server.value('idle_session_timeout', (text) => (/^\d+$/.test(text) ? Number(text) : undefined), [{ since: '0', value: 0 }]);
  if (found.state !== 'known') return found;
  return found.value === 0
    ? absent(derived('idle sessions never end', found.origin, version.origin ?? server.at))
    : known(Math.ceil(found.value / 1000), derived('milliseconds', found.origin));
}
