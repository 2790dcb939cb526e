/** Where a backup tool writes to, as Borg and restic name it. */
export interface BackupLocation {
  /** The location without a password. */
  readonly text: string;
  readonly kind: 'local' | 'remote' | 'unclear';
}

const LOCAL_HOST = /^(?:localhost|127\.\d+\.\d+\.\d+|::1|\[::1\])$/i;

/**
 * Reads `ssh://user@host/path`, `user@host:path`, `s3:endpoint/bucket`, `rest:https://user:secret@host/`, `/path`.
 * A host that is computed (`{fqdn}`) and a remote of rclone, which may be a directory, are unclear.
 */
export function backupLocation(written: string): BackupLocation {
  const text = written.slice(0, 2000).replace(/(:\/\/[^/@:]*):[^/@]*@/, '$1@');
  const bare = text.replace(/^(?:rest|s3|sftp|swift):(?=[a-z0-9+]+:\/\/)/i, '');
  const url = /^([a-z0-9+.-]+):\/\/(?:[^/@]*@)?(\[[^\]]*\]|[^/:]*)/i.exec(bare);
  if (url !== null) {
    const [, scheme = '', host = ''] = url;
    if (/^(?:file|local)$/i.test(scheme)) return { text, kind: 'local' };
    return { text, kind: kindOfHost(host) };
  }
  if (/^(?:[/~.]|local:)/.test(text)) return { text, kind: 'local' };
  if (text.startsWith('rclone:')) return { text, kind: 'unclear' };
  if (/^(?:b2|azure|gs|gcs|swift):/.test(text)) return { text, kind: 'remote' };
  const s3 = /^s3:(?:[^/@]*@)?([^/:]+)/.exec(text)?.[1];
  if (s3 !== undefined) return { text, kind: kindOfHost(s3) };
  const host = /^(?:sftp:)?(?:[^/@:]*@)?(\[[^\]]*\]|[^/:]+):/.exec(text)?.[1];
  return { text, kind: host === undefined ? 'local' : kindOfHost(host) };
}

function kindOfHost(host: string): BackupLocation['kind'] {
  if (LOCAL_HOST.test(host)) return 'local';
  return host === '' || /[{}$%]/.test(host) ? 'unclear' : 'remote';
}
