/**
 * Every directive of Redis 2.8 to 8, Valkey to 9, KeyDB, and Sentinel: the tables of their `config.c`. Redis does not start with a
 * word that is none of them ("Bad directive or wrong number of arguments"), so such a word says that the text is no configuration.
 */
const DIRECTIVES = new Set(
  `acl-pubsub-default aclfile acllog-max-len active-defrag-cycle-max active-defrag-cycle-min active-defrag-cycle-us active-defrag-ignore-bytes
  active-defrag-max-scan-fields active-defrag-threshold-lower active-defrag-threshold-upper active-expire-effort activedefrag activerehashing
  always-show-logo aof-disable-auto-gc aof-load-corrupt-tail-max-size aof-load-truncated aof-rewrite-cpulist aof-rewrite-incremental-fsync
  aof-timestamp-enabled aof-use-rdb-preamble aof_rewrite_cpulist appenddirname appendfilename appendfsync appendonly
  auto-aof-rewrite-min-size auto-aof-rewrite-percentage availability-zone bgsave-cpulist bgsave_cpulist bind bind-source-addr bio-cpulist
  bio_cpulist busy-reply-threshold client-output-buffer-limit client-query-buffer-limit close-on-oom cluster-allow-pubsubshard-when-down
  cluster-allow-reads-when-down cluster-allow-replica-migration cluster-announce-bus-port cluster-announce-client-ipv4
  cluster-announce-client-ipv6 cluster-announce-client-port cluster-announce-client-tls-port cluster-announce-hostname
  cluster-announce-human-nodename cluster-announce-ip cluster-announce-port cluster-announce-tls-port cluster-blacklist-ttl
  cluster-compatibility-sample-ratio cluster-config-file cluster-config-save-behavior cluster-databases cluster-enabled
  cluster-link-sendbuf-limit cluster-manual-failover-timeout cluster-message-gossip-perc cluster-migration-barrier cluster-node-timeout
  cluster-ping-interval cluster-port cluster-preferred-endpoint-type cluster-replica-no-failover cluster-replica-validity-factor
  cluster-require-full-coverage cluster-slave-no-failover cluster-slave-validity-factor cluster-slot-migration-handoff-max-lag-bytes
  cluster-slot-migration-write-pause-timeout cluster-slot-migration-log-max-len cluster-slot-stats-enabled cluster-slots-mem-usage
  commandlog-execution-slower-than commandlog-large-reply-max-len commandlog-large-request-max-len commandlog-reply-larger-than
  commandlog-request-larger-than commandlog-slow-execution-max-len crash-log-enabled crash-memcheck-enabled daemonize databases db-s3-object
  dbfilename debug-assert-enabled dir disable-thp dual-channel-replication-enabled dynamic-hz enable-debug-command enable-module-command
  enable-protected-configs events-per-io-thread extended-redis-compatibility force-loading-crc glob-max-recursion gopher-enabled
  hash-max-listpack-entries hash-max-listpack-value hash-max-ziplist-entries hash-max-ziplist-value hash-max-zipmap-entries
  hash-max-zipmap-value hash-seed hide-user-data-from-log hll-sparse-max-bytes hz ignore-warnings import-mode include io-threads
  io-threads-always-active io-threads-do-reads jemalloc-bg-thread key-load-delay key-memory-histograms latency-monitor-threshold
  latency-tracking latency-tracking-info-percentiles lazyexpire-nested-arbitrary-keys lazyfree-lazy-eviction lazyfree-lazy-expire
  lazyfree-lazy-server-del lazyfree-lazy-user-del lazyfree-lazy-user-flush lfu-decay-time lfu-log-factor list-compress-depth
  list-max-listpack-size list-max-ziplist-entries list-max-ziplist-size list-max-ziplist-value loading-process-events-interval-bytes loadmodule
  loadmodule-ex locale-collate log-format log-timestamp-format logfile loglevel lookahead lua-enable-insecure-api lua-insecure-api-enabled
  lua-replicate-commands lua-time-limit masterauth masteruser max-io-threads max-new-connections-per-cycle max-new-tls-connections-per-cycle
  maxclients maxmemory maxmemory-clients maxmemory-eviction-tenacity maxmemory-policy maxmemory-samples min-replicas-max-lag
  min-replicas-to-write min-slaves-max-lag min-slaves-to-write min-string-size-avoid-copy-reply
  min-string-size-avoid-copy-reply-threaded mptcp no-appendfsync-on-rewrite notify-keyspace-events oom-score-adj oom-score-adj-values
  pidfile port prefetch-batch-max-size primaryauth primaryuser proc-title-template propagation-error-behavior protected-mode
  proto-max-bulk-len rdb-del-sync-files rdb-key-save-delay rdb-save-incremental-fsync rdb-version-check rdbchecksum rdbcompression
  rdma-bind rdma-completion-vector rdma-port rdma-rx-size rename-command repl-backlog-size repl-backlog-ttl repl-disable-tcp-nodelay
  repl-diskless-load repl-diskless-sync repl-diskless-sync-delay repl-diskless-sync-max-replicas repl-diskless-sync-period repl-mptcp
  repl-ping-replica-period repl-ping-slave-period repl-rdb-channel repl-timeout replica-announce-ip replica-announce-port
  replica-announced replica-full-sync-buffer-limit replica-ignore-disk-write-errors replica-ignore-maxmemory replica-lazy-flush
  replica-output-buffer-limit replica-priority replica-read-only replica-serve-stale-data replicaof requirepass sanitize-dump-payload save
  sentinel server-cpulist server_cpulist set-max-intset-entries set-max-listpack-entries set-max-listpack-value set-proc-title
  shutdown-on-sigint shutdown-on-sigterm shutdown-timeout slave-announce-ip slave-announce-port slave-ignore-maxmemory slave-lazy-flush
  slave-priority slave-read-only slave-serve-stale-data slaveof slot-migration-max-failover-repl-bytes slowlog-log-slower-than slowlog-max-len
  socket-mark-id stop-writes-on-bgsave-error stream-node-max-bytes stream-node-max-entries supervised syslog-enabled syslog-facility
  syslog-ident tcp-backlog tcp-keepalive timeout tls-auth-clients tls-auth-clients-user tls-auto-reload-interval tls-ca-cert-dir
  tls-ca-cert-file tls-cert-file tls-ciphers tls-ciphersuites tls-client-cert-file tls-client-key-file tls-client-key-file-pass tls-cluster
  tls-dh-params-file tls-key-file tls-key-file-pass tls-port tls-prefer-server-ciphers tls-protocols tls-replication tls-session-cache-size
  tls-session-cache-timeout tls-session-caching tracking-table-max-keys unixsocket unixsocketgroup unixsocketperm use-exit-on-panic user
  vm-enabled vm-max-memory vm-max-threads vm-page-size vm-pages vm-swap-file watchdog-period zset-max-listpack-entries
  zset-max-listpack-value zset-max-ziplist-entries zset-max-ziplist-value glueoutputbuf shareobjects shareobjectspoolsize
  active-replica active-client-balancing allow-write-during-load enable-async-commands enable-async-rehash enable-keydb-fastsync
  enable-lightspeed-mode flash-disable-key-cache force-eviction-percent force-backlog-disk-reserve key-db-async maxstorage
  min-clients-per-thread multi-master multi-master-no-forward multithread-load-enabled replica-quorum replica-weighting-factor
  scratch-file-path semi-ordered-set-bucket-size server-threads server-thread-affinity soft-shutdown storage-provider
  storage-provider-options tls-allowlist tls-rotation tls-auditlog-blocklist time-thread-priority thread-priority
  license-key`.split(/\s+/),
);

/** Parameters of modules: `redisearch.maxsearchresults`, and since 8 `search-…`, `ts-…`, `bf-…`. */
const OF_A_MODULE = /^(?:[a-z][a-z0-9_-]{0,60}\.[A-Za-z0-9_-]{1,80}|(?:search|ts|bf|cf|json|vset)-[a-z0-9-]{1,80})$/i;

/** Is it a directive, whatever its case? */
export function isRedisDirective(word: string): boolean {
  return DIRECTIVES.has(word.toLowerCase()) || OF_A_MODULE.test(word);
}
