import { unknown, type Origin, type Unknown } from '../../model/fact.ts';
import { SourceText } from '../../text/source-text.ts';
import { parsePam, type PamType } from '../../text/pam.ts';
import type { HostContext } from './part.ts';

/** One module of a stack, or a stack within it that is counted as one. */
export type PamEntry = PamModule | { readonly substack: readonly PamEntry[]; readonly origin: Origin };

export interface PamModule {
  readonly module: string;
  readonly args: readonly string[];
  /** What a result does, by its name; `default` for the others. */
  readonly actions: ReadonlyMap<string, PamAction>;
  /** It may not be installed, and is passed over then. */
  readonly optional: boolean;
  readonly origin: Origin;
}

/** A number jumps over so many entries. */
export type PamAction = 'ok' | 'done' | 'bad' | 'die' | 'ignore' | 'reset' | number;

/** pam.d(5): what the short words stand for. */
const CONTROLS: Readonly<Record<string, Readonly<Record<string, PamAction>>>> = {
  required: { success: 'ok', new_authtok_reqd: 'ok', ignore: 'ignore', default: 'bad' },
  requisite: { success: 'ok', new_authtok_reqd: 'ok', ignore: 'ignore', default: 'die' },
  sufficient: { success: 'done', new_authtok_reqd: 'done', default: 'ignore' },
  optional: { success: 'ok', new_authtok_reqd: 'ok', default: 'ignore' },
};
const WORDS: readonly PamAction[] = ['ok', 'done', 'bad', 'die', 'ignore', 'reset'];
const MAX_DEPTH = 16;
const MAX_ENTRIES = 200;

/** The modules of one service and type with all that is included; `not-there` where the service has no file. */
export async function pamStack(context: HostContext, service: string, type: PamType): Promise<readonly PamEntry[] | Unknown | 'not-there'> {
  let entries = 0;
  const visit = async (name: string, depth: number, from: Origin | undefined): Promise<readonly PamEntry[] | Unknown | 'not-there'> => {
    if (depth > MAX_DEPTH) return unknown('unsupported', `PAM: include ${name}`, from);
    const source = await context.open(name.startsWith('/') ? name : `/etc/pam.d/${name}`);
    if (source === 'not-there') return from === undefined ? 'not-there' : unknown('unresolved', `PAM: include ${name}`, from);
    if (!(source instanceof SourceText)) return source;
    const stack: PamEntry[] = [];
    for (const line of parsePam(source)) {
      const origin = source.origin(line.start, line.end);
      if (line.broken) return unknown('unparseable', `PAM: ${name}`, origin);
      if (line.type !== undefined && line.type !== type) continue;
      entries += 1;
      if (entries > MAX_ENTRIES) return unknown('unsupported', `PAM: more than ${MAX_ENTRIES} modules`, origin);
      if (line.control === 'include' || line.control === 'substack') {
        const inner = await visit(line.module, depth + 1, origin);
        if (inner === 'not-there' || 'state' in inner) return inner;
        if (line.control === 'include') stack.push(...inner);
        else stack.push({ substack: inner, origin });
        continue;
      }
      const actions = actionsOf(line.control);
      if (actions === undefined) return unknown('unparseable', `PAM: ${line.control.slice(0, 60)}`, origin);
      stack.push({ module: line.module.replace(/\.so$/, ''), args: line.args, actions, optional: line.optional, origin });
    }
    return stack;
  };
  return visit(service, 0, undefined);
}

function actionsOf(control: string): ReadonlyMap<string, PamAction> | undefined {
  const short = CONTROLS[control];
  if (short !== undefined) return new Map(Object.entries(short));
  const body = /^\[([^\]]*)\]$/.exec(control)?.[1];
  if (body === undefined) return undefined;
  const actions = new Map<string, PamAction>();
  for (const word of body.trim().split(/\s+/)) {
    const [, result, action = ''] = /^([a-z_]+)=([a-z]+|\d{1,3})$/.exec(word) ?? [];
    const read = /^\d+$/.test(action) ? Number(action) : wordOf(action);
    if (result === undefined || read === undefined) return undefined;
    actions.set(result, read);
  }
  return actions;
}

function wordOf(text: string): PamAction | undefined {
  return WORDS.find((word) => word === text);
}
