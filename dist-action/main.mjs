import { r as __toESM, t as __commonJSMin } from "./rolldown-runtime.mjs";
import { $ as Evaluation, A as anchorsFrom, B as booleanOf, C as pemBlocks, D as readOcsp, F as countSctList, G as readWholeDer, H as integerHex, I as nameKey, J as parseYaml, K as sequenceOf, L as nameText, M as isSm2Encryption, N as parseCertificate, O as signedBy, P as signatureAlgorithm, Q as yamlEntry, R as TAG, S as SourceText, St as nearestName, T as lifetimeDays, U as oidOf, V as childrenOf, W as readDer, X as yamlAt, Y as toPlain, Z as yamlAtPointer, _ as suiteRecord, _t as known, a as FORMATS$1, at as remoteAccess, b as cipherSuite, bt as Reporter, c as weakest, ct as OpenedSecrets, d as pathsOf, dt as ipBytes, et as compileControl, f as BANNERS, ft as ipVersion, g as groupName, gt as derived, h as TLS13_GROUPS, ht as absent, i as readTree, it as tlsListener, j as joinAnchors, k as verifySignature, l as bannerFact, lt as Secret, m as TLS12_GROUPS, mt as CAUSE_CODES, n as filesCollector, nt as VOCABULARY, o as cacheDirectives, ot as httpSite, p as parseSetCookie, pt as startOfDay, q as timeOf$1, r as kindsOf$1, rt as kindOf, s as policyFacts, st as certificate, t as prove, tt as causeKey, u as cookieFact, ut as secretReference, v as CIPHER_SUITES, vt as unknown, w as certificateResource, x as isCbc, xt as nearest, y as SCSV, yt as InvalidInput, z as bitStringOctets } from "./prove.mjs";
import { n as isForgiven, r as isUndecided, t as OUTCOMES } from "./finding.mjs";
import { n as canonicalPieces, t as canonicalJson } from "./canonical.mjs";
import { t as excerptLines } from "./failed.mjs";
import { a as painter, t as clean } from "./layout.mjs";
import { r as worstFirst, t as markdown } from "./markdown.mjs";
import { c as atLeast, n as causeSentence, o as SEVERITIES, s as SEVERITY_WEIGHT } from "./cause.mjs";
import { r as placer, t as isWholeFile } from "./place.mjs";
import { accessSync, appendFileSync, chmodSync, closeSync, constants, existsSync, lstatSync, mkdirSync, mkdtempSync, openSync, readFileSync, readSync, readdirSync, readlinkSync, realpathSync, rmSync, statSync, writeFileSync, writeSync } from "node:fs";
import { basename, dirname, isAbsolute, join, posix, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { tmpdir } from "node:os";
import { X509Certificate, constants as constants$1, createCipheriv, createDecipheriv, createDiffieHellman, createDiffieHellmanGroup, createECDH, createHash, createHmac, createPublicKey, diffieHellman, generateKeyPairSync, publicEncrypt, randomBytes, randomUUID, timingSafeEqual, verify } from "node:crypto";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { promisify } from "node:util";
import { inflateRawSync } from "node:zlib";
import { access, copyFile, link, lstat, mkdir, open, readdir, readlink, realpath, rename, rm, stat, symlink, truncate, writeFile } from "node:fs/promises";
import { Worker } from "node:worker_threads";
import { setMaxListeners } from "node:events";
import tls, { connect } from "node:tls";
import { setImmediate as setImmediate$1 } from "node:timers/promises";
import { execFile, spawn } from "node:child_process";
import { Resolver, lookup } from "node:dns/promises";
import { connect as connect$1, isIP } from "node:net";
// src/cli/process-shell.ts
function processShell(process) {
	const stdout = outputOf(process.stdout);
	return {
		stdout,
		stderr: outputOf(process.stderr),
		get stdin() {
			return {
				isTTY: process.stdin.isTTY,
				bytes: () => process.stdin
			};
		},
		env: process.env,
		cwd: process.cwd(),
		written: async () => {
			await stdout.drained();
			const failure = stdout.failure();
			return failure !== void 0 && "code" in failure && failure.code === "EPIPE" ? void 0 : failure;
		}
	};
}
function outputOf(stream) {
	let failure;
	let pending = 0;
	let wake;
	const settle = () => {
		if (pending > 0 && failure === void 0) return;
		wake?.();
		wake = void 0;
	};
	stream.on("error", (error) => {
		failure ??= error;
		settle();
	});
	return {
		get isTTY() {
			return stream.isTTY;
		},
		get columns() {
			return stream.columns;
		},
		write: (text) => {
			if (failure !== void 0) return;
			pending += 1;
			stream.write(text, () => {
				pending -= 1;
				settle();
			});
		},
		drained: () => pending === 0 || failure !== void 0 ? Promise.resolve() : new Promise((resolve) => {
			wake = resolve;
		}),
		failure: () => failure
	};
}
// src/cli/shell.ts
const EXIT = {
	ok: 0,
	notMet: 1,
	undecided: 2,
	usage: 3,
	interrupted: 130,
	bug: 70
};
var UsageError = class extends Error {
	lines;
	hint;
	constructor(message, hint) {
		const lines = typeof message === "string" ? [message] : message;
		super(lines.join("\n"));
		this.name = "UsageError";
		this.lines = lines;
		this.hint = hint;
	}
};
function packageRoot() {
	let at = dirname(fileURLToPath(import.meta.url));
	while (!existsSync(join(at, "controls", "register.yaml"))) {
		const above = dirname(at);
		if (above === at) throw new Error("the bundled catalogue is missing: install Custos again");
		at = above;
	}
	return at;
}
function toolVersion() {
	const manifest = JSON.parse(readFileSync(join(packageRoot(), "package.json"), "utf8"));
	return typeof manifest === "object" && manifest !== null && "version" in manifest ? String(manifest.version) : "0.0.0";
}
function wantsColor(output, env, option) {
	if (option === false || (env["NO_COLOR"] ?? "") !== "" || env["TERM"] === "dumb") return false;
	return output.isTTY === true;
}
// node_modules/ajv/dist/compile/codegen/code.js
var require_code$1 = __commonJSMin(((exports) => {
	Object.defineProperty(exports, "__esModule", { value: true });
	exports.regexpCode = exports.getEsmExportName = exports.getProperty = exports.safeStringify = exports.stringify = exports.strConcat = exports.addCodeArg = exports.str = exports._ = exports.nil = exports._Code = exports.Name = exports.IDENTIFIER = exports._CodeOrName = void 0;
	var _CodeOrName = class {};
	exports._CodeOrName = _CodeOrName;
	exports.IDENTIFIER = /^[a-z$_][a-z$_0-9]*$/i;
	var Name = class extends _CodeOrName {
		constructor(s) {
			super();
			if (!exports.IDENTIFIER.test(s)) throw new Error("CodeGen: name must be a valid identifier");
			this.str = s;
		}
		toString() {
			return this.str;
		}
		emptyStr() {
			return false;
		}
		get names() {
			return { [this.str]: 1 };
		}
	};
	exports.Name = Name;
	var _Code = class extends _CodeOrName {
		constructor(code) {
			super();
			this._items = typeof code === "string" ? [code] : code;
		}
		toString() {
			return this.str;
		}
		emptyStr() {
			if (this._items.length > 1) return false;
			const item = this._items[0];
			return item === "" || item === "\"\"";
		}
		get str() {
			var _a;
			return (_a = this._str) !== null && _a !== void 0 ? _a : this._str = this._items.reduce((s, c) => `${s}${c}`, "");
		}
		get names() {
			var _a;
			return (_a = this._names) !== null && _a !== void 0 ? _a : this._names = this._items.reduce((names, c) => {
				if (c instanceof Name) names[c.str] = (names[c.str] || 0) + 1;
				return names;
			}, {});
		}
	};
	exports._Code = _Code;
	exports.nil = new _Code("");
	function _(strs, ...args) {
		const code = [strs[0]];
		let i = 0;
		while (i < args.length) {
			addCodeArg(code, args[i]);
			code.push(strs[++i]);
		}
		return new _Code(code);
	}
	exports._ = _;
	const plus = new _Code("+");
	function str(strs, ...args) {
		const expr = [safeStringify(strs[0])];
		let i = 0;
		while (i < args.length) {
			expr.push(plus);
			addCodeArg(expr, args[i]);
			expr.push(plus, safeStringify(strs[++i]));
		}
		optimize(expr);
		return new _Code(expr);
	}
	exports.str = str;
	function addCodeArg(code, arg) {
		if (arg instanceof _Code) code.push(...arg._items);
		else if (arg instanceof Name) code.push(arg);
		else code.push(interpolate(arg));
	}
	exports.addCodeArg = addCodeArg;
	function optimize(expr) {
		let i = 1;
		while (i < expr.length - 1) {
			if (expr[i] === plus) {
				const res = mergeExprItems(expr[i - 1], expr[i + 1]);
				if (res !== void 0) {
					expr.splice(i - 1, 3, res);
					continue;
				}
				expr[i++] = "+";
			}
			i++;
		}
	}
	function mergeExprItems(a, b) {
		if (b === "\"\"") return a;
		if (a === "\"\"") return b;
		if (typeof a == "string") {
			if (b instanceof Name || a[a.length - 1] !== "\"") return;
			if (typeof b != "string") return `${a.slice(0, -1)}${b}"`;
			if (b[0] === "\"") return a.slice(0, -1) + b.slice(1);
			return;
		}
		if (typeof b == "string" && b[0] === "\"" && !(a instanceof Name)) return `"${a}${b.slice(1)}`;
	}
	function strConcat(c1, c2) {
		return c2.emptyStr() ? c1 : c1.emptyStr() ? c2 : str`${c1}${c2}`;
	}
	exports.strConcat = strConcat;
	function interpolate(x) {
		return typeof x == "number" || typeof x == "boolean" || x === null ? x : safeStringify(Array.isArray(x) ? x.join(",") : x);
	}
	function stringify(x) {
		return new _Code(safeStringify(x));
	}
	exports.stringify = stringify;
	function safeStringify(x) {
		return JSON.stringify(x).replace(/\u2028/g, "\\u2028").replace(/\u2029/g, "\\u2029");
	}
	exports.safeStringify = safeStringify;
	function getProperty(key) {
		return typeof key == "string" && exports.IDENTIFIER.test(key) ? new _Code(`.${key}`) : _`[${key}]`;
	}
	exports.getProperty = getProperty;
	function getEsmExportName(key) {
		if (typeof key == "string" && exports.IDENTIFIER.test(key)) return new _Code(`${key}`);
		throw new Error(`CodeGen: invalid export name: ${key}, use explicit $id name mapping`);
	}
	exports.getEsmExportName = getEsmExportName;
	function regexpCode(rx) {
		return new _Code(rx.toString());
	}
	exports.regexpCode = regexpCode;
}));
// node_modules/ajv/dist/compile/codegen/scope.js
var require_scope = __commonJSMin(((exports) => {
	Object.defineProperty(exports, "__esModule", { value: true });
	exports.ValueScope = exports.ValueScopeName = exports.Scope = exports.varKinds = exports.UsedValueState = void 0;
	const code_1 = require_code$1();
	var ValueError = class extends Error {
		constructor(name) {
			super(`CodeGen: "code" for ${name} not defined`);
			this.value = name.value;
		}
	};
	var UsedValueState;
	(function(UsedValueState) {
		UsedValueState[UsedValueState["Started"] = 0] = "Started";
		UsedValueState[UsedValueState["Completed"] = 1] = "Completed";
	})(UsedValueState || (exports.UsedValueState = UsedValueState = {}));
	exports.varKinds = {
		const: new code_1.Name("const"),
		let: new code_1.Name("let"),
		var: new code_1.Name("var")
	};
	var Scope = class {
		constructor({ prefixes, parent } = {}) {
			this._names = {};
			this._prefixes = prefixes;
			this._parent = parent;
		}
		toName(nameOrPrefix) {
			return nameOrPrefix instanceof code_1.Name ? nameOrPrefix : this.name(nameOrPrefix);
		}
		name(prefix) {
			return new code_1.Name(this._newName(prefix));
		}
		_newName(prefix) {
			const ng = this._names[prefix] || this._nameGroup(prefix);
			return `${prefix}${ng.index++}`;
		}
		_nameGroup(prefix) {
			var _a, _b;
			if (((_b = (_a = this._parent) === null || _a === void 0 ? void 0 : _a._prefixes) === null || _b === void 0 ? void 0 : _b.has(prefix)) || this._prefixes && !this._prefixes.has(prefix)) throw new Error(`CodeGen: prefix "${prefix}" is not allowed in this scope`);
			return this._names[prefix] = {
				prefix,
				index: 0
			};
		}
	};
	exports.Scope = Scope;
	var ValueScopeName = class extends code_1.Name {
		constructor(prefix, nameStr) {
			super(nameStr);
			this.prefix = prefix;
		}
		setValue(value, { property, itemIndex }) {
			this.value = value;
			this.scopePath = (0, code_1._)`.${new code_1.Name(property)}[${itemIndex}]`;
		}
	};
	exports.ValueScopeName = ValueScopeName;
	const line = (0, code_1._)`\n`;
	var ValueScope = class extends Scope {
		constructor(opts) {
			super(opts);
			this._values = {};
			this._scope = opts.scope;
			this.opts = {
				...opts,
				_n: opts.lines ? line : code_1.nil
			};
		}
		get() {
			return this._scope;
		}
		name(prefix) {
			return new ValueScopeName(prefix, this._newName(prefix));
		}
		value(nameOrPrefix, value) {
			var _a;
			if (value.ref === void 0) throw new Error("CodeGen: ref must be passed in value");
			const name = this.toName(nameOrPrefix);
			const { prefix } = name;
			const valueKey = (_a = value.key) !== null && _a !== void 0 ? _a : value.ref;
			let vs = this._values[prefix];
			if (vs) {
				const _name = vs.get(valueKey);
				if (_name) return _name;
			} else vs = this._values[prefix] = new Map();
			vs.set(valueKey, name);
			const s = this._scope[prefix] || (this._scope[prefix] = []);
			const itemIndex = s.length;
			s[itemIndex] = value.ref;
			name.setValue(value, {
				property: prefix,
				itemIndex
			});
			return name;
		}
		getValue(prefix, keyOrRef) {
			const vs = this._values[prefix];
			if (!vs) return;
			return vs.get(keyOrRef);
		}
		scopeRefs(scopeName, values = this._values) {
			return this._reduceValues(values, (name) => {
				if (name.scopePath === void 0) throw new Error(`CodeGen: name "${name}" has no value`);
				return (0, code_1._)`${scopeName}${name.scopePath}`;
			});
		}
		scopeCode(values = this._values, usedValues, getCode) {
			return this._reduceValues(values, (name) => {
				if (name.value === void 0) throw new Error(`CodeGen: name "${name}" has no value`);
				return name.value.code;
			}, usedValues, getCode);
		}
		_reduceValues(values, valueCode, usedValues = {}, getCode) {
			let code = code_1.nil;
			for (const prefix in values) {
				const vs = values[prefix];
				if (!vs) continue;
				const nameSet = usedValues[prefix] = usedValues[prefix] || new Map();
				vs.forEach((name) => {
					if (nameSet.has(name)) return;
					nameSet.set(name, UsedValueState.Started);
					let c = valueCode(name);
					if (c) {
						const def = this.opts.es5 ? exports.varKinds.var : exports.varKinds.const;
						code = (0, code_1._)`${code}${def} ${name} = ${c};${this.opts._n}`;
					} else if (c = getCode === null || getCode === void 0 ? void 0 : getCode(name)) code = (0, code_1._)`${code}${c}${this.opts._n}`;
					else throw new ValueError(name);
					nameSet.set(name, UsedValueState.Completed);
				});
			}
			return code;
		}
	};
	exports.ValueScope = ValueScope;
}));
// node_modules/ajv/dist/compile/codegen/index.js
var require_codegen = __commonJSMin(((exports) => {
	Object.defineProperty(exports, "__esModule", { value: true });
	exports.or = exports.and = exports.not = exports.CodeGen = exports.operators = exports.varKinds = exports.ValueScopeName = exports.ValueScope = exports.Scope = exports.Name = exports.regexpCode = exports.stringify = exports.getProperty = exports.nil = exports.strConcat = exports.str = exports._ = void 0;
	const code_1 = require_code$1();
	const scope_1 = require_scope();
	var code_2 = require_code$1();
	Object.defineProperty(exports, "_", {
		enumerable: true,
		get: function() {
			return code_2._;
		}
	});
	Object.defineProperty(exports, "str", {
		enumerable: true,
		get: function() {
			return code_2.str;
		}
	});
	Object.defineProperty(exports, "strConcat", {
		enumerable: true,
		get: function() {
			return code_2.strConcat;
		}
	});
	Object.defineProperty(exports, "nil", {
		enumerable: true,
		get: function() {
			return code_2.nil;
		}
	});
	Object.defineProperty(exports, "getProperty", {
		enumerable: true,
		get: function() {
			return code_2.getProperty;
		}
	});
	Object.defineProperty(exports, "stringify", {
		enumerable: true,
		get: function() {
			return code_2.stringify;
		}
	});
	Object.defineProperty(exports, "regexpCode", {
		enumerable: true,
		get: function() {
			return code_2.regexpCode;
		}
	});
	Object.defineProperty(exports, "Name", {
		enumerable: true,
		get: function() {
			return code_2.Name;
		}
	});
	var scope_2 = require_scope();
	Object.defineProperty(exports, "Scope", {
		enumerable: true,
		get: function() {
			return scope_2.Scope;
		}
	});
	Object.defineProperty(exports, "ValueScope", {
		enumerable: true,
		get: function() {
			return scope_2.ValueScope;
		}
	});
	Object.defineProperty(exports, "ValueScopeName", {
		enumerable: true,
		get: function() {
			return scope_2.ValueScopeName;
		}
	});
	Object.defineProperty(exports, "varKinds", {
		enumerable: true,
		get: function() {
			return scope_2.varKinds;
		}
	});
	exports.operators = {
		GT: new code_1._Code(">"),
		GTE: new code_1._Code(">="),
		LT: new code_1._Code("<"),
		LTE: new code_1._Code("<="),
		EQ: new code_1._Code("==="),
		NEQ: new code_1._Code("!=="),
		NOT: new code_1._Code("!"),
		OR: new code_1._Code("||"),
		AND: new code_1._Code("&&"),
		ADD: new code_1._Code("+")
	};
	var Node = class {
		optimizeNodes() {
			return this;
		}
		optimizeNames(_names, _constants) {
			return this;
		}
	};
	var Def = class extends Node {
		constructor(varKind, name, rhs) {
			super();
			this.varKind = varKind;
			this.name = name;
			this.rhs = rhs;
		}
		render({ es5, _n }) {
			const varKind = es5 ? scope_1.varKinds.var : this.varKind;
			const rhs = this.rhs === void 0 ? "" : ` = ${this.rhs}`;
			return `${varKind} ${this.name}${rhs};` + _n;
		}
		optimizeNames(names, constants) {
			if (!names[this.name.str]) return;
			if (this.rhs) this.rhs = optimizeExpr(this.rhs, names, constants);
			return this;
		}
		get names() {
			return this.rhs instanceof code_1._CodeOrName ? this.rhs.names : {};
		}
	};
	var Assign = class extends Node {
		constructor(lhs, rhs, sideEffects) {
			super();
			this.lhs = lhs;
			this.rhs = rhs;
			this.sideEffects = sideEffects;
		}
		render({ _n }) {
			return `${this.lhs} = ${this.rhs};` + _n;
		}
		optimizeNames(names, constants) {
			if (this.lhs instanceof code_1.Name && !names[this.lhs.str] && !this.sideEffects) return;
			this.rhs = optimizeExpr(this.rhs, names, constants);
			return this;
		}
		get names() {
			return addExprNames(this.lhs instanceof code_1.Name ? {} : { ...this.lhs.names }, this.rhs);
		}
	};
	var AssignOp = class extends Assign {
		constructor(lhs, op, rhs, sideEffects) {
			super(lhs, rhs, sideEffects);
			this.op = op;
		}
		render({ _n }) {
			return `${this.lhs} ${this.op}= ${this.rhs};` + _n;
		}
	};
	var Label = class extends Node {
		constructor(label) {
			super();
			this.label = label;
			this.names = {};
		}
		render({ _n }) {
			return `${this.label}:` + _n;
		}
	};
	var Break = class extends Node {
		constructor(label) {
			super();
			this.label = label;
			this.names = {};
		}
		render({ _n }) {
			return `break${this.label ? ` ${this.label}` : ""};` + _n;
		}
	};
	var Throw = class extends Node {
		constructor(error) {
			super();
			this.error = error;
		}
		render({ _n }) {
			return `throw ${this.error};` + _n;
		}
		get names() {
			return this.error.names;
		}
	};
	var AnyCode = class extends Node {
		constructor(code) {
			super();
			this.code = code;
		}
		render({ _n }) {
			return `${this.code};` + _n;
		}
		optimizeNodes() {
			return `${this.code}` ? this : void 0;
		}
		optimizeNames(names, constants) {
			this.code = optimizeExpr(this.code, names, constants);
			return this;
		}
		get names() {
			return this.code instanceof code_1._CodeOrName ? this.code.names : {};
		}
	};
	var ParentNode = class extends Node {
		constructor(nodes = []) {
			super();
			this.nodes = nodes;
		}
		render(opts) {
			return this.nodes.reduce((code, n) => code + n.render(opts), "");
		}
		optimizeNodes() {
			const { nodes } = this;
			let i = nodes.length;
			while (i--) {
				const n = nodes[i].optimizeNodes();
				if (Array.isArray(n)) nodes.splice(i, 1, ...n);
				else if (n) nodes[i] = n;
				else nodes.splice(i, 1);
			}
			return nodes.length > 0 ? this : void 0;
		}
		optimizeNames(names, constants) {
			const { nodes } = this;
			let i = nodes.length;
			while (i--) {
				const n = nodes[i];
				if (n.optimizeNames(names, constants)) continue;
				subtractNames(names, n.names);
				nodes.splice(i, 1);
			}
			return nodes.length > 0 ? this : void 0;
		}
		get names() {
			return this.nodes.reduce((names, n) => addNames(names, n.names), {});
		}
	};
	var BlockNode = class extends ParentNode {
		render(opts) {
			return "{" + opts._n + super.render(opts) + "}" + opts._n;
		}
	};
	var Root = class extends ParentNode {};
	var Else = class extends BlockNode {};
	Else.kind = "else";
	var If = class If extends BlockNode {
		constructor(condition, nodes) {
			super(nodes);
			this.condition = condition;
		}
		render(opts) {
			let code = `if(${this.condition})` + super.render(opts);
			if (this.else) code += "else " + this.else.render(opts);
			return code;
		}
		optimizeNodes() {
			super.optimizeNodes();
			const cond = this.condition;
			if (cond === true) return this.nodes;
			let e = this.else;
			if (e) {
				const ns = e.optimizeNodes();
				e = this.else = Array.isArray(ns) ? new Else(ns) : ns;
			}
			if (e) {
				if (cond === false) return e instanceof If ? e : e.nodes;
				if (this.nodes.length) return this;
				return new If(not(cond), e instanceof If ? [e] : e.nodes);
			}
			if (cond === false || !this.nodes.length) return void 0;
			return this;
		}
		optimizeNames(names, constants) {
			var _a;
			this.else = (_a = this.else) === null || _a === void 0 ? void 0 : _a.optimizeNames(names, constants);
			if (!(super.optimizeNames(names, constants) || this.else)) return;
			this.condition = optimizeExpr(this.condition, names, constants);
			return this;
		}
		get names() {
			const names = super.names;
			addExprNames(names, this.condition);
			if (this.else) addNames(names, this.else.names);
			return names;
		}
	};
	If.kind = "if";
	var For = class extends BlockNode {};
	For.kind = "for";
	var ForLoop = class extends For {
		constructor(iteration) {
			super();
			this.iteration = iteration;
		}
		render(opts) {
			return `for(${this.iteration})` + super.render(opts);
		}
		optimizeNames(names, constants) {
			if (!super.optimizeNames(names, constants)) return;
			this.iteration = optimizeExpr(this.iteration, names, constants);
			return this;
		}
		get names() {
			return addNames(super.names, this.iteration.names);
		}
	};
	var ForRange = class extends For {
		constructor(varKind, name, from, to) {
			super();
			this.varKind = varKind;
			this.name = name;
			this.from = from;
			this.to = to;
		}
		render(opts) {
			const varKind = opts.es5 ? scope_1.varKinds.var : this.varKind;
			const { name, from, to } = this;
			return `for(${varKind} ${name}=${from}; ${name}<${to}; ${name}++)` + super.render(opts);
		}
		get names() {
			return addExprNames(addExprNames(super.names, this.from), this.to);
		}
	};
	var ForIter = class extends For {
		constructor(loop, varKind, name, iterable) {
			super();
			this.loop = loop;
			this.varKind = varKind;
			this.name = name;
			this.iterable = iterable;
		}
		render(opts) {
			return `for(${this.varKind} ${this.name} ${this.loop} ${this.iterable})` + super.render(opts);
		}
		optimizeNames(names, constants) {
			if (!super.optimizeNames(names, constants)) return;
			this.iterable = optimizeExpr(this.iterable, names, constants);
			return this;
		}
		get names() {
			return addNames(super.names, this.iterable.names);
		}
	};
	var Func = class extends BlockNode {
		constructor(name, args, async) {
			super();
			this.name = name;
			this.args = args;
			this.async = async;
		}
		render(opts) {
			return `${this.async ? "async " : ""}function ${this.name}(${this.args})` + super.render(opts);
		}
	};
	Func.kind = "func";
	var Return = class extends ParentNode {
		render(opts) {
			return "return " + super.render(opts);
		}
	};
	Return.kind = "return";
	var Try = class extends BlockNode {
		render(opts) {
			let code = "try" + super.render(opts);
			if (this.catch) code += this.catch.render(opts);
			if (this.finally) code += this.finally.render(opts);
			return code;
		}
		optimizeNodes() {
			var _a, _b;
			super.optimizeNodes();
			(_a = this.catch) === null || _a === void 0 || _a.optimizeNodes();
			(_b = this.finally) === null || _b === void 0 || _b.optimizeNodes();
			return this;
		}
		optimizeNames(names, constants) {
			var _a, _b;
			super.optimizeNames(names, constants);
			(_a = this.catch) === null || _a === void 0 || _a.optimizeNames(names, constants);
			(_b = this.finally) === null || _b === void 0 || _b.optimizeNames(names, constants);
			return this;
		}
		get names() {
			const names = super.names;
			if (this.catch) addNames(names, this.catch.names);
			if (this.finally) addNames(names, this.finally.names);
			return names;
		}
	};
	var Catch = class extends BlockNode {
		constructor(error) {
			super();
			this.error = error;
		}
		render(opts) {
			return `catch(${this.error})` + super.render(opts);
		}
	};
	Catch.kind = "catch";
	var Finally = class extends BlockNode {
		render(opts) {
			return "finally" + super.render(opts);
		}
	};
	Finally.kind = "finally";
	var CodeGen = class {
		constructor(extScope, opts = {}) {
			this._values = {};
			this._blockStarts = [];
			this._constants = {};
			this.opts = {
				...opts,
				_n: opts.lines ? "\n" : ""
			};
			this._extScope = extScope;
			this._scope = new scope_1.Scope({ parent: extScope });
			this._nodes = [new Root()];
		}
		toString() {
			return this._root.render(this.opts);
		}
		name(prefix) {
			return this._scope.name(prefix);
		}
		scopeName(prefix) {
			return this._extScope.name(prefix);
		}
		scopeValue(prefixOrName, value) {
			const name = this._extScope.value(prefixOrName, value);
			(this._values[name.prefix] || (this._values[name.prefix] = new Set())).add(name);
			return name;
		}
		getScopeValue(prefix, keyOrRef) {
			return this._extScope.getValue(prefix, keyOrRef);
		}
		scopeRefs(scopeName) {
			return this._extScope.scopeRefs(scopeName, this._values);
		}
		scopeCode() {
			return this._extScope.scopeCode(this._values);
		}
		_def(varKind, nameOrPrefix, rhs, constant) {
			const name = this._scope.toName(nameOrPrefix);
			if (rhs !== void 0 && constant) this._constants[name.str] = rhs;
			this._leafNode(new Def(varKind, name, rhs));
			return name;
		}
		const(nameOrPrefix, rhs, _constant) {
			return this._def(scope_1.varKinds.const, nameOrPrefix, rhs, _constant);
		}
		let(nameOrPrefix, rhs, _constant) {
			return this._def(scope_1.varKinds.let, nameOrPrefix, rhs, _constant);
		}
		var(nameOrPrefix, rhs, _constant) {
			return this._def(scope_1.varKinds.var, nameOrPrefix, rhs, _constant);
		}
		assign(lhs, rhs, sideEffects) {
			return this._leafNode(new Assign(lhs, rhs, sideEffects));
		}
		add(lhs, rhs) {
			return this._leafNode(new AssignOp(lhs, exports.operators.ADD, rhs));
		}
		code(c) {
			if (typeof c == "function") c();
			else if (c !== code_1.nil) this._leafNode(new AnyCode(c));
			return this;
		}
		object(...keyValues) {
			const code = ["{"];
			for (const [key, value] of keyValues) {
				if (code.length > 1) code.push(",");
				code.push(key);
				if (key !== value || this.opts.es5) {
					code.push(":");
					(0, code_1.addCodeArg)(code, value);
				}
			}
			code.push("}");
			return new code_1._Code(code);
		}
		if(condition, thenBody, elseBody) {
			this._blockNode(new If(condition));
			if (thenBody && elseBody) this.code(thenBody).else().code(elseBody).endIf();
			else if (thenBody) this.code(thenBody).endIf();
			else if (elseBody) throw new Error("CodeGen: \"else\" body without \"then\" body");
			return this;
		}
		elseIf(condition) {
			return this._elseNode(new If(condition));
		}
		else() {
			return this._elseNode(new Else());
		}
		endIf() {
			return this._endBlockNode(If, Else);
		}
		_for(node, forBody) {
			this._blockNode(node);
			if (forBody) this.code(forBody).endFor();
			return this;
		}
		for(iteration, forBody) {
			return this._for(new ForLoop(iteration), forBody);
		}
		forRange(nameOrPrefix, from, to, forBody, varKind = this.opts.es5 ? scope_1.varKinds.var : scope_1.varKinds.let) {
			const name = this._scope.toName(nameOrPrefix);
			return this._for(new ForRange(varKind, name, from, to), () => forBody(name));
		}
		forOf(nameOrPrefix, iterable, forBody, varKind = scope_1.varKinds.const) {
			const name = this._scope.toName(nameOrPrefix);
			if (this.opts.es5) {
				const arr = iterable instanceof code_1.Name ? iterable : this.var("_arr", iterable);
				return this.forRange("_i", 0, (0, code_1._)`${arr}.length`, (i) => {
					this.var(name, (0, code_1._)`${arr}[${i}]`);
					forBody(name);
				});
			}
			return this._for(new ForIter("of", varKind, name, iterable), () => forBody(name));
		}
		forIn(nameOrPrefix, obj, forBody, varKind = this.opts.es5 ? scope_1.varKinds.var : scope_1.varKinds.const) {
			if (this.opts.ownProperties) return this.forOf(nameOrPrefix, (0, code_1._)`Object.keys(${obj})`, forBody);
			const name = this._scope.toName(nameOrPrefix);
			return this._for(new ForIter("in", varKind, name, obj), () => forBody(name));
		}
		endFor() {
			return this._endBlockNode(For);
		}
		label(label) {
			return this._leafNode(new Label(label));
		}
		break(label) {
			return this._leafNode(new Break(label));
		}
		return(value) {
			const node = new Return();
			this._blockNode(node);
			this.code(value);
			if (node.nodes.length !== 1) throw new Error("CodeGen: \"return\" should have one node");
			return this._endBlockNode(Return);
		}
		try(tryBody, catchCode, finallyCode) {
			if (!catchCode && !finallyCode) throw new Error("CodeGen: \"try\" without \"catch\" and \"finally\"");
			const node = new Try();
			this._blockNode(node);
			this.code(tryBody);
			if (catchCode) {
				const error = this.name("e");
				this._currNode = node.catch = new Catch(error);
				catchCode(error);
			}
			if (finallyCode) {
				this._currNode = node.finally = new Finally();
				this.code(finallyCode);
			}
			return this._endBlockNode(Catch, Finally);
		}
		throw(error) {
			return this._leafNode(new Throw(error));
		}
		block(body, nodeCount) {
			this._blockStarts.push(this._nodes.length);
			if (body) this.code(body).endBlock(nodeCount);
			return this;
		}
		endBlock(nodeCount) {
			const len = this._blockStarts.pop();
			if (len === void 0) throw new Error("CodeGen: not in self-balancing block");
			const toClose = this._nodes.length - len;
			if (toClose < 0 || nodeCount !== void 0 && toClose !== nodeCount) throw new Error(`CodeGen: wrong number of nodes: ${toClose} vs ${nodeCount} expected`);
			this._nodes.length = len;
			return this;
		}
		func(name, args = code_1.nil, async, funcBody) {
			this._blockNode(new Func(name, args, async));
			if (funcBody) this.code(funcBody).endFunc();
			return this;
		}
		endFunc() {
			return this._endBlockNode(Func);
		}
		optimize(n = 1) {
			while (n-- > 0) {
				this._root.optimizeNodes();
				this._root.optimizeNames(this._root.names, this._constants);
			}
		}
		_leafNode(node) {
			this._currNode.nodes.push(node);
			return this;
		}
		_blockNode(node) {
			this._currNode.nodes.push(node);
			this._nodes.push(node);
		}
		_endBlockNode(N1, N2) {
			const n = this._currNode;
			if (n instanceof N1 || N2 && n instanceof N2) {
				this._nodes.pop();
				return this;
			}
			throw new Error(`CodeGen: not in block "${N2 ? `${N1.kind}/${N2.kind}` : N1.kind}"`);
		}
		_elseNode(node) {
			const n = this._currNode;
			if (!(n instanceof If)) throw new Error("CodeGen: \"else\" without \"if\"");
			this._currNode = n.else = node;
			return this;
		}
		get _root() {
			return this._nodes[0];
		}
		get _currNode() {
			const ns = this._nodes;
			return ns[ns.length - 1];
		}
		set _currNode(node) {
			const ns = this._nodes;
			ns[ns.length - 1] = node;
		}
	};
	exports.CodeGen = CodeGen;
	function addNames(names, from) {
		for (const n in from) names[n] = (names[n] || 0) + (from[n] || 0);
		return names;
	}
	function addExprNames(names, from) {
		return from instanceof code_1._CodeOrName ? addNames(names, from.names) : names;
	}
	function optimizeExpr(expr, names, constants) {
		if (expr instanceof code_1.Name) return replaceName(expr);
		if (!canOptimize(expr)) return expr;
		return new code_1._Code(expr._items.reduce((items, c) => {
			if (c instanceof code_1.Name) c = replaceName(c);
			if (c instanceof code_1._Code) items.push(...c._items);
			else items.push(c);
			return items;
		}, []));
		function replaceName(n) {
			const c = constants[n.str];
			if (c === void 0 || names[n.str] !== 1) return n;
			delete names[n.str];
			return c;
		}
		function canOptimize(e) {
			return e instanceof code_1._Code && e._items.some((c) => c instanceof code_1.Name && names[c.str] === 1 && constants[c.str] !== void 0);
		}
	}
	function subtractNames(names, from) {
		for (const n in from) names[n] = (names[n] || 0) - (from[n] || 0);
	}
	function not(x) {
		return typeof x == "boolean" || typeof x == "number" || x === null ? !x : (0, code_1._)`!${par(x)}`;
	}
	exports.not = not;
	const andCode = mappend(exports.operators.AND);
	function and(...args) {
		return args.reduce(andCode);
	}
	exports.and = and;
	const orCode = mappend(exports.operators.OR);
	function or(...args) {
		return args.reduce(orCode);
	}
	exports.or = or;
	function mappend(op) {
		return (x, y) => x === code_1.nil ? y : y === code_1.nil ? x : (0, code_1._)`${par(x)} ${op} ${par(y)}`;
	}
	function par(x) {
		return x instanceof code_1.Name ? x : (0, code_1._)`(${x})`;
	}
}));
// node_modules/ajv/dist/compile/util.js
var require_util = __commonJSMin(((exports) => {
	Object.defineProperty(exports, "__esModule", { value: true });
	exports.checkStrictMode = exports.getErrorPath = exports.Type = exports.useFunc = exports.setEvaluated = exports.evaluatedPropsToName = exports.mergeEvaluated = exports.eachItem = exports.unescapeJsonPointer = exports.escapeJsonPointer = exports.escapeFragment = exports.unescapeFragment = exports.schemaRefOrVal = exports.schemaHasRulesButRef = exports.schemaHasRules = exports.checkUnknownRules = exports.alwaysValidSchema = exports.toHash = void 0;
	const codegen_1 = require_codegen();
	const code_1 = require_code$1();
	function toHash(arr) {
		const hash = {};
		for (const item of arr) hash[item] = true;
		return hash;
	}
	exports.toHash = toHash;
	function alwaysValidSchema(it, schema) {
		if (typeof schema == "boolean") return schema;
		if (Object.keys(schema).length === 0) return true;
		checkUnknownRules(it, schema);
		return !schemaHasRules(schema, it.self.RULES.all);
	}
	exports.alwaysValidSchema = alwaysValidSchema;
	function checkUnknownRules(it, schema = it.schema) {
		const { opts, self } = it;
		if (!opts.strictSchema) return;
		if (typeof schema === "boolean") return;
		const rules = self.RULES.keywords;
		for (const key in schema) if (!rules[key]) checkStrictMode(it, `unknown keyword: "${key}"`);
	}
	exports.checkUnknownRules = checkUnknownRules;
	function schemaHasRules(schema, rules) {
		if (typeof schema == "boolean") return !schema;
		for (const key in schema) if (rules[key]) return true;
		return false;
	}
	exports.schemaHasRules = schemaHasRules;
	function schemaHasRulesButRef(schema, RULES) {
		if (typeof schema == "boolean") return !schema;
		for (const key in schema) if (key !== "$ref" && RULES.all[key]) return true;
		return false;
	}
	exports.schemaHasRulesButRef = schemaHasRulesButRef;
	function schemaRefOrVal({ topSchemaRef, schemaPath }, schema, keyword, $data) {
		if (!$data) {
			if (typeof schema == "number" || typeof schema == "boolean") return schema;
			if (typeof schema == "string") return (0, codegen_1._)`${schema}`;
		}
		return (0, codegen_1._)`${topSchemaRef}${schemaPath}${(0, codegen_1.getProperty)(keyword)}`;
	}
	exports.schemaRefOrVal = schemaRefOrVal;
	function unescapeFragment(str) {
		return unescapeJsonPointer(decodeURIComponent(str));
	}
	exports.unescapeFragment = unescapeFragment;
	function escapeFragment(str) {
		return encodeURIComponent(escapeJsonPointer(str));
	}
	exports.escapeFragment = escapeFragment;
	function escapeJsonPointer(str) {
		if (typeof str == "number") return `${str}`;
		return str.replace(/~/g, "~0").replace(/\//g, "~1");
	}
	exports.escapeJsonPointer = escapeJsonPointer;
	function unescapeJsonPointer(str) {
		return str.replace(/~1/g, "/").replace(/~0/g, "~");
	}
	exports.unescapeJsonPointer = unescapeJsonPointer;
	function eachItem(xs, f) {
		if (Array.isArray(xs)) for (const x of xs) f(x);
		else f(xs);
	}
	exports.eachItem = eachItem;
	function makeMergeEvaluated({ mergeNames, mergeToName, mergeValues, resultToName }) {
		return (gen, from, to, toName) => {
			const res = to === void 0 ? from : to instanceof codegen_1.Name ? (from instanceof codegen_1.Name ? mergeNames(gen, from, to) : mergeToName(gen, from, to), to) : from instanceof codegen_1.Name ? (mergeToName(gen, to, from), from) : mergeValues(from, to);
			return toName === codegen_1.Name && !(res instanceof codegen_1.Name) ? resultToName(gen, res) : res;
		};
	}
	exports.mergeEvaluated = {
		props: makeMergeEvaluated({
			mergeNames: (gen, from, to) => gen.if((0, codegen_1._)`${to} !== true && ${from} !== undefined`, () => {
				gen.if((0, codegen_1._)`${from} === true`, () => gen.assign(to, true), () => gen.assign(to, (0, codegen_1._)`${to} || {}`).code((0, codegen_1._)`Object.assign(${to}, ${from})`));
			}),
			mergeToName: (gen, from, to) => gen.if((0, codegen_1._)`${to} !== true`, () => {
				if (from === true) gen.assign(to, true);
				else {
					gen.assign(to, (0, codegen_1._)`${to} || {}`);
					setEvaluated(gen, to, from);
				}
			}),
			mergeValues: (from, to) => from === true ? true : {
				...from,
				...to
			},
			resultToName: evaluatedPropsToName
		}),
		items: makeMergeEvaluated({
			mergeNames: (gen, from, to) => gen.if((0, codegen_1._)`${to} !== true && ${from} !== undefined`, () => gen.assign(to, (0, codegen_1._)`${from} === true ? true : ${to} > ${from} ? ${to} : ${from}`)),
			mergeToName: (gen, from, to) => gen.if((0, codegen_1._)`${to} !== true`, () => gen.assign(to, from === true ? true : (0, codegen_1._)`${to} > ${from} ? ${to} : ${from}`)),
			mergeValues: (from, to) => from === true ? true : Math.max(from, to),
			resultToName: (gen, items) => gen.var("items", items)
		})
	};
	function evaluatedPropsToName(gen, ps) {
		if (ps === true) return gen.var("props", true);
		const props = gen.var("props", (0, codegen_1._)`{}`);
		if (ps !== void 0) setEvaluated(gen, props, ps);
		return props;
	}
	exports.evaluatedPropsToName = evaluatedPropsToName;
	function setEvaluated(gen, props, ps) {
		Object.keys(ps).forEach((p) => gen.assign((0, codegen_1._)`${props}${(0, codegen_1.getProperty)(p)}`, true));
	}
	exports.setEvaluated = setEvaluated;
	const snippets = {};
	function useFunc(gen, f) {
		return gen.scopeValue("func", {
			ref: f,
			code: snippets[f.code] || (snippets[f.code] = new code_1._Code(f.code))
		});
	}
	exports.useFunc = useFunc;
	var Type;
	(function(Type) {
		Type[Type["Num"] = 0] = "Num";
		Type[Type["Str"] = 1] = "Str";
	})(Type || (exports.Type = Type = {}));
	function getErrorPath(dataProp, dataPropType, jsPropertySyntax) {
		if (dataProp instanceof codegen_1.Name) {
			const isNumber = dataPropType === Type.Num;
			return jsPropertySyntax ? isNumber ? (0, codegen_1._)`"[" + ${dataProp} + "]"` : (0, codegen_1._)`"['" + ${dataProp} + "']"` : isNumber ? (0, codegen_1._)`"/" + ${dataProp}` : (0, codegen_1._)`"/" + ${dataProp}.replace(/~/g, "~0").replace(/\\//g, "~1")`;
		}
		return jsPropertySyntax ? (0, codegen_1.getProperty)(dataProp).toString() : "/" + escapeJsonPointer(dataProp);
	}
	exports.getErrorPath = getErrorPath;
	function checkStrictMode(it, msg, mode = it.opts.strictSchema) {
		if (!mode) return;
		msg = `strict mode: ${msg}`;
		if (mode === true) throw new Error(msg);
		it.self.logger.warn(msg);
	}
	exports.checkStrictMode = checkStrictMode;
}));
// node_modules/ajv/dist/compile/names.js
var require_names = __commonJSMin(((exports) => {
	Object.defineProperty(exports, "__esModule", { value: true });
	const codegen_1 = require_codegen();
	exports.default = {
		data: new codegen_1.Name("data"),
		valCxt: new codegen_1.Name("valCxt"),
		instancePath: new codegen_1.Name("instancePath"),
		parentData: new codegen_1.Name("parentData"),
		parentDataProperty: new codegen_1.Name("parentDataProperty"),
		rootData: new codegen_1.Name("rootData"),
		dynamicAnchors: new codegen_1.Name("dynamicAnchors"),
		vErrors: new codegen_1.Name("vErrors"),
		errors: new codegen_1.Name("errors"),
		this: new codegen_1.Name("this"),
		self: new codegen_1.Name("self"),
		scope: new codegen_1.Name("scope"),
		json: new codegen_1.Name("json"),
		jsonPos: new codegen_1.Name("jsonPos"),
		jsonLen: new codegen_1.Name("jsonLen"),
		jsonPart: new codegen_1.Name("jsonPart")
	};
}));
// node_modules/ajv/dist/compile/errors.js
var require_errors = __commonJSMin(((exports) => {
	Object.defineProperty(exports, "__esModule", { value: true });
	exports.extendErrors = exports.resetErrorsCount = exports.reportExtraError = exports.reportError = exports.keyword$DataError = exports.keywordError = void 0;
	const codegen_1 = require_codegen();
	const util_1 = require_util();
	const names_1 = require_names();
	exports.keywordError = { message: ({ keyword }) => (0, codegen_1.str)`must pass "${keyword}" keyword validation` };
	exports.keyword$DataError = { message: ({ keyword, schemaType }) => schemaType ? (0, codegen_1.str)`"${keyword}" keyword must be ${schemaType} ($data)` : (0, codegen_1.str)`"${keyword}" keyword is invalid ($data)` };
	function reportError(cxt, error = exports.keywordError, errorPaths, overrideAllErrors) {
		const { it } = cxt;
		const { gen, compositeRule, allErrors } = it;
		const errObj = errorObjectCode(cxt, error, errorPaths);
		if (overrideAllErrors !== null && overrideAllErrors !== void 0 ? overrideAllErrors : compositeRule || allErrors) addError(gen, errObj);
		else returnErrors(it, (0, codegen_1._)`[${errObj}]`);
	}
	exports.reportError = reportError;
	function reportExtraError(cxt, error = exports.keywordError, errorPaths) {
		const { it } = cxt;
		const { gen, compositeRule, allErrors } = it;
		addError(gen, errorObjectCode(cxt, error, errorPaths));
		if (!(compositeRule || allErrors)) returnErrors(it, names_1.default.vErrors);
	}
	exports.reportExtraError = reportExtraError;
	function resetErrorsCount(gen, errsCount) {
		gen.assign(names_1.default.errors, errsCount);
		gen.if((0, codegen_1._)`${names_1.default.vErrors} !== null`, () => gen.if(errsCount, () => gen.assign((0, codegen_1._)`${names_1.default.vErrors}.length`, errsCount), () => gen.assign(names_1.default.vErrors, null)));
	}
	exports.resetErrorsCount = resetErrorsCount;
	function extendErrors({ gen, keyword, schemaValue, data, errsCount, it }) {
		if (errsCount === void 0) throw new Error("ajv implementation error");
		const err = gen.name("err");
		gen.forRange("i", errsCount, names_1.default.errors, (i) => {
			gen.const(err, (0, codegen_1._)`${names_1.default.vErrors}[${i}]`);
			gen.if((0, codegen_1._)`${err}.instancePath === undefined`, () => gen.assign((0, codegen_1._)`${err}.instancePath`, (0, codegen_1.strConcat)(names_1.default.instancePath, it.errorPath)));
			gen.assign((0, codegen_1._)`${err}.schemaPath`, (0, codegen_1.str)`${it.errSchemaPath}/${keyword}`);
			if (it.opts.verbose) {
				gen.assign((0, codegen_1._)`${err}.schema`, schemaValue);
				gen.assign((0, codegen_1._)`${err}.data`, data);
			}
		});
	}
	exports.extendErrors = extendErrors;
	function addError(gen, errObj) {
		const err = gen.const("err", errObj);
		gen.if((0, codegen_1._)`${names_1.default.vErrors} === null`, () => gen.assign(names_1.default.vErrors, (0, codegen_1._)`[${err}]`), (0, codegen_1._)`${names_1.default.vErrors}.push(${err})`);
		gen.code((0, codegen_1._)`${names_1.default.errors}++`);
	}
	function returnErrors(it, errs) {
		const { gen, validateName, schemaEnv } = it;
		if (schemaEnv.$async) gen.throw((0, codegen_1._)`new ${it.ValidationError}(${errs})`);
		else {
			gen.assign((0, codegen_1._)`${validateName}.errors`, errs);
			gen.return(false);
		}
	}
	const E = {
		keyword: new codegen_1.Name("keyword"),
		schemaPath: new codegen_1.Name("schemaPath"),
		params: new codegen_1.Name("params"),
		propertyName: new codegen_1.Name("propertyName"),
		message: new codegen_1.Name("message"),
		schema: new codegen_1.Name("schema"),
		parentSchema: new codegen_1.Name("parentSchema")
	};
	function errorObjectCode(cxt, error, errorPaths) {
		const { createErrors } = cxt.it;
		if (createErrors === false) return (0, codegen_1._)`{}`;
		return errorObject(cxt, error, errorPaths);
	}
	function errorObject(cxt, error, errorPaths = {}) {
		const { gen, it } = cxt;
		const keyValues = [errorInstancePath(it, errorPaths), errorSchemaPath(cxt, errorPaths)];
		extraErrorProps(cxt, error, keyValues);
		return gen.object(...keyValues);
	}
	function errorInstancePath({ errorPath }, { instancePath }) {
		const instPath = instancePath ? (0, codegen_1.str)`${errorPath}${(0, util_1.getErrorPath)(instancePath, util_1.Type.Str)}` : errorPath;
		return [names_1.default.instancePath, (0, codegen_1.strConcat)(names_1.default.instancePath, instPath)];
	}
	function errorSchemaPath({ keyword, it: { errSchemaPath } }, { schemaPath, parentSchema }) {
		let schPath = parentSchema ? errSchemaPath : (0, codegen_1.str)`${errSchemaPath}/${keyword}`;
		if (schemaPath) schPath = (0, codegen_1.str)`${schPath}${(0, util_1.getErrorPath)(schemaPath, util_1.Type.Str)}`;
		return [E.schemaPath, schPath];
	}
	function extraErrorProps(cxt, { params, message }, keyValues) {
		const { keyword, data, schemaValue, it } = cxt;
		const { opts, propertyName, topSchemaRef, schemaPath } = it;
		keyValues.push([E.keyword, keyword], [E.params, typeof params == "function" ? params(cxt) : params || (0, codegen_1._)`{}`]);
		if (opts.messages) keyValues.push([E.message, typeof message == "function" ? message(cxt) : message]);
		if (opts.verbose) keyValues.push([E.schema, schemaValue], [E.parentSchema, (0, codegen_1._)`${topSchemaRef}${schemaPath}`], [names_1.default.data, data]);
		if (propertyName) keyValues.push([E.propertyName, propertyName]);
	}
}));
// node_modules/ajv/dist/compile/validate/boolSchema.js
var require_boolSchema = __commonJSMin(((exports) => {
	Object.defineProperty(exports, "__esModule", { value: true });
	exports.boolOrEmptySchema = exports.topBoolOrEmptySchema = void 0;
	const errors_1 = require_errors();
	const codegen_1 = require_codegen();
	const names_1 = require_names();
	const boolError = { message: "boolean schema is false" };
	function topBoolOrEmptySchema(it) {
		const { gen, schema, validateName } = it;
		if (schema === false) falseSchemaError(it, false);
		else if (typeof schema == "object" && schema.$async === true) gen.return(names_1.default.data);
		else {
			gen.assign((0, codegen_1._)`${validateName}.errors`, null);
			gen.return(true);
		}
	}
	exports.topBoolOrEmptySchema = topBoolOrEmptySchema;
	function boolOrEmptySchema(it, valid) {
		const { gen, schema } = it;
		if (schema === false) {
			gen.var(valid, false);
			falseSchemaError(it);
		} else gen.var(valid, true);
	}
	exports.boolOrEmptySchema = boolOrEmptySchema;
	function falseSchemaError(it, overrideAllErrors) {
		const { gen, data } = it;
		const cxt = {
			gen,
			keyword: "false schema",
			data,
			schema: false,
			schemaCode: false,
			schemaValue: false,
			params: {},
			it
		};
		(0, errors_1.reportError)(cxt, boolError, void 0, overrideAllErrors);
	}
}));
// node_modules/ajv/dist/compile/rules.js
var require_rules = __commonJSMin(((exports) => {
	Object.defineProperty(exports, "__esModule", { value: true });
	exports.getRules = exports.isJSONType = void 0;
	const jsonTypes = new Set([
		"string",
		"number",
		"integer",
		"boolean",
		"null",
		"object",
		"array"
	]);
	function isJSONType(x) {
		return typeof x == "string" && jsonTypes.has(x);
	}
	exports.isJSONType = isJSONType;
	function getRules() {
		const groups = {
			number: {
				type: "number",
				rules: []
			},
			string: {
				type: "string",
				rules: []
			},
			array: {
				type: "array",
				rules: []
			},
			object: {
				type: "object",
				rules: []
			}
		};
		return {
			types: {
				...groups,
				integer: true,
				boolean: true,
				null: true
			},
			rules: [
				{ rules: [] },
				groups.number,
				groups.string,
				groups.array,
				groups.object
			],
			post: { rules: [] },
			all: {},
			keywords: {}
		};
	}
	exports.getRules = getRules;
}));
// node_modules/ajv/dist/compile/validate/applicability.js
var require_applicability = __commonJSMin(((exports) => {
	Object.defineProperty(exports, "__esModule", { value: true });
	exports.shouldUseRule = exports.shouldUseGroup = exports.schemaHasRulesForType = void 0;
	function schemaHasRulesForType({ schema, self }, type) {
		const group = self.RULES.types[type];
		return group && group !== true && shouldUseGroup(schema, group);
	}
	exports.schemaHasRulesForType = schemaHasRulesForType;
	function shouldUseGroup(schema, group) {
		return group.rules.some((rule) => shouldUseRule(schema, rule));
	}
	exports.shouldUseGroup = shouldUseGroup;
	function shouldUseRule(schema, rule) {
		var _a;
		return schema[rule.keyword] !== void 0 || ((_a = rule.definition.implements) === null || _a === void 0 ? void 0 : _a.some((kwd) => schema[kwd] !== void 0));
	}
	exports.shouldUseRule = shouldUseRule;
}));
// node_modules/ajv/dist/compile/validate/dataType.js
var require_dataType = __commonJSMin(((exports) => {
	Object.defineProperty(exports, "__esModule", { value: true });
	exports.reportTypeError = exports.checkDataTypes = exports.checkDataType = exports.coerceAndCheckDataType = exports.getJSONTypes = exports.getSchemaTypes = exports.DataType = void 0;
	const rules_1 = require_rules();
	const applicability_1 = require_applicability();
	const errors_1 = require_errors();
	const codegen_1 = require_codegen();
	const util_1 = require_util();
	var DataType;
	(function(DataType) {
		DataType[DataType["Correct"] = 0] = "Correct";
		DataType[DataType["Wrong"] = 1] = "Wrong";
	})(DataType || (exports.DataType = DataType = {}));
	function getSchemaTypes(schema) {
		const types = getJSONTypes(schema.type);
		if (types.includes("null")) {
			if (schema.nullable === false) throw new Error("type: null contradicts nullable: false");
		} else {
			if (!types.length && schema.nullable !== void 0) throw new Error("\"nullable\" cannot be used without \"type\"");
			if (schema.nullable === true) types.push("null");
		}
		return types;
	}
	exports.getSchemaTypes = getSchemaTypes;
	function getJSONTypes(ts) {
		const types = Array.isArray(ts) ? ts : ts ? [ts] : [];
		if (types.every(rules_1.isJSONType)) return types;
		throw new Error("type must be JSONType or JSONType[]: " + types.join(","));
	}
	exports.getJSONTypes = getJSONTypes;
	function coerceAndCheckDataType(it, types) {
		const { gen, data, opts } = it;
		const coerceTo = coerceToTypes(types, opts.coerceTypes);
		const checkTypes = types.length > 0 && !(coerceTo.length === 0 && types.length === 1 && (0, applicability_1.schemaHasRulesForType)(it, types[0]));
		if (checkTypes) {
			const wrongType = checkDataTypes(types, data, opts.strictNumbers, DataType.Wrong);
			gen.if(wrongType, () => {
				if (coerceTo.length) coerceData(it, types, coerceTo);
				else reportTypeError(it);
			});
		}
		return checkTypes;
	}
	exports.coerceAndCheckDataType = coerceAndCheckDataType;
	const COERCIBLE = new Set([
		"string",
		"number",
		"integer",
		"boolean",
		"null"
	]);
	function coerceToTypes(types, coerceTypes) {
		return coerceTypes ? types.filter((t) => COERCIBLE.has(t) || coerceTypes === "array" && t === "array") : [];
	}
	function coerceData(it, types, coerceTo) {
		const { gen, data, opts } = it;
		const dataType = gen.let("dataType", (0, codegen_1._)`typeof ${data}`);
		const coerced = gen.let("coerced", (0, codegen_1._)`undefined`);
		if (opts.coerceTypes === "array") gen.if((0, codegen_1._)`${dataType} == 'object' && Array.isArray(${data}) && ${data}.length == 1`, () => gen.assign(data, (0, codegen_1._)`${data}[0]`).assign(dataType, (0, codegen_1._)`typeof ${data}`).if(checkDataTypes(types, data, opts.strictNumbers), () => gen.assign(coerced, data)));
		gen.if((0, codegen_1._)`${coerced} !== undefined`);
		for (const t of coerceTo) if (COERCIBLE.has(t) || t === "array" && opts.coerceTypes === "array") coerceSpecificType(t);
		gen.else();
		reportTypeError(it);
		gen.endIf();
		gen.if((0, codegen_1._)`${coerced} !== undefined`, () => {
			gen.assign(data, coerced);
			assignParentData(it, coerced);
		});
		function coerceSpecificType(t) {
			switch (t) {
				case "string":
					gen.elseIf((0, codegen_1._)`${dataType} == "number" || ${dataType} == "boolean"`).assign(coerced, (0, codegen_1._)`"" + ${data}`).elseIf((0, codegen_1._)`${data} === null`).assign(coerced, (0, codegen_1._)`""`);
					return;
				case "number":
					gen.elseIf((0, codegen_1._)`${dataType} == "boolean" || ${data} === null
              || (${dataType} == "string" && ${data} && ${data} == +${data})`).assign(coerced, (0, codegen_1._)`+${data}`);
					return;
				case "integer":
					gen.elseIf((0, codegen_1._)`${dataType} === "boolean" || ${data} === null
              || (${dataType} === "string" && ${data} && ${data} == +${data} && !(${data} % 1))`).assign(coerced, (0, codegen_1._)`+${data}`);
					return;
				case "boolean":
					gen.elseIf((0, codegen_1._)`${data} === "false" || ${data} === 0 || ${data} === null`).assign(coerced, false).elseIf((0, codegen_1._)`${data} === "true" || ${data} === 1`).assign(coerced, true);
					return;
				case "null":
					gen.elseIf((0, codegen_1._)`${data} === "" || ${data} === 0 || ${data} === false`);
					gen.assign(coerced, null);
					return;
				case "array": gen.elseIf((0, codegen_1._)`${dataType} === "string" || ${dataType} === "number"
              || ${dataType} === "boolean" || ${data} === null`).assign(coerced, (0, codegen_1._)`[${data}]`);
			}
		}
	}
	function assignParentData({ gen, parentData, parentDataProperty }, expr) {
		gen.if((0, codegen_1._)`${parentData} !== undefined`, () => gen.assign((0, codegen_1._)`${parentData}[${parentDataProperty}]`, expr));
	}
	function checkDataType(dataType, data, strictNums, correct = DataType.Correct) {
		const EQ = correct === DataType.Correct ? codegen_1.operators.EQ : codegen_1.operators.NEQ;
		let cond;
		switch (dataType) {
			case "null": return (0, codegen_1._)`${data} ${EQ} null`;
			case "array":
				cond = (0, codegen_1._)`Array.isArray(${data})`;
				break;
			case "object":
				cond = (0, codegen_1._)`${data} && typeof ${data} == "object" && !Array.isArray(${data})`;
				break;
			case "integer":
				cond = numCond((0, codegen_1._)`!(${data} % 1) && !isNaN(${data})`);
				break;
			case "number":
				cond = numCond();
				break;
			default: return (0, codegen_1._)`typeof ${data} ${EQ} ${dataType}`;
		}
		return correct === DataType.Correct ? cond : (0, codegen_1.not)(cond);
		function numCond(_cond = codegen_1.nil) {
			return (0, codegen_1.and)((0, codegen_1._)`typeof ${data} == "number"`, _cond, strictNums ? (0, codegen_1._)`isFinite(${data})` : codegen_1.nil);
		}
	}
	exports.checkDataType = checkDataType;
	function checkDataTypes(dataTypes, data, strictNums, correct) {
		if (dataTypes.length === 1) return checkDataType(dataTypes[0], data, strictNums, correct);
		let cond;
		const types = (0, util_1.toHash)(dataTypes);
		if (types.array && types.object) {
			const notObj = (0, codegen_1._)`typeof ${data} != "object"`;
			cond = types.null ? notObj : (0, codegen_1._)`!${data} || ${notObj}`;
			delete types.null;
			delete types.array;
			delete types.object;
		} else cond = codegen_1.nil;
		if (types.number) delete types.integer;
		for (const t in types) cond = (0, codegen_1.and)(cond, checkDataType(t, data, strictNums, correct));
		return cond;
	}
	exports.checkDataTypes = checkDataTypes;
	const typeError = {
		message: ({ schema }) => `must be ${schema}`,
		params: ({ schema, schemaValue }) => typeof schema == "string" ? (0, codegen_1._)`{type: ${schema}}` : (0, codegen_1._)`{type: ${schemaValue}}`
	};
	function reportTypeError(it) {
		const cxt = getTypeErrorContext(it);
		(0, errors_1.reportError)(cxt, typeError);
	}
	exports.reportTypeError = reportTypeError;
	function getTypeErrorContext(it) {
		const { gen, data, schema } = it;
		const schemaCode = (0, util_1.schemaRefOrVal)(it, schema, "type");
		return {
			gen,
			keyword: "type",
			data,
			schema: schema.type,
			schemaCode,
			schemaValue: schemaCode,
			parentSchema: schema,
			params: {},
			it
		};
	}
}));
// node_modules/ajv/dist/compile/validate/defaults.js
var require_defaults = __commonJSMin(((exports) => {
	Object.defineProperty(exports, "__esModule", { value: true });
	exports.assignDefaults = void 0;
	const codegen_1 = require_codegen();
	const util_1 = require_util();
	function assignDefaults(it, ty) {
		const { properties, items } = it.schema;
		if (ty === "object" && properties) for (const key in properties) assignDefault(it, key, properties[key].default);
		else if (ty === "array" && Array.isArray(items)) items.forEach((sch, i) => assignDefault(it, i, sch.default));
	}
	exports.assignDefaults = assignDefaults;
	function assignDefault(it, prop, defaultValue) {
		const { gen, compositeRule, data, opts } = it;
		if (defaultValue === void 0) return;
		const childData = (0, codegen_1._)`${data}${(0, codegen_1.getProperty)(prop)}`;
		if (compositeRule) {
			(0, util_1.checkStrictMode)(it, `default is ignored for: ${childData}`);
			return;
		}
		let condition = (0, codegen_1._)`${childData} === undefined`;
		if (opts.useDefaults === "empty") condition = (0, codegen_1._)`${condition} || ${childData} === null || ${childData} === ""`;
		gen.if(condition, (0, codegen_1._)`${childData} = ${(0, codegen_1.stringify)(defaultValue)}`);
	}
}));
// node_modules/ajv/dist/vocabularies/code.js
var require_code = __commonJSMin(((exports) => {
	Object.defineProperty(exports, "__esModule", { value: true });
	exports.validateUnion = exports.validateArray = exports.usePattern = exports.callValidateCode = exports.schemaProperties = exports.allSchemaProperties = exports.noPropertyInData = exports.propertyInData = exports.isOwnProperty = exports.hasPropFunc = exports.reportMissingProp = exports.checkMissingProp = exports.checkReportMissingProp = void 0;
	const codegen_1 = require_codegen();
	const util_1 = require_util();
	const names_1 = require_names();
	const util_2 = require_util();
	function checkReportMissingProp(cxt, prop) {
		const { gen, data, it } = cxt;
		gen.if(noPropertyInData(gen, data, prop, it.opts.ownProperties), () => {
			cxt.setParams({ missingProperty: (0, codegen_1._)`${prop}` }, true);
			cxt.error();
		});
	}
	exports.checkReportMissingProp = checkReportMissingProp;
	function checkMissingProp({ gen, data, it: { opts } }, properties, missing) {
		return (0, codegen_1.or)(...properties.map((prop) => (0, codegen_1.and)(noPropertyInData(gen, data, prop, opts.ownProperties), (0, codegen_1._)`${missing} = ${prop}`)));
	}
	exports.checkMissingProp = checkMissingProp;
	function reportMissingProp(cxt, missing) {
		cxt.setParams({ missingProperty: missing }, true);
		cxt.error();
	}
	exports.reportMissingProp = reportMissingProp;
	function hasPropFunc(gen) {
		return gen.scopeValue("func", {
			ref: Object.prototype.hasOwnProperty,
			code: (0, codegen_1._)`Object.prototype.hasOwnProperty`
		});
	}
	exports.hasPropFunc = hasPropFunc;
	function isOwnProperty(gen, data, property) {
		return (0, codegen_1._)`${hasPropFunc(gen)}.call(${data}, ${property})`;
	}
	exports.isOwnProperty = isOwnProperty;
	function propertyInData(gen, data, property, ownProperties) {
		const cond = (0, codegen_1._)`${data}${(0, codegen_1.getProperty)(property)} !== undefined`;
		return ownProperties ? (0, codegen_1._)`${cond} && ${isOwnProperty(gen, data, property)}` : cond;
	}
	exports.propertyInData = propertyInData;
	function noPropertyInData(gen, data, property, ownProperties) {
		const cond = (0, codegen_1._)`${data}${(0, codegen_1.getProperty)(property)} === undefined`;
		return ownProperties ? (0, codegen_1.or)(cond, (0, codegen_1.not)(isOwnProperty(gen, data, property))) : cond;
	}
	exports.noPropertyInData = noPropertyInData;
	function allSchemaProperties(schemaMap) {
		return schemaMap ? Object.keys(schemaMap).filter((p) => p !== "__proto__") : [];
	}
	exports.allSchemaProperties = allSchemaProperties;
	function schemaProperties(it, schemaMap) {
		return allSchemaProperties(schemaMap).filter((p) => !(0, util_1.alwaysValidSchema)(it, schemaMap[p]));
	}
	exports.schemaProperties = schemaProperties;
	function callValidateCode({ schemaCode, data, it: { gen, topSchemaRef, schemaPath, errorPath }, it }, func, context, passSchema) {
		const dataAndSchema = passSchema ? (0, codegen_1._)`${schemaCode}, ${data}, ${topSchemaRef}${schemaPath}` : data;
		const valCxt = [
			[names_1.default.instancePath, (0, codegen_1.strConcat)(names_1.default.instancePath, errorPath)],
			[names_1.default.parentData, it.parentData],
			[names_1.default.parentDataProperty, it.parentDataProperty],
			[names_1.default.rootData, names_1.default.rootData]
		];
		if (it.opts.dynamicRef) valCxt.push([names_1.default.dynamicAnchors, names_1.default.dynamicAnchors]);
		const args = (0, codegen_1._)`${dataAndSchema}, ${gen.object(...valCxt)}`;
		return context !== codegen_1.nil ? (0, codegen_1._)`${func}.call(${context}, ${args})` : (0, codegen_1._)`${func}(${args})`;
	}
	exports.callValidateCode = callValidateCode;
	const newRegExp = (0, codegen_1._)`new RegExp`;
	function usePattern({ gen, it: { opts } }, pattern) {
		const u = opts.unicodeRegExp ? "u" : "";
		const { regExp } = opts.code;
		const rx = regExp(pattern, u);
		return gen.scopeValue("pattern", {
			key: rx.toString(),
			ref: rx,
			code: (0, codegen_1._)`${regExp.code === "new RegExp" ? newRegExp : (0, util_2.useFunc)(gen, regExp)}(${pattern}, ${u})`
		});
	}
	exports.usePattern = usePattern;
	function validateArray(cxt) {
		const { gen, data, keyword, it } = cxt;
		const valid = gen.name("valid");
		if (it.allErrors) {
			const validArr = gen.let("valid", true);
			validateItems(() => gen.assign(validArr, false));
			return validArr;
		}
		gen.var(valid, true);
		validateItems(() => gen.break());
		return valid;
		function validateItems(notValid) {
			const len = gen.const("len", (0, codegen_1._)`${data}.length`);
			gen.forRange("i", 0, len, (i) => {
				cxt.subschema({
					keyword,
					dataProp: i,
					dataPropType: util_1.Type.Num
				}, valid);
				gen.if((0, codegen_1.not)(valid), notValid);
			});
		}
	}
	exports.validateArray = validateArray;
	function validateUnion(cxt) {
		const { gen, schema, keyword, it } = cxt;
		if (!Array.isArray(schema)) throw new Error("ajv implementation error");
		if (schema.some((sch) => (0, util_1.alwaysValidSchema)(it, sch)) && !it.opts.unevaluated) return;
		const valid = gen.let("valid", false);
		const schValid = gen.name("_valid");
		gen.block(() => schema.forEach((_sch, i) => {
			const schCxt = cxt.subschema({
				keyword,
				schemaProp: i,
				compositeRule: true
			}, schValid);
			gen.assign(valid, (0, codegen_1._)`${valid} || ${schValid}`);
			if (!cxt.mergeValidEvaluated(schCxt, schValid)) gen.if((0, codegen_1.not)(valid));
		}));
		cxt.result(valid, () => cxt.reset(), () => cxt.error(true));
	}
	exports.validateUnion = validateUnion;
}));
// node_modules/ajv/dist/compile/validate/keyword.js
var require_keyword = __commonJSMin(((exports) => {
	Object.defineProperty(exports, "__esModule", { value: true });
	exports.validateKeywordUsage = exports.validSchemaType = exports.funcKeywordCode = exports.macroKeywordCode = void 0;
	const codegen_1 = require_codegen();
	const names_1 = require_names();
	const code_1 = require_code();
	const errors_1 = require_errors();
	function macroKeywordCode(cxt, def) {
		const { gen, keyword, schema, parentSchema, it } = cxt;
		const macroSchema = def.macro.call(it.self, schema, parentSchema, it);
		const schemaRef = useKeyword(gen, keyword, macroSchema);
		if (it.opts.validateSchema !== false) it.self.validateSchema(macroSchema, true);
		const valid = gen.name("valid");
		cxt.subschema({
			schema: macroSchema,
			schemaPath: codegen_1.nil,
			errSchemaPath: `${it.errSchemaPath}/${keyword}`,
			topSchemaRef: schemaRef,
			compositeRule: true
		}, valid);
		cxt.pass(valid, () => cxt.error(true));
	}
	exports.macroKeywordCode = macroKeywordCode;
	function funcKeywordCode(cxt, def) {
		var _a;
		const { gen, keyword, schema, parentSchema, $data, it } = cxt;
		checkAsyncKeyword(it, def);
		const validateRef = useKeyword(gen, keyword, !$data && def.compile ? def.compile.call(it.self, schema, parentSchema, it) : def.validate);
		const valid = gen.let("valid");
		cxt.block$data(valid, validateKeyword);
		cxt.ok((_a = def.valid) !== null && _a !== void 0 ? _a : valid);
		function validateKeyword() {
			if (def.errors === false) {
				assignValid();
				if (def.modifying) modifyData(cxt);
				reportErrs(() => cxt.error());
			} else {
				const ruleErrs = def.async ? validateAsync() : validateSync();
				if (def.modifying) modifyData(cxt);
				reportErrs(() => addErrs(cxt, ruleErrs));
			}
		}
		function validateAsync() {
			const ruleErrs = gen.let("ruleErrs", null);
			gen.try(() => assignValid((0, codegen_1._)`await `), (e) => gen.assign(valid, false).if((0, codegen_1._)`${e} instanceof ${it.ValidationError}`, () => gen.assign(ruleErrs, (0, codegen_1._)`${e}.errors`), () => gen.throw(e)));
			return ruleErrs;
		}
		function validateSync() {
			const validateErrs = (0, codegen_1._)`${validateRef}.errors`;
			gen.assign(validateErrs, null);
			assignValid(codegen_1.nil);
			return validateErrs;
		}
		function assignValid(_await = def.async ? (0, codegen_1._)`await ` : codegen_1.nil) {
			const passCxt = it.opts.passContext ? names_1.default.this : names_1.default.self;
			const passSchema = !("compile" in def && !$data || def.schema === false);
			gen.assign(valid, (0, codegen_1._)`${_await}${(0, code_1.callValidateCode)(cxt, validateRef, passCxt, passSchema)}`, def.modifying);
		}
		function reportErrs(errors) {
			var _a;
			gen.if((0, codegen_1.not)((_a = def.valid) !== null && _a !== void 0 ? _a : valid), errors);
		}
	}
	exports.funcKeywordCode = funcKeywordCode;
	function modifyData(cxt) {
		const { gen, data, it } = cxt;
		gen.if(it.parentData, () => gen.assign(data, (0, codegen_1._)`${it.parentData}[${it.parentDataProperty}]`));
	}
	function addErrs(cxt, errs) {
		const { gen } = cxt;
		gen.if((0, codegen_1._)`Array.isArray(${errs})`, () => {
			gen.assign(names_1.default.vErrors, (0, codegen_1._)`${names_1.default.vErrors} === null ? ${errs} : ${names_1.default.vErrors}.concat(${errs})`).assign(names_1.default.errors, (0, codegen_1._)`${names_1.default.vErrors}.length`);
			(0, errors_1.extendErrors)(cxt);
		}, () => cxt.error());
	}
	function checkAsyncKeyword({ schemaEnv }, def) {
		if (def.async && !schemaEnv.$async) throw new Error("async keyword in sync schema");
	}
	function useKeyword(gen, keyword, result) {
		if (result === void 0) throw new Error(`keyword "${keyword}" failed to compile`);
		return gen.scopeValue("keyword", typeof result == "function" ? { ref: result } : {
			ref: result,
			code: (0, codegen_1.stringify)(result)
		});
	}
	function validSchemaType(schema, schemaType, allowUndefined = false) {
		return !schemaType.length || schemaType.some((st) => st === "array" ? Array.isArray(schema) : st === "object" ? schema && typeof schema == "object" && !Array.isArray(schema) : typeof schema == st || allowUndefined && typeof schema == "undefined");
	}
	exports.validSchemaType = validSchemaType;
	function validateKeywordUsage({ schema, opts, self, errSchemaPath }, def, keyword) {
		if (Array.isArray(def.keyword) ? !def.keyword.includes(keyword) : def.keyword !== keyword) throw new Error("ajv implementation error");
		const deps = def.dependencies;
		if (deps === null || deps === void 0 ? void 0 : deps.some((kwd) => !Object.prototype.hasOwnProperty.call(schema, kwd))) throw new Error(`parent schema must have dependencies of ${keyword}: ${deps.join(",")}`);
		if (def.validateSchema) {
			if (!def.validateSchema(schema[keyword])) {
				const msg = `keyword "${keyword}" value is invalid at path "${errSchemaPath}": ` + self.errorsText(def.validateSchema.errors);
				if (opts.validateSchema === "log") self.logger.error(msg);
				else throw new Error(msg);
			}
		}
	}
	exports.validateKeywordUsage = validateKeywordUsage;
}));
// node_modules/ajv/dist/compile/validate/subschema.js
var require_subschema = __commonJSMin(((exports) => {
	Object.defineProperty(exports, "__esModule", { value: true });
	exports.extendSubschemaMode = exports.extendSubschemaData = exports.getSubschema = void 0;
	const codegen_1 = require_codegen();
	const util_1 = require_util();
	function getSubschema(it, { keyword, schemaProp, schema, schemaPath, errSchemaPath, topSchemaRef }) {
		if (keyword !== void 0 && schema !== void 0) throw new Error("both \"keyword\" and \"schema\" passed, only one allowed");
		if (keyword !== void 0) {
			const sch = it.schema[keyword];
			return schemaProp === void 0 ? {
				schema: sch,
				schemaPath: (0, codegen_1._)`${it.schemaPath}${(0, codegen_1.getProperty)(keyword)}`,
				errSchemaPath: `${it.errSchemaPath}/${keyword}`
			} : {
				schema: sch[schemaProp],
				schemaPath: (0, codegen_1._)`${it.schemaPath}${(0, codegen_1.getProperty)(keyword)}${(0, codegen_1.getProperty)(schemaProp)}`,
				errSchemaPath: `${it.errSchemaPath}/${keyword}/${(0, util_1.escapeFragment)(schemaProp)}`
			};
		}
		if (schema !== void 0) {
			if (schemaPath === void 0 || errSchemaPath === void 0 || topSchemaRef === void 0) throw new Error("\"schemaPath\", \"errSchemaPath\" and \"topSchemaRef\" are required with \"schema\"");
			return {
				schema,
				schemaPath,
				topSchemaRef,
				errSchemaPath
			};
		}
		throw new Error("either \"keyword\" or \"schema\" must be passed");
	}
	exports.getSubschema = getSubschema;
	function extendSubschemaData(subschema, it, { dataProp, dataPropType: dpType, data, dataTypes, propertyName }) {
		if (data !== void 0 && dataProp !== void 0) throw new Error("both \"data\" and \"dataProp\" passed, only one allowed");
		const { gen } = it;
		if (dataProp !== void 0) {
			const { errorPath, dataPathArr, opts } = it;
			dataContextProps(gen.let("data", (0, codegen_1._)`${it.data}${(0, codegen_1.getProperty)(dataProp)}`, true));
			subschema.errorPath = (0, codegen_1.str)`${errorPath}${(0, util_1.getErrorPath)(dataProp, dpType, opts.jsPropertySyntax)}`;
			subschema.parentDataProperty = (0, codegen_1._)`${dataProp}`;
			subschema.dataPathArr = [...dataPathArr, subschema.parentDataProperty];
		}
		if (data !== void 0) {
			dataContextProps(data instanceof codegen_1.Name ? data : gen.let("data", data, true));
			if (propertyName !== void 0) subschema.propertyName = propertyName;
		}
		if (dataTypes) subschema.dataTypes = dataTypes;
		function dataContextProps(_nextData) {
			subschema.data = _nextData;
			subschema.dataLevel = it.dataLevel + 1;
			subschema.dataTypes = [];
			it.definedProperties = new Set();
			subschema.parentData = it.data;
			subschema.dataNames = [...it.dataNames, _nextData];
		}
	}
	exports.extendSubschemaData = extendSubschemaData;
	function extendSubschemaMode(subschema, { jtdDiscriminator, jtdMetadata, compositeRule, createErrors, allErrors }) {
		if (compositeRule !== void 0) subschema.compositeRule = compositeRule;
		if (createErrors !== void 0) subschema.createErrors = createErrors;
		if (allErrors !== void 0) subschema.allErrors = allErrors;
		subschema.jtdDiscriminator = jtdDiscriminator;
		subschema.jtdMetadata = jtdMetadata;
	}
	exports.extendSubschemaMode = extendSubschemaMode;
}));
// node_modules/fast-deep-equal/index.js
var require_fast_deep_equal = __commonJSMin(((exports, module) => {
	module.exports = function equal(a, b) {
		if (a === b) return true;
		if (a && b && typeof a == "object" && typeof b == "object") {
			if (a.constructor !== b.constructor) return false;
			var length, i, keys;
			if (Array.isArray(a)) {
				length = a.length;
				if (length != b.length) return false;
				for (i = length; i-- !== 0;) if (!equal(a[i], b[i])) return false;
				return true;
			}
			if (a.constructor === RegExp) return a.source === b.source && a.flags === b.flags;
			if (a.valueOf !== Object.prototype.valueOf) return a.valueOf() === b.valueOf();
			if (a.toString !== Object.prototype.toString) return a.toString() === b.toString();
			keys = Object.keys(a);
			length = keys.length;
			if (length !== Object.keys(b).length) return false;
			for (i = length; i-- !== 0;) if (!Object.prototype.hasOwnProperty.call(b, keys[i])) return false;
			for (i = length; i-- !== 0;) {
				var key = keys[i];
				if (!equal(a[key], b[key])) return false;
			}
			return true;
		}
		return a !== a && b !== b;
	};
}));
// node_modules/json-schema-traverse/index.js
var require_json_schema_traverse = __commonJSMin(((exports, module) => {
	var traverse = module.exports = function(schema, opts, cb) {
		if (typeof opts == "function") {
			cb = opts;
			opts = {};
		}
		cb = opts.cb || cb;
		var pre = typeof cb == "function" ? cb : cb.pre || function() {};
		var post = cb.post || function() {};
		_traverse(opts, pre, post, schema, "", schema);
	};
	traverse.keywords = {
		additionalItems: true,
		items: true,
		contains: true,
		additionalProperties: true,
		propertyNames: true,
		not: true,
		if: true,
		then: true,
		else: true
	};
	traverse.arrayKeywords = {
		items: true,
		allOf: true,
		anyOf: true,
		oneOf: true
	};
	traverse.propsKeywords = {
		$defs: true,
		definitions: true,
		properties: true,
		patternProperties: true,
		dependencies: true
	};
	traverse.skipKeywords = {
		default: true,
		enum: true,
		const: true,
		required: true,
		maximum: true,
		minimum: true,
		exclusiveMaximum: true,
		exclusiveMinimum: true,
		multipleOf: true,
		maxLength: true,
		minLength: true,
		pattern: true,
		format: true,
		maxItems: true,
		minItems: true,
		uniqueItems: true,
		maxProperties: true,
		minProperties: true
	};
	function _traverse(opts, pre, post, schema, jsonPtr, rootSchema, parentJsonPtr, parentKeyword, parentSchema, keyIndex) {
		if (schema && typeof schema == "object" && !Array.isArray(schema)) {
			pre(schema, jsonPtr, rootSchema, parentJsonPtr, parentKeyword, parentSchema, keyIndex);
			for (var key in schema) {
				var sch = schema[key];
				if (Array.isArray(sch)) {
					if (key in traverse.arrayKeywords) for (var i = 0; i < sch.length; i++) _traverse(opts, pre, post, sch[i], jsonPtr + "/" + key + "/" + i, rootSchema, jsonPtr, key, schema, i);
				} else if (key in traverse.propsKeywords) {
					if (sch && typeof sch == "object") for (var prop in sch) _traverse(opts, pre, post, sch[prop], jsonPtr + "/" + key + "/" + escapeJsonPtr(prop), rootSchema, jsonPtr, key, schema, prop);
				} else if (key in traverse.keywords || opts.allKeys && !(key in traverse.skipKeywords)) _traverse(opts, pre, post, sch, jsonPtr + "/" + key, rootSchema, jsonPtr, key, schema);
			}
			post(schema, jsonPtr, rootSchema, parentJsonPtr, parentKeyword, parentSchema, keyIndex);
		}
	}
	function escapeJsonPtr(str) {
		return str.replace(/~/g, "~0").replace(/\//g, "~1");
	}
}));
// node_modules/ajv/dist/compile/resolve.js
var require_resolve = __commonJSMin(((exports) => {
	Object.defineProperty(exports, "__esModule", { value: true });
	exports.getSchemaRefs = exports.resolveUrl = exports.normalizeId = exports._getFullPath = exports.getFullPath = exports.inlineRef = void 0;
	const util_1 = require_util();
	const equal = require_fast_deep_equal();
	const traverse = require_json_schema_traverse();
	const SIMPLE_INLINED = new Set([
		"type",
		"format",
		"pattern",
		"maxLength",
		"minLength",
		"maxProperties",
		"minProperties",
		"maxItems",
		"minItems",
		"maximum",
		"minimum",
		"uniqueItems",
		"multipleOf",
		"required",
		"enum",
		"const"
	]);
	function inlineRef(schema, limit = true) {
		if (typeof schema == "boolean") return true;
		if (limit === true) return !hasRef(schema);
		if (!limit) return false;
		return countKeys(schema) <= limit;
	}
	exports.inlineRef = inlineRef;
	const REF_KEYWORDS = new Set([
		"$ref",
		"$recursiveRef",
		"$recursiveAnchor",
		"$dynamicRef",
		"$dynamicAnchor"
	]);
	function hasRef(schema) {
		for (const key in schema) {
			if (REF_KEYWORDS.has(key)) return true;
			const sch = schema[key];
			if (Array.isArray(sch) && sch.some(hasRef)) return true;
			if (typeof sch == "object" && hasRef(sch)) return true;
		}
		return false;
	}
	function countKeys(schema) {
		let count = 0;
		for (const key in schema) {
			if (key === "$ref") return Infinity;
			count++;
			if (SIMPLE_INLINED.has(key)) continue;
			if (typeof schema[key] == "object") (0, util_1.eachItem)(schema[key], (sch) => count += countKeys(sch));
			if (count === Infinity) return Infinity;
		}
		return count;
	}
	function getFullPath(resolver, id = "", normalize) {
		if (normalize !== false) id = normalizeId(id);
		return _getFullPath(resolver, resolver.parse(id));
	}
	exports.getFullPath = getFullPath;
	function _getFullPath(resolver, p) {
		return resolver.serialize(p).split("#")[0] + "#";
	}
	exports._getFullPath = _getFullPath;
	const TRAILING_SLASH_HASH = /#\/?$/;
	function normalizeId(id) {
		return id ? id.replace(TRAILING_SLASH_HASH, "") : "";
	}
	exports.normalizeId = normalizeId;
	function resolveUrl(resolver, baseId, id) {
		id = normalizeId(id);
		return resolver.resolve(baseId, id);
	}
	exports.resolveUrl = resolveUrl;
	const ANCHOR = /^[a-z_][-a-z0-9._]*$/i;
	function getSchemaRefs(schema, baseId) {
		if (typeof schema == "boolean") return {};
		const { schemaId, uriResolver } = this.opts;
		const schId = normalizeId(schema[schemaId] || baseId);
		const baseIds = { "": schId };
		const pathPrefix = getFullPath(uriResolver, schId, false);
		const localRefs = {};
		const schemaRefs = new Set();
		traverse(schema, { allKeys: true }, (sch, jsonPtr, _, parentJsonPtr) => {
			if (parentJsonPtr === void 0) return;
			const fullPath = pathPrefix + jsonPtr;
			let innerBaseId = baseIds[parentJsonPtr];
			if (typeof sch[schemaId] == "string") innerBaseId = addRef.call(this, sch[schemaId]);
			addAnchor.call(this, sch.$anchor);
			addAnchor.call(this, sch.$dynamicAnchor);
			baseIds[jsonPtr] = innerBaseId;
			function addRef(ref) {
				const _resolve = this.opts.uriResolver.resolve;
				ref = normalizeId(innerBaseId ? _resolve(innerBaseId, ref) : ref);
				if (schemaRefs.has(ref)) throw ambiguos(ref);
				schemaRefs.add(ref);
				let schOrRef = this.refs[ref];
				if (typeof schOrRef == "string") schOrRef = this.refs[schOrRef];
				if (typeof schOrRef == "object") checkAmbiguosRef(sch, schOrRef.schema, ref);
				else if (ref !== normalizeId(fullPath)) {
					if (ref[0] === "#") {
						checkAmbiguosRef(sch, localRefs[ref], ref);
						localRefs[ref] = sch;
					} else this.refs[ref] = fullPath;
				}
				return ref;
			}
			function addAnchor(anchor) {
				if (typeof anchor == "string") {
					if (!ANCHOR.test(anchor)) throw new Error(`invalid anchor "${anchor}"`);
					addRef.call(this, `#${anchor}`);
				}
			}
		});
		return localRefs;
		function checkAmbiguosRef(sch1, sch2, ref) {
			if (sch2 !== void 0 && !equal(sch1, sch2)) throw ambiguos(ref);
		}
		function ambiguos(ref) {
			return new Error(`reference "${ref}" resolves to more than one schema`);
		}
	}
	exports.getSchemaRefs = getSchemaRefs;
}));
// node_modules/ajv/dist/compile/validate/index.js
var require_validate = __commonJSMin(((exports) => {
	Object.defineProperty(exports, "__esModule", { value: true });
	exports.getData = exports.KeywordCxt = exports.validateFunctionCode = void 0;
	const boolSchema_1 = require_boolSchema();
	const dataType_1 = require_dataType();
	const applicability_1 = require_applicability();
	const dataType_2 = require_dataType();
	const defaults_1 = require_defaults();
	const keyword_1 = require_keyword();
	const subschema_1 = require_subschema();
	const codegen_1 = require_codegen();
	const names_1 = require_names();
	const resolve_1 = require_resolve();
	const util_1 = require_util();
	const errors_1 = require_errors();
	function validateFunctionCode(it) {
		if (isSchemaObj(it)) {
			checkKeywords(it);
			if (schemaCxtHasRules(it)) {
				topSchemaObjCode(it);
				return;
			}
		}
		validateFunction(it, () => (0, boolSchema_1.topBoolOrEmptySchema)(it));
	}
	exports.validateFunctionCode = validateFunctionCode;
	function validateFunction({ gen, validateName, schema, schemaEnv, opts }, body) {
		if (opts.code.es5) gen.func(validateName, (0, codegen_1._)`${names_1.default.data}, ${names_1.default.valCxt}`, schemaEnv.$async, () => {
			gen.code((0, codegen_1._)`"use strict"; ${funcSourceUrl(schema, opts)}`);
			destructureValCxtES5(gen, opts);
			gen.code(body);
		});
		else gen.func(validateName, (0, codegen_1._)`${names_1.default.data}, ${destructureValCxt(opts)}`, schemaEnv.$async, () => gen.code(funcSourceUrl(schema, opts)).code(body));
	}
	function destructureValCxt(opts) {
		return (0, codegen_1._)`{${names_1.default.instancePath}="", ${names_1.default.parentData}, ${names_1.default.parentDataProperty}, ${names_1.default.rootData}=${names_1.default.data}${opts.dynamicRef ? (0, codegen_1._)`, ${names_1.default.dynamicAnchors}={}` : codegen_1.nil}}={}`;
	}
	function destructureValCxtES5(gen, opts) {
		gen.if(names_1.default.valCxt, () => {
			gen.var(names_1.default.instancePath, (0, codegen_1._)`${names_1.default.valCxt}.${names_1.default.instancePath}`);
			gen.var(names_1.default.parentData, (0, codegen_1._)`${names_1.default.valCxt}.${names_1.default.parentData}`);
			gen.var(names_1.default.parentDataProperty, (0, codegen_1._)`${names_1.default.valCxt}.${names_1.default.parentDataProperty}`);
			gen.var(names_1.default.rootData, (0, codegen_1._)`${names_1.default.valCxt}.${names_1.default.rootData}`);
			if (opts.dynamicRef) gen.var(names_1.default.dynamicAnchors, (0, codegen_1._)`${names_1.default.valCxt}.${names_1.default.dynamicAnchors}`);
		}, () => {
			gen.var(names_1.default.instancePath, (0, codegen_1._)`""`);
			gen.var(names_1.default.parentData, (0, codegen_1._)`undefined`);
			gen.var(names_1.default.parentDataProperty, (0, codegen_1._)`undefined`);
			gen.var(names_1.default.rootData, names_1.default.data);
			if (opts.dynamicRef) gen.var(names_1.default.dynamicAnchors, (0, codegen_1._)`{}`);
		});
	}
	function topSchemaObjCode(it) {
		const { schema, opts, gen } = it;
		validateFunction(it, () => {
			if (opts.$comment && schema.$comment) commentKeyword(it);
			checkNoDefault(it);
			gen.let(names_1.default.vErrors, null);
			gen.let(names_1.default.errors, 0);
			if (opts.unevaluated) resetEvaluated(it);
			typeAndKeywords(it);
			returnResults(it);
		});
	}
	function resetEvaluated(it) {
		const { gen, validateName } = it;
		it.evaluated = gen.const("evaluated", (0, codegen_1._)`${validateName}.evaluated`);
		gen.if((0, codegen_1._)`${it.evaluated}.dynamicProps`, () => gen.assign((0, codegen_1._)`${it.evaluated}.props`, (0, codegen_1._)`undefined`));
		gen.if((0, codegen_1._)`${it.evaluated}.dynamicItems`, () => gen.assign((0, codegen_1._)`${it.evaluated}.items`, (0, codegen_1._)`undefined`));
	}
	function funcSourceUrl(schema, opts) {
		const schId = typeof schema == "object" && schema[opts.schemaId];
		return schId && (opts.code.source || opts.code.process) ? (0, codegen_1._)`/*# sourceURL=${schId} */` : codegen_1.nil;
	}
	function subschemaCode(it, valid) {
		if (isSchemaObj(it)) {
			checkKeywords(it);
			if (schemaCxtHasRules(it)) {
				subSchemaObjCode(it, valid);
				return;
			}
		}
		(0, boolSchema_1.boolOrEmptySchema)(it, valid);
	}
	function schemaCxtHasRules({ schema, self }) {
		if (typeof schema == "boolean") return !schema;
		for (const key in schema) if (self.RULES.all[key]) return true;
		return false;
	}
	function isSchemaObj(it) {
		return typeof it.schema != "boolean";
	}
	function subSchemaObjCode(it, valid) {
		const { schema, gen, opts } = it;
		if (opts.$comment && schema.$comment) commentKeyword(it);
		updateContext(it);
		checkAsyncSchema(it);
		const errsCount = gen.const("_errs", names_1.default.errors);
		typeAndKeywords(it, errsCount);
		gen.var(valid, (0, codegen_1._)`${errsCount} === ${names_1.default.errors}`);
	}
	function checkKeywords(it) {
		(0, util_1.checkUnknownRules)(it);
		checkRefsAndKeywords(it);
	}
	function typeAndKeywords(it, errsCount) {
		if (it.opts.jtd) return schemaKeywords(it, [], false, errsCount);
		const types = (0, dataType_1.getSchemaTypes)(it.schema);
		schemaKeywords(it, types, !(0, dataType_1.coerceAndCheckDataType)(it, types), errsCount);
	}
	function checkRefsAndKeywords(it) {
		const { schema, errSchemaPath, opts, self } = it;
		if (schema.$ref && opts.ignoreKeywordsWithRef && (0, util_1.schemaHasRulesButRef)(schema, self.RULES)) self.logger.warn(`$ref: keywords ignored in schema at path "${errSchemaPath}"`);
	}
	function checkNoDefault(it) {
		const { schema, opts } = it;
		if (schema.default !== void 0 && opts.useDefaults && opts.strictSchema) (0, util_1.checkStrictMode)(it, "default is ignored in the schema root");
	}
	function updateContext(it) {
		const schId = it.schema[it.opts.schemaId];
		if (schId) it.baseId = (0, resolve_1.resolveUrl)(it.opts.uriResolver, it.baseId, schId);
	}
	function checkAsyncSchema(it) {
		if (it.schema.$async && !it.schemaEnv.$async) throw new Error("async schema in sync schema");
	}
	function commentKeyword({ gen, schemaEnv, schema, errSchemaPath, opts }) {
		const msg = schema.$comment;
		if (opts.$comment === true) gen.code((0, codegen_1._)`${names_1.default.self}.logger.log(${msg})`);
		else if (typeof opts.$comment == "function") {
			const schemaPath = (0, codegen_1.str)`${errSchemaPath}/$comment`;
			const rootName = gen.scopeValue("root", { ref: schemaEnv.root });
			gen.code((0, codegen_1._)`${names_1.default.self}.opts.$comment(${msg}, ${schemaPath}, ${rootName}.schema)`);
		}
	}
	function returnResults(it) {
		const { gen, schemaEnv, validateName, ValidationError, opts } = it;
		if (schemaEnv.$async) gen.if((0, codegen_1._)`${names_1.default.errors} === 0`, () => gen.return(names_1.default.data), () => gen.throw((0, codegen_1._)`new ${ValidationError}(${names_1.default.vErrors})`));
		else {
			gen.assign((0, codegen_1._)`${validateName}.errors`, names_1.default.vErrors);
			if (opts.unevaluated) assignEvaluated(it);
			gen.return((0, codegen_1._)`${names_1.default.errors} === 0`);
		}
	}
	function assignEvaluated({ gen, evaluated, props, items }) {
		if (props instanceof codegen_1.Name) gen.assign((0, codegen_1._)`${evaluated}.props`, props);
		if (items instanceof codegen_1.Name) gen.assign((0, codegen_1._)`${evaluated}.items`, items);
	}
	function schemaKeywords(it, types, typeErrors, errsCount) {
		const { gen, schema, data, allErrors, opts, self } = it;
		const { RULES } = self;
		if (schema.$ref && (opts.ignoreKeywordsWithRef || !(0, util_1.schemaHasRulesButRef)(schema, RULES))) {
			gen.block(() => keywordCode(it, "$ref", RULES.all.$ref.definition));
			return;
		}
		if (!opts.jtd) checkStrictTypes(it, types);
		gen.block(() => {
			for (const group of RULES.rules) groupKeywords(group);
			groupKeywords(RULES.post);
		});
		function groupKeywords(group) {
			if (!(0, applicability_1.shouldUseGroup)(schema, group)) return;
			if (group.type) {
				gen.if((0, dataType_2.checkDataType)(group.type, data, opts.strictNumbers));
				iterateKeywords(it, group);
				if (types.length === 1 && types[0] === group.type && typeErrors) {
					gen.else();
					(0, dataType_2.reportTypeError)(it);
				}
				gen.endIf();
			} else iterateKeywords(it, group);
			if (!allErrors) gen.if((0, codegen_1._)`${names_1.default.errors} === ${errsCount || 0}`);
		}
	}
	function iterateKeywords(it, group) {
		const { gen, schema, opts: { useDefaults } } = it;
		if (useDefaults) (0, defaults_1.assignDefaults)(it, group.type);
		gen.block(() => {
			for (const rule of group.rules) if ((0, applicability_1.shouldUseRule)(schema, rule)) keywordCode(it, rule.keyword, rule.definition, group.type);
		});
	}
	function checkStrictTypes(it, types) {
		if (it.schemaEnv.meta || !it.opts.strictTypes) return;
		checkContextTypes(it, types);
		if (!it.opts.allowUnionTypes) checkMultipleTypes(it, types);
		checkKeywordTypes(it, it.dataTypes);
	}
	function checkContextTypes(it, types) {
		if (!types.length) return;
		if (!it.dataTypes.length) {
			it.dataTypes = types;
			return;
		}
		types.forEach((t) => {
			if (!includesType(it.dataTypes, t)) strictTypesError(it, `type "${t}" not allowed by context "${it.dataTypes.join(",")}"`);
		});
		narrowSchemaTypes(it, types);
	}
	function checkMultipleTypes(it, ts) {
		if (ts.length > 1 && !(ts.length === 2 && ts.includes("null"))) strictTypesError(it, "use allowUnionTypes to allow union type keyword");
	}
	function checkKeywordTypes(it, ts) {
		const rules = it.self.RULES.all;
		for (const keyword in rules) {
			const rule = rules[keyword];
			if (typeof rule == "object" && (0, applicability_1.shouldUseRule)(it.schema, rule)) {
				const { type } = rule.definition;
				if (type.length && !type.some((t) => hasApplicableType(ts, t))) strictTypesError(it, `missing type "${type.join(",")}" for keyword "${keyword}"`);
			}
		}
	}
	function hasApplicableType(schTs, kwdT) {
		return schTs.includes(kwdT) || kwdT === "number" && schTs.includes("integer");
	}
	function includesType(ts, t) {
		return ts.includes(t) || t === "integer" && ts.includes("number");
	}
	function narrowSchemaTypes(it, withTypes) {
		const ts = [];
		for (const t of it.dataTypes) if (includesType(withTypes, t)) ts.push(t);
		else if (withTypes.includes("integer") && t === "number") ts.push("integer");
		it.dataTypes = ts;
	}
	function strictTypesError(it, msg) {
		const schemaPath = it.schemaEnv.baseId + it.errSchemaPath;
		msg += ` at "${schemaPath}" (strictTypes)`;
		(0, util_1.checkStrictMode)(it, msg, it.opts.strictTypes);
	}
	var KeywordCxt = class {
		constructor(it, def, keyword) {
			(0, keyword_1.validateKeywordUsage)(it, def, keyword);
			this.gen = it.gen;
			this.allErrors = it.allErrors;
			this.keyword = keyword;
			this.data = it.data;
			this.schema = it.schema[keyword];
			this.$data = def.$data && it.opts.$data && this.schema && this.schema.$data;
			this.schemaValue = (0, util_1.schemaRefOrVal)(it, this.schema, keyword, this.$data);
			this.schemaType = def.schemaType;
			this.parentSchema = it.schema;
			this.params = {};
			this.it = it;
			this.def = def;
			if (this.$data) this.schemaCode = it.gen.const("vSchema", getData(this.$data, it));
			else {
				this.schemaCode = this.schemaValue;
				if (!(0, keyword_1.validSchemaType)(this.schema, def.schemaType, def.allowUndefined)) throw new Error(`${keyword} value must be ${JSON.stringify(def.schemaType)}`);
			}
			if ("code" in def ? def.trackErrors : def.errors !== false) this.errsCount = it.gen.const("_errs", names_1.default.errors);
		}
		result(condition, successAction, failAction) {
			this.failResult((0, codegen_1.not)(condition), successAction, failAction);
		}
		failResult(condition, successAction, failAction) {
			this.gen.if(condition);
			if (failAction) failAction();
			else this.error();
			if (successAction) {
				this.gen.else();
				successAction();
				if (this.allErrors) this.gen.endIf();
			} else if (this.allErrors) this.gen.endIf();
			else this.gen.else();
		}
		pass(condition, failAction) {
			this.failResult((0, codegen_1.not)(condition), void 0, failAction);
		}
		fail(condition) {
			if (condition === void 0) {
				this.error();
				if (!this.allErrors) this.gen.if(false);
				return;
			}
			this.gen.if(condition);
			this.error();
			if (this.allErrors) this.gen.endIf();
			else this.gen.else();
		}
		fail$data(condition) {
			if (!this.$data) return this.fail(condition);
			const { schemaCode } = this;
			this.fail((0, codegen_1._)`${schemaCode} !== undefined && (${(0, codegen_1.or)(this.invalid$data(), condition)})`);
		}
		error(append, errorParams, errorPaths) {
			if (errorParams) {
				this.setParams(errorParams);
				this._error(append, errorPaths);
				this.setParams({});
				return;
			}
			this._error(append, errorPaths);
		}
		_error(append, errorPaths) {
			(append ? errors_1.reportExtraError : errors_1.reportError)(this, this.def.error, errorPaths);
		}
		$dataError() {
			(0, errors_1.reportError)(this, this.def.$dataError || errors_1.keyword$DataError);
		}
		reset() {
			if (this.errsCount === void 0) throw new Error("add \"trackErrors\" to keyword definition");
			(0, errors_1.resetErrorsCount)(this.gen, this.errsCount);
		}
		ok(cond) {
			if (!this.allErrors) this.gen.if(cond);
		}
		setParams(obj, assign) {
			if (assign) Object.assign(this.params, obj);
			else this.params = obj;
		}
		block$data(valid, codeBlock, $dataValid = codegen_1.nil) {
			this.gen.block(() => {
				this.check$data(valid, $dataValid);
				codeBlock();
			});
		}
		check$data(valid = codegen_1.nil, $dataValid = codegen_1.nil) {
			if (!this.$data) return;
			const { gen, schemaCode, schemaType, def } = this;
			gen.if((0, codegen_1.or)((0, codegen_1._)`${schemaCode} === undefined`, $dataValid));
			if (valid !== codegen_1.nil) gen.assign(valid, true);
			if (schemaType.length || def.validateSchema) {
				gen.elseIf(this.invalid$data());
				this.$dataError();
				if (valid !== codegen_1.nil) gen.assign(valid, false);
			}
			gen.else();
		}
		invalid$data() {
			const { gen, schemaCode, schemaType, def, it } = this;
			return (0, codegen_1.or)(wrong$DataType(), invalid$DataSchema());
			function wrong$DataType() {
				if (schemaType.length) {
					if (!(schemaCode instanceof codegen_1.Name)) throw new Error("ajv implementation error");
					const st = Array.isArray(schemaType) ? schemaType : [schemaType];
					return (0, codegen_1._)`${(0, dataType_2.checkDataTypes)(st, schemaCode, it.opts.strictNumbers, dataType_2.DataType.Wrong)}`;
				}
				return codegen_1.nil;
			}
			function invalid$DataSchema() {
				if (def.validateSchema) {
					const validateSchemaRef = gen.scopeValue("validate$data", { ref: def.validateSchema });
					return (0, codegen_1._)`!${validateSchemaRef}(${schemaCode})`;
				}
				return codegen_1.nil;
			}
		}
		subschema(appl, valid) {
			const subschema = (0, subschema_1.getSubschema)(this.it, appl);
			(0, subschema_1.extendSubschemaData)(subschema, this.it, appl);
			(0, subschema_1.extendSubschemaMode)(subschema, appl);
			const nextContext = {
				...this.it,
				...subschema,
				items: void 0,
				props: void 0
			};
			subschemaCode(nextContext, valid);
			return nextContext;
		}
		mergeEvaluated(schemaCxt, toName) {
			const { it, gen } = this;
			if (!it.opts.unevaluated) return;
			if (it.props !== true && schemaCxt.props !== void 0) it.props = util_1.mergeEvaluated.props(gen, schemaCxt.props, it.props, toName);
			if (it.items !== true && schemaCxt.items !== void 0) it.items = util_1.mergeEvaluated.items(gen, schemaCxt.items, it.items, toName);
		}
		mergeValidEvaluated(schemaCxt, valid) {
			const { it, gen } = this;
			if (it.opts.unevaluated && (it.props !== true || it.items !== true)) {
				gen.if(valid, () => this.mergeEvaluated(schemaCxt, codegen_1.Name));
				return true;
			}
		}
	};
	exports.KeywordCxt = KeywordCxt;
	function keywordCode(it, keyword, def, ruleType) {
		const cxt = new KeywordCxt(it, def, keyword);
		if ("code" in def) def.code(cxt, ruleType);
		else if (cxt.$data && def.validate) (0, keyword_1.funcKeywordCode)(cxt, def);
		else if ("macro" in def) (0, keyword_1.macroKeywordCode)(cxt, def);
		else if (def.compile || def.validate) (0, keyword_1.funcKeywordCode)(cxt, def);
	}
	const JSON_POINTER = /^\/(?:[^~]|~0|~1)*$/;
	const RELATIVE_JSON_POINTER = /^([0-9]+)(#|\/(?:[^~]|~0|~1)*)?$/;
	function getData($data, { dataLevel, dataNames, dataPathArr }) {
		let jsonPointer;
		let data;
		if ($data === "") return names_1.default.rootData;
		if ($data[0] === "/") {
			if (!JSON_POINTER.test($data)) throw new Error(`Invalid JSON-pointer: ${$data}`);
			jsonPointer = $data;
			data = names_1.default.rootData;
		} else {
			const matches = RELATIVE_JSON_POINTER.exec($data);
			if (!matches) throw new Error(`Invalid JSON-pointer: ${$data}`);
			const up = +matches[1];
			jsonPointer = matches[2];
			if (jsonPointer === "#") {
				if (up >= dataLevel) throw new Error(errorMsg("property/index", up));
				return dataPathArr[dataLevel - up];
			}
			if (up > dataLevel) throw new Error(errorMsg("data", up));
			data = dataNames[dataLevel - up];
			if (!jsonPointer) return data;
		}
		let expr = data;
		const segments = jsonPointer.split("/");
		for (const segment of segments) if (segment) {
			data = (0, codegen_1._)`${data}${(0, codegen_1.getProperty)((0, util_1.unescapeJsonPointer)(segment))}`;
			expr = (0, codegen_1._)`${expr} && ${data}`;
		}
		return expr;
		function errorMsg(pointerType, up) {
			return `Cannot access ${pointerType} ${up} levels up, current level is ${dataLevel}`;
		}
	}
	exports.getData = getData;
}));
// node_modules/ajv/dist/runtime/validation_error.js
var require_validation_error = __commonJSMin(((exports) => {
	Object.defineProperty(exports, "__esModule", { value: true });
	var ValidationError = class extends Error {
		constructor(errors) {
			super("validation failed");
			this.errors = errors;
			this.ajv = this.validation = true;
		}
	};
	exports.default = ValidationError;
}));
// node_modules/ajv/dist/compile/ref_error.js
var require_ref_error = __commonJSMin(((exports) => {
	Object.defineProperty(exports, "__esModule", { value: true });
	const resolve_1 = require_resolve();
	var MissingRefError = class extends Error {
		constructor(resolver, baseId, ref, msg) {
			super(msg || `can't resolve reference ${ref} from id ${baseId}`);
			this.missingRef = (0, resolve_1.resolveUrl)(resolver, baseId, ref);
			this.missingSchema = (0, resolve_1.normalizeId)((0, resolve_1.getFullPath)(resolver, this.missingRef));
		}
	};
	exports.default = MissingRefError;
}));
// node_modules/ajv/dist/compile/index.js
var require_compile = __commonJSMin(((exports) => {
	Object.defineProperty(exports, "__esModule", { value: true });
	exports.resolveSchema = exports.getCompilingSchema = exports.resolveRef = exports.compileSchema = exports.SchemaEnv = void 0;
	const codegen_1 = require_codegen();
	const validation_error_1 = require_validation_error();
	const names_1 = require_names();
	const resolve_1 = require_resolve();
	const util_1 = require_util();
	const validate_1 = require_validate();
	var SchemaEnv = class {
		constructor(env) {
			var _a;
			this.refs = {};
			this.dynamicAnchors = {};
			let schema;
			if (typeof env.schema == "object") schema = env.schema;
			this.schema = env.schema;
			this.schemaId = env.schemaId;
			this.root = env.root || this;
			this.baseId = (_a = env.baseId) !== null && _a !== void 0 ? _a : (0, resolve_1.normalizeId)(schema === null || schema === void 0 ? void 0 : schema[env.schemaId || "$id"]);
			this.schemaPath = env.schemaPath;
			this.localRefs = env.localRefs;
			this.meta = env.meta;
			this.$async = schema === null || schema === void 0 ? void 0 : schema.$async;
			this.refs = {};
		}
	};
	exports.SchemaEnv = SchemaEnv;
	function compileSchema(sch) {
		const _sch = getCompilingSchema.call(this, sch);
		if (_sch) return _sch;
		const rootId = (0, resolve_1.getFullPath)(this.opts.uriResolver, sch.root.baseId);
		const { es5, lines } = this.opts.code;
		const { ownProperties } = this.opts;
		const gen = new codegen_1.CodeGen(this.scope, {
			es5,
			lines,
			ownProperties
		});
		let _ValidationError;
		if (sch.$async) _ValidationError = gen.scopeValue("Error", {
			ref: validation_error_1.default,
			code: (0, codegen_1._)`require("ajv/dist/runtime/validation_error").default`
		});
		const validateName = gen.scopeName("validate");
		sch.validateName = validateName;
		const schemaCxt = {
			gen,
			allErrors: this.opts.allErrors,
			data: names_1.default.data,
			parentData: names_1.default.parentData,
			parentDataProperty: names_1.default.parentDataProperty,
			dataNames: [names_1.default.data],
			dataPathArr: [codegen_1.nil],
			dataLevel: 0,
			dataTypes: [],
			definedProperties: new Set(),
			topSchemaRef: gen.scopeValue("schema", this.opts.code.source === true ? {
				ref: sch.schema,
				code: (0, codegen_1.stringify)(sch.schema)
			} : { ref: sch.schema }),
			validateName,
			ValidationError: _ValidationError,
			schema: sch.schema,
			schemaEnv: sch,
			rootId,
			baseId: sch.baseId || rootId,
			schemaPath: codegen_1.nil,
			errSchemaPath: sch.schemaPath || (this.opts.jtd ? "" : "#"),
			errorPath: (0, codegen_1._)`""`,
			opts: this.opts,
			self: this
		};
		let sourceCode;
		try {
			this._compilations.add(sch);
			(0, validate_1.validateFunctionCode)(schemaCxt);
			gen.optimize(this.opts.code.optimize);
			const validateCode = gen.toString();
			sourceCode = `${gen.scopeRefs(names_1.default.scope)}return ${validateCode}`;
			if (this.opts.code.process) sourceCode = this.opts.code.process(sourceCode, sch);
			const validate = new Function(`${names_1.default.self}`, `${names_1.default.scope}`, sourceCode)(this, this.scope.get());
			this.scope.value(validateName, { ref: validate });
			validate.errors = null;
			validate.schema = sch.schema;
			validate.schemaEnv = sch;
			if (sch.$async) validate.$async = true;
			if (this.opts.code.source === true) validate.source = {
				validateName,
				validateCode,
				scopeValues: gen._values
			};
			if (this.opts.unevaluated) {
				const { props, items } = schemaCxt;
				validate.evaluated = {
					props: props instanceof codegen_1.Name ? void 0 : props,
					items: items instanceof codegen_1.Name ? void 0 : items,
					dynamicProps: props instanceof codegen_1.Name,
					dynamicItems: items instanceof codegen_1.Name
				};
				if (validate.source) validate.source.evaluated = (0, codegen_1.stringify)(validate.evaluated);
			}
			sch.validate = validate;
			return sch;
		} catch (e) {
			delete sch.validate;
			delete sch.validateName;
			if (sourceCode) this.logger.error("Error compiling schema, function code:", sourceCode);
			throw e;
		} finally {
			this._compilations.delete(sch);
		}
	}
	exports.compileSchema = compileSchema;
	function resolveRef(root, baseId, ref) {
		var _a;
		ref = (0, resolve_1.resolveUrl)(this.opts.uriResolver, baseId, ref);
		const schOrFunc = root.refs[ref];
		if (schOrFunc) return schOrFunc;
		let _sch = resolve.call(this, root, ref);
		if (_sch === void 0) {
			const schema = (_a = root.localRefs) === null || _a === void 0 ? void 0 : _a[ref];
			const { schemaId } = this.opts;
			if (schema) _sch = new SchemaEnv({
				schema,
				schemaId,
				root,
				baseId
			});
		}
		if (_sch === void 0) return;
		return root.refs[ref] = inlineOrCompile.call(this, _sch);
	}
	exports.resolveRef = resolveRef;
	function inlineOrCompile(sch) {
		if ((0, resolve_1.inlineRef)(sch.schema, this.opts.inlineRefs)) return sch.schema;
		return sch.validate ? sch : compileSchema.call(this, sch);
	}
	function getCompilingSchema(schEnv) {
		for (const sch of this._compilations) if (sameSchemaEnv(sch, schEnv)) return sch;
	}
	exports.getCompilingSchema = getCompilingSchema;
	function sameSchemaEnv(s1, s2) {
		return s1.schema === s2.schema && s1.root === s2.root && s1.baseId === s2.baseId;
	}
	function resolve(root, ref) {
		let sch;
		while (typeof (sch = this.refs[ref]) == "string") ref = sch;
		return sch || this.schemas[ref] || resolveSchema.call(this, root, ref);
	}
	function resolveSchema(root, ref) {
		const p = this.opts.uriResolver.parse(ref);
		const refPath = (0, resolve_1._getFullPath)(this.opts.uriResolver, p);
		let baseId = (0, resolve_1.getFullPath)(this.opts.uriResolver, root.baseId, void 0);
		if (Object.keys(root.schema).length > 0 && refPath === baseId) return getJsonPointer.call(this, p, root);
		const id = (0, resolve_1.normalizeId)(refPath);
		const schOrRef = this.refs[id] || this.schemas[id];
		if (typeof schOrRef == "string") {
			const sch = resolveSchema.call(this, root, schOrRef);
			if (typeof (sch === null || sch === void 0 ? void 0 : sch.schema) !== "object") return;
			return getJsonPointer.call(this, p, sch);
		}
		if (typeof (schOrRef === null || schOrRef === void 0 ? void 0 : schOrRef.schema) !== "object") return;
		if (!schOrRef.validate) compileSchema.call(this, schOrRef);
		if (id === (0, resolve_1.normalizeId)(ref)) {
			const { schema } = schOrRef;
			const { schemaId } = this.opts;
			const schId = schema[schemaId];
			if (schId) baseId = (0, resolve_1.resolveUrl)(this.opts.uriResolver, baseId, schId);
			return new SchemaEnv({
				schema,
				schemaId,
				root,
				baseId
			});
		}
		return getJsonPointer.call(this, p, schOrRef);
	}
	exports.resolveSchema = resolveSchema;
	const PREVENT_SCOPE_CHANGE = new Set([
		"properties",
		"patternProperties",
		"enum",
		"dependencies",
		"definitions"
	]);
	function getJsonPointer(parsedRef, { baseId, schema, root }) {
		var _a;
		if (((_a = parsedRef.fragment) === null || _a === void 0 ? void 0 : _a[0]) !== "/") return;
		for (const part of parsedRef.fragment.slice(1).split("/")) {
			if (typeof schema === "boolean") return;
			const partSchema = schema[(0, util_1.unescapeFragment)(part)];
			if (partSchema === void 0) return;
			schema = partSchema;
			const schId = typeof schema === "object" && schema[this.opts.schemaId];
			if (!PREVENT_SCOPE_CHANGE.has(part) && schId) baseId = (0, resolve_1.resolveUrl)(this.opts.uriResolver, baseId, schId);
		}
		let env;
		if (typeof schema != "boolean" && schema.$ref && !(0, util_1.schemaHasRulesButRef)(schema, this.RULES)) {
			const $ref = (0, resolve_1.resolveUrl)(this.opts.uriResolver, baseId, schema.$ref);
			env = resolveSchema.call(this, root, $ref);
		}
		const { schemaId } = this.opts;
		env = env || new SchemaEnv({
			schema,
			schemaId,
			root,
			baseId
		});
		if (env.schema !== env.root.schema) return env;
	}
}));
// node_modules/ajv/dist/refs/data.json
var require_data = __commonJSMin(((exports, module) => {
	module.exports = {
		"$id": "https://raw.githubusercontent.com/ajv-validator/ajv/master/lib/refs/data.json#",
		"description": "Meta-schema for $data reference (JSON AnySchema extension proposal)",
		"type": "object",
		"required": ["$data"],
		"properties": { "$data": {
			"type": "string",
			"anyOf": [{ "format": "relative-json-pointer" }, { "format": "json-pointer" }]
		} },
		"additionalProperties": false
	};
}));
// node_modules/fast-uri/lib/utils.js
var require_utils = __commonJSMin(((exports, module) => {
	const isUUID = RegExp.prototype.test.bind(/^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/iu);
	const isIPv4 = RegExp.prototype.test.bind(/^(?:(?:25[0-5]|2[0-4]\d|1\d{2}|[1-9]\d|\d)\.){3}(?:25[0-5]|2[0-4]\d|1\d{2}|[1-9]\d|\d)$/u);
	const isPort = RegExp.prototype.test.bind(/^\d*$/u);
	const isHexPair = RegExp.prototype.test.bind(/^[\da-f]{2}$/iu);
	const isUnreserved = RegExp.prototype.test.bind(/^[\da-z\-._~]$/iu);
	const isPathCharacter = RegExp.prototype.test.bind(/^[A-Za-z0-9\-._~!$&'()*+,;=:@/]$/u);
	const isQueryFragmentCharacter = RegExp.prototype.test.bind(/^[A-Za-z0-9\-._~!$&'()*+,;=:@/?]$/u);
	const isUserinfoCharacter = RegExp.prototype.test.bind(/^[A-Za-z0-9\-._~!$&'()*+,;=:]$/u);
	const BYTE_HEX = new Array(256);
	{
		const HEX_DIGITS = "0123456789ABCDEF";
		for (let i = 0; i < 256; i++) BYTE_HEX[i] = "%" + HEX_DIGITS[i >> 4] + HEX_DIGITS[i & 15];
	}
	function percentEncodeNonAscii(cp) {
		if (cp < 2048) return BYTE_HEX[192 | cp >> 6] + BYTE_HEX[128 | cp & 63];
		if (cp < 65536) return BYTE_HEX[224 | cp >> 12] + BYTE_HEX[128 | cp >> 6 & 63] + BYTE_HEX[128 | cp & 63];
		return BYTE_HEX[240 | cp >> 18] + BYTE_HEX[128 | cp >> 12 & 63] + BYTE_HEX[128 | cp >> 6 & 63] + BYTE_HEX[128 | cp & 63];
	}
	function stringArrayToHexStripped(input) {
		let acc = "";
		let code = 0;
		let i = 0;
		for (i = 0; i < input.length; i++) {
			code = input[i].charCodeAt(0);
			if (code === 48) continue;
			if (!(code >= 48 && code <= 57 || code >= 65 && code <= 70 || code >= 97 && code <= 102)) return "";
			acc += input[i];
			break;
		}
		for (i += 1; i < input.length; i++) {
			code = input[i].charCodeAt(0);
			if (!(code >= 48 && code <= 57 || code >= 65 && code <= 70 || code >= 97 && code <= 102)) return "";
			acc += input[i];
		}
		return acc;
	}
	const isHextet = RegExp.prototype.test.bind(/^[\dA-Fa-f]{1,4}$/);
	const isIPvFuture = RegExp.prototype.test.bind(/^[vV][\dA-Fa-f]+\.[A-Za-z\d\-._~!$&'()*+,;=:]+$/);
	const isZoneCharacter = RegExp.prototype.test.bind(/^[A-Za-z\d\-._~]$/);
	const nonSimpleDomain = RegExp.prototype.test.bind(/[^!"$&'()*+,\-.;=_`a-z{}~]/u);
	function isZoneIdentifier(zone) {
		if (zone.length === 0) return false;
		for (let i = 0; i < zone.length; i++) {
			if (isZoneCharacter(zone[i])) continue;
			if (zone[i] === "%" && i + 2 < zone.length && isHexPair(zone.slice(i + 1, i + 3))) {
				i += 2;
				continue;
			}
			return false;
		}
		return true;
	}
	function compressIPv6ZeroRun(hextets) {
		let bestStart = -1;
		let bestLength = 0;
		let runStart = -1;
		let runLength = 0;
		for (let i = 0; i < hextets.length; i++) if (hextets[i] === "0") {
			if (runStart === -1) runStart = i;
			runLength++;
			if (runLength > bestLength) {
				bestLength = runLength;
				bestStart = runStart;
			}
		} else {
			runStart = -1;
			runLength = 0;
		}
		if (bestLength < 2) return hextets.join(":");
		const head = hextets.slice(0, bestStart).join(":");
		const tail = hextets.slice(bestStart + bestLength).join(":");
		return head + "::" + tail;
	}
	function normalizeIPv6Address(input) {
		const compression = input.indexOf("::");
		if (compression !== -1 && input.indexOf("::", compression + 1) !== -1) return void 0;
		const left = compression === -1 ? input.split(":") : input.slice(0, compression).split(":");
		const right = compression === -1 ? [] : input.slice(compression + 2).split(":");
		if (compression !== -1) {
			if (left.length === 1 && left[0] === "") left.length = 0;
			if (right.length === 1 && right[0] === "") right.length = 0;
		}
		const parts = left.concat(right);
		let hextetCount = 0;
		for (let i = 0; i < parts.length; i++) {
			const part = parts[i];
			if (part === "") return void 0;
			if (part.indexOf(".") !== -1) {
				if (i !== parts.length - 1 || compression !== -1 && right.length === 0 || !isIPv4(part)) return void 0;
				hextetCount += 2;
				continue;
			}
			if (!isHextet(part)) return void 0;
			parts[i] = parseInt(part, 16).toString(16);
			hextetCount++;
		}
		if (compression === -1) {
			if (hextetCount !== 8) return void 0;
			return compressIPv6ZeroRun(parts);
		}
		if (hextetCount >= 8) return void 0;
		const expanded = parts.slice(0, left.length);
		for (let i = hextetCount; i < 8; i++) expanded.push("0");
		for (let i = left.length; i < parts.length; i++) expanded.push(parts[i]);
		return compressIPv6ZeroRun(expanded);
	}
	function normalizeIPv6(host) {
		const bracketed = host[0] === "[" && host[host.length - 1] === "]";
		if ((host[0] === "[" || host[host.length - 1] === "]") && !bracketed) return {
			host,
			isIPV6: false,
			error: true
		};
		let input = bracketed ? host.slice(1, -1) : host;
		if (bracketed && isIPvFuture(input)) {
			input = input.toLowerCase();
			return {
				host: `[${input}]`,
				escapedHost: input,
				isIPV6: false,
				isIPVFuture: true
			};
		}
		if (findToken(input, ":") < 2) return {
			host,
			isIPV6: false,
			error: bracketed
		};
		let zoneIdentifier = "";
		const zoneSeparator = input.indexOf("%");
		if (zoneSeparator !== -1) {
			const separatorLength = input.slice(zoneSeparator, zoneSeparator + 3).toLowerCase() === "%25" ? 3 : 1;
			zoneIdentifier = input.slice(zoneSeparator + separatorLength);
			if (!isZoneIdentifier(zoneIdentifier)) return {
				host,
				isIPV6: false,
				error: true
			};
			input = input.slice(0, zoneSeparator);
		}
		const address = normalizeIPv6Address(input);
		if (address === void 0) return {
			host,
			isIPV6: false,
			error: true
		};
		return {
			host: address + (zoneIdentifier ? "%" + zoneIdentifier : ""),
			escapedHost: address + (zoneIdentifier ? "%25" + zoneIdentifier : ""),
			isIPV6: true
		};
	}
	function findToken(str, token) {
		let ind = 0;
		for (let i = 0; i < str.length; i++) if (str[i] === token) ind++;
		return ind;
	}
	function removeDotSegments(path) {
		let input = path;
		const output = [];
		let nextSlash = -1;
		let len = 0;
		while (len = input.length) {
			if (len === 1) {
				if (input === ".") break;
				else if (input === "/") {
					output.push("/");
					break;
				} else {
					output.push(input);
					break;
				}
			} else if (len === 2) {
				if (input[0] === ".") {
					if (input[1] === ".") break;
					else if (input[1] === "/") {
						input = input.slice(2);
						continue;
					}
				} else if (input[0] === "/") {
					if (input[1] === "." || input[1] === "/") {
						output.push("/");
						break;
					}
				}
			} else if (len === 3) {
				if (input === "/..") {
					if (output.length !== 0) output.pop();
					output.push("/");
					break;
				}
			}
			if (input[0] === ".") {
				if (input[1] === ".") {
					if (input[2] === "/") {
						input = input.slice(3);
						continue;
					}
				} else if (input[1] === "/") {
					input = input.slice(2);
					continue;
				}
			} else if (input[0] === "/") {
				if (input[1] === ".") {
					if (input[2] === "/") {
						input = input.slice(2);
						continue;
					} else if (input[2] === ".") {
						if (input[3] === "/") {
							input = input.slice(3);
							if (output.length !== 0) output.pop();
							continue;
						}
					}
				}
			}
			if ((nextSlash = input.indexOf("/", 1)) === -1) {
				output.push(input);
				break;
			} else {
				output.push(input.slice(0, nextSlash));
				input = input.slice(nextSlash);
			}
		}
		return output.join("");
	}
	function removeDotSegmentsRelative(path) {
		if (path === "" || path[0] === "/") return removeDotSegments(path);
		const segments = path.split("/");
		const last = segments.length - 1;
		const output = [];
		let trailingDirectory = false;
		for (let i = 0; i <= last; i++) {
			const segment = segments[i];
			if (segment === "." || segment === "..") {
				if (segment === "..") {
					if (output.length !== 0 && output[output.length - 1] !== "..") output.pop();
					else output.push("..");
				}
				trailingDirectory = i === last;
			} else output.push(segment);
		}
		if (trailingDirectory && output[output.length - 1] !== "..") output.push("");
		if (output.length === 0 || output[0] === "" || output[0].includes(":")) output.unshift(".");
		return output.join("/");
	}
	const HOST_DELIMS = {
		"@": "%40",
		"/": "%2F",
		"?": "%3F",
		"#": "%23",
		":": "%3A"
	};
	const HOST_DELIM_RE = /[@/?#:]/g;
	const HOST_DELIM_NO_COLON_RE = /[@/?#]/g;
	function reescapeHostDelimiters(host, isIP) {
		const re = isIP ? HOST_DELIM_NO_COLON_RE : HOST_DELIM_RE;
		re.lastIndex = 0;
		return host.replace(re, (ch) => HOST_DELIMS[ch]);
	}
	function normalizePercentEncoding(input, decodeUnreserved = false) {
		if (input.indexOf("%") === -1) return input;
		let output = "";
		for (let i = 0; i < input.length; i++) {
			if (input[i] === "%" && i + 2 < input.length) {
				const hex = input.slice(i + 1, i + 3);
				if (isHexPair(hex)) {
					const normalizedHex = hex.toUpperCase();
					const decoded = String.fromCharCode(parseInt(normalizedHex, 16));
					if (decodeUnreserved && isUnreserved(decoded)) output += decoded;
					else output += "%" + normalizedHex;
					i += 2;
					continue;
				}
			}
			output += input[i];
		}
		return output;
	}
	function normalizePathEncoding(input) {
		let output = "";
		for (let i = 0; i < input.length; i++) {
			const ch = input[i];
			if (ch === "%" && i + 2 < input.length) {
				const hex = input.slice(i + 1, i + 3);
				if (isHexPair(hex)) {
					const normalizedHex = hex.toUpperCase();
					const decoded = String.fromCharCode(parseInt(normalizedHex, 16));
					if (decoded !== "." && isUnreserved(decoded)) output += decoded;
					else output += "%" + normalizedHex;
					i += 2;
					continue;
				}
			}
			if (isPathCharacter(ch)) output += ch;
			else {
				const code = input.charCodeAt(i);
				if (code < 128) output += isEscapeSafe(code) ? ch : BYTE_HEX[code];
				else if (code < 55296 || code > 57343) output += percentEncodeNonAscii(code);
				else if (code <= 56319 && i + 1 < input.length) {
					const low = input.charCodeAt(i + 1);
					if (low >= 56320 && low <= 57343) {
						output += percentEncodeNonAscii(65536 + (code - 55296 << 10) + (low - 56320));
						i++;
					} else output += percentEncodeNonAscii(65533);
				} else output += percentEncodeNonAscii(65533);
			}
		}
		return output;
	}
	function serializePathEncoding(input, pathNoScheme = false) {
		let output = "";
		let firstSegment = pathNoScheme && input[0] !== "/";
		for (let i = 0; i < input.length; i++) {
			const ch = input[i];
			if (ch === "%" && i + 2 < input.length) {
				const hex = input.slice(i + 1, i + 3);
				if (isHexPair(hex)) {
					output += "%" + hex.toUpperCase();
					i += 2;
					continue;
				}
			}
			if (ch === "/") firstSegment = false;
			if (isPathCharacter(ch) && (ch !== ":" || !firstSegment)) output += ch;
			else {
				const code = input.charCodeAt(i);
				if (code < 128) output += BYTE_HEX[code];
				else if (code < 55296 || code > 57343) output += percentEncodeNonAscii(code);
				else if (code <= 56319 && i + 1 < input.length) {
					const low = input.charCodeAt(i + 1);
					if (low >= 56320 && low <= 57343) {
						output += percentEncodeNonAscii(65536 + (code - 55296 << 10) + (low - 56320));
						i++;
					} else output += percentEncodeNonAscii(65533);
				} else output += percentEncodeNonAscii(65533);
			}
		}
		return output;
	}
	function encodeComponent(input, isAllowed) {
		let output = "";
		for (let i = 0; i < input.length; i++) {
			const ch = input[i];
			if (ch === "%" && i + 2 < input.length) {
				const hex = input.slice(i + 1, i + 3);
				if (isHexPair(hex)) {
					output += "%" + hex.toUpperCase();
					i += 2;
					continue;
				}
			}
			if (isAllowed(ch)) output += ch;
			else {
				const code = input.charCodeAt(i);
				if (code < 128) output += BYTE_HEX[code];
				else if (code < 55296 || code > 57343) output += percentEncodeNonAscii(code);
				else if (code <= 56319 && i + 1 < input.length) {
					const low = input.charCodeAt(i + 1);
					if (low >= 56320 && low <= 57343) {
						output += percentEncodeNonAscii(65536 + (code - 55296 << 10) + (low - 56320));
						i++;
					} else output += percentEncodeNonAscii(65533);
				} else output += percentEncodeNonAscii(65533);
			}
		}
		return output;
	}
	function encodeUserinfo(input) {
		return encodeComponent(input, isUserinfoCharacter);
	}
	function encodeQuery(input) {
		return encodeComponent(input, isQueryFragmentCharacter);
	}
	function encodeFragment(input) {
		return encodeComponent(input, isQueryFragmentCharacter);
	}
	function isEscapeSafe(cp) {
		return cp >= 48 && cp <= 57 || cp >= 65 && cp <= 90 || cp >= 97 && cp <= 122 || cp === 42 || cp === 43 || cp === 45 || cp === 46 || cp === 47 || cp === 64 || cp === 95;
	}
	function normalizeQueryFragmentEncoding(input) {
		let output = "";
		for (let i = 0; i < input.length; i++) {
			const ch = input[i];
			if (ch === "%" && i + 2 < input.length) {
				const hex = input.slice(i + 1, i + 3);
				if (isHexPair(hex)) {
					const normalizedHex = hex.toUpperCase();
					const decoded = String.fromCharCode(parseInt(normalizedHex, 16));
					if (isUnreserved(decoded)) output += decoded;
					else output += "%" + normalizedHex;
					i += 2;
					continue;
				}
			}
			if (isQueryFragmentCharacter(ch)) output += ch;
			else {
				const code = input.charCodeAt(i);
				if (code < 128) output += isEscapeSafe(code) ? ch : BYTE_HEX[code];
				else if (code < 55296 || code > 57343) output += percentEncodeNonAscii(code);
				else if (code <= 56319 && i + 1 < input.length) {
					const low = input.charCodeAt(i + 1);
					if (low >= 56320 && low <= 57343) {
						output += percentEncodeNonAscii(65536 + (code - 55296 << 10) + (low - 56320));
						i++;
					} else output += percentEncodeNonAscii(65533);
				} else output += percentEncodeNonAscii(65533);
			}
		}
		return output;
	}
	function escapePreservingEscapes(input) {
		let output = "";
		for (let i = 0; i < input.length; i++) {
			if (input[i] === "%" && i + 2 < input.length) {
				const hex = input.slice(i + 1, i + 3);
				if (isHexPair(hex)) {
					output += "%" + hex.toUpperCase();
					i += 2;
					continue;
				}
			}
			output += escape(input[i]);
		}
		return output;
	}
	function recomposeAuthority(component) {
		const uriTokens = [];
		if (component.userinfo !== void 0) {
			uriTokens.push(encodeUserinfo(component.userinfo));
			uriTokens.push("@");
		}
		if (component.host !== void 0) {
			let host = component.host;
			if (!isIPv4(host)) {
				let ipV6res = normalizeIPv6(host);
				if (ipV6res.isIPV6 !== true && ipV6res.isIPVFuture !== true) {
					host = normalizePercentEncoding(host, true);
					ipV6res = normalizeIPv6(host);
				}
				if (ipV6res.isIPV6 === true || ipV6res.isIPVFuture === true) host = `[${ipV6res.escapedHost}]`;
				else host = reescapeHostDelimiters(host, false);
			}
			uriTokens.push(host);
		}
		if (typeof component.port === "number" || typeof component.port === "string") {
			const port = String(component.port);
			if (!isPort(port)) throw new TypeError("URI port is malformed.");
			uriTokens.push(":");
			uriTokens.push(port);
		}
		return uriTokens.length ? uriTokens.join("") : void 0;
	}
	module.exports = {
		nonSimpleDomain,
		recomposeAuthority,
		reescapeHostDelimiters,
		normalizePercentEncoding,
		normalizePathEncoding,
		serializePathEncoding,
		normalizeQueryFragmentEncoding,
		encodeUserinfo,
		encodeQuery,
		encodeFragment,
		escapePreservingEscapes,
		removeDotSegments,
		removeDotSegmentsRelative,
		isIPv4,
		isUUID,
		normalizeIPv6,
		stringArrayToHexStripped
	};
}));
// node_modules/fast-uri/lib/schemes.js
var require_schemes = __commonJSMin(((exports, module) => {
	const { isUUID } = require_utils();
	const URN_REG = /^([\da-z][\d\-a-z]{0,31}):((?:[\w!$'()*+,\-./:;=@]|%[\da-f]{2})+)$/iu;
	const supportedSchemeNames = [
		"http",
		"https",
		"ws",
		"wss",
		"urn",
		"urn:uuid"
	];
	function isValidSchemeName(name) {
		return supportedSchemeNames.indexOf(name) !== -1;
	}
	function wsIsSecure(wsComponent) {
		if (wsComponent.secure === true) return true;
		else if (wsComponent.secure === false) return false;
		else if (wsComponent.scheme) return wsComponent.scheme.length === 3 && (wsComponent.scheme[0] === "w" || wsComponent.scheme[0] === "W") && (wsComponent.scheme[1] === "s" || wsComponent.scheme[1] === "S") && (wsComponent.scheme[2] === "s" || wsComponent.scheme[2] === "S");
		else return false;
	}
	function httpParse(component) {
		if (!component.host) component.error = component.error || "HTTP URIs must have a host.";
		return component;
	}
	function httpSerialize(component) {
		const secure = String(component.scheme).toLowerCase() === "https";
		if (component.port === (secure ? 443 : 80) || component.port === "") component.port = void 0;
		if (!component.path) component.path = "/";
		return component;
	}
	function wsParse(wsComponent) {
		wsComponent.secure = wsIsSecure(wsComponent);
		wsComponent.resourceName = (wsComponent.path || "/") + (wsComponent.query ? "?" + wsComponent.query : "");
		wsComponent.path = void 0;
		wsComponent.query = void 0;
		return wsComponent;
	}
	function wsSerialize(wsComponent) {
		if (wsComponent.port === (wsIsSecure(wsComponent) ? 443 : 80) || wsComponent.port === "") wsComponent.port = void 0;
		if (typeof wsComponent.secure === "boolean") {
			wsComponent.scheme = wsComponent.secure ? "wss" : "ws";
			wsComponent.secure = void 0;
		}
		if (wsComponent.resourceName) {
			const queryIndex = wsComponent.resourceName.indexOf("?");
			const path = queryIndex === -1 ? wsComponent.resourceName : wsComponent.resourceName.slice(0, queryIndex);
			wsComponent.path = path && path !== "/" ? path : void 0;
			wsComponent.query = queryIndex === -1 ? void 0 : wsComponent.resourceName.slice(queryIndex + 1);
			wsComponent.resourceName = void 0;
		}
		wsComponent.fragment = void 0;
		return wsComponent;
	}
	function urnParse(urnComponent, options) {
		if (!urnComponent.path) {
			urnComponent.error = "URN can not be parsed";
			return urnComponent;
		}
		const matches = urnComponent.path.match(URN_REG);
		if (matches && matches[0] === urnComponent.path) {
			const scheme = options.scheme || urnComponent.scheme || "urn";
			urnComponent.nid = matches[1].toLowerCase();
			urnComponent.nss = matches[2];
			const schemeHandler = getSchemeHandler(`${scheme}:${options.nid || urnComponent.nid}`);
			urnComponent.path = void 0;
			if (schemeHandler) urnComponent = schemeHandler.parse(urnComponent, options);
		} else urnComponent.error = urnComponent.error || "URN can not be parsed.";
		return urnComponent;
	}
	function urnSerialize(urnComponent, options) {
		if (urnComponent.nid === void 0) throw new Error("URN without nid cannot be serialized");
		const scheme = options.scheme || urnComponent.scheme || "urn";
		const nid = urnComponent.nid.toLowerCase();
		const schemeHandler = getSchemeHandler(`${scheme}:${options.nid || nid}`);
		if (schemeHandler) urnComponent = schemeHandler.serialize(urnComponent, options);
		const uriComponent = urnComponent;
		const nss = urnComponent.nss;
		uriComponent.path = `${nid || options.nid}:${nss}`;
		options.skipEscape = true;
		return uriComponent;
	}
	function urnuuidParse(urnComponent, options) {
		const uuidComponent = urnComponent;
		uuidComponent.uuid = uuidComponent.nss;
		uuidComponent.nss = void 0;
		if (!options.tolerant && (!uuidComponent.uuid || !isUUID(uuidComponent.uuid))) uuidComponent.error = uuidComponent.error || "UUID is not valid.";
		return uuidComponent;
	}
	function urnuuidSerialize(uuidComponent) {
		const urnComponent = uuidComponent;
		urnComponent.nss = (uuidComponent.uuid || "").toLowerCase();
		return urnComponent;
	}
	const http = {
		scheme: "http",
		domainHost: true,
		parse: httpParse,
		serialize: httpSerialize
	};
	const https = {
		scheme: "https",
		domainHost: http.domainHost,
		parse: httpParse,
		serialize: httpSerialize
	};
	const ws = {
		scheme: "ws",
		domainHost: true,
		parse: wsParse,
		serialize: wsSerialize
	};
	const SCHEMES = {
		http,
		https,
		ws,
		wss: {
			scheme: "wss",
			domainHost: ws.domainHost,
			parse: ws.parse,
			serialize: ws.serialize
		},
		urn: {
			scheme: "urn",
			parse: urnParse,
			serialize: urnSerialize,
			skipNormalize: true
		},
		"urn:uuid": {
			scheme: "urn:uuid",
			parse: urnuuidParse,
			serialize: urnuuidSerialize,
			skipNormalize: true
		}
	};
	Object.setPrototypeOf(SCHEMES, null);
	function getSchemeHandler(scheme) {
		return scheme && (SCHEMES[scheme] || SCHEMES[scheme.toLowerCase()]) || void 0;
	}
	module.exports = {
		wsIsSecure,
		SCHEMES,
		isValidSchemeName,
		getSchemeHandler
	};
}));
// node_modules/fast-uri/index.js
var require_fast_uri = __commonJSMin(((exports, module) => {
	const { normalizeIPv6, removeDotSegments, removeDotSegmentsRelative, recomposeAuthority, normalizePercentEncoding, normalizePathEncoding, serializePathEncoding, normalizeQueryFragmentEncoding, encodeQuery, encodeFragment, reescapeHostDelimiters, isIPv4, nonSimpleDomain } = require_utils();
	const { SCHEMES, getSchemeHandler } = require_schemes();
	const VALID_SCHEME = /^[A-Za-z][A-Za-z0-9+.-]*$/u;
	const MALFORMED_SCHEME_ERROR = "URI scheme is malformed.";
	const MALFORMED_HOST_ERROR = "URI host is malformed.";
	const FORBIDDEN_DOMAIN_HOST_CHARACTER = /[\0-\x20"#/:<>?@[\\\]^`{|}\x7F]/u;
	function validateScheme(scheme) {
		const stringScheme = String(scheme);
		if (!VALID_SCHEME.test(stringScheme)) throw new TypeError(MALFORMED_SCHEME_ERROR);
		return stringScheme;
	}
	function normalize(uri, options) {
		if (typeof uri === "string") uri = normalizeString(uri, options);
		else if (typeof uri === "object") uri = parse(serialize(uri, options), options);
		return uri;
	}
	function resolve(baseURI, relativeURI, options) {
		const schemelessOptions = options ? Object.assign({ scheme: "null" }, options) : { scheme: "null" };
		const { parsed: baseParsed, malformedAuthorityOrPort: baseMalformed, malformedPercentEncoding: baseMalformedPercentEncoding, malformedSchemeSpecific: baseMalformedSchemeSpecific, malformedHost: baseMalformedHost, malformedScheme: baseMalformedScheme } = parseWithStatus(baseURI, schemelessOptions);
		const { parsed: relativeParsed, malformedAuthorityOrPort: relativeMalformed, malformedPercentEncoding: relativeMalformedPercentEncoding, malformedSchemeSpecific: relativeMalformedSchemeSpecific, malformedHost: relativeMalformedHost, malformedScheme: relativeMalformedScheme } = parseWithStatus(relativeURI, schemelessOptions);
		if (baseMalformed || relativeMalformed || baseMalformedPercentEncoding || relativeMalformedPercentEncoding || baseMalformedSchemeSpecific || relativeMalformedSchemeSpecific || baseMalformedHost || relativeMalformedHost || baseMalformedScheme || relativeMalformedScheme) throw new Error(baseParsed.error || relativeParsed.error || "URI is malformed.");
		const resolved = resolveComponent(baseParsed, relativeParsed, schemelessOptions, true);
		const resolvedSchemeHandler = getSchemeHandler(options && options.scheme || resolved.scheme);
		const resolvedHost = resolved.host;
		const resolvedHostIsIP = resolvedHost !== void 0 && resolvedHost !== "" && (isIPv4(resolvedHost) || normalizeIPv6(resolvedHost).isIPV6);
		if (hasForbiddenDomainHost(resolved, options || {}, resolvedSchemeHandler, resolvedHostIsIP)) throw new Error(MALFORMED_HOST_ERROR);
		canonicalizeHost(resolved, options || {}, resolvedSchemeHandler, resolvedHostIsIP);
		const encodedASCIIHost = resolvedHost && resolvedHost.indexOf("%") !== -1 && !/\P{ASCII}/u.test(resolvedHost);
		if (resolved.error && !encodedASCIIHost) throw new Error(resolved.error);
		schemelessOptions.skipEscape = true;
		return serialize(resolved, schemelessOptions);
	}
	function resolveComponent(base, relative, options, skipNormalization) {
		const target = {};
		if (!skipNormalization) {
			base = parse(serialize(base, options), options);
			relative = parse(serialize(relative, options), options);
		}
		options = options || {};
		if (!options.tolerant && relative.scheme) {
			target.scheme = relative.scheme;
			target.userinfo = relative.userinfo;
			target.host = relative.host;
			target.port = relative.port;
			target.path = removeDotSegments(relative.path || "");
			target.query = relative.query;
		} else {
			if (relative.userinfo !== void 0 || relative.host !== void 0 || relative.port !== void 0) {
				target.userinfo = relative.userinfo;
				target.host = relative.host;
				target.port = relative.port;
				target.path = removeDotSegments(relative.path || "");
				target.query = relative.query;
			} else {
				if (!relative.path) {
					target.path = base.path;
					if (relative.query !== void 0) target.query = relative.query;
					else target.query = base.query;
				} else {
					if (relative.path[0] === "/") target.path = removeDotSegments(relative.path);
					else {
						const baseHasAuthority = base.userinfo !== void 0 || base.host !== void 0 || base.port !== void 0;
						if (baseHasAuthority && !base.path) target.path = "/" + relative.path;
						else if (!base.path) target.path = relative.path;
						else target.path = base.path.slice(0, base.path.lastIndexOf("/") + 1) + relative.path;
						target.path = base.scheme === void 0 && !baseHasAuthority && target.path[0] !== "/" ? removeDotSegmentsRelative(target.path) : removeDotSegments(target.path);
					}
					target.query = relative.query;
				}
				target.userinfo = base.userinfo;
				target.host = base.host;
				target.port = base.port;
			}
			target.scheme = base.scheme;
		}
		target.fragment = relative.fragment;
		return target;
	}
	function equal(uriA, uriB, options) {
		const normalizedA = normalizeComparableURI(uriA, options);
		const normalizedB = normalizeComparableURI(uriB, options);
		return normalizedA !== void 0 && normalizedB !== void 0 && normalizedA === normalizedB;
	}
	function serialize(cmpts, opts) {
		const component = {
			host: cmpts.host,
			scheme: cmpts.scheme,
			userinfo: cmpts.userinfo,
			port: cmpts.port,
			path: cmpts.path,
			query: cmpts.query,
			nid: cmpts.nid,
			nss: cmpts.nss,
			uuid: cmpts.uuid,
			fragment: cmpts.fragment,
			reference: cmpts.reference,
			resourceName: cmpts.resourceName,
			secure: cmpts.secure,
			error: ""
		};
		const options = Object.assign({}, opts);
		const uriTokens = [];
		if (component.scheme) component.scheme = validateScheme(component.scheme);
		const schemeHandler = getSchemeHandler(options.scheme || component.scheme);
		if (schemeHandler && schemeHandler.serialize) schemeHandler.serialize(component, options);
		const hasAuthority = component.userinfo !== void 0 || component.host !== void 0 || component.port !== void 0;
		const schemelessReference = (component.scheme === void 0 || options.reference === "suffix") && !hasAuthority;
		const pathNoScheme = !options.skipEscape && schemelessReference;
		if (component.path !== void 0) {
			if (!options.skipEscape) component.path = serializePathEncoding(component.path, pathNoScheme);
			else component.path = normalizePercentEncoding(component.path);
		}
		if (options.reference !== "suffix" && component.scheme) {
			component.scheme = validateScheme(component.scheme);
			uriTokens.push(component.scheme, ":");
		}
		const authority = recomposeAuthority(component);
		if (authority !== void 0) {
			if (options.reference !== "suffix") uriTokens.push("//");
			uriTokens.push(authority);
			if (component.path && component.path[0] !== "/") uriTokens.push("/");
		}
		if (component.path !== void 0) {
			let s = component.path;
			if (!options.absolutePath && (!schemeHandler || !schemeHandler.absolutePath)) s = schemelessReference && s[0] !== "/" ? removeDotSegmentsRelative(s) : removeDotSegments(s);
			if (schemelessReference) s = serializePathEncoding(s, true);
			if (authority === void 0 && s[0] === "/" && s[1] === "/") s = "/%2F" + s.slice(2);
			uriTokens.push(s);
		}
		if (component.query !== void 0) uriTokens.push("?", encodeQuery(component.query));
		if (component.fragment !== void 0) uriTokens.push("#", encodeFragment(component.fragment));
		return uriTokens.join("");
	}
	const URI_PARSE = /^(?:([^#/:?]+):)?(?:\/\/((?:([^#/?@]*)@)?(\[[^#/?\]]+\]|[^#/:?]*)(?::(\d*))?))?([^#?]*)(?:\?([^#]*))?(?:#((?:.|[\n\r])*))?/u;
	const AUTHORITY_PREFIX = /^(?:[^#/:?]+:)?\/\/([^/?#]*)/;
	const AUTHORITY_INTRODUCER_REGION = /^(?:[^#/:?]+:)?([/\\\t\n\r]*)/;
	function getParseError(parsed, matches) {
		if (matches[2] !== void 0 && parsed.path && parsed.path[0] !== "/") return "URI path must start with \"/\" when authority is present.";
		if (typeof parsed.port === "number" && (parsed.port < 0 || parsed.port > 65535)) return "URI port is malformed.";
	}
	function hasMalformedPercentEncoding(component) {
		if (component === void 0) return false;
		let percent = component.indexOf("%");
		while (percent !== -1) {
			if (percent + 2 >= component.length || !/^[\da-f]{2}$/iu.test(component.slice(percent + 1, percent + 3))) return true;
			percent = component.indexOf("%", percent + 3);
		}
		return false;
	}
	function isIPLiteral(host) {
		return host[0] === "[" && host[host.length - 1] === "]";
	}
	function hasMalformedComponentPercentEncoding(matches) {
		const host = matches[4];
		return hasMalformedPercentEncoding(matches[3]) || host !== void 0 && !isIPLiteral(host) && hasMalformedPercentEncoding(host) || hasMalformedPercentEncoding(matches[6]) || hasMalformedPercentEncoding(matches[7]) || hasMalformedPercentEncoding(matches[8]);
	}
	function canonicalizeHost(parsed, options, schemeHandler, isIP) {
		if (hasForbiddenDomainHost(parsed, options, schemeHandler, isIP)) {
			parsed.error = parsed.error || MALFORMED_HOST_ERROR;
			return true;
		}
		if (!options.unicodeSupport && (!schemeHandler || !schemeHandler.unicodeSupport) && parsed.host && !isIPLiteral(parsed.host) && (options.domainHost || schemeHandler && schemeHandler.domainHost) && isIP === false && nonSimpleDomain(parsed.host)) {
			let url;
			try {
				url = new URL("http://" + parsed.host);
			} catch (e) {
				parsed.error = parsed.error || "Host's domain name can not be converted to ASCII: " + e;
				return true;
			}
			if (!isHostOnlyURL(url)) {
				parsed.error = parsed.error || MALFORMED_HOST_ERROR;
				return true;
			}
			parsed.host = url.hostname;
		}
		return false;
	}
	function hasForbiddenDomainHost(parsed, options, schemeHandler, isIP) {
		return Boolean(parsed.host && isIP === false && !isIPLiteral(parsed.host) && (options.domainHost || schemeHandler && schemeHandler.domainHost) && FORBIDDEN_DOMAIN_HOST_CHARACTER.test(parsed.host));
	}
	function isHostOnlyURL(url) {
		return url.username === "" && url.password === "" && url.port === "" && url.pathname === "/" && url.search === "" && url.hash === "" && url.hostname !== "";
	}
	function parseWithStatus(uri, opts) {
		const options = Object.assign({}, opts);
		const parsed = {
			scheme: void 0,
			userinfo: void 0,
			host: "",
			port: void 0,
			path: "",
			query: void 0,
			fragment: void 0
		};
		let malformedAuthorityOrPort = false;
		let malformedPercentEncoding = false;
		let malformedSchemeSpecific = false;
		let malformedHost = false;
		let malformedIPLiteral = false;
		let malformedScheme = false;
		let isIP = false;
		if (options.reference === "suffix") {
			if (options.scheme) uri = options.scheme + ":" + uri;
			else uri = "//" + uri;
		}
		const authorityMatch = uri.match(AUTHORITY_PREFIX);
		if (authorityMatch !== null && authorityMatch[1].indexOf("\\") !== -1) {
			parsed.error = "URI authority must not contain a literal backslash.";
			malformedAuthorityOrPort = true;
		}
		const introducerMatch = uri.match(AUTHORITY_INTRODUCER_REGION);
		if (introducerMatch !== null) {
			const region = introducerMatch[1];
			const normalizedRegion = region.replace(/[\t\n\r]/g, "");
			if (normalizedRegion.length >= 2) {
				if (normalizedRegion.slice(0, 2) !== "//") {
					parsed.error = parsed.error || "URI authority must not contain a literal backslash.";
					malformedAuthorityOrPort = true;
				} else if (region.length !== normalizedRegion.length) {
					parsed.error = parsed.error || "URI authority introducer must not contain whitespace.";
					malformedAuthorityOrPort = true;
				}
			}
		}
		const matches = uri.match(URI_PARSE);
		if (matches) {
			parsed.scheme = matches[1];
			parsed.userinfo = matches[3];
			parsed.host = matches[4];
			parsed.port = parseInt(matches[5], 10);
			parsed.path = matches[6] || "";
			parsed.query = matches[7];
			parsed.fragment = matches[8];
			if (parsed.scheme !== void 0) {
				if (VALID_SCHEME.test(parsed.scheme)) parsed.scheme = parsed.scheme.toLowerCase();
				else {
					parsed.error = parsed.error || MALFORMED_SCHEME_ERROR;
					malformedScheme = true;
				}
			}
			malformedPercentEncoding = hasMalformedComponentPercentEncoding(matches);
			if (malformedPercentEncoding) parsed.error = parsed.error || "URI contains malformed percent-encoding.";
			if (isNaN(parsed.port)) parsed.port = matches[5];
			const parseError = getParseError(parsed, matches);
			if (parseError !== void 0) {
				parsed.error = parsed.error || parseError;
				malformedAuthorityOrPort = true;
			}
			if (parsed.host) {
				if (isIPv4(parsed.host) === false) {
					const bracketedIPLiteral = isIPLiteral(parsed.host);
					const hasIPLiteralBracket = parsed.host.indexOf("[") !== -1 || parsed.host.indexOf("]") !== -1;
					const ipv6result = normalizeIPv6(parsed.host);
					isIP = ipv6result.isIPV6 || ipv6result.isIPVFuture === true;
					malformedIPLiteral = hasIPLiteralBracket && (!bracketedIPLiteral || ipv6result.error === true);
					parsed.host = isIP ? ipv6result.host : ipv6result.host.toLowerCase();
					if (malformedIPLiteral) {
						parsed.error = parsed.error || MALFORMED_HOST_ERROR;
						malformedAuthorityOrPort = true;
					}
				} else isIP = true;
			}
			if (parsed.scheme === void 0 && parsed.userinfo === void 0 && parsed.host === void 0 && parsed.port === void 0 && parsed.query === void 0 && !parsed.path) parsed.reference = "same-document";
			else if (parsed.scheme === void 0) parsed.reference = "relative";
			else if (parsed.fragment === void 0) parsed.reference = "absolute";
			else parsed.reference = "uri";
			if (options.reference && options.reference !== "suffix" && options.reference !== parsed.reference) parsed.error = parsed.error || "URI is not a " + options.reference + " reference.";
			const schemeHandler = getSchemeHandler(options.scheme || parsed.scheme);
			if (!malformedIPLiteral) malformedHost = canonicalizeHost(parsed, options, schemeHandler, isIP);
			if (uri.indexOf("%") !== -1 && parsed.host !== void 0 && !malformedIPLiteral) {
				let host = isIP ? parsed.host : normalizePercentEncoding(parsed.host, true);
				if (!isIP) host = normalizePercentEncoding(host.toLowerCase());
				parsed.host = isIP || options.scheme !== "null" ? reescapeHostDelimiters(host, isIP) : host;
			}
			if (!schemeHandler || schemeHandler && !schemeHandler.skipNormalize) {
				if (parsed.path) parsed.path = normalizePathEncoding(parsed.path);
				if (parsed.query) parsed.query = normalizeQueryFragmentEncoding(parsed.query);
				if (parsed.fragment) parsed.fragment = normalizeQueryFragmentEncoding(parsed.fragment);
			}
			if (schemeHandler && schemeHandler.parse) {
				schemeHandler.parse(parsed, options);
				if (schemeHandler === SCHEMES.urn && parsed.nid === void 0) malformedSchemeSpecific = true;
			}
		} else parsed.error = parsed.error || "URI can not be parsed.";
		return {
			parsed,
			malformedAuthorityOrPort,
			malformedPercentEncoding,
			malformedSchemeSpecific,
			malformedHost,
			malformedScheme
		};
	}
	function parse(uri, opts) {
		return parseWithStatus(uri, opts).parsed;
	}
	function normalizeString(uri, opts) {
		return normalizeStringWithStatus(uri, opts).normalized;
	}
	function normalizeStringWithStatus(uri, opts) {
		const { parsed, malformedAuthorityOrPort, malformedPercentEncoding, malformedSchemeSpecific, malformedHost, malformedScheme } = parseWithStatus(uri, opts);
		return {
			normalized: malformedAuthorityOrPort || malformedPercentEncoding || malformedSchemeSpecific || malformedHost || malformedScheme ? uri : serialize(parsed, opts),
			malformedAuthorityOrPort,
			malformedPercentEncoding,
			malformedSchemeSpecific,
			malformedHost,
			malformedScheme
		};
	}
	function normalizeComparableURI(uri, opts) {
		if (typeof uri !== "string" && typeof uri !== "object") return;
		let value;
		try {
			value = typeof uri === "string" ? uri : serialize(uri, opts);
		} catch {
			return;
		}
		const { normalized, malformedAuthorityOrPort, malformedPercentEncoding, malformedSchemeSpecific, malformedHost, malformedScheme } = normalizeStringWithStatus(value, opts);
		return malformedAuthorityOrPort || malformedPercentEncoding || malformedSchemeSpecific || malformedHost || malformedScheme ? void 0 : normalized;
	}
	const fastUri = {
		SCHEMES,
		normalize,
		resolve,
		resolveComponent,
		equal,
		serialize,
		parse
	};
	module.exports = fastUri;
	module.exports.default = fastUri;
	module.exports.fastUri = fastUri;
}));
// node_modules/ajv/dist/runtime/uri.js
var require_uri = __commonJSMin(((exports) => {
	Object.defineProperty(exports, "__esModule", { value: true });
	const uri = require_fast_uri();
	uri.code = "require(\"ajv/dist/runtime/uri\").default";
	exports.default = uri;
}));
// node_modules/ajv/dist/core.js
var require_core$2 = __commonJSMin(((exports) => {
	Object.defineProperty(exports, "__esModule", { value: true });
	exports.CodeGen = exports.Name = exports.nil = exports.stringify = exports.str = exports._ = exports.KeywordCxt = void 0;
	var validate_1 = require_validate();
	Object.defineProperty(exports, "KeywordCxt", {
		enumerable: true,
		get: function() {
			return validate_1.KeywordCxt;
		}
	});
	var codegen_1 = require_codegen();
	Object.defineProperty(exports, "_", {
		enumerable: true,
		get: function() {
			return codegen_1._;
		}
	});
	Object.defineProperty(exports, "str", {
		enumerable: true,
		get: function() {
			return codegen_1.str;
		}
	});
	Object.defineProperty(exports, "stringify", {
		enumerable: true,
		get: function() {
			return codegen_1.stringify;
		}
	});
	Object.defineProperty(exports, "nil", {
		enumerable: true,
		get: function() {
			return codegen_1.nil;
		}
	});
	Object.defineProperty(exports, "Name", {
		enumerable: true,
		get: function() {
			return codegen_1.Name;
		}
	});
	Object.defineProperty(exports, "CodeGen", {
		enumerable: true,
		get: function() {
			return codegen_1.CodeGen;
		}
	});
	const validation_error_1 = require_validation_error();
	const ref_error_1 = require_ref_error();
	const rules_1 = require_rules();
	const compile_1 = require_compile();
	const codegen_2 = require_codegen();
	const resolve_1 = require_resolve();
	const dataType_1 = require_dataType();
	const util_1 = require_util();
	const $dataRefSchema = require_data();
	const uri_1 = require_uri();
	const defaultRegExp = (str, flags) => new RegExp(str, flags);
	defaultRegExp.code = "new RegExp";
	const META_IGNORE_OPTIONS = [
		"removeAdditional",
		"useDefaults",
		"coerceTypes"
	];
	const EXT_SCOPE_NAMES = new Set([
		"validate",
		"serialize",
		"parse",
		"wrapper",
		"root",
		"schema",
		"keyword",
		"pattern",
		"formats",
		"validate$data",
		"func",
		"obj",
		"Error"
	]);
	const removedOptions = {
		errorDataPath: "",
		format: "`validateFormats: false` can be used instead.",
		nullable: "\"nullable\" keyword is supported by default.",
		jsonPointers: "Deprecated jsPropertySyntax can be used instead.",
		extendRefs: "Deprecated ignoreKeywordsWithRef can be used instead.",
		missingRefs: "Pass empty schema with $id that should be ignored to ajv.addSchema.",
		processCode: "Use option `code: {process: (code, schemaEnv: object) => string}`",
		sourceCode: "Use option `code: {source: true}`",
		strictDefaults: "It is default now, see option `strict`.",
		strictKeywords: "It is default now, see option `strict`.",
		uniqueItems: "\"uniqueItems\" keyword is always validated.",
		unknownFormats: "Disable strict mode or pass `true` to `ajv.addFormat` (or `formats` option).",
		cache: "Map is used as cache, schema object as key.",
		serialize: "Map is used as cache, schema object as key.",
		ajvErrors: "It is default now."
	};
	const deprecatedOptions = {
		ignoreKeywordsWithRef: "",
		jsPropertySyntax: "",
		unicode: "\"minLength\"/\"maxLength\" account for unicode characters by default."
	};
	const MAX_EXPRESSION = 200;
	function requiredOptions(o) {
		var _a, _b, _c, _d, _e, _f, _g, _h, _j, _k, _l, _m, _o, _p, _q, _r, _s, _t, _u, _v, _w, _x, _y, _z, _0;
		const s = o.strict;
		const _optz = (_a = o.code) === null || _a === void 0 ? void 0 : _a.optimize;
		const optimize = _optz === true || _optz === void 0 ? 1 : _optz || 0;
		const regExp = (_c = (_b = o.code) === null || _b === void 0 ? void 0 : _b.regExp) !== null && _c !== void 0 ? _c : defaultRegExp;
		const uriResolver = (_d = o.uriResolver) !== null && _d !== void 0 ? _d : uri_1.default;
		return {
			strictSchema: (_f = (_e = o.strictSchema) !== null && _e !== void 0 ? _e : s) !== null && _f !== void 0 ? _f : true,
			strictNumbers: (_h = (_g = o.strictNumbers) !== null && _g !== void 0 ? _g : s) !== null && _h !== void 0 ? _h : true,
			strictTypes: (_k = (_j = o.strictTypes) !== null && _j !== void 0 ? _j : s) !== null && _k !== void 0 ? _k : "log",
			strictTuples: (_m = (_l = o.strictTuples) !== null && _l !== void 0 ? _l : s) !== null && _m !== void 0 ? _m : "log",
			strictRequired: (_p = (_o = o.strictRequired) !== null && _o !== void 0 ? _o : s) !== null && _p !== void 0 ? _p : false,
			code: o.code ? {
				...o.code,
				optimize,
				regExp
			} : {
				optimize,
				regExp
			},
			loopRequired: (_q = o.loopRequired) !== null && _q !== void 0 ? _q : MAX_EXPRESSION,
			loopEnum: (_r = o.loopEnum) !== null && _r !== void 0 ? _r : MAX_EXPRESSION,
			meta: (_s = o.meta) !== null && _s !== void 0 ? _s : true,
			messages: (_t = o.messages) !== null && _t !== void 0 ? _t : true,
			inlineRefs: (_u = o.inlineRefs) !== null && _u !== void 0 ? _u : true,
			schemaId: (_v = o.schemaId) !== null && _v !== void 0 ? _v : "$id",
			addUsedSchema: (_w = o.addUsedSchema) !== null && _w !== void 0 ? _w : true,
			validateSchema: (_x = o.validateSchema) !== null && _x !== void 0 ? _x : true,
			validateFormats: (_y = o.validateFormats) !== null && _y !== void 0 ? _y : true,
			unicodeRegExp: (_z = o.unicodeRegExp) !== null && _z !== void 0 ? _z : true,
			int32range: (_0 = o.int32range) !== null && _0 !== void 0 ? _0 : true,
			uriResolver
		};
	}
	var Ajv = class {
		constructor(opts = {}) {
			this.schemas = {};
			this.refs = {};
			this.formats = Object.create(null);
			this._compilations = new Set();
			this._loading = {};
			this._cache = new Map();
			opts = this.opts = {
				...opts,
				...requiredOptions(opts)
			};
			const { es5, lines } = this.opts.code;
			this.scope = new codegen_2.ValueScope({
				scope: {},
				prefixes: EXT_SCOPE_NAMES,
				es5,
				lines
			});
			this.logger = getLogger(opts.logger);
			const formatOpt = opts.validateFormats;
			opts.validateFormats = false;
			this.RULES = (0, rules_1.getRules)();
			checkOptions.call(this, removedOptions, opts, "NOT SUPPORTED");
			checkOptions.call(this, deprecatedOptions, opts, "DEPRECATED", "warn");
			this._metaOpts = getMetaSchemaOptions.call(this);
			if (opts.formats) addInitialFormats.call(this);
			this._addVocabularies();
			this._addDefaultMetaSchema();
			if (opts.keywords) addInitialKeywords.call(this, opts.keywords);
			if (typeof opts.meta == "object") this.addMetaSchema(opts.meta);
			addInitialSchemas.call(this);
			opts.validateFormats = formatOpt;
		}
		_addVocabularies() {
			this.addKeyword("$async");
		}
		_addDefaultMetaSchema() {
			const { $data, meta, schemaId } = this.opts;
			let _dataRefSchema = $dataRefSchema;
			if (schemaId === "id") {
				_dataRefSchema = { ...$dataRefSchema };
				_dataRefSchema.id = _dataRefSchema.$id;
				delete _dataRefSchema.$id;
			}
			if (meta && $data) this.addMetaSchema(_dataRefSchema, _dataRefSchema[schemaId], false);
		}
		defaultMeta() {
			const { meta, schemaId } = this.opts;
			return this.opts.defaultMeta = typeof meta == "object" ? meta[schemaId] || meta : void 0;
		}
		validate(schemaKeyRef, data) {
			let v;
			if (typeof schemaKeyRef == "string") {
				v = this.getSchema(schemaKeyRef);
				if (!v) throw new Error(`no schema with key or ref "${schemaKeyRef}"`);
			} else v = this.compile(schemaKeyRef);
			const valid = v(data);
			if (!("$async" in v)) this.errors = v.errors;
			return valid;
		}
		compile(schema, _meta) {
			const sch = this._addSchema(schema, _meta);
			return sch.validate || this._compileSchemaEnv(sch);
		}
		compileAsync(schema, meta) {
			if (typeof this.opts.loadSchema != "function") throw new Error("options.loadSchema should be a function");
			const { loadSchema } = this.opts;
			return runCompileAsync.call(this, schema, meta);
			async function runCompileAsync(_schema, _meta) {
				await loadMetaSchema.call(this, _schema.$schema);
				const sch = this._addSchema(_schema, _meta);
				return sch.validate || _compileAsync.call(this, sch);
			}
			async function loadMetaSchema($ref) {
				if ($ref && !this.getSchema($ref)) await runCompileAsync.call(this, { $ref }, true);
			}
			async function _compileAsync(sch) {
				try {
					return this._compileSchemaEnv(sch);
				} catch (e) {
					if (!(e instanceof ref_error_1.default)) throw e;
					checkLoaded.call(this, e);
					await loadMissingSchema.call(this, e.missingSchema);
					return _compileAsync.call(this, sch);
				}
			}
			function checkLoaded({ missingSchema: ref, missingRef }) {
				if (this.refs[ref]) throw new Error(`AnySchema ${ref} is loaded but ${missingRef} cannot be resolved`);
			}
			async function loadMissingSchema(ref) {
				const _schema = await _loadSchema.call(this, ref);
				if (!this.refs[ref]) await loadMetaSchema.call(this, _schema.$schema);
				if (!this.refs[ref]) this.addSchema(_schema, ref, meta);
			}
			async function _loadSchema(ref) {
				const p = this._loading[ref];
				if (p) return p;
				try {
					return await (this._loading[ref] = loadSchema(ref));
				} finally {
					delete this._loading[ref];
				}
			}
		}
		addSchema(schema, key, _meta, _validateSchema = this.opts.validateSchema) {
			if (Array.isArray(schema)) {
				for (const sch of schema) this.addSchema(sch, void 0, _meta, _validateSchema);
				return this;
			}
			let id;
			if (typeof schema === "object") {
				const { schemaId } = this.opts;
				id = schema[schemaId];
				if (id !== void 0 && typeof id != "string") throw new Error(`schema ${schemaId} must be string`);
			}
			key = (0, resolve_1.normalizeId)(key || id);
			this._checkUnique(key);
			this.schemas[key] = this._addSchema(schema, _meta, key, _validateSchema, true);
			return this;
		}
		addMetaSchema(schema, key, _validateSchema = this.opts.validateSchema) {
			this.addSchema(schema, key, true, _validateSchema);
			return this;
		}
		validateSchema(schema, throwOrLogError) {
			if (typeof schema == "boolean") return true;
			let $schema;
			$schema = schema.$schema;
			if ($schema !== void 0 && typeof $schema != "string") throw new Error("$schema must be a string");
			$schema = $schema || this.opts.defaultMeta || this.defaultMeta();
			if (!$schema) {
				this.logger.warn("meta-schema not available");
				this.errors = null;
				return true;
			}
			const valid = this.validate($schema, schema);
			if (!valid && throwOrLogError) {
				const message = "schema is invalid: " + this.errorsText();
				if (this.opts.validateSchema === "log") this.logger.error(message);
				else throw new Error(message);
			}
			return valid;
		}
		getSchema(keyRef) {
			let sch;
			while (typeof (sch = getSchEnv.call(this, keyRef)) == "string") keyRef = sch;
			if (sch === void 0) {
				const { schemaId } = this.opts;
				const root = new compile_1.SchemaEnv({
					schema: {},
					schemaId
				});
				sch = compile_1.resolveSchema.call(this, root, keyRef);
				if (!sch) return;
				this.refs[keyRef] = sch;
			}
			return sch.validate || this._compileSchemaEnv(sch);
		}
		removeSchema(schemaKeyRef) {
			if (schemaKeyRef instanceof RegExp) {
				this._removeAllSchemas(this.schemas, schemaKeyRef);
				this._removeAllSchemas(this.refs, schemaKeyRef);
				return this;
			}
			switch (typeof schemaKeyRef) {
				case "undefined":
					this._removeAllSchemas(this.schemas);
					this._removeAllSchemas(this.refs);
					this._cache.clear();
					return this;
				case "string": {
					const sch = getSchEnv.call(this, schemaKeyRef);
					if (typeof sch == "object") this._cache.delete(sch.schema);
					delete this.schemas[schemaKeyRef];
					delete this.refs[schemaKeyRef];
					return this;
				}
				case "object": {
					const cacheKey = schemaKeyRef;
					this._cache.delete(cacheKey);
					let id = schemaKeyRef[this.opts.schemaId];
					if (id) {
						id = (0, resolve_1.normalizeId)(id);
						delete this.schemas[id];
						delete this.refs[id];
					}
					return this;
				}
				default: throw new Error("ajv.removeSchema: invalid parameter");
			}
		}
		addVocabulary(definitions) {
			for (const def of definitions) this.addKeyword(def);
			return this;
		}
		addKeyword(kwdOrDef, def) {
			let keyword;
			if (typeof kwdOrDef == "string") {
				keyword = kwdOrDef;
				if (typeof def == "object") {
					this.logger.warn("these parameters are deprecated, see docs for addKeyword");
					def.keyword = keyword;
				}
			} else if (typeof kwdOrDef == "object" && def === void 0) {
				def = kwdOrDef;
				keyword = def.keyword;
				if (Array.isArray(keyword) && !keyword.length) throw new Error("addKeywords: keyword must be string or non-empty array");
			} else throw new Error("invalid addKeywords parameters");
			checkKeyword.call(this, keyword, def);
			if (!def) {
				(0, util_1.eachItem)(keyword, (kwd) => addRule.call(this, kwd));
				return this;
			}
			keywordMetaschema.call(this, def);
			const definition = {
				...def,
				type: (0, dataType_1.getJSONTypes)(def.type),
				schemaType: (0, dataType_1.getJSONTypes)(def.schemaType)
			};
			(0, util_1.eachItem)(keyword, definition.type.length === 0 ? (k) => addRule.call(this, k, definition) : (k) => definition.type.forEach((t) => addRule.call(this, k, definition, t)));
			return this;
		}
		getKeyword(keyword) {
			const rule = this.RULES.all[keyword];
			return typeof rule == "object" ? rule.definition : !!rule;
		}
		removeKeyword(keyword) {
			const { RULES } = this;
			delete RULES.keywords[keyword];
			delete RULES.all[keyword];
			for (const group of RULES.rules) {
				const i = group.rules.findIndex((rule) => rule.keyword === keyword);
				if (i >= 0) group.rules.splice(i, 1);
			}
			return this;
		}
		addFormat(name, format) {
			if (typeof format == "string") format = new RegExp(format);
			this.formats[name] = format;
			return this;
		}
		errorsText(errors = this.errors, { separator = ", ", dataVar = "data" } = {}) {
			if (!errors || errors.length === 0) return "No errors";
			return errors.map((e) => `${dataVar}${e.instancePath} ${e.message}`).reduce((text, msg) => text + separator + msg);
		}
		$dataMetaSchema(metaSchema, keywordsJsonPointers) {
			const rules = this.RULES.all;
			metaSchema = JSON.parse(JSON.stringify(metaSchema));
			for (const jsonPointer of keywordsJsonPointers) {
				const segments = jsonPointer.split("/").slice(1);
				let keywords = metaSchema;
				for (const seg of segments) keywords = keywords[seg];
				for (const key in rules) {
					const rule = rules[key];
					if (typeof rule != "object") continue;
					const { $data } = rule.definition;
					const schema = keywords[key];
					if ($data && schema) keywords[key] = schemaOrData(schema);
				}
			}
			return metaSchema;
		}
		_removeAllSchemas(schemas, regex) {
			for (const keyRef in schemas) {
				const sch = schemas[keyRef];
				if (!regex || regex.test(keyRef)) {
					if (typeof sch == "string") delete schemas[keyRef];
					else if (sch && !sch.meta) {
						this._cache.delete(sch.schema);
						delete schemas[keyRef];
					}
				}
			}
		}
		_addSchema(schema, meta, baseId, validateSchema = this.opts.validateSchema, addSchema = this.opts.addUsedSchema) {
			let id;
			const { schemaId } = this.opts;
			if (typeof schema == "object") id = schema[schemaId];
			else if (this.opts.jtd) throw new Error("schema must be object");
			else if (typeof schema != "boolean") throw new Error("schema must be object or boolean");
			let sch = this._cache.get(schema);
			if (sch !== void 0) return sch;
			baseId = (0, resolve_1.normalizeId)(id || baseId);
			const localRefs = resolve_1.getSchemaRefs.call(this, schema, baseId);
			sch = new compile_1.SchemaEnv({
				schema,
				schemaId,
				meta,
				baseId,
				localRefs
			});
			this._cache.set(sch.schema, sch);
			if (addSchema && !baseId.startsWith("#")) {
				if (baseId) this._checkUnique(baseId);
				this.refs[baseId] = sch;
			}
			if (validateSchema) this.validateSchema(schema, true);
			return sch;
		}
		_checkUnique(id) {
			if (this.schemas[id] || this.refs[id]) throw new Error(`schema with key or id "${id}" already exists`);
		}
		_compileSchemaEnv(sch) {
			if (sch.meta) this._compileMetaSchema(sch);
			else compile_1.compileSchema.call(this, sch);
			if (!sch.validate) throw new Error("ajv implementation error");
			return sch.validate;
		}
		_compileMetaSchema(sch) {
			const currentOpts = this.opts;
			this.opts = this._metaOpts;
			try {
				compile_1.compileSchema.call(this, sch);
			} finally {
				this.opts = currentOpts;
			}
		}
	};
	Ajv.ValidationError = validation_error_1.default;
	Ajv.MissingRefError = ref_error_1.default;
	exports.default = Ajv;
	function checkOptions(checkOpts, options, msg, log = "error") {
		for (const key in checkOpts) {
			const opt = key;
			if (opt in options) this.logger[log](`${msg}: option ${key}. ${checkOpts[opt]}`);
		}
	}
	function getSchEnv(keyRef) {
		keyRef = (0, resolve_1.normalizeId)(keyRef);
		return this.schemas[keyRef] || this.refs[keyRef];
	}
	function addInitialSchemas() {
		const optsSchemas = this.opts.schemas;
		if (!optsSchemas) return;
		if (Array.isArray(optsSchemas)) this.addSchema(optsSchemas);
		else for (const key in optsSchemas) this.addSchema(optsSchemas[key], key);
	}
	function addInitialFormats() {
		for (const name in this.opts.formats) {
			const format = this.opts.formats[name];
			if (format) this.addFormat(name, format);
		}
	}
	function addInitialKeywords(defs) {
		if (Array.isArray(defs)) {
			this.addVocabulary(defs);
			return;
		}
		this.logger.warn("keywords option as map is deprecated, pass array");
		for (const keyword in defs) {
			const def = defs[keyword];
			if (!def.keyword) def.keyword = keyword;
			this.addKeyword(def);
		}
	}
	function getMetaSchemaOptions() {
		const metaOpts = { ...this.opts };
		for (const opt of META_IGNORE_OPTIONS) delete metaOpts[opt];
		return metaOpts;
	}
	const noLogs = {
		log() {},
		warn() {},
		error() {}
	};
	function getLogger(logger) {
		if (logger === false) return noLogs;
		if (logger === void 0) return console;
		if (logger.log && logger.warn && logger.error) return logger;
		throw new Error("logger must implement log, warn and error methods");
	}
	const KEYWORD_NAME = /^[a-z_$][a-z0-9_$:-]*$/i;
	function checkKeyword(keyword, def) {
		const { RULES } = this;
		(0, util_1.eachItem)(keyword, (kwd) => {
			if (RULES.keywords[kwd]) throw new Error(`Keyword ${kwd} is already defined`);
			if (!KEYWORD_NAME.test(kwd)) throw new Error(`Keyword ${kwd} has invalid name`);
		});
		if (!def) return;
		if (def.$data && !("code" in def || "validate" in def)) throw new Error("$data keyword must have \"code\" or \"validate\" function");
	}
	function addRule(keyword, definition, dataType) {
		var _a;
		const post = definition === null || definition === void 0 ? void 0 : definition.post;
		if (dataType && post) throw new Error("keyword with \"post\" flag cannot have \"type\"");
		const { RULES } = this;
		let ruleGroup = post ? RULES.post : RULES.rules.find(({ type: t }) => t === dataType);
		if (!ruleGroup) {
			ruleGroup = {
				type: dataType,
				rules: []
			};
			RULES.rules.push(ruleGroup);
		}
		RULES.keywords[keyword] = true;
		if (!definition) return;
		const rule = {
			keyword,
			definition: {
				...definition,
				type: (0, dataType_1.getJSONTypes)(definition.type),
				schemaType: (0, dataType_1.getJSONTypes)(definition.schemaType)
			}
		};
		if (definition.before) addBeforeRule.call(this, ruleGroup, rule, definition.before);
		else ruleGroup.rules.push(rule);
		RULES.all[keyword] = rule;
		(_a = definition.implements) === null || _a === void 0 || _a.forEach((kwd) => this.addKeyword(kwd));
	}
	function addBeforeRule(ruleGroup, rule, before) {
		const i = ruleGroup.rules.findIndex((_rule) => _rule.keyword === before);
		if (i >= 0) ruleGroup.rules.splice(i, 0, rule);
		else {
			ruleGroup.rules.push(rule);
			this.logger.warn(`rule ${before} is not defined`);
		}
	}
	function keywordMetaschema(def) {
		let { metaSchema } = def;
		if (metaSchema === void 0) return;
		if (def.$data && this.opts.$data) metaSchema = schemaOrData(metaSchema);
		def.validateSchema = this.compile(metaSchema, true);
	}
	const $dataRef = { $ref: "https://raw.githubusercontent.com/ajv-validator/ajv/master/lib/refs/data.json#" };
	function schemaOrData(schema) {
		return { anyOf: [schema, $dataRef] };
	}
}));
// node_modules/ajv/dist/vocabularies/core/id.js
var require_id = __commonJSMin(((exports) => {
	Object.defineProperty(exports, "__esModule", { value: true });
	exports.default = {
		keyword: "id",
		code() {
			throw new Error("NOT SUPPORTED: keyword \"id\", use \"$id\" for schema ID");
		}
	};
}));
// node_modules/ajv/dist/vocabularies/core/ref.js
var require_ref = __commonJSMin(((exports) => {
	Object.defineProperty(exports, "__esModule", { value: true });
	exports.callRef = exports.getValidate = void 0;
	const ref_error_1 = require_ref_error();
	const code_1 = require_code();
	const codegen_1 = require_codegen();
	const names_1 = require_names();
	const compile_1 = require_compile();
	const util_1 = require_util();
	const def = {
		keyword: "$ref",
		schemaType: "string",
		code(cxt) {
			const { gen, schema: $ref, it } = cxt;
			const { baseId, schemaEnv: env, validateName, opts, self } = it;
			const { root } = env;
			if (($ref === "#" || $ref === "#/") && baseId === root.baseId) return callRootRef();
			const schOrEnv = compile_1.resolveRef.call(self, root, baseId, $ref);
			if (schOrEnv === void 0) throw new ref_error_1.default(it.opts.uriResolver, baseId, $ref);
			if (schOrEnv instanceof compile_1.SchemaEnv) return callValidate(schOrEnv);
			return inlineRefSchema(schOrEnv);
			function callRootRef() {
				if (env === root) return callRef(cxt, validateName, env, env.$async);
				const rootName = gen.scopeValue("root", { ref: root });
				return callRef(cxt, (0, codegen_1._)`${rootName}.validate`, root, root.$async);
			}
			function callValidate(sch) {
				callRef(cxt, getValidate(cxt, sch), sch, sch.$async);
			}
			function inlineRefSchema(sch) {
				const schName = gen.scopeValue("schema", opts.code.source === true ? {
					ref: sch,
					code: (0, codegen_1.stringify)(sch)
				} : { ref: sch });
				const valid = gen.name("valid");
				const schCxt = cxt.subschema({
					schema: sch,
					dataTypes: [],
					schemaPath: codegen_1.nil,
					topSchemaRef: schName,
					errSchemaPath: $ref
				}, valid);
				cxt.mergeEvaluated(schCxt);
				cxt.ok(valid);
			}
		}
	};
	function getValidate(cxt, sch) {
		const { gen } = cxt;
		return sch.validate ? gen.scopeValue("validate", { ref: sch.validate }) : (0, codegen_1._)`${gen.scopeValue("wrapper", { ref: sch })}.validate`;
	}
	exports.getValidate = getValidate;
	function callRef(cxt, v, sch, $async) {
		const { gen, it } = cxt;
		const { allErrors, schemaEnv: env, opts } = it;
		const passCxt = opts.passContext ? names_1.default.this : codegen_1.nil;
		if ($async) callAsyncRef();
		else callSyncRef();
		function callAsyncRef() {
			if (!env.$async) throw new Error("async schema referenced by sync schema");
			const valid = gen.let("valid");
			gen.try(() => {
				gen.code((0, codegen_1._)`await ${(0, code_1.callValidateCode)(cxt, v, passCxt)}`);
				addEvaluatedFrom(v);
				if (!allErrors) gen.assign(valid, true);
			}, (e) => {
				gen.if((0, codegen_1._)`!(${e} instanceof ${it.ValidationError})`, () => gen.throw(e));
				addErrorsFrom(e);
				if (!allErrors) gen.assign(valid, false);
			});
			cxt.ok(valid);
		}
		function callSyncRef() {
			cxt.result((0, code_1.callValidateCode)(cxt, v, passCxt), () => addEvaluatedFrom(v), () => addErrorsFrom(v));
		}
		function addErrorsFrom(source) {
			const errs = (0, codegen_1._)`${source}.errors`;
			gen.assign(names_1.default.vErrors, (0, codegen_1._)`${names_1.default.vErrors} === null ? ${errs} : ${names_1.default.vErrors}.concat(${errs})`);
			gen.assign(names_1.default.errors, (0, codegen_1._)`${names_1.default.vErrors}.length`);
		}
		function addEvaluatedFrom(source) {
			var _a;
			if (!it.opts.unevaluated) return;
			const schEvaluated = (_a = sch === null || sch === void 0 ? void 0 : sch.validate) === null || _a === void 0 ? void 0 : _a.evaluated;
			if (it.props !== true) {
				if (schEvaluated && !schEvaluated.dynamicProps) {
					if (schEvaluated.props !== void 0) it.props = util_1.mergeEvaluated.props(gen, schEvaluated.props, it.props);
				} else {
					const props = gen.var("props", (0, codegen_1._)`${source}.evaluated.props`);
					it.props = util_1.mergeEvaluated.props(gen, props, it.props, codegen_1.Name);
				}
			}
			if (it.items !== true) {
				if (schEvaluated && !schEvaluated.dynamicItems) {
					if (schEvaluated.items !== void 0) it.items = util_1.mergeEvaluated.items(gen, schEvaluated.items, it.items);
				} else {
					const items = gen.var("items", (0, codegen_1._)`${source}.evaluated.items`);
					it.items = util_1.mergeEvaluated.items(gen, items, it.items, codegen_1.Name);
				}
			}
		}
	}
	exports.callRef = callRef;
	exports.default = def;
}));
// node_modules/ajv/dist/vocabularies/core/index.js
var require_core$1 = __commonJSMin(((exports) => {
	Object.defineProperty(exports, "__esModule", { value: true });
	const id_1 = require_id();
	const ref_1 = require_ref();
	exports.default = [
		"$schema",
		"$id",
		"$defs",
		"$vocabulary",
		{ keyword: "$comment" },
		"definitions",
		id_1.default,
		ref_1.default
	];
}));
// node_modules/ajv/dist/vocabularies/validation/limitNumber.js
var require_limitNumber = __commonJSMin(((exports) => {
	Object.defineProperty(exports, "__esModule", { value: true });
	const codegen_1 = require_codegen();
	const ops = codegen_1.operators;
	const KWDs = {
		maximum: {
			okStr: "<=",
			ok: ops.LTE,
			fail: ops.GT
		},
		minimum: {
			okStr: ">=",
			ok: ops.GTE,
			fail: ops.LT
		},
		exclusiveMaximum: {
			okStr: "<",
			ok: ops.LT,
			fail: ops.GTE
		},
		exclusiveMinimum: {
			okStr: ">",
			ok: ops.GT,
			fail: ops.LTE
		}
	};
	exports.default = {
		keyword: Object.keys(KWDs),
		type: "number",
		schemaType: "number",
		$data: true,
		error: {
			message: ({ keyword, schemaCode }) => (0, codegen_1.str)`must be ${KWDs[keyword].okStr} ${schemaCode}`,
			params: ({ keyword, schemaCode }) => (0, codegen_1._)`{comparison: ${KWDs[keyword].okStr}, limit: ${schemaCode}}`
		},
		code(cxt) {
			const { keyword, data, schemaCode } = cxt;
			cxt.fail$data((0, codegen_1._)`${data} ${KWDs[keyword].fail} ${schemaCode} || isNaN(${data})`);
		}
	};
}));
// node_modules/ajv/dist/vocabularies/validation/multipleOf.js
var require_multipleOf = __commonJSMin(((exports) => {
	Object.defineProperty(exports, "__esModule", { value: true });
	const codegen_1 = require_codegen();
	exports.default = {
		keyword: "multipleOf",
		type: "number",
		schemaType: "number",
		$data: true,
		error: {
			message: ({ schemaCode }) => (0, codegen_1.str)`must be multiple of ${schemaCode}`,
			params: ({ schemaCode }) => (0, codegen_1._)`{multipleOf: ${schemaCode}}`
		},
		code(cxt) {
			const { gen, data, schemaCode, it } = cxt;
			const prec = it.opts.multipleOfPrecision;
			const res = gen.let("res");
			const invalid = prec ? (0, codegen_1._)`Math.abs(Math.round(${res}) - ${res}) > 1e-${prec}` : (0, codegen_1._)`${res} !== parseInt(${res})`;
			cxt.fail$data((0, codegen_1._)`(${schemaCode} === 0 || (${res} = ${data}/${schemaCode}, ${invalid}))`);
		}
	};
}));
// node_modules/ajv/dist/runtime/ucs2length.js
var require_ucs2length = __commonJSMin(((exports) => {
	Object.defineProperty(exports, "__esModule", { value: true });
	function ucs2length(str) {
		const len = str.length;
		let length = 0;
		let pos = 0;
		let value;
		while (pos < len) {
			length++;
			value = str.charCodeAt(pos++);
			if (value >= 55296 && value <= 56319 && pos < len) {
				value = str.charCodeAt(pos);
				if ((value & 64512) === 56320) pos++;
			}
		}
		return length;
	}
	exports.default = ucs2length;
	ucs2length.code = "require(\"ajv/dist/runtime/ucs2length\").default";
}));
// node_modules/ajv/dist/vocabularies/validation/limitLength.js
var require_limitLength = __commonJSMin(((exports) => {
	Object.defineProperty(exports, "__esModule", { value: true });
	const codegen_1 = require_codegen();
	const util_1 = require_util();
	const ucs2length_1 = require_ucs2length();
	exports.default = {
		keyword: ["maxLength", "minLength"],
		type: "string",
		schemaType: "number",
		$data: true,
		error: {
			message({ keyword, schemaCode }) {
				const comp = keyword === "maxLength" ? "more" : "fewer";
				return (0, codegen_1.str)`must NOT have ${comp} than ${schemaCode} characters`;
			},
			params: ({ schemaCode }) => (0, codegen_1._)`{limit: ${schemaCode}}`
		},
		code(cxt) {
			const { keyword, data, schemaCode, it } = cxt;
			const op = keyword === "maxLength" ? codegen_1.operators.GT : codegen_1.operators.LT;
			const len = it.opts.unicode === false ? (0, codegen_1._)`${data}.length` : (0, codegen_1._)`${(0, util_1.useFunc)(cxt.gen, ucs2length_1.default)}(${data})`;
			cxt.fail$data((0, codegen_1._)`${len} ${op} ${schemaCode}`);
		}
	};
}));
// node_modules/ajv/dist/vocabularies/validation/pattern.js
var require_pattern = __commonJSMin(((exports) => {
	Object.defineProperty(exports, "__esModule", { value: true });
	const code_1 = require_code();
	const util_1 = require_util();
	const codegen_1 = require_codegen();
	exports.default = {
		keyword: "pattern",
		type: "string",
		schemaType: "string",
		$data: true,
		error: {
			message: ({ schemaCode }) => (0, codegen_1.str)`must match pattern "${schemaCode}"`,
			params: ({ schemaCode }) => (0, codegen_1._)`{pattern: ${schemaCode}}`
		},
		code(cxt) {
			const { gen, data, $data, schema, schemaCode, it } = cxt;
			const u = it.opts.unicodeRegExp ? "u" : "";
			if ($data) {
				const { regExp } = it.opts.code;
				const regExpCode = regExp.code === "new RegExp" ? (0, codegen_1._)`new RegExp` : (0, util_1.useFunc)(gen, regExp);
				const valid = gen.let("valid");
				gen.try(() => gen.assign(valid, (0, codegen_1._)`${regExpCode}(${schemaCode}, ${u}).test(${data})`), () => gen.assign(valid, false));
				cxt.fail$data((0, codegen_1._)`!${valid}`);
			} else {
				const regExp = (0, code_1.usePattern)(cxt, schema);
				cxt.fail$data((0, codegen_1._)`!${regExp}.test(${data})`);
			}
		}
	};
}));
// node_modules/ajv/dist/vocabularies/validation/limitProperties.js
var require_limitProperties = __commonJSMin(((exports) => {
	Object.defineProperty(exports, "__esModule", { value: true });
	const codegen_1 = require_codegen();
	exports.default = {
		keyword: ["maxProperties", "minProperties"],
		type: "object",
		schemaType: "number",
		$data: true,
		error: {
			message({ keyword, schemaCode }) {
				const comp = keyword === "maxProperties" ? "more" : "fewer";
				return (0, codegen_1.str)`must NOT have ${comp} than ${schemaCode} properties`;
			},
			params: ({ schemaCode }) => (0, codegen_1._)`{limit: ${schemaCode}}`
		},
		code(cxt) {
			const { keyword, data, schemaCode } = cxt;
			const op = keyword === "maxProperties" ? codegen_1.operators.GT : codegen_1.operators.LT;
			cxt.fail$data((0, codegen_1._)`Object.keys(${data}).length ${op} ${schemaCode}`);
		}
	};
}));
// node_modules/ajv/dist/vocabularies/validation/required.js
var require_required = __commonJSMin(((exports) => {
	Object.defineProperty(exports, "__esModule", { value: true });
	const code_1 = require_code();
	const codegen_1 = require_codegen();
	const util_1 = require_util();
	exports.default = {
		keyword: "required",
		type: "object",
		schemaType: "array",
		$data: true,
		error: {
			message: ({ params: { missingProperty } }) => (0, codegen_1.str)`must have required property '${missingProperty}'`,
			params: ({ params: { missingProperty } }) => (0, codegen_1._)`{missingProperty: ${missingProperty}}`
		},
		code(cxt) {
			const { gen, schema, schemaCode, data, $data, it } = cxt;
			const { opts } = it;
			if (!$data && schema.length === 0) return;
			const useLoop = schema.length >= opts.loopRequired;
			if (it.allErrors) allErrorsMode();
			else exitOnErrorMode();
			if (opts.strictRequired) {
				const props = cxt.parentSchema.properties;
				const { definedProperties } = cxt.it;
				for (const requiredKey of schema) if ((props === null || props === void 0 ? void 0 : props[requiredKey]) === void 0 && !definedProperties.has(requiredKey)) {
					const msg = `required property "${requiredKey}" is not defined at "${it.schemaEnv.baseId + it.errSchemaPath}" (strictRequired)`;
					(0, util_1.checkStrictMode)(it, msg, it.opts.strictRequired);
				}
			}
			function allErrorsMode() {
				if (useLoop || $data) cxt.block$data(codegen_1.nil, loopAllRequired);
				else for (const prop of schema) (0, code_1.checkReportMissingProp)(cxt, prop);
			}
			function exitOnErrorMode() {
				const missing = gen.let("missing");
				if (useLoop || $data) {
					const valid = gen.let("valid", true);
					cxt.block$data(valid, () => loopUntilMissing(missing, valid));
					cxt.ok(valid);
				} else {
					gen.if((0, code_1.checkMissingProp)(cxt, schema, missing));
					(0, code_1.reportMissingProp)(cxt, missing);
					gen.else();
				}
			}
			function loopAllRequired() {
				gen.forOf("prop", schemaCode, (prop) => {
					cxt.setParams({ missingProperty: prop });
					gen.if((0, code_1.noPropertyInData)(gen, data, prop, opts.ownProperties), () => cxt.error());
				});
			}
			function loopUntilMissing(missing, valid) {
				cxt.setParams({ missingProperty: missing });
				gen.forOf(missing, schemaCode, () => {
					gen.assign(valid, (0, code_1.propertyInData)(gen, data, missing, opts.ownProperties));
					gen.if((0, codegen_1.not)(valid), () => {
						cxt.error();
						gen.break();
					});
				}, codegen_1.nil);
			}
		}
	};
}));
// node_modules/ajv/dist/vocabularies/validation/limitItems.js
var require_limitItems = __commonJSMin(((exports) => {
	Object.defineProperty(exports, "__esModule", { value: true });
	const codegen_1 = require_codegen();
	exports.default = {
		keyword: ["maxItems", "minItems"],
		type: "array",
		schemaType: "number",
		$data: true,
		error: {
			message({ keyword, schemaCode }) {
				const comp = keyword === "maxItems" ? "more" : "fewer";
				return (0, codegen_1.str)`must NOT have ${comp} than ${schemaCode} items`;
			},
			params: ({ schemaCode }) => (0, codegen_1._)`{limit: ${schemaCode}}`
		},
		code(cxt) {
			const { keyword, data, schemaCode } = cxt;
			const op = keyword === "maxItems" ? codegen_1.operators.GT : codegen_1.operators.LT;
			cxt.fail$data((0, codegen_1._)`${data}.length ${op} ${schemaCode}`);
		}
	};
}));
// node_modules/ajv/dist/runtime/equal.js
var require_equal = __commonJSMin(((exports) => {
	Object.defineProperty(exports, "__esModule", { value: true });
	const equal = require_fast_deep_equal();
	equal.code = "require(\"ajv/dist/runtime/equal\").default";
	exports.default = equal;
}));
// node_modules/ajv/dist/vocabularies/validation/uniqueItems.js
var require_uniqueItems = __commonJSMin(((exports) => {
	Object.defineProperty(exports, "__esModule", { value: true });
	const dataType_1 = require_dataType();
	const codegen_1 = require_codegen();
	const util_1 = require_util();
	const equal_1 = require_equal();
	exports.default = {
		keyword: "uniqueItems",
		type: "array",
		schemaType: "boolean",
		$data: true,
		error: {
			message: ({ params: { i, j } }) => (0, codegen_1.str)`must NOT have duplicate items (items ## ${j} and ${i} are identical)`,
			params: ({ params: { i, j } }) => (0, codegen_1._)`{i: ${i}, j: ${j}}`
		},
		code(cxt) {
			const { gen, data, $data, schema, parentSchema, schemaCode, it } = cxt;
			if (!$data && !schema) return;
			const valid = gen.let("valid");
			const itemTypes = parentSchema.items ? (0, dataType_1.getSchemaTypes)(parentSchema.items) : [];
			cxt.block$data(valid, validateUniqueItems, (0, codegen_1._)`${schemaCode} === false`);
			cxt.ok(valid);
			function validateUniqueItems() {
				const i = gen.let("i", (0, codegen_1._)`${data}.length`);
				const j = gen.let("j");
				cxt.setParams({
					i,
					j
				});
				gen.assign(valid, true);
				gen.if((0, codegen_1._)`${i} > 1`, () => (canOptimize() ? loopN : loopN2)(i, j));
			}
			function canOptimize() {
				return itemTypes.length > 0 && !itemTypes.some((t) => t === "object" || t === "array");
			}
			function loopN(i, j) {
				const item = gen.name("item");
				const wrongType = (0, dataType_1.checkDataTypes)(itemTypes, item, it.opts.strictNumbers, dataType_1.DataType.Wrong);
				const indices = gen.const("indices", (0, codegen_1._)`{}`);
				gen.for((0, codegen_1._)`;${i}--;`, () => {
					gen.let(item, (0, codegen_1._)`${data}[${i}]`);
					gen.if(wrongType, (0, codegen_1._)`continue`);
					if (itemTypes.length > 1) gen.if((0, codegen_1._)`typeof ${item} == "string"`, (0, codegen_1._)`${item} += "_"`);
					gen.if((0, codegen_1._)`typeof ${indices}[${item}] == "number"`, () => {
						gen.assign(j, (0, codegen_1._)`${indices}[${item}]`);
						cxt.error();
						gen.assign(valid, false).break();
					}).code((0, codegen_1._)`${indices}[${item}] = ${i}`);
				});
			}
			function loopN2(i, j) {
				const eql = (0, util_1.useFunc)(gen, equal_1.default);
				const outer = gen.name("outer");
				gen.label(outer).for((0, codegen_1._)`;${i}--;`, () => gen.for((0, codegen_1._)`${j} = ${i}; ${j}--;`, () => gen.if((0, codegen_1._)`${eql}(${data}[${i}], ${data}[${j}])`, () => {
					cxt.error();
					gen.assign(valid, false).break(outer);
				})));
			}
		}
	};
}));
// node_modules/ajv/dist/vocabularies/validation/const.js
var require_const = __commonJSMin(((exports) => {
	Object.defineProperty(exports, "__esModule", { value: true });
	const codegen_1 = require_codegen();
	const util_1 = require_util();
	const equal_1 = require_equal();
	exports.default = {
		keyword: "const",
		$data: true,
		error: {
			message: "must be equal to constant",
			params: ({ schemaCode }) => (0, codegen_1._)`{allowedValue: ${schemaCode}}`
		},
		code(cxt) {
			const { gen, data, $data, schemaCode, schema } = cxt;
			if ($data || schema && typeof schema == "object") cxt.fail$data((0, codegen_1._)`!${(0, util_1.useFunc)(gen, equal_1.default)}(${data}, ${schemaCode})`);
			else cxt.fail((0, codegen_1._)`${schema} !== ${data}`);
		}
	};
}));
// node_modules/ajv/dist/vocabularies/validation/enum.js
var require_enum = __commonJSMin(((exports) => {
	Object.defineProperty(exports, "__esModule", { value: true });
	const codegen_1 = require_codegen();
	const util_1 = require_util();
	const equal_1 = require_equal();
	exports.default = {
		keyword: "enum",
		schemaType: "array",
		$data: true,
		error: {
			message: "must be equal to one of the allowed values",
			params: ({ schemaCode }) => (0, codegen_1._)`{allowedValues: ${schemaCode}}`
		},
		code(cxt) {
			const { gen, data, $data, schema, schemaCode, it } = cxt;
			if (!$data && schema.length === 0) throw new Error("enum must have non-empty array");
			const useLoop = schema.length >= it.opts.loopEnum;
			let eql;
			const getEql = () => eql !== null && eql !== void 0 ? eql : eql = (0, util_1.useFunc)(gen, equal_1.default);
			let valid;
			if (useLoop || $data) {
				valid = gen.let("valid");
				cxt.block$data(valid, loopEnum);
			} else {
				if (!Array.isArray(schema)) throw new Error("ajv implementation error");
				const vSchema = gen.const("vSchema", schemaCode);
				valid = (0, codegen_1.or)(...schema.map((_x, i) => equalCode(vSchema, i)));
			}
			cxt.pass(valid);
			function loopEnum() {
				gen.assign(valid, false);
				gen.forOf("v", schemaCode, (v) => gen.if((0, codegen_1._)`${getEql()}(${data}, ${v})`, () => gen.assign(valid, true).break()));
			}
			function equalCode(vSchema, i) {
				const sch = schema[i];
				return typeof sch === "object" && sch !== null ? (0, codegen_1._)`${getEql()}(${data}, ${vSchema}[${i}])` : (0, codegen_1._)`${data} === ${sch}`;
			}
		}
	};
}));
// node_modules/ajv/dist/vocabularies/validation/index.js
var require_validation$1 = __commonJSMin(((exports) => {
	Object.defineProperty(exports, "__esModule", { value: true });
	const limitNumber_1 = require_limitNumber();
	const multipleOf_1 = require_multipleOf();
	const limitLength_1 = require_limitLength();
	const pattern_1 = require_pattern();
	const limitProperties_1 = require_limitProperties();
	const required_1 = require_required();
	const limitItems_1 = require_limitItems();
	const uniqueItems_1 = require_uniqueItems();
	const const_1 = require_const();
	const enum_1 = require_enum();
	exports.default = [
		limitNumber_1.default,
		multipleOf_1.default,
		limitLength_1.default,
		pattern_1.default,
		limitProperties_1.default,
		required_1.default,
		limitItems_1.default,
		uniqueItems_1.default,
		{
			keyword: "type",
			schemaType: ["string", "array"]
		},
		{
			keyword: "nullable",
			schemaType: "boolean"
		},
		const_1.default,
		enum_1.default
	];
}));
// node_modules/ajv/dist/vocabularies/applicator/additionalItems.js
var require_additionalItems = __commonJSMin(((exports) => {
	Object.defineProperty(exports, "__esModule", { value: true });
	exports.validateAdditionalItems = void 0;
	const codegen_1 = require_codegen();
	const util_1 = require_util();
	const def = {
		keyword: "additionalItems",
		type: "array",
		schemaType: ["boolean", "object"],
		before: "uniqueItems",
		error: {
			message: ({ params: { len } }) => (0, codegen_1.str)`must NOT have more than ${len} items`,
			params: ({ params: { len } }) => (0, codegen_1._)`{limit: ${len}}`
		},
		code(cxt) {
			const { parentSchema, it } = cxt;
			const { items } = parentSchema;
			if (!Array.isArray(items)) {
				(0, util_1.checkStrictMode)(it, "\"additionalItems\" is ignored when \"items\" is not an array of schemas");
				return;
			}
			validateAdditionalItems(cxt, items);
		}
	};
	function validateAdditionalItems(cxt, items) {
		const { gen, schema, data, keyword, it } = cxt;
		it.items = true;
		const len = gen.const("len", (0, codegen_1._)`${data}.length`);
		if (schema === false) {
			cxt.setParams({ len: items.length });
			cxt.pass((0, codegen_1._)`${len} <= ${items.length}`);
		} else if (typeof schema == "object" && !(0, util_1.alwaysValidSchema)(it, schema)) {
			const valid = gen.var("valid", (0, codegen_1._)`${len} <= ${items.length}`);
			gen.if((0, codegen_1.not)(valid), () => validateItems(valid));
			cxt.ok(valid);
		}
		function validateItems(valid) {
			gen.forRange("i", items.length, len, (i) => {
				cxt.subschema({
					keyword,
					dataProp: i,
					dataPropType: util_1.Type.Num
				}, valid);
				if (!it.allErrors) gen.if((0, codegen_1.not)(valid), () => gen.break());
			});
		}
	}
	exports.validateAdditionalItems = validateAdditionalItems;
	exports.default = def;
}));
// node_modules/ajv/dist/vocabularies/applicator/items.js
var require_items = __commonJSMin(((exports) => {
	Object.defineProperty(exports, "__esModule", { value: true });
	exports.validateTuple = void 0;
	const codegen_1 = require_codegen();
	const util_1 = require_util();
	const code_1 = require_code();
	const def = {
		keyword: "items",
		type: "array",
		schemaType: [
			"object",
			"array",
			"boolean"
		],
		before: "uniqueItems",
		code(cxt) {
			const { schema, it } = cxt;
			if (Array.isArray(schema)) return validateTuple(cxt, "additionalItems", schema);
			it.items = true;
			if ((0, util_1.alwaysValidSchema)(it, schema)) return;
			cxt.ok((0, code_1.validateArray)(cxt));
		}
	};
	function validateTuple(cxt, extraItems, schArr = cxt.schema) {
		const { gen, parentSchema, data, keyword, it } = cxt;
		checkStrictTuple(parentSchema);
		if (it.opts.unevaluated && schArr.length && it.items !== true) it.items = util_1.mergeEvaluated.items(gen, schArr.length, it.items);
		const valid = gen.name("valid");
		const len = gen.const("len", (0, codegen_1._)`${data}.length`);
		schArr.forEach((sch, i) => {
			if ((0, util_1.alwaysValidSchema)(it, sch)) return;
			gen.if((0, codegen_1._)`${len} > ${i}`, () => cxt.subschema({
				keyword,
				schemaProp: i,
				dataProp: i
			}, valid));
			cxt.ok(valid);
		});
		function checkStrictTuple(sch) {
			const { opts, errSchemaPath } = it;
			const l = schArr.length;
			const fullTuple = l === sch.minItems && (l === sch.maxItems || sch[extraItems] === false);
			if (opts.strictTuples && !fullTuple) {
				const msg = `"${keyword}" is ${l}-tuple, but minItems or maxItems/${extraItems} are not specified or different at path "${errSchemaPath}"`;
				(0, util_1.checkStrictMode)(it, msg, opts.strictTuples);
			}
		}
	}
	exports.validateTuple = validateTuple;
	exports.default = def;
}));
// node_modules/ajv/dist/vocabularies/applicator/prefixItems.js
var require_prefixItems = __commonJSMin(((exports) => {
	Object.defineProperty(exports, "__esModule", { value: true });
	const items_1 = require_items();
	exports.default = {
		keyword: "prefixItems",
		type: "array",
		schemaType: ["array"],
		before: "uniqueItems",
		code: (cxt) => (0, items_1.validateTuple)(cxt, "items")
	};
}));
// node_modules/ajv/dist/vocabularies/applicator/items2020.js
var require_items2020 = __commonJSMin(((exports) => {
	Object.defineProperty(exports, "__esModule", { value: true });
	const codegen_1 = require_codegen();
	const util_1 = require_util();
	const code_1 = require_code();
	const additionalItems_1 = require_additionalItems();
	exports.default = {
		keyword: "items",
		type: "array",
		schemaType: ["object", "boolean"],
		before: "uniqueItems",
		error: {
			message: ({ params: { len } }) => (0, codegen_1.str)`must NOT have more than ${len} items`,
			params: ({ params: { len } }) => (0, codegen_1._)`{limit: ${len}}`
		},
		code(cxt) {
			const { schema, parentSchema, it } = cxt;
			const { prefixItems } = parentSchema;
			it.items = true;
			if ((0, util_1.alwaysValidSchema)(it, schema)) return;
			if (prefixItems) (0, additionalItems_1.validateAdditionalItems)(cxt, prefixItems);
			else cxt.ok((0, code_1.validateArray)(cxt));
		}
	};
}));
// node_modules/ajv/dist/vocabularies/applicator/contains.js
var require_contains = __commonJSMin(((exports) => {
	Object.defineProperty(exports, "__esModule", { value: true });
	const codegen_1 = require_codegen();
	const util_1 = require_util();
	exports.default = {
		keyword: "contains",
		type: "array",
		schemaType: ["object", "boolean"],
		before: "uniqueItems",
		trackErrors: true,
		error: {
			message: ({ params: { min, max } }) => max === void 0 ? (0, codegen_1.str)`must contain at least ${min} valid item(s)` : (0, codegen_1.str)`must contain at least ${min} and no more than ${max} valid item(s)`,
			params: ({ params: { min, max } }) => max === void 0 ? (0, codegen_1._)`{minContains: ${min}}` : (0, codegen_1._)`{minContains: ${min}, maxContains: ${max}}`
		},
		code(cxt) {
			const { gen, schema, parentSchema, data, it } = cxt;
			let min;
			let max;
			const { minContains, maxContains } = parentSchema;
			if (it.opts.next) {
				min = minContains === void 0 ? 1 : minContains;
				max = maxContains;
			} else min = 1;
			const len = gen.const("len", (0, codegen_1._)`${data}.length`);
			cxt.setParams({
				min,
				max
			});
			if (max === void 0 && min === 0) {
				(0, util_1.checkStrictMode)(it, `"minContains" == 0 without "maxContains": "contains" keyword ignored`);
				return;
			}
			if (max !== void 0 && min > max) {
				(0, util_1.checkStrictMode)(it, `"minContains" > "maxContains" is always invalid`);
				cxt.fail();
				return;
			}
			if ((0, util_1.alwaysValidSchema)(it, schema)) {
				let cond = (0, codegen_1._)`${len} >= ${min}`;
				if (max !== void 0) cond = (0, codegen_1._)`${cond} && ${len} <= ${max}`;
				cxt.pass(cond);
				return;
			}
			it.items = true;
			const valid = gen.name("valid");
			if (max === void 0 && min === 1) validateItems(valid, () => gen.if(valid, () => gen.break()));
			else if (min === 0) {
				gen.let(valid, true);
				if (max !== void 0) gen.if((0, codegen_1._)`${data}.length > 0`, validateItemsWithCount);
			} else {
				gen.let(valid, false);
				validateItemsWithCount();
			}
			cxt.result(valid, () => cxt.reset());
			function validateItemsWithCount() {
				const schValid = gen.name("_valid");
				const count = gen.let("count", 0);
				validateItems(schValid, () => gen.if(schValid, () => checkLimits(count)));
			}
			function validateItems(_valid, block) {
				gen.forRange("i", 0, len, (i) => {
					cxt.subschema({
						keyword: "contains",
						dataProp: i,
						dataPropType: util_1.Type.Num,
						compositeRule: true
					}, _valid);
					block();
				});
			}
			function checkLimits(count) {
				gen.code((0, codegen_1._)`${count}++`);
				if (max === void 0) gen.if((0, codegen_1._)`${count} >= ${min}`, () => gen.assign(valid, true).break());
				else {
					gen.if((0, codegen_1._)`${count} > ${max}`, () => gen.assign(valid, false).break());
					if (min === 1) gen.assign(valid, true);
					else gen.if((0, codegen_1._)`${count} >= ${min}`, () => gen.assign(valid, true));
				}
			}
		}
	};
}));
// node_modules/ajv/dist/vocabularies/applicator/dependencies.js
var require_dependencies = __commonJSMin(((exports) => {
	Object.defineProperty(exports, "__esModule", { value: true });
	exports.validateSchemaDeps = exports.validatePropertyDeps = exports.error = void 0;
	const codegen_1 = require_codegen();
	const util_1 = require_util();
	const code_1 = require_code();
	exports.error = {
		message: ({ params: { property, depsCount, deps } }) => {
			const property_ies = depsCount === 1 ? "property" : "properties";
			return (0, codegen_1.str)`must have ${property_ies} ${deps} when property ${property} is present`;
		},
		params: ({ params: { property, depsCount, deps, missingProperty } }) => (0, codegen_1._)`{property: ${property},
    missingProperty: ${missingProperty},
    depsCount: ${depsCount},
    deps: ${deps}}`
	};
	const def = {
		keyword: "dependencies",
		type: "object",
		schemaType: "object",
		error: exports.error,
		code(cxt) {
			const [propDeps, schDeps] = splitDependencies(cxt);
			validatePropertyDeps(cxt, propDeps);
			validateSchemaDeps(cxt, schDeps);
		}
	};
	function splitDependencies({ schema }) {
		const propertyDeps = {};
		const schemaDeps = {};
		for (const key in schema) {
			if (key === "__proto__") continue;
			const deps = Array.isArray(schema[key]) ? propertyDeps : schemaDeps;
			deps[key] = schema[key];
		}
		return [propertyDeps, schemaDeps];
	}
	function validatePropertyDeps(cxt, propertyDeps = cxt.schema) {
		const { gen, data, it } = cxt;
		if (Object.keys(propertyDeps).length === 0) return;
		const missing = gen.let("missing");
		for (const prop in propertyDeps) {
			const deps = propertyDeps[prop];
			if (deps.length === 0) continue;
			const hasProperty = (0, code_1.propertyInData)(gen, data, prop, it.opts.ownProperties);
			cxt.setParams({
				property: prop,
				depsCount: deps.length,
				deps: deps.join(", ")
			});
			if (it.allErrors) gen.if(hasProperty, () => {
				for (const depProp of deps) (0, code_1.checkReportMissingProp)(cxt, depProp);
			});
			else {
				gen.if((0, codegen_1._)`${hasProperty} && (${(0, code_1.checkMissingProp)(cxt, deps, missing)})`);
				(0, code_1.reportMissingProp)(cxt, missing);
				gen.else();
			}
		}
	}
	exports.validatePropertyDeps = validatePropertyDeps;
	function validateSchemaDeps(cxt, schemaDeps = cxt.schema) {
		const { gen, data, keyword, it } = cxt;
		const valid = gen.name("valid");
		for (const prop in schemaDeps) {
			if ((0, util_1.alwaysValidSchema)(it, schemaDeps[prop])) continue;
			gen.if((0, code_1.propertyInData)(gen, data, prop, it.opts.ownProperties), () => {
				const schCxt = cxt.subschema({
					keyword,
					schemaProp: prop
				}, valid);
				cxt.mergeValidEvaluated(schCxt, valid);
			}, () => gen.var(valid, true));
			cxt.ok(valid);
		}
	}
	exports.validateSchemaDeps = validateSchemaDeps;
	exports.default = def;
}));
// node_modules/ajv/dist/vocabularies/applicator/propertyNames.js
var require_propertyNames = __commonJSMin(((exports) => {
	Object.defineProperty(exports, "__esModule", { value: true });
	const codegen_1 = require_codegen();
	const util_1 = require_util();
	exports.default = {
		keyword: "propertyNames",
		type: "object",
		schemaType: ["object", "boolean"],
		error: {
			message: "property name must be valid",
			params: ({ params }) => (0, codegen_1._)`{propertyName: ${params.propertyName}}`
		},
		code(cxt) {
			const { gen, schema, data, it } = cxt;
			if ((0, util_1.alwaysValidSchema)(it, schema)) return;
			const valid = gen.name("valid");
			gen.forIn("key", data, (key) => {
				cxt.setParams({ propertyName: key });
				cxt.subschema({
					keyword: "propertyNames",
					data: key,
					dataTypes: ["string"],
					propertyName: key,
					compositeRule: true
				}, valid);
				gen.if((0, codegen_1.not)(valid), () => {
					cxt.error(true);
					if (!it.allErrors) gen.break();
				});
			});
			cxt.ok(valid);
		}
	};
}));
// node_modules/ajv/dist/vocabularies/applicator/additionalProperties.js
var require_additionalProperties = __commonJSMin(((exports) => {
	Object.defineProperty(exports, "__esModule", { value: true });
	const code_1 = require_code();
	const codegen_1 = require_codegen();
	const names_1 = require_names();
	const util_1 = require_util();
	exports.default = {
		keyword: "additionalProperties",
		type: ["object"],
		schemaType: ["boolean", "object"],
		allowUndefined: true,
		trackErrors: true,
		error: {
			message: "must NOT have additional properties",
			params: ({ params }) => (0, codegen_1._)`{additionalProperty: ${params.additionalProperty}}`
		},
		code(cxt) {
			const { gen, schema, parentSchema, data, errsCount, it } = cxt;
			if (!errsCount) throw new Error("ajv implementation error");
			const { allErrors, opts } = it;
			it.props = true;
			if (opts.removeAdditional !== "all" && (0, util_1.alwaysValidSchema)(it, schema)) return;
			const props = (0, code_1.allSchemaProperties)(parentSchema.properties);
			const patProps = (0, code_1.allSchemaProperties)(parentSchema.patternProperties);
			checkAdditionalProperties();
			cxt.ok((0, codegen_1._)`${errsCount} === ${names_1.default.errors}`);
			function checkAdditionalProperties() {
				gen.forIn("key", data, (key) => {
					if (!props.length && !patProps.length) additionalPropertyCode(key);
					else gen.if(isAdditional(key), () => additionalPropertyCode(key));
				});
			}
			function isAdditional(key) {
				let definedProp;
				if (props.length > 8) {
					const propsSchema = (0, util_1.schemaRefOrVal)(it, parentSchema.properties, "properties");
					definedProp = (0, code_1.isOwnProperty)(gen, propsSchema, key);
				} else if (props.length) definedProp = (0, codegen_1.or)(...props.map((p) => (0, codegen_1._)`${key} === ${p}`));
				else definedProp = codegen_1.nil;
				if (patProps.length) definedProp = (0, codegen_1.or)(definedProp, ...patProps.map((p) => (0, codegen_1._)`${(0, code_1.usePattern)(cxt, p)}.test(${key})`));
				return (0, codegen_1.not)(definedProp);
			}
			function deleteAdditional(key) {
				gen.code((0, codegen_1._)`delete ${data}[${key}]`);
			}
			function additionalPropertyCode(key) {
				if (opts.removeAdditional === "all" || opts.removeAdditional && schema === false) {
					deleteAdditional(key);
					return;
				}
				if (schema === false) {
					cxt.setParams({ additionalProperty: key });
					cxt.error();
					if (!allErrors) gen.break();
					return;
				}
				if (typeof schema == "object" && !(0, util_1.alwaysValidSchema)(it, schema)) {
					const valid = gen.name("valid");
					if (opts.removeAdditional === "failing") {
						applyAdditionalSchema(key, valid, false);
						gen.if((0, codegen_1.not)(valid), () => {
							cxt.reset();
							deleteAdditional(key);
						});
					} else {
						applyAdditionalSchema(key, valid);
						if (!allErrors) gen.if((0, codegen_1.not)(valid), () => gen.break());
					}
				}
			}
			function applyAdditionalSchema(key, valid, errors) {
				const subschema = {
					keyword: "additionalProperties",
					dataProp: key,
					dataPropType: util_1.Type.Str
				};
				if (errors === false) Object.assign(subschema, {
					compositeRule: true,
					createErrors: false,
					allErrors: false
				});
				cxt.subschema(subschema, valid);
			}
		}
	};
}));
// node_modules/ajv/dist/vocabularies/applicator/properties.js
var require_properties = __commonJSMin(((exports) => {
	Object.defineProperty(exports, "__esModule", { value: true });
	const validate_1 = require_validate();
	const code_1 = require_code();
	const util_1 = require_util();
	const additionalProperties_1 = require_additionalProperties();
	exports.default = {
		keyword: "properties",
		type: "object",
		schemaType: "object",
		code(cxt) {
			const { gen, schema, parentSchema, data, it } = cxt;
			if (it.opts.removeAdditional === "all" && parentSchema.additionalProperties === void 0) additionalProperties_1.default.code(new validate_1.KeywordCxt(it, additionalProperties_1.default, "additionalProperties"));
			const allProps = (0, code_1.allSchemaProperties)(schema);
			for (const prop of allProps) it.definedProperties.add(prop);
			if (it.opts.unevaluated && allProps.length && it.props !== true) it.props = util_1.mergeEvaluated.props(gen, (0, util_1.toHash)(allProps), it.props);
			const properties = allProps.filter((p) => !(0, util_1.alwaysValidSchema)(it, schema[p]));
			if (properties.length === 0) return;
			const valid = gen.name("valid");
			for (const prop of properties) {
				if (hasDefault(prop)) applyPropertySchema(prop);
				else {
					gen.if((0, code_1.propertyInData)(gen, data, prop, it.opts.ownProperties));
					applyPropertySchema(prop);
					if (!it.allErrors) gen.else().var(valid, true);
					gen.endIf();
				}
				cxt.it.definedProperties.add(prop);
				cxt.ok(valid);
			}
			function hasDefault(prop) {
				return it.opts.useDefaults && !it.compositeRule && schema[prop].default !== void 0;
			}
			function applyPropertySchema(prop) {
				cxt.subschema({
					keyword: "properties",
					schemaProp: prop,
					dataProp: prop
				}, valid);
			}
		}
	};
}));
// node_modules/ajv/dist/vocabularies/applicator/patternProperties.js
var require_patternProperties = __commonJSMin(((exports) => {
	Object.defineProperty(exports, "__esModule", { value: true });
	const code_1 = require_code();
	const codegen_1 = require_codegen();
	const util_1 = require_util();
	const util_2 = require_util();
	exports.default = {
		keyword: "patternProperties",
		type: "object",
		schemaType: "object",
		code(cxt) {
			const { gen, schema, data, parentSchema, it } = cxt;
			const { opts } = it;
			const patterns = (0, code_1.allSchemaProperties)(schema);
			const alwaysValidPatterns = patterns.filter((p) => (0, util_1.alwaysValidSchema)(it, schema[p]));
			if (patterns.length === 0 || alwaysValidPatterns.length === patterns.length && (!it.opts.unevaluated || it.props === true)) return;
			const checkProperties = opts.strictSchema && !opts.allowMatchingProperties && parentSchema.properties;
			const valid = gen.name("valid");
			if (it.props !== true && !(it.props instanceof codegen_1.Name)) it.props = (0, util_2.evaluatedPropsToName)(gen, it.props);
			const { props } = it;
			validatePatternProperties();
			function validatePatternProperties() {
				for (const pat of patterns) {
					if (checkProperties) checkMatchingProperties(pat);
					if (it.allErrors) validateProperties(pat);
					else {
						gen.var(valid, true);
						validateProperties(pat);
						gen.if(valid);
					}
				}
			}
			function checkMatchingProperties(pat) {
				for (const prop in checkProperties) if (new RegExp(pat).test(prop)) (0, util_1.checkStrictMode)(it, `property ${prop} matches pattern ${pat} (use allowMatchingProperties)`);
			}
			function validateProperties(pat) {
				gen.forIn("key", data, (key) => {
					gen.if((0, codegen_1._)`${(0, code_1.usePattern)(cxt, pat)}.test(${key})`, () => {
						const alwaysValid = alwaysValidPatterns.includes(pat);
						if (!alwaysValid) cxt.subschema({
							keyword: "patternProperties",
							schemaProp: pat,
							dataProp: key,
							dataPropType: util_2.Type.Str
						}, valid);
						if (it.opts.unevaluated && props !== true) gen.assign((0, codegen_1._)`${props}[${key}]`, true);
						else if (!alwaysValid && !it.allErrors) gen.if((0, codegen_1.not)(valid), () => gen.break());
					});
				});
			}
		}
	};
}));
// node_modules/ajv/dist/vocabularies/applicator/not.js
var require_not = __commonJSMin(((exports) => {
	Object.defineProperty(exports, "__esModule", { value: true });
	const util_1 = require_util();
	exports.default = {
		keyword: "not",
		schemaType: ["object", "boolean"],
		trackErrors: true,
		code(cxt) {
			const { gen, schema, it } = cxt;
			if ((0, util_1.alwaysValidSchema)(it, schema)) {
				cxt.fail();
				return;
			}
			const valid = gen.name("valid");
			cxt.subschema({
				keyword: "not",
				compositeRule: true,
				createErrors: false,
				allErrors: false
			}, valid);
			cxt.failResult(valid, () => cxt.reset(), () => cxt.error());
		},
		error: { message: "must NOT be valid" }
	};
}));
// node_modules/ajv/dist/vocabularies/applicator/anyOf.js
var require_anyOf = __commonJSMin(((exports) => {
	Object.defineProperty(exports, "__esModule", { value: true });
	exports.default = {
		keyword: "anyOf",
		schemaType: "array",
		trackErrors: true,
		code: require_code().validateUnion,
		error: { message: "must match a schema in anyOf" }
	};
}));
// node_modules/ajv/dist/vocabularies/applicator/oneOf.js
var require_oneOf = __commonJSMin(((exports) => {
	Object.defineProperty(exports, "__esModule", { value: true });
	const codegen_1 = require_codegen();
	const util_1 = require_util();
	exports.default = {
		keyword: "oneOf",
		schemaType: "array",
		trackErrors: true,
		error: {
			message: "must match exactly one schema in oneOf",
			params: ({ params }) => (0, codegen_1._)`{passingSchemas: ${params.passing}}`
		},
		code(cxt) {
			const { gen, schema, parentSchema, it } = cxt;
			if (!Array.isArray(schema)) throw new Error("ajv implementation error");
			if (it.opts.discriminator && parentSchema.discriminator) return;
			const schArr = schema;
			const valid = gen.let("valid", false);
			const passing = gen.let("passing", null);
			const schValid = gen.name("_valid");
			cxt.setParams({ passing });
			gen.block(validateOneOf);
			cxt.result(valid, () => cxt.reset(), () => cxt.error(true));
			function validateOneOf() {
				schArr.forEach((sch, i) => {
					let schCxt;
					if ((0, util_1.alwaysValidSchema)(it, sch)) gen.var(schValid, true);
					else schCxt = cxt.subschema({
						keyword: "oneOf",
						schemaProp: i,
						compositeRule: true
					}, schValid);
					if (i > 0) gen.if((0, codegen_1._)`${schValid} && ${valid}`).assign(valid, false).assign(passing, (0, codegen_1._)`[${passing}, ${i}]`).else();
					gen.if(schValid, () => {
						gen.assign(valid, true);
						gen.assign(passing, i);
						if (schCxt) cxt.mergeEvaluated(schCxt, codegen_1.Name);
					});
				});
			}
		}
	};
}));
// node_modules/ajv/dist/vocabularies/applicator/allOf.js
var require_allOf = __commonJSMin(((exports) => {
	Object.defineProperty(exports, "__esModule", { value: true });
	const util_1 = require_util();
	exports.default = {
		keyword: "allOf",
		schemaType: "array",
		code(cxt) {
			const { gen, schema, it } = cxt;
			if (!Array.isArray(schema)) throw new Error("ajv implementation error");
			const valid = gen.name("valid");
			schema.forEach((sch, i) => {
				if ((0, util_1.alwaysValidSchema)(it, sch)) return;
				const schCxt = cxt.subschema({
					keyword: "allOf",
					schemaProp: i
				}, valid);
				cxt.ok(valid);
				cxt.mergeEvaluated(schCxt);
			});
		}
	};
}));
// node_modules/ajv/dist/vocabularies/applicator/if.js
var require_if = __commonJSMin(((exports) => {
	Object.defineProperty(exports, "__esModule", { value: true });
	const codegen_1 = require_codegen();
	const util_1 = require_util();
	const def = {
		keyword: "if",
		schemaType: ["object", "boolean"],
		trackErrors: true,
		error: {
			message: ({ params }) => (0, codegen_1.str)`must match "${params.ifClause}" schema`,
			params: ({ params }) => (0, codegen_1._)`{failingKeyword: ${params.ifClause}}`
		},
		code(cxt) {
			const { gen, parentSchema, it } = cxt;
			if (parentSchema.then === void 0 && parentSchema.else === void 0) (0, util_1.checkStrictMode)(it, "\"if\" without \"then\" and \"else\" is ignored");
			const hasThen = hasSchema(it, "then");
			const hasElse = hasSchema(it, "else");
			if (!hasThen && !hasElse) return;
			const valid = gen.let("valid", true);
			const schValid = gen.name("_valid");
			validateIf();
			cxt.reset();
			if (hasThen && hasElse) {
				const ifClause = gen.let("ifClause");
				cxt.setParams({ ifClause });
				gen.if(schValid, validateClause("then", ifClause), validateClause("else", ifClause));
			} else if (hasThen) gen.if(schValid, validateClause("then"));
			else gen.if((0, codegen_1.not)(schValid), validateClause("else"));
			cxt.pass(valid, () => cxt.error(true));
			function validateIf() {
				const schCxt = cxt.subschema({
					keyword: "if",
					compositeRule: true,
					createErrors: false,
					allErrors: false
				}, schValid);
				cxt.mergeEvaluated(schCxt);
			}
			function validateClause(keyword, ifClause) {
				return () => {
					const schCxt = cxt.subschema({ keyword }, schValid);
					gen.assign(valid, schValid);
					cxt.mergeValidEvaluated(schCxt, valid);
					if (ifClause) gen.assign(ifClause, (0, codegen_1._)`${keyword}`);
					else cxt.setParams({ ifClause: keyword });
				};
			}
		}
	};
	function hasSchema(it, keyword) {
		const schema = it.schema[keyword];
		return schema !== void 0 && !(0, util_1.alwaysValidSchema)(it, schema);
	}
	exports.default = def;
}));
// node_modules/ajv/dist/vocabularies/applicator/thenElse.js
var require_thenElse = __commonJSMin(((exports) => {
	Object.defineProperty(exports, "__esModule", { value: true });
	const util_1 = require_util();
	exports.default = {
		keyword: ["then", "else"],
		schemaType: ["object", "boolean"],
		code({ keyword, parentSchema, it }) {
			if (parentSchema.if === void 0) (0, util_1.checkStrictMode)(it, `"${keyword}" without "if" is ignored`);
		}
	};
}));
// node_modules/ajv/dist/vocabularies/applicator/index.js
var require_applicator$1 = __commonJSMin(((exports) => {
	Object.defineProperty(exports, "__esModule", { value: true });
	const additionalItems_1 = require_additionalItems();
	const prefixItems_1 = require_prefixItems();
	const items_1 = require_items();
	const items2020_1 = require_items2020();
	const contains_1 = require_contains();
	const dependencies_1 = require_dependencies();
	const propertyNames_1 = require_propertyNames();
	const additionalProperties_1 = require_additionalProperties();
	const properties_1 = require_properties();
	const patternProperties_1 = require_patternProperties();
	const not_1 = require_not();
	const anyOf_1 = require_anyOf();
	const oneOf_1 = require_oneOf();
	const allOf_1 = require_allOf();
	const if_1 = require_if();
	const thenElse_1 = require_thenElse();
	function getApplicator(draft2020 = false) {
		const applicator = [
			not_1.default,
			anyOf_1.default,
			oneOf_1.default,
			allOf_1.default,
			if_1.default,
			thenElse_1.default,
			propertyNames_1.default,
			additionalProperties_1.default,
			dependencies_1.default,
			properties_1.default,
			patternProperties_1.default
		];
		if (draft2020) applicator.push(prefixItems_1.default, items2020_1.default);
		else applicator.push(additionalItems_1.default, items_1.default);
		applicator.push(contains_1.default);
		return applicator;
	}
	exports.default = getApplicator;
}));
// node_modules/ajv/dist/vocabularies/dynamic/dynamicAnchor.js
var require_dynamicAnchor = __commonJSMin(((exports) => {
	Object.defineProperty(exports, "__esModule", { value: true });
	exports.dynamicAnchor = void 0;
	const codegen_1 = require_codegen();
	const names_1 = require_names();
	const compile_1 = require_compile();
	const ref_1 = require_ref();
	const def = {
		keyword: "$dynamicAnchor",
		schemaType: "string",
		code: (cxt) => dynamicAnchor(cxt, cxt.schema)
	};
	function dynamicAnchor(cxt, anchor) {
		const { gen, it } = cxt;
		it.schemaEnv.root.dynamicAnchors[anchor] = true;
		const v = (0, codegen_1._)`${names_1.default.dynamicAnchors}${(0, codegen_1.getProperty)(anchor)}`;
		const validate = it.errSchemaPath === "#" ? it.validateName : _getValidate(cxt);
		gen.if((0, codegen_1._)`!${v}`, () => gen.assign(v, validate));
	}
	exports.dynamicAnchor = dynamicAnchor;
	function _getValidate(cxt) {
		const { schemaEnv, schema, self } = cxt.it;
		const { root, baseId, localRefs, meta } = schemaEnv.root;
		const { schemaId } = self.opts;
		const sch = new compile_1.SchemaEnv({
			schema,
			schemaId,
			root,
			baseId,
			localRefs,
			meta
		});
		compile_1.compileSchema.call(self, sch);
		return (0, ref_1.getValidate)(cxt, sch);
	}
	exports.default = def;
}));
// node_modules/ajv/dist/vocabularies/dynamic/dynamicRef.js
var require_dynamicRef = __commonJSMin(((exports) => {
	Object.defineProperty(exports, "__esModule", { value: true });
	exports.dynamicRef = void 0;
	const codegen_1 = require_codegen();
	const names_1 = require_names();
	const ref_1 = require_ref();
	const def = {
		keyword: "$dynamicRef",
		schemaType: "string",
		code: (cxt) => dynamicRef(cxt, cxt.schema)
	};
	function dynamicRef(cxt, ref) {
		const { gen, keyword, it } = cxt;
		if (ref[0] !== "#") throw new Error(`"${keyword}" only supports hash fragment reference`);
		const anchor = ref.slice(1);
		if (it.allErrors) _dynamicRef();
		else {
			const valid = gen.let("valid", false);
			_dynamicRef(valid);
			cxt.ok(valid);
		}
		function _dynamicRef(valid) {
			if (it.schemaEnv.root.dynamicAnchors[anchor]) {
				const v = gen.let("_v", (0, codegen_1._)`${names_1.default.dynamicAnchors}${(0, codegen_1.getProperty)(anchor)}`);
				gen.if(v, _callRef(v, valid), _callRef(it.validateName, valid));
			} else _callRef(it.validateName, valid)();
		}
		function _callRef(validate, valid) {
			return valid ? () => gen.block(() => {
				(0, ref_1.callRef)(cxt, validate);
				gen.let(valid, true);
			}) : () => (0, ref_1.callRef)(cxt, validate);
		}
	}
	exports.dynamicRef = dynamicRef;
	exports.default = def;
}));
// node_modules/ajv/dist/vocabularies/dynamic/recursiveAnchor.js
var require_recursiveAnchor = __commonJSMin(((exports) => {
	Object.defineProperty(exports, "__esModule", { value: true });
	const dynamicAnchor_1 = require_dynamicAnchor();
	const util_1 = require_util();
	exports.default = {
		keyword: "$recursiveAnchor",
		schemaType: "boolean",
		code(cxt) {
			if (cxt.schema) (0, dynamicAnchor_1.dynamicAnchor)(cxt, "");
			else (0, util_1.checkStrictMode)(cxt.it, "$recursiveAnchor: false is ignored");
		}
	};
}));
// node_modules/ajv/dist/vocabularies/dynamic/recursiveRef.js
var require_recursiveRef = __commonJSMin(((exports) => {
	Object.defineProperty(exports, "__esModule", { value: true });
	const dynamicRef_1 = require_dynamicRef();
	exports.default = {
		keyword: "$recursiveRef",
		schemaType: "string",
		code: (cxt) => (0, dynamicRef_1.dynamicRef)(cxt, cxt.schema)
	};
}));
// node_modules/ajv/dist/vocabularies/dynamic/index.js
var require_dynamic = __commonJSMin(((exports) => {
	Object.defineProperty(exports, "__esModule", { value: true });
	const dynamicAnchor_1 = require_dynamicAnchor();
	const dynamicRef_1 = require_dynamicRef();
	const recursiveAnchor_1 = require_recursiveAnchor();
	const recursiveRef_1 = require_recursiveRef();
	exports.default = [
		dynamicAnchor_1.default,
		dynamicRef_1.default,
		recursiveAnchor_1.default,
		recursiveRef_1.default
	];
}));
// node_modules/ajv/dist/vocabularies/validation/dependentRequired.js
var require_dependentRequired = __commonJSMin(((exports) => {
	Object.defineProperty(exports, "__esModule", { value: true });
	const dependencies_1 = require_dependencies();
	exports.default = {
		keyword: "dependentRequired",
		type: "object",
		schemaType: "object",
		error: dependencies_1.error,
		code: (cxt) => (0, dependencies_1.validatePropertyDeps)(cxt)
	};
}));
// node_modules/ajv/dist/vocabularies/applicator/dependentSchemas.js
var require_dependentSchemas = __commonJSMin(((exports) => {
	Object.defineProperty(exports, "__esModule", { value: true });
	const dependencies_1 = require_dependencies();
	exports.default = {
		keyword: "dependentSchemas",
		type: "object",
		schemaType: "object",
		code: (cxt) => (0, dependencies_1.validateSchemaDeps)(cxt)
	};
}));
// node_modules/ajv/dist/vocabularies/validation/limitContains.js
var require_limitContains = __commonJSMin(((exports) => {
	Object.defineProperty(exports, "__esModule", { value: true });
	const util_1 = require_util();
	exports.default = {
		keyword: ["maxContains", "minContains"],
		type: "array",
		schemaType: "number",
		code({ keyword, parentSchema, it }) {
			if (parentSchema.contains === void 0) (0, util_1.checkStrictMode)(it, `"${keyword}" without "contains" is ignored`);
		}
	};
}));
// node_modules/ajv/dist/vocabularies/next.js
var require_next = __commonJSMin(((exports) => {
	Object.defineProperty(exports, "__esModule", { value: true });
	const dependentRequired_1 = require_dependentRequired();
	const dependentSchemas_1 = require_dependentSchemas();
	const limitContains_1 = require_limitContains();
	exports.default = [
		dependentRequired_1.default,
		dependentSchemas_1.default,
		limitContains_1.default
	];
}));
// node_modules/ajv/dist/vocabularies/unevaluated/unevaluatedProperties.js
var require_unevaluatedProperties = __commonJSMin(((exports) => {
	Object.defineProperty(exports, "__esModule", { value: true });
	const codegen_1 = require_codegen();
	const util_1 = require_util();
	const names_1 = require_names();
	exports.default = {
		keyword: "unevaluatedProperties",
		type: "object",
		schemaType: ["boolean", "object"],
		trackErrors: true,
		error: {
			message: "must NOT have unevaluated properties",
			params: ({ params }) => (0, codegen_1._)`{unevaluatedProperty: ${params.unevaluatedProperty}}`
		},
		code(cxt) {
			const { gen, schema, data, errsCount, it } = cxt;
			if (!errsCount) throw new Error("ajv implementation error");
			const { allErrors, props } = it;
			if (props instanceof codegen_1.Name) gen.if((0, codegen_1._)`${props} !== true`, () => gen.forIn("key", data, (key) => gen.if(unevaluatedDynamic(props, key), () => unevaluatedPropCode(key))));
			else if (props !== true) gen.forIn("key", data, (key) => props === void 0 ? unevaluatedPropCode(key) : gen.if(unevaluatedStatic(props, key), () => unevaluatedPropCode(key)));
			it.props = true;
			cxt.ok((0, codegen_1._)`${errsCount} === ${names_1.default.errors}`);
			function unevaluatedPropCode(key) {
				if (schema === false) {
					cxt.setParams({ unevaluatedProperty: key });
					cxt.error();
					if (!allErrors) gen.break();
					return;
				}
				if (!(0, util_1.alwaysValidSchema)(it, schema)) {
					const valid = gen.name("valid");
					cxt.subschema({
						keyword: "unevaluatedProperties",
						dataProp: key,
						dataPropType: util_1.Type.Str
					}, valid);
					if (!allErrors) gen.if((0, codegen_1.not)(valid), () => gen.break());
				}
			}
			function unevaluatedDynamic(evaluatedProps, key) {
				return (0, codegen_1._)`!${evaluatedProps} || !${evaluatedProps}[${key}]`;
			}
			function unevaluatedStatic(evaluatedProps, key) {
				const ps = [];
				for (const p in evaluatedProps) if (evaluatedProps[p] === true) ps.push((0, codegen_1._)`${key} !== ${p}`);
				return (0, codegen_1.and)(...ps);
			}
		}
	};
}));
// node_modules/ajv/dist/vocabularies/unevaluated/unevaluatedItems.js
var require_unevaluatedItems = __commonJSMin(((exports) => {
	Object.defineProperty(exports, "__esModule", { value: true });
	const codegen_1 = require_codegen();
	const util_1 = require_util();
	exports.default = {
		keyword: "unevaluatedItems",
		type: "array",
		schemaType: ["boolean", "object"],
		error: {
			message: ({ params: { len } }) => (0, codegen_1.str)`must NOT have more than ${len} items`,
			params: ({ params: { len } }) => (0, codegen_1._)`{limit: ${len}}`
		},
		code(cxt) {
			const { gen, schema, data, it } = cxt;
			const items = it.items || 0;
			if (items === true) return;
			const len = gen.const("len", (0, codegen_1._)`${data}.length`);
			if (schema === false) {
				cxt.setParams({ len: items });
				cxt.fail((0, codegen_1._)`${len} > ${items}`);
			} else if (typeof schema == "object" && !(0, util_1.alwaysValidSchema)(it, schema)) {
				const valid = gen.var("valid", (0, codegen_1._)`${len} <= ${items}`);
				gen.if((0, codegen_1.not)(valid), () => validateItems(valid, items));
				cxt.ok(valid);
			}
			it.items = true;
			function validateItems(valid, from) {
				gen.forRange("i", from, len, (i) => {
					cxt.subschema({
						keyword: "unevaluatedItems",
						dataProp: i,
						dataPropType: util_1.Type.Num
					}, valid);
					if (!it.allErrors) gen.if((0, codegen_1.not)(valid), () => gen.break());
				});
			}
		}
	};
}));
// node_modules/ajv/dist/vocabularies/unevaluated/index.js
var require_unevaluated$1 = __commonJSMin(((exports) => {
	Object.defineProperty(exports, "__esModule", { value: true });
	const unevaluatedProperties_1 = require_unevaluatedProperties();
	const unevaluatedItems_1 = require_unevaluatedItems();
	exports.default = [unevaluatedProperties_1.default, unevaluatedItems_1.default];
}));
// node_modules/ajv/dist/vocabularies/format/format.js
var require_format$1 = __commonJSMin(((exports) => {
	Object.defineProperty(exports, "__esModule", { value: true });
	const codegen_1 = require_codegen();
	exports.default = {
		keyword: "format",
		type: ["number", "string"],
		schemaType: "string",
		$data: true,
		error: {
			message: ({ schemaCode }) => (0, codegen_1.str)`must match format "${schemaCode}"`,
			params: ({ schemaCode }) => (0, codegen_1._)`{format: ${schemaCode}}`
		},
		code(cxt, ruleType) {
			const { gen, data, $data, schema, schemaCode, it } = cxt;
			const { opts, errSchemaPath, schemaEnv, self } = it;
			if (!opts.validateFormats) return;
			if ($data) validate$DataFormat();
			else validateFormat();
			function validate$DataFormat() {
				const fmts = gen.scopeValue("formats", {
					ref: self.formats,
					code: opts.code.formats
				});
				const fDef = gen.const("fDef", (0, codegen_1._)`${fmts}[${schemaCode}]`);
				const fType = gen.let("fType");
				const format = gen.let("format");
				gen.if((0, codegen_1._)`typeof ${fDef} == "object" && !(${fDef} instanceof RegExp)`, () => gen.assign(fType, (0, codegen_1._)`${fDef}.type || "string"`).assign(format, (0, codegen_1._)`${fDef}.validate`), () => gen.assign(fType, (0, codegen_1._)`"string"`).assign(format, fDef));
				cxt.fail$data((0, codegen_1.or)(unknownFmt(), invalidFmt()));
				function unknownFmt() {
					if (opts.strictSchema === false) return codegen_1.nil;
					return (0, codegen_1._)`${schemaCode} && !${format}`;
				}
				function invalidFmt() {
					const callFormat = schemaEnv.$async ? (0, codegen_1._)`(${fDef}.async ? await ${format}(${data}) : ${format}(${data}))` : (0, codegen_1._)`${format}(${data})`;
					const validData = (0, codegen_1._)`(typeof ${format} == "function" ? ${callFormat} : ${format}.test(${data}))`;
					return (0, codegen_1._)`${format} && ${format} !== true && ${fType} === ${ruleType} && !${validData}`;
				}
			}
			function validateFormat() {
				const formatDef = self.formats[schema];
				if (!formatDef) {
					unknownFormat();
					return;
				}
				if (formatDef === true) return;
				const [fmtType, format, fmtRef] = getFormat(formatDef);
				if (fmtType === ruleType) cxt.pass(validCondition());
				function unknownFormat() {
					if (opts.strictSchema === false) {
						self.logger.warn(unknownMsg());
						return;
					}
					throw new Error(unknownMsg());
					function unknownMsg() {
						return `unknown format "${schema}" ignored in schema at path "${errSchemaPath}"`;
					}
				}
				function getFormat(fmtDef) {
					const code = fmtDef instanceof RegExp ? (0, codegen_1.regexpCode)(fmtDef) : opts.code.formats ? (0, codegen_1._)`${opts.code.formats}${(0, codegen_1.getProperty)(schema)}` : void 0;
					const fmt = gen.scopeValue("formats", {
						key: schema,
						ref: fmtDef,
						code
					});
					if (typeof fmtDef == "object" && !(fmtDef instanceof RegExp)) return [
						fmtDef.type || "string",
						fmtDef.validate,
						(0, codegen_1._)`${fmt}.validate`
					];
					return [
						"string",
						fmtDef,
						fmt
					];
				}
				function validCondition() {
					if (typeof formatDef == "object" && !(formatDef instanceof RegExp) && formatDef.async) {
						if (!schemaEnv.$async) throw new Error("async format in sync schema");
						return (0, codegen_1._)`await ${fmtRef}(${data})`;
					}
					return typeof format == "function" ? (0, codegen_1._)`${fmtRef}(${data})` : (0, codegen_1._)`${fmtRef}.test(${data})`;
				}
			}
		}
	};
}));
// node_modules/ajv/dist/vocabularies/format/index.js
var require_format = __commonJSMin(((exports) => {
	Object.defineProperty(exports, "__esModule", { value: true });
	exports.default = [require_format$1().default];
}));
// node_modules/ajv/dist/vocabularies/metadata.js
var require_metadata = __commonJSMin(((exports) => {
	Object.defineProperty(exports, "__esModule", { value: true });
	exports.contentVocabulary = exports.metadataVocabulary = void 0;
	exports.metadataVocabulary = [
		"title",
		"description",
		"default",
		"deprecated",
		"readOnly",
		"writeOnly",
		"examples"
	];
	exports.contentVocabulary = [
		"contentMediaType",
		"contentEncoding",
		"contentSchema"
	];
}));
// node_modules/ajv/dist/vocabularies/draft2020.js
var require_draft2020 = __commonJSMin(((exports) => {
	Object.defineProperty(exports, "__esModule", { value: true });
	const core_1 = require_core$1();
	const validation_1 = require_validation$1();
	const applicator_1 = require_applicator$1();
	const dynamic_1 = require_dynamic();
	const next_1 = require_next();
	const unevaluated_1 = require_unevaluated$1();
	const format_1 = require_format();
	const metadata_1 = require_metadata();
	exports.default = [
		dynamic_1.default,
		core_1.default,
		validation_1.default,
		(0, applicator_1.default)(true),
		format_1.default,
		metadata_1.metadataVocabulary,
		metadata_1.contentVocabulary,
		next_1.default,
		unevaluated_1.default
	];
}));
// node_modules/ajv/dist/vocabularies/discriminator/types.js
var require_types = __commonJSMin(((exports) => {
	Object.defineProperty(exports, "__esModule", { value: true });
	exports.DiscrError = void 0;
	var DiscrError;
	(function(DiscrError) {
		DiscrError["Tag"] = "tag";
		DiscrError["Mapping"] = "mapping";
	})(DiscrError || (exports.DiscrError = DiscrError = {}));
}));
// node_modules/ajv/dist/vocabularies/discriminator/index.js
var require_discriminator = __commonJSMin(((exports) => {
	Object.defineProperty(exports, "__esModule", { value: true });
	const codegen_1 = require_codegen();
	const types_1 = require_types();
	const compile_1 = require_compile();
	const ref_error_1 = require_ref_error();
	const util_1 = require_util();
	exports.default = {
		keyword: "discriminator",
		type: "object",
		schemaType: "object",
		error: {
			message: ({ params: { discrError, tagName } }) => discrError === types_1.DiscrError.Tag ? `tag "${tagName}" must be string` : `value of tag "${tagName}" must be in oneOf`,
			params: ({ params: { discrError, tag, tagName } }) => (0, codegen_1._)`{error: ${discrError}, tag: ${tagName}, tagValue: ${tag}}`
		},
		code(cxt) {
			const { gen, data, schema, parentSchema, it } = cxt;
			const { oneOf } = parentSchema;
			if (!it.opts.discriminator) throw new Error("discriminator: requires discriminator option");
			const tagName = schema.propertyName;
			if (typeof tagName != "string") throw new Error("discriminator: requires propertyName");
			if (schema.mapping) throw new Error("discriminator: mapping is not supported");
			if (!oneOf) throw new Error("discriminator: requires oneOf keyword");
			const valid = gen.let("valid", false);
			const tag = gen.const("tag", (0, codegen_1._)`${data}${(0, codegen_1.getProperty)(tagName)}`);
			gen.if((0, codegen_1._)`typeof ${tag} == "string"`, () => validateMapping(), () => cxt.error(false, {
				discrError: types_1.DiscrError.Tag,
				tag,
				tagName
			}));
			cxt.ok(valid);
			function validateMapping() {
				const mapping = getMapping();
				gen.if(false);
				for (const tagValue in mapping) {
					gen.elseIf((0, codegen_1._)`${tag} === ${tagValue}`);
					gen.assign(valid, applyTagSchema(mapping[tagValue]));
				}
				gen.else();
				cxt.error(false, {
					discrError: types_1.DiscrError.Mapping,
					tag,
					tagName
				});
				gen.endIf();
			}
			function applyTagSchema(schemaProp) {
				const _valid = gen.name("valid");
				const schCxt = cxt.subschema({
					keyword: "oneOf",
					schemaProp
				}, _valid);
				cxt.mergeEvaluated(schCxt, codegen_1.Name);
				return _valid;
			}
			function getMapping() {
				var _a;
				const oneOfMapping = {};
				const topRequired = hasRequired(parentSchema);
				let tagRequired = true;
				for (let i = 0; i < oneOf.length; i++) {
					let sch = oneOf[i];
					if ((sch === null || sch === void 0 ? void 0 : sch.$ref) && !(0, util_1.schemaHasRulesButRef)(sch, it.self.RULES)) {
						const ref = sch.$ref;
						sch = compile_1.resolveRef.call(it.self, it.schemaEnv.root, it.baseId, ref);
						if (sch instanceof compile_1.SchemaEnv) sch = sch.schema;
						if (sch === void 0) throw new ref_error_1.default(it.opts.uriResolver, it.baseId, ref);
					}
					const propSch = (_a = sch === null || sch === void 0 ? void 0 : sch.properties) === null || _a === void 0 ? void 0 : _a[tagName];
					if (typeof propSch != "object") throw new Error(`discriminator: oneOf subschemas (or referenced schemas) must have "properties/${tagName}"`);
					tagRequired = tagRequired && (topRequired || hasRequired(sch));
					addMappings(propSch, i);
				}
				if (!tagRequired) throw new Error(`discriminator: "${tagName}" must be required`);
				return oneOfMapping;
				function hasRequired({ required }) {
					return Array.isArray(required) && required.includes(tagName);
				}
				function addMappings(sch, i) {
					if (sch.const) addMapping(sch.const, i);
					else if (sch.enum) for (const tagValue of sch.enum) addMapping(tagValue, i);
					else throw new Error(`discriminator: "properties/${tagName}" must have "const" or "enum"`);
				}
				function addMapping(tagValue, i) {
					if (typeof tagValue != "string" || tagValue in oneOfMapping) throw new Error(`discriminator: "${tagName}" values must be unique strings`);
					oneOfMapping[tagValue] = i;
				}
			}
		}
	};
}));
// node_modules/ajv/dist/refs/json-schema-2020-12/schema.json
var require_schema = __commonJSMin(((exports, module) => {
	module.exports = {
		"$schema": "https://json-schema.org/draft/2020-12/schema",
		"$id": "https://json-schema.org/draft/2020-12/schema",
		"$vocabulary": {
			"https://json-schema.org/draft/2020-12/vocab/core": true,
			"https://json-schema.org/draft/2020-12/vocab/applicator": true,
			"https://json-schema.org/draft/2020-12/vocab/unevaluated": true,
			"https://json-schema.org/draft/2020-12/vocab/validation": true,
			"https://json-schema.org/draft/2020-12/vocab/meta-data": true,
			"https://json-schema.org/draft/2020-12/vocab/format-annotation": true,
			"https://json-schema.org/draft/2020-12/vocab/content": true
		},
		"$dynamicAnchor": "meta",
		"title": "Core and Validation specifications meta-schema",
		"allOf": [
			{ "$ref": "meta/core" },
			{ "$ref": "meta/applicator" },
			{ "$ref": "meta/unevaluated" },
			{ "$ref": "meta/validation" },
			{ "$ref": "meta/meta-data" },
			{ "$ref": "meta/format-annotation" },
			{ "$ref": "meta/content" }
		],
		"type": ["object", "boolean"],
		"$comment": "This meta-schema also defines keywords that have appeared in previous drafts in order to prevent incompatible extensions as they remain in common use.",
		"properties": {
			"definitions": {
				"$comment": "\"definitions\" has been replaced by \"$defs\".",
				"type": "object",
				"additionalProperties": { "$dynamicRef": "#meta" },
				"deprecated": true,
				"default": {}
			},
			"dependencies": {
				"$comment": "\"dependencies\" has been split and replaced by \"dependentSchemas\" and \"dependentRequired\" in order to serve their differing semantics.",
				"type": "object",
				"additionalProperties": { "anyOf": [{ "$dynamicRef": "#meta" }, { "$ref": "meta/validation#/$defs/stringArray" }] },
				"deprecated": true,
				"default": {}
			},
			"$recursiveAnchor": {
				"$comment": "\"$recursiveAnchor\" has been replaced by \"$dynamicAnchor\".",
				"$ref": "meta/core#/$defs/anchorString",
				"deprecated": true
			},
			"$recursiveRef": {
				"$comment": "\"$recursiveRef\" has been replaced by \"$dynamicRef\".",
				"$ref": "meta/core#/$defs/uriReferenceString",
				"deprecated": true
			}
		}
	};
}));
// node_modules/ajv/dist/refs/json-schema-2020-12/meta/applicator.json
var require_applicator = __commonJSMin(((exports, module) => {
	module.exports = {
		"$schema": "https://json-schema.org/draft/2020-12/schema",
		"$id": "https://json-schema.org/draft/2020-12/meta/applicator",
		"$vocabulary": { "https://json-schema.org/draft/2020-12/vocab/applicator": true },
		"$dynamicAnchor": "meta",
		"title": "Applicator vocabulary meta-schema",
		"type": ["object", "boolean"],
		"properties": {
			"prefixItems": { "$ref": "#/$defs/schemaArray" },
			"items": { "$dynamicRef": "#meta" },
			"contains": { "$dynamicRef": "#meta" },
			"additionalProperties": { "$dynamicRef": "#meta" },
			"properties": {
				"type": "object",
				"additionalProperties": { "$dynamicRef": "#meta" },
				"default": {}
			},
			"patternProperties": {
				"type": "object",
				"additionalProperties": { "$dynamicRef": "#meta" },
				"propertyNames": { "format": "regex" },
				"default": {}
			},
			"dependentSchemas": {
				"type": "object",
				"additionalProperties": { "$dynamicRef": "#meta" },
				"default": {}
			},
			"propertyNames": { "$dynamicRef": "#meta" },
			"if": { "$dynamicRef": "#meta" },
			"then": { "$dynamicRef": "#meta" },
			"else": { "$dynamicRef": "#meta" },
			"allOf": { "$ref": "#/$defs/schemaArray" },
			"anyOf": { "$ref": "#/$defs/schemaArray" },
			"oneOf": { "$ref": "#/$defs/schemaArray" },
			"not": { "$dynamicRef": "#meta" }
		},
		"$defs": { "schemaArray": {
			"type": "array",
			"minItems": 1,
			"items": { "$dynamicRef": "#meta" }
		} }
	};
}));
// node_modules/ajv/dist/refs/json-schema-2020-12/meta/unevaluated.json
var require_unevaluated = __commonJSMin(((exports, module) => {
	module.exports = {
		"$schema": "https://json-schema.org/draft/2020-12/schema",
		"$id": "https://json-schema.org/draft/2020-12/meta/unevaluated",
		"$vocabulary": { "https://json-schema.org/draft/2020-12/vocab/unevaluated": true },
		"$dynamicAnchor": "meta",
		"title": "Unevaluated applicator vocabulary meta-schema",
		"type": ["object", "boolean"],
		"properties": {
			"unevaluatedItems": { "$dynamicRef": "#meta" },
			"unevaluatedProperties": { "$dynamicRef": "#meta" }
		}
	};
}));
// node_modules/ajv/dist/refs/json-schema-2020-12/meta/content.json
var require_content = __commonJSMin(((exports, module) => {
	module.exports = {
		"$schema": "https://json-schema.org/draft/2020-12/schema",
		"$id": "https://json-schema.org/draft/2020-12/meta/content",
		"$vocabulary": { "https://json-schema.org/draft/2020-12/vocab/content": true },
		"$dynamicAnchor": "meta",
		"title": "Content vocabulary meta-schema",
		"type": ["object", "boolean"],
		"properties": {
			"contentEncoding": { "type": "string" },
			"contentMediaType": { "type": "string" },
			"contentSchema": { "$dynamicRef": "#meta" }
		}
	};
}));
// node_modules/ajv/dist/refs/json-schema-2020-12/meta/core.json
var require_core = __commonJSMin(((exports, module) => {
	module.exports = {
		"$schema": "https://json-schema.org/draft/2020-12/schema",
		"$id": "https://json-schema.org/draft/2020-12/meta/core",
		"$vocabulary": { "https://json-schema.org/draft/2020-12/vocab/core": true },
		"$dynamicAnchor": "meta",
		"title": "Core vocabulary meta-schema",
		"type": ["object", "boolean"],
		"properties": {
			"$id": {
				"$ref": "#/$defs/uriReferenceString",
				"$comment": "Non-empty fragments not allowed.",
				"pattern": "^[^#]*#?$"
			},
			"$schema": { "$ref": "#/$defs/uriString" },
			"$ref": { "$ref": "#/$defs/uriReferenceString" },
			"$anchor": { "$ref": "#/$defs/anchorString" },
			"$dynamicRef": { "$ref": "#/$defs/uriReferenceString" },
			"$dynamicAnchor": { "$ref": "#/$defs/anchorString" },
			"$vocabulary": {
				"type": "object",
				"propertyNames": { "$ref": "#/$defs/uriString" },
				"additionalProperties": { "type": "boolean" }
			},
			"$comment": { "type": "string" },
			"$defs": {
				"type": "object",
				"additionalProperties": { "$dynamicRef": "#meta" }
			}
		},
		"$defs": {
			"anchorString": {
				"type": "string",
				"pattern": "^[A-Za-z_][-A-Za-z0-9._]*$"
			},
			"uriString": {
				"type": "string",
				"format": "uri"
			},
			"uriReferenceString": {
				"type": "string",
				"format": "uri-reference"
			}
		}
	};
}));
// node_modules/ajv/dist/refs/json-schema-2020-12/meta/format-annotation.json
var require_format_annotation = __commonJSMin(((exports, module) => {
	module.exports = {
		"$schema": "https://json-schema.org/draft/2020-12/schema",
		"$id": "https://json-schema.org/draft/2020-12/meta/format-annotation",
		"$vocabulary": { "https://json-schema.org/draft/2020-12/vocab/format-annotation": true },
		"$dynamicAnchor": "meta",
		"title": "Format vocabulary meta-schema for annotation results",
		"type": ["object", "boolean"],
		"properties": { "format": { "type": "string" } }
	};
}));
// node_modules/ajv/dist/refs/json-schema-2020-12/meta/meta-data.json
var require_meta_data = __commonJSMin(((exports, module) => {
	module.exports = {
		"$schema": "https://json-schema.org/draft/2020-12/schema",
		"$id": "https://json-schema.org/draft/2020-12/meta/meta-data",
		"$vocabulary": { "https://json-schema.org/draft/2020-12/vocab/meta-data": true },
		"$dynamicAnchor": "meta",
		"title": "Meta-data vocabulary meta-schema",
		"type": ["object", "boolean"],
		"properties": {
			"title": { "type": "string" },
			"description": { "type": "string" },
			"default": true,
			"deprecated": {
				"type": "boolean",
				"default": false
			},
			"readOnly": {
				"type": "boolean",
				"default": false
			},
			"writeOnly": {
				"type": "boolean",
				"default": false
			},
			"examples": {
				"type": "array",
				"items": true
			}
		}
	};
}));
// node_modules/ajv/dist/refs/json-schema-2020-12/meta/validation.json
var require_validation = __commonJSMin(((exports, module) => {
	module.exports = {
		"$schema": "https://json-schema.org/draft/2020-12/schema",
		"$id": "https://json-schema.org/draft/2020-12/meta/validation",
		"$vocabulary": { "https://json-schema.org/draft/2020-12/vocab/validation": true },
		"$dynamicAnchor": "meta",
		"title": "Validation vocabulary meta-schema",
		"type": ["object", "boolean"],
		"properties": {
			"type": { "anyOf": [{ "$ref": "#/$defs/simpleTypes" }, {
				"type": "array",
				"items": { "$ref": "#/$defs/simpleTypes" },
				"minItems": 1,
				"uniqueItems": true
			}] },
			"const": true,
			"enum": {
				"type": "array",
				"items": true
			},
			"multipleOf": {
				"type": "number",
				"exclusiveMinimum": 0
			},
			"maximum": { "type": "number" },
			"exclusiveMaximum": { "type": "number" },
			"minimum": { "type": "number" },
			"exclusiveMinimum": { "type": "number" },
			"maxLength": { "$ref": "#/$defs/nonNegativeInteger" },
			"minLength": { "$ref": "#/$defs/nonNegativeIntegerDefault0" },
			"pattern": {
				"type": "string",
				"format": "regex"
			},
			"maxItems": { "$ref": "#/$defs/nonNegativeInteger" },
			"minItems": { "$ref": "#/$defs/nonNegativeIntegerDefault0" },
			"uniqueItems": {
				"type": "boolean",
				"default": false
			},
			"maxContains": { "$ref": "#/$defs/nonNegativeInteger" },
			"minContains": {
				"$ref": "#/$defs/nonNegativeInteger",
				"default": 1
			},
			"maxProperties": { "$ref": "#/$defs/nonNegativeInteger" },
			"minProperties": { "$ref": "#/$defs/nonNegativeIntegerDefault0" },
			"required": { "$ref": "#/$defs/stringArray" },
			"dependentRequired": {
				"type": "object",
				"additionalProperties": { "$ref": "#/$defs/stringArray" }
			}
		},
		"$defs": {
			"nonNegativeInteger": {
				"type": "integer",
				"minimum": 0
			},
			"nonNegativeIntegerDefault0": {
				"$ref": "#/$defs/nonNegativeInteger",
				"default": 0
			},
			"simpleTypes": { "enum": [
				"array",
				"boolean",
				"integer",
				"null",
				"number",
				"object",
				"string"
			] },
			"stringArray": {
				"type": "array",
				"items": { "type": "string" },
				"uniqueItems": true,
				"default": []
			}
		}
	};
}));
// node_modules/ajv/dist/refs/json-schema-2020-12/index.js
var require_json_schema_2020_12 = __commonJSMin(((exports) => {
	Object.defineProperty(exports, "__esModule", { value: true });
	const metaSchema = require_schema();
	const applicator = require_applicator();
	const unevaluated = require_unevaluated();
	const content = require_content();
	const core = require_core();
	const format = require_format_annotation();
	const metadata = require_meta_data();
	const validation = require_validation();
	const META_SUPPORT_DATA = ["/properties"];
	function addMetaSchema2020($data) {
		[
			metaSchema,
			applicator,
			unevaluated,
			content,
			core,
			with$data(this, format),
			metadata,
			with$data(this, validation)
		].forEach((sch) => this.addMetaSchema(sch, void 0, false));
		return this;
		function with$data(ajv, sch) {
			return $data ? ajv.$dataMetaSchema(sch, META_SUPPORT_DATA) : sch;
		}
	}
	exports.default = addMetaSchema2020;
}));
// src/schema/evidence.ts
var import__2020 = __commonJSMin(((exports, module) => {
	Object.defineProperty(exports, "__esModule", { value: true });
	exports.MissingRefError = exports.ValidationError = exports.CodeGen = exports.Name = exports.nil = exports.stringify = exports.str = exports._ = exports.KeywordCxt = exports.Ajv2020 = void 0;
	const core_1 = require_core$2();
	const draft2020_1 = require_draft2020();
	const discriminator_1 = require_discriminator();
	const json_schema_2020_12_1 = require_json_schema_2020_12();
	const META_SCHEMA_ID = "https://json-schema.org/draft/2020-12/schema";
	var Ajv2020 = class extends core_1.default {
		constructor(opts = {}) {
			super({
				...opts,
				dynamicRef: true,
				next: true,
				unevaluated: true
			});
		}
		_addVocabularies() {
			super._addVocabularies();
			draft2020_1.default.forEach((v) => this.addVocabulary(v));
			if (this.opts.discriminator) this.addKeyword(discriminator_1.default);
		}
		_addDefaultMetaSchema() {
			super._addDefaultMetaSchema();
			const { $data, meta } = this.opts;
			if (!meta) return;
			json_schema_2020_12_1.default.call(this, $data);
			this.refs["http://json-schema.org/schema"] = META_SCHEMA_ID;
		}
		defaultMeta() {
			return this.opts.defaultMeta = super.defaultMeta() || (this.getSchema(META_SCHEMA_ID) ? META_SCHEMA_ID : void 0);
		}
	};
	exports.Ajv2020 = Ajv2020;
	module.exports = exports = Ajv2020;
	module.exports.Ajv2020 = Ajv2020;
	Object.defineProperty(exports, "__esModule", { value: true });
	exports.default = Ajv2020;
	var validate_1 = require_validate();
	Object.defineProperty(exports, "KeywordCxt", {
		enumerable: true,
		get: function() {
			return validate_1.KeywordCxt;
		}
	});
	var codegen_1 = require_codegen();
	Object.defineProperty(exports, "_", {
		enumerable: true,
		get: function() {
			return codegen_1._;
		}
	});
	Object.defineProperty(exports, "str", {
		enumerable: true,
		get: function() {
			return codegen_1.str;
		}
	});
	Object.defineProperty(exports, "stringify", {
		enumerable: true,
		get: function() {
			return codegen_1.stringify;
		}
	});
	Object.defineProperty(exports, "nil", {
		enumerable: true,
		get: function() {
			return codegen_1.nil;
		}
	});
	Object.defineProperty(exports, "Name", {
		enumerable: true,
		get: function() {
			return codegen_1.Name;
		}
	});
	Object.defineProperty(exports, "CodeGen", {
		enumerable: true,
		get: function() {
			return codegen_1.CodeGen;
		}
	});
	var validation_error_1 = require_validation_error();
	Object.defineProperty(exports, "ValidationError", {
		enumerable: true,
		get: function() {
			return validation_error_1.default;
		}
	});
	var ref_error_1 = require_ref_error();
	Object.defineProperty(exports, "MissingRefError", {
		enumerable: true,
		get: function() {
			return ref_error_1.default;
		}
	});
}))();
const position = {
	type: "object",
	required: ["line", "column"],
	properties: {
		line: {
			type: "integer",
			minimum: 1
		},
		column: {
			type: "integer",
			minimum: 1
		}
	}
};
const excerpt = {
	type: "object",
	required: [
		"firstLine",
		"lines",
		"cut"
	],
	properties: {
		firstLine: {
			type: "integer",
			minimum: 1
		},
		lines: {
			type: "array",
			maxItems: 3,
			items: {
				type: "string",
				maxLength: 400
			}
		},
		cut: {
			type: "integer",
			minimum: 0
		}
	}
};
const sharedDefinitions = {
	range: {
		type: "object",
		required: [
			"file",
			"start",
			"end",
			"digest"
		],
		properties: {
			file: { type: "string" },
			start: position,
			end: position,
			excerpt,
			digest: { type: "string" },
			on: { type: "string" }
		}
	},
	origin: {
		type: "object",
		required: ["kind"],
		properties: { kind: { enum: [
			"file",
			"wire",
			"command",
			"derived",
			"attested"
		] } },
		allOf: [
			{
				if: { properties: { kind: { const: "file" } } },
				then: {
					required: ["range"],
					properties: { range: { $ref: "#/$defs/range" } }
				}
			},
			{
				if: { properties: { kind: { const: "wire" } } },
				then: { required: ["target", "exchange"] }
			},
			{
				if: { properties: { kind: { const: "command" } } },
				then: { required: ["target", "command"] }
			},
			{
				if: { properties: { kind: { const: "derived" } } },
				then: {
					required: ["rule", "from"],
					properties: { from: {
						type: "array",
						minItems: 1,
						items: { $ref: "#/$defs/origin" }
					} }
				}
			},
			{
				if: { properties: { kind: { const: "attested" } } },
				then: { required: [
					"attestation",
					"range",
					"by"
				] }
			}
		]
	},
	unknown: {
		type: "object",
		required: [
			"state",
			"cause",
			"detail"
		],
		properties: {
			state: { const: "unknown" },
			cause: { enum: CAUSE_CODES },
			detail: { type: "string" },
			origin: { $ref: "#/$defs/origin" }
		}
	},
	fact: {
		type: "object",
		required: ["state"],
		properties: { state: { enum: [
			"known",
			"absent",
			"unknown"
		] } },
		allOf: [
			{
				if: { properties: { state: { const: "known" } } },
				then: {
					required: ["value", "origin"],
					properties: {
						value: { anyOf: [
							{ type: [
								"boolean",
								"number",
								"string"
							] },
							{
								type: "array",
								items: { $ref: "#/$defs/fact" }
							},
							{
								type: "object",
								additionalProperties: { $ref: "#/$defs/fact" }
							}
						] },
						origin: { $ref: "#/$defs/origin" },
						open: {
							type: "array",
							minItems: 1,
							items: { $ref: "#/$defs/unknown" }
						}
					}
				}
			},
			{
				if: { properties: { state: { const: "absent" } } },
				then: {
					required: ["origin"],
					properties: { origin: { $ref: "#/$defs/origin" } }
				}
			},
			{
				if: { properties: { state: { const: "unknown" } } },
				then: { $ref: "#/$defs/unknown" }
			}
		]
	},
	target: {
		type: "object",
		required: [
			"id",
			"kind",
			"address",
			"system",
			"labels",
			"versions",
			"options",
			"declaredAt"
		],
		properties: {
			id: { type: "string" },
			kind: { type: "string" },
			address: { type: "string" },
			system: { type: "string" },
			labels: {
				type: "object",
				additionalProperties: { $ref: "#/$defs/fact" }
			},
			versions: {
				type: "object",
				additionalProperties: { $ref: "#/$defs/fact" }
			},
			declares: { type: "string" },
			options: {
				type: "object",
				additionalProperties: { type: "string" }
			},
			declaredAt: { $ref: "#/$defs/range" }
		}
	},
	coverage: {
		type: "object",
		required: [
			"status",
			"gaps",
			"looked"
		],
		properties: {
			status: { enum: [
				"complete",
				"partial",
				"failed"
			] },
			gaps: {
				type: "array",
				items: { $ref: "#/$defs/unknown" }
			},
			looked: { $ref: "#/$defs/fact" }
		}
	},
	resource: {
		type: "object",
		required: [
			"kind",
			"id",
			"target",
			"stance",
			"facts"
		],
		properties: {
			kind: { type: "string" },
			id: { type: "string" },
			target: { type: "string" },
			stance: { enum: ["live", "declared"] },
			facts: {
				type: "object",
				additionalProperties: { $ref: "#/$defs/fact" }
			}
		}
	}
};
const recordSchema = {
	$schema: "https://json-schema.org/draft/2020-12/schema",
	type: "object",
	required: [
		"target",
		"resources",
		"coverage",
		"gaps",
		"looked",
		"collectors",
		"collectedAt"
	],
	properties: {
		target: { $ref: "#/$defs/target" },
		resources: {
			type: "array",
			items: { $ref: "#/$defs/resource" }
		},
		coverage: {
			type: "object",
			additionalProperties: { $ref: "#/$defs/coverage" }
		},
		gaps: {
			type: "array",
			items: { $ref: "#/$defs/unknown" }
		},
		looked: {
			type: "array",
			items: {
				type: "object",
				required: ["name", "as"],
				properties: {
					name: { type: "string" },
					as: { type: "string" },
					digest: { type: "string" }
				}
			}
		},
		collectors: {
			type: "object",
			additionalProperties: { type: "string" }
		},
		collectedAt: { type: "string" }
	},
	$defs: sharedDefinitions
};
const localized$2 = {
	type: "object",
	required: ["en", "zh"],
	properties: {
		en: { type: "string" },
		zh: { type: "string" }
	}
};
const setting = {
	type: "object",
	required: ["value", "setBy"],
	properties: { setBy: { type: "string" } }
};
const severity$2 = { enum: [
	"critical",
	"high",
	"medium",
	"low",
	"info"
] };
const planSchema = {
	$schema: "https://json-schema.org/draft/2020-12/schema",
	type: "object",
	required: [
		"format",
		"version",
		"profile",
		"controls",
		"targets",
		"expects",
		"labelDefaults",
		"waivers",
		"gate",
		"policy",
		"asOf"
	],
	properties: {
		format: { const: "custos-plan" },
		version: { const: 1 },
		profile: { type: "string" },
		controls: {
			type: "array",
			items: {
				type: "object",
				required: [
					"control",
					"parameters",
					"weight",
					"emptyMayPass"
				],
				properties: {
					control: {
						type: "object",
						required: [
							"id",
							"revision",
							"family",
							"title",
							"severity",
							"lesser",
							"scope",
							"resource",
							"message",
							"remediation",
							"parameters",
							"verification",
							"declaredAt",
							"bundled"
						],
						properties: {
							id: { type: "string" },
							revision: { type: "integer" },
							family: { type: "string" },
							title: localized$2,
							message: localized$2,
							severity: severity$2,
							lesser: {
								type: "array",
								items: {
									type: "object",
									required: ["if", "severity"],
									properties: {
										if: { type: "string" },
										severity: severity$2
									}
								}
							},
							scope: { enum: [
								"resource",
								"assessment",
								"findings"
							] },
							resource: { type: "string" },
							when: { type: "string" },
							assert: { type: "string" },
							attested: {
								type: "object",
								required: ["kind", "assert"]
							},
							offending: { type: "string" },
							declaredAt: { $ref: "#/$defs/range" },
							bundled: { type: "boolean" }
						}
					},
					parameters: {
						type: "object",
						additionalProperties: setting
					},
					weight: setting,
					emptyMayPass: {
						type: "array",
						items: { type: "string" }
					},
					probe: { type: "string" }
				}
			}
		},
		targets: {
			type: "array",
			items: { $ref: "#/$defs/target" }
		},
		expects: {
			type: "array",
			items: {
				type: "object",
				required: [
					"kind",
					"atLeast",
					"setBy"
				]
			}
		},
		labelDefaults: {
			type: "object",
			additionalProperties: setting
		},
		waivers: {
			type: "array",
			items: {
				type: "object",
				required: [
					"id",
					"control",
					"target",
					"owner",
					"reason",
					"until",
					"declaredAt"
				]
			}
		},
		gate: {
			type: "object",
			required: [
				"failOn",
				"undecided",
				"allowUndecided"
			],
			properties: { failOn: severity$2 }
		},
		policy: {
			type: "array",
			items: {
				type: "object",
				required: [
					"role",
					"name",
					"digest"
				]
			}
		},
		asOf: { type: "string" },
		asOfGiven: {
			const: true,
			description: "The user named asOf: it is part of the plan’s digest then."
		},
		own: {
			type: "object",
			description: "What custos.yaml and the command line set: it stays where another profile judges.",
			required: [
				"parameters",
				"expects",
				"gate"
			],
			properties: {
				parameters: {
					type: "object",
					additionalProperties: {
						type: "object",
						additionalProperties: setting
					}
				},
				expects: {
					type: "array",
					items: {
						type: "object",
						required: [
							"kind",
							"atLeast",
							"setBy"
						]
					}
				},
				gate: { type: "object" }
			}
		}
	},
	$defs: sharedDefinitions
};
recordSchema.required, recordSchema.properties;
// src/schema/assessment.ts
const interval = {
	type: "object",
	required: ["low", "high"],
	properties: {
		low: {
			type: "number",
			minimum: 0,
			maximum: 100
		},
		high: {
			type: "number",
			minimum: 0,
			maximum: 100
		}
	}
};
const findingSchema = {
	type: "object",
	required: [
		"control",
		"family",
		"target",
		"resource",
		"kind",
		"outcome",
		"severity",
		"basis",
		"message",
		"locations",
		"offenders",
		"witnesses",
		"alsoUnknown",
		"parts"
	],
	properties: {
		control: { type: "string" },
		target: { type: "string" },
		resource: { type: "string" },
		outcome: { enum: [
			"pass",
			"fail",
			"unknown",
			"manual",
			"not-applicable",
			"error"
		] },
		severity: severity$2,
		basis: { enum: ["automated", "attested"] },
		message: localized$2,
		fingerprint: {
			type: "string",
			pattern: "^[0-9a-f]{64}$"
		},
		count: {
			type: "integer",
			minimum: 1,
			description: "How many findings were folded into this one."
		},
		locations: {
			type: "array",
			items: {
				type: "object",
				required: [
					"file",
					"range",
					"role"
				],
				properties: {
					file: { type: "string" },
					range: {
						type: "object",
						required: ["start", "end"],
						properties: {
							start: position,
							end: position
						}
					},
					excerpt,
					role: { enum: ["evidence", "declared"] },
					seen: {
						type: "object",
						required: [
							"on",
							"file",
							"range"
						],
						properties: {
							on: { type: "string" },
							file: { type: "string" },
							range: {
								type: "object",
								required: ["start", "end"],
								properties: {
									start: position,
									end: position
								}
							},
							excerpt
						}
					}
				}
			}
		},
		offenders: {
			type: "array",
			items: {
				type: "object",
				required: ["digest"]
			}
		},
		witnesses: {
			type: "array",
			items: {
				type: "object",
				required: [
					"path",
					"state",
					"origin"
				],
				properties: { origin: { $ref: "#/$defs/origin" } }
			}
		},
		waiver: {
			type: "object",
			required: [
				"id",
				"owner",
				"reason",
				"until",
				"status"
			]
		}
	},
	allOf: [{
		if: { properties: { outcome: { enum: [
			"pass",
			"fail",
			"not-applicable"
		] } } },
		then: { properties: { witnesses: { minItems: 1 } } }
	}, {
		if: { properties: { outcome: { const: "unknown" } } },
		then: {
			required: ["causes"],
			properties: { causes: {
				type: "array",
				minItems: 1
			} }
		}
	}]
};
const count = {
	type: "integer",
	minimum: 0
};
const list$1 = { type: "array" };
const endpointSchema = {
	type: "object",
	required: [
		"target",
		"resource",
		"protocols",
		"suites",
		"groups",
		"groupsWhole",
		"certificates",
		"weaknesses",
		"weaknessesWhole",
		"alpn",
		"rating",
		"guidelines"
	],
	properties: {
		target: { type: "string" },
		resource: { type: "string" },
		groups: {
			type: "array",
			items: { type: "string" }
		},
		groupsWhole: {
			type: "boolean",
			description: "False where there may be more groups than these."
		},
		weaknesses: {
			type: "array",
			items: { type: "string" }
		},
		weaknessesWhole: {
			type: "boolean",
			description: "False where there may be more weaknesses than these."
		}
	}
};
const grade = { enum: [
	"A",
	"B",
	"C",
	"D",
	"F",
	"–"
] };
const summaryRequired = [
	"format",
	"version",
	"tool",
	"profile",
	"asOf",
	"policy",
	"planDigest",
	"gate",
	"targets",
	"endpoints",
	"rules",
	"counts",
	"failed",
	"scores",
	"grade",
	"gradeHigh",
	"caps",
	"coverage",
	"notLookedAt",
	"waivers",
	"gone",
	"verdict"
];
const summaryProperties = {
	format: { const: "custos-assessment" },
	version: { const: 1 },
	profile: { type: "string" },
	asOf: { type: "string" },
	policy: list$1,
	planDigest: { type: "string" },
	base: {
		type: "string",
		description: "Leads from where the run stood to the directory that paths are relative to."
	},
	gate: { type: "object" },
	targets: {
		type: "array",
		items: {
			type: "object",
			required: [
				"target",
				"resources",
				"looked",
				"gaps",
				"collectedAt"
			],
			properties: {
				target: { type: "object" },
				resources: count,
				looked: list$1,
				gaps: list$1,
				collectedAt: { type: "string" }
			}
		}
	},
	endpoints: {
		type: "array",
		items: endpointSchema
	},
	rules: {
		type: "array",
		items: {
			type: "object",
			required: [
				"id",
				"revision",
				"family",
				"title",
				"rationale",
				"severity",
				"remediation",
				"references",
				"parameters",
				"tags"
			],
			properties: {
				id: { type: "string" },
				revision: { type: "integer" },
				family: { type: "string" },
				title: localized$2,
				rationale: localized$2,
				severity: severity$2,
				remediation: localized$2,
				references: { type: "object" },
				parameters: { type: "object" },
				tags: list$1
			}
		}
	},
	counts: {
		type: "object",
		description: "How many findings came out how; they are all here.",
		required: [
			"fail",
			"error",
			"unknown",
			"manual",
			"pass",
			"not-applicable"
		],
		properties: {
			fail: count,
			error: count,
			unknown: count,
			manual: count,
			pass: count,
			"not-applicable": count
		},
		additionalProperties: false
	},
	failed: {
		type: "object",
		required: severity$2.enum,
		properties: {
			critical: count,
			high: count,
			medium: count,
			low: count,
			info: count
		}
	},
	scores: {
		type: "object",
		required: [
			"total",
			"accepted",
			"families"
		],
		properties: {
			total: interval,
			accepted: interval,
			families: {
				type: "array",
				items: {
					...interval,
					required: [
						"family",
						"weight",
						"controls",
						"low",
						"high"
					]
				}
			}
		}
	},
	grade,
	gradeHigh: grade,
	caps: list$1,
	coverage: {
		type: "number",
		minimum: 0,
		maximum: 1
	},
	verdict: {
		type: "object",
		required: ["exitCode", "reasons"],
		properties: {
			exitCode: { enum: [
				0,
				1,
				2,
				130
			] },
			reasons: {
				type: "array",
				items: localized$2
			}
		}
	},
	notLookedAt: {
		type: "array",
		items: {
			type: "object",
			required: [
				"control",
				"title",
				"severity",
				"kind",
				"reason"
			]
		}
	},
	waivers: list$1,
	gone: list$1
};
[...summaryRequired], { ...summaryProperties };
const summarySchema = {
	type: "object",
	required: summaryRequired,
	properties: summaryProperties
};
const findingDocumentSchema = {
	...findingSchema,
	$defs: sharedDefinitions
};
// src/evidence/lines-of-file.ts
const CHUNK$1 = 1048576;
const MAX_LINE$1 = 268435456;
function* linesOf(file, from = 0, tooLong = (line, message) => new RangeError(`${file}:${line} ${message}`)) {
	const descriptor = openSync(file, "r");
	try {
		const chunk = Buffer.alloc(CHUNK$1);
		let parts = [];
		let held = 0;
		let at = from;
		let number = 1;
		for (;;) {
			const length = readSync(descriptor, chunk, 0, CHUNK$1, at);
			if (length === 0) break;
			const read = chunk.subarray(0, length);
			let start = 0;
			for (let newline = read.indexOf(10); newline !== -1; newline = read.indexOf(10, start)) {
				const piece = read.subarray(start, newline);
				start = newline + 1;
				yield jsonLine(parts.length === 0 ? piece : Buffer.concat([...parts, piece]), at + start);
				parts = [];
				held = 0;
				number += 1;
			}
			if (start < length) parts.push(Buffer.from(read.subarray(start)));
			held += length - start;
			at += length;
			if (held > MAX_LINE$1) throw tooLong(number, `is longer than ${MAX_LINE$1} bytes: no reader takes such a line`);
		}
		if (held > 0) yield jsonLine(Buffer.concat(parts), at);
	} finally {
		closeSync(descriptor);
	}
}
function jsonLine(bytes, end) {
	return {
		bytes,
		end,
		get value() {
			try {
				return JSON.parse(bytes.toString("utf8"));
			} catch {
				return;
			}
		}
	};
}
// src/evidence/assessment-file.ts
var InvalidAssessment = class extends Error {
	file;
	constructor(file, message) {
		super(message);
		this.name = "InvalidAssessment";
		this.file = file;
	}
};
const MAX_OBJECT = 419430400;
function openAssessment(file) {
	if (beginsAsLines(file)) return fromLines(file);
	if (statSync(file).size > MAX_OBJECT) throw new InvalidAssessment(file, "is too large for one JSON object: write it with -f jsonl");
	let value;
	try {
		value = JSON.parse(readFileSync(file, "utf8"));
	} catch (error) {
		throw new InvalidAssessment(file, `is not JSON: ${error instanceof Error ? error.message : String(error)}`);
	}
	if (!isAssessment(value)) throw new InvalidAssessment(file, "is no Custos assessment (format custos-assessment, version 1)");
	const { findings, ...rest } = value;
	const tally = new Tally(file);
	const summary = tally.summary(rest, "summary");
	const taken = findings.map((finding, index) => tally.add(finding, `findings[${index}]`));
	tally.settle(summary);
	return {
		summary,
		findings: taken
	};
}
function beginsAsLines(file) {
	const beyond = new InvalidAssessment(file, "begins with no header");
	try {
		for (const { value } of linesOf(file, 0, () => beyond)) return isLinesHeader(value);
	} catch (error) {
		if (error !== beyond) throw error;
	}
	return false;
}
var Tally = class {
	#file;
	#ajv = new import__2020.Ajv2020({ strict: false });
	#validSummary = this.#ajv.compile(summarySchema);
	#validFinding = this.#ajv.compile(findingDocumentSchema);
	#counts = new Map();
	#controls = new Map();
	constructor(file) {
		this.#file = file;
	}
	summary(value, place) {
		if (!this.#validSummary(value)) throw this.#refusal(place, "no summary", this.#validSummary);
		return value;
	}
	add(finding, place) {
		if (!this.#validFinding(finding)) throw this.#refusal(place, "no finding", this.#validFinding);
		this.#counts.set(finding.outcome, (this.#counts.get(finding.outcome) ?? 0) + (finding.count ?? 1));
		if (!this.#controls.has(finding.control)) this.#controls.set(finding.control, place);
		return finding;
	}
	settle({ counts, rules }) {
		for (const outcome of OUTCOMES) {
			const found = this.#counts.get(outcome) ?? 0;
			if (found !== counts[outcome]) throw new InvalidAssessment(this.#file, `holds ${found} findings that came out ${outcome}, and its summary counts ${counts[outcome]}: it was changed or cut`);
		}
		const known = new Set(rules.map(({ id }) => id));
		for (const [control, place] of this.#controls) if (!known.has(control)) throw new InvalidAssessment(this.#file, `${place} is of control ${control}, which its summary does not name: it was changed or cut`);
	}
	#refusal(place, what, { errors }) {
		const [first] = errors ?? [];
		return new InvalidAssessment(this.#file, `${place} is ${what}: ${`${first?.instancePath ?? ""} ${first?.message ?? ""}`.trim()}`);
	}
};
function fromLines(file) {
	let summary;
	const tally = new Tally(file);
	let number = 0;
	for (const { value } of linesOf(file, 0, (line, message) => new InvalidAssessment(file, `line ${line} ${message}`))) {
		number += 1;
		if (isLinesHeader(value)) continue;
		if (summary !== void 0) throw new InvalidAssessment(file, `line ${number} goes on after its summary`);
		if (isSummaryLine(value)) summary = tally.summary(value.summary, `line ${number}`);
		else tally.add(value, `line ${number}`);
	}
	if (summary === void 0) throw new InvalidAssessment(file, "ends without its summary: it was cut off");
	tally.settle(summary);
	return {
		summary,
		findings: { [Symbol.iterator]: () => findingsIn(file) }
	};
}
function* findingsIn(file) {
	for (const { value } of linesOf(file)) if (isFinding$1(value)) yield value;
}
function baselineOf({ summary, findings }) {
	const open = [...findings].filter(({ outcome }) => outcome !== "pass" && outcome !== "not-applicable");
	return {
		controls: Object.fromEntries(summary.rules.map(({ id, revision }) => [id, revision])),
		findings: open.flatMap(({ fingerprint, control, target, resource, kind, outcome, offenders }) => fingerprint === void 0 ? [] : [{
			fingerprint,
			control,
			target,
			resource,
			kind,
			outcome,
			offenders: offenders.map(({ digest }) => digest)
		}])
	};
}
function isObject$1(value) {
	return typeof value === "object" && value !== null;
}
function isLinesHeader(value) {
	return isObject$1(value) && value["format"] === "custos-assessment-lines" && value["version"] === 1;
}
function isSummaryLine(value) {
	return isObject$1(value) && isObject$1(value["summary"]);
}
function isFinding$1(value) {
	return isObject$1(value) && typeof value["outcome"] === "string" && typeof value["control"] === "string";
}
function isAssessment(value) {
	return isObject$1(value) && value["format"] === "custos-assessment" && value["version"] === 1 && Array.isArray(value["findings"]) && isObject$1(value["counts"]) && Array.isArray(value["rules"]);
}
// src/evidence/ease-memory.ts
const FLOOR = 209715200;
const SLACK = 83886080;
let ceiling = FLOOR;
let collectGarbage;
function easeMemory() {
	if (process.memoryUsage.rss() < ceiling) return false;
	collectGarbage ??= garbageCollector();
	collectGarbage({
		type: "major",
		execution: "sync",
		flavor: "last-resort"
	});
	ceiling = Math.max(FLOOR, process.memoryUsage.rss() + SLACK);
	return true;
}
function garbageCollector() {
	setFlagsFromString("--expose-gc");
	const gc = runInNewContext("gc");
	return (how) => {
		if (typeof gc === "function") gc(how);
	};
}
// src/evidence/evidence-file.ts
let validators$1;
function valid() {
	if (validators$1 !== void 0) return validators$1;
	const ajv = new import__2020.Ajv2020({ strict: false });
	validators$1 = {
		record: ajv.compile(recordSchema),
		plan: ajv.compile(planSchema)
	};
	return validators$1;
}
var EvidenceLines = class {
	#hash = createHash("sha256");
	#targets = 0;
	*header(plan, toolVersion, shard, base = "") {
		const header = {
			format: "custos-evidence",
			version: 1,
			tool: {
				name: "custos",
				version: toolVersion
			},
			planDigest: planDigestOf(plan),
			plan,
			...base === "" ? {} : { base },
			...shard === void 0 ? {} : { shard }
		};
		yield* canonicalPieces(header);
		yield "\n";
	}
	record(record) {
		const line = canonicalJson(record);
		this.#hash.update(line).update("\n");
		this.#targets += 1;
		return `${line}\n`;
	}
	footer() {
		const footer = {
			footer: true,
			targets: this.#targets,
			digest: this.#hash.digest("hex")
		};
		return `${canonicalJson(footer)}\n`;
	}
};
function planDigestOf({ asOf, ...plan }) {
	const hash = createHash("sha256");
	for (const piece of canonicalPieces(plan.asOfGiven === void 0 ? plan : {
		...plan,
		asOf
	})) hash.update(piece);
	return hash.digest("hex");
}
var InvalidEvidence = class extends Error {
	file;
	line;
	constructor(file, line, message) {
		super(message);
		this.name = "InvalidEvidence";
		this.file = file;
		this.line = line;
	}
};
function openEvidence(file, sibling) {
	easeMemory();
	const lines = linesOf(file, 0, (line, message) => new InvalidEvidence(file, line, message));
	const first = lines.next();
	lines.return();
	const header = first.done === true ? void 0 : first.value.value;
	if (!isHeader(header)) throw new InvalidEvidence(file, 1, "is no Custos evidence: its first line must be a header of format custos-evidence, version 1");
	if (planDigestOf(header.plan) !== header.planDigest) throw new InvalidEvidence(file, 1, "its plan does not have the digest that the header states: the file was changed");
	const shared = sibling?.planDigest === header.planDigest ? {
		...header,
		plan: {
			...sibling.plan,
			asOf: header.plan.asOf
		}
	} : header;
	const start = first.done === true ? 0 : first.value.end;
	return {
		file,
		header: shared,
		records: () => recordsOf(file, start)
	};
}
function* recordsOf(file, start) {
	const hash = createHash("sha256");
	const seen = new Set();
	let number = 1;
	let complete = false;
	let held;
	for (const { bytes, value } of linesOf(file, start, (line, message) => new InvalidEvidence(file, line + 1, message))) {
		number += 1;
		if (bytes.length === 0) continue;
		if (complete) throw new InvalidEvidence(file, number, "goes on after its footer");
		if (value === void 0) throw new InvalidEvidence(file, number, "is not JSON");
		if (isFooter(value)) {
			if (value.targets !== seen.size || value.digest !== hash.digest("hex")) throw new InvalidEvidence(file, number, "its records do not have the count and digest that the footer states: the file was changed");
			complete = true;
		} else if (isRecord(value)) {
			hash.update(bytes).update("\n");
			if (seen.has(value.target.id)) throw new InvalidEvidence(file, number, `holds target ${value.target.id} twice`);
			seen.add(value.target.id);
			if (held !== void 0) {
				yield held;
				easeMemory();
			}
			held = value;
		} else throw new InvalidEvidence(file, number, `is no target record: ${new import__2020.Ajv2020().errorsText(valid().record.errors, { dataVar: "record" }).slice(0, 200)}`);
	}
	if (held === void 0) return;
	const cut = unknown("not-collected", `${basename(file)} ends without its footer: it is not complete`, {
		kind: "file",
		range: held.target.declaredAt
	});
	yield complete ? held : {
		...held,
		gaps: [...held.gaps, cut]
	};
}
function isObject(value) {
	return typeof value === "object" && value !== null;
}
function isHeader(value) {
	return isObject(value) && value["format"] === "custos-evidence" && value["version"] === 1 && typeof value["planDigest"] === "string" && (value["base"] === void 0 || typeof value["base"] === "string") && valid().plan(value["plan"]);
}
function isFooter(value) {
	return isObject(value) && value["footer"] === true;
}
function isRecord(value) {
	return valid().record(value);
}
// src/cli/complain.ts
const MAX_SHOWN = 50;
function complain(error, shell, verbose) {
	const { stderr } = shell;
	const paint = painter(wantsColor(stderr, shell.env, void 0));
	const say = (text) => stderr.write(`${text}\n`);
	if (error instanceof InvalidInput) {
		const page = {
			language: "en",
			color: false,
			width: 100,
			columns: 100,
			pathPrefix: "",
			paint
		};
		for (const { file, range, message, hint } of error.diagnostics.slice(0, MAX_SHOWN)) {
			say(`${paint(["bold", "red"], "error")} ${clean(message)}`);
			if (range === void 0) say(`   ${paint("cyan", clean(file))}`);
			else for (const line of excerptLines({
				file: range.file,
				range,
				role: "evidence",
				...range.excerpt === void 0 ? {} : { excerpt: range.excerpt }
			}, page)) say(line);
			if (hint !== void 0) say(`   ${paint("green", "→")} ${clean(hint)}`);
			say("");
		}
		const more = error.diagnostics.length - MAX_SHOWN;
		say(`${error.diagnostics.length} problem${error.diagnostics.length === 1 ? "" : "s"}${more > 0 ? `, ${more} not shown` : ""}. Nothing was judged.`);
		return EXIT.usage;
	}
	if (error instanceof UsageError) {
		for (const line of error.lines) say(`custos: ${clean(line)}`);
		if (error.hint !== void 0) say(`   → ${clean(error.hint)}`);
		return EXIT.usage;
	}
	if (error instanceof InvalidEvidence || error instanceof InvalidAssessment) {
		const line = error instanceof InvalidEvidence && error.line > 0 ? `:${error.line}` : "";
		say(`custos: ${clean(error.file)}${line} ${clean(error.message)}`);
		return EXIT.usage;
	}
	if (isSystemError(error)) {
		say(`custos: ${clean(error.path ?? "")}${error.path === void 0 ? "" : ": "}${reasonOf(error)}`);
		return EXIT.usage;
	}
	say(`custos: this is a bug of Custos: ${error instanceof Error ? clean(error.message) : String(error)}`);
	say("   → run it again with -v, and report what it prints");
	if (verbose && error instanceof Error) say(clean(error.stack ?? "").replaceAll("�", "\n"));
	return EXIT.bug;
}
function isSystemError(error) {
	return error instanceof Error && "syscall" in error && "code" in error && typeof error.code === "string";
}
function reasonOf(error) {
	if (!isSystemError(error)) return error instanceof Error ? error.message : String(error);
	return {
		ENOENT: "is not there",
		EACCES: "may not be read or written",
		EISDIR: "is a directory",
		ENOSPC: "no space is left on the device",
		EROFS: "is on a read-only file system",
		ENOTDIR: "is not below a directory",
		EPIPE: "its reader went away",
		EIO: "the device failed"
	}[error.code] ?? error.code;
}
// src/action/unzip.ts
const LOCAL = 67324752;
const CENTRAL = 33639248;
const END = 101010256;
const MAX_ENTRIES$4 = 1e3;
function unzipOne(archive, wanted, limit) {
	try {
		const entries = centralDirectory(archive).filter(({ name }) => wanted(name));
		const [entry] = entries;
		if (entry === void 0) return "holds no assessment";
		if (entries.length > 1) return `holds more than one assessment: ${entries.map(({ name }) => name).join(", ")}`;
		if (entry.size > limit) return "holds an assessment that is too large";
		if (archive.readUInt32LE(entry.offset) !== LOCAL) return "is no ZIP archive";
		const start = entry.offset + 30 + archive.readUInt16LE(entry.offset + 26) + archive.readUInt16LE(entry.offset + 28);
		const packed = archive.subarray(start, start + entry.packed);
		const bytes = entry.method === 0 ? packed : entry.method === 8 ? inflateRawSync(packed, { maxOutputLength: Math.max(1, entry.size) }) : void 0;
		return bytes?.length === entry.size ? bytes : "is no ZIP archive that can be read";
	} catch {
		return "is no ZIP archive";
	}
}
function centralDirectory(archive) {
	const from = Math.max(0, archive.length - 22 - 65535);
	const end = archive.lastIndexOf(Buffer.from([
		80,
		75,
		5,
		6
	]));
	if (end < from || archive.readUInt32LE(end) !== END || end + 22 + archive.readUInt16LE(end + 20) !== archive.length) throw new Error("no end record");
	const count = Math.min(MAX_ENTRIES$4, archive.readUInt16LE(end + 10));
	const entries = [];
	let at = archive.readUInt32LE(end + 16);
	for (let index = 0; index < count; index += 1) {
		if (archive.readUInt32LE(at) !== CENTRAL) throw new Error("no entry");
		const nameLength = archive.readUInt16LE(at + 28);
		entries.push({
			method: archive.readUInt16LE(at + 10),
			packed: archive.readUInt32LE(at + 20),
			size: archive.readUInt32LE(at + 24),
			offset: archive.readUInt32LE(at + 42),
			name: archive.toString("utf8", at + 46, at + 46 + nameLength)
		});
		at += 46 + nameLength + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
	}
	return entries;
}
// src/action/baseline-artifact.ts
const MAX_ARCHIVE = 134217728;
const MAX_ASSESSMENT = 1073741824;
const TIMEOUT$4 = 6e4;
async function fetchArtifact(name, around, token, folder) {
	const { apiUrl, repository, repositoryId, change, defaultBranch } = around;
	const branch = change?.baseRef ?? defaultBranch;
	if (token === "") throw new UsageError("input token: is empty", "baseline: artifact needs it, and permissions: actions: read");
	if (branch === "" || !/^[\w.-]+\/[\w.-]+$/.test(repository)) throw new UsageError("input baseline: the event does not say what the base branch is");
	const headers = {
		authorization: `Bearer ${token}`,
		accept: "application/vnd.github+json",
		"user-agent": "custos",
		"x-github-api-version": "2022-11-28"
	};
	const [latest] = artifactsIn(await (await ask$2(`${apiUrl}/repos/${repository}/actions/artifacts?per_page=100&name=${encodeURIComponent(name)}`, headers)).json()).filter((one) => !one.expired && one.name === name && one.branch === branch && (repositoryId === "" ? one.headRepository === one.repository : one.headRepository === repositoryId)).toSorted((a, b) => a.createdAt > b.createdAt ? -1 : 1);
	if (latest === void 0) return void 0;
	const answer = await ask$2(`${apiUrl}/repos/${repository}/actions/artifacts/${latest.id}/zip`, headers, "manual");
	const location = answer.headers.get("location");
	const assessment = unzipOne(await bounded(location === null ? answer : await ask$2(location, {})), (file) => /\.jsonl?$/.test(file) && !/evidence/.test(file), MAX_ASSESSMENT);
	if (typeof assessment === "string") throw new UsageError(`input baseline: the artifact "${name}" ${assessment}`, "keep the assessment in it: the first path of output report-file, with formats: json");
	const file = join(folder, "baseline.json");
	writeFileSync(file, assessment, { flag: "wx" });
	return file;
}
function artifactsIn(value) {
	const list = field(value, "artifacts");
	return Array.isArray(list) ? list.flatMap((one) => {
		const run = field(one, "workflow_run");
		const id = field(one, "id");
		if (typeof id !== "number" || !Number.isSafeInteger(id)) return [];
		return [{
			id,
			name: String(field(one, "name")),
			expired: field(one, "expired") !== false,
			createdAt: String(field(one, "created_at")),
			branch: String(field(run, "head_branch")),
			repository: String(field(run, "repository_id")),
			headRepository: String(field(run, "head_repository_id"))
		}];
	}) : [];
}
function field(value, name) {
	return typeof value === "object" && value !== null ? Object.entries(value).find(([key]) => key === name)?.[1] : void 0;
}
async function ask$2(url, headers, redirect = "follow") {
	let answer;
	try {
		answer = await fetch(url, {
			headers,
			redirect,
			signal: AbortSignal.timeout(TIMEOUT$4)
		});
	} catch {
		throw new UsageError("input baseline: GitHub could not be asked for the artifact of the base branch");
	}
	if (answer.ok || redirect === "manual" && answer.status >= 300 && answer.status < 400) return answer;
	throw new UsageError(`input baseline: GitHub answered ${answer.status} when asked for the artifact of the base branch`, "the job needs permissions: actions: read");
}
async function bounded(answer) {
	const pieces = [];
	let length = 0;
	for await (const piece of answer.body ?? []) {
		length += piece.length;
		if (length > MAX_ARCHIVE) throw new UsageError(`input baseline: the artifact is larger than ${MAX_ARCHIVE} bytes`);
		pieces.push(piece);
	}
	return Buffer.concat(pieces);
}
// src/action/event.ts
const CHANGES = /^(?:pull_request|pull_request_target|pull_request_review|pull_request_review_comment|merge_group)$/;
function readSurroundings(env) {
	const workspace = env["GITHUB_WORKSPACE"] ?? "";
	if (workspace === "") throw new UsageError("GITHUB_WORKSPACE is not set", "this is the entry of a GitHub Action: elsewhere, run custos scan");
	const event = env["GITHUB_EVENT_NAME"] ?? "";
	const payload = payloadOf(env["GITHUB_EVENT_PATH"], CHANGES.test(event));
	const change = changeOf(event, payload);
	const borrowed = word(part$1(payload, "workflow_run"), "event").startsWith("pull_request") || "pull_request" in part$1(payload, "issue");
	return {
		workspace,
		temporary: env["RUNNER_TEMP"] ?? "",
		event,
		sha: env["GITHUB_SHA"] ?? "",
		...change === void 0 ? {} : { change },
		borrowed,
		repository: env["GITHUB_REPOSITORY"] ?? "",
		repositoryId: env["GITHUB_REPOSITORY_ID"] ?? "",
		defaultBranch: word(part$1(payload, "repository"), "default_branch"),
		serverUrl: env["GITHUB_SERVER_URL"] ?? "https://github.com",
		apiUrl: env["GITHUB_API_URL"] ?? "https://api.github.com"
	};
}
function payloadOf(path, needed) {
	try {
		const value = JSON.parse(readFileSync(path ?? "", "utf8"));
		if (isPayload(value)) return value;
	} catch {}
	if (needed) throw new UsageError("GITHUB_EVENT_PATH: the payload of this pull request cannot be read", "without it nobody knows its base commit");
	return {};
}
function changeOf(event, payload) {
	if (!CHANGES.test(event)) return void 0;
	const commits = event === "merge_group" ? mergeGroup(part$1(payload, "merge_group")) : {
		baseSha: word(part$1(part$1(payload, "pull_request"), "base"), "sha"),
		headSha: word(part$1(part$1(payload, "pull_request"), "head"), "sha"),
		baseRef: word(part$1(part$1(payload, "pull_request"), "base"), "ref")
	};
	if (!isCommit(commits.baseSha) || !isCommit(commits.headSha)) throw new UsageError(`the payload of ${event} names no base and head commit`, "without them nobody knows what the pull request changes");
	return {
		event,
		...commits
	};
}
function mergeGroup(group) {
	return {
		baseSha: word(group, "base_sha"),
		headSha: word(group, "head_sha"),
		baseRef: word(group, "base_ref").replace(/^refs\/heads\//, "")
	};
}
function isCommit(text) {
	return /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(text);
}
function part$1(payload, name) {
	const value = payload[name];
	return isPayload(value) ? value : {};
}
function word(payload, name) {
	const value = payload[name];
	return typeof value === "string" ? value : "";
}
function isPayload(value) {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}
// src/collect/limits.ts
const DEFAULT_LIMITS = {
	atOnce: 8,
	connections: 150,
	connect: 3e3,
	firstByte: 3e3,
	idle: 2e3,
	host: 3e4
};
var HostGate = class {
	#atOnce;
	#gap;
	#waiting = [];
	#inside = 0;
	#next = 0;
	constructor({ atOnce, perSecond }) {
		this.#atOnce = atOnce;
		this.#gap = perSecond === void 0 ? 0 : 1e3 / perSecond;
	}
	async enter() {
		if (this.#inside >= this.#atOnce) await new Promise((resolve) => this.#waiting.push(resolve));
		else this.#inside += 1;
		if (this.#gap === 0) return;
		const now = performance.now();
		const at = Math.max(now, this.#next);
		this.#next = at + this.#gap;
		if (at > now) await new Promise((resolve) => setTimeout(resolve, at - now));
	}
	leave() {
		const next = this.#waiting.shift();
		if (next === void 0) this.#inside -= 1;
		else next();
	}
};
var HostGates = class {
	#limits;
	#gates = new Map();
	constructor(limits) {
		this.#limits = limits;
	}
	of(address) {
		const entry = this.#gates.get(address) ?? {
			gate: new HostGate(this.#limits),
			users: 0
		};
		this.#gates.set(address, entry);
		entry.users += 1;
		return {
			gate: entry.gate,
			done: () => {
				entry.users -= 1;
				if (entry.users === 0) this.#gates.delete(address);
			}
		};
	}
};
function conductOf(limits) {
	return {
		limits,
		gates: new HostGates(limits)
	};
}
// src/cli/schedule-options.ts
function shardOf(text) {
	const [, index = "", of = ""] = /^(\d+)\/(\d+)$/.exec(text) ?? [];
	const shard = {
		index: Number(index),
		of: Number(of)
	};
	if (index === "" || shard.index < 1 || shard.index > shard.of || shard.of > 1e4) throw new UsageError(`--shard ${text}: is written as 1/4, from 1 to the number of shares`);
	return shard;
}
// src/report/report.ts
const FORMATS = [
	{
		name: "text",
		description: {
			en: "for people, in a terminal",
			zh: "供人在终端阅读"
		},
		load: async () => (await import("./render.mjs")).renderText
	},
	{
		name: "json",
		description: {
			en: "the whole assessment as one object",
			zh: "完整评估，单个 JSON 对象"
		},
		load: async () => (await import("./json.mjs")).renderJson
	},
	{
		name: "jsonl",
		description: {
			en: "the same as JSON Lines, for large fleets",
			zh: "同上，JSON Lines，适用于大规模目标"
		},
		load: async () => (await import("./json.mjs")).renderJsonLines
	},
	{
		name: "sarif",
		description: {
			en: "SARIF 2.1.0, for code scanning",
			zh: "SARIF 2.1.0，用于代码扫描平台"
		},
		load: async () => (await import("./sarif.mjs")).renderSarif
	},
	{
		name: "markdown",
		description: {
			en: "for a job summary or a comment",
			zh: "用于流水线摘要或评论"
		},
		load: async () => (await import("./markdown2.mjs")).renderMarkdown
	},
	{
		name: "junit",
		description: {
			en: "JUnit XML, for Jenkins and others",
			zh: "JUnit XML，用于 Jenkins 等"
		},
		load: async () => (await import("./junit.mjs")).renderJunit
	},
	{
		name: "gitlab",
		description: {
			en: "GitLab code quality",
			zh: "GitLab 代码质量报告"
		},
		load: async () => (await import("./gitlab-quality.mjs")).renderGitlabQuality
	},
	{
		name: "gitlab-sast",
		description: {
			en: "GitLab SAST report",
			zh: "GitLab SAST 报告"
		},
		load: async () => (await import("./gitlab-sast.mjs")).renderGitlabSast
	}
];
async function rendererOf(name) {
	return FORMATS.find((format) => format.name === name)?.load();
}
// src/action/inputs.ts
const ARTIFACT = "custos-assessment";
function readInputs(env) {
	const problems = [];
	const text = (name) => (env[`INPUT_${name.toUpperCase()}`] ?? "").trim();
	const wrong = (name, what) => void problems.push(`input ${name}: ${what}`);
	const given = (name) => text(name) === "" ? void 0 : text(name);
	const words = (name) => text(name).split(/[\n,]/).map((word) => word.trim()).filter((word) => word !== "");
	const flag = (name) => {
		const value = text(name).toLowerCase();
		if (value === "") return void 0;
		if (value !== "true" && value !== "false") return wrong(name, `"${text(name)}" is neither true nor false`);
		return value === "true";
	};
	const failOn = given("fail-on");
	const severity = SEVERITIES.find((one) => one === failOn);
	if (failOn !== void 0 && severity === void 0) wrong("fail-on", `"${failOn}" is none of ${SEVERITIES.join(", ")}${hint(nearest(failOn, SEVERITIES))}`);
	const minScore = given("min-score");
	const score = minScore === void 0 ? void 0 : Number(minScore);
	if (score !== void 0 && !(score >= 0 && score <= 100)) wrong("min-score", `"${minScore}" is no number from 0 to 100`);
	const language = given("language") ?? "en";
	if (language !== "en" && language !== "zh") wrong("language", `"${language}" is neither en nor zh`);
	const names = FORMATS.map(({ name }) => name);
	const formats = words("formats").map((word) => {
		const at = word.indexOf("=");
		const format = at === -1 ? word : word.slice(0, at).trim();
		if (!names.includes(format)) wrong("formats", `there is no format "${format}"${hint(nearest(format, names) ?? `formats are: ${names.join(", ")}`)}`);
		const path = at === -1 ? void 0 : word.slice(at + 1).trim();
		if (path === "") wrong("formats", `"${word}" has no path after =`);
		return path === void 0 ? { format } : {
			format,
			path
		};
	});
	const shard = given("shard");
	let share;
	try {
		share = shard === void 0 ? void 0 : shardOf(shard);
	} catch {
		wrong("shard", `"${shard}" is not written as 1/4, from 1 to the number of shares`);
	}
	const evidence = words("evidence");
	if (share !== void 0 && evidence.length > 0) wrong("shard", "a share is collected, or evidence is judged: never both in one step");
	for (const name of [
		"targets",
		"config",
		"working-directory"
	]) if (evidence.length > 0 && given(name) !== void 0 && !(name === "working-directory" && text(name) === ".")) wrong(name, "evidence brings its own targets and policy: leave it out beside `evidence`");
	const flags = {
		live: flag("live"),
		allowUndecided: flag("allow-undecided") ?? false,
		annotate: flag("annotate") ?? true,
		summary: flag("summary") ?? true
	};
	const baseline = baselineSource(given("baseline"), wrong);
	if (problems.length > 0) throw new UsageError(problems, "docs/github-action.md tells what each input takes");
	const [config, profile, sarifFile] = [
		given("config"),
		given("profile"),
		given("sarif-file")
	];
	const { live, ...others } = flags;
	return {
		targets: words("targets"),
		...config === void 0 ? {} : { config },
		...profile === void 0 ? {} : { profile },
		...severity === void 0 ? {} : { failOn: severity },
		...score === void 0 ? {} : { minScore: score },
		...live === void 0 ? {} : { live },
		...baseline === void 0 ? {} : { baseline },
		formats: formats.length === 0 ? [{ format: "json" }] : formats,
		...sarifFile === void 0 ? {} : { sarifFile },
		categories: words("categories").map((word) => word.toUpperCase()),
		language: language === "zh" ? "zh" : "en",
		workingDirectory: given("working-directory") ?? ".",
		...others,
		...share === void 0 ? {} : { shard: share },
		evidence,
		token: text("token")
	};
}
function baselineSource(text, wrong) {
	if (text === void 0) return void 0;
	const [, , name] = /^artifact(:(.*))?$/.exec(text) ?? [
		void 0,
		void 0,
		void 0
	];
	if (!/^artifact(?::|$)/.test(text)) return { file: text };
	const artifact = (name ?? ARTIFACT).trim();
	if (!/^[\w .-]{1,128}$/.test(artifact)) return wrong("baseline", `"${text}" is written as artifact or artifact:NAME`);
	return { artifact };
}
function hint(text) {
	return text === void 0 ? "" : `; ${text}`;
}
const MAX_LINKS$1 = 40;
const BATCH$1 = 65536;
function outputProblem(path, base) {
	const { file, info } = destination(resolve(base, path));
	if (info?.isDirectory() === true) return "is a directory";
	if (info !== void 0) return mayWrite(file) ? void 0 : "may not be written";
	const directory = dirname(file);
	const shown = file === resolve(base, path) ? dirname(path) : directory;
	const above = statOf(statSync, directory);
	if (above === void 0) return `cannot be made: ${shown} is not there`;
	if (!above.isDirectory()) return `cannot be made: ${shown} is no directory`;
	return mayWrite(directory) ? void 0 : `cannot be made: ${shown} may not be written`;
}
function statOf(look, path) {
	try {
		return look(path, { throwIfNoEntry: false });
	} catch {
		return;
	}
}
var OutputFile = class OutputFile {
	#place;
	#held = [];
	#length = 0;
	constructor(place) {
		this.#place = place;
	}
	static async open(path, shell) {
		if (path === "-") return new OutputFile({
			kind: "standard",
			stdout: shell.stdout
		});
		const { file, info } = destination(resolve(shell.cwd, path));
		if (info !== void 0 && (!info.isFile() || !mayWrite(dirname(file)))) {
			const handle = await open(file, constants.O_WRONLY | (info.isFile() ? constants.O_TRUNC : 0));
			return new OutputFile({
				kind: "into",
				handle
			});
		}
		const temporary = join(dirname(file), `.${randomUUID()}.custos.tmp`);
		try {
			return new OutputFile({
				kind: "beside",
				handle: await likeBefore(await open(temporary, "wx", 438), info),
				temporary,
				file
			});
		} catch (error) {
			throw renamed(error, temporary, path);
		}
	}
	write(text) {
		this.#held.push(text);
		this.#length += text.length;
		if (this.#length >= BATCH$1) this.#flush();
	}
	async settled() {
		if (this.#place.kind === "standard") await this.#place.stdout.drained?.();
	}
	async done() {
		this.#flush();
		await this.settled();
		if (this.#place.kind === "standard") return;
		await this.#place.handle.close();
		if (this.#place.kind === "beside") await replace(this.#place.temporary, this.#place.file);
	}
	async abandon() {
		if (this.#place.kind === "standard") return;
		await this.#place.handle.close().catch(() => void 0);
		if (this.#place.kind === "beside") await rm(this.#place.temporary, { force: true });
	}
	#flush() {
		if (this.#length === 0) return;
		const text = this.#held.join("");
		this.#held = [];
		this.#length = 0;
		if (this.#place.kind === "standard") this.#place.stdout.write(text);
		else writeFileSync(this.#place.handle.fd, text);
	}
};
async function writeOutput(path, chunks, shell) {
	const output = await OutputFile.open(path, shell);
	try {
		for await (const chunk of chunks) {
			output.write(chunk);
			await output.settled();
		}
		await output.done();
	} catch (error) {
		await output.abandon();
		throw error;
	}
}
function destination(path) {
	let file = path;
	for (let links = 0; links < MAX_LINKS$1; links += 1) {
		const link = statOf(lstatSync, file);
		if (link?.isSymbolicLink() !== true) return {
			file,
			info: link
		};
		const info = statOf(statSync, file);
		if (info !== void 0 && !info.isFile()) return {
			file,
			info
		};
		file = resolve(dirname(file), readlinkSync(file));
	}
	return {
		file,
		info: void 0
	};
}
function mayWrite(path) {
	try {
		accessSync(path, constants.W_OK);
		return true;
	} catch {
		return false;
	}
}
async function likeBefore(handle, before) {
	if (before === void 0) return handle;
	await handle.chmod(before.mode & 4095);
	await handle.chown(before.uid, before.gid).catch(() => void 0);
	return handle;
}
async function replace(temporary, file) {
	try {
		await rename(temporary, file);
	} catch (error) {
		if (!(error instanceof Error && "code" in error && error.code === "EBUSY")) throw error;
		await copyFile(temporary, file);
		await rm(temporary, { force: true });
	}
}
function renamed(error, temporary, path) {
	if (!(error instanceof Error && "path" in error && error.path === temporary)) return error;
	const code = "code" in error ? error.code : void 0;
	return Object.assign(new Error(error.message, { cause: error }), {
		code,
		syscall: "write",
		path
	});
}
// src/cli/kept-evidence.ts
async function keeping(path, plan, base, shell, judge) {
	if (path === void 0) return judge();
	const lines = new EvidenceLines();
	const file = await OutputFile.open(path, shell);
	let assessed;
	try {
		for (const piece of lines.header(plan, toolVersion(), void 0, base)) {
			file.write(piece);
			await file.settled();
		}
		assessed = await judge((record) => {
			file.write(lines.record(record));
			return file.settled();
		});
		file.write(lines.footer());
		await file.done();
		return assessed;
	} catch (error) {
		assessed?.findings.close();
		await file.abandon();
		throw error;
	}
}
// src/model/resource.ts
const PROBE_CLASSES = [
	"odd",
	"intrusive",
	"online"
];
// src/collect/products.ts
const PRODUCTS = [
	"auditd",
	"borgmatic",
	"docker",
	"logrotate",
	"nginx",
	"openssh",
	"openssl",
	"pgbackrest",
	"postgresql",
	"redis",
	"resticprofile",
	"rsyslog"
];
// src/world/database-address.ts
const ENGINES = {
	postgres: {
		schemes: ["postgres", "postgresql"],
		port: 5432
	},
	mysql: {
		schemes: ["mysql", "mariadb"],
		port: 3306
	},
	redis: {
		schemes: ["redis", "rediss"],
		port: 6379
	},
	ldap: {
		schemes: [
			"ldap",
			"ldaps",
			"ldapi"
		],
		port: 389
	}
};
const DATABASE_KINDS = [
	"postgres",
	"mysql",
	"redis",
	"ldap"
];
function engineOf(scheme) {
	return DATABASE_KINDS.find((engine) => ENGINES[engine].schemes.some((one) => one === scheme.toLowerCase()));
}
function databaseAddressOf(engine, text) {
	const { schemes, port: usual } = ENGINES[engine];
	const form = `${schemes[0]}://user@host:port/database`;
	const whole = /^[a-z]+:\/\//i.test(text) ? text : `${schemes[0]}://${text}`;
	const [, scheme = "", authority = "", path = "", query = ""] = /^([a-z]+):\/\/([^/?#]*)(?:\/([^?#]*))?(?:\?([^#]*))?$/i.exec(whole) ?? [];
	if (!schemes.some((one) => one === scheme.toLowerCase())) return { problem: `it is not written as ${form}` };
	const at = authority.lastIndexOf("@");
	const [user, password] = at === -1 ? [] : splitFirst(authority.slice(0, at));
	const [, bracketed, plain, portText] = /^(?:\[([^\]]+)\]|([^:[\]]*))(?::(\d{1,5}))?$/.exec(authority.slice(at + 1)) ?? [];
	const host = bracketed ?? plain;
	if (host === void 0) return { problem: `its host is none: ${form}` };
	if (bracketed !== void 0 && ipVersion(bracketed) !== 6 || plain !== void 0 && !/^[\w.-]*$/.test(plain)) return { problem: `its host is none: ${form}` };
	const parameters = {};
	for (const pair of query === "" ? [] : query.split("&")) {
		const [left, right = ""] = splitFirst(pair, "=");
		const [name, value] = [decoded(left), decoded(right)];
		if (name === void 0 || value === void 0) return { problem: "its parameters are not URL-encoded" };
		parameters[name] = value;
	}
	const { socket, host: elsewhere, ...others } = parameters;
	const way = socket ?? (elsewhere?.startsWith("/") === true ? elsewhere : void 0);
	if (host === "" && way === void 0) return { problem: `it names no host: ${form}` };
	const port = portText === void 0 ? scheme.toLowerCase() === "ldaps" ? 636 : usual : Number(portText);
	if (port < 1 || port > 65535) return { problem: "its port is none" };
	const names = [
		user,
		password,
		path
	].map((part) => part === void 0 ? "" : decoded(part));
	const [userName, secret, database] = names;
	if (names.includes(void 0)) return { problem: "its user, password or database is not URL-encoded" };
	return {
		address: {
			engine,
			scheme: scheme.toLowerCase(),
			...way === void 0 ? { host } : { socket: way },
			port,
			...database === void 0 || database === "" ? {} : { database },
			...userName === void 0 || userName === "" ? {} : { user: userName },
			parameters: others
		},
		...secret === void 0 || secret === "" ? {} : { password: new Secret(secret) }
	};
}
function addressText({ scheme, host, socket, port, database }) {
	return `${scheme}://${host === void 0 ? `${socket ?? ""}:${port}` : ipVersion(host) === 6 ? `[${host}]:${port}` : `${host}:${port}`}${database === void 0 ? "" : `/${database}`}`;
}
function splitFirst(text, separator = ":") {
	const at = text.indexOf(separator);
	return at === -1 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}
function decoded(text) {
	try {
		return decodeURIComponent(text);
	} catch {
		return;
	}
}
// src/collect/ssh/ssh-place.ts
function sshPlaceOf(address) {
	const rest = address.replace(/^ssh:\/\//i, "").replace(/\/$/, "");
	const [, bracketed, plain, portText = "22"] = /^(?:\[([^\]]+)\]|([^:@/[\]\s]+))(?::(\d{1,5}))?$/.exec(rest) ?? [];
	const host = bracketed ?? plain;
	if (host === void 0 || bracketed !== void 0 && ipVersion(bracketed) !== 6 || !/^[\w.:-]+$/.test(host)) return { problem: "an SSH server is ssh://host:port; with an account (ssh://user@host) it is entered" };
	const port = Number(portText);
	return port < 1 || port > 65535 ? { problem: `${portText} is no port` } : {
		host,
		port
	};
}
// src/collect/inside-address.ts
const INSIDE_KINDS = [
	"host",
	"ssh",
	...DATABASE_KINDS
];
function hostAddressOf(text) {
	if (text === "local" || text === "host:local") return { form: "local" };
	const directory = /^root:(.+)$/.exec(text)?.[1];
	if (directory !== void 0) return {
		form: "root",
		directory
	};
	const [, user, host, bracketed, port = "22"] = /^(?:ssh:\/\/)?([^@/]+)@(?:([^@:/[\]]+)|\[([0-9a-f:.]+)\])(?::(\d{1,5}))?\/?$/i.exec(text) ?? [];
	const name = host ?? bracketed;
	if (user === void 0 || name === void 0 || !/^[a-z_][\w.-]*\$?$/i.test(user) || !/^[\w:][\w.:-]*$/.test(name)) return { problem: "a host is local, root:DIRECTORY or ssh://user@host:port" };
	return Number(port) < 1 || Number(port) > 65535 ? { problem: `${port} is no port` } : {
		form: "ssh",
		user,
		host: name,
		port: Number(port)
	};
}
function insideTargetOf(text) {
	if (text === "host:local") return {
		kind: "host",
		id: "localhost"
	};
	if (text.startsWith("root:")) return {
		kind: "host",
		id: text
	};
	const [, scheme = "", rest = ""] = /^([a-z]+):\/\/(.*)$/i.exec(text) ?? [];
	if (scheme.toLowerCase() === "ssh") {
		const place = rest.includes("@") ? hostAddressOf(text) : sshPlaceOf(text);
		return "problem" in place ? place : {
			kind: rest.includes("@") ? "host" : "ssh",
			id: rest.replace(/\/$/, "")
		};
	}
	const engine = engineOf(scheme);
	if (engine === void 0 || scheme.toLowerCase() === "ldaps") return void 0;
	const parsed = databaseAddressOf(engine, text);
	if ("problem" in parsed) return { problem: parsed.problem };
	if (parsed.password !== void 0) return { problem: PASSWORD };
	return {
		kind: engine,
		id: addressText(parsed.address).replace(/^[a-z]+:\/\//, "")
	};
}
const PASSWORD = "a password does not belong in an address: custos.yaml takes \"${env:NAME}\" for the address, or for password:";
function entered(target) {
	if (target.kind !== "ssh" || !target.address.includes("@")) return target;
	return {
		...target,
		kind: "host",
		address: /^ssh:\/\//i.test(target.address) ? target.address : `ssh://${target.address}`
	};
}
function insideProblem({ kind, address, options }) {
	const password = options["password"];
	if (password !== void 0 && secretReference(password) === void 0) return {
		message: "a password does not stand here",
		hint: "write ${env:NAME} or ${file:PATH}"
	};
	if (kind === "host") {
		const host = hostAddressOf(address);
		return "problem" in host ? {
			message: `${address}: ${host.problem}`,
			hint: "such as host: local, host: root:/mnt/image, host: ssh://audit@10.0.0.5"
		} : void 0;
	}
	if (kind === "ssh") {
		const place = sshPlaceOf(address);
		return "problem" in place ? {
			message: `${address}: ${place.problem}`,
			hint: "such as ssh: bastion.example.com, or audit@bastion.example.com"
		} : void 0;
	}
	if (secretReference(address) !== void 0) return void 0;
	const engine = DATABASE_KINDS.find((one) => one === kind);
	if (engine === void 0) return void 0;
	const parsed = databaseAddressOf(engine, address);
	if ("problem" in parsed) return {
		message: `the address of this target: ${parsed.problem}`,
		hint: "or ${env:NAME} for the whole of it"
	};
	return parsed.password === void 0 ? void 0 : {
		message: PASSWORD,
		hint: "a password in custos.yaml would be printed, kept and shared"
	};
}
// src/collect/tls/place.ts
const STARTTLS = [
	"smtp",
	"submission",
	"imap",
	"pop3",
	"ldap",
	"postgres",
	"mysql",
	"xmpp",
	"ftp",
	"rdp"
];
const PORTS = {
	https: 443,
	tls: 443,
	tlcp: 443,
	smtp: 25,
	submission: 587,
	imap: 143,
	pop3: 110,
	ldap: 389,
	postgres: 5432,
	mysql: 3306,
	xmpp: 5222,
	ftp: 21,
	rdp: 3389,
	smtps: 465,
	imaps: 993,
	pop3s: 995,
	ldaps: 636
};
function placeOf(address) {
	const [, scheme, rest = ""] = /^(?:([a-z][a-z0-9+.-]*):\/\/)?(.*)$/i.exec(address) ?? [];
	const authority = rest.split(/[/?#]/)[0] ?? "";
	if (authority.includes("@")) return { problem: "credentials do not belong in an address" };
	const [, bracketed, plain, portText] = /^(?:\[([^\]]+)\]|([^:[\]]+))(?::(\d{1,5}))?$/.exec(authority) ?? [];
	const host = bracketed ?? plain;
	if (host === void 0 || bracketed !== void 0 && ipVersion(bracketed) !== 6 || plain !== void 0 && !isHostName(plain)) return { problem: `"${authority}" is no host[:port]` };
	const word = (scheme ?? "tls").toLowerCase();
	const base = word.replace(/\+starttls$/, "");
	const dialect = STARTTLS.find((one) => one === base);
	const starttls = word.endsWith("+starttls") || dialect !== void 0 && [
		"postgres",
		"mysql",
		"rdp"
	].includes(dialect);
	if (PORTS[base] === void 0 || word.endsWith("+starttls") && dialect === void 0 || dialect !== void 0 && !starttls) return { problem: `${word}:// cannot be looked at${dialect === void 0 ? "" : `; ${base}+starttls:// can`}` };
	const port = portText === void 0 ? PORTS[base] : Number(portText);
	if (port < 1 || port > 65535) return { problem: `${port} is no port` };
	return {
		host,
		port,
		service: base,
		...dialect === void 0 ? {} : { dialect }
	};
}
function isHostName(text) {
	return text.length <= 253 && /^[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?)*\.?$/i.test(text);
}
function authorityOf({ host, port }) {
	return ipVersion(host) === 6 ? `[${host}]:${port}` : `${host}:${port}`;
}
// src/collect/target-address.ts
const WEB = ["https", "http"];
function targetOf(text) {
	const inside = insideTargetOf(text);
	if (inside !== void 0) return inside;
	const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1]?.toLowerCase();
	if (scheme === void 0) return {
		kind: "files",
		id: text.replace(/^\.\//, "").replace(/(.)\/+$/, "$1")
	};
	const place = placeOf(scheme === "http" ? text.replace(/^http/i, "https") : text);
	if ("problem" in place) return place;
	const kind = WEB.find((one) => one === scheme) ?? "tls";
	const usual = {
		https: 443,
		http: 80
	}[scheme];
	const explicit = /^[^/]+\/\/(?:\[[^\]]*\]|[^/:?#]*):\d+/.test(text);
	const authority = authorityOf(place);
	return {
		kind,
		id: explicit || usual === void 0 ? authority : authority.slice(0, -`:${place.port}`.length)
	};
}
// src/collect/proxy-option.ts
function proxyOf(text) {
	const url = URL.parse(text);
	const kind = url?.protocol === "http:" ? "http" : url?.protocol === "socks5:" ? "socks5" : void 0;
	const more = url === null ? "" : `${url.username}${url.password}${url.search}${url.hash}`;
	if (url === null || kind === void 0 || url.hostname === "" || more !== "" || !["", "/"].includes(url.pathname)) return { problem: `"${text}" is no proxy: write http://host:port or socks5://host:port` };
	return {
		kind,
		host: url.hostname.replace(/^\[(.*)\]$/, "$1"),
		port: url.port === "" ? kind === "http" ? 80 : 1080 : Number(url.port)
	};
}
// src/cli/policy-options.ts
const ROOT = "root:";
function pathIn(target) {
	if (target.startsWith(ROOT)) return target.slice(5);
	return target === "host:local" || /^[a-z][a-z0-9+.-]*:\/\//i.test(target) ? void 0 : target;
}
function addressFrom(target, fromBase) {
	const path = pathIn(target);
	if (path === void 0) return target;
	return target.startsWith(ROOT) ? `${ROOT}${fromBase(path)}` : fromBase(path);
}
PROBE_CLASSES.filter((name) => name !== "online");
// src/sandbox/confined.ts
const LIMITS = {
	deadline: 6e4,
	memoryMb: 512
};
var Confined = class {
	#worker;
	#current = new Int32Array(new SharedArrayBuffer(4));
	#controls;
	#limits;
	#failure;
	constructor(controls, limits = LIMITS) {
		this.#controls = controls;
		this.#limits = limits;
		Atomics.store(this.#current, 0, -1);
		const extension = import.meta.url.endsWith(".ts") ? "ts" : "mjs";
		const workerData = { current: this.#current.buffer };
		this.#worker = new Worker(new URL(`./${extension === "ts" ? "worker" : "sandbox-worker"}.${extension}`, import.meta.url), {
			workerData,
			env: {},
			execArgv: [],
			resourceLimits: {
				maxOldGenerationSizeMb: limits.memoryMb,
				maxYoungGenerationSizeMb: 64,
				stackSizeMb: 4
			}
		});
		this.#worker.unref();
	}
	ask(question) {
		if (this.#failure !== void 0) return Promise.reject(this.#failure);
		const worker = this.#worker;
		return new Promise((resolve, reject) => {
			worker.ref();
			const settle = (act) => {
				clearTimeout(timer);
				worker.off("message", onMessage).off("error", onError).off("exit", onExit);
				worker.unref();
				act();
			};
			const fail = (why) => settle(() => {
				this.#failure = this.#blame(why);
				worker.terminate();
				reject(this.#failure);
			});
			const onMessage = (answer) => settle(() => answer.kind === "failed" ? reject(new Error(answer.message)) : resolve(answer));
			const onError = (error) => fail("code" in error && error.code === "ERR_WORKER_OUT_OF_MEMORY" ? `used more than ${this.#limits.memoryMb} MB of memory` : `failed: ${error.message}`);
			const onExit = (code) => fail(`ended its sandbox (code ${code})`);
			const timer = setTimeout(() => fail(`ran past its deadline of ${this.#limits.deadline / 1e3} s`), this.#limits.deadline);
			worker.on("message", onMessage).on("error", onError).on("exit", onExit);
			worker.postMessage(question);
		});
	}
	async end() {
		await this.#worker.terminate();
	}
	#blame(why) {
		const control = this.#controls[Atomics.load(this.#current, 0)];
		if (control === void 0) return new InvalidInput([{
			file: "controls",
			message: `a control of yours ${why}`
		}]);
		return new InvalidInput([{
			file: control.declaredAt.file,
			range: control.declaredAt,
			message: `${control.id} ${why}`,
			hint: "make its expression cheaper, or its evidence smaller"
		}]);
	}
};
// src/sandbox/assessor.ts
function assessorFor(plan, options) {
	const full = {
		...options,
		planDigest: planDigestOf(plan)
	};
	if (plan.controls.every(({ control }) => control.bundled)) return new Evaluation(plan, full);
	const confined = new Confined(plan.controls.map(({ control }) => control));
	const started = confined.ask({
		kind: "start",
		plan,
		options: full
	});
	return {
		judge: async (record) => {
			await started;
			const answer = await confined.ask({
				kind: "judge",
				record
			});
			return answer.kind === "findings" ? answer.findings : [];
		},
		judgeRest: async () => {
			await started;
			const answer = await confined.ask({ kind: "judge-rest" });
			return answer.kind === "findings" ? answer.findings : void 0;
		},
		finish: async () => {
			await started;
			const answer = await confined.ask({ kind: "finish" });
			await confined.end();
			if (answer.kind !== "finished") throw new Error("the sandbox gave no summary");
			return {
				findings: answer.findings,
				summary: answer.summary
			};
		}
	};
}
// src/world/host-command.ts
const COMMAND_ENVIRONMENT = {
	PATH: "/usr/sbin:/usr/bin:/sbin:/bin",
	LC_ALL: "C"
};
const HOST_COMMANDS = { "sshd -T": {
	id: "sshd -T",
	programs: ["/usr/sbin/sshd"],
	args: ["-T"],
	seconds: 10,
	maxBytes: 1 << 20,
	exits: [0]
} };
function commandArguments({ args, values = {} }, given) {
	const filled = [];
	for (const arg of args) {
		const name = /^\{(\w+)\}$/.exec(arg)?.[1];
		if (name === void 0) {
			filled.push(arg);
			continue;
		}
		const value = given[name];
		if (value === void 0 || values[name]?.test(value) !== true) return { problem: name };
		filled.push(value);
	}
	return filled;
}
// src/collect/seen.ts
function seen$1(kind, id, target, stance, facts) {
	const record = facts;
	return {
		kind: kind.name,
		id,
		target: target.id,
		stance,
		facts: record
	};
}
// src/collect/host/host-tree.ts
const ROOTS = ["/etc"];
const PASSED_OVER = new Set([
	"/etc/ssl/certs",
	"/etc/ca-certificates",
	"/etc/pki/ca-trust",
	"/etc/pki/java",
	"/etc/alternatives",
	"/etc/.git"
]);
const MAX_ENTRIES$3 = 2e4;
const MAX_DEPTH$1 = 12;
function hostTree(host) {
	return {
		single: false,
		walk: async () => {
			const entries = [];
			const unseen = [];
			const visit = async (directory, depth) => {
				const listing = await host.list(directory);
				if (listing === "not-there") return;
				if ("state" in listing) {
					unseen.push({
						path: relative$1(directory),
						why: listing
					});
					return;
				}
				unseen.push(...listing.unseen.map(({ path, why }) => ({
					path: relative$1(path),
					why
				})));
				for (const entry of listing.entries) {
					if (PASSED_OVER.has(entry.path)) continue;
					const real = entry.kind === "link" ? await host.stat(entry.path, true) : entry;
					if (real === "not-there") continue;
					if ("state" in real) unseen.push({
						path: relative$1(entry.path),
						why: real
					});
					else if (entries.length >= MAX_ENTRIES$3) {
						unseen.push({
							path: relative$1(entry.path),
							why: unknown("unsupported", `more than ${MAX_ENTRIES$3} entries`)
						});
						return;
					} else if (real.kind !== "directory") entries.push(entryOf$2(entry.path, real));
					else if (entry.kind === "link") continue;
					else if (depth >= MAX_DEPTH$1) unseen.push({
						path: relative$1(entry.path),
						why: unknown("unsupported", `deeper than ${MAX_DEPTH$1} directories`)
					});
					else await visit(entry.path, depth + 1);
				}
			};
			for (const root of ROOTS) await visit(root, 0);
			return {
				entries: entries.toSorted((a, b) => a.path < b.path ? -1 : 1),
				unseen
			};
		},
		read: async (path) => {
			const file = await host.read(`/${path}`);
			return file === "not-there" || "state" in file ? file : {
				bytes: file.bytes,
				mode: file.mode
			};
		},
		list: async (path) => {
			const listing = await host.list(`/${path}`);
			if (listing === "not-there" || "state" in listing) return listing;
			const entries = [];
			const unseen = listing.unseen.map(({ path: at, why }) => ({
				path: relative$1(at),
				why
			}));
			for (const entry of listing.entries) {
				const real = entry.kind === "link" ? await host.stat(entry.path, true) : entry;
				if (real === "not-there") unseen.push({
					path: relative$1(entry.path),
					why: unknown("unresolved", `${entry.path}: a link to nothing`)
				});
				else if ("state" in real) unseen.push({
					path: relative$1(entry.path),
					why: real
				});
				else entries.push(entryOf$2(entry.path, real));
			}
			return {
				entries,
				unseen
			};
		}
	};
}
function relative$1(path) {
	return path.replace(/^\/+/, "");
}
function entryOf$2(path, { kind, size }) {
	return {
		path: relative$1(path),
		kind: kind === "file" || kind === "directory" ? kind : "other",
		size
	};
}
// src/collect/host/packages.ts
const STATUS = "/var/lib/dpkg/status";
function packageVersions(open) {
	let reading;
	let source;
	const read = async () => {
		source = await open(STATUS);
		return source instanceof SourceText ? installed(source.text) : void 0;
	};
	return async (name) => {
		const packages = await (reading ??= read());
		if (packages === void 0 || !(source instanceof SourceText)) return typeof source === "object" && "state" in source ? source : unknown("unsupported", `packages: ${STATUS} is not there`);
		const found = packages.get(name);
		return found === void 0 ? absent(source.origin(0, 0)) : source.fact(found.version, found.start, found.end);
	};
}
function installed(text) {
	const packages = new Map();
	let name = "";
	let ready = false;
	let start = 0;
	for (const line of text.split("\n")) {
		if (line === "") [name, ready] = ["", false];
		else if (line.startsWith("Package: ")) name = line.slice(9);
		else if (line.startsWith("Status: ")) ready = line.endsWith(" installed");
		else if (line.startsWith("Version: ") && ready && name !== "") packages.set(name, {
			version: line.slice(9),
			start: start + 9,
			end: start + line.length
		});
		start += line.length + 1;
	}
	return packages;
}
// src/collect/host/parts.ts
const PARTS = [];
// src/collect/host/collector.ts
const REPLACED = new Set(PARTS.flatMap(({ replaces = [] }) => replaces));
const READ_AS_FILES = FORMATS$1.filter(({ name }) => !REPLACED.has(name));
const PACKAGES = {
	openssh: "openssh-server",
	redis: "redis-server",
	openssl: "openssl"
};
const hostCollector = {
	name: "host",
	targets: ["host"],
	version: "1",
	provides: [...new Set([...PARTS.flatMap(({ kinds }) => kinds), ...kindsOf$1(READ_AS_FILES)])].toSorted(),
	collect: collect$4
};
async function collect$4(target, world, signal, { limits }) {
	const at = {
		kind: "file",
		range: target.declaredAt
	};
	const address = hostAddressOf(target.address);
	if ("problem" in address) return nothing$1(unknown("unsupported", address.problem, at));
	const { key, known_hosts: knownHosts } = target.options;
	const host = await world.host(address, {
		signal,
		timeout: limits.connect,
		...key === void 0 ? {} : { key },
		...knownHosts === void 0 ? {} : { knownHosts }
	});
	if ("state" in host) return nothing$1({
		...host,
		origin: at
	});
	try {
		return await readHost(host, target, world, signal, at);
	} finally {
		await host.close();
	}
}
async function readHost(host, target, world, signal, at) {
	const opened = new Map();
	const open = (path) => {
		const before = opened.get(path) ?? openText(host, target, path);
		opened.set(path, before);
		return before;
	};
	const packages = packageVersions(open);
	const context = {
		target,
		host,
		at,
		open,
		command: async (id, values) => {
			const output = await host.run(HOST_COMMANDS[id], values);
			if (output === "not-there" || "state" in output) return output;
			const origin = (line) => ({
				kind: "command",
				target: target.id,
				command: id,
				...line === void 0 ? {} : { line }
			});
			return {
				...output,
				origin
			};
		},
		package: packages,
		resource: (kind, id, facts) => seen$1(kind, id, target, host.form === "root" ? "declared" : "live", facts),
		secret: async (option) => {
			const reference = target.options[option];
			return reference === void 0 ? void 0 : world.secret(reference);
		},
		now: world.now(),
		signal
	};
	const versions = new Map();
	for (const [product, name] of Object.entries(PACKAGES)) {
		const version = await packages(name);
		if (version.state === "known") versions.set(product, known(version.value.replace(/^\d+:/, "").replace(/-[^-]*$/, ""), derived(`package ${name}`, version.origin)));
	}
	const files = await readTree({
		target: {
			...target,
			options: {
				...target.options,
				root: ""
			}
		},
		tree: hostTree(host),
		formats: READ_AS_FILES,
		under: { on: target.id },
		version: (product) => target.versions[product] ?? versions.get(product) ?? unknown("unresolved", `version of ${product}`, at),
		roots: world.roots,
		now: context.now,
		signal
	});
	const resources = [...files.resources];
	const gaps = new Map(kindsOf$1(READ_AS_FILES).map((kind) => [kind, [...files.coverage[kind]?.gaps ?? []]]));
	const missed = [...files.gaps];
	for (const part of PARTS) {
		signal.throwIfAborted();
		const reading = await part.read(context).catch((error) => {
			signal.throwIfAborted();
			return {
				resources: [],
				gaps: [{ why: unknown("collector-failed", `${part.name}: ${error instanceof Error ? error.message : String(error)}`, at) }]
			};
		});
		resources.push(...reading.resources);
		for (const kind of part.kinds) gaps.set(kind, gaps.get(kind) ?? []);
		for (const { why, kinds = part.kinds } of reading.gaps) {
			missed.push(why);
			for (const kind of kinds) gaps.get(kind)?.push(why);
		}
	}
	const looked = known(host.name, at);
	const texts = [...files.looked];
	for (const [path, text] of opened) {
		const source = await text;
		if (source instanceof SourceText) texts.push({
			name: path,
			as: "host",
			digest: source.digest
		});
	}
	return {
		resources: resources.toSorted((a, b) => a.kind + "\0" + a.id < b.kind + "\0" + b.id ? -1 : 1),
		coverage: Object.fromEntries([...gaps].toSorted(([a], [b]) => a < b ? -1 : 1).map(([kind, missing]) => [kind, coverageOf(missing, looked)])),
		gaps: distinct(missed),
		looked: texts.toSorted((a, b) => a.name < b.name ? -1 : 1)
	};
}
async function openText(host, target, path) {
	const file = await host.read(path);
	if (file === "not-there" || "state" in file) return file;
	if (file.bytes.includes(0)) return unknown("unparseable", `${path}: not a text`);
	return new SourceText(path, file.bytes, { on: target.id });
}
function coverageOf(missing, looked) {
	const gaps = distinct(missing);
	return {
		status: gaps.length === 0 ? "complete" : "partial",
		gaps,
		looked
	};
}
function distinct(gaps) {
	const seenBefore = new Set();
	return gaps.filter(({ cause, detail }) => !seenBefore.has(`${cause} ${detail}`) && seenBefore.add(`${cause} ${detail}`));
}
function nothing$1(why) {
	const coverage = {
		status: "failed",
		gaps: [why],
		looked: why
	};
	return {
		resources: [],
		coverage: Object.fromEntries(hostCollector.provides.map((kind) => [kind, coverage])),
		gaps: [why],
		looked: []
	};
}
// src/collect/address.ts
const GUARDED = [
	{
		version: 4,
		prefix: [169, 254],
		bits: 16
	},
	{
		version: 4,
		prefix: [
			100,
			100,
			100,
			200
		],
		bits: 32
	},
	{
		version: 4,
		prefix: [
			168,
			63,
			129,
			16
		],
		bits: 32
	},
	{
		version: 4,
		prefix: [
			192,
			0,
			0,
			192
		],
		bits: 32
	},
	{
		version: 6,
		prefix: [254, 128],
		bits: 10
	},
	{
		version: 6,
		prefix: [
			253,
			0,
			14,
			194,
			0,
			0,
			0,
			0,
			0,
			0,
			0,
			0,
			0,
			0,
			2,
			84
		],
		bits: 128
	},
	{
		version: 6,
		prefix: [
			253,
			32,
			0,
			206,
			0,
			0,
			0,
			0,
			0,
			0,
			0,
			0,
			0,
			0,
			2,
			84
		],
		bits: 128
	}
];
const CARRIERS = [
	{
		prefix: [
			0,
			0,
			0,
			0,
			0,
			0,
			0,
			0,
			0,
			0,
			255,
			255
		],
		bits: 96,
		at: 12
	},
	{
		prefix: [
			0,
			0,
			0,
			0,
			0,
			0,
			0,
			0,
			0,
			0,
			0,
			0
		],
		bits: 96,
		at: 12
	},
	{
		prefix: [
			0,
			100,
			255,
			155,
			0,
			0,
			0,
			0,
			0,
			0,
			0,
			0
		],
		bits: 96,
		at: 12
	},
	{
		prefix: [32, 2],
		bits: 16,
		at: 2
	}
];
function guarded(address, named) {
	if (address === named.replace(/^\[(.*)\]$/, "$1")) return void 0;
	const bytes = ipBytes(address);
	return bytes !== void 0 && isGuarded(bytes) ? unknown("refused", `${named} leads to ${address}, a link-local or metadata address`) : void 0;
}
function isGuarded(bytes) {
	const carrier = bytes.length === 16 ? CARRIERS.find(({ prefix, bits }) => within(bytes, prefix, bits)) : void 0;
	const reached = carrier === void 0 ? bytes : bytes.slice(carrier.at, carrier.at + 4);
	const version = reached.length === 4 ? 4 : 6;
	return GUARDED.some((range) => range.version === version && within(reached, range.prefix, range.bits));
}
function within(bytes, prefix, bits) {
	for (let bit = 0; bit < bits; bit += 1) {
		const mask = 128 >> (bit & 7);
		if (((bytes[bit >> 3] ?? 0) & mask) !== ((prefix[bit >> 3] ?? 0) & mask)) return false;
	}
	return true;
}
// src/collect/http/address.ts
function siteAddress({ kind, address, options }) {
	const secure = kind === "https";
	const url = URL.parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(address) ? address : `${kind}://${address}`);
	if (url === null || url.protocol !== `${kind}:` || url.hostname === "") return unknown("unparseable", `${kind} address`);
	if (url.username !== "" || url.password !== "") return unknown("unsupported", "credentials in an address");
	const port = url.port === "" ? secure ? 443 : 80 : Number(url.port);
	const sni = options["sni"] ?? "";
	const asked = sni === "" ? void 0 : URL.parse(`https://${sni}`);
	if (asked !== void 0 && (asked === null || asked.host !== asked.hostname || asked.pathname !== "/" || sni.includes("@"))) return unknown("unparseable", "sni");
	const proxy = options["proxy"] === void 0 ? void 0 : proxyOf(options["proxy"]);
	if (proxy !== void 0 && "problem" in proxy) return unknown("unsupported", proxy.problem);
	const httpPort = options["http_port"];
	if (httpPort !== void 0 && !(/^\d{1,5}$/.test(httpPort) && Number(httpPort) > 0 && Number(httpPort) < 65536)) return unknown("unparseable", "http_port");
	const clearPort = !secure ? void 0 : httpPort === void 0 ? port === 443 ? 80 : void 0 : Number(httpPort);
	return {
		secure,
		host: url.hostname,
		port,
		name: asked?.hostname ?? url.hostname,
		path: url.pathname,
		...proxy === void 0 ? {} : { proxy },
		...clearPort === void 0 ? {} : { clearPort },
		privatePaths: pathsOf(options["private_paths"]),
		paymentPaths: pathsOf(options["payment_paths"])
	};
}
// package.json
var version$1 = "0.1.0";
// src/collect/http/exchange.ts
const TIMEOUT$3 = 1e4;
const MAX_BODY = 131072;
async function ask$1(site, method, path, headers = {}) {
	const { network, signal, address, proxy } = site;
	const asked = Object.keys(headers).includes("origin") ? ` with Origin: ${headers["origin"]}` : "";
	const label = `${method} ${path.replace(/\?.*$/s, "").slice(0, 100)}${asked} at ${address.includes(":") ? `[${address}]` : address}:${site.port}`;
	const origin = {
		kind: "wire",
		target: site.target,
		exchange: label
	};
	if (signal.aborted) return unknown("timed-out", label, origin);
	const answer = await network.request({
		method,
		url: `${base(site)}${path}`,
		address,
		headers: {
			"user-agent": `Custos/${version$1}`,
			accept: "*/*",
			...headers
		},
		timeout: TIMEOUT$3,
		signal,
		maxBody: MAX_BODY,
		...proxy === void 0 ? {} : { proxy }
	});
	if ("state" in answer) return unknown(answer.cause, `${label}: ${answer.detail}`.slice(0, 300), origin);
	return {
		method,
		path,
		origin,
		answer
	};
}
function base({ secure, name, port }) {
	return `${secure ? "https" : "http"}://${name}${port === (secure ? 443 : 80) ? "" : `:${port}`}`;
}
function fieldsOf({ answer, origin }) {
	const byName = Map.groupBy(answer.headers, ([name]) => name.toLowerCase());
	return (name) => {
		return {
			values: (byName.get(name) ?? []).map(([, value]) => known(value, derived(`header ${name}`, origin))),
			at: derived(`no header ${name}`, origin)
		};
	};
}
function isOutage({ answer: { status } }) {
	return status >= 500 && status !== 501 || status === 429;
}
// src/collect/http/follow.ts
const MAX_HOPS = 3;
async function follow(site, path, headers) {
	const start = await ask$1(site, "GET", path, headers);
	if ("state" in start) return start;
	const hops = [start];
	const first = redirectOf(start, site);
	let to = first;
	while (to !== void 0 && isHere(to, site) && hops.length <= MAX_HOPS) {
		const next = await ask$1(site, "GET", `${to.pathname}${to.search}`, headers);
		if ("state" in next) return unknown("unresolved", `after a redirect: ${next.detail}`, next.origin);
		hops.push(next);
		to = redirectOf(next, site);
	}
	return {
		hops,
		last: hops.at(-1) ?? start,
		...to === void 0 ? {} : { away: to },
		...first === void 0 ? {} : { first }
	};
}
function redirectOf(from, site) {
	if (![
		301,
		302,
		303,
		307,
		308
	].includes(from.answer.status)) return void 0;
	const location = from.answer.headers.find(([name]) => name.toLowerCase() === "location")?.[1];
	return (location === void 0 ? null : URL.parse(location, `${base(site)}${from.path}`)) ?? void 0;
}
function isHere(to, site) {
	return to.origin === URL.parse(base(site))?.origin;
}
// src/collect/http/outage.ts
function outage({ answer, origin }) {
	return unknown("unresolved", `status ${answer.status}`, origin);
}
function speaking(exchange, asked) {
	if (exchange === void 0) return asked;
	return "state" in exchange || !isOutage(exchange) ? exchange : outage(exchange);
}
// src/collect/http/redirects.ts
function redirectsToHttps({ page, nowhere, pages }, site) {
	const facts = [
		sentAway(page.last, page.away, site),
		"state" in nowhere ? nowhere : sentAway(nowhere, redirectOf(nowhere, site), site),
		...pages.map(({ trail }) => "state" in trail ? trail : sentAway(trail.last, trail.away, site))
	];
	const served = facts.find((fact) => fact.state === "known" && !fact.value);
	if (served !== void 0) return served;
	const unclear = facts.find(({ state }) => state !== "known");
	if (unclear !== void 0) return unclear;
	const [first, ...rest] = facts.flatMap(({ origin }) => origin === void 0 ? [] : [origin]);
	return known(true, derived("every path that was asked", first ?? page.last.origin, ...rest));
}
function sentAway(last, to, site) {
	if (isOutage(last)) return outage(last);
	return to?.protocol === "https:" && !(site.secure && isHere(to, site)) ? forGood(last, site) : known(false, last.origin);
}
function forGood({ answer: { status }, origin }, site) {
	return site.secure && status !== 301 && status !== 308 ? unknown("unresolved", `status ${status} to another site`, origin) : known(true, origin);
}
function redirectFact({ page }, site) {
	const { first, away, hops, last } = page;
	const [start] = hops;
	const { origin } = start;
	if (first === void 0) return isOutage(start) ? outage(start) : absent(origin);
	const end = away ?? URL.parse(`${base(site)}${last.path}`);
	const statuses = hops.map(({ answer }) => answer.status).filter((status) => status >= 300 && status < 400);
	return known({
		status: known(start.answer.status, origin),
		permanent: known(statuses.every((status) => status === 301 || status === 308), origin),
		same_host: known(end?.hostname === site.name, origin),
		straight: known(first.protocol === "https:", origin)
	}, origin);
}
// src/collect/http/questions.ts
const NOWHERE = "/custos-looks-for-a-page-that-is-not-there";
const HOSTILE_ORIGIN = "https://custos-probe.invalid";
const TRACE_MARK = "custos-trace-mark";
async function questions(site, asked, named) {
	const page = await follow(site, asked.path, { "accept-encoding": "gzip, br" });
	if ("state" in page) return page;
	const [nowhere, ...trails] = await Promise.all([ask$1(site, "GET", NOWHERE), ...named.map((one) => follow(site, one.path, {}))]);
	const answered = {
		asked,
		page,
		nowhere,
		pages: named.flatMap((one, index) => {
			const trail = trails[index];
			return trail === void 0 ? [] : [{
				...one,
				trail
			}];
		})
	};
	const away = redirectsToHttps(answered, site);
	if (away.state === "known" && away.value) return answered;
	const at = page.last.path;
	const [hostile, nobody, options, trace] = await Promise.all([
		ask$1(site, "GET", at, { origin: HOSTILE_ORIGIN }),
		ask$1(site, "GET", at, { origin: "null" }),
		ask$1(site, "OPTIONS", at, {
			origin: HOSTILE_ORIGIN,
			"access-control-request-method": "GET"
		}),
		ask$1(site, "TRACE", at, { "x-custos": TRACE_MARK })
	]);
	return {
		...answered,
		more: {
			hostile,
			nobody,
			options,
			trace
		}
	};
}
// src/collect/http/origins.ts
function originFacts({ page, more }) {
	const unasked = unknown("not-collected", "it answers with a redirect", page.last.origin);
	const answers = [
		more?.hostile,
		more?.nobody,
		page.last
	].map((one) => speaking(one, unasked));
	const options = more?.options ?? unasked;
	return {
		cors_any_origin_with_credentials: lets([...answers, ..."answer" in options ? [options] : []], anyWithCredentials),
		cors_reflects_origin: lets([speaking(more?.hostile, unasked), ..."answer" in options ? [options] : []], (one) => allowed(one).includes(HOSTILE_ORIGIN)),
		cors_accepts_null: lets([speaking(more?.nobody, unasked)], (one) => allowed(one).includes("null")),
		trace_enabled: traced(speaking(more?.trace, unasked)),
		methods: methodsOf(speaking(more?.options, unasked), more?.trace)
	};
}
function allowed(one) {
	return fieldsOf(one)("access-control-allow-origin").values.map(({ value }) => value.trim());
}
function anyWithCredentials(one) {
	return fieldsOf(one)("access-control-allow-credentials").values.some(({ value }) => value.trim() === "true") && allowed(one).includes("*");
}
function lets(answers, test) {
	const exchanges = answers.filter((one) => "answer" in one);
	const yes = exchanges.find(test);
	if (yes !== void 0) return known(true, yes.origin);
	const unclear = answers.find((one) => "state" in one);
	if (unclear !== void 0) return unclear;
	return exchanges[0] === void 0 ? unknown("not-collected", "CORS") : known(false, exchanges[0].origin);
}
function traced(trace) {
	if ("state" in trace) return trace;
	const { body, cut, status } = trace.answer;
	if (status < 200 || status > 299) return known(false, trace.origin);
	if (Buffer.from(body).includes("custos-trace-mark")) return known(true, trace.origin);
	const encoded = fieldsOf(trace)("content-encoding").values.some(({ value }) => value.trim().toLowerCase() !== "identity");
	return cut || encoded ? unknown("unsupported", "the answer is compressed or too long", trace.origin) : known(false, trace.origin);
}
function methodsOf(options, trace) {
	const [value] = [options, trace].flatMap((one) => {
		const [value] = one === void 0 || "state" in one ? [] : fieldsOf(one)("allow").values;
		return value === void 0 ? [] : [value];
	});
	if (value === void 0) return "state" in options ? options : {
		state: "absent",
		origin: options.origin
	};
	const words = value.value.split(",").map((word) => word.trim().toUpperCase()).filter((word) => /^[A-Z-]{1,40}$/.test(word));
	return known([...new Set(words)].map((word) => known(word, value.origin)), value.origin);
}
// src/collect/http/site.ts
function siteFacts(answers, site, declared, now) {
	const { page, nowhere, pages } = answers;
	const { origin } = page.last;
	const got = [page.last, ...pages.flatMap(({ trail }) => "state" in trail ? [] : [trail.last])];
	const seen = [
		...page.hops,
		..."state" in nowhere ? [] : [nowhere],
		...pages.flatMap(({ trail }) => "state" in trail ? [] : trail.hops)
	];
	const missing = pages.flatMap(({ trail }) => "state" in trail ? [trail] : []);
	const gaps = [
		...missing,
		...seen.filter(isOutage).map(outage),
		..."state" in nowhere ? [nowhere] : []
	];
	return {
		names: known([known(site.name, declared)], declared),
		port: known(site.port, declared),
		tls: known(site.secure, origin),
		loopback_only: loopbackOnly(site, origin),
		redirects_to_https: redirectsToHttps(answers, site),
		redirect: redirectFact(answers, site),
		status: known(page.last.answer.status, origin),
		...declaredPolicies(got, missing),
		headers: headersOf(page.last, nowhere),
		cookies: known(cookiesOf(seen, now), origin, gaps),
		banners: known(bannersOf(seen), origin, gaps),
		discloses_version: disclosesVersion(seen, nowhere, gaps),
		pages: known(pagesOf(answers, declared), origin),
		...originFacts(answers),
		compresses_pages: compresses(page.last),
		rate_limited: unknown("not-collected", "limits are not tried out", origin),
		body_limited: unknown("not-collected", "limits are not tried out", origin)
	};
}
function loopbackOnly({ address, proxy }, origin) {
	if (proxy !== void 0) return unknown("unresolved", "through a proxy", origin);
	return /^(?:127\.|::1$|::ffff:127\.)/.test(address) ? unknown("not-collected", "it may answer elsewhere too", origin) : known(false, origin);
}
function declaredPolicies(got, missing) {
	const [first, ...rest] = [...got.map((one) => isOutage(one) ? nothing(outage(one)) : policyFacts(fieldsOf(one))), ...missing.map((why) => nothing(why))];
	return first === void 0 ? nothing(unknown("not-collected", "no page")) : weakest(first, ...rest);
}
function nothing(why) {
	return {
		hsts_valid: why,
		hsts_max_age: why,
		hsts_include_subdomains: why,
		hsts_preload: why,
		script_sources: why,
		framed_by: why,
		nosniff: why,
		referrer_policies: why,
		permissions: why
	};
}
const KEPT = /^(?:strict-transport-security|content-security-policy(?:-report-only)?|x-frame-options|x-content-type-options|x-xss-protection|referrer-policy|permissions-policy|cross-origin-(?:opener|embedder|resource)-policy|origin-agent-cluster|clear-site-data|cache-control|pragma|expires|vary|content-type|content-encoding|access-control-.{1,40}|allow)$/;
function headersOf(page, nowhere) {
	if (isOutage(page)) return outage(page);
	const error = "state" in nowhere || nowhere.answer.status < 400 || isOutage(nowhere) ? void 0 : nowhere;
	const elements = page.answer.headers.flatMap(([written, value]) => {
		const name = written.toLowerCase();
		if (!KEPT.test(name) && !BANNERS.includes(name)) return [];
		const origin = derived(`header ${name}`, page.origin);
		const always = error === void 0 ? unknown("not-collected", "no error page was seen", page.origin) : known(fieldsOf(error)(name).values.length > 0, error.origin);
		return [known({
			name: known(name, origin),
			value: known(value, origin),
			always
		}, origin)];
	});
	return known(elements, page.origin);
}
function cookiesOf(seen, now) {
	const found = new Map();
	for (const exchange of seen) for (const { value, origin } of fieldsOf(exchange)("set-cookie").values) {
		const cookie = parseSetCookie(value, now);
		if (cookie === void 0) continue;
		const { maxAge: _, ...rest } = cookie;
		const key = JSON.stringify(rest);
		if (!found.has(key)) found.set(key, cookieFact(cookie, origin));
	}
	return [...found.values()];
}
function bannerFields(seen) {
	return seen.flatMap((exchange) => BANNERS.flatMap((name) => fieldsOf(exchange)(name).values.map((field) => ({
		name,
		field
	}))));
}
function bannersOf(seen) {
	const found = new Map();
	for (const { name, field } of bannerFields(seen)) {
		const key = `${name}\u0000${field.value}`;
		if (!found.has(key)) found.set(key, bannerFact(name, field));
	}
	return [...found.values()];
}
const SIGNATURE = /\b(?:nginx|openresty|tengine|apache|apache tomcat|tomcat|jetty|lighttpd|iis|php|openssl|jboss|wildfly|weblogic|websphere|glassfish|werkzeug|gunicorn|asp\.net)(?:\/| |&nbsp;|\(| version:? ?){1,2}v?\d+\.\d/i;
function disclosesVersion(seen, nowhere, gaps) {
	for (const { name, field } of bannerFields(seen)) {
		const banner = bannerFact(name, field);
		if (banner.state === "known" && banner.value.version.state === "known") return known(true, field.origin);
	}
	if ("state" in nowhere) return nowhere;
	const { body, cut } = nowhere.answer;
	if (SIGNATURE.test(Buffer.from(body).toString("latin1"))) return known(true, derived("its error page", nowhere.origin));
	const encoded = fieldsOf(nowhere)("content-encoding").values.some(({ value }) => value.trim().toLowerCase() !== "identity");
	if (cut || encoded) return unknown("unsupported", "its error page is compressed or too long", nowhere.origin);
	return gaps[0] ?? known(false, nowhere.origin);
}
function pagesOf({ page, asked, pages }, declared) {
	return [{
		...asked,
		trail: page
	}, ...pages].map((one) => {
		const { trail } = one;
		if ("state" in trail) return trail;
		const { last } = trail;
		return known({
			path: known(one.path, declared),
			status: known(last.answer.status, last.origin),
			private: known(one.private, declared),
			no_store: noStore(last)
		}, last.origin);
	});
}
function elsewhere({ answer: { status }, origin }) {
	if (status === 401 || status === 403) return unknown("access-denied", `status ${status}`, origin);
	return status < 200 || status > 299 ? unknown("unresolved", `status ${status}`, origin) : void 0;
}
function noStore(exchange) {
	const why = elsewhere(exchange);
	if (why !== void 0) return why;
	const { values, at } = fieldsOf(exchange)("cache-control");
	const directives = cacheDirectives(values.map(({ value }) => value));
	const origin = values[0]?.origin ?? at;
	return directives === void 0 ? unknown("unparseable", "Cache-Control", origin) : known(directives.includes("no-store"), origin);
}
function compresses(page) {
	if (isOutage(page)) return outage(page);
	const { values, at } = fieldsOf(page)("content-encoding");
	const encoding = values.find(({ value }) => !/^\s*(?:identity)?\s*$/i.test(value));
	return encoding === void 0 ? elsewhere(page) ?? known(false, at) : known(true, encoding.origin);
}
// src/collect/http/collector.ts
const MAX_ADDRESSES$2 = 16;
const AT_ONCE = 4;
const httpCollector = {
	name: "http",
	targets: ["https", "http"],
	version: "1",
	provides: [httpSite.name],
	collect: collect$3
};
async function collect$3(target, world, signal) {
	const declared = {
		kind: "file",
		range: target.declaredAt
	};
	const site = siteAddress(target);
	if ("state" in site) return result$1(target, [], [{
		...site,
		origin: declared
	}], declared);
	const bare = site.host.replace(/^\[(.*)\]$/, "$1");
	const found = site.proxy === void 0 ? await world.network.lookup(site.host, signal) : [bare];
	if ("state" in found) return result$1(target, [], [{
		...found,
		origin: declared
	}], declared);
	const addresses = found.filter((address) => guarded(address, bare) === void 0);
	const gaps = found.filter((address) => !addresses.includes(address)).map((address) => ({
		...guarded(address, bare) ?? unknown("refused", address),
		origin: declared
	}));
	if (found.length === 0) gaps.push(unknown("unreachable", `${site.host}: no address`, declared));
	if (addresses.length > MAX_ADDRESSES$2) gaps.push(unknown("unsupported", `${addresses.length} addresses`, declared));
	const named = [...new Set([...site.privatePaths, ...site.paymentPaths])].filter((path) => path !== site.path);
	if (named.length > 5) gaps.push(unknown("unsupported", `${named.length} paths`, declared));
	const asPage = (path) => ({
		path,
		private: site.privatePaths.includes(path)
	});
	const looks = addresses.slice(0, MAX_ADDRESSES$2).flatMap((address) => {
		const several = found.length > 1 ? ` @ ${address}` : "";
		const ports = [{
			port: site.port,
			secure: site.secure
		}];
		if (site.clearPort !== void 0 && site.clearPort !== site.port) ports.push({
			port: site.clearPort,
			secure: false
		});
		return ports.map(({ port, secure }) => ({
			id: `${site.host}:${port}${several}`,
			main: port === site.port,
			asked: askedOf(site, target, world, signal, address, port, secure)
		}));
	});
	const results = [];
	const queue = looks.entries();
	const work = async () => {
		for (const [index, { id, main, asked }] of queue) {
			const answers = await questions(asked, asPage(site.path), named.slice(0, 5).map(asPage));
			if ("state" in answers) {
				const nobody = !main && answers.cause === "refused" && site.proxy === void 0;
				results[index] = nobody ? void 0 : answers;
				continue;
			}
			const facts = siteFacts(answers, asked, declared, Date.parse(world.now()));
			results[index] = {
				kind: httpSite.name,
				id,
				target: target.id,
				stance: "live",
				facts
			};
		}
	};
	await Promise.all(Array.from({ length: AT_ONCE }, work));
	const resources = results.filter((one) => one !== void 0 && "kind" in one);
	gaps.push(...results.filter((one) => one !== void 0 && "state" in one));
	return result$1(target, resources, gaps, declared, looks);
}
function askedOf(site, target, world, signal, address, port, secure) {
	const { name, proxy } = site;
	return {
		target: target.id,
		network: world.network,
		signal,
		secure,
		name,
		address,
		port,
		...proxy === void 0 ? {} : { proxy }
	};
}
function result$1(target, resources, gaps, declared, looks = []) {
	const names = [...new Set(looks.map(({ asked }) => base(asked)))];
	const looked = known(names.join(", ") || target.id, declared);
	const coverage = {
		status: gaps.length === 0 ? "complete" : resources.length === 0 ? "failed" : "partial",
		gaps,
		looked
	};
	return {
		resources: resources.toSorted((a, b) => a.id < b.id ? -1 : 1),
		coverage: { [httpSite.name]: coverage },
		gaps,
		looked: names.map((name) => ({
			name,
			as: "http"
		}))
	};
}
// src/ssh/ssh-data.ts
function uint32(value) {
	const bytes = Buffer.alloc(4);
	bytes.writeUInt32BE(value);
	return bytes;
}
function string(value) {
	const bytes = Buffer.from(value);
	return Buffer.concat([uint32(bytes.length), bytes]);
}
function nameList(names) {
	return string(names.join(","));
}
function mpint(octets) {
	let start = 0;
	while (start < octets.length && octets[start] === 0) start += 1;
	const digits = octets.subarray(start);
	return string((digits[0] ?? 0) >= 128 ? Buffer.concat([Buffer.alloc(1), digits]) : digits);
}
var SshReader = class {
	#bytes;
	#at;
	constructor(bytes, start = 0) {
		this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
		this.#at = start;
	}
	get done() {
		return this.#at === this.#bytes.length;
	}
	byte() {
		return this.#take(1)?.[0];
	}
	bytes(length) {
		return this.#take(length);
	}
	uint32() {
		return this.#take(4)?.readUInt32BE(0);
	}
	string() {
		const length = this.uint32();
		return length === void 0 ? void 0 : this.#take(length);
	}
	text() {
		return this.string()?.toString("utf8");
	}
	names() {
		const text = this.text();
		return text === void 0 ? void 0 : text === "" ? [] : text.split(",");
	}
	mpint() {
		const octets = this.string();
		if (octets === void 0 || (octets[0] ?? 0) >= 128) return void 0;
		let start = 0;
		while (start < octets.length && octets[start] === 0) start += 1;
		return octets.subarray(start);
	}
	#take(length) {
		if (this.#at + length > this.#bytes.length) {
			this.#at = Number.POSITIVE_INFINITY;
			return;
		}
		this.#at += length;
		return this.#bytes.subarray(this.#at - length, this.#at);
	}
};
// src/ssh/key-agreement.ts
const ECDH = {
	"ecdh-sha2-nistp256": {
		curve: "prime256v1",
		hash: "sha256"
	},
	"ecdh-sha2-nistp384": {
		curve: "secp384r1",
		hash: "sha384"
	},
	"ecdh-sha2-nistp521": {
		curve: "secp521r1",
		hash: "sha512"
	}
};
const GROUPS = {
	"diffie-hellman-group14-sha256": {
		group: "modp14",
		hash: "sha256"
	},
	"diffie-hellman-group16-sha512": {
		group: "modp16",
		hash: "sha512"
	},
	"diffie-hellman-group18-sha512": {
		group: "modp18",
		hash: "sha512"
	},
	"diffie-hellman-group14-sha1": {
		group: "modp14",
		hash: "sha1"
	},
	"diffie-hellman-group1-sha1": {
		group: "modp2",
		hash: "sha1"
	}
};
const CURVE25519 = ["curve25519-sha256", "curve25519-sha256@libssh.org"];
const AGREEMENTS = [
	...CURVE25519,
	...Object.keys(ECDH),
	...Object.keys(GROUPS)
];
function agreement(name) {
	if (CURVE25519.some((one) => one === name)) return curve25519();
	const [, ecdh] = Object.entries(ECDH).find(([one]) => one === name) ?? [];
	if (ecdh !== void 0) return overCurve(ecdh);
	const [, group] = Object.entries(GROUPS).find(([one]) => one === name) ?? [];
	return group === void 0 ? void 0 : inGroup(group);
}
function curve25519() {
	const { publicKey, privateKey } = generateKeyPairSync("x25519");
	const x = publicKey.export({ format: "jwk" }).x ?? "";
	return {
		hash: "sha256",
		ours: string(Buffer.from(x, "base64url")),
		finish: (theirs) => attempt(() => {
			if (theirs.length !== 32) return void 0;
			const key = createPublicKey({
				key: {
					kty: "OKP",
					crv: "X25519",
					x: theirs.toString("base64url")
				},
				format: "jwk"
			});
			return {
				theirs: string(theirs),
				secret: mpint(diffieHellman({
					privateKey,
					publicKey: key
				}))
			};
		})
	};
}
function overCurve({ curve, hash }) {
	const own = createECDH(curve);
	return {
		hash,
		ours: string(own.generateKeys()),
		finish: (theirs) => attempt(() => ({
			theirs: string(theirs),
			secret: mpint(own.computeSecret(theirs))
		}))
	};
}
function inGroup({ group, hash }) {
	const own = createDiffieHellmanGroup(group);
	return {
		hash,
		ours: mpint(own.generateKeys()),
		finish: (theirs) => attempt(() => ({
			theirs: mpint(theirs),
			secret: mpint(own.computeSecret(theirs))
		}))
	};
}
function attempt(compute) {
	try {
		return compute();
	} catch {
		return;
	}
}
const MAX_NAMES$1 = 200;
function readKeyExchangeInit(payload) {
	if (payload[0] !== 20) return void 0;
	const reader = new SshReader(payload, 17);
	const lists = Array.from({ length: 10 }, () => reader.names());
	const guesses = reader.byte();
	const reserved = reader.uint32();
	if (guesses === void 0 || reserved === void 0 || !reader.done) return void 0;
	const [keyExchanges, hostKeys, c1, c2, m1, m2, z1, z2] = lists;
	if ([
		keyExchanges,
		hostKeys,
		c1,
		c2,
		m1,
		m2,
		z1,
		z2
	].some((list) => list === void 0 || list.length > MAX_NAMES$1 || list.some((name) => !/^[\x21-\x7e]{1,64}$/.test(name)))) return void 0;
	if (keyExchanges === void 0 || hostKeys === void 0 || c1 === void 0 || c2 === void 0) return void 0;
	if (m1 === void 0 || m2 === void 0 || z1 === void 0 || z2 === void 0) return void 0;
	return {
		keyExchanges,
		hostKeys,
		ciphers: {
			toServer: c1,
			toClient: c2
		},
		macs: {
			toServer: m1,
			toClient: m2
		},
		compression: {
			toServer: z1,
			toClient: z2
		},
		guesses: guesses !== 0
	};
}
function keyExchangeInit(offer) {
	const { keyExchanges, hostKeys, ciphers, macs } = offer;
	const lists = [
		keyExchanges,
		hostKeys,
		ciphers,
		ciphers,
		macs,
		macs,
		["none"],
		["none"],
		[],
		[]
	];
	return Buffer.concat([
		Buffer.from([20]),
		randomBytes(16),
		...lists.map(nameList),
		Buffer.from([0]),
		uint32(0)
	]);
}
function agreed(ours, theirs) {
	return ours.find((name) => theirs.includes(name));
}
// src/ssh/packet-cipher.ts
const CIPHERS$2 = {
	"aes128-gcm@openssh.com": {
		node: "aes-128-gcm",
		key: 16,
		iv: 12,
		block: 16,
		tag: 16
	},
	"aes256-gcm@openssh.com": {
		node: "aes-256-gcm",
		key: 32,
		iv: 12,
		block: 16,
		tag: 16
	},
	"aes128-ctr": {
		node: "aes-128-ctr",
		key: 16,
		iv: 16,
		block: 16,
		tag: 0
	},
	"aes192-ctr": {
		node: "aes-192-ctr",
		key: 24,
		iv: 16,
		block: 16,
		tag: 0
	},
	"aes256-ctr": {
		node: "aes-256-ctr",
		key: 32,
		iv: 16,
		block: 16,
		tag: 0
	},
	"aes128-cbc": {
		node: "aes-128-cbc",
		key: 16,
		iv: 16,
		block: 16,
		tag: 0
	},
	"aes256-cbc": {
		node: "aes-256-cbc",
		key: 32,
		iv: 16,
		block: 16,
		tag: 0
	},
	"3des-cbc": {
		node: "des-ede3-cbc",
		key: 24,
		iv: 8,
		block: 8,
		tag: 0
	}
};
const MACS$1 = {
	"hmac-sha2-256-etm@openssh.com": {
		hash: "sha256",
		size: 32,
		etm: true
	},
	"hmac-sha2-512-etm@openssh.com": {
		hash: "sha512",
		size: 64,
		etm: true
	},
	"hmac-sha2-256": {
		hash: "sha256",
		size: 32,
		etm: false
	},
	"hmac-sha2-512": {
		hash: "sha512",
		size: 64,
		etm: false
	},
	"hmac-sha1-etm@openssh.com": {
		hash: "sha1",
		size: 20,
		etm: true
	},
	"hmac-sha1": {
		hash: "sha1",
		size: 20,
		etm: false
	}
};
const CIPHER_NAMES = Object.keys(CIPHERS$2);
const MAC_NAMES = Object.keys(MACS$1);
function packetCipher(cipher, mac, direction, derive) {
	const [, spec] = Object.entries(CIPHERS$2).find(([name]) => name === cipher) ?? [];
	const [, macSpec] = Object.entries(MACS$1).find(([name]) => name === mac) ?? [];
	const [ivLetter, keyLetter, macLetter] = direction === "out" ? [
		"A",
		"C",
		"E"
	] : [
		"B",
		"D",
		"F"
	];
	if (spec === void 0) return void 0;
	const [iv, key] = [derive(ivLetter, spec.iv), derive(keyLetter, spec.key)];
	if (spec.tag > 0) return counterMode(spec.node, key, iv, spec.block, spec.tag);
	if (macSpec === void 0) return void 0;
	const { hash, size, etm } = macSpec;
	const macKey = derive(macLetter, size);
	const code = (sequence, data) => {
		const number = Buffer.alloc(4);
		number.writeUInt32BE(sequence >>> 0);
		return createHmac(hash, macKey).update(number).update(data).digest();
	};
	const stream = direction === "out" ? createCipheriv(spec.node, key, iv) : createDecipheriv(spec.node, key, iv);
	stream.setAutoPadding(false);
	return etm ? lengthInClear(stream, code, spec.block, size) : lengthHidden(stream, code, spec.block, size);
}
function counterMode(node, key, iv, block, tag) {
	const nonce = Buffer.from(iv);
	const next = () => {
		const now = Buffer.from(nonce);
		nonce.writeBigUInt64BE(nonce.readBigUInt64BE(4) + 1n & 18446744073709551615n, 4);
		return now;
	};
	const name = node === "aes-128-gcm" ? "aes-128-gcm" : "aes-256-gcm";
	return {
		head: 4,
		block,
		trailer: tag,
		clearLength: true,
		seal: (_, whole) => {
			const cipher = createCipheriv(name, key, next());
			cipher.setAAD(whole.subarray(0, 4));
			const sealed = Buffer.concat([cipher.update(whole.subarray(4)), cipher.final()]);
			return Buffer.concat([
				whole.subarray(0, 4),
				sealed,
				cipher.getAuthTag()
			]);
		},
		length: (head) => head.readUInt32BE(0),
		open: (_, sealed) => {
			const decipher = createDecipheriv(name, key, next(), { authTagLength: tag });
			decipher.setAAD(sealed.subarray(0, 4));
			decipher.setAuthTag(sealed.subarray(sealed.length - tag));
			try {
				return Buffer.concat([decipher.update(sealed.subarray(4, sealed.length - tag)), decipher.final()]);
			} catch {
				return;
			}
		}
	};
}
function lengthInClear(stream, code, block, size) {
	return {
		head: 4,
		block,
		trailer: size,
		clearLength: true,
		seal: (sequence, whole) => {
			const sealed = Buffer.concat([whole.subarray(0, 4), stream.update(whole.subarray(4))]);
			return Buffer.concat([sealed, code(sequence, sealed)]);
		},
		length: (head) => head.readUInt32BE(0),
		open: (sequence, sealed) => {
			const body = sealed.subarray(0, sealed.length - size);
			return timingSafeEqual(code(sequence, body), sealed.subarray(sealed.length - size)) ? stream.update(body.subarray(4)) : void 0;
		}
	};
}
function lengthHidden(stream, code, block, size) {
	let first = Buffer.alloc(0);
	return {
		head: block,
		block,
		trailer: size,
		clearLength: false,
		seal: (sequence, whole) => Buffer.concat([stream.update(whole), code(sequence, whole)]),
		length: (head) => {
			first = stream.update(head);
			return first.readUInt32BE(0);
		},
		open: (sequence, sealed) => {
			const whole = Buffer.concat([first, stream.update(sealed.subarray(block, sealed.length - size))]);
			return timingSafeEqual(code(sequence, whole), sealed.subarray(sealed.length - size)) ? whole.subarray(4) : void 0;
		}
	};
}
// src/ssh/public-key.ts
const CURVES$1 = {
	nistp256: {
		bits: 256,
		jwk: "P-256"
	},
	nistp384: {
		bits: 384,
		jwk: "P-384"
	},
	nistp521: {
		bits: 521,
		jwk: "P-521"
	}
};
function readPublicKey(blob) {
	const reader = new SshReader(blob);
	const written = reader.text();
	if (written === void 0) return void 0;
	const certified = /^(.*)-cert-v0[01]@openssh\.com$/.exec(written)?.[1];
	if (certified !== void 0) reader.string();
	const kind = certified ?? written;
	const type = written;
	if (kind === "ssh-ed25519" || kind === "sk-ssh-ed25519@openssh.com" || kind === "sk-ssh-ed25519") {
		const point = reader.string();
		if (point?.length !== 32) return void 0;
		return kind === "ssh-ed25519" ? keyed(type, 256, {
			kty: "OKP",
			crv: "Ed25519",
			x: url(point)
		}) : {
			type,
			bits: 256
		};
	}
	if (kind === "ssh-ed448") return reader.string()?.length === 57 ? {
		type,
		bits: 456
	} : void 0;
	if (kind.startsWith("ecdsa-sha2-") || kind.startsWith("sk-ecdsa-sha2-")) {
		const curve = CURVES$1[reader.text() ?? ""];
		const point = reader.string();
		if (curve === void 0 || point === void 0) return void 0;
		const size = Math.ceil(curve.bits / 8);
		if (point.length !== 1 + 2 * size || point[0] !== 4) return void 0;
		if (kind.startsWith("sk-")) return {
			type,
			bits: curve.bits
		};
		return keyed(type, curve.bits, {
			kty: "EC",
			crv: curve.jwk,
			x: url(point.subarray(1, 1 + size)),
			y: url(point.subarray(1 + size))
		});
	}
	if (kind === "ssh-rsa" || /^rsa-sha2-(?:256|512)$/.test(kind)) {
		const [exponent, modulus] = [reader.mpint(), reader.mpint()];
		if (exponent === void 0 || modulus === void 0 || modulus.length === 0) return void 0;
		return keyed(type, bitsOf(modulus), {
			kty: "RSA",
			e: url(exponent),
			n: url(modulus)
		});
	}
	if (kind === "ssh-dss") {
		const prime = reader.mpint();
		return prime === void 0 || prime.length === 0 ? void 0 : {
			type,
			bits: bitsOf(prime)
		};
	}
}
function verifies({ key }, signature, data) {
	const reader = new SshReader(signature);
	const [algorithm, value] = [reader.text(), reader.string()];
	if (key === void 0 || algorithm === void 0 || value === void 0) return void 0;
	try {
		if (algorithm === "ssh-ed25519") return verify(null, data, key, value);
		const hash = {
			"rsa-sha2-256": "sha256",
			"rsa-sha2-512": "sha512",
			"ssh-rsa": "sha1"
		}[algorithm];
		if (hash !== void 0) return key.asymmetricKeyType === "rsa" && verify(hash, data, key, value);
		const size = {
			"ecdsa-sha2-nistp256": 32,
			"ecdsa-sha2-nistp384": 48,
			"ecdsa-sha2-nistp521": 66
		}[algorithm];
		if (size === void 0) return void 0;
		const inner = new SshReader(value);
		const [r, s] = [inner.mpint(), inner.mpint()];
		if (r === void 0 || s === void 0 || r.length > size || s.length > size) return false;
		const padded = Buffer.concat([
			Buffer.alloc(size - r.length),
			r,
			Buffer.alloc(size - s.length),
			s
		]);
		return verify({
			32: "sha256",
			48: "sha384",
			66: "sha512"
		}[size], data, {
			key,
			dsaEncoding: "ieee-p1363"
		}, padded);
	} catch {
		return false;
	}
}
function keyed(type, bits, jwk) {
	try {
		return {
			type,
			bits,
			key: createPublicKey({
				key: jwk,
				format: "jwk"
			})
		};
	} catch {
		return;
	}
}
function url(octets) {
	return octets.toString("base64url");
}
function bitsOf(octets) {
	return octets.length * 8 - Math.clz32(octets[0] ?? 0) + 24;
}
// src/ssh/transport.ts
const OURS = "SSH-2.0-Custos";
const MAX_LINE = 1024;
const MAX_LINES = 50;
const MAX_PACKET$1 = 65536;
const MAX_IDLE = 50;
const MESSAGE$1 = {
	disconnect: 1,
	ignore: 2,
	unimplemented: 3,
	debug: 4
};
var SshTransport = class {
	#wire;
	#deadline;
	#buffer = Buffer.alloc(0);
	#sent = 0;
	#received = 0;
	#sealing;
	#opening;
	constructor(wire, patience) {
		this.#wire = wire;
		this.#deadline = performance.now() + patience;
	}
	get ours() {
		return OURS;
	}
	async identify() {
		this.#wire.write(Buffer.from(`${OURS}\r\n`));
		for (let count = 0; count < MAX_LINES; count += 1) {
			const line = await this.#line();
			if (typeof line !== "string") return line;
			const [, protocol, software] = /^SSH-([^-\s]+)-(\S+)/.exec(line) ?? [];
			if (protocol !== void 0 && software !== void 0) return {
				line,
				protocol,
				software
			};
			if (line.startsWith("SSH-")) break;
		}
		return unknown("unparseable", "no SSH: it does not identify itself");
	}
	send(payload) {
		const cipher = this.#sealing;
		const block = cipher?.block ?? 8;
		let padding = block - (payload.length + 1 + (cipher?.clearLength === true ? 0 : 4)) % block;
		if (padding < 4) padding += block;
		const head = Buffer.alloc(5);
		head.writeUInt32BE(1 + payload.length + padding);
		head[4] = padding;
		const whole = Buffer.concat([
			head,
			payload,
			randomBytes(padding)
		]);
		this.#wire.write(cipher === void 0 ? whole : cipher.seal(this.#sent, whole));
		this.#sent += 1;
	}
	sealWith(cipher) {
		this.#sealing = cipher;
	}
	openWith(cipher) {
		this.#opening = cipher;
	}
	async receive() {
		for (let idle = 0; idle < MAX_IDLE; idle += 1) {
			const payload = await this.#packet();
			if (!Buffer.isBuffer(payload)) return payload;
			const kind = payload[0];
			if (kind === MESSAGE$1.disconnect) {
				const reader = new SshReader(payload, 1);
				reader.uint32();
				return unknown("refused", `SSH: it disconnects: ${(reader.text() ?? "").slice(0, 100)}`);
			}
			if (kind !== MESSAGE$1.ignore && kind !== MESSAGE$1.debug && kind !== MESSAGE$1.unimplemented) return payload;
		}
		return unknown("unparseable", "SSH: packets that say nothing, without end");
	}
	async #packet() {
		const cipher = this.#opening;
		const head = await this.#take(cipher?.head ?? 4, false);
		if (!Buffer.isBuffer(head)) return head;
		const length = cipher === void 0 ? head.readUInt32BE(0) : cipher.length(head);
		if (length < 5 || length > MAX_PACKET$1) return unknown("unparseable", "SSH: a packet of no possible length");
		const whole = await this.#take(4 + length + (cipher?.trailer ?? 0), true);
		if (!Buffer.isBuffer(whole)) return whole;
		const body = cipher === void 0 ? whole.subarray(4) : cipher.open(this.#received, whole);
		if (body === void 0) return unknown("unparseable", "SSH: a packet that was altered");
		this.#received += 1;
		const padding = body[0] ?? 0;
		return padding + 1 >= body.length ? unknown("unparseable", "SSH: a packet without payload") : Buffer.from(body.subarray(1, body.length - padding));
	}
	async #line() {
		for (;;) {
			const end = this.#buffer.indexOf(10);
			if (end > MAX_LINE || end === -1 && this.#buffer.length > MAX_LINE) return unknown("unparseable", "no SSH: it does not identify itself");
			if (end !== -1) {
				const line = this.#buffer.subarray(0, end).toString("latin1").replace(/\r$/, "");
				this.#buffer = this.#buffer.subarray(end + 1);
				return line;
			}
			const failed = await this.#more();
			if (failed !== void 0) return failed;
		}
	}
	async #take(length, consumed) {
		while (this.#buffer.length < length) {
			const failed = await this.#more();
			if (failed !== void 0) return failed;
		}
		const bytes = this.#buffer.subarray(0, length);
		if (consumed) this.#buffer = this.#buffer.subarray(length);
		return bytes;
	}
	async #more() {
		const left = this.#deadline - performance.now();
		if (left <= 0) return unknown("timed-out", "SSH: no answer in time");
		const received = await this.#wire.read(left);
		if (received.kind === "timed-out") return unknown("timed-out", "SSH: no answer in time");
		if (received.kind !== "bytes") return unknown("unreachable", "SSH: the connection ended");
		this.#buffer = Buffer.concat([this.#buffer, received.bytes]);
	}
};
// src/ssh/server-look.ts
const MESSAGE = {
	serviceRequest: 5,
	serviceAccept: 6,
	extensions: 7,
	newKeys: 21,
	exchange: 30,
	exchangeReply: 31,
	authRequest: 50,
	authFailure: 51,
	authSuccess: 52,
	authBanner: 53
};
async function lookAtServer(wire, { hostKeys, user, patience }) {
	const transport = new SshTransport(wire, patience);
	const identification = await transport.identify();
	if ("state" in identification) return failed$1(identification, identification);
	if (identification.protocol !== "2.0" && identification.protocol !== "1.99") return failed$1(identification, unknown("unsupported", `SSH ${identification.protocol.slice(0, 10)} only`));
	const payload = await transport.receive();
	if (!Buffer.isBuffer(payload)) return failed$1(identification, payload);
	const offer = readKeyExchangeInit(payload);
	if (offer === void 0) return failed$1(identification, unknown("unparseable", "SSH: no KEXINIT"));
	const wanted = hostKeys(offer);
	if (wanted.length === 0) return {
		...failed$1(identification, NOT_ASKED),
		offer
	};
	const ours = keyExchangeInit({
		keyExchanges: [...AGREEMENTS, "ext-info-c"],
		hostKeys: wanted,
		ciphers: [
			...CIPHER_NAMES,
			...offer.ciphers.toClient,
			...offer.ciphers.toServer
		],
		macs: [
			...MAC_NAMES,
			...offer.macs.toClient,
			...offer.macs.toServer
		]
	});
	transport.send(ours);
	const exchanged = await exchangeKeys(transport, identification, offer, wanted, payload, ours);
	if ("state" in exchanged) return {
		...failed$1(identification, exchanged),
		offer
	};
	const seen = {
		identification,
		offer,
		hostKey: exchanged.hostKey
	};
	if (user === void 0 || exchanged.encrypted !== void 0) {
		const why = exchanged.encrypted ?? NOT_ASKED;
		return {
			...seen,
			userSignatures: why,
			methods: why
		};
	}
	return {
		...seen,
		...await askMethods(transport, user)
	};
}
const NOT_ASKED = unknown("not-collected", "not asked for");
function failed$1(identification, why) {
	return {
		identification,
		offer: why,
		hostKey: why,
		userSignatures: why,
		methods: why
	};
}
async function exchangeKeys(transport, { line }, offer, wanted, theirs, ours) {
	const name = agreed(AGREEMENTS, offer.keyExchanges);
	const method = name === void 0 ? void 0 : agreement(name);
	const hostKeyName = agreed(wanted, offer.hostKeys);
	if (method === void 0 || hostKeyName === void 0) return unknown("unsupported", "SSH: no key exchange that Custos speaks");
	if (offer.guesses && (offer.keyExchanges[0] !== name || offer.hostKeys[0] !== hostKeyName)) {
		const passed = await transport.receive();
		if (!Buffer.isBuffer(passed)) return passed;
	}
	transport.send(Buffer.concat([Buffer.from([MESSAGE.exchange]), method.ours]));
	const reply = await transport.receive();
	if (!Buffer.isBuffer(reply)) return reply;
	const reader = new SshReader(reply, 1);
	const [blob, half, signature] = [
		reader.string(),
		reader.string(),
		reader.string()
	];
	if (reply[0] !== MESSAGE.exchangeReply || blob === void 0 || half === void 0 || signature === void 0) return unknown("unparseable", "SSH: no reply of the key exchange");
	const finished = method.finish(half);
	const key = readPublicKey(blob);
	if (finished === void 0) return unknown("unparseable", "SSH: no reply of the key exchange");
	const digest = createHash(method.hash);
	for (const part of [
		string(transport.ours),
		string(line),
		string(ours),
		string(theirs),
		string(blob),
		method.ours,
		finished.theirs,
		finished.secret
	]) digest.update(part);
	const hash = digest.digest();
	const holds = key === void 0 ? void 0 : verifies(key, signature, hash);
	const hostKey = key === void 0 || holds === void 0 ? unknown("unsupported", `SSH: a host key of kind ${hostKeyName}`) : holds ? key : unknown("unparseable", "SSH: the signature of the host key does not hold");
	if (holds === false) return {
		hostKey,
		encrypted: unknown("unparseable", "SSH: the signature of the host key does not hold")
	};
	return {
		hostKey,
		encrypted: await encrypt(transport, offer, method.hash, finished.secret, hash)
	};
}
async function encrypt(transport, offer, hashName, secret, hash) {
	const derive = (letter, length) => {
		const digest = (...parts) => {
			const made = createHash(hashName).update(secret).update(hash);
			for (const part of parts) made.update(part);
			return made.digest();
		};
		let key = digest(letter, hash);
		while (key.length < length) key = Buffer.concat([key, digest(key)]);
		return key.subarray(0, length);
	};
	const cipherOf = (direction) => {
		const way = direction === "out" ? "toServer" : "toClient";
		const cipher = agreed(CIPHER_NAMES, offer.ciphers[way]);
		const mac = agreed(MAC_NAMES, offer.macs[way]);
		return cipher === void 0 ? void 0 : packetCipher(cipher, mac ?? "", direction, derive);
	};
	const [out, into] = [cipherOf("out"), cipherOf("in")];
	if (out === void 0 || into === void 0) return unknown("unsupported", "SSH: no cipher that Custos speaks");
	transport.send(Buffer.from([MESSAGE.newKeys]));
	transport.sealWith(out);
	const changed = await transport.receive();
	if (!Buffer.isBuffer(changed)) return changed;
	if (changed[0] !== MESSAGE.newKeys) return unknown("unparseable", "SSH: no change of keys");
	transport.openWith(into);
}
async function askMethods(transport, user) {
	let userSignatures;
	transport.send(Buffer.concat([Buffer.from([MESSAGE.serviceRequest]), string("ssh-userauth")]));
	for (;;) {
		const payload = await transport.receive();
		if (!Buffer.isBuffer(payload)) return {
			userSignatures: userSignatures ?? payload,
			methods: payload
		};
		switch (payload[0]) {
			case MESSAGE.extensions:
				userSignatures = signaturesIn(payload) ?? userSignatures;
				break;
			case MESSAGE.serviceAccept:
				transport.send(Buffer.concat([
					Buffer.from([MESSAGE.authRequest]),
					string(user),
					string("ssh-connection"),
					string("none")
				]));
				break;
			case MESSAGE.authBanner: break;
			case MESSAGE.authSuccess: return {
				userSignatures,
				methods: ["none"]
			};
			case MESSAGE.authFailure: {
				const methods = new SshReader(payload, 1).names();
				return {
					userSignatures,
					methods: methods ?? unknown("unparseable", "SSH: no list of methods")
				};
			}
			default: return {
				userSignatures,
				methods: unknown("unparseable", "SSH: no answer to a request of authentication")
			};
		}
	}
}
function signaturesIn(payload) {
	const reader = new SshReader(payload, 1);
	for (let left = Math.min(reader.uint32() ?? 0, 32); left > 0; left -= 1) {
		const [name, value] = [reader.text(), reader.string()];
		if (name === "server-sig-algs" && value !== void 0) return value.toString("latin1").split(",");
	}
}
// src/collect/ssh/known-flaws.ts
const FLAWS = [
	{
		name: "CVE-2024-6387",
		software: /^OpenSSH_(\d+)\.(\d+)/,
		ranges: [[[8, 5], [9, 8]]],
		mended: [
			{
				mark: /Debian-\d+\+deb12u(\d+)/,
				from: 3
			},
			{
				mark: /Ubuntu-3ubuntu0\.(\d+)/,
				from: 10
			},
			{
				mark: /Ubuntu-3ubuntu13\.(\d+)/,
				from: 3
			}
		]
	},
	{
		name: "CVE-2018-10933",
		software: /^libssh[-_](\d+)\.(\d+)\.(\d+)/,
		ranges: [[[
			0,
			6,
			0
		], [
			0,
			7,
			6
		]], [[
			0,
			8,
			0
		], [
			0,
			8,
			4
		]]]
	},
	{
		name: "CVE-2025-32433",
		software: /^Erlang\/(\d+)\.(\d+)(?:\.(\d+))?(?:\.(\d+))?/,
		ranges: [
			[[0], [
				4,
				15,
				3,
				12
			]],
			[[5, 0], [
				5,
				1,
				4,
				8
			]],
			[[5, 2], [
				5,
				2,
				10
			]]
		]
	},
	{
		name: "CVE-2016-7406",
		software: /^dropbear_(\d+)\.(\d+)/,
		ranges: [[[0], [2016, 74]]]
	}
];
function knownFlaws({ line, protocol, software }, origin) {
	const found = protocol === "1.99" ? [known("SSH-1", origin)] : [];
	const open = [];
	const ours = FLAWS.filter((flaw) => flaw.software.test(software));
	if (ours.length === 0) open.push(unknown("unsupported", `${software.slice(0, 60)}: its flaws are not known here`, origin));
	for (const { name, software: form, ranges, mended = [] } of ours) {
		const version = (form.exec(software) ?? []).slice(1).map((part) => Number(part ?? 0));
		if (!ranges.some(([from, before]) => compare$1(version, from) >= 0 && compare$1(version, before) < 0)) continue;
		const revision = mended.map(({ mark, from }) => ({
			number: mark.exec(line)?.[1],
			from
		})).find(({ number }) => number !== void 0);
		if (revision === void 0) open.push(unknown("unresolved", `${name}: the banner does not say whether it was mended in place`, origin));
		else if (Number(revision.number) < revision.from) found.push(known(name, origin));
	}
	return known(found, origin, open);
}
function compare$1(a, b) {
	for (let index = 0; index < Math.max(a.length, b.length); index += 1) {
		const difference = (a[index] ?? 0) - (b[index] ?? 0);
		if (difference !== 0) return difference;
	}
	return 0;
}
// src/collect/ssh/outside-facts.ts
function outsideFacts({ first, hostKeys }, at) {
	const { identification, offer, methods, userSignatures } = first;
	const inside = () => unknown("not-collected", "a setting that shows from inside only", at("SSH"));
	const [initial, asked] = [at("KEXINIT"), at("USERAUTH_REQUEST \"none\"")];
	const offered = "state" in offer ? void 0 : offer;
	const why = "state" in offer ? {
		...offer,
		origin: initial
	} : void 0;
	const listed = (names) => names === void 0 ? why ?? inside() : listOf(names, initial);
	const offers = (...names) => "state" in methods ? {
		...methods,
		origin: asked
	} : known(names.some((name) => methods.includes(name)), derived("offered to a user whom it does not know", asked));
	return {
		service: known("ssh", at("SSH")),
		conditional: known(false, at("SSH")),
		root_login: inside(),
		password_login: offers("password", "keyboard-interactive", "none"),
		empty_passwords: "state" in methods || !methods.includes("none") ? inside() : known(true, asked),
		public_keys: offers("publickey"),
		second_factor: inside(),
		limited_to: inside(),
		max_auth_tries: inside(),
		login_grace: inside(),
		idle_timeout: inside(),
		ciphers: listed(bothWays(offered?.ciphers)),
		macs: listed(bothWays(offered?.macs)),
		key_exchanges: listed(offered?.keyExchanges.filter((name) => !MARKS.has(name))),
		signatures: offered === void 0 ? why ?? inside() : signaturesOf(offered.hostKeys, userSignatures, initial),
		x11_forwarding: inside(),
		tcp_forwarding: inside(),
		agent_forwarding: inside(),
		log_level: inside(),
		strict_modes: inside(),
		host_based: offers("hostbased"),
		user_environment: inside(),
		software: "state" in identification ? {
			...identification,
			origin: at("identification")
		} : known(identification.line.slice(0, 255), at("identification")),
		host_keys: hostKeysOf(hostKeys, why, at("key exchange")),
		methods: "state" in methods ? {
			...methods,
			origin: asked
		} : listOf(methods, asked),
		strict_key_exchange: offered === void 0 ? why ?? inside() : known(offered.keyExchanges.includes(STRICT), initial),
		known_weak: "state" in identification ? {
			...identification,
			origin: at("identification")
		} : knownFlaws(identification, at("identification"))
	};
}
const STRICT = "kex-strict-s-v00@openssh.com";
const MARKS = new Set([
	STRICT,
	"kex-strict-c-v00@openssh.com",
	"ext-info-s",
	"ext-info-c"
]);
function listOf(names, origin, open = []) {
	return known(names.map((name) => known(name, origin)), origin, open);
}
function bothWays(directions) {
	return directions === void 0 ? void 0 : [...new Set([...directions.toServer, ...directions.toClient])];
}
function signaturesOf(hostKeys, users, origin) {
	if (users === void 0 || "state" in users) return listOf(hostKeys, origin, [{
		...users ?? unknown("not-collected", "SSH: which keys of users it takes", origin),
		origin
	}]);
	return listOf([...new Set([...hostKeys, ...users])], origin);
}
function hostKeysOf(keys, why, origin) {
	if (why !== void 0) return why;
	const open = [];
	const kinds = new Set();
	const found = [];
	for (const key of keys) {
		if ("state" in key) {
			open.push({
				...key,
				origin
			});
			continue;
		}
		if (kinds.has(key.type)) continue;
		kinds.add(key.type);
		found.push(known({
			type: known(key.type, origin),
			bits: known(key.bits, origin)
		}, origin));
	}
	return known(found, origin, open);
}
// src/collect/ssh/collector.ts
const MAX_ADDRESSES$1 = 8;
const NOBODY = "custos-nobody";
const KEYS = [
	["ssh-ed25519"],
	[
		"rsa-sha2-512",
		"rsa-sha2-256",
		"ssh-rsa"
	],
	["ecdsa-sha2-nistp256"],
	["ecdsa-sha2-nistp384"],
	["ecdsa-sha2-nistp521"],
	["ssh-dss"]
];
const sshCollector = {
	name: "ssh",
	targets: ["ssh"],
	version: "1",
	provides: [remoteAccess.name],
	collect: collect$2
};
async function collect$2(target, world, signal, conduct) {
	const at = {
		kind: "file",
		range: target.declaredAt
	};
	const place = sshPlaceOf(target.address);
	if ("problem" in place) return result(target, [], [unknown("unsupported", place.problem, at)], at);
	const proxy = target.options["proxy"] === void 0 ? void 0 : proxyOf(target.options["proxy"]);
	if (proxy !== void 0 && "problem" in proxy) return result(target, [], [unknown("unsupported", proxy.problem, at)], at);
	const addresses = proxy === void 0 ? await world.network.lookup(place.host, signal) : [place.host];
	if ("state" in addresses) return result(target, [], [{
		...addresses,
		origin: at
	}], at);
	const gaps = addresses.length === 0 ? [unknown("unreachable", `${place.host}: no address`, at)] : [];
	if (addresses.length > MAX_ADDRESSES$1) gaps.push(unknown("unsupported", `more than ${MAX_ADDRESSES$1} addresses`, at));
	const resources = [];
	for (const address of addresses.slice(0, MAX_ADDRESSES$1)) {
		const looks = guarded(address, place.host) ?? await lookAt(address, place.port, world, signal, conduct, proxy);
		if ("state" in looks) {
			gaps.push({
				...looks,
				origin: at
			});
			continue;
		}
		const name = ipVersion(place.host) === 6 ? `[${place.host}]:${place.port}` : `${place.host}:${place.port}`;
		const id = addresses.length > 1 ? `${name} @ ${address}` : name;
		const facts = outsideFacts(looks, (exchange) => ({
			kind: "wire",
			target: target.id,
			exchange: addresses.length > 1 ? `${exchange} @ ${address}` : exchange
		}));
		resources.push(seen$1(remoteAccess, id, target, "live", facts));
	}
	return result(target, resources, gaps, at);
}
async function lookAt(address, port, world, signal, { limits, gates }, proxy) {
	const patience = Math.max(limits.firstByte, 3 * limits.idle);
	const { gate, done } = gates.of(address);
	const once = async (request) => {
		await gate.enter();
		try {
			if (signal.aborted) return unknown("interrupted", `${address}:${port}`);
			const wire = await world.network.connect({
				host: address,
				port,
				timeout: limits.connect,
				signal,
				...proxy === void 0 ? {} : { proxy }
			});
			if ("state" in wire) return wire;
			try {
				return await lookAtServer(wire, {
					...request,
					patience
				});
			} finally {
				wire.close();
			}
		} finally {
			gate.leave();
		}
	};
	try {
		const first = await once({
			hostKeys: (offer) => kindsIn(offer)[0] ?? [],
			user: NOBODY
		});
		if ("state" in first) return first;
		if ("state" in first.identification) return first.identification;
		const hostKeys = [first.hostKey];
		if (!("state" in first.offer)) {
			const [, ...others] = kindsIn(first.offer);
			for (const kind of others) {
				const look = await once({ hostKeys: () => kind });
				hostKeys.push("state" in look ? look : look.hostKey);
			}
			for (const name of first.offer.hostKeys) if (!KEYS.flat().includes(name) && !/-cert-v0[01]@/.test(name)) hostKeys.push(unknown("unsupported", `SSH: a host key of kind ${name}`));
		}
		return {
			first,
			hostKeys
		};
	} finally {
		done();
	}
}
function kindsIn({ hostKeys }) {
	return KEYS.map((kind) => kind.filter((name) => hostKeys.includes(name))).filter((kind) => kind.length > 0);
}
function result(target, resources, gaps, at) {
	const looked = known(target.address, at);
	const coverage = {
		status: gaps.length === 0 ? "complete" : resources.length === 0 ? "failed" : "partial",
		gaps,
		looked
	};
	return {
		resources,
		coverage: { [remoteAccess.name]: coverage },
		gaps,
		looked: [{
			name: target.address,
			as: "ssh"
		}]
	};
}
// src/collect/tls/observation.ts
const OLDER = [
	"SSLv3",
	"TLSv1",
	"TLSv1.1",
	"TLSv1.2"
];
function answersNothing({ protocols }) {
	if ([...protocols.values()].some(({ state }) => state === "accepted")) return void 0;
	return firstOpen(protocols.values()) ?? unknown("unresolved", "no version is accepted");
}
function answersOf({ protocols }, wire) {
	return [...protocols.values()].flatMap((answer) => answer.state === "unknown" ? [] : [wire(answer.exchange)]);
}
function firstOpen(answers) {
	for (const answer of answers) if (answer?.state === "unknown") return answer.why;
}
function gapOf({ protocols, suites }, protocol) {
	return firstOpen([protocols.get(protocol)]) ?? suites.get(protocol)?.open[0];
}
function bestOlder({ protocols }) {
	return OLDER.toReversed().find((protocol) => protocols.get(protocol)?.state === "accepted");
}
function seen(value, exchange) {
	return {
		state: "seen",
		value,
		exchange
	};
}
function none(exchange) {
	return {
		state: "none",
		exchange
	};
}
function unseen(why) {
	return {
		state: "unknown",
		why
	};
}
// src/collect/tls/chain-resources.ts
async function chainResources(observation, context) {
	const resources = new Map();
	const gaps = [...observation.chainGaps];
	const seen = new Set();
	const chains = observation.chains.toSorted((a, b) => Number(a.serverName === void 0) - Number(b.serverName === void 0));
	for (const chain of chains) {
		const origin = context.wire(chain.exchange);
		const parsed = chain.certificates.map(parseCertificate);
		const leaves = chain.tlcp ? tlcpLeaves(parsed) : parsed.slice(0, 1);
		for (const leaf of leaves) {
			if (leaf === void 0) {
				gaps.push(unknown("unparseable", `${context.listener}: a certificate`, origin));
				continue;
			}
			if (seen.has(leaf.sha256)) continue;
			seen.add(leaf.sha256);
			const others = parsed.filter((one) => one !== void 0).filter((one) => !leaves.includes(one));
			const id = idOf$2(leaf, chain, context, resources);
			const unread = !chain.tlcp && parsed.includes(void 0) ? unknown("unparseable", `${context.listener}: a certificate of its chain`, origin) : void 0;
			if (unread !== void 0) gaps.push(unread);
			const resource = sighting(leaf, others, chain, context, origin, id, unread);
			const online = await context.online?.([leaf.der, ...others.map(({ der }) => der)], chain.serverName);
			resources.set(id, online === void 0 ? resource : {
				...resource,
				facts: {
					...resource.facts,
					...online
				}
			});
		}
	}
	const why = resources.size === 0 && gaps.length === 0 ? whyNone(observation, context.listener) : void 0;
	return {
		resources: [...resources.values()],
		gaps: why === void 0 ? gaps : [why]
	};
}
function whyNone({ protocols, suites }, listener) {
	const accepted = [...protocols].flatMap(([protocol, { state }]) => state === "accepted" ? [protocol] : []);
	const open = firstOpen(protocols.values());
	if (open !== void 0) return open;
	const without = accepted.every((protocol) => {
		const list = suites.get(protocol);
		return list !== void 0 && list.suites.length > 0 && list.open.length === 0 && list.suites.every(({ code }) => isWithout(code));
	});
	return accepted.length > 0 && without ? void 0 : unknown("unresolved", `${listener}: no certificate came`);
}
function isWithout(code) {
	const suite = CIPHER_SUITES.get(code);
	return suite !== void 0 && [
		"NULL",
		"PSK",
		"SRP",
		"KRB5"
	].includes(suite.authentication) && !/RSA|DSS/.test(suite.iana);
}
function tlcpLeaves(parsed) {
	const own = parsed.filter((one) => one === void 0 || !one.ca);
	return own.length > 0 ? own.slice(0, 2) : parsed.slice(0, 1);
}
function idOf$2(leaf, chain, { listener, host }, taken) {
	const tlcp = chain.tlcp ? ` ${isSm2Encryption(leaf) ? "TLCP encryption" : "TLCP signing"}` : "";
	const anonymous = isAnonymous(chain, host) ? " (no server name)" : "";
	const id = `${listener} ${leaf.key.kind}${tlcp}${anonymous}`;
	return taken.has(id) ? `${id} ${leaf.subject || leaf.serial}` : id;
}
function isAnonymous({ serverName, tlcp }, host) {
	return serverName === void 0 && !tlcp && !/^[\d.]+$|:/.test(host);
}
function sighting(leaf, others, chain, context, origin, id, unread) {
	const scts = chain.scts === void 0 ? void 0 : countSctList(chain.scts);
	return certificateResource({
		leaf,
		others,
		...unread === void 0 ? {} : { unread },
		anchors: context.anchors,
		live: true,
		origin,
		id,
		target: context.target,
		at: context.at,
		...isAnonymous(chain, context.host) ? {} : { host: chain.serverName ?? context.host },
		...chain.status === void 0 ? {} : { staple: chain.status },
		...scts === void 0 ? {} : { sctsInHandshake: scts }
	});
}
function tlcpPair(observation, wire) {
	const answer = observation.protocols.get("TLCP");
	if (answer?.state === "refused") return absent(wire(answer.exchange));
	if (answer?.state !== "accepted") return answer?.why ?? unknown("not-collected", "TLCP");
	const chain = observation.chains.find(({ tlcp }) => tlcp);
	if (chain === void 0) return unknown("unresolved", "TLCP: no certificates came", wire(answer.exchange));
	const leaves = tlcpLeaves(chain.certificates.map(parseCertificate));
	if (leaves.includes(void 0)) return unknown("unparseable", "TLCP: a certificate", wire(chain.exchange));
	const pair = leaves.filter((leaf) => leaf !== void 0);
	const sound = (leaf) => leaf.key.kind === "SM2" && leaf.signature.hash === "SM3";
	const signs = pair.some((leaf) => sound(leaf) && leaf.keyUsage?.includes("digitalSignature") === true && !isSm2Encryption(leaf));
	const encrypts = pair.some((leaf) => sound(leaf) && isSm2Encryption(leaf));
	return known(pair.length === 2 && signs && encrypts, wire(chain.exchange));
}
// src/tls/alerts.ts
const ALERTS = {
	0: "close_notify",
	10: "unexpected_message",
	20: "bad_record_mac",
	21: "decryption_failed",
	22: "record_overflow",
	30: "decompression_failure",
	40: "handshake_failure",
	41: "no_certificate",
	42: "bad_certificate",
	43: "unsupported_certificate",
	44: "certificate_revoked",
	45: "certificate_expired",
	46: "certificate_unknown",
	47: "illegal_parameter",
	48: "unknown_ca",
	49: "access_denied",
	50: "decode_error",
	51: "decrypt_error",
	60: "export_restriction",
	70: "protocol_version",
	71: "insufficient_security",
	80: "internal_error",
	86: "inappropriate_fallback",
	90: "user_canceled",
	100: "no_renegotiation",
	109: "missing_extension",
	110: "unsupported_extension",
	111: "certificate_unobtainable",
	112: "unrecognized_name",
	113: "bad_certificate_status_response",
	115: "unknown_psk_identity",
	116: "certificate_required",
	120: "no_application_protocol",
	200: "unsupported_site2site",
	201: "no_area",
	202: "unsupported_areatype",
	203: "bad_ibcparam",
	204: "unsupported_ibcparam",
	205: "identity_need"
};
const ALERT = {
	closeNotify: 0,
	handshakeFailure: 40,
	noRenegotiation: 100,
	badRecordMac: 20,
	decryptionFailed: 21,
	protocolVersion: 70,
	internalError: 80,
	inappropriateFallback: 86,
	certificateRequired: 116,
	unrecognizedName: 112
};
const CERTIFICATE_ALERTS = new Set([
	40,
	41,
	42,
	43,
	46,
	49,
	116
]);
function refusesCertificate(code) {
	return CERTIFICATE_ALERTS.has(code);
}
function alertText(code) {
	const name = ALERTS[code];
	return name === void 0 ? String(code) : `${code} (${name})`;
}
// src/tls/bytes.ts
function joined(...parts) {
	const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
	let at = 0;
	for (const part of parts) {
		whole.set(part, at);
		at += part.length;
	}
	return whole;
}
function uint(value, size) {
	return Uint8Array.from({ length: size }, (_, index) => Math.floor(value / 256 ** (size - 1 - index)) & 255);
}
function vector(size, ...parts) {
	const body = joined(...parts);
	return joined(uint(body.length, size), body);
}
function tlsRecord(type, version, fragment) {
	return joined([type], uint(version, 2), uint(fragment.length, 2), fragment);
}
function uint16s(values) {
	return joined(...values.map((value) => uint(value, 2)));
}
function sameBytes(a, b) {
	return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
function hex(bytes) {
	return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("hex");
}
// src/tls/protocols.ts
const PROTOCOLS = [
	"SSLv2",
	"SSLv3",
	"TLSv1",
	"TLSv1.1",
	"TLSv1.2",
	"TLSv1.3",
	"TLCP"
];
const WIRE_VERSION = {
	SSLv2: 2,
	SSLv3: 768,
	TLSv1: 769,
	"TLSv1.1": 770,
	"TLSv1.2": 771,
	"TLSv1.3": 772,
	TLCP: 257
};
function protocolOf(version) {
	return PROTOCOLS.find((protocol) => WIRE_VERSION[protocol] === version);
}
function protocolName(protocol) {
	return PROTOCOL_NAMES[protocol];
}
const PROTOCOL_NAMES = {
	SSLv2: "SSL 2.0",
	SSLv3: "SSL 3.0",
	TLSv1: "TLS 1.0",
	"TLSv1.1": "TLS 1.1",
	"TLSv1.2": "TLS 1.2",
	"TLSv1.3": "TLS 1.3",
	TLCP: "TLCP 1.1"
};
// src/tls/signature-schemes.ts
const SCHEMES = [
	[1027, "ecdsa_secp256r1_sha256"],
	[1283, "ecdsa_secp384r1_sha384"],
	[1539, "ecdsa_secp521r1_sha512"],
	[2052, "rsa_pss_rsae_sha256"],
	[2053, "rsa_pss_rsae_sha384"],
	[2054, "rsa_pss_rsae_sha512"],
	[1025, "rsa_pkcs1_sha256"],
	[1281, "rsa_pkcs1_sha384"],
	[1537, "rsa_pkcs1_sha512"],
	[2055, "ed25519"],
	[2056, "ed448"],
	[2057, "rsa_pss_pss_sha256"],
	[2058, "rsa_pss_pss_sha384"],
	[2059, "rsa_pss_pss_sha512"],
	[2074, "ecdsa_brainpoolP256r1tls13_sha256"],
	[2075, "ecdsa_brainpoolP384r1tls13_sha384"],
	[2076, "ecdsa_brainpoolP512r1tls13_sha512"],
	[2308, "mldsa44"],
	[2309, "mldsa65"],
	[2310, "mldsa87"],
	[1800, "sm2sig_sm3"],
	[771, "ecdsa_sha224"],
	[769, "rsa_pkcs1_sha224"],
	[770, "dsa_sha224"],
	[1026, "dsa_sha256"],
	[1282, "dsa_sha384"],
	[1538, "dsa_sha512"],
	[515, "ecdsa_sha1"],
	[513, "rsa_pkcs1_sha1"],
	[514, "dsa_sha1"],
	[257, "rsa_pkcs1_md5"],
	[259, "ecdsa_md5"],
	[258, "dsa_md5"]
];
const NAMES = new Map(SCHEMES);
const SIGNATURE_SCHEMES = SCHEMES.map(([code]) => code);
function schemeName(code) {
	return NAMES.get(code) ?? `0x${code.toString(16).padStart(4, "0")}`;
}
// src/tls/client-hello.ts
const EXTENSION = {
	serverName: 0,
	statusRequest: 5,
	supportedGroups: 10,
	pointFormats: 11,
	signatureAlgorithms: 13,
	heartbeat: 15,
	alpn: 16,
	sct: 18,
	padding: 21,
	encryptThenMac: 22,
	extendedMasterSecret: 23,
	sessionTicket: 35,
	preSharedKey: 41,
	earlyData: 42,
	supportedVersions: 43,
	cookie: 44,
	pskModes: 45,
	certificateAuthorities: 47,
	keyShare: 51,
	renegotiationInfo: 65281
};
const GREASE = 10794;
const FIXED_RANDOM = createHash("sha256").update("custos client hello").digest();
const SESSION_ID = createHash("sha256").update("custos session").digest();
function clientHello(question) {
	const message = clientHelloMessage(question);
	return tlsRecord(22, recordVersion(question.protocol), message);
}
function recordVersion(protocol) {
	return protocol === "SSLv3" || protocol === "TLCP" ? WIRE_VERSION[protocol] : WIRE_VERSION.TLSv1;
}
function clientHelloMessage(question) {
	const { protocol, grease = false, compression = [] } = question;
	const suites = [
		...grease ? [GREASE] : [],
		...question.suites,
		...protocol === "SSLv3" ? [SCSV.renegotiation] : [],
		...question.fallback === true ? [SCSV.fallback] : []
	];
	const sessionId = question.sessionId ?? (protocol === "TLSv1.3" ? SESSION_ID : new Uint8Array());
	const head = joined(uint(legacyVersion(question), 2), question.random ?? FIXED_RANDOM, vector(1, sessionId), vector(2, uint16s(suites)), vector(1, [...compression, 0]));
	const extensions = protocol === "SSLv3" ? [] : protocol === "TLCP" ? serverNameOf(question) : extensionsOf(question);
	if (extensions.length === 0) return joined([1], uint(head.length, 3), head);
	const padded = padding(4 + head.length + 2 + extensions.reduce((sum, { length }) => sum + length, 0));
	const last = extensions.findLast(({ length }) => length > 4) ?? new Uint8Array();
	const body = joined(head, vector(2, ...extensions.filter((one) => one !== last), ...padded, last));
	return joined([1], uint(body.length, 3), body);
}
function legacyVersion({ protocol, grease }) {
	if (protocol === "TLSv1.3") return WIRE_VERSION["TLSv1.2"];
	return grease === true && protocol === "TLSv1.2" ? WIRE_VERSION["TLSv1.3"] : WIRE_VERSION[protocol];
}
function extension(type, ...body) {
	return joined(uint(type, 2), vector(2, ...body));
}
function serverNameOf({ serverName }) {
	if (serverName === void 0) return [];
	const name = new TextEncoder().encode(serverName);
	return [extension(EXTENSION.serverName, vector(2, [0], vector(2, name)))];
}
function extensionsOf(question) {
	const { protocol, groups = [], keyShares, alpn = [], ticket, cookie } = question;
	const modern = protocol === "TLSv1.3";
	const older = !modern || question.alsoOlder === true;
	const list = [];
	if (question.grease === true) list.push(extension(14906), extension(56026, [0]));
	list.push(...serverNameOf(question));
	if (older) {
		if (question.encryptThenMac !== false) list.push(extension(EXTENSION.encryptThenMac));
		if (question.extendedMasterSecret !== false) list.push(extension(EXTENSION.extendedMasterSecret));
		list.push(extension(EXTENSION.renegotiationInfo, vector(1, question.renegotiation ?? [])));
		if (question.heartbeat !== false) list.push(extension(EXTENSION.heartbeat, [1]));
	}
	if (ticket !== void 0) list.push(extension(EXTENSION.sessionTicket, ticket));
	if (question.statusRequest === true) list.push(extension(EXTENSION.statusRequest, [
		1,
		0,
		0,
		0,
		0
	]), extension(EXTENSION.sct));
	if (alpn.length > 0) list.push(extension(EXTENSION.alpn, vector(2, ...alpn.map((name) => vector(1, new TextEncoder().encode(name))))));
	if (modern) {
		const versions = [
			...question.grease === true ? [GREASE] : [],
			772,
			...question.alsoOlder === true ? [
				771,
				770,
				769
			] : []
		];
		list.push(extension(EXTENSION.supportedVersions, vector(1, uint16s(versions))));
		list.push(extension(EXTENSION.pskModes, vector(1, [1])));
		if (cookie !== void 0) list.push(extension(EXTENSION.cookie, vector(2, cookie)));
		const shares = (keyShares ?? []).map(({ group, key }) => joined(uint(group, 2), vector(2, key)));
		list.push(extension(EXTENSION.keyShare, vector(2, ...shares)));
	}
	const offered = [...question.grease === true ? [GREASE] : [], ...groups];
	if (groups.length > 0) {
		list.push(extension(EXTENSION.supportedGroups, vector(2, uint16s(offered))));
		if (older) list.push(extension(EXTENSION.pointFormats, vector(1, [0])));
	}
	if (modern || protocol === "TLSv1.2") list.push(extension(EXTENSION.signatureAlgorithms, vector(2, uint16s(question.signatureSchemes ?? SIGNATURE_SCHEMES))));
	return list;
}
function padding(length) {
	const at = length > 255 && length < 512 ? Math.max(1, 512 - length - 4) : 0;
	if (at > 0) return [extension(EXTENSION.padding, new Uint8Array(at))];
	return [10, 14].includes(length & 255) ? [extension(EXTENSION.padding, new Uint8Array(1))] : [];
}
// src/tls/byte-reader.ts
var ByteReader = class {
	#bytes;
	#at = 0;
	#broken = false;
	constructor(bytes) {
		this.#bytes = bytes;
	}
	get broken() {
		return this.#broken;
	}
	get left() {
		return this.#broken ? 0 : this.#bytes.length - this.#at;
	}
	uint(size) {
		return this.bytes(size)?.reduce((value, byte) => value * 256 + byte, 0);
	}
	bytes(count) {
		if (this.#broken || this.#at + count > this.#bytes.length) {
			this.#broken = true;
			return;
		}
		this.#at += count;
		return this.#bytes.subarray(this.#at - count, this.#at);
	}
	vector(size) {
		const length = this.uint(size);
		return length === void 0 ? void 0 : this.bytes(length);
	}
	rest() {
		return this.bytes(this.left) ?? new Uint8Array();
	}
};
// src/tls/server-messages.ts
const RETRY_RANDOM = "cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c";
function serverHello(body) {
	const reader = new ByteReader(body);
	const legacy = reader.uint(2);
	const random = reader.bytes(32);
	const sessionId = reader.vector(1);
	const suite = reader.uint(2);
	const compression = reader.uint(1);
	if (legacy === void 0 || random === void 0 || sessionId === void 0 || suite === void 0 || compression === void 0) return void 0;
	const extensions = reader.left === 0 ? new Map() : extensionsIn(reader.vector(2));
	if (extensions === void 0 || sessionId.length > 32) return void 0;
	const chosen = extensions.get(EXTENSION.supportedVersions);
	if (chosen !== void 0 && chosen.length !== 2) return void 0;
	const version = chosen === void 0 ? legacy : (chosen[0] ?? 0) << 8 | (chosen[1] ?? 0);
	const share = new ByteReader(extensions.get(EXTENSION.keyShare) ?? new Uint8Array());
	const group = share.uint(2);
	const key = share.vector(2);
	return {
		version,
		random,
		sessionId,
		suite,
		compression,
		extensions,
		retry: hex(random) === RETRY_RANDOM,
		...group === void 0 ? {} : { group },
		...key === void 0 ? {} : { share: key }
	};
}
function extensionsIn(bytes) {
	if (bytes === void 0) return void 0;
	const reader = new ByteReader(bytes);
	const found = new Map();
	while (reader.left > 0) {
		const type = reader.uint(2);
		const body = reader.vector(2);
		if (type === void 0 || body === void 0 || found.has(type)) return void 0;
		found.set(type, body);
	}
	return found;
}
const MAX_CERTIFICATES = 100;
function certificateList(body, version) {
	const reader = new ByteReader(body);
	const modern = version === WIRE_VERSION["TLSv1.3"];
	if (modern) reader.vector(1);
	const list = new ByteReader(reader.vector(3) ?? new Uint8Array());
	if (reader.broken) return void 0;
	const certificates = [];
	let status;
	let scts;
	while (list.left > 0) {
		const certificate = list.vector(3);
		if (certificate === void 0 || certificate.length === 0 || certificates.length >= MAX_CERTIFICATES) return void 0;
		certificates.push(certificate);
		if (!modern) continue;
		const extensions = extensionsIn(list.vector(2));
		if (extensions === void 0) return void 0;
		if (certificates.length > 1) continue;
		scts = extensions.get(EXTENSION.sct);
		const stapled = extensions.get(EXTENSION.statusRequest);
		status = stapled === void 0 ? void 0 : ocspResponse(stapled);
	}
	return {
		certificates,
		...status === void 0 ? {} : { status },
		...scts === void 0 ? {} : { scts }
	};
}
function ocspResponse(body) {
	const reader = new ByteReader(body);
	return reader.uint(1) === 1 ? reader.vector(3) : void 0;
}
function keyExchange(body, suite, version) {
	const { keyExchange: kind, authentication, since } = CIPHER_SUITES.get(suite) ?? {};
	if (since === "TLCP" || authentication === "PSK" || authentication === "SRP") return { kind: "other" };
	const reader = new ByteReader(body);
	const scheme = () => {
		const code = version === WIRE_VERSION["TLSv1.2"] && authentication !== "NULL" ? reader.uint(2) : void 0;
		return code === void 0 ? {} : { scheme: code };
	};
	if (kind === "ECDHE") {
		if (reader.uint(1) !== 3) return reader.broken ? void 0 : { kind: "explicit-curve" };
		const group = reader.uint(2);
		const key = reader.vector(1);
		return group === void 0 || key === void 0 ? void 0 : {
			kind: "ecdhe",
			group,
			key,
			...scheme()
		};
	}
	if (kind === "DHE") {
		const [prime, generator, key] = [
			reader.vector(2),
			reader.vector(2),
			reader.vector(2)
		];
		if (prime === void 0 || generator === void 0 || key === void 0) return void 0;
		return {
			kind: "dhe",
			prime,
			generator,
			key,
			...scheme()
		};
	}
	if (kind === "RSA") {
		const modulus = reader.vector(2);
		return modulus === void 0 ? void 0 : {
			kind: "rsa-export",
			modulus
		};
	}
	return { kind: "other" };
}
function requestedAuthorities(body, version) {
	const reader = new ByteReader(body);
	let names;
	if (version === WIRE_VERSION["TLSv1.3"]) {
		reader.vector(1);
		const extensions = extensionsIn(reader.vector(2));
		if (extensions === void 0) return void 0;
		names = new ByteReader(extensions.get(EXTENSION.certificateAuthorities) ?? new Uint8Array([0, 0])).vector(2);
	} else {
		reader.vector(1);
		if (version === WIRE_VERSION["TLSv1.2"]) reader.vector(2);
		names = reader.vector(2);
	}
	if (names === void 0) return void 0;
	const list = new ByteReader(names);
	const found = [];
	while (list.left > 0) {
		const name = list.vector(2);
		if (name === void 0 || name.length === 0) return void 0;
		found.push(name);
	}
	return found;
}
// src/tls/flight.ts
const CONTENT = {
	changeCipherSpec: 20,
	alert: 21,
	handshake: 22,
	applicationData: 23,
	heartbeat: 24
};
const MAX_RECORD = 2 ** 14 + 2048;
const MAX_HANDSHAKE = 524288;
const MAX_RECORDS = 512;
const MAX_MESSAGES = 128;
var RecordReader = class {
	#held = new Uint8Array();
	#count = 0;
	#malformed;
	get malformed() {
		return this.#malformed;
	}
	push(bytes) {
		if (this.#malformed !== void 0) return [];
		this.#held = this.#held.length === 0 ? bytes : joined(this.#held, bytes);
		const records = [];
		let at = 0;
		while (this.#held.length - at >= 5) {
			const [type = 0, major = 0, minor = 0, high = 0, low = 0] = this.#held.subarray(at, at + 5);
			const length = high * 256 + low;
			if (type < 20 || type > 24 || !(major === 3 || major === 1 && minor === 1) || length > MAX_RECORD) return this.#break(records, this.#count === 0 ? "no TLS record" : "a broken record");
			this.#count += 1;
			if (this.#count > MAX_RECORDS) return this.#break(records, `more than ${MAX_RECORDS} records`);
			if (this.#held.length - at - 5 < length) {
				this.#count -= 1;
				break;
			}
			records.push({
				type,
				version: major * 256 + minor,
				body: this.#held.subarray(at + 5, at + 5 + length)
			});
			at += 5 + length;
		}
		this.#held = this.#held.slice(at);
		return records;
	}
	#break(before, why) {
		this.#malformed = why;
		this.#held = new Uint8Array();
		return before;
	}
};
var MessageReader = class {
	#parts = [];
	#size = 0;
	#total = 0;
	#count = 0;
	#malformed;
	get malformed() {
		return this.#malformed;
	}
	push(bytes) {
		if (this.#malformed !== void 0) return [];
		this.#total += bytes.length;
		if (this.#total > MAX_HANDSHAKE) {
			this.#malformed = `a handshake of more than ${MAX_HANDSHAKE} bytes`;
			return [];
		}
		this.#parts.push(bytes);
		this.#size += bytes.length;
		const messages = [];
		for (;;) {
			const length = this.#length();
			if (length === void 0 || this.#size < length) return messages;
			this.#count += 1;
			if (this.#count > MAX_MESSAGES) {
				this.#malformed = `more than ${MAX_MESSAGES} messages`;
				return messages;
			}
			const held = joined(...this.#parts);
			const whole = held.subarray(0, length);
			messages.push({
				type: whole[0] ?? 0,
				body: whole.subarray(4),
				whole
			});
			this.#parts = length === held.length ? [] : [held.subarray(length)];
			this.#size -= length;
		}
	}
	#length() {
		if (this.#size < 4) return void 0;
		if ((this.#parts[0]?.length ?? 0) < 4) this.#parts = [joined(...this.#parts)];
		const [, a = 0, b = 0, c = 0] = this.#parts[0] ?? [];
		return 4 + a * 65536 + b * 256 + c;
	}
};
var FlightReader = class {
	#records = new RecordReader();
	#messages = new MessageReader();
	#wanted;
	#flight = {
		done: false,
		warnings: []
	};
	constructor(wanted) {
		this.#wanted = wanted;
	}
	get flight() {
		return this.#flight;
	}
	push(bytes) {
		for (const { type, body } of this.#records.push(bytes)) {
			const end = this.#record(type, body);
			if (end !== void 0) return end;
		}
		const { malformed } = this.#records;
		return malformed === void 0 ? void 0 : {
			kind: "malformed",
			detail: malformed
		};
	}
	#record(type, body) {
		if (type === CONTENT.alert) {
			const [level = 0, code = 0] = body;
			if (body.length !== 2) return {
				kind: "malformed",
				detail: "a broken alert"
			};
			if (level !== 1 || code === 0) return {
				kind: "alert",
				level,
				code
			};
			if (this.#flight.warnings.length >= 16) return {
				kind: "malformed",
				detail: "alerts without end"
			};
			this.#flight = {
				...this.#flight,
				warnings: [...this.#flight.warnings, code]
			};
			return;
		}
		if (type !== CONTENT.handshake) return {
			kind: "malformed",
			detail: `a record of type ${type}`
		};
		for (const message of this.#messages.push(body)) {
			const end = this.#message(message);
			if (end !== void 0) return end;
		}
		const { malformed } = this.#messages;
		return malformed === void 0 ? void 0 : {
			kind: "malformed",
			detail: malformed
		};
	}
	#message({ type, body }) {
		const { hello } = this.#flight;
		const broken = (what) => ({
			kind: "malformed",
			detail: `a broken ${what}`
		});
		if (hello === void 0) {
			if (type === 0) return void 0;
			const read = type === 2 ? serverHello(body) : void 0;
			if (read === void 0) return broken("ServerHello");
			this.#flight = {
				...this.#flight,
				hello: read
			};
			return this.#wanted === "hello" || read.version === 772 ? { kind: "wanted" } : void 0;
		}
		switch (type) {
			case 11: {
				const list = certificateList(body, hello.version);
				if (list === void 0) return broken("Certificate");
				this.#flight = {
					...this.#flight,
					certificates: list.certificates
				};
				return;
			}
			case 12: {
				const read = keyExchange(body, hello.suite, hello.version);
				if (read === void 0) return broken("ServerKeyExchange");
				this.#flight = {
					...this.#flight,
					keyExchange: read
				};
				return;
			}
			case 13: {
				const authorities = requestedAuthorities(body, hello.version);
				if (authorities === void 0) return broken("CertificateRequest");
				this.#flight = {
					...this.#flight,
					authorities
				};
				return;
			}
			case 22: {
				const status = ocspResponse(body);
				if (status !== void 0) this.#flight = {
					...this.#flight,
					status
				};
				return;
			}
			case 14:
				this.#flight = {
					...this.#flight,
					done: true
				};
				return { kind: "wanted" };
			default: return;
		}
	}
};
// src/tls/exchange.ts
async function ask(wire, hello, wanted, patience) {
	const reader = new FlightReader(wanted);
	const until = performance.now() + patience.whole;
	wire.write(hello);
	let wait = patience.first;
	for (;;) {
		const received = await wire.read(Math.max(0, Math.min(wait, until - performance.now())));
		const { flight } = reader;
		if (received.kind !== "bytes") return ended(received.kind, flight);
		wait = patience.idle;
		const end = reader.push(received.bytes);
		if (end === void 0) continue;
		const { flight: now } = reader;
		if (end.kind === "alert") return now.hello === void 0 ? {
			kind: "alert",
			code: end.code,
			flight: now
		} : partial(now);
		if (end.kind === "malformed") return now.hello === void 0 ? {
			kind: "malformed",
			detail: end.detail
		} : partial(now);
		return now.hello === void 0 ? {
			kind: "malformed",
			detail: "no ServerHello"
		} : {
			kind: "hello",
			hello: now.hello,
			flight: now,
			whole: true
		};
	}
}
function ended(kind, flight) {
	if (flight.hello !== void 0) return partial(flight);
	return { kind: kind === "end" ? "closed" : kind };
}
function partial(flight) {
	const { hello } = flight;
	return hello === void 0 ? {
		kind: "malformed",
		detail: "no ServerHello"
	} : {
		kind: "hello",
		hello,
		flight,
		whole: false
	};
}
function answerText(answer) {
	switch (answer.kind) {
		case "hello": {
			const protocol = protocolOf(answer.hello.version);
			const version = protocol === void 0 ? `version 0x${answer.hello.version.toString(16)}` : protocolName(protocol);
			return answer.hello.retry ? `HelloRetryRequest ${version}` : `ServerHello ${version}`;
		}
		case "alert": return `alert ${alertText(answer.code)}`;
		case "closed": return "connection closed";
		case "reset": return "connection reset";
		case "timed-out": return "silence";
		case "malformed": return answer.detail;
		case "unreachable": return answer.why.detail;
	}
}
// src/collect/tls/starttls.ts
const MAX_GREETING = 65536;
const text$3 = new TextEncoder();
async function startTls(wire, dialect, name, patience) {
	const talk = new Talk(wire, patience);
	const failed = await DIALECTS[dialect](talk, name);
	return failed === void 0 ? void 0 : {
		...failed,
		detail: `STARTTLS ${dialect}: ${failed.detail}`
	};
}
function refusesInClear(dialect, bytes) {
	if (dialect === "ftp") return /^[45]\d\d[ -]/.test(new TextDecoder("latin1").decode(bytes.subarray(0, 4)));
	const [a = 0, b = 0, c = 0, d = 0, mark = 0] = bytes;
	if (dialect === "rdp") return a === 3 && b === 0 && c * 256 + d === bytes.length;
	return dialect === "mysql" && mark === 255 && a + b * 256 + c * 65536 === bytes.length - 4;
}
const smtp = async (talk) => {
	const greeting = await talk.reply(/^\d{3} .*\r?\n/m);
	if (typeof greeting !== "string") return greeting;
	if (!greeting.startsWith("220")) return no(greeting);
	talk.say("EHLO custos.invalid\r\n");
	const features = await talk.reply(/^\d{3} .*\r?\n/m);
	if (typeof features !== "string") return features;
	if (!/^250[ -]STARTTLS\b/im.test(features)) return no("not offered");
	return command(talk, "STARTTLS\r\n", /^\d{3} .*\r?\n/m, /^220/);
};
const imap = async (talk) => {
	const greeting = await talk.reply(/^\* .*\r?\n/m);
	if (typeof greeting !== "string") return greeting;
	return command(talk, "a1 STARTTLS\r\n", /^a1 .*\r?\n/m, /^a1 OK/im);
};
const pop3 = async (talk) => {
	const greeting = await talk.reply(/^[+-].*\r?\n/m);
	if (typeof greeting !== "string") return greeting;
	return command(talk, "STLS\r\n", /^[+-].*\r?\n/m, /^\+OK/);
};
const ftp = async (talk) => {
	const greeting = await talk.reply(/^\d{3} .*\r?\n/m);
	if (typeof greeting !== "string") return greeting;
	return command(talk, "AUTH TLS\r\n", /^\d{3} .*\r?\n/m, /^234/m);
};
const xmpp = async (talk, name) => {
	talk.say(`<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' to='${name}' version='1.0'>`);
	const features = await talk.reply(/<\/stream:features>|<stream:error/);
	if (typeof features !== "string") return features;
	if (features.includes("<stream:error")) return unknown("unresolved", "the stream ended with an error");
	if (!features.includes("urn:ietf:params:xml:ns:xmpp-tls")) return no("not offered");
	return command(talk, "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>", /<(?:proceed|failure)[^<>]*>/, /<proceed/);
};
const ldap = async (talk) => {
	const oid = text$3.encode("1.3.6.1.4.1.1466.20037");
	const request = joined([128, oid.length], oid);
	talk.send(joined([
		48,
		request.length + 5,
		2,
		1,
		1,
		119,
		request.length
	], request));
	const head = await talk.take(2);
	if ("state" in head) return head;
	const long = (head[1] ?? 0) & 128 ? (head[1] ?? 0) & 127 : 0;
	if (head[0] !== 48 || long > 2) return unknown("unparseable", "no LDAP message");
	const more = await talk.take(long);
	if ("state" in more) return more;
	const length = long === 0 ? head[1] ?? 0 : more.reduce((value, byte) => value * 256 + byte, 0);
	const body = await talk.take(length);
	if ("state" in body) return body;
	const at = body.findIndex((byte, index) => byte === 120 && index >= 3);
	const code = at === -1 ? -1 : body.subarray(at).findIndex((byte, index) => byte === 10 && index >= 2);
	if (at === -1 || code === -1) return unknown("unparseable", "no extended response");
	return body[at + code + 2] === 0 ? void 0 : no(`result ${body[at + code + 2] ?? ""}`);
};
const postgres = async (talk) => {
	talk.send(joined(uint(8, 4), uint(80877103, 4)));
	const answer = await talk.take(1);
	if ("state" in answer) return answer;
	if (answer[0] === 83) return void 0;
	return answer[0] === 78 ? no("N") : unknown("unparseable", "no answer to SSLRequest");
};
const mysql = async (talk) => {
	const head = await talk.take(4);
	if ("state" in head) return head;
	const body = await talk.take((head[0] ?? 0) | (head[1] ?? 0) << 8);
	if ("state" in body) return body;
	if (body[0] === 255) return no("error packet");
	const end = body.indexOf(0, 1);
	const capabilities = end === -1 ? 0 : (body[end + 14] ?? 0) | (body[end + 15] ?? 0) << 8;
	if (body[0] !== 10 || end === -1) return unknown("unparseable", "no MySQL greeting");
	if ((capabilities & 2048) === 0) return no("the server does not offer TLS");
	talk.send(joined([
		32,
		0,
		0,
		1
	], [
		0,
		138,
		0,
		0
	], [
		0,
		0,
		0,
		1
	], [45], new Uint8Array(23)));
};
const rdp = async (talk) => {
	talk.send(Uint8Array.of(3, 0, 0, 19, 14, 224, 0, 0, 0, 0, 0, 1, 0, 8, 0, 3, 0, 0, 0));
	const head = await talk.take(4);
	if ("state" in head) return head;
	const body = await talk.take(Math.max(0, (head[2] ?? 0) * 256 + (head[3] ?? 0) - 4));
	if ("state" in body) return body;
	if (head[0] !== 3 || body[1] !== 208) return unknown("unparseable", "no X.224 confirm");
	return body[7] === 2 && ((body[11] ?? 0) & 3) !== 0 ? void 0 : no("RDP security only");
};
const DIALECTS = {
	smtp,
	submission: smtp,
	imap,
	pop3,
	ldap,
	postgres,
	mysql,
	xmpp,
	ftp,
	rdp
};
async function command(talk, line, end, yes) {
	talk.say(line);
	const answer = await talk.reply(end);
	if (typeof answer !== "string") return answer;
	return yes.test(answer) ? void 0 : no(answer);
}
function no(answer) {
	return unknown("refused", answer.trim().slice(0, 100));
}
var Talk = class {
	#wire;
	#until;
	#patience;
	#held = Buffer.alloc(0);
	constructor(wire, patience) {
		this.#wire = wire;
		this.#patience = patience;
		this.#until = performance.now() + 2 * patience.whole;
	}
	say(line) {
		this.#wire.write(text$3.encode(line));
	}
	send(bytes) {
		this.#wire.write(bytes);
	}
	async reply(end) {
		for (;;) {
			const so = this.#held.toString("latin1");
			if (end.test(so)) {
				this.#held = Buffer.alloc(0);
				return so;
			}
			const why = await this.#more();
			if (why !== void 0) return why;
		}
	}
	async take(count) {
		while (this.#held.length < count) {
			const why = await this.#more();
			if (why !== void 0) return why;
		}
		const taken = this.#held.subarray(0, count);
		this.#held = this.#held.subarray(count);
		return taken;
	}
	async #more() {
		if (this.#held.length > MAX_GREETING) return unknown("unparseable", `more than ${MAX_GREETING} bytes before TLS`);
		const received = await this.#wire.read(Math.max(0, Math.min(this.#patience.first, this.#until - performance.now())));
		if (received.kind === "bytes") {
			this.#held = Buffer.concat([this.#held, received.bytes]);
			return;
		}
		return received.kind === "timed-out" ? unknown("timed-out", "no answer") : unknown("unreachable", "the connection ended");
	}
};
// src/collect/tls/host-line.ts
const SILENCES = 4;
const MAX_PAGE = 16384;
var HostLine = class {
	#network;
	#destination;
	#limits;
	#gate;
	#signal;
	#pulse;
	#made = 0;
	#silences = 0;
	#gone;
	#confirming;
	#underWay = 0;
	#waiting = [];
	#clock = 0;
	#lastSign = -1;
	constructor(network, destination, limits, gate, signal) {
		this.#network = network;
		this.#destination = destination;
		this.#limits = limits;
		this.#gate = gate;
		this.#signal = signal;
	}
	get made() {
		return this.#made;
	}
	get clock() {
		return this.#clock;
	}
	get patience() {
		return {
			first: this.#limits.firstByte,
			idle: this.#limits.idle,
			whole: this.#limits.firstByte + 3 * this.#limits.idle
		};
	}
	async ask(question, wanted = "flight") {
		const first = await this.#once(question, wanted);
		return first.kind === "closed" || first.kind === "reset" || first.kind === "alert" && first.code === ALERT.internalError ? this.#once(question, wanted) : first;
	}
	async #once(question, wanted) {
		let began = 0;
		const answer = await this.use((wire) => {
			began = this.#clock;
			return ask(wire, clientHello(question), wanted, this.patience);
		});
		if ("state" in answer) return answer.cause === "timed-out" ? { kind: "timed-out" } : {
			kind: "unreachable",
			why: answer
		};
		if (answer.kind === "hello") this.answered(question);
		this.note(answer.kind);
		if (answer.kind === "hello" || answer.kind === "alert") this.#lastSign = Math.max(this.#lastSign, began);
		return answer;
	}
	answered(question) {
		this.#pulse ??= question;
	}
	async use(does) {
		return this.#admitted(async () => {
			const wire = await this.#open();
			if ("state" in wire) {
				this.note(wire.cause === "timed-out" ? "timed-out" : "reset");
				return wire;
			}
			try {
				return await does(wire);
			} finally {
				wire.close();
			}
		});
	}
	async get(path) {
		const { address, port, name, proxy } = this.#destination;
		return this.#admitted(() => this.#network.request({
			method: "GET",
			url: `https://${authorityOf({
				host: name,
				port
			})}${path}`,
			address,
			headers: { accept: "*/*" },
			timeout: this.#limits.connect + 2 * this.patience.whole,
			signal: this.#signal,
			maxBody: MAX_PAGE,
			...proxy === void 0 ? {} : { proxy }
		}));
	}
	async #admitted(does) {
		if (this.#silences >= SILENCES && this.#gone === void 0) await this.#confirm();
		if (this.#gone !== void 0) return this.#gone;
		const where = authorityOf({
			host: this.#destination.address,
			port: this.#destination.port
		});
		if (this.#signal.aborted) return this.#stopped(where);
		if (this.#made >= this.#limits.connections) return this.#spent();
		this.#made += 1;
		this.#underWay += 1;
		await this.#gate.enter();
		try {
			if (this.#signal.aborted) {
				this.#made -= 1;
				return this.#stopped(where);
			}
			return await does();
		} finally {
			this.#gate.leave();
			this.#underWay -= 1;
			for (const wake of this.#waiting.splice(0)) setImmediate(wake);
		}
	}
	#spent() {
		return unknown("not-collected", `more than ${this.#limits.connections} connections`);
	}
	#stopped(where) {
		return unknown(isDeadline(this.#signal.reason) ? "timed-out" : "interrupted", where);
	}
	async #open() {
		const { address, port, name, dialect, proxy } = this.#destination;
		const wire = await this.#network.connect({
			host: address,
			port,
			timeout: this.#limits.connect,
			signal: this.#signal,
			...proxy === void 0 ? {} : { proxy }
		});
		if ("state" in wire || dialect === void 0) return wire;
		const refused = await startTls(wire, dialect, name, this.patience);
		if (refused === void 0) return afterStartTls(wire, dialect);
		wire.close();
		return refused;
	}
	note(end) {
		this.#clock += 1;
		this.#silences = end === "timed-out" ? this.#silences + 1 : 0;
	}
	async #confirm() {
		this.#confirming ??= this.#pulsed().finally(() => {
			this.#confirming = void 0;
		});
		return this.#confirming;
	}
	async #pulsed() {
		this.#silences = 0;
		const answer = this.#pulse === void 0 ? void 0 : await this.ask(this.#pulse, "hello");
		if (answer?.kind === "hello" || answer?.kind === "alert") return true;
		if (answer?.kind !== "unreachable" || !["not-collected", "interrupted"].includes(answer.why.cause)) this.#gone = unknown("timed-out", "the host stopped answering");
		return false;
	}
	async alive(moment) {
		let asked = 0;
		for (let idle = false;;) {
			if (this.#lastSign >= moment) return true;
			if (this.#gone !== void 0) return false;
			if (this.#pulse !== void 0) {
				if (asked === 2 || !await this.#confirm()) return false;
				asked += 1;
			} else if (this.#underWay > 0) await new Promise((resolve) => this.#waiting.push(resolve));
			else if (idle) return false;
			else await new Promise((resolve) => setImmediate(resolve));
			idle = this.#underWay === 0;
		}
	}
	async refused(answer) {
		return answer.kind === "alert" || refuses(answer) && await this.alive(this.#clock);
	}
	unconfirmed(what) {
		const spent = this.#gone === void 0 && this.#made >= this.#limits.connections ? this.#spent() : void 0;
		return spent === void 0 ? unknown("timed-out", what) : unknown(spent.cause, `${what}: ${spent.detail}`);
	}
	async unlessRefused(answer, what) {
		if (await this.refused(answer)) return void 0;
		return refuses(answer) ? this.unconfirmed(what) : whyOpen(answer, what);
	}
};
function afterStartTls(wire, dialect) {
	return {
		write: (bytes) => wire.write(bytes),
		close: () => wire.close(),
		read: async (timeout) => {
			const received = await wire.read(timeout);
			return received.kind === "bytes" && refusesInClear(dialect, received.bytes) ? { kind: "end" } : received;
		}
	};
}
function isDeadline(reason) {
	return reason instanceof DOMException && reason.name === "TimeoutError";
}
function refuses(answer) {
	return answer.kind === "alert" || answer.kind === "closed" || answer.kind === "reset";
}
function refusesVersion(answer) {
	return answer.kind === "alert" && answer.code === ALERT.protocolVersion;
}
function whyOpen(answer, what) {
	switch (answer.kind) {
		case "timed-out": return unknown("timed-out", what);
		case "unreachable": return unknown(answer.why.cause, `${what}: ${answer.why.detail}`);
		case "malformed": return unknown("unparseable", `${what}: ${answer.detail}`);
		default: return unknown("unresolved", `${what}: ${answer.kind}`);
	}
}
// src/tls/dh-primes.ts
const MODP = [
	["modp1", "RFC 2409 group 1 (768 bit)"],
	["modp2", "RFC 2409 group 2 (1024 bit)"],
	["modp5", "RFC 3526 group 5 (1536 bit)"],
	["modp14", "RFC 3526 group 14"],
	["modp15", "RFC 3526 group 15"],
	["modp16", "RFC 3526 group 16"],
	["modp17", "RFC 3526 group 17"],
	["modp18", "RFC 3526 group 18"]
];
const FFDHE = [
	[2048, 560316n],
	[3072, 2625351n],
	[4096, 5736041n],
	[6144, 15705020n],
	[8192, 10965728n]
];
function ffdhePrime(bits, x) {
	const b = BigInt(bits);
	return 2n ** b - 2n ** (b - 64n) + (eulerTimesPowerOfTwo(bits - 130) + x) * 2n ** 64n - 1n;
}
function eulerTimesPowerOfTwo(n) {
	const spare = 64;
	let term = 1n << BigInt(n + spare);
	let sum = 0n;
	for (let k = 1n; term > 0n; k += 1n) {
		sum += term;
		term /= k;
	}
	return sum >> BigInt(spare);
}
let table;
function knownPrime(prime) {
	table ??= new Map([...MODP.map(([group, name]) => [trimmed(hex(createDiffieHellmanGroup(group).getPrime())), {
		name,
		weak: ["modp1", "modp2"].includes(group)
	}]), ...FFDHE.map(([bits, x]) => [ffdhePrime(bits, x).toString(16), {
		name: `RFC 7919 ffdhe${bits}`,
		weak: false
	}])]);
	return table.get(trimmed(hex(prime)));
}
function bitLength(number) {
	const first = number.findIndex((byte) => byte !== 0);
	return first === -1 ? 0 : (number.length - first) * 8 - Math.clz32(number[first] ?? 0) + 24;
}
function trimmed(digits) {
	return digits.replace(/^0+/, "");
}
// src/collect/tls/weaknesses.ts
const CVE = {
	BEAST: "CVE-2011-3389",
	CRIME: "CVE-2012-4929",
	DROWN: "CVE-2016-0800",
	FREAK: "CVE-2015-0204",
	LOGJAM: "CVE-2015-4000",
	LUCKY13: "CVE-2013-0169",
	POODLE: "CVE-2014-3566",
	RC4: "CVE-2013-2566",
	SWEET32: "CVE-2016-2183",
	RENEGOTIATION: "CVE-2009-3555"
};
function weaknessesOf(observation, wire) {
	const found = [];
	const open = [];
	for (const [name, judge] of Object.entries(JUDGES)) {
		const verdict = judge(observation);
		if (verdict === "not there") continue;
		if ("state" in verdict) {
			open.push(unknown(verdict.cause, `${name}: ${verdict.detail}`, verdict.origin));
			continue;
		}
		const origin = derived(`${name} follows from what is accepted`, wire(verdict.shown));
		const cve = isName(name) ? CVE[name] : void 0;
		if (isName(name)) found.push(known({
			name: known(name, origin),
			cve: cve === void 0 ? absent(origin) : known(cve, origin)
		}, origin));
	}
	const [answer] = [...observation.protocols.values()].filter(({ state }) => state === "accepted");
	if (answer?.state !== "accepted") return unknown("unresolved", "no version is accepted");
	return known(found, derived("what plain handshakes reveal", wire(answer.exchange)), open);
}
function isName(text) {
	return text in JUDGES;
}
const JUDGES = {
	BEAST: (o) => suiteIn(o, ["SSLv3", "TLSv1"], isCbc),
	CRIME: (o) => flag(o.compression, true),
	DROWN: (o) => version(o, "SSLv2"),
	FREAK: (o) => suiteIn(o, OLDER, ({ exportGrade, keyExchange }) => exportGrade && keyExchange === "RSA"),
	LOGJAM: (o) => logjam(o),
	LUCKY13: (o) => suiteIn(o, OLDER, isCbc),
	POODLE: (o) => suiteIn(o, ["SSLv3"], isCbc),
	RC4: (o) => {
		const ssl2 = o.ssl2.find(({ encryption }) => encryption === "RC4");
		return ssl2 === void 0 ? suiteIn(o, OLDER, ({ encryption }) => encryption === "RC4") : { shown: `SSL 2.0 ${ssl2.name}` };
	},
	SWEET32: (o) => suiteIn(o, OLDER, ({ encryption }) => [
		"3DES",
		"DES",
		"IDEA",
		"RC2"
	].includes(encryption)),
	DOWNGRADE: (o) => {
		if (![
			"SSLv3",
			"TLSv1",
			"TLSv1.1"
		].some((protocol) => o.protocols.get(protocol)?.state === "accepted")) return [
			"SSLv3",
			"TLSv1",
			"TLSv1.1"
		].map((protocol) => version(o, protocol)).find((verdict) => typeof verdict === "object" && "state" in verdict) ?? "not there";
		const { downgradeSentinel: sentinel } = o;
		if (sentinel.state === "seen" && sentinel.value) return "not there";
		const scsv = flag(o.fallbackScsv, false);
		return typeof scsv === "object" && "shown" in scsv && sentinel.state === "unknown" ? sentinel.why : scsv;
	},
	RENEGOTIATION: (o) => flag(o.secureRenegotiation, false),
	"KEY-REUSE": (o) => flag(o.reusesKeys, true)
};
function version(observation, protocol) {
	const answer = observation.protocols.get(protocol);
	if (answer?.state === "accepted") return { shown: answer.exchange };
	if (answer?.state === "refused") return "not there";
	return answer?.why ?? unknown("not-collected", protocolName(protocol));
}
function suiteIn(observation, protocols, wanted) {
	let gap;
	for (const protocol of protocols) {
		const hit = observation.suites.get(protocol)?.suites.find(({ code }) => {
			const suite = CIPHER_SUITES.get(code);
			return suite !== void 0 && wanted(suite);
		});
		if (hit !== void 0) return { shown: hit.exchange };
		gap ??= gapOf(observation, protocol);
	}
	return gap ?? "not there";
}
function flag(fact, bad) {
	if (fact.state === "none") return "not there";
	if (fact.state === "unknown") return fact.why;
	return fact.value === bad ? { shown: fact.exchange } : "not there";
}
function logjam(observation) {
	const exported = suiteIn(observation, OLDER, ({ exportGrade, keyExchange }) => exportGrade && keyExchange === "DHE");
	if (typeof exported === "object" && "shown" in exported) return exported;
	for (const { suite, prime } of dhSuites(observation)) if (bitLength(prime) <= 1024 || knownPrime(prime)?.weak === true) return { shown: `${suite.exchange}, ${bitLength(prime)} bit prime` };
	const some = suiteIn(observation, OLDER, ({ keyExchange }) => keyExchange === "DHE");
	if (some === "not there" || "state" in some) return some;
	return dhGap(observation) ?? dhUnread(observation);
}
function dhUnread(observation) {
	const unread = all(observation).find(({ code, keyExchange }) => CIPHER_SUITES.get(code)?.keyExchange === "DHE" && keyExchange?.kind !== "dhe");
	return unread === void 0 ? "not there" : unknown("unresolved", `${unread.exchange}: no parameters came`);
}
function all({ suites }) {
	return [...suites.values()].flatMap((result) => result.suites);
}
function dhSuites(observation) {
	return all(observation).flatMap((suite) => suite.keyExchange?.kind === "dhe" ? [{
		suite,
		prime: suite.keyExchange.prime
	}] : []);
}
const DECENT = 2048;
function dhGap(observation) {
	return OLDER.map((protocol) => gapOf(observation, protocol)).find((gap) => gap !== void 0);
}
function dhFacts(observation, wire) {
	const [least] = dhSuites(observation).toSorted((a, b) => bitLength(a.prime) - bitLength(b.prime));
	if (least !== void 0) {
		const origin = wire(least.suite.exchange);
		const unread = dhUnread(observation);
		const gap = dhGap(observation) ?? (typeof unread === "object" && "state" in unread ? unread : void 0);
		if (gap !== void 0 && bitLength(least.prime) >= DECENT) return {
			bits: gap,
			prime: gap
		};
		const name = knownPrime(least.prime)?.name;
		return {
			bits: known(bitLength(least.prime), origin),
			prime: name === void 0 ? absent(origin) : known(name, origin)
		};
	}
	const verdict = suiteIn(observation, OLDER, ({ keyExchange }) => keyExchange === "DHE");
	if (verdict === "not there") {
		const [first = wire("no version is accepted"), ...rest] = answersOf(observation, wire);
		const origin = derived("no DHE suite is accepted", first, ...rest);
		return {
			bits: absent(origin),
			prime: absent(origin)
		};
	}
	const why = "state" in verdict ? verdict : unknown("unresolved", `${verdict.shown}: no parameters came`);
	return {
		bits: why,
		prime: why
	};
}
// src/collect/tls/listener-facts.ts
function listenerFacts(observation, place, serverName, target, declared, tlcpCertificates, authorityText) {
	const wire = (exchange) => ({
		kind: "wire",
		target,
		exchange
	});
	const dh = dhFacts(observation, wire);
	const names = serverName ?? place.host;
	return {
		role: known("server", declared),
		observed: known(true, listOrigin(observation, wire)),
		service: known(place.service, declared),
		names: known([known(names, declared)], declared),
		port: known(place.port, declared),
		address: known(observation.address, declared),
		protocols: protocolsFact(observation, wire),
		suites: suitesFact(observation, wire),
		server_preference: factOf(observation.serverPreference, wire),
		groups: codesFact(observation.groups, groupName, wire, observation),
		signature_algorithms: codesFact(observation.schemes, schemeName, wire, observation),
		dh_bits: dh.bits,
		dh_prime: dh.prime,
		reuses_keys: factOf(observation.reusesKeys, wire),
		chacha_priority: factOf(observation.chachaPriority, wire),
		compression: factOf(observation.compression, wire),
		secure_renegotiation: factOf(observation.secureRenegotiation, wire),
		fallback_scsv: factOf(observation.fallbackScsv, wire),
		downgrade_sentinel: factOf(observation.downgradeSentinel, wire),
		extended_master_secret: factOf(observation.extendedMasterSecret, wire),
		encrypt_then_mac: factOf(observation.encryptThenMac, wire),
		weaknesses: weaknessesOf(observation, wire),
		session_tickets: factOf(observation.tickets, wire),
		session_ids: factOf(observation.sessionIds, wire),
		session_lifetime: factOf(observation.ticketLifetime, wire),
		early_data: factOf(observation.earlyData, wire),
		client_certificate: factOf(observation.clientCertificate, wire),
		client_authorities: authoritiesFact(observation.clientAuthorities, authorityText, wire),
		verifies_peer: absent(declared),
		verifies_name: absent(declared),
		stapling: factOf(observation.stapling, wire),
		alpn: alpnFact(observation, wire),
		tolerant: factOf(observation.tolerant, wire),
		tlcp_certificates: tlcpCertificates,
		connections: known(observation.connections, declared)
	};
}
function factOf(value, wire) {
	if (value.state === "seen") return known(value.value, wire(value.exchange));
	return value.state === "none" ? absent(wire(value.exchange)) : value.why;
}
function listOrigin(observation, wire) {
	const [first, ...rest] = answersOf(observation, wire);
	return first === void 0 ? wire("no version was answered") : derived("one hello for each version", first, ...rest);
}
function protocolsFact(observation, wire) {
	const accepted = [];
	const open = [];
	for (const protocol of PROTOCOLS) {
		const answer = observation.protocols.get(protocol) ?? {
			state: "unknown",
			why: unknown("not-collected", protocol)
		};
		if (answer.state === "accepted") accepted.push(known(protocol, wire(answer.exchange)));
		if (answer.state === "unknown") open.push(answer.why);
	}
	return known(accepted, listOrigin(observation, wire), open);
}
function suitesFact(observation, wire) {
	const open = [];
	const found = new Map();
	const gapsOf = new Map();
	for (const protocol of PROTOCOLS.toReversed()) {
		const answer = observation.protocols.get(protocol);
		const result = observation.suites.get(protocol);
		const gaps = [...result?.open ?? [], ...answer?.state === "unknown" ? [answer.why] : []];
		gapsOf.set(protocol, gaps);
		open.push(...gaps.filter((gap) => !open.includes(gap)));
		for (const { code, exchange } of result?.suites ?? []) {
			const suite = CIPHER_SUITES.get(code);
			if (suite === void 0) continue;
			const list = found.get(suite) ?? [];
			list.push({
				protocol,
				origin: wire(exchange)
			});
			found.set(suite, list);
		}
	}
	const records = [];
	for (const [suite, [first, ...more]] of found) {
		if (first === void 0) continue;
		const gaps = PROTOCOLS.filter((protocol) => knows(suite, protocol)).flatMap((protocol) => gapsOf.get(protocol) ?? []);
		const versions = known([first, ...more].map(({ protocol, origin }) => known(protocol, origin)), first.origin, gaps);
		records.push(known(suiteRecord(suite, versions, first.origin), first.origin));
	}
	const ssl2 = observation.protocols.get("SSLv2");
	if (ssl2?.state === "accepted") records.push(...observation.ssl2.map((cipher) => ssl2Record(cipher, wire(ssl2.exchange))));
	return known(records, listOrigin(observation, wire), open);
}
function knows({ since }, protocol) {
	if (since === "TLSv1.3" || since === "TLCP") return protocol === since;
	if (protocol === "TLSv1.3" || protocol === "TLCP" || protocol === "SSLv2") return false;
	return since !== "TLSv1.2" || protocol === "TLSv1.2";
}
function ssl2Record({ name, encryption, bits, exportGrade }, origin) {
	return known({
		name: known(name, origin),
		iana: known(`SSL_CK_${cipherSuite(name)?.iana.replace(/^TLS_RSA_(?:EXPORT_)?WITH_/, "") ?? name.replaceAll("-", "_")}`, origin),
		protocol: known("SSLv2", origin),
		versions: known([known("SSLv2", origin)], origin),
		key_exchange: known("RSA", origin),
		authentication: known("RSA", origin),
		encryption: known(encryption, origin),
		bits: known(bits, origin),
		aead: known(false, origin),
		export_grade: known(exportGrade, origin)
	}, origin);
}
function codesFact({ codes, open }, name, wire, observation) {
	const gaps = [...open];
	for (const answer of observation.protocols.values()) if (answer.state === "unknown" && gaps.length === 0) gaps.push(answer.why);
	return known([...codes].map(([code, exchange]) => known(name(code), wire(exchange))), listOrigin(observation, wire), gaps);
}
function alpnFact(observation, wire) {
	const { names, open } = observation.alpn;
	return known([...names].map(([name, exchange]) => known(name, wire(exchange))), listOrigin(observation, wire), open);
}
function authoritiesFact(value, text, wire) {
	if (value.state === "none") return absent(wire(value.exchange));
	if (value.state === "unknown") return value.why;
	const origin = wire(value.exchange);
	return known(value.value.slice(0, 100).map((der) => known(text(der), origin)), origin, value.value.length > 100 ? [unknown("unsupported", `${value.value.length} authorities`)] : []);
}
// src/x509/crl.ts
function readCrl(crl, leaf, issuer, at) {
	const failed = (status, problem) => ({
		status,
		problem
	});
	const outer = readWholeDer(crl);
	const tbs = outer?.tag === TAG.sequence ? readDer(outer.contents) : void 0;
	const algorithmField = tbs === void 0 || outer === void 0 ? void 0 : readDer(outer.contents, tbs.raw.length);
	if (outer === void 0 || tbs === void 0 || algorithmField === void 0) return failed("invalid", "not a CRL");
	const signature = bitStringOctets(readDer(outer.contents, tbs.raw.length + algorithmField.raw.length));
	const algorithm = signatureAlgorithm(algorithmField);
	if (signature === void 0 || algorithm === void 0) return failed("invalid", "malformed");
	const verdict = verifySignature(tbs.raw, signature, algorithm, issuer.key);
	if (verdict !== "yes") return failed(verdict === "no" ? "invalid" : "unsupported", "signature does not verify");
	if (issuer.malformed.has("keyUsage") || issuer.keyUsage !== void 0 && !issuer.keyUsage.includes("cRLSign")) return failed("invalid", "its signer may not sign CRLs");
	let offset = 0;
	const next = () => {
		const value = readDer(tbs.contents, offset);
		if (value !== void 0) offset += value.raw.length;
		return value;
	};
	let field = next();
	if (field?.tag === TAG.integer) field = next();
	const name = next();
	const thisUpdate = timeOf$1(next());
	if (nameKey(name) !== issuer.subjectKey || thisUpdate === void 0) return failed("invalid", "not of this authority");
	field = next();
	const nextUpdate = timeOf$1(field);
	if (nextUpdate !== void 0) field = next();
	if (field?.tag === TAG.sequence) {
		for (let position = 0; position < field.contents.length;) {
			const entry = readDer(field.contents, position);
			const serial = entry?.tag === TAG.sequence ? integerHex(readDer(entry.contents)) : void 0;
			if (entry === void 0 || serial === void 0) return failed("invalid", "malformed");
			position += entry.raw.length;
			if (serial === leaf.serial) return {
				status: "revoked",
				problem: void 0
			};
		}
		field = next();
	}
	const extensions = field === void 0 ? [] : field.tag === 160 ? sequenceOf(childrenOf(field)?.[0]) : void 0;
	if (extensions === void 0 || offset !== tbs.contents.length) return failed("invalid", "malformed");
	if (Date.parse(thisUpdate) > Date.parse(at) + 3e5) return failed("invalid", "thisUpdate lies in the future");
	if (nextUpdate === void 0) return failed("invalid", "no nextUpdate");
	if (Date.parse(nextUpdate) < Date.parse(at)) return {
		status: "expired",
		problem: nextUpdate
	};
	return extensions.some((extension) => {
		const [oid, critical] = sequenceOf(extension) ?? [];
		return oid === void 0 || oidOf(oid) === "2.5.29.28" || critical?.tag === TAG.boolean && booleanOf(critical) !== false;
	}) ? failed("unsupported", "a list of some certificates only") : {
		status: "good",
		problem: void 0
	};
}
// src/x509/ocsp-request.ts
const SHA1 = Buffer.from("300906052b0e03021a0500", "hex");
function ocspRequest(leaf, issuer) {
	const serial = Buffer.from(leaf.serial.length % 2 === 0 ? leaf.serial : `0${leaf.serial}`, "hex");
	if (serial.length === 0) return void 0;
	const sha1 = (bytes) => createHash("sha1").update(bytes).digest();
	const positive = (serial[0] ?? 0) & 128 ? Buffer.concat([Buffer.of(0), serial]) : serial;
	return der(48, der(48, der(48, der(48, der(48, SHA1, der(4, sha1(leaf.rawIssuer)), der(4, sha1(issuer.key.octets)), der(2, positive))))));
}
function der(tag, ...parts) {
	const body = Buffer.concat(parts);
	const length = body.length < 128 ? [body.length] : body.length < 256 ? [129, body.length] : [
		130,
		body.length >> 8,
		body.length & 255
	];
	return Buffer.concat([Buffer.of(tag, ...length), body]);
}
// src/collect/tls/online-probe.ts
const MAX_CRL = 20971520;
const MAX_OCSP = 131072;
const TIMEOUT$2 = 1e4;
const SHORT_LIVED_DAYS = 7;
async function onlineFacts(certificates, host, context) {
	const [leaf, ...others] = certificates.map(parseCertificate);
	return {
		revocation: leaf === void 0 ? unknown("unparseable", "certificate") : await revocationOf(leaf, others.filter((one) => one !== void 0), context),
		caa_issuers: await caaOf(host, context)
	};
}
async function revocationOf(leaf, others, context) {
	const days = lifetimeDays(leaf);
	if (days > 0 && days <= SHORT_LIVED_DAYS) return known("not-needed", context.wire(`lifetime ${days.toFixed(1)} days`));
	const issuer = others.find((one) => one.subjectKey === leaf.issuerKey && signedBy(leaf, one) === "yes");
	if (issuer === void 0) return unknown("unresolved", "the issuer’s certificate did not come");
	const [ocsp] = leaf.ocspUrls;
	const [crl] = leaf.crlUrls;
	const byOcsp = ocsp === void 0 ? void 0 : await askOcsp(ocsp, leaf, issuer, context);
	if (byOcsp?.state === "known" || crl === void 0) return byOcsp ?? unknown("unsupported", "it names neither OCSP nor a CRL");
	return askCrl(crl, leaf, issuer, context);
}
async function askOcsp(url, leaf, issuer, context) {
	const body = ocspRequest(leaf, issuer);
	if (body === void 0) return unknown("unparseable", "its serial number");
	const answer = await fetchPublic(url, context, {
		method: "POST",
		body,
		type: "application/ocsp-request",
		most: MAX_OCSP
	});
	if ("state" in answer) return answer;
	const { status, problem } = readOcsp(answer, leaf, issuer, context.at);
	if (status === "good" || status === "revoked" || status === "unknown") return known(status, context.wire(`OCSP ${url} → ${status}`));
	return unknown(status === "unsupported" ? "unsupported" : "unparseable", `OCSP ${url}: ${problem ?? status}`);
}
async function askCrl(url, leaf, issuer, context) {
	const answer = await fetchPublic(url, context, {
		method: "GET",
		type: "",
		most: MAX_CRL
	});
	if ("state" in answer) return answer;
	const { status, problem } = readCrl(answer, leaf, issuer, context.at);
	if (status === "good" || status === "revoked") return known(status, context.wire(`CRL ${url} → ${status}`));
	return unknown(status === "unsupported" ? "unsupported" : "unparseable", `CRL ${url}: ${problem ?? status}`);
}
async function fetchPublic(url, { network, signal }, { method, body, type, most }) {
	const parsed = URL.parse(url);
	if (parsed === null || parsed.protocol !== "http:" || parsed.username !== "") return unknown("unsupported", url.slice(0, 200));
	const addresses = await network.lookup(parsed.hostname, signal);
	if ("state" in addresses) return addresses;
	const address = addresses.find(isPublic);
	if (address === void 0) return unknown("refused", `${parsed.hostname}: no public address`);
	const answer = await network.request({
		method,
		url: parsed.href,
		address,
		headers: {
			accept: "*/*",
			...type === "" ? {} : { "content-type": type }
		},
		timeout: TIMEOUT$2,
		signal,
		maxBody: most,
		...body === void 0 ? {} : { body }
	});
	if ("state" in answer) return answer;
	if (answer.status !== 200 || answer.cut) return unknown("unparseable", `${url.slice(0, 200)}: ${answer.cut ? "cut short" : answer.status}`);
	return answer.body;
}
const NOT_PUBLIC = [
	...[
		[0],
		[10],
		[127]
	].map((prefix) => ({
		prefix,
		bits: 8
	})),
	{
		prefix: [100, 64],
		bits: 10
	},
	{
		prefix: [169, 254],
		bits: 16
	},
	{
		prefix: [172, 16],
		bits: 12
	},
	{
		prefix: [
			192,
			0,
			0
		],
		bits: 24
	},
	{
		prefix: [
			192,
			0,
			2
		],
		bits: 24
	},
	{
		prefix: [192, 168],
		bits: 16
	},
	{
		prefix: [198, 18],
		bits: 15
	},
	{
		prefix: [
			198,
			51,
			100
		],
		bits: 24
	},
	{
		prefix: [
			203,
			0,
			113
		],
		bits: 24
	},
	{
		prefix: [224],
		bits: 3
	}
];
const NOT_PUBLIC_V6 = [
	{
		prefix: [
			32,
			1,
			13,
			184
		],
		bits: 32
	},
	{
		prefix: [32, 2],
		bits: 16
	},
	{
		prefix: [
			32,
			1,
			0,
			0
		],
		bits: 32
	}
];
function isPublic(address) {
	const bytes = ipBytes(address);
	if (bytes === void 0) return false;
	if (isGuarded(bytes)) return false;
	if (bytes.length === 4) return !NOT_PUBLIC.some(({ prefix, bits }) => within(bytes, prefix, bits));
	return within(bytes, [32], 3) && !NOT_PUBLIC_V6.some(({ prefix, bits }) => within(bytes, prefix, bits));
}
async function caaOf(host, { network, signal, wire }) {
	if (host === void 0 || ipBytes(host) !== void 0) return absent(wire("no host name"));
	const labels = host.split(".");
	for (let from = 0; from < labels.length - 1; from += 1) {
		const name = labels.slice(from).join(".");
		const records = await network.caa(name, signal);
		if ("state" in records) return records;
		if (records.length === 0) continue;
		const origin = wire(`CAA ${name} → ${records.length} records`);
		const tagged = records.map(({ tag, value }) => ({
			tag: tag.toLowerCase(),
			value
		}));
		if (!tagged.some(({ tag }) => tag === "issue")) return absent(origin);
		const issuers = tagged.filter(({ tag }) => tag === "issue" || tag === "issuewild").map(({ value }) => value.split(";")[0]?.trim() ?? "");
		return known([...new Set(issuers)].filter((issuer) => issuer !== "").map((issuer) => known(issuer, origin)), origin);
	}
	return absent(wire(`CAA ${host} → none, up to the top`));
}
// src/tls/record-stream.ts
var RecordStream = class {
	#wire;
	#until;
	#records = new RecordReader();
	#queue = [];
	constructor(wire, whole) {
		this.#wire = wire;
		this.#until = performance.now() + whole;
	}
	get waiting() {
		return this.#queue.length > 0;
	}
	async next(wait) {
		for (;;) {
			const record = this.#queue.shift();
			if (record !== void 0) return record;
			if (this.#records.malformed !== void 0) return {
				kind: "malformed",
				detail: this.#records.malformed
			};
			const received = await this.#wire.read(Math.max(0, Math.min(wait, this.#until - performance.now())));
			if (received.kind !== "bytes") return {
				kind: received.kind === "end" ? "closed" : received.kind,
				detail: ""
			};
			this.#queue.push(...this.#records.push(received.bytes));
		}
	}
};
// src/tls/tls13-keys.ts
const SUITES13 = {
	4865: {
		cipher: "aes-128-gcm",
		hash: "sha256",
		key: 16
	},
	4866: {
		cipher: "aes-256-gcm",
		hash: "sha384",
		key: 32
	},
	4867: {
		cipher: "chacha20-poly1305",
		hash: "sha256",
		key: 32
	}
};
const SPOKEN13 = {
	suites: [
		4865,
		4866,
		4867
	],
	groups: [
		29,
		23,
		24
	]
};
const CURVES = {
	23: "prime256v1",
	24: "secp384r1"
};
function ownShare(group) {
	const curve = CURVES[group];
	if (curve === void 0) {
		const { privateKey, publicKey } = generateKeyPairSync("x25519");
		const head = Buffer.from("302a300506032b656e032100", "hex");
		return {
			group,
			key: publicKey.export({
				type: "spki",
				format: "der"
			}).subarray(head.length),
			secret: (theirs) => theirs.length === 32 ? shared(privateKey, joined(head, theirs)) : void 0
		};
	}
	const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: curve });
	const spki = publicKey.export({
		type: "spki",
		format: "der"
	});
	const size = group === 23 ? 65 : 97;
	const head = spki.subarray(0, spki.length - size);
	return {
		group,
		key: spki.subarray(-size),
		secret: (theirs) => theirs.length === size ? shared(privateKey, joined(head, theirs)) : void 0
	};
}
function shared(privateKey, spki) {
	try {
		return diffieHellman({
			privateKey,
			publicKey: createPublicKey({
				key: Buffer.from(spki),
				format: "der",
				type: "spki"
			})
		});
	} catch {
		return;
	}
}
var Protection = class {
	#cipher;
	#key;
	#iv;
	finishedKey;
	#count = 0n;
	constructor(secret, suite) {
		this.#cipher = suite.cipher;
		this.#key = expandLabel(secret, "key", new Uint8Array(), suite.key, suite.hash);
		this.#iv = expandLabel(secret, "iv", new Uint8Array(), 12, suite.hash);
		this.finishedKey = expandLabel(secret, "finished", new Uint8Array(), suite.hash === "sha384" ? 48 : 32, suite.hash);
	}
	#nonce() {
		const nonce = Uint8Array.from(this.#iv);
		const count = Buffer.alloc(8);
		count.writeBigUInt64BE(this.#count);
		for (const [index, byte] of count.entries()) nonce[4 + index] = (nonce[4 + index] ?? 0) ^ byte;
		this.#count += 1n;
		return nonce;
	}
	open({ type, version, body }) {
		if (body.length < 17) return void 0;
		try {
			const nonce = this.#nonce();
			const decipher = this.#cipher === "chacha20-poly1305" ? createDecipheriv(this.#cipher, this.#key, nonce, { authTagLength: 16 }) : createDecipheriv(this.#cipher, this.#key, nonce, { authTagLength: 16 });
			decipher.setAAD(joined([type], uint(version, 2), uint(body.length, 2)), { plaintextLength: body.length - 16 });
			decipher.setAuthTag(body.subarray(-16));
			const plain = Buffer.concat([decipher.update(body.subarray(0, -16)), decipher.final()]);
			const end = plain.findLastIndex((byte) => byte !== 0);
			return end === -1 ? void 0 : {
				type: plain[end] ?? 0,
				body: plain.subarray(0, end)
			};
		} catch {
			return;
		}
	}
	seal(type, body) {
		const nonce = this.#nonce();
		const cipher = this.#cipher === "chacha20-poly1305" ? createCipheriv(this.#cipher, this.#key, nonce, { authTagLength: 16 }) : createCipheriv(this.#cipher, this.#key, nonce, { authTagLength: 16 });
		const inner = joined(body, [type]);
		const head = joined([CONTENT.applicationData], [3, 3], uint(inner.length + 16, 2));
		cipher.setAAD(head, { plaintextLength: inner.length });
		return joined(head, cipher.update(inner), cipher.final(), cipher.getAuthTag());
	}
};
function expandLabel(secret, label, context, length, hash) {
	const info = joined(uint(length, 2), vector(1, new TextEncoder().encode(`tls13 ${label}`)), vector(1, context));
	let block = new Uint8Array();
	let out = new Uint8Array();
	for (let counter = 1; out.length < length; counter += 1) {
		block = createHmac(hash, secret).update(joined(block, info, [counter])).digest();
		out = joined(out, block);
	}
	return out.subarray(0, length);
}
function extract(salt, input, hash) {
	return createHmac(hash, salt).update(input).digest();
}
// src/tls/tls12-key-exchange.ts
const MAX_PRIME = 1024;
const SPOKEN12_GROUPS = [
	29,
	23,
	24
];
function agree({ suite }, version, certificate, exchange) {
	if (CIPHER_SUITES.get(suite)?.keyExchange === "RSA") {
		const key = certificate === void 0 ? void 0 : rsaKeyOf(certificate);
		if (key === void 0) return void 0;
		const secret = joined(uint(WIRE_VERSION[version], 2), randomBytes(46));
		const encrypted = encryptedTo(key, constants$1.RSA_PKCS1_PADDING, secret);
		return encrypted === void 0 ? void 0 : {
			secret,
			message: vector(2, encrypted)
		};
	}
	if (exchange?.kind === "ecdhe") {
		if (!SPOKEN12_GROUPS.some((group) => group === exchange.group)) return void 0;
		const share = ownShare(exchange.group);
		const secret = share.secret(exchange.key);
		return secret === void 0 ? void 0 : {
			secret,
			message: vector(1, share.key)
		};
	}
	if (exchange?.kind === "dhe") {
		if (exchange.prime.length > MAX_PRIME) return void 0;
		try {
			const pair = createDiffieHellman(Buffer.from(exchange.prime), Buffer.from(exchange.generator));
			const key = pair.generateKeys();
			const secret = pair.computeSecret(exchange.key);
			return {
				secret: secret.subarray(Math.max(0, secret.findIndex((byte) => byte !== 0))),
				message: vector(2, key)
			};
		} catch {
			return;
		}
	}
}
function encryptedTo(key, padding, block) {
	try {
		return publicEncrypt({
			key,
			padding
		}, block);
	} catch {
		return;
	}
}
function rsaKeyOf(certificate) {
	try {
		const { publicKey } = new X509Certificate(Buffer.from(certificate));
		return publicKey.asymmetricKeyType === "rsa" ? publicKey : void 0;
	} catch {
		return;
	}
}
// src/tls/tls12-keys.ts
function protectionOf(code) {
	const suite = CIPHER_SUITES.get(code);
	if (suite === void 0 || ![
		"RSA",
		"ECDHE",
		"DHE"
	].includes(suite.keyExchange) || ![
		"RSA",
		"ECDSA",
		"DSS",
		"NULL"
	].includes(suite.authentication)) return void 0;
	if (suite.exportGrade) return void 0;
	const prf = suite.iana.endsWith("SHA384") ? "sha384" : "sha256";
	const mac = MACS[suite.mac];
	if (suite.encryption === "AES" && suite.aead && suite.iana.includes("GCM")) return {
		cipher: `aes-${suite.bits}-gcm`,
		keyLength: suite.bits / 8,
		mode: "gcm",
		block: 16,
		mac: prf,
		prf
	};
	if (mac === void 0 || suite.aead) return void 0;
	const cipher = cbcCipher(suite);
	return cipher === void 0 ? void 0 : {
		...cipher,
		mode: "cbc",
		mac,
		prf
	};
}
const MACS = {
	SHA: "sha1",
	SHA256: "sha256",
	SHA384: "sha384",
	MD5: "md5"
};
function cbcCipher({ encryption, bits }) {
	if (encryption === "AES") return {
		cipher: `aes-${bits}-cbc`,
		keyLength: bits / 8,
		block: 16
	};
	if (encryption === "CAMELLIA") return {
		cipher: `camellia-${bits}-cbc`,
		keyLength: bits / 8,
		block: 16
	};
	return encryption === "3DES" ? {
		cipher: "des-ede3-cbc",
		keyLength: 24,
		block: 8
	} : void 0;
}
function prf(version, hash, secret, label, seed, length) {
	const input = joined(new TextEncoder().encode(label), seed);
	if (version === "TLSv1.2") return expand(hash, secret, input, length);
	const half = Math.ceil(secret.length / 2);
	const [a, b] = [expand("md5", secret.subarray(0, half), input, length), expand("sha1", secret.subarray(-half), input, length)];
	return a.map((byte, index) => byte ^ (b[index] ?? 0));
}
function expand(hash, secret, seed, length) {
	let out = new Uint8Array();
	let a = seed;
	while (out.length < length) {
		a = createHmac(hash, secret).update(a).digest();
		out = joined(out, createHmac(hash, secret).update(joined(a, seed)).digest());
	}
	return out.subarray(0, length);
}
function transcriptHash(version, hash, transcript) {
	const digest = (name) => createHash(name).update(transcript).digest();
	return version === "TLSv1.2" ? digest(hash) : joined(digest("md5"), digest("sha1"));
}
var RecordKeys = class {
	#version;
	protection;
	#macKey;
	#key;
	#iv;
	#sequence = 0n;
	constructor(version, protection, macKey, key, iv) {
		this.#version = version;
		this.protection = protection;
		this.#macKey = macKey;
		this.#key = key;
		this.#iv = iv;
	}
	#head(type, length) {
		const count = Buffer.alloc(8);
		count.writeBigUInt64BE(this.#sequence);
		this.#sequence += 1n;
		return joined(count, [type], uint(WIRE_VERSION[this.#version], 2), uint(length, 2));
	}
	seal(type, body) {
		const { mode, block } = this.protection;
		if (mode === "gcm") return this.#frame(type, this.#sealGcm(type, body));
		const tagged = joined(body, this.mac(type, body));
		const pad = block - ((tagged.length + 1) % block || block);
		return this.sealRaw(type, joined(tagged, new Uint8Array(pad + 1).fill(pad)));
	}
	mac(type, body) {
		return createHmac(this.protection.mac, this.#macKey).update(joined(this.#head(type, body.length), body)).digest();
	}
	sealRaw(type, plain) {
		const { cipher, block } = this.protection;
		const explicit = this.#version !== "TLSv1";
		const iv = explicit ? randomBytes(block) : this.#iv;
		const encrypt = createCipheriv(cipher, this.#key, iv).setAutoPadding(false);
		const sealed = joined(encrypt.update(plain), encrypt.final());
		if (!explicit) this.#iv = sealed.subarray(-block);
		return this.#frame(type, explicit ? joined(iv, sealed) : sealed);
	}
	#sealGcm(type, body) {
		const nonce = Buffer.alloc(8);
		nonce.writeBigUInt64BE(this.#sequence);
		const encrypt = createCipheriv(gcm(this.protection.cipher), this.#key, joined(this.#iv.subarray(0, 4), nonce), { authTagLength: 16 });
		encrypt.setAAD(this.#head(type, body.length), { plaintextLength: body.length });
		return joined(nonce, encrypt.update(body), encrypt.final(), encrypt.getAuthTag());
	}
	#frame(type, body) {
		return tlsRecord(type, WIRE_VERSION[this.#version], body);
	}
	open({ type, body }) {
		try {
			return this.protection.mode === "gcm" ? this.#openGcm(type, body) : this.#openCbc(type, body);
		} catch {
			return;
		}
	}
	#openGcm(type, body) {
		if (body.length < 24) return void 0;
		const decrypt = createDecipheriv(gcm(this.protection.cipher), this.#key, joined(this.#iv.subarray(0, 4), body.subarray(0, 8)), { authTagLength: 16 });
		decrypt.setAAD(this.#head(type, body.length - 24), { plaintextLength: body.length - 24 });
		decrypt.setAuthTag(body.subarray(-16));
		return joined(decrypt.update(body.subarray(8, -16)), decrypt.final());
	}
	#openCbc(type, body) {
		const { cipher, block, mac } = this.protection;
		const explicit = this.#version !== "TLSv1";
		const [iv, sealed] = explicit ? [body.subarray(0, block), body.subarray(block)] : [this.#iv, body];
		if (sealed.length === 0 || sealed.length % block !== 0 || iv.length !== block) return void 0;
		const decrypt = createDecipheriv(cipher, this.#key, iv).setAutoPadding(false);
		const plain = joined(decrypt.update(sealed), decrypt.final());
		if (!explicit) this.#iv = sealed.slice(-block);
		const pad = plain.at(-1) ?? 0;
		const size = createHash(mac).digest().length;
		const length = plain.length - 1 - pad - size;
		if (length < 0) return void 0;
		const content = plain.subarray(0, length);
		return timingSafeEqual(this.mac(type, content), plain.subarray(length, length + size)) ? content : void 0;
	}
};
function gcm(name) {
	return name === "aes-256-gcm" ? name : "aes-128-gcm";
}
function keysOf(version, protection, master, clientRandom, serverRandom) {
	const macLength = protection.mode === "gcm" ? 0 : createHash(protection.mac).digest().length;
	const ivLength = protection.mode === "gcm" ? 4 : protection.block;
	const material = prf(version, protection.prf, master, "key expansion", joined(serverRandom, clientRandom), 2 * (macLength + protection.keyLength + ivLength));
	let at = 0;
	const next = (length) => material.subarray(at, at += length);
	const macs = [next(macLength), next(macLength)];
	const keys = [next(protection.keyLength), next(protection.keyLength)];
	const ivs = [next(ivLength), next(ivLength)];
	return {
		client: new RecordKeys(version, protection, macs[0], keys[0], ivs[0]),
		server: new RecordKeys(version, protection, macs[1], keys[1], ivs[1])
	};
}
// src/tls/tls12-handshake.ts
function spoken12(suites) {
	return suites.filter((code) => protectionOf(code) !== void 0);
}
var Tls12Connection = class {
	made;
	#server;
	#wire;
	#stream;
	constructor(made, server, wire, stream) {
		this.made = made;
		this.#server = server;
		this.#wire = wire;
		this.#stream = stream;
	}
	send(type, body) {
		this.#wire.write(this.made.client.seal(type, body));
	}
	sendRaw(bytes) {
		this.#wire.write(bytes);
	}
	async sayGoodbye(wait) {
		const until = performance.now() + wait;
		this.send(CONTENT.alert, Uint8Array.of(1, ALERT.closeNotify));
		while (performance.now() < until && !("kind" in await this.#stream.next(until - performance.now())));
	}
	async next(wait) {
		const record = await this.#stream.next(wait);
		if ("kind" in record) return {
			...record,
			stage: "keys"
		};
		const body = this.#server.open(record);
		return body === void 0 ? {
			kind: "malformed",
			detail: "a record that cannot be opened",
			stage: "keys"
		} : {
			type: record.type,
			body
		};
	}
};
async function handshake12(wire, question, patience, resume) {
	const { protocol } = question;
	const random = randomBytes(32);
	const own = {
		...question,
		suites: spoken12(question.suites),
		groups: SPOKEN12_GROUPS,
		extendedMasterSecret: question.extendedMasterSecret === true,
		encryptThenMac: false,
		random,
		...resume === void 0 ? {} : {
			sessionId: resume.sessionId,
			...resume.ticket === void 0 ? {} : { ticket: resume.ticket }
		}
	};
	const stream = new RecordStream(wire, 2 * patience.whole);
	const first = clientHelloMessage(own);
	let transcript = first;
	wire.write(tlsRecord(CONTENT.handshake, WIRE_VERSION.TLSv1, first));
	const messages = new MessageReader();
	const pending = [];
	let stage = "hello";
	const broken = (detail) => ({
		kind: "malformed",
		detail,
		stage
	});
	const nextMessage = async (wait) => {
		for (let count = 0; count < 64; count += 1) {
			const message = pending.shift();
			if (message !== void 0) {
				if (message.type === 0) continue;
				transcript = joined(transcript, message.whole);
				return message;
			}
			const record = await stream.next(wait);
			if ("kind" in record) return {
				...record,
				stage
			};
			if (record.type === CONTENT.changeCipherSpec) return "changed";
			if (record.type === CONTENT.alert) {
				const [level = 0, code = 0] = record.body;
				if (level === 1 && code !== 0) continue;
				return {
					kind: "alert",
					detail: alertText(code),
					alert: code,
					stage
				};
			}
			if (record.type !== CONTENT.handshake) return broken(`a record of type ${record.type}`);
			pending.push(...messages.push(record.body));
			if (messages.malformed !== void 0) return broken(messages.malformed);
		}
		return broken("messages without end");
	};
	const opening = await nextMessage(patience.first);
	if (opening === "changed" || "kind" in opening) return opening === "changed" ? broken("an early ChangeCipherSpec") : opening;
	const hello = opening.type === 2 ? serverHello(opening.body) : void 0;
	const protection = hello === void 0 ? void 0 : protectionOf(hello.suite);
	if (hello === void 0 || hello.version !== WIRE_VERSION[protocol] || protection === void 0 || !own.suites.includes(hello.suite)) return broken("no ServerHello of this version");
	let certificate;
	let exchange;
	let asked = false;
	let ticket;
	let changed = false;
	for (let done = false; !done && !changed;) {
		const message = await nextMessage(patience.idle);
		if (message === "changed") changed = true;
		else if ("kind" in message) return message;
		else if (message.type === 11) certificate = certificateList(message.body, hello.version)?.certificates[0];
		else if (message.type === 12) exchange = keyExchange(message.body, hello.suite, hello.version);
		else if (message.type === 13) asked = true;
		else if (message.type === 4) ticket = readTicket(message.body);
		else if (message.type === 14) done = true;
	}
	stage = "keys";
	if (changed) {
		if (resume === void 0) return broken("an early ChangeCipherSpec");
		const keys = keysOf(protocol, protection, resume.master, random, hello.random);
		const verdict = await serverFinished(stream, keys.server, resume.master, protocol, protection, transcript, patience);
		if (typeof verdict === "object" && "kind" in verdict) return verdict;
		transcript = joined(transcript, verdict);
		const finished = sendFinished(wire, keys.client, resume.master, protocol, protection, transcript);
		const resumable = {
			...resume,
			...ticket === void 0 ? {} : { ticket: ticket.bytes }
		};
		const verifyData = finished.subarray(4);
		return new Tls12Connection({
			hello,
			resumed: true,
			resumable,
			ticketLifetime: ticket?.lifetime,
			clientCertificate: "none",
			client: keys.client,
			verifyData
		}, keys.server, wire, stream);
	}
	const agreed = agree(hello, protocol, certificate, exchange);
	if (agreed === void 0) return broken("a key exchange that is not spoken here");
	const messagesOut = [];
	if (asked) messagesOut.push(joined([11], vector(3, vector(3))));
	messagesOut.push(joined([16], vector(3, agreed.message)));
	for (const message of messagesOut) {
		transcript = joined(transcript, message);
		wire.write(tlsRecord(CONTENT.handshake, WIRE_VERSION[protocol], message));
	}
	const [label, seed] = own.extendedMasterSecret === true && hello.extensions.has(EXTENSION.extendedMasterSecret) ? ["extended master secret", transcriptHash(protocol, protection.prf, transcript)] : ["master secret", joined(random, hello.random)];
	const master = prf(protocol, protection.prf, agreed.secret, label, seed, 48);
	const keys = keysOf(protocol, protection, master, random, hello.random);
	const finished = sendFinished(wire, keys.client, master, protocol, protection, transcript);
	transcript = joined(transcript, finished);
	for (;;) {
		const message = await nextMessage(patience.idle);
		if (message === "changed") break;
		if ("kind" in message) return message;
		if (message.type === 4) ticket = readTicket(message.body);
	}
	const verdict = await serverFinished(stream, keys.server, master, protocol, protection, transcript, patience);
	if (typeof verdict === "object" && "kind" in verdict) return verdict;
	const resumable = {
		sessionId: hello.sessionId,
		master,
		suite: hello.suite,
		...ticket === void 0 ? {} : { ticket: ticket.bytes }
	};
	const verifyData = finished.subarray(4);
	const clientCertificate = asked ? "optional" : "none";
	return new Tls12Connection({
		hello,
		resumed: false,
		resumable,
		ticketLifetime: ticket?.lifetime,
		clientCertificate,
		client: keys.client,
		verifyData
	}, keys.server, wire, stream);
}
function readTicket(body) {
	const reader = new ByteReader(body);
	const lifetime = reader.uint(4);
	const bytes = reader.vector(2);
	return lifetime === void 0 || bytes === void 0 || bytes.length === 0 ? void 0 : {
		lifetime,
		bytes
	};
}
function sendFinished(wire, keys, master, version, { prf: hash }, transcript) {
	const message = joined([20], vector(3, prf(version, hash, master, "client finished", transcriptHash(version, hash, transcript), 12)));
	wire.write(tlsRecord(CONTENT.changeCipherSpec, WIRE_VERSION[version], [1]));
	wire.write(keys.seal(CONTENT.handshake, message));
	return message;
}
async function serverFinished(stream, keys, master, version, { prf: hash }, transcript, patience) {
	const record = await stream.next(patience.idle);
	if ("kind" in record) return {
		...record,
		stage: "keys"
	};
	const body = record.type === CONTENT.handshake ? keys.open(record) : void 0;
	const expected = joined([20], vector(3, prf(version, hash, master, "server finished", transcriptHash(version, hash, transcript), 12)));
	if (body === void 0 || body.length !== expected.length || !timingSafeEqual(body, expected)) return {
		kind: "malformed",
		detail: "a false Finished",
		stage: "keys"
	};
	return body;
}
function isSameSession({ made }, asked) {
	return made.resumed && sameBytes(made.hello.sessionId, asked.sessionId);
}
// src/collect/tls/notebook.ts
const MAX_CHAINS = 48;
function digest(bytes) {
	return createHash("sha256").update(bytes).digest("base64");
}
var Notebook = class {
	#chains = new Map();
	#keys = new Map();
	#serverName;
	groups = new Map();
	schemes = new Map();
	#keyExchanges = 0;
	#comparable = 0;
	#reused;
	#renegotiation;
	#ems;
	#etm;
	#tickets;
	#sentinel;
	#authorities;
	#overfull = false;
	#staple;
	constructor(serverName) {
		this.#serverName = serverName;
	}
	note(answer, exchange, serverName = this.#serverName) {
		const { hello, flight } = answer;
		const protocol = protocolOf(hello.version);
		if (flight.certificates !== void 0 && flight.certificates.length > 0) this.chain({
			certificates: flight.certificates,
			exchange,
			...serverName === void 0 ? {} : { serverName },
			...flight.status === void 0 ? {} : { status: flight.status },
			...hello.extensions.has(EXTENSION.sct) ? { scts: hello.extensions.get(EXTENSION.sct) ?? new Uint8Array() } : {},
			tlcp: protocol === "TLCP"
		});
		if (protocol === "TLCP" || protocol === "TLSv1.3" || protocol === void 0) return;
		this.#renegotiation ??= {
			value: hello.extensions.has(EXTENSION.renegotiationInfo),
			exchange
		};
		if (protocol !== "SSLv3") {
			this.#ems ??= {
				value: hello.extensions.has(EXTENSION.extendedMasterSecret),
				exchange
			};
			const suite = CIPHER_SUITES.get(hello.suite);
			if (suite?.aead === false && !["RC4", "NULL"].includes(suite.encryption)) this.#etm ??= {
				value: hello.extensions.has(EXTENSION.encryptThenMac),
				exchange
			};
		}
		this.#sentinel ??= {
			value: hex(hello.random.subarray(24)),
			exchange
		};
		if (answer.whole) this.#authorities ??= {
			value: flight.authorities,
			exchange
		};
		this.#key(answer, exchange);
	}
	#key({ flight }, exchange) {
		const { keyExchange } = flight;
		if (keyExchange?.kind !== "ecdhe" && keyExchange?.kind !== "dhe") return;
		this.#keyExchanges += 1;
		if (keyExchange.kind === "ecdhe" && !this.groups.has(keyExchange.group)) this.groups.set(keyExchange.group, `${exchange}, ${groupName(keyExchange.group)}`);
		if (keyExchange.scheme !== void 0 && !this.schemes.has(keyExchange.scheme)) this.schemes.set(keyExchange.scheme, `${exchange}, ${schemeName(keyExchange.scheme)}`);
		const group = keyExchange.kind === "ecdhe" ? String(keyExchange.group) : digest(keyExchange.prime);
		const key = digest(keyExchange.key);
		const before = this.#keys.get(group);
		if (before === void 0) this.#keys.set(group, new Set([key]));
		else {
			this.#comparable += 1;
			if (before.has(key)) this.#reused ??= exchange;
			before.add(key);
		}
	}
	chain(chain) {
		const leaf = chain.certificates[0];
		if (leaf === void 0) return;
		const key = `${digest(leaf)} ${chain.serverName ?? ""}`;
		const before = this.#chains.get(key);
		this.#overfull ||= before === void 0 && this.#chains.size >= MAX_CHAINS;
		if (this.#overfull && before === void 0) return;
		if (before === void 0 || before.status === void 0 && chain.status !== void 0) this.#chains.set(key, chain);
	}
	get chains() {
		return [...this.#chains.values()];
	}
	get chainGaps() {
		return this.#overfull ? [unknown("unsupported", `more than ${MAX_CHAINS} certificates`)] : [];
	}
	noteOffers(hello, staple, exchange) {
		if (protocolOf(hello.version) !== "TLSv1.3") this.#tickets ??= {
			value: hello.extensions.has(EXTENSION.sessionTicket),
			exchange
		};
		if (staple !== void 0) this.#staple ??= {
			value: staple,
			exchange
		};
	}
	#fact(noted, older, missing) {
		if (noted !== void 0) return seen(noted.value, noted.exchange);
		return older.state === "none" ? none(older.exchange) : unseen(older.state === "unknown" ? older.why : missing);
	}
	secureRenegotiation(older, missing) {
		return this.#fact(this.#renegotiation, older, missing);
	}
	extendedMasterSecret(older, missing) {
		return this.#fact(this.#ems, older, missing);
	}
	encryptThenMac(cbc, missing) {
		return this.#fact(this.#etm, cbc, missing);
	}
	tickets(older, missing) {
		return this.#fact(this.#tickets, older, missing);
	}
	stapling(missing) {
		return this.#staple === void 0 ? unseen(missing) : seen(this.#staple.value, this.#staple.exchange);
	}
	authorities(missing) {
		return this.#authorities === void 0 ? unseen(missing) : seen(this.#authorities.value, this.#authorities.exchange);
	}
	sentinel() {
		if (this.#sentinel === void 0) return void 0;
		return {
			set: /^444f574e4752440[01]$/.test(this.#sentinel.value),
			exchange: this.#sentinel.exchange
		};
	}
	reusesKeys(older, missing) {
		if (this.#reused !== void 0) return seen(true, this.#reused);
		if (this.#comparable > 0) return seen(false, `${this.#keyExchanges} handshakes, as many ephemeral keys`);
		return older.state === "none" ? none(older.exchange) : unseen(older.state === "unknown" ? older.why : missing);
	}
};
function rotated(all, known) {
	return [...all.filter((code) => !known.has(code)), ...all.filter((code) => known.has(code))];
}
function exchangeText(protocol, what, answer) {
	return `ClientHello ${protocolName(protocol)}${what === "" ? "" : `, ${what}`} → ${answer}`;
}
// src/collect/tls/suite-order.ts
const MAX_SUITES = 120;
const MAX_SUITES_BARE = 104;
const EXCHANGES = [
	"ECDHE",
	"DHE",
	"RSA",
	"ECDH",
	"DH",
	"PSK",
	"SRP",
	"KRB5",
	"GOST",
	"ECCPWD",
	"SM2",
	"SM9",
	"ANY"
];
const CIPHERS$1 = [
	"AES",
	"CHACHA20",
	"ARIA",
	"CAMELLIA",
	"SM4",
	"SEED",
	"IDEA",
	"3DES",
	"RC4",
	"DES",
	"RC2",
	"GOST",
	"NULL"
];
function candidateGroups(protocol) {
	const fitting = [...CIPHER_SUITES.values()].filter(({ since }) => since !== "TLSv1.3" && since !== "TLCP").filter(({ since }) => protocol === "TLSv1.2" || since !== "TLSv1.2").toSorted(byPreference);
	const usual = (suite) => isUsual$1(suite);
	if (protocol !== "TLSv1.2") {
		const others = fitting.filter((suite) => !usual(suite));
		const spilt = Math.max(0, others.length - (protocol === "SSLv3" ? MAX_SUITES_BARE : MAX_SUITES));
		return cut([[...fitting.filter(usual), ...others.slice(0, spilt)], others.slice(spilt)]);
	}
	const secret = ({ keyExchange }) => keyExchange === "ECDHE" || keyExchange === "DHE";
	const first = fitting.filter((suite) => usual(suite) && secret(suite) && suite.aead);
	const second = fitting.filter((suite) => usual(suite) && !first.includes(suite));
	const rest = fitting.filter((suite) => !usual(suite)).toSorted((a, b) => Number(isLegacy(b)) - Number(isLegacy(a)));
	const room = MAX_SUITES - second.length;
	return cut([
		first,
		[...second, ...rest.slice(0, room)],
		rest.slice(room)
	]);
}
function isUsual$1({ keyExchange, authentication, encryption, exportGrade }) {
	return [
		"ECDHE",
		"DHE",
		"RSA"
	].includes(keyExchange) && ["RSA", "ECDSA"].includes(authentication) && ![
		"NULL",
		"DES",
		"RC2",
		"SEED",
		"IDEA"
	].includes(encryption) && !exportGrade;
}
function isLegacy({ keyExchange, authentication, encryption }) {
	return [
		"ECDHE",
		"DHE",
		"RSA"
	].includes(keyExchange) && [
		"RSA",
		"ECDSA",
		"DSS",
		"NULL"
	].includes(authentication) && !["ARIA", "CAMELLIA"].includes(encryption);
}
function byPreference(a, b) {
	return Number(b.aead) - Number(a.aead) || EXCHANGES.indexOf(a.keyExchange) - EXCHANGES.indexOf(b.keyExchange) || CIPHERS$1.indexOf(a.encryption) - CIPHERS$1.indexOf(b.encryption) || b.bits - a.bits || a.code - b.code;
}
function cut(groups) {
	return groups.flatMap((group) => {
		const parts = Math.ceil(group.length / MAX_SUITES);
		const size = Math.ceil(group.length / Math.max(1, parts));
		return Array.from({ length: parts }, (_, index) => group.slice(index * size, (index + 1) * size).map(({ code }) => code));
	});
}
const TLS13_SUITES = [...CIPHER_SUITES.values()].filter(({ since }) => since === "TLSv1.3").map(({ code }) => code);
const TLCP_SUITES = [...CIPHER_SUITES.values()].filter(({ since }) => since === "TLCP").map(({ code }) => code).toSorted((a, b) => Number(b >= 57361) - Number(a >= 57361) || a - b);
// src/collect/tls/enumerate.ts
function olderQuestion(protocol, suites, serverName) {
	return {
		protocol,
		suites,
		...serverName === void 0 ? {} : { serverName },
		...suites.some((code) => ["ECDHE", "ECDH"].includes(CIPHER_SUITES.get(code)?.keyExchange ?? "")) ? { groups: TLS12_GROUPS } : {}
	};
}
async function enumerateOlder(line, protocol, serverName, notebook) {
	const [firstGroup = [], ...others] = protocol === "TLCP" ? [TLCP_SUITES] : candidateGroups(protocol);
	const name = protocol === "TLCP" ? void 0 : serverName;
	const spoken = Promise.withResolvers();
	let run = eliminate(line, protocol, firstGroup, name, notebook, () => spoken.resolve(void 0));
	const first = await Promise.race([spoken.promise, run]);
	const refused = first !== void 0 && first.found.length === 0 && first.end.kind === "refused" ? first.end : void 0;
	if (protocol === "TLCP" && serverName !== void 0 && refused?.broken === false) run = eliminate(line, protocol, firstGroup, serverName, notebook);
	const left = refused?.version === true ? [] : others;
	return settle(line, protocol, await Promise.all([run, ...left.map((group) => eliminate(line, protocol, group, name, notebook))]));
}
async function settle(line, protocol, runs) {
	const found = runs.flatMap((run) => run.found);
	const open = [];
	for (const { end } of runs) if (end.kind === "open") open.push(end.why);
	else if (end.broken && !await line.alive(end.moment)) open.push(line.unconfirmed(`${protocolName(protocol)}: ${end.text}`));
	const suites = {
		suites: found,
		ordered: false,
		open
	};
	const [one] = found;
	if (one !== void 0) return {
		answer: {
			state: "accepted",
			exchange: one.exchange
		},
		suites
	};
	const [why] = open;
	if (why !== void 0) return {
		answer: {
			state: "unknown",
			why
		},
		suites
	};
	const [{ end } = { end: void 0 }] = runs;
	return {
		answer: {
			state: "refused",
			exchange: end?.kind === "refused" ? end.text : "no suite"
		},
		suites
	};
}
async function eliminate(line, protocol, candidates, serverName, notebook, onFound) {
	const found = [];
	let left = candidates;
	const told = (answer) => exchangeText(protocol, `${left.length} suites`, answerText(answer));
	while (left.length > 0) {
		const question = olderQuestion(protocol, left, serverName);
		const answer = await line.ask({
			...question,
			...question.groups === void 0 ? {} : { groups: rotated(question.groups, notebook.groups) },
			...protocol === "TLSv1.2" ? { signatureSchemes: rotated(SIGNATURE_SCHEMES, notebook.schemes) } : {}
		});
		if (answer.kind !== "hello") {
			if (!refuses(answer)) return {
				found,
				end: {
					kind: "open",
					why: whyOpen(answer, told(answer))
				}
			};
			return {
				found,
				end: {
					kind: "refused",
					text: told(answer),
					moment: line.clock,
					version: refusesVersion(answer),
					broken: answer.kind !== "alert"
				}
			};
		}
		const { hello, flight } = answer;
		const wanted = WIRE_VERSION[protocol];
		if (hello.version !== wanted) {
			if (hello.version < wanted && hello.version >= WIRE_VERSION.SSLv3) return {
				found,
				end: {
					kind: "refused",
					text: told(answer),
					moment: line.clock,
					version: true,
					broken: false
				}
			};
			return {
				found,
				end: {
					kind: "open",
					why: unknown("unparseable", told(answer))
				}
			};
		}
		if (!left.includes(hello.suite)) return {
			found,
			end: {
				kind: "open",
				why: unknown("unparseable", `${told(answer)}: suite ${hex(Uint8Array.of(hello.suite >> 8, hello.suite & 255))} was not offered`)
			}
		};
		const exchange = exchangeText(protocol, `${left.length} suites`, `${answerText(answer)}, ${CIPHER_SUITES.get(hello.suite)?.name ?? ""}`);
		notebook.note(answer, exchange, serverName);
		found.push({
			code: hello.suite,
			exchange,
			...flight.keyExchange === void 0 ? {} : { keyExchange: flight.keyExchange }
		});
		onFound?.();
		left = left.filter((code) => code !== hello.suite);
	}
	return {
		found,
		end: {
			kind: "refused",
			text: `${protocolName(protocol)}: every suite is accepted`,
			moment: line.clock,
			version: false,
			broken: false
		}
	};
}
// src/collect/tls/session-probes.ts
const GOODBYE = 250;
function completable(suites) {
	for (const protocol of [
		"TLSv1.2",
		"TLSv1.1",
		"TLSv1"
	]) {
		const codes = spoken12(suites.get(protocol)?.suites.map(({ code }) => code) ?? []);
		if (codes.length > 0) return {
			protocol,
			suites: codes
		};
	}
}
async function complete(line, protocol, suites, serverName, more = {}) {
	const question = {
		protocol,
		suites,
		extendedMasterSecret: true,
		...serverName === void 0 ? {} : { serverName },
		...more.ticket === void 0 ? {} : { ticket: more.ticket }
	};
	const result = await line.use(async (wire) => {
		const connection = await handshake12(wire, question, line.patience, more.resume);
		if (connection instanceof Tls12Connection && more.resume === void 0) await connection.sayGoodbye(GOODBYE);
		return connection;
	});
	if (result instanceof Tls12Connection) line.note("hello");
	else if ("kind" in result) line.note(result.stage === "keys" ? "hello" : result.kind);
	return result;
}
async function askSessions(line, older, serverName, withTickets) {
	const way = completable(new Map([...older].map(([protocol, { suites }]) => [protocol, suites])));
	if (way === void 0) {
		const why = unknown("unsupported", "no suite that a handshake can be completed with");
		return {
			sessionIds: unseen(why),
			ticketLifetime: unseen(why),
			withoutCertificate: unseen(why)
		};
	}
	const { protocol, suites } = way;
	const [plain, ticketed] = await Promise.all([complete(line, protocol, suites, serverName), withTickets ? complete(line, protocol, suites, serverName, { ticket: new Uint8Array() }) : void 0]);
	const told = exchangeText(protocol, "complete handshake", outcome(plain));
	const lifetime = ticketed instanceof Tls12Connection && ticketed.made.ticketLifetime !== void 0 ? seen(ticketed.made.ticketLifetime, exchangeText(protocol, "complete handshake", "NewSessionTicket")) : unseen(unknown("unresolved", "no ticket came"));
	const withoutCertificate = plain instanceof Tls12Connection ? seen("accepted", told) : "kind" in plain && plain.stage === "keys" && plain.alert !== void 0 && refusesCertificate(plain.alert) ? seen("refused", told) : unseen(unknown("unresolved", told));
	if (!(plain instanceof Tls12Connection)) return {
		sessionIds: unseen(unknown("unresolved", told)),
		ticketLifetime: lifetime,
		withoutCertificate
	};
	if (plain.made.resumable.sessionId.length === 0) return {
		sessionIds: seen(false, told),
		ticketLifetime: lifetime,
		withoutCertificate
	};
	const again = await complete(line, protocol, [plain.made.resumable.suite], serverName, { resume: plain.made.resumable });
	const retold = exchangeText(protocol, "session id", again instanceof Tls12Connection && again.made.resumed ? "resumed" : outcome(again));
	return {
		sessionIds: again instanceof Tls12Connection ? seen(isSameSession(again, plain.made.resumable), retold) : unseen(unknown("unresolved", retold)),
		ticketLifetime: lifetime,
		withoutCertificate
	};
}
function outcome(result) {
	if (result instanceof Tls12Connection) return "Finished";
	return "kind" in result ? `${result.kind} ${result.detail}`.trim() : result.detail;
}
function noSessions(below) {
	const why = below.state === "unknown" ? below.why : unknown("unresolved", "no handshake showed it");
	const fact = () => below.state === "none" ? none(below.exchange) : unseen(why);
	return {
		sessionIds: fact(),
		ticketLifetime: unseen(why),
		withoutCertificate: fact()
	};
}
// src/collect/tls/odd-probes.ts
async function oddProbes(line, observation, serverName, wire, opossum) {
	const best = bestOlder(observation);
	const suites = best === void 0 ? [] : observation.suites.get(best)?.suites.map(({ code }) => code) ?? [];
	const upgrade = await opossum();
	if (best === void 0 || suites.length === 0) {
		const open = firstOpen(OLDER.map((protocol) => observation.protocols.get(protocol)));
		const modern = observation.protocols.get("TLSv1.3");
		if (open !== void 0 || modern?.state !== "accepted") {
			const why = open ?? unknown("unresolved", "no version is accepted");
			return {
				heartbleed: why,
				early_ccs: why,
				client_renegotiation: why,
				opossum: upgrade
			};
		}
		const origin = wire(`${modern.exchange}; every version below TLS 1.3 is refused`);
		return {
			heartbleed: known("safe", origin),
			early_ccs: known("safe", origin),
			client_renegotiation: known("refused", origin),
			opossum: upgrade
		};
	}
	return {
		heartbleed: await heartbleed(line, best, suites, serverName, wire),
		early_ccs: await earlyCcs(line, best, suites, serverName, wire),
		client_renegotiation: await renegotiation(line, observation, serverName, wire),
		opossum: upgrade
	};
}
async function hear(wire, records, wait) {
	const until = performance.now() + wait;
	for (;;) {
		const received = await wire.read(Math.max(0, until - performance.now()));
		if (received.kind !== "bytes") return { kind: received.kind === "end" ? "closed" : received.kind };
		const [record] = records.push(received.bytes);
		if (record !== void 0) return {
			kind: "record",
			type: record.type,
			body: record.body
		};
		if (records.malformed !== void 0) return { kind: "malformed" };
	}
}
function heardText(heard) {
	if (heard.kind !== "record") return heard.kind === "timed-out" ? "silence" : `connection ${heard.kind}`;
	return heard.type === CONTENT.alert ? `alert ${alertText(heard.body[1] ?? 0)}` : `a record of type ${heard.type}`;
}
function whyNot(heard) {
	return heard.kind === "timed-out" ? "timed-out" : heard.kind === "malformed" || heard.kind === "record" ? "unparseable" : "unresolved";
}
function saidNo(heard) {
	return heard.kind === "record" ? heard.type === CONTENT.alert && heard.body.length === 2 : heard.kind === "closed" || heard.kind === "reset";
}
async function heartbleed(line, protocol, suites, serverName, origin) {
	const version = WIRE_VERSION[protocol];
	return settled$1(line, await line.use(async (wire) => {
		const answer = await ask(wire, clientHello(olderQuestion(protocol, suites, serverName)), "flight", line.patience);
		const told = (what) => exchangeText(protocol, "heartbeat", what);
		if (answer.kind !== "hello") return unknown("unresolved", told(answer.kind));
		if (!answer.hello.extensions.has(EXTENSION.heartbeat)) return known("safe", origin(told("heartbeat is not offered")));
		if (!answer.whole) return unknown("unresolved", told(answer.kind));
		const payload = joined([1], uint(16, 2), new Uint8Array(16).fill(99));
		wire.write(tlsRecord(CONTENT.heartbeat, version, payload));
		const records = new RecordReader();
		const isEcho = (heard) => heard.kind === "record" && heard.type === CONTENT.heartbeat && sameBytes(heard.body.subarray(3, 19), payload.subarray(3));
		const heard = await hear(wire, records, line.patience.idle);
		if (isEcho(heard)) return known("vulnerable", origin(told("the heartbeat came back")));
		if (heard.kind !== "timed-out") return saidNo(heard) ? known("safe", origin(told(heardText(heard)))) : unknown(whyNot(heard), told(heardText(heard)));
		const whole = joined([1], uint(16, 2), new Uint8Array(16).fill(100), new Uint8Array(16));
		wire.write(tlsRecord(CONTENT.heartbeat, version, whole));
		wire.write(tlsRecord(CONTENT.handshake, version, [
			20,
			0,
			0,
			0
		]));
		const then = await hear(wire, records, line.patience.idle);
		if (isEcho(then)) return known("vulnerable", origin(told("the heartbeat came back")));
		return saidNo(then) || then.kind === "record" && then.type === CONTENT.heartbeat ? known("safe", origin(told(`silence, then ${heardText(then)}`))) : unknown(whyNot(then), told(heardText(then)));
	}));
}
async function earlyCcs(line, protocol, suites, serverName, origin) {
	return settled$1(line, await line.use(async (wire) => {
		const answer = await ask(wire, clientHello(olderQuestion(protocol, suites, serverName)), "flight", line.patience);
		const told = (what) => exchangeText(protocol, "early ChangeCipherSpec", what);
		if (answer.kind !== "hello" || !answer.whole) return unknown("unresolved", told(answer.kind));
		const ccs = tlsRecord(CONTENT.changeCipherSpec, WIRE_VERSION[protocol], [1]);
		const records = new RecordReader();
		wire.write(ccs);
		const first = await hear(wire, records, Math.min(1e3, line.patience.idle));
		if (saidNo(first)) return known("safe", origin(told(heardText(first))));
		if (first.kind !== "timed-out") return unknown(whyNot(first), told(heardText(first)));
		wire.write(ccs);
		const heard = await hear(wire, records, line.patience.idle);
		const code = heard.kind === "record" && saidNo(heard) ? heard.body[1] : void 0;
		if (code === void 0) return unknown(whyNot(heard), told(heardText(heard)));
		const read = code === ALERT.badRecordMac || code === ALERT.decryptionFailed;
		return known(read ? "vulnerable" : "safe", origin(told(heardText(heard))));
	}));
}
async function renegotiation(line, observation, serverName, origin) {
	const way = completable(observation.suites);
	if (way === void 0) return unknown("unsupported", "no suite that a handshake can be completed with");
	const told = (what) => exchangeText(way.protocol, "renegotiation", what);
	return settled$1(line, await line.use(async (wire) => {
		const question = {
			protocol: way.protocol,
			suites: way.suites,
			...serverName === void 0 ? {} : { serverName }
		};
		const connection = await handshake12(wire, question, line.patience);
		if (!(connection instanceof Tls12Connection)) return unknown("unresolved", told(`${connection.kind} ${connection.detail}`));
		connection.send(CONTENT.handshake, clientHelloMessage({
			...question,
			extendedMasterSecret: false,
			encryptThenMac: false,
			renegotiation: connection.made.verifyData
		}));
		for (let count = 0; count < 8; count += 1) {
			const next = await connection.next(line.patience.idle);
			if ("kind" in next) {
				if (next.kind === "closed" || next.kind === "reset") return known("refused", origin(told(`connection ${next.kind}`)));
				return unknown(next.kind === "timed-out" ? "timed-out" : "unparseable", told(next.kind === "timed-out" ? "silence" : next.detail));
			}
			if (next.type === CONTENT.alert) return known("refused", origin(told(`alert ${alertText(next.body[1] ?? 0)}`)));
			if (next.type === CONTENT.handshake && next.body[0] === 2) return known("accepted", origin(told("ServerHello")));
		}
		return unknown("unresolved", told("no answer to it"));
	}));
}
function settled$1(line, result) {
	line.note(result.state === "known" ? "hello" : "timed-out");
	return result;
}
async function headOf(connection, timeout) {
	const until = performance.now() + timeout;
	let head = "";
	for (;;) {
		const received = await connection.read(Math.max(0, until - performance.now()));
		if (received.kind !== "bytes") return head === "" ? received : head;
		head += Buffer.from(received.bytes).toString("latin1");
		if (head.includes("\r\n\r\n") || head.length > 8192) return head;
	}
}
async function askOpossum(network, to, timeout, signal, origin) {
	const where = `port ${to.port}`;
	const connection = await network.connect({
		host: to.address,
		port: to.port,
		timeout,
		signal,
		...to.proxy === void 0 ? {} : { proxy: to.proxy }
	});
	if ("state" in connection) return connection.cause === "refused" && to.proxy === void 0 ? known("safe", origin(`${where} is closed`)) : connection;
	try {
		connection.write(new TextEncoder().encode(`OPTIONS * HTTP/1.1\r\nHost: ${to.host}\r\nUpgrade: TLS/1.0\r\nConnection: Upgrade\r\n\r\n`));
		const head = await headOf(connection, timeout);
		if (typeof head !== "string") return unknown(head.kind === "timed-out" ? "timed-out" : "unresolved", where);
		const status = /^HTTP\/1\.[01] (\d{3})\b/.exec(head)?.[1];
		if (status === void 0) return unknown("unparseable", where);
		const told = `OPTIONS with Upgrade: TLS/1.0 on ${where} → ${status}`;
		if (status !== "101") return known("safe", origin(told));
		return /^upgrade:.*\btls\b/im.test(head) ? known("vulnerable", origin(told)) : unknown("unresolved", told);
	} finally {
		connection.close();
	}
}
// src/collect/tls/padding-probe.ts
const ROUNDS$1 = 3;
const BANNER = 300;
const ACCEPTED = "accepted";
const REQUEST$1 = new TextEncoder().encode("GET / HTTP/1.1\r\nHost: custos.invalid\r\n\r\n");
const VECTORS = [
	"bad padding",
	"bad MAC",
	"both bad",
	"empty, bad padding",
	"empty, bad MAC",
	"all padding"
];
async function paddingProbe(line, observation, serverName, origin) {
	const nothing = answersNothing(observation);
	if (nothing !== void 0) return nothing;
	const way = cbcWay(observation);
	if ("state" in way) return way.state === "unknown" ? way : known([], origin("no CBC suite is accepted"));
	const told = (what) => exchangeText(way.protocol, "malformed CBC records", what);
	let banner = 0;
	let first = await round$1(line, way, serverName, banner);
	if ("state" in first) return first;
	if (first.get("bad MAC") === ACCEPTED) {
		banner = BANNER;
		first = await round$1(line, way, serverName, banner);
		if ("state" in first) return first;
		if (first.get("bad MAC") === ACCEPTED) return unknown("unresolved", told("data whatever was sent"));
	}
	const answers = [...first.values()];
	if (answers.includes("malformed")) return unknown("unparseable", told("malformed"));
	if (answers.every((answer) => answer === "silence")) return unknown("timed-out", told("silence"));
	const oracles = oraclesIn(first);
	if (oracles.length === 0) return known([], origin(told(first.get("bad padding") ?? "")));
	for (let again = 1; again < ROUNDS$1; again += 1) {
		const next = await round$1(line, way, serverName, banner);
		if ("state" in next) return next;
		if (oraclesIn(next).join() !== oracles.join()) return unknown("unresolved", told("answers that differ from round to round"));
	}
	const text = VECTORS.map((vector) => `${vector}: ${first.get(vector) ?? ""}`).join("; ");
	return known(oracles.map((oracle) => known(oracle, origin(told(text)))), origin(told(text)));
}
function cbcWay(observation) {
	let open;
	for (const protocol of [
		"TLSv1.2",
		"TLSv1.1",
		"TLSv1"
	]) {
		const found = observation.suites.get(protocol)?.suites.map(({ code }) => code) ?? [];
		const codes = spoken12(found).filter((code) => CIPHER_SUITES.get(code)?.aead === false);
		if (codes.length > 0) return {
			protocol,
			suites: codes
		};
		open ??= gapOf(observation, protocol);
		if (found.some((code) => isCbc(CIPHER_SUITES.get(code)))) open ??= unknown("unsupported", "no suite that a handshake can be completed with");
	}
	return open ?? { state: "none" };
}
async function round$1(line, way, serverName, banner) {
	const answers = new Map();
	for (const vector of VECTORS) {
		const answer = await line.use(async (wire) => {
			const connection = await handshake12(wire, {
				...way,
				...serverName === void 0 ? {} : { serverName }
			}, line.patience);
			if (!(connection instanceof Tls12Connection)) return unknown("unresolved", `${connection.kind} ${connection.detail}`.trim());
			if (!await heardOut(connection, banner)) return unknown("unparseable", "the server does not stop talking");
			connection.sendRaw(record(connection.made.client, vector));
			const next = await connection.next(line.patience.idle);
			if (!("kind" in next)) return next.type === CONTENT.alert ? `alert ${alertText(next.body[1] ?? 0)}` : ACCEPTED;
			return next.kind === "timed-out" ? "silence" : next.kind;
		});
		if (typeof answer !== "string") return answer;
		line.note("hello");
		answers.set(vector, answer);
	}
	return answers;
}
async function heardOut(connection, quiet) {
	if (quiet === 0) return true;
	for (let count = 0; count < 16; count += 1) if ("kind" in await connection.next(quiet)) return true;
	return false;
}
function record(keys, vector) {
	const { block } = keys.protection;
	const content = vector.startsWith("empty") ? new Uint8Array() : REQUEST$1;
	if (vector === "all padding") return keys.sealRaw(CONTENT.applicationData, new Uint8Array(block * 4).fill(block * 4 - 1));
	const mac = keys.mac(CONTENT.applicationData, content);
	const badMac = vector.endsWith("bad MAC") || vector === "both bad";
	const badPadding = vector.endsWith("bad padding") || vector === "both bad";
	if (badMac) mac[0] = (mac[0] ?? 0) ^ 255;
	const pad = block - ((content.length + mac.length + 1) % block || block) + block;
	const padding = new Uint8Array(pad + 1).fill(pad);
	if (badPadding) padding[0] = pad ^ 255;
	return keys.sealRaw(CONTENT.applicationData, joined(content, mac, padding));
}
function oraclesIn(answers) {
	const of = (vector) => answers.get(vector) ?? "";
	const [padding, mac, both] = [
		of("bad padding"),
		of("bad MAC"),
		of("both bad")
	];
	const found = [];
	if (padding === ACCEPTED) found.push("POODLE-TLS");
	else if (padding === "silence" && mac !== "silence") found.push("SLEEPING-POODLE");
	else if (padding !== mac && isUsual(mac)) found.push("ZOMBIE-POODLE");
	else if (padding !== mac) found.push("GOLDENDOODLE");
	else if (both !== mac) found.push("ZOMBIE-POODLE");
	if (of("empty, bad MAC") !== of("empty, bad padding") && padding === mac) found.push("ZERO-LENGTH");
	if (of("all padding").startsWith("alert 22")) found.push("CVE-2016-2107");
	return found;
}
function isUsual(answer) {
	return answer.startsWith("alert 20");
}
// src/tls/tls13-handshake.ts
const RETRY_LIMIT = 1;
const TICKET_PATIENCE = 250;
async function handshake13(wire, question, patience) {
	const started = performance.now();
	const stream = new RecordStream(wire, patience.whole);
	let roundTrip;
	let share = ownShare(question.groups?.find((group) => SPOKEN13.groups.some((one) => one === group)) ?? 29);
	let asked = {
		...question,
		keyShares: [share]
	};
	let transcript = clientHelloMessage(asked);
	wire.write(tlsRecord(CONTENT.handshake, 769, transcript));
	let hello;
	let messages = new MessageReader();
	for (let retries = 0; hello === void 0;) {
		const answer = await nextMessage(stream, messages, retries === 0 ? patience.first : patience.idle);
		if ("kind" in answer) return answer;
		roundTrip ??= performance.now() - started;
		const read = answer.type === 2 ? serverHello(answer.body) : void 0;
		if (read === void 0) return {
			kind: "malformed",
			detail: "a broken ServerHello"
		};
		if (read.version !== 772) return {
			kind: "older",
			detail: "",
			hello: read
		};
		const suite = SUITES13[read.suite];
		if (suite === void 0) return {
			kind: "malformed",
			detail: "a suite that was not offered",
			hello: read
		};
		if (!read.retry) {
			hello = read;
			transcript = joined(transcript, answer.whole);
			break;
		}
		if (retries >= RETRY_LIMIT || read.group === void 0 || !SPOKEN13.groups.some((group) => group === read.group)) return {
			kind: "malformed",
			detail: "a HelloRetryRequest that cannot be met",
			hello: read
		};
		retries += 1;
		share = ownShare(read.group);
		const cookie = new ByteReader(read.extensions.get(EXTENSION.cookie) ?? new Uint8Array()).vector(2);
		asked = {
			...asked,
			keyShares: [share],
			...cookie === void 0 ? {} : { cookie }
		};
		const second = clientHelloMessage(asked);
		const digest = createHash(suite.hash).update(transcript).digest();
		transcript = joined([
			254,
			0,
			0,
			digest.length
		], digest, answer.whole, second);
		wire.write(tlsRecord(CONTENT.handshake, 771, second));
		messages = new MessageReader();
	}
	const suite = SUITES13[hello.suite];
	const secret = hello.share === void 0 || hello.group !== share.group ? void 0 : share.secret(hello.share);
	if (suite === void 0 || secret === void 0) return {
		kind: "malformed",
		detail: "a broken key share",
		hello
	};
	const { hash } = suite;
	const size = hash === "sha384" ? 48 : 32;
	const zeros = new Uint8Array(size);
	const digestOf = (bytes) => createHash(hash).update(bytes).digest();
	const derive = (from, label, context) => expandLabel(from, label, context, size, hash);
	const handshakeSecret = extract(derive(extract(zeros, zeros, hash), "derived", digestOf(new Uint8Array())), secret, hash);
	const server = new Protection(derive(handshakeSecret, "s hs traffic", digestOf(transcript)), suite);
	const client = new Protection(derive(handshakeSecret, "c hs traffic", digestOf(transcript)), suite);
	const found = {
		hello,
		certificates: [],
		tickets: [],
		ended: false,
		verified: false
	};
	let context;
	messages = new MessageReader();
	while (!found.verified) {
		const came = await stream.next(patience.idle);
		if ("kind" in came) return {
			...came,
			hello
		};
		if (came.type === CONTENT.changeCipherSpec) continue;
		if (came.type === CONTENT.alert) return {
			kind: "alert",
			detail: alertText(came.body[1] ?? 0),
			alert: came.body[1] ?? 0,
			hello
		};
		const opened = server.open(came);
		if (opened === void 0) return {
			kind: "malformed",
			detail: "a record that cannot be opened",
			hello
		};
		if (opened.type === CONTENT.alert) return {
			kind: "alert",
			detail: alertText(opened.body[1] ?? 0),
			alert: opened.body[1] ?? 0,
			hello
		};
		if (opened.type !== CONTENT.handshake) return {
			kind: "malformed",
			detail: `a record of type ${opened.type}`,
			hello
		};
		for (const message of messages.push(opened.body)) {
			const before = digestOf(transcript);
			transcript = joined(transcript, message.whole);
			if (message.type === 8) {
				const extensions = extensionsIn(new ByteReader(message.body).vector(2));
				if (extensions === void 0) return {
					kind: "malformed",
					detail: "broken EncryptedExtensions",
					hello
				};
				const protocols = new ByteReader(extensions.get(EXTENSION.alpn) ?? new Uint8Array());
				protocols.uint(2);
				const name = protocols.vector(1);
				if (name !== void 0) found.alpn = new TextDecoder().decode(name);
			} else if (message.type === 13) {
				context = new ByteReader(message.body).vector(1) ?? new Uint8Array();
				const authorities = requestedAuthorities(message.body, 772);
				if (authorities === void 0) return {
					kind: "malformed",
					detail: "a broken CertificateRequest",
					hello
				};
				found.authorities = authorities;
			} else if (message.type === 11) {
				const list = certificateList(message.body, 772);
				if (list === void 0) return {
					kind: "malformed",
					detail: "a broken Certificate",
					hello
				};
				found.certificates = list.certificates;
				if (list.status !== void 0) found.status = list.status;
				if (list.scts !== void 0) found.scts = list.scts;
			} else if (message.type === 15) {
				const scheme = new ByteReader(message.body).uint(2);
				if (scheme !== void 0) found.scheme = scheme;
			} else if (message.type === 20) {
				if (!createHmac(hash, server.finishedKey).update(before).digest().equals(message.body)) return {
					kind: "malformed",
					detail: "a false Finished",
					hello
				};
				found.verified = true;
			}
		}
		if (messages.malformed !== void 0) return {
			kind: "malformed",
			detail: messages.malformed,
			hello
		};
	}
	const master = extract(derive(handshakeSecret, "derived", digestOf(new Uint8Array())), zeros, hash);
	const application = new Protection(derive(master, "s ap traffic", digestOf(transcript)), suite);
	const own = new Protection(derive(master, "c ap traffic", digestOf(transcript)), suite);
	wire.write(joined([
		CONTENT.changeCipherSpec,
		3,
		3,
		0,
		1,
		1
	]));
	if (context !== void 0) {
		const none = joined([11], vector(3, vector(1, context), vector(3)));
		transcript = joined(transcript, none);
		wire.write(client.seal(CONTENT.handshake, none));
	}
	const verify = createHmac(hash, client.finishedKey).update(digestOf(transcript)).digest();
	wire.write(joined(client.seal(CONTENT.handshake, joined([20], vector(3, verify))), own.seal(CONTENT.alert, Uint8Array.of(1, 0))));
	const wait = context === void 0 ? Math.min(patience.idle, TICKET_PATIENCE + 3 * (roundTrip ?? 0)) : patience.idle;
	return {
		...found,
		...await afterwards(stream, application, context !== void 0, wait)
	};
}
async function afterwards(stream, keys, asked, wait) {
	const tickets = [];
	const messages = new MessageReader();
	const until = performance.now() + wait;
	let withoutCertificate;
	const told = (ended) => ({
		tickets,
		ended,
		...withoutCertificate === void 0 ? {} : { withoutCertificate }
	});
	for (let count = 0; count < 16; count += 1) {
		const came = await stream.next(Math.max(0, until - performance.now()));
		if ("kind" in came) return told(false);
		const opened = came.type === CONTENT.applicationData ? keys.open(came) : void 0;
		if (opened === void 0) return told(false);
		if (opened.type === CONTENT.alert) {
			const [, code] = opened.body;
			if (code === void 0 || opened.body.length !== 2) return told(false);
			const ended = code === ALERT.closeNotify;
			if (asked && (ended || refusesCertificate(code))) withoutCertificate = ended ? "accepted" : "refused";
			return told(ended);
		}
		if (opened.type !== CONTENT.handshake) continue;
		if (asked) withoutCertificate = "accepted";
		for (const message of messages.push(opened.body)) {
			const read = message.type === 4 ? ticket(message) : void 0;
			if (read !== void 0) tickets.push(read);
		}
		if (messages.malformed !== void 0 || tickets.length > 0 && !stream.waiting) return told(false);
	}
	return told(false);
}
function ticket({ body }) {
	const reader = new ByteReader(body);
	const lifetime = reader.uint(4);
	reader.uint(4);
	reader.vector(1);
	const opaque = reader.vector(2);
	const extensions = extensionsIn(reader.vector(2));
	if (lifetime === void 0 || opaque === void 0 || extensions === void 0) return void 0;
	const early = extensions.get(EXTENSION.earlyData);
	const most = early === void 0 ? 0 : new ByteReader(early).uint(4);
	return most === void 0 ? void 0 : {
		lifetime,
		earlyData: most,
		size: opaque.length
	};
}
async function nextMessage(stream, messages, wait) {
	for (let count = 0; count < 64; count += 1) {
		const came = await stream.next(wait);
		if ("kind" in came) return came;
		if (came.type === CONTENT.changeCipherSpec) continue;
		if (came.type === CONTENT.alert) {
			const [level = 0, code = 0] = came.body;
			if (level === 1 && code !== 0) continue;
			return {
				kind: "alert",
				detail: alertText(code),
				alert: code
			};
		}
		const [message] = came.type === CONTENT.handshake ? messages.push(came.body) : [];
		if (message !== void 0) return message;
		if (messages.malformed !== void 0 || came.type !== CONTENT.handshake) return {
			kind: "malformed",
			detail: "no ServerHello"
		};
	}
	return {
		kind: "malformed",
		detail: "no ServerHello"
	};
}
// src/collect/tls/greeting.ts
const ALPN = ["h2", "http/1.1"];
function speaksAlpn(service) {
	return service === "https" || service === "tls";
}
async function greet(line, serverName, service) {
	const usual = candidateGroups("TLSv1.2")[0] ?? [];
	const question = {
		protocol: "TLSv1.3",
		alsoOlder: true,
		suites: [
			...SPOKEN13.suites,
			...usual,
			47,
			53,
			10
		],
		groups: SPOKEN13.groups,
		statusRequest: true,
		...serverName === void 0 ? {} : { serverName },
		...speaksAlpn(service) ? { alpn: ALPN } : {}
	};
	const answer = await line.use((wire) => handshake13(wire, question, line.patience));
	if ("state" in answer) return answer;
	if ("verified" in answer || answer.kind === "older") line.answered({
		...question,
		keyShares: [ownShare(SPOKEN13.groups[0])]
	});
	line.note("verified" in answer || answer.kind === "older" ? "hello" : answer.kind === "alert" ? "alert" : answer.kind);
	if ("verified" in answer) return answer;
	if (answer.kind === "timed-out" && answer.hello === void 0) return unknown("timed-out", "no answer to a ClientHello");
	if (answer.kind === "malformed" && answer.hello === void 0) return unknown("unparseable", `no TLS: ${answer.detail}`);
	return answer;
}
function chose13({ hello }) {
	return hello?.version === WIRE_VERSION["TLSv1.3"];
}
function greetingText(greeting) {
	return exchangeText("TLSv1.3", "complete handshake", "verified" in greeting ? "Finished" : greeting.hello === void 0 ? greeting.kind : `ServerHello, then ${greeting.kind}`);
}
function noteSession(notebook, session, exchange, serverName) {
	notebook.chain({
		certificates: session.certificates,
		exchange,
		tlcp: false,
		...serverName === void 0 ? {} : { serverName },
		...session.status === void 0 ? {} : { status: session.status },
		...session.scts === void 0 ? {} : { scts: session.scts }
	});
}
// src/collect/tls/ask-chains.ts
async function askOtherChains(line, best, suites, spoken13, greeting, serverName, notebook) {
	const gaps = [];
	if (chose13(greeting) && !spoken13) gaps.push(unknown("unresolved", greetingText(greeting)));
	const complete = async (schemes, name) => {
		const question = {
			protocol: "TLSv1.3",
			suites: SPOKEN13.suites,
			groups: SPOKEN13.groups,
			signatureSchemes: schemes,
			...name === void 0 ? {} : { serverName: name }
		};
		const once = async () => {
			const answer = await line.use((wire) => handshake13(wire, question, line.patience));
			if (!("state" in answer)) line.note("verified" in answer || answer.kind === "older" ? "hello" : answer.kind);
			return answer;
		};
		let answer = await once();
		const broken = () => "kind" in answer && (answer.kind === "closed" || answer.kind === "reset");
		if (broken()) answer = await once();
		if ("state" in answer) {
			gaps.push(answer);
			return;
		}
		const told = exchangeText("TLSv1.3", name === void 0 ? "no server name" : `${schemes.length} signature algorithms`, "verified" in answer ? "Finished" : `${answer.kind} ${answer.detail}`);
		if ("verified" in answer) {
			noteSession(notebook, answer, told, name);
			return answer.scheme;
		}
		if (broken() && !await line.alive(line.clock)) gaps.push(line.unconfirmed(told));
		else if (answer.kind === "timed-out") gaps.push(unknown("timed-out", told));
		else if (answer.kind === "malformed") gaps.push(unknown("unparseable", told));
	};
	const withoutName = async () => {
		if (serverName === void 0) return;
		if (spoken13) return void await complete(SIGNATURE_SCHEMES, void 0);
		if (best === void 0 || suites === void 0) return;
		const answer = await line.ask(olderQuestion(best, suites.suites.map(({ code }) => code), void 0));
		const told = exchangeText(best, "no server name", answerText(answer));
		if (answer.kind === "hello") notebook.note(answer, told, void 0);
		else if (!await line.refused(answer)) gaps.push(whyOpen(answer, told));
	};
	const otherKinds = async () => {
		if (!spoken13 || !("verified" in greeting)) return;
		let left = SIGNATURE_SCHEMES.filter((code) => familyOf(code) !== familyOf(greeting.scheme));
		while (left.length > 0) {
			const before = notebook.chains.length;
			const scheme = await complete(left, serverName);
			if (scheme === void 0 || !left.includes(scheme) || notebook.chains.length === before) return;
			left = left.filter((code) => familyOf(code) !== familyOf(scheme));
		}
	};
	await Promise.all([withoutName(), otherKinds()]);
	return gaps;
}
function familyOf(scheme) {
	return scheme === void 0 ? "" : schemeName(scheme).replace(/_.*$/, "");
}
// src/collect/tls/ask-extras.ts
async function askDetails(line, protocol, { suites }, serverName, notebook, service) {
	if (protocol === "SSLv3") return;
	const question = {
		...olderQuestion(protocol, suites.map(({ code }) => code), serverName),
		ticket: new Uint8Array(),
		statusRequest: true,
		...speaksAlpn(service) ? { alpn: ALPN } : {}
	};
	const answer = await line.ask(question);
	if (answer.kind !== "hello") return;
	const exchange = exchangeText(protocol, "status_request, session_ticket", answerText(answer));
	notebook.note(answer, exchange);
	notebook.noteOffers(answer.hello, answer.whole ? answer.flight.status !== void 0 : void 0, exchange);
}
async function askFallback(line, protocols, older, serverName, below) {
	const accepted = PROTOCOLS.filter((protocol) => protocol !== "SSLv2" && protocol !== "TLCP" && protocols.get(protocol)?.state === "accepted");
	if (accepted.length < 2) {
		const open = firstOpen(PROTOCOLS.map((protocol) => protocols.get(protocol)));
		if (open !== void 0) return unseen(open);
		return none(below.state === "none" ? below.exchange : "one version is spoken");
	}
	const second = OLDER.toReversed().find((protocol) => accepted.includes(protocol) && protocol !== accepted.at(-1));
	const suites = second === void 0 ? void 0 : older.get(second)?.suites.suites.map(({ code }) => code);
	if (second === void 0 || suites === void 0) return unseen(unknown("unresolved", "no lower version"));
	const answer = await line.ask({
		...olderQuestion(second, suites, serverName),
		fallback: true
	}, "hello");
	const told = exchangeText(second, "TLS_FALLBACK_SCSV", answerText(answer));
	if (answer.kind === "alert" && answer.code === ALERT.inappropriateFallback) return seen(true, told);
	if (answer.kind === "hello" && answer.hello.version === WIRE_VERSION[second]) return seen(false, told);
	return unseen(answer.kind === "hello" || refuses(answer) ? unknown("unresolved", told) : whyOpen(answer, told));
}
async function askTolerance(line, best, suites, tls13, serverName) {
	const modern = best !== "TLSv1.2";
	if (modern && tls13.answer.state !== "accepted") return unseen(unknown("unsupported", "asked of TLS 1.2 and 1.3 only"));
	const question = modern || suites === void 0 ? {
		protocol: "TLSv1.3",
		suites: tls13.suites.suites.map(({ code }) => code),
		groups: TLS13_GROUPS,
		keyShares: tls13.shares,
		grease: true,
		...serverName === void 0 ? {} : { serverName }
	} : {
		...olderQuestion("TLSv1.2", suites.suites.map(({ code }) => code), serverName),
		grease: true
	};
	const answer = await line.ask(question, "hello");
	const told = exchangeText(question.protocol, "unknown version, suites and extensions", answerText(answer));
	if (answer.kind === "hello") return seen(true, told);
	return await line.refused(answer) ? seen(false, told) : unseen(whyOpen(answer, told));
}
async function askAlpn(line, best, suites, session, serverName, service) {
	const names = new Map();
	if (!speaksAlpn(service)) return {
		names,
		open: [unknown("unsupported", `not asked of ${service}`)]
	};
	if (session?.alpn !== void 0) names.set(session.alpn, greetingText(session));
	else if (session !== void 0) return {
		names,
		open: []
	};
	if (best === void 0 || best === "SSLv3" || suites === void 0) {
		if (names.size === ALPN.length) return {
			names,
			open: []
		};
		return {
			names,
			open: [names.size > 0 ? unknown("unsupported", "TLS 1.3 shows one application protocol a handshake") : unknown("unresolved", "no handshake showed it")]
		};
	}
	for (;;) {
		const left = ALPN.filter((name) => !names.has(name));
		if (left.length === 0) return {
			names,
			open: []
		};
		const answer = await line.ask({
			...olderQuestion(best, suites.suites.map(({ code }) => code), serverName),
			alpn: left
		}, "hello");
		const told = exchangeText(best, `ALPN ${left.join(", ")}`, answerText(answer));
		if (answer.kind !== "hello") return {
			names,
			open: await line.refused(answer) ? [] : [whyOpen(answer, told)]
		};
		const chosen = alpnOf(answer);
		if (chosen === void 0) return {
			names,
			open: []
		};
		if (!left.some((name) => name === chosen)) return {
			names,
			open: [unknown("unparseable", told)]
		};
		names.set(chosen, told);
	}
}
function alpnOf({ hello }) {
	const body = hello.extensions.get(EXTENSION.alpn);
	return body === void 0 || body.length < 4 ? void 0 : new TextDecoder().decode(body.subarray(3));
}
// src/collect/tls/ask-groups.ts
async function askGroups(line, protocol, { suites, open }, serverName, notebook) {
	const codes = suites.map(({ code }) => code);
	const ephemeral = codes.filter((code) => CIPHER_SUITES.get(code)?.keyExchange === "ECDHE");
	const signed = ephemeral.length > 0 ? ephemeral : codes.filter((code) => CIPHER_SUITES.get(code)?.keyExchange === "DHE");
	const { groups, schemes } = notebook;
	const exhaust = async (kind) => {
		const [all, found] = kind === "groups" ? [TLS12_GROUPS, groups] : [SIGNATURE_SCHEMES, schemes];
		for (;;) {
			const left = all.filter((code) => !found.has(code));
			if (left.length === 0) return [];
			const answer = await line.ask({
				...olderQuestion(protocol, kind === "groups" ? ephemeral : signed, serverName),
				groups: kind === "groups" ? left : groups.size > 0 ? [...groups.keys()] : TLS12_GROUPS,
				signatureSchemes: kind === "schemes" ? left : schemes.size > 0 ? [...schemes.keys()] : SIGNATURE_SCHEMES
			});
			const told = exchangeText(protocol, `${left.length} ${kind === "groups" ? "groups" : "signature algorithms"}`, answerText(answer));
			if (answer.kind !== "hello") {
				const why = await line.unlessRefused(answer, told);
				return why === void 0 ? [] : [why];
			}
			notebook.note(answer, told);
			if (left.some((code) => found.has(code))) continue;
			const { kind: shown } = answer.flight.keyExchange ?? {};
			return shown === "ecdhe" || shown === "dhe" ? [] : [unknown("unresolved", `${told}: no parameters came`)];
		}
	};
	const [ofGroups, ofSchemes] = await Promise.all([ephemeral.length === 0 ? [] : protocol === "SSLv3" ? [unknown("unsupported", "a hello of SSL 3.0 names no groups")] : exhaust("groups"), protocol !== "TLSv1.2" || signed.length === 0 ? [] : exhaust("schemes")]);
	return {
		groups: {
			codes: groups,
			open: [...open, ...ofGroups]
		},
		schemes: {
			codes: schemes,
			open: [...open, ...ofSchemes]
		}
	};
}
// src/collect/tls/enumerate13.ts
const SHARE_MODES = [
	() => [],
	() => [{
		group: GREASE,
		key: Uint8Array.of(0)
	}],
	(groups) => SPOKEN13.groups.filter((group) => groups.includes(group)).slice(0, 1).map(ownShare)
];
function groupsWith(shares, groups) {
	return [...shares.flatMap(({ group }) => groups.includes(group) ? [] : [group]), ...groups];
}
async function enumerate13(line, serverName, greeted) {
	let mode = () => [];
	const base = (suites, groups) => {
		const keyShares = mode(groups);
		return {
			protocol: "TLSv1.3",
			suites,
			groups: groupsWith(keyShares, groups),
			keyShares,
			...serverName === void 0 ? {} : { serverName }
		};
	};
	let first;
	for (const next of SHARE_MODES) {
		mode = next;
		first = await line.ask(base(TLS13_SUITES, TLS13_GROUPS), "hello");
		if (first.kind === "hello" || refusesVersion(first) || greeted === "not-spoken" && first.kind === "alert") break;
		if (!refuses(first) && first.kind !== "malformed") break;
	}
	const shares = mode(TLS13_GROUPS);
	const text = first === void 0 ? "" : exchangeText("TLSv1.3", `${TLS13_SUITES.length} suites`, answerText(first));
	const accepted = thirteen(first);
	if (accepted === void 0) {
		const answer = await notSpoken(line, first, text);
		const open = answer.state === "unknown" ? [answer.why] : [];
		return {
			answer,
			suites: {
				suites: [],
				ordered: false,
				open
			},
			groups: {
				codes: new Map(),
				open
			},
			shares
		};
	}
	const found = {
		suites: new Map(),
		groups: new Map()
	};
	const [ofSuites, ofGroups] = await Promise.all([chain(line, accepted, TLS13_SUITES, "suites", found, false, (left) => base(left, rotated(TLS13_GROUPS, found.groups))), chain(line, accepted, TLS13_GROUPS, "groups", found, isReal(shares), (left) => isReal(shares) && mode(left).length === 0 ? void 0 : base(rotated(TLS13_SUITES, found.suites), left))]);
	return {
		answer: {
			state: "accepted",
			exchange: text
		},
		suites: {
			suites: [...found.suites].map(([code, exchange]) => ({
				code,
				exchange
			})),
			ordered: false,
			open: ofSuites
		},
		groups: {
			codes: found.groups,
			open: ofGroups
		},
		shares
	};
}
async function notSpoken(line, answer, text) {
	if (answer === void 0) return {
		state: "unknown",
		why: unknown("not-collected", "TLS 1.3")
	};
	const why = answer.kind === "hello" && answer.hello.version < WIRE_VERSION["TLSv1.3"] ? void 0 : await line.unlessRefused(answer, text);
	return why === void 0 ? {
		state: "refused",
		exchange: text
	} : {
		state: "unknown",
		why
	};
}
function isReal(shares) {
	return shares.some(({ group }) => group !== GREASE);
}
function thirteen(answer) {
	return answer?.kind === "hello" && answer.hello.version === WIRE_VERSION["TLSv1.3"] ? answer : void 0;
}
async function chain(line, first, candidates, kind, found, wantsRealShares, question) {
	let left = candidates;
	let answer = first;
	for (;;) {
		const told = exchangeText("TLSv1.3", `${left.length} of ${candidates.length} ${kind}`, answerText(answer));
		const chose = thirteen(answer);
		if (chose === void 0) {
			if (wantsRealShares && answer.kind === "alert" && answer.code !== ALERT.handshakeFailure) return [unknown("unresolved", told)];
			if (answer.kind === "hello" || answer.kind === "alert") return [];
			const why = await line.unlessRefused(answer, told);
			return why === void 0 ? [] : [why];
		}
		const { suite, group } = chose.hello;
		const own = kind === "suites" ? suite : group;
		if (own === void 0 || !left.includes(own)) return [unknown("unparseable", `${told}: chose what was not offered`)];
		if (!found.suites.has(suite)) found.suites.set(suite, `${told}, ${CIPHER_SUITES.get(suite)?.name ?? ""}`);
		if (group !== void 0 && TLS13_GROUPS.includes(group) && !found.groups.has(group)) found.groups.set(group, `${told}, ${groupName(group)}`);
		left = candidates.filter((code) => !found[kind].has(code));
		if (left.length === 0) return [];
		const next = question(left);
		if (next === void 0) return [unknown("unsupported", `${left.length} groups that no share is made of here`)];
		answer = await line.ask(next, "hello");
	}
}
// src/collect/tls/preference.ts
const COMPRESSION = [1, 64];
const MAX_COMPARISONS = 16;
async function orderOf(line, best, suites, serverName, notebook) {
	const groups = candidateGroups(best).map((group) => suites.suites.filter(({ code }) => group.includes(code)));
	const widest = groups.toSorted((a, b) => b.length - a.length)[0] ?? [];
	const codes = suites.suites.map(({ code }) => code);
	const [top, next] = pairOf(widest.length >= 2 ? widest : suites.suites);
	const asked = top === void 0 || next === void 0 ? codes : [next.code, top.code];
	const offers = best === "SSLv3" ? { compression: COMPRESSION } : {
		compression: COMPRESSION,
		ticket: new Uint8Array()
	};
	const answer = await line.ask({
		...olderQuestion(best, asked, serverName),
		...offers
	});
	const told = exchangeText(best, `${asked.length} suites, compression`, answerText(answer));
	const compression = answer.kind === "hello" ? seen(answer.hello.compression !== 0, told) : unseen(refuses(answer) ? unknown("unresolved", told) : whyOpen(answer, told));
	if (answer.kind === "hello") {
		notebook.note(answer, told);
		if (best !== "SSLv3") notebook.noteOffers(answer.hello, void 0, told);
	}
	if (top === void 0 || next === void 0 || widest.length < 2) return {
		server: unseen(nothingToCompare(suites)),
		chacha: chachaWithout(suites),
		compression
	};
	if (answer.kind !== "hello") return {
		server: unseen(unknown("unresolved", told)),
		chacha: unseen(unknown("unresolved", told)),
		compression
	};
	if (![top.code, next.code].includes(answer.hello.suite)) return {
		server: unseen(unknown("unparseable", told)),
		chacha: unseen(unknown("unparseable", told)),
		compression
	};
	if (answer.hello.suite !== top.code) {
		if (isChacha(next.code)) return {
			server: unseen(unknown("unresolved", `${told}: ChaCha20 alone may have priority`)),
			chacha: unseen(unknown("unresolved", told)),
			compression
		};
		return {
			server: seen(false, told),
			chacha: none("the client chooses"),
			compression
		};
	}
	const [ordered, chacha] = await Promise.all([merge(line, best, groups, serverName), chachaOf(line, best, suites, serverName)]);
	return {
		server: seen(true, told),
		chacha,
		compression,
		suites: {
			suites: ordered ?? suites.suites,
			ordered: ordered !== void 0 && suites.open.length === 0,
			open: suites.open
		}
	};
}
function pairOf(found) {
	const [top, ...rest] = found;
	return [top, rest.find(({ code }) => !isChacha(code)) ?? rest[0]];
}
function isChacha(code) {
	return CIPHER_SUITES.get(code)?.encryption === "CHACHA20";
}
function nothingToCompare({ suites, open }) {
	const [why] = open;
	if (suites.length === 1 && why === void 0) return unknown("unsupported", "one suite: there is nothing to prefer");
	return why ?? unknown("unresolved", suites.length === 0 ? "no suite is known" : "no two suites that can be compared");
}
function chachaWithout(seen) {
	const { suites, open } = seen;
	return suites.length > 1 && suites.some(({ code }) => isChacha(code)) || open.length > 0 || suites.length === 0 ? unseen(nothingToCompare(seen)) : none("ChaCha20 is not accepted, or alone");
}
async function orderOf13(line, { suites, shares, answer: spoken }, below, serverName) {
	const [top, next] = pairOf(suites.suites);
	const compression = compressionOf13(spoken, below);
	if (top === void 0 || next === void 0) return {
		server: unseen(below.state === "unknown" ? below.why : nothingToCompare(suites)),
		chacha: below.state === "unknown" ? unseen(below.why) : chachaWithout(suites),
		compression
	};
	const answer = await line.ask({
		protocol: "TLSv1.3",
		suites: [next.code, top.code],
		groups: groupsWith(shares, TLS13_GROUPS),
		keyShares: shares,
		...serverName === void 0 ? {} : { serverName }
	}, "hello");
	const told = exchangeText("TLSv1.3", "2 suites", answerText(answer));
	if (answer.kind !== "hello" || ![top.code, next.code].includes(answer.hello.suite)) return {
		server: unseen(unknown("unresolved", told)),
		chacha: unseen(unknown("unresolved", told)),
		compression
	};
	return {
		server: answer.hello.suite !== top.code && isChacha(next.code) ? unseen(unknown("unresolved", `${told}: ChaCha20 alone may have priority`)) : seen(answer.hello.suite === top.code, told),
		chacha: below.state === "unknown" ? unseen(below.why) : none("asked of TLS 1.2 only"),
		compression
	};
}
function compressionOf13(spoken, below) {
	if (below.state === "unknown") return unseen(below.why);
	return spoken.state === "accepted" ? seen(false, "TLS 1.3 has no compression") : unseen(unknown("unresolved", "no version is accepted"));
}
async function chachaOf(line, best, suites, serverName) {
	const codes = suites.suites.map(({ code }) => code);
	const chacha = codes.filter(isChacha);
	const [first] = codes;
	if (chacha.length === 0) return chachaWithout(suites);
	if (first === void 0 || isChacha(first)) return none("ChaCha20 comes first anyway");
	const answer = await line.ask(olderQuestion(best, [...chacha, ...codes.filter((code) => !isChacha(code))], serverName), "hello");
	const told = exchangeText(best, "ChaCha20 first", answerText(answer));
	return answer.kind === "hello" ? seen(isChacha(answer.hello.suite), told) : unseen(refuses(answer) ? unknown("unresolved", told) : whyOpen(answer, told));
}
async function merge(line, best, groups, serverName) {
	let left = MAX_COMPARISONS;
	const compare = async (a, b) => {
		left -= 1;
		if (left < 0) return void 0;
		const answer = await line.ask(olderQuestion(best, [b.code, a.code], serverName), "hello");
		return answer.kind === "hello" ? answer.hello.suite === a.code : void 0;
	};
	const filled = groups.filter((group) => group.length > 0);
	const borders = new Map();
	for (const [index, group] of filled.entries()) {
		const [last, first] = [filled[index - 1]?.at(-1), group[0]];
		if (last !== void 0 && first !== void 0) borders.set(`${last.code} ${first.code}`, compare(last, first));
	}
	const before = (a, b) => borders.get(`${a.code} ${b.code}`) ?? compare(a, b);
	let joined = [];
	for (const group of filled) {
		const [last, first] = [joined.at(-1), group[0]];
		if (last === void 0 || first === void 0) {
			joined = [...joined, ...group];
			continue;
		}
		const inOrder = await before(last, first);
		if (inOrder === void 0) return void 0;
		if (inOrder) {
			joined = [...joined, ...group];
			continue;
		}
		const merged = [];
		let [a, b] = [joined, group];
		for (;;) {
			const [x, y] = [a[0], b[0]];
			if (x === void 0 || y === void 0) break;
			const first = await before(x, y);
			if (first === void 0) return void 0;
			merged.push(first ? x : y);
			if (first) a = a.slice(1);
			else b = b.slice(1);
		}
		joined = [
			...merged,
			...a,
			...b
		];
	}
	return joined;
}
// src/collect/tls/ask-best.ts
async function askBest(asking, best, suites) {
	const { line, greeting, serverName, service, notebook } = asking;
	const session = "verified" in greeting ? greeting : void 0;
	const only = new Map([[best, { suites }]]);
	const complete = completable(new Map([[best, suites]])) !== void 0;
	const [preference, codes, chainGaps, alpn, sessions] = await Promise.all([
		orderOf(line, best, suites, serverName, notebook),
		askGroups(line, best, suites, serverName, notebook),
		askOtherChains(line, best, suites, session !== void 0, greeting, serverName, notebook),
		askAlpn(line, best, suites, session, serverName, service),
		complete ? askSessions(line, only, serverName, session === void 0) : void 0,
		session === void 0 ? askDetails(line, best, suites, serverName, notebook, service) : void 0
	]);
	return {
		preference,
		...codes,
		...sessions === void 0 ? {} : { sessions },
		alpn,
		chainGaps
	};
}
async function askThirteenAlone(asking, tls13, below) {
	const { line, greeting, serverName, service, notebook } = asking;
	const session = "verified" in greeting ? greeting : void 0;
	const [preference, chainGaps, alpn] = await Promise.all([
		orderOf13(line, tls13, below, serverName),
		askOtherChains(line, void 0, void 0, session !== void 0, greeting, serverName, notebook),
		askAlpn(line, void 0, void 0, session, serverName, service)
	]);
	return {
		preference,
		sessions: noSessions(below),
		alpn,
		chainGaps
	};
}
// src/collect/tls/ask-without-certificate.ts
const NGINX_INSISTS = /No required SSL certificate was sent/;
const NGINX_NO_CERTIFICATE = 496;
async function askWithoutCertificate(line, service, handshake) {
	if (service !== "https") return unseen(unknown("unsupported", `a handshake goes through without a certificate; what follows is not asked of ${service}`));
	const answer = await line.get("/");
	if ("state" in answer) return unseen(answer);
	const { status, body } = answer;
	const told = `${handshake}; GET / → status ${status}`;
	if (status === NGINX_NO_CERTIFICATE || status === 400 && NGINX_INSISTS.test(new TextDecoder("latin1").decode(body))) return seen("required", told);
	if (status >= 200 && status < 400 || status === 404) return seen("optional", told);
	return unseen(unknown("unresolved", `without a certificate: status ${status}`));
}
// src/tls/ssl2.ts
const CIPHERS = [
	{
		code: 65664,
		name: "RC4-MD5",
		encryption: "RC4",
		bits: 128,
		exportGrade: false
	},
	{
		code: 131200,
		name: "EXP-RC4-MD5",
		encryption: "RC4",
		bits: 40,
		exportGrade: true
	},
	{
		code: 196736,
		name: "RC2-CBC-MD5",
		encryption: "RC2",
		bits: 128,
		exportGrade: false
	},
	{
		code: 262272,
		name: "EXP-RC2-CBC-MD5",
		encryption: "RC2",
		bits: 40,
		exportGrade: true
	},
	{
		code: 327808,
		name: "IDEA-CBC-MD5",
		encryption: "IDEA",
		bits: 128,
		exportGrade: false
	},
	{
		code: 393280,
		name: "DES-CBC-MD5",
		encryption: "DES",
		bits: 56,
		exportGrade: false
	},
	{
		code: 458944,
		name: "DES-CBC3-MD5",
		encryption: "3DES",
		bits: 112,
		exportGrade: false
	},
	{
		code: 524416,
		name: "RC4-64-MD5",
		encryption: "RC4",
		bits: 64,
		exportGrade: false
	}
];
const MAX_ANSWER$1 = 65536;
async function askSsl2(wire, { first, idle, whole }) {
	const specs = joined(...CIPHERS.map(({ code }) => uint(code, 3)));
	const challenge = FIXED_RANDOM.subarray(0, 16);
	const body = joined([
		1,
		0,
		2
	], uint(specs.length, 2), [0, 0], uint(challenge.length, 2), specs, challenge);
	wire.write(joined(uint(32768 | body.length, 2), body));
	const until = performance.now() + whole;
	let held = new Uint8Array();
	let wait = first;
	for (;;) {
		const received = await wire.read(Math.max(0, Math.min(wait, until - performance.now())));
		if (received.kind !== "bytes") return { kind: received.kind === "end" ? "closed" : received.kind };
		wait = idle;
		held = joined(held, received.bytes);
		const answer = read$2(held);
		if (answer !== void 0) return answer;
		if (held.length > MAX_ANSWER$1) return {
			kind: "malformed",
			detail: "no end of the answer"
		};
	}
}
function read$2(bytes) {
	const [first = 0, second = 0] = bytes;
	if (bytes.length < 3) return void 0;
	if (first === 21 && second === 3) {
		if (bytes.length < 7) return void 0;
		return bytes[3] === 0 && bytes[4] === 2 ? {
			kind: "refused",
			detail: `alert ${bytes[6] ?? ""}`
		} : {
			kind: "malformed",
			detail: "a broken alert"
		};
	}
	if ((first & 128) === 0) return {
		kind: "malformed",
		detail: "no SSL 2.0 record"
	};
	const length = (first & 127) << 8 | second;
	if (bytes[2] === 0) {
		if (length !== 3) return {
			kind: "malformed",
			detail: "a broken SSL 2.0 error"
		};
		return bytes.length < 5 ? void 0 : {
			kind: "refused",
			detail: "SSL 2.0 error"
		};
	}
	if (bytes[2] !== 4) return {
		kind: "malformed",
		detail: `SSL 2.0 message ${bytes[2] ?? ""}`
	};
	if (bytes.length < 2 + length) return void 0;
	const reader = new ByteReader(bytes.subarray(3, 2 + length));
	const [, , version] = [
		reader.uint(1),
		reader.uint(1),
		reader.uint(2)
	];
	const [certificateLength = 0, specLength = 0, idLength = 0] = [
		reader.uint(2),
		reader.uint(2),
		reader.uint(2)
	];
	const certificate = reader.bytes(certificateLength);
	const specs = reader.bytes(specLength);
	reader.bytes(idLength);
	if (version !== 2 || certificate === void 0 || specs === void 0 || reader.broken) return {
		kind: "malformed",
		detail: "a broken SERVER-HELLO"
	};
	const codes = Array.from({ length: Math.floor(specs.length / 3) }, (_, index) => {
		const [a = 0, b = 0, c = 0] = specs.subarray(index * 3, index * 3 + 3);
		return a * 65536 + b * 256 + c;
	});
	const ciphers = CIPHERS.filter(({ code }) => codes.includes(code));
	return {
		kind: "hello",
		ciphers,
		strangers: codes.length - ciphers.length,
		...certificate.length === 0 ? {} : { certificate: certificate.slice() }
	};
}
// src/collect/tls/ask-ssl2.ts
async function probeSsl2(line, notebook) {
	const once = () => line.use((wire) => askSsl2(wire, line.patience));
	let answer = await once();
	if (!("state" in answer) && (answer.kind === "closed" || answer.kind === "reset")) answer = await once();
	const told = (what) => `CLIENT-HELLO ${protocolName("SSLv2")} → ${what}`;
	if ("state" in answer) return {
		answer: {
			state: "unknown",
			why: answer
		},
		ciphers: []
	};
	line.note(answer.kind === "hello" ? "hello" : answer.kind === "refused" ? "alert" : answer.kind);
	switch (answer.kind) {
		case "hello": {
			const exchange = told(`SERVER-HELLO, ${answer.ciphers.length} cipher kinds`);
			if (answer.certificate !== void 0) notebook.chain({
				certificates: [answer.certificate],
				exchange,
				tlcp: false
			});
			return {
				answer: {
					state: "accepted",
					exchange
				},
				ciphers: answer.ciphers
			};
		}
		case "refused": return {
			answer: {
				state: "refused",
				exchange: told(answer.detail)
			},
			ciphers: []
		};
		case "closed":
		case "reset": {
			const text = told(answer.kind === "closed" ? "connection closed" : "connection reset");
			return {
				answer: await line.alive(line.clock) ? {
					state: "refused",
					exchange: text
				} : {
					state: "unknown",
					why: line.unconfirmed(text)
				},
				ciphers: []
			};
		}
		case "timed-out": return {
			answer: {
				state: "unknown",
				why: unknown("timed-out", told("silence"))
			},
			ciphers: []
		};
		case "malformed": return {
			answer: {
				state: "unknown",
				why: unknown("unparseable", told(answer.detail))
			},
			ciphers: []
		};
	}
}
// src/collect/tls/session-tickets.ts
function ticketsBelow13(notebook, protocols, below, missing) {
	if (below.state !== "none") return notebook.tickets(below, missing);
	const nothing = answersNothing({ protocols });
	if (nothing !== void 0) return unseen(nothing);
	const modern = protocols.get("TLSv1.3");
	return modern?.state === "refused" ? seen(false, `${below.exchange}; ${modern.exchange}`) : unseen(modern?.state === "unknown" ? modern.why : missing);
}
const LONGEST_HANDLE = 32;
const SHORTEST_TICKET = 60;
function ticketsIssued(session, older, below) {
	if (session === void 0) return older;
	const sizes = session.tickets.map(({ size }) => size);
	const modern = sizes.some((size) => size > LONGEST_HANDLE) && !sizes.some((size) => size >= SHORTEST_TICKET) ? unseen(unknown("unresolved", `${greetingText(session)}, a ticket of ${Math.max(...sizes)} bytes`)) : ticketsOf(session, () => sizes.some((size) => size >= SHORTEST_TICKET));
	if (below.state === "none" || modern.state === "seen" && modern.value) return modern;
	if (older.state === "seen" && older.value) return older;
	if (modern.state !== "seen" || older.state !== "seen") return modern.state === "seen" ? older : modern;
	return seen(false, `${modern.exchange}; ${older.exchange}`);
}
function ticketsOf(session, tells) {
	const { tickets, ended } = session;
	if (tickets.length === 0 && !ended) return unseen(unknown("unresolved", `${greetingText(session)}, no ticket came, nor the end`));
	return seen(tells(tickets), `${greetingText(session)}, ${tickets.length} tickets`);
}
// src/collect/tls/probe.ts
async function probe(line, address, serverName, service) {
	const notebook = new Notebook(serverName);
	const greeting = await greet(line, serverName, service);
	if ("state" in greeting) return greeting;
	const spoken13 = "verified" in greeting;
	const greeted = chose13(greeting) ? "spoken" : "kind" in greeting && greeting.kind === "older" ? "not-spoken" : "unclear";
	if (spoken13) noteSession(notebook, greeting, greetingText(greeting), serverName);
	const asking = {
		line,
		greeting,
		serverName,
		service,
		notebook
	};
	const enumerated12 = enumerateOlder(line, "TLSv1.2", serverName, notebook);
	const ahead = enumerated12.then(({ answer, suites }) => answer.state === "accepted" ? askBest(asking, "TLSv1.2", suites) : void 0);
	ahead.catch(() => void 0);
	const [ssl2, sslv3, tls10, tls11, tls12, seen13, tlcp] = await Promise.all([
		probeSsl2(line, notebook),
		enumerateOlder(line, "SSLv3", serverName, notebook),
		enumerateOlder(line, "TLSv1", serverName, notebook),
		enumerateOlder(line, "TLSv1.1", serverName, notebook),
		enumerated12,
		enumerate13(line, serverName, greeted),
		enumerateOlder(line, "TLCP", serverName, notebook)
	]);
	const tls13 = chose13(greeting) ? withGreeting(seen13, greeting) : seen13;
	const older = new Map([
		["SSLv3", sslv3],
		["TLSv1", tls10],
		["TLSv1.1", tls11],
		["TLSv1.2", tls12]
	]);
	const protocols = new Map([
		["SSLv2", ssl2.answer],
		...OLDER.map((protocol) => [protocol, older.get(protocol)?.answer ?? sslv3.answer]),
		["TLSv1.3", tls13.answer],
		["TLCP", tlcp.answer]
	]);
	const best = bestOlder({ protocols });
	const bestSuites = best === void 0 ? void 0 : older.get(best)?.suites;
	const below = belowThirteen(protocols);
	const late = () => best === void 0 || bestSuites === void 0 ? askThirteenAlone(asking, tls13, below) : askBest(asking, best, bestSuites);
	const [asked, fallback, tolerant] = await Promise.all([
		ahead.then((done) => done ?? late()),
		askFallback(line, protocols, older, serverName, below),
		askTolerance(line, best, bestSuites, tls13, serverName)
	]);
	const { preference, sessions = await askSessions(line, older, serverName, !spoken13) } = asked;
	const missing = unknown("unresolved", "no handshake showed it");
	const cbc = withCbc(older, below);
	const session = spoken13 ? greeting : void 0;
	const asksClients = clientCertificateOf(session, notebook, sessions, missing);
	const clientCertificate = asksClients.state === "seen" && asksClients.value === "optional" ? await askWithoutCertificate(line, service, asksClients.exchange) : asksClients;
	return {
		address,
		protocols,
		suites: new Map([
			...OLDER.flatMap((protocol) => {
				const result = older.get(protocol);
				return result === void 0 ? [] : [[protocol, protocol === best ? preference.suites ?? result.suites : withOrder(result.suites, preference)]];
			}),
			["TLSv1.3", withOrder(tls13.suites, preference)],
			["TLCP", tlcp.suites]
		]),
		ssl2: ssl2.ciphers,
		serverPreference: preference.server,
		chachaPriority: preference.chacha,
		groups: joinedCodes(tls13.groups, asked.groups),
		schemes: withScheme(asked.schemes ?? {
			codes: new Map(),
			open: []
		}, session, best !== void 0),
		reusesKeys: notebook.reusesKeys(below, missing),
		compression: preference.compression,
		secureRenegotiation: notebook.secureRenegotiation(below, missing),
		extendedMasterSecret: notebook.extendedMasterSecret(below, missing),
		encryptThenMac: notebook.encryptThenMac(cbc, missing),
		fallbackScsv: fallback,
		downgradeSentinel: sentinelOf(notebook, protocols.get("TLSv1.3"), below, missing),
		tolerant,
		tickets: ticketsIssued(session, ticketsBelow13(notebook, protocols, below, missing), below),
		ticketLifetime: session?.tickets[0] === void 0 ? sessions.ticketLifetime : seen(Math.max(...session.tickets.map(({ lifetime }) => lifetime)), "NewSessionTicket"),
		sessionIds: sessions.sessionIds,
		earlyData: session === void 0 ? withoutThirteen(protocols, missing) : ticketsOf(session, (tickets) => tickets.some(({ earlyData }) => earlyData > 0)),
		alpn: asked.alpn,
		clientCertificate,
		clientAuthorities: clientAuthoritiesOf(session, notebook, missing),
		stapling: session === void 0 ? notebook.stapling(missing) : seen(session.status !== void 0, greetingText(session)),
		chains: notebook.chains,
		chainGaps: [...asked.chainGaps, ...notebook.chainGaps],
		connections: line.made
	};
}
function withGreeting(found, greeting) {
	const { hello } = greeting;
	if (hello === void 0 || found.answer.state === "accepted") return found;
	const exchange = greetingText(greeting);
	const why = found.answer.state === "unknown" ? found.answer.why : unknown("unresolved", found.answer.exchange);
	return {
		...found,
		answer: {
			state: "accepted",
			exchange
		},
		suites: {
			suites: CIPHER_SUITES.has(hello.suite) ? [{
				code: hello.suite,
				exchange
			}] : [],
			ordered: false,
			open: [why]
		},
		groups: {
			codes: new Map(hello.group === void 0 ? [] : [[hello.group, exchange]]),
			open: [why]
		}
	};
}
function sentinelOf(notebook, modern, below, missing) {
	if (below.state === "none") return none(below.exchange);
	if (modern?.state === "refused") return none(modern.exchange);
	if (modern?.state === "unknown") return unseen(modern.why);
	const sentinel = notebook.sentinel();
	if (sentinel !== void 0) return seen(sentinel.set, sentinel.exchange);
	return unseen(below.state === "unknown" ? below.why : missing);
}
function belowThirteen(protocols) {
	const accepted = OLDER.filter((protocol) => protocols.get(protocol)?.state === "accepted");
	if (accepted.length > 0) return seen(accepted, accepted.map(protocolName).join(", "));
	const open = firstOpen(OLDER.map((protocol) => protocols.get(protocol)));
	return open === void 0 ? none("every version below TLS 1.3 is refused") : unseen(open);
}
function withCbc(older, below) {
	if (below.state !== "seen") return below;
	const all = [...older.values()];
	const cbc = all.some(({ suites }) => suites.suites.some(({ code }) => isCbc(CIPHER_SUITES.get(code))));
	const [open] = all.flatMap(({ suites }) => suites.open);
	return cbc ? below : open === void 0 ? none("no CBC suite is accepted") : unseen(open);
}
function withoutThirteen(protocols, missing) {
	const answer = protocols.get("TLSv1.3");
	const nothing = answersNothing({ protocols });
	if (nothing !== void 0) return unseen(nothing);
	return answer?.state === "refused" ? seen(false, answer.exchange) : unseen(answer?.state === "unknown" ? answer.why : missing);
}
function clientCertificateOf(session, notebook, { withoutCertificate }, missing) {
	if (session !== void 0) {
		const text = greetingText(session);
		if (session.authorities === void 0) return seen("none", text);
		if (session.withoutCertificate === void 0) return insists(withoutCertificate);
		return seen(session.withoutCertificate === "refused" ? "required" : "optional", `${text}, Certificate without any`);
	}
	const asked = notebook.authorities(missing);
	if (asked.state !== "seen") return unseen(asked.state === "unknown" ? asked.why : missing);
	return asked.value === void 0 ? seen("none", asked.exchange) : insists(withoutCertificate);
}
function insists(outcome) {
	if (outcome.state === "seen") return seen(outcome.value === "refused" ? "required" : "optional", `${outcome.exchange}, no certificate`);
	return unseen(outcome.state === "unknown" ? outcome.why : unknown("unresolved", "no word on an empty Certificate"));
}
function clientAuthoritiesOf(session, notebook, missing) {
	if (session !== void 0) return session.authorities === void 0 ? none(greetingText(session)) : seen(session.authorities, greetingText(session));
	const asked = notebook.authorities(missing);
	if (asked.state !== "seen") return unseen(asked.state === "unknown" ? asked.why : missing);
	return asked.value === void 0 ? none(asked.exchange) : seen(asked.value, asked.exchange);
}
function joinedCodes(a, b) {
	return b === void 0 ? a : {
		codes: new Map([...b.codes, ...a.codes]),
		open: [...a.open, ...b.open]
	};
}
function withScheme(schemes, session, older) {
	const codes = new Map(schemes.codes);
	if (session?.scheme !== void 0 && !codes.has(session.scheme)) codes.set(session.scheme, greetingText(session));
	return {
		codes,
		open: older ? schemes.open : [...schemes.open, unknown("unsupported", "TLS 1.3 shows one signature algorithm a handshake")]
	};
}
function withOrder(suites, { server }) {
	return {
		...suites,
		ordered: server.state === "seen" && server.value && suites.open.length === 0
	};
}
// src/collect/tls/robot-probe.ts
const ROUNDS = 3;
const SILENCE = "silence";
const GARBAGE = "no TLS record";
async function robotProbe(line, observation, serverName, origin) {
	const nothing = answersNothing(observation);
	if (nothing !== void 0) return nothing;
	const found = rsaSuites(observation);
	if (found.open !== void 0 && found.suites.length === 0) return found.open;
	const { protocol, suites } = found;
	if (protocol === void 0 || suites.length === 0) return known("safe", origin("no suite with RSA key transport is accepted"));
	const told = (what) => exchangeText(protocol, "five RSA premaster blocks", what);
	for (const whole of [true, false]) {
		const first = await round(line, protocol, suites, serverName, whole);
		if (!Array.isArray(first)) return first;
		const [same] = first;
		if (same !== void 0 && isUniform(first)) {
			if (same === SILENCE && whole) return unknown("timed-out", told(same));
			if (same === GARBAGE || same.startsWith("record")) return unknown("unparseable", told(same));
			continue;
		}
		for (let again = 1; again < ROUNDS; again += 1) {
			const next = await round(line, protocol, suites, serverName, whole);
			if (!Array.isArray(next)) return next;
			if (next.join() !== first.join()) return unknown("unresolved", told("answers that differ from round to round"));
		}
		return known("vulnerable", origin(told(first.join(" / "))));
	}
	return known("safe", origin(told("the same answer to each")));
}
function rsaSuites(observation) {
	let open;
	for (const protocol of OLDER.toReversed()) {
		const codes = (observation.suites.get(protocol)?.suites ?? []).flatMap(({ code }) => {
			const suite = CIPHER_SUITES.get(code);
			return suite?.keyExchange === "RSA" && suite.authentication === "RSA" && !suite.exportGrade ? [code] : [];
		});
		if (codes.length > 0) return {
			protocol,
			suites: codes
		};
		open ??= gapOf(observation, protocol);
	}
	return {
		suites: [],
		...open === void 0 ? {} : { open }
	};
}
function isUniform(answers) {
	return new Set(answers).size === 1;
}
async function round(line, protocol, suites, serverName, whole) {
	const answers = [];
	for (let variant = 0; variant < 5; variant += 1) {
		const answer = await line.use((wire) => once(wire, line, protocol, suites, serverName, variant, whole));
		if (typeof answer !== "string") return answer;
		line.note("hello");
		answers.push(answer);
	}
	return answers;
}
async function once(wire, line, protocol, suites, serverName, variant, whole) {
	const answer = await ask(wire, clientHello(olderQuestion(protocol, suites, serverName)), "flight", line.patience);
	const [certificate] = answer.kind === "hello" && answer.whole ? answer.flight.certificates ?? [] : [];
	const key = certificate === void 0 ? void 0 : rsaKeyOf(certificate);
	if (key === void 0) return unknown("unresolved", "no RSA certificate came");
	const block = premaster(key, uint(WIRE_VERSION[protocol], 2), variant);
	const encrypted = block === void 0 ? void 0 : encryptedTo(key, constants$1.RSA_NO_PADDING, block);
	if (encrypted === void 0) return unknown("unsupported", "an RSA key that the blocks do not fit");
	const message = joined([16], vector(3, protocol === "SSLv3" ? encrypted : vector(2, encrypted)));
	const record = (type, body) => tlsRecord(type, WIRE_VERSION[protocol], body);
	wire.write(whole ? joined(record(CONTENT.handshake, message), record(CONTENT.changeCipherSpec, Uint8Array.of(1)), record(CONTENT.handshake, new Uint8Array(64).fill(90))) : record(CONTENT.handshake, message));
	const records = new RecordReader();
	const until = performance.now() + (whole ? line.patience.idle : Math.min(1e3, line.patience.idle));
	for (;;) {
		const received = await wire.read(Math.max(0, until - performance.now()));
		if (received.kind !== "bytes") return received.kind === "timed-out" ? SILENCE : received.kind === "end" ? "closed" : "reset";
		for (const { type, body } of records.push(received.bytes)) return type === CONTENT.alert ? `alert ${alertText(body[1] ?? 0)}` : `record ${type}`;
		if (records.malformed !== void 0) return GARBAGE;
	}
}
function premaster(key, version, variant) {
	const size = Math.ceil((key.asymmetricKeyDetails?.modulusLength ?? 0) / 8);
	if (size < 64) return void 0;
	const filler = (length) => Uint8Array.from(randomBytes(length), (byte) => byte === 0 ? 1 : byte);
	const secret = (head) => joined(head, filler(46));
	const padding = size - 3 - 48;
	switch (variant) {
		case 0: return joined([0, 2], filler(padding), [0], secret(version));
		case 1: return joined([65, 23], filler(padding), [0], secret(version));
		case 2: return joined([0, 2], filler(padding + 1), [0], version, filler(45));
		case 3: return joined([0, 2], filler(size - 2));
		default: return joined([0, 2], filler(padding), [0], secret(Uint8Array.of(2, 2)));
	}
}
// src/collect/tls/ticketbleed-probe.ts
const SHORT_ID = 16;
async function ticketbleedProbe(line, observation, serverName, origin) {
	const way = completable(observation.suites);
	if (way === void 0) return unknown("unsupported", "no suite that a handshake can be completed with");
	const told = (what) => exchangeText(way.protocol, `ticket, session id of ${SHORT_ID} bytes`, what);
	const session = await complete(line, way.protocol, way.suites, serverName, { ticket: new Uint8Array() });
	if (!(session instanceof Tls12Connection)) return unknown("unresolved", told("kind" in session ? session.kind : session.detail));
	const { ticket } = session.made.resumable;
	if (ticket === void 0) return known("safe", origin(told("no ticket is issued")));
	const tails = [];
	for (let count = 0; count < 3; count += 1) {
		const id = randomBytes(SHORT_ID);
		const answer = await line.ask({
			...olderQuestion(way.protocol, [session.made.resumable.suite], serverName),
			sessionId: id,
			ticket
		}, "hello");
		if (answer.kind !== "hello") return await line.unlessRefused(answer, told(answer.kind)) ?? known("safe", origin(told(answer.kind)));
		const { sessionId } = answer.hello;
		if (sessionId.length <= SHORT_ID || !sameBytes(sessionId.subarray(0, SHORT_ID), id)) return known("safe", origin(told(`session id of ${sessionId.length} bytes`)));
		tails.push(hex(sessionId.subarray(SHORT_ID)));
	}
	return new Set(tails).size > 1 ? known("vulnerable", origin(told("the id came back with other bytes behind it"))) : unknown("unresolved", told("the id came back filled up, the same each time"));
}
// src/collect/tls/collector.ts
const MAX_ADDRESSES = 8;
const tlsCollector = {
	name: "tls",
	targets: ["tls", "https"],
	version: "1",
	provides: [certificate.name, tlsListener.name],
	collect: collect$1
};
async function collect$1(target, world, signal, conduct) {
	const declared = {
		kind: "file",
		range: target.declaredAt
	};
	const probes = (target.options["probes"] ?? "").split(",").filter((word) => word !== "");
	const nothing = (why) => {
		const failed = {
			status: "failed",
			gaps: [why],
			looked: why
		};
		return {
			resources: [],
			coverage: Object.fromEntries(kindsOf(probes).map((kind) => [kind, failed])),
			gaps: [why],
			looked: []
		};
	};
	const place = placeOf(target.kind === "https" && !/^https:\/\//i.test(target.address) ? `https://${target.address}` : target.address);
	if ("problem" in place) return nothing(unknown("unsupported", place.problem, declared));
	const proxy = target.options["proxy"] === void 0 ? void 0 : proxyOf(target.options["proxy"]);
	if (proxy !== void 0 && "problem" in proxy) return nothing(unknown("unsupported", proxy.problem, declared));
	const { sni } = target.options;
	if (sni !== void 0 && !isHostName(sni)) return nothing(unknown("unparseable", "sni", declared));
	const anchors = await anchorsOf(target, world);
	if ("state" in anchors) return nothing({
		...anchors,
		origin: declared
	});
	const found = proxy === void 0 ? await world.network.lookup(place.host, signal) : [place.host];
	if ("state" in found) return nothing({
		...found,
		origin: declared
	});
	if (found.length === 0) return nothing(unknown("unreachable", `${place.host}: no address`, declared));
	const gaps = [];
	const addresses = found.filter((address) => {
		const why = guarded(address, place.host);
		if (why !== void 0) gaps.push({
			...why,
			origin: declared
		});
		return why === void 0;
	});
	for (const address of addresses.slice(MAX_ADDRESSES)) gaps.push(unknown("not-collected", `${address}: one of more than ${MAX_ADDRESSES} addresses`, declared));
	const assignment = {
		target,
		place,
		name: sni ?? (ipVersion(place.host) === 0 ? place.host.replace(/\.$/, "") : void 0),
		...proxy === void 0 ? {} : { proxy },
		declared,
		anchors,
		probes,
		several: addresses.length > 1
	};
	return together(assignment, await Promise.all(addresses.slice(0, MAX_ADDRESSES).map(async (address) => {
		const { gate, done } = conduct.gates.of(address);
		try {
			const until = AbortSignal.any([signal, AbortSignal.timeout(conduct.limits.host)]);
			const destination = {
				address,
				port: place.port,
				name: assignment.name ?? place.host,
				...place.dialect === void 0 ? {} : { dialect: place.dialect },
				...proxy === void 0 ? {} : { proxy }
			};
			const line = new HostLine(world.network, destination, conduct.limits, gate, until);
			return await look(assignment, address, line, world, conduct, until);
		} finally {
			done();
		}
	})), gaps);
}
function kindsOf(probes) {
	return [
		certificate.name,
		tlsListener.name,
		...probes.map((probe) => `${probe === "online" ? certificate.name : tlsListener.name}#${probe}`)
	];
}
async function look(assignment, address, line, world, conduct, signal) {
	const { target, place, name, declared, anchors, several, probes } = assignment;
	const where = authorityOf({
		host: address,
		port: place.port
	});
	const wire = (exchange) => ({
		kind: "wire",
		target: target.id,
		exchange
	});
	const observation = await probe(line, address, name, place.service);
	const looked = () => ({
		name: where,
		as: `${place.service}, ${line.made} connection${line.made === 1 ? "" : "s"}`
	});
	if ("state" in observation) return {
		looked: looked(),
		resources: [],
		gaps: [{
			...observation,
			detail: `${where}: ${observation.detail}`,
			origin: declared
		}],
		certificateGaps: []
	};
	const extra = await optInFacts(assignment, observation, line, world, conduct, signal, wire);
	const id = several ? `${authorityOf(place)} @ ${address}` : authorityOf(place);
	const at = world.now();
	const online = {
		network: world.network,
		signal,
		at,
		wire
	};
	const chains = await chainResources(observation, {
		listener: id,
		target: target.id,
		host: name ?? place.host,
		anchors,
		at,
		wire,
		...probes.includes("online") ? { online: (sent, host) => onlineFacts(sent, host, online) } : {}
	});
	const facts = {
		...listenerFacts({
			...observation,
			connections: line.made
		}, place, name, target.id, declared, tlcpPair(observation, wire), authorityText),
		...extra
	};
	return {
		looked: looked(),
		resources: [{
			kind: tlsListener.name,
			id,
			target: target.id,
			stance: "live",
			facts
		}, ...chains.resources],
		gaps: [],
		certificateGaps: chains.gaps.map((gap) => ({
			...gap,
			origin: gap.origin ?? declared
		}))
	};
}
async function optInFacts({ target, place, name, proxy, probes }, observation, line, world, { limits }, signal, wire) {
	const facts = {};
	if (probes.includes("odd")) {
		const clear = target.options["http_port"] ?? (place.port === 443 ? "80" : void 0);
		const to = {
			address: observation.address,
			host: name ?? place.host,
			port: Number(clear),
			...proxy === void 0 ? {} : { proxy }
		};
		const opossum = async () => place.service !== "https" || clear === void 0 ? unknown("unsupported", "no clear-text port is known beside it") : askOpossum(world.network, to, limits.firstByte, signal, wire);
		Object.assign(facts, await oddProbes(line, observation, name, wire, opossum));
	}
	if (probes.includes("intrusive")) {
		facts["robot"] = await robotProbe(line, observation, name, wire);
		facts["ticketbleed"] = await ticketbleedProbe(line, observation, name, wire);
		facts["padding_oracles"] = await paddingProbe(line, observation, name, wire);
	}
	return facts;
}
function authorityText(der) {
	return nameText(readWholeDer(der)) ?? "?";
}
async function anchorsOf({ options }, world) {
	const roots = anchorsFrom(world.roots);
	const file = options["ca"];
	if (file === void 0) return roots;
	const tree = await world.tree(file);
	if ("state" in tree) return tree;
	const { entries } = await tree.walk();
	const [entry] = entries;
	const content = entry === void 0 ? "not-there" : await tree.read(entry.path);
	if (content === "not-there") return unknown("unreachable", `ca: ${file}`);
	if ("state" in content) return content;
	const source = new SourceText(file, content.bytes);
	const blocks = pemBlocks(source).filter(({ label }) => label === "CERTIFICATE");
	if (blocks.length === 0) return unknown("unparseable", `ca: ${file} holds no PEM certificate`);
	if (blocks.some(({ bytes }) => bytes === void 0 || parseCertificate(bytes) === void 0)) return unknown("unparseable", `ca: ${file} holds a certificate that cannot be read`);
	const pems = blocks.map(({ start, end }) => source.text.slice(start, end));
	return joinAnchors(roots, anchorsFrom(pems, "given"));
}
function together({ place, declared, probes }, looks, gaps) {
	const resources = looks.flatMap((one) => one.resources);
	const listenerGaps = [...gaps, ...looks.flatMap((one) => one.gaps)];
	const certificateGaps = [...listenerGaps, ...looks.flatMap((one) => one.certificateGaps)];
	const looked = known(looks.map((one) => one.looked.name).join(", ") || authorityOf(place), declared);
	const listeners = resources.filter(({ kind }) => kind === tlsListener.name).length;
	const coverage = (missing) => ({
		status: missing.length === 0 ? "complete" : listeners > 0 ? "partial" : "failed",
		gaps: missing,
		looked
	});
	const kinds = kindsOf(probes).map((kind) => [kind, coverage(kind.startsWith(certificate.name) ? certificateGaps : listenerGaps)]);
	return {
		resources: resources.toSorted((a, b) => `${a.kind} ${a.id}` < `${b.kind} ${b.id}` ? -1 : 1),
		coverage: Object.fromEntries(kinds.toSorted(([a], [b]) => a < b ? -1 : 1)),
		gaps: [...new Set([...listenerGaps, ...certificateGaps])],
		looked: looks.map((one) => one.looked)
	};
}
// src/collect/registry.ts
const COLLECTORS = [
	filesCollector,
	hostCollector,
	httpCollector,
	sshCollector,
	tlsCollector
];
const CONFIGURATION_NAMES = {
	kinds: [...new Set(COLLECTORS.flatMap(({ targets }) => targets))],
	formats: FORMATS$1.map(({ name }) => name),
	products: PRODUCTS
};
function collectorsFor(kind) {
	return COLLECTORS.filter(({ targets }) => targets.includes(kind));
}
// src/collect/collect.ts
async function* collect(targets, world, schedule) {
	const ordered = targets.toSorted((a, b) => a.id < b.id ? -1 : 1);
	const conduct = conductOf(schedule.limits ?? DEFAULT_LIMITS);
	const running = [];
	let started = 0;
	let done = 0;
	while (done < ordered.length) {
		while (started < ordered.length && running.length < Math.max(1, schedule.concurrency)) {
			const target = ordered[started];
			if (target !== void 0) running.push(collectOne(target, world, schedule, conduct));
			started += 1;
		}
		const record = await running.shift();
		if (record === void 0) return;
		done += 1;
		schedule.onTarget?.(done, record.target);
		yield record;
	}
}
const GRACE = 2e3;
async function collectOne(target, world, schedule, conduct) {
	const collectors = collectorsFor(target.kind);
	if (collectors.length === 0) throw new Error(`no collector for targets of kind ${target.kind}`);
	const found = merged(await Promise.all(collectors.map((collector) => runCollector(collector, target, world, schedule, conduct))));
	return {
		target,
		...world.opened.revealedBy(() => JSON.stringify(found)) ? sealed(target, collectors) : found,
		collectors: Object.fromEntries(collectors.map(({ name, version }) => [name, version])),
		collectedAt: world.now()
	};
}
async function runCollector(collector, target, world, schedule, conduct) {
	const deadline = AbortSignal.timeout(schedule.timeout * 1e3);
	const signal = AbortSignal.any([schedule.signal, deadline]);
	setMaxListeners(0, signal);
	const cancelled = new Promise((resolve) => {
		const cancel = () => void setTimeout(() => resolve("cancelled"), GRACE).unref();
		if (signal.aborted) cancel();
		signal.addEventListener("abort", cancel, { once: true });
	});
	const stopped = () => deadline.aborted ? failed(target, collector.provides, "timed-out", `${schedule.timeout} s`) : failed(target, collector.provides, "interrupted", "");
	try {
		const result = await Promise.race([collector.collect(target, world, signal, conduct), cancelled]);
		return result === "cancelled" ? stopped() : result;
	} catch (error) {
		if (signal.aborted) return stopped();
		return failed(target, collector.provides, "collector-failed", error instanceof Error ? error.message : String(error));
	}
}
function merged(parts) {
	const [only, ...others] = parts;
	if (only !== void 0 && others.length === 0) return only;
	const coverage = new Map();
	for (const [kind, found] of parts.flatMap((part) => Object.entries(part.coverage))) {
		const before = coverage.get(kind);
		coverage.set(kind, before === void 0 ? found : lesser(before, found));
	}
	return {
		resources: parts.flatMap(({ resources }) => resources).toSorted((a, b) => keyOf$1(a) < keyOf$1(b) ? -1 : 1),
		coverage: Object.fromEntries([...coverage].toSorted(([a], [b]) => a < b ? -1 : 1)),
		gaps: parts.flatMap(({ gaps }) => gaps),
		looked: parts.flatMap(({ looked }) => looked)
	};
}
function keyOf$1({ kind, id }) {
	return `${kind}\u0000${id}`;
}
function lesser(a, b) {
	return {
		status: a.status === b.status ? a.status : a.status === "complete" || b.status === "complete" ? "partial" : "failed",
		gaps: [...a.gaps, ...b.gaps],
		looked: a.looked
	};
}
function sealed(target, collectors) {
	return failed(target, collectors.flatMap(({ provides }) => provides), "collector-failed", "a credential of this target stood in what it said: nothing of it is kept");
}
function failed(target, provides, cause, detail) {
	const why = unknown(cause, detail, {
		kind: "file",
		range: target.declaredAt
	});
	const coverage = {
		status: "failed",
		gaps: [why],
		looked: why
	};
	return {
		resources: [],
		coverage: Object.fromEntries(provides.map((kind) => [kind, coverage])),
		gaps: [why],
		looked: []
	};
}
// src/evidence/finding-store.ts
const IN_MEMORY = 5e3;
const BATCH = 500;
var FindingStore = class {
	#memory = [];
	#spilled;
	#batch = [];
	add(findings) {
		easeMemory();
		for (const finding of findings) if (this.#spilled !== void 0) this.#spill(finding);
		else if (this.#memory.length < IN_MEMORY) this.#memory.push(finding);
		else this.#open(finding);
	}
	*[Symbol.iterator]() {
		if (this.#spilled === void 0) {
			yield* this.#memory;
			return;
		}
		this.#flush();
		let read = 0;
		for (const { value } of linesOf(this.#spilled.file)) {
			if (isFinding(value)) yield value;
			read += 1;
			if (read % BATCH === 0) easeMemory();
		}
	}
	close() {
		if (this.#spilled === void 0) return;
		closeSync(this.#spilled.descriptor);
		rmSync(this.#spilled.directory, {
			recursive: true,
			force: true
		});
		this.#spilled = void 0;
	}
	#open(finding) {
		const directory = mkdtempSync(join(tmpdir(), "custos-findings-"));
		const file = join(directory, "findings.jsonl");
		this.#spilled = {
			directory,
			file,
			descriptor: openSync(file, "wx", 384)
		};
		for (const held of this.#memory) this.#spill(held);
		this.#memory = [];
		this.#spill(finding);
	}
	#spill(finding) {
		this.#batch.push(JSON.stringify(finding));
		if (this.#batch.length >= BATCH) this.#flush();
	}
	#flush() {
		if (this.#spilled === void 0 || this.#batch.length === 0) return;
		writeSync(this.#spilled.descriptor, `${this.#batch.join("\n")}\n`);
		this.#batch = [];
	}
};
function isFinding(value) {
	return typeof value === "object" && value !== null && "outcome" in value && "control" in value;
}
// src/scan.ts
async function assess(records, assessor) {
	const findings = new FindingStore();
	try {
		for await (const record of records) findings.add(await assessor.judge(record));
		for (let some = await assessor.judgeRest(); some !== void 0; some = await assessor.judgeRest()) findings.add(some);
		const end = await assessor.finish();
		findings.add(end.findings);
		return {
			findings,
			summary: end.summary
		};
	} catch (error) {
		findings.close();
		throw error;
	}
}
function scan(plan, world, schedule, assessor, onRecord) {
	return judgeUntil(schedule.signal, collect(plan.targets, world, schedule), assessor, onRecord);
}
async function judgeUntil(signal, records, assessor, onRecord) {
	const { findings, summary } = await assess(watched(records, onRecord), assessor);
	if (!signal.aborted) return {
		findings,
		summary
	};
	const reasons = [INTERRUPTED, ...summary.verdict.reasons];
	return {
		findings,
		summary: {
			...summary,
			verdict: {
				exitCode: 130,
				reasons
			}
		}
	};
}
const INTERRUPTED = {
	en: "interrupted: what was not looked at by then is not determined",
	zh: "已中断：此前未查看的内容均未判定"
};
async function* watched(records, onRecord) {
	for await (const record of records) {
		await onRecord?.(record);
		yield record;
	}
}
async function* collectLines(plan, world, schedule, toolVersion, shard, base) {
	const lines = new EvidenceLines();
	const ordered = plan.targets.toSorted((a, b) => a.id < b.id ? -1 : 1);
	const share = shard === void 0 ? ordered : ordered.filter((_, place) => place % shard.of === shard.index - 1);
	yield* lines.header(plan, toolVersion, shard, base);
	for await (const record of collect(share, world, schedule)) yield lines.record(record);
	yield lines.footer();
}
// src/world/node-databases.ts
var import_ignore = __toESM(__commonJSMin(((exports, module) => {
	function makeArray(subject) {
		return Array.isArray(subject) ? subject : [subject];
	}
	const UNDEFINED = void 0;
	const EMPTY = "";
	const SPACE = " ";
	const ESCAPE = "\\";
	const REGEX_TEST_BLANK_LINE = /^\s+$/;
	const REGEX_INVALID_TRAILING_BACKSLASH = /(?:[^\\]|^)\\$/;
	const REGEX_REPLACE_LEADING_EXCAPED_EXCLAMATION = /^\\!/;
	const REGEX_REPLACE_LEADING_EXCAPED_HASH = /^\\#/;
	const REGEX_SPLITALL_CRLF = /\r?\n/g;
	const REGEX_TEST_INVALID_PATH = /^\.{0,2}\/|^\.{1,2}$/;
	const REGEX_TEST_TRAILING_SLASH = /\/$/;
	const SLASH = "/";
	let TMP_KEY_IGNORE = "node-ignore";
	if (typeof Symbol !== "undefined") TMP_KEY_IGNORE = Symbol.for("node-ignore");
	const KEY_IGNORE = TMP_KEY_IGNORE;
	const define = (object, key, value) => {
		Object.defineProperty(object, key, { value });
		return value;
	};
	const REGEX_REGEXP_RANGE = /([0-z])-([0-z])/g;
	const RETURN_FALSE = () => false;
	const sanitizeRange = (range) => range.replace(REGEX_REGEXP_RANGE, (match, from, to) => from.charCodeAt(0) <= to.charCodeAt(0) ? match : EMPTY);
	const cleanRangeBackSlash = (slashes) => {
		const { length } = slashes;
		return slashes.slice(0, length - length % 2);
	};
	const REPLACERS = [
		[/^\uFEFF/, () => EMPTY],
		[/((?:\\\\)*?)(\\?\s+)$/, (_, m1, m2) => m1 + (m2.indexOf("\\") === 0 ? SPACE : EMPTY)],
		[/(\\+?)\s/g, (_, m1) => {
			const { length } = m1;
			return m1.slice(0, length - length % 2) + SPACE;
		}],
		[/[\\$.|*+(){^]/g, (match) => `\\${match}`],
		[/(?!\\)\?/g, () => "[^/]"],
		[/^\//, () => "^"],
		[/\//g, () => "\\/"],
		[/^\^*\\\*\\\*\\\//, () => "^(?:.*\\/)?"],
		[/^(?=[^^])/, function startingReplacer() {
			return !/\/(?!$)/.test(this) ? "(?:^|\\/)" : "^";
		}],
		[/\\\/\\\*\\\*(?=\\\/|$)/g, (_, index, str) => index + 6 < str.length ? "(?:\\/[^\\/]+)*" : "\\/.+"],
		[/(^|[^\\]+)(\\\*)+(?=.+)/g, (_, p1, p2) => {
			return p1 + p2.replace(/\\\*/g, "[^\\/]*");
		}],
		[/\\\\\\(?=[$.|*+(){^])/g, () => ESCAPE],
		[/\\\\/g, () => ESCAPE],
		[/(\\)?\[([^\]/]*?)(\\*)($|\])/g, (match, leadEscape, range, endEscape, close) => leadEscape === ESCAPE ? `\\[${range}${cleanRangeBackSlash(endEscape)}${close}` : close === "]" ? endEscape.length % 2 === 0 ? `[${sanitizeRange(range)}${endEscape}]` : "[]" : "[]"],
		[/(?:[^*])$/, (match) => /\/$/.test(match) ? `${match}$` : `${match}(?=$|\\/$)`]
	];
	const REGEX_REPLACE_TRAILING_WILDCARD = /(^|\\\/)?\\\*$/;
	const MODE_IGNORE = "regex";
	const MODE_CHECK_IGNORE = "checkRegex";
	const TRAILING_WILD_CARD_REPLACERS = {
		[MODE_IGNORE](_, p1) {
			return `${p1 ? `${p1}[^/]+` : "[^/]*"}(?=$|\\/$)`;
		},
		[MODE_CHECK_IGNORE](_, p1) {
			return `${p1 ? `${p1}[^/]*` : "[^/]*"}(?=$|\\/$)`;
		}
	};
	const makeRegexPrefix = (pattern) => REPLACERS.reduce((prev, [matcher, replacer]) => prev.replace(matcher, replacer.bind(pattern)), pattern);
	const isString = (subject) => typeof subject === "string";
	const checkPattern = (pattern) => pattern && isString(pattern) && !REGEX_TEST_BLANK_LINE.test(pattern) && !REGEX_INVALID_TRAILING_BACKSLASH.test(pattern) && pattern.indexOf("#") !== 0;
	const splitPattern = (pattern) => pattern.split(REGEX_SPLITALL_CRLF).filter(Boolean);
	var IgnoreRule = class {
		constructor(pattern, mark, body, ignoreCase, negative, prefix) {
			this.pattern = pattern;
			this.mark = mark;
			this.negative = negative;
			define(this, "body", body);
			define(this, "ignoreCase", ignoreCase);
			define(this, "regexPrefix", prefix);
		}
		get regex() {
			const key = "_regex";
			if (this[key]) return this[key];
			return this._make(MODE_IGNORE, key);
		}
		get checkRegex() {
			const key = "_checkRegex";
			if (this[key]) return this[key];
			return this._make(MODE_CHECK_IGNORE, key);
		}
		_make(mode, key) {
			const str = this.regexPrefix.replace(REGEX_REPLACE_TRAILING_WILDCARD, TRAILING_WILD_CARD_REPLACERS[mode]);
			const regex = this.ignoreCase ? new RegExp(str, "i") : new RegExp(str);
			return define(this, key, regex);
		}
	};
	const createRule = ({ pattern, mark }, ignoreCase) => {
		let negative = false;
		let body = pattern;
		if (body.indexOf("!") === 0) {
			negative = true;
			body = body.substr(1);
		}
		body = body.replace(REGEX_REPLACE_LEADING_EXCAPED_EXCLAMATION, "!").replace(REGEX_REPLACE_LEADING_EXCAPED_HASH, "#");
		const regexPrefix = makeRegexPrefix(body);
		return new IgnoreRule(pattern, mark, body, ignoreCase, negative, regexPrefix);
	};
	var RuleManager = class {
		constructor(ignoreCase) {
			this._ignoreCase = ignoreCase;
			this._rules = [];
		}
		_add(pattern) {
			if (pattern && pattern[KEY_IGNORE]) {
				this._rules = this._rules.concat(pattern._rules._rules);
				this._added = true;
				return;
			}
			if (isString(pattern)) pattern = { pattern };
			if (checkPattern(pattern.pattern)) {
				const rule = createRule(pattern, this._ignoreCase);
				this._added = true;
				this._rules.push(rule);
			}
		}
		add(pattern) {
			this._added = false;
			makeArray(isString(pattern) ? splitPattern(pattern) : pattern).forEach(this._add, this);
			return this._added;
		}
		test(path, checkUnignored, mode) {
			let ignored = false;
			let unignored = false;
			let matchedRule;
			this._rules.forEach((rule) => {
				const { negative } = rule;
				if (unignored === negative && ignored !== unignored || negative && !ignored && !unignored && !checkUnignored) return;
				if (!rule[mode].test(path)) return;
				ignored = !negative;
				unignored = negative;
				matchedRule = negative ? UNDEFINED : rule;
			});
			const ret = {
				ignored,
				unignored
			};
			if (matchedRule) ret.rule = matchedRule;
			return ret;
		}
	};
	const throwError = (message, Ctor) => {
		throw new Ctor(message);
	};
	const checkPath = (path, originalPath, doThrow) => {
		if (!isString(path)) return doThrow(`path must be a string, but got \`${originalPath}\``, TypeError);
		if (!path) return doThrow(`path must not be empty`, TypeError);
		if (checkPath.isNotRelative(path)) return doThrow(`path should be a \`path.relative()\`d string, but got "${originalPath}"`, RangeError);
		return true;
	};
	const isNotRelative = (path) => REGEX_TEST_INVALID_PATH.test(path);
	checkPath.isNotRelative = isNotRelative;
	checkPath.convert = (p) => p;
	var Ignore = class {
		constructor({ ignorecase = true, ignoreCase = ignorecase, allowRelativePaths = false } = {}) {
			define(this, KEY_IGNORE, true);
			this._rules = new RuleManager(ignoreCase);
			this._strictPathCheck = !allowRelativePaths;
			this._initCache();
		}
		_initCache() {
			this._ignoreCache = Object.create(null);
			this._testCache = Object.create(null);
		}
		add(pattern) {
			if (this._rules.add(pattern)) this._initCache();
			return this;
		}
		addPattern(pattern) {
			return this.add(pattern);
		}
		_test(originalPath, cache, checkUnignored, slices) {
			const path = originalPath && checkPath.convert(originalPath);
			checkPath(path, originalPath, this._strictPathCheck ? throwError : RETURN_FALSE);
			return this._t(path, cache, checkUnignored, slices);
		}
		checkIgnore(path) {
			if (!REGEX_TEST_TRAILING_SLASH.test(path)) return this.test(path);
			const slices = path.split(SLASH).filter(Boolean);
			slices.pop();
			if (slices.length) {
				const parent = this._t(slices.join(SLASH) + SLASH, this._testCache, true, slices);
				if (parent.ignored) return parent;
			}
			return this._rules.test(path, false, MODE_CHECK_IGNORE);
		}
		_t(path, cache, checkUnignored, slices) {
			if (path in cache) return cache[path];
			if (!slices) slices = path.split(SLASH).filter(Boolean);
			slices.pop();
			if (!slices.length) return cache[path] = this._rules.test(path, checkUnignored, MODE_IGNORE);
			const parent = this._t(slices.join(SLASH) + SLASH, cache, checkUnignored, slices);
			return cache[path] = parent.ignored ? parent : this._rules.test(path, checkUnignored, MODE_IGNORE);
		}
		ignores(path) {
			return this._test(path, this._ignoreCache, false).ignored;
		}
		createFilter() {
			return (path) => !this.ignores(path);
		}
		filter(paths) {
			return makeArray(paths).filter(this.createFilter());
		}
		test(path) {
			return this._test(path, this._testCache, true);
		}
	};
	const factory = (options) => new Ignore(options);
	const isPathValid = (path) => checkPath(path && checkPath.convert(path), path, RETURN_FALSE);
	const setupWindows = () => {
		const makePosix = (str) => /^\\\\\?\\/.test(str) || /["<>|\u0000-\u001F]+/u.test(str) ? str : str.replace(/\\/g, "/");
		checkPath.convert = makePosix;
		const REGEX_TEST_WINDOWS_PATH_ABSOLUTE = /^[a-z]:\//i;
		checkPath.isNotRelative = (path) => REGEX_TEST_WINDOWS_PATH_ABSOLUTE.test(path) || isNotRelative(path);
	};
	if (typeof process !== "undefined" && process.platform === "win32") setupWindows();
	module.exports = factory;
	factory.default = factory;
	module.exports.isPathValid = isPathValid;
	define(module.exports, Symbol.for("setupWindows"), setupWindows);
}))(), 1);
function nodeDatabases(_opened) {
	return {
		postgres: async () => unknown("unsupported", "postgres"),
		mysql: async () => unknown("unsupported", "mysql")
	};
}
// src/world/node-command.ts
function runCommand({ id, seconds, maxBytes, exits, environment = {} }, program, args, signal) {
	if (signal.aborted) return Promise.resolve(unknown("interrupted", id));
	return new Promise((resolve) => {
		const child = spawn(program, args, {
			cwd: "/",
			env: {
				...COMMAND_ENVIRONMENT,
				...environment
			},
			stdio: [
				"ignore",
				"pipe",
				"pipe"
			],
			detached: true
		});
		const chunks = [];
		let size = 0;
		let complaint = "";
		const end = (result) => {
			clearTimeout(timer);
			signal.removeEventListener("abort", interrupt);
			kill(child.pid);
			resolve(result);
		};
		const timer = setTimeout(() => end(unknown("timed-out", `${id}: ${seconds} s`)), seconds * 1e3);
		const interrupt = () => end(unknown("interrupted", id));
		signal.addEventListener("abort", interrupt, { once: true });
		child.stdout.on("data", (chunk) => {
			size += chunk.length;
			if (size > maxBytes) end(unknown("unsupported", `${id}: wrote more than ${maxBytes} bytes`));
			else chunks.push(chunk);
		});
		child.stderr.on("data", (chunk) => {
			if (complaint.length < 400) complaint += chunk.toString("utf8");
		});
		child.on("error", (error) => end(unknown("collector-failed", `${id}: ${error.message}`)));
		child.on("close", (code) => {
			if (code !== null && exits.includes(code)) {
				end({
					text: Buffer.concat(chunks).toString("utf8"),
					exit: code
				});
				return;
			}
			const first = complaint.split("\n").find((line) => line.trim() !== "") ?? "";
			const denied = /permission denied|operation not permitted|must be (?:run as )?root|not allowed/i.test(complaint);
			end(unknown(denied ? "access-denied" : "refused", `${id}: ${first.trim().slice(0, 200)} (exit ${code ?? "by signal"})`));
		});
	});
}
function kill(pid) {
	if (pid === void 0) return;
	try {
		process.kill(-pid, "SIGKILL");
	} catch {}
}
// src/world/node-host.ts
const MAX_FILE_BYTES$2 = 8388608;
const MAX_ENTRIES$2 = 2e4;
const MAX_LINKS = 40;
const SEARCH_TIME = 6e4;
const MAX_FOUND = 1e4;
function nodeHost(form, directory, signal) {
	const at = (path) => join(directory, path);
	const guarded = async (path, ask) => {
		if (signal.aborted) return unknown("interrupted", path);
		try {
			return await ask();
		} catch (error) {
			return notThereOr$1(error, path);
		}
	};
	return {
		form,
		name: form === "local" ? "localhost" : directory,
		privileged: process.getuid?.() === 0,
		stat: (path, follow = false) => guarded(path, async () => {
			const real = await resolved(directory, path, follow);
			return typeof real === "string" ? entryOf$1(path, await lstat(at(real))) : real.why;
		}),
		read: (path) => guarded(path, () => read$1(directory, path)),
		list: (path) => guarded(path, () => list(directory, path)),
		readlink: (path) => guarded(path, async () => {
			const real = await resolved(directory, path, false);
			return typeof real === "string" ? { to: await readlink(at(real)) } : real.why;
		}),
		search: (what) => search(directory, what, signal),
		run: async (command, values = {}) => {
			if (form === "root") return unknown("unsupported", "an offline root runs no commands");
			const args = commandArguments(command, values);
			if (!("length" in args)) return unknown("unsupported", `${command.id}: no such ${args.problem}`);
			for (const program of command.programs) {
				try {
					await access(program, constants.X_OK);
				} catch {
					continue;
				}
				return runCommand(command, program, args, signal);
			}
			return "not-there";
		},
		close: async () => {}
	};
}
async function resolved(root, path, last) {
	const waiting = path.split("/").filter((part) => part !== "" && part !== ".");
	const done = [];
	let links = 0;
	for (let part = waiting.shift(); part !== void 0; part = waiting.shift()) {
		if (part === "..") {
			done.pop();
			continue;
		}
		const here = [...done, part].join("/");
		const link = waiting.length > 0 || last ? await linkAt(join(root, here)) : void 0;
		if (link === void 0) {
			done.push(part);
			continue;
		}
		links += 1;
		if (links > MAX_LINKS) return { why: unknown("unresolved", `${path}: a loop of links`) };
		if (link.startsWith("/")) done.length = 0;
		waiting.unshift(...link.split("/").filter((word) => word !== "" && word !== "."));
	}
	return `/${done.join("/")}`;
}
async function linkAt(absolute) {
	return (await lstat(absolute)).isSymbolicLink() ? readlink(absolute) : void 0;
}
async function read$1(root, path) {
	const real = await resolved(root, path, true);
	if (typeof real !== "string") return real.why;
	const handle = await open(join(root, real), constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
	try {
		const info = await handle.stat();
		if (!info.isFile()) return unknown("unsupported", `${path}: not a regular file`);
		if (info.size > MAX_FILE_BYTES$2) return unknown("unsupported", `${path}: larger than ${MAX_FILE_BYTES$2} bytes`);
		const bytes = Buffer.alloc(info.size === 0 ? 8388609 : info.size + 1);
		let length = 0;
		for (;;) {
			const { bytesRead } = await handle.read(bytes, length, bytes.length - length, null);
			if (bytesRead === 0) break;
			length += bytesRead;
			if (length === bytes.length) return unknown("unsupported", `${path}: grew while it was read`);
		}
		return {
			...entryOf$1(path, info),
			bytes: Uint8Array.from(bytes.subarray(0, length))
		};
	} finally {
		await handle.close();
	}
}
async function list(root, path) {
	const real = await resolved(root, path, true);
	if (typeof real !== "string") return real.why;
	const names = (await readdir(join(root, real))).toSorted();
	if (names.length > MAX_ENTRIES$2) return unknown("unsupported", `${path}: more than ${MAX_ENTRIES$2} entries`);
	const entries = [];
	const unseen = [];
	for (const name of names) {
		const below = path === "/" ? `/${name}` : `${path}/${name}`;
		try {
			entries.push(entryOf$1(below, await lstat(join(root, real, name))));
		} catch (error) {
			const why = notThereOr$1(error, below);
			if (why !== "not-there") unseen.push({
				path: below,
				why
			});
		}
	}
	return {
		entries,
		unseen
	};
}
async function search(root, { from, what }, signal) {
	const entries = [];
	const unseen = [];
	const end = performance.now() + SEARCH_TIME;
	const waiting = [];
	for (const path of from) try {
		waiting.push({
			path,
			device: lstatSync(join(root, path)).dev
		});
	} catch (error) {
		const why = notThereOr$1(error, path);
		if (why !== "not-there") unseen.push({
			path,
			why
		});
	}
	for (let next = waiting.pop(); next !== void 0; next = waiting.pop()) {
		if (signal.aborted) return unknown("interrupted", next.path);
		if (performance.now() > end || entries.length > MAX_FOUND) return {
			entries,
			unseen: [...unseen, {
				path: next.path,
				why: unknown("timed-out", `${next.path}: the search was ended`)
			}]
		};
		let names;
		try {
			names = readdirSync(join(root, next.path));
		} catch (error) {
			const why = notThereOr$1(error, next.path);
			if (why !== "not-there") unseen.push({
				path: next.path,
				why
			});
			continue;
		}
		for (const name of names) {
			const path = next.path === "/" ? `/${name}` : `${next.path}/${name}`;
			let info;
			try {
				info = lstatSync(join(root, path));
			} catch {
				continue;
			}
			if (info.isDirectory() && info.dev === next.device) waiting.push({
				path,
				device: info.dev
			});
			if (isWanted(info, what)) entries.push(entryOf$1(path, info));
		}
		await setImmediate$1();
	}
	return {
		entries: entries.toSorted((a, b) => a.path < b.path ? -1 : 1),
		unseen
	};
}
function isWanted(info, what) {
	if (what === "special") return info.isFile() && (info.mode & 3072) !== 0;
	if ((info.mode & 2) === 0 || info.isSymbolicLink()) return false;
	return info.isFile() || info.isDirectory() && (info.mode & 512) === 0;
}
function entryOf$1(path, info) {
	return {
		path,
		kind: info.isFile() ? "file" : info.isDirectory() ? "directory" : info.isSymbolicLink() ? "link" : "other",
		size: info.size,
		mode: info.mode & 4095,
		uid: info.uid,
		gid: info.gid,
		modified: `${info.mtime.toISOString().slice(0, 19)}Z`
	};
}
const CAUSE_OF$3 = {
	EACCES: "access-denied",
	EPERM: "access-denied",
	ELOOP: "unresolved",
	ENXIO: "unsupported",
	ENAMETOOLONG: "unsupported",
	EINVAL: "unsupported",
	EIO: "unreachable",
	ESTALE: "unreachable"
};
function notThereOr$1(error, path) {
	const code = error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
	if (code === "ENOENT" || code === "ENOTDIR") return "not-there";
	const cause = CAUSE_OF$3[code];
	return cause === void 0 ? unknown("collector-failed", `${path}: ${code || String(error)}`) : unknown(cause, `${path}: ${code}`);
}
// src/world/node-proxy.ts
const MAX_ANSWER = 8192;
async function throughProxy(connection, target, proxy, timeout) {
	const until = performance.now() + timeout;
	const answer = new Answer(connection, () => until - performance.now());
	return (proxy.kind === "http" ? await connectMethod(connection, answer, target) : await socks5(connection, answer, target)) ?? answer.rest();
}
async function connectMethod(connection, answer, { host, port }) {
	const authority = `${ipVersion(host) === 6 ? `[${host}]` : host}:${port}`;
	connection.write(new TextEncoder().encode(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n\r\n`));
	const head = await answer.through("\r\n\r\n");
	if (typeof head !== "string") return head;
	const status = /^HTTP\/1\.[01] (\d{3})\b/.exec(head)?.[1];
	if (status === void 0) return unknown("unparseable", "proxy");
	return status.startsWith("2") ? void 0 : unknown("refused", `proxy: ${head.split("\r\n")[0]?.slice(0, 120) ?? status}`);
}
async function socks5(connection, answer, { host, port }) {
	connection.write(Uint8Array.of(5, 1, 0));
	const greeting = await answer.take(2);
	if ("state" in greeting) return greeting;
	if (greeting[0] !== 5) return unknown("unparseable", "proxy");
	if (greeting[1] !== 0) return unknown("refused", "proxy: demands authentication");
	const name = new TextEncoder().encode(host);
	const ip = ipBytes(host);
	const address = ip === void 0 ? Uint8Array.of(3, name.length, ...name) : Uint8Array.of(ip.length === 4 ? 1 : 4, ...ip);
	connection.write(Uint8Array.of(5, 1, 0, ...address, port >> 8, port & 255));
	const head = await answer.take(4);
	if ("state" in head) return head;
	if (head[0] !== 5) return unknown("unparseable", "proxy");
	if (head[1] !== 0) return unknown("refused", `proxy: reply ${head[1] ?? ""}`);
	const bound = await boundLength(answer, head[3]);
	if (typeof bound !== "number") return bound;
	const rest = await answer.take(bound + 2);
	return "state" in rest ? rest : void 0;
}
async function boundLength(answer, type) {
	if (type === 1) return 4;
	if (type === 4) return 16;
	if (type !== 3) return unknown("unparseable", "proxy");
	const size = await answer.take(1);
	return "state" in size ? size : size[0] ?? 0;
}
var Answer = class {
	#connection;
	#left;
	#held = Buffer.alloc(0);
	constructor(connection, left) {
		this.#connection = connection;
		this.#left = left;
	}
	async take(count) {
		while (this.#held.length < count) {
			const why = await this.#more();
			if (why !== void 0) return why;
		}
		return this.#taken(count);
	}
	rest() {
		return this.#held;
	}
	async through(mark) {
		for (;;) {
			const at = this.#held.indexOf(mark);
			if (at !== -1) return Buffer.from(this.#taken(at + mark.length)).toString("latin1");
			const why = await this.#more();
			if (why !== void 0) return why;
		}
	}
	#taken(count) {
		const taken = this.#held.subarray(0, count);
		this.#held = this.#held.subarray(count);
		return taken;
	}
	async #more() {
		if (this.#held.length > MAX_ANSWER) return unknown("unparseable", "proxy");
		const received = await this.#connection.read(this.#left());
		if (received.kind === "bytes") {
			this.#held = Buffer.concat([this.#held, received.bytes]);
			return;
		}
		return received.kind === "timed-out" ? unknown("timed-out", "proxy") : unknown("refused", "proxy: closed the connection");
	}
};
// src/world/node-socket.ts
async function openSocket(options) {
	const { proxy, timeout, signal } = options;
	const started = performance.now();
	const socket = await dial(proxy ?? options, timeout, signal);
	if ("state" in socket || proxy === void 0) return socket;
	const { connection, release } = connectionOver(socket, signal);
	const answered = await throughProxy(connection, options, proxy, Math.max(1, timeout - (performance.now() - started)));
	if ("state" in answered) {
		connection.close();
		return answered;
	}
	release();
	if (answered.length > 0) socket.unshift(answered);
	return socket;
}
const CAUSE_OF$2 = {
	ECONNREFUSED: "refused",
	ETIMEDOUT: "timed-out",
	EACCES: "access-denied",
	EPERM: "access-denied",
	EMFILE: "collector-failed",
	ENFILE: "collector-failed"
};
function dial({ host, port }, timeout, signal) {
	const where = isIP(host) === 6 ? `[${host}]:${port}` : `${host}:${port}`;
	if (signal.aborted) return Promise.resolve(unknown("timed-out", where));
	return new Promise((resolve) => {
		const socket = connect$1({
			host,
			port,
			noDelay: true
		});
		const settle = (result) => {
			clearTimeout(timer);
			signal.removeEventListener("abort", stop);
			socket.removeAllListeners();
			socket.on("error", () => void 0);
			if (result !== socket) socket.destroy();
			resolve(result);
		};
		const stop = () => settle(unknown("timed-out", where));
		const timer = setTimeout(stop, timeout);
		signal.addEventListener("abort", stop, { once: true });
		socket.once("connect", () => settle(socket));
		socket.once("error", (error) => settle(unknown(CAUSE_OF$2[errorCode$1(error)] ?? "unreachable", `${where}: ${errorCode$1(error)}`)));
	});
}
function connectionOver(socket, signal) {
	let ended;
	let wake;
	const end = (why) => {
		ended ??= why;
		wake?.();
	};
	const listeners = {
		readable: () => wake?.(),
		end: () => end({ kind: "end" }),
		error: (error) => end({
			kind: "reset",
			detail: errorCode$1(error)
		}),
		close: () => end({ kind: "end" })
	};
	for (const [event, listener] of Object.entries(listeners)) socket.on(event, listener);
	const take = () => {
		const chunk = socket.read();
		return Buffer.isBuffer(chunk) ? {
			kind: "bytes",
			bytes: chunk
		} : ended;
	};
	return {
		connection: {
			write: (bytes) => void (socket.writable && socket.write(bytes)),
			read: (timeout) => {
				const now = take();
				if (now !== void 0) return Promise.resolve(now);
				if (signal.aborted || timeout <= 0) return Promise.resolve({ kind: "timed-out" });
				return new Promise((resolve) => {
					const settle = (result) => {
						clearTimeout(timer);
						signal.removeEventListener("abort", stop);
						wake = void 0;
						resolve(result);
					};
					const stop = () => settle({ kind: "timed-out" });
					const timer = setTimeout(stop, timeout);
					signal.addEventListener("abort", stop, { once: true });
					wake = () => {
						const result = take();
						if (result !== void 0) settle(result);
					};
				});
			},
			close: () => {
				socket.destroy();
			}
		},
		release: () => {
			for (const [event, listener] of Object.entries(listeners)) socket.off(event, listener);
		}
	};
}
function errorCode$1(error) {
	return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : String(error);
}
// src/world/node-http.ts
const MAX_HEADER_BYTES = 65536;
async function request(asked) {
	const url = URL.parse(asked.url);
	if (url === null || !/^https?:$/.test(url.protocol)) return unknown("unparseable", asked.url.slice(0, 200));
	const secure = url.protocol === "https:";
	const where = isIP(asked.address) === 6 ? `[${asked.address}]` : asked.address;
	const port = url.port === "" ? secure ? 443 : 80 : Number(url.port);
	if (asked.signal.aborted) return unknown("timed-out", `${where}:${port}`);
	const over = new AbortController();
	const stop = () => over.abort();
	const timer = setTimeout(stop, asked.timeout);
	asked.signal.addEventListener("abort", stop, { once: true });
	let opened;
	try {
		const { proxy, timeout } = asked;
		const plain = await openSocket({
			host: asked.address,
			port,
			timeout,
			signal: over.signal,
			...proxy === void 0 ? {} : { proxy }
		});
		if ("state" in plain) return plain;
		opened = plain;
		const socket = secure ? await encrypted(plain, asked.serverName ?? url.hostname, over.signal) : plain;
		if ("state" in socket) return socket;
		return await exchange((await import("./undici.mjs").then((m) => __toESM(m.default, 1))).Client, socket, url, asked, over.signal);
	} finally {
		clearTimeout(timer);
		asked.signal.removeEventListener("abort", stop);
		opened?.destroy();
	}
}
function encrypted(socket, host, signal) {
	const name = host.replace(/^\[(.*)\]$/, "$1");
	return new Promise((resolve) => {
		const tls = connect({
			socket,
			...isIP(name) === 0 ? { servername: name } : {},
			rejectUnauthorized: false,
			checkServerIdentity: () => void 0,
			minVersion: "TLSv1",
			ciphers: "DEFAULT:@SECLEVEL=0",
			minDHSize: 1,
			secureOptions: constants$1.SSL_OP_LEGACY_SERVER_CONNECT | constants$1.SSL_OP_ALLOW_UNSAFE_LEGACY_RENEGOTIATION,
			ALPNProtocols: ["http/1.1"]
		});
		const settle = (result) => {
			signal.removeEventListener("abort", stop);
			tls.off("secureConnect", done);
			tls.off("close", closed);
			tls.off("error", failed);
			tls.on("error", () => void 0);
			if (result !== tls) tls.destroy();
			resolve(result);
		};
		const stop = () => settle(unknown("timed-out", `TLS handshake with ${host}`));
		const done = () => settle(tls);
		const failed = (error) => settle(causeOf(error, `TLS handshake with ${host}`));
		const closed = () => settle(unknown("unreachable", `TLS handshake with ${host}: closed`));
		tls.once("secureConnect", done);
		tls.once("error", failed);
		tls.once("close", closed);
		signal.addEventListener("abort", stop, { once: true });
		if (signal.aborted) stop();
	});
}
function exchange(Connected, socket, url, asked, signal) {
	const where = `${asked.method} ${url.origin}${url.pathname}`.slice(0, 200);
	const client = new Connected(url.origin, {
		connect: (_, callback) => queueMicrotask(() => callback(null, socket)),
		allowH2: false,
		pipelining: 0,
		maxHeaderSize: MAX_HEADER_BYTES,
		headersTimeout: 0,
		bodyTimeout: 0
	});
	return new Promise((resolve) => {
		let head;
		const chunks = [];
		let length = 0;
		let settled = false;
		const settle = (why) => {
			if (settled) return;
			settled = true;
			signal.removeEventListener("abort", stop);
			resolve(head === void 0 && typeof why !== "string" ? why : answer(why === "whole"));
			client.destroy().catch(() => void 0);
			socket.destroy();
		};
		const answer = (whole) => head === void 0 ? unknown("unparseable", where) : {
			...head,
			body: Buffer.concat(chunks),
			cut: !whole
		};
		const stop = () => settle(unknown("timed-out", where));
		signal.addEventListener("abort", stop, { once: true });
		const handler = {
			onRequestStart: () => void 0,
			onResponseStart: (controller, status) => {
				if (status >= 200) head ??= {
					status,
					headers: pairs(controller.rawHeaders)
				};
			},
			onResponseData: (_, chunk) => {
				if (settled) return;
				const kept = chunk.subarray(0, asked.maxBody - length);
				chunks.push(kept);
				length += kept.length;
				if (kept.length < chunk.length) settle("cut");
			},
			onResponseEnd: () => settle("whole"),
			onResponseError: (_, error) => settle(causeOf(error, where))
		};
		try {
			const { method, headers, body } = asked;
			const path = `${url.pathname}${url.search}`;
			client.dispatch({
				method,
				path,
				headers: { ...headers },
				...body === void 0 ? {} : { body: Buffer.from(body) }
			}, handler);
		} catch (error) {
			settle(unknown("collector-failed", `${where}: ${errorCode$1(error)}`));
		}
		if (signal.aborted) stop();
	});
}
function pairs(raw) {
	const texts = Array.isArray(raw) ? raw.map((one) => Buffer.isBuffer(one) ? one.toString("latin1") : String(one)) : [];
	return texts.flatMap((name, index) => index % 2 === 0 ? [[name, texts[index + 1] ?? ""]] : []);
}
function causeOf(error, where) {
	const code = errorCode$1(error);
	const detail = `${where}: ${code}`.slice(0, 300);
	const cause = error instanceof Error && (/^(?:HTTPParserError|ResponseContentLengthMismatchError)$/.test(error.name) || /^bad (?:response|upgrade)$/.test(error.message)) ? "unparseable" : code === "UND_ERR_HEADERS_OVERFLOW" ? "unsupported" : /^ERR_SSL_.*CERTIFICATE_REQUIRED$/.test(code) ? "access-denied" : /^ERR_SSL_.*_ALERT_/.test(code) ? "refused" : code.startsWith("ERR_SSL_") ? "unparseable" : code === "ECONNREFUSED" ? "refused" : code === "ETIMEDOUT" ? "timed-out" : "unreachable";
	return unknown(cause, detail);
}
// src/world/node-network.ts
const nodeNetwork = {
	lookup: addressesOf,
	caa,
	connect: open$1,
	request
};
async function addressesOf(host, signal) {
	const literal = host.replace(/^\[(.*)\]$/, "$1");
	if (isIP(literal) !== 0) return [literal];
	if (signal.aborted) return unknown("timed-out", host);
	try {
		const found = await lookup(host, {
			all: true,
			order: "ipv4first"
		});
		return [...new Set(found.map(({ address }) => address))];
	} catch (error) {
		return unknown("unreachable", `${host}: ${errorCode$1(error)}`);
	}
}
async function open$1(options) {
	const socket = await openSocket(options);
	return "state" in socket ? socket : connectionOver(socket, options.signal).connection;
}
async function caa(name, signal) {
	if (signal.aborted) return unknown("timed-out", name);
	try {
		return (await new Resolver({
			timeout: 5e3,
			tries: 2
		}).resolveCaa(name)).flatMap(({ critical: _, ...properties }) => Object.entries(properties).flatMap(([tag, value]) => typeof value === "string" ? [{
			tag,
			value
		}] : []));
	} catch (error) {
		const code = errorCode$1(error);
		return code === "ENODATA" || code === "ENOTFOUND" ? [] : unknown(code === "ETIMEOUT" ? "timed-out" : "unreachable", `CAA ${name}: ${code}`);
	}
}
// src/world/sftp.ts
const REQUEST = {
	init: 1,
	open: 3,
	close: 4,
	read: 5,
	lstat: 7,
	openDirectory: 11,
	readDirectory: 12,
	stat: 17,
	readLink: 19
};
const ANSWER = {
	version: 2,
	status: 101,
	handle: 102,
	data: 103,
	name: 104,
	attributes: 105
};
const STATUS_END = 1;
const CAUSE_OF$1 = {
	3: "access-denied",
	5: "unparseable",
	6: "unreachable",
	7: "unreachable",
	8: "unsupported"
};
const MAX_PACKET = 263168;
const CHUNK = 32768;
const MAX_NAMES = 2e4;
var Sftp = class {
	#to;
	#waiting = new Map();
	#buffer = Buffer.alloc(0);
	#next = 1;
	#ended;
	#timeout;
	constructor(from, to, timeout) {
		this.#to = to;
		this.#timeout = timeout;
		from.on("data", (chunk) => this.#receive(chunk));
		from.on("end", () => this.#end("the connection ended"));
		from.on("error", (error) => this.#end(error.message));
		to.on("error", (error) => this.#end(error.message));
	}
	async start() {
		const answer = await this.#ask(0, Buffer.from([
			0,
			0,
			0,
			5,
			REQUEST.init,
			0,
			0,
			0,
			3
		]));
		if (answer === void 0) return this.#silent("SFTP");
		return answer.kind === ANSWER.version && answer.body.length >= 4 ? void 0 : unknown("unparseable", "SFTP: no greeting");
	}
	async stat(path, follow) {
		const answer = await this.#request(follow ? REQUEST.stat : REQUEST.lstat, path, text$2(path));
		if (!isAnswer(answer)) return answer;
		return (answer.kind === ANSWER.attributes ? attributesAt(answer.body, 0, path) : void 0)?.entry ?? unknown("unparseable", `${path}: attributes`);
	}
	async readLink(path) {
		const answer = await this.#request(REQUEST.readLink, path, text$2(path));
		if (!isAnswer(answer)) return answer;
		const to = answer.kind === ANSWER.name ? textAt(answer.body, 4) : void 0;
		return to === void 0 ? unknown("unparseable", `${path}: link`) : { to: to.text };
	}
	async read(path, max) {
		const handle = await this.#open(REQUEST.open, path, Buffer.concat([text$2(path), numbers(1, 0)]));
		if (!Buffer.isBuffer(handle)) return handle;
		const chunks = [];
		let length = 0;
		try {
			for (;;) {
				const answer = await this.#request(REQUEST.read, path, Buffer.concat([handle, numbers(0, length, CHUNK)]));
				if (answer === "end") return new Uint8Array(Buffer.concat(chunks));
				if (!isAnswer(answer)) return answer;
				const data = textAt(answer.body, 0);
				if (answer.kind !== ANSWER.data || data === void 0 || data.bytes.length === 0 || data.bytes.length > CHUNK) return unknown("unparseable", `${path}: no data`);
				length += data.bytes.length;
				if (length > max) return unknown("unsupported", `${path}: larger than ${max} bytes`);
				chunks.push(data.bytes);
			}
		} finally {
			await this.#request(REQUEST.close, path, handle);
		}
	}
	async list(path) {
		const handle = await this.#open(REQUEST.openDirectory, path, text$2(path));
		if (!Buffer.isBuffer(handle)) return handle;
		const entries = [];
		try {
			for (;;) {
				const answer = await this.#request(REQUEST.readDirectory, path, handle);
				if (answer === "end") return entries.toSorted((a, b) => a.path < b.path ? -1 : 1);
				if (!isAnswer(answer)) return answer;
				const some = answer.kind === ANSWER.name ? namesOf(answer.body, path) : void 0;
				if (some === void 0 || some.length === 0) return unknown("unparseable", `${path}: names`);
				entries.push(...some.filter(({ path: below }) => !/\/\.{1,2}$/.test(below)));
				if (entries.length > MAX_NAMES) return unknown("unsupported", `${path}: more than ${MAX_NAMES} entries`);
			}
		} finally {
			await this.#request(REQUEST.close, path, handle);
		}
	}
	async #open(request, path, body) {
		const answer = await this.#request(request, path, body);
		if (!isAnswer(answer)) return answer;
		const handle = answer.kind === ANSWER.handle ? textAt(answer.body, 0) : void 0;
		return handle === void 0 ? unknown("unparseable", `${path}: no handle`) : Buffer.concat([numbers(handle.bytes.length), handle.bytes]);
	}
	async #request(kind, path, body) {
		const id = this.#next;
		this.#next += 1;
		const packet = Buffer.concat([
			numbers(5 + body.length),
			Buffer.from([kind]),
			numbers(id),
			body
		]);
		const answer = await this.#ask(id, packet);
		if (answer === void 0) return this.#silent(path);
		if (answer.kind !== ANSWER.status) return answer;
		if (answer.body.length < 4) return unknown("unparseable", `${path}: status`);
		const status = answer.body.readUInt32BE(0);
		if (status === 0 || status === STATUS_END) return "end";
		if (status === 2) return "not-there";
		const said = textAt(answer.body, 4)?.text ?? "";
		return unknown(CAUSE_OF$1[status] ?? "refused", `${path}: ${said.slice(0, 100) || `SFTP status ${status}`}`);
	}
	#ask(id, packet) {
		if (this.#ended !== void 0) return Promise.resolve(void 0);
		return new Promise((resolve) => {
			const timer = setTimeout(() => this.#end("no answer in time"), this.#timeout);
			this.#waiting.set(id, (answer) => {
				clearTimeout(timer);
				resolve(answer);
			});
			this.#to.write(packet);
		});
	}
	#silent(what) {
		const why = this.#ended ?? "";
		return unknown(why === "no answer in time" ? "timed-out" : "unreachable", `${what}: ${why}`);
	}
	#receive(chunk) {
		if (this.#ended !== void 0) return;
		this.#buffer = Buffer.concat([this.#buffer, chunk]);
		while (this.#buffer.length >= 4) {
			const length = this.#buffer.readUInt32BE(0);
			if (length < 1 || length > MAX_PACKET) {
				this.#end("what answers speaks no SFTP");
				return;
			}
			if (this.#buffer.length < 4 + length) return;
			const packet = this.#buffer.subarray(4, 4 + length);
			this.#buffer = this.#buffer.subarray(4 + length);
			const kind = packet[0] ?? 0;
			const greeting = kind === ANSWER.version;
			if (!greeting && packet.length < 5) {
				this.#end("what answers speaks no SFTP");
				return;
			}
			const id = greeting ? 0 : packet.readUInt32BE(1);
			const waiting = this.#waiting.get(id);
			this.#waiting.delete(id);
			waiting?.({
				kind,
				body: Buffer.from(packet.subarray(greeting ? 1 : 5))
			});
		}
	}
	#end(why) {
		this.#ended ??= why;
		const waiting = [...this.#waiting.values()];
		this.#waiting.clear();
		for (const answer of waiting) answer(void 0);
	}
};
function isAnswer(answer) {
	return typeof answer === "object" && "kind" in answer;
}
function numbers(...values) {
	const buffer = Buffer.alloc(4 * values.length);
	for (const [index, value] of values.entries()) buffer.writeUInt32BE(value, 4 * index);
	return buffer;
}
function text$2(path) {
	const bytes = Buffer.from(path, "utf8");
	return Buffer.concat([numbers(bytes.length), bytes]);
}
function textAt(body, at) {
	if (body.length < at + 4) return void 0;
	const length = body.readUInt32BE(at);
	if (body.length < at + 4 + length) return void 0;
	const bytes = body.subarray(at + 4, at + 4 + length);
	return {
		bytes,
		text: bytes.toString("utf8"),
		end: at + 4 + length
	};
}
function namesOf(body, directory) {
	if (body.length < 4) return void 0;
	const entries = [];
	let at = 4;
	for (let left = body.readUInt32BE(0); left > 0; left -= 1) {
		const name = textAt(body, at);
		const long = name === void 0 ? void 0 : textAt(body, name.end);
		if (name === void 0 || long === void 0 || name.text === "" || name.text.includes("/")) return void 0;
		const read = attributesAt(body, long.end, directory === "/" ? `/${name.text}` : `${directory}/${name.text}`);
		if (read === void 0) return void 0;
		entries.push(read.entry);
		at = read.end;
	}
	return entries;
}
function attributesAt(body, start, path) {
	if (body.length < start + 4) return void 0;
	const flags = body.readUInt32BE(start);
	if ((flags & 15) !== 15 || body.length < start + 32) return void 0;
	const [high, low, uid, gid, mode, modified] = [
		4,
		8,
		12,
		16,
		20,
		28
	].map((offset) => body.readUInt32BE(start + offset));
	if (high === void 0 || low === void 0 || uid === void 0 || gid === void 0 || mode === void 0 || modified === void 0) return void 0;
	let end = start + 32;
	if (flags >= 2147483648) {
		if (body.length < end + 4) return void 0;
		const count = body.readUInt32BE(end);
		end += 4;
		for (let index = 0; index < count * 2; index += 1) {
			const extension = textAt(body, end);
			if (extension === void 0) return void 0;
			end = extension.end;
		}
	}
	return {
		entry: {
			path,
			kind: {
				32768: "file",
				16384: "directory",
				40960: "link"
			}[mode & 61440] ?? "other",
			size: high * 2 ** 32 + low,
			mode: mode & 4095,
			uid,
			gid,
			modified: `${new Date(modified * 1e3).toISOString().slice(0, 19)}Z`
		},
		end
	};
}
// src/world/node-ssh.ts
const CLIENT = "/usr/bin/ssh";
const MAX_FILE_BYTES$1 = 8388608;
const ANSWER_TIME = 2e4;
async function sshHost(address, access, base) {
	const where = `${address.user}@${address.host}`;
	if (access.signal.aborted) return unknown("interrupted", where);
	const directory = mkdtempSync(join(tmpdir(), "custos-ssh-"));
	chmodSync(directory, 448);
	const { signal } = access;
	const common = optionsOf(address, access, base, join(directory, "control"));
	const children = new Set();
	const close = async () => {
		for (const child of children) child.kill("SIGKILL");
		rmSync(directory, {
			recursive: true,
			force: true
		});
	};
	const master = start([
		"-o",
		"ControlMaster=yes",
		...common,
		"-s",
		"--",
		address.host,
		"sftp"
	], children);
	const complaint = complaintOf(master);
	const sftp = new Sftp(master.stdout, master.stdin, Math.max(access.timeout, ANSWER_TIME));
	const interrupt = () => void close();
	signal.addEventListener("abort", interrupt, { once: true });
	const failed = await sftp.start();
	if (failed !== void 0) {
		await close();
		return signal.aborted ? unknown("interrupted", where) : refusalOf(where, await complaint(), failed);
	}
	const timeout = await sftp.stat(TIMEOUT$1, true);
	const ends = typeof timeout === "object" && "mode" in timeout;
	const run = (command, program, args) => runCommand({
		...command,
		environment: { HOME: "/" }
	}, CLIENT, [
		"-o",
		"ControlMaster=no",
		...common,
		"--",
		address.host,
		remoteLine(command, program, args, ends)
	], signal);
	const programAt = async (command) => {
		for (const program of command.programs) {
			const entry = await sftp.stat(program, true);
			if (entry === "not-there" || entry === "end") continue;
			if ("state" in entry) return entry;
			if (entry.kind === "file" && (entry.mode & 73) !== 0) return { program };
		}
		return "not-there";
	};
	const runOf = async (command, values = {}) => {
		const args = commandArguments(command, values);
		if (!("length" in args)) return unknown("unsupported", `${command.id}: no such ${args.problem}`);
		const found = await programAt(command);
		return found === "not-there" || "state" in found ? found : run(command, found.program, args);
	};
	const who = await runOf(WHO);
	return {
		form: "ssh",
		name: where,
		privileged: typeof who === "object" && "text" in who && who.text.trim() === "0",
		stat: async (path, follow = false) => settled(await sftp.stat(path, follow), path),
		read: (path) => readFile(sftp, path),
		list: async (path) => listing(settled(await sftp.list(path), path)),
		readlink: async (path) => settled(await sftp.readLink(path), path),
		search: (search) => searchOver(runOf, search),
		run: runOf,
		close: async () => {
			signal.removeEventListener("abort", interrupt);
			await close();
		}
	};
}
const TIMEOUT$1 = "/usr/bin/timeout";
const WHO = {
	id: "id -u",
	programs: ["/usr/bin/id", "/bin/id"],
	args: ["-u"],
	seconds: 10,
	maxBytes: 100,
	exits: [0]
};
function optionsOf({ user, port }, { key, knownHosts, timeout }, base, control) {
	return [
		"-F",
		"none",
		"-T",
		...[
			"BatchMode=yes",
			"StrictHostKeyChecking=yes",
			"UpdateHostKeys=no",
			"PasswordAuthentication=no",
			"KbdInteractiveAuthentication=no",
			"GSSAPIAuthentication=no",
			"ClearAllForwardings=yes",
			"ForwardAgent=no",
			"ForwardX11=no",
			"PermitLocalCommand=no",
			"RequestTTY=no",
			"ControlPersist=no",
			`ControlPath=${control}`,
			`ConnectTimeout=${Math.max(1, Math.ceil(timeout / 1e3))}`,
			"ServerAliveInterval=10",
			"ServerAliveCountMax=2",
			...knownHosts === void 0 ? [] : [`UserKnownHostsFile=${quoted(resolve(base, knownHosts))}`, "GlobalKnownHostsFile=none"],
			...key === void 0 ? [] : ["IdentitiesOnly=yes"]
		].flatMap((option) => ["-o", option]),
		...key === void 0 ? [] : ["-i", resolve(base, key)],
		"-l",
		user,
		"-p",
		String(port)
	];
}
function quoted(path) {
	return `"${path.replaceAll("%", "%%")}"`;
}
function start(args, children) {
	const { HOME, SSH_AUTH_SOCK, USER, LOGNAME } = process.env;
	const own = Object.entries({
		HOME,
		SSH_AUTH_SOCK,
		USER,
		LOGNAME
	}).flatMap(([name, value]) => value === void 0 ? [] : [[name, value]]);
	const child = spawn(CLIENT, args, {
		cwd: "/",
		env: {
			...COMMAND_ENVIRONMENT,
			...Object.fromEntries(own)
		},
		stdio: [
			"pipe",
			"pipe",
			"pipe"
		]
	});
	children.add(child);
	child.on("error", () => children.delete(child));
	child.on("close", () => children.delete(child));
	return child;
}
function complaintOf(child) {
	let said = "";
	child.stderr.on("data", (chunk) => {
		if (said.length < 2e3) said += chunk.toString("utf8");
	});
	const ended = new Promise((done) => {
		child.on("error", (error) => {
			said += error.message;
			done();
		});
		child.on("close", () => done());
	});
	return async () => {
		await Promise.race([ended, new Promise((done) => setTimeout(done, 1e3).unref())]);
		return said;
	};
}
function refusalOf(where, said, failed) {
	const line = said.split("\n").findLast((one) => one.trim() !== "")?.trim().slice(0, 200) ?? "";
	if (/host key verification failed|host identification has changed|no \S+ host key is known/i.test(said)) return unknown("refused", `${where}: its host key is not among the known ones`);
	if (/permission denied|too many authentication failures/i.test(said)) return unknown("access-denied", `${where}: no key of ours is accepted`);
	if (/subsystem request failed/i.test(said)) return unknown("unsupported", `${where}: its SFTP subsystem is off`);
	if (/timed out/i.test(said)) return unknown("timed-out", `${where}: ${line}`);
	if (/refused|no route|unreachable|not resolve|closed by|reset by|connection closed/i.test(said)) return unknown("unreachable", `${where}: ${line}`);
	if (/ENOENT/.test(said)) return unknown("unsupported", `${CLIENT} is not there`);
	return line === "" ? failed : unknown("refused", `${where}: ${line}`);
}
function remoteLine({ environment = {}, seconds }, program, args, ends) {
	return [
		"exec",
		"/usr/bin/env",
		"-i",
		...[
			...Object.entries({
				...COMMAND_ENVIRONMENT,
				...environment
			}).map(([name, value]) => `${name}=${value}`),
			...ends ? [
				TIMEOUT$1,
				"-k",
				"1",
				String(seconds)
			] : [],
			program,
			...args
		].map(shellQuoted)
	].join(" ");
}
function shellQuoted(word) {
	return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
function settled(answer, path) {
	return answer === "end" ? unknown("unparseable", `${path}: an end without an answer`) : answer;
}
async function readFile(sftp, path) {
	const entry = settled(await sftp.stat(path, true), path);
	if (entry === "not-there" || "state" in entry) return entry;
	if (entry.kind !== "file") return unknown("unsupported", `${path}: not a regular file`);
	if (entry.size > MAX_FILE_BYTES$1) return unknown("unsupported", `${path}: larger than ${MAX_FILE_BYTES$1} bytes`);
	const bytes = settled(await sftp.read(path, MAX_FILE_BYTES$1), path);
	return bytes === "not-there" || "state" in bytes ? bytes : {
		...entry,
		bytes
	};
}
function listing(found) {
	return found === "not-there" || "state" in found ? found : {
		entries: found,
		unseen: []
	};
}
const FIND = {
	special: [
		"-type",
		"f",
		"-perm",
		"/6000"
	],
	"world-writable": [
		"(",
		"-type",
		"f",
		"-o",
		"-type",
		"d",
		"!",
		"-perm",
		"-1000",
		")",
		"-perm",
		"-0002"
	]
};
async function searchOver(run, { from, what }) {
	const output = await run({
		id: "find -xdev",
		programs: ["/usr/bin/find"],
		args: [
			...from,
			"-xdev",
			...FIND[what],
			"-printf",
			String.raw`%p\0%s\0%m\0%U\0%G\0%T@\0%y\0`
		],
		seconds: 60,
		maxBytes: 8 << 20,
		exits: [0, 1]
	});
	if (output === "not-there") return unknown("unsupported", "find -xdev: no such program");
	if ("state" in output) return output;
	const fields = output.text.split("\0");
	const entries = [];
	for (let at = 0; at + 7 < fields.length; at += 7) {
		const [path = "", size, mode, uid, gid, modified, kind] = fields.slice(at, at + 7);
		entries.push({
			path,
			kind: kind === "d" ? "directory" : "file",
			size: Number(size),
			mode: Number.parseInt(mode ?? "", 8),
			uid: Number(uid),
			gid: Number(gid),
			modified: `${new Date(Math.floor(Number(modified)) * 1e3).toISOString().slice(0, 19)}Z`
		});
	}
	const closed = output.exit === 0 ? [] : [{
		path: from[0] ?? "/",
		why: unknown("access-denied", "find -xdev: directories that may not be entered")
	}];
	return {
		entries: entries.toSorted((a, b) => a.path < b.path ? -1 : 1),
		unseen: closed
	};
}
// src/world/node.ts
const MAX_ENTRIES$1 = 2e5;
const MAX_FILE_BYTES = 8388608;
const MAX_DEPTH = 40;
const SKIPPED_DIRECTORIES = new Set([
	".git",
	".hg",
	".svn",
	"node_modules",
	".venv",
	"__pycache__"
]);
function nodeWorld(base) {
	const opened = new OpenedSecrets();
	return {
		tree: (root) => nodeTree(base, root),
		network: nodeNetwork,
		databases: nodeDatabases(opened),
		host: async (address, access) => {
			const { signal } = access;
			if (address.form === "ssh") return sshHost(address, access, base);
			if (address.form === "local") return nodeHost("local", "/", signal);
			try {
				return nodeHost("root", await realpath(resolve(base, address.directory)), signal);
			} catch (error) {
				return unknownFrom(error, address.directory);
			}
		},
		secret: (reference) => nodeSecret(base, reference),
		opened,
		get roots() {
			return tls.rootCertificates;
		},
		now: () => new Date().toISOString()
	};
}
const MAX_SECRET_BYTES = 65536;
async function nodeSecret(base, reference) {
	const parsed = secretReference(reference);
	if (parsed === void 0) return unknown("unresolved", reference);
	if (parsed.from === "env") {
		const value = process.env[parsed.name];
		return value === void 0 || value === "" ? unknown("unresolved", `${reference}: the variable is not set`) : new Secret(value);
	}
	try {
		const handle = await open(resolve(base, parsed.name), constants.O_RDONLY | constants.O_NONBLOCK);
		try {
			const info = await handle.stat();
			if (!info.isFile() || info.size > MAX_SECRET_BYTES) return unknown("unsupported", `${reference}: no file of at most 64 KiB`);
			const text = (await handle.readFile("utf8")).replace(/\r?\n$/, "");
			return text === "" ? unknown("unresolved", `${reference}: the file is empty`) : new Secret(text);
		} finally {
			await handle.close();
		}
	} catch (error) {
		return unknownFrom(error, reference);
	}
}
async function nodeTree(base, root) {
	const absolute = resolve(base, root);
	try {
		const real = await realpath(absolute);
		const info = await stat(real);
		if (info.isDirectory()) return directoryTree(real);
		if (info.isFile()) return fileTree(real);
		return unknown("unsupported", `${root}: neither a file nor a directory`);
	} catch (error) {
		return unknownFrom(error, root);
	}
}
function fileTree(file) {
	const whole = directoryTree(dirname(file));
	const name = basename(file);
	return {
		...whole,
		single: true,
		walk: async () => ({
			entries: [{
				path: name,
				kind: "file",
				size: (await stat(file)).size
			}],
			unseen: []
		})
	};
}
function directoryTree(root) {
	return {
		single: false,
		walk: () => walk(root),
		read: (path) => read(root, path),
		list: async (path) => {
			const inside = await insideRoot(root, path);
			if (typeof inside !== "string" || inside === "not-there") return inside;
			try {
				const names = await readdir(inside);
				const entries = await Promise.all(names.toSorted().map((name) => entryOf(root, join(path, name))));
				return {
					entries: entries.filter((entry) => "kind" in entry),
					unseen: entries.filter((entry) => "why" in entry)
				};
			} catch (error) {
				return notThereOr(error, path);
			}
		}
	};
}
async function walk(root) {
	const entries = [];
	const unseen = [];
	const seenDirectories = new Set();
	const visit = async (path, ignores, depth) => {
		const absolute = join(root, path);
		let names;
		try {
			const real = await realpath(absolute);
			if (seenDirectories.has(real)) return;
			seenDirectories.add(real);
			names = (await readdir(real)).toSorted();
		} catch (error) {
			unseen.push({
				path,
				why: unknownFrom(error, path)
			});
			return;
		}
		const own = names.includes(".gitignore") ? [...ignores, ...await readIgnore(absolute, path, unseen)] : ignores;
		for (const name of names) {
			const below = path === "" ? name : `${path}/${name}`;
			if (entries.length >= MAX_ENTRIES$1) {
				unseen.push({
					path: below,
					why: unknown("unsupported", `more than ${MAX_ENTRIES$1} entries`)
				});
				return;
			}
			const entry = await entryOf(root, below);
			if ("why" in entry) {
				if (!isIgnored(own, below, false)) unseen.push(entry);
				continue;
			}
			if (isIgnored(own, below, entry.kind === "directory")) continue;
			if (entry.kind !== "directory") entries.push(entry);
			else if (SKIPPED_DIRECTORIES.has(name)) continue;
			else if (depth >= MAX_DEPTH) unseen.push({
				path: below,
				why: unknown("unsupported", `deeper than ${MAX_DEPTH} directories`)
			});
			else await visit(below, own, depth + 1);
		}
	};
	await visit("", [], 0);
	return {
		entries,
		unseen
	};
}
async function readIgnore(directory, base, unseen) {
	const content = await read(directory, ".gitignore");
	if (content === "not-there") return [];
	if ("state" in content) {
		unseen.push({
			path: base === "" ? ".gitignore" : `${base}/.gitignore`,
			why: content
		});
		return [];
	}
	return [{
		base,
		rules: (0, import_ignore.default)().add(new TextDecoder().decode(content.bytes))
	}];
}
function isIgnored(scopes, path, directory) {
	return scopes.some(({ base, rules }) => {
		const below = base === "" ? path : path.slice(base.length + 1);
		return below !== "" && rules.ignores(directory ? `${below}/` : below);
	});
}
async function entryOf(root, path) {
	try {
		const link = await lstat(join(root, path));
		if (!link.isSymbolicLink()) return {
			path,
			kind: link.isDirectory() ? "directory" : link.isFile() ? "file" : "other",
			size: link.size
		};
		const inside = await insideRoot(root, path);
		if (typeof inside !== "string") return {
			path,
			why: inside
		};
		if (inside === "not-there") return {
			path,
			why: unknown("unresolved", `${path}: a link to nothing`)
		};
		const info = await stat(inside);
		return {
			path,
			kind: info.isDirectory() ? "directory" : info.isFile() ? "file" : "other",
			size: info.size
		};
	} catch (error) {
		return {
			path,
			why: unknownFrom(error, path)
		};
	}
}
async function insideRoot(root, path) {
	const absolute = resolve(root, path);
	if (absolute !== root && !absolute.startsWith(root + sep)) return unknown("refused", `outside-root: ${path}`);
	try {
		const real = await realpath(absolute);
		const away = relative(root, real);
		if (away === ".." || away.startsWith(`..${sep}`)) return unknown("refused", `outside-root: ${path}`);
		return real;
	} catch (error) {
		return notThereOr(error, path);
	}
}
async function read(root, path) {
	const inside = await insideRoot(root, path);
	if (typeof inside !== "string") return inside;
	if (inside === "not-there") return "not-there";
	try {
		const handle = await open(inside, constants.O_RDONLY | constants.O_NONBLOCK);
		try {
			const info = await handle.stat();
			if (!info.isFile()) return unknown("unsupported", `${path}: not a regular file`);
			if (info.size > 8388608) return unknown("unsupported", `${path}: larger than ${MAX_FILE_BYTES} bytes`);
			const bytes = Buffer.alloc(Math.min(MAX_FILE_BYTES, info.size) + 1);
			let length = 0;
			for (;;) {
				const { bytesRead } = await handle.read(bytes, length, bytes.length - length, length);
				if (bytesRead === 0) break;
				length += bytesRead;
				if (length === bytes.length) return unknown("unsupported", `${path}: grew while it was read`);
			}
			return {
				bytes: bytes.subarray(0, length),
				mode: info.mode & 4095
			};
		} finally {
			await handle.close();
		}
	} catch (error) {
		return notThereOr(error, path);
	}
}
const CAUSE_OF = {
	EACCES: "access-denied",
	EPERM: "access-denied",
	ELOOP: "unresolved",
	ENOENT: "unreachable",
	ENOTDIR: "unreachable",
	ENXIO: "unsupported",
	ENAMETOOLONG: "unsupported"
};
function errorCode(error) {
	return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
}
function unknownFrom(error, path) {
	const code = errorCode(error);
	const cause = CAUSE_OF[code];
	return cause === void 0 ? unknown("collector-failed", `${path}: ${code || String(error)}`) : unknown(cause, `${path}: ${code}`);
}
function notThereOr(error, path) {
	const code = errorCode(error);
	return code === "ENOENT" || code === "ENOTDIR" ? "not-there" : unknownFrom(error, path);
}
// src/action/base-findings.ts
function baselineOfBase(before, live, earlier) {
	const known = baselineOf({
		summary: before.summary,
		findings: beforehand(before.findings)
	});
	const seen = new Map([...before.findings].map((one) => [one.fingerprint, seenOf(one)]));
	const ofFiles = known.findings.filter(({ target }) => !live.has(target)).map((one) => ({
		...one,
		...seen.get(one.fingerprint)
	}));
	return {
		controls: known.controls,
		findings: [...ofFiles, ...ofLive(earlier, known, live)]
	};
}
const OF_THE_RUN = new Set([
	"collector-failed",
	"timed-out",
	"interrupted"
]);
function* beforehand(findings) {
	for (const finding of findings) if (finding.outcome !== "unknown" || !finding.causes.some(({ cause }) => OF_THE_RUN.has(cause))) yield finding;
}
function seenOf(finding) {
	return { seen: {
		severity: finding.severity,
		causes: finding.outcome === "unknown" ? finding.causes.map(causeKey) : []
	} };
}
function ofLive(earlier, now, live) {
	return (earlier?.findings ?? []).filter(({ target, control }) => live.has(target) && earlier?.controls[control] === now.controls[control]);
}
// src/action/commit-tree.ts
const MAX_ENTRIES = 3e5;
const MAX_BYTES = 4 * 1024 ** 3;
const LINK = "120000";
const SUBMODULE = "160000";
async function layOut(repository, commit, directory, outside, written) {
	const { entries, closed } = await write(repository, commit, directory, outside, written);
	return {
		commit,
		directory,
		entries,
		closed
	};
}
async function write(repository, commit, directory, outside, written) {
	const entries = await repository.tree(commit);
	refuseHostile(entries);
	for (const parent of new Set(entries.map(({ path }) => dirname(join(directory, path))))) await mkdir(parent, { recursive: true });
	const readable = entries.filter(({ path }) => !path.includes("�") && !/(?:^|\/)\.gitignore$/.test(path));
	const closed = entries.filter(({ path }) => path.includes("�")).map(({ path }) => path);
	const files = readable.filter(({ mode }) => mode !== LINK && mode !== SUBMODULE);
	const fresh = [];
	for (const entry of files) {
		const before = written.get(keyOf(entry));
		if (before === void 0) fresh.push(entry);
		else await link(before, join(directory, entry.path));
	}
	await writeFiles(repository, fresh, directory, written);
	await writeLinks(repository, readable.filter(({ mode }) => mode === LINK), directory, outside);
	const below = [];
	for (const { path, id } of readable.filter(({ mode }) => mode === SUBMODULE)) {
		const clone = repository.submodule(path);
		if (await clone.has(id)) {
			const inner = await write(clone, id, join(directory, path), outside, written);
			below.push(...inner.entries.map((entry) => ({
				...entry,
				path: `${path}/${entry.path}`
			})));
			closed.push(...inner.closed.map((name) => `${path}/${name}`));
		} else {
			await symlink(outside, join(directory, path));
			closed.push(path);
		}
	}
	return {
		entries: [...entries, ...below],
		closed
	};
}
async function writeFiles(repository, entries, directory, written) {
	const small = entries.filter(({ size }) => size <= MAX_FILE_BYTES);
	const contents = repository.contents(small.map(({ id }) => id));
	for (const entry of small) {
		const { value } = await contents.next();
		await create(entry, value ?? Buffer.alloc(0), directory, written);
	}
	await contents.return();
	for (const entry of entries.filter(({ size }) => size > MAX_FILE_BYTES)) {
		await create(entry, Buffer.alloc(0), directory, written);
		await truncate(join(directory, entry.path), entry.size);
	}
}
async function create(entry, bytes, directory, written) {
	const path = join(directory, entry.path);
	await writeFile(path, bytes, {
		flag: "wx",
		mode: entry.mode === "100755" ? 493 : 420
	});
	written.set(keyOf(entry), path);
}
async function writeLinks(repository, entries, directory, outside) {
	const contents = repository.contents(entries.map(({ id }) => id));
	for (const { path } of entries) {
		const { value } = await contents.next();
		const to = value?.toString("utf8") ?? "";
		await symlink(to === "" || to.includes("\0") || to.length > 4e3 ? outside : to, join(directory, path));
	}
	await contents.return();
}
function keyOf({ id, mode }) {
	return `${mode} ${id}`;
}
function refuseHostile(entries) {
	if (entries.length > MAX_ENTRIES || entries.reduce((sum, { size }) => sum + Math.min(size, 8388608), 0) > MAX_BYTES) throw new UsageError("the repository is too large to be compared", `at most ${MAX_ENTRIES} files of ${MAX_BYTES / 1024 ** 3} GiB`);
	const links = new Set(entries.filter(({ mode }) => mode === LINK || mode === SUBMODULE).map(({ path }) => path));
	for (const { path } of entries) {
		const names = path.split("/");
		const hostile = names.some((name) => name === "" || name === "." || name === ".." || /^\.git$/i.test(name));
		const through = names.slice(1).some((_, index) => links.has(names.slice(0, index + 1).join("/")));
		if (hostile || through) throw new UsageError(`${path}: no path of a repository is written like this`, "git fsck tells more");
	}
}
// src/action/confined-world.ts
function confinedWorld(world, base, root, doors) {
	return {
		...world,
		tree: async (named) => {
			const path = resolve(base, named);
			const allowed = doors.find(({ at }) => isWithin(path, at))?.to ?? root;
			const real = await realpath(path).catch(() => void 0);
			return real === void 0 || isWithin(real, allowed) ? world.tree(named) : unknown("refused", `outside-root: ${named}`);
		}
	};
}
function isWithin(path, directory) {
	return path === directory || path.startsWith(directory.endsWith(sep) ? directory : directory + sep);
}
// src/action/repository.ts
const run = promisify(execFile);
const MAX_OUTPUT = 268435456;
const TIMEOUT = 12e4;
const SETTINGS = [
	"core.hooksPath=/dev/null",
	"core.fsmonitor=false",
	"protocol.allow=never",
	"safe.directory=*",
	"core.quotePath=false"
];
function environment() {
	return {
		PATH: process.env["PATH"] ?? "/usr/bin:/bin",
		LC_ALL: "C",
		HOME: "/nonexistent",
		GIT_CONFIG_NOSYSTEM: "1",
		GIT_CONFIG_GLOBAL: "/dev/null",
		GIT_TERMINAL_PROMPT: "0",
		GIT_OPTIONAL_LOCKS: "0",
		GIT_NO_LAZY_FETCH: "1",
		GIT_NO_REPLACE_OBJECTS: "1"
	};
}
var Repository = class Repository {
	root;
	#gitDirectory;
	constructor(root, gitDirectory) {
		this.root = root;
		this.#gitDirectory = gitDirectory;
	}
	static async of(directory) {
		try {
			const { stdout } = await run("git", [
				...settings(),
				"rev-parse",
				"--show-toplevel"
			], {
				cwd: directory,
				env: environment(),
				timeout: TIMEOUT
			});
			return new Repository(stdout.replace(/\n$/, ""));
		} catch (error) {
			throw new UsageError(error instanceof Error && "code" in error && error.code === "ENOENT" ? "git is not installed on this runner" : "the workspace is no git checkout", "a pull request is judged by the policy of its base commit: use actions/checkout with fetch-depth: 0 before this step");
		}
	}
	async head() {
		return (await this.#git([
			"rev-parse",
			"--verify",
			"HEAD"
		])).trim();
	}
	async has(commit) {
		if (!isCommit(commit)) return false;
		return this.#git([
			"cat-file",
			"-e",
			`${commit}^{tree}`
		]).then(() => true, () => false);
	}
	async parents(commit) {
		const [header = ""] = (await this.#git([
			"cat-file",
			"commit",
			checked(commit)
		])).split("\n\n");
		return [...header.matchAll(/^parent ([0-9a-f]+)$/gm)].map(([, parent = ""]) => parent);
	}
	async tree(commit) {
		return (await this.#git([
			"ls-tree",
			"-r",
			"-z",
			"--long",
			"--full-tree",
			checked(commit)
		])).split("\0").filter((record) => record !== "").map((record) => {
			const tab = record.indexOf("	");
			const [mode = "", , id = "", size = ""] = record.slice(0, tab).split(/ +/);
			return {
				mode,
				id,
				size: size === "-" ? 0 : Number(size),
				path: record.slice(tab + 1)
			};
		});
	}
	async changedLines(from, to, path) {
		return [...(await this.#git([
			"diff",
			...[
				"--unified=0",
				"--no-ext-diff",
				"--no-textconv",
				"--no-color",
				"--no-renames",
				"--submodule=short"
			],
			checked(from),
			checked(to),
			"--",
			`:(top,literal)${path}`
		])).matchAll(/^@@ -\S+ \+(\d+)(?:,(\d+))? @@/gm)].map(([, start = "0", count = "1"]) => {
			const first = Number(start);
			return [first, first + Math.max(1, Number(count)) - 1];
		});
	}
	async *contents(ids) {
		const child = spawn("git", [
			...this.#where(),
			"cat-file",
			"--batch",
			"--buffer"
		], {
			cwd: this.root,
			env: environment(),
			stdio: [
				"pipe",
				"pipe",
				"ignore"
			]
		});
		child.on("error", () => child.stdout.destroy());
		child.stdin.on("error", () => void 0);
		child.stdin.end(ids.map((id) => `${id}\n`).join(""));
		let held = Buffer.alloc(0);
		const source = child.stdout[Symbol.asyncIterator]();
		const more = async () => {
			const { value, done } = await source.next();
			if (done === true || !Buffer.isBuffer(value)) throw new Error("git ended before all objects were read");
			held = held.length === 0 ? value : Buffer.concat([held, value]);
		};
		try {
			for (const id of ids) {
				while (!held.includes(10)) await more();
				const line = held.subarray(0, held.indexOf(10)).toString("latin1");
				const [, size] = /^[0-9a-f]+ blob (\d+)$/.exec(line) ?? [];
				if (size === void 0) throw new UsageError(`the object ${id} is not in this clone`, "check out without `filter:`, and with fetch-depth: 0");
				const from = line.length + 1;
				const to = from + Number(size);
				while (held.length < to + 1) await more();
				yield Buffer.from(held.subarray(from, to));
				held = held.subarray(to + 1);
			}
		} finally {
			child.kill();
		}
	}
	submodule(path) {
		return new Repository(this.root, `${this.#gitDirectory ?? `${this.root}/.git`}/modules/${path}`);
	}
	#where() {
		return this.#gitDirectory === void 0 ? settings() : [...settings(), `--git-dir=${this.#gitDirectory}`];
	}
	async #git(args) {
		try {
			const { stdout } = await run("git", [...this.#where(), ...args], {
				cwd: this.root,
				env: environment(),
				maxBuffer: MAX_OUTPUT,
				timeout: TIMEOUT
			});
			return stdout;
		} catch (error) {
			const said = error instanceof Error && "stderr" in error ? String(error.stderr).trim().split("\n")[0] : "";
			throw new UsageError(`git ${args[0] ?? ""}: ${said === "" ? "failed" : said ?? ""}`, "check out without `filter:`, and with fetch-depth: 0");
		}
	}
};
function settings() {
	return ["--no-pager", ...SETTINGS.flatMap((setting) => ["-c", setting])];
}
function checked(commit) {
	if (!isCommit(commit)) throw new UsageError(`"${commit}" is no commit`);
	return commit;
}
// src/evidence/merge.ts
function mergedPlan(readers) {
	const [first] = readers;
	if (first === void 0) throw new InvalidEvidence("evidence", 0, "is missing");
	for (const { file, header } of readers) if (header.planDigest !== first.header.planDigest) throw new InvalidEvidence(file, 1, `was collected for another plan than ${first.file}: shards of one plan can be merged, nothing else`);
	const times = readers.map(({ header }) => header.plan.asOf).toSorted();
	return {
		...first.header.plan,
		asOf: times.at(-1) ?? first.header.plan.asOf
	};
}
function* mergeEvidence(readers, plan) {
	const heads = readers.map((reader) => {
		const iterator = reader.records()[Symbol.iterator]();
		return {
			reader,
			iterator,
			next: iterator.next()
		};
	});
	const expected = plan.targets.map(({ id }) => id).toSorted();
	let at = 0;
	for (;;) {
		const open = heads.filter(({ next }) => next.done !== true);
		const lowest = open.reduce((best, head) => best === void 0 || idOf$1(head) < idOf$1(best) ? head : best, void 0);
		if (lowest === void 0 || lowest.next.done === true) break;
		const record = lowest.next.value;
		const { id } = record.target;
		while (at < expected.length && (expected[at] ?? "") < id) at += 1;
		if (expected[at] !== id) throw new InvalidEvidence(lowest.reader.file, 0, open.some((head) => head !== lowest && idOf$1(head) === id) || at > 0 && expected[at - 1] === id ? `target ${id} is in more than one of the files` : `target ${id} is not in the plan, or out of order`);
		at += 1;
		yield record;
		lowest.next = lowest.iterator.next();
	}
}
function idOf$1({ next }) {
	return next.done === true ? "" : next.value.target.id;
}
// src/action/judged.ts
function scheduleOf(total, signal) {
	return {
		concurrency: 8,
		timeout: 300,
		signal,
		limits: total > 1 ? {
			...DEFAULT_LIMITS,
			perSecond: 20
		} : DEFAULT_LIMITS
	};
}
async function* collectShares(shares, schedule) {
	yield* inOrder(await Promise.all(shares.map(async ({ targets, world }) => {
		const records = collect(targets, world, schedule);
		return {
			records,
			next: await records.next()
		};
	})));
}
async function* inOrder(heads) {
	for (;;) {
		const lowest = heads.reduce((best, head) => head.next.done === true || best !== void 0 && idOf(best) <= idOf(head) ? best : head, void 0);
		if (lowest === void 0 || lowest.next.done === true) return;
		yield lowest.next.value;
		lowest.next = await lowest.records.next();
	}
}
function idOf({ next }) {
	return next.done === true ? "" : next.value.target.id;
}
async function untilCancelled(act) {
	const controller = new AbortController();
	const stop = () => controller.abort();
	process.once("SIGINT", stop);
	process.once("SIGTERM", stop);
	try {
		return await act(controller.signal);
	} finally {
		process.removeListener("SIGINT", stop);
		process.removeListener("SIGTERM", stop);
	}
}
// src/cli/configured-files.ts
var ConfiguredFiles = class {
	#base;
	#uses;
	reports = [];
	baseline;
	constructor(base, uses) {
		this.#base = base;
		this.#uses = uses;
	}
	check({ output = [], baseline, document: { source, root } }, reporter) {
		const complain = (node, message, hint) => reporter.at(source, node?.start ?? 0, node?.end ?? 1, message, hint);
		const formats = FORMATS.map(({ name }) => name);
		for (const [index, { format, path }] of output.entries()) {
			if (formats.includes(format)) this.reports.push({
				format,
				path: resolve(this.#base, path)
			});
			else complain(yamlAt(root, "output", index, "format"), `there is no format "${format}"`, nearest(format, formats) ?? `formats are: ${formats.join(", ")}`);
			const problem = this.#uses.reports ? outputProblem(path, this.#base) : void 0;
			if (problem !== void 0) complain(yamlAt(root, "output", index, "path"), `"${path}" ${problem}`);
		}
		if (baseline === void 0 || !this.#uses.baseline) return;
		try {
			this.baseline = baselineOf(openAssessment(resolve(this.#base, baseline)));
		} catch (error) {
			const reason = error instanceof InvalidAssessment ? error.message : reasonOf(error);
			complain(yamlAt(root, "baseline"), `the baseline "${baseline}" ${reason}`, "custos scan -f json=FILE writes one; paths are taken from the directory of custos.yaml");
		}
	}
};
// src/schema/control.ts
const localized$1 = {
	type: "object",
	required: ["en", "zh"],
	additionalProperties: false,
	properties: {
		en: {
			type: "string",
			minLength: 1
		},
		zh: {
			type: "string",
			minLength: 1
		}
	}
};
const text$1 = {
	type: "string",
	minLength: 1
};
const severity$1 = { enum: [
	"critical",
	"high",
	"medium",
	"low",
	"info"
] };
const controlSchema = {
	$schema: "https://json-schema.org/draft/2020-12/schema",
	$id: "https://custos.dev/schemas/control.json",
	title: "Custos control",
	type: "object",
	required: [
		"id",
		"title",
		"rationale",
		"severity",
		"message",
		"remediation",
		"verification",
		"examples"
	],
	additionalProperties: false,
	properties: {
		id: {
			type: "string",
			pattern: "^[A-Z]{2,8}-\\d{2,3}$",
			examples: ["TLS-03"],
			description: "Family and number. It never changes its meaning."
		},
		revision: {
			type: "integer",
			minimum: 1,
			description: "Counts up when the same evidence may come out differently. Default 1."
		},
		title: {
			...localized$1,
			description: "A sentence that is true when the control is satisfied."
		},
		rationale: {
			...localized$1,
			description: "What it protects client money from."
		},
		severity: {
			...severity$1,
			description: "The highest severity that a finding can have; gives the weight."
		},
		lesser: {
			type: "array",
			description: "Conditions under which a failing finding is less severe. The first that is true counts.",
			items: {
				type: "object",
				required: ["if", "severity"],
				additionalProperties: false,
				properties: {
					if: text$1,
					severity: severity$1
				}
			}
		},
		scope: {
			enum: [
				"resource",
				"assessment",
				"findings"
			],
			description: "What is judged: each resource (default), everything at once, or the finished findings."
		},
		resource: {
			...text$1,
			description: "The resource kind it judges; see docs/resources.md."
		},
		when: {
			...text$1,
			description: "CEL: judged only where this is true, else not applicable."
		},
		assert: {
			...text$1,
			description: "CEL: true is a pass."
		},
		attested: {
			type: "object",
			description: "How a document decides it where no target shows the kind.",
			required: ["kind", "assert"],
			additionalProperties: false,
			properties: {
				kind: {
					type: "string",
					pattern: "^att:[a-z]+$",
					examples: ["att:drill"]
				},
				assert: text$1
			}
		},
		params: {
			type: "object",
			propertyNames: {
				pattern: "^[a-z][a-z0-9_]*$",
				examples: ["max_days"]
			},
			additionalProperties: {
				type: "object",
				required: [
					"type",
					"default",
					"description"
				],
				additionalProperties: false,
				properties: {
					type: { enum: [
						"bool",
						"int",
						"double",
						"string",
						"list<string>",
						"list<int>"
					] },
					default: { type: [
						"boolean",
						"number",
						"string",
						"array"
					] },
					description: localized$1,
					tighter: {
						enum: [
							"lower",
							"higher",
							"subset",
							"superset"
						],
						description: "In which direction a profile may move it where a bound is claimed."
					}
				}
			}
		},
		offending: {
			...text$1,
			description: "CEL list: what to name in the message and where to point, on a fail."
		},
		message: {
			...localized$1,
			description: "What is wrong, with {placeholders}: {offending}, {r.id}, {params.x}."
		},
		remediation: {
			type: "object",
			required: ["en", "zh"],
			additionalProperties: false,
			properties: {
				en: text$1,
				zh: text$1,
				examples: {
					type: "object",
					additionalProperties: { type: "string" }
				}
			}
		},
		references: {
			type: "object",
			description: "Register id → clauses; an empty list cites the act alone.",
			additionalProperties: {
				type: "array",
				items: { type: "string" }
			}
		},
		report: {
			type: "array",
			items: {
				type: "string",
				pattern: "^\\d+(\\.\\d+)*$",
				examples: ["2.1.1"]
			}
		},
		tags: {
			type: "array",
			items: {
				type: "string",
				pattern: "^[a-z0-9-]+$",
				examples: ["card-data"]
			}
		},
		verification: { enum: [
			"automated",
			"either",
			"attested"
		] },
		examples: {
			type: "array",
			minItems: 2,
			items: {
				type: "object",
				required: ["name", "expect"],
				additionalProperties: false,
				properties: {
					name: text$1,
					expect: { enum: [
						"pass",
						"fail",
						"unknown",
						"not-applicable",
						"manual"
					] },
					facts: { type: "object" },
					neighbours: {
						type: "object",
						additionalProperties: {
							type: "array",
							items: { type: "object" }
						}
					},
					outcomes: {
						type: "object",
						additionalProperties: {
							type: "array",
							items: { type: "string" }
						}
					},
					format: text$1,
					text: { type: "string" },
					files: {
						type: "object",
						additionalProperties: { type: "string" }
					},
					versions: {
						type: "object",
						additionalProperties: { type: "string" }
					},
					labels: {
						type: "object",
						additionalProperties: { type: "string" }
					},
					params: {
						type: "object",
						additionalProperties: { type: [
							"boolean",
							"number",
							"string",
							"array"
						] }
					}
				}
			}
		}
	}
};
// src/catalog/check-example.ts
function checkExample(example, kind, complain) {
	const facts = yamlAt(example, "facts");
	if (facts !== void 0 && kind !== "") checkFacts(facts, kind, complain);
	const neighbours = yamlAt(example, "neighbours");
	if (neighbours?.kind !== "map") return;
	for (const { name, key, value } of neighbours.entries) {
		const kinds = VOCABULARY.map((one) => one.name);
		if (kindOf(name) === void 0) complain(key, `no resource kind is called "${name}"`, nearest(name, kinds));
		else if (value.kind === "list") for (const item of value.items) checkFacts(item, name, complain);
	}
}
function checkFacts(node, kind, complain) {
	const attributes = kindOf(kind)?.attributes;
	if (attributes !== void 0) checkRecord(node, attributes, kind, complain);
}
function checkRecord(node, attributes, record, complain) {
	if (node.kind !== "map") return;
	for (const { name, key, value } of node.entries) {
		const type = attributes[name]?.type;
		if (type !== void 0) checkValue(value, type, name, complain);
		else if (name !== "id") complain(key, `"${name}" is no attribute of ${record}`, nearest(name, Object.keys(attributes)));
	}
}
function checkValue(node, type, name, complain) {
	const say = (expected, hint) => complain(node, `${name} must be ${expected}`, hint);
	if (node.kind === "map" && node.entries.some((entry) => [
		"unknown",
		"absent",
		"open"
	].includes(entry.name))) {
		for (const { name: word, value } of node.entries) if (word === "unknown" || word === "open") checkCause(value, complain);
		return;
	}
	if ("list" in type) {
		if (node.kind !== "list") say("a list");
		else for (const item of node.items) checkValue(item, type.list, name, complain);
		return;
	}
	if ("record" in type) {
		if (node.kind !== "map") say("a mapping (name: value)");
		else checkRecord(node, type.fields, type.record, complain);
		return;
	}
	const plain = toPlain(node);
	if (!(type.is === "bool" ? typeof plain === "boolean" : type.is === "int" || type.is === "double" ? typeof plain === "number" : typeof plain === "string")) say(WORDS$1[type.is] ?? type.is);
	else if (type.values !== void 0 && !type.values.includes(String(plain))) say(`one of ${type.values.join(", ")}`, nearest(String(plain), type.values));
}
function checkCause(node, complain) {
	const cause = String(toPlain(node));
	if (!CAUSE_CODES.some((code) => code === cause)) complain(node, `"${cause}" is no cause`, nearest(cause, CAUSE_CODES) ?? `causes are: ${CAUSE_CODES.join(", ")}`);
}
const WORDS$1 = {
	bool: "true or false",
	int: "a whole number",
	double: "a number",
	string: "a text"
};
// src/catalog/schema-problem.ts
const TYPES = {
	array: "a list",
	object: "a mapping (name: value)",
	string: "a text",
	integer: "a whole number",
	number: "a number",
	boolean: "true or false"
};
function reportSchemaError(source, root, error, reporter) {
	if (error.schemaPath.includes("/anyOf/")) return;
	const { node, entry } = yamlAtPointer(root, error.instancePath);
	const where = nameOf(error.instancePath);
	const { params } = error;
	const say = (at, message, hint) => reporter.at(source, at.start, at.end, message, hint);
	switch (error.keyword) {
		case "additionalProperties": {
			const name = String(params["additionalProperty"]);
			const known = Object.keys(error.parentSchema?.["properties"] ?? {});
			say(yamlEntry(node, name)?.key ?? node, `"${name}" is not known here`, nearest(name, known) ?? `known are: ${known.join(", ")}`);
			return;
		}
		case "required":
			say(entry?.key ?? beginningOf(node), `${where} lacks "${String(params["missingProperty"])}"`);
			return;
		case "enum":
			sayChoice(node, where, params["allowedValues"], say);
			return;
		case "propertyNames": return;
		default: if (error.propertyName !== void 0) say(yamlEntry(node, error.propertyName)?.key ?? node, `"${error.propertyName}" ${expectation(error)}`);
		else say(node.kind === "scalar" ? node : beginningOf(node), `${where} ${expectation(error)}`);
	}
}
function sayChoice(node, where, values, say) {
	const allowed = Array.isArray(values) ? values.map(String) : [];
	if (node.kind !== "scalar") say(beginningOf(node), `${where} must be one of ${allowed.join(", ")}`);
	else say(node, `"${node.text}" is not one of ${allowed.join(", ")}`, nearest(node.text, allowed));
}
function expectation({ keyword, params, parentSchema, message }) {
	const limit = String(params["limit"]);
	switch (keyword) {
		case "type": return `must be ${(Array.isArray(params["type"]) ? params["type"] : [params["type"]]).map((type) => TYPES[String(type)] ?? String(type)).join(" or ")}`;
		case "pattern": {
			const examples = parentSchema?.["examples"];
			return Array.isArray(examples) ? `is written as ${examples.join(" or ")}` : "is not written as it must be";
		}
		case "anyOf": return `must be ${String(parentSchema?.["description"] ?? "something else")}`;
		case "minLength": return "must not be empty";
		case "minItems":
		case "minProperties": return `must hold at least ${limit}`;
		case "maxItems": return `must hold at most ${limit}`;
		case "minimum": return `must be at least ${limit}`;
		case "maximum": return `must be at most ${limit}`;
		case "const": return `must be ${String(params["allowedValue"])}`;
		default: return message ?? "is not right";
	}
}
function beginningOf(node) {
	return (node.kind === "map" ? node.entries[0]?.key : void 0) ?? {
		start: node.start,
		end: Math.max(node.start, Math.min(node.end, node.start + 1))
	};
}
function nameOf(pointer) {
	const parts = pointer.split("/").slice(1);
	const last = parts.at(-1);
	if (last === void 0) return "the file";
	const list = parts.at(-2);
	if (!/^\d+$/.test(last) || list === void 0) return last.replaceAll("~1", "/").replaceAll("~0", "~");
	return COUNTED.has(list) ? `${list.replace(/s$/, "")} ${Number(last) + 1}` : `a value of ${list}`;
}
const COUNTED = new Set([
	"targets",
	"waivers",
	"examples",
	"expects",
	"output",
	"lesser"
]);
// src/catalog/yaml-document.ts
const validators = new WeakMap();
function readDocument(source, schema, reporter) {
	const document = parseDocument(source, reporter);
	return document !== void 0 && shapeOf(document, schema, reporter).valid ? document : void 0;
}
function parseDocument(source, reporter) {
	const { documents, problems } = parseYaml(source);
	for (const { start, end, message } of problems) reporter.at(source, start, end, message, "mend the YAML at this place");
	if (problems.length > 0) return void 0;
	const [root, second] = documents;
	if (root === void 0) {
		reporter.at(source, 0, 0, "is empty");
		return;
	}
	if (second !== void 0) reporter.at(source, second.start, second.start + 1, "holds a second YAML document", "one file, one document");
	return {
		source,
		root,
		plain: toPlain(root)
	};
}
function shapeOf({ source, root, plain }, schema, reporter) {
	let validate = validators.get(schema);
	if (validate === void 0) {
		validate = new import__2020.Ajv2020({
			allErrors: true,
			verbose: true,
			allowUnionTypes: true,
			strict: false
		}).compile(schema);
		validators.set(schema, validate);
	}
	if (validate(plain)) return {
		valid: true,
		broken: new Set()
	};
	const errors = validate.errors ?? [];
	for (const error of errors) reportSchemaError(source, root, error, reporter);
	const broken = errors.flatMap(({ keyword, instancePath, params }) => {
		if (keyword === "additionalProperties") return [];
		return instancePath === "" ? [String(params["missingProperty"] ?? "")] : [instancePath.split("/")[1] ?? ""];
	});
	return {
		valid: false,
		broken: new Set(broken)
	};
}
function offsetInScalar(source, node, offset) {
	if (node.kind !== "scalar") return node.start;
	const raw = source.text.slice(node.start, node.end);
	const value = String(node.value);
	if (node.style === "quoted" && !raw.includes("\n")) return Math.min(node.start + 1 + offset, node.end);
	if (node.style === "plain" && !raw.includes("\n")) return Math.min(node.start + offset, node.end);
	const before = value.slice(0, offset).replaceAll(/\s/g, "").length;
	const from = node.style === "block" ? raw.indexOf("\n") + 1 : node.style === "quoted" ? 1 : 0;
	let passed = 0;
	for (let at = from; at < raw.length; at += 1) {
		if (/\s/.test(raw[at] ?? "")) continue;
		if (passed === before) return node.start + at;
		passed += 1;
	}
	return node.start + raw.trimEnd().length;
}
// src/catalog/register.ts
const registerSchema = {
	type: "object",
	additionalProperties: {
		type: "object",
		required: ["name", "nature"],
		additionalProperties: false,
		properties: {
			name: {
				type: "object",
				required: ["en", "zh"],
				properties: {
					en: { type: "string" },
					zh: { type: "string" }
				}
			},
			nature: { enum: [
				"law",
				"rule",
				"standard",
				"framework"
			] },
			from: { type: "string" },
			until: { type: "string" },
			confirm: { type: "boolean" },
			clauses: {
				type: "array",
				items: { type: "string" }
			}
		}
	}
};
function readRegister(source, reporter) {
	const document = readDocument(source, registerSchema, reporter);
	return new Map(document !== void 0 && isRegisterFile(document.plain) ? Object.entries(document.plain) : []);
}
function isRegisterFile(plain) {
	return typeof plain === "object" && plain !== null;
}
function citationProblem(register, id, clause) {
	const entry = register.get(id);
	if (entry === void 0) {
		const hint = nearest(id, [...register.keys()]);
		return {
			message: `the register has no "${id}"`,
			...hint === void 0 ? {} : { hint }
		};
	}
	if (clause === "" || entry.clauses?.includes(clause) === true) return void 0;
	const act = clause.replace(/(?:\([^)]*\))+$/, "");
	if (entry.clauses?.includes(act) === true) return void 0;
	const known = entry.clauses ?? [];
	return {
		message: `the register names no clause "${clause}" of ${id}`,
		hint: known.length === 0 ? "cite the act alone: []" : nearest(clause, known) ?? "cite the act alone, or add the clause to the register"
	};
}
// src/catalog/read-control.ts
function isPartOfControl(plain) {
	return typeof plain === "object";
}
function readControl(source, bundled, register, reporter) {
	const before = reporter.diagnostics.length;
	const document = parseDocument(source, reporter);
	if (document === void 0) return void 0;
	const { root } = document;
	const { broken } = shapeOf(document, controlSchema, reporter);
	const plain = Object.fromEntries(Object.entries(document.plain ?? {}).filter(([name]) => root.kind === "map" && !broken.has(name)));
	if (!isPartOfControl(plain)) return void 0;
	const complain = (pointer, message, hint) => {
		const { node, entry } = yamlAtPointer(root, pointer);
		const at = node.kind === "scalar" ? node : entry?.key ?? {
			start: node.start,
			end: node.start + 1
		};
		reporter.at(source, at.start, at.end, message, hint);
	};
	const definition = definitionOf(plain, document, bundled);
	const sound = (...names) => !names.some((name) => broken.has(name));
	if (plain.id !== void 0) checkFileName(source, definition.id, complain);
	if (sound("resource")) checkKind(definition, complain);
	if (sound("scope", "resource", "assert", "verification")) checkScope(definition, complain);
	if (sound("verification", "attested", "assert")) checkVerification(definition, complain);
	for (const [name, parameter] of Object.entries(definition.parameters)) {
		const problem = parameterProblem(parameter.type, parameter.default);
		if (problem !== void 0) complain(`/params/${name}/default`, problem);
	}
	for (const [id, clauses] of Object.entries(definition.references)) for (const clause of clauses.length === 0 ? [""] : clauses) {
		const problem = citationProblem(register, id, clause);
		if (problem !== void 0) complain(`/references/${id}`, problem.message, problem.hint);
	}
	const kinds = VOCABULARY.map(({ name }) => name);
	const kind = definition.resource === "" ? "" : nearestName(definition.resource, kinds);
	if (sound("resource") && kind !== void 0) {
		for (const example of yamlItems(root, "examples")) checkExample(example, kind, (at, message, hint) => reporter.at(source, at.start, at.end, message, hint));
		if (sound("params")) reportExpressions({
			...definition,
			resource: kind
		}, document, reporter);
	}
	return reporter.diagnostics.length > before ? void 0 : definition;
}
function definitionOf(plain, { source, root }, bundled) {
	const nothing = {
		en: "",
		zh: ""
	};
	const rangeOf = (...path) => {
		const at = yamlAt(root, ...path);
		return at === void 0 ? void 0 : source.range(at.start, at.end);
	};
	const { id = "", remediation = nothing, verification = "automated" } = plain;
	return {
		id,
		revision: plain.revision ?? 1,
		family: id.replace(/-\d+$/, ""),
		title: plain.title ?? nothing,
		rationale: plain.rationale ?? nothing,
		severity: plain.severity ?? "info",
		lesser: plain.lesser ?? [],
		scope: plain.scope ?? "resource",
		resource: plain.resource ?? (verification === "attested" ? "attestation" : ""),
		...plain.when === void 0 ? {} : { when: plain.when },
		...plain.assert === void 0 ? {} : { assert: plain.assert },
		...plain.attested === void 0 ? {} : { attested: plain.attested },
		...plain.offending === void 0 ? {} : { offending: plain.offending },
		message: plain.message ?? nothing,
		remediation: {
			en: remediation.en,
			zh: remediation.zh,
			examples: plain.remediation?.examples ?? {}
		},
		references: plain.references ?? {},
		report: plain.report ?? [],
		tags: plain.tags ?? [],
		verification,
		parameters: plain.params ?? {},
		examples: (plain.examples ?? []).map(({ params, ...example }, index) => {
			const [declaredAt, formatAt] = [rangeOf("examples", index, "name"), rangeOf("examples", index, "format")];
			return {
				...example,
				...params === void 0 ? {} : { parameters: params },
				...declaredAt === void 0 ? {} : { declaredAt },
				...formatAt === void 0 ? {} : { formatAt }
			};
		}),
		declaredAt: rangeOf("id") ?? source.range(0, 1),
		bundled
	};
}
function reportExpressions(definition, { source, root }, reporter) {
	const compilation = compileControl(definition);
	if (compilation.ok) return;
	for (const { field, start, end, message, candidates } of compilation.problems) {
		const { node } = yamlAtPointer(root, `/${field}`);
		const written = /"([^"]+)"/.exec(message)?.[1];
		const hint = written === void 0 || candidates === void 0 ? void 0 : nearest(written, candidates) ?? `known are: ${[...new Set(candidates)].join(", ")}`;
		reporter.at(source, offsetInScalar(source, node, start), offsetInScalar(source, node, end), message, hint);
	}
}
function yamlItems(root, name) {
	const node = yamlAt(root, name);
	return node?.kind === "list" ? node.items : [];
}
function checkFileName(source, id, complain) {
	const name = source.file.split("/").at(-1) ?? "";
	if (!name.startsWith(`${id}-`) && name !== `${id}.yaml`) complain("/id", `the file of ${id} must be called ${id}-<slug>.yaml`);
}
function checkKind({ resource }, complain) {
	if (resource !== "" && kindOf(resource) === void 0) complain("/resource", `no resource kind is called "${resource}"`, nearest(resource, VOCABULARY.map(({ name }) => name)) ?? `kinds are: ${VOCABULARY.map(({ name }) => name).join(", ")}`);
}
function checkScope({ scope, resource, assert }, complain) {
	if (scope === "resource" && resource === "") complain("/id", "a control judges a resource kind: set resource:, or another scope:");
	if (scope !== "resource" && resource !== "") complain("/resource", `scope: ${scope} judges no single resource`);
	if (scope !== "resource" && assert === void 0) complain("/scope", `scope: ${scope} needs an assert:`);
}
function checkVerification({ verification, attested, assert }, complain) {
	if (verification === "automated" && attested !== void 0) complain("/attested", "a control that is verified automatically cannot be attested", "verification: either, or remove attested:");
	if (verification !== "automated" && attested === void 0) complain("/verification", `verification: ${verification} needs attested:`);
	if (verification === "attested" && assert !== void 0) complain("/assert", "verification: attested is decided by attested: alone");
	if (verification !== "attested" && assert === void 0) complain("/verification", `verification: ${verification} needs an assert:`);
}
const PARAMETER_WORDS = {
	bool: "true or false",
	int: "a whole number",
	double: "a number",
	string: "a text",
	"list<string>": "a list of texts",
	"list<int>": "a list of whole numbers"
};
function parameterProblem(type, value) {
	const is = (one, scalar) => scalar === "string" ? typeof one === "string" : scalar === "bool" ? typeof one === "boolean" : scalar === "int" ? Number.isSafeInteger(one) : typeof one === "number" && Number.isFinite(one);
	const element = /^list<(.+)>$/.exec(type)?.[1];
	return (element === void 0 ? is(value, type) : Array.isArray(value) && value.every((one) => is(one, element))) ? void 0 : `must be ${PARAMETER_WORDS[type]}`;
}
// src/schema/profile.ts
const localized = {
	type: "object",
	required: ["en", "zh"],
	additionalProperties: false,
	properties: {
		en: { type: "string" },
		zh: { type: "string" }
	}
};
const severity = { enum: [
	"critical",
	"high",
	"medium",
	"low",
	"info"
] };
const names$1 = {
	type: "array",
	items: { type: "string" }
};
const selection = {
	type: "object",
	additionalProperties: false,
	properties: {
		all: {
			const: true,
			description: "Every control of the catalogue."
		},
		ids: names$1,
		families: names$1,
		severities: {
			type: "array",
			items: severity
		},
		tags: names$1,
		references: {
			...names$1,
			description: "Register ids, or an id and a clause (\"cn-mlps 8.1.4.3\")."
		}
	}
};
const byControl = {
	type: "object",
	additionalProperties: {
		type: "object",
		additionalProperties: { type: [
			"boolean",
			"number",
			"string",
			"array"
		] }
	}
};
const gateSchema = {
	type: "object",
	additionalProperties: false,
	properties: {
		failOn: severity,
		minScore: {
			type: "number",
			minimum: 0,
			maximum: 100
		},
		undecided: {
			type: "array",
			description: "Undecided outcomes at or above failOn that stop the gate. error always does, named or not.",
			items: { enum: [
				"unknown",
				"error",
				"manual"
			] }
		}
	}
};
const expectsSchema = {
	type: "array",
	items: {
		type: "object",
		required: ["kind"],
		additionalProperties: false,
		properties: {
			kind: { type: "string" },
			atLeast: {
				type: "integer",
				minimum: 1
			}
		}
	}
};
const profileSchema = {
	$schema: "https://json-schema.org/draft/2020-12/schema",
	$id: "https://custos.dev/schemas/profile.json",
	title: "Custos profile",
	type: "object",
	required: ["id", "title"],
	additionalProperties: false,
	properties: {
		id: {
			type: "string",
			pattern: "^[a-z0-9][a-z0-9-]*$",
			examples: ["my-profile"]
		},
		title: localized,
		description: localized,
		extends: {
			...names$1,
			description: "Profiles merged left to right, then this one."
		},
		select: selection,
		exclude: selection,
		parameters: {
			...byControl,
			description: "Control id → parameter → value."
		},
		bounds: {
			...byControl,
			description: "Control id → parameter → a bound that no later setting may loosen."
		},
		weights: {
			type: "object",
			additionalProperties: {
				type: "object",
				required: ["weight", "reason"],
				additionalProperties: false,
				properties: {
					weight: {
						type: "number",
						minimum: 0,
						maximum: 100
					},
					reason: {
						type: "string",
						minLength: 1
					}
				}
			}
		},
		expects: expectsSchema,
		labels: {
			type: "object",
			description: "Defaults for labels that nobody set; only those that widen what is judged.",
			additionalProperties: { type: "string" }
		},
		gate: gateSchema
	}
};
// src/catalog/read-profile.ts
function isProfileFile(plain) {
	return typeof plain === "object";
}
function readProfile(source, reporter) {
	const document = readDocument(source, profileSchema, reporter);
	return document === void 0 ? void 0 : profileOf(document);
}
function profileOf(document) {
	return isProfileFile(document.plain) ? {
		...document.plain,
		document
	} : void 0;
}
// src/catalog/load.ts
const MAX_CONTROL_BYTES = 262144;
async function loadCatalogue(world, bundled, own, reporter, ofOwn) {
	const bundledSources = await readYamlFiles(world, `${bundled}/controls`, "controls", reporter);
	const profileSources = await readYamlFiles(world, `${bundled}/profiles`, "profiles", reporter);
	const register = registerOf(bundledSources, reporter);
	const controls = [...[]];
	const policy = [{
		role: "catalogue",
		name: "controls",
		digest: digestOfAll(bundledSources)
	}];
	const add = (source, isBundled) => {
		if (source.text.length > MAX_CONTROL_BYTES) {
			reporter.of(source.file, `is larger than ${MAX_CONTROL_BYTES} bytes`);
			return;
		}
		const control = readControl(source, isBundled, register, reporter);
		if (control === void 0) return;
		const twin = controls.find(({ id }) => id === control.id);
		if (twin === void 0) controls.push(control);
		else reporter.add([{
			file: source.file,
			range: control.declaredAt,
			message: `${control.id} is already defined in ${twin.declaredAt.file}`,
			hint: "give it an id of its own"
		}]);
	};
	for (const source of bundledSources) if (!isRegister(source)) add(source, true);
	for (const [index, directory] of own.entries()) {
		const sources = await readYamlFiles(world, directory, directory, reporter, ofOwn?.(index));
		for (const source of sources) if (!isRegister(source)) add(source, false);
		policy.push({
			role: "controls",
			name: directory,
			digest: digestOfAll(sources)
		});
	}
	checkOutcomes(controls, reporter);
	const profiles = new Map();
	for (const source of profileSources) {
		const profile = readProfile(source, reporter);
		if (profile !== void 0) profiles.set(profile.id, profile);
	}
	return {
		controls: controls.toSorted((a, b) => a.id < b.id ? -1 : 1),
		profiles,
		register,
		policy
	};
}
function isRegister({ file }) {
	return file === "register.yaml" || file.endsWith("/register.yaml");
}
function registerOf(sources, reporter) {
	const source = sources.find(isRegister);
	if (source !== void 0) return readRegister(source, reporter);
	reporter.of("controls/register.yaml", "is not there", "install Custos again");
	return new Map();
}
function checkOutcomes(controls, reporter) {
	const byId = new Map(controls.map((control) => [control.id, control]));
	for (const control of controls.filter(({ scope }) => scope === "findings")) {
		const compilation = compileControl(control);
		if (!compilation.ok) continue;
		for (const id of compilation.compiled.outcomes) {
			const named = byId.get(id);
			if (named !== void 0 && named.scope !== "findings") continue;
			const message = named === void 0 ? `outcomes("${id}"): no control is called ${id}` : `outcomes("${id}"): ${id} judges findings itself`;
			const hint = named === void 0 ? nearest(id, [...byId.keys()]) : void 0;
			reporter.add([{
				file: control.declaredAt.file,
				range: control.declaredAt,
				message,
				...hint === void 0 ? {} : { hint }
			}]);
		}
	}
}
async function readText(world, path, reporter, shownIn, complain = reporter.ofFile(path)) {
	const slash = path.lastIndexOf("/");
	const [directory, name] = slash === -1 ? [".", path] : [path.slice(0, slash) || "/", path.slice(slash + 1)];
	const tree = await world.tree(directory);
	const content = "state" in tree ? tree : await tree.read(name);
	if (content === "not-there" || isNothing(content)) complain("is not there", "check the path; it is taken from the directory of custos.yaml, or from here on the command line");
	else if ("state" in content) complain(causeSentence(content).en);
	else return new SourceText(name, content.bytes, shownIn ?? directory);
}
async function readYamlFiles(world, directory, shownAs, reporter, complain = reporter.ofFile(directory)) {
	const tree = await world.tree(directory);
	if ("state" in tree) {
		if (isNothing(tree)) complain("is not there", "name a directory that holds controls");
		else complain(causeSentence(tree).en);
		return [];
	}
	const { entries, unseen } = await tree.walk();
	for (const { path, why } of unseen) reporter.of(`${directory}/${path}`, causeSentence(why).en);
	const sources = [];
	for (const { path } of entries.filter((entry) => /\.ya?ml$/.test(entry.path))) {
		const content = await tree.read(path);
		if (content === "not-there") continue;
		if ("state" in content) reporter.of(`${directory}/${path}`, causeSentence(content).en);
		else sources.push(new SourceText(path, content.bytes, shownAs));
	}
	if (sources.length === 0 && unseen.length === 0) complain("holds no control", "a control is a file called <ID>-<slug>.yaml");
	return sources;
}
function isNothing(content) {
	return "cause" in content && content.cause === "unreachable";
}
function digestOfAll(sources) {
	const hash = createHash("sha256");
	for (const { file, digest } of sources) hash.update(`${file}\u0000${digest}\n`);
	return hash.digest("hex");
}
// src/schema/configuration.ts
const DUTIES = [
	"initiate",
	"approve",
	"release",
	"reconcile",
	"administer",
	"audit"
];
const names = {
	type: "array",
	items: { type: "string" }
};
const scalar = { type: [
	"string",
	"number",
	"boolean"
] };
const parameterValue = { type: [
	"boolean",
	"number",
	"string",
	"array"
] };
function configurationSchema({ kinds, formats, products }) {
	return {
		$schema: "https://json-schema.org/draft/2020-12/schema",
		$id: "https://custos.dev/schemas/custos.json",
		title: "custos.yaml",
		type: "object",
		additionalProperties: false,
		properties: {
			profile: {
				type: "string",
				description: "A bundled profile’s id, or the path of a profile file."
			},
			targets: {
				type: "array",
				items: {
					type: "object",
					required: ["id"],
					additionalProperties: false,
					properties: {
						id: {
							type: "string",
							pattern: "^[A-Za-z0-9][A-Za-z0-9._-]*$",
							examples: ["edge-1"],
							description: "Stable name of the target; findings and waivers carry it."
						},
						...Object.fromEntries(kinds.map((kind) => [kind, {
							type: "string",
							minLength: 1
						}])),
						system: {
							type: "string",
							description: "Groups what belongs together; resources of one system see each other."
						},
						labels: {
							type: "object",
							additionalProperties: scalar
						},
						versions: {
							type: "object",
							description: "Product → version: what the product defaults are taken from.",
							properties: Object.fromEntries(products.map((product) => [product, scalar])),
							additionalProperties: false
						},
						declares: {
							type: "string",
							description: "The live target that these files claim to describe."
						},
						root: {
							type: "string",
							description: "Where the machine’s / is, below the target: maps absolute includes."
						},
						format: {
							enum: formats,
							description: "Reads every file of the target in this format."
						},
						sni: {
							type: "string",
							description: "Server name to ask for, in the place of the host’s."
						},
						proxy: {
							type: "string",
							description: "http://host:port or socks5://host:port."
						},
						ca: {
							type: "string",
							description: "PEM file of authorities that are trusted besides the Mozilla roots."
						},
						http_port: {
							type: ["string", "integer"],
							description: "Port of the same host that answers in clear (default 80 beside 443)."
						},
						password: {
							type: "string",
							description: "A reference, ${env:NAME} or ${file:PATH}; never the password itself."
						},
						user: {
							type: "string",
							minLength: 1,
							description: "Account to log in as, where the address names none."
						},
						key: {
							type: "string",
							description: "Private key file for SSH; else the agent’s and the user’s own."
						},
						known_hosts: {
							type: "string",
							description: "Known host keys for SSH; else the user’s and the machine’s."
						},
						insecure: {
							const: true,
							description: "Credentials may cross the network without verified TLS. A finding by itself."
						},
						duties: {
							type: "object",
							description: "Duty → what amounts to it on this target: \"role NAME\", \"group NAME\", or a right as identity.principal.rights names it.",
							propertyNames: { enum: DUTIES },
							additionalProperties: {
								...names,
								minItems: 1
							}
						},
						private_paths: {
							...names,
							description: "Paths of pages that show balances or identity."
						},
						payment_paths: {
							...names,
							description: "Paths of login and payment pages."
						},
						probes: {
							type: "array",
							items: { enum: PROBE_CLASSES },
							description: "Opt-in probe classes; `intrusive` needs `authorisation:`."
						}
					}
				}
			},
			controls: {
				...names,
				description: "Directories of your own controls."
			},
			parameters: {
				type: "object",
				additionalProperties: {
					type: "object",
					additionalProperties: parameterValue
				}
			},
			expects: expectsSchema,
			gate: gateSchema,
			waivers: {
				type: "string",
				description: "Path of the waivers file."
			},
			baseline: {
				type: "string",
				description: "Path of an earlier assessment (JSON)."
			},
			authorisation: {
				type: "object",
				required: [
					"by",
					"reference",
					"until"
				],
				additionalProperties: false,
				description: "Who allows intrusive probes of the targets in this file, by which document, until when.",
				properties: {
					by: {
						type: "string",
						minLength: 1
					},
					reference: {
						type: "string",
						minLength: 1
					},
					until: {
						type: "string",
						pattern: "^\\d{4}-\\d{2}-\\d{2}$",
						description: "Last day it holds; it ends at 24:00 UTC."
					}
				}
			},
			output: {
				type: "array",
				items: {
					type: "object",
					required: ["format", "path"],
					additionalProperties: false,
					properties: {
						format: { type: "string" },
						path: { type: "string" }
					}
				}
			}
		}
	};
}
const pattern = {
	description: "an exact name, or a pattern written as { glob: \"edge-*\" }",
	anyOf: [{
		type: "string",
		minLength: 1
	}, {
		type: "object",
		required: ["glob"],
		additionalProperties: false,
		properties: { glob: {
			type: "string",
			minLength: 1
		} }
	}]
};
const waiversSchema = {
	$schema: "https://json-schema.org/draft/2020-12/schema",
	$id: "https://custos.dev/schemas/waivers.json",
	title: "Custos waivers",
	type: "object",
	required: ["waivers"],
	additionalProperties: false,
	properties: { waivers: {
		type: "array",
		items: {
			type: "object",
			required: [
				"control",
				"target",
				"owner",
				"reason",
				"until"
			],
			additionalProperties: false,
			properties: {
				id: { type: "string" },
				control: pattern,
				target: pattern,
				resource: pattern,
				offenders: {
					...names,
					description: "Texts or digests of the offenders it knows; more than these is worse."
				},
				owner: {
					type: "string",
					minLength: 1
				},
				reason: {
					type: "string",
					minLength: 1
				},
				until: {
					type: "string",
					pattern: "^\\d{4}-\\d{2}-\\d{2}$",
					examples: ["2026-12-31"],
					description: "Last day it holds; it ends at 24:00 UTC."
				}
			}
		}
	} }
};
// src/catalog/read-configuration.ts
const OPTIONS = [
	"root",
	"format",
	"sni",
	"proxy",
	"ca",
	"http_port",
	"password",
	"user",
	"key",
	"known_hosts",
	"insecure"
];
const LIST_OPTIONS = [
	"probes",
	"private_paths",
	"payment_paths"
];
const DEFAULT_SYSTEM = "default";
function isConfigurationFile(plain) {
	return typeof plain === "object";
}
function readConfiguration(source, names, reporter) {
	const document = parseDocument(source, reporter);
	if (document === void 0) return void 0;
	const { plain, root } = document;
	const { broken } = shapeOf(document, configurationSchema(names), reporter);
	const nodes = yamlAt(root, "targets");
	const items = nodes?.kind === "list" ? nodes.items : [];
	refuseSecrets(source, root, credentialFields(items), reporter);
	const targets = items.flatMap((node) => readTarget(source, node, names.kinds, reporter));
	const ids = new Set();
	for (const [index, { id }] of targets.entries()) {
		const at = yamlAt(root, "targets", index, "id");
		if (ids.has(id) && at !== void 0) reporter.at(source, at.start, at.end, `target "${id}" is declared twice`, "give each target an id of its own");
		ids.add(id);
	}
	for (const index of nodes?.kind === "list" ? nodes.items.keys() : []) {
		const at = yamlAt(root, "targets", index, "declares");
		if (at === void 0 || ids.has(text(at))) continue;
		reporter.at(source, at.start, at.end, `no target is called "${text(at)}"`, nearest(text(at), [...ids]));
	}
	const sound = Object.fromEntries(Object.entries(plain ?? {}).filter(([name]) => root.kind === "map" && !broken.has(name)));
	if (!isConfigurationFile(sound)) return void 0;
	const { targets: _, ...rest } = sound;
	return {
		...rest,
		targets,
		document
	};
}
function readTarget(source, node, kinds, reporter) {
	const idNode = yamlAt(node, "id");
	const id = text(idNode);
	const named = kinds.filter((kind) => yamlEntry(node, kind) !== void 0);
	const [kind] = named;
	const addressEntry = kind === void 0 ? void 0 : yamlEntry(node, kind);
	if (kind === void 0 || named.length > 1 || addressEntry === void 0) {
		const at = idNode ?? node;
		reporter.at(source, at.start, at.end, named.length > 1 ? `target "${id}" is of more than one kind: ${named.join(", ")}` : `target "${id}" says nothing to look at`, `give it one of: ${kinds.join(", ")}`);
		return [];
	}
	const declares = text(yamlAt(node, "declares"));
	const options = Object.fromEntries([
		...OPTIONS.flatMap((name) => yamlEntry(node, name) === void 0 ? [] : [[name, text(yamlAt(node, name))]]),
		...LIST_OPTIONS.flatMap((name) => {
			const list = yamlAt(node, name);
			return list?.kind === "list" ? [[name, list.items.map(text).join(",")]] : [];
		}),
		...dutiesOf(yamlAt(node, "duties"))
	]);
	return [{
		id,
		kind,
		address: text(addressEntry.value),
		system: text(yamlAt(node, "system")) || "default",
		labels: factsOf(source, yamlAt(node, "labels")),
		versions: factsOf(source, yamlAt(node, "versions")),
		...declares === "" ? {} : { declares },
		options,
		declaredAt: source.range(addressEntry.value.start, addressEntry.value.end)
	}];
}
function dutiesOf(node) {
	if (node?.kind !== "map") return [];
	const duties = node.entries.map(({ name, value }) => [name, value.kind === "list" ? value.items.map(text) : []]);
	return [["duties", JSON.stringify(Object.fromEntries(duties))]];
}
function text(node) {
	return node?.kind === "scalar" && node.value !== null ? String(node.value) : "";
}
function factsOf(source, node) {
	if (node?.kind !== "map") return {};
	return Object.fromEntries(node.entries.map(({ name, value }) => {
		const written = value.kind === "scalar" && value.style === "plain" ? source.text.slice(value.start, value.end) : text(value);
		return [name, known(written, source.origin(value.start, value.end))];
	}));
}
function credentialFields(targets) {
	const fields = new Set();
	for (const target of targets) for (const name of ["password", ...DATABASE_KINDS]) {
		const node = yamlAt(target, name);
		if (node !== void 0) fields.add(node);
	}
	return fields;
}
function refuseSecrets(source, node, credentials, reporter) {
	if (node.kind === "list") for (const item of node.items) refuseSecrets(source, item, credentials, reporter);
	if (node.kind === "map") for (const { name, key, value } of node.entries) {
		if (/\$\{(?:env|file):/.test(name)) reporter.at(source, key.start, key.end, "a secret reference cannot be part of a name");
		refuseSecrets(source, value, credentials, reporter);
	}
	if (node.kind !== "scalar" || typeof node.value !== "string" || !/\$\{(?:env|file):/.test(node.value)) return;
	if (credentials.has(node) && secretReference(node.value) !== void 0) return;
	reporter.at(source, node.start, node.end, "a secret reference is allowed only as the whole value of a credential field", "ids, paths, labels and the like are printed in reports: write them out");
}
// src/catalog/read-waivers.ts
function isWaiversFile(plain) {
	return typeof plain === "object";
}
function readWaivers(source, controlIds, reporter) {
	const document = parseDocument(source, reporter);
	if (document === void 0) return [];
	const { root, plain } = document;
	const { valid } = shapeOf(document, waiversSchema, reporter);
	const nodes = yamlAt(root, "waivers");
	for (const node of nodes?.kind === "list" ? nodes.items : []) checkWaiver(source, node, controlIds, reporter);
	if (!valid || !isWaiversFile(plain)) return [];
	return plain.waivers.map((waiver, index) => {
		const at = yamlAt(root, "waivers", index);
		return {
			...waiver,
			id: waiver.id ?? `waiver-${index + 1}`,
			declaredAt: source.range(at?.start ?? 0, (at?.start ?? 0) + 1)
		};
	});
}
function checkWaiver(source, node, controlIds, reporter) {
	const scalar = (field, use) => {
		const at = yamlAt(node, field);
		if (at?.kind === "scalar") use(at.text, (message, hint) => reporter.at(source, at.start, at.end, message, hint));
	};
	scalar("until", (until, complain) => {
		if (/^\d{4}-\d{2}-\d{2}$/.test(until) && startOfDay(until) === void 0) complain(`"${until}" is no date`, "write it as 2026-12-31");
	});
	for (const field of [
		"control",
		"target",
		"resource"
	]) scalar(field, (pattern, complain) => {
		if (pattern.includes("*")) complain(`"${pattern}" holds a * and would match itself only`, `a glob is written as { glob: "${pattern}" }`);
	});
	scalar("control", (control, complain) => {
		if (!control.includes("*") && !controlIds.includes(control)) complain(`no control is called "${control}"`, nearest(control, controlIds));
	});
}
// src/catalog/merge-profile.ts
const WIDENING_LABELS = {
	"client-data": "true",
	"card-data": "true"
};
function mergeProfile(profile, profiles, controls, reporter) {
	const merging = {
		selected: new Set(),
		parameters: new Map(),
		bounds: [],
		weights: new Map(),
		expects: new Map(),
		labels: {},
		gate: {}
	};
	apply(profile, [], merging, profiles, controls, reporter);
	return {
		...merging,
		id: profile.id,
		expects: [...merging.expects.values()]
	};
}
function apply(profile, chain, merging, profiles, controls, reporter) {
	const { source, root } = profile.document;
	const complain = (path, message, hint) => {
		const parent = yamlAt(root, ...path.slice(0, -1));
		const at = yamlEntry(parent, String(path.at(-1)))?.key ?? yamlAt(root, ...path) ?? root;
		reporter.at(source, at.start, at.end, message, hint);
	};
	for (const [index, parent] of (profile.extends ?? []).entries()) {
		const extended = profiles.get(parent);
		if (extended === void 0) complain(["extends", index], `no profile is called "${parent}"`, nearest(parent, [...profiles.keys()]));
		else if (parent === profile.id || chain.includes(parent)) complain(["extends", index], `profiles extend each other in a circle: ${[
			...chain,
			profile.id,
			parent
		].join(" → ")}`);
		else apply(extended, [...chain, profile.id], merging, profiles, controls, reporter);
	}
	const ids = new Map(controls.map((control) => [control.id, control]));
	const knownControl = (field, id) => {
		const control = ids.get(id);
		if (control === void 0) complain([field, id], `no control is called "${id}"`, nearest(id, [...ids.keys()]));
		return control;
	};
	const knownParameter = (field, id, name) => {
		const control = knownControl(field, id);
		if (control === void 0) return false;
		if (control.parameters[name] !== void 0) return true;
		complain([
			field,
			id,
			name
		], `${id} has no parameter "${name}"`, nearest(name, Object.keys(control.parameters)));
		return false;
	};
	for (const id of choose(profile.select, controls, (path, message, hint) => complain(["select", ...path], message, hint))) merging.selected.add(id);
	for (const id of choose(profile.exclude, controls, (path, message, hint) => complain(["exclude", ...path], message, hint))) merging.selected.delete(id);
	const setBy = `profile ${profile.id}`;
	for (const [id, values] of Object.entries(profile.parameters ?? {})) for (const [name, value] of Object.entries(values)) {
		if (!knownParameter("parameters", id, name)) continue;
		const settings = merging.parameters.get(id) ?? new Map();
		merging.parameters.set(id, settings.set(name, {
			value,
			setBy
		}));
	}
	for (const [id, values] of Object.entries(profile.bounds ?? {})) for (const [name, value] of Object.entries(values)) {
		if (!knownParameter("bounds", id, name)) continue;
		if (ids.get(id)?.parameters[name]?.tighter === void 0) complain([
			"bounds",
			id,
			name
		], `${id} does not say in which direction "${name}" is tighter`, "the control must declare tighter: on the parameter");
		else merging.bounds.push({
			control: id,
			parameter: name,
			value,
			claimedBy: setBy
		});
	}
	for (const [id, { weight }] of Object.entries(profile.weights ?? {})) if (knownControl("weights", id) !== void 0) merging.weights.set(id, {
		value: weight,
		setBy
	});
	for (const [index, { kind, atLeast = 1 }] of (profile.expects ?? []).entries()) if (kindOf(kind) === void 0) complain([
		"expects",
		index,
		"kind"
	], `no resource kind is called "${kind}"`, nearest(kind, VOCABULARY.map(({ name }) => name)));
	else merging.expects.set(kind, {
		kind,
		atLeast,
		setBy
	});
	for (const [label, value] of Object.entries(profile.labels ?? {})) if (WIDENING_LABELS[label] === value) merging.labels[label] = {
		value,
		setBy
	};
	else complain(["labels", label], `a default ${label}: ${value} could narrow what is judged`, `defaults are allowed for: ${Object.entries(WIDENING_LABELS).map((pair) => pair.join(": ")).join(", ")}`);
	merging.gate = {
		...merging.gate,
		...profile.gate
	};
}
function choose(selection, controls, complain) {
	if (selection === void 0) return [];
	const chosen = new Set(selection.all === true ? controls.map(({ id }) => id) : []);
	const take = (field, fits, names) => {
		for (const [index, name] of (selection[field] ?? []).entries()) {
			const found = controls.filter((control) => fits(control, name));
			for (const { id } of found) chosen.add(id);
			if (found.length === 0 && field !== "severities") complain([field, index], `"${name}" selects no control`, nearest(name, names()));
		}
	};
	take("ids", (control, id) => control.id === id, () => controls.map(({ id }) => id));
	take("families", (control, family) => control.family === family, () => [...new Set(controls.map(({ family }) => family))]);
	take("severities", (control, severity) => control.severity === severity, () => []);
	take("tags", (control, tag) => control.tags.includes(tag), () => [...new Set(controls.flatMap(({ tags }) => tags))]);
	take("references", ({ references }, reference) => {
		const [id = "", clause] = reference.split(" ");
		return references[id] !== void 0 && (clause === void 0 || references[id].includes(clause));
	}, () => [...new Set(controls.flatMap(({ references }) => Object.keys(references)))]);
	return [...chosen];
}
// src/catalog/own-settings.ts
function ownSettings(configuration, gate, controls, reporter) {
	return {
		parameters: ownParameters(configuration, controls, reporter),
		expects: ownExpectations(configuration, reporter),
		gate: {
			...configuration?.gate,
			...gate
		}
	};
}
function ownParameters(configuration, controls, reporter) {
	const settings = {};
	if (configuration?.parameters === void 0) return settings;
	const { source, root } = configuration.document;
	for (const [id, values] of Object.entries(configuration.parameters)) {
		const control = controls.find((one) => one.id === id);
		const key = yamlEntry(yamlAt(root, "parameters"), id)?.key;
		if (control === void 0) {
			if (key !== void 0) reporter.at(source, key.start, key.end, `no control is called "${id}"`, nearest(id, controls.map((one) => one.id)));
			continue;
		}
		for (const [name, value] of Object.entries(values)) {
			const at = yamlEntry(yamlAt(root, "parameters", id), name)?.key;
			if (control.parameters[name] === void 0 && at !== void 0) reporter.at(source, at.start, at.end, `${id} has no parameter "${name}"`, nearest(name, Object.keys(control.parameters)));
			settings[id] = {
				...settings[id],
				[name]: {
					value,
					setBy: source.file
				}
			};
		}
	}
	return settings;
}
function ownExpectations(configuration, reporter) {
	if (configuration?.expects === void 0) return [];
	const { source, root } = configuration.document;
	return configuration.expects.flatMap(({ kind, atLeast = 1 }, index) => {
		if (kindOf(kind) !== void 0) return [{
			kind,
			atLeast,
			setBy: source.file
		}];
		const at = yamlAt(root, "expects", index, "kind");
		if (at !== void 0) reporter.at(source, at.start, at.end, `no resource kind is called "${kind}"`, nearest(kind, VOCABULARY.map(({ name }) => name)));
		return [];
	});
}
// src/catalog/resolve.ts
const DEFAULT_GATE = {
	failOn: "high",
	undecided: ["unknown", "error"],
	allowUndecided: false
};
function resolvePlan(request, reporter) {
	const { catalogue, configuration, targets } = request;
	const merged = mergeProfile(request.profile, catalogue.profiles, catalogue.controls, reporter);
	const settings = ownSettings(configuration, request.gate, catalogue.controls, reporter);
	const own = request.kept === void 0 ? settings : over(request.kept, settings);
	const selected = catalogue.controls.filter(({ id }) => merged.selected.has(id));
	if (selected.length === 0) reporter.of(request.profile.document.source.file, `profile ${merged.id} selects no control`);
	return {
		format: "custos-plan",
		version: 1,
		profile: merged.id,
		controls: selected.map((definition) => planned(definition, merged, own, request, reporter)),
		targets: targets.toSorted((a, b) => a.id < b.id ? -1 : 1),
		expects: [...merged.expects, ...own.expects],
		labelDefaults: merged.labels,
		waivers: request.waivers,
		gate: withError({
			...DEFAULT_GATE,
			...merged.gate,
			...own.gate
		}),
		policy: request.policy,
		...request.time,
		own
	};
}
function over(kept, later) {
	const set = Object.entries(later.parameters).map(([id, values]) => [id, {
		...kept.parameters[id],
		...values
	}]);
	return {
		parameters: {
			...kept.parameters,
			...Object.fromEntries(set)
		},
		expects: [...kept.expects, ...later.expects],
		gate: {
			...kept.gate,
			...later.gate
		}
	};
}
function withError(gate) {
	return gate.undecided.includes("error") ? gate : {
		...gate,
		undecided: [...gate.undecided, "error"]
	};
}
function planned(definition, merged, own, request, reporter) {
	const { examples: _, ...control } = definition;
	const parameters = {};
	for (const [name, parameter] of Object.entries(control.parameters)) {
		const setting = own.parameters[control.id]?.[name] ?? merged.parameters.get(control.id)?.get(name) ?? {
			value: parameter.default,
			setBy: `default of ${control.id}`
		};
		parameters[name] = setting;
		const problem = parameterProblem(parameter.type, setting.value);
		if (problem !== void 0) reportParameter(request, control.id, name, setting.setBy, `${control.id} ${name} ${problem}`, reporter);
		for (const bound of merged.bounds.filter((one) => one.control === control.id && one.parameter === name)) {
			if (!isLooser(parameter, setting.value, bound)) continue;
			const message = `${control.id} ${name} is ${JSON.stringify(setting.value)} (${setting.setBy}), looser than ${JSON.stringify(bound.value)}, which ${bound.claimedBy} claims`;
			reportParameter(request, control.id, name, setting.setBy, message, reporter);
		}
	}
	const compilation = compileControl(control);
	const probe = compilation.ok ? compilation.compiled.probe : void 0;
	return {
		control,
		parameters,
		weight: merged.weights.get(control.id) ?? {
			value: SEVERITY_WEIGHT[control.severity],
			setBy: `severity ${control.severity}`
		},
		emptyMayPass: request.emptyMayPass.get(control.id) ?? [],
		...probe === void 0 ? {} : { probe }
	};
}
function reportParameter(request, id, name, setBy, message, reporter) {
	const documents = [
		request.configuration?.document,
		request.profile.document,
		...[...request.catalogue.profiles.values()].map(({ document }) => document)
	];
	const isConfiguration = !setBy.startsWith("profile ");
	for (const document of isConfiguration ? documents.slice(0, 1) : documents.slice(1)) {
		const at = document === void 0 ? void 0 : yamlAt(document.root, "parameters", id, name);
		if (document === void 0 || at === void 0) continue;
		reporter.at(document.source, at.start, at.end, message);
		return;
	}
	reporter.of(request.profile.document.source.file, message);
}
function isLooser({ tighter }, value, { value: bound }) {
	switch (tighter) {
		case "lower": return !(Number(value) <= Number(bound));
		case "higher": return !(Number(value) >= Number(bound));
		case "subset": return !elements(value).every((element) => elements(bound).includes(element));
		case "superset": return !elements(bound).every((element) => elements(value).includes(element));
		default: return false;
	}
}
function elements(value) {
	return typeof value === "object" ? value.map(String) : [String(value)];
}
// src/network-targets.ts
function networkTargets(targets, shared, policy) {
	const problems = [];
	return {
		targets: targets.map(entered).map((target) => {
			if (target.kind === "files") return target;
			const options = {
				...shared,
				...target.options
			};
			const wrong = (message, hint) => void problems.push({
				file: target.declaredAt.file,
				range: target.declaredAt,
				message,
				hint
			});
			if (INSIDE_KINDS.includes(target.kind)) {
				const problem = insideProblem(target);
				if (problem !== void 0) wrong(`${target.id}: ${problem.message}`, problem.hint);
				return target.kind === "ssh" ? {
					...target,
					options
				} : target;
			}
			const named = targetOf(/^[a-z][a-z0-9+.-]*:\/\//i.test(target.address) ? target.address : `${target.kind}://${target.address}`);
			if ("problem" in named) wrong(`${target.id}: ${named.problem}`, "an address is host, host:port or [IPv6]:port; smtp+starttls:// and the like for what turns to TLS in band");
			else if (named.kind !== target.kind) wrong(`${target.id}: ${target.address} is no ${target.kind} address`, `write it as ${named.kind}:`);
			const proxy = options["proxy"] === void 0 ? void 0 : proxyOf(options["proxy"]);
			if (proxy !== void 0 && "problem" in proxy) wrong(`${target.id}: ${proxy.problem}`, "a proxy is asked without credentials");
			if (!(options["probes"] ?? "").split(",").includes("intrusive")) return {
				...target,
				options
			};
			const { authorisation, now } = policy;
			const hint = "custos.yaml: authorisation: { by: …, reference: …, until: YYYY-MM-DD }";
			if (authorisation === void 0) wrong(`${target.id}: intrusive probes need a named authorisation`, hint);
			else if (Date.parse(`${authorisation.until}T24:00:00Z`) <= Date.parse(now)) wrong(`${target.id}: the authorisation ended on ${authorisation.until}`, hint);
			else return {
				...target,
				options: {
					...options,
					authorisation: `${authorisation.by}, ${authorisation.reference}, until ${authorisation.until}`
				}
			};
			return {
				...target,
				options
			};
		}),
		problems
	};
}
// src/plan.ts
const COMMAND_LINE = "(command line)";
const DEFAULT_PROFILE = "custody-baseline";
async function preparePlan$1(world, options) {
	const reporter = new Reporter();
	const source = options.configuration === void 0 ? void 0 : await readText(world, options.configuration, reporter);
	const configuration = source === void 0 ? void 0 : readConfiguration(source, CONFIGURATION_NAMES, reporter);
	if (configuration !== void 0) options.check?.(configuration, reporter);
	const own = options.controls.length > 0 ? options.controls : configuration?.controls ?? [];
	const named = (...path) => namedAt(configuration, options, path, reporter);
	const catalogue = await loadCatalogue(world, options.bundled, own, reporter, (index) => named("controls", index));
	const proofs = await (options.prove ?? proveAll)(catalogue);
	for (const { problems } of proofs.values()) reporter.add(problems);
	const profile = await chooseProfile(world, options.profile ?? configuration?.profile ?? DEFAULT_PROFILE, catalogue, named("profile"), reporter);
	const waiversPath = options.waivers ?? configuration?.waivers;
	const waiversText = waiversPath === void 0 ? void 0 : await readText(world, waiversPath, reporter, void 0, named("waivers"));
	const kept = options.collected?.keeps === true ? options.collected.plan : void 0;
	const waivers = waiversText === void 0 ? kept?.waivers ?? [] : readWaivers(waiversText, catalogue.controls.map(({ id }) => id), reporter);
	const asked = options.targets.length > 0 ? commandLineTargets(options, reporter) : configuration?.targets ?? [];
	const { targets, problems } = options.collected === void 0 ? networkTargets(asked, options.network, {
		now: world.now(),
		...configuration?.authorisation === void 0 ? {} : { authorisation: configuration.authorisation }
	}) : {
		targets: options.collected.plan.targets,
		problems: []
	};
	reporter.add(problems);
	const unreadable = options.configuration !== void 0 && configuration === void 0;
	if (targets.length === 0 && !unreadable) reporter.of(options.configuration ?? "custos", "there is nothing to look at", "name a path, or list targets in custos.yaml (custos init writes one)");
	const request = {
		catalogue,
		targets,
		waivers,
		gate: options.gate,
		time: timeOf(options, world),
		...kept?.own === void 0 ? {} : { kept: kept.own },
		emptyMayPass: new Map([...proofs].map(([id, proof]) => [id, proof.emptyMayPass])),
		...configuration === void 0 ? {} : { configuration }
	};
	if (profile === void 0) {
		if (configuration !== void 0) {
			const everything = {
				id: "every",
				title: {
					en: "",
					zh: ""
				},
				select: { all: true },
				document: configuration.document
			};
			resolvePlan({
				...request,
				profile: everything,
				policy: []
			}, reporter);
		}
		reporter.settle();
		throw new InvalidInput([{
			file: "profile",
			message: "there is no profile"
		}]);
	}
	const policy = [...catalogue.policy, {
		role: "profile",
		name: profile.id,
		digest: profile.document.source.digest
	}];
	if (source !== void 0 && options.configuration !== void 0) policy.push({
		role: "configuration",
		name: options.configuration,
		digest: source.digest
	});
	if (waiversText !== void 0 && waiversPath !== void 0) policy.push({
		role: "waivers",
		name: waiversPath,
		digest: waiversText.digest
	});
	const stays = waiversText === void 0 ? ["configuration", "waivers"] : ["configuration"];
	policy.push(...(kept?.policy ?? []).filter(({ role }) => stays.includes(role)));
	const plan = resolvePlan({
		...request,
		profile,
		policy
	}, reporter);
	reporter.settle();
	return configuration === void 0 ? {
		plan,
		catalogue
	} : {
		plan,
		catalogue,
		configuration
	};
}
function timeOf({ asOf, collected }, world) {
	if (asOf !== void 0) return {
		asOf,
		asOfGiven: true
	};
	if (collected === void 0) return { asOf: world.now() };
	const { plan } = collected;
	return plan.asOfGiven === void 0 ? { asOf: plan.asOf } : {
		asOf: plan.asOf,
		asOfGiven: true
	};
}
async function proveAll(catalogue) {
	const proofs = new Map();
	for (const control of catalogue.controls) proofs.set(control.id, await prove(control));
	return proofs;
}
function namedAt(configuration, options, [field, index], reporter) {
	const own = {
		profile: options.profile,
		waivers: options.waivers,
		controls: options.controls[index ?? 0]
	};
	const word = field === "profile" || field === "waivers" || field === "controls" ? own[field] : void 0;
	if (word !== void 0) {
		const flag = `--${field} `;
		const source = new SourceText(COMMAND_LINE, `custos ${flag}${word}`);
		const start = 7 + flag.length;
		return (message, hint) => reporter.at(source, start, source.text.length, `"${word}" ${message}`, hint);
	}
	const node = configuration === void 0 ? void 0 : yamlAt(configuration.document.root, field, ...index === void 0 ? [] : [index]);
	if (node?.kind !== "scalar" || configuration === void 0) return reporter.ofFile(field);
	const { source } = configuration.document;
	return (message, hint) => reporter.at(source, node.start, node.end, `"${node.text}" ${message}`, hint);
}
async function chooseProfile(world, name, catalogue, complain, reporter) {
	const bundled = catalogue.profiles.get(name);
	if (bundled !== void 0) return bundled;
	if (!/[/.]/.test(name)) {
		complain("is no profile", nearest(name, [...catalogue.profiles.keys()]) ?? `profiles are: ${[...catalogue.profiles.keys()].join(", ")}; a file of your own is named by its path`);
		return;
	}
	const text = await readText(world, name, reporter, void 0, complain);
	return text === void 0 ? void 0 : readProfile(text, reporter);
}
function commandLineTargets({ targets, versions }, reporter) {
	const words = ["custos scan"];
	for (const target of targets) words.push(target);
	for (const [product, version] of Object.entries(versions)) words.push(`--product ${product}=${version}`);
	const line = words.join(" ");
	const source = new SourceText(COMMAND_LINE, line);
	const place = (text) => [line.indexOf(` ${text}`) + 1, line.indexOf(` ${text}`) + 1 + text.length];
	const known = Object.fromEntries(Object.entries(versions).map(([product, version]) => [product, source.fact(version, ...place(`--product ${product}=${version}`))]));
	return [...new Set(targets)].flatMap((address) => {
		const named = targetOf(address);
		if ("problem" in named) {
			reporter.at(source, ...place(address), named.problem, "a target is a path, a URL, host:local or root:DIRECTORY");
			return [];
		}
		return [{
			...named,
			address,
			system: DEFAULT_SYSTEM,
			labels: {},
			versions: known,
			options: {},
			declaredAt: source.range(...place(address))
		}];
	});
}
// src/sandbox/prepare.ts
async function preparePlan(world, options) {
	const known = await knownProofs(world, options.bundled);
	return preparePlan$1(world, {
		...options,
		prove: (catalogue) => proveApart(catalogue, known)
	});
}
async function proveApart({ controls }, known = {}) {
	const proofs = new Map();
	for (const control of controls) {
		const before = control.bundled ? known[control.id] : void 0;
		const proof = before?.digest === control.declaredAt.digest ? {
			emptyMayPass: before.emptyMayPass,
			problems: []
		} : void 0;
		proofs.set(control.id, proof ?? (control.bundled ? await prove(control) : await proveConfined(control)));
	}
	return proofs;
}
async function knownProofs(world, bundled) {
	const tree = await world.tree(`${bundled}/controls`);
	const content = "state" in tree ? tree : await tree.read("proofs.json");
	if (content === "not-there" || "state" in content) return {};
	try {
		const value = JSON.parse(new TextDecoder().decode(content.bytes));
		return isKnownProofs(value) ? value : {};
	} catch {
		return {};
	}
}
function isKnownProofs(value) {
	if (typeof value !== "object" || value === null) return false;
	return Object.values(value).every((proof) => typeof proof === "object" && proof !== null && "digest" in proof && "emptyMayPass" in proof && Array.isArray(proof.emptyMayPass));
}
async function proveConfined(definition) {
	const confined = new Confined([definition]);
	try {
		const answer = await confined.ask({
			kind: "prove",
			definition
		});
		if (answer.kind !== "proved") throw new Error(`the sandbox did not prove ${definition.id}`);
		return answer.proof;
	} finally {
		await confined.end();
	}
}
// src/action/policy.ts
const CONFIGURATION = "custos.yaml";
async function readPolicy(inputs, directory, where) {
	const named = inputs.config === void 0 ? void 0 : resolve(directory, inputs.config);
	if (named !== void 0 && !existsSync(named)) throw new UsageError(`input config: ${inputs.config} is not there${where}`, "paths are taken from working-directory");
	const found = resolve(directory, CONFIGURATION);
	const file = named ?? (inputs.targets.length === 0 && existsSync(found) ? found : void 0);
	const base = file === void 0 ? directory : dirname(file);
	const from = (path) => isAbsolute(path) ? path : relative(base, resolve(directory, path)).replaceAll("\\", "/") || ".";
	const files = new ConfiguredFiles(base, {
		baseline: inputs.baseline === void 0,
		reports: false
	});
	let configuration;
	const targets = inputs.targets.length === 0 && file === void 0 ? ["."] : inputs.targets;
	const profile = inputs.profile;
	const { plan } = await preparePlan(nodeWorld(base), {
		bundled: packageRoot(),
		...file === void 0 ? {} : { configuration: relative(base, file) },
		targets: targets.map((target) => addressFrom(target, from)),
		...profile === void 0 ? {} : { profile: /[/.]/.test(profile) ? pathOf(from(profile)) : profile },
		controls: [],
		versions: {},
		network: {},
		gate: {
			...inputs.failOn === void 0 ? {} : { failOn: inputs.failOn },
			...inputs.minScore === void 0 ? {} : { minScore: inputs.minScore },
			...inputs.allowUndecided ? { allowUndecided: true } : {}
		},
		check: (read, reporter) => {
			configuration = read;
			files.check(read, reporter);
		}
	});
	return {
		plan: ofCategories(plan, inputs.categories),
		base,
		...file === void 0 ? {} : { file: relative(base, file) },
		...configuration === void 0 ? {} : { configuration },
		...files.baseline === void 0 ? {} : { baseline: files.baseline }
	};
}
function pathOf(path) {
	return path.includes("/") ? path : `./${path}`;
}
function ofCategories(plan, categories) {
	if (categories.length === 0) return plan;
	const families = [...new Set(plan.controls.map(({ control }) => control.family))].toSorted();
	const strange = categories.filter((category) => !families.includes(category));
	if (strange.length > 0) throw new UsageError(strange.map((category) => `input categories: no control of profile ${plan.profile} is of the family "${category}"`), nearest(strange[0] ?? "", families) ?? `families are: ${families.join(", ")}`);
	return {
		...plan,
		controls: plan.controls.filter(({ control }) => categories.includes(control.family))
	};
}
// src/action/workspace.ts
function workingDirectory({ workingDirectory: written }, { workspace }) {
	const directory = resolve(workspace, written);
	if (!existsSync(directory)) throw new UsageError(`input working-directory: ${written} is not there`, "paths are taken from the workspace; use actions/checkout first");
	if (!isWithin(realpathSync(directory), realpathSync(workspace))) throw new UsageError(`input working-directory: ${written} is outside of the workspace`);
	return directory;
}
function checkoutOf(directory, { workspace }) {
	let at = directory;
	while (isWithin(at, workspace) && at !== workspace && !existsSync(join(at, ".git"))) at = resolve(at, "..");
	return isWithin(at, workspace) ? at : workspace;
}
function prefixFrom(root, directory) {
	const path = relative(root, directory).replaceAll("\\", "/");
	return path === "" ? "" : `${path}/`;
}
async function judgeWorkspace(inputs, around, named, folder, shell) {
	const { policy, plan, notices, prefix } = await planOf(inputs, around);
	const baseline = named ?? policy.baseline;
	const evidence = join(folder, "custos-evidence.jsonl");
	const assessor = assessorFor(plan, {
		toolVersion: toolVersion(),
		...baseline === void 0 ? {} : { baseline }
	});
	const world = nodeWorld(policy.base);
	return {
		...await untilCancelled((signal) => keeping(evidence, plan, prefix, shell, (onRecord) => scan(plan, world, scheduleOf(plan.targets.length, signal), assessor, onRecord))),
		notices,
		evidence,
		prefix,
		commit: around.sha,
		compared: baseline !== void 0
	};
}
async function collectShard(inputs, around, folder, shell) {
	const { policy, plan, notices, prefix } = await planOf(inputs, around);
	const { index = 1, of = 1 } = inputs.shard ?? {};
	const evidence = join(folder, `custos-evidence-${index}-of-${of}.jsonl`);
	await untilCancelled(async (signal) => {
		const schedule = scheduleOf(plan.targets.length, signal);
		await writeOutput(evidence, collectLines(plan, nodeWorld(policy.base), schedule, toolVersion(), {
			index,
			of
		}, prefix), shell);
		if (signal.aborted) throw new UsageError("the run was cancelled before its share was collected");
	});
	return {
		evidence,
		notices
	};
}
async function judgeEvidence(inputs, around, named, folder, shell) {
	const readers = [];
	for (const path of inputs.evidence.flatMap((file) => evidenceFiles(file, around))) readers.push(openEvidence(path, readers[0]?.header));
	const collected = mergedPlan(readers);
	const { gate } = collected;
	const plan = {
		...ofCategories(collected, inputs.categories),
		gate: {
			...gate,
			...inputs.failOn === void 0 ? {} : { failOn: inputs.failOn },
			...inputs.minScore === void 0 ? {} : { minScore: inputs.minScore },
			...inputs.allowUndecided ? { allowUndecided: true } : {}
		}
	};
	const prefix = readers[0]?.header.base ?? "";
	const evidence = join(folder, "custos-evidence.jsonl");
	const assessor = assessorFor(plan, {
		toolVersion: toolVersion(),
		...named === void 0 ? {} : { baseline: named }
	});
	return {
		...await keeping(evidence, collected, prefix, shell, (onRecord) => assess(watched(mergeEvidence(readers, collected), onRecord), assessor)),
		notices: [],
		evidence,
		prefix,
		commit: around.sha,
		compared: named !== void 0
	};
}
function evidenceFiles(written, { workspace }) {
	const path = resolve(workspace, written);
	if (!existsSync(path)) throw new UsageError(`input evidence: ${written} is not there`, "paths are taken from the workspace; actions/download-artifact brings the shards");
	if (!statSync(path).isDirectory()) return [path];
	const names = readdirSync(path).filter((name) => name.endsWith(".jsonl"));
	if (names.length === 0) throw new UsageError(`input evidence: ${written} holds no evidence`, "every share is a file that ends in .jsonl");
	return names.toSorted().map((name) => join(path, name));
}
async function planOf(inputs, around) {
	const directory = workingDirectory(inputs, around);
	const missing = inputs.targets.filter((target) => {
		const path = pathIn(target);
		return path !== void 0 && !existsSync(resolve(directory, path));
	});
	if (missing.length > 0) throw new UsageError(missing.map((target) => `input targets: ${target} is not there`), "paths are taken from working-directory");
	const policy = await readPolicy(inputs, directory, "");
	const left = inputs.live === false ? policy.plan.targets.filter(({ kind }) => kind !== "files") : [];
	return {
		policy,
		plan: {
			...policy.plan,
			targets: policy.plan.targets.filter((target) => !left.includes(target))
		},
		notices: notRun(left, "live: false"),
		prefix: prefixFrom(checkoutOf(directory, around), policy.base)
	};
}
function notRun(targets, why) {
	if (targets.length === 0) return [];
	const names = targets.map(({ id, kind }) => `${id} (${kind})`).join(", ");
	return [{
		level: "notice",
		message: {
			en: `not looked at in this run (${why}): ${names}`,
			zh: `本次运行未查看（${why}）：${names}`
		}
	}];
}
function checkedOutput(input, written, from, around) {
	const path = resolve(from, written);
	const problem = outputProblem(path, from);
	if (problem !== void 0) throw new UsageError(`input ${input}: ${written} ${problem}`);
	const directory = realpathSync(resolve(path, ".."));
	const allowed = [around.workspace, around.temporary].filter((one) => one !== "").map((one) => realpathSync(one));
	if (existsSync(path) && realpathSync(path) !== join(directory, path.slice(path.lastIndexOf(sep) + 1)) || !allowed.some((one) => isWithin(directory, one)) || /(?:^|[\\/])\.git(?:[\\/]|$)/i.test(relative(around.workspace, directory))) throw new UsageError(`input ${input}: ${written} leads out of the workspace`, "name a regular file in the workspace, or leave the input out: one in RUNNER_TEMP is used then");
	return path;
}
// src/action/commits.ts
async function writeTrees(inputs, around, change, place) {
	const directory = workingDirectory(inputs, around);
	const repository = await Repository.of(directory);
	if (!isWithin(realpathSync(repository.root), realpathSync(around.workspace))) throw new UsageError("the workspace is no git checkout", "use actions/checkout with fetch-depth: 0 before this step");
	const { head, base } = await commitsOf(repository, around, change);
	const written = relative(around.workspace, directory);
	const from = relative(realpathSync(repository.root), join(realpathSync(around.workspace), written));
	const outside = join(place, "outside");
	await mkdir(outside);
	const shared = new Map();
	const commits = {
		base: await layOut(repository, base, realpathSync(await made(join(place, "base"))), outside, shared),
		head: await layOut(repository, head, realpathSync(await made(join(place, "head"))), outside, shared)
	};
	const beside = await placeBeside(repository.root, commits);
	return {
		repository,
		...commits,
		from,
		beside
	};
}
async function made(directory) {
	await mkdir(directory);
	return directory;
}
async function commitsOf(repository, around, change) {
	const head = await repository.head();
	const parents = await repository.parents(head);
	const merge = head === around.sha && parents.length === 2 && parents[1] === change.headSha;
	if (head !== change.headSha && !merge) throw new UsageError(`the commit that is checked out (${head.slice(0, 12)}) is not this pull request's (${change.headSha.slice(0, 12)})`, "use actions/checkout as it comes on pull_request, or with ref: ${{ github.event.pull_request.head.sha }}");
	const base = merge ? parents[0] ?? change.baseSha : change.baseSha;
	if (!await repository.has(base)) throw new UsageError(`the base commit ${base.slice(0, 12)} is not in this clone, and a pull request is never judged by its own policy`, `give actions/checkout fetch-depth: 0, or run before this step: git fetch --no-tags --depth=1 origin ${base}`);
	return {
		head,
		base
	};
}
async function placeBeside(root, { base, head }) {
	const tracked = new Set([...base.entries, ...head.entries].flatMap(({ path }) => parentsOf(path)));
	const found = [];
	const look = (below, depth) => {
		for (const entry of readdirSync(join(root, below), { withFileTypes: true })) {
			const path = posix.join(below, entry.name);
			if (!entry.isDirectory() || entry.name === ".git" || entry.name === "node_modules") continue;
			if (!tracked.has(path) && existsSync(join(root, path, ".git"))) found.push(path);
			else if (depth > 1) look(path, depth - 1);
		}
	};
	look("", 2);
	for (const path of found) for (const { directory } of [base, head]) {
		await mkdir(resolve(directory, path, ".."), { recursive: true });
		await symlink(join(root, path), join(directory, path));
	}
	return found.map((path) => ({
		path,
		real: realpathSync(join(root, path))
	}));
}
function parentsOf(path) {
	const names = path.split("/");
	return names.map((_, index) => names.slice(0, index + 1).join("/"));
}
function doorsOf({ directory }, beside) {
	return beside.map(({ path, real }) => ({
		at: join(directory, path),
		to: real
	}));
}
function rerooted(written, { repository: { root }, from }) {
	if (!isAbsolute(written)) return written;
	const inside = [root, realpathSync(root)].find((one) => isWithin(resolve(written), one));
	return inside === void 0 ? written : relative(join(inside, from), resolve(written)) || ".";
}
function rerootedInputs(inputs, trees) {
	const { config, profile, baseline } = inputs;
	return {
		...inputs,
		targets: inputs.targets.map((target) => addressFrom(target, (path) => rerooted(path, trees))),
		...config === void 0 ? {} : { config: rerooted(config, trees) },
		...profile === void 0 ? {} : { profile: rerooted(profile, trees) },
		...baseline !== void 0 && "file" in baseline ? { baseline: { file: rerooted(baseline.file, trees) } } : {}
	};
}
function refuseWorkingTree({ configuration }, { repository: { root }, beside }) {
	const { profile, waivers, baseline, controls = [] } = configuration ?? {};
	const places = [root, realpathSync(root)];
	for (const path of [
		profile,
		waivers,
		baseline,
		...controls
	]) if (path !== void 0 && isAbsolute(path) && places.some((one) => isWithin(resolve(path), one)) && !beside.some((one) => isWithin(resolve(path), join(root, one.path)))) throw new UsageError(`custos.yaml of the base commit names ${path} in the working tree, which is the pull request's`, "write the path as seen from custos.yaml");
}
// src/action/policy-notices.ts
function noticesOf(inputs, policy, { base, head, from }, files, below) {
	const notices = [];
	const rooted = (path) => posix.normalize(posix.join(below.replaceAll("\\", "/"), path));
	const { configuration, file } = policy;
	const own = [inputs.profile ?? configuration?.profile ?? ""].filter((profile) => /[/.]/.test(profile));
	const seenFrom = (path) => posix.normalize(posix.join(from.replaceAll("\\", "/"), path));
	const paths = [
		...file === void 0 ? [seenFrom("custos.yaml")] : [rooted(file)],
		...inputs.profile === void 0 ? own.map(rooted) : own.map(seenFrom),
		...[
			configuration?.waivers,
			configuration?.baseline,
			...configuration?.controls ?? []
		].flatMap((path) => path === void 0 ? [] : [rooted(path)]),
		...inputs.baseline !== void 0 && "file" in inputs.baseline ? [seenFrom(inputs.baseline.file)] : []
	];
	for (const path of new Set(paths)) {
		const changed = differing(base, head, path);
		for (const name of changed.slice(0, 5)) notices.push({
			level: "notice",
			file: name,
			message: {
				en: `${name} is policy: this pull request is judged by its version in the base commit, and the change counts once it is merged`,
				zh: `${name} 属于审计策略：本拉取请求按基准提交中的版本判断，此处改动合并后才生效`
			}
		});
	}
	for (const { id, address } of files) if (existsSync(join(base.directory, below, address)) && !existsSync(join(head.directory, below, address))) notices.push({
		level: "warning",
		message: {
			en: `${id}: ${rooted(address)} is gone in this pull request, so that nothing of it can be determined; merge the change of custos.yaml that names its new place first`,
			zh: `${id}：本拉取请求中 ${rooted(address)} 已不存在，因此无法判定；请先合并 custos.yaml 中指明新位置的改动`
		}
	});
	const closed = [...new Set([...base.closed, ...head.closed])];
	if (closed.length > 0) notices.push({
		level: "notice",
		message: {
			en: `not read, and unknown where a target holds it: ${closed.slice(0, 10).join(", ")}; actions/checkout with submodules: true and fetch-depth: 0 brings submodules`,
			zh: `未读取，所在目标中视为未知：${closed.slice(0, 10).join("、")}；actions/checkout 设置 submodules: true 与 fetch-depth: 0 可取得子模块`
		}
	});
	return notices;
}
function outOfReach(before, after) {
	const missed = new Set(before.notLookedAt.map(({ control }) => control));
	const lost = after.notLookedAt.map(({ control }) => control).filter((control) => !missed.has(control));
	if (lost.length === 0) return [];
	return [{
		level: "warning",
		message: {
			en: `judged in the base commit, and nothing left to judge in this pull request: ${lost.join(", ")}`,
			zh: `基准提交中可判断，本拉取请求中已无判断对象：${lost.join("、")}`
		}
	}];
}
function differing(base, head, path) {
	const at = ({ entries }) => new Map(entries.filter((entry) => entry.path === path || entry.path.startsWith(`${path}/`)).map((entry) => [entry.path, `${entry.mode} ${entry.id}`]));
	const [before, after] = [at(base), at(head)];
	return [...new Set([...before.keys(), ...after.keys()])].filter((name) => before.get(name) !== after.get(name)).toSorted();
}
// src/action/pull-request.ts
async function judgePullRequest(inputs, around, change, named, folder, shell) {
	if (inputs.shard !== void 0 || inputs.evidence.length > 0) throw new UsageError(`input ${inputs.shard === void 0 ? "evidence" : "shard"}: a pull request is judged in one step`, "shards are for scans of what is merged: run them on push or schedule");
	if (inputs.live === true && change.event === "pull_request_target") throw new UsageError("input live: true is refused on pull_request_target", "it would run with the secrets of this repository on code that anybody may send: use pull_request, or scan live targets on push");
	const place = join(folder, "commits");
	mkdirSync(place);
	try {
		return await compare(inputs, around, await writeTrees(inputs, around, change, place), named, folder, shell);
	} finally {
		rmSync(place, {
			recursive: true,
			force: true
		});
	}
}
async function compare(asked, around, trees, named, folder, shell) {
	const { base, head, from } = trees;
	const inputs = rerootedInputs(asked, trees);
	const missing = inputs.targets.filter((target) => {
		const path = pathIn(target);
		return path !== void 0 && !isAbsolute(path) && ![base, head].some(({ directory }) => existsSync(resolve(directory, from, path)));
	});
	if (missing.length > 0) throw new UsageError(missing.map((target) => `input targets: ${target} is in neither commit`), "paths are taken from working-directory");
	const policy = await readPolicy(inputs, join(base.directory, from), " in the base commit");
	refuseWorkingTree(policy, trees);
	const below = relative(base.directory, policy.base);
	const parted = part(policy, trees);
	const live = inputs.live === true ? [...parted.network, ...parted.elsewhere] : [];
	const left = inputs.live === true ? [] : [...parted.network, ...parted.elsewhere];
	const plan = {
		...policy.plan,
		targets: policy.plan.targets.filter((target) => !left.includes(target))
	};
	const prefix = below === "" ? "" : `${below.replaceAll("\\", "/")}/`;
	const { baseline: source } = inputs;
	const inBase = live.length > 0 && source !== void 0 && "file" in source ? join(base.directory, from, source.file) : void 0;
	const earlier = named ?? (inBase === void 0 ? policy.baseline : baselineOf(openAssessment(inBase)));
	const evidence = join(folder, "custos-evidence.jsonl");
	const [tool, options] = [toolVersion(), scheduleOf(plan.targets.length, new AbortController().signal)];
	return untilCancelled(async (signal) => {
		const schedule = {
			...options,
			signal
		};
		const shares = [{
			targets: parted.network,
			world: nodeWorld(policy.base)
		}, {
			targets: parted.elsewhere,
			world: nodeWorld(join(trees.repository.root, below))
		}].filter(({ targets }) => live.length > 0 && targets.length > 0);
		const seen = [];
		for await (const record of collectShares(shares, schedule)) seen.push(record);
		const side = (tree) => {
			const start = join(tree.directory, below);
			return [{
				targets: parted.files,
				world: confinedWorld(nodeWorld(start), start, tree.directory, doorsOf(tree, trees.beside))
			}];
		};
		const before = await judgeUntil(signal, withRecords(collectShares(side(base), schedule), seen), assessorFor(plan, { toolVersion: tool }));
		const baseline = baselineOfBase(before, new Set(live.map(({ id }) => id)), earlier);
		before.findings.close();
		const judgedBy = {
			...plan,
			gate: gateAfter(plan, before.summary.scores.accepted.low)
		};
		const assessed = await keeping(evidence, judgedBy, prefix, shell, (onRecord) => judgeUntil(signal, withRecords(collectShares(side(head), schedule), seen), assessorFor(judgedBy, {
			toolVersion: tool,
			baseline
		}), onRecord));
		return {
			...assessed,
			notices: [
				...noticesOf(inputs, policy, trees, parted.files, below),
				...outOfReach(before.summary, assessed.summary),
				...notRun(left, "pull request, without live: true")
			],
			evidence,
			prefix,
			commit: around.change?.headSha ?? head.commit,
			compared: true,
			onChangedLine: changedLines(trees, prefix)
		};
	});
}
async function* withRecords(fresh, held) {
	let at = 0;
	for await (const record of fresh) {
		for (; at < held.length; at += 1) {
			const one = held[at];
			if (one === void 0 || one.target.id > record.target.id) break;
			yield one;
		}
		yield record;
	}
	yield* held.slice(at);
}
function part({ plan, base: start }, { base }) {
	const inside = (address) => isWithin(resolve(start, address), base.directory);
	const files = plan.targets.filter(({ kind }) => kind === "files");
	return {
		files: files.filter(({ address }) => inside(address)),
		elsewhere: files.filter(({ address }) => !inside(address)),
		network: plan.targets.filter(({ kind }) => kind !== "files")
	};
}
function gateAfter({ gate }, before) {
	return gate.minScore === void 0 ? gate : {
		...gate,
		minScore: Math.min(gate.minScore, before)
	};
}
function changedLines({ repository, base, head }, prefix) {
	const known = new Map();
	return async ({ locations: [place] }) => {
		if (place === void 0 || place.role !== "evidence" || isWholeFile(place.range)) return false;
		const path = posix.normalize(prefix + place.file);
		const ranges = known.get(path) ?? repository.changedLines(base.commit, head.commit, path).catch(() => []);
		known.set(path, ranges);
		return (await ranges).some(([first, last]) => place.range.start.line <= last && place.range.end.line >= first);
	};
}
// src/action/workflow-commands.ts
const LEVELS = [
	"error",
	"warning",
	"notice"
];
const MAX_MESSAGE = 4e3;
function annotationLine({ level, title, message, file, line, endLine, column }) {
	return `::${level} ${[
		...file === void 0 ? [] : [["file", file]],
		...file === void 0 || line === void 0 ? [] : [["line", String(line)]],
		...file === void 0 || endLine === void 0 ? [] : [["endLine", String(endLine)]],
		...file === void 0 || column === void 0 ? [] : [["col", String(column)]],
		["title", title]
	].map(([name, value]) => `${name}=${escaped(value).replaceAll(":", "%3A").replaceAll(",", "%2C")}`).join(",")}::${escaped(message.slice(0, MAX_MESSAGE))}\n`;
}
function escaped(text) {
	return clean(text.toWellFormed()).replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A").replaceAll("##[", "## [");
}
function harmless(text) {
	return text.split(/\r\n|[\n\r\u0085\u2028\u2029]/).map((line) => clean(line).replaceAll("##[", "## [").replace(/^([\s\uFFFD\uFEFF]*):(?=:)/, "$1: ")).join("\n");
}
function asLog(text) {
	const token = `custos-${randomUUID()}`;
	return `::stop-commands::${token}\n${harmless(text)}\n::${token}::\n`;
}
function outputLines(outputs) {
	return Object.entries(outputs).map(([name, value]) => {
		const delimiter = `custos-${randomUUID()}`;
		return `${name}<<${delimiter}\n${value}\n${delimiter}\n`;
	}).join("");
}
// src/action/annotations.ts
const MAX_CHOSEN_FROM = 300;
const LEVEL = {
	critical: "error",
	high: "error",
	medium: "warning",
	low: "notice",
	info: "notice"
};
async function annotationsOf(judged, language) {
	const { summary, findings, notices } = judged;
	const all = [...verdictOf(summary, language), ...notices.map(({ level, message, file }) => about(level, message[language], file))];
	const place = placer(summary, judged.prefix);
	const wanted = (finding) => levelOf(finding, summary) !== void 0;
	const near = [];
	const far = [];
	const uncounted = {
		error: 0,
		warning: 0,
		notice: 0
	};
	let asked = 0;
	for (const finding of worstFirst(findings, wanted)) {
		const level = levelOf(finding, summary);
		if (level === void 0) continue;
		asked += 1;
		if (asked > MAX_CHOSEN_FROM && far.filter((one) => one.level === level).length >= 10) {
			uncounted[level] += 1;
			continue;
		}
		(asked <= MAX_CHOSEN_FROM && await judged.onChangedLine?.(finding) === true ? near : far).push({
			level,
			title: `Custos ${finding.control}`,
			message: finding.message[language],
			...inRepository(place(finding))
		});
	}
	if (judged.onChangedLine !== void 0) {
		const before = (finding) => finding.outcome === "fail" && finding.baseline === "unchanged" && finding.waiver?.status !== "active";
		const words = {
			en: "was there before",
			zh: "此前已有"
		}[language];
		for (const finding of worstFirst(findings, before, MAX_CHOSEN_FROM)) if (await judged.onChangedLine(finding)) far.push({
			level: "notice",
			title: `Custos ${finding.control} (${words})`,
			message: finding.message[language],
			...inRepository(place(finding))
		});
	}
	return withinLimits([
		...all,
		...near,
		...far
	], uncounted, language);
}
function verdictOf({ verdict, grade, scores }, language) {
	if (verdict.exitCode === 0) return [];
	const why = verdict.reasons.map((reason) => reason[language]).join(language === "zh" ? "；" : "; ");
	const { low, high } = scores.total;
	const words = {
		1: {
			en: "gate not met",
			zh: "未达门槛"
		},
		2: {
			en: "gate undecided",
			zh: "门槛未定"
		},
		130: {
			en: "interrupted",
			zh: "已中断"
		}
	}[verdict.exitCode];
	const score = language === "zh" ? `等级 ${grade}，得分 ${low}–${high}` : `grade ${grade}, score ${low}–${high}`;
	return [{
		level: "error",
		title: `Custos: ${words[language]}`,
		message: `${why} (${score})`
	}];
}
function levelOf(finding, { gate }) {
	if (isForgiven(finding)) return void 0;
	if (finding.outcome === "fail") return LEVEL[finding.severity];
	if (!isUndecided(finding.outcome) || !atLeast(finding.severity, gate.failOn)) return void 0;
	if (finding.outcome === "error") return "error";
	return gate.undecided.includes(finding.outcome) && !gate.allowUndecided ? "warning" : void 0;
}
function about(level, message, file) {
	return {
		level,
		title: "Custos",
		message,
		...file === void 0 ? {} : { file }
	};
}
function inRepository({ file, line, endLine, column }) {
	if (file === "." || file.startsWith("/") || file.startsWith("../") || file.includes("://")) return {};
	return {
		file,
		...line === void 0 ? {} : { line },
		...endLine === void 0 ? {} : { endLine },
		...column === void 0 || endLine !== line ? {} : { column }
	};
}
function withinLimits(all, uncounted, language) {
	const of = (level) => all.filter((one) => one.level === level);
	if (LEVELS.every((level) => of(level).length <= 10)) return LEVELS.flatMap(of);
	const room = (level) => level === "notice" ? 9 : 10;
	const shown = LEVELS.flatMap((level) => of(level).slice(0, room(level)));
	const counts = LEVELS.map((level) => `${Math.max(0, of(level).length - room(level)) + uncounted[level]} ${WORDS[level][language]}`);
	const rest = language === "zh" ? `另有 ${counts.join("、")}，见任务摘要与报告` : `not shown here: ${counts.join(", ")}; the job summary and the reports have them`;
	return [...shown, {
		level: "notice",
		title: "Custos",
		message: rest
	}];
}
const WORDS = {
	error: {
		en: "errors",
		zh: "个错误"
	},
	warning: {
		en: "warnings",
		zh: "个警告"
	},
	notice: {
		en: "notices",
		zh: "个提示"
	}
};
// src/action/publish.ts
const MAX_SUMMARY = 9e5;
const MAX_RESULTS = 25e3;
const FILE_OF = {
	text: "custos.txt",
	json: "custos.json",
	jsonl: "custos.jsonl",
	sarif: "custos-full.sarif",
	markdown: "custos.md",
	junit: "custos-junit.xml",
	gitlab: "gl-code-quality-report.json",
	"gitlab-sast": "gl-sast-report.json"
};
function destinationsOf({ formats, sarifFile }, folder, check) {
	return {
		sarif: sarifFile === void 0 ? join(folder, "custos.sarif") : check("sarif-file", sarifFile),
		reports: formats.map(({ format, path }) => ({
			format,
			path: path === void 0 ? join(folder, FILE_OF[format] ?? `custos.${format}`) : check("formats", path)
		}))
	};
}
async function publish(judged, inputs, around, to, shell) {
	const { language } = inputs;
	const { findings, notices } = judged;
	const summary = judged.prefix === "" ? judged.summary : {
		...judged.summary,
		base: judged.prefix
	};
	const category = categoryOf(inputs);
	const options = {
		language,
		color: false,
		width: 100,
		pathPrefix: judged.prefix,
		...category === void 0 ? {} : { category }
	};
	const written = async (format, path, shown) => {
		const render = await rendererOf(format);
		if (render !== void 0) await writeOutput(path, render(summary, shown, options), shell);
	};
	for (const { format, path } of to.reports) await written(format, path, findings);
	await written("sarif", to.sarif, { [Symbol.iterator]: () => worstFirst(findings, isAlert, MAX_RESULTS) });
	tell(shell, outputsOf({
		...judged,
		summary
	}, to));
	const text = await rendererOf("text");
	if (text !== void 0) shell.stdout.write(asLog([...text(summary, findings, options)].join("")));
	if (inputs.annotate) for (const annotation of await annotationsOf({
		...judged,
		summary
	}, language)) shell.stdout.write(annotationLine(annotation));
	else for (const { message } of notices) shell.stdout.write(`${harmless(message[language])}\n`);
	if (!inputs.summary) return;
	const page = await rendererOf("markdown");
	const tree = linksOf(around, judged.commit);
	const links = tree === void 0 ? {} : { links: tree };
	if (page !== void 0) appendSummary(shell, [...page(summary, findings, {
		...options,
		...links
	}), ...noticeLines(notices, language)]);
}
function isAlert(finding) {
	if (finding.waiver?.status === "active") return false;
	return finding.outcome === "fail" || finding.outcome === "unknown" || finding.outcome === "error";
}
function categoryOf({ workingDirectory, config, categories }) {
	const parts = [
		workingDirectory,
		config ?? "",
		categories.join("+")
	].map((part) => part.replaceAll(/[^\w./+-]+/g, "-").replaceAll(/^[./]+|\/+$/g, "")).filter((part) => part !== "");
	return parts.length === 0 ? void 0 : parts.join("/");
}
function linksOf({ serverUrl, repository }, commit) {
	if (!/^https?:\/\/[\w.:-]+$/.test(serverUrl) || !/^[\w.-]+\/[\w.-]+$/.test(repository) || !/^[0-9a-f]{40,64}$/.test(commit)) return void 0;
	return `${serverUrl}/${repository}/blob/${commit}`;
}
function noticeLines(notices, language) {
	if (notices.length === 0) return [];
	return [`\n## ${language === "zh" ? "说明" : "Notes"}\n\n`, ...notices.map(({ message }) => `- ${markdown(message[language])}\n`)];
}
const VERDICTS = {
	0: "met",
	1: "not-met",
	2: "undecided",
	130: "interrupted"
};
function outputsOf({ summary, findings, evidence, compared }, to) {
	const { counts, failed, scores, grade, gradeHigh, coverage, verdict } = summary;
	let fresh = 0;
	for (const finding of findings) if ((finding.outcome === "fail" || isUndecided(finding.outcome)) && (finding.baseline === "new" || finding.baseline === "worse") && !isForgiven(finding)) fresh += 1;
	return {
		verdict: VERDICTS[verdict.exitCode],
		"exit-code": String(verdict.exitCode),
		"score-low": String(scores.total.low),
		"score-high": String(scores.total.high),
		grade: grade === gradeHigh ? grade : `${grade}…${gradeHigh}`,
		coverage: String(coverage),
		...Object.fromEntries(OUTCOMES.map((outcome) => [`count-${outcome}`, String(counts[outcome])])),
		...Object.fromEntries(SEVERITIES.map((severity) => [`failed-${severity}`, String(failed[severity])])),
		counts: JSON.stringify({
			outcomes: counts,
			failed
		}),
		"new-findings": compared ? String(fresh) : "",
		"sarif-file": to.sarif,
		"report-file": to.reports.map(({ path }) => path).join("\n"),
		"evidence-file": evidence
	};
}
function tell({ env }, outputs) {
	const file = env["GITHUB_OUTPUT"] ?? "";
	if (file !== "") appendFileSync(file, outputLines(outputs));
}
function appendSummary({ env }, pieces) {
	const file = env["GITHUB_STEP_SUMMARY"] ?? "";
	if (file === "") return;
	let length = 0;
	const fitting = [];
	for (const piece of pieces) {
		length += Buffer.byteLength(piece);
		if (length > MAX_SUMMARY) {
			fitting.push("\n…\n");
			break;
		}
		fitting.push(piece);
	}
	appendFileSync(file, fitting.join(""));
}
// src/action/act.ts
async function act(shell) {
	try {
		const inputs = readInputs(shell.env);
		const around = readSurroundings(shell.env);
		const folder = mkdtempSync(join(around.temporary === "" ? tmpdir() : around.temporary, "custos-"));
		if (inputs.shard !== void 0 && around.change === void 0) return await share(inputs, around, folder, shell);
		const from = inputs.evidence.length > 0 ? around.workspace : workingDirectory(inputs, around);
		const to = destinationsOf(inputs, folder, (input, path) => checkedOutput(input, path, from, around));
		const judged = await judge(inputs, around, folder, shell);
		try {
			await publish(judged, inputs, around, to, shell);
		} finally {
			judged.findings.close();
		}
		return judged.summary.verdict.exitCode;
	} catch (error) {
		return fail(error, shell);
	}
}
async function judge(inputs, around, folder, shell) {
	const { change, borrowed } = around;
	if (change !== void 0) return judgePullRequest(inputs, around, change, inputs.live === true && inputs.baseline !== void 0 && "artifact" in inputs.baseline ? await namedBaseline(inputs, around, folder) : void 0, folder, shell);
	if (borrowed && await isAnotherCommit(around)) throw new UsageError(`${around.event} runs with the rights of the default branch, and another commit than that branch's is checked out`, "check pull requests on pull_request: there they have no secrets, and are judged by the policy of their base commit");
	const named = await namedBaseline(inputs, around, folder);
	if (inputs.evidence.length > 0) return judgeEvidence(inputs, around, named, folder, shell);
	return judgeWorkspace(inputs, around, named, folder, shell);
}
async function isAnotherCommit({ workspace, sha }) {
	try {
		return await (await Repository.of(workspace)).head() !== sha;
	} catch {
		return false;
	}
}
async function namedBaseline(inputs, around, folder) {
	const { baseline } = inputs;
	if (baseline === void 0) return void 0;
	if ("artifact" in baseline) {
		const file = await fetchArtifact(baseline.artifact, around, inputs.token, folder);
		return file === void 0 ? void 0 : baselineOf(openAssessment(file));
	}
	const from = inputs.evidence.length > 0 ? around.workspace : workingDirectory(inputs, around);
	return baselineOf(openAssessment(resolve(from, baseline.file)));
}
async function share(inputs, around, folder, shell) {
	const { evidence, notices } = await collectShard(inputs, around, folder, shell);
	tell(shell, {
		verdict: "not-judged",
		"exit-code": "0",
		"evidence-file": evidence
	});
	const { index = 1, of = 1 } = inputs.shard ?? {};
	const words = {
		en: `share ${index} of ${of} is collected; nothing was judged`,
		zh: `已采集第 ${index}/${of} 份；尚未判定`
	};
	shell.stdout.write(asLog([words[inputs.language], ...notices.map(({ message }) => message[inputs.language])].join("\n")));
	if (inputs.summary) appendSummary(shell, [`# Custos\n\n${markdown(words[inputs.language])}\n`]);
	return EXIT.ok;
}
function fail(error, shell) {
	let said = "";
	const code = complain(error, {
		...shell,
		env: {
			...shell.env,
			NO_COLOR: "1"
		},
		stderr: { write: (text) => void (said += text) }
	}, true);
	shell.stdout.write(asLog(said));
	for (const annotation of annotationsOfError(error).slice(0, 10)) shell.stdout.write(annotationLine(annotation));
	tell(shell, {
		verdict: "error",
		"exit-code": String(code)
	});
	appendSummary(shell, [`# Custos: ❌ nothing was judged\n\n`, ...said.split("\n").filter((line) => line.trim() !== "").slice(0, 100).map((line) => `${markdown(line)}<br>\n`)]);
	return code;
}
function annotationsOfError(error) {
	const title = "Custos: nothing was judged";
	if (error instanceof InvalidInput) return error.diagnostics.map(({ file, range, message, hint }) => {
		const place = range === void 0 ? file : `${file}:${range.start.line}`;
		return {
			level: "error",
			title,
			message: `${place}: ${message}${hint === void 0 ? "" : `; ${hint}`}`
		};
	});
	if (error instanceof UsageError) return error.lines.map((line) => ({
		level: "error",
		title,
		message: error.hint === void 0 ? line : `${line}; ${error.hint}`
	}));
	return [{
		level: "error",
		title,
		message: error instanceof Error ? error.message : String(error)
	}];
}
// src/action/main.ts
const NODE = 24;
const shell = processShell(process);
const old = Number.parseInt(process.versions.node, 10) < NODE;
if (old) shell.stdout.write(`::error title=Custos::the Action needs Node ${NODE}, and was run by ${process.versions.node}\n`);
const code = old ? EXIT.usage : await act(shell);
await shell.written();
process.exitCode = code;
export {};
