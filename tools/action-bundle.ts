import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'tsdown';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Where action.yml finds the bundle. */
export const ACTION_BUNDLE = join(ROOT, 'dist-action');

/** Bundles the Action's entry with all that it needs: GitHub runs what is checked in, and installs nothing. The same sources give the same bytes. */
export async function bundleAction(outDir: string): Promise<void> {
  await build({
    config: false,
    cwd: ROOT,
    entry: { main: 'src/action/main.ts', 'sandbox-worker': 'src/sandbox/worker.ts' },
    outDir,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    dts: false,
    clean: true,
    report: false,
    logLevel: 'error',
    deps: { alwaysBundle: [/^[^.]/], onlyBundle: false },
    minify: 'dce-only',
    plugins: [
      {
        name: 'licences',
        generateBundle(_, bundle) {
          const modules = Object.values(bundle).flatMap((chunk) => (chunk.type === 'chunk' ? Object.keys(chunk.modules) : []));
          this.emitFile({ type: 'asset', fileName: 'licences.txt', source: licencesOf(modules) });
        },
      },
    ],
    outputOptions: { chunkFileNames: '[name].mjs', comments: { legal: true, annotation: false, jsdoc: false } },
  });
}

/** The licences of the packages that modules are of: whoever hands on their code hands on these. */
function licencesOf(modules: readonly string[]): string {
  const packages = new Set(modules.flatMap((id) => /^(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(id)?.[1] ?? []));
  return [...packages]
    .map((directory) => {
      const { name, version, license }: Readonly<Record<string, unknown>> = JSON.parse(
        readFileSync(join(directory, 'package.json'), 'utf8'),
      );
      const file = readdirSync(directory).find((one) => /^licen[cs]e(?:\.\w+)?$/i.test(one));
      const text = file === undefined ? '' : readFileSync(join(directory, file), 'utf8').replaceAll('\r\n', '\n').trim();
      return `${String(name)} ${String(version)} (${String(license)})\n\n${text}\n`;
    })
    .toSorted()
    .join(`\n${'-'.repeat(80)}\n\n`);
}

/** Every file of a bundle, name → content. */
export function filesOf(directory: string): ReadonlyMap<string, string> {
  return new Map(
    readdirSync(directory, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.[a-z]+$/.test(name))
      .toSorted()
      .map((name) => [name, readFileSync(join(directory, name), 'utf8')]),
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await bundleAction(ACTION_BUNDLE);
