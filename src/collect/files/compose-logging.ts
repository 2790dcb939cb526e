import { absent, derived, known, unknown, type Fact, type Origin } from '../../model/fact.ts';
import type { Resource } from '../../model/resource.ts';
import type { KindFacts } from '../../resources/kind.ts';
import { logSink } from '../../resources/logging.ts';
import { defaultOf } from './defaults.ts';
import { declared, type FormatContext } from './format.ts';
import { hostOf } from './log-channels.ts';
import { setting, yesNo, type ComposeService } from './compose-project.ts';

type Sink = KindFacts<typeof logSink>;
type Transport = Pick<Sink, 'destination' | 'encrypted' | 'verifies_peer' | 'buffered'>;

/** Drivers whose receiver stands in an option: https://docs.docker.com/engine/logging/configure/ */
const ADDRESS_OPTION: Readonly<Record<string, string>> = {
  syslog: 'syslog-address',
  fluentd: 'fluentd-address',
  gelf: 'gelf-address',
  splunk: 'splunk-url',
  awslogs: 'awslogs-group',
  gcplogs: 'gcp-project',
  logentries: 'logentries-token',
};
/** Option that switches the check of the receiver's certificate off, and is `false` where it is not written. */
const SKIP_VERIFY: Readonly<Record<string, string>> = { syslog: 'syslog-tls-skip-verify', splunk: 'splunk-insecureskipverify' };

/** Where a service's output goes. */
export function composeSink(service: ComposeService, context: FormatContext): Resource {
  return declared(logSink, service.id, context.target, sinkFacts(service, context));
}

function sinkFacts(service: ComposeService, context: FormatContext): Sink {
  const driver = setting(
    service,
    ['logging', 'driver'],
    (text) => text,
    (at): Fact<string> => unknown('unresolved', 'the engine’s default logging driver', at),
  );
  const unset = service.at;
  const common: Pick<Sink, 'host' | 'by' | 'takes' | 'form' | 'mode' | 'readable_by_others'> = {
    host: known(hostOf(service.id), unset),
    by: known('docker', unset),
    takes: known([], derived('it keeps what its container writes', unset)),
    form: known('container', unset),
    mode: absent(unset),
    readable_by_others: absent(unset),
  };
  if (driver.state !== 'known') {
    const why = driver.state === 'unknown' ? driver : unknown('unresolved', 'logging driver', unset);
    // Whatever the default driver is: one that does not know max-size does not start the container.
    const bounded = hasMaxSize(service);
    return {
      ...common,
      destination: why,
      encrypted: why,
      verifies_peer: why,
      retention: why,
      bounded: bounded.state === 'known' && bounded.value ? bounded : why,
      buffered: why,
    };
  }
  const at = driver.origin;
  return {
    ...common,
    ...transport(driver.value, service, context, at),
    retention: retention(driver.value, at),
    bounded: boundedBy(driver.value, service, context, at),
  };
}

function option(service: ComposeService, name: string): Fact<string> | undefined {
  const none: Fact<string> = absent(service.at);
  const value = setting(
    service,
    ['logging', 'options', name],
    (text) => text,
    () => none,
  );
  return value.state === 'absent' ? undefined : value;
}

function hasMaxSize(service: ComposeService): Fact<boolean> {
  const size = option(service, 'max-size');
  if (size === undefined) return known(false, service.at);
  if (size.state !== 'known') return size;
  return known(/^[1-9]\d*(?:\.\d+)?\s*[kmgtb]*i?b?$/i.test(size.value), size.origin);
}

function boundedBy(driver: string, service: ComposeService, context: FormatContext, at: Origin): Fact<boolean> {
  if (driver === 'none') return known(true, at);
  if (driver !== 'json-file' && driver !== 'local') return unknown('unsupported', `${driver}: its receiver decides`, at);
  if (option(service, 'max-size') !== undefined) return hasMaxSize(service);
  // json-file: max-size -1, unlimited. local (Docker 18.09): 20m, five files. https://docs.docker.com/engine/logging/drivers/
  const table = driver === 'local' ? [{ since: '18.09', value: true }] : [{ since: '1.8', value: false }];
  return defaultOf('max-size', 'docker', context.version('docker'), table, at);
}

function retention(driver: string, at: Origin): Fact<number> {
  if (driver === 'none') return known(0, at);
  return unknown(
    'unresolved',
    driver === 'json-file' || driver === 'local' ? 'as long as size and the container’s life allow' : `${driver}: its receiver decides`,
    at,
  );
}

function transport(driver: string, service: ComposeService, context: FormatContext, at: Origin): Transport {
  if (['json-file', 'local', 'none', 'journald'].includes(driver)) {
    return { destination: known(driver, at), encrypted: absent(at), verifies_peer: absent(at), buffered: absent(at) };
  }
  const name = ADDRESS_OPTION[driver];
  if (name === undefined) {
    const why = unknown('unsupported', `logging driver ${driver.slice(0, 80)}`, at);
    return { destination: known(driver, at), encrypted: why, verifies_peer: why, buffered: why };
  }
  const address = name.endsWith('-token') ? undefined : option(service, name);
  const destination =
    address?.state === 'known' ? known(withoutCredentials(address.value), address.origin) : (address ?? known(driver, at));
  const encrypted = encryption(driver, address, at);
  // The engine's drivers keep what they cannot send in memory only (mode and max-buffer-size).
  const buffered = known(false, derived('logging drivers buffer in memory only', at));
  return { destination, encrypted, verifies_peer: verification(driver, encrypted, service, context, at), buffered };
}

function encryption(driver: string, address: Fact<string> | undefined, at: Origin): Fact<boolean> {
  if (driver === 'awslogs' || driver === 'gcplogs') {
    return unknown('unresolved', `${driver}: the endpoint of the cloud’s interface`, at);
  }
  if (address === undefined) return driver === 'syslog' ? absent(at) : unknown('unresolved', `${driver}: the driver’s default address`, at);
  if (address.state !== 'known') return address;
  const scheme = /^([a-z0-9+]+):\/\//i.exec(address.value)?.[1]?.toLowerCase() ?? 'tcp';
  if (scheme.startsWith('unix')) return absent(address.origin);
  if (['tcp+tls', 'tls', 'https'].includes(scheme)) return known(true, address.origin);
  return ['tcp', 'udp', 'http'].includes(scheme)
    ? known(false, address.origin)
    : unknown('unparseable', scheme.slice(0, 40), address.origin);
}

function verification(
  driver: string,
  encrypted: Fact<boolean>,
  service: ComposeService,
  context: FormatContext,
  at: Origin,
): Fact<boolean> {
  if (encrypted.state !== 'known') return encrypted;
  if (!encrypted.value) return known(false, encrypted.origin);
  const name = SKIP_VERIFY[driver];
  if (name === undefined) return unknown('unsupported', `${driver}: whether the receiver is verified`, at);
  const skip = setting(service, ['logging', 'options', name], yesNo, (place) =>
    defaultOf(name, 'docker', context.version('docker'), [{ since: '1.8', value: false }], place),
  );
  return skip.state === 'known' ? known(!skip.value, skip.origin) : skip;
}

function withoutCredentials(address: string): string {
  return address.replace(/^([a-z0-9+.-]+:\/\/)[^/@]*@/i, '$1');
}
