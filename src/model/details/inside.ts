import type { KnownDetail } from './detail.ts';

/** Details that the collectors of machines and databases share. */
export const INSIDE_DETAILS: readonly KnownDetail[] = [
  ['duties: none are mapped for this target', 'duties：该目标未配置职责映射', 'duties'],
  ['duties: {} is nothing that this target has', 'duties：该目标中不存在 {}', 'duties'],
  ['end of life of {}', '{} 的停止维护日期'],
];
