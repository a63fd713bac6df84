import { join } from 'node:path'
import { build } from 'vite'
import react from '@vitejs/plugin-react'

export function windowConfiguration(root) {
  return {
    root: join(root, 'renderer'),
    base: './',
    configFile: false,
    logLevel: 'warn',
    plugins: [react()],
    build: { outDir: join(root, 'dist/renderer'), emptyOutDir: true, target: 'es2023', assetsInlineLimit: 0, modulePreload: { polyfill: false }, chunkSizeWarningLimit: 3000 },
    worker: { format: 'es' },
  }
}

export async function buildWindow(root) {
  await build(windowConfiguration(root))
}
