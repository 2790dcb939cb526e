/** Facilities of syslog that programs of a host log to (RFC 5424 6.2.1), by the names of rsyslog. */
export const FACILITIES =
  'kern user mail daemon auth syslog lpr news uucp cron authpriv ftp local0 local1 local2 local3 local4 local5 local6 local7'.split(' ');

/**
 * The machine that a file configures, where a tree holds several: what stands before `/etc/`. Empty for the tree's own.
 */
export function hostOf(file: string): string {
  return /^(.*?)\/?(?:^|\/)etc\//.exec(file)?.[1] ?? '';
}

/** A way by which records leave a program: the host's syslog, under a facility. */
export function syslogChannel(facility: string): string {
  return `syslog:${facility.toLowerCase()}`;
}

/** The names under which a file may be taken by whoever reads files: its path, or a pattern for all of its directory. */
export function fileChannels(path: string): readonly string[] {
  const directory = path.replace(/[^/]*$/, '');
  return [
    ...(/[%$*?[]/.test(path) ? [] : [`file:${path}`]),
    ...(path.endsWith('.log') ? [`file:${directory}*.log`] : []),
    `file:${directory}*`,
  ];
}

/** The channels that a reader of files takes by a path or pattern; undefined where the pattern is one that is not read here. */
export function takenFiles(pattern: string): readonly string[] | undefined {
  const name = pattern.replace(/^.*\//, '');
  if (!/[*?[{$]/.test(pattern)) return [`file:${pattern}`];
  const directory = pattern.slice(0, pattern.length - name.length);
  if (/[*?[{$]/.test(directory)) return undefined;
  if (name === '*.log') return [`file:${directory}*.log`];
  return name === '*' ? [`file:${directory}*`, `file:${directory}*.log`] : undefined;
}
