import { expect, it } from 'vitest'
import { hasOwnKeys, isTyping, shortcutOf } from './keys'

const press = (key: string, ...held: ('ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey')[]) =>
  shortcutOf({ key, ctrlKey: false, metaKey: false, shiftKey: false, altKey: false, ...Object.fromEntries(held.map((each) => [each, true])) })

it('reads Control and Command alike', () => {
  expect(press('d', 'ctrlKey')).toBe('mod+d')
  expect(press('Z', 'metaKey', 'shiftKey')).toBe('mod+shift+z')
})

it('does not ask for Shift on signs', () => {
  expect(press('?', 'shiftKey')).toBe('?')
  expect(press('/', 'shiftKey')).toBe('/')
})

it('keeps Shift on letters and named keys', () => {
  expect(press('F', 'shiftKey')).toBe('shift+f')
  expect(press('Enter', 'ctrlKey', 'shiftKey')).toBe('mod+shift+enter')
})

it('knows where people type', () => {
  expect(isTyping({ tagName: 'INPUT' })).toBe(true)
  expect(isTyping({ tagName: 'DIV', isContentEditable: true })).toBe(true)
  expect(isTyping({ tagName: 'DIV' })).toBe(false)
  expect(isTyping(null)).toBe(false)
})

it('leaves their keys to menus and dialogs', () => {
  const inside = (role: string) => ({ tagName: 'BUTTON', closest: (selector: string) => (selector.includes(role) ? {} : null) })
  expect(['[role=menu]', '[role=dialog]'].map((role) => hasOwnKeys(inside(role)))).toEqual([true, true])
  expect(hasOwnKeys(inside('[role=grid]'))).toBe(false)
})

it('leaves their keys to places that have their own', () => {
  expect(hasOwnKeys({ tagName: 'TD', closest: () => ({}) })).toBe(true)
  expect(hasOwnKeys({ tagName: 'DIV', closest: () => null })).toBe(false)
  expect(hasOwnKeys({ tagName: 'TEXTAREA' })).toBe(true)
})
