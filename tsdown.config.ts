import { fileURLToPath } from 'node:url';
import { defineConfig } from 'tsdown';
import { prebuild } from './src/catalog/load.ts';
import { nodeWorld } from './src/world/node.ts';

const root = fileURLToPath(new URL('.', import.meta.url));
const prebuilt = fileURLToPath(new URL('src/catalog/prebuilt.ts', import.meta.url));

export default defineConfig({
  entry: { cli: 'src/cli/main.ts', index: 'src/index.ts', 'sandbox-worker': 'src/sandbox/worker.ts' },
  format: 'esm',
  platform: 'node',
  target: 'node24',
  dts: { entry: ['src/index.ts'] },
  clean: true,
  plugins: [
    {
      name: 'prebuilt-catalogue',
      load: async (id) =>
        id === prebuilt
          ? `export const PREBUILT = JSON.parse(${JSON.stringify(JSON.stringify(await prebuild(nodeWorld(root), root)))});`
          : undefined,
    },
  ],
});
