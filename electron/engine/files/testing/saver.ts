import { createHash } from 'node:crypto'
import { writeSync } from 'node:fs'
import { atomicWrite } from '../atomic-write'

/**
 * Saves in a loop until it is killed: parameters are the path and the number of the first save. A save is sha256(rest), number, filler; its number is printed
 * once the save is acknowledged.
 */
const [, , path, first] = process.argv
for (let save = Number(first); ; save++) {
  const body = Buffer.alloc(200_000 + (save % 7) * 50_000, save & 255)
  body.writeUInt32LE(save, 0)
  const digest = createHash('sha256').update(body).digest()
  atomicWrite(path, write => {
    write(digest)
    for (let at = 0; at < body.length; at += 65_536) write(body.subarray(at, at + 65_536))
  })
  writeSync(1, `${save}\n`)
}
