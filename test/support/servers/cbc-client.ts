import { constants, publicEncrypt, randomBytes, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { HOST } from './daemon.ts';
import { clientHelloMessage } from './raw-client.ts';
import { Connection } from './scripted-server.ts';
import { finishedOf, keysOf, prf, type Keys } from './tls12-keys.ts';
import { handshake, MESSAGE, Reader, record, RECORD, TLS10, vector, type Extension } from './wire.ts';

export interface CbcClient {
  readonly connection: Connection;
  readonly keys: Keys;
  readonly version: number;
  readonly ticket: Buffer | undefined;
}

/** A client that completes RSA_WITH_AES_128_CBC_SHA handshakes, to send what no library sends. */
export async function connectCbc(port: number, version: number, extensions: readonly Extension[] = []): Promise<CbcClient> {
  const socket = connect({ port, host: HOST });
  await once(socket, 'connect');
  const connection = new Connection(socket);
  const hello = clientHelloMessage({ version, suites: [0x002f], extensions });
  connection.send(record(RECORD.handshake, TLS10, hello));
  const [serverHello, certificate, done] = [await connection.message(), await connection.message(), await connection.message()];
  if (done.type !== MESSAGE.serverHelloDone) throw new Error('no ServerHelloDone');
  const [clientRandom, serverRandom] = [hello.subarray(6, 38), serverHello.body.subarray(2, 34)];
  const chain = new Reader(new Reader(certificate.body).vector(3));
  const key = new X509Certificate(chain.vector(3)).publicKey;
  const secret = Buffer.concat([Buffer.from([version >> 8, version & 255]), randomBytes(46)]);
  const exchange = handshake(MESSAGE.clientKeyExchange, vector(2, publicEncrypt({ key, padding: constants.RSA_PKCS1_PADDING }, secret)));
  const master = prf(version, secret, 'master secret', Buffer.concat([clientRandom, serverRandom]), 48);
  const keys = keysOf(version, master, clientRandom, serverRandom);
  const transcript = Buffer.concat([hello, serverHello.whole, certificate.whole, done.whole, exchange]);
  connection.send(
    record(RECORD.handshake, version, exchange),
    record(RECORD.changeCipherSpec, version, Buffer.from([1])),
    keys.client.seal(RECORD.handshake, finishedOf(version, master, 'client', transcript)),
  );
  const ticket = extensions.length === 0 ? undefined : (await connection.message()).body.subarray(6);
  await connection.record();
  const finished = await connection.record();
  if (keys.server.open(finished.type, finished.body).verdict !== 'good') throw new Error('the Finished of the server is wrong');
  return { connection, keys, version, ticket };
}

/** The next answer: an alert's number, `data`, or how the connection ended. */
export async function nextAnswer(client: CbcClient, patience = 150): Promise<string> {
  const { socket } = client.connection;
  const reset = new Promise<string>((resolve) => void socket.once('error', () => resolve('reset')));
  const silence = new Promise<string>((resolve) => void setTimeout(resolve, patience, 'silence'));
  const record = client.connection.record().then(
    ({ type, body }) => {
      const { content } = client.keys.server.open(type, body);
      return type === RECORD.alert ? `alert ${content[1]}` : 'data';
    },
    // An error is told before the end of the stream: its own promise has won already then.
    () => 'closed',
  );
  const answer = await Promise.race([reset, record, silence]);
  socket.destroy();
  return answer;
}
