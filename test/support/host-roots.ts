/** Files of two machines that lie in a directory: one as it should not be, one as it should. Links are `-> target`. */
export const WEAK_ROOT: Readonly<Record<string, string>> = {
  'etc/os-release': 'PRETTY_NAME="Debian GNU/Linux 10 (buster)"\nID=debian\nVERSION_ID="10"\nVERSION_CODENAME=buster\n',
  'etc/apt/sources.list':
    'deb [arch=amd64 trusted=yes] http://mirror.example.com/debian buster main\ndeb http://deb.debian.org/debian buster main\n',
  'etc/apt/sources.list.d/vendor.sources':
    'Types: deb\nURIs: https://vendor.example.com/apt\nSuites: stable\nComponents: main\nTrusted: yes\n\nTypes: deb\nEnabled: no\nURIs: https://off.example.com\nSuites: x\nComponents: main\nTrusted: yes\n',
  'etc/apt/apt.conf.d/20auto-upgrades': 'APT::Periodic::Update-Package-Lists "1";\nAPT::Periodic::Unattended-Upgrade "0";\n',
  'etc/apt/apt.conf.d/99local': 'APT { Get { AllowUnauthenticated "true"; }; };\n',
  'var/lib/dpkg/status':
    'Package: openssl\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1.1.1n-0+deb10u3\n\nPackage: unattended-upgrades\nStatus: install ok installed\nArchitecture: all\nVersion: 1.11.2\n\n' +
    'Package: tzdata\nStatus: install ok installed\nArchitecture: all\nVersion: 2024b-0+deb10u1\n\nPackage: gone\nStatus: deinstall ok config-files\nArchitecture: amd64\nVersion: 1.0\n',
  'var/lib/apt/lists/security.debian.org_dists_buster_updates_InRelease':
    'Origin: Debian\nLabel: Debian-Security\nSuite: oldoldstable\nCodename: buster\nDate: Mon, 01 Jul 2024 00:00:00 UTC\n',
  'var/lib/apt/lists/security.debian.org_dists_buster_updates_main_binary-amd64_Packages':
    'Package: openssl\nArchitecture: amd64\nVersion: 1.1.1n-0+deb10u6\n\nPackage: openssl\nArchitecture: amd64\nVersion: 1.1.1n-0+deb10u2\n\nPackage: tzdata\nArchitecture: all\nVersion: 2024a-0+deb10u1\n\nPackage: gone\nArchitecture: amd64\nVersion: 2.0\n\nPackage: not-here\nArchitecture: amd64\nVersion: 9\n',
  'var/lib/apt/lists/deb.debian.org_debian_dists_buster_InRelease': 'Origin: Debian\nLabel: Debian\nSuite: oldoldstable\n',
  'var/lib/apt/lists/deb.debian.org_debian_dists_buster_main_binary-amd64_Packages': 'Package: openssl\nArchitecture: amd64\nVersion: 99\n',
  'etc/sysctl.d/10-router.conf':
    '# a router\nnet.ipv4.ip_forward = 1\nkernel.randomize_va_space=0\nnet/ipv4/conf/all/accept_redirects = 1\nfs.suid_dumpable = 2\n',
  'etc/fstab': '/dev/sda1 / ext4 defaults 0 1\n/dev/sda2 none swap sw 0 0\ntmpfs /tmp tmpfs defaults 0 0\nproc /proc proc defaults 0 0\n',
  'etc/login.defs': 'UMASK 022\n',
  'etc/pam.d/common-session': 'session optional pam_umask.so\n',
  'boot/vmlinuz-4.19.0-9-amd64': '',
  'boot/vmlinuz-4.19.0-21-amd64': '',
  'etc/inetd.conf': '#discard stream tcp nowait root internal\ntelnet stream tcp nowait root /usr/sbin/tcpd /usr/sbin/in.telnetd\n',
  'lib/systemd/system/avahi-daemon.service': '[Unit]\n',
  'etc/systemd/system/multi-user.target.wants/avahi-daemon.service': '-> /lib/systemd/system/avahi-daemon.service',
  'lib/systemd/system/cups.service': '[Unit]\n',
  'lib/systemd/system/netfilter-persistent.service': '[Unit]\n',
  'etc/systemd/system/multi-user.target.wants/netfilter-persistent.service': '-> /lib/systemd/system/netfilter-persistent.service',
  'etc/iptables/rules.v4':
    '*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n-A INPUT -p tcp -m tcp --dport 23 -j DROP\n-A INPUT -p tcp -m tcp --dport 5432 -j ACCEPT\n-A INPUT -j ACCEPT\nCOMMIT\n',
  'lib/systemd/system/chrony.service': '[Unit]\n',
  'etc/chrony/chrony.conf': 'server ntp.example.com iburst\n',
  'etc/fail2ban/jail.conf':
    '[DEFAULT]\nbantime = 10m\nmaxretry = 5\nbackend = auto\nbanaction = iptables-multiport\nenabled = false\n\n[sshd]\nport = ssh\n',
  'etc/fail2ban/jail.local': '[sshd]\nenabled = true\nmaxretry = 100\nbantime = 30\n',
  'etc/fail2ban/fail2ban.conf': '[Definition]\nlogtarget = /var/log/fail2ban.log\n',
  'lib/systemd/system/fail2ban.service': '[Unit]\n',
  'etc/suricata/suricata.yaml':
    '%YAML 1.1\n---\ndefault-rule-path: /var/lib/suricata/rules\nrule-files:\n  - suricata.rules\naf-packet:\n  - interface: eth0\noutputs:\n  - eve-log:\n      enabled: no\n',
  'lib/systemd/system/suricata.service': '[Unit]\n',
  'etc/aide/aide.conf': 'database_in=file:/var/lib/aide/aide.db\n/etc R\n',
  'etc/apache2/mods-enabled/security2.conf': '<IfModule security2_module>\n  IncludeOptional /etc/modsecurity/*.conf\n</IfModule>\n',
  'etc/modsecurity/modsecurity.conf': 'SecRuleEngine DetectionOnly\nSecRequestBodyAccess Off\nSecRule ARGS "@contains x" "id:1,deny"\n',
  'lib/systemd/system/apache2.service': '[Unit]\n',
  'etc/systemd/system/multi-user.target.wants/apache2.service': '-> /lib/systemd/system/apache2.service',
  'etc/keepalived/keepalived.conf':
    'vrrp_instance VI_1 {\n  state MASTER\n  interface eth0\n  virtual_router_id 51\n  authentication {\n    auth_type PASS\n    auth_pass c4n4ryvr\n  }\n  virtual_ipaddress {\n    192.0.2.10/24\n  }\n}\n',
  'etc/patroni/config.yml':
    'scope: ledger\nname: a\netcd3:\n  hosts: 10.0.0.1:2379,10.0.0.2:2379\nbootstrap:\n  dcs:\n    synchronous_mode: false\npostgresql:\n  authentication:\n    superuser:\n      password: c4n4ry-patroni\nwatchdog:\n  mode: off\n',
};

export const HARDENED_ROOT: Readonly<Record<string, string>> = {
  'etc/os-release': 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\nVERSION_ID="12"\nVERSION_CODENAME=bookworm\n',
  'etc/apt/sources.list.d/debian.sources':
    'Types: deb\nURIs: http://deb.debian.org/debian\nSuites: bookworm\nComponents: main\nSigned-By: /usr/share/keyrings/debian-archive-keyring.gpg\n',
  'etc/apt/apt.conf.d/20auto-upgrades': 'APT::Periodic::Update-Package-Lists "1";\nAPT::Periodic::Unattended-Upgrade "1";\n',
  'etc/apt/apt.conf.d/50unattended-upgrades':
    'Unattended-Upgrade::Origins-Pattern {\n  // as shipped\n  "origin=Debian,codename=${distro_codename},label=Debian-Security";\n};\n',
  'lib/systemd/system/apt-daily-upgrade.timer': '[Timer]\n',
  'etc/systemd/system/timers.target.wants/apt-daily-upgrade.timer': '-> /lib/systemd/system/apt-daily-upgrade.timer',
  'var/lib/dpkg/status':
    'Package: openssl\nStatus: install ok installed\nArchitecture: amd64\nVersion: 3.0.15-1~deb12u1\n\nPackage: unattended-upgrades\nStatus: install ok installed\nArchitecture: all\nVersion: 2.9.1+nmu3\n',
  'var/lib/apt/lists/deb.debian.org_debian-security_dists_bookworm-security_InRelease':
    'Origin: Debian\nLabel: Debian-Security\nSuite: stable-security\nCodename: bookworm-security\n',
  'var/lib/apt/lists/deb.debian.org_debian-security_dists_bookworm-security_main_binary-amd64_Packages':
    'Package: openssl\nArchitecture: amd64\nVersion: 3.0.15-1~deb12u1\n',
  'var/lib/apt/periodic/update-success-stamp': '',
  'usr/lib/sysctl.d/50-default.conf': 'net.ipv4.conf.*.rp_filter = 2\n-net.ipv4.conf.all.rp_filter\nkernel.sysrq = 16\n',
  'etc/sysctl.d/60-hardening.conf':
    'fs.protected_fifos = 2\nfs.protected_hardlinks = 1\nfs.protected_regular = 2\nfs.protected_symlinks = 1\nfs.suid_dumpable = 0\nkernel.dmesg_restrict = 1\nkernel.kptr_restrict = 2\nkernel.randomize_va_space = 2\nkernel.sysrq = 0\nkernel.core_pattern = |/bin/false\nkernel.unprivileged_bpf_disabled = 1\nkernel.yama.ptrace_scope = 1\nnet.ipv4.conf.all.rp_filter = 1\nnet.ipv4.conf.*.accept_redirects = 0\nnet.ipv4.conf.*.send_redirects = 0\nnet.ipv4.conf.*.accept_source_route = 0\nnet.ipv6.conf.*.accept_redirects = 0\nnet.ipv6.conf.*.accept_source_route = 0\nnet.ipv4.icmp_echo_ignore_broadcasts = 1\nnet.ipv4.tcp_syncookies = 1\nnet.ipv4.ip_forward = 0\n',
  'etc/crypttab': '# name device key options\nroot UUID=7a2f none luks,discard\nswap /dev/sda3 /dev/urandom swap\n',
  'etc/fstab':
    '/dev/mapper/root / ext4 errors=remount-ro 0 1\ntmpfs /tmp tmpfs nosuid,nodev,noexec 0 0\n/dev/mapper/swap none swap sw 0 0\n',
  'etc/login.defs': 'UMASK 077\n',
  'etc/pam.d/common-session': 'session optional pam_umask.so umask=027\n',
  'boot/vmlinuz-6.1.0-9-amd64': '',
  'boot/vmlinuz-6.1.0-44-amd64': '',
  'lib/systemd/system/nftables.service': '[Unit]\n',
  'etc/systemd/system/sysinit.target.wants/nftables.service': '-> /lib/systemd/system/nftables.service',
  'etc/nftables.conf':
    '#!/usr/sbin/nft -f\nflush ruleset\ninclude "/etc/nftables.d/*.nft"\ntable inet filter {\n  chain input {\n    type filter hook input priority filter; policy drop;\n    iif "lo" accept\n    ct state established,related accept\n    ct state invalid drop\n    icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept\n    tcp dport 443 accept comment "customers: pay.example.com"\n    ip saddr $ADMINS tcp dport 22 accept comment "administrators, CHG-4711"\n  }\n  chain forward {\n    type filter hook forward priority filter; policy drop;\n  }\n  chain output {\n    type filter hook output priority filter; policy drop;\n    ct state established,related accept\n    oif "lo" accept\n    udp dport { 53, 123 } accept comment "names and time"\n  }\n}\n',
  'etc/nftables.d/admins.nft': 'define ADMINS = { 10.20.0.0/24 }\n',
  'lib/systemd/system/chrony.service': '[Unit]\n',
  'etc/systemd/system/multi-user.target.wants/chrony.service': '-> /lib/systemd/system/chrony.service',
  'etc/chrony/chrony.conf': 'confdir /etc/chrony/conf.d\nsourcedir /etc/chrony/sources.d\nkeyfile /etc/chrony/chrony.keys\n',
  'etc/chrony/chrony.keys': '1 SHA256 HEX:C4N4RY00000000000000\n',
  'etc/chrony/sources.d/nts.sources':
    'server time.example.com iburst nts\nserver time.example.net iburst nts\nserver time.example.org iburst nts\nserver 10.0.0.9 key 1\n',
  'lib/systemd/system/fail2ban.service': '[Unit]\n',
  'etc/systemd/system/multi-user.target.wants/fail2ban.service': '-> /lib/systemd/system/fail2ban.service',
  'etc/fail2ban/jail.conf':
    '[DEFAULT]\nbantime = 10m\nmaxretry = 5\nbanaction = iptables-multiport\nenabled = false\n\n[sshd]\nport = ssh\n\n[nginx-http-auth]\nport = http,https\nmaxretry = 3\n',
  'etc/fail2ban/jail.d/local.conf': '[sshd]\nenabled = true\n\n[nginx-http-auth]\nenabled = true\n',
  'etc/fail2ban/jail.local': '[DEFAULT]\nhour = 1h\nbantime = %(hour)s\nbanaction = nftables\n',
  'etc/fail2ban/fail2ban.conf': '[Definition]\nlogtarget = /var/log/fail2ban.log\n',
  'etc/fail2ban/fail2ban.local': '[Definition]\nlogtarget = SYSLOG\n',
  'lib/systemd/system/suricata.service': '[Unit]\n',
  'etc/systemd/system/multi-user.target.wants/suricata.service': '-> /lib/systemd/system/suricata.service',
  'etc/suricata/suricata.yaml':
    '%YAML 1.1\n---\ndefault-log-dir: /var/log/suricata/\ndefault-rule-path: /var/lib/suricata/rules\nrule-files:\n  - suricata.rules\naf-packet:\n  - interface: eth0\n    copy-mode: ips\n  - interface: default\noutputs:\n  - eve-log:\n      enabled: yes\n      filetype: syslog\n      facility: local5\n  - fast:\n      enabled: yes\n',
  'var/lib/suricata/rules/suricata.rules':
    '# alert tcp any any -> any any (sid:1;)\nalert tcp any any -> any any (msg:"x"; sid:2;)\ndrop udp any any -> any any (sid:3;)\n',
  'etc/aide/aide.conf':
    '@@define DBDIR /var/lib/aide\ndatabase_in=file:@@{DBDIR}/aide.db\nreport_url=syslog:LOG_AUTH\n/etc R\n/usr/s?bin R\n=/boot$ R\n!/etc/mtab\n',
  'var/lib/aide/aide.db': '@@begin_db\n',
  'var/log/aide/aide.log': 'AIDE found NO differences\n',
  'lib/systemd/system/dailyaidecheck.timer': '[Timer]\n',
  'etc/systemd/system/timers.target.wants/dailyaidecheck.timer': '-> /lib/systemd/system/dailyaidecheck.timer',
  'etc/nginx/nginx.conf': 'http {\n  modsecurity on;\n  modsecurity_rules_file /etc/nginx/modsec/main.conf;\n}\n',
  'etc/nginx/modsec/main.conf':
    'Include modsecurity.conf\nInclude /usr/share/modsecurity-crs/rules/*.conf\nIncludeOptional /etc/nginx/modsec/not-there.conf\n',
  'etc/nginx/modsec/modsecurity.conf':
    'SecRuleEngine DetectionOnly\nSecRuleEngine On\nSecRequestBodyAccess On\nSecAuditLog /var/log/modsec_audit.log\n',
  'usr/share/modsecurity-crs/rules/REQUEST-942.conf': 'SecRule ARGS "@detectSQLi" \\\n  "id:942100,deny"\nSecAction "id:1,pass"\n',
  'lib/systemd/system/nginx.service': '[Unit]\n',
  'etc/systemd/system/multi-user.target.wants/nginx.service': '-> /lib/systemd/system/nginx.service',
  'etc/clamav/clamd.conf':
    'LocalSocket /var/run/clamav/clamd.ctl\nLogSyslog true\nLogFacility LOG_LOCAL6\nDatabaseDirectory /var/lib/clamav\nOnAccessIncludePath /srv/uploads\nOnAccessPrevention yes\n',
  'etc/clamav/freshclam.conf': 'DatabaseDirectory /var/lib/clamav\n',
  'var/lib/clamav/daily.cld': '',
  'lib/systemd/system/clamav-daemon.service': '[Unit]\n',
  'etc/systemd/system/multi-user.target.wants/clamav-daemon.service': '-> /lib/systemd/system/clamav-daemon.service',
  'lib/systemd/system/clamav-clamonacc.service': '[Unit]\n',
  'etc/systemd/system/multi-user.target.wants/clamav-clamonacc.service': '-> /lib/systemd/system/clamav-clamonacc.service',
  'lib/systemd/system/keepalived.service': '[Unit]\n',
  'etc/systemd/system/multi-user.target.wants/keepalived.service': '-> /lib/systemd/system/keepalived.service',
  'lib/systemd/system/patroni@.service': '[Unit]\n',
  'etc/systemd/system/multi-user.target.wants/patroni@15-ledger.service': '-> /lib/systemd/system/patroni@.service',
  'etc/keepalived/keepalived.conf':
    'include /etc/keepalived/conf.d/*.conf\nvrrp_script check_haproxy {\n  script "/usr/bin/pgrep haproxy"\n}\n',
  'etc/keepalived/conf.d/edge.conf':
    'vrrp_instance edge\n{\n  interface eth0\n  unicast_src_ip 10.0.1.11\n  unicast_peer { 10.0.1.12 }\n  track_script {\n    check_haproxy\n  }\n}\n',
  'etc/patroni/15-ledger.yml':
    'scope: 15-ledger\nname: a\nbootstrap:\n  dcs:\n    maximum_lag_on_failover: 1048576\n    synchronous_mode: true\nwatchdog:\n  mode: required\n',
  'etc/patroni/dcs.yml': 'etcd3:\n  hosts:\n    - 10.0.0.1:2379\n    - 10.0.0.2:2379\n    - 10.0.0.3:2379\n',
};
