import { expect, test } from 'vitest'
import { defaultOf, exampleOf, isOpen, LANGUAGES, program, requestOf, type Published, type PublishedRun, type PublishedVersion } from './published'

const version = {
  number: 2, inputs: { rows: { node: 'rows', param: 'dataset', version_param: 'version', dataset: "ann's cars", version: null } },
  results: [{ name: 'scores', node: 'score', port: 'scores', kind: 'table', save_as: 'cars_scores' }], parameters: { most_bad: { type: 'number', default: 5 } },
} as unknown as PublishedVersion

test('a request says what differs from the defaults', () => {
  expect(requestOf({}, {})).toEqual({})
  expect(requestOf({ share: 0.5 }, { rows: { dataset: '', version: null } })).toEqual({ parameters: { share: 0.5 } })
  expect(requestOf({}, { rows: { dataset: 'cars', version: 3 }, more: { dataset: 'a', version: null } })).toEqual({ inputs: { rows: { dataset: 'cars', version: 3 }, more: { dataset: 'a' } } })
})

test('programs have the address, the values and no key', () => {
  expect(exampleOf(version)).toEqual({ parameters: { most_bad: 5 }, inputs: { rows: { dataset: "ann's cars" } } })
  for (const language of LANGUAGES) {
    const text = program(language, 'https://easel', '/api/published/1/runs/', version)
    expect(text).toContain('https://easel/api/published/1/runs/')
    expect(text).toContain('YOUR_KEY')
    expect(text).toContain('Idempotency-Key')
  }
  expect(program('curl', '', '/a/', version)).toContain(String.raw`ann'\''s cars`)
  expect(program('curl with a file', '', '/a/', version)).toContain("'rows=@my_file.csv'")
  expect(program('Python', '', '/a/', { ...version, parameters: { all: { type: 'boolean', default: true }, none: { type: 'text' } } } as unknown as PublishedVersion)).toContain('"all":True,"none":None')
  expect(program('curl', '', '/a/', undefined)).toContain("-d '{}'")
})

test('a run is open until its results are saved', () => {
  const run = { state: 'done', saved: false } as PublishedRun
  expect([isOpen(run), isOpen({ ...run, saved: true }), isOpen({ ...run, state: 'running' }), isOpen({ ...run, state: 'deleted', saved: true })]).toEqual([true, false, true, false])
  expect(defaultOf({ default: 2, listed: [{ ...version, number: 3 }, version] } as unknown as Published)).toBe(version)
})
