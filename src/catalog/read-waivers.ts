import type { Pattern, Waiver } from '../model/plan.ts';
import { startOfDay } from '../model/day.ts';
import { waiversSchema } from '../schema/configuration.ts';
import type { SourceText } from '../text/source-text.ts';
import { yamlAt } from '../text/yaml.ts';
import type { Reporter } from './diagnostic.ts';
import { readDocument } from './yaml-document.ts';

interface WaiversFile {
  readonly waivers: readonly (Omit<Waiver, 'id' | 'declaredAt'> & { readonly id?: string })[];
}

function isWaiversFile(plain: unknown): plain is WaiversFile {
  return typeof plain === 'object'; // the schema has been checked
}

/** Reads a waivers file: owner, reason and expiry of each, patterns written as patterns. */
export function readWaivers(source: SourceText, controlIds: readonly string[], reporter: Reporter): readonly Waiver[] {
  const document = readDocument(source, waiversSchema, reporter);
  if (document === undefined || !isWaiversFile(document.plain)) return [];
  const { root } = document;
  return document.plain.waivers.map((waiver, index) => {
    const complain = (field: string, message: string, hint?: string): void => {
      const at = yamlAt(root, 'waivers', index, field);
      if (at !== undefined) reporter.at(source, at.start, at.end, message, hint);
    };
    if (startOfDay(waiver.until) === undefined) complain('until', `"${waiver.until}" is no date`, 'write it as 2026-12-31');
    for (const field of ['control', 'target', 'resource'] as const) {
      const pattern: Pattern | undefined = waiver[field];
      if (typeof pattern === 'string' && pattern.includes('*'))
        complain(field, `"${pattern}" holds a * and would match itself only`, `a glob is written as { glob: "${pattern}" }`);
    }
    if (typeof waiver.control === 'string' && !waiver.control.includes('*') && !controlIds.includes(waiver.control))
      complain('control', `no control is called "${waiver.control}"`);
    const at = yamlAt(root, 'waivers', index);
    return { ...waiver, id: waiver.id ?? `waiver-${index + 1}`, declaredAt: source.range(at?.start ?? 0, (at?.start ?? 0) + 1) };
  });
}
