import type { KnownDetail } from './detail.ts';

/** Details that the collectors of machines and databases share. */
export const INSIDE_DETAILS: readonly KnownDetail[] = [
  ['duties: none are mapped for this target', 'duties：该目标未配置职责映射', 'duties'],
  ['duties: no other duty is mapped in this system', 'duties：该系统仅映射了一项职责，无从判断是否互斥', 'duties'],
  ['duties: {} is nothing that this target has', 'duties：该目标中不存在 {}', 'duties'],
  ['end of life of {}', '{} 的停止维护日期'],
  ['its certificate does not verify: {}', '证书验证失败：{}', 'trust'],
  [
    'no password is sent in clear: use TLS, a Unix socket or loopback, or say insecure: true',
    '不以明文发送口令：请使用 TLS、Unix 套接字或回环地址，或写明 insecure: true',
  ],
  ['kind of account: no label names it', '账户类别：没有标签指明', 'label'],
  ['kind of account: two labels name it', '账户类别：两个标签同时指明', 'label'],
];
