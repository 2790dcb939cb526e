import { startOfDay } from '../model/day.ts';
import type { Waiver } from '../model/plan.ts';
import { waiversSchema } from '../schema/configuration.ts';
import type { SourceText } from '../text/source-text.ts';
import { yamlAt, type YamlNode } from '../text/yaml.ts';
import { nearest, type Reporter } from './diagnostic.ts';
import { parseDocument, shapeOf } from './yaml-document.ts';

interface WaiversFile {
  readonly waivers: readonly (Omit<Waiver, 'id' | 'declaredAt'> & { readonly id?: string })[];
}

function isWaiversFile(plain: unknown): plain is WaiversFile {
  return typeof plain === 'object'; // the schema has been checked
}

/** Reads a waivers file: owner, reason and expiry of each, patterns written as patterns. */
export function readWaivers(source: SourceText, controlIds: readonly string[], reporter: Reporter): readonly Waiver[] {
  const document = parseDocument(source, reporter);
  if (document === undefined) return [];
  const { root, plain } = document;
  const { valid } = shapeOf(document, waiversSchema, reporter);
  const nodes = yamlAt(root, 'waivers');
  for (const node of nodes?.kind === 'list' ? nodes.items : []) checkWaiver(source, node, controlIds, reporter);
  if (!valid || !isWaiversFile(plain)) return [];
  return plain.waivers.map((waiver, index) => {
    const at = yamlAt(root, 'waivers', index);
    return { ...waiver, id: waiver.id ?? `waiver-${index + 1}`, declaredAt: source.range(at?.start ?? 0, (at?.start ?? 0) + 1) };
  });
}

/** What the schema cannot say: a day that there is, a pattern written as one, a control that there is. */
function checkWaiver(source: SourceText, node: YamlNode, controlIds: readonly string[], reporter: Reporter): void {
  const scalar = (field: string, use: (text: string, complain: (message: string, hint?: string) => void) => void): void => {
    const at = yamlAt(node, field);
    if (at?.kind === 'scalar') use(at.text, (message, hint) => reporter.at(source, at.start, at.end, message, hint));
  };
  scalar('until', (until, complain) => {
    if (/^\d{4}-\d{2}-\d{2}$/.test(until) && startOfDay(until) === undefined) complain(`"${until}" is no date`, 'write it as 2026-12-31');
  });
  for (const field of ['control', 'target', 'resource'])
    scalar(field, (pattern, complain) => {
      if (pattern.includes('*'))
        complain(`"${pattern}" holds a * and would match itself only`, `a glob is written as { glob: "${pattern}" }`);
    });
  scalar('control', (control, complain) => {
    if (!control.includes('*') && !controlIds.includes(control))
      complain(`no control is called "${control}"`, nearest(control, controlIds));
  });
}
