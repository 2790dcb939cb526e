import type { UndecidedRead } from './finding.ts';
import type { Localized } from './localized.ts';

interface CauseText {
  /** What happened; `{detail}` is verbatim foreign text. */
  readonly sentence: Localized;
  /** What the reader can do about it. */
  readonly next: Localized;
}

/** The one table of causes: every renderer takes both sentences and the next step from here. */
const CAUSES: { readonly [C in UndecidedRead['cause']]: CauseText } = {
  'not-collected': {
    sentence: { en: 'nothing that was looked at says it', zh: '所查看的对象中没有该信息' },
    next: {
      en: 'add a target that shows it, or set the label or version in custos.yaml',
      zh: '在 custos.yaml 中添加能显示它的目标，或设置相应标签或版本',
    },
  },
  unreachable: {
    sentence: { en: 'it could not be reached', zh: '无法访问' },
    next: { en: 'check the path or address, and that it can be reached from here', zh: '请检查路径或地址，并确认可从此处访问' },
  },
  'timed-out': {
    sentence: { en: 'no answer came in time', zh: '未在限时内应答' },
    next: { en: 'run again with a longer --timeout, from a place nearer to it', zh: '请延长 --timeout，或从更近的位置重试' },
  },
  interrupted: {
    sentence: { en: 'the run was interrupted before this was looked at', zh: '运行在查看此处之前被中断' },
    next: { en: 'run it again, to its end', zh: '请重新运行并等待其完成' },
  },
  refused: {
    sentence: { en: 'it was refused', zh: '被拒绝' },
    next: {
      en: 'a host: see that the service listens and lets this machine in; a file: bring it inside the target’s root, or name it as a target',
      zh: '主机：请确认服务正在监听并允许本机访问；文件：请将其放入目标根目录内，或单独列为目标',
    },
  },
  'access-denied': {
    sentence: { en: 'access was denied', zh: '没有访问权限' },
    next: { en: 'give the account that scans read access to it', zh: '请为扫描账户授予读取权限' },
  },
  unparseable: {
    sentence: { en: 'it could not be parsed', zh: '无法解析' },
    next: {
      en: 'a file: mend it at this place; a host: check that this is the service and port that you meant',
      zh: '文件：请修正此处内容；主机：请确认服务与端口无误',
    },
  },
  unresolved: {
    sentence: { en: 'it depends on something that is not here', zh: '依赖于此处没有的内容' },
    next: {
      en: 'supply the include, variable or product version (versions: in custos.yaml)',
      zh: '请提供所引用的文件、变量或产品版本（custos.yaml 的 versions）',
    },
  },
  unsupported: {
    sentence: { en: 'Custos cannot read it', zh: 'Custos 无法读取' },
    next: { en: 'scan it in a form that Custos reads, or assess it by hand', zh: '请改用 Custos 支持的形式，或人工评估' },
  },
  'collector-failed': {
    sentence: { en: 'the collector failed', zh: '采集器出错' },
    next: { en: 'run again with -v and report it', zh: '请加 -v 重新运行并反馈该问题' },
  },
  'nothing-to-judge': {
    sentence: { en: 'there is nothing in it to judge', zh: '其中没有可供判断的内容' },
    next: { en: 'check that what was scanned is what you meant', zh: '请确认扫描的对象正是所需对象' },
  },
};

/** What a cause means, in both languages. */
export function causeSentence(read: Pick<UndecidedRead, 'cause' | 'detail'>): Localized {
  const { en, zh } = CAUSES[read.cause].sentence;
  return read.detail === '' ? { en, zh } : { en: `${en} (${read.detail})`, zh: `${zh}（${read.detail}）` };
}

/** What to do about a cause, in both languages. */
export function causeNextStep(read: Pick<UndecidedRead, 'cause' | 'detail'>): Localized {
  return CAUSES[read.cause].next;
}
