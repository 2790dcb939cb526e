import { spawn, type ChildProcess } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { accessSync, constants, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { setTimeout as delay } from 'node:timers/promises';
import forge from 'node-forge';

export const HOST = '127.0.0.1';

/** A certificate for localhost that nobody trusts, and its key, both PEM. Made once for each run. */
export function selfSigned(): { readonly cert: string; readonly key: string } {
  if (made !== undefined) return made;
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  const key = forge.pki.privateKeyFromPem(privateKey);
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = forge.pki.rsa.setPublicKey(key.n, key.e);
  certificate.validity.notAfter = new Date(Date.now() + 86_400_000);
  const name = [{ name: 'commonName', value: 'localhost' }];
  certificate.setSubject(name);
  certificate.setIssuer(name);
  certificate.sign(key, forge.md.sha256.create());
  made = { cert: forge.pki.certificateToPem(certificate), key: privateKey };
  return made;
}

let made: { readonly cert: string; readonly key: string } | undefined;

/** A server under test. */
export interface Scripted {
  readonly port: number;
  /** First lines of the requests that came, in order. */
  readonly requests: readonly string[];
  /** Connections that are open now. */
  open(): number;
  close(): Promise<void>;
}

/** What a scripted server does with a connection, once the head of a request has come in (or at once: `atOnce`). */
export type Script = (socket: Socket, head: string) => unknown;

/** A server on a free loopback port that does what the script says, in clear or over TLS. */
export async function scripted(script: Script, options: { readonly tls?: boolean; readonly atOnce?: boolean } = {}): Promise<Scripted> {
  const requests: string[] = [];
  const sockets = new Set<Socket>();
  const accept = (socket: Socket): void => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    if (options.atOnce === true) return void script(socket.resume(), '');
    let head = '';
    socket.on('data', (chunk: Buffer) => {
      head += chunk.toString('latin1');
      if (!head.includes('\r\n\r\n')) return;
      socket.removeAllListeners('data');
      requests.push(head.slice(0, head.indexOf('\r\n')));
      void script(socket, head);
    });
  };
  const server = options.tls === true ? createTlsServer({ ...selfSigned(), ALPNProtocols: ['http/1.1'] }, accept) : createServer(accept);
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => void server.listen(0, HOST, resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    requests,
    open: () => sockets.size,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => void server.close(resolve));
    },
  };
}

/** Sends a whole answer and closes. */
export function reply(socket: Socket, head: readonly string[], body = ''): void {
  socket.end(`${head.join('\r\n')}\r\n${body === '' ? 'Content-Length: 0\r\n' : ''}\r\n${body}`);
}

/** A port of the loopback address that nobody listens on. */
export async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => void server.listen(0, HOST, resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => void server.close(resolve));
  return port;
}

/** Can nginx be run? In CI it has to be: there a missing program is a failing test, not a skipped one. */
export function hasNginx(): boolean {
  return process.env['CI'] === 'true' || nginxPath() !== undefined;
}

function nginxPath(): string | undefined {
  return [...(process.env['PATH'] ?? '').split(':'), '/usr/sbin', '/usr/local/sbin']
    .map((directory) => join(directory, 'nginx'))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

export interface Nginx {
  readonly ports: readonly number[];
  stop(): Promise<void>;
}

/**
 * nginx on free loopback ports, one process, in a directory of its own. `http` writes the http block: the certificate lies
 * in `site.crt` and `site.key`. It dies with its end of the pipe, however this process ends.
 */
export async function startNginx(count: number, http: (ports: readonly number[], directory: string) => string): Promise<Nginx> {
  const path = nginxPath();
  if (path === undefined) throw new Error('nginx is not installed: .ci/run installs it');
  const directory = mkdtempSync(join(tmpdir(), 'custos-nginx-'));
  const ports: number[] = [];
  while (ports.length < count) ports.push(await closedPort());
  const { cert, key } = selfSigned();
  writeFileSync(join(directory, 'site.crt'), cert);
  writeFileSync(join(directory, 'site.key'), key, { mode: 0o600 });
  mkdirSync(join(directory, 'www'));
  writeFileSync(join(directory, 'www', 'index.html'), `<!doctype html><title>bank</title>${'<p>balance</p>'.repeat(200)}`);
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${directory}/${name};`);
  const file = join(directory, 'nginx.conf');
  writeFileSync(
    file,
    `daemon off; master_process off; pid ${directory}/pid; error_log ${directory}/error.log;
events {}
http { access_log off; ${temporary.join(' ')} types { text/html html; } default_type text/html;
${http(ports, directory)}
}\n`,
  );
  const watched = 'exec 3<&0; { read -r _ <&3; kill -KILL 0; } >/dev/null 2>&1 & exec "$@" </dev/null 3<&-';
  const child = spawn('/bin/sh', ['-c', watched, 'sh', path, '-p', directory, '-c', file, '-e', `${directory}/error.log`], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  child.stdin.on('error', () => undefined);
  const stop = async (): Promise<void> => {
    const ended = hasEnded(child) ? undefined : new Promise((resolve) => void child.once('exit', resolve));
    child.kill('SIGKILL');
    child.stdin.destroy();
    await ended;
    rmSync(directory, { recursive: true, force: true, maxRetries: 3 });
  };
  const until = Date.now() + 15_000;
  for (const port of ports) {
    while (!(await listens(port))) {
      if (!hasEnded(child) && Date.now() < until) await delay(20);
      else {
        const log = readFileSync(join(directory, 'error.log'), 'utf8');
        await stop();
        throw new Error(`nginx does not listen on ${port}: ${log}`);
      }
    }
  }
  return { ports, stop };
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: HOST });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
