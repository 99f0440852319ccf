import { describe, expect, it } from 'vitest'
import { aliasProblem, changeWords, differenceWords, factWords, featuresProblem, figureChart, figureKeys, importanceChart, modelNameProblem, namesOf, ofSameRows, readFeatures, seenWords, suggestedName, type RegisteredModel, type RegistryChange } from './models'

const change = (rest: Partial<RegistryChange>): RegistryChange => ({ at: '', who: 'Ann', why: '', alias: '', before: null, after: null, number: null, stage_before: '', stage_after: '', met: [], ...rest })

it('offers the figures that versions have, once', () => {
  const figure = (key: string, title: string) => ({ key, title }) as RegisteredModel['versions'][number]['metrics'][number]
  const version = (...metrics: ReturnType<typeof figure>[]) => ({ metrics }) as RegisteredModel['versions'][number]
  expect(figureKeys({ versions: [version(figure('auc', 'AUC'), figure('f1', 'F1')), version(figure('auc', 'AUC'))] })).toEqual([{ value: 'auc', label: 'AUC' }, { value: 'f1', label: 'F1' }])
})

describe('names', () => {
  it.each(['line', 'a', '2-lines', 'a'.repeat(64)])('takes %s', (name) => expect(modelNameProblem(name)).toBeNull())
  it.each(['Line', 'a_b', '-a', 'ü', 'a'.repeat(65)])('does not take %s', (name) => expect(modelNameProblem(name)).toContain('64'))
  it.each(['latest', '7', 'v7'])('reserves %s', (alias) => expect(aliasProblem(alias)).toContain('numbers'))
  it('takes a word as an alias', () => expect(aliasProblem('champion')).toBeNull())
  it.each([['Train Model', 'train-model'], ['  Über 2 ', 'ber-2'], ['___', 'model'], [`${'a'.repeat(63)} b`, 'a'.repeat(63)]])('suggests a name near %j', (text, name) => expect(suggestedName(text)).toBe(name))
})

it('says what was decided', () => {
  expect(changeWords(change({ alias: 'champion', after: 1 }))).toBe('Alias champion set to version 1')
  expect(changeWords(change({ alias: 'champion', before: 1, after: 2 }))).toBe('Alias champion moved from version 1 to 2')
  expect(changeWords(change({ alias: 'champion', before: 2 }))).toBe('Alias champion removed from version 2')
  expect(changeWords(change({ number: 3, stage_before: 'candidate', stage_after: 'approved' }))).toBe('Version 3: candidate → approved')
})

it('draws a figure of which two versions are known', () => {
  const figure = { key: 'r2', title: 'R²', evaluation: 'Evaluation', node: 'judge', better: 'high' as const, values: [0.5, null, 0.7], intervals: [[0.4, 0.6] as [number, number], null, null], rows: [9, null, 9] }
  expect(figureChart(figure, [1, 2, 3])?.spec.data).toEqual({ values: [{ version: 'v1', value: 0.5, low: 0.4, high: 0.6 }, { version: 'v3', value: 0.7, low: null, high: null }] })
  expect(figureChart({ ...figure, values: [0.5, null, null] }, [1, 2, 3])).toBeNull()
})

it('draws the strongest features first', () => {
  const found = importanceChart([{ feature: 'a', values: [1, null] }, { feature: 'b', values: [0, -3] }], [1, 2])
  expect((found?.spec.data as { values: { feature: string }[] }).values.map(({ feature }) => feature)).toEqual(['b', 'b', 'a'])
  expect(importanceChart([], [1, 2])).toBeNull()
})

it('says facts of any type', () => expect([factWords(null), factWords('x'), factWords({ a: 1 })]).toEqual(['none', 'x', '{"a":1}']))

it('inputs are lines with a type, numbers where none is given', () => {
  expect(readFeatures('age: number\n make : text \n\nheight')).toEqual([{ name: 'age', type: 'number' }, { name: 'make', type: 'text' }, { name: 'height', type: 'number' }])
  expect(readFeatures('a:b: text')).toEqual([{ name: 'a:b', type: 'text' }])
  expect(featuresProblem('age: number')).toBeNull()
  expect(featuresProblem('day: date')).toContain('“day: date”')
  expect(namesOf(' no, yes,')).toEqual(['no', 'yes'])
})

it('a difference is told with its rows and the labels that change', () => {
  const same = { rows: 58, largest: 0, relative: 0, labels: 0, words: '58 rows at score.table of its run', bits: 64 }
  expect(differenceWords(same)).toBe('No difference on 58 rows at score.table of its run. The learner computes in 64 bits.')
  expect(differenceWords({ ...same, largest: 0.0123, labels: 1, bits: 32 })).toBe(
    'The largest difference is 0.01 on 58 rows at score.table of its run. 1 row of 58 gets another label. The learner computes in 32 bits.',
  )
})

it('the range of a column is of its data: whole numbers stay whole', () => {
  const column = { name: 'a', type: 'integer', nullable: false, categories: null, low: -1, high: 3 }
  expect(seenWords(column)).toBe('−1 to 3')
  expect(seenWords({ ...column, low: 0.25, high: 1985 })).toBe('0.25 to 1985')
  expect(seenWords({ ...column, categories: [...'abcdefghij'] })).toBe('a, b, c, d, e, f, g, h, and 2 more')
})

it('figures of different numbers of rows are not of the same rows', () => {
  expect([ofSameRows({ rows: [58, 58, null] }), ofSameRows({ rows: [null, null] }), ofSameRows({ rows: [58, 60] })]).toEqual([true, true, false])
})
