import { defineConfig } from 'tsdown';

export default defineConfig({
  entry: { cli: 'src/cli/main.ts', index: 'src/index.ts', 'sandbox-worker': 'src/sandbox/worker.ts' },
  format: 'esm',
  platform: 'node',
  target: 'node24',
  dts: { entry: ['src/index.ts'] },
  clean: true,
});
