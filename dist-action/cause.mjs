// src/model/control.ts
const SEVERITIES = [
	"critical",
	"high",
	"medium",
	"low",
	"info"
];
const SEVERITY_WEIGHT = {
	critical: 10,
	high: 7,
	medium: 4,
	low: 1,
	info: 0
};
function atLeast(a, b) {
	return SEVERITIES.indexOf(a) <= SEVERITIES.indexOf(b);
}
// src/model/details/detail.ts
const HINTS = {
	version: {
		en: "say which version it is: versions: in custos.yaml, or --product on the command line",
		zh: "请说明其版本：custos.yaml 的 versions，或命令行的 --product"
	},
	write: {
		en: "write the setting out, so that it does not rest on a default",
		zh: "请在配置中明确写出该设置，不依赖默认值"
	},
	render: {
		en: "scan the configuration as it is deployed, with its variables filled in",
		zh: "请扫描实际部署的配置，其中变量均已填入"
	},
	file: {
		en: "add the file to the target, or say where the machine’s / is (root: in custos.yaml)",
		zh: "请将该文件加入目标，或指明机器的 / 所在（custos.yaml 的 root）"
	},
	elsewhere: {
		en: "it is decided elsewhere: scan what decides it, or assess it by hand",
		zh: "由他处决定：请扫描决定它的一方，或人工评估"
	},
	store: {
		en: "who may delete is settled there: assess the permissions and object lock of the store",
		zh: "删除权限由对端设定：请评估该存储的权限与对象锁定"
	},
	running: {
		en: "only the running system tells: assess it there by hand",
		zh: "只有运行中的系统知道：请在该系统上人工评估"
	},
	duties: {
		en: "map duties to the roles and rights of this target (duties: in custos.yaml)",
		zh: "请在 custos.yaml 的 duties 中将职责映射到该目标的角色与权限"
	},
	grant: {
		en: "grant the account that scans what is named; docs/targets has the statements",
		zh: "请向扫描账户授予所列权限；授权语句见 docs/targets"
	},
	trust: {
		en: "turn TLS on with a certificate that this machine trusts or that ca: names, or say insecure: true on the target",
		zh: "请启用 TLS，证书须为本机信任或由 ca: 指定；或在目标上写明 insecure: true"
	},
	password: {
		en: "give the target its password: password: \"${env:NAME}\" in custos.yaml, and see that it is this account’s",
		zh: "请为目标配置口令：custos.yaml 中的 password: \"${env:NAME}\"，并确认属于该账户"
	},
	guessable: {
		en: "a short or everyday password (custos, x) stands in what a server says by chance: give this account a long, random one",
		zh: "过短或常见的口令（如 custos、x）会偶然出现在服务器的应答中：请为该账户改用较长的随机口令"
	},
	pooler: {
		en: "name the server itself as the target, not the pooler before it",
		zh: "请将服务器本身而非其前的连接池列为目标"
	},
	reload: {
		en: "reload the server, and run again",
		zh: "请重新加载服务器配置后再次运行"
	},
	primary: {
		en: "add the primary as a target",
		zh: "请将主库列为目标"
	},
	live: {
		en: "add the live endpoint as a target (tls://host:port)",
		zh: "请将在线端点列为目标（tls://主机:端口）"
	},
	schedule: {
		en: "add what runs it (a timer or crontab) for an auditor to see, and assess it by hand",
		zh: "请向评估人员提供运行它的定时器或 crontab，并人工评估"
	},
	bySize: {
		en: "keep records by time, or assess by hand how long the size lasts",
		zh: "请按时间保留记录，或人工评估该大小可保留多久"
	},
	image: {
		en: "set it in the Compose file, so that it does not rest on the image",
		zh: "请在 Compose 文件中设置，不依赖镜像"
	},
	same: {
		en: "load one of the two, and remove the other",
		zh: "请只保留实际加载的一份，移除另一份"
	},
	label: {
		en: "set the label on the target in custos.yaml",
		zh: "请在 custos.yaml 的目标上设置该标签"
	},
	target: {
		en: "add a target that shows it",
		zh: "请添加能显示它的目标"
	},
	named: {
		en: "name it as a target of its own, if it is meant",
		zh: "如确需查看，请将其单独列为目标"
	},
	connections: {
		en: "allow more with --max-connections",
		zh: "请以 --max-connections 增加上限"
	},
	issuer: {
		en: "have the intermediates sent with the certificate; an authority of your own is named by --ca-file (ca: in custos.yaml)",
		zh: "请随证书发送中间证书；自建证书机构以 --ca-file（custos.yaml 的 ca）指明"
	},
	port: {
		en: "name the port that answers in clear (http_port: in custos.yaml)",
		zh: "请指明以明文应答的端口（custos.yaml 的 http_port）"
	},
	passPhrase: {
		en: "let its configuration name a file with the pass phrase, or give the target password: ${env:NAME}",
		zh: "请在其配置中指定口令文件，或为该目标设置 password: ${env:NAME}"
	},
	machine: {
		en: "look at the machine that it is on",
		zh: "请查看其所在的主机"
	},
	hand: {
		en: "Custos does not judge this: assess it by hand",
		zh: "Custos 不判断此项：请人工评估"
	}
};
// src/model/details/access.ts
const ACCESS_DETAILS = [
	["/etc/shadow: {} is not in it", "/etc/shadow：其中没有 {}"],
	["{}: whose keys an authority signed", "{}：认证机构签发过谁的密钥"],
	["expiry-time {}", "expiry-time {} 无法解读"],
	["expiry-time: in the time zone of the machine", "expiry-time：按该机器的时区"],
	["{}: an access control list", "{}：带有访问控制列表（ACL）"],
	["ls: nothing of {}", "ls 未列出 {}"],
	["ls: no such program", "ls：没有该程序"],
	["/etc/passwd: root is not in it", "/etc/passwd：其中没有 root"],
	["/etc/group: root is not in it", "/etc/group：其中没有 root"],
	[
		"{}: accounts of {}",
		"{0}：账户来自 {1}",
		"hand"
	],
	[
		"{}: its accounts",
		"{}：其中的账户",
		"hand"
	],
	["{}: a line that is none", "{}：无法识别的行"],
	[
		"an account of Linux does not say how it is reached",
		"Linux 账户本身不说明其接入方式",
		"elsewhere"
	],
	["a hash of another kind", "其他类型的散列"],
	[
		"shadow: no day of the last change",
		"shadow：没有最近一次修改日期",
		"hand"
	],
	["shadow: a day", "shadow：日期"],
	[
		"/var/lib/lastlog/lastlog2.db",
		"/var/lib/lastlog/lastlog2.db：SQLite 数据库",
		"hand"
	],
	["sudoers: {}", "sudoers 中{}"],
	["sudoers: alias {}", "sudoers：别名 {}"],
	[
		"sudoers: rules of {}",
		"sudoers：规则来自 {}",
		"hand"
	],
	[
		"sudoers: who is in {}",
		"sudoers：{} 的成员",
		"hand"
	],
	["sudoers: more than {} rules", "sudoers：超过 {} 条规则"],
	["privileges: more than {} rules", "提权规则超过 {} 条"],
	[
		"sudo.conf: Plugin {}",
		"sudo.conf：插件 {}",
		"hand"
	],
	["a line that is too long", "行过长"],
	["a name is missing", "缺少名称"],
	["a command is missing", "缺少命令"],
	["a rule without =", "规则缺少 ="],
	["a parenthesis is not closed", "括号未闭合"],
	["an alias without name", "别名没有名称"],
	["as whom it runs", "以谁的身份执行"],
	["who may change the program", "谁可修改该程序"],
	["whether a password is demanded", "是否要求口令"],
	[
		"{}: whether {} is meant for it",
		"{0}：{1} 是否适用于该账户",
		"hand"
	],
	[
		"whether {} makes it root",
		"{} 是否使其成为 root",
		"hand"
	],
	["rights: more than {}", "权限超过 {} 项"],
	["doas.conf: a line that is no rule", "doas.conf：无法识别的规则行"],
	[
		"polkit: {} is a program",
		"polkit：{} 为程序",
		"hand"
	],
	[
		"polkit: {}",
		"polkit 规则：{}",
		"hand"
	],
	[
		"PAM: who is let in without a proof",
		"PAM：谁可不经验证登录",
		"hand"
	],
	[
		"PAM: include {}",
		"PAM：包含 {}",
		"file"
	],
	["PAM: more than {} modules", "PAM：超过 {} 个模块"],
	[
		"PAM: other modules decide",
		"PAM：由其他模块决定",
		"hand"
	],
	[
		"PAM: no stack of {}",
		"PAM：没有 {} 的模块栈",
		"file"
	],
	[
		"PAM: the stack of passwd",
		"PAM：passwd 的模块栈",
		"hand"
	],
	[
		"PAM: the ways through the stack",
		"PAM：模块栈的执行路径过多",
		"hand"
	],
	[
		"PAM: pam_unix more than once",
		"PAM：pam_unix 出现多次",
		"hand"
	],
	[
		"{}: its lines differ",
		"{}：各行设置不一致",
		"same"
	],
	[
		"TMOUT: a program decides",
		"TMOUT：由脚本逻辑决定",
		"hand"
	],
	[
		"TMOUT: shells that do not read it",
		"TMOUT：有不读取该设置的 shell",
		"hand"
	],
	[
		"su: whether PAM asks for a password",
		"su：PAM 是否要求口令",
		"hand"
	],
	[
		"{}: rules of another sudo",
		"{}：另一种 sudo 的规则",
		"hand"
	],
	[
		"TMOUT: it is set more than once",
		"TMOUT：被设置多次",
		"same"
	],
	[
		"sshd: keys by {}",
		"sshd：密钥由 {} 给出",
		"hand"
	],
	[
		"sshd: logins by {}",
		"sshd：可通过 {} 登录",
		"hand"
	],
	[
		"sshd: its settings",
		"sshd：其设置",
		"file"
	],
	["{}: a line that is no key", "{}：无法识别的密钥行"],
	["{}: no such key", "{}：无法识别的密钥"],
	["{}.pub: no public key", "{}.pub：不是公钥"],
	["{}: more than {} keys", "{0}：超过 {1} 个密钥"],
	["authorized_keys: more than {} accounts", "authorized_keys：超过 {} 个账户"],
	[
		"banner of openssh {}",
		"openssh {} 的版本标识",
		"running"
	],
	["{}: a link to all of {}", "{0}：指向整个 {1} 的链接"],
	["{}: a file system of kind {}", "{0}：{1} 类文件系统"],
	[
		"{}: which bits its package gives it",
		"{}：其软件包赋予的权限位",
		"hand"
	],
	["homes: more than {}", "主目录超过 {} 个"],
	["logs: more than {}", "日志超过 {} 个"],
	["configurations of servers: more than {}", "服务器配置文件超过 {} 个"],
	["setuid files: more than {}", "SUID 文件超过 {} 个"],
	["world-writable paths: more than {}", "任何人可写的路径超过 {} 个"]
];
// src/model/details/configuration.ts
const CONFIGURATION_DETAILS = [
	[
		"Access-Control-Allow-Origin inside of \"if\"",
		"“if” 块内的 Access-Control-Allow-Origin",
		"hand"
	],
	[
		"Cache-Control inside of \"if\"",
		"“if” 块内的 Cache-Control",
		"hand"
	],
	[
		"add_header inside of \"if\"",
		"“if” 块内的 add_header",
		"hand"
	],
	[
		"{}: the server decides",
		"{}：由对端服务器决定",
		"elsewhere"
	],
	[
		"{}: this server or the default server of its socket decides, by the version of nginx",
		"{}：由本服务器或该套接字的默认服务器决定，视 nginx 版本而定",
		"version"
	],
	[
		"{}: the default server of the socket says otherwise",
		"{}：该套接字的默认服务器另有设置",
		"write"
	],
	["ssl_protocols of the default server: {}", "默认服务器的 ssl_protocols：{}"],
	[
		"ssl_ecdh_curve: the OpenSSL library decides",
		"ssl_ecdh_curve：由 OpenSSL 库决定",
		"write"
	],
	[
		"the OpenSSL library decides",
		"由 OpenSSL 库决定",
		"write"
	],
	[
		"group {}: offered where the library has it",
		"密钥交换组 {}：仅在库支持时提供",
		"elsewhere"
	],
	[
		"group {}",
		"密钥交换组 {}",
		"hand"
	],
	[
		"suite {}",
		"套件 {}",
		"hand"
	],
	[
		"cipher alias {}: depends on the version of OpenSSL",
		"套件别名 {}：取决于 OpenSSL 版本",
		"version"
	],
	["cipher string \"{}\"", "套件字符串“{}”"],
	[
		"set in a block that is not here",
		"在此处没有的块中设置",
		"file"
	],
	[
		"mail servers",
		"邮件服务器",
		"hand"
	],
	[
		"{}: a site of Apache",
		"{}：Apache 站点",
		"hand"
	],
	["more than {} servers", "超过 {} 个 server"],
	["more than {} directives", "超过 {} 条指令"],
	["more than {} includes", "超过 {} 个包含"],
	[
		"{}ssl_trusted_certificate is not set",
		"未设置 {}ssl_trusted_certificate",
		"write"
	],
	[
		"log_format {} is not here",
		"此处没有 log_format {}",
		"file"
	],
	[
		"a template in the place of a directive",
		"指令处为模板",
		"render"
	],
	[
		"cookies of the application",
		"由应用设置的 Cookie",
		"running"
	],
	[
		"{} of the application",
		"由应用设置的 {}",
		"running"
	],
	[
		"ssl_dhparam: default of an unknown version of nginx",
		"ssl_dhparam：nginx 版本未知，默认值无法确定",
		"version"
	],
	[
		"a curve that is written out, not named",
		"曲线以参数写出，未使用名称",
		"hand"
	],
	[
		"standard error: whoever starts the server keeps it",
		"输出到标准错误：由启动服务器者保存",
		"elsewhere"
	],
	[
		"csvlog and jsonlog need the logging collector",
		"csvlog 与 jsonlog 需要启用日志收集器",
		"write"
	],
	[
		"data_checksums is not in the file: the running server tells",
		"data_checksums 不在文件中：只有运行中的服务器知道",
		"running"
	],
	[
		"replicas are known to the running server",
		"副本情况只有运行中的服务器知道",
		"running"
	],
	["pg_hba.conf holds no rule", "pg_hba.conf 中没有规则"],
	["no hostssl rule", "没有 hostssl 规则"],
	[
		"{}: a variable that nobody sets",
		"{}：变量未被设置",
		"render"
	],
	[
		"{} is not beside {}",
		"{} 不在 {} 旁",
		"file"
	],
	[
		"{}: more than one command",
		"{}：不止一条命令",
		"hand"
	],
	[
		"session tickets: an unknown version of postgresql",
		"会话票据：postgresql 版本未知",
		"version"
	],
	[
		"sessions: an unknown version of postgresql",
		"会话：postgresql 版本未知",
		"version"
	],
	[
		"pg_hba.conf {}: its rules are not read",
		"pg_hba.conf {}：其规则未读取",
		"file"
	],
	["pg_hba.conf: more than {} rules", "pg_hba.conf：超过 {} 条规则"],
	[
		"pg_hba.conf: a rule that is filled in elsewhere",
		"pg_hba.conf：规则由他处填入",
		"render"
	],
	["pg_hba.conf: \"{}\" begins no rule", "pg_hba.conf：“{}”不是规则的开头"],
	[
		"pg_hba.conf: a backslash joins lines since PostgreSQL 14, and the version is not known",
		"pg_hba.conf：反斜杠自 PostgreSQL 14 起连接各行，而版本未知",
		"version"
	],
	[
		"{}: where it takes the password",
		"{}：口令被转交何处",
		"hand"
	],
	[
		"pg_hba.conf: {} decides which rules there are",
		"pg_hba.conf：规则由 {} 决定",
		"file"
	],
	[
		"all in quotes is a name, beside others it cannot be told",
		"加引号的 all 是名称，与其他名称并列时无法区分",
		"hand"
	],
	[
		"{}: a file or pattern",
		"{}：文件或模式",
		"file"
	],
	[
		"list {}",
		"列表 {}",
		"file"
	],
	[
		"{} names members",
		"{} 以成员命名",
		"running"
	],
	["not a setting", "不是设置项"],
	[
		"{}: the postgresql.conf of its server is not here",
		"{}：此处没有其服务器的 postgresql.conf",
		"file"
	],
	[
		"{}: the postgresql.conf that includes it is not here",
		"{}：此处没有包含它的 postgresql.conf",
		"file"
	],
	[
		"{}: a fragment that no file here includes",
		"{}：此处没有文件包含该片段",
		"file"
	],
	[
		"AllowUsers, AllowGroups: a fragment that no file here includes",
		"AllowUsers、AllowGroups：此处没有文件包含该片段",
		"file"
	],
	[
		"archive_command of PostgreSQL decides",
		"由 PostgreSQL 的 archive_command 决定",
		"elsewhere"
	],
	[
		"aclfile decides who needs a password",
		"由 aclfile 决定谁需要口令",
		"file"
	],
	[
		"aclfile decides who may run what",
		"由 aclfile 决定谁可执行哪些命令",
		"file"
	],
	[
		"Redis has no setting for groups",
		"Redis 没有密钥交换组的设置",
		"live"
	],
	[
		"Redis has no setting for session tickets",
		"Redis 没有会话票据的设置",
		"live"
	],
	[
		"tls-ciphers: the default of the OpenSSL library",
		"tls-ciphers：OpenSSL 库的默认值",
		"write"
	],
	[
		"tls-ciphers: a value that is filled in elsewhere",
		"tls-ciphers：值由他处填入",
		"render"
	],
	[
		"requirepass: a value that is filled in elsewhere",
		"requirepass：值由他处填入",
		"render"
	],
	["requirepass takes one value", "requirepass 只接受一个值"],
	["user default", "用户 default"],
	[
		"user {}: filled in elsewhere",
		"用户 {}：由他处填入",
		"render"
	],
	["{}: no directive of Redis", "{}：不是 Redis 指令"],
	[
		"{}: a value that is filled in elsewhere",
		"{}：值由他处填入",
		"render"
	],
	["{}: a quote is not closed", "{}：引号未闭合"],
	[
		"{}: the servers that it watches are not here",
		"{}：此处没有其监视的服务器",
		"file"
	],
	[
		"PAM decides what keyboard-interactive asks for",
		"键盘交互认证的内容由 PAM 决定",
		"elsewhere"
	],
	[
		"KbdInteractiveAuthentication: default of an unknown version of openssh",
		"KbdInteractiveAuthentication：openssh 版本未知，默认值无法确定",
		"version"
	],
	[
		"{}: default of openssh {}",
		"{}：openssh {} 的默认值",
		"write"
	],
	["more than {} Match blocks", "超过 {} 个 Match 块"],
	["Include {}: nested too deep, or too many files", "Include {}：嵌套过深或文件过多"],
	["{} is no keyword of sshd", "{} 不是 sshd 的关键字"],
	["a line of more than 8192 characters", "一行超过 8192 个字符"],
	["no keyword", "没有关键字"],
	["not allowed within a Match block", "不允许出现在 Match 块内"],
	[
		"variable {}",
		"变量 {}",
		"render"
	],
	[
		"a variable",
		"变量",
		"render"
	],
	[
		"a template",
		"模板",
		"render"
	],
	[
		"{}: a template",
		"{}：模板",
		"render"
	],
	[
		"a template in the place of a setting",
		"设置处为模板",
		"render"
	],
	["not a single value", "不是单个值"],
	[
		"as long as size and the container’s life allow",
		"保留时长取决于大小上限与容器寿命",
		"bySize"
	],
	[
		"the engine’s default logging driver",
		"引擎的默认日志驱动",
		"write"
	],
	["logging driver", "日志驱动"],
	[
		"logging driver {}",
		"日志驱动 {}",
		"hand"
	],
	[
		"the image decides the user",
		"由镜像决定用户",
		"image"
	],
	[
		"the image decides whether it has a health check",
		"由镜像决定是否有健康检查",
		"image"
	],
	[
		"the image decides which number {} has",
		"由镜像决定 {} 的编号",
		"image"
	],
	[
		"built here, without a name",
		"在此处构建，没有名称",
		"hand"
	],
	["no image", "没有镜像"],
	["healthcheck.test is empty", "healthcheck.test 为空"],
	[
		"include of a Compose file elsewhere",
		"包含他处的 Compose 文件",
		"file"
	],
	[
		"extends of service {}",
		"继承服务 {}",
		"file"
	],
	["extends in a loop: {}", "循环继承：{}"],
	[
		"extends {}{}: not there",
		"继承 {}{}：不存在",
		"file"
	],
	[
		"network_mode host: every port that it listens on",
		"network_mode host：其监听的全部端口",
		"running"
	],
	[
		"restart: Compose does not, a swarm does",
		"restart：Compose 不执行，swarm 执行",
		"hand"
	],
	["service {}", "服务 {}"],
	[
		"service {}: neither image nor build, so this file is laid over one that it does not name",
		"服务 {}：既无 image 也无 build，该文件叠加于未写明的文件之上",
		"file"
	],
	[
		"volumes_from: volumes of another container",
		"volumes_from：另一容器的卷",
		"hand"
	],
	["volume", "卷"],
	[
		"{} {}: that container’s namespace",
		"{} {}：该容器的命名空间",
		"hand"
	],
	[
		"{} {}: not here",
		"{} {}：不在此处",
		"file"
	],
	[
		"{}: the driver’s default address",
		"{}：驱动的默认地址",
		"write"
	],
	[
		"{}: the endpoint of the cloud’s interface",
		"{}：云接口的端点",
		"hand"
	],
	[
		"{}: what it starts is not followed",
		"{}：其启动的内容未跟踪",
		"hand"
	],
	["{} is written twice", "{} 写了两次"],
	["{} stands twice in [{}]", "{} 在 [{}] 中出现两次"],
	["{} without a value", "{} 没有值"],
	["port without target", "端口没有 target"],
	[
		"{} without source",
		"{} 未写明来源",
		"write"
	],
	[
		"a seccomp profile of its own: what it lets through",
		"自定义 seccomp 配置：其放行的调用",
		"hand"
	],
	[
		"several stores here are called {}",
		"此处有多个存储同名为 {}",
		"hand"
	],
	[
		"a redirect under a condition",
		"附带条件的重定向",
		"hand"
	],
	["DHE suites: {}", "DHE 套件：{}"],
	["{} of the default server: {}", "默认服务器的 {}：{}"],
	["Redis has no setting for a name", "Redis 没有名称设置"],
	[
		"ClientAliveCountMax 0: its meaning changed with openssh 8.2",
		"ClientAliveCountMax 0：其含义自 openssh 8.2 起改变",
		"version"
	],
	[
		"more than {} Match blocks that may hold together",
		"可能同时生效的 Match 段超过 {} 个",
		"hand"
	],
	["together with Match {}", "与 Match {} 同时生效时"]
];
// src/model/details/haproxy.ts
const HAPROXY_DETAILS = [
	["{}: a line before the first section", "{}：第一个配置段之前出现配置行"],
	[
		"{}: the command line decides what is read before it",
		"{}：其前读取哪些文件由命令行决定",
		"hand"
	],
	[
		"bind: QUIC",
		"bind：QUIC 监听",
		"hand"
	],
	[
		"bind: {} is filled in elsewhere",
		"bind：{} 的取值由别处填入",
		"hand"
	],
	[
		"crt-list: settings of single certificates",
		"crt-list：各证书可有自己的设置",
		"hand"
	],
	[
		"its names stand in its certificates",
		"服务器名称见其证书",
		"hand"
	],
	[
		"parameters of DH lie in its certificates or in ssl-dh-param-file",
		"DH 参数位于证书文件或 ssl-dh-param-file 中",
		"hand"
	],
	[
		"OCSP answers lie beside its certificates",
		"OCSP 应答文件与证书放在一起",
		"hand"
	],
	["ssl-max-ver below ssl-min-ver", "ssl-max-ver 低于 ssl-min-ver"],
	["TLSv1.3: the OpenSSL library decides", "TLSv1.3：由 OpenSSL 库决定"],
	["ciphers: the default of the OpenSSL library", "ciphers：采用 OpenSSL 库的默认值"],
	["curves: the default of the OpenSSL library", "curves：采用 OpenSSL 库的默认值"],
	[
		"{}: errors that are let pass",
		"{}：所列的校验错误会被放过",
		"hand"
	],
	[
		"how HAProxy verifies its servers",
		"HAProxy 如何校验后端服务器的证书",
		"hand"
	],
	[
		"server: its health is another’s (track)",
		"server：健康状态跟随另一节点（track）",
		"hand"
	],
	[
		"set-log-level: a condition decides what is recorded",
		"set-log-level：由条件决定记录哪些请求",
		"hand"
	],
	[
		"log-format: what it holds",
		"log-format：日志包含哪些字段",
		"hand"
	],
	[
		"what is captured of requests",
		"从请求中捕获哪些内容",
		"hand"
	]
];
// src/model/details/host-records.ts
const HOST_RECORDS_DETAILS = [
	["auditctl -s: {}", "auditctl -s 的输出中没有可用的 {}"],
	["auditctl: no such program", "没有 auditctl 程序"],
	[
		"{}: its default is not shown in the configuration",
		"{}：配置文件未列出其默认值",
		"write"
	],
	["Storage={}", "Storage={} 无法识别"],
	[
		"URL is not written",
		"未写明 URL",
		"write"
	],
	[
		"MaxLevelStore: a condition decides which records come here",
		"MaxLevelStore：由级别决定哪些记录送达此处",
		"hand"
	],
	[
		"what runs it is not here",
		"此处没有启动它的配置",
		"machine"
	],
	[
		"whether rsyslog is started",
		"无法确认 rsyslog 是否启动",
		"running"
	],
	[
		"whether cron is started",
		"无法确认 cron 是否启动",
		"running"
	],
	[
		"how often it starts",
		"启动频率不明",
		"schedule"
	],
	[
		"@reboot: how often it starts",
		"@reboot：启动频率不明",
		"schedule"
	],
	[
		"{}: how often it starts",
		"{}：启动频率不明",
		"schedule"
	],
	[
		"OnCalendar={}",
		"OnCalendar={} 无法解读",
		"hand"
	],
	[
		"OnUnitActiveSec={}",
		"OnUnitActiveSec={} 无法解读",
		"hand"
	],
	[
		"a condition decides whether it runs",
		"由条件决定是否执行",
		"hand"
	],
	[
		"what the command line does",
		"命令行的作用不明",
		"hand"
	],
	[
		"which stanza it is of",
		"属于哪个 stanza 不明",
		"hand"
	],
	[
		"which server it is of",
		"属于哪台服务器不明",
		"hand"
	],
	[
		"which configuration it reads",
		"读取哪份配置不明",
		"hand"
	],
	[
		"which repository it stores in",
		"存入哪个仓库不明",
		"hand"
	],
	[
		"a command line does not tell",
		"命令行中无从得知",
		"hand"
	],
	[
		"BORG_REPO of the environment",
		"环境变量 BORG_REPO",
		"render"
	],
	[
		"rsync with older copies: how long they stay",
		"rsync 保留旧副本：保留多久不明",
		"hand"
	],
	[
		"{}: read without barman.conf",
		"{}：未与 barman.conf 一同读取",
		"file"
	],
	[
		"a repository elsewhere is not asked",
		"不查询位于他处的仓库",
		"machine"
	],
	[
		"a pass phrase is not carried over SSH",
		"不经 SSH 传递口令",
		"passPhrase"
	],
	[
		"no pass phrase: its configuration names no file with one, and the target has no password",
		"没有口令：其配置未指定口令文件，目标也未设置 password",
		"passPhrase"
	],
	[
		"borg over SSH: it would write to the account’s cache",
		"经 SSH 运行 borg：会写入该账户的缓存",
		"machine"
	],
	[
		"several plans store in one repository",
		"多个备份计划存入同一仓库",
		"hand"
	],
	["name of this machine", "本机名称"],
	[
		"no backup there bears the name of this machine",
		"该处没有以本机名称标记的备份",
		"hand"
	],
	["sizes of its backups", "各份备份的大小"],
	[
		"the backups before it are empty",
		"此前的备份为空",
		"hand"
	],
	["time of a backup", "备份的时间"],
	["{}: no JSON", "{}：不是 JSON"],
	["{}: no such program", "没有 {} 程序"],
	["pgbackrest info: {}", "pgbackrest info 报告：{}"],
	["pgbackrest info: cipher", "pgbackrest info：缺少加密方式"],
	["pgbackrest info: a backup", "pgbackrest info：某份备份无法解读"],
	["restic snapshots: a snapshot", "restic snapshots：某份快照无法解读"],
	["restic stats: total_size", "restic stats：缺少 total_size"],
	["borg list: an archive", "borg list：某份归档无法解读"],
	["borg list: encryption", "borg list：缺少加密方式"],
	["{}: no entry of Barman’s catalogue", "{}：不是 Barman 目录中的条目"],
	["there is no backup to tell", "没有可供判断的备份"],
	[
		"pgBackRest keeps no record of what it verified",
		"pgBackRest 不保存校验记录",
		"hand"
	],
	[
		"restic keeps no record of its checks",
		"restic 不保存校验记录",
		"hand"
	],
	[
		"Borg keeps no record of its checks",
		"Borg 不保存校验记录",
		"hand"
	],
	[
		"Barman keeps no record of what it verified",
		"Barman 不保存校验记录",
		"hand"
	],
	[
		"the archive lies elsewhere",
		"日志归档位于他处",
		"machine"
	],
	["WAL segment {}", "WAL 段 {}"],
	[
		"WAL of several timelines",
		"WAL 跨多条时间线",
		"hand"
	],
	[
		"size of WAL segments",
		"WAL 段大小不明",
		"hand"
	]
];
// src/model/details/host-system.ts
const HOST_SYSTEM_DETAILS = [
	["ss: whose socket it is", "ss：套接字属于哪个程序"],
	["no units of systemd", "没有 systemd 单元"],
	["no package manager that is known here", "没有可识别的软件包管理器"],
	[
		"nothing runs in an offline root",
		"离线根目录中没有运行中的系统",
		"running"
	],
	[
		"nothing listens in an offline root",
		"离线根目录中没有监听中的套接字",
		"running"
	],
	["/proc: processes of others", "/proc：其他用户的进程"],
	["{}: cut off", "{}：内容被截断"],
	["{}: names no package", "{}：未列出任何软件包"],
	[
		"{}: rules of ModSecurity between those of nginx",
		"{}：ModSecurity 规则写在 nginx 配置之中",
		"hand"
	],
	[
		"{} is empty: rotation makes it anew",
		"{} 为空：日志轮转会重新创建它",
		"hand"
	],
	[
		"firewalld runs, and nft is not there to list its rules",
		"firewalld 正在运行，但没有 nft 可列出其规则",
		"hand"
	],
	[
		"tables of iptables-legacy are loaded, and its program is not there",
		"已加载 iptables-legacy 的表，但没有其程序",
		"hand"
	],
	[
		"{} are both loaded at the start",
		"{} 在启动时均会加载",
		"same"
	],
	[
		"{} of IPv{}: a rule that is not understood",
		"{0}（IPv{1}）：有无法理解的规则",
		"hand"
	],
	[
		"{} {}: rules that cannot be followed",
		"{0} {1}：无法推演的规则",
		"hand"
	],
	[
		"{}: where it leads",
		"{}：通向何处",
		"hand"
	],
	[
		"firewalld: direct rules",
		"firewalld：直接规则",
		"hand"
	],
	[
		"firewalld: policies",
		"firewalld：策略",
		"hand"
	],
	[
		"firewalld: zones of NetworkManager",
		"firewalld：NetworkManager 指定的区域",
		"hand"
	],
	[
		"firewalld: priority of a rich rule",
		"firewalld：富规则的优先级",
		"hand"
	],
	[
		"iptables: a table of nftables",
		"iptables：nftables 的表",
		"hand"
	],
	["ufw: DEFAULT_{}_POLICY", "ufw：DEFAULT_{}_POLICY 的取值"],
	[
		"the host of the container keeps the clock",
		"时钟由容器的宿主机维护",
		"elsewhere"
	],
	[
		"nothing tells how far off the clock is",
		"没有程序说明时钟偏差",
		"hand"
	],
	[
		"only a running host tells how its clock is",
		"只有运行中的主机能说明其时钟状态",
		"running"
	],
	[
		"the clock follows no source",
		"时钟未跟随任何时间源",
		"hand"
	],
	[
		"the configuration of openntpd",
		"openntpd 的配置",
		"hand"
	],
	[
		"the state of openntpd",
		"openntpd 的状态",
		"hand"
	],
	["chronyc tracking", "chronyc tracking 的输出"],
	[
		"chronyc tracking: its last measurement is older than a day",
		"chronyc tracking：最近一次测量已超过一天",
		"hand"
	],
	["whether it runs", "它是否在运行"],
	["timedatectl show", "timedatectl show 的输出"],
	["ntpq -c rv", "ntpq -c rv 的输出"],
	[
		"FallbackNTP: the distribution decides",
		"FallbackNTP：由发行版决定",
		"write"
	],
	["more than {} files of chrony", "chrony 的文件超过 {} 个"],
	["/etc/os-release: ID", "/etc/os-release 未写明 ID"],
	["/etc/os-release: VERSION_ID", "/etc/os-release 未写明 VERSION_ID"],
	["which distribution it is", "是哪个发行版"],
	["which release it is", "是哪个版本"],
	["which kernel runs", "运行的是哪个内核"],
	["/proc/uptime", "/proc/uptime 的内容"],
	["/proc/sys/kernel/osrelease", "/proc/sys/kernel/osrelease 的内容"],
	[
		"efivars: SecureBoot",
		"efivars 中没有 SecureBoot",
		"hand"
	],
	[
		"the host of the container decides how it starts",
		"启动方式由容器的宿主机决定",
		"elsewhere"
	],
	[
		"{}: the kernel decides",
		"{}：由内核决定",
		"running"
	],
	[
		"apt has no lists of packages",
		"apt 没有软件包列表",
		"hand"
	],
	[
		"apt has no list of a security suite",
		"apt 没有安全更新源的软件包列表",
		"hand"
	],
	[
		"{}: without lists of packages",
		"{}：没有对应的软件包列表",
		"hand"
	],
	[
		"{}: of another release",
		"{}：属于其他版本",
		"hand"
	],
	[
		"{}: how it is packed",
		"{}：其压缩方式",
		"hand"
	],
	["{}: not to be unpacked", "{}：无法解压"],
	[
		"{}: lies on too many others",
		"{}：下层设备过多",
		"hand"
	],
	[
		"{}: no device",
		"{}：不是设备",
		"hand"
	],
	[
		"{}: what it lies on",
		"{}：位于何种设备之上",
		"running"
	],
	[
		"{}: whether it is encrypted",
		"{}：是否加密",
		"hand"
	],
	[
		"{}: none is there",
		"{}：一个都没有",
		"hand"
	],
	[
		"ModSecurity: rules: none is there",
		"ModSecurity：没有任何规则",
		"hand"
	],
	[
		"signatures: none is there",
		"没有任何特征库",
		"hand"
	],
	[
		"{}: aide has no database yet",
		"{}：aide 尚无基线数据库",
		"hand"
	],
	[
		"{}: include",
		"{}：包含其他文件",
		"hand"
	],
	["sigtool --info", "sigtool --info 的输出"],
	[
		"fail2ban: logtarget",
		"fail2ban 未写明 logtarget",
		"write"
	],
	[
		"fail2ban: logtarget {}",
		"fail2ban：logtarget {} 的含义",
		"hand"
	],
	[
		"fail2ban: {} of {}",
		"fail2ban：{1} 的 {0}",
		"write"
	],
	["more than {} files of rules", "规则文件超过 {} 个"],
	[
		"only the running cluster tells who takes part",
		"只有运行中的集群能说明有哪些成员",
		"running"
	],
	[
		"synchronous_mode: the store of the cluster decides",
		"synchronous_mode：由集群的配置存储决定",
		"running"
	],
	[
		"where the members agree",
		"各成员在何处达成一致",
		"hand"
	],
	[
		"which hosts take part is not written",
		"未写明有哪些主机参与",
		"write"
	],
	[
		"{}: how many vote",
		"{}：有多少成员参与表决",
		"hand"
	],
	["more than {} files of keepalived", "keepalived 的文件超过 {} 个"]
];
// src/model/details/inside.ts
const INSIDE_DETAILS = [
	[
		"duties: none are mapped for this target",
		"duties：该目标未配置职责映射",
		"duties"
	],
	[
		"duties: no other duty is mapped in this system",
		"duties：该系统仅映射了一项职责，无从判断是否互斥",
		"duties"
	],
	[
		"duties: {} is nothing that this target has",
		"duties：该目标中不存在 {}",
		"duties"
	],
	["end of life of {}", "{} 的停止维护日期"],
	[
		"its certificate does not verify: {}",
		"证书验证失败：{}",
		"trust"
	],
	["no password is sent in clear: use TLS, a Unix socket or loopback, or say insecure: true", "不以明文发送口令：请使用 TLS、Unix 套接字或回环地址，或写明 insecure: true"],
	[
		"kind of account: no label names it",
		"账户类别：没有标签指明",
		"label"
	],
	[
		"kind of account: two labels name it",
		"账户类别：两个标签同时指明",
		"label"
	]
];
// src/model/details/mysql.ts
const MYSQL_DETAILS = [
	["{}: SQL error {}", "{}：SQL 错误 {}"],
	["{}: the parameter {}", "{}：参数 {}"],
	["{}: it names no user", "{}：未写明用户"],
	["{}: no greeting", "{}：没有 MySQL 问候报文"],
	["no greeting", "没有 MySQL 问候报文"],
	["{}: no greeting of protocol 10", "{}：不是协议 10 的问候报文"],
	["{}: it speaks before it is asked", "{}：未经请求即发送数据"],
	["it closed the connection", "对端关闭了连接"],
	["{}: it closed the connection", "{}：对端关闭了连接"],
	[
		"{}: this account may not use the database",
		"{}：该账户无权使用此数据库",
		"grant"
	],
	[
		"{}: this account lacks a privilege on the table",
		"{}：该账户缺少对该表的权限",
		"grant"
	],
	[
		"{}: this account lacks a privilege on the column",
		"{}：该账户缺少对该列的权限",
		"grant"
	],
	[
		"{}: this account lacks a privilege on the server",
		"{}：该账户缺少服务器级权限",
		"grant"
	],
	[
		"{}: this account lacks a privilege on the routine",
		"{}：该账户缺少对该例程的权限",
		"grant"
	],
	["{}: it is shutting down", "{}：正在关闭"],
	["{}: a lock", "{}：锁"],
	["{}: the statement took too long", "{}：语句执行超时"],
	["{}: it takes no more connections", "{}：连接数已满"],
	["{}: the user or its password was refused", "{}：用户或口令被拒绝"],
	["{}: it has blocked this machine after too many errors", "{}：因错误过多，已封锁本机"],
	["{}: it lets in nobody from this machine", "{}：不允许本机登录"],
	["{}: the password of this account has expired", "{}：该账户口令已过期"],
	["{}: this account is locked", "{}：该账户已锁定"],
	["{}: it takes connections over TLS only: give its authority (ca:)", "{}：仅接受 TLS 连接：请给出其签发机构（ca:）"],
	["{}: it asks for the password in clear, and nothing verified protects it", "{}：要求明文口令，而没有经过验证的通道保护它"],
	["{}: it asks for the authentication plugin {}", "{}：要求认证插件 {}"],
	["{}: its certificate could not be verified, and nothing was sent (ca: names its authority)", "{}：证书无法验证，未发送任何凭据（ca: 可指明其签发机构）"],
	["{}: more data than it may send", "{}：发送的数据超出上限"],
	["{}: more than {} rows", "{}：超过 {} 行"],
	["{}: a list in answer to SET", "{}：以结果集应答 SET"],
	["{}: it does not make the session read-only", "{}：未将会话设为只读"],
	["{}: no list in answer to a query", "{}：查询未返回结果集"],
	["{}: several answers to one statement", "{}：一条语句得到多个应答"],
	["{}: no account", "{}：没有账户"],
	["name: the address of the target names no database", "名称：目标地址未写明数据库"],
	["version: the server does not tell", "版本：服务器未说明"],
	["{}: neither MySQL nor MariaDB", "{}：既不是 MySQL 也不是 MariaDB"],
	["{}: needs {}", "{}：需要 {} 权限"],
	["{}: no variable of this server", "{}：该服务器没有此变量"],
	["{}: no status of this server", "{}：该服务器没有此状态"],
	["show variables: nothing", "show variables：没有内容"],
	["information_schema.plugins: nothing", "information_schema.plugins：没有内容"],
	[
		"binlog_do_db, binlog_ignore_db: changes of some databases are left out",
		"binlog_do_db、binlog_ignore_db：不记录部分数据库的变更",
		"hand"
	],
	["binary log status", "二进制日志状态"],
	["binary logs: when the last was kept", "二进制日志：最近一次保存的时间"],
	["performance_schema is off: the server does not tell of others’ sessions", "performance_schema 未开启：服务器不提供其他会话的信息"],
	[
		"{}: no setting of this server",
		"{}：该服务器没有此设置",
		"live"
	],
	["server preference", "服务端优先顺序"],
	["groups", "密钥交换群组"],
	["size of DH parameters", "DH 参数长度"],
	["session tickets", "会话票据"],
	[
		"ssl_cipher: the default of the OpenSSL library",
		"ssl_cipher：OpenSSL 库的默认值",
		"live"
	],
	["select ({}) on mysql.user", "对 mysql.user 的列（{}）的 select 权限"],
	["mysql.global_priv: a row", "mysql.global_priv：某一行"],
	["mysql.user: a row", "mysql.user：某一行"],
	["mysql.user: needs SELECT on mysql.user", "mysql.user：需要 mysql.user 的 SELECT 权限"],
	["mysql.db: needs SELECT on mysql.db", "mysql.db：需要 mysql.db 的 SELECT 权限"],
	["mysql.global_priv: privileges of {} are written by an older version", "mysql.global_priv：{} 的权限由旧版本写入"],
	["password_last_changed: the server does not know", "password_last_changed：服务器没有记录"],
	[
		"last login: the server keeps no record of it",
		"最近登录：服务器不记录",
		"hand"
	],
	[
		"password: another system keeps it",
		"口令：由其他系统保管",
		"elsewhere"
	],
	["password expired: the server does not say when", "口令已过期：服务器未说明时间"],
	[
		"password_reuse_check_interval: it counts days, not passwords",
		"password_reuse_check_interval：按天数而非口令个数计",
		"hand"
	],
	["password rules", "口令规则"],
	["no account has a password", "没有使用口令的账户"],
	[
		"its records are spread over several logs",
		"其记录分散在多个日志中",
		"hand"
	],
	[
		"server_audit: of some users only",
		"server_audit：仅记录部分用户",
		"hand"
	],
	[
		"server_audit: the beginning of each statement, with the values in it",
		"server_audit：每条语句的开头部分，含其中的数值",
		"hand"
	],
	[
		"audit_log: its filters decide",
		"audit_log：由其过滤器决定",
		"hand"
	],
	[
		"audit_log: of some accounts only",
		"audit_log：仅记录部分账户",
		"hand"
	],
	[
		"audit_log_rotate_on_size: whether old files are removed",
		"audit_log_rotate_on_size：是否删除旧文件",
		"hand"
	],
	[
		"the host rotates it, or nobody",
		"由主机轮转，或无人轮转",
		"target"
	],
	[
		"the mode of the file: the host tells",
		"文件权限：由主机给出",
		"target"
	],
	["wsrep_incoming_addresses: a member without address", "wsrep_incoming_addresses：有成员没有地址"],
	[
		"lag: Galera holds the others back, and counts no seconds",
		"延迟：Galera 以流控约束各节点，不以秒计",
		"hand"
	],
	[
		"lag: the group counts transactions, not seconds",
		"延迟：组复制以事务数计，不以秒计",
		"hand"
	],
	[
		"lag: only the replica tells",
		"延迟：只有副本知道",
		"target"
	],
	[
		"who watches the primary stands outside of it",
		"监视主库的一方在其之外",
		"elsewhere"
	],
	[
		"the primary may have more",
		"主库可能还有其他副本",
		"target"
	],
	[
		"only the primary tells whether it waits",
		"是否等待副本只有主库知道",
		"target"
	],
	["Seconds_Behind: replication does not run", "Seconds_Behind：复制未运行"]
];
// src/model/details/network.ts
const NETWORK_DETAILS = [
	["no answer", "没有应答"],
	["silence", "没有应答"],
	["no answer to a ClientHello", "对 ClientHello 没有应答"],
	["no answer to SSLRequest", "对 SSLRequest 没有应答"],
	["the host stopped answering", "主机不再应答"],
	["the connection ended", "连接已结束"],
	["the stream ended with an error", "流以错误结束"],
	["no TLS: {}", "不是 TLS：{}"],
	["no handshake showed it", "没有握手显示该信息"],
	["no version is accepted", "不接受任何版本"],
	["no lower version", "没有更低的版本"],
	["one suite: there is nothing to prefer", "只有一个套件：无所谓优先"],
	["no suite that a handshake can be completed with", "没有可完成握手的套件"],
	["no ticket came", "没有收到会话票据"],
	["no RSA certificate came", "没有收到 RSA 证书"],
	["a handshake goes through without a certificate; what follows is not asked of {}", "没有证书也能完成握手；此后的行为未向 {} 询问"],
	["without a certificate: status {}", "未提供证书：状态码 {}"],
	["no word on an empty Certificate", "对空的 Certificate 没有回应"],
	["an RSA key too small for the blocks", "RSA 密钥过小，容不下数据块"],
	["asked of TLS 1.2 and 1.3 only", "仅询问 TLS 1.2 与 1.3"],
	["not asked of {}", "未询问 {}"],
	["TLS 1.3 shows one application protocol a handshake", "TLS 1.3 每次握手只显示一个应用协议"],
	["TLS 1.3 shows one signature algorithm a handshake", "TLS 1.3 每次握手只显示一个签名算法"],
	["TLCP: a certificate", "TLCP：证书"],
	["a hello of SSL 3.0 names no groups", "SSL 3.0 的 hello 不列出组"],
	["{}: no certificate came", "{}：没有收到证书"],
	["more than {} certificates", "超过 {} 张证书"],
	["{} groups that no share is made of here", "{} 个在此不能生成密钥份额的组"],
	["TLCP: no certificates came", "TLCP：没有收到证书"],
	["TLS handshake with {}", "与 {} 的 TLS 握手"],
	["TLS handshake with {}: closed", "与 {} 的 TLS 握手：连接被关闭"],
	["signature algorithms", "签名算法"],
	["protocols", "协议"],
	["trusted roots", "受信任的根证书"],
	["whether a public authority stands above it", "其上是否有公共证书机构"],
	["limits are not tried out", "未试探限流"],
	[
		"a file does not show what is stapled",
		"文件不显示装订的内容",
		"live"
	],
	[
		"more than {} connections",
		"超过 {} 个连接",
		"connections"
	],
	["more than {} bytes before TLS", "TLS 之前超过 {} 字节"],
	["no LDAP message", "不是 LDAP 报文"],
	["no MySQL greeting", "没有 MySQL 问候报文"],
	["no X.224 confirm", "没有 X.224 确认"],
	["no extended response", "没有扩展响应"],
	["STARTTLS {}: {}", "{} 的 STARTTLS：{}"],
	["proxy: closed the connection", "代理：连接被关闭"],
	["proxy: demands authentication", "代理：要求认证"],
	["proxy: reply {}", "代理：应答 {}"],
	["proxy: {}", "代理：{}"],
	["through a proxy", "经由代理"],
	["credentials in an address", "地址中含凭据"],
	[
		"{} leads to {}, a link-local or metadata address",
		"{} 指向 {}，为链路本地或元数据地址",
		"named"
	],
	[
		"{}: one of more than {} addresses",
		"{}：超过 {} 个地址之一",
		"named"
	],
	["{} more names", "另有 {} 个名称"],
	["{} addresses", "{} 个地址"],
	["{} address", "{} 地址"],
	["{}: no address", "{}：没有地址"],
	["{} authorities", "{} 个证书机构"],
	["{} elements", "{} 个元素"],
	["{} paths", "{} 个路径"],
	[
		"no issuer: {}",
		"没有签发者：{}",
		"issuer"
	],
	["size of a key {}", "密钥 {} 的长度"],
	["{}: a certificate", "{}：证书"],
	["{}: no parameters came", "{}：没有收到参数"],
	["{}: chose what was not offered", "{}：选择了未提供的内容"],
	["{}: suite {} was not offered", "{}：未提供套件 {}"],
	["{}: no certificate, key or bundle", "{}：没有证书、密钥或证书包"],
	["{}: {} of its certificates", "{}：其中 {} 个证书"],
	[
		"{}: {} with a password",
		"{}：{} 个有口令保护",
		"hand"
	],
	["ca: {} holds no PEM certificate", "ca：{} 中没有 PEM 证书"],
	[
		"it answers with a redirect",
		"以跳转应答",
		"named"
	],
	["it may answer elsewhere too", "也可能在他处应答"],
	["its error page is compressed or too long", "其错误页面经过压缩或过长"],
	["the answer is compressed or too long", "应答经过压缩或过长"],
	["no error page was seen", "没有看到错误页面"],
	["no page", "没有页面"],
	["no place", "没有位置"],
	[
		"no clear-text port is known beside it",
		"未知其旁的明文端口",
		"port"
	],
	[
		"status {} to another site",
		"状态码 {}，指向另一站点",
		"named"
	],
	["no ServerHello", "没有 ServerHello"],
	["a record that cannot be opened", "无法解密的记录"],
	["a false Finished", "Finished 校验不符"],
	["a suite that was not offered", "未提供的套件"],
	["a HelloRetryRequest that cannot be met", "无法满足的 HelloRetryRequest"],
	["a broken alert", "报警报文损坏"],
	["alerts without end", "报警报文不止"],
	["a record of type {}", "类型 {} 的记录"],
	["a broken {}", "{} 损坏"],
	["no end of the answer", "应答没有结尾"],
	["alert {}", "报警 {}"],
	["no SSL 2.0 record", "不是 SSL 2.0 记录"],
	["SSL 2.0 error", "SSL 2.0 错误"],
	["SSL 2.0 message {}", "SSL 2.0 报文 {}"],
	["the issuer’s certificate did not come", "未收到签发者证书"],
	["it names neither OCSP nor a CRL", "证书未给出 OCSP 或 CRL 地址"],
	["its serial number", "其序列号"],
	["{}, a ticket of {} bytes", "{}，收到 {} 字节的票据"],
	["{}, no ticket came, nor the end", "{}，既未收到票据，连接也未结束"],
	["an RSA key that the blocks do not fit", "RSA 密钥长度不适用该探测数据块"],
	["broken EncryptedExtensions", "EncryptedExtensions 消息损坏"],
	["{}: a certificate of its chain", "{}：证书链中的一张证书"],
	["ca: {} holds a certificate that cannot be read", "ca：{} 中有无法读取的证书"],
	["after a redirect: {}", "重定向之后：{}"],
	["the server does not stop talking", "服务器不停发送数据"],
	["no suite is known", "未知任何密码套件"],
	["no two suites that can be compared", "没有可以相互比较的两个密码套件"],
	["{}: ChaCha20 alone may have priority", "{}：可能仅 ChaCha20 优先"]
];
// src/model/details/operations.ts
const OPERATIONS_DETAILS = [
	[
		"the receiver decides",
		"由接收方决定",
		"elsewhere"
	],
	[
		"{}: its receiver decides",
		"{}：由接收方决定",
		"elsewhere"
	],
	[
		"{}: whether the receiver is verified",
		"{}：是否验证接收方",
		"hand"
	],
	[
		"{}: how it sends",
		"{}：其发送方式",
		"hand"
	],
	["action without target", "action 没有 target"],
	["omfile without file", "omfile 没有 file"],
	[
		"template {}",
		"模板 {}",
		"file"
	],
	[
		"outchannel {}",
		"输出通道 {}",
		"file"
	],
	["mode {} of stream driver {}", "流驱动 {1} 的模式 {0}"],
	[
		"tls.permittedPeer is not written",
		"未写明 tls.permittedPeer",
		"write"
	],
	[
		"StreamDriverAuthMode: its default is not documented",
		"StreamDriverAuthMode：其默认值未见于文档",
		"write"
	],
	[
		"StreamDriverPermittedPeers is not written",
		"未写明 StreamDriverPermittedPeers",
		"write"
	],
	["permitted peers", "允许的对端"],
	[
		"rotation by size: as long as traffic allows",
		"按大小轮转：保留时长取决于流量",
		"bySize"
	],
	[
		"$FileCreateMode beside an action() without fileCreateMode",
		"$FileCreateMode 与未写明 fileCreateMode 的 action() 并存",
		"write"
	],
	[
		"fileCreateMode of the module beside a legacy action",
		"模块的 fileCreateMode 与旧式动作并存",
		"write"
	],
	[
		"include of a computed text",
		"包含由计算得出的文本",
		"hand"
	],
	[
		"{}: a statement",
		"{}：语句",
		"hand"
	],
	[
		"read without the rsyslog.conf that includes it",
		"未与包含它的 rsyslog.conf 一同读取",
		"file"
	],
	[
		"create without mode: that of the file before",
		"create 未写明模式：沿用原文件的模式",
		"write"
	],
	[
		"maxsize may rotate earlier",
		"maxsize 可能提前轮转",
		"bySize"
	],
	[
		"no frequency is written: rotation goes by size",
		"未写明频率：按大小轮转",
		"bySize"
	],
	[
		"read without the logrotate.conf that includes it",
		"未与包含它的 logrotate.conf 一同读取",
		"file"
	],
	[
		"audit.rules and rules.d are not here",
		"此处没有 audit.rules 与 rules.d",
		"file"
	],
	[
		"audit.rules and rules.d differ, and either may be loaded",
		"audit.rules 与 rules.d 不一致，两者都可能被加载",
		"same"
	],
	[
		"auditd.conf is not here",
		"此处没有 auditd.conf",
		"file"
	],
	[
		"write_logs no: its plugins decide",
		"write_logs no：由其插件决定",
		"elsewhere"
	],
	[
		"a template in the audit rules",
		"审计规则中的模板",
		"render"
	],
	[
		"{}: a rule is taken away",
		"{}：删除了一条规则",
		"hand"
	],
	["audit rule {}", "审计规则 {}"],
	["audit rule", "审计规则"],
	[
		"records are excluded",
		"排除了部分记录",
		"hand"
	],
	[
		"a rule with never takes from it",
		"带有 never 的规则使其减少",
		"hand"
	],
	[
		"recorded where {} only",
		"仅在 {} 时记录",
		"hand"
	],
	[
		"{} is not written",
		"未写明 {}",
		"write"
	],
	[
		"{} rotate: the oldest records give way",
		"{} rotate：最早的记录会被覆盖",
		"bySize"
	],
	[
		"verify is a command, not a setting",
		"校验是命令，不是设置",
		"schedule"
	],
	[
		"the repository host decides",
		"由仓库主机决定",
		"elsewhere"
	],
	["repo{}: no place", "repo{}：没有写明位置"],
	[
		"cifs: the mount decides",
		"cifs：由挂载决定",
		"elsewhere"
	],
	[
		"{}: the store decides who may delete",
		"{}：由存储服务决定谁可删除",
		"store"
	],
	[
		"what the database host may do here",
		"数据库主机在此处的权限",
		"store"
	],
	["no repository", "没有仓库"],
	[
		"{} full backups: their schedule decides",
		"{} 份全量备份：由其周期决定",
		"schedule"
	],
	[
		"retention-archive may remove logs before their backups",
		"retention-archive 可能先于备份删除日志",
		"hand"
	],
	["{}: neither a section nor an option", "{}：既不是节也不是选项"],
	["option {}", "选项 {}"],
	[
		"{}: read without pgbackrest.conf",
		"{}：未与 pgbackrest.conf 一同读取",
		"file"
	],
	["{}: names no repository", "{}：没有写明仓库"],
	["a merge that is no include", "并非包含的合并"],
	[
		"{}: an include inside of it",
		"{}：其中有包含",
		"file"
	],
	[
		"constant {}",
		"常量 {}",
		"render"
	],
	["{}_databases without name", "{}_databases 没有写明名称"],
	[
		"every database of {}",
		"{} 的全部数据库",
		"running"
	],
	["repository without path", "仓库没有写明路径"],
	["repository", "仓库"],
	[
		"which machine it is on",
		"在哪台机器上",
		"write"
	],
	[
		"the far side decides",
		"由对端决定",
		"store"
	],
	[
		"settled when the repository was made",
		"在建立仓库时已确定",
		"hand"
	],
	["check without name", "check 没有写明名称"],
	[
		"check_repositories: some repositories only",
		"check_repositories：仅部分仓库",
		"hand"
	],
	["checks: none that borgmatic has", "checks：均非 borgmatic 所有"],
	["keep {}", "保留 {}"],
	["keep {} {}", "保留 {} {}"],
	[
		"a number of archives is kept: their schedule decides",
		"按份数保留：由备份周期决定",
		"schedule"
	],
	[
		"mixins",
		"混入（mixins）",
		"hand"
	],
	[
		"inherit {}",
		"继承 {}",
		"file"
	],
	[
		"schedule {}",
		"周期 {}",
		"hand"
	],
	[
		"no check has a schedule here",
		"此处没有校验的周期",
		"schedule"
	],
	[
		"no check runs here",
		"此处不运行校验",
		"schedule"
	],
	[
		"no forget runs here",
		"此处不运行清理",
		"schedule"
	],
	["rules of forget", "清理规则"],
	[
		"what runs restic is not here",
		"此处没有运行 restic 的配置",
		"file"
	],
	[
		"RESTIC_REPOSITORY of the environment",
		"环境变量 RESTIC_REPOSITORY",
		"render"
	],
	[
		"{}: whose key it holds",
		"{}：所持密钥的归属",
		"hand"
	],
	[
		"what else takes logs away from this host",
		"本机日志是否另有外送途径",
		"hand"
	],
	[
		"plugins.d of auditd is not here",
		"缺少 auditd 的 plugins.d",
		"file"
	],
	[
		"{}: where it sends",
		"{}：其发送去向",
		"hand"
	],
	[
		"{}: which files it takes",
		"{}：其采集的文件",
		"hand"
	],
	[
		"imfile {}: which files it takes",
		"imfile {}：其采集的文件",
		"hand"
	],
	[
		"which ruleset its records go to",
		"其记录进入哪个规则集",
		"hand"
	],
	[
		"imfile: which files it takes",
		"imfile：其采集的文件",
		"hand"
	],
	[
		"a condition decides which records come here",
		"由条件决定哪些记录送达此处",
		"hand"
	],
	[
		"records may be taken out before they come here",
		"记录在送达此处之前可能被剔除",
		"hand"
	],
	[
		"a script of the block may remove what is kept",
		"该段脚本可能删除应保留的日志",
		"hand"
	],
	[
		"log_directory: below the data directory",
		"log_directory：位于数据目录之下",
		"running"
	],
	[
		"standard error: whoever starts the server takes it",
		"标准错误：由启动服务器的一方接收",
		"running"
	]
];
// src/model/details/postgres.ts
const POSTGRES_DETAILS = [
	["sslmode: none of PostgreSQL’s own", "sslmode：不是 PostgreSQL 的取值"],
	[
		"no credentials are sent without verified TLS",
		"未经验证的 TLS 连接上不发送凭据",
		"trust"
	],
	[
		"it offers no TLS: no credentials are sent without verified TLS",
		"服务器不提供 TLS：未经验证的 TLS 连接上不发送凭据",
		"trust"
	],
	["TLS: the connection ended", "TLS：连接中断"],
	["SSLRequest: the connection ended", "SSLRequest：连接中断"],
	["SSLRequest: neither S nor N", "SSLRequest：应答既非 S 也非 N"],
	[
		"it asks for the password in clear",
		"服务器要求明文口令",
		"trust"
	],
	[
		"it asks for the password as MD5",
		"服务器要求 MD5 口令",
		"trust"
	],
	[
		"the server asks for a password, and the target has none",
		"服务器要求口令，而该目标未配置",
		"password"
	],
	[
		"the password was not accepted",
		"口令未被接受",
		"password"
	],
	["the server does not let this account in from here", "服务器不允许该账户从此处登录"],
	["there is no database of that name", "没有该名称的数据库"],
	["the server has no connection left", "服务器连接数已满"],
	["the server is starting up or shutting down", "服务器正在启动或关闭"],
	["SCRAM: the server did not prove that it knows the password, or asks for something else", "SCRAM：服务器未能证明其知晓口令，或要求其他认证方式"],
	["what answers does not speak PostgreSQL’s protocol", "应答方使用的不是 PostgreSQL 协议"],
	[
		"the session would not be read-only: a pooler between us and the server, perhaps",
		"会话无法设为只读：中间可能有连接池",
		"pooler"
	],
	["the server ended the connection", "服务器断开了连接"],
	["the session is closed", "会话已关闭"],
	["the run was told to stop", "运行被要求停止"],
	["insufficient privilege", "权限不足"],
	["more than it may send", "发送的数据超出上限"],
	["more than {} rows", "超过 {} 行"],
	["a lock", "锁"],
	[
		"{}: it takes {}",
		"{}：需要 {}",
		"grant"
	],
	["SELECT ON pg_authid, which shows its hashes too", "pg_authid 的 SELECT 权限（同时会暴露口令散列）"],
	["EXECUTE ON FUNCTION pg_stat_file(text), and pg_read_server_files where the file lies outside the data directory", "pg_stat_file(text) 函数的 EXECUTE 权限；文件位于数据目录之外时还需要 pg_read_server_files"],
	["pg_read_all_stats (pg_monitor has it)", "pg_read_all_stats（pg_monitor 已包含）"],
	[
		"database {}: it takes CONNECT on it",
		"数据库 {}：需要其 CONNECT 权限",
		"grant"
	],
	["database {}: {}", "数据库 {}：{}"],
	[
		"more than {} other databases",
		"其他数据库超过 {} 个",
		"hand"
	],
	["{}: not the columns that were asked for", "{}：返回的列与所查询的不符"],
	["{}: line {} is none, and the rules before the last reload stay in force", "{}：第 {} 行无效，上次重新加载前的规则仍然生效"],
	["{}: no rule, though one let us in", "{}：没有规则，但仍允许了本次登录"],
	[
		"{}: the file changed after it was loaded",
		"{}：文件在加载后有改动",
		"reload"
	],
	[
		"pg_hba.conf: other files that it names may have changed after they were loaded",
		"pg_hba.conf：其引用的其他文件可能在加载后有改动",
		"hand"
	],
	["{}: line {}", "{}：第 {} 行"],
	["more than {} roles", "超过 {} 个角色"],
	["more than {} rights", "超过 {} 项权限"],
	[
		"{}: more than {} accounts",
		"{}：超过 {} 个账户",
		"hand"
	],
	[
		"{}: more than {} roles and databases",
		"{}：超过 {} 个角色与数据库",
		"hand"
	],
	["{}: a role with more than {} others", "{}：角色所属的其他角色超过 {} 个"],
	["CREATEROLE: an unknown version of postgresql", "CREATEROLE：postgresql 版本未知"],
	[
		"module {}: what it demands of passwords",
		"模块 {}：其对口令的要求",
		"hand"
	],
	["pg_authid: a role that was made meanwhile", "pg_authid：其间新建的角色"],
	[
		"PostgreSQL does not record when a password was set",
		"PostgreSQL 不记录口令的设置时间",
		"hand"
	],
	[
		"PostgreSQL does not record logins",
		"PostgreSQL 不记录登录时间",
		"hand"
	],
	[
		"a standby does not see the replicas of its primary",
		"备库看不到其主库的副本",
		"primary"
	],
	["{}: a replica that tells no delay", "{}：有副本未报告延迟"],
	["{}: no role", "{}：没有角色"],
	["{}: a role that pg_roles does not have", "{}：pg_roles 中没有的角色"],
	["{}: an owner that pg_roles does not have", "{}：pg_roles 中没有的所有者"],
	[
		"a setting that only pg_read_all_settings shows",
		"仅 pg_read_all_settings 可见的设置",
		"grant"
	],
	["{}: no server_version", "{}：没有 server_version"],
	["{}: our own role or database has a value of its own", "{}：扫描所用的角色或数据库单独设置了该值"],
	["{}: nothing was archived since its figures were reset", "{}：自统计重置以来没有归档"],
	[
		"TLSv1 and TLSv1.1: the security level of OpenSSL decides, and nobody tells it",
		"TLSv1 与 TLSv1.1：取决于 OpenSSL 的安全级别，无从得知",
		"live"
	],
	[
		"PostgreSQL leaves fail-over to others",
		"PostgreSQL 自身不负责切换",
		"elsewhere"
	]
];
// src/model/details/redis-ldap.ts
const REDIS_LDAP_DETAILS = [
	["{}: an answer of another shape", "{}：应答格式不符"],
	["{}: not of this version", "{}：该版本没有此项"],
	["no reply of Redis", "不是 Redis 应答"],
	["a reply that is too long", "应答过长"],
	["INFO has no {}", "INFO 中没有 {}"],
	["the ACL permission {} is missing", "缺少 ACL 权限 {}"],
	["the server demands a password", "服务器要求口令"],
	[
		"no command {}: renamed, or not of this version",
		"没有命令 {}：已改名，或该版本没有",
		"running"
	],
	[
		"more than {} contexts",
		"超过 {} 个命名上下文",
		"hand"
	],
	["ACL USERS: no default user", "ACL USERS：没有默认用户"],
	[
		"more than {} users",
		"超过 {} 个用户",
		"hand"
	],
	[
		"a sentinel holds no records: name the servers that it watches",
		"哨兵不存放数据：请将其监视的服务器列为目标",
		"named"
	],
	[
		"Redis does not tell which sessions are encrypted",
		"Redis 不显示哪些会话已加密",
		"hand"
	],
	[
		"Redis does not record when a password was set",
		"Redis 不记录口令的设置时间",
		"hand"
	],
	[
		"Redis does not record logins",
		"Redis 不记录登录时间",
		"hand"
	],
	[
		"whether Sentinel watches it, the server does not tell",
		"服务器不显示是否由哨兵监视",
		"hand"
	],
	["primaries of the cluster", "集群的主节点数"],
	[
		"a replica does not know the others",
		"从节点不了解其他从节点",
		"named"
	],
	[
		"whether its rules amount to {}",
		"其规则是否等同于 {}",
		"hand"
	],
	["version of another product", "其他产品的版本"],
	["AUTH: {}", "AUTH 认证：{}"],
	["bind: {}", "绑定：{}"],
	["the server cannot do it now", "服务器目前无法执行"],
	["the server does not speak it", "服务器不支持"],
	["the server knows no such way to log in", "服务器不支持此登录方式"],
	["the server demands a stronger proof", "服务器要求更强的认证方式"],
	["there is no such name", "没有该名称"],
	["the name is written as none", "名称格式有误"],
	["this account may not log in in this way", "该账户不能以此方式登录"],
	[
		"the name or its password was refused",
		"名称或其口令被拒绝",
		"password"
	],
	[
		"this account lacks the right",
		"该账户缺少此权限",
		"grant"
	],
	["the server is busy", "服务器繁忙"],
	["the server is unwilling", "服务器拒绝执行"],
	[
		"StartTLS: the server offers no TLS",
		"StartTLS：服务器不提供 TLS",
		"trust"
	],
	["StartTLS: {}", "StartTLS 失败：{}"],
	["StartTLS: the connection ended", "StartTLS：连接已结束"],
	["LDAP result {}", "LDAP 结果码 {}"],
	["a name or a password is missing", "缺少名称或口令"],
	["{} may not be read", "无权读取 {}"],
	["{} may be read in part only", "{} 仅可部分读取"],
	["{} is not shown", "未显示 {}"],
	["the server hands out no more entries of {}", "服务器不再返回 {} 的更多条目"],
	["the server answers over TLS only", "服务器仅通过 TLS 应答"],
	["the server does not say whom it takes us for", "服务器不说明当前身份"],
	["the root DSE names no context", "根 DSE 未列出命名上下文"],
	[
		"no configuration in the directory",
		"目录中没有服务器配置",
		"hand"
	],
	["whether every entry was shown, only cn=config tells", "是否显示了全部条目，只有 cn=config 能说明"],
	["olcAccess does not let this account read every entry", "olcAccess 不允许该账户读取全部条目"],
	["nobody was shown an entry; whether some may be read, only cn=config tells", "匿名未见任何条目；是否有可读条目，只有 cn=config 能说明"],
	["whether a password is taken in clear, only cn=config tells", "是否接受明文口令，只有 cn=config 能说明"],
	[
		"olcAccess: what it gives to nobody depends on more than who asks",
		"olcAccess：匿名权限还取决于身份以外的条件",
		"hand"
	],
	[
		"olcAccess: a condition that depends on more than who asks",
		"olcAccess：含有身份以外的条件",
		"hand"
	],
	[
		"olcAccess: a condition on where one comes from",
		"olcAccess：含有来源地址条件",
		"hand"
	],
	[
		"a level of olcAccess that is not understood",
		"无法识别的 olcAccess 权限级别",
		"hand"
	],
	[
		"olcAccess: too many accounts to follow who may write whom",
		"olcAccess：账户过多，无法逐一判断谁可改写谁",
		"hand"
	],
	["{}: its categories were not asked for", "{}：未查询其类别"],
	[
		"olcAuthzRegexp may make somebody of it",
		"olcAuthzRegexp 可能将他人映射为该账户",
		"hand"
	],
	["no userPassword is shown: there may be none, or it may not be read", "未显示 userPassword：可能没有，也可能无权读取"],
	["when its password was set is not shown", "未显示口令设置时间"],
	["when it last logged in is not recorded, or not shown", "未记录或未显示最近登录时间"],
	["the scheme {}", "存储方案 {}"],
	["several schemes at once", "同时使用多种存储方案"],
	[
		"a check module decides over classes of characters",
		"字符种类由检查模块决定",
		"hand"
	],
	[
		"without olcPPolicyHashCleartext who sets a password decides how it is stored",
		"未启用 olcPPolicyHashCleartext：口令的存储方式由设置者决定",
		"hand"
	],
	[
		"a dynamic group",
		"动态组",
		"hand"
	],
	[
		"a part of the directory is on another server",
		"目录的一部分位于其他服务器",
		"named"
	],
	[
		"password rules of a server other than OpenLDAP",
		"非 OpenLDAP 服务器的口令规则",
		"hand"
	],
	["members of a group may not be read", "无权读取组成员"],
	["slapd has no limit on connections", "slapd 没有连接数上限"],
	[
		"the directory does not tell which sessions are encrypted",
		"目录不显示哪些会话已加密",
		"hand"
	],
	[
		"a database other than mdb",
		"非 mdb 数据库",
		"hand"
	]
];
// src/model/details/ssh.ts
const SSH_DETAILS = [
	[
		"{}: its host key is not among the known ones",
		"{}：其主机密钥不在已知列表中",
		"hand"
	],
	["{}: its host key is another than the known one", "{}：其主机密钥与已知密钥不符（可能存在中间人）"],
	["{}: the file of the key is open to others, and is not used", "{}：密钥文件可被他人读取，故未使用"],
	["{}: {} cannot be read", "{0}：无法读取 {1}"],
	["{}: no key of ours is accepted", "{}：不接受我方任何密钥"],
	["{}: its SFTP subsystem is off", "{}：其 SFTP 子系统未启用"],
	["SFTP: no greeting", "SFTP：没有问候报文"],
	["{}: attributes", "{}：属性无法解读"],
	["{}: link", "{}：链接无法解读"],
	["{}: an end without an answer", "{}：未作应答即结束"],
	["{}: names", "{}：名称无法解读"],
	["{}: no data", "{}：没有数据"],
	["{}: no handle", "{}：没有句柄"],
	["{}: status", "{}：状态无法解读"],
	["{}: SFTP status {}", "{0}：SFTP 状态 {1}"],
	["{}: its entries may not be looked at", "{}：其条目不可查看"],
	[
		"{}: the server runs no commands",
		"{}：服务端不执行命令",
		"hand"
	],
	["find -xdev: what it wrote", "find -xdev：输出无法解读"],
	["{}: another file system in an offline root", "{}：离线根目录中的另一文件系统"],
	["find -xdev: no such program", "find -xdev：没有该程序"],
	["find -xdev: directories that may not be entered", "find -xdev：有不可进入的目录"],
	["{}: not over SSH", "{}：不经 SSH 执行"],
	["a setting that shows from inside only", "该设置仅从内部可见"],
	["SSH: what it offers to users whom it knows", "SSH：向已知用户提供的认证方式"],
	["SSH: which keys of users it takes", "SSH：接受哪些用户密钥"],
	["SSH: a host key of kind {}", "SSH：{} 类主机密钥"],
	[
		"{}: its flaws are not all known here",
		"{}：其漏洞未必全部收录于此",
		"hand"
	],
	[
		"{}: {} does not say whether it was mended in place",
		"{0}：{1} 未说明是否已就地修补",
		"hand"
	],
	["SSH {} only", "仅支持 SSH {}"],
	["no SSH: it does not identify itself", "不是 SSH：未表明身份"],
	["SSH: no answer in time", "SSH：未及时应答"],
	["SSH: the connection ended", "SSH：连接已中断"],
	["SSH: it disconnects: {}", "SSH：对方断开连接：{}"],
	["SSH: a packet of no possible length", "SSH：报文长度不可能"],
	["SSH: a packet that was altered", "SSH：报文被改动"],
	["SSH: a packet without payload", "SSH：报文没有载荷"],
	["SSH: packets that say nothing, without end", "SSH：无内容的报文没有尽头"],
	["SSH: no KEXINIT", "SSH：没有 KEXINIT"],
	["SSH: no key exchange that Custos speaks", "SSH：没有 Custos 支持的密钥交换"],
	["SSH: no cipher that Custos speaks", "SSH：没有 Custos 支持的加密算法"],
	["SSH: no reply of the key exchange", "SSH：密钥交换没有应答"],
	["SSH: no change of keys", "SSH：没有更换密钥"],
	["SSH: the signature of the host key does not hold", "SSH：主机密钥的签名不成立"],
	["SSH: no list of methods", "SSH：没有认证方式列表"],
	["SSH: no answer to a request of authentication", "SSH：认证请求没有应答"],
	["not asked for", "未询问"]
];
// src/model/details/general.ts
const GENERAL_DETAILS = [
	[
		"an offline root runs no commands",
		"离线根目录不能执行命令",
		"elsewhere"
	],
	["{}: no such {}", "{0}：没有这样的 {1}"],
	[
		"{}: a loop of links",
		"{}：链接成环",
		"file"
	],
	["{}: the search was ended", "{}：搜索已中止"],
	["{}: wrote more than {} bytes", "{0}：输出超过 {1} 字节"],
	["{}: {} (exit {})", "{0}：{1}（退出码 {2}）"],
	["{}: {} s", "{0}：{1} 秒"],
	["{}: the variable is not set", "{}：未设置该变量"],
	["{}: no file of at most 64 KiB", "{}：不是 64 KiB 以内的文件"],
	["{}: the file is empty", "{}：文件为空"],
	["packages: {} is not there", "软件包：{} 不存在"],
	["a host is local, root:DIRECTORY or ssh://user@host:port", "主机写作 local、root:目录 或 ssh://用户@主机:端口"],
	[
		"a credential of this target stood in what it said: nothing of it is kept",
		"该目标返回的内容中含有其自身凭据：不保留任何内容",
		"guessable"
	],
	[
		"version of {}",
		"{} 的版本",
		"version"
	],
	[
		"{}: default of an unknown version of {}",
		"{}：{} 版本未知，默认值无法确定",
		"version"
	],
	[
		"{}: \"{}\" is no version of {}",
		"{0}：“{1}”不是 {2} 的版本",
		"version"
	],
	[
		"{}: not in {} {}",
		"{0}：{1} {2} 中没有",
		"write"
	],
	[
		"label {}",
		"标签 {}",
		"label"
	],
	[
		"{} expects {} {}, {} found",
		"{0} 要求 {1} 个 {2}，实有 {3} 个",
		"target"
	],
	[
		"in none of the evidence",
		"不在任何证据中",
		"target"
	],
	[
		"{}: none of its {} files is in a format that Custos reads",
		"{0}：其 {1} 个文件均非 Custos 可读取的格式",
		"hand"
	],
	["{}: empty", "{}：为空"],
	["{}: not a text", "{}：不是文本"],
	[
		"{}: a link to nothing",
		"{}：链接指向不存在的位置",
		"file"
	],
	["not entered, since others’ files lie there: {}", "未进入（其中为第三方文件）：{}"],
	[
		"{}: its name is no UTF-8",
		"{}：名称不是 UTF-8",
		"file"
	],
	["{}: not a regular file", "{}：不是普通文件"],
	["{}: neither a file nor a directory", "{}：既不是文件也不是目录"],
	["{}: larger than {} bytes", "{}：大于 {} 字节"],
	["{}: grew while it was read", "{}：读取时仍在增长"],
	["{}: more than {}", "{}：超过 {}"],
	["outside-root: {}", "位于根目录之外：{}"],
	["more than {} entries", "超过 {} 个条目"],
	["deeper than {} directories", "目录层级超过 {} 层"],
	["more than {} names", "超过 {} 个名称"],
	[
		"include {}: outside of what was scanned (root: says where / is)",
		"包含 {}：在扫描范围之外（以 root: 指明 / 的位置）",
		"file"
	],
	[
		"include {}: {} is not there",
		"包含 {}：{} 不存在",
		"file"
	],
	["include {}: more than {} files", "包含 {}：超过 {} 个文件"],
	["include {}: more than {} deep", "包含 {}：嵌套超过 {} 层"],
	["include {}: a loop", "包含 {}：循环"],
	["include loop: {}", "循环包含：{}"],
	[
		"include {}",
		"包含 {}",
		"file"
	],
	["include", "包含"],
	[
		"{} is not there",
		"{} 不存在",
		"file"
	],
	["one of {}", "{} 之一"],
	["{} ends without its footer: it is not complete", "{} 缺少结尾记录：证据不完整"]
];
const SECRET_NAMES = [
	["private key", "私钥"],
	["private key without a password", "未设口令的私钥"],
	["AWS access key", "AWS 访问密钥"],
	["GitHub token", "GitHub 令牌"],
	["Slack token", "Slack 令牌"],
	["JSON web token", "JSON Web 令牌"],
	["password in URL", "URL 中的口令"],
	["password of {}", "{} 的口令"]
];
// src/model/details/control-errors.ts
const CONTROL_ERRORS = [
	["{} is absent: the control must ask has() first", "{} 不存在：控制项须先用 has() 询问"],
	["came to {} without reading a fact", "未读取任何事实即得出 {}"],
	["unknown without a cause", "未知，但没有原因"],
	["a literal that is not part of the control language", "不属于控制语言的字面量"],
	["a side that is neither a value nor an obstacle", "一侧既不是值，也不是障碍"],
	["days() takes a duration", "days() 的参数应为时长"],
	["division by zero", "除以零"],
	["double() takes a number", "double() 的参数应为数字"],
	["duration() takes the like of \"24h\" or \"90s\"", "duration() 的参数形如 \"24h\" 或 \"90s\""],
	["has() takes an attribute", "has() 的参数应为属性"],
	["in of values that cannot be compared", "in 的值无法比较"],
	["in takes a list on its right", "in 的右侧应为列表"],
	["int() takes a number", "int() 的参数应为数字"],
	["re2() takes strings", "re2() 的参数应为字符串"],
	["resources(kind, key, value) takes a scalar", "resources(kind, key, value) 的值应为标量"],
	["size() of something that is no list", "size() 的对象不是列表"],
	["string() takes a scalar", "string() 的参数应为标量"],
	["timestamp() takes an ISO 8601 time", "timestamp() 的参数应为 ISO 8601 时间"],
	["{} is not part of the control language", "{} 不属于控制语言"],
	["{}() of nothing", "{}() 没有对象"],
	["{} gave no number", "{} 的结果不是数字"],
	["{} of a time that is not ISO 8601", "{} 的时间不是 ISO 8601"],
	["{} of values that are no numbers", "{} 的值不是数字"],
	["{} of values that cannot be compared", "{} 的值无法比较"],
	["{} takes two operands", "{} 需要两个操作数"],
	[".{} of something that is no record", ".{} 的对象不是记录"],
	[".{}() takes strings", ".{}() 的参数应为字符串"],
	[".{}() of something that is no list", ".{}() 的对象不是列表"],
	[".{}() takes a predicate", ".{}() 的参数应为谓词"],
	[".{}() takes a variable and a predicate", ".{}() 的参数应为变量与谓词"],
	["a time that is not valid, or {} of times", "时间无效，或对时间使用了 {}"],
	["needs more than {} steps", "所需步数超过 {}"],
	["no parameter is called \"{}\"", "没有名为“{}”的参数"],
	["nothing is called \"{}\" here", "此处没有名为“{}”的内容"]
];
// src/model/details/rules.ts
const RULES = [
	["AuthenticationMethods is not set", "未设置 AuthenticationMethods"],
	["AuthenticationMethods joins passwords to more", "AuthenticationMethods 在口令之外另有要求"],
	["CA/B Baseline Requirements 6.3.2", "CA/B 基线要求 6.3.2"],
	["ClientAliveCountMax 0 ends idle sessions before 8.2", "ClientAliveCountMax 0 在 8.2 之前会结束空闲会话"],
	["Debian’s path of the cluster", "Debian 的集群路径"],
	["OpenSSL cipher alias {}", "OpenSSL 套件别名 {}"],
	["PostgreSQL keeps no TLS session", "PostgreSQL 不保留 TLS 会话"],
	["PostgreSQL removes no log file", "PostgreSQL 不删除日志文件"],
	["PostgreSQL staples nothing", "PostgreSQL 不装订 OCSP"],
	["PostgreSQL takes no early data", "PostgreSQL 不接受早期数据"],
	["PostgreSQL turns session tickets off", "PostgreSQL 关闭会话票据"],
	["PostgreSQL’s built-in parameters", "PostgreSQL 内置参数"],
	["RFC 9525: {}", "按 RFC 9525 核对 {}"],
	["Redis does not staple", "Redis 不装订 OCSP"],
	["Redis has no early data", "Redis 没有早期数据"],
	["TLS 1.3 suites are on by default", "TLS 1.3 套件默认启用"],
	["a TLS stream driver in mode 1", "模式 1 的 TLS 流驱动"],
	["a client asks for no client certificate", "客户端不要求客户端证书"],
	["a client staples nothing", "客户端不装订 OCSP"],
	["binlog_do_db or binlog_ignore_db leaves the database out", "binlog_do_db 或 binlog_ignore_db 未包含该数据库"],
	["a directory of this machine", "本机目录"],
	["a directory or server that this machine may empty", "本机可清空的目录或服务器"],
	["a directory that this machine may empty", "本机可清空的目录"],
	["a hostssl rule asks for no certificate", "有 hostssl 规则不要求证书"],
	["a lone member is never left out", "单一成员不会被排除"],
	["a named volume bound to a path", "绑定到路径的命名卷"],
	["a queue in memory", "内存队列"],
	["a queue on disk, and retries without end", "磁盘队列，且无限重试"],
	["a rule admits without TLS", "有规则允许不经 TLS 的连接"],
	["a RADIUS server is sent the password under MD5", "口令以 MD5 掩盖后发往 RADIUS 服务器"],
	["a rule trusts", "有规则为 trust"],
	["an action that gives up discards", "放弃重试的动作会丢弃日志"],
	["an alarm before the disk is full, and at an error", "磁盘将满及出错时告警"],
	["another server makes this socket speak TLS", "另一 server 使该套接字使用 TLS"],
	["another service", "另一服务"],
	["archive-push is set up", "已配置 archive-push"],
	["archive_command archives nothing", "archive_command 未归档任何内容"],
	["archive_mode with an archive_command", "archive_mode 与 archive_command"],
	["archive_mode with an archive_library", "archive_mode 与 archive_library"],
	["built here, not fetched by digest", "在此构建，未按摘要获取"],
	["cap_drop does not hold ALL", "cap_drop 不含 ALL"],
	["days of full backups", "全量备份的天数"],
	["dumps and files, no logs", "转储与文件，不含日志"],
	["every address is loopback or a Unix socket", "所有地址均为回环或 Unix 套接字"],
	["every hostssl rule demands a certificate", "每条 hostssl 规则都要求证书"],
	["every location redirects or refuses", "每个 location 都重定向或拒绝"],
	["every path that was asked", "所有询问过的路径"],
	["every rule demands a proof", "每条规则都要求凭证"],
	["fields of one name together", "同名字段合并"],
	["files read", "读取的文件"],
	["files read as {}", "按 {} 读取的文件"],
	["files, no logs", "文件，不含日志"],
	["fsync, full_page_writes and synchronous_commit", "fsync、full_page_writes 与 synchronous_commit"],
	["header {}", "头部 {}"],
	["it keeps what its container writes", "保留其容器写出的内容"],
	["it keeps what the kernel tells", "保留内核报告的内容"],
	["it keeps what the server writes", "保留服务器写出的内容"],
	["it may set a superuser’s password", "可重设超级用户的口令"],
	["its error page", "其错误页"],
	["length of the prime in the file", "文件中素数的长度"],
	["local events are taken and written", "接收并写入本地事件"],
	["log_directory and log_filename", "log_directory 与 log_filename"],
	["log_filename comes round again", "log_filename 会循环重复"],
	["log_format combined is built in", "log_format combined 为内置格式"],
	["logging drivers buffer in memory only", "日志驱动仅在内存中缓冲"],
	["logrotate takes nothing from elsewhere", "logrotate 不从别处取得设置"],
	["mode and permitted peers", "模式与允许的对端"],
	["mounted by way of {}", "经由 {} 挂载"],
	["narrowed by ssl_conf_command", "由 ssl_conf_command 收窄"],
	["nginx sends no early data to back ends", "nginx 不向后端发送早期数据"],
	["nginx sends syslog by UDP", "nginx 以 UDP 发送 syslog"],
	["nginx {} offers no DHE without ssl_dhparam", "nginx {} 未设 ssl_dhparam 时不提供 DHE"],
	["no -e 2", "没有 -e 2"],
	["no ChannelTimeout for every session", "没有适用于所有会话的 ChannelTimeout"],
	["no DHE suite is accepted", "不接受任何 DHE 套件"],
	["no add_header Cache-Control in force here", "此处没有生效的 add_header Cache-Control"],
	["no add_header {} in force here", "此处没有生效的 add_header {}"],
	["no device is written", "未写明设备"],
	["no header {}", "没有头部 {}"],
	["no issuer: {}", "没有签发者：{}"],
	["no authority: {}", "不是签发机构：{}"],
	["not a trusted root: {}", "不是受信任的根：{}"],
	["path too long: {}", "路径过长：{}"],
	["expired: {}", "已过期：{}"],
	["not yet valid: {}", "尚未生效：{}"],
	["purposes: {}", "用途不符：{}"],
	["no key or pass phrase stands in it", "其中没有密钥或口令"],
	["no limit is written", "未写明上限"],
	["no location takes every request", "没有 location 接收所有请求"],
	["no mount holds an engine’s socket", "没有挂载引擎的套接字"],
	["no namespace of the host is named", "未使用主机的命名空间"],
	["no path to a root of the Mozilla store", "没有通向 Mozilla 根证书库的路径"],
	["no path to a trusted root", "没有通向受信任根的路径"],
	["no queue has a file", "没有队列写入文件"],
	["no request is recorded", "不记录任何请求"],
	["no rule keeps daily archives", "没有规则保留每日归档"],
	["no-new-privileges is not written", "未写明 no-new-privileges"],
	["not over TCP", "不经 TCP"],
	["not written: {}", "未写明：{}"],
	["nothing is encrypted", "没有任何加密"],
	["nothing is truncated", "没有截断"],
	["nothing switches it off", "没有设置将其关闭"],
	["one hello for each version", "每个版本一个 hello"],
	["openssh {} default of KbdInteractiveAuthentication", "openssh {} 的 KbdInteractiveAuthentication 默认值"],
	["path above the certificate", "证书之上的路径"],
	["path to {}", "通向 {} 的路径"],
	["port and tls-port", "port 与 tls-port"],
	["privileged: every capability", "privileged：拥有全部 capability"],
	["privileged: no seccomp, no AppArmor", "privileged：没有 seccomp 与 AppArmor"],
	["records of the kernel carry them", "内核记录自带该信息"],
	["requirepass is not set", "未设置 requirepass"],
	["requirepass is set", "已设置 requirepass"],
	["restic always encrypts", "restic 始终加密"],
	["rotate -1 without maxage", "rotate -1 且没有 maxage"],
	["rotated by logrotate", "由 logrotate 轮转"],
	["rsyslog bounds no file by itself", "rsyslog 本身不限制文件大小"],
	["ssl is on, and every rule from outside demands it", "ssl 已启用，且每条外部规则都要求"],
	["the LDAP server is asked in clear", "以明文询问 LDAP 服务器"],
	["the default server of the socket decides", "由该套接字的默认 server 决定"],
	["the default user has a password", "默认用户设有口令"],
	["the default user is off", "默认用户已停用"],
	["the key is kept under an empty password", "密钥以空口令保存"],
	["the message itself", "消息本身"],
	["the zone counts for each client", "该 zone 按客户端计数"],
	["variables that .env sets", ".env 设置的变量"],
	["verified against a given authority", "按给定的机构校验"],
	["versions that are on and know the suite", "已启用且支持该套件的版本"],
	["volumes of the service", "该服务的卷"],
	["what plain handshakes reveal", "普通握手所显示的内容"],
	["{} changes the default", "{} 改变了默认值"],
	["{} follows from what is accepted", "{} 由所接受的内容得出"],
	["{} inside TLS", "{}，在 TLS 之内"],
	["{} without TLS", "{}，未经 TLS"],
	["{} {} default of {}", "{0} {1} 的 {2} 默认值"],
	["{}: its integrity was not checked", "{}：未校验其完整性"]
];
// src/model/details/translate.ts
const KNOWN_DETAILS = [
	...ACCESS_DETAILS,
	...CONFIGURATION_DETAILS,
	...GENERAL_DETAILS,
	...HAPROXY_DETAILS,
	...HOST_RECORDS_DETAILS,
	...HOST_SYSTEM_DETAILS,
	...INSIDE_DETAILS,
	...MYSQL_DETAILS,
	...NETWORK_DETAILS,
	...OPERATIONS_DETAILS,
	...POSTGRES_DETAILS,
	...REDIS_LDAP_DETAILS,
	...SSH_DETAILS
];
function tableOf(rows) {
	return {
		exact: new Map(rows.filter(([en]) => !en.includes("{}")).map((known) => [known[0], known])),
		patterns: rows.filter(([en]) => en.includes("{}")).map((known) => ({
			known,
			parts: known[0].split("{}")
		})).toSorted((a, b) => b.parts.join("").length - a.parts.join("").length)
	};
}
const DETAILS = tableOf(KNOWN_DETAILS);
const OF_CONTROLS = tableOf(CONTROL_ERRORS);
tableOf(RULES);
const MAX_DETAIL = 400;
const MAX_REMEMBERED = 5e3;
const MAX_NESTED = 3;
const remembered = new Map();
function inChinese(detail) {
	return knowledgeOf(detail).zh;
}
function controlErrorInChinese(error) {
	return translate(error, 0, OF_CONTROLS).zh;
}
function nextStepOf(detail) {
	return knowledgeOf(detail).next;
}
function secretInChinese(name) {
	for (const [en, zh] of SECRET_NAMES) {
		const holes = en === name ? [] : en.includes("{}") ? holesIn(name, en.split("{}")) : void 0;
		if (holes !== void 0) return zh.replace("{}", holes[0] ?? "");
	}
	return name;
}
function knowledgeOf(detail) {
	const before = remembered.get(detail);
	if (before !== void 0) return before;
	const found = translate(detail, 0, DETAILS);
	if (remembered.size >= MAX_REMEMBERED) remembered.clear();
	remembered.set(detail, found);
	return found;
}
function translate(detail, nested, table) {
	const exact = table.exact.get(detail);
	if (exact !== void 0) return {
		zh: exact[1],
		next: hintOf(exact)
	};
	if (detail.length > MAX_DETAIL || nested >= MAX_NESTED) return {
		zh: detail,
		next: void 0
	};
	for (const { parts, known } of table.patterns) {
		const holes = holesIn(detail, parts);
		if (holes === void 0) continue;
		const inner = holes.map((hole) => translate(hole, nested + 1, table));
		let next = 0;
		return {
			zh: known[1].replaceAll(/\{(\d?)\}/g, (_, number) => inner[number === "" ? next++ : Number(number)]?.zh ?? ""),
			next: hintOf(known) ?? inner.find((one) => one.next !== void 0)?.next
		};
	}
	return {
		zh: detail,
		next: void 0
	};
}
function hintOf([, , hint]) {
	return hint === void 0 ? void 0 : HINTS[hint];
}
function holesIn(text, parts) {
	const [first = "", ...rest] = parts;
	if (!text.startsWith(first)) return void 0;
	const holes = [];
	let at = first.length;
	for (const [index, part] of rest.entries()) {
		const found = index === rest.length - 1 ? text.endsWith(part) ? text.length - part.length : -1 : text.indexOf(part, at);
		if (found < at) return void 0;
		holes.push(text.slice(at, found));
		at = found + part.length;
	}
	return holes;
}
// src/model/cause.ts
const CAUSES = {
	"not-collected": {
		sentence: {
			en: "nothing that was looked at says it",
			zh: "所查看的对象中没有该信息"
		},
		next: {
			en: "add a target that shows it, or set the label or version in custos.yaml",
			zh: "在 custos.yaml 中添加能显示它的目标，或设置相应标签或版本"
		}
	},
	unreachable: {
		sentence: {
			en: "it could not be reached",
			zh: "无法访问"
		},
		next: {
			en: "check the path or address, and that it can be reached from here",
			zh: "请检查路径或地址，并确认可从此处访问"
		}
	},
	"timed-out": {
		sentence: {
			en: "no answer came in time",
			zh: "未在限时内应答"
		},
		next: {
			en: "run again with a longer --timeout, from a place nearer to it",
			zh: "请延长 --timeout，或从更近的位置重试"
		}
	},
	interrupted: {
		sentence: {
			en: "the run was interrupted before this was looked at",
			zh: "运行在查看此处之前被中断"
		},
		next: {
			en: "run it again, to its end",
			zh: "请重新运行并等待其完成"
		}
	},
	refused: {
		sentence: {
			en: "it was refused",
			zh: "被拒绝"
		},
		next: {
			en: "a host: see that the service listens and lets this machine in; a file: bring it inside the target’s root, or name it as a target",
			zh: "主机：请确认服务正在监听并允许本机访问；文件：请将其放入目标根目录内，或单独列为目标"
		}
	},
	"access-denied": {
		sentence: {
			en: "access was denied",
			zh: "没有访问权限"
		},
		next: {
			en: "give the account that scans read access to it",
			zh: "请为扫描账户授予读取权限"
		}
	},
	unparseable: {
		sentence: {
			en: "it could not be parsed",
			zh: "无法解析"
		},
		next: {
			en: "a file: mend it at this place; a host: check that this is the service and port that you meant",
			zh: "文件：请修正此处内容；主机：请确认服务与端口无误"
		}
	},
	unresolved: {
		sentence: {
			en: "it depends on something that is not here",
			zh: "依赖于此处没有的内容"
		},
		next: {
			en: "supply the include, variable or product version (versions: in custos.yaml)",
			zh: "请提供所引用的文件、变量或产品版本（custos.yaml 的 versions）"
		}
	},
	unsupported: {
		sentence: {
			en: "Custos cannot read it",
			zh: "Custos 无法读取"
		},
		next: {
			en: "scan it in a form that Custos reads, or assess it by hand",
			zh: "请改用 Custos 支持的形式，或人工评估"
		}
	},
	"collector-failed": {
		sentence: {
			en: "the collector failed",
			zh: "采集器出错"
		},
		next: {
			en: "run again with -v and report it",
			zh: "请加 -v 重新运行并反馈该问题"
		}
	},
	"nothing-to-judge": {
		sentence: {
			en: "there is nothing in it to judge",
			zh: "其中没有可供判断的内容"
		},
		next: {
			en: "check that what was scanned is what you meant",
			zh: "请确认扫描的对象正是所需对象"
		}
	}
};
function causeSentence(read) {
	const { en, zh } = CAUSES[read.cause].sentence;
	return read.detail === "" ? {
		en,
		zh
	} : {
		en: `${en} (${read.detail})`,
		zh: `${zh}（${inChinese(read.detail)}）`
	};
}
function causeNextStep(read) {
	return nextStepOf(read.detail) ?? CAUSES[read.cause].next;
}
export { secretInChinese as a, atLeast as c, inChinese as i, causeSentence as n, SEVERITIES as o, controlErrorInChinese as r, SEVERITY_WEIGHT as s, causeNextStep as t };
