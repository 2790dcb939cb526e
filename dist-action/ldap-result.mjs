// src/world/ldap-result.ts
const WORDS = {
	1: "the server cannot do it now",
	2: "the server does not speak it",
	7: "the server knows no such way to log in",
	8: "the server demands a stronger proof",
	13: "the server answers over TLS only",
	32: "there is no such name",
	34: "the name is written as none",
	48: "this account may not log in in this way",
	49: "the name or its password was refused",
	50: "this account lacks the right",
	51: "the server is busy",
	52: "the server cannot do it now",
	53: "the server is unwilling"
};
function ldapResult(code) {
	return WORDS[code] ?? `LDAP result ${code}`;
}
export { ldapResult as t };
