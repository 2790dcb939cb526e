// src/world/redis.ts
function isRefusal(reply) {
	return typeof reply === "object" && reply !== null && "refused" in reply;
}
// src/world/redis-command.ts
const REDIS_SETTINGS = [
	"appendfsync",
	"appendonly",
	"bind",
	"cluster-enabled",
	"maxclients",
	"maxmemory",
	"maxmemory-policy",
	"port",
	"protected-mode",
	"save",
	"tls-auth-clients",
	"tls-auth-clients-user",
	"tls-ciphers",
	"tls-dh-params-file",
	"tls-port",
	"tls-prefer-server-ciphers",
	"tls-protocols",
	"tls-session-cache-timeout"
];
const ASKED_ABOUT = [
	"flushall",
	"flushdb",
	"config",
	"debug",
	"module",
	"shutdown",
	"keys",
	"save",
	"replicaof",
	"slaveof"
];
const REDIS_COMMANDS = {
	PING: ["PING"],
	INFO: ["INFO"],
	"ACL USERS": ["ACL", "USERS"],
	"ACL GETUSER": ["ACL", "GETUSER"],
	"MODULE LIST": ["MODULE", "LIST"],
	"COMMAND INFO": [
		"COMMAND",
		"INFO",
		...ASKED_ABOUT
	],
	"COMMAND INFO OF": ["COMMAND", "INFO"],
	"CONFIG GET": ["CONFIG", "GET"]
};
const COMMAND_NAME = /^[a-z][\w.|-]{0,63}$/;
export { isRefusal as a, REDIS_SETTINGS as i, COMMAND_NAME as n, REDIS_COMMANDS as r, ASKED_ABOUT as t };
