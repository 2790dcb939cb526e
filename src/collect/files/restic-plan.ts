import { derived, known, unknown, type Fact, type Origin, type Unknown } from '../../model/fact.ts';
import type { KindFacts } from '../../resources/kind.ts';
import type { backupPlan } from '../../resources/backup-plan.ts';
import { repositoryAt } from './backup-repository.ts';
import type { SourceText } from '../../text/source-text.ts';
import { isFilledIn } from '../../text/template.ts';

type Repositories = KindFacts<typeof backupPlan>['repositories'];

/** A value that a tool fills in when it runs is not known from its text. */
export function plainText(value: string, at: Origin): Fact<string> {
  return isFilledIn(value) || /\$[A-Za-z_]|%[a-zA-Z]\b|`/.test(value) ? unknown('unresolved', 'a variable', at) : known(value, at);
}

/**
 * The one repository of a restic backup. restic always encrypts (https://restic.readthedocs.io/en/stable/070_encryption.html), but
 * with `--insecure-no-password` (0.17) by a key that everybody can open.
 */
export function resticRepository(written: Fact<string>, at: Origin, noPassword: Fact<boolean>): Repositories {
  const encrypted: Fact<boolean> =
    noPassword.state !== 'known'
      ? noPassword
      : noPassword.value
        ? known(false, derived('the key is kept under an empty password', noPassword.origin))
        : known(true, derived('restic always encrypts', at));
  if (written.state !== 'known') {
    const why: Unknown = written.state === 'unknown' ? written : unknown('unresolved', 'repository', at);
    return known([known({ location: why, off_site: why, encrypted, append_only: why }, at)], at);
  }
  const place = written.origin;
  return known([known(repositoryAt(written.value, encrypted, place, 'a directory or server that this machine may empty'), place)], place);
}

/** Is there a secret in the clear in these texts? A text that could not be read may hold one. */
export function inClear(sources: readonly SourceText[], hole: Unknown | undefined, at: Origin): Fact<boolean> {
  for (const source of sources) {
    const secret = source.secrets.find(({ commented }) => !commented);
    if (secret !== undefined) return known(true, source.origin(secret.start, secret.end));
  }
  return hole ?? known(false, derived('no key or pass phrase stands in it', at));
}
