import { absent, derived, known, unknown, type Fact, type Origin } from '../../model/fact.ts';
import type { Resource } from '../../model/resource.ts';
import { authorizedKey } from '../../resources/host.ts';
import { publicKeyOfLine } from '../../ssh/public-key.ts';
import { unique } from '../files/unique.ts';
import { accountsOf } from './accounts.ts';
import { keyFilesOf } from './key-files.ts';
import type { HostContext, HostGap, HostPart } from './part.ts';
import { changeableBeyond, walkPath, writersOf } from './path-access.ts';

/** Keys that let somebody in without a password. */
export const authorizedKeysPart: HostPart = {
  name: 'authorized keys',
  kinds: [authorizedKey.name],
  read: async (context) => {
    const accounts = await accountsOf(context);
    const { keys, missing, elsewhere } = await keyFilesOf(context);
    const gaps: HostGap[] = [...accounts.moreAccounts, ...elsewhere, ...[...missing.values()].flat()].map((why) => ({ why }));
    const resources: Resource[] = [];
    for (const { account, line, source } of keys) {
      const origin = source.origin(line.start, line.end);
      const key = publicKeyOfLine(line.type, line.blob);
      const file = await fileFacts(context, source.file, account.uid);
      const from = line.options.get('from');
      const limits = (from ?? '').split(',').filter((one) => one !== '');
      const bits: Fact<number> = key === undefined ? unknown('unparseable', `${line.type}: no such key`, origin) : known(key.bits, origin);
      resources.push(
        context.resource(authorizedKey, `${account.name} ${key?.fingerprint ?? `${line.type} ${line.blob.slice(0, 40)}`}`, {
          account: known(account.name, derived(`AuthorizedKeysFile of ${account.name}`, account.origin)),
          type: known(line.type, origin),
          bits,
          comment: line.comment === '' ? absent(origin) : known(line.comment.slice(0, 200), origin),
          from: known(
            limits.map((one) => known(one, origin)),
            origin,
          ),
          forced_command: known(line.options.has('command'), origin),
          options: known(
            [...line.options.keys()].slice(0, 50).map((name) => known(name, origin)),
            origin,
          ),
          expires: expiry(line.options.get('expiry-time'), origin),
          ...file,
        }),
      );
    }
    return { resources: unique(resources), gaps };
  },
};

/** `20270101`, `202701012359`, with seconds or not: in the machine's own time zone, unless it ends with Z (sshd(8)). */
function expiry(written: string | undefined, origin: Origin): Fact<string> {
  if (written === undefined) return absent(origin);
  const [, year, month, day, hour = '00', minute = '00', second = '00', zone] =
    /^(\d{4})(\d\d)(\d\d)(?:(\d\d)(\d\d)(\d\d)?)?(Z)?$/i.exec(written) ?? [];
  const text = `${year}-${month}-${day}T${hour}:${minute}:${second}Z`;
  if (year === undefined || Number.isNaN(Date.parse(text))) return unknown('unparseable', `expiry-time ${written.slice(0, 40)}`, origin);
  return zone === undefined ? unknown('unresolved', 'expiry-time: in the time zone of the machine', origin) : known(text, origin);
}

async function fileFacts(
  context: HostContext,
  path: string,
  uid: number,
): Promise<{ readonly file_changed: Fact<string>; readonly writable_by_others: Fact<boolean> }> {
  const walked = await walkPath(context, path);
  if (walked === 'not-there' || 'state' in walked) {
    const why = walked === 'not-there' ? unknown('unresolved', `${path} is not there`, context.at) : walked;
    return { file_changed: why, writable_by_others: why };
  }
  const accounts = await accountsOf(context);
  const origin: Origin = walked.origin;
  return {
    file_changed: known(walked.entry.modified, origin),
    writable_by_others: changeableBeyond(writersOf(walked, accounts), new Set([0, uid]), origin),
  };
}
