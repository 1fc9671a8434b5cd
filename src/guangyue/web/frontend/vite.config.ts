import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';

const entry = (name: string) => resolve(import.meta.dirname, 'src', name);

// Entry files keep their names: Django's manifest storage adds the hash. The service worker must stay one file of its own.
export default defineConfig({
  base: '/static/guangyue/',
  build: {
    outDir: resolve(import.meta.dirname, '../static/guangyue'),
    emptyOutDir: true,
    target: 'es2022',
    chunkSizeWarningLimit: 2000,
    rollupOptions: {
      input: {
        base: entry('base/main.ts'),
        console: entry('console/main.ts'),
        field: entry('field/main.ts'),
        worker: entry('field/worker.ts'),
      },
      output: {
        entryFileNames: '[name].js',
        chunkFileNames: 'chunks/[name]-[hash].js',
        assetFileNames: (asset) => (asset.names.some((n) => n.endsWith('.css')) ? '[name].css' : 'assets/[name]-[hash][extname]'),
      },
    },
  },
  worker: { format: 'es' },
  test: { environment: 'node', include: ['test/**/*.test.ts'] },
});
