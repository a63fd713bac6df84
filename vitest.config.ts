import { defineConfig } from 'vitest/config'

/** tfjs's modules, not its CommonJS bundles: its gradients are a module of their own, and two copies would be two engines. */
const tfjs = /@tensorflow[/\\]tfjs-/

export default defineConfig({
  resolve: { alias: ['core', 'backend-cpu', 'backend-wasm'].map(name => ({ find: new RegExp(`^@tensorflow/tfjs-${name}$`), replacement: `@tensorflow/tfjs-${name}/dist/index.js` })) },
  test: {
    include: ['shared/**/*.test.ts', 'electron/**/*.test.ts', 'renderer/**/*.test.{ts,tsx}', 'build/**/*.test.ts', 'bench/**/*.test.ts', 'examples/**/*.test.ts'],
    globalSetup: ['build/test-setup.mjs'],
    setupFiles: ['build/test-seed.mjs'],
    server: { deps: { inline: [tfjs] } },
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 180_000,
    hookTimeout: 180_000,
    reporters: ['default'],
  },
})
