/**
 * What somebody else fills in before a product reads the file: placeholders of Jinja and Go (`{{ x }}`), ERB (`<%= x %>`),
 * shells and envsubst (`${X}`, `$(x)`), autoconf and Maven (`@X@`), and `__X__`, `%(x)s`. `<%m>` is a log_line_prefix.
 */
const PLACEHOLDER =
  /\{\{|\{%|\{#|<%(?:[-=#\s]|$)|<%[^\n]{0,400}%>|\$\{|\$\(|@[A-Za-z][A-Za-z0-9_.]{0,63}@|__[A-Z][A-Z0-9_]{0,62}[A-Z0-9]__|%\([A-Za-z_]\w{0,62}\)[sd]/;

/** A variable of the environment without braces. Of an upper-case name, since a `$` also stands in passwords and patterns. */
const BARE_VARIABLE = /(?<![\\$])\$[A-Z_][A-Z0-9_]+\b/;
const WHOLE_VARIABLE = /^\$[A-Za-z_]\w*$/;

/** Statements that decide which lines are there at all: `{% if … %}`, `<% if … -%>`, `{{- if … }}`, `{{#each …}}`. */
const STATEMENT =
  /^[ \t]{0,400}(?:\{%|\{#|<%(?!=)|\{\{[-~]?[ \t]{0,40}(?:[#/^!]|(?:if|else|end|range|with|block|define|template|include|each|unless|for)\b))/;

/** What git leaves where two branches changed the same lines: one of both is meant, and nobody can tell which. */
const CONFLICT = /^(?:<{7}|>{7}|\|{7}|={7})(?:[ \t\r]|$)/;

/**
 * Statements take effect inside of the product's comments, too: the template knows none of these. `<%u%%%d>` in PostgreSQL's own
 * example of a log_line_prefix is none: ERB's begin with white space or a dash, or end on their line.
 */
const STATEMENT_IN_COMMENT = /\{%|<%(?:[-\s]|$|(?![=#])[^\n]{0,400}%>)/;
/** What Ansible writes at the head of each file: a comment, whatever its text is. */
const MANAGED = /^[ \t]{0,40}\{\{[-~]?[ \t]{0,40}ansible_managed\b[^{}]{0,200}\}\}[ \t\r]{0,40}$/;

const MAX_LINE = 500;

/** Is a value, or a part of it, filled in by somebody else? */
export function isFilledIn(text: string): boolean {
  return PLACEHOLDER.test(text) || BARE_VARIABLE.test(text) || WHOLE_VARIABLE.test(text);
}

/** Why a line decides what other lines mean; undefined where it is one of the product's own. */
export function hidesLines(line: string): 'a template statement' | 'a merge conflict' | undefined {
  if (CONFLICT.test(line)) return 'a merge conflict';
  return STATEMENT.test(line) || (/^[ \t]{0,400}[#;]/.test(line) && STATEMENT_IN_COMMENT.test(line)) ? 'a template statement' : undefined;
}

/** The first line that decides what others mean. Linear in the text. */
export function hidingLine(text: string): { readonly start: number; readonly end: number; readonly what: string } | undefined {
  for (let start = 0; start < text.length;) {
    const newline = text.indexOf('\n', start);
    const end = newline === -1 ? text.length : newline;
    const what = hidesLines(text.slice(start, Math.min(end, start + MAX_LINE)));
    if (what !== undefined) return { start, end, what };
    start = end + 1;
  }
  return undefined;
}

/** Is the line a placeholder that becomes a comment? */
export function isManagedHead(line: string): boolean {
  return MANAGED.test(line);
}
