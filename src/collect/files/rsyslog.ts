import { posix } from 'node:path';
import { unknown } from '../../model/fact.ts';
import { logSink } from '../../resources/logging.ts';
import { parseRsyslog, type RsyslogStatement } from '../../text/rsyslog.ts';
import type { SourceText } from '../../text/source-text.ts';
import type { FileFormat, FormatContext, FormatGap, FormatReading } from './format.ts';
import type { Step } from './rsyslog-actions.ts';
import { rsyslogSinks } from './rsyslog-sinks.ts';

const MAX_DEPTH = 10;

/** rsyslog, with its includes inline: https://www.rsyslog.com/doc/rainerscript/include.html */
export const rsyslogFormat: FileFormat = {
  name: 'rsyslog',
  kinds: [logSink.name],
  recognises: (path) => /(?:^|\/)rsyslog[^/]*\.conf$|(?:^|\/)rsyslog\.d\/[^/]+\.conf$/.test(path),
  sniffs: (text) => /^\s*(?:module\(load="(?:im|om)|\$ModLoad |action\(type="om|\$IncludeConfig )/m.test(text),
  read,
};

async function read(paths: readonly string[], context: FormatContext): Promise<FormatReading> {
  const gaps: FormatGap[] = [];
  const included = new Set<string>();
  const instances: { readonly main: SourceText; readonly steps: readonly Step[] }[] = [];
  // Whole configurations first: what they include is no configuration of its own.
  const fragments = paths.filter((path) => /(?:^|\/)rsyslog\.d\//.test(path));
  for (const path of [...paths.filter((other) => !fragments.includes(other)), ...fragments]) {
    if (included.has(path)) continue;
    const main = await context.open(path);
    if (main === 'not-there') continue;
    if ('state' in main) {
      gaps.push({ why: main });
      continue;
    }
    const before: readonly Step[] = fragments.includes(path)
      ? [{ kind: 'hole', why: unknown('unresolved', 'read without the rsyslog.conf that includes it', main.origin(0, 0)) }]
      : [];
    instances.push({ main, steps: [...before, ...(await stepsOf(main, context, included, [main.file]))] });
  }
  const whole = instances.filter(({ main }) => !included.has(main.file));
  for (const { steps } of whole) for (const step of steps) if (step.kind === 'hole') gaps.push({ why: step.why });
  return { resources: whole.flatMap(({ main, steps }) => rsyslogSinks(main, steps, context)), gaps };
}

async function stepsOf(
  source: SourceText,
  context: FormatContext,
  included: Set<string>,
  chain: readonly string[],
): Promise<readonly Step[]> {
  const steps: Step[] = [];
  for (const statement of parseRsyslog(source)) {
    const at = source.origin(statement.start, statement.end);
    const include = includeOf(statement);
    if (statement.kind === 'broken') steps.push({ kind: 'hole', why: unknown('unparseable', `${source.file}: a statement`, at) });
    else if (include === undefined) steps.push(statement);
    else if (include.pattern === undefined) steps.push({ kind: 'hole', why: unknown('unresolved', 'include of a computed text', at) });
    else {
      const pattern = include.pattern.endsWith('/') ? `${include.pattern}*` : include.pattern;
      const { files, gaps } = await context.include(pattern, posix.dirname(source.file));
      for (const gap of gaps)
        if (!(include.optional && gap.detail.endsWith('is not there'))) steps.push({ kind: 'hole', why: { ...gap, origin: at } });
      for (const file of files) {
        if (chain.includes(file.file) || chain.length >= MAX_DEPTH || included.size > 2000)
          steps.push({ kind: 'hole', why: unknown('unresolved', `include loop: ${pattern}`, at) });
        else {
          included.add(file.file);
          for (const step of await stepsOf(file, context, included, [...chain, file.file])) steps.push(step);
        }
      }
    }
  }
  return steps;
}

/** What a statement includes; without pattern where it is computed. */
function includeOf(statement: RsyslogStatement): { readonly pattern: string | undefined; readonly optional: boolean } | undefined {
  if (statement.kind === 'directive' && statement.name === 'includeconfig')
    return { pattern: statement.value.replaceAll('"', ''), optional: false };
  if (statement.kind !== 'object' || statement.name !== 'include') return undefined;
  const value = (name: string): string | undefined =>
    statement.parameters.find((parameter) => parameter.name === name && !parameter.computed)?.value;
  return { pattern: value('file'), optional: value('mode') === 'optional' };
}
