import type { Scope, Tighter, Verification } from '../../model/control.ts';
import type { Origin } from '../../model/fact.ts';
import type { Outcome } from '../../model/finding.ts';
import { controlErrorInChinese } from '../../model/details/translate.ts';
import type { Language, Localized } from '../../model/localized.ts';

/** Whose word an attestation is. */
export const ATTESTED_BY: { readonly [B in Extract<Origin, { kind: 'attested' }>['by']]: Localized } = {
  self: { en: 'self', zh: '自述' },
  counterparty: { en: 'counterparty', zh: '对手方' },
  assessor: { en: 'assessor', zh: '评估方' },
};

/** The fixed words of `custos explain`. */
export const WORDS = {
  why: { en: 'Why it matters', zh: '意义' },
  judges: { en: 'What is judged', zh: '判断对象' },
  when: { en: 'where', zh: '条件' },
  parameters: { en: 'Parameters', zh: '参数' },
  fix: { en: 'How to put it right', zh: '整改方法' },
  answers: { en: 'What it answers', zh: '对应条款' },
  examples: { en: 'Proven by its examples', zh: '自带示例' },
  read: { en: 'what decided, and where it stands', zh: '据以判定的内容及其位置' },
  came: { en: 'came to', zh: '计算结果' },
  missing: { en: 'could not read', zh: '未能读取' },
  also: { en: 'not known either, and not needed', zh: '同样未知，但不影响结果' },
  next: { en: 'next', zh: '下一步' },
  none: { en: 'This assessment has no finding of it.', zh: '该评估中没有此控制项的发现。' },
  notLooked: { en: 'It was not looked at', zh: '未查看' },
  absent: { en: 'not there', zh: '不存在' },
  setBy: { en: 'set by', zh: '设定来源：' },
  by: { en: 'by', zh: '依据' },
  line: { en: 'line {}', zh: '第 {} 行' },
} as const satisfies Record<string, Localized>;

export const OUTCOME_WORDS: { readonly [O in Outcome]: Localized } = {
  pass: { en: 'pass', zh: '通过' },
  fail: { en: 'fail', zh: '未通过' },
  unknown: { en: 'unknown', zh: '未能判定' },
  error: { en: 'error', zh: '计算出错' },
  manual: { en: 'manual', zh: '需要佐证' },
  'not-applicable': { en: 'not-applicable', zh: '不适用' },
};

export const VERIFICATION_WORDS: { readonly [V in Verification]: Localized } = {
  automated: { en: 'automated', zh: '自动判定' },
  either: { en: 'automated, or attested', zh: '自动判定，或凭佐证' },
  attested: { en: 'attested', zh: '凭佐证' },
};

export const SCOPE_WORDS: { readonly [S in Scope]: Localized } = {
  resource: { en: 'each resource', zh: '逐个资源' },
  assessment: { en: 'everything at once', zh: '整个评估' },
  findings: { en: 'the findings of other controls', zh: '其他控制项的结果' },
};

export const TIGHTER_WORDS: { readonly [T in Tighter]: Localized } = {
  lower: { en: 'tighter is lower', zh: '越低越严' },
  higher: { en: 'tighter is higher', zh: '越高越严' },
  subset: { en: 'tighter is fewer', zh: '越少越严' },
  superset: { en: 'tighter is more', zh: '越多越严' },
};

/** `default of TLS-03`, `profile custody-strict` or a file: who set a value. */
export function setByText(setBy: string, language: Language): string {
  if (language === 'en') return setBy;
  const [, control] = /^default of (.+)$/.exec(setBy) ?? [];
  if (control !== undefined) return `${control} 的默认值`;
  return setBy.replace(/^profile /, '配置 ');
}

/** `[3]`, as a witness notes a list: its elements stand where they decided. */
export function witnessText(value: unknown, language: Language): string {
  const [, count] = /^\[(\d+)\]$/.exec(String(value)) ?? [];
  if (count === undefined) return String(value);
  return language === 'zh' ? `${count} 项的列表` : `a list of ${count}`;
}

/** What a part came to: `unknown: …`, `absent: …` and `error: …` begin with a word of ours. */
export function cameText(came: string, language: Language): string {
  if (language === 'en') return came;
  return came.replace(
    /^(unknown|absent|error): (.*)$/s,
    (_, word: 'unknown' | 'absent' | 'error', what: string) => `${CAME_ZH[word]}：${word === 'error' ? controlErrorInChinese(what) : what}`,
  );
}

const CAME_ZH = { unknown: '未知', absent: '不存在', error: '出错' } as const;
