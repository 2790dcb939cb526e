import { collectHost } from './host.ts';
import { plain } from './collect.ts';

/** Run as a program, in a network namespace or as another user: what a host shows of the kinds that are named, as JSON. */
const [, , address = 'local', ...kinds] = process.argv;
const { resources, coverage } = await collectHost(address);
const seen = resources
  .filter(({ kind }) => kinds.includes(kind))
  .map(({ kind, id, facts }) => ({
    kind,
    id,
    facts: Object.fromEntries(Object.entries(facts).map(([name, fact]) => [name, plain(fact)])),
  }));
process.stdout.write(
  JSON.stringify({ resources: seen, coverage: Object.fromEntries(kinds.map((kind) => [kind, coverage[kind]?.status])) }),
);
