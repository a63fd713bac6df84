import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect, it } from 'vitest'
import { faultCode } from '../files/testing/fault-code'
import { userPath } from './user-path'

it('starts at home, and takes no zero byte', () => {
  expect(userPath('~/a.json')).toBe(join(homedir(), 'a.json'))
  expect(userPath('b/../a.json')).toBe(join(homedir(), 'a.json'))
  expect(userPath(resolve('/c'))).toBe(resolve('/c'))
  expect(faultCode(() => userPath('a\0b'))).toBe('path-malformed')
})
