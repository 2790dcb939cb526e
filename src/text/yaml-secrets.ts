import { isReference, isSecretName } from './secrets.ts';
import type { SourceText } from './source-text.ts';
import type { YamlNode } from './yaml.ts';

/** Marks every value of a YAML text whose key announces a secret, and every `NAME=value` in a list that does. */
export function markYamlSecrets(source: SourceText, node: YamlNode): void {
  if (node.kind === 'list') for (const item of node.items) markYamlSecrets(source, item);
  else if (node.kind === 'map') {
    for (const { name, value } of node.entries) {
      if (value.kind !== 'scalar') markYamlSecrets(source, value);
      else if (isSecretName(name) && !isReference(value.text)) source.markSecret(value.start, value.end, name);
      // `passcommand: echo secret` is a secret that goes by another name.
      else if (/passcommand$|password-command$/.test(name) && /^\s*(?:echo|printf)\s+[^$\s]/.test(value.text))
        source.markSecret(value.start, value.end, name);
      else markYamlSecrets(source, value);
    }
  } else {
    const written = source.text.slice(node.start, node.end);
    const [, name = '', value = ''] = /^["']?([A-Za-z_][\w.]{0,120})=([\s\S]*?)["']?$/.exec(written) ?? [];
    if (isSecretName(name) && !isReference(value)) source.markSecret(node.start + written.indexOf('=') + 1, node.end, name);
  }
}
