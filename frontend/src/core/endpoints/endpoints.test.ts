import { expect, it } from 'vitest'
import { endpointNameProblem, isShare, LANGUAGES, processesInWords, program, quantile, runToPublish, sharesInWords, sharesProblem, valueOf, type Endpoint } from './endpoints'

it('tells how far the serving processes are', () => {
  const processes = (...current: boolean[]) => current.map((each) => ({ current: each, failures: {} })) as Endpoint['processes']
  const listed = (...states: string[]) => states.map((state) => ({ state })) as Endpoint['listed']
  const shares = { 1: 100 }
  expect(processesInWords({ processes: [], listed: listed('serving'), shares })).toBe('No serving process runs')
  expect(processesInWords({ processes: processes(false), listed: listed('building'), shares: {} })).toBe('1 serving process ready')
  expect(processesInWords({ processes: processes(false), listed: listed('serving'), shares })).toBe('Starting on 1 serving process')
  expect(processesInWords({ processes: processes(false, true), listed: listed('serving', 'failed'), shares })).toBe('Started on 1 of 2 serving processes')
  expect(processesInWords({ processes: processes(false, false), listed: listed('serving', 'ready'), shares })).toBe('Updating 2 serving processes')
  const failing = [{ current: true, failures: { 1: 'ImportError' } }, { current: true, failures: { 2: 'Old.' } }] as unknown as Endpoint['processes']
  expect(processesInWords({ processes: failing, listed: listed('serving'), shares })).toBe('Not loaded by 1 of 2 serving processes')
  expect(processesInWords({ processes: processes(true, true), listed: listed('serving', 'ready'), shares })).toBe('Served by 2 processes')
})

it('checks names as the server does', () => {
  for (const name of ['a', 'car-prices', '2']) expect(endpointNameProblem(name)).toBeNull()
  for (const name of ['', '-a', 'a-', 'Cars', 'a_b', 'a'.repeat(65)]) expect(endpointNameProblem(name)).not.toBeNull()
})

it('checks that shares are whole and sum to 100', () => {
  expect(sharesProblem({ 1: 90, 2: 10 })).toBeNull()
  expect(sharesProblem({ 1: 90, 2: 20 })).toContain('110\u00a0%')
  expect(sharesProblem({ 1: 99.5, 2: 0.5 })).toContain('whole')
  expect(sharesInWords({ 1: 90, 2: 10 })).toBe('v1: 90\u00a0%, v2: 10\u00a0%')
})

it('reads a field by the type of its column', () => {
  expect(valueOf('', { type: 'number' })).toBeNull()
  expect(valueOf('1.5', { type: 'number' })).toBe(1.5)
  expect(valueOf('1.5', { type: 'integer' })).toBe('1.5')
  expect(valueOf('9007199254740993', { type: 'integer' })).toBe('9007199254740993')
  expect(valueOf('x', { type: 'number' })).toBe('x')
  expect(valueOf('true', { type: 'boolean' })).toBe(true)
  expect(valueOf('1', { type: 'text' })).toBe('1')
})

it('writes a program in each language with the address, the row and no key', () => {
  for (const language of LANGUAGES) {
    const text = program(language, 'http://host/serve/w/cars', { make: "it's", a: 1 })
    expect(text).toContain('http://host/serve/w/cars/score')
    expect(text).toContain('YOUR_KEY')
  }
  expect(program('curl', 'http://host', { make: "it's" })).toContain(String.raw`it'\''s`)
  expect(program('Python', 'http://host', { make: "it'''s" })).toContain(String.raw`"it\u0027\u0027\u0027s"`)
})

it('finds the bound of a share of the requests', () => {
  expect(quantile([1, 2], [5, 4, 1], 0.5)).toBe(1)
  expect(quantile([1, 2], [5, 4, 1], 0.9)).toBe(2)
  expect(quantile([1, 2], [5, 4, 1], 0.99)).toBe(Infinity)
  expect(quantile([1, 2], [0, 0, 0], 0.5)).toBeNull()
})

it('suggests the newest run of the pipeline that an endpoint serves', () => {
  const [income, newer, older] = [{ id: 'c', pipeline: { id: 'income' } }, { id: 'b', pipeline: { id: 'cars' } }, { id: 'a', pipeline: { id: 'cars' } }]
  expect(runToPublish([income, newer, older], 'cars')).toBe(newer)
  expect([runToPublish([income, newer], 'gone'), runToPublish([income]), runToPublish([{ id: 'd', pipeline: null }, income], null)?.id, runToPublish([])]).toEqual([income, income, 'd', undefined])
})

it('takes an emptied share for no share', () => {
  expect([0, 100, '', 101, -1, '10 %'].map(isShare)).toEqual([true, true, false, false, false, false])
})
