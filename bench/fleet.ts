import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Reporter } from '../src/catalog/diagnostic.ts';
import { loadCatalogue } from '../src/catalog/load.ts';
import { writeOutput } from '../src/cli/output-file.ts';
import { nodeWorld } from '../src/world/node.ts';
import { syntheticEvidence, syntheticPlan } from './synthetic-fleet.ts';

/**
 * A fleet through the command line: each shard evaluated, all of them merged, and the JSON written. Prints wall time and
 * the peak resident memory of each process. `node bench/fleet.ts [targets] [bytes] [shards]`
 */
const [targets = 20_000, bytes = 100_000, shards = 8] = process.argv.slice(2).map(Number);
const root = fileURLToPath(new URL('..', import.meta.url));
const directory = mkdtempSync(join(tmpdir(), 'custos-fleet-'));
const launcher = join(root, 'bin', 'custos.cjs');

/** Runs the command line and tells its peak memory as the kernel counted it. */
function custos(name: string, args: readonly string[], result: string): void {
  const started = performance.now();
  const memory = join(directory, 'memory');
  const run = spawnSync(
    '/bin/sh',
    [
      '-c',
      `"$@"; code=$?; exit $code`,
      'sh',
      process.execPath,
      '--import',
      `data:text/javascript,${encodeURIComponent(`import {readFileSync, writeFileSync} from 'node:fs'; process.on('exit', () => writeFileSync(${JSON.stringify(memory)}, /VmHWM:\\s+(\\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]));`)}`,
      launcher,
      ...args,
    ],
    { encoding: 'utf8' },
  );
  if (run.status === null || run.status > 2) throw new Error(`${name}: exit ${run.status}\n${run.stderr}`);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const peak = Math.round(Number(readFileSync(memory, 'utf8')) / 1024);
  process.stdout.write(`| ${name} | ${seconds} s | ${peak} MB | ${Math.round(statSync(result).size / 1e6)} MB |\n`);
}

const reporter = new Reporter();
const { controls } = await loadCatalogue(nodeWorld(root), root, [], reporter);
reporter.settle();
const plan = syntheticPlan(targets, controls);
const files = Array.from({ length: shards }, (_, index) => join(directory, `shard-${index + 1}.jsonl`));
try {
  for (const [index, file] of files.entries())
    await writeOutput(file, syntheticEvidence(plan, bytes, { index: index + 1, of: shards }), { stdout: process.stdout, cwd: root });
  const total = files.reduce((sum, file) => sum + statSync(file).size, 0);
  process.stdout.write(
    `${targets} targets of ${bytes} bytes (${Math.round(total / 1e6)} MB of evidence), ${shards} shards, ${plan.controls.length} controls, Node ${process.versions.node}\n\n`,
  );
  process.stdout.write('| step | wall | peak memory | written |\n|---|---|---|---|\n');
  const whole = join(directory, 'whole.jsonl');
  const [merged, evaluated] = [join(directory, 'merged.json'), join(directory, 'evaluated.json')];
  custos(`merge ${shards} shards, evaluate, JSON`, ['merge', ...files, '-f', `json=${merged}`], merged);
  custos(`the same, and write the joined evidence`, ['merge', ...files, '-o', whole, '-f', `json=${merged}`], whole);
  custos('evaluate the joined evidence, JSON', ['evaluate', whole, '-f', `json=${evaluated}`], evaluated);
  const same = readFileSync(merged).equals(readFileSync(evaluated));
  process.stdout.write(
    `\nThe assessment of the shards and of the joined evidence are ${same ? 'the same, byte for byte' : 'DIFFERENT'}.\n`,
  );
  if (!same) process.exitCode = 1;
} finally {
  rmSync(directory, { recursive: true, force: true });
}
