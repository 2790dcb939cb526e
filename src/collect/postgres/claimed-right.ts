/** A right as a duty of custos.yaml names it. */
export interface ClaimedRight {
  readonly privilege: string;
  /** Quoted as the server quotes them; empty where the right is to the whole object. */
  readonly columns: readonly string[];
  readonly object: string;
}

const TABLE = ['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER', 'MAINTAIN'];
const COLUMN = ['SELECT', 'INSERT', 'UPDATE', 'REFERENCES'];
/** What PostgreSQL knows by object: https://www.postgresql.org/docs/current/ddl-priv.html. Who owns a database is told as OWNER. */
const PRIVILEGES: Readonly<Record<string, readonly string[]>> = {
  sequence: ['SELECT', 'UPDATE', 'USAGE'],
  schema: ['CREATE', 'USAGE'],
  function: ['EXECUTE'],
  database: ['CREATE', 'CONNECT', 'TEMPORARY', 'OWNER'],
  parameter: ['SET', 'ALTER SYSTEM'],
  'future tables of': TABLE,
  'future sequences of': ['SELECT', 'UPDATE', 'USAGE'],
  'future functions of': ['EXECUTE'],
  'future schemas of': ['CREATE', 'USAGE'],
  'future types of': ['USAGE'],
};

/** Reads `UPDATE (status) on ledger.payment`; undefined where no right of PostgreSQL's is called that. Privileges are alike in either case. */
export function claimedRight(text: string): ClaimedRight | undefined {
  const [, words = '', list, target = ''] = /^([a-z ]+?)\s*(?:\(([^()]+)\))?\s+on\s+(\S.*)$/is.exec(text.trim()) ?? [];
  const written = words.toUpperCase().replaceAll(/\s+/g, ' ');
  const privilege = written === 'TEMP' ? 'TEMPORARY' : written;
  const [, kind = '', rest = ''] =
    /^((?:sequence|schema|function|database|parameter|future (?:tables|sequences|functions|schemas|types) of)\s+)?(\S.*)$/is.exec(target) ??
    [];
  const word = kind.trim().toLowerCase().replaceAll(/\s+/g, ' ');
  const columns = list === undefined ? [] : list.split(',').map((column) => column.trim());
  const among = list !== undefined ? (word === '' ? COLUMN : []) : word === '' ? TABLE : (PRIVILEGES[word] ?? []);
  return among.includes(privilege) ? { privilege, columns, object: word === '' ? rest : `${word} ${rest}` } : undefined;
}
