import { EXTENSION, Reader } from './wire.ts';

/** A ClientHello as a scripted server sees it. */
export interface ClientHello {
  readonly recordVersion: number;
  /** Length of the record's payload, which is what size-dependent faults look at. */
  readonly size: number;
  readonly version: number;
  readonly random: Buffer;
  readonly sessionId: Buffer;
  readonly suites: readonly number[];
  readonly compressions: readonly number[];
  readonly extensions: ReadonlyMap<number, Buffer>;
  readonly groups: readonly number[];
  readonly schemes: readonly number[];
  readonly versions: readonly number[];
  /** `undefined`: no key_share extension at all. */
  readonly shares: readonly { readonly group: number; readonly key: Buffer }[] | undefined;
  readonly cookie: Buffer | undefined;
}

export function parseClientHello(body: Buffer, recordVersion: number, size: number): ClientHello {
  const reader = new Reader(body);
  const version = reader.uint(2);
  const random = reader.take(32);
  const sessionId = reader.vector(1);
  const suites = new Reader(reader.vector(2)).u16s();
  const compressions = [...reader.vector(1)];
  const extensions = new Map<number, Buffer>();
  if (reader.left > 0) {
    const list = new Reader(reader.vector(2));
    while (list.left > 0) extensions.set(list.uint(2), list.vector(2));
  }
  const list = (type: number, size: 1 | 2): readonly number[] => {
    const found = extensions.get(type);
    return found === undefined ? [] : new Reader(new Reader(found).vector(size)).u16s();
  };
  const cookie = extensions.get(EXTENSION.cookie);
  return {
    recordVersion,
    size,
    version,
    random,
    sessionId,
    suites,
    compressions,
    extensions,
    groups: list(EXTENSION.groups, 2),
    schemes: list(EXTENSION.schemes, 2),
    versions: list(EXTENSION.versions, 1),
    shares: sharesOf(extensions.get(EXTENSION.keyShare)),
    cookie: cookie === undefined ? undefined : new Reader(cookie).vector(2),
  };
}

function sharesOf(extension: Buffer | undefined): ClientHello['shares'] {
  if (extension === undefined) return undefined;
  const reader = new Reader(new Reader(extension).vector(2));
  const shares: { readonly group: number; readonly key: Buffer }[] = [];
  while (reader.left > 0) shares.push({ group: reader.uint(2), key: reader.vector(2) });
  return shares;
}
