import { unknown, type Origin, type Unknown } from '../../model/fact.ts';
import { accessRule } from '../../resources/identity.ts';
import { boundedId } from '../bounded-id.ts';
import { HBA_TYPES, hbaRule, type HbaNames, type HbaRule, type HbaRules } from '../files/postgres-hba-rule.ts';
import { seen } from '../seen.ts';
import { namesIn, type Catalogue } from './catalogue.ts';

const MAX_RULES = 5000;

/**
 * The rules of pg_hba.conf as the server parses them. It reads its file anew for this: where that holds an error, or is newer than
 * what was loaded, other rules are in force, and which ones nobody tells.
 */
export async function liveHba(catalogue: Catalogue, major: number): Promise<HbaRules | Unknown> {
  const from = 'pg_hba_file_rules';
  const answer = await catalogue.ask({
    from,
    // Since 16 rules may come from several files, and have a number of their own.
    statement: `select ${major >= 16 ? "line_number || ' of ' || file_name" : 'line_number::text'} as line, type, to_json(database)::text as databases, to_json(user_name)::text as users,
      address, netmask, auth_method, to_json(options)::text as options, (error is not null)::text as wrong
      from pg_catalog.pg_hba_file_rules order by ${major >= 16 ? 'rule_number' : 'line_number'}`,
    columns: ['line', 'type', 'databases', 'users', 'address', 'netmask', 'auth_method', 'options', 'wrong'],
    maxRows: MAX_RULES,
    needs: 'GRANT SELECT ON pg_hba_file_rules and EXECUTE ON FUNCTION pg_hba_file_rules()',
  });
  if ('state' in answer) return answer;
  if (answer.rows.length === 0) return unknown('unresolved', `${from}: no rule, though one let us in`, answer.origin);
  const wrong = answer.rows.find((row) => row.wrong !== 'false');
  if (wrong !== undefined)
    return unknown(
      'unparseable',
      `${from}: line ${wrong.line ?? '?'} is none, and the rules before the last reload stay in force`,
      answer.origin,
    );
  const newer = await catalogue.ask({
    from: 'pg_stat_file(hba_file)',
    // mv, cp -p and rsync -t keep the time of modification; of the inode's change nobody can lie.
    statement: `select (greatest(modification, change) > pg_catalog.pg_conf_load_time())::text as newer
      from pg_catalog.pg_stat_file(pg_catalog.current_setting('hba_file'))`,
    columns: ['newer'],
    needs: 'EXECUTE ON FUNCTION pg_stat_file(text), and pg_read_server_files where the file lies outside the data directory',
  });
  const changed = 'state' in newer ? undefined : newer.rows[0]?.newer;
  if (changed === 'true') return unknown('unresolved', `${from}: the file changed after it was loaded`, answer.origin);
  const rules: HbaRule[] = [];
  // Rules that were changed for the better are not in force until the next reload: a rule that is not in the file may decide.
  const gaps: Unknown[] =
    changed === 'false'
      ? []
      : 'state' in newer
        ? [newer]
        : [unknown('unparseable', 'pg_stat_file(hba_file): not the columns that were asked for', newer.origin)];
  const elsewhere = await fromElsewhere(catalogue, major);
  if (elsewhere !== undefined) gaps.push(elsewhere);
  const ids = new Set<string>();
  for (const row of answer.rows) {
    const origin = catalogue.origin(`select … from ${from}: line ${row.line ?? '?'}`);
    const type = HBA_TYPES.find((one) => one === row.type);
    const [databases, users, options] = [namesIn(row.databases), namesIn(row.users), namesIn(row.options)];
    const rule =
      type === undefined || databases === undefined || users === undefined || options === undefined || row.auth_method === null
        ? undefined
        : hbaRule(
            {
              type: { text: type, origin },
              databases: namesAt(databases, origin),
              users: namesAt(users, origin),
              address: row.address === null ? undefined : { text: withBits(row.address, row.netmask), origin },
              mask: undefined,
              method: { text: row.auth_method, origin },
              options,
            },
            (id, facts) => seen(accessRule, boundedId(id), catalogue.target, 'live', facts),
          );
    if (rule === undefined) gaps.push(unknown('unparseable', `${from}: line ${row.line ?? '?'}`, origin));
    // The same rule again decides nothing.
    else if (!ids.has(rule.resource.id)) {
      ids.add(rule.resource.id);
      rules.push(rule);
    }
  }
  return { at: answer.origin, rules, gaps };
}

/**
 * Whether rules or lists of names come from other files, whose changes since the last reload nobody tells. Since 16 the server tells the file of
 * each rule; a list (`@file`) it tells as if its names stood in the rule, and rules of a file that is empty by now not at all: the text of
 * pg_hba.conf shows both, to whoever may have it read. Its words stay with the server.
 */
async function fromElsewhere(catalogue: Catalogue, major: number): Promise<Unknown | undefined> {
  const file = "pg_catalog.current_setting('hba_file')";
  const from = 'pg_read_file(hba_file)';
  const ask = async (condition: string) =>
    catalogue.ask({ from, statement: `select (${condition})::text as elsewhere`, columns: ['elsewhere'] });
  const told = major >= 16 ? await ask(`exists (select from pg_catalog.pg_hba_file_rules where file_name <> ${file})`) : undefined;
  // A statement that names a function is refused to whoever may not execute it, wherever it stands.
  const readable = await ask("pg_catalog.has_function_privilege('pg_catalog.pg_read_file(text)', 'EXECUTE')");
  const read =
    'rows' in readable && readable.rows[0]?.elsewhere === 'true'
      ? await ask(`pg_catalog.pg_read_file(${file}) ~ '(?n)^[ \\t]*(include|[^# \\t].*[ \\t,]@\\S)'`)
      : readable;
  for (const answer of [told, read]) {
    if (answer === undefined) continue;
    if ('state' in answer) return answer;
    const found = answer.rows[0]?.elsewhere;
    if (found === 'true')
      return unknown('unresolved', 'pg_hba.conf: other files that it names may have changed after they were loaded', answer.origin);
    if (found !== 'false') return unknown('unparseable', `${from}: not the columns that were asked for`, answer.origin);
  }
  return undefined;
}

/** The server tells names without their quotes: who calls a role `all` is not told from the word. */
function namesAt(names: readonly string[], origin: Origin): HbaNames {
  return { names: names.map((text) => ({ text, origin })), origin, quoted: false };
}

/** `10.0.0.0` and `255.255.255.0` as `10.0.0.0/24`. A mask with holes stays beside its address. */
function withBits(address: string, mask: string | null): string {
  if (mask === null) return address;
  const bits = mask.includes(':') ? bitsOfV6(mask) : bitsOf(mask.split('.').map(Number), 8);
  return bits === undefined ? `${address} ${mask}` : `${address}/${bits}`;
}

function bitsOfV6(mask: string): number | undefined {
  const [left = '', right] = mask.split('::');
  const groups = (text: string): readonly number[] => (text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16)));
  const [before, after] = [groups(left), groups(right ?? '')];
  const zeros = right === undefined ? 0 : 8 - before.length - after.length;
  return zeros < 0 ? undefined : bitsOf([...before, ...Array.from({ length: zeros }, () => 0), ...after], 16);
}

/** How many ones a mask begins with; undefined where others follow a zero. */
function bitsOf(groups: readonly number[], width: number): number | undefined {
  const text = groups.map((group) => group.toString(2).padStart(width, '0')).join('');
  return /^1*0*$/.test(text) ? text.replace(/0+$/, '').length : undefined;
}
