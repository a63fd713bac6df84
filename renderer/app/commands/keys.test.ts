import { describe, expect, it } from 'vitest'
import { isFieldKey, isTextKey } from './command'
import { keysLabel, matchesKeys, type KeyPress } from './keys'

const press = (key: string, ...held: ('ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey')[]): KeyPress => ({
  key, ctrlKey: held.includes('ctrlKey'), metaKey: held.includes('metaKey'), shiftKey: held.includes('shiftKey'), altKey: held.includes('altKey'),
})

describe('key combinations', () => {
  it('Mod is Control, or Command on a Mac', () => {
    expect(matchesKeys('Mod+S', press('s', 'ctrlKey'), false)).toBe(true)
    expect(matchesKeys('Mod+S', press('s', 'metaKey'), false)).toBe(false)
    expect(matchesKeys('Mod+S', press('s', 'metaKey'), true)).toBe(true)
  })
  it('takes modifiers exactly', () => {
    expect(matchesKeys('Mod+S', press('S', 'ctrlKey', 'shiftKey'), false)).toBe(false)
    expect(matchesKeys('Mod+Shift+P', press('P', 'ctrlKey', 'shiftKey'), false)).toBe(true)
    expect(matchesKeys('F8', press('F8', 'shiftKey'), false)).toBe(false)
  })
  it('Shift does not count for printed characters', () => {
    expect(matchesKeys('?', press('?', 'shiftKey'), false)).toBe(true)
    expect(matchesKeys('Mod++', press('+', 'ctrlKey', 'shiftKey'), false)).toBe(true)
  })
  it('is written as each platform writes it', () => {
    expect(keysLabel('Mod+Shift+P', false)).toBe('Ctrl Shift P')
    expect(keysLabel('Mod+Shift+P', true)).toBe('⌘⇧P')
    expect(keysLabel('ArrowLeft', false)).toBe('←')
  })
  it('leaves text keys and editing keys to fields', () => {
    expect(isTextKey('?')).toBe(true)
    expect(isTextKey('Shift+ArrowLeft')).toBe(true)
    expect(isTextKey('F8')).toBe(false)
    expect(isTextKey('Shift+F8')).toBe(false)
    expect(isFieldKey('Mod+Z')).toBe(true)
    expect(isFieldKey('Mod+S')).toBe(false)
  })
})
