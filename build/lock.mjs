import { closeSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'

const isAlive = pid => {
  try {
    process.kill(pid, 0)
    return true
  } catch (reason) {
    return reason.code === 'EPERM'
  }
}

/** Runs `work` while holding the lock file; waits for another build, and takes over the lock of a dead one. */
export async function withBuildLock(path, work) {
  for (;;) {
    try {
      const file = openSync(path, 'wx')
      writeSync(file, String(process.pid))
      closeSync(file)
      break
    } catch (reason) {
      if (reason.code !== 'EEXIST') throw reason
      let owner = NaN
      try {
        owner = Number(readFileSync(path, 'utf8'))
      } catch {
        continue
      }
      if (owner && !isAlive(owner)) rmSync(path, { force: true })
      else await new Promise(resolve => setTimeout(resolve, 200))
    }
  }
  try {
    return await work()
  } finally {
    rmSync(path, { force: true })
  }
}
