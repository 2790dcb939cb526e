import type { Language } from '../model/localized.ts';

/** Names of one notice that are told. */
const MAX_NAMED = 20;

/** The first names of a list, and how many more there are. */
export function someOf(names: readonly string[], language: Language): string {
  const shown = names.slice(0, MAX_NAMED).join(language === 'zh' ? '、' : ', ');
  const more = names.length - MAX_NAMED;
  return more > 0 ? `${shown} (+${more})` : shown;
}
