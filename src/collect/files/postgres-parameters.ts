import { anyTrue, mapFact, type Fact, type NonEmpty } from '../../model/fact.ts';
import type { PostgresServer } from './postgres-server.ts';

/**
 * Parameter values are written out with each statement that is logged (by its kind, its duration, or a sample of either), with
 * errors, by pgaudit and by auto_explain, unless something cuts them.
 */
export function logsParameters(server: PostgresServer): Fact<boolean> {
  const bytes = (name: string, byDefault: number): Fact<number> => server.value(name, leading, [{ since: '0', value: byDefault }]);
  const audited = server.flag('pgaudit.log_parameter', false);
  const onError = mapFact(bytes('log_parameter_max_length_on_error', 0), 'parameters are written with errors', (length) => length !== 0);
  const statements = bounded(bytes('log_parameter_max_length', -1), [
    mapFact(server.text('log_statement', 'none'), 'statements are logged', (text) => !/^(?:none|ddl)$/i.test(text)),
    mapFact(bytes('log_min_duration_statement', -1), 'slow statements are logged', (limit) => limit >= 0),
    both(
      mapFact(bytes('log_min_duration_sample', -1), 'a sample of slow statements is logged', (limit) => limit >= 0),
      mapFact(rate(server, 'log_statement_sample_rate', 1), 'a sample of slow statements is logged', (share) => share > 0),
    ),
    mapFact(rate(server, 'log_transaction_sample_rate', 0), 'a sample of transactions is logged', (share) => share > 0),
  ]);
  const explained = bounded(bytes('auto_explain.log_parameter_max_length', -1), [
    both(
      loaded(server, 'auto_explain'),
      mapFact(bytes('auto_explain.log_min_duration', -1), 'auto_explain logs statements', (limit) => limit >= 0),
    ),
  ]);
  const facts = [audited, onError, statements, explained];
  return facts.find((fact) => fact.state === 'known' && fact.value) ?? facts.find(({ state }) => state !== 'known') ?? statements;
}

const leading = (text: string): number | undefined => (/^-?\d+/.test(text) ? Number.parseInt(text, 10) : undefined);

function rate(server: PostgresServer, name: string, byDefault: number): Fact<number> {
  return server.value(name, (text) => (/^\d*\.?\d+(?:e-?\d+)?$/i.test(text) ? Number(text) : undefined), [
    { since: '0', value: byDefault },
  ]);
}

/** False as soon as one is; both must hold. */
function both(a: Fact<boolean>, b: Fact<boolean>): Fact<boolean> {
  if (a.state === 'known' && !a.value) return a;
  if (b.state === 'known' && !b.value) return b;
  return a.state === 'known' ? b : a;
}

/** Is anything logged, with parameters of more than 64 bytes? */
function bounded(length: Fact<number>, logged: NonEmpty<Fact<boolean>>): Fact<boolean> {
  const cut = mapFact(length, 'parameters are not cut', (bytes) => bytes < 0 || bytes > 64);
  return both(anyTrue(logged), cut);
}

/** Is a library loaded with the server or with each session? */
function loaded(server: PostgresServer, library: string): Fact<boolean> {
  const listed = (name: string): Fact<boolean> =>
    mapFact(server.text(name, ''), name, (text) => text.split(',').some((one) => one.trim().replaceAll('"', '') === library));
  return anyTrue([listed('shared_preload_libraries'), listed('session_preload_libraries')]);
}
