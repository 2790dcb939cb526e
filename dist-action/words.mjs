// src/report/text/words.ts
const WORDS = {
	asOf: {
		en: "as of",
		zh: "截至"
	},
	lookedAt: {
		en: "Looked at",
		zh: "查看范围"
	},
	grade: {
		en: "Grade",
		zh: "等级"
	},
	score: {
		en: "Score",
		zh: "得分"
	},
	accepted: {
		en: "with waivers",
		zh: "计入豁免"
	},
	coverage: {
		en: "Coverage",
		zh: "覆盖"
	},
	ofProfile: {
		en: "of the profile’s weight",
		zh: "的配置权重"
	},
	undetermined: {
		en: "not determined",
		zh: "未判定"
	},
	why: {
		en: "Why",
		zh: "原因"
	},
	atMost: {
		en: "at most",
		zh: "最高为"
	},
	failed: {
		en: "Failed",
		zh: "未通过"
	},
	notDetermined: {
		en: "Not determined",
		zh: "未能判定"
	},
	manual: {
		en: "Needs an attestation",
		zh: "需要佐证"
	},
	waived: {
		en: "waived",
		zh: "已豁免"
	},
	until: {
		en: "until",
		zh: "有效期至"
	},
	expired: {
		en: "waiver expired",
		zh: "豁免已过期"
	},
	worse: {
		en: "worse than its waiver allows",
		zh: "超出豁免范围"
	},
	fix: {
		en: "Fix",
		zh: "整改"
	},
	next: {
		en: "Next",
		zh: "下一步"
	},
	also: {
		en: "also",
		zh: "另见"
	},
	more: {
		en: "more",
		zh: "更多"
	},
	passed: {
		en: "Passed",
		zh: "通过"
	},
	notApplicable: {
		en: "not applicable",
		zh: "不适用"
	},
	notLookedAt: {
		en: "Not looked at",
		zh: "未查看"
	},
	notLookedAtWhy: {
		en: "no target shows what these controls judge, so they are not in the score",
		zh: "没有目标能显示这些控制项的判断对象，因此不计入得分"
	},
	waivers: {
		en: "Waivers",
		zh: "豁免"
	},
	unmatched: {
		en: "matched no finding",
		zh: "未匹配任何发现"
	},
	whatNext: {
		en: "What to do next",
		zh: "后续步骤"
	},
	startWith: {
		en: "Start with",
		zh: "首先处理"
	},
	decide: {
		en: "decides",
		zh: "可判定"
	},
	explain: {
		en: "custos explain ID  shows why a control matters and how it was judged",
		zh: "custos explain ID  查看控制项的意义及判断过程"
	},
	gateMet: {
		en: "Gate met",
		zh: "达到门槛"
	},
	gateNotMet: {
		en: "Gate not met",
		zh: "未达门槛"
	},
	gateUndecided: {
		en: "Gate undecided",
		zh: "门槛未定"
	},
	interrupted: {
		en: "Interrupted",
		zh: "已中断"
	},
	exit: {
		en: "exit",
		zh: "退出码"
	},
	whole: {
		en: "the file as a whole",
		zh: "整个文件"
	},
	same: {
		en: "the same at",
		zh: "相同问题："
	},
	new: {
		en: "new",
		zh: "新增"
	},
	known: {
		en: "in the baseline",
		zh: "基线已有"
	},
	gone: {
		en: "gone since the baseline",
		zh: "自基线以来已消失"
	},
	fixed: {
		en: "fixed",
		zh: "已修复"
	},
	notThere: {
		en: "no longer there",
		zh: "已不存在"
	},
	cannotTell: {
		en: "no longer determinable",
		zh: "已无法判定"
	},
	noFindings: {
		en: "No control failed.",
		zh: "没有控制项未通过。"
	},
	nothingPassed: {
		en: "No control failed, and nothing passed either.",
		zh: "没有控制项未通过，也没有控制项通过。"
	},
	outOf: {
		en: "of 100",
		zh: "（满分 100）"
	},
	ownFamily: {
		en: "Controls of your own",
		zh: "自有控制项"
	},
	family: {
		en: "Family",
		zh: "类别"
	},
	endpoint: {
		en: "TLS endpoint",
		zh: "TLS 端点"
	},
	letter: {
		en: "letter",
		zh: "评级"
	},
	atBest: {
		en: "at best; not tested",
		zh: "至多；未测试"
	},
	leftAside: {
		en: "if trust is left aside",
		zh: "不计信任问题"
	},
	protocolsWord: {
		en: "Protocols",
		zh: "协议"
	},
	suitesWord: {
		en: "Cipher suites",
		zh: "密码套件"
	},
	serverOrder: {
		en: "the server’s order",
		zh: "服务器优先"
	},
	clientOrder: {
		en: "the client chooses",
		zh: "客户端优先"
	},
	groupsWord: {
		en: "Groups",
		zh: "密钥交换组"
	},
	certificateWord: {
		en: "Certificate",
		zh: "证书"
	},
	until2: {
		en: "until",
		zh: "至"
	},
	trusted: {
		en: "trusted",
		zh: "受信任"
	},
	untrusted: {
		en: "not trusted",
		zh: "不受信任"
	},
	nameMatches: {
		en: "name matches",
		zh: "域名匹配"
	},
	nameDiffers: {
		en: "name does not match",
		zh: "域名不匹配"
	},
	incomplete: {
		en: "chain incomplete",
		zh: "证书链不完整"
	},
	weaknessesWord: {
		en: "Weaknesses",
		zh: "已知弱点"
	},
	noneSeen: {
		en: "none seen",
		zh: "未发现"
	},
	guidelines: {
		en: "Guidelines",
		zh: "配置指南"
	},
	met: {
		en: "met",
		zh: "符合"
	},
	notMet: {
		en: "not met",
		zh: "不符合"
	},
	notTested: {
		en: "not tested",
		zh: "未测试"
	},
	caps: {
		en: "Capped by",
		zh: "降级原因"
	},
	warningsWord: {
		en: "Warnings",
		zh: "警告"
	},
	connections: {
		en: "connections",
		zh: "次连接"
	},
	gaps: {
		en: "What could not be read",
		zh: "无法读取的内容"
	}
};
function controlsCounted(count, language) {
	return language === "zh" ? `${count} 项控制` : `${count} control${count === 1 ? "" : "s"}`;
}
const SEVERITY_WORDS = {
	critical: {
		en: "critical",
		zh: "严重"
	},
	high: {
		en: "high",
		zh: "高"
	},
	medium: {
		en: "medium",
		zh: "中"
	},
	low: {
		en: "low",
		zh: "低"
	},
	info: {
		en: "info",
		zh: "提示"
	}
};
const FAMILY_NAMES = {
	TLS: {
		en: "Transport encryption",
		zh: "传输加密"
	},
	CRT: {
		en: "Certificates and keys",
		zh: "证书与密钥"
	},
	WEB: {
		en: "Customer-facing site",
		zh: "面客网站"
	},
	CRY: {
		en: "Cryptography at rest",
		zh: "存储加密"
	},
	IAM: {
		en: "Access roles",
		zh: "访问角色"
	},
	LOG: {
		en: "Logging and trace-back",
		zh: "日志与追溯"
	},
	BCK: {
		en: "Backup and recovery",
		zh: "备份与恢复"
	},
	NET: {
		en: "Network and detection",
		zh: "网络与检测"
	},
	AVL: {
		en: "Availability",
		zh: "可用性"
	},
	SYS: {
		en: "Hosts and delivery",
		zh: "主机与交付"
	}
};
export { controlsCounted as i, SEVERITY_WORDS as n, WORDS as r, FAMILY_NAMES as t };
