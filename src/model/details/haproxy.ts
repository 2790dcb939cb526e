import type { KnownDetail } from './detail.ts';

/** Details of HAProxy's configuration. */
export const HAPROXY_DETAILS: readonly KnownDetail[] = [
  ['{}: a line before the first section', '{}：第一个配置段之前出现配置行'],
  ['{}: the command line decides what is read before it', '{}：其前读取哪些文件由命令行决定', 'hand'],
  ['bind: QUIC', 'bind：QUIC 监听', 'hand'],
  ['bind: {} is filled in elsewhere', 'bind：{} 的取值由别处填入', 'hand'],
  ['crt-list: settings of single certificates', 'crt-list：各证书可有自己的设置', 'hand'],
  ['its names stand in its certificates', '服务器名称见其证书', 'hand'],
  ['parameters of DH lie in its certificates or in ssl-dh-param-file', 'DH 参数位于证书文件或 ssl-dh-param-file 中', 'hand'],
  ['OCSP answers lie beside its certificates', 'OCSP 应答文件与证书放在一起', 'hand'],
  ['ssl-max-ver below ssl-min-ver', 'ssl-max-ver 低于 ssl-min-ver'],
  ['TLSv1.3: the OpenSSL library decides', 'TLSv1.3：由 OpenSSL 库决定'],
  ['ciphers: the default of the OpenSSL library', 'ciphers：采用 OpenSSL 库的默认值'],
  ['curves: the default of the OpenSSL library', 'curves：采用 OpenSSL 库的默认值'],
  ['{}: errors that are let pass', '{}：所列的校验错误会被放过', 'hand'],
  ['how HAProxy verifies its servers', 'HAProxy 如何校验后端服务器的证书', 'hand'],
  ['server: its health is another’s (track)', 'server：健康状态跟随另一节点（track）', 'hand'],
  ['set-log-level: a condition decides what is recorded', 'set-log-level：由条件决定记录哪些请求', 'hand'],
  ['log-format: what it holds', 'log-format：日志包含哪些字段', 'hand'],
  ['what is captured of requests', '从请求中捕获哪些内容', 'hand'],
];
