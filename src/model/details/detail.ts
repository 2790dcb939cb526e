import type { Localized } from '../localized.ts';

/** A detail in English, the same in Chinese (`{}` in the same order, or `{0}` where it is another), and a next step of its own. */
export type KnownDetail = readonly [en: string, zh: string, hint?: DetailHint];

export type DetailHint = keyof typeof HINTS;

/** What to do where the cause's own next step does not help: a command that nobody scheduled needs no include. */
export const HINTS = {
  version: {
    en: 'say which version it is: versions: in custos.yaml, or --product on the command line',
    zh: '请说明其版本：custos.yaml 的 versions，或命令行的 --product',
  },
  write: {
    en: 'write the setting out, so that it does not rest on a default',
    zh: '请在配置中明确写出该设置，不依赖默认值',
  },
  render: {
    en: 'scan the configuration as it is deployed, with its variables filled in',
    zh: '请扫描实际部署的配置，其中变量均已填入',
  },
  file: {
    en: 'add the file to the target, or say where the machine’s / is (root: in custos.yaml)',
    zh: '请将该文件加入目标，或指明机器的 / 所在（custos.yaml 的 root）',
  },
  elsewhere: {
    en: 'it is decided elsewhere: scan what decides it, or assess it by hand',
    zh: '由他处决定：请扫描决定它的一方，或人工评估',
  },
  store: {
    en: 'who may delete is settled there: assess the permissions and object lock of the store',
    zh: '删除权限由对端设定：请评估该存储的权限与对象锁定',
  },
  running: {
    en: 'only the running system tells: assess it there by hand',
    zh: '只有运行中的系统知道：请在该系统上人工评估',
  },
  duties: {
    en: 'map duties to the roles and rights of this target (duties: in custos.yaml)',
    zh: '请在 custos.yaml 的 duties 中将职责映射到该目标的角色与权限',
  },
  grant: {
    en: 'grant the account that scans what is named; docs/targets has the statements',
    zh: '请向扫描账户授予所列权限；授权语句见 docs/targets',
  },
  trust: {
    en: 'turn TLS on with a certificate that this machine trusts or that ca: names, or say insecure: true on the target',
    zh: '请启用 TLS，证书须为本机信任或由 ca: 指定；或在目标上写明 insecure: true',
  },
  password: {
    en: 'give the target its password: password: "${env:NAME}" in custos.yaml, and see that it is this account’s',
    zh: '请为目标配置口令：custos.yaml 中的 password: "${env:NAME}"，并确认属于该账户',
  },
  guessable: {
    en: 'a short or everyday password (custos, x) stands in what a server says by chance: give this account a long, random one',
    zh: '过短或常见的口令（如 custos、x）会偶然出现在服务器的应答中：请为该账户改用较长的随机口令',
  },
  pooler: {
    en: 'name the server itself as the target, not the pooler before it',
    zh: '请将服务器本身而非其前的连接池列为目标',
  },
  reload: {
    en: 'reload the server, and run again',
    zh: '请重新加载服务器配置后再次运行',
  },
  primary: {
    en: 'add the primary as a target',
    zh: '请将主库列为目标',
  },
  live: {
    en: 'add the live endpoint as a target (tls://host:port)',
    zh: '请将在线端点列为目标（tls://主机:端口）',
  },
  schedule: {
    en: 'add what runs it (a timer or crontab) for an auditor to see, and assess it by hand',
    zh: '请向评估人员提供运行它的定时器或 crontab，并人工评估',
  },
  bySize: {
    en: 'keep records by time, or assess by hand how long the size lasts',
    zh: '请按时间保留记录，或人工评估该大小可保留多久',
  },
  image: {
    en: 'set it in the Compose file, so that it does not rest on the image',
    zh: '请在 Compose 文件中设置，不依赖镜像',
  },
  same: {
    en: 'load one of the two, and remove the other',
    zh: '请只保留实际加载的一份，移除另一份',
  },
  label: {
    en: 'set the label on the target in custos.yaml',
    zh: '请在 custos.yaml 的目标上设置该标签',
  },
  target: {
    en: 'add a target that shows it',
    zh: '请添加能显示它的目标',
  },
  named: {
    en: 'name it as a target of its own, if it is meant',
    zh: '如确需查看，请将其单独列为目标',
  },
  connections: {
    en: 'allow more with --max-connections',
    zh: '请以 --max-connections 增加上限',
  },
  issuer: {
    en: 'have the intermediates sent with the certificate; an authority of your own is named by --ca-file (ca: in custos.yaml)',
    zh: '请随证书发送中间证书；自建证书机构以 --ca-file（custos.yaml 的 ca）指明',
  },
  port: {
    en: 'name the port that answers in clear (http_port: in custos.yaml)',
    zh: '请指明以明文应答的端口（custos.yaml 的 http_port）',
  },
  passPhrase: {
    en: 'let its configuration name a file with the pass phrase, or give the target password: ${env:NAME}',
    zh: '请在其配置中指定口令文件，或为该目标设置 password: ${env:NAME}',
  },
  machine: {
    en: 'look at the machine that it is on',
    zh: '请查看其所在的主机',
  },
  hand: {
    en: 'Custos does not judge this: assess it by hand',
    zh: 'Custos 不判断此项：请人工评估',
  },
} as const satisfies Record<string, Localized>;
