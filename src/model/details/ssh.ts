import type { KnownDetail } from './detail.ts';

/** Details of SSH: machines that are entered over it, and its servers seen from outside. */
export const SSH_DETAILS: readonly KnownDetail[] = [
  ['{}: its host key is not among the known ones', '{}：其主机密钥不在已知列表中', 'hand'],
  ['{}: no key of ours is accepted', '{}：不接受我方任何密钥'],
  ['{}: its SFTP subsystem is off', '{}：其 SFTP 子系统未启用'],
  ['SFTP: no greeting', 'SFTP：没有问候报文'],
  ['{}: attributes', '{}：属性无法解读'],
  ['{}: link', '{}：链接无法解读'],
  ['{}: an end without an answer', '{}：未作应答即结束'],
  ['{}: names', '{}：名称无法解读'],
  ['{}: no data', '{}：没有数据'],
  ['{}: no handle', '{}：没有句柄'],
  ['{}: status', '{}：状态无法解读'],
  ['{}: SFTP status {}', '{0}：SFTP 状态 {1}'],
  ['find -xdev: no such program', 'find -xdev：没有该程序'],
  ['find -xdev: directories that may not be entered', 'find -xdev：有不可进入的目录'],
];
