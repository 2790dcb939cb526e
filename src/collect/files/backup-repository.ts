import { derived, known, unknown, type Fact, type FactRecord, type Origin } from '../../model/fact.ts';
import { backupLocation } from '../../text/backup-location.ts';

/** A repository by where a tool is told to write: what is on another machine only that one can keep from being emptied; `near` says what is not. */
export function repositoryAt(written: string, encrypted: Fact<boolean>, at: Origin, near = 'a directory that this machine may empty') {
  const { text, kind } = backupLocation(written);
  return {
    location: known(text, at),
    off_site: kind === 'unclear' ? unknown('unresolved', 'which machine it is on', at) : known(kind === 'remote', at),
    encrypted,
    append_only: kind === 'local' ? known(false, derived(near, at)) : unknown('unresolved', 'the far side decides', at),
  } satisfies FactRecord;
}
