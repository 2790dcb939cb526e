import type { KnownDetail } from './detail.ts';

/** Details that any collector gives: of files, includes, versions and bounds. */
export const GENERAL_DETAILS: readonly KnownDetail[] = [
  ['version of {}', '{} 的版本', 'version'],
  ['{}: default of an unknown version of {}', '{}：{} 版本未知，默认值无法确定', 'version'],
  ['{}: "{}" is no version of {}', '{0}：“{1}”不是 {2} 的版本', 'version'],
  ['{}: not in {} {}', '{0}：{1} {2} 中没有', 'write'],
  ['label {}', '标签 {}', 'label'],
  ['{} expects {} {}, {} found', '{0} 要求 {1} 个 {2}，实有 {3} 个', 'target'],
  ['in none of the evidence', '不在任何证据中', 'target'],
  ['{}: none of its {} files is in a format that Custos reads', '{0}：其 {1} 个文件均非 Custos 可读取的格式', 'hand'],
  ['{}: empty', '{}：为空'],
  ['{}: not a text', '{}：不是文本'],
  ['{}: a link to nothing', '{}：链接指向不存在的位置', 'file'],
  ['{}: not a regular file', '{}：不是普通文件'],
  ['{}: neither a file nor a directory', '{}：既不是文件也不是目录'],
  ['{}: larger than {} bytes', '{}：大于 {} 字节'],
  ['{}: grew while it was read', '{}：读取时仍在增长'],
  ['{}: more than {}', '{}：超过 {}'],
  ['outside-root: {}', '位于根目录之外：{}'],
  ['more than {} entries', '超过 {} 个条目'],
  ['deeper than {} directories', '目录层级超过 {} 层'],
  ['more than {} names', '超过 {} 个名称'],
  ['include {}: outside of what was scanned (root: says where / is)', '包含 {}：在扫描范围之外（以 root: 指明 / 的位置）', 'file'],
  ['include {}: {} is not there', '包含 {}：{} 不存在', 'file'],
  ['include {}: more than {} files', '包含 {}：超过 {} 个文件'],
  ['include {}: more than {} deep', '包含 {}：嵌套超过 {} 层'],
  ['include {}: a loop', '包含 {}：循环'],
  ['include loop: {}', '循环包含：{}'],
  ['include {}', '包含 {}', 'file'],
  ['include', '包含'],
  ['{} is not there', '{} 不存在', 'file'],
  ['one of {}', '{} 之一'],
  ['{} ends without its footer: it is not complete', '{} 缺少结尾记录：证据不完整'],
];

/** What secrets are called by their shape, where no key names them. */
export const SECRET_NAMES: readonly KnownDetail[] = [
  ['private key', '私钥'],
  ['private key without a password', '未设口令的私钥'],
  ['AWS access key', 'AWS 访问密钥'],
  ['GitHub token', 'GitHub 令牌'],
  ['Slack token', 'Slack 令牌'],
  ['JSON web token', 'JSON Web 令牌'],
  ['password in URL', 'URL 中的口令'],
  ['password of {}', '{} 的口令'],
];
