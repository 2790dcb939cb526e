const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

/** What runs a command that stands in its arguments. */
const WRAPPERS = `env nice ionice nohup timeout time stdbuf setsid setarch linux32 linux64 i386 x86_64 unshare nsenter chroot chrt taskset prlimit
  numactl choom runcon setpriv xargs parallel watch flock script find ssh-agent dbus-run-session dbus-launch systemd-run systemd-inhibit systemd-cat
  start-stop-daemon run-parts sg newgrp busybox toybox catchsegv eatmydata fakeroot faketime cpulimit chpst setlock softlimit multitime rlwrap
  unbuffer sshpass torify torsocks proxychains valgrind perf aa-exec capsh firejail bwrap cgexec logsave openvt pidproxy tini dumb-init gosu su-exec
  setuidgid systemd-nspawn ld.so ld-linux ld-linux-x86-64.so ld-linux-aarch64.so expect_unbuffer lxc-execute lxc-attach`;
const SHELLS = 'sh bash dash zsh ksh mksh csh tcsh fish ash rbash lksh posh yash sash tasksh elvish';
const INTERPRETERS = `python pypy perl ruby jruby node nodejs deno bun php lua luajit tclsh wish expect awk gawk mawk nawk rscript julia guile groovy
  escript pwsh osascript`;
/** Programs whose arguments are files that they write, or whose owner or bits they change. */
const WRITERS = `cp mv ln install dd tee tar cpio pax rsync zip unzip 7z ar sed chmod chown chgrp chattr setfacl truncate xz gzip bzip2 zstd patch
  split csplit sort shuf unsquashfs`;
/** Programs that do what a file of the directory says in which they are started. */
const DIRECTORY_READERS = `make cmake ninja scons npm yarn pnpm npx composer bundle bundler rake cargo go mvn gradle git docker-compose podman-compose
  ansible-playbook terraform vagrant just invoke fab`;

/**
 * Programs by what they hand out, as their manuals say; the list of GTFOBins (https://gtfobins.github.io) names most of them. A program that
 * is not among them hands out nothing, as far as is known.
 */
export const ESCAPING = {
  /** A shell, or any file to write, whatever their arguments are: editors, pagers, debuggers. */
  always: words(
    `vi vim vim.basic vim.tiny nvim view vimdiff rvim rview ex ed red nano rnano pico emacs joe mcedit less more most pg man info
    gdb lldb strace ltrace ftp lftp ncftp tftp telnet mysql mariadb psql sqlite3 redis-cli mongo mongosh screen tmux tmate mc ranger
    su sudo doas pkexec runuser ksu visudo vipw vigr crontab at batch irb pry byebug ghci jshell jjs jrunscript iex octave scanmem mutt mail`,
  ),
  /** The same, where whoever runs them chooses their arguments: shells, interpreters, what runs others or writes files. */
  byArguments: words(
    `${WRAPPERS} ${SHELLS} ${INTERPRETERS} ${WRITERS} ${DIRECTORY_READERS} java scp sftp ssh mount umount losetup cryptsetup mkfs dpkg apt apt-get
    aptitude yum dnf zypper rpm snap flatpak pip pip3 pipx easy_install gem cpan gcc cc ld docker podman nerdctl ctr runc kubectl lxc incus virsh
    systemctl journalctl busctl service insmod modprobe kexec sysctl useradd usermod groupadd groupmod gpasswd passwd chpasswd adduser addgroup
    tcpdump tshark nmap openssl openvpn curl wget aria2c socat nc ncat netcat svn hg crash setcap debugfs logrotate update-alternatives dmsetup
    restic borg ansible puppet salt-call ldconfig ip nft hping3 pandoc pidstat ssh-keygen certbot smbclient xxd uudecode w3m iconv dotnet`,
  ),
  /** Of the first only pagers: they escape by what they start, and with NOEXEC they start nothing. */
  pagers: words('less more most pg man info journalctl'),
  wrappers: words(WRAPPERS),
  shells: words(SHELLS),
  interpreters: words(INTERPRETERS),
  writers: words(WRITERS),
  directoryReaders: words(DIRECTORY_READERS),
  /** Files in their arguments are what they read or keep, not what they do. */
  dataReaders: words('restic borg openssl journalctl ssh nc ncat netcat nmap ip umount iconv service useradd usermod adduser passwd'),
} as const;
