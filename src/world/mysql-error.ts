import { unknown, type CauseCode, type Unknown } from '../model/fact.ts';

/** What error numbers of MySQL and MariaDB mean for us; others are `unsupported`, with their code. */
const CAUSES: Readonly<Record<number, readonly [CauseCode, string?]>> = {
  1040: ['refused', 'it takes no more connections'],
  1044: ['access-denied', 'this account may not use the database'],
  1053: ['refused', 'it is shutting down'],
  1045: ['access-denied', 'the user or its password was refused'],
  1129: ['refused', 'it has blocked this machine after too many errors'],
  1130: ['access-denied', 'it lets in nobody from this machine'],
  1142: ['access-denied', 'this account lacks a privilege on the table'],
  1143: ['access-denied', 'this account lacks a privilege on the column'],
  1203: ['refused', 'it takes no more connections'],
  1205: ['timed-out', 'a lock'],
  1226: ['refused', 'it takes no more connections'],
  1227: ['access-denied', 'this account lacks a privilege on the server'],
  1370: ['access-denied', 'this account lacks a privilege on the routine'],
  1698: ['access-denied', 'the user or its password was refused'],
  1820: ['access-denied', 'the password of this account has expired'],
  1862: ['access-denied', 'the password of this account has expired'],
  1969: ['timed-out', 'the statement took too long'],
  3024: ['timed-out', 'the statement took too long'],
  3118: ['access-denied', 'this account is locked'],
  3159: ['refused', 'it takes connections over TLS only: give its authority (ca:)'],
  4151: ['access-denied', 'this account is locked'],
};

/** A server's refusal. Its message is left aside: it may quote what was asked. */
export function mysqlRefusal(code: number, where: string): Unknown {
  const [cause, words] = CAUSES[code] ?? ['unsupported'];
  return unknown(cause, words === undefined ? `${where}: SQL error ${code}` : `${where}: ${words}`);
}
