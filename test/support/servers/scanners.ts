import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { program } from './available.ts';

const run = promisify(execFile);

/** What a scanner reports: the suites of each protocol, by the scanner's names and in its order. */
export type Scan = Readonly<Record<string, readonly string[]>>;

/** nmap's ssl-enum-ciphers; it reads STARTTLS from the port's usual service only. */
export async function nmapScan(port: number): Promise<Scan> {
  const { stdout } = await run(program('nmap'), ['-Pn', '-n', '-p', String(port), '--script', 'ssl-enum-ciphers', '127.0.0.1']);
  const scan: Record<string, string[]> = {};
  let protocol = '';
  for (const line of stdout.split('\n')) {
    protocol = /^\| {3}((?:SSLv|TLSv)[\d.]+): *$/.exec(line)?.[1] ?? protocol;
    const suite = /^\| {7}((?:TLS|SSL)_\w+)/.exec(line)?.[1];
    if (suite !== undefined) (scan[protocol] ??= []).push(suite);
  }
  return scan;
}

/** sslscan by its XML; it names suites as OpenSSL does, and lists none of SSLv3. */
export async function sslscanScan(port: number, ...args: readonly string[]): Promise<Scan> {
  const { stdout } = await run(program('sslscan'), ['--xml=-', '--no-check-certificate', ...args, `127.0.0.1:${port}`]);
  const scan: Record<string, string[]> = {};
  for (const [element] of stdout.matchAll(/<cipher [^>]*>/g)) {
    const [protocol, suite] = ['sslversion', 'cipher'].map((name) => new RegExp(` ${name}="([^"]*)"`).exec(element)?.[1]);
    if (protocol !== undefined && suite !== undefined) (scan[protocol] ??= []).push(suite);
  }
  return scan;
}

/** What sslscan reports, by code points. */
export interface SslscanReport {
  /** Versions that are accepted, as sslscan writes them: `ssl3`, `tls1.2`. */
  readonly protocols: readonly string[];
  /** Code points of suites by version: `TLSv1.0`. It lists none of SSLv3. */
  readonly suites: Readonly<Record<string, readonly number[]>>;
  /** Code points of groups, of whatever version. */
  readonly groups: readonly number[];
}

/** sslscan's report on a port. */
export async function sslscanReport(port: number, ...args: readonly string[]): Promise<SslscanReport> {
  const { stdout } = await run(program('sslscan'), ['--xml=-', '--no-check-certificate', ...args, `127.0.0.1:${port}`]);
  const attributes = (element: string): readonly Readonly<Record<string, string>>[] =>
    [...stdout.matchAll(new RegExp(`<${element} [^>]*>`, 'g'))].map(([text]) =>
      Object.fromEntries([...text.matchAll(/ (\w+)="([^"]*)"/g)].map(([, name, value]) => [name, value])),
    );
  const suites: Record<string, number[]> = {};
  for (const { sslversion = '', id } of attributes('cipher')) (suites[sslversion] ??= []).push(Number(id));
  return {
    protocols: attributes('protocol').flatMap(({ type, version, enabled }) => (enabled === '1' ? [`${type}${version}`] : [])),
    suites,
    groups: [...new Set(attributes('group').map(({ id }) => Number(id)))],
  };
}

/** `openssl s_client` to its end: what it wrote, also when the handshake failed. */
export async function opensslClient(port: number, ...args: readonly string[]): Promise<string> {
  const command = ['s_client', '-connect', `127.0.0.1:${port}`, ...args];
  return new Promise((resolve) => {
    const child = execFile(program('openssl'), command, { timeout: 8_000 }, (_error, out, err) => resolve(out + err));
    child.stdin?.on('error', () => {});
    child.stdin?.end('Q\n');
  });
}
