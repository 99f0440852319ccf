import { expect, it } from 'vitest'
import { navigation, routes } from './features'

const addresses = routes.map(({ path }) => path)
const entries = navigation.map(({ href }) => href)

it('has one page for an address', () => {
  expect(addresses).toContain('/pipelines/:id')
  expect(addresses.filter((path, at) => addresses.indexOf(path) !== at)).toEqual([])
})

it('tries an address before one with parts to fill in', () => {
  expect(addresses.indexOf('/runs/compare')).toBeLessThan(addresses.indexOf('/runs/:id'))
})

it('has a page behind every navigation entry, and an entry for every page that names one', () => {
  expect(entries[0]).toBe('/')
  expect(entries.filter((href) => !addresses.includes(href))).toEqual([])
  expect(routes.flatMap(({ under }) => under ?? []).filter((under) => !entries.includes(under))).toEqual([])
})
