import type { NginxDirective, NginxWord } from '../../text/nginx.ts';
import { isReference, isSecretName } from '../../text/secrets.ts';
import { REDACTED } from '../../text/secrets.ts';
import type { SourceText } from '../../text/source-text.ts';

/** Directives that name a thing and give it a value: headers and parameters for back ends, variables, the environment. */
const NAMED =
  /(?:\w{1,20}_set_header|add_header|more_set_(?:input_)?headers|(?:fastcgi|uwsgi|scgi)_param|set|env)[ \t]{1,64}["']?(\$?[\w-]{1,128})["']?(?:[ \t]{1,64}|=|:[ \t]{0,8})(?:"([^"\n]{1,4096})"|'([^'\n]{1,4096})'|([^\s;"'][^\s;]{0,4095}))/g;
const OTHER = /\b(secure_link_secret|auth_jwt_key|userid_mark_key)[ \t]{1,64}["']?([^\s;"']{3,4096})/g;
/** A credential's scheme: what stands behind it is the secret. */
const SCHEME = /^(?:Basic|Bearer|Token|Digest|ApiKey)[ \t]+/i;

/**
 * Marks what nginx files keep secret: credentials sent to back ends, secrets set as variables, and keys that
 * requests are compared with (`map $http_x_api_key …`, `if ($http_authorization = …)`), in comments too. Gives the
 * directives with all of them gone, so that no value, id or detail made of a word can hold one.
 */
export function withoutSecrets(source: SourceText, directives: readonly NginxDirective[]): readonly NginxDirective[] {
  for (const match of source.text.matchAll(NAMED)) {
    const name = (match[1] ?? '').replace(/^\$/, '');
    const value = match[2] ?? match[3] ?? match[4] ?? '';
    const start = match.index + match[0].length - value.length - (match[4] === undefined ? 1 : 0);
    if (isSecret(name)) mark(source, start, value, name);
  }
  for (const match of source.text.matchAll(OTHER)) {
    const [whole, name = '', value = ''] = match;
    mark(source, match.index + whole.length - value.length, value, name);
  }
  const visit = (list: readonly NginxDirective[]): void => {
    for (const { name, args, block } of list) {
      const [first] = args;
      if (name === 'map' && first !== undefined && isSecret(first.text))
        for (const key of block ?? []) markKey(source, key.word, first.text);
      if (name === 'if' && first !== undefined && isSecret(first.text.replace(/^\(/, ''))) {
        for (const word of args.slice(1)) markKey(source, word, first.text.replace(/^\(/, ''));
      }
      if (block !== undefined) visit(block);
    }
  };
  visit(directives);
  return veiled(source, directives);
}

/** Words and secrets stand in the same order, so each is looked at once. */
function veiled(source: SourceText, directives: readonly NginxDirective[]): readonly NginxDirective[] {
  const { secrets } = source;
  let next = 0;
  const veil = (word: NginxWord): NginxWord => {
    while ((secrets[next]?.end ?? Infinity) <= word.start) next += 1;
    const inside = [];
    for (let index = next; (secrets[index]?.start ?? Infinity) < word.end; index += 1) inside.push(secrets[index]);
    if (inside.length === 0) return word;
    let text = '';
    let at = word.start;
    for (const secret of inside) {
      text += source.text.slice(at, Math.max(at, secret?.start ?? at)) + REDACTED;
      at = Math.min(word.end, secret?.end ?? at);
    }
    return { ...word, text: text + source.text.slice(at, word.end), literal: false, dynamic: true };
  };
  const each = (list: readonly NginxDirective[]): readonly NginxDirective[] =>
    list.map((directive) => {
      const word = veil(directive.word);
      const args = directive.args.map(veil);
      const { block } = directive;
      return { ...directive, name: word.text, word, args, ...(block === undefined ? {} : { block: each(block) }) };
    });
  return secrets.length === 0 ? directives : each(directives);
}

function isSecret(name: string): boolean {
  const plain = name
    .replace(/^\$\{?/, '')
    .replace(/\}$/, '')
    .replace(/^(?:http|cookie|arg|sent_http)_/, '');
  return isSecretName(plain) || /^(?:proxy[_-])?authorization$/i.test(plain);
}

function mark(source: SourceText, start: number, value: string, name: string): void {
  const scheme = SCHEME.exec(value)?.[0].length ?? 0;
  if (!isReference(value.slice(scheme))) source.markSecret(start + scheme, start + value.length, name);
}

function markKey(source: SourceText, { text, start, end }: NginxWord, name: string): void {
  if (/^(?:default|hostnames|volatile|include|!?=|!?~\*?|\)?)$/.test(text)) return;
  mark(source, start, source.text.slice(start, end), name.replace(/^\$/, ''));
}
