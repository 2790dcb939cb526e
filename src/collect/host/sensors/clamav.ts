import { absent, derived, known, unknown, type Fact, type Unknown } from '../../../model/fact.ts';
import { SourceText } from '../../../text/source-text.ts';
import type { HostContext } from '../part.ts';
import { unitState } from '../units.ts';
import { found, newestChange, type Sensor } from './sensor.ts';

const CLAMD = ['/etc/clamav/clamd.conf', '/etc/clamd.d/scan.conf', '/etc/clamd.conf'] as const;
const FRESHCLAM = ['/etc/clamav/freshclam.conf', '/etc/freshclam.conf'] as const;
const UNITS = ['clamav-daemon.service', 'clamd@scan.service', 'clamd.service'] as const;

/** ClamAV: its daemon, and how old what freshclam fetched is. */
export async function clamavSensor(context: HostContext): Promise<Sensor | Unknown | 'not-there'> {
  const clamd = await first(CLAMD, context);
  const freshclam = await first(FRESHCLAM, context);
  for (const file of [clamd, freshclam]) if (typeof file === 'object' && 'state' in file) return file;
  const [main] = [clamd, freshclam].filter((file) => file instanceof SourceText);
  if (main === undefined) return 'not-there';
  const at = main.origin(0, 0);
  const directory =
    settingsOf(freshclam, 'DatabaseDirectory')[0]?.value ?? settingsOf(clamd, 'DatabaseDirectory')[0]?.value ?? '/var/lib/clamav';
  const daily = ['daily.cld', 'daily.cvd'].map((name) => `${directory}/${name}`);
  const { running } =
    clamd instanceof SourceText
      ? await unitState(context, UNITS, ['clamd'])
      : { running: known(false, derived('clamd is not set up', at)) };
  const access = await unitState(context, ['clamav-clamonacc.service', 'clamonacc.service'], ['clamonacc']);
  const paths = settingsOf(clamd, 'OnAccessIncludePath');
  const watching = access.running.state === 'known' && access.running.value;
  return found({
    engine: known('clamav', at),
    form: known('malware', derived('what ClamAV is', at)),
    running,
    blocking: watching
      ? known(
          settingsOf(clamd, 'OnAccessPrevention').some(({ value }) => /^(?:yes|true|1)$/i.test(value)),
          at,
        )
      : access.running.state === 'unknown'
        ? access.running
        : known(false, derived('what is opened is not looked at', at)),
    rules: await signatures(daily, context),
    rules_changed: await newestChange(daily, context, `${directory}: signatures`),
    last_run: absent(at),
    watches: known(watching ? paths : [], at, access.running.state === 'unknown' ? [access.running] : []),
    reports_to: known(reports(clamd), at),
    max_tries: absent(at),
    block_time: absent(at),
  });
}

type Opened = SourceText | Unknown | 'not-there';

async function first(paths: readonly string[], { open }: HostContext): Promise<Opened> {
  for (const path of paths) {
    const file = await open(path);
    if (file !== 'not-there') return file;
  }
  return 'not-there';
}

function settingsOf(file: Opened, name: string) {
  if (!(file instanceof SourceText)) return [];
  return [...file.text.matchAll(new RegExp(`^[ \\t]*${name}[ \\t]+(\\S.*?)[ \\t]*$`, 'gmi'))].map(({ 0: whole, 1: value = '', index }) =>
    file.fact(value, index, index + whole.length),
  );
}

function reports(file: Opened): readonly Fact<string>[] {
  const syslog = settingsOf(file, 'LogSyslog').filter(({ value }) => /^(?:yes|true|1)$/i.test(value));
  const facility = settingsOf(file, 'LogFacility').at(-1)?.value ?? 'LOG_LOCAL6';
  return [
    ...syslog.map(({ origin }) => known(`syslog:${facility.replace(/^LOG_/, '').toLowerCase()}`, origin)),
    ...settingsOf(file, 'LogFile').map(({ value, origin }) => known(`file:${value}`, origin)),
  ];
}

/** The head of a signature file says how many it holds; the file itself is too large to be read. */
async function signatures(files: readonly string[], { command, at }: HostContext): Promise<Fact<number>> {
  for (const file of files) {
    const output = await command('sigtool --info', { file });
    if (output === 'not-there') return unknown('not-collected', 'sigtool is not there', at);
    if ('state' in output) {
      if (output.cause === 'refused') continue;
      return output;
    }
    const number = /^Signatures: (\d+)$/m.exec(output.text)?.[1];
    return number === undefined ? unknown('unparseable', 'sigtool --info', output.origin()) : known(Number(number), output.origin());
  }
  return unknown('unresolved', 'signatures: none is there', at);
}
