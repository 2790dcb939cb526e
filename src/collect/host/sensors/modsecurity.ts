import { absent, derived, known, unknown, type Fact, type Unknown } from '../../../model/fact.ts';
import { SourceText } from '../../../text/source-text.ts';
import { filesIn } from '../host-files.ts';
import type { HostContext } from '../part.ts';
import { unitState } from '../units.ts';
import { found, newestChange, type Sensor } from './sensor.ts';

/** Where web servers say that they use it. */
const NGINX = ['/etc/nginx/conf.d', '/etc/nginx/sites-enabled', '/etc/nginx/modules-enabled'] as const;
const APACHE = ['/etc/apache2/mods-enabled/security2.conf', '/etc/httpd/conf.d/mod_security.conf'] as const;
const MAX_FILES = 400;

/** ModSecurity: SecRuleEngine and its rules, as nginx or Apache loads them. */
export async function modsecuritySensor(context: HostContext): Promise<Sensor | Unknown | 'not-there'> {
  const roots: { readonly pattern: string; readonly from: SourceText }[] = [];
  const gaps: Unknown[] = [];
  const inside: Unknown[] = [];
  const units = new Set<string>();
  const programs = new Set<string>();
  let first: SourceText | undefined;
  for (const path of APACHE) {
    const file = await context.open(path);
    if (typeof file === 'object' && 'state' in file) return file;
    if (!(file instanceof SourceText)) continue;
    first ??= file;
    roots.push({ pattern: path, from: file });
    for (const unit of ['apache2.service', 'httpd.service']) units.add(unit);
    for (const program of ['apache2', 'httpd']) programs.add(program);
  }
  const main = await context.open('/etc/nginx/nginx.conf');
  const files = main instanceof SourceText ? [main] : [];
  if (typeof main === 'object' && 'state' in main) gaps.push(main);
  for (const directory of NGINX) {
    const more = await filesIn(context, directory, '');
    files.push(...more.files);
    gaps.push(...more.gaps);
  }
  let on = roots.length > 0;
  for (const file of files) {
    if (/^[ \t]*modsecurity[ \t]+on[ \t]*;/m.test(file.text)) {
      first ??= file;
      on = true;
      units.add('nginx.service');
      programs.add('nginx');
    }
    for (const [, path = ''] of file.text.matchAll(/^[ \t]*modsecurity_rules_file[ \t]+["']?([^\s"';]+)/gm))
      roots.push({ pattern: path, from: file });
    // Rules between nginx's own lines, for one place or from elsewhere, may set the engine anew.
    const inline = /^[ \t]*(?:modsecurity_rules(?:_remote)?[ \t]|modsecurity[ \t]+off[ \t]*;)/m.exec(file.text);
    if (inline !== null)
      inside.push(
        unknown(
          'unsupported',
          `${file.file}: rules of ModSecurity between those of nginx`,
          file.origin(inline.index, inline.index + inline[0].length),
        ),
      );
  }
  if (on) gaps.push(...inside);
  if (!on || first === undefined) return gaps[0] ?? 'not-there';
  const at = first.origin(0, 0);
  const rules = new Rules(context);
  for (const { pattern } of roots) await rules.include(pattern);
  gaps.push(...rules.gaps);
  const [gap] = gaps;
  const { running } = await unitState(context, [...units], [...programs]);
  const engine = rules.last('SecRuleEngine');
  const body = rules.last('SecRequestBodyAccess');
  const bodies = body !== undefined && /^on$/i.test(body.value);
  const mode: Fact<boolean> =
    engine === undefined
      ? known(false, derived('SecRuleEngine is off where nothing says otherwise', at))
      : engine.fact(/^on$/i.test(engine.value));
  const off = engine === undefined || /^off$/i.test(engine.value);
  return found({
    engine: known('modsecurity', at),
    form: known('web', derived('what ModSecurity is', at)),
    running: gap ?? (off ? (engine?.fact(false) ?? known(false, mode.state === 'known' ? mode.origin : at)) : running),
    blocking: gap ?? mode,
    rules: gap ?? known(rules.count, derived('rules in its files', at)),
    rules_changed:
      rules.withRules.length === 0
        ? unknown('unresolved', 'ModSecurity: rules: none is there', at)
        : await newestChange(rules.withRules, context, 'ModSecurity: rules'),
    last_run: absent(at),
    watches: known([known('requests', at), ...(bodies ? [known('request bodies', body.origin)] : [])], at, gaps),
    reports_to: known(
      rules.all('SecAuditLog').map(({ value, origin }) => known(`file:${value}`, origin)),
      at,
      gaps,
    ),
    max_tries: absent(at),
    block_time: absent(at),
  });
}

interface Directive {
  readonly value: string;
  readonly origin: ReturnType<SourceText['origin']>;
  fact<T>(value: T): Fact<T>;
}

/** The files of rules, in the order in which they are included. */
class Rules {
  readonly gaps: Unknown[] = [];
  readonly withRules: string[] = [];
  count = 0;
  readonly #context: HostContext;
  readonly #directives: (Directive & { readonly name: string })[] = [];
  readonly #seen = new Set<string>();

  constructor(context: HostContext) {
    this.#context = context;
  }

  last(name: string): Directive | undefined {
    return this.#directives.findLast((one) => one.name === name.toLowerCase());
  }

  all(name: string): readonly Directive[] {
    return this.#directives.filter((one) => one.name === name.toLowerCase());
  }

  async include(pattern: string): Promise<void> {
    const [start = '', end, ...more] = pattern.split('*');
    if (end === undefined) {
      const file = await this.#context.open(pattern);
      if (file instanceof SourceText) await this.#read(file);
      else this.gaps.push(file === 'not-there' ? unknown('unresolved', `include ${pattern}: ${pattern} is not there`) : file);
      return;
    }
    const directory = pattern.slice(0, pattern.lastIndexOf('/'));
    if (more.length > 0 || directory.includes('*') || !pattern.startsWith('/')) {
      this.gaps.push(unknown('unsupported', `include ${pattern}`));
      return;
    }
    const { files, gaps } = await filesIn(this.#context, directory, end);
    this.gaps.push(...gaps);
    for (const file of files) if (file.file.startsWith(start)) await this.#read(file);
  }

  async #read(file: SourceText): Promise<void> {
    if (this.#seen.has(file.file)) return;
    if (this.#seen.size >= MAX_FILES) {
      this.gaps.push(unknown('unsupported', `more than ${MAX_FILES} files of rules`));
      return;
    }
    this.#seen.add(file.file);
    const before = this.count;
    for (const { 0: whole, 1: name = '', 2: written = '', index } of file.text.matchAll(
      /^[ \t]*(Sec\w+|Include(?:Optional)?)[ \t]+(.*?)[ \t]*$/gim,
    )) {
      const value = written.replace(/^(["'])(.*)\1$/, '$2');
      const origin = file.origin(index, index + whole.length);
      if (/^include/i.test(name)) {
        const path = value.startsWith('/') ? value : `${file.file.slice(0, file.file.lastIndexOf('/') + 1)}${value}`;
        // What is optional and not there is nothing that is missing.
        const optional = /^includeoptional$/i.test(name) && !value.includes('*') && (await this.#context.host.stat(path)) === 'not-there';
        if (!optional) await this.include(path);
      } else if (/^sec(?:rule|action|rulescript)$/i.test(name)) this.count += 1;
      else this.#directives.push({ name: name.toLowerCase(), value, origin, fact: (fact) => known(fact, origin) });
    }
    if (this.count > before) this.withRules.push(file.file);
  }
}
