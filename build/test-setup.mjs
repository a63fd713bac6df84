import { ensureBuild } from './ensure.mjs'

/** Unit tests need compiled kernels and the engine's process entry points. `RESIDUUM_TEST_BUILD=kernels` narrows it while developing. */
export async function setup() {
  await ensureBuild(process.env.RESIDUUM_TEST_BUILD?.split(',').filter(Boolean) ?? ['kernels', 'hosts'], { quiet: true })
}
